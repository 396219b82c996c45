//! Explanation: the waterfall of a pair, why a pair was not proposed, and what would change it.

use crate::block::{Blocks, Look, keys_of};
use crate::lists::{Lists, Side};
use crate::look::{Scratch, find};
use crate::model::{Model, Outcome, Outcomes};
use serde::Serialize;

/// One bar of a waterfall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// Comparison.
    pub comparison: String,
    /// Level reached.
    pub level: String,
    /// Its weight with the adjustment, hundredths of a bit.
    pub weight: i32,
    /// The part of it that is this very value's: how rare or common it is.
    pub rarity: i32,
}

/// The bars of a pair; the prior and they sum to the pair's one weight, in every view.
pub fn waterfall(model: &Model, outcomes: &Outcomes) -> Vec<Bar> {
    model
        .comparisons
        .iter()
        .zip(outcomes.as_slice())
        .map(|(comparison, outcome)| {
            let level = &comparison.levels[usize::from(outcome.level)];
            let rarity = comparison.adjustment(*outcome);
            Bar {
                comparison: comparison.name.clone(),
                level: level.name.clone(),
                weight: level.weight + rarity,
                rarity,
            }
        })
        .collect()
}

/// A field whose other outcome alone would change the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Comparison.
    pub comparison: String,
    /// The nearest level that would do it.
    pub level: String,
    /// The weight the pair would have; a better level than now of a value that differs is taken to be as rare as most.
    pub weight: i32,
}

/// For each field, the level nearest to the present one that would carry the pair over `threshold`
/// from where it stands.
pub fn changes(model: &Model, outcomes: &Outcomes, threshold: i32) -> Vec<Change> {
    let weight = model.weigh(outcomes);
    let accepted = weight >= threshold;
    let mut out = Vec::new();
    for (comparison, outcome) in model.comparisons.iter().zip(outcomes.as_slice()) {
        let now = usize::from(outcome.level);
        let own = comparison.levels[now].weight + comparison.adjustment(*outcome);
        let last = comparison.levels.iter().rposition(|l| !l.missing).unwrap_or_default();
        // How rare the values are stays what it is, at every level at which they agree at all.
        let at = |level: usize| {
            let agrees = level != last && !comparison.levels[level].missing;
            let same = Outcome { level: level as u8, information: if agrees { outcome.information } else { 0 } };
            weight - own + comparison.levels[level].weight + comparison.adjustment(same)
        };
        let flips = |level: &usize| (at(*level) >= threshold) != accepted;
        let nearest = (0..comparison.levels.len()).filter(|l| *l != now).filter(flips).min_by_key(|l| l.abs_diff(now));
        if let Some(level) = nearest {
            out.push(Change {
                comparison: comparison.name.clone(),
                level: comparison.levels[level].name.clone(),
                weight: at(level),
            });
        }
    }
    out
}

/// What stands between a pair and its proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Standing {
    /// It is proposed.
    Proposed,
    /// It weighs less than the threshold.
    TooLight {
        /// Hundredths of a bit that are lacking.
        lacking: i32,
    },
    /// It would weigh enough, but shares no blocking key.
    NoSharedKey,
    /// It would weigh enough, but shares only keys that more than `block_max` records have.
    OnlyCommonKeys {
        /// Records of the smallest block they share.
        smallest: u64,
    },
    /// It would weigh enough, but others share more, and only so many are compared.
    Crowded {
        /// Candidates that came before it.
        candidates: u64,
    },
}

/// Why a pair is, or is not, proposed.
pub fn standing<L: Lists>(
    lists: &L,
    blocks: &Blocks,
    model: &Model,
    look: Look,
    threshold: i32,
    left: u32,
    right: u32,
) -> Standing {
    let weight = crate::predict::weigh(lists, model, left, right);
    if weight < threshold {
        return Standing::TooLight { lacking: threshold - weight };
    }
    let mut scratch = Scratch::default();
    find(lists, blocks, right, look, &mut scratch);
    if scratch.found.binary_search(&left).is_ok() {
        return Standing::Proposed;
    }
    let (mut a, mut b) = (Vec::new(), Vec::new());
    keys_of(lists, Side::Left, left, &mut a);
    keys_of(lists, Side::Right, right, &mut b);
    let shared: Vec<usize> = a.iter().filter(|k| b.contains(k)).map(|k| blocks.block(*k).len()).collect();
    match shared.iter().min() {
        None => Standing::NoSharedKey,
        Some(size) if *size > look.block_max => Standing::OnlyCommonKeys { smallest: *size as u64 },
        Some(_) => Standing::Crowded { candidates: scratch.found.len() as u64 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Comparison, Level};
    use crate::weight::BILLION;

    #[test]
    fn a_worse_level_does_not_forget_how_common_the_value_is() {
        let levels = vec![
            Level::new("same", BILLION / 2, BILLION / 1024),
            Level::new("close", BILLION / 4, BILLION / 1024),
            Level::new("different", BILLION / 4, BILLION),
        ];
        let model = Model { prior: 0, comparisons: vec![Comparison { name: "name".into(), rare: 600, levels }] };
        let mut outcomes = Outcomes::default();
        // The same, but of a common value: 10 bits by its level, 6 less for its rarity.
        outcomes.push(0, 400);
        assert_eq!(model.weigh(&outcomes), 300);
        // A close one of the same rarity weighs less still: it cannot carry the pair over what the same one does not reach.
        assert!(changes(&model, &outcomes, 500).is_empty());
        let down = changes(&model, &outcomes, 250);
        assert_eq!((down[0].level.as_str(), down[0].weight), ("close", 200));
    }
}
