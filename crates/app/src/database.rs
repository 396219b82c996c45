//! Which database a data folder uses: its own file, or a server named in its settings.

use crate::home::Home;
use crate::{Language, Refused};
use phrases::{key, say};
use store::{Location, LocationError, Store};

/// The file of settings in the data folder.
const SETTINGS: &str = "payung.yaml";

/// The setting that names a server.
pub const KEY: &str = "database";

/// The environment's word, which wins over the settings.
pub const VARIABLE: &str = "PAYUNG_DATABASE";

/// Why there is no location. It never holds the address, because an address may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// The settings do not read.
    Settings,
    /// What stands there is no address.
    Address(LocationError),
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Settings => "payung.yaml does not read",
            Self::Address(LocationError::NotAnAddress) => {
                "the database is not postgresql://user:password@host:port/name"
            }
            Self::Address(LocationError::Encrypted) => "encrypted connections to the database are not supported",
        })
    }
}

/// The address in force, if a server is named.
fn address(home: &Home) -> Result<Option<String>, Unusable> {
    if let Some(url) = std::env::var(VARIABLE).ok().filter(|url| !url.is_empty()) {
        return Ok(Some(url));
    }
    // A file that is not there names nothing; one that cannot be read is told of by whoever opens the folder.
    let Ok(text) = std::fs::read_to_string(home.path.join(SETTINGS)) else { return Ok(None) };
    let read: Result<Option<std::collections::BTreeMap<String, serde_yaml_ng::Value>>, _> =
        serde_yaml_ng::from_str(&text);
    match read.map_err(|_| Unusable::Settings)?.and_then(|mut map| map.remove(KEY)) {
        None => Ok(None),
        Some(serde_yaml_ng::Value::String(url)) => Ok(Some(url)),
        Some(_) => Err(Unusable::Address(LocationError::NotAnAddress)),
    }
}

/// Where the database of a data folder is.
pub(crate) fn location(home: &Home) -> Result<Location, Unusable> {
    match address(home)? {
        Some(url) => Location::server(&url).map_err(Unusable::Address),
        None => Ok(Location::File(home.path.join("payung.db"))),
    }
}

/// Can the database be used? A file is looked at when it is opened; a server is asked now, because what is wrong
/// with it is for a person to mend.
///
/// # Errors
/// What is wrong and what to do, in the person's language.
pub fn check(home: &Home, language: Language) -> Result<(), Refused> {
    let refused = |key, arguments: &[(&str, &str)]| Err(Refused(say(language, key, arguments)));
    match location(home) {
        Err(Unusable::Settings) => refused(key::DATABASE_SETTINGS, &[("file", SETTINGS)]),
        Err(Unusable::Address(LocationError::NotAnAddress)) => refused(key::DATABASE_NOT_AN_ADDRESS, &[]),
        Err(Unusable::Address(LocationError::Encrypted)) => refused(key::DATABASE_ENCRYPTED, &[]),
        Ok(Location::File(_)) => Ok(()),
        Ok(Location::Server(address)) => {
            let Err(fault) = Store::reach(&Location::Server(address.clone())) else { return Ok(()) };
            let (place, detail) = (address.to_string(), fault.to_string());
            refused(key::DATABASE_UNREACHABLE, &[("address", &place), ("detail", &detail)])
        }
    }
}
