//! How a raw row lies in the database: readable JSON for what is public, sealed for what is not.

use crate::{Fault, Vault};
use registers::{CellKind, Columns, RawRow, Register};

/// A row made ready to store.
#[derive(Default)]
pub(crate) struct Packed {
    pub(crate) key: [u8; 16],
    pub(crate) content: [u8; 16],
    pub(crate) kinds: Option<String>,
    pub(crate) cells: String,
    pub(crate) sealed: Option<Vec<u8>>,
}

/// What is the same for all rows of a table.
pub(crate) struct Plan {
    register_id: String,
    key: Vec<Option<usize>>,
    /// Columns that say something, in the order of their names, with the name.
    said: Vec<(String, usize)>,
    personal: Vec<bool>,
    any_personal: bool,
}

impl Plan {
    pub(crate) fn new(register: &Register, columns: &Columns) -> Self {
        let mut said: Vec<(String, usize)> = columns
            .columns
            .iter()
            .enumerate()
            .filter(|(i, _)| !columns.kind(register, *i).is_some_and(|c| c.stamp))
            .map(|(i, c)| (name_of(register, columns, i, &c.header), i))
            .collect();
        said.sort();
        Self {
            register_id: register.id.clone(),
            key: columns.key().iter().map(|k| k.map(usize::from)).collect(),
            said,
            personal: columns.columns.iter().map(|c| c.personal).collect(),
            any_personal: columns.has_personal(),
        }
    }

    /// Names and values of everything a row says, by name, empty cells included.
    pub(crate) fn says<'a>(&'a self, row: &'a RawRow) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.said.iter().map(|(name, i)| (name.as_str(), plain(row.cell(*i))))
    }

    pub(crate) fn pack(&self, vault: &Vault, row: &RawRow, out: &mut Packed) -> Result<(), Fault> {
        let mut hasher = vault.hasher();
        for (name, value) in self.says(row).filter(|(_, v)| !v.is_empty()) {
            hasher.update(name.as_bytes()).update(b"\x1f").update(value.as_bytes()).update(b"\x1e");
        }
        out.content.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        let mut hasher = vault.hasher();
        hasher.update(self.register_id.as_bytes()).update(b"\x1d");
        let mut any = false;
        for column in &self.key {
            let value = column.map_or("", |c| plain(row.cell(c)));
            any |= !value.is_empty();
            hasher.update(value.as_bytes()).update(b"\x1f");
        }
        if !any {
            // A row without a key is itself its key: the same row again is the same row.
            hasher.update(&out.content);
        }
        out.key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        self.write_cells(vault, row, out)
    }

    fn write_cells(&self, vault: &Vault, row: &RawRow, out: &mut Packed) -> Result<(), Fault> {
        let all_text = row.cells().all(|(_, kind)| kind == CellKind::Text);
        out.kinds = (!all_text).then(|| row.cells().map(|(_, kind)| letter(kind)).collect());
        out.cells.clear();
        out.cells.push('[');
        let mut personal: Vec<(usize, &str)> = Vec::new();
        for (i, (text, _)) in row.cells().enumerate() {
            if i > 0 {
                out.cells.push(',');
            }
            // A cell beyond the header belongs to no known column, so nobody knows it is harmless.
            if self.any_personal && self.personal.get(i).copied().unwrap_or(true) && !text.is_empty() {
                personal.push((i, text));
                out.cells.push_str("null");
            } else {
                push_json(&mut out.cells, text);
            }
        }
        out.cells.push(']');
        out.sealed = if personal.is_empty() {
            None
        } else {
            let text = serde_json::to_vec(&personal).map_err(|e| Fault::Damaged(e.to_string()))?;
            Some(vault.seal(&[&out.key[..], &out.content[..]].concat(), &text)?)
        };
        Ok(())
    }
}

/// JSON text without the serializer's machinery where no character needs escaping.
fn push_json(out: &mut String, text: &str) {
    if text.bytes().all(|b| b >= 0x20 && b != b'"' && b != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::Value::from(text).to_string());
    }
}

/// Field name where bound, header key where not: so that a renamed header is not a change.
pub(crate) fn name_of(register: &Register, columns: &Columns, column: usize, header: &str) -> String {
    match columns.kind(register, column) {
        Some(c) => c.field.clone(),
        None => format!("~{}", kernel::text::header_key(header)),
    }
}

/// The value for comparing: `5531062` is the same in CSV, JSON and a spreadsheet's `5531062.0`.
pub(crate) fn plain(text: &str) -> &str {
    let t = text.trim();
    if kernel::text::is_missing(t) {
        return "";
    }
    match t.strip_suffix(".0") {
        Some(whole) if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => t,
    }
}

fn letter(kind: CellKind) -> char {
    match kind {
        CellKind::Text => 'T',
        CellKind::Number => 'N',
        CellKind::Date => 'D',
        CellKind::Flag => 'F',
        CellKind::Error => 'E',
        CellKind::Json => 'J',
    }
}

fn kind_of(letter: u8) -> CellKind {
    match letter {
        b'N' => CellKind::Number,
        b'D' => CellKind::Date,
        b'F' => CellKind::Flag,
        b'E' => CellKind::Error,
        b'J' => CellKind::Json,
        _ => CellKind::Text,
    }
}

/// Reads a row back, personal cells included.
pub(crate) fn unpack(
    vault: &Vault,
    line: u32,
    kinds: Option<&str>,
    cells: &str,
    sealed: Option<&[u8]>,
) -> Result<RawRow, Fault> {
    let cells: Vec<Option<std::borrow::Cow<'_, str>>> =
        serde_json::from_str(cells).map_err(|e| Fault::Damaged(format!("row at line {line}: {e}")))?;
    let opened = sealed.map(|s| vault.open(s)).transpose()?;
    let personal: Vec<(usize, String)> = match &opened {
        Some(text) => serde_json::from_slice(text).map_err(|e| Fault::Damaged(e.to_string()))?,
        None => Vec::new(),
    };
    let mut row = RawRow::at(line);
    for (i, cell) in cells.iter().enumerate() {
        let kind = kinds.and_then(|k| k.as_bytes().get(i)).map_or(CellKind::Text, |b| kind_of(*b));
        let sealed = || personal.iter().find(|(at, _)| *at == i).map_or("", |(_, t)| t.as_str());
        row.push(cell.as_deref().unwrap_or_else(sealed), kind);
    }
    Ok(row)
}
