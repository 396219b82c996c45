//! A foreman's phone: what it says twice is done once, what nobody answered is said again, and its link opens one list only.

use crate::http::{Desk, Response};
use crate::web_roster::Site;
use serde_json::{Value, json};
use testkit::roster::{crew, sheet};

impl Site {
    fn link(&self) -> String {
        let page =
            self.desk.post(&format!("{}/mandor", self.roster()), &self.rep, &[("nama", "Pak Tarno"), ("masa", "90")]);
        assert_eq!(page.status, 200, "{}", page.body);
        let secret = page.body.split("/mandor/daftar#").nth(1).unwrap().split('<').next().unwrap();
        assert!(secret.starts_with("mandor_") && page.body.contains("<svg"), "{secret}");
        secret.to_owned()
    }
}

pub(crate) fn ask(desk: &Desk, method: &str, path: &str, secret: &str, body: &Value) -> Response {
    let bearer = format!("Bearer {secret}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    desk.raw(method, path, &headers, if body.is_null() { String::new() } else { body.to_string() }.as_bytes())
}

fn say(desk: &Desk, secret: &str, acts: &[Value]) -> Value {
    let answer = ask(desk, "POST", "/mandor/data", secret, &json!({ "acts": acts }));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    body["answers"].clone()
}

fn list(desk: &Desk, secret: &str) -> Value {
    let answer = ask(desk, "GET", "/mandor/data", secret, &Value::Null);
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

fn names(list: &Value) -> Vec<String> {
    let mut names: Vec<String> =
        list["people"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

fn joined(number: u32, name: &str, nik: &str, from: &str) -> Value {
    json!({ "id": format!("{number:032x}"), "kind": "joined", "cells": { "nama": name, "nik": nik, "mulai_bekerja": from, "jenis_upah": "harian", "upah": "150.000" } })
}

#[test]
fn what_a_phone_says_twice_is_done_once() {
    let mut site = Site::new();
    let workers = crew(11, 10);
    let (look, _) = site.lay(&workers[..6], false, "2026-01-05");
    site.store(&look, &[]);
    let secret = site.link();
    let first = list(&site.desk, &secret);
    assert_eq!(names(&first).len(), 6);
    let body = first.to_string();
    assert!(workers.iter().all(|w| !body.contains(&w.nik)), "a number is masked on a phone too");

    // Two join, one is written down who stands there already, one leaves, one has a day that has not come, and the list is right.
    let mark = |i: usize| first["people"][i]["mark"].as_str().unwrap();
    let today = app::clock::today().to_string();
    let acts = vec![
        joined(1, &workers[6].name, &workers[6].nik, &today),
        joined(2, &workers[7].name, &workers[7].nik, &today),
        joined(3, &workers[0].name, &workers[0].nik, "2026-01-05"),
        joined(4, "Wawan", "", "2099-01-01"),
        json!({ "id": format!("{:032x}", 5), "kind": "left", "mark": mark(0), "day": "2026-02-02" }),
        json!({ "id": format!("{:032x}", 6), "kind": "left", "mark": mark(1), "day": "2025-01-01" }),
        json!({ "id": format!("{:032x}", 7), "kind": "left", "mark": "00", "day": today }),
        json!({ "id": format!("{:032x}", 8), "kind": "right", "day": today }),
        json!({ "id": format!("{:032x}", 9), "kind": "left", "mark": mark(1), "day": "kemarin" }),
    ];
    let answers = say(&site.desk, &secret, &acts);
    let outcome = |n: u32| answers[format!("{n:032x}")].as_str().unwrap().to_owned();
    let all: Vec<String> = (1..=9).map(outcome).collect();
    let third = all[2].clone();
    assert!(third == "known" || third == "stored", "one who stands there is at most told more of");
    assert_eq!(
        [&all[..2], &all[3..]].concat(),
        ["stored", "stored", "waits", "stored", "day", "gone", "stored", "unread"]
    );
    let after = list(&site.desk, &secret);
    assert_eq!(names(&after).len(), 7);
    assert_ne!(after["confirmed"], "");

    // An accident is told from the phone too, once, with the clock running from when it happened.
    let accident = |n: u32, when: &str| json!({ "id": format!("{n:032x}"), "kind": "accident", "mark": mark(2), "told": { "kapan": when, "apa": "jari terjepit mesin potong", "sebab": "caught" } });
    let told = [accident(20, &format!("{today}T00:01")), accident(21, "2099-01-01T08:00"), accident(22, "tadi")];
    for _ in 0..2 {
        let answers = say(&site.desk, &secret, &told);
        assert_eq!(
            answers.to_string(),
            json!({ format!("{:032x}", 20): "stored", format!("{:032x}", 21): "day", format!("{:032x}", 22): "day" })
                .to_string()
        );
    }
    let listed = site.desk.get("/kecelakaan", &site.rep).body;
    assert_eq!(listed.matches("href=\"/kecelakaan/").count(), 1, "{listed}");
    assert!(listed.contains("Terjepit"), "{listed}");

    // The line broke before the answer, the machine fell over: the phone says it all again, in other pieces.
    site.desk.program.lock().unwrap().0.kill().unwrap();
    site.desk.program.lock().unwrap().0.wait().unwrap();
    site.desk = Desk::start(&site.world);
    assert_eq!(say(&site.desk, &secret, &acts), answers);
    assert_eq!(say(&site.desk, &secret, &acts[..1])[format!("{:032x}", 1)], "stored");
    assert_eq!(names(&list(&site.desk, &secret)), names(&after));
    // A second phone that writes the same man down again finds him there.
    let other = site.link();
    let again = say(&site.desk, &other, &[joined(1, &workers[6].name, &workers[6].nik, &today)]);
    assert_eq!(again[format!("{:032x}", 1)], "known");
    assert_eq!(names(&list(&site.desk, &other)), names(&after));

    // What has to be looked at waits at the desk, once.
    let page = site.desk.get(&site.roster(), &site.rep).body;
    assert_eq!(page.matches("/pekerja/daftar/").count(), 1, "{page}");
    site.world.ok(&["audit", "verify"]);
    assert!(site.world.run(&["rebuild", "--verify"]).status.success());
}

#[test]
fn a_link_opens_one_list_and_nothing_else() {
    let site = Site::new();
    let (path, _) = sheet(&site.world.path(""), "daftar", 5, &crew(5, 4), false).unwrap();
    let look = site.upload(&site.rep, &path, "2026-01-05").header("location").to_owned();
    site.store(&look, &[]);
    let secret = site.link();
    for path in ["/api/v1/projects", "/api/v1/figures", &format!("/api/v1/projects/{}", site.code)] {
        assert_eq!(ask(&site.desk, "GET", path, &secret, &Value::Null).status, 401, "{path}");
    }
    for path in [site.roster(), format!("{}/bpjs.xlsx", site.roster())] {
        assert_eq!(ask(&site.desk, "GET", &path, &secret, &Value::Null).status, 303, "{path}");
    }
    for wrong in ["", "mandor_00", &secret[..secret.len() - 1], &secret.replace("mandor_", "payung_")] {
        let answer = ask(&site.desk, "GET", "/mandor/data", wrong, &Value::Null);
        assert!(answer.status == 401 && answer.body.contains("message"), "{wrong}: {} {}", answer.status, answer.body);
    }
    // The page itself holds nobody's data, and no address holds the secret.
    let page = site.desk.get("/mandor/daftar", "");
    assert!(page.status == 200 && !page.body.contains(&secret));
    assert!(site.desk.get("/mandor/kerja.js", "").header("content-type").starts_with("text/javascript"));
    let many: Vec<Value> =
        (0..60).map(|n| json!({ "id": format!("{n:032x}"), "kind": "right", "day": "2026-01-01" })).collect();
    for body in [json!({ "acts": many }), json!({ "acts": "x" }), json!([1])] {
        assert_eq!(ask(&site.desk, "POST", "/mandor/data", &secret, &body).status, 400);
    }
    // A stranger ends no link; its owner does, and the phone hears it.
    let links = site.desk.get(&format!("{}/mandor", site.roster()), &site.rep).body;
    let end = links.split("action=\"").find(|p| p.contains("/henti\"")).unwrap().split('"').next().unwrap().to_owned();
    assert!(links.contains("Pak Tarno") && !links.contains(&secret));
    let elsewhere = end.replace(&site.code, "nontender:1");
    assert_eq!(site.desk.post(&elsewhere, &site.rep, &[]).status, 404);
    assert_eq!(list(&site.desk, &secret)["people"].as_array().unwrap().len(), 4);
    assert_eq!(site.desk.post(&end, &site.rep, &[]).status, 303);
    assert_eq!(ask(&site.desk, "GET", "/mandor/data", &secret, &Value::Null).status, 401);

    // A link reaches no further than whoever made it: with the member goes the link.
    let secret = site.link();
    assert_eq!(list(&site.desk, &secret)["people"].as_array().unwrap().len(), 4);
    let people = site.desk.get("/orang", &site.admin).body;
    let row = people.split("<tr>").find(|r| r.contains("ar@bpjs.go.id")).unwrap();
    let stop = row.split("action=\"").find(|p| p.contains("/henti\"")).unwrap().split('"').next().unwrap();
    assert_eq!(site.desk.post(stop, &site.admin, &[]).status, 303);
    assert_eq!(ask(&site.desk, "GET", "/mandor/data", &secret, &Value::Null).status, 401);
}
