//! The surge at the year's end: counters week by week with hours of staff, and what done earlier spares them most for least.

use super::Desk;
use super::evidence::Overview;
use crate::{Fault, clock};
pub use assess::surge::{Ahead, Score, Surge};
use kernel::Date;
use kernel::date::add_days;

/// Weeks looked ahead: at least, and at most.
const WEEKS: (i32, i32) = (10, 26);

/// Weeks after the year's end in which its payments are still made.
const AFTER: i32 = 4;

/// The last day looked at: four weeks into the next year where that is neither too near nor too far.
pub(super) fn horizon(today: Date) -> Date {
    let year_end = today.last_of_year();
    let wanted = add_days(year_end, AFTER * 7).unwrap_or(year_end);
    let (near, far) = (add_days(today, WEEKS.0 * 7).unwrap_or(today), add_days(today, WEEKS.1 * 7).unwrap_or(today));
    wanted.clamp(near, far)
}

kernel::named! {
    /// What may be done before the surge.
    Early {
        /// Projects that would come to the counter unregistered are registered.
        Register = "exposed",
        /// First contributions of registered ones are paid.
        Contribution = "registering",
        /// Those whose term runs are registered within it.
        Term = "window",
        /// Pairs that wait are decided: whoever is registered is seen to be.
        Pairs = "pairs",
    }
}

/// Something to do early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action {
    /// What.
    pub early: Early,
    /// How many.
    pub count: u64,
    /// Minutes of staff for all of them.
    pub minutes: u64,
    /// Payment requests it clears before they come, tenths; none where that cannot be told.
    pub spares: Option<u64>,
    /// The Monday by which it has to begin, or had to, to be done a week before the heaviest, at the pace of the last weeks; none where nothing was done then.
    pub begin: Option<Date>,
}

/// A week with its hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The week.
    pub week: Ahead,
    /// Minutes of staff: expected, and the ends of the interval.
    pub minutes: [u64; 3],
}

/// Everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outlook {
    /// Day of the picture, ISO.
    pub as_of: String,
    /// As it was painted.
    pub surge: Surge,
    /// Weeks to come.
    pub loads: Vec<Load>,
    /// Minutes of a week of the last ones, in the middle of them.
    pub usual: u64,
    /// The heaviest week, by its place.
    pub peak: Option<usize>,
    /// The cheapest first: minutes for each payment request that is spared.
    pub actions: Vec<Action>,
    /// Minutes of a registration, and of a payment request.
    pub minutes: [u64; 2],
}

/// The outlook of today; none where nothing was loaded.
///
/// # Errors
/// [`Fault`] of the database, or where the law data lack a yardstick.
pub fn outlook(desk: &Desk) -> Result<Option<Outlook>, Fault> {
    let Some(picture) = desk.read(|s| s.picture().map_err(Fault::from))? else { return Ok(None) };
    let overview: Overview = serde_json::from_str(&picture.body).map_err(|e| Fault(e.to_string()))?;
    if overview.tables == 0 {
        return Ok(None);
    }
    let law = desk.law.at(clock::today());
    let number = |path: &str| -> Result<u64, Fault> {
        let n = law.number(path).map_err(|e| Fault(format!("{e:?}")))?.0;
        u64::try_from(n).map_err(|_| Fault(path.to_owned()))
    };
    let minutes = [number("assessment/surge_minutes_registration")?, number("assessment/surge_minutes_payment")?];
    let surge = overview.surge;
    let load = |week: &Ahead| {
        let registrations = week.registrations.unwrap_or_default();
        // Tenths of counts, rounded once: the middle to the nearest minute, ends of what is read as an interval too.
        let sum = |i: usize| (registrations[i] * minutes[0] + week.payments[i] * minutes[1] + 5) / 10;
        Load { week: week.clone(), minutes: [sum(0), sum(1), sum(2)] }
    };
    let loads: Vec<Load> = surge.ahead.iter().map(load).collect();
    let mut past: Vec<u64> = surge.past.iter().map(|(_, n)| n[0] * minutes[0] + n[1] * minutes[1]).collect();
    past.sort_unstable();
    let usual = past.get(past.len() / 2).copied().unwrap_or(0);
    // The first of the heaviest; none where nothing is expected.
    let most = loads.iter().map(|l| l.minutes[0]).max().filter(|m| *m > 0);
    let peak = most.and_then(|most| loads.iter().position(|l| l.minutes[0] == most));
    let peak_day = peak.and_then(|i| loads[i].week.monday.parse::<Date>().ok());
    let ending = |state: &str| surge.ending.iter().find(|(s, _)| s == state).map_or([0; 2], |(_, n)| *n);
    let of_state = |early: Early, minutes: u64| {
        let [count, spares] = ending(early.name());
        (early, count, count * minutes, Some(spares))
    };
    let lever = |name: &str| number(&format!("assessment/lever_minutes_{name}"));
    let all = [
        of_state(Early::Register, lever("register")? + lever("contribution")?),
        of_state(Early::Contribution, lever("contribution")?),
        of_state(Early::Term, lever("register")? + lever("contribution")?),
        (Early::Pairs, overview.waiting[0], overview.waiting[0] * number("assessment/surge_minutes_match")?, None),
    ];
    let begin = |minutes: u64| {
        let weeks = i32::try_from(minutes.div_ceil(usual.max(1))).unwrap_or(i32::MAX).checked_add(1)?;
        let day = add_days(peak_day?, weeks.checked_mul(-7)?)?;
        (usual > 0).then_some(day)
    };
    let mut actions: Vec<Action> = all
        .into_iter()
        .filter(|(_, count, ..)| *count > 0)
        .map(|(early, count, minutes, spares)| Action { early, count, minutes, spares, begin: begin(minutes) })
        .collect();
    // Minutes for each payment request spared; what spares an unknown number comes last.
    actions.sort_by(|a, b| match (a.spares.filter(|n| *n > 0), b.spares.filter(|n| *n > 0)) {
        (Some(x), Some(y)) => (a.minutes * y).cmp(&(b.minutes * x)).then(a.early.cmp(&b.early)),
        (x, y) => y.is_some().cmp(&x.is_some()).then(a.early.cmp(&b.early)),
    });
    Ok(Some(Outlook { as_of: picture.as_of, surge, loads, usual, peak, actions, minutes }))
}

#[cfg(test)]
mod tests {
    use super::horizon;

    #[test]
    fn the_year_s_end_is_looked_at_where_it_can_be_seen() {
        let at = |day: &str| horizon(day.parse().unwrap()).to_string();
        assert_eq!(at("2026-11-26"), "2027-02-04", "ten weeks at least");
        assert_eq!(at("2026-10-01"), "2027-01-28");
        assert_eq!(at("2026-03-01"), "2026-08-30", "26 weeks at most");
    }
}
