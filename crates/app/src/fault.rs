//! What can go wrong in a use case: our machinery, or the request.

use std::fmt;
use std::path::Path;

/// Our machinery: disk, database, key file. Logged once, at the boundary.
#[derive(Debug)]
pub struct Fault(pub String);

impl Fault {
    /// From an error of the disk, with the path it concerns.
    pub fn io(path: &Path, error: &std::io::Error) -> Self {
        Self(format!("{}: {error}", path.display()))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl From<store::Fault> for Fault {
    fn from(fault: store::Fault) -> Self {
        Self(fault.to_string())
    }
}

/// A request that is declined, in the person's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub String);
