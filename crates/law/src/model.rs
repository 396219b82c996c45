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

impl std::fmt::Display for Citation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.instrument, self.article)
    }
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

impl Confidence {
    /// As it stands in the law files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Instrument => "instrument",
            Self::TwoSources => "two_sources",
            Self::OneSource => "one_source",
            Self::Unconfirmed => "unconfirmed",
            Self::Judgement => "judgement",
        }
    }

    /// Must a reader be told?
    pub fn needs_mark(self) -> bool {
        self != Self::Instrument
    }
}

/// What a parameter's numbers count; it fixes which kind of value its readings hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A marginal scale over rupiah, rates in parts per million.
    PpmOfSlice,
    /// A marginal scale over months, rates in parts per million of a monthly wage.
    PpmOfMonths,
    /// A step table: the amount in rupiah that belongs to the band a value lies in.
    RupiahByBand,
    /// Parts per million.
    Ppm,
    /// Whole rupiah.
    Rupiah,
    /// Calendar days.
    Days,
    /// Months.
    Months,
    /// Years.
    Years,
    /// A plain count.
    Count,
    /// How many times: a factor.
    Times,
    /// Parts of a whole that sum to 100.
    PercentParts,
    /// A term: a count of hours, days, working days, months or years.
    Term,
    /// A rounding rule.
    Rounding,
    /// Days off of a year.
    DaysOff,
    /// An article without a figure.
    Reference,
    /// One of a few named ways.
    Choice,
    /// Rows of parts per million, by code.
    PpmRows,
    /// Rows of whole rupiah, by code.
    RupiahRows,
    /// Rows of years, by code.
    YearsRows,
}

impl Unit {
    /// As it stands in the law files.
    pub fn name(self) -> String {
        serde_yaml_ng::to_string(&self).unwrap_or_default().trim().to_owned()
    }

    /// Does a value of this kind belong to this unit?
    pub fn admits(self, value: &Value) -> bool {
        match value {
            Value::Scale(_) => matches!(self, Self::PpmOfSlice | Self::PpmOfMonths),
            Value::Bands(_) => self == Self::RupiahByBand,
            Value::Number(_) => {
                matches!(
                    self,
                    Self::Ppm | Self::Rupiah | Self::Days | Self::Months | Self::Years | Self::Count | Self::Times
                )
            }
            Value::Parts(_) => self == Self::PercentParts,
            Value::Term(_) => self == Self::Term,
            Value::Rounding(..) => self == Self::Rounding,
            Value::DaysOff(_) => self == Self::DaysOff,
            Value::Reference => self == Self::Reference,
            Value::Choice(_) => self == Self::Choice,
            Value::Rows(_) => matches!(self, Self::PpmRows | Self::RupiahRows | Self::YearsRows),
        }
    }
}

/// What a city's own layer may do with a national parameter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CityMay {
    /// Nothing: national law binds.
    #[default]
    Nothing,
    /// Settle which of the readings applies, from a date, on a legal basis.
    Settle,
    /// Replace the value.
    Replace,
}

/// One slice of a marginal scale.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bracket {
    /// Upper end of the slice, in the scale's own unit; `None` on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub up_to: Option<i64>,
    /// Rate on the part inside the slice, in parts per million.
    pub ppm: i64,
    /// The letter of the article that sets it.
    pub article: String,
}

/// One step of a table of bands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Highest value of the band, whole rupiah; `None` on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub up_to: Option<i64>,
    /// What belongs to the band, whole rupiah.
    pub amount: i64,
}

/// What a term is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TermUnit {
    /// Hours of the clock, day and night.
    Hours,
    /// Calendar days.
    CalendarDays,
    /// Monday to Friday without days off.
    WorkingDays,
    /// Calendar months.
    Months,
    /// Calendar years.
    Years,
    /// A day of the month the event lies in, moved to the next working day.
    DayOfSameMonth,
    /// A day of the month after the event's, moved to the next working day.
    DayOfNextMonth,
}

/// How long a duty may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// How many.
    pub count: u32,
    /// Of what.
    pub of: TermUnit,
}

/// A day that is not a working day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DayOff {
    /// The day.
    pub date: Date,
    /// Its name in the decree.
    pub name: String,
    /// Confidence where it differs from the year's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
}

/// One row of a table keyed by code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// English and regular: `thumb-right`.
    pub code: String,
    /// What it is, in both languages.
    pub title: Text,
    /// The value, in the parameter's unit.
    pub number: i64,
    /// Where the doctor sets the value inside a range: the highest, in the parameter's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_max: Option<i64>,
    /// The value is for each so many units of a measured loss (10 decibels, 10 percent of sight).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<i64>,
    /// The row of the whole, beside which a measured part may be capped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<String>,
    /// How often it can be lost, where a body has more than one of it; once where not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times_max: Option<usize>,
    /// The loss of which this is a part: both cannot be claimed together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub part_of: Vec<String>,
    /// Confidence where it differs from the reading's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
}

/// What a rounding applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingScope {
    /// The sum of the programmes.
    Total,
    /// Each programme, or each benefit, by itself.
    EachProgramme,
}

/// A value of one of the kinds a law file can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A marginal scale: each rate applies to its own slice only.
    Scale(Vec<Bracket>),
    /// A step table: a value takes the amount of the band it lies in.
    Bands(Vec<Band>),
    /// A count or a rate, in the parameter's unit.
    Number(i64),
    /// Parts of a whole that sum to 100.
    Parts(Vec<u32>),
    /// A span of time.
    Term(Term),
    /// How and on what to round.
    Rounding(Rounding, RoundingScope),
    /// Days off of one year.
    DaysOff(Vec<DayOff>),
    /// No figure: the parameter only names the article of a duty.
    Reference,
    /// A named way of doing.
    Choice(String),
    /// Rows by code.
    Rows(Vec<Row>),
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
    /// The layer it comes from: `None` for the national one.
    pub layer: Option<String>,
}

/// A span of time and the readings in force in it; the default stands first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day; open where there is none.
    pub to: Option<Date>,
    /// The default first.
    pub readings: Vec<Reading>,
}

/// One parameter over time: periods in order, without gap or overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// What it is.
    pub title: Text,
    /// What its numbers count.
    pub unit: Unit,
    /// Path of the rounding rule that ends a computation with it; `None` where nothing is rounded.
    pub rounding: Option<String>,
    /// What a city's layer may do.
    pub city: CityMay,
    /// The rule has ended: the last value has a last day and nothing follows.
    pub ended: bool,
    /// Its values.
    pub periods: Vec<Period>,
}

impl Parameter {
    /// The period that holds a day.
    pub fn on(&self, date: Date) -> Option<&Period> {
        let after = self.periods.partition_point(|p| p.from <= date);
        let period = self.periods.get(after.checked_sub(1)?)?;
        period.to.is_none_or(|to| date <= to).then_some(period)
    }
}

impl Value {
    /// The value as plain data, for machines and for comparing.
    pub fn to_plain(&self) -> serde_yaml_ng::Value {
        use serde_yaml_ng::to_value;
        match self {
            Self::Scale(s) => to_value(s),
            Self::Bands(b) => to_value(b),
            Self::Number(n) => to_value(n),
            Self::Parts(p) => to_value(p),
            Self::Term(t) => to_value(t),
            Self::Rounding(rule, scope) => to_value((rule, scope)),
            Self::DaysOff(d) => to_value(d),
            Self::Reference => to_value(()),
            Self::Choice(c) => to_value(c),
            Self::Rows(r) => to_value(r),
        }
        .unwrap_or_default()
    }
}
