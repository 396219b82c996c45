//! A foreman's phone: the links that let it keep one project's list, and what was said through them.

use crate::db::{Database, Error, OptionalExtension, Row, params};
use crate::drafts::{self, RosterDraft};
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Permit, Person};
use std::collections::BTreeMap;

/// A link for one phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForemanLink {
    /// Id.
    pub id: i64,
    /// Project whose list it keeps.
    pub project: String,
    /// Member who made it.
    pub member: i64,
    /// Whose phone, as its maker calls it.
    pub name: String,
    /// Made, seconds since 1970.
    pub created_at: i64,
    /// Good until.
    pub expires_at: i64,
    /// Last used, to the hour.
    pub used_at: Option<i64>,
    /// Last day the list was said to be right, ISO; empty where never.
    pub confirmed_on: String,
}

const COLUMNS: &str = "id, project, member_id, name, created_at, expires_at, used_at, confirmed_on";

fn link(r: &Row<'_>) -> Result<ForemanLink, Error> {
    Ok(ForemanLink {
        id: r.get(0)?,
        project: r.get(1)?,
        member: r.get(2)?,
        name: r.get(3)?,
        created_at: r.get(4)?,
        expires_at: r.get(5)?,
        used_at: r.get(6)?,
        confirmed_on: r.get(7)?,
    })
}

/// What a phone said: its number for it, and what came of it.
pub type Answered = (String, &'static str);

/// Writes down what was said, inside whatever transaction stores it.
pub(crate) fn answered(database: &Database, link: i64, at: &str, list: &[Answered]) -> Result<(), Fault> {
    for (act, outcome) in list {
        database.execute(
            "INSERT INTO foreman_act (link_id, act, outcome, at) VALUES (?1, ?2, ?3, ?4)",
            params![link, act, outcome, at],
        )?;
    }
    Ok(())
}

impl Store {
    /// Keeps a link by the hash of it. False where its project is not within the permit.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn foreman_add(
        &mut self,
        permit: &Permit<Change, Person>,
        token: &[u8],
        link: &ForemanLink,
        event: Event,
    ) -> Result<bool, Fault> {
        if !self.project_within(permit.scope(), &link.project)? {
            return Ok(false);
        }
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO foreman_link (project, member_id, name, token, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![link.project, link.member, link.name, token, link.created_at, link.expires_at],
        )?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(true)
    }

    /// Links of a project that have not been ended, the newest first; those that ran out among them.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn foreman_list(&self, permit: &Permit<Change, Person>, project: &str) -> Result<Vec<ForemanLink>, Fault> {
        if !self.project_within(permit.scope(), project)? {
            return Ok(Vec::new());
        }
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM foreman_link WHERE project = ?1 AND ended_at IS NULL ORDER BY id DESC"
        ))?;
        let rows = statement.query_map([project], link)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The link of a hash, if it has not been ended; whether it ran out is for the caller.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn foreman_link(&self, token: &[u8]) -> Result<Option<ForemanLink>, Fault> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM foreman_link WHERE token = ?1 AND ended_at IS NULL"))?;
        Ok(statement.query_row([token], link).optional()?)
    }

    /// A link was used.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn foreman_used(&mut self, id: i64, at: i64) -> Result<(), Fault> {
        self.connection.execute("UPDATE foreman_link SET used_at = ?2 WHERE id = ?1", params![id, at])?;
        Ok(())
    }

    /// Ends a link of a project. False where there is none within the permit.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn foreman_end(
        &mut self,
        permit: &Permit<Change, Person>,
        (project, id): (&str, i64),
        at: i64,
        event: Event,
    ) -> Result<bool, Fault> {
        if !self.project_within(permit.scope(), project)? {
            return Ok(false);
        }
        let transaction = self.connection.transaction()?;
        let ended = transaction.execute(
            "UPDATE foreman_link SET ended_at = ?3 WHERE id = ?1 AND project = ?2 AND ended_at IS NULL",
            params![id, project, at],
        )?;
        if ended == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(ended == 1)
    }

    /// What came of what a phone said before, by its numbers.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn foreman_known(&self, link: i64, acts: &[String]) -> Result<BTreeMap<String, String>, Fault> {
        let mut statement =
            self.connection.prepare_cached("SELECT outcome FROM foreman_act WHERE link_id = ?1 AND act = ?2")?;
        let mut out = BTreeMap::new();
        for act in acts {
            if let Some(outcome) = statement.query_row(params![link, act], |r| r.get(0)).optional()? {
                out.insert(act.clone(), outcome);
            }
        }
        Ok(out)
    }

    /// Writes down what a phone said where nothing of it goes into the ledger: lines that wait for the office, a list said to be right on a
    /// day, what was not taken. All of it or nothing.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn foreman_note(
        &mut self,
        (link, at): (i64, &str),
        list: &[Answered],
        draft: Option<&RosterDraft>,
        confirmed: &str,
    ) -> Result<(), Fault> {
        let transaction = self.connection.transaction()?;
        answered(&transaction, link, at, list)?;
        if let Some(draft) = draft {
            drafts::add(&transaction, &self.vault, draft)?;
        }
        if !confirmed.is_empty() {
            transaction.execute(
                "UPDATE foreman_link SET confirmed_on = ?2 WHERE id = ?1 AND confirmed_on < ?2",
                params![link, confirmed],
            )?;
        }
        transaction.commit()?;
        Ok(())
    }
}
