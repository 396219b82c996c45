//! Cover for vulnerable workers out of a budget: how many people for how many months, at the rates of those months. The trade between the two is the whole
//! table; nobody has to guess it.

use crate::Fault;
use kernel::{Date, Exact};
use law::bpu::{BASE_MIN, Case, Payer, Sector, monthly};
use law::{Declined, Law};
use serde::Serialize;

/// Months of a plan at most.
pub const MONTHS_MAX: u32 = 60;

/// Largest budget, rupiah: a thousand trillion.
pub const BUDGET_MAX: i64 = 1_000_000_000_000_000;

/// Most people.
pub const PEOPLE_MAX: u64 = 100_000_000;

/// What is planned.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// First day of the first month.
    pub from: Date,
    /// Months looked at.
    pub months: u32,
    /// Rupiah there are; none where only the cost is asked.
    pub budget: Option<i64>,
    /// People to be covered; none where only the table is asked.
    pub people: Option<u64>,
    /// Income base of a month; without one the least of each month.
    pub income: Option<Exact>,
    /// Who pays.
    pub payer: Payer,
    /// What they work in.
    pub sector: Sector,
}

/// One month of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Month {
    /// First day.
    pub month: Date,
    /// Contribution, rupiah, under the default reading.
    pub each: i64,
    /// The largest under any reading: what to keep ready where the law is contested.
    pub at_most: i64,
}

/// So many months from the first on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Months.
    pub months: u32,
    /// Last day of the last of them.
    pub until: Date,
    /// Contribution of one person for all of them, rupiah.
    pub each: i64,
    /// The same under the largest reading of each month.
    pub at_most: i64,
    /// People the budget covers; none without one.
    pub people: Option<u64>,
    /// People it covers under the largest reading of each month.
    pub at_least: Option<u64>,
    /// Rupiah left over.
    pub left: Option<i64>,
    /// Cost for the people wished; none without a number, or beyond what can be counted.
    pub cost: Option<i64>,
    /// Is it within the budget?
    pub fits: Option<bool>,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// What each month costs.
    pub months: Vec<Month>,
    /// The table.
    pub choices: Vec<Choice>,
    /// Most months the people wished can be covered within the budget.
    pub longest: Option<u32>,
    /// The same under the largest reading of each month: what can be promised while the law is contested.
    pub longest_sure: Option<u32>,
}

/// The month after.
fn next(month: Date) -> Option<Date> {
    month.checked_add(jiff::Span::new().months(1)).ok()
}

/// Makes the plan. Whole rupiah throughout: a month's contribution is rounded by its own rule, and people are whole.
/// Worked: 16,800 a month from a budget, 201,600,000 for 12 months: 1,000 people; for 6 months 2,000.
///
/// # Errors
/// [`Declined`] where the law has no rate for a month; [`Fault`] where a calendar ends.
pub fn plan(wish: &Wish, law: &Law) -> Result<Result<Plan, Declined>, Fault> {
    let (mut months, mut month) = (Vec::new(), wish.from);
    for _ in 0..wish.months.clamp(1, MONTHS_MAX) {
        let income = wish.income.map_or_else(|| law.at(month).number(BASE_MIN).map(|n| Exact::whole(n.0)), Ok);
        let readings = income.map_err(Declined::from).and_then(|income| {
            let case = Case { income, month, payer: wish.payer, sector: wish.sector, is_employer: false };
            monthly(&case, law)
        });
        let readings = match readings {
            Ok(readings) => readings,
            Err(declined) => return Ok(Err(declined)),
        };
        let each = readings.default().total.0;
        let at_most = readings.all.iter().map(|r| r.value.total.0).max().unwrap_or(each);
        months.push(Month { month, each, at_most });
        month = next(month).ok_or_else(|| Fault("the calendar ends".to_owned()))?;
    }
    let (mut each, mut at_most) = (0i64, 0i64);
    let covers = |each: i64| wish.budget.map(|b| u64::try_from(b / each.max(1)).unwrap_or(0));
    let choices: Vec<Choice> = months
        .iter()
        .zip(1..)
        .map(|(m, n)| {
            each += m.each;
            at_most += m.at_most;
            let cost = wish.people.and_then(|p| i64::try_from(i128::from(p) * i128::from(each)).ok());
            Choice {
                months: n,
                until: m.month.last_of_month(),
                each,
                at_most,
                people: covers(each),
                at_least: covers(at_most),
                left: wish.budget.map(|b| b % each.max(1)),
                cost,
                fits: wish.budget.zip(cost).map(|(budget, cost)| cost <= budget),
            }
        })
        .collect();
    let longest = choices.iter().filter(|c| c.fits == Some(true)).map(|c| c.months).max();
    let sure = |c: &&Choice| wish.people.zip(c.at_least).is_some_and(|(people, covered)| people <= covered);
    let longest_sure = choices.iter().filter(sure).map(|c| c.months).max();
    Ok(Ok(Plan { months, choices, longest, longest_sure }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(from: &str, payer: Payer) -> Wish {
        Wish {
            from: from.parse().unwrap(),
            months: 12,
            budget: Some(201_600_000),
            people: Some(1_500),
            income: None,
            payer,
            sector: Sector::Other,
        }
    }

    #[test]
    fn a_budget_buys_people_or_months() {
        let p = plan(&wish("2027-01-01", Payer::Budget), Law::builtin()).unwrap().unwrap();
        assert!(p.months.iter().all(|m| m.each == 16_800), "{:?}", p.months);
        let at = |months: u32| p.choices.iter().find(|c| c.months == months).unwrap();
        assert_eq!((at(12).people, at(12).left), (Some(1_000), Some(0)));
        assert_eq!((at(6).people, at(7).people), (Some(2_000), Some(1_714)));
        assert_eq!(
            (at(8).cost, at(8).fits, at(9).fits, p.longest),
            (Some(201_600_000), Some(true), Some(false), Some(8))
        );
    }

    #[test]
    fn who_pays_decides_the_discount() {
        let budget = plan(&wish("2026-05-01", Payer::Budget), Law::builtin()).unwrap().unwrap();
        let own = plan(&wish("2026-05-01", Payer::Own), Law::builtin()).unwrap().unwrap();
        assert_eq!((budget.months[0].each, own.months[0].each), (16_800, 8_400));
        let donor = plan(&wish("2026-05-01", Payer::Donor), Law::builtin()).unwrap().unwrap();
        assert!(donor.months[0].at_most >= donor.months[0].each, "contested: both are known");
        // Eight discounted months at 8,400 and four at 16,800; without the discount the budget ends four months earlier.
        assert_eq!((donor.longest, donor.longest_sure), (Some(12), Some(8)));
        assert_eq!((donor.choices[0].people, donor.choices[0].at_least), (Some(24_000), Some(12_000)));
        assert_eq!((budget.longest, budget.longest_sure), (Some(8), Some(8)), "nobody contests it");
    }

    proptest::proptest! {
        /// No plan spends more than there is, and one person more would.
        #[test]
        fn a_budget_is_never_overspent(budget in 0i64..1_000_000_000_000, months in 1u32..24) {
            let p = plan(&Wish { budget: Some(budget), months, ..wish("2027-01-01", Payer::Budget) }, Law::builtin()).unwrap().unwrap();
            for c in &p.choices {
                let (people, left) = (c.people.unwrap() as i64, c.left.unwrap());
                proptest::prop_assert_eq!(people * c.each + left, budget);
                proptest::prop_assert!(left < c.each);
            }
            proptest::prop_assert!(p.choices.windows(2).all(|w| w[0].people >= w[1].people), "more months, fewer people");
        }
    }
}
