//! The desk under load: pages over a million projects, beside a bare handler of the same server in the same run.
//!
//! `cargo bench -p benches --bench desk [-- PROJECTS SECONDS]`. Eight connections keep asking; then a project page is
//! asked two hundred times a second, whether answers come or not.

use app::desk::{Desk, picture};
use app::home::Home;
use benches::load::{CONNECTIONS, Line, first_session, paced, print, request};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::ProjectRow;

/// Requests a second of the last measure.
const RATE: u64 = 200;

fn row(i: u64, of: u64) -> (ProjectRow, String) {
    let street = ["Melati", "Anggrek", "Panca Bhakti", "Sungai Raya", "Tanjung Harap"][(i % 5) as usize];
    let what = ["Pembangunan Drainase", "Rehabilitasi Jalan", "Peningkatan Jembatan", "Pemeliharaan Gedung"]
        [(i / 5 % 4) as usize];
    let states = ["exposed", "covered", "unknown", "ended", "window", "registering"];
    let name = format!("{what} {street} RT {} Kelurahan {}", i % 40, i % 97);
    let evidence = app::desk::evidence::Evidence {
        contract_number: format!("{i}/SPK/PUPR/2026"),
        order: Some(app::desk::evidence::Sourced { value: "2026-03-02".into(), source: "contract".into() }),
        value: Some(app::desk::evidence::Sourced { value: "199800000".into(), source: "contract".into() }),
        spans: (0..4)
            .map(|s| app::desk::evidence::Span {
                from: format!("2026-0{}-01", s + 3),
                to: format!("2026-0{}-28", s + 3),
                days: 28,
                state: states[s as usize].into(),
                lenient: states[s as usize].into(),
                fact: "not_registered".into(),
                fact_date: "2026-03-20".into(),
                source: "spse.json:12".into(),
            })
            .collect(),
        sources: (0..6).map(|s| format!("spse-{s}.json.gz:{i}")).collect(),
        ..app::desk::evidence::Evidence::default()
    };
    let project = ProjectRow {
        code: format!("nontender:{i:07}"),
        agency: format!("DINAS {}", i / 7 % 40),
        vendor: format!("CV CONTOH {}", i % 5_000),
        npwp: format!("{:015}", i % 5_000),
        year: 2026,
        role: "works".into(),
        stage: "contracted".into(),
        state: states[(i % 6) as usize].into(),
        counted: true,
        value: 50_000_000 + (i as i64 * 7_919) % 900_000_000,
        due: 392_000,
        uncovered: ((of - i) * 300 / of) as i64,
        worker_days: (i as i64 * 97) % 4_000,
        deadline: "2026-03-20".into(),
        gravest: if i.is_multiple_of(6) { "not-registered".into() } else { String::new() },
        findings: i64::from(i.is_multiple_of(6)),
        body: serde_json::to_string(&evidence).expect("evidence"),
        name: name.clone(),
        ..ProjectRow::default()
    };
    (project, name)
}

fn filled(projects: u64, folder: &std::path::Path) -> (Arc<Desk>, String) {
    let desk =
        Desk::open(Home::open(folder).expect("home"), std::path::Path::new("payung"), app::desk::Outside::default())
            .expect("desk");
    picture::refresh(&desk).expect("an empty picture");
    desk.write(|store| {
        let mut writer = store.picture_begin()?;
        for i in 0..projects {
            let (project, search) = row(i, projects);
            writer.project(&project, &search)?;
            writer.number(&format!("{i}/SPK/PUPR/2026"), "contract", &project.code)?;
        }
        writer.hang(("2026-11-25", "2026-11-25T00:00:00Z"), 0, "bench", "{}")
    })
    .expect("picture");
    let session = first_session(&desk);
    (Arc::new(desk), session)
}

/// A day's payments of the treasury, 1,000 contract numbers: asked for one by one, and peer of the same size, a bare echo of the same server.
fn payments(address: &str, bare: &str, session: &str, projects: u64) {
    let question = |day: u64| {
        let payment = |i: u64| {
            let number = (day * 1_000 + i) * 7_919 % projects;
            format!("{{\"number\":\"{number} / spk / pupr / 2026\",\"at\":\"instalment\",\"amount\":25000000}}")
        };
        let body = format!("{{\"payments\":[{}]}}", (0..1_000).map(payment).collect::<Vec<_>>().join(","));
        let head = |path: &str| {
            format!(
                "POST {path} HTTP/1.1\r\nHost: bench\r\nCookie: payung_sesi={session}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
            .into_bytes()
        };
        (head("/api/v1/gates"), head("/echo"))
    };
    let (mut ours, mut echo) = (Line::to(address), Line::to(bare));
    let (mut took, mut peer, mut bytes) = (Vec::new(), Vec::new(), 0);
    for day in 0..30 {
        let (asked, said) = question(day);
        let begun = Instant::now();
        bytes = ours.ask(&asked);
        took.push(begun.elapsed());
        let begun = Instant::now();
        echo.ask(&said);
        peer.push(begun.elapsed());
    }
    let rate = |took: &[Duration]| took.len() as f64 / took.iter().sum::<Duration>().as_secs_f64();
    let (own, bare) = (rate(&took), rate(&peer));
    print("1,000 payments before their gates", took, own, bytes);
    print("the same bytes, echoed", peer, bare, 0);
}

/// Eight connections keep asking for some seconds.
fn saturate(name: &str, address: &str, seconds: u64, path: &(dyn Fn(u64) -> Vec<u8> + Sync)) {
    let begun = Instant::now();
    let until = Duration::from_secs(seconds);
    let (took, bytes) = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS as u64)
            .map(|w| {
                scope.spawn(move || {
                    let (mut line, mut took, mut bytes, mut i) = (Line::to(address), Vec::new(), 0, w * 1_000_003);
                    while begun.elapsed() < until {
                        let asked = Instant::now();
                        bytes = line.ask(&path(i));
                        took.push(asked.elapsed());
                        i += 1;
                    }
                    (took, bytes)
                })
            })
            .collect();
        let mut all = Vec::new();
        let mut bytes = 0;
        for worker in workers {
            let (took, length) = worker.join().expect("worker");
            all.extend(took);
            bytes = length;
        }
        (all, bytes)
    });
    let per_second = took.len() as f64 / begun.elapsed().as_secs_f64();
    print(name, took, per_second, bytes);
}

fn main() {
    let numbers: Vec<u64> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let (projects, seconds) = (numbers.first().copied().unwrap_or(1_000_000), numbers.get(1).copied().unwrap_or(5));
    let folder = tempfile::tempdir().expect("folder");
    let begun = Instant::now();
    let (desk, session) = filled(projects, folder.path());
    println!("{projects} projects painted in {:.1} s", begun.elapsed().as_secs_f64());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
    let listen = || runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("listen");
    let (ours, bare) = (listen(), listen());
    let (address, bare_address) =
        (ours.local_addr().expect("address").to_string(), bare.local_addr().expect("address").to_string());
    let site = Arc::new(web::Site::new(desk, web::Settings { quiet: true, ..web::Settings::default() }));
    runtime.spawn(web::serve(web::router(site), ours, std::future::pending()));
    let page = Box::leak("x".repeat(4_000).into_boxed_str());
    let handler = axum::Router::new()
        .route("/", axum::routing::get(|| async { axum::response::Html(&*page) }))
        .route("/echo", axum::routing::post(|body: String| async { body }));
    runtime.spawn(async move { axum::serve(bare, handler).await });

    let code = |i: u64| format!("nontender:{:07}", i % projects);
    payments(&address, &bare_address, &session, projects);
    saturate("bare axum, 4,000 bytes", &bare_address, seconds, &|_| request("/", ""));
    saturate("public project", &address, seconds, &|i| request(&format!("/publik/{}", code(i)), ""));
    saturate("public project, kept", &address, seconds, &|i| request(&format!("/publik/{}", code(i % 1_000)), ""));
    saturate("calculator", &address, seconds, &|_| request("/kalkulator?nilai=199.800.000&tanggal=2025-03-03", ""));
    saturate("list, first page", &address, seconds, &|_| request("/proyek", &session));
    saturate("list, exposed of an agency", &address, seconds, &|i| {
        request(&format!("/proyek?keadaan=exposed&dinas=DINAS%20{}", i % 40), &session)
    });
    saturate("list, words", &address, seconds, &|i| {
        request(&format!("/proyek?q=drainase%20melati%20{}", i % 97), &session)
    });
    paced("list, words, 5 a second", &address, (5, seconds * 2), &|i| {
        request(&format!("/proyek?q=drainase%20melati%20{}", i % 97), &session)
    });
    saturate("project", &address, seconds, &|i| request(&format!("/proyek/{}", code(i)), &session));
    paced("project, 200 a second", &address, (RATE, seconds * 2), &|i| {
        request(&format!("/proyek/{}", code(i)), &session)
    });
}
