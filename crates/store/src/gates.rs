//! Verdicts of gates, kept as they were given.

use crate::db::{Error, Row, Value, params, params_from_iter};
use crate::desk::{ProjectRow, Where};
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Gate, OPERATOR, Permit, Read};
use std::collections::{BTreeMap, BTreeSet};

/// A verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerdictRow {
    /// Id.
    pub id: i64,
    /// Project.
    pub project: String,
    /// Its name.
    pub name: String,
    /// The step.
    pub moment: String,
    /// The day asked about.
    pub day: String,
    /// When it was given, UTC.
    pub at: String,
    /// Facts, JSON.
    pub facts: String,
    /// Rules, JSON.
    pub rules: String,
    /// The verdict, JSON.
    pub verdict: String,
}

const LISTED: &str = "SELECT v.id, v.project, coalesce(p.name, ''), v.moment, v.day, v.at, v.facts, v.rules, v.verdict
    FROM gate_verdict v LEFT JOIN derived_project p ON p.code = v.project";

fn read(r: &Row<'_>) -> Result<VerdictRow, Error> {
    Ok(VerdictRow {
        id: r.get(0)?,
        project: r.get(1)?,
        name: r.get(2)?,
        moment: r.get(3)?,
        day: r.get(4)?,
        at: r.get(5)?,
        facts: r.get(6)?,
        rules: r.get(7)?,
        verdict: r.get(8)?,
    })
}

/// Numbers in one question to the database: far below what either takes in a statement.
const AT_ONCE: usize = 500;

/// Which verdicts.
#[derive(Debug, Clone, Copy)]
pub enum VerdictsAbout<'a> {
    /// Of a project, by code.
    Project(&'a str),
    /// Of an agency, named as in the lists.
    Agency(&'a str),
    /// That speak of a day of a year.
    Year(i16),
}

/// A file that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateFile {
    /// Number.
    pub id: i64,
    /// As it was called.
    pub name: String,
    /// Size.
    pub bytes: i64,
    /// When, UTC.
    pub at: String,
    /// Keyed digest, hexadecimal.
    pub digest: String,
}

/// A number as it is looked for: capital letters and digits, one slash for anything between. `03 / SPK-DPU / 2026` and `03/SPK/DPU/2026` are one.
pub fn number_key(number: &str) -> String {
    let parts = number.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty());
    parts.map(str::to_uppercase).collect::<Vec<_>>().join("/")
}

impl Store {
    /// Projects within a permit that each number means, by code, in the order of the numbers: Payung's own code, a contract, a package, a plan, a
    /// payment order. Payung's code comes before all others.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn gate_numbered(&self, permit: &Permit<Read, Gate>, numbers: &[&str]) -> Result<Vec<Vec<String>>, Fault> {
        let mut out = Vec::with_capacity(numbers.len());
        for numbers in numbers.chunks(AT_ONCE) {
            let keys: Vec<String> = numbers.iter().map(|n| number_key(n)).collect();
            let sql = "SELECT p.code, p.code FROM derived_project p";
            let own = self.gate_pairs(permit, sql, "p.code", numbers.iter().map(|n| (*n).to_owned()))?;
            let sql = "SELECT n.key, n.project FROM derived_number n JOIN derived_project p ON p.code = n.project";
            let known = self.gate_pairs(permit, sql, "n.key", keys.iter().cloned())?;
            let meant = |(number, key): (&&str, &String)| {
                let codes = own.get(*number).or_else(|| known.get(key));
                codes.map(|codes| codes.iter().cloned().collect()).unwrap_or_default()
            };
            out.extend(numbers.iter().zip(&keys).map(meant));
        }
        Ok(out)
    }

    /// Pairs within a permit of which the first is one of the values, in order.
    fn gate_pairs(
        &self,
        permit: &Permit<Read, Gate>,
        sql: &str,
        column: &str,
        values: impl Iterator<Item = String>,
    ) -> Result<BTreeMap<String, BTreeSet<String>>, Fault> {
        let mut w = Where::default();
        w.one_of(column, values.map(Value::Text));
        w.within(permit.scope(), "p.");
        let mut statement = self.connection.prepare(&format!("{sql}{}", w.text))?;
        let rows = statement.query_map(params_from_iter(w.values), |r| Ok((r.get(0)?, r.get(1)?)))?;
        let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in rows {
            let (key, project): (String, String) = row?;
            out.entry(key).or_default().insert(project);
        }
        Ok(out)
    }

    /// Projects before their gates, by code: those of the codes that are within the permit.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn gate_projects(
        &self,
        permit: &Permit<Read, Gate>,
        codes: &[&str],
    ) -> Result<BTreeMap<String, ProjectRow>, Fault> {
        let mut out = BTreeMap::new();
        for codes in codes.chunks(AT_ONCE) {
            out.extend(self.some(permit.scope(), codes)?.into_iter().map(|row| (row.code.clone(), row)));
        }
        Ok(out)
    }

    /// A project before its gates.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn gate_project(&self, permit: &Permit<Read, Gate>, code: &str) -> Result<Option<ProjectRow>, Fault> {
        self.one(permit.scope(), code)
    }

    /// Every project that counts within the permit, one after the other by code.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn gate_each(&self, permit: &Permit<Read, Gate>, each: &mut dyn FnMut(ProjectRow)) -> Result<(), Fault> {
        self.each(permit.scope(), each)
    }

    /// Keeps a verdict with its entry in the trail. None where its project is not within the permit.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn verdict_add(
        &mut self,
        permit: &Permit<Change, Gate>,
        row: &VerdictRow,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        if !self.project_within(permit.scope(), &row.project)? {
            return Ok(None);
        }
        let transaction = self.connection.transaction()?;
        let id: i64 = transaction.query_row(
            "INSERT INTO gate_verdict (project, moment, day, at, member_id, facts, rules, verdict)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
            params![
                row.project,
                row.moment,
                row.day,
                row.at,
                permit.actor().filter(|id| *id != OPERATOR),
                row.facts,
                row.rules,
                row.verdict
            ],
            |r| r.get(0),
        )?;
        trail::add(&transaction, Event { object: format!("verdict:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Verdicts within a permit, the newest first; of one project, or one of them, where named.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn verdict_list(
        &self,
        permit: &Permit<Read, Gate>,
        (project, id): (Option<&str>, Option<i64>),
        limit: usize,
    ) -> Result<Vec<VerdictRow>, Fault> {
        let mut w = Where::default();
        w.within(permit.scope(), "p.");
        if let Some(project) = project {
            w.and("v.project = ?", [Value::Text(project.to_owned())]);
        }
        if let Some(id) = id {
            w.and("v.id = ?", [Value::Integer(id)]);
        }
        let sql = format!("{LISTED}{} ORDER BY v.id DESC LIMIT {limit}", w.text);
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_map(params_from_iter(w.values), read)?.collect::<Result<_, _>>()?)
    }

    /// Verdicts about something within the permit, in the order they were given.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn verdict_about(
        &self,
        permit: &Permit<Read, Gate>,
        about: &VerdictsAbout<'_>,
        each: &mut dyn FnMut(VerdictRow) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut w = Where::default();
        w.within(permit.scope(), "p.");
        match about {
            VerdictsAbout::Project(code) => w.and("v.project = ?", [Value::Text((*code).to_owned())]),
            VerdictsAbout::Agency(name) => w.and("p.agency = ?", [Value::Text((*name).to_owned())]),
            VerdictsAbout::Year(year) => {
                let days = [format!("{year:04}-01-01"), format!("{year:04}-12-31")].map(Value::Text);
                w.and("v.day BETWEEN ? AND ?", days);
            }
        }
        let mut statement = self.connection.prepare(&format!("{LISTED}{} ORDER BY v.id", w.text))?;
        let mut rows = statement.stream(params_from_iter(w.values))?;
        while let Some(row) = rows.next()? {
            each(read(&row)?)?;
        }
        Ok(())
    }

    /// Files that came in, by number: name, bytes, when, and the keyed digest.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn gate_files(&self, _: &Permit<Read, Gate>) -> Result<Vec<GateFile>, Fault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, name, bytes, recorded_at, digest FROM source_file ORDER BY id")?;
        let rows = statement.query_map([], |r| {
            let digest: Vec<u8> = r.get(4)?;
            Ok(GateFile {
                id: r.get(0)?,
                name: r.get(1)?,
                bytes: r.get(2)?,
                at: r.get(3)?,
                digest: crate::hex(&digest),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every verdict in the order it was given, for the replay: facts are public, and nobody is asked for a right.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn verdict_all(&self, each: &mut dyn FnMut(VerdictRow)) -> Result<(), Fault> {
        let mut statement = self.connection.prepare(&format!("{LISTED} ORDER BY v.id"))?;
        let mut rows = statement.stream([])?;
        while let Some(row) = rows.next()? {
            each(read(&row)?);
        }
        Ok(())
    }
}
