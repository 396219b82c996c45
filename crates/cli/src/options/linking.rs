//! Options of linking.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What `link` and `dedupe` share.
#[derive(Args)]
pub(crate) struct LinkingArgs {
    /// Profile: works, plans, firms, persons, or a file (docs/how-to/link-tables.md)
    #[arg(long, default_value = "works")]
    pub(crate) profile: String,
    /// List of regions (kode, nama) for fields read as region
    #[arg(long, value_name = "FILE")]
    pub(crate) gazetteer: Option<PathBuf>,
    /// Where the result goes
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Least probability of a link, such as 0.97 (default: the profile's)
    #[arg(long, value_name = "P")]
    pub(crate) threshold: Option<f64>,
    /// Explain this pair
    #[arg(long, value_name = "ID,ID")]
    pub(crate) explain: Option<String>,
    /// Refuse what would take more, such as 1500M
    #[arg(long, value_name = "BYTES")]
    pub(crate) memory_max: Option<String>,
    /// Use a model saved before, instead of estimating
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    /// Save the model
    #[arg(long, value_name = "FILE")]
    pub(crate) save_model: Option<PathBuf>,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct LinkArgs {
    /// Left table: CSV (gzip too), XLSX, ODS, XLS, Parquet
    pub(crate) left: Option<PathBuf>,
    /// Right table, whose records look for partners in the left one
    #[arg(requires = "left")]
    pub(crate) right: Option<PathBuf>,
    /// Measure against a truth: two columns, left and right identifier; without tables, a truth of
    /// the generator or a table of plan and tender pairs
    #[arg(long, value_name = "FILE")]
    pub(crate) truth: Option<PathBuf>,
    /// With a table of plan and tender pairs: print the m and u its labels teach, for a profile
    #[arg(long, requires = "truth", conflicts_with = "left")]
    pub(crate) learn: bool,
    /// With such a table: measure each government with the m and u all others teach
    #[arg(long, requires = "truth", conflicts_with_all = ["left", "learn"])]
    pub(crate) held_out: bool,
    #[command(flatten)]
    pub(crate) common: LinkingArgs,
}

#[derive(Args)]
pub(crate) struct DedupeArgs {
    /// Table: CSV (gzip too), XLSX, ODS, XLS, Parquet
    pub(crate) file: PathBuf,
    /// Decisions: left_id, right_id, decision (same or different), by
    #[arg(long, value_name = "FILE")]
    pub(crate) decisions: Option<PathBuf>,
    /// Measure against a truth: two columns, identifier and cluster
    #[arg(long, value_name = "FILE")]
    pub(crate) truth: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) common: LinkingArgs,
}

#[derive(Args)]
pub(crate) struct ReviewArgs {
    #[command(subcommand)]
    pub(crate) command: ReviewCommand,
}

#[derive(Subcommand)]
pub(crate) enum ReviewCommand {
    /// Draw pairs for people to decide, across all weights and blind
    Sample {
        /// Pairs that `payung link` wrote
        pairs: PathBuf,
        /// Sheet to fill in
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Number of pairs
        #[arg(long, default_value_t = 200)]
        size: usize,
        /// Seed: the same seed draws the same pairs
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Estimate precision and the threshold from filled sheets
    Learn {
        /// Pairs that `payung link` wrote
        pairs: PathBuf,
        /// Filled sheets
        #[arg(required = true)]
        decisions: Vec<PathBuf>,
        /// Largest share of wrong links allowed among automatic ones
        #[arg(long, default_value_t = 0.005)]
        error_max: f64,
        /// Machine-readable
        #[arg(long)]
        json: bool,
    },
}
