//! The words everyone uses: money, dates, working days, identifiers, origin, problems.
//!
//! * **In and out:** text goes in, checked values come out; nothing else.
//! * **Does not know:** any register, any law, the clock, the disk, the user's language.
//! * **Read first:** [`money::Exact`], then [`problem::Problem`].
//!
//! ```
//! use kernel::money::{Exact, NumberStyle, parse_amount};
//! let value = parse_amount("Rp 1.234.567,50", NumberStyle::Comma).unwrap();
//! assert_eq!(value, Exact::ratio(123_456_750, 100));
//! assert_eq!(value.to_string(), "1234567.5");
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod calendar;
pub mod date;
pub mod id;
pub mod money;
pub mod named;
pub mod origin;
pub mod problem;
pub mod text;
pub mod zone;

pub use jiff::civil::{Date, DateTime};
pub use money::{Exact, Rupiah};
pub use origin::Origin;
pub use problem::Problem;
pub use zone::Zone;
