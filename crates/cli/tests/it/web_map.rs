//! The city's own map: sound or not at all, drawn on dashboards.

use crate::http::Desk;
use crate::world::{World, text};
use serde_json::{Value, json};

#[test]
fn a_map_is_sound_or_not_at_all() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    // The made-up city comes with one.
    let page = desk.get("/dasbor", &admin).body;
    assert!(page.contains("<svg class=\"citymap\"") && page.contains("Rantau Ulu: "), "{page}");
    let send = |session: &str, name: &str, bytes: &[u8]| {
        let (cookie, origin) = (format!("payung_sesi={session}"), format!("http://{}", desk.host));
        let headers = [("content-type", "multipart/form-data; boundary=x"), ("cookie", &*cookie), ("origin", &*origin)];
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"peta\"; filename=\"{name}\"\r\n\r\n");
        desk.raw("POST", "/peta", &headers, &[head.as_bytes(), bytes, b"\r\n--x--\r\n"].concat())
    };
    let city = testkit::map::geojson(7);
    let bytes = |map: &Value| serde_json::to_vec(map).unwrap();
    // An open ring is said with its place, and the map before stands.
    let mut broken = city.clone();
    broken["features"][2]["geometry"]["coordinates"][0].as_array_mut().unwrap().pop();
    let no = send(&admin, "rusak.geojson", &bytes(&broken));
    assert!(no.status == 422 && no.body.contains("Bidang ke-3") && no.body.contains("tidak tertutup"), "{}", no.body);
    assert!(no.body.contains("PETA-KECAMATAN.geojson"), "the one before stands");
    // Two districts on each other.
    let mut over = city.clone();
    over["features"][1]["geometry"] = over["features"][0]["geometry"].clone();
    let no = send(&admin, "tumpuk.geojson", &bytes(&over));
    assert!(no.status == 422 && no.body.contains("bertumpuk 100 %"), "{}", no.body);
    assert!(send(&admin, "kosong.geojson", b"{}").body.contains("tidak terbaca sebagai GeoJSON"));
    let said = world.run(&["map", world.file("rusak.geojson", bytes(&broken)).to_str().unwrap()]);
    assert!(!said.status.success() && text(&said.stderr).contains("tidak tertutup"), "{}", text(&said.stderr));

    // A map that lacks a district and knows another is used; both are said.
    let mut other = city.clone();
    other["features"][4]["properties"]["WADMKC"] = json!("Danau Baru");
    assert_eq!(send(&admin, "baru.geojson", &bytes(&other)).status, 303);
    let page = desk.get("/peta", &admin).body;
    assert!(page.contains("baru.geojson") && page.contains("tidak pada daftar wilayah: Danau Baru"), "{page}");
    let board = desk.get("/dasbor", &admin).body;
    assert!(board.contains("Tidak ada pada peta (terbuka/semua): Bukit Indah"), "{board}");
    assert!(!board.contains("Danau Baru: "), "what is not known counts nothing");
    // Taken away, the tiles are back.
    assert_eq!(send(&admin, "kosong.geojson", b"").status, 422, "an empty file takes nothing away");
    assert!(desk.get("/dasbor", &admin).body.contains("<svg class=\"citymap\""));
    let (cookie, origin) = (format!("payung_sesi={admin}"), format!("http://{}", desk.host));
    let headers = [("content-type", "multipart/form-data; boundary=x"), ("cookie", &*cookie), ("origin", &*origin)];
    let away = "--x\r\nContent-Disposition: form-data; name=\"tindakan\"\r\n\r\nhapus\r\n--x--\r\n";
    assert_eq!(desk.raw("POST", "/peta", &headers, away.as_bytes()).status, 303);
    assert!(desk.get("/dasbor", &admin).body.contains("<svg class=\"tilemap\""));
}
