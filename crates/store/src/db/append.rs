//! Many rows for one table. A file takes them one by one; to a server they go in bulk, because a question and an
//! answer for each row is most of what a row costs.

use super::postgres::without_zero;
use super::{Database, Error, Param, Params};
use std::io::Write as _;

/// Bytes held back before they are sent.
const HELD_BYTES: usize = 1 << 19;

/// Rows on their way into one table, in order.
pub(crate) struct Appender {
    insert: String,
    copy: String,
    held: Vec<u8>,
}

impl Appender {
    /// For the columns of a table, as they would stand in an INSERT.
    pub(crate) fn new(table: &str, columns: &str) -> Self {
        let marks = vec!["?"; columns.split(',').count()].join(", ");
        Self {
            insert: format!("INSERT INTO {table} ({columns}) VALUES ({marks})"),
            copy: format!("COPY {table} ({columns}) FROM STDIN"),
            held: Vec::new(),
        }
    }

    /// Are rows held back that a question would not see? Then [`Appender::flush`] comes before the question.
    pub(crate) fn holds_rows(&self) -> bool {
        !self.held.is_empty()
    }

    /// Adds a row; always with the same database, within one transaction.
    ///
    /// # Errors
    /// [`Error`] of the database, of this row or of one held back before it.
    pub(crate) fn append(&mut self, database: &Database, params: impl Params) -> Result<(), Error> {
        if let Database::Sqlite(file) = database {
            params.with(|list| file.execute(&self.insert, list))?;
            return Ok(());
        }
        params.with(|list| write_row(&mut self.held, list));
        if self.held.len() < HELD_BYTES { Ok(()) } else { self.flush(database) }
    }

    /// Sends what is held back. Called before the transaction is committed.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(crate) fn flush(&mut self, database: &Database) -> Result<(), Error> {
        if let (Database::Postgres(server), true) = (database, self.holds_rows()) {
            server.copy(&self.copy, &self.held)?;
            self.held.clear();
        }
        Ok(())
    }
}

/// A row in the text form of COPY.
fn write_row(out: &mut Vec<u8>, list: &[Param<'_>]) {
    for (i, value) in list.iter().enumerate() {
        if i > 0 {
            out.push(b'\t');
        }
        match value {
            Param::Null => out.extend_from_slice(b"\\N"),
            Param::Integer(number) => {
                // Writing into memory does not fail.
                let _ = write!(out, "{number}");
            }
            Param::Text(text) => write_text(out, &without_zero(text)),
            Param::Blob(bytes) => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.extend_from_slice(b"\\\\x");
                out.extend(bytes.iter().flat_map(|b| [HEX[usize::from(b >> 4)], HEX[usize::from(b & 15)]]));
            }
        }
    }
    out.push(b'\n');
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_written_so_that_nothing_in_it_can_end_it() {
        let mut out = Vec::new();
        let row = [
            Param::Integer(-7),
            Param::Text("a\tb\\N\nc\r\0"),
            Param::Null,
            Param::Blob(&[0, 255]),
            Param::Text("\\."),
        ];
        write_row(&mut out, &row);
        assert_eq!(String::from_utf8(out).unwrap(), "-7\ta\\tb\\\\N\\nc\\r\u{FFFD}\t\\N\t\\\\x00ff\t\\\\.\n");
    }
}
