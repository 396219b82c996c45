//! What a person may ask: told what is kept, erased on the word of two; and the key changed under everything that is sealed.

use crate::http::Desk;
use crate::web_roster::Site;
use authz::Role;
use testkit::roster::{crew, sheet};

#[test]
fn a_person_is_told_everything_and_erased_on_the_word_of_two() {
    let site = Site::new();
    let workers = crew(7, 6);
    let (path, _) = sheet(&site.world.path(""), "daftar", 5, &workers, false).unwrap();
    let upload = || {
        let look = site.upload(&site.rep, &path, "2026-01-05").header("location").to_owned();
        site.store(&look, &[])
    };
    assert!(upload().contains("kabar=6."));
    let json: serde_json::Value = serde_json::from_str(&site.desk.get("/api/v1/projects", &site.admin).body).unwrap();
    let own = json["projects"].as_array().unwrap().iter().find(|p| p["code"] == site.code.as_str()).unwrap();
    let agency = own["agency"].as_str().unwrap();
    let join = |login: &str, role| site.desk.accept(&site.desk.invite(&site.admin, login, role, agency), login).0;
    let (dpo, boss) = (join("dpo@kota.go.id", Role::DataProtection), join("wakil@kota.go.id", Role::Supervisor));

    // Found by the number on the card; the number stands in no address and no trail.
    let asked = site.desk.post("/pekerja", &dpo, &[("nik", &workers[2].nik)]);
    assert_eq!(asked.status, 303, "{}", asked.body);
    let person = asked.header("location").to_owned();
    assert!(!person.contains(&workers[2].nik));
    assert_eq!(site.desk.post("/pekerja", &dpo, &[("nik", "9971010101700001")]).status, 422);
    assert_eq!(site.desk.post("/pekerja", &boss, &[("nik", &workers[2].nik)]).status, 403);

    // Everything kept, with file and line, and who looked.
    site.desk.get(&person, &dpo);
    let purpose = ("alasan", "diminta sendiri oleh yang bersangkutan");
    assert_eq!(site.desk.post(&format!("{person}/bundel"), &dpo, &[("alasan", "ya")]).status, 400);
    let page = site.desk.post(&format!("{person}/bundel"), &dpo, &[purpose]).body;
    for said in [workers[2].nik.as_str(), "baris", "5 Januari 2026", "membuka halamannya"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(workers.iter().filter(|w| page.contains(&w.nik)).count() == 1, "of one person only");
    let taken = site.desk.post(&format!("{person}/bundel"), &dpo, &[purpose, ("bentuk", "json")]).body;
    let taken: serde_json::Value = serde_json::from_str(&taken).unwrap();
    assert_eq!(taken["lists"].as_array().unwrap().len(), 1);
    assert!(
        taken["lists"][0]["line"].as_u64().unwrap() > 1 && taken["looks"].as_array().unwrap().len() >= 2,
        "{taken}"
    );

    // The same as JSON and as a command; a number is read from standard input and stands in no argument.
    let digest = person.rsplit('/').next().unwrap();
    let path = format!("/api/v1/people/{digest}/bundle");
    let (status, json) = site.desk.say(&path, &dpo, &serde_json::json!({ "purpose": purpose.1 }));
    assert_eq!((status, &json["lists"]), (200, &taken["lists"]));
    assert_eq!(site.desk.say(&path, &dpo, &serde_json::json!({ "purpose": "ya" })).0, 400);
    assert_eq!(site.desk.say(&path, &boss, &serde_json::json!({ "purpose": purpose.1 })).0, 403);
    assert_eq!(site.world.typed(&["person", "find"], &workers[2].nik), (0, format!("{digest}\n")));
    assert_eq!(site.world.typed(&["person", "find"], "9971010101700001").0, 2);
    let out = site.world.path("bundel.json").display().to_string();
    site.world.ok(&["person", "bundle", digest, "--purpose", purpose.1, "--out", &out]);
    assert!(std::fs::read_to_string(&out).unwrap().contains(&workers[2].nik));
    assert_eq!(site.world.run(&["person", "bundle", digest, "--purpose", "ya", "--out", &out]).status.code(), Some(2));
    assert_eq!(
        site.world.run(&["person", "bundle", "00", "--purpose", purpose.1, "--out", &out]).status.code(),
        Some(2)
    );

    // Asked for by one, carried out by another.
    assert_eq!(site.desk.post(&format!("{person}/hapus"), &boss, &[purpose]).status, 403);
    assert_eq!(site.desk.post(&format!("{person}/hapus"), &dpo, &[purpose]).status, 303);
    assert_eq!(site.desk.post(&format!("{person}/hapus"), &dpo, &[purpose]).status, 400, "once");
    assert_eq!(site.desk.post("/penghapusan/1", &dpo, &[("putusan", "hapus")]).status, 403);
    assert!(site.desk.get(&site.roster(), &site.rep).body.contains(&workers[2].name.to_uppercase()));
    assert_eq!(site.desk.post("/penghapusan/1", &boss, &[("putusan", "hapus")]).status, 303);
    assert_eq!(site.desk.post("/penghapusan/1", &boss, &[("putusan", "hapus")]).status, 404, "done");
    assert_eq!(site.desk.json("/api/v1/erasures", &boss).1["erasures"][0]["outcome"], "done");
    assert_eq!(site.desk.json("/api/v1/erasures", &site.rep).0, 403);
    assert_eq!(site.world.json(&["person", "erasures", "--json"])["erasures"][0]["person"], digest);
    let list = site.desk.get("/penghapusan", &boss).body;
    assert!(list.contains("Dihapus") && list.contains("1 baris daftar"), "{list}");

    // The name is gone, the days are not; everybody else stands as before.
    let roster = site.desk.get(&site.roster(), &site.rep).body;
    assert!(!roster.to_uppercase().contains(&workers[2].name.to_uppercase()) && roster.contains("(tanpa nama)"));
    assert_eq!(site.there("2026-01-05"), 6);
    assert_eq!(site.desk.get(&person, &dpo).status, 404);
    assert_eq!(site.desk.post("/pekerja", &dpo, &[("nik", &workers[2].nik)]).status, 422);
    assert_eq!(site.desk.post("/pekerja", &dpo, &[("nik", &workers[3].nik)]).status, 303);
    let world = &site.world;
    world.ok(&["audit", "verify"]);
    assert!(world.run(&["rebuild", "--verify"]).status.success());
    let trail = site.desk.get("/jejak", &dpo).body;
    for act in ["person_search", "person_bundle", "erasure_ask", "erasure_done"] {
        assert!(trail.contains(act), "{act}: {trail}");
    }
    assert!(!trail.contains(&workers[2].nik));
}

#[test]
fn the_key_is_changed_and_everything_opens_as_before() {
    let site = Site::new();
    let workers = crew(7, 6);
    let (look, _) = site.lay(&workers, false, "2026-01-05");
    site.store(&look, &[]);
    let (waiting, _) = site.lay(&crew(8, 3), false, "2026-01-06");
    let told = [("siapa", "Karto Wiryo"), ("apa", "terjepit mesin potong"), ("kapan", "2026-01-05T08:30")];
    let accident = site.desk.post(&format!("/proyek/{}/kecelakaan", site.code), &site.rep, &told);
    let accident = accident.header("location").to_owned();
    let digest = |world: &crate::world::World| world.ok(&["audit", "verify"]);
    let before = digest(&site.world);
    // Not while somebody works with it.
    let busy = site.world.run(&["keys", "rotate"]);
    assert_eq!(busy.status.code(), Some(2), "{}", String::from_utf8_lossy(&busy.stderr));
    let Site { world, desk, rep, code, .. } = site;
    drop(desk);
    let first = std::fs::read(world.home().join("keys/vault.key")).unwrap();
    let said = world.ok(&["keys", "rotate"]);
    assert!(said.contains("seal-2.key") && said.contains("vault.key"), "{said}");
    let again = world.ok(&["keys", "rotate"]);
    assert!(again.contains("seal-3.key") && again.contains("retired"), "{again}");
    assert_eq!(std::fs::read(world.home().join("keys/vault.key")).unwrap(), first);
    let keys: Vec<String> = std::fs::read_dir(world.home().join("keys"))
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|n| n.starts_with("seal-"))
        .collect();
    assert_eq!(keys, ["seal-3.key"]);

    let desk = Desk::start(&world);
    let roster = desk.get(&format!("/proyek/{code}/pekerja?hari=2026-01-05"), &rep);
    assert!(roster.body.matches("name=\"orang\"").count() == 6 && roster.body.contains("9971****"), "{}", roster.body);
    assert!(desk.get(&accident, &rep).body.contains("Karto Wiryo"));
    assert_eq!(desk.get(&waiting, &rep).status, 200);
    // The same list again says nothing: rows are known by digests, which did not change.
    let (path, _) = sheet(&world.path(""), "lagi", 5, &workers, false).unwrap();
    let out = world.json(&["roster", &code, &path.to_string_lossy(), "--json", "--dry-run", "--day", "2026-01-05"]);
    assert_eq!(out["same"].as_u64(), Some(6), "{out}");
    assert_eq!(digest(&world).lines().next().map(str::len), before.lines().next().map(str::len));
    assert!(world.run(&["rebuild", "--verify"]).status.success());
    drop(desk);
    // A change that broke off is taken up: both keys open, the next run ends it.
    std::fs::rename(world.home().join("keys/seal-3.key"), world.home().join("keys/seal-3.key.new")).unwrap();
    std::fs::copy(world.home().join("keys/retired/seal-2.key"), world.home().join("keys/seal-2.key")).unwrap();
    let desk = Desk::start(&world);
    assert!(desk.get(&accident, &rep).body.contains("Karto Wiryo"));
    drop(desk);
    assert!(world.ok(&["keys", "rotate"]).contains("seal-3.key"));
}
