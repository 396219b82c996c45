//! Deadlines in working days, under every reading.

use crate::explained::{Explained, Step, What};
use crate::model::Value;
use crate::{LawAt, LawGap, LeaveReading};
use kernel::Date;

/// Registration of a project.
pub const REGISTRATION: &str = "jakon/registration_deadline";
/// Report of a change of workers.
pub const ROSTER_CHANGE: &str = "jakon/roster_change_deadline";

/// A deadline under all readings: the earliest drives alerts, all are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The earliest last day, with its reading's steps.
    pub strict: Explained<Date>,
    /// The latest last day over all readings; equal to `strict` where they agree.
    pub lenient: Date,
}

/// Counts the working days a parameter gives, from the day after `event`, under each reading of
/// the parameter and each reading of collective leave.
///
/// # Errors
/// [`LawGap`] where the parameter has no value on the day of the event.
pub fn after(event: Date, path: &str, law: &LawAt<'_>) -> Result<Deadline, LawGap> {
    let mut all: Vec<Explained<Date>> = Vec::new();
    for reading in law.readings(path)? {
        let Value::Number(days) = reading.value else { continue };
        let days = u32::try_from(days).unwrap_or(0);
        for leave in [LeaveReading::LeaveIsWorking, LeaveReading::LeaveIsOff] {
            let counted = law.law().calendar(leave).after_working_days(event, days);
            let what = What::WorkingDays { days, start: event, end: counted.date, calendar_complete: counted.complete };
            all.push(Explained { value: counted.date, steps: vec![Step::under(what, None, reading)] });
        }
    }
    let gap = || LawGap { path: path.into(), date: law.date() };
    let lenient = all.iter().map(|d| d.value).max().ok_or_else(gap)?;
    let strict = all.into_iter().min_by_key(|d| d.value).ok_or_else(gap)?;
    Ok(Deadline { strict, lenient })
}

/// Last day to register a project whose work order (SPK) is dated `spk`: 14 working days in the
/// default reading. Worked: SPK on Monday 7 July 2025, last day Friday 25 July 2025.
///
/// # Errors
/// [`LawGap`] before 31 December 2015.
pub fn registration(spk: Date, law: &crate::Law) -> Result<Deadline, LawGap> {
    after(spk, REGISTRATION, &law.at(spk))
}

/// Last day to report that a worker joined or left on `event`: 7 or 30 working days.
///
/// # Errors
/// [`LawGap`] before 31 December 2015.
pub fn roster_change(event: Date, law: &crate::Law) -> Result<Deadline, LawGap> {
    after(event, ROSTER_CHANGE, &law.at(event))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Law;
    use jiff::civil::date;

    #[test]
    fn fourteen_working_days() {
        let deadline = registration(date(2025, 7, 7), Law::builtin()).unwrap();
        assert_eq!(deadline.strict.value, date(2025, 7, 25));
        assert_eq!(deadline.lenient, date(2025, 7, 25));
    }

    #[test]
    fn collective_leave_makes_two_readings() {
        // 1 August 2025 + 14 working days crosses 18 August, collective leave in 2025.
        let deadline = registration(date(2025, 8, 1), Law::builtin()).unwrap();
        assert_eq!((deadline.strict.value, deadline.lenient), (date(2025, 8, 21), date(2025, 8, 22)));
    }

    #[test]
    fn roster_changes_have_two_texts() {
        let deadline = roster_change(date(2025, 7, 7), Law::builtin()).unwrap();
        assert_eq!((deadline.strict.value, deadline.lenient), (date(2025, 7, 16), date(2025, 8, 19)));
    }
}
