//! Guides and the budget plan, from a command and from a browser, for anybody.

use crate::http::Desk;
use crate::world::World;

#[test]
fn a_guide_is_read_printed_and_taken_away() {
    let world = World::new();
    let said = world.ok(&["guide", "contractor", "--on", "2026-11-26"]);
    assert!(said.contains("14 hari kerja") && said.contains("PP 44/2015 Pasal 53"), "{said}");
    let json = world.json(&["guide", "worker", "--on", "2018-01-01", "--json"]);
    assert_eq!((&json["role"], json["moments"].as_array().map(Vec::len)), (&"worker".into(), Some(4)));
    let paper = world.home().join("panduan.pdf");
    std::fs::create_dir_all(world.home()).unwrap();
    let args = ["--lang", "en", "guide", "ppk", "--on", "2026-11-26", "--out", paper.to_str().unwrap()];
    assert!(world.ok(&args).contains("pages: "));
    let first = std::fs::read(&paper).unwrap();
    world.ok(&args);
    assert!(first.starts_with(b"%PDF-") && first == std::fs::read(&paper).unwrap(), "the same to the byte");
    for (args, reason) in
        [(["guide", "mandor"].as_slice(), "contractor"), (&["guide", "ppk", "--on", "2012-01-01"], "2012")]
    {
        let out = world.run(args);
        assert_eq!(out.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&out.stderr).contains(reason), "{args:?}");
    }
}

#[test]
fn guides_and_the_plan_are_for_everybody() {
    let world = World::new();
    let (desk, _) = Desk::over_city(&world);
    assert!(desk.get("/panduan", "").body.contains("/panduan/treasury"));
    let shown = desk.get("/panduan/contractor", "");
    assert!(shown.body.contains("14 hari kerja") && shown.body.contains("30 hari kerja"), "both readings");
    let paper = desk.get("/panduan/contractor/pdf", "");
    assert!(paper.status == 200 && paper.bytes.windows(5).any(|w| w == b"%PDF-"));
    assert_eq!((desk.get("/panduan/mandor", "").status, desk.get("/panduan/mandor/pdf", "").status), (404, 404));

    let plan = |query: &str| desk.get(&format!("/aman/rencana?{query}"), "");
    let shown = plan("mulai=2027-01&bulan=12&anggaran=201.600.000&orang=1500&pembayar=anggaran");
    assert!(shown.status == 200 && shown.body.contains("selama 8 bulan"), "{}", shown.body);
    assert!(shown.body.contains("1.000") && shown.body.contains("31 Desember 2027") && shown.body.contains("Rp0"));
    assert!(!shown.body.contains("diperdebatkan"), "a budget has no discount, nobody contests it");
    let donor = plan("mulai=2026-10&bulan=12&anggaran=500.000.000&orang=3000&pembayar=donatur").body;
    assert!(
        donor.contains("selama 11 bulan") && donor.contains("diperdebatkan: 9 bulan"),
        "what is sure is said beside it"
    );
    assert_eq!(desk.get("/aman/rencana", "").status, 200, "something to begin with");
    for bad in [
        "mulai=2027-13&bulan=1&pembayar=anggaran",
        "mulai=2027-01&bulan=61&pembayar=anggaran",
        "mulai=2012-01&bulan=1&pembayar=anggaran",
        "mulai=2027-01&bulan=1&pembayar=siapa",
        "mulai=2027-01&bulan=1&pembayar=anggaran&anggaran=9999999999999999",
    ] {
        let said = plan(bad);
        assert!(said.status == 422 && said.body.contains("role=\"alert\""), "{bad}: {}", said.status);
    }
}
