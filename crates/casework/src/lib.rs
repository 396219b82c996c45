//! Cases: a duty that is not met, the letters about it, and when the next one is due.
//!
//! * **In:** what was issued and when, whether the duty is met by now, the law, a day.
//! * **Out:** the [`Next`] step and the day it is due, by the clock of PP 86/2013 where that runs.
//! * **Does not know:** who writes, where letters lie, how they are sent. Nothing here sends anything.
//! * **Read first:** [`next_step`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod accident;
pub mod complaint;
mod hours;
mod ladder;

pub use hours::{Hours, allowed_from};
pub use ladder::{CaseFacts, Issued, Next, Policy, TooEarly, WarningTerm, may_write, next_step, warning_term};

use serde::{Deserialize, Serialize};

/// A letter of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// Tells the contractor of the duty and asks for it. No sanction.
    Notice,
    /// First written warning, PP 86/2013 Article 6 (1).
    FirstWarning,
    /// Second written warning, PP 86/2013 Article 6 (2).
    SecondWarning,
    /// Copy of the insurer's bill to the agency that owns the project.
    BillCopy,
    /// Invitation to clear the matter up at a table.
    Invitation,
    /// What was agreed there.
    Minutes,
}

impl LetterKind {
    /// All, in the order a case meets them.
    pub const ALL: [Self; 6] =
        [Self::Notice, Self::FirstWarning, Self::SecondWarning, Self::BillCopy, Self::Invitation, Self::Minutes];

    /// As stored, and as its sentences are named.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::FirstWarning => "first_warning",
            Self::SecondWarning => "second_warning",
            Self::BillCopy => "bill_copy",
            Self::Invitation => "invitation",
            Self::Minutes => "minutes",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }

    /// Does a legal clock run from it?
    pub fn is_warning(self) -> bool {
        matches!(self, Self::FirstWarning | Self::SecondWarning)
    }
}
