//! A file, by rusqlite.

use super::{Error, Param};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// Statements kept prepared.
const STATEMENTS: usize = 64;

/// An open file.
pub(crate) struct File(Connection);

impl File {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        Self::with(
            Connection::open(path)?,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA cache_size = -262144; PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY;",
        )
    }

    pub(super) fn open_reader(path: &Path) -> Result<Self, Error> {
        Self::with(
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
            "PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA mmap_size = 268435456;
             PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY;",
        )
    }

    fn with(connection: Connection, settings: &str) -> Result<Self, Error> {
        connection.execute_batch(settings)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(Self(connection))
    }

    pub(super) fn begin(&self) -> Result<(), Error> {
        self.batch("BEGIN IMMEDIATE")
    }

    pub(super) fn rollback(&self) -> Result<(), Error> {
        // Some errors of the disk have ended the transaction already.
        if self.0.is_autocommit() { Ok(()) } else { self.batch("ROLLBACK") }
    }

    pub(super) fn batch(&self, sql: &str) -> Result<(), Error> {
        Ok(self.0.execute_batch(sql)?)
    }

    pub(super) fn execute(&self, sql: &str, list: &[Param<'_>]) -> Result<usize, Error> {
        Ok(self.0.prepare_cached(sql)?.execute(rusqlite::params_from_iter(list))?)
    }

    pub(super) fn prepare(&self, sql: &str) -> Result<rusqlite::CachedStatement<'_>, Error> {
        Ok(self.0.prepare_cached(sql)?)
    }
}
