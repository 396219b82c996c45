//! How many days of work a project of a kind and value usually has: a band from 10 to 90 percent, never a limit.
//!
//! What is compared is the share of its value that the days would cost at the minimum wage of place and year: so a dear city and a cheap
//! one teach each other. Before any project has ended, the band is the starting point in `law/assessment/labour_share.yaml`, which
//! counts as some finished projects ([`PRIOR`]) among the city's own.

use kernel::Exact;
use law::LawAt;
use std::collections::BTreeMap;

/// Shares by kind of works, in the law data.
const SHARE: &str = "assessment/labour_share";

/// How many finished projects they count as.
const PRIOR: &str = "assessment/labour_prior";

/// Months and days of a year: a wage a month over the days of a calendar.
const YEAR: (i128, i128) = (12, 365);

const MILLION: i128 = 1_000_000;

/// A project's works, as far as the band is concerned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Works<'a> {
    /// Kind of works.
    pub kind: &'a str,
    /// Value with tax, rupiah.
    pub value: Exact,
    /// Minimum wage a month of place and year, rupiah.
    pub month: i64,
    /// Days of people on its lists, calendar days.
    pub days: u64,
}

impl Works<'_> {
    /// The share of the value the days cost at the minimum wage, parts per million; none without a value.
    fn share(&self) -> Option<i64> {
        let cost = Exact::ratio(i128::from(self.days) * i128::from(self.month) * YEAR.0, YEAR.1);
        cost.ppm_of(self.value)
    }

    /// The days a share of the value pays for.
    fn days_of(&self, share: i64) -> Option<u64> {
        if self.month <= 0 {
            return None;
        }
        let paid = self.value.at_ppm(share);
        let days = paid.times(Exact::ratio(YEAR.1, YEAR.0 * i128::from(self.month)));
        u64::try_from(days.round(kernel::money::Rounding::HalfUp)?.0).ok()
    }
}

/// Days of people a project usually has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// Nine in ten have more.
    pub low: u64,
    /// Half have more.
    pub middle: u64,
    /// One in ten has more.
    pub high: u64,
    /// Finished projects of the kind it was learned from; 0: the starting point only.
    pub learned: usize,
}

/// How a number of days stands to a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Fewer than nine in ten.
    Below,
    /// As usual.
    Inside,
    /// More than nine in ten.
    Above,
}

impl Fit {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Below => "below",
            Self::Inside => "inside",
            Self::Above => "above",
        }
    }
}

impl Band {
    /// How days stand to it.
    pub fn fit(&self, days: u64) -> Fit {
        match days {
            d if d < self.low => Fit::Below,
            d if d > self.high => Fit::Above,
            _ => Fit::Inside,
        }
    }

    /// The part of it that is due by a share of progress between two, parts per million: the lower counts low, the higher high.
    pub fn so_far(&self, (least, most): (i64, i64)) -> Self {
        let part = |days: u64, share: i64| {
            u64::try_from(i128::from(days) * i128::from(share.clamp(0, 1_000_000)) / MILLION).unwrap_or(days)
        };
        Self {
            low: part(self.low, least),
            middle: part(self.middle, i64::midpoint(least, most)),
            high: part(self.high, most),
            learned: self.learned,
        }
    }
}

/// Shares of one kind, sorted, those of the starting point among them.
#[derive(Debug, Clone, Default)]
struct Kind {
    shares: Vec<i64>,
    learned: usize,
}

/// What finished projects taught.
#[derive(Debug, Clone, Default)]
pub struct Model {
    kinds: BTreeMap<String, Kind>,
    /// Finished projects inside the band learned from all the others of their kind, of how many.
    pub held_out: (u64, u64),
}

/// The value at tenths of a sorted list, between two neighbours in proportion; `without` leaves one place out.
fn quantile(sorted: &[i64], without: Option<usize>, tenths: usize) -> Option<i64> {
    let n = sorted.len().checked_sub(usize::from(without.is_some()))?;
    let at = |i: usize| sorted.get(i + usize::from(without.is_some_and(|w| i >= w))).copied();
    let place = n.checked_sub(1)? * tenths;
    let (below, rest) = (place / 10, (place % 10) as i64);
    let low = at(below)?;
    let high = at(below + 1).filter(|_| below + 1 < n).unwrap_or(low);
    Some(low + (high - low) * rest / 10)
}

/// The starting point of a kind as so many shares, spread so that their own tenths are those of the law data.
fn prior(kind: &str, law: &LawAt<'_>) -> Vec<i64> {
    let row = |tenths: &str| law.row(SHARE, &format!("{kind}-{tenths}")).ok().map(|(row, _)| row.number);
    let (Some(low), Some(middle), Some(high)) = (row("10"), row("50"), row("90")) else { return Vec::new() };
    let count = law.number(PRIOR).map_or(0, |n| n.0.clamp(0, 1_000));
    // The k-th of n stands at k/(n-1) of the way; below 10 and above 90 percent the slope of the neighbouring part goes on.
    let share = |k: i64| {
        let at = k * 1_000 / (count - 1).max(1);
        let between = |a: i64, b: i64, from: i64, to: i64| a + (b - a) * (at - from) / (to - from);
        if at <= 500 { between(low, middle, 100, 500) } else { between(middle, high, 500, 900) }
    };
    (0..count).map(|k| share(k).max(1)).collect()
}

impl Model {
    /// Learns from finished projects. `law` is of the day assessed; kinds the law data does not know have no band.
    ///
    /// Time: n log n in finished projects.
    pub fn learn<'a>(finished: impl Iterator<Item = Works<'a>>, kinds: &[&str], law: &LawAt<'_>) -> Self {
        let mut out = Self::default();
        let mut taught: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for works in finished.filter(|w| w.days > 0 && w.value.is_positive()) {
            taught.entry(works.kind).or_default().extend(works.share());
        }
        for name in kinds {
            let mut shares = prior(name, law);
            if shares.is_empty() {
                continue;
            }
            let own = taught.remove(name).unwrap_or_default();
            shares.extend(&own);
            shares.sort_unstable();
            for share in &own {
                // Held out: the band all the others teach.
                let place = shares.partition_point(|s| s < share);
                let inside = |tenths| quantile(&shares, Some(place), tenths);
                let fits = inside(1).is_some_and(|low| low <= *share) && inside(9).is_some_and(|high| *share <= high);
                out.held_out.0 += u64::from(fits);
                out.held_out.1 += 1;
            }
            out.kinds.insert((*name).to_owned(), Kind { shares, learned: own.len() });
        }
        out
    }

    /// The band of a project; none for a kind nobody knows of, or without value or wage.
    pub fn band(&self, works: &Works<'_>) -> Option<Band> {
        let kind = self.kinds.get(works.kind)?;
        let days = |tenths| works.days_of(quantile(&kind.shares, None, tenths)?);
        Some(Band { low: days(1)?, middle: days(5)?, high: days(9)?, learned: kind.learned })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use law::Law;

    fn works(value: i64, days: u64) -> Works<'static> {
        Works { kind: "road", value: Exact::whole(value), month: 3_650_000, days }
    }

    fn learn(days: &[u64]) -> Model {
        let law = Law::builtin().at("2026-11-26".parse().unwrap());
        Model::learn(days.iter().map(|d| works(1_000_000_000, *d)), &["road"], &law)
    }

    #[test]
    fn before_any_project_has_ended_the_band_is_the_starting_point() {
        // 137,700 parts of a billion buy 137,700,000 / 120,000 a day = 1,147 days.
        let band = learn(&[]).band(&works(1_000_000_000, 0)).unwrap();
        assert_eq!((band.middle, band.learned), (1_148, 0));
        assert!(band.low < 700 && band.high > 2_200, "{band:?}");
        let part = band.so_far((200_000, 600_000));
        assert_eq!((part.low, part.middle, part.high), (band.low / 5, band.middle * 2 / 5, band.high * 6 / 10));
        assert!(learn(&[]).band(&Works { kind: "moon", ..works(1, 0) }).is_none());
    }

    #[test]
    fn many_finished_projects_outweigh_it() {
        let days: Vec<u64> = (0..200).map(|i| 3_000 + i * 10).collect();
        let model = learn(&days);
        let band = model.band(&works(1_000_000_000, 0)).unwrap();
        assert!((3_000..3_300).contains(&band.low) && (4_700..5_000).contains(&band.high), "{band:?}");
        assert_eq!(band.fit(2_000), Fit::Below);
        assert_eq!((band.fit(4_000), band.fit(9_000)), (Fit::Inside, Fit::Above));
        // Twice the value, twice the days.
        let twice = model.band(&works(2_000_000_000, 0)).unwrap();
        assert!(twice.middle.abs_diff(2 * band.middle) <= 1);
    }

    #[test]
    fn the_band_holds_what_it_says_of_projects_held_out() {
        // A skewed city: most projects small, some with four times the days.
        let days: Vec<u64> =
            (0u64..300).map(|i| 800 + (i * 7_919 % 1_000) + if i % 10 == 0 { 3_000 } else { 0 }).collect();
        let (inside, of) = learn(&days).held_out;
        assert_eq!(of, 300);
        assert!((225..=255).contains(&inside), "about eight in ten: {inside}");
    }

    proptest::proptest! {
        #[test]
        fn leaving_one_out_is_what_learning_without_it_says(mut list in proptest::collection::vec(1i64..1_000, 2..30), at in 0usize..30, tenths in 0usize..11) {
            list.sort_unstable();
            let at = at % list.len();
            let mut without = list.clone();
            without.remove(at);
            proptest::prop_assert_eq!(quantile(&list, Some(at), tenths), quantile(&without, None, tenths));
        }
    }
}
