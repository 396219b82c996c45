//! Weights in hundredths of a bit, by integer arithmetic alone.

/// `100 x log2(numerator / denominator)`, rounded down; both must be above zero.
///
/// Computed digit by digit on 64-bit fixed point: no floating-point logarithm, whose last digit
/// differs between machines.
pub fn log2_hundredths(numerator: u64, denominator: u64) -> i32 {
    assert!(numerator > 0 && denominator > 0, "a logarithm needs positive numbers");
    let (n, d) = (u128::from(numerator), u128::from(denominator));
    // Bring the ratio into [1, 2) as a fixed-point number with 62 bits after the point.
    let mut exponent = 0i64;
    let (mut top, mut bottom) = (n, d);
    while top >= bottom * 2 {
        bottom *= 2;
        exponent += 1;
    }
    while top < bottom {
        top *= 2;
        exponent -= 1;
    }
    let mut x = (top << 62) / bottom;
    let mut fraction = 0u64;
    for _ in 0..32 {
        x = (x * x) >> 62;
        fraction <<= 1;
        if x >= 2 << 62 {
            x >>= 1;
            fraction |= 1;
        }
    }
    // Round to the nearest 2^-24 before scaling, so that exact powers stay exact.
    let hundredths = ((fraction >> 8) * 100) >> 24;
    (exponent * 100 + hundredths as i64) as i32
}

/// Fellegi-Sunter weight of a level: `log2(m / u)`, from probabilities in parts per million.
pub fn weight_of(m_ppm: u64, u_ppm: u64) -> i32 {
    log2_hundredths(m_ppm.max(1), u_ppm.max(1))
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
            let exact = (n as f64 / 7.0).log2() * 100.0;
            let ours = f64::from(log2_hundredths(n, 7));
            assert!((ours - exact).abs() <= 1.0, "{n}: {ours} {exact}");
        }
    }
}
