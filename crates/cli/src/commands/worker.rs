//! `payung check`, `payung phones`, `payung mail`: the worker's own question, the foreman's link, what contractors did with letters.

use super::people::{desk, no_right};
use super::{Done, print_json, print_lines, refuse};
use crate::options::{CheckArgs, Cli, MailArgs, PhonesArgs};
use app::authz::{Actor, Change, Letter, OPERATOR, Permit, Person, PublicProject, Read, permit};
use app::desk::Desk;
use app::desk::letters::{LetterRow, LetterState, Reply};
use app::desk::roster::foreman::{self, ForemanLink};
use app::desk::roster::{Proof, Told, check_message};
use app::{Fault, Refused, clock, words};
use phrases::say_named;
use std::io::BufRead as _;

/// Letters looked through.
const LISTED: usize = 1_000;

fn unknown_project(cli: &Cli, project: &str) -> Done {
    refuse(&Refused(say_named(cli.language(), "roster-cli-unknown", &[("project", project)])))
}

/// Card number, NIK and date of birth from standard input: they stand in no list of processes and no history.
fn proof_typed() -> Result<Proof, Fault> {
    let mut lines = std::io::stdin().lock().lines();
    let mut next = || lines.next().transpose().map(Option::unwrap_or_default).map_err(|e| Fault(e.to_string()));
    let (card, nik, birth) = (next()?, next()?, next()?);
    Ok(Proof::Card { card, nik, birth: birth.trim().parse().ok() })
}

/// "Am I covered today?" The same budgets of tries hold as for everybody.
pub(crate) fn check(cli: &Cli, args: &CheckArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let desk = desk(cli)?;
    let public = permit::<Read, PublicProject>(&Actor::public()).ok_or_else(no_right)?;
    let proof = match &args.code {
        Some(code) => Proof::Code(code.clone()),
        None => proof_typed()?,
    };
    let Some(told) = check_message(&desk, &public, &args.project, &proof)? else {
        return Ok(unknown_project(cli, &args.project));
    };
    let (name, sentence) = match told {
        Told::Yes => ("covered", "check-yes"),
        Told::No => ("not_covered", "check-no"),
        Told::Unclear => ("unclear", "check-unclear"),
        Told::Nothing => ("nothing", "check-nothing"),
    };
    let today = clock::today();
    if args.json {
        print_json(&serde_json::json!({ "day": today.to_string(), "answer": name }))?;
    } else {
        print_lines(&[say_named(l, sentence, &[("day", &words::long_date(today, l))])])?;
    }
    Ok(Done::Well)
}

/// Links of a project's phones: listed, made in a member's name, ended.
pub(crate) fn phones(cli: &Cli, args: &PhonesArgs) -> Result<Done, Fault> {
    let desk = desk(cli)?;
    let change = permit::<Change, Person>(&Actor::operator()).ok_or_else(no_right)?;
    if !desk.read(|s| s.project_within(change.scope(), &args.project).map_err(Fault::from))? {
        return Ok(unknown_project(cli, &args.project));
    }
    if let (Some(name), Some(member)) = (&args.add, &args.member) {
        return add(cli, &desk, args, (name, member));
    }
    if let Some(id) = args.end {
        return Ok(if foreman::end(&desk, &change, (&args.project, id), "")? {
            Done::Well
        } else {
            refuse(&Refused(say_named(cli.language(), "foreman-cli-no-link", &[("id", &id.to_string())])))
        });
    }
    list(cli, &desk, &change, args)
}

fn add(cli: &Cli, desk: &Desk, args: &PhonesArgs, (name, login): (&str, &str)) -> Result<Done, Fault> {
    let no = |key: &str| Ok(refuse(&Refused(say_named(cli.language(), key, &[("member", login)]))));
    if name.trim().is_empty() {
        return no("foreman-no-name");
    }
    let member = desk.read(|s| s.member_by_login(login).map_err(Fault::from))?;
    let Some(member) = member else { return no("foreman-cli-no-member") };
    let own = permit::<Change, Person>(&desk.actor(Some(member.id))?);
    let Some(own) = own else { return no("foreman-cli-no-member") };
    let by = (&own, Some(OPERATOR));
    let Some(secret) = foreman::make(desk, by, (&args.project, name), args.days, "")? else {
        return no("foreman-cli-no-member");
    };
    println!("{}/mandor/daftar#{secret}", desk.address());
    Ok(Done::Well)
}

fn list(cli: &Cli, desk: &Desk, change: &Permit<Change, Person>, args: &PhonesArgs) -> Result<Done, Fault> {
    let links = desk.read(|s| s.foreman_list(change, &args.project).map_err(Fault::from))?;
    let day = |seconds: i64| clock::day_of(seconds).to_string();
    if args.json {
        let link = |l: &ForemanLink| {
            serde_json::json!({
                "id": l.id, "name": l.name, "until": day(l.expires_at), "last_used": l.used_at.map(day),
                "confirmed": Some(&l.confirmed_on).filter(|d| !d.is_empty()),
            })
        };
        print_json(&serde_json::json!({ "phones": links.iter().map(link).collect::<Vec<_>>() }))?;
        return Ok(Done::Well);
    }
    let line = |l: &ForemanLink| format!("{}  {}  {}", l.id, day(l.expires_at), l.name);
    let lines: Vec<String> = links.iter().map(line).collect();
    let none = say_named(cli.language(), "foreman-none", &[]);
    print_lines(&if lines.is_empty() { vec![none] } else { lines })?;
    Ok(Done::Well)
}

/// Letters released, with what whoever received them did.
pub(crate) fn mail(cli: &Cli, args: &MailArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let desk = desk(cli)?;
    let read = permit::<Read, Letter>(&Actor::operator()).ok_or_else(no_right)?;
    let found = desk.read(|s| {
        let letters = s.letter_page(&read, LetterState::Issued, None, LISTED)?;
        let own = letters.into_iter().filter(|l| args.project.as_ref().is_none_or(|p| *p == l.project));
        own.map(|l| Ok((s.mail_replies(&l)?, l))).collect::<Result<Vec<_>, Fault>>()
    })?;
    if args.json {
        let item = |(replies, l): &(Vec<Reply>, LetterRow)| {
            let said = replies
                .iter()
                .map(|r| serde_json::json!({ "at": r.at, "answer": r.kind, "text": r.text, "read": r.read }));
            serde_json::json!({
                "id": l.id, "project": l.project, "kind": l.kind, "number": l.number, "dated": l.dated,
                "replies": said.collect::<Vec<_>>(),
            })
        };
        print_json(&serde_json::json!({ "letters": found.iter().map(item).collect::<Vec<_>>() }))?;
        return Ok(Done::Well);
    }
    let mut lines = Vec::new();
    for (replies, letter) in &found {
        let kind = say_named(l, &format!("letter-kind-{}", letter.kind), &[]);
        let dated = letter.dated.as_deref().unwrap_or("-");
        lines.push(format!("{}  {dated}  {}  {kind}", letter.number.as_deref().unwrap_or("-"), letter.project));
        if replies.is_empty() {
            lines.push(format!("  {}", say_named(l, "mail-new", &[])));
        }
        lines.extend(replies.iter().map(|r| {
            let what = say_named(l, &format!("mail-answer-{}", r.kind.replace('_', "-")), &[]);
            format!("  {}  {what}  {}", r.at, r.text)
        }));
    }
    print_lines(&if lines.is_empty() { vec![say_named(l, "mail-cli-none", &[])] } else { lines })?;
    Ok(Done::Well)
}
