//! Coverage of 5,000,000 months of people, counted in one pass, against a recount by brute force: every person and month put into sets.
//!
//! `cargo bench -p benches --bench coverage [-- PERSON_MONTHS]` (5,000,000), one core. Both come to the same, or it ends with what differs.

use assess::coverage::{Counter, Month, MonthLine, Segment, Span};
use rustc_hash::FxHashSet;
use std::time::Instant;

/// Months of the window.
const MONTHS: Month = 12;

/// The first month: January 2026.
const FIRST: Month = 2026 * 12;

/// Numbers that are the same on every machine.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// People of a city: most on one list all year, some on several projects one after the other, some on none of the insurer.
fn people(count: usize) -> Vec<Vec<Span>> {
    let mut random = Lcg(11);
    let mut person = |_| {
        let lists = 1 + random.below(3) as usize;
        (0..lists)
            .map(|i| {
                let from = if i == 0 { FIRST } else { FIRST + random.below(12) as Month };
                let segment = match random.below(6) {
                    0 => None,
                    1 | 2 => Some(Segment::Construction),
                    3 => Some(Segment::NonWaged),
                    4 => Some(Segment::Waged),
                    _ => Some(Segment::Migrant),
                };
                let to = if i == 0 { FIRST + MONTHS - 1 } else { from + random.below(8) as Month };
                Span { from, to, segment, active: random.below(3) > 0 }
            })
            .collect()
    };
    (0..count).map(&mut person).collect()
}

/// The same by sets: slow, and plain enough to be believed.
fn brute(people: &[Vec<Span>]) -> Vec<MonthLine> {
    let mut known: FxHashSet<(usize, Month)> = FxHashSet::default();
    let (mut registered, mut active) = (vec![FxHashSet::default(); 4], vec![FxHashSet::default(); 4]);
    for (i, spans) in people.iter().enumerate() {
        for s in spans {
            for month in s.from.max(FIRST)..=s.to.min(FIRST + MONTHS - 1) {
                known.insert((i, month));
                if let Some(segment) = s.segment {
                    registered[segment as usize].insert((i, month));
                    if s.active {
                        active[segment as usize].insert((i, month));
                    }
                }
            }
        }
    }
    let mut out: Vec<MonthLine> = (0..MONTHS).map(|m| MonthLine { month: FIRST + m, ..MonthLine::default() }).collect();
    for at in known {
        let line = &mut out[(at.1 - FIRST) as usize];
        line.known += 1;
        line.registered += u64::from(registered.iter().any(|s| s.contains(&at)));
        let segments = active.iter().filter(|s| s.contains(&at)).count();
        line.active += u64::from(segments > 0);
        line.several += u64::from(segments > 1);
        for i in 0..4 {
            line.registered_by[i] += u64::from(registered[i].contains(&at));
            line.active_by[i] += u64::from(active[i].contains(&at));
        }
    }
    out
}

fn main() {
    let wanted = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(5_000_000usize);
    let people = people(wanted / MONTHS as usize);
    let began = Instant::now();
    let mut counter = Counter::new(FIRST, FIRST + MONTHS - 1);
    people.iter().for_each(|spans| counter.person(spans));
    let counted = counter.finish();
    let ours = began.elapsed();
    let began = Instant::now();
    let recounted = brute(&people);
    let theirs = began.elapsed();
    assert_eq!(counted, recounted, "the recount differs");
    let months: u64 = counted.iter().map(|l| l.known).sum();
    println!(
        "{} people, {months} months of people: counted {:.3} s (aim 5), recounted by sets {:.2} s, the same",
        people.len(),
        ours.as_secs_f64(),
        theirs.as_secs_f64()
    );
}
