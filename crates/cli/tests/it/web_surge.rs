//! The weeks to come at the counters.

use crate::http::Desk;
use crate::world::{World, text};

#[test]
fn the_weeks_to_come_are_told_alike_everywhere() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let page = desk.get("/akhir-tahun", &admin).body;
    assert!(page.contains("Minggu terberat mulai") && page.contains("<svg class=\"load\""), "{page}");
    let (status, told) = desk.json("/api/v1/surge", &admin);
    assert_eq!(status, 200);
    let said = world.json(&["surge", "--json"]);
    let weeks = told["weeks"].as_array().unwrap();
    let same = |name: &str, week: &str| {
        let of = |w: &serde_json::Value| w["week"][week].clone();
        let program: Vec<_> = said["weeks"].as_array().unwrap().iter().map(of).collect();
        assert_eq!(weeks.iter().map(|w| w[name].clone()).collect::<Vec<_>>(), program, "{name}");
    };
    same("monday", "monday");
    same("payments_tenths", "payments");
    same("registrations_tenths", "registrations");
    assert!((10..=27).contains(&weeks.len()), "{told}");
    let n = |v: &serde_json::Value| v.as_u64().unwrap();
    for w in weeks {
        let [middle, low, high] = [0, 1, 2].map(|i| n(&w["payments_tenths"][i]));
        assert!(low <= middle && middle <= high && n(&w["uncovered_tenths"]) <= middle + 1, "{w}");
        assert!(n(&w["minutes"][1]) <= n(&w["minutes"][0]) && n(&w["minutes"][0]) <= n(&w["minutes"][2]), "{w}");
    }
    assert!(weeks.iter().map(|w| n(&w["payments_tenths"][0])).sum::<u64>() > 0, "{told}");
    let most = weeks.iter().map(|w| n(&w["minutes"][0])).max().unwrap();
    let peak = weeks.iter().find(|w| w["monday"] == told["peak"]).unwrap();
    assert_eq!(n(&peak["minutes"][0]), most);
    // What is to be done: each state's projects that end in these weeks, the cheapest first.
    let actions = told["actions"].as_array().unwrap();
    let each: Vec<f64> = actions
        .iter()
        .filter(|a| a["spares_tenths"].as_u64().is_some_and(|n| n > 0))
        .map(|a| n(&a["minutes"]) as f64 / n(&a["spares_tenths"]) as f64)
        .collect();
    assert!(!each.is_empty() && each.windows(2).all(|w| w[0] <= w[1]), "{told}");
    assert!(text(&world.run(&["surge"]).stdout).contains("Minggu demi minggu"));
    // Nothing loaded is said to be nothing.
    let empty = World::new();
    assert!(text(&empty.run(&["surge"]).stdout).contains("tidak ada yang diperkirakan"));
}
