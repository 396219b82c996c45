//! A stranger who knows district and birth date of a thousand people asks about them for a month, wherever he asks from, with the small work
//! done each time. He learns of nobody whether they are insured. Here some tries of each day; `benches/benches/check.rs` asks as many as the
//! budgets let through, and measures the time of the answers.

use crate::world::World;
use app::desk::roster::check::check_on;
use app::desk::roster::{Proof, Told};
use app::desk::{Desk, Outside, picture};
use app::home::Home;
use testkit::roster::{Worker, crew, sheet};

const PEOPLE: usize = 1_000;
const DAYS: i32 = 30;
const PROJECTS: usize = 50;
const TRIES: usize = 20;

/// A stream of numbers of the attacker's own.
struct Lot(u64);

impl Lot {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

#[test]
fn nobody_is_learned_of_in_a_month_of_guessing() {
    let world = World::new();
    let files = world.city(3, 60);
    world.import(&crate::world::refs(&files));
    world.json(&["monev", "--json"]);
    let report = std::fs::read_to_string(world.home().join("monev/projects.csv")).unwrap();
    let codes: Vec<String> = report
        .lines()
        .skip(1)
        .take(PROJECTS)
        .map(|l| l.split(',').next().unwrap().trim_matches('"').to_owned())
        .collect();
    let people = crew(21, PEOPLE);
    let of: Vec<(&String, &[Worker])> = codes.iter().zip(people.chunks(PEOPLE / PROJECTS)).collect();
    for (i, (code, workers)) in of.iter().enumerate() {
        let (path, _) = sheet(&world.path(""), &format!("daftar-{i}"), 5, workers, false).unwrap();
        let stored = world.json(&["roster", code, &path.to_string_lossy(), "--json", "--day", "2026-08-05"]);
        assert!(stored["join"].as_u64().unwrap() > 0, "{stored}");
    }
    crate::database::settle(&world);
    let desk = Desk::open(Home::open(&world.home()).unwrap(), std::path::Path::new("-"), Outside::default()).unwrap();
    picture::refresh(&desk).unwrap();
    let permit = authz::permit(&authz::Actor::public()).unwrap();
    let mut lot = Lot(7);
    let first: kernel::Date = "2026-11-01".parse().unwrap();
    for day in 0..DAYS {
        let today = kernel::date::add_days(first, day).unwrap();
        for _ in 0..TRIES {
            let at = lot.below(PEOPLE as u64) as usize;
            let (code, workers) = of[at / (PEOPLE / PROJECTS)];
            let victim = &workers[at % (PEOPLE / PROJECTS)];
            // What a neighbour knows, the likeliest serials first, and a card number by lot.
            let nik = format!("{}{:04}", &victim.nik[..12], lot.below(10) + 1);
            let card = format!("{:011}", 10_000_000_000 + lot.below(89_999_999_999));
            let proof = Proof::Card { card, nik, birth: Some(victim.birth) };
            let told = check_on(&desk, &permit, code, (&proof, true), today).unwrap().unwrap();
            assert_eq!(told, Told::Nothing);
        }
    }
    // The same desk answers whoever can prove it, so that it was not deaf all month.
    let (code, workers) = of[0];
    let stays = desk.read(|s| s.check_ground(&permit, code).map_err(app::Fault::from)).unwrap().unwrap().1;
    assert_eq!(stays.len(), workers.len());
    let own = Proof::Code(app::desk::roster::code_of(&desk, &stays[0].mark));
    let told = check_on(&desk, &permit, code, (&own, true), first).unwrap().unwrap();
    assert_ne!(told, Told::Nothing);
}
