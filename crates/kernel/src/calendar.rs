//! Working days (hari kerja): Monday to Friday without the holidays the calendar lists.

use jiff::civil::{Date, Weekday};
use std::collections::BTreeSet;

/// A holiday calendar. It knows for which years it is complete, so that a count beyond them can
/// say so instead of quietly treating an unlisted year as a year without holidays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    holidays: BTreeSet<Date>,
    years: BTreeSet<i16>,
}

/// A day found by counting, and whether the calendar knew every year on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The day.
    pub date: Date,
    /// False where a year without listed holidays was crossed: the true day may lie later.
    pub complete: bool,
}

impl Calendar {
    /// Builds from listed days off and the years for which the list is complete.
    pub fn new(holidays: impl IntoIterator<Item = Date>, years: impl IntoIterator<Item = i16>) -> Self {
        Self { holidays: holidays.into_iter().collect(), years: years.into_iter().collect() }
    }

    /// Is this a working day?
    pub fn is_working(&self, date: Date) -> bool {
        !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.holidays.contains(&date)
    }

    /// The last day of a term of `days` working days that starts the day after `start`
    /// (the day of the event is not counted). A term of zero ends on `start`.
    pub fn after_working_days(&self, start: Date, days: u32) -> Counted {
        let (mut date, mut left, mut complete) = (start, days, self.years.contains(&start.year()));
        while left > 0 {
            let Ok(next) = date.tomorrow() else { return Counted { date, complete: false } };
            date = next;
            complete &= self.years.contains(&date.year());
            if self.is_working(date) {
                left -= 1;
            }
        }
        Counted { date, complete }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_day_of_the_event_does_not_count() {
        let calendar = Calendar::new([date(2025, 8, 18)], [2025]);
        // Friday 15 August 2025: Monday the 18th is off, so one working day later is Tuesday.
        assert_eq!(
            calendar.after_working_days(date(2025, 8, 15), 1),
            Counted { date: date(2025, 8, 19), complete: true }
        );
        assert_eq!(calendar.after_working_days(date(2025, 8, 15), 0).date, date(2025, 8, 15));
    }

    #[test]
    fn an_unlisted_year_is_admitted() {
        let calendar = Calendar::new([], [2025]);
        assert!(!calendar.after_working_days(date(2025, 12, 29), 5).complete);
    }

    proptest::proptest! {
        #[test]
        fn a_longer_term_ends_later(start in 0i32..2000, days in 0u32..60) {
            let calendar = Calendar::new([date(2025, 8, 18), date(2025, 12, 25)], [2025]);
            let start = crate::date::add_days(date(2024, 1, 1), start).unwrap();
            let (a, b) = (calendar.after_working_days(start, days), calendar.after_working_days(start, days + 1));
            proptest::prop_assert!(b.date > a.date);
            proptest::prop_assert!(calendar.is_working(b.date));
        }
    }
}
