//! The monthly wage behind a benefit: PP 44/2015 Article 32 (1) with Article 19 (2) to (5).

use super::Member;
use crate::declined::positive;
use crate::explained::{Arg, Step, code};
use crate::{Declined, LawAt};
use kernel::Exact;

/// Daily wage to monthly wage, for workers of construction projects.
pub const DAILY_JAKON: &str = "benefit/daily_wage_factor_jakon";
/// How many last months are averaged for piece-rate work.
pub const PIECE_MONTHS: &str = "benefit/piece_rate_months";
/// How many for piece-rate work that depends on the weather.
pub const WEATHER_MONTHS: &str = "benefit/weather_dependent_months";

/// What is known of a wage, in rupiah.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wage {
    /// Basic wage and fixed allowances of a month, or the income base of a member without employer.
    Monthly(Exact),
    /// Wage of a day.
    Daily(Exact),
    /// Piece-rate: wages of the last months.
    Piece(Vec<Exact>),
    /// Piece-rate that depends on the weather: wages of the last months.
    WeatherDependent(Vec<Exact>),
}

impl Wage {
    /// The monthly wage, with the step that says how. A daily wage is taken 25 or 30 times: the
    /// factor is contested for construction, so it is dated and has readings. Piece-rate work takes
    /// the average of the last three months, weather-dependent work of the last twelve.
    ///
    /// # Errors
    /// [`Declined`] for a wage that is not above zero, too few or many months, or a daily wage of
    /// a member who has no employer.
    pub(super) fn monthly(&self, member: Member, law: &LawAt<'_>, steps: &mut Vec<Step>) -> Result<Exact, Declined> {
        match self {
            Self::Monthly(wage) => {
                let wage = positive(*wage, "monthly-wage")?;
                steps.push(Step::new(code::WAGE_MONTHLY).making(wage));
                Ok(wage)
            }
            Self::Daily(_) if member == Member::Bpu => {
                Err(Declined::Contradiction { first: "daily-wage".into(), second: "bpu".into() })
            }
            Self::Daily(wage) => {
                let wage = positive(*wage, "daily-wage")?;
                let (factor, reading) = law.number(DAILY_JAKON)?;
                let monthly = wage * factor;
                let step = Step::new(code::WAGE_DAILY)
                    .with("daily", Arg::Money(wage))
                    .with("factor", Arg::Count(factor))
                    .making(monthly);
                steps.push(step.under(reading));
                Ok(monthly)
            }
            Self::Piece(wages) => average(wages, PIECE_MONTHS, "piece-wages", law, steps),
            Self::WeatherDependent(wages) => average(wages, WEATHER_MONTHS, "weather-wages", law, steps),
        }
    }
}

fn average(
    wages: &[Exact],
    path: &str,
    what: &'static str,
    law: &LawAt<'_>,
    steps: &mut Vec<Step>,
) -> Result<Exact, Declined> {
    let (months, reading) = law.number(path)?;
    if usize::try_from(months) != Ok(wages.len()) {
        return Err(Declined::Length { what, expected: months, got: wages.len() });
    }
    let mut sum = Exact::ZERO;
    for wage in wages {
        sum = sum + positive(*wage, what)?;
    }
    let average = sum / months;
    steps.push(Step::new(code::WAGE_AVERAGE).with("months", Arg::Count(months)).making(average).under(reading));
    Ok(average)
}
