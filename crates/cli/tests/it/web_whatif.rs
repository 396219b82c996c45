//! A draft circular over the past: the command and the page say the same, and what does not bind changes nothing.

use crate::http::Desk;
use crate::world::World;

fn draft(rule: &str, choice: &str) -> String {
    format!(
        "path: gate/{rule}\nvalues:\n  - from: 2027-01-01\n    readings:\n      - id: edaran\n        default: true\n        choice: {choice}\n        citation: {{ instrument: Rancangan, article: angka 1 }}\n        confidence: instrument\n        checked: 2026-11-26\n"
    )
}

#[test]
fn a_draft_is_replayed_and_nothing_is_kept() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let ask = |text: &str, lag: &str| {
        let file = world.file("draft.yaml", text).display().to_string();
        world.json(&["whatif", "--rule", &file, "--over", "2026-01-01..2026-11-26", "--lag", lag, "--json"])
    };
    let n = |v: &serde_json::Value| v.as_u64().unwrap();
    let both = format!("{}---\n{}", draft("start-order-registered", "hold"), draft("balance-paid-all", "hold"));
    let held = ask(&both, "0");
    assert!(n(&held["steps"][1]) > 0 && n(&held["days_won"]) > 0, "{held}");
    for i in 0..4 {
        let sum: u64 = held["by_moment"].as_array().unwrap().iter().map(|m| n(&m[1][i])).sum();
        assert_eq!(sum, n(&held["steps"][i]));
    }
    let weeks: u64 = held["weeks"].as_array().unwrap().iter().map(|w| n(&w[1]) + n(&w[2])).sum();
    assert_eq!(weeks, n(&held["steps"][1]) + n(&held["steps"][3]), "each once");
    assert_eq!(n(&held["false_holds"]), 0, "lists that come at once hold nobody wrongly");
    // One rule alone holds no more than both, and days are won once a project.
    let one = ask(&draft("start-order-registered", "hold"), "0");
    assert!(n(&one["steps"][1]) <= n(&held["steps"][1]) && n(&one["days_won"]) <= n(&held["days_won"]));
    let late: Vec<u64> = ["0", "30", "366"].iter().map(|lag| n(&ask(&both, lag)["false_holds"])).collect();
    assert!(late[0] <= late[1] && late[1] <= late[2] && late[2] > 0, "{late:?}");
    // A condition lets pass; advice and what is off are not asked.
    let condition = ask(&draft("start-order-registered", "condition"), "0");
    assert_eq!((n(&condition["steps"][1]), n(&condition["steps"][2])), (0, n(&one["steps"][1])));
    for level in ["advice", "off"] {
        assert_eq!(ask(&draft("start-order-registered", level), "0")["steps"], serde_json::json!([0, 0, 0, 0]));
    }
    let refused = |text: &str, over: &str| {
        let file = world.file("bad.yaml", text).display().to_string();
        world.run(&["whatif", "--rule", &file, "--over", over]).status.code()
    };
    assert_eq!(refused("path: gate/start-order-registered\nvalues: [", "2026-01-01..2026-11-26"), Some(2));
    assert_eq!(refused(&draft("start-order-registered", "mungkin"), "2026-01-01..2026-11-26"), Some(2));
    assert_eq!(refused(&draft("makan-siang", "hold"), "2026-01-01..2026-11-26"), Some(2));
    assert_eq!(refused(&both, "2026-11-26..2026-01-01"), Some(2));

    // The page says the same.
    let form = desk.get("/gerbang/coba", &admin);
    assert!(form.status == 200 && form.body.contains("start-order-registered"), "{}", form.body);
    let post = |text: &str, from: &str| {
        let fields = [("aturan", text), ("dari", from), ("sampai", "2026-11-26"), ("telat", "0")];
        desk.post("/gerbang/coba", &admin, &fields)
    };
    let shown = post(&both, "2026-01-01");
    assert_eq!(shown.status, 200, "{}", shown.body);
    assert!(
        shown.body.contains(&format!("<dd>{}</dd>", held["projects"])) && shown.body.contains("<svg class=\"weeks\"")
    );
    let bad = post(&draft("start-order-registered", "mungkin"), "2026-01-01");
    assert!(bad.status == 422 && bad.body.contains("mungkin is none of"), "{}", bad.body);
    assert_eq!(post(&both, "1900-01-01").status, 422);
    assert_eq!(desk.get("/gerbang/coba", "").status, 303);
    assert!(world.ok(&["gate", "replay"]).contains("0 putusan"), "nothing was given");
}
