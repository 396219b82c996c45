//! The monitoring meeting: who came, promises that close when the data show their cure, figures as they were, minutes.

use crate::db::{Database, Error, OptionalExtension, Row, params};
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Meeting, Permit, Read};

/// A meeting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeetingRow {
    /// Number; 0 for one that is to be added.
    pub id: i64,
    /// Day, ISO.
    pub day: String,
    /// Minute of the day at which it begins.
    pub opens: i64,
    /// Where.
    pub place: String,
    /// Who called it, by name.
    pub by: String,
    /// What was said beside promises.
    pub note: String,
    /// When its minutes were made, UTC.
    pub closed_at: Option<String>,
    /// Figures as they were then, JSON; empty before.
    pub figures: String,
    /// Promises made, and kept.
    pub promises: [i64; 2],
}

/// Who came from an agency or office: how many people.
pub type GuestRow = (String, i64);

/// A promise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PromiseRow {
    /// Number; 0 for one that is to be added.
    pub id: i64,
    /// The meeting it was made at.
    pub meeting: i64,
    /// The day of that meeting.
    pub made_on: String,
    /// Who owes it.
    pub owner: String,
    /// What was promised.
    pub what: String,
    /// Until when, ISO.
    pub due: String,
    /// `said`, `registered`, `covered`, `finding`.
    pub cure: String,
    /// Project, by code; empty for none.
    pub project: String,
    /// Its name, where it is known.
    pub name: String,
    /// Finding, by code; empty for none.
    pub finding: String,
    /// The day it was kept.
    pub kept_on: Option<String>,
    /// Was it somebody who said so, and not the data?
    pub kept_by_word: bool,
}

/// An agency's or a firm's construction: projects, value, covered projects, value of these, contribution due, exposed projects, rupiah the treasury paid, and of these on days without cover.
pub type SpendingRow = (String, [i64; 8]);

const LISTED: &str = "SELECT t.id, t.day, t.opens, t.place, m.name, t.note, t.closed_at, t.figures,
      (SELECT count(*) FROM meeting_promise p WHERE p.meeting_id = t.id AND p.ended_at IS NULL),
      (SELECT count(*) FROM meeting_promise p WHERE p.meeting_id = t.id AND p.ended_at IS NULL AND p.kept_on IS NOT NULL)
    FROM meeting t JOIN member m ON m.id = t.made_by";

fn meeting(r: &Row<'_>) -> Result<MeetingRow, Error> {
    Ok(MeetingRow {
        id: r.get(0)?,
        day: r.get(1)?,
        opens: r.get(2)?,
        place: r.get(3)?,
        by: r.get(4)?,
        note: r.get(5)?,
        closed_at: r.get(6)?,
        figures: r.get(7)?,
        promises: [r.get(8)?, r.get(9)?],
    })
}

const PROMISED: &str = "SELECT p.id, p.meeting_id, t.day, p.owner, p.what, p.due, p.cure, p.project, coalesce(d.name, ''), p.finding, p.kept_on, p.kept_by IS NOT NULL
    FROM meeting_promise p JOIN meeting t ON t.id = p.meeting_id LEFT JOIN derived_project d ON d.code = p.project WHERE p.ended_at IS NULL";

fn promise(r: &Row<'_>) -> Result<PromiseRow, Error> {
    Ok(PromiseRow {
        id: r.get(0)?,
        meeting: r.get(1)?,
        made_on: r.get(2)?,
        owner: r.get(3)?,
        what: r.get(4)?,
        due: r.get(5)?,
        cure: r.get(6)?,
        project: r.get(7)?,
        name: r.get(8)?,
        finding: r.get(9)?,
        kept_on: r.get(10)?,
        kept_by_word: r.get(11)?,
    })
}

/// SQL: do the data of the picture show the cure of promise `p`? A project the picture does not know shows nothing.
const CURED: &str = "(EXISTS (SELECT 1 FROM derived_project d WHERE d.code = meeting_promise.project) AND (
      meeting_promise.cure = 'registered' AND EXISTS (SELECT 1 FROM derived_registration r WHERE r.project = meeting_promise.project)
   OR meeting_promise.cure = 'covered' AND EXISTS (SELECT 1 FROM derived_project d WHERE d.code = meeting_promise.project AND d.state = 'covered')
   OR meeting_promise.cure = 'finding' AND NOT EXISTS (SELECT 1 FROM derived_finding f WHERE f.project = meeting_promise.project AND f.code = meeting_promise.finding)))";

/// Closes promises whose cure the new picture shows, and opens those again that it does not show any more: not those of works that were covered and are over. Shown again, a promise was kept on the
/// first day it was. Run again, it changes nothing.
pub(crate) fn settle(database: &Database, day: &str) -> Result<(), Fault> {
    database.execute(
        &format!(
            "UPDATE meeting_promise SET kept_on = coalesce(first_kept_on, ?1), first_kept_on = coalesce(first_kept_on, ?1)
             WHERE kept_on IS NULL AND ended_at IS NULL AND cure <> 'said' AND {CURED}"
        ),
        [day],
    )?;
    database.execute(
        &format!(
            "UPDATE meeting_promise SET kept_on = NULL WHERE kept_on IS NOT NULL AND kept_by IS NULL AND ended_at IS NULL AND cure <> 'said'
               AND EXISTS (SELECT 1 FROM derived_project d WHERE d.code = meeting_promise.project
                   AND NOT (meeting_promise.cure = 'covered' AND d.state = 'ended')) AND NOT {CURED}"
        ),
        [],
    )?;
    Ok(())
}

/// What was said at a meeting, as a digest.
fn said(c: &Database, id: i64) -> Result<String, Fault> {
    let mut hasher = blake3::Hasher::new();
    let mut add = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
    };
    let note: Option<String> = c.query_row("SELECT note FROM meeting WHERE id = ?1", [id], |r| r.get(0)).optional()?;
    add(&note.unwrap_or_default());
    let mut guests = c.prepare_cached("SELECT guest, people FROM meeting_guest WHERE meeting_id = ?1")?;
    let mut guests: Vec<(String, i64)> =
        guests.query_map([id], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
    guests.sort();
    for (guest, people) in &guests {
        add(guest);
        add(&people.to_string());
    }
    let mut promises =
        c.prepare_cached("SELECT id FROM meeting_promise WHERE meeting_id = ?1 AND ended_at IS NULL ORDER BY id")?;
    for id in promises.query_map([id], |r| r.get::<_, i64>(0))? {
        add(&id?.to_string());
    }
    Ok(hasher.finalize().to_hex().to_string())
}

impl Store {
    /// Meetings, the newest first; one, where it is named.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn meeting_list(
        &self,
        _: &Permit<Read, Meeting>,
        id: Option<i64>,
        limit: usize,
    ) -> Result<Vec<MeetingRow>, Fault> {
        let sql = format!(
            "{LISTED} WHERE (CAST(?1 AS BIGINT) IS NULL OR t.id = ?1) ORDER BY t.day DESC, t.id DESC LIMIT {limit}"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![id], meeting)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The last meeting closed before a day.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn meeting_before(
        &self,
        _: &Permit<Read, Meeting>,
        (day, id): (&str, i64),
    ) -> Result<Option<MeetingRow>, Fault> {
        let sql = format!(
            "{LISTED} WHERE t.closed_at IS NOT NULL AND t.id <> ?2 AND t.day <= ?1 ORDER BY t.day DESC, t.id DESC LIMIT 1"
        );
        Ok(self.connection.prepare_cached(&sql)?.query_row(params![day, id], meeting).optional()?)
    }

    /// Calls a meeting; its number. None where nobody calls it who has a name.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn meeting_add(
        &mut self,
        permit: &Permit<Change, Meeting>,
        row: &MeetingRow,
        at: &str,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(None) };
        let transaction = self.connection.transaction()?;
        let id: i64 = transaction.query_row(
            "INSERT INTO meeting (day, opens, place, made_by, made_at) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
            params![row.day, row.opens, row.place, member, at],
            |r| r.get(0),
        )?;
        trail::add(&transaction, Event { object: format!("meeting:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Who came, and what was said beside promises; said again, the last word stands. False where there is no meeting that is open.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn meeting_note(
        &mut self,
        _: &Permit<Change, Meeting>,
        (id, note): (i64, &str),
        guests: &[GuestRow],
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let open = transaction
            .execute("UPDATE meeting SET note = ?2 WHERE id = ?1 AND closed_at IS NULL", params![id, note])?;
        if open == 1 {
            for (guest, people) in guests {
                transaction.execute(
                    "INSERT INTO meeting_guest (meeting_id, guest, people) VALUES (?1, ?2, ?3)
                     ON CONFLICT (meeting_id, guest) DO UPDATE SET people = ?3",
                    params![id, guest, people],
                )?;
            }
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(open == 1)
    }

    /// Who came to a meeting.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn meeting_guests(&self, _: &Permit<Read, Meeting>, id: i64) -> Result<Vec<GuestRow>, Fault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT guest, people FROM meeting_guest WHERE meeting_id = ?1 ORDER BY guest")?;
        let rows = statement.query_map([id], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps a promise made at an open meeting; its number. None where there is no such meeting, or its project is not known.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn promise_add(
        &mut self,
        permit: &Permit<Change, Meeting>,
        row: &PromiseRow,
        (at, today): (&str, &str),
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(None) };
        let transaction = self.connection.transaction()?;
        let open: i64 = transaction.query_row(
            "SELECT count(*) FROM meeting WHERE id = ?1 AND closed_at IS NULL",
            [row.meeting],
            |r| r.get(0),
        )?;
        let known: i64 = transaction.query_row(
            "SELECT count(*) FROM derived_project WHERE code = ?1",
            [row.project.as_str()],
            |r| r.get(0),
        )?;
        if open == 0 || (!row.project.is_empty() && known == 0) {
            return Ok(None);
        }
        let id: i64 = transaction.query_row(
            "INSERT INTO meeting_promise (meeting_id, owner, what, due, cure, project, finding, said_by, said_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id",
            params![row.meeting, row.owner, row.what, row.due, row.cure, row.project, row.finding, member, at],
            |r| r.get(0),
        )?;
        // What the data show already is kept at once.
        settle(&transaction, today)?;
        trail::add(&transaction, Event { object: format!("promise:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Somebody says that a promise was kept which no data can show. False where there is none that is open.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn promise_kept(
        &mut self,
        permit: &Permit<Change, Meeting>,
        (id, day): (i64, &str),
        event: Event,
    ) -> Result<bool, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(false) };
        let transaction = self.connection.transaction()?;
        let done = transaction.execute(
            "UPDATE meeting_promise SET kept_on = ?2, kept_by = ?3 WHERE id = ?1 AND kept_on IS NULL AND ended_at IS NULL AND cure = 'said'",
            params![id, day, member],
        )?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// Takes back a promise of a meeting that is still open. False where there is none.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn promise_end(&mut self, _: &Permit<Change, Meeting>, id: i64, at: &str, event: Event) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let done = transaction.execute(
            "UPDATE meeting_promise SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL
               AND EXISTS (SELECT 1 FROM meeting t WHERE t.id = meeting_promise.meeting_id AND t.closed_at IS NULL)",
            params![id, at],
        )?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// Promises: of a meeting, or of all, by the day they are due.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn promise_list(&self, _: &Permit<Read, Meeting>, meeting: Option<i64>) -> Result<Vec<PromiseRow>, Fault> {
        let sql = format!("{PROMISED} AND (CAST(?1 AS BIGINT) IS NULL OR p.meeting_id = ?1) ORDER BY p.due, p.id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![meeting], promise)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What was said at a meeting so far, as a digest: its note, who came, its promises.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn meeting_said(&self, _: &Permit<Read, Meeting>, id: i64) -> Result<String, Fault> {
        said(&self.connection, id)
    }

    /// Closes a meeting: figures as they are, and its minutes, made of what was said by then ([`Store::meeting_said`]). False where it is closed, there is none, or something was added meanwhile.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn meeting_close(
        &mut self,
        permit: &Permit<Change, Meeting>,
        (id, figures, pdf): (i64, &str, &[u8]),
        seen: &str,
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(false) };
        let transaction = self.connection.transaction()?;
        // Minutes that lack what was said meanwhile are not kept.
        if said(&transaction, id)? != seen {
            return Ok(false);
        }
        let done = transaction.execute(
            "UPDATE meeting SET closed_at = ?2, closed_by = ?3, figures = ?4, pdf = ?5 WHERE id = ?1 AND closed_at IS NULL",
            params![id, at, member, figures, pdf],
        )?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// Minutes of a meeting, as they were made.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn meeting_pdf(&self, _: &Permit<Read, Meeting>, id: i64) -> Result<Option<Vec<u8>>, Fault> {
        let mut statement = self.connection.prepare_cached("SELECT pdf FROM meeting WHERE id = ?1")?;
        Ok(statement.query_row([id], |r| r.get::<_, Option<Vec<u8>>>(0)).optional()?.flatten())
    }

    /// Construction of counted projects by agency, or by firm, of a budget year; the largest value first. 0: every year.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn spending_list(
        &self,
        _: &Permit<Read, Meeting>,
        (by_firm, year): (bool, i64),
        limit: usize,
    ) -> Result<Vec<SpendingRow>, Fault> {
        let column = if by_firm { "vendor" } else { "agency" };
        let sql = format!(
            "SELECT {column}, count(*), sum(value), sum(CASE WHEN state = 'covered' THEN 1 ELSE 0 END), sum(CASE WHEN state = 'covered' THEN value ELSE 0 END),
                sum(due), sum(CASE WHEN state = 'exposed' THEN 1 ELSE 0 END), sum(paid), sum(paid_uncovered)
             FROM derived_project WHERE counted = 1 AND {column} <> '' AND (?1 = 0 OR year = ?1)
             GROUP BY {column} ORDER BY sum(value) DESC, {column} LIMIT {limit}"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([year], |r| {
            let count = |i: usize| -> Result<i64, Error> { r.get(i) };
            Ok((r.get(0)?, [count(1)?, count(2)?, count(3)?, count(4)?, count(5)?, count(6)?, count(7)?, count(8)?]))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
