//! The public keys of a city: which, and from when until when each signs.

use serde::{Deserialize, Serialize};

/// A public key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Names it in what it signs.
    pub id: String,
    /// Ed25519, base64url without padding.
    pub public: String,
    /// First day it signs, ISO.
    pub from: String,
    /// Last day it signs, ISO; none while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Somebody else may have it: what it signed proves nothing by itself, whatever day it names.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lost: bool,
}

impl Key {
    /// Does it sign on a day (ISO)?
    pub fn in_use_on(&self, day: &str) -> bool {
        is_day(day) && self.from.as_str() <= day && self.until.as_deref().is_none_or(|until| day <= until)
    }
}

/// All public keys of a city, the retired ones too: they still verify what they signed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The city, as its slips name it.
    pub city: String,
    /// Oldest first.
    pub keys: Vec<Key>,
}

impl Keys {
    /// By its id.
    pub fn find(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|k| k.id == id)
    }
}

/// What a city hands out so that its slips can be verified elsewhere: its public keys, and the signed list of those it withdrew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The city, as its slips name it.
    pub city: String,
    /// Public keys, oldest first.
    pub keys: Vec<Key>,
    /// [`crate::Withdrawals`], signed.
    pub withdrawals: String,
}

impl Known {
    /// The keys alone.
    pub fn keys(&self) -> Keys {
        Keys { city: self.city.clone(), keys: self.keys.clone() }
    }
}

/// Ten letters `YYYY-MM-DD`, so that days compare as texts. Whether the month has that day is for whoever signs.
pub(crate) fn is_day(text: &str) -> bool {
    let b = text.as_bytes();
    b.len() == 10 && b.iter().enumerate().all(|(i, c)| if i == 4 || i == 7 { *c == b'-' } else { c.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_signs_from_a_day_until_a_day() {
        let key = Key { from: "2026-01-02".into(), until: Some("2026-03-04".into()), ..Key::default() };
        let on = |day| key.in_use_on(day);
        assert!(on("2026-01-02") && on("2026-03-04") && !on("2026-01-01") && !on("2026-03-05"));
        assert!(!on("2026-1-2") && !on("") && !on("2026-02-30T00") && !on("2026/02/03"));
        assert!(Key { until: None, ..key }.in_use_on("2099-01-01"));
    }
}
