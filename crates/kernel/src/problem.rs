//! A **problem** is about the data: a cell we cannot trust. It is a value in a list, never an error.

use serde::{Deserialize, Serialize};

/// What is wrong with a cell, a column, a row or a file. The code names a sentence in `i18n/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// Letters where a number should be.
    NumberUnreadable,
    /// Digits grouped against the style of the column.
    NumberStyle,
    /// Beyond any amount a city can pay.
    NumberOutOfRange,
    /// Zero, or more than anybody pays or earns.
    NumberUnlikely,
    /// Below zero where only zero or more makes sense.
    NumberNegative,
    /// No known form of date.
    DateUnreadable,
    /// A day that does not exist.
    DateImpossible,
    /// A day that has not come.
    DateFuture,
    /// A bare spreadsheet day number, read as a date.
    DateSerial,
    /// The column mixes day-first and month-first dates.
    DateOrderMixed,
    /// Every date of the column reads both ways; day-first was assumed.
    DateOrderAssumed,
    /// The end lies before the start.
    DatesReversed,
    /// The row has no value in the column that identifies it.
    KeyMissing,
    /// A required cell is empty.
    ValueMissing,
    /// An identifier stored as a number: digits may be lost.
    IdentifierNumeric,
    /// An identifier with a wrong count of digits or a wrong check digit.
    IdentifierMalformed,
    /// The NIK and the birth date beside it disagree.
    IdentifierDisagrees,
    /// The RUP and SPSE numbers look exchanged.
    IdentifiersSwapped,
    /// A total, a signature or another line that is not a record.
    NotARecord,
    /// The header stands a second time.
    HeaderRepeated,
    /// The row has more or fewer cells than the header.
    CellsCount,
    /// The cell is longer than the limit and was cut.
    CellTooLong,
    /// The spreadsheet shows an error (`#REF!`, `#N/A`) here.
    CellError,
    /// Bytes that are not text in the encoding of the file.
    EncodingInvalid,
    /// A sheet of the workbook holds no register we know.
    SheetUnrecognised,
    /// A column no register knows; it is kept, not used.
    ColumnUnknown,
    /// Two columns of the file mean the same field; the first is used.
    ColumnTwice,
}

impl ProblemCode {
    /// Every code, for tests that each has its sentence.
    pub const ALL: [Self; 27] = [
        Self::NumberUnreadable,
        Self::NumberStyle,
        Self::NumberOutOfRange,
        Self::NumberUnlikely,
        Self::NumberNegative,
        Self::DateUnreadable,
        Self::DateImpossible,
        Self::DateFuture,
        Self::DateSerial,
        Self::DateOrderMixed,
        Self::DateOrderAssumed,
        Self::DatesReversed,
        Self::KeyMissing,
        Self::ValueMissing,
        Self::IdentifierNumeric,
        Self::IdentifierMalformed,
        Self::IdentifierDisagrees,
        Self::IdentifiersSwapped,
        Self::NotARecord,
        Self::HeaderRepeated,
        Self::CellsCount,
        Self::CellTooLong,
        Self::CellError,
        Self::EncodingInvalid,
        Self::SheetUnrecognised,
        Self::ColumnUnknown,
        Self::ColumnTwice,
    ];

    /// The code as it stands in JSON: `number_unreadable`.
    pub fn name(self) -> &'static str {
        match self {
            Self::NumberUnreadable => "number_unreadable",
            Self::NumberStyle => "number_style",
            Self::NumberOutOfRange => "number_out_of_range",
            Self::NumberUnlikely => "number_unlikely",
            Self::NumberNegative => "number_negative",
            Self::DateUnreadable => "date_unreadable",
            Self::DateImpossible => "date_impossible",
            Self::DateFuture => "date_future",
            Self::DateSerial => "date_serial",
            Self::DateOrderMixed => "date_order_mixed",
            Self::DateOrderAssumed => "date_order_assumed",
            Self::DatesReversed => "dates_reversed",
            Self::KeyMissing => "key_missing",
            Self::ValueMissing => "value_missing",
            Self::IdentifierNumeric => "identifier_numeric",
            Self::IdentifierMalformed => "identifier_malformed",
            Self::IdentifierDisagrees => "identifier_disagrees",
            Self::IdentifiersSwapped => "identifiers_swapped",
            Self::NotARecord => "not_a_record",
            Self::HeaderRepeated => "header_repeated",
            Self::CellsCount => "cells_count",
            Self::CellTooLong => "cell_too_long",
            Self::CellError => "cell_error",
            Self::EncodingInvalid => "encoding_invalid",
            Self::SheetUnrecognised => "sheet_unrecognised",
            Self::ColumnUnknown => "column_unknown",
            Self::ColumnTwice => "column_twice",
        }
    }
}

/// A problem with its address. `row` and `column` are 1-based; `None` means the whole table or row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What is wrong.
    pub code: ProblemCode,
    /// Line of the file or row of the sheet.
    pub row: Option<u32>,
    /// Position of the column in the file.
    pub column: Option<u32>,
    /// Header text of that column, as typed.
    pub header: Option<String>,
    /// What stands in the cell, cut short; never present for a personal column.
    pub excerpt: Option<String>,
}

impl Problem {
    /// A problem of the whole table.
    pub fn of_table(code: ProblemCode) -> Self {
        Self { code, row: None, column: None, header: None, excerpt: None }
    }

    /// A problem of one row.
    pub fn of_row(code: ProblemCode, row: u32) -> Self {
        Self { row: Some(row), ..Self::of_table(code) }
    }

    /// The cell address as a spreadsheet shows it: `C17`, `C` for a column, `17` for a row.
    pub fn address(&self) -> String {
        let letters = self.column.map(column_letters).unwrap_or_default();
        let row = self.row.map(|r| r.to_string()).unwrap_or_default();
        letters + &row
    }
}

/// 1 is `A`, 27 is `AA`.
pub fn column_letters(column: u32) -> String {
    let mut n = column;
    let mut letters = Vec::new();
    while n > 0 {
        let digit = (n - 1) % 26;
        letters.push(char::from(b'A' + digit as u8));
        n = (n - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_like_the_spreadsheet() {
        assert_eq!(column_letters(1), "A");
        assert_eq!(column_letters(26), "Z");
        assert_eq!(column_letters(27), "AA");
        assert_eq!(column_letters(703), "AAA");
        let mut problem = Problem::of_row(ProblemCode::DateImpossible, 17);
        problem.column = Some(3);
        assert_eq!(problem.address(), "C17");
    }

    #[test]
    fn names_match_their_serialised_form() {
        for code in ProblemCode::ALL {
            assert_eq!(format!("\"{}\"", code.name()), serde_json_name(code));
        }
    }

    fn serde_json_name(code: ProblemCode) -> String {
        // The kernel has no JSON of its own; the derive's naming rule is restated over Debug.
        let mut out = String::from("\"");
        for (i, c) in format!("{code:?}").chars().enumerate() {
            if c.is_uppercase() && i > 0 {
                out.push('_');
            }
            out.extend(c.to_lowercase());
        }
        out + "\""
    }
}
