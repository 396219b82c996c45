//! Tours walked through in whole seconds: what a plan promises, and what chance would have brought.

use crate::{Day, Road, Stop, Tour};

/// A visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// Which stop, by place in the list.
    pub stop: usize,
    /// Second of the day at which the car is there, at which the visit begins, and at which it ends.
    pub times: (u32, u32, u32),
}

impl Tour {
    /// Walks through stops in an order. None where one is closed when the visit would begin, the car comes back too late, or serves more than it can.
    ///
    /// Time: one step a stop.
    pub fn walk(order: &[usize], stops: &[Stop], day: &Day, road: &Road) -> Option<Self> {
        let mut out = Self { hours: day.hours, ..Self::default() };
        let (mut now, mut at, mut load) = (day.hours.0, 0, 0u32);
        for stop in order {
            let s = &stops[*stop];
            let way = road.between(at, stop + 1);
            let there = now.checked_add(way)?;
            let begins = there.max(s.open.0);
            let ends = begins.checked_add(s.service)?;
            load = load.checked_add(s.load)?;
            if begins > s.open.1 || load > day.room {
                return None;
            }
            out.visits.push(Visit { stop: *stop, times: (there, begins, ends) });
            out.road += way;
            out.worth += s.worth;
            (now, at) = (ends, stop + 1);
        }
        let back = road.between(at, 0);
        out.hours.1 = now.checked_add(back)?;
        out.road += back;
        (out.hours.1 <= day.hours.1).then_some(out)
    }
}

/// What visiting in an order somebody would draw by lot brings: each car goes on to the next stop of the lot that still fits. The mean over many lots, in hundredths of a person.
///
/// Time: lots times stops squared.
pub fn chance(stops: &[Stop], day: &Day, road: &Road, lots: u32, seed: u64) -> u64 {
    let mut state = seed;
    let mut below = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n.max(1)
    };
    let mut sum = 0u64;
    for _ in 0..lots {
        let mut lot: Vec<usize> = (0..stops.len()).collect();
        for i in (1..lot.len()).rev() {
            lot.swap(i, below(i + 1));
        }
        for _ in 0..day.cars {
            let mut order: Vec<usize> = Vec::new();
            lot.retain(|stop| {
                order.push(*stop);
                let fits = Tour::walk(&order, stops, day, road).is_some();
                if !fits {
                    order.pop();
                }
                !fits
            });
            sum += order.iter().map(|s| u64::from(stops[*s].worth)).sum::<u64>();
        }
    }
    (sum * 100).checked_div(u64::from(lots)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LeftOut, NoPlan, plan};
    use proptest::prelude::*;

    const HOUR: u32 = 3_600;

    /// Everything a plan promises.
    fn holds(plan: &crate::Plan, stops: &[Stop], day: &Day, road: &Road) {
        let mut met = vec![0; stops.len()];
        assert!(plan.tours.len() <= day.cars as usize);
        for tour in &plan.tours {
            let order: Vec<usize> = tour.visits.iter().map(|v| v.stop).collect();
            assert_eq!(Tour::walk(&order, stops, day, road).as_ref(), Some(tour));
            order.iter().for_each(|i| met[*i] += 1);
        }
        plan.left.iter().for_each(|(i, _)| met[*i] += 1);
        assert!(met.iter().all(|n| *n == 1), "each stop in one tour or left out: {met:?}");
        assert_eq!(plan.worth, plan.tours.iter().map(|t| t.worth).sum::<u32>());
    }

    /// The most people of one car, by trying every order.
    fn brute(stops: &[Stop], day: &Day, road: &Road) -> u32 {
        fn go(order: &mut Vec<usize>, stops: &[Stop], day: &Day, road: &Road) -> u32 {
            let Some(tour) = Tour::walk(order, stops, day, road) else { return 0 };
            let mut best = tour.worth;
            for i in 0..stops.len() {
                if !order.contains(&i) {
                    order.push(i);
                    best = best.max(go(order, stops, day, road));
                    order.pop();
                }
            }
            best
        }
        go(&mut Vec::new(), stops, day, road)
    }

    fn city(seed: u64, n: usize) -> (Vec<Stop>, Road) {
        let mut state = seed;
        let mut below = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        let points: Vec<(f64, f64)> =
            (0..=n).map(|_| (-1.6 + below(1_000) as f64 / 8_000.0, 103.6 + below(1_000) as f64 / 8_000.0)).collect();
        let stops = (0..n).map(|_| {
            let worth = below(40) as u32;
            let open = (7 + below(5) as u32) * HOUR;
            Stop { worth, service: 1_200 + below(3) as u32 * 900, open: (open, open + 3 * HOUR), load: worth }
        });
        (stops.collect(), Road::guessed(&points))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_small_day_is_the_best_there_is(seed in 0u64..10_000, n in 1usize..7, room in 20u32..120) {
            let (stops, road) = city(seed, n);
            let day = Day { cars: 1, hours: (8 * HOUR, 13 * HOUR), room };
            let found = plan(&stops, &day, &road, 300).unwrap();
            holds(&found, &stops, &day, &road);
            prop_assert_eq!(found.worth, brute(&stops, &day, &road));
        }
    }

    #[test]
    fn a_day_of_three_cars_beats_chance() {
        let (stops, road) = city(7, 60);
        let day = Day { cars: 3, hours: (8 * HOUR, 15 * HOUR), room: 200 };
        let found = plan(&stops, &day, &road, 300).unwrap();
        holds(&found, &stops, &day, &road);
        let by_lot = chance(&stops, &day, &road, 50, 1);
        assert!(u64::from(found.worth) * 100 > by_lot * 12 / 10, "{} against {by_lot} hundredths", found.worth);
    }

    #[test]
    fn what_cannot_be_visited_says_why() {
        let day = Day { cars: 1, hours: (8 * HOUR, 12 * HOUR), room: 50 };
        let stop = |open: (u32, u32), load| Stop { worth: 10, service: HOUR, open, load };
        let stops = [stop((13 * HOUR, 15 * HOUR), 10), stop((8 * HOUR, 12 * HOUR), 60), stop((8 * HOUR, 9 * HOUR), 10)];
        let road = Road::new(4, vec![600; 16]).unwrap();
        let found = plan(&stops, &day, &road, 100).unwrap();
        assert_eq!(found.left, [(0, LeftOut::Unreachable), (1, LeftOut::TooMany)]);
        assert_eq!(
            (found.worth, found.tours[0].visits[0].times),
            (10, (8 * HOUR + 600, 8 * HOUR + 600, 9 * HOUR + 600))
        );
        let nothing = plan(&stops[..2], &day, &Road::new(3, vec![600; 9]).unwrap(), 100).unwrap();
        assert!(nothing.tours.is_empty() && nothing.left.len() == 2);
        assert_eq!(plan(&stops, &Day { cars: 0, ..day }, &road, 10), Err(NoPlan::Day));
        assert_eq!(plan(&stops[..1], &day, &road, 10), Err(NoPlan::Road));
        assert_eq!(Road::new(2, vec![1; 5]), None);
    }
}
