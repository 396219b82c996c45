//! The only room with SQL: append-only facts, derived results, migrations.
//!
//! * **In:** raw rows with their table, derived lines; keys from the [`Vault`].
//! * **Out:** versions of rows as [`registers::records::RowView`], counts, stored runs.
//! * **Does not know:** how files are read, what a finding is, who asks, what time it is.
//! * **Read first:** [`Store`], then [`Import`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod answers;
mod cells;
mod desk;
mod fault;
mod import;
mod jobs;
mod letters;
mod members;
mod migrate;
mod picture;
mod read;
mod runs;
mod settings;
mod trail;
mod vault;
mod withdraw;

pub use answers::{OPEN, Said, Saying, Tally as FindingTally};
pub use audit::Entry as AuditEntry;
pub use desk::{
    COUNTED_MAX, FindingBy, FindingQuery, FindingRow, MatchRow, POSSIBLE, ProjectPage, ProjectQuery, ProjectRow, Sort,
};
pub use fault::Fault;
pub use import::{FileFacts, Import, TableFacts, Tally};
pub use jobs::{Job, JobState, Upload};
pub use letters::{CaseRow, Issue, LetterRow, LetterState, NewDraft, NotReleased};
pub use members::{GrantRow, Invitation, Member, Session};
pub use picture::{Picture, PictureWriter};
pub use read::{Known, KnownTable};
pub use runs::{Run, RunKey};
pub use vault::Vault;
pub use withdraw::{Resting, SourceFile};

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

    /// Opens a database that stands already, for reading only: many may read while one writes.
    ///
    /// # Errors
    /// [`Fault`] where the file cannot be opened.
    pub fn open_reader(path: &Path, vault: Vault) -> Result<Self, Fault> {
        let connection = Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.execute_batch(
            "PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA mmap_size = 268435456;
             PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY;",
        )?;
        connection.set_prepared_statement_cache_capacity(64);
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
