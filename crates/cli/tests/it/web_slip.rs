//! Slips: given about a verdict, checked without the desk, withdrawn, and what a lost key does to them.

use crate::http::Desk;
use crate::web_letters::{KOP, unregistered};
use crate::world::World;
use authz::Role;

/// A circular of the made-up city that holds the start order of whoever is not registered.
const CIRCULAR: &str = "path: gate/start-order-registered\nvalues:\n  - from: 2026-01-01\n    readings:\n      - id: edaran_kota\n        default: true\n        choice: hold\n        citation: { instrument: SE Wali Kota 12/2026, article: angka 3 }\n        confidence: instrument\n        checked: 2026-11-26\n";

struct Site {
    world: World,
    desk: Desk,
    admin: String,
    finance: String,
    agency: String,
    project: String,
}

impl Site {
    fn new() -> Self {
        let world = World::new();
        let (desk, admin) = Desk::over_city(&world);
        drop(desk);
        std::fs::create_dir_all(world.home().join("law")).unwrap();
        std::fs::write(world.home().join("law/edaran.yaml"), CIRCULAR).unwrap();
        let desk = Desk::start(&world);
        let (project, _) = unregistered(&desk, &admin, 0);
        let whole = desk.json(&format!("/api/v1/projects/{project}"), &admin).1;
        let agency = whole["project"]["agency"].as_str().unwrap().to_owned();
        let finance =
            desk.accept(&desk.invite(&admin, "bpkad@kota.go.id", Role::FinanceClerk, &agency), "bpkad@kota.go.id").0;
        Self { world, desk, admin, finance, agency, project }
    }

    fn verdict(&self, step: &str) -> String {
        let path = format!("/proyek/{}/gerbang", self.project);
        self.desk.post(&path, &self.finance, &[("langkah", step)]).header("location").to_owned()
    }

    fn slip(&self, verdict: &str, kind: &str) -> (u16, String) {
        let given = self.desk.post(&format!("{verdict}/slip"), &self.finance, &[("jenis", kind)]);
        (given.status, given.header("location").to_owned())
    }

    /// The answer of the command, with the city's public keys in a file.
    fn check(&self, file: &std::path::Path, on: &str) -> (i32, String) {
        let known = self.world.file("known.json", self.world.ok(&["slip", "known"]));
        self.check_with(file, &known, on)
    }

    fn check_with(&self, file: &std::path::Path, known: &std::path::Path, on: &str) -> (i32, String) {
        let path = |p: &std::path::Path| p.display().to_string();
        let out = self.world.run(&["verify", &path(file), "--with", &path(known), "--on", on, "--json"]);
        let json: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap_or_default();
        (out.status.code().unwrap(), json["answer"].as_str().unwrap_or_default().to_owned())
    }
}

#[test]
fn a_slip_is_given_checked_elsewhere_and_withdrawn() {
    let site = Site::new();
    let (desk, today) = (&site.desk, app::clock::today());
    let on = today.to_string();
    assert_eq!(site.world.run(&["slip", "known"]).status.code(), Some(2), "no key before the first slip");
    assert_eq!(desk.json("/api/v1/public/slips", "").0, 404);
    let held = site.verdict("start-order");
    let page = desk.post(&format!("{held}/slip"), &site.finance, &[("jenis", "status")]);
    assert!(page.status == 422 && page.body.contains("Kop surat belum lengkap"), "{}", page.body);
    assert_eq!(desk.post("/kop", &site.admin, &KOP).status, 303);

    // What is held gets no clearance; a statement of how it stands it does.
    assert_eq!(site.slip(&held, "clearance").0, 422);
    assert_eq!(site.slip(&held, "izin").0, 400);
    let (status, stands) = site.slip(&held, "status");
    assert_eq!(status, 303);
    let passed = site.verdict("advance");
    let (status, slip) = site.slip(&passed, "clearance");
    assert_eq!(status, 303);
    assert!(slip.ends_with("-000002") && stands.ends_with("-000001"), "{slip} {stands}");
    let page = desk.get(&slip, &site.finance).body;
    assert!(
        page.contains("Surat keterangan boleh") && page.contains("<svg") && page.contains("/verify#PAYUNG1."),
        "{page}"
    );
    assert!(desk.get(&format!("{slip}/pdf"), &site.finance).bytes.starts_with(b"%PDF-"));
    let file = site.world.file("slip.json", desk.get(&format!("{slip}/json"), &site.finance).bytes);
    let status_file = site.world.file("status.json", desk.get(&format!("{stands}/json"), &site.finance).bytes);

    // Elsewhere, with public keys and nothing else.
    assert_eq!(site.check(&file, &on), (0, "good".to_owned()));
    assert_eq!(site.check(&status_file, &on), (0, "good".to_owned()));
    let later = kernel::date::add_days(today, 14).unwrap().to_string();
    assert_eq!(site.check(&file, &later), (1, "expired".to_owned()));
    assert_eq!(site.check(&file, "2026-01-01"), (1, "not_yet".to_owned()));
    let bytes = std::fs::read_to_string(&file).unwrap();
    let at = bytes.find("PAYUNG1.").unwrap() + 30;
    let mut other = bytes.clone();
    other.replace_range(at..=at, if &bytes[at..=at] == "Q" { "R" } else { "Q" });
    let (code, answer) = site.check(&site.world.file("other.json", &other), &on);
    assert!(code == 1 && (answer == "altered" || answer == "unknown_key"), "{answer}");
    assert_eq!(site.check(&site.world.file("bukan.json", "{}"), &on), (1, "altered".to_owned()));
    assert_eq!(site.check_with(&file, &file, &on).0, 2, "a slip is no list of keys");
    assert_eq!(site.world.run(&["verify", "tidak-ada.json"]).status.code(), Some(2));
    assert!(site.world.ok(&["verify", &file.display().to_string()]).contains("Asli dan berlaku"));

    // The public page holds keys and list and runs nothing else; the file of it is the same.
    let verify = desk.get("/verify", "");
    assert!(verify.status == 200 && verify.body.contains("\"withdrawals\":\"PAYUNGW1."), "{}", verify.body);
    let policy = verify.header("content-security-policy");
    assert!(
        policy.contains("script-src 'sha256-") && !policy.contains("unsafe") && !policy.contains("connect-src"),
        "{policy}"
    );
    assert_eq!(desk.get("/verify.html", "").body, verify.body);
    let known = desk.json("/api/v1/public/slips", "");
    assert_eq!((known.0, known.1["keys"].as_array().unwrap().len()), (200, 1), "{}", known.1);

    // Nobody else sees it or gives one; withdrawn once, with a reason.
    let other = desk.accept(&desk.invite(&site.admin, "lain@kota.go.id", Role::Ppk, "DINAS LAIN"), "lain@kota.go.id").0;
    assert_eq!(desk.get(&slip, &other).status, 404);
    assert_eq!(desk.post(&format!("{passed}/slip"), &other, &[("jenis", "status")]).status, 404);
    let withdraw = |who: &str, how: &str, why: &str| {
        desk.post(&format!("{slip}/tarik"), who, &[("cara", how), ("alasan", why)]).status
    };
    assert_eq!(withdraw(&other, "ended", "salah proyek"), 404);
    assert_eq!(withdraw(&site.finance, "ended", "x"), 422);
    assert_eq!(withdraw(&site.finance, "hilang", "salah proyek"), 422);
    assert_eq!(withdraw(&site.finance, "void", "salah proyek"), 303);
    assert_eq!(withdraw(&site.finance, "void", "salah proyek"), 422, "once");
    assert_eq!(site.check(&file, &on), (1, "withdrawn".to_owned()));
    assert_eq!(site.check(&status_file, &on), (0, "good".to_owned()));
    assert!(desk.get(&slip, &site.finance).body.contains("salah proyek"));
    assert!(site.world.json(&["slip", "list", "--json"])["slips"].as_array().unwrap().len() == 2);
    site.world.ok(&["audit", "verify"]);
    assert!(!site.agency.is_empty());
}

#[test]
fn what_two_persons_set_aside_is_cleared_no_longer_than_they_said() {
    let site = Site::new();
    let desk = &site.desk;
    assert_eq!(desk.post("/kop", &site.admin, &KOP).status, 303);
    let held = site.verdict("start-order");
    let boss = desk
        .accept(&desk.invite(&site.admin, "wakil@kota.go.id", Role::Supervisor, &site.agency), "wakil@kota.go.id")
        .0;
    let until = kernel::date::add_days(app::clock::today(), 3).unwrap().to_string();
    let fields =
        [("alasan", "paper_shown"), ("isi", "Sertifikat asli ditunjukkan di loket."), ("sampai", until.as_str())];
    assert_eq!(desk.post(&format!("{held}/kecuali"), &site.finance, &fields).status, 303);
    assert_eq!(site.slip(&held, "clearance").0, 422, "one person is not enough");
    assert_eq!(desk.post("/gerbang/kecuali/1", &boss, &[("putusan", "lepas")]).status, 303);
    let (status, slip) = site.slip(&held, "clearance");
    assert_eq!(status, 303);
    let file = site.world.file("slip.json", desk.get(&format!("{slip}/json"), &site.finance).bytes);
    assert_eq!(site.check(&file, &until), (0, "good".to_owned()));
    let after = kernel::date::add_days(app::clock::today(), 4).unwrap().to_string();
    assert_eq!(site.check(&file, &after), (1, "expired".to_owned()));
}

#[test]
fn what_was_said_is_taken_away_in_one_sealed_file() {
    let site = Site::new();
    let desk = &site.desk;
    let out = site.world.path("bukti.jsonl");
    let path = out.display().to_string();
    let made = |about: &[&str]| site.world.run(&[&["evidence"][..], about, &["--out", &path]].concat()).status.code();
    assert_eq!(made(&["--project", &site.project]), Some(2), "no letterhead, no city to speak for");
    assert_eq!(desk.post("/kop", &site.admin, &KOP).status, 303);
    let held = site.verdict("start-order");
    let (_, slip) = site.slip(&held, "status");
    assert_eq!(made(&["--project", "tidak:ada"]), Some(2));
    assert_eq!(made(&["--year", "1999"]), Some(2));
    assert!(!out.exists(), "nothing that looks like a bundle is left");
    assert_eq!(made(&["--agency", &site.agency]), Some(0));
    let known = site.world.file("known.json", site.world.ok(&["slip", "known"])).display().to_string();
    let check = |file: &str| {
        let out = site.world.run(&["verify", file, "--with", &known, "--json"]);
        let json: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap_or_default();
        (out.status.code().unwrap(), json)
    };
    let (code, json) = check(&path);
    assert_eq!((code, &json["answer"]), (0, &serde_json::json!("whole")), "{json}");
    assert_eq!([&json["counts"][0], &json["counts"][1], &json["counts"][3]], [1, 1, 1], "{json}");
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(
        text.contains(slip.rsplit('/').next().unwrap()) && text.contains("KOTA-BUATAN-sp2d.csv"),
        "files are named"
    );
    // Another word anywhere, and it proves nothing.
    let other = site.world.file("lain.jsonl", text.replacen("\\\"hold\\\"", "\\\"pass\\\"", 1)).display().to_string();
    assert!(text.contains("\\\"hold\\\""), "the rule that holds is in it");
    assert_eq!(check(&other).0, 1);
    // The same from the page, within one's scope.
    let page = |who: &str, field: (&str, &str)| desk.post("/gerbang/bukti", who, &[field]);
    let taken = page(&site.finance, ("proyek", &site.project));
    assert!(taken.status == 200 && taken.bytes.starts_with(b"{\"kind\":\"head\""), "{}", taken.body);
    let file = site.world.file("web.jsonl", &taken.bytes).display().to_string();
    assert_eq!(check(&file).0, 0);
    let other = desk.accept(&desk.invite(&site.admin, "lain@kota.go.id", Role::Ppk, "DINAS LAIN"), "lain@kota.go.id").0;
    assert_eq!(page(&other, ("proyek", &site.project)).status, 400);
    assert_eq!(page(&other, ("dinas", &site.agency)).status, 400);
    assert_eq!(page(&site.finance, ("tahun", "kemarin")).status, 400);
    site.world.ok(&["audit", "verify"]);
}

#[test]
fn a_lost_key_proves_nothing_that_the_city_does_not_affirm() {
    let site = Site::new();
    let (desk, on) = (&site.desk, app::clock::today().to_string());
    assert_eq!(desk.post("/kop", &site.admin, &KOP).status, 303);
    let (_, slip) = site.slip(&site.verdict("advance"), "clearance");
    let file = site.world.file("slip.json", desk.get(&format!("{slip}/json"), &site.finance).bytes);
    let before = site.world.file("before.json", site.world.ok(&["slip", "known"]));
    // Whoever took the key signs the same number with later days, and a number nobody gave.
    let secret: [u8; 32] = std::fs::read(site.world.home().join("keys/slip/k1.key")).unwrap().try_into().unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text.split('"').nth(3).unwrap();
    let payload =
        base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text.split('.').nth(1).unwrap())
            .unwrap();
    let forged = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut said: serde_json::Value = serde_json::from_slice(&payload).unwrap();
        change(&mut said);
        let said: verify::Payload = serde_json::from_value(said).unwrap();
        verify::sign(verify::slip::SLIP, &said, &secret.into()).unwrap()
    };
    let longer = site.world.file("longer.txt", forged(&|p| p["until"] = "2099-12-31".into()));
    let new = site.world.file("new.txt", forged(&|p| p["number"] = "SK-2026-000777".into()));
    for forgery in [&longer, &new] {
        assert_eq!(site.check_with(forgery, &before, &on), (0, "good".to_owned()), "until the loss is known");
    }
    assert!(site.world.ok(&["slip", "rotate", "--lost"]).contains("k2"));
    for forgery in [&longer, &new] {
        assert_eq!(site.check(forgery, &on), (1, "cannot_tell".to_owned()));
    }
    assert_eq!(site.check(&file, &on), (0, "good".to_owned()), "the city says that it gave this one");
    let (_, next) = site.slip(&site.verdict("advance"), "clearance");
    let next = site.world.file("next.json", desk.get(&format!("{next}/json"), &site.finance).bytes);
    assert_eq!(site.check(&next, &on), (0, "good".to_owned()));
    assert_eq!(
        site.check_with(&next, &before, &on),
        (1, "unknown_key".to_owned()),
        "an old page does not know the key"
    );
    assert!(site.world.ok(&["slip", "rotate"]).contains("k3"));
    assert_eq!(site.check(&next, &on), (0, "good".to_owned()), "a key that retires goes on verifying");
}
