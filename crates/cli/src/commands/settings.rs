//! `payung.yaml`: what a city, or an installation of several, keeps beside its data.

use crate::options::Cli;
use app::desk::Outside;
use app::home::Home;
use app::{Fault, Refused};
use phrases::{key, say};
use serde_yaml_ng::Value;
use std::collections::BTreeMap;

/// The file.
const SETTINGS: &str = "payung.yaml";

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The only city of the program.
    Alone,
    /// The folder that holds the folders of several cities.
    Installation,
    /// One of several cities.
    City,
}

impl Place {
    fn known(self) -> &'static [&'static str] {
        match self {
            Self::Alone => &["listen", "https", "address", "smtp", "mail_from", app::database::KEY],
            Self::Installation => &["listen", "https"],
            Self::City => &["address", "smtp", "mail_from", app::database::KEY],
        }
    }
}

/// What stands in it; what is typed on the command line wins.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) listen: Option<String>,
    pub(crate) https: Option<bool>,
    pub(crate) outside: Outside,
}

/// Reads the settings of a folder; a key nobody knows is refused.
pub(crate) fn read(cli: &Cli, home: &Home, place: Place) -> Result<Result<Settings, Refused>, Fault> {
    let path = home.path.join(SETTINGS);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Ok(Settings::default())),
        Err(e) => return Err(Fault::io(&path, &e)),
    };
    let (file, known) = (path.display().to_string(), place.known().join(", "));
    let refused = |key: &str| {
        let arguments = [("file", file.as_str()), ("key", key), ("known", &known)];
        Ok(Err(Refused(say(cli.language(), key::SERVE_BAD_KEY, &arguments))))
    };
    let mut out = Settings::default();
    let read: Result<Option<BTreeMap<String, Value>>, _> = serde_yaml_ng::from_str(&text);
    let Ok(map) = read else { return refused(text.lines().next().unwrap_or_default()) };
    for (name, value) in map.unwrap_or_default() {
        if !place.known().contains(&name.as_str()) {
            return refused(&name);
        }
        match (name.as_str(), value) {
            ("listen", Value::String(listen)) => out.listen = Some(listen),
            ("https", Value::Bool(https)) => out.https = Some(https),
            // Read where the data folder is opened, by every command.
            (app::database::KEY, Value::String(_)) => {}
            ("address", Value::String(address)) => out.outside.address = Some(address),
            ("smtp", Value::String(url)) => out.outside.smtp = Some(url),
            ("mail_from", Value::String(from)) => out.outside.mail_from = Some(from),
            _ => return refused(&name),
        }
    }
    Ok(Ok(out))
}
