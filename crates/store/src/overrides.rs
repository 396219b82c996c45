//! Verdicts set aside on the word of two, for a time; and how often that is done.

use crate::db::{OptionalExtension, Value, params, params_from_iter};
use crate::desk::Where;
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Gate, Permit, Read, Release};

/// A verdict set aside, or asked to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverrideRow {
    /// Id.
    pub id: i64,
    /// The verdict.
    pub verdict: i64,
    /// Its project, by code and name.
    pub project: [String; 2],
    /// Its agency.
    pub agency: String,
    /// The step.
    pub moment: String,
    /// Typed reason.
    pub reason: String,
    /// Words.
    pub text: String,
    /// Last day it holds, ISO.
    pub until: String,
    /// Who asked, by id and name.
    pub asked_by: (i64, String),
    /// When, UTC.
    pub asked_at: String,
    /// `released`, `declined`, or nothing yet.
    pub outcome: String,
    /// Who decided, by name, and when.
    pub decided: Option<(String, String)>,
}

/// Why an override is not decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoOverride {
    /// There is none that waits within the permit.
    Unknown,
    /// Whoever asked does not release.
    Own,
}

impl Store {
    /// Asks for a verdict to be set aside. None where it is not within the permit, or one waits or holds already.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn override_ask(
        &mut self,
        (read, change): (&Permit<Read, Gate>, &Permit<Change, Gate>),
        verdict: i64,
        (reason, text, until): (&str, &str, &str),
        at: &str,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let Some(member) = change.actor() else { return Ok(None) };
        if self.verdict_list(read, (None, Some(verdict)), 1)?.is_empty() {
            return Ok(None);
        }
        let transaction = self.connection.transaction()?;
        let standing: i64 = transaction.query_row(
            "SELECT count(*) FROM gate_override WHERE verdict_id = ?1 AND outcome <> 'declined'",
            [verdict],
            |r| r.get(0),
        )?;
        if standing > 0 {
            return Ok(None);
        }
        let id: i64 = transaction.query_row(
            "INSERT INTO gate_override (verdict_id, reason, text, until, asked_by, asked_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            params![verdict, reason, text, until, member, at],
            |r| r.get(0),
        )?;
        trail::add(&transaction, Event { object: format!("override:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Overrides within a permit, those that wait first; of one verdict, where named.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn override_list(
        &self,
        permit: &Permit<Read, Gate>,
        verdict: Option<i64>,
        limit: usize,
    ) -> Result<Vec<OverrideRow>, Fault> {
        let mut w = Where::default();
        w.within(permit.scope(), "p.");
        if let Some(verdict) = verdict {
            w.and("o.verdict_id = ?", [Value::Integer(verdict)]);
        }
        let sql = format!(
            "SELECT o.id, o.verdict_id, v.project, p.name, p.agency, v.moment, o.reason, o.text, o.until, o.asked_by, a.name,
                    o.asked_at, o.outcome, d.name, o.decided_at
             FROM gate_override o JOIN gate_verdict v ON v.id = o.verdict_id JOIN derived_project p ON p.code = v.project
             JOIN member a ON a.id = o.asked_by LEFT JOIN member d ON d.id = o.decided_by{}
             ORDER BY CASE o.outcome WHEN '' THEN 0 ELSE 1 END, o.id DESC LIMIT {limit}",
            w.text
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(w.values), |r| {
            let (decided_by, decided_at): (Option<String>, Option<String>) = (r.get(13)?, r.get(14)?);
            Ok(OverrideRow {
                id: r.get(0)?,
                verdict: r.get(1)?,
                project: [r.get(2)?, r.get(3)?],
                agency: r.get(4)?,
                moment: r.get(5)?,
                reason: r.get(6)?,
                text: r.get(7)?,
                until: r.get(8)?,
                asked_by: (r.get(9)?, r.get(10)?),
                asked_at: r.get(11)?,
                outcome: r.get(12)?,
                decided: decided_by.zip(decided_at),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Releases an override or declines it, on the word of a second member.
    ///
    /// # Errors
    /// [`Fault`] of the database; inside, why it is not done.
    pub fn override_decide(
        &mut self,
        (read, release): (&Permit<Read, Gate>, &Permit<Release, Gate>),
        (id, released): (i64, bool),
        at: &str,
        event: Event,
    ) -> Result<Result<(), NoOverride>, Fault> {
        let found: Option<i64> = self
            .connection
            .query_row("SELECT verdict_id FROM gate_override WHERE id = ?1", [id], |r| r.get(0))
            .optional()?;
        let Some(verdict) = found else { return Ok(Err(NoOverride::Unknown)) };
        if self.verdict_list(read, (None, Some(verdict)), 1)?.is_empty() {
            return Ok(Err(NoOverride::Unknown));
        }
        let transaction = self.connection.transaction()?;
        let asked_by: Option<i64> = transaction
            .query_row("SELECT asked_by FROM gate_override WHERE id = ?1 AND outcome = ''", [id], |r| r.get(0))
            .optional()?;
        match asked_by {
            None => return Ok(Err(NoOverride::Unknown)),
            Some(member) if release.actor() == Some(member) => return Ok(Err(NoOverride::Own)),
            Some(_) => {}
        }
        transaction.execute(
            "UPDATE gate_override SET outcome = ?2, decided_by = ?3, decided_at = ?4 WHERE id = ?1",
            params![id, if released { "released" } else { "declined" }, release.actor(), at],
        )?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(Ok(()))
    }

    /// Verdicts given and set aside within a permit, by agency: agency, given, set aside.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn override_rates(&self, permit: &Permit<Read, Gate>) -> Result<Vec<(String, i64, i64)>, Fault> {
        let mut w = Where::default();
        w.within(permit.scope(), "p.");
        let sql = format!(
            "SELECT p.agency, count(*), coalesce(sum(CASE WHEN EXISTS (
                      SELECT 1 FROM gate_override o WHERE o.verdict_id = v.id AND o.outcome = 'released') THEN 1 ELSE 0 END), 0)
             FROM gate_verdict v JOIN derived_project p ON p.code = v.project{}
             GROUP BY p.agency ORDER BY 3 DESC, 2 DESC, 1",
            w.text
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(w.values), |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Officers who asked for overrides or decided them within a permit, by name: asked for, released, declined.
    ///
    /// Two people of one name are two lines.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn override_officers(&self, permit: &Permit<Read, Gate>) -> Result<Vec<(String, [i64; 3])>, Fault> {
        let mut w = Where::default();
        w.within(permit.scope(), "p.");
        let sql = format!(
            "WITH seen AS (SELECT o.asked_by, o.decided_by, o.outcome FROM gate_override o
                           JOIN gate_verdict v ON v.id = o.verdict_id JOIN derived_project p ON p.code = v.project{}),
                  done AS (SELECT asked_by AS member, 1 AS asked, 0 AS released, 0 AS declined FROM seen
                           UNION ALL
                           SELECT decided_by, 0, CASE outcome WHEN 'released' THEN 1 ELSE 0 END,
                                  CASE outcome WHEN 'declined' THEN 1 ELSE 0 END
                           FROM seen WHERE decided_by IS NOT NULL)
             SELECT m.name, sum(d.asked), sum(d.released), sum(d.declined)
             FROM done d JOIN member m ON m.id = d.member
             GROUP BY m.id, m.name ORDER BY 3 DESC, 2 DESC, m.name, m.id",
            w.text
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows =
            statement.query_map(params_from_iter(w.values), |r| Ok((r.get(0)?, [r.get(1)?, r.get(2)?, r.get(3)?])))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
