//! Record linkage: block, compare, predict, assign, explain. It knows nothing of works or persons.
//!
//! * **In:** blocking keys of two lists, a [`Model`], and a function that compares a pair.
//! * **Out:** scored pairs, an assignment with ties kept as ties, and the waterfall of each pair.
//! * **Does not know:** what a record is. Weights are integers (hundredths of a bit), so results
//!   are the same on every machine and for every number of threads.
//! * **Read first:** [`Model`], then [`predict`].
//!
//! ```
//! use linkage_engine::{Assignment, Comparison, Level, Look, Model, Policy, assign, predict};
//! let model = Model { comparisons: vec![Comparison {
//!     name: "name".into(),
//!     levels: vec![Level::new("same", 900_000, 1_000), Level::new("other", 100_000, 999_000)],
//! }] };
//! let (left, right) = (["a", "b"], ["b"]);
//! let keys = |s: &str| vec![s.as_bytes()[0] as u64];
//! let pairs = predict(
//!     &model,
//!     &left.map(keys), &right.map(keys), Look { block_max: 100, candidates_max: 50 },
//!     |l, r, levels| levels.push((if left[l] == right[r] { 0 } else { 1 }, 0)),
//! );
//! let assigned = assign(&pairs, &Policy { link: 500, review: -200, margin: 300, taken_penalty: 400 });
//! assert_eq!(assigned[0], Assignment::Link { left: 1, right: 0, weight: 981 });
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod assign;
mod block;
mod predict;
mod weight;

pub use assign::{Assignment, Policy, assign};
pub use block::{Blocks, Look, Scratch};
pub use predict::{Bar, Comparison, Level, Model, Pair, predict, waterfall};
pub use weight::{log2_hundredths, weight_of};
