//! The gates of a project: advice without a rule of the city, binding with one, kept with their facts and given again to the byte.

use crate::http::Desk;
use crate::web_letters::unregistered;
use crate::world::World;
use authz::Role;
use serde_json::json;

/// A circular of the made-up city that holds the start order of whoever is not registered.
const CIRCULAR: &str = "path: gate/start-order-registered\nvalues:\n  - from: 2026-01-01\n    readings:\n      - id: edaran_kota\n        default: true\n        choice: hold\n        citation: { instrument: SE Wali Kota 12/2026, article: angka 3 }\n        confidence: instrument\n        checked: 2026-11-26\n";

fn verdict(json: &serde_json::Value, moment: &str) -> String {
    let all = json["verdicts"].as_array().unwrap();
    all.iter().find(|v| v["moment"] == moment).unwrap()["verdict"].as_str().unwrap().to_owned()
}

fn ask_number(world: &World, number: &str) -> serde_json::Value {
    world.json(&["gate", "ask", number, "--json"])
}

#[test]
fn a_payment_order_is_judged_with_its_own_amount_and_not_twice() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let (_, list) = desk.json("/api/v1/projects", &admin);
    let projects = list["projects"].as_array().unwrap();
    let (project, order) = projects
        .iter()
        .find_map(|p| {
            let code = p["code"].as_str().unwrap();
            let (_, whole) = desk.json(&format!("/api/v1/projects/{code}"), &admin);
            let first = whole["treasury_payments"].as_array()?.first()?.clone();
            Some((code.to_owned(), first))
        })
        .expect("a project the treasury has paid for");
    let number = order["number"].as_str().unwrap();
    let whole = world.json(&["gate", "ask", &project, "--json"]);
    let one = ask_number(&world, number);
    assert_eq!(one["facts"]["project"], project.as_str());
    assert_eq!(one["facts"]["asked"], order["amount"]);
    let paid = |v: &serde_json::Value| v["facts"]["paid_out"].as_i64().unwrap();
    assert_eq!(paid(&whole) - paid(&one), order["amount"].as_i64().unwrap(), "{one}");
}

#[test]
fn a_gate_advises_until_the_city_binds_it() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let (project, _) = unregistered(&desk, &admin, 0);
    let ask = |more: &[&str]| world.json(&[&["gate", "ask", &project, "--json"][..], more].concat());
    let advised = ask(&[]);
    assert_eq!(verdict(&advised, "start-order"), "pass", "{advised}");
    assert_eq!(verdict(&advised, "tender-line"), "unknown", "nobody said the line");
    let due = advised["facts"]["due"].as_i64().unwrap().to_string();
    assert_eq!(verdict(&ask(&["--line", &due]), "tender-line"), "pass");
    assert_eq!(world.run(&["gate", "ask", "tidak:ada"]).status.code(), Some(2));

    // The page, and a verdict given and kept.
    let agency = desk.get(&format!("/api/v1/projects/{project}"), &admin).body;
    let agency: serde_json::Value = serde_json::from_str(&agency).unwrap();
    let agency = agency["project"]["agency"].as_str().unwrap_or_else(|| panic!("{agency}"));
    let join = |login: &str, role, scope: &str| desk.accept(&desk.invite(&admin, login, role, scope), login).0;
    let (finance, ppk) =
        (join("bpkad@kota.go.id", Role::FinanceClerk, agency), join("lain@kota.go.id", Role::Ppk, "DINAS LAIN"));
    // As JSON, for a program of the treasury: the same verdicts; a misspelt step is told so.
    let told = |query: &str| {
        let answer = desk.get(&format!("/api/v1/projects/{project}/gates{query}"), &finance);
        (answer.status, serde_json::from_str::<serde_json::Value>(&answer.body).unwrap())
    };
    let (status, json) = told("");
    assert_eq!((status, json["verdicts"].as_array().unwrap().len()), (200, 8), "{json}");
    for j in json["verdicts"].as_array().unwrap() {
        assert_eq!(j["verdict"], verdict(&advised, j["moment"].as_str().unwrap()));
    }
    assert_eq!((&json["due"], &json["unpaid"]), (&advised["facts"]["due"], &advised["verdicts"][0]["unpaid"]));
    let (_, line) = told(&format!("?at=tender-line&line={due}"));
    assert!(line["verdicts"].as_array().unwrap().len() == 1 && verdict(&line, "tender-line") == "pass", "{line}");
    assert_eq!(told("?at=makan-siang").0, 400);
    assert_eq!(told("?amount=-1").0, 400);
    assert_eq!(desk.get(&format!("/api/v1/projects/{project}/gates"), "").status, 401);
    assert_eq!(desk.get(&format!("/api/v1/projects/{project}/gates"), &ppk).status, 404);

    // By whatever number another office knows, and a day's payments in one question.
    let whole = desk.json(&format!("/api/v1/projects/{project}"), &admin).1;
    let contract = whole["contract_number"].as_str().unwrap_or_else(|| panic!("{whole}"));
    let spelled = contract.to_lowercase().replace('/', " / ");
    assert_eq!(ask_number(&world, &spelled)["facts"]["project"], project.as_str());
    let found = desk.get(&format!("/gerbang?nomor={}", crate::http::percent(&spelled)), &finance);
    assert_eq!((found.status, found.header("location")), (303, format!("/proyek/{project}/gerbang").as_str()));
    let nothing = desk.get("/gerbang?nomor=tidak%20ada", &finance);
    assert!(nothing.status == 200 && nothing.body.contains("tidak pernah berarti boleh"), "{}", nothing.body);
    let day = |payments: serde_json::Value| desk.say("/api/v1/gates", &finance, &json!({ "payments": payments }));
    let (status, answered) = day(json!([
        { "number": spelled, "at": "start-order" },
        { "number": "tidak ada", "at": "instalment", "amount": 1_000_000 },
        { "number": project, "at": "tender-line", "line": advised["facts"]["due"] },
    ]));
    assert_eq!(status, 200, "{answered}");
    let told: Vec<(&str, &str)> = answered["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| (a["found"].as_str().unwrap(), a["verdict"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("one", "pass"), ("none", "unknown"), ("one", "pass")]);
    let next = &answered["answers"][0]["gates"]["verdicts"][0]["next"][0];
    assert_eq!((&next["what"], &next["who"]), (&json!("registered"), &json!("contractor")), "{answered}");
    let exposure = answered["answers"][0]["gates"]["verdicts"][0]["exposure"].as_i64();
    assert!(exposure.is_some_and(|e| e >= 42_000_000), "a death at work, at least: {exposure:?}");
    assert_eq!(day(json!([{ "number": "", "at": "instalment" }])).0, 400);
    assert_eq!(day(json!([{ "number": "1", "at": "makan-siang" }])).0, 400);
    assert_eq!(day(json!((0..1_001).map(|_| json!({ "number": "1", "at": "instalment" })).collect::<Vec<_>>())).0, 400);
    assert_eq!(desk.say("/api/v1/gates", "", &json!({ "payments": [] })).0, 401);
    // A list without names is no question, whole or in part.
    for bare in [json!([[]]), json!({ "payments": [[spelled, "contract", null, null]] })] {
        assert_eq!(desk.say("/api/v1/gates", &ppk, &bare).0, 400, "{bare}");
    }
    let (_, elsewhere) =
        desk.say("/api/v1/gates", &ppk, &json!({ "payments": [{ "number": spelled, "at": "contract" }] }));
    assert_eq!(elsewhere["answers"][0]["found"], "none", "not within its reach");

    let path = format!("/proyek/{project}/gerbang");
    let page = desk.get(&path, &finance).body;
    assert!(page.contains("Gerbang") && page.contains("saran") && page.contains("proyek terdaftar"), "{page}");
    assert_eq!(desk.get(&path, &ppk).status, 404);
    assert_eq!(desk.post(&path, &ppk, &[("langkah", "advance")]).status, 404);
    assert_eq!(desk.post(&path, &finance, &[("langkah", "makan-siang")]).status, 400);
    let given = desk.post(&path, &finance, &[("langkah", "start-order")]);
    assert_eq!(given.status, 303, "{}", given.body);
    let first = given.header("location").to_owned();
    assert!(desk.get(&first, &finance).body.contains("Boleh"));
    assert_eq!(desk.get(&first, &ppk).status, 404);
    drop(desk);

    // From the day of the circular the same step waits; what was said before stays said.
    std::fs::write(world.home().join("law/edaran.yaml"), CIRCULAR).unwrap();
    let desk = Desk::start(&world);
    assert_eq!(verdict(&ask(&[]), "start-order"), "hold");
    assert_eq!(verdict(&ask(&[]), "advance"), "pass", "the circular says nothing of it");
    let second = desk.post(&path, &finance, &[("langkah", "start-order")]).header("location").to_owned();
    let page = desk.get(&second, &finance).body;
    assert!(page.contains("Tahan") && page.contains("SE Wali Kota 12/2026, angka 3"), "{page}");
    assert!(desk.get(&first, &finance).body.contains("Boleh"));

    // Set aside on the word of two, for a time; never what lets pass, never by whoever asked.
    let boss = desk.accept(&desk.invite(&admin, "wakil@kota.go.id", Role::Supervisor, agency), "wakil@kota.go.id").0;
    let today = app::clock::today().to_string();
    let ask_aside = |verdict: &str, session: &str, text: &str, until: &str| {
        let fields = [("alasan", "paper_shown"), ("isi", text), ("sampai", until)];
        desk.post(&format!("{verdict}/kecuali"), session, &fields).status
    };
    let words = "Sertifikat asli ditunjukkan di loket.";
    assert_eq!(ask_aside(&first, &finance, words, &today), 422, "it lets pass");
    assert_eq!(ask_aside(&second, &finance, "ya", &today), 422);
    assert_eq!(ask_aside(&second, &finance, words, "2030-01-01"), 422);
    assert_eq!(ask_aside(&second, &boss, words, &today), 403);
    assert_eq!(ask_aside(&second, &finance, words, &today), 303);
    assert_eq!(ask_aside(&second, &finance, words, &today), 422, "once");
    assert_eq!(desk.post("/gerbang/kecuali/1", &finance, &[("putusan", "lepas")]).status, 403);
    assert_eq!(desk.post("/gerbang/kecuali/1", &boss, &[("putusan", "lepas")]).status, 303);
    assert_eq!(desk.post("/gerbang/kecuali/1", &boss, &[("putusan", "lepas")]).status, 404, "decided");
    let page = desk.get("/gerbang", &boss).body;
    assert!(page.contains("dilepas") && page.contains("50 %") && page.contains(words), "{page}");
    // By officer: one asked, the other released.
    let counted = |who: &str, three: [u8; 3]| {
        let row =
            page.split("<tr>").find(|r| r.contains(&format!("<td>{who}</td>"))).unwrap_or_else(|| panic!("{page}"));
        let labels = ["Diminta", "Dilepas", "Ditolak"];
        labels.iter().zip(three).all(|(label, n)| row.contains(&format!("data-label=\"{label}\">{n}</td>")))
    };
    assert!(counted("Orang bpkad", [1, 0, 0]) && counted("Orang wakil", [0, 1, 0]), "{page}");
    assert!(!desk.get("/gerbang", &ppk).body.contains(words));
    assert!(world.ok(&["gate", "replay"]).contains("2 putusan"));
    world.ok(&["audit", "verify"]);
}
