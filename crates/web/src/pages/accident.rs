//! Work accidents: five questions, two clocks, who pays, what comes next.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::accidents::{self, Step, Told, Untaken, View};
use app::desk::roster::crew_of;
use askama::Template;
use authz::{Accident, Action, Change, Person, Read, Resource, may};
use serde::Deserialize;

struct Line {
    id: i64,
    project: String,
    name: String,
    happened: String,
    due: String,
    late: bool,
    standing: &'static str,
}

#[derive(Template)]
#[template(path = "accidents.html")]
struct List {
    f: Frame,
    rows: Vec<Line>,
    /// Accidents of each contractor with two or more: what happens again.
    again: Vec<(String, usize)>,
}

/// Accidents listed.
const LISTED: usize = 300;

fn local(f: &Frame, text: &str) -> String {
    let Some((day, time)) = text.split_once('T') else { return "–".to_owned() };
    format!("{} {}", f.date(day), time.replace(':', "."))
}

/// GET `/kecelakaan`
pub(crate) fn list(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Accident>()?;
    let files = site.desk.read(|s| s.accident_list(&permit, None, LISTED).map_err(Trouble::from))?;
    let f = Frame::of(site, caller, "accident-list", "/kecelakaan");
    let mut again: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for (row, _) in &files {
        *again.entry(row.vendor.clone()).or_default() += 1;
    }
    let mut again: Vec<(String, usize)> = again.into_iter().filter(|(v, n)| *n > 1 && !v.is_empty()).collect();
    again.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    let line = |(row, steps): store::AccidentFile| {
        let due = accidents::stage_one_due(&site.desk, &row.happened);
        let facts = accidents::facts(&steps);
        Line {
            id: row.id,
            happened: local(&f, &row.happened),
            due: due.map_or_else(|| "–".to_owned(), |d| local(&f, &d.strftime("%Y-%m-%dT%H:%M").to_string())),
            late: due.is_some_and(|d| facts.stage_one.unwrap_or_else(app::clock::minute) > d),
            standing: facts.standing(),
            project: row.project,
            name: row.name,
        }
    };
    let page = List { rows: files.into_iter().map(line).collect(), again, f };
    Ok(Answer::Page(page.render()?))
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    orang: String,
    siapa: String,
    kapan: String,
    apa: String,
    cedera: String,
    dirawat: String,
    saksi: String,
}

#[derive(Template)]
#[template(path = "accident_new.html")]
struct New {
    f: Frame,
    code: String,
    name: String,
    people: Vec<(String, String)>,
    now: String,
    t: Typed,
    trouble: String,
}

/// GET `/proyek/{code}/kecelakaan`
pub(crate) fn form(site: &Site, caller: &Caller, code: &str) -> Outcome {
    Ok(Answer::Page(new(site, caller, code, Typed::default(), "")?))
}

fn new(site: &Site, caller: &Caller, code: &str, t: Typed, trouble: &str) -> Result<String, Trouble> {
    caller.permit::<Change, Accident>()?;
    let read = caller.permit::<Read, Person>()?;
    let crew = crew_of(&site.desk, &read, code, app::clock::today(), None)?.ok_or(Trouble::NotFound)?;
    app::desk::roster::note_look(&site.desk, &read, &crew, &caller.asking.reference)?;
    let names = may(&caller.actor, Action::Change, Resource::Person);
    let person = |m: &app::desk::roster::Member| {
        let name = &crew.entry(m).name;
        (crew.stays[m.entries[0]].mark.clone(), if names { name.bare.clone() } else { name.initials() })
    };
    let f = Frame::of(site, caller, "accident-new", "/kecelakaan");
    let page = New {
        people: crew.members.iter().map(person).collect(),
        now: app::clock::minute().strftime("%Y-%m-%dT%H:%M").to_string(),
        code: code.to_owned(),
        name: crew.project.name.clone(),
        t,
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        f,
    };
    Ok(page.render()?)
}

fn sentence(untaken: Untaken) -> &'static str {
    match untaken {
        Untaken::Moment => "accident-bad-moment",
        Untaken::Text => "accident-bad-text",
        Untaken::Step => "accident-bad-step",
    }
}

/// POST `/proyek/{code}/kecelakaan`
pub(crate) fn tell(site: &Site, caller: &Caller, code: &str, typed: Typed) -> Outcome {
    let permit = caller.permit::<Change, Accident>()?;
    let told = Told {
        who: typed.siapa.trim().to_owned(),
        what: typed.apa.trim().to_owned(),
        injury: typed.cedera.trim().to_owned(),
        treated: typed.dirawat.trim().to_owned(),
        witnesses: typed.saksi.trim().to_owned(),
    };
    let about = (code, typed.orang.as_str());
    match accidents::tell(&site.desk, &permit, about, &typed.kapan, &told, &caller.asking.reference)? {
        None => Err(Trouble::NotFound),
        Some(Ok(id)) => Ok(Answer::Go(format!("/kecelakaan/{id}"))),
        Some(Err(untaken)) => Ok(Answer::Unaccepted(new(site, caller, code, typed, sentence(untaken))?)),
    }
}

struct Done {
    what: String,
    done: String,
    text: String,
}

#[derive(Template)]
#[template(path = "accident.html")]
struct One {
    f: Frame,
    v: View,
    happened: String,
    one_due: String,
    one_late: bool,
    two_due: String,
    pays: Vec<String>,
    pays_unknown: String,
    done: Vec<Done>,
    steps: Vec<(&'static str, String)>,
    papers: Vec<String>,
    losses: Vec<(String, String)>,
    loss: String,
    now: String,
    trouble: String,
}

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    rugi: String,
}

/// Papers of the second report, by their sentences.
const PAPERS: u8 = 6;

/// GET `/kecelakaan/{id}`
pub(crate) fn one(site: &Site, caller: &Caller, id: i64, asked: &Asked) -> Outcome {
    Ok(Answer::Page(shown(site, caller, id, &asked.rugi, "")?))
}

fn shown(site: &Site, caller: &Caller, id: i64, loss: &str, trouble: &str) -> Result<String, Trouble> {
    let read = caller.permit::<Read, Accident>()?;
    let people = caller.permit::<Read, Person>()?;
    let names = may(&caller.actor, Action::Change, Resource::Person);
    let about = (caller.language(), caller.asking.reference.as_str());
    let v = accidents::view(&site.desk, (&read, &people), id, names, loss, about)?.ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, "accident-one", "/kecelakaan");
    let minute = |at: Option<kernel::DateTime>| {
        at.map_or_else(|| "–".to_owned(), |d| local(&f, &d.strftime("%Y-%m-%dT%H:%M").to_string()))
    };
    let done = v.file.1.iter().map(|s| Done {
        what: f.word("accident-step-", &s.step),
        done: local(&f, &s.done),
        text: s.text.clone(),
    });
    let may_step = may(&caller.actor, Action::Change, Resource::Accident);
    let steps = Step::ALL
        .into_iter()
        .filter(|step| may_step && v.facts.may(*step))
        .map(|step| (step.name(), f.word("accident-step-", step.name())));
    let day = v.file.0.happened.get(..10).and_then(|d| d.parse().ok()).unwrap_or_else(app::clock::today);
    let page = One {
        happened: local(&f, &v.file.0.happened),
        one_due: minute(v.stage_one.0),
        one_late: v.stage_one.0.is_some_and(|due| v.facts.stage_one.unwrap_or_else(app::clock::minute) > due),
        two_due: minute(v.stage_two.0),
        pays: v.pays.clone().unwrap_or_default(),
        pays_unknown: v.pays.as_ref().err().map_or_else(String::new, |name| f.t(name)),
        done: done.collect(),
        steps: steps.collect(),
        papers: (1..=PAPERS).map(|i| f.t(&format!("accident-paper-{i}"))).collect(),
        losses: accidents::losses(&site.desk, day, caller.language()),
        loss: loss.to_owned(),
        now: app::clock::minute().strftime("%Y-%m-%dT%H:%M").to_string(),
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        v,
        f,
    };
    Ok(page.render()?)
}

/// What is typed about a step.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StepTyped {
    langkah: String,
    kapan: String,
    isi: String,
}

/// POST `/kecelakaan/{id}`
pub(crate) fn step(site: &Site, caller: &Caller, id: i64, typed: &StepTyped) -> Outcome {
    let change = caller.permit::<Change, Accident>()?;
    let read = caller.permit::<Read, Accident>()?;
    let step = Step::parse(&typed.langkah).ok_or(Trouble::Bad("web-trouble-form"))?;
    let said = (step, typed.kapan.as_str(), typed.isi.as_str());
    match accidents::step(&site.desk, (&read, &change), id, said, &caller.asking.reference)? {
        None => Err(Trouble::NotFound),
        Some(Ok(())) => Ok(Answer::Go(format!("/kecelakaan/{id}"))),
        Some(Err(untaken)) => Ok(Answer::Unaccepted(shown(site, caller, id, "", sentence(untaken))?)),
    }
}
