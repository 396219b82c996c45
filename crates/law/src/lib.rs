//! Answers "what was in force on this date, by which article", and computes from it.
//!
//! * **In:** the files under `law/`, built into the program; a date; facts of a contract.
//! * **Out:** values with their readings and citations; [`explained::Explained`] amounts and days.
//! * **Does not know:** any register, any database, the clock, floats, the user's language.
//! * **Read first:** [`LawAt`], then [`contribution`].
//!
//! ```
//! use kernel::{Exact, Rupiah};
//! let law = law::Law::builtin();
//! let spk = "2025-03-03".parse().unwrap();
//! let due = law::contribution::by_contract_value(Exact::whole(180_000_000), &law.at(spk)).unwrap();
//! assert_eq!((due.jkk, due.jkm, due.total), (Rupiah(346_000), Rupiah(46_000), Rupiah(392_000)));
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod contribution;
pub mod deadline;
pub mod explained;
mod load;
mod model;

pub use load::{LawFault, LawFileError};
pub use model::{Bracket, Citation, Confidence, DayOff, Reading, RoundingScope, Text, Value};

use kernel::Date;
use kernel::calendar::Calendar;
use model::Parameter;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Every parameter of the law, for every date. Keys are paths under `law/` without the ending:
/// `jakon/jkk_scale`.
#[derive(Debug)]
pub struct Law {
    parameters: BTreeMap<String, Parameter>,
    calendars: [Calendar; 2],
}

/// There is no value for this parameter on this date.
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
        LAW.get_or_init(|| match load::builtin() {
            Ok(law) => law,
            Err(fault) => unreachable!("built-in law does not load: {fault:?}"),
        })
    }

    /// The law as it stood on a day.
    pub fn at(&self, date: Date) -> LawAt<'_> {
        LawAt { law: self, date }
    }

    /// The working-day calendar under a reading.
    pub fn calendar(&self, reading: LeaveReading) -> &Calendar {
        match reading {
            LeaveReading::LeaveIsWorking => &self.calendars[0],
            LeaveReading::LeaveIsOff => &self.calendars[1],
        }
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

    /// Paths of all parameters, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.parameters.keys().map(String::as_str)
    }

    /// Title of a parameter in both languages.
    pub fn title(&self, path: &str) -> Option<&Text> {
        self.parameters.get(path).map(|p| &p.title)
    }
}

/// The law as it stood on one day.
#[derive(Debug, Clone, Copy)]
pub struct LawAt<'a> {
    law: &'a Law,
    date: Date,
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

    /// All readings in force, the default first.
    pub fn readings(&self, path: &str) -> Result<&'a [Reading], LawGap> {
        self.law
            .parameters
            .get(path)
            .and_then(|p| p.on(self.date))
            .map(|v| v.readings.as_slice())
            .ok_or_else(|| LawGap { path: path.to_owned(), date: self.date })
    }

    /// The default reading.
    pub fn reading(&self, path: &str) -> Result<&'a Reading, LawGap> {
        self.readings(path)?.first().ok_or_else(|| LawGap { path: path.to_owned(), date: self.date })
    }

    /// The number of the default reading.
    pub fn number(&self, path: &str) -> Result<(i64, &'a Reading), LawGap> {
        let reading = self.reading(path)?;
        match reading.value {
            Value::Number(n) => Ok((n, reading)),
            _ => Err(LawGap { path: path.to_owned(), date: self.date }),
        }
    }
}
