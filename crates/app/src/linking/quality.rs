//! Measured quality of links and clusters, with intervals.

use crate::linking::table::{Item, each_row};
use crate::{Fault, Language, Refused};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Counts against a truth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Quality {
    /// True pairs.
    pub truth: u64,
    /// Pairs claimed.
    pub claimed: u64,
    /// Claimed and true.
    pub right: u64,
}

impl Quality {
    /// Right over claimed.
    pub fn precision(&self) -> f64 {
        if self.claimed == 0 { 1.0 } else { self.right as f64 / self.claimed as f64 }
    }

    /// Right over true.
    pub fn recall(&self) -> f64 {
        if self.truth == 0 { 1.0 } else { self.right as f64 / self.truth as f64 }
    }

    /// Harmonic mean of the two.
    pub fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
    }

    /// Lower and upper 95 % bound of precision.
    pub fn precision_bounds(&self) -> (f64, f64) {
        wilson(self.right, self.claimed)
    }
}

/// Wilson's interval for a share, 95 %: sound for small counts and shares near one, where the normal
/// one is not (Wilson, 1927).
pub fn wilson(right: u64, of: u64) -> (f64, f64) {
    if of == 0 {
        return (0.0, 1.0);
    }
    const Z: f64 = 1.959_963_984_540_054;
    let (n, p) = (of as f64, right as f64 / of as f64);
    let middle = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// A truth in two columns: left and right identifier; for one table, identifier and cluster.
///
/// # Errors
/// [`Fault`] of the disk; [`Refused`] where there are no two columns.
pub fn read_truth(path: &Path, language: Language) -> Result<Result<Vec<(String, String)>, Refused>, Fault> {
    let mut pairs = Vec::new();
    let read = each_row(path, language, &mut |item| {
        match item {
            Item::Header(headers) if headers.len() < 2 => {
                let file = path.display().to_string();
                return Err(Refused(super::say(language, "link-truth-columns", &[("file", &file)])));
            }
            Item::Header(_) => {}
            Item::Row(_, row) => {
                pairs.push((row.cell(0).text().trim().to_owned(), row.cell(1).text().trim().to_owned()));
            }
        }
        Ok(())
    })?;
    Ok(read.map(|()| pairs))
}

/// Links against true pairs.
pub fn of_links<'a>(claimed: impl Iterator<Item = (&'a str, &'a str)>, truth: &[(String, String)]) -> Quality {
    let set: std::collections::HashSet<(&str, &str)> = truth.iter().map(|(l, r)| (l.as_str(), r.as_str())).collect();
    let mut q = Quality { truth: set.len() as u64, ..Quality::default() };
    for pair in claimed {
        q.claimed += 1;
        q.right += u64::from(set.contains(&pair));
    }
    q
}

/// Pairs within clusters against pairs within true clusters.
pub fn of_clusters<'a>(claimed: impl Iterator<Item = (&'a str, &'a str)>, truth: &[(String, String)]) -> Quality {
    let pairs = |n: u64| n * n.saturating_sub(1) / 2;
    let true_of: HashMap<&str, &str> = truth.iter().map(|(id, c)| (id.as_str(), c.as_str())).collect();
    let mut by_truth: BTreeMap<&str, u64> = BTreeMap::new();
    true_of.values().for_each(|c| *by_truth.entry(c).or_default() += 1);
    let mut by_claim: BTreeMap<&str, u64> = BTreeMap::new();
    let mut by_both: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for (id, cluster) in claimed {
        *by_claim.entry(cluster).or_default() += 1;
        if let Some(own) = true_of.get(id) {
            *by_both.entry((cluster, own)).or_default() += 1;
        }
    }
    Quality {
        truth: by_truth.values().map(|n| pairs(*n)).sum(),
        claimed: by_claim.values().map(|n| pairs(*n)).sum(),
        right: by_both.values().map(|n| pairs(*n)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_is_wilson() {
        // Worked by hand for 9 of 10.
        let (low, high) = wilson(9, 10);
        assert!((low - 0.5958).abs() < 1e-3 && (high - 0.9821).abs() < 1e-3, "{low} {high}");
        assert!(wilson(1_000, 1_000).0 > 0.996);
    }

    #[test]
    fn clusters_count_pairs() {
        let truth: Vec<(String, String)> =
            [("a", "1"), ("b", "1"), ("c", "1"), ("d", "2")].map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
        let q = of_clusters([("a", "a"), ("b", "a"), ("c", "c"), ("d", "c")].into_iter(), &truth);
        assert_eq!(q, Quality { truth: 3, claimed: 2, right: 1 });
    }
}
