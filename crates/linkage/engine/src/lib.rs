//! Record linkage: block, look, compare, estimate, predict, assign, cluster, explain.
//!
//! * **In:** two [`Lists`] (or one against itself) and a [`Model`].
//! * **Out:** scored pairs, an [`assign`]ment with ties kept as ties, [`cluster`]s, and the
//!   [`waterfall`] of each pair.
//! * **Does not know:** what a record is: works, persons and firms live in the crates above. Weights
//!   are integers (hundredths of a bit) and ties are settled by identifiers, so results are the same
//!   on every machine, for every number of threads and every order of rows.
//! * **Read first:** [`Lists`], then [`Model`]; `README.md` beside this crate teaches the method.
//!
//! ```
//! use linkage_engine::*;
//! struct Words(Vec<&'static str>, Vec<&'static str>);
//! impl Lists for Words {
//!     fn len(&self, side: Side) -> usize { if side == Side::Left { self.0.len() } else { self.1.len() } }
//!     fn order(&self, _: Side, record: u32) -> u64 { record.into() }
//!     fn keys(&self, side: Side, r: u32, out: &mut Vec<u64>) {
//!         let word = if side == Side::Left { self.0[r as usize] } else { self.1[r as usize] };
//!         out.extend(word.bytes().take(2).map(u64::from));
//!     }
//!     fn compare(&self, l: u32, r: u32, out: &mut Outcomes) {
//!         out.push(if self.0[l as usize] == self.1[r as usize] { 0 } else { 1 }, 0);
//!     }
//! }
//! let lists = Words(vec!["melati", "mawar"], vec!["mawar"]);
//! let model = Model { prior: -100, comparisons: vec![Comparison {
//!     name: "name".into(),
//!     rare: 0,
//!     levels: vec![Level::new("same", BILLION * 9 / 10, BILLION / 1000), Level::new("other", BILLION / 10, BILLION)],
//! }] };
//! let look = Look { block_max: 100, entries_max: 300, candidates_max: 50, share: 0 };
//! let (pairs, _) = predict_all(&lists, &Blocks::new(&lists), &model, look, 0);
//! let policy = Policy { link: 500, review: 0, margin: 300, partners: Partners::OneToOne };
//! let assigned = assign(&pairs, &policy, &|l| lists.order(Side::Left, l));
//! assert_eq!(assigned, [Assignment::Link { left: 1, right: 0, weight: 881 }]);
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod assign;
mod block;
mod cluster;
mod estimate;
mod explain;
mod grow;
mod lists;
mod look;
mod matching;
mod model;
mod predict;
#[cfg(test)]
mod testing;
mod weight;

pub use assign::{Assignment, Partners, Policy, assign};
pub use block::{Blocks, Look, Shape};
pub use cluster::{Clusters, Decided, Refused, cluster};
pub use estimate::{Estimated, Training, count_random, estimate, from_labels};
pub use explain::{Bar, Change, Standing, changes, standing, waterfall};
pub use grow::{StandingLinks, Touched};
pub use lists::{Lists, Side, sample};
pub use look::{Looked, Scratch, find};
pub use model::{COMPARISONS_MAX, Comparison, Level, Model, Outcome, Outcomes};
pub use predict::{CHUNK, Pair, Recall, look_for, predict, predict_all, recall, score_one, weigh};
pub use weight::{BILLION, Share, information, log2_hundredths, probability_ppm, weight_of};
