//! Money given or set aside for the contributions of vulnerable workers: a double-entry book in whole rupiah, to which entries are only added.
//!
//! * **In:** acts (a line of a bank statement, a gift, an allotment, a payment) and the balances they touch.
//! * **Out:** entries that sum to zero, or a refusal that says which account would have to give what it does not have.
//! * **Does not know:** persons, donors by name, databases, the law, what day it is. It never holds or moves money: a bank does.
//! * **Read first:** [`Account`] and its [`Side`], then [`Act`], then [`Book`].
//!
//! One rule keeps every promise: *the postings of an entry sum to zero, and no account ever crosses zero*. A fund that may not fall below nothing
//! cannot be allotted twice; a line of a statement that is explained is at zero and cannot be explained again; an allotment cannot pay more than
//! was reserved for it.
//!
//! ```
//! use ledger::{Act, Book, Refusal, Account};
//! let mut book = Book::default();
//! book.enter(&Act::Credit { bank: 1, line: 7, amount: 168_000 }).unwrap();
//! book.enter(&Act::Gift { line: 7, fund: 1, amount: 168_000 }).unwrap();
//! book.enter(&Act::Allot { fund: 1, allotment: 1, amount: 100_800 }).unwrap();
//! let again = book.enter(&Act::Allot { fund: 1, allotment: 2, amount: 100_800 });
//! assert_eq!(again, Err(Refusal::Short { account: Account::Fund(1), has: 67_200, needs: 100_800 }));
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod account;
mod act;
mod book;
pub mod matching;
pub mod statement;

pub use account::{Account, Side};
pub use act::{Act, Entry, Kind, Posting};
pub use book::{Balances, Book, Broken, Kept, Refusal, check};
