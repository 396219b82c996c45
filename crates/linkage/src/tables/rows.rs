//! What every record says, packed: one record's fields lie side by side, because comparing a pair reads
//! them all at once and memory is slow where it is not read in a row.
//!
//! A record is a table of offsets (two a word) and then, for each field, a head of five words: counts and
//! class; the hash of the whole in two; what agreeing on it says, and a spare; what its words say. Then
//! words, marks and values.

use super::profile::Field;
use super::read::{Read, Reading};
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

/// Marks with this bit are numbers with the word before them; they sort behind the plain ones.
pub(crate) const ATTACHED: u32 = 1 << 31;

/// Words of a field's head.
const HEAD: usize = 5;

/// Most words, marks or values of one field that are kept.
const KEPT_MAX: usize = 255;

/// Records of one side.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    starts: Vec<u32>,
    data: Vec<u32>,
}

/// One field of one record.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) words: &'a [u32],
    pub(crate) marks: &'a [u32],
    values: &'a [u32],
    pub(crate) class: u8,
    /// Hash of the whole, 0 for nothing said.
    pub(crate) key: u64,
    /// What agreeing on the whole says, hundredths of a bit.
    pub(crate) key_info: i16,
    /// What all words say, hundredths of a bit.
    pub(crate) info: u32,
}

impl View<'_> {
    /// Number of values.
    pub(crate) fn count(&self) -> usize {
        self.values.len() / 2
    }

    /// A value.
    pub(crate) fn value(&self, i: usize) -> i64 {
        (u64::from(self.values[2 * i]) | u64::from(self.values[2 * i + 1]) << 32) as i64
    }

    /// All values.
    pub(crate) fn values(&self) -> impl Iterator<Item = i64> {
        (0..self.count()).map(|i| self.value(i))
    }

    /// The only value, or nothing.
    pub(crate) fn only(&self) -> Option<i64> {
        (self.count() == 1).then(|| self.value(0))
    }
}

fn offset_words(fields: usize) -> usize {
    fields.div_ceil(2)
}

/// Cuts what a record has more of than is kept, by content: not by the order in which words were met. True where it did.
pub(crate) fn cut(reading: &mut Reading, words: &[Box<str>]) -> bool {
    let lists =
        [(&mut reading.tokens, KEPT_MAX), (&mut reading.marks, KEPT_MAX / 2), (&mut reading.attached, KEPT_MAX / 2)];
    let mut any = false;
    for (list, most) in lists.into_iter().filter(|(list, most)| list.len() > *most) {
        list.sort_by_cached_key(|word| xxh3_64(words[*word as usize].as_bytes()));
        list.truncate(most);
        list.sort_unstable();
        any = true;
    }
    any
}

/// Packs one record. `words` numbers each field's own words.
pub(crate) fn pack(fields: &[Field], readings: &[Read<'_>], words: &[&[u32]], out: &mut Vec<u32>) {
    let start = out.len();
    out.resize(start + offset_words(fields.len()), 0);
    for (f, ((field, reading), words)) in fields.iter().zip(readings).zip(words).enumerate() {
        let at = (out.len() - start) as u32;
        out[start + f / 2] |= at << (16 * (f % 2));
        let head = out.len();
        out.extend([0; HEAD]);
        out[head + 1] = reading.key as u32;
        out[head + 2] = (reading.key >> 32) as u32;
        let mut run = |items: &mut dyn Iterator<Item = u32>| {
            let from = out.len();
            out.extend(items.take(KEPT_MAX));
            out[from..].sort_unstable();
            (out.len() - from) as u32
        };
        let number = |t: &u32| words[*t as usize];
        let own = if field.read.has_words() { run(&mut reading.tokens.iter().map(number)) } else { 0 };
        let plain = reading.marks.iter().map(number);
        let attached = reading.attached.iter().map(|t| number(t) | ATTACHED);
        let marks = if field.read.has_marks() { run(&mut plain.chain(attached)) } else { 0 };
        let values = reading.values.len().min(KEPT_MAX);
        for value in &reading.values[..values] {
            out.extend([*value as u64 as u32, (*value as u64 >> 32) as u32]);
        }
        out[head] = own | marks << 8 | (values as u32) << 16 | u32::from(reading.class) << 24;
    }
}

impl Rows {
    /// Adds packed records; `starts` are theirs within `data`.
    pub(crate) fn append(&mut self, data: &[u32], starts: &[u32]) {
        let base = self.data.len() as u32;
        self.starts.extend(starts.iter().map(|s| s + base));
        self.data.extend_from_slice(data);
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        (self.starts.capacity() + self.data.capacity()) * 4
    }

    /// Gives back what growing left over.
    pub(crate) fn shrink(&mut self) {
        self.starts.shrink_to_fit();
        self.data.shrink_to_fit();
    }

    /// One field of a record.
    pub(crate) fn view(&self, record: u32, field: usize) -> View<'_> {
        view(&self.data[self.starts[record as usize] as usize..], field)
    }

    /// Reads a word of each cache line of these records and forgets it, so that the memory brings all of
    /// them together.
    pub(crate) fn call(&self, records: &[u32]) {
        const LINE: usize = 64 / size_of::<u32>();
        let row = |r: u32| {
            let from = self.starts[r as usize] as usize;
            let to = self.starts.get(r as usize + 1).map_or(self.data.len(), |next| *next as usize);
            self.data[from..to].iter().step_by(LINE).fold(0, |all, word| all ^ word)
        };
        std::hint::black_box(records.iter().fold(0, |all, r| all ^ row(*r)));
    }

    /// Fills in what words and wholes say, once all records from `first` on are known.
    pub(crate) fn fill(&mut self, first: usize, fields: usize, info: &(dyn Fn(usize, View<'_>) -> (i16, u32) + Sync)) {
        const RUN: usize = 4_096;
        let mut parts: Vec<(&mut [u32], &[u32])> = Vec::new();
        let total = self.data.len() as u32;
        let all = &self.starts[first..];
        let mut rest = &mut self.data[all.first().map_or(total, |s| *s) as usize..];
        for (i, starts) in all.chunks(RUN).enumerate() {
            let end = all.get((i + 1) * RUN).copied().unwrap_or(total);
            let (part, tail) = rest.split_at_mut((end - starts[0]) as usize);
            parts.push((part, starts));
            rest = tail;
        }
        parts.into_par_iter().for_each(|(part, starts)| {
            for start in starts {
                let row = &mut part[(start - starts[0]) as usize..];
                for field in 0..fields {
                    let (key_info, words) = info(field, view(row, field));
                    let head = offset(row, field);
                    row[head + 3] = u32::from(key_info as u16);
                    row[head + 4] = words;
                }
            }
        });
    }
}

fn offset(row: &[u32], field: usize) -> usize {
    (row[field / 2] >> (16 * (field % 2)) & 0xffff) as usize
}

fn view(row: &[u32], field: usize) -> View<'_> {
    let at = offset(row, field);
    let [counts, low, high, key_info, info, ref rest @ ..] = row[at..] else {
        unreachable!("a packed record ends before its field");
    };
    let (words, rest) = rest.split_at((counts & 0xff) as usize);
    let (marks, rest) = rest.split_at((counts >> 8 & 0xff) as usize);
    View {
        words,
        marks,
        values: &rest[..2 * (counts >> 16 & 0xff) as usize],
        class: (counts >> 24) as u8,
        key: u64::from(low) | u64::from(high) << 32,
        key_info: key_info as i16,
        info,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_does_not_depend_on_the_order_of_words() {
        let texts: Vec<Box<str>> = (0..400).map(|i| format!("kata{i}").into()).collect();
        let kept = |words: &[Box<str>]| {
            let mut reading = Reading { tokens: (0..400).collect(), ..Reading::default() };
            assert!(cut(&mut reading, words));
            let mut out: Vec<Box<str>> = reading.tokens.iter().map(|w| words[*w as usize].clone()).collect();
            out.sort();
            out
        };
        let mut turned = texts.clone();
        turned.reverse();
        assert_eq!(kept(&texts), kept(&turned));
        assert_eq!(kept(&texts).len(), KEPT_MAX);
    }
}
