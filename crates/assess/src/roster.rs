//! People on a project: from when to when, whether reported to the insurer, and covered on a day.
//!
//! | Why | Meaning |
//! |---|---|
//! | project | the project's own state decides: nobody on it is covered, or nobody can tell |
//! | reported | reported by that day |
//! | term | not reported yet, and the days to do so are not over |
//! | not reported | they are over: the contractor would pay (PP 44/2015 Article 32 (3)) |
//! | unknown | no list of the insurer says whether |

use crate::protection::State;
use kernel::Date;
use law::Law;
use registers::records::{Entry, ListOf};
use serde::Serialize;
use std::collections::BTreeMap;

/// What is known of a worker's report to the insurer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Report {
    /// Reported on a day.
    On(Date),
    /// On the site's roster, and not on the insurer's list of the project, which is known.
    Never,
    /// Nothing is said.
    Unknown,
}

impl Report {
    /// What two lists know of one report: the earlier day; else that the insurer's list has the person without a day.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::On(a), Self::On(b)) => Self::On(a.min(b)),
            (Self::On(day), _) | (_, Self::On(day)) => Self::On(day),
            (Self::Never, Self::Never) => Self::Never,
            _ => Self::Unknown,
        }
    }

    /// Last day without a report for somebody who joined on a day with this limit, if the limit was missed; the end of time
    /// where no report came.
    pub fn missing_until(self, limit: Date, as_of: Date) -> Option<Date> {
        match self {
            Self::On(day) => day.yesterday().ok().filter(|_| day > limit),
            Self::Never => (as_of > limit).then_some(Date::MAX),
            Self::Unknown => None,
        }
    }
}

/// A person on a project from a first day to a last one, whichever lists say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stay {
    /// First day.
    pub from: Date,
    /// Last day; the end of time while there.
    pub to: Date,
    /// The report.
    pub reported: Report,
}

/// One person's stays as one timeline: what overlaps is one stay, what two lists say is one report.
pub fn merged(mut stays: Vec<Stay>) -> Vec<Stay> {
    stays.sort_unstable();
    let mut out: Vec<Stay> = Vec::new();
    for stay in stays {
        match out.last_mut() {
            Some(last) if stay.from <= last.to => {
                last.to = last.to.max(stay.to);
                last.reported = last.reported.and(stay.reported);
            }
            _ => out.push(stay),
        }
    }
    out
}

/// Why a person is in a state on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The project's own state.
    Project,
    /// Reported.
    Reported,
    /// Within the days to report.
    Term,
    /// Not reported in time.
    NotReported,
    /// Nobody knows whether.
    Unknown,
}

impl Why {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Reported => "reported",
            Self::Term => "term",
            Self::NotReported => "not_reported",
            Self::Unknown => "unknown",
        }
    }
}

/// A person on a project, on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Places of this person's entries in the list handed in, the site's own first.
    pub entries: Vec<usize>,
    /// The stay that includes the day; else the one before it, else the next.
    pub stay: Option<Stay>,
    /// Does a stay include the day?
    pub present: bool,
    /// On the site's own roster.
    pub on_roster: bool,
    /// On a list of the insurer.
    pub on_list: bool,
    /// Last day to report, under the strict and the lenient reading.
    pub limit: Option<(Date, Date)>,
    /// Under the strict reading; none where the person is not there on the day.
    pub state: Option<State>,
    /// Under the lenient reading.
    pub lenient: Option<State>,
    /// Why.
    pub why: Why,
}

/// Everybody on a project's lists, as of a day: entries with the person each is of, in any order. `state` is the project's on that
/// day, none outside its period. In the order of each person's first entry.
pub fn crew(entries: &[(&str, &Entry)], day: Date, state: Option<State>, law: &Law) -> Vec<Member> {
    let knows_list = entries.iter().any(|(_, e)| is_insurers(e));
    let mut people: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, (person, _)) in entries.iter().enumerate() {
        people.entry(person).or_default().push(i);
    }
    let mut out: Vec<Member> = people
        .into_values()
        .map(|mut of| {
            of.sort_by_key(|i| (is_insurers(entries[*i].1), *i));
            member(entries, of, (day, state), knows_list, law)
        })
        .collect();
    out.sort_by_key(|m| m.entries.iter().min().copied());
    out
}

fn is_insurers(entry: &Entry) -> bool {
    matches!(entry.list, Some(ListOf::Registration(_)))
}

/// What an entry says of days and of the report; `knows_list`: a list of the insurer for the project is known. None without a first day.
pub fn stay_of(entry: &Entry, knows_list: bool) -> Option<Stay> {
    // Whoever cannot be told apart by a number cannot be missed on the other list.
    let can_be_missed = knows_list && !is_insurers(entry) && matches!(entry.nik, Some(Ok(_)));
    let otherwise = if can_be_missed { Report::Never } else { Report::Unknown };
    let reported = entry.reported.map_or(otherwise, Report::On);
    Some(Stay { from: entry.joined?, to: entry.left.unwrap_or(Date::MAX), reported })
}

fn member(
    entries: &[(&str, &Entry)],
    of: Vec<usize>,
    (day, state): (Date, Option<State>),
    knows_list: bool,
    law: &Law,
) -> Member {
    let stays = of.iter().filter_map(|i| stay_of(entries[*i].1, knows_list));
    let stays = merged(stays.collect());
    let now = stays.iter().find(|s| s.from <= day && day <= s.to);
    let stay = now.or_else(|| stays.iter().rfind(|s| s.to < day)).or(stays.first()).copied();
    let limit = stay.and_then(|s| law::deadline::roster_change(s.from, law).ok()).map(|d| (d.strict.value, d.lenient));
    let mut out = Member {
        present: now.is_some(),
        on_roster: of.iter().any(|i| !is_insurers(entries[*i].1)),
        on_list: of.iter().any(|i| is_insurers(entries[*i].1)),
        entries: of,
        stay,
        limit,
        state: None,
        lenient: None,
        why: Why::Unknown,
    };
    if let (true, Some(stay), Some(state)) = (out.present, stay, state) {
        let (strict, lenient, why) = cover(stay, day, state, limit);
        (out.state, out.lenient, out.why) = (Some(strict), Some(lenient), why);
    }
    out
}

/// Is somebody who is there covered on a day, under the strict and the lenient reading, and why?
fn cover(stay: Stay, day: Date, project: State, limit: Option<(Date, Date)>) -> (State, State, Why) {
    if project != State::Covered {
        return (project, project, Why::Project);
    }
    match stay.reported {
        Report::On(reported) if reported <= day => (State::Covered, State::Covered, Why::Reported),
        Report::Unknown => (State::Covered, State::Covered, Why::Unknown),
        _ => match limit {
            Some((strict, _)) if day <= strict => (State::Covered, State::Covered, Why::Term),
            Some((_, lenient)) if day <= lenient => (State::Exposed, State::Covered, Why::NotReported),
            Some(_) => (State::Exposed, State::Exposed, Why::NotReported),
            None => (State::Unknown, State::Unknown, Why::Unknown),
        },
    }
}

/// Consecutive days of a person on a project in one state for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Under the strict reading.
    pub state: State,
    /// Under the lenient reading.
    pub lenient: State,
    /// Why.
    pub why: Why,
}

/// A person's days on a project up to `as_of`: the stay laid over the project's spans. Days of the stay outside the project's
/// period are in nobody's ledger and left out.
pub fn segments(stay: Stay, spans: &[(Date, Date, State)], as_of: Date, law: &Law) -> Vec<Segment> {
    let limit = law::deadline::roster_change(stay.from, law).ok().map(|d| (d.strict.value, d.lenient));
    let mut out: Vec<Segment> = Vec::new();
    for (from, to, project) in spans {
        let (from, to) = (stay.from.max(*from), stay.to.min(*to).min(as_of));
        // Days on which the answer may change.
        let mut turns = vec![from];
        turns.extend(limit.iter().flat_map(|(a, b)| [*a, *b]).filter_map(kernel::date::next_day));
        if let Report::On(day) = stay.reported {
            turns.push(day);
        }
        turns.retain(|d| from <= *d && *d <= to);
        turns.sort_unstable();
        turns.dedup();
        for (i, day) in turns.iter().enumerate() {
            let end = turns.get(i + 1).and_then(|next| next.yesterday().ok()).unwrap_or(to);
            let (state, lenient, why) = cover(stay, *day, *project, limit);
            match out.last_mut() {
                Some(last)
                    if (last.state, last.lenient, last.why) == (state, lenient, why)
                        && kernel::date::next_day(last.to) == Some(*day) =>
                {
                    last.to = end;
                }
                _ => out.push(Segment { from: *day, to: end, state, lenient, why }),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::entry;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn site(nik: &str, joined: &str) -> Entry {
        entry(ListOf::Project("nontender:1".into()), nik, joined)
    }

    fn listed(nik: &str, joined: &str, reported: &str) -> Entry {
        let list = ListOf::Registration("2500000000001".into());
        Entry { reported: Some(day(reported)), ..entry(list, nik, joined) }
    }

    const BUDI: &str = "1571010203900001";
    const SLAMET: &str = "1571010203900002";

    #[test]
    fn whoever_joins_is_covered_in_the_term_and_exposed_after_it() {
        // Joined on Monday 4 August; seven working days end on the 13th, thirty on 16 September.
        let people = [listed(BUDI, "2025-07-07", "2025-07-07"), site(BUDI, "2025-07-07"), site(SLAMET, "2025-08-04")];
        let entries: Vec<(&str, &Entry)> = ["b", "b", "s"].into_iter().zip(&people).collect();
        let on = |at: &str| {
            let crew = crew(&entries, day(at), Some(State::Covered), Law::builtin());
            let told = |m: &Member| (m.state, m.lenient, m.why);
            (crew.len(), told(&crew[0]), told(&crew[1]), crew[1].limit)
        };
        let covered = Some(State::Covered);
        assert_eq!(on("2025-08-13").1, (covered, covered, Why::Reported));
        assert_eq!(on("2025-08-13").2, (covered, covered, Why::Term));
        assert_eq!(on("2025-08-14").2, (Some(State::Exposed), covered, Why::NotReported));
        let (people, _, late, limit) = on("2025-10-20");
        assert_eq!((people, late.0, late.1), (2, Some(State::Exposed), Some(State::Exposed)));
        assert_eq!(limit.map(|l| l.0), Some(day("2025-08-13")));
        // Before the first day nobody is there.
        assert_eq!(on("2025-08-01").2.0, None);
    }

    #[test]
    fn the_project_comes_first_and_silence_accuses_nobody() {
        let people = [site(BUDI, "2025-07-07")];
        let entries = [("b", &people[0])];
        let exposed = crew(&entries, day("2025-08-20"), Some(State::Exposed), Law::builtin());
        assert_eq!((exposed[0].state, exposed[0].why), (Some(State::Exposed), Why::Project));
        let covered = crew(&entries, day("2025-08-20"), Some(State::Covered), Law::builtin());
        assert_eq!((covered[0].state, covered[0].why), (Some(State::Covered), Why::Unknown));
    }

    #[test]
    fn a_late_report_covers_from_its_day() {
        let people = [site(BUDI, "2025-08-04"), listed(BUDI, "2025-08-04", "2025-09-25")];
        let entries: Vec<(&str, &Entry)> = ["b", "b"].into_iter().zip(&people).collect();
        let state = |at: &str| crew(&entries, day(at), Some(State::Covered), Law::builtin())[0].state;
        assert_eq!(state("2025-09-24"), Some(State::Exposed));
        assert_eq!(state("2025-09-25"), Some(State::Covered));
    }

    proptest::proptest! {
        /// A timeline says of each day what the day itself says.
        #[test]
        fn a_timeline_is_its_days(joined in 0i32..60, len in 0i32..80, reported in -1i32..90, covered_from in 0i32..40) {
            let base = day("2025-07-07");
            let at = |n: i32| kernel::date::add_days(base, n).unwrap();
            let report = if reported < 0 { Report::Never } else { Report::On(at(reported)) };
            let stay = Stay { from: at(joined), to: at(joined + len), reported: report };
            let mut spans = vec![(at(covered_from), at(90), State::Covered)];
            if covered_from > 0 {
                spans.insert(0, (at(0), at(covered_from - 1), State::Exposed));
            }
            let limit = law::deadline::roster_change(stay.from, Law::builtin()).ok().map(|d| (d.strict.value, d.lenient));
            let found = segments(stay, &spans, at(85), Law::builtin());
            for n in 0..100 {
                let inside = found.iter().filter(|s| s.from <= at(n) && at(n) <= s.to).collect::<Vec<_>>();
                let project = spans.iter().find(|s| s.0 <= at(n) && at(n) <= s.1).map(|s| s.2);
                let there = stay.from <= at(n) && at(n) <= stay.to && n <= 85;
                match (there, project) {
                    (true, Some(project)) => {
                        let told = cover(stay, at(n), project, limit);
                        proptest::prop_assert_eq!(inside.len(), 1);
                        proptest::prop_assert_eq!((inside[0].state, inside[0].lenient, inside[0].why), told);
                    }
                    _ => proptest::prop_assert!(inside.is_empty()),
                }
            }
        }

        /// Merging loses no day and invents none.
        #[test]
        fn merged_stays_are_the_same_days(list in proptest::collection::vec((0i32..40, 0i32..15), 0..8)) {
            let base = day("2025-07-07");
            let at = |n: i32| kernel::date::add_days(base, n).unwrap();
            let stays: Vec<Stay> =
                list.iter().map(|(from, len)| Stay { from: at(*from), to: at(from + len), reported: Report::Unknown }).collect();
            let merged = merged(stays.clone());
            for n in 0..60 {
                let inside = |s: &Stay| s.from <= at(n) && at(n) <= s.to;
                proptest::prop_assert_eq!(stays.iter().any(inside), merged.iter().any(inside));
            }
            proptest::prop_assert!(merged.windows(2).all(|w| w[0].to < w[1].from));
        }
    }
}
