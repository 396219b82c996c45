//! A complaint without a name: sent, taken up, answered, read by its code; closed to everybody else.

use crate::http::Desk;
use crate::world::World;
use authz::Role;

#[test]
fn a_complaint_is_sent_answered_and_read_by_its_code() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let json: serde_json::Value = serde_json::from_str(&desk.get("/api/v1/projects", &admin).body).unwrap();
    let projects = json["projects"].as_array().unwrap();
    let (code, agency) = (projects[0]["code"].as_str().unwrap(), projects[0]["agency"].as_str().unwrap());
    let other = projects.iter().find(|p| p["agency"] != agency).unwrap()["agency"].as_str().unwrap();
    let join = |login: &str, role, scope: &str| desk.accept(&desk.invite(&admin, login, role, scope), login).0;
    let officer = join("disnaker@kota.go.id", Role::ManpowerOfficer, agency);
    let elsewhere = join("lain@kota.go.id", Role::ManpowerOfficer, other);
    let rep = join("ar@bpjs.go.id", Role::AccountRep, agency);

    let text = "Mandor menyuruh diam setelah jari Pak Karto terpotong, <b>tidak dilaporkan</b>";
    let form = [("proyek", code), ("tentang", "accident_hidden"), ("isi", text), ("kontak", "0812 0000 1111")];
    assert_eq!(desk.post("/lapor/baru", "", &[form[0], form[2]]).status, 422, "about nothing");
    assert_eq!(desk.post("/lapor/baru", "", &[form[0], form[1], ("isi", "pendek")]).status, 422);
    assert_eq!(desk.post("/lapor/baru", "", &[("proyek", "tidak:ada"), form[1], form[2]]).status, 422);
    assert_eq!(desk.post("/lapor/baru", "", &[form[0], form[1], form[2], ("situs", "x")]).status, 400, "a program");
    let sent = desk.post("/lapor/baru", "", &form);
    assert_eq!(sent.status, 200, "{}", sent.body);
    let key = sent.body.split("class=\"code\"><b>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(key.len(), 14);

    // The office reads it, and nobody outside its scope.
    let list = desk.get("/aduan", &officer).body;
    let id = list.split("href=\"/aduan/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/aduan/{id}");
    let page = desk.get(&path, &officer).body;
    assert!(page.contains("Pak Karto") && page.contains("0812 0000 1111") && !page.contains("<b>tidak"), "{page}");
    assert!(!desk.get("/aduan", &elsewhere).body.contains("href=\"/aduan/"));
    assert_eq!(desk.get(&path, &elsewhere).status, 404);
    assert_eq!(desk.get(&path, "").status, 303);
    assert_eq!(desk.post(&path, &elsewhere, &[("tindakan", "take")]).status, 404);
    assert_eq!(desk.get(&path, &rep).status, 200);
    assert_eq!(desk.post(&path, &rep, &[("tindakan", "take")]).status, 403);

    // Taken up, answered; the sender reads it and adds; closed.
    assert_eq!(desk.post(&path, &officer, &[("tindakan", "take")]).status, 303);
    assert_eq!(desk.post(&path, &officer, &[("tindakan", "take")]).status, 422, "once");
    assert_eq!(desk.post(&path, &officer, &[("tindakan", "answer"), ("isi", "ya")]).status, 422, "words");
    let answer = ("isi", "Kami sudah datang ke lokasi dan laporannya dibuat hari ini.");
    assert_eq!(desk.post(&path, &officer, &[("tindakan", "answer"), answer]).status, 303);
    let read = |code: &str| desk.post("/lapor/jawaban", "", &[("kode", code)]).body;
    assert!(read(&key.to_lowercase().replace('-', "")).contains("Kami sudah datang"));
    let unknown = read("2222-2222-2222");
    assert!(unknown.contains("tidak dikenal"), "{unknown}");
    let more = [("kode", key.as_str()), ("tindakan", "tambah"), ("isi", "Terima kasih, tetapi upahnya belum dibayar.")];
    assert_eq!(desk.post("/lapor/jawaban", "", &more).status, 200);
    assert!(desk.get(&path, &officer).body.contains("upahnya belum dibayar"));
    assert_eq!(desk.post(&path, &officer, &[("tindakan", "close"), answer]).status, 303);
    assert_eq!(desk.post("/lapor/jawaban", "", &more).status, 422, "closed");

    // The same as JSON, within the same scope; the words with the look in the trail.
    let (status, list) = desk.json("/api/v1/complaints", &officer);
    assert_eq!((status, &list["complaints"][0]["project"]), (200, &serde_json::json!(code)), "{list}");
    assert!(!list.to_string().contains("Karto"));
    let one = format!("/api/v1/complaints/{id}");
    assert!(desk.json(&one, &officer).1["said"][0]["text"].as_str().unwrap().contains("Pak Karto"));
    assert_eq!([&elsewhere, &admin].map(|s| desk.json(&one, s).0), [404, 403]);
    assert_eq!(desk.json("/api/v1/complaints", "").0, 401);

    // Without a project it is the whole city's: an office of one agency does not see it.
    let sent =
        desk.post("/lapor/baru", "", &[("tentang", "wage"), ("isi", "Di belakang pasar lama, kuli dibayar 60 ribu")]);
    assert_eq!(sent.status, 200);
    assert_eq!(desk.get("/aduan", &officer).body.matches("href=\"/aduan/").count(), 1);

    // Words lie sealed, and what was done stands in the trail without them.
    let database = std::fs::read(world.home().join("payung.db")).unwrap_or_default();
    assert!(!String::from_utf8_lossy(&database).contains("Pak Karto"));
    let dpo = join("dpo@kota.go.id", Role::DataProtection, agency);
    let trail = desk.get("/jejak", &dpo).body;
    assert!(
        trail.contains("complaint_step") && trail.contains("complaint_read") && !trail.contains("Karto"),
        "{trail}"
    );
    world.ok(&["audit", "verify"]);

    // The same from the command line, where the first of them is closed and the second waits.
    let list = world.json(&["complaints", "--json"]);
    let list = list["complaints"].as_array().unwrap();
    let of = |standing: &str| list.iter().find(|c| c["standing"] == standing).unwrap()["id"].to_string();
    assert_eq!(list.len(), 2);
    assert!(world.ok(&["complaints", &of("received")]).contains("pasar lama"));
    assert_eq!(world.run(&["complaints", &of("closed"), "--step", "take"]).status.code(), Some(2));
    assert_eq!(world.run(&["complaints", &of("received"), "--step", "answer", "--text", "ya"]).status.code(), Some(2));
    world.ok(&["complaints", &of("received"), "--step", "answer", "--text", "Kami periksa minggu ini, terima kasih."]);
    assert_eq!(world.run(&["complaints", "99"]).status.code(), Some(2));
    world.ok(&["audit", "verify"]);
}

/// A picture of one pixel, with a word of its camera behind it.
const PIXEL: [u8; 70] = [
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 31, 21, 196,
    137, 0, 0, 0, 13, 73, 68, 65, 84, 120, 218, 99, 100, 248, 207, 80, 15, 0, 3, 134, 1, 128, 90, 52, 125, 107, 0, 0,
    0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
];

#[test]
fn photos_are_kept_without_anything_but_their_picture() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let send = |text: &str, photos: &[&[u8]]| {
        let mut body = Vec::new();
        for (name, value) in [("tentang", "not_insured"), ("isi", text), ("proyek", "")] {
            body.extend(
                format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
            );
        }
        for photo in photos {
            body.extend(b"--x\r\nContent-Disposition: form-data; name=\"foto\"; filename=\"papan.png\"\r\nContent-Type: image/png\r\n\r\n");
            body.extend(*photo);
            body.extend(b"\r\n");
        }
        body.extend(b"--x--\r\n");
        desk.raw("POST", "/lapor/baru", &[("Content-Type", "multipart/form-data; boundary=x")], &body)
    };
    let text = "Papan nama proyek ini memuat nomor yang salah, lihat foto.";
    let photo = [&PIXEL[..], b"KAMERA PAK TARNO -1.6101,103.6131"].concat();
    // What is no photo, what is too large, and too many: a plain word, and nothing is sent.
    let refused = send(text, &[b"%PDF-1.7 bukan foto"]);
    assert!(
        refused.status == 422 && refused.body.contains("bukan foto JPEG") && refused.body.contains(text),
        "{}",
        refused.body
    );
    assert_eq!(send(text, &[&vec![7; 13 << 20]]).status, 422);
    let huge = send(text, &[&vec![7; 50 << 20]]);
    assert!(huge.status == 400 && huge.body.contains("terlalu besar"), "{} {}", huge.status, huge.body);
    assert_eq!(send(text, &[&photo, &photo, &photo, &photo]).status, 422);
    let (officer, _) = desk
        .accept(&desk.invite(&admin, "disnaker@kota.go.id", Role::ManpowerOfficer, "DINAS A"), "disnaker@kota.go.id");
    assert_eq!(send(text, &[]).status, 200, "without a photo");
    assert_eq!(send(text, &[&photo, b""]).status, 200);

    // Whoever reads for the city sees it, nobody else, and it says nothing of the camera.
    crate::database::settle(&world);
    let store = app::home::Home::open(&world.home()).unwrap().store().unwrap();
    let read = authz::permit(&authz::Actor::operator()).unwrap();
    let all = store.complaint_list(&read, 9).unwrap();
    assert_eq!(all.len(), 2);
    let photos = store.complaint_photos(&read, all[1].id).unwrap();
    assert_eq!(photos.len(), 1);
    let kept = store.complaint_photo(&read, (all[1].id, photos[0])).unwrap().unwrap();
    assert!(kept.starts_with(&[0xFF, 0xD8]) && !kept.windows(6).any(|w| w == b"KAMERA"));
    let path = format!("/aduan/{}/foto/{}", all[1].id, photos[0]);
    assert_eq!(desk.get(&path, "").status, 303);
    assert_eq!(desk.get(&path, &officer).status, 404, "a complaint without a project is the whole city's");
    assert_eq!(desk.post(&format!("/aduan/{}/proyek", all[1].id), &officer, &[("proyek", "nontender:1")]).status, 404);
    world.ok(&["audit", "verify"]);
}
