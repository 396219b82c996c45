//! Phones of the outreach car: links for one tour, and what was said through them. And roads somebody measured.

use crate::db::{Database, Error, OptionalExtension, Row, params};
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Outreach, Permit, Read, Vulnerable};
use std::collections::BTreeMap;

/// A link for one phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolLink {
    /// Id.
    pub id: i64,
    /// The tour.
    pub tour: i64,
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
}

/// What a phone said: its number for it, what came of it, and the stop.
pub type EnrolAnswer = (String, &'static str, i64);

/// Measured roads: from, to, seconds; stops by number, 0 is where cars leave from.
pub type RoadRow = (i64, i64, i64);

const COLUMNS: &str = "id, tour_id, member_id, name, created_at, expires_at, used_at";

fn link(r: &Row<'_>) -> Result<EnrolLink, Error> {
    Ok(EnrolLink {
        id: r.get(0)?,
        tour: r.get(1)?,
        member: r.get(2)?,
        name: r.get(3)?,
        created_at: r.get(4)?,
        expires_at: r.get(5)?,
        used_at: r.get(6)?,
    })
}

/// Writes down what was said, inside whatever transaction stores it.
pub(crate) fn enrolled(
    database: &Database,
    (phone, file): (i64, i64),
    at: &str,
    list: &[EnrolAnswer],
) -> Result<(), Fault> {
    for (act, outcome, stop) in list {
        database.execute(
            "INSERT INTO outreach_enrolled (phone_id, act, outcome, stop_id, at, file_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![phone, act, outcome, stop, at, file],
        )?;
    }
    Ok(())
}

impl Store {
    /// Keeps a link by the hash of it. False where there is no such tour.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn enrol_link_add(
        &mut self,
        _: (&Permit<Change, Outreach>, &Permit<Change, Vulnerable>),
        token: &[u8],
        link: &EnrolLink,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let stands: i64 =
            transaction.query_row("SELECT count(*) FROM outreach_tour WHERE id = ?1", [link.tour], |r| r.get(0))?;
        if stands == 0 {
            return Ok(false);
        }
        transaction.execute(
            "INSERT INTO outreach_phone (tour_id, member_id, name, token, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![link.tour, link.member, link.name, token, link.created_at, link.expires_at],
        )?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(true)
    }

    /// Links of a tour that have not been ended, the newest first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn enrol_link_list(&self, _: &Permit<Read, Outreach>, tour: i64) -> Result<Vec<EnrolLink>, Fault> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM outreach_phone WHERE tour_id = ?1 AND ended_at IS NULL ORDER BY id DESC"
        ))?;
        let rows = statement.query_map([tour], link)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The link of a hash, if it has not been ended; whether it ran out is for the caller.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn enrol_link(&self, token: &[u8]) -> Result<Option<EnrolLink>, Fault> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM outreach_phone WHERE token = ?1 AND ended_at IS NULL"))?;
        Ok(statement.query_row([token], link).optional()?)
    }

    /// A link was used.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn enrol_link_used(&mut self, id: i64, at: i64) -> Result<(), Fault> {
        self.connection.execute("UPDATE outreach_phone SET used_at = ?2 WHERE id = ?1", params![id, at])?;
        Ok(())
    }

    /// Ends a link of a tour. False where there is none.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn enrol_link_end(
        &mut self,
        _: &Permit<Change, Outreach>,
        (tour, id): (i64, i64),
        at: i64,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let done = transaction.execute(
            "UPDATE outreach_phone SET ended_at = ?3 WHERE id = ?1 AND tour_id = ?2 AND ended_at IS NULL",
            params![id, tour, at],
        )?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// What came of what a phone said before, by its numbers.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn enrol_known(&self, phone: i64, acts: &[String]) -> Result<BTreeMap<String, String>, Fault> {
        let mut statement =
            self.connection.prepare_cached("SELECT outcome FROM outreach_enrolled WHERE phone_id = ?1 AND act = ?2")?;
        let mut out = BTreeMap::new();
        for act in acts {
            if let Some(outcome) = statement.query_row(params![phone, act], |r| r.get(0)).optional()? {
                out.insert(act.clone(), outcome);
            }
        }
        Ok(out)
    }

    /// Does somebody stand on a list today, by digest?
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn enrol_stands(
        &self,
        _: &Permit<Change, Vulnerable>,
        (person, group): (&[u8; 16], &str),
        today: &str,
    ) -> Result<bool, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM derived_stay WHERE person = ?1 AND list = ?2 AND until IS NULL AND (left_on = '' OR left_on >= ?3))",
        )?;
        Ok(statement.query_row(params![&person[..], format!("V:{group}"), today], |r| r.get(0))?)
    }

    /// The digest a number is known by.
    #[must_use]
    pub fn enrol_person(&self, nik: &kernel::id::Nik) -> [u8; 16] {
        crate::stays::person_with(&self.vault, nik)
    }

    /// People the phones of a tour enrolled, by stop: those new on a list, without files that were taken back.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn enrol_counts(&self, _: &Permit<Read, Outreach>, tour: i64) -> Result<BTreeMap<i64, i64>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT e.stop_id, count(*) FROM outreach_enrolled e JOIN outreach_phone p ON p.id = e.phone_id
             WHERE p.tour_id = ?1 AND e.outcome IN ('stored', 'nik')
               AND NOT EXISTS (SELECT 1 FROM source_withdrawal w WHERE w.file_id = e.file_id) GROUP BY e.stop_id",
        )?;
        let rows = statement.query_map([tour], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Roads measured.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn road_list(&self, _: &Permit<Read, Outreach>) -> Result<Vec<RoadRow>, Fault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT from_id, to_id, seconds FROM outreach_road ORDER BY from_id, to_id")?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps measured roads; the newest word on a way stands. None where nobody says so who has a name.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn road_keep(
        &mut self,
        permit: &Permit<Change, Outreach>,
        roads: &[RoadRow],
        at: &str,
        event: Event,
    ) -> Result<Option<usize>, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(None) };
        let transaction = self.connection.transaction()?;
        for (from, to, seconds) in roads {
            transaction.execute(
                "INSERT INTO outreach_road (from_id, to_id, seconds, said_by, said_at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (from_id, to_id) DO UPDATE SET seconds = ?3, said_by = ?4, said_at = ?5",
                params![from, to, seconds, member, at],
            )?;
        }
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(Some(roads.len()))
    }
}
