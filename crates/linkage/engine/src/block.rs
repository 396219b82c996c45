//! Blocking: which pairs are worth a look.
//!
//! The left list lies in one flat table: buckets of entries, eight bytes each (half a key, and the
//! record), sorted within the bucket. It takes 8 bytes a key and 4 bytes a bucket and nothing else.

use crate::lists::{Lists, Side};
use crate::weight::log2_hundredths;
use rayon::prelude::*;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// How much to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Look {
    /// A key shared by more records than this is too common to help.
    pub block_max: usize,
    /// Entries read per record, rarest keys first; the last key is read whole.
    pub entries_max: usize,
    /// Candidates compared per record: those that share the most, and the rarest, keys.
    pub candidates_max: usize,
}

/// An index of the left list by blocking key.
#[derive(Debug, Default)]
pub struct Blocks {
    /// Key's upper half, then record; sorted within each bucket.
    entries: Vec<u64>,
    /// First entry of each bucket, and the end.
    starts: Vec<u32>,
    records: usize,
}

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

fn bucket_of(key: u64, buckets: usize) -> usize {
    (key as usize) & (buckets - 1)
}

impl Blocks {
    /// Indexes the left list. Keys are made twice, so that no list of them has to be kept.
    ///
    /// Memory: 8 bytes a key and a byte a key for the buckets.
    pub fn new<L: Lists>(lists: &L) -> Self {
        let records = lists.len(Side::Left);
        let each = |work: &(dyn Fn(u32, &[u64]) + Sync)| {
            (0..records as u32).into_par_iter().with_min_len(1024).for_each_init(Vec::new, |keys, record| {
                keys_of(lists, Side::Left, record, keys);
                work(record, keys);
            });
        };
        let total = AtomicU64::new(0);
        each(&|_, keys| {
            total.fetch_add(keys.len() as u64, Ordering::Relaxed);
        });
        let buckets = (total.into_inner() as usize / BUCKET).max(1).next_power_of_two();
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
        Self { entries, starts, records }
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Nothing indexed?
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries of one spread key; a record is the lower half of each.
    pub(crate) fn block(&self, key: u64) -> &[u64] {
        if self.entries.is_empty() {
            return &[];
        }
        let bucket = bucket_of(key, self.starts.len() - 1);
        let entries = &self.entries[self.starts[bucket] as usize..self.starts[bucket + 1] as usize];
        let (low, high) = (key & !0xffff_ffff, key | 0xffff_ffff);
        if entries.len() <= 2 * BUCKET {
            let from = entries.iter().take_while(|e| **e < low).count();
            let many = entries[from..].iter().take_while(|e| **e <= high).count();
            return &entries[from..from + many];
        }
        let from = entries.partition_point(|e| *e < low);
        let many = entries[from..].partition_point(|e| *e <= high);
        &entries[from..from + many]
    }

    /// Weight of sharing a key with this many records: its information, hundredths of a bit.
    pub(crate) fn rarity(&self, block: usize) -> u32 {
        log2_hundredths(self.records as u64 + 1, block as u64).max(1) as u32
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
