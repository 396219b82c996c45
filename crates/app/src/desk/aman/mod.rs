//! Vulnerable workers and the money for their contributions: lists, donors, the bank's statement, allotments, what to do next.

pub mod allot;
pub mod donors;
pub mod forecast;
pub mod lists;
pub mod statement;
pub mod thanks;

use crate::Fault;
use crate::report::{Cell, Table, csv_bytes};
use kernel::Date;
pub use registers::records::NoLine;

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

/// Why the book, or what stands before it, says no: with the account and what it has, so that somebody knows what to do.
pub fn say_refusal(refusal: ledger::Refusal, language: crate::Language) -> String {
    use ledger::Refusal;
    let rupiah = |n: i64| crate::words::rupiah_text(kernel::Rupiah(n), language);
    match refusal {
        Refusal::Amount(_) => phrases::say_named(language, "ledger-amount", &[]),
        Refusal::TooMuch => phrases::say_named(language, "ledger-too-much", &[]),
        Refusal::Undone => phrases::say_named(language, "ledger-undone", &[]),
        Refusal::Short { account, has, needs } => phrases::say_with(
            language,
            &format!("ledger-short-{}", account.kind()),
            &[("has", rupiah(has)), ("needs", rupiah(needs)), ("number", account.number().to_string())],
        ),
    }
}

/// Why a line of a statement is not explained.
pub fn say_unexplained(no: statement::Unexplained, language: crate::Language) -> String {
    use statement::Unexplained as No;
    let name = match no {
        No::Refused(refusal) => return say_refusal(refusal, language),
        No::Sum(due) => {
            let due = crate::words::rupiah_text(kernel::Rupiah(due), language);
            return phrases::say_with(language, "line-no-sum", &[("due", due)]);
        }
        No::Unknown => "line-no-unknown",
        No::Gap => "line-no-gap",
        No::Amount => "line-no-amount",
        No::Side => "line-no-side",
        No::MoreThanGiven => "line-no-more",
    };
    phrases::say_named(language, name, &[])
}

/// Why a donor, pledge, fund or grant is not taken.
pub fn say_unpledged(no: donors::Unpledged, language: crate::Language) -> String {
    use donors::Unpledged as No;
    let name = match no {
        No::Refused(refusal) => return say_refusal(refusal, language),
        No::Name => "pledge-no-name",
        No::Agency => "pledge-no-agency",
        No::Amount => "pledge-no-amount",
        No::Months => "pledge-no-months",
        No::Unknown => "pledge-no-unknown",
        No::WishUnknown => "pledge-no-wish-unknown",
        No::WishDead => "pledge-no-wish-dead",
        No::WishCovered => "pledge-no-wish-covered",
        No::Taken => "pledge-no-taken",
    };
    phrases::say_named(language, name, &[])
}

/// Why an allotment is not decided, paid or closed.
pub fn say_no_allotment(no: store::NoAllotment, language: crate::Language) -> String {
    use store::NoAllotment as No;
    let name = match no {
        No::Refused(refusal) => return say_refusal(refusal, language),
        No::Unpaid(_) => "line-no-more",
        No::Unknown => "allotment-no-unknown",
        No::Own => "allotment-no-own",
        No::Twice => "allotment-no-twice",
        No::Entered => "allotment-no-entered",
    };
    phrases::say_named(language, name, &[])
}

/// Entries of the book as CSV, the oldest first; `rows` come newest first. Donors are numbers.
///
/// # Errors
/// [`Fault`] of the writer.
pub fn book_csv(rows: &[store::EntryRow]) -> Result<Vec<u8>, Fault> {
    let columns = &[
        "entry",
        "recorded_at",
        "day",
        "kind",
        "debit",
        "credit",
        "amount",
        "statement_line",
        "donor",
        "pledge",
        "fund",
        "allotment",
        "gift",
        "undoes",
        "note",
    ];
    let mut table = Table::new("book", columns);
    let number = |n: Option<i64>| n.map_or(Cell::Empty, Cell::Int);
    for e in rows.iter().rev() {
        let a = &e.about;
        table.push(vec![
            Cell::Int(e.id),
            Cell::text(&e.at),
            Cell::text(&a.day),
            Cell::text(e.kind.name()),
            Cell::text(&e.accounts[0]),
            Cell::text(&e.accounts[1]),
            Cell::Int(e.amount),
            number(a.line),
            number(a.donor),
            number(a.pledge),
            number(a.fund),
            number(a.allotment),
            number(a.gift),
            number(a.undoes),
            Cell::text(&a.note),
        ]);
    }
    csv_bytes(&table)
}
