//! Measures the profile of works on pairs whose truth is known from elsewhere: a table with a plan
//! name and a tender name of the same package on each line.

use crate::Fault;
use crate::truth::LinkQuality;
use kernel::money::{NumberStyle, parse_amount};
use linkage::works::{Features, Side, score};
use linkage_engine::{Assignment, assign};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A pair table, by region.
#[derive(Default)]
struct Region {
    left: BTreeMap<String, Features>,
    right: BTreeMap<String, Features>,
    truth: BTreeSet<(String, String)>,
    /// Right ids whose names differ from their partner's.
    hard: BTreeSet<String>,
}

/// Quality over all pairs, and over those whose names differ.
#[derive(Debug, Clone, Copy)]
pub struct PairQuality {
    /// All.
    pub all: LinkQuality,
    /// Names that differ after normalising.
    pub hard: LinkQuality,
}

/// Reads a CSV (gzip or plain) with the columns region, year, kd_rup, kd_paket, rup_name,
/// spse_name, rup_pagu, spse_pagu, rup_satker, spse_satker and measures links within each region
/// and year, with names, values and offices alone: such tables have no firm, number or day.
///
/// # Errors
/// [`Fault`] where the file cannot be read or lacks a column.
pub fn pair_quality(path: &Path) -> Result<PairQuality, Fault> {
    let file = std::fs::File::open(path).map_err(|e| Fault::io(path, &e))?;
    let reader: Box<dyn std::io::Read> = if path.extension().is_some_and(|e| e == "gz") {
        Box::new(flate2::read::MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    };
    let bad = |e: csv::Error| Fault(format!("{}: {e}", path.display()));
    let mut reader = csv::Reader::from_reader(reader);
    let headers = reader.headers().map_err(bad)?.clone();
    let column = |name: &str| {
        headers.iter().position(|h| h == name).ok_or_else(|| Fault(format!("{}: no column {name}", path.display())))
    };
    let at: Vec<usize> = [
        "region",
        "year",
        "kd_rup",
        "kd_paket",
        "rup_name",
        "spse_name",
        "rup_pagu",
        "spse_pagu",
        "rup_satker",
        "spse_satker",
    ]
    .iter()
    .map(|n| column(n))
    .collect::<Result<_, _>>()?;
    let mut regions: BTreeMap<String, Region> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(bad)?;
        let get = |i: usize| record.get(at[i]).unwrap_or_default();
        let side = |name: usize, value: usize, agency: usize| {
            Features::of(&Side {
                name: get(name),
                values: parse_amount(get(value), NumberStyle::Dot).into_iter().collect(),
                agency: get(agency),
                ..Side::default()
            })
        };
        let region = regions.entry(format!("{} {}", get(0), get(1))).or_default();
        let (rup, package) = (get(2).to_owned(), get(3).to_owned());
        if linkage::name::read(get(4)).key != linkage::name::read(get(5)).key {
            region.hard.insert(package.clone());
        }
        region.left.entry(rup.clone()).or_insert_with(|| side(4, 6, 8));
        region.right.entry(package.clone()).or_insert_with(|| side(5, 7, 9));
        region.truth.insert((package, rup));
    }
    let zero = LinkQuality { pairs: 0, linked: 0, right: 0, review: 0, review_holds_truth: 0 };
    let mut out = PairQuality { all: zero, hard: zero };
    for region in regions.values() {
        measure(region, &mut out);
    }
    Ok(out)
}

fn measure(region: &Region, out: &mut PairQuality) {
    let (left_ids, left): (Vec<&String>, Vec<Features>) = region.left.iter().map(|(k, v)| (k, v.clone())).unzip();
    let (right_ids, right): (Vec<&String>, Vec<Features>) = region.right.iter().map(|(k, v)| (k, v.clone())).unzip();
    let scored = score(&left, &right);
    let is_true =
        |l: u32, r: u32| region.truth.contains(&(right_ids[r as usize].clone(), left_ids[l as usize].clone()));
    let is_hard = |r: u32| region.hard.contains(right_ids[r as usize]);
    out.all.pairs += region.truth.len();
    out.hard.pairs += region.truth.iter().filter(|(p, _)| region.hard.contains(p)).count();
    for assignment in assign(&scored.pairs, &scored.policy) {
        let add = |q: &mut LinkQuality| match &assignment {
            Assignment::Link { left, right, .. } => {
                q.linked += 1;
                q.right += usize::from(is_true(*left, *right));
            }
            Assignment::Review { right, options } => {
                q.review += 1;
                q.review_holds_truth += usize::from(options.iter().any(|(l, _)| is_true(*l, *right)));
            }
        };
        add(&mut out.all);
        if is_hard(assignment.right()) {
            add(&mut out.hard);
        }
    }
}
