//! What `link` and `dedupe` share: opening tables, progress, the report.

use super::{Done, print_lines, refuse};
use crate::options::Cli;
use crate::options::linking::LinkingArgs;
use app::linking::explain::Outcome;
use app::linking::table::FieldAmiss;
use app::linking::{self, Opened, Request, file};
use app::{Fault, Refused};
use indicatif::{ProgressBar, ProgressStyle};
use linkage::tables::{Profile, Stage, Tables};
use linkage_engine::{Lists as _, Looked, Model, Shape, Side};
use phrases::say_named;
use std::collections::HashMap;
use std::io::{IsTerminal, Write as _};
use std::path::{Path, PathBuf};

/// A line on standard error that is rewritten; nothing where nobody looks.
pub(crate) struct Line {
    bar: ProgressBar,
    /// Stages begun, and when.
    begun: std::cell::RefCell<Vec<(&'static str, std::time::Instant)>>,
}

impl Line {
    fn new() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::with(ProgressBar::hidden());
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        Self::with(bar)
    }

    fn with(bar: ProgressBar) -> Self {
        Self { bar, begun: std::cell::RefCell::default() }
    }

    /// A stage begins, or goes on.
    pub(crate) fn begin(&self, name: &'static str) {
        let mut begun = self.begun.borrow_mut();
        if begun.last().is_none_or(|(last, _)| *last != name) {
            begun.push((name, std::time::Instant::now()));
        }
    }

    /// Seconds each stage took.
    pub(crate) fn seconds(&self) -> serde_json::Map<String, serde_json::Value> {
        let now = std::time::Instant::now();
        let begun = self.begun.borrow();
        let ends = begun.iter().skip(1).map(|b| b.1).chain([now]);
        let took = |((name, from), to): (&(&'static str, std::time::Instant), std::time::Instant)| {
            let name = name.trim_start_matches("link-stage-").to_owned();
            (name, serde_json::json!((to - *from).as_secs_f64()))
        };
        begun.iter().zip(ends).map(took).collect()
    }

    pub(crate) fn stage(&self, cli: &Cli, stage: Stage, done: usize, of: usize) {
        let (done, of) = (done.to_string(), of.to_string());
        let arguments = [("done", done.as_str()), ("of", of.as_str())];
        self.begin(linking::stage_name(stage));
        self.bar.set_message(say_named(cli.language(), linking::stage_name(stage), &arguments));
        self.bar.tick();
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// The profile with the threshold as typed.
fn profile(cli: &Cli, args: &LinkingArgs) -> Result<Profile, Refused> {
    let mut profile = linking::profile(&args.profile, cli.language())?;
    if let Some(p) = args.threshold {
        let weight = linking::threshold_weight(p)
            .ok_or_else(|| Refused(say_named(cli.language(), "link-bad-threshold", &[("text", &p.to_string())])))?;
        profile.thresholds.link = weight;
        profile.thresholds.review = profile.thresholds.review.min(weight);
    }
    Ok(profile)
}

/// The profile, a progress line and the tables: what both commands begin with. The line is gone before a
/// refusal is printed. `beside` are other files that are read, which nothing is written over.
pub(crate) fn start(
    cli: &Cli,
    args: &LinkingArgs,
    (left, right): (&Path, Option<&Path>),
    beside: &[&Path],
) -> Result<Result<(Opened, Line), Refused>, Fault> {
    let mut profile = match profile(cli, args) {
        Ok(profile) => profile,
        Err(refused) => return Ok(Err(refused)),
    };
    let written: Vec<&Path> = [&args.out, &args.save_model].into_iter().flatten().map(PathBuf::as_path).collect();
    let read = [&args.gazetteer, &args.model].into_iter().flatten().map(PathBuf::as_path);
    let read: Vec<&Path> =
        read.chain([left, Path::new(&args.profile)]).chain(right).chain(beside.iter().copied()).collect();
    if let Err(refused) = file::apart(&written, &read, cli.language()) {
        return Ok(Err(refused));
    }
    match linking::gazetteer::give(&mut profile, args.gazetteer.as_deref(), cli.language())? {
        Ok((_, 0)) => {}
        Ok((codes, count)) => {
            let arguments = [("codes", &*codes.join(", ")), ("count", &count.to_string())];
            eprintln!("{}", say_named(cli.language(), "link-gazetteer-codes", &arguments));
        }
        Err(refused) => return Ok(Err(refused)),
    }
    let line = Line::new();
    Ok(open(cli, args, &profile, left, right, &line)?.map(|opened| (opened, line)))
}

/// Opens tables as the arguments say.
fn open(
    cli: &Cli,
    args: &LinkingArgs,
    profile: &Profile,
    left: &Path,
    right: Option<&Path>,
    line: &Line,
) -> Result<Result<Opened, Refused>, Fault> {
    let language = cli.language();
    let memory_max = match args.memory_max.as_deref().map(|text| (text, linking::memory::amount(text))) {
        Some((text, None)) => return Ok(Err(Refused(say_named(language, "link-bad-memory", &[("text", text)])))),
        Some((_, max)) => max,
        None => None,
    };
    let model = match &args.model {
        Some(path) => match read_model(cli, path, profile)? {
            Ok(model) => Some(model),
            Err(refused) => return Ok(Err(refused)),
        },
        None => None,
    };
    line.begin("link-stage-left");
    let opened = linking::open(
        profile,
        left,
        right,
        Request {
            language,
            memory_max,
            model,
            reading: &mut |side, rows| {
                let name = if side == Side::Left { "link-stage-left" } else { "link-stage-right" };
                line.begin(name);
                line.bar.set_message(say_named(language, name, &[("rows", &rows.to_string())]));
                line.bar.tick();
            },
            stages: &mut |stage, done, of| line.stage(cli, stage, done, of),
        },
    )?;
    if let (Ok(opened), Some(path)) = (&opened, &args.save_model) {
        let text = serde_json::to_string_pretty(&opened.ready.model).map_err(|e| Fault(e.to_string()))?;
        let mut file = match file::Writing::begin(path, language)? {
            Ok(file) => file,
            Err(refused) => return Ok(Err(refused)),
        };
        let kept = file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).and_then(|()| file.end());
        kept.map_err(|e| Fault::io(path, &e))?;
    }
    Ok(opened)
}

/// A model saved before: of this profile, or it would weigh one thing by another's levels.
fn read_model(cli: &Cli, path: &Path, profile: &Profile) -> Result<Result<Model, Refused>, Fault> {
    let opened = match file::open(path, cli.language())? {
        Ok(opened) => opened,
        Err(refused) => return Ok(Err(refused)),
    };
    let bad = |detail: &str| {
        let arguments = [("file", &*path.display().to_string()), ("detail", detail)];
        Refused(say_named(cli.language(), "link-bad-model", &arguments))
    };
    let mut model: Model = match serde_json::from_reader(std::io::BufReader::new(opened)) {
        Ok(model) => model,
        Err(e) => return Ok(Err(bad(&e.to_string()))),
    };
    let odd =
        |m: &Model| say_named(cli.language(), "link-model-other", &[("name", &profile.name), ("what", &m.shape())]);
    if !model.is_like(&profile.model(1)) {
        return Ok(Err(bad(&odd(&model))));
    }
    model.settle();
    Ok(Ok(model))
}

/// Says what was odd about the tables.
pub(crate) fn remarks(cli: &Cli, opened: &Opened, paths: &[&PathBuf]) {
    let say = |name: &str, arguments: &[(&str, &str)]| eprintln!("{}", say_named(cli.language(), name, arguments));
    for (loaded, path) in opened.loaded.iter().zip(paths) {
        let file = path.display().to_string();
        for field in &loaded.fields_missing {
            say("link-field-missing", &[("file", &file), ("field", field)]);
        }
        let (lines, count) = &loaded.without_id;
        if *count > 0 {
            let lines = lines.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
            say("link-without-id", &[("file", &file), ("count", &count.to_string()), ("lines", &lines)]);
        }
        for (name, (lines, count)) in [("link-ragged", &loaded.ragged), ("link-swallowed", &loaded.swallowed)] {
            if *count > 0 {
                let lines = lines.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
                say(name, &[("file", &file), ("count", &count.to_string()), ("lines", &lines)]);
            }
        }
        for FieldAmiss { field, unread, cut } in &loaded.amiss {
            for (name, (count, line)) in [("link-unread", unread), ("link-cut", cut)] {
                if *count > 0 {
                    let arguments = [
                        ("file", &*file),
                        ("field", field),
                        ("count", &count.to_string()),
                        ("line", &line.to_string()),
                    ];
                    say(name, &arguments);
                }
            }
        }
        let (places, count) = &loaded.foreign;
        if *count > 0 {
            say("link-foreign", &[("file", &file), ("count", &count.to_string()), ("places", &places.join(", "))]);
        }
    }
}

/// What blocking looked at and left out, in words.
pub(crate) fn blocking(cli: &Cli, opened: &Opened, looked: &Looked, shape: &Shape) -> Vec<String> {
    let say = |name: &str, arguments: &[(&str, &str)]| say_named(cli.language(), name, arguments);
    let n = |v: u64| v.to_string();
    let mut lines = vec![say("link-looked", &[("pairs", &n(looked.pairs)), ("alone", &n(looked.alone))])];
    if looked.only_common + looked.cut_short > 0 || shape.too_large > 0 {
        lines.push(say(
            "link-lost",
            &[
                ("blocks", &n(shape.too_large)),
                ("largest", &n(shape.largest)),
                ("max", &opened.ready.look.block_max.to_string()),
                ("common", &n(looked.only_common)),
                ("cut", &n(looked.cut_short)),
            ],
        ));
    }
    if let Some(recall) = opened.ready.recall.filter(|r| r.accepted == 0) {
        lines.push(say("link-recall-none", &[("records", &n(recall.records))]));
    } else if let Some(recall) = &opened.ready.recall {
        let percent = format!("{}.{:02} %", recall.ppm() / 10_000, recall.ppm() / 100 % 100);
        lines.push(say(
            "link-recall",
            &[
                ("percent", &percent),
                ("found", &n(recall.found)),
                ("accepted", &n(recall.accepted)),
                ("records", &n(recall.records)),
            ],
        ));
    }
    if let Some(e) = &opened.ready.estimated {
        let found = format!("{}.{:02}", e.found / 1_000_000_000, e.found / 10_000_000 % 100);
        lines.push(say(
            "link-estimated",
            &[("rounds", &e.rounds.to_string()), ("pairs", &n(e.pairs)), ("found", &found)],
        ));
    }
    lines.push(say("link-memory-used", &[("mb", &(opened.bytes >> 20).max(1).to_string())]));
    lines
}

/// Records of a side by identifier.
pub(crate) fn by_id(tables: &Tables, side: Side) -> HashMap<&str, u32> {
    (0..tables.len(side) as u32).map(|record| (tables.id(side, record), record)).collect()
}

/// Identifiers of a truth that no table has: without a word, a swapped column looks like bad links.
pub(crate) fn strangers(
    cli: &Cli,
    path: &Path,
    pairs: &[(String, String)],
    is_known: impl Fn(&(String, String)) -> bool,
) {
    let strangers = pairs.iter().filter(|pair| !is_known(pair)).count();
    if strangers > 0 || pairs.is_empty() {
        let (all, some) = (pairs.len().to_string(), strangers.to_string());
        let arguments = [("file", &*path.display().to_string()), ("count", &*some), ("all", &*all)];
        let name = if pairs.is_empty() { "link-truth-empty" } else { "link-truth-strangers" };
        eprintln!("{}", say_named(cli.language(), name, &arguments));
    }
}

/// Quality in words.
pub(crate) fn quality(cli: &Cli, q: &linking::quality::Quality) -> String {
    let percent = |x: f64| format!("{:.2} %", x * 100.0);
    let (low, high) = q.precision_bounds();
    say_named(
        cli.language(),
        "link-quality",
        &[
            ("precision", &percent(q.precision())),
            ("low", &percent(low)),
            ("high", &percent(high)),
            ("recall", &percent(q.recall())),
            ("f1", &format!("{:.4}", q.f1())),
            ("claimed", &q.claimed.to_string()),
            ("truth", &q.truth.to_string()),
        ],
    )
}

/// Quality for machines.
pub(crate) fn quality_json(q: &linking::quality::Quality) -> serde_json::Value {
    let (low, high) = q.precision_bounds();
    serde_json::json!({
        "truth": q.truth, "claimed": q.claimed, "right": q.right,
        "precision": q.precision(), "precision_low": low, "precision_high": high, "recall": q.recall(), "f1": q.f1(),
    })
}

/// Explains the pair asked for, and what became of it.
pub(crate) fn explained(
    cli: &Cli,
    args: &LinkingArgs,
    opened: &Opened,
    paths: (&Path, &Path),
    outcome: &Outcome<'_>,
) -> Result<Option<Done>, Fault> {
    let Some(ids) = &args.explain else { return Ok(None) };
    let Some((left, right)) = ids.split_once(',') else {
        return Ok(Some(refuse(&Refused(say_named(cli.language(), "link-bad-explain", &[("text", ids)])))));
    };
    match linking::explain::explain(opened, paths, (left.trim(), right.trim()), outcome, cli.language())? {
        Ok(lines) => print_lines(&lines).map(|()| Some(Done::Well)),
        Err(refused) => Ok(Some(refuse(&refused))),
    }
}
