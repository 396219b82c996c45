//! A roster in the layout the insurer's upload takes: sheet `data_tk_baru`, its columns in their order.

use super::Crew;
use crate::desk::export::Export;
use crate::{Fault, Language};
use assess::roster::Member;
use kernel::Date;
use kernel::money::Rounding;
use law::LawAt;
use registers::person::WageKind;
use registers::records::Entry;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// Columns of the sheet, in the order of the insurer's template. What nobody here knows stays empty.
const COLUMNS: [&str; 30] = [
    "NO_PEGAWAI",
    "NAMA_LENGKAP",
    "GELAR",
    "TELEPON_AREA_RUMAH",
    "TELEPON_RUMAH",
    "TELEPON_AREA_KANTOR",
    "TELEPON_KANTOR",
    "TELEPON_EXT_KANTOR",
    "HP",
    "EMAIL",
    "TEMPAT_LAHIR",
    "TANGGAL_LAHIR",
    "NAMA_IBU_KANDUNG",
    "JENIS_IDENTITAS",
    "NOMOR_IDENTITAS",
    "MASA_LAKU_IDENTITAS",
    "JENIS_KELAMIN",
    "SURAT_MENYURAT_KE",
    "TANGGAL_KEPESERTAAN",
    "STATUS_KAWIN",
    "GOLONGAN_DARAH",
    "NPWP",
    "KODE_NEGARA",
    "UPAH",
    "ALAMAT",
    "KODE_POS",
    "LOKASI_PEKERJAAN",
    "STATUS_PEGAWAI",
    "TGL_AWAL_BEKERJA",
    "TGL_AKHIR_KONTRAK",
];

/// The name of the sheet.
const SHEET: &str = "data_tk_baru";

/// Columns that hold numbers; all others are text, so that no digit is lost.
const WAGE_COLUMN: &str = "UPAH";

/// Those who are there on the crew's day and stand on no list of the insurer, as its upload takes them; with `all`, everybody who is
/// there. Also how many people the sheet has.
///
/// # Errors
/// [`Fault`] of the writer.
pub fn insurer_sheet(crew: &Crew, all: bool, law: &law::Law, about: &Export<'_>) -> Result<(Vec<u8>, usize), Fault> {
    let wanted = |m: &&Member| m.present && (all || !m.on_list);
    let people: Vec<&Member> = crew.members.iter().filter(wanted).collect();
    let law = law.at(crew.day);
    let rows: Vec<Vec<String>> = people.iter().map(|m| row(crew.entry(m), m, &law)).collect();
    let bytes = book(&rows, about).and_then(|mut book| book.save_to_buffer()).map_err(|e| Fault(e.to_string()))?;
    Ok((bytes, people.len()))
}

/// How the insurer writes days.
fn day(date: Option<Date>) -> String {
    date.map_or_else(String::new, |d| format!("{:02}-{:02}-{:04}", d.day(), d.month(), d.year()))
}

/// Rupiah a month: a daily wage by the law's own factor, a monthly one as it is. A wage by the piece is none by the month.
fn monthly(entry: &Entry, law: &LawAt<'_>) -> Option<i64> {
    let factor = match entry.kind? {
        WageKind::Daily => law.number("benefit/daily_wage_factor_jakon").ok()?.0,
        WageKind::FixedTerm => 1,
        WageKind::Piece => return None,
    };
    (entry.wage? * factor).round(Rounding::HalfUp).map(|r| r.0)
}

fn row(entry: &Entry, member: &Member, law: &LawAt<'_>) -> Vec<String> {
    let nik = entry.nik.as_ref().and_then(|n| n.as_ref().ok());
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let cell = |column: &str| match column {
        "NO_PEGAWAI" => entry.number.map(|n| n.to_string()).unwrap_or_default(),
        "NAMA_LENGKAP" => entry.name.bare.to_uppercase(),
        "GELAR" => entry.name.titles.clone(),
        "HP" => said(&entry.phone),
        "TEMPAT_LAHIR" => said(&entry.birth_place).to_uppercase(),
        "TANGGAL_LAHIR" => day(entry.birth),
        "JENIS_IDENTITAS" if nik.is_some() => "KTP".to_owned(),
        "NOMOR_IDENTITAS" => nik.map_or_else(String::new, |n| n.reveal().to_owned()),
        "JENIS_KELAMIN" => entry.sex.map_or_else(String::new, |s| s.letter().to_owned()),
        "SURAT_MENYURAT_KE" if entry.address.is_some() => "S".to_owned(),
        "KODE_NEGARA" if nik.is_some() => "ID".to_owned(),
        WAGE_COLUMN => monthly(entry, law).map(|w| w.to_string()).unwrap_or_default(),
        "ALAMAT" => said(&entry.address),
        // The template knows two kinds; who works by the day or the piece on a project is no permanent staff.
        "STATUS_PEGAWAI" => "PKWT".to_owned(),
        "TGL_AWAL_BEKERJA" => day(member.stay.map(|s| s.from)),
        "TGL_AKHIR_KONTRAK" => day(entry.left),
        _ => String::new(),
    };
    COLUMNS.iter().map(|column| cell(column)).collect()
}

fn book(rows: &[Vec<String>], about: &Export<'_>) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?));
    let (head, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    let said = |name: &str| phrases::say_named(about.language, name, &[]);
    let guide = book.add_worksheet().set_name("Petunjuk Pengisian")?;
    let count = rows.len().to_string();
    let facts = [
        ("export-by", about.by),
        ("export-at", about.at),
        ("export-question", about.question),
        ("export-rows", count.as_str()),
    ];
    for (i, (name, value)) in facts.into_iter().enumerate() {
        guide.write_with_format(i as u32, 0, said(name), &head)?;
        guide.write_string(i as u32, 1, value)?;
    }
    guide.write_string(facts.len() as u32 + 1, 0, said("roster-export-empty"))?;
    guide.set_column_width(0, 34)?;
    let sheet = book.add_worksheet().set_name(SHEET)?;
    for (c, column) in COLUMNS.iter().enumerate() {
        let c = c as u16;
        sheet.write_with_format(0, c, *column, &head)?;
        sheet.set_column_width(c, 20)?;
        for (r, row) in rows.iter().enumerate() {
            let (r, cell) = (r as u32 + 1, row[usize::from(c)].as_str());
            match cell.parse::<u32>() {
                // Rupiah of a month stay far below what a spreadsheet keeps exactly.
                Ok(wage) if *column == WAGE_COLUMN => sheet.write_number(r, c, f64::from(wage))?,
                _ if cell.is_empty() => continue,
                _ => sheet.write_string_with_format(r, c, cell, &text)?,
            };
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(book)
}

/// An empty list for a contractor to fill, with a sheet that says what each column holds.
///
/// # Errors
/// [`Fault`] of the writer.
pub fn empty_sheet(language: Language) -> Result<Vec<u8>, Fault> {
    crate::template::empty(super::draft::REGISTER, language)
}
