//! The contracts of the command line.

use crate::world::{World, codes, text};

#[test]
fn contribution_is_whole_rupiah_with_articles() {
    let world = World::new();
    let json = world.json(&["contribution", "--value", "180000000", "--spk-date", "2025-03-03", "--json"]);
    assert_eq!((&json["jkk"], &json["jkm"], &json["total"]), (&346_000.into(), &46_000.into(), &392_000.into()));
    assert!(json["jkk"].is_i64() && json["base"].is_string());
    let steps = json["steps"].as_array().unwrap();
    assert!(steps.iter().any(|s| s["article"].as_str().is_some_and(|a| a.contains("Pasal 54 ayat (2) huruf b"))));
    let gross = world.json(&["contribution", "--gross-value", "199.800.000", "--spk-date", "2025-03-03", "--json"]);
    assert_eq!(gross["total"], 392_000);
    let old = world.run(&["contribution", "--value", "1", "--spk-date", "2014-01-01"]);
    assert_eq!(old.status.code(), Some(2));
    assert!(text(&old.stderr).contains("1 Juli 2015"), "{}", text(&old.stderr));
}

#[test]
fn the_same_file_again_changes_nothing() {
    let world = World::new();
    let file = world.file("a.csv", "kd_rup_lama,kd_rup_baru,jenis_revisi\n1,2,SATUKESATU\n1,2,SATUKESATU\n3,4,X\n");
    let first = &world.import(&[&file])[0];
    assert_eq!((&first["rows"], &first["new"], &first["unchanged"]), (&3.into(), &2.into(), &1.into()));
    let again = &world.import(&[&file])[0];
    assert_eq!(
        (&again["rows"], &again["new"], &again["changed"], &again["unchanged"]),
        (&3.into(), &0.into(), &0.into(), &3.into())
    );
    // A corrected file supersedes by source key; a narrower extract says nothing new.
    let fixed = world.file("b.csv", "kd_rup_lama,kd_rup_baru,jenis_revisi\n1,2,SATUKESATU\n3,4,Y\n");
    assert_eq!(world.import(&[&fixed])[0]["changed"], 1);
    let narrow = world.file("c.csv", "kd_rup_lama,kd_rup_baru\n3,4\n");
    assert_eq!(world.import(&[&narrow])[0]["unchanged"], 1);
}

#[test]
fn a_dry_run_stores_nothing() {
    let world = World::new();
    let file = world.file("a.csv", "kd_rup_lama,kd_rup_baru\n1,2\n");
    assert_eq!(world.import_with(&[&file], &["--dry-run"]).1[0]["new"], 1);
    assert_eq!(world.import(&[&file])[0]["new"], 1);
}

#[test]
fn a_refused_file_is_exit_code_2_and_leaves_no_trace() {
    let world = World::new();
    let (good, bad) =
        (world.file("good.csv", "kd_rup_lama,kd_rup_baru\n1,2\n"), world.file("bad.csv", "warna,rasa\nmerah,manis\n"));
    let (code, files) = world.import_with(&[&good, &bad], &[]);
    assert_eq!(code, 2);
    assert_eq!((&files[0]["new"], &files[1]["rows"]), (&1.into(), &0.into()));
    assert_eq!(codes(&files[1]), ["unknown_headers"]);
    assert!(files[1]["refused"]["message"].as_str().unwrap().contains("bad.csv"));
    let out = world.path("out").display().to_string();
    assert_eq!(world.json(&["monev", "--out", &out, "--json"])["accounting"]["rows_in"], 1);
}

#[test]
fn templates_come_back_through_the_front_door() {
    let world = World::new();
    let folder = world.path("t").display().to_string();
    for register in
        ["jakon_pendaftaran", "jakon_penetapan", "jakon_iuran", "jakon_pekerja", "peserta_lain", "sp2d", "keputusan"]
    {
        world.ok(&["template", register, "--out", &folder]);
        for ending in ["csv", "xlsx"] {
            let entry = &world.import(&[&world.path(&format!("t/{register}.{ending}"))])[0];
            assert_eq!(entry["register"], register, "{entry}");
            assert_eq!(entry["rows"], 1);
            let real: Vec<String> = codes(entry).into_iter().filter(|c| c != "sheet_unrecognised").collect();
            assert!(real.is_empty(), "{register}.{ending}: {real:?}");
        }
    }
    assert_eq!(world.run(&["template", "spse_kontrak"]).status.code(), Some(2));
}

#[test]
fn an_unknown_option_and_a_bad_date_are_told() {
    let world = World::new();
    assert_eq!(world.run(&["monev", "--colour", "red"]).status.code(), Some(2));
    let out = world.run(&["monev", "--as-of", "kemarin"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("kemarin"));
}

#[test]
fn the_report_speaks_both_languages_and_is_honest_when_empty() {
    let world = World::new();
    for (lang, word) in [("id", "Belum ada data"), ("en", "No data yet")] {
        let out = world.path(lang).display().to_string();
        world.ok(&["--lang", lang, "monev", "--as-of", "2026-01-01", "--out", &out]);
        let html = std::fs::read_to_string(world.path(lang).join("report.html")).unwrap();
        assert!(html.contains(word) && html.contains(&format!("lang=\"{lang}\"")));
    }
}
