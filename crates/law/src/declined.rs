//! Why a question to the law is declined: never a wrong number instead.

use crate::LawGap;
use kernel::money::AMOUNT_MAX_RUPIAH;
use kernel::{Date, Exact};

/// A question that has no answer. `app` says it as the sentence `declined-` and [`Declined::code`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declined {
    /// No law of this kind on this day.
    Gap(LawGap),
    /// An amount or count that has to be above zero.
    NotPositive {
        /// Name of the input.
        what: &'static str,
    },
    /// An amount above 10^15 rupiah, or a count nobody means.
    TooLarge {
        /// Name of the input.
        what: &'static str,
    },
    /// A code that no table has.
    UnknownCode {
        /// Name of the input.
        what: &'static str,
        /// As typed.
        code: String,
    },
    /// Two inputs that cannot both hold.
    Contradiction {
        /// The one.
        first: String,
        /// The other.
        second: String,
    },
    /// An input without which there is no answer.
    Missing {
        /// Name of the input.
        what: &'static str,
    },
    /// A measure outside the range its table gives.
    OutOfRange {
        /// What is measured.
        what: String,
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// A list of the wrong length.
    Length {
        /// Name of the input.
        what: &'static str,
        /// How many the law asks for.
        expected: i64,
        /// How many came.
        got: usize,
    },
    /// A day before the one it must follow.
    DateOrder {
        /// The day that came.
        date: Date,
        /// The day it has to follow.
        after: Date,
    },
}

impl From<LawGap> for Declined {
    fn from(gap: LawGap) -> Self {
        Self::Gap(gap)
    }
}

impl Declined {
    /// Name of its sentence.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Gap(_) => "gap",
            Self::NotPositive { .. } => "not-positive",
            Self::TooLarge { .. } => "too-large",
            Self::UnknownCode { .. } => "unknown-code",
            Self::Contradiction { .. } => "contradiction",
            Self::Missing { .. } => "missing",
            Self::OutOfRange { .. } => "out-of-range",
            Self::Length { .. } => "length",
            Self::DateOrder { .. } => "date-order",
        }
    }

    /// Arguments of its sentence.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Gap(gap) => vec![("path", gap.path.clone()), ("date", gap.date.to_string())],
            Self::NotPositive { what } | Self::TooLarge { what } | Self::Missing { what } => {
                vec![("what", (*what).to_owned())]
            }
            Self::UnknownCode { what, code } => vec![("what", (*what).to_owned()), ("code", code.clone())],
            Self::Contradiction { first, second } => vec![("first", first.clone()), ("second", second.clone())],
            Self::OutOfRange { what, least, most } => {
                vec![("what", what.clone()), ("least", least.to_string()), ("most", most.to_string())]
            }
            Self::Length { what, expected, got } => {
                vec![("what", (*what).to_owned()), ("expected", expected.to_string()), ("got", got.to_string())]
            }
            Self::DateOrder { date, after } => vec![("date", date.to_string()), ("after", after.to_string())],
        }
    }
}

/// An amount that is above zero and at most 10^15 rupiah, so that nothing computed from it overflows.
///
/// # Errors
/// [`Declined::NotPositive`] or [`Declined::TooLarge`], naming the input.
pub(crate) fn positive(amount: Exact, what: &'static str) -> Result<Exact, Declined> {
    if !amount.is_positive() {
        return Err(Declined::NotPositive { what });
    }
    at_most(amount, what)
}

/// An amount that is at most 10^15 rupiah.
pub(crate) fn at_most(amount: Exact, what: &'static str) -> Result<Exact, Declined> {
    if amount > Exact::ratio(AMOUNT_MAX_RUPIAH, 1) {
        return Err(Declined::TooLarge { what });
    }
    Ok(amount)
}
