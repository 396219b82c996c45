//! One list of contractors as several systems type them: five spellings of one firm, and firms that are two although
//! they share a word. How often each form of a name occurs follows measured lists of vendors (docs/linkage.md).

use super::{TablesSpec, at, capital, mistype, skewed, word, writer};
use crate::random::Random;
use std::io;
use std::path::{Path, PathBuf};

/// Words many firms bear, the commonest first.
const COMMON: [&str; 24] = [
    "JAYA",
    "MANDIRI",
    "PUTRA",
    "KARYA",
    "PRATAMA",
    "UTAMA",
    "SARANA",
    "TEKNIK",
    "BINA",
    "MULIA",
    "ABADI",
    "PERKASA",
    "SEJAHTERA",
    "BERSAMA",
    "MEGA",
    "CIPTA",
    "DHARMA",
    "SAKTI",
    "INDAH",
    "BANGUN",
    "LESTARI",
    "DJAYA",
    "ANUGERAH",
    "SUMBER",
];

/// How a legal form is written before a name, with its share of a thousand; `CV` stands for either form.
const BEFORE: [(&str, u64); 6] = [("CV. ", 540), ("", 210), ("CV.", 150), ("CV ", 80), ("CV . ", 10), ("CV.  ", 10)];

/// Behind it.
const BEHIND: [&str; 3] = [", CV", " CV", ",CV"];

/// A word only firm `i` has: long, so that it is no slip away from many others.
fn own_word(i: u64) -> String {
    word(120_000 + i * 7_919 % 5_000_000)
}

/// The words of firm number `i`: mostly one of its own, sometimes nothing but common ones.
fn words_of(spec: &TablesSpec, i: u64) -> Vec<String> {
    let r = &mut Random::new(spec.seed, 5 << 40 | i);
    let common = |r: &mut Random| COMMON[skewed(r, COMMON.len() as u64) as usize].to_owned();
    // Names of places and families stand in several firms.
    let shared = 2_500 + 61 * skewed(r, 60 + spec.rows / 40);
    let own = if r.percent(30) { word(shared) } else { own_word(i) }.to_uppercase();
    match r.below(100) {
        0..=11 => vec![own],
        12..=59 => vec![own, common(r)],
        60..=89 => vec![own, common(r), common(r)],
        90..=95 => vec![common(r), own],
        _ => vec![own, own_word(r.below(spec.rows.max(1))).to_uppercase(), common(r)],
    }
}

/// Letters that older and newer spelling exchange.
const SOUNDS: [(&str, &str); 6] =
    [("DHARMA", "DARMA"), ("DJ", "J"), ("OE", "U"), ("KS", "X"), ("ANUGERAH", "ANUGRAH"), ("Y", "I")];

/// One more way to type a firm.
fn typed(r: &mut Random, spec: &TablesSpec, words: &[String], is_limited: bool) -> String {
    let mut words = words.to_vec();
    if at(r, spec, 40) {
        match r.below(100) {
            // The blank goes, or comes.
            0..=29 if words.len() >= 2 => {
                let second = words.remove(1);
                words[0].push_str(&second);
            }
            0..=29 if words[0].len() >= 8 => {
                let tail = words[0].split_off(4);
                words.insert(1, tail);
            }
            30..=54 => {
                let joined = words.join(" ");
                let (old, new) = *r.pick(&SOUNDS);
                let other = if joined.contains(old) { joined.replacen(old, new, 1) } else { mistype(r, &joined) };
                words = other.to_uppercase().split(' ').map(str::to_owned).collect();
            }
            55..=79 => words = mistype(r, &words.join(" ")).to_uppercase().split(' ').map(str::to_owned).collect(),
            // The last word is left out.
            80..=91 if words.len() >= 3 => {
                words.pop();
            }
            _ => {}
        }
    }
    let name = words.join(" ");
    let name = match r.below(100) {
        0..=78 => name,
        79..=92 => name.split(' ').map(|w| capital(&w.to_lowercase())).collect::<Vec<_>>().join(" "),
        _ => name.to_lowercase(),
    };
    // A firm is one or the other; seldom does a list say the wrong one.
    let limited = is_limited != r.percent(2);
    let form = |text: &str| if limited { text.replace("CV", "PT") } else { text.to_owned() };
    if r.percent(2) {
        return format!("{name}{}", form(BEHIND[r.below(3) as usize]));
    }
    if r.percent(1) {
        return format!("{name} {}@mail.example", name.to_lowercase().replace(' ', ""));
    }
    let mut left = r.below(1_000);
    for (text, share) in BEFORE {
        if left < share {
            let before = form(text);
            return if r.percent(18) { format!("{}{name}", before.to_lowercase()) } else { format!("{before}{name}") };
        }
        left -= share;
    }
    name
}

/// Writes `firms.csv` and `truth.csv` (identifier and cluster).
pub(super) fn generate(spec: &TablesSpec, folder: &Path) -> io::Result<Vec<PathBuf>> {
    let (path, mut firms) = writer(folder, "firms.csv", &["id", "nama", "npwp", "alamat"])?;
    let (truth_path, mut truth) = writer(folder, "truth.csv", &["id", "cluster"])?;
    let mut rows = 0;
    let mut i = 0;
    while rows < spec.rows {
        let r = &mut Random::new(spec.seed, 6 << 40 | i);
        let words = words_of(spec, i);
        let npwp = format!("0{:08}{}701000", i * 37 % 100_000_000, r.below(10));
        let address =
            format!("Jl. {} No. {}", capital(&word(100 + skewed(r, 100 + spec.rows / 40))), r.between(1, 240));
        let is_limited = r.percent(12);
        let spellings = if r.percent(70) { 1 } else { r.between(2, 5) };
        for _ in 0..spellings {
            let id = format!("V{rows:07}");
            rows += 1;
            truth.write_record([id.as_str(), &i.to_string()])?;
            firms.write_record([
                id.as_str(),
                &typed(r, spec, &words, is_limited),
                // Half of the lists have no taxpayer number, most no address.
                if r.percent(50) { "" } else { &npwp },
                if r.percent(70) { "" } else { &address },
            ])?;
        }
        i += 1;
    }
    firms.flush()?;
    truth.flush()?;
    Ok(vec![path, truth_path])
}
