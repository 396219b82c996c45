//! From raw lines to a table of a register: header, styles, checks.

use crate::header::{self, Header};
use crate::limits::{CELL_BYTES_MAX, PROBLEMS_MAX, STYLE_VOTE_ROWS};
use crate::{Options, Refusal, RefusalCode};
use kernel::problem::{Problem, ProblemCode};
use registers::{Columns, RawRow, Register, StyleVotes};
use serde::{Deserialize, Serialize};

/// A table begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableStart {
    /// Sheet name, for workbooks.
    pub sheet: Option<String>,
    /// Register.
    pub register: String,
    /// Columns with their settled styles.
    pub columns: Columns,
    /// Line of the header; 0 for JSON, which has none.
    pub header_line: u32,
    /// How the bytes were read: encoding and separator, for the clerk to see.
    pub reading: String,
}

/// A table ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEnd {
    /// Data rows delivered.
    pub rows: u64,
    /// Problems found, listed or not.
    pub problems: u64,
}

/// Receives what a file holds, in order.
pub trait Sink {
    /// A table begins.
    fn table(&mut self, start: TableStart);
    /// A data row of the current table.
    fn row(&mut self, row: &RawRow);
    /// A problem of the current table.
    fn problem(&mut self, problem: Problem);
    /// The current table ends.
    fn end(&mut self, end: TableEnd);
    /// A sheet that is no register, beside others that are.
    fn unrecognised_sheet(&mut self, name: &str, rows: u64);
}

/// A sink that keeps everything: for tests and small files.
#[derive(Debug, Default)]
pub struct Collect {
    /// Tables in order.
    pub tables: Vec<Collected>,
    /// Sheets left out, with their filled rows.
    pub unrecognised: Vec<(String, u64)>,
}

/// One kept table.
#[derive(Debug)]
pub struct Collected {
    /// Register.
    pub register: String,
    /// Columns.
    pub columns: Columns,
    /// Rows.
    pub rows: Vec<RawRow>,
    /// Problems.
    pub problems: Vec<Problem>,
}

impl Sink for Collect {
    fn table(&mut self, start: TableStart) {
        self.tables.push(Collected {
            register: start.register,
            columns: start.columns,
            rows: Vec::new(),
            problems: Vec::new(),
        });
    }
    fn row(&mut self, row: &RawRow) {
        if let Some(table) = self.tables.last_mut() {
            table.rows.push(row.clone());
        }
    }
    fn problem(&mut self, problem: Problem) {
        if let Some(table) = self.tables.last_mut() {
            table.problems.push(problem);
        }
    }
    fn end(&mut self, _: TableEnd) {}
    fn unrecognised_sheet(&mut self, name: &str, rows: u64) {
        self.unrecognised.push((name.to_owned(), rows));
    }
}

/// Takes raw lines one by one. It waits for the header, then for enough rows to settle the styles
/// of the columns, then passes rows through: memory does not grow with the table.
pub(crate) struct Assembler<'a> {
    options: &'a Options,
    sheet: Option<String>,
    reading: String,
    stage: Stage,
    end: TableEnd,
    scratch: Vec<Problem>,
    report_ragged: bool,
}

enum Stage {
    Searching(Vec<RawRow>),
    Voting(Bound, Vec<RawRow>),
    Passing(Bound),
}

struct Bound {
    register: &'static Register,
    columns: Columns,
    header: Header,
    problems: Vec<Problem>,
    votes: StyleVotes,
}

impl<'a> Assembler<'a> {
    pub(crate) fn new(options: &'a Options, sheet: Option<String>, reading: String) -> Self {
        Self {
            options,
            sheet,
            reading,
            stage: Stage::Searching(Vec::new()),
            end: TableEnd::default(),
            scratch: Vec::new(),
            report_ragged: false,
        }
    }

    /// A text file has a separator for every cell; a row with fewer is broken. Spreadsheets leave
    /// empty cells out.
    pub(crate) fn with_ragged_rows_reported(mut self) -> Self {
        self.report_ragged = true;
        self
    }

    /// For JSON: the headers are known beforehand.
    pub(crate) fn with_headers(options: &'a Options, headers: &[String], reading: String) -> Result<Self, Refusal> {
        let texts: Vec<&str> = headers.iter().map(String::as_str).collect();
        let header = Header { line: 0, texts: headers.to_vec() };
        let bound = bind(options, &texts, header)?;
        Ok(Self { stage: Stage::Voting(bound, Vec::new()), ..Self::new(options, None, reading) })
    }

    /// Takes one raw line.
    pub(crate) fn line(&mut self, row: &RawRow, sink: &mut dyn Sink) -> Result<(), Refusal> {
        match &mut self.stage {
            Stage::Searching(seen) => {
                if row.is_blank() && self.options.header_row.is_none() {
                    return Ok(());
                }
                seen.push(row.clone());
                if seen.len() >= crate::limits::HEADER_SEARCH_ROWS {
                    self.find_header(sink)?;
                }
            }
            Stage::Voting(bound, held) => {
                if let Some(row) = accept(bound, row, self.report_ragged, &mut self.scratch) {
                    bound.votes.count(bound.register, &bound.columns, row);
                    held.push(row.clone());
                    if held.len() >= STYLE_VOTE_ROWS {
                        self.settle(sink);
                    }
                }
            }
            Stage::Passing(bound) => {
                let accepted = accept(bound, row, self.report_ragged, &mut self.scratch).is_some();
                if accepted {
                    registers::check::check_row(bound.register, &bound.columns, row, &mut self.scratch);
                    self.end.rows += 1;
                    sink.row(row);
                }
                flush(&mut self.scratch, &mut self.end, sink);
            }
        }
        Ok(())
    }

    fn find_header(&mut self, sink: &mut dyn Sink) -> Result<(), Refusal> {
        let Stage::Searching(seen) = &mut self.stage else { return Ok(()) };
        let seen = std::mem::take(seen);
        let (bound, after) = header::find(&seen, self.options)?;
        let Found { register, columns, header, problems } = bound;
        self.stage =
            Stage::Voting(Bound { register, columns, header, problems, votes: StyleVotes::default() }, Vec::new());
        for row in &seen[after..] {
            self.line(row, sink)?;
        }
        Ok(())
    }

    fn settle(&mut self, sink: &mut dyn Sink) {
        let Stage::Voting(bound, held) = &mut self.stage else { return };
        let held = std::mem::take(held);
        bound.problems.extend(bound.votes.settle(&mut bound.columns));
        if let Some(style) = self.options.number_style {
            for column in &mut bound.columns.columns {
                column.style = style;
            }
        }
        sink.table(TableStart {
            sheet: self.sheet.clone(),
            register: bound.register.id.clone(),
            columns: bound.columns.clone(),
            header_line: bound.header.line,
            reading: std::mem::take(&mut self.reading),
        });
        let mut early = std::mem::take(&mut bound.problems);
        early.append(&mut self.scratch);
        self.scratch = early;
        for row in &held {
            registers::check::check_row(bound.register, &bound.columns, row, &mut self.scratch);
            self.end.rows += 1;
            sink.row(row);
        }
        flush(&mut self.scratch, &mut self.end, sink);
        let Stage::Voting(bound, _) = std::mem::replace(&mut self.stage, Stage::Searching(Vec::new())) else { return };
        self.stage = Stage::Passing(bound);
    }

    /// A remark about one line that only the reader of the bytes could see.
    pub(crate) fn remark(&mut self, problem: Problem) {
        self.scratch.push(problem);
    }

    /// No more lines.
    pub(crate) fn finish(mut self, sink: &mut dyn Sink) -> Result<TableEnd, Refusal> {
        if let Stage::Searching(seen) = &self.stage {
            if seen.is_empty() {
                return Err(Refusal::new(RefusalCode::Empty));
            }
            self.find_header(sink)?;
        }
        if let Stage::Voting(_, held) = &self.stage {
            if held.is_empty() {
                return Err(Refusal::new(RefusalCode::NoRows));
            }
            self.settle(sink);
        }
        flush(&mut self.scratch, &mut self.end, sink);
        sink.end(self.end);
        Ok(self.end)
    }

    /// Lines seen so far while no header was found.
    pub(crate) fn lines_without_header(&self) -> Option<usize> {
        match &self.stage {
            Stage::Searching(seen) => Some(seen.len()),
            _ => None,
        }
    }
}

fn flush(scratch: &mut Vec<Problem>, end: &mut TableEnd, sink: &mut dyn Sink) {
    for problem in scratch.drain(..) {
        end.problems += 1;
        if end.problems <= PROBLEMS_MAX as u64 {
            sink.problem(problem);
        }
    }
}

/// A header found and bound to a register.
pub(crate) struct Found {
    pub(crate) register: &'static Register,
    pub(crate) columns: Columns,
    pub(crate) header: Header,
    pub(crate) problems: Vec<Problem>,
}

fn bind(options: &Options, headers: &[&str], header: Header) -> Result<Bound, Refusal> {
    let Found { register, columns, header, problems } = header::bind(options, headers, header)?;
    Ok(Bound { register, columns, header, problems, votes: StyleVotes::default() })
}

/// Is this line a data row? Blank lines are not; a header that stands again, or a line of column
/// numbers below it, is a remark.
fn accept<'r>(bound: &Bound, row: &'r RawRow, report_ragged: bool, problems: &mut Vec<Problem>) -> Option<&'r RawRow> {
    if row.is_blank() {
        return None;
    }
    if bound.header.is_repeated_by(row) {
        problems.push(Problem::of_row(ProblemCode::HeaderRepeated, row.line));
        return None;
    }
    if bound.header.is_numbered_by(row) {
        return None;
    }
    let width = bound.header.texts.len();
    let extra = (width..row.len()).any(|i| !row.cell(i).trim().is_empty());
    if extra || (report_ragged && row.len() < width) {
        problems.push(Problem::of_row(ProblemCode::CellsCount, row.line));
    }
    for (i, (text, _)) in row.cells().enumerate() {
        if text.len() > CELL_BYTES_MAX {
            let mut problem = Problem::of_row(ProblemCode::CellTooLong, row.line);
            problem.column = Some(i as u32 + 1);
            problems.push(problem);
        }
    }
    Some(row)
}
