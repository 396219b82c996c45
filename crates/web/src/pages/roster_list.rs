//! A list of workers laid down for a project: read, compared with the roster, mended in place, stored.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::imports::Arrived;
use crate::site::Site;
use app::desk::roster::{self, LookLine, Mending, Outlook, look};
use askama::Template;
use authz::{Change, Person, Read};
use kernel::Date;

/// Lines of one kind shown at most; the others are counted.
const SHOWN_MAX: usize = 300;

struct Cell {
    field: &'static str,
    label: String,
    value: String,
    problem: String,
}

struct Line {
    at: usize,
    address: String,
    name: String,
    nik: String,
    facts: String,
    changes: String,
    /// Who stands there and may be the same.
    other: String,
    same: Option<bool>,
    twin: String,
    cells: Vec<Cell>,
    skip: bool,
}

struct Group {
    outlook: &'static str,
    title: String,
    count: usize,
    lines: Vec<Line>,
    more: u64,
}

struct Gone {
    entry: u32,
    name: String,
    since: String,
    left: bool,
}

#[derive(Template)]
#[template(path = "roster_list.html")]
struct Page {
    f: Frame,
    code: String,
    here: String,
    file: String,
    day: String,
    before: String,
    groups: Vec<Group>,
    gone: Vec<Gone>,
    nobody: u64,
    unread: String,
    does_something: bool,
    summary: String,
    trouble: String,
}

/// Draws what becomes of a list.
fn shown(site: &Site, caller: &Caller, code: &str, id: i64, trouble: &str) -> Result<String, Trouble> {
    let change = caller.permit::<Change, Person>()?;
    let read = caller.permit::<Read, Person>()?;
    let found = look(&site.desk, (&read, &change), id)?.filter(|l| l.project == code).ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, "roster-list", "/proyek");
    let group = |outlook: Outlook| {
        let of: Vec<&LookLine> = found.lines.iter().filter(|l| l.outlook == outlook).collect();
        Group {
            outlook: outlook.name(),
            title: f.word("roster-group-", outlook.name()),
            count: of.len(),
            more: of.len().saturating_sub(SHOWN_MAX) as u64,
            lines: of.into_iter().take(SHOWN_MAX).map(|l| line(&f, l)).collect(),
        }
    };
    let groups: Vec<Group> = Outlook::ALL.into_iter().filter(|o| *o != Outlook::Same).map(group).collect();
    let day = found.day.to_string();
    let gone = found.missing.iter().filter_map(|m| {
        Some(Gone {
            entry: m.entry.number?,
            name: m.entry.name.bare.clone(),
            since: m.entry.joined.map_or_else(|| "–".to_owned(), |d| f.date(&d.to_string())),
            left: m.left,
        })
    });
    let page = Page {
        here: format!("/proyek/{code}/pekerja/daftar/{id}"),
        summary: found.summary(f.language),
        before: found.day.yesterday().map_or_else(|_| String::new(), |d| f.date(&d.to_string())),
        day: f.date(&day),

        gone: gone.collect(),
        nobody: found.nobody,
        unread: found.unread.join(", "),
        does_something: found.does_something(),
        groups: groups.into_iter().filter(|g| g.count > 0).collect(),
        code: code.to_owned(),
        file: found.name.clone(),
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        f,
    };
    Ok(page.render()?)
}

fn line(f: &Frame, l: &LookLine) -> Line {
    let e = &l.entry;
    let day = |d: Option<Date>| d.map(|d| f.date(&d.to_string()));
    let facts = [
        e.birth.map(|d| f.t1("roster-born", "day", &f.date(&d.to_string()))),
        e.trade.clone(),
        e.kind.map(|k| f.word("roster-kind-", &k.name().replace('_', "-"))),
        e.wage.and_then(|w| w.round(kernel::money::Rounding::HalfUp)).map(|w| f.rp(&w.0)),
        day(e.joined).map(|d| f.t1("roster-since", "day", &d)),
        day(e.left).map(|d| f.t1("roster-until", "day", &d)),
    ];
    let other = l.other.as_ref().map(|o| {
        let nik = o.nik.as_ref().and_then(|n| n.as_ref().ok()).map(ToString::to_string).unwrap_or_default();
        [o.name.bare.clone(), nik, day(o.birth).unwrap_or_default()]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    });
    let mut cells: Vec<Cell> = Vec::new();
    for (field, code) in &l.problems {
        let said = roster::problem_text(l, field, *code, f.language);
        match cells.iter_mut().find(|c| c.field == *field) {
            Some(cell) => cell.problem = format!("{} {said}", cell.problem),
            None => cells.push(Cell {
                field,
                label: f.word("roster-field-", &field.replace('_', "-")),
                value: l.cells.get(*field).cloned().unwrap_or_default(),
                problem: said,
            }),
        }
    }
    Line {
        at: l.at,
        address: l.address.clone(),
        name: if e.name.bare.is_empty() { "–".to_owned() } else { e.name.bare.clone() },
        // A number that does not read is no identity; one that does stays masked.
        nik: e.nik.as_ref().and_then(|n| n.as_ref().ok()).map_or_else(|| "–".to_owned(), ToString::to_string),
        facts: facts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        changes: l.changes.iter().map(|c| f.word("roster-changed-", c)).collect::<Vec<_>>().join(", "),
        other: other.unwrap_or_default(),
        same: l.same,
        twin: l.twin.clone().unwrap_or_default(),
        cells,
        skip: l.outlook == Outlook::Skipped,
    }
}

/// GET `/proyek/{code}/pekerja/daftar/{id}`
pub(crate) fn page(site: &Site, caller: &Caller, code: &str, id: i64) -> Outcome {
    Ok(Answer::Page(shown(site, caller, code, id, "")?))
}

/// POST `/proyek/{code}/pekerja/unggah`, once the file is here.
pub(crate) fn arrived(site: &Site, caller: &Caller, code: &str, day: &str, files: Vec<Arrived>) -> Outcome {
    let permit = caller.permit::<Change, Person>()?;
    let outcome = laid(site, caller, &permit, code, day, &files);
    // What was read is kept sealed; the file itself is not kept.
    for file in &files {
        let _ = std::fs::remove_file(&file.path);
    }
    outcome
}

fn laid(
    site: &Site,
    caller: &Caller,
    permit: &authz::Permit<Change, Person>,
    code: &str,
    day: &str,
    files: &[Arrived],
) -> Outcome {
    let [file] = files else { return Err(Trouble::Bad("web-import-none")) };
    let today = app::clock::today();
    let day = day.parse::<Date>().ok().filter(|d| *d <= today).unwrap_or(today);
    let about = (caller.language(), caller.asking.reference.as_str());
    match roster::lay(&site.desk, permit, code, (&file.path, &file.name), day, about)? {
        None => Err(Trouble::NotFound),
        Some(Ok(id)) => Ok(Answer::Go(format!("/proyek/{code}/pekerja/daftar/{id}"))),
        Some(Err(refused)) => Err(Trouble::Refused(app::Refused(refused))),
    }
}

/// What was mended, out of the fields of the form: `baris` and `hilang` name what was shown, so that an unticked box is told from a line
/// on another page.
fn mending(fields: &[(String, String)]) -> Mending {
    let mut out = Mending::default();
    for (name, value) in fields {
        let number = value.parse::<usize>().ok();
        match (name.as_str(), number) {
            ("baris", Some(at)) => {
                out.skip.entry(at).or_insert(false);
            }
            ("lewat", Some(at)) => {
                out.skip.insert(at, true);
            }
            ("hilang", Some(entry)) => {
                out.left.entry(entry as u32).or_insert(false);
            }
            ("keluar", Some(entry)) => {
                out.left.insert(entry as u32, true);
            }
            _ => {}
        }
        if let Some((at, field)) = name.strip_prefix("sel.").and_then(|n| n.split_once('.'))
            && let Ok(at) = at.parse()
        {
            out.cells.insert((at, field.to_owned()), value.clone());
        }
        if let Some(at) = name.strip_prefix("sama.").and_then(|at| at.parse().ok())
            && !value.is_empty()
        {
            out.same.insert(at, value == "ya");
        }
    }
    out
}

/// POST `/proyek/{code}/pekerja/daftar/{id}`
pub(crate) fn act(site: &Site, caller: &Caller, code: &str, id: i64, fields: &[(String, String)]) -> Outcome {
    let change = caller.permit::<Change, Person>()?;
    let read = caller.permit::<Read, Person>()?;
    let own = site.desk.read(|s| s.roster_draft(&change, id).map_err(Trouble::from))?;
    if own.is_none_or(|draft| draft.project != code) {
        return Err(Trouble::NotFound);
    }
    let request = &caller.asking.reference;
    let mending = mending(fields);
    match fields.iter().find(|(name, _)| name == "tindakan").map_or("", |(_, v)| v.as_str()) {
        "periksa" => {
            roster::mend(&site.desk, &change, id, &mending)?;
            Ok(Answer::Go(format!("/proyek/{code}/pekerja/daftar/{id}")))
        }
        "catat" => {
            let (_, stored) =
                roster::store(&site.desk, (&read, &change), id, &mending, request)?.ok_or(Trouble::NotFound)?;
            let told = format!("{}.{}.{}.{}", stored.joined, stored.changed, stored.left, stored.held);
            let undo = stored.file.map_or_else(String::new, |file| format!("&batal={file}"));
            Ok(Answer::Go(format!("/proyek/{code}/pekerja?kabar={told}{undo}")))
        }
        "buang" => {
            roster::discard(&site.desk, &change, id, request)?;
            Ok(Answer::Go(format!("/proyek/{code}/pekerja")))
        }
        _ => Err(Trouble::Bad("web-trouble-form")),
    }
}
