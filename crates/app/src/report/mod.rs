//! The report: tables once, printed as CSV, XLSX, JSON and HTML.

mod csv;
mod html;
mod summary;
mod table;
mod tables;
mod xlsx;

pub(crate) use csv::{bytes as csv_bytes, write as write_csv};
pub use table::{Cell, Table};
pub(crate) use tables::{basis, role_name};

use crate::known::KnownCity;
use crate::monev::Request;
use crate::{Fault, Language};
use assess::Assessment;
use law::Law;
use std::path::{Path, PathBuf};

/// A workbook in memory.
pub(crate) fn xlsx_bytes(tables: &[&Table], language: Language) -> Result<Vec<u8>, Fault> {
    xlsx::bytes(tables, language)
}

/// A report, ready to print.
pub struct Report {
    /// Projects.
    pub projects: Table,
    /// Protection spans.
    pub protection: Table,
    /// Findings.
    pub findings: Table,
    /// Links with their bars.
    pub links: Table,
    /// Projects without registration.
    pub unmatched_procurement: Table,
    /// Registrations without project, or waiting.
    pub unmatched_insurer: Table,
    /// Treasury payments without project.
    pub unmatched_treasury: Table,
    /// The sheet on which officers decide.
    pub review: Table,
    /// Accounting.
    pub accounting: Table,
    /// `summary.json`.
    pub summary: serde_json::Value,
    /// The page.
    pub html: String,
}

/// Builds a report.
pub fn build(city: &KnownCity, assessment: &Assessment<'_>, request: &Request, law: &Law) -> Report {
    let summary = summary::summary(city, assessment, request, law);
    let html = html::page(city, assessment, request, law);
    let mut report = Report {
        projects: tables::projects(city, assessment, request.language),
        protection: tables::protection(city, assessment),
        findings: tables::findings(city, assessment, request.language, law),
        links: tables::links(city),
        unmatched_procurement: tables::unmatched_procurement(assessment),
        unmatched_insurer: tables::unmatched_insurer(city),
        unmatched_treasury: tables::unmatched_treasury(city),
        review: tables::review(city),
        accounting: tables::accounting(city, request.language),
        summary,
        html,
    };
    report.summary["digest"] = report.digest().into();
    report
}

impl Report {
    fn tables(&self) -> [&Table; 9] {
        [
            &self.projects,
            &self.protection,
            &self.findings,
            &self.links,
            &self.unmatched_procurement,
            &self.unmatched_insurer,
            &self.unmatched_treasury,
            &self.review,
            &self.accounting,
        ]
    }

    /// The derived lines: what is stored, digested and compared. Columns that only help a reader
    /// find the source row, or that are sentences, are left out: they depend on file names and
    /// language, not on facts.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        self.tables()
            .iter()
            .filter(|t| t.name != "review")
            .flat_map(|t| t.derived_lines().map(move |line| (t.name, line)))
            .collect()
    }

    /// Digest over the derived lines.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (kind, line) in self.lines() {
            hasher.update(kind.as_bytes()).update(b"\x1f").update(line.as_bytes()).update(b"\n");
        }
        hasher.finalize().to_hex().to_string()
    }
}

/// Writes all files of a report into a folder.
///
/// # Errors
/// [`Fault`] of the disk.
pub fn write(report: &Report, out: &Path, language: Language) -> Result<Vec<PathBuf>, Fault> {
    std::fs::create_dir_all(out).map_err(|e| Fault::io(out, &e))?;
    let mut files = Vec::new();
    for table in report.tables() {
        let path = out.join(format!("{}.csv", table.name));
        csv::write(table, &path)?;
        files.push(path);
    }
    let book = out.join("monev.xlsx");
    xlsx::write(&report.tables(), &book, language)?;
    files.push(book);
    let summary = serde_json::to_string_pretty(&report.summary).map_err(|e| Fault(e.to_string()))?;
    for (name, text) in [("summary.json", &summary), ("report.html", &report.html)] {
        let path = out.join(name);
        std::fs::write(&path, text).map_err(|e| Fault::io(&path, &e))?;
        files.push(path);
    }
    Ok(files)
}
