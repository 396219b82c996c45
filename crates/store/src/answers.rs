//! What officers say about findings: an answer, or that one shall not count, which takes two persons and lasts as
//! long as the facts it was said about.

use crate::db::{Database, Error, OptionalExtension, Row, Value, params, params_from_iter};
use crate::desk::{FindingRow, Where, finding};
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Decide, Finding, Permit, Read, Release, Scope};

/// What is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saying {
    /// An explanation; the finding stays open.
    Answer,
    /// The finding is true and shall not count.
    Waiver,
    /// The finding is not true.
    FalseAlarm,
}

impl Saying {
    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Waiver => "waiver",
            Self::FalseAlarm => "false_alarm",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Answer, Self::Waiver, Self::FalseAlarm].into_iter().find(|s| s.name() == name)
    }
}

/// Something said, with names of persons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Id.
    pub id: i64,
    /// Rule.
    pub code: String,
    /// Project; empty for none.
    pub project: String,
    /// Which facts it was said about.
    pub mark: String,
    /// What.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub said_by: i64,
    /// Who, by name.
    pub said_by_name: String,
    /// When.
    pub said_at: String,
    /// The second person, by name.
    pub released_by_name: Option<String>,
    /// When.
    pub released_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// Why: `taken_back`, `declined`, `facts_changed`.
    pub ended_why: Option<String>,
}

/// Findings of a rule by how they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rule, agency or vendor.
    pub key: String,
    /// Open.
    pub open: i64,
    /// Of the open ones, waiting for a second person.
    pub waiting: i64,
    /// Waived.
    pub waived: i64,
    /// Said to be untrue.
    pub false_alarms: i64,
}

const SAID: &str =
    "SELECT d.id, d.code, d.project, d.mark, d.kind, d.reason, d.said_by, m.name, d.said_at, r.name, d.released_at,
       d.ended_at, d.ended_why
     FROM decision_finding d JOIN member m ON m.id = d.said_by LEFT JOIN member r ON r.id = d.released_by";

fn said(r: &Row<'_>) -> Result<Said, Error> {
    Ok(Said {
        id: r.get(0)?,
        code: r.get(1)?,
        project: r.get(2)?,
        mark: r.get(3)?,
        kind: r.get(4)?,
        reason: r.get(5)?,
        said_by: r.get(6)?,
        said_by_name: r.get(7)?,
        said_at: r.get(8)?,
        released_by_name: r.get(9)?,
        released_at: r.get(10)?,
        ended_at: r.get(11)?,
        ended_why: r.get(12)?,
    })
}

/// The finding of a mark within a scope.
fn of_mark(connection: &Database, scope: &Scope, mark: &str) -> Result<Option<FindingRow>, Fault> {
    let mut w = Where::default();
    w.and("f.mark = ?", [Value::Text(mark.to_owned())]);
    w.within(scope, "f.");
    let sql = format!("{} {} LIMIT 1", crate::desk::FINDING, w.text);
    Ok(connection.prepare_cached(&sql)?.query_row(params_from_iter(w.values), finding).optional()?)
}

impl Store {
    /// A finding by its mark; none where it is not found any more, or lies outside the scope.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn finding_of_mark(&self, permit: &Permit<Read, Finding>, mark: &str) -> Result<Option<FindingRow>, Fault> {
        of_mark(&self.connection, permit.scope(), mark)
    }

    /// Everything said about a project's findings of a rule, the newest first. Whoever asks holds the project already.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn finding_said(&self, finding: &FindingRow) -> Result<Vec<Said>, Fault> {
        let sql = format!("{SAID} WHERE d.code = ?1 AND d.project = ?2 AND d.registration = ?3 ORDER BY d.id DESC");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([&finding.code, &finding.project, &finding.registration], said)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What waits for a second person, the oldest first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn finding_waiting(&self, permit: &Permit<Read, Finding>) -> Result<Vec<(Said, FindingRow)>, Fault> {
        let sql =
            format!("{SAID} WHERE d.kind <> 'answer' AND d.released_at IS NULL AND d.ended_at IS NULL ORDER BY d.id");
        let waiting: Vec<Said> =
            self.connection.prepare_cached(&sql)?.query_map([], said)?.collect::<Result<_, _>>()?;
        let mut out = Vec::new();
        for said in waiting {
            if let Some(row) = self.finding_of_mark(permit, &said.mark)? {
                out.push((said, row));
            }
        }
        Ok(out)
    }

    /// Says something about a finding. None where the finding is not there, outside the scope, or decided already.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn finding_say(
        &mut self,
        permit: &Permit<Decide, Finding>,
        mark: &str,
        (saying, reason): (Saying, &str),
        at: &str,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let transaction = self.connection.transaction()?;
        let Some(row) = of_mark(&transaction, permit.scope(), mark)? else { return Ok(None) };
        if saying != Saying::Answer && row.standing != OPEN {
            return Ok(None);
        }
        let id: i64 = transaction.query_row(
            "INSERT INTO decision_finding (mark, code, project, registration, kind, reason, said_by, said_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
            params![mark, row.code, row.project, row.registration, saying.name(), reason, permit.actor(), at],
            |r| r.get(0),
        )?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// The second person agrees (`agree`) or declines. False where nothing waits under that number within the scope, or
    /// that person said it.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn finding_release(
        &mut self,
        permit: &Permit<Release, Finding>,
        id: i64,
        agree: bool,
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let change = if agree {
            "released_by = ?2, released_at = ?3"
        } else {
            "ended_by = ?2, ended_at = ?3, ended_why = 'declined'"
        };
        self.finding_change(
            permit.scope(),
            id,
            change,
            "released_at IS NULL AND said_by <> ?2",
            (permit.actor(), at),
            event,
        )
    }

    /// Takes back what was said: the finding is open again. False where nothing stands under that number within the scope.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn finding_take_back(
        &mut self,
        permit: &Permit<Decide, Finding>,
        id: i64,
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let change = "ended_by = ?2, ended_at = ?3, ended_why = 'taken_back'";
        self.finding_change(permit.scope(), id, change, "said_at <= ?3", (permit.actor(), at), event)
    }

    fn finding_change(
        &mut self,
        scope: &Scope,
        id: i64,
        change: &str,
        condition: &str,
        (actor, at): (Option<i64>, &str),
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let mark: Option<String> = transaction
            .query_row("SELECT mark FROM decision_finding WHERE id = ?1 AND ended_at IS NULL", [id], |r| r.get(0))
            .optional()?;
        let Some(mark) = mark else { return Ok(false) };
        if of_mark(&transaction, scope, &mark)?.is_none() {
            return Ok(false);
        }
        let changed = transaction.execute(
            &format!("UPDATE decision_finding SET {change} WHERE id = ?1 AND kind <> 'answer' AND ended_at IS NULL AND {condition}"),
            params![id, actor, at],
        )?;
        if changed == 1 {
            trail::add(&transaction, event)?;
            transaction.commit()?;
        }
        Ok(changed == 1)
    }

    /// Findings in the scope by how they stand, grouped; the most open first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn finding_tally(&self, permit: &Permit<Read, Finding>, by: crate::FindingBy) -> Result<Vec<Tally>, Fault> {
        let mut w = Where::default();
        w.within(permit.scope(), "f.");
        let column = by.column();
        let sql = format!(
            "SELECT {column}, count(*) FILTER (WHERE d.released_at IS NULL) AS n,
               count(*) FILTER (WHERE d.id IS NOT NULL AND d.released_at IS NULL),
               count(*) FILTER (WHERE d.released_at IS NOT NULL AND d.kind = 'waiver'),
               count(*) FILTER (WHERE d.released_at IS NOT NULL AND d.kind = 'false_alarm')
             FROM derived_finding f
             LEFT JOIN decision_finding d ON d.mark = f.mark AND d.kind <> 'answer' AND d.ended_at IS NULL{}
             GROUP BY {column} ORDER BY n DESC, {column} LIMIT 200",
            w.text
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(w.values), |r| {
            Ok(Tally {
                key: r.get(0)?,
                open: r.get(1)?,
                waiting: r.get(2)?,
                waived: r.get(3)?,
                false_alarms: r.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// A finding nobody set aside.
pub const OPEN: &str = "open";

/// Ends what was said about facts that are no longer found: a finding that comes back comes back open.
pub(crate) fn settle(connection: &Database, at: &str) -> Result<(), Fault> {
    connection.execute(
        "UPDATE decision_finding SET ended_at = ?1, ended_why = 'facts_changed'
         WHERE ended_at IS NULL AND kind <> 'answer'
           AND NOT EXISTS (SELECT 1 FROM derived_finding f WHERE f.mark = decision_finding.mark)",
        [at],
    )?;
    Ok(())
}

/// SQL: is the duty of case `c` unmet, and did nobody set its finding aside?
pub(crate) const UNMET: &str = "EXISTS (SELECT 1 FROM derived_finding f
       LEFT JOIN decision_finding d
         ON d.mark = f.mark AND d.kind <> 'answer' AND d.ended_at IS NULL AND d.released_at IS NOT NULL
       WHERE f.project = c.project AND f.code = c.code AND d.id IS NULL)";
