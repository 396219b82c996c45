//! A clerk says how a file is to be read, where its headers do not: which list it is, where its header stands, what each
//! column holds.

use app::Language;
use app::desk::receive::{self, Preview, Reading};
use kernel::money::NumberStyle;
use std::collections::BTreeMap;

/// A column and what it may be.
pub(crate) struct ColumnChoice {
    pub(crate) header: String,
    /// Field it is read as; empty for none.
    pub(crate) field: String,
}

/// The form.
pub(crate) struct Correction {
    pub(crate) registers: Vec<(String, String)>,
    pub(crate) register: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) columns: Vec<ColumnChoice>,
    pub(crate) header_line: u32,
    pub(crate) sheet: String,
    pub(crate) style: &'static str,
    /// Something was said before: it can be taken back.
    pub(crate) corrected: bool,
    /// Nothing was understood: the form is what there is to do.
    pub(crate) needed: bool,
}

impl Correction {
    /// The form of a file of one table, or of one that was refused for its headers; none where there is nothing to say.
    pub(crate) fn of(preview: &Preview, language: Language) -> Option<Self> {
        let options = &preview.options;
        let mut registers = receive::register_choices(language);
        let (register, header_line, sheet, columns) = match (preview.tables.as_slice(), &preview.header) {
            ([t], None) => {
                let column =
                    |c: &receive::PreviewColumn| ColumnChoice { header: c.header.clone(), field: c.field.clone() };
                let columns = t.columns.iter().map(column).collect();
                (t.register.clone(), t.header_line, t.sheet.clone().unwrap_or_default(), columns)
            }
            (_, Some((line, texts))) => {
                let field = |header: &str| {
                    options.columns.iter().find(|(_, typed)| *typed == header).map_or("", |(field, _)| field)
                };
                let column = |header: &String| ColumnChoice { header: header.clone(), field: field(header).to_owned() };
                let columns = texts.iter().map(column).collect();
                (
                    options.register.clone().unwrap_or_default(),
                    *line,
                    options.sheet.clone().unwrap_or_default(),
                    columns,
                )
            }
            _ => return None,
        };
        if !register.is_empty() && !registers.iter().any(|(id, _)| *id == register) {
            registers.push((register.clone(), app::template::register_title(&register, language)));
        }
        Some(Self {
            fields: receive::field_choices(&register, language),
            registers,
            register,
            columns,
            header_line,
            sheet,
            style: match options.number_style {
                None => "",
                Some(NumberStyle::Comma) => "comma",
                Some(NumberStyle::Dot) => "dot",
            },
            corrected: *options != Reading::default(),
            needed: preview.refused.is_some(),
        })
    }
}

/// What was said, of the fields of the form; nothing at all is how the program reads by itself.
///
/// # Errors
/// Name of the sentence that says what does not go together.
pub(crate) fn options(typed: &[(String, String)]) -> Result<Reading, &'static str> {
    let field = |name: &str| typed.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty());
    let register = field("daftar").map(str::to_owned);
    let mut columns: BTreeMap<String, String> = BTreeMap::new();
    for (name, chosen) in typed.iter().filter(|(_, v)| !v.is_empty()) {
        let Some(number) = name.strip_prefix("kolom_") else { continue };
        let header = typed.iter().find(|(n, _)| n.strip_prefix("judul_") == Some(number));
        let Some((_, header)) = header.filter(|(_, h)| !h.trim().is_empty()) else { continue };
        if columns.insert(chosen.clone(), header.clone()).is_some() {
            return Err("web-reading-twice");
        }
    }
    // What a column is can only be said of a list that was chosen; a list that was changed begins anew.
    let same = field("daftar") == field("daftar_semula");
    if register.is_none() || !same {
        columns.clear();
    }
    let header_row = match field("baris").map(str::parse) {
        None => None,
        Some(Ok(line)) if line > 0 => Some(line),
        Some(_) => return Err("web-reading-line"),
    };
    Ok(Reading {
        header_row: header_row.filter(|_| register.is_some()),
        register,
        columns,
        sheet: field("lembar").map(str::to_owned),
        number_style: match field("gaya") {
            Some("comma") => Some(NumberStyle::Comma),
            Some("dot") => Some(NumberStyle::Dot),
            _ => None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::{Reading, options};

    fn said(fields: &[(&str, &str)]) -> Result<Reading, &'static str> {
        options(&fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_typed_becomes_options() {
        let fields = [
            ("daftar", "kota_rekap"),
            ("daftar_semula", "kota_rekap"),
            ("baris", "5"),
            ("gaya", "comma"),
            ("judul_0", "Proyeknya Apa"),
            ("kolom_0", "nama_paket"),
            ("judul_1", "Lain"),
            ("kolom_1", ""),
        ];
        let read = said(&fields).unwrap();
        assert_eq!(read.columns.get("nama_paket").map(String::as_str), Some("Proyeknya Apa"));
        assert_eq!((read.columns.len(), read.header_row), (1, Some(5)));
        assert_eq!(said(&[]).unwrap(), Reading::default(), "nothing said is nothing changed");
        assert_eq!(said(&[("daftar", "x"), ("baris", "nol")]), Err("web-reading-line"));
        let twice = [("judul_0", "A"), ("kolom_0", "nilai"), ("judul_1", "B"), ("kolom_1", "nilai")];
        assert_eq!(said(&twice), Err("web-reading-twice"));
        // Another list has other fields: what was said of the old one's goes.
        let changed = [("daftar", "sp2d"), ("daftar_semula", "kota_rekap"), ("judul_0", "A"), ("kolom_0", "nilai")];
        assert!(said(&changed).unwrap().columns.is_empty());
    }
}
