//! Findings over HTTP: answered by one, set aside by two, open again by themselves.

use crate::http::{Desk, percent};
use crate::world::World;
use authz::Role;

/// Address of the first finding of a rule, as listed to a session.
fn first(desk: &Desk, session: &str, list: &str) -> Option<String> {
    let page = desk.get(list, session).body;
    let at = page.find("<td><a href=\"/temuan/").or_else(|| page.find("<br><a href=\"/temuan/"))?;
    Some(page[at..].split('"').nth(1)?.to_owned())
}

fn count(desk: &Desk, session: &str, status: &str) -> usize {
    desk.get(&format!("/temuan/not-registered?status={status}"), session)
        .body
        .matches("/temuan/not-registered/")
        .count()
}

const REASON: &str = "Pekerjaan dibatalkan sebelum SPMK terbit; lihat berita acara 12 Maret.";

#[test]
fn a_finding_is_set_aside_by_two_and_taken_back_by_one() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let agency = "DINAS UJI";
    let (mayor, _) =
        desk.accept(&desk.invite(&admin, "wakil@kota.go.id", Role::Supervisor, agency), "wakil@kota.go.id");
    let finding = first(&desk, &admin, "/temuan/not-registered").unwrap();
    let open = count(&desk, &admin, "");
    assert!(open > 1);

    // An answer changes nothing but what is read; a word is no reason.
    assert_eq!(desk.post(&finding, &admin, &[("jenis", "answer"), ("alasan", "ya")]).status, 422);
    assert_eq!(desk.post(&finding, &admin, &[("jenis", "answer"), ("alasan", REASON)]).status, 303);
    assert_eq!(count(&desk, &admin, ""), open);

    // Asked for by one: still open, and not asked for twice. The same person does not agree; nor does an outsider.
    assert_eq!(desk.post(&finding, &admin, &[("jenis", "waiver"), ("alasan", REASON)]).status, 303);
    assert_eq!(desk.post(&finding, &admin, &[("jenis", "false_alarm"), ("alasan", REASON)]).status, 422);
    assert_eq!((count(&desk, &admin, ""), count(&desk, &admin, "waiting")), (open, 1));
    assert_eq!(desk.post("/temuan/putusan/2/setuju", &admin, &[]).status, 400, "whoever asked does not agree");
    assert_eq!(desk.post("/temuan/putusan/2/setuju", &mayor, &[]).status, 400, "outside the second person's scope");

    // The second person of that agency.
    let page = desk.get(&finding, &admin).body;
    let own =
        page.split("<br><span class=\"soft\">").nth(1).unwrap().split(['<', '·']).next().unwrap().trim().to_owned();
    let own = own.replace("&#38;", "&").replace("&#39;", "'");
    let link = desk.invite(&admin, "wakil2@kota.go.id", Role::Supervisor, &own);
    let (second, _) = desk.accept(&link, "wakil2@kota.go.id");
    assert!(desk.get("/hari-ini", &second).body.contains("menunggu persetujuan Anda"));
    assert!(desk.get("/temuan", &second).body.contains(&finding));
    assert_eq!(desk.post("/temuan/putusan/2/setuju", &second, &[]).status, 303);
    assert_eq!(desk.post("/temuan/putusan/2/setuju", &second, &[]).status, 400, "once");
    assert_eq!((count(&desk, &admin, ""), count(&desk, &admin, "waiver")), (open - 1, 1));
    assert!(desk.get(&finding, &admin).body.contains("disetujui"));

    // Opened again; then said to be wrong, and counted as that.
    assert_eq!(desk.post("/temuan/putusan/2/cabut", &admin, &[]).status, 303);
    assert_eq!(count(&desk, &admin, ""), open);
    assert_eq!(desk.post(&finding, &admin, &[("jenis", "false_alarm"), ("alasan", REASON)]).status, 303);
    assert_eq!(desk.post("/temuan/putusan/3/tolak", &second, &[]).status, 303);
    assert_eq!(desk.post(&finding, &admin, &[("jenis", "false_alarm"), ("alasan", REASON)]).status, 303);
    assert_eq!(desk.post("/temuan/putusan/4/setuju", &second, &[]).status, 303);
    assert!(desk.get("/temuan", &admin).body.contains("1 temuan keliru"));
    world.ok(&["audit", "verify"]);

    let project = page.split("href=\"/proyek/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let sources = desk.get(&format!("/proyek/{}", percent(&project)), &admin).body;
    assert!(sources.contains("Temuan keliru"), "the project page shows how its finding stands");
}

#[test]
fn a_project_shows_what_was_known_on_an_earlier_day() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let projects: serde_json::Value = serde_json::from_str(&desk.get("/api/v1/projects", &admin).body).unwrap();
    let code = projects["projects"][0]["code"].as_str().unwrap();
    // The made-up city was loaded just now: a day before, nothing was known.
    let page = desk.get(&format!("/proyek/{code}?diketahui=2020-01-01"), &admin);
    assert!(page.status == 200 && page.body.contains("belum dikenal waktu itu"), "{}", page.body);
    let page = desk.get(&format!("/proyek/{code}?diketahui=kemarin"), &admin);
    assert!(page.status == 200 && !page.body.contains("Seperti diketahui pada akhir"));
}

#[test]
fn an_officers_name_is_shown_for_a_purpose_and_the_look_is_noted() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let list = desk.get("/temuan", &admin).body;
    let page = format!("/petugas/{}", list.split("/petugas/").nth(1).unwrap().split('"').next().unwrap());
    let officer = page.trim_start_matches("/petugas/");
    let projects = desk.get(&format!("/proyek?petugas={officer}"), &admin).body;
    let agency = projects.split("<span class=\"small soft\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let agency = agency.replace("&#38;", "&");
    let enter = |login: &str, role| desk.accept(&desk.invite(&admin, login, role, &agency), login).0;
    let (representative, ppk) = (enter("ar@bpjs.go.id", Role::AccountRep), enter("ppk@kota.go.id", Role::Ppk));

    // Initials only; no name without a purpose, nor for whoever has no right to it.
    let masked = desk.get(&page, &representative).body;
    let initials = masked.split("(PPK): ").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(initials.len() >= 2 && initials.ends_with('.'), "{initials}");
    assert_eq!(desk.post(&page, &representative, &[("alasan", "ingin")]).status, 422);
    let purpose = [("alasan", "Undangan rapat pembahasan temuan")];
    assert_eq!(desk.post(&page, &ppk, &purpose).status, 403);
    assert_eq!(desk.get("/petugas/0123456789abcdef0123456789abcdef", &representative).status, 404);
    let (outsider, _) =
        desk.accept(&desk.invite(&admin, "luar@bpjs.go.id", Role::AccountRep, "DINAS UJI"), "luar@bpjs.go.id");
    assert_eq!(desk.get(&page, &outsider).status, 404);
    assert_eq!(desk.post(&page, &outsider, &purpose).status, 404);

    let shown = desk.post(&page, &representative, &purpose);
    assert_eq!(shown.status, 200);
    let name = shown.body.split("(PPK): ").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(name.len() > initials.len() && name.starts_with(&initials[..1]), "a name, not initials");
    for path in [page.as_str(), "/temuan", &format!("/proyek?petugas={officer}")] {
        assert!(!desk.get(path, &representative).body.contains(&name), "{path} shows the name");
    }
    let auditor = enter("auditor@kota.go.id", Role::Auditor);
    let log = desk.get("/jejak?q=person_reveal", &auditor).body;
    assert!(log.contains("person_reveal") && log.contains("Undangan rapat") && !log.contains(&name));
    world.ok(&["audit", "verify"]);
}
