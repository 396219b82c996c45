//! Measures the profile of plans on pairs whose truth is known from elsewhere: a table with a plan
//! name and a tender name of the same package on each line.

use crate::Fault;
use crate::truth::LinkQuality;
use linkage::profiles;
use linkage::tables::{Batch, Builder, Profile, Ready};
use linkage_engine::{Assignment, Lists, Side, assign};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Columns of a pair table: region, year, then identifier, name, value, office, kind, place of the
/// plan entry and of the package.
const COLUMNS: [&str; 14] = [
    "region",
    "year",
    "kd_rup",
    "rup_name",
    "rup_pagu",
    "rup_satker",
    "jenis_rup",
    "rup_lokasi",
    "kd_paket",
    "spse_name",
    "spse_pagu",
    "spse_satker",
    "jenis_spse",
    "spse_lokasi",
];

/// Where the cells of the two sides begin and end.
const SIDES: [std::ops::Range<usize>; 2] = [2..8, 8..14];

/// A pair table, by region and year.
#[derive(Default)]
struct Region {
    /// Cells of each record, by identifier.
    sides: [BTreeMap<String, Vec<String>>; 2],
    truth: BTreeSet<(String, String)>,
    /// Packages whose names differ from their plan entry's.
    hard: BTreeSet<String>,
}

/// How often the true entry is the single best of its office and year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Top {
    /// Packages.
    pub packages: usize,
    /// The single best by weight is true.
    pub first: usize,
    /// The best in the best assignment is true: twins that are taken no longer tie.
    pub assigned: usize,
    /// A true one is among the best, ties included.
    pub among: usize,
}

/// Quality over all pairs, and over those whose names differ.
#[derive(Debug, Clone, Copy, Default)]
pub struct PairQuality {
    /// Automatic links, all packages.
    pub all: LinkQuality,
    /// Automatic links of packages whose names differ after normalising.
    pub hard: LinkQuality,
    /// Ranks, all packages.
    pub top: Top,
    /// Ranks of the hard ones.
    pub top_hard: Top,
}

/// Reads a CSV (gzip or plain) with the columns above and measures links within each region and
/// year, with names, values, offices, kinds and places alone: such tables have no firm, number or
/// day. `only` picks regions by name.
///
/// # Errors
/// [`Fault`] where the file cannot be read or lacks a column.
pub fn pair_quality(path: &Path, only: &dyn Fn(&str) -> bool) -> Result<PairQuality, Fault> {
    let mut out = PairQuality::default();
    for (_, region) in regions(path)?.iter().filter(|(name, _)| only(name)) {
        measure(profiles::plans(), region, &mut out)?;
    }
    Ok(out)
}

/// As [`pair_quality`], but every government is measured with the m and u that all others taught, and nothing of its own:
/// what a city nobody has looked at may expect. What is compared, and how, is the profile's in either case.
///
/// # Errors
/// As [`pair_quality`].
pub fn pair_quality_held_out(path: &Path) -> Result<PairQuality, Fault> {
    let regions = regions(path)?;
    let government = |name: &str| name.rsplit_once(' ').map_or(name, |(g, _)| g).to_owned();
    let governments: BTreeSet<String> = regions.keys().map(|name| government(name)).collect();
    let mut out = PairQuality::default();
    for own in &governments {
        let mut profile = profiles::plans().clone();
        for (comparison, level, m, u) in learn(&regions, &|name| government(name) != *own)? {
            // Names, heads of names and names with places say one thing thrice: what labels teach of each would count
            // three times, so these keep what the profile says.
            if !OVERLAPPING.contains(&comparison.as_str()) {
                profile.teach(&comparison, &level, m.max(1), u.max(1));
            }
        }
        for (_, region) in regions.iter().filter(|(name, _)| government(name) == *own) {
            measure(&profile, region, &mut out)?;
        }
    }
    Ok(out)
}

/// Comparisons of the profile that read the same name.
const OVERLAPPING: [&str; 3] = ["name", "text", "head"];

fn regions(path: &Path) -> Result<BTreeMap<String, Region>, Fault> {
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
    let at: Vec<usize> = COLUMNS.iter().map(|n| column(n)).collect::<Result<_, _>>()?;
    let mut regions: BTreeMap<String, Region> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(bad)?;
        let cells: Vec<String> = at.iter().map(|i| record.get(*i).unwrap_or_default().to_owned()).collect();
        let region = regions.entry(format!("{} {}", cells[0], cells[1])).or_default();
        let [plan, package] = SIDES.map(|side| cells[side].to_vec());
        if plain(&plan[1]) != plain(&package[1]) {
            region.hard.insert(package[0].clone());
        }
        region.truth.insert((package[0].clone(), plan[0].clone()));
        region.sides[0].entry(plan[0].clone()).or_insert(plan);
        region.sides[1].entry(package[0].clone()).or_insert(package);
    }
    Ok(regions)
}

/// A name without case, blanks and punctuation.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn ready(profile: &Profile, region: &Region) -> Result<Ready, Fault> {
    // The last fields read name and place together, and the name once more.
    let cells = [1, 1, 1, 1, 1, 2, 1];
    let mut builder = Builder::new(profile, [&cells, &cells]);
    for (side, rows) in [Side::Left, Side::Right].into_iter().zip(&region.sides) {
        let mut batch = Batch::new(9);
        for row in rows.values() {
            row.iter().chain([&row[1], &row[5], &row[1]]).for_each(|cell| batch.push(cell));
        }
        builder.add(side, &batch);
    }
    let tables = builder.finish().map_err(|d| Fault(format!("{} stands twice", d.id)))?;
    Ok(Ready::new(tables, None, &mut |_, _, _| {}))
}

/// m and u of every level, counted on the true pairs of the regions picked: what a profile should
/// say. `(comparison, level, m, u)`, parts per billion.
///
/// # Errors
/// As [`pair_quality`].
pub fn pair_learn(path: &Path, only: &dyn Fn(&str) -> bool) -> Result<Vec<(String, String, u64, u64)>, Fault> {
    learn(&regions(path)?, only)
}

fn learn(
    regions: &BTreeMap<String, Region>,
    only: &dyn Fn(&str) -> bool,
) -> Result<Vec<(String, String, u64, u64)>, Fault> {
    let profile = profiles::plans();
    let mut labels = Vec::new();
    let mut random: Vec<Vec<u64>> = Vec::new();
    let mut model = profile.model(1_000);
    for (_, region) in regions.iter().filter(|(name, _)| only(name)) {
        let ready = ready(profile, region)?;
        let (counts, _) = linkage_engine::count_random(&ready.tables, &model, 400);
        if random.is_empty() {
            random = counts;
        } else {
            random.iter_mut().flatten().zip(counts.iter().flatten()).for_each(|(a, b)| *a += b);
        }
        let record = |side, id: &str| ready.tables.find(side, id);
        for (package, plan) in &region.truth {
            if let (Some(l), Some(r)) = (record(Side::Left, plan), record(Side::Right, package)) {
                let mut outcomes = linkage_engine::Outcomes::default();
                ready.tables.compare(l, r, &mut outcomes);
                labels.push((outcomes, true));
            }
        }
    }
    linkage_engine::from_labels(&mut model, &labels, 20);
    let mut out = Vec::new();
    for (comparison, counts) in model.comparisons.iter().zip(&random) {
        let told: u64 = comparison.levels.iter().zip(counts).filter(|(l, _)| !l.missing).map(|(_, c)| *c).sum();
        for (level, count) in comparison.levels.iter().zip(counts).filter(|(l, _)| !l.missing) {
            let u = (count * linkage_engine::BILLION + linkage_engine::BILLION / 2) / told.max(1);
            out.push((comparison.name.clone(), level.name.clone(), level.m, u));
        }
    }
    Ok(out)
}

fn measure(profile: &Profile, region: &Region, out: &mut PairQuality) -> Result<(), Fault> {
    let ready = ready(profile, region)?;
    let tables = &ready.tables;
    let is_true = |l: u32, r: u32| {
        region.truth.contains(&(tables.id(Side::Right, r).to_owned(), tables.id(Side::Left, l).to_owned()))
    };
    let is_hard = |r: u32| region.hard.contains(tables.id(Side::Right, r));
    out.all.pairs += region.truth.len();
    out.hard.pairs += region.truth.iter().filter(|(p, _)| region.hard.contains(p)).count();
    let (pairs, _) = ready.pairs(&mut |_, _, _| {});
    let order = |l| tables.order(Side::Left, l);
    let assignments = assign(&pairs, &profile.policy(), &order);
    for assignment in &assignments {
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
    // Ranks: every entry of the same office is a candidate, whatever blocking and thresholds say.
    let office = |side: usize, id: &str| region.sides[side][id][3].clone();
    let mut by_office: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for l in 0..tables.len(Side::Left) as u32 {
        by_office.entry(office(0, tables.id(Side::Left, l))).or_default().push(l);
    }
    let mut everything = Vec::new();
    for r in 0..tables.len(Side::Right) as u32 {
        let own = by_office.get(&office(1, tables.id(Side::Right, r)));
        everything.extend(own.into_iter().flatten().map(|l| linkage_engine::Pair {
            right: r,
            left: *l,
            weight: linkage_engine::weigh(tables, &ready.model, *l, r),
        }));
    }
    let any = linkage_engine::Policy { link: i32::MIN / 4, review: -4_000, margin: 1, ..profile.policy() };
    let placed: BTreeMap<u32, u32> = assign(&everything, &any, &order)
        .into_iter()
        .filter_map(|a| match a {
            Assignment::Link { left, right, .. } => Some((right, left)),
            Assignment::Review { .. } => None,
        })
        .collect();
    let mut by_right: BTreeMap<u32, Vec<(i32, u32)>> = BTreeMap::new();
    for pair in &everything {
        by_right.entry(pair.right).or_default().push((pair.weight, pair.left));
    }
    for r in 0..tables.len(Side::Right) as u32 {
        let best = by_right.get(&r).and_then(|o| o.iter().map(|o| o.0).max());
        let tied: Vec<u32> =
            by_right.get(&r).into_iter().flatten().filter(|o| Some(o.0) == best).map(|o| o.1).collect();
        let add = |top: &mut Top| {
            top.packages += 1;
            top.first += usize::from(tied.len() == 1 && is_true(tied[0], r));
            top.assigned += usize::from(placed.get(&r).is_some_and(|l| is_true(*l, r)));
            top.among += usize::from(tied.iter().any(|l| is_true(*l, r)));
        };
        add(&mut out.top);
        if is_hard(r) {
            add(&mut out.top_hard);
        }
    }
    Ok(())
}
