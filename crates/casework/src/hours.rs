//! When a letter may leave the house: within the office's hours, on working days unless the city says otherwise.

use jiff::civil::{DateTime, Time};
use kernel::calendar::Calendar;
use kernel::date::add_days;

/// Hours of an office, local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// From this time on.
    pub from: Time,
    /// Before this time.
    pub to: Time,
    /// On days off too.
    pub days_off: bool,
}

/// Days looked ahead for a working day: no calendar has a longer row of days off.
const AHEAD_DAYS: u32 = 60;

/// The first moment not before `now` at which something may be sent.
pub fn allowed_from(now: DateTime, hours: Hours, calendar: &Calendar) -> DateTime {
    let mut day = now.date();
    let is_open = |day| hours.days_off || calendar.is_working(day);
    if is_open(day) && now.time() < hours.to {
        return now.max(day.to_datetime(hours.from));
    }
    for _ in 0..AHEAD_DAYS {
        let Some(next) = add_days(day, 1) else { break };
        day = next;
        if is_open(day) {
            break;
        }
    }
    day.to_datetime(hours.from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{datetime, time};
    use law::{Law, LeaveReading};

    #[test]
    fn nothing_leaves_at_night_or_on_a_holiday() {
        let calendar = Law::builtin().calendar(LeaveReading::LeaveIsOff);
        let hours = Hours { from: time(8, 0, 0, 0), to: time(16, 0, 0, 0), days_off: false };
        let at = |now| allowed_from(now, hours, calendar);
        let noon = datetime(2025, 7, 1, 12, 0, 0, 0);
        assert_eq!(at(noon), noon);
        assert_eq!(at(datetime(2025, 7, 1, 5, 0, 0, 0)), datetime(2025, 7, 1, 8, 0, 0, 0));
        assert_eq!(at(datetime(2025, 7, 1, 16, 0, 0, 0)), datetime(2025, 7, 2, 8, 0, 0, 0));
        // Friday evening before the weekend; Independence Day 2026 is a Monday.
        assert_eq!(at(datetime(2026, 8, 14, 18, 0, 0, 0)), datetime(2026, 8, 18, 8, 0, 0, 0));
        let every_day = Hours { days_off: true, ..hours };
        let saturday = datetime(2026, 8, 15, 12, 0, 0, 0);
        assert_eq!(allowed_from(saturday, every_day, calendar), saturday);
    }
}
