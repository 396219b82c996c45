//! Keys of a data folder: sealing of personal cells, and blind digests for keys and contents.

use crate::Fault;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::fmt;

/// Bytes of the nonce of XChaCha20-Poly1305.
const NONCE_BYTES: usize = 24;

/// The keys, derived from the one secret in the data folder, which lies outside the database.
#[derive(Clone)]
pub struct Vault {
    seal: XChaCha20Poly1305,
    /// What was sealed before the key was changed, and not sealed anew yet, opens with one of these.
    older: Vec<XChaCha20Poly1305>,
    nonce: [u8; 32],
    blind: [u8; 32],
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// From the 32 secret bytes of the data folder.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self::with_seals(secret, &[])
    }

    /// The same, sealing with the last of some keys; the others, and the first secret where `seals` does not replace it, only open. Digests
    /// stay those of the secret: a row is known again whatever key it is sealed under.
    pub fn with_seals(secret: &[u8; 32], seals: &[[u8; 32]]) -> Self {
        let derive = |context, secret: &[u8; 32]| blake3::derive_key(context, secret);
        let seal =
            |secret: &[u8; 32]| XChaCha20Poly1305::new(&derive("payung 2026 seal personal cells", secret).into());
        let derive = |context| derive(context, secret);
        let (last, older) = seals.split_last().unwrap_or((secret, &[]));
        Self {
            seal: seal(last),
            older: older.iter().rev().map(seal).collect(),
            nonce: derive("payung 2026 nonce of sealed cells"),
            blind: derive("payung 2026 blind index"),
        }
    }

    /// Encrypts. The nonce is a keyed digest of the text and of where it belongs, so equal nonces
    /// only ever meet equal texts and no source of randomness is needed here.
    ///
    /// # Errors
    /// [`Fault::WrongKey`] where the cipher refuses, which it does for texts of many gigabytes only.
    pub fn seal(&self, place: &[u8], text: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut hasher = blake3::Hasher::new_keyed(&self.nonce);
        hasher.update(&(place.len() as u64).to_le_bytes()).update(place).update(text);
        let digest = hasher.finalize();
        let mut nonce = [0u8; NONCE_BYTES];
        nonce.copy_from_slice(&digest.as_bytes()[..NONCE_BYTES]);
        let mut out = nonce.to_vec();
        out.extend(self.seal.encrypt(&XNonce::from(nonce), text).map_err(|_| Fault::WrongKey)?);
        Ok(out)
    }

    /// Decrypts what [`Vault::seal`] wrote.
    ///
    /// # Errors
    /// [`Fault::WrongKey`] where no key opens it.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(Fault::WrongKey)?;
        let mut keys = std::iter::once(&self.seal).chain(&self.older);
        keys.find_map(|key| key.decrypt(&XNonce::from(*nonce), text).ok()).ok_or(Fault::WrongKey)
    }

    /// Does it open with the current key?
    pub(crate) fn is_current(&self, sealed: &[u8]) -> bool {
        let opened =
            |(nonce, text): (&[u8; NONCE_BYTES], &[u8])| self.seal.decrypt(&XNonce::from(*nonce), text).is_ok();
        sealed.split_first_chunk::<NONCE_BYTES>().is_some_and(opened)
    }

    /// The same sealed under the current key; none where it is already. Its nonce stays: with another key it meets only the same text.
    pub(crate) fn reseal(&self, sealed: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        if self.is_current(sealed) {
            return Ok(None);
        }
        let text = self.open(sealed)?;
        let (nonce, _) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(Fault::WrongKey)?;
        let mut out = nonce.to_vec();
        out.extend(self.seal.encrypt(&XNonce::from(*nonce), text.as_slice()).map_err(|_| Fault::WrongKey)?);
        Ok(Some(out))
    }

    /// A digest that nobody without the key can test a guess against.
    pub fn blind(&self, parts: &[&[u8]]) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new_keyed(&self.blind);
        for part in parts {
            hasher.update(&(part.len() as u32).to_le_bytes()).update(part);
        }
        let mut out = [0u8; 16];
        out.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        out
    }

    /// A running blind digest, for rows.
    pub(crate) fn hasher(&self) -> blake3::Hasher {
        blake3::Hasher::new_keyed(&self.blind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_cells_open_only_with_their_key() {
        let (ours, theirs) = (Vault::new(&[1; 32]), Vault::new(&[2; 32]));
        let sealed = ours.seal(b"row", b"3271014507900003").unwrap();
        assert_eq!(ours.open(&sealed).unwrap(), b"3271014507900003");
        assert!(matches!(theirs.open(&sealed), Err(Fault::WrongKey)));
        let mut broken = sealed.clone();
        broken[30] ^= 1;
        assert!(ours.open(&broken).is_err());
        assert_ne!(sealed, ours.seal(b"other row", b"3271014507900003").unwrap());
        // Another key seals, the digests stay; what was sealed before is sealed anew once and then opens without the first.
        let between = Vault::with_seals(&[1; 32], &[[1; 32], [3; 32]]);
        let after = Vault::with_seals(&[1; 32], &[[3; 32]]);
        assert_eq!(between.open(&sealed).unwrap(), b"3271014507900003");
        let anew = between.reseal(&sealed).unwrap().unwrap();
        assert!(between.reseal(&anew).unwrap().is_none());
        assert_eq!(after.open(&anew).unwrap(), b"3271014507900003");
        assert!(after.open(&sealed).is_err() && ours.open(&anew).is_err());
        assert_eq!(after.blind(&[b"a"]), ours.blind(&[b"a"]));
        assert_ne!(ours.blind(&[b"a", b"b"]), ours.blind(&[b"ab"]));
    }
}
