//! The monitoring meeting: an agenda from the data, promises, minutes, and the next one that opens with what was kept.

use crate::http::Desk;
use crate::web_letters::KOP;
use crate::world::World;
use authz::Role;

#[test]
fn a_meeting_ends_in_minutes_and_the_next_opens_with_what_was_kept() {
    let world = World::new();
    let (desk, admin, [manpower, auditor], _) = Desk::over_city_with(&world, [Role::ManpowerOfficer, Role::Auditor]);
    let list = desk.get("/rapat", &manpower).body;
    assert!(list.contains("Belum ada rapat") && list.contains("Belanja konstruksi") && list.contains("Rp"), "{list}");

    let today = app::clock::today().to_string();
    let call = |day: &str, place: &str, by: &str| {
        desk.post("/rapat", by, &[("hari", day), ("mulai", "09:00"), ("tempat", place)])
    };
    let bad = call("2026-02-30", "Aula", &manpower);
    assert!(bad.status == 422 && bad.body.contains("Rapat perlu hari"), "{}", bad.body);
    assert_eq!(call(&today, "", &manpower).status, 422);
    assert_eq!(call(&today, "Aula Bappeda", &auditor).status, 403);
    let one = call(&today, "Aula Bappeda", &manpower).header("location").to_owned();
    let say = |at: &str, fields: &[(&str, &str)]| desk.post(at, &manpower, fields);

    // The agenda names agencies with exposed projects and links to each project; officers by initials only.
    let page = desk.get(&one, &manpower).body;
    assert!(page.contains("Perangkat daerah dengan proyek terbuka") && page.contains("Ini rapat pertama"), "{page}");
    assert!(page.contains("class=\"state exposed\"") && page.contains("href=\"/petugas/"), "{page}");

    // A sheet to be signed by hand: an office on each line, then empty ones; no name is kept.
    let sheet = desk.get(&format!("{one}/hadir"), &auditor).body;
    assert!(sheet.contains("Daftar hadir") && sheet.matches("<td class=\"n\">").count() > 12, "{sheet}");
    // What the treasury paid stands beside what was contracted, and how much of it while nobody was covered.
    assert!(list.contains("Dibayar kas daerah") && list.contains("pada hari tanpa pelindungan"), "{list}");

    // Promises: what cannot be seen or is not known is refused; one the data show already is kept at once.
    let projects: serde_json::Value =
        serde_json::from_str(&desk.get("/api/v1/projects?state=covered", &admin).body).unwrap();
    let covered = projects["projects"][0]["code"].as_str().unwrap().to_owned();
    let promise = |cure: &str, project: &str, what: &str| {
        let fields = [
            ("tindakan", "janji"),
            ("pemilik", "DINAS CONTOH"),
            ("isi", what),
            ("batas", today.as_str()),
            ("tutup", cure),
            ("proyek", project),
        ];
        say(&one, &fields)
    };
    let no = promise("registered", "", "Mendaftarkan proyeknya");
    assert!(no.status == 422 && no.body.contains("bila ditutup oleh data, juga kode proyek"), "{}", no.body);
    assert!(no.body.contains("value=\"Mendaftarkan proyeknya\""), "what was typed comes back");
    assert!(promise("covered", "tidak:ada", "Melindungi").body.contains("Kode proyek itu tidak dikenal"));
    assert_eq!(promise("finding", &covered, "Tanpa temuan yang disebut").status, 422);
    assert_eq!(promise("covered", &covered, "Melunasi iuran pertama").status, 303);
    assert_eq!(promise("said", "", "Menyurati semua penyedia").status, 303);
    let page = desk.get(&one, &manpower).body;
    assert!(page.contains("menurut data") && page.contains("Sudah ditepati"), "{page}");

    // Nobody came yet: nothing to sign. Then who came, and what was said.
    let none = say(&one, &[("tindakan", "tutup")]);
    assert!(none.status == 422 && none.body.contains("Catat dulu siapa yang hadir"), "{}", none.body);
    let came = [
        ("tindakan", "hadir"),
        ("tamu", "DINAS CONTOH"),
        ("orang", "3"),
        ("tamu", ""),
        ("orang", ""),
        ("catatan", "Termin menunggu.\nSurat edaran disiapkan."),
    ];
    assert_eq!(say(&one, &[("tindakan", "hadir"), ("tamu", "DINAS CONTOH"), ("orang", "banyak")]).status, 422);
    assert_eq!(say(&one, &came).status, 303);
    let style = say(&one, &[("tindakan", "tutup")]);
    assert!(style.status == 422 && style.body.contains("Kop surat belum lengkap"), "{}", style.body);
    assert_eq!(desk.post("/kop", &admin, &KOP).status, 303);
    let draft = desk.get(&format!("{one}/berita-acara"), &auditor).bytes;
    assert!(draft.starts_with(b"%PDF-"));
    assert_eq!(say(&one, &[("tindakan", "tutup")]).status, 303);
    assert_eq!(say(&one, &[("tindakan", "tutup")]).status, 422, "once");
    assert_eq!((say(&one, &came).status, promise("said", "", "Sesudahnya").status), (422, 422));
    let minutes = desk.get(&format!("{one}/berita-acara"), &auditor).bytes;
    assert_eq!(minutes, desk.get(&format!("{one}/berita-acara"), &manpower).bytes, "as they were made");

    // The next one opens with what was promised and what moved.
    let next = call(&today, "Ruang Asisten", &manpower).header("location").to_owned();
    let page = desk.get(&next, &manpower).body;
    assert!(page.contains("Janji dari rapat sebelumnya") && page.contains("Menyurati semua penyedia"), "{page}");
    assert!(page.contains("Sejak rapat"), "{page}");
    let open = page.split("name=\"janji\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (_, told) = desk.json("/api/v1/meetings", &auditor);
    let waits = told["promises"].as_array().unwrap().iter().find(|p| p["cure"] == "said").unwrap();
    assert_eq!(waits["standing"], "open", "{told}");
    let id = waits["id"].as_i64().unwrap().to_string();
    assert!(page.contains(&format!("value=\"{id}\"")) && !open.is_empty());
    assert_eq!(say(&next, &[("tindakan", "ditepati"), ("janji", &id)]).status, 303);
    assert_eq!(say(&next, &[("tindakan", "ditepati"), ("janji", &id)]).status, 422);
    assert_eq!(say(&next, &[("tindakan", "tarik"), ("janji", &id)]).status, 422, "its meeting is closed");
    let list = desk.get("/rapat", &auditor).body;
    assert!(list.contains("2 dari 2 janji ditepati") && list.contains("DINAS CONTOH"), "{list}");
    assert!(desk.get(&next, &manpower).body.contains("menurut keterangan"));
}
