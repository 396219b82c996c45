//! People: millions of roster rows, one person's days, one project's people, a contractor's list.
//!
//! `cargo bench -p benches --bench people [-- ROWS]` (5,000,000). Beside each answer stands its floor: the same rows read from the
//! database by the same keys and opened, nothing compared and nothing judged. With `PAYUNG_BENCH_DATABASE` naming an empty PostgreSQL
//! database the same runs there. `target/release/payung` reads the contractor's list.

use app::authz::{Actor, Change, Permit, Person, Read, permit};
use app::desk::{Desk, Outside, roster};
use app::home::Home;
use kernel::Date;
use registers::RawRow;
use std::path::Path;
use std::time::{Duration, Instant};
use store::{FileFacts, ProjectRow, TableFacts};

/// People on a project.
const CREW: u64 = 50;

/// Questions of each kind.
const ASKED: u64 = 200;

const FIELDS: [&str; 10] = [
    "proyek",
    "entri",
    "nik",
    "nama",
    "tgl_lahir",
    "jabatan",
    "jenis_upah",
    "upah",
    "mulai_bekerja",
    "selesai_bekerja",
];

fn code(project: u64) -> String {
    format!("nontender:{project:07}")
}

/// A row: four in five are of somebody new, the fifth of somebody met before on another project.
fn row(i: u64, rows: u64, workers: &[testkit::roster::Worker]) -> RawRow {
    let person = if i % 5 == 4 { i.wrapping_mul(7_919) % (rows * 4 / 5) } else { i / 5 * 4 + i % 5 };
    let (day, month, year) = (person % 28 + 1, person / 28 % 12 + 1, person / 336 % 40 + 60);
    let nik = format!("997101{day:02}{month:02}{year:02}{:04}", person / 13_440 % 9_999 + 1);
    let worker = &workers[(person % workers.len() as u64) as usize];
    let left = if i.is_multiple_of(3) { "2026-05-31" } else { "" };
    let cells = [
        code(i / CREW),
        (i % CREW + 1).to_string(),
        nik,
        worker.name.clone(),
        format!("19{year:02}-{month:02}-{day:02}"),
        worker.trade.clone(),
        "harian".to_owned(),
        worker.wage.to_string(),
        format!("2026-0{}-{:02}", i % 4 + 1, i % 28 + 1),
        left.to_owned(),
    ];
    RawRow::from_texts(i as u32 + 2, cells.iter().map(String::as_str))
}

fn fill(desk: &Desk, rows: u64) {
    let workers = testkit::roster::crew(1, 1_000);
    let began = Instant::now();
    desk.write(|store| {
        let mut writer = store.picture_begin()?;
        let evidence = app::desk::evidence::Evidence {
            spans: vec![app::desk::evidence::Span {
                from: "2026-01-01".into(),
                to: "2026-11-26".into(),
                days: 330,
                state: "covered".into(),
                lenient: "covered".into(),
                fact: "first_instalment".into(),
                fact_date: "2026-01-01".into(),
                source: "iuran.csv:2".into(),
            }],
            ..app::desk::evidence::Evidence::default()
        };
        let body = serde_json::to_string(&evidence).expect("evidence");
        for project in 0..rows.div_ceil(CREW) {
            let row = ProjectRow {
                code: code(project),
                name: format!("Rehabilitasi Jalan Kenanga {project}"),
                agency: format!("DINAS {}", project % 40),
                counted: true,
                state: "covered".into(),
                body: body.clone(),
                ..ProjectRow::default()
            };
            writer.project(&row, &row.name)?;
        }
        writer.hang(("2026-11-26", "2026-11-26T00:00:00Z"), 0, "bench", "{}")
    })
    .expect("picture");
    println!("{:<44} {:>9.1} s", format!("{} projects painted", rows.div_ceil(CREW)), began.elapsed().as_secs_f64());
    let began = Instant::now();
    let register = registers::register("daftar_pekerja").expect("register");
    desk.write(|store| {
        let (columns, _) = registers::Columns::bind(register, &FIELDS);
        let facts =
            FileFacts { name: "bench".into(), digest: [1; 16], bytes: 1, recorded_at: "2026-11-26T00:00:00Z".into() };
        let mut import = store.import_begin(&facts)?;
        import.table(TableFacts { sheet: None, columns, header_line: 1, reading: "bench".into() })?;
        for i in 0..rows {
            import.row(&row(i, rows, &workers))?;
        }
        import.commit()
    })
    .expect("import");
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{:<44} {seconds:>9.1} s  {:>9.0} rows/s",
        format!("{rows} rows stored, stays kept"),
        rows as f64 / seconds
    );
}

fn print(name: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |share: usize| took[(took.len() * share / 1_000).min(took.len() - 1)].as_secs_f64() * 1_000.0;
    println!("{name:<44} p50 {:>8.2} ms   p99 {:>8.2} ms", at(500), at(990));
}

fn timed<T>(mut ask: impl FnMut(u64) -> T) -> Vec<Duration> {
    (0..ASKED)
        .map(|i| {
            let began = Instant::now();
            std::hint::black_box(ask(i));
            began.elapsed()
        })
        .collect()
}

fn main() {
    let numbers: Vec<u64> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let rows = numbers.first().copied().unwrap_or(5_000_000);
    let folder = tempfile::tempdir().expect("folder");
    if let Ok(database) = std::env::var("PAYUNG_BENCH_DATABASE") {
        std::fs::write(folder.path().join("payung.yaml"), format!("database: {database}\n")).expect("settings");
        println!("on PostgreSQL");
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("root");
    let program = root.join("target/release/payung");
    let desk = Desk::open(Home::open(folder.path()).expect("home"), &program, Outside::default()).expect("desk");
    fill(&desk, rows);
    let actor = Actor::operator();
    let read: Permit<Read, Person> = permit(&actor).expect("read");
    let change: Permit<Change, Person> = permit(&actor).expect("change");
    let projects = rows.div_ceil(CREW);
    let project = |i: u64| code(i.wrapping_mul(104_729) % projects);
    let day: Date = "2026-06-15".parse().expect("day");

    print(
        "floor: rows of a project, opened",
        timed(|i| desk.read(|s| s.stay_list(&read, &project(i), None).map_err(app::Fault::from)).expect("rows")),
    );
    print(
        "people of a project on a day",
        timed(|i| roster::crew_of(&desk, &read, &project(i), day, None).expect("crew").expect("project").members.len()),
    );
    print(
        "the same, as known on an earlier day",
        timed(|i| {
            roster::crew_of(&desk, &read, &project(i), day, Some(day)).expect("crew").expect("project").members.len()
        }),
    );
    let people: Vec<String> = (0..ASKED)
        .map(|i| {
            let stays = desk.read(|s| s.stay_list(&read, &project(i), None).map_err(app::Fault::from)).expect("rows");
            stays[(i % CREW) as usize % stays.len()].person.clone()
        })
        .collect();
    let of = |i: u64| people[i as usize].as_str();
    print(
        "floor: rows of a person, opened",
        timed(|i| desk.read(|s| s.stay_of(&read, of(i)).map_err(app::Fault::from)).expect("rows")),
    );
    print(
        "a person's days over all projects",
        timed(|i| roster::timeline_of(&desk, &read, of(i)).expect("days").expect("person").days),
    );
    if !program.is_file() {
        println!("no {}: build it to measure a contractor's list", program.display());
        return;
    }
    let workers = testkit::roster::crew(77, 300);
    let (list, _) = testkit::roster::sheet(folder.path(), "daftar", 77, &workers, true).expect("list");
    let today = app::clock::today();
    let mut took = Vec::new();
    for i in 0..20 {
        let began = Instant::now();
        let about = (app::Language::Indonesian, "");
        let id = roster::lay(&desk, &change, &project(i), (&list, "daftar.xlsx"), today, about).expect("lay");
        let id = id.expect("project").expect("read");
        let look = roster::look(&desk, (&read, &change), id).expect("look").expect("draft");
        assert_eq!(look.lines.len(), 300);
        took.push(began.elapsed());
    }
    print("300 people: from the file to the look", took);
}
