//! Finds the header among title rows, in one line or two.

use crate::table::Found;
use crate::{Options, Refusal, RefusalCode};
use kernel::text::header_key;
use registers::{Columns, RawRow};

/// The header of a table.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    /// Its line; 0 for JSON.
    pub(crate) line: u32,
    /// Its texts.
    pub(crate) texts: Vec<String>,
}

impl Header {
    /// Does a row say the same as the header? (Sheets glued together repeat it.)
    pub(crate) fn is_repeated_by(&self, row: &RawRow) -> bool {
        if self.line == 0 {
            return false;
        }
        let says_the_same = |(i, t): (usize, &str)| self.texts.get(i).is_some_and(|h| h.trim().eq_ignore_ascii_case(t));
        let mut filled = row.cells().map(|(t, _)| t.trim()).enumerate().filter(|(_, t)| !t.is_empty());
        // Nearly every row differs from the header in its first cell, so this rarely goes further.
        let first_two = (filled.next(), filled.next());
        matches!(first_two, (Some(a), Some(b)) if says_the_same(a) && says_the_same(b)) && filled.all(says_the_same)
    }

    /// The line `1 2 3 4 ...` that office sheets print below the header.
    pub(crate) fn is_numbered_by(&self, row: &RawRow) -> bool {
        if self.line == 0 || row.line > self.line + 3 {
            return false;
        }
        let filled: Vec<&str> = row.cells().map(|(t, _)| t.trim()).filter(|t| !t.is_empty()).collect();
        filled.len() >= 3
            && filled.iter().enumerate().all(|(i, t)| {
                let bare = t.trim_matches(['(', ')', '[', ']']).trim_end_matches(".0");
                bare == (i + 1).to_string()
            })
    }
}

/// Finds the header in the first rows. Returns it with the index of the first row after it.
pub(crate) fn find(rows: &[RawRow], options: &Options) -> Result<(Found, usize), Refusal> {
    if let Some(line) = options.header_row {
        let at = rows.iter().position(|r| r.line == line);
        let at = at.ok_or_else(|| Refusal::new(RefusalCode::BadMapping).with("at", line))?;
        let found = bind_row(&rows[at], options);
        let row = &rows[at];
        return Ok((found.map_err(|r| r.with(HEADERS, joined(row)).with("header_line", line))?, at + 1));
    }
    let mut nearest: Option<Refusal> = None;
    for at in 0..rows.len() {
        match bind_row(&rows[at], options) {
            Ok(found) => return Ok((found, at + 1)),
            Err(refusal) => {
                let missing = |r: &Refusal| r.facts.get("missing").map_or(usize::MAX, |m| m.split(", ").count());
                if nearest.as_ref().is_none_or(|n| missing(&refusal) < missing(n)) {
                    nearest = Some(refusal);
                }
            }
        }
        // A header of two lines: groups above, names below; an empty cell below keeps the group.
        if let Some(below) = rows.get(at + 1) {
            let merged = merge(&rows[at], below);
            if let Ok(found) = bind_row(&merged, options) {
                return Ok((found, at + 2));
            }
        }
    }
    let refusal = nearest.unwrap_or_else(|| Refusal::new(RefusalCode::UnknownHeaders));
    Err(match likely(rows) {
        Some(row) => refusal.with(HEADERS, joined(row)).with("header_line", row.line),
        None => refusal,
    })
}

/// Fact of a refusal: the texts of the row that is likely the header, for whoever is asked what they mean.
const HEADERS: &str = "headers";

/// Between the texts of [`HEADERS`].
const BETWEEN: char = '\u{1f}';

/// A header longer than this is none.
const TEXT_CHARS_MAX: usize = 120;

/// The row that is likely the header: the first of those with the most filled cells.
fn likely(rows: &[RawRow]) -> Option<&RawRow> {
    let filled = |row: &RawRow| row.cells().filter(|(t, _)| !t.trim().is_empty()).count();
    rows.iter().rev().max_by_key(|row| filled(row)).filter(|row| filled(row) > 1)
}

fn joined(row: &RawRow) -> String {
    let texts = row.cells().map(|(t, _)| kernel::text::excerpt(&t.replace(BETWEEN, " "), TEXT_CHARS_MAX));
    texts.collect::<Vec<_>>().join(&BETWEEN.to_string())
}

impl Refusal {
    /// The row that is likely the header of a table no register knows: its line and its texts.
    pub fn likely_header(&self) -> Option<(u32, Vec<String>)> {
        let line = self.facts.get("header_line")?.parse().ok()?;
        Some((line, self.facts.get(HEADERS)?.split(BETWEEN).map(str::to_owned).collect()))
    }
}

fn merge(above: &RawRow, below: &RawRow) -> RawRow {
    let mut out = RawRow::at(below.line);
    let mut group = String::new();
    for i in 0..above.len().max(below.len()) {
        let (top, low) = (above.cell(i).trim(), below.cell(i).trim());
        if !top.is_empty() {
            group = top.to_owned();
        }
        let text = match (top.is_empty(), low.is_empty()) {
            (_, true) => top.to_owned(),
            // "Nomor" under "Kontrak" means "Nomor Kontrak".
            (_, false) if is_short(low) && !group.is_empty() => format!("{low} {group}"),
            _ => low.to_owned(),
        };
        out.push(&text, registers::CellKind::Text);
    }
    out
}

fn is_short(header: &str) -> bool {
    matches!(header_key(header).as_str(), "nomor" | "no" | "tanggal" | "tgl" | "nilai" | "nama" | "mulai" | "selesai")
}

fn bind_row(row: &RawRow, options: &Options) -> Result<Found, Refusal> {
    let texts: Vec<&str> = row.cells().map(|(t, _)| t).collect();
    let header = Header { line: row.line, texts: texts.iter().map(|t| (*t).to_owned()).collect() };
    bind(options, &texts, header)
}

/// Binds headers by the clerk's mapping, the named register, or by what they say.
pub(crate) fn bind(options: &Options, headers: &[&str], header: Header) -> Result<Found, Refusal> {
    let unknown = |name: &str| Refusal::new(RefusalCode::UnknownRegister).with("name", name);
    if !options.columns.is_empty() {
        let name = options.register.as_deref().unwrap_or("kota_rekap");
        let register = registers::register(name).ok_or_else(|| unknown(name))?;
        let keys: Vec<String> = headers.iter().map(|h| header_key(h)).collect();
        let mut meaning = std::collections::BTreeMap::new();
        for (field, typed) in &options.columns {
            let at = register.field(field).ok_or_else(|| Refusal::new(RefusalCode::BadMapping).with("at", field))?;
            let key = header_key(typed);
            if !keys.contains(&key) {
                return Err(Refusal::new(RefusalCode::BadMapping).with("at", typed).with("missing", typed));
            }
            meaning.insert(key, at);
        }
        let (columns, problems) = Columns::bind_with(register, headers, |key| {
            meaning.get(key).copied().or_else(|| {
                let field = register.field_by_header(key)?;
                (!meaning.values().any(|f| *f == field)).then_some(field)
            })
        });
        return Ok(Found { register, columns, header, problems });
    }
    let detected = match &options.register {
        Some(name) => {
            let register = registers::register(name).ok_or_else(|| unknown(name))?;
            registers::bind(register, headers).map_err(|no| {
                Refusal::new(RefusalCode::MissingColumns).with("nearest", name).with("missing", no.missing.join(", "))
            })?
        }
        None => registers::detect(headers).map_err(|no| {
            let refusal = Refusal::new(RefusalCode::UnknownHeaders);
            match no.nearest {
                Some(nearest) => refusal.with("nearest", nearest).with("missing", no.missing.join(", ")),
                None => refusal,
            }
        })?,
    };
    Ok(Found { register: detected.register, columns: detected.columns, header, problems: detected.problems })
}
