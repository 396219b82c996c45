//! What is said about a roster comes in at the front door: rows of `daftar_pekerja`, one import for each act, taken back with one press.

use super::draft::{Line, Mending, body, register, rest};
use super::look::{Ground, Outlook};
use crate::desk::{Desk, event};
use crate::{Fault, clock};
use authz::{Change, Permit, Person, Read};
use kernel::Date;
use linkage::roster::Changed;
use registers::records::ListOf;
use registers::{CellKind, Columns, RawRow};
use std::collections::BTreeMap;
use store::{FileFacts, Import, Stay, Store, TableFacts};

/// One thing said about one entry: its fields with their texts. A field that is not named stays as it was.
#[derive(Debug, Clone, Default)]
pub(super) struct Act {
    /// Line of the list it comes from; 0 for what was typed.
    line: u32,
    /// Number of the entry.
    entry: u32,
    cells: BTreeMap<&'static str, (String, CellKind)>,
}

impl Act {
    pub(super) fn about(entry: u32) -> Self {
        Self { entry, ..Self::default() }
    }

    pub(super) fn says(mut self, field: &'static str, text: impl Into<String>) -> Self {
        self.cells.insert(field, (text.into(), CellKind::Text));
        self
    }
}

/// What storing a list came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stored {
    /// The import, for taking it back; none where nothing was new.
    pub file: Option<i64>,
    /// People who joined.
    pub joined: usize,
    /// People of whom something changed.
    pub changed: usize,
    /// People who left.
    pub left: usize,
    /// Lines held back.
    pub held: usize,
}

/// What a file of a project's roster is called. The code stands in it, so that a roster finds its own.
fn file_name(project: &str, name: &str) -> String {
    format!("{}{name}", prefix(project))
}

fn prefix(project: &str) -> String {
    format!("daftar pekerja {project}: ")
}

/// Fields of the register that a line fills.
fn field_of(changed: Changed) -> &'static [&'static str] {
    match changed {
        Changed::Name => &["nama"],
        Changed::Nik => &["nik"],
        Changed::Birth => &["tempat_lahir", "tgl_lahir"],
        Changed::Sex => &["jenis_kelamin"],
        Changed::Address => &["alamat"],
        Changed::Phone => &["hp"],
        Changed::Card => &["kpj"],
        Changed::Trade => &["jabatan"],
        Changed::Kind => &["jenis_upah"],
        Changed::Wage => &["upah"],
        Changed::Subcontractor => &["subkontraktor"],
        Changed::Joined => &["mulai_bekerja"],
        Changed::Left => &["selesai_bekerja"],
        Changed::Reported => &["tgl_lapor"],
    }
}

fn cell(line: &Line, field: &str) -> Option<(String, CellKind)> {
    let number = field == "nik" && line.nik_is_number;
    let kind = if number { CellKind::Number } else { CellKind::Text };
    line.cells.get(field).map(|text| (text.clone(), kind))
}

/// Everything a line says, as a new entry.
fn joining(line: &Line, entry: u32, day: Date) -> Act {
    let mut act = Act { line: line.line, entry, cells: BTreeMap::new() };
    for field in super::draft::FIELDS {
        if let Some(cell) = cell(line, field) {
            act.cells.insert(field, cell);
        }
    }
    act.cells.entry("mulai_bekerja").or_insert((day.to_string(), CellKind::Text));
    act
}

/// Writes acts as one import with its entry in the trail; entries that say the same fields share a table. `with` is done in the same
/// transaction.
pub(super) fn write(
    store: &mut Store,
    (permit, project, request): (&Permit<Change, Person>, &str, &str),
    name: &str,
    acts: &[Act],
    with: impl FnOnce(&Import<'_>) -> Result<(), Fault>,
) -> Result<i64, Fault> {
    let register = register()?;
    let mut tables: BTreeMap<Vec<&'static str>, Vec<&Act>> = BTreeMap::new();
    for act in acts {
        tables.entry(act.cells.keys().copied().collect()).or_default().push(act);
    }
    let nonce = Desk::token()?;
    let facts = FileFacts {
        name: file_name(project, name),
        digest: store.blind(&[b"roster", &nonce]),
        bytes: 0,
        recorded_at: clock::now(),
    };
    let mut import = store.import_begin(&facts)?;
    for (fields, acts) in tables {
        let headers: Vec<&str> = ["proyek", "entri"].into_iter().chain(fields.iter().copied()).collect();
        let (mut columns, _) = Columns::bind(register, &headers);
        // Amounts come as people here type them.
        columns.columns.iter_mut().for_each(|c| c.style = kernel::money::NumberStyle::Comma);
        import.table(TableFacts { sheet: None, columns, header_line: 1, reading: "desk".to_owned() })?;
        for (i, act) in acts.iter().enumerate() {
            let mut row = RawRow::at(if act.line == 0 { i as u32 + 1 } else { act.line });
            row.push(project, CellKind::Text);
            row.push(&act.entry.to_string(), CellKind::Text);
            act.cells.values().for_each(|(text, kind)| row.push(text, *kind));
            import.row(&row)?;
        }
    }
    let file = import.file();
    let mut done = event(permit.actor(), "roster_change", &format!("project:{project}"), request);
    done.reason = format!("file:{file}");
    import.audit(done)?;
    with(&import)?;
    import.commit()?;
    Ok(file)
}

/// Takes up what was mended last and stores what can be stored. Lines held back stay in the draft, everybody else of it is on the roster
/// then. None where there is no such draft for this person.
///
/// # Errors
/// [`Fault`] of the database.
pub fn store(
    desk: &Desk,
    (read, change): (&Permit<Read, Person>, &Permit<Change, Person>),
    id: i64,
    mending: &Mending,
    request: &str,
) -> Result<Option<(String, Stored)>, Fault> {
    let done =
        desk.write(|store| {
            let Some(mut row) = store.roster_draft(change, id)? else { return Ok(None) };
            let mut draft = body(&row)?;
            mending.apply(&mut draft);
            row.body = serde_json::to_string(&draft).map_err(|e| Fault(e.to_string()))?;
            let ground = Ground::of(store, read, &row, &desk.law)?;
            let (acts, held, mut out) = acts(store, &row.project, &ground)?;
            let rest = rest(&ground.draft, &held)?;
            if acts.is_empty() {
                match rest {
                    Some(rest) => store.roster_draft_change(change, id, &rest)?,
                    None => store.roster_draft_drop(change, id, None)?,
                }
            } else {
                let about = (change, row.project.as_str(), request);
                out.file = Some(write(store, about, &row.name, &acts, |import| {
                    Ok(import.end_roster_draft(id, rest.as_deref())?)
                })?);
            }
            Ok::<_, Fault>(Some((row.project, out)))
        })?;
    if done.as_ref().is_some_and(|(_, stored)| stored.file.is_some()) {
        crate::desk::jobs::ask_picture(desk, change.actor())?;
    }
    Ok(done)
}

/// What a list does: its acts, the places of lines held back, the counts.
pub(super) fn acts(store: &Store, project: &str, ground: &Ground) -> Result<(Vec<Act>, Vec<usize>, Stored), Fault> {
    let (mut acts, mut held, mut out) = (Vec::new(), Vec::new(), Stored::default());
    let mut number = store.stay_numbers(project)?;
    for (at, line) in ground.draft.lines.iter().enumerate() {
        match ground.outlook(at) {
            Outlook::Join => {
                number += 1;
                out.joined += 1;
                acts.push(joining(line, number, ground.day));
            }
            Outlook::Change => {
                let (Some(of), changes) = (ground.compared.lines[at].of(), ground.changes(at)) else { continue };
                let mut act = Act { line: line.line, ..Act::about(ground.standing[of].entry.number.unwrap_or(0)) };
                for field in changes.iter().flat_map(|c| field_of(*c)) {
                    if let Some(cell) = cell(line, field) {
                        act.cells.insert(field, cell);
                    }
                }
                out.changed += 1;
                acts.push(act);
            }
            Outlook::Held | Outlook::Doubt => held.push(at),
            Outlook::Same | Outlook::Twice | Outlook::Skipped => {}
        }
    }
    let before = ground.day.yesterday().unwrap_or(ground.day);
    for of in ground.missing() {
        let entry = &ground.standing[of].entry;
        let Some(number) = entry.number.filter(|n| ground.draft.left.contains(n)) else { continue };
        // Nobody leaves before the first day.
        let last = entry.joined.map_or(before, |joined| joined.max(before));
        out.left += 1;
        acts.push(Act::about(number).says("selesai_bekerja", last.to_string()));
    }
    out.held = held.len();
    Ok((acts, held, out))
}

/// What is typed about one person on a roster.
#[derive(Debug, Clone)]
pub enum Said {
    /// Left; the last day.
    Left(Date),
    /// Is there still: the last day was a mistake.
    Stays,
    /// Reported to the insurer on a day.
    Reported(Date),
    /// Was never here.
    Never,
}

impl Said {
    /// The same as an act on the entry of a mark.
    pub(super) fn about(&self, mark: &str, standing: &[Stay], today: Date) -> Result<Act, Untaken> {
        let own = |s: &&Stay| matches!(s.entry.list, Some(ListOf::Project(_)));
        let found = standing.iter().filter(own).find(|s| s.mark == mark);
        let (number, entry) = found.and_then(|s| Some((s.entry.number?, &s.entry))).ok_or(Untaken::Unknown)?;
        let fits = |day: Date| day <= today && entry.joined.is_none_or(|joined| joined <= day);
        let act = Act::about(number);
        Ok(match self {
            Self::Left(day) if fits(*day) => act.says("selesai_bekerja", day.to_string()),
            Self::Reported(day) if *day <= today => act.says("tgl_lapor", day.to_string()),
            Self::Left(_) | Self::Reported(_) => return Err(Untaken::Day),
            Self::Stays => act.says("selesai_bekerja", ""),
            Self::Never => act.says("batal", "ya"),
        })
    }
}

/// Why something said is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untaken {
    /// No such entry for this person.
    Unknown,
    /// The day lies before the first one, or has not come.
    Day,
}

/// Stores what is said about people who stand on a roster, by the marks of their entries; the import, for taking it back.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not taken.
pub fn say(
    desk: &Desk,
    (read, change): (&Permit<Read, Person>, &Permit<Change, Person>),
    project: &str,
    marks: &[String],
    said: &Said,
    request: &str,
) -> Result<Result<i64, Untaken>, Fault> {
    let today = clock::today();
    let done = desk.write(|store| {
        if !store.project_within(change.scope(), project)? {
            return Ok(Err(Untaken::Unknown));
        }
        let standing = store.stay_list(read, project, None)?;
        let mut acts = Vec::new();
        for mark in marks {
            match said.about(mark, &standing, today) {
                Ok(act) => acts.push(act),
                Err(untaken) => return Ok(Err(untaken)),
            }
        }
        if acts.is_empty() {
            return Ok(Err(Untaken::Unknown));
        }
        Ok::<_, Fault>(Ok(write(store, (change, project, request), "meja", &acts, |_| Ok(()))?))
    })?;
    if done.is_ok() {
        crate::desk::jobs::ask_picture(desk, change.actor())?;
    }
    Ok(done)
}

/// Takes an act on a project's roster back. False where the import is of something else.
///
/// # Errors
/// [`Fault`] of the database; inside, why it cannot be taken back.
pub fn take_back(
    desk: &Desk,
    permit: &Permit<Change, Person>,
    project: &str,
    file: i64,
    by: &str,
    request: &str,
) -> Result<Option<Result<(), store::Resting>>, Fault> {
    let own = desk.read(|s| {
        let within = s.project_within(permit.scope(), project)?;
        Ok::<_, Fault>(within && s.file_name(file)?.is_some_and(|name| name.starts_with(&prefix(project))))
    })?;
    if !own {
        return Ok(None);
    }
    crate::desk::decide::withdraw(desk, permit.actor(), by, file, "", request).map(Some)
}
