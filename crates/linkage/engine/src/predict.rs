//! Scores of pairs, streamed.

use crate::block::{Blocks, Look};
use crate::lists::{Lists, Side};
use crate::look::{Looked, Scratch, find};
use crate::model::{Model, Outcomes};
use rayon::prelude::*;

/// A scored pair. Its outcomes are not kept: comparing once more is cheaper than the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// Index in the right list.
    pub right: u32,
    /// Index in the left list.
    pub left: u32,
    /// Sum of all bars of the waterfall, hundredths of a bit.
    pub weight: i32,
}

/// Right records scored at a time: the pairs of so many are held before they are handed on.
pub const CHUNK: usize = 1 << 14;

/// Scores the candidates of every right record and hands on those that weigh `keep` or more, by
/// right record, then left. Within one list each pair comes once, the earlier record left.
///
/// `sink` gets the pairs of each chunk and the number of right records done.
/// Memory: the pairs of [`CHUNK`] right records, 12 bytes each, and a scratch for each thread.
pub fn predict<L: Lists>(
    lists: &L,
    blocks: &Blocks,
    model: &Model,
    look: Look,
    keep: i32,
    mut sink: impl FnMut(&[Pair], usize),
) -> Looked {
    let rights = lists.len(Side::Right);
    let mut looked = Looked::default();
    let mut pairs: Vec<Pair> = Vec::new();
    for from in (0..rights).step_by(CHUNK) {
        let to = (from + CHUNK).min(rights);
        let found: Vec<(Vec<Pair>, Looked)> = (from as u32..to as u32)
            .into_par_iter()
            .with_min_len(256)
            .fold(
                || (Vec::new(), Looked::default(), Scratch::default()),
                |(mut pairs, mut looked, mut scratch), right| {
                    looked += score_one(lists, blocks, model, look, keep, right, &mut scratch, &mut pairs);
                    (pairs, looked, scratch)
                },
            )
            .map(|(pairs, looked, _)| (pairs, looked))
            .collect();
        pairs.clear();
        for (some, cost) in found {
            pairs.extend(some);
            looked += cost;
        }
        sink(&pairs, to);
    }
    looked
}

/// Scores the candidates of one right record into `pairs`.
pub fn score_one<L: Lists>(
    lists: &L,
    blocks: &Blocks,
    model: &Model,
    look: Look,
    keep: i32,
    right: u32,
    scratch: &mut Scratch,
    pairs: &mut Vec<Pair>,
) -> Looked {
    let looked = find(lists, blocks, right, look, scratch);
    lists.call(&scratch.found);
    for left in &scratch.found {
        let weight = weigh(lists, model, *left, right);
        if weight >= keep {
            let (left, right) = if lists.within() && *left > right { (right, *left) } else { (*left, right) };
            pairs.push(Pair { right, left, weight });
        }
    }
    looked
}

/// Weight of any pair, looked at or not.
pub fn weigh<L: Lists>(lists: &L, model: &Model, left: u32, right: u32) -> i32 {
    let mut outcomes = Outcomes::default();
    lists.compare(left, right, &mut outcomes);
    model.weigh(&outcomes)
}

/// All pairs at or above `keep`, sorted, each once.
pub fn predict_all<L: Lists>(lists: &L, blocks: &Blocks, model: &Model, look: Look, keep: i32) -> (Vec<Pair>, Looked) {
    let mut all = Vec::new();
    let looked = predict(lists, blocks, model, look, keep, |pairs, _| all.extend_from_slice(pairs));
    if lists.within() {
        all.par_sort_unstable();
        all.dedup();
    }
    (all, looked)
}

/// What blocking finds of what scoring would accept, measured on a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Recall {
    /// Right records of the sample.
    pub records: u64,
    /// Accepted among all pairs of the sample, looked at without limit.
    pub accepted: u64,
    /// Of those, found by the look.
    pub found: u64,
    /// Held against every left record; otherwise, where that would take too long, against a look
    /// sixteen times as wide.
    pub exhaustive: bool,
}

/// Comparisons a measurement of recall may take before it contents itself with a wider look.
const EXHAUSTIVE_MAX: usize = 200_000;

impl Look {
    /// So many times as wide.
    fn times(self, factor: usize) -> Self {
        Self {
            block_max: self.block_max * factor,
            entries_max: self.entries_max * factor,
            candidates_max: self.candidates_max * factor,
            share: self.share / factor.min(255) as u8,
        }
    }
}

impl Recall {
    /// Found over accepted, parts per million; all where nothing was to be found.
    pub fn ppm(&self) -> u64 {
        (self.found * 1_000_000).checked_div(self.accepted).unwrap_or(1_000_000)
    }
}

/// Compares a sample of right records with every left record (or, in large lists, with those a look
/// sixteen times as wide finds) and counts how many of the pairs that weigh `accept` or more the look
/// finds. Time: 200,000 comparisons at most.
pub fn recall<L: Lists>(lists: &L, blocks: &Blocks, model: &Model, look: Look, accept: i32, records: usize) -> Recall {
    let rights = crate::lists::sample(lists, Side::Right, records);
    let lefts = lists.len(Side::Left) as u32;
    let exhaustive = rights.len() * lefts as usize <= EXHAUSTIVE_MAX;
    let zero = Recall { records: rights.len() as u64, accepted: 0, found: 0, exhaustive };
    rights
        .par_iter()
        .map_init(
            || (Scratch::default(), Scratch::default()),
            |(scratch, wide), right| {
                find(lists, blocks, *right, look, scratch);
                let everyone: Vec<u32> = if exhaustive {
                    (0..lefts).filter(|l| !(lists.within() && l == right)).collect()
                } else {
                    find(lists, blocks, *right, look.times(16), wide);
                    wide.found.clone()
                };
                let mut own = zero;
                for left in everyone {
                    if weigh(lists, model, left, *right) >= accept {
                        own.accepted += 1;
                        own.found += u64::from(scratch.found.binary_search(&left).is_ok());
                    }
                }
                own
            },
        )
        .reduce(|| zero, |a, b| Recall { accepted: a.accepted + b.accepted, found: a.found + b.found, ..a })
}

/// Doubles the look until a sample's recall reaches `target` (parts per million) or the look is
/// sixteen times as wide. Answers the look and what it reaches.
pub fn look_for<L: Lists>(
    lists: &L,
    blocks: &Blocks,
    model: &Model,
    mut look: Look,
    accept: i32,
    records: usize,
    target: u64,
) -> (Look, Recall) {
    let mut reached = recall(lists, blocks, model, look, accept, records);
    for _ in 0..4 {
        if reached.ppm() >= target {
            break;
        }
        let wider = look.times(2);
        let more = recall(lists, blocks, model, wider, accept, records);
        (look, reached) = (wider, more);
    }
    (look, reached)
}
