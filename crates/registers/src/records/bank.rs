//! Lines of bank statements.

use super::RowView;
use kernel::money::Rounding;
use kernel::text::is_missing;
use kernel::{Date, Exact, Origin};

/// A line that says what it moved and what was there after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankLine {
    /// Where it stands.
    pub origin: Origin,
    /// Account number; empty where the statement does not say.
    pub account: String,
    /// Value date.
    pub day: Date,
    /// Rupiah that came; zero on a line that took.
    pub credit: i64,
    /// Rupiah that went; zero on a line that brought.
    pub debit: i64,
    /// Balance after it.
    pub balance: i64,
    /// What the bank prints, which names people.
    pub text: String,
}

/// Why a row is no line of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoLine {
    /// No day.
    Day,
    /// No balance that reads.
    Balance,
    /// Nothing moved: a line that only prints a balance.
    Still,
    /// Something negative, both ways at once, or no word which way.
    Amount,
    /// Parts of a rupiah.
    Cents,
}

/// Whole rupiah of an amount. Banks print cents that are none: `50,000.00`.
fn whole(amount: Exact) -> Result<i64, NoLine> {
    let rupiah = amount.round(Rounding::Down).ok_or(NoLine::Amount)?;
    if Exact::whole(rupiah.0) == amount { Ok(rupiah.0) } else { Err(NoLine::Cents) }
}

/// Reads a row as a line of a statement.
///
/// # Errors
/// [`NoLine`], for the page that lists what could not be taken up.
pub fn read_line(row: &RowView<'_>) -> Result<BankLine, NoLine> {
    // A cell that says something and does not read as an amount is not taken for an empty one.
    let read = |field: &str| match row.money(field) {
        Some(amount) => whole(amount).map(Some),
        None if row.raw(field).is_some_and(|t| !is_missing(t)) => Err(NoLine::Amount),
        None => Ok(None),
    };
    let day = row.date("tanggal").ok_or(NoLine::Day)?;
    let balance = read("saldo")?.ok_or(NoLine::Balance)?;
    let mut sides = [read("kredit")?.unwrap_or(0), read("debit")?.unwrap_or(0)];
    if sides == [0, 0] {
        let amount = read("jumlah")?.unwrap_or(0);
        if amount == 0 {
            return Err(NoLine::Still);
        }
        let mark = row.text_or_empty("dk").to_uppercase();
        let out = mark.starts_with('D') || mark.starts_with("KELUAR");
        let came = mark.starts_with('C') || mark.starts_with('K') && !out || mark.starts_with("MASUK");
        sides = match (came, out) {
            (true, _) => [amount, 0],
            (_, true) => [0, amount],
            _ => return Err(NoLine::Amount),
        };
    }
    let [credit, debit] = sides;
    if credit < 0 || debit < 0 || credit > 0 && debit > 0 {
        return Err(NoLine::Amount);
    }
    Ok(BankLine {
        origin: row.origin(),
        account: row.id("rekening").unwrap_or_default(),
        day,
        credit,
        debit,
        balance,
        text: row.text_or_empty("uraian"),
    })
}
