//! What a database answers where it does not answer the question.

use std::fmt;

/// An error of either database. It never holds the password of an address.
#[derive(Debug)]
pub enum Error {
    /// One row was asked for and there is none.
    NoRows,
    /// SQLite said no.
    Sqlite(rusqlite::Error),
    /// PostgreSQL said no, or its connection was lost.
    Postgres(postgres::Error),
    /// A column holds something else than what was asked for.
    Value(String),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::QueryReturnedNoRows => Self::NoRows,
            other => Self::Sqlite(other),
        }
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRows => f.write_str("no row where one was asked for"),
            Self::Sqlite(e) => write!(f, "{e}"),
            // The server's detail may quote the values of a row; a fault must not.
            Self::Postgres(e) => match e.as_db_error() {
                Some(told) => write!(f, "{} ({})", told.message(), told.code().code()),
                None => write!(f, "{e}"),
            },
            Self::Value(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Error {}

/// Turns "no row" into `None`.
pub trait OptionalExtension<T> {
    /// `None` where there was no row.
    ///
    /// # Errors
    /// Every other [`Error`].
    fn optional(self) -> Result<Option<T>, Error>;
}

impl<T> OptionalExtension<T> for Result<T, Error> {
    fn optional(self) -> Result<Option<T>, Error> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(Error::NoRows) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
