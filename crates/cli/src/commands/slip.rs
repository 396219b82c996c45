//! `payung verify` and `payung slip`: slips checked without the desk, listed, and signed with a new key.

use super::{Done, own_program, print_json, print_lines, refuse, typed_date};
use crate::options::{Cli, SlipCommand, VerifyArgs};
use app::authz::{Actor, Gate, Permit, PublicProject, Read, permit};
use app::desk::{Desk, Outside, slips};
use app::home::Home;
use app::{Fault, Refused, clock, signing};
use phrases::say_named;
use verify::{Answer, Checked, Known};

/// Bytes of a file at most.
const BYTES_MAX: u64 = 8 << 20;

/// Slips listed.
const LISTED: usize = 1_000;

fn desk(cli: &Cli) -> Result<Desk, Fault> {
    Desk::open(Home::open(&cli.home_path())?, &own_program()?, Outside::default())
}

/// What the data folder itself knows; none where it never gave a slip.
fn own(cli: &Cli) -> Result<Option<Known>, Fault> {
    let public = permit::<Read, PublicProject>(&Actor::public()).ok_or_else(|| Fault("public".to_owned()))?;
    slips::verifying(&desk(cli)?, &public)
}

fn text(path: &std::path::Path) -> Result<Option<String>, Fault> {
    let length = std::fs::metadata(path).map_err(|e| Fault(format!("{}: {e}", path.display())))?.len();
    if length > BYTES_MAX {
        return Ok(None);
    }
    let bytes = std::fs::read(path).map_err(|e| Fault(format!("{}: {e}", path.display())))?;
    Ok(String::from_utf8(bytes).ok())
}

/// Checks a slip. Ends well only where it is genuine and holds.
pub(crate) fn verify(cli: &Cli, args: &VerifyArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let refused = |key: &str, path: &std::path::Path| {
        Ok(refuse(&Refused(say_named(l, key, &[("path", &path.display().to_string())]))))
    };
    let day = match args.on.as_deref().map(|on| typed_date(cli, on)).transpose() {
        Ok(day) => day.unwrap_or_else(clock::today),
        Err(bad) => return Ok(refuse(&bad)),
    };
    if !args.file.is_file() {
        return refused("verify-cli-no-file", &args.file);
    }
    let known = match &args.known {
        Some(path) if !path.is_file() => return refused("verify-cli-no-file", path),
        Some(path) => match text(path)?.and_then(|t| serde_json::from_str::<Known>(&t).ok()) {
            Some(known) => known,
            None => return refused("verify-cli-no-keys", path),
        },
        None => match own(cli)? {
            Some(known) => known,
            None => return Ok(refuse(&Refused(say_named(l, "verify-cli-none-given", &[])))),
        },
    };
    if super::evidence::is_bundle(&args.file) {
        return super::evidence::check(cli, &args.file, &known.keys(), args.json);
    }
    let Some(slip) = text(&args.file)? else { return refused("verify-cli-no-slip", &args.file) };
    let day = day.to_string();
    if verify::is_certificate(&slip) {
        let checked = verify::check_certificate(&slip, &known.keys(), Some(&known.withdrawals), &day);
        return told(cli, args, &day, &checked, "verify-good-certificate", certificate_lines);
    }
    let checked = verify::check(&slip, &known.keys(), Some(&known.withdrawals), &day);
    let is_clearance = checked.payload.as_ref().is_some_and(|p| p.kind == verify::Kind::Clearance);
    let good = if is_clearance { "verify-good-clearance" } else { "verify-good-status" };
    told(cli, args, &day, &checked, good, slip_lines)
}

/// A line of what a paper says: the name of its word, and the value.
type Line = (&'static str, String);

/// Says what was found of a paper, whatever it is.
fn told<P: serde::Serialize>(
    cli: &Cli,
    args: &VerifyArgs,
    day: &str,
    checked: &Checked<P>,
    good: &str,
    lines: fn(&Cli, &P) -> Vec<Line>,
) -> Result<Done, Fault> {
    if args.json {
        print_json(&serde_json::json!({
            "answer": checked.answer,
            "day": day,
            "payload": checked.payload,
            "withdrawal": checked.withdrawal,
            "list_made": checked.list_made,
        }))?;
    } else {
        print_lines(&said(cli, checked, good, lines))?;
    }
    Ok(if checked.answer == Answer::Good { Done::Well } else { Done::Differs })
}

fn slip_lines(cli: &Cli, p: &verify::Payload) -> Vec<Line> {
    let say = |key: &str| say_named(cli.language(), key, &[]);
    vec![
        ("verify-number", p.number.clone()),
        ("verify-city", p.city.clone()),
        ("slip-project", format!("{} ({})", p.name, p.project)),
        ("slip-step", say(&format!("gate-moment-{}", p.moment))),
        ("slip-verdict", say(&format!("gate-verdict-{}", p.verdict))),
        ("verify-holds", format!("{} – {}", p.from, p.until)),
    ]
}

fn certificate_lines(cli: &Cli, c: &verify::Certificate) -> Vec<Line> {
    vec![
        ("verify-number", c.number.clone()),
        ("verify-city", c.city.clone()),
        ("training-name", c.holder.clone()),
        ("training-office", c.office.clone()),
        ("training-programme", say_named(cli.language(), &format!("training-role-{}", c.role), &[])),
        ("training-day", c.day.clone()),
        ("training-score", format!("{}/{}", c.score[0], c.score[1])),
    ]
}

fn said<P>(cli: &Cli, checked: &Checked<P>, good: &str, of: fn(&Cli, &P) -> Vec<Line>) -> Vec<String> {
    let l = cli.language();
    let say = |key: &str| say_named(l, key, &[]);
    let mut lines = vec![say(match checked.answer {
        Answer::Good => good,
        Answer::Expired => "verify-expired",
        Answer::NotYet => "verify-not-yet",
        Answer::Withdrawn => "verify-withdrawn",
        Answer::Altered => "verify-altered",
        Answer::UnknownKey => "verify-unknown-key",
        Answer::CannotTell => "verify-cannot-tell",
    })];
    let facts = checked.payload.as_ref().map(|p| of(cli, p)).unwrap_or_default();
    lines.extend(facts.into_iter().map(|(key, value)| format!("  {}: {value}", say(key))));
    if let Some(made) = &checked.list_made {
        lines.push(format!("  {}: {made}. {}", say("verify-list-made"), say("verify-list-note")));
    }
    lines
}

pub(crate) fn run(cli: &Cli, command: &SlipCommand) -> Result<Done, Fault> {
    let l = cli.language();
    let none = || refuse(&Refused(say_named(l, "verify-cli-none-given", &[])));
    match command {
        SlipCommand::Known => {
            let Some(known) = own(cli)? else { return Ok(none()) };
            print_json(&serde_json::to_value(known).map_err(|e| Fault(e.to_string()))?)?;
        }
        SlipCommand::Rotate { lost } => {
            let Some(keys) = signing::rotate(&Home::open(&cli.home_path())?, clock::today(), *lost)? else {
                return Ok(none());
            };
            let id = keys.keys.last().map(|k| k.id.as_str()).unwrap_or_default();
            print_lines(&[say_named(l, if *lost { "slip-cli-lost" } else { "slip-cli-rotated" }, &[("key", id)])])?;
        }
        SlipCommand::List { json } => {
            let read: Permit<Read, Gate> = permit(&Actor::operator()).ok_or_else(|| Fault("no right".to_owned()))?;
            let rows = desk(cli)?.read(|s| s.slip_list(&read, (None, None), LISTED).map_err(Fault::from))?;
            if *json {
                let row = |r: &slips::SlipRow| {
                    serde_json::json!({
                        "number": r.number, "verdict": r.verdict, "project": r.project[0], "moment": r.moment,
                        "kind": r.kind, "until": r.until, "at": r.at, "withdrawn": r.withdrawn,
                    })
                };
                print_json(&serde_json::json!({ "slips": rows.iter().map(row).collect::<Vec<_>>() }))?;
                return Ok(Done::Well);
            }
            let line = |r: &slips::SlipRow| {
                let kind = say_named(l, &format!("slip-kind-{}", r.kind), &[]);
                let mark = if r.withdrawn.is_some() { say_named(l, "slip-is-withdrawn", &[]) } else { String::new() };
                format!("{}  {}  {}  {kind}  {mark}", r.number, r.until, r.project[0]).trim_end().to_owned()
            };
            let lines: Vec<String> = rows.iter().map(line).collect();
            print_lines(&if lines.is_empty() { vec![say_named(l, "slip-cli-none", &[])] } else { lines })?;
        }
    }
    Ok(Done::Well)
}
