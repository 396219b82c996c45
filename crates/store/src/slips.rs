//! Slips about verdicts of gates: given with their number in one transaction, withdrawn, listed for whoever verifies them.

use crate::db::{Error, OptionalExtension, Row, Value, params, params_from_iter};
use crate::desk::Where;
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Gate, Permit, PublicProject, Read};

/// A slip as it was given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SlipRow {
    /// Number.
    pub number: String,
    /// The verdict it is about.
    pub verdict: i64,
    /// Project, by code, and its name.
    pub project: [String; 2],
    /// The step.
    pub moment: String,
    /// `clearance` or `status`.
    pub kind: String,
    /// Last day it holds, ISO.
    pub until: String,
    /// The signed text.
    pub text: String,
    /// When, UTC.
    pub at: String,
    /// By whom, by name.
    pub by: String,
    /// The day it was withdrawn for, how, and why.
    pub withdrawn: Option<[String; 3]>,
}

/// What becomes a slip once its number is known.
#[derive(Debug, Clone)]
pub struct SlipIssue {
    /// Number.
    pub number: String,
    /// Signing key.
    pub key: String,
    /// Digest of the verdict.
    pub digest: String,
    /// Last day it holds, ISO.
    pub until: String,
    /// The signed text.
    pub text: String,
    /// Printed.
    pub pdf: Vec<u8>,
}

/// A slip that was withdrawn: number, day, kind.
pub type WithdrawnSlip = [String; 3];

/// What everybody may know of slips.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicSlips {
    /// Withdrawn, by number.
    pub withdrawn: Vec<WithdrawnSlip>,
    /// Number and text of those under the keys asked about.
    pub under: Vec<(String, String)>,
}

const LISTED: &str =
    "SELECT s.number, s.verdict_id, v.project, coalesce(p.name, ''), v.moment, s.kind, s.until, s.text, s.at, m.name,
      s.withdrawn_day, s.withdrawn_kind, s.withdrawn_reason
    FROM slip s JOIN gate_verdict v ON v.id = s.verdict_id JOIN member m ON m.id = s.member_id
    LEFT JOIN derived_project p ON p.code = v.project";

fn read(r: &Row<'_>) -> Result<SlipRow, Error> {
    let day: Option<String> = r.get(10)?;
    let (kind, reason): (String, String) = (r.get(11)?, r.get(12)?);
    Ok(SlipRow {
        number: r.get(0)?,
        verdict: r.get(1)?,
        project: [r.get(2)?, r.get(3)?],
        moment: r.get(4)?,
        kind: r.get(5)?,
        until: r.get(6)?,
        text: r.get(7)?,
        at: r.get(8)?,
        by: r.get(9)?,
        withdrawn: day.map(|day| [day, kind, reason]),
    })
}

impl Store {
    /// Gives a slip about a verdict: `make` is handed its number of the year and says what goes out. None where the verdict is not within the
    /// permit, or nobody asks who has a name.
    ///
    /// # Errors
    /// [`Fault`] of the database, or of `make`: then none was given.
    pub fn slip_add(
        &mut self,
        permit: &Permit<Change, Gate>,
        (verdict, kind): (i64, &str),
        (year, at): (i64, &str),
        event: Event,
        make: &mut dyn FnMut(i64) -> Result<SlipIssue, Fault>,
    ) -> Result<Option<String>, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(None) };
        let project: Option<String> = self
            .connection
            .query_row("SELECT project FROM gate_verdict WHERE id = ?1", [verdict], |r| r.get(0))
            .optional()?;
        let Some(project) = project else { return Ok(None) };
        if !self.project_within(permit.scope(), &project)? {
            return Ok(None);
        }
        let transaction = self.connection.transaction()?;
        let last: Option<i64> =
            transaction.query_row("SELECT max(sequence) FROM slip WHERE year = ?1", [year], |r| r.get(0))?;
        let sequence = last.unwrap_or(0) + 1;
        let made = make(sequence)?;
        transaction.execute(
            "INSERT INTO slip (year, sequence, number, verdict_id, kind, sign_key, digest, until, text, pdf, at, member_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                year,
                sequence,
                made.number,
                verdict,
                kind,
                made.key,
                made.digest,
                made.until,
                made.text,
                made.pdf,
                at,
                member
            ],
        )?;
        trail::add(&transaction, Event { object: format!("slip:{}", made.number), ..event })?;
        transaction.commit()?;
        Ok(Some(made.number))
    }

    /// Slips within a permit, the newest first: all, of a verdict, or of a number.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn slip_list(
        &self,
        permit: &Permit<Read, Gate>,
        (verdict, number): (Option<i64>, Option<&str>),
        limit: usize,
    ) -> Result<Vec<SlipRow>, Fault> {
        let mut w = Where::default();
        if let Some(verdict) = verdict {
            w.and("s.verdict_id = ?", [Value::Integer(verdict)]);
        }
        if let Some(number) = number {
            w.and("s.number = ?", [Value::Text(number.to_owned())]);
        }
        w.within(permit.scope(), "p.");
        w.values.push(Value::Integer(limit as i64));
        let sql = format!("{LISTED}{} ORDER BY s.id DESC LIMIT ?", w.text);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(w.values), read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A slip as it was printed.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn slip_pdf(&self, permit: &Permit<Read, Gate>, number: &str) -> Result<Option<Vec<u8>>, Fault> {
        if self.slip_list(permit, (None, Some(number)), 1)?.is_empty() {
            return Ok(None);
        }
        Ok(self.connection.query_row("SELECT pdf FROM slip WHERE number = ?1", [number], |r| r.get(0))?)
    }

    /// Withdraws a slip. False where there is none within the permit that stands.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn slip_withdraw(
        &mut self,
        (read, change): (&Permit<Read, Gate>, &Permit<Change, Gate>),
        number: &str,
        (day, kind, reason): (&str, &str, &str),
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let Some(member) = change.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(false) };
        let found = self.slip_list(read, (None, Some(number)), 1)?;
        let Some(slip) = found.first() else { return Ok(false) };
        if !self.project_within(change.scope(), &slip.project[0])? {
            return Ok(false);
        }
        let transaction = self.connection.transaction()?;
        let done = transaction.execute(
            "UPDATE slip SET withdrawn_at = ?2, withdrawn_by = ?3, withdrawn_day = ?4, withdrawn_kind = ?5, withdrawn_reason = ?6
             WHERE number = ?1 AND withdrawn_at IS NULL",
            params![number, at, member, day, kind, reason],
        )?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// Every slip withdrawn, and number and text of every slip under the keys named: what it takes to say which slips the city gave.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn slip_public(&self, _: &Permit<Read, PublicProject>, lost: &[String]) -> Result<PublicSlips, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT number, withdrawn_day, withdrawn_kind FROM slip WHERE withdrawn_at IS NOT NULL ORDER BY number",
        )?;
        let withdrawn = statement.query_map([], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?]))?;
        let withdrawn = withdrawn.collect::<Result<_, _>>()?;
        let mut under = Vec::new();
        let mut statement =
            self.connection.prepare_cached("SELECT number, text FROM slip WHERE sign_key = ?1 ORDER BY number")?;
        for key in lost {
            let rows = statement.query_map([key], |r| Ok((r.get(0)?, r.get(1)?)))?;
            under.extend(rows.collect::<Result<Vec<(String, String)>, _>>()?);
        }
        Ok(PublicSlips { withdrawn, under })
    }
}
