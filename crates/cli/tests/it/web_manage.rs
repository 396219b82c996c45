//! Running the installation over HTTP: copies that open again, jobs that are begun again, personal data told of.

use crate::http::Desk;
use crate::world::{World, text};
use authz::Role;

#[test]
fn a_backup_is_a_city_again_with_its_key_and_nothing_without() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    if world.database.is_some() {
        assert!(desk.get("/cadangan", &admin).body.contains("pg_dump"));
        assert_eq!(desk.post("/cadangan", &admin, &[]).status, 400);
        return;
    }
    let asked = desk.post("/cadangan", &admin, &[]);
    assert_eq!(asked.status, 303, "{}", asked.body);
    let job = asked.header("location").to_owned();
    desk.wait("no backup", || desk.get(&job, &admin).body.contains("dibuka kembali"));
    // Somebody who may not make one may not see one.
    let auditor = desk.accept(&desk.invite(&admin, "auditor@kota.go.id", Role::Auditor, ""), "auditor@kota.go.id").0;
    assert_eq!(desk.get("/cadangan", &auditor).status, 403);
    // A right over the whole city waits for a second person; one's own account does not.
    assert_eq!(desk.get("/kelola", &auditor).status, 200);

    let folder = world.home().join("backups");
    let names = || -> Vec<String> {
        let entries = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = entries.collect();
        names.sort();
        names
    };
    // The newest: the one of every day may have been made before anybody signed in.
    let copy = names().into_iter().rfind(|n| n.ends_with(".db")).unwrap();
    assert!(
        names().iter().all(|n| n.starts_with("payung-") && (n.ends_with(".db") || n.ends_with(".json"))),
        "{:?}",
        names()
    );
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join(copy.replace(".db", ".json"))).unwrap()).unwrap();
    let bytes = std::fs::read(folder.join(&copy)).unwrap();
    assert_eq!(manifest["bytes"], bytes.len());
    assert_eq!(manifest["digest"], blake3::hash(&bytes).to_hex().to_string());
    assert!(manifest["audit_entries"].as_u64() > Some(2) && manifest["rebuilt"].as_u64() == Some(1));
    assert!(desk.get("/cadangan", &admin).body.contains(&copy));
    // Copying does not hold anybody up, and does not change what is copied.
    assert_eq!(desk.get("/proyek", &admin).status, 200);

    // Restored elsewhere, as the how-to says.
    let restored = World::on_file();
    std::fs::create_dir_all(restored.home().join("keys")).unwrap();
    std::fs::copy(folder.join(&copy), restored.home().join("payung.db")).unwrap();
    assert_eq!(restored.run(&["monev"]).status.code(), Some(70), "a copy without its key opens for nobody");
    std::fs::copy(world.home().join("keys/vault.key"), restored.home().join("keys/vault.key")).unwrap();
    assert_eq!(
        restored.run(&["rebuild", "--verify"]).status.code(),
        Some(1),
        "without the city's own law it is another city"
    );
    std::fs::create_dir_all(restored.home().join("law")).unwrap();
    for layer in std::fs::read_dir(world.home().join("law")).unwrap() {
        let layer = layer.unwrap();
        std::fs::copy(layer.path(), restored.home().join("law").join(layer.file_name())).unwrap();
    }
    restored.ok(&["rebuild", "--verify"]);
    restored.ok(&["audit", "verify"]);
    let again = Desk::start(&restored);
    assert!(again.first_link.is_none(), "its people are there");
    assert_eq!(again.get("/proyek", &admin).status, 200, "and signed in where they were");
}

#[test]
fn a_sealed_backup_opens_with_the_offline_key_alone() {
    let world = World::new();
    if world.database.is_some() {
        return;
    }
    let key = world.path("kunci.txt");
    let made = world.ok(&["backup", "key", "--out", key.to_str().unwrap()]);
    let public = made.split_whitespace().find(|w| w.starts_with("age1")).unwrap().to_owned();
    assert_eq!(world.run(&["backup", "key", "--out", key.to_str().unwrap()]).status.code(), Some(70), "a key stays");
    std::fs::create_dir_all(world.home()).unwrap();
    std::fs::write(world.home().join("payung.yaml"), "backup_to: age1nonsense\n").unwrap();
    let refused = world.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(text(&refused.stderr).contains("backup_to"), "{}", text(&refused.stderr));
    std::fs::write(world.home().join("payung.yaml"), format!("backup_to: {public}\n")).unwrap();
    let (desk, admin) = Desk::over_city(&world);
    assert!(!desk.get("/cadangan", &admin).body.contains("payung backup key"));
    let job = desk.post("/cadangan", &admin, &[]).header("location").to_owned();
    desk.wait("no backup", || desk.get(&job, &admin).body.contains("dibuka kembali"));
    let folder = world.home().join("backups");
    let names: Vec<String> =
        std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    let copy = names.iter().filter(|n| n.ends_with(".db.age")).max().unwrap();
    assert!(names.iter().all(|n| n.ends_with(".db.age") || n.ends_with(".json")), "nothing lies open: {names:?}");
    let sealed = std::fs::read(folder.join(copy)).unwrap();
    assert!(!sealed.windows(6).any(|w| w == b"SQLite"), "not even what kind of file it is");
    let copy = folder.join(copy).display().to_string();
    let out = world.path("payung.db");
    let open = |key: &std::path::Path| {
        world.run(&["backup", "open", &copy, "--key", key.to_str().unwrap(), "--out", out.to_str().unwrap()])
    };
    let other = world.path("lain.txt");
    world.ok(&["backup", "key", "--out", other.to_str().unwrap()]);
    assert_eq!(open(&other).status.code(), Some(2), "another key");
    assert!(!out.exists());
    let opened = open(&key);
    assert!(opened.status.success(), "{}", text(&opened.stderr));
    assert!(std::fs::read(&out).unwrap().starts_with(b"SQLite format 3"));
    assert_eq!(open(&key).status.code(), Some(2), "nothing is written over");
    // With the vault's key it is the city again.
    let restored = World::on_file();
    std::fs::create_dir_all(restored.home().join("keys")).unwrap();
    std::fs::copy(&out, restored.home().join("payung.db")).unwrap();
    std::fs::copy(world.home().join("keys/vault.key"), restored.home().join("keys/vault.key")).unwrap();
    restored.ok(&["audit", "verify"]);
}

#[test]
fn what_failed_can_be_begun_again_by_whoever_may() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    // A file whose bytes vanish before they are stored: the job fails, with a reference.
    let body = b"--x\r\nContent-Disposition: form-data; name=\"berkas\"; filename=\"daftar.csv\"\r\n\r\nnomor_proyek,nama_proyek,nama_perusahaan,tanggal_daftar\n2699999999999,Drainase,,2026-07-01\n\r\n--x--\r\n";
    let cookie = format!("payung_sesi={admin}");
    let headers = [("Cookie", cookie.as_str()), ("Content-Type", "multipart/form-data; boundary=x")];
    let arrived = desk.raw("POST", "/impor", &headers, body);
    let preview = arrived.header("location").to_owned();
    assert!(preview.starts_with("/impor/"), "{} {}", arrived.status, arrived.body);
    let uploads = world.home().join("uploads");
    let kept = std::fs::read_dir(&uploads).unwrap().next().unwrap().unwrap().path();
    let away = world.path("away");
    std::fs::rename(&kept, &away).unwrap();
    let job = desk.post(&format!("{preview}/simpan"), &admin, &[]).header("location").to_owned();
    assert!(job.starts_with("/tugas/"), "{job}");
    desk.wait("it did not fail", || desk.get(&job, &admin).body.contains("tidak dapat dibaca"));
    let list = desk.get("/pekerjaan", &admin).body;
    assert!(list.contains(&format!("{job}/ulang")) && list.contains("Orang kepala"), "{list}");

    // An auditor looks on; an officer who may import begins imports again, and no backup.
    let auditor =
        desk.accept(&desk.invite(&admin, "auditor@kota.go.id", Role::Auditor, "DINAS A"), "auditor@kota.go.id").0;
    for path in [format!("{job}/ulang"), format!("{job}/batal")] {
        assert_eq!(desk.post(&path, &auditor, &[]).status, 403, "{path}");
    }
    let officer = desk.invite(&admin, "disnaker@kota.go.id", Role::ManpowerOfficer, "DINAS A");
    let (officer, _) = desk.accept(&officer, "disnaker@kota.go.id");
    let seen = desk.get("/pekerjaan", &officer).body;
    assert!(seen.contains(&format!("{job}/ulang")));
    if world.database.is_none() {
        desk.wait("no backup by itself", || desk.get("/pekerjaan", &officer).body.contains("dibuktikan"));
        let backup = desk.get("/pekerjaan", &officer).body;
        let row = backup.split("<tr>").find(|row| row.contains("Membuat cadangan")).unwrap().to_owned();
        let id = row.split("/tugas/").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(desk.post(&format!("/tugas/{id}/ulang"), &officer, &[]).status, 403);
    }

    std::fs::rename(&away, &kept).unwrap();
    let again = desk.post(&format!("{job}/ulang"), &admin, &[]).header("location").to_owned();
    assert_ne!(again, job);
    desk.wait("it was not stored", || desk.get(&again, &admin).body.contains("1 baru"));
    // What is done needs no repeating.
    assert_eq!(desk.post(&format!("{again}/ulang"), &admin, &[]).header("location"), again);
}

#[test]
fn everybody_can_read_what_is_kept_of_persons() {
    let world = World::new();
    let desk = Desk::start(&world);
    let page = desk.get("/data-pribadi", "").body;
    for words in ["Daftar tenaga kerja proyek", "Mengetahui siapa yang terlindungi", "NIK 16 angka", "disegel"] {
        assert!(page.contains(words), "{words}");
    }
}
