//! City and insurer find whom both know: no number in any file, only the answer comes back, and both trails know of it.

use crate::web_letters::KOP;
use crate::web_roster::Site;
use crate::world::World;
use std::fmt::Write as _;
use testkit::roster::crew;

#[test]
fn whom_both_know_is_found_and_no_number_travels() {
    let site = Site::new();
    let (city, insurer) = (&site.world, World::new());
    let workers = crew(41, 30);
    let (look, _) = site.lay(&workers, false, "2026-08-05");
    site.store(&look, &[]);
    let file = |world: &World, name: &str| world.path(name).display().to_string();
    let ask = |project: &str| city.run(&["exchange", "ask", "--project", project, "--out", &file(city, "ask.txt")]);
    assert_eq!(ask(&site.code).status.code(), Some(2), "no letterhead, no name to sign with");
    assert_eq!(site.desk.post("/kop", &site.admin, &KOP).status, 303);
    assert_eq!(ask("tidak:ada").status.code(), Some(2));
    let said = ask(&site.code);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let question = std::fs::read_to_string(city.path("ask.txt")).unwrap();

    // The insurer's own list: every other worker, strangers, and a number a spreadsheet broke.
    let mut list = String::from("nama;NIK\n");
    for worker in workers.iter().step_by(2).chain(&crew(99, 40)) {
        writeln!(list, "{};{}", worker.name, worker.nik).unwrap();
    }
    list.push_str("Rusak;3.27E+15\n");
    let list = insurer.file("kpj.csv", list);
    let known = city.file("kota.json", city.ok(&["slip", "known"]));
    let answer = |question: &str, known: &std::path::Path| {
        let question = insurer.file("ask.txt", question);
        insurer.run(&[
            "exchange",
            "answer",
            &question.display().to_string(),
            "--with",
            &known.display().to_string(),
            "--list",
            &list.display().to_string(),
            "--name",
            "BPJS Ketenagakerjaan Cabang Contoh",
            "--out",
            &file(&insurer, "answer.txt"),
        ])
    };
    let mut changed = question.clone();
    let at = changed.len() / 2;
    changed.replace_range(at..=at, if &changed[at..=at] == "Q" { "R" } else { "Q" });
    assert_eq!(answer(&changed, &known).status.code(), Some(2), "a question that was changed");
    let said = answer(&question, &known);
    let told = String::from_utf8(said.stdout).unwrap();
    assert!(told.contains("30 ditanyakan") && told.contains("1 baris tidak terbaca"), "{told}");
    let reply = std::fs::read_to_string(insurer.path("answer.txt")).unwrap();
    let theirs = city.file("bpjs.json", insurer.ok(&["slip", "known"]));

    // Nobody's number is in any file, plain or in base64 of the whole.
    for text in [&question, &reply] {
        assert!(workers.iter().all(|w| !text.contains(&w.nik)));
        let payload = text.split('.').nth(1).unwrap();
        let plain = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, payload).unwrap();
        let plain = String::from_utf8(plain).unwrap();
        assert!(workers.iter().all(|w| !plain.contains(&w.nik) && !plain.contains(&w.name)));
    }

    let read = |reply: &str, keys: &std::path::Path| {
        let reply = city.file("reply.txt", reply);
        city.run(&["exchange", "read", &reply.display().to_string(), "--with", &keys.display().to_string(), "--json"])
    };
    assert_eq!(read(&reply, &known).status.code(), Some(2), "signed by somebody else");
    assert_eq!(read(&question, &theirs).status.code(), Some(2), "a question for an answer");
    let out = read(&reply, &theirs);
    let json: serde_json::Value =
        serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&out.stderr)));
    assert_eq!(
        (json["known"].as_u64(), json["unknown"].as_u64()),
        (Some(15), Some(15)),
        "as many as a plain comparison finds"
    );
    // The very people: each is found by number, and by digest.
    for (i, worker) in workers.iter().enumerate() {
        let (_, digest) = city.typed(&["person", "find"], &worker.nik);
        let one = json["people"].as_array().unwrap().iter().find(|p| p["person"] == digest.trim()).unwrap();
        assert_eq!(one["known"], i % 2 == 0, "{}", worker.name);
    }
    assert_eq!(read(&reply, &theirs).status.code(), Some(2), "read once");
    // Asked again, nothing that travels is the same.
    assert!(ask(&site.code).status.success());
    let again = std::fs::read_to_string(city.path("ask.txt")).unwrap();
    let points = |text: &str| -> Vec<String> {
        let plain =
            base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text.split('.').nth(1).unwrap())
                .unwrap();
        let json: serde_json::Value = serde_json::from_slice(&plain).unwrap();
        json["points"].as_array().unwrap().iter().map(|p| p.as_str().unwrap().to_owned()).collect()
    };
    let before = points(&question);
    assert!(points(&again).iter().all(|p| !before.contains(p)));
    assert_eq!(read(&reply, &theirs).status.code(), Some(2), "an answer to the question of before");
    for world in [city, &insurer] {
        world.ok(&["audit", "verify"]);
    }
}
