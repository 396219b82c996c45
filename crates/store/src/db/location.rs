//! Where a city's database is: a file, or a server with an address.

use postgres::Config;
use postgres::config::{Host, SslMode};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where the database is.
#[derive(Debug, Clone)]
pub enum Location {
    /// SQLite, in a file.
    File(PathBuf),
    /// PostgreSQL, on a server.
    Server(Address),
}

/// Why an address is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocationError {
    /// Not `postgresql://user:password@host:port/name`.
    NotAnAddress,
    /// It asks for an encrypted connection, which this program does not make.
    Encrypted,
}

/// The address of a server with what is needed to sign in. It prints without the password.
#[derive(Clone)]
pub struct Address(Box<Config>);

/// Values of `sslmode` under which nobody may connect in the clear.
const ENCRYPTED: [&str; 3] = ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"];

impl Location {
    /// Reads an address `postgresql://user:password@host:port/name`.
    ///
    /// # Errors
    /// [`LocationError`]. It says nothing of the text, because the text may hold a password.
    pub fn server(url: &str) -> Result<Self, LocationError> {
        let url = url.trim();
        if !["postgresql://", "postgres://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(LocationError::NotAnAddress);
        }
        // Asked for by name first: the driver does not know all of them and would call them unreadable.
        if ENCRYPTED.iter().any(|mode| url.contains(mode)) {
            return Err(LocationError::Encrypted);
        }
        let mut config = Config::from_str(url).map_err(|_| LocationError::NotAnAddress)?;
        if config.get_ssl_mode() == SslMode::Require {
            return Err(LocationError::Encrypted);
        }
        if config.get_dbname().is_none() || config.get_user().is_none() || config.get_hosts().is_empty() {
            return Err(LocationError::NotAnAddress);
        }
        config.ssl_mode(SslMode::Disable).application_name("payung");
        Ok(Self::Server(Address(Box::new(config))))
    }
}

impl Address {
    pub(super) fn config(&self) -> Config {
        (*self.0).clone()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = match self.0.get_hosts().first() {
            Some(Host::Tcp(name)) => name.clone(),
            Some(Host::Unix(path)) => path.display().to_string(),
            None => String::new(),
        };
        let port = self.0.get_ports().first().copied().unwrap_or(5432);
        write!(f, "{host}:{port}/{}", self.0.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_never_prints_its_password() {
        let location = Location::server("postgresql://payung:rahasia@db.kota.go.id:5433/payung").unwrap();
        let Location::Server(address) = &location else { panic!("a file") };
        assert_eq!(address.to_string(), "db.kota.go.id:5433/payung");
        assert!(!format!("{location:?}").contains("rahasia"));
        let socket = Location::server("postgresql://payung@%2Frun%2Fpostgresql/payung").unwrap();
        assert!(format!("{socket:?}").contains("/run/postgresql:5432/payung"));
    }

    #[test]
    fn what_is_no_address_is_told_apart() {
        for text in ["", "payung.db", "mysql://a@b/c", "postgresql://", "postgresql://a@b", "postgresql://a@b:x/c"] {
            assert_eq!(Location::server(text).err(), Some(LocationError::NotAnAddress), "{text}");
        }
        for mode in ["require", "verify-full"] {
            let url = format!("postgresql://a:b@c/d?sslmode={mode}");
            assert_eq!(Location::server(&url).err(), Some(LocationError::Encrypted));
        }
        assert!(Location::server("postgresql://a:b@c/d?sslmode=prefer").is_ok());
    }
}
