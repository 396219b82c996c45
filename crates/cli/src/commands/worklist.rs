//! `payung worklist`: whom to contact first, and what lists brought so far.

use super::people::{desk, no_right};
use super::{Done, print_json, print_lines};
use crate::options::{Cli, WorklistArgs};
use app::authz::{Actor, Project, Read, Worklist, permit};
use app::desk::worklist::{experience, ranked};
use app::{Fault, words};
use phrases::{say_named, say_with};
use serde_json::json;

pub(crate) fn run(cli: &Cli, args: &WorklistArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let desk = desk(cli)?;
    let operator = Actor::operator();
    let projects = permit::<Read, Project>(&operator).ok_or_else(no_right)?;
    let lists = permit::<Read, Worklist>(&operator).ok_or_else(no_right)?;
    let (best, waiting) = ranked(&desk, (&projects, &lists), args.limit)?;
    let e = experience(&desk, &lists)?;
    if args.json {
        print_json(&json!({
            "waiting": waiting,
            "best": best.iter().map(|r| json!({
                "project": r.project.code, "name": r.project.name, "agency": r.project.agency, "vendor": r.project.vendor,
                "state": r.project.state, "people": r.crew.0, "people_known": r.crew.1, "days_left": r.days,
                "worth": r.worth, "hourly_thousandths": r.worth.hourly(),
            })).collect::<Vec<_>>(),
            "compared": e.compared, "beliefs": e.beliefs, "window_days": e.window, "random_share_ppm": e.share,
        }))?;
        return Ok(Done::Well);
    }
    let mut lines = vec![say_with(l, "worklist-waiting", &[("count", words::count_text(waiting as u64, l))])];
    lines.extend(best.iter().map(|r| {
        let hourly = words::tenths_text((r.worth.hourly() + 50) / 100, l);
        let step = say_named(l, &format!("worklist-step-{}", r.worth.step.name()), &[]);
        format!("  {hourly}  {step}  {}  {} ({})", r.project.code, r.project.name, r.project.vendor)
    }));
    print_lines(&lines)?;
    Ok(Done::Well)
}
