//! Decisions of officers on doubtful pairs: they enter at the front door like any other row.

use super::{Record, RowView};
use kernel::Origin;

/// Same or different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The registration is of this project.
    Same,
    /// It is not.
    Different,
}

/// One decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Where it stands.
    pub origin: Origin,
    /// Insurer's project number.
    pub registration: String,
    /// Our project code.
    pub project: String,
    /// What was decided.
    pub verdict: Verdict,
    /// By whom.
    pub by: Option<String>,
}

pub(super) fn read_decision(row: &RowView<'_>) -> Record {
    let (Some(registration), Some(project)) = (row.id("no_proyek"), row.text("proyek")) else {
        return Record::Unreadable;
    };
    let verdict = match row.text_or_empty("putusan").to_lowercase().as_str() {
        "sama" | "same" | "ya" | "yes" | "y" => Verdict::Same,
        "beda" | "different" | "tidak" | "no" | "t" => Verdict::Different,
        _ => return Record::Unreadable,
    };
    Record::Decision(Decision { origin: row.origin(), registration, project, verdict, by: row.text("oleh") })
}
