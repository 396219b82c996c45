//! A data folder: one key, and the database it belongs to, in the folder or on a server.

use crate::{Fault, Language, Refused};
use law::Law;
use std::io::Write;
use std::path::{Path, PathBuf};
use store::{Location, Store, Vault};

/// Name of a city's own layer of the law in every citation and complaint.
pub const CITY_LAYER: &str = "city";

/// Bytes of the secret.
const SECRET_BYTES: usize = 32;

/// A key.
pub(crate) type Secret = [u8; SECRET_BYTES];

/// A data folder.
#[derive(Debug, Clone)]
pub struct Home {
    /// Its path.
    pub path: PathBuf,
}

impl Home {
    /// Opens or makes the folder.
    ///
    /// # Errors
    /// [`Fault`] of the disk.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        std::fs::create_dir_all(path).map_err(|e| Fault::io(path, &e))?;
        Ok(Self { path: path.to_owned() })
    }

    /// The folder as it is, without making it: for questions that only read.
    pub fn open_if_there(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Where a city keeps its own rules.
    pub fn law_folder(&self) -> PathBuf {
        self.path.join("law")
    }

    /// The national law with this city's layer over it, where there is one.
    ///
    /// # Errors
    /// Every complaint about the layer's files, with file and line.
    pub fn law(&self, language: Language) -> Result<Law, Refused> {
        let folder = self.law_folder();
        if !folder.is_dir() {
            return Ok(Law::builtin().clone());
        }
        crate::legal::lay(Law::builtin(), &crate::legal::files_below(&folder, language)?)
    }

    /// The database, opened.
    ///
    /// # Errors
    /// [`Fault`] of disk or database; a database without its key is refused, because a new key
    /// would not open what is sealed in it.
    pub fn store(&self) -> Result<Store, Fault> {
        let (database, vault) = self.database()?;
        Ok(Store::open(&database, vault)?)
    }

    /// Where the database lies, and the keys to it.
    ///
    /// # Errors
    /// As [`Home::store`].
    pub(crate) fn database(&self) -> Result<(Location, Vault), Fault> {
        let database = crate::database::location(self).map_err(|unusable| Fault(unusable.to_string()))?;
        let secret = self.secret(&database)?;
        crate::keys::hold(self)?;
        let seals = crate::keys::seals(self, &secret)?;
        Ok((database, Vault::with_seals(&secret, &seals)))
    }

    /// Where keys lie.
    pub(crate) fn keys(&self) -> PathBuf {
        self.path.join("keys")
    }

    /// The first secret, made where there is no database yet.
    pub(crate) fn secret(&self, database: &Location) -> Result<Secret, Fault> {
        let path = self.keys().join("vault.key");
        match std::fs::read(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && !Store::stands(database)? => make_secret(&path),
            Err(e) => Err(Fault::io(&path, &e)),
            Ok(bytes) => secret_of(bytes, &path),
        }
    }
}

/// What a file of a key says.
pub(crate) fn secret_of(bytes: Vec<u8>, path: &Path) -> Result<Secret, Fault> {
    bytes.try_into().map_err(|_| Fault(format!("{}: not a key of {SECRET_BYTES} bytes", path.display())))
}

/// Makes a key: readable by its owner alone, whole on disk before it is used.
pub(crate) fn make_secret(path: &Path) -> Result<Secret, Fault> {
    let mut secret = [0u8; SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(|e| Fault(format!("no randomness: {e}")))?;
    make_file(path, &secret)?;
    Ok(secret)
}

/// Makes a file that nobody else reads, whole on disk before it counts.
pub(crate) fn make_file(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| Fault::io(folder, &e))?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path).map_err(|e| Fault::io(path, &e))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|e| Fault::io(path, &e))
}
