//! Coverage: everybody once, active within registered within known; numbers of others beside it, withheld where they cannot be.

use crate::http::Desk;
use crate::web_aman::Office;
use crate::world::{World, text};
use serde_json::Value;

const OTHERS: &str = "Pembayar,NIK,Nama,Mulai,Sampai\n\
    perusahaan,9971010101800001,SATU CONTOH,2026-01-01,\n\
    mandiri,9971010101800001,SATU CONTOH,2026-01-01,\n\
    mandiri,9971010101900008,DELAPAN CONTOH,2026-01-01,2026-03-15\n\
    mandiri,123,TANPA NOMOR,2026-01-01,\n";

fn line<'v>(told: &'v Value, month: &str) -> &'v Value {
    told["months"].as_array().unwrap().iter().find(|m| m["month"] == month).unwrap_or_else(|| panic!("{month}: {told}"))
}

#[test]
fn everybody_counts_once_and_what_others_say_stands_beside() {
    let o = Office::new();
    let others = o.world.file("lain.csv", OTHERS);
    o.world.import(&[&others]);
    let told = || o.world.json(&["coverage", "--json"]);
    let now = told();
    // Four on lists of groups, one of whom a firm and the same person insure; one more until March.
    let march = line(&now, "2026-02");
    assert_eq!(
        (march["known"].as_u64(), march["registered"].as_u64(), march["active"].as_u64()),
        (Some(5), Some(2), Some(2)),
        "{now}"
    );
    assert_eq!(march["several"], 1);
    assert_eq!(line(&now, "2026-03")["registered"], 1, "gone before the end of March");
    let last = now["months"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (last["active"].as_u64(), last["active_by"]["waged"].as_u64(), last["active_by"]["non_waged"].as_u64()),
        (Some(1), Some(1), Some(1)),
        "{now}"
    );
    assert_eq!((now["numberless"].as_u64(), now["told"]["construction"].is_null()), (Some(1), true), "{now}");

    // Numbers of others: bad ones are refused with what is missing, a base smaller than the people is withheld.
    let month = app::clock::today().to_string()[..7].to_owned();
    let say = |fields: &[(&str, &str)]| {
        let fixed =
            [("tindakan", "catat"), ("bulan", month.as_str()), ("sumber", "BPS, Sakernas"), ("tanggal", "2026-10-01")];
        o.desk.post("/cakupan", &o.manpower, &[&fixed[..], fields].concat())
    };
    let base = [("jenis", "base"), ("nama", "Sakernas Agustus 2026"), ("segmen", "")];
    for bad in [("0", "", ""), ("-4", "", ""), ("100", "200", ""), ("100", "50", "90"), ("banyak", "", "")] {
        let numbers = [("jumlah", bad.0), ("sedikitnya", bad.1), ("sebanyaknya", bad.2)];
        let no = say(&[&base[..], &numbers].concat());
        assert!(no.status == 422 && no.body.contains("angka di atas nol"), "{bad:?} {}", no.body);
    }
    let no = say(&[("jenis", "base"), ("nama", "x"), ("jumlah", "100")]);
    assert!(no.status == 422 && no.body.contains("Lengkapi nama"), "{}", no.body);
    assert_eq!(
        say(&[&base[..], &[("jumlah", "311.200"), ("sedikitnya", "300.000"), ("sebanyaknya", "320.000")]].concat())
            .status,
        303
    );
    assert_eq!(say(&[("jenis", "target"), ("nama", "RPJMD"), ("segmen", ""), ("jumlah", "50,1")]).status, 303);
    assert_eq!(say(&[("jenis", "claim"), ("nama", "BPJS Cabang"), ("segmen", "waged"), ("jumlah", "7")]).status, 303);
    let now = told();
    let b = &now["bases"][0];
    // 50.1 percent of 311,200 is 155,911.2 people.
    assert_eq!(
        (b["share"]["ppm"].as_i64(), b["missing"].as_u64(), b["target_ppm"].as_i64()),
        (Some(3), Some(155_911), Some(501_000)),
        "{now}"
    );
    let claim = now["todo"].as_array().unwrap().iter().find(|t| t["what"] == "claim-more").unwrap();
    assert_eq!((claim["count"].as_u64(), claim["says"][1].as_u64()), (Some(6), Some(7)), "{now}");
    assert_eq!(o.desk.post("/cakupan", &o.supervisor, &[("tindakan", "tarik"), ("id", "1")]).status, 403);

    // Less than one waged person: no denominator of the one there is; withheld with the reason, and no target is measured by it.
    let more =
        o.world.file("lagi.csv", "Pembayar,NIK,Nama,Mulai\nperusahaan,9971010101910009,SEMBILAN CONTOH,2026-01-01\n");
    o.world.import(&[&more]);
    assert_eq!(say(&[("jenis", "base"), ("nama", "Survei kecil"), ("segmen", "waged"), ("jumlah", "1")]).status, 303);
    let page = o.desk.get("/cakupan", &o.supervisor).body;
    assert!(page.contains("tidak ditampilkan") && page.contains("lebih banyak daripada pembaginya"), "{page}");
    assert!(page.contains("jasa konstruksi (Jakon): belum ada daftar"), "{page}");
    let (_, json) = o.desk.json("/api/v1/coverage", &o.supervisor);
    assert_eq!(
        (json["bases"][0]["withheld"].as_str(), json["bases"][0]["share_ppm"].is_null()),
        (Some("smaller"), true),
        "{json}"
    );
    // Taken back, it is gone once.
    let id = page.split("name=\"id\"").count();
    assert_eq!(id, 1, "who may not change sees no button");
    let page = o.desk.get("/cakupan", &o.manpower).body;
    let id = page.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let back = || o.desk.post("/cakupan", &o.manpower, &[("tindakan", "tarik"), ("id", &id)]).status;
    assert_eq!((back(), back()), (303, 422));
    let said = text(&o.world.run(&["coverage"]).stdout);
    assert!(said.contains("Aktif 2") && said.contains("Sakernas Agustus 2026"), "{said}");
    assert!(!said.contains("9971"), "no number is ever printed");
}

#[test]
fn cover_of_a_project_holds_from_its_first_contribution() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let told = world.json(&["coverage", "--json"]);
    for m in told["months"].as_array().unwrap() {
        let n = |name: &str| m[name].as_u64().unwrap();
        assert!(n("active") <= n("registered") && n("registered") <= n("known"), "{m}");
        let by: u64 = m["active_by"].as_object().unwrap().values().map(|v| v.as_u64().unwrap()).sum();
        assert!(by >= n("active") && by <= n("active") + 3 * n("several"), "{m}");
    }
    let last = told["months"].as_array().unwrap().last().unwrap();
    let (registered, active) = (&last["registered_by"]["construction"], &last["active_by"]["construction"]);
    assert!(active.as_u64().unwrap() > 0 && active.as_u64() < registered.as_u64(), "{last}");
    // The cheapest mix: with no limit it is enough, without money and hours it is not, and what is no number is told.
    let steer = |query: &str| desk.get(&format!("/cakupan/langkah?{query}"), &admin);
    let enough = steer("orang=5&sampai=2027-06").body;
    assert!(enough.contains("Daftarkan proyek terbuka") && enough.contains("Tanpa langkah ini"), "{enough}");
    assert!(!enough.contains("tidak cukup"), "{enough}");
    // Work is not free: what the mix costs with its hours valued is said, and at what an hour is.
    assert!(
        enough.contains("bila jam itu ikut dinilai, Rp") && enough.contains("Satu jam petugas dinilai Rp60.000"),
        "{enough}"
    );
    let short = steer("orang=90000&anggaran=0&jam=0").body;
    assert!(short.contains("tidak cukup") && short.contains("Masih kurang 90.000 orang"), "{short}");
    assert_eq!((steer("orang=banyak").status, steer("orang=5&jam=lama").status), (422, 422));
    // Nobody is promised twice: what all levers reach are people who are not covered, and car, gifts and budget share theirs.
    let told = world.json(&["steer", "--people", "90000", "--until", "2027-06", "--json"]);
    let reach: u64 = told["levers"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|l| l["lever"] != "tour")
        .map(|l| l["people"].as_u64().unwrap())
        .sum();
    let open = last["known"].as_u64().unwrap() - last["active"].as_u64().unwrap();
    assert!(reach > 0 && reach <= open, "{reach} of {open}");
    assert!(told["mix"]["people"].as_u64().unwrap() <= open, "{told}");
    // Whoever has no right to it of the whole city is told so.
    assert_eq!(desk.get("/cakupan", "").status, 303);
    assert_eq!(desk.get("/cakupan", &admin).status, 200);
}
