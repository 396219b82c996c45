//! The work list: drawn once a day, told of, and nobody twice on two lists.

use crate::http::Desk;
use crate::world::World;
use authz::Role;

#[test]
fn a_list_is_drawn_once_a_day_and_told_of() {
    let world = World::new();
    let (desk, _, [manpower, rep], second) = Desk::over_city_with(&world, [Role::ManpowerOfficer, Role::AccountRep]);
    let page = desk.get("/kerja", &manpower).body;
    assert!(page.contains("Susun daftar hari ini") && page.contains("Belum cukup untuk dibandingkan"), "{page}");
    // Who only looks sees the figures and draws nothing.
    assert!(!desk.get("/kerja", &second).body.contains("Susun daftar hari ini"));
    assert_eq!(desk.post("/kerja", &second, &[("jam", "2")]).status, 403);

    for bad in ["", "0", "13", "-1", "dua", "99999999999999999999"] {
        let no = desk.post("/kerja", &manpower, &[("jam", bad)]);
        assert!(no.status == 422 && no.body.contains("antara 1 dan 12 jam"), "{bad} {}", no.body);
    }
    let one = desk.post("/kerja", &manpower, &[("jam", "1")]).header("location").to_owned();
    assert_eq!(one, "/kerja/1");
    let again = desk.post("/kerja", &manpower, &[("jam", "1")]);
    assert!(again.status == 422 && again.body.contains("Daftar hari ini sudah ada"), "{}", again.body);
    let page = desk.get(&one, &manpower).body;
    let codes = |page: &str| -> Vec<String> {
        page.split("<h2><a href=\"/proyek/").skip(1).map(|p| p.split('"').next().unwrap().to_owned()).collect()
    };
    let own = codes(&page);
    assert!(own.len() >= 3, "an hour holds three calls: {page}");
    assert!(page.contains("Menunggu data"), "{page}");
    assert!(!page.contains("diundi</p>") && !page.contains("menurut urutan"), "which are by lot is not told before");
    assert_eq!(desk.get(&one, &rep).status, 404, "a list is its member's own");
    assert_eq!(desk.post(&one, &rep, &[("nomor", "1"), ("hasil", "reached"), ("menit", "5")]).status, 404);

    // Another officer's list of the day has none of the same.
    let other = desk.post("/kerja", &rep, &[("jam", "1")]).header("location").to_owned();
    let others = codes(&desk.get(&other, &rep).body);
    assert!(!others.is_empty() && others.iter().all(|c| !own.contains(c)), "{own:?} {others:?}");

    for (word, minutes) in [("gone", "5"), ("reached", "0"), ("reached", "721"), ("reached", "x"), ("", "5")] {
        let no = desk.post(&one, &manpower, &[("nomor", "1"), ("hasil", word), ("menit", minutes)]);
        assert!(no.status == 422 && no.body.contains("Ada hasil yang tidak dikenal"), "{word} {minutes}");
    }
    let told =
        [("nomor", "1"), ("hasil", "promised"), ("menit", "12"), ("nomor", "2"), ("hasil", "not_done"), ("menit", "")];
    assert_eq!(desk.post(&one, &manpower, &told).status, 303);
    let page = desk.get(&one, &manpower).body;
    assert!(page.contains("<option value=\"promised\" selected>") && page.contains("value=\"12\""), "{page}");
    let list = desk.get("/kerja", &manpower).body;
    assert!(list.contains("Buka daftar hari ini") && list.contains(&format!("2 dari {}", own.len())), "{list}");

    // The figures: nothing can be judged yet, and the same stands for programs.
    let (_, figures) = desk.json("/api/v1/worklist", &second);
    assert_eq!((figures["lists"].as_u64(), figures["difference_tenths"].is_null()), (Some(0), true), "{figures}");
    let said = world.json(&["worklist", "--json"]);
    let best = said["best"].as_array().unwrap();
    let hourly: Vec<u64> = best.iter().map(|b| b["hourly_thousandths"].as_u64().unwrap()).collect();
    assert!(hourly.windows(2).all(|w| w[0] >= w[1]) && !hourly.is_empty(), "{said}");
    // What there was no time for waits again; what was contacted rests.
    let waits = |code: &String| best.iter().any(|b| b["project"] == code.as_str());
    assert!(!waits(&own[0]), "{said}");
    assert!(waits(&own[1]) || best.len() == 20, "{said}");
    // The same list drawn anew would be the same: the picture does not hang on who asks.
    assert_eq!(said, world.json(&["worklist", "--json"]));
}
