//! A user's own table: CSV (any separator, gzip too), XLSX, ODS, XLS or Parquet, read row by row.

use crate::linking::say;
use crate::{Fault, Language, Refused};
use linkage::tables::{Batch, Builder, Profile};
use linkage_engine::Side;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

/// Rows handed on at a time.
const BATCH: usize = 1 << 15;

/// Bytes of a batch's text beyond which it is handed on early: long cells must not pile up.
const BATCH_BYTES: usize = 32 << 20;

/// What was read of one table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Data rows.
    pub rows: usize,
    /// Rows without an identifier, which cannot be linked: first lines, and how many.
    pub without_id: (Vec<u64>, usize),
    /// Cells that are not UTF-8 and were read as Windows-1252: first places, and how many.
    pub foreign: (Vec<String>, usize),
    /// Fields of the profile no column of the table holds.
    pub fields_missing: Vec<String>,
    /// Rows with more filled cells than the header has: first lines, and how many.
    pub ragged: (Vec<u64>, usize),
    /// Cells over several lines that look like rows a stray quotation mark has swallowed: first lines, and how many.
    pub swallowed: (Vec<u64>, usize),
    /// Cells that did not count as they stand, by field.
    pub amiss: Vec<FieldAmiss>,
    /// Line of each row, as an editor counts, for the first few million rows.
    lines: Vec<u32>,
}

impl Loaded {
    /// Line of a row.
    pub fn line(&self, row: usize) -> u32 {
        self.lines.get(row).copied().unwrap_or(0)
    }
}

/// Cells of a field that did not count as they stand: how many, and the line of the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldAmiss {
    /// Field.
    pub field: String,
    /// Not made out.
    pub unread: (u64, u32),
    /// With more words than are compared.
    pub cut: (u64, u32),
}

/// What a builder could not make out of a table.
pub(super) fn amiss(profile: &Profile, builder: &Builder, side: Side, loaded: &Loaded) -> Vec<FieldAmiss> {
    let line = |row: Option<usize>| row.map_or(0, |row| loaded.line(row));
    let told = |(field, a): (&linkage::tables::Field, &linkage::tables::Amiss)| FieldAmiss {
        field: field.name.clone(),
        unread: (a.unread, line(a.unread_row)),
        cut: (a.cut, line(a.cut_row)),
    };
    let all = profile.fields.iter().zip(builder.amiss(side)).map(told);
    all.filter(|a| a.unread.0 + a.cut.0 > 0).collect()
}

/// Where the cells of a profile stand in a table.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Columns of the header.
    columns: usize,
    id: usize,
    /// Columns of each field, in order.
    fields: Vec<Vec<usize>>,
}

impl Layout {
    /// Cells of each field.
    pub fn cells(&self) -> Vec<usize> {
        self.fields.iter().map(Vec::len).collect()
    }

    fn width(&self) -> usize {
        1 + self.fields.iter().map(Vec::len).sum::<usize>()
    }

    /// Finds the columns of a profile in a header. A field none of whose columns is there is left
    /// out; without an identifier, or without any field, the table is refused.
    pub fn find(
        profile: &Profile,
        side: Side,
        headers: &[String],
        path: &Path,
        language: Language,
    ) -> Result<(Self, Vec<String>), Refused> {
        let key = |name: &str| name.trim().to_lowercase();
        let keyed: Vec<String> = headers.iter().map(|h| key(h)).collect();
        let at = |name: &String| keyed.iter().position(|h| *h == key(name));
        let file = path.display().to_string();
        let there = headers.join(", ");
        let Some(id) = profile.id.of(side).iter().find_map(at) else {
            let wanted = profile.id.of(side).join(", ");
            return Err(Refused(say(
                language,
                "link-no-id",
                &[("file", &file), ("wanted", &wanted), ("there", &there)],
            )));
        };
        let fields: Vec<Vec<usize>> =
            profile.fields.iter().map(|f| f.columns.of(side).iter().filter_map(at).collect()).collect();
        // Which of two columns of one name is meant, nobody can tell.
        for column in fields.iter().flatten().chain([&id]) {
            let letters = |i: usize| kernel::problem::column_letters(i as u32 + 1);
            let twins: Vec<String> = (0..keyed.len()).filter(|i| keyed[*i] == keyed[*column]).map(letters).collect();
            if twins.len() > 1 {
                let arguments = [("file", &*file), ("name", headers[*column].as_str()), ("places", &twins.join(", "))];
                return Err(Refused(say(language, "link-column-twice", &arguments)));
            }
        }
        let missing: Vec<String> = profile
            .fields
            .iter()
            .zip(&fields)
            .filter(|(_, found)| found.is_empty())
            .map(|(f, _)| format!("{} ({})", f.name, f.columns.of(side).join(", ")))
            .collect();
        if missing.len() == fields.len() {
            let wanted = missing.join("; ");
            return Err(Refused(say(
                language,
                "link-no-field",
                &[("file", &file), ("wanted", &wanted), ("there", &there)],
            )));
        }
        Ok((Self { columns: headers.len(), id, fields }, missing))
    }
}

/// How a file is read.
enum Kind {
    Text,
    Gzip,
    Workbook,
    Parquet,
}

fn kind(path: &Path, file: &mut File) -> Result<Kind, Fault> {
    let mut head = [0u8; 8];
    let n = file.read(&mut head).map_err(|e| Fault::io(path, &e))?;
    file.rewind().map_err(|e| Fault::io(path, &e))?;
    Ok(match &head[..n] {
        [0x1f, 0x8b, ..] => Kind::Gzip,
        [b'P', b'K', ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] => Kind::Workbook,
        [b'P', b'A', b'R', b'1', ..] => Kind::Parquet,
        _ => Kind::Text,
    })
}

/// Hands on the header, then every row.
///
/// # Errors
/// A [`Fault`] of the disk, or the refusal `each` answers.
pub fn each_row(
    path: &Path,
    language: Language,
    each: &mut dyn FnMut(Item<'_>) -> Result<(), Refused>,
) -> Result<Result<(), Refused>, Fault> {
    let mut file = match super::file::open(path, language)? {
        Ok(file) => file,
        Err(refused) => return Ok(Err(refused)),
    };
    match kind(path, &mut file)? {
        Kind::Workbook => sheet((path, file), language, each, &|file, row| intake::workbook_rows(file, None, row)),
        Kind::Parquet => sheet((path, file), language, each, &intake::parquet_rows),
        Kind::Gzip => {
            let unpacked = flate2::read::MultiGzDecoder::new(BufReader::new(file));
            text(path, Box::new(unpacked), language, each)
        }
        Kind::Text => text(path, Box::new(file), language, each),
    }
}

/// A cell: text, or text that was in another encoding.
pub enum Cell<'a> {
    /// As it stands.
    Text(&'a str),
    /// Read as Windows-1252.
    Foreign(String),
}

impl Cell<'_> {
    /// The text.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(t) => t,
            Self::Foreign(t) => t,
        }
    }
}

/// What comes out of a table.
#[derive(Clone, Copy)]
pub enum Item<'a> {
    /// Names of the columns; once, first.
    Header(&'a [String]),
    /// Line as an editor counts, and the row.
    Row(u64, Row<'a>),
}

/// A row of a table.
#[derive(Clone, Copy)]
pub enum Row<'a> {
    /// Of a text file.
    Text(&'a csv::ByteRecord),
    /// Of a workbook or a Parquet file.
    Sheet(&'a registers::RawRow),
}

impl<'a> Row<'a> {
    /// Is a cell filled beyond so many columns?
    fn is_longer_than(self, columns: usize) -> bool {
        match self {
            Self::Text(record) => {
                record.len() > columns && record.iter().skip(columns).any(|c| !c.trim_ascii().is_empty())
            }
            Self::Sheet(row) => (columns..row.len()).any(|i| !row.cell(i).trim().is_empty()),
        }
    }

    /// Does a cell hold a line that has as many separators as a row? Quotation marks that were not meant as such
    /// make one cell of many rows.
    fn has_swallowed(self, columns: usize) -> bool {
        let Self::Text(record) = self else { return false };
        let separators = |line: &[u8]| [b',', b';', b'\t', b'|'].map(|s| line.iter().filter(|b| **b == s).count());
        columns > 2
            && record.as_slice().contains(&b'\n')
            && record.iter().filter(|c| c.contains(&b'\n')).any(|cell| {
                cell.split(|b| *b == b'\n').any(|line| separators(line).into_iter().any(|n| n + 1 >= columns))
            })
    }

    /// A cell; empty beyond the last.
    pub fn cell(self, i: usize) -> Cell<'a> {
        match self {
            Self::Text(record) => record.get(i).map_or(Cell::Text(""), decoded),
            Self::Sheet(row) => Cell::Text(if i < row.len() { row.cell(i) } else { "" }),
        }
    }
}

fn decoded(bytes: &[u8]) -> Cell<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cell::Text(text),
        Err(_) => Cell::Foreign(encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned()),
    }
}

/// Remembers the last byte that is no end of line.
struct Tail<R> {
    inner: R,
    last: u8,
}

impl<R: Read> Read for Tail<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(out)?;
        self.last = out[..n].iter().rev().copied().find(|b| !matches!(b, b'\r' | b'\n')).unwrap_or(self.last);
        Ok(n)
    }
}

/// Text of two bytes a letter, as Excel saves "Unicode text", made UTF-8.
struct Utf16<R> {
    inner: R,
    decoder: encoding_rs::Decoder,
    out: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.at == self.out.len() && !self.ended {
            let mut raw = [0u8; 1 << 14];
            let n = self.inner.read(&mut raw)?;
            self.ended = n == 0;
            self.out.resize(self.decoder.max_utf8_buffer_length(n).unwrap_or(1 << 16), 0);
            let (_, _, written, _) = self.decoder.decode_to_utf8(&raw[..n], &mut self.out, self.ended);
            self.out.truncate(written);
            self.at = 0;
        }
        let n = out.len().min(self.out.len() - self.at);
        out[..n].copy_from_slice(&self.out[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

fn is_unpacking(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | InvalidData | InvalidInput)
}

/// The separator of a table: what `sep=` says, or what the first line that is not blank has most of, outside quotes.
/// With it, the bytes before the header.
fn separator(head: &[u8]) -> (u8, usize) {
    let mut from = 0;
    for line in head.split_inclusive(|b| *b == b'\n') {
        let text = line.trim_ascii();
        if text.is_empty() {
            from += line.len();
            continue;
        }
        if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] = text {
            return (*separator, from + line.len());
        }
        break;
    }
    let (mut counts, mut quoted) = ([0usize; 4], false);
    const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
    for byte in &head[from..] {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            b if !quoted => SEPARATORS.iter().zip(&mut counts).filter(|(s, _)| *s == b).for_each(|(_, n)| *n += 1),
            _ => {}
        }
    }
    let most = SEPARATORS.iter().zip(counts).rev().max_by_key(|(_, n)| *n).filter(|(_, n)| *n > 0);
    (most.map_or(b',', |(s, _)| *s), from)
}

fn text(
    path: &Path,
    reader: Box<dyn Read>,
    language: Language,
    each: &mut dyn FnMut(Item<'_>) -> Result<(), Refused>,
) -> Result<Result<(), Refused>, Fault> {
    let file = path.display().to_string();
    let cut = |e: &std::io::Error| {
        if is_unpacking(e) {
            Ok(Refused(say(language, "refusal-cut-off", &[("file", &file)])))
        } else {
            Err(Fault::io(path, e))
        }
    };
    let mut reader = BufReader::with_capacity(1 << 18, reader);
    let mark = match reader.fill_buf() {
        Ok(head) => head.get(..3).unwrap_or(head).to_vec(),
        Err(e) => return cut(&e).map(Err),
    };
    let wide = match mark.as_slice() {
        [0xff, 0xfe, ..] => Some(encoding_rs::UTF_16LE),
        [0xfe, 0xff, ..] => Some(encoding_rs::UTF_16BE),
        _ => None,
    };
    let plain: Box<dyn Read> = match wide {
        Some(encoding) => {
            let decoder = encoding.new_decoder_with_bom_removal();
            Box::new(Utf16 { inner: reader, decoder, out: Vec::new(), at: 0, ended: false })
        }
        None => {
            reader.consume(if mark == b"\xef\xbb\xbf" { 3 } else { 0 });
            Box::new(reader)
        }
    };
    let mut reader = BufReader::with_capacity(1 << 18, Tail { inner: plain, last: 0 });
    let (separator, before) = match reader.fill_buf() {
        Ok(head) => separator(head),
        Err(e) => return cut(&e).map(Err),
    };
    let lines_before = reader.buffer()[..before].iter().filter(|b| **b == b'\n').count() as u64;
    reader.consume(before);
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(reader);
    let mut record = csv::ByteRecord::new();
    let mut is_header = true;
    // Line of a row whose last cell goes on over lines.
    let mut open: Option<u64> = None;
    loop {
        match rows.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) if is_header => {
                return Ok(Err(Refused(say(language, "refusal-empty", &[("file", &file)]))));
            }
            Ok(false) => {
                let line = open.filter(|_| rows.get_ref().get_ref().last != b'"');
                let unclosed = |line: u64| {
                    let arguments = [("file", &*file), ("line", &*line.to_string())];
                    Refused(say(language, "link-quote-open", &arguments))
                };
                return Ok(line.map_or(Ok(()), |line| Err(unclosed(line))));
            }
            Err(error) => {
                return match error.kind() {
                    csv::ErrorKind::Io(e) => cut(e).map(Err),
                    _ => Err(Fault(format!("{file}: {error}"))),
                };
            }
        }
        let line = record.position().map_or(0, csv::Position::line) + lines_before;
        let goes_on = || record.iter().next_back().is_some_and(|c| c.contains(&b'\n'));
        open = (record.as_slice().contains(&b'\n') && goes_on()).then_some(line);
        let step = if is_header {
            is_header = false;
            let names: Vec<String> = record.iter().map(|c| decoded(c).text().trim().to_owned()).collect();
            each(Item::Header(&names))
        } else {
            each(Item::Row(line, Row::Text(&record)))
        };
        if let Err(refused) = step {
            return Ok(Err(refused));
        }
    }
}

/// Hands on every row of an opened table, or says why not.
type Rows<'a> = &'a dyn Fn(File, &mut dyn FnMut(&registers::RawRow) -> bool) -> Result<(), intake::Refusal>;

fn sheet(
    (path, file): (&Path, File),
    language: Language,
    each: &mut dyn FnMut(Item<'_>) -> Result<(), Refused>,
    rows: Rows<'_>,
) -> Result<Result<(), Refused>, Fault> {
    let mut is_header = true;
    let mut stopped = Ok(());
    let read = rows(file, &mut |row| {
        let step = if is_header {
            is_header = false;
            let names: Vec<String> = (0..row.len()).map(|i| row.cell(i).trim().to_owned()).collect();
            each(Item::Header(&names))
        } else {
            each(Item::Row(row.line.into(), Row::Sheet(row)))
        };
        stopped = step;
        stopped.is_ok()
    });
    if let Err(refusal) = read {
        return Ok(Err(Refused(crate::import::refusal_sentence(&path.display().to_string(), &refusal, language))));
    }
    if is_header {
        let file = path.display().to_string();
        return Ok(Err(Refused(say(language, "refusal-empty", &[("file", &file)]))));
    }
    Ok(stopped)
}

/// Places of remarks that are listed; the rest is counted.
const LISTED: usize = 5;

fn remark<T>(list: &mut (Vec<T>, usize), place: T) {
    list.1 += 1;
    if list.0.len() < LISTED {
        list.0.push(place);
    }
}

/// The columns of a table, from its header alone.
pub fn layout(
    profile: &Profile,
    side: Side,
    path: &Path,
    language: Language,
) -> Result<Result<(Layout, Vec<String>), Refused>, Fault> {
    let mut found = None;
    let stop = || Refused(String::new());
    let read = each_row(path, language, &mut |item| {
        if let Item::Header(headers) = item {
            found = Some(Layout::find(profile, side, headers, path, language));
        }
        Err(stop())
    })?;
    Ok(match (found, read) {
        (Some(found), _) => found,
        (None, Err(refused)) => Err(refused),
        (None, Ok(())) => Err(stop()),
    })
}

/// Loads a table into a builder: one thread reads the next batch while the others take the last one
/// apart. `progress` hears rows read; `within_memory` hears what the next batch takes, and may stop it.
pub fn load(
    side: Side,
    path: &Path,
    layout: &Layout,
    builder: &mut Builder,
    language: Language,
    progress: &mut dyn FnMut(usize),
    within_memory: &mut dyn FnMut(u64) -> Result<(), Refused>,
) -> Result<Result<Loaded, Refused>, Fault> {
    let (batches, taken) = std::sync::mpsc::sync_channel::<Batch>(1);
    let (read, stopped) = std::thread::scope(|scope| {
        let reader = scope.spawn(move || read_batches(path, layout, language, &batches));
        let mut rows = 0;
        let mut stopped = Ok(());
        for batch in taken {
            stopped = within_memory(builder.adding_bytes(side, &batch));
            if stopped.is_err() {
                // Dropping the receiver ends the reader at its next batch.
                break;
            }
            builder.add(side, &batch);
            rows += batch.rows();
            progress(rows);
        }
        let read = reader.join().unwrap_or_else(|_| Err(Fault(format!("{}: reading ended early", path.display()))));
        (read, stopped)
    });
    if let Err(refused) = stopped {
        return Ok(Err(refused));
    }
    Ok(match read? {
        Ok(loaded) if loaded.rows == 0 => {
            Err(Refused(say(language, "refusal-no-rows", &[("file", &path.display().to_string())])))
        }
        other => other,
    })
}

fn read_batches(
    path: &Path,
    layout: &Layout,
    language: Language,
    batches: &std::sync::mpsc::SyncSender<Batch>,
) -> Result<Result<Loaded, Refused>, Fault> {
    let mut loaded = Loaded::default();
    let mut batch = Batch::new(layout.width());
    let stop = || Refused(String::new());
    let read = each_row(path, language, &mut |item| {
        let Item::Row(line, row) = item else { return Ok(()) };
        let id = row.cell(layout.id);
        if id.text().trim().is_empty() {
            // A blank line is no row.
            if layout.fields.iter().flatten().any(|c| !row.cell(*c).text().trim().is_empty()) {
                remark(&mut loaded.without_id, line);
                loaded.rows += 1;
            }
            return Ok(());
        }
        if row.is_longer_than(layout.columns) {
            remark(&mut loaded.ragged, line);
        }
        if row.has_swallowed(layout.columns) {
            remark(&mut loaded.swallowed, line);
        }
        batch.push(id.text());
        for column in layout.fields.iter().flatten() {
            let cell = row.cell(*column);
            if let Cell::Foreign(_) = cell {
                let place = format!("{}{line}", kernel::problem::column_letters(*column as u32 + 1));
                remark(&mut loaded.foreign, place);
            }
            batch.push(cell.text());
        }
        loaded.rows += 1;
        loaded.lines.push(line as u32);
        if batch.rows() == BATCH || batch.bytes() > BATCH_BYTES {
            let full = std::mem::replace(&mut batch, Batch::new(layout.width()));
            batches.send(full).map_err(|_| stop())?;
        }
        Ok(())
    })?;
    if let Err(refused) = read {
        return Ok(Err(refused));
    }
    let _ = batches.send(batch);
    Ok(Ok(loaded))
}
