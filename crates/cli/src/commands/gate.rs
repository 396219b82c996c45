//! `payung gate`: a step before its gate; every verdict given again.

use super::{Done, own_program, print_json, print_lines, refuse};
use crate::options::{Cli, GateArgs, GateCommand, GateSubject};
use app::authz::{Actor, Gate, Read, permit};
use app::desk::gate::{self, Judged, Meant, Moment, Said};
use app::desk::{Desk, Outside, picture};
use app::home::Home;
use app::{Fault, Refused};
use phrases::say_named;

pub(crate) fn run(cli: &Cli, args: &GateArgs) -> Result<Done, Fault> {
    match &args.command {
        GateCommand::Ask(subject) => ask(cli, subject),
        GateCommand::Replay => replay(cli),
    }
}

fn ask(cli: &Cli, args: &GateSubject) -> Result<Done, Fault> {
    let l = cli.language();
    let desk = Desk::open(Home::open(&cli.home_path())?, &own_program()?, Outside::default())?;
    picture::refresh(&desk)?;
    let read = permit::<Read, Gate>(&Actor::operator()).ok_or_else(|| Fault("the operator has no right".to_owned()))?;
    let said = Said { asked: args.amount, line: args.line, payment: None };
    let project = args.project.as_str();
    let before = match gate::before_numbers(&desk, &read, &[(project, said)])?.pop() {
        Some(Meant::One(before)) => *before,
        Some(Meant::Several(codes)) => {
            let arguments = [("number", project), ("projects", &codes.join(", "))];
            return Ok(refuse(&Refused(say_named(l, "gate-cli-several", &arguments))));
        }
        Some(Meant::Nothing) | None => {
            return Ok(refuse(&Refused(say_named(l, "gate-cli-unknown", &[("project", project)]))));
        }
    };
    let wanted = args.at.as_deref().and_then(Moment::parse);
    let judged: Vec<&Judged> = before.judged.iter().filter(|j| wanted.is_none_or(|w| w == j.moment)).collect();
    if args.json {
        print_json(&serde_json::json!({ "facts": before.facts, "verdicts": judged }))?;
        return Ok(Done::Well);
    }
    let mut lines = Vec::new();
    for j in judged {
        let word = |prefix: &str, name: &str| say_named(l, &format!("{prefix}{name}"), &[]);
        let verdict = word("gate-verdict-", j.verdict.name());
        let moment = word("gate-moment-", j.moment.name());
        lines.push(say_named(l, "gate-cli", &[("moment", &moment), ("verdict", &verdict)]));
        for r in &j.reasons {
            let mut standing = word("gate-standing-", r.standing.name());
            if !r.missing.is_empty() {
                standing = format!("{standing} ({})", word("gate-missing-", &r.missing.replace('_', "-")));
            }
            let basis = format!("{}, {}", r.rule.instrument, r.rule.article);
            let arguments = [
                ("standing", standing.as_str()),
                ("said", &word("gate-requirement-", r.rule.requirement.name())),
                ("level", &word("gate-level-", r.rule.level.name())),
                ("basis", &basis),
            ];
            lines.push(format!("  {}", say_named(l, "gate-cli-reason", &arguments)));
        }
        for n in j.next() {
            let (who, what) = (word("gate-who-", n.who.name()), word("gate-do-", &n.what.replace('_', "-")));
            lines.push(format!("  {}", say_named(l, "gate-cli-next", &[("who", &who), ("what", &what)])));
        }
    }
    print_lines(&lines)?;
    Ok(Done::Well)
}

fn replay(cli: &Cli) -> Result<Done, Fault> {
    let l = cli.language();
    let store = Home::open(&cli.home_path())?.store()?;
    let (all, differing) = gate::replay(&store)?;
    let count = all.to_string();
    if differing.is_empty() {
        println!("{}", say_named(l, "gate-replayed", &[("count", &count)]));
        return Ok(Done::Well);
    }
    let ids: Vec<String> = differing.iter().map(ToString::to_string).collect();
    let arguments = [("count", count.as_str()), ("differing", &ids.len().to_string()), ("ids", &ids.join(", "))];
    println!("{}", say_named(l, "gate-replay-differs", &arguments));
    Ok(Done::Differs)
}
