//! Who belongs to whom, when each right record has at most one true partner and a left record
//! rarely more than one.

use crate::predict::Pair;
use std::collections::BTreeMap;

/// Thresholds, in hundredths of a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// At or above: a link, if the margin holds.
    pub link: i32,
    /// At or above: for a person to decide.
    pub review: i32,
    /// A link must lead the next best by this much.
    pub margin: i32,
    /// What it costs to be the second on one left record: several registrations of one contract
    /// occur, but seldom.
    pub taken_penalty: i32,
}

/// What became of a right record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignment {
    /// Certain enough to use.
    Link {
        /// Left record.
        left: u32,
        /// Right record.
        right: u32,
        /// Weight of the pair.
        weight: i32,
    },
    /// One of these, best first: doubtful, or a tie kept as a tie.
    Review {
        /// Right record.
        right: u32,
        /// Left records with weights.
        options: Vec<(u32, i32)>,
    },
}

impl Assignment {
    /// The right record.
    pub fn right(&self) -> u32 {
        match self {
            Self::Link { right, .. } | Self::Review { right, .. } => *right,
        }
    }
}

/// Most options listed for one review.
const OPTIONS_MAX: usize = 44;

/// Assigns, strongest pair first. A left record that is taken stays available at a price, so two
/// registrations of one contract can both be found, while twins sort themselves out. Right records
/// without any option at or above `review` are absent from the result. Sorted by right record.
pub fn assign(pairs: &[Pair], policy: &Policy) -> Vec<Assignment> {
    let mut by_right: BTreeMap<u32, Vec<(u32, i32)>> = BTreeMap::new();
    for pair in pairs {
        by_right.entry(pair.right).or_default().push((pair.left, pair.weight));
    }
    let mut order: Vec<(i32, u32, u32)> =
        pairs.iter().filter(|p| p.weight >= policy.review).map(|p| (p.weight, p.right, p.left)).collect();
    order.sort_by_key(|(weight, right, left)| (std::cmp::Reverse(*weight), *right, *left));
    let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
    let mut linked: BTreeMap<u32, (u32, i32)> = BTreeMap::new();
    // Each pass may free nothing, but taking a left record can settle a twin's tie: repeat until
    // a pass links nobody. Every pass links at least one record or is the last.
    loop {
        let mut progress = false;
        for (weight, right, left) in &order {
            if linked.contains_key(right) {
                continue;
            }
            let own = weight - if taken.contains_key(left) { policy.taken_penalty } else { 0 };
            let rival = by_right
                .get(right)
                .into_iter()
                .flatten()
                .filter(|(l, _)| l != left)
                .map(|(l, w)| w - if taken.contains_key(l) { policy.taken_penalty } else { 0 })
                .max();
            if own >= policy.link && rival.is_none_or(|r| own - r >= policy.margin) {
                linked.insert(*right, (*left, *weight));
                taken.entry(*left).or_insert(*right);
                progress = true;
            }
        }
        if !progress {
            break;
        }
    }
    by_right
        .into_iter()
        .filter_map(|(right, mut options)| {
            if let Some((left, weight)) = linked.get(&right) {
                return Some(Assignment::Link { left: *left, right, weight: *weight });
            }
            options.retain(|(_, w)| *w >= policy.review);
            options.sort_by_key(|(l, w)| (std::cmp::Reverse(*w), *l));
            options.truncate(OPTIONS_MAX);
            (!options.is_empty()).then_some(Assignment::Review { right, options })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy { link: 500, review: -200, margin: 300, taken_penalty: 400 };

    fn pair(left: u32, right: u32, weight: i32) -> Pair {
        Pair { left, right, weight, levels: Vec::new() }
    }

    #[test]
    fn a_clear_pair_links_and_a_tie_stays_a_tie() {
        let got = assign(&[pair(0, 0, 1000), pair(1, 0, 200), pair(2, 1, 900), pair(3, 1, 900)], &POLICY);
        assert_eq!(got[0], Assignment::Link { left: 0, right: 0, weight: 1000 });
        assert_eq!(got[1], Assignment::Review { right: 1, options: vec![(2, 900), (3, 900)] });
    }

    #[test]
    fn a_taken_twin_leaves_the_other() {
        // Right 0 clearly is left 0; right 1 would tie between 0 and 1 if 0 were still free.
        let got = assign(&[pair(0, 0, 1500), pair(1, 0, 900), pair(0, 1, 900), pair(1, 1, 900)], &POLICY);
        assert_eq!(got[1], Assignment::Link { left: 1, right: 1, weight: 900 });
    }

    #[test]
    fn two_registrations_of_one_contract_are_both_found() {
        let got = assign(&[pair(0, 0, 2000), pair(0, 1, 1500)], &POLICY);
        assert_eq!(got.len(), 2);
        assert!(got.iter().all(|a| matches!(a, Assignment::Link { left: 0, .. })));
    }

    #[test]
    fn weak_pairs_vanish() {
        assert!(assign(&[pair(0, 0, -500)], &POLICY).is_empty());
    }
}
