//! One person over all projects: covered when, by what, and where twice.

use super::{Evidence, State};
use crate::desk::Desk;
use crate::{Fault, clock};
use assess::roster::{Segment, merged, segments, stay_of};
use authz::{Permit, Person, Read, Reveal};
use kernel::Date;
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
    /// Days at work on which at least one project covers, and on which none does.
    pub days: (u32, u32),
    /// Days on which two projects cover: paid for twice.
    pub twice: u32,
    /// Days between the first and the last on which the person stands on no list.
    pub away: u32,
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
        for (stay, project) in &found {
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
        let (days, twice, away) = tally(&on, today);
        Ok::<_, Fault>(Some(Timeline { entry: newest, on, days, twice, away }))
    })
}

fn spans(body: &str) -> Result<Vec<(Date, Date, State)>, Fault> {
    let evidence: Evidence = serde_json::from_str(body).map_err(|e| Fault(e.to_string()))?;
    let span = |s: &crate::desk::evidence::Span| {
        Some((s.from.parse().ok()?, s.to.parse().ok()?, State::ALL.into_iter().find(|x| x.name() == s.state)?))
    };
    Ok(evidence.spans.iter().filter_map(span).collect())
}

/// Days covered and not, covered twice, and between lists. A person's life on sites has some thousands of days: they are counted one by one.
fn tally(on: &[PersonOn], today: Date) -> ((u32, u32), u32, u32) {
    let ends = |s: &(Date, Option<Date>)| (s.0, s.1.unwrap_or(today).min(today));
    let stays: Vec<(Date, Date)> = on.iter().flat_map(|p| p.stays.iter().map(ends)).filter(|s| s.0 <= s.1).collect();
    let (Some(first), Some(last)) = (stays.iter().map(|s| s.0).min(), stays.iter().map(|s| s.1).max()) else {
        return ((0, 0), 0, 0);
    };
    let (mut covered, mut uncovered, mut twice, mut away) = (0, 0, 0, 0);
    let mut day = first;
    while day <= last {
        let segments = on.iter().flat_map(|p| &p.segments).filter(|s| s.from <= day && day <= s.to);
        let (mut by, mut met) = (0u32, false);
        for s in segments {
            met = true;
            by += u32::from(s.state == State::Covered);
        }
        match (by, met) {
            (0, true) => uncovered += 1,
            (0, false) => away += u32::from(!stays.iter().any(|s| s.0 <= day && day <= s.1)),
            _ => covered += 1,
        }
        twice += u32::from(by > 1);
        let Some(next) = kernel::date::next_day(day) else { break };
        day = next;
    }
    ((covered, uncovered), twice, away)
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
