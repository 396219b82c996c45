//! Lists of workers laid down and not yet agreed to: sealed, and gone once they are stored or thrown away.

use crate::db::{Database, Error, OptionalExtension, Row, params};
use crate::{Fault, Store, Vault, trail};
use audit::Event;
use authz::{Change, Permit, Person};

/// A list laid down for a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterDraft {
    /// Id, drawn by lot: a form left open never meets a later draft.
    pub id: i64,
    /// Project it is for.
    pub project: String,
    /// Member who laid it down.
    pub by: Option<i64>,
    /// UTC.
    pub at: String,
    /// File name.
    pub name: String,
    /// Lines, what was mended and decided; JSON. Empty in a list of drafts.
    pub body: String,
}

/// Where a draft is sealed: its text opens nowhere else.
const PLACE: &[u8] = b"roster draft";

pub(crate) fn add(database: &Database, vault: &Vault, draft: &RosterDraft) -> Result<(), Fault> {
    let sealed = vault.seal(PLACE, draft.body.as_bytes())?;
    database.execute(
        "INSERT INTO roster_draft (id, project, by, at, name, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![draft.id, draft.project, draft.by, draft.at, draft.name, sealed],
    )?;
    Ok(())
}

pub(crate) fn change(database: &Database, vault: &Vault, id: i64, body: &str) -> Result<(), Fault> {
    let sealed = vault.seal(PLACE, body.as_bytes())?;
    database.execute("UPDATE roster_draft SET sealed = ?2 WHERE id = ?1", params![id, sealed])?;
    Ok(())
}

pub(crate) fn drop(database: &Database, id: i64) -> Result<(), Fault> {
    database.execute("DELETE FROM roster_draft WHERE id = ?1", [id])?;
    Ok(())
}

impl Store {
    /// Keeps a draft; none where its project is not within the permit.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn roster_draft_add(
        &mut self,
        permit: &Permit<Change, Person>,
        draft: &RosterDraft,
        event: Option<Event>,
    ) -> Result<Option<i64>, Fault> {
        if !self.project_within(permit.scope(), &draft.project)? {
            return Ok(None);
        }
        let transaction = self.connection.transaction()?;
        add(&transaction, &self.vault, draft)?;
        event.map(|event| trail::add(&transaction, event)).transpose()?;
        transaction.commit()?;
        Ok(Some(draft.id))
    }

    /// A draft of a project within the permit.
    ///
    /// # Errors
    /// [`Fault`] of the database, or a draft of another key.
    pub fn roster_draft(&self, permit: &Permit<Change, Person>, id: i64) -> Result<Option<RosterDraft>, Fault> {
        let found = self
            .connection
            .prepare_cached("SELECT id, project, by, at, name, sealed FROM roster_draft WHERE id = ?1")?
            .query_row([id], |r| Ok((read(r)?, r.get::<_, Vec<u8>>(5)?)))
            .optional()?;
        let Some((draft, sealed)) = found else { return Ok(None) };
        if !self.project_within(permit.scope(), &draft.project)? {
            return Ok(None);
        }
        let body = String::from_utf8(self.vault.open(&sealed)?).map_err(|e| Fault::Damaged(e.to_string()))?;
        Ok(Some(RosterDraft { body, ..draft }))
    }

    /// Drafts of a project, the newest first, without what they say.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn roster_drafts(&self, permit: &Permit<Change, Person>, project: &str) -> Result<Vec<RosterDraft>, Fault> {
        if !self.project_within(permit.scope(), project)? {
            return Ok(Vec::new());
        }
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, project, by, at, name FROM roster_draft WHERE project = ?1 ORDER BY id DESC")?;
        let rows = statement.query_map([project], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps what was mended or decided in a draft.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn roster_draft_change(&mut self, _: &Permit<Change, Person>, id: i64, body: &str) -> Result<(), Fault> {
        change(&self.connection, &self.vault, id, body)
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn roster_draft_drop(
        &mut self,
        _: &Permit<Change, Person>,
        id: i64,
        event: Option<Event>,
    ) -> Result<(), Fault> {
        let transaction = self.connection.transaction()?;
        drop(&transaction, id)?;
        event.map(|event| trail::add(&transaction, event)).transpose()?;
        transaction.commit()?;
        Ok(())
    }

    /// Throws away drafts that were laid down before a time; how many.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn roster_draft_sweep(&mut self, before: &str) -> Result<usize, Fault> {
        Ok(self.connection.execute("DELETE FROM roster_draft WHERE at < ?1", [before])?)
    }
}

fn read(r: &Row<'_>) -> Result<RosterDraft, Error> {
    Ok(RosterDraft {
        id: r.get(0)?,
        project: r.get(1)?,
        by: r.get(2)?,
        at: r.get(3)?,
        name: r.get(4)?,
        body: String::new(),
    })
}
