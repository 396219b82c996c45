//! Inputs of the benchmarks, made once per run.

pub mod load;

use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::ops::Range;

/// Header of the benchmark's register: a treasury list, with money, dates and text.
pub const HEADER: [&str; 9] = [
    "nomor_sp2d",
    "tanggal_sp2d",
    "jenis_sp2d",
    "nilai_sp2d",
    "keterangan_sp2d",
    "nama_satker",
    "nama_penerima",
    "npwp_penerima",
    "no_kontrak",
];

/// Row `i`.
pub fn row(i: u32) -> [String; 9] {
    [
        format!("04.0/{i:07}/LS/2026"),
        format!("2026-{:02}-{:02}", i % 12 + 1, i % 28 + 1),
        "LS".into(),
        format!("{}", 1_000_000 + u64::from(i) * 137 % 900_000_000),
        format!("Pembayaran Termin I (30%) Rehab Gedung SDN {} Kelurahan Rantau Baru Kecamatan Muara Teduh", i % 300),
        "DINAS PENDIDIKAN".into(),
        format!("CV. KARYA MANDIRI {}", i % 500),
        "01.300.000.5-211.000".into(),
        format!("000.3.2/{i}/SPK/DISDIK/2026"),
    ]
}

/// A CSV of a range of rows.
///
/// # Panics
/// Where the disk fails.
pub fn csv_file(rows: Range<u32>) -> File {
    let file = tempfile::tempfile().expect("temporary file");
    let mut out = BufWriter::new(file);
    writeln!(out, "{}", HEADER.join(",")).expect("write");
    for i in rows {
        writeln!(out, "{}", row(i).join(",")).expect("write");
    }
    let mut file = out.into_inner().expect("flush");
    file.rewind().expect("rewind");
    file
}

/// A workbook of `rows` rows.
///
/// # Panics
/// Where the disk fails.
pub fn xlsx_bytes(rows: u32) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().expect("sheet");
    for (c, head) in HEADER.iter().enumerate() {
        sheet.write(0, c as u16, *head).expect("write");
    }
    for i in 0..rows {
        for (c, cell) in row(i).into_iter().enumerate() {
            match cell.parse::<f64>() {
                Ok(number) if c == 3 => sheet.write_number(i + 1, c as u16, number).expect("write"),
                _ => sheet.write_string(i + 1, c as u16, cell).expect("write"),
            };
        }
    }
    book.save_to_buffer().expect("save")
}
