//! Comparing two records in one field.

use super::column::Column;
use super::profile::{By, CompareSpec, MISSING, Profile, Rarity};
use super::read::{GENERIC, Reader};
use super::rows::{ATTACHED, Rows, View};
use super::vocabulary::Vocabulary;
use crate::gazetteer::{Nearness, nearness};
use crate::slips::slips;
use linkage_engine::Outcomes;

/// What holds of a pair in one field: bits of [`bit`], the likeness of its words (per mille), and
/// what agreeing on these very values says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Grade {
    bits: u32,
    likeness: u16,
    information: i16,
}

mod bit {
    pub(super) const SAME: u32 = 1;
    pub(super) const MISSING: u32 = 1 << 1;
    pub(super) const SOME: u32 = 1 << 2;
    pub(super) const WITHOUT_TAX: u32 = 1 << 3;
    pub(super) const ROUNDED: u32 = 1 << 4;
    pub(super) const NEAR: u32 = 1 << 5;
    pub(super) const SLIP: u32 = 1 << 6;
    pub(super) const SLIPS: u32 = 1 << 7;
    pub(super) const SWAPPED: u32 = 1 << 8;
    pub(super) const WEEK: u32 = 1 << 9;
    pub(super) const MONTH: u32 = 1 << 10;
    pub(super) const YEAR: u32 = 1 << 11;
    pub(super) const HEAD: u32 = 1 << 12;
    pub(super) const CORE: u32 = 1 << 13;
    pub(super) const PART: u32 = 1 << 14;
    pub(super) const LOOSE: u32 = 1 << 16;
    pub(super) const ABSENT: u32 = 1 << 17;
    pub(super) const INSIDE: u32 = 1 << 18;
    pub(super) const DISTRICT: u32 = 1 << 19;
    pub(super) const CITY: u32 = 1 << 20;
    /// Always.
    pub(super) const ELSE: u32 = 1 << 15;
}

/// When a level holds.
#[derive(Debug, Clone, Copy)]
enum Test {
    Bits(u32),
    Likeness(u16),
}

/// A comparison made ready.
#[derive(Debug, Clone)]
pub(crate) struct Comparer {
    field: usize,
    by: By,
    rarity: Rarity,
    tax_ppm: Vec<i64>,
    head: (u32, u32),
    tests: Vec<Test>,
    /// Bits some level asks for: the rest need not be found out.
    wanted: u32,
    missing: u8,
    last: u8,
    /// One silent side has a level of its own.
    knows_absent: bool,
}

impl Comparer {
    pub(crate) fn new(profile: &Profile, spec: &CompareSpec) -> Self {
        let test = |name: &str| match name {
            "same" => bit::SAME,
            MISSING => bit::MISSING,
            "some" => bit::SOME,
            "without_tax" => bit::WITHOUT_TAX,
            "rounded" => bit::ROUNDED,
            "near" => bit::NEAR,
            "slip" => bit::SLIP,
            "slips" => bit::SLIPS,
            "swapped" => bit::SWAPPED,
            "week" => bit::WEEK,
            "month" => bit::MONTH,
            "year" => bit::YEAR,
            "same_head" => bit::HEAD,
            "same_core" => bit::CORE,
            "part" => bit::PART,
            "loose" => bit::LOOSE,
            "absent" => bit::ABSENT,
            "inside" => bit::INSIDE,
            "district" => bit::DISTRICT,
            "city" => bit::CITY,
            _ => bit::ELSE,
        };
        let tests: Vec<Test> = spec
            .levels
            .iter()
            .map(|l| match l.at_least {
                Some(share) => Test::Likeness(share.permille()),
                None if spec.by == By::Words && l.name != MISSING => Test::Bits(bit::ELSE),
                None => Test::Bits(test(&l.name)),
            })
            .collect();
        let wanted = tests.iter().fold(0, |all, test| if let Test::Bits(b) = test { all | b } else { all });
        let named = spec.levels.iter().position(|l| l.name == MISSING);
        Self {
            field: profile.field(&spec.of),
            by: spec.by,
            rarity: spec.rarity,
            tax_ppm: spec.tax.iter().map(|p| p.ppm()).collect(),
            head: (spec.head.unwrap_or(0), profile.fields[profile.field(&spec.of)].length),
            knows_absent: spec.levels.iter().any(|l| l.name == "absent"),
            missing: named.unwrap_or(spec.levels.len()) as u8,
            last: spec.levels.iter().rposition(|l| l.name != MISSING).unwrap_or_default() as u8,
            tests,
            wanted,
        }
    }

    /// Adds the level a pair reaches.
    pub(crate) fn compare(&self, columns: &[Column], left: (&Rows, u32), right: (&Rows, u32), out: &mut Outcomes) {
        let column = &columns[self.field];
        let (a, b) = (left.0.view(left.1, self.field), right.0.view(right.1, self.field));
        let grade = self.grade(column, &a, &b);
        let silent = bit::MISSING | if self.knows_absent { 0 } else { bit::ABSENT };
        if grade.bits & silent != 0 {
            out.push(self.missing, 0);
            return;
        }
        let bits = grade.bits | bit::ELSE;
        let holds = |test: &Test| match test {
            Test::Bits(b) => bits & b != 0,
            Test::Likeness(least) => grade.likeness >= *least,
        };
        let level = self.tests.iter().position(holds).map_or(self.last, |i| i as u8);
        out.push(level, if level == self.last { 0 } else { grade.information });
    }

    fn grade(&self, column: &Column, a: &View<'_>, b: &View<'_>) -> Grade {
        let missing = Grade { bits: bit::MISSING, ..Grade::default() };
        match self.by {
            By::Words => words(column, self.rarity, a, b),
            By::Marks => marks(a.marks, b.marks),
            By::Class => class(column.field.read, a.class, b.class),
            By::Exact => whole(a, b),
            By::Number => number(a, b),
            By::Region => region(a, b),
            By::Value => value(a, b, &self.tax_ppm),
            By::Date => match (a.only(), b.only()) {
                (Some(x), Some(y)) => date(x, y, self.wanted, a.key_info),
                _ => missing,
            },
            By::Digits => match (a.only(), b.only()) {
                (Some(x), Some(y)) => digits(x, y, self.head, self.wanted, a.key_info),
                _ => missing,
            },
        }
    }
}

fn whole(a: &View<'_>, b: &View<'_>) -> Grade {
    if a.key == 0 || b.key == 0 {
        return Grade { bits: bit::MISSING, ..Grade::default() };
    }
    let bits = if a.key == b.key { bit::SAME } else { 0 };
    Grade { bits, information: a.key_info, ..Grade::default() }
}

fn number(a: &View<'_>, b: &View<'_>) -> Grade {
    let mut grade = whole(a, b);
    if grade.bits == 0 && a.class != 0 && b.class != 0 && a.marks == b.marks {
        grade.bits = bit::CORE;
        grade.information = 0;
    }
    grade
}

/// Numbers are identity: RT 06 is not RT 16.
fn marks(a: &[u32], b: &[u32]) -> Grade {
    let split = |m: &[u32]| m.partition_point(|x| x & ATTACHED == 0);
    let ((a, with_a), (b, with_b)) = (a.split_at(split(a)), b.split_at(split(b)));
    let inside = |a: &[u32], b: &[u32]| a.iter().all(|m| b.binary_search(m).is_ok());
    let bits = match (a.is_empty(), b.is_empty()) {
        (true, true) => bit::MISSING,
        (true, false) | (false, true) => bit::ABSENT,
        _ if a == b => bit::SAME,
        _ if inside(with_a, with_b) && inside(a, b) || inside(with_b, with_a) && inside(b, a) => bit::SOME | bit::LOOSE,
        _ if inside(a, b) || inside(b, a) => bit::LOOSE,
        _ => 0,
    };
    Grade { bits, ..Grade::default() }
}

fn class(reader: Reader, a: u8, b: u8) -> Grade {
    let (a, b) = (a & !GENERIC, b & !GENERIC);
    let bits = if reader == Reader::Firm && (a == 0 || b == 0) {
        bit::MISSING
    } else if a == b {
        bit::SAME
    } else {
        0
    };
    Grade { bits, ..Grade::default() }
}

/// Most words of one side that are tried for slips.
const TRIED_MAX: usize = 16;

/// The share of the common information of two names. The shorter name may be held in the longer one
/// (contractors write "REHAB SDN 5" for a line of text), so three quarters of the base are its.
fn words(column: &Column, rarity: Rarity, left: &View<'_>, right: &View<'_>) -> Grade {
    let is_generic = |v: &View<'_>| column.field.read.is_works() && v.class & GENERIC != 0;
    if left.key == 0 || right.key == 0 || is_generic(left) || is_generic(right) {
        return Grade { bits: bit::MISSING, ..Grade::default() };
    }
    if left.key == right.key {
        return Grade { likeness: 1000, information: whole_info(rarity, left, right), ..Grade::default() };
    }
    let v = &column.vocabulary;
    let info = |w: u32| u32::from(v.info[w as usize].unsigned_abs());
    let (a, b) = (left.words, right.words);
    let (mut alone_a, mut alone_b) = ([0u32; TRIED_MAX], [0u32; TRIED_MAX]);
    // Beyond [`TRIED_MAX`] words none is tried: which of them were would depend on the order of rows.
    let (mut na, mut nb) = (0, 0);
    let mut shared = 0u32;
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let (x, y) = (a.get(i).copied().unwrap_or(u32::MAX), b.get(j).copied().unwrap_or(u32::MAX));
        if x == y {
            shared += info(x);
            i += 1;
            j += 1;
        } else if x < y {
            if na < TRIED_MAX {
                alone_a[na] = x;
            }
            na += 1;
            i += 1;
        } else {
            if nb < TRIED_MAX {
                alone_b[nb] = y;
            }
            nb += 1;
            j += 1;
        }
    }
    let (mut wa, mut wb) = (left.info, right.info);
    let initials = column.field.read == Reader::Person;
    if na > TRIED_MAX || nb > TRIED_MAX {
        (na, nb) = (0, 0);
    }
    if na > 1 && nb > 0 {
        alone_a[..na].sort_unstable_by_key(|w| v.hashes[*w as usize]);
    }
    for x in alone_a[..na].iter().filter(|_| nb > 0) {
        let Some((at, likeness)) = near_one(v, *x, &alone_b[..nb], initials) else { continue };
        // A slip makes a common word look rare: both count as the commoner of the two.
        let (ix, iy) = (info(*x), info(alone_b[at]));
        let common = ix.min(iy);
        shared += common * u32::from(likeness) / 1000;
        wa -= ix - common;
        wb -= iy - common;
        alone_b[at] = TAKEN;
    }
    if shared == 0 && column.field.read == Reader::Firm {
        return joined(column, rarity, left, right);
    }
    let base = (3 * wa.min(wb) + wa.max(wb)) / 4;
    let likeness = (u64::from(shared) * 1000).checked_div(u64::from(base)).unwrap_or(0).min(999) as u16;
    let most = if rarity == Rarity::Words { i16::MAX } else { column.most };
    let information = shared.min(most.unsigned_abs().into()) as i16;
    let grade = Grade { likeness, information, ..Grade::default() };
    let other = if column.field.read == Reader::Firm { joined(column, rarity, left, right) } else { Grade::default() };
    if other.likeness > grade.likeness { other } else { grade }
}

/// What agreeing on the whole says. Where one side has a blank and the other none, the side with more words says what
/// the letters of both say.
fn whole_info(rarity: Rarity, left: &View<'_>, right: &View<'_>) -> i16 {
    match rarity {
        Rarity::Whole => left.key_info,
        Rarity::Words => left.info.max(right.info).min(i16::MAX.unsigned_abs().into()) as i16,
    }
}

/// A word that has found its partner.
const TAKEN: u32 = u32::MAX;

/// The nearest of the other side's words that is a slip, or for persons an initial, of a word; among equals the one whose
/// content comes first, so that the order in which words were met decides nothing.
fn near_one(v: &Vocabulary, word: u32, others: &[u32], initials: bool) -> Option<(usize, u16)> {
    let hash = |at: usize| std::cmp::Reverse(v.hashes[others[at] as usize]);
    let near = v
        .near(word)
        .iter()
        .filter_map(|(near, likeness)| others.iter().position(|o| o == near).map(|at| (at, *likeness)));
    if let Some(found) = near.max_by_key(|(at, likeness)| (*likeness, hash(*at))) {
        return Some(found);
    }
    if !initials {
        return None;
    }
    let text = v.text(word);
    let fits = |at: &usize| others[*at] != TAKEN && is_initial(text, v.text(others[*at]));
    (0..others.len()).filter(fits).max_by_key(|at| hash(*at)).map(|at| (at, 600))
}

/// Firms run together where the blanks differ: BINA DARMA and BINADHARMA; but JAYA KARYA and RAYA
/// KARYA are two firms.
fn joined(column: &Column, rarity: Rarity, left: &View<'_>, right: &View<'_>) -> Grade {
    if left.words.len() != right.words.len()
        && let ([a], [b]) = (left.marks, right.marks)
        && let Ok(at) = column.vocabulary.near(*a).binary_search_by_key(b, |n| n.0)
    {
        let likeness = column.vocabulary.near(*a)[at].1;
        return Grade { likeness, information: whole_info(rarity, left, right), ..Grade::default() };
    }
    Grade::default()
}

fn is_initial(a: &str, b: &str) -> bool {
    (a.len() == 1 || b.len() == 1) && a.as_bytes().first() == b.as_bytes().first()
}

/// The nearest two regions that may be meant. Each level holds what is nearer as well, so that a profile may leave
/// levels out.
fn region(a: &View<'_>, b: &View<'_>) -> Grade {
    let near = a.values().flat_map(|x| b.values().map(move |y| nearness(x, y))).max();
    let bits = match near {
        None => bit::MISSING,
        Some(Nearness::Same) => bit::SAME | bit::INSIDE | bit::DISTRICT | bit::CITY,
        Some(Nearness::Inside) => bit::INSIDE | bit::DISTRICT | bit::CITY,
        Some(Nearness::SameDistrict) => bit::DISTRICT | bit::CITY,
        Some(Nearness::SameCity) => bit::CITY,
        Some(Nearness::Apart) => 0,
    };
    let information = if near == Some(Nearness::Same) && a.key == b.key && a.key != 0 { a.key_info } else { 0 };
    Grade { bits, information, likeness: 0 }
}

fn value(a: &View<'_>, b: &View<'_>, tax_ppm: &[i64]) -> Grade {
    let mut bits = if a.count() == 0 || b.count() == 0 { bit::MISSING } else { 0 };
    for x in a.values() {
        for y in b.values() {
            bits |= one_value(x, y, tax_ppm) | if x < y { bit::PART } else { 0 };
        }
    }
    let information = if bits & (bit::SAME | bit::WITHOUT_TAX) != 0 { a.key_info } else { 0 };
    Grade { bits, information, likeness: 0 }
}

/// Rupiah of rounding that a value with and one without tax may lie apart.
const TAX_ROUNDING: i64 = 2;

/// How two values agree; the levels of the built-in profiles give the percentages their names.
fn one_value(a: i64, b: i64, tax_ppm: &[i64]) -> u32 {
    if (a - b).abs() <= 1 {
        return bit::SAME | bit::ROUNDED | bit::NEAR;
    }
    let (low, high) = (a.min(b), a.max(b));
    // No tax reaches a half: most pairs end here, without a division.
    if high / 3 * 2 > low {
        return 0;
    }
    let close =
        |x: i64, y: i64, permille: i64| i128::from((x - y).abs()) * 1000 <= i128::from(x.max(y)) * i128::from(permille);
    let mut bits = if close(a, b, 5) { bit::ROUNDED } else { 0 };
    for rate in tax_ppm {
        let net = (i128::from(high) * 1_000_000 / i128::from(1_000_000 + rate)) as i64;
        if (net - low).abs() <= TAX_ROUNDING {
            bits |= bit::WITHOUT_TAX | bit::ROUNDED;
        } else if close(net, low, 5) {
            bits |= bit::ROUNDED;
        }
    }
    if close(a, b, 60) { bits | bit::NEAR } else { bits }
}

/// Are two amounts the same, with or without tax? For sums of contracts.
pub(crate) fn same_amount(a: i64, b: i64, tax_ppm: &[i64]) -> bool {
    one_value(a, b, tax_ppm) & (bit::SAME | bit::WITHOUT_TAX) != 0
}

/// Days since 1 March of the year 0 (Gregorian) of a day in eight digits; unreal days run on into
/// the next month.
fn day_number(packed: i64) -> i64 {
    let (year, month, day) = (packed / 10_000, packed / 100 % 100, packed % 100);
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1
}

fn date(a: i64, b: i64, wanted: u32, information: i16) -> Grade {
    if a == b {
        let bits = bit::SAME | bit::SLIP | bit::WEEK | bit::MONTH | bit::YEAR;
        return Grade { bits, information, ..Grade::default() };
    }
    let mut bits = 0;
    let days = (day_number(a) - day_number(b)).abs();
    for (most, bit) in [(7, bit::WEEK), (31, bit::MONTH), (366, bit::YEAR)] {
        if days <= most {
            bits |= bit;
        }
    }
    let swapped = a / 10_000 == b / 10_000 && a / 100 % 100 == b % 100 && b / 100 % 100 == a % 100;
    if swapped {
        bits |= bit::SWAPPED;
    }
    if wanted & bit::SLIP != 0 && decimal_slips(a, b, 1) == 1 {
        bits |= bit::SLIP;
    }
    Grade { bits, ..Grade::default() }
}

/// Digits of a number, last first, and how many.
fn decimal(mut value: i64) -> ([u8; 19], usize) {
    let (mut out, mut n) = ([0; 19], 0);
    while value > 0 && n < 19 {
        out[n] = (value % 10) as u8;
        value /= 10;
        n += 1;
    }
    (out, n)
}

fn decimal_slips(a: i64, b: i64, most: u32) -> u32 {
    let ((x, n), (y, m)) = (decimal(a), decimal(b));
    slips(&x[..n], &y[..m], most)
}

/// The leading digits of a number that has at least `length`: a tax number that begins with nought has its noughts.
pub(crate) fn leading(value: i64, digits: u32, length: u32) -> Option<i64> {
    let length = (value.checked_ilog10()? + 1).max(length);
    (length >= digits).then(|| value / 10i64.pow((length - digits).min(18)))
}

/// Identity numbers; `head` is how many leading digits of how many say the same.
fn digits(a: i64, b: i64, head: (u32, u32), wanted: u32, information: i16) -> Grade {
    if a == b {
        return Grade { bits: bit::SAME | bit::HEAD | bit::SLIP | bit::SLIPS, information, ..Grade::default() };
    }
    let mut bits = 0;
    let of = |value| leading(value, head.0, head.1);
    if head.0 > 0 && of(a).is_some_and(|h| of(b) == Some(h)) {
        bits |= bit::HEAD;
    }
    if wanted & (bit::SLIP | bit::SLIPS) != 0 {
        match decimal_slips(a, b, if wanted & bit::SLIPS != 0 { 2 } else { 1 }) {
            1 => bits |= bit::SLIP | bit::SLIPS,
            2 if wanted & bit::SLIPS != 0 => bits |= bit::SLIPS,
            _ => {}
        }
    }
    Grade { bits, ..Grade::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_agree_with_and_without_tax() {
        let of = |a, b| one_value(a, b, &[100_000, 110_000]);
        assert_ne!(of(111_000_000, 100_000_000) & bit::WITHOUT_TAX, 0);
        assert_ne!(of(100_000_000, 110_000_000) & bit::WITHOUT_TAX, 0);
        assert_eq!(of(100_000_000, 120_000_000), 0);
        assert_eq!(of(100_000_000, 100_400_000) & bit::SAME, 0);
        assert_ne!(of(100_000_000, 100_400_000) & bit::ROUNDED, 0);
        assert_eq!(of(100_000_000, 105_000_000), bit::NEAR);
    }

    #[test]
    fn days_count() {
        assert_eq!(day_number(20240301) - day_number(20240228), 2);
        assert_ne!(date(19901203, 19900312, u32::MAX, 0).bits & bit::SWAPPED, 0);
        assert_ne!(date(19901203, 19911203, u32::MAX, 0).bits & bit::SLIP, 0);
        assert_eq!(date(19901203, 20020101, u32::MAX, 0).bits, 0);
    }

    #[test]
    fn identity_numbers_forgive_a_slip() {
        let of = |a, b| digits(a, b, (9, 15), u32::MAX, 0).bits;
        assert_ne!(of(6171014101900001, 6171014101900010) & bit::SLIP, 0, "two exchanged");
        assert_ne!(of(6171014101900001, 617101410190001) & bit::SLIP, 0, "one lost");
        assert_ne!(of(123456789012000, 123456789013000) & bit::HEAD, 0, "a branch of one taxpayer");
        assert_ne!(of(12345678701000, 12345678073000) & bit::HEAD, 0, "01.234.567.8 of two offices");
        assert_eq!(of(12345678701000, 12345679073000) & bit::HEAD, 0, "two taxpayers");
        assert_eq!(of(6171014101900001, 6172014101955555), 0);
    }
}
