//! Formats beside plain CSV and XLSX: JSON in its envelopes, OCDS, ODS, the procurement summary.

use crate::world::{World, codes};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn projects(world: &World) -> String {
    let out = world.path("o").display().to_string();
    world.ok(&["monev", "--as-of", "2026-12-31", "--out", &out]);
    std::fs::read_to_string(world.path("o/projects.csv")).unwrap()
}

#[test]
fn json_arrays_lines_and_envelopes_are_one_register() {
    let rows = r#"{"kd_rup_lama": 1, "kd_rup_baru": 2},{"kd_rup_lama": "3", "kd_rup_baru": 4, "jenis_revisi": null}"#;
    for (name, text) in [
        ("array.json", format!("[{rows}]")),
        ("lines.jsonl", rows.replace("},{", "}\n{")),
        ("envelope.json", format!(r#"{{"meta": {{"page": 1}}, "data": [{rows}], "next": null}}"#)),
    ] {
        let world = World::new();
        let entry = &world.import(&[&world.file(name, text)])[0];
        assert_eq!((&entry["register"], &entry["rows"]), (&"rup_riwayat".into(), &2.into()), "{name}: {entry}");
    }
}

const RELEASE: &str = r#"{"ocid":"ocds-x-1","id":"1","tag":["planning","tender","award","contract"],"date":"2026-07-01T00:00:00Z",
 "buyer":{"id":"1.04","name":"Dinas Bina Marga"},"tender":{"id":0,"title":"Peningkatan Jalan &amp; Drainase Melati","mainProcurementCategory":"works"},
 "planning":{"budget":{"amount":{"amount":200000000,"currency":"IDR"},"description":"APBD"}},
 "awards":[{"title":"x","suppliers":[{"name":"CV. KARYA MANDIRI"}],"value":{"amount":198500000.25},"status":"active"}],
 "contracts":[{"id":"77","value":{"amount":198500000.25},"period":{"startDate":"2026-07-07T00:00:00Z","endDate":"2026-09-30T00:00:00Z"}}]}"#;

#[test]
fn ocds_releases_and_record_packages() {
    let package = format!(r#"{{"uri":"x","version":"1.1","releases":[{RELEASE}]}}"#);
    let record = format!(r#"{{"version":"1.1","records":[{{"ocid":"ocds-x-1","compiledRelease":{RELEASE}}}]}}"#);
    for (name, text) in [("lines.jsonl", RELEASE.replace('\n', "")), ("package.json", package), ("record.json", record)]
    {
        let world = World::new();
        let entry = &world.import(&[&world.file(name, text)])[0];
        assert_eq!((&entry["register"], &entry["rows"]), (&"ocds".into(), &1.into()), "{name}: {entry}");
        let listed = projects(&world);
        for part in [
            "ocds:ocds-x-1",
            "Peningkatan Jalan & Drainase Melati",
            "198500000.25",
            "2026-07-07",
            "2026-09-30",
            "contracted",
        ] {
            assert!(listed.contains(part), "{name} lacks {part}: {listed}");
        }
    }
}

#[test]
fn an_ods_sheet_with_a_billion_repeated_rows() {
    let cell = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\">\
         <office:body><office:spreadsheet><table:table table:name=\"A\"><table:table-row>{}{}</table:table-row>\
         <table:table-row>{}{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"1000000000\"><table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>\
         </table:table></office:spreadsheet></office:body></office:document-content>",
        cell("kd_rup_lama"),
        cell("kd_rup_baru"),
        cell("1"),
        cell("2"),
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("mimetype", stored).unwrap();
    zip.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
    zip.start_file("META-INF/manifest.xml", stored).unwrap();
    zip.write_all(b"<?xml version=\"1.0\"?><manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>").unwrap();
    zip.start_file("content.xml", stored).unwrap();
    zip.write_all(content.as_bytes()).unwrap();
    let world = World::new();
    let (code, files) = world.import_with(&[&world.file("a.ods", zip.finish().unwrap().into_inner())], &[]);
    assert_eq!((code, &files[0]["register"], &files[0]["rows"]), (0, &"rup_riwayat".into(), &1.into()), "{files:?}");
}

#[test]
fn a_procurement_summary_is_one_project_a_row() {
    let world = World::new();
    let file = world.file(
        "rekap.csv",
        "Kode Paket;Kode RUP;Kode RUP Baru;Satuan Kerja;Nama Paket;Metode Pemilihan;Jenis Pengadaan;Nilai Pagu RUP;No Kontrak;Tanggal Kontrak;Nilai Kontrak;No SPMK SPP;Tanggal SPMK SPP;Nama Penyedia;NPWP 15;NPWP 16\n\
         10900001000;60000001;60000009;DINAS PUPR - 1.03;Peningkatan Jalan Melati;Pengadaan Langsung;Pekerjaan Konstruksi;200.000.000;15/SPK/2026;07-07-2026;198.500.000;16/SPMK/2026;18-07-2026;CV. KARYA MANDIRI;tidak ada data (null);tidak ada data (null)\n",
    );
    let entry = &world.import(&[&file])[0];
    assert_eq!(
        (&entry["register"], &entry["rows"], codes(entry).len()),
        (&"rekap_pengadaan".into(), &1.into(), 0),
        "{entry}"
    );
    let listed = projects(&world);
    for part in ["nontender:10900001000", "198500000", "2026-07-07", "2026-07-18,start_order", "construction"] {
        assert!(listed.contains(part), "{part}: {listed}");
    }
}
