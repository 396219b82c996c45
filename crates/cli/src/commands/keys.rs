//! `payung keys rotate`

use super::Done;
use crate::options::Cli;
use app::Fault;
use app::home::Home;
use app::keys::rotate;
use phrases::say_named;
use std::io::IsTerminal;

pub(crate) fn run(cli: &Cli) -> Result<Done, Fault> {
    let l = cli.language();
    let home = Home::open(&cli.home_path())?;
    let shows = std::io::stderr().is_terminal();
    let mut each = |done: u64| {
        if shows {
            eprint!("\r{done}");
        }
    };
    let Some(rotated) = rotate(&home, &mut each)? else {
        eprintln!("{}", say_named(l, "keys-in-use", &[]));
        return Ok(Done::Refused);
    };
    if shows {
        eprintln!();
    }
    let current = rotated.current.display().to_string();
    println!("{}", say_named(l, "keys-rotated", &[("count", &rotated.sealed.to_string()), ("key", &current)]));
    let retired = rotated.retired.map_or_else(|| "vault.key".to_owned(), |path| path.display().to_string());
    println!("{}", say_named(l, "keys-retired", &[("key", &retired)]));
    Ok(Done::Well)
}
