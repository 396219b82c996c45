//! Comparison levels and the score of a pair.

use crate::block::{Blocks, Look};
use crate::weight::weight_of;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// One outcome of comparing one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Name, which keys a sentence for the clerk.
    pub name: String,
    /// Probability among true pairs, parts per million.
    pub m_ppm: u64,
    /// Probability among other pairs, parts per million.
    pub u_ppm: u64,
    /// Weight in hundredths of a bit; 0 for a level that says nothing (a missing value).
    #[serde(skip)]
    pub weight: i32,
}

impl Level {
    /// From its two probabilities; equal ones weigh nothing.
    pub fn new(name: &str, m_ppm: u64, u_ppm: u64) -> Self {
        Self { name: name.to_owned(), m_ppm, u_ppm, weight: weight_of(m_ppm, u_ppm) }
    }
}

/// One thing to compare, with its levels from best to worst.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Name.
    pub name: String,
    /// Levels.
    pub levels: Vec<Level>,
}

/// What is compared, and what each outcome weighs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Comparisons in order.
    pub comparisons: Vec<Comparison>,
}

impl Model {
    /// Fills the weights in after reading a model from data.
    pub fn settle(&mut self) {
        for level in self.comparisons.iter_mut().flat_map(|c| &mut c.levels) {
            level.weight = weight_of(level.m_ppm, level.u_ppm);
        }
    }
}

/// A scored pair. `levels` holds, per comparison, the level and an adjustment in hundredths of a
/// bit (how common the agreeing value is).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Index in the left list.
    pub left: u32,
    /// Index in the right list.
    pub right: u32,
    /// Sum of all bars of the waterfall.
    pub weight: i32,
    /// Level and adjustment, per comparison.
    pub levels: Vec<(u8, i32)>,
}

/// One bar of a waterfall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// Comparison.
    pub comparison: String,
    /// Level reached.
    pub level: String,
    /// Its weight with the adjustment, hundredths of a bit.
    pub weight: i32,
}

/// The bars of a pair; their weights and the prior sum to the pair's weight.
pub fn waterfall(model: &Model, pair: &Pair) -> Vec<Bar> {
    model
        .comparisons
        .iter()
        .zip(&pair.levels)
        .map(|(comparison, (level, adjust))| {
            let level = &comparison.levels[usize::from(*level)];
            Bar { comparison: comparison.name.clone(), level: level.name.clone(), weight: level.weight + adjust }
        })
        .collect()
}

/// Scores the pairs that share the most, by blocking key. Sorted by right, then left record.
///
/// `compare(left, right, levels)` pushes one `(level, adjustment)` per comparison of the model.
pub fn predict<K: AsRef<[u64]> + Sync>(
    model: &Model,
    left: &[K],
    right: &[K],
    look: Look,
    compare: impl Fn(usize, usize, &mut Vec<(u8, i32)>) + Sync,
) -> Vec<Pair> {
    let blocks = Blocks::new(left);
    let per_right: Vec<Vec<Pair>> = right
        .par_iter()
        .enumerate()
        .map_init(
            || (blocks.scratch(), Vec::new()),
            |(scratch, found), (r, keys)| {
                blocks.find(keys.as_ref(), look, scratch, found);
                found
                    .iter()
                    .map(|l| {
                        let mut levels = Vec::with_capacity(model.comparisons.len());
                        compare(*l as usize, r, &mut levels);
                        debug_assert_eq!(levels.len(), model.comparisons.len());
                        let weight = model
                            .comparisons
                            .iter()
                            .zip(&levels)
                            .map(|(c, (level, adjust))| c.levels[usize::from(*level)].weight + adjust)
                            .sum();
                        Pair { left: *l, right: r as u32, weight, levels }
                    })
                    .collect()
            },
        )
        .collect();
    per_right.into_iter().flatten().collect()
}
