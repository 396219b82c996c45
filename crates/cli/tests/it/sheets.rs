//! Sheets as offices really make them.

use crate::world::{World, codes};
use rust_xlsxwriter::{Format, Workbook};

const HEAD: &str = "no_proyek,nama_proyek,nama_perusahaan,nilai_proyek,tgl_daftar";

fn value_of(world: &World, out_name: &str) -> String {
    let out = world.path(out_name).display().to_string();
    world.ok(&["monev", "--as-of", "2026-12-31", "--out", &out]);
    std::fs::read_to_string(world.path(out_name).join("unmatched_insurer.csv")).unwrap()
}

#[test]
fn title_rows_merged_cells_footers_and_indonesian_numbers() {
    let world = World::new();
    let path = world.path("office.xlsx");
    let mut book = Workbook::new();
    let format = Format::new();
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 0, 0, 5, "REKAP KONTRAK TAHUN 2026", &format).unwrap();
    sheet.merge_range(2, 1, 2, 1 + 1, "Kontrak", &format).unwrap();
    for (c, head) in [(0, "Nama Pekerjaan"), (3, "Nilai Kontrak"), (4, "Penyedia"), (5, "SKPD")] {
        sheet.write(2, c, head).unwrap();
    }
    sheet.write(3, 1, "Nomor").unwrap();
    sheet.write(3, 2, "Tanggal").unwrap();
    for c in 0..6u16 {
        sheet.write(4, c, f64::from(c) + 1.0).unwrap();
    }
    sheet.merge_range(5, 5, 6, 5, "DINAS PENDIDIKAN", &format).unwrap();
    for (r, name, number, date, value) in [
        (5, "Rehab SDN 5", "1/SPK/26", "03/07/2026", "1.234.567,50"),
        (6, "Rehab SDN 15", "2/SPK/26", "13/07/2026", "199.800.000"),
    ] {
        sheet.write(r, 0, name).unwrap();
        sheet.write(r, 1, number).unwrap();
        sheet.write(r, 2, date).unwrap();
        sheet.write(r, 3, value).unwrap();
        sheet.write(r, 4, "CV. KARYA MANDIRI").unwrap();
    }
    sheet.write(7, 0, "JUMLAH").unwrap();
    sheet.write(7, 3, "201.034.567,50").unwrap();
    book.save(&path).unwrap();
    let entry = &world.import(&[&path])[0];
    assert_eq!((&entry["register"], &entry["rows"]), (&"kota_rekap".into(), &3.into()), "{entry}");
    assert_eq!(codes(entry), ["not_a_record"], "{entry}");
    let out = world.path("o").display().to_string();
    world.ok(&["monev", "--as-of", "2026-12-31", "--out", &out]);
    // Untyped works of a hand-made sheet are words, not a kind: both rehabilitations are possible.
    let projects = std::fs::read_to_string(world.path("o/projects.csv")).unwrap();
    assert!(projects.contains("1234567.5") && projects.contains("199800000"), "{projects}");
    assert_eq!(projects.matches("DINAS PENDIDIKAN").count(), 2, "the merged office counts for both rows: {projects}");
    assert!(projects.contains("2026-07-03") && projects.contains("2026-07-13"));
}

#[test]
fn encodings_and_separators() {
    let rows = "2600000000001;PEMBANGUNAN “JALAN” É;CV A;1.000.000;03/07/2026\n";
    let head = HEAD.replace(',', ";");
    let table = format!("{head}\n{rows}");
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(&table);
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(table.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let bom = [b"\xEF\xBB\xBF".as_slice(), table.as_bytes()].concat();
    let announced = format!("sep=;\n{table}");
    let tabs = table.replace(';', "\t");
    for (name, bytes) in [
        ("w.csv", windows.as_ref()),
        ("u.csv", &utf16),
        ("b.csv", &bom),
        ("s.csv", announced.as_bytes()),
        ("t.csv", tabs.as_bytes()),
    ] {
        let world = World::new();
        let entry = &world.import(&[&world.file(name, bytes)])[0];
        assert_eq!((&entry["register"], &entry["rows"]), (&"jakon_pendaftaran".into(), &1.into()), "{name}: {entry}");
        let listed = value_of(&world, "o");
        assert!(listed.contains("PEMBANGUNAN “JALAN” É") && listed.contains(",1000000,"), "{name}: {listed}");
    }
}

#[test]
fn the_style_of_numbers_is_a_matter_of_the_column() {
    for (values, read) in [
        (["1.234", "2.000.000"], ["1234", "2000000"]),
        (["1,234", "2,000,000.00"], ["1234", "2000000"]),
        (["1.234,5", "2.000"], ["1234.5", "2000"]),
        (["Rp 1.234.567,-", "(5)"], ["1234567", ""]),
    ] {
        let world = World::new();
        let rows: String =
            values.iter().enumerate().map(|(i, v)| format!("260000000000{i};P {i};CV A;{v};03/07/2026\n")).collect();
        world.import(&[&world.file("a.csv", format!("{}\n{rows}", HEAD.replace(',', ";")))]);
        let listed = value_of(&world, "o");
        for (i, value) in read.iter().enumerate() {
            assert!(
                listed.lines().any(
                    |l| l.starts_with(&format!("260000000000{i},")) && l.contains(&format!(",{value},2026-07-03,"))
                ),
                "{values:?}: {listed}"
            );
        }
    }
}

#[test]
fn what_cannot_be_trusted_gets_a_cell_address_and_the_row_is_kept() {
    let world = World::new();
    let rows = "2600000000001,A,CV A,dua juta,03/07/2026\n2600000000002,B,CV B,1000,31/02/2026\n,C,CV C,1000,2026-07-03\n2600000000004,,CV D,5,2026-07-03,extra\n";
    let entry = &world.import(&[&world.file("a.csv", format!("{HEAD}\n{rows}"))])[0];
    assert_eq!((&entry["rows"], &entry["new"]), (&4.into(), &4.into()));
    let at: Vec<(String, String)> = entry["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| {
            (
                p["code"].as_str().unwrap().into(),
                format!("{}{}", p["column"].as_str().unwrap_or(""), p["row"].as_u64().unwrap_or(0)),
            )
        })
        .collect();
    for expected in [
        ("number_unreadable", "D2"),
        ("date_impossible", "E3"),
        ("key_missing", "4"),
        ("cells_count", "5"),
        ("value_missing", "B5"),
    ] {
        assert!(at.iter().any(|(c, a)| c == expected.0 && a == expected.1), "{expected:?} in {at:?}");
    }
    assert!(entry["problems"][0]["message"].as_str().unwrap().len() > 20);
}

#[test]
fn a_header_that_stands_twice_is_passed_over() {
    let world = World::new();
    let file = world.file(
        "a.csv",
        format!("{HEAD}\n2600000000001,A,CV A,1,2026-07-03\n{HEAD}\n2600000000002,B,CV B,2,2026-07-03\n"),
    );
    let entry = &world.import(&[&file])[0];
    assert_eq!((&entry["rows"], codes(entry)), (&2.into(), vec!["header_repeated".to_owned()]));
}

#[test]
fn mixed_and_ambiguous_date_orders_are_said_of_the_column() {
    for (dates, code) in [
        (["03/04/2026", "05/06/2026"], Some("date_order_assumed")),
        (["13/04/2026", "05/06/2026"], None),
        (["13/04/2026", "04/13/2026"], Some("date_order_mixed")),
    ] {
        let world = World::new();
        let rows: String = dates.iter().enumerate().map(|(i, d)| format!("260000000000{i},A,CV A,1,{d}\n")).collect();
        let entry = &world.import(&[&world.file("a.csv", format!("{HEAD}\n{rows}"))])[0];
        assert_eq!(codes(entry).iter().any(|c| Some(c.as_str()) == code), code.is_some(), "{dates:?}: {entry}");
    }
}

#[test]
fn a_mapping_binds_headers_nobody_knows() {
    let world = World::new();
    let sheet = world.file(
        "own.csv",
        "Laporan bulan ini\n\nProyeknya Apa,SPK Ke,Duitnya,Yang Ngerjain\nRehab Balai,7/SPK/2026,5.000.000,CV A\n",
    );
    assert_eq!(world.import_with(&[&sheet], &[]).0, 2);
    let mapping = world.file(
        "map.yaml",
        "register: kota_rekap\nheader_row: 3\ncolumns:\n  nama_paket: Proyeknya Apa\n  no_kontrak: SPK Ke\n  nilai_kontrak: Duitnya\n  nama_penyedia: Yang Ngerjain\n",
    );
    let (code, files) = world.import_with(&[&sheet], &["--mapping", &mapping.display().to_string()]);
    assert_eq!((code, &files[0]["rows"]), (0, &1.into()), "{files:?}");
    let wrong = world.file("wrong.yaml", "register: kota_rekap\ncolumns:\n  nama_paket: Tidak Ada\n");
    let (code, files) = world.import_with(&[&sheet], &["--mapping", &wrong.display().to_string()]);
    assert_eq!((code, codes(&files[0])), (2, vec!["bad_mapping".to_owned()]));
}

#[test]
fn a_damaged_identity_number_is_never_read() {
    let world = World::new();
    let path = world.path("tk.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (c, head) in ["No", "No. Proyek", "NIK", "Nama", "Mulai Bekerja"].iter().enumerate() {
        sheet.write(0, c as u16, *head).unwrap();
    }
    for r in 1..=2u32 {
        sheet.write(r, 0, f64::from(r)).unwrap();
        sheet.write(r, 1, "2600000000001").unwrap();
        sheet.write(r, 3, "Contoh").unwrap();
        sheet.write(r, 4, "13/07/2026").unwrap();
    }
    sheet.write_number(1, 2, 9_971_014_507_900_003.0).unwrap();
    sheet.write(2, 2, "9.971014507900003E+15").unwrap();
    book.save(&path).unwrap();
    let entry = &world.import(&[&path])[0];
    assert_eq!(codes(entry), ["identifier_numeric", "identifier_numeric"], "{entry}");
}

#[test]
fn cells_that_contradict_each_other_are_said() {
    let world = World::new();
    let reversed = world.file(
        "r.csv",
        format!("{HEAD},tgl_mulai,tgl_selesai\n2600000000001,A,CV A,1,2026-07-03,2026-07-03,2026-06-30\n"),
    );
    let roster = world.file(
        "w.csv",
        "no_proyek,nik,nama,tgl_lahir,mulai_bekerja\n2600000000001,9971014507900003,X,1990-07-06,2026-07-03\n",
    );
    let swapped = world.file("s.csv", "pekerjaan_id,nama,pagu,id_rup,id_lpse\n1,Jalan,5,3163024,21635345\n");
    let entries = world.import(&[&reversed, &roster, &swapped]);
    let found: Vec<_> = entries.iter().flat_map(codes).collect();
    assert_eq!(found, ["dates_reversed", "identifier_disagrees", "identifiers_swapped"]);
}
