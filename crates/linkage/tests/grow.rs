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
        for record in tables.add_right(&part(&right, from, to)).unwrap() {
            looked_again += standing.right_changed(&tables, &model, &policy, record, &[]).looked_again;
        }
    }
    assert_eq!(looked_again, rows - known, "each new row looks once, the others not at all");
    assert_eq!(standing.assignments(&tables, &policy), full);

    let again = tables.add_right(&part(&right, 0, 1)).unwrap_err();
    assert_eq!((again.id.as_str(), again.rows), ("R0000000", (0, rows)));
    assert_eq!(tables.len(Side::Right), rows, "a refused row adds nothing");
}
