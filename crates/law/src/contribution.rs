//! Contributions of construction services: PP 44/2015 Articles 54 and 55.

use crate::explained::{Programme, Step, What};
use crate::model::{Bracket, Reading, RoundingScope, Value};
use crate::{LawAt, LawGap};
use kernel::{Exact, Rupiah};
use serde::Serialize;

/// Work-accident scale.
pub const JKK_SCALE: &str = "jakon/jkk_scale";
/// Death scale.
pub const JKM_SCALE: &str = "jakon/jkm_scale";
/// Rounding rule.
pub const ROUNDING: &str = "jakon/rounding";
/// Instalment parts.
pub const INSTALMENTS: &str = "jakon/instalments";
/// Value-added tax.
pub const PPN: &str = "tax/ppn";

/// A contribution for one project, in whole rupiah, with every step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contribution {
    /// The base: contract value without value-added tax, exact.
    pub base: Exact,
    /// Work accident.
    pub jkk: Rupiah,
    /// Death.
    pub jkm: Rupiah,
    /// What is to be paid.
    pub total: Rupiah,
    /// How it came about, with articles.
    pub steps: Vec<Step>,
    /// Totals under other readings of the law, where they differ from `total`.
    pub other_readings: Vec<OtherReading>,
}

/// The same amount under another reading of a contested parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherReading {
    /// Path of the parameter.
    pub parameter: String,
    /// Name of the reading.
    pub reading: String,
    /// Total under it.
    pub total: Rupiah,
}

/// The value-added tax rate in force on a day, in parts per million, with its reading.
pub fn ppn_rate<'a>(law: &LawAt<'a>) -> Result<(i64, &'a Reading), LawGap> {
    law.number(PPN)
}

/// What a marginal scale yields: PP 44/2015 Article 54 (2) and 55 (2).
///
/// Each rate applies to the slice of the base between its neighbours, as the letters of the
/// article say ("the amount of the letter before, plus the rate on the excess"):
/// `sum over slices of (min(base, top) - bottom) x rate`.
/// Worked: 180,000,000 gives 100,000,000 x 0.21 % + 80,000,000 x 0.17 % = 346,000 for JKK.
pub fn on_scale(base: Exact, scale: &[Bracket]) -> Exact {
    slices(base, scale).map(|(_, part, bracket)| part.at_ppm(bracket.ppm)).sum()
}

fn slices(base: Exact, scale: &[Bracket]) -> impl Iterator<Item = (i64, Exact, &Bracket)> {
    let mut below = 0i64;
    scale.iter().filter_map(move |bracket| {
        let bottom = below;
        let top = bracket.up_to.map_or(base, |up_to| base.min(Exact::whole(up_to)));
        below = bracket.up_to.unwrap_or(bottom);
        let part = top - Exact::whole(bottom);
        part.is_positive().then_some((bottom, part, bracket))
    })
}

/// The total alone, without steps: for a city's worth of contracts at a time. Equal to the total of
/// [`by_contract_value`], which explains it.
///
/// # Errors
/// As [`by_contract_value`].
pub fn total(base: Exact, law: &LawAt<'_>) -> Result<Rupiah, LawGap> {
    let (jkk, _) = scale_of(law, JKK_SCALE)?;
    let (jkm, _) = scale_of(law, JKM_SCALE)?;
    let parts = [on_scale(base, jkk), on_scale(base, jkm)];
    let reading = law.reading(ROUNDING)?;
    round_by(&reading.value, parts)
        .map(|[_, _, total]| total)
        .ok_or_else(|| LawGap { path: ROUNDING.into(), date: law.date() })
}

/// The total alone of a value that includes value-added tax.
///
/// # Errors
/// As [`by_contract_value`].
pub fn total_of_gross(gross: Exact, law: &LawAt<'_>) -> Result<Rupiah, LawGap> {
    total(gross.without_tax(ppn_rate(law)?.0), law)
}

/// Contribution on a contract value that already excludes value-added tax.
///
/// `law` is the law on the day of the work order (SPK). The base must not be negative.
///
/// # Errors
/// [`LawGap`] for a day before the scale came into force (1 July 2015).
pub fn by_contract_value(base: Exact, law: &LawAt<'_>) -> Result<Contribution, LawGap> {
    let steps = vec![Step::plain(What::GivenValue, base)];
    compute(base, law, steps)
}

/// Contribution on a contract value that includes value-added tax (PPN): the tax in force on the
/// SPK day is taken out first, and the base keeps its decimals. Worked: 199,800,000 gross on
/// 3 March 2025 is 180,000,000 net at 11 %.
///
/// # Errors
/// As [`by_contract_value`].
pub fn by_gross_value(gross: Exact, law: &LawAt<'_>) -> Result<Contribution, LawGap> {
    let readings = law.readings(PPN)?;
    let (rate, reading) = ppn_rate(law)?;
    let base = gross.without_tax(rate);
    let steps = vec![
        Step::plain(What::GivenValue, gross),
        Step::under(What::TaxRemoved { rate_ppm: rate }, Some(base), reading),
    ];
    let mut contribution = compute(base, law, steps)?;
    for other in &readings[1..] {
        if let Value::Number(rate) = other.value {
            let total = compute(gross.without_tax(rate), law, Vec::new())?.total;
            contribution.note_other(PPN, other, total);
        }
    }
    Ok(contribution)
}

impl Contribution {
    fn note_other(&mut self, parameter: &str, reading: &Reading, total: Rupiah) {
        if total != self.total {
            self.other_readings.push(OtherReading { parameter: parameter.into(), reading: reading.id.clone(), total });
        }
    }
}

fn scale_of<'a>(law: &LawAt<'a>, path: &str) -> Result<(&'a [Bracket], &'a Reading), LawGap> {
    let reading = law.reading(path)?;
    match &reading.value {
        Value::Scale(scale) => Ok((scale, reading)),
        _ => Err(LawGap { path: path.into(), date: law.date() }),
    }
}

fn compute(base: Exact, law: &LawAt<'_>, mut steps: Vec<Step>) -> Result<Contribution, LawGap> {
    let mut parts = [Exact::ZERO; 2];
    for (i, (programme, path)) in [(Programme::Jkk, JKK_SCALE), (Programme::Jkm, JKM_SCALE)].into_iter().enumerate() {
        let (scale, reading) = scale_of(law, path)?;
        for (above, part, bracket) in slices(base, scale) {
            let amount = part.at_ppm(bracket.ppm);
            let what = What::Slice { programme, above, up_to: bracket.up_to, part, rate_ppm: bracket.ppm };
            let mut step = Step::under(what, Some(amount), reading);
            if let Some(citation) = &mut step.citation {
                citation.article.clone_from(&bracket.article);
            }
            steps.push(step);
            parts[i] = parts[i] + amount;
        }
    }
    let sum = parts[0] + parts[1];
    steps.push(Step::plain(What::Sum, sum));
    let readings = law.readings(ROUNDING)?;
    let rounded: Vec<([Rupiah; 3], &Reading)> =
        readings.iter().filter_map(|r| round_by(&r.value, parts).map(|v| (v, r))).collect();
    let Some(&([jkk, jkm, total], reading)) = rounded.first() else {
        return Err(LawGap { path: ROUNDING.into(), date: law.date() });
    };
    steps.push(Step::under(What::Rounded { rule: reading.id.clone() }, Some(total.into()), reading));
    let mut contribution = Contribution { base, jkk, jkm, total, steps, other_readings: Vec::new() };
    for ([_, _, other], reading) in &rounded[1..] {
        contribution.note_other(ROUNDING, reading, *other);
    }
    Ok(contribution)
}

/// The two programmes and the total, such that the first two sum to the third.
fn round_by(value: &Value, parts: [Exact; 2]) -> Option<[Rupiah; 3]> {
    let Value::Rounding(rule, scope) = value else { return None };
    let jkk = parts[0].round(*rule)?;
    match scope {
        RoundingScope::EachProgramme => {
            let jkm = parts[1].round(*rule)?;
            Some([jkk, jkm, jkk.checked_add(jkm)?])
        }
        RoundingScope::Total => {
            let total = (parts[0] + parts[1]).round(*rule)?;
            Some([jkk, Rupiah(total.0.checked_sub(jkk.0)?), total])
        }
    }
}

/// Instalments of a determined contribution: 50, 25, 25 percent in the default reading.
///
/// The parts are whole rupiah and sum to the total exactly.
///
/// # Errors
/// [`LawGap`] before 1 July 2015.
pub fn instalments(total: Rupiah, law: &LawAt<'_>) -> Result<Vec<Rupiah>, LawGap> {
    match &law.reading(INSTALMENTS)?.value {
        Value::Parts(parts) => Ok(total.split(parts)),
        _ => Err(LawGap { path: INSTALMENTS.into(), date: law.date() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Law;

    fn on(day: &str) -> LawAt<'static> {
        Law::builtin().at(day.parse().unwrap())
    }

    /// Cumulative amounts at the tops of the slices, from the regulation itself.
    #[test]
    fn the_scale_meets_the_published_sums() {
        for (base, jkk, jkm) in [
            (0i64, 0i64, 0i64),
            (100_000_000, 210_000, 30_000),
            (180_000_000, 346_000, 46_000),
            (500_000_000, 890_000, 110_000),
            (1_000_000_000, 1_540_000, 210_000),
            (5_000_000_000, 5_940_000, 610_000),
            (6_000_000_000, 5_940_000 + 900_000, 610_000 + 100_000),
        ] {
            let due = by_contract_value(Exact::whole(base), &on("2025-03-03")).unwrap();
            assert_eq!((due.jkk.0, due.jkm.0, due.total.0), (jkk, jkm, jkk + jkm), "{base}");
        }
    }

    /// At every boundary, two rupiah to each side, against the definition written out by hand.
    #[test]
    fn boundaries_plus_minus_two_rupiah() {
        let combined = |v: i128| -> Exact {
            let tiers = [
                (0, 100_000_000, 2400),
                (100_000_000, 500_000_000, 1900),
                (500_000_000, 1_000_000_000, 1500),
                (1_000_000_000, 5_000_000_000, 1200),
                (5_000_000_000, i128::MAX, 1000),
            ];
            let millionths: i128 = tiers.iter().map(|(lo, hi, ppm)| (v.min(*hi) - lo).max(0) * ppm).sum();
            Exact::ratio(millionths, 1_000_000)
        };
        for boundary in [0i64, 100_000_000, 500_000_000, 1_000_000_000, 5_000_000_000] {
            for value in (boundary - 2).max(0)..=boundary + 2 {
                let due = by_contract_value(Exact::whole(value), &on("2020-01-01")).unwrap();
                let expected = combined(i128::from(value)).round(kernel::money::Rounding::HalfUp).unwrap();
                assert_eq!(due.total, expected, "{value}");
                assert_eq!(due.jkk.0 + due.jkm.0, due.total.0);
                assert_eq!(total(Exact::whole(value), &on("2020-01-01")).unwrap(), expected);
            }
        }
    }

    #[test]
    fn tax_goes_by_the_day_of_the_order() {
        let gross = Exact::whole(222_000_000);
        for (day, base) in [
            ("2022-03-31", Exact::ratio(222_000_000 * 10, 11)),
            ("2022-04-01", Exact::whole(200_000_000)),
            ("2025-01-01", Exact::whole(200_000_000)),
        ] {
            assert_eq!(by_gross_value(gross, &on(day)).unwrap().base, base, "{day}");
        }
        let both = by_gross_value(gross, &on("2025-03-03")).unwrap();
        assert_eq!(both.other_readings.len(), 1, "the contested rate of 2025 is shown, not hidden");
        assert!(both.steps.iter().any(|s| s.confidence == Some(crate::Confidence::Unconfirmed)));
    }

    #[test]
    fn no_law_no_figure() {
        assert!(by_contract_value(Exact::whole(1), &on("2015-06-30")).is_err());
    }

    #[test]
    fn every_step_of_a_rate_carries_its_article() {
        let due = by_contract_value(Exact::whole(700_000_000), &on("2025-03-03")).unwrap();
        let slices: Vec<_> = due.steps.iter().filter(|s| matches!(s.what, What::Slice { .. })).collect();
        assert_eq!(slices.len(), 6);
        assert!(slices.iter().all(|s| s.citation.as_ref().is_some_and(|c| c.article.contains("huruf"))));
    }

    #[test]
    fn instalments_sum_to_the_whole() {
        assert_eq!(
            instalments(Rupiah(392_001), &on("2025-03-03")).unwrap(),
            [Rupiah(196_001), Rupiah(98_000), Rupiah(98_000)]
        );
    }
}
