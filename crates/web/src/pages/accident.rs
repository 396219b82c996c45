//! Work accidents: five questions, two clocks, who pays, what comes next.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::accidents::{self, Harm, Step, Told, Untaken, View};
use app::desk::roster::crew_of;
use askama::Template;
use authz::{Accident, Action, Change, Export, Person, Read, Resource, may};
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
    /// Ways of coming to harm on each kind of works, with how often.
    causes: Vec<(String, String, usize)>,
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
    let causes = accidents::recurring(&files)
        .into_iter()
        .map(|(kind, harm, n)| (f.word("kind-", &kind), f.word("accident-harm-", harm.map_or("unsaid", Harm::name)), n))
        .collect();
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
    let page = List { rows: files.into_iter().map(line).collect(), again, causes, f };
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
    sebab: String,
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
    harms: Vec<(&'static str, String)>,
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
        harms: harms(&f),
        now: app::clock::minute().strftime("%Y-%m-%dT%H:%M").to_string(),
        code: code.to_owned(),
        name: crew.project.name.clone(),
        t,
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        f,
    };
    Ok(page.render()?)
}

/// Ways of coming to harm, with their words.
pub(crate) fn harms(f: &Frame) -> Vec<(&'static str, String)> {
    Harm::ALL.iter().map(|h| (h.name(), f.word("accident-harm-", h.name()))).collect()
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
        harm: Harm::parse(&typed.sebab),
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

#[derive(Template)]
#[template(path = "accident_form.html")]
struct FormPage {
    f: Frame,
    id: i64,
    rows: Vec<(String, Vec<(String, String)>)>,
}

/// GET `/kecelakaan/{id}/tahap/{stage}`: the report as a form to print and sign.
pub(crate) fn paper(site: &Site, caller: &Caller, id: i64, stage: u8) -> Outcome {
    let export = caller.permit::<Export, Person>()?;
    let read = caller.permit::<Read, Accident>()?;
    let people = caller.permit::<Read, Person>()?;
    let about = (caller.language(), caller.asking.reference.as_str());
    if !(1..=2).contains(&stage) {
        return Err(Trouble::NotFound);
    }
    let form = accidents::form(&site.desk, (&read, &people), &export, id, about)?.ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, if stage == 1 { "accident-form-1" } else { "accident-form-2" }, "/kecelakaan");
    let page = FormPage { id, rows: filled(&f, &form, stage), f };
    Ok(Answer::Page(page.render()?))
}

/// The parts of a form, each with its lines: what is not known stays a line to write on.
fn filled(f: &Frame, form: &accidents::Form, stage: u8) -> Vec<(String, Vec<(String, String)>)> {
    let v = &form.view;
    let entry = form.entry.as_ref();
    let text = |t: Option<&String>| t.cloned().unwrap_or_default();
    let day = |d: Option<kernel::Date>| d.map_or_else(String::new, |d| f.date(&d.to_string()));
    let nik = entry.and_then(|e| e.nik.as_ref()).and_then(|n| n.as_ref().ok()).map(|n| n.reveal().to_owned());
    let born = entry.map_or_else(String::new, |e| {
        [text(e.birth_place.as_ref()), day(e.birth)]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    });
    let wage = entry
        .and_then(|e| Some((e.wage?.round(kernel::money::Rounding::HalfUp)?, e.kind?)))
        .map_or_else(String::new, |(w, kind)| {
            format!("{} ({})", f.rp(&w.0), f.word("roster-kind-", &kind.name().replace('_', "-")))
        });
    let said = |name: &str| f.t(name);
    let minute = |at: Option<kernel::DateTime>| {
        at.map_or_else(String::new, |d| local(f, &d.strftime("%Y-%m-%dT%H:%M").to_string()))
    };
    let project = vec![
        (said("accident-form-project"), v.file.0.name.clone()),
        (said("accident-form-code"), v.file.0.project.clone()),
        (said("accident-form-registration"), form.registrations.join(", ")),
        (said("accident-form-contractor"), v.file.0.vendor.clone()),
    ];
    let person = vec![
        (said("roster-field-nama"), entry.map_or_else(|| v.told.who.clone(), |e| e.name.bare.clone())),
        ("NIK".to_owned(), nik.unwrap_or_default()),
        (said("roster-field-kpj"), text(entry.and_then(|e| e.card.as_ref()))),
        (said("accident-form-born"), born),
        (said("roster-field-alamat"), text(entry.and_then(|e| e.address.as_ref()))),
        (said("roster-field-hp"), text(entry.and_then(|e| e.phone.as_ref()))),
        (said("roster-field-jabatan"), text(entry.and_then(|e| e.trade.as_ref()))),
        (said("roster-field-upah"), wage),
        (said("roster-field-mulai-bekerja"), day(entry.and_then(|e| e.joined))),
    ];
    let mut accident = vec![
        (said("accident-happened"), local(f, &v.file.0.happened)),
        (said("accident-q-what"), v.told.what.clone()),
        (said("accident-q-harm"), v.told.harm.map_or_else(String::new, |h| f.word("accident-harm-", h.name()))),
        (said("accident-q-injury"), v.told.injury.clone()),
        (said("accident-q-treated"), v.told.treated.clone()),
        (said("accident-q-witnesses"), v.told.witnesses.clone()),
        (said("accident-stage-one-due"), minute(v.stage_one.0)),
    ];
    let mut parts = vec![(said("accident-form-part-project"), project), (said("accident-form-part-person"), person)];
    if stage == 2 {
        accident.push((said("accident-form-reported"), minute(v.facts.stage_one)));
        let outcome = v.facts.outcome.map(|(o, d)| (f.word("accident-outcome-", o.name()), day(Some(d))));
        let (what, when) = outcome.unwrap_or_default();
        parts.push((said("accident-form-part-accident"), accident));
        parts.push((
            said("accident-form-part-outcome"),
            vec![
                (said("accident-form-outcome"), what),
                (said("accident-form-letter"), when),
                (said("accident-stage-two-due"), minute(v.stage_two.0)),
                (said("accident-form-doctor"), String::new()),
                (said("accident-form-off-work"), String::new()),
                (said("accident-form-transport"), String::new()),
                (said("accident-form-treatment"), String::new()),
                (said("accident-form-account"), String::new()),
            ],
        ));
    } else {
        parts.push((said("accident-form-part-accident"), accident));
    }
    parts
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
    harm: String,
    may_print: bool,
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
        harm: v.told.harm.map_or_else(String::new, |h| f.word("accident-harm-", h.name())),
        may_print: may(&caller.actor, Action::Export, Resource::Person),
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
