//! `payung guide`: what a role has to do, on screen or as one sheet of paper.

use super::{Done, print_json, print_lines, refuse, typed_date};
use crate::options::{Cli, GuideArgs};
use app::home::Home;
use app::legal::guide::{self, Guide, Role};
use app::{Fault, Refused};
use phrases::say_named;

pub(crate) fn run(cli: &Cli, args: &GuideArgs) -> Result<Done, Fault> {
    let guide = match asked(cli, args) {
        Ok(guide) => guide,
        Err(refused) => return Ok(refuse(&refused)),
    };
    if let Some(path) = &args.out {
        let (bytes, pages) = guide::pdf(&guide, cli.language())?;
        std::fs::write(path, bytes).map_err(|e| Fault(format!("{}: {e}", path.display())))?;
        let (path, pages) = (path.display().to_string(), pages.to_string());
        let written = say_named(cli.language(), "guide-written", &[("path", &path), ("pages", &pages)]);
        print_lines(&[written])?;
    } else if args.json {
        print_json(&serde_json::to_value(&guide).map_err(|e| Fault(e.to_string()))?)?;
    } else {
        print_lines(&lines(&guide))?;
    }
    Ok(Done::Well)
}

fn asked(cli: &Cli, args: &GuideArgs) -> Result<Guide, Refused> {
    let l = cli.language();
    let law = Home::open_if_there(&cli.home_path()).law(l)?;
    let on = args.on.as_ref().map_or_else(|| Ok(app::clock::today()), |text| typed_date(cli, text))?;
    let role = Role::named(&args.role).ok_or_else(|| {
        let roles = Role::ALL.map(Role::name).join(", ");
        Refused(say_named(l, "guide-no-role", &[("name", &args.role), ("roles", &roles)]))
    })?;
    guide::guide(role, on, &law, l)
}

fn lines(guide: &Guide) -> Vec<String> {
    let mut out = vec![guide.title.clone()];
    for moment in &guide.moments {
        out.extend([String::new(), moment.head.clone()]);
        for duty in &moment.duties {
            out.push(format!("  [ ] {}", duty.text));
            out.extend(duty.basis.iter().chain(&duty.other).map(|line| format!("      {line}")));
        }
    }
    out
}
