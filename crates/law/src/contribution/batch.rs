//! Contributions of millions of contracts: the scale compiled to whole-number arithmetic.
//!
//! For each span of days in which nothing changes, and each slice of the scale, the exact rule
//! `round(below + rate x (value / (1 + tax) - bottom))` is one fraction `(mul x value + add) / div`
//! of whole numbers, reduced. A row is then a look-up, one multiplication, one addition and one
//! division by a divisor known beforehand, which is itself a multiplication. Nothing is allocated
//! per row, nothing is approximated, and no step is explained: ask
//! [`by_gross_value`](super::by_gross_value) for the steps of a row.
//!
//! The slice of a value is found without searching: values are cut into ranges of one power of two,
//! so narrow that at most one boundary lies in each, and one comparison decides between its two
//! sides. A search over the boundaries took twice the time (docs/measurements.md).

use super::{JKK_SCALE, JKM_SCALE, PPN, ROUNDING};
use crate::model::{Bracket, RoundingScope};
use crate::{Declined, Law, LawAt, LawGap};
use kernel::Date;
use kernel::money::{AMOUNT_MAX_RUPIAH, Rounding};

/// What a row's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Without value-added tax.
    Net,
    /// With value-added tax.
    Gross,
}

/// What stands in the place of an amount where a row has no answer: a value that is not above zero
/// or larger than 10^15, or a day before the law. No amount is negative, so it cannot be mistaken.
pub const NO_ANSWER: i64 = -1;

/// Largest value of a row, in rupiah.
const VALUE_MAX: i64 = AMOUNT_MAX_RUPIAH as i64;

/// Days looked up directly: from the first law for a hundred years. Other days take a longer way.
const DAYS: usize = 36_525;

/// Most ranges of values in a table.
const RANGES_MAX: u64 = 4_096;

/// The law of contributions, compiled for rows.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// Day number of the first day with a law.
    first_day: i32,
    /// For each day from the first on, which regime is in force.
    regime_of_day: Vec<u8>,
    jkk: Amounts,
    total: Amounts,
}

/// Days from 1 January 1970: how a row states its day.
pub fn day_number(date: Date) -> i32 {
    let epoch = Date::constant(1970, 1, 1);
    (date - epoch).get_days()
}

impl Compiled {
    /// Compiles the default readings of a law.
    ///
    /// # Errors
    /// [`Declined`] where a parameter is missing, or where a fraction would not fit 63 bits for the
    /// largest value (no law so far; a rate with more than six decimals might).
    pub fn new(law: &Law, basis: Basis) -> Result<Self, Declined> {
        let paths = [JKK_SCALE, JKM_SCALE, ROUNDING, PPN];
        let used = if basis == Basis::Gross { &paths[..] } else { &paths[..3] };
        let mut changes: Vec<Date> = Vec::new();
        let mut first = Date::MIN;
        for path in used {
            let parameter = law.parameter(path).ok_or_else(|| law.at(Date::MIN).gap(path))?;
            changes.extend(parameter.periods.iter().map(|p| p.from));
            first = first.max(parameter.periods.first().map_or(Date::MIN, |p| p.from));
        }
        changes.retain(|day| *day >= first);
        changes.sort();
        changes.dedup();
        let (mut jkk, mut total) = (Vec::new(), Vec::new());
        for day in &changes {
            let regime = Regime::at(&law.at(*day), basis)?;
            jkk.push(Pieces::new(&[regime.scale(&[regime.jkk])], &regime)?);
            let parts: Vec<Scale> = match regime.scope {
                RoundingScope::Total => vec![regime.scale(&[regime.jkk, regime.jkm])],
                RoundingScope::EachProgramme => vec![regime.scale(&[regime.jkk]), regime.scale(&[regime.jkm])],
            };
            total.push(Pieces::new(&parts, &regime)?);
        }
        let first_day = day_number(first);
        let starts: Vec<i32> = changes.iter().map(|day| day_number(*day)).collect();
        let in_force = |day: usize| {
            let day = first_day.saturating_add(i32::try_from(day).unwrap_or(i32::MAX));
            u8::try_from(starts.partition_point(|start| *start <= day) - 1).map_err(|_| TOO_LARGE)
        };
        let regime_of_day = (0..DAYS).map(in_force).collect::<Result<_, _>>()?;
        Ok(Self { first_day, regime_of_day, jkk: Amounts::new(&jkk)?, total: Amounts::new(&total)? })
    }

    /// The whole contribution of every row, in whole rupiah; [`NO_ANSWER`] where a row has none.
    /// Returns how many rows have none. Equal to [`super::total`] or [`super::total_of_gross`] of
    /// each row. Time linear in the rows; any split of the rows gives the same.
    ///
    /// # Panics
    /// Where the three columns differ in length.
    pub fn totals(&self, values: &[i64], days: &[i32], out: &mut [i64]) -> usize {
        self.total.run(self, values, days, out)
    }

    /// The work-accident part of every row; the death part is the total less it.
    ///
    /// # Panics
    /// Where the three columns differ in length.
    pub fn jkk(&self, values: &[i64], days: &[i32], out: &mut [i64]) -> usize {
        self.jkk.run(self, values, days, out)
    }
}

const TOO_LARGE: Declined = Declined::TooLarge { what: "law" };

/// Everything that holds on a span of days.
struct Regime<'a> {
    jkk: &'a [Bracket],
    jkm: &'a [Bracket],
    tax_ppm: i128,
    rule: Rounding,
    scope: RoundingScope,
}

/// A scale as slices: bottom, and rate in parts per million.
type Scale = Vec<(i128, i128)>;

impl<'a> Regime<'a> {
    fn at(law: &LawAt<'a>, basis: Basis) -> Result<Self, LawGap> {
        let (rule, scope, _) = law.rounding(ROUNDING)?;
        let tax_ppm = if basis == Basis::Gross { i128::from(law.number(PPN)?.0) } else { 0 };
        Ok(Self { jkk: law.scale(JKK_SCALE)?.0, jkm: law.scale(JKM_SCALE)?.0, tax_ppm, rule, scope })
    }

    /// The sum of scales is a scale: at each bottom of either, the rates add.
    fn scale(&self, scales: &[&[Bracket]]) -> Scale {
        let bottoms = |scale: &[Bracket]| -> Scale {
            let tops = scale.iter().filter_map(|b| b.up_to).map(i128::from);
            std::iter::once(0).chain(tops).zip(scale.iter().map(|b| i128::from(b.ppm))).collect()
        };
        let all: Vec<Scale> = scales.iter().map(|s| bottoms(s)).collect();
        let mut cuts: Vec<i128> = all.iter().flatten().map(|(bottom, _)| *bottom).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let rate_at = |scale: &Scale, cut: i128| scale.iter().rfind(|(bottom, _)| *bottom <= cut).map_or(0, |s| s.1);
        cuts.into_iter().map(|cut| (cut, all.iter().map(|s| rate_at(s, cut)).sum())).collect()
    }
}

/// One amount on a span of days: the values at which the slice changes, and the fractions of each
/// slice, one or two of them (two where each programme is rounded by itself).
#[derive(Debug, Clone)]
struct Pieces {
    /// The last value of each slice but the open one.
    tops: Vec<i64>,
    fractions: Vec<Vec<Fraction>>,
}

/// `floor((mul x value + add) / div)`, the rounding already in `add`.
#[derive(Debug, Clone, Copy)]
struct Fraction {
    mul: i128,
    add: i128,
    div: i128,
}

impl Pieces {
    fn new(parts: &[Scale], regime: &Regime<'_>) -> Result<Self, Declined> {
        let mut cuts: Vec<i128> = parts.iter().flatten().map(|(bottom, _)| *bottom).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let million = 1_000_000i128;
        let with_tax = million + regime.tax_ppm;
        // At the cut itself both slices give the same amount, so rounding the cut down is exact.
        let tops = cuts[1..].iter().map(|cut| i64::try_from(cut * with_tax / million).map_err(|_| TOO_LARGE));
        let mut fractions = Vec::new();
        for part in parts {
            let piece = |cut: &i128| {
                // Millionths of a rupiah below the cut, and the rate above it.
                let (mut below, mut rate) = (0i128, 0i128);
                for (i, (bottom, ppm)) in part.iter().enumerate().take_while(|(_, s)| s.0 <= *cut) {
                    let top = part.get(i + 1).map_or(*cut, |next| next.0.min(*cut));
                    below += (top - bottom) * ppm;
                    rate = *ppm;
                }
                // (below + rate x (value x million / with_tax - cut)) / million, as one fraction.
                let (mul, add, div) = (rate * million, (below - rate * cut) * with_tax, million * with_tax);
                Fraction::new(mul, add, div, regime.rule)
            };
            fractions.push(cuts.iter().map(piece).collect());
        }
        Ok(Self { tops: tops.collect::<Result<_, _>>()?, fractions })
    }
}

impl Fraction {
    fn new(mul: i128, add: i128, div: i128, rule: Rounding) -> Self {
        // Halves away from zero: floor((2 n + d) / (2 d)). Amounts are never negative.
        let (mul, add, div) = match rule {
            Rounding::HalfUp => (2 * mul, 2 * add + div, 2 * div),
            Rounding::Down => (mul, add, div),
            Rounding::Up => (mul, add + div - 1, div),
        };
        // Reducing keeps the floor where all three parts share the divisor.
        let common = gcd(gcd(mul, add), div);
        Self { mul: mul / common, add: add / common, div: div / common }
    }

    /// Bits of the divisor: the least shift by which it can be replaced.
    fn shift(&self) -> u32 {
        i128::BITS - (self.div - 1).leading_zeros()
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs().max(1) } else { gcd(b, a % b) }
}

/// A fraction as the processor wants it, on `value - 1`.
///
/// `magic = floor(2^(63 + shift) / div) + 1`, where `2^shift >= div`: for every numerator below
/// 2^63 the product shifted by `63 + shift` is the exact quotient (Granlund and Montgomery,
/// "Division by invariant integers using multiplication", 1994, theorem 4.2). All fractions of a
/// table share the shift: a smaller divisor is widened by a power of two with its numerator.
#[derive(Debug, Clone, Copy)]
struct Ready {
    mul: u64,
    add: u64,
    magic: u64,
}

impl Ready {
    /// A fraction whose result is negative after any shift of one or more: [`NO_ANSWER`].
    const NONE: Self = Self { mul: 0, add: u64::MAX, magic: u64::MAX };
    /// A fraction that is zero.
    const ZERO: Self = Self { mul: 0, add: 0, magic: 0 };

    fn new(fraction: &Fraction, shift: u32) -> Option<Self> {
        let wider = shift.checked_sub(fraction.shift())?;
        let [mul, add, div] = [fraction.mul, fraction.add, fraction.div].map(|n| n << wider);
        if mul < 0 || mul * i128::from(VALUE_MAX) + add >= 1 << 63 || mul + add < 0 {
            return None;
        }
        let magic = (1u128 << (63 + shift)) / u128::try_from(div).ok()? + 1;
        Some(Self {
            mul: u64::try_from(mul).ok()?,
            add: u64::try_from(mul + add).ok()?,
            magic: u64::try_from(magic).ok()?,
        })
    }

    /// The quotient for `value - 1`, or [`NO_ANSWER`].
    #[inline]
    fn of(self, below: u64, shift: u32) -> i64 {
        let numerator = self.mul.wrapping_mul(below).wrapping_add(self.add);
        let high = (u128::from(numerator) * u128::from(self.magic)) >> 64;
        (high as u64 as i64) >> (shift & 63)
    }
}

/// A range of values: up to `top` the first fraction, above it the second.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Range {
    /// The largest `value - 1` of the first side.
    top: u64,
    sides: [Ready; 2],
}

/// One amount of every regime, as tables.
#[derive(Debug, Clone)]
struct Amounts {
    /// Ranges of the regimes one after another, then those of "before the law".
    first: Vec<Range>,
    /// The second part, where some regime rounds two by themselves; else empty.
    second: Vec<Range>,
    /// Width of a range, as a power of two.
    width: u32,
    /// Number of ranges of a regime.
    ranges: u64,
    /// By how much the high half of a product is shifted.
    shift: u32,
    regimes: usize,
}

impl Amounts {
    fn new(regimes: &[Pieces]) -> Result<Self, Declined> {
        let all = regimes.iter().flat_map(|p| p.fractions.iter().flatten());
        // A shift of at least two, so that at least one is left for the high half: see NONE.
        let shift = all.map(Fraction::shift).max().unwrap_or(0).max(2);
        let width = regimes.iter().map(|p| width(&p.tops)).min().unwrap_or(0);
        let highest = regimes.iter().flat_map(|p| &p.tops).max().copied().unwrap_or(0);
        // The last range holds everything above, so it starts above the highest boundary.
        let ranges = (highest.unsigned_abs() >> width) + 2;
        if ranges > RANGES_MAX || (VALUE_MAX as u64) >> width < ranges {
            return Err(TOO_LARGE);
        }
        let table = |part: usize| -> Result<Vec<Range>, Declined> {
            let missing = if part == 0 { Ready::NONE } else { Ready::ZERO };
            let mut out = Vec::new();
            for pieces in regimes {
                for k in 0..ranges {
                    out.push(pieces.range(part, k, ranges, width, shift, missing)?);
                }
            }
            out.extend((0..ranges).map(|_| Range { top: u64::MAX, sides: [missing; 2] }));
            Ok(out)
        };
        let two = regimes.iter().any(|p| p.fractions.len() > 1);
        let second = if two { table(1)? } else { Vec::new() };
        Ok(Self { first: table(0)?, second, width, ranges, shift: shift - 1, regimes: regimes.len() })
    }

    fn run(&self, law: &Compiled, values: &[i64], days: &[i32], out: &mut [i64]) -> usize {
        assert!(values.len() == days.len() && days.len() == out.len(), "three columns of one length");
        if self.second.is_empty() {
            self.rows(law, values, days, out, |_, _, _| 0)
        } else {
            self.rows(law, values, days, out, |at, below, shift| self.second[at].of(below, shift))
        }
    }

    #[inline]
    fn rows(
        &self,
        law: &Compiled,
        values: &[i64],
        days: &[i32],
        out: &mut [i64],
        second: impl Fn(usize, u64, u32) -> i64,
    ) -> usize {
        let (width, last, shift, ranges) = (self.width & 63, self.ranges - 1, self.shift & 63, self.ranges as usize);
        let (first, regime_of_day, first_day) = (&self.first[..], &law.regime_of_day[..], law.first_day);
        let mut without = 0usize;
        for ((value, day), amount) in values.iter().zip(days).zip(out.iter_mut()) {
            let since = day.wrapping_sub(first_day) as u32;
            let regime = match regime_of_day.get(since as usize) {
                Some(regime) => usize::from(*regime),
                None => self.far(*day, law),
            };
            // One less, so that zero and everything below it wrap to the far end.
            let below = value.wrapping_sub(1) as u64;
            let at = regime.wrapping_mul(ranges).wrapping_add((below >> width).min(last) as usize);
            let sum = first[at].of(below, shift).wrapping_add(second(at, below, shift));
            without = without.wrapping_add(usize::from(sum < 0));
            *amount = sum;
        }
        without
    }

    /// The regime of a day outside the table: none before the law, the last one after it.
    #[cold]
    fn far(&self, day: i32, law: &Compiled) -> usize {
        if day < law.first_day { self.regimes } else { self.regimes - 1 }
    }
}

impl Range {
    #[inline]
    fn of(&self, below: u64, shift: u32) -> i64 {
        self.sides[usize::from(below > self.top)].of(below, shift)
    }
}

/// The widest power of two at which no two boundaries fall into one range. Boundaries are the last
/// `value - 1` of a side.
fn width(tops: &[i64]) -> u32 {
    let collide = |width: u32| tops.windows(2).any(|pair| (pair[0] - 1) >> width == (pair[1] - 1) >> width);
    (0..40).rev().find(|width| !collide(*width)).unwrap_or(0)
}

impl Pieces {
    /// The range `k` of a part: its one boundary, and the fractions on its two sides.
    fn range(
        &self,
        part: usize,
        k: u64,
        ranges: u64,
        width: u32,
        shift: u32,
        missing: Ready,
    ) -> Result<Range, Declined> {
        let Some(fractions) = self.fractions.get(part) else { return Ok(Range { top: u64::MAX, sides: [missing; 2] }) };
        let ready = |slice: usize| match fractions.get(slice) {
            Some(fraction) => Ready::new(fraction, shift).ok_or(TOO_LARGE),
            None => Ok(missing),
        };
        let top_of = |top: &i64| top.unsigned_abs() - 1;
        let slice = self.tops.iter().filter(|top| top_of(top) >> width < k).count();
        if k + 1 == ranges {
            // Above every boundary, up to the largest value; beyond it there is no answer.
            return Ok(Range { top: VALUE_MAX as u64 - 1, sides: [ready(fractions.len() - 1)?, missing] });
        }
        let here = self.tops.get(slice).map(top_of).filter(|top| top >> width == k);
        Ok(match here {
            Some(top) => Range { top, sides: [ready(slice)?, ready(slice + 1)?] },
            None => Range { top: u64::MAX, sides: [ready(slice)?; 2] },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{total, total_of_gross};
    use super::*;
    use kernel::Exact;

    fn one(compiled: &Compiled, value: i64, date: Date) -> i64 {
        let mut out = [0];
        compiled.totals(&[value], &[day_number(date)], &mut out);
        out[0]
    }

    /// Every boundary of every slice, net and gross, two rupiah to each side, on every day of change
    /// and its neighbours: the same as the explained formula.
    #[test]
    fn boundaries_and_days_of_change_equal_the_formula() {
        let law = Law::builtin();
        let (net, gross) = (Compiled::new(law, Basis::Net).unwrap(), Compiled::new(law, Basis::Gross).unwrap());
        let mut dates: Vec<Date> = Vec::new();
        for path in [JKK_SCALE, JKM_SCALE, PPN, ROUNDING] {
            for period in &law.parameter(path).unwrap().periods {
                dates.extend([period.from.yesterday().unwrap(), period.from, period.from.tomorrow().unwrap()]);
            }
        }
        dates.extend(["2026-11-24".parse::<Date>().unwrap(), "2199-12-31".parse().unwrap()]);
        let mut values: Vec<i64> = vec![1, 2, 3, VALUE_MAX - 1, VALUE_MAX];
        for boundary in [100_000_000i64, 500_000_000, 1_000_000_000, 5_000_000_000] {
            for tax in [100, 110, 111, 112] {
                values.extend((boundary * tax / 100 - 2)..=(boundary * tax / 100 + 2));
            }
        }
        for date in dates {
            for value in &values {
                let expected = |r: Result<kernel::Rupiah, LawGap>| r.map_or(NO_ANSWER, |r| r.0);
                let exact = Exact::whole(*value);
                assert_eq!(one(&net, *value, date), expected(total(exact, &law.at(date))), "{value} net {date}");
                assert_eq!(one(&gross, *value, date), expected(total_of_gross(exact, &law.at(date))), "{value} {date}");
            }
        }
    }

    #[test]
    fn a_row_without_answer_says_so() {
        let compiled = Compiled::new(Law::builtin(), Basis::Net).unwrap();
        let day = day_number("2025-03-03".parse().unwrap());
        let values = [0, -1, VALUE_MAX + 1, i64::MIN, i64::MAX, 180_000_000];
        let mut out = [7; 6];
        assert_eq!(compiled.totals(&values, &[day; 6], &mut out), 5);
        assert_eq!(out, [NO_ANSWER, NO_ANSWER, NO_ANSWER, NO_ANSWER, NO_ANSWER, 392_000]);
        let mut jkk = [0];
        assert_eq!(compiled.jkk(&[180_000_000], &[day], &mut jkk), 0);
        assert_eq!(jkk, [346_000]);
        let mut out = [0; 3];
        assert_eq!(
            compiled.totals(&[1000; 3], &[i32::MIN, day_number("2015-06-30".parse().unwrap()), i32::MAX], &mut out),
            2
        );
        assert_eq!(out[2], 2, "0.24 percent of 1000 is 2.4");
    }

    /// A law that rounds each programme by itself compiles to two fractions.
    #[test]
    fn rounding_each_programme() {
        let change = "path: jakon/rounding\nvalues:\n  - from: 2015-07-01\n    settle: { reading: each_programme, \
                      citation: { instrument: x, article: y }, confidence: judgement, checked: 2026-11-24 }\n";
        let law = Law::builtin().with_layer("t", &[("c".into(), change)], crate::Authority::WhatIf).unwrap();
        let compiled = Compiled::new(&law, Basis::Net).unwrap();
        let date = "2025-03-03".parse().unwrap();
        for value in (99_999_000..100_002_000).step_by(7) {
            let expected = total(Exact::whole(value), &law.at(date)).unwrap().0;
            assert_eq!(one(&compiled, value, date), expected, "{value}");
        }
        // And where the rule changes from a day on, each day has its own.
        let later = change.replace("2015-07-01", "2025-03-03");
        let law = Law::builtin().with_layer("t", &[("c".into(), &later)], crate::Authority::WhatIf).unwrap();
        let compiled = Compiled::new(&law, Basis::Net).unwrap();
        for day in ["2025-03-02", "2025-03-03"] {
            let date = day.parse().unwrap();
            for value in (99_999_000..100_002_000).step_by(7) {
                let expected = total(Exact::whole(value), &law.at(date)).unwrap().0;
                assert_eq!(one(&compiled, value, date), expected, "{value} {day}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_row_equals_the_formula(value in 1i64..=VALUE_MAX, scale in 0u32..14, day in 0i32..4200) {
            let value = (value / 10i64.pow(scale)).max(1);
            let law = Law::builtin();
            let date = kernel::date::add_days(Date::constant(2015, 7, 1), day).unwrap();
            let compiled = Compiled::new(law, Basis::Gross).unwrap();
            let expected = total_of_gross(Exact::whole(value), &law.at(date)).unwrap().0;
            proptest::prop_assert_eq!(one(&compiled, value, date), expected);
        }
    }
}
