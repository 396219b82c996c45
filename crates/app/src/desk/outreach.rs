//! The outreach car ("Mobil Paling AMAN"): where a visit is worth most, tours of a day or a week, what each visit brought beside what was expected and beside chance.

use super::aman::group_label;
use super::aman::lists::Lists;
use super::evidence::{Evidence, Overview};
use super::{Desk, event, roads};
use crate::{Fault, clock};
use authz::{Change, Outreach, Permit, Project, Read};
use kernel::Date;
use law::LeaveReading;
use outreach::{Day, LeftOut, NoPlan, Road, Stop, chance, plan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{ProjectQuery, Store};
pub use store::{RoadRow, StopRow, TourRow, VisitRow, VisitTold};

kernel::named! {
    /// What came of a visit.
    Outcome {
        /// It was made.
        Done = "done",
        /// Nobody was there.
        Closed = "closed",
        /// They did not want it.
        Refused = "refused",
        /// The car did not get there.
        Skipped = "skipped",
    }
}

/// Projects offered as stops, those with the most uncovered days first.
const PROJECTS: usize = 30;

/// Groups of a district offered as stops.
const GROUPS: usize = 30;

/// Fewest people a visit is proposed for.
const PEOPLE_MIN: i64 = 3;

/// Minutes of a visit that is proposed.
const VISIT_MINUTES: i64 = 45;

/// Hours in which a proposed stop is open: minutes of the day.
const OPEN: (i64, i64) = (8 * 60, 15 * 60 + 30);

/// How long the library searches, in generations: some seconds for a city's day.
const EFFORT: usize = 600;

/// Orders drawn by lot, for comparing.
const LOTS: u32 = 200;

/// A million in parts per million.
const WHOLE: i64 = 1_000_000;

/// People whose outcome weighs as much as what is assumed before.
const PRIOR_PEOPLE: i64 = 30;

/// Cars of a plan at most.
pub const CARS_MAX: u32 = 20;

/// Working days of a plan at most: a week.
pub const DAYS_MAX: u32 = 5;

/// What is asked of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The day.
    pub day: Date,
    /// Cars.
    pub cars: u32,
    /// Minutes of the day at which they leave and are back.
    pub hours: (u32, u32),
    /// People a car can serve on a day.
    pub room: u32,
    /// Where they leave from: latitude and longitude in millionths.
    pub from: (i64, i64),
}

/// A visit of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedVisit {
    /// Number of the stop.
    pub stop: i64,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub point: (i64, i64),
    /// Seconds of the day: there, begins, ends.
    pub times: (u32, u32, u32),
    /// People who could be covered.
    pub people: i64,
    /// Expected to be, in hundredths.
    pub expected: i64,
}

/// The tour of one car.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedTour {
    /// Visits.
    pub visits: Vec<PlannedVisit>,
    /// Second of the day at which it is back.
    pub back: u32,
    /// Seconds on the road.
    pub road: u32,
}

/// A day as it was planned: the question, the tours, who is left out and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedDay {
    /// What was asked.
    pub question: Question,
    /// One a car that goes out.
    pub tours: Vec<PlannedTour>,
    /// Stops left out: number, name, why.
    pub left: Vec<(i64, String, String)>,
    /// Share of people a visit enrols, as it was assumed, in millionths.
    pub yield_ppm: i64,
    /// Expected in all, in hundredths of a person.
    pub expected: i64,
    /// In an order drawn by lot.
    pub by_lot: i64,
    /// Ways between its places, and how many of these somebody measured; the others are guessed.
    #[serde(default)]
    pub ways: [usize; 2],
}

/// Why something is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Untaken {
    /// No name, no place, or figures that make no sense.
    Stop,
    /// A stop from the same source stands.
    Twice,
    /// No car, or a day that ends before it begins, or that is over.
    Day,
    /// No stop to visit, or none that can be reached: what each lacks.
    Nothing(Vec<(String, String)>),
    /// There is no such tour or visit.
    Unknown,
    /// The library gave up.
    Search(String),
}

/// The share of people a visit enrols: what is assumed, mended by what visits brought. In millionths, rounded down.
///
/// # Errors
/// [`Fault`] of the database, or a gap in the law data.
pub fn visit_yield(desk: &Desk, permit: &Permit<Read, Outreach>) -> Result<i64, Fault> {
    let assumed = desk.law.at(clock::today()).number("assessment/visit_yield").map_err(|e| Fault(format!("{e:?}")))?.0;
    let (people, enrolled) = desk.read(|s| s.visit_yield(permit).map_err(Fault::from))?;
    Ok(learned(assumed, people, enrolled))
}

/// A share that what is seen mends: `PRIOR_PEOPLE` at the assumed share, and everybody who was met at their own.
fn learned(assumed: i64, people: i64, enrolled: i64) -> i64 {
    let all = i128::from(PRIOR_PEOPLE) + i128::from(people);
    let came = i128::from(assumed) * i128::from(PRIOR_PEOPLE) + i128::from(enrolled) * i128::from(WHOLE);
    i64::try_from(came / all.max(1)).unwrap_or(WHOLE).clamp(0, WHOLE)
}

/// Places worth a visit by the data of today, those that are stops already left out: exposed projects with people on them, groups of a district in which people
/// may be covered and are not. Without a point of the district nothing is proposed for it.
///
/// # Errors
/// [`Fault`] of the database.
pub fn proposed(
    desk: &Desk,
    (projects, stops): (&Permit<Read, Project>, &Permit<Read, Outreach>),
    lists: Option<&Lists>,
) -> Result<Vec<StopRow>, Fault> {
    let Some(overview) = overview(desk)? else { return Ok(Vec::new()) };
    let points: BTreeMap<String, (i64, i64)> =
        overview.districts.iter().filter_map(|d| Some((d.name.to_uppercase(), d.point?))).collect();
    let point = |district: &str| points.get(&district.trim().to_uppercase()).copied();
    let mut out = desk.read(|s| of_projects(s, projects, &point))?;
    if let Some(lists) = lists {
        out.extend(of_groups(lists, &point));
    }
    let standing: Vec<String> =
        desk.read(|s| s.stop_list(stops).map_err(Fault::from))?.into_iter().map(|s| s.source).collect();
    out.retain(|s| !standing.contains(&s.source));
    out.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.source.cmp(&b.source)));
    Ok(out)
}

fn overview(desk: &Desk) -> Result<Option<Overview>, Fault> {
    let picture = desk.read(|s| s.picture().map_err(Fault::from))?;
    picture.map(|p| serde_json::from_str(&p.body).map_err(|e| Fault(e.to_string()))).transpose()
}

type Points<'a> = &'a dyn Fn(&str) -> Option<(i64, i64)>;

fn of_projects(store: &Store, permit: &Permit<Read, Project>, point: Points<'_>) -> Result<Vec<StopRow>, Fault> {
    let mut out = Vec::new();
    for state in ["exposed", "registering"] {
        let query = ProjectQuery { state: Some(state.to_owned()), limit: PROJECTS, ..ProjectQuery::default() };
        for row in store.project_page(permit, &query)?.rows {
            // A list knows no evidence: the project itself does.
            let Some(whole) = store.project(permit, &row.code)? else { continue };
            let evidence: Evidence = serde_json::from_str(&whole.body).map_err(|e| Fault(e.to_string()))?;
            let heads = evidence.heads.map(i64::from).unwrap_or_default();
            let people = i64::try_from(evidence.people.0[0]).unwrap_or(0).max(heads);
            let Some(point) = point(&row.district).filter(|_| people >= PEOPLE_MIN) else { continue };
            out.push(StopRow {
                kind: "project".to_owned(),
                source: format!("project:{}", row.code),
                name: format!("{} ({})", row.name, row.vendor),
                point,
                people,
                minutes: VISIT_MINUTES,
                open: OPEN,
                ..StopRow::default()
            });
        }
    }
    Ok(out)
}

fn of_groups(lists: &Lists, point: Points<'_>) -> Vec<StopRow> {
    let mut counts: BTreeMap<(String, String), i64> = BTreeMap::new();
    for s in lists.people.iter().filter(|s| s.standing.is_open() && !s.district.is_empty()) {
        for group in s.facts.groups(lists.as_of) {
            *counts.entry((group.to_owned(), s.district.to_uppercase())).or_default() += 1;
        }
    }
    let mut out: Vec<StopRow> = counts
        .into_iter()
        .filter(|(_, people)| *people >= PEOPLE_MIN)
        .filter_map(|((group, district), people)| {
            Some(StopRow {
                kind: "group".to_owned(),
                source: format!("group:{group}:{district}"),
                name: format!("{}, {district}", group_label(&group)),
                point: point(&district)?,
                people,
                minutes: VISIT_MINUTES,
                open: OPEN,
                ..StopRow::default()
            })
        })
        .collect();
    out.sort_by_key(|s| std::cmp::Reverse(s.people));
    out.truncate(GROUPS);
    out
}

/// Adds a stop; its number.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn add(
    desk: &Desk,
    permit: &Permit<Change, Outreach>,
    stop: &StopRow,
    request: &str,
) -> Result<Result<i64, Untaken>, Fault> {
    let name = kernel::text::clean(&stop.name);
    let (latitude, longitude) = stop.point;
    let on_earth = latitude.abs() <= 90 * WHOLE && longitude.abs() <= 180 * WHOLE && stop.point != (0, 0);
    let fits = (1..=10_000).contains(&stop.people) && (5..=600).contains(&stop.minutes);
    let open = (0..24 * 60).contains(&stop.open.0) && stop.open.0 <= stop.open.1 && stop.open.1 < 24 * 60;
    if name.is_empty() || name.chars().count() > 300 || !on_earth || !fits || !open {
        return Ok(Err(Untaken::Stop));
    }
    let told = event(permit.actor(), "outreach_stop_add", "outreach_stop", request);
    let stop = StopRow { name, ..stop.clone() };
    let added = desk.write(|s| s.stop_add(permit, &stop, &clock::now(), told).map_err(Fault::from))?;
    Ok(added.ok_or(Untaken::Twice))
}

/// Ends a stop. False where it had ended.
///
/// # Errors
/// [`Fault`] of the database.
pub fn end(desk: &Desk, permit: &Permit<Change, Outreach>, id: i64, request: &str) -> Result<bool, Fault> {
    let told = event(permit.actor(), "outreach_stop_end", &format!("outreach_stop:{id}"), request);
    desk.write(|s| s.stop_end(permit, id, &clock::now(), told).map_err(Fault::from))
}

fn degrees(point: (i64, i64)) -> (f64, f64) {
    (point.0 as f64 / WHOLE as f64, point.1 as f64 / WHOLE as f64)
}

/// Stops in force that need no visit now, and why: `visited`, or `planned` for a day to come.
///
/// # Errors
/// [`Fault`] of the database.
pub fn taken(desk: &Desk, permit: &Permit<Read, Outreach>) -> Result<BTreeMap<i64, String>, Fault> {
    desk.read(|s| s.stops_taken(permit, &clock::today().to_string(), ("", "")).map_err(Fault::from))
}

/// Plans `days` days over the stops in force that need a visit: the day asked for and the working days after it. Nothing is kept.
///
/// # Errors
/// [`Fault`] of the database; inside, why there is no plan.
pub fn planned(
    desk: &Desk,
    permit: &Permit<Read, Outreach>,
    (question, days): (&Question, u32),
) -> Result<Result<Vec<PlannedDay>, Untaken>, Fault> {
    let today = clock::today();
    let fits = (1..=CARS_MAX).contains(&question.cars) && question.hours.0 < question.hours.1;
    let fits = fits && question.hours.1 <= 24 * 60 && question.room > 0 && (1..=DAYS_MAX).contains(&days);
    if !fits || question.day < today {
        return Ok(Err(Untaken::Day));
    }
    let calendar = desk.law.calendar(LeaveReading::LeaveIsOff);
    let days: Vec<Date> = (0..days).map(|n| calendar.after_working_days(question.day, n).date).collect();
    let span = (question.day.to_string(), days.last().unwrap_or(&question.day).to_string());
    let (rows, taken, roads) = desk.read(|s| {
        let taken = s.stops_taken(permit, &today.to_string(), (&span.0, &span.1))?;
        Ok::<_, Fault>((s.stop_list(permit)?, taken, s.road_list(permit)?))
    })?;
    let share = visit_yield(desk, permit)?;
    Ok(days_of((&rows, &roads), taken, (question, &days), share))
}

/// One day after the other over what the days before left. It ends early where nobody is left to visit: whoever is out of reach is so on every day.
fn days_of(
    (rows, roads): (&[StopRow], &[RoadRow]),
    mut taken: BTreeMap<i64, String>,
    (question, days): (&Question, &[Date]),
    share: i64,
) -> Result<Vec<PlannedDay>, Untaken> {
    let mut out: Vec<PlannedDay> = Vec::new();
    for day in days {
        let free: Vec<StopRow> = rows.iter().filter(|r| !taken.contains_key(&r.id)).cloned().collect();
        let others = rows.iter().filter_map(|r| Some((r, taken.get(&r.id)?)));
        match day_of((&free, roads), &Question { day: *day, ..question.clone() }, share) {
            Ok(mut found) => {
                found.left.extend(others.map(|(r, why)| (r.id, r.name.clone(), why.clone())));
                let met = found.tours.iter().flat_map(|t| &t.visits).map(|v| (v.stop, "planned".to_owned()));
                taken.extend(met);
                out.push(found);
            }
            Err(Untaken::Nothing(_)) if !out.is_empty() => break,
            Err(Untaken::Nothing(mut left)) => {
                left.extend(others.map(|(r, why)| (r.name.clone(), why.clone())));
                return Err(Untaken::Nothing(left));
            }
            Err(no) => return Err(no),
        }
    }
    Ok(out)
}

/// Expected at a stop, in hundredths of a person.
fn expected(people: i64, share: i64) -> i64 {
    people.saturating_mul(share) / (WHOLE / 100)
}

fn day_of((rows, roads): (&[StopRow], &[RoadRow]), question: &Question, share: i64) -> Result<PlannedDay, Untaken> {
    let small = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let stops: Vec<Stop> = rows
        .iter()
        .map(|r| Stop {
            worth: small(expected(r.people, share)),
            service: small(r.minutes * 60),
            open: (small(r.open.0 * 60), small(r.open.1 * 60)),
            load: small(expected(r.people, share) / 100),
        })
        .collect();
    let points: Vec<(f64, f64)> =
        std::iter::once(question.from).chain(rows.iter().map(|r| r.point)).map(degrees).collect();
    let ids: Vec<i64> = std::iter::once(0).chain(rows.iter().map(|r| r.id)).collect();
    let (road, measured) = roads::apply(Road::guessed(&points), &ids, roads);
    let day = Day { cars: question.cars, hours: (question.hours.0 * 60, question.hours.1 * 60), room: question.room };
    let found = plan(&stops, &day, &road, EFFORT).map_err(|no| match no {
        NoPlan::Day | NoPlan::Road => Untaken::Day,
        NoPlan::Search(why) => Untaken::Search(why),
    })?;
    if found.tours.is_empty() {
        let left = found.left.iter().map(|(i, why)| (rows[*i].name.clone(), left_name(*why).to_owned()));
        return Err(Untaken::Nothing(left.collect()));
    }
    let visit = |v: &outreach::Visit| PlannedVisit {
        stop: rows[v.stop].id,
        name: rows[v.stop].name.clone(),
        point: rows[v.stop].point,
        times: v.times,
        people: rows[v.stop].people,
        expected: expected(rows[v.stop].people, share),
    };
    Ok(PlannedDay {
        question: question.clone(),
        tours: found
            .tours
            .iter()
            .map(|t| PlannedTour { visits: t.visits.iter().map(visit).collect(), back: t.hours.1, road: t.road })
            .collect(),
        left: found
            .left
            .iter()
            .map(|(i, why)| (rows[*i].id, rows[*i].name.clone(), left_name(*why).to_owned()))
            .collect(),
        yield_ppm: share,
        expected: i64::from(found.worth),
        by_lot: i64::try_from(chance(&stops, &day, &road, LOTS, 1) / 100).unwrap_or(i64::MAX),
        ways: [ids.len() * (ids.len() - 1), measured],
    })
}

/// Why a stop is left out, as it is kept.
fn left_name(why: LeftOut) -> &'static str {
    match why {
        LeftOut::Unreachable => "unreachable",
        LeftOut::TooMany => "too_many",
        LeftOut::NoTime => "no_time",
    }
}

/// Plans days and keeps them; their numbers. A day planned again stands beside what was planned before, and the newest counts.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn keep(
    desk: &Desk,
    (read, change): (&Permit<Read, Outreach>, &Permit<Change, Outreach>),
    asked: (&Question, u32),
    request: &str,
) -> Result<Result<Vec<i64>, Untaken>, Fault> {
    let days = match planned(desk, read, asked)? {
        Ok(days) => days,
        Err(no) => return Ok(Err(no)),
    };
    let mut kept = Vec::new();
    for day in &days {
        let body = serde_json::to_string(day).map_err(|e| Fault(e.to_string()))?;
        let visits: Vec<(i64, i64)> = day.tours.iter().flat_map(|t| &t.visits).map(|v| (v.stop, v.people)).collect();
        let told = event(change.actor(), "outreach_tour_add", "outreach_tour", request);
        let (on, brings) = (day.question.day.to_string(), (day.expected, day.by_lot));
        let id = desk
            .write(|s| s.tour_add(change, (&on, &body), brings, &visits, &clock::now(), told).map_err(Fault::from))?;
        kept.extend(id);
    }
    Ok(if kept.is_empty() { Err(Untaken::Unknown) } else { Ok(kept) })
}

/// The plan that stands of each day: the newest, which has the highest number.
#[must_use]
pub fn newest(tours: &[TourRow]) -> BTreeMap<&str, i64> {
    let mut out: BTreeMap<&str, i64> = BTreeMap::new();
    for t in tours {
        out.entry(&t.day).and_modify(|id| *id = (*id).max(t.id)).or_insert(t.id);
    }
    out
}

/// A tour as it was planned, and its visits as far as they are told of.
///
/// # Errors
/// [`Fault`] of the database.
pub fn one(
    desk: &Desk,
    permit: &Permit<Read, Outreach>,
    id: i64,
) -> Result<Option<(TourRow, PlannedDay, Vec<VisitRow>)>, Fault> {
    desk.read(|s| match s.tour_list(permit, Some(id), 1)?.pop() {
        Some(row) => {
            let day = serde_json::from_str(&row.body).map_err(|e| Fault(e.to_string()))?;
            Ok(Some((row, day, s.tour_visits(permit, id)?)))
        }
        None => Ok(None),
    })
}

/// Keeps what came of a visit.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn tell(
    desk: &Desk,
    permit: &Permit<Change, Outreach>,
    visit: (i64, i64),
    (outcome, told): (Outcome, &VisitTold<'_>),
    request: &str,
) -> Result<Result<(), Untaken>, Fault> {
    let fits = (0..=10_000).contains(&told.enrolled) && (0..=1_440).contains(&told.minutes);
    let brought = outcome == Outcome::Done || told.enrolled == 0;
    if !fits || !brought || told.note.chars().count() > 500 {
        return Ok(Err(Untaken::Stop));
    }
    let mut noted = event(permit.actor(), "outreach_visit_tell", &format!("outreach_tour:{}", visit.0), request);
    noted.reason = format!("stop:{} {} {}", visit.1, outcome.name(), told.enrolled);
    let done = desk.write(|s| s.visit_tell(permit, visit, told, &clock::now(), noted).map_err(Fault::from))?;
    Ok(if done { Ok(()) } else { Err(Untaken::Unknown) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_visits_bring_mends_what_is_assumed() {
        assert_eq!(learned(300_000, 0, 0), 300_000);
        assert_eq!(learned(300_000, 30, 30), 650_000, "nine of thirty assumed, thirty of thirty seen");
        assert_eq!(learned(300_000, 970, 0), 9_000);
        assert_eq!(learned(300_000, 10, i64::MAX), WHOLE);
        assert_eq!(expected(40, 300_000), 1_200, "twelve people");
    }

    #[test]
    fn a_day_says_who_is_left_out_and_beats_the_lot() {
        let stop = |id: i64, people: i64, east: i64, open: (i64, i64)| StopRow {
            id,
            name: format!("stop {id}"),
            point: (-1_600_000, 103_600_000 + east),
            people,
            minutes: 45,
            open,
            ..StopRow::default()
        };
        let mut rows: Vec<StopRow> = (1..=12).map(|i| stop(i, i * 4, i * 4_000, (480, 900))).collect();
        rows.push(stop(13, 50, 10_000, (1_300, 1_320)));
        let question = Question {
            day: "2026-12-01".parse().unwrap(),
            cars: 1,
            hours: (480, 840),
            room: 200,
            from: (-1_600_000, 103_600_000),
        };
        let day = day_of((&rows, &[]), &question, 300_000).unwrap();
        assert!(day.left.contains(&(13, "stop 13".to_owned(), "unreachable".to_owned())), "{day:?}");
        assert!(day.expected > day.by_lot, "{} {}", day.expected, day.by_lot);
        let nothing = day_of((&rows[12..], &[]), &question, 300_000);
        assert_eq!(nothing, Err(Untaken::Nothing(vec![("stop 13".to_owned(), "unreachable".to_owned())])));

        // A week visits each stop once, says where the others are, and ends when nobody is left.
        let days: Vec<Date> = (1..=5).map(|d| kernel::date::add_days(question.day, d).unwrap()).collect();
        let taken = BTreeMap::from([(12, "visited".to_owned())]);
        let week = days_of((&rows, &[]), taken.clone(), (&question, &days), 300_000).unwrap();
        let mut met: Vec<i64> = week.iter().flat_map(|d| &d.tours).flat_map(|t| &t.visits).map(|v| v.stop).collect();
        met.sort_unstable();
        assert_eq!(met, (1..=11).collect::<Vec<i64>>());
        assert!(week.len() < days.len(), "{}", week.len());
        for day in &week {
            let visits = day.tours.iter().map(|t| t.visits.len()).sum::<usize>();
            assert_eq!(visits + day.left.len(), rows.len(), "every stop is visited or left out with a reason");
            assert!(day.left.contains(&(12, "stop 12".to_owned(), "visited".to_owned())));
        }
        let none = days_of((&rows[11..12], &[]), taken, (&question, &days), 300_000);
        assert_eq!(none, Err(Untaken::Nothing(vec![("stop 12".to_owned(), "visited".to_owned())])));
    }
}
