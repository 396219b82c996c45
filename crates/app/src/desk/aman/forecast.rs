//! What will come in: each pledge goes on as pledges have gone on before. How good that was stands beside it.

use super::statement::{given_days, is_due};
use super::{first_of, month_after};
use crate::desk::Desk;
use crate::{Fault, clock};
use authz::{Donation, Permit, Read};
use kernel::Date;
use std::collections::BTreeMap;
use store::PledgeRow;

/// Months missed in a row that are told apart; more are the last.
const MISSED: usize = 4;

/// Months looked ahead.
const AHEAD: i32 = 6;

/// Months looked back to see how good forecasts were.
const BACK: i32 = 12;

/// Half the width of a band from 10 to 90 percent, in standard deviations of a normal distribution.
const BAND: f64 = 1.2816;

/// One month ahead.
#[derive(Debug, Clone, PartialEq)]
pub struct Ahead {
    /// The month.
    pub month: Date,
    /// Rupiah promised for it.
    pub promised: i64,
    /// Rupiah expected, rounded to the nearest.
    pub expected: i64,
    /// Between these, in eight of ten cases.
    pub band: (i64, i64),
}

/// A month that is over, as it was forecast on its first day.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// The month, as it was forecast then.
    pub forecast: Ahead,
    /// Rupiah that came.
    pub came: i64,
}

/// What will come in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Forecast {
    /// The running month and those after it.
    pub ahead: Vec<Ahead>,
    /// Months that are over, the oldest first.
    pub past: Vec<Past>,
    /// Pledges that missed so many months in a row, by how many: these are about to lapse.
    pub missed: BTreeMap<usize, Vec<i64>>,
}

impl Forecast {
    /// Of months that are over: inside the band, and all.
    pub fn inside(&self) -> (usize, usize) {
        let inside = |p: &&Past| (p.forecast.band.0..=p.forecast.band.1).contains(&p.came);
        (self.past.iter().filter(inside).count(), self.past.len())
    }

    /// By how much of what came all forecasts together were off, in percent; none where nothing came.
    pub fn off_percent(&self) -> Option<i64> {
        let came: i64 = self.past.iter().map(|p| p.came).sum();
        let off: i64 = self.past.iter().map(|p| (p.came - p.forecast.expected).abs()).sum();
        (came > 0).then(|| (off.saturating_mul(200) + came) / (came * 2))
    }
}

/// How often a pledge that missed so many months went on, of how often it could.
#[derive(Debug, Clone, Copy, Default)]
struct Habit([(u32, u32); MISSED]);

impl Habit {
    /// Chance to pay next after so many missed months. Nobody knows at the beginning: then even.
    fn chance(&self, missed: usize) -> f64 {
        let (paid, of) = self.0[missed.min(MISSED - 1)];
        f64::from(paid + 1) / f64::from(of + 2)
    }
}

/// A pledge by the month, as it stood on the first day of a month: months missed in a row, and what has been seen of its habit.
struct Course {
    missed: usize,
    seen: Habit,
}

fn monthly(p: &PledgeRow) -> bool {
    p.rhythm != "once"
}

fn first(p: &PledgeRow) -> Date {
    p.first.parse().unwrap_or(Date::MAX)
}

/// The day on which a pledge ended.
fn ended(p: &PledgeRow) -> Date {
    p.ended.as_ref().and_then(|(at, _)| at.get(..10)).and_then(|d| d.parse().ok()).unwrap_or(Date::MAX)
}

/// What is known of a pledge on the first day of a month.
fn course(p: &PledgeRow, given: &[Date], before: Date) -> Course {
    let mut out = Course { missed: 0, seen: Habit::default() };
    let mut month = first(p);
    // Sixty years of months are the end of any pledge.
    for _ in 0..720 {
        if month >= before || month > ended(p) || p.last.as_deref().is_some_and(|l| month.to_string().as_str() > l) {
            break;
        }
        let paid = given.iter().any(|d| first_of(*d) == month);
        let seen = &mut out.seen.0[out.missed.min(MISSED - 1)];
        seen.0 += u32::from(paid);
        seen.1 += 1;
        out.missed = if paid { 0 } else { out.missed + 1 };
        month = month_after(month, 1);
    }
    out
}

/// The forecast for `ahead` months from one on, with what was known on its first day; with `peek`, what came in that month since too.
fn from(pledges: &[(&PledgeRow, &[Date])], month: Date, ahead: i32, peek: bool) -> Vec<Ahead> {
    let courses: Vec<Course> = pledges.iter().map(|(p, given)| course(p, given, month)).collect();
    let mut habit = Habit::default();
    for course in &courses {
        for (all, one) in habit.0.iter_mut().zip(course.seen.0) {
            all.0 += one.0;
            all.1 += one.1;
        }
    }
    // Where each pledge may stand: chances of so many missed months.
    let mut stands: Vec<[f64; MISSED]> = courses
        .iter()
        .map(|c| {
            let mut at = [0.0; MISSED];
            at[c.missed.min(MISSED - 1)] = 1.0;
            at
        })
        .collect();
    let base = month;
    (0..ahead)
        .map(|n| {
            let month = month_after(base, n);
            let (mut promised, mut mean, mut variance) = (0i64, 0.0, 0.0);
            for ((p, given), at) in pledges.iter().zip(&mut stands) {
                let in_time = first(p) <= month && p.last.as_deref().is_none_or(|l| month.to_string().as_str() <= l);
                // What ended later was not known to end.
                if !in_time || ended(p) < base {
                    continue;
                }
                let came = peek && n == 0 && given.iter().any(|d| first_of(*d) == month);
                let likely: f64 = at.iter().enumerate().map(|(missed, chance)| chance * habit.chance(missed)).sum();
                let pays = if came { 1.0 } else { likely };
                let amount = p.amount as f64;
                promised = promised.saturating_add(p.amount);
                mean += pays * amount;
                variance += pays * (1.0 - pays) * amount * amount;
                let mut next = [0.0; MISSED];
                next[0] = pays;
                for (missed, chance) in at.iter().enumerate() {
                    let misses = if came { 0.0 } else { 1.0 - habit.chance(missed) };
                    next[(missed + 1).min(MISSED - 1)] += chance * misses;
                }
                *at = next;
            }
            let width = BAND * variance.sqrt();
            let whole = |v: f64| v.round().max(0.0) as i64;
            Ahead {
                month,
                promised,
                expected: whole(mean),
                band: (whole(mean - width), whole(mean + width).min(promised)),
            }
        })
        .collect()
}

/// The forecast as it stands in a month; months before it are forecast again with what was known then.
fn forecast_of(
    pledges: &[PledgeRow],
    given: &BTreeMap<i64, Vec<Date>>,
    came: &BTreeMap<Date, i64>,
    today: Date,
) -> Forecast {
    let now = first_of(today);
    let with: Vec<(&PledgeRow, &[Date])> =
        pledges.iter().filter(|p| monthly(p)).map(|p| (p, given.get(&p.id).map_or(&[][..], Vec::as_slice))).collect();
    let begun = with.iter().map(|(p, _)| first_of(first(p))).min().unwrap_or(now);
    let past = (1..=BACK).rev().map(|n| month_after(now, -n)).filter(|m| *m > begun);
    let past = past.filter_map(|month| {
        // What was promised later, or taken back before, was not known or not there.
        let known: Vec<(&PledgeRow, &[Date])> = with
            .iter()
            .filter(|(p, _)| p.added_at.get(..10).unwrap_or_default() < month.to_string().as_str())
            .copied()
            .collect();
        let forecast = from(&known, month, 1, false).pop()?;
        (forecast.promised > 0).then(|| Past { came: came.get(&month).copied().unwrap_or(0), forecast })
    });
    let mut missed: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
    for (p, given) in with.iter().filter(|(p, _)| p.ended.is_none()) {
        let course = course(p, given, now);
        if course.missed > 0 && is_due(p, now, given) {
            missed.entry(course.missed).or_default().push(p.id);
        }
    }
    Forecast { ahead: from(&with, now, AHEAD, true), past: past.collect(), missed }
}

/// What will come in by pledges of each month, and how good such forecasts were.
///
/// # Errors
/// [`Fault`] of the database.
pub fn forecast(desk: &Desk, permit: &Permit<Read, Donation>) -> Result<Forecast, Fault> {
    let today = clock::today();
    desk.read(|s| {
        let pledges = s.pledge_list(permit, None)?;
        let given = given_days(s, permit)?;
        let by_month: std::collections::BTreeSet<i64> = pledges.iter().filter(|p| monthly(p)).map(|p| p.id).collect();
        let mut came: BTreeMap<Date, i64> = BTreeMap::new();
        for gift in s.gift_list(permit, None)? {
            if let (Some(true), Ok(day)) = (gift.pledge.map(|p| by_month.contains(&p)), gift.day.parse::<Date>()) {
                *came.entry(first_of(day)).or_default() += gift.amount;
            }
        }
        Ok(forecast_of(&pledges, &given, &came, today))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn pledge(id: i64, amount: i64, first: &str) -> PledgeRow {
        PledgeRow {
            id,
            donor: id,
            fund: 1,
            rhythm: "monthly".into(),
            amount,
            first: first.into(),
            last: None,
            code: String::new(),
            added_at: format!("{first}T00:00:00Z"),
            ended: None,
            agency: String::new(),
            wish: None,
        }
    }

    #[test]
    fn who_always_paid_is_expected_to_and_who_stopped_is_not() {
        let pledges = [pledge(1, 100_000, "2025-11-01"), pledge(2, 100_000, "2025-11-01")];
        let months = |n: i32| (0..n).map(|i| month_after(day("2025-11-01"), i)).collect::<Vec<_>>();
        let given = BTreeMap::from([(1, months(12)), (2, months(6))]);
        let mut came = BTreeMap::new();
        for month in given.values().flatten() {
            *came.entry(*month).or_default() += 100_000;
        }
        let f = forecast_of(&pledges, &given, &came, day("2026-11-20"));
        assert_eq!(f.missed, BTreeMap::from([(6, vec![2])]), "November's own month is not over");
        let next = &f.ahead[0];
        assert_eq!((next.month, next.promised), (day("2026-11-01"), 200_000));
        assert!((90_000..130_000).contains(&next.expected), "{next:?}");
        assert!(next.band.0 <= next.expected && next.expected <= next.band.1 && next.band.1 <= next.promised);
        // What was known on the first day of May: both had always paid.
        let may = f.past.iter().find(|p| p.forecast.month == day("2026-05-01")).unwrap();
        assert!(may.forecast.expected > 180_000 && may.came == 100_000, "{may:?}");
        let (inside, of) = f.inside();
        assert!(inside < of && of >= 10, "{inside} of {of}");
        assert!(f.off_percent().is_some_and(|p| p > 0));
    }

    #[test]
    fn nothing_promised_nothing_expected() {
        assert_eq!(forecast_of(&[], &BTreeMap::new(), &BTreeMap::new(), day("2026-11-20")).inside(), (0, 0));
        let mut ended = pledge(1, 100_000, "2026-01-01");
        ended.ended = Some(("2026-06-10T00:00:00Z".into(), "died".into()));
        let f = forecast_of(&[ended], &BTreeMap::new(), &BTreeMap::new(), day("2026-11-20"));
        assert!(f.ahead.iter().all(|a| a.promised == 0 && a.expected == 0), "{f:?}");
        assert!(f.missed.is_empty());
        assert_eq!(f.off_percent(), None);
        let mut over = pledge(1, 100_000, "2026-01-01");
        over.last = Some("2026-12-01".into());
        let f = forecast_of(&[over], &BTreeMap::new(), &BTreeMap::new(), day("2026-11-20"));
        assert_eq!(f.ahead.iter().map(|a| a.promised).collect::<Vec<_>>(), [100_000, 100_000, 0, 0, 0, 0]);
    }
}
