//! One new registration against standing works: what an officer waits for after typing it in.
//!
//! Loading and indexing the works happens once, outside the measurement. `full run` at the smallest size
//! is the peer: what the same answer costs without standing links.

use divan::Bencher;
use linkage::profiles;
use linkage::tables::{Batch, Builder, Tables};
use linkage_engine::{Lists, Model, Side, StandingLinks};
use std::cell::RefCell;
use std::path::Path;
use testkit::tables::{TablesKind, TablesSpec, generate};

fn main() {
    divan::main();
}

const SIZES: [u64; 3] = [10_000, 100_000, 1_000_000];
const CELLS: [usize; 7] = [1; 7];
/// Right rows kept back, to come in one by one.
const NEW: usize = 400;

fn read(path: &Path) -> Vec<csv::StringRecord> {
    csv::Reader::from_path(path).expect("table").records().map(|r| r.expect("row")).collect()
}

fn batch(rows: &[csv::StringRecord]) -> Batch {
    let mut batch = Batch::new(1 + CELLS.len());
    rows.iter().flat_map(|r| r.iter()).for_each(|cell| batch.push(cell));
    batch
}

struct Standing {
    tables: Tables,
    links: StandingLinks,
    model: Model,
    new: Vec<csv::StringRecord>,
}

fn loaded(left: &[csv::StringRecord], right: &[csv::StringRecord]) -> Tables {
    let mut builder = Builder::new(profiles::works(), [&CELLS, &CELLS]);
    left.chunks(50_000).for_each(|rows| builder.add(Side::Left, &batch(rows)));
    right.chunks(50_000).for_each(|rows| builder.add(Side::Right, &batch(rows)));
    builder.finish().expect("identifiers are one of a kind")
}

fn standing(rows: u64) -> Standing {
    let folder = tempfile::tempdir().expect("folder");
    generate(TablesKind::Works, &TablesSpec { seed: 1, rows, noise: 100 }, folder.path()).expect("tables");
    let (left, mut right) = (read(&folder.path().join("left.csv")), read(&folder.path().join("right.csv")));
    let new = right.split_off(right.len() - NEW);
    let tables = loaded(&left, &right);
    let profile = profiles::works();
    let model = profile.model(tables.len(Side::Left));
    let links = StandingLinks::new(&tables, &model, profile.look, &profile.policy());
    Standing { tables, links, model, new }
}

#[divan::bench(args = SIZES, sample_count = 400, sample_size = 1)]
fn new_row(bencher: Bencher<'_, '_>, rows: u64) {
    let standing = RefCell::new(standing(rows));
    let next = || standing.borrow_mut().new.pop().expect("a new row for each sample");
    bencher.with_inputs(|| batch(&[next()])).bench_local_values(|row| {
        let Standing { tables, links, model, .. } = &mut *standing.borrow_mut();
        let added = tables.add(Side::Right, &row).expect("new");
        links.right_changed(tables, model, &profiles::works().policy(), added.start, &[])
    });
}

#[divan::bench(args = [10_000u64], sample_count = 5, sample_size = 1)]
fn full_run(bencher: Bencher<'_, '_>, rows: u64) {
    let folder = tempfile::tempdir().expect("folder");
    generate(TablesKind::Works, &TablesSpec { seed: 1, rows, noise: 100 }, folder.path()).expect("tables");
    let (left, right) = (read(&folder.path().join("left.csv")), read(&folder.path().join("right.csv")));
    let profile = profiles::works();
    bencher.bench_local(|| {
        let tables = loaded(&left, &right);
        let model = profile.model(tables.len(Side::Left));
        StandingLinks::new(&tables, &model, profile.look, &profile.policy()).assignments(&tables, &profile.policy())
    });
}
