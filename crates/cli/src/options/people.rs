//! What can be typed about people.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct PeopleArgs {
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct AccidentsArgs {
    /// One project only, by Payung's code
    #[arg(long)]
    pub(crate) project: Option<String>,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct ComplaintsArgs {
    /// One complaint, to read or to act on
    pub(crate) id: Option<i64>,
    /// What to do with it
    #[arg(long, value_parser = ["take", "answer", "close"], requires = "id")]
    pub(crate) step: Option<String>,
    /// What its sender reads
    #[arg(long, requires = "step")]
    pub(crate) text: Option<String>,
    /// Machine-readable list
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    /// Project, by Payung's code
    pub(crate) project: String,
    /// The code of the slip; without it card number, NIK and date of birth are read from standard input, a line each
    #[arg(long)]
    pub(crate) code: Option<String>,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct PhonesArgs {
    /// Project, by Payung's code
    pub(crate) project: String,
    /// Make a link for this foreman; it is shown once
    #[arg(long, value_name = "NAME", requires = "member")]
    pub(crate) add: Option<String>,
    /// Whose rights the link has, by the address this member signs in with
    #[arg(long, value_name = "ADDRESS", requires = "add")]
    pub(crate) member: Option<String>,
    /// Days the link is good for
    #[arg(long, default_value_t = 90, requires = "add")]
    pub(crate) days: u32,
    /// End the link of this number
    #[arg(long, value_name = "NUMBER", conflicts_with = "add")]
    pub(crate) end: Option<i64>,
    /// Machine-readable list
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct MailArgs {
    /// One project only, by Payung's code
    #[arg(long)]
    pub(crate) project: Option<String>,
    /// Machine-readable
    #[arg(long)]
    pub(crate) json: bool,
}

/// Steps of an exchange, in their order.
#[derive(Subcommand)]
pub(crate) enum ExchangeCommand {
    /// Write a question about everybody at work today
    Ask {
        /// One project only, by Payung's code
        #[arg(long)]
        project: Option<String>,
        /// The question
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Answer a question with an own list (CSV with a column nik)
    Answer {
        /// The question
        question: PathBuf,
        /// Public keys of whoever asks, as `payung slip known` prints them
        #[arg(long = "with", value_name = "FILE")]
        known: PathBuf,
        /// The own list
        #[arg(long, value_name = "FILE")]
        list: PathBuf,
        /// Who answers
        #[arg(long)]
        name: String,
        /// The answer
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Read an answer: who of those asked about is known
    Read {
        /// The answer
        answer: PathBuf,
        /// Public keys of whoever answered
        #[arg(long = "with", value_name = "FILE")]
        known: PathBuf,
        /// Machine-readable, person by person
        #[arg(long)]
        json: bool,
    },
}

/// What is asked of one person. Decisions have two names behind them and are taken on the desk.
#[derive(Subcommand)]
pub(crate) enum PersonCommand {
    /// The digest of whoever has the number read from standard input
    Find,
    /// Everything kept about a person, unmasked, for that person
    Bundle {
        /// The digest
        person: String,
        /// What for, in words; it stands in the audit trail
        #[arg(long)]
        purpose: String,
        /// The file (JSON)
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Persons on lists of several projects that may be one and the same
    Pairs {
        /// Machine-readable
        #[arg(long)]
        json: bool,
    },
    /// Requests to erase a person
    Erasures {
        /// Machine-readable
        #[arg(long)]
        json: bool,
    },
}
