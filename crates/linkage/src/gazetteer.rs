//! Places by their codes: which regions a text names, by a list of regions (Kemendagri codes, `PP.KK.CC.DDDD`).
//!
//! Words alone cannot tell that Kel. Sungai Keruh lies in Kec. Rantau Ulu, nor that two villages of one name are two
//! places. The list can: every mention is looked up, and mentions that lie in one another hold each other up.

use crate::kind::tokens;
use rustc_hash::FxHashMap;

/// Names of regions, and their codes.
#[derive(Debug, Default)]
pub struct Gazetteer {
    /// By name as words, without the kind of region.
    codes: FxHashMap<Vec<String>, Vec<i64>>,
    /// Words of the longest name.
    longest: usize,
}

/// How two regions lie to each other, from the most to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// Neither.
    Apart,
    /// Of one city or regency.
    SameCity,
    /// Of one district (kecamatan).
    SameDistrict,
    /// One lies in the other.
    Inside,
    /// One region.
    Same,
}

/// Words that say what kind of region follows, and its level: 1 province to 4 village.
const MARKS: [(&str, u32); 8] = [
    ("provinsi", 1),
    ("kabupaten", 2),
    ("kota", 2),
    ("kecamatan", 3),
    ("distrik", 3),
    ("kelurahan", 4),
    ("desa", 4),
    ("gampong", 4),
];

/// Words before the name of something that is no region.
const NOT_REGIONS: [&str; 5] = ["jalan", "gang", "jembatan", "pasar", "sungai"];

/// Most regions one text may mean: beyond that it says nothing.
const MEANT_MAX: usize = 8;

/// Number of a code's first part is worth this much: a code is ten digits, `PPKKCCDDDD`.
const UNITS: [i64; 4] = [100_000_000, 1_000_000, 10_000, 1];

/// Cities have 71 and upwards as their second part, regencies less.
const FIRST_CITY: i64 = 71;

/// A code as ten digits; regions above have noughts at the end.
fn number(code: &str) -> Option<i64> {
    let parts: Vec<&str> = code.trim().split('.').collect();
    let widths = [2, 2, 2, 4];
    let fits = parts.len() <= 4
        && parts.iter().zip(widths).all(|(p, w)| p.len() == w && p.bytes().all(|b| b.is_ascii_digit()));
    if !fits {
        return None;
    }
    parts.iter().zip(UNITS).map(|(p, unit)| p.parse::<i64>().ok().map(|n| n * unit)).sum::<Option<i64>>()
}

/// Level of a code: 1 province, 2 city or regency, 3 district, 4 village.
fn level(code: i64) -> u32 {
    UNITS.iter().position(|unit| code % unit == 0).map_or(4, |i| i as u32 + 1)
}

fn lies_in(inner: i64, outer: i64) -> bool {
    let unit = UNITS[level(outer) as usize - 1];
    inner / unit == outer / unit
}

/// How two regions lie to each other.
pub fn nearness(a: i64, b: i64) -> Nearness {
    if a == b {
        Nearness::Same
    } else if lies_in(a, b) || lies_in(b, a) {
        Nearness::Inside
    } else if a / UNITS[2] == b / UNITS[2] {
        Nearness::SameDistrict
    } else if a / UNITS[1] == b / UNITS[1] {
        Nearness::SameCity
    } else {
        Nearness::Apart
    }
}

/// A region some words of a text may name.
struct Mention {
    codes: Vec<i64>,
    /// The text says what kind of region it is, or the name is long enough to stand alone.
    is_sure: bool,
}

impl Gazetteer {
    /// From codes and names. Answers the codes that are none as well.
    pub fn new<'a>(regions: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Self, Vec<String>) {
        let (mut out, mut unread) = (Self::default(), Vec::new());
        for (code, name) in regions {
            let Some(number) = number(code) else {
                unread.push(code.to_owned());
                continue;
            };
            let words = tokens(name);
            let kinds = ["provinsi", "kabupaten", "kota", "administrasi"];
            let is_kind = |w: &String| level(number) <= 2 && kinds.contains(&w.as_str());
            let own: Vec<String> = words.into_iter().skip_while(is_kind).collect();
            if own.is_empty() {
                unread.push(code.to_owned());
                continue;
            }
            out.longest = out.longest.max(own.len());
            out.codes.entry(own).or_default().push(number);
        }
        out.codes.values_mut().for_each(|codes| {
            codes.sort_unstable();
            codes.dedup();
        });
        (out, unread)
    }

    /// Distinct names.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// No names?
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The regions a text names, as narrow as it says; nothing where it names none, or too many that bear the name.
    pub fn read(&self, text: &str) -> Vec<i64> {
        let words = tokens(text);
        let mentions = self.mentions(&words);
        let holds = |code: i64, i: usize| {
            let others = mentions.iter().enumerate().filter(|(j, _)| *j != i);
            others
                .filter(|(_, m)| m.codes.iter().any(|c| *c != code && (lies_in(code, *c) || lies_in(*c, code))))
                .count()
        };
        let mut best = (0, 0);
        let mut meant: Vec<i64> = Vec::new();
        for (i, mention) in mentions.iter().enumerate() {
            for code in &mention.codes {
                let held = holds(*code, i);
                if held == 0 && !mention.is_sure {
                    continue;
                }
                let rank = (held, level(*code));
                if rank > best {
                    (best, meant) = (rank, vec![*code]);
                } else if rank == best {
                    meant.push(*code);
                }
            }
        }
        meant.sort_unstable();
        meant.dedup();
        if meant.len() > MEANT_MAX { Vec::new() } else { meant }
    }

    fn mentions(&self, words: &[String]) -> Vec<Mention> {
        let mut out = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let before = at.checked_sub(1).map_or("", |i| words[i].as_str());
            let rest = &words[at..];
            let found = (1..=self.longest.min(rest.len())).rev().find_map(|n| Some((n, self.codes.get(&rest[..n])?)));
            let Some((length, codes)) = found.filter(|_| !NOT_REGIONS.contains(&before)) else {
                at += 1;
                continue;
            };
            let marked = MARKS.iter().find(|(mark, _)| *mark == before);
            let fits = |code: &i64| match marked {
                Some(("kota", _)) => level(*code) == 2 && code / UNITS[1] % 100 >= FIRST_CITY,
                Some(("kabupaten", _)) => level(*code) == 2 && code / UNITS[1] % 100 < FIRST_CITY,
                Some((_, wanted)) => level(*code) == *wanted,
                None => true,
            };
            let fitting: Vec<i64> = codes.iter().copied().filter(fits).collect();
            // "Kecamatan Pontianak Kota" ends in a word that marks; what follows nothing fitting is read without its mark.
            let is_marked = marked.is_some() && !fitting.is_empty();
            let codes = if fitting.is_empty() { codes.clone() } else { fitting };
            // One word alone may be a street or a shop, unless it is a city or a province.
            let is_sure = is_marked || length >= 2 || codes.iter().any(|c| level(*c) <= 2);
            out.push(Mention { codes, is_sure });
            at += length;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_up() -> Gazetteer {
        let regions = [
            ("98", "Rantau"),
            ("98.01", "Kabupaten Muara"),
            ("98.01.01", "Hulu"),
            ("98.01.01.2001", "Sungai Keruh"),
            ("98.71", "Kota Muara"),
            ("98.71.01", "Muara Kota"),
            ("98.71.01.1001", "Sungai Keruh"),
            ("98.71.01.1002", "Mawar"),
            ("98.71.02", "Muara Teduh"),
            ("98.71.02.1001", "Bukit Indah"),
        ];
        let (gazetteer, unread) = Gazetteer::new(regions);
        assert!(unread.is_empty());
        gazetteer
    }

    #[test]
    fn mentions_hold_each_other_up() {
        let g = made_up();
        for (text, codes) in [
            ("Kel. Sungai Keruh Kec. Muara Kota", vec![9_871_011_001]),
            ("Desa Sungai Keruh, Kab. Muara", vec![9_801_012_001]),
            ("Kelurahan Sungai Keruh", vec![9_801_012_001, 9_871_011_001]),
            ("Kota Muara", vec![9_871_000_000]),
            ("Kab. Muara", vec![9_801_000_000]),
            ("Muara", vec![9_801_000_000, 9_871_000_000]),
            ("Kec. Muara Teduh, Kota Muara", vec![9_871_020_000]),
            ("Jl. Mawar No. 3", vec![]),
            ("Mawar", vec![]),
            ("Rehab Pagar Mawar, Taman Mawar", vec![]),
            ("Mawar, Muara Kota", vec![9_871_011_002]),
            ("Jl. Mawar, Kel. Bukit Indah", vec![9_871_021_001]),
            ("", vec![]),
        ] {
            assert_eq!(g.read(text), codes, "{text}");
        }
    }

    #[test]
    fn regions_lie_in_each_other() {
        for (a, b, how) in [
            (9_871_011_001, 9_871_011_001, Nearness::Same),
            (9_871_011_001, 9_871_010_000, Nearness::Inside),
            (9_800_000_000, 9_871_010_000, Nearness::Inside),
            (9_871_011_001, 9_871_011_002, Nearness::SameDistrict),
            (9_871_011_001, 9_871_021_001, Nearness::SameCity),
            (9_871_010_000, 9_871_020_000, Nearness::SameCity),
            (9_871_011_001, 9_801_012_001, Nearness::Apart),
        ] {
            assert_eq!((nearness(a, b), nearness(b, a)), (how, how), "{a} {b}");
        }
    }

    #[test]
    fn what_is_no_code_is_told() {
        let (gazetteer, unread) =
            Gazetteer::new([("98.1", "Rantau"), ("", "Hulu"), ("98", "Provinsi"), ("97", "Rantau")]);
        assert_eq!((gazetteer.len(), unread), (1, vec!["98.1".to_owned(), String::new(), "98".to_owned()]));
    }
}
