//! `payung award`: a guide to begin with, a guide looked at, or what answers the guides that were entered.

use super::people::{desk, no_right};
use super::{Done, print_json, print_lines, refuse};
use crate::options::{AwardArgs, Cli};
use app::authz::{Actor, Award, Coverage, Read, permit};
use app::desk::award::{File, file, guide};
use app::{Fault, Refused, clock};
use phrases::{say_named, say_with};
use serde_json::json;

pub(crate) fn run(cli: &Cli, args: &AwardArgs) -> Result<Done, Fault> {
    let l = cli.language();
    if args.template {
        print_lines(&[guide::skeleton(clock::today().year().into()).trim_end().to_owned()])?;
        return Ok(Done::Well);
    }
    if let Some(path) = &args.check {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) => return Ok(refuse(&Refused(format!("{}: {e}", path.display())))),
        };
        return Ok(match guide::read(&text) {
            Ok(guide) => {
                print_lines(&[format!("{} {}: {}", guide.award, guide.year, guide.criteria.len())])?;
                Done::Well
            }
            Err(amiss) => {
                let said = amiss.iter().map(|a| {
                    let (name, said) = a.sentence();
                    say_with(l, name, &said)
                });
                refuse(&Refused(said.collect::<Vec<_>>().join("\n")))
            }
        });
    }
    let desk = desk(cli)?;
    let operator = Actor::operator();
    let read = permit::<Read, Award>(&operator).ok_or_else(no_right)?;
    let coverage = permit::<Read, Coverage>(&operator);
    let rows = desk.read(|s| s.award_guides(&read, None).map_err(Fault::from))?;
    let files: Vec<File> = rows
        .iter()
        .filter_map(|g| file(&desk, (&read, coverage.as_ref()), g.id, l).transpose())
        .collect::<Result<_, _>>()?;
    if args.json {
        let piece = |p: &app::desk::award::Piece| {
            json!({
                "code": p.asked.code, "title": p.asked.title, "figure": p.asked.figure, "missing": p.is_missing(),
                "found": p.found.iter().map(|f| json!({ "text": f.text, "opens": f.href, "as_of": f.as_of, "sha256": f.sha256 })).collect::<Vec<_>>(),
                "documents": p.documents.iter().map(|d| json!({ "id": d.id, "name": d.name, "sha256": d.sha256 })).collect::<Vec<_>>(),
            })
        };
        let one = |f: &File| {
            json!({
                "id": f.row.id, "award": f.guide.award, "year": f.guide.year, "answered": f.answered(),
                "criteria": f.standings.iter().map(|s| json!({
                    "code": s.criterion.code, "title": s.criterion.title, "weight": s.criterion.weight,
                    "evidence": s.pieces.iter().map(piece).collect::<Vec<_>>(),
                })).collect::<Vec<_>>(),
            })
        };
        print_json(&json!({ "guides": files.iter().map(one).collect::<Vec<_>>() }))?;
        return Ok(Done::Well);
    }
    let mut lines = Vec::new();
    for f in &files {
        let [answered, all] = f.answered();
        let counts = [("answered", answered.to_string()), ("all", all.to_string())];
        lines.push(format!("{} {}: {}", f.guide.award, f.guide.year, say_with(l, "award-answered", &counts)));
        lines.extend(
            f.gaps()
                .iter()
                .map(|(c, e)| format!("  {}: {} ({})", say_named(l, "award-missing", &[]), e.title, c.title)),
        );
    }
    if files.is_empty() {
        lines.push(say_named(l, "award-none", &[]));
    }
    print_lines(&lines)?;
    Ok(Done::Well)
}
