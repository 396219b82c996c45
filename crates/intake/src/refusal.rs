//! Why a whole file cannot be used. The code names a sentence in `i18n/` that says how to mend it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// Nothing in it.
    Empty,
    /// Only a header.
    NoRows,
    /// Neither a table nor JSON: a PDF, a picture, a program.
    NotATable,
    /// A web page saved with the ending of a spreadsheet.
    HtmlTable,
    /// Locked with a password.
    Encrypted,
    /// Ends before its end: a broken download or copy.
    Truncated,
    /// The archive is damaged or made to harm.
    ArchiveUnsafe,
    /// Beyond a limit of this program.
    TooLarge,
    /// The child was ended for memory or time.
    TooHeavy,
    /// Not JSON, or not a list of records.
    JsonMalformed,
    /// No register has these headers.
    UnknownHeaders,
    /// The named register needs columns that are missing.
    MissingColumns,
    /// The name of a register that does not exist.
    UnknownRegister,
    /// The mapping names a field or header that does not exist.
    BadMapping,
    /// A compressed file inside a compressed file.
    GzipInGzip,
    /// A quotation mark in a text table that is never closed: what follows it would be one cell.
    QuoteOpen,
    /// Parquet packed by a method this program does not unpack.
    PackedOtherwise,
    /// The file could not be read.
    Unreadable,
}

impl RefusalCode {
    /// Every code, for tests that each has its sentence.
    pub const ALL: [Self; 18] = [
        Self::Empty,
        Self::NoRows,
        Self::NotATable,
        Self::HtmlTable,
        Self::Encrypted,
        Self::Truncated,
        Self::ArchiveUnsafe,
        Self::TooLarge,
        Self::TooHeavy,
        Self::JsonMalformed,
        Self::UnknownHeaders,
        Self::MissingColumns,
        Self::UnknownRegister,
        Self::BadMapping,
        Self::GzipInGzip,
        Self::QuoteOpen,
        Self::PackedOtherwise,
        Self::Unreadable,
    ];

    /// As it stands in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoRows => "no_rows",
            Self::NotATable => "not_a_table",
            Self::HtmlTable => "html_table",
            Self::Encrypted => "encrypted",
            Self::Truncated => "truncated",
            Self::ArchiveUnsafe => "archive_unsafe",
            Self::TooLarge => "too_large",
            Self::TooHeavy => "too_heavy",
            Self::JsonMalformed => "json_malformed",
            Self::UnknownHeaders => "unknown_headers",
            Self::MissingColumns => "missing_columns",
            Self::UnknownRegister => "unknown_register",
            Self::BadMapping => "bad_mapping",
            Self::GzipInGzip => "gzip_in_gzip",
            Self::QuoteOpen => "quote_open",
            Self::PackedOtherwise => "packed_otherwise",
            Self::Unreadable => "unreadable",
        }
    }
}

/// A refusal with the facts its sentence needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub code: RefusalCode,
    /// Facts: `limit`, `at`, `nearest`, `missing`, `line`.
    pub facts: BTreeMap<String, String>,
}

impl Refusal {
    /// Without facts.
    pub fn new(code: RefusalCode) -> Self {
        Self { code, facts: BTreeMap::new() }
    }

    /// With one more fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.facts.insert(name.to_owned(), value.to_string());
        self
    }

    /// Beyond a limit.
    pub fn limit(name: &str, max: impl ToString) -> Self {
        Self::new(RefusalCode::TooLarge).with("limit", name).with("max", max)
    }

    /// From an error of the machine while reading: an early end means a truncated file.
    pub fn of_io(error: &std::io::Error) -> Self {
        if let Some(inner) = error.get_ref().and_then(|e| e.downcast_ref::<LimitReached>()) {
            return Self::limit(inner.0, inner.1).with("at", inner.2);
        }
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Self::new(RefusalCode::Truncated),
            // The inflater reports a damaged stream so.
            std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData => Self::new(RefusalCode::Truncated),
            _ => Self::new(RefusalCode::Unreadable).with("detail", error.kind()),
        }
    }
}

/// Carried through `io::Error` when a reader passes a limit: name, maximum, position.
#[derive(Debug)]
pub(crate) struct LimitReached(pub(crate) &'static str, pub(crate) u64, pub(crate) u64);

impl std::fmt::Display for LimitReached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} over {} at {}", self.0, self.1, self.2)
    }
}

impl std::error::Error for LimitReached {}
