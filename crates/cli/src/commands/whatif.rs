//! `payung whatif`: a draft circular over the past.

use super::people::{desk, no_right};
use super::{Done, print_json, print_lines, refuse};
use crate::options::{Cli, WhatIfArgs};
use app::authz::{Actor, Gate, Read, permit};
use app::desk::whatif::{self, Asked, Outcome};
use app::{Fault, Refused, words};
use kernel::Rupiah;
use phrases::{say_named, say_with};

/// Steps printed one by one.
const SHOWN: usize = 20;

pub(crate) fn run(cli: &Cli, args: &WhatIfArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let days = args.over.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let Some((from, to)) = days.filter(|(from, to)| from <= to) else {
        return Ok(refuse(&Refused(say_named(l, "whatif-no-period", &[]))));
    };
    let text = match std::fs::read_to_string(&args.rule) {
        Ok(text) => text,
        Err(e) => {
            let arguments = [("path", args.rule.display().to_string()), ("reason", e.to_string())];
            return Ok(refuse(&Refused(say_with(l, "law-file-missing", &arguments))));
        }
    };
    let desk = desk(cli)?;
    let law = match app::legal::try_text(&text, &desk.law, l) {
        Ok(law) => law,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let read = permit::<Read, Gate>(&Actor::operator()).ok_or_else(no_right)?;
    let outcome = whatif::replay(&desk, &read, &law, Asked { from, to, lag: args.lag })?;
    if args.json {
        print_json(&serde_json::to_value(&outcome).map_err(|e| Fault(e.to_string()))?)?;
    } else {
        print_lines(&lines(cli, &outcome, args.lag))?;
    }
    Ok(Done::Well)
}

fn lines(cli: &Cli, o: &Outcome, lag: u32) -> Vec<String> {
    let l = cli.language();
    let say = |key: &str, arguments: &[(&str, String)]| say_with(l, key, arguments);
    let n = |v: u64| v.to_string();
    let [all, held, condition, unknown] = o.steps;
    let steps = [("all", n(all)), ("held", n(held)), ("condition", n(condition)), ("unknown", n(unknown))];
    let mut out = vec![say("whatif-cli-steps", &steps)];
    for (moment, [all, held, condition, unknown]) in &o.by_moment {
        let step = say_named(l, &format!("gate-moment-{}", moment.name()), &[]);
        let counts = [
            ("step", step),
            ("all", n(*all)),
            ("held", n(*held)),
            ("condition", n(*condition)),
            ("unknown", n(*unknown)),
        ];
        out.push(format!("  {}", say("whatif-cli-step", &counts)));
    }
    let won = [("projects", n(o.projects)), ("days", n(o.days_won)), ("workers", n(o.worker_days_won))];
    out.push(say("whatif-cli-won", &won));
    let amount = format!("Rp{}", words::rupiah_text(Rupiah(o.amount_waiting), l));
    out.push(say("whatif-cli-amount", &[("amount", amount)]));
    out.push(say("whatif-cli-false", &[("count", n(o.false_holds)), ("lag", lag.to_string())]));
    let [middle, high, most] = o.load;
    out.push(say("whatif-cli-load", &[("middle", n(middle)), ("high", n(high)), ("most", n(most))]));
    out.extend(o.waited.iter().take(SHOWN).map(|w| {
        let step = say_named(l, &format!("gate-moment-{}", w.moment.name()), &[]);
        format!("  {}  {step}  {}  +{}  {}", w.day, w.project[0], w.days, w.project[1])
    }));
    out
}
