//! What people decide about pairs teaches how good the pairs are.
//!
//! A sample is drawn across the whole range of weights, a few of each band, and shown blind: without
//! weight and in no order of weight. Decisions then estimate the precision above any threshold, each
//! counted for as many pairs as its band has for each one drawn.

use crate::linking::quality::wilson;
use crate::linking::table::{Item, each_row};
use crate::{Fault, Language, Refused};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

/// Hundredths of a bit in a band.
const BAND: i32 = 200;

/// A pair as `payung link` wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// Left identifier.
    pub left: String,
    /// Right identifier.
    pub right: String,
    /// Weight, hundredths of a bit.
    pub weight: i32,
    /// Linked without asking.
    pub linked: bool,
}

fn band(weight: i32) -> i32 {
    weight.div_euclid(BAND)
}

/// Reads pairs.
///
/// # Errors
/// [`Fault`] of the disk; [`Refused`] where the columns are not those of a pairs file.
pub fn read_pairs(path: &Path, language: Language) -> Result<Result<Vec<Scored>, Refused>, Fault> {
    let mut at = [0usize; 4];
    let mut out = Vec::new();
    let file = path.display().to_string();
    let bad = |wanted: &str| Refused(super::say(language, "review-no-column", &[("file", &file), ("wanted", wanted)]));
    let read = each_row(path, language, &mut |item| {
        let (line, row) = match item {
            Item::Row(line, row) => (line, row),
            Item::Header(headers) => {
                for (i, name) in ["left_id", "right_id", "weight", "verdict"].into_iter().enumerate() {
                    at[i] = headers.iter().position(|h| h == name).ok_or_else(|| bad(name))?;
                }
                return Ok(());
            }
        };
        let weight = row.cell(at[2]);
        let hundredths = weight.text().parse::<f64>().map(|w| (w * 100.0).round() as i32);
        let Ok(weight) = hundredths else { return Err(bad(&format!("weight, line {line}"))) };
        out.push(Scored {
            left: row.cell(at[0]).text().to_owned(),
            right: row.cell(at[1]).text().to_owned(),
            weight,
            linked: row.cell(at[3]).text() == "link",
        });
        Ok(())
    })?;
    Ok(read.map(|()| out))
}

/// Draws `size` pairs, as many of each band of weights as of the next, in an order that tells nothing.
/// The same pairs and seed give the same sample.
pub fn sample(pairs: &[Scored], size: usize, seed: u64) -> Vec<&Scored> {
    let number = |p: &Scored| xxh3_64(format!("{seed}\0{}\0{}", p.left, p.right).as_bytes());
    let mut bands: BTreeMap<i32, Vec<(u64, &Scored)>> = BTreeMap::new();
    for pair in pairs {
        bands.entry(band(pair.weight)).or_default().push((number(pair), pair));
    }
    bands.values_mut().for_each(|b| b.sort_by_key(|(n, p)| (*n, &p.left, &p.right)));
    let mut drawn: Vec<(u64, &Scored)> = Vec::new();
    let mut round = 0;
    while drawn.len() < size.min(pairs.len()) {
        drawn.extend(bands.values().filter_map(|b| b.get(round)).take(size - drawn.len()));
        round += 1;
    }
    drawn.sort_by_key(|(n, p)| (*n, &p.left, &p.right));
    drawn.into_iter().map(|(_, p)| p).collect()
}

/// One person's word on one pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Left identifier.
    pub left: String,
    /// Right identifier.
    pub right: String,
    /// The same?
    pub same: bool,
    /// Who, if said.
    pub by: String,
}

/// Words for yes and no, in both languages.
const YES: [&str; 6] = ["same", "sama", "ya", "yes", "y", "1"];
const NO: [&str; 7] = ["different", "beda", "tidak", "no", "n", "0", "t"];

/// Reads decisions: `left_id`, `right_id`, `decision` and, if people are several, `by`. An empty
/// decision is one not yet made.
///
/// # Errors
/// [`Fault`] of the disk; [`Refused`] with the line of a word that is neither yes nor no.
pub fn read_decisions(path: &Path, language: Language) -> Result<Result<Vec<Decision>, Refused>, Fault> {
    let mut at = [0usize; 3];
    let mut by = None;
    let mut out = Vec::new();
    let file = path.display().to_string();
    let read = each_row(path, language, &mut |item| {
        let (line, row) = match item {
            Item::Row(line, row) => (line, row),
            Item::Header(headers) => {
                for (i, name) in ["left_id", "right_id", "decision"].into_iter().enumerate() {
                    let arguments = [("file", file.as_str()), ("wanted", name)];
                    let missing = || Refused(super::say(language, "review-no-column", &arguments));
                    at[i] = headers.iter().position(|h| h == name).ok_or_else(missing)?;
                }
                by = headers.iter().position(|h| h == "by");
                return Ok(());
            }
        };
        let word = row.cell(at[2]).text().trim().to_lowercase();
        let same = match word.as_str() {
            "" => return Ok(()),
            w if YES.contains(&w) => true,
            w if NO.contains(&w) => false,
            w => {
                let arguments = [("file", file.as_str()), ("line", &line.to_string()), ("word", w)];
                return Err(Refused(super::say(language, "review-bad-word", &arguments)));
            }
        };
        out.push(Decision {
            left: row.cell(at[0]).text().to_owned(),
            right: row.cell(at[1]).text().to_owned(),
            same,
            by: by.map(|i| row.cell(i).text().to_owned()).unwrap_or_default(),
        });
        Ok(())
    })?;
    Ok(read.map(|()| out))
}

/// What the decisions say about one band, and about everything from it upwards.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct BandQuality {
    /// Weight from which the band counts, hundredths of a bit.
    pub from: i32,
    /// Pairs of the band.
    pub pairs: u64,
    /// Decided.
    pub decided: u64,
    /// Decided the same.
    pub same: u64,
    /// Precision of all pairs from this band upwards.
    pub above: f64,
    /// Its lower and upper 95 % bound.
    pub above_bounds: (f64, f64),
}

/// What the decisions teach.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Learned {
    /// Bands, heaviest first.
    pub bands: Vec<BandQuality>,
    /// Decisions about pairs that are not in the file.
    pub strangers: usize,
    /// Pairs on which people disagree: left, right, who said the same, who said different.
    pub disagreements: Vec<(String, String, Vec<String>, Vec<String>)>,
    /// Pairs linked without asking that people called different.
    pub overruled: Vec<(String, String, i32)>,
    /// Least threshold, hundredths of a bit, whose error is below the target at the upper 95 % bound.
    pub threshold: Option<i32>,
}

/// Learns from decisions. `error_max` is the share of wrong links that may be among the automatic ones.
pub fn learn(pairs: &[Scored], decisions: &[Decision], error_max: f64) -> Learned {
    let weights: HashMap<(&str, &str), &Scored> =
        pairs.iter().map(|p| ((p.left.as_str(), p.right.as_str()), p)).collect();
    // Who said the same, and who said different.
    type Said<'a> = (Vec<&'a str>, Vec<&'a str>);
    let mut said: BTreeMap<(&str, &str), Said<'_>> = BTreeMap::new();
    for d in decisions {
        let (same, different) = said.entry((&d.left, &d.right)).or_default();
        if d.same { same.push(&d.by) } else { different.push(&d.by) }
    }
    let mut bands: BTreeMap<i32, (u64, u64, u64)> = BTreeMap::new();
    pairs.iter().for_each(|p| bands.entry(band(p.weight)).or_default().0 += 1);
    let (mut strangers, mut disagreements, mut overruled) = (0, Vec::new(), Vec::new());
    let owned = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    for ((left, right), (same, different)) in &said {
        let Some(pair) = weights.get(&(*left, *right)) else {
            strangers += 1;
            continue;
        };
        if !same.is_empty() && !different.is_empty() {
            disagreements.push(((*left).to_owned(), (*right).to_owned(), owned(same), owned(different)));
        }
        // The majority counts; where it is split, the cautious word does.
        let is_same = same.len() > different.len();
        let entry = bands.entry(band(pair.weight)).or_default();
        entry.1 += 1;
        entry.2 += u64::from(is_same);
        if pair.linked && !is_same {
            overruled.push(((*left).to_owned(), (*right).to_owned(), pair.weight));
        }
    }
    let mut out = Vec::new();
    // Sums over the bands from the heaviest down: pairs, expected right ones, squares of what each
    // decision stands for.
    let (mut all, mut right, mut squares, mut whole) = (0.0, 0.0, 0.0, true);
    let mut threshold = None;
    for (band, (count, decided, same)) in bands.iter().rev() {
        let (n, k) = (*count as f64, *decided as f64);
        all += n;
        if *decided > 0 {
            right += n * *same as f64 / k;
            squares += n * n / k;
        } else {
            whole = false;
        }
        let above = right / all;
        // As many decisions drawn evenly would tell as much (Kish).
        let worth = if squares > 0.0 { (all * all / squares).floor() as u64 } else { 0 };
        let above_bounds = if whole { wilson((above * worth as f64).round() as u64, worth) } else { (0.0, 1.0) };
        if whole && above_bounds.0 >= 1.0 - error_max {
            threshold = Some(band * BAND);
        }
        out.push(BandQuality { from: band * BAND, pairs: *count, decided: *decided, same: *same, above, above_bounds });
    }
    Learned { bands: out, strangers, disagreements, overruled, threshold }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs() -> Vec<Scored> {
        (0..4_000)
            .map(|i| Scored {
                left: format!("l{i}"),
                right: format!("r{i}"),
                weight: (i % 20) * 100,
                linked: i % 20 > 8,
            })
            .collect()
    }

    #[test]
    fn a_sample_reaches_every_band_and_is_the_same_again() {
        let pairs = pairs();
        let drawn = sample(&pairs, 100, 7);
        assert_eq!(drawn.len(), 100);
        let mut bands: Vec<i32> = drawn.iter().map(|p| band(p.weight)).collect();
        assert!(!bands.is_sorted(), "the order tells nothing");
        bands.sort_unstable();
        bands.dedup();
        assert_eq!(bands.len(), 10);
        assert_eq!(sample(&pairs, 100, 7), drawn);
        assert_ne!(sample(&pairs, 100, 8), drawn);
    }

    #[test]
    fn a_threshold_follows_the_error_target() {
        let pairs = pairs();
        // Everything from 10 bits up is right, everything below is wrong.
        let decide = |p: &Scored, by: &str| Decision {
            left: p.left.clone(),
            right: p.right.clone(),
            same: p.weight >= 1_000,
            by: by.to_owned(),
        };
        let mut decisions: Vec<Decision> = pairs.iter().map(|p| decide(p, "ani")).collect();
        decisions.push(Decision { same: false, by: "budi".to_owned(), ..decide(&pairs[19], "") });
        let learned = learn(&pairs, &decisions, 0.005);
        assert_eq!(learned.threshold, Some(1_000));
        assert_eq!(learned.disagreements.len(), 1);
        assert_eq!(learned.overruled.len(), 201, "linked at 9 bits, and the disputed one");
        assert_eq!(
            learn(&pairs, &decisions[..30], 0.005).threshold,
            None,
            "thirty decisions prove nothing of the kind"
        );
    }
}
