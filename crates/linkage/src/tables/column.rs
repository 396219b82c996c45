//! A field of all records of both sides, in flat arrays.

use super::profile::Field;
use super::read::Reading;
use super::vocabulary::Vocabulary;
use linkage_engine::Side;
use rustc_hash::FxHashMap;

/// Lists of numbers, one after the other.
#[derive(Debug)]
pub(crate) struct Runs<T> {
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Self { starts: vec![0], items: Vec::new() }
    }
}

impl<T: Copy> Runs<T> {
    pub(crate) fn push(&mut self, run: impl IntoIterator<Item = T>) {
        self.items.extend(run);
        self.starts.push(self.items.len() as u32);
    }

    pub(crate) fn get(&self, i: u32) -> &[T] {
        let i = i as usize;
        &self.items[self.starts[i] as usize..self.starts[i + 1] as usize]
    }

    fn bytes(&self) -> usize {
        self.starts.capacity() * 4 + self.items.capacity() * size_of::<T>()
    }
}

/// Marks with this bit are numbers with the word before them; they sort behind the plain ones.
pub(crate) const ATTACHED: u32 = 1 << 31;

/// One side of a field. Arrays the reader does not fill stay empty.
#[derive(Debug, Default)]
pub(crate) struct Half {
    pub(crate) words: Runs<u32>,
    /// What all words of the record say, hundredths of a bit.
    pub(crate) info: Vec<u32>,
    pub(crate) marks: Runs<u32>,
    pub(crate) class: Vec<u8>,
    pub(crate) key: Vec<u64>,
    /// What agreeing on the record's whole value says, hundredths of a bit.
    pub(crate) key_info: Vec<i16>,
    pub(crate) values: Runs<i64>,
}

/// A field of all records.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) field: Field,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) left: Half,
    pub(crate) right: Half,
    /// How often each whole value stands on the left.
    pub(crate) key_counts: FxHashMap<u64, u32>,
}

impl Column {
    pub(crate) fn new(field: &Field) -> Self {
        Self {
            field: field.clone(),
            vocabulary: Vocabulary::default(),
            left: Half::default(),
            right: Half::default(),
            key_counts: FxHashMap::default(),
        }
    }

    pub(crate) fn half(&self, side: Side) -> &Half {
        match side {
            Side::Left => &self.left,
            Side::Right => &self.right,
        }
    }

    /// Files what one record says; `words` numbers the reading's own words.
    pub(crate) fn push(&mut self, side: Side, reading: &Reading, words: &[u32]) {
        let reader = self.field.read;
        let half = if side == Side::Left { &mut self.left } else { &mut self.right };
        if reader.has_words() {
            let mut run: Vec<u32> = reading.tokens.iter().map(|t| words[*t as usize]).collect();
            run.sort_unstable();
            if side == Side::Left {
                for word in &run {
                    self.vocabulary.counts[*word as usize] += 1;
                }
            }
            half.words.push(run);
        }
        if reader.has_marks() {
            let plain = reading.marks.iter().map(|t| words[*t as usize]);
            let mut run: Vec<u32> =
                plain.chain(reading.attached.iter().map(|t| words[*t as usize] | ATTACHED)).collect();
            run.sort_unstable();
            half.marks.push(run);
        }
        if reader.has_class() || reader == super::read::Reader::Number {
            half.class.push(reading.class);
        }
        if reader.has_values() {
            half.values.push(reading.values.iter().copied());
        }
        half.key.push(reading.key);
    }

    /// Fixes what words and whole values say, once all records are in.
    pub(crate) fn settle(&mut self, lefts: usize) {
        if self.field.read.has_words() {
            self.vocabulary.settle(lefts, self.field.slips);
        }
        let is_money = self.field.read == super::read::Reader::Money;
        for i in 0..lefts as u32 {
            if is_money {
                for value in self.left.values.get(i) {
                    *self.key_counts.entry(*value as u64).or_default() += 1;
                }
            } else if self.left.key[i as usize] != 0 {
                *self.key_counts.entry(self.left.key[i as usize]).or_default() += 1;
            }
        }
        let total = lefts as u64 + 1;
        let counts = &self.key_counts;
        let vocabulary = &self.vocabulary;
        let has_words = self.field.read.has_words();
        for half in [&mut self.left, &mut self.right] {
            half.key_info = (0..half.key.len() as u32)
                .map(|i| {
                    let keys = if is_money {
                        half.values.get(i).first().map_or(0, |v| *v as u64)
                    } else {
                        half.key[i as usize]
                    };
                    let count = counts.get(&keys).copied().unwrap_or(1);
                    linkage_engine::information(u64::from(count), total).max(1)
                })
                .collect();
            if has_words {
                let info = |w: &u32| u32::from(vocabulary.info[*w as usize].unsigned_abs());
                half.info = (0..half.key.len() as u32).map(|i| half.words.get(i).iter().map(info).sum()).collect();
            }
        }
        // What is needed of the counts is in `key_info` now; a new row asks `key_counts` again.
        self.key_counts.shrink_to_fit();
    }

    /// Bytes held, about.
    pub(crate) fn bytes(&self) -> usize {
        let half = |h: &Half| {
            h.words.bytes()
                + h.marks.bytes()
                + h.values.bytes()
                + h.info.capacity() * 4
                + h.class.capacity()
                + h.key.capacity() * 8
                + h.key_info.capacity() * 2
        };
        self.vocabulary.bytes() + half(&self.left) + half(&self.right) + self.key_counts.capacity() * 17
    }
}
