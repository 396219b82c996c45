//! The made-up city: whole feeds in the real formats with the real mess, and their truth.
//!
//! * **In:** a seed, a size, a day; or contracts that are already known.
//! * **Out:** files, and what a perfect program would say about them.
//! * **Does not know:** how Payung computes; the truth is counted day by day, the slow plain way.
//! * **Read first:** [`city::generate`].
//!
//! Every name, number and amount is invented. Identity numbers carry a province code (99) that
//! does not exist.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod aman;
pub mod city;
pub mod insurer;
pub mod map;
mod names;
mod random;
pub mod roster;
pub mod tables;
pub mod truth;
mod write;

pub use random::Random;
