//! The award file: a guide as data, figures and documents that answer it, and the pack.

use crate::http::Desk;
use crate::world::{World, text};
use authz::Role;

/// What a browser sends for a file.
fn form(evidence: &str, name: &str, bytes: &[u8]) -> Vec<u8> {
    let part = |name: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"");
    let mut body = format!("{}\r\n\r\n{evidence}\r\n{}; filename=\"{name}\"\r\n\r\n", part("bukti"), part("berkas"));
    let mut out = std::mem::take(&mut body).into_bytes();
    out.extend_from_slice(bytes);
    out.extend_from_slice(b"\r\n--x--\r\n");
    out
}

#[test]
fn a_guide_is_answered_by_the_ledger_and_by_documents() {
    let world = World::new();
    let (desk, _, [manpower, auditor], _) = Desk::over_city_with(&world, [Role::ManpowerOfficer, Role::Auditor]);
    let page = desk.get("/paritrana", &manpower).body;
    assert!(page.contains("Belum ada juknis") && page.contains("bukan juknis resmi"), "{page}");

    // The guide that is printed reads; weights that do not sum are said, and nothing is kept.
    let guide = text(&world.run(&["award", "--template"]).stdout);
    let weighted = |n: [i64; 6]| {
        let mut n = n.iter();
        let line = |l: &str| match l.strip_prefix("- code: ") {
            Some(code) => format!("- code: {code}\n  weight: {}", n.next().unwrap()),
            None => l.to_owned(),
        };
        guide.lines().map(line).collect::<Vec<_>>().join("\n")
    };
    let keep = |body: &str| desk.post("/paritrana", &manpower, &[("juknis", body)]);
    let no = keep(&weighted([30, 30, 20, 10, 5, 2]));
    assert!(no.status == 422 && no.body.contains("Jumlah bobot 97, bukan 100"), "{}", no.body);
    assert!(no.body.contains("weight: 2"), "what was typed comes back");
    let no = keep("award: [");
    assert!(no.status == 422 && no.body.contains("Juknis tidak terbaca"), "{}", no.body);
    assert_eq!(desk.post("/paritrana", &auditor, &[("juknis", &guide)]).status, 403);
    let bad = world.file("juknis.yaml", guide.replace("figure: rules", "figure: gaji"));
    let said = world.run(&["award", "--check", bad.to_str().unwrap()]);
    assert!(!said.status.success());
    assert!(text(&said.stderr).contains("tidak ada angka bernama"), "{}", text(&said.stderr));
    let one = keep(&weighted([30, 30, 20, 10, 5, 5])).header("location").to_owned();
    assert_eq!(one, "/paritrana/1");

    // Figures open to their page with day and digest; what nothing answers is a gap, the weightiest first.
    let page = desk.get(&one, &manpower).body;
    assert!(page.contains("bobot 30") && page.contains("SHA-256") && page.contains("href=\"/proyek\""), "{page}");
    let gaps = page.split("<h2>Yang belum ada</h2>").nth(1).unwrap().split("</ul>").next().unwrap();
    let first = gaps.find("#perda").unwrap();
    assert!(first < gaps.find("#anggaran").unwrap() && first < gaps.find("#wawancara").unwrap(), "{gaps}");
    // The same figure has the same digest from the program.
    let told = world.json(&["award", "--json"]);
    let criteria = told["guides"][0]["criteria"].as_array().unwrap();
    let projects = criteria[2]["evidence"][0]["found"][0]["sha256"].as_str().unwrap();
    assert!(page.contains(projects), "{told}");

    // Documents: only what they are by their first bytes, once each, sealed, and by their digest.
    let upload = |session: &str, evidence: &str, name: &str, bytes: &[u8]| {
        let (cookie, origin) = (format!("payung_sesi={session}"), format!("http://{}", desk.host));
        let headers = [("content-type", "multipart/form-data; boundary=x"), ("cookie", &*cookie), ("origin", &*origin)];
        desk.raw("POST", "/paritrana/1/unggah", &headers, &form(evidence, name, bytes))
    };
    let pdf = b"%PDF-1.7 isi perwali";
    assert_eq!(upload(&auditor, "perda", "perwali.pdf", pdf).status, 403);
    let no = upload(&manpower, "perda", "perwali.exe", b"MZ");
    assert!(no.status == 422 && no.body.contains("bukan PDF, JPEG, atau PNG"), "{}", no.body);
    assert_eq!(upload(&manpower, "tidak-diminta", "a.pdf", pdf).status, 422);
    for _ in 0..2 {
        let done = upload(&manpower, "perda", "../../perwali 12.pdf", pdf);
        assert_eq!(done.header("location"), "/paritrana/1#perda", "{}", done.body);
    }
    let page = desk.get(&one, &auditor).body;
    assert_eq!(page.matches("/paritrana/1/dokumen/").count(), 1, "{page}");
    assert!(page.contains(">perwali 12.pdf</a>") && page.contains(&app::desk::award::sha256(pdf)), "{page}");
    assert!(!page.contains("Unggah</button>"), "who only reads sees no form");
    let back = desk.get("/paritrana/1/dokumen/1", &auditor);
    assert_eq!((back.bytes.as_slice(), back.header("content-type")), (pdf.as_slice(), "application/pdf"));
    if world.database.is_none() {
        let stored = std::fs::read(world.home().join("payung.db")).unwrap();
        let wal = std::fs::read(world.home().join("payung.db-wal")).unwrap_or_default();
        let plain = |bytes: &[u8]| bytes.windows(11).any(|w| w == b"isi perwali");
        assert!(!plain(&stored) && !plain(&wal), "sealed at rest");
    }

    // The pack.
    let packed = desk.get("/paritrana/1/berkas.pdf", &auditor);
    assert!(packed.bytes.starts_with(b"%PDF-") && packed.bytes.len() > 10_000);
    assert!(desk.get("/paritrana/1/berkas.xlsx", &auditor).bytes.starts_with(b"PK"));
    let (_, api) = desk.json("/api/v1/awards", &auditor);
    assert_eq!(api["guides"][0]["year"].as_i64().unwrap(), i64::from(app::clock::today().year()));

    // Mended, the documents stay with it; one the guide asks for no more is left over, and taken away.
    let mended = guide.replace("code: perda,", "code: perwali,");
    let act = |at: &str, fields: &[(&str, &str)]| desk.post(at, &manpower, fields);
    assert_eq!(act(&one, &[("tindakan", "perbaiki"), ("juknis", "x: 1")]).status, 422);
    let two = act(&one, &[("tindakan", "perbaiki"), ("juknis", &mended)]).header("location").to_owned();
    assert_eq!((two.as_str(), desk.get(&one, &manpower).status), ("/paritrana/2", 404));
    let page = desk.get(&two, &manpower).body;
    assert!(page.contains("tidak lagi diminta juknis") && page.contains("/paritrana/2/dokumen/1"), "{page}");
    let gone = || act(&two, &[("tindakan", "hapus"), ("dokumen", "1")]).status;
    assert_eq!((gone(), gone()), (303, 422));
    assert_eq!(desk.get("/paritrana/2/dokumen/1", &manpower).status, 404);
    assert_eq!(act(&two, &[("tindakan", "tarik")]).header("location"), "/paritrana");
    assert!(desk.get("/paritrana", &manpower).body.contains("Belum ada juknis"));
}
