//! Templates of the registers that insurer and treasury fill in: XLSX with a guide, and CSV.

use crate::{Fault, Language, Refused};
use phrases::{key, say};
use registers::{Kind, Register, register, registers};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};
use std::path::{Path, PathBuf};

/// Writes `NAME.xlsx` and `NAME.csv` into a folder.
///
/// # Errors
/// A [`Fault`] of the disk, or a [`Refused`] where the register has no template.
pub fn write_template(name: &str, folder: &Path, language: Language) -> Result<Result<Vec<PathBuf>, Refused>, Fault> {
    let Some(register) = register(name).filter(|r| r.template) else {
        let list: Vec<&str> = registers().iter().filter(|r| r.template).map(|r| r.id.as_str()).collect();
        return Ok(Err(Refused(say(language, key::TEMPLATE_NONE, &[("register", name), ("list", &list.join(", "))]))));
    };
    std::fs::create_dir_all(folder).map_err(|e| Fault::io(folder, &e))?;
    let (xlsx, csv) = (folder.join(format!("{name}.xlsx")), folder.join(format!("{name}.csv")));
    workbook(register, language, true)
        .and_then(|mut b| b.save(&xlsx))
        .map_err(|e| Fault(format!("{}: {e}", xlsx.display())))?;
    let mut writer = csv::Writer::from_path(&csv).map_err(|e| Fault(format!("{}: {e}", csv.display())))?;
    let columns = own_columns(register);
    let wrote = writer
        .write_record(columns.iter().map(|c| c.field.as_str()))
        .and_then(|()| writer.write_record(columns.iter().map(|c| c.example.as_deref().unwrap_or_default())))
        .and_then(|()| writer.flush().map_err(Into::into));
    wrote.map_err(|e| Fault(format!("{}: {e}", csv.display())))?;
    Ok(Ok(vec![xlsx, csv]))
}

/// An empty sheet of a register, whether or not `payung template` offers it.
///
/// # Errors
/// A [`Fault`] of the writer, or where there is no such register.
pub fn empty(name: &str, language: Language) -> Result<Vec<u8>, Fault> {
    let register = register(name).ok_or_else(|| Fault(format!("register {name}")))?;
    workbook(register, language, false)
        .and_then(|mut book| book.save_to_buffer())
        .map_err(|e| Fault(format!("{name}: {e}")))
}

/// What a register is called; its name where nobody called it anything.
pub fn register_title(name: &str, language: Language) -> String {
    let title = register(name).map(|r| if language == Language::English { &r.title.en } else { &r.title.id });
    title.map_or_else(|| name.to_owned(), Clone::clone)
}

/// What a register keeps of persons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Processing {
    /// Register.
    pub title: String,
    /// Why the city processes it.
    pub purpose: String,
    /// Where such files come from.
    pub source: String,
    /// Personal fields, in words where the register has them.
    pub fields: Vec<String>,
}

/// Every register with personal columns, by title.
pub fn processing(language: Language) -> Vec<Processing> {
    let said = |said: &registers::Said| if language == Language::English { said.en.clone() } else { said.id.clone() };
    let field = |c: &registers::Column| {
        let note = said(&c.note);
        if note.is_empty() { c.field.replace('_', " ") } else { note }
    };
    let mut rows: Vec<Processing> = registers()
        .iter()
        .map(|r| Processing {
            title: said(&r.title),
            purpose: said(&r.purpose),
            source: r.source.clone(),
            fields: r.columns.iter().filter(|c| c.personal).map(field).collect(),
        })
        .filter(|r| !r.fields.is_empty())
        .collect();
    rows.sort_by(|a, b| a.title.cmp(&b.title));
    rows
}

fn own_columns(register: &Register) -> Vec<&registers::Column> {
    register.columns.iter().filter(|c| c.example.is_some()).collect()
}

fn workbook(register: &Register, language: Language, example: bool) -> Result<Workbook, rust_xlsxwriter::XlsxError> {
    let mut book = Workbook::new();
    // The same template is the same file: no time of writing inside.
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?));
    let (head, text) = (Format::new().set_bold().set_text_wrap(), Format::new().set_num_format("@"));
    let sheet = book.add_worksheet().set_name(&register.id)?;
    for (i, column) in own_columns(register).iter().enumerate() {
        let i = i as u16;
        sheet.write_with_format(0, i, column.field.as_str(), &head)?;
        // Identifiers are text, so that no digit is lost.
        if matches!(column.kind, Kind::Id | Kind::Ids | Kind::Nik | Kind::Text) {
            sheet.set_column_format(i, &text)?;
        }
        if example {
            sheet.write_with_format(1, i, column.example.as_deref().unwrap_or_default(), &text)?;
        }
        sheet.set_column_width(i, 22)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let guide = book.add_worksheet().set_name(say(language, key::SHEET_GUIDE, &[]))?;
    let heads =
        [key::SHEET_GUIDE_COLUMN, key::SHEET_GUIDE_REQUIRED, key::SHEET_GUIDE_MEANING, key::SHEET_GUIDE_EXAMPLE];
    for (i, k) in heads.into_iter().enumerate() {
        guide.write_with_format(0, i as u16, say(language, k, &[]), &head)?;
        guide.set_column_width(i as u16, 34)?;
    }
    for (row, column) in own_columns(register).iter().enumerate() {
        let row = row as u32 + 1;
        let required = if column.required { key::SHEET_GUIDE_YES } else { key::SHEET_GUIDE_NO };
        let note = if language == Language::Indonesian { &column.note.id } else { &column.note.en };
        guide.write(row, 0, column.field.as_str())?;
        guide.write(row, 1, say(language, required, &[]))?;
        guide.write(row, 2, note.as_str())?;
        guide.write(row, 3, column.example.as_deref().unwrap_or_default())?;
    }
    Ok(book)
}
