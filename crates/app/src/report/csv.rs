//! CSV by RFC 4180, with text kept from becoming a formula.

use super::{Cell, Table};
use crate::Fault;
use std::path::Path;

/// Text a spreadsheet program would run gets an apostrophe; our import takes it off again.
/// Numbers are never touched: a negative amount stays a number.
fn guarded(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠']) => {
            format!("'{text}")
        }
        other => other.plain(),
    }
}

pub(crate) fn write(table: &Table, path: &Path) -> Result<(), Fault> {
    let fault = |e: csv::Error| Fault(format!("{}: {e}", path.display()));
    let mut writer = csv::Writer::from_path(path).map_err(fault)?;
    writer.write_record(table.columns).map_err(fault)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(guarded)).map_err(fault)?;
    }
    writer.flush().map_err(|e| Fault::io(path, &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_guarded_numbers_are_not() {
        assert_eq!(guarded(&Cell::Text("=HYPERLINK(1)".into())), "'=HYPERLINK(1)");
        assert_eq!(guarded(&Cell::Text("+62 811".into())), "'+62 811");
        assert_eq!(guarded(&Cell::Int(-5)), "-5");
        assert_eq!(guarded(&Cell::Text("a=b".into())), "a=b");
    }
}
