//! Enrolment checks in the messages of the Digital Convergence Initiative: Payung answers, and Payung asks, at once and later.

use crate::web_roster::Site;
use crate::world::World;
use authz::Role;
use serde_json::{Value, json};
use testkit::roster::crew;

fn enrolled(nik: &str, programme: &str) -> Value {
    json!({
        "signature": "Signature: namespace=\"dci\"",
        "header": { "version": "1.0.0", "message_id": "m-1", "message_ts": "2026-11-26T08:00:00Z", "action": "enrolled", "sender_id": "dinsos", "total_count": 1, "is_msg_encrypted": false },
        "message": { "transaction_id": "t-1", "enrolled_criteria": { "query_type": "expression", "query": {
            "person_identifier": { "eq": nik },
            "programme_identifier.program.programme_identifier": { "eq": programme },
        } } },
    })
}

fn search(niks: &[&str], uri: &str) -> Value {
    let one = |(i, nik): (usize, &&str)| json!({ "reference_id": i.to_string(), "timestamp": "2026-11-26T08:00:00Z", "search_criteria": { "version": "1.0.0", "query_type": "idtype-value", "query": { "type": "NIK", "value": nik } } });
    json!({
        "header": { "version": "1.0.0", "message_id": "m-2", "message_ts": "2026-11-26T08:00:00Z", "action": "search", "sender_id": "dinsos", "sender_uri": uri },
        "message": { "transaction_id": "t-2", "search_request": niks.iter().enumerate().map(one).collect::<Vec<_>>() },
    })
}

/// A project that is covered today, with a crew on it; the representative of its agency.
fn covered(world: World) -> (Site, String) {
    let mut site = Site::over(world);
    let list = site.desk.json("/api/v1/projects?state=covered", &site.admin).1;
    let project = &list["projects"][0];
    site.code = project["code"].as_str().unwrap().to_owned();
    let agency = project["agency"].as_str().unwrap().to_owned();
    site.rep = site
        .desk
        .accept(&site.desk.invite(&site.admin, "ar2@bpjs.go.id", Role::AccountRep, &agency), "ar2@bpjs.go.id")
        .0;
    (site, agency)
}

#[test]
fn a_registry_is_asked_and_answers() {
    let (site, _) = covered(World::new());
    let workers = crew(61, 6);
    let today = app::clock::today().to_string();
    let (look, _) = site.lay(&workers, false, &today);
    site.store(&look, &[]);
    let ask = |said: &Value| site.desk.say("/api/v1/dci/registry/sync/enrolled", &site.rep, said);
    let (status, told) = ask(&enrolled(&workers[0].nik, "JAKON"));
    assert_eq!(status, 200, "{told}");
    let one = &told["message"]["enrolled_response"][0];
    assert_eq!((&one["status"], &one["enrolled_status"]), (&json!("succ"), &json!("yes")), "{told}");
    assert_eq!((&told["header"]["receiver_id"], &told["message"]["transaction_id"]), (&json!("dinsos"), &json!("t-1")));
    let of = |nik: &str, programme: &str| {
        let told = ask(&enrolled(nik, programme)).1;
        let one = &told["message"]["enrolled_response"][0];
        (one["status"].as_str().unwrap().to_owned(), one["enrolled_status"].as_str().unwrap().to_owned())
    };
    let said = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(of(&workers[0].nik, &format!("JAKON:{}", site.code)), said("succ", "yes"));
    assert_eq!(of(&workers[0].nik, "JAKON:nontender:0"), said("succ", "no"), "not on that project");
    assert_eq!(of("9971010101700001", "JAKON"), said("succ", "no"), "on no list");
    assert_eq!(of("123", "JAKON"), said("rjct", "no"));
    assert_eq!(of(&workers[0].nik, "PKH"), said("rjct", "no"));
    let (status, told) =
        site.desk.say("/api/v1/dci/registry/sync/search", &site.rep, &search(&[&workers[0].nik, "123"], ""));
    let answers = told["message"]["search_response"].as_array().unwrap();
    assert_eq!(
        (status, &answers[0]["data"]["reg_records"][0]["enrolment_status"], &answers[1]["status"]),
        (200, &json!("Active"), &json!("rjct"))
    );
    assert!(!told.to_string().contains(&workers[0].nik) && !told.to_string().contains(&workers[0].name));
    // A record is read by its names: a list of the same values is none, however deep.
    let (whole, mut head, mut item) = (search(&["123"], ""), search(&["123"], ""), search(&["123"], ""));
    head["header"] = json!(["m-2", "dinsos", null, false]);
    item["message"]["search_request"][0]["search_criteria"]["query"] = json!(["NIK", "123"]);
    assert_eq!(site.desk.say("/api/v1/dci/registry/sync/search", &site.rep, &whole).0, 200);
    for wrong in [json!({}), json!({ "header": {}, "message": {} }), search(&[], ""), head, item] {
        assert_eq!(site.desk.say("/api/v1/dci/registry/sync/search", &site.rep, &wrong).0, 400);
    }
    assert_eq!(site.desk.say("/api/v1/dci/registry/sync/enrolled", "", &enrolled("1", "JAKON")).0, 401);
    assert_eq!(site.desk.say("/api/v1/dci/registry/sync/enrolled", &site.admin, &enrolled("1", "JAKON")).0, 403);
    // An answer is sent nowhere but over TLS to the open net.
    for uri in ["", "http://dinsos.example.go.id", "ftp://x", "https://a:b@c"] {
        assert_eq!(
            site.desk.say("/api/v1/dci/registry/search", &site.rep, &search(&[&workers[0].nik], uri)).0,
            400,
            "{uri}"
        );
    }
    // Each look stands in the trail, the number in none of it.
    let audit = site
        .desk
        .accept(&site.desk.invite(&site.admin, "dpo@kota.go.id", Role::DataProtection, "DINAS"), "dpo@kota.go.id")
        .0;
    let trail = site.desk.get("/jejak?q=dci_enrolled", &audit).body;
    assert!(trail.contains("sender:dinsos") && !trail.contains(&workers[0].nik), "{trail}");
}

#[test]
fn another_registry_is_asked_at_once_and_later() {
    let world = World::new();
    world.ok(&["demo", "--no-serve", "--projects", "60"]);
    // In a net of its own for the test: whoever runs the machine says so.
    let settings = "webhook:\n  url: http://127.0.0.1:9/\n  secret: whsec_cGF5dW5nLXRlZHVoLWRpLWJhdGFuZ2hhcmk=\n  private: allowed\n";
    std::fs::write(world.home().join("payung.yaml"), settings).unwrap();
    let (site, _) = covered(world);
    let workers = crew(62, 6);
    let today = app::clock::today().to_string();
    let (look, _) = site.lay(&workers, false, &today);
    site.store(&look, &[]);
    // A key of the representative, as another office would have it.
    let page = site.desk.post("/akun/kunci", &site.rep, &[("nama", "Dinsos"), ("hari", "30"), ("person", "1")]).body;
    let key = page.split("payung_").nth(1).unwrap_or_else(|| panic!("{page}")).split('<').next().unwrap();
    let asker = World::new();
    let file = asker.file("kunci.txt", format!("payung_{key}\n")).display().to_string();
    let url = format!("http://{}/api/v1/dci", site.desk.address);
    let ask = |nik: &str, more: &[&str]| {
        let (code, said) =
            asker.typed(&[&["dci", "--url", &url, "--key-file", &file, "--json"][..], more].concat(), nik);
        let json: Value = serde_json::from_str(&said).unwrap_or_default();
        (code, json["enrolled"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(ask(&workers[0].nik, &[]), (2, String::new()), "a net of one's own is said");
    assert_eq!(ask(&workers[0].nik, &["--private"]), (0, "yes".to_owned()));
    assert_eq!(ask("9971010101700001", &["--private"]), (0, "no".to_owned()));
    assert_eq!(ask(&workers[0].nik, &["--private", "--programme", "PKH"]), (0, "unknown".to_owned()), "never a no");
    assert_eq!(ask("123", &["--private"]).0, 2);
    // Later: the registry says that it heard, and its answer comes by itself.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let callback = format!("http://{free}");
    let later = ["--private", "--callback", &callback, "--listen", &free, "--wait", "30"];
    assert_eq!(ask(&workers[1].nik, &later), (0, "yes".to_owned()));
    assert_eq!(ask("9971010101700001", &later), (0, "no".to_owned()));
    site.world.ok(&["audit", "verify"]);
}
