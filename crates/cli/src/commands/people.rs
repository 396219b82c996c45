//! `payung accidents` and `payung complaints`: what the pages of the same name list and do, on the machine itself.

use super::{Done, own_program, print_json, print_lines, refuse};
use crate::options::{AccidentsArgs, Cli, ComplaintsArgs, PeopleArgs};
use app::authz::{Accident, Actor, Complaint, Decide, Read, permit};
use app::desk::complaints::{self, Step};
use app::desk::evidence::{Overview, PeopleCount, SMALL_GROUP};
use app::desk::{Desk, Outside, accidents, picture};
use app::home::Home;
use app::{Fault, Refused};
use phrases::{say_named, say_with};

/// Lines of a list.
const LISTED: usize = 1_000;

pub(super) fn desk(cli: &Cli) -> Result<Desk, Fault> {
    let desk = Desk::open(Home::open(&cli.home_path())?, &own_program()?, Outside::default())?;
    picture::refresh(&desk)?;
    Ok(desk)
}

pub(super) fn no_right() -> Fault {
    Fault("the operator has no right to it".to_owned())
}

/// Accidents, the latest first: when, until when the first report is due, where each stands. Nobody is named.
pub(crate) fn accidents(cli: &Cli, args: &AccidentsArgs) -> Result<Done, Fault> {
    let desk = desk(cli)?;
    let read = permit::<Read, Accident>(&Actor::operator()).ok_or_else(no_right)?;
    let files = desk.read(|s| s.accident_list(&read, args.project.as_deref(), LISTED).map_err(Fault::from))?;
    let due = |happened: &str| {
        accidents::stage_one_due(&desk, happened)
            .map_or_else(|| "-".to_owned(), |d| d.strftime("%Y-%m-%dT%H:%M").to_string())
    };
    if args.json {
        let list: Vec<serde_json::Value> = files
            .iter()
            .map(|(row, steps)| {
                serde_json::json!({
                    "id": row.id,
                    "project": row.project,
                    "happened": row.happened,
                    "report_by": due(&row.happened),
                    "standing": accidents::facts(steps).standing(),
                })
            })
            .collect();
        print_json(&serde_json::json!({ "accidents": list }))?;
        return Ok(Done::Well);
    }
    let l = cli.language();
    let line = |(row, steps): &accidents::File| {
        let standing = say_named(l, &format!("accident-standing-{}", accidents::facts(steps).standing()), &[]);
        format!("{}  {}  {}  {}  {standing}", row.id, row.happened, due(&row.happened), row.project)
    };
    let lines: Vec<String> = files.iter().map(line).collect();
    print_lines(&if lines.is_empty() { vec![say_named(l, "accident-list-none", &[])] } else { lines })?;
    Ok(Done::Well)
}

/// Complaints, those that wait first; or a step of the office about one of them.
pub(crate) fn complaints(cli: &Cli, args: &ComplaintsArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let desk = desk(cli)?;
    let actor = Actor::operator();
    let read = permit::<Read, Complaint>(&actor).ok_or_else(no_right)?;
    if let Some(id) = args.id {
        let Some(step) = args.step.as_deref().and_then(Step::parse) else {
            let found = complaints::read(&desk, &read, id, "")?;
            let Some((row, words)) = found else { return Ok(unknown(cli, id)) };
            let mut lines = vec![
                say_named(l, &format!("complaint-about-{}", row.about), &[]),
                say_named(l, &format!("complaint-standing-{}", row.standing), &[]),
            ];
            lines.extend(words.iter().map(|w| format!("{}  {}", w.at, w.text)));
            print_lines(&lines)?;
            return Ok(Done::Well);
        };
        let decide = permit::<Decide, Complaint>(&actor).ok_or_else(no_right)?;
        let text = args.text.as_deref().unwrap_or_default();
        return Ok(match complaints::step(&desk, (&read, &decide), id, (step, text), "")? {
            None => unknown(cli, id),
            Some(Ok(())) => Done::Well,
            Some(Err(complaints::Untaken::Text)) => refuse(&Refused(say_named(l, "complaint-text-length", &[]))),
            Some(Err(_)) => refuse(&Refused(say_named(l, "complaint-no-step", &[]))),
        });
    }
    let rows = desk.read(|s| s.complaint_list(&read, LISTED).map_err(Fault::from))?;
    if args.json {
        let list: Vec<serde_json::Value> = rows
            .iter()
            .map(|r| {
                serde_json::json!({
                    "id": r.id,
                    "project": r.project,
                    "about": r.about,
                    "standing": r.standing,
                    "at": r.at,
                })
            })
            .collect();
        print_json(&serde_json::json!({ "complaints": list }))?;
        return Ok(Done::Well);
    }
    let lines: Vec<String> = rows
        .iter()
        .map(|r| {
            let about = say_named(l, &format!("complaint-about-{}", r.about), &[]);
            let standing = say_named(l, &format!("complaint-standing-{}", r.standing), &[]);
            format!("{}  {}  {standing}  {about}  {}", r.id, &r.at[..10.min(r.at.len())], r.project)
        })
        .collect();
    print_lines(&if lines.is_empty() { vec![say_named(l, "complaint-list-none", &[])] } else { lines })?;
    Ok(Done::Well)
}

fn unknown(cli: &Cli, id: i64) -> Done {
    refuse(&Refused(say_named(cli.language(), "complaint-cli-unknown", &[("id", &id.to_string())])))
}

/// Workers as figures: where they come from and live, what they are paid, rosters beside what is usual. Groups of fewer than five by their size only.
pub(crate) fn figures(cli: &Cli, args: &PeopleArgs) -> Result<Done, Fault> {
    let desk = desk(cli)?;
    let picture = desk.read(|s| s.picture().map_err(Fault::from))?;
    let overview: Overview = match picture {
        Some(picture) => serde_json::from_str(&picture.body).map_err(|e| Fault(e.to_string()))?,
        None => Overview::default(),
    };
    let add = |sum: [u64; 8], (_, n): &(String, PeopleCount)| std::array::from_fn(|i| sum[i] + n.0[i]);
    let city = overview.people_agencies.iter().fold([0; 8], add);
    let l = cli.language();
    let mut groups = vec![(say_named(l, "people-cli-city", &[]), city)];
    groups.extend(overview.people_districts.iter().map(|(name, n)| (name.clone(), n.0)));
    if args.json {
        let group = |(name, n): &(String, [u64; 8])| {
            let told = |part: u64, of: u64| (of >= SMALL_GROUP).then_some(part);
            serde_json::json!({
                "name": name,
                "people": n[0],
                "with_number": n[1],
                "local_by_number": told(n[2], n[1]),
                "with_address": n[6],
                "resident_by_address": told(n[7], n[6]),
                "compared": n[3],
                "below_minimum": told(n[4], n[3]),
                "below_minimum_lenient": told(n[5], n[3]),
            })
        };
        let [below, inside, above, held, of] = overview.labour;
        print_json(&serde_json::json!({
            "groups": groups.iter().map(group).collect::<Vec<_>>(),
            "labour": { "below": below, "inside": inside, "above": above, "held_out_inside": held, "held_out": of },
        }))?;
        return Ok(Done::Well);
    }
    let line = |(name, n): &(String, [u64; 8])| {
        let told = |part: u64, of: u64| if of >= SMALL_GROUP { part.to_string() } else { "–".to_owned() };
        let arguments = [
            ("name", name.clone()),
            ("people", n[0].to_string()),
            ("known", n[1].to_string()),
            ("local", told(n[2], n[1])),
            ("told", n[6].to_string()),
            ("resident", told(n[7], n[6])),
            ("compared", n[3].to_string()),
            ("below", told(n[4], n[3])),
        ];
        say_with(l, "people-cli-line", &arguments)
    };
    let mut lines: Vec<String> = groups.iter().map(line).collect();
    let counts = [("below", 0), ("inside", 1), ("above", 2)].map(|(k, i)| (k, overview.labour[i].to_string()));
    lines.push(say_with(l, "labour-figures", &counts));
    print_lines(&lines)?;
    Ok(Done::Well)
}
