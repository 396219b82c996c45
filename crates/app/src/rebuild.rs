//! Derived results can be thrown away: rebuilt from the facts, they are the same to the byte.

use crate::monev::{Request, compute, run_key};
use crate::{Fault, Language};
use law::Law;
use store::{Run, Store};

/// One stored result, rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// The day it is of; `stays` for the stays of all people, which are of every day and listed only where they differ.
    pub as_of: String,
    /// Digest stored before.
    pub stored: String,
    /// Digest of the rebuild.
    pub rebuilt: String,
}

/// Rebuilds every stored result from the facts known to it. With `verify`, nothing is written;
/// without, the derived tables are dropped and filled again.
///
/// A result computed under other law data than this program's is rebuilt under today's and will
/// differ: that is what the fingerprint is for.
///
/// # Errors
/// [`Fault`] of the database.
pub fn rebuild(store: &mut Store, verify: bool, law: &Law) -> Result<Vec<Rebuilt>, Fault> {
    let runs = store.run_list()?;
    let mut out = Vec::new();
    let mut fresh = Vec::new();
    for run in runs {
        let request = Request {
            as_of: run.key.as_of.parse().map_err(|_| Fault(format!("stored day {}", run.key.as_of)))?,
            known_on: None,
            agency: Some(run.key.agency.clone()).filter(|a| !a.is_empty()),
            language: Language::Indonesian,
        };
        let report = compute(store, &request, run.key.known, law)?;
        let stored_lines = store.run_lines(&run.key)?;
        let same_lines = report
            .lines()
            .iter()
            .map(|(k, b)| (*k, b.as_str()))
            .eq(stored_lines.iter().map(|(k, b)| (k.as_str(), b.as_str())));
        let digest = report.digest();
        let rebuilt = if same_lines { digest.clone() } else { format!("{digest} (lines differ)") };
        out.push(Rebuilt { as_of: run.key.as_of.clone(), stored: run.digest.clone(), rebuilt });
        fresh.push((Run { key: run_key(&request, run.key.known, law), digest }, report));
    }
    let (kept, anew) = store.stay_verify()?;
    if kept != anew {
        out.push(Rebuilt { as_of: "stays".to_owned(), stored: kept, rebuilt: anew });
    }
    if !verify {
        store.stay_rebuild()?;
        store.derived_drop()?;
        for (run, report) in &fresh {
            store.run_save(run, &report.lines())?;
        }
    }
    Ok(out)
}
