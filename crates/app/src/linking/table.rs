//! A user's own table: CSV (any separator, gzip too), XLSX, ODS, XLS or Parquet, read row by row.

use crate::linking::say;
use crate::{Fault, Language, Refused};
use linkage::tables::{Batch, Builder, Profile};
use linkage_engine::Side;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
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
    /// Line of each row, as an editor counts, for the first few million rows.
    lines: Vec<u32>,
}

impl Loaded {
    /// Line of a row.
    pub fn line(&self, row: usize) -> u32 {
        self.lines.get(row).copied().unwrap_or(0)
    }
}

/// Where the cells of a profile stand in a table.
#[derive(Debug, Clone)]
pub struct Layout {
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
        Ok((Self { id, fields }, missing))
    }
}

/// How a file is read.
enum Kind {
    Text,
    Gzip,
    Workbook,
    Parquet,
}

fn kind(path: &Path) -> Result<Kind, Fault> {
    let mut head = [0u8; 8];
    let mut file = File::open(path).map_err(|e| Fault::io(path, &e))?;
    let n = file.read(&mut head).map_err(|e| Fault::io(path, &e))?;
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
    match kind(path)? {
        Kind::Workbook => sheet(path, language, each, &|file, row| intake::workbook_rows(file, None, row)),
        Kind::Parquet => sheet(path, language, each, &intake::parquet_rows),
        Kind::Gzip => {
            let file = File::open(path).map_err(|e| Fault::io(path, &e))?;
            text(path, Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(file))), language, each)
        }
        Kind::Text => {
            let file = File::open(path).map_err(|e| Fault::io(path, &e))?;
            text(path, Box::new(file), language, each)
        }
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

fn text(
    path: &Path,
    reader: Box<dyn Read>,
    language: Language,
    each: &mut dyn FnMut(Item<'_>) -> Result<(), Refused>,
) -> Result<Result<(), Refused>, Fault> {
    let mut reader = BufReader::with_capacity(1 << 18, reader);
    let head = reader.fill_buf().map_err(|e| Fault::io(path, &e))?;
    let bom = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let first = head[bom..].split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |c: u8| first.iter().filter(|b| **b == c).count();
    let separator = *[b',', b';', b'\t', b'|'].iter().rev().max_by_key(|c| count(**c)).unwrap_or(&b',');
    reader.consume(bom);
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(reader);
    let mut record = csv::ByteRecord::new();
    let mut is_header = true;
    loop {
        match rows.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) if is_header => {
                let file = path.display().to_string();
                return Ok(Err(Refused(say(language, "refusal-empty", &[("file", &file)]))));
            }
            Ok(false) => return Ok(Ok(())),
            Err(error) => return Err(Fault(format!("{}: {error}", path.display()))),
        }
        let step = if is_header {
            is_header = false;
            let names: Vec<String> = record.iter().map(|c| decoded(c).text().trim().to_owned()).collect();
            each(Item::Header(&names))
        } else {
            let line = record.position().map_or(0, csv::Position::line);
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
    path: &Path,
    language: Language,
    each: &mut dyn FnMut(Item<'_>) -> Result<(), Refused>,
    rows: Rows<'_>,
) -> Result<Result<(), Refused>, Fault> {
    let file = File::open(path).map_err(|e| Fault::io(path, &e))?;
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
