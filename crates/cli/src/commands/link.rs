//! `payung link`

use super::{Done, print_json};
use crate::options::{Cli, LinkArgs};
use app::Fault;
use app::evaluate::pair_quality;
use app::home::Home;
use app::known::KnownCity;
use app::truth::{LinkQuality, basis_points, compare_links, read_truth};
use phrases::{key, say};
use std::path::Path;

pub(crate) fn run(cli: &Cli, args: &LinkArgs) -> Result<Done, Fault> {
    match &args.truth {
        Some(path) if path.to_string_lossy().contains(".csv") => pairs(cli, args, path),
        Some(path) => truth(cli, args, path),
        None => {
            let city = load(cli)?;
            print_json(&serde_json::json!({
                "linked": city.linked.links.len(),
                "review": city.linked.reviews.len(),
                "unmatched": city.linked.unmatched.len(),
            }))?;
            Ok(Done::Well)
        }
    }
}

fn load(cli: &Cli) -> Result<KnownCity, Fault> {
    let store = Home::open(&cli.home_path())?.store()?;
    let through = app::monev::known_through(&store, None)?;
    KnownCity::load(&store, through)
}

fn json(q: &LinkQuality) -> serde_json::Value {
    serde_json::json!({
        "pairs": q.pairs, "linked": q.linked, "right": q.right, "review": q.review,
        "review_holds_truth": q.review_holds_truth,
        "precision": basis_points(q.precision_bp()), "recall": basis_points(q.recall_bp()),
    })
}

fn line(cli: &Cli, q: &LinkQuality) -> String {
    say(
        cli.language(),
        key::TRUTH_LINKS,
        &[
            ("precision", &basis_points(q.precision_bp())),
            ("recall", &basis_points(q.recall_bp())),
            ("linked", &q.linked.to_string()),
            ("review", &q.review.to_string()),
            ("wrong", &(q.linked - q.right).to_string()),
        ],
    )
}

fn truth(cli: &Cli, args: &LinkArgs, path: &Path) -> Result<Done, Fault> {
    let quality = compare_links(&read_truth(path)?, &load(cli)?);
    if args.json {
        print_json(&json(&quality))?;
    } else {
        println!("{}", line(cli, &quality));
    }
    Ok(Done::Well)
}

fn pairs(cli: &Cli, args: &LinkArgs, path: &Path) -> Result<Done, Fault> {
    let quality = pair_quality(path, &|_| true)?;
    if args.json {
        print_json(&serde_json::json!({ "all": json(&quality.all), "names_differ": json(&quality.hard) }))?;
    } else {
        println!("{}", line(cli, &quality.all));
        println!("≠ {}", line(cli, &quality.hard));
    }
    Ok(Done::Well)
}
