//! The late fee of PP 44/2015 Article 22, and whether it reaches a contract-value contribution.

use super::{Base, Case};
use crate::explained::{Arg, Step, code};
use crate::{Declined, LawAt};
use kernel::money::Rounding;
use kernel::{Date, Exact, Rupiah};

/// Rate a month, parts per million.
pub const RATE: &str = "jakon/late_fee_rate";
/// Whether a month begun counts as a month.
pub const MONTHS: &str = "jakon/late_fee_months";
/// Whether the fee reaches contributions by contract value.
pub const REACHES_VALUE: &str = "jakon/late_fee_on_contract_value";
/// The choice that says yes.
pub const YES: &str = "yes";
/// The choice under which a month begun counts in full.
pub const STARTED: &str = "started";

/// A payment that came after its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lateness {
    /// The day it was due.
    pub due: Date,
    /// The day it was paid.
    pub paid_on: Date,
}

/// The fee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateFee {
    /// Months counted.
    pub months: i64,
    /// What is to be paid on top.
    pub fee: Rupiah,
}

/// `2 % x months late x what was due`. The article speaks of monthly contributions on wages; for a
/// contribution by contract value no text names a due day or a fee, so both readings are kept.
/// `part` is what was due: the whole contribution, or one month's on wages.
pub(super) fn fee(
    case: &Case,
    lateness: &Lateness,
    part: Rupiah,
    law: &LawAt<'_>,
    steps: &mut Vec<Step>,
) -> Result<LateFee, Declined> {
    let law = law.on(lateness.due);
    if lateness.paid_on <= lateness.due {
        return Ok(LateFee { months: 0, fee: Rupiah::ZERO });
    }
    if !matches!(case.base, Base::MonthlyWages { .. }) {
        let (reaches, reading) = law.choice(REACHES_VALUE)?;
        if reaches != YES {
            steps.push(Step::new(code::NO_LATE_FEE).under(reading));
            return Ok(LateFee { months: 0, fee: Rupiah::ZERO });
        }
    }
    let (rate, reading) = law.number(RATE)?;
    let (months, how) = months_between(lateness.due, lateness.paid_on, &law, MONTHS)?;
    steps.push(Step::new(code::LATE_MONTHS).with("months", Arg::Count(months)).under(how));
    let amount = Exact::from(part).at_ppm(rate) * months;
    let fee = amount.round(Rounding::HalfUp).ok_or(Declined::TooLarge { what: "paid-on" })?;
    steps.push(Step::new(code::LATE_FEE).with("rate_ppm", Arg::Rate(rate)).making(amount).under(reading));
    Ok(LateFee { months, fee })
}

/// Months from one day to another, a month begun counted in full or not at all as the law data say.
pub(crate) fn months_between<'a>(
    from: Date,
    to: Date,
    law: &LawAt<'a>,
    path: &str,
) -> Result<(i64, &'a crate::Reading), Declined> {
    let (how, reading) = law.choice(path)?;
    let span = from.until((jiff::Unit::Month, to)).map_err(|_| Declined::TooLarge { what: "paid-on" })?;
    let begun = i64::from(span.get_days() > 0 && how == STARTED);
    Ok((i64::from(span.get_months()) + begun, reading))
}
