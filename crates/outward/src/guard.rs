//! The receiver's side: genuine, fresh, and not heard before.

use crate::{Secret, is_signed};
use std::collections::BTreeMap;

/// Seconds a message may be early or late: clocks differ.
const TOLERANCE: i64 = 300;

/// What a message is to its receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Ours to act on.
    New,
    /// Genuine, and heard before: say yes and do nothing.
    Again,
    /// Not signed with the secret, or not what was signed.
    Forged,
    /// Signed, and too old or from the future: somebody sends it again, or a clock is wrong.
    Stale,
}

/// Remembers what was heard while it could be sent again.
#[derive(Debug, Default)]
pub struct Guard {
    /// Numbers heard, with the second after which they may be forgotten.
    heard: BTreeMap<String, i64>,
}

impl Guard {
    /// Judges a message by its headers; `now` is the receiver's clock, seconds since 1970. Memory: what came in ten minutes.
    pub fn hear(
        &mut self,
        secret: &Secret,
        (id, timestamp, signature): (&str, &str, &str),
        body: &[u8],
        now: i64,
    ) -> Heard {
        let Ok(at) = timestamp.parse::<i64>() else { return Heard::Forged };
        if !is_signed(secret, id, at, body, signature) {
            return Heard::Forged;
        }
        if at.abs_diff(now) > TOLERANCE.unsigned_abs() {
            return Heard::Stale;
        }
        self.heard.retain(|_, until| *until >= now);
        // Longer than any message of this number can be fresh.
        match self.heard.insert(id.to_owned(), at + 2 * TOLERANCE) {
            Some(_) => Heard::Again,
            None => Heard::New,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign;

    const NOW: i64 = 1_800_000_000;

    fn secret() -> Secret {
        Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap()
    }

    #[test]
    fn a_message_is_heard_once_and_only_while_it_is_fresh() {
        let mut guard = Guard::default();
        let mut hear = |id: &str, at: i64, now: i64| {
            let signature = sign(&secret(), id, at, b"{}");
            guard.hear(&secret(), (id, &at.to_string(), &signature), b"{}", now)
        };
        assert_eq!(hear("payung-1", NOW, NOW), Heard::New);
        assert_eq!(hear("payung-1", NOW, NOW + 299), Heard::Again);
        assert_eq!(hear("payung-1", NOW, NOW + 301), Heard::Stale);
        assert_eq!(hear("payung-2", NOW + 301, NOW), Heard::Stale, "from the future");
        assert_eq!(hear("payung-3", NOW + 300, NOW), Heard::New, "clocks differ a little");
        assert_eq!(hear("payung-3", NOW + 300, NOW + 600), Heard::Again, "as long as it is fresh it is known");
    }

    proptest::proptest! {
        /// Whatever of a message is other than was signed, it is forged.
        #[test]
        fn nothing_else_is_taken(id in "[a-z0-9-]{1,12}", body in ".{0,40}", at in 0i64..3_600, place in 0usize..88) {
            let at = NOW + at - 1_800;
            let signature = sign(&secret(), &id, at, body.as_bytes());
            let mut other = signature.clone().into_bytes();
            let place = place % other.len();
            other[place] = if other[place] == b'A' { b'B' } else { b'A' };
            let mut guard = Guard::default();
            let mut hear = |id: &str, at: &str, body: &str, signature: &str| {
                guard.hear(&secret(), (id, at, signature), body.as_bytes(), NOW)
            };
            let told = at.to_string();
            proptest::prop_assert_eq!(hear(&id, &told, &body, &String::from_utf8(other).unwrap()), Heard::Forged);
            let more = format!("{body}x");
            proptest::prop_assert_eq!(hear(&id, &told, &more, &signature), Heard::Forged);
            proptest::prop_assert_eq!(hear("x-other", &told, &body, &signature), Heard::Forged);
            proptest::prop_assert_eq!(hear(&id, "gestern", &body, &signature), Heard::Forged);
            let fresh = (at - NOW).abs() <= 300;
            proptest::prop_assert_eq!(hear(&id, &told, &body, &signature), if fresh { Heard::New } else { Heard::Stale });
        }
    }
}
