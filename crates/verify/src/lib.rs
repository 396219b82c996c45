//! Did the city say this, and does it hold on a day? From bytes, public keys and a signed list of what was withdrawn, and nothing else.
//!
//! * **In:** the text of a slip, the city's public [`Keys`], its signed list of withdrawn slips, the day asked about.
//! * **Out:** an [`Answer`]. Only [`Answer::Good`] is good; everything else, and everything that cannot be told, is not.
//! * **Does not know:** the database, the clock, the network, any secret. It signs with a key it is handed ([`sign`]) and makes none.
//! * **Read first:** [`slip::check`]. `docs/decisions/0016-signed-slips.md` says why it is so.
//!
//! The page `/verify` does the same in a browser; both answer the same vectors (`vectors.json`).

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod bundle;
pub mod keys;
pub mod sealed;
pub mod slip;
pub mod vectors;

pub use keys::{Key, Keys, Known};
pub use sealed::sign;
pub use slip::{
    Answer, Certificate, Checked, Kind, Payload, Withdrawal, WithdrawalKind, Withdrawals, check, check_certificate,
    is_certificate,
};
