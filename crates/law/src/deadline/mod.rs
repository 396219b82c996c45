//! Deadlines and clocks, under every reading.
//!
//! A kind of deadline is a file under `law/deadline/`: its term says how long and in what it is
//! counted. Legal staff can add one without Rust, and it can be asked for by its name.

mod insurer;
mod ladder;

pub use insurer::{InsurerLate, insurer_late};
pub use ladder::{FineFacts, Ladder, Stage, ladder};

use crate::calendar::{LEAVE_COUNTS, LEAVE_OFF, Skipped};
use crate::explained::{Arg, Explained, Step, code};
use crate::model::{Term, TermUnit};
use crate::readings::Readings;
use crate::{Declined, Law, LawAt, LawGap, LeaveReading};
use kernel::{Date, DateTime};

/// The folder of all kinds.
pub const FOLDER: &str = "deadline/";
/// Registration of a project.
pub const REGISTRATION: &str = "deadline/registration";
/// Report of a change of workers.
pub const ROSTER_CHANGE: &str = "deadline/roster-change";
/// Report of a change of an employer's data.
pub const DATA_CHANGE: &str = "deadline/data-change";
/// First report of an accident.
pub const ACCIDENT_STAGE_1: &str = "deadline/accident-stage-1";

/// Where a clock starts: a day, or a minute of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Only the day is known. A count of hours then starts with the day, the strictest way.
    Day(Date),
    /// The minute is known.
    Minute(DateTime),
}

impl Start {
    /// The day.
    pub fn day(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::Minute(moment) => moment.date(),
        }
    }

    /// The minute; midnight where only the day is known.
    pub fn minute(self) -> DateTime {
        match self {
            Self::Day(day) => day.at(0, 0, 0, 0),
            Self::Minute(moment) => moment,
        }
    }
}

impl From<Date> for Start {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

/// When a duty ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// With the end of this day.
    Day(Date),
    /// At this minute.
    Minute(DateTime),
}

/// A due day or minute, and how it was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// When.
    pub due: Moment,
    /// The term counted.
    pub term: Term,
    /// Days that the count passed over.
    pub skipped: Vec<Skipped>,
    /// False where a year on the way has no list of days off yet: the true day may lie later.
    pub calendar_complete: bool,
    /// The steps.
    pub steps: Vec<Step>,
}

impl Due {
    /// The day it falls on.
    pub fn day(&self) -> Date {
        match self.due {
            Moment::Day(day) => day,
            Moment::Minute(moment) => moment.date(),
        }
    }
}

/// Names of all kinds of deadline that count one term, sorted.
pub fn kinds(law: &Law) -> Vec<&str> {
    law.parameters().filter_map(|(path, _)| path.strip_prefix(FOLDER)).collect()
}

/// A deadline of a kind, under every reading of its term and of collective leave.
///
/// # Errors
/// [`Declined::UnknownCode`] for a kind that no file has; [`Declined::Gap`] for a day before its law.
pub fn of_kind(kind: &str, start: Start, law: &Law) -> Result<Readings<Due>, Declined> {
    let path = format!("{FOLDER}{kind}");
    if law.parameter(&path).is_none() {
        return Err(Declined::UnknownCode { what: "kind", code: kind.to_owned() });
    }
    law.under_every_reading(start.day(), |law| count(&path, start, &law).map_err(Declined::from), |a, b| a.due == b.due)
}

/// Counts the term a parameter gives, under one reading of the law. The day of the event is not
/// counted: a term of one working day from a Monday ends on Tuesday.
///
/// # Errors
/// [`LawGap`] where the parameter has no value on the day of the event.
pub fn count(path: &str, start: Start, law: &LawAt<'_>) -> Result<Due, LawGap> {
    let law = law.on(start.day());
    let (term, reading) = law.term(path)?;
    let mut due = count_term(term, start, &law)?;
    let moment = |m: Moment| match m {
        Moment::Day(day) => Arg::Day(day),
        Moment::Minute(minute) => Arg::Moment(minute),
    };
    let step = Step::new(match term.of {
        TermUnit::WorkingDays => code::WORKING_DAYS_COUNTED,
        TermUnit::DayOfSameMonth | TermUnit::DayOfNextMonth => code::DUE_DAY,
        _ => code::TERM_COUNTED,
    })
    .with("unit", Arg::Word(unit_name(term.of).into()))
    .with("count", Arg::Count(i64::from(term.count)))
    .with(
        "start",
        moment(if term.of == TermUnit::Hours { Moment::Minute(start.minute()) } else { Moment::Day(start.day()) }),
    )
    .with("end", moment(due.due))
    .with("skipped", Arg::Count(due.skipped.len() as i64));
    due.steps.push(step.under(reading));
    Ok(due)
}

/// Name of a unit of terms, as the law files and the sentences use it.
pub fn unit_name(unit: TermUnit) -> &'static str {
    match unit {
        TermUnit::Hours => "hours",
        TermUnit::CalendarDays => "calendar_days",
        TermUnit::WorkingDays => "working_days",
        TermUnit::Months => "months",
        TermUnit::Years => "years",
        TermUnit::DayOfSameMonth => "day_of_same_month",
        TermUnit::DayOfNextMonth => "day_of_next_month",
    }
}

/// How collective leave counts under this reading of the law.
fn leave(law: &LawAt<'_>) -> Result<LeaveReading, LawGap> {
    let (choice, _) = law.choice(LEAVE_COUNTS)?;
    Ok(if choice == LEAVE_OFF { LeaveReading::LeaveIsOff } else { LeaveReading::LeaveIsWorking })
}

fn count_term(term: Term, start: Start, law: &LawAt<'_>) -> Result<Due, LawGap> {
    let day = start.day();
    let n = i64::from(term.count);
    let end_of_time = || law.gap("calendar");
    let moved = |span: jiff::Span| day.checked_add(span).map_err(|_| end_of_time());
    let plain = |due| Due { due, term, skipped: Vec::new(), calendar_complete: true, steps: Vec::new() };
    Ok(match term.of {
        TermUnit::Hours => {
            let end = start.minute().checked_add(jiff::Span::new().hours(n)).map_err(|_| end_of_time())?;
            plain(Moment::Minute(end))
        }
        TermUnit::CalendarDays => plain(Moment::Day(moved(jiff::Span::new().days(n))?)),
        TermUnit::Months => plain(Moment::Day(moved(jiff::Span::new().months(n))?)),
        TermUnit::Years => plain(Moment::Day(moved(jiff::Span::new().years(n))?)),
        TermUnit::WorkingDays => {
            let reading = leave(law)?;
            let counted = law.law().calendar(reading).after_working_days(day, term.count);
            Due {
                skipped: law.law().calendars.skipped(day, counted.date, reading),
                calendar_complete: counted.complete,
                ..plain(Moment::Day(counted.date))
            }
        }
        TermUnit::DayOfSameMonth | TermUnit::DayOfNextMonth => {
            let months = i64::from(term.of == TermUnit::DayOfNextMonth);
            let nominal = day
                .first_of_month()
                .checked_add(jiff::Span::new().months(months))
                // The 30th of February is its last day.
                .and_then(|first| Ok(first.checked_add(jiff::Span::new().days(n - 1))?.min(first.last_of_month())))
                .map_err(|_| end_of_time())?;
            let reading = leave(law)?;
            let calendar = law.law().calendar(reading);
            // The first working day from the nominal day on is one working day after the eve.
            let eve = nominal.yesterday().map_err(|_| end_of_time())?;
            let counted = calendar.after_working_days(eve, 1);
            Due {
                skipped: law.law().calendars.skipped(eve, counted.date, reading),
                calendar_complete: counted.complete,
                ..plain(Moment::Day(counted.date))
            }
        }
    })
}

/// A deadline in days under all readings: the earliest drives alerts, all are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The earliest last day, with its reading's steps.
    pub strict: Explained<Date>,
    /// The latest last day over all readings; equal to `strict` where they agree.
    pub lenient: Date,
}

/// The strictest and the most lenient day a parameter gives.
///
/// # Errors
/// [`LawGap`] where the parameter has no value on the day of the event.
pub fn after(event: Date, path: &str, law: &Law) -> Result<Deadline, LawGap> {
    let all = law.under_every_reading(event, |law| count(path, event.into(), &law), |a, b| a.due == b.due)?.all;
    let lenient = all.iter().map(|u| u.value.day()).max().unwrap_or(event);
    let strict = all.into_iter().map(|u| u.value).min_by_key(|d| d.due).ok_or_else(|| law.at(event).gap(path))?;
    Ok(Deadline { lenient, strict: Explained { value: strict.day(), steps: strict.steps } })
}

/// Last day to register a project whose work order (SPK) is dated `spk`: 14 working days in the
/// default reading. Worked: SPK on Monday 7 July 2025, last day Friday 25 July 2025.
///
/// # Errors
/// [`LawGap`] before 31 December 2015.
pub fn registration(spk: Date, law: &Law) -> Result<Deadline, LawGap> {
    after(spk, REGISTRATION, law)
}

/// Last day to report that a worker joined or left on `event`: 7 or 30 working days.
///
/// # Errors
/// [`LawGap`] before 31 December 2015.
pub fn roster_change(event: Date, law: &Law) -> Result<Deadline, LawGap> {
    after(event, ROSTER_CHANGE, law)
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let readings = of_kind("registration", date(2025, 8, 1).into(), Law::builtin()).unwrap();
        assert_eq!(readings.all.iter().map(crate::readings::Under::id).collect::<Vec<_>>(), ["working", "off"]);
        let skipped = &readings.all[1].value.skipped;
        assert_eq!(skipped.len(), 7, "three weekends and the leave: {skipped:?}");
        assert!(skipped.iter().any(|s| s.date == date(2025, 8, 18) && !s.name.is_empty()));
    }

    #[test]
    fn roster_changes_have_two_texts() {
        let deadline = roster_change(date(2025, 7, 7), Law::builtin()).unwrap();
        assert_eq!((deadline.strict.value, deadline.lenient), (date(2025, 7, 16), date(2025, 8, 19)));
        let before = roster_change(date(2022, 6, 30), Law::builtin()).unwrap();
        assert_eq!(before.strict.value, before.lenient, "one text before July 2022");
    }

    #[test]
    fn two_times_twenty_four_hours_run_through_the_weekend() {
        let friday = date(2025, 7, 4).at(16, 20, 0, 0);
        let due = of_kind("accident-stage-1", Start::Minute(friday), Law::builtin()).unwrap();
        assert_eq!(due.default().due, Moment::Minute(date(2025, 7, 6).at(16, 20, 0, 0)));
        assert!(!due.is_contested());
        // Only the day known: from its first minute.
        let due = of_kind("accident-stage-1", date(2025, 7, 4).into(), Law::builtin()).unwrap();
        assert_eq!(due.default().due, Moment::Minute(date(2025, 7, 6).at(0, 0, 0, 0)));
    }

    #[test]
    fn the_fifteenth_moves_off_a_day_off() {
        // 15 June 2025 is a Sunday; 15 August 2026 a Saturday, and the 17th a holiday.
        let next = of_kind("contribution-wages", date(2025, 5, 31).into(), Law::builtin()).unwrap();
        assert_eq!(next.default().day(), date(2025, 6, 16));
        assert_eq!(next.default().skipped.iter().map(|s| s.date).collect::<Vec<_>>(), [date(2025, 6, 15)]);
        let plain = of_kind("contribution-wages", date(2025, 3, 3).into(), Law::builtin()).unwrap();
        assert_eq!(plain.default().day(), date(2025, 4, 15), "a Tuesday");
        assert!(plain.default().skipped.is_empty());
        // Months of the relief were due on the 30th; February has none.
        let relief = |month| of_kind("contribution-wages", month, Law::builtin()).unwrap().default().day();
        assert_eq!(relief(date(2020, 8, 1).into()), date(2020, 9, 30));
        assert_eq!(relief(date(2021, 1, 1).into()), date(2021, 3, 1), "28 February 2021 is a Sunday");
        let same = of_kind("contribution-bpu", date(2026, 8, 1).into(), Law::builtin()).unwrap();
        assert_eq!(same.default().day(), date(2026, 8, 18));
    }

    #[test]
    fn each_way_of_counting_has_its_own_words() {
        let law = Law::builtin();
        assert!(kinds(law).contains(&"roster-change") && kinds(law).len() >= 19, "{:?}", kinds(law));
        let day = date(2026, 3, 3);
        for (kind, code, unit, start) in [
            ("registration", code::WORKING_DAYS_COUNTED, "working_days", Arg::Day(day)),
            ("suspected-case", code::TERM_COUNTED, "calendar_days", Arg::Day(day)),
            ("claim", code::TERM_COUNTED, "years", Arg::Day(day)),
            ("contribution-bpu", code::DUE_DAY, "day_of_same_month", Arg::Day(day)),
            ("contribution-wages", code::DUE_DAY, "day_of_next_month", Arg::Day(day)),
            ("accident-stage-1", code::TERM_COUNTED, "hours", Arg::Moment(day.at(0, 0, 0, 0))),
        ] {
            let due = of_kind(kind, day.into(), law).unwrap();
            let step = due.default().steps.last().unwrap();
            assert_eq!(step.code, code, "{kind}");
            assert!(step.args.contains(&("unit", Arg::Word(unit.into()))), "{kind}: {step:?}");
            assert!(step.args.contains(&("start", start)), "{kind}: {step:?}");
            let written = serde_yaml_ng::to_string(&due.default().term.of).unwrap();
            assert_eq!(written.trim(), unit, "the word is the one of the law files");
            assert!(due.default().calendar_complete);
        }
        for kind in ["registration", "contribution-bpu"] {
            let due = of_kind(kind, date(2029, 1, 5).into(), law).unwrap();
            assert!(!due.default().calendar_complete, "{kind}: no days off are listed for 2029");
        }
    }

    #[test]
    fn claims_expire_after_two_then_five_years() {
        for (accident, expiry) in [
            (date(2019, 12, 1), date(2021, 12, 1)),
            (date(2019, 12, 2), date(2024, 12, 2)),
            (date(2024, 2, 29), date(2029, 2, 28)),
        ] {
            let due = of_kind("claim", accident.into(), Law::builtin()).unwrap();
            assert_eq!(due.default().day(), expiry);
        }
    }
}
