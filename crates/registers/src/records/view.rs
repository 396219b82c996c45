//! Reads fields of a row by name, over all its versions.

use crate::columns::Columns;
use crate::row::{CellKind, RawRow};
use crate::spec::Register;
use kernel::date::parse_date;
use kernel::money::parse_amount;
use kernel::origin::TableId;
use kernel::text::{clean, is_missing};
use kernel::{Date, Exact, Origin};
use rustc_hash::FxHashMap;

/// An imported table: its register and columns.
#[derive(Debug)]
pub struct Table {
    /// Which table.
    pub id: TableId,
    /// Its register.
    pub register: &'static Register,
    /// Its columns.
    pub columns: Columns,
    by_name: FxHashMap<&'static str, usize>,
}

impl Table {
    /// Prepares a table for reading.
    pub fn new(id: TableId, register: &'static Register, columns: Columns) -> Self {
        let by_name = register
            .columns
            .iter()
            .enumerate()
            .filter_map(|(f, column)| columns.column_of(f).map(|c| (column.field.as_str(), c)))
            .collect();
        Self { id, register, columns, by_name }
    }
}

/// One row of a register, newest version first. A column that a newer file lacks keeps the value
/// of the older one; a column it has replaces it, even with an empty cell.
#[derive(Debug, Clone, Copy)]
pub struct RowView<'a> {
    versions: &'a [(&'a Table, &'a RawRow)],
}

impl<'a> RowView<'a> {
    /// Over versions, newest first. There must be at least one.
    pub fn new(versions: &'a [(&'a Table, &'a RawRow)]) -> Self {
        assert!(!versions.is_empty(), "a row has at least one version");
        Self { versions }
    }

    /// Every version by itself, newest first.
    pub fn alone(&self) -> impl Iterator<Item = RowView<'a>> {
        self.versions.chunks(1).map(RowView::new)
    }

    /// Origin of the newest version.
    pub fn origin(&self) -> Origin {
        let (table, row) = self.versions[0];
        Origin { table: table.id, line: row.line }
    }

    /// Is the newest version a total, a signature or a note rather than a record?
    pub fn is_footer(&self) -> bool {
        let (table, row) = self.versions[0];
        crate::check::is_footer(&table.columns, row)
    }

    fn cell(&self, field: &str) -> Option<(&'a str, CellKind, &'a Table, usize)> {
        self.versions.iter().find_map(|(table, row)| {
            let column = *table.by_name.get(field)?;
            Some((row.cell(column), row.kind(column), *table, column))
        })
    }

    /// The raw text of a field, unless missing.
    pub fn raw(&self, field: &str) -> Option<&'a str> {
        self.cell(field).map(|c| c.0).filter(|t| !is_missing(t))
    }

    /// Cleaned text.
    pub fn text(&self, field: &str) -> Option<String> {
        self.raw(field).map(clean).filter(|t| !t.is_empty())
    }

    /// Cleaned text, empty where missing.
    pub fn text_or_empty(&self, field: &str) -> String {
        self.text(field).unwrap_or_default()
    }

    /// An identifier as compared text; `0` and blanks are none.
    pub fn id(&self, field: &str) -> Option<String> {
        let (text, kind, ..) = self.cell(field)?;
        identifier(text, kind)
    }

    /// Several identifiers joined by `;`, `,` or blanks.
    pub fn ids(&self, field: &str) -> Vec<String> {
        let Some((text, kind, ..)) = self.cell(field) else { return Vec::new() };
        let mut out: Vec<String> =
            text.split([';', ',', '|', ' ', '\n']).filter_map(|part| identifier(part, kind)).collect();
        out.dedup();
        out
    }

    /// An amount, under the style of its column. Zero is a value; negative amounts are not
    /// accepted here (they are problems of the import).
    pub fn money(&self, field: &str) -> Option<Exact> {
        let (text, kind, table, column) = self.cell(field)?;
        if is_missing(text) {
            return None;
        }
        let style = crate::check::style_of(kind, table.columns.columns[column].style);
        parse_amount(text, style).ok().filter(|v| !v.is_negative())
    }

    /// An amount above zero: feeds print 0 where they mean "not known".
    pub fn value(&self, field: &str) -> Option<Exact> {
        self.money(field).filter(|v| v.is_positive())
    }

    /// A day.
    pub fn date(&self, field: &str) -> Option<Date> {
        let (text, _, table, column) = self.cell(field)?;
        if is_missing(text) || kernel::date::is_zero_date(text) {
            return None;
        }
        parse_date(text, table.columns.columns[column].order).ok().map(|d| d.date)
    }

    /// A whole number.
    pub fn int(&self, field: &str) -> Option<i64> {
        let text = self.raw(field)?.trim();
        text.strip_suffix(".0").unwrap_or(text).parse().ok()
    }

    /// A share in parts per million; `100` and `100 %` are one million.
    pub fn share_ppm(&self, field: &str) -> Option<i64> {
        let (text, kind, table, column) = self.cell(field)?;
        let bare = text.trim().trim_end_matches('%').trim_end();
        if is_missing(bare) {
            return None;
        }
        let style = crate::check::style_of(kind, table.columns.columns[column].style);
        let percent = parse_amount(bare, style).ok().filter(|v| !v.is_negative())?;
        (percent * 1_000_000).ppm_of(Exact::whole(100)).map(|ppm| ppm / 1_000_000).filter(|p| *p <= 1_000_000)
    }

    /// Yes or no.
    pub fn flag(&self, field: &str) -> Option<bool> {
        match self.raw(field)?.trim().to_lowercase().as_str() {
            "true" | "1" | "ya" | "yes" | "y" | "aktif" => Some(true),
            "false" | "0" | "tidak" | "no" | "n" | "t" => Some(false),
            _ => None,
        }
    }

    /// The raw cell with its kind, for fields whose trust depends on the kind (NIK).
    pub fn raw_with_kind(&self, field: &str) -> Option<(&'a str, CellKind)> {
        self.cell(field).map(|c| (c.0, c.1)).filter(|c| !is_missing(c.0))
    }
}

/// An identifier for comparison: no apostrophe, no `.0` of a spreadsheet, no zero.
fn identifier(text: &str, kind: CellKind) -> Option<String> {
    let t = text.trim().trim_start_matches(['\'', '`']);
    let t = if kind == CellKind::Number || t.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        t.strip_suffix(".0").unwrap_or(t)
    } else {
        t
    };
    (!is_missing(t) && !t.bytes().all(|b| b == b'0')).then(|| t.to_owned())
}
