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
        let derive = |context| blake3::derive_key(context, secret);
        let seal = derive("payung 2026 seal personal cells");
        Self {
            seal: XChaCha20Poly1305::new(&seal.into()),
            nonce: derive("payung 2026 nonce of sealed cells"),
            blind: derive("payung 2026 blind index"),
        }
    }

    /// Encrypts. The nonce is a keyed digest of the text and of where it belongs, so equal nonces
    /// only ever meet equal texts and no source of randomness is needed here.
    pub(crate) fn seal(&self, place: &[u8], text: &[u8]) -> Result<Vec<u8>, Fault> {
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
    pub(crate) fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(Fault::WrongKey)?;
        self.seal.decrypt(&XNonce::from(*nonce), text).map_err(|_| Fault::WrongKey)
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
        assert_ne!(ours.blind(&[b"a", b"b"]), ours.blind(&[b"ab"]));
    }
}
