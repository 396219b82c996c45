//! The relief of 2020: PP 49/2020 Articles 9 and 12.

use super::{Case, Contribution};
use crate::explained::{Arg, Step, code};
use crate::{Declined, LawAt};
use kernel::money::Rounding;
use kernel::{Date, Exact, Rupiah};

/// What is left to pay of the part the relief reaches, in parts per million; the whole outside it.
pub const REST_RATE: &str = "jakon/relief_rest_rate";

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

/// A project registered while the relief ran pays its first instalment in full and one percent of
/// the later ones; one registered before pays one percent of what was still unpaid.
/// Worked: 392,000 registered in September 2020 pays 196,000 + 1 % of 196,000 = 197,960.
pub(super) fn relief(
    case: &Case,
    first: &Contribution,
    instalments: &[Rupiah],
    law: &LawAt<'_>,
) -> Result<Option<Relief>, Declined> {
    let facts = &case.relief;
    let registered = facts.registered.unwrap_or(case.order_date);
    if registered < case.order_date {
        return Err(Declined::DateOrder { date: registered, after: case.order_date });
    }
    let whole = 1_000_000;
    let (rate_new, reading_new) = law.on(registered).number(REST_RATE)?;
    let (full, rate, reading, running) = if rate_new < whole {
        // The first part as it would be in instalments, for a lump sum as well: no text treats it apart.
        let first_part = super::instalments(first.total, law)?.first().copied().unwrap_or(first.total);
        (first_part, rate_new, reading_new, false)
    } else {
        let Some(pay_on) = facts.pay_on else { return Ok(None) };
        if pay_on < registered {
            return Err(Declined::DateOrder { date: pay_on, after: registered });
        }
        let (rate, reading) = law.on(pay_on).number(REST_RATE)?;
        if rate == whole {
            return Ok(None);
        }
        (facts.paid_before.unwrap_or(Rupiah::ZERO), rate, reading, true)
    };
    let rest = Rupiah((first.total.0 - full.0).max(0));
    let reduced = Exact::from(rest).at_ppm(rate).round(Rounding::HalfUp).unwrap_or(rest);
    let payable = if running { reduced } else { Rupiah(full.0 + reduced.0) };
    let step = Step::new(code::RELIEF)
        .with("rate_ppm", Arg::Rate(rate))
        .with("rest", Arg::Money(rest.into()))
        .making(reduced.into())
        .under(reading);
    let mut parts = Vec::new();
    if !running {
        parts.push(full);
    }
    match (running, instalments.len()) {
        (false, 2..) => parts.extend(reduced.split(&vec![1; instalments.len() - 1])),
        _ => parts.push(reduced),
    }
    Ok(Some(Relief { payable, saved: Rupiah(rest.0 - reduced.0), instalments: parts, steps: vec![step] }))
}
