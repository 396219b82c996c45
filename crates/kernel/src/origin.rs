//! Where a datum came from: every record carries this, forever.

use serde::{Deserialize, Serialize};

/// One imported table: a CSV file, a JSON array, one sheet of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TableId(pub u32);

/// Table and line. The store turns the table into file name, sheet name and time of recording.
///
/// Lines count from 1 as the clerk's own program shows them: the spreadsheet row, the line of the
/// text file where the record begins, or the position in a JSON array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// Which table.
    pub table: TableId,
    /// Which line of it.
    pub line: u32,
}
