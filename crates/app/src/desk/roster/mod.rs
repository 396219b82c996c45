//! People on a project: who is there on a day and covered, lists laid down, what is said about somebody, lists taken away.

mod chain;
pub mod check;
mod draft;
mod export;
pub mod foreman;
mod look;
mod record;
mod timeline;
pub mod twins;

pub use chain::{Link, chain};
pub use check::{Proof, Told, check, check_message, code_of};
pub use draft::{Draft, FIELDS, LINES_MAX, Line, Mending, discard, lay, mend, type_in};
pub use export::{empty_sheet, insurer_sheet};
pub use look::{Look, LookLine, Missing, Outlook, look, problem_text};
pub use record::{Said, Stored, Untaken, say, store, take_back};
pub use timeline::{Days, Other, PersonOn, Timeline, name_of, timeline_of};

use super::evidence::{Evidence, Overview};
use super::{Desk, event};
use crate::Fault;
pub use assess::State;
use assess::roster::crew;
pub use assess::roster::{Member, Report, Segment, Why};
use assess::wage::Floor;
use authz::{Export, Permit, Person, Read};
use kernel::Date;
use registers::records::Entry;
use store::{ProjectRow, Stay};

/// A project's people on a day.
#[derive(Debug, Clone)]
pub struct Crew {
    /// The project.
    pub project: ProjectRow,
    /// The day.
    pub day: Date,
    /// The project's own state on it; none outside its period.
    pub state: Option<State>,
    /// Every entry on any of its lists.
    pub stays: Vec<Stay>,
    /// People, by their entries.
    pub members: Vec<Member>,
    /// Has a list of the insurer for it been loaded?
    pub knows_list: bool,
    /// Of each member: paid below the minimum wage of the day, under the stricter and the more lenient reading; none where it cannot be
    /// compared.
    pub low: Vec<Option<(bool, bool)>>,
}

impl Crew {
    /// The entry that says most about somebody: the site's own.
    pub fn entry(&self, member: &Member) -> &Entry {
        &self.stays[member.entries[0]].entry
    }

    /// People there on the day, and of these uncovered under the strict reading.
    pub fn counts(&self) -> (usize, usize) {
        let there = self.members.iter().filter(|m| m.present);
        let uncovered = there.clone().filter(|m| m.state.is_some_and(State::is_uncovered));
        (there.count(), uncovered.count())
    }
}

/// Everybody on a project's lists as of a day; with `known`, as it was known by the end of that day. None where there is no such
/// project for this person. The caller notes the look in the audit trail by [`note_look`].
///
/// # Errors
/// [`Fault`] of the database.
pub fn crew_of(
    desk: &Desk,
    permit: &Permit<Read, Person>,
    code: &str,
    day: Date,
    known: Option<Date>,
) -> Result<Option<Crew>, Fault> {
    let found = desk.read(|store| {
        let Some(project) = store.stay_project(permit, code)? else { return Ok(None) };
        let through = known.map(|day| crate::monev::known_through(store, Some(day))).transpose()?;
        let stays = store.stay_list(permit, code, through)?;
        let overview = store.picture()?.map(|p| serde_json::from_str::<Overview>(&p.body)).transpose();
        let place = overview.map_err(|e| Fault(e.to_string()))?.map_or_else(String::new, |o| o.place);
        Ok::<_, Fault>(Some((project, stays, place)))
    })?;
    let Some((project, stays, place)) = found else { return Ok(None) };
    let evidence: Evidence = serde_json::from_str(&project.body).map_err(|e| Fault(e.to_string()))?;
    let state = state_on(&evidence, day);
    let entries: Vec<(&str, &Entry)> = stays.iter().map(|s| (s.person.as_str(), &s.entry)).collect();
    let members = crew(&entries, day, state, &desk.law);
    let knows_list = members.iter().any(|m| m.on_list);
    let floor = Floor::of(&place, day, &desk.law);
    let low = members.iter().map(|m| {
        let entry = &stays[m.entries[0]].entry;
        floor.as_ref()?.is_below(entry.kind?, entry.wage.filter(|w| w.is_positive())?)
    });
    let low = low.collect();
    Ok(Some(Crew { project, day, state, stays, members, knows_list, low }))
}

/// The state of a project on a day, as its ledger has it. After the last day of the ledger nothing is known.
fn state_on(evidence: &Evidence, day: Date) -> Option<State> {
    let day = day.to_string();
    let span = evidence.spans.iter().find(|s| s.from <= day && day <= s.to)?;
    State::ALL.into_iter().find(|s| s.name() == span.state)
}

/// Writes down that somebody looked at the people of a project.
///
/// # Errors
/// [`Fault`] of the database: then nothing is shown.
pub fn note_look(desk: &Desk, permit: &Permit<Read, Person>, crew: &Crew, request: &str) -> Result<(), Fault> {
    if crew.members.is_empty() {
        return Ok(());
    }
    let mut told = event(permit.actor(), "roster_read", &format!("project:{}", crew.project.code), request);
    told.reason = format!("people:{}", crew.members.len());
    desk.write(|s| s.audit(told).map_err(Fault::from))
}

/// Writes down that a list with full numbers was taken away.
///
/// # Errors
/// [`Fault`] of the database: then nothing is given.
pub fn note_export(
    desk: &Desk,
    permit: &Permit<Export, Person>,
    project: &str,
    people: usize,
    request: &str,
) -> Result<(), Fault> {
    let mut told = event(permit.actor(), "roster_export", &format!("project:{project}"), request);
    told.reason = format!("people:{people}");
    desk.write(|s| s.audit(told).map_err(Fault::from))
}

/// Under which article somebody in this state would be paid for, and by whom: the name of the sentence, and the article.
pub fn payer(why: Why, state: State, day: Date, law: &law::Law) -> (&'static str, String) {
    let (sentence, path) = match (why, state) {
        (Why::Term, _) => ("roster-pays-term", "benefit/payer_replacement"),
        (Why::NotReported, _) => ("roster-pays-employer", "benefit/payer_partial_list"),
        (Why::Project, State::Registering) => ("roster-pays-employer", "benefit/payer_nothing_paid"),
        (Why::Project, State::Exposed | State::Window) => ("roster-pays-employer", "jakon/employer_pays"),
        (Why::Reported, _) => ("roster-pays-insurer", "benefit/payer_insurer"),
        _ => ("roster-pays-unknown", ""),
    };
    let article = law.at(day).reading(path).map(|r| format!("{}, {}", r.citation.instrument, r.citation.article));
    (sentence, article.unwrap_or_default())
}
