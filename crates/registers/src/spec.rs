//! The register folders: columns, synonyms, keys, purpose. Built into the program, read once.

use include_dir::{Dir, DirEntry, include_dir};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

static FOLDERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../registers");

/// A sentence in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

/// What a column holds, and so how its cells are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Free text.
    Text,
    /// An identifier: compared as text, never as a number.
    Id,
    /// Several identifiers joined by `;`.
    Ids,
    /// Rupiah.
    Money,
    /// A calendar day.
    Date,
    /// A whole number.
    Int,
    /// A share in percent, with decimals.
    Percent,
    /// Yes or no.
    Flag,
    /// A person's identity number, accepted from text cells only.
    Nik,
    /// Nested JSON.
    Json,
}

/// One field of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Field name, which is also its first synonym.
    pub field: String,
    /// Kind of its cells.
    pub kind: Kind,
    /// Other headers that mean the same, as header keys.
    pub names: Vec<String>,
    /// Personal data: sealed at rest, never in a message.
    pub personal: bool,
    /// Says when the row was pulled, not what it says: left out when two versions are compared.
    pub stamp: bool,
    /// An empty cell is a problem.
    pub required: bool,
    /// Example for the template.
    pub example: Option<String>,
    /// Explanation for the template.
    pub note: Said,
}

/// One register.
#[derive(Debug, Clone)]
pub struct Register {
    /// Folder name, which is its name on the command line.
    pub id: String,
    /// Title.
    pub title: Said,
    /// Why the city processes it (data protection: purpose).
    pub purpose: Said,
    /// Where such files come from.
    pub source: String,
    /// Which reader turns its rows into records.
    pub reads: String,
    /// Fields that identify a row; empty where the whole row does.
    pub key: Vec<String>,
    /// Sets of headers, any of which proves that a table is this register.
    pub needs: Vec<Vec<String>>,
    /// `needs` names fields (any synonym will do), not literal headers.
    pub by_field: bool,
    /// A set of headers that counts only where the table has no other column.
    pub only_for_two_columns: Vec<String>,
    /// Only where somebody names it: its headers are those of any list of names.
    pub named_only: bool,
    /// `payung template` writes one.
    pub template: bool,
    /// The fields.
    pub columns: Vec<Column>,
}

impl Register {
    /// Position of a field.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.field == name)
    }

    /// Position of the field a header key means.
    pub fn field_by_header(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.field == key || c.names.iter().any(|n| n == key))
    }
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    is: Kind,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    personal: bool,
    #[serde(default)]
    stamp: bool,
    #[serde(default)]
    required: bool,
    example: Option<String>,
    #[serde(default)]
    note: Said,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRegister {
    title: Said,
    purpose: Said,
    source: String,
    reads: String,
    #[serde(default)]
    template: bool,
    #[serde(default)]
    named_only: bool,
    key: Vec<String>,
    needs: Vec<Vec<String>>,
    #[serde(default)]
    by_field: bool,
    #[serde(default)]
    only_for_two_columns: Vec<String>,
    #[serde(default)]
    groups: Vec<String>,
    columns: ColumnMap,
}

/// Columns in the order of the file: templates print them so.
struct ColumnMap(Vec<(String, RawColumn)>);

impl<'de> Deserialize<'de> for ColumnMap {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = ColumnMap;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map of fields")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<ColumnMap, A::Error> {
                let mut columns = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    columns.push(entry);
                }
                Ok(ColumnMap(columns))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

fn load() -> Result<Vec<Register>, String> {
    let mut groups: BTreeMap<String, ColumnMap> = BTreeMap::new();
    let mut raw = Vec::new();
    for entry in FOLDERS.entries() {
        match entry {
            DirEntry::File(file) if file.path().ends_with("groups.yaml") => {
                let text = file.contents_utf8().unwrap_or_default();
                groups = serde_yaml_ng::from_str(text).map_err(|e| format!("groups.yaml: {e}"))?;
            }
            DirEntry::File(_) => {}
            DirEntry::Dir(dir) => {
                let id = dir.path().to_string_lossy().into_owned();
                let file = dir.get_file(dir.path().join("register.yaml"));
                let text = file.and_then(|f| f.contents_utf8()).ok_or_else(|| format!("{id}: no register.yaml"))?;
                let parsed: RawRegister = serde_yaml_ng::from_str(text).map_err(|e| format!("{id}: {e}"))?;
                raw.push((id, parsed));
            }
        }
    }
    raw.sort_by(|a, b| a.0.cmp(&b.0));
    raw.into_iter().map(|(id, raw)| assemble(id, raw, &groups)).collect()
}

fn assemble(id: String, raw: RawRegister, groups: &BTreeMap<String, ColumnMap>) -> Result<Register, String> {
    let mut columns: Vec<Column> = Vec::new();
    let mut taken: Vec<String> = Vec::new();
    let mut add = |field: &str, raw: &RawColumn, columns: &mut Vec<Column>| {
        if columns.iter().any(|c| c.field == field) {
            return;
        }
        // A register's own columns come first and win over a group's synonym.
        let names: Vec<String> =
            raw.names.iter().map(|n| kernel::text::header_key(n)).filter(|n| !taken.contains(n)).collect();
        taken.push(field.to_owned());
        taken.extend(names.iter().cloned());
        columns.push(Column {
            field: field.to_owned(),
            kind: raw.is,
            names,
            personal: raw.personal,
            stamp: raw.stamp,
            required: raw.required,
            example: raw.example.clone(),
            note: raw.note.clone(),
        });
    };
    for (field, column) in &raw.columns.0 {
        add(field, column, &mut columns);
    }
    for group in &raw.groups {
        let group = groups.get(group).ok_or_else(|| format!("{id}: no group {group}"))?;
        for (field, column) in &group.0 {
            add(field, column, &mut columns);
        }
    }
    for key in &raw.key {
        if !columns.iter().any(|c| &c.field == key) {
            return Err(format!("{id}: key {key} is not a column"));
        }
    }
    Ok(Register {
        id,
        title: raw.title,
        purpose: raw.purpose,
        source: raw.source,
        reads: raw.reads,
        key: raw.key,
        needs: raw.needs,
        by_field: raw.by_field,
        only_for_two_columns: raw.only_for_two_columns,
        template: raw.template,
        named_only: raw.named_only,
        columns,
    })
}

/// All registers, sorted by name.
pub fn registers() -> &'static [Register] {
    static ALL: OnceLock<Vec<Register>> = OnceLock::new();
    ALL.get_or_init(|| match load() {
        Ok(all) => all,
        Err(fault) => unreachable!("built-in registers do not load: {fault}"),
    })
}

/// The register of a name.
pub fn register(id: &str) -> Option<&'static Register> {
    registers().iter().find(|r| r.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_loads_and_states_its_purpose() {
        let all = load().unwrap();
        assert!(all.len() >= 25);
        for register in &all {
            assert!(!register.purpose.id.is_empty() && !register.purpose.en.is_empty(), "{}", register.id);
            assert!(!register.source.is_empty() && !register.needs.is_empty(), "{}", register.id);
            assert!(crate::records::reader(&register.reads).is_some(), "{}: {}", register.id, register.reads);
            if register.template {
                assert!(register.columns.iter().all(|c| c.example.is_some()), "{}", register.id);
            }
        }
    }
}
