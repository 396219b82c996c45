//! Cases and letters: the next step of each case, drafts, what went out.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::letters::{self as desk_letters, LETTERED, NotDrafted, Style, Writing};
use askama::Template;
use authz::{Action, Change, Finding, Letter, Project, Read, Release, Resource, may};
use casework::{LetterKind, Next, TooEarly};
use serde::Deserialize;
use store::{CaseRow, LetterRow, LetterState};

/// Rows of a page.
const ROWS: usize = 50;
/// Open cases looked at.
const CASES: usize = 200;

struct CaseView {
    c: CaseRow,
    finding: String,
    so_far: String,
    next: String,
    /// The letter that may be written now.
    write: Option<&'static str>,
    draft: Option<i64>,
}

struct LetterView {
    r: LetterRow,
    kind: String,
    line: String,
}

/// Drafts written in one act.
struct Batch {
    id: i64,
    count: u64,
    needs_second: bool,
}

#[derive(Template)]
#[template(path = "letters.html")]
struct Page {
    f: Frame,
    part: &'static str,
    parts: Vec<(&'static str, String)>,
    said: Option<String>,
    style_amiss: Option<String>,
    may_set_style: bool,
    cases: Vec<CaseView>,
    letters: Vec<LetterView>,
    batches: Vec<Batch>,
    may_change: bool,
    next: Option<i64>,
}

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    bagian: String,
    sebelum: Option<i64>,
    ditulis: Option<usize>,
    dilewati: usize,
}

/// Parts of the page: cases, drafts, released, with an answer nobody has read, withdrawn, closed cases.
const PARTS: [&str; 6] = ["kasus", "draf", "terbit", "balasan", "ditarik", "selesai"];

/// GET `/surat`
pub(crate) fn page(site: &Site, caller: &Caller, asked: &Asked) -> Outcome {
    let permit = caller.permit::<Read, Letter>()?;
    let part = PARTS.into_iter().find(|p| *p == asked.bagian).unwrap_or(PARTS[0]);
    let f = Frame::of(site, caller, "web-nav-letters", "/surat");
    let style = desk_letters::style(&site.desk)?;
    let may_change = may(&caller.actor, Action::Change, Resource::Letter);
    let may_release = may(&caller.actor, Action::Release, Resource::Letter);
    let (mut cases, mut letters) = (Vec::new(), Vec::new());
    match part {
        "kasus" | "selesai" => {
            let open = part == "kasus";
            let rows = site.desk.read(|s| {
                s.case_page(&permit, open, asked.sebelum, if open { CASES } else { ROWS }).map_err(Trouble::from)
            })?;
            cases = rows.into_iter().map(|c| case_view(site, &f, &style, c)).collect();
        }
        "balasan" => {
            let rows = site.desk.read(|s| s.mail_unread(&permit, ROWS).map_err(Trouble::from))?;
            letters = rows.into_iter().map(|r| letter_view(&f, r)).collect::<Vec<LetterView>>();
        }
        _ => {
            let state = match part {
                "draf" => LetterState::Draft,
                "terbit" => LetterState::Issued,
                _ => LetterState::Withdrawn,
            };
            let rows = site.desk.read(|s| s.letter_page(&permit, state, asked.sebelum, ROWS).map_err(Trouble::from))?;
            letters = rows.into_iter().map(|r| letter_view(&f, r)).collect::<Vec<LetterView>>();
        }
    }
    let next = match part {
        "kasus" | "balasan" => None,
        "selesai" => cases.last().filter(|_| cases.len() == ROWS).map(|c| c.c.id),
        _ => letters.last().filter(|_| letters.len() == ROWS).map(|l| l.r.id),
    };
    let view = Page {
        said: asked.ditulis.map(|written| {
            let counts = [written, asked.dilewati].map(|n| f.u(&(n as u64)));
            phrases::say_named(f.language, "web-letters-written", &[("written", &counts[0]), ("passed", &counts[1])])
        }),
        style_amiss: style.check().err().map(|amiss| f.t(amiss.sentence())),
        may_set_style: may(&caller.actor, Action::Change, Resource::Setting),
        batches: if part == "draf" && may_release { batches(&letters, caller) } else { Vec::new() },
        parts: PARTS.iter().map(|p| (*p, f.word("web-letters-", p))).collect(),
        part,
        cases,
        letters,
        may_change,
        next,
        f,
    };
    Ok(Answer::Page(view.render()?))
}

fn batches(letters: &[LetterView], caller: &Caller) -> Vec<Batch> {
    let mut out: Vec<Batch> = Vec::new();
    for letter in letters {
        match out.iter_mut().find(|b| b.id == letter.r.batch) {
            Some(batch) => batch.count += 1,
            None => out.push(Batch {
                id: letter.r.batch,
                count: 1,
                needs_second: caller.actor.id == Some(letter.r.drafted_by),
            }),
        }
    }
    out.retain(|b| b.count > 1);
    out.iter_mut().for_each(|b| b.needs_second &= b.count as i64 > desk_letters::ALONE_MAX);
    out
}

fn letter_view(f: &Frame, r: LetterRow) -> LetterView {
    let line = match (&r.number, &r.dated) {
        (Some(number), Some(dated)) => format!("{number} · {}", f.date(dated)),
        _ => format!("{}, {}", r.drafted_by_name, f.moment(&r.drafted_at)),
    };
    LetterView { kind: f.word("letter-kind-", &r.kind), line, r }
}

fn case_view(site: &Site, f: &Frame, style: &Style, c: CaseRow) -> CaseView {
    let so_far: Vec<String> =
        c.issued.iter().map(|(kind, dated)| format!("{} ({})", f.word("letter-kind-", kind), f.date(dated))).collect();
    let step = desk_letters::next_step(&site.desk, &c, style, app::clock::today());
    let day = |d: kernel::Date| f.date(&d.to_string());
    let kind = |k: LetterKind| f.word("letter-kind-", k.name()).to_lowercase();
    let (next, write) = match (&c.closed, step) {
        (Some((at, why)), _) => (format!("{}, {}", f.word("web-case-", why), f.moment(at)), None),
        (None, Some(Next::Cured)) => (f.t("web-case-cured"), None),
        (None, Some(Next::Release(k))) => (f.t1("web-case-release", "kind", &kind(k)), None),
        (None, Some(Next::Write { kind: k, since })) => {
            let said = match since {
                Some(day_) => {
                    phrases::say_named(f.language, "web-case-write-since", &[("kind", &kind(k)), ("date", &day(day_))])
                }
                None => f.t1("web-case-write", "kind", &kind(k)),
            };
            (said, Some(k.name()))
        }
        (None, Some(Next::Wait { then: Some(k), until })) => {
            let arguments = [("kind", kind(k)), ("date", day(until))];
            let arguments: Vec<(&str, &str)> = arguments.iter().map(|(n, v)| (*n, v.as_str())).collect();
            (phrases::say_named(f.language, "web-case-wait", &arguments), None)
        }
        (None, Some(Next::Wait { then: None, until })) => (f.t1("web-case-wait-insurer", "date", &day(until)), None),
        (None, Some(Next::HandOver { since })) => (f.t1("web-case-hand-over", "date", &day(since)), None),
        (None, None) => (String::new(), None),
    };
    CaseView {
        finding: f.word("finding-", &c.code),
        so_far: so_far.join("; "),
        next,
        write,
        draft: c.draft.as_ref().map(|(_, id)| *id),
        c,
    }
}

/// Cases whose next letter may be written now, drafts that wait, and letters with an answer nobody has read: for the work list of today.
pub(crate) fn waiting(site: &Site, caller: &Caller) -> Result<[u64; 3], Trouble> {
    let Some(permit) = authz::permit::<Read, Letter>(&caller.actor) else { return Ok([0; 3]) };
    let style = desk_letters::style(&site.desk)?;
    let cases = site.desk.read(|s| s.case_page(&permit, true, None, CASES).map_err(Trouble::from))?;
    let today = app::clock::today();
    let write = cases
        .iter()
        .filter(|c| matches!(desk_letters::next_step(&site.desk, c, &style, today), Some(Next::Write { .. })))
        .count();
    let drafts = cases.iter().filter(|c| c.unmet && c.draft.is_some()).count();
    let unread = site.desk.read(|s| s.mail_unread(&permit, CASES).map_err(Trouble::from))?.len();
    Ok([write, drafts, unread].map(|n| n as u64))
}

/// What is typed to write one, or many.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    proyek: String,
    temuan: String,
    jenis: String,
    dinas: String,
    kelompok: Option<i64>,
}

/// Why no draft was written, in the reader's language.
fn not_drafted(f: app::Language, not: &NotDrafted) -> String {
    let said = |name: &str| phrases::say_named(f, name, &[]);
    match not {
        NotDrafted::NoFinding => said("web-letter-no-finding"),
        NotDrafted::NotLettered => said("web-letter-not-lettered"),
        NotDrafted::LiesThere => said("web-letter-lies-there"),
        NotDrafted::TooEarly(TooEarly::NoFirst) => said("web-letter-no-first"),
        NotDrafted::TooEarly(TooEarly::TermRuns(day)) => {
            phrases::say_named(f, "web-letter-term-runs", &[("date", &app::words::long_date(*day, f))])
        }
        NotDrafted::Refused(refused) => refused.0.clone(),
    }
}

/// POST `/surat`
pub(crate) fn draft(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let change = caller.permit::<Change, Letter>()?;
    let (read, projects, findings) =
        (caller.permit::<Read, Letter>()?, caller.permit::<Read, Project>()?, caller.permit::<Read, Finding>()?);
    let kind = LetterKind::parse(&typed.jenis).ok_or(Trouble::Bad("web-trouble-form"))?;
    let w = Writing { change: &change, read: &read, projects: &projects, findings: &findings };
    let about = (typed.proyek.as_str(), typed.temuan.as_str());
    match desk_letters::draft(&site.desk, &w, about, kind, &caller.asking.reference)? {
        Ok(id) => Ok(Answer::Go(format!("/surat/{id}"))),
        Err(not) => Err(Trouble::Refused(app::Refused(not_drafted(caller.language(), &not)))),
    }
}

/// POST `/surat/massal`: drafts about every open finding of a rule.
pub(crate) fn draft_all(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let change = caller.permit::<Change, Letter>()?;
    let (read, projects, findings) =
        (caller.permit::<Read, Letter>()?, caller.permit::<Read, Project>()?, caller.permit::<Read, Finding>()?);
    let kind = LetterKind::parse(&typed.jenis).ok_or(Trouble::Bad("web-trouble-form"))?;
    if !LETTERED.contains(&typed.temuan.as_str()) {
        return Err(Trouble::Bad("web-letter-not-lettered"));
    }
    let w = Writing { change: &change, read: &read, projects: &projects, findings: &findings };
    let agency = (!typed.dinas.is_empty()).then(|| typed.dinas.clone());
    let about = (typed.temuan.as_str(), agency);
    let (written, passed) = desk_letters::draft_all(&site.desk, &w, about, kind, &caller.asking.reference)?;
    Ok(Answer::Go(format!("/surat?bagian=draf&ditulis={written}&dilewati={passed}")))
}

/// POST `/surat/rilis`: every draft of one act, in the background.
pub(crate) fn release_all(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Release, Letter>()?;
    caller.fresh()?;
    let batch = typed.kelompok.ok_or(Trouble::Bad("web-trouble-form"))?;
    let job = desk_letters::ask_release(&site.desk, &permit, batch, &caller.asking.reference)?;
    Ok(Answer::Go(format!("/tugas/{job}")))
}
