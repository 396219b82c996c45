//! Work accidents and what was done about them, within the scope of their project.

use crate::db::{Database, Error, OptionalExtension, Row, Value, params, params_from_iter};
use crate::desk::Where;
use crate::{Fault, Store, Vault};
use authz::{Accident, Change, Permit, Read};

/// An accident.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccidentRow {
    /// Id.
    pub id: i64,
    /// Project.
    pub project: String,
    /// Its name.
    pub name: String,
    /// Its kind of works.
    pub kind: String,
    /// Contractor.
    pub vendor: String,
    /// Entry on one of the project's lists; empty for somebody on none.
    pub mark: String,
    /// Day and minute, local: `2026-11-20T14:30`.
    pub happened: String,
    /// When it was told, UTC.
    pub at: String,
    /// The report, JSON.
    pub body: String,
}

/// Something done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccidentStep {
    /// When it was said, UTC.
    pub at: String,
    /// When it was done, local.
    pub done: String,
    /// What.
    pub step: String,
    /// Words.
    pub text: String,
}

/// Where a report is sealed.
const PLACE: &[u8] = b"accident";

const LISTED: &str = "SELECT a.id, a.project, p.name, p.vendor, a.mark, a.happened, a.at, a.sealed, p.kind
    FROM accident a JOIN derived_project p ON p.code = a.project";

fn read(r: &Row<'_>) -> Result<(AccidentRow, Vec<u8>), Error> {
    let row = AccidentRow {
        id: r.get(0)?,
        project: r.get(1)?,
        name: r.get(2)?,
        vendor: r.get(3)?,
        mark: r.get(4)?,
        happened: r.get(5)?,
        at: r.get(6)?,
        kind: r.get(8)?,
        body: String::new(),
    };
    Ok((row, r.get(7)?))
}

fn opened(vault: &Vault, sealed: &[u8]) -> Result<String, Fault> {
    String::from_utf8(vault.open(sealed)?).map_err(|e| Fault::Damaged(e.to_string()))
}

fn steps(database: &Database, vault: &Vault, id: i64) -> Result<Vec<AccidentStep>, Fault> {
    let mut statement = database
        .prepare_cached("SELECT at, done, step, sealed FROM accident_step WHERE accident_id = ?1 ORDER BY id")?;
    let mut rows = statement.query([id])?;
    let mut out = Vec::new();
    while let Some(r) = rows.next()? {
        let sealed: Vec<u8> = r.get(3)?;
        out.push(AccidentStep { at: r.get(0)?, done: r.get(1)?, step: r.get(2)?, text: opened(vault, &sealed)? });
    }
    Ok(out)
}

/// An accident with what was done.
pub type AccidentFile = (AccidentRow, Vec<AccidentStep>);

/// Keeps a report with its entry in the trail, inside a transaction.
fn add(database: &Database, vault: &Vault, accident: &AccidentRow, told: audit::Event) -> Result<i64, Fault> {
    let sealed = vault.seal(PLACE, accident.body.as_bytes())?;
    let id = database.query_row(
        "INSERT INTO accident (project, mark, happened, at, sealed) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
        params![accident.project, accident.mark, accident.happened, accident.at, sealed],
        |r| r.get(0),
    )?;
    crate::trail::add(database, told)?;
    Ok(id)
}

impl Store {
    /// Keeps a report; none where its project is not within the permit.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn accident_add(
        &mut self,
        permit: &Permit<Change, Accident>,
        accident: &AccidentRow,
        told: audit::Event,
    ) -> Result<Option<i64>, Fault> {
        if !self.project_within(permit.scope(), &accident.project)? {
            return Ok(None);
        }
        let transaction = self.connection.transaction()?;
        let id = add(&transaction, &self.vault, accident, told)?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// The same from a foreman's phone, with the answer to it: both or neither. False where the project is not within the permit.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn accident_from_phone(
        &mut self,
        permit: &Permit<Change, Accident>,
        (link, answer): (i64, crate::Answered),
        accident: &AccidentRow,
        told: audit::Event,
    ) -> Result<bool, Fault> {
        if !self.project_within(permit.scope(), &accident.project)? {
            return Ok(false);
        }
        let transaction = self.connection.transaction()?;
        add(&transaction, &self.vault, accident, told)?;
        crate::foreman::answered(&transaction, link, &accident.at, &[answer])?;
        transaction.commit()?;
        Ok(true)
    }

    /// Accidents within a permit with what was done, the latest first; of one project, where it is named.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn accident_list(
        &self,
        permit: &Permit<Read, Accident>,
        project: Option<&str>,
        most: usize,
    ) -> Result<Vec<AccidentFile>, Fault> {
        let mut w = Where::default();
        w.within(permit.scope(), "p.");
        if let Some(project) = project {
            w.and("a.project = ?", [Value::Text(project.to_owned())]);
        }
        self.accidents(&w, most)
    }

    /// One accident within a permit.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn accident(&self, permit: &Permit<Read, Accident>, id: i64) -> Result<Option<AccidentFile>, Fault> {
        let mut w = Where::default();
        w.within(permit.scope(), "p.");
        w.and("a.id = ?", [Value::Integer(id)]);
        Ok(self.accidents(&w, 1)?.pop())
    }

    /// Accidents of the entries of one person, for that person.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn accidents_about(
        &self,
        _: &Permit<authz::Reveal, authz::Person>,
        marks: &[String],
    ) -> Result<Vec<AccidentFile>, Fault> {
        if marks.is_empty() {
            return Ok(Vec::new());
        }
        let mut w = Where::default();
        let list = vec!["?"; marks.len()].join(", ");
        w.and(&format!("a.mark IN ({list})"), marks.iter().map(|m| Value::Text(m.clone())));
        self.accidents(&w, usize::from(u16::MAX))
    }

    fn accidents(&self, w: &Where, most: usize) -> Result<Vec<AccidentFile>, Fault> {
        let sql = format!("{LISTED}{} ORDER BY a.happened DESC, a.id DESC LIMIT {most}", w.text);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let found: Vec<(AccidentRow, Vec<u8>)> =
            statement.query_map(params_from_iter(w.values.clone()), read)?.collect::<Result<_, _>>()?;
        let file = |(row, sealed): (AccidentRow, Vec<u8>)| {
            let steps = steps(&self.connection, &self.vault, row.id)?;
            Ok((AccidentRow { body: opened(&self.vault, &sealed)?, ..row }, steps))
        };
        found.into_iter().map(file).collect()
    }

    /// Keeps a step, with its entry in the trail. False where somebody else took one since `known` were there.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn accident_step(
        &mut self,
        permit: &Permit<Change, Accident>,
        id: i64,
        known: usize,
        step: &AccidentStep,
        told: audit::Event,
    ) -> Result<bool, Fault> {
        let sealed = self.vault.seal(PLACE, step.text.as_bytes())?;
        let transaction = self.connection.transaction()?;
        let there: i64 = transaction
            .query_row("SELECT count(*) FROM accident_step WHERE accident_id = ?1", [id], |r| r.get(0))
            .optional()?
            .unwrap_or(0);
        if there != known as i64 {
            return Ok(false);
        }
        transaction.execute(
            "INSERT INTO accident_step (accident_id, at, done, step, member, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![id, step.at, step.done, step.step, permit.actor(), sealed],
        )?;
        crate::trail::add(&transaction, told)?;
        transaction.commit()?;
        Ok(true)
    }
}
