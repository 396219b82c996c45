//! Contributions of construction services: PP 44/2015 Articles 54 and 55.
//!
//! [`scale`] holds the formula under its article, [`Case`] a whole contract with its addenda,
//! [`batch`] the same formula over millions of rows.

mod addendum;
pub mod batch;

mod late;
mod relief;
mod scale;
mod wages;

pub use addendum::{Addendum, AddendumDue, Extension, ExtensionDue};
pub(crate) use late::months_between;
pub use late::{LateFee, Lateness};
pub use relief::{Relief, ReliefFacts};
pub(crate) use scale::slices;
pub use scale::{by_contract_value, by_gross_value, on_scale, ppn_rate, total, total_of_gross};

use crate::declined::positive;
use crate::explained::{Arg, Step, code};
use crate::readings::Readings;
use crate::{Declined, Law, LawAt, LawGap};
use kernel::{Date, Exact, Rupiah};

/// Work-accident scale.
pub const JKK_SCALE: &str = "jakon/jkk_scale";
/// Death scale.
pub const JKM_SCALE: &str = "jakon/jkm_scale";
/// Work-accident rate on known wages.
pub const JKK_WAGE_RATE: &str = "jakon/jkk_wage_rate";
/// Death rate on known wages.
pub const JKM_WAGE_RATE: &str = "jakon/jkm_wage_rate";
/// Rounding rule.
pub const ROUNDING: &str = "jakon/rounding";
/// Instalment parts.
pub const INSTALMENTS: &str = "jakon/instalments";
/// Value-added tax.
pub const PPN: &str = "tax/ppn";
/// Consultants' duty.
pub const CONSULTANTS: &str = "jakon/duty_consultants";
/// Self-managed works.
pub const SELF_MANAGED: &str = "jakon/self_managed";
/// One registration for the whole period of an order.
pub const ONE_REGISTRATION: &str = "jakon/one_registration";

/// A contribution for one project, in whole rupiah, with every step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// The base, exact: contract value without value-added tax, or the wages of all months.
    pub base: Exact,
    /// The sum of both programmes before the one rounding.
    pub unrounded: Exact,
    /// Work accident.
    pub jkk: Rupiah,
    /// Death.
    pub jkm: Rupiah,
    /// What is to be paid.
    pub total: Rupiah,
    /// How it came about, with articles.
    pub steps: Vec<Step>,
}

/// What the contribution is computed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// Contract value without value-added tax.
    Net(Exact),
    /// Contract value with value-added tax.
    Gross(Exact),
    /// Wages of all workers in one month, where they are stated and known, for so many months.
    MonthlyWages {
        /// Rupiah a month.
        wages: Exact,
        /// Months of work.
        months: u32,
    },
}

/// How it is paid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Plan {
    /// All at once.
    Lump,
    /// In instalments.
    #[default]
    Instalments,
}

/// What the contract is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Role {
    /// Works.
    #[default]
    Works,
    /// Planning or supervising consultant: a duty of its own, computed alike.
    Consultant,
    /// Works an office or group carries out itself: the branch decides.
    SelfManaged,
}

/// A whole contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What the contribution is computed on.
    pub base: Base,
    /// Day of the work order (SPK); it sets the law and the tax.
    pub order_date: Date,
    /// How it is paid.
    pub plan: Plan,
    /// What the contract is for.
    pub role: Role,
    /// Changes of the value, each the whole new value in the terms of `base`.
    pub addenda: Vec<Addendum>,
    /// Changes of the period.
    pub extensions: Vec<Extension>,
    /// Last day of the works, where known.
    pub works_end: Option<Date>,
    /// Facts for the relief of 2020.
    pub relief: ReliefFacts,
    /// When a payment was due and made, for a late fee.
    pub lateness: Option<Lateness>,
}

impl Case {
    /// A plain contract: no addenda, in instalments.
    pub fn new(base: Base, order_date: Date) -> Self {
        Self {
            base,
            order_date,
            plan: Plan::default(),
            role: Role::default(),
            addenda: Vec::new(),
            extensions: Vec::new(),
            works_end: None,
            relief: ReliefFacts::default(),
            lateness: None,
        }
    }
}

/// Everything there is to say about a contract's contribution, under one reading of the law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Determined {
    /// The contribution of the contract as it stands after its last addendum.
    pub contribution: Contribution,
    /// Parts of the first determination, in the order they are paid. With the addenda's
    /// differences they sum to the total.
    pub instalments: Vec<Rupiah>,
    /// What each addendum changed.
    pub addenda: Vec<AddendumDue>,
    /// What each extension changed.
    pub extensions: Vec<ExtensionDue>,
    /// What the relief of 2020 left to pay, where it applies.
    pub relief: Option<Relief>,
    /// A late fee, where one was asked for.
    pub late_fee: Option<LateFee>,
    /// Only the branch can say whether this contract falls under the programme.
    pub branch_decides: bool,
}

/// Computes a whole contract under every reading of the law that changes an amount.
///
/// # Errors
/// [`Declined`] where an input makes no sense or the law has no value for the day.
pub fn determine(case: &Case, law: &Law) -> Result<Readings<Determined>, Declined> {
    law.under_every_reading(case.order_date, |law| determine_at(case, &law), same_amounts)
}

fn same_amounts(a: &Determined, b: &Determined) -> bool {
    let c = |d: &Determined| (d.contribution.jkk, d.contribution.jkm, d.contribution.total);
    c(a) == c(b)
        && a.instalments == b.instalments
        && a.addenda.iter().map(|x| x.difference).eq(b.addenda.iter().map(|x| x.difference))
        && a.relief.as_ref().map(|r| r.payable) == b.relief.as_ref().map(|r| r.payable)
        && a.late_fee == b.late_fee
        && a.extensions.iter().map(|e| e.report_by).eq(b.extensions.iter().map(|e| e.report_by))
}

fn determine_at(case: &Case, law: &LawAt<'_>) -> Result<Determined, Declined> {
    let mut first = of_base(&case.base, law)?;
    let mut opening = role_steps(case, law)?;
    let on_wages = matches!(case.base, Base::MonthlyWages { .. });
    let instalments = match case.plan {
        // On wages it is paid month by month, whatever was asked.
        _ if on_wages => wages::monthly_parts(&first, case),
        Plan::Lump => vec![first.total],
        Plan::Instalments => instalments(first.total, law)?,
    };
    if case.plan == Plan::Instalments && !on_wages {
        let (parts, reading) = law.parts(INSTALMENTS)?;
        for ((n, part), percent) in (1..).zip(&instalments).zip(parts) {
            first.steps.push(
                Step::new(code::INSTALMENT)
                    .with("number", Arg::Count(n))
                    .with("percent", Arg::Count(i64::from(*percent)))
                    .making((*part).into())
                    .under(reading),
            );
        }
    }
    let relief = relief::relief(case, &first, &instalments, law)?;
    let (mut contribution, addenda) = addendum::follow(case, first, law)?;
    let extensions = addendum::extensions(case, law, &mut contribution.steps)?;
    contribution.steps.extend(relief.iter().flat_map(|r| r.steps.clone()));
    let late_fee = match &case.lateness {
        Some(lateness) => {
            // Contributions on wages fall due month by month, so one month is late, not all of them.
            let month = instalments.first().filter(|_| on_wages).copied();
            let part = month.unwrap_or(contribution.total);
            Some(late::fee(case, lateness, part, law, &mut contribution.steps)?)
        }
        None => None,
    };
    opening.append(&mut contribution.steps);
    contribution.steps = opening;
    Ok(Determined {
        contribution,
        instalments,
        addenda,
        extensions,
        relief,
        late_fee,
        branch_decides: case.role == Role::SelfManaged,
    })
}

/// The contribution of one base.
fn of_base(base: &Base, law: &LawAt<'_>) -> Result<Contribution, Declined> {
    match base {
        Base::Net(value) => Ok(by_contract_value(positive(*value, "value")?, law)?),
        Base::Gross(value) => Ok(by_gross_value(positive(*value, "gross-value")?, law)?),
        Base::MonthlyWages { wages, months } => wages::by_wages(positive(*wages, "monthly-wages")?, *months, law),
    }
}

/// Steps that say under which duty the contract falls, before any amount.
fn role_steps(case: &Case, law: &LawAt<'_>) -> Result<Vec<Step>, Declined> {
    let mut steps = Vec::new();
    match case.role {
        Role::Works => {}
        Role::Consultant => steps.push(Step::new(code::CONSULTANT).under(law.reading(CONSULTANTS)?)),
        Role::SelfManaged => steps.push(Step::new(code::SELF_MANAGED).under(law.reading(SELF_MANAGED)?)),
    }
    if let Some(end) = case.works_end {
        if end < case.order_date {
            return Err(Declined::DateOrder { date: end, after: case.order_date });
        }
        if end.year() > case.order_date.year() {
            let step = Step::new(code::ONE_REGISTRATION).with("end", Arg::Day(end));
            steps.push(step.under(law.reading(ONE_REGISTRATION)?));
        }
    }
    Ok(steps)
}

/// Instalments of a determined contribution: 50, 25, 25 percent in the default reading.
///
/// The parts are whole rupiah and sum to the total exactly.
///
/// # Errors
/// [`LawGap`] before 1 July 2015.
pub fn instalments(total: Rupiah, law: &LawAt<'_>) -> Result<Vec<Rupiah>, LawGap> {
    Ok(total.split(law.parts(INSTALMENTS)?.0))
}

#[cfg(test)]
mod tests;
