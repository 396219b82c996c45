//! The book of gifts and budget, and the plan of who is covered.
//!
//! `cargo bench -p benches --bench aman [-- POSTINGS PEOPLE]` (1,000,000 and 50,000), one core. Peers in the same run: SQLite's own sum by account
//! over the same postings; the library's relaxation alone for the plan, which no plan can beat.

use allocation::{Claim, Purse, plan};
use kernel_free::Lcg;
use ledger::{Account, Act, Book, Kept, Kind, Posting, check};
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

fn main() {
    let mut numbers = std::env::args().filter_map(|a| a.parse::<usize>().ok());
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

    // A group in twenty, its months of expiry, what the city puts first: people spread over all of it.
    let mut random = Lcg(11);
    let mut claims = Vec::new();
    for group in 0..20 {
        claims.extend((0..12).map(|start| Claim { group, renews: true, rank: 0, start, people: 0 }));
        claims.extend((0..4).map(|rank| Claim { group, renews: false, rank, start: 0, people: 0 }));
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
}
