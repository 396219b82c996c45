//! The relief of 2020: PP 49/2020 Articles 9 and 12.

use super::{Base, Case, Contribution, Plan};
use crate::explained::{Arg, Step, code};
use crate::{Declined, LawAt, Reading};
use kernel::money::Rounding;
use kernel::{Date, Exact, Rupiah};

/// What is left to pay of the part the relief reaches, in parts per million; the whole outside it.
pub const REST_RATE: &str = "jakon/relief_rest_rate";
/// The first instalment of a new project is paid in full.
pub const FIRST_INSTALMENT: &str = "jakon/relief_first_instalment";
/// What no source treats: a new project that pays at once.
pub const LUMP: &str = "jakon/relief_lump";
/// Months on wages that a newcomer pays in full.
pub const FULL_MONTHS: &str = "jakon/relief_full_months";
/// No relief: all of it is left to pay.
const WHOLE: i64 = 1_000_000;

/// What the relief has to know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReliefFacts {
    /// Day of registration; the day of the order where not said.
    pub registered: Option<Date>,
    /// What had been paid before the relief began, for a project that was running.
    pub paid_before: Option<Rupiah>,
    /// Day of the payment in question, for a project that was running.
    pub pay_on: Option<Date>,
}

/// What the relief leaves to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relief {
    /// What is paid instead of the determined contribution (new project) or of its unpaid rest
    /// (running project).
    pub payable: Rupiah,
    /// What the relief saves.
    pub saved: Rupiah,
    /// Parts of `payable`, as they are paid.
    pub instalments: Vec<Rupiah>,
    /// How it came about.
    pub steps: Vec<Step>,
}

/// By contract value, a project registered while the relief ran pays its first instalment in full and
/// one percent of the later ones; one registered before pays one percent of what was still unpaid.
/// Worked: 392,000 registered in September 2020 pays 196,000 + 1 % of 196,000 = 197,960.
pub(super) fn relief(
    case: &Case,
    first: &Contribution,
    instalments: &[Rupiah],
    law: &LawAt<'_>,
) -> Result<Option<Relief>, Declined> {
    let registered = case.relief.registered.unwrap_or(case.order_date);
    if registered < case.order_date {
        return Err(Declined::DateOrder { date: registered, after: case.order_date });
    }
    if matches!(case.base, Base::MonthlyWages { .. }) {
        return on_wages(registered, first, instalments, law);
    }
    let (rate, reading) = law.on(registered).number(REST_RATE)?;
    if rate < WHOLE {
        return new_project(case, first, instalments, (rate, reading), law).map(Some);
    }
    let Some(pay_on) = case.relief.pay_on else { return Ok(None) };
    if pay_on < registered {
        return Err(Declined::DateOrder { date: pay_on, after: registered });
    }
    let (rate, reading) = law.on(pay_on).number(REST_RATE)?;
    if rate == WHOLE {
        return Ok(None);
    }
    let paid = case.relief.paid_before.unwrap_or(Rupiah::ZERO);
    let rest = Rupiah((first.total.0 - paid.0).max(0));
    let (left, step) = reduced(rest, rate, reading);
    Ok(Some(Relief { payable: left, saved: Rupiah(rest.0 - left.0), instalments: vec![left], steps: vec![step] }))
}

fn new_project(
    case: &Case,
    first: &Contribution,
    instalments: &[Rupiah],
    (rate, reading): (i64, &Reading),
    law: &LawAt<'_>,
) -> Result<Relief, Declined> {
    // No text treats a lump sum, so it is divided as instalments would be, and marked.
    let full = super::instalments(first.total, law)?.first().copied().unwrap_or(first.total);
    let path = if case.plan == Plan::Lump { LUMP } else { FIRST_INSTALMENT };
    let full_step = Step::new(code::RELIEF_FULL).making(full.into()).under(law.reading(path)?);
    let rest = Rupiah((first.total.0 - full.0).max(0));
    let (left, step) = reduced(rest, rate, reading);
    let mut parts = vec![full];
    parts.extend(left.split(&vec![1; instalments.len().saturating_sub(1).max(1)]));
    let payable = Rupiah(full.0 + left.0);
    Ok(Relief { payable, saved: Rupiah(rest.0 - left.0), instalments: parts, steps: vec![full_step, step] })
}

/// On wages, a newcomer pays two months in full, then each month by its own rate.
fn on_wages(
    registered: Date,
    first: &Contribution,
    months: &[Rupiah],
    law: &LawAt<'_>,
) -> Result<Option<Relief>, Declined> {
    let (full_months, full_reading) = law.number(FULL_MONTHS)?;
    let too_far = || Declined::TooLarge { what: "months" };
    let (mut parts, mut steps, mut any) = (Vec::new(), Vec::new(), false);
    let starts_inside = law.on(registered).number(REST_RATE)?.0 < WHOLE;
    for (i, month) in (0i64..).zip(months) {
        let day = registered.first_of_month().checked_add(jiff::Span::new().months(i)).map_err(|_| too_far())?;
        let (rate, reading) = law.on(day.max(registered)).number(REST_RATE)?;
        if rate == WHOLE {
            parts.push(*month);
        } else if starts_inside && i < full_months {
            parts.push(*month);
            steps.push(Step::new(code::RELIEF_FULL).making((*month).into()).under(full_reading));
        } else {
            any = true;
            let (left, step) = reduced(*month, rate, reading);
            parts.push(left);
            steps.push(step);
        }
    }
    if !any {
        return Ok(None);
    }
    let payable = Rupiah(parts.iter().map(|p| p.0).sum());
    Ok(Some(Relief { payable, saved: Rupiah(first.total.0 - payable.0), instalments: parts, steps }))
}

/// What is left of an amount under a rate, and the step that says so.
fn reduced(rest: Rupiah, rate: i64, reading: &Reading) -> (Rupiah, Step) {
    let left = Exact::from(rest).at_ppm(rate).round(Rounding::HalfUp).unwrap_or(rest);
    let step = Step::new(code::RELIEF).with("rate_ppm", Arg::Rate(rate)).with("rest", Arg::Money(rest.into()));
    (left, step.making(left.into()).under(reading))
}
