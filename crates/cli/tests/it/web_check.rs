//! The worker's own check by program and by command, and the links of foremen's phones by both.

use crate::web_roster::Site;
use serde_json::json;
use testkit::roster::crew;

#[test]
fn a_program_and_a_command_answer_what_the_page_answers() {
    let site = Site::new();
    let workers = crew(5, 4);
    let (look, _) = site.lay(&workers, false, "2026-08-05");
    site.store(&look, &[]);
    let poster = site.desk.get(&format!("{}/poster", site.roster()), &site.rep).body;
    let slip = poster.split("<li>").nth(1).unwrap().split("class=\"code\">").nth(1).unwrap().split('<').next().unwrap();
    let path = format!("/api/v1/public/projects/{}/check", site.code);
    let ask = |said: serde_json::Value| site.desk.say(&path, "", &said);
    let (status, told) = ask(json!({ "code": slip.to_lowercase() }));
    assert!(status == 200 && told["answer"] == "not_covered", "the most uncovered project of the city: {told}");
    assert_eq!(ask(json!({ "code": "2222-2222" })).1["answer"], "nothing");
    let card = json!({ "card": "00000000000", "nik": workers[0].nik, "birth": "1990-01-01" });
    assert_eq!(ask(card).1["answer"], "nothing", "three secrets, not one");
    for wrong in [json!({}), json!({ "code": slip, "nik": "1" }), json!({ "card": "1" }), json!({ "kode": slip })] {
        assert_eq!(ask(wrong).0, 400);
    }
    assert_eq!(ask(json!({ "code": "x".repeat(41) })).0, 400);
    assert_eq!(site.desk.say("/api/v1/public/projects/tidak:ada/check", "", &json!({ "code": slip })).0, 404);

    let world = &site.world;
    assert_eq!(world.json(&["check", &site.code, "--code", slip, "--json"]), told);
    let (status, said) = world.typed(&["check", &site.code], &format!("0000\n{}\n1990-01-01\n", workers[0].nik));
    assert!(status == 0 && said.contains("Tidak dapat dijawab") && !said.contains(&workers[0].nik), "{said}");
    assert_eq!(world.run(&["check", "tidak:ada", "--code", slip]).status.code(), Some(2));
}

#[test]
fn a_phones_link_borrows_a_members_rights() {
    let site = Site::new();
    let (look, _) = site.lay(&crew(5, 4), false, "2026-08-05");
    site.store(&look, &[]);
    let phones = |more: &[&str]| site.world.run(&[&["phones", &site.code][..], more].concat());
    assert_eq!(phones(&["--add", "Pak Tarno", "--member", "tidak@ada.id"]).status.code(), Some(2));
    assert_eq!(
        phones(&["--add", "Pak Tarno", "--member", "kepala@kota.go.id"]).status.code(),
        Some(2),
        "no right to lend"
    );
    assert_eq!(phones(&["--add", " ", "--member", "ar@bpjs.go.id"]).status.code(), Some(2));
    let made = phones(&["--add", "Pak Tarno", "--member", "ar@bpjs.go.id", "--days", "30"]);
    let made = String::from_utf8(made.stdout).unwrap();
    let secret = made.trim().split('#').nth(1).unwrap_or_else(|| panic!("{made}"));
    let bearer = format!("Bearer {secret}");
    let phone = || site.desk.raw("GET", "/mandor/data", &[("Authorization", &bearer)], b"").status;
    assert_eq!(phone(), 200);
    let path = format!("/api/v1/projects/{}/phones", site.code);
    let (status, json) = site.desk.json(&path, &site.rep);
    assert_eq!((status, &json["phones"][0]["name"]), (200, &json!("Pak Tarno")), "{json}");
    assert!(!json.to_string().contains(secret));
    assert_eq!(site.desk.json("/api/v1/projects/tidak:ada/phones", &site.rep).0, 404);
    let id = site.world.json(&["phones", &site.code, "--json"])["phones"][0]["id"].to_string();
    assert!(phones(&["--end", &id]).status.success());
    assert_eq!(phones(&["--end", &id]).status.code(), Some(2));
    assert_eq!(phone(), 401);
    site.world.ok(&["audit", "verify"]);
}
