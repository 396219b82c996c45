//! `payung.yaml`: what a city, or an installation of several, keeps beside its data.

use crate::options::Cli;
use app::desk::messages::Gateway;
use app::desk::webhook::Webhook;
use app::desk::{Outside, SignOn};
use app::home::Home;
use app::sealed::SealTo;
use app::{Fault, Refused};
use outward::{Secret, Target};
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
    fn known(self) -> Vec<&'static str> {
        let own: &[&str] = match self {
            Self::Alone => &["listen", "https"],
            Self::Installation => &["listen", "https", "province"],
            Self::City => &["compare"],
        };
        let of_city: &[&str] = if self == Self::Installation { &[] } else { &OF_A_CITY };
        [own, of_city].concat()
    }
}

/// Settings of a city, alone or among several.
const OF_A_CITY: [&str; 8] =
    ["address", "smtp", "mail_from", "sign_on", "messages", "webhook", "backup_to", app::database::KEY];

/// What stands in it; what is typed on the command line wins.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) listen: Option<String>,
    pub(crate) https: Option<bool>,
    pub(crate) outside: Outside,
    /// Under which name a city agrees to stand beside others; none: it does not.
    pub(crate) compare: Option<String>,
    /// Name and address of the page on which cities stand side by side.
    pub(crate) province: Option<(String, String)>,
}

/// Texts of a group of settings by their keys; otherwise the key that makes no sense.
fn texts(map: serde_yaml_ng::Mapping) -> Result<BTreeMap<String, String>, String> {
    let mut left: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in map {
        match (key, value) {
            (Value::String(key), Value::String(value)) if !value.trim().is_empty() => {
                left.insert(key, value);
            }
            (key, _) => return Err(key.as_str().unwrap_or("?").to_owned()),
        }
    }
    Ok(left)
}

/// Shortest key of a gateway: nobody guesses it.
const GATEWAY_KEY_MIN: usize = 24;

/// Who carries text messages; otherwise the key that is missing, unknown or too short.
fn gateway(map: serde_yaml_ng::Mapping) -> Result<Gateway, String> {
    let mut left = texts(map)?;
    let mut take = |key: &str| left.remove(key).ok_or_else(|| key.to_owned());
    let out = Gateway { key: take("key")?, number: take("number")? };
    if out.key.len() < GATEWAY_KEY_MIN {
        return Err("key".to_owned());
    }
    left.into_keys().next().map_or(Ok(out), Err)
}

/// Another program that is told what happened; otherwise the key that is missing, unknown or makes no sense.
fn webhook(map: serde_yaml_ng::Mapping) -> Result<Webhook, String> {
    let mut left = texts(map)?;
    // In the city's own net only where whoever runs the machine says so.
    let private = match left.remove("private").as_deref() {
        None => false,
        Some("allowed") => true,
        Some(_) => return Err("private".to_owned()),
    };
    let mut take = |key: &str| left.remove(key).ok_or_else(|| key.to_owned());
    let target = Target::parse(&take("url")?, private).map_err(|_| "url".to_owned())?;
    let secret = Secret::parse(&take("secret")?).ok_or_else(|| "secret".to_owned())?;
    left.into_keys().next().map_or(Ok(Webhook { target, secret }), Err)
}

/// The city's own sign-on; otherwise the key that is missing, unknown or makes no sense.
fn sign_on(map: serde_yaml_ng::Mapping) -> Result<SignOn, String> {
    let mut left = texts(map)?;
    let mut take = |key: &str| left.remove(key).ok_or_else(|| key.to_owned());
    let out = SignOn {
        issuer: take("issuer")?,
        client_id: take("client_id")?,
        client_secret: take("client_secret")?,
        name: take("name")?,
    };
    if !out.is_safe() {
        return Err("issuer".to_owned());
    }
    left.into_keys().next().map_or(Ok(out), Err)
}

/// Name and address of the page of several cities; otherwise the key that is missing, unknown or makes no sense.
fn province(map: serde_yaml_ng::Mapping) -> Result<(String, String), String> {
    let mut left = texts(map)?;
    let mut take = |key: &str| left.remove(key).ok_or_else(|| key.to_owned());
    let (name, address) = (take("name")?, take("address")?);
    let host = web::host_of_address(&address).ok_or("address")?;
    left.into_keys().next().map_or(Ok((name, host)), Err)
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
            ("sign_on", Value::Mapping(map)) => match sign_on(map) {
                Ok(sign_on) => out.outside.sign_on = Some(sign_on),
                Err(key) => return refused(&format!("sign_on.{key}")),
            },
            ("messages", Value::Mapping(map)) => match gateway(map) {
                Ok(gateway) => out.outside.gateway = Some(gateway),
                Err(key) => return refused(&format!("messages.{key}")),
            },
            ("backup_to", Value::String(text)) => match SealTo::parse(&text) {
                Some(to) => out.outside.backup_to = Some(to),
                None => return refused("backup_to"),
            },
            ("compare", Value::String(name)) if !name.trim().is_empty() => out.compare = Some(name),
            ("province", Value::Mapping(map)) => match province(map) {
                Ok(province) => out.province = Some(province),
                Err(key) => return refused(&format!("province.{key}")),
            },
            ("webhook", Value::Mapping(map)) => match webhook(map) {
                Ok(webhook) => out.outside.webhook = Some(webhook),
                Err(key) => return refused(&format!("webhook.{key}")),
            },
            _ => return refused(&name),
        }
    }
    Ok(Ok(out))
}
