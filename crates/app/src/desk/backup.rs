//! Copies of the database in the data folder: consistent, opened again and checked before they count, without the key.

use super::{Desk, event, token_hash};
use crate::rebuild::rebuild;
use crate::{Fault, clock};
use authz::{Backup, Permit, Read};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use store::{JobAsk, Location, Store};

/// Copies kept; older ones make room.
pub const KEPT: usize = 7;

/// Seconds between two copies the desk makes by itself.
const EVERY: i64 = 24 * 3_600;

/// What is written beside a copy once it has been proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Name of the copy.
    pub file: String,
    /// When it was begun, UTC.
    pub at: String,
    /// The same in seconds since 1970.
    pub seconds: i64,
    /// Bytes.
    pub bytes: u64,
    /// BLAKE3 of the bytes.
    pub digest: String,
    /// BLAKE3 of the database in it, where the copy is sealed to an offline key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<String>,
    /// Entries of the audit chain in it.
    pub audit_entries: u64,
    /// Hash of the last of them.
    pub audit_head: String,
    /// Stored results that were rebuilt from its facts and were the same.
    pub rebuilt: usize,
}

fn folder(desk: &Desk) -> PathBuf {
    desk.home.path.join("backups")
}

/// Copies that were proven, the newest first.
///
/// # Errors
/// [`Fault`] of the disk.
pub fn list(desk: &Desk, _permit: &Permit<Read, Backup>) -> Result<Vec<Manifest>, Fault> {
    proven(desk)
}

fn proven(desk: &Desk) -> Result<Vec<Manifest>, Fault> {
    let folder = folder(desk);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Fault::io(&folder, &e)),
    };
    let mut out: Vec<Manifest> = entries
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "json"))
        .filter_map(|entry| serde_json::from_slice(&fs::read(entry.path()).ok()?).ok())
        .filter(|m: &Manifest| folder.join(&m.file).is_file())
        .collect();
    out.sort_by(|a, b| b.seconds.cmp(&a.seconds).then(b.file.cmp(&a.file)));
    Ok(out)
}

/// Is it time for a copy? Not on a server, not before there is anything to copy, and not again at once where the last
/// one failed.
///
/// # Errors
/// [`Fault`] of the database.
pub fn is_due(desk: &Desk) -> Result<bool, Fault> {
    if !is_possible(desk) {
        return Ok(false);
    }
    let (picture, last) = desk.read(|s| Ok::<_, Fault>((s.picture()?, s.job_last("backup")?)))?;
    let age = last.and_then(|at| clock::seconds_of(&at)).map(|at| clock::seconds() - at);
    Ok(picture.is_some() && age.is_none_or(|age| age > EVERY))
}

/// Can the desk copy its database? A server is copied by its own tools.
pub fn is_possible(desk: &Desk) -> bool {
    matches!(desk.database, Location::File(_))
}

/// Does only an offline key open the copies: those to come, and all that are kept?
pub fn is_sealed(desk: &Desk, kept: &[Manifest]) -> bool {
    desk.outside.backup_to.is_some() && kept.iter().all(|m| m.opened.is_some())
}

/// Asks for a copy: a member does, with a word in the trail, or the day.
///
/// # Errors
/// [`Fault`] of the database.
pub fn ask(desk: &Desk, by: Option<(i64, &str)>) -> Result<i64, Fault> {
    let member = by.map(|(member, _)| member);
    let job = JobAsk { kind: "backup", subject: "{}", by: member, at: &clock::now(), not_before: 0 };
    let id = desk.write(|store| match by {
        Some((member, request)) => store.job_ask_told(&job, event(Some(member), "backup", "", request)),
        None => store.job_ask_later(&job),
    })?;
    desk.wake();
    Ok(id)
}

/// Makes a copy: the job. Readers and writers go on meanwhile. What was copied is opened again, checked by the
/// database, its audit chain followed, and its stored results rebuilt from its facts; only then it gets its name.
///
/// # Errors
/// [`Fault`] of disk or database, and where the copy does not hold.
pub(super) fn make(desk: &Desk) -> Result<serde_json::Value, Fault> {
    let folder = folder(desk);
    fs::create_dir_all(&folder).map_err(|e| Fault::io(&folder, &e))?;
    sweep(&folder)?;
    make_in(desk, &folder).inspect_err(|_| {
        // A whole database must not lie about because the disk was full; the fault that is told is the first one.
        let _ = sweep(&folder);
    })
}

fn make_in(desk: &Desk, folder: &Path) -> Result<serde_json::Value, Fault> {
    let (at, seconds) = (clock::now(), clock::seconds());
    let name: String = at.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let working = folder.join(format!("{WORKING}{}", super::hex(&token_hash(name.as_bytes())[..4])));
    if !Store::copy(&desk.database, &working)? {
        return Err(Fault("a server is copied by its own tools".to_owned()));
    }
    let (chain, rebuilt) = prove(desk, &working)?;
    let (mut bytes, mut digest) = measured(&working)?;
    let (mut working, mut opened, mut ending) = (working, None, "db");
    if let Some(to) = &desk.outside.backup_to {
        let sealed = working.with_extension("age");
        crate::sealed::seal(&working, &sealed, to)?;
        fs::remove_file(&working).map_err(|e| Fault::io(&working, &e))?;
        (working, ending, opened) = (sealed, "db.age", Some(digest));
        (bytes, digest) = measured(&working)?;
    }
    let manifest = Manifest {
        file: format!("payung-{name}.{ending}"),
        at,
        seconds,
        bytes,
        digest,
        opened,
        audit_entries: chain.entries,
        audit_head: chain.head,
        rebuilt,
    };
    let target = folder.join(&manifest.file);
    fs::rename(&working, &target).map_err(|e| Fault::io(&target, &e))?;
    write_manifest(&beside(&target), &manifest)?;
    for old in proven(desk)?.into_iter().skip(KEPT) {
        let path = folder.join(&old.file);
        // The copy goes first: a manifest without one is not listed.
        for path in [path.clone(), beside(&path)] {
            fs::remove_file(&path).map_err(|e| Fault::io(&path, &e))?;
        }
    }
    Ok(serde_json::json!({ "backup": manifest.file }))
}

/// Bytes of a file and their BLAKE3, once they are safe on the disk.
fn measured(path: &Path) -> Result<(u64, String), Fault> {
    let mut hasher = blake3::Hasher::new();
    let mut file = File::open(path).map_err(|e| Fault::io(path, &e))?;
    let bytes = std::io::copy(&mut file, &mut hasher).map_err(|e| Fault::io(path, &e))?;
    file.sync_all().map_err(|e| Fault::io(path, &e))?;
    Ok((bytes, hasher.finalize().to_hex().to_string()))
}

/// Where what was proven of a copy stands.
pub fn beside(copy: &Path) -> PathBuf {
    let plain = if copy.extension().is_some_and(|e| e == "age") { copy.with_extension("") } else { copy.to_owned() };
    plain.with_extension("json")
}

/// Name of a copy that is not proven yet begins so.
const WORKING: &str = "tmp-";

/// What a killed program left.
fn sweep(folder: &Path) -> Result<(), Fault> {
    for entry in fs::read_dir(folder).map_err(|e| Fault::io(folder, &e))?.flatten() {
        if entry.file_name().to_string_lossy().starts_with(WORKING) {
            fs::remove_file(entry.path()).map_err(|e| Fault::io(&entry.path(), &e))?;
        }
    }
    Ok(())
}

fn prove(desk: &Desk, copy: &Path) -> Result<(audit::Chain, usize), Fault> {
    let mut store = Store::open(&Location::File(copy.to_owned()), desk.vault.clone())?;
    store.check_integrity()?;
    let mut entries = Vec::new();
    store.audit_all(&mut |entry| entries.push(entry))?;
    let chain = audit::verify(entries).map_err(|broken| Fault(format!("audit chain of the copy: {broken:?}")))?;
    let results = rebuild(&mut store, true, &desk.law)?;
    // A result of other law data differs by right; one of this law must not.
    let law = desk.law.fingerprint();
    let runs = store.run_list()?;
    let differing = results.iter().zip(&runs).find(|(r, run)| run.key.law == law && r.stored != r.rebuilt);
    match differing {
        Some((r, _)) => Err(Fault(format!("the result of {} is not the same in the copy", r.as_of))),
        None => Ok((chain, results.len())),
    }
}

fn write_manifest(path: &Path, manifest: &Manifest) -> Result<(), Fault> {
    let text = serde_json::to_vec_pretty(manifest).map_err(|e| Fault(e.to_string()))?;
    let working = path.with_file_name(format!("{WORKING}manifest"));
    let write = || {
        fs::write(&working, text)?;
        File::open(&working)?.sync_all()?;
        fs::rename(&working, path)
    };
    write().map_err(|e| Fault::io(path, &e))
}
