//! The monitoring meeting: agenda, lists of agencies, who came, promises, minutes.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::outreach::minute;
use crate::site::Site;
use crate::typed::Fields;
use app::desk::meeting::{self, Agenda, Cure, Figures, GuestRow, MeetingRow, No, PromiseRow, SpendingRow};
use app::finding_codes;
use askama::Template;
use authz::{Action, Change, Finding, Meeting, Project, Read, Resource, may};
use kernel::Date;
use serde::Deserialize;

/// Meetings listed.
const LISTED: usize = 100;

/// Agencies and firms of the table of spending.
const SPENDING: usize = 20;

/// What is typed to call one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    hari: String,
    mulai: String,
    tempat: String,
}

struct Line {
    id: i64,
    day: String,
    place: String,
    is_closed: bool,
    kept: String,
}

struct SpendingView {
    title: String,
    rows: Vec<(String, String, [String; 7], i64)>,
}

#[derive(Template)]
#[template(path = "meetings.html")]
struct Page {
    f: Frame,
    lines: Vec<Line>,
    owners: Vec<(String, [String; 4])>,
    spending: Vec<SpendingView>,
    typed: Typed,
    may_change: bool,
    trouble: String,
}

fn line(f: &Frame, m: &MeetingRow) -> Line {
    let counts = [("kept", m.promises[1].to_string()), ("made", m.promises[0].to_string())];
    Line {
        id: m.id,
        day: f.date(&m.day),
        place: m.place.clone(),
        is_closed: m.closed_at.is_some(),
        kept: if m.promises[0] == 0 {
            String::new()
        } else {
            phrases::say_with(f.language, "meeting-kept-of", &counts)
        },
    }
}

fn spending(f: &Frame, title: &str, rows: &[SpendingRow], key: &str) -> SpendingView {
    let row = |(name, [projects, value, _, covered, due, exposed, paid, uncovered]): &SpendingRow| {
        let share = (i128::from(*covered) * 100).checked_div(i128::from(*value)).and_then(|p| i64::try_from(p).ok());
        let href = format!("/proyek?{key}={}", crate::frame::percent(name));
        (
            name.clone(),
            href,
            [f.n(projects), f.rp(value), f.rp(covered), f.rp(due), f.n(exposed), f.rp(paid), f.rp(uncovered)],
            share.unwrap_or(0),
        )
    };
    SpendingView { title: f.t(title), rows: rows.iter().map(row).collect() }
}

fn made(site: &Site, caller: &Caller, typed: &Typed, no: Option<No>) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Meeting>()?;
    let f = Frame::of(site, caller, "meeting-title", "/rapat");
    let today = app::clock::today();
    let (rows, promises, agencies, firms) = site.desk.read(|s| {
        Ok::<_, Trouble>((
            s.meeting_list(&permit, None, LISTED)?,
            s.promise_list(&permit, None)?,
            s.spending_list(&permit, (false, 0), SPENDING)?,
            s.spending_list(&permit, (true, 0), SPENDING)?,
        ))
    })?;
    let owners = meeting::by_owner(&promises, &today.to_string());
    let page = Page {
        lines: rows.iter().map(|m| line(&f, m)).collect(),
        owners: owners.into_iter().map(|(owner, n)| (owner, n.map(|n| f.u(&n)))).collect(),
        spending: vec![
            spending(&f, "meeting-by-agency", &agencies, "dinas"),
            spending(&f, "meeting-by-firm", &firms, "q"),
        ],
        typed: if typed.hari.is_empty() {
            Typed { hari: today.to_string(), mulai: "09:00".to_owned(), ..typed.clone() }
        } else {
            typed.clone()
        },
        may_change: may(&caller.actor, Action::Change, Resource::Meeting),
        trouble: no.map(|no| f.t(no.sentence())).unwrap_or_default(),
        f,
    };
    Ok(page.render()?)
}

/// GET `/rapat`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    Ok(Answer::Page(made(site, caller, &Typed::default(), None)?))
}

/// POST `/rapat`: a meeting is called.
pub(crate) fn call(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    caller.permit::<Read, Meeting>()?;
    let permit = caller.permit::<Change, Meeting>()?;
    let said = (typed.hari.parse::<Date>().ok(), minute(&typed.mulai), typed.tempat.as_str());
    match meeting::call(&site.desk, &permit, said, &caller.asking.reference)? {
        Ok(id) => Ok(Answer::Go(format!("/rapat/{id}"))),
        Err(no) => Ok(Answer::Unaccepted(made(site, caller, typed, Some(no))?)),
    }
}

struct PromiseView {
    id: i64,
    owner: String,
    what: String,
    due: String,
    project: String,
    name: String,
    standing: &'static str,
    word: String,
    kept: String,
    cure: String,
    /// It waits for somebody's word.
    waits: bool,
}

struct ProjectView {
    code: String,
    name: String,
    vendor: String,
    state: String,
    uncovered: String,
    /// Digest and initials of its officer.
    officer: Option<(String, String)>,
}

struct AgencyView {
    name: String,
    said: String,
    change: String,
    projects: Vec<ProjectView>,
}

#[derive(Template)]
#[template(path = "meeting.html")]
struct One {
    f: Frame,
    m: Line,
    hours: String,
    note: String,
    facts: Vec<(String, String, String)>,
    before: String,
    owed: Vec<PromiseView>,
    agencies: Vec<AgencyView>,
    guests: Vec<(String, String)>,
    promises: Vec<PromiseView>,
    owners: Vec<String>,
    cures: Vec<(&'static str, String)>,
    findings: Vec<(&'static str, String)>,
    typed: PromiseRow,
    may_change: bool,
    trouble: String,
}

fn promise_view(f: &Frame, p: &PromiseRow, today: &str) -> PromiseView {
    let standing = meeting::standing(p, today);
    let by = if p.kept_by_word { "promise-by-word" } else { "promise-by-data" };
    PromiseView {
        id: p.id,
        owner: p.owner.clone(),
        what: p.what.clone(),
        due: f.date(&p.due),
        project: p.project.clone(),
        name: if p.name.is_empty() { p.project.clone() } else { p.name.clone() },
        standing: standing.name(),
        word: f.word("promise-", standing.name()),
        kept: p.kept_on.as_ref().map(|day| format!("{}, {}", f.date(day), f.t(by))).unwrap_or_default(),
        cure: match p.cure.as_str() {
            "finding" => format!("{}: {}", f.word("cure-", &p.cure), f.word("finding-", &p.finding)),
            cure => f.word("cure-", cure),
        },
        waits: p.cure == "said" && p.kept_on.is_none(),
    }
}

fn facts(f: &Frame, now: &Figures, then: Option<&Figures>) -> Vec<(String, String, String)> {
    let one = |word: &str, of: &dyn Fn(&Figures) -> u64| {
        let change = then.map(|t| meeting::change_text(of(now), of(t), f.language)).unwrap_or_default();
        (f.t(word), f.u(&of(now)), change)
    };
    vec![
        one("state-exposed", &|x| x.state("exposed")),
        one("state-registering", &|x| x.state("registering")),
        one("state-covered", &|x| x.state("covered")),
        one("meeting-uncovered", &|x| x.uncovered),
        one("meeting-worker-days", &|x| x.worker_days),
    ]
}

/// Agencies with exposed projects, each with its list where the reader may see projects.
fn agencies(site: &Site, caller: &Caller, f: &Frame, agenda: &Agenda) -> Result<Vec<AgencyView>, Trouble> {
    let (projects, findings) =
        (authz::permit::<Read, Project>(&caller.actor), authz::permit::<Read, Finding>(&caller.actor));
    let then = agenda.before.as_ref().map(|(_, figures)| figures);
    let mut out = Vec::new();
    for (name, counts) in agenda.now.agencies.iter().filter(|(_, n)| n[1] > 0) {
        let rows = match &projects {
            Some(permit) => meeting::projects(&site.desk, permit, name)?,
            None => Vec::new(),
        };
        let mut officers: Vec<String> = rows.iter().map(|p| p.officer.clone()).filter(|o| !o.is_empty()).collect();
        officers.sort();
        officers.dedup();
        let initials = match &findings {
            Some(permit) => site.desk.read(|s| s.officer_initials(permit, &officers).map_err(Trouble::from))?,
            None => Vec::new(),
        };
        let mut projects: Vec<ProjectView> = rows
            .iter()
            .map(|p| ProjectView {
                code: p.code.clone(),
                name: p.name.clone(),
                vendor: p.vendor.clone(),
                state: p.state.clone(),
                uncovered: f.n(&p.uncovered),
                officer: initials.iter().find(|(digest, _)| *digest == p.officer).cloned(),
            })
            .collect();
        // An officer's projects stand together, in the order of the first of each.
        let place: Vec<Option<String>> = projects.iter().map(|p| p.officer.as_ref().map(|o| o.0.clone())).collect();
        projects.sort_by_key(|p| place.iter().position(|o| *o == p.officer.as_ref().map(|o| o.0.clone())));
        let said = [("exposed", f.u(&counts[1])), ("days", f.u(&counts[4]))];
        out.push(AgencyView {
            said: phrases::say_with(f.language, "meeting-agency-line", &said),
            change: match then.and_then(|t| t.agency(name)) {
                Some([_, days]) => meeting::change_text(counts[4], days, f.language),
                None => String::new(),
            },
            name: name.clone(),
            projects,
        });
    }
    Ok(out)
}

/// What was typed and not taken.
#[derive(Default)]
struct Unkept {
    promise: PromiseRow,
    note: Option<String>,
    guests: Vec<(String, String)>,
}

fn one_page(site: &Site, caller: &Caller, id: i64, typed: Unkept, no: Option<No>) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Meeting>()?;
    let (row, agenda) = meeting::agenda(&site.desk, &permit, id)?.ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, "meeting-one", "/rapat");
    let today = app::clock::today().to_string();
    let then = agenda.before.as_ref().map(|(_, figures)| figures);
    let known = |name: &str| agenda.guests.iter().find(|(guest, _)| guest == name).map(|(_, n)| n.to_string());
    let mut guests: Vec<(String, String)> =
        agenda.now.agencies.iter().map(|(name, _)| (name.clone(), known(name).unwrap_or_default())).collect();
    guests.sort();
    let others = agenda.guests.iter().filter(|(name, _)| !agenda.now.agencies.iter().any(|(a, _)| a == name));
    guests.extend(others.map(|(name, people)| (name.clone(), people.to_string())));
    for (name, people) in typed.guests {
        match guests.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = people,
            None => guests.push((name, people)),
        }
    }
    let page = One {
        m: line(&f, &row),
        hours: format!("{:02}.{:02}", row.opens / 60, row.opens % 60),
        note: typed.note.unwrap_or_else(|| row.note.clone()),
        facts: facts(&f, &agenda.now, then),
        before: agenda.before.as_ref().map(|(m, _)| f.t1("meeting-since", "day", &f.date(&m.day))).unwrap_or_default(),
        owed: agenda.owed.iter().map(|p| promise_view(&f, p, &today)).collect(),
        agencies: agencies(site, caller, &f, &agenda)?,
        owners: guests.iter().map(|(name, _)| name.clone()).collect(),
        guests,
        promises: agenda.promises.iter().map(|p| promise_view(&f, p, &today)).collect(),
        cures: Cure::ALL.iter().map(|c| (c.name(), f.word("cure-", c.name()))).collect(),
        findings: finding_codes().into_iter().map(|c| (c, f.word("finding-", c))).collect(),
        typed: typed.promise,
        may_change: row.closed_at.is_none() && may(&caller.actor, Action::Change, Resource::Meeting),
        trouble: no.map(|no| f.t(no.sentence())).unwrap_or_default(),
        f,
    };
    Ok(page.render()?)
}

/// GET `/rapat/{id}`
pub(crate) fn one(site: &Site, caller: &Caller, id: i64) -> Outcome {
    Ok(Answer::Page(one_page(site, caller, id, Unkept::default(), None)?))
}

fn number(text: &str) -> Result<i64, Trouble> {
    text.parse().map_err(|_| Trouble::Bad("web-trouble-form"))
}

/// Who came: the name of each guest with its number of people, in the order of the form.
fn guests(typed: &Fields) -> Option<Vec<GuestRow>> {
    let names: Vec<&str> = typed.all("tamu").collect();
    let counts: Vec<&str> = typed.all("orang").collect();
    let count = |text: &str| if text.trim().is_empty() { Some(0) } else { text.trim().parse().ok() };
    let mut out = Vec::new();
    for (name, people) in names.iter().zip(counts) {
        let people = count(people)?;
        if !name.trim().is_empty() {
            out.push(((*name).to_owned(), people));
        }
    }
    Some(out)
}

/// POST `/rapat/{id}`: attendance and notes, promises, the end.
pub(crate) fn say(site: &Site, caller: &Caller, id: i64, typed: &Fields) -> Outcome {
    let permits = (&caller.permit::<Read, Meeting>()?, &caller.permit::<Change, Meeting>()?);
    let request = &caller.asking.reference;
    let mut unkept = Unkept::default();
    let done: Result<(), No> = match typed.first("tindakan") {
        "hadir" => {
            let counts = typed.all("orang").map(str::to_owned);
            let named = typed.all("tamu").map(str::to_owned).zip(counts);
            unkept.guests = named.filter(|(name, _)| !name.trim().is_empty()).collect();
            unkept.note = Some(typed.first("catatan").to_owned());
            match guests(typed) {
                Some(guests) => meeting::note(&site.desk, permits.1, (id, typed.first("catatan")), &guests, request)?,
                None => Err(No::Guests),
            }
        }
        "janji" => {
            unkept.promise = PromiseRow {
                meeting: id,
                owner: typed.first("pemilik").to_owned(),
                what: typed.first("isi").to_owned(),
                due: typed.first("batas").to_owned(),
                cure: typed.first("tutup").to_owned(),
                project: typed.first("proyek").to_owned(),
                finding: typed.first("temuan").to_owned(),
                ..PromiseRow::default()
            };
            meeting::promise(&site.desk, permits.1, &unkept.promise, request)?.map(|_| ())
        }
        "ditepati" => meeting::kept(&site.desk, permits.1, number(typed.first("janji"))?, request)?,
        "tarik" => meeting::unpromise(&site.desk, permits.1, number(typed.first("janji"))?, request)?,
        "tutup" => meeting::close(&site.desk, permits, id, request)?,
        _ => return Err(Trouble::Bad("web-trouble-form")),
    };
    match done {
        Ok(()) => Ok(Answer::Go(format!("/rapat/{id}"))),
        Err(no) => Ok(Answer::Unaccepted(one_page(site, caller, id, unkept, Some(no))?)),
    }
}

#[derive(Template)]
#[template(path = "attendance.html")]
struct Sheet {
    f: Frame,
    m: Line,
    hours: String,
    /// Offices, one line for each who is expected; empty ones for those who come besides.
    lines: Vec<String>,
}

/// Lines without an office.
const BLANK: usize = 12;

/// Lines of one sheet at most.
const LINES: usize = 200;

/// GET `/rapat/{id}/hadir`: a sheet to be signed by hand; names stay on paper.
pub(crate) fn attendance(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let permit = caller.permit::<Read, Meeting>()?;
    let (row, agenda) = meeting::agenda(&site.desk, &permit, id)?.ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, "meeting-attendance", "/rapat");
    let expected = |name: &str| {
        agenda
            .guests
            .iter()
            .find(|(guest, _)| guest == name)
            .map_or(1, |(_, n)| usize::try_from(*n).unwrap_or(0).max(1))
    };
    let mut offices: Vec<&str> =
        agenda.now.agencies.iter().filter(|(_, n)| n[1] > 0).map(|(name, _)| name.as_str()).collect();
    offices.extend(agenda.guests.iter().filter(|(_, n)| *n > 0).map(|(name, _)| name.as_str()));
    offices.sort_unstable();
    offices.dedup();
    let named = offices.iter().flat_map(|name| std::iter::repeat_n((*name).to_owned(), expected(name)));
    let lines: Vec<String> = named.take(LINES).chain(std::iter::repeat_n(String::new(), BLANK)).collect();
    let hours = format!("{:02}.{:02}", row.opens / 60, row.opens % 60);
    Ok(Answer::Page(Sheet { m: line(&f, &row), hours, lines, f }.render()?))
}

/// GET `/rapat/{id}/berita-acara`: the minutes as they were made, or as they would be.
pub(crate) fn minutes(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let permit = caller.permit::<Read, Meeting>()?;
    let kept = site.desk.read(|s| s.meeting_pdf(&permit, id).map_err(Trouble::from))?;
    let pdf = match kept {
        Some(pdf) => pdf,
        None => {
            let (row, agenda) = meeting::agenda(&site.desk, &permit, id)?.ok_or(Trouble::NotFound)?;
            meeting::minutes(&site.desk, &row, &agenda)?
        }
    };
    Ok(Answer::File(format!("berita-acara-{id}.pdf"), "application/pdf", pdf))
}
