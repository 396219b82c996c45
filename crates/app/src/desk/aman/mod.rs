//! Vulnerable workers and the money for their contributions: lists, donors, the bank's statement, allotments, what to do next.

pub mod allot;
pub mod donors;
pub mod lists;
pub mod statement;

use kernel::Date;

/// A group of vulnerable workers as people write it: `guru_ngaji` is Guru ngaji, `rt` is RT.
pub fn group_label(key: &str) -> String {
    if key.len() <= 3 {
        return key.to_uppercase();
    }
    let words = key.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

/// The first day of a month.
pub fn first_of(day: Date) -> Date {
    day.first_of_month()
}

/// The month so many months later; the last there is where the calendar ends.
pub fn month_after(month: Date, months: i32) -> Date {
    month.first_of_month().saturating_add(jiff::Span::new().months(months))
}

/// Whole months from one to another, both counted: January to March are three. Zero or below where the second is earlier.
pub fn months_between(first: Date, last: Date) -> i64 {
    let index = |d: Date| i64::from(d.year()) * 12 + i64::from(d.month());
    index(last) - index(first) + 1
}
