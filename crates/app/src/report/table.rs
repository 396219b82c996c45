//! A table of typed cells: numbers are numbers by type, never by content.

use kernel::{Date, Exact};

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text: never a formula.
    Text(String),
    /// A whole number.
    Int(i64),
    /// Rupiah, exact.
    Money(Exact),
    /// A day.
    Date(Date),
}

impl Cell {
    /// Text, or empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A day, or empty.
    pub fn date(date: Option<Date>) -> Self {
        date.map_or(Self::Empty, Self::Date)
    }

    /// A count.
    pub fn count(n: u64) -> Self {
        Self::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }

    /// As plain text.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(t) => t.clone(),
            Self::Int(n) => n.to_string(),
            Self::Money(m) => m.to_string(),
            Self::Date(d) => d.to_string(),
        }
    }
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// File and sheet name.
    pub name: &'static str,
    /// Column names, which are a contract.
    pub columns: &'static [&'static str],
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
}

/// Columns that help a reader but are no derived fact.
const FOR_READERS: [&str; 5] = ["rows", "title", "next_step", "place_name", "why"];

impl Table {
    /// An empty table.
    pub fn new(name: &'static str, columns: &'static [&'static str]) -> Self {
        Self { name, columns, rows: Vec::new() }
    }

    /// Appends a row.
    pub fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(row.len(), self.columns.len(), "{}", self.name);
        self.rows.push(row);
    }

    /// The rows as text, without the columns for readers.
    pub fn derived_lines(&self) -> impl Iterator<Item = String> + '_ {
        self.rows.iter().map(|row| {
            let cells = row.iter().zip(self.columns).filter(|(_, c)| !FOR_READERS.contains(c));
            cells.map(|(cell, _)| cell.plain()).collect::<Vec<_>>().join("\x1f")
        })
    }

    /// Position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| *c == name)
    }
}
