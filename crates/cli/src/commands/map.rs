//! `payung map`: a city's own map of its districts, looked at and kept.

use super::people::{desk, no_right};
use super::{Done, print_lines, refuse};
use crate::options::{Cli, MapArgs};
use app::authz::{Actor, Change, Setting, permit};
use app::desk::Desk;
use app::desk::map::{keep, sentence};
use app::{Fault, Refused};
use phrases::say_with;
use std::path::Path;

pub(crate) fn run(cli: &Cli, args: &MapArgs) -> Result<Done, Fault> {
    take(cli, &desk(cli)?, &args.file)
}

/// Keeps a map, or says what is amiss with it.
pub(super) fn take(cli: &Cli, desk: &Desk, file: &Path) -> Result<Done, Fault> {
    let l = cli.language();
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(e) => return Ok(refuse(&Refused(format!("{}: {e}", file.display())))),
    };
    let permit = permit::<Change, Setting>(&Actor::operator()).ok_or_else(no_right)?;
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    match keep(desk, &permit, (&name, &bytes), "")? {
        Ok(map) => {
            let said = [
                ("file", map.file.clone()),
                ("when", app::words::jakarta_moment(&map.at, l)),
                ("count", map.atlas.shapes.len().to_string()),
                ("property", map.atlas.property.clone()),
            ];
            print_lines(&[say_with(l, "map-standing", &said)])?;
            Ok(Done::Well)
        }
        Err(amiss) => {
            let lines: Vec<String> = amiss
                .iter()
                .map(|a| {
                    let (name, said) = sentence(a);
                    say_with(l, name, &said)
                })
                .collect();
            Ok(refuse(&Refused(lines.join("\n"))))
        }
    }
}
