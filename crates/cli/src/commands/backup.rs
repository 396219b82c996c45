//! `payung backup key` and `payung backup open`: the key copies are sealed to, and a sealed copy made a database again.

use super::{Done, print_lines, refuse};
use crate::options::{BackupCommand, Cli};
use app::desk::backup::{Manifest, beside};
use app::sealed::{NotOpened, new_key, open};
use app::{Fault, Refused};
use phrases::say_named;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

pub(crate) fn run(cli: &Cli, command: &BackupCommand) -> Result<Done, Fault> {
    match command {
        BackupCommand::Key { out } => key(cli, out),
        BackupCommand::Open { copy, key, out } => opened(cli, copy, key, out),
    }
}

/// Writes a new key where nothing is yet, readable by its owner alone; prints the line for `payung.yaml`.
fn key(cli: &Cli, out: &Path) -> Result<Done, Fault> {
    let (secret, public) = new_key();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = |mut file: std::fs::File| file.write_all(secret.as_bytes()).and_then(|()| file.sync_all());
    options.open(out).and_then(write).map_err(|e| Fault::io(out, &e))?;
    let arguments = [("path", &*out.display().to_string()), ("public", &public)];
    print_lines(&[say_named(cli.language(), "backup-key-made", &arguments)])?;
    Ok(Done::Well)
}

fn opened(cli: &Cli, copy: &Path, key: &Path, out: &Path) -> Result<Done, Fault> {
    let say = |name: &str, arguments: &[(&str, &str)]| say_named(cli.language(), name, arguments);
    let secret = std::fs::read_to_string(key).map_err(|e| Fault::io(key, &e))?;
    let (shown, key_shown) = (copy.display().to_string(), key.display().to_string());
    if out.exists() {
        return Ok(refuse(&Refused(say("backup-out-exists", &[("path", &out.display().to_string())]))));
    }
    let digest = match open(copy, out, &secret)? {
        Ok(digest) => digest,
        Err(NotOpened::NoKey) => return Ok(refuse(&Refused(say("backup-no-key", &[("path", &key_shown)])))),
        Err(NotOpened::OtherKey) => return Ok(refuse(&Refused(say("backup-other-key", &[("path", &shown)])))),
        Err(NotOpened::Damaged) => return Ok(refuse(&Refused(say("backup-damaged", &[("path", &shown)])))),
    };
    let manifest = std::fs::read(beside(copy)).ok().and_then(|text| serde_json::from_slice::<Manifest>(&text).ok());
    let arguments = [("path", &*out.display().to_string()), ("digest", &digest)];
    match manifest.and_then(|m| m.opened) {
        Some(known) if known == digest => print_lines(&[say("backup-opened", &arguments)])?,
        Some(_) => {
            std::fs::remove_file(out).map_err(|e| Fault::io(out, &e))?;
            return Ok(refuse(&Refused(say("backup-other-database", &[("path", &shown)]))));
        }
        None => print_lines(&[say("backup-opened-alone", &arguments)])?,
    }
    Ok(Done::Well)
}
