//! A list taken away as a file, through the same writers as the report: text is never a formula.

use crate::report::{Cell, Table, csv_bytes, xlsx_bytes};
use crate::{Fault, Language};
use store::ProjectRow;

/// What stands on the first sheet.
pub struct Export<'a> {
    /// Language of the headers.
    pub language: Language,
    /// Who took it.
    pub by: &'a str,
    /// What was asked.
    pub question: &'a str,
    /// When, UTC.
    pub at: &'a str,
}

impl Export<'_> {
    fn table(rows: &[ProjectRow]) -> Table {
        let columns = &[
            "project",
            "name",
            "agency",
            "vendor",
            "year",
            "role",
            "kind",
            "district",
            "stage",
            "state",
            "value",
            "due",
            "uncovered_days",
            "uncovered_worker_days",
            "deadline",
            "findings",
        ];
        let mut table = Table::new("projects", columns);
        let amount = |n: i64| if n == 0 { Cell::Empty } else { Cell::Int(n) };
        for r in rows {
            table.push(vec![
                Cell::text(&r.code),
                Cell::text(&r.name),
                Cell::text(&r.agency),
                Cell::text(&r.vendor),
                amount(r.year),
                Cell::text(&r.role),
                Cell::text(&r.kind),
                Cell::text(&r.district),
                Cell::text(&r.stage),
                Cell::text(&r.state),
                amount(r.value),
                amount(r.due),
                Cell::Int(r.uncovered),
                Cell::Int(r.worker_days),
                Cell::date(r.deadline.parse().ok()),
                Cell::text(&r.gravest),
            ]);
        }
        table
    }

    /// As CSV.
    ///
    /// # Errors
    /// [`Fault`] of the writer.
    pub fn csv(&self, rows: &[ProjectRow]) -> Result<Vec<u8>, Fault> {
        csv_bytes(&Self::table(rows))
    }

    /// As a workbook whose first sheet says who took what and when.
    ///
    /// # Errors
    /// [`Fault`] of the writer.
    pub fn xlsx(&self, rows: &[ProjectRow]) -> Result<Vec<u8>, Fault> {
        let mut about = Table::new("about", &["fact", "value"]);
        let count = rows.len().to_string();
        for (name, value) in [
            ("export-by", self.by),
            ("export-at", self.at),
            ("export-question", self.question),
            ("export-rows", &count),
        ] {
            about.push(vec![Cell::text(phrases::say_named(self.language, name, &[])), Cell::text(value)]);
        }
        xlsx_bytes(&[&about, &Self::table(rows)], self.language)
    }
}
