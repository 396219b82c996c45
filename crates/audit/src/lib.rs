//! What happened, in a chain: each entry holds the hash of the one before, so that changing, deleting,
//! swapping or repeating any of them shows. Cutting off the end shows against a head noted elsewhere.
//!
//! * **In:** what was done, by whom, to what, and why.
//! * **Out:** entries with their hash; [`verify`], which needs no secret and no database.
//! * **Does not know:** where entries are kept, who may read them. Entries carry no personal values:
//!   only identifiers of our own and keyed digests.
//! * **Read first:** [`Event`], then [`verify`].
//!
//! ```
//! use audit::{Chain, Event};
//! let mut chain = Chain::default();
//! let event = Event { at: "2026-11-25T02:00:00Z".into(), actor: "member:1".into(), action: "sign_in".into(), ..Event::default() };
//! let entry = chain.add(event);
//! assert_eq!(audit::verify([entry]).unwrap().entries, 1);
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// UTC, RFC 3339.
    pub at: String,
    /// `member:7`, `public`, `program`.
    pub actor: String,
    /// Verb, such as `sign_in`, `import_store`, `match_decide`.
    pub action: String,
    /// What it was done to, such as `file:12`.
    pub object: String,
    /// Why, where the person was asked.
    pub reason: String,
    /// Number of the request, to find it in the log.
    pub request: String,
    /// `done`, `refused` or `failed`.
    pub outcome: String,
}

/// An event in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1, without gap.
    pub seq: u64,
    /// What happened.
    pub event: Event,
    /// Hash of the entry before; zeros for the first.
    pub before: String,
    /// Hash of this entry.
    pub hash: String,
}

/// Where a chain ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Entries so far.
    pub entries: u64,
    /// Hash of the last.
    pub head: String,
}

impl Default for Chain {
    fn default() -> Self {
        Self { entries: 0, head: "0".repeat(64) }
    }
}

impl Chain {
    /// Adds an event.
    pub fn add(&mut self, event: Event) -> Entry {
        let seq = self.entries + 1;
        let hash = hash(seq, &event, &self.head);
        let entry = Entry { seq, event, before: std::mem::replace(&mut self.head, hash.clone()), hash };
        self.entries = seq;
        entry
    }
}

/// Fields are framed by their lengths, so that no text can pass for a border between two.
fn hash(seq: u64, event: &Event, before: &str) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("payung audit entry 1");
    hasher.update(&seq.to_le_bytes());
    let Event { at, actor, action, object, reason, request, outcome } = event;
    for field in [before, at, actor, action, object, reason, request, outcome] {
        hasher.update(&(field.len() as u64).to_le_bytes()).update(field.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// Where a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// The entry at this place has another number.
    Number {
        /// Number expected.
        expected: u64,
        /// Number found.
        found: u64,
    },
    /// The entry does not follow the one before it.
    Link {
        /// Its number.
        seq: u64,
    },
    /// The entry was changed.
    Content {
        /// Its number.
        seq: u64,
    },
}

/// Follows a chain from its first entry.
///
/// # Errors
/// The first place where it does not hold.
pub fn verify(entries: impl IntoIterator<Item = Entry>) -> Result<Chain, Broken> {
    let mut chain = Chain::default();
    for entry in entries {
        let expected = chain.entries + 1;
        if entry.seq != expected {
            return Err(Broken::Number { expected, found: entry.seq });
        }
        if entry.before != chain.head {
            return Err(Broken::Link { seq: entry.seq });
        }
        if hash(entry.seq, &entry.event, &entry.before) != entry.hash {
            return Err(Broken::Content { seq: entry.seq });
        }
        chain = Chain { entries: entry.seq, head: entry.hash };
    }
    Ok(chain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entries(n: u64) -> Vec<Entry> {
        let mut chain = Chain::default();
        (0..n)
            .map(|i| {
                let action = ["sign_in", "import_store"][i as usize % 2].into();
                chain.add(Event {
                    at: format!("2026-11-25T02:00:{i:02}Z"),
                    actor: "member:1".into(),
                    action,
                    ..Event::default()
                })
            })
            .collect()
    }

    proptest! {
        #[test]
        fn any_harm_but_a_cut_end_shows(at in 0usize..20, other in 0usize..20, kind in 0u8..4, text in "[a-z]{1,8}") {
            let mut all = entries(20);
            let head = verify(all.clone()).unwrap();
            match kind {
                0 => all[at].event.object = text,
                1 if at < 19 => { all.remove(at); }
                2 if at != other => all.swap(at, other),
                _ => { let twin = all[at].clone(); all.insert(other, twin); }
            }
            let broken = all != entries(20);
            prop_assert_eq!(verify(all).is_err(), broken);
            let cut = verify(entries(20).into_iter().take(at)).unwrap();
            prop_assert_ne!(cut, head, "a cut end shows against a noted head");
        }
    }

    #[test]
    fn a_border_cannot_be_moved() {
        let event =
            |actor: &str, action: &str| Event { actor: actor.into(), action: action.into(), ..Event::default() };
        assert_ne!(hash(1, &event("ab", "c"), ""), hash(1, &event("a", "bc"), ""));
    }
}
