//! Complaints: kept without their sender, read by the office within its scope, and by whoever holds the code.

use crate::db::{Database, Error, OptionalExtension, Row, Value, params, params_from_iter};
use crate::desk::Where;
use crate::{Fault, Store, Vault};
use authz::{Complaint, Decide, Permit, Read, Scope};

/// A complaint, without its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintRow {
    /// Id.
    pub id: i64,
    /// Project; empty where the sender did not know.
    pub project: String,
    /// Its name, where it is known here.
    pub name: String,
    /// What about.
    pub about: String,
    /// Where it stands.
    pub standing: String,
    /// When it came, UTC.
    pub at: String,
    /// Last change, UTC.
    pub changed: String,
}

/// Something said in a complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintWord {
    /// UTC.
    pub at: String,
    /// `sent`, or the step.
    pub step: String,
    /// Of the office?
    pub by_office: bool,
    /// The words.
    pub text: String,
}

/// Where words are sealed.
const PLACE: &[u8] = b"complaint";

/// Complaints of a list.
const LISTED: &str = "SELECT c.id, c.project, coalesce(p.name, ''), c.about, c.standing, c.at, c.changed
    FROM complaint c LEFT JOIN derived_project p ON p.code = c.project";

fn read(r: &Row<'_>) -> Result<ComplaintRow, Error> {
    Ok(ComplaintRow {
        id: r.get(0)?,
        project: r.get(1)?,
        name: r.get(2)?,
        about: r.get(3)?,
        standing: r.get(4)?,
        at: r.get(5)?,
        changed: r.get(6)?,
    })
}

fn say(
    database: &Database,
    vault: &Vault,
    complaint: i64,
    (at, step): (&str, &str),
    member: Option<i64>,
    text: &str,
) -> Result<(), Fault> {
    let sealed = vault.seal(PLACE, text.as_bytes())?;
    database.execute(
        "INSERT INTO complaint_word (complaint_id, at, step, member, sealed) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![complaint, at, step, member, sealed],
    )?;
    Ok(())
}

/// What of complaints a scope reaches: those about its projects; without a project, whoever reaches the city.
fn within(scope: &Scope) -> Where {
    let mut w = Where::default();
    if scope != &Scope::City {
        w.and("p.code IS NOT NULL", []);
    }
    w.within(scope, "p.");
    w
}

impl Store {
    /// Keeps a complaint under the sender's code.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn complaint_add(
        &mut self,
        code: &[u8; 16],
        (project, about): (&str, &str),
        at: &str,
        text: &str,
        photos: &[Vec<u8>],
    ) -> Result<i64, Fault> {
        let transaction = self.connection.transaction()?;
        let id = transaction.query_row(
            "INSERT INTO complaint (code, project, about, standing, at, changed)
             VALUES (?1, ?2, ?3, 'received', ?4, ?4) RETURNING id",
            params![&code[..], project, about, at],
            |r| r.get(0),
        )?;
        say(&transaction, &self.vault, id, (at, "sent"), None, text)?;
        for photo in photos {
            let sealed = self.vault.seal(PLACE, photo)?;
            transaction.execute(
                "INSERT INTO complaint_photo (complaint_id, at, sealed) VALUES (?1, ?2, ?3)",
                params![id, at, sealed],
            )?;
        }
        transaction.commit()?;
        Ok(id)
    }

    /// Ids of the photos of a complaint within a permit.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn complaint_photos(&self, permit: &Permit<Read, Complaint>, id: i64) -> Result<Vec<i64>, Fault> {
        if self.complaint(permit, id)?.is_none() {
            return Ok(Vec::new());
        }
        let mut statement =
            self.connection.prepare_cached("SELECT id FROM complaint_photo WHERE complaint_id = ?1 ORDER BY id")?;
        Ok(statement.query_map([id], |r| r.get(0))?.collect::<Result<_, _>>()?)
    }

    /// A photo of a complaint within a permit: JPEG.
    ///
    /// # Errors
    /// [`Fault`] of the database, or a photo of another key.
    pub fn complaint_photo(
        &self,
        permit: &Permit<Read, Complaint>,
        (id, photo): (i64, i64),
    ) -> Result<Option<Vec<u8>>, Fault> {
        if self.complaint(permit, id)?.is_none() {
            return Ok(None);
        }
        let mut statement =
            self.connection.prepare_cached("SELECT sealed FROM complaint_photo WHERE complaint_id = ?1 AND id = ?2")?;
        let sealed: Option<Vec<u8>> = statement.query_row(params![id, photo], |r| r.get(0)).optional()?;
        sealed.map(|sealed| self.vault.open(&sealed)).transpose()
    }

    /// Says which project a complaint is about that came without one. False where either is not within the permit, or it has one.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn complaint_place(
        &mut self,
        permit: &Permit<Decide, Complaint>,
        (id, project): (i64, &str),
        at: &str,
        told: audit::Event,
    ) -> Result<bool, Fault> {
        if permit.scope() != &Scope::City || !self.project_within(permit.scope(), project)? {
            return Ok(false);
        }
        let transaction = self.connection.transaction()?;
        let placed = transaction.execute(
            "UPDATE complaint SET project = ?2, changed = ?3 WHERE id = ?1 AND project = ''",
            params![id, project, at],
        )?;
        if placed == 1 {
            crate::trail::add(&transaction, told)?;
        }
        transaction.commit()?;
        Ok(placed == 1)
    }

    /// Complaints within a permit, those that wait for the office first, the oldest of them first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn complaint_list(&self, permit: &Permit<Read, Complaint>, most: usize) -> Result<Vec<ComplaintRow>, Fault> {
        let w = within(permit.scope());
        let sql = format!(
            "{LISTED}{} ORDER BY CASE c.standing WHEN 'received' THEN 0 WHEN 'taken' THEN 1 WHEN 'answered' THEN 2 ELSE 3 END, c.id
             LIMIT {most}",
            w.text
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(w.values), read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A complaint within a permit, with everything said in it.
    ///
    /// # Errors
    /// [`Fault`] of the database, or words of another key.
    pub fn complaint(
        &self,
        permit: &Permit<Read, Complaint>,
        id: i64,
    ) -> Result<Option<(ComplaintRow, Vec<ComplaintWord>)>, Fault> {
        self.complaint_where("c.id = ?", Value::Integer(id), permit.scope())
    }

    /// A complaint by the sender's code.
    ///
    /// # Errors
    /// As [`Store::complaint`].
    pub fn complaint_by_code(&self, code: &[u8; 16]) -> Result<Option<(ComplaintRow, Vec<ComplaintWord>)>, Fault> {
        self.complaint_where("c.code = ?", Value::Blob(code.to_vec()), &Scope::City)
    }

    fn complaint_where(
        &self,
        condition: &str,
        value: Value,
        scope: &Scope,
    ) -> Result<Option<(ComplaintRow, Vec<ComplaintWord>)>, Fault> {
        let mut w = within(scope);
        w.and(condition, [value]);
        let sql = format!("{LISTED}{}", w.text);
        let found = self.connection.prepare_cached(&sql)?.query_row(params_from_iter(w.values), read).optional()?;
        let Some(row) = found else { return Ok(None) };
        let mut statement = self.connection.prepare_cached(
            "SELECT at, step, member, sealed FROM complaint_word WHERE complaint_id = ?1 ORDER BY id",
        )?;
        let mut rows = statement.query([row.id])?;
        let mut words = Vec::new();
        while let Some(r) = rows.next()? {
            let (member, sealed): (Option<i64>, Vec<u8>) = (r.get(2)?, r.get(3)?);
            let text = String::from_utf8(self.vault.open(&sealed)?).map_err(|e| Fault::Damaged(e.to_string()))?;
            words.push(ComplaintWord { at: r.get(0)?, step: r.get(1)?, by_office: member.is_some(), text });
        }
        Ok(Some((row, words)))
    }

    /// A step of the office, with its entry in the audit trail. False where somebody else took one meanwhile.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn complaint_step(
        &mut self,
        permit: &Permit<Decide, Complaint>,
        id: i64,
        (from, to): (&str, &str),
        (at, step, text): (&str, &str, &str),
        told: audit::Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        if !move_on(&transaction, id, (from, to), at)? {
            return Ok(false);
        }
        say(&transaction, &self.vault, id, (at, step), permit.actor(), text)?;
        crate::trail::add(&transaction, told)?;
        transaction.commit()?;
        Ok(true)
    }

    /// The sender adds something. False where the complaint moved meanwhile.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn complaint_more(&mut self, id: i64, moved: (&str, &str), at: &str, text: &str) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        if !move_on(&transaction, id, moved, at)? {
            return Ok(false);
        }
        say(&transaction, &self.vault, id, (at, "add"), None, text)?;
        transaction.commit()?;
        Ok(true)
    }
}

fn move_on(database: &Database, id: i64, (from, to): (&str, &str), at: &str) -> Result<bool, Fault> {
    let moved = database.execute(
        "UPDATE complaint SET standing = ?3, changed = ?4 WHERE id = ?1 AND standing = ?2",
        params![id, from, to, at],
    )?;
    Ok(moved == 1)
}
