//! A thin seam over two native drivers: SQLite (`rusqlite`) and PostgreSQL (`postgres`).
//!
//! The calls are those of rusqlite, so that a module of the store reads the same whichever database answers.
//! Two things differ, and both are about a server at the other end of a wire: [`Statement::query`] holds its whole
//! answer in memory there, [`Statement::stream`] fetches it in pieces; and many rows for one table go through an
//! [`Appender`], which sends them in bulk.

mod append;
mod error;
mod location;
mod param;
mod postgres;
mod row;
mod sqlite;

pub(crate) use append::Appender;
pub use error::{Error, OptionalExtension};
pub use location::{Location, LocationError};
pub(crate) use param::{Param, Params, ToParam, Value, params, params_from_iter};
pub(crate) use row::Row;

use crate::dialect::Dialect;
use std::ops::Deref;

/// An open connection. One thread at a time uses it.
pub(crate) enum Database {
    /// A file of our own.
    Sqlite(sqlite::File),
    /// A server; boxed, because a connection to one is large and a store is moved about.
    Postgres(Box<postgres::Server>),
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Sqlite",
            Self::Postgres(_) => "Postgres",
        })
    }
}

impl Database {
    /// Opens for writing; a file is made where none is.
    ///
    /// # Errors
    /// [`Error`] where the file does not open, or the server does not answer.
    pub(crate) fn open(location: &Location) -> Result<Self, Error> {
        Ok(match location {
            Location::File(path) => Self::Sqlite(sqlite::File::open(path)?),
            Location::Server(address) => Self::Postgres(Box::new(postgres::Server::connect(address, false)?)),
        })
    }

    /// Opens for reading only.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub(crate) fn open_reader(location: &Location) -> Result<Self, Error> {
        Ok(match location {
            Location::File(path) => Self::Sqlite(sqlite::File::open_reader(path)?),
            Location::Server(address) => Self::Postgres(Box::new(postgres::Server::connect(address, true)?)),
        })
    }

    /// How this database wants to be spoken to, where one SQL does not do.
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Was the connection lost? A file is never lost.
    pub(crate) fn is_broken(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(server) => server.is_broken(),
        }
    }

    /// Begins a transaction that writes: one at a time, whoever else has the database open.
    ///
    /// # Errors
    /// [`Error`], also where another writer does not end within ten seconds.
    pub(crate) fn transaction(&mut self) -> Result<Transaction<'_>, Error> {
        match self {
            Self::Sqlite(file) => file.begin()?,
            Self::Postgres(server) => server.begin()?,
        }
        Ok(Transaction { database: self, open: true })
    }

    /// A statement, prepared once for each connection.
    ///
    /// # Errors
    /// [`Error`] where the SQL does not hold. A server only says so when the statement is used.
    pub(crate) fn prepare_cached<'c>(&'c self, sql: &str) -> Result<Statement<'c>, Error> {
        Ok(match self {
            Self::Sqlite(file) => Statement::Sqlite(file.prepare(sql)?),
            Self::Postgres(server) => Statement::Postgres { server, sql: sql.to_owned() },
        })
    }

    /// The same as [`Database::prepare_cached`]: there is no reason to prepare twice.
    ///
    /// # Errors
    /// As there.
    pub(crate) fn prepare<'c>(&'c self, sql: &str) -> Result<Statement<'c>, Error> {
        self.prepare_cached(sql)
    }

    /// Runs a statement; the answer is how many rows it changed.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(crate) fn execute(&self, sql: &str, params: impl Params) -> Result<usize, Error> {
        match self {
            Self::Sqlite(file) => params.with(|list| file.execute(sql, list)),
            Self::Postgres(server) => params.with(|list| server.execute(sql, list)),
        }
    }

    /// Runs several statements that take no values.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(crate) fn execute_batch(&self, sql: &str) -> Result<(), Error> {
        match self {
            Self::Sqlite(file) => file.batch(sql),
            Self::Postgres(server) => server.batch(sql),
        }
    }

    /// From now on what is overwritten or deleted is not left in free pages of the file. A server's pages are its own affair.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(crate) fn scrub_freed(&self) -> Result<(), Error> {
        match self {
            Self::Sqlite(file) => file.batch("PRAGMA secure_delete = ON"),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Tells a server how large a table has become: within a long transaction it plans for the size it last knew. A file of ours needs no telling.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(crate) fn sized_anew(&self, table: &str) -> Result<(), Error> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(server) => server.batch(&format!("ANALYZE {table}")),
        }
    }

    /// Empties the log of changes into the file, as far as readers let it.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(crate) fn checkpoint(&self) -> Result<(), Error> {
        match self {
            Self::Sqlite(file) => file.batch("PRAGMA wal_checkpoint(TRUNCATE)"),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// The first row of an answer.
    ///
    /// # Errors
    /// [`Error`] of the database; [`Error::NoRows`] where there is none.
    pub(crate) fn query_row<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.prepare_cached(sql)?.query_row(params, read)
    }
}

/// A transaction that writes. Dropped without [`Transaction::commit`], it leaves no trace.
pub(crate) struct Transaction<'c> {
    database: &'c Database,
    open: bool,
}

impl Deref for Transaction<'_> {
    type Target = Database;

    fn deref(&self) -> &Database {
        self.database
    }
}

impl Transaction<'_> {
    /// Makes it permanent.
    ///
    /// # Errors
    /// [`Error`]; then nothing was stored.
    pub(crate) fn commit(mut self) -> Result<(), Error> {
        match self.database {
            Database::Sqlite(file) => file.batch("COMMIT")?,
            Database::Postgres(server) => server.commit()?,
        }
        self.open = false;
        Ok(())
    }

    /// Undoes it.
    ///
    /// # Errors
    /// [`Error`] of the database; nothing was stored all the same.
    pub(crate) fn rollback(mut self) -> Result<(), Error> {
        self.open = false;
        self.undo()
    }

    fn undo(&self) -> Result<(), Error> {
        match self.database {
            Database::Sqlite(file) => file.rollback(),
            Database::Postgres(server) => server.rollback(),
        }
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            // What cannot be undone in words is undone by the database when the connection ends.
            let _ = self.undo();
        }
    }
}

/// A prepared statement.
pub(crate) enum Statement<'c> {
    /// From the connection's cache.
    Sqlite(rusqlite::CachedStatement<'c>),
    /// By its text: the server's connection keeps what was prepared, and prepares again after it was lost.
    Postgres {
        /// The connection.
        server: &'c postgres::Server,
        /// The text.
        sql: String,
    },
}

impl Statement<'_> {
    /// Runs it; the answer is how many rows it changed.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(crate) fn execute(&mut self, params: impl Params) -> Result<usize, Error> {
        params.with(|list| match self {
            Self::Sqlite(statement) => Ok(statement.execute(rusqlite::params_from_iter(list))?),
            Self::Postgres { server, sql } => server.execute(sql, list),
        })
    }

    /// Asks. A server's answer is held in memory whole; see [`Statement::stream`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(crate) fn query(&mut self, params: impl Params) -> Result<Rows<'_>, Error> {
        params.with(|list| match self {
            Self::Sqlite(statement) => Ok(Rows::Sqlite(statement.query(rusqlite::params_from_iter(list))?)),
            Self::Postgres { server, sql } => {
                Ok(Rows::Postgres { rows: server.query(sql, list)?.into_iter(), current: None })
            }
        })
    }

    /// Asks for more rows than fit in memory.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(crate) fn stream(&mut self, params: impl Params) -> Result<Rows<'_>, Error> {
        params.with(|list| match self {
            Self::Sqlite(statement) => Ok(Rows::Sqlite(statement.query(rusqlite::params_from_iter(list))?)),
            Self::Postgres { server, sql } => Ok(Rows::Stream(server.stream(sql, list)?)),
        })
    }

    /// Asks, and reads each row.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(crate) fn query_map<T, F>(&mut self, params: impl Params, read: F) -> Result<MappedRows<'_, F>, Error>
    where
        F: FnMut(&Row<'_>) -> Result<T, Error>,
    {
        Ok(MappedRows { rows: self.query(params)?, read })
    }

    /// The first row of an answer.
    ///
    /// # Errors
    /// [`Error`] of the database; [`Error::NoRows`] where there is none.
    pub(crate) fn query_row<T>(
        &mut self,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut rows = self.query(params)?;
        let row = rows.next()?.ok_or(Error::NoRows)?;
        read(&row)
    }
}

/// An answer, row by row.
pub(crate) enum Rows<'s> {
    /// Read as it is asked for.
    Sqlite(rusqlite::Rows<'s>),
    /// Here already.
    Postgres {
        /// What is left of it.
        rows: std::vec::IntoIter<::postgres::Row>,
        /// The row being looked at.
        current: Option<::postgres::Row>,
    },
    /// Fetched in pieces.
    Stream(postgres::Stream<'s>),
}

impl Rows<'_> {
    /// The next row.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>, Error> {
        Ok(match self {
            Self::Sqlite(rows) => rows.next()?.map(Row::Sqlite),
            Self::Postgres { rows, current } => {
                *current = rows.next();
                current.as_ref().map(Row::Postgres)
            }
            Self::Stream(stream) => stream.next()?.map(Row::Postgres),
        })
    }
}

/// An answer whose rows are read by a function.
pub(crate) struct MappedRows<'s, F> {
    rows: Rows<'s>,
    read: F,
}

impl<T, F: FnMut(&Row<'_>) -> Result<T, Error>> Iterator for MappedRows<'_, F> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.rows.next() {
            Ok(Some(row)) => Some((self.read)(&row)),
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    }
}
