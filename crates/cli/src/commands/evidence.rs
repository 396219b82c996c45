//! `payung evidence`, and `payung verify` of what it wrote.

use super::people::{desk, no_right};
use super::{Done, print_json, print_lines, refuse};
use crate::options::{Cli, EvidenceArgs};
use app::authz::{Actor, Gate, Read, permit};
use app::desk::audit_box::{self, Made};
use app::{Fault, Refused};
use phrases::{say_named, say_with};
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;
use verify::Keys;
use verify::bundle::{About, Broken, Line};

pub(crate) fn run(cli: &Cli, args: &EvidenceArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let about = match (&args.project, &args.agency, args.year) {
        (Some(code), ..) => About::Project(code.clone()),
        (_, Some(name), _) => About::Agency(name.clone()),
        (.., year) => About::Year(year.unwrap_or_default()),
    };
    let desk = desk(cli)?;
    let read = permit::<Read, Gate>(&Actor::operator()).ok_or_else(no_right)?;
    // Beside its place first: a run that breaks off leaves no file that looks like one.
    let beside = args.out.with_extension("part");
    let file = File::create(&beside).map_err(|e| Fault(format!("{}: {e}", beside.display())))?;
    let made = audit_box::write(&desk, &read, &about, BufWriter::new(file), "");
    let (made, out) = match made {
        Ok(made) => made,
        Err(fault) => {
            let _ = std::fs::remove_file(&beside);
            return Err(fault);
        }
    };
    let refused = |key: &str| {
        let _ = std::fs::remove_file(&beside);
        Ok(refuse(&Refused(say_named(l, key, &[]))))
    };
    match made {
        Made::Nothing => refused("bundle-nothing"),
        Made::NoCity => refused("slip-no-style"),
        Made::Lines(lines) => {
            if let Some(out) = out {
                let file = out.into_inner().map_err(|e| Fault(e.to_string()))?;
                file.sync_all().map_err(|e| Fault(e.to_string()))?;
            }
            std::fs::rename(&beside, &args.out).map_err(|e| Fault(format!("{}: {e}", args.out.display())))?;
            let arguments = [("lines", lines.to_string()), ("path", args.out.display().to_string())];
            print_lines(&[say_with(l, "bundle-cli-made", &arguments)])?;
            Ok(Done::Well)
        }
    }
}

/// Does a file begin as a bundle does?
pub(super) fn is_bundle(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let mut head = [0u8; 15];
    std::io::Read::read_exact(&mut BufReader::new(file), &mut head).is_ok() && head.starts_with(b"{\"kind\":\"head\"")
}

/// Checks a bundle, and gives every verdict in it again from its own facts and rules.
pub(super) fn check(cli: &Cli, path: &Path, keys: &Keys, json: bool) -> Result<Done, Fault> {
    let file = File::open(path).map_err(|e| Fault(format!("{}: {e}", path.display())))?;
    let mut differing = Vec::new();
    let checked = verify::bundle::check(BufReader::new(file), keys, |line| {
        if let Line::Verdict { id, moment, facts, rules, verdict, .. } = line
            && !audit_box::comes_out(moment, facts, rules, verdict)
        {
            differing.push(*id);
        }
    });
    let l = cli.language();
    let say = |key: &str, arguments: &[(&str, String)]| say_with(l, key, arguments);
    let (answer, line) = match &checked {
        Ok(whole) if differing.is_empty() => {
            let [projects, verdicts, overrides, slips, files] = whole.counts;
            let counts = [
                ("city", whole.seal.city.clone()),
                ("made", whole.seal.made.clone()),
                ("projects", projects.to_string()),
                ("verdicts", verdicts.to_string()),
                ("overrides", overrides.to_string()),
                ("slips", slips.to_string()),
                ("files", files.to_string()),
            ];
            ("whole", say("bundle-whole", &counts))
        }
        Ok(_) => {
            let ids: Vec<String> = differing.iter().map(ToString::to_string).collect();
            ("differs", say("bundle-differs", &[("ids", ids.join(", "))]))
        }
        Err(Broken::NoBundle) => ("no_bundle", say("bundle-broken", &[])),
        Err(Broken::Line(n)) => ("line", say("bundle-broken-line", &[("line", n.to_string())])),
        Err(Broken::Content) => ("content", say("bundle-broken", &[])),
        Err(Broken::UnknownKey) => ("unknown_key", say("verify-unknown-key", &[])),
        Err(Broken::LostKey) => ("lost_key", say("verify-cannot-tell", &[])),
        Err(Broken::Slip(number)) => ("slip", say("bundle-broken-slip", &[("number", number.clone())])),
        Err(Broken::Disk(why)) => return Err(Fault(format!("{}: {why}", path.display()))),
    };
    if json {
        let counts = checked.as_ref().map(|w| w.counts).ok();
        print_json(&serde_json::json!({ "answer": answer, "counts": counts, "differing": differing }))?;
    } else {
        print_lines(&[line])?;
    }
    Ok(if answer == "whole" { Done::Well } else { Done::Differs })
}
