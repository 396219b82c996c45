//! Checks one row against its columns: what cannot be trusted becomes a problem with an address.

use crate::columns::Columns;
use crate::row::{CellKind, RawRow};
use crate::spec::{Kind, Register};
use kernel::date::{DateError, is_zero_date, parse_date};
use kernel::id::{Nik, NikError, Npwp};
use kernel::money::{AmountError, NumberStyle, parse_amount};
use kernel::problem::{Problem, ProblemCode};
use kernel::text::{excerpt, is_missing};

/// Longest excerpt of a cell in a message, in characters.
const EXCERPT_CHARS_MAX: usize = 40;

/// Appends the problems of one row. The row itself is kept whatever is found.
pub fn check_row(register: &Register, columns: &Columns, row: &RawRow, problems: &mut Vec<Problem>) {
    if is_footer(columns, row) {
        problems.push(Problem::of_row(ProblemCode::NotARecord, row.line));
        return;
    }
    if !columns.key().is_empty() && !has_key(columns, row) {
        problems.push(Problem::of_row(ProblemCode::KeyMissing, row.line));
    }
    for i in 0..columns.columns.len() {
        let Some(column) = columns.kind(register, i) else { continue };
        let text = row.cell(i);
        // What a broken formula shows is said, though it counts as nothing.
        if row.kind(i) == CellKind::Error || is_broken_formula(text) {
            problems.push(address(ProblemCode::CellError, columns, row, i));
            continue;
        }
        if is_missing(text) {
            if column.required && !columns.key().contains(&Some(i as u16)) {
                problems.push(address(ProblemCode::ValueMissing, columns, row, i));
            }
            continue;
        }
        let kind = row.kind(i);
        let style = columns.columns[i].style;
        let code = match column.kind {
            Kind::Money => amount_problem(text, kind, style),
            Kind::Percent => percent_problem(text, kind, style),
            Kind::Int => (!text.trim().trim_end_matches(".0").bytes().all(|b| b.is_ascii_digit()))
                .then_some(ProblemCode::NumberUnreadable),
            Kind::Date => date_problem(text, columns.columns[i].order),
            Kind::Nik => nik_problem(text, kind),
            Kind::Id | Kind::Ids => {
                let lost = kind == CellKind::Number && is_damaged_number(text) || is_rounded(text);
                lost.then_some(ProblemCode::IdentifierNumeric)
            }
            Kind::Text if column.field.starts_with("npwp") => npwp_problem(text),
            Kind::Json | Kind::Flag | Kind::Text => None,
        };
        if let Some(code) = code {
            problems.push(address(code, columns, row, i));
        }
    }
    if columns.has_related_fields() {
        check_together(register, columns, row, problems);
    }
}

/// Is at least one key column filled?
fn has_key(columns: &Columns, row: &RawRow) -> bool {
    columns.key().iter().flatten().any(|&c| !is_missing(row.cell(usize::from(c))))
}

/// What one cell alone cannot show: an end before its start, a NIK beside another birth date,
/// plan and package numbers exchanged.
fn check_together(register: &Register, columns: &Columns, row: &RawRow, problems: &mut Vec<Problem>) {
    let cell = |field: &str| -> Option<(usize, &str)> {
        let column = columns.column_of(register.field(field)?)?;
        Some((column, row.cell(column))).filter(|(_, text)| !is_missing(text))
    };
    let date = |field: &str| {
        cell(field).and_then(|(i, text)| parse_date(text, columns.columns[i].order).ok().map(|d| (i, d.date)))
    };
    for (from, to) in ORDERED_DATES {
        if let (Some((_, start)), Some((i, end))) = (date(from), date(to))
            && end < start
        {
            problems.push(address(ProblemCode::DatesReversed, columns, row, i));
        }
    }
    if let (Some((i, nik)), Some((_, born))) = (cell("nik"), date("tgl_lahir"))
        && row.kind(i) == CellKind::Text
        && Nik::parse(nik).is_ok_and(|n| !n.agrees_with_birth(born))
    {
        problems.push(address(ProblemCode::IdentifierDisagrees, columns, row, i));
    }
    // RUP numbers have had eight digits since 2017; those of the older SPSE have seven.
    if let (Some((i, rup)), Some((_, spse))) = (cell("kd_rup"), cell("id_lpse")) {
        let digits = |text: &str| text.trim().bytes().all(|b| b.is_ascii_digit()).then(|| text.trim().len());
        if digits(rup) == Some(7) && digits(spse) == Some(8) {
            problems.push(address(ProblemCode::IdentifiersSwapped, columns, row, i));
        }
    }
}

/// Fields of which the second must not lie before the first.
pub(crate) const ORDERED_DATES: [(&str, &str); 4] = [
    ("tgl_mulai", "tgl_selesai"),
    ("tgl_awal_kontrak", "tgl_akhir_kontrak"),
    ("tgl_selesai", "tgl_akhir_pemeliharaan"),
    ("mulai_bekerja", "selesai_bekerja"),
];

/// Bound columns from which on a row with only one or two filled cells is no record.
const FOOTER_COLUMNS_MIN: usize = 5;

/// A total, a signature, a note below the table: one or two filled cells in a wide table, or a
/// row without a key that begins with such a word. It is kept and counted, not read.
pub fn is_footer(columns: &Columns, row: &RawRow) -> bool {
    let mut filled = row.cells().filter(|(t, _)| !t.trim().is_empty()).take(3);
    let Some((first, _)) = filled.next() else { return true };
    let wide = columns.columns.iter().filter(|c| c.field.is_some()).nth(FOOTER_COLUMNS_MIN - 1).is_some();
    if wide && filled.count() <= 1 {
        return true;
    }
    if columns.key().is_empty() || has_key(columns, row) {
        return false;
    }
    let words = [
        "jumlah",
        "total",
        "sub total",
        "subtotal",
        "mengetahui",
        "keterangan",
        "catatan",
        "menyetujui",
        "dibuat oleh",
        "nip",
    ];
    let first = first.trim().to_lowercase();
    words.iter().any(|w| first.starts_with(w))
}

/// A number as a spreadsheet shows it when it is too long, kept as text: `2,6E+12`. Its digits are lost.
fn is_rounded(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.trim().split_once(['E', 'e']) else { return false };
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let separators = mantissa.bytes().filter(|b| matches!(b, b'.' | b',')).count();
    separators == 1 && digits(&mantissa.replace(['.', ','], "")) && exponent.strip_prefix('+').is_some_and(digits)
}

/// A formula's error as text. `#N/A` is also what some feeds print for nothing.
fn is_broken_formula(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('#')
        && ["#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"].iter().any(|e| text.eq_ignore_ascii_case(e))
}

/// Digits of an identity number, wherever somebody typed it.
const IDENTITY_DIGITS: usize = 15;

/// A text with long runs of digits hidden: an identity number in the wrong column is one all the same.
pub(crate) fn without_numbers(text: &str) -> String {
    let between = |c: char| matches!(c, ' ' | '.' | '-' | '\'');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(from) = rest.find(|c: char| c.is_ascii_digit()) {
        out.push_str(&rest[..from]);
        rest = &rest[from..];
        let end = rest.find(|c: char| !c.is_ascii_digit() && !between(c)).unwrap_or(rest.len());
        let run = &rest[..end];
        let long = run.bytes().filter(u8::is_ascii_digit).count() >= IDENTITY_DIGITS;
        out.extend(run.chars().map(|c| if long && c.is_ascii_digit() { '•' } else { c }));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn address(code: ProblemCode, columns: &Columns, row: &RawRow, column: usize) -> Problem {
    let column_use = &columns.columns[column];
    Problem {
        code,
        row: Some(row.line),
        column: Some(column as u32 + 1),
        header: Some(without_numbers(&column_use.header)),
        excerpt: (!column_use.personal && !row.cell(column).trim().is_empty())
            .then(|| excerpt(&without_numbers(row.cell(column)), EXCERPT_CHARS_MAX)),
    }
}

fn amount_problem(text: &str, kind: CellKind, style: NumberStyle) -> Option<ProblemCode> {
    match parse_amount(text, style_of(kind, style)) {
        Ok(value) if value.is_negative() => Some(ProblemCode::NumberNegative),
        Ok(_) => None,
        Err(AmountError::NotANumber) => Some(ProblemCode::NumberUnreadable),
        Err(AmountError::WrongGrouping) => Some(ProblemCode::NumberStyle),
        Err(AmountError::OutOfRange) => Some(ProblemCode::NumberOutOfRange),
    }
}

/// A spreadsheet or JSON number always uses the decimal point, whatever the text cells do.
pub(crate) fn style_of(kind: CellKind, style: NumberStyle) -> NumberStyle {
    if kind == CellKind::Number { NumberStyle::Dot } else { style }
}

fn percent_problem(text: &str, kind: CellKind, style: NumberStyle) -> Option<ProblemCode> {
    let bare = text.trim().trim_end_matches('%').trim_end();
    match parse_amount(bare, style_of(kind, style)) {
        Ok(value) if value.is_negative() => Some(ProblemCode::NumberNegative),
        Ok(value) if value > kernel::Exact::whole(100) => Some(ProblemCode::NumberOutOfRange),
        Ok(_) => None,
        Err(_) => Some(ProblemCode::NumberUnreadable),
    }
}

fn date_problem(text: &str, order: kernel::date::DateOrder) -> Option<ProblemCode> {
    if is_zero_date(text) {
        return None;
    }
    match parse_date(text, order) {
        Ok(read) if read.was_serial => Some(ProblemCode::DateSerial),
        Ok(_) => None,
        Err(DateError::UnknownForm) => Some(ProblemCode::DateUnreadable),
        Err(DateError::Impossible) => Some(ProblemCode::DateImpossible),
    }
}

/// A NIK from a numeric cell is never trusted: spreadsheets keep fifteen digits, and numbers
/// above 2^53 (every province coded 91 to 96) lose the last one even without a spreadsheet.
fn nik_problem(text: &str, kind: CellKind) -> Option<ProblemCode> {
    if kind == CellKind::Number {
        return Some(ProblemCode::IdentifierNumeric);
    }
    match Nik::parse(text) {
        Ok(_) => None,
        Err(NikError::Numeric) => Some(ProblemCode::IdentifierNumeric),
        Err(NikError::Length | NikError::Structure) => Some(ProblemCode::IdentifierMalformed),
    }
}

/// More digits than a spreadsheet keeps, or an exponent.
fn is_damaged_number(text: &str) -> bool {
    text.contains(['e', 'E']) || text.bytes().filter(u8::is_ascii_digit).count() > 15
}

fn npwp_problem(text: &str) -> Option<ProblemCode> {
    match Npwp::parse(text) {
        Some(Npwp::Body { check: false, .. }) => Some(ProblemCode::IdentifierMalformed),
        // A blank number printed as zeros is a missing value, not a wrong one.
        None if text.bytes().filter(u8::is_ascii_digit).all(|b| b == b'0') => None,
        None => Some(ProblemCode::IdentifierMalformed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_a_spreadsheet_has_rounded_is_known_as_text_too() {
        for (text, rounded) in [("2,6E+12", true), ("9.26071E+14", true), ("03/SPK/E+1", false), ("12E+3", false)] {
            assert_eq!(is_rounded(text), rounded, "{text}");
        }
    }

    #[test]
    fn an_identity_number_is_hidden_wherever_it_stands() {
        assert_eq!(without_numbers("1571010203900001, besok"), "••••••••••••••••, besok");
        assert_eq!(without_numbers("NIK 1571.0102.0390-0001"), "NIK ••••.••••.••••-••••");
        assert_eq!(without_numbers("Rp 1.234.567.000 (03/SPK/2026)"), "Rp 1.234.567.000 (03/SPK/2026)");
    }
}
