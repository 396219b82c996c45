//! `payung meeting`: monitoring meetings, and every promise as it stands.

use super::people::{desk, no_right};
use super::{Done, print_json, print_lines};
use crate::options::{Cli, MeetingArgs};
use app::authz::{Actor, Meeting, Read, permit};
use app::desk::meeting;
use app::{Fault, clock};
use phrases::{say_named, say_with};
use serde_json::json;

/// Meetings told at most.
const LISTED: usize = 1_000;

pub(crate) fn run(cli: &Cli, args: &MeetingArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let desk = desk(cli)?;
    let permit = permit::<Read, Meeting>(&Actor::operator()).ok_or_else(no_right)?;
    let (rows, promises) =
        desk.read(|s| Ok::<_, Fault>((s.meeting_list(&permit, None, LISTED)?, s.promise_list(&permit, None)?)))?;
    let today = clock::today().to_string();
    if args.json {
        print_json(&json!({
            "meetings": rows.iter().map(|m| json!({
                "id": m.id, "day": m.day, "place": m.place, "closed": m.closed_at.is_some(), "promises": m.promises[0], "kept": m.promises[1],
            })).collect::<Vec<_>>(),
            "promises": promises.iter().map(|p| json!({
                "id": p.id, "meeting": p.meeting, "owner": p.owner, "what": p.what, "due": p.due, "cure": p.cure, "project": p.project,
                "finding": p.finding, "kept_on": p.kept_on, "kept_by_word": p.kept_by_word, "standing": meeting::standing(p, &today),
            })).collect::<Vec<_>>(),
        }))?;
        return Ok(Done::Well);
    }
    let say = |key: &str| say_named(l, key, &[]);
    let mut lines = vec![say("meeting-list")];
    lines.extend(rows.iter().map(|m| {
        let counts = [("kept", m.promises[1].to_string()), ("made", m.promises[0].to_string())];
        format!("  {}  {}: {}", m.day, m.place, say_with(l, "meeting-kept-of", &counts))
    }));
    if rows.is_empty() {
        lines.push(format!("  {}", say("meeting-none")));
    }
    let promise = |p: &meeting::PromiseRow| {
        let standing = say(&format!("promise-{}", meeting::standing(p, &today).name()));
        format!("  {} {}: {}, {} {}", p.due, p.owner, p.what, standing, p.project).trim_end().to_owned()
    };
    lines.extend(promises.iter().map(promise));
    print_lines(&lines)?;
    Ok(Done::Well)
}
