//! `payung vulnerable`, `payung book`, `payung allot`: the lists, the book, and what the plan proposes. Who is on a list stays in the desk.

use super::people::{desk, no_right};
use super::{Done, print_json, print_lines, refuse};
use crate::options::{AllotArgs, BookArgs, Cli, VulnerableArgs};
use app::authz::{Actor, Change, Donation, Read, Vulnerable, permit};
use app::desk::aman::allot::{self, Asked, Unplanned};
use app::desk::aman::lists::lists;
use app::desk::aman::statement;
use app::desk::aman::{group_label, say_unexplained};
use app::{Fault, Refused, clock, legal, words};
use kernel::Rupiah;
use phrases::{say_named, say_with};
use serde_json::json;

/// The lists in figures.
pub(crate) fn vulnerable(cli: &Cli, args: &VulnerableArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let desk = desk(cli)?;
    let permit = permit::<Read, Vulnerable>(&Actor::operator()).ok_or_else(no_right)?;
    let lists = lists(&desk, &permit)?;
    let groups = lists.groups();
    let all = lists.all();
    if args.json {
        let conflicts = |of: &dyn Fn(&app::desk::aman::lists::Conflict) -> usize| -> serde_json::Value {
            let all = app::desk::aman::lists::Conflict::ALL;
            all.iter().map(|c| (c.name().to_owned(), json!(of(c)))).collect::<serde_json::Map<_, _>>().into()
        };
        let standings = |g: &app::desk::aman::lists::GroupCount| -> serde_json::Value {
            g.standings.iter().map(|(s, n)| (s.name().to_owned(), json!(n))).collect::<serde_json::Map<_, _>>().into()
        };
        print_json(&json!({
            "as_of": lists.as_of.to_string(),
            "insurer_list_known": lists.insurer_known,
            "people": all.people,
            "ending": all.ending,
            "standings": standings(all),
            "conflicts": conflicts(&|c| lists.people.iter().filter(|p| p.conflicts.contains(c)).count()),
            "months": all.months.iter().map(|(month, n)| json!({
                "month": month.to_string(), "listed": n.listed, "covered": n.covered, "unconfirmed": n.unconfirmed,
            })).collect::<Vec<_>>(),
            "groups": groups.iter().map(|g| json!({
                "group": g.group, "people": g.people, "ending": g.ending, "conflicts": g.conflicts, "standings": standings(g),
            })).collect::<Vec<_>>(),
        }))?;
        return Ok(Done::Well);
    }
    let count = |n: u64| words::count_text(n, l);
    let mut lines = vec![say_with(l, "vulnerable-found", &[("count", count(all.people))])];
    for (standing, n) in &all.standings {
        lines.push(format!("  {}: {}", say_named(l, &format!("standing-{}", standing.name()), &[]), count(*n)));
    }
    lines.extend(groups.iter().map(|g| format!("{}: {}", group_label(&g.group), count(g.people))));
    print_lines(&lines)?;
    Ok(Done::Well)
}

/// The book: what of the statements is not in it, funds and balances; lines entered; everything checked.
pub(crate) fn book(cli: &Cli, args: &BookArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let desk = desk(cli)?;
    let actor = Actor::operator();
    let read = permit::<Read, Donation>(&actor).ok_or_else(no_right)?;
    let change = permit::<Change, Donation>(&actor).ok_or_else(no_right)?;
    let mut entered = None;
    if args.enter {
        match statement::enter(&desk, (&read, &change), "")? {
            Ok(count) => entered = Some(count),
            Err(no) => return Ok(refuse(&Refused(say_unexplained(no, l)))),
        }
    }
    let look = statement::look(&desk, &read)?;
    let (funds, balances, check) = desk.read(|s| {
        let check = if args.check { Some(s.book_check(&read)?) } else { None };
        Ok::<_, Fault>((s.fund_list(&read)?, s.book_balances(&read)?, check))
    })?;
    let wrong = check.as_ref().map_or(0, |c| c.wrong.len());
    if args.json {
        print_json(&json!({
            "entered": entered,
            "accounts": look.accounts.iter().map(|a| json!({
                "number": a.number, "new": a.new, "balance": a.balance, "gaps": a.gaps.len(), "overdrawn": a.overdrawn, "lost": a.lost,
            })).collect::<Vec<_>>(),
            "unread": look.unread.len(),
            "funds": funds.iter().map(|f| json!({
                "number": f.id, "name": f.name, "payer": f.payer, "group": f.group, "free": f.free,
            })).collect::<Vec<_>>(),
            "balances": balances.iter().map(|(a, b)| (a.to_string(), json!(a.has(*b)))).collect::<serde_json::Map<_, _>>(),
            "checked": check.as_ref().map(|c| json!({
                "entries": c.entries, "wrong": c.wrong.iter().map(|w| format!("{w:?}")).collect::<Vec<_>>(),
            })),
        }))?;
    } else {
        let mut lines = Vec::new();
        lines.extend(entered.map(|n| say_with(l, "bank-entered", &[("count", n.to_string())])));
        lines.extend(funds.iter().map(|f| format!("{}: Rp{}", f.name, words::rupiah_text(Rupiah(f.free), l))));
        if let Some(check) = &check {
            lines.push(say_with(l, "ledger-checked", &[("count", words::count_text(check.entries, l))]));
            lines.extend(check.wrong.iter().map(|w| say_with(l, "ledger-wrong-entry", &[("what", format!("{w:?}"))])));
            if wrong == 0 {
                lines.push(say_named(l, "ledger-sound", &[]));
            }
        }
        print_lines(&lines)?;
    }
    Ok(if wrong == 0 { Done::Well } else { Done::Differs })
}

/// What the plan proposes, in figures.
pub(crate) fn allot(cli: &Cli, args: &AllotArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let desk = desk(cli)?;
    let actor = Actor::operator();
    let read = permit::<Read, Donation>(&actor).ok_or_else(no_right)?;
    let people = permit::<Read, Vulnerable>(&actor).ok_or_else(no_right)?;
    let usual = Asked::usual(clock::today());
    let from = match args.from.as_deref().map(|m| format!("{m}-01").parse()) {
        None => usual.from,
        Some(Ok(from)) => from,
        Some(Err(_)) => return Ok(refuse(&Refused(say_named(l, "plan-no-month", &[])))),
    };
    let asked = Asked { from, months: args.months, shortest: args.shortest, group: args.group.clone() };
    let lists = lists(&desk, &people)?;
    let proposal = match allot::propose(&desk, &read, &lists, &asked)? {
        Ok(proposal) => proposal,
        Err(Unplanned::Months) => return Ok(refuse(&Refused(say_named(l, "allotment-no-months", &[])))),
        Err(Unplanned::Solver) => return Ok(refuse(&Refused(say_named(l, "allotment-no-plan", &[])))),
        Err(Unplanned::Law(declined)) => return Ok(refuse(&legal::declined(&declined, &desk.law, l))),
    };
    if args.json {
        print_json(&json!({
            "from": asked.from.to_string(),
            "months": proposal.months,
            "left": proposal.left,
            "lapsing": proposal.lapsing,
            "gap_ppm": proposal.gap_ppm,
            "funds": proposal.funds.iter().map(|f| json!({
                "number": f.fund.id, "people": f.people.len(), "renewals": f.people.iter().filter(|p| p.renews).count(),
                "amount": f.amount, "free": f.fund.free, "asked_already": f.waiting,
            })).collect::<Vec<_>>(),
        }))?;
        return Ok(Done::Well);
    }
    let count = |n: u64| words::count_text(n, l);
    let mut lines = vec![say_with(l, "allotment-covers", &[("months", count(proposal.months))])];
    for f in &proposal.funds {
        let people = say_with(l, "allotment-for-people", &[("count", count(f.people.len() as u64))]);
        lines.push(format!("{}: {people}, Rp{}", f.fund.name, words::rupiah_text(Rupiah(f.amount), l)));
    }
    lines.push(say_with(l, "allotment-left", &[("count", count(proposal.left))]));
    lines.push(say_with(l, "allotment-lapsing", &[("count", count(proposal.lapsing))]));
    print_lines(&lines)?;
    Ok(Done::Well)
}
