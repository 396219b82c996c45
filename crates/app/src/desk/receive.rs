//! Files laid on the desk: kept under their digest, looked at before anything is stored, then stored by a job.

use super::{Desk, event, lock};
use crate::import::{FileOutcome, Request, import_file, problem_sentence, refusal_sentence};
use crate::{Fault, Language, clock};
use authz::{Change, Import, Permit};
pub use intake::Options as Reading;
use intake::{Options, Refusal, Sink, TableEnd, TableStart};
use kernel::Problem;
use registers::RawRow;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use store::{Job, JobAsk, Upload};

/// Rows shown of each table before a clerk says yes.
pub const SAMPLE_ROWS: usize = 10;

/// Largest file taken.
pub const FILE_BYTES_MAX: u64 = 256 << 20;

/// What a personal cell shows.
const MASK: &str = "•••";

/// How a column will be read.
#[derive(Debug, Clone)]
pub struct PreviewColumn {
    /// Header in the file.
    pub header: String,
    /// Field of the register; empty where no register knows it (it is kept all the same).
    pub field: String,
    /// Sealed at rest, masked on screen.
    pub personal: bool,
    /// Problems by sentence: how many, and the first cell.
    pub problems: Vec<(String, u64, String)>,
}

/// How a table will be read.
#[derive(Debug, Clone)]
pub struct PreviewTable {
    /// Register.
    pub register: String,
    /// Sheet.
    pub sheet: Option<String>,
    /// Encoding and separator.
    pub reading: String,
    /// Line of the header.
    pub header_line: u32,
    /// Columns.
    pub columns: Vec<PreviewColumn>,
    /// Problems of rows or of the table as a whole.
    pub problems: Vec<(String, u64, String)>,
    /// First rows, personal cells masked.
    pub sample: Vec<Vec<String>>,
    /// All rows.
    pub rows: u64,
    /// All problems.
    pub problems_total: u64,
}

/// How a file will be read, or why it cannot be.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// Tables.
    pub tables: Vec<PreviewTable>,
    /// Why it was refused, as a sentence.
    pub refused: Option<String>,
    /// Line and texts of the row that is likely the header, where it was refused for what its headers say.
    pub header: Option<(u32, Vec<String>)>,
    /// What the clerk said about the file before.
    pub options: Options,
}

/// Registers a clerk may choose from, with their titles: those whose sheets people type or correct.
pub fn register_choices(language: Language) -> Vec<(String, String)> {
    let listed = registers::registers().iter().filter(|r| r.by_field);
    let title = |id: &str| crate::template::register_title(id, language);
    let mut list: Vec<(String, String)> = listed.map(|r| (r.id.clone(), title(&r.id))).collect();
    list.sort_by(|a, b| a.1.cmp(&b.1));
    list
}

/// Fields of a register a column may be, with what each holds.
pub fn field_choices(register: &str, language: Language) -> Vec<(String, String)> {
    let said = |c: &registers::Column| {
        let note = if language == Language::English { &c.note.en } else { &c.note.id };
        if note.is_empty() { c.field.replace('_', " ") } else { note.clone() }
    };
    let columns = registers::register(register).map(|r| r.columns.as_slice()).unwrap_or_default();
    columns.iter().map(|c| (c.field.clone(), said(c))).collect()
}

/// Keeps what a clerk says about a file that is not stored yet; the next look reads it so.
///
/// # Errors
/// [`Fault`] of the database. False where the file is being stored already.
pub fn say(
    desk: &Desk,
    permit: &Permit<Change, Import>,
    upload: &Upload,
    options: &Options,
    request: &str,
) -> Result<bool, Fault> {
    let text = serde_json::to_string(options).map_err(|e| Fault(e.to_string()))?;
    let told = event(permit.actor(), "upload_reading", &format!("upload:{}", upload.id), request);
    Ok(desk.write(|store| store.upload_read_so(upload.id, &text, told))?)
}

impl Desk {
    fn upload_path(&self, upload: &Upload) -> Result<PathBuf, Fault> {
        Ok(self.uploads()?.join(&upload.digest))
    }
}

/// Takes a file that lies whole at `path` (a working name in the folder of uploads). It is renamed to its
/// digest, so the same bytes lie there once.
///
/// # Errors
/// [`Fault`] of disk or database.
pub fn take(
    desk: &Desk,
    permit: &Permit<Change, Import>,
    path: &Path,
    digest: &str,
    name: &str,
    bytes: u64,
    request: &str,
) -> Result<i64, Fault> {
    let target = desk.uploads()?.join(digest);
    File::open(path).and_then(|f| f.sync_all()).map_err(|e| Fault::io(path, &e))?;
    std::fs::rename(path, &target).map_err(|e| Fault::io(&target, &e))?;
    let upload = Upload {
        id: 0,
        digest: digest.to_owned(),
        name: kernel::text::excerpt(name, 200),
        bytes,
        member: permit.actor(),
        at: clock::now(),
        options: serde_json::to_string(&Options::default()).map_err(|e| Fault(e.to_string()))?,
        job: None,
    };
    let told = event(permit.actor(), "upload", "", request);
    Ok(desk.write(|store| store.upload_add(&upload, told))?)
}

/// Files whose rows are remembered.
const COUNTED_MAX: usize = 1_000;

/// Does the file of an upload still lie here? It goes once it is stored, or after [`super::uploads::WAIT_DAYS`].
///
/// # Errors
/// [`Fault`] of the disk.
pub fn is_there(desk: &Desk, upload: &Upload) -> Result<bool, Fault> {
    Ok(desk.upload_path(upload)?.exists())
}

/// Reads a file as an import would, and stores nothing.
///
/// # Errors
/// [`Fault`] of the disk. A file that cannot be used is an answer.
pub fn preview(desk: &Desk, upload: &Upload, language: Language) -> Result<Preview, Fault> {
    let path = desk.upload_path(upload)?;
    let file = File::open(&path).map_err(|e| Fault::io(&path, &e))?;
    let options: Options = serde_json::from_str(&upload.options).map_err(|e| Fault(e.to_string()))?;
    let mut sink = PreviewSink { language, ..PreviewSink::default() };
    let refused = intake::child::read_in_child(&desk.program, file, &options, &mut sink).err();
    if refused.is_none() {
        let mut counted = lock(&desk.counted);
        if counted.len() >= COUNTED_MAX {
            counted.clear();
        }
        counted.insert(upload.digest.clone(), sink.tables.iter().map(|t| t.rows).sum());
    }
    Ok(Preview {
        header: refused.as_ref().and_then(Refusal::likely_header),
        refused: refused.map(|r| refusal_sentence(&upload.name, &r, language)),
        tables: sink.tables,
        options,
    })
}

#[derive(Default)]
struct PreviewSink {
    language: Language,
    tables: Vec<PreviewTable>,
}

impl Sink for PreviewSink {
    fn table(&mut self, start: TableStart) {
        let register = registers::register(&start.register);
        let columns = start
            .columns
            .columns
            .iter()
            .map(|c| PreviewColumn {
                header: c.header.clone(),
                field: c
                    .field
                    .and_then(|f| register.map(|r| r.columns[usize::from(f)].field.clone()))
                    .unwrap_or_default(),
                personal: c.personal,
                problems: Vec::new(),
            })
            .collect();
        self.tables.push(PreviewTable {
            register: start.register,
            sheet: start.sheet,
            reading: start.reading,
            header_line: start.header_line,
            columns,
            problems: Vec::new(),
            sample: Vec::new(),
            rows: 0,
            problems_total: 0,
        });
    }

    fn row(&mut self, row: &RawRow) {
        let Some(table) = self.tables.last_mut() else { return };
        table.rows += 1;
        if table.sample.len() < SAMPLE_ROWS {
            let cell = |(i, c): (usize, &PreviewColumn)| match (i < row.len(), c.personal) {
                (false, _) => String::new(),
                (true, true) if !row.cell(i).is_empty() => MASK.to_owned(),
                (true, _) => kernel::text::excerpt(row.cell(i), 60),
            };
            table.sample.push(table.columns.iter().enumerate().map(cell).collect());
        }
    }

    fn problem(&mut self, problem: Problem) {
        let Some(table) = self.tables.last_mut() else { return };
        table.problems_total += 1;
        let at = problem.column.and_then(|c| usize::try_from(c).ok()?.checked_sub(1));
        let list = match at.and_then(|at| table.columns.get_mut(at)) {
            Some(column) => &mut column.problems,
            None => &mut table.problems,
        };
        let code = problem.code.name().to_owned();
        match list.iter_mut().find(|(c, _, _)| *c == code) {
            Some((_, count, _)) => *count += 1,
            None => list.push((code, 1, problem_sentence(&problem, self.language))),
        }
    }

    fn end(&mut self, end: TableEnd) {
        if let Some(table) = self.tables.last_mut() {
            table.problems_total = table.problems_total.max(end.problems);
        }
    }

    fn unrecognised_sheet(&mut self, name: &str, _: u64) {
        let mut problem = Problem::of_table(kernel::problem::ProblemCode::SheetUnrecognised);
        problem.header = Some(name.to_owned());
        self.problem(problem);
    }
}

/// Asks for an upload to be stored as it was read; the answer is the job. None where somebody said meanwhile that it is to
/// be read otherwise.
///
/// # Errors
/// [`Fault`] of the database.
pub fn ask_store(desk: &Desk, permit: &Permit<Change, Import>, upload: &Upload) -> Result<Option<i64>, Fault> {
    let subject = serde_json::json!({ "upload": upload.id }).to_string();
    let job = JobAsk { kind: "import", subject: &subject, by: permit.actor(), at: &clock::now(), not_before: 0 };
    let job = desk.write(|store| store.upload_store(upload, &job))?;
    desk.wake();
    Ok(job)
}

/// Stores an upload: the job.
///
/// # Errors
/// [`Fault`] of disk or database.
pub(super) fn store_upload(desk: &Desk, job: &Job, tell: &dyn Fn(u64, u64)) -> Result<serde_json::Value, Fault> {
    let subject: BTreeMap<String, i64> = serde_json::from_str(&job.subject).map_err(|e| Fault(e.to_string()))?;
    let id = subject.get("upload").copied().unwrap_or_default();
    let upload = desk
        .read(|store| store.upload(id).map_err(Fault::from))?
        .ok_or_else(|| Fault(format!("upload {id} is gone")))?;
    let path = desk.upload_path(&upload)?;
    let options: Options = serde_json::from_str(&upload.options).map_err(|e| Fault(e.to_string()))?;
    // Nobody looked, or the program has started anew since: then it says how far it is and not how far it has to go.
    let total = lock(&desk.counted).get(&upload.digest).copied().unwrap_or(0);
    let request = Request {
        program: &desk.program,
        options,
        dry_run: false,
        now: clock::now(),
        name: Some(&upload.name),
        progress: &|rows| tell(rows, total),
    };
    let outcome = desk.write(|store| import_file(store, &path, &request))?;
    Ok(outcome_json(&upload.name, &outcome))
}

/// Did a member store this file: lay its bytes here, with this reading, in an import that brought something new?
///
/// # Errors
/// [`Fault`] of the database.
pub fn has_stored(desk: &Desk, member: Option<i64>, file: i64) -> Result<bool, Fault> {
    let Some(member) = member else { return Ok(false) };
    desk.read(|s| {
        let Some(digest) = s.file_digest(file)? else { return Ok(false) };
        for (upload, outcome) in s.uploads_stored(member)? {
            let told: serde_json::Value = serde_json::from_str(&outcome).unwrap_or_default();
            let brought = ["new", "changed"].iter().any(|k| told[k].as_u64().unwrap_or(0) > 0);
            let bytes = super::unhex(&upload.digest).unwrap_or_default();
            if brought && desk.blind(&[&bytes, upload.options.as_bytes()]) == digest {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

fn outcome_json(name: &str, outcome: &FileOutcome) -> serde_json::Value {
    let sum = |of: &dyn Fn(&crate::import::TableOutcome) -> u64| outcome.tables.iter().map(of).sum::<u64>();
    let refused = |r: &Refusal| serde_json::json!({ "id": refusal_sentence(name, r, Language::Indonesian), "en": refusal_sentence(name, r, Language::English) });
    serde_json::json!({
        "rows": sum(&|t| t.tally.rows),
        "new": sum(&|t| t.tally.new),
        "changed": sum(&|t| t.tally.changed),
        "unchanged": sum(&|t| t.tally.unchanged),
        "problems": sum(&|t| t.problems_total),
        "registers": outcome.tables.iter().map(|t| t.register.clone()).collect::<Vec<_>>(),
        "refused": outcome.refused.as_ref().map(refused),
    })
}
