//! Changing the key personal data is sealed under: a new one beside the old, everything sealed anew, the old one put aside.
//!
//! `vault.key` is the first secret: digests rest on it for good, so that rows are known again, and it seals until it is replaced.
//! `seal-N.key` seals in its place; `seal-N.key.new` while rows are being sealed anew, when both open. A run that breaks off is taken up
//! by the next.

use crate::Fault;
use crate::home::{Home, Secret, make_secret, secret_of};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use store::{Store, Vault};

/// Locks this process holds, by folder: until it ends.
static HELD: Mutex<BTreeMap<PathBuf, File>> = Mutex::new(BTreeMap::new());

/// What a change of the key came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// Sealed anew.
    pub sealed: u64,
    /// Where the key of before lies; older copies of the database open with it alone. None where it is the first secret, which stays.
    pub retired: Option<PathBuf>,
    /// The key from now on.
    pub current: PathBuf,
}

fn lock_file(home: &Home) -> Result<File, Fault> {
    let path = home.keys().join("in-use");
    OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(|e| Fault::io(&path, &e))
}

/// Says that this process works with the keys: nobody changes them meanwhile.
pub(crate) fn hold(home: &Home) -> Result<(), Fault> {
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    if held.contains_key(&home.path) {
        return Ok(());
    }
    let file = lock_file(home)?;
    file.try_lock_shared().map_err(|_| Fault("the key of this data folder is being changed".to_owned()))?;
    held.insert(home.path.clone(), file);
    Ok(())
}

/// Keys that seal, with the number of each and whether it is the one rows are being sealed anew under; by number.
fn files(home: &Home) -> Result<Vec<(u32, bool, PathBuf)>, Fault> {
    let folder = home.keys();
    let mut out = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(|e| Fault::io(&folder, &e))? {
        let path = entry.map_err(|e| Fault::io(&folder, &e))?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let Some(rest) = name.strip_prefix("seal-") else { continue };
        let (number, new) = match (rest.strip_suffix(".key"), rest.strip_suffix(".key.new")) {
            (Some(number), _) => (number, false),
            (_, Some(number)) => (number, true),
            _ => continue,
        };
        if let Ok(number) = number.parse() {
            out.push((number, new, path));
        }
    }
    out.sort();
    Ok(out)
}

fn read(path: &Path) -> Result<Secret, Fault> {
    secret_of(std::fs::read(path).map_err(|e| Fault::io(path, &e))?, path)
}

/// Keys that seal and open, the one that seals last; none: the first secret does.
pub(crate) fn seals(home: &Home, secret: &Secret) -> Result<Vec<Secret>, Fault> {
    let files = files(home)?;
    let standing = files.iter().rfind(|f| !f.1);
    let new = files.iter().rfind(|f| f.1);
    let mut out = match (standing, new) {
        (Some((_, _, path)), _) => vec![read(path)?],
        (None, Some(_)) => vec![*secret],
        (None, None) => Vec::new(),
    };
    if let Some((_, _, path)) = new {
        out.push(read(path)?);
    }
    Ok(out)
}

/// Changes the key, or ends a change that broke off. None where somebody works with the data folder.
///
/// # Errors
/// [`Fault`] of disk or database: what was sealed anew stays so, and both keys open.
pub fn rotate(home: &Home, each: &mut dyn FnMut(u64)) -> Result<Option<Rotated>, Fault> {
    let database = crate::database::location(home).map_err(|unusable| Fault(unusable.to_string()))?;
    let secret = home.secret(&database)?;
    let lock = lock_file(home)?;
    if lock.try_lock().is_err() {
        return Ok(None);
    }
    let before = files(home)?;
    let standing = before.iter().rfind(|f| !f.1).map(|f| (f.0, f.2.clone()));
    let new = match before.iter().rfind(|f| f.1) {
        Some((_, _, path)) => path.clone(),
        None => {
            let path = home.keys().join(format!("seal-{}.key.new", standing.as_ref().map_or(2, |s| s.0 + 1)));
            make_secret(&path)?;
            path
        }
    };
    let vault = Vault::with_seals(&secret, &seals(home, &secret)?);
    let mut store = Store::open(&database, vault)?;
    let sealed = store.reseal(each)?;
    // The old key goes only when nothing needs it.
    let left = store.sealed_under_older()?;
    if left > 0 {
        return Err(Fault(format!("{left} sealed cells do not open with the new key; both keys stay")));
    }
    let retired = match standing {
        None => None,
        Some((number, path)) => {
            let folder = home.keys().join("retired");
            std::fs::create_dir_all(&folder).map_err(|e| Fault::io(&folder, &e))?;
            let to = folder.join(format!("seal-{number}.key"));
            std::fs::copy(&path, &to).map_err(|e| Fault::io(&to, &e))?;
            Some((path, to))
        }
    };
    // From this rename on the new key stands alone; the old one's file goes after it.
    let current = new.with_extension("");
    std::fs::rename(&new, &current).map_err(|e| Fault::io(&new, &e))?;
    let retired = match retired {
        None => None,
        Some((path, to)) => {
            std::fs::remove_file(&path).map_err(|e| Fault::io(&path, &e))?;
            Some(to)
        }
    };
    Ok(Some(Rotated { sealed, retired, current }))
}
