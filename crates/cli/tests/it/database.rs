//! One program, two databases: what it says must not depend on where it keeps what it knows.

use crate::fresh::FreshDatabase;
use crate::world::{PROGRAM, World, text};
use app::desk::{Desk, Outside, picture};
use app::home::Home;
use std::collections::BTreeMap;
use std::path::Path;

/// Name and bytes of every file of a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap());
    entries.map(|e| (e.file_name().to_string_lossy().into_owned(), std::fs::read(e.path()).unwrap())).collect()
}

/// Names the database in the settings of the data folder, as a city would.
pub(crate) fn settle(world: &World) {
    if let Some(database) = &world.database {
        std::fs::create_dir_all(world.home()).unwrap();
        std::fs::write(world.home().join("payung.yaml"), format!("database: {}\n", database.url())).unwrap();
    }
}

#[test]
fn reports_and_pictures_are_the_same_to_the_byte_on_both() {
    let told: Vec<_> = [World::on_file(), World::new()]
        .iter()
        .map(|world| {
            settle(world);
            world.ok(&["demo", "--no-serve", "--projects", "60"]);
            let rebuilt = world.ok(&["rebuild", "--verify"]);
            world.ok(&["rebuild"]);
            world.ok(&["rebuild", "--verify"]);
            let out = world.path("again").display().to_string();
            let json = world.json(&["monev", "--as-of", "2026-11-15", "--json", "--out", &out]);
            let desk = Desk::open(Home::open(&world.home()).unwrap(), Path::new(PROGRAM), Outside::default()).unwrap();
            let digest = picture::paint(&desk, app::clock::today(), &mut |_, _| ()).unwrap();
            assert_eq!(world.home().join("payung.db").exists(), world.database.is_none());
            (
                rebuilt,
                json["accounting"].clone(),
                digest,
                files(&world.home().join("monev")),
                files(&world.path("again")),
            )
        })
        .collect();
    assert!(told[0].3.len() > 3 && !told[0].2.is_empty());
    for (name, bytes) in &told[0].3 {
        assert!(told[1].3[name] == *bytes, "{name}");
    }
    assert!(told[0] == told[1]);
}

#[test]
fn a_database_that_cannot_be_used_is_a_refusal_without_the_password() {
    let world = World::on_file();
    let run = |url: &str, language: &str| {
        let out = world.command(&["--lang", language, "monev"]).env("PAYUNG_DATABASE", url).output().unwrap();
        let said = text(&out.stderr);
        assert_eq!(out.status.code(), Some(2), "{said}");
        assert!(!said.contains("rahasia") && !text(&out.stdout).contains("rahasia"), "{said}");
        said
    };
    let gone = "postgresql://payung:rahasia@127.0.0.1:1/payung";
    assert!(run(gone, "id").contains("127.0.0.1:1/payung tidak dapat dipakai"));
    assert!(run(gone, "en").contains("127.0.0.1:1/payung cannot be used"));
    assert!(run(&format!("{gone}?sslmode=require"), "en").contains("unix socket"));
    assert!(run("mysql://payung:rahasia@127.0.0.1/payung", "id").contains("bukan alamat"));
    std::fs::create_dir_all(world.home()).unwrap();
    for (settings, words) in [("database: 7\n", "no address"), ("- a\n", "does not read")] {
        std::fs::write(world.home().join("payung.yaml"), settings).unwrap();
        let out = world.run(&["--lang", "en", "monev"]);
        assert_eq!((out.status.code(), text(&out.stderr).contains(words)), (Some(2), true), "{}", text(&out.stderr));
    }
    // Whoever only computes asks no database.
    let sum = ["contribution", "--value", "180000000", "--spk-date", "2025-03-03"];
    assert!(world.command(&sum).env("PAYUNG_DATABASE", gone).status().unwrap().success());
}

#[test]
fn a_database_belongs_to_one_key() {
    let world = World::new();
    if world.database.is_none() {
        return;
    }
    world.ok(&["audit", "verify"]);
    let key = world.home().join("keys/vault.key");
    std::fs::rename(&key, world.path("kept")).unwrap();
    assert_eq!(world.run(&["audit", "verify"]).status.code(), Some(70), "a new key would open nothing");
    assert!(!key.exists());
    std::fs::write(&key, [9; 32]).unwrap();
    assert_eq!(world.run(&["audit", "verify"]).status.code(), Some(70), "this is the key of another city");
    std::fs::rename(world.path("kept"), &key).unwrap();
    world.ok(&["audit", "verify"]);
}

#[test]
fn a_desk_outlives_a_restart_of_its_server() {
    let world = World::new();
    let Some(database) = &world.database else { return };
    settle(&world);
    let desk = Desk::open(Home::open(&world.home()).unwrap(), Path::new(PROGRAM), Outside::default()).unwrap();
    let asked = |desk: &Desk| -> Result<usize, app::Fault> { desk.read(|store| Ok(store.job_list(9)?.len())) };
    let told = |desk: &Desk| -> Result<(), app::Fault> {
        desk.write(|store| Ok(store.audit(app::desk::event(None, "x", "", ""))?))
    };
    assert_eq!(asked(&desk).unwrap(), 0);
    for _ in 0..3 {
        FreshDatabase::hang_up(database);
        assert_eq!(asked(&desk).unwrap(), 0);
        told(&desk).unwrap();
        FreshDatabase::hang_up(database);
        told(&desk).unwrap();
    }
    world.ok(&["audit", "verify"]);
}
