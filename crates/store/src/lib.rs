//! The only room with SQL: append-only facts, derived results, migrations.
//!
//! * **In:** raw rows with their table, derived lines; keys from the [`Vault`].
//! * **Out:** versions of rows as [`registers::records::RowView`], counts, stored runs.
//! * **Does not know:** how files are read, what a finding is, who asks, what time it is.
//! * **Read first:** [`Store`], then [`Import`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod cells;
mod fault;
mod import;
mod migrate;
mod read;
mod runs;
mod vault;

pub use fault::Fault;
pub use import::{FileFacts, Import, TableFacts, Tally};
pub use read::{Known, KnownTable};
pub use runs::{Run, RunKey};
pub use vault::Vault;

use rusqlite::Connection;
use std::path::Path;

/// One city's data.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    vault: Vault,
}

impl Store {
    /// Opens or creates the database and brings it to the newest schema.
    ///
    /// # Errors
    /// [`Fault`] where the file cannot be opened, is damaged, or comes from a newer program.
    pub fn open(path: &Path, vault: Vault) -> Result<Self, Fault> {
        let mut connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA cache_size = -262144; PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY;",
        )?;
        migrate::migrate(&mut connection)?;
        Ok(Self { connection, vault })
    }

    /// Asks the database to check itself.
    ///
    /// # Errors
    /// [`Fault`] with what it found.
    pub fn check_integrity(&self) -> Result<(), Fault> {
        let answer: String = self.connection.query_row("PRAGMA quick_check", [], |r| r.get(0))?;
        if answer == "ok" { Ok(()) } else { Err(Fault::Damaged(answer)) }
    }
}
