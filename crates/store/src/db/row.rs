//! Rows on their way out: text and bytes stay where the driver has them until somebody wants to keep them.

use super::Error;
use rusqlite::types::ValueRef;

/// One row of an answer.
pub(crate) enum Row<'r> {
    /// Of a file.
    Sqlite(&'r rusqlite::Row<'r>),
    /// Of a server.
    Postgres(&'r postgres::Row),
}

/// What lies in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell<'r> {
    /// Nothing.
    Null,
    /// A whole number; flags and sums too.
    Integer(i64),
    /// Text.
    Text(&'r str),
    /// Bytes.
    Blob(&'r [u8]),
}

/// How a column is named: by its place. A trait, so that `get::<_, i64>(0)` reads as in rusqlite.
pub(crate) trait RowIndex {
    /// The place.
    fn place(self) -> usize;
}

impl RowIndex for usize {
    fn place(self) -> usize {
        self
    }
}

impl<'r> Row<'r> {
    /// A column, as what is wanted: text and bytes may be borrowed from the row.
    ///
    /// # Errors
    /// [`Error::Value`] where it holds something else.
    pub(crate) fn get<I: RowIndex, T: FromCell<'r>>(&self, index: I) -> Result<T, Error> {
        let at = index.place();
        let cell = match self {
            Self::Sqlite(row) => match row.get_ref(at)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(number) => Cell::Integer(number),
                ValueRef::Text(text) => Cell::Text(
                    std::str::from_utf8(text).map_err(|_| Error::Value(format!("column {at} is not UTF-8")))?,
                ),
                ValueRef::Blob(bytes) => Cell::Blob(bytes),
                ValueRef::Real(_) => return Err(Error::Value(format!("column {at} is a fraction"))),
            },
            Self::Postgres(row) => row.try_get(at)?,
        };
        T::from_cell(cell).ok_or_else(|| Error::Value(format!("column {at} is of another type")))
    }
}

/// What can be read from a column.
pub(crate) trait FromCell<'r>: Sized {
    /// `None` where the column holds something else.
    fn from_cell(cell: Cell<'r>) -> Option<Self>;
}

macro_rules! from_cell {
    ($($type:ty: $pattern:pat => $as:expr),+ $(,)?) => {
        $(impl<'r> FromCell<'r> for $type {
            fn from_cell(cell: Cell<'r>) -> Option<Self> {
                match cell {
                    $pattern => $as,
                    _ => None,
                }
            }
        })+
    };
}

from_cell! {
    i64: Cell::Integer(n) => Some(n),
    u32: Cell::Integer(n) => u32::try_from(n).ok(),
    u64: Cell::Integer(n) => u64::try_from(n).ok(),
    bool: Cell::Integer(n) => Some(n != 0),
    &'r str: Cell::Text(t) => Some(t),
    String: Cell::Text(t) => Some(t.to_owned()),
    &'r [u8]: Cell::Blob(b) => Some(b),
    Vec<u8>: Cell::Blob(b) => Some(b.to_owned()),
    [u8; 16]: Cell::Blob(b) => b.try_into().ok(),
    [u8; 32]: Cell::Blob(b) => b.try_into().ok(),
}

impl<'r, T: FromCell<'r>> FromCell<'r> for Option<T> {
    fn from_cell(cell: Cell<'r>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            other => T::from_cell(other).map(Some),
        }
    }
}
