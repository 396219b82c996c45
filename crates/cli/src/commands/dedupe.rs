//! `payung dedupe`

use super::{Done, linking, print_json, print_lines, refuse};
use crate::options::{Cli, DedupeArgs};
use app::linking::{output, quality, review};
use app::{Fault, Refused};
use linkage::tables::Tables;
use linkage_engine::{Decided, Side};
use phrases::say_named;

pub(crate) fn run(cli: &Cli, args: &DedupeArgs) -> Result<Done, Fault> {
    let language = cli.language();
    let (opened, line) = match linking::start(cli, &args.common, &args.file, None)? {
        Ok(started) => started,
        Err(refused) => return Ok(refuse(&refused)),
    };
    if args.common.explain.is_some() {
        drop(line);
        let done = linking::explained(cli, &args.common, &opened, (&args.file, &args.file))?;
        return Ok(done.unwrap_or(Done::Well));
    }
    let decisions = match decisions(cli, args, &opened.ready.tables)? {
        Ok(decisions) => decisions,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let deduped = opened.ready.dedupe(&decisions, &mut |stage, done, of| line.stage(cli, stage, done, of));
    line.begin("link-stage-write");
    if let Some(out) = &args.common.out {
        output::write_clusters(out, &opened.ready, &deduped)?;
    }
    let seconds = line.seconds();
    drop(line);
    linking::remarks(cli, &opened, &[&args.file]);
    let of = &deduped.clusters.of;
    let t = &opened.ready.tables;
    let heads = of.iter().enumerate().filter(|(i, first)| *i as u32 == **first).count();
    let measured = match &args.truth {
        Some(path) => match quality::read_truth(path, language)? {
            Ok(truth) => {
                let claimed =
                    of.iter().enumerate().map(|(i, first)| (t.id(Side::Left, i as u32), t.id(Side::Left, *first)));
                Some(quality::of_clusters(claimed, &truth))
            }
            Err(refused) => return Ok(refuse(&refused)),
        },
        None => None,
    };
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
    for d in read {
        match (tables.find(Side::Left, &d.left), tables.find(Side::Left, &d.right)) {
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
