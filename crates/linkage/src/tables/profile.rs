//! Profiles: what to compare, as data. `docs/how-to/link-tables.md` holds the grammar.

use super::read::Reader;
use crate::gazetteer::Gazetteer;
use kernel::money::NumberStyle;
use linkage_engine::{COMPARISONS_MAX, Comparison, Level, Look, Model, Partners, Policy, Share, Training};
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;

/// A probability or share, written as a percentage: `62%`, `0.006 %`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(pub Share);

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("\"{text}\" is not a percentage: write it like 62% or 0.006%"))
        })
    }
}

impl Percent {
    fn parse(text: &str) -> Option<Self> {
        let number = text.trim().strip_suffix('%')?.trim_end();
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || fraction.len() > 7 || !digits(whole) || !digits(fraction) {
            return None;
        }
        let whole: u64 = whole.parse().ok()?;
        let fraction: u64 = format!("{fraction:0<7}").parse().ok()?;
        Some(Self(whole * 10_000_000 + fraction)).filter(|p| p.0 <= linkage_engine::BILLION)
    }

    /// Parts per thousand.
    pub(crate) fn permille(self) -> u16 {
        (self.0 / 1_000_000) as u16
    }

    /// Parts per million.
    pub(crate) fn ppm(self) -> i64 {
        (self.0 / 1_000) as i64
    }
}

/// Columns of a field: of both tables, or of each.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// In both tables.
    #[serde(default)]
    pub both: Vec<String>,
    /// In the left table.
    #[serde(default)]
    pub left: Vec<String>,
    /// In the right table.
    #[serde(default)]
    pub right: Vec<String>,
}

impl Columns {
    /// Of one side.
    pub fn of(&self, side: linkage_engine::Side) -> &[String] {
        let own = match side {
            linkage_engine::Side::Left => &self.left,
            linkage_engine::Side::Right => &self.right,
        };
        if own.is_empty() { &self.both } else { own }
    }
}

/// A field: where it stands and how it is read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Name, used in `compare` and `block`.
    pub name: String,
    /// How its cells are read.
    pub read: Reader,
    /// Its columns.
    pub columns: Columns,
    /// Slips of the finger forgiven in a word: 0, 1 or 2.
    #[serde(default = "one")]
    pub slips: u8,
    /// Decimal sign of money in text; where it is not said, each cell tells by its separators, and `150.000` is thousands.
    pub style: Option<NumberStyle>,
    /// Digits of a whole identity number, where a spreadsheet may have lost zeros before it: what its head is counted from.
    #[serde(default)]
    pub length: u32,
    /// The list of regions, for [`Reader::Region`].
    #[serde(skip)]
    pub gazetteer: Option<Arc<Gazetteer>>,
}

impl Field {
    /// A field as a profile has it that says no more than its name and reader.
    pub fn new(name: &str, read: Reader) -> Self {
        let columns = Columns { both: vec![name.to_owned()], ..Columns::default() };
        Self { name: name.to_owned(), read, columns, slips: one(), style: None, length: 0, gazetteer: None }
    }
}

fn one() -> u8 {
    1
}

/// What is compared of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Words both have, by what they say; levels have `at_least`.
    Words,
    /// Numbers (and such parts) as sets: `same`, `some` (one side has more, the rest numbers the same
    /// words), `loose` (one side has more), `absent` (one side has none), `missing` (neither has any).
    Marks,
    /// Role of works, legal form of firms: `same`, `missing`.
    Class,
    /// The whole: `same`, `missing`.
    Exact,
    /// Rupiah: `same`, `without_tax`, `rounded`, `near`, `part` (the left is the
    /// smaller), `missing`.
    Value,
    /// Days: `same`, `slip`, `swapped`, `week`, `month`, `year`, `missing`.
    Date,
    /// Identity numbers: `same`, `same_head`, `slip`, `slips`, `missing`.
    Digits,
    /// Contract numbers: `same`, `same_core`, `missing`.
    Number,
    /// Regions: `same`, `inside` (one lies in the other), `district`, `city`, `missing`.
    Region,
}

/// One level of a comparison, best first: the first that holds is taken.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelSpec {
    /// What must hold, in the words of [`By`]; any other name always holds, and for `words` any name
    /// will do.
    pub name: String,
    /// For words: least share of what the two say that both say.
    pub at_least: Option<Percent>,
    /// Probability among true pairs.
    pub m: Option<Percent>,
    /// Probability among pairs drawn at random.
    pub u: Option<Percent>,
}

/// A comparison.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareSpec {
    /// Name, printed in explanations.
    pub name: String,
    /// Field.
    pub of: String,
    /// What of it.
    pub by: By,
    /// How far rarity may move a level, hundredths of a bit.
    #[serde(default)]
    pub rare: i32,
    /// What of the value is rare.
    #[serde(default)]
    pub rarity: Rarity,
    /// Tax rates under which two values may be the same.
    #[serde(default)]
    pub tax: Vec<Percent>,
    /// Leading digits that say the same already (of a tax number: the taxpayer).
    pub head: Option<u32>,
    /// Levels, best first.
    pub levels: Vec<LevelSpec>,
}

/// What tells how rare an agreement is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rarity {
    /// How many left records have the whole value. Right where a record is one of many of its kind: the works of a firm.
    #[default]
    Whole,
    /// The words both have, each by itself, and each whole value counted once. Right where one list holds the same thing several times, so that a value's
    /// own repetitions would make it look common: the spellings of a firm.
    Words,
}

/// What two records must share to be looked at.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockSpec {
    /// A rare word, or two commoner ones.
    Words(String),
    /// A number together with a word.
    WordsMarks(String),
    /// The whole value; for money, with and without tax.
    Exact(String),
    /// All of these parts: `field`, `field.word`, `field.year`, `field.near`, `field.head:6`,
    /// `field.tail:6`.
    All(Vec<String>),
}

/// Thresholds.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// A link from here, hundredths of a bit.
    pub link: i32,
    /// For a person to decide from here.
    pub review: i32,
    /// What the best assignment without the link must lose.
    #[serde(default = "one_bit")]
    pub margin: i32,
    /// Compared records that weigh so little are never in one cluster.
    #[serde(default = "never")]
    pub apart: i32,
}

fn one_bit() -> i32 {
    100
}

fn never() -> i32 {
    i32::MIN / 4
}

/// How much of what scoring would accept blocking must find.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecallSpec {
    /// Target.
    pub target: Percent,
    /// Records of the right table it is measured on.
    pub sample: usize,
}

/// Estimation.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainSpec {
    /// Right records with a partner, to begin with.
    pub expected: Percent,
    /// Right records whose candidates are looked at.
    #[serde(default = "train_records")]
    pub records: usize,
    /// Records of each side whose cross product gives u.
    #[serde(default = "train_random")]
    pub random: usize,
    /// Pairs the profile's own probabilities count for.
    #[serde(default = "train_profile")]
    pub profile_counts: u64,
}

fn train_records() -> usize {
    20_000
}
fn train_random() -> usize {
    1_000
}
fn train_profile() -> u64 {
    20
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: String,
    id: Columns,
    #[serde(with = "serde_yaml_ng::with::singleton_map")]
    partners: Partners,
    thresholds: Thresholds,
    look: Look,
    recall: Option<RecallSpec>,
    /// Share of right records that have a partner, where nothing is estimated.
    expected: Percent,
    train: Option<TrainSpec>,
    fields: Vec<Field>,
    compare: Vec<CompareSpec>,
    #[serde(with = "serde_yaml_ng::with::singleton_map_recursive")]
    block: Vec<BlockSpec>,
}

/// A profile that has been checked.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Name.
    pub name: String,
    /// Columns of the identifier; the first that a table has is taken.
    pub id: Columns,
    /// How many partners.
    pub partners: Partners,
    /// Thresholds.
    pub thresholds: Thresholds,
    /// How much to look at.
    pub look: Look,
    /// Recall of blocking to reach.
    pub recall: Option<RecallSpec>,
    /// Share of right records with a partner, where nothing is estimated.
    pub expected: Share,
    /// Estimation; none where the probabilities are taken as they stand.
    pub train: Option<TrainSpec>,
    /// Fields.
    pub fields: Vec<Field>,
    pub(crate) compare: Vec<CompareSpec>,
    pub(crate) block: Vec<Block>,
}

/// A blocking rule with its fields found.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    Words(usize),
    WordsMarks(usize),
    Exact(usize, Vec<i64>),
    All(Vec<(usize, Part)>),
}

/// Part of a field in a compound key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    Word,
    Year,
    Near,
    /// So many digits, of a number of so many.
    Head(u32, u32),
    Tail(u32),
}

/// A profile that cannot be used: what is wrong, where, and what would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileFault {
    /// Name of the sentence in `i18n/` that says it.
    pub sentence: &'static str,
    /// What the sentence names.
    pub arguments: Vec<(&'static str, String)>,
}

impl ProfileFault {
    fn new(sentence: &'static str, arguments: &[(&'static str, &dyn fmt::Display)]) -> Self {
        Self { sentence, arguments: arguments.iter().map(|(name, value)| (*name, value.to_string())).collect() }
    }
}

impl Profile {
    /// Reads and checks a profile.
    ///
    /// # Errors
    /// [`ProfileFault`] with the line or the part, and what is expected there.
    pub fn read(text: &str) -> Result<Self, ProfileFault> {
        let raw: Raw =
            serde_yaml_ng::from_str(text).map_err(|e| ProfileFault::new("profile-unreadable", &[("what", &e)]))?;
        let names: Vec<&str> = raw.fields.iter().map(|f| f.name.as_str()).collect();
        let find = |place: &str, name: &str| {
            names.iter().position(|n| *n == name).ok_or_else(|| {
                ProfileFault::new(
                    "profile-no-field",
                    &[("place", &place), ("name", &name), ("known", &names.join(", "))],
                )
            })
        };
        for (i, name) in names.iter().enumerate() {
            if names[..i].contains(name) {
                return Err(ProfileFault::new("profile-field-twice", &[("name", name)]));
            }
        }
        if raw.compare.is_empty() || raw.compare.len() > COMPARISONS_MAX {
            return Err(ProfileFault::new(
                "profile-comparisons",
                &[("most", &COMPARISONS_MAX), ("count", &raw.compare.len())],
            ));
        }
        for (i, spec) in raw.compare.iter().enumerate() {
            let place = format!("compare {}", spec.name);
            if raw.compare[..i].iter().any(|c| c.name == spec.name) {
                return Err(ProfileFault::new("profile-twice", &[("place", &"compare"), ("name", &spec.name)]));
            }
            check(&place, spec, raw.fields[find(&place, &spec.of)?].read)?;
            ranged(&place, "rare", spec.rare.into(), 0..=10_000)?;
            ranged(&place, "head", spec.head.map_or(1, i64::from), 1..=18)?;
        }
        for field in &raw.fields {
            let place = format!("fields {}", field.name);
            ranged(&place, "slips", field.slips.into(), 0..=2)?;
            ranged(&place, "length", field.length.into(), 0..=18)?;
        }
        ranged("look", "block_max", i64::try_from(raw.look.block_max).unwrap_or(i64::MAX), 1..=1_000_000)?;
        ranged("look", "entries_max", i64::try_from(raw.look.entries_max).unwrap_or(i64::MAX), 1..=1_000_000)?;
        ranged("look", "candidates_max", i64::try_from(raw.look.candidates_max).unwrap_or(i64::MAX), 1..=10_000)?;
        if raw.block.is_empty() {
            return Err(ProfileFault::new("profile-no-block", &[]));
        }
        let block = raw.block.iter().map(|b| block_of(b, &raw, &find)).collect::<Result<_, _>>()?;
        if raw.look.share > 100 {
            return Err(ProfileFault::new("profile-share", &[("share", &raw.look.share)]));
        }
        if raw.thresholds.review > raw.thresholds.link {
            return Err(ProfileFault::new("profile-thresholds", &[]));
        }
        Ok(Self {
            name: raw.name,
            id: raw.id,
            partners: raw.partners,
            thresholds: raw.thresholds,
            look: raw.look,
            recall: raw.recall,
            expected: raw.expected.0,
            train: raw.train,
            fields: raw.fields,
            compare: raw.compare,
            block,
        })
    }

    /// Replaces m and u of a level (parts per billion), as labelled pairs taught them.
    pub fn teach(&mut self, comparison: &str, level: &str, m: Share, u: Share) {
        let specs = self.compare.iter_mut().filter(|c| c.name == comparison).flat_map(|c| &mut c.levels);
        for spec in specs.filter(|l| l.name == level) {
            (spec.m, spec.u) = (Some(Percent(m)), Some(Percent(u)));
        }
    }

    /// What tells how rare a field's values are.
    pub(crate) fn rarity_of(&self, field: &str) -> Rarity {
        self.compare.iter().find(|c| c.of == field && c.by == By::Words).map_or(Rarity::Whole, |c| c.rarity)
    }

    /// Names of the fields that need a list of regions.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(|f| f.read == Reader::Region).map(|f| f.name.as_str())
    }

    /// Gives those fields their list.
    pub fn set_gazetteer(&mut self, gazetteer: &Arc<Gazetteer>) {
        let fields = self.fields.iter_mut().filter(|f| f.read == Reader::Region);
        fields.for_each(|f| f.gazetteer = Some(Arc::clone(gazetteer)));
    }

    /// Index of a field.
    pub(crate) fn field(&self, name: &str) -> usize {
        self.fields.iter().position(|f| f.name == name).unwrap_or_default()
    }

    /// The policy of assignment.
    pub fn policy(&self) -> Policy {
        let t = self.thresholds;
        Policy { link: t.link, review: t.review, margin: t.margin, partners: self.partners }
    }

    /// Every tax rate of its comparisons, parts per million.
    pub(crate) fn tax_ppm(&self) -> Vec<i64> {
        self.compare.iter().flat_map(|c| c.tax.iter().map(|p| p.ppm())).collect()
    }

    /// How to estimate, where the profile says so.
    pub fn training(&self) -> Option<Training> {
        self.train.map(|t| Training {
            records: t.records,
            random: t.random,
            expected: t.expected.0,
            profile_counts: t.profile_counts,
            exclusive: self.partners != Partners::ManyToMany,
            ..Training::default()
        })
    }

    /// The model as the profile states it, for a left list of some length. Every comparison gets a
    /// level for a missing value; levels without probabilities start from a ladder.
    pub fn model(&self, lefts: usize) -> Model {
        let comparison = |spec: &CompareSpec| {
            let told = spec.levels.iter().filter(|l| l.name != MISSING).count().max(1) as u64;
            let mut rank = 0;
            let mut levels: Vec<Level> = spec
                .levels
                .iter()
                .map(|l| {
                    if l.name == MISSING {
                        return Level::missing(MISSING);
                    }
                    rank += 1;
                    // Best level most often among true pairs, worst among random ones.
                    let m = l.m.map_or(linkage_engine::BILLION >> rank.min(20), |p| p.0);
                    let u = l.u.map_or(linkage_engine::BILLION >> (2 * (told + 1 - rank)).min(29), |p| p.0);
                    Level::new(&l.name, m.max(1), u.max(1))
                })
                .collect();
            if !levels.iter().any(|l| l.missing) {
                levels.push(Level::missing(MISSING));
            }
            Comparison { name: spec.name.clone(), rare: spec.rare, levels }
        };
        let prior = linkage_engine::log2_hundredths(
            self.expected.max(1),
            (lefts.max(1) as u64).saturating_mul(linkage_engine::BILLION),
        );
        Model { prior, comparisons: self.compare.iter().map(comparison).collect() }
    }
}

/// Name of the level that says nothing.
pub(crate) const MISSING: &str = "missing";

/// A number of a profile within what makes sense.
fn ranged(place: &str, name: &str, value: i64, within: std::ops::RangeInclusive<i64>) -> Result<(), ProfileFault> {
    if within.contains(&value) {
        return Ok(());
    }
    let (least, most) = (within.start(), within.end());
    Err(ProfileFault::new(
        "profile-range",
        &[("place", &place), ("name", &name), ("value", &value), ("least", least), ("most", most)],
    ))
}

fn check(place: &str, spec: &CompareSpec, reader: Reader) -> Result<(), ProfileFault> {
    let (fits, known): (bool, &[&str]) = match spec.by {
        By::Words => (reader.has_words(), &[]),
        By::Marks => (reader.has_marks() && reader != Reader::Number, &["same", "some", "loose", "absent", MISSING]),
        By::Class => (reader.has_class(), &["same", MISSING]),
        By::Exact => (reader != Reader::Money, &["same", MISSING]),
        By::Value => (reader == Reader::Money, &["same", "without_tax", "rounded", "near", "part", MISSING]),
        By::Date => (reader == Reader::Date, &["same", "slip", "swapped", "week", "month", "year", MISSING]),
        By::Digits => (reader == Reader::Digits, &["same", "same_head", "slip", "slips", MISSING]),
        By::Number => (reader == Reader::Number, &["same", "same_core", MISSING]),
        By::Region => (reader == Reader::Region, &["same", "inside", "district", "city", MISSING]),
    };
    if spec.rarity == Rarity::Words && spec.by != By::Words {
        return Err(ProfileFault::new("profile-rarity", &[("place", &place)]));
    }
    if !fits {
        let (read, by) = (format!("{reader:?}").to_lowercase(), format!("{:?}", spec.by).to_lowercase());
        return Err(ProfileFault::new("profile-cannot-compare", &[("place", &place), ("read", &read), ("by", &by)]));
    }
    if spec.levels.iter().filter(|l| l.name != MISSING).count() < 2 || spec.levels.len() > 12 {
        return Err(ProfileFault::new("profile-levels", &[("place", &place)]));
    }
    let last = spec.levels.iter().rposition(|l| l.name != MISSING).unwrap_or_default();
    let shares: Vec<u16> = spec.levels.iter().filter_map(|l| l.at_least.map(Percent::permille)).collect();
    if !shares.is_sorted_by(|a, b| a > b) {
        return Err(ProfileFault::new("profile-at-least-order", &[("place", &place)]));
    }
    for (i, level) in spec.levels.iter().enumerate() {
        if spec.levels[..i].iter().any(|l| l.name == level.name) {
            return Err(ProfileFault::new("profile-twice", &[("place", &place), ("name", &level.name)]));
        }
    }
    for (i, level) in spec.levels.iter().enumerate().filter(|(_, l)| l.name != MISSING) {
        let tells = known.contains(&level.name.as_str()) || spec.by == By::Words && level.at_least.is_some();
        if tells == (i == last) {
            let (place, level) = (("place", &place as &dyn fmt::Display), ("level", &level.name as &dyn fmt::Display));
            return Err(if spec.by == By::Words {
                ProfileFault::new("profile-at-least", &[place, level])
            } else {
                ProfileFault::new("profile-level-unknown", &[place, level, ("known", &known.join(", "))])
            });
        }
        if level.m.is_some() != level.u.is_some() {
            return Err(ProfileFault::new("profile-m-and-u", &[("place", &place), ("level", &level.name)]));
        }
    }
    Ok(())
}

fn block_of(
    spec: &BlockSpec,
    raw: &Raw,
    find: &dyn Fn(&str, &str) -> Result<usize, ProfileFault>,
) -> Result<Block, ProfileFault> {
    Ok(match spec {
        BlockSpec::Words(name) | BlockSpec::WordsMarks(name) => {
            let field = find("block", name)?;
            if !raw.fields[field].read.has_words() {
                return Err(ProfileFault::new("profile-no-words", &[("name", name)]));
            }
            if matches!(spec, BlockSpec::Words(_)) { Block::Words(field) } else { Block::WordsMarks(field) }
        }
        BlockSpec::Exact(name) => {
            let field = find("block", name)?;
            let taxes = raw.compare.iter().filter(|c| c.of == *name).flat_map(|c| &c.tax);
            Block::Exact(field, taxes.map(|p| p.ppm()).collect())
        }
        BlockSpec::All(parts) => {
            let mut found = Vec::new();
            for part in parts {
                let (name, part_name) = part.split_once('.').unwrap_or((part, ""));
                let field = find("block", name)?;
                let reader = raw.fields[field].read;
                let (word, count) = part_name.split_once(':').unwrap_or((part_name, ""));
                let count: u32 = count.parse().unwrap_or(0);
                let made = match word {
                    "" if reader != Reader::Money => Part::Whole,
                    "word" if reader.has_words() => Part::Word,
                    "year" if reader == Reader::Date => Part::Year,
                    "near" if matches!(reader, Reader::Money | Reader::Date) => Part::Near,
                    "head" if matches!(reader, Reader::Digits | Reader::Region) && (1..=18).contains(&count) => {
                        Part::Head(count, raw.fields[field].length)
                    }
                    "tail" if reader.has_values() && count > 0 => Part::Tail(count),
                    _ => {
                        let read = format!("{reader:?}").to_lowercase();
                        return Err(ProfileFault::new("profile-part", &[("part", part), ("read", &read)]));
                    }
                };
                found.push((field, made));
            }
            if found.is_empty() || found.len() > 4 {
                return Err(ProfileFault::new("profile-parts", &[]));
            }
            Block::All(found)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_exact() {
        for (text, ppb) in [("62%", 620_000_000), ("0.006 %", 60_000), ("100%", 1_000_000_000), ("0.0000001%", 1)] {
            assert_eq!(Percent::parse(text), Some(Percent(ppb)), "{text}");
        }
        for text in ["62", "101%", "-1%", "0.00000001%", "1e3%", ""] {
            assert_eq!(Percent::parse(text), None, "{text}");
        }
    }
}
