//! A list laid down for a project's roster: read once, sealed, mended in place, compared anew at every look.

use crate::clock;
use crate::desk::{Desk, event};
use crate::import::refusal_sentence;
use crate::{Fault, Language};
use authz::{Change, Permit, Person};
use intake::{Options, Sink, TableEnd, TableStart};
use kernel::origin::TableId;
use kernel::problem::ProblemCode;
use kernel::{Date, Problem};
use registers::records::{Entry, RowView, Table, read_entry};
use registers::{CellKind, Columns, RawRow, Register};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use store::RosterDraft;

/// The register rosters are kept in.
pub(super) const REGISTER: &str = "daftar_pekerja";

/// What a line of a list may say, in the order of a list.
pub const FIELDS: [&str; 14] = [
    "nama",
    "nik",
    "tempat_lahir",
    "tgl_lahir",
    "jenis_kelamin",
    "alamat",
    "hp",
    "kpj",
    "jabatan",
    "jenis_upah",
    "upah",
    "subkontraktor",
    "mulai_bekerja",
    "selesai_bekerja",
];

/// Lines of one list at most: no site has more people, and a look at them is one page.
pub const LINES_MAX: usize = 5_000;

/// A line of a list, its cells as they are read or as they stand where they do not read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Sheet of the workbook.
    pub sheet: Option<String>,
    /// Row there.
    pub line: u32,
    /// Cells by field; nothing for an empty one.
    pub cells: BTreeMap<String, String>,
    /// The NIK stood there as a number.
    pub nik_is_number: bool,
    /// Left out by whoever mends.
    pub skip: bool,
    /// Whether somebody probably known is the same person, once somebody has said so.
    pub same: Option<bool>,
}

/// A list laid down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Day of the list.
    pub day: String,
    /// Lines.
    pub lines: Vec<Line>,
    /// Lines that name nobody: totals, signatures, blanks.
    pub nobody: u64,
    /// Headers no field was found for.
    pub unread: Vec<String>,
    /// Entries of the roster that are not on the list, and left all the same (by number).
    pub left: BTreeSet<u32>,
}

/// A register of the program; its absence is a fault of ours.
pub(super) fn register() -> Result<&'static Register, Fault> {
    registers::register(REGISTER).ok_or_else(|| Fault(format!("register {REGISTER}")))
}

/// Reads a list and keeps it for the project. Inside: the draft, or why the file cannot be used. None where the project is not within
/// the permit. The file itself is not kept.
///
/// # Errors
/// [`Fault`] of disk or database.
pub fn lay(
    desk: &Desk,
    permit: &Permit<Change, Person>,
    project: &str,
    (path, name): (&Path, &str),
    day: Date,
    (language, request): (Language, &str),
) -> Result<Option<Result<i64, String>>, Fault> {
    let draft = match read(desk, path, name, day, language)? {
        Ok(draft) => draft,
        Err(refused) => return Ok(Some(Err(refused))),
    };
    let row = fresh(permit, project, name, &draft)?;
    let told = event(permit.actor(), "roster_upload", &format!("project:{project}"), request);
    let id = desk.write(|store| store.roster_draft_add(permit, &row, Some(told)))?;
    Ok(id.map(Ok))
}

/// A draft as it is kept, under a number that none before had.
pub(super) fn fresh(
    permit: &Permit<Change, Person>,
    project: &str,
    name: &str,
    draft: &Draft,
) -> Result<RosterDraft, Fault> {
    let bits = Desk::token()?[..8].iter().fold(0u64, |n, b| n << 8 | u64::from(*b));
    Ok(RosterDraft {
        id: (bits >> 12) as i64,
        project: project.to_owned(),
        by: permit.actor(),
        at: clock::now(),
        name: name.to_owned(),
        body: text(draft)?,
    })
}

fn text(draft: &Draft) -> Result<String, Fault> {
    serde_json::to_string(draft).map_err(|e| Fault(e.to_string()))
}

/// Keeps one person somebody types as a list of one line, to be looked at like any other. None where the project is not within the
/// permit.
///
/// # Errors
/// [`Fault`] of the database.
pub fn type_in(
    desk: &Desk,
    permit: &Permit<Change, Person>,
    project: &str,
    cells: &BTreeMap<String, String>,
    name: &str,
) -> Result<Option<i64>, Fault> {
    let mut draft = Draft { day: clock::today().to_string(), ..Draft::default() };
    draft.lines.push(Line { line: 1, ..Line::default() });
    let cells = cells.iter().map(|(field, text)| ((0, field.clone()), text.clone())).collect();
    Mending { cells, ..Mending::default() }.apply(&mut draft);
    let row = fresh(permit, project, name, &draft)?;
    desk.write(|store| store.roster_draft_add(permit, &row, None).map_err(Fault::from))
}

/// What a draft of the store says.
pub(super) fn body(row: &RosterDraft) -> Result<Draft, Fault> {
    serde_json::from_str(&row.body).map_err(|e| Fault(e.to_string()))
}

/// Reads a file in the limited child, as a roster whatever else it looks like.
fn read(desk: &Desk, path: &Path, name: &str, day: Date, l: Language) -> Result<Result<Draft, String>, Fault> {
    let file = File::open(path).map_err(|e| Fault::io(path, &e))?;
    let options = Options { register: Some(REGISTER.to_owned()), ..Options::default() };
    let mut sink =
        Lines { draft: Draft { day: day.to_string(), ..Draft::default() }, table: None, too_many: false, fault: None };
    let read = intake::child::read_in_child(&desk.program, file, &options, &mut sink);
    if let Some(fault) = sink.fault {
        return Err(fault);
    }
    Ok(match read {
        Err(refusal) => Err(refusal_sentence(name, &refusal, l)),
        Ok(()) if sink.too_many => {
            Err(phrases::say_named(l, "roster-too-many", &[("max", &crate::words::count_text(LINES_MAX as u64, l))]))
        }
        Ok(()) if sink.draft.lines.is_empty() => Err(phrases::say_named(l, "roster-nobody", &[("file", name)])),
        Ok(()) => Ok(sink.draft),
    })
}

struct Lines {
    draft: Draft,
    table: Option<(Table, Option<String>)>,
    too_many: bool,
    fault: Option<Fault>,
}

impl Sink for Lines {
    fn table(&mut self, start: TableStart) {
        match register() {
            Ok(register) => {
                let nobodys = |c: &&registers::ColumnUse| {
                    c.field.is_none() && !c.header.trim().is_empty() && !registers::is_row_number(&c.header)
                };
                let unread = start.columns.columns.iter().filter(nobodys);
                self.draft.unread.extend(unread.map(|c| c.header.clone()));
                self.table = Some((Table::new(TableId(0), register, start.columns), start.sheet));
            }
            Err(fault) => self.fault = Some(fault),
        }
    }

    fn row(&mut self, row: &RawRow) {
        let Some((table, sheet)) = &self.table else { return };
        if self.draft.lines.len() >= LINES_MAX {
            self.too_many = true;
            return;
        }
        match line(table, sheet.clone(), row) {
            Some(line) => self.draft.lines.push(line),
            None => self.draft.nobody += 1,
        }
    }

    fn problem(&mut self, _: Problem) {}

    fn end(&mut self, _: TableEnd) {}

    fn unrecognised_sheet(&mut self, _: &str, _: u64) {}
}

/// Words a line below a list begins with.
const NO_NAMES: [&str; 8] =
    ["jumlah", "total", "mengetahui", "menyetujui", "dibuat", "diperiksa", "keterangan", "catatan"];

/// A row as a line; none where it names nobody.
fn line(table: &Table, sheet: Option<String>, row: &RawRow) -> Option<Line> {
    let versions = [(table, row)];
    let view = RowView::new(&versions);
    let entry = read_entry(&view);
    let name = entry.name.bare.to_lowercase();
    let is_name = name.contains(char::is_alphabetic) && !NO_NAMES.iter().any(|w| name.starts_with(w));
    if !is_name && (entry.nik.is_none() || name.contains(char::is_alphabetic)) {
        return None;
    }
    let nik_is_number = view.raw_with_kind("nik").is_some_and(|(_, kind)| kind == CellKind::Number);
    let mut out = Line { sheet, line: row.line, nik_is_number, ..Line::default() };
    let day = |date: Option<Date>, field: &str| date.map(|d| d.to_string()).or_else(|| view.text(field));
    let wage = entry.wage.and_then(|w| w.round(kernel::money::Rounding::HalfUp)).map(|r| r.0.to_string());
    let said = |field: &str| match field {
        "tempat_lahir" => entry.birth_place.clone(),
        "tgl_lahir" => {
            entry.birth.map(|d| d.to_string()).or_else(|| view.text("tgl_lahir")).or_else(|| view.text("ttl"))
        }
        "jenis_kelamin" => entry.sex.map(|s| s.letter().to_owned()).or_else(|| view.text(field)),
        "hp" => entry.phone.clone(),
        "kpj" => entry.card.clone(),
        "jenis_upah" => entry.kind.map(|k| k.word().to_owned()).or_else(|| view.text(field)),
        "upah" => wage.clone().or_else(|| view.text(field)),
        "mulai_bekerja" => day(entry.joined, field),
        "selesai_bekerja" => day(entry.left, field),
        _ => view.text(field),
    };
    for field in FIELDS {
        if let Some(text) = said(field) {
            out.cells.insert(field.to_owned(), text);
        }
    }
    Some(out)
}

/// Lines as entries, with the problems of each.
pub(super) struct Reading {
    /// What each line says.
    pub(super) entries: Vec<Entry>,
    /// Problems of each line: field and code.
    pub(super) problems: Vec<Vec<(&'static str, ProblemCode)>>,
}

/// Problems for which a line is held back until it is mended: without a name or with days that cannot be, it is no stay.
pub(super) fn holds_back(field: &str, code: ProblemCode) -> bool {
    use ProblemCode as P;
    match field {
        "nama" => code == P::ValueMissing,
        "mulai_bekerja" | "selesai_bekerja" => {
            matches!(code, P::DateUnreadable | P::DateImpossible | P::DateFuture | P::DatesReversed)
        }
        _ => false,
    }
}

/// Reads the lines of a draft. `wage_max` is the largest wage that is likely.
pub(super) fn reading(draft: &Draft, today: Date, wage_max: Option<i64>) -> Result<Reading, Fault> {
    let register = register()?;
    let (mut columns, _) = Columns::bind(register, &FIELDS);
    // Whoever mends types amounts as Indonesians do.
    columns.columns.iter_mut().for_each(|c| c.style = kernel::money::NumberStyle::Comma);
    let table = Table::new(TableId(0), register, columns.clone());
    let mut out = Reading { entries: Vec::new(), problems: Vec::new() };
    for line in &draft.lines {
        let mut row = RawRow::at(line.line);
        for field in FIELDS {
            let number = field == "nik" && line.nik_is_number;
            let kind = if number { CellKind::Number } else { CellKind::Text };
            row.push(line.cells.get(field).map_or("", String::as_str), kind);
        }
        let versions = [(&table, &row)];
        let entry = read_entry(&RowView::new(&versions));
        let mut found = Vec::new();
        registers::check::check_row(register, &columns, &row, &mut found);
        let field = |p: &Problem| p.column.and_then(|c| FIELDS.get(c as usize - 1).copied());
        let of = |p: Problem| Some((field(&p)?, p.code));
        let mut problems: Vec<(&'static str, ProblemCode)> = found.into_iter().filter_map(of).collect();
        problems.extend(beside(&entry, today, wage_max));
        problems.sort_unstable();
        problems.dedup();
        out.entries.push(entry);
        out.problems.push(problems);
    }
    Ok(out)
}

/// What no cell says alone.
fn beside(entry: &Entry, today: Date, wage_max: Option<i64>) -> Vec<(&'static str, ProblemCode)> {
    let mut out = Vec::new();
    if entry.name.bare.is_empty() {
        out.push(("nama", ProblemCode::ValueMissing));
    }
    if entry.nik.is_none() {
        out.push(("nik", ProblemCode::ValueMissing));
    }
    if let (Some(Ok(nik)), Some(sex)) = (&entry.nik, entry.sex)
        && nik.sex().is_some_and(|s| registers::person::Sex::of_nik(s) != sex)
    {
        out.push(("jenis_kelamin", ProblemCode::IdentifierDisagrees));
    }
    for (field, date) in [("mulai_bekerja", entry.joined), ("selesai_bekerja", entry.left), ("tgl_lahir", entry.birth)]
    {
        if date.is_some_and(|d| d > today) {
            out.push((field, ProblemCode::DateFuture));
        }
    }
    if let (Some(joined), Some(left)) = (entry.joined, entry.left)
        && left < joined
    {
        out.push(("selesai_bekerja", ProblemCode::DatesReversed));
    }
    let likely = |w: kernel::Exact| w.is_positive() && wage_max.is_none_or(|max| w <= kernel::Exact::whole(max));
    if entry.wage.is_some_and(|w| !likely(w)) {
        out.push(("upah", ProblemCode::NumberUnlikely));
    }
    out
}

/// What somebody mends or says about a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mending {
    /// Cells by place of the line and field.
    pub cells: BTreeMap<(usize, String), String>,
    /// Whether a line is left out, by its place.
    pub skip: BTreeMap<usize, bool>,
    /// Who is the same person, by place of the line.
    pub same: BTreeMap<usize, bool>,
    /// Whether an entry left, by its number.
    pub left: BTreeMap<u32, bool>,
}

/// Longest cell somebody may type.
const CELL_CHARS_MAX: usize = 200;

impl Mending {
    /// Takes up what was typed.
    pub(super) fn apply(&self, draft: &mut Draft) {
        for ((at, field), text) in &self.cells {
            let (Some(line), true) = (draft.lines.get_mut(*at), FIELDS.contains(&field.as_str())) else { continue };
            let text: String = kernel::text::clean(text).chars().take(CELL_CHARS_MAX).collect();
            if line.cells.get(field).map_or("", String::as_str) == text {
                continue;
            }
            if field == "nik" {
                line.nik_is_number = false;
            }
            if text.is_empty() {
                line.cells.remove(field);
            } else {
                line.cells.insert(field.clone(), text);
            }
        }
        for (i, line) in draft.lines.iter_mut().enumerate() {
            if let Some(skip) = self.skip.get(&i) {
                line.skip = *skip;
            }
            if let Some(same) = self.same.get(&i) {
                line.same = Some(*same);
            }
        }
        for (entry, left) in &self.left {
            if *left {
                draft.left.insert(*entry);
            } else {
                draft.left.remove(entry);
            }
        }
    }
}

/// Keeps what was mended. False where there is no such draft for this person.
///
/// # Errors
/// [`Fault`] of the database.
pub fn mend(desk: &Desk, permit: &Permit<Change, Person>, id: i64, mending: &Mending) -> Result<bool, Fault> {
    desk.write(|store| {
        let Some(row) = store.roster_draft(permit, id)? else { return Ok(false) };
        let mut draft = body(&row)?;
        mending.apply(&mut draft);
        store.roster_draft_change(permit, id, &text(&draft)?)?;
        Ok(true)
    })
}

/// Throws a draft away. False where there is none for this person.
///
/// # Errors
/// [`Fault`] of the database.
pub fn discard(desk: &Desk, permit: &Permit<Change, Person>, id: i64, request: &str) -> Result<bool, Fault> {
    desk.write(|store| {
        let Some(row) = store.roster_draft(permit, id)? else { return Ok(false) };
        let told = event(permit.actor(), "roster_discard", &format!("project:{}", row.project), request);
        store.roster_draft_drop(permit, id, Some(told))?;
        Ok(true)
    })
}

/// Keeps of a draft only the lines held back; nothing is left: it goes.
pub(super) fn rest(draft: &Draft, held: &[usize]) -> Result<Option<String>, Fault> {
    if held.is_empty() {
        return Ok(None);
    }
    let lines = held.iter().filter_map(|i| draft.lines.get(*i).cloned()).collect();
    let rest = Draft { day: draft.day.clone(), lines, ..Draft::default() };
    text(&rest).map(Some)
}
