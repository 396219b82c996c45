//! Contributions of ten million contracts, beside a memory copy, a plain loop, OpenFisca-Core and
//! NumPy, in one run and on the same rows. `cargo bench -p benches --bench law`.
//!
//! The peers are installed from benches/peers/requirements.txt into target/peers/venv; where that
//! is not possible the run says so and ends with an error, because a figure without its peer
//! means little.

use law::Law;
use law::contribution::batch::{Basis, Compiled, day_number};
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const ROWS: usize = 10_000_000;
const RUNS: usize = 7;
/// Rows a thread takes at a time.
const CHUNK: usize = 65_536;

fn main() {
    // `cargo test --benches` calls with `--test`; only `cargo bench` measures.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let (values, days) = rows();
    let law = Law::builtin();
    let gross = Compiled::new(law, Basis::Gross).expect("law compiles");
    let net = Compiled::new(law, Basis::Net).expect("law compiles");
    let mut out = vec![0i64; ROWS];

    // What a row is made of: value and day in, amount out. Copying both columns is the least that any
    // program reading them and writing elsewhere can do.
    let mut days_out = vec![0i32; ROWS];
    let copy = best(|| {
        out.copy_from_slice(black_box(&values));
        days_out.copy_from_slice(black_box(&days));
        black_box((&out, &days_out));
    });
    let plain = best(|| {
        for ((value, day), amount) in values.iter().zip(&days).zip(&mut out) {
            *amount = black_box(*value) + i64::from(*day);
        }
        black_box(&out);
    });
    let one_thread = best(|| {
        black_box(gross.totals(black_box(&values), &days, &mut out));
    });
    let single = out.clone();
    let two_threads = best(|| parallel(&gross, &values, &days, &mut out));
    assert_eq!(single, out, "any split gives the same");
    let mut on_one_day = vec![0i64; ROWS];
    let day = day_number("2025-03-03".parse().expect("day"));
    net.totals(&values, &vec![day; ROWS], &mut on_one_day);

    let say = |name: &str, seconds: f64| {
        println!("{name:<44} {seconds:>8.4} s {:>8.1} million rows/s", ROWS as f64 / seconds / 1e6);
    };
    say("memory copy of both columns, 1 thread", copy);
    say("reading both columns, writing their sum", plain);
    say("Payung, gross values, exact, 1 thread", one_thread);
    say("Payung, gross values, exact, all threads", two_threads);
    let peers = peers(&values, &days, &single, &on_one_day);
    let figure = |peer: &str, key: &str| peers[peer][key].as_f64().expect("figure");
    for (peer, aim) in [("openfisca", 80.0), ("numpy", 8.0)] {
        let rate = figure(peer, "rows") / figure(peer, "seconds");
        let (own, own_two) = (ROWS as f64 / one_thread, ROWS as f64 / two_threads);
        println!(
            "{peer}: {:.1} million rows/s, largest error {} rupiah; Payung is {:.1} times as fast on 1 thread, {:.1} on all (aim {aim})",
            rate / 1e6,
            figure(peer, "max_error"),
            own / rate,
            own_two / rate,
        );
    }
    println!(
        "a memory copy on 1 thread is {:.2} times as fast as 1 thread, {:.2} times as all threads; aim 2",
        one_thread / copy,
        two_threads / copy,
    );
}

fn parallel(compiled: &Compiled, values: &[i64], days: &[i32], out: &mut [i64]) {
    use rayon::prelude::*;
    let rows = values.par_chunks(CHUNK).zip(days.par_chunks(CHUNK)).zip(out.par_chunks_mut(CHUNK));
    rows.for_each(|((values, days), out)| {
        black_box(compiled.totals(values, days, out));
    });
}

/// The best of several runs, in seconds: the least disturbed one.
fn best(mut run: impl FnMut()) -> f64 {
    let once = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    };
    (0..RUNS).map(|_| once(&mut run)).fold(f64::INFINITY, f64::min)
}

/// Contract values as cities have them (many below 200 million, few above 5 billion) on days from
/// 2015 to 2026, the same on every machine.
fn rows() -> (Vec<i64>, Vec<i32>) {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = || {
        // xorshift64: no quality needed, only spread.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let first = day_number("2015-07-01".parse().expect("day"));
    (0..ROWS)
        .map(|_| {
            let top = [150_000_000, 200_000_000, 400_000_000, 1_000_000_000, 8_000_000_000][(next() % 5) as usize];
            ((1_000_000 + next() % top) as i64, first + (next() % 4_000) as i32)
        })
        .unzip()
}

fn peers(values: &[i64], days: &[i32], expected: &[i64], on_one_day: &[i64]) -> serde_json::Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("../target/peers");
    let python = folder.join("venv/bin/python");
    let run = |command: &mut Command| {
        let out = command.output().expect("the peer starts");
        assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
        out.stdout
    };
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")));
    }
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r"]).arg(root.join("peers/requirements.txt")));
    let write = |name: &str, bytes: Vec<u8>| -> PathBuf {
        let path = folder.join(name);
        std::fs::File::create(&path).and_then(|mut f| f.write_all(&bytes)).expect("write");
        path
    };
    let wide = |column: &[i64]| column.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    let files = [
        write("values", wide(values)),
        write("days", days.iter().flat_map(|n| n.to_le_bytes()).collect()),
        write("expected", wide(expected)),
        write("on_one_day", wide(on_one_day)),
    ];
    let [values, days, expected, on_one_day] = &files;
    let mut command = Command::new(&python);
    command.arg(root.join("peers/law.py")).args([values, days, expected]).arg(ROWS.to_string()).arg(on_one_day);
    serde_json::from_slice(&run(&mut command)).expect("peers answer in JSON")
}
