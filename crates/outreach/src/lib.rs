//! Tours of the outreach car: which places to visit in which order, so that the most people are covered who were not.
//!
//! * **In:** stops (how many people could be covered there, how long it takes, when it is open), cars, a working day, seconds of road.
//! * **Out:** tours with arrival times, and for each stop that is left out, why.
//! * **Does not know:** firms, persons, addresses, what day it is. Plans come from counts.
//! * **Read first:** [`Stop`], [`Day`], [`plan`]. Contains the routing library.
//!
//! The library searches; what it finds is walked through again in whole seconds by [`Tour::walk`], and only what holds there is a plan.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod road;
mod search;
mod walk;

pub use road::{Road, seconds_between};
pub use walk::{Visit, chance};

/// A place to visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// People expected to be covered by a visit who were not.
    pub worth: u32,
    /// Seconds a visit takes.
    pub service: u32,
    /// Second of the day from which it may begin, and until which.
    pub open: (u32, u32),
    /// People the car serves there, of those it can serve on a day.
    pub load: u32,
}

/// A working day of the cars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Cars.
    pub cars: u32,
    /// Second of the day at which they leave, and at which the last is back.
    pub hours: (u32, u32),
    /// People one car can serve on a day: its crew, forms, cards.
    pub room: u32,
}

/// The tour of one car.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tour {
    /// Visits, in their order.
    pub visits: Vec<Visit>,
    /// Second of the day at which the car leaves, and is back.
    pub hours: (u32, u32),
    /// Seconds on the road.
    pub road: u32,
    /// People expected to be covered.
    pub worth: u32,
}

/// Why a stop is in no tour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// No car can be there while it is open and back in time, even alone.
    Unreachable,
    /// It needs more than a car can serve on a day.
    TooMany,
    /// Other stops are worth more of the day.
    NoTime,
}

/// Tours of a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// One a car that goes out.
    pub tours: Vec<Tour>,
    /// Stops left out, by place in the list.
    pub left: Vec<(usize, LeftOut)>,
    /// People expected to be covered.
    pub worth: u32,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPlan {
    /// No car, a day that ends before it begins, or more than [`STOPS_MAX`] stops.
    Day,
    /// The matrix has another size than the stops and the place the cars leave from.
    Road,
    /// The library gave up.
    Search(String),
}

/// Most stops of one plan.
pub const STOPS_MAX: usize = 1_000;

/// Tours that cover the most people; of those the shortest. Place 0 of the road is where cars leave from and come back to, stop `i` is place `i + 1`. `effort` is how long the library searches, in
/// generations. It weighs its steps by the time they take, so two searches may find two plans that are as good: what is used is kept.
///
/// ```
/// use outreach::{Day, Road, Stop, plan};
/// // One car from 8 to 13, an hour at each stop; the third lies an hour away and is worth the way.
/// let hour = 3_600;
/// let stop = |worth| Stop { worth, service: hour, open: (8 * hour, 13 * hour), load: 1 };
/// let road = Road::new(4, vec![0, 60, 60, 3_600, 60, 0, 60, 3_600, 60, 60, 0, 3_600, 3_600, 3_600, 3_600, 0]).unwrap();
/// let day = Day { cars: 1, hours: (8 * hour, 13 * hour), room: 100 };
/// let plan = plan(&[stop(2), stop(3), stop(40)], &day, &road, 200).unwrap();
/// assert_eq!(plan.worth, 43);
/// assert_eq!(plan.left, [(0, outreach::LeftOut::NoTime)]);
/// ```
///
/// # Errors
/// [`NoPlan`].
pub fn plan(stops: &[Stop], day: &Day, road: &Road, effort: usize) -> Result<Plan, NoPlan> {
    if day.cars == 0 || day.hours.0 >= day.hours.1 || stops.len() > STOPS_MAX {
        return Err(NoPlan::Day);
    }
    if road.places() != stops.len() + 1 {
        return Err(NoPlan::Road);
    }
    let mut left: Vec<(usize, LeftOut)> = Vec::new();
    let mut within: Vec<usize> = Vec::new();
    for (i, stop) in stops.iter().enumerate() {
        if stop.load > day.room {
            left.push((i, LeftOut::TooMany));
        } else if Tour::walk(&[i], stops, day, road).is_none() {
            left.push((i, LeftOut::Unreachable));
        } else {
            within.push(i);
        }
    }
    let orders = if within.is_empty() { Vec::new() } else { search::search(&within, stops, day, road, effort)? };
    let mut out = Plan::default();
    let mut met = vec![false; stops.len()];
    for order in orders {
        // What does not hold when it is walked is not promised: its stops are left out.
        let Some(tour) = Tour::walk(&order, stops, day, road) else { continue };
        tour.visits.iter().for_each(|v| met[v.stop] = true);
        out.worth += tour.worth;
        out.tours.push(tour);
    }
    left.extend(within.into_iter().filter(|i| !met[*i]).map(|i| (i, LeftOut::NoTime)));
    left.sort_unstable();
    out.left = left;
    Ok(out)
}
