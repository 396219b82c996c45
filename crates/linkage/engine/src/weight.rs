//! Weights and probabilities by integer arithmetic alone.
//!
//! A floating-point logarithm differs in its last digit between machines, and a sum of floats
//! between orders of adding; integers do neither, so results are the same everywhere.

/// Parts of one in a [`Share`].
pub const BILLION: u64 = 1_000_000_000;

/// A probability in parts per billion.
pub type Share = u64;

/// Fractional bits of [`Fine`].
const FINE: u32 = 16;

/// A weight in 1/65,536 of a bit, for sums that are rounded once at the end.
pub type Fine = i64;

/// `log2(numerator / denominator)` in 1/65,536 of a bit, rounded down; both must be above zero.
pub fn log2_fine(numerator: u64, denominator: u64) -> Fine {
    assert!(numerator > 0 && denominator > 0, "a logarithm needs positive numbers");
    // Bring the ratio into [1, 2) as a fixed-point number with 62 bits after the point.
    let (mut top, mut bottom) = (u128::from(numerator), u128::from(denominator));
    let mut exponent = i64::from(top.ilog2()) - i64::from(bottom.ilog2());
    if exponent > 0 {
        bottom <<= exponent
    } else {
        top <<= -exponent
    }
    if top < bottom {
        top <<= 1;
        exponent -= 1;
    }
    let mut x = (top << 62) / bottom;
    let mut fraction = 0i64;
    for _ in 0..FINE {
        x = (x * x) >> 62;
        fraction <<= 1;
        if x >= 2 << 62 {
            x >>= 1;
            fraction |= 1;
        }
    }
    (exponent << FINE) + fraction
}

/// A fine weight in hundredths of a bit, rounded half away from zero.
pub fn to_hundredths(fine: Fine) -> i32 {
    let half = 1i64 << (FINE - 1);
    let scaled = fine.abs() * 100;
    (fine.signum() * ((scaled + half) >> FINE)) as i32
}

/// `100 x log2(numerator / denominator)`, rounded half away from zero; both must be above zero.
///
/// ```
/// assert_eq!(linkage_engine::log2_hundredths(1024, 1), 1000);
/// assert_eq!(linkage_engine::log2_hundredths(1, 3), -158);
/// ```
pub fn log2_hundredths(numerator: u64, denominator: u64) -> i32 {
    to_hundredths(log2_fine(numerator, denominator))
}

/// Fellegi-Sunter weight of a level, `log2(m / u)` in hundredths of a bit, from parts per billion.
/// A probability of nothing counts as one in a billion.
pub fn weight_of(m: Share, u: Share) -> i32 {
    log2_hundredths(m.max(1), u.max(1))
}

/// `2^(-2^-k)` for k = 1 to 16, with 32 bits after the point: factors of [`exp2_minus`].
const HALVINGS: [u64; 16] = [
    3_037_000_499,
    3_611_622_602,
    3_938_502_375,
    4_112_874_773,
    4_202_935_003,
    4_248_701_964,
    4_271_771_996,
    4_283_353_945,
    4_289_156_690,
    4_292_061_009,
    4_293_513_906,
    4_294_240_539,
    4_294_603_902,
    4_294_785_595,
    4_294_876_444,
    4_294_921_870,
];

/// One, with 32 bits after the point.
pub(crate) const ONE: u64 = 1 << 32;

/// `2^-x` with 32 bits after the point, for `x >= 0` in 1/65,536 of a bit.
pub(crate) fn exp2_minus(x: Fine) -> u64 {
    debug_assert!(x >= 0);
    let whole = x >> FINE;
    if whole >= 32 {
        return 0;
    }
    let mut out = ONE;
    for (k, factor) in HALVINGS.iter().enumerate() {
        if x & (1 << (FINE as usize - 1 - k)) != 0 {
            out = (out * factor) >> 32;
        }
    }
    out >> whole
}

/// Probability of a match, in parts per million, of a weight that holds the prior.
///
/// ```
/// assert_eq!(linkage_engine::probability_ppm(0), 500_000);
/// assert_eq!(linkage_engine::probability_ppm(1000), 999_025, "1024 to 1");
/// ```
pub fn probability_ppm(weight: i32) -> u32 {
    let fine = (i64::from(weight.unsigned_abs()) << FINE) / 100;
    let odds_against = exp2_minus(fine);
    let less_likely = odds_against * 1_000_000 / (ONE + odds_against);
    if weight >= 0 { 1_000_000 - less_likely as u32 } else { less_likely as u32 }
}

/// What meeting a value says that `count` of `total` records hold: `log2(total / count)`, in
/// hundredths of a bit.
///
/// ```
/// assert_eq!(linkage_engine::information(1, 1024), 1000);
/// assert_eq!(linkage_engine::information(0, 1024), 1000, "a value never seen is as rare as one seen once");
/// ```
pub fn information(count: u64, total: u64) -> i16 {
    log2_hundredths(total.max(1), count.clamp(1, total.max(1))).clamp(0, i32::from(i16::MAX)) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_exact_and_signs_agree() {
        for (n, d, w) in
            [(1, 1, 0), (2, 1, 100), (1, 2, -100), (1024, 1, 1000), (3, 1, 158), (10, 1, 332), (900_000, 1_000, 981)]
        {
            assert_eq!(log2_hundredths(n, d), w, "{n}/{d}");
        }
    }

    #[test]
    fn it_agrees_with_the_float_logarithm() {
        for n in 1..2_000u64 {
            let exact = (n as f64 / 7.0).log2() * 65_536.0;
            let ours = log2_fine(n, 7) as f64;
            assert!(ours <= exact + 1e-6 && exact - ours < 1.001, "{n}: {ours} {exact}");
        }
    }

    #[test]
    fn powers_of_a_half_agree_with_floats() {
        for x in (0..40 * 65_536i64).step_by(1_237) {
            let exact = (-(x as f64) / 65_536.0).exp2() * 4_294_967_296.0;
            assert!((exp2_minus(x) as f64 - exact).abs() < 20.0, "{x}: {} {exact}", exp2_minus(x));
        }
    }

    #[test]
    fn probabilities_are_monotone_and_complementary() {
        let mut last = 0;
        for w in -3000..3000 {
            let p = probability_ppm(w);
            assert!(p >= last, "{w}");
            assert_eq!(p + probability_ppm(-w), 1_000_000, "{w}");
            last = p;
        }
    }
}
