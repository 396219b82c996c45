//! The marginal scale on a contract value, under its articles.

use super::{Contribution, JKK_SCALE, JKM_SCALE, PPN, ROUNDING};
use crate::explained::{Arg, Step, code};
use crate::model::{Bracket, Reading, RoundingScope};
use crate::{LawAt, LawGap};
use kernel::money::Rounding;
use kernel::{Exact, Rupiah};

/// The value-added tax rate in force on a day, in parts per million, with its reading.
///
/// # Errors
/// [`LawGap`] before 1 July 2015.
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

/// The slices a base reaches: bottom, the part inside, the bracket.
pub(crate) fn slices(base: Exact, scale: &[Bracket]) -> impl Iterator<Item = (i64, Exact, &Bracket)> {
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
    let parts = [on_scale(base, law.scale(JKK_SCALE)?.0), on_scale(base, law.scale(JKM_SCALE)?.0)];
    let (rule, scope, _) = law.rounding(ROUNDING)?;
    round_by(rule, scope, parts).map(|[_, _, total]| total).ok_or_else(|| law.gap(ROUNDING))
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
    compute(base, law, vec![Step::new(code::GIVEN_VALUE).making(base)])
}

/// Contribution on a contract value that includes value-added tax (PPN): the tax in force on the
/// SPK day is taken out first, and the base keeps its decimals. Worked: 199,800,000 gross on
/// 3 March 2025 is 180,000,000 net at 11 %.
///
/// # Errors
/// As [`by_contract_value`].
pub fn by_gross_value(gross: Exact, law: &LawAt<'_>) -> Result<Contribution, LawGap> {
    let (rate, reading) = ppn_rate(law)?;
    let base = gross.without_tax(rate);
    let steps = vec![
        Step::new(code::GIVEN_VALUE).making(gross),
        Step::new(code::TAX_REMOVED).with("rate_ppm", Arg::Rate(rate)).making(base).under(reading),
    ];
    compute(base, law, steps)
}

fn compute(base: Exact, law: &LawAt<'_>, mut steps: Vec<Step>) -> Result<Contribution, LawGap> {
    let mut parts = [Exact::ZERO; 2];
    for (i, (programme, path)) in [("jkk", JKK_SCALE), ("jkm", JKM_SCALE)].into_iter().enumerate() {
        let (scale, reading) = law.scale(path)?;
        for (above, part, bracket) in slices(base, scale) {
            let amount = part.at_ppm(bracket.ppm);
            parts[i] = parts[i] + amount;
            let step = Step::new(code::SLICE)
                .with("programme", Arg::Word(programme.into()))
                .with("above", Arg::Count(above))
                .with("part", Arg::Money(part))
                .with("rate_ppm", Arg::Rate(bracket.ppm))
                .making(amount)
                .under(reading)
                .at_article(&bracket.article);
            steps.push(step);
        }
    }
    finish(base, parts, law, steps)
}

/// Sum and the one rounding.
pub(super) fn finish(
    base: Exact,
    parts: [Exact; 2],
    law: &LawAt<'_>,
    mut steps: Vec<Step>,
) -> Result<Contribution, LawGap> {
    let unrounded = parts[0] + parts[1];
    steps.push(Step::new(code::SUM).making(unrounded));
    let (rule, scope, reading) = law.rounding(ROUNDING)?;
    let [jkk, jkm, total] = round_by(rule, scope, parts).ok_or_else(|| law.gap(ROUNDING))?;
    steps
        .push(Step::new(code::ROUNDED).with("rule", Arg::Word(reading.id.clone())).making(total.into()).under(reading));
    Ok(Contribution { base, unrounded, jkk, jkm, total, steps })
}

/// The two programmes and the total, such that the first two sum to the third.
fn round_by(rule: Rounding, scope: RoundingScope, parts: [Exact; 2]) -> Option<[Rupiah; 3]> {
    let jkk = parts[0].round(rule)?;
    match scope {
        RoundingScope::EachProgramme => {
            let jkm = parts[1].round(rule)?;
            Some([jkk, jkm, jkk.checked_add(jkm)?])
        }
        RoundingScope::Total => {
            let total = (parts[0] + parts[1]).round(rule)?;
            Some([jkk, Rupiah(total.0.checked_sub(jkk.0)?), total])
        }
    }
}
