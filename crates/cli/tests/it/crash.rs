//! A kill at any moment loses nothing acknowledged and leaves nothing half done.

use crate::world::{PROGRAM, World, refs};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Kills spread over the length of one import. The nightly run asks for more.
const KILLS: u32 = 24;

#[test]
fn a_kill_at_any_moment_leaves_all_or_nothing() {
    let world = World::new();
    let files = world.city(12, 400);
    let names: Vec<String> = refs(&files).iter().map(|f| f.display().to_string()).collect();
    let import = |home: &std::path::Path| {
        let mut command = Command::new(PROGRAM);
        command
            .arg("--home")
            .arg(home)
            .args(["import", "--json"])
            .args(&names)
            .stderr(Stdio::null())
            .stdout(Stdio::null());
        command
    };
    let whole = world.path("whole");
    let begun = Instant::now();
    assert!(import(&whole).status().unwrap().success());
    let length = begun.elapsed();
    let rows_in = |home: &std::path::Path| -> serde_json::Value {
        let out = world.path("o").display().to_string();
        let out = Command::new(PROGRAM)
            .arg("--home")
            .arg(home)
            .args(["monev", "--as-of", "2026-11-15", "--json", "--out", &out])
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let json: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
        assert_eq!(json["accounting"]["rows_in"], json["accounting"]["rows_placed"]);
        json
    };
    let expected = rows_in(&whole);
    for kill in 0..KILLS {
        let home = world.path(&format!("k{kill}"));
        let mut child = import(&home).spawn().unwrap();
        std::thread::sleep(length * kill / KILLS + Duration::from_millis(u64::from(kill % 3)));
        let _ = child.kill();
        child.wait().unwrap();
        // Whatever stands is whole; the retry brings the rest and changes nothing that stood.
        if home.join("keys/vault.key").exists() || !home.join("payung.db").exists() {
            rows_in(&home);
        }
        assert!(import(&home).status().unwrap().success(), "retry after kill {kill}");
        assert_eq!(rows_in(&home), expected, "after kill {kill}");
    }
}
