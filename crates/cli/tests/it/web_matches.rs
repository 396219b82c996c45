//! Matches over HTTP: several registrations of one project in one step, a second look at what somebody else decided,
//! and what of it is counted.

use crate::http::{Desk, percent};
use crate::world::World;
use authz::Role;

const NUMBERS: [&str; 3] = ["2688000000001", "2688000000002", "2688000000003"];

fn city_with_leftovers(world: &World) -> (Desk, String) {
    world.ok(&["demo", "--no-serve", "--projects", "60"]);
    let mut text = "nomor_proyek,nama_proyek,nama_perusahaan,tanggal_daftar\n".to_owned();
    for number in NUMBERS {
        text += &format!("{number},Pengaspalan Lapangan Upacara,CV TITIK TEMU,2026-07-01\n");
    }
    world.import(&[&world.file("sisa.csv", text)]);
    let desk = Desk::start(world);
    let (admin, _) = desk.accept(&desk.first_link.clone().unwrap(), "kepala@kota.go.id");
    // The city came with a picture: that of what was loaded since hangs a moment later.
    let (project, _) = exposed(&desk, &admin);
    let leftovers = format!("/proyek/{}/pendaftaran?q=titik", percent(&project));
    desk.wait("no picture with leftovers", || desk.get(&leftovers, &admin).body.contains(NUMBERS[0]));
    (desk, admin)
}

/// A project and its agency.
fn exposed(desk: &Desk, session: &str) -> (String, String) {
    let list: serde_json::Value = serde_json::from_str(&desk.get("/api/v1/projects", session).body).unwrap();
    let text = |name: &str| list["projects"][0][name].as_str().unwrap().to_owned();
    (text("code"), text("agency"))
}

fn clerk(desk: &Desk, admin: &str, login: &str, agency: &str) -> String {
    desk.accept(&desk.invite(admin, login, Role::ProcurementClerk, agency), login).0
}

/// Registrations a project page shows.
fn linked(desk: &Desk, session: &str, project: &str) -> usize {
    let page = desk.get(&format!("/proyek/{project}"), session).body;
    NUMBERS.iter().filter(|n| page.contains(&format!("<h3>{n}</h3>"))).count()
}

#[test]
fn several_registrations_are_given_to_a_project_let_go_and_taken_back() {
    let world = World::new();
    let (desk, admin) = city_with_leftovers(&world);
    let (project, agency) = exposed(&desk, &admin);
    let project = percent(&project);
    let clerk = clerk(&desk, &admin, "panitera@kota.go.id", &agency);
    let page = format!("/proyek/{project}/pendaftaran");
    assert_eq!(desk.get(&format!("/proyek/{}/pendaftaran", "tidak-ada"), &clerk).status, 404);
    assert_eq!(desk.get(&page, "").status, 303, "whoever is not signed in signs in");

    // Leftovers are found by any of their words, and only by all of them.
    let found = desk.get(&format!("{page}?q=titik%20UPACARA"), &clerk).body;
    assert!(NUMBERS.iter().all(|n| found.contains(n)), "{found}");
    assert!(!desk.get(&format!("{page}?q=titik%20jembatan"), &clerk).body.contains(NUMBERS[0]));

    // Nothing ticked, nothing that is open: refused, and nothing stored.
    assert_eq!(desk.post(&page, &clerk, &[("putusan", "sama")]).status, 422);
    assert_eq!(desk.post(&page, &clerk, &[("putusan", "sama"), ("nomor", "999")]).status, 400);
    assert_eq!(desk.post(&page, &clerk, &[("nomor", NUMBERS[0])]).status, 400, "no verdict");
    assert_eq!(linked(&desk, &clerk, &project), 0);

    let all = [("nomor", NUMBERS[0]), ("nomor", NUMBERS[1]), ("nomor", NUMBERS[2]), ("putusan", "sama")];
    let stored = desk.post(&page, &clerk, &all);
    assert_eq!(stored.status, 303);
    desk.wait("three registrations", || linked(&desk, &clerk, &project) == 3);

    // One let go; then the step itself taken back, which takes all three.
    let gone = desk.post(&page, &clerk, &[("nomor", NUMBERS[1]), ("putusan", "beda"), ("alasan", "lokasi lain")]);
    assert_eq!(gone.status, 303);
    desk.wait("two registrations", || linked(&desk, &clerk, &project) == 2);
    let file = gone.header("location").split("batal=").nth(1).unwrap().to_owned();
    let back = [("alasan", "salah centang"), ("ke", page.as_str())];
    assert_eq!(desk.post(&format!("/berkas/{file}/batal"), &clerk, &back).status, 303);
    desk.wait("three again", || linked(&desk, &clerk, &project) == 3);
    let file = stored.header("location").split("batal=").nth(1).unwrap().to_owned();
    assert_eq!(desk.post(&format!("/berkas/{file}/batal"), &clerk, &back).status, 303);
    desk.wait("none", || linked(&desk, &clerk, &project) == 0);
    world.ok(&["audit", "verify"]);
}

#[test]
fn a_second_person_judges_blind_and_differences_are_shown() {
    let world = World::new();
    let (desk, admin) = city_with_leftovers(&world);
    let (code, agency) = exposed(&desk, &admin);
    let (first, second) =
        (clerk(&desk, &admin, "satu@kota.go.id", &agency), clerk(&desk, &admin, "dua@kota.go.id", &agency));
    let outsider = clerk(&desk, &admin, "luar@kota.go.id", "DINAS UJI");
    let code = code.as_str();
    let page = format!("/proyek/{}/pendaftaran", percent(code));
    assert!(desk.get("/pasangan/kedua", &second).body.contains("Tidak ada pasangan"));
    let two = [("nomor", NUMBERS[0]), ("nomor", NUMBERS[1]), ("putusan", "sama")];
    assert_eq!(desk.post(&page, &first, &two).status, 303);
    desk.wait("a pair to judge", || desk.get("/pasangan/kedua", &second).body.contains("name=\"pendaftaran\""));

    // Whoever decided is not asked again, by the page or by a form of their own making.
    assert!(!desk.get("/pasangan/kedua", &first).body.contains("name=\"pendaftaran\""));
    let say = |number: &'static str, verdict: &'static str| {
        [("pendaftaran", number), ("proyek", code), ("putusan", verdict), ("tempat", "0")]
    };
    assert_eq!(desk.post("/pasangan/kedua", &first, &say(NUMBERS[0], "beda")).status, 400);
    assert_eq!(desk.post("/pasangan/kedua", &second, &say(NUMBERS[2], "sama")).status, 400, "nobody judged it");
    assert!(!desk.get("/pasangan/kedua", &outsider).body.contains("name=\"pendaftaran\""));
    assert_eq!(desk.post("/pasangan/kedua", &outsider, &say(NUMBERS[0], "sama")).status, 400, "another agency's");
    assert_eq!(desk.get(&page, &outsider).status, 404);

    assert_eq!(desk.post("/pasangan/kedua", &second, &say(NUMBERS[0], "sama")).status, 303);
    assert_eq!(desk.post("/pasangan/kedua", &second, &say(NUMBERS[1], "beda")).status, 303);
    let agreement = || desk.get("/pasangan/kesepakatan", &first).body;
    desk.wait("two pairs judged twice", || agreement().contains("<td class=\"n\">2</td><td class=\"n\">1</td>"));
    let shown = agreement();
    assert!(shown.contains(NUMBERS[1]) && !shown.contains(NUMBERS[0]), "only the pair they differ on is listed");
    assert!(desk.get("/pasangan/kedua", &second).body.contains("Tidak ada pasangan"));
    let elsewhere = desk.get("/pasangan/kesepakatan", &outsider).body;
    assert!(!elsewhere.contains(NUMBERS[1]), "what another agency's people differ on is theirs");
}

/// Somebody there for a district sees its projects, their findings and letters, and nothing of the others.
#[test]
fn a_scope_may_be_a_district() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let list = desk.get("/proyek?kecamatan=Rantau%20Ulu", &admin).body;
    let codes = |page: &str| -> Vec<String> {
        let rows = page.split("<tr><td><a href=\"/proyek/").skip(1);
        rows.map(|row| row.split('"').next().unwrap().to_owned()).collect()
    };
    let inside = codes(&list);
    let all = codes(&desk.get("/proyek", &admin).body);
    assert!(!inside.is_empty() && inside.len() < all.len());
    let outside = all.iter().find(|code| !inside.contains(code)).unwrap();

    let fields = [
        ("alamat", "camat@kota.go.id"),
        ("nama", "Camat"),
        ("peran", Role::Ppk.name()),
        ("lingkup", "Rantau Ulu"),
        ("jenis_lingkup", "kecamatan"),
    ];
    let invited = desk.post("/orang", &admin, &fields).body;
    let link = invited[invited.find("/undangan/").unwrap()..].split('<').next().unwrap().to_owned();
    let (officer, _) = desk.accept(&link, "camat@kota.go.id");
    assert!(desk.get("/orang", &admin).body.contains("kecamatan Rantau Ulu"));
    let mut seen = codes(&desk.get("/proyek", &officer).body);
    let mut expected = inside.clone();
    seen.sort();
    expected.sort();
    assert_eq!(seen, expected);
    assert_eq!(desk.get(&format!("/proyek/{}", inside[0]), &officer).status, 200);
    assert_eq!(desk.get(&format!("/proyek/{outside}"), &officer).status, 404);
    let all_findings = desk.get("/temuan/not-registered?status=semua", &admin).body;
    let findings = desk.get("/temuan/not-registered?status=semua", &officer).body;
    let count = |page: &str| page.matches("/temuan/not-registered/").count();
    assert!(count(&findings) > 0 && count(&findings) < count(&all_findings));
    for page in ["/hari-ini", "/temuan", "/surat", "/dasbor"] {
        assert_eq!(desk.get(page, &officer).status, 200, "{page}");
    }
    let board = desk.get("/dasbor", &officer).body;
    assert!(board.contains("?kecamatan=Rantau%20Ulu") && !board.contains("?kecamatan=Rantau%20Hilir"));
}
