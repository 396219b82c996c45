//! Money without floats: [`Rupiah`] for what is paid and stored, [`Exact`] for what is on the way.
//!
//! A contract value net of tax is rarely a whole number, so every computation runs on [`Exact`]
//! and is rounded once, at the end, by a [`Rounding`] that the law data names.

use num_rational::Ratio;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Div, Mul, Neg, Sub};
use std::str::FromStr;

/// Largest absolute amount accepted from a cell, in rupiah (10^15). It keeps every product with a
/// rate in parts per million far inside 128 bits, so no later step can overflow.
pub const AMOUNT_MAX_RUPIAH: i128 = 1_000_000_000_000_000;

/// Most decimals accepted in a cell. Feeds print at most two; spreadsheets sometimes print more.
pub const AMOUNT_DECIMALS_MAX: usize = 9;

/// Whole rupiah: what is paid, determined, printed on a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rupiah(pub i64);

impl Rupiah {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Sum that refuses to wrap.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Divides into parts whose sizes follow `weights` and whose sum is exactly `self`
    /// (largest remainder; ties go to the earlier part).
    ///
    /// Returns an empty list where the weights sum to zero or less.
    pub fn split(self, weights: &[u32]) -> Vec<Rupiah> {
        let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        if total <= 0 {
            return Vec::new();
        }
        let amount = i128::from(self.0);
        let mut parts: Vec<(i128, i128)> = weights
            .iter()
            .map(|w| {
                let product = amount * i128::from(*w);
                (product.div_euclid(total), product.rem_euclid(total))
            })
            .collect();
        let mut left = amount - parts.iter().map(|p| p.0).sum::<i128>();
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|&i| (std::cmp::Reverse(parts[i].1), i));
        for i in order {
            if left == 0 {
                break;
            }
            parts[i].0 += 1;
            left -= 1;
        }
        parts.into_iter().map(|p| Rupiah(p.0 as i64)).collect()
    }
}

impl fmt::Display for Rupiah {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// An exact ratio of integers, in rupiah. Ordered, hashable, never rounded behind your back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exact(Ratio<i128>);

/// How an exact amount becomes whole rupiah. The rule in force is law data, not a habit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest rupiah, halves away from zero.
    HalfUp,
    /// Towards minus infinity.
    Down,
    /// Towards plus infinity.
    Up,
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self(Ratio::new_raw(0, 1));

    /// A whole number of rupiah.
    pub fn whole(rupiah: i64) -> Self {
        Self(Ratio::from_integer(i128::from(rupiah)))
    }

    /// `numerator / denominator` rupiah.
    ///
    /// # Panics
    /// Where `denominator` is zero: a zero divisor is a mistake in our own tables.
    pub fn ratio(numerator: i128, denominator: i128) -> Self {
        Self(Ratio::new(numerator, denominator))
    }

    /// `self` times a rate in parts per million.
    pub fn at_ppm(self, rate_ppm: i64) -> Self {
        Self(self.0 * Ratio::new(i128::from(rate_ppm), 1_000_000))
    }

    /// Removes a tax that was added on top: `self / (1 + rate)`, rate in parts per million.
    pub fn without_tax(self, rate_ppm: i64) -> Self {
        Self(self.0 / Ratio::new(1_000_000 + i128::from(rate_ppm), 1_000_000))
    }

    /// `self` times an exact factor, such as a share of a wage.
    #[must_use]
    pub fn times(self, factor: Exact) -> Self {
        Self(self.0 * factor.0)
    }

    /// `self` divided by an exact number; `None` where that is zero.
    pub fn over(self, divisor: Exact) -> Option<Self> {
        (divisor != Self::ZERO).then(|| Self(self.0 / divisor.0))
    }

    /// Rounds once, to whole rupiah. `None` where the result does not fit 64 bits.
    pub fn round(self, rule: Rounding) -> Option<Rupiah> {
        let whole = match rule {
            Rounding::HalfUp => self.0.round(),
            Rounding::Down => self.0.floor(),
            Rounding::Up => self.0.ceil(),
        };
        i64::try_from(*whole.numer()).ok().map(Rupiah)
    }

    /// The whole number at or below.
    #[must_use]
    pub fn floor(self) -> Self {
        Self(self.0.floor())
    }

    /// Is this a whole number of rupiah?
    pub fn is_whole(self) -> bool {
        self.0.is_integer()
    }

    /// Are numerator and denominator both below a limit? Two such numbers with a limit of 10^18 can be
    /// added, multiplied or divided without overflow.
    pub fn is_within(self, limit: i128) -> bool {
        self.0.numer().abs() < limit && *self.0.denom() < limit
    }

    /// Below zero?
    pub fn is_negative(self) -> bool {
        *self.0.numer() < 0
    }

    /// Above zero?
    pub fn is_positive(self) -> bool {
        *self.0.numer() > 0
    }

    /// `self / other` in parts per million, rounded down; `None` where `other` is zero.
    pub fn ppm_of(self, other: Exact) -> Option<i64> {
        if other == Self::ZERO {
            return None;
        }
        i64::try_from((self.0 / other.0 * Ratio::from_integer(1_000_000)).floor().to_integer()).ok()
    }
}

impl From<Rupiah> for Exact {
    fn from(value: Rupiah) -> Self {
        Self::whole(value.0)
    }
}

impl Add for Exact {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Exact {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Exact {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Mul<i64> for Exact {
    type Output = Self;
    fn mul(self, factor: i64) -> Self {
        Self(self.0 * Ratio::from_integer(i128::from(factor)))
    }
}

/// # Panics
/// Where the divisor is zero: a zero divisor is a mistake in our own tables.
impl Div<i64> for Exact {
    type Output = Self;
    fn div(self, divisor: i64) -> Self {
        Self(self.0 / Ratio::from_integer(i128::from(divisor)))
    }
}

impl Sum for Exact {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

/// A terminating decimal prints as one (`1234567.5`), anything else as `numerator/denominator`.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, d) = (*self.0.numer(), *self.0.denom());
        let mut rest = d;
        let (mut twos, mut fives) = (0u32, 0u32);
        while rest % 2 == 0 {
            rest /= 2;
            twos += 1;
        }
        while rest % 5 == 0 {
            rest /= 5;
            fives += 1;
        }
        let digits = twos.max(fives);
        if rest != 1 || digits > AMOUNT_DECIMALS_MAX as u32 {
            return write!(f, "{n}/{d}");
        }
        if digits == 0 {
            return write!(f, "{n}");
        }
        let scaled = n * (10i128.pow(digits) / d);
        let sign = if scaled < 0 { "-" } else { "" };
        let unit = 10u128.pow(digits);
        let (whole, fraction) = (scaled.unsigned_abs() / unit, scaled.unsigned_abs() % unit);
        write!(f, "{sign}{whole}.{fraction:0width$}", width = digits as usize)
    }
}

/// Reads what [`fmt::Display`] writes.
impl FromStr for Exact {
    type Err = AmountError;
    fn from_str(text: &str) -> Result<Self, AmountError> {
        if let Some((n, d)) = text.split_once('/') {
            let n: i128 = n.parse().map_err(|_| AmountError::NotANumber)?;
            let d: i128 = d.parse().map_err(|_| AmountError::NotANumber)?;
            return if d > 0 { Ok(Self::ratio(n, d)) } else { Err(AmountError::NotANumber) };
        }
        parse_amount(text, NumberStyle::Dot)
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|_| serde::de::Error::custom("not an exact amount"))
    }
}

/// Which sign separates the decimals in a column. Decided once for a column, never per cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberStyle {
    /// `1,234,567.00` and plain `1234567.5`: feeds, and the insurer's letters.
    Dot,
    /// `1.234.567,00`: spreadsheets of Indonesian offices.
    Comma,
}

/// What one cell says about the [`NumberStyle`] of its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StyleEvidence {
    /// The cell can only be read with this style.
    Sure(NumberStyle),
    /// `1.234` or `1,234`: thousands in the one style, decimals in the other. The style under
    /// which it is thousands, which is what a rupiah amount nearly always means.
    Likely(NumberStyle),
    /// No separator, or no number at all.
    None,
}

/// Why a text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountError {
    /// There is something in it that no number contains.
    NotANumber,
    /// Digits and separators, but not in groups the column's style allows.
    WrongGrouping,
    /// Larger than [`AMOUNT_MAX_RUPIAH`] or with too many decimals.
    OutOfRange,
}

/// Strips what people put around a number: `Rp`, `IDR`, `,-`, blanks, parentheses as minus.
fn bare_number(text: &str) -> (bool, String) {
    let mut bare: String = crate::text::fold_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let mut negative = false;
    if bare.starts_with('(') && bare.ends_with(')') && bare.len() > 2 {
        bare = bare[1..bare.len() - 1].to_owned();
        negative = true;
    }
    for prefix in ["Rp.", "rp.", "RP.", "Rp", "rp", "RP", "IDR"] {
        if let Some(rest) = bare.strip_prefix(prefix) {
            bare = rest.to_owned();
            break;
        }
    }
    for suffix in [",--", ",-", ".-"] {
        if let Some(rest) = bare.strip_suffix(suffix) {
            bare = rest.to_owned();
            break;
        }
    }
    if let Some(rest) = bare.strip_prefix('-') {
        bare = rest.to_owned();
        negative = !negative;
    }
    (negative, bare)
}

/// What a text says about its column's style. See [`StyleEvidence`].
pub fn style_evidence(text: &str) -> StyleEvidence {
    let (_, bare) = bare_number(text);
    if bare.is_empty() || !bare.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',') {
        return StyleEvidence::None;
    }
    let (dots, commas) = (bare.matches('.').count(), bare.matches(',').count());
    let tail = |c| bare.rsplit(c).next().map_or(0, str::len);
    let head = |c| bare.find(c).unwrap_or(0);
    match (dots, commas) {
        (0, 0) => StyleEvidence::None,
        (_, 0) if dots > 1 => StyleEvidence::Sure(NumberStyle::Comma),
        (0, _) if commas > 1 => StyleEvidence::Sure(NumberStyle::Dot),
        (1, 0) if tail('.') == 3 && (1..=3).contains(&head('.')) => StyleEvidence::Likely(NumberStyle::Comma),
        (1, 0) => StyleEvidence::Sure(NumberStyle::Dot),
        (0, 1) if tail(',') == 3 && (1..=3).contains(&head(',')) => StyleEvidence::Likely(NumberStyle::Dot),
        (0, 1) => StyleEvidence::Sure(NumberStyle::Comma),
        _ if bare.rfind('.') > bare.rfind(',') => StyleEvidence::Sure(NumberStyle::Dot),
        _ => StyleEvidence::Sure(NumberStyle::Comma),
    }
}

/// Reads an amount in rupiah, exactly, under the style decided for its column.
///
/// Accepts `Rp`, blanks, `,-`, parentheses or a minus for negative amounts, and an exponent whose
/// value is exact (`1.5E+8`). Groups must be of three digits.
pub fn parse_amount(text: &str, style: NumberStyle) -> Result<Exact, AmountError> {
    // The common case of every feed: digits only.
    if !text.is_empty() && text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit()) {
        let n = text.bytes().fold(0i64, |n, b| n * 10 + i64::from(b - b'0'));
        return Ok(Exact::whole(n));
    }
    let (negative, bare) = bare_number(text);
    let (mantissa, exponent) = match bare.find(['e', 'E']) {
        Some(at) => {
            let exponent: i32 = bare[at + 1..].parse().map_err(|_| AmountError::NotANumber)?;
            (&bare[..at], exponent)
        }
        None => (bare.as_str(), 0),
    };
    let (group, decimal) = match style {
        NumberStyle::Dot => (',', '.'),
        NumberStyle::Comma => ('.', ','),
    };
    let (whole, fraction) = match mantissa.split_once(decimal) {
        Some((w, f)) => (w, f),
        None => (mantissa, ""),
    };
    let allowed = |s: &str| s.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',');
    if whole.is_empty() || !allowed(whole) || !allowed(fraction) {
        return Err(AmountError::NotANumber);
    }
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AmountError::WrongGrouping);
    }
    let mut groups = whole.split(group);
    let first = groups.next().unwrap_or("");
    let grouped = whole.contains(group);
    if first.is_empty() || (grouped && first.len() > 3) || groups.any(|g| g.len() != 3) {
        return Err(AmountError::WrongGrouping);
    }
    let digits: String = whole.chars().filter(char::is_ascii_digit).chain(fraction.chars()).collect();
    if digits.is_empty() || digits.len() > 30 || fraction.len() > AMOUNT_DECIMALS_MAX {
        return Err(AmountError::OutOfRange);
    }
    let number: i128 = digits.parse().map_err(|_| AmountError::NotANumber)?;
    let scale = exponent - fraction.len() as i32;
    if !(-18..=18).contains(&scale) {
        return Err(AmountError::OutOfRange);
    }
    let value = if scale >= 0 {
        Ratio::from_integer(number.checked_mul(10i128.pow(scale as u32)).ok_or(AmountError::OutOfRange)?)
    } else {
        Ratio::new(number, 10i128.pow(scale.unsigned_abs()))
    };
    if value > Ratio::from_integer(AMOUNT_MAX_RUPIAH) {
        return Err(AmountError::OutOfRange);
    }
    Ok(Exact(if negative { -value } else { value }))
}

/// `1234567` as a person in Indonesia writes it: `1.234.567`.
pub fn grouped(rupiah: i64, separator: char) -> String {
    let digits = rupiah.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if rupiah < 0 {
        out.push('-');
    }
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn amount(text: &str, style: NumberStyle) -> String {
        parse_amount(text, style).map_or_else(|e| format!("{e:?}"), |v| v.to_string())
    }

    #[test]
    fn reads_amounts_as_offices_write_them() {
        use NumberStyle::{Comma, Dot};
        for (text, style, expected) in [
            ("180000000", Dot, "180000000"),
            ("1499321187.61", Dot, "1499321187.61"),
            ("65953000.0", Dot, "65953000"),
            ("1.234.567,00", Comma, "1234567"),
            ("1,234,567.50", Dot, "1234567.5"),
            ("Rp 1.234.567,-", Comma, "1234567"),
            ("Rp. 999,999.00", Dot, "999999"),
            ("(500)", Dot, "-500"),
            ("-1.000", Comma, "-1000"),
            ("１２３", Dot, "123"),
            ("1.5E+8", Dot, "150000000"),
            ("1.2345", Comma, "WrongGrouping"),
            ("12.34.567", Comma, "WrongGrouping"),
            ("dua juta", Dot, "NotANumber"),
            ("", Dot, "NotANumber"),
            ("9999999999999999", Dot, "OutOfRange"),
        ] {
            assert_eq!(amount(text, style), expected, "{text}");
        }
    }

    #[test]
    fn evidence_tells_the_styles_apart() {
        use NumberStyle::{Comma, Dot};
        for (text, expected) in [
            ("1.234.567", StyleEvidence::Sure(Comma)),
            ("1,234,567", StyleEvidence::Sure(Dot)),
            ("1.234,5", StyleEvidence::Sure(Comma)),
            ("1,234.5", StyleEvidence::Sure(Dot)),
            ("1.234", StyleEvidence::Likely(Comma)),
            ("1,234", StyleEvidence::Likely(Dot)),
            ("65953000.0", StyleEvidence::Sure(Dot)),
            ("1234", StyleEvidence::None),
            ("RT 06", StyleEvidence::None),
        ] {
            assert_eq!(style_evidence(text), expected, "{text}");
        }
    }

    #[test]
    fn rounding_happens_once_and_by_rule() {
        let half = Exact::ratio(5, 2);
        assert_eq!(half.round(Rounding::HalfUp), Some(Rupiah(3)));
        assert_eq!(half.round(Rounding::Down), Some(Rupiah(2)));
        assert_eq!((-half).round(Rounding::Down), Some(Rupiah(-3)));
        assert_eq!((-half).round(Rounding::HalfUp), Some(Rupiah(-3)));
        assert_eq!(Exact::ratio(7, 3).round(Rounding::Up), Some(Rupiah(3)));
    }

    #[test]
    fn grouping_follows_the_reader() {
        assert_eq!(grouped(-1_234_567, '.'), "-1.234.567");
        assert_eq!(grouped(100, '.'), "100");
    }

    proptest! {
        #[test]
        fn a_split_sums_to_the_whole(amount in -1_000_000_000_000i64..1_000_000_000_000, weights in prop::collection::vec(0u32..1000, 1..8)) {
            prop_assume!(weights.iter().any(|w| *w > 0));
            let parts = Rupiah(amount).split(&weights);
            prop_assert_eq!(parts.iter().map(|p| p.0).sum::<i64>(), amount);
        }

        #[test]
        fn an_exact_amount_prints_and_reads_back(n in -1_000_000_000_000i128..1_000_000_000_000, d in 1i128..5000) {
            let value = Exact::ratio(n, d);
            prop_assert_eq!(value.to_string().parse::<Exact>(), Ok(value));
        }

        #[test]
        fn both_styles_round_trip(n in 0i64..1_000_000_000_000) {
            let indonesian = format!("{},00", grouped(n, '.'));
            let english = format!("{}.00", grouped(n, ','));
            prop_assert_eq!(parse_amount(&indonesian, NumberStyle::Comma), Ok(Exact::whole(n)));
            prop_assert_eq!(parse_amount(&english, NumberStyle::Dot), Ok(Exact::whole(n)));
        }

        #[test]
        fn tax_on_and_off_is_the_identity(n in 0i64..1_000_000_000_000) {
            let gross = Exact::ratio(i128::from(n) * 111, 100);
            prop_assert_eq!(gross.without_tax(110_000), Exact::whole(n));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,24}") {
            let _ = parse_amount(&text, NumberStyle::Dot);
            let _ = parse_amount(&text, NumberStyle::Comma);
            let _ = style_evidence(&text);
        }
    }
}
