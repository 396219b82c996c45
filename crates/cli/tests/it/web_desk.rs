//! The desk over HTTP: rights on every address, forged and broken requests, sessions, work that survives a kill.

use crate::http::{Desk, PASSWORD, percent};
use crate::world::World;
use authz::{Action, Actor, Grant, Resource, Role, Scope, may};

/// A path with its places filled.
fn filled(path: &str) -> String {
    [
        ("{code}", "nontender:1"),
        ("{*path}", "jakon/duty"),
        ("{token}", "00"),
        ("{name}", "x-payung.css"),
        ("{person}", "00"),
        ("{ids}", "999"),
        ("{id}", "999"),
        ("{number}", "SK-2000-000001"),
        ("{stage}", "1"),
        ("{who}", "wali-kota"),
        ("{photo}", "1"),
        ("{document}", "1"),
        ("{invite}", "1"),
        ("{role}", "ppk"),
    ]
    .iter()
    .fold(path.to_owned(), |p, (place, value)| p.replace(place, value))
}

#[test]
fn every_address_does_what_its_line_says_for_every_persona() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let projects: serde_json::Value = serde_json::from_str(&desk.get("/api/v1/projects", &admin).body).unwrap();
    let agency = projects["projects"][0]["agency"].as_str().unwrap();
    let own = |role: Role, scope: Scope| vec![Grant { role, scope }];
    let agencies = Scope::Agencies(vec![agency.to_owned()]);
    let personas = [
        (Role::Ppk, agency.to_owned(), own(Role::Ppk, agencies.clone())),
        (Role::AccountRep, agency.to_owned(), own(Role::AccountRep, agencies.clone())),
        (Role::Auditor, agency.to_owned(), own(Role::Auditor, agencies.clone())),
        (Role::Donor, agency.to_owned(), own(Role::Donor, agencies)),
        (
            Role::Contractor,
            "012345678901000".to_owned(),
            own(Role::Contractor, Scope::Vendors(vec!["012345678901000".to_owned()])),
        ),
    ];
    let mut sessions = vec![(String::new(), Actor::public())];
    for (i, (role, scope, grants)) in personas.into_iter().enumerate() {
        let login = format!("orang{i}@kota.go.id");
        let link = desk.invite(&admin, &login, role, &scope);
        sessions.push((desk.accept(&link, &login).0, Actor::member(1, grants)));
    }
    for (method, path, right) in web::ROUTES {
        for (session, actor) in &sessions {
            if *path == "/keluar" {
                continue;
            }
            let answer = match *method {
                "GET" => desk.get(&filled(path), session),
                _ => desk.post(&filled(path), session, &[("alasan", "uji"), ("peran", "ppk")]),
            };
            let who = actor.grants.first().map_or("public", |g| g.role.name());
            let told = format!("{method} {path} as {who}: {}", answer.status);
            assert!(answer.status < 500 && answer.status > 0, "{told}\n{}", answer.body);
            let sent_away =
                answer.status == 401 || answer.status == 303 && answer.header("location").starts_with("/masuk?");
            if *right == "signed" {
                assert!(answer.status != 403 && sent_away == actor.id.is_none(), "{told}");
                continue;
            }
            if *right == "gateway" {
                assert_eq!(answer.status, 401, "{told}");
                continue;
            }
            let Some((resource, action)) = right.split_once(' ') else {
                assert!(answer.status != 403 && !sent_away, "{told}");
                continue;
            };
            let allowed = may(actor, Action::parse(action).unwrap(), Resource::parse(resource).unwrap());
            // Whoever has no work list is shown the way to a page that is theirs.
            let led_on = *path == "/hari-ini" && answer.status == 303 && !sent_away;
            match (actor.id, allowed) {
                (_, true) => assert!(answer.status != 403 && !sent_away, "{told}"),
                (None, false) => assert!(sent_away, "{told}"),
                (Some(_), false) => assert!(answer.status == 403 || led_on, "{told}"),
            }
        }
    }
}

#[test]
fn an_officer_sees_one_agency_and_no_other() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let json = |path: &str, session: &str| -> serde_json::Value {
        serde_json::from_str(&desk.get(path, session).body).unwrap()
    };
    let all = json("/api/v1/projects", &admin);
    let all = all["projects"].as_array().unwrap();
    let own = all[0]["agency"].as_str().unwrap();
    let other = all.iter().find(|p| p["agency"] != own).unwrap();
    let link = desk.invite(&admin, "ppk@kota.go.id", Role::Ppk, own);
    let (ppk, _) = desk.accept(&link, "ppk@kota.go.id");
    let listed = json("/api/v1/projects", &ppk);
    let listed = listed["projects"].as_array().unwrap();
    assert!(!listed.is_empty() && listed.iter().all(|p| p["agency"] == own));
    let code = other["code"].as_str().unwrap();
    for path in [format!("/proyek/{code}"), format!("/api/v1/projects/{code}")] {
        assert_eq!(desk.get(&path, &ppk).status, 404, "{path}");
        assert_eq!(desk.get(&path, &admin).status, 200, "{path}");
    }
    let name = other["name"].as_str().unwrap();
    let agency = percent(other["agency"].as_str().unwrap());
    for path in ["/proyek", "/proyek.csv", "/hari-ini", &format!("/proyek?dinas={agency}"), "/temuan/not-registered"] {
        assert!(!desk.get(path, &ppk).body.contains(name), "{path}");
    }
    // What everybody sees holds no evidence and no number of a taxpayer.
    let public = desk.get(&format!("/api/v1/public/projects/{code}"), "");
    assert!(public.status == 200 && !public.body.contains("evidence") && !public.body.contains("npwp"));
}

#[test]
fn forged_broken_and_oversized_requests_change_nothing() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let cookie = format!("payung_sesi={admin}");
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let invite = b"alamat=penyusup%40kota.go.id&nama=A&peran=auditor&lingkup=";
    for foreign in [("Origin", "https://jahat.id"), ("Sec-Fetch-Site", "cross-site")] {
        let answer = desk.raw("POST", "/orang", &[("Cookie", &cookie), form, foreign], invite);
        assert_eq!(answer.status, 403, "{foreign:?}");
    }
    let big = vec![b'a'; 200 << 10];
    let bodies: [(&str, &[u8]); 5] = [
        ("application/x-www-form-urlencoded", b"alamat=%FF%FE&sandi=\xff"),
        ("application/x-www-form-urlencoded", &big),
        ("application/json", b"{\"alamat\": 1}"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=\"berkas\"; filename=\"../../x.csv\"\r\n\r\na",
        ),
        ("text/plain", b""),
    ];
    for (_, path, _) in web::ROUTES.iter().filter(|(method, path, _)| *method == "POST" && *path != "/keluar") {
        for (kind, body) in &bodies {
            for session in ["", cookie.as_str()] {
                let answer = desk.raw("POST", &filled(path), &[("Cookie", session), ("Content-Type", kind)], body);
                // What begins with a device reads no body, and changes nothing that lasts.
                let begins = path.ends_with("/sandi-kunci/mulai") && answer.status == 200;
                assert!(
                    begins || (300..500).contains(&answer.status),
                    "{path} {kind}: {} {}",
                    answer.status,
                    answer.body
                );
            }
        }
    }
    for path in [
        "/proyek/%00",
        "/proyek/%FF",
        "/hukum/../../etc/passwd",
        "/proyek?q=%22%20OR%20*&sesudah=x~y",
        "/berkas/-1",
        "/tugas/99999999999999999999",
        "/pasangan?sesudah=abc",
        "/publik?q='%3B--",
    ] {
        let answer = desk.get(path, &admin);
        assert!(answer.status < 500 && answer.status > 0, "{path}: {}", answer.status);
    }
    let answer = desk.get("/proyek", &admin);
    for (name, part) in [
        ("content-security-policy", "default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
    ] {
        assert!(answer.header(name).contains(part), "{name}: {}", answer.header(name));
    }
    assert!(!answer.header("x-request-id").is_empty());
    // Nobody was invited, and no file went up.
    assert!(!desk.get("/orang", &admin).body.contains("penyusup@kota.go.id"));
    world.ok(&["audit", "verify"]);
}

#[test]
fn sessions_change_at_every_step_and_end_together() {
    let world = World::new();
    let desk = Desk::start(&world);
    let link = desk.first_link.clone().unwrap();
    let (first, secret) = desk.accept(&link, "kepala@kota.go.id");
    assert_eq!(desk.get(&link, "").status, 400, "a link works once");
    assert_eq!(desk.get("/orang", &first).status, 200);
    assert_eq!(desk.get("/orang", &"ab".repeat(32)).status, 303, "a token nobody gave is nobody");

    let wrong = desk.post("/masuk", "", &[("alamat", "kepala@kota.go.id"), ("sandi", "salah sekali lagi")]);
    assert_eq!((wrong.status, wrong.session()), (422, None));
    let planted = "cd".repeat(32);
    let half = desk.post("/masuk", &planted, &[("alamat", "Kepala@Kota.go.id"), ("sandi", PASSWORD)]);
    let half = half.session().unwrap();
    assert_ne!(half, planted);
    assert_eq!(desk.get("/orang", &half).status, 303, "half signed in is not signed in");
    // The code of the invitation was used; the next one is good, once.
    let now = app::clock::seconds().unsigned_abs();
    let used = app::desk::sign_in::code_at(&secret, now).unwrap();
    let next = app::desk::sign_in::code_at(&secret, now + 30).unwrap();
    let again = desk.post("/masuk/kode", &half, &[("kode", &used)]);
    let full = desk.post("/masuk/kode", &half, &[("kode", &next)]);
    if again.status != 303 {
        assert_eq!(full.status, 303, "{}", full.body);
        let full = full.session().unwrap();
        assert_ne!(full, half);
        assert_eq!(desk.get("/orang", &half).status, 303, "the half session is over");
        assert_eq!(desk.get("/orang", &full).status, 200);
        assert_eq!(desk.post("/keluar", &full, &[]).status, 303);
        assert_eq!(desk.get("/orang", &full).status, 303);
        assert_eq!(desk.get("/orang", &first).status, 303, "signing out ends all sessions");
    }
    let guess = || desk.post("/masuk", "", &[("alamat", "kepala@kota.go.id"), ("sandi", "salah sekali lagi")]);
    // Many at the same moment are no more than the limit.
    let judged = std::thread::scope(|s| {
        let guesses: Vec<_> = (0..32).map(|_| s.spawn(guess)).collect();
        guesses.into_iter().map(|g| g.join().unwrap()).filter(|r| !r.body.contains("15 menit")).count()
    });
    assert!((1..=8).contains(&judged), "{judged}");
    for _ in 0..8 {
        guess();
    }
    let waits = desk.post("/masuk", "", &[("alamat", "kepala@kota.go.id"), ("sandi", PASSWORD)]);
    assert!(waits.status == 422 && waits.body.contains("15 menit"), "{}", waits.body);
    let secret_text = app::desk::hex(&secret);
    // A server's tables are no file of ours to look into; what is stored there is the same.
    let database = std::fs::read(world.home().join("payung.db")).unwrap_or_default();
    assert_eq!(database.is_empty(), world.database.is_some());
    for kept in [first.as_bytes(), &secret, secret_text.as_bytes(), PASSWORD.as_bytes()] {
        assert!(!database.windows(kept.len()).any(|w| w == kept), "the database holds a secret as it is");
    }
}

#[test]
fn a_right_over_the_city_waits_for_a_second_person() {
    let world = World::new();
    let desk = Desk::start(&world);
    let (admin, _) = desk.accept(&desk.first_link.clone().unwrap(), "kepala@kota.go.id");
    let (auditor, _) = desk.accept(&desk.invite(&admin, "audit@kota.go.id", Role::Auditor, ""), "audit@kota.go.id");
    assert_eq!(desk.get("/jejak", &auditor).status, 403, "not before somebody else agrees");
    assert_eq!(desk.post("/orang/hak/4", &admin, &[]).status, 422, "whoever asked does not release");
    assert_eq!(desk.get("/jejak", &auditor).status, 403);
    let (second, _) = desk.accept(&desk.invite(&admin, "wakil@kota.go.id", Role::Supervisor, ""), "wakil@kota.go.id");
    assert_eq!(desk.post("/orang/hak/4", &second, &[]).status, 303);
    assert_eq!(desk.get("/jejak", &auditor).status, 200);
    world.ok(&["audit", "verify"]);
}

#[test]
fn an_unknown_setting_is_refused_with_its_name() {
    let world = World::new();
    std::fs::create_dir_all(world.home()).unwrap();
    std::fs::write(world.home().join("payung.yaml"), "listen: 127.0.0.1:0\nport: 80\n").unwrap();
    let out = world.run(&["--lang", "en", "serve"]);
    let said = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(2), "{said}");
    assert!(said.contains("\"port\"") && said.contains("listen, https"), "{said}");
}

#[test]
fn an_import_that_was_promised_is_done_after_a_kill() {
    let world = World::new();
    let mut desk = Desk::start(&world);
    let (admin, secret) = desk.accept(&desk.first_link.clone().unwrap(), "kepala@kota.go.id");
    let mut csv = String::from("nomor_proyek,nama_proyek,nama_perusahaan,tanggal_daftar\n");
    (0..20_000).for_each(|i| csv.push_str(&format!("26{i:011},Drainase Blok {i},CV CONTOH {i},2026-07-01\n")));
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"berkas\"; filename=\"daftar.csv\"\r\n\r\n{csv}\r\n--x--\r\n"
    );
    let cookie = format!("payung_sesi={admin}");
    let headers = [("Cookie", cookie.as_str()), ("Content-Type", "multipart/form-data; boundary=x")];
    let laid = desk.raw("POST", "/impor", &headers, body.as_bytes());
    assert_eq!(laid.status, 303, "{}", laid.body);
    let preview = laid.header("location").to_owned();
    let shown = desk.get(&preview, &admin);
    assert!(shown.body.contains("20.000 baris") && shown.body.contains("Drainase Blok 9"), "{}", shown.body);
    let promised = desk.post(&format!("{preview}/simpan"), &admin, &[]);
    assert_eq!(promised.status, 303);
    let job = promised.header("location").to_owned();
    desk.program.lock().unwrap().0.kill().unwrap();
    desk.program.lock().unwrap().0.wait().unwrap();

    desk = Desk::start(&world);
    assert!(desk.first_link.is_none(), "there is an administrator");
    drop(secret);
    desk.wait("the job was forgotten", || desk.get(&job, &admin).body.contains("20.000 baris: 20.000 baru"));
    // The same bytes again change nothing.
    let laid = desk.raw("POST", "/impor", &headers, body.as_bytes());
    let again = desk.post(&format!("{}/simpan", laid.header("location")), &admin, &[]);
    let job = again.header("location").to_owned();
    desk.wait("no second outcome", || desk.get(&job, &admin).body.contains("20.000 sama"));
}

#[test]
fn a_month_of_the_dashboard_opens_its_projects() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let page = desk.get("/dasbor", &admin).body;
    let months: Vec<&str> = page.split("/proyek?bulan=").skip(1).map(|p| p.split('"').next().unwrap()).collect();
    assert!(!months.is_empty(), "{page}");
    let codes = |path: &str| -> std::collections::BTreeSet<String> {
        let body = desk.get(path, &admin).body;
        body.split("href=\"/proyek/").skip(1).map(|p| p.split('"').next().unwrap().to_owned()).collect()
    };
    let (all, mut met) = (codes("/proyek"), std::collections::BTreeSet::new());
    for month in &months {
        let own = codes(&format!("/proyek?bulan={month}"));
        assert!(!own.is_empty() && own.is_subset(&all) || all.len() >= 50, "{month}");
        met.extend(own);
    }
    assert!(codes("/proyek?bulan=1999-01").is_empty());
    // What is no month filters nothing.
    assert_eq!(codes("/proyek?bulan=%25%25%25%25%25%25%25"), all);
    // Taken away as a file, each of them has a day without cover.
    let taken = desk.get(&format!("/proyek.csv?bulan={}", months[0]), &admin).body;
    let mut rows = csv::ReaderBuilder::new().from_reader(taken.trim_start_matches('\u{feff}').as_bytes());
    let uncovered: Vec<i64> = rows.records().map(|r| r.unwrap()[12].parse().unwrap()).collect();
    assert!(!uncovered.is_empty() && uncovered.iter().all(|n| *n > 0), "{taken}");
    assert!(met.len() <= all.len() || all.len() >= 50);
}
