//! Personal data: sealed at rest, absent from everything that is printed or written.

use crate::world::{World, refs, text};
use std::path::Path;

const NIK: &str = "9971014507900003";
const NAME: &str = "SUPARMIYATUN CONTOH";

fn contains(path: &Path, needle: &str) -> bool {
    let bytes = std::fs::read(path).unwrap();
    bytes.windows(needle.len()).any(|w| w == needle.as_bytes())
}

#[test]
fn no_identity_number_leaves_the_vault() {
    let world = World::new();
    let file = world.file(
        "tk.csv",
        format!("no_proyek;nik;nama;tgl_lahir;jabatan;mulai_bekerja;tgl_lapor\n2600000000001;'{NIK};{NAME};05-07-1990;TUKANG;03/07/2026;10/07/2026\n2600000000001;12;{NAME};31-02-1990;TUKANG;03/07/2026;\n"),
    );
    let files = world.city(11, 40);
    world.import(&refs(&files));
    let out = world.run(&["import", &file.display().to_string()]);
    assert!(out.status.success());
    let shown = text(&out.stdout) + &text(&out.stderr);
    assert!(shown.contains("B3"), "the broken number is named by its cell: {shown}");
    assert!(!shown.contains(NIK) && !shown.contains(NAME) && !shown.contains("1990"), "{shown}");
    world.ok(&["monev", "--as-of", "2026-11-15", "--out", &world.path("out").display().to_string()]);
    for folder in ["home", "out"] {
        for entry in std::fs::read_dir(world.path(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                for secret in [NIK, NAME, "9971"] {
                    // The made-up city's numbers begin with 9971; figures may, so only files with
                    // raw cells are searched for the prefix.
                    if secret.len() > 4 || path.extension().is_some_and(|e| e == "html") {
                        assert!(!contains(&path, secret), "{} holds {secret}", path.display());
                    }
                }
            }
        }
    }
}

#[test]
fn a_lost_key_is_a_fault_not_a_new_key() {
    let world = World::new();
    world.import(&[&world.file("a.csv", "kd_rup_lama,kd_rup_baru\n1,2\n")]);
    std::fs::remove_file(world.home().join("keys/vault.key")).unwrap();
    let out = world.run(&["monev", "--as-of", "2026-01-01", "--out", &world.path("o").display().to_string()]);
    assert_eq!(out.status.code(), Some(70));
    assert!(!world.home().join("keys/vault.key").exists());
}
