//! A server, by the synchronous `postgres` driver.
//!
//! The driver blocks on a runtime of its own, which a thread that runs asynchronous tasks forbids. So every word with
//! the server is said where blocking is allowed ([`blocking`]), the last one included.

use super::location::Address;
use super::row::Cell;
use super::{Error, Param};
use crate::dialect;
use bytes::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Statement};
use rustc_hash::FxHashMap;
use std::cell::{Cell as Slot, RefCell};
use std::error::Error as StdError;
use std::io::Write as _;
use std::time::Duration;

/// Writers of one database take this lock, so that one writes at a time, from whatever program or machine.
const WRITER_LOCK: i64 = 0x7061_7975_6e67;

/// Statements kept prepared; beyond, the connection starts over.
const STATEMENTS: usize = 128;

/// Rows fetched at a time where an answer does not fit in memory.
const PIECE: usize = 4_096;

/// How long a server may take to take up a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// Settings of every connection. A cursor is read to its end here, so its plan is that of the whole answer.
const SETTINGS: &str = "SET cursor_tuple_fraction = 1; SET client_min_messages = warning;";

/// A reader cannot write, whatever it is asked, and no question of it runs for ever.
const READER: &str = "SET default_transaction_read_only = on; SET statement_timeout = '60s';";

/// A writer gives up where another one does not end, as it does on a file.
const WRITER: &str = "SET lock_timeout = '10s';";

/// An open connection.
pub(crate) struct Server {
    line: RefCell<Line>,
    address: Address,
    reader: bool,
    /// In a transaction of ours; what is lost then cannot be asked again.
    open: Slot<bool>,
    /// A statement of the transaction failed: the server will not store it, so its commit must not look like one.
    failed: Slot<bool>,
    broken: Slot<bool>,
    statements: RefCell<FxHashMap<String, Statement>>,
    cursors: Slot<u64>,
}

/// Blocks; on a thread of a runtime its other tasks go elsewhere meanwhile. Elsewhere it is a plain call.
fn blocking<T>(act: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(act)
}

/// A connection, until it is dropped: hanging up is a word with the server, too.
struct Line(Option<Client>);

impl Drop for Line {
    fn drop(&mut self) {
        let client = self.0.take();
        blocking(|| drop(client));
    }
}

fn open(address: &Address, reader: bool) -> Result<Client, Error> {
    blocking(|| {
        let mut client = address.config().connect_timeout(CONNECT).connect(NoTls)?;
        client.batch_execute(SETTINGS)?;
        client.batch_execute(if reader { READER } else { WRITER })?;
        Ok(client)
    })
}

/// Is the connection gone, or about to be?
fn lost(error: &postgres::Error) -> bool {
    match error.code() {
        // 57P: the server is shut down or restarts. 08: the connection failed.
        Some(code) => code.code().starts_with("57P") || code.code().starts_with("08"),
        None => error.is_closed() || error.source().is_some_and(|s| s.is::<std::io::Error>()),
    }
}

impl Server {
    pub(super) fn connect(address: &Address, reader: bool) -> Result<Self, Error> {
        let client = open(address, reader)?;
        Ok(Self {
            line: RefCell::new(Line(Some(client))),
            address: address.clone(),
            reader,
            open: Slot::new(false),
            failed: Slot::new(false),
            broken: Slot::new(false),
            statements: RefCell::default(),
            cursors: Slot::new(0),
        })
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken.get() || self.line.borrow().0.as_ref().is_none_or(Client::is_closed)
    }

    fn reconnect(&self) -> Result<(), Error> {
        let client = open(&self.address, self.reader)?;
        self.statements.borrow_mut().clear();
        self.line.replace(Line(Some(client)));
        self.broken.set(false);
        Ok(())
    }

    fn say<T>(
        &self,
        once: &mut impl FnMut(&mut Client) -> Result<T, postgres::Error>,
    ) -> Result<Result<T, postgres::Error>, Error> {
        let mut line = self.line.borrow_mut();
        let client = line.0.as_mut().ok_or_else(|| Error::Value("the connection was hung up".into()))?;
        Ok(blocking(|| once(client)))
    }

    /// Asks, on a new connection where the old one was lost before. A reader asks once more where it is lost
    /// while asking: nothing can have been done twice.
    fn ask<T>(&self, mut once: impl FnMut(&mut Client) -> Result<T, postgres::Error>) -> Result<T, Error> {
        if !self.open.get() && self.is_broken() {
            self.reconnect()?;
        }
        let error = match self.say(&mut once)? {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        self.failed.set(true);
        if lost(&error) {
            self.broken.set(true);
            if self.reader && !self.open.get() {
                self.reconnect()?;
                return Ok(self.say(&mut once)??);
            }
        }
        Err(error.into())
    }

    /// Asks with a statement that is prepared once.
    fn prepared<T>(
        &self,
        sql: &str,
        mut once: impl FnMut(&mut Client, &Statement) -> Result<T, postgres::Error>,
    ) -> Result<T, Error> {
        self.ask(|client| {
            let known = self.statements.borrow().get(sql).cloned();
            let statement = match known {
                Some(statement) => statement,
                None => {
                    let statement = client.prepare(&dialect::to_postgres(sql))?;
                    let mut kept = self.statements.borrow_mut();
                    if kept.len() >= STATEMENTS {
                        kept.clear();
                    }
                    kept.insert(sql.to_owned(), statement.clone());
                    statement
                }
            };
            once(client, &statement)
        })
    }

    pub(super) fn begin(&self) -> Result<(), Error> {
        let begin = format!("BEGIN; SELECT pg_advisory_xact_lock({WRITER_LOCK})");
        let begun = self.ask(|client| client.batch_execute(&begin));
        // Nothing has been written yet, so a lost connection costs nothing but another one.
        if begun.is_err() && self.is_broken() {
            self.reconnect()?;
            self.ask(|client| client.batch_execute(&begin))?;
        } else if let Err(error) = begun {
            let _ = self.ask(|client| client.batch_execute("ROLLBACK"));
            return Err(error);
        }
        self.open.set(true);
        self.failed.set(false);
        Ok(())
    }

    pub(super) fn commit(&self) -> Result<(), Error> {
        if self.failed.get() {
            return Err(Error::Value("a statement of this transaction failed, so nothing of it is stored".into()));
        }
        let done = self.ask(|client| client.batch_execute("COMMIT"));
        self.open.set(false);
        done
    }

    pub(super) fn rollback(&self) -> Result<(), Error> {
        // A lost connection has undone it.
        let done = if self.is_broken() { Ok(()) } else { self.ask(|client| client.batch_execute("ROLLBACK")) };
        self.open.set(false);
        done
    }

    pub(super) fn batch(&self, sql: &str) -> Result<(), Error> {
        self.ask(|client| client.batch_execute(sql))
    }

    pub(super) fn execute(&self, sql: &str, list: &[Param<'_>]) -> Result<usize, Error> {
        let changed = self.prepared(sql, |client, statement| client.execute(statement, &values(list)))?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    pub(super) fn query(&self, sql: &str, list: &[Param<'_>]) -> Result<Vec<postgres::Row>, Error> {
        self.prepared(sql, |client, statement| client.query(statement, &values(list)))
    }

    pub(super) fn stream(&self, sql: &str, list: &[Param<'_>]) -> Result<Stream<'_>, Error> {
        let own = !self.open.get();
        if own {
            self.ask(|client| client.batch_execute("BEGIN READ ONLY"))?;
            self.open.set(true);
        }
        let number = self.cursors.get();
        self.cursors.set(number + 1);
        let name = format!("payung_{number}");
        // Made before the cursor is, so that its end ends the transaction whatever happens.
        let stream = Stream { server: self, own, name, piece: Vec::new().into_iter(), current: None, more: true };
        let declare = format!("DECLARE {} NO SCROLL CURSOR FOR {}", stream.name, dialect::to_postgres(sql));
        self.ask(|client| client.execute(declare.as_str(), &values(list)))?;
        Ok(stream)
    }

    /// Sends rows in the text form of COPY.
    pub(super) fn copy(&self, sql: &str, rows: &[u8]) -> Result<(), Error> {
        let mut disk: Option<std::io::Error> = None;
        let sent = self.ask(|client| {
            let mut writer = client.copy_in(sql)?;
            match writer.write_all(rows) {
                Ok(()) => writer.finish().map(|_| ()),
                Err(error) => {
                    disk = Some(error);
                    Ok(())
                }
            }
        });
        match disk {
            Some(error) => {
                self.failed.set(true);
                Err(Error::Value(format!("rows were not sent: {error}")))
            }
            None => sent,
        }
    }
}

/// An answer fetched piece by piece, within one transaction.
pub(crate) struct Stream<'s> {
    server: &'s Server,
    /// The transaction was begun for this answer alone.
    own: bool,
    name: String,
    piece: std::vec::IntoIter<postgres::Row>,
    current: Option<postgres::Row>,
    more: bool,
}

impl Stream<'_> {
    pub(super) fn next(&mut self) -> Result<Option<&postgres::Row>, Error> {
        self.current = self.piece.next();
        if self.current.is_none() && self.more {
            let fetch = format!("FETCH FORWARD {PIECE} FROM {}", self.name);
            // Not prepared once for all: a prepared FETCH keeps the columns of the cursor it was prepared for.
            let rows = self.server.ask(|client| client.query(fetch.as_str(), &[]))?;
            self.more = rows.len() == PIECE;
            self.piece = rows.into_iter();
            self.current = self.piece.next();
        }
        Ok(self.current.as_ref())
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        // The cursor has a name of its own, so one that could not be closed is in nobody's way.
        if self.own {
            let _ = self.server.rollback();
        } else {
            let _ = self.server.ask(|client| client.batch_execute(&format!("CLOSE {}", self.name)));
        }
    }
}

fn values<'a>(list: &'a [Param<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    list.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// Text as the server takes it: it knows no zero character, which a hostile file name may hold.
pub(super) fn without_zero(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}").into() } else { text.into() }
}

impl ToSql for Param<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match (*self, kind) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Integer(n), &Type::INT8) => n.to_sql(kind, out),
            (Self::Integer(n), &Type::INT4) => i32::try_from(n)?.to_sql(kind, out),
            (Self::Integer(n), &Type::INT2) => i16::try_from(n)?.to_sql(kind, out),
            (Self::Integer(n), &Type::BOOL) => (n != 0).to_sql(kind, out),
            (Self::Text(t), &(Type::TEXT | Type::VARCHAR | Type::NAME)) => without_zero(t).as_ref().to_sql(kind, out),
            (Self::Blob(b), &Type::BYTEA) => b.to_sql(kind, out),
            (value, _) => Err(format!("a value {value:?} where the server expects {kind}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'r> FromSql<'r> for Cell<'r> {
    fn from_sql(kind: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(match *kind {
            Type::INT8 => Self::Integer(i64::from_sql(kind, raw)?),
            Type::INT4 => Self::Integer(i32::from_sql(kind, raw)?.into()),
            Type::INT2 => Self::Integer(i16::from_sql(kind, raw)?.into()),
            Type::BOOL => Self::Integer(bool::from_sql(kind, raw)?.into()),
            Type::NUMERIC => Self::Integer(whole(raw).ok_or("a sum that is no whole number of 64 bits")?),
            Type::BYTEA => Self::Blob(raw),
            _ => Self::Text(<&str>::from_sql(kind, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        let known = [Type::INT8, Type::INT4, Type::INT2, Type::BOOL, Type::NUMERIC, Type::BYTEA];
        known.contains(kind) || <&str as FromSql<'_>>::accepts(kind)
    }
}

/// A whole number in the server's decimal form, which is what it sums in: digits of ten thousand, the first of
/// weight `weight`; digits at the end are left out where they are zero.
fn whole(raw: &[u8]) -> Option<i64> {
    let mut words = raw.chunks_exact(2).map(|w| u16::from_be_bytes([w[0], w[1]]));
    let (digits, weight, sign, _scale) = (words.next()?, words.next()? as i16, words.next()?, words.next()?);
    let mut value: i128 = 0;
    for place in 0..=i32::from(weight) {
        let digit = if place < i32::from(digits) { words.next()? } else { 0 };
        value = value.checked_mul(10_000)?.checked_add(i128::from(digit))?;
    }
    // What is left are digits behind the point.
    if words.any(|digit| digit != 0) {
        return None;
    }
    match sign {
        0x0000 => i64::try_from(value).ok(),
        0x4000 => i64::try_from(-value).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn sums_read_back_as_whole_numbers() {
        let raw = |words: &[u16]| -> Vec<u8> { words.iter().flat_map(|w| w.to_be_bytes()).collect() };
        assert_eq!(whole(&raw(&[0, 0, 0, 0])), Some(0));
        assert_eq!(whole(&raw(&[2, 1, 0, 0, 12, 3_456])), Some(123_456));
        assert_eq!(whole(&raw(&[1, 2, 0x4000, 0, 7])), Some(-700_000_000));
        assert_eq!(whole(&raw(&[2, 0, 0, 1, 1, 5_000])), None, "one and a half");
        assert_eq!(whole(&raw(&[0, 0, 0xC000, 0])), None, "not a number");
        assert_eq!(whole(&raw(&[6, 5, 0, 0, 1, 0, 0, 0, 0, 0])), None, "more than 64 bits");
    }
}
