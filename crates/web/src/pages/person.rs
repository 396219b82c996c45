//! One person over all projects: covered when and by what. Name and number only for whoever says what for.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::is_purpose;
use crate::site::Site;
use app::desk::aman::group_label;
use app::desk::aman::lists::{By, lists};
use app::desk::event;
use app::desk::roster::{Other, Timeline, name_of, timeline_of};
use askama::Template;
use authz::{Action, Person, Read, Resource, Reveal, Vulnerable, may};
use serde::Deserialize;

struct Part {
    state: &'static str,
    lenient: &'static str,
    period: String,
    days: u32,
    why: String,
}

struct On {
    code: String,
    name: String,
    stays: Vec<String>,
    parts: Vec<Part>,
}

#[derive(Template)]
#[template(path = "person.html")]
struct Page {
    f: Frame,
    here: String,
    shown: String,
    nik: String,
    revealed: bool,
    may_reveal: bool,
    may_erase: bool,
    trouble: String,
    summary: String,
    on: Vec<On>,
    /// Cover by others: who, by name, from when to when.
    others: Vec<[String; 3]>,
    /// Groups of vulnerable workers, how the person stands, contradictions.
    vulnerable: Vec<String>,
    /// Months paid for by allotments: when, by whom.
    paid: Vec<(String, String)>,
    /// What the two together come to.
    notes: Vec<String>,
    gaps: Vec<String>,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    alasan: String,
}

/// GET `/pekerja/{person}`
pub(crate) fn page(site: &Site, caller: &Caller, person: &str) -> Outcome {
    Ok(Answer::Page(shown(site, caller, person, None, "")?))
}

/// POST `/pekerja/{person}`: name and number, once, for a purpose.
pub(crate) fn reveal(site: &Site, caller: &Caller, person: &str, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Reveal, Person>()?;
    let read = caller.permit::<Read, Person>()?;
    let purpose = typed.alasan.trim();
    if !is_purpose(purpose) {
        return Ok(Answer::Unaccepted(shown(site, caller, person, None, "web-officer-no-purpose")?));
    }
    let found = name_of(&site.desk, (&read, &permit), person)?.ok_or(Trouble::NotFound)?;
    // Written down before it is shown: a look that cannot be noted is not given.
    let mut told = event(permit.actor(), "person_reveal", &format!("person:{person}"), &caller.asking.reference);
    told.reason = purpose.to_owned();
    site.desk.write(|s| s.audit(told))?;
    Ok(Answer::Page(shown(site, caller, person, Some(found), "")?))
}

fn shown(
    site: &Site,
    caller: &Caller,
    person: &str,
    revealed: Option<(String, String)>,
    trouble: &str,
) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Person>()?;
    let found = timeline_of(&site.desk, &permit, person)?.ok_or(Trouble::NotFound)?;
    let told = event(permit.actor(), "person_read", &format!("person:{person}"), &caller.asking.reference);
    site.desk.write(|s| s.audit(told))?;
    let f = Frame::of(site, caller, "roster-person", "/proyek");
    let own = may(&caller.actor, Action::Change, Resource::Person);
    let masked =
        found.entry.nik.as_ref().and_then(|n| n.as_ref().ok()).map_or_else(|| "–".to_owned(), ToString::to_string);
    let is_revealed = revealed.is_some();
    let (vulnerable, paid) = vulnerable(site, caller, &f, person)?;
    let name = if own { found.entry.name.bare.clone() } else { found.entry.name.initials() };
    let (shown, nik) = revealed.unwrap_or((name, masked));
    let page = Page {
        here: format!("/pekerja/{person}"),
        shown,
        nik,
        revealed: is_revealed,
        may_reveal: may(&caller.actor, Action::Reveal, Resource::Person),
        may_erase: may(&caller.actor, Action::Change, Resource::Erasure),
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        summary: summary(&f, &found),
        on: on(&f, &found),
        others: found.others.iter().map(|o| other(&f, o)).collect(),
        notes: notes(&f, &found),
        vulnerable,
        paid,
        gaps: found.days.gaps.iter().map(|g| period(&f, g.0, g.1)).collect(),
        f,
    };
    Ok(page.render()?)
}

/// What the lists of vulnerable workers say, for whoever may read them.
#[allow(clippy::type_complexity)]
fn vulnerable(
    site: &Site,
    caller: &Caller,
    f: &Frame,
    person: &str,
) -> Result<(Vec<String>, Vec<(String, String)>), Trouble> {
    let Some(permit) = authz::permit::<Read, Vulnerable>(&caller.actor) else { return Ok(Default::default()) };
    let lists = lists(&site.desk, &permit)?;
    let Some(found) = lists.people.iter().find(|s| s.person == person) else { return Ok(Default::default()) };
    let mut said: Vec<String> = found
        .facts
        .listings
        .iter()
        .map(|l| {
            let from = l.from.map_or_else(|| f.t("vulnerable-since-ever"), |d| f.date(&d.to_string()));
            let to = l.to.map_or_else(|| f.t("roster-now"), |d| f.date(&d.to_string()));
            format!("{}: {from} – {to}", group_label(&l.group))
        })
        .collect();
    said.push(f.word("standing-", found.standing.name()));
    said.extend(found.conflicts.iter().map(|c| f.word("conflict-", c.name())));
    let paid = found.facts.covers.iter().filter_map(|c| match c.by {
        By::Paid(payer) => Some((period(f, c.from, c.to), f.word("person-payer-", payer.name()))),
        _ => None,
    });
    Ok((said, paid.collect()))
}

fn summary(f: &Frame, t: &Timeline) -> String {
    let d = &t.days;
    let counts = [("covered", d.covered), ("uncovered", d.uncovered), ("twice", d.twice), ("away", d.away)];
    let counts = counts.map(|(name, n)| (name, f.u(&u64::from(n))));
    let arguments: Vec<(&str, &str)> = counts.iter().map(|(k, v)| (*k, v.as_str())).collect();
    phrases::say_named(f.language, "roster-person-summary", &arguments)
}

fn period(f: &Frame, from: kernel::Date, to: kernel::Date) -> String {
    let last = if to == kernel::Date::MAX { f.t("roster-now") } else { f.date(&to.to_string()) };
    format!("{} – {last}", f.date(&from.to_string()))
}

fn other(f: &Frame, o: &Other) -> [String; 3] {
    let name = if o.name.is_empty() { "–".to_owned() } else { o.name.clone() };
    [f.word("person-payer-", o.payer.name()), name, period(f, o.from, o.to)]
}

/// What counts of days say beyond the sum; nothing where they are zero.
fn notes(f: &Frame, t: &Timeline) -> Vec<String> {
    let counts =
        [("person-elsewhere", t.days.elsewhere), ("person-both", t.days.both), ("person-double", t.days.double)];
    let said = counts.into_iter().filter(|(_, n)| *n > 0);
    said.map(|(word, n)| f.t1(word, "days", &f.u(&u64::from(n)))).collect()
}

fn on(f: &Frame, t: &Timeline) -> Vec<On> {
    let day = |d: kernel::Date| f.date(&d.to_string());
    let one = |p: &app::desk::roster::PersonOn| On {
        code: p.project.clone().unwrap_or_default(),
        name: p.name.clone(),
        stays: p
            .stays
            .iter()
            .map(|(from, to)| format!("{} – {}", day(*from), to.map_or_else(|| f.t("roster-now"), day)))
            .collect(),
        parts: p
            .segments
            .iter()
            .map(|s| Part {
                state: s.state.name(),
                lenient: if s.lenient == s.state { "" } else { s.lenient.name() },
                period: format!("{} – {}", day(s.from), day(s.to)),
                days: kernel::date::days_inclusive(s.from, s.to),
                why: f.word("roster-why-", s.why.name()),
            })
            .collect(),
    };
    t.on.iter().map(one).collect()
}
