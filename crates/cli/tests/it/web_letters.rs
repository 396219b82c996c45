//! Letters over HTTP: drafted, released under a number, verified by anybody, sent through a real SMTP server, stopped
//! when the duty is met.

use crate::http::Desk;
use crate::world::World;
use authz::Role;
use mailin_embedded::{Handler, Response, Server, SslConfig, response};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

pub(crate) const KOP: [(&str, &str); 9] = [
    ("kop", "PEMERINTAH KOTA CONTOH\nDinas Tenaga Kerja\nJalan Contoh 1"),
    ("tempat", "Contoh"),
    ("jabatan", "Kepala Dinas Tenaga Kerja"),
    ("nama", "Nama Penanda Tangan"),
    ("nomor", "{nomor}/JAKON/{bulan}/{tahun}"),
    ("hari", "7"),
    ("mulai", "00:00"),
    ("sampai", "23:59"),
    ("libur", "1"),
];

/// Code and name of a project without registration, and its finding's address.
pub(crate) fn unregistered(desk: &Desk, session: &str, place: usize) -> (String, String) {
    let page = desk.get("/temuan/not-registered", session).body;
    let project = page.split("<td><a href=\"/proyek/").nth(place + 1).unwrap().split('"').next().unwrap().to_owned();
    let finding = page.split("<a href=\"/temuan/not-registered/").nth(place + 1).unwrap().split('"').next().unwrap();
    (project, format!("/temuan/not-registered/{finding}"))
}

pub(crate) fn draft<'a>(project: &'a str, kind: &'a str) -> [(&'a str, &'a str); 3] {
    [("proyek", project), ("temuan", "not-registered"), ("jenis", kind)]
}

#[test]
fn a_letter_is_drafted_released_verified_and_withdrawn() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let (project, _) = unregistered(&desk, &admin, 0);
    let letter = desk.post("/surat", &admin, &draft(&project, "first_warning"));
    assert_eq!(letter.status, 303, "{}", letter.body);
    let letter = letter.header("location").to_owned();
    assert_eq!(desk.post("/surat", &admin, &draft(&project, "notice")).status, 422, "a draft lies there");

    // A draft has no number, and gets none without a letterhead.
    let early = desk.post(&format!("{letter}/rilis"), &admin, &[]);
    assert!(early.status == 422 && early.body.contains("Kop surat belum lengkap"), "{}", early.body);
    assert_eq!(desk.post("/kop", &admin, &[("kop", "KOTA"), ("nomor", "{nomor}")]).status, 422);
    assert_eq!(desk.post("/kop", &admin, &KOP).status, 303);
    let pdf = desk.get(&format!("{letter}/pdf"), &admin);
    assert!(pdf.bytes.starts_with(b"%PDF-") && pdf.header("content-type") == "application/pdf");
    assert_eq!(desk.post(&letter, &admin, &[("recipient", "")]).status, 303);
    let empty = desk.post(&format!("{letter}/rilis"), &admin, &[]);
    assert!(empty.status == 422 && empty.body.contains("Isi dahulu: Kepada"), "{}", empty.body);
    let fields = [("recipient", "Pimpinan CV CONTOH\nJalan <b>5</b>"), ("note", "Catatan #set page() & lain")];
    assert_eq!(desk.post(&letter, &admin, &fields).status, 303);

    // A form that sends less empties nothing else.
    assert_eq!(desk.post(&letter, &admin, &[("surel", "")]).status, 303);
    assert!(desk.get(&letter, &admin).body.contains("Pimpinan CV CONTOH"));
    // Released is what was on the page of who releases.
    let read = desk.get(&letter, &admin).body;
    let version = read.split("name=\"versi\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(desk.post(&letter, &admin, &[fields[0], ("note", "Lain lagi")]).status, 303);
    let stale = desk.post(&format!("{letter}/rilis"), &admin, &[("versi", &version)]);
    assert!(stale.status == 422 && stale.body.contains("diubah sejak Anda membukanya"), "{}", stale.body);
    assert_eq!(desk.post(&letter, &admin, &fields).status, 303);
    assert_eq!(desk.post(&format!("{letter}/rilis"), &admin, &[]).status, 303);
    assert_eq!(desk.post(&format!("{letter}/rilis"), &admin, &[]).status, 422, "once");
    let page = desk.get(&letter, &admin).body;
    assert!(
        page.contains("<b>1/JAKON/") && page.contains("PP 86/2013") && page.contains("Jalan &#60;b&#62;5"),
        "{page}"
    );
    let pdf = desk.get(&format!("{letter}/pdf"), &admin).bytes;
    assert_eq!(pdf, desk.get(&format!("{letter}/pdf"), &admin).bytes);
    assert_eq!(desk.post(&letter, &admin, &fields).status, 400, "what went out does not change");

    // Anybody who holds the paper.
    let verify = page.split("href=\"/periksa/").nth(1).unwrap().split('"').next().unwrap();
    let verify = format!("/periksa/{verify}");
    let seen = desk.get(&verify, "").body;
    assert!(seen.contains("asli dan berlaku") && seen.contains("1/JAKON/") && !seen.contains("Catatan"), "{seen}");
    let digest = seen.split("<dd class=\"code\">").nth(1).unwrap().split('<').next().unwrap();
    assert_eq!(digest, digest_of(&pdf));
    assert!(desk.get("/periksa/00", "").body.contains("Tidak ada surat dengan kode ini"));

    // The clock of the first warning runs; another agency does not see the letter.
    let second = desk.post("/surat", &admin, &draft(&project, "second_warning"));
    assert!(second.status == 422 && second.body.contains("masih berjalan sampai"), "{}", second.body);
    assert!(desk.get("/surat", &admin).body.contains("lalu teguran kedua"));
    let (ppk, _) = desk.accept(&desk.invite(&admin, "ppk@kota.go.id", Role::Ppk, "DINAS LAIN"), "ppk@kota.go.id");
    for path in [letter.clone(), format!("{letter}/pdf")] {
        assert_eq!(desk.get(&path, &ppk).status, 404, "{path}");
    }
    assert!(!desk.get("/surat?bagian=terbit", &ppk).body.contains(&letter));

    let why = [("alasan", "Salah alamat; surat baru menyusul.")];
    assert_eq!(desk.post(&format!("{letter}/tarik"), &admin, &why).status, 303);
    assert!(desk.get(&verify, "").body.contains("sudah ditarik"));
    world.ok(&["audit", "verify"]);
}

/// The digest as the program computes it, so that the test needs no hash of its own.
fn digest_of(bytes: &[u8]) -> String {
    app::desk::hex(&app::desk::token_hash(bytes))
}

#[test]
fn letters_written_at_once_are_numbered_without_a_gap() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    assert_eq!(desk.post("/kop", &admin, &KOP).status, 303);
    let all = desk.post("/surat/massal", &admin, &[("temuan", "not-registered"), ("jenis", "notice")]);
    assert_eq!(all.status, 303, "{}", all.body);
    let again = desk.post("/surat/massal", &admin, &[("temuan", "not-registered"), ("jenis", "notice")]);
    assert!(again.header("location").contains("ditulis=0&"), "{}", again.header("location"));
    let drafts = desk.get("/surat?bagian=draf", &admin).body;
    let count = drafts.matches("<td><a href=\"/surat/").count();
    assert!((2..=50).contains(&count), "{count}");
    let batch = drafts.split("name=\"kelompok\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let job = desk.post("/surat/rilis", &admin, &[("kelompok", batch)]);
    let job = job.header("location").to_owned();
    desk.wait("not released", || desk.get(&job, &admin).body.contains(&format!("{count} surat dirilis, 0 dilewati")));
    let issued = desk.get("/surat?bagian=terbit", &admin).body;
    for n in 1..=count {
        assert!(issued.contains(&format!("\">{n}/JAKON/")), "{n} of {count}");
    }
}

/// What arrived.
#[derive(Clone, Default)]
struct Inbox {
    mails: Arc<Mutex<Vec<(String, String)>>>,
    to: String,
    text: Vec<u8>,
}

impl Handler for Inbox {
    fn rcpt(&mut self, to: &str) -> Response {
        to.clone_into(&mut self.to);
        if to.contains("tiada") { response::NO_MAILBOX } else { response::OK }
    }

    fn data(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.text.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let text = String::from_utf8_lossy(&std::mem::take(&mut self.text)).into_owned();
        self.mails.lock().unwrap().push((self.to.clone(), text));
        response::OK
    }
}

impl Inbox {
    /// A mail server that puts what comes into this box, on a port or on any; the port it got.
    fn receive(&self, port: u16) -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut server = Server::new(self.clone());
        server.with_name("surel.contoh").with_tcp_listener(listener).with_ssl(SslConfig::None).unwrap();
        std::thread::spawn(move || drop(server.serve()));
        port
    }
}

#[test]
fn a_released_letter_goes_out_by_a_real_server_unless_the_duty_is_met() {
    let inbox = Inbox::default();
    let port = inbox.receive(0);

    let world = World::new();
    std::fs::create_dir_all(world.home()).unwrap();
    let settings = format!(
        "smtp: smtp://127.0.0.1:{port}\nmail_from: Payung <payung@kota.contoh>\naddress: https://payung.kota.contoh\n"
    );
    std::fs::write(world.home().join("payung.yaml"), settings).unwrap();
    let (desk, admin) = Desk::over_city(&world);
    assert_eq!(desk.post("/kop", &admin, &KOP).status, 303);
    let issue = |place: usize, email: &str| {
        let (project, finding) = unregistered(&desk, &admin, place);
        let letter = desk.post("/surat", &admin, &draft(&project, "notice")).header("location").to_owned();
        assert_eq!(desk.post(&letter, &admin, &[("recipient", "Pimpinan"), ("surel", email)]).status, 303);
        assert_eq!(desk.post(&format!("{letter}/rilis"), &admin, &[]).status, 303);
        (letter, finding)
    };

    // Released is not sent.
    let (letter, _) = issue(0, "kontraktor@contoh.id");
    assert!(inbox.mails.lock().unwrap().is_empty());
    assert_eq!(desk.post(&format!("{letter}/kirim"), &admin, &[]).status, 303);
    desk.wait("not sent", || desk.get(&letter, &admin).body.contains("terkirim"));
    let mails = inbox.mails.lock().unwrap().clone();
    let (to, text) = &mails[0];
    assert!(mails.len() == 1 && to.contains("kontraktor@contoh.id"), "{to}");
    let id = text.lines().find(|l| l.to_lowercase().starts_with("message-id:")).unwrap();
    assert!(id.contains("@kota.contoh>") && text.contains("application/pdf"), "{id}");
    assert!(
        text.contains("From: Payung <payung@kota.contoh>") || text.contains("From: \"Payung\" <payung@kota.contoh>")
    );

    // An address the server does not know: said on the page, without the server's words.
    let (letter, _) = issue(1, "tiada@contoh.id");
    assert_eq!(desk.post(&format!("{letter}/kirim"), &admin, &[]).status, 303);
    desk.wait("no failure told", || desk.get(&letter, &admin).body.contains("gagal dikirim: ditolak server surel 550"));

    // Set aside by two persons before a draft is released: the ladder stops.
    let (project, finding) = unregistered(&desk, &admin, 2);
    let letter = desk.post("/surat", &admin, &draft(&project, "notice")).header("location").to_owned();
    let reason = [("jenis", "waiver"), ("alasan", "Pekerjaan dibatalkan sebelum mulai.")];
    assert_eq!(desk.post(&finding, &admin, &reason).status, 303);
    let page = desk.get(&finding, &admin).body;
    let own = page.split("<br><span class=\"soft\">").nth(1).unwrap().split(['<', '·']).next().unwrap().trim();
    let link = desk.invite(&admin, "wakil@kota.go.id", Role::Supervisor, &own.replace("&#38;", "&"));
    let (second, _) = desk.accept(&link, "wakil@kota.go.id");
    assert_eq!(desk.post("/temuan/putusan/1/setuju", &second, &[]).status, 303);
    let stopped = desk.post(&format!("{letter}/rilis"), &admin, &[]);
    assert!(stopped.status == 422 && stopped.body.contains("sudah dipenuhi"), "{}", stopped.body);
    assert_eq!(inbox.mails.lock().unwrap().len(), 1);
}

/// A server that is away is asked again later, and a letter is lost to nobody: it goes out when the server is back, or says
/// that it did not.
#[test]
fn a_server_that_is_away_is_asked_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let world = World::on_file();
    std::fs::create_dir_all(world.home()).unwrap();
    let (smtp, from) = (format!("smtp://127.0.0.1:{port}"), "Payung <payung@kota.contoh>");
    std::fs::write(world.home().join("payung.yaml"), format!("smtp: {smtp}\nmail_from: {from}\n")).unwrap();
    let (desk, admin) = Desk::over_city(&world);
    assert_eq!(desk.post("/kop", &admin, &KOP).status, 303);
    let issue = |place: usize| {
        let (project, _) = unregistered(&desk, &admin, place);
        let letter = desk.post("/surat", &admin, &draft(&project, "notice")).header("location").to_owned();
        let typed = [("recipient", "Pimpinan"), ("surel", "kontraktor@contoh.id")];
        assert_eq!(desk.post(&letter, &admin, &typed).status, 303);
        assert_eq!(desk.post(&format!("{letter}/rilis"), &admin, &[]).status, 303);
        assert_eq!(desk.post(&format!("{letter}/kirim"), &admin, &[]).status, 303);
        letter.rsplit('/').next().unwrap().parse::<i64>().unwrap()
    };
    let letters = [issue(0), issue(1)];
    let tried = || desk.get("/pekerjaan", &admin).body.matches("dicoba lagi nanti").count();
    desk.wait("nobody tried", || tried() == 2);
    let waits = desk.get(&format!("/surat/{}", letters[0]), &admin).body;
    assert!(waits.contains("menunggu jam kirim") && !waits.contains("gagal"), "not given up");
    drop(desk);

    // The program ended in between; what was asked for is still asked for. Attempts are made here, without the wait.
    let outside =
        app::desk::Outside { smtp: Some(smtp), mail_from: Some(from.to_owned()), ..app::desk::Outside::default() };
    let home = app::home::Home::open(&world.home()).unwrap();
    let desk = app::desk::Desk::open(home, std::path::Path::new(crate::world::PROGRAM), outside).unwrap();
    let attempt = |letter, n| app::desk::letters::send(&desk, None, letter, n).unwrap()["sending"].clone();
    assert_eq!(attempt(letters[0], 4), "again");
    assert_eq!(attempt(letters[0], 5), "failed", "the fifth is the last");
    assert_eq!(attempt(letters[0], 5), "none", "and it was said once");
    let inbox = Inbox::default();
    inbox.receive(port);
    assert_eq!(attempt(letters[1], 2), "sent");
    assert_eq!(attempt(letters[1], 2), "none", "not twice");
    assert_eq!(inbox.mails.lock().unwrap().len(), 1);
}

/// Whoever asked for it is written to once a day when something waits; nobody else is, and the mail names nobody.
#[test]
fn a_member_who_asked_is_reminded_once_a_day() {
    let inbox = Inbox::default();
    let port = inbox.receive(0);
    let world = World::new();
    // A desk without a post office: its worker sends nothing while members say what they want.
    let (desk, admin) = Desk::over_city(&world);
    assert_eq!(desk.post("/kop", &admin, &KOP).status, 303, "the office sends at any hour");
    let list = desk.json("/api/v1/projects?state=exposed", &admin).1;
    let agency = list["projects"][0]["agency"].as_str().unwrap();
    let names: Vec<&str> = list["projects"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
    let join = |login: &str, role| desk.accept(&desk.invite(&admin, login, role, agency), login).0;
    let (ppk, other) = (join("ppk@kota.go.id", Role::Ppk), join("auditor@kota.go.id", Role::Auditor));
    let idle = desk.accept(&desk.invite(&admin, "dpo@kota.go.id", Role::DataProtection, agency), "dpo@kota.go.id").0;
    assert!(!desk.get("/akun", &ppk).body.contains("Kirimi saya surel"), "what cannot be is not offered");
    assert_eq!(desk.post("/akun/pengingat", &ppk, &[("surel", "1")]).status, 303);
    assert_eq!(desk.post("/akun/pengingat", &idle, &[("surel", "1")]).status, 303);
    assert_eq!(desk.post("/akun/pengingat", &other, &[]).status, 303);
    drop(desk);
    let settings = format!(
        "smtp: smtp://127.0.0.1:{port}\nmail_from: Payung <payung@kota.contoh>\naddress: https://payung.kota.contoh\n"
    );
    std::fs::write(world.home().join("payung.yaml"), settings).unwrap();
    // The worker looks when it begins.
    let desk = Desk::start(&world);
    let offered = desk.get("/akun", &ppk).body;
    assert!(offered.contains("Kirimi saya surel") && offered.contains("name=\"surel\" value=\"1\" checked"));
    desk.wait("not sent", || !inbox.mails.lock().unwrap().is_empty());
    desk.wait("jobs", || desk.get("/pekerjaan", &admin).body.matches("Mengirim pengingat").count() == 2);
    let (to, text) = inbox.mails.lock().unwrap()[0].clone();
    let plain = text.replace("=\r\n", "").replace("=\n", "");
    assert!(to.contains("ppk@kota.go.id") && plain.contains("proyek tanpa pelindungan"), "{to} {plain}");
    assert!(plain.contains("https://payung.kota.contoh/hari-ini") && names.iter().all(|n| !plain.contains(n)));
    drop(desk);
    let desk = Desk::start(&world);
    desk.wait("not up", || desk.get("/sehat", "").status == 200);
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(
        inbox.mails.lock().unwrap().len(),
        1,
        "once a day; nothing waits for the other, and the third did not ask"
    );
}
