//! Who gets how many months of cover, out of which purse: the plan that covers the most months of people, nobody's cover lapsing while money goes to
//! somebody new.
//!
//! * **In:** claims (so many people of one group whose cover would begin in the same month), purses (money, what a month costs, whom it is for).
//! * **Out:** a [`Plan`], with the proof of how far from the best it can be at most.
//! * **Does not know:** persons, the law, the book. Costs come in rupiah, and go out in rupiah.
//! * **Read first:** [`Claim`], [`Purse`], [`plan`]. Contains the solver of linear programmes.
//!
//! The plan is a linear programme whose variables are whole numbers of people. Its relaxation is solved by a library; branching on a fraction, with a
//! rounded plan in hand, closes what is left. Everything that is promised (no purse overspent, no claim overserved, the score) is counted in integers
//! afterwards.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod mix;
mod round;
mod search;

/// So many people of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Claim {
    /// Their group, by any number.
    pub group: u32,
    /// Are they covered until the month before `start`? Then they would lapse.
    pub renews: bool,
    /// Priority as the city has it: 0 comes first, at most [`RANK_MAX`].
    pub rank: u8,
    /// The month their cover would begin, counted from the first of the plan.
    pub start: usize,
    /// The month from which on somebody else pays already; beyond the plan for most.
    pub end: usize,
    /// How many.
    pub people: u32,
}

/// Money that may be spent on months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purse {
    /// The group it is for; none: everybody.
    pub group: Option<u32>,
    /// Rupiah.
    pub money: i64,
    /// Rupiah one person costs in each month of the plan.
    pub cost: Vec<i64>,
}

/// People of a claim who get their first months from a purse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    /// Claim, by its place.
    pub claim: usize,
    /// Purse, by its place.
    pub purse: usize,
    /// Months in a row, from the claim's start.
    pub months: usize,
    /// How many.
    pub people: u32,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What is given, by claim, purse and months.
    pub shares: Vec<Share>,
    /// Its score.
    pub score: i64,
    /// No plan has a higher score than this.
    pub bound: i64,
    /// Months of people covered.
    pub months: u64,
    /// People who would have lapsed and do not.
    pub renewed: u64,
    /// Rupiah spent of each purse.
    pub spent: Vec<i64>,
}

/// Lowest priority.
pub const RANK_MAX: u8 = 10;

/// Longest plan, months.
pub const HORIZON_MAX: usize = 24;

/// What one month of one person counts.
pub const MONTH: i64 = 1_000;

/// What somebody who would have lapsed counts beside the months: more than the whole plan of somebody new.
pub const RENEWAL: i64 = 100_000;

/// Why there is no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPlan {
    /// A plan of no months, or of more than [`HORIZON_MAX`].
    Horizon,
    /// A month costs nothing or less, or money is below zero.
    Money,
    /// The solver gave up.
    Solver,
}

/// What somebody counts who gets so many months.
pub(crate) fn worth(claim: &Claim, months: usize) -> i64 {
    let month = MONTH + i64::from(RANK_MAX.saturating_sub(claim.rank));
    months as i64 * month + if claim.renews { RENEWAL } else { 0 }
}

/// The plan with the highest score: [`MONTH`] for each month of a person and a little more for those whom the city puts first, [`RENEWAL`] for each
/// who would have lapsed. Everybody who gets something gets at least `shortest` months in a row, or what is left of their time, and all out of one purse.
///
/// ```
/// use allocation::{Claim, Purse, plan};
/// let claims = [
///     Claim { group: 1, renews: true, rank: 0, start: 2, end: 99, people: 10 },
///     Claim { group: 1, renews: false, rank: 0, start: 0, end: 99, people: 100 },
/// ];
/// // Sixty months of people at 16,800: ten would lapse, the rest goes to others.
/// let purse = Purse { group: None, money: 60 * 16_800, cost: vec![16_800; 6] };
/// let plan = plan(&claims, &[purse], 3).unwrap();
/// assert_eq!((plan.months, plan.renewed, plan.spent[0]), (60, 10, 60 * 16_800));
/// assert_eq!(plan.score, plan.bound);
/// ```
///
/// # Errors
/// [`NoPlan`].
pub fn plan(claims: &[Claim], purses: &[Purse], shortest: usize) -> Result<Plan, NoPlan> {
    let horizon = purses.iter().map(|p| p.cost.len()).max().unwrap_or(1);
    if horizon == 0 || horizon > HORIZON_MAX {
        return Err(NoPlan::Horizon);
    }
    if purses.iter().any(|p| p.money < 0 || p.cost.iter().any(|c| *c <= 0)) {
        return Err(NoPlan::Money);
    }
    search::search(claims, purses, shortest.max(1))
}

/// A kind of share that may be given: what one person of it costs and counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    pub(crate) claim: usize,
    pub(crate) purse: usize,
    pub(crate) months: usize,
    /// In the purse's own units.
    pub(crate) cost: i64,
    pub(crate) worth: i64,
}

/// Everything that may be given to anybody.
pub(crate) fn choices(claims: &[Claim], purses: &[Purse], units: &[i64], shortest: usize) -> Vec<Choice> {
    let mut out = Vec::new();
    for (c, claim) in claims.iter().enumerate().filter(|(_, c)| c.people > 0) {
        for (p, purse) in purses.iter().enumerate() {
            let end = claim.end.min(purse.cost.len());
            if purse.group.is_some_and(|g| g != claim.group) || claim.start >= end {
                continue;
            }
            let left = &purse.cost[claim.start..end];
            for months in shortest.min(left.len())..=left.len() {
                let cost: i64 = left[..months].iter().sum();
                // What nobody can pay is no choice: its fractions would only blur the bound.
                if cost > purse.money {
                    break;
                }
                out.push(Choice { claim: c, purse: p, months, cost: cost / units[p], worth: worth(claim, months) });
            }
        }
    }
    out
}
