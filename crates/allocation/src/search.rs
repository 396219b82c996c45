//! Branch and bound over the relaxation.

use crate::round::fill;
use crate::{Choice, Claim, NoPlan, Plan, Purse, Share, choices};
use good_lp::{Expression, ProblemVariables, Solution, SolverModel, default_solver, variable};
use num_integer::Integer;

/// Choices looked at by all relaxations together, at most: a limit that is the same on every machine. After it the plan in hand stands, with the
/// bound beside it.
const WORK_MAX: usize = 120_000;

/// A plan this near to the bound, in millionths of it, is not looked further into: less than a month in a city's year.
const NEAR_PPM: i64 = 2;

/// Nearer than this to a whole number is one.
const WHOLE: f64 = 1e-6;

/// Limits a branch sets on the number of people of a choice.
#[derive(Clone)]
struct Branch {
    least: Vec<(usize, u32)>,
    most: Vec<(usize, u32)>,
    bound: i64,
}

/// The programme, in whole units of each purse: a purse of 16,800 a month with 20,000 left over has one unit more or none, and nothing between.
struct Programme<'a> {
    claims: &'a [Claim],
    choices: Vec<Choice>,
    money: Vec<i64>,
}

pub(crate) fn search(claims: &[Claim], purses: &[Purse], shortest: usize) -> Result<Plan, NoPlan> {
    let units: Vec<i64> = purses.iter().map(|p| p.cost.iter().fold(0i64, |g, c| g.gcd(c)).max(1)).collect();
    let programme = Programme {
        claims,
        choices: choices(claims, purses, &units, shortest),
        money: purses.iter().zip(&units).map(|(p, unit)| p.money / unit).collect(),
    };
    let mut best = (vec![0u32; programme.choices.len()], 0i64);
    let mut open = vec![Branch { least: Vec::new(), most: Vec::new(), bound: i64::MAX }];
    let nodes_max = (WORK_MAX / programme.choices.len().max(1)).clamp(10, 2_000);
    let (mut nodes, mut left_open) = (0, 0i64);
    let near = |bound: i64, best: i64| bound - best <= bound / 1_000_000 * NEAR_PPM;
    while let Some(branch) = open.pop() {
        if branch.bound <= best.1 {
            continue;
        }
        if nodes == nodes_max || branch.bound < i64::MAX && near(branch.bound, best.1) {
            left_open = left_open.max(branch.bound);
            continue;
        }
        nodes += 1;
        let Some((values, bound)) = programme.relax(&branch)? else { continue };
        let whole = programme.rounded(&values);
        let score = programme.score(&whole);
        if score > best.1 {
            best = (whole, score);
        }
        if near(bound, best.1) {
            left_open = left_open.max(bound);
            continue;
        }
        let Some(fraction) = most_fractional(&values) else { continue };
        let floor = values[fraction].floor() as u32;
        let mut down = Branch { bound, ..branch.clone() };
        down.most.push((fraction, floor));
        let mut up = Branch { bound, ..branch };
        up.least.push((fraction, floor + 1));
        // The last in is looked at first: more people before fewer.
        open.push(down);
        open.push(up);
    }
    Ok(programme.plan(&best.0, purses, best.1.max(left_open)))
}

fn most_fractional(values: &[f64]) -> Option<usize> {
    let off = |v: f64| (v - v.round()).abs();
    let found = values.iter().enumerate().filter(|(_, v)| off(**v) > WHOLE);
    found.max_by(|a, b| off(*a.1).total_cmp(&off(*b.1)).then(b.0.cmp(&a.0))).map(|(i, _)| i)
}

impl Programme<'_> {
    /// The best fractions within a branch, and the highest score whole numbers can have there; none where nothing fits.
    fn relax(&self, branch: &Branch) -> Result<Option<(Vec<f64>, i64)>, NoPlan> {
        let mut limits: Vec<(u32, u32)> = self.choices.iter().map(|c| (0, self.claims[c.claim].people)).collect();
        for (i, least) in &branch.least {
            limits[*i].0 = limits[*i].0.max(*least);
        }
        for (i, most) in &branch.most {
            limits[*i].1 = limits[*i].1.min(*most);
        }
        if limits.iter().any(|(least, most)| least > most) {
            return Ok(None);
        }
        let mut variables = ProblemVariables::new();
        let x: Vec<_> = limits.iter().map(|(least, most)| variables.add(variable().min(*least).max(*most))).collect();
        let sum = |of: &dyn Fn(&Choice) -> i64| -> Expression {
            self.choices.iter().zip(&x).filter(|(c, _)| of(c) != 0).map(|(c, x)| of(c) as f64 * *x).sum()
        };
        let score = sum(&|c| c.worth);
        let mut problem = variables.maximise(score).using(default_solver);
        let mut rows = vec![Expression::default(); self.claims.len()];
        for (choice, x) in self.choices.iter().zip(&x) {
            rows[choice.claim] += *x;
        }
        for (row, claim) in rows.into_iter().zip(self.claims) {
            problem.add_constraint(row.leq(claim.people));
        }
        for (purse, money) in self.money.iter().enumerate() {
            problem.add_constraint(sum(&|c| if c.purse == purse { c.cost } else { 0 }).leq(*money as f64));
        }
        let solved = match problem.solve() {
            Ok(solved) => solved,
            Err(good_lp::ResolutionError::Infeasible) => return Ok(None),
            Err(_) => return Err(NoPlan::Solver),
        };
        let values: Vec<f64> = x.iter().map(|x| solved.value(*x)).collect();
        let bound: f64 = values.iter().zip(&self.choices).map(|(v, c)| v * c.worth as f64).sum();
        // Whole numbers have a whole score; what floats lose is far below one.
        Ok(Some((values, (bound + 1e-3).floor() as i64)))
    }

    /// Whole numbers within every limit: fractions rounded down, then what is left filled up.
    fn rounded(&self, values: &[f64]) -> Vec<u32> {
        let mut people: Vec<i64> = self.claims.iter().map(|c| i64::from(c.people)).collect();
        let mut money = self.money.clone();
        let mut whole: Vec<u32> = self
            .choices
            .iter()
            .zip(values)
            .map(|(c, value)| {
                let wanted = (value + WHOLE).floor().max(0.0) as i64;
                let can = wanted.min(people[c.claim]).min(money[c.purse] / c.cost);
                people[c.claim] -= can;
                money[c.purse] -= can * c.cost;
                u32::try_from(can).unwrap_or(0)
            })
            .collect();
        fill(&self.choices, &mut people, &mut money, &mut whole);
        whole
    }

    fn score(&self, whole: &[u32]) -> i64 {
        whole.iter().zip(&self.choices).map(|(n, c)| i64::from(*n) * c.worth).sum()
    }

    fn plan(&self, whole: &[u32], purses: &[Purse], bound: i64) -> Plan {
        let mut out = Plan {
            shares: Vec::new(),
            score: self.score(whole),
            bound,
            months: 0,
            renewed: 0,
            spent: vec![0; purses.len()],
        };
        for (people, c) in whole.iter().zip(&self.choices).filter(|(n, _)| **n > 0) {
            let claim = &self.claims[c.claim];
            let each: i64 = purses[c.purse].cost[claim.start..claim.start + c.months].iter().sum();
            out.shares.push(Share { claim: c.claim, purse: c.purse, months: c.months, people: *people });
            out.months += u64::from(*people) * c.months as u64;
            out.renewed += if claim.renews { u64::from(*people) } else { 0 };
            out.spent[c.purse] += each * i64::from(*people);
        }
        out.shares.sort_unstable();
        out
    }
}

#[cfg(test)]
mod tests {
    use crate::{Claim, NoPlan, Plan, Purse, plan, worth};
    use proptest::prelude::*;

    /// The best score by trying everything: slow, and knows nothing of programmes.
    fn brute(claims: &[Claim], purses: &[Purse], shortest: usize) -> i64 {
        fn go(people: &[Claim], purses: &[Purse], shortest: usize, money: &mut Vec<i64>) -> i64 {
            let Some((one, rest)) = people.split_first() else { return 0 };
            let mut best = go(rest, purses, shortest, money);
            for (p, purse) in purses.iter().enumerate() {
                let end = one.end.min(purse.cost.len());
                if purse.group.is_some_and(|g| g != one.group) || one.start >= end {
                    continue;
                }
                let left = end - one.start;
                for months in shortest.min(left)..=left {
                    let cost: i64 = purse.cost[one.start..one.start + months].iter().sum();
                    if cost <= money[p] {
                        money[p] -= cost;
                        best = best.max(worth(one, months) + go(rest, purses, shortest, money));
                        money[p] += cost;
                    }
                }
            }
            best
        }
        let each: Vec<Claim> =
            claims.iter().flat_map(|c| std::iter::repeat_n(Claim { people: 1, ..*c }, c.people as usize)).collect();
        go(&each, purses, shortest, &mut purses.iter().map(|p| p.money).collect())
    }

    fn holds(plan: &Plan, claims: &[Claim], purses: &[Purse], shortest: usize) {
        let mut people: Vec<u32> = claims.iter().map(|c| c.people).collect();
        let mut money: Vec<i64> = purses.iter().map(|p| p.money).collect();
        for s in &plan.shares {
            let (claim, purse) = (&claims[s.claim], &purses[s.purse]);
            assert!(purse.group.is_none_or(|g| g == claim.group), "a purse of another group");
            let left = claim.end.min(purse.cost.len()) - claim.start;
            assert!(s.months >= shortest.min(left) && s.months <= left && s.people > 0);
            people[s.claim] = people[s.claim].checked_sub(s.people).expect("more than there are");
            money[s.purse] -= purse.cost[claim.start..claim.start + s.months].iter().sum::<i64>() * i64::from(s.people);
        }
        assert!(money.iter().all(|m| *m >= 0), "overspent");
        for ((purse, left), spent) in purses.iter().zip(&money).zip(&plan.spent) {
            assert_eq!(purse.money - left, *spent);
        }
        assert!(plan.score <= plan.bound);
    }

    fn claims() -> impl Strategy<Value = Vec<Claim>> {
        let claim = (0u32..3, any::<bool>(), 0u8..4, 0usize..4, 1usize..9, 1u32..3).prop_map(
            |(group, renews, rank, start, months, people)| Claim {
                group,
                renews,
                rank,
                start,
                end: start + months,
                people,
            },
        );
        prop::collection::vec(claim, 1..4)
    }

    fn purses() -> impl Strategy<Value = Vec<Purse>> {
        let purse =
            (prop::option::of(0u32..3), 0i64..40, prop::collection::vec(prop_oneof![Just(1i64), Just(2), Just(3)], 4))
                .prop_map(|(group, money, cost)| Purse {
                    group,
                    money: money * 8_400,
                    cost: cost.iter().map(|c| c * 8_400).collect(),
                });
        prop::collection::vec(purse, 1..3)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        /// On small cases no plan is better, whatever the costs of months, and the plan knows it.
        #[test]
        fn the_best_on_small_cases(claims in claims(), purses in purses(), shortest in 1usize..4) {
            let found = plan(&claims, &purses, shortest).unwrap();
            holds(&found, &claims, &purses, shortest);
            prop_assert_eq!(found.score, brute(&claims, &purses, shortest));
            prop_assert_eq!(found.bound, found.score);
        }

    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]
        /// On larger ones everything that is promised holds, and the gap is smaller than one person's plan.
        #[test]
        fn large_cases_hold_and_are_near(seed in 0u64..1_000) {
            let (claims, purses) = city(seed, 6);
            let found = plan(&claims, &purses, 3).unwrap();
            holds(&found, &claims, &purses, 3);
            prop_assert!(found.bound - found.score <= 2 * worth(&Claim { renews: true, ..claims[0] }, 12), "{} {}", found.score, found.bound);
        }
    }

    fn city(seed: u64, groups: u32) -> (Vec<Claim>, Vec<Purse>) {
        let mut state = seed;
        let mut below = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        let mut claims = Vec::new();
        for group in 0..groups {
            claims.extend((0..12).map(|start| Claim {
                group,
                renews: true,
                rank: 0,
                start,
                end: 99,
                people: below(150) as u32,
            }));
            claims.extend((0..3).map(|rank| Claim {
                group,
                renews: false,
                rank,
                start: 0,
                end: 99,
                people: below(900) as u32,
            }));
        }
        let purse =
            |group, months: u64, cost: i64| Purse { group, money: months as i64 * cost + 77, cost: vec![cost; 12] };
        let purses = vec![
            purse(None, below(20_000), 16_800),
            purse(None, below(20_000), 8_400),
            purse(Some(2), below(900), 16_800),
        ];
        (claims, purses)
    }

    #[test]
    fn nobody_lapses_for_somebody_new() {
        let claims = [
            Claim { group: 1, renews: true, rank: 5, start: 3, end: 99, people: 4 },
            Claim { group: 1, renews: false, rank: 0, start: 0, end: 99, people: 50 },
        ];
        let purse = |months: i64| Purse { group: None, money: months * 16_800, cost: vec![16_800; 12] };
        let renewed = |months| plan(&claims, &[purse(months)], 3).unwrap().renewed;
        assert_eq!((renewed(2), renewed(3), renewed(11), renewed(12), renewed(100)), (0, 1, 3, 4, 4));
    }

    #[test]
    fn a_purse_too_small_for_anybody_gives_nothing_and_knows_it() {
        let claims: Vec<Claim> = (0..40)
            .map(|i| Claim { group: i, renews: i % 2 == 0, rank: 1, start: i as usize % 6, end: 99, people: 9 })
            .collect();
        let purse = Purse { group: None, money: 27_200, cost: vec![16_800; 12] };
        let found = plan(&claims, &[purse], 3).unwrap();
        assert_eq!((found.shares.len(), found.score, found.bound), (0, 0, 0));
    }

    #[test]
    fn what_cannot_be_planned_says_so() {
        let purse = |money, cost: Vec<i64>| [Purse { group: None, money, cost }];
        assert_eq!(plan(&[], &purse(1, vec![]), 1), Err(NoPlan::Horizon));
        assert_eq!(plan(&[], &purse(1, vec![1; 25]), 1), Err(NoPlan::Horizon));
        assert_eq!(plan(&[], &purse(-1, vec![1]), 1), Err(NoPlan::Money));
        assert_eq!(plan(&[], &purse(1, vec![0]), 1), Err(NoPlan::Money));
        assert_eq!(plan(&[], &[], 1).unwrap().shares, []);
    }
}
