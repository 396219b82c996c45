//! Scholarships of children: PP 44/2015 Article 25 (2) b 8 and (3), Article 34.

use super::{Benefit, Cause, Member, Sheet};
use crate::explained::{Arg, Step, code};
use crate::{Declined, LawAt};
use kernel::Exact;

/// Once, or year by year.
pub const KIND: &str = "benefit/scholarship_kind";
/// The choice under which it is paid year by year.
pub const YEARLY: &str = "yearly";
/// The single sum of the older rule.
pub const ONCE: &str = "benefit/scholarship_once";
/// Rupiah a year by school level.
pub const PER_YEAR: &str = "benefit/scholarship_per_year";
/// Most years by school level.
pub const YEARS_MAX: &str = "benefit/scholarship_years_max";
/// Most children.
pub const CHILDREN_MAX: &str = "benefit/scholarship_children_max";
/// Whether a construction worker's death programme gives any.
pub const JAKON_JKM: &str = "benefit/scholarship_jakon_jkm";
/// Years of contributions that the death programme asks for.
pub const YEARS_INSURED: &str = "benefit/scholarship_jkm_years_insured";

/// A school level and how long the child will be in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Code of the level: `tk`, `sd`, `smp`, `sma`, `s1`.
    pub level: String,
    /// Years; the most the level allows where not said.
    pub years: Option<i64>,
}

/// The school years one child has before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// In order.
    pub stages: Vec<Stage>,
}

/// Since 2 December 2019: for at most two children, by school level and year, up to the years of
/// the level; before: 12,000,000 once. By a death that is no work accident only after the years of
/// contributions the law asks for, which a construction project rarely reaches.
///
/// # Errors
/// [`Declined`] for more children, years or levels than the law knows, or where the years of
/// contributions are needed and missing.
pub fn scholarship(
    children: &[Child],
    cause: Cause,
    member: Member,
    years_insured: Option<i64>,
    law: LawAt<'_>,
) -> Result<Benefit, Declined> {
    let mut sheet = Sheet::new(law)?;
    if children.is_empty() {
        return Err(Declined::Missing { what: "child" });
    }
    promise(children, cause, member, years_insured, &mut sheet)?;
    // Asked for by themselves, scholarships are the total.
    sheet.benefit.items = std::mem::take(&mut sheet.benefit.outside);
    sheet.done()
}

/// Adds the scholarships outside the total.
pub(super) fn promise(
    children: &[Child],
    cause: Cause,
    member: Member,
    years_insured: Option<i64>,
    sheet: &mut Sheet<'_>,
) -> Result<(), Declined> {
    let law = sheet.law;
    let (most, _) = law.number(CHILDREN_MAX)?;
    if children.len() as i64 > most {
        return Err(Declined::OutOfRange { what: "child".into(), least: 1, most });
    }
    if cause == Cause::Other {
        let (needed, reading) = law.number(YEARS_INSURED)?;
        let years = years_insured.ok_or(Declined::Missing { what: "years-insured" })?;
        if years < needed {
            let step =
                Step::new(code::NOT_ENTITLED).with("years", Arg::Count(years)).with("needed", Arg::Count(needed));
            sheet.step(step.under(reading));
            return Ok(());
        }
        if member == Member::Jakon {
            sheet.step(Step::new(code::NORMALLY_NONE).under(law.reading(JAKON_JKM)?));
        }
    }
    let (kind, _) = law.choice(KIND)?;
    if kind != YEARLY {
        let (amount, reading) = law.number(ONCE)?;
        sheet.step(Step::new(code::SCHOLARSHIP_ONCE).making(Exact::whole(amount)).under(reading));
        return sheet.promise("scholarship", Exact::whole(amount), reading, reading.confidence);
    }
    for (i, child) in children.iter().enumerate() {
        if child.stages.is_empty() {
            return Err(Declined::Missing { what: "child" });
        }
        for (j, stage) in child.stages.iter().enumerate() {
            let unknown = || Declined::UnknownCode { what: "child", code: stage.level.clone() };
            let (rows, reading) = law.rows(PER_YEAR)?;
            let row = rows.iter().find(|r| r.code == stage.level).ok_or_else(unknown)?;
            let (years_max, _) = law.row(YEARS_MAX, &stage.level)?;
            if child.stages[..j].iter().any(|s| s.level == stage.level) {
                return Err(Declined::Contradiction { first: stage.level.clone(), second: stage.level.clone() });
            }
            let years = stage.years.unwrap_or(years_max.number);
            if years < 1 || years > years_max.number {
                return Err(Declined::OutOfRange { what: stage.level.clone(), least: 1, most: years_max.number });
            }
            let amount = Exact::whole(row.number) * years;
            let step = Step::new(code::SCHOLARSHIP)
                .with("child", Arg::Count(i as i64 + 1))
                .with("what", Arg::Text(row.title.clone()))
                .with("years", Arg::Count(years))
                .with("per_year", Arg::Money(Exact::whole(row.number)));
            sheet.step(step.making(amount).under(reading));
            let code = format!("scholarship-child-{}-{}", i + 1, stage.level);
            sheet.promise(&code, amount, reading, reading.confidence)?;
        }
    }
    Ok(())
}
