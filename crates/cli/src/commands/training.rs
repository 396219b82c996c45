//! `payung training`: workshops in figures, agencies by late registrations, and what changed afterwards.

use super::people::{desk, no_right};
use super::{Done, print_json, print_lines};
use crate::options::{Cli, TrainingArgs};
use app::authz::{Actor, Read, Training, permit};
use app::desk::training;
use app::{Fault, words};
use phrases::say_named;
use serde_json::json;

/// Workshops told at most.
const LISTED: usize = 1_000;

/// Agencies named; all are counted in `--json`.
const NAMED: usize = 10;

pub(crate) fn run(cli: &Cli, args: &TrainingArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let desk = desk(cli)?;
    let permit = permit::<Read, Training>(&Actor::operator()).ok_or_else(no_right)?;
    let rows = desk.read(|s| s.training_list(&permit, None, LISTED).map_err(Fault::from))?;
    let agencies = training::agencies(&desk, &permit)?;
    let (effect, terms) = training::changed(&desk, &permit)?;
    if args.json {
        print_json(&json!({
            "workshops": rows.iter().map(|t| json!({
                "id": t.id, "role": t.role, "day": t.day, "called_off": t.ended.is_some(), "seats": t.seats,
                "invited": t.invited, "came": t.came, "tested": t.tested.0, "certified": t.tested.1,
            })).collect::<Vec<_>>(),
            "agencies": agencies.iter().map(|a| json!({
                "agency": a.agency, "projects": a.projects, "in_time": a.prompt, "attended": a.attended,
            })).collect::<Vec<_>>(),
            "effect": effect, "window_days": terms.window_days, "agencies_min": terms.agencies_min,
        }))?;
        return Ok(Done::Well);
    }
    let say = |key: &str| say_named(l, key, &[]);
    let mut lines = vec![say("training-list")];
    let workshop = |t: &training::TrainingRow| {
        let role = say(&format!("training-role-{}", t.role));
        let counts = [("training-invited", t.invited), ("training-came", t.came), ("training-certified", t.tested.1)];
        let counts = counts.map(|(name, n)| format!("{} {n}", say(name))).join(", ");
        format!("  {}  {role}: {counts}", t.day)
    };
    lines.extend(rows.iter().map(workshop));
    if rows.is_empty() {
        lines.push(format!("  {}", say("training-none")));
    }
    let told = training::told(&effect, &terms, l);
    lines.extend([say("training-effect"), format!("  {}", told.said)]);
    if !told.placebo.is_empty() {
        lines.push(format!("  {}", told.placebo));
    }
    lines.push(format!("  {}", told.terms));
    lines.push(say("training-agencies-late"));
    let agency = |a: &training::Promptness| {
        let late = words::count_text((a.projects - a.prompt).unsigned_abs(), l);
        format!("  {}: {late}/{}", a.agency, words::count_text(a.projects.unsigned_abs(), l))
    };
    lines.extend(agencies.iter().take(NAMED).map(agency));
    print_lines(&lines)?;
    Ok(Done::Well)
}
