//! The protection ledger and the findings: for every project, each day in one state, and why.
//!
//! * **In:** projects, registrations and their links, the law, a day.
//! * **Out:** [`protection::Ledger`] per project, [`finding::Finding`]s, totals.
//! * **Does not know:** files, the database, the clock, the user.
//! * **Read first:** [`protection`], then one rule under `rules/`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod band;
mod city;
pub mod cover;
pub mod coverage;
#[cfg(test)]
mod drawn;
pub mod effect;
pub mod finding;
pub mod forecast;
pub mod gate;
pub mod people;
pub mod protection;
pub mod roster;
mod rules;
pub mod surge;
pub mod view;
pub mod vulnerable;
pub mod wage;
pub mod worklist;

pub use city::{Assessment, GroupLine, MonthLine, ProjectLine, Question, Totals, assess, group};
pub use finding::{Fact, Finding, FindingCode};
pub use protection::{Deciding, Ledger, Missing, Span, Standing, State};
pub use view::{City, Coverage, Knowledge, ProjectView};
