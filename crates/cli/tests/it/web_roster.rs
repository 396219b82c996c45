//! A contractor keeps the list of a project: laid down as it is, mended in place, stored, asked about on any day, taken back.

use crate::http::{Desk, Response};
use crate::world::World;
use authz::Role;
use std::path::Path;
use testkit::roster::{Mess, Worker, crew, sheet};

pub(crate) struct Site {
    pub(crate) world: World,
    pub(crate) desk: Desk,
    pub(crate) admin: String,
    pub(crate) rep: String,
    pub(crate) code: String,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::over(World::new())
    }

    pub(crate) fn over(world: World) -> Self {
        let (desk, admin) = Desk::over_city(&world);
        let json: serde_json::Value = serde_json::from_str(&desk.get("/api/v1/projects", &admin).body).unwrap();
        let project = &json["projects"][0];
        let code = project["code"].as_str().unwrap().to_owned();
        let agency = project["agency"].as_str().unwrap();
        let link = desk.invite(&admin, "ar@bpjs.go.id", Role::AccountRep, agency);
        let (rep, _) = desk.accept(&link, "ar@bpjs.go.id");
        Self { world, desk, admin, rep, code }
    }

    pub(crate) fn roster(&self) -> String {
        format!("/proyek/{}/pekerja", self.code)
    }

    pub(crate) fn upload(&self, session: &str, path: &Path, day: &str) -> Response {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"hari\"\r\n\r\n{day}\r\n--x\r\nContent-Disposition: form-data; name=\"berkas\"; filename=\"{name}\"\r\n\r\n"
        )
        .into_bytes();
        body.extend(std::fs::read(path).unwrap());
        body.extend_from_slice(b"\r\n--x--\r\n");
        let cookie = format!("payung_sesi={session}");
        let headers = [("Cookie", cookie.as_str()), ("Content-Type", "multipart/form-data; boundary=x")];
        self.desk.raw("POST", &format!("{}/unggah", self.roster()), &headers, &body)
    }

    /// Lays a list down; the address of the look at it.
    pub(crate) fn lay(&self, workers: &[Worker], mess: bool, day: &str) -> (String, Vec<Mess>) {
        let (path, done) =
            sheet(&self.world.path(""), &format!("pekerja-{}-{day}", workers.len()), 5, workers, mess).unwrap();
        let answer = self.upload(&self.rep, &path, day);
        assert_eq!(answer.status, 303, "{}", answer.body);
        (answer.header("location").to_owned(), done)
    }

    pub(crate) fn store(&self, look: &str, fields: &[(&str, &str)]) -> String {
        let mut fields = fields.to_vec();
        fields.push(("tindakan", "catat"));
        let answer = self.desk.post(look, &self.rep, &fields);
        assert_eq!(answer.status, 303, "{}", answer.body);
        answer.header("location").to_owned()
    }

    pub(crate) fn there(&self, day: &str) -> usize {
        let body = self.desk.get(&format!("{}?hari={day}", self.roster()), &self.rep).body;
        let table = body.split("<caption>").nth(1).map_or("", |t| t.split("</table>").next().unwrap());
        table.matches("<tr><td>").count()
    }
}

#[test]
fn a_list_is_laid_down_compared_mended_and_stored() {
    let site = Site::new();
    let workers = crew(5, 60);
    assert!(site.desk.get(&site.roster(), &site.rep).body.contains("Belum ada seorang pun"));

    let (look, done) = site.lay(&workers, true, "2026-01-05");
    let page = site.desk.get(&look, &site.rep).body;
    assert!(page.contains("60 masuk, 0 berubah, 0 tetap, 0 perlu diperiksa"), "{page}");
    assert!(page.contains("3 baris bukan orang"), "a total and a signature are nobody");
    let damaged = done.iter().filter(|m| **m != Mess::Light).count();
    assert!(damaged > 0);
    assert_eq!(page.matches(".nik\" value=").count(), damaged, "every damaged number can be mended");
    for (worker, _) in workers.iter().zip(&done).filter(|(_, m)| **m == Mess::Light) {
        assert!(!page.contains(&worker.nik), "a number that reads is masked");
    }
    assert_eq!(site.there("2026-01-05"), 0, "nothing is stored by looking");

    // One number is mended, the others go in without one.
    let at = done.iter().position(|m| *m != Mess::Light).unwrap();
    let went = site.store(&look, &[(&format!("sel.{at}.nik"), workers[at].nik.as_str())]);
    assert!(went.contains("kabar=60.0.0.0"), "{went}");
    assert_eq!((site.there("2026-01-05"), site.there("2026-01-04")), (60, 0));
    // By address: of ten one names another regency and two name no place at all.
    let figures = || site.desk.get("/dasbor/pekerja", &site.admin).body;
    site.desk.wait("where they live is counted", || figures().contains("42 (88 %)"));
    assert_eq!(site.desk.get(&look, &site.rep).status, 404, "the draft is gone");

    // The same list again says nothing.
    let (look, _) = site.lay(&workers, true, "2026-01-06");
    let page = site.desk.get(&look, &site.rep).body;
    assert!(page.contains("0 masuk, 0 berubah, 60 tetap, 0 perlu diperiksa, 0 tidak ada"), "{page}");
    assert!(site.store(&look, &[]).contains("kabar=0.0.0.0"));

    // A later list: two are gone, three are new, one earns more, one is misspelt with a digit amiss.
    let mut later: Vec<Worker> = workers[2..].to_vec();
    later.extend(crew(5, 63).split_off(60));
    later[5].wage += 10_000;
    later[9].name.insert(2, 'X');
    let digit = if later[9].nik.ends_with('7') { "8" } else { "7" };
    later[9].nik.replace_range(15..16, digit);
    let (look, _) = site.lay(&later, false, "2026-02-02");
    let page = site.desk.get(&look, &site.rep).body;
    assert!(page.contains("Mungkin orang yang sudah ada"), "{page}");
    assert!(page.contains("2 tidak ada pada daftar ini"), "{page}");
    let doubt = page.split("name=\"sama.").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let gone: Vec<&str> =
        page.split("name=\"hilang\" value=\"").skip(1).map(|p| p.split('"').next().unwrap()).collect();
    let went = site.store(
        &look,
        &[(&format!("sama.{doubt}"), "ya"), ("hilang", gone[0]), ("keluar", gone[0]), ("hilang", gone[1])],
    );
    assert!(went.contains("kabar=3."), "{went}");
    // Whoever is not ticked stays; the last day is the one before the list.
    assert_eq!((site.there("2026-02-01"), site.there("2026-02-02")), (60, 62));

    // One press takes the whole list back.
    let undo = went.split("batal=").nth(1).unwrap();
    let answer = site.desk.post(&format!("{}/batal/{undo}", site.roster()), &site.rep, &[]);
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(site.there("2026-02-02"), 60);
    site.world.ok(&["audit", "verify"]);
    // No number lies readable in the data folder, nor in what the desk said on its way.
    let database = std::fs::read(site.world.home().join("payung.db")).unwrap_or_default();
    assert!(!database.windows(16).any(|w| w == workers[3].nik.as_bytes()));
}

#[test]
fn lines_that_cannot_be_wait_and_the_others_are_stored() {
    let site = Site::new();
    let csv = "Nama;NIK;Tanggal Mulai;Tanggal Keluar;Upah\n\
        BUDI SANTOSO;9971010203900001;05-01-2026;;150.000\n\
        SLAMET;9971011508850012;05-01-2026;01-01-2026;150.000\n\
        AGUS;9971022001790033;31-02-2026;;150.000\n\
        =cmd|' /C calc'!A0;9971033112680004;05-01-2026;;1000000000\n\
        TONI;9971010203900001;05-01-2026;;0\n\
        ;9971040107920009;05-01-2026;;150.000\n\
        WAWAN;9971051403950005;05-01-2099;;150.000\n";
    let path = site.world.file("daftar.csv", csv);
    let answer = site.upload(&site.rep, &path, "2026-01-10");
    let look = answer.header("location").to_owned();
    let page = site.desk.get(&look, &site.rep).body;
    assert!(page.contains("2 masuk, 0 berubah, 0 tetap, 4 perlu diperiksa"), "{page}");
    for said in [
        "Hari terakhir mendahului hari pertama",
        "Tanggal itu tidak ada",
        "terlalu besar untuk sebuah upah",
        "Hari itu belum tiba",
        "sama dengan baris 2",
        "Nama kosong",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(site.store(&look, &[]).contains("kabar=2.0.0.4"));
    assert_eq!(site.there("2026-01-10"), 2);
    // What waits is mended later and follows.
    let page = site.desk.get(&look, &site.rep).body;
    let at = page
        .split("name=\"sel.")
        .find(|p| p.split('"').next().unwrap().ends_with(".selesai_bekerja"))
        .unwrap()
        .split('.')
        .next()
        .unwrap()
        .to_owned();
    let went = site.store(&look, &[(&format!("sel.{at}.selesai_bekerja"), "20-01-2026")]);
    assert!(went.contains("kabar=1.0.0.3"), "{went}");
    assert_eq!((site.there("2026-01-10"), site.there("2026-01-21")), (3, 2));
    assert_eq!(site.desk.post(&look, &site.rep, &[("tindakan", "buang")]).status, 303);
    assert_eq!(site.desk.get(&look, &site.rep).status, 404);

    // What is no list says so.
    let path = site.world.file("foto.xlsx", vec![0xFFu8; 5_000]);
    assert_eq!(site.upload(&site.rep, &path, "").status, 422);
    let path = site.world.file("foto.jpg", vec![0xFFu8; 17 << 20]);
    let answer = site.upload(&site.rep, &path, "");
    assert!(answer.status == 400 && answer.body.contains("16 MB"), "{} {}", answer.status, answer.body);
    let left = std::fs::read_dir(site.world.home().join("uploads")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing of it stays");
    let path = site.world.file("kosong.csv", "Nama;NIK\n");
    assert_eq!(site.upload(&site.rep, &path, "").status, 422);
}

#[test]
fn people_are_named_to_few_and_every_look_is_written_down() {
    let site = Site::new();
    let workers = crew(9, 8);
    let (look, _) = site.lay(&workers, false, "2026-01-05");
    site.store(&look, &[]);
    let page = site.desk.get(&site.roster(), &site.rep).body;
    let name = kernel::text::clean(&workers[0].name);
    assert!(page.to_uppercase().contains(&name), "{page}");
    assert!(workers.iter().all(|w| !page.contains(&w.nik)));
    let person = page.split("href=\"/pekerja/").nth(1).unwrap().split('"').next().unwrap();
    let listed = site.desk.get(&format!("/api/v1/projects/{}/people?day=2026-01-06", site.code), &site.rep);
    let json: serde_json::Value = serde_json::from_str(&listed.body).unwrap();
    assert_eq!(json["people"].as_array().unwrap().iter().filter(|p| p["present"] == true).count(), 8, "{json}");
    assert!(listed.body.contains(person) && workers.iter().all(|w| !listed.body.contains(&w.nik)));
    for (path, status) in [("?day=2099-01-01", 400), ("?hari=2026-01-06", 400)] {
        assert_eq!(site.desk.get(&format!("/api/v1/projects/{}/people{path}", site.code), &site.rep).status, status);
    }
    let person = format!("/pekerja/{person}");

    // The manpower office sees initials until it says what for.
    let json: serde_json::Value = serde_json::from_str(&site.desk.get("/api/v1/projects", &site.admin).body).unwrap();
    let project =
        json["projects"].as_array().unwrap().iter().find(|p| p["code"] == site.code.as_str()).unwrap().clone();
    let link = site.desk.invite(
        &site.admin,
        "disnaker@kota.go.id",
        Role::ManpowerOfficer,
        project["agency"].as_str().unwrap(),
    );
    let (officer, _) = site.desk.accept(&link, "disnaker@kota.go.id");
    let seen = site.desk.get(&site.roster(), &officer).body;
    assert!(!seen.to_uppercase().contains(&format!(">{name}<")) && !seen.contains("name=\"orang\""), "{seen}");
    assert_eq!(site.desk.post(&site.roster(), &officer, &[("tindakan", "coret")]).status, 403);
    assert_eq!(site.desk.post(&person, &officer, &[("alasan", "ya")]).status, 422);
    let shown = site.desk.post(&person, &officer, &[("alasan", "memeriksa laporan kecelakaan 12/K3")]).body;
    assert!(workers.iter().any(|w| shown.contains(&w.nik)), "{shown}");
    assert!(!site.desk.get(&person, &officer).body.contains("99710"), "once");

    // Another agency's representative, and the public, find nothing.
    let other = json["projects"].as_array().unwrap().iter().find(|p| p["agency"] != project["agency"]).unwrap();
    let link = site.desk.invite(&site.admin, "lain@bpjs.go.id", Role::AccountRep, other["agency"].as_str().unwrap());
    let (stranger, _) = site.desk.accept(&link, "lain@bpjs.go.id");
    for path in [site.roster(), person.clone(), format!("{}/bpjs.xlsx", site.roster())] {
        assert_eq!(site.desk.get(&path, &stranger).status, 404, "{path}");
    }
    let (path, _) = sheet(&site.world.path(""), "curang", 5, &workers, false).unwrap();
    assert_eq!(site.upload(&stranger, &path, "").status, 404);
    assert_eq!(site.desk.get(&site.roster(), "").status, 303);

    // What is said about people: one leaves, one was never there.
    let marks: Vec<String> =
        page.split("name=\"orang\" value=\"").skip(1).map(|p| p.split('"').next().unwrap().to_owned()).collect();
    let say = |act: &str, mark: &str, day: &str| {
        site.desk.post(&site.roster(), &site.rep, &[("orang", mark), ("tindakan", act), ("hari", day)])
    };
    assert_eq!(say("keluar", &marks[0], "2026-02-01").status, 303);
    assert_eq!(say("keluar", &marks[1], "2025-12-01").status, 422, "before the first day");
    assert_eq!(say("keluar", "00", "2026-02-01").status, 404);
    assert_eq!(say("coret", &marks[1], "").status, 303);
    assert_eq!((site.there("2026-02-01"), site.there("2026-02-02")), (7, 6));

    // Taken away in the insurer's layout: text, in its order, noted.
    let taken = site.desk.get(&format!("{}/bpjs.xlsx?hari=2026-02-02", site.roster()), &site.rep);
    assert_eq!(taken.status, 200);
    let link =
        site.desk.invite(&site.admin, "dpo@kota.go.id", Role::DataProtection, project["agency"].as_str().unwrap());
    let (dpo, _) = site.desk.accept(&link, "dpo@kota.go.id");
    let trail = site.desk.get("/jejak", &dpo).body;
    for act in ["roster_read", "roster_change", "roster_export", "person_reveal", "person_read"] {
        assert!(trail.contains(act), "{act}: {trail}");
    }
    assert!(workers.iter().all(|w| !trail.contains(&w.nik) && !trail.contains(&w.name)));
}

#[test]
fn the_same_from_the_command_line() {
    let world = World::new();
    let files = world.city(3, 60);
    world.import(&crate::world::refs(&files));
    let workers = crew(5, 12);
    let (path, _) = sheet(&world.path(""), "daftar", 5, &workers, false).unwrap();
    let path = path.to_string_lossy().into_owned();
    let monev = world.json(&["monev", "--json"]);
    assert!(monev.is_object());
    let report = std::fs::read_to_string(world.home().join("monev/projects.csv")).unwrap();
    let code = report.lines().nth(1).unwrap().split(',').next().unwrap().trim_matches('"').to_owned();
    let tried = world.json(&["roster", &code, &path, "--dry-run", "--json", "--day", "2026-01-05"]);
    assert_eq!((tried["join"].as_u64(), tried["stored"].as_bool()), (Some(12), Some(false)), "{tried}");
    let stored = world.json(&["roster", &code, &path, "--json", "--day", "2026-01-05"]);
    assert_eq!((stored["join"].as_u64(), stored["stored"].as_bool()), (Some(12), Some(true)), "{stored}");
    let again = world.json(&["roster", &code, &path, "--json", "--day", "2026-01-05"]);
    assert_eq!((again["same"].as_u64(), again["stored"].as_bool()), (Some(12), Some(false)), "{again}");
    let (path, _) = sheet(&world.path(""), "daftar-2", 5, &workers[..10], false).unwrap();
    let left =
        world.json(&["roster", &code, &path.to_string_lossy(), "--json", "--others-left", "--day", "2026-01-12"]);
    assert_eq!((left["missing"].as_u64(), left["left"].as_u64()), (Some(2), Some(2)), "{left}");
    let on = |day: &str| world.json(&["roster", &code, "--json", "--day", day])["there"].as_u64();
    assert_eq!((on("2026-01-04"), on("2026-01-11"), on("2026-01-12")), (Some(0), Some(12), Some(10)));
    let said = world.ok(&["roster", &code, "--day", "2026-01-12"]);
    assert!(workers.iter().all(|w| !said.contains(&w.nik) && !said.contains(&w.name)), "{said}");
    let out = world.path("lapor.xlsx");
    world.ok(&["roster", &code, "--day", "2026-01-12", "--export", &out.to_string_lossy()]);
    assert!(std::fs::read(&out).unwrap().starts_with(b"PK"));
    assert_eq!(world.run(&["roster", "tidak:ada"]).status.code(), Some(2));
    assert_eq!(world.run(&["roster", &code, "tidak-ada.xlsx"]).status.code(), Some(2));
    assert!(world.run(&["rebuild", "--verify"]).status.success());
    world.ok(&["audit", "verify"]);
}

/// What the page of the check answers, without what differs from one asking to the next.
fn answer(site: &Site, fields: &[(&str, &str)]) -> String {
    let answer = site.desk.post(&format!("/cek/{}", site.code), "", fields);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body.split("role=\"status\"").nth(1).unwrap().split("</div>").next().unwrap().to_owned()
}

#[test]
fn a_worker_asks_and_nobody_else_learns_anything() {
    let site = Site::new();
    let mut csv = String::from("Nama;NIK;Tgl Lahir;No KPJ;Mulai Bekerja\n");
    for (i, w) in crew(3, 30).iter().enumerate() {
        csv.push_str(&format!("{};{};{};{:011};2026-11-01\n", w.name, w.nik, w.birth, 70_000_000_000u64 + i as u64));
    }
    let path = site.world.file("daftar.csv", &csv);
    let look = site.upload(&site.rep, &path, "2026-11-01").header("location").to_owned();
    assert!(site.store(&look, &[]).contains("kabar=30."));
    let slips = site.desk.get(&format!("{}/poster", site.roster()), &site.rep).body;
    assert!(slips.contains(&format!("/cek/{}", site.code)) && slips.contains("<svg"));
    let codes: Vec<&str> = slips
        .split("<li>")
        .skip(1)
        .map(|s| s.split("class=\"code\">").nth(1).unwrap().split('<').next().unwrap())
        .collect();
    assert_eq!(codes.len(), 30);
    assert!(codes.iter().collect::<std::collections::BTreeSet<_>>().len() == 30 && codes[0].len() == 9);

    // Whoever holds the slip is answered, however it is typed; the answer says no name and no number.
    let worker = &crew(3, 30)[0];
    let told = answer(&site, &[("kode", codes[0])]);
    assert!(told.contains("terlindungi") && !told.contains("Tidak dapat dijawab"), "{told}");
    assert!(!told.contains(&worker.name) && !told.contains(&worker.nik[..6]), "{told}");
    assert_eq!(answer(&site, &[("kode", &codes[0].to_lowercase().replace('-', " "))]), told);
    // Or who knows card, number and birth together.
    let birth = worker.birth.to_string();
    let card = [("kpj", "70000000000"), ("nik", worker.nik.as_str()), ("lahir", birth.as_str())];
    assert_eq!(answer(&site, &card), told);
    // Any of the three alone is nothing, and nothing looks the same whatever is wrong.
    let nothing = answer(&site, &[("kode", "2222-2222")]);
    assert!(nothing.contains("Tidak dapat dijawab"), "{nothing}");
    for wrong in [
        [("kpj", "70000000001"), card[1], card[2]],
        [card[0], ("nik", "9971010101700001"), card[2]],
        [card[0], card[1], ("lahir", "1970-01-01")],
        [("kpj", ""), card[1], card[2]],
    ] {
        assert_eq!(answer(&site, &wrong), nothing, "{wrong:?}");
    }
    // Five tries on one number a day, right ones too; then the same nothing.
    for _ in 0..3 {
        let _ = answer(&site, &card);
    }
    assert_eq!(answer(&site, &card), nothing, "the budget of this number is used up");
    // Somebody who knows district and birth, and guesses the last four digits: twenty tries, and none of them tells.
    let other = &crew(3, 30)[1];
    let birth = other.birth.to_string();
    for serial in 1..=40 {
        let nik = format!("{}{serial:04}", &other.nik[..12]);
        assert_eq!(answer(&site, &[("kpj", "70000000009"), ("nik", &nik), ("lahir", &birth)]), nothing);
    }
    let own = [("kpj", "70000000001"), ("nik", other.nik.as_str()), ("lahir", birth.as_str())];
    assert_eq!(answer(&site, &own), nothing, "and the district and birth are closed for the day");
    // Others are not shut out by it.
    assert_ne!(answer(&site, &[("kode", codes[5])]), nothing);
    assert_eq!(site.desk.get("/cek/tidak:ada", "").status, 404);
    assert_eq!(site.desk.post("/cek/tidak:ada", "", &[("kode", codes[0])]).status, 404);
}

#[test]
fn a_contractor_keeps_the_lists_of_own_projects_and_of_no_other() {
    let site = Site::new();
    crate::database::settle(&site.world);
    let store = app::home::Home::open(&site.world.home()).unwrap().store().unwrap();
    let everywhere = authz::permit(&authz::Actor::operator()).unwrap();
    let own = store.project(&everywhere, &site.code).unwrap().unwrap();
    let json: serde_json::Value = serde_json::from_str(&site.desk.get("/api/v1/projects", &site.admin).body).unwrap();
    let foreign = json["projects"].as_array().unwrap().iter().find(|p| p["vendor"] != own.vendor.as_str()).unwrap();
    let foreign = foreign["code"].as_str().unwrap();
    assert_eq!(own.npwp.len(), 15);
    let link = site.desk.invite(&site.admin, "kontraktor@contoh.id", Role::Contractor, &own.npwp);
    let (contractor, _) = site.desk.accept(&link, "kontraktor@contoh.id");
    assert_eq!(site.desk.get("/proyek", &contractor).status, 200);
    let (path, _) = sheet(&site.world.path(""), "sendiri", 5, &crew(5, 9), false).unwrap();
    let look = site.upload(&contractor, &path, "2026-01-05").header("location").to_owned();
    assert_eq!(site.desk.post(&look, &contractor, &[("tindakan", "catat")]).status, 303);
    let page = site.desk.get(&format!("{}?hari=2026-01-05", site.roster()), &contractor).body;
    assert_eq!(page.matches("name=\"orang\"").count(), 9);
    assert_eq!(site.desk.get(&format!("{}/bpjs.xlsx?hari=2026-01-05", site.roster()), &contractor).status, 200);
    assert_eq!(site.desk.get(&format!("/proyek/{}/kecelakaan", site.code), &contractor).status, 200);
    // A number is shown whole to whoever may ask for it, and a contractor may not.
    let person = page.split("href=\"/pekerja/").nth(1).unwrap().split('"').next().unwrap();
    let asked = [("alasan", "ingin melihat nomor lengkapnya")];
    assert_eq!(site.desk.post(&format!("/pekerja/{person}"), &contractor, &asked).status, 403);
    for path in ["pekerja", "pekerja/poster", "pekerja/bpjs.xlsx", "kecelakaan"] {
        let path = format!("/proyek/{foreign}/{path}");
        assert_eq!(site.desk.get(&path, &contractor).status, 404, "{path}");
    }
}

#[test]
fn cover_by_others_stands_beside_that_of_projects() {
    let site = Site::new();
    let others = site.world.json(&["monev", "--json"])["accounting"]["places"]["other_cover"].as_i64().unwrap();
    let workers = crew(5, 6);
    let (look, _) = site.lay(&workers, false, "2026-08-05");
    site.store(&look, &[]);
    let row = |payer: &str, name: &str, from: &str, to: &str| {
        format!("{payer},{name},{},{},{from},{to}\n", workers[0].nik, workers[0].name.replace(',', " "))
    };
    let csv = [
        "pembayar,nama_pembayar,nik,nama,mulai_bekerja,selesai_bekerja\n".to_owned(),
        row("donatur", "DONATUR A", "2026-06-01", "2026-07-15"),
        row("CSR", "DONATUR B", "2026-07-01", "2026-07-31"),
        row("BPU mandiri", "", "2026-08-10", "2026-08-20"),
        "entah,,9971010101700001,TANPA PEMBAYAR,2026-01-01,\n".to_owned(),
    ]
    .concat();
    let path = site.world.file("peserta.csv", csv);
    let entry = &site.world.import(&[&path])[0];
    assert_eq!((entry["register"].as_str(), entry["rows"].as_u64()), (Some("peserta_lain"), Some(4)), "{entry}");
    site.desk.wait("the list is in the picture", || site.there("2026-08-05") == 6);
    let page = site.desk.get(&format!("{}?hari=2026-08-05", site.roster()), &site.rep).body;
    let row = page.split("<tr>").find(|r| r.contains(&workers[0].name.to_uppercase())).unwrap();
    let person = row.split("href=\"/pekerja/").nth(1).unwrap().split('"').next().unwrap();
    let page = site.desk.get(&format!("/pekerja/{person}"), &site.rep).body;
    for said in
        ["DONATUR A", "DONATUR B", "Sendiri (BPU)", "15 hari dibayar dua pembayar sejenis", "masa tanpa pelindungan"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    // Cover by others meets no duty of the project: its own people and days are what they were.
    assert_eq!(site.there("2026-08-12"), 6);
    let json = site.desk.get(&format!("/api/v1/people/{person}"), &site.rep).body;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((json["others"].as_array().unwrap().len(), json["double"].as_u64()), (3, Some(15)), "{json}");
    let figures = site.world.json(&["people", "--json"]);
    assert!(
        figures["groups"][0]["people"].as_u64() >= Some(6) && figures["groups"][0]["resident_by_address"].is_null(),
        "{figures}"
    );
    assert!(site.world.ok(&["people"]).contains("Seluruh kota: "));
    let figures = site.desk.get("/api/v1/figures", &site.admin).body;
    assert!(figures.contains("\"resident_by_address\""), "{figures}");
    assert!(site.world.run(&["rebuild", "--verify"]).status.success());
    let report = site.world.json(&["monev", "--json"]);
    assert_eq!(report["accounting"]["places"]["other_cover"].as_i64().unwrap() - others, 3, "{report}");
}

#[test]
fn days_of_work_stand_beside_what_is_usual_and_may_be_explained() {
    let world = World::new();
    let folder = world.home().join("law");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("upah-minimum.yaml"), testkit::city::MINIMUM_WAGE).unwrap();
    let site = Site::over(world);
    let (look, _) = site.lay(&crew(5, 3), false, "2026-01-05");
    site.store(&look, &[]);
    let page = || site.desk.get(&site.roster(), &site.rep).body;
    site.desk.wait("the band is in the picture", || page().contains("id=\"wajar\""));
    let shown = page();
    assert!(shown.contains("hari-orang sampai sekarang") && shown.contains("Tidak ada akibat hukum"), "{shown}");
    let say = |reason: &str, text: &str| {
        site.desk.post(&site.roster(), &site.rep, &[("tindakan", "alasan"), ("alasan", reason), ("isi", text)]).status
    };
    assert_eq!(say("malas", "tidak perlu alasan"), 422);
    assert_eq!(say("other", ""), 422);
    assert_eq!(say("machines", "Dua ekskavator <b>besar</b>"), 303);
    assert!(page().contains("Banyak alat berat") && page().contains("Dua ekskavator &#60;b&#62;besar"));
    site.desk.wait("the reason is counted", || {
        site.desk.get("/dasbor/pekerja", &site.admin).body.contains("Banyak alat berat")
    });
    let figures = site.desk.get("/dasbor/pekerja", &site.admin).body;
    assert!(figures.contains("dibanding pita"), "{figures}");
    // Of these three one address names another regency, none fewer than five is shown as a share.
    let line = figures.split("Tinggal di kota ini menurut alamat</dt><dd>").nth(1).unwrap();
    assert!(line.starts_with('–'), "{line}");
}

#[test]
fn a_worker_asks_by_text_message_through_the_citys_gateway() {
    let world = World::new();
    std::fs::create_dir_all(world.home()).unwrap();
    let key = "gerbang-pesan-kota-contoh-2026";
    let settings = |text: &str| std::fs::write(world.home().join("payung.yaml"), text).unwrap();
    settings("messages:\n  key: pendek\n  number: \"0812\"\n");
    assert_eq!(world.run(&["serve"]).status.code(), Some(2), "a short key is refused");
    settings(&format!("messages:\n  key: {key}\n  number: \"0812 0000 0000\"\n"));
    let site = Site::over(world);
    let (look, _) = site.lay(&crew(5, 4), false, "2026-08-05");
    site.store(&look, &[]);
    let poster = site.desk.get(&format!("{}/poster", site.roster()), &site.rep).body;
    assert!(poster.contains("0812 0000 0000"), "{poster}");
    let slip = poster.split("<li>").nth(1).unwrap().split("class=\"code\">").nth(1).unwrap().split('<').next().unwrap();
    let send = |key: &str, text: &str| {
        let body = serde_json::json!({ "text": text }).to_string();
        let bearer = format!("Bearer {key}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        site.desk.raw("POST", "/api/v1/messages", &headers, body.as_bytes())
    };
    let reply = |text: &str| {
        let answer = send(key, text);
        assert_eq!(answer.status, 200, "{}", answer.body);
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        let reply = body["reply"].as_str().unwrap().to_owned();
        assert!(reply.chars().count() <= 160, "one message: {reply}");
        reply
    };
    let number = site.code.rsplit(':').next().unwrap();
    let told = reply(&format!("CEK {} {slip}", site.code));
    assert!(told.contains("terlindungi") && !told.contains("Tidak dapat dijawab"), "{told}");
    assert_eq!(
        reply(&format!("cek {number} {}", slip.to_lowercase().replace('-', " "))),
        told,
        "however it is written"
    );
    let nothing = reply(&format!("CEK {number} 2222-2222"));
    assert!(nothing.contains("Tidak dapat dijawab"));
    assert_eq!(reply("CEK 999 2222-2222"), nothing, "no project and no worker sound alike");
    for text in ["", "halo", "CEK", "CEK 1", &"x".repeat(1_500)] {
        assert!(reply(text).starts_with("Untuk bertanya"), "{text}");
    }
    assert_eq!(send("salah", "CEK").status, 401);
    assert_eq!(
        site.desk.raw("POST", "/api/v1/messages", &[("Authorization", &format!("Bearer {key}"))], b"CEK").status,
        400
    );
    // The gateway's key opens nothing else.
    let bearer = format!("Bearer {key}");
    assert_eq!(site.desk.raw("GET", "/api/v1/projects", &[("Authorization", &bearer)], b"").status, 401);
}

#[test]
fn one_person_on_two_projects_is_decided_and_taken_back() {
    let site = Site::new();
    let json: serde_json::Value = serde_json::from_str(&site.desk.get("/api/v1/projects", &site.admin).body).unwrap();
    let projects = json["projects"].as_array().unwrap();
    let agency = &projects.iter().find(|p| p["code"] == site.code.as_str()).unwrap()["agency"];
    let second = projects.iter().find(|p| p["agency"] == *agency && p["code"] != site.code.as_str()).unwrap();
    let second = second["code"].as_str().unwrap();
    let add = |code: &str, name: &str, nik: &str, birth: &str| {
        let fields = [
            ("tindakan", "tambah"),
            ("nama", name),
            ("nik", nik),
            ("tgl_lahir", birth),
            ("mulai_bekerja", "2026-08-05"),
        ];
        let look = site.desk.post(&format!("/proyek/{code}/pekerja"), &site.rep, &fields).header("location").to_owned();
        assert_eq!(site.desk.post(&look, &site.rep, &[("tindakan", "catat")]).status, 303);
    };
    add(&site.code, "SUGIARTO WIBISONO", "9971010203900001", "1990-03-02");
    add(&site.code, "TEGUH SANTOSO", "9971011508850012", "1985-08-15");
    add(second, "SUGIARTO WIBISONNO", "", "1990-03-02");
    let page = site.desk.get("/pekerja/kembar", &site.rep).body;
    assert!(
        page.contains("SUGIARTO WIBISONNO") && page.contains("SUGIARTO WIBISONO") && !page.contains("TEGUH"),
        "{page}"
    );
    assert!(!page.contains("9971010203900001"));
    let value = |name: &str| {
        let at = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        at.split('"').next().unwrap().to_owned()
    };
    let pair = [value("satu"), value("lain")];
    let (status, json) = site.desk.json("/api/v1/people/pairs", &site.rep);
    assert_eq!((status, &json["open"][0]["persons"]), (200, &serde_json::json!(pair)), "{json}");
    assert!(!json.to_string().contains("WIBISON"), "nobody is named");
    assert_eq!(site.world.json(&["person", "pairs", "--json"])["open"][0]["persons"], json["open"][0]["persons"]);
    let projects_of =
        |person: &str| site.desk.get(&format!("/pekerja/{person}"), &site.rep).body.matches("/pekerja\">").count();
    assert_eq!(pair.iter().map(|p| projects_of(p)).collect::<Vec<_>>(), [1, 1]);
    let decide = |what: &str| {
        let fields = [("satu", pair[0].as_str()), ("lain", pair[1].as_str()), ("putusan", what)];
        site.desk.post("/pekerja/kembar", &site.rep, &fields).status
    };
    assert_eq!(decide("mungkin"), 400);
    assert_eq!(decide("sama"), 303);
    assert_eq!(decide("beda"), 404, "decided already");
    assert_eq!(pair.iter().map(|p| projects_of(p)).collect::<Vec<_>>(), [2, 2], "one person, from either side");
    let page = site.desk.get("/pekerja/kembar", &site.rep).body;
    assert!(page.contains("Tidak ada pasangan") && page.contains("orang yang sama"), "{page}");
    let undo = page.split("name=\"batal\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(site.desk.post("/pekerja/kembar", &site.rep, &[("batal", &undo)]).status, 303);
    assert_eq!(projects_of(&pair[0]), 1);
    assert_eq!(site.desk.post("/pekerja/kembar", &site.rep, &[("batal", &undo)]).status, 404);
    assert_eq!(decide("beda"), 303);
    assert!(site.desk.get("/pekerja/kembar", &site.rep).body.contains("dua orang"));
    site.world.ok(&["audit", "verify"]);
    assert!(site.world.run(&["rebuild", "--verify"]).status.success());
}
