//! The main job: what is known, linked, assessed on a day, written for people and machines.

use crate::known::KnownCity;
use crate::report::{self, Report};
use crate::{Fault, Language};
use assess::Question;
use kernel::Date;
use law::Law;
use std::path::{Path, PathBuf};
use store::{Run, RunKey, Store};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// The day.
    pub as_of: Date,
    /// The day on which it was known; `None` for now.
    pub known_on: Option<Date>,
    /// One office only.
    pub agency: Option<String>,
    /// Language of the report.
    pub language: Language,
}

/// What came out.
pub struct Outcome {
    /// The summary, which is also `summary.json`.
    pub summary: serde_json::Value,
    /// The same result stood there already.
    pub unchanged: bool,
    /// Files written.
    pub files: Vec<PathBuf>,
    /// Findings and spans for comparing with a truth file.
    pub report: Report,
}

/// Jakarta lies seven hours before UTC all year, so a day there ends at 17:00 UTC.
const JAKARTA_DAY_ENDS_UTC: &str = "T17:00:00Z";

/// The last table known at the end of a day in Jakarta, or now.
///
/// # Errors
/// [`Fault`] of the database.
pub fn known_through(store: &Store, known_on: Option<Date>) -> Result<i64, Fault> {
    let before = known_on.map(|d| format!("{d}{JAKARTA_DAY_ENDS_UTC}"));
    Ok(store.known_through(before.as_deref())?)
}

/// Computes a report without writing or storing anything.
///
/// # Errors
/// [`Fault`] of the database.
pub fn compute(store: &Store, request: &Request, through: i64, law: &Law) -> Result<Report, Fault> {
    let city = KnownCity::load(store, through)?;
    let payments = city.payments_by_project();
    let question = Question { as_of: request.as_of, agency: request.agency.clone() };
    let view = city.city(&payments);
    let assessment = assess::assess(&view, law, &question);
    Ok(report::build(&city, &assessment, request, law))
}

/// The key under which a result is stored.
pub fn run_key(request: &Request, through: i64, law: &Law) -> RunKey {
    RunKey {
        as_of: request.as_of.to_string(),
        known: through,
        agency: request.agency.clone().unwrap_or_default(),
        law: law.fingerprint(),
    }
}

/// Runs the job and writes the report into a folder.
///
/// # Errors
/// [`Fault`] of database or disk.
pub fn monev(store: &mut Store, request: &Request, out: &Path, law: &Law) -> Result<Outcome, Fault> {
    let through = known_through(store, request.known_on)?;
    let report = compute(store, request, through, law)?;
    let run = Run { key: run_key(request, through, law), digest: report.digest() };
    let unchanged = !store.run_save(&run, &report.lines())?;
    let files = report::write(&report, out, request.language)?;
    Ok(Outcome { summary: report.summary.clone(), unchanged, files, report })
}
