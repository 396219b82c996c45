//! A workshop from plan to certificate: letters, the code in the room, five questions, a signed paper that verifies, and what changed afterwards.

use crate::http::Desk;
use crate::web_letters::KOP;
use crate::world::{World, text};
use app::authz::{Actor, PublicProject, Read, permit};
use app::desk::Outside;
use app::desk::training::own_page;
use app::home::Home;
use authz::Role;
use std::io::Write as _;
use std::path::Path;

struct Office {
    world: World,
    desk: Desk,
    admin: String,
    manpower: String,
    auditor: String,
}

impl Office {
    fn new() -> Self {
        let world = World::new();
        let (desk, admin, [manpower, auditor], _) =
            Desk::over_city_with(&world, [Role::ManpowerOfficer, Role::Auditor]);
        Self { world, desk, admin, manpower, auditor }
    }

    fn plan(&self, role: &str, days: i32) -> String {
        let day = kernel::date::add_days(app::clock::today(), days).unwrap().to_string();
        let made = self.desk.post(
            "/bimtek",
            &self.manpower,
            &[
                ("peran", role),
                ("hari", &day),
                ("mulai", "08:30"),
                ("selesai", "12:00"),
                ("tempat", "Aula Kantor Wali Kota"),
                ("kursi", "4"),
            ],
        );
        assert_eq!(made.status, 303, "{}", made.body);
        made.header("location").to_owned()
    }

    fn agencies(&self) -> Vec<String> {
        let told = self.world.json(&["training", "--json"]);
        told["agencies"].as_array().unwrap().iter().map(|a| a["agency"].as_str().unwrap().to_owned()).collect()
    }

    /// The right answers of somebody, as they were asked.
    fn right(&self, own: &str) -> Vec<usize> {
        // The test's own process has no word of the server but this.
        if let Some(database) = &self.world.database {
            std::fs::write(self.world.home().join("payung.yaml"), format!("database: {}\n", database.url())).unwrap();
        }
        let home = Home::open(&self.world.home()).unwrap();
        let desk = app::desk::Desk::open(home, Path::new(env!("CARGO_BIN_EXE_payung")), Outside::default()).unwrap();
        let public = permit::<Read, PublicProject>(&Actor::public()).unwrap();
        let code = own.strip_prefix("/uji/").unwrap();
        let page = own_page(&desk, &public, code, app::Language::Indonesian).unwrap().unwrap();
        let questions = page.expect("somebody came").questions;
        questions.into_iter().map(|q| q.right).collect()
    }

    fn answer(&self, own: &str, answers: &[usize]) -> u16 {
        let fields: Vec<(String, String)> =
            answers.iter().enumerate().map(|(i, a)| (format!("j{i}"), a.to_string())).collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.desk.post(own, "", &fields).status
    }
}

#[test]
fn a_workshop_ends_in_a_certificate_that_verifies() {
    let o = Office::new();
    let empty = o.desk.get("/bimtek", &o.manpower).body;
    assert!(empty.contains("Belum ada bimtek") && empty.contains("belum pernah"), "{empty}");
    let bad = [("peran", "ppk"), ("hari", "2026-13-01"), ("mulai", "9"), ("tempat", ""), ("kursi", "0")];
    let refused = o.desk.post("/bimtek", &o.manpower, &bad);
    assert!(refused.status == 422 && refused.body.contains("jam mulai sebelum jam selesai"), "{}", refused.body);
    let one = o.plan("ppk", 0);
    assert_eq!(o.desk.post("/bimtek", &o.auditor, &bad).status, 403);

    // Guests get a letter each, once; without a letterhead nobody is invited.
    let agencies = o.agencies();
    assert!(agencies.len() > 2, "{agencies:?}");
    let guests =
        [("tindakan", "undang"), ("tamu", &agencies[0]), ("tamu", &agencies[1]), ("lain", "PT CONTOH JAYA\n\n")];
    let no_head = o.desk.post(&one, &o.manpower, &guests);
    assert!(no_head.status == 422 && no_head.body.contains("Kop surat belum lengkap"), "{}", no_head.body);
    assert_eq!(o.desk.post("/kop", &o.admin, &KOP).status, 303);
    for _ in 0..2 {
        assert_eq!(o.desk.post(&one, &o.manpower, &guests).status, 303);
    }
    let page = o.desk.get(&one, &o.manpower).body;
    assert_eq!(page.matches("/undangan/").count(), 3, "{page}");
    let letter = o.desk.get(&format!("{one}/undangan/1"), &o.manpower);
    assert!(letter.bytes.starts_with(b"%PDF-"));
    assert_eq!(o.desk.get("/bimtek/99/undangan/1", &o.manpower).status, 404);

    // The code hangs in the room; another code opens nothing.
    assert_eq!(o.desk.get(&format!("{one}/kode"), &o.auditor).status, 403);
    let code = o.desk.get(&format!("{one}/kode"), &o.manpower).body;
    let door = format!("/hadir/{}", code.split("/hadir/").nth(1).unwrap().split('<').next().unwrap().trim());
    let other = format!("{}0", &door[..door.len() - 1]);
    let other = if other == door { format!("{}1", &door[..door.len() - 1]) } else { other };
    assert_eq!((o.desk.get(&door, "").status, o.desk.get(&other, "").status), (200, 404));
    assert_eq!(o.desk.get("/uji/1-00000000000000000000", "").status, 404);

    // Who is there says so once; a name is not taken without an office.
    let come = |name: &str, office: &str| o.desk.post(&door, "", &[("nama", name), ("instansi", office)]);
    assert!(come("Siti Upama", "").body.contains("Tulis nama dan instansi"));
    let own = come("Siti Upama", &agencies[0]).header("location").to_owned();
    assert_eq!(come("  SITI  UPAMA ", &agencies[0]).header("location"), own, "the same person again");
    let second = come("Budi Misal", &agencies[1]).header("location").to_owned();

    // Five questions, each with one answer; what is missing is told, and they are asked once.
    let test = o.desk.get(&own, "").body;
    assert_eq!(test.matches("<fieldset").count(), 5, "{test}");
    assert!(!test.contains("jawaban yang benar"), "nothing is told before");
    let right = o.right(&own);
    assert_eq!(o.answer(&own, &right[..4]), 422);
    assert_eq!(o.answer(&own, &[right[0], right[1], right[2], right[3], 99]), 422);
    assert_eq!(o.answer(&own, &right), 303);
    let done = o.desk.get(&own, "").body;
    assert!(done.contains("Jawaban benar: 5/5") && done.contains("SERT-"), "{done}");
    assert_eq!(o.desk.get(&second, "").status, 200);
    let wrong: Vec<usize> = o.right(&second).iter().map(|r| (r + 1) % 3).collect();
    o.answer(&second, &wrong);
    let failed = o.desk.get(&second, "").body;
    assert!(failed.contains("mulai 4/5 benar") && !failed.contains("SERT-"), "{failed}");
    assert_eq!(o.answer(&second, &o.right(&second)), 303, "answered again");
    assert!(!o.desk.get(&second, "").body.contains("SERT-"), "the first answers stand");
    assert_eq!(o.desk.get(&format!("{second}/sertifikat"), "").status, 404);

    // The paper verifies without the desk, until it is withdrawn.
    assert!(o.desk.get(&format!("{own}/sertifikat"), "").bytes.starts_with(b"%PDF-"));
    let signed = done.split("/verify#").nth(1).unwrap().split('"').next().unwrap();
    let file = o.world.file("sertifikat.txt", signed);
    let verify = || {
        let out = o.world.run(&["verify", file.to_str().unwrap(), "--json"]);
        serde_json::from_str::<serde_json::Value>(&text(&out.stdout)).unwrap()
    };
    let good = verify();
    assert_eq!((&good["answer"], &good["payload"]["holder"]), (&"good".into(), &"Siti Upama".into()), "{good}");
    let said = text(&o.world.run(&["verify", file.to_str().unwrap()]).stdout);
    assert!(said.contains("sertifikat ini dari kota ini") && said.contains("5/5"), "{said}");
    let number = good["payload"]["number"].as_str().unwrap();
    let withdraw =
        |why: &str| o.desk.post(&one, &o.manpower, &[("tindakan", "tarik"), ("nomor", number), ("alasan", why)]).status;
    assert_eq!(withdraw(""), 422);
    assert_eq!(withdraw("Nama keliru, diganti"), 303);
    assert_eq!(withdraw("Nama keliru, diganti"), 422, "once");
    assert_eq!(verify()["answer"], "withdrawn");
    assert_eq!(o.desk.get(&format!("{own}/sertifikat"), "").status, 404);

    // Others see counts, and no name lies open anywhere.
    let seen = o.desk.get(&one, &o.auditor).body;
    assert!(!seen.contains("Siti") && seen.contains("Aula Kantor"), "{seen}");
    let (_, told) = o.desk.json("/api/v1/training", &o.auditor);
    assert_eq!((&told["workshops"][0]["came"], &told["workshops"][0]["tested"]), (&2.into(), &2.into()), "{told}");
    if let Ok(bytes) = std::fs::read(o.world.home().join("payung.db")) {
        assert!(!bytes.windows(10).any(|w| w.eq_ignore_ascii_case(b"siti upama")), "names lie sealed");
    }
}

#[test]
fn a_room_has_a_day_and_seats() {
    let o = Office::new();
    let agency = o.agencies().remove(0);
    let tomorrow = o.plan("worker", 1);
    let page = o.desk.get(&format!("{tomorrow}/kode"), &o.manpower).body;
    let door = format!("/hadir/{}", page.split("/hadir/").nth(1).unwrap().split('<').next().unwrap().trim());
    assert!(o.desk.get(&door, "").body.contains("Pintu dibuka pada hari bimtek"));
    let early = o.desk.post(&door, "", &[("nama", "Siti Upama"), ("instansi", &agency)]);
    assert_eq!(early.status, 422, "{}", early.body);
    let list = |at: &str, lines: &str| o.desk.post(at, &o.manpower, &[("tindakan", "daftar"), ("hadir", lines)]);
    assert_eq!(list(&tomorrow, "Siti Upama; DINAS").status, 422, "nobody came tomorrow");
    let off = [("tindakan", "batalkan"), ("alasan", "Ruangan dipakai rapat lain")];
    assert_eq!(o.desk.post(&tomorrow, &o.manpower, &off).status, 303);
    assert!(o.desk.get(&door, "").body.contains("dibatalkan"));

    // A list is kept line by line: what does not read is named, what stands already is not counted again.
    let past = o.plan("treasury", -30);
    let lines = format!("Siti Upama; {agency}\n\nTANPA INSTANSI\nBudi Misal\tKantor Lain\n");
    let kept = list(&past, &lines).body;
    assert!(kept.contains("2 orang dicatat, 0 sudah") && kept.contains("tidak dicatat: 3"), "{kept}");
    assert!(kept.contains("bukan dinas yang dikenal"), "{kept}");
    assert!(list(&past, &lines).body.contains("0 orang dicatat, 2 sudah"));
    let many: String = (0..20).map(|i| format!("Orang {i}; Kantor\n")).collect();
    assert!(list(&past, &many).body.contains("penuh"), "four seats hold no twenty-two");
    assert_eq!(list(&past, "").status, 422);
    assert_eq!(o.desk.post(&past, &o.manpower, &off).status, 422, "who came, came");
    let page = o.desk.get(&past, &o.manpower).body;
    let person = page.split("name=\"orang\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(o.desk.post(&past, &o.manpower, &[("tindakan", "bukan"), ("orang", &person)]).status, 303);
    assert_eq!(o.desk.post(&past, &o.manpower, &[("tindakan", "bukan"), ("orang", &person)]).status, 422);
}

#[test]
fn who_passes_before_the_letterhead_is_there_gets_the_certificate_afterwards() {
    let o = Office::new();
    let agency = o.agencies().remove(0);
    let one = o.plan("contractor", 0);
    let page = o.desk.get(&format!("{one}/kode"), &o.manpower).body;
    let door = format!("/hadir/{}", page.split("/hadir/").nth(1).unwrap().split('<').next().unwrap().trim());
    let own = o.desk.post(&door, "", &[("nama", "Siti Upama"), ("instansi", &agency)]).header("location").to_owned();
    o.desk.get(&own, "");
    assert_eq!(o.answer(&own, &o.right(&own)), 303);
    let waits = o.desk.get(&own, "").body;
    assert!(waits.contains("setelah kop surat kota lengkap") && !waits.contains("SERT-"), "{waits}");
    assert_eq!(o.desk.post("/kop", &o.admin, &KOP).status, 303);
    assert!(o.desk.get(&own, "").body.contains("SERT-"));
    assert!(o.desk.get(&format!("{own}/sertifikat"), "").bytes.starts_with(b"%PDF-"));
}

#[test]
fn what_changed_is_said_only_where_it_can_be() {
    let o = Office::new();
    let agencies = o.agencies();
    let past = o.plan("ppk", -120);
    let attended = &agencies[..agencies.len() / 2];
    let mut lines = Vec::new();
    for (i, agency) in attended.iter().take(6).enumerate() {
        writeln!(lines, "Orang {i}; {agency}").unwrap();
    }
    let kept = o.desk.post(&past, &o.manpower, &[("tindakan", "daftar"), ("hadir", &text(&lines))]);
    assert_eq!(kept.status, 200, "{}", kept.body);
    let told = o.world.json(&["training", "--json"]);
    let effect = &told["effect"];
    let number = |path: &str| effect.pointer(path).and_then(serde_json::Value::as_u64).unwrap();
    for side in 0..2 {
        for when in 0..2 {
            let (all, prompt) =
                (number(&format!("/projects/{side}/{when}")), number(&format!("/prompt/{side}/{when}")));
            assert!(prompt <= all, "{told}");
        }
    }
    let needed = told["agencies_min"].as_u64().unwrap();
    let enough = number("/agencies/0") >= needed && number("/agencies/1") >= needed;
    assert!(enough || effect["estimate"].is_null(), "{told}");
    let page = o.desk.get("/bimtek", &o.auditor).body;
    assert!(page.contains("Apakah sesudahnya berubah?") && page.contains("bukan bukti sebab"), "{page}");
    assert!(enough || page.contains("Terlalu sedikit"), "{page}");
    let said = text(&o.world.run(&["training"]).stdout);
    assert!(said.contains("Selisih dari selisih: 90 hari"), "{said}");
}
