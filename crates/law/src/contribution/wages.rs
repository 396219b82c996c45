//! Contribution on wages, where the wage component is stated and known: PP 44/2015 Article 54 (1)
//! and 55 (1).

use super::{Base, Case, Contribution, JKK_WAGE_RATE, JKM_WAGE_RATE, scale};
use crate::explained::{Arg, Step, code};
use crate::{Declined, LawAt};
use kernel::{Exact, Rupiah};

/// Most months of one project: fifty years.
const MONTHS_MAX: u32 = 600;

/// `wages of a month x months x (1.74 % + 0.30 %)`. The law gives no free choice of this method:
/// it holds where the wage component is stated in the contract and known. Worked: wages of
/// 50,000,000 a month for one month give 870,000 + 150,000 = 1,020,000.
///
/// # Errors
/// [`Declined`] for no months, too many, or a day before 1 July 2015.
pub(super) fn by_wages(wages: Exact, months: u32, law: &LawAt<'_>) -> Result<Contribution, Declined> {
    if months == 0 {
        return Err(Declined::NotPositive { what: "months" });
    }
    if months > MONTHS_MAX {
        return Err(Declined::TooLarge { what: "months" });
    }
    let base = wages * i64::from(months);
    let mut steps = vec![
        Step::new(code::WAGE_BILL).making(wages),
        Step::new(code::MONTHS).with("months", Arg::Count(i64::from(months))).making(base),
    ];
    let mut parts = [Exact::ZERO; 2];
    for (i, (programme, path)) in [("jkk", JKK_WAGE_RATE), ("jkm", JKM_WAGE_RATE)].into_iter().enumerate() {
        let (rate, reading) = law.number(path)?;
        parts[i] = base.at_ppm(rate);
        let step =
            Step::new(code::WAGE_RATE).with("programme", Arg::Word(programme.into())).with("rate_ppm", Arg::Rate(rate));
        steps.push(step.making(parts[i]).under(reading));
    }
    Ok(scale::finish(base, parts, law, steps)?)
}

/// One equal part a month, in whole rupiah, that sum to the whole.
pub(super) fn monthly_parts(contribution: &Contribution, case: &Case) -> Vec<Rupiah> {
    match case.base {
        Base::MonthlyWages { months, .. } => contribution.total.split(&vec![1; months as usize]),
        _ => vec![contribution.total],
    }
}
