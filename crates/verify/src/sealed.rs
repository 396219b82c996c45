//! One text: what is said, and a signature over exactly these bytes. `MARK.payload.signature`, both base64url without padding.

use crate::Keys;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// Longest text that is looked at: a square code holds less, a list of withdrawals may be long.
pub const CHARS_MAX: usize = 4 << 20;

/// A text taken apart; nothing about it is believed yet.
pub(crate) struct Parts<'a> {
    /// Mark, dot, payload: what was signed.
    signed: &'a str,
    payload: Vec<u8>,
    signature: Signature,
}

/// Says something under a key. `mark` tells kinds of texts apart, so that one never passes for another.
///
/// # Errors
/// Where what is said does not become JSON.
pub fn sign<T: Serialize>(mark: &str, said: &T, key: &SigningKey) -> Result<String, serde_json::Error> {
    let signed = format!("{mark}.{}", URL_SAFE_NO_PAD.encode(serde_json::to_vec(said)?));
    let signature = key.sign(signed.as_bytes());
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes())))
}

/// Takes a text of a mark apart. None where it is none: other mark, other letters, more or fewer parts.
pub(crate) fn parts<'a>(mark: &str, text: &'a str) -> Option<Parts<'a>> {
    if text.len() > CHARS_MAX {
        return None;
    }
    let (signed, signature) = text.rsplit_once('.')?;
    let payload = signed.strip_prefix(mark)?.strip_prefix('.')?;
    // The engine refuses padding and loose last bits, so one signature has one spelling.
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let signature: [u8; 64] = URL_SAFE_NO_PAD.decode(signature).ok()?.try_into().ok()?;
    Some(Parts { signed, payload, signature: Signature::from_bytes(&signature) })
}

/// SHA-256 over what a text signs, hexadecimal: names it to the letter, whoever signed it how often.
pub fn fingerprint(text: &str) -> String {
    let signed = text.rsplit_once('.').map_or(text, |(signed, _)| signed);
    Sha256::digest(signed.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

impl Parts<'_> {
    /// What is said, unproven.
    pub(crate) fn said<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.payload).ok()
    }

    /// Was it signed by this key?
    pub(crate) fn is_by(&self, key: &VerifyingKey) -> bool {
        key.verify_strict(self.signed.as_bytes(), &self.signature).is_ok()
    }
}

/// Reads 32 bytes of base64url.
pub(crate) fn public_key(text: &str) -> Option<VerifyingKey> {
    let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}

/// Public half of a key as it stands in [`Keys`].
pub fn public_text(key: &SigningKey) -> String {
    URL_SAFE_NO_PAD.encode(key.verifying_key().to_bytes())
}

/// The same for a text that names who says it: key, day, and the office the keys are of.
pub fn read_by<T: DeserializeOwned>(
    mark: &str,
    text: &str,
    keys: &Keys,
    named: impl Fn(&T) -> (&str, &str, &str),
) -> Option<T> {
    let said: T = read(mark, text, keys, |said| {
        let (key, day, _) = named(said);
        (key, day)
    })?;
    (named(&said).2 == keys.city).then_some(said)
}

/// Something signed by one of a city's keys that is not lost and was in use on the day it names: what is said. None for anything else.
pub(crate) fn read<T: DeserializeOwned>(
    mark: &str,
    text: &str,
    keys: &Keys,
    key_and_day: impl Fn(&T) -> (&str, &str),
) -> Option<T> {
    let parts = parts(mark, text)?;
    let said: T = parts.said()?;
    let (id, day) = key_and_day(&said);
    let key = keys.find(id).filter(|k| !k.lost && k.in_use_on(day))?;
    parts.is_by(&public_key(&key.public)?).then_some(said)
}
