//! Blocking keys of a record. The left side files under what it says; the right side also asks for
//! what it may have meant: a word with a slip, a value with or without tax, a neighbouring day.

use super::column::Column;
use super::grade::leading;
use super::profile::{Block, Part};
use super::rows::{ATTACHED, Rows, View};
use linkage_engine::Side;

/// Most common words of a record that are paired with each other.
const PAIRED_MAX: usize = 4;

/// Most compound keys one rule makes of one record.
const COMPOUND_MAX: usize = 24;

fn mix(a: u64, b: u64) -> u64 {
    (a ^ b.rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (b >> 29)
}

/// Buffers are made on the stack of each call; a record has a dozen keys.
pub(crate) fn keys(
    blocks: &[Block],
    columns: &[Column],
    rows: &Rows,
    block_max: usize,
    side: Side,
    record: u32,
    out: &mut Vec<u64>,
) {
    let view = |field: usize| (&columns[field], rows.view(record, field));
    for (i, block) in blocks.iter().enumerate() {
        let tag = (i as u64 + 1) << 56;
        match block {
            Block::Words(field) => words(view(*field), block_max, side, tag, out),
            Block::WordsMarks(field) => words_marks(view(*field), tag, out),
            Block::Exact(field, taxes) => exact(view(*field), taxes, side, tag, out),
            Block::All(parts) => compound(parts, &view, side, tag, out),
        }
    }
}

fn words((column, view): (&Column, View<'_>), block_max: usize, side: Side, tag: u64, out: &mut Vec<u64>) {
    let v = &column.vocabulary;
    let count = |w: u32| v.counts[w as usize] as usize;
    let mut common = [(0usize, 0u64); PAIRED_MAX];
    let mut pairs = 0;
    for word in view.words {
        let count_of = count(*word);
        if count_of > block_max {
            // The rarest of the common ones, kept sorted.
            let own = (count_of, v.hashes[*word as usize]);
            if pairs < PAIRED_MAX {
                common[pairs] = own;
                pairs += 1;
            } else if own < common[PAIRED_MAX - 1] {
                common[PAIRED_MAX - 1] = own;
            } else {
                continue;
            }
            common[..pairs].sort_unstable();
        } else {
            // A word no left record had when words were counted may have come with one since.
            out.push(mix(tag, v.hashes[*word as usize]));
        }
        // A word the left side does not know may be a slip of one it knows.
        if side == Side::Right && count_of == 0 {
            let known = v.near(*word).iter().filter(|(n, _)| (1..=block_max).contains(&count(*n)));
            out.extend(known.map(|(n, _)| mix(tag, v.hashes[*n as usize])));
        }
    }
    for (i, a) in common[..pairs].iter().enumerate() {
        for b in &common[i + 1..pairs] {
            out.push(mix(mix(tag, a.1.min(b.1)), a.1.max(b.1)));
        }
    }
}

/// Words a number is paired with: the rarest of the record.
const WITH_MARK: usize = 2;

fn words_marks((column, view): (&Column, View<'_>), tag: u64, out: &mut Vec<u64>) {
    let v = &column.vocabulary;
    if view.marks.is_empty() {
        return;
    }
    let mut rarest = [(u32::MAX, 0u64); WITH_MARK];
    for word in view.words {
        // A word the left side has never seen would only ever meet itself.
        let own = (v.counts[*word as usize], v.hashes[*word as usize]);
        if own.0 > 0 && own < rarest[WITH_MARK - 1] {
            rarest[WITH_MARK - 1] = own;
            rarest.sort_unstable();
        }
    }
    for mark in view.marks.iter().filter(|m| *m & ATTACHED != 0).take(PAIRED_MAX) {
        let mark = mix(tag, v.hashes[(mark & !ATTACHED) as usize]);
        out.extend(rarest.iter().filter(|r| r.0 < u32::MAX).map(|r| mix(mark, r.1)));
    }
}

/// Values this close fall into one step or the next, so that rounding is found.
const STEP: i64 = 8;

fn exact((column, view): (&Column, View<'_>), taxes: &[i64], side: Side, tag: u64, out: &mut Vec<u64>) {
    if column.field.read != super::read::Reader::Money {
        if view.key != 0 {
            out.push(mix(tag, view.key));
        }
        return;
    }
    for value in view.values() {
        out.push(mix(tag, (value / STEP) as u64));
        if side == Side::Left {
            continue;
        }
        let mut ask = |value: i64| out.extend([-2, 2].map(|d| mix(tag, ((value + d) / STEP) as u64)));
        ask(value);
        for rate in taxes {
            ask((i128::from(value) * 1_000_000 / i128::from(1_000_000 + rate)) as i64);
            ask((i128::from(value) * i128::from(1_000_000 + rate) / 1_000_000) as i64);
        }
    }
}

fn compound<'a>(
    parts: &[(usize, Part)],
    view: &dyn Fn(usize) -> (&'a Column, View<'a>),
    side: Side,
    tag: u64,
    out: &mut Vec<u64>,
) {
    let from = out.len();
    out.push(tag);
    let mut values = Vec::new();
    for (field, part) in parts {
        let (column, view) = view(*field);
        values.clear();
        part_values(column, &view, *part, side, &mut values);
        let many = out.len() - from;
        for i in 0..many {
            let key = out[from + i];
            out.extend(values.iter().take(COMPOUND_MAX / many.min(COMPOUND_MAX)).map(|v| mix(key, *v)));
        }
        out.drain(from..from + many);
    }
}

/// One step of a value is six percent wide, one of a day a month: neighbours are asked for too.
fn part_values(column: &Column, view: &View<'_>, part: Part, side: Side, out: &mut Vec<u64>) {
    let first = (view.count() > 0).then(|| view.value(0));
    let steps: &[i64] = if side == Side::Left { &[0] } else { &[-1, 0, 1] };
    let mut around = |step: i64| out.extend(steps.iter().map(|d| (step + d) as u64));
    match (part, first) {
        (Part::Whole, _) => out.extend(Some(view.key).filter(|k| *k != 0)),
        (Part::Word, _) => out.extend(view.words.iter().map(|w| column.vocabulary.hashes[*w as usize])),
        (_, None) => {}
        (Part::Year, Some(v)) => out.push((v / 10_000) as u64),
        (Part::Near, Some(v)) if column.field.read == super::read::Reader::Money => {
            around(i64::from(linkage_engine::log2_hundredths(v as u64, 1)) / 8);
        }
        (Part::Near, Some(v)) => around(v / 10_000 * 12 + v / 100 % 100),
        (Part::Head(n, length), Some(v)) => out.extend(leading(v, n, length).map(|head| head as u64)),
        (Part::Tail(n), Some(v)) => out.push(v as u64 % 10u64.pow(n.min(18))),
    }
}
