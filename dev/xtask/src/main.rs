//! Chores of the house: `cargo xtask test` runs what CI runs, `cargo xtask tidy` checks the arrows.

#![cfg_attr(test, allow(clippy::panic))]

mod browser;
mod install;
mod run;
mod test;
mod tidy;

use std::process::ExitCode;

fn main() -> ExitCode {
    let done = match std::env::args().nth(1).as_deref() {
        Some("test") => test::all(),
        Some("tidy") => tidy::check(),
        _ => Err("cargo xtask test | tidy".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
