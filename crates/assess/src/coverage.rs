//! Coverage: how many distinct people are insured, month by month, of whom it is asked. Tokens of people, never their numbers.
//!
//! A person is **known** in a month in which any list names them, **registered** where a list of the insurer does, **active** where that cover holds: for a project, its first contribution is in and
//! its period runs. The three are counted by person from the same bits, so that active is always a part of registered and registered of known; nobody counts twice, however many projects name
//! them. By segment somebody may stand in two; the sum of segments is no total, and how many stand in several is said.
//!
//! A denominator that counts no persons ([`Base`]: a labour force survey, the insurer's target) is only a number with an interval. Where it is smaller than the people counted it is no denominator of
//! them, and nothing is said but that ([`Withheld`]).

use kernel::Date;
use serde::Serialize;

kernel::named! {
    /// What somebody is insured as.
    Segment {
        /// Waged, by the firm (PU).
        Waged = "waged",
        /// Not waged (BPU): paid by themselves, a budget, a donor.
        NonWaged = "non_waged",
        /// By a project (Jakon).
        Construction = "construction",
        /// Migrant worker (PMI).
        Migrant = "migrant",
    }
}

/// A month: years times twelve and months from nought.
pub type Month = i32;

/// The month of a day.
#[must_use]
pub fn month_of(day: Date) -> Month {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

/// `2026-10` of a month.
#[must_use]
pub fn month_text(month: Month) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// A month as it is typed, `2026-10`.
#[must_use]
pub fn month_typed(text: &str) -> Option<Month> {
    let (year, month) = text.trim().split_once('-')?;
    let (year, month): (i32, i32) = (year.parse().ok()?, month.parse().ok()?);
    ((1900..=2199).contains(&year) && (1..=12).contains(&month) && text.trim().len() == 7)
        .then_some(year * 12 + month - 1)
}

/// Somebody on a list from a month to a month, both in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First month.
    pub from: Month,
    /// Last month.
    pub to: Month,
    /// What the list insures as; none for a list that insures nobody: a roster, a group.
    pub segment: Option<Segment>,
    /// Does the cover hold?
    pub active: bool,
}

/// Months at whose end somebody stands between two days: the last day of a month is looked at, and of the running month the day asked about.
#[must_use]
pub fn months(from: Date, to: Date, as_of: Date) -> Option<(Month, Month)> {
    let to = to.min(as_of);
    if from > to {
        return None;
    }
    // The month of `to` counts where `to` is its last day, or the day asked about.
    let whole = to == as_of || to == to.last_of_month();
    let last = month_of(to) - i32::from(!whole);
    (month_of(from) <= last).then_some((month_of(from), last))
}

/// People of a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MonthLine {
    /// The month.
    pub month: Month,
    /// On any list.
    pub known: u64,
    /// On a list of the insurer.
    pub registered: u64,
    /// Whose cover holds.
    pub active: u64,
    /// Registered, by segment in their order.
    pub registered_by: [u64; 4],
    /// Active, by segment.
    pub active_by: [u64; 4],
    /// Active in more than one segment.
    pub several: u64,
}

/// Counts people, one after the other. What it holds does not grow with people.
#[derive(Debug, Clone)]
pub struct Counter {
    first: Month,
    lines: Vec<MonthLine>,
    marks: Vec<u16>,
}

/// Bits of a month of a person: known, then registered by segment, then active by segment.
const KNOWN: u16 = 1;
const REGISTERED: u16 = 1;
const ACTIVE: u16 = 5;

impl Counter {
    /// Over the months from one to another, both in.
    #[must_use]
    pub fn new(first: Month, last: Month) -> Self {
        let count = usize::try_from(last - first + 1).unwrap_or(0);
        let lines = (0..count).map(|i| MonthLine { month: first + i as i32, ..MonthLine::default() }).collect();
        Self { first, lines, marks: vec![0; count] }
    }

    /// One person with all their spans. Time: months of the spans within the window.
    pub fn person(&mut self, spans: &[Span]) {
        for span in spans {
            let mut mark = KNOWN;
            if let Some(segment) = span.segment {
                mark |= 1 << (REGISTERED + segment as u16);
                mark |= u16::from(span.active) << (ACTIVE + segment as u16);
            }
            let from = usize::try_from(span.from - self.first).unwrap_or(0);
            let Ok(to) = usize::try_from(span.to - self.first) else { continue };
            if let Some(marks) = self.marks.get_mut(from..self.lines.len().min(to + 1)) {
                marks.iter_mut().for_each(|m| *m |= mark);
            }
        }
        for (line, mark) in self.lines.iter_mut().zip(&mut self.marks) {
            let mark = std::mem::take(mark);
            if mark == 0 {
                continue;
            }
            let (registered, active) = (mark >> REGISTERED & 0xF, mark >> ACTIVE & 0xF);
            line.known += 1;
            line.registered += u64::from(registered != 0);
            line.active += u64::from(active != 0);
            line.several += u64::from(active.count_ones() > 1);
            for i in 0..4 {
                line.registered_by[i] += u64::from(registered >> i & 1);
                line.active_by[i] += u64::from(active >> i & 1);
            }
        }
    }

    /// The months, in order.
    #[must_use]
    pub fn finish(self) -> Vec<MonthLine> {
        self.lines
    }
}

/// A number of people somebody else counted or wishes: of whom it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Base {
    /// People.
    pub count: u64,
    /// The least and the most it may be.
    pub interval: [u64; 2],
}

/// A share with the ends it may have, parts per million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ratio {
    /// The share.
    pub ppm: i64,
    /// Its ends.
    pub interval_ppm: [i64; 2],
}

kernel::named! {
    /// Why a share is not said.
    Withheld {
        /// More people are counted than the base has: it is no denominator of them.
        Smaller = "smaller",
        /// The base is nobody, or its interval does not hold it.
        Base = "base",
    }
}

/// The share of a base. A base of whose interval the least is smaller than the people counted may be right at its other end; then the upper end of the share is the whole.
///
/// # Errors
/// Why nothing is said.
pub fn ratio(people: u64, base: &Base) -> Result<Ratio, Withheld> {
    let [least, most] = base.interval;
    if base.count == 0 || least > base.count || most < base.count || least == 0 {
        return Err(Withheld::Base);
    }
    if people > base.count {
        return Err(Withheld::Smaller);
    }
    let ppm = |of: u64| i64::try_from(u128::from(people) * 1_000_000 / u128::from(of)).unwrap_or(i64::MAX);
    Ok(Ratio { ppm: ppm(base.count), interval_ppm: [ppm(most), ppm(least).min(1_000_000)] })
}

/// People still missing to a target share of a base, rounded up: what takes the share to at least the target.
#[must_use]
pub fn missing(people: u64, base: &Base, target_ppm: i64) -> u64 {
    let wanted = u128::from(base.count) * u128::from(target_ppm.unsigned_abs());
    u64::try_from(wanted.div_ceil(1_000_000)).unwrap_or(u64::MAX).saturating_sub(people)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_counts_at_its_end() {
        let of = |from: &str, to: &str| {
            months(day(from), day(to), day("2026-11-26")).map(|(a, b)| (month_text(a), month_text(b)))
        };
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(of("2026-01-15", "2026-03-31"), pair("2026-01", "2026-03"));
        assert_eq!(of("2026-01-15", "2026-03-30"), pair("2026-01", "2026-02"));
        assert_eq!(of("2026-10-01", "2199-12-31"), pair("2026-10", "2026-11"));
        assert_eq!(of("2026-11-01", "2026-11-25"), None, "gone before the day asked about");
        assert_eq!(of("2026-11-27", "2026-12-31"), None);
        assert_eq!(
            (month_typed("2026-10"), month_typed("2026-13"), month_typed("26-10")),
            (Some(2026 * 12 + 9), None, None)
        );
        assert_eq!(month_text(month_typed("2025-12").unwrap()), "2025-12");
    }

    #[test]
    fn one_person_on_three_projects_is_one() {
        let m = month_of(day("2026-10-01"));
        let on = |segment, active| Span { from: m, to: m, segment, active };
        let mut counter = Counter::new(m - 1, m);
        counter.person(&[on(Some(Segment::Construction), true); 3]);
        counter.person(&[on(Some(Segment::Construction), true), on(Some(Segment::Waged), true), on(None, false)]);
        counter.person(&[on(Some(Segment::NonWaged), false)]);
        counter.person(&[on(None, true)]);
        let lines = counter.finish();
        assert_eq!((lines[0].known, lines[0].month), (0, m - 1));
        let l = lines[1];
        assert_eq!((l.known, l.registered, l.active, l.several), (4, 3, 2, 1));
        assert_eq!((l.active_by, l.registered_by), ([1, 0, 2, 0], [1, 1, 2, 0]));
    }

    #[test]
    fn a_share_is_withheld_where_the_base_cannot_be() {
        let base = |count, least, most| Base { count, interval: [least, most] };
        let r = ratio(45_000, &base(100_000, 90_000, 120_000)).unwrap();
        assert_eq!((r.ppm, r.interval_ppm), (450_000, [375_000, 500_000]));
        // Construction published at 399 percent: more people than the base.
        assert_eq!(ratio(689_970, &base(172_882, 172_882, 172_882)), Err(Withheld::Smaller));
        assert_eq!(ratio(95, &base(100, 90, 110)).unwrap().interval_ppm, [863_636, 1_000_000]);
        for bad in [base(0, 0, 0), base(10, 11, 12), base(10, 5, 9), base(10, 0, 20)] {
            assert_eq!(ratio(5, &bad), Err(Withheld::Base));
        }
        assert_eq!(missing(48_640, &base(100_000, 1, 1), 500_000), 1_360);
        assert_eq!(missing(50_000, &base(99_999, 1, 1), 500_000), 0);
        assert_eq!(missing(0, &base(3, 1, 3), 500_000), 2, "more than half of three is two");
    }

    fn span() -> impl Strategy<Value = Span> {
        let segment = proptest::option::of((0..4usize).prop_map(|i| Segment::ALL[i]));
        (0..20i32, 0..8i32, segment, any::<bool>()).prop_map(|(from, long, segment, active)| Span {
            from,
            to: from + long - 1,
            segment,
            active,
        })
    }

    proptest! {
        /// Whatever stands on lists: the same as counting every person and month one by one, and each count a part of the one above.
        #[test]
        fn it_is_what_counting_one_by_one_gives(people in proptest::collection::vec(proptest::collection::vec(span(), 0..6), 0..12), first in 0..10i32, long in 0..12i32) {
            let last = first + long;
            let mut counter = Counter::new(first, last);
            people.iter().for_each(|spans| counter.person(spans));
            for line in counter.finish() {
                let at = |spans: &&Vec<Span>, wanted: &dyn Fn(&Span) -> bool| spans.iter().any(|s| (s.from..=s.to).contains(&line.month) && wanted(s));
                let count = |wanted: &dyn Fn(&Span) -> bool| people.iter().filter(|p| at(p, wanted)).count() as u64;
                prop_assert_eq!(line.known, count(&|_| true));
                prop_assert_eq!(line.registered, count(&|s| s.segment.is_some()));
                prop_assert_eq!(line.active, count(&|s| s.segment.is_some() && s.active));
                for (i, segment) in Segment::ALL.iter().enumerate() {
                    prop_assert_eq!(line.active_by[i], count(&|s| s.segment == Some(*segment) && s.active));
                    prop_assert_eq!(line.registered_by[i], count(&|s| s.segment == Some(*segment)));
                }
                let several = people.iter().filter(|p| {
                    let here = p.iter().filter(|s| (s.from..=s.to).contains(&line.month) && s.active).filter_map(|s| s.segment);
                    here.collect::<BTreeSet<_>>().len() > 1
                });
                prop_assert_eq!(line.several, several.count() as u64);
                prop_assert!(line.active <= line.registered && line.registered <= line.known);
            }
        }

        /// Who is missing takes the share to the target, and one fewer does not.
        #[test]
        fn who_is_missing_is_just_enough(people in 0u64..100_000, more in 0u64..100_000, target in 0i64..=1_000_000) {
            let base = Base { count: people + more + 1, interval: [1, u64::MAX] };
            let n = missing(people, &base, target);
            let reaches = |p: u64| u128::from(p) * 1_000_000 >= u128::from(base.count) * target as u128;
            prop_assert!(reaches(people + n) && (n == 0 || !reaches(people + n - 1)));
        }
    }
}
