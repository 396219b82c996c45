//! Blocking: which pairs are worth a look.

use rustc_hash::FxHashMap;

use crate::weight::log2_hundredths;

/// How much to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// A key shared by more records than this is too common to help.
    pub block_max: usize,
    /// Candidates compared per record: those that share the most, and the rarest, keys.
    pub candidates_max: usize,
}

/// An index of one list by blocking key.
#[derive(Debug, Default)]
pub struct Blocks {
    by_key: FxHashMap<u64, Vec<u32>>,
    records: usize,
}

/// Memory that one thread uses again and again while it looks.
#[derive(Debug)]
pub struct Scratch {
    score: Vec<i32>,
    touched: Vec<u32>,
}

impl Blocks {
    /// Indexes a list.
    pub fn new<K: AsRef<[u64]>>(keys: &[K]) -> Self {
        let mut by_key: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        for (i, keys) in keys.iter().enumerate() {
            for key in keys.as_ref() {
                by_key.entry(*key).or_default().push(i as u32);
            }
        }
        Self { by_key, records: keys.len() }
    }

    /// Scratch memory for this index: four bytes a record.
    pub fn scratch(&self) -> Scratch {
        Scratch { score: vec![0; self.records], touched: Vec::new() }
    }

    /// The records that share the most with one record, sorted, each once.
    ///
    /// Each shared key counts by its rarity (hundredths of a bit); the best `candidates_max` are
    /// kept, earlier records first among equals. Keys over `block_max` count only where nothing
    /// else finds anybody.
    pub fn find(&self, keys: &[u64], look: Look, scratch: &mut Scratch, out: &mut Vec<u32>) {
        out.clear();
        let mut smallest_common: Option<&Vec<u32>> = None;
        for key in keys {
            let Some(block) = self.by_key.get(key) else { continue };
            if block.len() > look.block_max {
                if smallest_common.is_none_or(|s| block.len() < s.len()) {
                    smallest_common = Some(block);
                }
                continue;
            }
            let rarity = log2_hundredths(self.records as u64 + 1, block.len() as u64).max(1);
            for record in block {
                let score = &mut scratch.score[*record as usize];
                if *score == 0 {
                    scratch.touched.push(*record);
                }
                *score += rarity;
            }
        }
        if let (true, Some(block)) = (scratch.touched.is_empty(), smallest_common) {
            out.extend(block.iter().take(look.candidates_max));
        } else {
            let best = |r: &u32| (std::cmp::Reverse(scratch.score[*r as usize]), *r);
            if scratch.touched.len() > look.candidates_max {
                scratch.touched.select_nth_unstable_by_key(look.candidates_max, best);
            }
            out.extend(scratch.touched.iter().take(look.candidates_max));
        }
        for record in scratch.touched.drain(..) {
            scratch.score[record as usize] = 0;
        }
        out.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_shared_keys_win() {
        // Key 1 is common to all, key 9 to the last alone.
        let keys: Vec<Vec<u64>> = (0..10).map(|i| if i == 9 { vec![1, 9] } else { vec![1] }).collect();
        let blocks = Blocks::new(&keys);
        let (mut scratch, mut out) = (blocks.scratch(), Vec::new());
        blocks.find(&[1, 9], Look { block_max: 100, candidates_max: 2 }, &mut scratch, &mut out);
        assert_eq!(out, [0, 9], "the best, and the first of the equals");
        blocks.find(&[1], Look { block_max: 5, candidates_max: 3 }, &mut scratch, &mut out);
        assert_eq!(out, [0, 1, 2], "a common key is better than nobody");
        blocks.find(&[9], Look { block_max: 5, candidates_max: 3 }, &mut scratch, &mut out);
        assert_eq!(out, [9], "nothing is left over from the look before");
    }
}
