//! Contributions of members without an employer (BPU): PP 44/2015 Articles 20 and 24, and the
//! discount of PP 50/2025.

use crate::deadline;
use crate::declined::positive;
use crate::explained::{Arg, Step, code};
use crate::model::{Band, Reading};
use crate::readings::Readings;
use crate::{Declined, Law, LawAt};
use kernel::{Date, Exact, Rupiah};

/// Work-accident rate on the base.
pub const JKK_RATE: &str = "bpu/jkk_rate";
/// How the base follows from the income.
pub const JKK_METHOD: &str = "bpu/jkk_method";
/// The method that takes the income itself, between the least and the greatest base.
pub const PERCENT_OF_INCOME: &str = "percent_of_income";
/// Least base.
pub const BASE_MIN: &str = "bpu/base_min";
/// Greatest base.
pub const BASE_MAX: &str = "bpu/base_max";
/// The table of bands.
pub const BANDS: &str = "bpu/bands";
/// Death contribution a month.
pub const JKM: &str = "bpu/jkm";
/// Whether a member paid for by a donor has the discount.
pub const DONOR_DISCOUNT: &str = "bpu/discount_donor_paid";
/// The choice that gives it.
pub const INCLUDED: &str = "included";
/// The choice that does not.
pub const EXCLUDED: &str = "excluded";
/// Whether members paid from public budgets are excluded.
pub const BUDGET_EXCLUDED: &str = "bpu/discount_excludes_budget";
/// Whether members who employ others are excluded.
pub const EMPLOYERS_EXCLUDED: &str = "bpu/discount_excludes_employers";
/// The choice that excludes.
pub const YES: &str = "yes";
/// Rounding.
pub const ROUNDING: &str = "bpu/rounding";

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payer {
    /// The member.
    Own,
    /// A donor: a person, civil servants, a firm.
    Donor,
    /// A public budget: APBN or APBD.
    Budget,
}

/// What the member works in; the discount has its own months for transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sector {
    /// Drivers and couriers.
    Transport,
    /// Everybody else.
    Other,
}

impl Sector {
    fn discount_path(self) -> &'static str {
        match self {
            Self::Transport => "bpu/discount_transport",
            Self::Other => "bpu/discount_other",
        }
    }
}

/// A month of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// Income a month, as the member states it.
    pub income: Exact,
    /// First day of the contribution month.
    pub month: Date,
    /// Who pays.
    pub payer: Payer,
    /// What the member works in.
    pub sector: Sector,
    /// The member employs others: such members have no discount (PP 50/2025 Article 3 (4)).
    pub is_employer: bool,
}

/// What a month costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monthly {
    /// The income base, exact.
    pub base: Exact,
    /// Work accident, after any discount.
    pub jkk: Rupiah,
    /// Death, after any discount.
    pub jkm: Rupiah,
    /// Both.
    pub total: Rupiah,
    /// Both without discount.
    pub undiscounted: Rupiah,
    /// Discount in parts per million; zero for none.
    pub discount_ppm: i64,
    /// Last day to pay.
    pub due: Date,
    /// The steps.
    pub steps: Vec<Step>,
}

/// The contribution of one month, under every reading.
///
/// # Errors
/// [`Declined`] for an income that is not above zero or a month before July 2015.
pub fn monthly(case: &Case, law: &Law) -> Result<Readings<Monthly>, Declined> {
    law.under_every_reading(
        case.month,
        |law| monthly_at(case, &law),
        |a, b| (a.jkk, a.jkm, a.due) == (b.jkk, b.jkm, b.due),
    )
}

/// JKK is one percent of the income base, JKM a fixed sum; the discount halves both in its months.
/// Worked: income of 1,000,000 in May 2026, paid by the member: (10,000 + 6,800) x 50 % = 8,400;
/// paid from the city's budget: 16,800.
fn monthly_at(case: &Case, law: &LawAt<'_>) -> Result<Monthly, Declined> {
    let income = positive(case.income, "income")?;
    let mut steps = vec![Step::new(code::GIVEN_VALUE).making(income)];
    let base = income_base(income, law, &mut steps)?;
    let (rate, rate_reading) = law.number(JKK_RATE)?;
    let jkk = base.at_ppm(rate);
    steps.push(
        Step::new(code::WAGE_RATE)
            .with("programme", Arg::Word("jkk".into()))
            .with("rate_ppm", Arg::Rate(rate))
            .making(jkk)
            .under(rate_reading),
    );
    let (jkm, jkm_reading) = law.number(JKM)?;
    let jkm = Exact::whole(jkm);
    steps.push(Step::new(code::FIXED).with("what", Arg::Text(law.title(JKM))).making(jkm).under(jkm_reading));
    let (discount_ppm, discount_reading) = discount(case, law, &mut steps)?;
    let (rule, _, _) = law.rounding(ROUNDING)?;
    let too_large = || Declined::TooLarge { what: "income" };
    let after = |amount: Exact| (amount - amount.at_ppm(discount_ppm)).round(rule).ok_or_else(too_large);
    let (jkk_due, jkm_due) = (after(jkk)?, after(jkm)?);
    let total = jkk_due.checked_add(jkm_due).ok_or_else(too_large)?;
    if let Some(reading) = discount_reading {
        let step = Step::new(code::DISCOUNT).with("rate_ppm", Arg::Rate(discount_ppm)).making(total.into());
        steps.push(step.under(reading));
    }
    let due = deadline::count("deadline/contribution-bpu", case.month.into(), law)?;
    steps.extend(due.steps.iter().cloned());
    let undiscounted = (jkk + jkm).round(rule).ok_or_else(too_large)?;
    Ok(Monthly { base, jkk: jkk_due, jkm: jkm_due, total, undiscounted, discount_ppm, due: due.day(), steps })
}

/// The base: the table of Annex II gives one for each band of income. Its middle bands have not been
/// read, so the income itself between the confirmed ends stands beside them as a reading.
fn income_base(income: Exact, law: &LawAt<'_>, steps: &mut Vec<Step>) -> Result<Exact, Declined> {
    let (method, reading) = law.choice(JKK_METHOD)?;
    let (base, step) = if method == PERCENT_OF_INCOME {
        let (least, least_reading) = law.number(BASE_MIN)?;
        let (most, most_reading) = law.number(BASE_MAX)?;
        let [least, most] = [least, most].map(Exact::whole);
        if income < least {
            (least, Step::new(code::BAND_LIMIT).making(least).under(least_reading))
        } else if income > most {
            (most, Step::new(code::BAND_LIMIT).making(most).under(most_reading))
        } else {
            (income, Step::new(code::BAND).with("method", Arg::Word(method.into())).making(income).under(reading))
        }
    } else {
        let base = Exact::whole(band_of(income, law.bands(BANDS)?.0));
        (base, Step::new(code::BAND).with("method", Arg::Word(method.into())).making(base).under(reading))
    };
    steps.push(step);
    Ok(base)
}

/// The amount of the band a value lies in: the first whose top is not below the value.
fn band_of(value: Exact, bands: &[Band]) -> i64 {
    let within = |b: &&Band| b.up_to.is_none_or(|top| value <= Exact::whole(top));
    bands.iter().find(within).or(bands.last()).map_or(0, |b| b.amount)
}

/// The discount of the month, with the reading that gives it; none with a step that says why not.
fn discount<'a>(case: &Case, law: &LawAt<'a>, steps: &mut Vec<Step>) -> Result<(i64, Option<&'a Reading>), Declined> {
    let (ppm, reading) = law.number(case.sector.discount_path())?;
    if ppm == 0 {
        return Ok((0, None));
    }
    let excluded_by = |path: &str, excluding: &str| -> Result<Option<&'a Reading>, Declined> {
        let (choice, reading) = law.choice(path)?;
        Ok((choice == excluding).then_some(reading))
    };
    let by_payer = match case.payer {
        Payer::Budget => excluded_by(BUDGET_EXCLUDED, YES)?,
        Payer::Donor => excluded_by(DONOR_DISCOUNT, EXCLUDED)?,
        Payer::Own => None,
    };
    let excluded = match by_payer {
        None if case.is_employer => excluded_by(EMPLOYERS_EXCLUDED, YES)?,
        decided => decided,
    };
    if let Some(reading) = excluded {
        steps.push(Step::new(code::NO_DISCOUNT).under(reading));
        return Ok((0, None));
    }
    Ok((ppm, Some(reading)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn total(income: i64, month: Date, payer: Payer, sector: Sector) -> (i64, usize) {
        let case = Case { income: Exact::whole(income), month, payer, sector, is_employer: false };
        let readings = monthly(&case, Law::builtin()).unwrap();
        (readings.default().total.0, readings.all.len())
    }

    #[test]
    fn the_discount_has_its_months_and_its_payers() {
        use Payer::{Budget, Donor, Own};
        use Sector::{Other, Transport};
        let month = |y, m| date(y, m, 1);
        for (at, payer, sector, due) in [
            (month(2020, 7), Own, Other, 16_800),
            (month(2020, 8), Own, Other, 168),
            (month(2021, 1), Budget, Transport, 168),
            (month(2021, 2), Own, Other, 16_800),
            (month(2025, 12), Own, Transport, 16_800),
            (month(2026, 1), Own, Transport, 8_400),
            (month(2027, 3), Own, Transport, 8_400),
            (month(2027, 4), Own, Transport, 16_800),
            (month(2026, 3), Own, Other, 16_800),
            (month(2026, 4), Own, Other, 8_400),
            (month(2026, 12), Own, Other, 8_400),
            (month(2027, 1), Own, Other, 16_800),
            (month(2026, 6), Budget, Other, 16_800),
            (month(2026, 6), Budget, Transport, 16_800),
            (month(2026, 6), Donor, Other, 8_400),
        ] {
            assert_eq!(total(1_000_000, at, payer, sector).0, due, "{at} {payer:?} {sector:?}");
        }
        assert_eq!(total(1_000_000, month(2026, 6), Donor, Other).1, 2, "donors are a question for the branch");
        assert_eq!(total(1_000_000, month(2026, 6), Own, Other).1, 1);
    }

    #[test]
    fn the_ends_of_the_table_are_sure_the_middle_is_not() {
        let month = date(2024, 5, 1);
        assert_eq!(total(500_000, month, Payer::Own, Sector::Other), (16_800, 1));
        assert_eq!(total(30_000_000, month, Payer::Own, Sector::Other), (207_000 + 6_800, 1));
        assert_eq!(total(3_000_000, month, Payer::Own, Sector::Other), (30_000 + 6_800, 2));
    }

    #[test]
    fn the_base_says_whether_a_limit_made_it() {
        for (income, expected) in [
            (999_999, code::BAND_LIMIT),
            (1_000_000, code::BAND),
            (20_700_000, code::BAND),
            (20_700_001, code::BAND_LIMIT),
        ] {
            let case = Case {
                income: Exact::whole(income),
                month: date(2024, 5, 1),
                payer: Payer::Own,
                sector: Sector::Other,
                is_employer: false,
            };
            let month = monthly(&case, Law::builtin()).unwrap();
            assert!(month.default().steps.iter().any(|s| s.code == expected), "{income}");
        }
    }

    #[test]
    fn an_employer_among_the_members_has_no_discount() {
        let case = Case {
            income: Exact::whole(1_000_000),
            month: date(2026, 5, 1),
            payer: Payer::Own,
            sector: Sector::Other,
            is_employer: true,
        };
        let month = monthly(&case, Law::builtin()).unwrap();
        assert_eq!(month.default().total, Rupiah(16_800));
        assert_eq!((month.default().undiscounted, month.default().discount_ppm), (Rupiah(16_800), 0));
        let own = monthly(&Case { is_employer: false, ..case }, Law::builtin()).unwrap();
        assert_eq!((own.default().undiscounted, own.default().discount_ppm), (Rupiah(16_800), 500_000));
    }
}
