//! The words of one field, on both sides: how many left records hold each, and which are a slip of
//! the finger apart.

use linkage_engine::{information, log2_hundredths};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

/// Most neighbours kept for a word.
const NEAR_MAX: usize = 24;

/// Neighbours a word has on average where one slip is forgiven, for a bound of memory: made-up firms of a million works
/// have most, 15; and where two are, names of persons have 77.
const NEIGHBOURS: [u64; 2] = [20, 80];

/// Most that a word seen once may gain for being rarer than that.
const UNSEEN_MAX: i32 = 400;

/// Words that share one spelling with a letter taken out, beyond which the spelling is passed over.
const GROUP_MAX: usize = 64;

/// Shortest word in which a slip is forgiven.
const SLIP_LENGTH_MIN: usize = 5;

/// Shortest word in which two slips are forgiven, where the field allows two at all.
const TWO_SLIPS_LENGTH_MIN: usize = 7;

/// Longest word in which a slip is looked for.
const SPELLED_LENGTH_MAX: usize = 24;

/// Bits of a spelling's entry that number its word; those above are of the spelling's hash. Two spellings
/// that share a hash only cost a comparison.
const ID_BITS: u32 = 28;

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
    /// Shape of each word (see [`shape`]), kept once the table grows.
    shapes: Vec<u32>,
    /// Neighbours of words that came later, and of words that got such a neighbour.
    later: FxHashMap<u32, Vec<(u32, u16)>>,
    slips: u8,
    total: u64,
    /// What a word seen once, or never, gains for being rarer than that.
    unseen: i16,
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

    /// Bytes settling takes on top, about: the spellings of all words twice, and their neighbours.
    pub(crate) fn settling_bytes(&self, slips: u8) -> u64 {
        if slips == 0 {
            return 0;
        }
        let spellings = |length: u64| match slips_allowed(length as usize + 1, slips) {
            0 => 0,
            1 => 1 + length,
            _ => 1 + length + length * (length - 1) / 2,
        };
        let neighbours = NEIGHBOURS[usize::from(slips > 1)];
        let spelled = self.texts.iter().filter(|t| shape(t) != 0);
        spelled.map(|t| 2 * 8 * spellings(t.len() as u64) + 20 * neighbours).sum()
    }

    /// Fixes information and neighbours once all words are in. `total` left records; `slips`
    /// forgiven in a word: none, one or two.
    pub(crate) fn settle(&mut self, total: usize, slips: u8) {
        self.total = total as u64 + 1;
        self.slips = slips;
        self.info = self.counts.par_iter().map(|c| information(u64::from(*c), self.total).max(1)).collect();
        self.find_near(slips);
    }

    /// How much rarer than once a word is that was seen once, hundredths of a bit: many words were never seen at all, and
    /// a word seen once is expected again `2 x (seen twice) / (seen once)` times, not once (Good and Turing).
    pub(crate) fn heed_unseen(&mut self) {
        let seen = |times: u32| self.counts.iter().filter(|c| **c == times).count() as u64;
        let (once, twice) = (seen(1), seen(2));
        self.unseen = log2_hundredths(once.max(1), (2 * twice).max(1)).clamp(0, UNSEEN_MAX) as i16;
        for (info, _) in self.info.iter_mut().zip(&self.counts).filter(|(_, count)| **count <= 1) {
            *info = info.saturating_add(self.unseen);
        }
    }

    /// Fixes the same for words that came after the rest was settled and that no left record holds. The
    /// result is that of settling all at once, but for spellings that more than [`GROUP_MAX`] words share:
    /// those are looked at here. Time: one pass over the shapes of all words for each new one.
    pub(crate) fn settle_later(&mut self) {
        let known = self.info.len();
        self.info.resize(self.texts.len(), information(0, self.total).max(1).saturating_add(self.unseen));
        if self.slips == 0 {
            return;
        }
        let shaped = self.shapes.len();
        self.shapes.extend(self.texts[shaped..].iter().map(|t| shape(t)));
        for id in known as u32..self.texts.len() as u32 {
            self.find_near_one(id);
        }
    }

    fn find_near_one(&mut self, id: u32) {
        let own = self.shapes[id as usize];
        if own == 0 {
            return;
        }
        let text = &self.texts[id as usize];
        let fits = |other: u32| may_be_alike(own, other, self.slips);
        let mut found: Vec<(u32, u16)> = (0..id)
            .filter(|i| fits(self.shapes[*i as usize]) && alike(text, &self.texts[*i as usize], self.slips))
            .map(|i| (i, likeness(text, &self.texts[i as usize])))
            .collect();
        for (other, like) in &found {
            let mut near = self.near(*other).to_vec();
            near.push((id, *like));
            self.nearest(&mut near);
            self.later.insert(*other, near);
        }
        self.nearest(&mut found);
        self.later.insert(id, found);
    }

    /// Keeps the nearest [`NEAR_MAX`], in the order of their numbers.
    fn nearest(&self, near: &mut Vec<(u32, u16)>) {
        if near.len() > NEAR_MAX {
            near.sort_unstable_by_key(|(b, like)| (std::cmp::Reverse(*like), self.hashes[*b as usize]));
            near.truncate(NEAR_MAX);
            near.sort_unstable();
        }
    }

    /// Every two words that become one when a letter (or two) is taken out of each are compared:
    /// a finger slips in one letter, so this misses none (Garbe's symmetric deletion).
    fn find_near(&mut self, slips: u8) {
        (self.near_starts, self.near) = (Vec::new(), Vec::new());
        if slips == 0 {
            return;
        }
        let texts = &self.texts;
        let shapes: Vec<u32> = texts.par_iter().map(|t| shape(t)).collect();
        let mut spellings: Vec<u64> = (0..texts.len() as u32)
            .into_par_iter()
            .with_min_len(512)
            .flat_map_iter(|id| {
                let mut out = Vec::new();
                spell(&texts[id as usize], slips, &mut |bytes| out.push(xxh3_64(bytes) << ID_BITS | u64::from(id)));
                out
            })
            .collect();
        spellings.par_sort_unstable();
        spellings.dedup();
        let word = |spelling: &u64| (spelling & ((1 << ID_BITS) - 1)) as u32;
        let alike = |a: u32, b: u32| {
            may_be_alike(shapes[a as usize], shapes[b as usize], slips)
                && alike(&texts[a as usize], &texts[b as usize], slips)
        };
        let mut pairs: Vec<(u32, u32)> = spellings
            .par_chunk_by(|a, b| a >> ID_BITS == b >> ID_BITS)
            .filter(|group| (2..=GROUP_MAX).contains(&group.len()))
            .flat_map_iter(|group| {
                let near = |(i, a): (usize, &u64)| {
                    let (a, mut out) = (word(a), Vec::new());
                    for b in group[i + 1..].iter().map(word) {
                        if alike(a, b) {
                            out.push((a, b));
                            out.push((b, a));
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
        let near: Vec<(u32, (u32, u16))> = pairs
            .par_chunk_by(|a, b| a.0 == b.0)
            .flat_map_iter(|run| {
                let (id, word) = (run[0].0, &texts[run[0].0 as usize]);
                let mut own: Vec<(u32, u16)> =
                    run.iter().map(|(_, b)| (*b, likeness(word, &texts[*b as usize]))).collect();
                self.nearest(&mut own);
                own.into_iter().map(move |near| (id, near))
            })
            .collect();
        drop(pairs);
        let mut starts = vec![0; texts.len() + 1];
        near.iter().for_each(|(id, _)| starts[*id as usize + 1] += 1);
        self.near_starts = starts;
        self.near = near.into_iter().map(|(_, near)| near).collect();
        let mut sum = 0;
        for start in &mut self.near_starts {
            sum += *start;
            *start = sum;
        }
    }

    /// Words a slip apart, with their likeness.
    pub(crate) fn near(&self, id: u32) -> &[(u32, u16)] {
        if !self.later.is_empty()
            && let Some(near) = self.later.get(&id)
        {
            return near;
        }
        let id = id as usize;
        if id + 1 >= self.near_starts.len() {
            return &[];
        }
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

/// Bits of a shape that say which letters a word holds; those above say its length.
const LETTERS: u32 = (1 << 26) - 1;

/// Do two shapes leave it open whether their words are so many slips apart?
fn may_be_alike(a: u32, b: u32, slips: u8) -> bool {
    let slips = u32::from(slips);
    a != 0 && b != 0 && ((a ^ b) & LETTERS).count_ones() <= 2 * slips && (a >> 26).abs_diff(b >> 26) <= slips
}

/// Letters and length of a word in which a slip may be forgiven, 0 for any other: one slip changes two
/// letters and one length at most, so most words are passed over without being read.
fn shape(word: &str) -> u32 {
    let bytes = word.as_bytes();
    if !(SLIP_LENGTH_MIN - 1..=SPELLED_LENGTH_MAX).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_alphabetic)
    {
        return 0;
    }
    let letters = bytes.iter().fold(0, |all, b| all | 1 << (b.to_ascii_lowercase() - b'a'));
    letters | (bytes.len() as u32) << 26
}

/// Per mille.
fn likeness(a: &str, b: &str) -> u16 {
    let slips = crate::slips::slips(a.as_bytes(), b.as_bytes(), 2) as usize;
    (1000 - 1000 * slips / a.len().max(b.len())) as u16
}

fn alike(a: &str, b: &str, slips: u8) -> bool {
    let allowed = slips_allowed(a.len().min(b.len()), slips);
    allowed > 0 && crate::slips::slips(a.as_bytes(), b.as_bytes(), allowed) <= allowed
}

/// The word itself and what is left without a letter, or two.
fn spell(word: &str, slips: u8, out: &mut dyn FnMut(&[u8])) {
    let bytes = word.as_bytes();
    let deep = slips_allowed(bytes.len() + 1, slips);
    if deep == 0
        || bytes.len() < SLIP_LENGTH_MIN - 1
        || bytes.len() > SPELLED_LENGTH_MAX
        || !bytes.iter().all(u8::is_ascii_alphabetic)
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

    fn near_of(v: &Vocabulary, word: &str) -> Vec<(String, u16)> {
        let mut near: Vec<_> = v.near(v.ids[word]).iter().map(|(n, like)| (v.text(*n).to_owned(), *like)).collect();
        near.sort();
        near
    }

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

        #[test]
        fn a_word_that_came_later_has_the_same_neighbours(
            words in proptest::collection::btree_set("[a-c]{4,9}", 2..60), first in 1usize..60, slips in 1u8..3,
        ) {
            let mut words: Vec<String> = words.into_iter().collect();
            words.sort_by_key(|w| xxh3_64(w.as_bytes()));
            let first = first.min(words.len());
            let (mut all, mut grown) = (Vocabulary::default(), Vocabulary::default());
            words.iter().for_each(|w| { all.intern(w); });
            all.settle(10, slips);
            words[..first].iter().for_each(|w| { grown.intern(w); });
            grown.settle(10, slips);
            for word in &words[first..] {
                grown.intern(word);
                grown.settle_later();
            }
            for word in &words {
                proptest::prop_assert_eq!(near_of(&grown, word), near_of(&all, word), "{}", word);
            }
            proptest::prop_assert_eq!(grown.info, all.info);
        }
    }
}
