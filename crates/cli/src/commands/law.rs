//! `payung law` and `payung duties`

use super::legal::print_answer;
use super::{Done, refuse, typed_date};
use crate::options::{Cli, DutiesArgs, LawArgs, LawCommand};
use app::Fault;
use app::home::Home;
use app::legal;

pub(crate) fn run(cli: &Cli, args: &LawArgs) -> Result<Done, Fault> {
    let language = cli.language();
    let home = Home::open_if_there(&cli.home_path());
    if let LawCommand::Check { path, dir, json } = &args.command {
        let place = path.as_deref().or(dir.as_deref());
        // A file is tried on the national law; anything else is a folder, and says so if it is not.
        if let Some(file) = place.filter(|p| p.is_file()) {
            return print_answer(legal::check_file(file, law::Law::builtin(), language), *json);
        }
        return print_answer(legal::check(place, Some(&home.law_folder()), app::clock::today(), language), *json);
    }
    let law = match home.law(language) {
        Ok(law) => law,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let date = |text: &str| typed_date(cli, text);
    match &args.command {
        LawCommand::Check { .. } => Ok(Done::Well),
        LawCommand::List { json } => print_answer(Ok(legal::list(&law, language)), *json),
        LawCommand::Show { path, on, json } => {
            let on = on.as_deref().map(date).transpose();
            print_answer(on.and_then(|on| legal::show(path, on, &law, language)), *json)
        }
        LawCommand::Diff { from, to, json } => {
            let days = date(from).and_then(|from| Ok((from, date(to)?)));
            print_answer(days.map(|(from, to)| legal::diff_dates(from, to, &law, language)), *json)
        }
        LawCommand::Impact { change, as_of, json } => {
            let as_of = match as_of.as_deref().map(date).transpose() {
                Ok(day) => day.unwrap_or_else(app::clock::today),
                Err(refused) => return Ok(refuse(&refused)),
            };
            let home = Home::open(&cli.home_path())?;
            print_answer(legal::impact(&home.store()?, change, as_of, &law, language)?, *json)
        }
    }
}

/// `payung duties`
pub(crate) fn duties(cli: &Cli, args: &DutiesArgs) -> Result<Done, Fault> {
    let home = Home::open(&cli.home_path())?;
    let law = match home.law(cli.language()) {
        Ok(law) => law,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let out = args.out.clone().unwrap_or_else(|| home.path.join("duties"));
    print_answer(Ok(legal::duties(&home.store()?, &out, &law, cli.language())?), args.json)
}
