//! A year's guide as data: criteria, weights, what is asked as evidence. Its grammar is in `docs/award.md`.
//!
//! The official weights are not known to us, so none ship: a guide says them all, in whole hundredths that sum to the whole, or none.

use super::figures::Figure;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Bytes of a guide at most.
pub const BYTES_MAX: usize = 40_000;

/// Years a guide may be of.
const YEARS: std::ops::RangeInclusive<i64> = 2017..=2100;

/// Criteria, and pieces of evidence of one, at most.
const MOST: usize = 60;

/// Letters of any text at most.
const TEXT: usize = 400;

/// Mistakes said at most.
const SAID: usize = 40;

/// What weights sum to.
const WHOLE: i64 = 100;

/// A guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// The award.
    pub award: String,
    /// Its year.
    pub year: i64,
    /// Category, such as the city's.
    #[serde(default)]
    pub category: String,
    /// Where the guide stands written.
    pub source: String,
    /// Criteria.
    pub criteria: Vec<Criterion>,
}

/// A criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Short name, unique.
    pub code: String,
    /// What is looked at.
    pub title: String,
    /// Weight of a hundred; none where the guide says none.
    #[serde(default)]
    pub weight: Option<i64>,
    /// What is asked.
    pub evidence: Vec<Evidence>,
}

/// A piece of evidence that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Short name, unique in the guide.
    pub code: String,
    /// What is asked.
    pub title: String,
    /// The figure of the ledger that answers it; none: a document does.
    #[serde(default)]
    pub figure: Option<String>,
}

impl Evidence {
    /// The figure that answers it.
    #[must_use]
    pub fn figure(&self) -> Option<Figure> {
        let name = self.figure.as_deref()?;
        Figure::ALL.iter().copied().find(|f| f.name() == name)
    }
}

/// What is amiss with a guide; each has a sentence `award-no-NAME` with a place and a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amiss {
    /// Not YAML of this shape: what the reader says, with line and column.
    Shape(String),
    /// A name for a piece of the guide (`&name`), or its use (`*name`).
    Alias,
    /// Larger than is taken.
    Large,
    /// A year the award was not given in, or too far ahead.
    Year(i64),
    /// A text is missing or too long: its place.
    Text(String),
    /// None, or too many: the place.
    Count(String),
    /// A short name stands twice.
    Twice(String),
    /// A short name of other letters than small ones, digits and dashes.
    Code(String),
    /// No figure of this name: the place and the name.
    Figure(String, String),
    /// Some criteria have a weight and others none: those without.
    Weights(String),
    /// A weight that is none: the criterion.
    Weight(String),
    /// Weights that do not sum to a hundred: their sum.
    Sum(i64),
}

impl Amiss {
    /// Name of its sentence, with the place and the text it speaks of.
    #[must_use]
    pub fn sentence(&self) -> (&'static str, [(&'static str, String); 2]) {
        let of = |name, place: &str, text: &str| (name, [("place", place.to_owned()), ("text", text.to_owned())]);
        match self {
            Self::Shape(text) => of("award-no-shape", "", text),
            Self::Alias => of("award-no-alias", "", ""),
            Self::Large => of("award-no-large", "", &BYTES_MAX.to_string()),
            Self::Year(year) => of("award-no-year", "", &year.to_string()),
            Self::Text(place) => of("award-no-text", place, &TEXT.to_string()),
            Self::Count(place) => of("award-no-count", place, &MOST.to_string()),
            Self::Twice(code) => of("award-no-twice", "", code),
            Self::Code(code) => of("award-no-code", "", code),
            Self::Figure(place, name) => of("award-no-figure", place, name),
            Self::Weights(place) => of("award-no-weights", place, ""),
            Self::Weight(place) => of("award-no-weight", place, ""),
            Self::Sum(sum) => of("award-no-sum", "", &sum.to_string()),
        }
    }
}

/// Reads a guide.
///
/// # Errors
/// Everything that is amiss with it.
pub fn read(text: &str) -> Result<Guide, Vec<Amiss>> {
    if text.len() > BYTES_MAX {
        return Err(vec![Amiss::Large]);
    }
    // A few lines that name each other can stand for gigabytes, and a guide needs none of that.
    let follows = |(i, _): (usize, &str)| {
        let before = text[..i].chars().next_back();
        let begins = before.is_none_or(|c| c.is_whitespace() || "[{,:-".contains(c));
        begins && text[i + 1..].starts_with(|c: char| c.is_alphanumeric())
    };
    if text.match_indices(['*', '&']).any(follows) {
        return Err(vec![Amiss::Alias]);
    }
    let guide: Guide = serde_yaml_ng::from_str(text).map_err(|e| vec![Amiss::Shape(e.to_string())])?;
    let amiss = check(&guide);
    if amiss.is_empty() { Ok(guide) } else { Err(amiss.into_iter().take(SAID).collect()) }
}

fn check(guide: &Guide) -> Vec<Amiss> {
    let mut out = Vec::new();
    let is_text = |text: &str| !text.trim().is_empty() && text.chars().count() <= TEXT;
    if !YEARS.contains(&guide.year) {
        out.push(Amiss::Year(guide.year));
    }
    for (place, text) in [("award", &guide.award), ("source", &guide.source)] {
        if !is_text(text) {
            out.push(Amiss::Text(place.to_owned()));
        }
    }
    if guide.category.chars().count() > TEXT {
        out.push(Amiss::Text("category".to_owned()));
    }
    if guide.criteria.is_empty() || guide.criteria.len() > MOST {
        out.push(Amiss::Count("criteria".to_owned()));
    }
    let (mut criteria, mut evidence) = (BTreeSet::new(), BTreeSet::new());
    let mut code = |seen: &mut BTreeSet<String>, code: &str| {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if code.is_empty() || code.len() > 40 || !code.chars().all(fits) {
            out.push(Amiss::Code(code.to_owned()));
        } else if !seen.insert(code.to_owned()) {
            out.push(Amiss::Twice(code.to_owned()));
        }
    };
    for c in &guide.criteria {
        code(&mut criteria, &c.code);
        c.evidence.iter().for_each(|e| code(&mut evidence, &e.code));
    }
    for c in &guide.criteria {
        if !is_text(&c.title) {
            out.push(Amiss::Text(c.code.clone()));
        }
        if c.evidence.is_empty() || c.evidence.len() > MOST {
            out.push(Amiss::Count(c.code.clone()));
        }
        if c.weight.is_some_and(|w| !(0..=WHOLE).contains(&w)) {
            out.push(Amiss::Weight(c.code.clone()));
        }
        for e in &c.evidence {
            if !is_text(&e.title) {
                out.push(Amiss::Text(e.code.clone()));
            }
            if let Some(name) = e.figure.as_ref().filter(|_| e.figure().is_none()) {
                out.push(Amiss::Figure(e.code.clone(), name.clone()));
            }
        }
    }
    let without: Vec<&str> = guide.criteria.iter().filter(|c| c.weight.is_none()).map(|c| c.code.as_str()).collect();
    if without.is_empty() {
        let sum = guide.criteria.iter().filter_map(|c| c.weight).fold(0i64, i64::saturating_add);
        if sum != WHOLE && !guide.criteria.is_empty() {
            out.push(Amiss::Sum(sum));
        }
    } else if without.len() < guide.criteria.len() {
        out.push(Amiss::Weights(without.join(", ")));
    }
    out
}

/// A guide to begin with: aspects the press named, without weights, and every figure there is.
#[must_use]
pub fn skeleton(year: i64) -> String {
    format!(
        "# Aspek menurut pemberitaan, bukan juknis resmi; ganti dengan juknis tahun ini.
# Bobot (weight) tidak diisi karena bobot resmi tidak kami ketahui. Isi semuanya atau tidak sama sekali; jumlahnya 100.
award: Paritrana
year: {year}
category: Kabupaten/Kota
source: Juknis {year}, halaman …
criteria:
- code: regulasi
  title: Kebijakan dan regulasi daerah
  evidence:
  - {{code: perda, title: Peraturan daerah atau peraturan kepala daerah}}
  - {{code: aturan-kota, title: Aturan kota yang berlaku di sini, figure: rules}}
- code: cakupan
  title: Cakupan kepesertaan
  evidence:
  - {{code: orang-aktif, title: Orang yang terlindungi, figure: people_active}}
  - {{code: penerima-upah, title: Penerima upah, figure: active_waged}}
  - {{code: bukan-penerima-upah, title: Bukan penerima upah, figure: active_non_waged}}
  - {{code: pembagi, title: Bagian dari tiap pembagi, figure: coverage}}
- code: jakon
  title: Jasa konstruksi
  evidence:
  - {{code: proyek, title: Proyek menurut keadaannya, figure: projects}}
  - {{code: nilai, title: Nilai konstruksi yang terlindungi, figure: value}}
  - {{code: gerbang, title: Pemeriksaan sebelum pembayaran, figure: gates}}
- code: rentan
  title: Pekerja rentan
  evidence:
  - {{code: anggaran, title: Anggaran dalam APBD}}
  - {{code: kelompok, title: Pekerja rentan menurut kelompok, figure: groups}}
  - {{code: donasi, title: Donasi dan yang dibayarkan darinya, figure: donations}}
- code: kehadiran
  title: Kehadiran kepala daerah dan pemantauan
  evidence:
  - {{code: wawancara, title: Bahan wawancara kepala daerah}}
  - {{code: rapat, title: Rapat monitoring dan janji yang ditepati, figure: meetings}}
- code: inovasi
  title: Inovasi
  evidence:
  - {{code: uraian-inovasi, title: Uraian inovasi}}
  - {{code: mobil, title: Mobil layanan, figure: outreach}}
  - {{code: bimtek, title: Bimbingan teknis, figure: trainings}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_skeleton_reads_and_has_no_weights() {
        let guide = read(&skeleton(2026)).unwrap();
        assert_eq!((guide.year, guide.criteria.len()), (2026, 6));
        assert!(guide.criteria.iter().all(|c| c.weight.is_none()));
        let asked: BTreeSet<&str> =
            guide.criteria.iter().flat_map(|c| &c.evidence).filter_map(|e| e.figure.as_deref()).collect();
        assert!(asked.len() > 8);
    }

    #[test]
    fn every_mistake_is_said() {
        let of = |text: &str| read(text).unwrap_err();
        let head = "award: Paritrana\nyear: 2026\nsource: Juknis\ncriteria:\n";
        assert_eq!(of(&"x".repeat(BYTES_MAX + 1)), [Amiss::Large]);
        let bomb = format!("award: &t {}\nsource: *t\nyear: 2026\ncriteria: []", "x".repeat(300));
        assert_eq!(of(&bomb), [Amiss::Alias]);
        assert!(read(&skeleton(2026).replace("Inovasi", "K3 & jaminan sosial* (lihat * di bawah)")).is_ok());
        assert!(matches!(&of("award: [")[0], Amiss::Shape(text) if text.contains("line")), "with its line");
        assert!(
            matches!(&of(&format!("{head}- {{code: a, title: A, bobot: 3, evidence: []}}"))[0], Amiss::Shape(t) if t.contains("bobot"))
        );
        let item = |code: &str, weight: &str| {
            format!("- {{code: {code}, title: A, {weight}evidence: [{{code: {code}-1, title: B}}]}}\n")
        };
        assert_eq!(of(&format!("{head}{}{}", item("a", "weight: 60, "), item("b", "weight: 37, "))), [Amiss::Sum(97)]);
        assert_eq!(of(&format!("{head}{}{}", item("a", "weight: 100, "), item("b", ""))), [Amiss::Weights("b".into())]);
        assert_eq!(
            of(&format!("{head}{}{}", item("a", "weight: 160, "), item("b", "weight: -60, "))),
            [Amiss::Weight("a".into()), Amiss::Weight("b".into())]
        );
        assert!(read(&format!("{head}{}{}", item("a", "weight: 63, "), item("b", "weight: 37, "))).is_ok());
        let twice = format!("{head}{}{}", item("a", ""), item("a", ""));
        assert_eq!(of(&twice), [Amiss::Twice("a".into()), Amiss::Twice("a-1".into())]);
        assert_eq!(of(&format!("{head}{}", item("A_1", ""))).len(), 2);
        let figure = format!("{head}- {{code: a, title: A, evidence: [{{code: b, title: B, figure: gaji}}]}}");
        assert_eq!(of(&figure), [Amiss::Figure("b".into(), "gaji".into())]);
        assert_eq!(
            of(&format!("{head}- {{code: a, title: ' ', evidence: []}}")),
            [Amiss::Text("a".into()), Amiss::Count("a".into())]
        );
        assert_eq!(
            of("award: P\nyear: 1999\nsource: J\ncriteria: []"),
            [Amiss::Year(1999), Amiss::Count("criteria".into())]
        );
    }
}
