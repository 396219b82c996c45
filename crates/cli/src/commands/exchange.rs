//! `payung exchange`: whom city and insurer both know, by signed files.

use super::people::{desk, no_right};
use super::{Done, print_json, print_lines, refuse};
use crate::options::{Cli, ExchangeCommand};
use app::authz::{Actor, Person, Read, permit};
use app::desk::letters;
use app::exchange::{self, NoExchange};
use app::{Fault, Refused};
use phrases::{say_named, say_with};
use std::path::Path;
use verify::Known;

/// Lines of an own list named on paper.
const NAMED: usize = 20;

fn text(path: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(path).map_err(|e| Fault(format!("{}: {e}", path.display())))
}

fn say(cli: &Cli, key: &str, arguments: &[(&str, String)]) -> String {
    say_with(cli.language(), key, arguments)
}

fn refused(cli: &Cli, key: &str) -> Done {
    refuse(&Refused(say_named(cli.language(), key, &[])))
}

fn keys(path: &Path) -> Result<Option<Known>, Fault> {
    Ok(serde_json::from_str(&text(path)?).ok())
}

pub(crate) fn run(cli: &Cli, command: &ExchangeCommand) -> Result<Done, Fault> {
    let desk = desk(cli)?;
    let read = permit::<Read, Person>(&Actor::operator()).ok_or_else(no_right)?;
    let no = |why: NoExchange| Ok(refused(cli, why.sentence()));
    match command {
        ExchangeCommand::Ask { project, out } => {
            let city = letters::style(&desk)?.lines.first().cloned().unwrap_or_default();
            if city.trim().is_empty() && app::signing::keys(&desk.home)?.is_none() {
                return Ok(refused(cli, "slip-no-style"));
            }
            let asked = match exchange::ask(&desk, &read, (&city, project.as_deref()))? {
                Ok(asked) => asked,
                Err(why) => return no(why),
            };
            std::fs::write(out, &asked.text).map_err(|e| Fault(format!("{}: {e}", out.display())))?;
            let counts = [
                ("people", asked.people.to_string()),
                ("unreadable", asked.unreadable.len().to_string()),
                ("path", out.display().to_string()),
            ];
            let mut lines = vec![say(cli, "exchange-asked", &counts)];
            lines.extend(asked.unreadable.iter().map(|p| format!("  {p}")));
            print_lines(&lines)?;
        }
        ExchangeCommand::Answer { question, known, list, name, out } => {
            let Some(askers) = keys(known)? else { return Ok(refused(cli, "exchange-unproven")) };
            let answered = match exchange::answer(&desk, &read, name, (&text(question)?, &askers.keys()), list)? {
                Ok(answered) => answered,
                Err(why) => return no(why),
            };
            std::fs::write(out, &answered.text).map_err(|e| Fault(format!("{}: {e}", out.display())))?;
            let lines: Vec<String> = answered.unreadable.iter().take(NAMED).map(ToString::to_string).collect();
            let counts = [
                ("asked", answered.asked.to_string()),
                ("own", answered.own.to_string()),
                ("unreadable", answered.unreadable.len().to_string()),
                ("lines", lines.join(", ")),
            ];
            print_lines(&[say(cli, "exchange-answered", &counts)])?;
        }
        ExchangeCommand::Read { answer, known, json } => {
            let Some(owners) = keys(known)? else { return Ok(refused(cli, "exchange-unproven")) };
            let told = match exchange::read(&desk, &read, (&text(answer)?, &owners.keys()))? {
                Ok(told) => told,
                Err(why) => return no(why),
            };
            let (known, doubtful) =
                (told.iter().filter(|t| t.known).count(), told.iter().filter(|t| t.doubtful).count());
            if *json {
                let people = told
                    .iter()
                    .map(|t| serde_json::json!({ "person": t.person, "known": t.known, "doubtful": t.doubtful }));
                print_json(&serde_json::json!({
                    "people": people.collect::<Vec<_>>(), "known": known, "unknown": told.len() - known, "doubtful": doubtful,
                }))?;
                return Ok(Done::Well);
            }
            let counts = [
                ("known", known.to_string()),
                ("unknown", (told.len() - known).to_string()),
                ("doubtful", doubtful.to_string()),
            ];
            let mut lines = vec![say(cli, "exchange-read", &counts)];
            lines.extend(told.iter().filter(|t| !t.known).map(|t| format!("  {}", t.person)));
            print_lines(&lines)?;
        }
    }
    Ok(Done::Well)
}
