//! Use cases: load, decide in the pure core, save. The only room, with `cli`, that knows the time.
//!
//! * **In:** what a person asked for, a data folder.
//! * **Out:** results to print or write, in the person's language.
//! * **Does not know:** SQL, HTTP, the terminal.
//! * **Read first:** [`home::Home`], then [`monev`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod clock;
pub mod database;
pub mod desk;
pub mod evaluate;
pub mod exchange;
pub mod fault;
pub mod home;
pub mod import;
pub mod keys;
pub mod known;
pub mod legal;
pub mod linking;
pub mod monev;
pub mod open_data;
pub mod rebuild;
pub mod report;
pub mod rollup;
pub mod sealed;
pub mod signing;
pub mod template;
pub mod truth;
pub mod words;

pub use authz;
pub use fault::{Fault, Refused};
pub use phrases::Language;

/// Kinds of works, in the order of lists.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    linkage::kind::all()
}

/// Codes of all findings, the gravest first.
pub fn finding_codes() -> Vec<&'static str> {
    assess::FindingCode::ALL.iter().map(|c| c.name()).collect()
}

/// What a page's own policy calls a script or style that stands inside it: `sha256-` and the digest in base64.
pub fn digest_of_inline(text: &str) -> String {
    use base64::Engine;
    use sha2::Digest;
    format!("sha256-{}", base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(text.as_bytes())))
}
