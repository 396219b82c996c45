//! `payung link`

use super::{Done, linking, print_json, print_lines, refuse};
use crate::options::{Cli, LinkArgs};
use app::Fault;
use app::evaluate::{Top, pair_learn, pair_quality, pair_quality_held_out};
use app::home::Home;
use app::known::KnownCity;
use app::linking::explain::Outcome;
use app::linking::{output, quality};
use app::truth::{LinkQuality, basis_points, compare_links, read_truth};
use linkage_engine::Side;
use phrases::{key, say, say_named};
use std::path::{Path, PathBuf};

pub(crate) fn run(cli: &Cli, args: &LinkArgs) -> Result<Done, Fault> {
    match (&args.left, &args.right, &args.truth) {
        (Some(left), Some(right), _) => tables(cli, args, left, right),
        (Some(_), None, _) => Ok(refuse(&app::Refused(say_named(cli.language(), "link-one-table", &[])))),
        (None, _, Some(path)) if path.to_string_lossy().contains(".csv") => pairs(cli, args, path),
        (None, _, Some(path)) => truth(cli, args, path),
        (None, _, None) => {
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

fn tables(cli: &Cli, args: &LinkArgs, left: &PathBuf, right: &PathBuf) -> Result<Done, Fault> {
    let language = cli.language();
    // Read first: what is wrong with it is said before anything is written.
    let truth = match args.truth.as_ref().map(|path| quality::read_truth(path, language)).transpose()? {
        Some(Err(refused)) => return Ok(refuse(&refused)),
        Some(Ok(truth)) => Some(truth),
        None => None,
    };
    let beside: Vec<&Path> = args.truth.iter().map(PathBuf::as_path).collect();
    let (opened, line) = match linking::start(cli, &args.common, (left, Some(right)), &beside)? {
        Ok(started) => started,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let linked = opened.ready.link(&mut |stage, done, of| line.stage(cli, stage, done, of));
    if args.common.explain.is_some() {
        drop(line);
        let outcome = Outcome::Links(&linked.assignments);
        let done = linking::explained(cli, &args.common, &opened, (left, right), &outcome)?;
        return Ok(done.unwrap_or(Done::Well));
    }
    let verdicts = output::verdicts(&opened.ready, &linked);
    line.begin("link-stage-write");
    if let Some(out) = &args.common.out
        && let Err(refused) = output::write_pairs((out, language), &opened.ready, &verdicts)?
    {
        return Ok(refuse(&refused));
    }
    let seconds = line.seconds();
    drop(line);
    linking::remarks(cli, &opened, &[left, right]);
    let links = verdicts.iter().filter(|(_, v)| *v == output::Verdict::Link);
    let rights: usize = opened.loaded[1].rows;
    let (link_count, open) = (
        links.clone().count(),
        linked.assignments.iter().filter(|a| matches!(a, linkage_engine::Assignment::Review { .. })).count(),
    );
    let measured = args.truth.as_ref().zip(truth).map(|(path, truth)| {
        let t = &opened.ready.tables;
        let known = [Side::Left, Side::Right].map(|side| linking::by_id(t, side));
        let both = |(l, r): &(String, String)| known[0].contains_key(l.as_str()) && known[1].contains_key(r.as_str());
        linking::strangers(cli, path, &truth, both);
        let claimed = links.map(|(p, _)| (t.id(Side::Left, p.left), t.id(Side::Right, p.right)));
        quality::of_links(claimed, &truth)
    });
    if args.common.json {
        print_json(&serde_json::json!({
            "left": opened.loaded[0].rows, "right": rights, "linked": link_count, "review": open,
            "unmatched": rights - linked.assignments.len().min(rights), "looked": linked.looked, "blocks": linked.shape,
            "recall": opened.ready.recall, "estimated": opened.ready.estimated, "bytes": opened.bytes,
            "quality": measured.as_ref().map(linking::quality_json), "seconds": seconds,
        }))?;
        return Ok(Done::Well);
    }
    let mut lines = vec![say_named(
        language,
        "link-done",
        &[
            ("rights", &rights.to_string()),
            ("links", &link_count.to_string()),
            ("review", &open.to_string()),
            ("lefts", &opened.loaded[0].rows.to_string()),
        ],
    )];
    lines.extend(linking::blocking(cli, &opened, &linked.looked, &linked.shape));
    lines.extend(measured.as_ref().map(|q| linking::quality(cli, q)));
    lines.extend(
        args.common.out.iter().map(|o| say_named(language, "link-written", &[("path", &o.display().to_string())])),
    );
    print_lines(&lines)?;
    Ok(Done::Well)
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
        "precision": basis_points(q.precision_bp(), app::Language::Indonesian),
        "recall": basis_points(q.recall_bp(), app::Language::Indonesian),
    })
}

fn line(cli: &Cli, q: &LinkQuality) -> String {
    say(
        cli.language(),
        key::TRUTH_LINKS,
        &[
            ("precision", &basis_points(q.precision_bp(), cli.language())),
            ("recall", &basis_points(q.recall_bp(), cli.language())),
            ("linked", &q.linked.to_string()),
            ("review", &q.review.to_string()),
            ("wrong", &(q.linked - q.right).to_string()),
        ],
    )
}

fn truth(cli: &Cli, args: &LinkArgs, path: &Path) -> Result<Done, Fault> {
    let quality = compare_links(&read_truth(path)?, &load(cli)?);
    if args.common.json {
        print_json(&json(&quality))?;
    } else {
        println!("{}", line(cli, &quality));
    }
    Ok(Done::Well)
}

fn pairs(cli: &Cli, args: &LinkArgs, path: &Path) -> Result<Done, Fault> {
    if args.learn {
        let percent = |share: u64| format!("{}.{:07}%", share / 10_000_000, share % 10_000_000);
        let taught = pair_learn(path, &|_| true)?;
        let line = |(comparison, level, m, u): &(String, String, u64, u64)| {
            format!("{comparison}: {{ name: {level}, m: {}, u: {} }}", percent(*m), percent(*u))
        };
        print_lines(&taught.iter().map(line).collect::<Vec<_>>())?;
        return Ok(Done::Well);
    }
    let quality = if args.held_out { pair_quality_held_out(path)? } else { pair_quality(path, &|_| true)? };
    if args.common.json {
        let top = |t: &Top| {
            serde_json::json!({
                "packages": t.packages, "first": t.first, "first_when_assigned": t.assigned, "among_the_best": t.among,
            })
        };
        print_json(&serde_json::json!({
            "all": json(&quality.all), "names_differ": json(&quality.hard),
            "rank_all": top(&quality.top), "rank_names_differ": top(&quality.top_hard),
        }))?;
    } else {
        println!("{}", line(cli, &quality.all));
        println!("≠ {}", line(cli, &quality.hard));
        for (mark, top) in [("", &quality.top), ("≠ ", &quality.top_hard)] {
            let share = |n: usize| basis_points(n * 10_000 / top.packages.max(1), cli.language());
            let arguments = [
                ("packages", top.packages.to_string()),
                ("first", share(top.first)),
                ("assigned", share(top.assigned)),
                ("among", share(top.among)),
            ];
            let borrowed: Vec<(&str, &str)> = arguments.iter().map(|(k, v)| (*k, v.as_str())).collect();
            println!("{mark}{}", say_named(cli.language(), "truth-ranks", &borrowed));
        }
    }
    Ok(Done::Well)
}
