//! What a city can do until its target, each with its people, rupiah and hours; and the cheapest mix of them.
//!
//! People of a lever are those the data know today; what a unit takes is a yardstick of the law data (`assessment/lever_minutes_*`), a city's own where it has one.

use super::aman::lists::lists;
use super::coverage::{Figures, month_typed};
use super::{Desk, outreach};
use crate::legal::plan::{Wish as PlanWish, plan};
use crate::{Fault, clock};
pub use allocation::mix::Mix;
use allocation::mix::{Lever, Sensitivity, Wish, cheapest, sensitivity};
use assess::coverage::{Month, month_of};
use authz::{Donation, Outreach, Permit, Read, Vulnerable};
use kernel::Date;
use kernel::date::add_days;
use law::bpu::{Payer, Sector};

kernel::named! {
    /// What can be done.
    Kind {
        /// An exposed project is registered.
        Register = "register",
        /// The first contribution of a registered project is paid.
        Contribution = "contribution",
        /// Everybody on the site of a covered project is reported.
        Roster = "roster",
        /// A vulnerable worker is covered by gifts that are there.
        Gift = "gift",
        /// A vulnerable worker is covered by the budget.
        Budget = "budget",
        /// The outreach car goes out for a day.
        Tour = "tour",
    }
}

/// Days of the car at most: a month of working days.
const TOURS: u32 = 22;

/// What a lever would bring, as the data know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// What.
    pub kind: Kind,
    /// With its people, rupiah and minutes.
    pub lever: Lever,
    /// People in all.
    pub people: u64,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// People missing to the target.
    pub people: u64,
    /// The month of the target.
    pub until: Month,
    /// Rupiah there are; none: no limit.
    pub budget: Option<i64>,
    /// Hours of staff there are; none: no limit.
    pub hours: Option<u64>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The levers, those without people too.
    pub known: Vec<Known>,
    /// The mix.
    pub mix: Mix,
    /// What it would be otherwise.
    pub otherwise: Sensitivity,
    /// What a month of the budget costs for one person until the target, rupiah.
    pub person_price: i64,
    /// What a minute of staff is worth, rupiah: the mix is the cheapest of rupiah and minutes together.
    pub minute_price: i64,
}

/// What somebody may ask with.
#[derive(Clone, Copy)]
pub struct May<'p> {
    /// The funds.
    pub funds: Option<&'p Permit<Read, Donation>>,
    /// The car.
    pub car: Option<&'p Permit<Read, Outreach>>,
    /// The lists of vulnerable workers.
    pub lists: Option<&'p Permit<Read, Vulnerable>>,
}

/// What can be done today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levers {
    /// Each lever.
    pub known: Vec<Known>,
    /// What a month of the budget costs for one person until the target, rupiah.
    pub person_price: i64,
    /// Vulnerable workers gifts, budget and car reach together.
    pub pool: u64,
}

/// The levers of today.
///
/// # Errors
/// [`Fault`] of the database, or where the law says no price.
pub fn levers(desk: &Desk, may: May<'_>, figures: &Figures, until: Month) -> Result<Levers, Fault> {
    let today = clock::today();
    let minutes = |name: &str| -> Result<u32, Fault> {
        let path = format!("assessment/lever_minutes_{name}");
        let n = desk.law.at(today).number(&path).map_err(|e| Fault(format!("{e:?}")))?.0;
        u32::try_from(n).map_err(|_| Fault(path))
    };
    let price = person_price(desk, today, until)?;
    let projects = desk.read(|s| s.picture().map_err(Fault::from))?.map(|p| p.body).unwrap_or_default();
    let overview: super::evidence::Overview = serde_json::from_str(&projects).unwrap_or_default();
    let count = |state: &str| overview.states.iter().find(|(n, ..)| n == state).map_or(0, |(_, n, _)| *n);
    let of_projects = |kind: Kind, name: &str, people: u64, projects: u64| -> Result<Known, Fault> {
        // A project without people known today brings nobody that can be counted; the others share what is known.
        let units = u32::try_from(projects.min(people)).unwrap_or(u32::MAX);
        let each = people.checked_div(units.into()).unwrap_or(0);
        let mut taken = minutes(name)?;
        if kind == Kind::Register {
            // Registered and not paid, nobody is covered.
            taken += minutes("contribution")?;
        }
        let lever =
            Lever { units, people: u32::try_from(each).unwrap_or(u32::MAX), cost: 0, minutes: taken, is_shared: false };
        // Whole people a project: what does not divide is not promised.
        Ok(Known { kind, lever, people: u64::from(units) * each })
    };
    let [exposed, registering, covered] = figures.reach;
    // Who may be covered and is not; where the lists themselves may not be read, everybody on them who is not, old and dead among them.
    let pool: u64 = match may.lists {
        Some(permit) => {
            let open = lists(desk, permit)?.people.iter().filter(|p| p.standing.is_open()).count() as u64;
            // Whom a project covers already, or a step at one would, is not promised again.
            open.min(figures.group_only)
        }
        None => figures.group_only,
    };
    let free: i64 = match may.funds {
        Some(permit) => desk.read(|s| s.fund_list(permit).map_err(Fault::from))?.iter().map(|f| f.free.max(0)).sum(),
        None => 0,
    };
    let gifts = free.checked_div(price).and_then(|n| u64::try_from(n).ok()).unwrap_or(0).min(pool);
    let person = |kind: Kind, people: u64, cost: i64| -> Result<Known, Fault> {
        let units = u32::try_from(people).unwrap_or(u32::MAX);
        Ok(Known {
            kind,
            lever: Lever { units, people: 1, cost, minutes: minutes("person")?, is_shared: true },
            people,
        })
    };
    let by_car = match may.car {
        Some(permit) => expected(desk, permit)?,
        None => 0,
    };
    let tours = u32::try_from(pool.checked_div(by_car.into()).unwrap_or(0)).unwrap_or(0).min(TOURS);
    let tour = Lever { units: tours, people: by_car, cost: 0, minutes: minutes("tour")?, is_shared: true };
    let known = vec![
        of_projects(Kind::Register, "register", exposed, count("exposed"))?,
        of_projects(Kind::Contribution, "contribution", registering, count("registering"))?,
        of_projects(Kind::Roster, "roster", covered, count("covered"))?,
        person(Kind::Gift, gifts, 0)?,
        person(Kind::Budget, pool - gifts, price)?,
        Known { kind: Kind::Tour, lever: tour, people: u64::from(tours) * u64::from(by_car) },
    ];
    Ok(Levers { known, person_price: price, pool })
}

/// People a day of the car enrols: of the newest plans, what was told where all of it was, what is expected otherwise. Rounded down.
fn expected(desk: &Desk, permit: &Permit<Read, Outreach>) -> Result<u32, Fault> {
    let tours = desk.read(|s| s.tour_list(permit, None, 10).map_err(Fault::from))?;
    let newest = outreach::newest(&tours);
    let standing = tours.iter().filter(|t| newest.get(t.day.as_str()) == Some(&t.id));
    let each: Vec<i64> =
        standing.map(|t| if t.told.0 == t.told.1 && t.told.1 > 0 { t.came.0 * 100 } else { t.expected }).collect();
    let mean = each.iter().sum::<i64>().checked_div(each.len() as i64 * 100).unwrap_or(0);
    Ok(u32::try_from(mean).unwrap_or(0))
}

/// What one person costs a budget from the next month to the month of the target, both in; at least one month.
fn person_price(desk: &Desk, today: Date, until: Month) -> Result<i64, Fault> {
    let from = add_days(today.last_of_month(), 1).unwrap_or(today);
    let months = u32::try_from(until - month_of(from) + 1).unwrap_or(0).max(1);
    let wish = PlanWish {
        from,
        months,
        budget: None,
        people: None,
        income: None,
        payer: Payer::Budget,
        sector: Sector::Other,
    };
    match plan(&wish, &desk.law)? {
        Ok(plan) => Ok(plan.months.iter().map(|m| m.at_most).sum()),
        Err(declined) => Err(Fault(format!("{declined:?}"))),
    }
}

/// The cheapest mix to a target.
///
/// # Errors
/// [`Fault`] of the database or the solver.
pub fn steer(desk: &Desk, may: May<'_>, figures: &Figures, asked: &Asked) -> Result<Answer, Fault> {
    let Levers { known, person_price, pool } = levers(desk, may, figures, asked.until)?;
    let minute_price = desk.law.at(clock::today()).number("assessment/staff_minute_price");
    let minute_price = minute_price.map_err(|e| Fault(format!("{e:?}")))?.0;
    let wish = Wish {
        people: asked.people,
        budget: asked.budget,
        minutes: asked.hours.map(|h| h.saturating_mul(60)),
        minute_price,
        shared: Some(pool),
    };
    let levers: Vec<Lever> = known.iter().map(|k| k.lever).collect();
    let solver = |_| Fault("the mix was not found".to_owned());
    let mix = cheapest(&levers, &wish).map_err(solver)?;
    let otherwise = sensitivity(&levers, &wish).map_err(solver)?;
    Ok(Answer { known, mix, otherwise, person_price, minute_price })
}

/// Months ahead a target may lie: further nobody knows the price of a month.
const AHEAD: Month = 60;

/// The month of a target that is typed; the end of the year where none is. None for one that is over or too far ahead.
#[must_use]
pub fn until(text: &str) -> Option<Month> {
    let today = clock::today();
    let year_end = i32::from(today.year()) * 12 + 11;
    let month = if text.trim().is_empty() { year_end } else { month_typed(text)? };
    (month_of(today)..=month_of(today) + AHEAD).contains(&month).then_some(month)
}
