//! `payung steer`: the cheapest mix of what can be done until a target.

use super::people::{desk, no_right};
use super::{Done, print_json, print_lines, refuse};
use crate::options::{Cli, SteerArgs};
use app::authz::{Actor, Coverage, Donation, Outreach, Read, Vulnerable, permit};
use app::desk::coverage::{figures, month_text};
use app::desk::steer::{Asked, May, Mix, steer, until};
use app::{Fault, Refused, words};
use kernel::Rupiah;
use kernel::money::Rounding;
use phrases::{say_named, say_with};
use serde_json::json;

pub(crate) fn run(cli: &Cli, args: &SteerArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let budget = match args.budget.as_deref().map(|text| words::typed_amount(text, l)).transpose() {
        Ok(budget) => budget.and_then(|b| b.round(Rounding::HalfUp)).map(|r| r.0),
        Err(bad) => return Ok(refuse(&bad)),
    };
    let desk = desk(cli)?;
    let operator = Actor::operator();
    let read = permit::<Read, Coverage>(&operator).ok_or_else(no_right)?;
    let (funds, car) = (permit::<Read, Donation>(&operator), permit::<Read, Outreach>(&operator));
    let counted = figures(&desk, &read)?;
    let Some(until) = until(&args.until) else { return Ok(refuse(&Refused(say_named(l, "steer-no-number", &[])))) };
    let asked = Asked { people: args.people, until, budget, hours: args.hours };
    let lists = permit::<Read, Vulnerable>(&operator);
    let may = May { funds: funds.as_ref(), car: car.as_ref(), lists: lists.as_ref() };
    let answer = steer(&desk, may, &counted, &asked)?;
    if args.json {
        let mix = |m: &Mix| json!({ "units": m.units, "people": m.people, "cost": m.cost, "minutes": m.minutes, "price": m.price, "enough": m.is_enough });
        let [fewer, more] = &answer.otherwise.people;
        print_json(&json!({
            "people": asked.people, "until": month_text(asked.until), "person_price": answer.person_price,
            "minute_price": answer.minute_price,
            "levers": answer.known.iter().map(|k| json!({
                "lever": k.kind, "people": k.people, "units": k.lever.units, "people_each": k.lever.people, "cost_each": k.lever.cost,
                "minutes_each": k.lever.minutes,
            })).collect::<Vec<_>>(),
            "mix": mix(&answer.mix), "fewer": mix(fewer), "more": mix(more),
            "without": answer.otherwise.without.iter().map(mix).collect::<Vec<_>>(),
        }))?;
        return Ok(Done::Well);
    }
    let count = |n: u64| words::count_text(n, l);
    let sum = |m: &Mix| {
        let money = |n: i64| format!("Rp{}", words::rupiah_text(Rupiah(n), l));
        let hours = count(m.minutes.div_ceil(60));
        let said = [("people", count(m.people)), ("cost", money(m.cost)), ("hours", hours), ("price", money(m.price))];
        say_with(l, if m.is_enough { "steer-enough" } else { "steer-short" }, &said)
    };
    let mut lines = vec![sum(&answer.mix)];
    for (known, units) in answer.known.iter().zip(&answer.mix.units) {
        let name = say_named(l, &format!("lever-{}", known.kind.name()), &[]);
        let brings = u64::from(*units) * u64::from(known.lever.people);
        lines.push(format!("  {name}: {} × {} = {}", count((*units).into()), known.lever.people, count(brings)));
    }
    let [fewer, more] = &answer.otherwise.people;
    lines.push(format!("{} {}", say_named(l, "steer-fewer", &[]), sum(fewer)));
    lines.push(format!("{} {}", say_named(l, "steer-more", &[]), sum(more)));
    print_lines(&lines)?;
    Ok(Done::Well)
}
