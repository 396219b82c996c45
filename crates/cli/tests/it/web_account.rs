//! One's own account over HTTP: sessions that end, keys that reach no further than their owner, views of the list.

use crate::http::Desk;
use crate::world::World;
use authz::Role;

fn asked(desk: &Desk, path: &str, key: &str) -> (u16, serde_json::Value) {
    let answer = desk.raw("GET", path, &[("Authorization", &format!("Bearer {key}"))], b"");
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

fn made(desk: &Desk, session: &str, fields: &[(&str, &str)]) -> String {
    let page = desk.post("/akun/kunci", session, fields);
    let at = page.body.find("payung_").unwrap_or_else(|| panic!("{} {}", page.status, page.body));
    page.body[at..].split('<').next().unwrap().to_owned()
}

#[test]
fn a_key_reads_what_it_was_made_for_and_no_more() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let (_, all) = asked(&desk, "/api/v1/public/projects", "");
    assert_eq!(all["message"].as_str().map(str::is_empty), Some(false), "an empty key is no key");
    let list: serde_json::Value = serde_json::from_str(&desk.get("/api/v1/projects", &admin).body).unwrap();
    let agency = list["projects"][0]["agency"].as_str().unwrap().to_owned();
    let other = list["projects"].as_array().unwrap().iter().find(|p| p["agency"] != agency.as_str()).unwrap();
    let link = desk.invite(&admin, "ppk@kota.go.id", Role::Ppk, &agency);
    let (ppk, _) = desk.accept(&link, "ppk@kota.go.id");

    for (fields, words) in [
        (vec![("nama", ""), ("project", "1"), ("hari", "30")], "Beri kunci nama"),
        (vec![("nama", "Dasbor"), ("hari", "30")], "Pilih sedikitnya satu"),
    ] {
        let answer = desk.post("/akun/kunci", &ppk, &fields);
        assert!(answer.status == 422 && answer.body.contains(words), "{}", answer.body);
    }
    assert_eq!(desk.post("/akun/kunci", &ppk, &[("nama", "a"), ("project", "1"), ("hari", "9999")]).status, 400);
    let key = made(&desk, &ppk, &[("nama", "Dasbor"), ("project", "1"), ("hari", "30")]);
    assert!(!desk.get("/akun", &ppk).body.contains(&key), "shown once");

    // Its owner's agency, and nothing that was not chosen.
    let (status, own) = asked(&desk, "/api/v1/projects", &key);
    assert!(status == 200 && own["projects"].as_array().unwrap().iter().all(|p| p["agency"] == agency.as_str()));
    let code = own["projects"][0]["code"].as_str().unwrap();
    let (status, whole) = asked(&desk, &format!("/api/v1/projects/{code}"), &key);
    assert!(status == 200 && !whole["sources"].as_array().unwrap().is_empty());
    assert_eq!(asked(&desk, &format!("/api/v1/projects/{}", other["code"].as_str().unwrap()), &key).0, 404);
    assert_eq!(asked(&desk, "/api/v1/findings", &key).0, 403);
    assert_eq!(asked(&desk, "/api/v1/figures", &key).0, 403);
    assert_eq!(
        asked(&desk, "/api/v1/projects?sate=exposed", &key).0,
        400,
        "a misspelt filter does not give everything"
    );
    assert_eq!(asked(&desk, "/api/v1/projects?state=exposd", &key).0, 400);
    let (_, exposed) = asked(&desk, "/api/v1/projects?state=exposed", &key);
    assert!(exposed["projects"].as_array().unwrap().iter().all(|p| p["state"] == "exposed"));
    // It opens no page, changes nothing, and a wrong one is not taken for nobody.
    let page = desk.raw("GET", "/proyek", &[("Authorization", &format!("Bearer {key}"))], b"");
    assert!(page.status == 303 && page.header("location").starts_with("/masuk?"));
    assert_eq!(asked(&desk, "/api/v1/public/projects", &format!("{key}0")).0, 401);

    // Nobody else ends it; its owner does.
    let id = desk.get("/akun", &ppk).body.split("/akun/kunci/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    assert_eq!(desk.post(&format!("/akun/kunci/{id}/cabut"), &admin, &[]).status, 404);
    assert_eq!(asked(&desk, "/api/v1/projects", &key).0, 200);
    assert_eq!(desk.post(&format!("/akun/kunci/{id}/cabut"), &ppk, &[]).status, 303);
    assert_eq!(asked(&desk, "/api/v1/projects", &key).0, 401);

    // Whoever is suspended reads nothing any more, by no way.
    let key = made(&desk, &ppk, &[("nama", "Lembar"), ("finding", "1"), ("hari", "90")]);
    assert_eq!(asked(&desk, "/api/v1/findings?standing=all", &key).0, 200);
    let people = desk.get("/orang", &admin).body;
    let row = people.split("<tr>").find(|row| row.contains("ppk@kota.go.id")).unwrap();
    let member = row.split("/orang/").nth(1).unwrap().split('/').next().unwrap();
    assert_eq!(desk.post(&format!("/orang/{member}/henti"), &admin, &[]).status, 303);
    assert_eq!(asked(&desk, "/api/v1/findings", &key).0, 401);
    world.ok(&["audit", "verify"]);
    if world.database.is_none() {
        let database = std::fs::read(world.home().join("payung.db")).unwrap();
        let secret = app::desk::unhex(key.strip_prefix("payung_").unwrap()).unwrap();
        for kept in [key.as_bytes(), &secret] {
            assert!(!database.windows(kept.len()).any(|w| w == kept), "the database holds a key as it is");
        }
    }
}

#[test]
fn sessions_are_listed_and_end_one_by_one_or_together() {
    let world = World::new();
    let desk = Desk::start(&world);
    let (first, secret) = desk.accept(&desk.first_link.clone().unwrap(), "kepala@kota.go.id");
    let again = |after: &str| -> String {
        // A code works once: the next one comes with the next half minute.
        let now = app::clock::seconds().unsigned_abs();
        let step = desk.post("/masuk", "", &[("alamat", "kepala@kota.go.id"), ("sandi", crate::http::PASSWORD)]);
        let half = step.session().unwrap();
        for seconds in [now, now + 30, now - 30] {
            let code = app::desk::sign_in::code_at(&secret, seconds).unwrap();
            let full = desk.post("/masuk/kode", &half, &[("kode", &code)]);
            if full.status == 303
                && let Some(session) = full.session()
                && session != after
            {
                return session;
            }
        }
        panic!("no code was taken");
    };
    let second = again(&first);
    let page = desk.get("/akun", &second).body;
    assert!(page.matches("name=\"sesi\"").count() == 1 && page.contains("sesi ini"), "{page}");
    let mark = page.split("name=\"sesi\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(desk.post("/akun/sesi", &second, &[("sesi", "0000000000000000")]).status, 303);
    assert_eq!(desk.get("/akun", &first).status, 200, "an unknown mark ends nothing");
    assert_eq!(desk.post("/akun/sesi", &second, &[("sesi", &mark)]).status, 303);
    assert_eq!(desk.get("/akun", &first).status, 303);
    assert_eq!(desk.get("/akun", &second).status, 200);
}

#[test]
fn a_view_of_the_list_is_kept_let_go_and_kept_again() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let keep = |name: &str, query: &str| desk.post("/akun/tampilan", &admin, &[("nama", name), ("tanya", query)]);
    let kept = keep("Belum terlindungi", "keadaan=exposed&urut=nilai&sesudah=9~a&jahat=%3Cscript%3E");
    assert_eq!(kept.header("location"), "/proyek?keadaan=exposed&urut=nilai");
    assert_eq!(keep("", "keadaan=exposed").status, 422);
    assert_eq!(keep("Kosong", "").status, 422);
    let page = desk.get("/proyek", &admin).body;
    assert!(
        page.contains("href=\"/proyek?keadaan=exposed&amp;urut=nilai\"")
            || page.contains("keadaan=exposed&#38;urut=nilai")
    );
    keep("Belum terlindungi", "keadaan=window");
    let page = desk.get("/akun", &admin).body;
    assert_eq!(page.matches("Belum terlindungi").count(), 1, "the same name is one view");
    let id = page.split("/akun/tampilan/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let gone = desk.post(&format!("/akun/tampilan/{id}/hapus"), &admin, &[]);
    let page = desk.get(gone.header("location").split('#').next().unwrap(), &admin).body;
    assert!(page.contains("Batalkan") && page.contains("value=\"keadaan=window\""), "{page}");
    assert_eq!(desk.post(&format!("/akun/tampilan/{id}/hapus"), &admin, &[]).status, 404);
}

/// What a device says is tried in a browser (dev/webwalk); here is what nobody's device said.
#[test]
fn a_passkey_attempt_is_good_once_and_nonsense_opens_nothing() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let begin = |session: &str, path: &str| -> serde_json::Value {
        let answer = desk.post(path, session, &[]);
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    };
    let (first, second) = (begin("", "/masuk/sandi-kunci/mulai"), begin("", "/masuk/sandi-kunci/mulai"));
    assert_ne!(first["options"]["challenge"], second["options"]["challenge"]);
    assert_eq!(
        (&first["options"]["rpId"], &first["options"]["userVerification"]),
        (&"localhost".into(), &"required".into())
    );
    let token = first["token"].as_str().unwrap();
    let enter = |token: &str| desk.post("/masuk/sandi-kunci", "", &[("tanda", token), ("jawab", "{}")]);
    let refused = enter(token);
    assert!(
        refused.status == 422 && refused.body.contains("tidak dikenal di sini"),
        "{} {}",
        refused.status,
        refused.body
    );
    for none in ["zz", "", &token[2..], &format!("{}00", &token[..token.len() - 2])] {
        assert!(enter(none).body.contains("Waktu untuk kunci sandi"), "an attempt is ours and whole: {none}");
    }
    // A key is made for whoever asked, with a fresh proof, and not for another.
    assert_eq!(desk.post("/akun/sandi-kunci/mulai", "", &[]).status, 303, "nobody is signed in");
    let offered = begin(&admin, "/akun/sandi-kunci/mulai");
    assert_eq!(offered["options"]["authenticatorSelection"]["userVerification"], "required");
    let mine = offered["token"].as_str().unwrap();
    assert!(enter(mine).body.contains("Waktu untuk kunci sandi"), "an offer of a key lets nobody in");
    let offered = begin(&admin, "/akun/sandi-kunci/mulai");
    let fields = [("tanda", offered["token"].as_str().unwrap()), ("jawab", "{\"id\":1}"), ("perangkat", "Laptop")];
    let kept = desk.post("/akun/sandi-kunci", &admin, &fields);
    assert!(kept.status == 422 && !kept.body.contains("<b>Laptop</b>"), "{}", kept.status);
    assert_eq!(desk.post("/akun/sandi-kunci/1/cabut", &admin, &[]).status, 404);
}
