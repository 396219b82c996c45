//! Dashboards under load, over a year of a large city made up by the program itself, beside a bare handler of the same server in the same run.
//!
//! `payung demo --home HOME --projects 12000 --no-serve`, then `cargo bench -p benches --bench board -- HOME [SECONDS]`. Fifty requests a second, whether answers come or not; aim: 95 of 100
//! within 200 ms. The data folder must have no administrator yet.

use app::desk::{Desk, Outside, picture};
use app::home::Home;
use benches::load::{first_session, paced, request};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// Requests a second.
const RATE: u64 = 50;

/// Pages that are dashboards, and those they lead to first.
const PAGES: [&str; 9] = [
    "/dasbor/satu/wali-kota",
    "/dasbor/satu/asisten",
    "/dasbor/satu/naker",
    "/dasbor/satu/cabang",
    "/dasbor",
    "/cakupan",
    "/akhir-tahun",
    "/rapat",
    "/hari-ini",
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let Some(home) = arguments.first().map(PathBuf::from) else {
        println!("board: give a data folder made by `payung demo --home HOME --projects 12000 --no-serve`");
        return;
    };
    let seconds = arguments.get(1).and_then(|a| a.parse().ok()).unwrap_or(10);
    let desk = Desk::open(Home::open(&home).expect("home"), std::path::Path::new("payung"), Outside::default());
    let desk = desk.expect("desk");
    let begun = Instant::now();
    let painted = picture::refresh(&desk).expect("picture");
    println!("picture {} in {:.1} s", if painted { "painted" } else { "stands" }, begun.elapsed().as_secs_f64());
    let session = first_session(&desk);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
    let listen = || runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("listen");
    let (ours, bare) = (listen(), listen());
    let (address, bare_address) =
        (ours.local_addr().expect("address").to_string(), bare.local_addr().expect("address").to_string());
    let site = Arc::new(web::Site::new(Arc::new(desk), web::Settings { quiet: true, ..web::Settings::default() }));
    runtime.spawn(web::serve(web::router(site), ours, std::future::pending()));
    let page = Box::leak("x".repeat(20_000).into_boxed_str());
    let handler = axum::Router::new().route("/", axum::routing::get(|| async { axum::response::Html(&*page) }));
    runtime.spawn(async move { axum::serve(bare, handler).await });

    paced("bare axum, 20,000 bytes", &bare_address, (RATE, seconds), &|_| request("/", ""));
    for page in PAGES {
        paced(page, &address, (RATE, seconds), &|_| request(page, &session));
    }
    let any = |i: u64| request(PAGES[(i % PAGES.len() as u64) as usize], &session);
    paced("all of them in turn", &address, (RATE, seconds * 2), &any);
}
