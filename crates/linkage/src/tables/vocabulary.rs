//! The words of one field, on both sides: how many left records hold each, and which are a slip of
//! the finger apart.

use linkage_engine::information;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

/// Most neighbours kept for a word.
const NEAR_MAX: usize = 24;

/// Words that share one spelling with a letter taken out, beyond which the spelling is passed over.
const GROUP_MAX: usize = 64;

/// Shortest word in which a slip is forgiven.
const SLIP_LENGTH_MIN: usize = 5;

/// Shortest word in which two slips are forgiven, where the field allows two at all.
const TWO_SLIPS_LENGTH_MIN: usize = 7;

/// A field's words.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    ids: FxHashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
    /// Left records that hold the word.
    pub(crate) counts: Vec<u32>,
    /// Content hash: the same in every run.
    pub(crate) hashes: Vec<u64>,
    /// What sharing the word says, hundredths of a bit.
    pub(crate) info: Vec<i16>,
    near_starts: Vec<u32>,
    /// Neighbour and likeness, per mille.
    near: Vec<(u32, u16)>,
}

impl Vocabulary {
    /// Number of a word, new or known.
    pub(crate) fn intern(&mut self, word: &str) -> u32 {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = self.texts.len() as u32;
        self.ids.insert(word.into(), id);
        self.texts.push(word.into());
        self.hashes.push(xxh3_64(word.as_bytes()));
        self.counts.push(0);
        id
    }

    /// The word.
    pub(crate) fn text(&self, id: u32) -> &str {
        &self.texts[id as usize]
    }

    /// Bytes held, about.
    pub(crate) fn bytes(&self) -> usize {
        let texts: usize = self.texts.iter().map(|t| 2 * t.len() + 32).sum();
        texts + self.texts.len() * 26 + self.near.len() * 8
    }

    /// Fixes information and neighbours once all words are in. `total` left records; `slips`
    /// forgiven in a word: none, one or two.
    pub(crate) fn settle(&mut self, total: usize, slips: u8) {
        self.info = self.counts.par_iter().map(|c| information(u64::from(*c), total as u64 + 1).max(1)).collect();
        self.find_near(slips);
    }

    /// Every two words that become one when a letter (or two) is taken out of each are compared:
    /// a finger slips in one letter, so this misses none (Garbe's symmetric deletion).
    fn find_near(&mut self, slips: u8) {
        self.near_starts = vec![0; self.texts.len() + 1];
        self.near.clear();
        if slips == 0 {
            return;
        }
        let texts = &self.texts;
        let mut spellings: Vec<(u64, u32)> = (0..texts.len() as u32)
            .into_par_iter()
            .with_min_len(512)
            .flat_map_iter(|id| {
                let mut out = Vec::new();
                spell(&texts[id as usize], slips, &mut |bytes| out.push((xxh3_64(bytes), id)));
                out
            })
            .collect();
        spellings.par_sort_unstable();
        spellings.dedup();
        let mut pairs: Vec<(u32, u32)> = spellings
            .par_chunk_by(|a, b| a.0 == b.0)
            .filter(|group| (2..=GROUP_MAX).contains(&group.len()))
            .flat_map_iter(|group| {
                let near = |(i, (_, a)): (usize, &(u64, u32))| {
                    let (a, mut out) = (*a, Vec::new());
                    for (_, b) in &group[i + 1..] {
                        if alike(&texts[a as usize], &texts[*b as usize], slips) {
                            out.push((a, *b));
                            out.push((*b, a));
                        }
                    }
                    out
                };
                group.iter().enumerate().flat_map(near).collect::<Vec<_>>()
            })
            .collect();
        drop(spellings);
        pairs.par_sort_unstable();
        pairs.dedup();
        for run in pairs.chunk_by(|a, b| a.0 == b.0) {
            let mut own: Vec<(u32, u16)> = run
                .iter()
                .map(|(a, b)| {
                    let (x, y) = (&texts[*a as usize], &texts[*b as usize]);
                    let slips = crate::slips::slips(x.as_bytes(), y.as_bytes(), 2) as usize;
                    (*b, (1000 - 1000 * slips / x.len().max(y.len())) as u16)
                })
                .collect();
            if own.len() > NEAR_MAX {
                own.sort_unstable_by_key(|(b, like)| (std::cmp::Reverse(*like), self.hashes[*b as usize]));
                own.truncate(NEAR_MAX);
                own.sort_unstable();
            }
            self.near_starts[run[0].0 as usize + 1] = own.len() as u32;
            self.near.extend(own);
        }
        let mut sum = 0;
        for start in &mut self.near_starts {
            sum += *start;
            *start = sum;
        }
    }

    /// Words a slip apart, with their likeness.
    pub(crate) fn near(&self, id: u32) -> &[(u32, u16)] {
        let id = id as usize;
        &self.near[self.near_starts[id] as usize..self.near_starts[id + 1] as usize]
    }
}

fn slips_allowed(length: usize, slips: u8) -> u32 {
    match length {
        _ if slips == 0 => 0,
        n if n >= TWO_SLIPS_LENGTH_MIN && slips >= 2 => 2,
        n if n >= SLIP_LENGTH_MIN => 1,
        _ => 0,
    }
}

fn alike(a: &str, b: &str, slips: u8) -> bool {
    let allowed = slips_allowed(a.len().min(b.len()), slips);
    allowed > 0 && crate::slips::slips(a.as_bytes(), b.as_bytes(), allowed) <= allowed
}

/// The word itself and what is left without a letter, or two.
fn spell(word: &str, slips: u8, out: &mut dyn FnMut(&[u8])) {
    let bytes = word.as_bytes();
    let deep = slips_allowed(bytes.len() + 1, slips);
    if deep == 0 || bytes.len() < SLIP_LENGTH_MIN - 1 || bytes.len() > 24 || !bytes.iter().all(u8::is_ascii_alphabetic)
    {
        return;
    }
    out(bytes);
    let mut one = Vec::with_capacity(bytes.len());
    let mut two = Vec::with_capacity(bytes.len());
    for i in 0..bytes.len() {
        one.clear();
        one.extend_from_slice(&bytes[..i]);
        one.extend_from_slice(&bytes[i + 1..]);
        out(&one);
        if deep >= 2 {
            for j in i..one.len() {
                two.clear();
                two.extend_from_slice(&one[..j]);
                two.extend_from_slice(&one[j + 1..]);
                out(&two);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_and_a_name_is_not() {
        let mut v = Vocabulary::default();
        let words = ["bangunan", "banguan", "bangunna", "jaya", "raya", "utara", "selatan", "melati", "melatih"];
        let ids: Vec<u32> = words.iter().map(|w| v.intern(w)).collect();
        v.settle(10, 1);
        let near = |i: usize| v.near(ids[i]).iter().map(|(n, _)| v.text(*n)).collect::<Vec<_>>();
        assert_eq!(near(0), ["banguan", "bangunna"]);
        assert!(near(3).is_empty(), "jaya is not raya");
        assert_eq!(near(7), ["melatih"]);
        assert_eq!(v.near(ids[0])[0].1, 875);
    }

    proptest::proptest! {
        #[test]
        fn every_word_within_its_slips_is_found(
            words in proptest::collection::btree_set("[ab]{5,9}", 2..12), slips in 1u8..3,
        ) {
            let mut v = Vocabulary::default();
            let words: Vec<String> = words.into_iter().collect();
            let ids: Vec<u32> = words.iter().map(|w| v.intern(w)).collect();
            v.settle(10, slips);
            for (a, x) in ids.iter().zip(&words) {
                for (b, y) in ids.iter().zip(&words) {
                    if a != b {
                        let found = v.near(*a).iter().any(|n| n.0 == *b);
                        proptest::prop_assert_eq!(found, alike(x, y, slips), "{} {}", x, y);
                    }
                }
            }
        }
    }
}
