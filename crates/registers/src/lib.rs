//! What each register's row means: normalised records and problems, never failures.
//!
//! * **In:** headers and raw rows from `intake`; the register folders under `registers/`.
//! * **Out:** [`Columns`] (which column is which field), problems per cell, and [`records::Record`].
//! * **Does not know:** files, databases, the law, which project a row belongs to.
//! * **Read first:** [`Register`], then [`records::Record`].
//!
//! ```
//! let headers = ["No. Proyek", "Nama Proyek", "Nama Perusahaan", "Tgl. Daftar"];
//! let found = registers::detect(&headers).unwrap();
//! assert_eq!(found.register.id, "jakon_pendaftaran");
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod check;
mod columns;
mod detect;
pub mod person;
pub mod records;
mod row;
mod spec;

pub use columns::{ColumnUse, Columns, StyleVotes, is_row_number};
pub use detect::{Detected, NoMatch, bind, detect};
pub use row::{CellKind, RawRow};
pub use spec::{Column, Kind, Register, Said, register, registers};
