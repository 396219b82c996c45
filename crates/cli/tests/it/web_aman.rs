//! Vulnerable workers and the money for them: lists with their mess, a statement to the rupiah, gifts, allotments on the word of two, and
//! everything that must be refused.

use crate::http::{Desk, Response};
use crate::web_letters::KOP;
use crate::world::World;
use authz::Role;
use serde_json::Value;
use testkit::aman::{AmanSpec, AmanTruth, generate};

fn made_up(world: &World) -> AmanTruth {
    let spec = AmanSpec { seed: 9, people: 300, donors: 10, as_of: jiff::civil::date(2026, 11, 20) };
    std::fs::create_dir_all(world.path("aman")).unwrap();
    let truth = generate(&spec, &world.path("aman")).unwrap();
    let files: Vec<&std::path::Path> = truth.files.iter().map(std::path::PathBuf::as_path).collect();
    let (code, entries) = world.import_with(&files, &[]);
    assert_eq!(code, 0, "{entries:?}");
    let registers: Vec<&str> = entries.iter().map(|e| e["register"].as_str().unwrap()).collect();
    assert_eq!(registers, ["pekerja_rentan", "peserta_lain", "rekening_koran"], "told apart by their headers");
    truth
}

#[test]
fn lists_come_in_with_their_mess_and_everybody_stands_once() {
    let world = World::new();
    let truth = made_up(&world);
    let told = world.json(&["vulnerable", "--json"]);
    let sum: u64 = told["standings"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(sum, (truth.people + truth.apart) as u64, "{told}");
    let conflict = |name: &str| told["conflicts"][name].as_u64().unwrap();
    // Without a number nobody is the same in two groups.
    assert_eq!(conflict("several_groups"), (truth.in_two - truth.apart) as u64, "{told}");
    assert_eq!(conflict("no_number"), (truth.damaged + truth.apart) as u64, "{told}");
    assert_eq!((conflict("after_death"), conflict("waged_and_paid")), (truth.after_death as u64, truth.waged as u64));
    assert_eq!(told["insurer_list_known"], true);
    let groups: Vec<&str> = told["groups"].as_array().unwrap().iter().map(|g| g["group"].as_str().unwrap()).collect();
    for group in ["rt", "rw", "guru_ngaji", "kader", "pemulung", "pengemudi", "petani", "penggali_kubur"] {
        assert!(groups.contains(&group), "{group} in {groups:?}");
    }
    let text = world.ok(&["vulnerable"]);
    assert!(text.contains("terlindungi") && text.contains("Guru ngaji"), "{text}");
    // The rows stand in the accounting, once each.
    let monev = world.json(&["monev", "--json", "--out", world.path("out").to_str().unwrap()]);
    let listed = monev["accounting"]["places"]["vulnerable"].as_u64().unwrap();
    assert_eq!(listed as usize, truth.people + truth.in_two);
    assert_eq!(monev["accounting"]["places"]["bank_line"].as_u64().unwrap() as usize, truth.lines);
}

/// Somebody of each kind at one desk.
pub(crate) struct Office {
    pub(crate) world: World,
    pub(crate) desk: Desk,
    pub(crate) admin: String,
    pub(crate) manpower: String,
    pub(crate) supervisor: String,
    finance: String,
}

const LISTS: &str = "Kelompok,NIK,Nama,Tanggal Lahir,Mulai,Meninggal\n\
    RT,9971010101800001,SATU CONTOH,1980-01-01,2026-01-01,\n\
    RT,9971010101810002,DUA CONTOH,1981-01-01,2026-01-01,\n\
    Guru Ngaji,9971010101820003,TIGA CONTOH,1982-01-01,2026-01-01,\n\
    Guru Ngaji,9971010101830004,EMPAT CONTOH,1983-01-01,2026-01-01,2026-10-01\n";

const STATEMENT: &str = "Tanggal,Keterangan,Debit,Kredit,Saldo\n\
    2026-10-01,TRSF CR SITI UPAMA,0,201.600,301.600\n\
    2026-10-02,KR OTOMATIS DINAS CONTOH POTONGAN GAJI,0,75.000,376.600\n\
    2026-10-05,BUNGA,0,400,377.000\n\
    2026-10-05,BIAYA ADM,7.500,0,369.500\n";

impl Office {
    pub(crate) fn new() -> Self {
        let world = World::new();
        let (rentan, bank) = (world.file("rentan.csv", LISTS), world.file("koran.csv", STATEMENT));
        let entries = world.import(&[&rentan, &bank]);
        let read: Vec<(&str, u64)> = entries
            .iter()
            .map(|e| (e["register"].as_str().unwrap_or_default(), e["new"].as_u64().unwrap_or(0)))
            .collect();
        assert_eq!(read, [("pekerja_rentan", 4), ("rekening_koran", 4)], "{entries:?}");
        let desk = Desk::start(&world);
        let (admin, _) = desk.accept(&desk.first_link.clone().unwrap(), "kepala@kota.go.id");
        // Rights over the city need a second person: an assistant of an agency, whom the administrator invites alone.
        let (second, _) =
            desk.accept(&desk.invite(&admin, "wakil@kota.go.id", Role::Supervisor, ""), "wakil@kota.go.id");
        let grant = std::cell::Cell::new(4);
        let join = |login: &str, role| {
            let session = desk.accept(&desk.invite(&admin, login, role, ""), login).0;
            grant.set(grant.get() + 1);
            assert_eq!(desk.post(&format!("/orang/hak/{}", grant.get()), &second, &[]).status, 303);
            session
        };
        let manpower = join("naker@kota.go.id", Role::ManpowerOfficer);
        let supervisor = join("asisten@kota.go.id", Role::Supervisor);
        let finance = join("bpkad@kota.go.id", Role::FinanceClerk);
        Self { world, desk, admin, manpower, supervisor, finance }
    }

    fn book(&self) -> Value {
        self.world.json(&["book", "--check", "--json"])
    }

    fn bank(&self, fields: &[(&str, &str)]) -> Response {
        self.desk.post("/donasi/rekening", &self.manpower, fields)
    }

    /// The line whose text holds a word.
    fn line(&self, word: &str) -> String {
        let page = self.desk.get("/donasi/rekening", &self.manpower).body;
        let of = page.split("id=\"baris-").skip(1).find(|li| li.split("</li>").next().unwrap().contains(word));
        of.unwrap_or_else(|| panic!("{word}: {page}")).split('"').next().unwrap().to_owned()
    }

    fn explain(&self, word: &str, fields: &[(&str, &str)]) -> Response {
        let line = self.line(word);
        self.bank(&[&[("tindakan", "jelaskan"), ("baris", line.as_str())], fields].concat())
    }

    fn donor(&self, fields: &[(&str, &str)]) -> String {
        let made = self.desk.post("/donasi/donatur", &self.manpower, fields);
        assert_eq!(made.status, 303, "{}", made.body);
        made.header("location").to_owned()
    }
}

#[test]
fn a_gift_becomes_months_of_cover_on_the_word_of_two() {
    let o = Office::new();
    // The public page before anything came, and the pool that is there from the first look.
    assert!(o.desk.get("/aman", "").body.contains("Belum ada donasi"));
    assert!(o.desk.get("/donasi", &o.manpower).body.contains("Dana bersama"));

    // Lines enter once, with what the account held before them.
    assert_eq!(o.bank(&[("tindakan", "masukkan")]).status, 303);
    assert_eq!(o.bank(&[("tindakan", "masukkan")]).status, 303);
    let book = o.book();
    assert_eq!(book["balances"]["bank:1"], 369_500, "{book}");
    assert_eq!((book["checked"]["entries"].as_i64(), &book["accounts"][0]["new"]), (Some(5), &Value::from(0)));

    // A donor with a pledge, and a civil servant by payroll.
    let siti = o.donor(&[("jenis", "person"), ("nama", "Siti Upama"), ("kontak", "0812")]);
    let servant = o.donor(&[("jenis", "servant"), ("nama", "Budi Misal"), ("dinas", "DINAS CONTOH")]);
    let again = o.desk.post("/donasi/donatur", &o.manpower, &[("jenis", "servant"), ("nama", "Tanpa Dinas")]);
    assert!(again.status == 422 && again.body.contains("perangkat daerahnya"), "{}", again.body);
    let pledge = |who: &str, fields: &[(&str, &str)]| {
        let fixed = [("tindakan", "janji"), ("dana", "1"), ("mulai", "2026-10")];
        o.desk.post(who, &o.manpower, &[&fixed[..], fields].concat())
    };
    for amount in ["0", "-50.000", "999.999.999.999.999"] {
        let no = pledge(&siti, &[("irama", "monthly"), ("jumlah", amount)]);
        assert_eq!(no.status, 422, "{amount}: {}", no.body);
    }
    let dead = pledge(&siti, &[("irama", "monthly"), ("jumlah", "50.000"), ("nik", "9971010101830004")]);
    assert!(dead.status == 422 && dead.body.contains("sudah meninggal"), "{}", dead.body);
    assert!(!dead.body.contains("9971010101830004"), "a number typed is not sent back");
    let nobody = pledge(&siti, &[("irama", "monthly"), ("jumlah", "50.000"), ("nik", "9971010101990009")]);
    assert!(nobody.status == 422 && nobody.body.contains("tidak ada pada daftar"), "{}", nobody.body);
    assert_eq!(pledge(&siti, &[("irama", "monthly"), ("jumlah", "201.600")]).status, 303);
    assert_eq!(pledge(&servant, &[("irama", "payroll"), ("jumlah", "75.000")]).status, 303);

    // The name and the amount make a proposal; a person says yes. A line is explained once.
    let page = o.desk.get("/donasi/rekening", &o.manpower).body;
    assert!(page.contains("Siti Upama (Rp201.600)") && page.contains("jumlah cocok"), "{page}");
    let given = o.line("SITI UPAMA");
    assert_eq!(o.explain("SITI UPAMA", &[("sebagai", "janji:1")]).status, 303);
    let twice = o.bank(&[("tindakan", "jelaskan"), ("baris", &given), ("sebagai", "janji:1")]);
    assert_eq!(twice.status, 422);
    let wrong = o.explain("POTONGAN GAJI", &[("sebagai", "biaya"), ("dana", "1")]);
    assert!(wrong.status == 422 && wrong.body.contains("arah yang lain"), "{}", wrong.body);
    assert_eq!(o.explain("POTONGAN GAJI", &[("sebagai", "gaji"), ("dinas", "DINAS CONTOH")]).status, 303);
    assert_eq!(o.explain("BUNGA", &[("sebagai", "bunga"), ("dana", "1")]).status, 303);
    assert_eq!(o.explain("Saldo sebelum", &[("sebagai", "bunga"), ("dana", "1")]).status, 303);
    assert_eq!(o.explain("BIAYA ADM", &[("sebagai", "biaya"), ("dana", "1")]).status, 303);
    let book = o.book();
    assert_eq!(book["funds"][0]["free"], 369_500, "{book}");
    assert_eq!(book["checked"]["wrong"], serde_json::json!([]));

    // Two months ahead, so that the test is good in any year.
    let from = app::desk::aman::month_after(app::clock::today(), 2).to_string();
    let month = &from[..7];

    // The plan: three of four may be covered; the dead one is not among them. Only part of the year is paid for.
    let proposal = o.world.json(&["allot", "--from", month, "--json"]);
    assert_eq!(
        (&proposal["funds"][0]["people"], &proposal["months"]),
        (&Value::from(3), &Value::from(21)),
        "{proposal}"
    );
    assert_eq!(proposal["funds"][0]["amount"], 21 * 16_800);
    let wanted = [("mulai", month), ("bulan", "12"), ("terpendek", "3"), ("kelompok", ""), ("dana", "1")];
    assert_eq!(o.desk.post("/donasi/alokasi", &o.finance, &wanted).status, 403, "who pays does not ask");
    let asked = o.desk.post("/donasi/alokasi", &o.manpower, &wanted);
    assert_eq!(asked.header("location"), "/donasi/alokasi/1", "{}", asked.body);
    let one = "/donasi/alokasi/1";
    assert_eq!(o.desk.post(one, &o.manpower, &[("tindakan", "lepas")]).status, 403, "who asks does not release");
    let seen = o.desk.get(one, &o.supervisor).body;
    assert!(
        seen.contains("Rp352.800") && !seen.contains("/pekerja/"),
        "the second person sees sums, not people: {seen}"
    );
    assert_eq!(o.desk.post(one, &o.supervisor, &[("tindakan", "lepas")]).status, 303);
    assert_eq!(o.desk.post(one, &o.supervisor, &[("tindakan", "lepas")]).status, 422, "once");
    assert_eq!(o.book()["funds"][0]["free"], 369_500 - 352_800);
    // The same people are not proposed again while the money is reserved.
    assert_eq!(o.world.json(&["allot", "--from", month, "--json"])["months"], 0);

    // Somebody who is hired meanwhile is marked, and taken off before anything is paid; the money is free again.
    let hired = "segmen,nik,nama_peserta,mulai_kepesertaan\nperusahaan,9971010101820003,TIGA CONTOH,2026-11-01\n";
    let hired = o.world.file("perusahaan.csv", hired);
    o.world.import(&[&hired]);
    let page = o.desk.get(one, &o.manpower).body;
    assert!(page.contains("⚠ dilindungi perusahaannya"), "{page}");
    let person = page.split("⚠").next().unwrap().rsplit("/pekerja/").next().unwrap()[..32].to_owned();
    let off = [("tindakan", "keluarkan"), ("orang", person.as_str())];
    assert_eq!(o.desk.post(one, &o.supervisor, &off).status, 403);
    assert_eq!((o.desk.post(one, &o.manpower, &off).status, o.desk.post(one, &o.manpower, &off).status), (303, 422));
    let amount = 352_800 - (o.book()["funds"][0]["free"].as_i64().unwrap() - 16_700);
    assert!(amount < 352_800 && amount % 16_800 == 0, "{amount}");
    let months = amount / 16_800;

    // The bank pays the insurer: the statement says so, not the desk.
    let typed = |n: i64| kernel::money::grouped(n, '.');
    let (paid, left) = (typed(amount), typed(369_500 - amount));
    let more = format!("{STATEMENT}2026-10-20,PEMBAYARAN BPJS KETENAGAKERJAAN,{paid},0,{left}\n");
    let more = o.world.file("koran-oktober.csv", more);
    let entries = o.world.import(&[&more]);
    assert_eq!(entries[0]["unchanged"], 4, "{entries:?}");
    assert_eq!(o.bank(&[("tindakan", "masukkan")]).status, 303);
    assert_eq!(o.explain("PEMBAYARAN BPJS", &[("sebagai", "iuran"), ("alokasi", "1")]).status, 303);
    let told = o.world.json(&["vulnerable", "--json"]);
    assert_eq!(told["standings"]["dead"], 1, "{told}");
    let by_month = told["months"].as_array().unwrap();
    let first = by_month.iter().find(|m| m["month"] == from.as_str()).unwrap();
    assert_eq!(
        (&first["covered"], &first["unconfirmed"]),
        (&Value::from(3), &Value::from(2)),
        "two paid for and not seen at the insurer, one hired"
    );
    let public = o.desk.get("/aman", "").body;
    assert!(
        public.contains("Rp276.600")
            && public.contains(&format!("Rp{paid}"))
            && public.contains(&format!(">{months}<")),
        "{public}"
    );
    assert!(!public.contains(">2<"), "fewer than five people are a size, not a number: {public}");

    // Thanks say what came, on the city's letterhead only, and name no worker.
    let thanks = format!("{siti}/terima-kasih");
    assert_eq!(o.desk.get(&thanks, &o.manpower).status, 400, "no letterhead yet");
    assert_eq!(o.desk.post("/kop", &o.admin, &KOP).status, 303);
    let letter = o.desk.get(&thanks, &o.manpower);
    assert!(letter.status == 200 && letter.bytes.starts_with(b"%PDF-"), "{}", letter.status);
    assert_eq!(o.desk.get(&thanks, &o.supervisor).status, 403);
    assert_eq!(o.desk.get("/donasi/donatur/99/terima-kasih", &o.manpower).status, 404);

    // Months that are paid for already are not bought again, however early the plan begins.
    let earlier =
        o.world.json(&["allot", "--from", &app::clock::today().to_string()[..7], "--shortest", "1", "--json"]);
    assert_eq!(earlier["months"], 4, "two people, this month and the next: {earlier}");

    // Somebody already covered is not wished for, and the bank may send a payment back.
    let covered = pledge(&siti, &[("irama", "once"), ("jumlah", "50.000"), ("nik", "9971010101800001")]);
    assert_eq!(covered.status, 303, "not covered today: only later");
    let back = format!("2026-10-25,REVERSAL BPJS,0,{paid},369.500\n");
    let back = o.world.file("koran-balik.csv", format!("{}{back}", std::fs::read_to_string(&more).unwrap()));
    o.world.import(&[&back]);
    assert_eq!(o.bank(&[("tindakan", "masukkan")]).status, 303);
    assert_eq!(o.explain("REVERSAL", &[("sebagai", "iuran-kembali"), ("alokasi", "1")]).status, 303);
    let told = o.world.json(&["vulnerable", "--json"]);
    assert!(told["months"].as_array().unwrap().iter().all(|m| m["unconfirmed"] == 0), "{told}");
    assert_eq!(o.desk.post(one, &o.manpower, &[("tindakan", "tutup")]).status, 303);
    let book = o.book();
    assert_eq!(
        (&book["funds"][0]["free"], &book["checked"]["wrong"]),
        (&Value::from(369_500), &serde_json::json!([])),
        "{book}"
    );
}

#[test]
fn a_gift_that_bounced_goes_back_once_and_a_mistake_is_taken_back() {
    let o = Office::new();
    o.desk.get("/donasi", &o.manpower);
    o.bank(&[("tindakan", "masukkan")]);
    o.donor(&[("jenis", "firm"), ("nama", "PT Upama Jaya")]);
    assert_eq!(o.explain("SITI UPAMA", &[("sebagai", "donatur"), ("donatur", "1"), ("dana", "1")]).status, 303);
    // Taken back by a later entry; the line waits again; what undoes is not undone.
    let book = o.desk.get("/donasi/buku", &o.manpower).body;
    assert!(book.contains("donasi") && book.contains("Batalkan"), "{book}");
    assert_eq!(o.desk.post("/donasi/buku/6", &o.manpower, &[]).status, 303);
    for entry in ["6", "7", "1", "99"] {
        assert_eq!(o.desk.post(&format!("/donasi/buku/{entry}"), &o.manpower, &[]).status, 422, "{entry}");
    }
    assert_eq!(
        o.explain("SITI UPAMA", &[("sebagai", "donatur"), ("donatur", "1"), ("dana", "1"), ("jumlah", "201.601")])
            .status,
        422
    );
    assert_eq!(
        o.explain("SITI UPAMA", &[("sebagai", "donatur"), ("donatur", "1"), ("dana", "1"), ("jumlah", "100.000")])
            .status,
        303
    );
    assert_eq!(
        o.explain("SITI UPAMA", &[("sebagai", "donatur"), ("donatur", "1"), ("dana", "1")]).status,
        303,
        "the rest"
    );

    let bounced = format!(
        "{STATEMENT}2026-10-09,KOREKSI TRSF SITI UPAMA,100.000,0,269.500\n2026-10-09,KOREKSI LAGI,100.000,0,169.500\n"
    );
    let bounced = o.world.file("koran-koreksi.csv", bounced);
    o.world.import(&[&bounced]);
    o.bank(&[("tindakan", "masukkan")]);
    let gift = o.world.json(&["book", "--json"]);
    assert_eq!(gift["funds"][0]["free"], 201_600);
    // The first of the two gifts was of 100,000: it goes back once.
    assert_eq!(o.explain("KOREKSI TRSF", &[("sebagai", "kembali"), ("hadiah", "8")]).status, 303);
    let twice = o.explain("KOREKSI LAGI", &[("sebagai", "kembali"), ("hadiah", "8")]);
    assert!(twice.status == 422 && twice.body.contains("Lebih dari yang dulu"), "{}", twice.body);
    let donor = o.desk.get("/donasi/donatur/1", &o.manpower).body;
    assert!(donor.contains("Rp101.600"), "{donor}");
    // Names of donors are for whoever writes in the book.
    let auditor = o.desk.get("/donasi/donatur/1", &o.supervisor).body;
    assert!(!auditor.contains("PT Upama Jaya") && auditor.contains("Donatur 1"), "{auditor}");
    let csv = o.desk.get("/donasi/buku.csv", &o.finance).body;
    assert!(csv.starts_with("entry,") || csv.contains("entry"), "{csv}");
    assert!(!csv.contains("Upama") && !csv.contains("SITI"), "{csv}");
    assert_eq!(o.book()["checked"]["wrong"], serde_json::json!([]));
}

#[test]
fn a_statement_that_does_not_follow_enters_nothing() {
    let o = Office::new();
    let broken = |name: &str, lines: &str| {
        let file = o.world.file(name, format!("Tanggal,Keterangan,Debit,Kredit,Saldo\n{lines}"));
        let file = o.world.import(&[&file])[0]["file_id"].as_i64();
        let page = o.bank(&[("tindakan", "masukkan")]);
        (page.status, page.body, file)
    };
    // A line is missing between the fifth and the eighth.
    let (status, page, _) = broken("hilang.csv", "2026-10-08,TRSF CR,0,1.000,400.000\n");
    assert_eq!(status, 422);
    assert!(page.contains("hilang.csv:2") && page.contains("Rp369.500") && page.contains("Rp399.000"), "{page}");
    let told = o.world.json(&["book", "--json"]);
    assert_eq!((&told["balances"], &told["accounts"][0]["gaps"]), (&serde_json::json!({}), &Value::from(1)));
    // What was missing comes later, and everything enters.
    let (status, page, _) = broken("susulan.csv", "2026-10-06,TRSF CR LAGI,0,29.500,399.000\n");
    assert_eq!(status, 303, "{page}");
    assert_eq!(o.book()["balances"]["bank:1"], 400_000);
    // An older statement is loaded: the opening is corrected, not doubled.
    let (status, page, _) = broken("september.csv", "2026-09-20,TRSF CR LAMA,0,60.000,100.000\n");
    assert_eq!(status, 303, "{page}");
    let book = o.book();
    assert_eq!(
        (&book["balances"]["bank:1"], &book["checked"]["wrong"]),
        (&Value::from(400_000), &serde_json::json!([])),
        "{book}"
    );

    // A file that is taken back after its lines were entered leaves a hole: nothing more enters until it is loaded again.
    let files = o.desk.get("/impor", &o.finance).body;
    let id = files.split("/berkas/").nth(1).unwrap().split(['"', '/']).next().unwrap().to_owned();
    let undone = o.desk.post(&format!("/berkas/{id}/batal"), &o.finance, &[("alasan", "salah berkas")]);
    assert_eq!(undone.status, 303, "{}", undone.body);
    let page = o.bank(&[("tindakan", "masukkan")]);
    assert!(page.status == 422 && page.body.contains("berkasnya dibatalkan"), "{}", page.body);
    let (status, page, _) = broken("september-lagi.csv", "2026-09-20,TRSF CR LAMA,0,60.000,100.000\n");
    assert_eq!(status, 303, "{page}");
    assert_eq!(o.book()["checked"]["wrong"], serde_json::json!([]));

    for (name, line, word) in [
        ("negatif.csv", "2026-11-01,TRSF,0,-5.000,395.000\n", "jumlah negatif"),
        ("dua-arah.csv", "2026-11-01,TRSF,1.000,1.000,400.000\n", "jumlah negatif"),
        ("sen.csv", "2026-11-01,TRSF,0,\"0,50\",\"400.000,50\"\n", "sen"),
        ("minus.csv", "2026-11-01,TARIK,500.000,0,-100.000\n", "jumlah negatif"),
    ] {
        let (status, page, _) = broken(name, line);
        assert!(status == 422 && page.contains(word), "{name}: {status} {page}");
        let files = o.desk.get("/impor", &o.finance).body;
        let id = files.split("/berkas/").nth(1).unwrap().split(['"', '/']).next().unwrap().to_owned();
        let undone = o.desk.post(&format!("/berkas/{id}/batal"), &o.finance, &[("alasan", "salah baca")]);
        assert_eq!(undone.status, 303, "{}", undone.body);
    }
    assert_eq!(o.bank(&[("tindakan", "masukkan")]).status, 303, "with the wrong files taken back, the rest stands");
    assert_eq!(o.book()["balances"]["bank:1"], 400_000);
}

#[test]
fn killed_at_any_moment_the_book_holds_what_was_answered() {
    let o = Office::new();
    o.desk.get("/donasi", &o.manpower);
    let lines: String =
        (0..60).map(|i| format!("2026-10-{:02},TRSF {i},0,1.000,{}\n", 6 + i / 3, 370_500 + i * 1_000)).collect();
    let file = o.world.file("banyak.csv", format!("Tanggal,Keterangan,Debit,Kredit,Saldo\n{lines}"));
    o.world.import(&[&file]);
    o.bank(&[("tindakan", "masukkan")]);
    o.donor(&[("jenis", "firm"), ("nama", "PT Upama Jaya")]);
    let waiting = o.desk.get("/donasi/rekening", &o.manpower).body;
    let ids: Vec<String> =
        waiting.split("id=\"baris-").skip(2).map(|li| li.split('"').next().unwrap().to_owned()).collect();
    let Office { world, mut desk, manpower, .. } = o;
    let mut answered = 0;
    for (round, some) in ids.chunks(8).enumerate() {
        let address = desk.address.clone();
        let program = std::sync::Arc::clone(&desk.program);
        let killer = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(12 * round as u64 + 3));
            let _ = program.lock().unwrap().0.kill();
        });
        for id in some {
            let fields = format!("tindakan=jelaskan&baris={id}&sebagai=donatur&donatur=1&dana=1");
            // A desk that is gone answers nothing.
            let answer = said(&address, &manpower, &fields);
            answered += u32::from(answer == Some(303));
        }
        killer.join().unwrap();
        drop(desk);
        desk = Desk::start(&world);
        let book = world.json(&["book", "--check", "--json"]);
        assert_eq!(book["checked"]["wrong"], serde_json::json!([]), "{book}");
        // What was answered is in the book; what was not may be, whole.
        let gifts = book["balances"]["fund:1"].as_i64().unwrap_or(0);
        assert!(gifts >= i64::from(answered) * 400, "answered {answered}, in the book {gifts}");
    }
    assert!(answered > 0, "some were answered before a kill");
}

/// A form posted to a desk that may be gone: the status, if any came back.
fn said(address: &str, session: &str, body: &str) -> Option<u16> {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(address).ok()?;
    let head = format!(
        "POST /donasi/rekening HTTP/1.0\r\nHost: {address}\r\nCookie: payung_sesi={session}\r\nOrigin: http://{address}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.split(' ').nth(1)?.parse().ok()
}

#[test]
fn the_car_goes_where_most_are_covered_and_tells_what_came() {
    let o = Office::new();
    let car = |fields: &[(&str, &str)]| o.desk.post("/mobil", &o.manpower, fields);
    let stop = |name: &str, east: &str, people: &str, hours: (&str, &str)| {
        let fields = [
            ("tindakan", "tambah"),
            ("nama", name),
            ("lintang", "-1,6000"),
            ("bujur", east),
            ("orang", people),
            ("menit", "45"),
            ("buka", hours.0),
            ("tutup", hours.1),
        ];
        car(&fields)
    };
    let tomorrow = kernel::date::next_day(app::clock::today()).unwrap().to_string();
    let asked = |day: &str, days: &str, back: &str| {
        car(&[
            ("tindakan", "rencana"),
            ("hari", day),
            ("lama", days),
            ("mobil", "1"),
            ("berangkat", "08:00"),
            ("kembali", back),
            ("daya", "60"),
            ("lintang", "-1.60"),
            ("bujur", "103.60"),
        ])
    };
    let plan = |back: &str| asked(&tomorrow, "", back);
    let nothing = plan("15:00");
    assert!(nothing.status == 422 && nothing.body.contains("Belum ada perhentian"), "{}", nothing.body);
    for (name, east, people, hours) in [
        ("", "103.61", "20", ("08:00", "15:00")),
        ("Tanpa orang", "103.61", "0", ("08:00", "15:00")),
        ("Minus", "103.61", "-4", ("08:00", "15:00")),
        ("Di luar bumi", "903.61", "20", ("08:00", "15:00")),
        ("Tutup dahulu", "103.61", "20", ("15:00", "08:00")),
    ] {
        assert_eq!(stop(name, east, people, hours).status, 422, "{name}");
    }
    assert_eq!(stop("Pasar Contoh", "103.61", "40", ("08:00", "15:00")).status, 303);
    assert_eq!(stop("Balai RW Misal", "103.62", "30", ("08:00", "15:00")).status, 303);
    assert_eq!(stop("Warung Malam", "103.63", "90", ("20:00", "22:00")).status, 303);
    for (back, day) in [("07:00", tomorrow.as_str()), ("15:00", "2020-01-01")] {
        assert_eq!(asked(day, "", back).status, 422, "{back} {day}");
    }
    let short = plan("08:30");
    assert!(short.status == 422 && short.body.contains("tidak terjangkau pada jam bukanya"), "{}", short.body);
    let made = plan("15:00");
    assert_eq!(made.header("location"), "/mobil/1", "{}", made.body);
    let page = o.desk.get("/mobil/1", &o.manpower).body;
    // Three tenths of forty and of thirty; the stall is closed by day.
    assert!(page.contains("Diperkirakan 21 orang") && page.contains("Warung Malam: tidak terjangkau"), "{page}");

    let tell = |stop: &str, outcome: &str, enrolled: &str| {
        let fields = [("perhentian", stop), ("hasil", outcome), ("terdaftar", enrolled), ("menit", "60")];
        o.desk.post("/mobil/1", &o.manpower, &fields).status
    };
    assert_eq!(tell("1", "done", "24"), 303);
    assert_eq!(tell("2", "closed", "5"), 422, "nobody enrols where it was closed");
    assert_eq!((tell("2", "closed", "0"), tell("3", "done", "1")), (303, 422));
    let page = o.desk.get("/mobil/1", &o.manpower).body;
    assert!(page.contains("Terdaftar 24 orang pada 2 dari 2 kunjungan"), "{page}");
    // Nine of thirty were assumed, 24 of 70 seen: a third.
    let list = o.desk.get("/mobil", &o.manpower).body;
    assert!(list.contains("Diperkirakan 33 %"), "{list}");
    assert!(list.contains("sudah dikunjungi"), "{list}");

    // A week takes each stop once: the market was visited, the hall was closed and comes again, one car has time for few.
    for (name, people) in [("Pasar Dua", "35"), ("Pasar Tiga", "32"), ("Pasar Empat", "31")] {
        assert_eq!(stop(name, "103.61", people, ("08:00", "15:00")).status, 303);
    }
    let week = |days: &str| asked(&tomorrow, days, "10:30");
    assert_eq!((week("0").status, week("6").status, week("satu").status), (422, 422, 422));
    let made = week("5");
    assert_eq!(made.header("location"), "/mobil", "{}", made.body);
    let (first, second) = (o.desk.get("/mobil/2", &o.manpower).body, o.desk.get("/mobil/3", &o.manpower).body);
    assert!(first.contains("Pasar Contoh: sudah dikunjungi"), "{first}");
    for name in ["Pasar Dua", "Pasar Tiga", "Pasar Empat", "Balai RW Misal"] {
        let visit = format!(". {name}</b>");
        assert!(first.contains(&visit) != second.contains(&visit), "{name} on one day of the two");
    }
    assert!(second.contains("sudah direncanakan"), "{second}");
    assert_eq!(o.desk.get("/mobil/4", &o.manpower).status, 404, "nobody is left to visit on a third day");
    // Planned again, days of the same span are free for it.
    assert_eq!(week("5").status, 303);
    assert_eq!(o.desk.get("/mobil/1", &o.finance).status, 403);
    assert_eq!(o.desk.post("/mobil/1", &o.supervisor, &[("perhentian", "1"), ("hasil", "done")]).status, 403);
}
