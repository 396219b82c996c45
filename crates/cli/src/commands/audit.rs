//! `payung audit verify`: follows the audit chain, with the database and nothing else.

use super::{Done, print_lines};
use crate::options::Cli;
use app::Fault;
use app::home::Home;
use audit::Broken;
use phrases::{key, say};

pub(crate) fn verify(cli: &Cli) -> Result<Done, Fault> {
    let language = cli.language();
    let store = Home::open(&cli.home_path())?.store()?;
    let mut entries = Vec::new();
    store.audit_all(&mut |entry| entries.push(entry))?;
    match audit::verify(entries) {
        Ok(chain) => {
            let arguments = [("entries", chain.entries.to_string()), ("head", chain.head)];
            let arguments: Vec<(&str, &str)> = arguments.iter().map(|(k, v)| (*k, v.as_str())).collect();
            print_lines(&[say(language, key::AUDIT_WHOLE, &arguments)])?;
            Ok(Done::Well)
        }
        Err(broken) => {
            let (seq, what) = match broken {
                Broken::Number { expected, found } => {
                    let (expected, found) = (expected.to_string(), found.to_string());
                    let arguments = [("expected", expected.as_str()), ("found", &found)];
                    (found.clone(), say(language, key::AUDIT_BROKEN_NUMBER, &arguments))
                }
                Broken::Link { seq } => (seq.to_string(), say(language, key::AUDIT_BROKEN_LINK, &[])),
                Broken::Content { seq } => (seq.to_string(), say(language, key::AUDIT_BROKEN_CONTENT, &[])),
            };
            eprintln!("{}", say(language, key::AUDIT_BROKEN, &[("seq", &seq), ("what", &what)]));
            Ok(Done::Differs)
        }
    }
}
