//! `payung surge`: the weeks to come at the counters.

use super::people::{desk, no_right};
use super::{Done, print_json, print_lines};
use crate::options::{Cli, SurgeArgs};
use app::authz::{Actor, Coverage, Read, permit};
use app::desk::surge::outlook;
use app::{Fault, words};
use phrases::{say_named, say_with};
use serde_json::json;

pub(crate) fn run(cli: &Cli, args: &SurgeArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let desk = desk(cli)?;
    permit::<Read, Coverage>(&Actor::operator()).ok_or_else(no_right)?;
    let o = outlook(&desk)?.unwrap_or_default();
    if args.json {
        print_json(&json!({
            "as_of": o.as_of, "usual_minutes": o.usual, "peak": o.peak.map(|i| o.loads[i].week.monday.clone()),
            "past": o.surge.past, "scores": o.surge.scores, "without_end": o.surge.without_end,
            "weeks": o.loads.iter().map(|l| json!({ "week": l.week, "minutes": l.minutes })).collect::<Vec<_>>(),
            "actions": o.actions.iter().map(|a| json!({
                "action": a.early, "count": a.count, "minutes": a.minutes, "spares_tenths": a.spares, "begin_by": a.begin.map(|d| d.to_string()),
            })).collect::<Vec<_>>(),
        }))?;
        return Ok(Done::Well);
    }
    let hours = |minutes: u64| words::tenths_text((minutes + 3) / 6, l);
    let count = |tenths: u64| words::count_text((tenths + 5) / 10, l);
    let mut lines = vec![say_named(l, if o.loads.is_empty() { "surge-none" } else { "surge-weeks" }, &[])];
    lines.extend(o.loads.iter().map(|w| {
        let registrations = w.week.registrations.map_or_else(|| "–".to_owned(), |n| count(n[0]));
        let hours = say_with(l, "surge-hours-of", &[("hours", hours(w.minutes[0]))]);
        format!("  {}  {registrations}  {}  {hours}", w.week.monday, count(w.week.payments[0]))
    }));
    lines.extend(o.actions.iter().map(|a| {
        let name = say_named(l, &format!("surge-do-{}", a.early.name()), &[]);
        let hours = say_with(l, "surge-hours-of", &[("hours", hours(a.minutes))]);
        format!("  {name}: {}, {hours}", words::count_text(a.count, l))
    }));
    print_lines(&lines)?;
    Ok(Done::Well)
}
