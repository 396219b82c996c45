//! The audit trail: entries are written in the transaction of what they tell of, or alone.

use crate::db::{Database, Error, OptionalExtension, Row, params};
use crate::{Fault, Store};
use audit::{Chain, Entry, Event};
use authz::{Audit, Permit, Read};

fn head(connection: &Database) -> Result<Chain, Fault> {
    let last: Option<(i64, String)> = connection
        .prepare_cached("SELECT seq, hash FROM audit_entry ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    Ok(last.map_or_else(Chain::default, |(seq, head)| Chain { entries: seq.unsigned_abs(), head }))
}

/// A server keeps no zero character; what is hashed must be what is kept.
fn printable(event: Event) -> Event {
    let clean = |text: String| if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text };
    Event {
        at: clean(event.at),
        actor: clean(event.actor),
        action: clean(event.action),
        object: clean(event.object),
        reason: clean(event.reason),
        request: clean(event.request),
        outcome: clean(event.outcome),
    }
}

/// Adds an event at the end, within the caller's transaction.
pub(crate) fn add(connection: &Database, event: Event) -> Result<(), Fault> {
    let Entry { seq, event, before, hash } = head(connection)?.add(printable(event));
    connection
        .prepare_cached(
            "INSERT INTO audit_entry (seq, at, actor, action, object, reason, request, outcome, before, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            seq as i64,
            event.at,
            event.actor,
            event.action,
            event.object,
            event.reason,
            event.request,
            event.outcome,
            before,
            hash
        ])?;
    Ok(())
}

pub(crate) fn entry(r: &Row<'_>) -> Result<Entry, Error> {
    Ok(Entry {
        seq: r.get::<_, i64>(0)?.unsigned_abs(),
        event: Event {
            at: r.get(1)?,
            actor: r.get(2)?,
            action: r.get(3)?,
            object: r.get(4)?,
            reason: r.get(5)?,
            request: r.get(6)?,
            outcome: r.get(7)?,
        },
        before: r.get(8)?,
        hash: r.get(9)?,
    })
}

pub(crate) const COLUMNS: &str = "seq, at, actor, action, object, reason, request, outcome, before, hash";

/// Entries about an object, the newest first.
pub(crate) fn about(connection: &Database, object: &str, limit: usize) -> Result<Vec<Entry>, Fault> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM audit_entry WHERE object = ?1 ORDER BY seq DESC LIMIT ?2"))?;
    let rows = statement.query_map(params![object, limit as i64], entry)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Store {
    /// Adds an event of its own.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn audit(&mut self, event: Event) -> Result<(), Fault> {
        let transaction = self.connection.transaction()?;
        add(&transaction, event)?;
        transaction.commit()?;
        Ok(())
    }

    /// Entries, the newest first, below a number, whose actor, action or object holds a text.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn audit_page(
        &self,
        _permit: &Permit<Read, Audit>,
        below: Option<u64>,
        text: &str,
        limit: usize,
    ) -> Result<Vec<Entry>, Fault> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM audit_entry
             WHERE seq < ?1 AND (?2 = '' OR instr(actor || ' ' || action || ' ' || object || ' ' || reason, ?2) > 0)
             ORDER BY seq DESC LIMIT ?3"
        ))?;
        let below = below.map_or(i64::MAX, |b| b as i64);
        let rows = statement.query_map(params![below, text, limit as i64], entry)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every entry in order, for the verifier, which needs no right because it needs no content.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn audit_all(&self, each: &mut dyn FnMut(Entry)) -> Result<(), Fault> {
        let mut statement = self.connection.prepare(&format!("SELECT {COLUMNS} FROM audit_entry ORDER BY seq"))?;
        let mut rows = statement.stream([])?;
        while let Some(row) = rows.next()? {
            each(entry(&row)?);
        }
        Ok(())
    }
}
