//! Text files: encoding, separator, records.

use crate::limits::{COLUMNS_MAX, FOREIGN_TEXT_BYTES_MAX, RECORD_BYTES_MAX, TEXT_BYTES_MAX, TEXT_ROWS_MAX};
use crate::pipe::{self, Feed};
use crate::refusal::LimitReached;
use crate::table::{Assembler, Sink};
use crate::{Options, Refusal};
use kernel::problem::{Problem, ProblemCode};
use registers::{CellKind, RawRow};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{Cursor, Read};
use std::rc::Rc;

type Open<'a> = &'a mut dyn FnMut() -> Result<Box<dyn Read + Send>, Refusal>;

/// Bytes looked at to guess encoding and separator.
const SAMPLE_BYTES: usize = 256 << 10;

pub(crate) fn read(open: Open<'_>, options: &Options, sink: &mut dyn Sink) -> Result<(), Refusal> {
    let mut sample = Vec::new();
    open()?.take(SAMPLE_BYTES as u64).read_to_end(&mut sample).map_err(|e| Refusal::of_io(&e))?;
    let (encoding, is_utf8) = encoding_of(&sample);
    let (decoded, _, _) = encoding.decode(&sample);
    let (separator, skip_lines) = separator_of(&decoded);
    let reading = format!("{}; {}", encoding.name(), printable(separator));
    let bytes: Box<dyn Read + Send> =
        if is_utf8 { skip_bom(open()?, &sample) } else { Box::new(foreign(open()?, encoding)?) };
    let mut assembler = Assembler::new(options, None, reading).with_ragged_rows_reported();
    // Splitting and checking cost about the same, so each has a thread.
    pipe::run(&mut assembler, sink, move |feed| split(bytes, separator, skip_lines, feed))?;
    assembler.finish(sink).map(|_| ())
}

/// Splits bytes into records and feeds them.
fn split(bytes: Box<dyn Read + Send>, separator: u8, skip_lines: u32, feed: &mut Feed) -> Result<(), Refusal> {
    let since_record = Rc::new(Cell::new(0u64));
    let lines = Rc::new(RefCell::new(Lines::default()));
    let tail = Rc::new(Cell::new(0u8));
    let bounded = Bounded {
        inner: bytes,
        total: 0,
        since_record: Rc::clone(&since_record),
        lines: Rc::clone(&lines),
        tail: Rc::clone(&tail),
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .buffer_capacity(1 << 16)
        .from_reader(bounded);
    let mut record = csv::ByteRecord::new();
    let mut count = 0u32;
    // Line of the last record, if its last cell goes on over lines.
    let mut open: Option<u32> = None;
    while reader.read_byte_record(&mut record).map_err(refused)? {
        since_record.set(0);
        let line = lines.borrow_mut().next_record(reader.position().byte());
        count += 1;
        if count > TEXT_ROWS_MAX {
            return Err(Refusal::limit("rows", TEXT_ROWS_MAX).with("at", line));
        }
        if record.len() > COLUMNS_MAX {
            return Err(Refusal::limit("columns", COLUMNS_MAX).with("at", line));
        }
        if count <= skip_lines {
            continue;
        }
        let goes_on = || record.iter().next_back().is_some_and(|cell| memchr::memchr(b'\n', cell).is_some());
        open = (memchr::memchr(b'\n', record.as_slice()).is_some() && goes_on()).then_some(line);
        let (row, remarks) = feed.row();
        fill(row, &record, line, remarks);
        if feed.done().is_err() {
            return Ok(());
        }
    }
    // Closed, such a cell ends with a quotation mark.
    match open.filter(|_| tail.get() != b'"') {
        Some(line) => Err(Refusal::new(crate::RefusalCode::QuoteOpen).with("line", line)),
        None => Ok(()),
    }
}

fn fill(row: &mut RawRow, record: &csv::ByteRecord, line: u32, remarks: &mut Vec<Problem>) {
    let slice = record.as_slice();
    if memchr::memchr(b'\'', slice).is_none()
        && let Ok(text) = std::str::from_utf8(slice)
        && row.fill_texts(line, text, (0..record.len()).map(|i| record.range(i).map_or(0, |r| r.end)))
    {
        return;
    }
    row.reset(line);
    for (i, field) in record.iter().enumerate() {
        match std::str::from_utf8(field) {
            Ok(text) => row.push(undo_export_prefix(text), CellKind::Text),
            Err(_) => {
                let mut problem = Problem::of_row(ProblemCode::EncodingInvalid, line);
                problem.column = Some(i as u32 + 1);
                remarks.push(problem);
                row.push(&String::from_utf8_lossy(field), CellKind::Text);
            }
        }
    }
}

/// Our own exports put an apostrophe before text that a spreadsheet would take for a formula.
fn undo_export_prefix(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => text,
    }
}

fn refused(error: csv::Error) -> Refusal {
    match error.into_kind() {
        csv::ErrorKind::Io(io) => Refusal::of_io(&io),
        _ => Refusal::new(crate::RefusalCode::Unreadable),
    }
}

/// Which line a record begins on, as an editor counts. The CSV reader counts from where it stood
/// before it skipped blank lines and the second half of a CRLF, which would shift every address.
#[derive(Default)]
struct Lines {
    /// Offsets of line feeds not yet passed, and whether a carriage return stands before.
    feeds: VecDeque<(u64, bool)>,
    seen: u64,
    after_return: bool,
    /// Where the last record ended, and the line it ended on.
    at: u64,
    line: u32,
}

impl Lines {
    fn see(&mut self, bytes: &[u8]) {
        for i in memchr::memchr_iter(b'\n', bytes) {
            let after_return = if i > 0 { bytes[i - 1] == b'\r' } else { self.after_return };
            self.feeds.push_back((self.seen + i as u64, after_return));
        }
        self.seen += bytes.len() as u64;
        self.after_return = bytes.last().map_or(self.after_return, |b| *b == b'\r');
    }

    /// The line of the record that ends before `end`.
    fn next_record(&mut self, end: u64) -> u32 {
        while let Some((feed, after_return)) = self.feeds.front().copied() {
            if feed != self.at && !(after_return && feed == self.at + 1) {
                break;
            }
            self.feeds.pop_front();
            self.at = feed + 1;
            self.line += 1;
        }
        let begins = self.line + 1;
        while self.feeds.front().is_some_and(|(feed, _)| *feed < end) {
            self.feeds.pop_front();
            self.line += 1;
        }
        self.at = end;
        begins
    }
}

/// Counts bytes in total and since the last record, so that an endless line ends here.
struct Bounded {
    inner: Box<dyn Read + Send>,
    total: u64,
    since_record: Rc<Cell<u64>>,
    lines: Rc<RefCell<Lines>>,
    /// The last byte that is no end of line.
    tail: Rc<Cell<u8>>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.total += n as u64;
        self.lines.borrow_mut().see(&buffer[..n]);
        if let Some(last) = buffer[..n].iter().rev().find(|b| !matches!(b, b'\r' | b'\n')) {
            self.tail.set(*last);
        }
        let pending = self.since_record.get() + n as u64;
        self.since_record.set(pending);
        let over = |name, max| Err(std::io::Error::other(LimitReached(name, max, self.total)));
        if pending > RECORD_BYTES_MAX {
            return over("record_bytes", RECORD_BYTES_MAX);
        }
        if self.total > TEXT_BYTES_MAX {
            return over("text_bytes", TEXT_BYTES_MAX);
        }
        Ok(n)
    }
}

fn skip_bom(mut reader: Box<dyn Read + Send>, sample: &[u8]) -> Box<dyn Read + Send> {
    if sample.starts_with(b"\xEF\xBB\xBF") {
        let mut bom = [0u8; 3];
        // The sample proved that these three bytes exist.
        let _ = reader.read_exact(&mut bom);
    }
    reader
}

fn encoding_of(sample: &[u8]) -> (&'static encoding_rs::Encoding, bool) {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(sample) {
        return (encoding, encoding == encoding_rs::UTF_8);
    }
    // A sample may end inside a character; only an error before its last bytes counts.
    let utf8 = match std::str::from_utf8(sample) {
        Ok(_) => true,
        Err(e) => e.valid_up_to() + 4 > sample.len(),
    };
    if utf8 {
        return (encoding_rs::UTF_8, true);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(Some(b"id"), chardetng::Utf8Detection::Deny);
    // Mostly valid UTF-8 with a few broken bytes stays UTF-8; the cells become problems.
    let broken = String::from_utf8_lossy(sample).chars().filter(|c| *c == '\u{FFFD}').count();
    let foreign = sample.iter().filter(|b| **b >= 0x80).count();
    if broken * 4 < foreign { (encoding_rs::UTF_8, true) } else { (guess, false) }
}

fn foreign(reader: Box<dyn Read + Send>, encoding: &'static encoding_rs::Encoding) -> Result<Cursor<Vec<u8>>, Refusal> {
    let mut bytes = Vec::new();
    let n = reader.take(FOREIGN_TEXT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|e| Refusal::of_io(&e))?;
    if n as u64 > FOREIGN_TEXT_BYTES_MAX {
        return Err(Refusal::limit("foreign_text_bytes", FOREIGN_TEXT_BYTES_MAX));
    }
    let (text, _, _) = encoding.decode(&bytes);
    Ok(Cursor::new(text.into_owned().into_bytes()))
}

fn printable(separator: u8) -> &'static str {
    match separator {
        b'\t' => "tab",
        b';' => ";",
        b'|' => "|",
        _ => ",",
    }
}

/// The separator under which most records of the sample have the same count of fields, and how
/// many leading lines only announce it (`sep=;`).
fn separator_of(sample: &str) -> (u8, u32) {
    if let Some(rest) = sample.get(..5).filter(|s| s.to_ascii_lowercase().starts_with("sep=")) {
        return (rest.as_bytes()[4], 1);
    }
    let score = |separator: u8| -> (usize, usize) {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(sample.as_bytes());
        let widths: Vec<usize> = reader.byte_records().take(60).flatten().map(|r| r.len()).collect();
        let mut counts = std::collections::BTreeMap::new();
        for width in widths.iter().filter(|w| **w > 1) {
            *counts.entry(*width).or_insert(0usize) += 1;
        }
        counts.into_iter().map(|(width, count)| (count, width)).max().unwrap_or((0, 0))
    };
    let mut best = (b',', (0, 0));
    for separator in [b',', b';', b'\t', b'|'] {
        let s = score(separator);
        if s > best.1 {
            best = (separator, s);
        }
    }
    (best.0, 0)
}

#[cfg(test)]
mod tests {
    use crate::{Collect, Options, read};
    use std::io::{Seek, Write};

    fn lines(text: &str) -> Vec<u32> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.rewind().unwrap();
        let mut tables = Collect::default();
        read(file, &Options::default(), &mut tables).unwrap();
        tables.tables[0].rows.iter().map(|r| r.line).collect()
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        assert_eq!(lines("kd_rup_lama,kd_rup_baru\n1,2\n3,4\n"), [2, 3]);
        assert_eq!(lines("kd_rup_lama,kd_rup_baru\r\n1,2\r\n3,4"), [2, 3]);
        assert_eq!(lines("\n\nkd_rup_lama,kd_rup_baru\n\n1,2\n\n\n3,4"), [5, 8]);
        assert_eq!(lines("\r\nkd_rup_lama,kd_rup_baru\r\n\r\n1,\"a\r\nb\"\r\n3,4\r\n"), [4, 6]);
    }
}
