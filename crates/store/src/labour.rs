//! Replies about days of work outside the usual band: typed, so that they teach.

use crate::db::params;
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Permit, Person, Read};
use std::collections::BTreeMap;

/// A reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabourReply {
    /// Who, by name.
    pub by: String,
    /// When, UTC.
    pub at: String,
    /// Why.
    pub reason: String,
    /// Words.
    pub text: String,
}

/// Where words are sealed.
const PLACE: &[u8] = b"labour reply";

impl Store {
    /// Keeps a reply. False where the project is not within the permit.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn labour_reply(
        &mut self,
        permit: &Permit<Change, Person>,
        project: &str,
        (reason, text): (&str, &str),
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let Some(member) = permit.actor() else { return Ok(false) };
        if !self.project_within(permit.scope(), project)? {
            return Ok(false);
        }
        let sealed = (!text.is_empty()).then(|| self.vault.seal(PLACE, text.as_bytes())).transpose()?;
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO labour_reply (project, member_id, at, reason, sealed) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![project, member, at, reason, sealed],
        )?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(true)
    }

    /// Replies about a project, the newest first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn labour_replies(&self, permit: &Permit<Read, Person>, project: &str) -> Result<Vec<LabourReply>, Fault> {
        if !self.project_within(permit.scope(), project)? {
            return Ok(Vec::new());
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT m.name, r.at, r.reason, r.sealed FROM labour_reply r JOIN member m ON m.id = r.member_id
             WHERE r.project = ?1 ORDER BY r.id DESC",
        )?;
        let mut rows = statement.query([project])?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            let sealed: Option<Vec<u8>> = r.get(3)?;
            let text = match sealed {
                Some(sealed) => String::from_utf8_lossy(&self.vault.open(&sealed)?).into_owned(),
                None => String::new(),
            };
            out.push(LabourReply { by: r.get(0)?, at: r.get(1)?, reason: r.get(2)?, text });
        }
        Ok(out)
    }

    /// The last reason given for each project: for learning and for counts, without words and without a person.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn labour_reasons(&self) -> Result<BTreeMap<String, String>, Fault> {
        let mut statement = self.connection.prepare_cached("SELECT project, reason FROM labour_reply ORDER BY id")?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
