//! What rounding down leaves over, spent as well as can be: a small knapsack for each purse.

use crate::Choice;

/// Units of a purse looked at exactly; what is left after rounding is less, unless everybody is served.
const EXACT_MAX: i64 = 2_000;

/// Spends what is left of each purse on people who have nothing yet. Each purse by itself: the best use of its units, one of each claim's choices a person.
///
/// Time: for each purse, units left times choices.
pub(crate) fn fill(choices: &[Choice], people: &mut [i64], money: &mut [i64], whole: &mut [u32]) {
    for (purse, money) in money.iter_mut().enumerate() {
        loop {
            let best = knapsack(choices, people, purse, (*money).min(EXACT_MAX));
            if best.is_empty() {
                break;
            }
            for i in best {
                whole[i] += 1;
                people[choices[i].claim] -= 1;
                *money -= choices[i].cost;
            }
        }
    }
}

/// The best set of choices of one purse within so many units, as their places; a place as often as people get it.
fn knapsack(choices: &[Choice], people: &[i64], purse: usize, units: i64) -> Vec<usize> {
    let own: Vec<usize> =
        (0..choices.len()).filter(|i| choices[*i].purse == purse && choices[*i].cost <= units).collect();
    if own.is_empty() {
        return Vec::new();
    }
    let units = usize::try_from(units).unwrap_or(0);
    // For each number of units: the best score, and the choice taken last. Claims are taken in turn, so that none is overserved.
    let mut best: Vec<(i64, Vec<usize>)> = vec![(0, Vec::new()); units + 1];
    let mut at = 0;
    while at < own.len() {
        let claim = choices[own[at]].claim;
        let to = own[at..].iter().position(|i| choices[*i].claim != claim).map_or(own.len(), |n| at + n);
        // A purse never needs more people of one claim than units it has.
        for _ in 0..people[claim].min(units as i64) {
            let mut gained = false;
            for u in (1..=units).rev() {
                for i in &own[at..to] {
                    let c = &choices[*i];
                    let Some(before) = u.checked_sub(c.cost as usize) else { continue };
                    let score = best[before].0 + c.worth;
                    if score > best[u].0 {
                        let mut taken = best[before].1.clone();
                        taken.push(*i);
                        best[u] = (score, taken);
                        gained = true;
                    }
                }
            }
            if !gained {
                break;
            }
        }
        at = to;
    }
    best.pop().map(|(_, taken)| taken).unwrap_or_default()
}
