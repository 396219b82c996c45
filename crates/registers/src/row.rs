//! A raw row: the text of each cell as it stood, and what kind of cell it was.

use serde::{Deserialize, Serialize};

/// What the file said a cell is. Text files know only [`CellKind::Text`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CellKind {
    /// Text, or a cell of a text file.
    Text,
    /// A number of a spreadsheet or of JSON; its text always uses the decimal point.
    Number,
    /// A date cell of a spreadsheet, as `YYYY-MM-DD`.
    Date,
    /// True or false.
    Flag,
    /// An error of the spreadsheet, such as `#REF!`.
    Error,
    /// Nested JSON.
    Json,
}

/// One row. Cells lie end to end in one string, so that a million rows cost no million strings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawRow {
    /// Line of the file or row of the sheet, from 1.
    pub line: u32,
    text: String,
    ends: Vec<u32>,
    kinds: Vec<CellKind>,
}

impl RawRow {
    /// An empty row at a line.
    pub fn at(line: u32) -> Self {
        Self { line, ..Self::default() }
    }

    /// Forgets the cells and keeps the memory.
    pub fn reset(&mut self, line: u32) {
        self.line = line;
        self.text.clear();
        self.ends.clear();
        self.kinds.clear();
    }

    /// Becomes a copy of another row and keeps the memory.
    pub fn copy_from(&mut self, other: &Self) {
        self.reset(other.line);
        self.text.push_str(&other.text);
        self.ends.extend_from_slice(&other.ends);
        self.kinds.extend_from_slice(&other.kinds);
    }

    /// Appends a cell.
    pub fn push(&mut self, text: &str, kind: CellKind) {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        self.kinds.push(kind);
    }

    /// Replaces the row by text cells that lie end to end in `text`: one copy instead of one a cell.
    /// False, and nothing changed, where a cell would end inside a character.
    pub fn fill_texts(&mut self, line: u32, text: &str, ends: impl Iterator<Item = usize> + Clone) -> bool {
        if !ends.clone().all(|end| text.is_char_boundary(end)) {
            return false;
        }
        self.reset(line);
        self.text.push_str(text);
        self.ends.extend(ends.map(|end| end as u32));
        self.kinds.resize(self.ends.len(), CellKind::Text);
        true
    }

    /// How many cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// No cell at all?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Text of a cell; empty beyond the last.
    pub fn cell(&self, index: usize) -> &str {
        let Some(&end) = self.ends.get(index) else { return "" };
        let start = index.checked_sub(1).map_or(0, |i| self.ends[i]);
        &self.text[start as usize..end as usize]
    }

    /// Kind of a cell; text beyond the last.
    pub fn kind(&self, index: usize) -> CellKind {
        self.kinds.get(index).copied().unwrap_or(CellKind::Text)
    }

    /// All cells in order.
    pub fn cells(&self) -> impl Iterator<Item = (&str, CellKind)> {
        (0..self.len()).map(|i| (self.cell(i), self.kind(i)))
    }

    /// Nothing but blanks?
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// From plain texts, for tests and decoded rows.
    pub fn from_texts<'a>(line: u32, cells: impl IntoIterator<Item = &'a str>) -> Self {
        let mut row = Self::at(line);
        for cell in cells {
            row.push(cell, CellKind::Text);
        }
        row
    }
}
