//! One command a file.

pub(crate) mod aman;
pub(crate) mod audit;
pub(crate) mod award;
pub(crate) mod backup;
pub(crate) mod compare;
pub(crate) mod coverage;
pub(crate) mod dci;
pub(crate) mod dedupe;
pub(crate) mod demo;
pub(crate) mod evidence;
pub(crate) mod exchange;
pub(crate) mod gate;
pub(crate) mod generate;
pub(crate) mod guide;
pub(crate) mod import;
pub(crate) mod keys;
pub(crate) mod law;
pub(crate) mod legal;
pub(crate) mod link;
mod linking;
pub(crate) mod map;
pub(crate) mod meeting;
pub(crate) mod monev;
pub(crate) mod open;
pub(crate) mod people;
pub(crate) mod person;
pub(crate) mod plan;
pub(crate) mod rebuild;
pub(crate) mod review;
pub(crate) mod roster;
pub(crate) mod serve;
mod settings;
pub(crate) mod slip;
pub(crate) mod steer;
pub(crate) mod surge;
pub(crate) mod template;
pub(crate) mod training;
pub(crate) mod whatif;
pub(crate) mod worker;
pub(crate) mod worklist;

use crate::options::Cli;
use app::{Fault, Refused};
use kernel::Date;
use phrases::{key, say};
use std::io::Write as _;

/// How a command ended.
pub(crate) enum Done {
    /// As asked.
    Well,
    /// A file was refused or the request declined.
    Refused,
    /// A comparison found a difference.
    Differs,
}

/// The path of this very program, to be started as the limited child.
fn own_program() -> Result<std::path::PathBuf, Fault> {
    std::env::current_exe().map_err(|e| Fault(e.to_string()))
}

fn typed_date(cli: &Cli, text: &str) -> Result<Date, Refused> {
    text.parse().map_err(|_| Refused(say(cli.language(), key::BAD_DATE, &[("text", text)])))
}

/// Says a refusal on standard error.
fn refuse(refused: &Refused) -> Done {
    eprintln!("{}", refused.0);
    Done::Refused
}

fn print_json(value: &serde_json::Value) -> Result<(), Fault> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Fault(e.to_string()))?;
    print_lines(std::slice::from_ref(&text))
}

/// Prints lines. A reader that has seen enough (`payung law list | head`) is no fault.
fn print_lines(lines: &[String]) -> Result<(), Fault> {
    let mut out = std::io::stdout().lock();
    let printed = lines.iter().try_for_each(|line| writeln!(out, "{line}"));
    match printed {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Fault(error.to_string())),
        _ => Ok(()),
    }
}
