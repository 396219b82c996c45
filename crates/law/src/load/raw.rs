//! A law file as it is written, before checking.

use crate::model::{Band, Bracket, Citation, CityMay, Confidence, DayOff, RoundingScope, Row, Term, Text, Unit, Value};
use kernel::Date;
use kernel::money::Rounding;
use serde::Deserialize;

/// A parameter of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawParameter {
    pub(super) title: Text,
    pub(super) unit: Unit,
    pub(super) rounding: String,
    #[serde(default)]
    pub(super) city: CityMay,
    /// The rule has ended and nothing follows; without this mark the last value must be open.
    #[serde(default)]
    pub(super) ended: bool,
    pub(super) values: Vec<RawPeriod>,
}

/// Values that replace those of a parameter that exists, for the days they cover.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawChange {
    pub(super) path: String,
    pub(super) values: Vec<RawPeriod>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPeriod {
    pub(super) from: Date,
    pub(super) to: Option<Date>,
    #[serde(default)]
    pub(super) readings: Vec<RawReading>,
    pub(super) settle: Option<RawSettle>,
}

/// "From this day, this reading is the one": a city's circular, or an answer of the ministry.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSettle {
    pub(super) reading: String,
    pub(super) why: Option<Text>,
    pub(super) citation: Citation,
    pub(super) confidence: Confidence,
    pub(super) checked: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRounding {
    rule: Rounding,
    scope: RoundingScope,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawReading {
    pub(super) id: String,
    #[serde(default)]
    pub(super) default: bool,
    scale: Option<Vec<Bracket>>,
    bands: Option<Vec<Band>>,
    number: Option<i64>,
    parts: Option<Vec<u32>>,
    term: Option<Term>,
    rounding: Option<RawRounding>,
    days_off: Option<Vec<DayOff>>,
    choice: Option<String>,
    rows: Option<Vec<Row>>,
    #[serde(default)]
    reference: bool,
    pub(super) why: Option<Text>,
    pub(super) citation: Citation,
    pub(super) confidence: Confidence,
    pub(super) checked: Date,
}

impl RawReading {
    /// Every value written in the reading; exactly one is right.
    pub(super) fn take_values(&mut self) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::new();
        values.extend(self.scale.take().map(Value::Scale));
        values.extend(self.bands.take().map(Value::Bands));
        values.extend(self.number.take().map(Value::Number));
        values.extend(self.parts.take().map(Value::Parts));
        values.extend(self.term.take().map(Value::Term));
        values.extend(self.rounding.take().map(|r| Value::Rounding(r.rule, r.scope)));
        values.extend(self.days_off.take().map(Value::DaysOff));
        values.extend(self.choice.take().map(Value::Choice));
        values.extend(self.rows.take().map(Value::Rows));
        values.extend(self.reference.then_some(Value::Reference));
        values
    }
}
