//! A kill at any moment loses nothing acknowledged and leaves nothing half done.

use crate::world::{World, refs, text};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Kills spread over the length of one import. The nightly run asks for more.
const KILLS: u32 = 24;

#[test]
fn a_kill_at_any_moment_leaves_all_or_nothing() {
    let made = World::new();
    let files = made.city(12, 400);
    let names: Vec<String> = refs(&files).iter().map(|f| f.display().to_string()).collect();
    let import = |world: &World| -> Command {
        let mut command = world.command(&["import", "--json"]);
        command.args(&names).stderr(Stdio::null()).stdout(Stdio::null());
        command
    };
    let rows_in = |world: &World| -> serde_json::Value {
        let out = world.path("o").display().to_string();
        let out = world.run(&["monev", "--as-of", "2026-11-15", "--json", "--out", &out]);
        assert!(out.status.success(), "{}", text(&out.stderr));
        let json: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
        assert_eq!(json["accounting"]["rows_in"], json["accounting"]["rows_placed"]);
        json
    };
    let whole = World::new();
    let begun = Instant::now();
    assert!(import(&whole).status().unwrap().success());
    let length = begun.elapsed();
    let expected = rows_in(&whole);
    for kill in 0..KILLS {
        let world = World::new();
        let mut child = import(&world).spawn().unwrap();
        std::thread::sleep(length * kill / KILLS + Duration::from_millis(u64::from(kill % 3)));
        let _ = child.kill();
        child.wait().unwrap();
        // Whatever stands is whole; the retry brings the rest and changes nothing that stood.
        rows_in(&world);
        assert!(import(&world).status().unwrap().success(), "retry after kill {kill}");
        assert_eq!(rows_in(&world), expected, "after kill {kill}");
    }
}
