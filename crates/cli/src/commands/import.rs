//! `payung import`

use super::{Done, own_program, print_json};
use crate::options::{Cli, ImportArgs};
use app::Fault;
use app::home::Home;
use app::import::{FileOutcome, Request, import_file, outcomes_json, problem_sentence, refusal_sentence};
use indicatif::{ProgressBar, ProgressStyle};
use phrases::{key, say};
use std::path::Path;

/// Problems printed of each table; `--json` gives all that are listed.
const PROBLEMS_PRINTED: usize = 12;

pub(crate) fn run(cli: &Cli, args: &ImportArgs) -> Result<Done, Fault> {
    let language = cli.language();
    let mut options = match &args.mapping {
        Some(path) => read_mapping(path)?,
        None => intake::Options::default(),
    };
    if args.register.is_some() {
        options.register.clone_from(&args.register);
    }
    let outcomes = import_files(cli, &Home::open(&cli.home_path())?, &args.files, options, args.dry_run)?;
    if args.json {
        print_json(&outcomes_json(&outcomes, language))?;
    } else {
        for outcome in &outcomes {
            print_outcome(cli, outcome);
        }
        if args.dry_run {
            println!("{}", say(language, key::IMPORT_DRY, &[]));
        }
    }
    Ok(if outcomes.iter().any(|o| o.refused.is_some()) { Done::Refused } else { Done::Well })
}

/// Imports files one after the other, each in its own transaction.
pub(crate) fn import_files(
    cli: &Cli,
    home: &Home,
    files: &[impl AsRef<Path>],
    options: intake::Options,
    dry_run: bool,
) -> Result<Vec<FileOutcome>, Fault> {
    let mut store = home.store()?;
    let program = own_program()?;
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {msg} {elapsed}") {
        bar.set_style(style);
    }
    let progress = |rows: u64| {
        bar.set_message(say(cli.language(), key::IMPORT_PROGRESS, &[("rows", &rows.to_string())]));
        bar.tick();
    };
    let mut outcomes = Vec::new();
    for (i, file) in files.iter().enumerate() {
        bar.set_prefix(format!("{}/{}", i + 1, files.len()));
        let request = Request {
            program: &program,
            options: options.clone(),
            dry_run,
            now: app::clock::now(),
            name: None,
            progress: &progress,
        };
        outcomes.push(import_file(&mut store, file.as_ref(), &request)?);
    }
    bar.finish_and_clear();
    Ok(outcomes)
}

fn read_mapping(path: &Path) -> Result<intake::Options, Fault> {
    let text = std::fs::read_to_string(path).map_err(|e| Fault::io(path, &e))?;
    serde_yaml_ng::from_str(&text).map_err(|e| Fault(format!("{}: {e}", path.display())))
}

pub(crate) fn print_outcome(cli: &Cli, outcome: &FileOutcome) {
    let language = cli.language();
    if let Some(refusal) = &outcome.refused {
        eprintln!("{}", refusal_sentence(&outcome.file, refusal, language));
    }
    for table in &outcome.tables {
        let t = table.tally;
        println!(
            "{}",
            say(
                language,
                key::IMPORT_FILE,
                &[
                    ("file", &outcome.file),
                    ("register", &table.register),
                    ("rows", &t.rows.to_string()),
                    ("new", &t.new.to_string()),
                    ("changed", &t.changed.to_string()),
                    ("unchanged", &t.unchanged.to_string()),
                    ("problems", &table.problems_total.to_string()),
                ],
            )
        );
        for problem in table.problems.iter().take(PROBLEMS_PRINTED) {
            println!("  {}", problem_sentence(problem, language));
        }
        let more = table.problems_total.saturating_sub(PROBLEMS_PRINTED as u64);
        if more > 0 {
            println!("  {}", say(language, key::IMPORT_PROBLEMS_MORE, &[("count", &more.to_string())]));
        }
    }
}
