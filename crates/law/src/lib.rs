//! Answers "what was in force on this date, by which article", and computes from it.
//!
//! * **In:** the files under `law/`, built into the program, and layers over them; a date; facts.
//! * **Out:** values with their readings and citations; [`explained::Explained`] amounts and days.
//! * **Does not know:** any register, any database, the clock, floats, the user's language.
//! * **Read first:** [`LawAt`], then [`contribution`], then [`readings`].
//!
//! ```
//! use kernel::{Exact, Rupiah};
//! let law = law::Law::builtin();
//! let spk = "2025-03-03".parse().unwrap();
//! let due = law::contribution::by_contract_value(Exact::whole(180_000_000), &law.at(spk)).unwrap();
//! assert_eq!((due.jkk, due.jkm, due.total), (Rupiah(346_000), Rupiah(46_000), Rupiah(392_000)));
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod benefit;
pub mod bpu;
pub mod calendar;
pub mod cases;
pub mod contribution;
pub mod deadline;
mod declined;
pub mod explained;
mod load;
pub mod manifest;
pub mod model;
pub mod readings;

pub use declined::Declined;
pub use load::{Authority, LawFault, LawFileError, builtin_files};
pub use model::{Bracket, Citation, Confidence, DayOff, Parameter, Reading, RoundingScope, Text, Unit, Value};

use kernel::Date;
use kernel::calendar::Calendar;
use kernel::money::Rounding;
use model::{Band, Row, Term};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Every parameter of the law, for every date. Keys are paths under `law/` without the ending:
/// `jakon/jkk_scale`.
#[derive(Debug, Clone)]
pub struct Law {
    parameters: BTreeMap<String, Parameter>,
    calendars: calendar::Calendars,
    layers: Vec<String>,
}

/// There is no value for this parameter on this date, or none of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawGap {
    /// Path under `law/`.
    pub path: String,
    /// The day asked for.
    pub date: Date,
}

/// How collective leave (cuti bersama) counts when working days are counted. The decree calls it
/// leave, not a public holiday, and offices read it both ways, so both are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeaveReading {
    /// Only public holidays stop the clock: the earlier, stricter deadline.
    LeaveIsWorking,
    /// Collective leave stops the clock too: the later deadline.
    LeaveIsOff,
}

impl Law {
    /// The national layer that ships with the program.
    ///
    /// # Panics
    /// Never in a released program: the files are built in, and a test loads them.
    pub fn builtin() -> &'static Law {
        static LAW: OnceLock<Law> = OnceLock::new();
        LAW.get_or_init(|| match Law::from_files(&builtin_files()) {
            Ok(law) => law,
            Err(fault) => unreachable!("built-in law does not load: {fault:?}"),
        })
    }

    /// The law as it stood on a day.
    pub fn at(&self, date: Date) -> LawAt<'_> {
        LawAt { law: self, date, selection: None }
    }

    /// The working-day calendar under a reading.
    pub fn calendar(&self, reading: LeaveReading) -> &Calendar {
        self.calendars.get(reading)
    }

    /// A digest of every value, so that a stored result can name the law it was computed from.
    pub fn fingerprint(&self) -> String {
        // FNV-1a over the canonical debug form: stable, dependency-free, not a security boundary.
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in format!("{:?}", self.parameters).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        format!("{hash:016x}")
    }

    /// All parameters with their paths, sorted.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &Parameter)> {
        self.parameters.iter().map(|(path, parameter)| (path.as_str(), parameter))
    }

    /// One parameter.
    pub fn parameter(&self, path: &str) -> Option<&Parameter> {
        self.parameters.get(path)
    }

    /// Names of the layers over the national law, in the order they were laid.
    pub fn layers(&self) -> &[String] {
        &self.layers
    }

    /// A reading by name, wherever in time it stands.
    pub fn reading_named(&self, choice: &readings::Choice, date: Date) -> Option<&Reading> {
        let parameter = self.parameters.get(&choice.parameter)?;
        let on_day = parameter.on(date).into_iter().chain(&parameter.periods);
        on_day.flat_map(|p| &p.readings).find(|r| r.id == choice.reading)
    }
}

/// The law as it stood on one day, read in one way.
#[derive(Debug, Clone, Copy)]
pub struct LawAt<'a> {
    law: &'a Law,
    date: Date,
    selection: Option<&'a readings::Selection>,
}

impl<'a> LawAt<'a> {
    /// The day.
    pub fn date(&self) -> Date {
        self.date
    }

    /// The whole law.
    pub fn law(&self) -> &'a Law {
        self.law
    }

    /// Title of a parameter; its path where there is no such parameter.
    pub fn title(&self, path: &str) -> Text {
        let unknown = || Text { id: path.to_owned(), en: path.to_owned() };
        self.law.parameters.get(path).map_or_else(unknown, |p| p.title.clone())
    }

    /// The same way of reading, on another day.
    #[must_use]
    pub fn on(&self, date: Date) -> Self {
        Self { date, ..*self }
    }

    /// The gap of a parameter on this day.
    pub(crate) fn gap(&self, path: &str) -> LawGap {
        LawGap { path: path.to_owned(), date: self.date }
    }

    /// All readings in force, the default first.
    pub fn readings(&self, path: &str) -> Result<&'a [Reading], LawGap> {
        let period = self.law.parameters.get(path).and_then(|p| p.on(self.date));
        period.map(|v| v.readings.as_slice()).ok_or_else(|| self.gap(path))
    }

    /// The reading taken: the default, unless this law is read in another way.
    pub fn reading(&self, path: &str) -> Result<&'a Reading, LawGap> {
        let readings = self.readings(path)?;
        let chosen = match self.selection {
            Some(selection) if readings.len() > 1 => {
                let id = selection.choose(path, readings.iter().map(|r| r.id.clone()));
                id.and_then(|id| readings.iter().find(|r| r.id == id))
            }
            _ => None,
        };
        chosen.or(readings.first()).ok_or_else(|| self.gap(path))
    }

    /// A value of the kind that `pick` takes, and the reading it stands in.
    fn value<T>(&self, path: &str, pick: impl Fn(&'a Value) -> Option<T>) -> Result<(T, &'a Reading), LawGap> {
        let reading = self.reading(path)?;
        pick(&reading.value).map(|value| (value, reading)).ok_or_else(|| self.gap(path))
    }

    /// A number.
    pub fn number(&self, path: &str) -> Result<(i64, &'a Reading), LawGap> {
        self.value(path, |v| if let Value::Number(n) = v { Some(*n) } else { None })
    }

    /// A marginal scale.
    pub fn scale(&self, path: &str) -> Result<(&'a [Bracket], &'a Reading), LawGap> {
        self.value(path, |v| if let Value::Scale(scale) = v { Some(&scale[..]) } else { None })
    }

    /// A table of bands.
    pub fn bands(&self, path: &str) -> Result<(&'a [Band], &'a Reading), LawGap> {
        self.value(path, |v| if let Value::Bands(bands) = v { Some(&bands[..]) } else { None })
    }

    /// Parts of a whole.
    pub fn parts(&self, path: &str) -> Result<(&'a [u32], &'a Reading), LawGap> {
        self.value(path, |v| if let Value::Parts(parts) = v { Some(&parts[..]) } else { None })
    }

    /// A term.
    pub fn term(&self, path: &str) -> Result<(Term, &'a Reading), LawGap> {
        self.value(path, |v| if let Value::Term(term) = v { Some(*term) } else { None })
    }

    /// A rounding rule.
    pub fn rounding(&self, path: &str) -> Result<(Rounding, RoundingScope, &'a Reading), LawGap> {
        let pick = |v: &Value| if let Value::Rounding(rule, scope) = v { Some((*rule, *scope)) } else { None };
        self.value(path, pick).map(|((rule, scope), reading)| (rule, scope, reading))
    }

    /// A choice.
    pub fn choice(&self, path: &str) -> Result<(&'a str, &'a Reading), LawGap> {
        self.value(path, |v| if let Value::Choice(choice) = v { Some(choice.as_str()) } else { None })
    }

    /// All rows of a table.
    pub fn rows(&self, path: &str) -> Result<(&'a [Row], &'a Reading), LawGap> {
        self.value(path, |v| if let Value::Rows(rows) = v { Some(&rows[..]) } else { None })
    }

    /// One row of a table.
    pub fn row(&self, path: &str, code: &str) -> Result<(&'a Row, &'a Reading), LawGap> {
        let (rows, reading) = self.rows(path)?;
        rows.iter().find(|r| r.code == code).map(|r| (r, reading)).ok_or_else(|| self.gap(path))
    }
}
