//! Comparing two records in one field.

use super::column::{ATTACHED, Column, Half};
use super::profile::{By, CompareSpec, MISSING, Profile};
use super::read::{GENERIC, Reader};
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
    tax_ppm: Vec<i64>,
    head: i64,
    tests: Vec<Test>,
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
        let named = spec.levels.iter().position(|l| l.name == MISSING);
        Self {
            field: profile.field(&spec.of),
            by: spec.by,
            tax_ppm: spec.tax.iter().map(|p| p.ppm()).collect(),
            head: i64::from(spec.head.unwrap_or(0)),
            knows_absent: spec.levels.iter().any(|l| l.name == "absent"),
            missing: named.unwrap_or(spec.levels.len()) as u8,
            last: spec.levels.iter().rposition(|l| l.name != MISSING).unwrap_or_default() as u8,
            tests,
        }
    }

    /// Adds the level a pair reaches.
    pub(crate) fn compare(&self, columns: &[Column], left: u32, right: u32, out: &mut Outcomes) {
        let column = &columns[self.field];
        let grade = self.grade(column, left, right);
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

    fn grade(&self, column: &Column, l: u32, r: u32) -> Grade {
        let (left, right) = (&column.left, &column.right);
        match self.by {
            By::Words => words(column, l, r),
            By::Marks => marks(left.marks.get(l), right.marks.get(r)),
            By::Class => class(column.field.read, left.class[l as usize], right.class[r as usize]),
            By::Exact => whole(left, right, l, r),
            By::Number => number(column, l, r),
            By::Value => value(left.values.get(l), right.values.get(r), &self.tax_ppm, left.key_info[l as usize]),
            By::Date => match (left.values.get(l), right.values.get(r)) {
                ([a], [b]) => date(*a, *b, left.key_info[l as usize]),
                _ => Grade { bits: bit::MISSING, ..Grade::default() },
            },
            By::Digits => match (left.values.get(l), right.values.get(r)) {
                ([a], [b]) => digits(*a, *b, self.head, left.key_info[l as usize]),
                _ => Grade { bits: bit::MISSING, ..Grade::default() },
            },
        }
    }
}

fn whole(left: &Half, right: &Half, l: u32, r: u32) -> Grade {
    let (a, b) = (left.key[l as usize], right.key[r as usize]);
    if a == 0 || b == 0 {
        return Grade { bits: bit::MISSING, ..Grade::default() };
    }
    let bits = if a == b { bit::SAME } else { 0 };
    Grade { bits, information: left.key_info[l as usize], ..Grade::default() }
}

fn number(column: &Column, l: u32, r: u32) -> Grade {
    let (left, right) = (&column.left, &column.right);
    let mut grade = whole(left, right, l, r);
    let telling = left.class[l as usize] != 0 && right.class[r as usize] != 0;
    if grade.bits == 0 && telling && left.marks.get(l) == right.marks.get(r) {
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
fn words(column: &Column, l: u32, r: u32) -> Grade {
    let (left, right) = (&column.left, &column.right);
    let (ka, kb) = (left.key[l as usize], right.key[r as usize]);
    let is_generic = |h: &Half, i: u32| h.class.get(i as usize).is_some_and(|c| c & GENERIC != 0);
    if ka == 0 || kb == 0 || column.field.read == Reader::Works && (is_generic(left, l) || is_generic(right, r)) {
        return Grade { bits: bit::MISSING, ..Grade::default() };
    }
    if ka == kb {
        return Grade { likeness: 1000, information: left.key_info[l as usize], ..Grade::default() };
    }
    let v = &column.vocabulary;
    let info = |w: u32| u32::from(v.info[w as usize].unsigned_abs());
    let (a, b) = (left.words.get(l), right.words.get(r));
    let (mut alone_a, mut alone_b) = ([0u32; TRIED_MAX], [0u32; TRIED_MAX]);
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
                na += 1;
            }
            i += 1;
        } else {
            if nb < TRIED_MAX {
                alone_b[nb] = y;
                nb += 1;
            }
            j += 1;
        }
    }
    let (mut wa, mut wb) = (left.info[l as usize], right.info[r as usize]);
    let initials = column.field.read == Reader::Person;
    for x in &alone_a[..na] {
        for y in &mut alone_b[..nb] {
            if *y == u32::MAX {
                continue;
            }
            let near = v.near(*x).binary_search_by_key(y, |n| n.0).ok().map(|at| v.near(*x)[at].1);
            let near = near.or_else(|| (initials && is_initial(v.text(*x), v.text(*y))).then_some(600));
            let Some(likeness) = near else { continue };
            // A slip makes a common word look rare: both count as the commoner of the two.
            let (ix, iy) = (info(*x), info(*y));
            let common = ix.min(iy);
            shared += common * u32::from(likeness) / 1000;
            wa -= ix - common;
            wb -= iy - common;
            *y = u32::MAX;
            break;
        }
    }
    if shared == 0 && column.field.read == Reader::Firm {
        return joined(column, l, r);
    }
    let base = (3 * wa.min(wb) + wa.max(wb)) / 4;
    let likeness = (u64::from(shared) * 1000).checked_div(u64::from(base)).unwrap_or(0).min(999) as u16;
    // No name is rarer than one among all.
    let most = linkage_engine::information(1, left.key.len() as u64 + 1);
    let grade = Grade { likeness, information: (shared.min(most.unsigned_abs().into())) as i16, ..Grade::default() };
    let other = if column.field.read == Reader::Firm { joined(column, l, r) } else { Grade::default() };
    if other.likeness > grade.likeness { other } else { grade }
}

/// Firms run together where the blanks differ: BINA DARMA and BINADHARMA; but JAYA KARYA and RAYA
/// KARYA are two firms.
fn joined(column: &Column, l: u32, r: u32) -> Grade {
    let (left, right) = (&column.left, &column.right);
    if left.words.get(l).len() != right.words.get(r).len()
        && let ([a], [b]) = (left.marks.get(l), right.marks.get(r))
        && let Ok(at) = column.vocabulary.near(*a).binary_search_by_key(b, |n| n.0)
    {
        let likeness = column.vocabulary.near(*a)[at].1;
        return Grade { likeness, information: left.key_info[l as usize], ..Grade::default() };
    }
    Grade::default()
}

fn is_initial(a: &str, b: &str) -> bool {
    (a.len() == 1 || b.len() == 1) && a.as_bytes().first() == b.as_bytes().first()
}

fn value(l: &[i64], r: &[i64], tax_ppm: &[i64], information: i16) -> Grade {
    let mut bits = if l.is_empty() || r.is_empty() { bit::MISSING } else { 0 };
    for a in l {
        for b in r {
            bits |= one_value(*a, *b, tax_ppm) | if a < b { bit::PART } else { 0 };
        }
    }
    Grade { bits, information: if bits & (bit::SAME | bit::WITHOUT_TAX) != 0 { information } else { 0 }, likeness: 0 }
}

/// Rupiah of rounding that a value with and one without tax may lie apart.
const TAX_ROUNDING: i64 = 2;

/// How two values agree; the levels of the built-in profiles give the percentages their names.
fn one_value(a: i64, b: i64, tax_ppm: &[i64]) -> u32 {
    let close =
        |x: i64, y: i64, permille: i64| i128::from((x - y).abs()) * 1000 <= i128::from(x.max(y)) * i128::from(permille);
    if (a - b).abs() <= 1 {
        return bit::SAME | bit::ROUNDED | bit::NEAR;
    }
    let mut bits = 0;
    if close(a, b, 5) {
        bits |= bit::ROUNDED;
    }
    for rate in tax_ppm {
        let net = |v: i64| (i128::from(v) * 1_000_000 / i128::from(1_000_000 + rate)) as i64;
        for (x, y) in [(net(a), b), (a, net(b))] {
            if (x - y).abs() <= TAX_ROUNDING {
                bits |= bit::WITHOUT_TAX | bit::ROUNDED;
            } else if close(x, y, 5) {
                bits |= bit::ROUNDED;
            }
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

fn date(a: i64, b: i64, information: i16) -> Grade {
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
    if slips(&decimal(a), &decimal(b), 1) == 1 {
        bits |= bit::SLIP;
    }
    Grade { bits, ..Grade::default() }
}

fn decimal(mut value: i64) -> Vec<u8> {
    let mut out = Vec::with_capacity(18);
    while value > 0 {
        out.push((value % 10) as u8);
        value /= 10;
    }
    out
}

fn digits(a: i64, b: i64, head: i64, information: i16) -> Grade {
    if a == b {
        return Grade { bits: bit::SAME | bit::HEAD | bit::SLIP | bit::SLIPS, information, ..Grade::default() };
    }
    let (x, y) = (decimal(a), decimal(b));
    let mut bits = 0;
    // Digits lie last first.
    let first = |d: &[u8]| d.get(d.len().saturating_sub(head as usize)..).map(<[u8]>::to_vec);
    if head > 0 && x.len() >= head as usize && first(&x) == first(&y) {
        bits |= bit::HEAD;
    }
    match slips(&x, &y, 2) {
        1 => bits |= bit::SLIP | bit::SLIPS,
        2 => bits |= bit::SLIPS,
        _ => {}
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
        assert_ne!(date(19901203, 19900312, 0).bits & bit::SWAPPED, 0);
        assert_ne!(date(19901203, 19911203, 0).bits & bit::SLIP, 0);
        assert_eq!(date(19901203, 20020101, 0).bits, 0);
    }

    #[test]
    fn identity_numbers_forgive_a_slip() {
        let of = |a, b| digits(a, b, 9, 0).bits;
        assert_ne!(of(6171014101900001, 6171014101900010) & bit::SLIP, 0, "two exchanged");
        assert_ne!(of(6171014101900001, 617101410190001) & bit::SLIP, 0, "one lost");
        assert_ne!(of(123456789012000, 123456789013000) & bit::HEAD, 0, "a branch of one taxpayer");
        assert_eq!(of(6171014101900001, 6172014101955555), 0);
    }
}
