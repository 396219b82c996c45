//! `payung`: the one executable.

mod commands;
mod options;

use clap::Parser;
use options::{Cli, Command};
use std::process::ExitCode;

/// A file was refused, or a request declined.
const EXIT_REFUSED: u8 = 2;
/// Our machinery failed.
const EXIT_FAULT: u8 = 70;

fn main() -> ExitCode {
    // The child must not meet the argument parser: it has its limits to set first.
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(intake::child::CHILD_ARGUMENT) {
        let code = intake::child::run_child(&arguments.next().unwrap_or_default());
        return ExitCode::from(u8::try_from(code).unwrap_or(1));
    }
    let cli = Cli::parse();
    let language = cli.language();
    if let Some(home) = cli.database_home()
        && let Err(refused) = app::database::check(&app::home::Home::open_if_there(&home), language)
    {
        eprintln!("{}", refused.0);
        return ExitCode::from(EXIT_REFUSED);
    }
    let result = match cli.command {
        Command::Import(ref args) => commands::import::run(&cli, args),
        Command::Monev(ref args) => commands::monev::run(&cli, args),
        Command::Contribution(_) | Command::Benefit(_) | Command::Deadline(_) | Command::Bpu(_) => {
            commands::legal::run(&cli)
        }
        Command::Guide(ref args) => commands::guide::run(&cli, args),
        Command::Vulnerable(ref args) => commands::aman::vulnerable(&cli, args),
        Command::Coverage(ref args) => commands::coverage::run(&cli, args),
        Command::Steer(ref args) => commands::steer::run(&cli, args),
        Command::Surge(ref args) => commands::surge::run(&cli, args),
        Command::Worklist(ref args) => commands::worklist::run(&cli, args),
        Command::Award(ref args) => commands::award::run(&cli, args),
        Command::Map(ref args) => commands::map::run(&cli, args),
        Command::Compare(ref args) => commands::compare::run(&cli, args),
        Command::Meeting(ref args) => commands::meeting::run(&cli, args),
        Command::Training(ref args) => commands::training::run(&cli, args),
        Command::Book(ref args) => commands::aman::book(&cli, args),
        Command::Allot(ref args) => commands::aman::allot(&cli, args),
        Command::Plan(ref args) => commands::plan::run(&cli, args),
        Command::Duties(ref args) => commands::law::duties(&cli, args),
        Command::Template(ref args) => commands::template::run(&cli, args),
        Command::Link(ref args) => commands::link::run(&cli, args),
        Command::Dedupe(ref args) => commands::dedupe::run(&cli, args),
        Command::Review(ref args) => commands::review::run(&cli, args),
        Command::Generate(ref args) => commands::generate::run(&cli, args),
        Command::Roster(ref args) => commands::roster::run(&cli, args),
        Command::People(ref args) => commands::people::figures(&cli, args),
        Command::Accidents(ref args) => commands::people::accidents(&cli, args),
        Command::Complaints(ref args) => commands::people::complaints(&cli, args),
        Command::Check(ref args) => commands::worker::check(&cli, args),
        Command::Phones(ref args) => commands::worker::phones(&cli, args),
        Command::Mail(ref args) => commands::worker::mail(&cli, args),
        Command::Person(ref command) => commands::person::run(&cli, command),
        Command::Rebuild(ref args) => commands::rebuild::run(&cli, args),
        Command::Demo(ref args) => commands::demo::run(&cli, args),
        Command::Serve(ref args) => commands::serve::run(&cli, args),
        Command::Backup(ref command) => commands::backup::run(&cli, command),
        Command::Audit(options::AuditCommand::Verify) => commands::audit::verify(&cli),
        Command::Gate(ref args) => commands::gate::run(&cli, args),
        Command::WhatIf(ref args) => commands::whatif::run(&cli, args),
        Command::Dci(ref args) => commands::dci::run(&cli, args),
        Command::Exchange(ref command) => commands::exchange::run(&cli, command),
        Command::Open(ref args) => commands::open::run(&cli, args),
        Command::Evidence(ref args) => commands::evidence::run(&cli, args),
        Command::Verify(ref args) => commands::slip::verify(&cli, args),
        Command::Slip(ref command) => commands::slip::run(&cli, command),
        Command::Keys(options::KeysCommand::Rotate) => commands::keys::run(&cli),
        Command::Law(ref args) => commands::law::run(&cli, args),
    };
    match result {
        Ok(commands::Done::Well) => ExitCode::SUCCESS,
        Ok(commands::Done::Refused) => ExitCode::from(EXIT_REFUSED),
        Ok(commands::Done::Differs) => ExitCode::FAILURE,
        Err(fault) => {
            eprintln!("{}", phrases::say(language, phrases::key::FAULT, &[("detail", &fault.to_string())]));
            ExitCode::from(EXIT_FAULT)
        }
    }
}
