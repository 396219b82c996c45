//! Workbooks: XLSX by streaming cells, ODS and old XLS whole, all inside the limited child.

use crate::limits::{
    CELLS_MAX, COLUMNS_MAX, MERGES_MAX, ROWS_MAX, SHARED_STRINGS_BYTES_MAX, ZIP_ENTRIES_MAX, ZIP_RATIO_FROM_BYTES,
    ZIP_RATIO_MAX, ZIP_UNPACKED_BYTES_MAX,
};
use crate::pipe::{self, Feed};
use crate::sniff::Workbook;
use crate::table::{Assembler, Sink};
use crate::{Options, Refusal, RefusalCode};
use calamine::{DataRef, Dimensions, Ods, Reader, Xls, Xlsx};
use registers::{CellKind, RawRow};
use std::io::{BufReader, Read, Seek, SeekFrom};

pub(crate) fn read<R: Read + Seek + Send>(
    mut source: R,
    format: Workbook,
    options: &Options,
    sink: &mut dyn Sink,
) -> Result<(), Refusal> {
    let mut merges_somewhere = false;
    if format != Workbook::Xls {
        merges_somewhere = inspect_archive(&mut source)?;
        source.rewind().map_err(|e| Refusal::of_io(&e))?;
    }
    let source = BufReader::with_capacity(1 << 16, source);
    match format {
        Workbook::Xlsx => {
            let mut book = Xlsx::new(source).map_err(|e| damaged(&e))?;
            let names = chosen(book.sheet_names(), options)?;
            each_sheet(&names, options, sink, |name, assembler, sink, budget| {
                // Finding merged areas costs a second pass over the sheet, so only where some exist.
                let merges = if merges_somewhere {
                    book.merge_cells_by_sheet_name(name).unwrap_or_default()
                } else {
                    Vec::new()
                };
                xlsx_sheet(&mut book, name, &merges, assembler, sink, budget)
            })
        }
        Workbook::Ods => {
            let mut book = Ods::new(source).map_err(|e| damaged(&e))?;
            let names = chosen(book.sheet_names(), options)?;
            each_sheet(&names, options, sink, |name, assembler, sink, budget| {
                let range = book.worksheet_range(name).map_err(|e| damaged(&e))?;
                whole_sheet(&range, assembler, sink, budget)
            })
        }
        Workbook::Xls => {
            let mut book = Xls::new(source).map_err(|e| damaged(&e))?;
            let names = chosen(book.sheet_names(), options)?;
            each_sheet(&names, options, sink, |name, assembler, sink, budget| {
                let range = book.worksheet_range(name).map_err(|e| damaged(&e))?;
                whole_sheet(&range, assembler, sink, budget)
            })
        }
    }
}

fn damaged(error: &dyn std::fmt::Display) -> Refusal {
    let text = error.to_string().to_lowercase();
    if text.contains("password") || text.contains("encrypt") {
        return Refusal::new(RefusalCode::Encrypted);
    }
    Refusal::new(RefusalCode::Truncated)
}

fn chosen(names: Vec<String>, options: &Options) -> Result<Vec<String>, Refusal> {
    match &options.sheet {
        Some(sheet) if names.contains(sheet) => Ok(vec![sheet.clone()]),
        Some(sheet) => Err(Refusal::new(RefusalCode::BadMapping).with("at", sheet)),
        None => Ok(names),
    }
}

/// Reads the sheets in order. Those that hold no register are reported beside those that do; the
/// file is refused only where none does.
fn each_sheet(
    names: &[String],
    options: &Options,
    sink: &mut dyn Sink,
    mut read: impl FnMut(&str, &mut Assembler<'_>, &mut dyn Sink, &mut Budget) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut budget = Budget::default();
    let (mut tables, mut left_out, mut nearest) = (0, Vec::new(), None);
    for name in names {
        let mut assembler = Assembler::new(options, Some(name.clone()), format!("sheet {name}"));
        let before = budget.rows;
        match read(name, &mut assembler, sink, &mut budget) {
            Ok(()) => {}
            Err(refusal) if is_about_content(&refusal) => {
                left_out.push((name, budget.rows - before));
                nearest.get_or_insert(refusal);
                continue;
            }
            Err(refusal) => return Err(refusal),
        }
        let unfound = assembler.lines_without_header().is_some();
        match assembler.finish(sink) {
            Ok(_) => tables += 1,
            Err(refusal) if unfound || refusal.code == RefusalCode::NoRows => {
                left_out.push((name, budget.rows - before));
                if refusal.code != RefusalCode::Empty || nearest.is_none() {
                    nearest = Some(refusal);
                }
            }
            Err(refusal) => return Err(refusal),
        }
    }
    if tables == 0 {
        return Err(nearest.unwrap_or_else(|| Refusal::new(RefusalCode::Empty)));
    }
    for (name, rows) in left_out {
        sink.unrecognised_sheet(name, rows);
    }
    Ok(())
}

fn is_about_content(refusal: &Refusal) -> bool {
    matches!(refusal.code, RefusalCode::UnknownHeaders | RefusalCode::MissingColumns | RefusalCode::BadMapping)
}

/// Cells and rows read so far, over all sheets.
#[derive(Default)]
struct Budget {
    cells: u64,
    rows: u64,
}

impl Budget {
    fn cell(&mut self, row: u32, column: u32) -> Result<(), Refusal> {
        self.cells += 1;
        let at = || format!("{}{}", kernel::problem::column_letters(column + 1), row + 1);
        if self.cells > CELLS_MAX {
            return Err(Refusal::limit("cells", CELLS_MAX).with("at", at()));
        }
        if column as usize >= COLUMNS_MAX {
            return Err(Refusal::limit("columns", COLUMNS_MAX).with("at", at()));
        }
        if row >= ROWS_MAX {
            return Err(Refusal::limit("rows", ROWS_MAX).with("at", at()));
        }
        Ok(())
    }
}

fn xlsx_sheet<R: Read + Seek + Send>(
    book: &mut Xlsx<R>,
    name: &str,
    merges: &[Dimensions],
    assembler: &mut Assembler<'_>,
    sink: &mut dyn Sink,
    budget: &mut Budget,
) -> Result<(), Refusal> {
    pipe::run(assembler, sink, |feed: &mut Feed| {
        xlsx_rows(book, name, merges, budget, &mut |row| {
            feed.row().0.copy_from(row);
            feed.done().is_ok()
        })
    })
}

/// Every row of one sheet, as it stands, with no register in mind; the first sheet where none is
/// named. `each` answers whether it wants more.
pub(crate) fn plain_rows<R: Read + Seek + Send>(
    mut source: R,
    format: Workbook,
    sheet: Option<&str>,
    each: &mut dyn FnMut(&RawRow) -> bool,
) -> Result<(), Refusal> {
    if format != Workbook::Xls {
        inspect_archive(&mut source)?;
        source.rewind().map_err(|e| Refusal::of_io(&e))?;
    }
    let source = BufReader::with_capacity(1 << 16, source);
    let options = Options { sheet: sheet.map(str::to_owned), ..Options::default() };
    let first = |names: Vec<String>| {
        chosen(names, &options)?.into_iter().next().ok_or_else(|| Refusal::new(RefusalCode::Empty))
    };
    let mut budget = Budget::default();
    match format {
        Workbook::Xlsx => {
            let mut book = Xlsx::new(source).map_err(|e| damaged(&e))?;
            let name = first(book.sheet_names())?;
            xlsx_rows(&mut book, &name, &[], &mut budget, each)
        }
        Workbook::Ods => {
            let mut book = Ods::new(source).map_err(|e| damaged(&e))?;
            let name = first(book.sheet_names())?;
            let range = book.worksheet_range(&name).map_err(|e| damaged(&e))?;
            whole_rows(&range, &mut budget, &mut |row| Ok(each(row)))
        }
        Workbook::Xls => {
            let mut book = Xls::new(source).map_err(|e| damaged(&e))?;
            let name = first(book.sheet_names())?;
            let range = book.worksheet_range(&name).map_err(|e| damaged(&e))?;
            whole_rows(&range, &mut budget, &mut |row| Ok(each(row)))
        }
    }
}

/// Streams the cells of a sheet and hands on its rows, until nobody wants more.
fn xlsx_rows<R: Read + Seek>(
    book: &mut Xlsx<R>,
    name: &str,
    merges: &[Dimensions],
    budget: &mut Budget,
    each: &mut dyn FnMut(&RawRow) -> bool,
) -> Result<(), Refusal> {
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        // A chart sheet is no table.
        Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(()),
        Err(e) => return Err(damaged(&e)),
    };
    let mut builder = RowBuilder::new(merges);
    let mut text = String::new();
    while let Some(cell) = cells.next_cell().map_err(|e| damaged(&e))? {
        let (row, column) = cell.get_position();
        text.clear();
        let kind = render(cell.get_value(), &mut text);
        if text.is_empty() {
            // Empty cells are counted as well: twenty million of them cost time, not memory.
            budget.cell(row, column.min(COLUMNS_MAX as u32 - 1))?;
            continue;
        }
        budget.cell(row, column)?;
        if let Some(done) = builder.cell(row, column, &text, kind) {
            budget.rows += 1;
            if !each(done) {
                return Ok(());
            }
        }
    }
    if let Some(done) = builder.finish() {
        budget.rows += 1;
        each(done);
    }
    Ok(())
}

fn whole_sheet(
    range: &calamine::Range<calamine::Data>,
    assembler: &mut Assembler<'_>,
    sink: &mut dyn Sink,
    budget: &mut Budget,
) -> Result<(), Refusal> {
    whole_rows(range, budget, &mut |row| assembler.line(row, sink).map(|()| true))
}

fn whole_rows(
    range: &calamine::Range<calamine::Data>,
    budget: &mut Budget,
    each: &mut dyn FnMut(&RawRow) -> Result<bool, Refusal>,
) -> Result<(), Refusal> {
    let Some((top, left)) = range.start() else { return Ok(()) };
    let mut row = RawRow::default();
    let mut text = String::new();
    for (i, cells) in range.rows().enumerate() {
        let at = top + i as u32;
        row.reset(at + 1);
        for _ in 0..left {
            row.push("", CellKind::Text);
        }
        let used = cells.iter().rposition(|c| *c != calamine::Data::Empty).map_or(0, |n| n + 1);
        for (j, cell) in cells[..used].iter().enumerate() {
            budget.cell(at, left + j as u32)?;
            text.clear();
            let kind = render(&borrowed(cell), &mut text);
            row.push(&text, kind);
        }
        if !row.is_blank() {
            budget.rows += 1;
            if !each(&row)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The streaming reader lends its cells, the whole-sheet reader owns them; both print the same.
fn borrowed(cell: &calamine::Data) -> DataRef<'_> {
    match cell {
        calamine::Data::Empty => DataRef::Empty,
        calamine::Data::String(s) => DataRef::SharedString(s),
        calamine::Data::Int(n) => DataRef::Int(*n),
        calamine::Data::Float(x) => DataRef::Float(*x),
        calamine::Data::Bool(b) => DataRef::Bool(*b),
        calamine::Data::DateTime(when) => DataRef::DateTime(*when),
        calamine::Data::DateTimeIso(s) => DataRef::DateTimeIso(s.clone()),
        calamine::Data::DurationIso(s) => DataRef::DurationIso(s.clone()),
        calamine::Data::Error(e) => DataRef::Error(e.clone()),
    }
}

/// The text of a cell. Numbers print in their shortest exact decimal form.
fn render(value: &DataRef<'_>, out: &mut String) -> CellKind {
    use std::fmt::Write as _;
    match value {
        DataRef::Empty => CellKind::Text,
        DataRef::String(s) => push_text(out, s),
        DataRef::SharedString(s) => push_text(out, s),
        DataRef::Int(n) => {
            let _ = write!(out, "{n}");
            CellKind::Number
        }
        DataRef::Float(x) => {
            let _ = write!(out, "{x}");
            CellKind::Number
        }
        DataRef::Bool(b) => {
            let _ = write!(out, "{b}");
            CellKind::Flag
        }
        DataRef::DateTime(when) if when.is_datetime() => {
            let (year, month, day, ..) = when.to_ymd_hms_milli();
            let _ = write!(out, "{year:04}-{month:02}-{day:02}");
            CellKind::Date
        }
        DataRef::DateTime(when) => {
            let _ = write!(out, "{}", when.as_f64());
            CellKind::Number
        }
        DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => {
            out.push_str(s);
            CellKind::Date
        }
        DataRef::Error(e) => {
            let _ = write!(out, "{e}");
            CellKind::Error
        }
    }
}

fn push_text(out: &mut String, text: &str) -> CellKind {
    out.push_str(text);
    CellKind::Text
}

/// Gathers the cells of a row, fills gaps, and repeats the value of a cell merged downwards.
struct RowBuilder {
    row: RawRow,
    done: RawRow,
    open: bool,
    /// Merged areas that reach below their first row, by first row, last first.
    merges: Vec<Dimensions>,
    /// Values carried down: column, last row, text, kind.
    carried: Vec<(u32, u32, String, CellKind)>,
}

impl RowBuilder {
    fn new(merges: &[Dimensions]) -> Self {
        let mut merges: Vec<Dimensions> =
            merges.iter().take(MERGES_MAX).filter(|m| m.end.0 > m.start.0).copied().collect();
        merges.sort_by_key(|m| std::cmp::Reverse(m.start));
        Self { row: RawRow::default(), done: RawRow::default(), open: false, merges, carried: Vec::new() }
    }

    /// Takes a cell; returns the row before it once a new row begins.
    fn cell(&mut self, row: u32, column: u32, text: &str, kind: CellKind) -> Option<&RawRow> {
        let mut finished = false;
        if !self.open || self.row.line != row + 1 {
            finished = self.close();
            self.row.reset(row + 1);
            self.open = true;
            self.carried.retain(|(_, last, ..)| *last >= row);
        }
        self.fill_to(column as usize);
        if self.row.len() == column as usize {
            self.row.push(text, kind);
        }
        while self.merges.last().is_some_and(|m| m.start < (row, column)) {
            self.merges.pop();
        }
        if let Some(merge) = self.merges.last().copied()
            && merge.start == (row, column)
        {
            self.carried.push((column, merge.end.0, text.to_owned(), kind));
            self.carried.sort_by_key(|c| c.0);
            self.merges.pop();
        }
        if finished { Some(&self.done) } else { None }
    }

    fn fill_to(&mut self, column: usize) {
        while self.row.len() < column {
            let at = self.row.len() as u32;
            let line = self.row.line;
            match self.carried.iter().find(|(c, last, ..)| *c == at && *last + 1 >= line) {
                Some((_, _, text, kind)) => self.row.push(text, *kind),
                None => self.row.push("", CellKind::Text),
            }
        }
    }

    fn close(&mut self) -> bool {
        if !self.open {
            return false;
        }
        // Values carried to columns right of the last filled cell belong to the row as well.
        if let Some(last) = self.carried.iter().map(|c| c.0 as usize + 1).max() {
            self.fill_to(last);
        }
        std::mem::swap(&mut self.row, &mut self.done);
        self.open = false;
        true
    }

    fn finish(&mut self) -> Option<&RawRow> {
        if self.close() { Some(&self.done) } else { None }
    }
}

/// Looks at the archive's directory before anything is unpacked. Says whether any sheet merges cells.
fn inspect_archive<R: Read + Seek>(source: &mut R) -> Result<bool, Refusal> {
    let declared = declared_entries(source)?;
    source.rewind().map_err(|e| Refusal::of_io(&e))?;
    let mut archive = zip::ZipArchive::new(&mut *source).map_err(|_| Refusal::new(RefusalCode::Truncated))?;
    let unsafe_archive = |why: &str| Refusal::new(RefusalCode::ArchiveUnsafe).with("detail", why);
    if archive.len() > ZIP_ENTRIES_MAX {
        return Err(Refusal::limit("zip_entries", ZIP_ENTRIES_MAX));
    }
    // The reader keeps one entry a name; a directory that promises more hides a second one.
    if declared.is_some_and(|n| n != archive.len()) {
        return Err(unsafe_archive("duplicate_names"));
    }
    let mut total = 0u64;
    let mut suspects = Vec::new();
    for i in 0..archive.len() {
        let entry = archive.by_index_raw(i).map_err(|_| Refusal::new(RefusalCode::Truncated))?;
        if entry.encrypted() {
            return Err(Refusal::new(RefusalCode::Encrypted));
        }
        let name = entry.name().to_owned();
        if entry.enclosed_name().is_none() || name.starts_with(['/', '\\']) || name.contains("..") {
            return Err(unsafe_archive("path"));
        }
        total = total.saturating_add(entry.size());
        if total > ZIP_UNPACKED_BYTES_MAX {
            return Err(Refusal::limit("zip_unpacked_bytes", ZIP_UNPACKED_BYTES_MAX).with("at", &name));
        }
        if entry.size() > ZIP_RATIO_FROM_BYTES && entry.size() / entry.compressed_size().max(1) > ZIP_RATIO_MAX {
            return Err(Refusal::limit("zip_ratio", ZIP_RATIO_MAX).with("at", &name));
        }
        if name.to_lowercase().ends_with("sharedstrings.xml") && entry.size() > SHARED_STRINGS_BYTES_MAX {
            return Err(Refusal::limit("shared_strings_bytes", SHARED_STRINGS_BYTES_MAX));
        }
        if name.to_lowercase().ends_with(".xml") {
            suspects.push(i);
        }
    }
    let mut merges = false;
    for i in suspects {
        let mut entry = archive.by_index(i).map_err(|_| Refusal::new(RefusalCode::Truncated))?;
        let is_sheet = entry.name().starts_with("xl/worksheets/");
        let mut head = Vec::new();
        (&mut entry).take(2048).read_to_end(&mut head).map_err(|e| Refusal::of_io(&e))?;
        if head.windows(9).any(|w| w.eq_ignore_ascii_case(b"<!DOCTYPE")) {
            return Err(unsafe_archive("doctype"));
        }
        merges |= is_sheet && !merges && contains(head, &mut entry, b"<mergeCell ")?;
    }
    Ok(merges)
}

/// Does a stream, whose beginning is already read, contain a word?
fn contains(mut buffer: Vec<u8>, rest: &mut impl Read, word: &[u8]) -> Result<bool, Refusal> {
    let finder = memchr::memmem::Finder::new(word);
    loop {
        if finder.find(&buffer).is_some() {
            return Ok(true);
        }
        // The last bytes stay, in case the word lies across the border.
        buffer.drain(..buffer.len().saturating_sub(word.len()));
        let before = buffer.len();
        if rest.take(1 << 16).read_to_end(&mut buffer).map_err(|e| Refusal::of_io(&e))? == 0 {
            return Ok(false);
        }
        debug_assert!(buffer.len() > before);
    }
}

/// Entries the end-of-directory record promises; `None` for an archive in the 64-bit form.
fn declared_entries<R: Read + Seek>(source: &mut R) -> Result<Option<usize>, Refusal> {
    let size = source.seek(SeekFrom::End(0)).map_err(|e| Refusal::of_io(&e))?;
    let from = size.saturating_sub(66_000);
    source.seek(SeekFrom::Start(from)).map_err(|e| Refusal::of_io(&e))?;
    let mut tail = Vec::new();
    source.take(66_000).read_to_end(&mut tail).map_err(|e| Refusal::of_io(&e))?;
    let Some(at) = tail.windows(4).rposition(|w| w == b"PK\x05\x06") else {
        return Err(Refusal::new(RefusalCode::Truncated));
    };
    let count = tail.get(at + 10..at + 12).map(|b| usize::from(u16::from_le_bytes([b[0], b[1]])));
    Ok(count.filter(|n| *n != 0xFFFF))
}
