//! `payung law`

use super::Done;
use crate::options::{Cli, LawArgs, LawCommand};
use app::Fault;
use phrases::{key, say};

pub(crate) fn run(cli: &Cli, args: &LawArgs) -> Result<Done, Fault> {
    match args.command {
        LawCommand::Check => {
            // Loading checks: schema, one default a date, no gap, no overlap.
            let count = law::Law::builtin().paths().count();
            println!("{}", say(cli.language(), key::LAWS_CHECKED, &[("count", &count.to_string())]));
            Ok(Done::Well)
        }
    }
}
