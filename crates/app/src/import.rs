//! Import: bytes through the limited child into one transaction, with every row accounted for.

use crate::{Fault, Language};
use intake::{Options, Refusal, Sink, TableEnd, TableStart};
use kernel::Problem;
use kernel::problem::ProblemCode;
use phrases::say_named;
use registers::RawRow;
use serde::Serialize;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use store::{FileFacts, Import, Store, TableFacts, Tally};

/// Problems printed per table; all are stored and counted.
pub const PROBLEMS_SHOWN: usize = 1_000;

/// What became of one table of a file.
#[derive(Debug, Clone)]
pub struct TableOutcome {
    /// Register.
    pub register: String,
    /// Sheet.
    pub sheet: Option<String>,
    /// Rows.
    pub tally: Tally,
    /// Problems listed.
    pub problems: Vec<Problem>,
    /// All problems, listed or not.
    pub problems_total: u64,
}

/// What became of one file.
#[derive(Debug, Clone)]
pub struct FileOutcome {
    /// Its name as given.
    pub file: String,
    /// Its tables; empty where it was refused.
    pub tables: Vec<TableOutcome>,
    /// Why it was refused.
    pub refused: Option<Refusal>,
}

/// How to import.
pub struct Request<'a> {
    /// The program to start as the limited child.
    pub program: &'a Path,
    /// What the clerk said about the file.
    pub options: Options,
    /// Look, store nothing.
    pub dry_run: bool,
    /// Now, UTC, RFC 3339.
    pub now: String,
    /// Name under which the file is known, where its path does not say it.
    pub name: Option<&'a str>,
    /// Called now and then with the rows read.
    pub progress: &'a dyn Fn(u64),
}

/// Imports one file.
///
/// # Errors
/// [`Fault`] of disk or database. A file that cannot be used is an outcome, not an error.
pub fn import_file(store: &mut Store, path: &Path, request: &Request<'_>) -> Result<FileOutcome, Fault> {
    let name = request.name.map_or_else(|| path.display().to_string(), str::to_owned);
    let refused = |refusal| Ok(FileOutcome { file: name.clone(), tables: Vec::new(), refused: Some(refusal) });
    let (mut file, digest, bytes) = match open(store, path, &request.options)? {
        Ok(opened) => opened,
        Err(refusal) => return refused(refusal),
    };
    let (mut digest, first) = (digest, digest);
    let mut again = 0u32;
    while let Some((id, withdrawn)) = store.import_known(&digest)? {
        if !withdrawn {
            return known_outcome(store, id, name);
        }
        // Taken back and brought again: another import of the same bytes.
        again += 1;
        digest = store.blind(&[&first, &again.to_le_bytes()]);
    }
    if file.rewind().is_err() {
        return refused(Refusal::new(intake::RefusalCode::Unreadable).with("detail", "seek"));
    }
    let short = match request.name {
        Some(name) => name.to_owned(),
        None => path.file_name().map_or_else(|| name.clone(), |n| n.to_string_lossy().into_owned()),
    };
    let facts = FileFacts { name: short, digest, bytes, recorded_at: request.now.clone() };
    let mut sink = StoreSink {
        import: store.import_begin(&facts)?,
        tables: Vec::new(),
        fault: None,
        rows: 0,
        progress: request.progress,
    };
    let read = intake::child::read_in_child(request.program, file, &request.options, &mut sink);
    if let Some(fault) = sink.fault {
        return Err(fault);
    }
    if let Err(refusal) = read {
        // Dropping the import rolls it back: a refused file leaves no trace.
        return refused(refusal);
    }
    let StoreSink { import, mut tables, .. } = sink;
    let tallies = if request.dry_run { import.abandon()? } else { import.commit()? };
    for (table, (_, tally)) in tables.iter_mut().zip(tallies) {
        table.tally = tally;
    }
    Ok(FileOutcome { file: name, tables, refused: None })
}

type Opened = (File, [u8; 16], u64);

/// Opens a file and digests it with the options: the same bytes read another way are another import.
fn open(store: &Store, path: &Path, options: &Options) -> Result<Result<Opened, Refusal>, Fault> {
    let unreadable = |e: &std::io::Error| Refusal::new(intake::RefusalCode::Unreadable).with("detail", e.kind());
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(e) => return Ok(Err(unreadable(&e))),
    };
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0u8; 1 << 16];
    let mut bytes = 0u64;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                hasher.update(&buffer[..n]);
                bytes += n as u64;
            }
            Err(e) => return Ok(Err(unreadable(&e))),
        }
    }
    let options = serde_json::to_vec(options).map_err(|e| Fault(e.to_string()))?;
    let digest = store.blind(&[hasher.finalize().as_bytes(), &options]);
    Ok(Ok((file, digest, bytes)))
}

/// The same file again: nothing happens, and the answer says so.
fn known_outcome(store: &Store, id: i64, file: String) -> Result<FileOutcome, Fault> {
    let mut tables: Vec<TableOutcome> = store
        .file_tables(id)?
        .into_iter()
        .map(|(register, sheet, rows)| TableOutcome {
            register,
            sheet,
            tally: Tally { rows, unchanged: rows, ..Tally::default() },
            problems: Vec::new(),
            problems_total: 0,
        })
        .collect();
    for (at, problem) in store.file_problems(id)? {
        if let Some(table) = tables.get_mut(at) {
            table.problems_total += 1;
            table.problems.push(problem);
        }
    }
    Ok(FileOutcome { file, tables, refused: None })
}

struct StoreSink<'s, 'p> {
    import: Import<'s>,
    tables: Vec<TableOutcome>,
    fault: Option<Fault>,
    rows: u64,
    progress: &'p dyn Fn(u64),
}

impl StoreSink<'_, '_> {
    fn note<T>(&mut self, result: Result<T, store::Fault>) {
        if let (Err(fault), None) = (result, &self.fault) {
            self.fault = Some(fault.into());
        }
    }
}

impl Sink for StoreSink<'_, '_> {
    fn table(&mut self, start: TableStart) {
        self.tables.push(TableOutcome {
            register: start.register.clone(),
            sheet: start.sheet.clone(),
            tally: Tally::default(),
            problems: Vec::new(),
            problems_total: 0,
        });
        let facts = TableFacts {
            sheet: start.sheet,
            columns: start.columns,
            header_line: start.header_line,
            reading: start.reading,
        };
        let result = self.import.table(facts);
        self.note(result);
    }

    fn row(&mut self, row: &RawRow) {
        if self.fault.is_none() {
            let result = self.import.row(row);
            self.note(result);
            self.rows += 1;
            if self.rows.is_multiple_of(10_000) {
                (self.progress)(self.rows);
            }
        }
    }

    fn problem(&mut self, problem: Problem) {
        let result = self.import.problem(&problem);
        self.note(result);
        if let Some(table) = self.tables.last_mut() {
            table.problems_total += 1;
            table.problems.push(problem);
        }
    }

    fn end(&mut self, end: TableEnd) {
        if let Some(table) = self.tables.last_mut() {
            table.problems_total = table.problems_total.max(end.problems);
        }
    }

    fn unrecognised_sheet(&mut self, name: &str, _: u64) {
        let mut problem = Problem::of_table(ProblemCode::SheetUnrecognised);
        problem.header = Some(name.to_owned());
        self.problem(problem);
    }
}

/// A problem as its sentence.
pub fn problem_sentence(problem: &Problem, language: Language) -> String {
    let name = format!("problem-{}", problem.code.name().replace('_', "-"));
    let row = problem.row.map(|r| r.to_string()).unwrap_or_default();
    say_named(
        language,
        &name,
        &[
            ("address", &problem.address()),
            ("row", &row),
            ("header", problem.header.as_deref().unwrap_or("-")),
            ("excerpt", problem.excerpt.as_deref().unwrap_or("***")),
        ],
    )
}

/// A refusal as its sentence.
pub fn refusal_sentence(file: &str, refusal: &Refusal, language: Language) -> String {
    let name = format!("refusal-{}", refusal.code.name().replace('_', "-"));
    let mut arguments: Vec<(&str, &str)> = vec![("file", file)];
    for fact in ["at", "limit", "max", "nearest", "missing", "line", "column", "detail", "name", "memory_mb", "seconds"]
    {
        arguments.push((fact, refusal.facts.get(fact).map_or("-", String::as_str)));
    }
    say_named(language, &name, &arguments)
}

#[derive(Serialize)]
struct JsonProblem {
    code: &'static str,
    row: Option<u32>,
    column: Option<String>,
    message: String,
}

#[derive(Serialize)]
struct JsonRefusal {
    code: &'static str,
    message: String,
}

#[derive(Serialize)]
struct JsonFile {
    file: String,
    sheet: Option<String>,
    register: Option<String>,
    rows: u64,
    new: u64,
    changed: u64,
    unchanged: u64,
    problems: Vec<JsonProblem>,
    problems_total: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<JsonRefusal>,
}

/// The outcomes as the JSON contract of `payung import --json`. A workbook with several registers
/// has one entry each.
pub fn outcomes_json(outcomes: &[FileOutcome], language: Language) -> serde_json::Value {
    let mut files = Vec::new();
    for outcome in outcomes {
        if let Some(refusal) = &outcome.refused {
            let message = refusal_sentence(&outcome.file, refusal, language);
            files.push(JsonFile {
                file: outcome.file.clone(),
                sheet: None,
                register: None,
                rows: 0,
                new: 0,
                changed: 0,
                unchanged: 0,
                problems: vec![JsonProblem {
                    code: refusal.code.name(),
                    row: None,
                    column: None,
                    message: message.clone(),
                }],
                problems_total: 1,
                refused: Some(JsonRefusal { code: refusal.code.name(), message }),
            });
        }
        for table in &outcome.tables {
            let shown = table.problems.iter().take(PROBLEMS_SHOWN);
            files.push(JsonFile {
                file: outcome.file.clone(),
                sheet: table.sheet.clone(),
                register: Some(table.register.clone()),
                rows: table.tally.rows,
                new: table.tally.new,
                changed: table.tally.changed,
                unchanged: table.tally.unchanged,
                problems: shown
                    .map(|p| JsonProblem {
                        code: p.code.name(),
                        row: p.row,
                        column: p.column.map(kernel::problem::column_letters),
                        message: problem_sentence(p, language),
                    })
                    .collect(),
                problems_total: table.problems_total,
                refused: None,
            });
        }
    }
    serde_json::json!({ "files": files })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_and_refusal_has_its_sentence() {
        for code in ProblemCode::ALL {
            let said = problem_sentence(&Problem::of_row(code, 3), Language::Indonesian);
            assert!(!said.starts_with("problem-"), "{said}");
        }
        for code in intake::RefusalCode::ALL {
            let said = refusal_sentence("x.csv", &Refusal::new(code), Language::English);
            assert!(said.starts_with("x.csv"), "{said}");
        }
    }
}
