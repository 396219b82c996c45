//! What is compared, and what each outcome weighs.

use crate::weight::{BILLION, Share, weight_of};
use serde::{Deserialize, Serialize};

/// Most comparisons of a model.
pub const COMPARISONS_MAX: usize = 16;

/// A prior beyond a thousand bits is none.
const PRIOR_MAX: u32 = 100_000;

/// One outcome of comparing one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Name, which keys a sentence for the reader.
    pub name: String,
    /// Probability among true pairs, parts per billion.
    pub m: Share,
    /// Probability among pairs drawn at random, parts per billion.
    pub u: Share,
    /// Says nothing, because a side is silent: weighs nothing and is left out of every estimate.
    #[serde(default)]
    pub missing: bool,
    /// Weight in hundredths of a bit.
    #[serde(default)]
    pub weight: i32,
    /// What reaching the level by chance says on average, `log2(1/u)`.
    #[serde(default)]
    pub information: i32,
}

impl Level {
    /// From its two probabilities; equal ones weigh nothing.
    pub fn new(name: &str, m: Share, u: Share) -> Self {
        let mut level = Self { name: name.to_owned(), m, u, missing: false, weight: 0, information: 0 };
        level.settle();
        level
    }

    /// A level that says nothing.
    pub fn missing(name: &str) -> Self {
        Self { name: name.to_owned(), m: 0, u: 0, missing: true, weight: 0, information: 0 }
    }

    pub(crate) fn settle(&mut self) {
        if !self.missing {
            self.weight = weight_of(self.m, self.u);
            self.information = weight_of(BILLION, self.u);
        }
    }
}

/// One thing to compare, with its levels from best to worst.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Name.
    pub name: String,
    /// How far the rarity of the very value may move a level's weight either way, hundredths of a
    /// bit; 0 for not at all.
    #[serde(default)]
    pub rare: i32,
    /// Levels.
    pub levels: Vec<Level>,
}

impl Comparison {
    /// What an outcome adds for the rarity of its value: agreeing on a value says `log2(1/p)`, where
    /// agreements of the level say `log2(1/u)` on average (Winkler's frequency adjustment).
    pub fn adjustment(&self, outcome: Outcome) -> i32 {
        if self.rare == 0 || outcome.information == 0 {
            return 0;
        }
        let level = &self.levels[usize::from(outcome.level)];
        (i32::from(outcome.information) - level.information).clamp(-self.rare, self.rare)
    }
}

/// A Fellegi-Sunter model: the prior and the levels of each comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Weight of a pair drawn at random before anything was compared, hundredths of a bit.
    pub prior: i32,
    /// Comparisons in order.
    pub comparisons: Vec<Comparison>,
}

/// What one comparison of a pair came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Index of the level.
    pub level: u8,
    /// What agreeing on this very value says (see [`crate::information`]); 0 where the value says
    /// nothing beyond its level.
    pub information: i16,
}

/// What all comparisons of a pair came to, without a heap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcomes {
    items: [Outcome; COMPARISONS_MAX],
    len: u8,
}

impl Outcomes {
    /// Adds the next comparison's outcome.
    ///
    /// # Panics
    /// Beyond [`COMPARISONS_MAX`].
    pub fn push(&mut self, level: u8, information: i16) {
        self.items[usize::from(self.len)] = Outcome { level, information };
        self.len += 1;
    }

    /// In order of the model's comparisons.
    pub fn as_slice(&self) -> &[Outcome] {
        &self.items[..usize::from(self.len)]
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.len = 0;
    }
}

impl Model {
    /// The sum of the prior, the levels and their adjustments.
    pub fn weigh(&self, outcomes: &Outcomes) -> i32 {
        debug_assert_eq!(outcomes.as_slice().len(), self.comparisons.len());
        let bars = self.comparisons.iter().zip(outcomes.as_slice());
        self.prior + bars.map(|(c, o)| c.levels[usize::from(o.level)].weight + c.adjustment(*o)).sum::<i32>()
    }

    /// Does it weigh the same things as another, level for level, with probabilities that are some?
    pub fn is_like(&self, other: &Self) -> bool {
        let probable = |l: &Level| l.missing || (1..=BILLION).contains(&l.m) && (1..=BILLION).contains(&l.u);
        let level = |(a, b): (&Level, &Level)| a.name == b.name && a.missing == b.missing && probable(a);
        let comparison = |(a, b): (&Comparison, &Comparison)| {
            let levels = a.levels.len() == b.levels.len() && a.levels.iter().zip(&b.levels).all(level);
            a.name == b.name && a.rare == b.rare && levels
        };
        self.comparisons.len() == other.comparisons.len()
            && self.comparisons.iter().zip(&other.comparisons).all(comparison)
            && self.prior.unsigned_abs() <= PRIOR_MAX
    }

    /// Names of its comparisons and how many levels each has.
    pub fn shape(&self) -> String {
        let one = |c: &Comparison| format!("{} ({})", c.name, c.levels.len());
        self.comparisons.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// Computes the weights anew after probabilities changed.
    pub fn settle(&mut self) {
        self.comparisons.iter_mut().flat_map(|c| &mut c.levels).for_each(Level::settle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_weighs_its_bars_and_the_prior() {
        let name = Comparison {
            name: "name".into(),
            rare: 300,
            levels: vec![Level::new("same", BILLION / 2, BILLION / 1024), Level::missing("missing")],
        };
        let model = Model { prior: -700, comparisons: vec![name.clone(), name] };
        let mut outcomes = Outcomes::default();
        outcomes.push(0, 950);
        outcomes.push(1, 0);
        assert_eq!(model.weigh(&outcomes), -700 + 900 - 50);
        outcomes.clear();
        outcomes.push(0, 2_000);
        outcomes.push(0, 0);
        assert_eq!(model.weigh(&outcomes), -700 + 900 + 300 + 900, "rarity helps only so far");
    }
}
