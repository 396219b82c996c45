//! Looking: the candidates of one record.

use crate::block::{Blocks, Look, keys_of};
use crate::lists::{Lists, Side};

/// Memory that one thread uses again and again while it looks.
#[derive(Debug, Default)]
pub struct Scratch {
    keys: Vec<u64>,
    buckets: Vec<(u32, u32)>,
    /// Block size, key, first entry.
    order: Vec<(u32, u64, u32)>,
    /// Open-addressed: record + 1, sum of rarities.
    slots: Vec<(u32, u32)>,
    touched: Vec<u32>,
    ranked: Vec<(u32, u64, u32)>,
    /// The candidates found last, sorted.
    pub found: Vec<u32>,
}

/// What looking cost and what it left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Looked {
    /// Candidates compared.
    pub pairs: u64,
    /// Records that had no key anybody shares.
    pub alone: u64,
    /// Keys passed over because their block is too large.
    pub keys_too_common: u64,
    /// Pairs in those blocks, an upper bound of what was not looked at through them.
    pub pairs_too_common: u64,
    /// Records whose rarest keys used up the entries, so that commoner keys were not read.
    pub cut_short: u64,
    /// Records that only share keys that are too common: the smallest such block was sampled.
    pub only_common: u64,
}

impl std::ops::AddAssign for Looked {
    fn add_assign(&mut self, other: Self) {
        self.pairs += other.pairs;
        self.alone += other.alone;
        self.keys_too_common += other.keys_too_common;
        self.pairs_too_common += other.pairs_too_common;
        self.cut_short += other.cut_short;
        self.only_common += other.only_common;
    }
}

impl Scratch {
    /// Adds to a record's sum.
    fn add(&mut self, record: u32, rarity: u32) {
        let mask = self.slots.len() - 1;
        let mut at = (record.wrapping_mul(0x9E37_79B1) >> 7) as usize & mask;
        loop {
            let slot = &mut self.slots[at];
            if slot.0 == record + 1 {
                slot.1 += rarity;
                return;
            }
            if slot.0 == 0 {
                *slot = (record + 1, rarity);
                self.touched.push(at as u32);
                return;
            }
            at = (at + 1) & mask;
        }
    }

    fn clear(&mut self) {
        for at in self.touched.drain(..) {
            self.slots[at as usize] = (0, 0);
        }
    }
}

/// Finds the left records that share the most with one right record, into `scratch.found`.
///
/// Keys are read rarest first until `entries_max` entries are read. Each shared key counts by its
/// rarity; the best `candidates_max` records are kept, and among equals those whose identifiers
/// come first. Where nothing but too common keys is shared, the first records of the smallest such
/// block are taken, so that a million identical rows neither vanish nor take a million looks.
pub fn find<L: Lists>(lists: &L, blocks: &Blocks, right: u32, look: Look, scratch: &mut Scratch) -> Looked {
    let mut looked = Looked::default();
    scratch.found.clear();
    scratch.order.clear();
    keys_of(lists, Side::Right, right, &mut scratch.keys);
    let mut common: Option<(u32, u64)> = None;
    // A list that has grown since it was indexed is asked block by block.
    let grown = blocks.has_changed();
    scratch.buckets.clear();
    scratch.buckets.extend(scratch.keys.iter().map(|key| blocks.bucket(*key)));
    blocks.call(&scratch.buckets);
    for (key, bucket) in scratch.keys.iter().zip(&scratch.buckets) {
        let (from, size) = match grown.then(|| blocks.block(*key).len()) {
            Some(size) => (0, size as u32),
            None => blocks.range_in(*key, *bucket),
        };
        if size as usize > look.block_max {
            looked.keys_too_common += 1;
            looked.pairs_too_common += u64::from(size);
            if common.is_none_or(|(s, k)| (size, *key) < (s, k)) {
                common = Some((size, *key));
            }
        } else if size > 0 {
            scratch.order.push((size, *key, from));
        }
    }
    scratch.order.sort_unstable();
    let room = (2 * (look.entries_max + look.block_max)).next_power_of_two();
    if scratch.slots.len() < room {
        scratch.slots = vec![(0, 0); room];
    }
    let mut entries = 0;
    let order = std::mem::take(&mut scratch.order);
    for (size, key, from) in &order {
        if entries >= look.entries_max {
            looked.cut_short = 1;
            break;
        }
        let rarity = blocks.rarity(*size as usize);
        let block = if grown { blocks.block(*key) } else { blocks.entries((*from, *size)) };
        for entry in block {
            scratch.add(*entry as u32, rarity);
        }
        entries += *size as usize;
    }
    scratch.order = order;
    let own = |record: u32| lists.within() && record == right;
    let mut ranked = std::mem::take(&mut scratch.ranked);
    ranked.clear();
    for at in &scratch.touched {
        let (record, sum) = scratch.slots[*at as usize];
        if !own(record - 1) {
            ranked.push((u32::MAX - sum, 0, record - 1));
        }
    }
    scratch.clear();
    if ranked.is_empty()
        && let Some((_, key)) = common
    {
        looked.only_common = 1;
        // One more than is kept: the record itself may be among them.
        let first = blocks.firsts(lists, key, look.candidates_max.saturating_add(1));
        ranked.extend(first.iter().map(|record| (0, 0, *record)).filter(|c| !own(c.2)));
    }
    if look.share > 0 {
        // Ranks count down from the top, so the best candidate has the least.
        let best = ranked.iter().map(|c| u32::MAX - c.0).max().unwrap_or_default();
        let least = (u64::from(best) * u64::from(look.share) / 100) as u32;
        ranked.retain(|c| u32::MAX - c.0 >= least);
    }
    keep_best(lists, look.candidates_max, &mut ranked);
    scratch.found.extend(ranked.iter().map(|c| c.2));
    scratch.found.sort_unstable();
    scratch.ranked = ranked;
    looked.pairs = scratch.found.len() as u64;
    looked.alone = u64::from(scratch.found.is_empty());
    looked
}

/// Keeps the `most` candidates that share the most. Only those tied for the last places are asked for
/// their identifiers, because asking is a walk through memory.
fn keep_best<L: Lists>(lists: &L, most: usize, ranked: &mut Vec<(u32, u64, u32)>) {
    if ranked.len() <= most {
        return;
    }
    let Some(last) = most.checked_sub(1) else {
        ranked.clear();
        return;
    };
    ranked.select_nth_unstable_by_key(last, |c| c.0);
    let worst = ranked[last].0;
    let tied = |c: &(u32, u64, u32)| c.0 == worst;
    if ranked[most..].iter().any(tied) {
        ranked.retain(|c| c.0 <= worst);
        for candidate in ranked.iter_mut().filter(|c| tied(c)) {
            candidate.1 = lists.order(Side::Left, candidate.2);
        }
        ranked.select_nth_unstable(last);
    }
    ranked.truncate(most);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Plain;

    fn look(block_max: usize, candidates_max: usize) -> Look {
        Look { block_max, entries_max: 1_000, candidates_max, share: 0 }
    }

    #[test]
    fn the_rarest_shared_keys_win() {
        // Key 1 is common to all, key 9 to the last alone.
        let left: Vec<Vec<u64>> = (0..10).map(|i| if i == 9 { vec![1, 9 << 40] } else { vec![1] }).collect();
        let lists = Plain::of(left, vec![vec![1, 9 << 40], vec![1], vec![9 << 40], vec![77]]);
        let blocks = Blocks::new(&lists);
        let mut scratch = Scratch::default();
        find(&lists, &blocks, 0, look(100, 2), &mut scratch);
        assert_eq!(scratch.found, [0, 9], "the best, and the first of the equals");
        let looked = find(&lists, &blocks, 1, look(5, 3), &mut scratch);
        assert_eq!(scratch.found, [0, 1, 2], "a common key is better than nobody");
        assert_eq!((looked.only_common, looked.pairs_too_common), (1, 10));
        find(&lists, &blocks, 2, look(5, 3), &mut scratch);
        assert_eq!(scratch.found, [9], "nothing is left over from the look before");
        assert_eq!(find(&lists, &blocks, 3, look(5, 3), &mut scratch).alone, 1);
    }

    #[test]
    fn of_a_block_too_large_everybody_meets_the_first_others() {
        let lists = Plain::within(vec![vec![5]; 50]);
        let mut blocks = Blocks::new(&lists);
        let mut scratch = Scratch::default();
        let mut first: Vec<u32> = (0..50).collect();
        first.sort_by_key(|r| (lists.order(Side::Left, *r), *r));
        for record in 0..50 {
            find(&lists, &blocks, record, look(5, 3), &mut scratch);
            let mut want: Vec<u32> = first.iter().copied().filter(|r| *r != record).take(3).collect();
            want.sort_unstable();
            assert_eq!(scratch.found, want, "{record}");
        }
        // A record that leaves the block is met no more.
        let key = crate::block::spread(5);
        blocks.replace(first[0], &[key], &[]);
        find(&lists, &blocks, first[1], look(5, 3), &mut scratch);
        assert!(!scratch.found.contains(&first[0]));
    }

    #[test]
    fn a_list_against_itself_passes_over_each_record() {
        let lists = Plain::within(vec![vec![5], vec![5], vec![6]]);
        let blocks = Blocks::new(&lists);
        let mut scratch = Scratch::default();
        find(&lists, &blocks, 0, look(5, 3), &mut scratch);
        assert_eq!(scratch.found, [1]);
        find(&lists, &blocks, 2, look(5, 3), &mut scratch);
        assert!(scratch.found.is_empty());
    }
}
