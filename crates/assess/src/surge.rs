//! The weeks to come at the counters: registrations and payment requests a week, from the contracts that are known.
//!
//! A surge at the year's end is no season of its own: contracts end then. So nothing is extrapolated from the weeks before; each contract brings what contracts brought at the same distance before. **Payment requests** come at a rate learned for each week before and after
//! the last day of works (payments divided by contracts that were under way that far). **Registrations** come at a hazard learned for each week before and after the start order, of contracts not registered until then; contracts that will start are taken from the same weeks of
//! the year before, or from the last weeks where there is no such year. What projects without an end bring is not in it, and how many they are is said.
//!
//! The interval is that of counts whose spread is larger than Poisson's by what the last weeks were missed, each forecast again with what was paid and registered before it. Dates of works are as known today: an end that was moved since makes those look better than they were.

use kernel::Date;
use kernel::date::{add_days, monday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Weeks about the end of works in which payments are looked for.
const ABOUT_END: (i32, i32) = (-60, 12);

/// Weeks about the start order in which registrations are looked for.
const ABOUT_START: (i32, i32) = (-8, 40);

/// Weeks that are over and shown, and forecast again.
pub const PAST: i32 = 12;

/// Weeks of a year.
const YEAR: i32 = 52;

/// Weeks from which it is known how many start where there is no year before.
const RECENT: i32 = 8;

/// Weeks a contract without a start order is taken to run before its end.
const USUAL: i32 = 26;

/// Half the width of an interval of 90 of 100, in deviations.
const REACH: f64 = 1.645;

/// A contract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Works {
    /// Day of the start order.
    pub start: Option<Date>,
    /// Last day of works.
    pub end: Option<Date>,
    /// Day it was registered.
    pub registered: Option<Date>,
    /// Is it known whether it is registered?
    pub is_told: bool,
    /// Days of its payments.
    pub payments: Vec<Date>,
    /// How it stands today; empty where that is none of the uncovered states.
    pub state: &'static str,
}

/// A week.
pub type Week = i32;

/// The week of a day.
#[must_use]
pub fn week_of(day: Date) -> Week {
    let from = Date::constant(1970, 1, 5);
    (monday(day) - from).get_days() / 7
}

/// The Monday of a week.
#[must_use]
pub fn monday_of(week: Week) -> Date {
    add_days(Date::constant(1970, 1, 5), week * 7).unwrap_or(Date::MAX)
}

/// A count that is expected: the count and the ends of its interval of 90 of 100, tenths.
pub type Expected = [u64; 3];

/// A week to come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    /// Its Monday, ISO.
    pub monday: String,
    /// Registrations; none where no list says who is registered.
    pub registrations: Option<Expected>,
    /// Payment requests.
    pub payments: Expected,
    /// Of these, of projects without cover today, tenths.
    pub uncovered: u64,
    /// Known today: last days to register, and last days of works.
    pub known: [u64; 2],
}

/// How forecasts a number of weeks ahead did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// `registrations` or `payments`.
    pub what: String,
    /// Weeks ahead.
    pub ahead: u64,
    /// Weeks forecast, and of these inside the interval.
    pub weeks: [u64; 2],
    /// Off, all together, tenths; and that of saying the mean of the four weeks before.
    pub off: [u64; 2],
}

/// The weeks to come, and those that are over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Surge {
    /// Weeks that are over: Monday, registrations, payment requests.
    pub past: Vec<(String, [u64; 2])>,
    /// Weeks to come, this one first.
    pub ahead: Vec<Ahead>,
    /// How such forecasts did.
    pub scores: Vec<Score>,
    /// By state: projects without cover that end within these weeks, and payment requests expected of them, tenths.
    pub ending: Vec<(String, [u64; 2])>,
    /// Contracts without a last day of works: they bring nothing to the forecast.
    pub without_end: u64,
    /// The Monday from which lists say nothing yet of registrations or payments: what came since is unknown, not nought. Empty where none ever said anything.
    pub unseen_from: String,
}

/// A contract in weeks.
struct Counted {
    start: Option<Week>,
    end: Option<Week>,
    registered: Option<Week>,
    is_told: bool,
    payments: Vec<Week>,
    state: &'static str,
}

/// Rates by distance in weeks.
struct Rates {
    about: (i32, i32),
    events: Vec<u64>,
    /// How many more are at risk than the week before: a contract is two steps, however long it runs.
    steps: Vec<i64>,
    rates: Vec<f64>,
}

impl Rates {
    fn new(about: (i32, i32)) -> Self {
        let size = usize::try_from(about.1 - about.0 + 1).unwrap_or(0);
        Self { about, events: vec![0; size], steps: vec![0; size + 1], rates: Vec::new() }
    }

    fn place(&self, distance: i32) -> Option<usize> {
        usize::try_from(distance - self.about.0).ok().filter(|i| *i < self.events.len())
    }

    fn at(&self, distance: i32) -> f64 {
        self.place(distance).and_then(|i| self.rates.get(i)).copied().unwrap_or(0.0)
    }

    fn risk(&mut self, from: i32, to: i32) {
        let (from, to) = (from.max(self.about.0), to.min(self.about.1));
        if let (Some(first), Some(last)) = (self.place(from), self.place(to).filter(|_| from <= to)) {
            self.steps[first] += 1;
            self.steps[last + 1] -= 1;
        }
    }

    fn finish(mut self) -> Self {
        let mut at_risk = 0;
        for (events, step) in self.events.iter().zip(&self.steps) {
            at_risk += step;
            self.rates.push(if at_risk > 0 { *events as f64 / at_risk as f64 } else { 0.0 });
        }
        self
    }

    fn event(&mut self, distance: i32) {
        if let Some(i) = self.place(distance) {
            self.events[i] += 1;
        }
    }
}

/// What contracts did before a week.
struct Learned {
    payments: Rates,
    registrations: Rates,
    starts: BTreeMap<Week, u64>,
}

fn learn(all: &[Counted], now: Week) -> Learned {
    let (mut payments, mut registrations) = (Rates::new(ABOUT_END), Rates::new(ABOUT_START));
    let mut starts: BTreeMap<Week, u64> = BTreeMap::new();
    for c in all {
        if let Some(end) = c.end {
            payments.risk(c.start.unwrap_or(end - USUAL) - end, now - 1 - end);
            c.payments.iter().filter(|p| **p < now).for_each(|p| payments.event(p - end));
        }
        let Some(start) = c.start.filter(|s| *s < now) else { continue };
        *starts.entry(start).or_default() += 1;
        if !c.is_told {
            continue;
        }
        match c.registered.filter(|r| *r < now) {
            // Longer ago than is looked at: as early as it can be.
            Some(registered) => {
                let distance = (registered - start).max(ABOUT_START.0);
                registrations.risk(ABOUT_START.0, distance);
                registrations.event(distance);
            }
            None => registrations.risk(ABOUT_START.0, now - 1 - start),
        }
    }
    Learned { payments: payments.finish(), registrations: registrations.finish(), starts }
}

/// Contracts that start in a week to come: the same weeks of the year before, or the last weeks.
fn starts(learned: &Learned, week: Week, now: Week) -> f64 {
    let mean = |weeks: std::ops::Range<Week>| {
        let size = f64::from(weeks.end - weeks.start);
        learned.starts.range(weeks).map(|(_, n)| *n).sum::<u64>() as f64 / size
    };
    // One contract of long ago, or a year typed wrong, is no year before.
    let count = |weeks: std::ops::Range<Week>| learned.starts.range(weeks).map(|(_, n)| *n).sum::<u64>();
    let (before, recent) = (count(now - 2 * YEAR..now - YEAR), count(now - YEAR..now));
    if before > 0 && before * 2 >= recent { mean(week - YEAR - 1..week - YEAR + 2) } else { mean(now - RECENT..now) }
}

/// What is expected of the weeks from one on: registrations and payment requests each.
fn expect(all: &[Counted], now: Week, weeks: usize) -> Vec<[f64; 2]> {
    let learned = learn(all, now);
    let mut out = vec![[0.0; 2]; weeks];
    for c in all {
        if let Some(end) = c.end {
            let start = c.start.unwrap_or(end - USUAL);
            for (i, week) in out.iter_mut().enumerate() {
                let at = now + i as i32;
                if at >= start {
                    week[1] += learned.payments.at(at - end);
                }
            }
        }
        let is_open = c.is_told && c.registered.is_none_or(|r| r >= now);
        if let Some(start) = c.start.filter(|_| is_open) {
            let mut left = 1.0;
            for (i, week) in out.iter_mut().enumerate() {
                let hazard = learned.registrations.at(now + i as i32 - start);
                week[0] += left * hazard;
                left *= 1.0 - hazard;
            }
        }
    }
    // Those that start later: registered before their start order counts in the week of it.
    let later: Vec<f64> = (0..weeks).map(|i| starts(&learned, now + i as i32, now)).collect();
    let mut known = vec![0.0; weeks];
    for place in all.iter().filter_map(|c| usize::try_from(c.start? - now).ok()) {
        if let Some(week) = known.get_mut(place) {
            *week += 1.0;
        }
    }
    for (begun, (n, known)) in later.iter().zip(known).enumerate() {
        let (unknown, mut left) = ((n - known).max(0.0), 1.0);
        for distance in ABOUT_START.0..=ABOUT_START.1 {
            let hazard = learned.registrations.at(distance);
            if let Some(week) = out.get_mut(begun + usize::try_from(distance).unwrap_or(0)) {
                week[0] += unknown * left * hazard;
            }
            left *= 1.0 - hazard;
        }
    }
    out
}

/// What came in the weeks from one on.
fn came(all: &[Counted], from: Week) -> BTreeMap<Week, [u64; 2]> {
    let mut out: BTreeMap<Week, [u64; 2]> = BTreeMap::new();
    for c in all {
        let registered = c.registered.filter(|r| c.is_told && c.start.is_some() && *r >= from);
        registered.into_iter().for_each(|r| out.entry(r).or_default()[0] += 1);
        // Payments further from the end than is looked at are not forecast, and not what a forecast is held against.
        let near = |p: &&Week| c.end.is_some_and(|end| (ABOUT_END.0..=ABOUT_END.1).contains(&(**p - end)));
        let paid = c.payments.iter().filter(near).filter(|p| **p >= from);
        paid.for_each(|p| out.entry(*p).or_default()[1] += 1);
    }
    out
}

fn tenths(n: f64) -> u64 {
    (n * 10.0).round().max(0.0) as u64
}

fn expected(mean: f64, spread: f64) -> Expected {
    let reach = REACH * (spread * mean).sqrt();
    [mean, mean - reach, mean + reach].map(tenths)
}

/// Weeks ahead of which the past is scored.
const SCORED: [usize; 2] = [1, 4];

/// A week that is over, forecast again: what was expected, what came, and the mean of the four weeks before.
struct Missed {
    back: Week,
    ahead: usize,
    mean: f64,
    came: u64,
    plain: f64,
}

/// The spread beyond Poisson's of weeks that were missed, without one of them: a score is not held against its own interval.
fn spread(misses: &[Missed], without: Option<Week>) -> f64 {
    let others = || misses.iter().filter(|m| Some(m.back) != without);
    let square: f64 = others().map(|m| (m.came as f64 - m.mean).powi(2)).sum();
    let sum: f64 = others().map(|m| m.mean).sum();
    if sum > 0.0 { (square / sum).max(1.0) } else { 1.0 }
}

/// Forecasts of weeks that are over, of one kind: the spread, and scores.
fn look_back(all: &[Counted], now: Week, (kind, what): (usize, &str)) -> (f64, Vec<Score>) {
    let mut misses = Vec::new();
    let count = came(all, now - PAST - 8);
    let of = |week: Week| count.get(&week).map_or(0, |n| n[kind]);
    for back in 1..=PAST {
        let week = now - back;
        for ahead in SCORED {
            let then = week - ahead as i32 + 1;
            let Some(mean) = expect(all, then, ahead).pop().map(|m| m[kind]) else { continue };
            // Before anything was expected there was nothing to forecast.
            if mean > 0.0 || of(week) > 0 {
                let plain = (then - 4..then).map(of).sum::<u64>() as f64 / 4.0;
                misses.push(Missed { back, ahead, mean, came: of(week), plain });
            }
        }
    }
    let score = |ahead: usize| {
        let mut score = Score { what: what.to_owned(), ahead: ahead as u64, ..Score::default() };
        for m in misses.iter().filter(|m| m.ahead == ahead) {
            let [_, low, high] = expected(m.mean, spread(&misses, Some(m.back)));
            let came = m.came * 10;
            score.weeks[0] += 1;
            // Counts are whole: the interval holds those its ends round to.
            score.weeks[1] += u64::from((low.saturating_sub(5)..=high + 5).contains(&came));
            score.off[0] += tenths(m.mean).abs_diff(came);
            score.off[1] += tenths(m.plain).abs_diff(came);
        }
        score
    };
    (spread(&misses, None), SCORED.map(score).into())
}

/// Weeks without anything that are taken for quiet where a list came since; more, and the list may end there.
const QUIET: Week = 4;

/// The first week of which a list does not say everything: that in which it came, or the one after its newest line where that is weeks before. A week counts as told once something of its Friday or later is.
fn seen(newest: Option<Date>, told: Option<Date>, today: Date) -> Week {
    let came = told.map_or(week_of(today), week_of).min(week_of(today));
    match newest.and_then(|d| add_days(d, 3)) {
        Some(newest) => week_of(newest).max(came - QUIET).min(came),
        None => came,
    }
}

/// The weeks from that of a day to that of another. `told` are the days the newest lists of registrations and of payments came. `deadlines` are last days to register of projects that are not. Time: contracts times weeks, times the weeks scored.
#[must_use]
pub fn surge(all: &[Works], deadlines: &[Date], (today, until): (Date, Date), told: [Option<Date>; 2]) -> Surge {
    let counted: Vec<Counted> = all
        .iter()
        .map(|w| Counted {
            start: w.start.map(week_of),
            end: w.end.map(week_of),
            registered: w.registered.map(week_of),
            is_told: w.is_told,
            payments: w.payments.iter().map(|d| week_of(*d)).collect(),
            state: w.state,
        })
        .collect();
    let past = |d: &&Date| **d <= today;
    let newest = [
        all.iter().filter_map(|w| w.registered.as_ref()).filter(past).max().copied(),
        all.iter().flat_map(|w| &w.payments).filter(past).max().copied(),
    ];
    // What lists do not tell yet is forecast too, and not shown.
    let first = week_of(today);
    let nows = [0, 1].map(|kind| seen(newest[kind], told[kind], today));
    let last = week_of(until);
    let is_told = counted.iter().any(|c| c.is_told);
    let kinds = [(0, "registrations"), (1, "payments")];
    let looked = kinds.map(|kind| look_back(&counted, nows[kind.0], kind));
    let means = kinds.map(|(kind, _)| {
        let weeks = usize::try_from(last - nows[kind] + 1).unwrap_or(0);
        let skip = usize::try_from(first - nows[kind]).unwrap_or(0);
        expect(&counted, nows[kind], weeks).into_iter().skip(skip).map(|m| m[kind]).collect::<Vec<f64>>()
    });
    let weeks = usize::try_from(last - first + 1).unwrap_or(0);
    let learned = learn(&counted, nows[1]);
    let mut uncovered = vec![0.0; weeks];
    let mut ending: BTreeMap<&str, (u64, f64)> = BTreeMap::new();
    for c in counted.iter().filter(|c| !c.state.is_empty()) {
        let Some(end) = c.end else { continue };
        let own = (0..weeks).map(|i| (i, learned.payments.at(first + i as i32 - end)));
        let own: Vec<(usize, f64)> = own.filter(|(i, _)| c.start.is_none_or(|s| first + *i as i32 >= s)).collect();
        own.iter().for_each(|(i, n)| uncovered[*i] += n);
        if end >= first && end < first + weeks as i32 {
            let (count, sum) = ending.entry(c.state).or_default();
            *count += 1;
            *sum += own.iter().map(|(_, n)| n).sum::<f64>();
        }
    }
    let due: Vec<Week> = deadlines.iter().map(|d| week_of(*d)).collect();
    let ahead = (0..weeks).map(|i| {
        let week = first + i as i32;
        let of = |kind: usize| expected(means[kind].get(i).copied().unwrap_or(0.0), looked[kind].0);
        Ahead {
            monday: monday_of(week).to_string(),
            registrations: is_told.then(|| of(0)),
            payments: of(1),
            uncovered: tenths(uncovered[i]),
            known: [
                due.iter().filter(|w| **w == week).count() as u64,
                counted.iter().filter(|c| c.end == Some(week)).count() as u64,
            ],
        }
    });
    // Weeks both lists tell of.
    let now = nows[0].min(nows[1]);
    let counts = came(&counted, now - PAST);
    let past = |w: Week| (monday_of(w).to_string(), counts.get(&w).copied().unwrap_or_default());
    let mut scores: Vec<Score> = looked.iter().flat_map(|(_, scores)| scores.clone()).collect();
    scores.retain(|s| is_told || s.what != "registrations");
    Surge {
        past: (now - PAST..now).map(past).collect(),
        ahead: ahead.collect(),
        unseen_from: if newest.iter().any(Option::is_some) { monday_of(now).to_string() } else { String::new() },
        scores,
        ending: ending.into_iter().map(|(state, (n, sum))| (state.to_owned(), [n, tenths(sum)])).collect(),
        without_end: counted.iter().filter(|c| c.end.is_none()).count() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn::Drawn;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// Two budget years of contracts: started from February on, ended at the latest in December, registered after up to ten weeks, paid in advance, in the middle and two weeks after the end.
    fn city(seed: u64, contracts: usize) -> Vec<Works> {
        let mut drawn = Drawn(seed);
        let mut out = Vec::new();
        for year in ["2025", "2026"] {
            for _ in 0..contracts {
                let start = add_days(day(&format!("{year}-02-01")), drawn.below(240) as i32).unwrap();
                // Half of them run to the end of the budget year.
                let last = add_days(day(&format!("{year}-12-10")), drawn.below(18) as i32).unwrap();
                let end = add_days(start, 60 + drawn.below(90) as i32).unwrap().min(last);
                let end = if drawn.below(2) == 0 { last } else { end };
                let registered = add_days(start, drawn.below(70) as i32).unwrap();
                let half = add_days(start, (end - start).get_days() / 2).unwrap();
                let paid = add_days(end, 7 + drawn.below(14) as i32).unwrap();
                out.push(Works {
                    start: Some(start),
                    end: Some(end),
                    registered: (drawn.below(4) > 0).then_some(registered),
                    is_told: true,
                    payments: vec![add_days(start, 7).unwrap(), half, paid],
                    state: "",
                });
            }
        }
        out
    }

    /// The same with what happens from a day on taken away.
    fn until(works: &[Works], today: Date) -> Vec<Works> {
        let known = works.iter().filter(|w| w.start.is_some_and(|s| s < today)).cloned();
        known
            .map(|mut w| {
                w.payments.retain(|d| *d < today);
                w.registered = w.registered.filter(|d| *d < today);
                w.state = "exposed";
                w
            })
            .collect()
    }

    #[test]
    fn the_surge_is_seen_before_it_comes() {
        let (mut inside, mut weeks) = (0, 0);
        for seed in 0..20 {
            let whole = city(seed, 300);
            let today = day("2026-10-26");
            let told = surge(&until(&whole, today), &[], (today, day("2027-01-24")), [Some(today); 2]);
            let counted: Vec<Vec<Week>> =
                whole.iter().map(|w| w.payments.iter().map(|d| week_of(*d)).collect()).collect();
            assert_eq!(told.ahead.len(), 13);
            for ahead in &told.ahead {
                let week = week_of(day(&ahead.monday));
                let came = counted.iter().flatten().filter(|p| **p == week).count() as u64 * 10;
                let [_, low, high] = ahead.payments;
                weeks += 1;
                inside += u32::from((low.saturating_sub(5)..=high + 5).contains(&came));
            }
            // The peak is where most works end, and far above the weeks before.
            let peak = told.ahead.iter().max_by_key(|a| a.payments[0]).unwrap();
            assert!(("2026-12-21"..="2027-01-11").contains(&peak.monday.as_str()), "{}", peak.monday);
            let usual = told.past.iter().map(|(_, n)| n[1]).sum::<u64>() * 10 / 12;
            assert!(peak.payments[0] > usual * 3 / 2, "{} against {usual}", peak.payments[0]);
            for score in told.scores.iter().filter(|s| s.what == "payments") {
                assert!(score.weeks[1] * 100 >= score.weeks[0] * 75, "{score:?}");
            }
        }
        assert!(inside * 100 >= weeks * 80, "{inside} of {weeks} weeks inside an interval of 90 of 100");
    }

    #[test]
    fn registrations_come_after_start_orders_that_are_not_registered() {
        let whole = city(5, 400);
        let today = day("2026-07-06");
        let told = surge(
            &until(&whole, today),
            &[day("2026-07-08"), day("2026-07-20")],
            (today, day("2026-08-30")),
            [Some(today); 2],
        );
        let sum = |of: &dyn Fn(&Ahead) -> u64| told.ahead.iter().map(of).sum::<u64>();
        let came = whole.iter().filter_map(|w| w.registered).filter(|d| (today..=day("2026-08-30")).contains(d)).count()
            as u64;
        let said = sum(&|a| a.registrations.unwrap()[0]) / 10;
        assert!(said.abs_diff(came) * 5 < came, "{said} expected, {came} came");
        assert_eq!(sum(&|a| a.known[0]), 2);
        // What is expected of each state is what is expected of the weeks, for those that end within them and those that do not.
        let [count, payments] = told.ending.iter().find(|(s, _)| s == "exposed").unwrap().1;
        assert!(count > 0 && payments > 0 && payments <= sum(&|a| a.uncovered) + 10);
    }

    #[test]
    fn what_is_not_known_is_said_and_not_guessed() {
        // Lists that end in the middle of October: the weeks since are unknown, and not nought.
        let (whole, today) = (city(9, 200), day("2026-11-26"));
        let stale = until(&whole, day("2026-10-16"));
        let october = Some(day("2026-10-17"));
        let told = surge(&stale, &[], (today, day("2027-01-31")), [october; 2]);
        assert_eq!((told.unseen_from.as_str(), told.past.last().unwrap().0.as_str()), ("2026-10-12", "2026-10-05"));
        assert_eq!(told.ahead[0].monday, "2026-11-23");
        assert!(told.ahead[0].payments[0] > 0);
        // A quiet list that came since is quiet, not missing; a silence of many weeks may be a list that ends there.
        assert_eq!(seen(Some(day("2026-11-06")), Some(today), today), week_of(day("2026-11-09")));
        assert_eq!(seen(Some(day("2026-09-01")), Some(today), today), week_of(today) - QUIET);
        assert_eq!(seen(None, Some(day("2026-03-02")), today), week_of(day("2026-03-02")));
        // One start order typed ten years early is no year before.
        let mut odd = until(&whole, day("2026-07-06"));
        odd.retain(|w| w.start.is_some_and(|s| s.year() == 2026));
        odd.push(Works { start: Some(day("2016-04-04")), ..Works::default() });
        let soon = surge(&odd, &[], (day("2026-07-06"), day("2026-08-30")), [Some(day("2026-07-06")); 2]);
        let less = odd.len() - 1;
        let plain = surge(&odd[..less], &[], (day("2026-07-06"), day("2026-08-30")), [Some(day("2026-07-06")); 2]);
        assert_eq!(soon.ahead[5].registrations, plain.ahead[5].registrations);
        let none = surge(&[], &[], (day("2026-11-26"), day("2027-01-31")), [None; 2]);
        assert_eq!((none.ahead.len(), none.ahead[0].registrations, none.ahead[0].payments), (10, None, [0, 0, 0]));
        let one = Works { start: Some(day("2026-03-02")), is_told: false, ..Works::default() };
        let told = surge(&[one], &[], (day("2026-11-26"), day("2026-12-31")), [None; 2]);
        assert_eq!((told.without_end, told.ahead[0].registrations), (1, None));
        assert_eq!(monday_of(week_of(day("2026-11-26"))), day("2026-11-23"));
        assert_eq!(week_of(day("1970-01-11")), 0);
    }
}
