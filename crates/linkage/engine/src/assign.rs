//! Who belongs to whom: an assignment that is best within each connected group, ties kept as ties.

use crate::matching::{Group, solve};
use crate::predict::Pair;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// How many partners a record may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Partners {
    /// At most one on either side.
    OneToOne,
    /// A right record has at most one; a left record may have several, but each further one must
    /// outweigh this many hundredths of a bit: several registrations of one contract are rare.
    OneToMany(i32),
    /// No limit: every pair stands for itself.
    ManyToMany,
}

/// Thresholds, in hundredths of a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// At or above: a link, if the margin holds.
    pub link: i32,
    /// At or above: for a person to decide.
    pub review: i32,
    /// A link must be worth this much more than the best assignment without it; at least 1, so
    /// that a tie never links.
    pub margin: i32,
    /// How many partners a record may have.
    pub partners: Partners,
}

/// What became of a right record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignment {
    /// Certain enough to use. Under [`Partners::ManyToMany`] a right record may have several.
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

/// Assigns the best total weight over what is worth a review, group by group (a group is what
/// pairs connect), and links what is both heavy and clear. `pairs` sorted by right, then left.
/// `order` is the number of a left record's identifier, which sorts options of equal weight. Right
/// records without any pair at or above `review` are absent. Sorted by right record, then left.
///
/// ```
/// use linkage_engine::{Assignment, Pair, Partners, Policy, assign};
/// let pairs = [Pair { right: 0, left: 0, weight: 1500 }, Pair { right: 0, left: 1, weight: 900 },
///              Pair { right: 1, left: 0, weight: 900 }, Pair { right: 1, left: 1, weight: 900 }];
/// let policy = Policy { link: 500, review: 0, margin: 300, partners: Partners::OneToOne };
/// // Right 1 alone would tie; but right 0 needs left 0.
/// assert_eq!(assign(&pairs, &policy, &|l| l.into())[1], Assignment::Link { left: 1, right: 1, weight: 900 });
/// ```
pub fn assign(pairs: &[Pair], policy: &Policy, order: &(dyn Fn(u32) -> u64 + Sync)) -> Vec<Assignment> {
    let runs: Vec<&[Pair]> = pairs.chunk_by(|a, b| a.right == b.right).collect();
    if policy.partners == Partners::ManyToMany {
        return runs.par_iter().flat_map_iter(|run| many(run, policy, order)).collect();
    }
    let groups = groups(&runs, policy.review);
    let solved: Vec<Vec<Assignment>> =
        groups.par_iter().with_min_len(64).map(|group| in_group(group, &runs, policy, order)).collect();
    let mut out: Vec<Assignment> = solved.into_iter().flatten().collect();
    out.par_sort_unstable_by_key(Assignment::right);
    out
}

fn review(run: &[Pair], policy: &Policy, order: &(dyn Fn(u32) -> u64 + Sync)) -> Assignment {
    let kept = run.iter().filter(|p| p.weight >= policy.review);
    let mut options: Vec<(u32, i32)> = kept.map(|p| (p.left, p.weight)).collect();
    options.sort_by_key(|(l, w)| (std::cmp::Reverse(*w), order(*l)));
    Assignment::Review { right: run[0].right, options }
}

fn many(run: &[Pair], policy: &Policy, order: &(dyn Fn(u32) -> u64 + Sync)) -> Vec<Assignment> {
    let link = |p: &Pair| Assignment::Link { left: p.left, right: p.right, weight: p.weight };
    let mut out: Vec<Assignment> = run.iter().filter(|p| p.weight >= policy.link).map(link).collect();
    let open: Vec<Pair> = run.iter().filter(|p| p.weight >= policy.review && p.weight < policy.link).copied().collect();
    if !open.is_empty() {
        out.push(review(&open, policy, order));
    }
    out
}

/// Runs (pairs of one right record) that share left records, by union and find.
fn groups(runs: &[&[Pair]], review: i32) -> Vec<Vec<u32>> {
    let mut parent: Vec<u32> = (0..runs.len() as u32).collect();
    fn root(parent: &mut [u32], mut i: u32) -> u32 {
        while parent[i as usize] != i {
            parent[i as usize] = parent[parent[i as usize] as usize];
            i = parent[i as usize];
        }
        i
    }
    let mut by_left: Vec<(u32, u32)> = Vec::with_capacity(runs.iter().map(|r| r.len()).sum());
    for (i, run) in runs.iter().enumerate() {
        by_left.extend(run.iter().filter(|p| p.weight >= review).map(|p| (p.left, i as u32)));
    }
    by_left.par_sort_unstable();
    for pair in by_left.windows(2).filter(|w| w[0].0 == w[1].0) {
        let (a, b) = (root(&mut parent, pair[0].1), root(&mut parent, pair[1].1));
        parent[a.max(b) as usize] = a.min(b);
    }
    let mut keyed: Vec<(u32, u32)> = (0..runs.len() as u32)
        .filter(|i| runs[*i as usize].iter().any(|p| p.weight >= review))
        .map(|i| (root(&mut parent, i), i))
        .collect();
    keyed.par_sort_unstable();
    keyed.chunk_by(|a, b| a.0 == b.0).map(|g| g.iter().map(|(_, i)| *i).collect()).collect()
}

fn in_group(group: &[u32], runs: &[&[Pair]], policy: &Policy, order: &(dyn Fn(u32) -> u64 + Sync)) -> Vec<Assignment> {
    let own: Vec<&[Pair]> = group.iter().map(|i| runs[*i as usize]).collect();
    let mut lefts: Vec<u32> =
        own.iter().flat_map(|run| run.iter()).filter(|p| p.weight >= policy.review).map(|p| p.left).collect();
    lefts.sort_unstable();
    lefts.dedup();
    let further = match policy.partners {
        Partners::OneToMany(price) => Some(i64::from(price)),
        Partners::OneToOne | Partners::ManyToMany => None,
    };
    let rows = own
        .iter()
        .map(|run| {
            let kept = run.iter().filter(|p| p.weight >= policy.review);
            kept.map(|p| {
                let column = lefts.binary_search(&p.left).unwrap_or_default();
                (column as u32, i64::from(p.weight) - i64::from(policy.review))
            })
            .collect()
        })
        .collect();
    let margin = i64::from(policy.margin.max(1));
    let chosen = solve(&Group { rows, columns: lefts.len(), further }, margin);
    let mut out = Vec::with_capacity(own.len());
    for (run, choice) in own.iter().zip(chosen) {
        let link = choice.filter(|c| c.clear).and_then(|c| {
            let left = lefts[c.column as usize];
            let pair = run.iter().find(|p| p.left == left)?;
            let price = if c.further { further.unwrap_or(0) } else { 0 };
            (i64::from(pair.weight) - price >= i64::from(policy.link)).then_some(*pair)
        });
        out.push(match link {
            Some(pair) => Assignment::Link { left: pair.left, right: pair.right, weight: pair.weight },
            None => review(run, policy, order),
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy { link: 500, review: -200, margin: 300, partners: Partners::OneToMany(400) };

    fn pair(left: u32, right: u32, weight: i32) -> Pair {
        Pair { left, right, weight }
    }

    fn assigned(pairs: &[Pair], policy: &Policy) -> Vec<Assignment> {
        assign(pairs, policy, &|l| u64::from(l))
    }

    #[test]
    fn a_clear_pair_links_and_a_tie_stays_a_tie() {
        let got = assigned(&[pair(0, 0, 1000), pair(1, 0, 200), pair(2, 1, 900), pair(3, 1, 900)], &POLICY);
        assert_eq!(got[0], Assignment::Link { left: 0, right: 0, weight: 1000 });
        assert_eq!(got[1], Assignment::Review { right: 1, options: vec![(2, 900), (3, 900)] });
    }

    #[test]
    fn a_taken_twin_leaves_the_other() {
        // Right 0 clearly is left 0; right 1 would tie between 0 and 1 if 0 were still free.
        let got = assigned(&[pair(0, 0, 1500), pair(1, 0, 900), pair(0, 1, 900), pair(1, 1, 900)], &POLICY);
        assert_eq!(got[1], Assignment::Link { left: 1, right: 1, weight: 900 });
    }

    #[test]
    fn two_registrations_of_one_contract_are_both_found_where_that_may_be() {
        let pairs = [pair(0, 0, 2000), pair(0, 1, 1500)];
        let got = assigned(&pairs, &POLICY);
        assert!(got.iter().all(|a| matches!(a, Assignment::Link { left: 0, .. })), "{got:?}");
        let got = assigned(&pairs, &Policy { partners: Partners::OneToOne, ..POLICY });
        assert_eq!(got[0], Assignment::Link { left: 0, right: 0, weight: 2000 });
        assert_eq!(got[1], Assignment::Review { right: 1, options: vec![(0, 1500)] });
    }

    #[test]
    fn two_rights_that_want_one_left_alike_are_a_tie() {
        let got = assigned(&[pair(0, 0, 900), pair(0, 1, 900)], &Policy { partners: Partners::OneToOne, ..POLICY });
        assert!(got.iter().all(|a| matches!(a, Assignment::Review { .. })), "{got:?}");
    }

    #[test]
    fn the_best_total_beats_the_greedy_one() {
        // Greedy takes 0-0 (1000) and leaves right 1 with nothing; the best total crosses over.
        let pairs = [pair(0, 0, 1000), pair(1, 0, 950), pair(0, 1, 940), pair(1, 1, -300)];
        let got = assigned(&pairs, &Policy { partners: Partners::OneToOne, ..POLICY });
        assert_eq!(got[0], Assignment::Link { left: 1, right: 0, weight: 950 });
        assert_eq!(got[1], Assignment::Link { left: 0, right: 1, weight: 940 });
    }

    #[test]
    fn weak_pairs_vanish_and_many_stand_alone() {
        assert!(assigned(&[pair(0, 0, -500)], &POLICY).is_empty());
        let got = assigned(
            &[pair(0, 0, 600), pair(1, 0, 700), pair(2, 0, 100)],
            &Policy { partners: Partners::ManyToMany, ..POLICY },
        );
        assert_eq!(got.len(), 3);
        assert_eq!(got[2], Assignment::Review { right: 0, options: vec![(2, 100)] });
    }
}
