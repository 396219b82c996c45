//! An amount or a day travels with the steps and articles that made it.

use crate::model::{Citation, Confidence, Reading};
use kernel::{Date, Exact};
use serde::Serialize;

/// A result and how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained<T> {
    /// The result.
    pub value: T,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// One step of a computation: what was done, what came out, under which article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What was done, as a key of a sentence in `i18n/` with its numbers.
    #[serde(flatten)]
    pub what: What,
    /// What came out, in rupiah, exact, as a decimal string or a ratio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Exact>,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citation: Option<Citation>,
    /// How sure we are of the value used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
}

/// The kinds of step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum What {
    /// The value as given.
    GivenValue,
    /// Value-added tax taken out.
    TaxRemoved {
        /// Rate in parts per million.
        rate_ppm: i64,
    },
    /// A slice of a marginal scale.
    Slice {
        /// `jkk` or `jkm`.
        programme: Programme,
        /// Lower end of the slice, rupiah.
        above: i64,
        /// Upper end, rupiah; none on the open slice.
        up_to: Option<i64>,
        /// The part of the base that lies in the slice, exact.
        part: Exact,
        /// Rate in parts per million.
        rate_ppm: i64,
    },
    /// The sum before rounding.
    Sum,
    /// The one rounding.
    Rounded {
        /// Name of the reading that sets the rule.
        rule: String,
    },
    /// Working days counted.
    WorkingDays {
        /// How many.
        days: u32,
        /// From the day after this one.
        start: Date,
        /// To this one.
        end: Date,
        /// False where a year on the way has no holiday list yet.
        calendar_complete: bool,
    },
}

/// The two programmes of construction insurance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Programme {
    /// Jaminan kecelakaan kerja: work accident.
    Jkk,
    /// Jaminan kematian: death.
    Jkm,
}

impl Step {
    /// A step that rests on no article.
    pub fn plain(what: What, amount: Exact) -> Self {
        Self { what, amount: Some(amount), citation: None, confidence: None }
    }

    /// A step under a reading of the law.
    pub fn under(what: What, amount: Option<Exact>, reading: &Reading) -> Self {
        Self { what, amount, citation: Some(reading.citation.clone()), confidence: Some(reading.confidence) }
    }
}
