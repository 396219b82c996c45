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
    let file = std::fs::File::create(path).map_err(|e| Fault::io(path, &e))?;
    records(table, file).map_err(|e| Fault(format!("{}: {e}", path.display())))
}

/// The same, in memory.
pub(crate) fn bytes(table: &Table) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    records(table, &mut out).map_err(|e| Fault(e.to_string()))?;
    Ok(out)
}

fn records(table: &Table, out: impl std::io::Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(table.columns)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(guarded))?;
    }
    writer.flush()?;
    Ok(())
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
