//! How far another program was told. The audit trail itself is what waits to be told: nothing is lost that was written there.

use crate::db::{OptionalExtension, params};
use crate::trail::{COLUMNS, entry};
use crate::{Fault, Store};
use audit::Entry;

/// Where the telling stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Last entry that was told or passed over.
    pub seq: u64,
    /// Failures of the entry after it, in a row.
    pub failures: i64,
    /// Not before, seconds since 1970.
    pub next_at: i64,
    /// Messages taken.
    pub told: i64,
    /// Messages given up.
    pub dropped: i64,
    /// What the last failure was.
    pub note: String,
}

impl Store {
    /// Where the telling stands; none before it began.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn webhook(&self) -> Result<Option<Told>, Fault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT seq, failures, next_at, told, dropped, note FROM webhook WHERE id = 1")?;
        let found = statement.query_row([], |r| {
            Ok(Told {
                seq: r.get::<_, i64>(0)?.unsigned_abs(),
                failures: r.get(1)?,
                next_at: r.get(2)?,
                told: r.get(3)?,
                dropped: r.get(4)?,
                note: r.get(5)?,
            })
        });
        Ok(found.optional()?)
    }

    /// Keeps where it stands.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn webhook_keep(&mut self, at: &Told) -> Result<(), Fault> {
        self.connection.execute(
            "INSERT INTO webhook (id, seq, failures, next_at, told, dropped, note) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, failures = excluded.failures, next_at = excluded.next_at,
               told = excluded.told, dropped = excluded.dropped, note = excluded.note",
            params![at.seq as i64, at.failures, at.next_at, at.told, at.dropped, at.note],
        )?;
        Ok(())
    }

    /// Entries of the trail after a number, in order.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn audit_after(&self, seq: u64, limit: usize) -> Result<Vec<Entry>, Fault> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM audit_entry WHERE seq > ?1 ORDER BY seq LIMIT ?2"))?;
        let rows = statement.query_map(params![seq as i64, limit as i64], entry)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Number of the last entry; 0 where there is none.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn audit_last(&self) -> Result<u64, Fault> {
        let last: Option<i64> = self.connection.query_row("SELECT max(seq) FROM audit_entry", [], |r| r.get(0))?;
        Ok(last.unwrap_or(0).unsigned_abs())
    }
}
