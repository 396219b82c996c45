//! Rows become projects, and registrations find theirs.
//!
//! * **In:** normalised records of `registers`.
//! * **Out:** [`projects::Project`]s joined by the keys that procurement shares, the link of each
//!   registration with its waterfall, and the place of every row.
//! * **Does not know:** the law, the day, what a violation is, the database.
//! * **Read first:** [`projects::Project`], then [`works::link`].
//!
//! ```
//! let name = linkage::name::read("Belanja Modal Jalan Kota ([#] Peningkatan Jl. Panca Bhakti RT.06)");
//! assert_eq!(name.words, ["bhakti", "jalan", "panca", "peningkatan", "rt"]);
//! assert_eq!(name.numbers, ["6"]);
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod class;
pub mod district;
pub mod firm;
pub mod gazetteer;
pub mod kind;
pub mod name;
pub mod number;
pub mod profiles;
pub mod projects;
pub mod roster;
mod serves;
pub mod slips;
pub mod tables;
pub mod treasury;
mod words;
pub mod works;

pub use linkage_engine::{Bar, Pair};
