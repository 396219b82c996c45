//! `payung dedupe`

use super::{Done, linking, print_json, print_lines, refuse};
use crate::options::{Cli, DedupeArgs};
use app::linking::explain::Outcome;
use app::linking::{output, quality, review};
use app::{Fault, Refused};
use linkage::tables::Tables;
use linkage_engine::{Decided, Side};
use phrases::say_named;
use std::path::{Path, PathBuf};

pub(crate) fn run(cli: &Cli, args: &DedupeArgs) -> Result<Done, Fault> {
    let language = cli.language();
    // Read first: what is wrong with it is said before anything is written.
    let truth = match args.truth.as_ref().map(|path| quality::read_truth(path, language)).transpose()? {
        Some(Err(refused)) => return Ok(refuse(&refused)),
        Some(Ok(truth)) => Some(truth),
        None => None,
    };
    let beside: Vec<&Path> = [&args.truth, &args.decisions].into_iter().flatten().map(PathBuf::as_path).collect();
    let (opened, line) = match linking::start(cli, &args.common, (&args.file, None), &beside)? {
        Ok(started) => started,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let decisions = match decisions(cli, args, &opened.ready.tables)? {
        Ok(decisions) => decisions,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let deduped = opened.ready.dedupe(&decisions, &mut |stage, done, of| line.stage(cli, stage, done, of));
    if args.common.explain.is_some() {
        drop(line);
        let outcome = Outcome::Clusters(&deduped.clusters);
        let done = linking::explained(cli, &args.common, &opened, (&args.file, &args.file), &outcome)?;
        return Ok(done.unwrap_or(Done::Well));
    }
    line.begin("link-stage-write");
    if let Some(out) = &args.common.out
        && let Err(refused) = output::write_clusters((out, language), &opened.ready, &deduped)?
    {
        return Ok(refuse(&refused));
    }
    let seconds = line.seconds();
    drop(line);
    linking::remarks(cli, &opened, &[&args.file]);
    let of = &deduped.clusters.of;
    let t = &opened.ready.tables;
    let heads = of.iter().enumerate().filter(|(i, first)| *i as u32 == **first).count();
    let measured = args.truth.as_ref().zip(truth).map(|(path, truth)| {
        let known = linking::by_id(t, Side::Left);
        linking::strangers(cli, path, &truth, |(id, _)| known.contains_key(id.as_str()));
        let claimed = of.iter().enumerate().map(|(i, first)| (t.id(Side::Left, i as u32), t.id(Side::Left, *first)));
        quality::of_clusters(claimed, &truth)
    });
    if args.common.json {
        print_json(&serde_json::json!({
            "records": of.len(), "clusters": heads, "refused_joins": deduped.clusters.refused.len(),
            "contradictions": deduped.clusters.contradictions.len(), "looked": deduped.looked, "blocks": deduped.shape,
            "recall": opened.ready.recall, "estimated": opened.ready.estimated, "bytes": opened.bytes,
            "quality": measured.as_ref().map(linking::quality_json), "seconds": seconds,
        }))?;
        return Ok(Done::Well);
    }
    let n = |v: usize| v.to_string();
    let mut lines = vec![say_named(
        language,
        "dedupe-done",
        &[("records", &n(of.len())), ("clusters", &n(heads)), ("refused", &n(deduped.clusters.refused.len()))],
    )];
    for d in &deduped.clusters.contradictions {
        let arguments = [("a", t.id(Side::Left, d.a)), ("b", t.id(Side::Left, d.b))];
        lines.push(say_named(language, "dedupe-contradiction", &arguments));
    }
    lines.extend(linking::blocking(cli, &opened, &deduped.looked, &deduped.shape));
    lines.extend(measured.as_ref().map(|q| linking::quality(cli, q)));
    lines.extend(
        args.common.out.iter().map(|o| say_named(language, "link-written", &[("path", &o.display().to_string())])),
    );
    print_lines(&lines)?;
    Ok(Done::Well)
}

/// Decisions about records of the table; one about a record that is not there is refused, not lost.
fn decisions(cli: &Cli, args: &DedupeArgs, tables: &Tables) -> Result<Result<Vec<Decided>, Refused>, Fault> {
    let Some(path) = &args.decisions else { return Ok(Ok(Vec::new())) };
    let read = match review::read_decisions(path, cli.language())? {
        Ok(read) => read,
        Err(refused) => return Ok(Err(refused)),
    };
    let mut out = Vec::with_capacity(read.len());
    let known = linking::by_id(tables, Side::Left);
    let find = |id: &String| known.get(id.as_str()).copied();
    for d in read {
        match (find(&d.left), find(&d.right)) {
            (Some(a), Some(b)) => out.push(Decided { a, b, same: d.same }),
            (found, _) => {
                let id = if found.is_none() { &d.left } else { &d.right };
                let arguments = [("id", id.as_str()), ("file", &*args.file.display().to_string())];
                return Ok(Err(Refused(say_named(cli.language(), "link-no-such-id", &arguments))));
            }
        }
    }
    Ok(Ok(out))
}
