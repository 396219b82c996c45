//! The worker's own question under attack, and the time of its answers.
//!
//! `cargo bench -p benches --bench check [-- PAIRS]` (100,000). A stranger who knows district and birth date of 1,000 people asks for 30 days, from
//! 10,000 addresses, as often as the budgets let through; then pairs of a right and a wrong proof are asked in turn, and the difference of their
//! times is measured. The peer is a constant answer that is made without looking anything up.

use app::authz::{Actor, PublicProject, Read, permit};
use app::desk::roster::check::{CITY_TRIES, check_on};
use app::desk::roster::{Proof, Told, code_of};
use app::desk::{Desk, Outside};
use app::home::Home;
use std::time::{Duration, Instant};
use store::{FileFacts, ProjectRow, TableFacts};

const PEOPLE: usize = 1_000;
const CREW: usize = 20;
const DAYS: i32 = 30;
const ADDRESSES: u64 = 10_000;

fn code(project: usize) -> String {
    format!("nontender:{project:05}")
}

struct Lot(u64);

impl Lot {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn fill(desk: &Desk, people: &[testkit::roster::Worker]) {
    desk.write(|store| {
        let mut writer = store.picture_begin()?;
        let body = serde_json::to_string(&app::desk::evidence::Evidence::default()).expect("evidence");
        for project in 0..PEOPLE / CREW {
            let name = format!("Rehabilitasi Jalan Kenanga {project}");
            let row = ProjectRow {
                code: code(project),
                name,
                counted: true,
                state: "covered".into(),
                body: body.clone(),
                ..ProjectRow::default()
            };
            writer.project(&row, &row.name)?;
        }
        writer.hang(("2026-11-26", "2026-11-26T00:00:00Z"), 0, "bench", "{}")?;
        let register = registers::register("daftar_pekerja").expect("register");
        let fields = ["proyek", "entri", "nik", "nama", "tgl_lahir", "kpj", "mulai_bekerja"];
        let (columns, _) = registers::Columns::bind(register, &fields);
        let facts =
            FileFacts { name: "bench".into(), digest: [1; 16], bytes: 1, recorded_at: "2026-11-26T00:00:00Z".into() };
        let mut import = store.import_begin(&facts)?;
        import.table(TableFacts { sheet: None, columns, header_line: 1, reading: "bench".into() })?;
        for (i, w) in people.iter().enumerate() {
            let cells = [
                code(i / CREW),
                (i % CREW + 1).to_string(),
                w.nik.clone(),
                w.name.clone(),
                w.birth.to_string(),
                format!("{:011}", 70_000_000_000 + i),
                "2026-11-01".to_owned(),
            ];
            import.row(&registers::RawRow::from_texts(i as u32 + 2, cells.iter().map(String::as_str)))?;
        }
        import.commit()
    })
    .expect("city");
}

fn p99(took: &mut [Duration]) -> f64 {
    took.sort_unstable();
    took[took.len() * 99 / 100].as_secs_f64() * 1_000.0
}

fn main() {
    let pairs: usize = std::env::args().filter_map(|a| a.parse().ok()).next().unwrap_or(100_000);
    let folder = std::env::temp_dir().join(format!("payung-check-{}", std::process::id()));
    let desk =
        Desk::open(Home::open(&folder).expect("home"), std::path::Path::new("-"), Outside::default()).expect("desk");
    let people = testkit::roster::crew(21, PEOPLE);
    fill(&desk, &people);
    let permit = permit::<Read, PublicProject>(&Actor::public()).expect("everybody");
    let (mut lot, mut learned, mut tries) = (Lot(7), 0u64, 0u64);
    let first: kernel::Date = "2026-11-01".parse().expect("day");
    let begun = Instant::now();
    for day in 0..DAYS {
        let today = kernel::date::add_days(first, day).expect("day");
        for _ in 0..CITY_TRIES {
            let (at, _from) = (lot.below(PEOPLE as u64) as usize, lot.below(ADDRESSES));
            let nik = format!("{}{:04}", &people[at].nik[..12], lot.below(10) + 1);
            let card = format!("{:011}", 10_000_000_000 + lot.below(89_999_999_999));
            let proof = Proof::Card { card, nik, birth: Some(people[at].birth) };
            let told = check_on(&desk, &permit, &code(at / CREW), (&proof, true), today).expect("answer");
            learned += u64::from(told != Some(Told::Nothing));
            tries += 1;
        }
    }
    println!(
        "{tries} tries on {PEOPLE} people in {DAYS} days: {learned} learned, {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    assert_eq!(learned, 0);

    let marks: Vec<(usize, String)> = (0..PEOPLE / CREW)
        .map(|p| {
            let ground = desk
                .read(|s| s.check_ground(&permit, &code(p)).map_err(app::Fault::from))
                .expect("ground")
                .expect("project");
            (p, code_of(&desk, &ground.1[0].mark))
        })
        .collect();
    let (mut right, mut wrong, mut apart, mut floor) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for i in 0..pairs {
        let (project, own) = &marks[i % marks.len()];
        // A day of its own for each few: the budget of a project is not what is measured.
        let today = kernel::date::add_days(first, 100 + (i / (marks.len() * 100)) as i32).expect("day");
        let ask = |proof: &Proof| {
            let begun = Instant::now();
            let told = check_on(&desk, &permit, &code(*project), (proof, true), today).expect("answer");
            (begun.elapsed(), told)
        };
        let (proof, guess) = (Proof::Code(own.clone()), Proof::Code("2222-2222".to_owned()));
        // First the one, then the other: what the first finds warm is no difference of the answers.
        let (a, b) = if i % 2 == 0 {
            let a = ask(&proof);
            (a, ask(&guess))
        } else {
            let b = ask(&guess);
            (ask(&proof), b)
        };
        assert_eq!(b.1, Some(Told::Nothing));
        right.push(a.0);
        wrong.push(b.0);
        apart.push(a.0.abs_diff(b.0));
        let begun = Instant::now();
        std::hint::black_box(Told::Nothing);
        floor.push(begun.elapsed());
    }
    println!(
        "{pairs} pairs: right p99 {:.2} ms, wrong p99 {:.2} ms, constant answer p99 {:.4} ms",
        p99(&mut right),
        p99(&mut wrong),
        p99(&mut floor)
    );
    let median = |list: &[Duration]| list[list.len() / 2].as_secs_f64() * 1_000.0;
    println!(
        "difference of the 99th percentiles {:.3} ms, of the medians {:.4} ms; within a pair p99 {:.2} ms",
        (p99(&mut right) - p99(&mut wrong)).abs(),
        (median(&right) - median(&wrong)).abs(),
        p99(&mut apart)
    );
    std::fs::remove_dir_all(&folder).expect("clean");
}
