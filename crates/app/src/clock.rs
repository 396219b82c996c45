//! The time, asked for in one place.

use kernel::Date;

/// Now, UTC, RFC 3339 to the second.
pub fn now() -> String {
    jiff::Timestamp::now().round(jiff::Unit::Second).unwrap_or_else(|_| jiff::Timestamp::now()).to_string()
}

/// Today in Jakarta, seven hours before UTC all year.
pub fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7))).date()
}

/// Day and minute in Jakarta.
pub fn minute() -> kernel::DateTime {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7))).datetime()
}

/// Seconds since 1970, for sessions.
pub fn seconds() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// Seconds since 1970 of a moment as [`now`] writes it; none where it is no moment.
pub fn seconds_of(moment: &str) -> Option<i64> {
    moment.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second)
}

/// A moment given in seconds since 1970, as [`now`] writes it.
pub fn of_seconds(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap_or_default().to_string()
}

/// The day in Jakarta of a moment given in seconds since 1970.
pub fn day_of(seconds: i64) -> Date {
    let moment = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    moment.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7))).date()
}

/// Measures how long something takes.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// From now on.
    pub fn begin() -> Self {
        Self(std::time::Instant::now())
    }

    /// Milliseconds so far.
    pub fn milliseconds(self) -> u128 {
        self.0.elapsed().as_millis()
    }
}
