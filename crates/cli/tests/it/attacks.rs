//! Hostile files: each gets an explanation, none harms the parent or the database.

use crate::world::{World, codes};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;

/// Writes one entry of an archive.
type Part<'a> = &'a dyn Fn(&mut dyn Write);

/// A workbook of one sheet, written entry by entry.
fn workbook(sheet: Part<'_>, more: &[(&str, Part<'_>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(false);
    for (name, text) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    sheet(&mut zip);
    for (name, write) in more {
        zip.start_file(*name, options).unwrap();
        write(&mut zip);
    }
    zip.finish().unwrap().into_inner()
}

fn sheet_xml(rows: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1"/><sheetData>{rows}</sheetData></worksheet>"#
    )
}

fn cell(at: &str, text: &str) -> String {
    format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn header_row() -> String {
    format!(r#"<row r="1">{}{}</row>"#, cell("A1", "kd_rup_lama"), cell("B1", "kd_rup_baru"))
}

/// Imports bytes and returns exit code, first code and message.
fn refused(name: &str, bytes: &[u8]) -> (i32, String, String) {
    let world = World::new();
    let (code, files) = world.import_with(&[&world.file(name, bytes)], &[]);
    let first = codes(&files[0]).first().cloned().unwrap_or_default();
    let message = files[0]["problems"][0]["message"].as_str().unwrap_or_default().to_owned();
    // Whatever came in: the data folder still works, and is empty.
    let out = world.path("o").display().to_string();
    let summary = world.json(&["monev", "--as-of", "2026-01-01", "--out", &out, "--json"]);
    if code == 2 {
        assert_eq!(summary["accounting"]["rows_in"], 0, "{name}");
    }
    (code, first, message)
}

#[test]
fn a_far_cell_costs_nothing_and_is_named() {
    let rows = format!(r#"{}<row r="20000">{}</row>"#, header_row(), cell("XFD20000", "1"));
    let (code, why, message) =
        refused("far.xlsx", &workbook(&|w| w.write_all(sheet_xml(&rows).as_bytes()).unwrap(), &[]));
    assert_eq!((code, why.as_str()), (2, "too_large"));
    assert!(message.contains("XFD20000"), "{message}");
}

#[test]
fn a_false_dimension_is_not_believed() {
    let rows = format!(r#"{}<row r="1048576">{}{}</row>"#, header_row(), cell("A1048576", "1"), cell("B1048576", "2"));
    let world = World::new();
    let file = world.file("last.xlsx", workbook(&|w| w.write_all(sheet_xml(&rows).as_bytes()).unwrap(), &[]));
    assert_eq!(world.import(&[&file])[0]["rows"], 1);
}

#[test]
fn twenty_million_empty_cells_end_at_the_counter() {
    let bytes = workbook(
        &|w| {
            w.write_all(sheet_xml("").split("</sheetData>").next().unwrap().as_bytes()).unwrap();
            w.write_all(header_row().as_bytes()).unwrap();
            let row = format!("<row>{}</row>", "<c/>".repeat(250));
            let block = row.repeat(400);
            for _ in 0..220 {
                w.write_all(block.as_bytes()).unwrap();
            }
            w.write_all(b"</sheetData></worksheet>").unwrap();
        },
        &[],
    );
    let (code, why, _) = refused("empty-cells.xlsx", &bytes);
    assert_eq!(code, 2);
    assert!(["too_large", "too_heavy"].contains(&why.as_str()), "{why}");
}

#[test]
fn twenty_million_shared_strings_meet_the_limit() {
    let strings = |w: &mut dyn Write| {
        w.write_all(
            b"<?xml version=\"1.0\"?><sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">",
        )
        .unwrap();
        let block = "<si><t>a</t></si>".repeat(10_000);
        for _ in 0..1_600 {
            w.write_all(block.as_bytes()).unwrap();
        }
        w.write_all(b"</sst>").unwrap();
    };
    let bytes =
        workbook(&|w| w.write_all(sheet_xml(&header_row()).as_bytes()).unwrap(), &[("xl/sharedStrings.xml", &strings)]);
    let (code, why, _) = refused("strings.xlsx", &bytes);
    assert_eq!((code, why.as_str()), (2, "too_large"));
}

#[test]
fn an_entity_declaration_is_refused() {
    let xml = format!("<!DOCTYPE x [<!ENTITY a \"aaaa\">]>{}", sheet_xml(&header_row()));
    let (code, why, _) = refused("entities.xlsx", &workbook(&|w| w.write_all(xml.as_bytes()).unwrap(), &[]));
    assert_eq!((code, why.as_str()), (2, "archive_unsafe"));
}

#[test]
fn a_path_that_climbs_is_refused() {
    let nothing = |w: &mut dyn Write| w.write_all(b"x").unwrap();
    let bytes =
        workbook(&|w| w.write_all(sheet_xml(&header_row()).as_bytes()).unwrap(), &[("../../evil.xml", &nothing)]);
    let (code, why, _) = refused("climb.xlsx", &bytes);
    assert_eq!((code, why.as_str()), (2, "archive_unsafe"));
}

#[test]
fn a_truncated_archive_says_so() {
    let whole = workbook(&|w| w.write_all(sheet_xml(&header_row()).as_bytes()).unwrap(), &[]);
    let (code, why, _) = refused("cut.xlsx", &whole[..whole.len() / 2]);
    assert_eq!((code, why.as_str()), (2, "truncated"));
}

#[test]
fn a_truncated_gzip_says_so() {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    for i in 0..20_000 {
        writeln!(gz, "{i},{}", i * 7919 % 10_007).unwrap();
    }
    let bytes = [b"".as_slice(), &gz.finish().unwrap()].concat();
    let (code, why, _) = refused("cut.csv.gz", &bytes[..bytes.len() / 2]);
    assert_eq!((code, why.as_str()), (2, "truncated"), "the rows that came before count for nothing");
}

#[test]
fn a_line_without_end_is_stopped() {
    // The limit is what stops it, so ten megabytes show what two gigabytes would.
    let mut bytes = b"kd_rup_lama,kd_rup_baru\n1,2\n3,\"".to_vec();
    bytes.resize(10 << 20, b'a');
    let (code, why, message) = refused("line.csv", &bytes);
    assert_eq!((code, why.as_str()), (2, "too_large"));
    assert!(message.contains("record_bytes"), "{message}");
}

#[test]
fn a_gzip_bomb_ends_at_the_record_limit() {
    let mut gz = GzEncoder::new(Vec::new(), Compression::best());
    gz.write_all(b"kd_rup_lama,kd_rup_baru\n").unwrap();
    let block = vec![b'a'; 1 << 20];
    for _ in 0..200 {
        gz.write_all(&block).unwrap();
    }
    let (code, why, _) = refused("bomb.csv.gz", &gz.finish().unwrap());
    assert_eq!((code, why.as_str()), (2, "too_large"));
}

#[test]
fn wrong_kinds_are_named() {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(b"\x1f\x8b\x08\x00 not really").unwrap();
    let nested = gz.finish().unwrap();
    for (name, bytes, why) in [
        ("empty.csv", b"".as_slice(), "empty"),
        ("blank.csv", b"  \n \n", "empty"),
        ("header.csv", b"kd_rup_lama,kd_rup_baru\n", "no_rows"),
        ("doc.csv", b"%PDF-1.7 ...", "not_a_table"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n....", "not_a_table"),
        ("page.xls", b"<html><table><tr><td>1</td></tr></table></html>", "html_table"),
        ("cut.json", b"[{\"kd_rup_lama\": 1, \"kd_rup_baru\"", "truncated"),
        ("bad.json", b"[{\"kd_rup_lama\": 1,, }]", "json_malformed"),
        ("list.json", b"[]", "no_rows"),
        ("numbers.json", b"[1, 2, 3]", "unknown_headers"),
        ("nested.gz", &nested, "gzip_in_gzip"),
        ("open.csv", b"nomor_sp2d,tanggal_sp2d,nilai_sp2d,keterangan_sp2d\nA1,2026-08-01,1000,Bayar\nA2,2026-08-02,2000,\"Bayar\nA3,2026-08-03,3000,Bayar\n", "quote_open"),
    ] {
        let (code, found, message) = refused(name, bytes);
        assert_eq!((code, found.as_str()), (2, why), "{name}: {message}");
        assert!(message.contains(name), "{message}");
    }
}

#[test]
fn deep_json_and_huge_numbers_are_survived() {
    let deep = format!("[{{\"kd_rup_lama\": {}1{}, \"kd_rup_baru\": 2}}]", "[".repeat(5_000), "]".repeat(5_000));
    // Nested lists stay text; nobody descends into them.
    let (code, ..) = refused("deep.json", deep.as_bytes());
    assert_eq!(code, 0);
    let huge = format!("[{{\"kd_rup_lama\": {}, \"kd_rup_baru\": 2}}]", "9".repeat(400));
    let world = World::new();
    let entry = &world.import(&[&world.file("huge.json", huge)])[0];
    assert_eq!((&entry["rows"], codes(entry)), (&1.into(), vec!["identifier_numeric".to_owned()]));
}

#[test]
fn many_columns_are_refused() {
    let header: Vec<String> = (0..300).map(|i| format!("k{i}")).collect();
    let (code, why, _) = refused("wide.csv", format!("{}\n", header.join(",")).as_bytes());
    assert_eq!((code, why.as_str()), (2, "too_large"));
}

#[test]
fn a_formula_in_a_name_stays_text() {
    let world = World::new();
    let file = world.file(
        "f.csv",
        "no_proyek,nama_proyek,nama_perusahaan,tgl_daftar\n2600000000001,\"=HYPERLINK(\"\"http://x\"\")\",<script>alert(1)</script>,2026-07-03\n",
    );
    world.import(&[&file]);
    let out = world.path("o").display().to_string();
    world.ok(&["monev", "--as-of", "2026-12-31", "--out", &out]);
    let csv = std::fs::read_to_string(world.path("o/unmatched_insurer.csv")).unwrap();
    assert!(csv.contains("'=HYPERLINK"), "{csv}");
    let html = std::fs::read_to_string(world.path("o/report.html")).unwrap();
    assert!(!html.contains("<script>"), "names are escaped");
}
