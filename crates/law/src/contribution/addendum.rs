//! Changes of a contract: a new value, a new period.

use super::{Base, Case, Contribution, of_base};
use crate::deadline;
use crate::explained::{Arg, Step, code};
use crate::{Declined, LawAt};
use kernel::{Date, Exact, Rupiah};

/// Practice on changes of value: recomputed on the whole, the difference is paid.
pub const ADDENDUM: &str = "jakon/addendum";
/// Practice on a longer period at the same value.
pub const EXTENSION: &str = "jakon/extension";

/// A change of the contract value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addendum {
    /// The whole new value, in the terms of the case's base (net, gross, or wages a month).
    pub value: Exact,
    /// Its day.
    pub date: Date,
}

/// What an addendum changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddendumDue {
    /// Its day.
    pub date: Date,
    /// The contribution before it.
    pub before: Rupiah,
    /// The contribution on the whole new value.
    pub after: Rupiah,
    /// `after - before`: to be paid where positive, to be given back where negative.
    pub difference: Rupiah,
}

/// A later end of the works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The new last day.
    pub until: Date,
    /// Day of the addendum.
    pub date: Date,
}

/// What an extension changes: nothing to pay by contract value, but a change to report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionDue {
    /// The new last day.
    pub until: Date,
    /// Last day to report the change, the strictest reading.
    pub report_by: Date,
}

/// Follows the addenda in order of their days. Because the rates are marginal, a change costs the
/// difference of two marginal sums, not a rate times the difference:
/// `f(new value) - f(old value)`. Worked: 90,000,000 raised to 120,000,000 costs
/// 278,000 - 216,000 = 62,000, while 30,000,000 alone would cost 72,000.
///
/// The tax and the scale stay those of the order's day: an addendum changes the contract, it does
/// not make a new one.
pub(super) fn follow(
    case: &Case,
    first: Contribution,
    law: &LawAt<'_>,
) -> Result<(Contribution, Vec<AddendumDue>), Declined> {
    let (mut current, mut out, mut last_day) = (first, Vec::new(), case.order_date);
    for addendum in &case.addenda {
        if addendum.date < last_day {
            return Err(Declined::DateOrder { date: addendum.date, after: last_day });
        }
        last_day = addendum.date;
        let base = match &case.base {
            Base::Net(_) => Base::Net(addendum.value),
            Base::Gross(_) => Base::Gross(addendum.value),
            Base::MonthlyWages { months, .. } => Base::MonthlyWages { wages: addendum.value, months: *months },
        };
        let mut next = of_base(&base, law)?;
        let difference = Rupiah(next.total.0 - current.total.0);
        let mut steps = current.steps;
        steps.append(&mut next.steps);
        steps.push(
            Step::new(code::ADDENDUM)
                .with("date", Arg::Day(addendum.date))
                .with("before", Arg::Money(current.total.into()))
                .with("after", Arg::Money(next.total.into()))
                .making(difference.into())
                .under(law.reading(ADDENDUM)?),
        );
        out.push(AddendumDue { date: addendum.date, before: current.total, after: next.total, difference });
        current = Contribution { steps, ..next };
    }
    Ok((current, out))
}

/// What each extension asks for.
pub(super) fn extensions(case: &Case, law: &LawAt<'_>, steps: &mut Vec<Step>) -> Result<Vec<ExtensionDue>, Declined> {
    let mut end = case.works_end.unwrap_or(case.order_date);
    let mut out = Vec::new();
    for extension in &case.extensions {
        if extension.date < case.order_date {
            return Err(Declined::DateOrder { date: extension.date, after: case.order_date });
        }
        if extension.until <= end {
            return Err(Declined::DateOrder { date: extension.until, after: end });
        }
        end = extension.until;
        let due = deadline::count(deadline::DATA_CHANGE, extension.date.into(), &law.on(extension.date))?;
        steps.push(
            Step::new(code::EXTENSION)
                .with("until", Arg::Day(extension.until))
                .with("report_by", Arg::Day(due.day()))
                .under(law.on(extension.date).reading(EXTENSION)?),
        );
        out.push(ExtensionDue { until: extension.until, report_by: due.day() });
    }
    Ok(out)
}
