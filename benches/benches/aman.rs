//! The book of gifts and budget, the plan of who is covered, and the tours of the car.
//!
//! `cargo bench -p benches --bench aman [-- POSTINGS PEOPLE [INSTANCE VEHICLES DISTANCE]...]` (1,000,000 and 50,000), one core. What each is compared with: the book with the plain sum
//! of its postings by account; the plan with its bound, which no plan can beat; the tours with an order drawn by lot, and on instances of Solomon's format (a path, the vehicles and the distance of
//! the best known solution) with that.

use allocation::{Claim, Purse, plan};
use kernel_free::Lcg;
use ledger::{Account, Act, Book, Kept, Kind, Posting, check};
use outreach::{Day, Road, Stop};
use std::convert::Infallible;
use std::time::Instant;

/// Numbers that are the same on every machine.
mod kernel_free {
    pub struct Lcg(pub u64);

    impl Lcg {
        pub fn below(&mut self, n: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % n
        }
    }
}

/// A book as years of gifts make it: lines of statements, gifts out of them, allotments, payments, some entries taken back.
fn history(entries: usize) -> Vec<Kept> {
    let mut random = Lcg(7);
    let (mut book, mut out) = (Book::default(), Vec::with_capacity(entries));
    let mut last: Option<(i64, [Posting; 2], Kind)> = None;
    while out.len() < entries {
        let id = out.len() as i64 + 1;
        let line = id / 4 + 1;
        let amount = 1_000 * (1 + random.below(200) as i64);
        let fund = 1 + random.below(6) as i64;
        let act = match random.below(10) {
            0..=3 => Act::Credit { bank: 1, line, amount },
            4..=6 => Act::Gift { line, fund, amount: book.has(Account::In(line)).max(1) },
            7 => Act::Allot { fund, allotment: line / 50 + 1, amount },
            8 => Act::Debit { bank: 1, line: -line, amount },
            _ => Act::Pay { line: -line, allotment: line / 50 + 1, amount: book.has(Account::Out(-line)).max(1) },
        };
        // One in fifty is a mistake that is taken back at once.
        if let Some((of, postings, kind)) = last.take_if(|_| random.below(50) == 0) {
            let undo = ledger::Entry::kept(kind, &postings).and_then(|e| e.undo().ok()).expect("an entry");
            if book.post(&undo).is_ok() {
                out.push((id, undo.kind, undo.postings, Some(of)));
                continue;
            }
        }
        if let Ok(entry) = book.enter(&act) {
            last = Some((id, entry.postings, entry.kind));
            out.push((id, entry.kind, entry.postings, None));
        }
    }
    out
}

/// A city's day: stops around a middle, open at their own hours, worth what they are worth.
fn tours(stops: usize, cars: u32) {
    let mut random = Lcg(23);
    let mut point = |spread: u64| -> (f64, f64) {
        let mut off = || random.below(spread) as f64 / 100_000.0 - spread as f64 / 200_000.0;
        (-1.6 + off(), 103.6 + off())
    };
    let points: Vec<(f64, f64)> = (0..=stops).map(|_| point(12_000)).collect();
    let mut random = Lcg(29);
    let list: Vec<Stop> = (0..stops)
        .map(|_| {
            let people = 3 + random.below(60) as u32;
            let opens = 3_600 * (7 + random.below(4) as u32);
            Stop {
                worth: people * 30,
                service: 60 * (20 + 10 * random.below(4) as u32),
                open: (opens, opens + 4 * 3_600),
                load: people * 3 / 10,
            }
        })
        .collect();
    let road = Road::guessed(&points);
    let day = Day { cars, hours: (8 * 3_600, 15 * 3_600 + 1_800), room: 150 };
    let begun = Instant::now();
    let found = outreach::plan(&list, &day, &road, 600).expect("a plan");
    let seconds = begun.elapsed().as_secs_f64();
    let lot = outreach::chance(&list, &day, &road, 200, 1) / 100;
    println!(
        "{stops} stops, {cars} cars: {seconds:.1} s (aim 30 s); {} visits, {:.2} people expected, {:.2} by lot",
        found.tours.iter().map(|t| t.visits.len()).sum::<usize>(),
        f64::from(found.worth) / 100.0,
        lot as f64 / 100.0
    );
}

/// An instance in Solomon's format: everybody visited by so many vehicles; how far the way is from the best known one.
fn instance(path: &str, vehicles: u32, best: f64) {
    // Distances have two decimals in the literature's count; a thousand of our seconds are one of its units.
    const UNIT: f64 = 1_000.0;
    let text = std::fs::read_to_string(path).expect("an instance");
    let rows: Vec<Vec<f64>> = text
        .lines()
        .map(|l| l.split_whitespace().filter_map(|w| w.parse().ok()).collect::<Vec<f64>>())
        .filter(|r| !r.is_empty())
        .collect();
    let room = rows.iter().find(|r| r.len() <= 2).and_then(|r| r.last()).map_or(0, |r| *r as u32);
    let places: Vec<&Vec<f64>> = rows.iter().filter(|r| r.len() == 7).collect();
    let seconds = |v: f64| (v * UNIT).round() as u32;
    let between = |a: &[f64], b: &[f64]| seconds((a[1] - b[1]).hypot(a[2] - b[2]));
    let matrix: Vec<u32> = places.iter().flat_map(|a| places.iter().map(|b| between(a, b))).collect();
    let stops: Vec<Stop> = places[1..]
        .iter()
        .map(|r| Stop { worth: 1, service: seconds(r[6]), open: (seconds(r[4]), seconds(r[5])), load: r[3] as u32 })
        .collect();
    let day = Day { cars: vehicles, hours: (seconds(places[0][4]), seconds(places[0][5])), room };
    let road = Road::new(places.len(), matrix).expect("a square");
    let begun = Instant::now();
    let found = outreach::plan(&stops, &day, &road, 2_000).expect("a plan");
    let seconds = begun.elapsed().as_secs_f64();
    let way = found.tours.iter().map(|t| f64::from(t.road)).sum::<f64>() / UNIT;
    let name = std::path::Path::new(path).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    println!(
        "{name}: {seconds:.1} s; {} of {} visited by {vehicles} vehicles; way {way:.2}, best known {best:.2} ({:+.2} %)",
        found.worth,
        stops.len(),
        (way / best - 1.0) * 100.0
    );
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let mut numbers = arguments.iter().take(2).filter_map(|a| a.parse::<usize>().ok());
    let (postings, people) = (numbers.next().unwrap_or(1_000_000), numbers.next().unwrap_or(50_000));
    let kept = history(postings / 2);
    let begun = Instant::now();
    let book = check(kept.iter().copied().map(Ok::<_, Infallible>)).expect("no fault").expect("a whole book");
    println!(
        "{} postings checked from memory: {:.3} s (aim 2 s); {} accounts",
        kept.len() * 2,
        begun.elapsed().as_secs_f64(),
        book.balances.len()
    );
    let begun = Instant::now();
    let mut sums: std::collections::HashMap<Account, i64> = std::collections::HashMap::new();
    for posting in kept.iter().flat_map(|k| &k.2) {
        *sums.entry(posting.account).or_default() += posting.amount;
    }
    println!(
        "  the plain sum by account, nothing checked: {:.3} s; {} accounts",
        begun.elapsed().as_secs_f64(),
        sums.len()
    );

    // A group in twenty, its months of expiry, what the city puts first: people spread over all of it.
    let mut random = Lcg(11);
    let mut claims = Vec::new();
    for group in 0..20 {
        claims.extend((0..12).map(|start| Claim { group, renews: true, rank: 0, start, end: 99, people: 0 }));
        claims.extend((0..4).map(|rank| Claim { group, renews: false, rank, start: 0, end: 99, people: 0 }));
    }
    for _ in 0..people {
        let at = random.below(claims.len() as u64) as usize;
        claims[at].people += 1;
    }
    let purse = |group, months: i64, cost: i64| Purse { group, money: months * cost + 7_777, cost: vec![cost; 12] };
    let months = people as i64;
    let mut donors = purse(None, months * 2, 16_800);
    donors.cost[..4].fill(8_400);
    let purses =
        [purse(None, months * 3, 16_800), donors, purse(Some(3), months / 20, 16_800), purse(Some(7), 500, 16_800)];
    let begun = Instant::now();
    let found = plan(&claims, &purses, 3).expect("a plan");
    println!(
        "{people} people, {} claims, {} purses: {:.3} s (aim 5 s); {} months, {} renewed, {} shares; score {} of at most {} (gap {} ppm)",
        claims.len(),
        purses.len(),
        begun.elapsed().as_secs_f64(),
        found.months,
        found.renewed,
        found.shares.len(),
        found.score,
        found.bound,
        (found.bound - found.score) * 1_000_000 / found.bound.max(1)
    );

    tours(200, 3);
    for one in arguments.get(2..).unwrap_or_default().chunks_exact(3) {
        instance(&one[0], one[1].parse().expect("vehicles"), one[2].parse().expect("distance"));
    }
}
