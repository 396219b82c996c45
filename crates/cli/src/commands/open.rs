//! `payung open`: open data as a file.

use super::people::{desk, no_right};
use super::{Done, print_lines, refuse};
use crate::options::{Cli, OpenArgs, OpenShape};
use app::authz::{Actor, Coverage, Export, PublicProject, permit};
use app::open_data::{self, Standard};
use app::{Fault, Refused};
use phrases::{say_named, say_with};
use std::io::{BufWriter, Write as _};

pub(crate) fn run(cli: &Cli, args: &OpenArgs) -> Result<Done, Fault> {
    let desk = desk(cli)?;
    let public = permit::<Export, PublicProject>(&Actor::public()).ok_or_else(no_right)?;
    let fault = |e: std::io::Error| Fault(format!("{}: {e}", args.out.display()));
    let mut out = BufWriter::new(std::fs::File::create(&args.out).map_err(fault)?);
    let count = match args.shape {
        OpenShape::Oc4ids => open_data::write(&desk, &public, Standard::Oc4ids, &mut out)?,
        OpenShape::Ocds => open_data::write(&desk, &public, Standard::Ocds, &mut out)?,
        OpenShape::Figures => {
            out.write_all(&open_data::figures(&desk)?).map_err(fault)?;
            1
        }
        OpenShape::Coverage => {
            let permit = permit::<Export, Coverage>(&Actor::public()).ok_or_else(no_right)?;
            out.write_all(&open_data::coverage(&desk, &permit)?).map_err(fault)?;
            1
        }
        OpenShape::Card => {
            let permit = permit::<Export, Coverage>(&Actor::public()).ok_or_else(no_right)?;
            let Some(card) = app::rollup::card(&desk, &permit, &args.name)? else {
                return Ok(refuse(&Refused(say_named(cli.language(), "rollup-no-data", &[]))));
            };
            let text = serde_json::to_string_pretty(&card).map_err(|e| Fault(e.to_string()))?;
            writeln!(out, "{text}").map_err(fault)?;
            1
        }
        OpenShape::Catalogue => {
            let text = serde_json::to_string_pretty(&open_data::catalogue(&desk)).map_err(|e| Fault(e.to_string()))?;
            writeln!(out, "{text}").map_err(fault)?;
            1
        }
    };
    out.flush().map_err(fault)?;
    let arguments = [("count", count.to_string()), ("path", args.out.display().to_string())];
    print_lines(&[say_with(cli.language(), "open-cli-written", &arguments)])?;
    Ok(Done::Well)
}
