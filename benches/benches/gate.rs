//! Gates: all steps of a nation's projects, and a million verdicts given again.
//!
//! `cargo bench -p benches --bench gate [-- PROJECTS VERDICTS]` (60,656 and 1,000,000), one core. The peer of the replay is serde_json alone on
//! the same texts: read, written, nothing judged.

use assess::gate::{Facts, Judged, Moment, Rule, judge, rules};
use law::Law;
use std::hint::black_box;
use std::time::Instant;

fn facts(i: u64) -> Facts {
    let value = 100_000_000 + (i.wrapping_mul(7_919) % 4_000) as i64 * 1_000_000;
    let due = value * 21 / 10_000;
    Facts {
        project: format!("nontender:{i:011}"),
        day: "2026-11-26".into(),
        value: Some(value),
        end: Some("2026-12-20".into()),
        due: Some(due),
        lists: [true, !i.is_multiple_of(11)],
        undecided: i.is_multiple_of(13),
        registrations: if i.is_multiple_of(3) { Vec::new() } else { vec![format!("26{i:011}")] },
        declared: (!i.is_multiple_of(3)).then_some(value),
        cover_until: (!i.is_multiple_of(3)).then(|| "2026-12-31".to_owned()),
        paid: due * (i % 5) as i64 / 4,
        paid_out: value * (i % 4) as i64 / 4,
        asked: Some(value / 4),
        line: i.is_multiple_of(7).then_some(due),
        tolerance: 10_000,
        uncovered: [i % 90, i % 900],
        people: (!i.is_multiple_of(5)).then_some([i % 40, i % 3]),
        exposure: Some(166_000_000),
    }
}

fn main() {
    let mut numbers = std::env::args().filter_map(|a| a.parse::<u64>().ok());
    let (projects, verdicts) = (numbers.next().unwrap_or(60_656), numbers.next().unwrap_or(1_000_000));
    let day = "2026-11-26".parse().expect("day");
    let all: Vec<Facts> = (0..projects).map(facts).collect();
    let begun = Instant::now();
    let asked: Vec<Vec<Rule>> = Moment::ALL.iter().map(|m| rules(*m, day, Law::builtin())).collect();
    let mut counts = [0u64; 4];
    for f in &all {
        for (moment, rules) in Moment::ALL.iter().zip(&asked) {
            counts[judge(*moment, f, rules).verdict as usize] += 1;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("{projects} projects x {} gates: {seconds:.3} s (aim 1 s); {counts:?}", Moment::ALL.len());

    let texts: Vec<[String; 3]> = all
        .iter()
        .take(10_000)
        .enumerate()
        .map(|(i, f)| {
            let at = i % Moment::ALL.len();
            let judged = judge(Moment::ALL[at], f, &asked[at]);
            [text(f), text(&asked[at]), text(&judged)]
        })
        .collect();
    let begun = Instant::now();
    let mut same = 0u64;
    for i in 0..verdicts {
        let [facts, rules, verdict] = &texts[i as usize % texts.len()];
        let f: Facts = serde_json::from_str(facts).expect("facts");
        let r: Vec<Rule> = serde_json::from_str(rules).expect("rules");
        let moment = Moment::ALL[i as usize % texts.len() % Moment::ALL.len()];
        same += u64::from(serde_json::to_string(&judge(moment, &f, &r)).expect("text") == *verdict);
    }
    let own = begun.elapsed().as_secs_f64();
    assert_eq!(same, verdicts);
    let begun = Instant::now();
    for i in 0..verdicts {
        let [facts, rules, verdict] = &texts[i as usize % texts.len()];
        black_box(serde_json::from_str::<Facts>(facts).expect("facts"));
        black_box(serde_json::from_str::<Vec<Rule>>(rules).expect("rules"));
        let judged: Judged = serde_json::from_str(verdict).expect("verdict");
        black_box(serde_json::to_string(&judged).expect("text"));
    }
    let peer = begun.elapsed().as_secs_f64();
    println!("{verdicts} verdicts given again: {own:.1} s (aim 60 s); serde_json alone {peer:.1} s");
}

fn text<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("text")
}
