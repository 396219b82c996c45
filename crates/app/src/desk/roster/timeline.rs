//! One person over all projects: covered when, by what, and where twice.

use super::{Evidence, State};
use crate::desk::Desk;
use crate::{Fault, clock};
use assess::cover::days;
pub use assess::cover::{Days, Other};
use assess::roster::{Segment, merged, segments, stay_of};
use authz::{Permit, Person, Read, Reveal};
use kernel::Date;
use registers::person::Payer;
use registers::records::{Entry, ListOf};
use std::collections::BTreeMap;

/// A person on one project.
#[derive(Debug, Clone)]
pub struct PersonOn {
    /// Project; none where only a registration without a known project lists the person.
    pub project: Option<String>,
    /// Its name, or the number of the registration.
    pub name: String,
    /// First and last day; none while there.
    pub stays: Vec<(Date, Option<Date>)>,
    /// Cover by day; empty where the project is not known.
    pub segments: Vec<Segment>,
}

/// A person over all projects within a permit.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// What the newest line says about the person.
    pub entry: Entry,
    /// Projects, by first day.
    pub on: Vec<PersonOn>,
    /// Cover by a firm, by own payment, by budget or by a donor, by first day.
    pub others: Vec<Other>,
    /// Its days, counted.
    pub days: Days,
}

/// One person's timeline up to today; none where nobody of that digest stands within the permit.
///
/// # Errors
/// [`Fault`] of the database.
pub fn timeline_of(desk: &Desk, permit: &Permit<Read, Person>, person: &str) -> Result<Option<Timeline>, Fault> {
    let today = clock::today();
    desk.read(|store| {
        let found = store.stay_of(permit, person)?;
        let Some(newest) = found.iter().max_by_key(|(s, _)| s.entry.origin).map(|(s, _)| s.entry.clone()) else {
            return Ok(None);
        };
        let mut by_project: BTreeMap<(Option<String>, String), Vec<&Entry>> = BTreeMap::new();
        let mut others = Vec::new();
        for (stay, project) in &found {
            if let Some(ListOf::Other(payer)) = stay.entry.list {
                others.extend(other(&stay.entry, payer));
                continue;
            }
            // Where somebody is listed as vulnerable is no work and no cover; `aman::lists` has it.
            if let Some(ListOf::Vulnerable(_)) = stay.entry.list {
                continue;
            }
            let list = stay.entry.list.as_ref().map_or("", ListOf::name);
            let key = (project.clone(), if project.is_some() { String::new() } else { list.to_owned() });
            by_project.entry(key).or_default().push(&stay.entry);
        }
        let mut on = Vec::new();
        for ((project, number), entries) in by_project {
            let row = project.as_deref().map(|code| store.stay_project(permit, code)).transpose()?.flatten();
            let known = project.as_deref().map(|code| store.stay_list_known(code)).transpose()?.unwrap_or(false);
            let stays = merged(entries.iter().filter_map(|e| stay_of(e, known)).collect());
            let spans = row.as_ref().map(|row| spans(&row.body)).transpose()?.unwrap_or_default();
            on.push(PersonOn {
                name: row.map_or(number, |row| row.name),
                project,
                segments: stays.iter().flat_map(|s| segments(*s, &spans, today, &desk.law)).collect(),
                stays: stays.iter().map(|s| (s.from, Some(s.to).filter(|to| *to != Date::MAX))).collect(),
            });
        }
        on.sort_by_key(|p| p.stays.first().map(|s| s.0));
        others.sort();
        let stays: Vec<(Date, Date)> =
            on.iter().flat_map(|p| p.stays.iter().map(|s| (s.0, s.1.unwrap_or(today).min(today)))).collect();
        let covers: Vec<Vec<Segment>> = on.iter().map(|p| p.segments.clone()).collect();
        let days = days(&stays, &covers, &others, today);
        Ok::<_, Fault>(Some(Timeline { entry: newest, on, others, days }))
    })
}

/// Other cover of an entry; none without a first day.
fn other(entry: &Entry, payer: Payer) -> Option<Other> {
    let name = entry.paid_by.clone().unwrap_or_default();
    Some(Other { from: entry.joined?, to: entry.left.unwrap_or(Date::MAX), payer, name })
}

fn spans(body: &str) -> Result<Vec<(Date, Date, State)>, Fault> {
    let evidence: Evidence = serde_json::from_str(body).map_err(|e| Fault(e.to_string()))?;
    let span = |s: &crate::desk::evidence::Span| {
        Some((s.from.parse().ok()?, s.to.parse().ok()?, State::ALL.into_iter().find(|x| x.name() == s.state)?))
    };
    Ok(evidence.spans.iter().filter_map(span).collect())
}

/// Name and full number of a person, for whoever may see them and has said what for. The caller notes the look in the audit trail first.
///
/// # Errors
/// [`Fault`] of the database.
pub fn name_of(
    desk: &Desk,
    (read, _): (&Permit<Read, Person>, &Permit<Reveal, Person>),
    person: &str,
) -> Result<Option<(String, String)>, Fault> {
    let found = timeline_of(desk, read, person)?;
    Ok(found.map(|t| {
        let nik = t.entry.nik.as_ref().and_then(|n| n.as_ref().ok()).map_or("", |n| n.reveal()).to_owned();
        (t.entry.name.bare.clone(), nik)
    }))
}
