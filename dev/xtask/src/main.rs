//! Chores of the house: `cargo xtask test` runs what CI runs, `cargo xtask postgresql` its part on a server,
//! `cargo xtask tidy` checks the arrows.

#![cfg_attr(test, allow(clippy::panic))]

mod browser;
mod database;
mod install;
mod run;
mod test;
mod tidy;

use std::process::ExitCode;

fn main() -> ExitCode {
    let done = match std::env::args().nth(1).as_deref() {
        Some("test") => test::all(),
        Some("postgresql") => test::postgresql(),
        Some("tidy") => tidy::check(),
        _ => Err("cargo xtask test | postgresql | tidy".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
