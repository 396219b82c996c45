//! Blocking: which pairs are worth a look.

use rustc_hash::FxHashMap;

/// An index of one list by blocking key.
#[derive(Debug, Default)]
pub struct Blocks {
    by_key: FxHashMap<u64, Vec<u32>>,
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
        Self { by_key }
    }

    /// Records that share a key with one record, sorted, each once. A key shared by more than
    /// `block_max` records is too common to help and is passed over, unless it is the only way
    /// this record finds anybody.
    pub fn find(&self, keys: &[u64], block_max: usize, out: &mut Vec<u32>) {
        out.clear();
        let mut smallest_common: Option<&Vec<u32>> = None;
        for key in keys {
            let Some(block) = self.by_key.get(key) else { continue };
            if block.len() <= block_max {
                out.extend_from_slice(block);
            } else if smallest_common.is_none_or(|s| block.len() < s.len()) {
                smallest_common = Some(block);
            }
        }
        if let (true, Some(block)) = (out.is_empty(), smallest_common) {
            out.extend(block.iter().take(block_max * 4));
        }
        out.sort_unstable();
        out.dedup();
    }
}

/// All pairs that share a key, in order of right then left record.
pub fn candidates<K: AsRef<[u64]>>(left: &[K], right: &[K], block_max: usize) -> Vec<(u32, u32)> {
    let blocks = Blocks::new(left);
    let (mut out, mut found) = (Vec::new(), Vec::new());
    for (r, keys) in right.iter().enumerate() {
        blocks.find(keys.as_ref(), block_max, &mut found);
        out.extend(found.iter().map(|l| (*l, r as u32)));
    }
    out
}
