//! Compares a report with the truth a generator wrote: for tests, and to show measured quality.

use crate::known::KnownCity;
use crate::report::Report;
use crate::{Fault, Language};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

/// The truth file.
#[derive(Debug, Deserialize)]
pub struct Truth {
    /// The day it is about.
    pub as_of: String,
    /// Which registration is of which project.
    pub links: Vec<(String, String)>,
    /// Spans: project, from, to, state.
    pub spans: Vec<(String, String, String, String)>,
    /// Findings: code, project or registration.
    pub findings: Vec<(String, String)>,
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// What was compared.
    pub what: &'static str,
    /// Equal on both sides.
    pub equal: usize,
    /// In the truth.
    pub total: usize,
    /// Expected and missing, at most a few.
    pub missing: Vec<String>,
    /// Found and not expected, at most a few.
    pub extra: Vec<String>,
}

impl Compared {
    /// Nothing missing, nothing extra.
    pub fn is_equal(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty()
    }
}

/// Differences printed of each kind.
const SHOWN: usize = 20;

/// Reads a truth file.
///
/// # Errors
/// [`Fault`] where it cannot be read.
pub fn read_truth(path: &Path) -> Result<Truth, Fault> {
    let text = std::fs::read_to_string(path).map_err(|e| Fault::io(path, &e))?;
    serde_json::from_str(&text).map_err(|e| Fault(format!("{}: {e}", path.display())))
}

fn compare(what: &'static str, expected: BTreeSet<String>, found: BTreeSet<String>) -> Compared {
    Compared {
        what,
        equal: expected.intersection(&found).count(),
        total: expected.len(),
        missing: expected.difference(&found).take(SHOWN).cloned().collect(),
        extra: found.difference(&expected).take(SHOWN).cloned().collect(),
    }
}

/// Compares ledger and findings of the projects the truth knows.
pub fn compare_report(truth: &Truth, report: &Report) -> Vec<Compared> {
    let join = |parts: &[&str]| parts.join(" ");
    let known: BTreeSet<&str> = truth.spans.iter().map(|s| s.0.as_str()).collect();
    let cells = |table: &crate::report::Table, names: &[&str]| -> Vec<Vec<String>> {
        let at: Vec<usize> = names.iter().filter_map(|n| table.column(n)).collect();
        table.rows.iter().map(|row| at.iter().map(|i| row[*i].plain()).collect()).collect()
    };
    // The report also splits a span where only the deciding fact or the other reading changes; the
    // truth knows states alone.
    let mut merged: Vec<Vec<String>> = Vec::new();
    for c in cells(&report.protection, &["project", "from", "to", "state"]) {
        if !known.contains(c[0].as_str()) || c[1].is_empty() {
            continue;
        }
        match merged.last_mut() {
            Some(last) if last[0] == c[0] && last[3] == c[3] => last[2].clone_from(&c[2]),
            _ => merged.push(c),
        }
    }
    let spans: BTreeSet<String> = merged.into_iter().map(|c| c.join(" ")).collect();
    let expected = truth.spans.iter().map(|s| join(&[&s.0, &s.1, &s.2, &s.3])).collect();
    let registered: BTreeSet<&str> = truth.findings.iter().map(|f| f.1.as_str()).collect();
    let findings: BTreeSet<String> = cells(&report.findings, &["finding", "project", "registration"])
        .into_iter()
        .filter_map(|c| {
            let about = if c[1].is_empty() { c[2].clone() } else { c[1].clone() };
            (known.contains(about.as_str()) || registered.contains(about.as_str()) || c[1].is_empty())
                .then(|| format!("{} {about}", c[0]))
        })
        .collect();
    let expected_findings = truth.findings.iter().map(|f| join(&[&f.0, &f.1])).collect();
    vec![compare("spans", expected, spans), compare("findings", expected_findings, findings)]
}

/// Quality of the automatic links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkQuality {
    /// True pairs in the truth.
    pub pairs: usize,
    /// Links made.
    pub linked: usize,
    /// Links that are true.
    pub right: usize,
    /// Registrations left to a person.
    pub review: usize,
    /// Of those, how many list the true project.
    pub review_holds_truth: usize,
}

impl LinkQuality {
    /// Right over linked, per ten thousand.
    pub fn precision_bp(&self) -> usize {
        (self.right * 10_000).checked_div(self.linked).unwrap_or(10_000)
    }

    /// Right over true pairs, per ten thousand.
    pub fn recall_bp(&self) -> usize {
        (self.right * 10_000).checked_div(self.pairs).unwrap_or(10_000)
    }
}

/// `9876` as `98,76 %`, in English `98.76 %`.
pub fn basis_points(bp: usize, language: Language) -> String {
    let sign = if language == Language::English { '.' } else { ',' };
    format!("{}{sign}{:02} %", bp / 100, bp % 100)
}

/// Compares the links of a city with the truth.
pub fn compare_links(truth: &Truth, city: &KnownCity) -> LinkQuality {
    let expected: BTreeSet<(&str, &str)> = truth.links.iter().map(|(r, p)| (r.as_str(), p.as_str())).collect();
    let number = |i: usize| city.records.registrations[i].number.as_str();
    let code = |i: usize| city.built.projects[i].code.as_str();
    let right =
        city.linked.links.iter().filter(|l| expected.contains(&(number(l.registration), code(l.project)))).count();
    let holds = |r: &&linkage::works::Review| {
        r.options.iter().any(|(p, _)| expected.contains(&(number(r.registration), code(*p))))
    };
    LinkQuality {
        pairs: expected.len(),
        linked: city.linked.links.len(),
        right,
        review: city.linked.reviews.len(),
        review_holds_truth: city.linked.reviews.iter().filter(holds).count(),
    }
}
