//! What a count of people will be in the months to come: exponential smoothing (ETS, the model chosen by its information criterion; once there are two years, of what is left when the season is taken out by STL), its interval, and the odds of
//! reaching a number. And how the same did before: every month that is over forecast again with the months before it, beside the plainest forecast there is, that nothing changes.
//!
//! Errors are taken as normal, as the library does; a count is never below nought. With fewer months than the library needs nothing is said.

use augurs_core::prelude::*;
use augurs_ets::AutoETS;
use augurs_mstl::MSTLModel;
use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal};

/// Share of the interval.
const INTERVAL: f64 = 0.9;

/// Months of a season, and how many it takes to see one: two years.
const SEASON: usize = 12;
const SEASONAL_FROM: usize = 2 * SEASON;

/// A month to come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahead {
    mean: f64,
    deviation: f64,
}

impl Ahead {
    /// The count that is expected.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.mean.max(0.0).round() as u64
    }

    /// Ends of the interval of 90 of 100.
    #[must_use]
    pub fn interval(&self) -> [u64; 2] {
        let reach = standard().inverse_cdf(f64::midpoint(1.0, INTERVAL)) * self.deviation;
        [self.mean - reach, self.mean + reach].map(|end| end.max(0.0).round() as u64)
    }

    /// The odds that it is at least a count, in parts per million.
    #[must_use]
    pub fn chance_ppm(&self, least: u64) -> i64 {
        // Halfway to the count below: people are whole.
        let least = least as f64 - 0.5;
        let chance = if self.deviation > 0.0 {
            1.0 - standard().cdf((least - self.mean) / self.deviation)
        } else {
            f64::from(self.mean >= least)
        };
        (chance * 1_000_000.0).round() as i64
    }
}

fn standard() -> Normal {
    Normal::standard()
}

/// The months that follow a series, one by one; none where it is too short. Noughts before anything was counted are no part of it.
#[must_use]
pub fn forecast(series: &[u64], months: usize) -> Option<Vec<Ahead>> {
    let began = series.iter().position(|n| *n > 0)?;
    let values: Vec<f64> = series[began..].iter().map(|n| *n as f64).collect();
    if months == 0 {
        return None;
    }
    // The season is kept where the months that are over were met better with it than without.
    let plain = error(&values, false);
    let seasonal = (values.len() >= SEASONAL_FROM + LOOKED).then(|| error(&values, true)).flatten();
    let with_season = seasonal.is_some_and(|s| plain.is_none_or(|p| s < p));
    let known = if with_season { seasonal } else { plain }.unwrap_or(0.0);
    let said = fit(&values, with_season, months)?;
    // What was missed before will be missed again: the library's interval knows the model's error only, not that of having chosen it.
    let wider = |(i, a): (usize, Ahead)| Ahead { deviation: a.deviation.max(known * ((i + 1) as f64).sqrt()), ..a };
    Some(said.into_iter().enumerate().map(wider).collect())
}

/// Months looked at to know how far one month ahead is missed.
const LOOKED: usize = 6;

/// How far the last months were missed, each forecast with the months before it: the root of the mean square. None where they cannot be forecast.
fn error(values: &[f64], seasonal: bool) -> Option<f64> {
    let from = values.len().checked_sub(LOOKED)?;
    let missed = (from..values.len()).map(|i| {
        let said = fit(&values[..i], seasonal, 1)?;
        Some((said.first()?.mean - values[i]).powi(2))
    });
    let all = missed.collect::<Option<Vec<f64>>>()?;
    Some((all.iter().sum::<f64>() / all.len() as f64).sqrt())
}

fn fit(values: &[f64], seasonal: bool, months: usize) -> Option<Vec<Ahead>> {
    let ets = AutoETS::non_seasonal();
    let said = if seasonal {
        let model = MSTLModel::new(vec![SEASON], ets.into_trend_model());
        model.fit(values).ok()?.predict(months, INTERVAL).ok()?
    } else {
        ets.fit(values).ok()?.predict(months, INTERVAL).ok()?
    };
    let intervals = said.intervals?;
    let reach = standard().inverse_cdf(f64::midpoint(1.0, INTERVAL));
    let one = |i: usize| {
        let (mean, low, high) = (*said.point.get(i)?, *intervals.lower.get(i)?, *intervals.upper.get(i)?);
        let deviation = ((high - low) / (2.0 * reach)).max(0.0);
        (mean.is_finite() && deviation.is_finite()).then_some(Ahead { mean, deviation })
    };
    (0..months).map(one).collect()
}

/// How forecasts of so many months ahead did, over the months that are over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Months ahead.
    pub ahead: usize,
    /// Months forecast.
    pub months: u64,
    /// Inside the interval of 90 of 100.
    pub inside: u64,
    /// People off, all together.
    pub off: u64,
    /// The same of saying that nothing changes.
    pub off_unchanged: u64,
}

/// Scores of forecasts one to `ahead` months ahead: each month that is over, forecast with the months before it only. Time: months times a fit.
#[must_use]
pub fn scores(series: &[u64], ahead: usize) -> Vec<Score> {
    let mut out: Vec<Score> = (1..=ahead).map(|ahead| Score { ahead, ..Score::default() }).collect();
    for known in 1..series.len() {
        let Some(said) = forecast(&series[..known], ahead.min(series.len() - known)) else { continue };
        for (i, month) in said.iter().enumerate() {
            let came = series[known + i];
            let [low, high] = month.interval();
            let score = &mut out[i];
            score.months += 1;
            score.inside += u64::from((low..=high).contains(&came));
            score.off += month.count().abs_diff(came);
            score.off_unchanged += series[known - 1].abs_diff(came);
        }
    }
    out.retain(|s| s.months > 0);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts that grow and wander, the same on every machine.
    fn wandering(months: usize, step: u64) -> Vec<u64> {
        let mut seed = 7u64;
        let mut at = 1_000u64;
        (0..months)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                at = at + step + (seed >> 33) % 61 - 30;
                at
            })
            .collect()
    }

    #[test]
    fn growth_goes_on_and_intervals_widen() {
        let said = forecast(&wandering(20, 40), 3).unwrap();
        let last = *wandering(20, 40).last().unwrap();
        assert!(said[0].count() > last && said[2].count() > said[0].count(), "{said:?} after {last}");
        let width = |a: &Ahead| a.interval()[1] - a.interval()[0];
        assert!(width(&said[2]) >= width(&said[0]) && width(&said[0]) > 0);
        // Surely above nothing, surely not above everything, and about even at what is expected.
        assert_eq!((said[0].chance_ppm(0), said[0].chance_ppm(1_000_000)), (1_000_000, 0));
        assert!((400_000..600_000).contains(&said[1].chance_ppm(said[1].count())));
    }

    #[test]
    fn a_season_is_seen_once_there_are_two_years() {
        let seasonal: Vec<u64> =
            (0..48).map(|m| 2_000 + [0, 0, 0, 100, 200, 300, 400, 300, 200, 100, 0, 0][m % 12]).collect();
        let said = forecast(&seasonal, 7).unwrap();
        assert!(said[6].count() > said[0].count() + 250, "July is not January: {said:?}");
    }

    #[test]
    fn too_short_is_said_to_be() {
        assert_eq!(forecast(&[], 3), None);
        assert_eq!(forecast(&[0, 0, 0, 0, 0, 0, 0, 0], 3), None);
        assert_eq!(forecast(&[0, 0, 0, 5, 6, 7], 3), None);
        assert_eq!(forecast(&wandering(20, 40), 0), None);
        assert_eq!(forecast(&[5; 12], 2).unwrap()[1].count(), 5);
        assert!(scores(&[5, 6, 7], 3).is_empty());
    }

    /// Forecast again, what grows is met better than by saying that nothing changes, and the interval holds about what it says.
    #[test]
    fn the_past_is_scored() {
        let scores = scores(&wandering(60, 40), 3);
        assert_eq!(scores.len(), 3);
        for s in scores {
            assert!(s.off < s.off_unchanged, "{s:?}");
            assert!(s.inside * 100 >= s.months * 75, "{s:?}");
        }
    }
}
