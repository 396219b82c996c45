//! The work list: whom to call or visit today, what was told of each, and whether the ranking is worth anything.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use crate::typed::Fields;
use app::desk::worklist::{self, Arm, Came, Experience, HOURS, No, Ranked, Told, WorklistItem, WorklistRow};
use app::words;
use askama::Template;
use authz::{Action, Change, Project, Read, Resource, Worklist, may};
use serde::Deserialize;

/// Projects shown before a list is drawn.
const SHOWN: usize = 10;

/// Own lists shown.
const LISTS: usize = 60;

/// Hours a list is drawn for where nobody says.
const HOURS_USUAL: &str = "4";

/// What is typed to draw one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    jam: String,
}

struct RankedView {
    href: String,
    name: String,
    whose: String,
    state: String,
    state_word: String,
    crew: String,
    days: String,
    step: String,
    minutes: String,
    expected: String,
    hourly: String,
}

struct ListView {
    id: i64,
    day: String,
    hours: String,
    told: String,
}

#[derive(Template)]
#[template(path = "worklists.html")]
struct Page {
    f: Frame,
    ranked: Vec<RankedView>,
    count: String,
    drawn: Option<i64>,
    lists: Vec<ListView>,
    compared: Vec<String>,
    beliefs: Vec<[String; 4]>,
    standings: Vec<[String; 2]>,
    terms: String,
    typed: Typed,
    may_change: bool,
    trouble: String,
}

fn percent(f: &Frame, ppm: u64) -> String {
    words::share_text(i64::try_from(ppm).unwrap_or(i64::MAX), 1, f.language)
}

/// Thousandths of worker-days, to one place.
fn days(f: &Frame, thousandths: u64) -> String {
    f.tenths((thousandths + 50) / 100)
}

fn crew(f: &Frame, n: u64, known: bool) -> String {
    if known { f.u(&n) } else { f.t1("worklist-about", "count", &f.u(&n)) }
}

fn ranked(f: &Frame, r: &Ranked) -> RankedView {
    RankedView {
        href: format!("/proyek/{}", r.project.code),
        name: r.project.name.clone(),
        whose: format!("{} · {}", r.project.vendor, r.project.agency),
        state: r.project.state.clone(),
        state_word: f.word("state-", &r.project.state),
        crew: crew(f, r.crew.0, r.crew.1),
        days: f.u(&r.days),
        step: f.word("worklist-step-", r.worth.step.name()),
        minutes: f.u(&r.worth.minutes),
        expected: days(f, r.worth.expected),
        hourly: days(f, r.worth.hourly()),
    }
}

/// What rank and lot won, in sentences.
fn compared(f: &Frame, e: &Experience) -> Vec<String> {
    let c = &e.compared;
    let arm = |word: &str, s: &worklist::Sum| {
        let hourly = s.hourly().map_or_else(|| "–".to_owned(), |n| f.tenths(n));
        let said = [
            ("hourly", hourly),
            ("contacts", f.u(&s.contacts)),
            ("covered", f.u(&s.covered)),
            ("won", f.u(&s.won)),
            ("expected", f.u(&(s.expected / 1_000))),
        ];
        phrases::say_with(f.language, word, &said)
    };
    let mut out = Vec::new();
    if c.lists > 0 {
        out.push(arm("worklist-by-rank", &c.ranked));
        out.push(arm("worklist-by-lot", &c.random));
    }
    out.push(match c.difference {
        Some(ends) => {
            let signed = |n: i64| format!("{}{}", if n < 0 { "−" } else { "" }, f.tenths(n.unsigned_abs()));
            let [middle, low, high] = ends.map(signed);
            let said = [("middle", middle), ("low", low), ("high", high)];
            phrases::say_with(f.language, if ends[1] > 0 { "worklist-better" } else { "worklist-unsure" }, &said)
        }
        None if c.is_even && c.lists >= e.lists_min => f.t("worklist-even"),
        None => {
            let said = [("lists", f.u(&(c.lists as u64))), ("least", f.u(&(e.lists_min as u64)))];
            phrases::say_with(f.language, "worklist-too-little", &said)
        }
    });
    out
}

fn list(f: &Frame, l: &WorklistRow) -> ListView {
    let said = [("told", f.n(&l.counts[1])), ("all", f.n(&l.counts[0]))];
    ListView {
        id: l.id,
        day: f.date(&l.day),
        hours: f.tenths(l.minutes.unsigned_abs() / 6),
        told: phrases::say_with(f.language, "worklist-told-of", &said),
    }
}

fn made(site: &Site, caller: &Caller, typed: &Typed, no: Option<No>) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Worklist>()?;
    let f = Frame::of(site, caller, "worklist-title", "/kerja");
    let e = worklist::experience(&site.desk, &permit)?;
    let today = app::clock::today().to_string();
    let own = match authz::permit::<Change, Worklist>(&caller.actor) {
        Some(permit) => site.desk.read(|s| s.worklist_own(&permit, LISTS).map_err(Trouble::from))?,
        None => Vec::new(),
    };
    let (best, count) = match authz::permit::<Read, Project>(&caller.actor) {
        Some(projects) => worklist::ranked(&site.desk, (&projects, &permit), SHOWN)?,
        None => (Vec::new(), 0),
    };
    let belief = |b: &worklist::Belief| {
        let learned = [("came", f.u(&b.learned[1])), ("all", f.u(&b.learned[0]))];
        [
            f.word("state-", b.lack.name()),
            f.word("worklist-step-", b.step.map_or("none", |s| s.name())),
            percent(&f, b.chance),
            phrases::say_with(f.language, "worklist-learned", &learned),
        ]
    };
    let terms = [
        ("days", f.n(&e.window.into())),
        ("share", percent(&f, e.share)),
        ("call", f.u(&e.minutes[0])),
        ("visit", f.u(&e.minutes[1])),
    ];
    let page = Page {
        ranked: best.iter().map(|r| ranked(&f, r)).collect(),
        count: f.u(&(count as u64)),
        drawn: own.iter().find(|l| l.day == today).map(|l| l.id),
        lists: own.iter().map(|l| list(&f, l)).collect(),
        compared: compared(&f, &e),
        beliefs: e.beliefs.iter().map(belief).collect(),
        standings: e.standings.iter().map(|(c, n)| [f.word("worklist-came-", c.name()), f.u(n)]).collect(),
        terms: phrases::say_with(f.language, "worklist-terms", &terms),
        typed: if typed.jam.is_empty() { Typed { jam: HOURS_USUAL.to_owned() } } else { typed.clone() },
        may_change: may(&caller.actor, Action::Change, Resource::Worklist),
        trouble: no.map(|no| f.t(no.sentence())).unwrap_or_default(),
        f,
    };
    Ok(page.render()?)
}

/// GET `/kerja`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    Ok(Answer::Page(made(site, caller, &Typed::default(), None)?))
}

/// POST `/kerja`: today's list is drawn.
pub(crate) fn draw(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let change = caller.permit::<Change, Worklist>()?;
    let (projects, read) = (caller.permit::<Read, Project>()?, caller.permit::<Read, Worklist>()?);
    let hours = typed.jam.trim().parse().ok();
    match worklist::draw_list(&site.desk, ((&projects, &read), &change), hours, &caller.asking.reference)? {
        Ok(id) => Ok(Answer::Go(format!("/kerja/{id}"))),
        Err(no) => Ok(Answer::Unaccepted(made(site, caller, typed, Some(no))?)),
    }
}

struct ItemView {
    place: i64,
    href: String,
    name: String,
    whose: String,
    state: String,
    state_word: String,
    why: String,
    step: String,
    told: String,
    took: String,
    came: String,
    is_covered: bool,
    arm: String,
}

#[derive(Template)]
#[template(path = "worklist.html")]
struct One {
    f: Frame,
    id: i64,
    day: String,
    said: String,
    items: Vec<ItemView>,
    words: Vec<(&'static str, String)>,
    trouble: String,
}

/// What was typed and not taken: place, word, minutes.
type Unkept = Vec<(i64, String, String)>;

fn one_page(site: &Site, caller: &Caller, id: i64, typed: &Unkept, no: Option<No>) -> Result<String, Trouble> {
    let permit = caller.permit::<Change, Worklist>()?;
    let found = site.desk.read(|s| s.worklist_one(&permit, id).map_err(Trouble::from))?;
    let (row, items) = found.ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, "worklist-one", "/kerja");
    let seen = worklist::Seen::of(&site.desk)?;
    let item = |i: &WorklistItem| {
        let (came, won) = worklist::came(i, None, seen);
        let why = [
            ("crew", crew(&f, i.crew.unsigned_abs(), i.known)),
            ("days", f.n(&i.days)),
            ("chance", percent(&f, i.chance[0].unsigned_abs())),
            ("alone", percent(&f, i.chance[1].unsigned_abs())),
            ("minutes", f.n(&i.minutes)),
        ];
        let kept = typed.iter().find(|(place, ..)| *place == i.place);
        let [name, agency, vendor] = &i.named;
        ItemView {
            place: i.place,
            href: format!("/proyek/{}", i.project),
            name: if name.is_empty() { i.project.clone() } else { name.clone() },
            whose: format!("{vendor} · {agency}"),
            state: i.state.clone(),
            state_word: f.word("state-", &i.state),
            why: phrases::say_with(f.language, "worklist-why", &why),
            step: f.word("worklist-step-", &i.step),
            told: kept.map_or_else(|| i.told.clone(), |(_, word, _)| word.clone()),
            took: kept
                .map_or_else(|| if i.took > 0 { i.took.to_string() } else { String::new() }, |(.., took)| took.clone()),
            is_covered: came == Came::Covered,
            came: match came {
                Came::Covered => f.t1("worklist-won", "days", &f.u(&won)),
                other => f.word("worklist-came-", other.name()),
            },
            // Who knew before which are by lot would try less there.
            arm: if came == Came::Early { String::new() } else { f.word("worklist-arm-", &i.arm) },
        }
    };
    let said = [
        ("hours", f.tenths(row.minutes.unsigned_abs() / 6)),
        ("candidates", f.n(&row.candidates)),
        ("share", percent(&f, row.share.unsigned_abs())),
    ];
    let page = One {
        id,
        day: f.date(&row.day),
        said: phrases::say_with(f.language, "worklist-drawn", &said),
        items: items.iter().filter(|i| i.arm != Arm::Unlisted.name()).map(item).collect(),
        words: Told::ALL.iter().map(|t| (t.name(), f.word("worklist-told-", t.name()))).collect(),
        trouble: no.map(|no| f.t(no.sentence())).unwrap_or_default(),
        f,
    };
    Ok(page.render()?)
}

/// GET `/kerja/{id}`
pub(crate) fn one(site: &Site, caller: &Caller, id: i64) -> Outcome {
    Ok(Answer::Page(one_page(site, caller, id, &Unkept::new(), None)?))
}

/// POST `/kerja/{id}`: what came of the contacts.
pub(crate) fn tell(site: &Site, caller: &Caller, id: i64, typed: &Fields) -> Outcome {
    let permit = caller.permit::<Change, Worklist>()?;
    let said: Option<Unkept> = typed
        .all("nomor")
        .zip(typed.all("hasil"))
        .zip(typed.all("menit"))
        .map(|((place, word), took)| Some((place.parse().ok()?, word.to_owned(), took.to_owned())))
        .collect();
    let said = said.ok_or(Trouble::Bad("web-trouble-form"))?;
    let told: Vec<(i64, &str, &str)> = said.iter().map(|(p, w, t)| (*p, w.as_str(), t.as_str())).collect();
    match worklist::tell(&site.desk, &permit, id, &told, &caller.asking.reference)? {
        Ok(()) => Ok(Answer::Go(format!("/kerja/{id}"))),
        Err(No::Unknown) => Err(Trouble::NotFound),
        Err(no) => Ok(Answer::Unaccepted(one_page(site, caller, id, &said, Some(no))?)),
    }
}

/// Hours a list may be drawn for, as the form says them.
fn hours() -> (i64, i64) {
    (*HOURS.start(), *HOURS.end())
}
