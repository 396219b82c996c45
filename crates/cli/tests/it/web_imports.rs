//! A sheet whose headers nobody knows, made readable in the browser: no command line, no file of a mapping.

use crate::http::Desk;
use crate::world::World;
use rust_xlsxwriter::Workbook;

/// Lays a file on the desk; the answer is its preview's address.
fn lay(desk: &Desk, session: &str, name: &str, bytes: &[u8]) -> String {
    let mut body =
        format!("--x\r\nContent-Disposition: form-data; name=\"berkas\"; filename=\"{name}\"\r\n\r\n").into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let cookie = format!("payung_sesi={session}");
    let headers = [("Cookie", cookie.as_str()), ("Content-Type", "multipart/form-data; boundary=x")];
    let answer = desk.raw("POST", "/impor", &headers, &body);
    assert!(answer.header("location").starts_with("/impor/"), "{} {}", answer.status, answer.body);
    answer.header("location").to_owned()
}

/// Every field of the form of correction, as the page has it.
fn form(page: &str) -> Vec<(String, String)> {
    let form = page.split("/baca\" data-draft").nth(1).unwrap().split("</form>").next().unwrap();
    let name = |piece: &str| piece.split("name=\"").nth(1).map(|n| n.split('"').next().unwrap().to_owned());
    let value = |piece: &str| piece.split("value=\"").nth(1).map(|v| v.split('"').next().unwrap().to_owned());
    let mut fields = Vec::new();
    for input in form.split("<input ").skip(1) {
        let tag = input.split('>').next().unwrap();
        fields.push((name(tag).unwrap(), value(tag).unwrap_or_default()));
    }
    for select in form.split("<select ").skip(1) {
        let select = select.split("</select>").next().unwrap();
        let chosen = select.split("<option ").find(|o| o.split('>').next().unwrap().contains(" selected"));
        fields.push((name(select).unwrap(), chosen.and_then(value).unwrap_or_default()));
    }
    fields
}

fn send(desk: &Desk, session: &str, preview: &str, fields: &[(String, String)], set: &[(&str, &str)]) -> u16 {
    let mut fields = fields.to_vec();
    for (name, value) in set {
        let field = fields.iter_mut().find(|(n, _)| n == name).unwrap_or_else(|| panic!("no field {name}"));
        (*value).clone_into(&mut field.1);
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    desk.post(&format!("{preview}/baca"), session, &fields).status
}

#[test]
fn a_sheet_with_headers_of_its_own_is_read_as_its_clerk_says() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "DAFTAR PEKERJAAN DINAS CONTOH").unwrap();
    for (i, header) in ["No", "Proyeknya Apa", "SPK Ke", "Duitnya", "Yang Ngerjain"].iter().enumerate() {
        sheet.write(3, i as u16, *header).unwrap();
    }
    for (i, cell) in
        ["1", "Rehabilitasi Jalan Balai Kenari", "12/SPK/2026", "1.250.000,00", "CV KENARI"].iter().enumerate()
    {
        sheet.write(4, i as u16, *cell).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let preview = lay(&desk, &admin, "rekap.xlsx", &bytes);

    // It is refused with what there is to do, not with a dead end.
    let page = desk.get(&preview, &admin).body;
    assert!(page.contains("Katakan bagaimana berkas ini dibaca"), "{page}");
    assert!(!page.contains("name=\"kolom_0\"") && page.contains("name=\"baris\" inputmode=\"numeric\" value=\"4\""));
    // First which list it is ...
    assert_eq!(send(&desk, &admin, &preview, &form(&page), &[("daftar", "kota_rekap")]), 303);
    let page = desk.get(&preview, &admin).body;
    assert!(page.contains("value=\"Proyeknya Apa\""), "{page}");
    // ... then what each column holds.
    let said = [
        ("kolom_1", "nama_paket"),
        ("kolom_2", "no_kontrak"),
        ("kolom_3", "nilai_kontrak"),
        ("kolom_4", "nama_penyedia"),
    ];
    let twice = [("kolom_1", "nama_paket"), ("kolom_2", "nama_paket")];
    assert_eq!(send(&desk, &admin, &preview, &form(&page), &twice), 422);
    assert_eq!(send(&desk, &admin, &preview, &form(&page), &[("baris", "empat")]), 422);
    assert_eq!(send(&desk, &admin, &preview, &form(&page), &said), 303);
    let page = desk.get(&preview, &admin).body;
    assert!(page.contains("Sepuluh baris pertama") && page.contains("Rehabilitasi Jalan Balai Kenari"), "{page}");
    let shown = form(&page);
    assert!(shown.contains(&("kolom_3".to_owned(), "nilai_kontrak".to_owned())), "{shown:?}");

    // It can be taken back to what the program makes of it, and said again.
    assert_eq!(desk.post(&format!("{preview}/baca"), &admin, &[("daftar", "")]).status, 303);
    let page = desk.get(&preview, &admin).body;
    assert!(page.contains("Katakan bagaimana berkas ini dibaca"));
    assert_eq!(send(&desk, &admin, &preview, &form(&page), &[("daftar", "kota_rekap")]), 303);
    assert_eq!(send(&desk, &admin, &preview, &form(&desk.get(&preview, &admin).body), &said), 303);

    // And is stored as it was shown.
    let job = desk.post(&format!("{preview}/simpan"), &admin, &[]).header("location").to_owned();
    desk.wait("it was not stored", || desk.get(&job, &admin).body.contains("1 baris: 1 baru"));
    desk.wait("no project", || {
        desk.get("/api/v1/projects?q=balai%20kenari&state=possible", &admin)
            .body
            .contains("Rehabilitasi Jalan Balai Kenari")
    });
    let found = desk.get("/api/v1/projects?q=balai%20kenari&state=possible", &admin).body;
    let found: serde_json::Value = serde_json::from_str(&found).unwrap();
    assert_eq!(
        (&found["projects"][0]["value"], &found["projects"][0]["vendor"]),
        (&1_250_000.into(), &"CV KENARI".into())
    );
    // What is being stored is not read anew.
    let late = desk.post(&format!("{preview}/baca"), &admin, &[("daftar", "sp2d")]);
    assert!(late.status == 400 && late.body.contains("tidak dapat diubah lagi"), "{}", late.body);
    assert!(desk.get(&preview, &admin).header("location").starts_with("/tugas/"));
}

#[test]
fn a_sheet_that_was_taken_for_another_list_is_put_right() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let preview = lay(
        &desk,
        &admin,
        "daftar.csv",
        b"nomor_proyek,nama_proyek,nama_perusahaan,tanggal_daftar,Catatan\n2699999999999,Drainase,CV A,2026-07-01,x\n",
    );
    let page = desk.get(&preview, &admin).body;
    assert!(page.contains("Bacaannya salah? Perbaiki") && page.contains("Sepuluh baris pertama"));
    let fields = form(&page);
    assert!(fields.contains(&("kolom_1".to_owned(), "nama_proyek".to_owned())), "{fields:?}");
    // Changing the list lets go of what was said of the old one's columns, and says what the new one lacks.
    assert_eq!(send(&desk, &admin, &preview, &fields, &[("daftar", "sp2d")]), 303);
    let page = desk.get(&preview, &admin).body;
    assert!(page.contains("role=\"alert\"") && page.contains("name=\"kolom_1\""), "{page}");
    assert_eq!(desk.post("/impor/999/baca", &admin, &[("daftar", "sp2d")]).status, 404);
}

/// Of a workbook with two lists the second is read wrongly: read alone, it is put right, and the first is stored from the same file afterwards.
#[test]
fn one_sheet_of_several_is_put_right() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let mut book = Workbook::new();
    let tables: [(&str, [&[&str]; 2]); 2] = [
        (
            "Pendaftaran",
            [
                &["nomor_proyek", "nama_proyek", "nama_perusahaan", "tanggal_daftar"],
                &["2688000000001", "Pagar Balai", "CV A", "2026-07-01"],
            ],
        ),
        (
            "Iuran",
            [
                &["nomor_proyek", "tanggal_bayar", "jumlah", "Kolom Aneh"],
                &["2688000000001", "2026-07-02", "250000", "x"],
            ],
        ),
    ];
    for (name, rows) in &tables {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (r, cells) in rows.iter().enumerate() {
            for (c, cell) in cells.iter().enumerate() {
                sheet.write(r as u32, c as u16, *cell).unwrap();
            }
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let preview = lay(&desk, &admin, "dua.xlsx", &bytes);
    let page = desk.get(&preview, &admin).body;
    assert!(page.matches("Hanya baca lembar ini").count() == 2 && !page.contains("/baca\" data-draft"), "{page}");
    assert_eq!(desk.post(&format!("{preview}/baca"), &admin, &[("lembar", "Pendaftaran")]).status, 303);
    let page = desk.get(&preview, &admin).body;
    assert!(
        page.contains("Hanya satu lembar yang dibaca") && page.contains("/baca\" data-draft"),
        "its reading can be corrected"
    );
    let job = desk.post(&format!("{preview}/simpan"), &admin, &[]).header("location").to_owned();
    desk.wait("not stored", || desk.get(&job, &admin).body.contains("1 baris: 1 baru"));
    // The same bytes again, for what was left out.
    let again = lay(&desk, &admin, "dua.xlsx", &bytes);
    assert_eq!(desk.post(&format!("{again}/baca"), &admin, &[("lembar", "Iuran")]).status, 303);
    let job = desk.post(&format!("{again}/simpan"), &admin, &[]).header("location").to_owned();
    desk.wait("not stored", || desk.get(&job, &admin).body.contains("1 baris: 1 baru"));
}

/// Several files laid at once are looked at one after the other, each with its own reading; or stored together.
#[test]
fn several_files_are_looked_at_in_turn() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let list = |n: u32| {
        format!("nomor_proyek,nama_proyek,nama_perusahaan,tanggal_daftar\n26990000000{n:02},Pagar {n},,2026-07-01\n")
    };
    let lay_all = |numbers: &[u32]| {
        let mut body = Vec::new();
        for n in numbers {
            body.extend(
                format!(
                    "--x\r\nContent-Disposition: form-data; name=\"berkas\"; filename=\"{n}.csv\"\r\n\r\n{}\r\n",
                    list(*n)
                )
                .bytes(),
            );
        }
        body.extend_from_slice(b"--x--\r\n");
        let cookie = format!("payung_sesi={admin}");
        let headers = [("Cookie", cookie.as_str()), ("Content-Type", "multipart/form-data; boundary=x")];
        desk.raw("POST", "/impor", &headers, &body).header("location").to_owned()
    };
    let store = |at: &str, fields: &[(&str, &str)]| {
        let (path, rest) = at.split_once("?lalu=").unwrap_or((at, ""));
        let ids = if rest.is_empty() { path.to_owned() } else { format!("{path}.{rest}") };
        desk.post(&format!("{ids}/simpan"), &admin, fields).header("location").to_owned()
    };
    let first = lay_all(&[1, 2, 3]);
    let page = desk.get(&first, &admin).body;
    assert!(page.contains("<h1>1.csv</h1>") && page.contains("2 berkas lagi menunggu dilihat"), "{page}");
    let second = store(&first, &[]);
    let page = desk.get(&second, &admin).body;
    assert!(
        page.contains("<h1>2.csv</h1>") && page.contains("/baca\" data-draft"),
        "each has a reading of its own: {page}"
    );
    // The second is passed over; the third is the last.
    let third =
        page.split("Lewati").next().unwrap().rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned();
    assert!(desk.get(&third, &admin).body.contains("<h1>3.csv</h1>"));
    let job = store(&third, &[]);
    desk.wait("not stored", || desk.get(&job, &admin).body.contains("1 baris: 1 baru"));
    let stored = desk.get("/impor", &admin).body;
    assert!(stored.contains("1.csv") && stored.contains("3.csv"), "{stored}");
    // All at once.
    let job = store(&lay_all(&[4, 5]), &[("semua", "1")]);
    desk.wait("not stored", || desk.get(&job, &admin).body.contains("1 baris: 1 baru"));
    let stored = desk.get("/impor", &admin).body;
    assert!(stored.contains("4.csv") && stored.contains("5.csv"), "{stored}");
}

/// Files lie as they came, so none stays longer than it is needed.
#[test]
fn what_is_stored_or_forgotten_does_not_stay() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let list =
        |number: &str| format!("nomor_proyek,nama_proyek,nama_perusahaan,tanggal_daftar\n{number},Pagar,,2026-07-01\n");
    let stored = lay(&desk, &admin, "simpan.csv", list("2677000000001").as_bytes());
    let job = desk.post(&format!("{stored}/simpan"), &admin, &[]).header("location").to_owned();
    desk.wait("not stored", || desk.get(&job, &admin).body.contains("1 baris: 1 baru"));
    let waiting = lay(&desk, &admin, "tunggu.csv", list("2677000000002").as_bytes());
    let folder = world.home().join("uploads");
    std::fs::write(folder.join("tmp-0011223344556677"), "terputus").unwrap();

    let home = app::home::Home::open(&world.home()).unwrap();
    let outside = app::desk::Outside::default();
    let program = std::path::Path::new(crate::world::PROGRAM);
    let names = || std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect::<Vec<_>>();
    let age = |days: u64| {
        let at = std::time::SystemTime::now() - std::time::Duration::from_secs(days * 86_400 + 60);
        for path in names() {
            std::fs::File::options().write(true).open(path).unwrap().set_modified(at).unwrap();
        }
    };
    if world.database.is_none() {
        let other = app::desk::Desk::open(home, program, outside).unwrap();
        assert_eq!(app::desk::uploads::sweep(&other).unwrap(), 0, "young files are left alone");
        age(1);
        assert_eq!(app::desk::uploads::sweep(&other).unwrap(), 2, "the stored one and the torn one");
        assert_eq!(names().len(), 1);
        assert_eq!(desk.get(&waiting, &admin).status, 200, "what waits for its clerk stays");
    }
    for path in names() {
        std::fs::remove_file(path).unwrap();
    }
    let gone = desk.get(&waiting, &admin);
    assert!(gone.status == 400 && gone.body.contains("Kirim lagi berkasnya"), "{}", gone.body);
    assert_eq!(desk.get(&stored, &admin).status, 303, "what was stored leads to its job");
}
