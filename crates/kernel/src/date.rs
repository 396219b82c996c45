//! Dates as the feeds and the offices write them, by a fixed list of forms, never by locale guess.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Does a column write the day or the month first? Decided once for a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `31/12/2025`, the Indonesian habit.
    DayFirst,
    /// `12/31/2025`, some exports.
    MonthFirst,
}

/// Why a text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateError {
    /// None of the known forms.
    UnknownForm,
    /// A known form naming a day that does not exist, or a year outside 1900 to 2200.
    Impossible,
}

/// A date that reads, and whether the form deserves a remark beside the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDate {
    /// The calendar day. Feeds print Jakarta days with a false `Z`; they are never shifted by zone.
    pub date: Date,
    /// The cell held a bare spreadsheet day number.
    pub was_serial: bool,
}

/// First and last spreadsheet day numbers taken for a date (1982 and 2064): wide enough for any
/// contract, narrow enough that an amount is not mistaken for a day.
const SERIAL_RANGE: std::ops::RangeInclusive<i32> = 30_000..=60_000;

/// Zero dates of databases, which mean "none".
pub fn is_zero_date(text: &str) -> bool {
    let t = text.trim();
    t.starts_with("-0001-") || t.starts_with("0000-00-00") || t.starts_with("0001-01-01") || t == "0"
}

/// What one cell says about the order of its column: `Some` only where it is certain.
pub fn order_evidence(text: &str) -> Option<DateOrder> {
    let (a, b, _) = numeric_parts(text.trim())?;
    match (a > 12, b > 12) {
        (true, false) => Some(DateOrder::DayFirst),
        (false, true) => Some(DateOrder::MonthFirst),
        _ => None,
    }
}

/// Is this `03/04/2025`: readable both ways, with different results?
pub fn is_order_ambiguous(text: &str) -> bool {
    numeric_parts(text.trim()).is_some_and(|(a, b, _)| a <= 12 && b <= 12 && a != b)
}

/// Splits `d/m/yyyy` and its kin; `None` for any other form.
fn numeric_parts(text: &str) -> Option<(i8, i8, i16)> {
    let day = text.split([' ', 'T', ',']).next()?;
    let mut parts = day.split(['/', '-', '.']);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || a.len() > 2 || b.len() > 2 || !(c.len() == 4 || c.len() == 2) {
        return None;
    }
    Some((a.parse().ok()?, b.parse().ok()?, full_year(c.parse().ok()?)))
}

/// Two-digit years: contracts and birth dates both occur, so 00-49 is 20xx and 50-99 is 19xx.
fn full_year(year: i16) -> i16 {
    match year {
        0..=49 => 2000 + year,
        50..=99 => 1900 + year,
        _ => year,
    }
}

fn month_by_name(word: &str) -> Option<i8> {
    let key: String = word.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).take(4).collect();
    let three = key.get(..3)?;
    Some(match three {
        "jan" => 1,
        "feb" | "peb" => 2,
        "mar" => 3,
        "apr" => 4,
        "mei" | "may" => 5,
        "jun" => 6,
        "jul" => 7,
        "agu" | "aug" | "agt" | "ags" => 8,
        "sep" => 9,
        "okt" | "oct" => 10,
        "nov" | "nop" => 11,
        "des" | "dec" => 12,
        _ => return None,
    })
}

fn checked(year: i16, month: i8, day: i8) -> Result<Date, DateError> {
    if !(1900..=2200).contains(&year) {
        return Err(DateError::Impossible);
    }
    Date::new(year, month, day).map_err(|_| DateError::Impossible)
}

/// `2025-03-21`, with anything after the day ignored: times in the feeds are decoration.
fn iso(text: &str) -> Option<Result<Date, DateError>> {
    let b = text.as_bytes();
    if b.len() < 10
        || b[4] != b[7]
        || !matches!(b[4], b'-' | b'/')
        || (b.len() > 10 && !matches!(b[10], b'T' | b' ' | b'+' | b'Z'))
    {
        return None;
    }
    let number = |range: std::ops::Range<usize>| -> Option<i16> {
        b[range].iter().try_fold(0i16, |n, c| c.is_ascii_digit().then(|| n * 10 + i16::from(c - b'0')))
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    Some(checked(year, month as i8, day as i8))
}

/// `Jul 3, 2025, 12:00:00AM`, `22-SEP-2023`, `3 Juli 2025`, `Senin, 3 Juli 2025`.
fn with_month_name(text: &str) -> Option<Result<Date, DateError>> {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '/' | '.'))
        .filter(|w| !w.is_empty())
        .collect();
    let at = words
        .iter()
        .position(|w| w.starts_with(|c: char| c.is_alphabetic()) && month_by_name(w).is_some() && w.len() >= 3)?;
    let month = month_by_name(words[at])?;
    let number = |i: usize| words.get(i).and_then(|w| w.parse::<i16>().ok());
    if at > 0
        && let (Some(day), Some(year)) = (number(at - 1), number(at + 1))
        && (1..=99).contains(&day)
    {
        return Some(checked(full_year(year), month, day as i8));
    }
    let (day, year) = (number(at + 1)?, number(at + 2)?);
    Some(checked(full_year(year), month, i8::try_from(day).ok()?))
}

/// Reads a date under the order decided for its column.
pub fn parse_date(text: &str, order: DateOrder) -> Result<ReadDate, DateError> {
    let t = text.trim();
    let plain = |result: Result<Date, DateError>| result.map(|date| ReadDate { date, was_serial: false });
    if let Some(result) = iso(t) {
        return plain(result);
    }
    let folded = crate::text::fold_width(t);
    if let Some((a, b, year)) = numeric_parts(&folded) {
        let (day, month) = match order {
            DateOrder::DayFirst => (a, b),
            DateOrder::MonthFirst => (b, a),
        };
        return plain(checked(year, month, day));
    }
    if let Some(result) = with_month_name(&folded) {
        return plain(result);
    }
    let whole = folded.strip_suffix(".0").unwrap_or(&folded);
    if let Ok(serial) = whole.parse::<i32>()
        && SERIAL_RANGE.contains(&serial)
        && let Ok(date) = jiff::civil::date(1899, 12, 30).checked_add(jiff::Span::new().days(serial))
    {
        return Ok(ReadDate { date, was_serial: true });
    }
    Err(DateError::UnknownForm)
}

/// The day after. `None` only at the end of time.
pub fn next_day(date: Date) -> Option<Date> {
    date.tomorrow().ok()
}

/// Days from `from` to `to`, both counted: `60 days = end - start + 1`. Zero where `to` is earlier.
pub fn days_inclusive(from: Date, to: Date) -> u32 {
    u32::try_from(i64::from((to - from).get_days()) + 1).unwrap_or(0)
}

/// The Monday of a day's week.
pub fn monday(day: Date) -> Date {
    add_days(day, -i32::from(day.weekday().to_monday_zero_offset())).unwrap_or(day)
}

/// `date` moved by whole days.
pub fn add_days(date: Date, days: i32) -> Option<Date> {
    date.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// Calendar days out of "45 Hari Kalender", "30 (Tiga Puluh) Hari", "12 Bulan" (as 30-day months).
///
/// `None` where the text names no unit: a bare number is not trusted.
pub fn duration_days(text: &str) -> Option<u32> {
    let lower = text.to_lowercase();
    let number: u32 = lower.split(|c: char| !c.is_ascii_digit()).find(|w| !w.is_empty())?.parse().ok()?;
    if lower.contains("hari") {
        // "11 (sebelas) bulan atau 334 hari kalender": the day count is the exact one.
        let before_days = lower.split("hari").next()?;
        return before_days.split(|c: char| !c.is_ascii_digit()).rfind(|w| !w.is_empty())?.parse().ok();
    }
    if lower.contains("bulan") {
        return number.checked_mul(30);
    }
    if lower.contains("minggu") {
        return number.checked_mul(7);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        parse_date(text, DateOrder::DayFirst).map_or_else(|e| format!("{e:?}"), |d| d.date.to_string())
    }

    #[test]
    fn reads_every_form_the_feeds_use() {
        for (text, expected) in [
            ("2025-03-21T00:00:00.000000Z", "2025-03-21"),
            ("2025-10-02 00:00:00", "2025-10-02"),
            ("2025-03-18", "2025-03-18"),
            ("2024-05-03T21:30:00Z", "2024-05-03"),
            ("Jul 3, 2025, 12:00:00AM", "2025-07-03"),
            ("Feb 1, 2022, 12:00:00 AM", "2022-02-01"),
            ("2022-01-13 14:38:22.337", "2022-01-13"),
            ("22-SEP-2023", "2023-09-22"),
            ("26-JUN-23", "2023-06-26"),
            ("30-DEC-24", "2024-12-30"),
            ("22-09-2023", "2023-09-22"),
            ("3/4/2025", "2025-04-03"),
            ("3 Juli 2025", "2025-07-03"),
            ("Senin, 17 Agustus 2026", "2026-08-17"),
            ("02 Nopember 2025", "2025-11-02"),
            ("45123", "2023-07-16"),
            ("31/02/2025", "Impossible"),
            ("2025-02-30", "Impossible"),
            ("1/1/0202", "Impossible"),
            ("kemarin", "UnknownForm"),
            ("", "UnknownForm"),
            ("198", "UnknownForm"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn order_is_a_property_of_the_column() {
        assert_eq!(order_evidence("31/12/2025"), Some(DateOrder::DayFirst));
        assert_eq!(order_evidence("12/31/2025"), Some(DateOrder::MonthFirst));
        assert_eq!(order_evidence("03/04/2025"), None);
        assert!(is_order_ambiguous("03/04/2025"));
        assert!(!is_order_ambiguous("04/04/2025"));
        assert!(!is_order_ambiguous("2025-03-04"));
    }

    #[test]
    fn durations() {
        for (text, days) in [
            ("45 Hari Kalender", Some(45)),
            ("30 (Tiga Puluh) Hari Kalender", Some(30)),
            ("12 Bulan", Some(360)),
            ("11 (sebelas) bulan atau 334 hari kalender ", Some(334)),
            ("60", None),
            ("", None),
        ] {
            assert_eq!(duration_days(text), days, "{text}");
        }
    }

    #[test]
    fn counting_is_inclusive() {
        let day = |d| jiff::civil::date(2025, 7, d);
        assert_eq!(days_inclusive(day(3), day(3)), 1);
        assert_eq!(days_inclusive(day(3), day(31)), 29);
        assert_eq!(days_inclusive(day(4), day(3)), 0);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,30}") {
            let _ = parse_date(&text, DateOrder::DayFirst);
            let _ = parse_date(&text, DateOrder::MonthFirst);
            let _ = order_evidence(&text);
            let _ = duration_days(&text);
        }
    }
}
