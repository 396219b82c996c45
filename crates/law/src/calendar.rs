//! Days off: public holidays and collective leave, and which days a count skipped.

use crate::LeaveReading;
use crate::model::{DayOff, Parameter, Value};
use jiff::civil::Weekday;
use kernel::Date;
use kernel::calendar::Calendar;
use serde::Serialize;
use std::collections::BTreeMap;

/// Public holidays.
pub const HOLIDAYS: &str = "calendar/holidays";
/// Collective leave (cuti bersama).
pub const COLLECTIVE_LEAVE: &str = "calendar/collective_leave";
/// Whether collective leave stops a count of working days.
pub const LEAVE_COUNTS: &str = "calendar/collective_leave_counts";
/// The choice under which collective leave is a working day.
pub const LEAVE_WORKS: &str = "working";
/// The choice under which collective leave is a day off.
pub const LEAVE_OFF: &str = "off";

/// Why a day is no working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyOff {
    /// Saturday or Sunday.
    Weekend,
    /// A public holiday.
    Holiday,
    /// Collective leave.
    CollectiveLeave,
}

/// A day that a count passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The day.
    pub date: Date,
    /// Why.
    pub why: WhyOff,
    /// Its name in the decree; empty on a weekend.
    pub name: String,
}

/// The two calendars and the names of their days.
#[derive(Debug, Clone)]
pub(crate) struct Calendars {
    leave_works: Calendar,
    leave_off: Calendar,
    names: BTreeMap<Date, (WhyOff, String)>,
}

impl Calendars {
    pub(crate) fn of(parameters: &BTreeMap<String, Parameter>) -> Self {
        let days = |path: &str| -> Vec<&DayOff> {
            let periods = parameters.get(path).map_or(&[][..], |p| p.periods.as_slice());
            periods
                .iter()
                .flat_map(|p| p.readings.first())
                .flat_map(|r| match &r.value {
                    Value::DaysOff(days) => days.iter().collect(),
                    _ => Vec::new(),
                })
                .collect()
        };
        let years: Vec<i16> = parameters.get(HOLIDAYS).map_or_else(Vec::new, |p| {
            p.periods.iter().flat_map(|p| p.from.year()..=p.to.map_or(p.from.year(), Date::year)).collect()
        });
        let (public, leave) = (days(HOLIDAYS), days(COLLECTIVE_LEAVE));
        let dates = |days: &[&DayOff]| days.iter().map(|d| d.date).collect::<Vec<Date>>();
        let mut names = BTreeMap::new();
        for (why, list) in [(WhyOff::CollectiveLeave, &leave), (WhyOff::Holiday, &public)] {
            names.extend(list.iter().map(|d| (d.date, (why, d.name.clone()))));
        }
        Self {
            leave_works: Calendar::new(dates(&public), years.iter().copied()),
            leave_off: Calendar::new(dates(&public).into_iter().chain(dates(&leave)), years.iter().copied()),
            names,
        }
    }

    pub(crate) fn get(&self, reading: LeaveReading) -> &Calendar {
        match reading {
            LeaveReading::LeaveIsWorking => &self.leave_works,
            LeaveReading::LeaveIsOff => &self.leave_off,
        }
    }

    /// The days after `start` up to `end` that are no working days under a reading.
    pub(crate) fn skipped(&self, start: Date, end: Date, reading: LeaveReading) -> Vec<Skipped> {
        let calendar = self.get(reading);
        let mut out = Vec::new();
        let mut day = start;
        while day < end {
            let Some(next) = kernel::date::next_day(day) else { break };
            day = next;
            if calendar.is_working(day) {
                continue;
            }
            let named =
                self.names.get(&day).filter(|(why, _)| *why == WhyOff::Holiday || reading == LeaveReading::LeaveIsOff);
            let (why, name) = match (day.weekday(), named) {
                (Weekday::Saturday | Weekday::Sunday, None) => (WhyOff::Weekend, String::new()),
                (Weekday::Saturday | Weekday::Sunday, Some((_, name))) => (WhyOff::Weekend, name.clone()),
                (_, Some((why, name))) => (*why, name.clone()),
                (_, None) => (WhyOff::Holiday, String::new()),
            };
            out.push(Skipped { date: day, why, name });
        }
        out
    }
}
