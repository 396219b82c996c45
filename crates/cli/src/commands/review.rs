//! `payung review`

use super::{Done, print_json, print_lines, refuse};
use crate::options::{Cli, ReviewArgs, ReviewCommand};
use app::linking::{file, review};
use app::{Fault, Refused};
use phrases::say_named;
use std::path::{Path, PathBuf};

pub(crate) fn run(cli: &Cli, args: &ReviewArgs) -> Result<Done, Fault> {
    match &args.command {
        ReviewCommand::Sample { pairs, out, size, seed } => sample(cli, pairs, out, *size, *seed),
        ReviewCommand::Learn { pairs, decisions, error_max, json } => learn(cli, pairs, decisions, *error_max, *json),
    }
}

fn sample(cli: &Cli, pairs: &Path, out: &Path, size: usize, seed: u64) -> Result<Done, Fault> {
    let all = match review::read_pairs(pairs, cli.language())? {
        Ok(all) => all,
        Err(refused) => return Ok(refuse(&refused)),
    };
    if let Err(refused) = file::apart(&[out], &[pairs], cli.language()) {
        return Ok(refuse(&refused));
    }
    let drawn = review::sample(&all, size, seed);
    let fault = |e: csv::Error| Fault(format!("{}: {e}", out.display()));
    let file = match file::Writing::begin(out, cli.language())? {
        Ok(file) => file,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let mut writer = csv::Writer::from_writer(file);
    writer.write_record(["left_id", "right_id", "decision", "by"]).map_err(fault)?;
    for pair in &drawn {
        writer.write_record([&pair.left, &pair.right, "", ""]).map_err(fault)?;
    }
    let file = writer.into_inner().map_err(|e| Fault::io(out, e.error()))?;
    file.end().map_err(|e| Fault::io(out, &e))?;
    let arguments = [("count", &*drawn.len().to_string()), ("path", &*out.display().to_string())];
    print_lines(&[say_named(cli.language(), "review-drawn", &arguments)])?;
    Ok(Done::Well)
}

fn learn(cli: &Cli, pairs: &Path, sheets: &[PathBuf], error_max: f64, json: bool) -> Result<Done, Fault> {
    let language = cli.language();
    if !(error_max > 0.0 && error_max < 1.0) {
        let arguments = [("text", &*error_max.to_string())];
        return Ok(refuse(&Refused(say_named(language, "review-bad-error", &arguments))));
    }
    let all = match review::read_pairs(pairs, language)? {
        Ok(all) => all,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let mut decisions = Vec::new();
    for sheet in sheets {
        match review::read_decisions(sheet, language)? {
            Ok(mut some) => decisions.append(&mut some),
            Err(refused) => return Ok(refuse(&refused)),
        }
    }
    let learned = review::learn(&all, &decisions, error_max);
    if json {
        print_json(&serde_json::to_value(&learned).map_err(|e| Fault(e.to_string()))?)?;
        return Ok(Done::Well);
    }
    let say = |name: &str, arguments: &[(&str, &str)]| say_named(language, name, arguments);
    let percent = |x: f64| format!("{:.2} %", x * 100.0);
    let bits = |w: i32| format!("{:.1}", f64::from(w) / 100.0);
    let mut lines = Vec::new();
    for band in &learned.bands {
        lines.push(say(
            "review-band",
            &[
                ("from", &bits(band.from)),
                ("pairs", &band.pairs.to_string()),
                ("decided", &band.decided.to_string()),
                ("same", &band.same.to_string()),
                ("above", &percent(band.above)),
                ("low", &percent(band.above_bounds.0)),
                ("high", &percent(band.above_bounds.1)),
            ],
        ));
    }
    lines.push(match learned.threshold {
        Some(weight) => say("review-threshold", &[("weight", &bits(weight)), ("error", &percent(error_max))]),
        None => say("review-no-threshold", &[("error", &percent(error_max))]),
    });
    for (left, right, same, different) in &learned.disagreements {
        let arguments = [
            ("left", left.as_str()),
            ("right", right),
            ("same", &same.join(", ")),
            ("different", &different.join(", ")),
        ];
        lines.push(say("review-disagreement", &arguments));
    }
    for (left, right, weight) in &learned.overruled {
        lines.push(say("review-overruled", &[("left", left), ("right", right), ("weight", &bits(*weight))]));
    }
    if learned.strangers > 0 {
        lines.push(say("review-strangers", &[("count", &learned.strangers.to_string())]));
    }
    print_lines(&lines)?;
    Ok(Done::Well)
}
