//! Tables that take new rows: the links are those of tables loaded at once.

#![allow(clippy::unwrap_used, missing_docs)]

use linkage::profiles;
use linkage::tables::{Batch, Builder, Tables};
use linkage_engine::{Lists, Side, StandingLinks};
use std::path::Path;
use testkit::tables::{TablesKind, TablesSpec, generate};

/// Cells of a made-up works table after its identifier.
const CELLS: [usize; 7] = [1; 7];

fn batch(path: &Path) -> Batch {
    let mut batch = Batch::new(1 + CELLS.len());
    for record in csv::Reader::from_path(path).unwrap().records() {
        record.unwrap().iter().for_each(|cell| batch.push(cell));
    }
    batch
}

/// Rows `from..to` of a made-up right table.
fn part(path: &Path, from: usize, to: usize) -> Batch {
    let mut batch = Batch::new(1 + CELLS.len());
    for record in csv::Reader::from_path(path).unwrap().records().skip(from).take(to - from) {
        record.unwrap().iter().for_each(|cell| batch.push(cell));
    }
    batch
}

fn loaded(left: &Batch, right: &Batch) -> Tables {
    let mut builder = Builder::new(profiles::works(), [&CELLS, &CELLS]);
    builder.add(Side::Left, left);
    builder.add(Side::Right, right);
    builder.finish().unwrap()
}

#[test]
fn new_registrations_link_as_if_they_had_been_there() {
    let folder = tempfile::tempdir().unwrap();
    generate(TablesKind::Works, &TablesSpec { seed: 11, rows: 1_200, noise: 300 }, folder.path()).unwrap();
    let right = folder.path().join("right.csv");
    let left = batch(&folder.path().join("left.csv"));
    let rows = batch(&right).rows();
    let known = rows * 2 / 3;
    let profile = profiles::works();
    let (look, policy) = (profile.look, profile.policy());

    let whole = loaded(&left, &batch(&right));
    let model = profile.model(whole.len(Side::Left));
    let full = StandingLinks::new(&whole, &model, look, &policy).assignments(&whole, &policy);

    let mut tables = loaded(&left, &part(&right, 0, known));
    let mut standing = StandingLinks::new(&tables, &model, look, &policy);
    let mut looked_again = 0;
    for (from, to) in (known..rows).step_by(7).map(|from| (from, (from + 7).min(rows))) {
        for record in tables.add(Side::Right, &part(&right, from, to)).unwrap() {
            looked_again += standing.right_changed(&tables, &model, &policy, record, &[]).looked_again;
        }
    }
    assert_eq!(looked_again, rows - known, "each new row looks once, the others not at all");
    assert_eq!(standing.assignments(&tables, &policy), full);

    let again = tables.add(Side::Right, &part(&right, 0, 1)).unwrap_err();
    assert_eq!((again.id.as_str(), again.rows), ("R0000000", (0, rows)));
    assert_eq!(tables.len(Side::Right), rows, "a refused row adds nothing");
}

/// Works and registrations that come in one by one, in any order, link as in a full run over the same counts.
#[test]
fn new_works_link_as_if_they_had_been_there() {
    for seed in 1..=6u64 {
        let folder = tempfile::tempdir().unwrap();
        generate(TablesKind::Works, &TablesSpec { seed, rows: 400, noise: 200 }, folder.path()).unwrap();
        let paths = ["left.csv", "right.csv"].map(|name| folder.path().join(name));
        let rows = paths.each_ref().map(|path| batch(path).rows());
        // A third of either side comes later; the seed decides in which order.
        let known = rows.map(|n| n * 2 / 3);
        let mut later: Vec<(Side, usize)> = [(Side::Left, 0), (Side::Right, 1)]
            .into_iter()
            .flat_map(|(side, i)| (known[i]..rows[i]).map(move |row| (side, row)))
            .collect();
        later.sort_by_key(|(side, row)| (row.wrapping_mul(7_919 * seed as usize) % 101, *side as usize, *row));
        let profile = profiles::works();
        let (look, policy) = (profile.look, profile.policy());
        let builder = |growing: bool| {
            let mut builder = Builder::new(profile, [&CELLS, &CELLS]);
            builder.add(Side::Left, &part(&paths[0], 0, known[0]));
            if growing {
                builder.for_growing();
            }
            builder.stop_counting();
            builder.add(Side::Right, &part(&paths[1], 0, known[1]));
            builder
        };
        let mut tables = builder(true).finish().unwrap();
        let model = profile.model(known[0]);
        let mut standing = StandingLinks::new(&tables, &model, look, &policy);
        for (side, row) in &later {
            for record in tables.add(*side, &part(&paths[*side as usize], *row, row + 1)).unwrap() {
                match side {
                    Side::Left => standing.left_changed(&tables, &model, &policy, record, &[]),
                    Side::Right => standing.right_changed(&tables, &model, &policy, record, &[]),
                };
            }
        }
        let mut whole = builder(false);
        for (side, row) in later {
            whole.add(side, &part(&paths[side as usize], row, row + 1));
        }
        let whole = whole.finish().unwrap();
        let full = StandingLinks::new(&whole, &model, look, &policy).assignments(&whole, &policy);
        assert!(full.len() > known[1], "{} of {}", full.len(), rows[1]);
        assert_eq!(standing.assignments(&tables, &policy), full, "seed {seed}");
    }
}
