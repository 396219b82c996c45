//! Writers of the formats real offices send: gzipped JSON arrays, CSV, workbooks with titles.

use flate2::Compression;
use flate2::write::GzEncoder;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook};
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A JSON array, gzipped, streamed row by row.
pub(crate) struct JsonFile {
    out: GzEncoder<BufWriter<File>>,
    rows: u64,
}

impl JsonFile {
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let mut out = GzEncoder::new(BufWriter::new(File::create(path)?), Compression::new(5));
        out.write_all(b"[")?;
        Ok(Self { out, rows: 0 })
    }

    pub(crate) fn row(&mut self, row: &Value) -> io::Result<()> {
        if self.rows > 0 {
            self.out.write_all(b",\n")?;
        }
        self.rows += 1;
        serde_json::to_writer(&mut self.out, row).map_err(io::Error::from)
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.write_all(b"]\n")?;
        self.out.finish()?.flush()
    }
}

/// A CSV with its own separator.
pub(crate) fn csv_file(path: &Path, separator: u8, header: &[&str]) -> io::Result<csv::Writer<File>> {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_path(path).map_err(io::Error::other)?;
    writer.write_record(header).map_err(io::Error::other)?;
    Ok(writer)
}

/// Rows of a workbook at most; larger lists go to CSV, as they do in real life.
pub(crate) const SHEET_ROWS_MAX: usize = 100_000;

/// Writes a list as a workbook with a merged title above the header and a signature below, or as
/// CSV where it is long. A cell that begins with `#` is written as a number.
pub(crate) fn office_sheet(
    folder: &Path,
    name: &str,
    title: &str,
    header: &[&str],
    rows: &[Vec<String>],
) -> io::Result<PathBuf> {
    if rows.len() > SHEET_ROWS_MAX {
        let path = folder.join(format!("{name}.csv"));
        let mut writer = csv_file(&path, b';', header)?;
        for row in rows {
            writer.write_record(row.iter().map(|c| c.strip_prefix('#').unwrap_or(c))).map_err(io::Error::other)?;
        }
        writer.flush()?;
        return Ok(path);
    }
    let path = folder.join(format!("{name}.xlsx"));
    workbook(title, header, rows).and_then(|mut b| b.save(&path)).map_err(io::Error::other)?;
    Ok(path)
}

fn workbook(title: &str, header: &[&str], rows: &[Vec<String>]) -> Result<Workbook, rust_xlsxwriter::XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?));
    let (bold, centre) = (Format::new().set_bold(), Format::new().set_bold().set_align(FormatAlign::Center));
    let sheet = book.add_worksheet();
    sheet.set_name("DATA")?;
    let last = header.len().saturating_sub(1) as u16;
    sheet.merge_range(0, 0, 0, last, title, &centre)?;
    sheet.merge_range(1, 0, 1, last, "KOTA BUATAN: SEMUA DATA DIKARANG", &centre)?;
    for (i, head) in header.iter().enumerate() {
        sheet.write_with_format(3, i as u16, *head, &bold)?;
    }
    for (r, row) in rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let (r, c) = (r as u32 + 4, c as u16);
            match cell.strip_prefix('#').and_then(|n| n.parse::<f64>().ok()) {
                Some(number) => sheet.write_number(r, c, number)?,
                None if cell.is_empty() => continue,
                None => sheet.write_string(r, c, cell)?,
            };
        }
    }
    let foot = rows.len() as u32 + 5;
    sheet.write_string(foot, 0, "Mengetahui,")?;
    sheet.write_string(foot + 3, 0, "(Kepala Cabang Buatan)")?;
    Ok(book)
}
