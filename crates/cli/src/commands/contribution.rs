//! `payung contribution`

use super::{Done, print_json, refuse, typed_date};
use crate::options::{Cli, ContributionArgs};
use app::Fault;
use app::contribution::{contribution, contribution_json, contribution_lines, typed_amount};

pub(crate) fn run(cli: &Cli, args: &ContributionArgs) -> Result<Done, Fault> {
    let language = cli.language();
    let typed = args.gross_value.as_deref().or(args.value.as_deref()).unwrap_or_default();
    let result = typed_date(cli, &args.spk_date)
        .and_then(|day| Ok((day, typed_amount(typed, language)?)))
        .and_then(|(day, value)| contribution(value, args.gross_value.is_some(), day, language));
    match result {
        Ok(c) if args.json => print_json(&contribution_json(&c))?,
        Ok(c) => contribution_lines(&c, language).iter().for_each(|line| println!("{line}")),
        Err(refused) => return Ok(refuse(&refused)),
    }
    Ok(Done::Well)
}
