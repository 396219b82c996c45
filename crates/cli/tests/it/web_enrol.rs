//! Enrolment at the outreach car: what a phone says after days without a line is done once, and its link only adds people to a list. And measured roads.

use crate::http::Response;
use crate::web_aman::Office;
use crate::web_foreman::ask;
use serde_json::{Value, json};

impl Office {
    fn stop(&self, name: &str, east: &str, people: &str) {
        let fields = [
            ("tindakan", "tambah"),
            ("nama", name),
            ("lintang", "-1,6000"),
            ("bujur", east),
            ("orang", people),
            ("menit", "45"),
            ("buka", "08:00"),
            ("tutup", "15:00"),
        ];
        assert_eq!(self.desk.post("/mobil", &self.manpower, &fields).status, 303, "{name}");
    }

    fn plan(&self) -> String {
        let tomorrow = kernel::date::next_day(app::clock::today()).unwrap().to_string();
        let made = self.desk.post(
            "/mobil",
            &self.manpower,
            &[
                ("tindakan", "rencana"),
                ("hari", &tomorrow),
                ("mobil", "1"),
                ("berangkat", "08:00"),
                ("kembali", "15:00"),
                ("daya", "60"),
                ("lintang", "-1.60"),
                ("bujur", "103.60"),
            ],
        );
        assert_eq!(made.status, 303, "{}", made.body);
        made.header("location").to_owned()
    }

    fn link(&self, tour: &str) -> String {
        let page = self.desk.post(&format!("{tour}/ponsel"), &self.manpower, &[("nama", "Ponsel Bu Wati")]);
        assert_eq!(page.status, 200, "{}", page.body);
        page.body.split("/warga/daftar#").nth(1).unwrap().split('<').next().unwrap().to_owned()
    }

    fn say(&self, secret: &str, acts: &[Value]) -> Value {
        let answer = ask(&self.desk, "POST", "/warga/data", secret, &json!({ "acts": acts }));
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str::<Value>(&answer.body).unwrap()["answers"].clone()
    }

    fn standing(&self) -> u64 {
        self.world.json(&["vulnerable", "--json"])["people"].as_u64().unwrap()
    }
}

fn person(number: u32, stop: i64, cells: &Value) -> Value {
    json!({ "id": format!("{number:032x}"), "stop": stop, "day": app::clock::today().to_string(), "cells": cells })
}

#[test]
fn whom_a_phone_enrols_stands_on_the_list_once() {
    let o = Office::new();
    o.stop("Pasar Contoh", "103.61", "40");
    let tour = o.plan();
    assert_eq!(o.desk.post(&format!("{tour}/ponsel"), &o.manpower, &[("nama", " ")]).status, 422);
    assert_eq!(o.desk.get("/mobil/99/ponsel", &o.manpower).status, 404);
    assert_eq!(o.desk.get(&format!("{tour}/ponsel"), &o.supervisor).status, 403);
    let (first, second) = (o.link(&tour), o.link(&tour));

    // The phone learns the tour and its stops and nobody's name.
    let shown = ask(&o.desk, "GET", "/warga/data", &first, &Value::Null).body;
    assert!(shown.contains("Pasar Contoh") && !shown.contains("CONTOH\"") && !shown.contains("9971"), "{shown}");
    let before = o.standing();

    // After days away it says everything at once: two people, one of them without a number, one without a name, one who stands there already.
    let acts = vec![
        person(
            1,
            1,
            &json!({ "kelompok": "RT", "nama": "Lima Contoh", "nik": "9971010101840005", "tgl_lahir": "1984-01-01" }),
        ),
        person(2, 1, &json!({ "kelompok": "Pemulung", "nama": "Enam Contoh", "nik": "123" })),
        person(3, 1, &json!({ "kelompok": "RT", "nik": "9971010101850006" })),
        person(4, 0, &json!({ "kelompok": "Pedagang", "nama": "Tujuh Contoh", "nik": "9971010101860007" })),
    ];
    let told = o.say(&first, &acts);
    let id = |n: u32| format!("{n:032x}");
    assert_eq!([1, 2, 3, 4].map(|n| told[id(n)].as_str().unwrap()), ["stored", "nik", "unread", "stored"], "{told}");
    assert_eq!(o.standing(), before + 3);
    // The line broke before the answer came: said again, in another order, it is answered the same and nothing is added.
    let again: Vec<Value> = acts.iter().rev().cloned().collect();
    assert_eq!(o.say(&first, &again), told);
    assert_eq!(o.standing(), before + 3);
    // Another phone met the same person: one entry.
    let same = person(
        9,
        1,
        &json!({ "kelompok": "RT", "nama": "Lima Contoh", "nik": "9971010101840005", "tgl_lahir": "1984-01-01" }),
    );
    assert_eq!(o.say(&second, &[same])[id(9)], "known");
    assert_eq!(o.standing(), before + 3);
    // The same again, written otherwise and with less: nothing is added and nothing wiped. Two of one name without a number are two.
    let less = person(10, 1, &json!({ "kelompok": "rt", "nama": "LIMA  contoh", "nik": "9971010101840005" }));
    let nameless = |n: u32| person(n, 1, &json!({ "kelompok": "Pedagang", "nama": "Siti" }));
    let both = o.say(&second, &[less, nameless(0xaaaa_0001), nameless(0xbbbb_0002)]);
    assert_eq!(both[id(10)], "known", "{both}");
    assert_eq!((both[id(0xaaaa_0001)].as_str(), both[id(0xbbbb_0002)].as_str()), (Some("nik"), Some("nik")));
    // Both lines are kept; a list that knows neither number nor birth counts one name once.
    assert_eq!(o.standing(), before + 4);
    // What has no number of its own, or is too much at once, holds nobody up.
    assert_eq!(o.say(&first, &[json!({ "id": "satu", "cells": {} })])["satu"], "unread");
    let many: Vec<Value> = (100..160).map(|n| person(n, 1, &json!({}))).collect();
    assert_eq!(ask(&o.desk, "POST", "/warga/data", &first, &json!({ "acts": many })).status, 400);

    // The tour says what the phones counted; the file can be taken back like any other.
    let page = o.desk.get(&tour, &o.manpower).body;
    assert!(
        page.contains("4 didaftarkan dengan ponsel")
            && page.contains("name=\"terdaftar\" inputmode=\"numeric\" maxlength=\"5\" value=\"4\""),
        "{page}"
    );

    // The link opens nothing else, and nothing once it is ended.
    let elsewhere = |path: &str| ask(&o.desk, "GET", path, &first, &Value::Null).status;
    assert_eq!(
        (elsewhere("/api/v1/vulnerable"), elsewhere("/mandor/data"), elsewhere("/api/v1/projects")),
        (401, 401, 401)
    );
    assert_eq!(ask(&o.desk, "GET", "/warga/data", "warga_00", &Value::Null).status, 401);
    let links = o.desk.get(&format!("{tour}/ponsel"), &o.manpower).body;
    let link = links.split("name=\"henti\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(o.desk.post(&format!("{tour}/ponsel"), &o.manpower, &[("henti", &link)]).status, 303);
    let status = |secret: &str| ask(&o.desk, "GET", "/warga/data", secret, &Value::Null).status;
    assert_eq!((status(&second), status(&first)), (401, 200), "the newest stands first in the list and was ended");
}

#[test]
fn a_phones_page_is_kept_by_its_own_worker() {
    let o = Office::new();
    let kind = |r: &Response| r.header("content-type").to_owned();
    for folder in ["mandor", "warga"] {
        let page = o.desk.get(&format!("/{folder}/daftar"), "");
        assert!(page.status == 200 && page.body.contains(&format!("/{folder}/manifest.json")), "{}", page.body);
        assert!(kind(&o.desk.get(&format!("/{folder}/kerja.js"), "")).starts_with("text/javascript"));
        let manifest = o.desk.get(&format!("/{folder}/manifest.json"), "");
        let said: Value = serde_json::from_str(&manifest.body).unwrap();
        assert_eq!(said["start_url"], format!("/{folder}/daftar"));
        let icon = o.desk.get(said["icons"][0]["src"].as_str().unwrap(), "");
        assert!(icon.status == 200 && kind(&icon) == "image/svg+xml");
    }
}

#[test]
fn measured_roads_change_the_plan_and_say_so() {
    let o = Office::new();
    o.stop("Pasar Contoh", "103.61", "40");
    o.stop("Seberang Sungai", "103.605", "40");
    let tour = o.plan();
    let page = o.desk.get(&tour, &o.manpower).body;
    assert!(page.contains("terukur untuk 0 dari 6 jalan") && !page.contains("Seberang Sungai: "), "{page}");
    // A river without a bridge: five hours around.
    let keep = |text: &str| o.desk.post("/mobil", &o.manpower, &[("tindakan", "jalan"), ("jalan", text)]);
    let kept = keep("Berangkat; Seberang Sungai; 300\nPasar Contoh; Seberang Sungai; 300\n");
    assert!(kept.status == 200 && kept.body.contains("4 jalan disimpan"), "{}", kept.body);
    let bad = keep("Berangkat; Entah; 5\nBerangkat; Pasar Contoh; sebentar");
    assert!(
        bad.status == 422 && bad.body.contains("Baris 1 tidak terbaca") && bad.body.contains("Baris 2"),
        "{}",
        bad.body
    );
    assert!(bad.body.contains("Berangkat; Entah; 5"), "what was typed comes back");
    let tour = o.plan();
    let page = o.desk.get(&tour, &o.manpower).body;
    assert!(
        page.contains("terukur untuk 4 dari 6 jalan") && page.contains("Seberang Sungai: tidak terjangkau"),
        "{page}"
    );
    let list = o.desk.get("/mobil", &o.manpower).body;
    assert_eq!(list.matches("diganti rencana yang lebih baru").count(), 1, "{list}");
    let (_, told) = o.desk.json("/api/v1/outreach", &o.supervisor);
    assert_eq!((&told["tours"][0]["replaced"], &told["tours"][1]["replaced"]), (&false.into(), &true.into()), "{told}");
    assert_eq!(told["stops"].as_array().unwrap().len(), 2);
}
