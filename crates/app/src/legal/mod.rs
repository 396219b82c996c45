//! Questions to the law: asked in a person's words, answered in sentences and as data.
//!
//! Every calculator answers with an [`Answer`]: the same result as lines a clerk can read aloud and
//! as JSON, with the steps kept so that two cases can be compared.

mod benefit;
mod bpu;
mod contribution;
mod data;
mod deadline;
mod duties;
pub mod guide;
mod impact;
pub mod plan;
pub mod quiz;
mod say;

pub use benefit::{BenefitKind, benefit, losses, payer};
pub use bpu::bpu;
pub use contribution::contribution;
pub use data::{check, check_file, diff_dates, list, overview, show, try_text};
pub(crate) use data::{files_below, lay};
pub use deadline::{deadline, insurer_late, sanction};
pub use duties::duties;
pub use impact::impact;
pub use say::{compare, declined, parts_form};

use law::explained::Step;

/// An answer, in every form it is given.
#[derive(Debug, Clone)]
pub struct Answer {
    /// For machines: the contract of `--json`.
    pub json: serde_json::Value,
    /// For people.
    pub lines: Vec<String>,
    /// The steps under the default readings.
    pub steps: Vec<Step>,
}
