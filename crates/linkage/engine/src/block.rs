//! Blocking: which pairs are worth a look.
//!
//! The left list lies in one flat table: buckets of entries, eight bytes each (half a key, and the
//! record), sorted within the bucket. It takes 8 bytes a key and 4 bytes a bucket and nothing else.

use crate::lists::{Lists, Side};
use crate::weight::log2_hundredths;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How much to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// A key shared by more records than this is too common to help.
    pub block_max: usize,
    /// Entries read per record, rarest keys first; the last key is read whole.
    pub entries_max: usize,
    /// Candidates compared per record: those that share the most, and the rarest, keys.
    pub candidates_max: usize,
    /// A candidate must share at least so many percent of what the best one shares; 0 for no such bound.
    #[serde(default)]
    pub share: u8,
}

/// An index of the left list by blocking key.
#[derive(Debug, Default)]
pub struct Blocks {
    /// Key's upper half, then record; sorted within each bucket.
    entries: Vec<u64>,
    /// First entry of each bucket, and the end.
    starts: Vec<u32>,
    /// What sharing a key of each size says, for sizes that are common.
    rarities: Vec<u32>,
    /// Blocks that changed since, whole and sorted: they stand for those of the flat table.
    changed: FxHashMap<u64, Vec<u64>>,
    /// The first records of blocks too large to be looked at, found when they were first asked for.
    firsts: Mutex<Firsts>,
}

/// By key and how many.
type Firsts = FxHashMap<(u64, usize), Arc<[u32]>>;

/// Sizes whose rarity is kept ready.
const READY: usize = 1 << 12;

/// Entries a bucket holds on average: a look-up reads one or two cache lines.
const BUCKET: usize = 4;

/// Spreads a key over all 64 bits, so that callers may use small numbers as keys.
pub(crate) fn spread(key: u64) -> u64 {
    let mut z = key.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The keys of a record, spread, sorted, each once.
pub(crate) fn keys_of<L: Lists>(lists: &L, side: Side, record: u32, keys: &mut Vec<u64>) {
    keys.clear();
    lists.keys(side, record, keys);
    for key in keys.iter_mut() {
        *key = spread(*key);
    }
    keys.sort_unstable();
    keys.dedup();
}

/// Keys of all records of a side, told from a sample: exact for short lists.
fn keys_in<L: Lists>(lists: &L, side: Side) -> usize {
    const SAMPLE: usize = 2_000;
    let records = lists.len(side);
    let step = (records / SAMPLE).max(1);
    let mut keys = Vec::new();
    let mut of = |record: usize| {
        keys_of(lists, side, record as u32, &mut keys);
        keys.len()
    };
    (0..records).step_by(step).map(&mut of).sum::<usize>() * step
}

fn buckets_for(keys: usize) -> usize {
    (keys / BUCKET).max(1).next_power_of_two()
}

fn bucket_of(key: u64, buckets: usize) -> usize {
    (key as usize) & (buckets - 1)
}

impl Blocks {
    /// Indexes the left list.
    pub fn new<L: Lists>(lists: &L) -> Self {
        Self::of(lists, Side::Left)
    }

    /// Indexes a list. Keys are made twice, so that no list of them has to be kept.
    ///
    /// Memory: 8 bytes a key and a byte a key for the buckets.
    pub fn of<L: Lists>(lists: &L, side: Side) -> Self {
        let records = lists.len(side);
        let each = |work: &(dyn Fn(u32, &[u64]) + Sync)| {
            (0..records as u32).into_par_iter().with_min_len(1024).for_each_init(Vec::new, |keys, record| {
                keys_of(lists, side, record, keys);
                work(record, keys);
            });
        };
        let buckets = buckets_for(keys_in(lists, side));
        let counts: Vec<AtomicU32> = (0..=buckets).map(|_| AtomicU32::new(0)).collect();
        each(&|_, keys| {
            for key in keys {
                counts[bucket_of(*key, buckets)].fetch_add(1, Ordering::Relaxed);
            }
        });
        let mut starts: Vec<u32> = counts.iter().map(|c| c.load(Ordering::Relaxed)).collect();
        let mut sum = 0u32;
        for start in &mut starts {
            sum += std::mem::replace(start, sum);
        }
        for (count, start) in counts.iter().zip(&starts) {
            count.store(*start, Ordering::Relaxed);
        }
        let entries: Vec<AtomicU64> = (0..sum).map(|_| AtomicU64::new(0)).collect();
        each(&|record, keys| {
            for key in keys {
                let at = counts[bucket_of(*key, buckets)].fetch_add(1, Ordering::Relaxed);
                entries[at as usize].store((key & !0xffff_ffff) | u64::from(record), Ordering::Relaxed);
            }
        });
        drop(counts);
        let mut entries: Vec<u64> = entries.into_iter().map(AtomicU64::into_inner).collect();
        sort_buckets(&mut entries, &starts);
        let rarities = (0..READY as u64).map(|size| rarity(size.max(1))).collect();
        Self { entries, starts, rarities, ..Self::default() }
    }

    /// Bytes an index of a list takes while it is built, told from a sample of its records: entries, and where
    /// each bucket begins and is filled to.
    pub fn bytes_for<L: Lists>(lists: &L, side: Side) -> u64 {
        let keys = keys_in(lists, side);
        8 * keys as u64 + 8 * buckets_for(keys) as u64
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Nothing indexed?
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Where the entries of one spread key lie: from, and how many.
    pub(crate) fn range(&self, key: u64) -> (u32, u32) {
        self.range_in(key, self.bucket(key))
    }

    /// The bucket of a spread key. Asking for all buckets of a record first lets the memory work on
    /// them together.
    pub(crate) fn bucket(&self, key: u64) -> (u32, u32) {
        let bucket = bucket_of(key, self.starts.len().max(2) - 1);
        match self.starts.get(bucket..bucket + 2) {
            Some(&[from, to]) => (from, to),
            _ => (0, 0),
        }
    }

    /// Reads both ends of many buckets and forgets them: the memory brings them together, where asking
    /// one after the other would wait for each.
    pub(crate) fn call(&self, buckets: &[(u32, u32)]) {
        let at = |i: u32| self.entries.get(i as usize).copied().unwrap_or_default();
        std::hint::black_box(buckets.iter().fold(0, |all, (from, to)| all ^ at(*from) ^ at(to.saturating_sub(1))));
    }

    /// Where the entries of a spread key lie in its bucket: from, and how many.
    pub(crate) fn range_in(&self, key: u64, (first, end): (u32, u32)) -> (u32, u32) {
        let entries = &self.entries[first as usize..end as usize];
        let (low, high) = (key & !0xffff_ffff, key | 0xffff_ffff);
        let (from, many) = if entries.len() <= 4 * BUCKET {
            let from = entries.iter().take_while(|e| **e < low).count();
            (from, entries[from..].iter().take_while(|e| **e <= high).count())
        } else {
            let from = entries.partition_point(|e| *e < low);
            (from, entries[from..].partition_point(|e| *e <= high))
        };
        (first + from as u32, many as u32)
    }

    /// The entries of a range; a record is the lower half of each.
    pub(crate) fn entries(&self, (from, many): (u32, u32)) -> &[u64] {
        &self.entries[from as usize..(from + many) as usize]
    }

    /// The entries of one spread key.
    pub(crate) fn block(&self, key: u64) -> &[u64] {
        match self.changed.get(&key) {
            Some(block) => block,
            None => self.entries(self.range(key)),
        }
    }

    /// The first `most` records of a left block by identifier, in that order. Time: the block, once; then a look-up.
    pub(crate) fn firsts<L: Lists>(&self, lists: &L, key: u64, most: usize) -> Arc<[u32]> {
        let known = || self.firsts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(&(key, most)) {
            return Arc::clone(found);
        }
        let mut all: Vec<(u64, u32)> =
            self.block(key).iter().map(|e| (lists.order(Side::Left, *e as u32), *e as u32)).collect();
        if all.len() > most {
            all.select_nth_unstable(most);
            all.truncate(most);
        }
        all.sort_unstable();
        let found: Arc<[u32]> = all.into_iter().map(|(_, record)| record).collect();
        known().insert((key, most), Arc::clone(&found));
        found
    }

    /// Did any block change since the index was made?
    pub(crate) fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Takes a record out of its blocks before and files it under its keys now (both spread). Time: the
    /// blocks of those keys.
    pub(crate) fn replace(&mut self, record: u32, before: &[u64], now: &[u64]) {
        let firsts = self.firsts.get_mut().unwrap_or_else(PoisonError::into_inner);
        firsts.retain(|(key, _), _| !before.contains(key) && !now.contains(key));
        for key in before.iter().chain(now) {
            if !self.changed.contains_key(key) {
                let block = self.entries(self.range(*key)).to_vec();
                self.changed.insert(*key, block);
            }
        }
        for key in before {
            if let Some(block) = self.changed.get_mut(key) {
                block.retain(|e| *e as u32 != record);
            }
        }
        for key in now {
            if let Some(block) = self.changed.get_mut(key) {
                let entry = (key & !0xffff_ffff) | u64::from(record);
                if let Err(at) = block.binary_search(&entry) {
                    block.insert(at, entry);
                }
            }
        }
    }

    /// Weight of sharing a key with this many records: its information, hundredths of a bit.
    pub(crate) fn rarity(&self, block: usize) -> u32 {
        self.rarities.get(block).copied().unwrap_or_else(|| rarity(block as u64))
    }

    /// What the blocks look like, for the report.
    pub fn shape(&self, block_max: usize) -> Shape {
        let mut shape = Shape { entries: self.entries.len() as u64, ..Shape::default() };
        for bucket in self.starts.windows(2) {
            let entries = &self.entries[bucket[0] as usize..bucket[1] as usize];
            for block in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
                shape.blocks += 1;
                shape.largest = shape.largest.max(block.len() as u64);
                if block.len() > block_max {
                    shape.too_large += 1;
                    shape.entries_too_large += block.len() as u64;
                }
            }
        }
        shape
    }
}

/// What sharing a key says is held against a fixed number of records, more than any list has: a list
/// that grows by one must not change what its other records look at.
const OF_RECORDS: u64 = 1 << 24;

fn rarity(size: u64) -> u32 {
    log2_hundredths(OF_RECORDS, size.min(OF_RECORDS)).max(1) as u32
}

/// Sorts every bucket, in parallel over runs of buckets.
fn sort_buckets(entries: &mut [u64], starts: &[u32]) {
    const RUN: usize = 1 << 12;
    let mut runs: Vec<(&mut [u64], &[u32])> = Vec::new();
    let mut rest = entries;
    let buckets = starts.len() - 1;
    for first in (0..buckets).step_by(RUN) {
        let last = (first + RUN).min(buckets);
        let (run, tail) = std::mem::take(&mut rest).split_at_mut((starts[last] - starts[first]) as usize);
        runs.push((run, &starts[first..=last]));
        rest = tail;
    }
    runs.into_par_iter().for_each(|(run, starts)| {
        for bucket in starts.windows(2) {
            run[(bucket[0] - starts[0]) as usize..(bucket[1] - starts[0]) as usize].sort_unstable();
        }
    });
}

/// Figures of an index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Shape {
    /// Records times keys.
    pub entries: u64,
    /// Distinct keys.
    pub blocks: u64,
    /// Records of the largest.
    pub largest: u64,
    /// Blocks too large to be looked at.
    pub too_large: u64,
    /// Entries in them.
    pub entries_too_large: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Plain;

    #[test]
    fn every_entry_is_found_under_its_key() {
        let keys: Vec<Vec<u64>> = (0..5_000u64).map(|i| vec![i % 7, i + 1_000, 99]).collect();
        let blocks = Blocks::new(&Plain::of(keys.clone(), Vec::new()));
        assert_eq!(blocks.len(), 15_000);
        for (i, own) in keys.iter().enumerate() {
            for key in own {
                assert!(blocks.block(spread(*key)).iter().any(|e| (*e as u32) as usize == i), "{i} {key}");
            }
        }
        assert_eq!(blocks.block(spread(99)).len(), 5_000);
        assert!(blocks.block(spread(12_345_678_901)).is_empty());
        let shape = blocks.shape(1_000);
        assert_eq!((shape.blocks, shape.largest, shape.too_large), (5_008, 5_000, 1), "{shape:?}");
    }
}
