//! Blocking keys of a record. The left side files under what it says; the right side also asks for
//! what it may have meant: a word with a slip, a value with or without tax, a neighbouring day.

use super::column::{ATTACHED, Column, Half};
use super::profile::{Block, Part};
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
    block_max: usize,
    side: Side,
    record: u32,
    out: &mut Vec<u64>,
) {
    for (i, block) in blocks.iter().enumerate() {
        let tag = (i as u64 + 1) << 56;
        match block {
            Block::Words(field) => words(&columns[*field], block_max, side, record, tag, out),
            Block::WordsMarks(field) => words_marks(&columns[*field], side, record, tag, out),
            Block::Exact(field, taxes) => exact(&columns[*field], taxes, side, record, tag, out),
            Block::All(parts) => compound(parts, columns, side, record, tag, out),
        }
    }
}

fn words(column: &Column, block_max: usize, side: Side, record: u32, tag: u64, out: &mut Vec<u64>) {
    let v = &column.vocabulary;
    let count = |w: u32| v.counts[w as usize] as usize;
    let mut common = [(0usize, 0u64); PAIRED_MAX];
    let mut pairs = 0;
    for word in column.half(side).words.get(record) {
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
        } else if count_of > 0 {
            out.push(mix(tag, v.hashes[*word as usize]));
        }
        // A word the left side knows seldom or not at all may be a slip of one it knows.
        if side == Side::Right && count_of <= 1 {
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

fn words_marks(column: &Column, side: Side, record: u32, tag: u64, out: &mut Vec<u64>) {
    let v = &column.vocabulary;
    let half = column.half(side);
    for mark in half.marks.get(record).iter().filter(|m| *m & ATTACHED == 0).take(PAIRED_MAX) {
        for word in half.words.get(record).iter().take(COMPOUND_MAX) {
            out.push(mix(mix(tag, v.hashes[*mark as usize]), v.hashes[*word as usize]));
        }
    }
}

/// Values this close fall into one step or the next, so that rounding is found.
const STEP: i64 = 8;

fn exact(column: &Column, taxes: &[i64], side: Side, record: u32, tag: u64, out: &mut Vec<u64>) {
    let half = column.half(side);
    if column.field.read != super::read::Reader::Money {
        let key = half.key[record as usize];
        if key != 0 {
            out.push(mix(tag, key));
        }
        return;
    }
    for value in half.values.get(record) {
        out.push(mix(tag, (value / STEP) as u64));
        if side == Side::Left {
            continue;
        }
        let mut ask = |value: i64| out.extend([-2, 2].map(|d| mix(tag, ((value + d) / STEP) as u64)));
        ask(*value);
        for rate in taxes {
            ask((i128::from(*value) * 1_000_000 / i128::from(1_000_000 + rate)) as i64);
            ask((i128::from(*value) * i128::from(1_000_000 + rate) / 1_000_000) as i64);
        }
    }
}

fn compound(parts: &[(usize, Part)], columns: &[Column], side: Side, record: u32, tag: u64, out: &mut Vec<u64>) {
    let from = out.len();
    out.push(tag);
    for (field, part) in parts {
        let column = &columns[*field];
        let half = column.half(side);
        let values = part_values(column, half, *part, side, record);
        let so_far = out.split_off(from);
        for key in so_far {
            out.extend(values.iter().map(|v| mix(key, *v)).take(COMPOUND_MAX.saturating_sub(out.len() - from)));
        }
    }
}

/// One step of a value is six percent wide, one of a day a month: neighbours are asked for too.
fn part_values(column: &Column, half: &Half, part: Part, side: Side, record: u32) -> Vec<u64> {
    let first = if column.field.read.has_values() { half.values.get(record).first().copied() } else { None };
    let around = |step: i64| {
        let steps: &[i64] = if side == Side::Left { &[0] } else { &[-1, 0, 1] };
        steps.iter().map(|d| (step + d) as u64).collect()
    };
    match part {
        Part::Whole => Some(half.key[record as usize]).filter(|k| *k != 0).into_iter().collect(),
        Part::Word => {
            let hash = |w: &u32| column.vocabulary.hashes[*w as usize];
            half.words.get(record).iter().map(hash).collect()
        }
        Part::Year => first.map(|v| (v / 10_000) as u64).into_iter().collect(),
        Part::Near => match (column.field.read, first) {
            (super::read::Reader::Money, Some(v)) => {
                around(i64::from(linkage_engine::log2_hundredths(v as u64, 1)) / 8)
            }
            (_, Some(v)) => around(v / 10_000 * 12 + v / 100 % 100),
            _ => Vec::new(),
        },
        Part::Head(n) => {
            let digits = first.map(|v| (v, (v as u64).checked_ilog10().map_or(1, |l| l + 1)));
            digits.filter(|(_, l)| *l >= n).map(|(v, l)| v as u64 / 10u64.pow(l - n)).into_iter().collect()
        }
        Part::Tail(n) => first.map(|v| v as u64 % 10u64.pow(n.min(18))).into_iter().collect(),
    }
}
