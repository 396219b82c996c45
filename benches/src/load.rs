//! What benchmarks of pages share: a connection kept open, a rate that waits for nobody, a line of figures.

use app::desk::Desk;
use app::desk::sign_in::{Taking, code_at, new_factor};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Connections kept open.
pub const CONNECTIONS: usize = 8;

/// One keep-alive connection.
pub struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Line {
    /// A connection to an address.
    pub fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("connect");
        stream.set_nodelay(true).expect("nodelay");
        Self { stream, buffer: Vec::with_capacity(1 << 17) }
    }

    /// Asks and reads the whole answer; its length.
    pub fn ask(&mut self, request: &[u8]) -> usize {
        self.stream.write_all(request).expect("write");
        self.buffer.clear();
        let mut chunk = [0u8; 1 << 15];
        loop {
            let n = self.stream.read(&mut chunk).expect("read");
            assert!(n > 0, "the server hung up");
            self.buffer.extend_from_slice(&chunk[..n]);
            let Some(end) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&self.buffer[..end]).expect("head").to_lowercase();
            assert!(head.starts_with("http/1.1 200"), "{head}");
            let length: usize =
                head.split("content-length: ").nth(1).and_then(|l| l.lines().next()?.parse().ok()).expect("length");
            if self.buffer.len() >= end + 4 + length {
                return length;
            }
        }
    }
}

/// A request of a page, by whoever holds a session.
pub fn request(path: &str, session: &str) -> Vec<u8> {
    let cookie = if session.is_empty() { String::new() } else { format!("Cookie: payung_sesi={session}\r\n") };
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{cookie}\r\n").into_bytes()
}

/// A line of figures: how many a second, half of them within, 95 of 100, 99 of 100, bytes of an answer; 0: not looked at.
pub fn print(name: &str, mut took: Vec<Duration>, per_second: f64, bytes: usize) {
    took.sort_unstable();
    let at = |share: usize| took[(took.len() * share / 1_000).min(took.len() - 1)].as_secs_f64() * 1_000.0;
    println!(
        "{name:<34} {per_second:>9.0}/s   p50 {:>7.2} ms   p95 {:>7.2} ms   p99 {:>7.2} ms   {bytes:>6} bytes",
        at(500),
        at(950),
        at(990)
    );
}

/// Asks at a rate; an answer that is late counts from when it should have been asked for.
pub fn paced(name: &str, address: &str, (rate, seconds): (u64, u64), path: &(dyn Fn(u64) -> Vec<u8> + Sync)) {
    let begun = Instant::now();
    let took = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS as u64)
            .map(|w| {
                scope.spawn(move || {
                    let (mut line, mut took) = (Line::to(address), Vec::new());
                    for i in (w..rate * seconds).step_by(CONNECTIONS) {
                        let due = begun + Duration::from_micros(i * 1_000_000 / rate);
                        std::thread::sleep(due.saturating_duration_since(Instant::now()));
                        line.ask(&path(i * 7_919));
                        took.push(due.elapsed());
                    }
                    took
                })
            })
            .collect();
        workers.into_iter().flat_map(|w| w.join().expect("worker")).collect::<Vec<_>>()
    });
    print(name, took, rate as f64, 0);
}

/// The session of the first administrator of a desk that has none.
pub fn first_session(desk: &Desk) -> String {
    let link = desk.first_link().expect("link").expect("first");
    let (secret, _) = new_factor("bench@kota.go.id").expect("factor");
    let code = code_at(&secret, app::clock::seconds().unsigned_abs()).expect("code");
    let taking = Taking {
        login: "bench@kota.go.id",
        name: "Bench",
        password: "payung teduh di batanghari",
        secret: &secret,
        code: &code,
    };
    desk.take_invitation(&link, &taking, "bench", "").expect("desk").expect("taken")
}
