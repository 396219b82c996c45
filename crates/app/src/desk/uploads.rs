//! Files that were sent to be read. They lie as they came, names and numbers of people readable in them, so none stays
//! longer than it is needed: until it is stored, or a week where nobody stores it.

use super::Desk;
use crate::{Fault, clock};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// Days a file waits for somebody to store it.
pub const WAIT_DAYS: i64 = 7;

/// Days a list of workers laid down waits for somebody to say yes.
pub const DRAFT_DAYS: i64 = 30;

/// A file younger than this is left alone: its row may be about to be written.
const YOUNG: Duration = Duration::from_secs(3_600);

/// Between two looks.
pub(super) const EVERY: Duration = Duration::from_secs(3_600);

impl Desk {
    /// Where uploads lie; nobody else on the machine looks into it.
    ///
    /// # Errors
    /// [`Fault`] of the disk.
    pub fn uploads(&self) -> Result<PathBuf, Fault> {
        let folder = self.home.path.join("uploads");
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(|e| Fault::io(&folder, &e))?;
        Ok(folder)
    }
}

/// Removes lists of workers that waited [`DRAFT_DAYS`], and files that are stored, that nobody stored for [`WAIT_DAYS`], and that never arrived whole. The answer is how many.
/// Their rows in the list of imports stay.
///
/// # Errors
/// [`Fault`] of disk or database.
pub fn sweep(desk: &Desk) -> Result<u64, Fault> {
    let drafts = clock::of_seconds(clock::seconds() - DRAFT_DAYS * 86_400);
    desk.write(|s| s.roster_draft_sweep(&drafts).map_err(Fault::from))?;
    let folder = desk.uploads()?;
    let since = clock::of_seconds(clock::seconds() - WAIT_DAYS * 86_400);
    let needed: BTreeSet<String> = desk.read(|s| s.uploads_needed(&since).map_err(Fault::from))?.into_iter().collect();
    let mut removed = 0;
    for entry in std::fs::read_dir(&folder).map_err(|e| Fault::io(&folder, &e))? {
        let entry = entry.map_err(|e| Fault::io(&folder, &e))?;
        let age = entry.metadata().and_then(|m| m.modified()).ok().and_then(|at| at.elapsed().ok());
        let is_needed = entry.file_name().to_str().is_some_and(|name| needed.contains(name));
        if !is_needed && age.is_some_and(|age| age > YOUNG) {
            let path = entry.path();
            std::fs::remove_file(&path).map_err(|e| Fault::io(&path, &e))?;
            removed += 1;
        }
    }
    Ok(removed)
}
