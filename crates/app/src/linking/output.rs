//! Pairs and clusters as CSV.

use crate::linking::file::Writing;
use crate::{Fault, Language, Refused};
use linkage::tables::{Deduped, Linked, Ready};
use linkage_engine::{Assignment, Lists, Outcomes, Pair, Side, probability_ppm};
use rayon::prelude::*;
use std::io::Write;
use std::path::Path;

/// Pairs rendered at a time; the file is written in their order.
const CHUNK: usize = 1 << 15;

/// What became of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Certain enough to use.
    Link,
    /// For a person to decide.
    Review,
}

impl Verdict {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Review => "review",
        }
    }
}

/// Links and review options, by right identifier, links first.
pub fn verdicts(ready: &Ready, linked: &Linked) -> Vec<(Pair, Verdict)> {
    let mut out = Vec::with_capacity(linked.assignments.len());
    for assignment in &linked.assignments {
        match assignment {
            Assignment::Link { left, right, weight } => {
                out.push((Pair { left: *left, right: *right, weight: *weight }, Verdict::Link));
            }
            Assignment::Review { right, options } => {
                out.extend(options.iter().map(|(l, w)| (Pair { left: *l, right: *right, weight: *w }, Verdict::Review)))
            }
        }
    }
    // By identifier, so that the file does not depend on the order of rows.
    let t = &ready.tables;
    out.par_sort_unstable_by(|(a, va), (b, vb)| {
        let ids = |p: &Pair| (t.id(Side::Right, p.right), t.id(Side::Left, p.left));
        t.id(Side::Right, a.right)
            .cmp(t.id(Side::Right, b.right))
            .then(va.cmp(vb))
            .then(b.weight.cmp(&a.weight))
            .then_with(|| ids(a).cmp(&ids(b)))
    });
    out
}

/// Hundredths as a decimal: `12.34`.
fn push_hundredths(out: &mut Vec<u8>, weight: i32) {
    let sign = if weight < 0 { "-" } else { "" };
    let _ = write!(out, "{sign}{}.{:02}", weight.abs() / 100, weight.abs() % 100);
}

fn push_cell(out: &mut Vec<u8>, text: &str) {
    // A cell that a spreadsheet would take for a formula gets an apostrophe.
    let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    if text.contains([',', '"', '\n', '\r']) {
        let _ = write!(out, "\"{guard}{}\"", text.replace('"', "\"\""));
    } else {
        let _ = write!(out, "{guard}{text}");
    }
}

fn header(ready: &Ready, first: &[&str]) -> String {
    let mut names: Vec<String> = first.iter().map(|n| (*n).to_owned()).collect();
    for comparison in &ready.model.comparisons {
        names.push(comparison.name.clone());
        names.push(format!("{}_weight", comparison.name));
    }
    let mut out = Vec::new();
    for (i, name) in names.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        push_cell(&mut out, name);
    }
    out.push(b'\n');
    String::from_utf8_lossy(&out).into_owned()
}

fn push_bars(ready: &Ready, pair: &Pair, out: &mut Vec<u8>) {
    let mut outcomes = Outcomes::default();
    ready.tables.compare(pair.left, pair.right, &mut outcomes);
    for (comparison, outcome) in ready.model.comparisons.iter().zip(outcomes.as_slice()) {
        let level = &comparison.levels[usize::from(outcome.level)];
        out.push(b',');
        push_cell(out, &level.name);
        out.push(b',');
        push_hundredths(out, level.weight + comparison.adjustment(*outcome));
    }
    out.push(b'\n');
}

fn push_probability(out: &mut Vec<u8>, weight: i32) {
    let ppm = probability_ppm(weight);
    let _ = write!(out, "{}.{:06}", ppm / 1_000_000, ppm % 1_000_000);
}

fn write_chunks<T: Sync>(
    (path, language): (&Path, Language),
    head: &str,
    rows: &[T],
    render: &(dyn Fn(&T, &mut Vec<u8>) + Sync),
) -> Result<Result<(), Refused>, Fault> {
    let fault = |e: std::io::Error| Fault::io(path, &e);
    let mut file = match Writing::begin(path, language)? {
        Ok(file) => file,
        Err(refused) => return Ok(Err(refused)),
    };
    file.write_all(head.as_bytes()).map_err(fault)?;
    for chunk in rows.chunks(CHUNK) {
        let parts: Vec<Vec<u8>> = chunk
            .par_chunks(1024)
            .map(|rows| {
                let mut out = Vec::with_capacity(rows.len() * 160);
                rows.iter().for_each(|row| render(row, &mut out));
                out
            })
            .collect();
        for part in parts {
            file.write_all(&part).map_err(fault)?;
        }
    }
    file.end().map_err(fault)?;
    Ok(Ok(()))
}

/// Writes pairs: identifiers, verdict, weight in bits, probability, and the level and weight of every
/// comparison, which with the prior sum to the pair's weight.
///
/// # Errors
/// [`Fault`] of the disk; [`Refused`] where nothing can be written there.
pub fn write_pairs(
    path: (&Path, Language),
    ready: &Ready,
    pairs: &[(Pair, Verdict)],
) -> Result<Result<(), Refused>, Fault> {
    let t = &ready.tables;
    let head = header(ready, &["left_id", "right_id", "verdict", "weight", "probability", "prior"]);
    write_chunks(path, &head, pairs, &|(pair, verdict), out| {
        push_cell(out, t.id(Side::Left, pair.left));
        out.push(b',');
        push_cell(out, t.id(Side::Right, pair.right));
        let _ = write!(out, ",{},", verdict.name());
        push_hundredths(out, pair.weight);
        out.push(b',');
        push_probability(out, pair.weight);
        out.push(b',');
        push_hundredths(out, ready.model.prior);
        push_bars(ready, pair, out);
    })
}

/// Writes clusters: every identifier with the first identifier of its cluster and the cluster's size.
///
/// # Errors
/// [`Fault`] of the disk; [`Refused`] where nothing can be written there.
pub fn write_clusters(path: (&Path, Language), ready: &Ready, deduped: &Deduped) -> Result<Result<(), Refused>, Fault> {
    let t = &ready.tables;
    let of = &deduped.clusters.of;
    let mut sizes = vec![0u32; of.len()];
    of.iter().for_each(|first| sizes[*first as usize] += 1);
    // A cluster is named by its least identifier, so that its name does not depend on the rows.
    let mut names: Vec<u32> = (0..of.len() as u32).collect();
    for (record, first) in of.iter().enumerate() {
        let least = &mut names[*first as usize];
        if t.id(Side::Left, record as u32) < t.id(Side::Left, *least) {
            *least = record as u32;
        }
    }
    let mut rows: Vec<u32> = (0..of.len() as u32).collect();
    let name = |r: u32| t.id(Side::Left, names[of[r as usize] as usize]);
    rows.par_sort_unstable_by(|a, b| (name(*a), t.id(Side::Left, *a)).cmp(&(name(*b), t.id(Side::Left, *b))));
    write_chunks(path, "id,cluster,size\n", &rows, &|record, out| {
        push_cell(out, t.id(Side::Left, *record));
        out.push(b',');
        push_cell(out, name(*record));
        let _ = writeln!(out, ",{}", sizes[of[*record as usize] as usize]);
    })
}
