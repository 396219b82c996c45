//! Walks through the desk in a real browser: each role from its invitation to the result of its main task, every
//! page at phone and office width, checked with axe, photographed.
//!
//! `webwalk PROGRAM HOME AXE OUT SCHEMATHESIS`: the program, a data folder with a made-up city, axe-core's script, a
//! folder for the pictures, and the tester of the JSON interface. Exit code 1 with the first thing that did not hold.

mod aman;
mod desk;
mod gate;
mod passkey;
mod people;
mod tell;
mod training;
mod walk;

use std::path::PathBuf;
use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [program, home, axe, out, tester] = arguments.as_slice() else {
        eprintln!("webwalk PROGRAM HOME AXE OUT SCHEMATHESIS");
        return ExitCode::FAILURE;
    };
    match walk::all(program, home, axe, out, tester).await {
        Ok(pages) => {
            println!("── desk walked: {pages} pages");
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("the desk did not hold: {reason}");
            ExitCode::FAILURE
        }
    }
}
