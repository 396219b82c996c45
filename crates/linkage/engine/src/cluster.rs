//! Clusters: records of one firm or one person.
//!
//! Pairs join heaviest first. Decisions come before any weight: "same" joins, "different" keeps
//! apart whatever else would join them. Nothing is stored but pairs and decisions, so taking a
//! decision back takes its effect back.

use crate::predict::Pair;
use rustc_hash::{FxHashMap, FxHashSet};

/// A decision about two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decided {
    /// One record.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// The same, or different.
    pub same: bool,
}

/// A join that was not made because a decision or a strong contradiction stands against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// The pair that would have joined.
    pub pair: Pair,
    /// The two records that must stay apart.
    pub apart: (u32, u32),
}

/// Clusters of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clusters {
    /// For each record, the first record (by identifier) of its cluster.
    pub of: Vec<u32>,
    /// Joins not made.
    pub refused: Vec<Refused>,
    /// Decisions that contradict each other: the later "different" of records already the "same".
    pub contradictions: Vec<Decided>,
}

struct Forest {
    parent: Vec<u32>,
    members: FxHashMap<u32, Vec<u32>>,
    apart: FxHashMap<u32, FxHashSet<u32>>,
}

impl Forest {
    fn root(&mut self, mut i: u32) -> u32 {
        while self.parent[i as usize] != i {
            self.parent[i as usize] = self.parent[self.parent[i as usize] as usize];
            i = self.parent[i as usize];
        }
        i
    }

    /// Two members of the clusters of `a` and `b` that must stay apart, the first by number.
    fn against(&mut self, a: u32, b: u32) -> Option<(u32, u32)> {
        let (a, b) = (self.root(a), self.root(b));
        let few = |f: &Self, r: u32| f.members.get(&r).map_or(1, Vec::len);
        let (small, large) = if few(self, a) <= few(self, b) { (a, b) } else { (b, a) };
        let members = self.members.get(&small).cloned().unwrap_or_else(|| vec![small]);
        let mut found: Option<(u32, u32)> = None;
        for member in members {
            for other in self.apart.get(&member).cloned().into_iter().flatten() {
                if self.root(other) == large {
                    let pair = (member.min(other), member.max(other));
                    found = Some(found.map_or(pair, |f| f.min(pair)));
                }
            }
        }
        found
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let theirs = self.members.remove(&b).unwrap_or_else(|| vec![b]);
        let own = self.members.entry(a).or_insert_with(|| vec![a]);
        own.extend(theirs);
        self.parent[b as usize] = a;
    }
}

/// Joins the records of a list.
///
/// A pair joins where it weighs `link` or more and no member of the one cluster is known to differ
/// from a member of the other: by decision, or because the two were compared and weigh `apart` or
/// less. `order` is the number of a record's identifier; equals are taken in that order, so the
/// order of rows does not matter. Time: sorting the pairs, then near linear.
pub fn cluster(
    records: usize,
    pairs: &[Pair],
    decisions: &[Decided],
    link: i32,
    apart: i32,
    order: &(dyn Fn(u32) -> u64 + Sync),
) -> Clusters {
    let mut forest =
        Forest { parent: (0..records as u32).collect(), members: FxHashMap::default(), apart: FxHashMap::default() };
    let mut out = Clusters::default();
    let keep_apart = |forest: &mut Forest, a: u32, b: u32| {
        forest.apart.entry(a).or_default().insert(b);
        forest.apart.entry(b).or_default().insert(a);
    };
    for d in decisions.iter().filter(|d| d.same) {
        forest.join(d.a, d.b);
    }
    let mut decided: FxHashSet<(u32, u32)> = FxHashSet::default();
    for d in decisions {
        decided.insert((d.a.min(d.b), d.a.max(d.b)));
        if !d.same {
            if forest.root(d.a) == forest.root(d.b) {
                out.contradictions.push(*d);
            }
            keep_apart(&mut forest, d.a, d.b);
        }
    }
    let is_decided = |p: &Pair| decided.contains(&(p.left.min(p.right), p.left.max(p.right)));
    for p in pairs.iter().filter(|p| p.weight <= apart && !is_decided(p)) {
        keep_apart(&mut forest, p.left, p.right);
    }
    let mut joins: Vec<&Pair> = pairs.iter().filter(|p| p.weight >= link && !is_decided(p)).collect();
    joins.sort_by_cached_key(|p| {
        let (a, b) = (order(p.left), order(p.right));
        (std::cmp::Reverse(p.weight), a.min(b), a.max(b))
    });
    for pair in joins {
        if forest.root(pair.left) == forest.root(pair.right) {
            continue;
        }
        match forest.against(pair.left, pair.right) {
            Some(apart) => out.refused.push(Refused { pair: *pair, apart }),
            None => forest.join(pair.left, pair.right),
        }
    }
    let roots: Vec<u32> = (0..records as u32).map(|r| forest.root(r)).collect();
    let mut first: FxHashMap<u32, u32> = FxHashMap::default();
    for (record, root) in roots.iter().enumerate() {
        let record = record as u32;
        first
            .entry(*root)
            .and_modify(|f| {
                if (order(record), record) < (order(*f), *f) {
                    *f = record;
                }
            })
            .or_insert(record);
    }
    out.of = roots.iter().map(|root| first[root]).collect();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(left: u32, right: u32, weight: i32) -> Pair {
        Pair { left, right, weight }
    }

    fn clusters(pairs: &[Pair], decisions: &[Decided]) -> Clusters {
        cluster(5, pairs, decisions, 500, -1000, &|r| u64::from(r))
    }

    #[test]
    fn pairs_join_and_a_contradiction_keeps_the_weaker_join_out() {
        let got = clusters(&[pair(0, 1, 900), pair(1, 2, 800), pair(3, 4, 700), pair(0, 2, -1200)], &[]);
        assert_eq!(got.of, [0, 0, 2, 3, 3], "0 and 2 contradict each other, so the lighter pair waits");
        assert_eq!(got.refused, [Refused { pair: pair(1, 2, 800), apart: (0, 2) }]);
    }

    #[test]
    fn a_decision_and_its_withdrawal_return_to_the_start() {
        let pairs = [pair(0, 1, 900), pair(1, 2, 800)];
        let start = clusters(&pairs, &[]);
        let split = clusters(&pairs, &[Decided { a: 1, b: 2, same: false }]);
        assert_eq!(split.of, [0, 0, 2, 3, 4]);
        let merged = clusters(&pairs, &[Decided { a: 3, b: 4, same: true }]);
        assert_eq!(merged.of, [0, 0, 0, 3, 3]);
        assert_eq!(clusters(&pairs, &[]), start);
    }

    #[test]
    fn contradicting_decisions_are_said() {
        let d = |a, b, same| Decided { a, b, same };
        let got = clusters(&[], &[d(0, 1, true), d(1, 2, true), d(0, 2, false)]);
        assert_eq!(got.contradictions, [d(0, 2, false)]);
    }
}
