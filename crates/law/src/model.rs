//! The shape of a law file, after checking.

use kernel::Date;
use kernel::money::Rounding;
use serde::{Deserialize, Serialize};

/// A sentence in both languages, kept beside the value it is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

/// Where a value stands written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The instrument: `PP 44/2015`.
    pub instrument: String,
    /// The article in it.
    pub article: String,
}

/// How sure we are of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Read in the instrument itself.
    Instrument,
    /// Two or more secondary sources agree.
    TwoSources,
    /// One secondary source.
    OneSource,
    /// Not confirmed in anything read: shown with a mark wherever it is used.
    Unconfirmed,
    /// No law at all: a yardstick of the program that a city may replace.
    Judgement,
}

/// One slice of a marginal scale.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bracket {
    /// Upper end of the slice in whole rupiah; `None` on the last.
    pub up_to: Option<i64>,
    /// Rate on the part inside the slice, in parts per million.
    pub ppm: i64,
    /// The letter of the article that sets it.
    pub article: String,
}

/// A day that is not a working day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayOff {
    /// The day.
    pub date: Date,
    /// Its name in the decree.
    pub name: String,
    /// Confidence where it differs from the year's.
    pub confidence: Option<Confidence>,
}

/// What a rounding applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingScope {
    /// The sum of the programmes.
    Total,
    /// Each programme by itself.
    EachProgramme,
}

/// A value of one of the kinds a law file can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A marginal scale: each rate applies to its own slice only.
    Scale(Vec<Bracket>),
    /// A count or a rate, in the parameter's unit.
    Number(i64),
    /// Parts of a whole that sum to 100.
    Parts(Vec<u32>),
    /// How and on what to round.
    Rounding(Rounding, RoundingScope),
    /// Days off of one year.
    DaysOff(Vec<DayOff>),
    /// No figure: the parameter only names the article of a duty.
    Reference,
}

/// One way to read the law on a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Short name, unique among the readings of a date.
    pub id: String,
    /// What it says.
    pub value: Value,
    /// Why it is the default, or why it exists.
    pub why: Option<Text>,
    /// Where it stands.
    pub citation: Citation,
    /// How sure we are.
    pub confidence: Confidence,
    /// When somebody last looked.
    pub checked: Date,
}

/// A span of time and the readings in force in it; the default stands first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) from: Date,
    pub(crate) to: Option<Date>,
    pub(crate) readings: Vec<Reading>,
}

/// One parameter over time: periods in order, without gap or overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub(crate) title: Text,
    pub(crate) unit: String,
    pub(crate) periods: Vec<Period>,
}

impl Parameter {
    /// The period that holds a day.
    pub(crate) fn on(&self, date: Date) -> Option<&Period> {
        let after = self.periods.partition_point(|p| p.from <= date);
        let period = self.periods.get(after.checked_sub(1)?)?;
        period.to.is_none_or(|to| date <= to).then_some(period)
    }
}
