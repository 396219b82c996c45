//! The whole job on made-up cities whose truth is known.

use crate::world::{World, refs};
use std::path::PathBuf;

#[test]
fn ledger_findings_and_links_equal_the_truth() {
    let world = World::new();
    let files = world.city(5, 600);
    world.import(&refs(&files));
    let truth = world.path("city/truth.json").display().to_string();
    let links = world.json(&["link", "--truth", &truth, "--json"]);
    assert_eq!((&links["precision"], &links["right"]), (&"100,00 %".into(), &links["pairs"]), "{links}");
    let out = world.path("out").display().to_string();
    let run = world.run(&["monev", "--as-of", "2026-11-15", "--out", &out, "--truth", &truth, "--json"]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let summary: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(summary["accounting"]["rows_in"], summary["accounting"]["rows_placed"]);
    assert_eq!(summary["made_up"], true);
    for name in [
        "projects.csv",
        "protection.csv",
        "findings.csv",
        "unmatched_procurement.csv",
        "unmatched_insurer.csv",
        "unmatched_treasury.csv",
        "accounting.csv",
        "monev.xlsx",
        "summary.json",
        "report.html",
    ] {
        assert!(world.path("out").join(name).is_file(), "{name}");
    }
    // Every finding of the report names its row, its article and its next step.
    let findings = std::fs::read_to_string(world.path("out/findings.csv")).unwrap();
    assert!(findings.lines().skip(1).all(|l| l.contains("Pasal") || l.contains("Cara membayar iuran")), "{findings}");
}

#[test]
fn registrations_over_loaded_contracts_equal_their_truth() {
    let world = World::new();
    let files = world.city(6, 300);
    let procurement: Vec<PathBuf> = files.into_iter().filter(|f| !f.to_string_lossy().contains("jakon")).collect();
    world.import(&refs(&procurement));
    let over = world.path("over").display().to_string();
    world.ok(&["generate", "--over-loaded", "--out", &over, "--seed", "9", "--as-of", "2026-11-15"]);
    let insurer: Vec<PathBuf> = std::fs::read_dir(world.path("over"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e != "json"))
        .collect();
    world.import(&refs(&insurer));
    let (out, truth) = (world.path("out").display().to_string(), world.path("over/truth.json").display().to_string());
    world.ok(&["monev", "--as-of", "2026-11-15", "--out", &out, "--truth", &truth]);
}

/// Any order of independent files gives one state, and the stored result rebuilds to its bytes.
#[test]
fn import_order_does_not_matter_and_results_rebuild() {
    let mut digests = Vec::new();
    for reverse in [false, true] {
        let world = World::new();
        let mut files = world.city(7, 120);
        if reverse {
            files.reverse();
        }
        world.import(&refs(&files));
        let out = world.path("out").display().to_string();
        world.ok(&["monev", "--as-of", "2026-11-15", "--out", &out]);
        world.ok(&["rebuild", "--verify"]);
        let summary = std::fs::read_to_string(world.path("out/summary.json")).unwrap();
        let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
        digests.push((summary["digest"].clone(), summary["accounting"].clone(), summary["findings"].clone()));
    }
    assert_eq!(digests[0], digests[1]);
}

#[test]
fn the_same_seed_makes_the_same_bytes() {
    let (a, b) = (World::new(), World::new());
    for (x, y) in a.city(3, 60).iter().zip(b.city(3, 60)) {
        assert_eq!(std::fs::read(x).unwrap(), std::fs::read(&y).unwrap(), "{}", x.display());
    }
    assert_ne!(
        std::fs::read(a.path("city/truth.json")).unwrap(),
        std::fs::read(World::new().city(4, 60)[0].with_file_name("truth.json")).unwrap_or_default()
    );
}

/// A doubtful pair waits for a person; the decision enters at the front door and settles it.
#[test]
fn a_decision_settles_a_doubtful_pair() {
    let world = World::new();
    let twin = |id: u32| {
        format!(
            "2026,{id},01/SPK-{id}/2026,2026-07-07,199800000,0,CV. KARYA MANDIRI,0{id}/SPMK,2026-07-07,2026-07-07,2026-10-01\n"
        )
    };
    let head = "tahun_anggaran,kd_nontender,no_kontrak,tgl_kontrak,nilai_kontrak,nilai_pdn_kontrak,nama_penyedia,no_spmk,tgl_spmk,tgl_mulai_kerja_spmk,tgl_selesai_kerja_spmk\n";
    let contracts = world.file("k.csv", format!("{head}{}{}", twin(101), twin(102)));
    let announced = world.file(
        "p.csv",
        "kd_nontender,nama_paket,tgl_pengumuman_nontender,versi_nontender,kategori_pengadaan,nama_status_nontender,nama_satker\n\
         101,Rehab Gedung SDN 5,2026-06-01,1,Pekerjaan Konstruksi,Selesai,DINAS PENDIDIKAN\n\
         102,Rehab Gedung SDN 5,2026-06-01,1,Pekerjaan Konstruksi,Selesai,DINAS PENDIDIKAN\n",
    );
    let registered = world.file(
        "r.csv",
        "no_proyek,nama_proyek,nama_perusahaan,nilai_proyek,tgl_spk,tgl_daftar\n2600000000001,REHAB GEDUNG SDN 5,KARYA MANDIRI,199800000,2026-07-07,2026-07-10\n",
    );
    world.import(&[&contracts, &announced, &registered]);
    let out = world.path("out").display().to_string();
    let before = world.json(&["monev", "--as-of", "2026-09-01", "--out", &out, "--json"]);
    assert_eq!(before["links"]["review"], 1);
    assert_eq!(before["projects"]["by_state"]["exposed"], 0, "a doubtful pair makes nobody guilty");
    let review = std::fs::read_to_string(world.path("out/review.csv")).unwrap();
    let decided = review.replacen("nontender:101,,,,", "nontender:101,sama,Petugas AR,SPK dicek,", 1);
    assert_ne!(review, decided, "{review}");
    let decision = world.file("keputusan.csv", decided);
    assert_eq!(world.import(&[&decision])[0]["register"], "keputusan");
    let after = world.json(&["monev", "--as-of", "2026-09-01", "--out", &out, "--json"]);
    assert_eq!((&after["links"]["linked"], &after["links"]["review"]), (&1.into(), &0.into()));
    assert_eq!(after["findings"]["not-registered"], 1, "the twin is now known to be unregistered");
}

#[test]
fn an_answer_can_be_given_as_it_was_known() {
    let world = World::new();
    let files = world.city(8, 60);
    world.import(&refs(&files));
    let out = world.path("out").display().to_string();
    let then = world.json(&["monev", "--as-of", "2026-11-15", "--known-on", "2020-01-01", "--out", &out, "--json"]);
    assert_eq!((&then["accounting"]["rows_in"], &then["projects"]["duty"]), (&0.into(), &0.into()));
    let one = world.json(&["monev", "--as-of", "2026-11-15", "--agency", "dinas kesehatan", "--out", &out, "--json"]);
    let agencies = one["agencies"].as_array().unwrap();
    assert!(agencies.len() == 1 && agencies[0]["agency"] == "DINAS KESEHATAN");
}
