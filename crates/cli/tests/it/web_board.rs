//! Dashboards of one screen: every number opens to a list the reader may open, and none shows what its reader may not see.

use crate::http::Desk;
use crate::world::World;
use authz::Role;
use std::collections::BTreeSet;

#[test]
fn every_number_opens_and_says_where_it_comes_from() {
    let world = World::new();
    let roles = [
        Role::ManpowerOfficer,
        Role::AccountRep,
        Role::Supervisor,
        Role::FinanceClerk,
        Role::Auditor,
        Role::DataProtection,
    ];
    let (desk, admin, readers, _) = Desk::over_city_with(&world, roles);
    for who in ["wali-kota", "asisten", "naker", "cabang"] {
        for (i, reader) in readers.iter().enumerate() {
            let page = desk.get(&format!("/dasbor/satu/{who}"), reader);
            assert_eq!(page.status, 200, "{who} {i}");
            let body = page.body.split("<main").nth(1).unwrap();
            let tiles = body.matches("class=\"tile\"").count();
            assert!((1..=6).contains(&tiles), "{who} {i}: {tiles}");
            assert_eq!(body.matches("<small class=\"source\">").count(), tiles, "each says where it comes from");
            let links: BTreeSet<&str> = body
                .split("href=\"")
                .skip(1)
                .map(|p| p.split('"').next().unwrap())
                .filter(|h| h.starts_with('/'))
                .collect();
            for link in links {
                let opened = desk.get(&link.replace("&#38;", "&").replace("&amp;", "&"), reader);
                assert_eq!(opened.status, 200, "{who} for reader {i} leads to {link}");
            }
        }
    }
    // The number is that of its list.
    let page = desk.get("/dasbor/satu/wali-kota", &readers[2]).body;
    let exposed = page.split("Proyek terbuka risiko</span><b>").nth(1).unwrap().split('<').next().unwrap();
    let (_, figures) = desk.json("/api/v1/figures", &admin);
    let counted = figures["states"].as_array().unwrap().iter().find(|s| s["state"] == "exposed").unwrap();
    assert_eq!(exposed, counted["projects"].to_string(), "{figures}");
    assert_eq!(desk.get("/dasbor/satu/siapa", &admin).status, 404);
}
