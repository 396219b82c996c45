//! Copies that only an offline key opens: age files (age-encryption.org/v1), so that any machine with that tool opens
//! them too. The program knows the public half only; whoever steals the copies has nothing.

use crate::Fault;
use age::secrecy::ExposeSecret;
use age::x25519::{Identity, Recipient};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

/// The public half of a key, `age1…`.
#[derive(Clone)]
pub struct SealTo(Recipient);

impl SealTo {
    /// Reads `age1…`; none where it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok().map(Self)
    }
}

/// A new key: what is kept offline, and the public half.
pub fn new_key() -> (String, String) {
    let identity = Identity::generate();
    let public = identity.to_public().to_string();
    (format!("# public key: {public}\n{}\n", identity.to_string().expose_secret()), public)
}

fn odd(path: &Path, why: impl std::fmt::Display) -> Fault {
    Fault(format!("{}: {why}", path.display()))
}

/// Seals a file into another, which must not be there yet. Memory: a few pieces of 64 KiB.
///
/// # Errors
/// [`Fault`] of the disk.
pub fn seal(from: &Path, into: &Path, to: &SealTo) -> Result<(), Fault> {
    let encryptor =
        age::Encryptor::with_recipients(std::iter::once(&to.0 as &dyn age::Recipient)).map_err(|e| odd(into, e))?;
    let mut source = File::open(from).map_err(|e| Fault::io(from, &e))?;
    let target = File::create_new(into).map_err(|e| Fault::io(into, &e))?;
    let mut sealed = encryptor.wrap_output(target).map_err(|e| Fault::io(into, &e))?;
    std::io::copy(&mut source, &mut sealed).map_err(|e| Fault::io(into, &e))?;
    let target = sealed.finish().map_err(|e| Fault::io(into, &e))?;
    target.sync_all().map_err(|e| Fault::io(into, &e))
}

/// Why a copy does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOpened {
    /// The key file holds no key.
    NoKey,
    /// The key is not the one it was sealed to.
    OtherKey,
    /// It is no sealed copy, or it is damaged.
    Damaged,
}

/// Opens a sealed file into another, which must not be there yet; answers the BLAKE3 of what was in it. Nothing is left
/// where it does not open to its end.
///
/// # Errors
/// [`Fault`] of the disk.
pub fn open(from: &Path, into: &Path, key: &str) -> Result<Result<String, NotOpened>, Fault> {
    let identity: Option<Identity> =
        key.lines().map(str::trim).find(|l| !l.is_empty() && !l.starts_with('#')).and_then(|l| l.parse().ok());
    let Some(identity) = identity else { return Ok(Err(NotOpened::NoKey)) };
    let source = File::open(from).map_err(|e| Fault::io(from, &e))?;
    let decryptor = match age::Decryptor::new(source) {
        Ok(decryptor) => decryptor,
        Err(_) => return Ok(Err(NotOpened::Damaged)),
    };
    let mut opened = match decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)) {
        Ok(opened) => opened,
        Err(age::DecryptError::NoMatchingKeys) => return Ok(Err(NotOpened::OtherKey)),
        Err(_) => return Ok(Err(NotOpened::Damaged)),
    };
    let target = File::create_new(into).map_err(|e| Fault::io(into, &e))?;
    let written = write_out(&mut opened, target);
    if !matches!(written, Ok(Some(_))) {
        std::fs::remove_file(into).map_err(|e| Fault::io(into, &e))?;
    }
    Ok(written.map_err(|e| Fault::io(into, &e))?.ok_or(NotOpened::Damaged))
}

/// Writes what is read to its end; the digest of it, or none where it cannot be read.
fn write_out(source: &mut dyn Read, mut target: File) -> std::io::Result<Option<String>> {
    let (mut hasher, mut piece) = (blake3::Hasher::new(), vec![0; 1 << 16]);
    loop {
        match source.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => {
                hasher.update(&piece[..read]);
                target.write_all(&piece[..read])?;
            }
            Err(_) => return Ok(None),
        }
    }
    target.sync_all()?;
    Ok(Some(hasher.finalize().to_hex().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_copy_opens_with_its_key_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let bytes: Vec<u8> = (0..300_000u32).flat_map(|i| i.to_le_bytes()).collect();
        std::fs::write(path("plain"), &bytes).unwrap();
        let ((key, public), (other, _)) = (new_key(), new_key());
        let to = SealTo::parse(&public).unwrap();
        seal(&path("plain"), &path("sealed"), &to).unwrap();
        assert!(seal(&path("plain"), &path("sealed"), &to).is_err(), "nothing is written over");
        assert_eq!(open(&path("sealed"), &path("a"), &key).unwrap(), Ok(blake3::hash(&bytes).to_hex().to_string()));
        assert_eq!(std::fs::read(path("a")).unwrap(), bytes);
        assert_eq!(open(&path("sealed"), &path("b"), &other).unwrap(), Err(NotOpened::OtherKey));
        assert_eq!(open(&path("sealed"), &path("b"), "# nothing\n").unwrap(), Err(NotOpened::NoKey));
        assert_eq!(open(&path("plain"), &path("b"), &key).unwrap(), Err(NotOpened::Damaged));
        // A byte turned near the end, and a file cut short.
        let sealed = std::fs::read(path("sealed")).unwrap();
        let mut turned = sealed.clone();
        let last = turned.len() - 40;
        turned[last] ^= 1;
        for damaged in [&turned[..], &sealed[..sealed.len() / 2]] {
            std::fs::write(path("damaged"), damaged).unwrap();
            assert_eq!(open(&path("damaged"), &path("b"), &key).unwrap(), Err(NotOpened::Damaged));
            assert!(!path("b").exists(), "half a city is no city");
        }
        assert!(SealTo::parse("age1nonsense").is_none() && SealTo::parse("").is_none());
    }
}
