//! Death: by work accident PP 44/2015 Article 25 (2) b 4 and 5, otherwise Article 34.

use super::{Benefit, Child, MONTHS_OF_WAGE, Member, PERIODIC, Sheet, Wage, scholarship};
use crate::explained::{Arg, Step, code};
use crate::{Declined, LawAt};
use kernel::Exact;

/// Share of the wages.
pub const SHARE: &str = "benefit/death_share";
/// The least a death by work accident pays: the lump sum of the death programme.
pub const FLOOR: &str = "benefit/death_floor";
/// Funeral, work accident.
pub const FUNERAL: &str = "benefit/funeral";
/// Lump sum of the death programme.
pub const JKM_LUMP: &str = "benefit/jkm_lump";
/// Periodic payment of the death programme, paid at once.
pub const JKM_PERIODIC: &str = "benefit/jkm_periodic";
/// Funeral of the death programme.
pub const JKM_FUNERAL: &str = "benefit/jkm_funeral";

/// Why the person died.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cause {
    /// Work accident or occupational disease: the work-accident programme (JKK).
    #[default]
    WorkAccident,
    /// Anything else: the death programme (JKM).
    Other,
}

/// What there is to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeathFacts {
    /// How the person was insured.
    pub member: Member,
    /// Why the person died.
    pub cause: Cause,
    /// The wage; only a work accident needs it.
    pub wage: Option<Wage>,
    /// Children who study.
    pub children: Vec<Child>,
    /// Whole years of contributions, for the scholarship of the death programme.
    pub years_insured: Option<i64>,
}

/// By work accident: `60 % x 80 x monthly wage`, not less than the lump sum of the death
/// programme, plus the periodic payment at once, plus the funeral.
/// Worked, 2025, wage 3,000,000: 144,000,000 + 12,000,000 + 10,000,000 = 166,000,000.
/// Otherwise three fixed sums: 20,000,000 + 12,000,000 + 10,000,000 = 42,000,000.
/// Scholarships of children stand outside the total: they are claimed year by year.
///
/// # Errors
/// [`Declined`] where a wage is missing or makes no sense, or before 1 July 2015.
pub fn death(facts: &DeathFacts, law: LawAt<'_>) -> Result<Benefit, Declined> {
    let mut sheet = Sheet::new(law)?;
    match facts.cause {
        Cause::WorkAccident => by_accident(facts, &mut sheet)?,
        Cause::Other => {
            for (item, path, step) in [
                ("death-lump", JKM_LUMP, code::LUMP),
                ("periodic", JKM_PERIODIC, code::PERIODIC),
                ("funeral", JKM_FUNERAL, code::FIXED),
            ] {
                fixed(&mut sheet, item, path, step)?;
            }
        }
    }
    if !facts.children.is_empty() {
        scholarship::promise(&facts.children, facts.cause, facts.member, facts.years_insured, &mut sheet)?;
    }
    sheet.done()
}

fn by_accident(facts: &DeathFacts, sheet: &mut Sheet<'_>) -> Result<(), Declined> {
    let wage = facts.wage.as_ref().ok_or(Declined::Missing { what: "wage" })?;
    let law = sheet.law;
    let wage = wage.monthly(facts.member, &law, &mut sheet.benefit.steps)?;
    let (share, reading) = law.number(SHARE)?;
    let (times, _) = law.number(MONTHS_OF_WAGE)?;
    let lump = (wage * times).at_ppm(share);
    let step = Step::new(code::TIMES_WAGE)
        .with("rate_ppm", Arg::Rate(share))
        .with("times", Arg::Count(times))
        .with("wage", Arg::Money(wage));
    sheet.step(step.making(lump).under(reading));
    let (floor, floor_reading) = law.number(FLOOR)?;
    let floor = Exact::whole(floor);
    if lump < floor {
        sheet.step(Step::new(code::FLOOR).making(floor).under(floor_reading));
        sheet.pay("death-lump", floor, floor_reading)?;
    } else {
        sheet.pay("death-lump", lump, reading)?;
    }
    fixed(sheet, "periodic", PERIODIC, code::PERIODIC)?;
    fixed(sheet, "funeral", FUNERAL, code::FIXED)
}

/// A fixed sum.
pub(super) fn fixed(sheet: &mut Sheet<'_>, item: &str, path: &str, step: &'static str) -> Result<(), Declined> {
    let (amount, reading) = sheet.law.number(path)?;
    let title = sheet.law.title(path);
    sheet.step(Step::new(step).with("what", Arg::Text(title)).making(Exact::whole(amount)).under(reading));
    sheet.pay(item, Exact::whole(amount), reading)
}
