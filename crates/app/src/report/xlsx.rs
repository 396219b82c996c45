//! One workbook with all tables; typed cells only, no formula anywhere.

use super::{Cell, Table};
use crate::{Fault, Language};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::path::Path;

/// Rows of a sheet, header included.
const SHEET_ROWS_MAX: usize = 1_048_576;
/// Characters of a spreadsheet cell.
const CELL_CHARS_MAX: usize = 32_000;

pub(super) fn write(tables: &[&Table], path: &Path, language: Language) -> Result<(), Fault> {
    book(tables, language).and_then(|mut b| b.save(path)).map_err(|e| Fault(format!("{}: {e}", path.display())))
}

/// The same, in memory.
pub(super) fn bytes(tables: &[&Table], language: Language) -> Result<Vec<u8>, Fault> {
    book(tables, language).and_then(|mut b| b.save_to_buffer()).map_err(|e| Fault(e.to_string()))
}

fn book(tables: &[&Table], language: Language) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    // The same result is the same file: no time of writing inside.
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?));
    for table in tables {
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(table.name)?;
        fill(sheet, table, language)?;
    }
    Ok(book)
}

fn fill(sheet: &mut Worksheet, table: &Table, language: Language) -> Result<(), XlsxError> {
    let head = Format::new().set_bold().set_text_wrap();
    let (date, money) = (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("#,##0.##"));
    for (i, column) in table.columns.iter().enumerate() {
        let i = i as u16;
        let width = if matches!(*column, "name" | "next_step" | "why" | "facts" | "title") { 44 } else { 18 };
        sheet.set_column_width(i, width)?;
        sheet.write_with_format(0, i, phrases::say_named(language, &format!("column-{column}"), &[]), &head)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let last = table.rows.len().min(SHEET_ROWS_MAX - 1);
    sheet.autofilter(0, 0, last as u32, table.columns.len().saturating_sub(1) as u16)?;
    for (r, row) in table.rows.iter().take(SHEET_ROWS_MAX - 1).enumerate() {
        let r = r as u32 + 1;
        for (c, cell) in row.iter().enumerate() {
            let c = c as u16;
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    let cut: String = text.chars().take(CELL_CHARS_MAX).collect();
                    sheet.write_string(r, c, cut)?;
                }
                Cell::Int(n) => {
                    // A spreadsheet number keeps fifteen digits; counts and rupiah stay below.
                    sheet.write_number(r, c, *n as f64)?;
                }
                Cell::Money(m) => {
                    // Only for reading on screen: the exact amount stands in the CSV.
                    let number: f64 = m
                        .to_string()
                        .parse()
                        .unwrap_or_else(|_| m.round(kernel::money::Rounding::HalfUp).map_or(0.0, |r| r.0 as f64));
                    sheet.write_number_with_format(r, c, number, &money)?;
                }
                Cell::Date(d) => {
                    let day = ExcelDateTime::from_ymd(
                        d.year().unsigned_abs(),
                        d.month().unsigned_abs(),
                        d.day().unsigned_abs(),
                    )?;
                    sheet.write_datetime_with_format(r, c, day, &date)?;
                }
            }
        }
    }
    Ok(())
}
