//! A **fault** is about our machinery: disk, database, key file.

use std::fmt;

/// What went wrong below us.
#[derive(Debug)]
pub enum Fault {
    /// The database said no.
    Database(crate::db::Error),
    /// A stored value is not what we wrote.
    Damaged(String),
    /// The schema is newer than this program.
    NewerSchema {
        /// Version found.
        found: i64,
        /// Newest version this program knows.
        known: i64,
    },
    /// Personal cells do not open with this key.
    WrongKey,
}

impl From<crate::db::Error> for Fault {
    fn from(error: crate::db::Error) -> Self {
        Self::Database(error)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(e) => write!(f, "database: {e}"),
            Self::Damaged(what) => write!(f, "damaged data: {what}"),
            Self::NewerSchema { found, known } => write!(f, "schema {found} is newer than this program ({known})"),
            Self::WrongKey => f.write_str("personal cells do not open with the key of this data folder"),
        }
    }
}

impl std::error::Error for Fault {}
