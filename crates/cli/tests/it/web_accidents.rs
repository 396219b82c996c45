//! An accident: told in five questions, on the clock, with who pays; closed to whoever has no business with it.

use crate::http::Desk;
use crate::world::World;
use authz::Role;

#[test]
fn a_lost_finger_from_the_report_to_the_payment() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let json: serde_json::Value = serde_json::from_str(&desk.get("/api/v1/projects", &admin).body).unwrap();
    let projects = json["projects"].as_array().unwrap();
    let (code, agency) = (projects[0]["code"].as_str().unwrap(), projects[0]["agency"].as_str().unwrap());
    let other = projects.iter().find(|p| p["agency"] != agency).unwrap()["agency"].as_str().unwrap();
    let join = |login: &str, role, scope: &str| desk.accept(&desk.invite(&admin, login, role, scope), login).0;
    let rep = join("ar@bpjs.go.id", Role::AccountRep, agency);
    let elsewhere = join("lain@bpjs.go.id", Role::AccountRep, other);
    let ppk = join("ppk@kota.go.id", Role::Ppk, agency);

    let form = format!("/proyek/{code}/kecelakaan");
    assert_eq!(desk.get(&form, &rep).status, 200);
    assert_eq!(desk.get(&form, &ppk).status, 403);
    assert_eq!(desk.get(&form, &elsewhere).status, 404);
    let told = [
        ("siapa", "Karto Wiryo"),
        ("apa", "Jari telunjuk kanan terjepit mesin potong besi"),
        ("cedera", "jari telunjuk kanan putus"),
        ("dirawat", "RSUD"),
        ("saksi", "Pak Mandor"),
    ];
    let tell = |when: &str| {
        let fields: Vec<(&str, &str)> = told.iter().copied().chain([("kapan", when)]).collect();
        desk.post(&form, &rep, &fields)
    };
    assert_eq!(tell("2099-01-01T08:00").status, 422, "has not come");
    assert_eq!(tell("kemarin").status, 422);
    assert_eq!(
        desk.post(&form, &rep, &[("kapan", "2026-01-05T08:00"), ("apa", "terjepit mesin")]).status,
        422,
        "nobody"
    );
    assert_eq!(desk.post(&form, &elsewhere, &[told[0], told[1], ("kapan", "2026-01-05T08:00")]).status, 404);
    let answer = tell("2026-01-05T08:30");
    assert_eq!(answer.status, 303, "{}", answer.body);
    let path = answer.header("location").to_owned();

    // Two times 24 hours to the minute; long over, and said so.
    let page = desk.get(&path, &rep).body;
    assert!(page.contains("7 Januari 2026 08.30") && page.contains("Tenggat tahap I sudah lewat"), "{page}");
    assert!(page.contains("Karto Wiryo") && page.contains("Pasal 43"), "{page}");
    for session in [&elsewhere, &ppk] {
        assert_ne!(desk.get(&path, session).status, 200);
        assert!(!desk.get("/kecelakaan", session).body.contains(&path));
    }
    let step = |step: &str, when: &str| desk.post(&path, &rep, &[("langkah", step), ("kapan", when)]).status;
    assert_eq!(step("stage_two", "2026-01-08T09:00"), 422, "no doctor's letter");
    assert_eq!(step("stage_one", "2026-01-04T09:00"), 422, "before it happened");
    assert_eq!(step("stage_one", "2026-01-06T09:00"), 303);
    assert_eq!(step("stage_one", "2026-01-06T09:00"), 422, "once");
    let page = desk.get(&path, &rep).body;
    assert!(page.contains("Dilaporkan, dalam perawatan") && !page.contains("sudah lewat"), "{page}");
    assert_eq!(step("disabled", "2026-01-20T10:00"), 303);
    assert_eq!(step("stage_two", "2026-01-21T10:00"), 303);
    assert_eq!(step("paid", "2026-02-03T10:00"), 303);
    assert!(desk.get("/kecelakaan", &rep).body.contains("Selesai dibayar"));

    let list = world.json(&["accidents", "--json"]);
    assert_eq!(list["accidents"][0]["report_by"], "2026-01-07T08:30", "{list}");
    assert_eq!(list["accidents"][0]["standing"], "paid");
    assert!(!world.ok(&["accidents"]).contains("Karto"));

    // Health data lies sealed and stands in no trail.
    let database = std::fs::read(world.home().join("payung.db")).unwrap_or_default();
    assert!(!String::from_utf8_lossy(&database).contains("Karto"));
    let dpo = join("dpo@kota.go.id", Role::DataProtection, agency);
    let trail = desk.get("/jejak", &dpo).body;
    assert!(trail.contains("accident_tell") && trail.contains("accident_step") && !trail.contains("Karto"), "{trail}");
    world.ok(&["audit", "verify"]);
}

#[test]
fn who_pays_and_how_much_follow_the_roster_and_the_law() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let json: serde_json::Value =
        serde_json::from_str(&desk.get("/api/v1/projects?state=exposed", &admin).body).unwrap();
    let project = &json["projects"][0];
    let (code, agency) = (project["code"].as_str().unwrap(), project["agency"].as_str().unwrap());
    let rep = desk.accept(&desk.invite(&admin, "ar@bpjs.go.id", Role::AccountRep, agency), "ar@bpjs.go.id").0;
    let roster = format!("/proyek/{code}/pekerja");
    let today = desk.get(&roster, &rep).body.split("name=\"hari\" value=\"").nth(1).unwrap()[..10].to_owned();
    let person = [
        ("tindakan", "tambah"),
        ("nama", "KARTO WIRYO"),
        ("nik", "9971010203900001"),
        ("jenis_upah", "harian"),
        ("upah", "150.000"),
        ("mulai_bekerja", today.as_str()),
    ];
    let look = desk.post(&roster, &rep, &person).header("location").to_owned();
    assert_eq!(desk.post(&look, &rep, &[("tindakan", "catat")]).status, 303);
    let form = format!("/proyek/{code}/kecelakaan");
    let page = desk.get(&form, &rep).body;
    let option = page.split("<option").find(|o| o.contains("KARTO WIRYO")).unwrap();
    let mark = option.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    let when = format!("{today}T00:01");
    let told = [("orang", mark), ("kapan", when.as_str()), ("apa", "jari terjepit mesin potong")];
    let path = desk.post(&form, &rep, &told).header("location").to_owned();
    // To print and sign: with the number in full for whoever may take it away, and noted.
    let (first, second) =
        (desk.get(&format!("{path}/tahap/1"), &rep).body, desk.get(&format!("{path}/tahap/2"), &rep).body);
    assert!(first.contains("9971010203900001") && first.contains("Rp150.000 (harian)"), "{first}");
    assert!(second.contains("Tanggal surat dokter") && !first.contains("Tanggal surat dokter"));
    assert_eq!(desk.get(&format!("{path}/tahap/3"), &rep).status, 404);
    assert!(!desk.get(&path, &rep).body.contains("9971010203900001"));
    // Nobody registered the project: the contractor pays, whoever he is.
    let page = desk.get(&path, &rep).body;
    assert!(page.contains("PP 44/2015") && page.contains("Pasal 27"), "{page}");
    // An index finger, right: 9 % of 80 monthly wages of 25 days at 150,000.
    let page = desk.get(&format!("{path}?rugi=index-right"), &rep).body;
    assert!(page.contains("27.000.000"), "{page}");
}
