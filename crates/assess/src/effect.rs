//! Did a workshop change anything? The share of projects registered in time, of agencies that attended against agencies that had not attended yet, after
//! against before: a difference of two differences.
//!
//! Each agency is one observation, however many projects it has: what its office does, it does to all of them. For every day on which agencies attended for
//! the first time, an agency's change is its share in the days after less its share in the days before; the estimate is the mean change of those that
//! attended less the mean change of those that had not by the end of these days, all such days weighed by how many attended. Its spread is that of leaving
//! out one agency at a time (the delete-one-cluster jackknife, in each group by its own size; with one day and no agency twice it is Welch's), its interval
//! that of Student with the degrees of freedom of Welch and Satterthwaite.
//!
//! It is not said where fewer agencies than asked stand on one side, or where none differs from another. Beside it stands the same for the days before,
//! when nothing had happened: where that is not about nothing, the agencies were already apart, and the estimate says little.

use kernel::Date;
use kernel::date::add_days;
use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::collections::{BTreeMap, BTreeSet};

/// Share of the interval.
const INTERVAL: f64 = 0.95;

/// Parts of a whole.
const WHOLE: f64 = 1_000_000.0;

/// A project of which it is known whether it was registered in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Started<'a> {
    /// Its agency.
    pub agency: &'a str,
    /// The day of its start order.
    pub day: Date,
    /// Registered on or before the last day to.
    pub prompt: bool,
}

/// Agencies that attended on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attended<'a> {
    /// The day.
    pub day: Date,
    /// Agencies.
    pub agencies: BTreeSet<&'a str>,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Days before and days after that are compared.
    pub window_days: i32,
    /// Agencies there have to be on each side.
    pub agencies_min: usize,
    /// The last day of which start orders can be judged.
    pub through: Date,
}

/// A difference of differences, in parts per million of a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// The difference.
    pub effect_ppm: i64,
    /// Ends of the interval of 95 of 100.
    pub interval_ppm: [i64; 2],
}

/// What there is to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// Agencies that attended, and that had not, with projects both before and after.
    pub agencies: [usize; 2],
    /// Projects of these: before and after, of those that attended and of the others.
    pub projects: [[usize; 2]; 2],
    /// Registered in time, of the same.
    pub prompt: [[usize; 2]; 2],
    /// The estimate; none where it is too little to say.
    pub estimate: Option<Estimate>,
    /// The same a window earlier, when nothing had happened yet.
    pub placebo: Option<Estimate>,
}

/// Projects of an agency, by day, with how many were in time up to each.
struct History {
    days: Vec<Date>,
    prompt: Vec<usize>,
}

impl History {
    fn of(mut all: Vec<(Date, bool)>) -> Self {
        all.sort_unstable();
        let mut prompt = vec![0];
        let mut sum = 0;
        for (_, is_prompt) in &all {
            sum += usize::from(*is_prompt);
            prompt.push(sum);
        }
        Self { days: all.into_iter().map(|(day, _)| day).collect(), prompt }
    }

    /// Projects, and those in time, from a day on and before another.
    fn between(&self, from: Date, before: Date) -> [usize; 2] {
        let place = |day: Date| self.days.partition_point(|d| *d < day);
        let (a, b) = (place(from), place(before));
        [b - a, self.prompt[b] - self.prompt[a]]
    }
}

/// What an agency brings to a day: its counts before and after.
struct Change<'a> {
    agency: &'a str,
    before: [usize; 2],
    after: [usize; 2],
}

impl Change<'_> {
    fn value(&self) -> f64 {
        let share = |[all, prompt]: [usize; 2]| prompt as f64 / all as f64;
        share(self.after) - share(self.before)
    }
}

/// A day on which agencies attended for the first time: they, and those that had not yet.
type Round<'a> = [Vec<Change<'a>>; 2];

/// What workshops changed. Time: agencies times days with an attendance, times agencies once more for the interval.
pub fn effect(attended: &[Attended<'_>], projects: &[Started<'_>], terms: &Terms) -> Effect {
    let mut by_agency: BTreeMap<&str, Vec<(Date, bool)>> = BTreeMap::new();
    projects.iter().for_each(|p| by_agency.entry(p.agency).or_default().push((p.day, p.prompt)));
    let histories: BTreeMap<&str, History> = by_agency.into_iter().map(|(a, all)| (a, History::of(all))).collect();
    let mut first: BTreeMap<&str, Date> = BTreeMap::new();
    for round in attended {
        for agency in &round.agencies {
            first.entry(agency).and_modify(|d| *d = (*d).min(round.day)).or_insert(round.day);
        }
    }
    let rounds = rounds(&histories, &first, terms, 0);
    let mut out = Effect {
        agencies: [0, 1].map(|side| agencies(&rounds, side).len()),
        projects: [[0; 2]; 2],
        prompt: [[0; 2]; 2],
        estimate: estimate(&rounds, terms),
        placebo: estimate(&self::rounds(&histories, &first, terms, 1), terms),
    };
    for round in &rounds {
        for (side, changes) in round.iter().enumerate() {
            for change in changes {
                for (when, [all, prompt]) in [change.before, change.after].into_iter().enumerate() {
                    out.projects[side][when] += all;
                    out.prompt[side][when] += prompt;
                }
            }
        }
    }
    out
}

/// Days of a first attendance, with what each agency brings, `back` windows earlier.
fn rounds<'a>(
    histories: &BTreeMap<&'a str, History>,
    first: &BTreeMap<&str, Date>,
    terms: &Terms,
    back: i32,
) -> Vec<Round<'a>> {
    let days: BTreeSet<Date> = first.values().copied().collect();
    let round = |day: Date| {
        let middle = add_days(day, -back * terms.window_days)?;
        let (from, to) = (add_days(middle, -terms.window_days)?, add_days(middle, terms.window_days)?);
        // Who attends before the last of these days is over had not "not attended yet".
        let over =
            add_days(day, terms.window_days).filter(|over| add_days(terms.through, 1).is_some_and(|t| *over <= t))?;
        let mut out: Round<'a> = [Vec::new(), Vec::new()];
        for (agency, history) in histories {
            let side = match first.get(agency) {
                Some(own) if *own == day => 0,
                Some(own) if *own < over => continue,
                _ => 1,
            };
            let (before, after) = (history.between(from, middle), history.between(middle, to));
            if before[0] > 0 && after[0] > 0 {
                out[side].push(Change { agency, before, after });
            }
        }
        Some(out)
    };
    days.into_iter().filter_map(round).filter(|r| !r[0].is_empty() && !r[1].is_empty()).collect()
}

/// Agencies of a side; who stands on both is counted with those that attended.
fn agencies<'a>(rounds: &[Round<'a>], side: usize) -> BTreeSet<&'a str> {
    let of = |side: usize| rounds.iter().flat_map(move |r| &r[side]).map(|c| c.agency).collect::<BTreeSet<_>>();
    if side == 0 { of(0) } else { &of(1) - &of(0) }
}

/// The difference without one agency; none where nothing is left to compare.
fn difference(rounds: &[Round<'_>], without: Option<&str>) -> Option<f64> {
    let (mut sum, mut weight) = (0.0, 0.0);
    for round in rounds {
        let [attended, waiting] = [0, 1].map(|side| {
            let values = round[side].iter().filter(|c| Some(c.agency) != without).map(Change::value);
            values.fold((0.0, 0.0), |(sum, n): (f64, f64), v| (sum + v, n + 1.0))
        });
        if attended.1 > 0.0 && waiting.1 > 0.0 {
            sum += attended.1 * (attended.0 / attended.1 - waiting.0 / waiting.1);
            weight += attended.1;
        }
    }
    (weight > 0.0).then(|| sum / weight)
}

fn estimate(rounds: &[Round<'_>], terms: &Terms) -> Option<Estimate> {
    let all = difference(rounds, None)?;
    let mut spread = [0.0; 2];
    let mut degrees = 0.0;
    for (side, spread) in spread.iter_mut().enumerate() {
        let agencies = agencies(rounds, side);
        if agencies.len() < terms.agencies_min.max(2) {
            return None;
        }
        let n = agencies.len() as f64;
        for agency in agencies {
            *spread += (difference(rounds, Some(agency))? - all).powi(2);
        }
        *spread *= (n - 1.0) / n;
        degrees += spread.powi(2) / (n - 1.0);
    }
    let variance = spread[0] + spread[1];
    if variance <= f64::EPSILON {
        return None;
    }
    let student = StudentsT::new(0.0, 1.0, variance.powi(2) / degrees).ok()?;
    let reach = student.inverse_cdf(f64::midpoint(1.0, INTERVAL)) * variance.sqrt();
    let ppm = |share: f64| (share * WHOLE).round() as i64;
    Some(Estimate { effect_ppm: ppm(all), interval_ppm: [ppm(all - reach), ppm(all + reach)] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn::Drawn;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    const TERMS: Terms = Terms { window_days: 90, agencies_min: 3, through: Date::constant(2026, 12, 31) };

    /// A city of agencies with their own habits and a common trend, and with what a workshop changes in those that attend first.
    fn city(seed: u64, changes: f64) -> (Vec<String>, Vec<(usize, Date, bool)>) {
        let mut drawn = Drawn(seed);
        let names: Vec<String> = (0..26).map(|i| format!("DINAS {i:02}")).collect();
        let mut projects = Vec::new();
        for agency in 0..names.len() {
            let habit = 0.2 + 0.4 * drawn.share();
            for n in 0..60 {
                let from = add_days(day("2026-01-01"), n * 5).unwrap();
                let after = from >= day("2026-07-01");
                let share = habit + 0.1 * f64::from(after) + if after && agency < 12 { changes } else { 0.0 };
                projects.push((agency, from, drawn.share() < share));
            }
        }
        (names, projects)
    }

    fn told(names: &[String], projects: &[(usize, Date, bool)], who: std::ops::Range<usize>, terms: &Terms) -> Effect {
        let attended = [Attended { day: day("2026-07-01"), agencies: who.map(|i| names[i].as_str()).collect() }];
        let started = |(agency, day, prompt): &(usize, Date, bool)| Started {
            agency: &names[*agency],
            day: *day,
            prompt: *prompt,
        };
        effect(&attended, &projects.iter().map(started).collect::<Vec<_>>(), terms)
    }

    /// An interval of 95 of 100 has to hold the truth about so often; the trend all agencies share is no effect.
    #[test]
    fn the_interval_holds_the_truth() {
        let (mut held, mut none_seen) = (0, 0);
        for seed in 0..400 {
            let (names, projects) = city(seed, 0.2);
            let estimate = told(&names, &projects, 0..12, &TERMS).estimate.unwrap();
            held += usize::from(estimate.interval_ppm[0] <= 200_000 && 200_000 <= estimate.interval_ppm[1]);
            let (names, projects) = city(seed + 1_000, 0.0);
            let estimate = told(&names, &projects, 0..12, &TERMS).estimate.unwrap();
            none_seen += usize::from(estimate.interval_ppm[0] <= 0 && 0 <= estimate.interval_ppm[1]);
        }
        assert!((368..=392).contains(&held) && (368..=392).contains(&none_seen), "{held} {none_seen} of 400");
    }

    #[test]
    fn with_one_day_it_is_welch() {
        // Changes of 0.5, 1.0, 1.0 against 0.0, 0.5, 0.0: each agency two projects before, none in time, and two after.
        let names: Vec<String> = (0..6).map(|i| format!("DINAS {i}")).collect();
        let after = [[true, false], [true, true], [true, true], [false, false], [true, false], [false, false]];
        let mut projects = Vec::new();
        for (agency, after) in after.into_iter().enumerate() {
            for prompt in [false, false] {
                projects.push((agency, day("2026-06-01"), prompt));
            }
            after.into_iter().for_each(|prompt| projects.push((agency, day("2026-08-01"), prompt)));
        }
        let told = told(&names, &projects, 0..3, &TERMS);
        assert_eq!(told.projects, [[6, 6], [6, 6]]);
        assert_eq!(told.prompt, [[0, 5], [0, 1]]);
        // 5/6 - 1/6; standard error sqrt(2 * (1/12) / 3), 4 degrees of freedom: 2.776445.
        let estimate = told.estimate.unwrap();
        assert_eq!(estimate.effect_ppm, 666_667);
        assert_eq!(estimate.interval_ppm, [12_252, 1_321_081]);
    }

    #[test]
    fn too_little_is_said_to_be() {
        let (names, projects) = city(7, 0.2);
        let small = told(&names, &projects, 0..2, &TERMS);
        assert_eq!((small.agencies, small.estimate), ([2, 24], None), "two agencies");
        let terms = Terms { through: day("2026-08-31"), ..TERMS };
        assert_eq!(told(&names, &projects, 0..12, &terms).agencies, [0, 0], "the days after are not over");
        let same: Vec<_> = projects.iter().map(|(a, d, _)| (*a, *d, true)).collect();
        assert_eq!(told(&names, &same, 0..12, &TERMS).estimate, None, "nobody differs");
        assert_eq!(effect(&[], &[], &TERMS).estimate, None);
    }

    #[test]
    fn who_attends_later_is_compared_until_then() {
        let (names, projects) = city(3, 0.2);
        let of = |days: &[(&str, std::ops::Range<usize>)]| {
            let attended: Vec<Attended<'_>> = days
                .iter()
                .map(|(d, who)| Attended { day: day(d), agencies: who.clone().map(|i| names[i].as_str()).collect() })
                .collect();
            let started =
                |(a, day, prompt): &(usize, Date, bool)| Started { agency: &names[*a], day: *day, prompt: *prompt };
            effect(&attended, &projects.iter().map(started).collect::<Vec<_>>(), &TERMS)
        };
        assert_eq!(of(&[("2026-07-01", 0..12), ("2026-12-01", 12..26)]).agencies, [12, 14]);
        let soon = of(&[("2026-07-01", 0..12), ("2026-07-20", 12..20)]);
        // Those of July 20 are no comparison for July 1; both days have the six that never came.
        assert_eq!(soon.agencies, [20, 6]);
        // Who comes twice counts once, at the first time.
        assert_eq!(of(&[("2026-07-01", 0..12), ("2026-08-01", 0..12)]), of(&[("2026-07-01", 0..12)]));
        // A window earlier nobody had attended: about nothing.
        let placebo = of(&[("2026-07-01", 0..12)]).placebo.unwrap();
        assert!(placebo.interval_ppm[0] <= 0 && 0 <= placebo.interval_ppm[1], "{placebo:?}");
    }
}
