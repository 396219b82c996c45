//! Lists of whom to call or visit: candidates, lists as they were drawn, what was told of each contact, and what the ledger shows since.

use crate::db::{Error, Row, Value, params, params_from_iter};
use crate::desk::Where;
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Permit, Project, Read, Worklist};

/// A project without cover whose works go on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CandidateRow {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Agency.
    pub agency: String,
    /// Vendor.
    pub vendor: String,
    /// `exposed` or `registering`.
    pub state: String,
    /// Kind of works.
    pub kind: String,
    /// People there; 0 where unknown.
    pub crew: i64,
    /// Last day of works.
    pub ends: String,
    /// The last day it was on a list; empty for never.
    pub listed: String,
    /// Somebody called it before.
    pub called: bool,
}

/// A list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorklistRow {
    /// Number; 0 for one that is to be added.
    pub id: i64,
    /// Day, ISO.
    pub day: String,
    /// Minutes it was drawn for.
    pub minutes: i64,
    /// Share by lot, parts per million.
    pub share: i64,
    /// Projects it was drawn from.
    pub candidates: i64,
    /// Contacts on it, and told of.
    pub counts: [i64; 2],
}

/// A contact of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorklistItem {
    /// Its list.
    pub list: i64,
    /// Day of the list.
    pub day: String,
    /// Place on it.
    pub place: i64,
    /// Project.
    pub project: String,
    /// Its name, agency and vendor, as they are now; empty where the picture does not know it any more.
    pub named: [String; 3],
    /// `ranked`, `random` or `unlisted`.
    pub arm: String,
    /// State on the day.
    pub state: String,
    /// `call` or `visit`; `none` for what was left off.
    pub step: String,
    /// People, as known or estimated.
    pub crew: i64,
    /// Are they known?
    pub known: bool,
    /// Days of works left on the day.
    pub days: i64,
    /// Chance with and without the contact, parts per million.
    pub chance: [i64; 2],
    /// Minutes it was thought to take.
    pub minutes: i64,
    /// Worker-days expected, thousandths.
    pub expected: i64,
    /// What was told; empty for nothing yet.
    pub told: String,
    /// Minutes as told; 0 for none.
    pub took: i64,
    /// State of the project as it is now; empty where the picture does not know it any more.
    pub now: String,
    /// First day on which a cover of the project that had not ended by the day of the list holds; empty for none.
    pub covered: String,
    /// Last day of works, as they are known now; empty where the picture does not know the project any more.
    pub ends: String,
}

/// Why a list is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoList {
    /// There is one of that day, or nobody draws it who has a name.
    Drawn,
    /// Somebody else has one of its projects on a list meanwhile.
    Taken,
}

const LISTED: &str = "SELECT w.id, w.day, w.minutes, w.share, w.candidates,
      (SELECT count(*) FROM worklist_item i WHERE i.list_id = w.id AND i.arm <> 'unlisted'),
      (SELECT count(*) FROM worklist_item i WHERE i.list_id = w.id AND i.told <> '') FROM worklist w";

const ITEM: &str = "SELECT w.id, w.day, i.place, i.project, coalesce(d.name, ''), coalesce(d.agency, ''), coalesce(d.vendor, ''), i.arm, i.state, i.step, i.crew,
      i.known, i.days, i.chance, i.alone, i.minutes, i.expected, i.told, i.took,
      coalesce((SELECT min(c.since) FROM derived_registration r JOIN derived_cover c ON c.number = r.number WHERE r.project = i.project AND c.until >= w.day), ''),
      coalesce(d.ends, ''), coalesce(d.state, '')
    FROM worklist_item i JOIN worklist w ON w.id = i.list_id LEFT JOIN derived_project d ON d.code = i.project";

fn list(r: &Row<'_>) -> Result<WorklistRow, Error> {
    Ok(WorklistRow {
        id: r.get(0)?,
        day: r.get(1)?,
        minutes: r.get(2)?,
        share: r.get(3)?,
        candidates: r.get(4)?,
        counts: [r.get(5)?, r.get(6)?],
    })
}

fn item(r: &Row<'_>) -> Result<WorklistItem, Error> {
    Ok(WorklistItem {
        list: r.get(0)?,
        day: r.get(1)?,
        place: r.get(2)?,
        project: r.get(3)?,
        named: [r.get(4)?, r.get(5)?, r.get(6)?],
        arm: r.get(7)?,
        state: r.get(8)?,
        step: r.get(9)?,
        crew: r.get(10)?,
        known: r.get(11)?,
        days: r.get(12)?,
        chance: [r.get(13)?, r.get(14)?],
        minutes: r.get(15)?,
        expected: r.get(16)?,
        told: r.get(17)?,
        took: r.get(18)?,
        covered: r.get(19)?,
        ends: r.get(20)?,
        now: r.get(21)?,
    })
}

impl Store {
    /// Projects of the permit's part of the city without cover whose works go on after a day, and that nobody has had on a list since another day, unless there was no time for it.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn worklist_candidates(
        &self,
        permit: &Permit<Read, Project>,
        (day, rested): (&str, &str),
    ) -> Result<Vec<CandidateRow>, Fault> {
        let mut w = Where::default();
        w.and("p.counted = 1 AND p.state IN ('exposed', 'registering')", []);
        w.and("p.ends > ?", [Value::Text(day.to_owned())]);
        w.within(permit.scope(), "p.");
        const LISTED: &str = "FROM worklist_item i JOIN worklist l ON l.id = i.list_id
            WHERE i.project = p.code AND i.arm <> 'unlisted' AND i.told <> 'not_done'";
        let sql = format!(
            "SELECT * FROM (SELECT p.code, p.name, p.agency, p.vendor, p.state, p.kind, p.crew, p.ends, coalesce((SELECT max(l.day) {LISTED}), '') AS listed,
                 (SELECT count(*) {LISTED} AND i.step = 'call') AS calls
               FROM derived_project p{}) AS c WHERE c.listed < ? ORDER BY c.code",
            w.text
        );
        w.values.push(Value::Text(rested.to_owned()));
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(w.values), |r| {
            Ok(CandidateRow {
                code: r.get(0)?,
                name: r.get(1)?,
                agency: r.get(2)?,
                vendor: r.get(3)?,
                state: r.get(4)?,
                kind: r.get(5)?,
                crew: r.get(6)?,
                ends: r.get(7)?,
                listed: r.get(8)?,
                called: r.get::<_, i64>(9)? > 0,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Projects whose people are known: kind of works, people, projects, in order.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn worklist_crews(&self, _: &Permit<Read, Project>) -> Result<Vec<(String, i64, i64)>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT kind, crew, count(*) FROM derived_project WHERE counted = 1 AND crew > 0 GROUP BY kind, crew ORDER BY kind, crew",
        )?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The lists of whoever asks, the newest first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn worklist_own(&self, permit: &Permit<Change, Worklist>, limit: usize) -> Result<Vec<WorklistRow>, Fault> {
        let sql = format!("{LISTED} WHERE w.member_id = ?1 ORDER BY w.day DESC, w.id DESC LIMIT {limit}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([permit.actor()], list)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One list of whoever asks with its contacts, those left off among them. None where there is none of theirs.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn worklist_one(
        &self,
        permit: &Permit<Change, Worklist>,
        id: i64,
    ) -> Result<Option<(WorklistRow, Vec<WorklistItem>)>, Fault> {
        let mut statement =
            self.connection.prepare_cached(&format!("{LISTED} WHERE w.id = ?1 AND w.member_id = ?2"))?;
        let Some(row) = statement.query_map(params![id, permit.actor()], list)?.next().transpose()? else {
            return Ok(None);
        };
        let mut statement = self.connection.prepare_cached(&format!("{ITEM} WHERE i.list_id = ?1 ORDER BY i.place"))?;
        let items = statement.query_map([id], item)?.collect::<Result<_, _>>()?;
        Ok(Some((row, items)))
    }

    /// Contacts of all lists up to a day, for figures.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn worklist_items(&self, _: &Permit<Read, Worklist>, through: &str) -> Result<Vec<WorklistItem>, Fault> {
        let mut statement =
            self.connection.prepare_cached(&format!("{ITEM} WHERE w.day <= ?1 ORDER BY w.id, i.place"))?;
        let rows = statement.query_map([through], item)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps a list. It is refused where whoever draws has one of that day already, or no name, and where somebody else put one of its projects on a list since `rested`.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn worklist_add(
        &mut self,
        permit: &Permit<Change, Worklist>,
        row: &WorklistRow,
        items: &[WorklistItem],
        at: &str,
        rested: &str,
        event: Event,
    ) -> Result<Result<i64, NoList>, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(Err(NoList::Drawn)) };
        let transaction = self.connection.transaction()?;
        let there: i64 = transaction.query_row(
            "SELECT count(*) FROM worklist WHERE day = ?1 AND member_id = ?2",
            params![row.day, member],
            |r| r.get(0),
        )?;
        if there > 0 {
            return Ok(Err(NoList::Drawn));
        }
        for item in items.iter().filter(|i| i.arm != "unlisted") {
            let taken: i64 = transaction.query_row(
                "SELECT count(*) FROM worklist_item i JOIN worklist l ON l.id = i.list_id
                 WHERE i.project = ?1 AND i.arm <> 'unlisted' AND i.told <> 'not_done' AND l.day >= ?2",
                params![item.project, rested],
                |r| r.get(0),
            )?;
            if taken > 0 {
                return Ok(Err(NoList::Taken));
            }
        }
        let id: i64 = transaction.query_row(
            "INSERT INTO worklist (day, member_id, minutes, share, candidates, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            params![row.day, member, row.minutes, row.share, row.candidates, at],
            |r| r.get(0),
        )?;
        for item in items {
            transaction.execute(
                "INSERT INTO worklist_item (list_id, place, project, arm, state, step, crew, known, days, chance, alone, minutes, expected)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                params![
                    id,
                    item.place,
                    item.project,
                    item.arm,
                    item.state,
                    item.step,
                    item.crew,
                    i64::from(item.known),
                    item.days,
                    item.chance[0],
                    item.chance[1],
                    item.minutes,
                    item.expected
                ],
            )?;
        }
        trail::add(&transaction, Event { object: format!("worklist:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Ok(id))
    }

    /// Tells what came of contacts: place, what, minutes. Told again, the last word stands. False where the list is not theirs.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn worklist_tell(
        &mut self,
        permit: &Permit<Change, Worklist>,
        id: i64,
        told: &[(i64, String, i64)],
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let own: i64 = transaction.query_row(
            "SELECT count(*) FROM worklist WHERE id = ?1 AND member_id = ?2",
            params![id, permit.actor()],
            |r| r.get(0),
        )?;
        if own == 0 {
            return Ok(false);
        }
        for (place, what, took) in told {
            transaction.execute(
                "UPDATE worklist_item SET told = ?3, took = ?4, told_at = ?5 WHERE list_id = ?1 AND place = ?2 AND arm <> 'unlisted'",
                params![id, place, what, took, at],
            )?;
        }
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(true)
    }
}
