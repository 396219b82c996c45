//! The outreach car: stops, tours, and what each visit brought.

use crate::db::{OptionalExtension, params};
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Outreach, Permit, Read};
use std::collections::BTreeMap;

/// A place worth a visit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StopRow {
    /// Number; 0 for one that is to be added.
    pub id: i64,
    /// `project`, `group`, `other`.
    pub kind: String,
    /// What it was proposed from; empty for what somebody typed.
    pub source: String,
    /// Name.
    pub name: String,
    /// Latitude and longitude, millionths of a degree.
    pub point: (i64, i64),
    /// People who could be covered there.
    pub people: i64,
    /// Minutes a visit takes.
    pub minutes: i64,
    /// Minute of the day from which and until which a visit may begin.
    pub open: (i64, i64),
}

/// A tour as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TourRow {
    /// Number.
    pub id: i64,
    /// Day.
    pub day: String,
    /// The question and its answer.
    pub body: String,
    /// People expected, in hundredths.
    pub expected: i64,
    /// The same for an order drawn by lot.
    pub by_lot: i64,
    /// Who made it, by name.
    pub by: String,
    /// When, UTC.
    pub at: String,
    /// Visits told of, and all.
    pub told: (i64, i64),
    /// People enrolled so far, and minutes told.
    pub came: (i64, i64),
}

/// A visit of a tour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRow {
    /// The stop.
    pub stop: i64,
    /// Its name.
    pub name: String,
    /// People who could be covered, when it was planned.
    pub people: i64,
    /// `done`, `closed`, `refused`, `skipped`; empty while nobody said.
    pub outcome: String,
    /// People enrolled.
    pub enrolled: Option<i64>,
    /// Minutes it took.
    pub minutes: Option<i64>,
    /// Words.
    pub note: String,
}

/// What somebody tells of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told<'a> {
    /// Outcome.
    pub outcome: &'a str,
    /// People enrolled.
    pub enrolled: i64,
    /// Minutes it took.
    pub minutes: i64,
    /// Words.
    pub note: &'a str,
}

impl Store {
    /// Stops in force, the most people first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn stop_list(&self, _: &Permit<Read, Outreach>) -> Result<Vec<StopRow>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, kind, source, name, latitude, longitude, people, minutes, opens, closes FROM outreach_stop
             WHERE ended_at IS NULL ORDER BY people DESC, id",
        )?;
        let rows = statement.query_map([], |r| {
            Ok(StopRow {
                id: r.get(0)?,
                kind: r.get(1)?,
                source: r.get(2)?,
                name: r.get(3)?,
                point: (r.get(4)?, r.get(5)?),
                people: r.get(6)?,
                minutes: r.get(7)?,
                open: (r.get(8)?, r.get(9)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Stops that need no visit now, and why: `visited` where somebody met the people or they did not want it, `planned` where the newest plan of a day to come has them. Days from `first` to `last` are
    /// being planned anew and do not count. A visit nobody told of until its day was over is as if it was never planned.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn stops_taken(
        &self,
        _: &Permit<Read, Outreach>,
        today: &str,
        (first, last): (&str, &str),
    ) -> Result<BTreeMap<i64, String>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT v.stop_id, CASE WHEN v.outcome = '' THEN 'planned' ELSE 'visited' END AS why
             FROM outreach_visit v JOIN outreach_tour t ON t.id = v.tour_id
             WHERE v.outcome IN ('done', 'refused')
                OR (v.outcome = '' AND t.day >= ?1 AND t.day NOT BETWEEN ?2 AND ?3
                    AND t.id = (SELECT max(o.id) FROM outreach_tour o WHERE o.day = t.day))
             ORDER BY v.stop_id, why",
        )?;
        // Of a stop with both, the visit that was made is the last.
        let rows = statement.query_map(params![today, first, last], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Adds a stop; its number. None where one from the same source stands.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn stop_add(
        &mut self,
        permit: &Permit<Change, Outreach>,
        stop: &StopRow,
        at: &str,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let transaction = self.connection.transaction()?;
        let stands: i64 = transaction.query_row(
            "SELECT count(*) FROM outreach_stop WHERE source = ?1 AND source <> '' AND ended_at IS NULL",
            [stop.source.as_str()],
            |r| r.get(0),
        )?;
        if stands > 0 {
            return Ok(None);
        }
        let id: i64 = transaction.query_row(
            "INSERT INTO outreach_stop (kind, source, name, latitude, longitude, people, minutes, opens, closes, added_by, added_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING id",
            params![
                stop.kind,
                stop.source,
                stop.name,
                stop.point.0,
                stop.point.1,
                stop.people,
                stop.minutes,
                stop.open.0,
                stop.open.1,
                permit.actor().unwrap_or(authz::OPERATOR),
                at
            ],
            |r| r.get(0),
        )?;
        trail::add(&transaction, Event { object: format!("outreach_stop:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Ends a stop. False where there is none.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn stop_end(&mut self, _: &Permit<Change, Outreach>, id: i64, at: &str, event: Event) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let done = transaction
            .execute("UPDATE outreach_stop SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL", params![id, at])?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// Keeps a tour with its visits: stop and people. None where nobody keeps it who has a name.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn tour_add(
        &mut self,
        permit: &Permit<Change, Outreach>,
        (day, body): (&str, &str),
        (expected, by_lot): (i64, i64),
        visits: &[(i64, i64)],
        at: &str,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(None) };
        let transaction = self.connection.transaction()?;
        let id: i64 = transaction.query_row(
            "INSERT INTO outreach_tour (day, body, expected, by_lot, made_by, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            params![day, body, expected, by_lot, member, at],
            |r| r.get(0),
        )?;
        for (stop, people) in visits {
            transaction.execute(
                "INSERT INTO outreach_visit (tour_id, stop_id, people) VALUES (?1, ?2, ?3)",
                params![id, stop, people],
            )?;
        }
        trail::add(&transaction, Event { object: format!("outreach_tour:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Tours, the newest first; one, where it is named.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn tour_list(&self, _: &Permit<Read, Outreach>, id: Option<i64>, limit: usize) -> Result<Vec<TourRow>, Fault> {
        let sql = format!(
            "SELECT t.id, t.day, t.body, t.expected, t.by_lot, m.name, t.made_at,
                (SELECT count(*) FROM outreach_visit v WHERE v.tour_id = t.id AND v.outcome <> ''),
                (SELECT count(*) FROM outreach_visit v WHERE v.tour_id = t.id),
                (SELECT coalesce(sum(v.enrolled), 0) FROM outreach_visit v WHERE v.tour_id = t.id),
                (SELECT coalesce(sum(v.minutes), 0) FROM outreach_visit v WHERE v.tour_id = t.id)
             FROM outreach_tour t JOIN member m ON m.id = t.made_by WHERE (CAST(?1 AS BIGINT) IS NULL OR t.id = ?1)
             ORDER BY t.day DESC, t.id DESC LIMIT {limit}"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![id], |r| {
            Ok(TourRow {
                id: r.get(0)?,
                day: r.get(1)?,
                body: r.get(2)?,
                expected: r.get(3)?,
                by_lot: r.get(4)?,
                by: r.get(5)?,
                at: r.get(6)?,
                told: (r.get(7)?, r.get(8)?),
                came: (r.get(9)?, r.get(10)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Visits of a tour.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn tour_visits(&self, _: &Permit<Read, Outreach>, tour: i64) -> Result<Vec<VisitRow>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT v.stop_id, s.name, v.people, v.outcome, v.enrolled, v.minutes, v.note
             FROM outreach_visit v JOIN outreach_stop s ON s.id = v.stop_id WHERE v.tour_id = ?1 ORDER BY v.id",
        )?;
        let rows = statement.query_map([tour], |r| {
            Ok(VisitRow {
                stop: r.get(0)?,
                name: r.get(1)?,
                people: r.get(2)?,
                outcome: r.get(3)?,
                enrolled: r.get(4)?,
                minutes: r.get(5)?,
                note: r.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps what is told of a visit; told again, it replaces what was said, and the trail has both. False where the tour has no such visit.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn visit_tell(
        &mut self,
        permit: &Permit<Change, Outreach>,
        (tour, stop): (i64, i64),
        told: &Told<'_>,
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let done = transaction.execute(
            "UPDATE outreach_visit SET outcome = ?3, enrolled = ?4, minutes = ?5, note = ?6, told_by = ?7, told_at = ?8
             WHERE tour_id = ?1 AND stop_id = ?2",
            params![tour, stop, told.outcome, told.enrolled, told.minutes, told.note, permit.actor(), at],
        )?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// What visits brought so far: people who could be covered, and who were, of visits that were made.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn visit_yield(&self, _: &Permit<Read, Outreach>) -> Result<(i64, i64), Fault> {
        let found = self
            .connection
            .query_row(
                "SELECT coalesce(sum(people), 0), coalesce(sum(enrolled), 0) FROM outreach_visit WHERE outcome IN ('done', 'closed', 'refused')",
                [],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .optional()?;
        Ok(found.unwrap_or_default())
    }
}
