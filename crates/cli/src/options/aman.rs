//! What can be typed about vulnerable workers and the book of gifts.

use clap::Args;

#[derive(Args)]
pub(crate) struct VulnerableArgs {
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct BookArgs {
    /// Enter the lines of statements that are not in the book yet
    #[arg(long)]
    pub(crate) enter: bool,
    /// Read every entry and compare it with the balances kept and the statements; exit code 1 where something is wrong
    #[arg(long)]
    pub(crate) check: bool,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct AllotArgs {
    /// First month, such as 2027-01; without it the next one
    #[arg(long)]
    pub(crate) from: Option<String>,
    /// Months looked at
    #[arg(long, default_value_t = 12)]
    pub(crate) months: u32,
    /// Months in a row a person gets at least
    #[arg(long, default_value_t = 3)]
    pub(crate) shortest: u32,
    /// Only this group
    #[arg(long, default_value = "")]
    pub(crate) group: String,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct CoverageArgs {
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct SteerArgs {
    /// People to be covered more
    #[arg(long)]
    pub(crate) people: u64,
    /// Until the end of this month, such as 2027-06; without it this year's last
    #[arg(long, default_value = "")]
    pub(crate) until: String,
    /// Rupiah there are; without it no limit
    #[arg(long)]
    pub(crate) budget: Option<String>,
    /// Hours of staff there are; without it no limit
    #[arg(long)]
    pub(crate) hours: Option<u64>,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct SurgeArgs {
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct WorklistArgs {
    /// Projects shown
    #[arg(long, default_value_t = 20)]
    pub(crate) limit: usize,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct AwardArgs {
    /// Print a guide to begin with
    #[arg(long, conflicts_with_all = ["check", "json"])]
    pub(crate) template: bool,
    /// Look at a guide without keeping it
    #[arg(long, value_name = "FILE")]
    pub(crate) check: Option<std::path::PathBuf>,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct MapArgs {
    /// GeoJSON file
    pub(crate) file: std::path::PathBuf,
}

#[derive(Args)]
pub(crate) struct CompareArgs {
    /// Cards
    #[arg(required = true)]
    pub(crate) cards: Vec<std::path::PathBuf>,
    /// What all of them are part of
    #[arg(long, default_value = "Provinsi")]
    pub(crate) name: String,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct MeetingArgs {
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct TrainingArgs {
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}
