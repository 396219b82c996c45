//! The other side of a letter: the contractor opens it, answers it, and the office reads the answer. And the form a registration asks.

use crate::http::Desk;
use crate::web_letters::{KOP, draft, unregistered};
use crate::world::World;
use authz::Role;

#[test]
fn a_contractor_answers_the_letters_of_own_projects() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    assert_eq!(desk.post("/kop", &admin, &KOP).status, 303);
    let (project, _) = unregistered(&desk, &admin, 0);
    crate::database::settle(&world);
    let store = app::home::Home::open(&world.home()).unwrap().store().unwrap();
    let own = store.project(&authz::permit(&authz::Actor::operator()).unwrap(), &project).unwrap().unwrap();
    let join = |login: &str, scope: &str| desk.accept(&desk.invite(&admin, login, Role::Contractor, scope), login).0;
    let (contractor, other) = (join("kontraktor@contoh.id", &own.npwp), join("lain@contoh.id", "012345678901000"));

    let letter = desk.post("/surat", &admin, &draft(&project, "notice")).header("location").to_owned();
    let fields = [("recipient", "Pimpinan CV CONTOH"), ("note", "")];
    assert_eq!(desk.post(&letter, &admin, &fields).status, 303);
    let id = letter.rsplit('/').next().unwrap();
    let received = format!("/surat-masuk/{id}");
    assert!(desk.get("/surat-masuk", &contractor).body.contains("Belum ada surat"));
    assert_eq!(desk.get(&received, &contractor).status, 404, "a draft is nobody's mail");
    assert_eq!(desk.post(&format!("{letter}/rilis"), &admin, &[]).status, 303);

    // Received by whom it is about and nobody else; opening is noted once.
    assert!(desk.get("/hari-ini", &contractor).body.contains("1 surat belum dijawab"));
    assert!(desk.get("/surat-masuk", &contractor).body.contains("belum dibuka"));
    for session in [&other, &admin] {
        assert_ne!(desk.get(&received, session).status, 200);
        assert_ne!(desk.get(&format!("{received}/pdf"), session).status, 200);
    }
    for _ in 0..2 {
        let page = desk.get(&received, &contractor);
        assert!(page.status == 200 && page.body.contains("Pimpinan CV CONTOH"), "{}", page.body);
        assert_eq!(page.body.matches("<b>Dibuka</b>").count(), 1);
        assert!(!page.body.contains("Orang kepala"), "who wrote it is the office's affair");
    }
    assert!(desk.get(&format!("{received}/pdf"), &contractor).bytes.starts_with(b"%PDF-"));
    assert!(desk.get(&letter, &admin).body.contains("<b>Dibuka</b>"));

    // An answer that says nothing is not taken; one that does reaches the office.
    let say = |kind: &str, text: &str| desk.post(&received, &contractor, &[("jawaban", kind), ("isi", text)]).status;
    assert_eq!(say("disputed", ""), 422);
    assert_eq!(say("lunas", "sudah"), 400);
    assert_eq!(desk.post(&received, &other, &[("jawaban", "paid"), ("isi", "")]).status, 404);
    assert_eq!(say("by_date", "Didaftarkan <b>Senin</b> depan"), 303);
    assert!(desk.get("/hari-ini", &admin).body.contains("1 surat dijawab kontraktor"));
    // The same as JSON, for the firm's own program, and as a command for the office.
    let (status, json) = desk.json("/api/v1/mail", &contractor);
    assert_eq!((status, json["letters"].as_array().unwrap().len()), (200, 1), "{json}");
    let told = &json["letters"][0];
    assert!(told["opened"] == true && told["replies"][0]["answer"] == "by_date", "{json}");
    assert_eq!(desk.json("/api/v1/mail", &other).1["letters"].as_array().unwrap().len(), 0);
    assert_eq!(desk.json("/api/v1/mail", &admin).0, 403);
    let listed = world.json(&["mail", "--project", &project, "--json"]);
    assert_eq!(listed["letters"][0]["replies"][1]["answer"], "by_date", "{listed}");
    let printed = world.ok(&["mail"]);
    assert!(printed.contains("Didaftarkan <b>Senin</b> depan") && !printed.contains("letter-kind"), "{printed}");
    assert!(world.ok(&["mail", "--project", "tidak:ada"]).contains("Belum ada surat"));
    let list = desk.get("/surat?bagian=balasan", &admin).body;
    assert!(list.contains(&letter), "{list}");
    let page = desk.get(&letter, &admin).body;
    assert!(page.contains("Didaftarkan &#60;b&#62;Senin"), "{page}");
    assert_eq!(desk.post(&format!("{letter}/dibaca"), &admin, &[]).status, 303);
    assert!(!desk.get("/surat?bagian=balasan", &admin).body.contains(&letter));
    assert!(!desk.get("/hari-ini", &contractor).body.contains("surat belum dijawab"));
    world.ok(&["audit", "verify"]);
}

#[test]
fn the_form_is_filled_from_what_is_known() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let (project, _) = unregistered(&desk, &admin, 0);
    let page = desk.get(&format!("/proyek/{project}/formulir"), &admin).body;
    let line = |name: &str| {
        let at = page.split(&format!("<dt>{name}</dt><dd>")).nth(1).unwrap_or_else(|| panic!("{name}: {page}"));
        at.split("</dd>").next().unwrap().to_owned()
    };
    // The sum of the form is the sum the calculator comes to.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let (jkk, jkm, total) = (digits(&line("Iuran JKK")), digits(&line("Iuran JKM")), digits(&line("Jumlah iuran")));
    let number = |text: &str| text.parse::<i64>().unwrap();
    assert_eq!(number(&jkk) + number(&jkm), number(&total));
    let base = line("Dasar perhitungan, tanpa PPN");
    assert!(number(&digits(base.split(',').next().unwrap())) < number(&digits(&line("Nilai proyek, termasuk PPN"))));
    assert!(line("NPP (nomor pendaftaran perusahaan)").contains("blank"), "nobody here knows it: a line to write on");
}
