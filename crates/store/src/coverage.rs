//! What coverage is counted from: who stood on which list from when to when, by digest; when each registration covers; and what others say of how many there are.

use crate::db::params;
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Coverage, Does, Permit};
use std::collections::BTreeMap;

/// A stay as it is counted: list, first and last day as kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedStay<'r> {
    /// The person, by digest.
    pub person: [u8; 16],
    /// Known by an identity number?
    pub numbered: bool,
    /// The list.
    pub list: &'r str,
    /// First day; empty where unknown.
    pub joined: &'r str,
    /// Last day; empty while there.
    pub left: &'r str,
}

/// A number somebody else says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoverageWord {
    /// Id; 0 for one that is to be kept.
    pub id: i64,
    /// `base`, `claim` or `target`.
    pub kind: String,
    /// What it is called by whoever counts it.
    pub name: String,
    /// Segment; empty for all.
    pub segment: String,
    /// `2026-10`.
    pub month: String,
    /// People; of a target parts per million.
    pub count: i64,
    /// The least and the most it may be.
    pub interval: [i64; 2],
    /// Where it stands.
    pub source: String,
    /// The day of the source, ISO.
    pub dated: String,
    /// Who entered it, by name.
    pub by: String,
    /// When, UTC.
    pub at: String,
}

/// A forecast as it was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForecastRow {
    /// Month it was made in, `2026-11`.
    pub made: String,
    /// Month it is of.
    pub month: String,
    /// People.
    pub count: i64,
    /// Ends of the interval of 90 of 100.
    pub interval: [i64; 2],
    /// The last month that was told when it was made, and its count as it was then.
    pub last: (String, i64),
}

impl Store {
    /// Every stay that stands, person by person. What is read does not grow with people.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn coverage_stays<A: Does>(
        &self,
        _: &Permit<A, Coverage>,
        each: &mut dyn FnMut(&CountedStay<'_>),
    ) -> Result<(), Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT person, numbered, list, joined, left_on FROM derived_stay WHERE until IS NULL ORDER BY person",
        )?;
        let mut rows = statement.stream([])?;
        while let Some(r) = rows.next()? {
            let (person, numbered): ([u8; 16], i64) = (r.get(0)?, r.get(1)?);
            each(&CountedStay { person, numbered: numbered == 1, list: r.get(2)?, joined: r.get(3)?, left: r.get(4)? });
        }
        Ok(())
    }

    /// People who stand under several digests and were said to be one: each digest with the one they are counted under.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn coverage_same<A: Does>(&self, _: &Permit<A, Coverage>) -> Result<BTreeMap<[u8; 16], [u8; 16]>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT one, other FROM same_person WHERE same = 1 AND ended_at IS NULL ORDER BY one, other",
        )?;
        let pairs: Vec<([u8; 16], [u8; 16])> =
            statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut out: BTreeMap<[u8; 16], [u8; 16]> = BTreeMap::new();
        let root = |out: &BTreeMap<[u8; 16], [u8; 16]>, mut of: [u8; 16]| {
            while let Some(up) = out.get(&of).filter(|up| **up != of) {
                of = *up;
            }
            of
        };
        for (one, other) in pairs {
            let (a, b) = (root(&out, one), root(&out, other));
            out.entry(a).or_insert(a);
            // The smallest stands for all.
            out.insert(a.max(b), a.min(b));
        }
        let all: Vec<[u8; 16]> = out.keys().copied().collect();
        Ok(all.into_iter().map(|digest| (digest, root(&out, digest))).collect())
    }

    /// When each registration covers, by number: first and last day.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn cover_list<A: Does>(&self, _: &Permit<A, Coverage>) -> Result<BTreeMap<String, [String; 2]>, Fault> {
        let mut statement = self.connection.prepare_cached("SELECT number, since, until FROM derived_cover")?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, [r.get(1)?, r.get(2)?])))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// District, kind of works and state of each registration's projects, and of each project: `R:number` or `P:code`.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn coverage_places<A: Does>(&self, _: &Permit<A, Coverage>) -> Result<BTreeMap<String, [String; 3]>, Fault> {
        let mut out = BTreeMap::new();
        for sql in [
            "SELECT 'P:' || p.code, p.district, p.kind, p.state FROM derived_project p ORDER BY p.code",
            "SELECT 'R:' || r.number, p.district, p.kind, p.state FROM derived_registration r JOIN derived_project p ON p.code = r.project ORDER BY r.number, p.code",
        ] {
            let mut statement = self.connection.prepare_cached(sql)?;
            let rows = statement.query_map([], |r| Ok((r.get(0)?, [r.get(1)?, r.get(2)?, r.get(3)?])))?;
            for row in rows {
                // A registration of several projects is of the first.
                let (list, place): (String, [String; 3]) = row?;
                out.entry(list).or_insert(place);
            }
        }
        Ok(out)
    }

    /// What was said of people that no import says: who is the same as whom, and who was erased. Changes with each.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn coverage_version<A: Does>(&self, _: &Permit<A, Coverage>) -> Result<[i64; 3], Fault> {
        let one = |sql: &str| -> Result<i64, Fault> { Ok(self.connection.query_row(sql, [], |r| r.get(0))?) };
        Ok([
            one("SELECT coalesce(max(id), 0) FROM same_person")?,
            one("SELECT count(*) FROM same_person WHERE ended_at IS NULL")?,
            one("SELECT count(*) FROM erasure WHERE outcome = 'done'")?,
        ])
    }

    /// When a table of a register came last, UTC; none where none stands.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn register_told(&self, register: &str) -> Result<Option<String>, Fault> {
        Ok(self.connection.query_row(
            "SELECT max(f.recorded_at) FROM source_table t JOIN source_file f ON f.id = t.file_id WHERE t.register = ?1
               AND NOT EXISTS (SELECT 1 FROM source_withdrawal w WHERE w.file_id = t.file_id)",
            [register],
            |r| r.get(0),
        )?)
    }

    /// What others say, the newest month first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn coverage_words<A: Does>(&self, _: &Permit<A, Coverage>) -> Result<Vec<CoverageWord>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT w.id, w.kind, w.name, w.segment, w.month, w.count, w.least, w.most, w.source, w.dated, m.name, w.said_at
             FROM coverage_word w JOIN member m ON m.id = w.said_by WHERE w.ended_at IS NULL ORDER BY w.month DESC, w.id DESC",
        )?;
        let rows = statement.query_map([], |r| {
            Ok(CoverageWord {
                id: r.get(0)?,
                kind: r.get(1)?,
                name: r.get(2)?,
                segment: r.get(3)?,
                month: r.get(4)?,
                count: r.get(5)?,
                interval: [r.get(6)?, r.get(7)?],
                source: r.get(8)?,
                dated: r.get(9)?,
                by: r.get(10)?,
                at: r.get(11)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forecasts as they were made, by the month they are of.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn coverage_forecasts<A: Does>(&self, _: &Permit<A, Coverage>) -> Result<Vec<ForecastRow>, Fault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT made, month, count, least, most, last_month, last_count FROM coverage_forecast ORDER BY month, made")?;
        let rows = statement.query_map([], |r| {
            Ok(ForecastRow {
                made: r.get(0)?,
                month: r.get(1)?,
                count: r.get(2)?,
                interval: [r.get(3)?, r.get(4)?],
                last: (r.get(5)?, r.get(6)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps forecasts as they are made; those of a month in which some were made already stand. How many are new.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn coverage_forecast_keep(
        &mut self,
        _: &Permit<Change, Coverage>,
        rows: &[ForecastRow],
        (known, at): (&str, &str),
    ) -> Result<usize, Fault> {
        let transaction = self.connection.transaction()?;
        let mut new = 0;
        for row in rows {
            new += transaction.execute(
                "INSERT INTO coverage_forecast (made, month, count, least, most, known, made_at, last_month, last_count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT (made, month) DO NOTHING",
                params![row.made, row.month, row.count, row.interval[0], row.interval[1], known, at, row.last.0, row.last.1],
            )?;
        }
        transaction.commit()?;
        Ok(new)
    }

    /// Keeps what somebody else says; its number. None where nobody enters it who has a name.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn coverage_say(
        &mut self,
        permit: &Permit<Change, Coverage>,
        word: &CoverageWord,
        at: &str,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(None) };
        let transaction = self.connection.transaction()?;
        let id: i64 = transaction.query_row(
            "INSERT INTO coverage_word (kind, name, segment, month, count, least, most, source, dated, said_by, said_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING id",
            params![
                word.kind,
                word.name,
                word.segment,
                word.month,
                word.count,
                word.interval[0],
                word.interval[1],
                word.source,
                word.dated,
                member,
                at
            ],
            |r| r.get(0),
        )?;
        trail::add(&transaction, Event { object: format!("coverage_word:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Takes back what somebody else says. False where it does not stand.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn coverage_unsay(
        &mut self,
        permit: &Permit<Change, Coverage>,
        id: i64,
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(false) };
        let transaction = self.connection.transaction()?;
        let done = transaction.execute(
            "UPDATE coverage_word SET ended_at = ?2, ended_by = ?3 WHERE id = ?1 AND ended_at IS NULL",
            params![id, at, member],
        )?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }
}
