//! The work list: whom to call or visit today, by what an hour wins; what was told of each, and what the ledger shows since.

use super::{Desk, event};
use crate::{Fault, clock};
pub use assess::worklist::{Arm, Belief, Compared, Lack, Step, Sum, Worth};
use assess::worklist::{Candidate, Learned, Outcome, Won, Yardstick, compare, draw, middle, rank};
use authz::{Change, Permit, Project, Read, Worklist};
use kernel::Date;
use kernel::date::{add_days, days_inclusive};
use std::collections::{BTreeMap, BTreeSet};
use store::NoList;
pub use store::{CandidateRow, WorklistItem, WorklistRow};

/// Hours a list may be drawn for.
pub const HOURS: std::ops::RangeInclusive<i64> = 1..=12;

/// Days of works left at most: a year typed wrong would stand above all others.
const DAYS_MAX: u64 = 730;

/// Times a list is drawn again where somebody else drew meanwhile.
const TRIES: usize = 4;

/// Minutes of one contact, as told.
const TOOK: std::ops::RangeInclusive<i64> = 1..=720;

kernel::named! {
    /// What is told of a contact.
    Told {
        /// Somebody was reached.
        Reached = "reached",
        /// Somebody was reached and promised to register or pay.
        Promised = "promised",
        /// Nobody was there.
        Absent = "absent",
        /// There was no time.
        NotDone = "not_done",
    }
}

kernel::named! {
    /// How a contact stands by the ledger.
    Came {
        /// Covered within the days that count.
        Covered = "covered",
        /// Not covered, and the days are over.
        Not = "not",
        /// The days are not over.
        Early = "early",
        /// It was covered already; the lists said so later.
        Before = "before",
        /// Covered now, and no list says since when.
        Unclear = "unclear",
        /// The picture does not know the project any more.
        Gone = "gone",
    }
}

/// Why a list is not drawn, or a word not kept; each has a sentence `worklist-no-NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum No {
    /// Hours that are no working day.
    Hours,
    /// There is one of today.
    Drawn,
    /// No project waits.
    Nobody,
    /// Not a word or minutes of a contact.
    Told,
    /// No such list.
    Unknown,
}

impl No {
    /// Name of its sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Hours => "worklist-no-hours",
            Self::Drawn => "worklist-no-drawn",
            Self::Nobody => "worklist-no-nobody",
            Self::Told => "worklist-no-told",
            Self::Unknown => "worklist-no-unknown",
        }
    }
}

/// The yardsticks of today.
#[derive(Debug, Clone, Copy)]
struct Measures {
    yardstick: Yardstick,
    share: u64,
    window: i32,
    rest: i32,
    lists_min: usize,
}

fn measures(desk: &Desk, today: Date) -> Result<Measures, Fault> {
    let law = desk.law.at(today);
    let number = |name: &str| -> Result<u64, Fault> {
        let path = format!("assessment/worklist_{name}");
        let n = law.number(&path).map_err(|e| Fault(format!("{e:?}")))?.0;
        u64::try_from(n).map_err(|_| Fault(path))
    };
    let days = |name: &str| -> Result<i32, Fault> { Ok(i32::try_from(number(name)?).unwrap_or(0)) };
    Ok(Measures {
        yardstick: Yardstick {
            chance: [number("chance_call")?, number("chance_visit")?],
            alone: number("chance_alone")?,
            minutes: [number("minutes_call")?, number("minutes_visit")?],
            prior: number("prior")?,
            window: number("window_days")?,
        },
        share: number("random_share")?,
        window: days("window_days")?,
        rest: days("rest_days")?,
        lists_min: usize::try_from(number("lists_min")?).unwrap_or(0),
    })
}

/// What is known of covers up to a day, and how long after a contact one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Today.
    pub today: Date,
    /// The day the insurer's newest list came: later covers are not known yet.
    pub told: Date,
    /// Days that count.
    pub window: i32,
}

impl Seen {
    /// What is known today.
    ///
    /// # Errors
    /// [`Fault`] of the database, or where the law data lack the yardstick.
    pub fn of(desk: &Desk) -> Result<Self, Fault> {
        let today = clock::today();
        seen(desk, today, measures(desk, today)?.window)
    }
}

fn seen(desk: &Desk, today: Date, window: i32) -> Result<Seen, Fault> {
    // A project is covered once it is registered and its first contribution is in: the older of the two lists says how far covers are known.
    let mut told = today;
    for register in ["jakon_pendaftaran", "jakon_iuran"] {
        let at = desk.read(|s| s.register_told(register).map_err(Fault::from))?;
        let day = at.and_then(|at| at.get(..10)?.parse::<Date>().ok()).unwrap_or(Date::MIN);
        told = told.min(day);
    }
    Ok(Seen { today, told, window })
}

/// What came of a contact, by the ledger as it is known today: worker-days won where it was covered. A contact counts until the next one of the same project.
#[must_use]
pub fn came(item: &WorklistItem, next: Option<Date>, Seen { today, told, window }: Seen) -> (Came, u64) {
    let Ok(day) = item.day.parse::<Date>() else { return (Came::Gone, 0) };
    let last = add_days(day, window).unwrap_or(day);
    let last = next.map_or(last, |next| last.min(next));
    let covered = item.covered.parse::<Date>().ok();
    if covered.is_some_and(|c| c <= day) {
        return (Came::Before, 0);
    }
    if let Some(covered) = covered.filter(|c| *c <= last && *c <= today) {
        let ends = item.ends.parse::<Date>().unwrap_or(covered);
        let days = if ends < covered { 0 } else { u64::from(days_inclusive(covered, ends)).min(DAYS_MAX) };
        return (Came::Covered, days * item.crew.unsigned_abs());
    }
    if item.now.is_empty() {
        return (Came::Gone, 0);
    }
    if item.now == "covered" && covered.is_none() {
        return (Came::Unclear, 0);
    }
    // What the insurer's lists do not reach yet is not known, and no failure.
    (if told <= last { Came::Early } else { Came::Not }, 0)
}

fn lack(state: &str) -> Option<Lack> {
    Lack::ALL.iter().copied().find(|l| l.name() == state)
}

fn step(text: &str) -> Option<Step> {
    Step::ALL.iter().copied().find(|s| s.name() == text)
}

/// What contacts of all lists brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Experience {
    /// Rank against lot.
    pub compared: Compared,
    /// What is believed of each contact, and of none.
    pub beliefs: Vec<Belief>,
    /// Minutes of a call and of a visit, as believed.
    pub minutes: [u64; 2],
    /// Contacts by how they stand.
    pub standings: Vec<(Came, u64)>,
    /// Days that count.
    pub window: i32,
    /// Share by lot, parts per million.
    pub share: u64,
    /// Lists it takes to compare.
    pub lists_min: usize,
}

/// Contacts whose days are over, as they teach and as they count.
fn lessons(items: &[WorklistItem], seen: Seen) -> (Vec<Outcome>, Vec<Won>, Vec<(Came, u64)>) {
    let (mut outcomes, mut won) = (Vec::new(), Vec::new());
    let mut standings: BTreeMap<Came, u64> = BTreeMap::new();
    let mut contacted: BTreeMap<&str, BTreeSet<Date>> = BTreeMap::new();
    for i in items.iter().filter(|i| i.arm != Arm::Unlisted.name() && i.told != Told::NotDone.name()) {
        contacted.entry(&i.project).or_default().extend(i.day.parse::<Date>().ok());
    }
    for item in items {
        let arm = Arm::ALL.iter().copied().find(|a| a.name() == item.arm);
        let (Some(arm), Some(lack), Ok(day)) = (arm, lack(&item.state), item.day.parse::<Date>()) else { continue };
        let next = contacted.get(item.project.as_str()).and_then(|days| {
            let from = if arm == Arm::Unlisted { day } else { add_days(day, 1)? };
            days.range(from..).next().copied()
        });
        let (came, days) = came(item, next, seen);
        let last = add_days(day, seen.window).unwrap_or(day);
        let over = last < seen.told;
        if arm == Arm::Unlisted {
            // Watched until it was covered, contacted, or the days that count were over.
            let until = match came {
                Came::Covered => item.covered.parse().unwrap_or(last),
                _ => next.map_or(last, |next| last.min(next)),
            };
            if over && matches!(came, Came::Covered | Came::Not) {
                let watched = u64::try_from((until - day).get_days()).unwrap_or(0);
                outcomes.push(Outcome { lack, step: None, came: came == Came::Covered, took: None, watched });
            }
            continue;
        }
        *standings.entry(came).or_default() += 1;
        // What there was no time for is no contact. Lists teach once all of their days are over: covered ones are known earlier than others.
        if !over || item.told == Told::NotDone.name() || !matches!(came, Came::Covered | Came::Not) {
            continue;
        }
        let took = u64::try_from(item.took).ok().filter(|n| *n > 0);
        let watched = seen.window.unsigned_abs().into();
        outcomes.push(Outcome { lack, step: step(&item.step), came: came == Came::Covered, took, watched });
        let minutes = took.unwrap_or(item.minutes.unsigned_abs());
        won.push(Won { list: item.list, arm, won: days, expected: item.expected.unsigned_abs(), minutes });
    }
    (outcomes, won, standings.into_iter().collect())
}

/// What was learned from all lists.
///
/// # Errors
/// [`Fault`] of the database, or where the law data lack a yardstick.
pub fn experience(desk: &Desk, permit: &Permit<Read, Worklist>) -> Result<Experience, Fault> {
    let today = clock::today();
    let m = measures(desk, today)?;
    let items = desk.read(|s| s.worklist_items(permit, &today.to_string()).map_err(Fault::from))?;
    let (outcomes, won, standings) = lessons(&items, seen(desk, today, m.window)?);
    let learned = Learned::of(m.yardstick, outcomes);
    let steps = [None, Some(Step::Call), Some(Step::Visit)];
    Ok(Experience {
        compared: compare(&won, m.lists_min),
        beliefs: Lack::ALL.iter().flat_map(|l| steps.map(|s| learned.belief(*l, s))).collect(),
        minutes: [learned.minutes(Step::Call), learned.minutes(Step::Visit)],
        standings,
        window: m.window,
        share: m.share,
        lists_min: m.lists_min,
    })
}

/// A project that waits, with what a contact is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// The project.
    pub project: CandidateRow,
    /// People a day, and whether they are known.
    pub crew: (u64, bool),
    /// Days of works left.
    pub days: u64,
    /// What the contact is worth.
    pub worth: Worth,
}

/// What somebody may look at to rank.
pub type May<'p> = (&'p Permit<Read, Project>, &'p Permit<Read, Worklist>);

/// Everything that waits, with what was learned.
struct Waiting {
    rows: Vec<CandidateRow>,
    crews: Vec<(u64, bool)>,
    candidates: Vec<Candidate>,
    learned: Learned,
}

fn waiting(desk: &Desk, (projects, lists): May<'_>, (today, who): (Date, i64), m: &Measures) -> Result<Waiting, Fault> {
    let watched = add_days(today, -m.window).unwrap_or(today).to_string();
    let day = today.to_string();
    let rested = add_days(today, -m.rest).unwrap_or(today).to_string();
    let (mut rows, known, items) = desk.read(|s| {
        Ok::<_, Fault>((
            s.worklist_candidates(projects, (&day, &rested))?,
            s.worklist_crews(projects)?,
            s.worklist_items(lists, &day)?,
        ))
    })?;
    rows.retain(|r| lack(&r.state).is_some());
    let mut by_kind: BTreeMap<&str, Vec<(u64, u64)>> = BTreeMap::new();
    let mut all: BTreeMap<u64, u64> = BTreeMap::new();
    for (kind, crew, count) in &known {
        let (crew, count) = (crew.unsigned_abs(), count.unsigned_abs());
        by_kind.entry(kind).or_default().push((crew, count));
        *all.entry(crew).or_default() += count;
    }
    let all: Vec<(u64, u64)> = all.into_iter().collect();
    let usual: BTreeMap<&str, u64> = by_kind.iter().map(|(kind, counts)| (*kind, middle(counts))).collect();
    // Half of the projects of its kind have fewer people: an estimate, and said to be one.
    let crew = |r: &CandidateRow| match u64::try_from(r.crew) {
        Ok(n) if n > 0 => (n, true),
        _ => (usual.get(r.kind.as_str()).copied().unwrap_or_else(|| middle(&all)), false),
    };
    let crews: Vec<(u64, bool)> = rows.iter().map(crew).collect();
    let left = |r: &CandidateRow| {
        r.ends
            .parse::<Date>()
            .ok()
            .filter(|e| *e > today)
            .map_or(0, |e| (u64::from(days_inclusive(today, e)) - 1).min(DAYS_MAX))
    };
    let candidates = rows
        .iter()
        .zip(&crews)
        .filter_map(|(r, crew)| {
            Some(Candidate {
                lack: lack(&r.state)?,
                crew: crew.0,
                days: left(r),
                called: r.called,
                fresh: r.listed < watched,
                lot: lot(desk, &day, who, &r.code),
            })
        })
        .collect();
    let learned = Learned::of(m.yardstick, lessons(&items, seen(desk, today, m.window)?).0);
    Ok(Waiting { rows, crews, candidates, learned })
}

/// A project's lot of a day and a member: nobody without the key of the data foresees it.
fn lot(desk: &Desk, day: &str, who: i64, code: &str) -> u64 {
    let digest = desk.blind(&[b"worklist", day.as_bytes(), &who.to_le_bytes(), code.as_bytes()]);
    u64::from_le_bytes(std::array::from_fn(|i| digest[i]))
}

/// Projects by what an hour wins, the best first, of how many.
///
/// # Errors
/// [`Fault`] of the database, or where the law data lack a yardstick.
pub fn ranked(desk: &Desk, permits: May<'_>, limit: usize) -> Result<(Vec<Ranked>, usize), Fault> {
    let today = clock::today();
    let mut waiting = waiting(desk, permits, (today, authz::OPERATOR), &measures(desk, today)?)?;
    let count = waiting.rows.len();
    let best: Vec<(usize, Worth)> = rank(&waiting.learned, &waiting.candidates).into_iter().take(limit).collect();
    let of = |(i, worth): (usize, Worth)| Ranked {
        project: std::mem::take(&mut waiting.rows[i]),
        crew: waiting.crews[i],
        days: waiting.candidates[i].days,
        worth,
    };
    Ok((best.into_iter().map(of).collect(), count))
}

/// Draws today's list of whoever asks for so many hours; its number.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn draw_list(
    desk: &Desk,
    (may, change): (May<'_>, &Permit<Change, Worklist>),
    hours: Option<i64>,
    request: &str,
) -> Result<Result<i64, No>, Fault> {
    let Some(hours) = hours.filter(|h| HOURS.contains(h)) else { return Ok(Err(No::Hours)) };
    let today = clock::today();
    let m = measures(desk, today)?;
    let minutes = hours * 60;
    let rested = add_days(today, -m.rest).unwrap_or(today).to_string();
    let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    // Two who draw at the same moment see the same projects: the second draws again.
    for _ in 0..TRIES {
        let waiting = waiting(desk, may, (today, change.actor().unwrap_or(authz::OPERATOR)), &m)?;
        let drawn = draw(&waiting.learned, &waiting.candidates, minutes.unsigned_abs(), m.share);
        if drawn.is_empty() {
            return Ok(Err(No::Nobody));
        }
        let item = |(place, (i, worth, arm)): (usize, &(usize, Worth, Arm))| {
            let (r, c, crew) = (&waiting.rows[*i], &waiting.candidates[*i], waiting.crews[*i]);
            WorklistItem {
                place: place as i64 + 1,
                project: r.code.clone(),
                arm: arm.name().to_owned(),
                state: r.state.clone(),
                step: if *arm == Arm::Unlisted { "none" } else { worth.step.name() }.to_owned(),
                crew: whole(crew.0),
                known: crew.1,
                days: whole(c.days),
                chance: [whole(worth.chance), whole(worth.alone)],
                minutes: whole(worth.minutes),
                expected: whole(worth.expected),
                ..WorklistItem::default()
            }
        };
        let items: Vec<WorklistItem> = drawn.iter().enumerate().map(item).collect();
        let row = WorklistRow {
            day: today.to_string(),
            minutes,
            share: whole(m.share),
            candidates: waiting.rows.len() as i64,
            ..WorklistRow::default()
        };
        let told = event(change.actor(), "worklist_draw", "worklist", request);
        let kept =
            desk.write(|s| s.worklist_add(change, &row, &items, &clock::now(), &rested, told).map_err(Fault::from))?;
        match kept {
            Ok(id) => return Ok(Ok(id)),
            Err(NoList::Drawn) => return Ok(Err(No::Drawn)),
            Err(NoList::Taken) => {}
        }
    }
    Ok(Err(No::Nobody))
}

/// Tells what came of contacts of one's own list: place, word, minutes as typed.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn tell(
    desk: &Desk,
    permit: &Permit<Change, Worklist>,
    id: i64,
    said: &[(i64, &str, &str)],
    request: &str,
) -> Result<Result<(), No>, Fault> {
    let mut told = Vec::new();
    for (place, word, took) in said {
        if !word.is_empty() && !Told::ALL.iter().any(|t| t.name() == *word) {
            return Ok(Err(No::Told));
        }
        let took = match took.trim() {
            "" => 0,
            text => match text.parse::<i64>() {
                Ok(n) if TOOK.contains(&n) && !word.is_empty() => n,
                _ => return Ok(Err(No::Told)),
            },
        };
        told.push((*place, (*word).to_owned(), took));
    }
    // Once the ledger shows what came of a contact, what was told of it stands: nobody judges a list who knows its outcome.
    let Some((_, items)) = desk.read(|s| s.worklist_one(permit, id).map_err(Fault::from))? else {
        return Ok(Err(No::Unknown));
    };
    let seen = Seen::of(desk)?;
    let is_open = |place: i64| items.iter().any(|i| i.place == place && came(i, None, seen).0 == Came::Early);
    told.retain(|(place, ..)| is_open(*place));
    let event = event(permit.actor(), "worklist_tell", &format!("worklist:{id}"), request);
    let kept = desk.write(|s| s.worklist_tell(permit, id, &told, &clock::now(), event).map_err(Fault::from))?;
    Ok(if kept { Ok(()) } else { Err(No::Unknown) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(covered: &str, ends: &str) -> WorklistItem {
        WorklistItem {
            day: "2026-10-01".into(),
            crew: 10,
            state: "exposed".into(),
            now: if ends.is_empty() { "" } else { "exposed" }.into(),
            covered: covered.into(),
            ends: ends.into(),
            ..WorklistItem::default()
        }
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn seen(today: &str, told: &str) -> Seen {
        Seen { today: day(today), told: day(told), window: 28 }
    }

    #[test]
    fn what_came_is_what_the_ledger_shows() {
        let at = |today: &str, item: &WorklistItem| came(item, None, seen(today, today));
        // From the first day of cover to the last of works, both in, times the people.
        assert_eq!(at("2026-11-26", &item("2026-10-11", "2026-10-20")), (Came::Covered, 100));
        assert_eq!(at("2026-10-15", &item("2026-10-11", "2026-10-20")), (Came::Covered, 100), "known at once");
        assert_eq!(at("2026-11-26", &item("2026-10-30", "2026-12-20")).0, Came::Not, "too late to be its outcome");
        assert_eq!(at("2026-10-29", &item("", "2026-12-20")).0, Came::Early);
        assert_eq!(at("2026-10-30", &item("", "2026-12-20")).0, Came::Not);
        assert_eq!(at("2026-11-26", &item("2026-09-30", "2026-12-20")), (Came::Before, 0));
        assert_eq!(at("2026-11-26", &item("", "")).0, Came::Gone);
        let unclear = WorklistItem { now: "covered".into(), ..item("", "2026-12-20") };
        assert_eq!(at("2026-11-26", &unclear).0, Came::Unclear);
        // A list of the insurer that is older than the days that count says nothing of them.
        assert_eq!(came(&item("", "2026-12-20"), None, seen("2026-11-26", "2026-10-10")).0, Came::Early);
        // A cover after the next contact is that one's, not this one's.
        let covered = item("2026-10-20", "2026-12-20");
        assert_eq!(came(&covered, Some(day("2026-10-15")), seen("2026-11-26", "2026-11-26")).0, Came::Not);
        assert_eq!(came(&covered, Some(day("2026-10-21")), seen("2026-11-26", "2026-11-26")).0, Came::Covered);
    }

    #[test]
    fn each_cover_counts_once_and_who_is_left_off_is_watched_until_a_contact() {
        let of = |list: i64, project: &str, arm: &str, on: &str, covered: &str| WorklistItem {
            list,
            project: project.into(),
            arm: arm.into(),
            step: if arm == "unlisted" { "none" } else { "call" }.into(),
            day: on.into(),
            minutes: 20,
            ..item(covered, "2026-12-20")
        };
        let items = [
            of(1, "a", "ranked", "2026-09-01", "2026-09-20"),
            of(2, "a", "ranked", "2026-09-16", "2026-09-20"),
            of(1, "b", "unlisted", "2026-09-01", ""),
            of(2, "b", "random", "2026-09-11", ""),
            of(1, "c", "unlisted", "2026-09-01", "2026-09-08"),
        ];
        let (outcomes, won, _) = lessons(&items, seen("2026-11-26", "2026-11-26"));
        assert_eq!(won.iter().map(|w| (w.list, w.won > 0)).collect::<Vec<_>>(), [(1, false), (2, true), (2, false)]);
        let watched: Vec<(u64, bool)> =
            outcomes.iter().filter(|o| o.step.is_none()).map(|o| (o.watched, o.came)).collect();
        assert_eq!(watched, [(10, false), (7, true)]);
    }
}
