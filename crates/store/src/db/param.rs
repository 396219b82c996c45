//! Values on their way into a statement: borrowed, so that nothing is copied for SQLite.

use rusqlite::types::{ToSqlOutput, ValueRef};

/// One value. A flag is the integer 0 or 1 in both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Param<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// What can be a value.
pub(crate) trait ToParam {
    /// As a value.
    fn to_param(&self) -> Param<'_>;
}

macro_rules! to_param {
    ($($type:ty: |$v:ident| $as:expr),+ $(,)?) => {
        $(impl ToParam for $type {
            fn to_param(&self) -> Param<'_> {
                let $v = self;
                $as
            }
        })+
    };
}

to_param! {
    i64: |v| Param::Integer(*v),
    u32: |v| Param::Integer(i64::from(*v)),
    i32: |v| Param::Integer(i64::from(*v)),
    bool: |v| Param::Integer(i64::from(*v)),
    str: |v| Param::Text(v),
    String: |v| Param::Text(v),
    [u8]: |v| Param::Blob(v),
    Vec<u8>: |v| Param::Blob(v),
}

impl<T: ToParam + ?Sized> ToParam for &T {
    fn to_param(&self) -> Param<'_> {
        (**self).to_param()
    }
}

impl<T: ToParam> ToParam for Option<T> {
    fn to_param(&self) -> Param<'_> {
        self.as_ref().map_or(Param::Null, ToParam::to_param)
    }
}

/// A value that owns what it holds, for statements put together piece by piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl ToParam for Value {
    fn to_param(&self) -> Param<'_> {
        match self {
            Self::Integer(number) => Param::Integer(*number),
            Self::Text(text) => Param::Text(text),
            Self::Blob(bytes) => Param::Blob(bytes),
        }
    }
}

/// The values of one statement.
pub(crate) trait Params {
    /// Hands them over as a list.
    fn with<R>(&self, ask: impl FnOnce(&[Param<'_>]) -> R) -> R;
}

impl Params for &[Param<'_>] {
    fn with<R>(&self, ask: impl FnOnce(&[Param<'_>]) -> R) -> R {
        ask(self)
    }
}

impl Params for [&dyn ToParam; 0] {
    fn with<R>(&self, ask: impl FnOnce(&[Param<'_>]) -> R) -> R {
        ask(&[])
    }
}

// One implementation a length, as in rusqlite: with a single one for all, `[]` would have no type.
macro_rules! arrays {
    ($($n:literal)+) => {
        $(impl<T: ToParam> Params for [T; $n] {
            fn with<R>(&self, ask: impl FnOnce(&[Param<'_>]) -> R) -> R {
                ask(&self.each_ref().map(ToParam::to_param))
            }
        })+
    };
}

arrays!(1 2 3 4 5 6 7 8);

/// Values in a list that grew.
pub(crate) struct ParamsFromIter<T>(Vec<T>);

/// The values of a list.
pub(crate) fn params_from_iter<T: ToParam>(values: impl IntoIterator<Item = T>) -> ParamsFromIter<T> {
    ParamsFromIter(values.into_iter().collect())
}

impl<T: ToParam> Params for ParamsFromIter<T> {
    fn with<R>(&self, ask: impl FnOnce(&[Param<'_>]) -> R) -> R {
        let list: Vec<Param<'_>> = self.0.iter().map(ToParam::to_param).collect();
        ask(&list)
    }
}

/// Values of different types.
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::db::ToParam::to_param(&$value)),*] as &[$crate::db::Param<'_>]
    };
}
pub(crate) use params;
