//! What is known of a field across all records.

use super::profile::{Field, Rarity};
use super::read::Reader;
use super::rows::{Rows, View};
use super::vocabulary::Vocabulary;
use rustc_hash::{FxHashMap, FxHashSet};

/// A field: its words, and how often each whole value stands on the left.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) field: Field,
    pub(crate) vocabulary: Vocabulary,
    rarity: Rarity,
    key_counts: FxHashMap<u64, u32>,
    total: u64,
    /// What a value says that one left record holds: nothing says more.
    pub(crate) most: i16,
    /// Information of each count that is common, so that no logarithm is taken twice.
    ready: Vec<i16>,
}

/// Counts whose information is kept ready.
const READY: u64 = 1 << 12;

impl Column {
    pub(crate) fn new(field: &Field, rarity: Rarity) -> Self {
        Self {
            field: field.clone(),
            rarity,
            vocabulary: Vocabulary::default(),
            key_counts: FxHashMap::default(),
            total: 1,
            most: 0,
            ready: Vec::new(),
        }
    }

    /// Are words counted by themselves?
    pub(crate) fn counts_words(&self) -> bool {
        self.rarity == Rarity::Words
    }

    /// What is counted of a record: its first value, or the hash of the whole.
    fn counted(&self, view: &View<'_>) -> u64 {
        if self.field.read == Reader::Money && view.count() > 0 { view.value(0) as u64 } else { view.key }
    }

    /// Fixes what words and whole values say, once all records are in: the first so many left ones tell.
    pub(crate) fn settle(&mut self, index: usize, left: &Rows, counted: usize) {
        if self.field.read.has_words() {
            match self.rarity {
                Rarity::Whole => self.vocabulary.settle(counted, self.field.slips),
                Rarity::Words => {
                    let wholes = self.count_words(index, left, counted);
                    self.vocabulary.settle(wholes, self.field.slips);
                    self.vocabulary.heed_unseen();
                }
            }
        }
        self.total = counted as u64 + 1;
        self.most = linkage_engine::information(1, self.total);
        self.ready = (0..READY).map(|count| linkage_engine::information(count, self.total).max(1)).collect();
        for i in 0..counted as u32 {
            match self.counted(&left.view(i, index)) {
                0 => {}
                key => *self.key_counts.entry(key).or_default() += 1,
            }
        }
    }

    /// Counts words anew, each once for a whole value, whichever of its rows says it; answers how many wholes there are.
    /// (Two rows of one whole may have other words: BIMA SAKTI and BIMASAKTI.)
    fn count_words(&mut self, index: usize, left: &Rows, counted: usize) -> usize {
        let (mut wholes, mut said) = (FxHashSet::default(), FxHashSet::default());
        self.vocabulary.counts.fill(0);
        for view in (0..counted as u32).map(|i| left.view(i, index)).filter(|view| view.key != 0) {
            wholes.insert(view.key);
            for word in view.words {
                self.vocabulary.counts[*word as usize] += u32::from(said.insert((view.key, *word)));
            }
        }
        wholes.len()
    }

    /// What agreeing on a record's whole value says, and what all its words say.
    pub(crate) fn info(&self, view: &View<'_>) -> (i16, u32) {
        let count = self.key_counts.get(&self.counted(view)).copied().unwrap_or(1);
        let key_info = self.ready.get(count as usize).copied();
        let words = view.words.iter().map(|w| u32::from(self.vocabulary.info[*w as usize].unsigned_abs())).sum();
        (key_info.unwrap_or_else(|| linkage_engine::information(u64::from(count), self.total).max(1)), words)
    }

    /// Forgets the counts: what is needed of them stands in the left records.
    pub(crate) fn forget_counts(&mut self) {
        self.key_counts = FxHashMap::default();
    }
}
