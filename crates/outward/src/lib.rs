//! What leaves the house for another program: signed, to public addresses only, and how whoever receives it knows that it is ours and new.
//!
//! * **In:** a target a person set, a body, a secret both sides know.
//! * **Out:** a signed request, or why it was not sent; and on the other side, whether a message is genuine, fresh and not heard before.
//! * **Does not know:** what is said, the database, the clock.
//! * **Read first:** [`sign`] and [`Guard::hear`], then [`Target`].
//!
//! Signatures are those of Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, base64, behind `v1,`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod guard;
mod send;

pub use guard::{Guard, Heard};
pub use send::{BadTarget, Failed, Target, is_public, post};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Header with the number of a message.
pub const ID: &str = "webhook-id";
/// Header with its second since 1970.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// Header with its signatures.
pub const SIGNATURE: &str = "webhook-signature";

/// What secrets begin with, so that one left lying about is known for what it is.
const PREFIX: &str = "whsec_";

/// Bytes of a secret at least: nobody guesses it.
const SECRET_MIN: usize = 24;

/// A secret both sides know.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Reads `whsec_` and base64, 24 bytes at least.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.trim().strip_prefix(PREFIX)?).ok()?;
        (bytes.len() >= SECRET_MIN).then_some(Self(bytes))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

fn mac(secret: &Secret, id: &str, timestamp: i64, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0).ok()?;
    mac.update(id.as_bytes());
    mac.update(b".");
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac)
}

/// The signature of a message.
pub fn sign(secret: &Secret, id: &str, timestamp: i64, body: &[u8]) -> String {
    let bytes = mac(secret, id, timestamp, body).map(|m| m.finalize().into_bytes());
    format!("v1,{}", bytes.map_or_else(String::new, |b| STANDARD.encode(b)))
}

/// Is one of the signatures, blank between them, the message's? Compared in full, whatever is wrong with it.
pub fn is_signed(secret: &Secret, id: &str, timestamp: i64, body: &[u8], signatures: &str) -> bool {
    signatures
        .split(' ')
        .filter_map(|s| STANDARD.decode(s.strip_prefix("v1,")?).ok())
        .any(|signature| mac(secret, id, timestamp, body).is_some_and(|m| m.verify_slice(&signature).is_ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_the_standard() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let (id, at, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        let signature = sign(&secret, id, at, body);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(is_signed(&secret, id, at, body, &format!("v1,AAAA {signature}")));
        assert!(!is_signed(&secret, id, at + 1, body, &signature));
        assert!(!is_signed(&secret, "msg_other", at, body, &signature));
        assert!(!is_signed(&secret, id, at, br#"{"test": 2432232315}"#, &signature));
        assert!(!is_signed(&secret, id, at, body, "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert!(!is_signed(&secret, id, at, body, "v1,"));
    }

    #[test]
    fn a_secret_is_long_and_says_what_it_is() {
        assert!(Secret::parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").is_none());
        assert!(Secret::parse("whsec_c2hvcnQ=").is_none());
        assert_eq!(format!("{:?}", Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap()), "Secret");
    }
}
