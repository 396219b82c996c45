//! Lists that grow: a new or changed record touches only its blocks, and the result is that of a full
//! run with the same model.
//!
//! Blocks that change are kept beside the flat table of the start. A new right record looks for its own
//! candidates. A new left record is looked for by the right records that share a key with it: these, and
//! no others, may see another choice of candidates. Groups that hold any of them are assigned again.

use crate::block::keys_of;
use crate::lists::{Lists, Side};
use crate::look::Scratch;
use crate::model::Model;
use crate::predict::{Pair, predict_all, score_one};
use crate::{Assignment, Blocks, Look, Policy, assign};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// A linkage that is kept up to date. The lists belong to the caller, who adds or changes a record there
/// and then says so here, with the keys the record had before ([`StandingLinks::keys`]; none for a new one).
/// A record taken out is one that has no keys any more.
#[derive(Debug)]
pub struct StandingLinks {
    lefts: Blocks,
    /// Right records by key, to find who must look again.
    rights: Blocks,
    /// Pairs of each right record, at or above the review threshold.
    pairs: BTreeMap<u32, Vec<Pair>>,
    rights_of_left: FxHashMap<u32, Vec<u32>>,
    look: Look,
}

/// What a change touched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Right records that looked again.
    pub looked_again: usize,
    /// Right records whose group was assigned again, with what became of them.
    pub assignments: Vec<Assignment>,
}

impl StandingLinks {
    /// A full run. Memory: an index of either side, and the pairs.
    pub fn new<L: Lists>(lists: &L, model: &Model, look: Look, policy: &Policy) -> Self {
        let lefts = Blocks::new(lists);
        let (found, _) = predict_all(lists, &lefts, model, look, policy.review);
        let rights = Blocks::of(lists, Side::Right);
        let mut this = Self { lefts, rights, pairs: BTreeMap::new(), rights_of_left: FxHashMap::default(), look };
        for run in found.chunk_by(|a, b| a.right == b.right) {
            this.file(run[0].right, run.to_vec());
        }
        this
    }

    /// The keys of a record as it stands in the lists now, spread: to be asked before it changes.
    pub fn keys<L: Lists>(lists: &L, side: Side, record: u32) -> Vec<u64> {
        let mut keys = Vec::new();
        keys_of(lists, side, record, &mut keys);
        keys
    }

    fn file(&mut self, right: u32, own: Vec<Pair>) {
        for pair in &own {
            self.rights_of_left.entry(pair.left).or_default().push(right);
        }
        if !own.is_empty() {
            self.pairs.insert(right, own);
        }
    }

    fn look_again<L: Lists>(&mut self, lists: &L, model: &Model, policy: &Policy, right: u32, scratch: &mut Scratch) {
        let mut own = Vec::new();
        score_one(lists, &self.lefts, model, self.look, policy.review, right, scratch, &mut own);
        for pair in self.pairs.remove(&right).unwrap_or_default() {
            if let Some(rights) = self.rights_of_left.get_mut(&pair.left) {
                rights.retain(|r| *r != right);
            }
        }
        self.file(right, own);
    }

    /// Everything as it stands.
    pub fn assignments<L: Lists>(&self, lists: &L, policy: &Policy) -> Vec<Assignment> {
        let pairs: Vec<Pair> = self.pairs.values().flatten().copied().collect();
        assign(&pairs, policy, &|left| lists.order(Side::Left, left))
    }

    /// A right record is new, or has changed.
    pub fn right_changed<L: Lists>(
        &mut self,
        lists: &L,
        model: &Model,
        policy: &Policy,
        right: u32,
        before: &[u64],
    ) -> Touched {
        let mut from = vec![right];
        from.extend(self.neighbours(right));
        self.rights.replace(right, before, &Self::keys(lists, Side::Right, right));
        self.look_again(lists, model, policy, right, &mut Scratch::default());
        self.touched(lists, policy, from, 1)
    }

    /// A left record is new, or has changed.
    pub fn left_changed<L: Lists>(
        &mut self,
        lists: &L,
        model: &Model,
        policy: &Policy,
        left: u32,
        before: &[u64],
    ) -> Touched {
        let now = Self::keys(lists, Side::Left, left);
        self.lefts.replace(left, before, &now);
        let mut looking: Vec<u32> =
            before.iter().chain(&now).flat_map(|k| self.rights.block(*k)).map(|entry| *entry as u32).collect();
        looking.sort_unstable();
        looking.dedup();
        let mut scratch = Scratch::default();
        let mut from: Vec<u32> = looking.clone();
        for right in &looking {
            from.extend(self.neighbours(*right));
            self.look_again(lists, model, policy, *right, &mut scratch);
        }
        self.touched(lists, policy, from, looking.len())
    }

    /// Right records that share a left record with one.
    fn neighbours(&self, right: u32) -> Vec<u32> {
        let lefts = self.pairs.get(&right).into_iter().flatten();
        lefts.filter_map(|p| self.rights_of_left.get(&p.left)).flatten().copied().collect()
    }

    /// Assigns the groups that hold any of `from` again.
    fn touched<L: Lists>(&self, lists: &L, policy: &Policy, from: Vec<u32>, looked_again: usize) -> Touched {
        let mut group: FxHashSet<u32> = FxHashSet::default();
        let mut open = from;
        while let Some(right) = open.pop() {
            if group.insert(right) {
                open.extend(self.neighbours(right).into_iter().filter(|r| !group.contains(r)));
            }
        }
        let mut rights: Vec<u32> = group.into_iter().collect();
        rights.sort_unstable();
        let pairs: Vec<Pair> = rights.iter().filter_map(|r| self.pairs.get(r)).flatten().copied().collect();
        Touched { looked_again, assignments: assign(&pairs, policy, &|left| lists.order(Side::Left, left)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Plain;
    use crate::{Comparison, Level, Partners};
    use proptest::prelude::*;

    fn model() -> Model {
        let levels = vec![Level::new("same", 900_000_000, 1_000_000), Level::new("other", 100_000_000, 999_000_000)];
        Model { prior: -300, comparisons: vec![Comparison { name: "keys".into(), rare: 0, levels }] }
    }

    fn list() -> impl Strategy<Value = Vec<Vec<u64>>> {
        prop::collection::vec(prop::collection::vec(0u64..12, 1..4), 1..14)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn a_grown_result_is_that_of_a_full_run(
            left in list(), right in list(),
            changes in prop::collection::vec((any::<bool>(), 0usize..20, prop::collection::vec(0u64..12, 0..4)), 1..12),
        ) {
            let (model, look) = (model(), Look { block_max: 5, entries_max: 9, candidates_max: 3, share: 0 });
            let policy = Policy { link: 300, review: -2_000, margin: 50, partners: Partners::OneToMany(300) };
            let mut lists = Plain::of(left, right);
            let mut standing = StandingLinks::new(&lists, &model, look, &policy);
            for (is_left, at, keys) in changes {
                let side = if is_left { &lists.left } else { &lists.right };
                let at = at.min(side.len());
                let which = if is_left { Side::Left } else { Side::Right };
                let known = at < side.len();
                let before = if known { StandingLinks::keys(&lists, which, at as u32) } else { Vec::new() };
                let side = if is_left { &mut lists.left } else { &mut lists.right };
                if known { side[at] = keys } else { side.push(keys) }
                let touched = if is_left {
                    standing.left_changed(&lists, &model, &policy, at as u32, &before)
                } else {
                    standing.right_changed(&lists, &model, &policy, at as u32, &before)
                };
                let full = StandingLinks::new(&lists, &model, look, &policy).assignments(&lists, &policy);
                prop_assert_eq!(&standing.assignments(&lists, &policy), &full);
                for assignment in touched.assignments {
                    prop_assert!(full.contains(&assignment), "{:?} not in {:?}", assignment, full);
                }
            }
        }
    }
}
