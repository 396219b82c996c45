//! Temporary incapacity (STMB): PP 44/2015 Article 25 (2) b 2.

use super::{Benefit, Member, Sheet, Wage};
use crate::contribution::on_scale;
use crate::explained::{Arg, Step, code};
use crate::{Declined, LawAt};
use kernel::Exact;

/// The blocks of months, parts per million of the monthly wage.
pub const BLOCKS: &str = "benefit/incapacity_blocks";
/// Days to a month where the absence is no whole number of months.
pub const DAYS_PER_MONTH: &str = "benefit/incapacity_days_per_month";

/// Longest absence: fifty years. The law sets none: it runs until healed.
const DAYS_MAX: i64 = 18_300;

/// How long the worker could not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Absence {
    /// Whole months.
    pub months: i64,
    /// Days on top.
    pub days: i64,
}

/// The wage goes on, month by month: since 2 December 2019 in full for twelve months, then half,
/// until healed; before that in full for six, three quarters for six, then half. Paid to the
/// employer where the employer kept paying (Article 51).
/// Worked, 2025, wage 3,000,000, 14 months: 12 x 3,000,000 + 2 x 1,500,000 = 39,000,000.
///
/// # Errors
/// [`Declined`] for an absence of nothing or one nobody means.
pub fn incapacity(member: Member, wage: &Wage, absence: Absence, law: LawAt<'_>) -> Result<Benefit, Declined> {
    let mut sheet = Sheet::new(law)?;
    if absence.months < 0 || absence.days < 0 || (absence.months == 0 && absence.days == 0) {
        return Err(Declined::NotPositive { what: "months" });
    }
    let (per_month, per_month_reading) = law.number(DAYS_PER_MONTH)?;
    if absence.months > DAYS_MAX / per_month || absence.days > DAYS_MAX {
        return Err(Declined::TooLarge { what: "months" });
    }
    let wage = wage.monthly(member, &law, &mut sheet.benefit.steps)?;
    let time = Exact::whole(absence.months) + Exact::whole(absence.days) / per_month;
    if absence.days > 0 {
        let step = Step::new(code::TIME_OFF)
            .with("months", Arg::Count(absence.months))
            .with("days", Arg::Count(absence.days))
            .with("per_month", Arg::Count(per_month));
        sheet.step(step.under(per_month_reading));
    }
    let (blocks, reading) = law.scale(BLOCKS)?;
    let mut parts = Vec::new();
    for (above, part, block) in crate::contribution::slices(time, blocks) {
        let amount = part.at_ppm(block.ppm).times(wage);
        let step = Step::new(code::BLOCK)
            .with("above", Arg::Count(above))
            .with("part", Arg::Measure(part))
            .with("rate_ppm", Arg::Rate(block.ppm));
        sheet.step(step.making(amount).under(reading).at_article(&block.article));
        let name = match block.up_to {
            Some(up_to) => format!("months-{}-{up_to}", above + 1),
            None => format!("months-{}-on", above + 1),
        };
        parts.push((name, amount, reading, reading.confidence));
    }
    debug_assert_eq!(on_scale(time, blocks).times(wage), parts.iter().map(|p| p.1).sum());
    sheet.pay_parts(parts)?;
    sheet.done()
}
