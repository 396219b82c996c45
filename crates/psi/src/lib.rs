//! Whom two offices both know, without either handing its list to the other: private set intersection by an oblivious function on ristretto255.
//!
//! The asker blinds each identifier with a secret of this exchange; the owner of the other list raises what it gets to a secret of its own and gives back
//! the tokens of its own identifiers under that secret; the asker takes its blinding off and compares. The asker learns which of *its* identifiers the
//! owner has; the owner learns how many were asked. The construction is that of RFC 9497 without its proof of the key: a signed file binds the owner.
//!
//! * **In:** identifiers as bytes, 64 random bytes for each secret.
//! * **Out:** points of 32 bytes.
//! * **Does not know:** what identifiers are, files, the network. Makes no random number.
//! * **Read first:** [`Asker`] and [`Owner`]. `docs/decisions/0017-matching-people.md` holds the threats.
//!
//! ```
//! use psi::{Asker, Owner};
//! let (asker, owner) = (Asker::new(&[7; 64]).unwrap(), Owner::new(&[9; 64]).unwrap());
//! let given = owner.evaluate(&asker.blind(b"one")).unwrap();
//! assert_eq!(asker.unblind(&given), Some(owner.token(b"one")));
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;
use sha2::{Digest, Sha512};

/// A point as it travels.
pub type Point = [u8; 32];

/// Tells what is hashed here apart from whatever else is hashed elsewhere.
const DOMAIN: &[u8] = b"payung psi ristretto255 sha512 1";

fn hashed(identifier: &[u8]) -> RistrettoPoint {
    let digest = Sha512::new().chain_update(DOMAIN).chain_update(identifier).finalize();
    let mut wide = [0u8; 64];
    wide.copy_from_slice(&digest);
    RistrettoPoint::from_uniform_bytes(&wide)
}

fn secret(random: &[u8; 64]) -> Option<Scalar> {
    Some(Scalar::from_bytes_mod_order_wide(random)).filter(|s| *s != Scalar::ZERO)
}

/// A point of the group that is not its zero: a zero would give the same answer for everybody.
fn read(point: &Point) -> Option<RistrettoPoint> {
    CompressedRistretto(*point).decompress().filter(|p| !p.is_identity())
}

/// Whoever asks, for one exchange: a secret used twice would let the owner see who is asked about again.
pub struct Asker(Scalar);

impl Asker {
    /// From 64 random bytes. None where they make the zero, which would blind nothing.
    pub fn new(random: &[u8; 64]) -> Option<Self> {
        secret(random).map(Self)
    }

    /// An identifier, blinded.
    pub fn blind(&self, identifier: &[u8]) -> Point {
        (self.0 * hashed(identifier)).compress().to_bytes()
    }

    /// What the owner gave back, without the blinding. None for what is no point.
    pub fn unblind(&self, point: &Point) -> Option<Point> {
        Some((self.0.invert() * read(point)?).compress().to_bytes())
    }
}

/// Whoever owns the list that is asked about, for one exchange.
pub struct Owner(Scalar);

impl Owner {
    /// From 64 random bytes. None where they make the zero, which would blind nothing.
    pub fn new(random: &[u8; 64]) -> Option<Self> {
        secret(random).map(Self)
    }

    /// The token of an identifier.
    pub fn token(&self, identifier: &[u8]) -> Point {
        (self.0 * hashed(identifier)).compress().to_bytes()
    }

    /// What was asked, under the own secret. None for what is no point.
    pub fn evaluate(&self, blinded: &Point) -> Option<Point> {
        Some((self.0 * read(blinded)?).compress().to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn what_is_no_point_is_refused() {
        let owner = Owner::new(&[9; 64]).unwrap();
        assert!(Owner::new(&[0; 64]).is_none() && Asker::new(&[0; 64]).is_none());
        assert_eq!(owner.evaluate(&[0; 32]), None, "the zero of the group");
        assert_eq!(owner.evaluate(&[255; 32]), None);
        assert_eq!(Asker::new(&[7; 64]).unwrap().unblind(&[0; 32]), None);
    }

    proptest::proptest! {
        /// The tokens the asker finds are those of the identifiers both have, and nothing travels that is the same in two exchanges.
        #[test]
        fn what_both_know_is_found(
            mine in proptest::collection::btree_set("[0-9]{16}", 0..12),
            others in proptest::collection::btree_set("[0-9]{16}", 0..12),
            seed in 1u8..80,
        ) {
            let theirs: BTreeSet<String> = others.into_iter().chain(mine.iter().take(3).cloned()).collect();
            let [asker, again] = [seed, seed + 80].map(|n| Asker::new(&[n; 64]).unwrap());
            let owner = Owner::new(&[seed + 160; 64]).unwrap();
            let tokens: BTreeSet<Point> = theirs.iter().map(|id| owner.token(id.as_bytes())).collect();
            let asked = |id: &str| asker.unblind(&owner.evaluate(&asker.blind(id.as_bytes())).unwrap()).unwrap();
            let found: Vec<&String> = mine.iter().filter(|id| tokens.contains(&asked(id))).collect();
            let both: Vec<&String> = mine.iter().filter(|id| theirs.contains(*id)).collect();
            proptest::prop_assert_eq!(found, both);
            for id in &mine {
                proptest::prop_assert_ne!(asker.blind(id.as_bytes()), again.blind(id.as_bytes()));
                proptest::prop_assert_ne!(asker.blind(id.as_bytes()), owner.token(id.as_bytes()));
            }
        }
    }
}
