//! `payung monev`

use super::{Done, print_json, refuse, typed_date};
use crate::options::{Cli, MonevArgs};
use app::Fault;
use app::home::Home;
use app::monev::{Outcome, Request, monev};
use app::truth::{compare_report, read_truth};
use kernel::money::grouped;
use phrases::{key, say};
use std::path::Path;

pub(crate) fn run(cli: &Cli, args: &MonevArgs) -> Result<Done, Fault> {
    let parse = |text: &Option<String>| text.as_deref().map(|t| typed_date(cli, t)).transpose();
    let (as_of, known_on) = match (parse(&args.as_of), parse(&args.known_on)) {
        (Ok(a), Ok(k)) => (a, k),
        (Err(refused), _) | (_, Err(refused)) => return Ok(refuse(&refused)),
    };
    let request = Request {
        as_of: as_of.unwrap_or_else(app::clock::today),
        known_on,
        agency: args.agency.clone(),
        language: cli.language(),
    };
    let home = Home::open(&cli.home_path())?;
    let out = args.out.clone().unwrap_or_else(|| home.path.join("monev"));
    let law = match home.law(cli.language()) {
        Ok(law) => law,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let outcome = monev(&mut home.store()?, &request, &out, &law)?;
    if args.json {
        print_json(&outcome.summary)?;
    } else {
        print_summary(cli, &outcome, &out);
    }
    if let Some(path) = &args.truth {
        let mut equal = true;
        for compared in compare_report(&read_truth(path)?, &outcome.report) {
            equal &= compared.is_equal();
            eprintln!(
                "{}",
                say(
                    cli.language(),
                    key::TRUTH_LINE,
                    &[
                        ("what", compared.what),
                        ("equal", &compared.equal.to_string()),
                        ("total", &compared.total.to_string())
                    ],
                )
            );
            compared.missing.iter().for_each(|m| eprintln!("  - {m}"));
            compared.extra.iter().for_each(|m| eprintln!("  + {m}"));
        }
        if !equal {
            return Ok(Done::Differs);
        }
    }
    Ok(Done::Well)
}

pub(crate) fn print_summary(cli: &Cli, outcome: &Outcome, out: &Path) {
    let language = cli.language();
    let sign = if language == app::Language::English { ',' } else { '.' };
    let number = |pointer: &str| {
        grouped(outcome.summary.pointer(pointer).and_then(serde_json::Value::as_i64).unwrap_or(0), sign)
    };
    println!(
        "{}",
        say(
            language,
            key::MONEV_TOTALS,
            &[
                ("projects", &number("/projects/duty")),
                ("covered", &number("/projects/by_state/covered")),
                ("registering", &number("/projects/by_state/registering")),
                ("window", &number("/projects/by_state/window")),
                ("exposed", &number("/projects/by_state/exposed")),
                ("unknown", &number("/projects/by_state/unknown")),
                ("ended", &number("/projects/by_state/ended")),
            ],
        )
    );
    println!(
        "{}",
        say(
            language,
            key::MONEV_DAYS,
            &[("days", &number("/days/uncovered")), ("workers", &number("/worker_days/uncovered/total"))],
        )
    );
    println!(
        "{}",
        say(
            language,
            key::MONEV_ACCOUNTING,
            &[("rows_in", &number("/accounting/rows_in")), ("rows_placed", &number("/accounting/rows_placed"))],
        )
    );
    println!("{}", say(language, key::MONEV_WRITTEN, &[("path", &out.join("report.html").display().to_string())]));
    if outcome.unchanged {
        println!("{}", say(language, key::MONEV_UNCHANGED, &[]));
    }
}
