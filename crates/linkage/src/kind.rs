//! What is built: road, drainage, school. A help for grouping, told by words of the name; nothing else rests on it.

use crate::words::words;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Kind of a name that no word tells.
pub const OTHER: &str = "other";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    kinds: BTreeMap<String, Vec<String>>,
    weak: BTreeMap<String, Vec<String>>,
}

struct Kinds {
    names: Vec<String>,
    /// Phrases as words, with the kind; phrases of the weak ones apart.
    strong: Vec<(Vec<String>, usize)>,
    weak: Vec<(Vec<String>, usize)>,
}

fn kinds() -> &'static Kinds {
    static KINDS: OnceLock<Kinds> = OnceLock::new();
    KINDS.get_or_init(|| match serde_yaml_ng::from_str::<Raw>(include_str!("../profiles/kinds.yaml")) {
        Ok(raw) => {
            let mut out = Kinds { names: Vec::new(), strong: Vec::new(), weak: Vec::new() };
            for (list, of) in [(raw.kinds, &mut out.strong), (raw.weak, &mut out.weak)] {
                for (name, phrases) in list {
                    out.names.push(name);
                    of.extend(phrases.iter().map(|p| (tokens(p), out.names.len() - 1)));
                }
            }
            out
        }
        Err(error) => unreachable!("profiles/kinds.yaml: {error}"),
    })
}

/// Every kind, in the order of lists; the last one is [`OTHER`].
pub fn all() -> impl Iterator<Item = &'static str> {
    kinds().names.iter().map(String::as_str).chain([OTHER])
}

/// Words of a text as they are compared: small, without signs, short forms written out.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let canon = &words().canon;
    let word = |w: &str| canon.get(w).cloned().unwrap_or_else(|| w.to_owned());
    lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(word).collect()
}

/// Where a phrase begins among words, if it is there.
pub(crate) fn at(words: &[String], phrase: &[String]) -> Option<usize> {
    words.windows(phrase.len().max(1)).position(|w| w == phrase)
}

/// The kind a name of works tells by the word that stands first.
pub fn kind_of(name: &str) -> &'static str {
    let (kinds, words) = (kinds(), tokens(name));
    let first = |list: &[(Vec<String>, usize)]| {
        // Where two begin at the same word, the longer phrase says more.
        let hits =
            list.iter().filter_map(|(phrase, kind)| Some((at(&words, phrase)?, usize::MAX - phrase.len(), *kind)));
        hits.min().map(|(_, _, kind)| kind)
    };
    first(&kinds.strong).or_else(|| first(&kinds.weak)).map_or(OTHER, |kind| kinds.names[kind].as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_decides_and_a_weak_one_only_alone() {
        for (name, kind) in [
            ("Pembangunan Drainase Jl. Merdeka RT 06", "drainage"),
            ("Peningkatan Jalan Lingkungan Kel. Pasar Baru", "road"),
            ("Rehab Gedung Puskesmas Simpang Kawat", "health"),
            ("Rehabilitasi Ruang Kelas SDN 5/IV", "school"),
            ("Pembangunan Pagar Kantor Camat", "building"),
            ("Perbaikan Rumah Tidak Layak Huni Paket 10", "housing"),
            ("Pembangunan Rumah Sakit Tipe C", "health"),
            ("Pengadaan dan Pemasangan Lampu Penerangan Jalan Umum", "lighting"),
            ("Belanja Modal", "other"),
        ] {
            assert_eq!(kind_of(name), kind, "{name}");
        }
        assert_eq!(all().last(), Some(OTHER));
    }
}
