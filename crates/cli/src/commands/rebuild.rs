//! `payung rebuild`

use super::{Done, refuse};
use crate::options::{Cli, RebuildArgs};
use app::Fault;
use app::home::Home;
use app::rebuild::rebuild;
use phrases::{key, say};

pub(crate) fn run(cli: &Cli, args: &RebuildArgs) -> Result<Done, Fault> {
    let language = cli.language();
    let home = Home::open(&cli.home_path())?;
    let law = match home.law(language) {
        Ok(law) => law,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let mut store = home.store()?;
    store.check_integrity()?;
    let results = rebuild(&mut store, args.verify, &law)?;
    let differing: Vec<_> = results.iter().filter(|r| r.stored != r.rebuilt).collect();
    for r in &differing {
        let facts = [("as_of", r.as_of.as_str()), ("stored", &r.stored), ("rebuilt", &r.rebuilt)];
        println!("{}", say(language, key::REBUILD_DIFFERS, &facts));
    }
    if results.is_empty() {
        println!("{}", say(language, key::REBUILD_NONE, &[]));
    } else if differing.is_empty() {
        println!("{}", say(language, key::REBUILD_OK, &[("runs", &results.len().to_string())]));
    }
    Ok(if differing.is_empty() { Done::Well } else { Done::Differs })
}
