//! The monitoring meeting (Monev, rakor): its agenda comes from the data, its promises close when the data show their cure, its minutes are printed for signature,
//! and the next one opens with what was kept and with what moved since.

use super::evidence::Overview;
use super::letters::{Amiss, framed, style};
use super::{Desk, event};
use crate::{Fault, Language, clock, words};
use ::letters::{Block, Content, Issued};
use assess::FindingCode;
use authz::{Change, Meeting, Permit, Project, Read};
use kernel::Date;
use kernel::date::add_days;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::ProjectQuery;
pub use store::{GuestRow, MeetingRow, ProjectRow, PromiseRow, SpendingRow};

/// Days ahead a meeting may be called, and back it may be told of.
const AHEAD: i32 = 400;
const BACK: i32 = 400;

/// Days ahead a promise may be due.
const DUE: i32 = 400;

/// Letters of a place, an owner, a promise.
const TEXT: std::ops::RangeInclusive<usize> = 3..=300;

/// Letters of the note.
const NOTE: usize = 4_000;

/// Guests at a time.
const GUESTS: usize = 300;

/// Projects listed for an agency.
const LISTED: usize = 15;

/// Agencies named in the minutes.
const AGENCIES: usize = 25;

kernel::named! {
    /// What closes a promise.
    Cure {
        /// Somebody says it was kept: no data show it.
        Said = "said",
        /// The project is registered.
        Registered = "registered",
        /// The project is covered.
        Covered = "covered",
        /// The finding is gone.
        Finding = "finding",
    }
}

kernel::named! {
    /// How a promise stands on a day.
    Standing {
        /// Kept by the day it was due.
        Kept = "kept",
        /// Kept later.
        Late = "late",
        /// Open, and not yet due.
        Open = "open",
        /// Open, and the day is over.
        Overdue = "overdue",
    }
}

/// Why something about a meeting is not done; each has a sentence `meeting-no-NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum No {
    /// A meeting without a day, hour or place.
    Meeting,
    /// There is none, or it is closed.
    Unknown,
    /// A promise without owner, words or day, or whose cure cannot be seen.
    Promise,
    /// The project is not known.
    Project,
    /// Guests that are none, or more people than a hall holds.
    Guests,
    /// Nobody came: there is nothing to sign.
    Nobody,
    /// The letterhead is not complete.
    Style(Amiss),
}

impl No {
    /// Name of its sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Meeting => "meeting-no-meeting",
            Self::Unknown => "meeting-no-unknown",
            Self::Promise => "meeting-no-promise",
            Self::Project => "meeting-no-project",
            Self::Guests => "meeting-no-guests",
            Self::Nobody => "meeting-no-nobody",
            Self::Style(_) => "meeting-no-style",
        }
    }
}

/// The city in figures, as a meeting sees it; kept with its minutes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// The day of the picture, ISO.
    pub as_of: String,
    /// Projects by state.
    pub states: Vec<(String, u64)>,
    /// Uncovered project-days.
    pub uncovered: u64,
    /// Known uncovered worker-days.
    pub worker_days: u64,
    /// Agencies: projects, exposed, covered, unknown, uncovered days, worker-days; the most uncovered days first.
    pub agencies: Vec<(String, [u64; 6])>,
}

impl Figures {
    fn of(as_of: &str, o: &Overview) -> Self {
        Self {
            as_of: as_of.to_owned(),
            states: o.states.iter().map(|(name, projects, _)| (name.clone(), *projects)).collect(),
            uncovered: o.uncovered,
            worker_days: o.worker_days[0] + o.worker_days[1],
            agencies: o.agencies.clone(),
        }
    }

    /// Projects in a state.
    #[must_use]
    pub fn state(&self, name: &str) -> u64 {
        self.states.iter().find(|(n, _)| n == name).map_or(0, |(_, projects)| *projects)
    }

    /// An agency's exposed projects and uncovered days.
    #[must_use]
    pub fn agency(&self, name: &str) -> Option<[u64; 2]> {
        self.agencies.iter().find(|(n, _)| n == name).map(|(_, counts)| [counts[1], counts[4]])
    }
}

/// What is before a meeting.
#[derive(Debug, Clone, Default)]
pub struct Agenda {
    /// Figures: of today while it is open, as they were once it is closed.
    pub now: Figures,
    /// The meeting before it that was closed, with its figures.
    pub before: Option<(MeetingRow, Figures)>,
    /// Promises of meetings before it, by the day they are due.
    pub owed: Vec<PromiseRow>,
    /// Its own promises.
    pub promises: Vec<PromiseRow>,
    /// Who came.
    pub guests: Vec<GuestRow>,
    /// Digest of what was said so far: minutes are of this.
    pub said: String,
}

/// How a promise stands on a day.
#[must_use]
pub fn standing(promise: &PromiseRow, today: &str) -> Standing {
    match promise.kept_on.as_deref() {
        Some(day) if day <= promise.due.as_str() => Standing::Kept,
        Some(_) => Standing::Late,
        None if today <= promise.due.as_str() => Standing::Open,
        None => Standing::Overdue,
    }
}

fn read(text: &str) -> Result<Figures, Fault> {
    if text.is_empty() { Ok(Figures::default()) } else { serde_json::from_str(text).map_err(|e| Fault(e.to_string())) }
}

/// The picture's totals; empty ones where nothing was loaded.
pub(super) fn overview(desk: &Desk) -> Result<Overview, Fault> {
    let picture = desk.read(|s| s.picture().map_err(Fault::from))?;
    picture.map_or_else(|| Ok(Overview::default()), |p| serde_json::from_str(&p.body).map_err(|e| Fault(e.to_string())))
}

/// The last meeting with minutes, and its figures.
///
/// # Errors
/// [`Fault`] of the database.
pub fn last(desk: &Desk, permit: &Permit<Read, Meeting>) -> Result<Option<(MeetingRow, Figures)>, Fault> {
    let today = clock::today().to_string();
    match desk.read(|s| s.meeting_before(permit, (&today, 0)).map_err(Fault::from))? {
        Some(row) => Ok(Some((row.clone(), read(&row.figures)?))),
        None => Ok(None),
    }
}

/// The city in figures today; none where nothing was loaded.
///
/// # Errors
/// [`Fault`] of the database.
pub fn figures(desk: &Desk) -> Result<Option<Figures>, Fault> {
    let Some(picture) = desk.read(|s| s.picture().map_err(Fault::from))? else { return Ok(None) };
    let overview: Overview = serde_json::from_str(&picture.body).map_err(|e| Fault(e.to_string()))?;
    Ok((overview.tables > 0).then(|| Figures::of(&picture.as_of, &overview)))
}

/// A meeting with everything before it. None where there is none.
///
/// # Errors
/// [`Fault`] of the database.
pub fn agenda(desk: &Desk, permit: &Permit<Read, Meeting>, id: i64) -> Result<Option<(MeetingRow, Agenda)>, Fault> {
    let found = desk.read(|s| {
        let Some(row) = s.meeting_list(permit, Some(id), 1)?.pop() else { return Ok(None) };
        // Read first: what is added after this is not in the minutes.
        let said = s.meeting_said(permit, id)?;
        let before = s.meeting_before(permit, (&row.day, row.id))?;
        let all = s.promise_list(permit, None)?;
        Ok::<_, Fault>(Some((s.meeting_guests(permit, id)?, before, all, row, said)))
    })?;
    let Some((guests, before, all, row, said)) = found else { return Ok(None) };
    let now = if row.closed_at.is_some() { read(&row.figures)? } else { figures(desk)?.unwrap_or_default() };
    let (promises, others): (Vec<PromiseRow>, Vec<PromiseRow>) = all.into_iter().partition(|p| p.meeting == id);
    let before = match before {
        Some(row) => Some((read(&row.figures)?, row)),
        None => None,
    };
    let before = before.map(|(figures, row)| (row, figures));
    let since = before.as_ref().map(|(row, _)| row.day.clone()).unwrap_or_default();
    // What was kept long before is no news.
    let owed =
        others.into_iter().filter(|p| p.made_on <= row.day && p.kept_on.as_ref().is_none_or(|day| *day >= since));
    let owed = owed.collect();
    Ok(Some((row, Agenda { now, before, owed, promises, guests, said })))
}

fn fits(text: &str) -> bool {
    TEXT.contains(&text.chars().count())
}

/// Calls a meeting; its number.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn call(
    desk: &Desk,
    permit: &Permit<Change, Meeting>,
    (day, opens, place): (Option<Date>, Option<i64>, &str),
    request: &str,
) -> Result<Result<i64, No>, Fault> {
    let today = clock::today();
    let place = kernel::text::clean(place);
    let span = add_days(today, -BACK).unwrap_or(today)..=add_days(today, AHEAD).unwrap_or(today);
    let (Some(day), Some(opens)) = (day.filter(|d| span.contains(d)), opens) else { return Ok(Err(No::Meeting)) };
    if !fits(&place) {
        return Ok(Err(No::Meeting));
    }
    let row = MeetingRow { day: day.to_string(), opens, place, ..MeetingRow::default() };
    let told = event(permit.actor(), "meeting_call", "meeting", request);
    let id = desk.write(|s| s.meeting_add(permit, &row, &clock::now(), told).map_err(Fault::from))?;
    Ok(id.ok_or(No::Unknown))
}

/// Who came, and what was said beside promises.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn note(
    desk: &Desk,
    permit: &Permit<Change, Meeting>,
    (id, note): (i64, &str),
    guests: &[GuestRow],
    request: &str,
) -> Result<Result<(), No>, Fault> {
    let clean: Vec<GuestRow> = guests
        .iter()
        .map(|(name, people)| (kernel::text::clean(name), *people))
        .filter(|(n, _)| !n.is_empty())
        .collect();
    // Forms send a line's end as two letters.
    let note = note.replace("\r\n", "\n");
    let all_fit = clean.iter().all(|(name, people)| fits(name) && (0..=500).contains(people));
    if !all_fit || clean.len() > GUESTS || note.chars().count() > NOTE {
        return Ok(Err(No::Guests));
    }
    let told = event(permit.actor(), "meeting_note", &format!("meeting:{id}"), request);
    let done = desk.write(|s| s.meeting_note(permit, (id, note.trim()), &clean, told).map_err(Fault::from))?;
    Ok(if done { Ok(()) } else { Err(No::Unknown) })
}

/// Keeps a promise; its number.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn promise(
    desk: &Desk,
    permit: &Permit<Change, Meeting>,
    row: &PromiseRow,
    request: &str,
) -> Result<Result<i64, No>, Fault> {
    let today = clock::today();
    let (owner, what) = (kernel::text::clean(&row.owner), kernel::text::clean(&row.what));
    let due = row.due.parse::<Date>().ok().filter(|d| add_days(today, DUE).is_some_and(|last| *d <= last));
    let cure = Cure::parse(&row.cure).filter(|_| fits(&owner) && fits(&what));
    let (Some(cure), Some(due)) = (cure, due) else { return Ok(Err(No::Promise)) };
    let due = due.to_string();
    let project = row.project.trim().to_owned();
    let finding = if cure == Cure::Finding { row.finding.clone() } else { String::new() };
    let knows = FindingCode::ALL.iter().any(|c| c.name() == finding);
    // A cure the data show needs to know where.
    if (cure != Cure::Said && project.is_empty()) || (cure == Cure::Finding && !knows) {
        return Ok(Err(No::Promise));
    }
    let row = PromiseRow { owner, what, due, project, finding, ..row.clone() };
    let told = event(permit.actor(), "promise_make", "promise", request);
    let when = (clock::now(), today.to_string());
    let id = desk.write(|s| s.promise_add(permit, &row, (&when.0, &when.1), told).map_err(Fault::from))?;
    Ok(id.ok_or(if row.project.is_empty() { No::Unknown } else { No::Project }))
}

/// Somebody says that a promise was kept.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn kept(desk: &Desk, permit: &Permit<Change, Meeting>, id: i64, request: &str) -> Result<Result<(), No>, Fault> {
    let told = event(permit.actor(), "promise_kept", &format!("promise:{id}"), request);
    let today = clock::today().to_string();
    let done = desk.write(|s| s.promise_kept(permit, (id, &today), told).map_err(Fault::from))?;
    Ok(if done { Ok(()) } else { Err(No::Unknown) })
}

/// Takes back a promise of a meeting that is open.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn unpromise(
    desk: &Desk,
    permit: &Permit<Change, Meeting>,
    id: i64,
    request: &str,
) -> Result<Result<(), No>, Fault> {
    let told = event(permit.actor(), "promise_end", &format!("promise:{id}"), request);
    let done = desk.write(|s| s.promise_end(permit, id, &clock::now(), told).map_err(Fault::from))?;
    Ok(if done { Ok(()) } else { Err(No::Unknown) })
}

/// Projects of an agency that nobody insures or whose first contribution is not in, the most uncovered days first.
///
/// # Errors
/// [`Fault`] of the database.
pub fn projects(desk: &Desk, permit: &Permit<Read, Project>, agency: &str) -> Result<Vec<ProjectRow>, Fault> {
    desk.read(|s| {
        let mut out = Vec::new();
        for state in ["exposed", "registering"] {
            let query = ProjectQuery {
                state: Some(state.to_owned()),
                agency: Some(agency.to_owned()),
                limit: LISTED,
                ..ProjectQuery::default()
            };
            out.extend(s.project_page(permit, &query)?.rows);
        }
        out.truncate(LISTED);
        Ok(out)
    })
}

/// Minutes are printed in the language letters are.
const LANGUAGE: Language = Language::Indonesian;

/// Closes a meeting: figures and minutes are kept as they are.
///
/// # Errors
/// [`Fault`] of database or typesetter: then it stays open. Inside, why not.
pub fn close(
    desk: &Desk,
    (view, change): (&Permit<Read, Meeting>, &Permit<Change, Meeting>),
    id: i64,
    request: &str,
) -> Result<Result<(), No>, Fault> {
    let Some((row, agenda)) = agenda(desk, view, id)? else { return Ok(Err(No::Unknown)) };
    if row.closed_at.is_some() {
        return Ok(Err(No::Unknown));
    }
    if agenda.guests.iter().all(|(_, people)| *people == 0) {
        return Ok(Err(No::Nobody));
    }
    if let Err(amiss) = style(desk)?.check() {
        return Ok(Err(No::Style(amiss)));
    }
    let pdf = minutes(desk, &row, &agenda)?;
    let figures = serde_json::to_string(&agenda.now).map_err(|e| Fault(e.to_string()))?;
    let told = event(change.actor(), "meeting_close", &format!("meeting:{id}"), request);
    let kept = (id, figures.as_str(), &pdf[..]);
    let done = desk.write(|s| s.meeting_close(change, kept, &agenda.said, &clock::now(), told).map_err(Fault::from))?;
    Ok(if done { Ok(()) } else { Err(No::Unknown) })
}

/// Minutes as they would be printed now.
///
/// # Errors
/// [`Fault`] of the typesetter.
pub fn minutes(desk: &Desk, row: &MeetingRow, agenda: &Agenda) -> Result<Vec<u8>, Fault> {
    let say = |key: &str| phrases::say_named(LANGUAGE, key, &[]);
    let count = |n: u64| words::count_text(n, LANGUAGE);
    let date = |iso: &str| iso.parse::<Date>().map_or_else(|_| iso.to_owned(), |d| words::long_date(d, LANGUAGE));
    let day: Date = row.day.parse().map_err(|_| Fault(format!("meeting {}: day", row.id)))?;
    let now = &agenda.now;
    let mut rows = vec![
        (say("meeting-day"), format!("{}, {:02}.{:02}", date(&row.day), row.opens / 60, row.opens % 60)),
        (say("meeting-place"), row.place.clone()),
        (say("meeting-as-of"), date(&now.as_of)),
        (say("state-exposed"), count(now.state("exposed"))),
        (say("state-registering"), count(now.state("registering"))),
        (say("state-covered"), count(now.state("covered"))),
        (say("meeting-uncovered"), count(now.uncovered)),
        (say("meeting-worker-days"), count(now.worker_days)),
    ];
    if let Some((last, then)) = &agenda.before {
        let change = change_text(now.uncovered, then.uncovered, LANGUAGE);
        rows.push((phrases::say_named(LANGUAGE, "meeting-since", &[("day", &date(&last.day))]), change));
    }
    let came = agenda.guests.iter().filter(|(_, people)| *people > 0);
    let came: Vec<String> = came.map(|(guest, people)| format!("{guest} ({people})")).collect();
    let today = row.day.as_str();
    let promised = |p: &PromiseRow| {
        let standing = say(&format!("promise-{}", standing(p, today).name()));
        let project = if p.name.is_empty() { String::new() } else { format!(" [{}]", p.name) };
        format!("{}: {}{project}; {} {}. {standing}", p.owner, p.what, say("promise-due"), date(&p.due))
    };
    let agencies = now.agencies.iter().filter(|(_, n)| n[1] > 0).take(AGENCIES);
    let agencies: Vec<String> = agencies
        .map(|(name, n)| {
            let counts = [("exposed", count(n[1])), ("days", count(n[4]))];
            format!("{name}: {}", phrases::say_with(LANGUAGE, "meeting-agency-line", &counts))
        })
        .collect();
    let mut blocks = vec![Block::Text { text: say("meeting-minutes-opening") }, Block::Facts { rows }];
    let mut list = |head: &str, items: Vec<String>| {
        if !items.is_empty() {
            blocks.push(Block::Text { text: say(head) });
            blocks.push(Block::List { items });
        }
    };
    list("meeting-guests", came);
    list("meeting-owed", agenda.owed.iter().map(promised).collect());
    list("meeting-agencies", agencies);
    list("meeting-promises", agenda.promises.iter().map(promised).collect());
    let note: Vec<String> = row.note.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect();
    list("meeting-notes", note);
    blocks.push(Block::Text { text: say("meeting-minutes-close") });
    let content = Content {
        title: say("meeting-minutes"),
        subject: say("meeting-minutes"),
        recipient: vec![say("meeting-minutes-to")],
        blocks,
        ..framed(&style(desk)?, LANGUAGE)
    };
    let issued = Issued {
        content: &content,
        number: &format!("BA-{}/{}", row.id, day.year()),
        date: &words::long_date(day, LANGUAGE),
        day: (day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs()),
        verify_url: &format!("{}/publik", desk.address()),
        code: None,
    };
    issued.pdf().map_err(|e| Fault(e.0))
}

/// How a count moved: `+12`, `−3`, `0`.
#[must_use]
pub fn change_text(now: u64, then: u64, language: Language) -> String {
    let sign = match now.cmp(&then) {
        std::cmp::Ordering::Greater => "+",
        std::cmp::Ordering::Less => "−",
        std::cmp::Ordering::Equal => "",
    };
    format!("{sign}{}", words::count_text(now.abs_diff(then), language))
}

/// Promises of each owner: made, kept in time, kept late, overdue.
#[must_use]
pub fn by_owner(promises: &[PromiseRow], today: &str) -> Vec<(String, [u64; 4])> {
    let mut out: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
    for p in promises {
        let counts = out.entry(&p.owner).or_default();
        counts[0] += 1;
        match standing(p, today) {
            Standing::Kept => counts[1] += 1,
            Standing::Late => counts[2] += 1,
            Standing::Overdue => counts[3] += 1,
            Standing::Open => {}
        }
    }
    let mut out: Vec<(String, [u64; 4])> = out.into_iter().map(|(owner, n)| (owner.to_owned(), n)).collect();
    out.sort_by(|a, b| (b.1[3], b.1[0], &a.0).cmp(&(a.1[3], a.1[0], &b.0)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_stands_by_its_day() {
        let p = |kept: Option<&str>| PromiseRow {
            owner: "DINAS A".into(),
            due: "2026-11-30".into(),
            kept_on: kept.map(str::to_owned),
            ..PromiseRow::default()
        };
        assert_eq!(standing(&p(None), "2026-11-30"), Standing::Open);
        assert_eq!(standing(&p(None), "2026-12-01"), Standing::Overdue);
        assert_eq!(standing(&p(Some("2026-11-30")), "2027-01-01"), Standing::Kept);
        assert_eq!(standing(&p(Some("2026-12-01")), "2027-01-01"), Standing::Late);
        let all = [p(None), p(Some("2026-11-01")), p(Some("2026-12-02"))];
        assert_eq!(by_owner(&all, "2026-12-05"), [("DINAS A".to_owned(), [3, 1, 1, 1])]);
        assert_eq!(change_text(9, 12, Language::Indonesian), "−3");
        assert_eq!(change_text(12, 9, Language::Indonesian), "+3");
    }
}
