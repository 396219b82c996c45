//! `payung roster`: what the page of a project's people does, on the machine itself.

use super::{Done, own_program, print_json, print_lines, refuse, typed_date};
use crate::options::{Cli, RosterArgs};
use app::authz::{Actor, Change, Export, Permit, Person, Read, permit};
use app::desk::Desk;
use app::desk::export::Export as About;
use app::desk::roster::{self, Crew, Mending, Outlook};
use app::home::Home;
use app::{Fault, Refused};
use kernel::Date;
use phrases::{say_named, say_with};
use std::path::Path;

pub(crate) fn run(cli: &Cli, args: &RosterArgs) -> Result<Done, Fault> {
    let day = match args.day.as_deref().map(|text| typed_date(cli, text)).transpose() {
        Ok(day) => day.unwrap_or_else(app::clock::today),
        Err(refused) => return Ok(refuse(&refused)),
    };
    let desk = Desk::open(Home::open(&cli.home_path())?, &own_program()?, app::desk::Outside::default())?;
    app::desk::picture::refresh(&desk)?;
    let actor = Actor::operator();
    let (Some(read), Some(change)) = (permit::<Read, Person>(&actor), permit::<Change, Person>(&actor)) else {
        return Err(Fault("the operator has no rights".to_owned()));
    };
    if let Some(list) = &args.list {
        return store(cli, args, &desk, (&read, &change), list, day);
    }
    let Some(crew) = roster::crew_of(&desk, &read, &args.project, day, None)? else {
        return Ok(unknown(cli, args));
    };
    roster::note_look(&desk, &read, &crew, "")?;
    if let Some(out) = &args.export {
        return export(cli, &desk, &actor, &crew, out);
    }
    print(cli, args, &crew)
}

fn unknown(cli: &Cli, args: &RosterArgs) -> Done {
    refuse(&Refused(say_named(cli.language(), "roster-cli-unknown", &[("project", &args.project)])))
}

/// Compares a list with the roster and stores what can be stored.
fn store(
    cli: &Cli,
    args: &RosterArgs,
    desk: &Desk,
    (read, change): (&Permit<Read, Person>, &Permit<Change, Person>),
    list: &Path,
    day: Date,
) -> Result<Done, Fault> {
    let l = cli.language();
    let name = list.file_name().map_or_else(|| list.display().to_string(), |n| n.to_string_lossy().into_owned());
    if !list.is_file() {
        let refusal = intake::Refusal::new(intake::RefusalCode::Unreadable).with("detail", "-");
        return Ok(refuse(&Refused(app::import::refusal_sentence(&name, &refusal, l))));
    }
    let id = match roster::lay(desk, change, &args.project, (list, &name), day, (l, ""))? {
        None => return Ok(unknown(cli, args)),
        Some(Err(refused)) => return Ok(refuse(&Refused(refused))),
        Some(Ok(id)) => id,
    };
    let Some(look) = roster::look(desk, (read, change), id)? else { return Ok(unknown(cli, args)) };
    let mut mending = Mending::default();
    if args.others_left {
        mending.left = look.missing.iter().filter_map(|m| Some((m.entry.number?, true))).collect();
    }
    let stored = if args.dry_run {
        roster::discard(desk, change, id, "")?;
        None
    } else {
        roster::store(desk, (read, change), id, &mending, "")?.map(|(_, stored)| stored)
    };
    if args.json {
        let count = |o: Outlook| look.count(o);
        let lines: Vec<serde_json::Value> =
            look.lines.iter().filter(|line| !line.problems.is_empty()).map(json_line).collect();
        print_json(&serde_json::json!({
            "project": look.project,
            "day": look.day.to_string(),
            "join": count(Outlook::Join),
            "change": count(Outlook::Change),
            "same": count(Outlook::Same),
            "doubt": count(Outlook::Doubt),
            "held": count(Outlook::Held),
            "twice": count(Outlook::Twice),
            "missing": look.missing.len(),
            "left": stored.map_or(0, |s| s.left),
            "not_people": look.nobody,
            "stored": stored.is_some_and(|s| s.file.is_some()),
            "problems": lines,
        }))?;
        return Ok(Done::Well);
    }
    let mut lines = vec![look.summary(l)];
    for line in &look.lines {
        let said = line.problems.iter().map(|(field, code)| roster::problem_text(line, field, *code, l));
        lines.extend(said.map(|text| format!("{}: {text}", line.address)));
    }
    if let Some(stored) = stored {
        let counts = [stored.joined, stored.changed, stored.left, stored.held].map(|n| n.to_string());
        let names = ["joined", "changed", "left", "held"];
        let arguments: Vec<(&str, &str)> = names.into_iter().zip(counts.iter().map(String::as_str)).collect();
        lines.push(say_named(l, "roster-stored", &arguments));
    }
    print_lines(&lines)?;
    Ok(Done::Well)
}

fn json_line(line: &roster::LookLine) -> serde_json::Value {
    let problems: Vec<[&str; 2]> = line.problems.iter().map(|(field, code)| [*field, code.name()]).collect();
    serde_json::json!({ "line": line.address, "outlook": line.outlook.name(), "problems": problems })
}

/// The people of a day, without names and with masked numbers.
fn print(cli: &Cli, args: &RosterArgs, crew: &Crew) -> Result<Done, Fault> {
    let l = cli.language();
    let (there, uncovered) = crew.counts();
    let present = || crew.members.iter().filter(|m| m.present);
    let nik = |m: &roster::Member| {
        crew.entry(m).nik.as_ref().and_then(|n| n.as_ref().ok()).map_or_else(|| "-".to_owned(), ToString::to_string)
    };
    let state = |m: &roster::Member| m.state.map_or("-", roster::State::name);
    let since = |m: &roster::Member| m.stay.map(|s| s.from.to_string()).unwrap_or_default();
    if args.json {
        let people: Vec<serde_json::Value> = present()
            .map(|m| {
                serde_json::json!({
                    "initials": crew.entry(m).name.initials(),
                    "nik": nik(m),
                    "since": since(m),
                    "state": state(m),
                    "why": m.why.name(),
                    "report_by": m.limit.map(|(strict, lenient)| [strict.to_string(), lenient.to_string()]),
                })
            })
            .collect();
        print_json(&serde_json::json!({
            "project": crew.project.code,
            "day": crew.day.to_string(),
            "there": there,
            "uncovered": uncovered,
            "people": people,
        }))?;
        return Ok(Done::Well);
    }
    let arguments = [("there", there.to_string()), ("uncovered", uncovered.to_string())];
    let line = if crew.state.is_none() { "roster-line-outside" } else { "roster-line" };
    let mut lines = vec![say_with(l, line, &arguments)];
    lines.extend(present().map(|m| {
        let why = say_named(l, &format!("roster-why-{}", m.why.name()), &[]);
        format!("{}  {:<12} {}  {}  {why}", since(m), crew.entry(m).name.initials(), nik(m), state(m))
    }));
    print_lines(&lines)?;
    Ok(Done::Well)
}

fn export(cli: &Cli, desk: &Desk, actor: &Actor, crew: &Crew, out: &Path) -> Result<Done, Fault> {
    let Some(permit) = permit::<Export, Person>(actor) else { return Err(Fault("no right to export".to_owned())) };
    let (l, now) = (cli.language(), app::clock::now());
    let arguments = [("project", crew.project.name.as_str()), ("day", &app::words::long_date(crew.day, l))];
    let question = say_named(l, "roster-export-new", &arguments);
    let about = About { language: l, by: "operator", question: &question, at: &now };
    let (bytes, people) = roster::insurer_sheet(crew, false, &desk.law, &about)?;
    roster::note_export(desk, &permit, &crew.project.code, people, "")?;
    std::fs::write(out, bytes).map_err(|e| Fault::io(out, &e))?;
    let arguments = [("count", people.to_string()), ("path", out.display().to_string())];
    print_lines(&[say_with(l, "roster-cli-exported", &arguments)])?;
    Ok(Done::Well)
}
