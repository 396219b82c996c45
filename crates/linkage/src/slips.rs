//! Slips of the finger: letters left out, put in, replaced, or two neighbours exchanged.

/// The least number of slips between two texts (optimal string alignment), or `most + 1` where it
/// takes more than `most`. Time: length times `2 x most + 1`.
///
/// ```
/// use linkage::slips::slips;
/// assert_eq!(slips(b"bangunan", b"bangunna", 2), 1);
/// assert_eq!(slips(b"jaya", b"raja", 1), 2, "more than one");
/// ```
pub fn slips(a: &[u8], b: &[u8], most: u32) -> u32 {
    let most = most as usize;
    if a.len().abs_diff(b.len()) > most {
        return most as u32 + 1;
    }
    let (a, b) = without_common_ends(a, b);
    if a.is_empty() || b.is_empty() {
        return (a.len() + b.len()) as u32;
    }
    // No word is longer; what is, is compared whole.
    const LENGTH: usize = 64;
    if b.len() > LENGTH {
        return if a == b { 0 } else { most as u32 + 1 };
    }
    let mut rows = [[0u16; LENGTH + 1]; 3];
    let far = most as u16 + 1;
    for (j, cell) in rows[0].iter_mut().enumerate().take(b.len() + 1) {
        *cell = (j as u16).min(far);
    }
    for i in 1..=a.len() {
        let (now, before, earlier) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        let from = i.saturating_sub(most).max(1);
        let to = (i + most).min(b.len());
        rows[now][from - 1] = if from == 1 { (i as u16).min(far) } else { far };
        let mut best = rows[now][from - 1];
        for j in from..=to {
            let mut cell = rows[before][j - 1] + u16::from(a[i - 1] != b[j - 1]);
            if j < i + most {
                cell = cell.min(rows[before][j] + 1);
            }
            cell = cell.min(rows[now][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cell = cell.min(rows[earlier][j - 2] + 1);
            }
            rows[now][j] = cell.min(far);
            best = best.min(rows[now][j]);
        }
        if to < b.len() {
            rows[now][to + 1] = far;
        }
        if best >= far {
            return u32::from(far);
        }
    }
    u32::from(rows[a.len() % 3][b.len()].min(far))
}

/// What is left of two texts where they begin and end alike; no slip lies there.
fn without_common_ends<'a>(a: &'a [u8], b: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    (&a[..a.len() - tail], &b[..b.len() - tail])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table, unbanded.
    fn plain(a: &[u8], b: &[u8]) -> usize {
        let mut d = vec![vec![0usize; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                d[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let mut cell =
                        (d[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1])).min(d[i - 1][j] + 1).min(d[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        cell = cell.min(d[i - 2][j - 2] + 1);
                    }
                    cell
                };
            }
        }
        d[a.len()][b.len()]
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(5_000))]
        #[test]
        fn the_band_changes_nothing(a in "[abc]{0,9}", b in "[abc]{0,9}", most in 0u32..4) {
            let whole = plain(a.as_bytes(), b.as_bytes()).min(most as usize + 1) as u32;
            proptest::prop_assert_eq!(slips(a.as_bytes(), b.as_bytes(), most), whole);
            proptest::prop_assert_eq!(slips(b.as_bytes(), a.as_bytes(), most), whole);
        }
    }
}
