//! `payung person`: one person's rights on the machine itself. Decisions carry two names and are taken on the desk.

use super::people::{desk, no_right};
use super::{Done, print_json, print_lines, refuse};
use crate::options::{Cli, PersonCommand};
use app::authz::{Actor, Erasure, Permit, Person, Read, Reveal, permit};
use app::desk::roster::twins;
use app::desk::{Desk, event, is_purpose, rights};
use app::{Fault, Refused};
use phrases::{say_named, say_with};
use std::path::Path;

pub(crate) fn run(cli: &Cli, command: &PersonCommand) -> Result<Done, Fault> {
    let desk = desk(cli)?;
    let actor = Actor::operator();
    let read = permit::<Read, Person>(&actor).ok_or_else(no_right)?;
    let reveal = permit::<Reveal, Person>(&actor).ok_or_else(no_right)?;
    match command {
        PersonCommand::Find => find(cli, &desk, (&read, &reveal)),
        PersonCommand::Bundle { person, purpose, out } => bundle(cli, &desk, (&read, &reveal), (person, purpose), out),
        PersonCommand::Pairs { json } => pairs(cli, &desk, &read, *json),
        PersonCommand::Erasures { json } => {
            let permit = permit::<Read, Erasure>(&actor).ok_or_else(no_right)?;
            erasures(cli, &desk, &permit, *json)
        }
    }
}

type Permits<'a> = (&'a Permit<Read, Person>, &'a Permit<Reveal, Person>);

fn find(cli: &Cli, desk: &Desk, permits: Permits<'_>) -> Result<Done, Fault> {
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed).map_err(|e| Fault(e.to_string()))?;
    match rights::find(desk, permits, typed.trim(), "")? {
        Some(person) => {
            println!("{person}");
            Ok(Done::Well)
        }
        None => Ok(refuse(&Refused(say_named(cli.language(), "rights-not-found", &[])))),
    }
}

fn bundle(cli: &Cli, desk: &Desk, permits: Permits<'_>, about: (&str, &str), out: &Path) -> Result<Done, Fault> {
    let l = cli.language();
    let refused = |key: &str| Ok(refuse(&Refused(say_named(l, key, &[]))));
    if !is_purpose(about.1.trim()) {
        return refused("web-officer-no-purpose");
    }
    let Some(made) = rights::bundle(desk, permits, (about.0, about.1.trim()), "")? else {
        return refused("person-cli-unknown");
    };
    let bytes = serde_json::to_vec_pretty(&made).map_err(|e| Fault(e.to_string()))?;
    std::fs::write(out, bytes).map_err(|e| Fault(format!("{}: {e}", out.display())))?;
    let arguments = [("count", made.lists.len().to_string()), ("path", out.display().to_string())];
    print_lines(&[say_with(l, "person-cli-bundle", &arguments)])?;
    Ok(Done::Well)
}

fn pairs(cli: &Cli, desk: &Desk, read: &Permit<Read, Person>, json: bool) -> Result<Done, Fault> {
    let found = twins::pairs(desk, read)?;
    let mut told = event(read.actor(), "twins_read", "people", "");
    told.reason = format!("pairs:{}", found.open.len());
    desk.write(|s| s.audit(told).map_err(Fault::from))?;
    let both = |p: &twins::Pair, of: fn(&twins::Stay) -> String| [of(&p.stays[0]), of(&p.stays[1])];
    if json {
        let open = found.open.iter().map(|p| {
            serde_json::json!({
                "persons": both(p, |s| s.person.clone()), "initials": both(p, |s| s.entry.name.initials()), "weight": p.weight,
            })
        });
        let decided =
            found.decided.iter().map(|(d, _)| serde_json::json!({ "persons": d.pair, "same": d.same, "at": d.at }));
        print_json(&serde_json::json!({
            "open": open.collect::<Vec<_>>(), "more": found.more, "decided": decided.collect::<Vec<_>>(), "complete": found.all,
        }))?;
        return Ok(Done::Well);
    }
    let line = |p: &twins::Pair| {
        let [a, b] = both(p, |s| s.entry.name.initials());
        format!("{}  {}  {a} / {b}", p.stays[0].person, p.stays[1].person)
    };
    let lines: Vec<String> = found.open.iter().map(line).collect();
    print_lines(&if lines.is_empty() { vec![say_named(cli.language(), "twins-none", &[])] } else { lines })?;
    Ok(Done::Well)
}

fn erasures(cli: &Cli, desk: &Desk, permit: &Permit<Read, Erasure>, json: bool) -> Result<Done, Fault> {
    let rows = rights::list(desk, permit)?;
    if json {
        let row = |r: &rights::ErasureRow| {
            serde_json::json!({
                "id": r.id, "person": r.person, "reason": r.reason, "asked": r.asked_at, "decided": r.decided_at,
                "outcome": r.outcome, "entries": r.entries,
            })
        };
        print_json(&serde_json::json!({ "erasures": rows.iter().map(row).collect::<Vec<_>>() }))?;
        return Ok(Done::Well);
    }
    let l = cli.language();
    let line = |r: &rights::ErasureRow| {
        let standing =
            if r.outcome.is_empty() { "rights-waits".to_owned() } else { format!("rights-outcome-{}", r.outcome) };
        format!("{}  {}  {}  {}", r.id, r.asked_at, r.person.get(..8).unwrap_or_default(), say_named(l, &standing, &[]))
    };
    let lines: Vec<String> = rows.iter().map(line).collect();
    print_lines(&if lines.is_empty() { vec![say_named(l, "rights-erasures-none", &[])] } else { lines })?;
    Ok(Done::Well)
}
