//! The cheapest mix of what a city can do until so many more people are covered: whole units of each lever, an integer programme.
//!
//! A lever has units (a project to be registered, a tour of the car, a month paid for ten people), each with people, rupiah and minutes of staff. A minute has a price of its own, so that what costs only work is not free. The
//! library solves; what it says is counted again in whole numbers, and only that is promised.

use crate::NoPlan;
use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, default_solver, variable};

/// Something that can be done, as often as it has units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lever {
    /// Units there are.
    pub units: u32,
    /// People one unit covers.
    pub people: u32,
    /// Rupiah one unit costs the city.
    pub cost: i64,
    /// Minutes of staff one unit takes.
    pub minutes: u32,
    /// Its people are of those several levers reach: nobody is covered twice.
    pub is_shared: bool,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// People to be covered more.
    pub people: u64,
    /// Rupiah there are; none: no limit.
    pub budget: Option<i64>,
    /// Minutes of staff there are; none: no limit.
    pub minutes: Option<u64>,
    /// What a minute of staff is worth, rupiah.
    pub minute_price: i64,
    /// People all shared levers reach together; none: no limit.
    pub shared: Option<u64>,
}

/// Units of each lever, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mix {
    /// Units.
    pub units: Vec<u32>,
    /// People covered.
    pub people: u64,
    /// Rupiah.
    pub cost: i64,
    /// Minutes of staff.
    pub minutes: u64,
    /// Rupiah with what the minutes are worth.
    pub price: i64,
    /// Are the people of the wish covered?
    pub is_enough: bool,
}

impl Mix {
    fn of(units: Vec<u32>, levers: &[Lever], wish: &Wish) -> Self {
        let sum = |of: fn(&Lever) -> i64| units.iter().zip(levers).map(|(n, l)| i64::from(*n) * of(l)).sum::<i64>();
        let (people, cost, minutes) = (sum(|l| l.people.into()), sum(|l| l.cost), sum(|l| l.minutes.into()));
        Self {
            people: people.unsigned_abs(),
            cost,
            minutes: minutes.unsigned_abs(),
            price: cost + minutes * wish.minute_price,
            is_enough: people.unsigned_abs() >= wish.people,
            units,
        }
    }

    /// Is it within the limits, and within what there is?
    fn holds(&self, levers: &[Lever], wish: &Wish) -> bool {
        wish.budget.is_none_or(|b| self.cost <= b)
            && wish.minutes.is_none_or(|m| self.minutes <= m)
            && self.units.iter().zip(levers).all(|(n, l)| *n <= l.units)
            && wish.shared.is_none_or(|there| self.shared(levers) <= there)
    }

    /// People promised of those several levers reach.
    fn shared(&self, levers: &[Lever]) -> u64 {
        let own = self.units.iter().zip(levers).filter(|(_, l)| l.is_shared);
        own.map(|(n, l)| u64::from(*n) * u64::from(l.people)).sum()
    }
}

/// The cheapest mix that covers the people of a wish; where no mix does within its limits, the one that covers the most.
///
/// ```
/// use allocation::mix::{Lever, Wish, cheapest};
/// // Ten projects of eight people that take an hour each, or people paid for at 201,600 rupiah.
/// let levers = [
///     Lever { units: 10, people: 8, cost: 0, minutes: 60, is_shared: false },
///     Lever { units: 500, people: 1, cost: 201_600, minutes: 6, is_shared: false },
/// ];
/// let wish = Wish { people: 100, budget: None, minutes: None, minute_price: 1_000, shared: None };
/// let mix = cheapest(&levers, &wish).unwrap();
/// assert_eq!(mix.units, [10, 20]);
/// assert_eq!((mix.people, mix.cost), (100, 20 * 201_600));
/// ```
///
/// # Errors
/// [`NoPlan::Solver`] where the library gives up.
pub fn cheapest(levers: &[Lever], wish: &Wish) -> Result<Mix, NoPlan> {
    match solve(levers, wish, true)? {
        Some(mix) if mix.is_enough => Ok(mix),
        _ => Ok(solve(levers, wish, false)?.unwrap_or_else(|| Mix::of(vec![0; levers.len()], levers, wish))),
    }
}

fn solve(levers: &[Lever], wish: &Wish, cover: bool) -> Result<Option<Mix>, NoPlan> {
    let mut variables = ProblemVariables::new();
    let x: Vec<Variable> =
        levers.iter().map(|l| variables.add(variable().integer().min(0).max(f64::from(l.units)))).collect();
    let sum = |of: &dyn Fn(&Lever) -> f64| -> Expression { x.iter().zip(levers).map(|(x, l)| *x * of(l)).sum() };
    let price = |l: &Lever| (l.cost + i64::from(l.minutes) * wish.minute_price) as f64;
    let people = sum(&|l| f64::from(l.people));
    let mut problem = if cover {
        variables.minimise(sum(&price)).using(default_solver).with(people.geq(wish.people as f64))
    } else {
        variables.maximise(people).using(default_solver)
    };
    if let Some(budget) = wish.budget {
        problem = problem.with(sum(&|l| l.cost as f64).leq(budget as f64));
    }
    if let Some(minutes) = wish.minutes {
        problem = problem.with(sum(&|l| f64::from(l.minutes)).leq(minutes as f64));
    }
    if let Some(there) = wish.shared {
        let reached = sum(&|l| if l.is_shared { f64::from(l.people) } else { 0.0 });
        problem = problem.with(reached.leq(there as f64));
    }
    let solved = match problem.solve() {
        Ok(solved) => solved,
        Err(good_lp::ResolutionError::Infeasible) => return Ok(None),
        Err(_) => return Err(NoPlan::Solver),
    };
    let units: Vec<u32> = x.iter().map(|x| solved.value(*x).round().max(0.0) as u32).collect();
    let mix = Mix::of(units, levers, wish);
    // What does not hold when it is counted again is not promised.
    Ok(mix.holds(levers, wish).then_some(mix))
}

/// What the price would be otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sensitivity {
    /// With a tenth fewer and a tenth more people to cover.
    pub people: [Mix; 2],
    /// Without each lever, in their order.
    pub without: Vec<Mix>,
}

/// The same wish with more and fewer people, and without each lever.
///
/// # Errors
/// [`NoPlan::Solver`] where the library gives up.
pub fn sensitivity(levers: &[Lever], wish: &Wish) -> Result<Sensitivity, NoPlan> {
    let of = |people: u64| cheapest(levers, &Wish { people, ..*wish });
    let tenth = wish.people.div_ceil(10);
    let people = [of(wish.people.saturating_sub(tenth))?, of(wish.people + tenth)?];
    let without = (0..levers.len()).map(|i| {
        let mut rest = levers.to_vec();
        rest[i].units = 0;
        cheapest(&rest, wish)
    });
    Ok(Sensitivity { people, without: without.collect::<Result<_, _>>()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The best by trying everything.
    fn brute(levers: &[Lever], wish: &Wish) -> Mix {
        let mut best: Option<Mix> = None;
        let mut units = vec![0u32; levers.len()];
        loop {
            let mix = Mix::of(units.clone(), levers, wish);
            if mix.holds(levers, wish) {
                let better = best.as_ref().is_none_or(|b| match (mix.is_enough, b.is_enough) {
                    (true, true) => mix.price < b.price,
                    (false, false) => mix.people > b.people,
                    (enough, _) => enough,
                });
                if better {
                    best = Some(mix);
                }
            }
            let Some(i) = (0..units.len()).find(|i| units[*i] < levers[*i].units) else { break };
            units[i] += 1;
            units[..i].fill(0);
        }
        best.unwrap_or_default()
    }

    fn lever() -> impl Strategy<Value = Lever> {
        let parts = (0u32..5, 1u32..12, 0i64..300_000, 0u32..240, proptest::bool::ANY);
        parts.prop_map(|(units, people, cost, minutes, is_shared)| Lever { units, people, cost, minutes, is_shared })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// As good as trying everything, and within every limit.
        #[test]
        fn it_is_the_best_there_is(
            levers in proptest::collection::vec(lever(), 1..5),
            people in 0u64..60,
            budget in proptest::option::of(0i64..1_000_000),
            minutes in proptest::option::of(0u64..1_500),
            shared in proptest::option::of(0u64..40),
        ) {
            let wish = Wish { people, budget, minutes, minute_price: 900, shared };
            let (ours, best) = (cheapest(&levers, &wish).unwrap(), brute(&levers, &wish));
            prop_assert!(ours.holds(&levers, &wish));
            prop_assert_eq!(ours.is_enough, best.is_enough, "{:?} {:?}", &ours, &best);
            if best.is_enough {
                prop_assert_eq!(ours.price, best.price, "{:?} {:?}", &ours, &best);
            } else {
                prop_assert_eq!(ours.people, best.people, "{:?} {:?}", &ours, &best);
            }
        }
    }

    #[test]
    fn without_a_lever_it_costs_at_least_as_much() {
        let levers = [
            Lever { units: 40, people: 9, cost: 0, minutes: 120, is_shared: false },
            Lever { units: 30, people: 14, cost: 450_000, minutes: 960, is_shared: true },
            Lever { units: 3_000, people: 1, cost: 201_600, minutes: 5, is_shared: true },
        ];
        let wish = Wish { people: 700, budget: None, minutes: Some(20_000), minute_price: 1_000, shared: Some(900) };
        let best = cheapest(&levers, &wish).unwrap();
        let s = sensitivity(&levers, &wish).unwrap();
        assert!(best.is_enough && s.people[0].price <= best.price && s.people[1].price >= best.price);
        assert!(s.without.iter().all(|m| !m.is_enough || m.price >= best.price), "{s:?}");
        assert!(s.without[0].price > best.price);
    }
}
