//! The law data themselves: checked, shown, compared between two days.

use super::Answer;
use super::say::{basis, pick};
use crate::words::{long_date, percent_text};
use crate::{Language, Refused};
use kernel::money::grouped;
use kernel::{Date, Exact};
use law::deadline::unit_name;
use law::model::Period;
use law::{Law, LawFault, Parameter, Reading, Unit, Value};
use phrases::{key, say, say_named};
use serde_json::json;
use std::path::Path;

/// After how many days without a look a value counts as stale.
const STALE_AFTER_DAYS: i32 = 180;

/// The files of a folder, `(path below it without ending, text)`, sorted.
///
/// # Errors
/// A sentence with the path that could not be read.
pub(crate) fn files_below(folder: &Path, language: Language) -> Result<Vec<(String, String)>, Refused> {
    let mut out = Vec::new();
    collect(folder, folder, language, &mut out)?;
    out.sort();
    Ok(out)
}

fn unreadable(path: &Path, error: &std::io::Error, language: Language) -> Refused {
    let (path, reason) = (path.display().to_string(), error.to_string());
    Refused(say(language, key::LAW_FILE_MISSING, &[("path", &path), ("reason", &reason)]))
}

fn collect(root: &Path, at: &Path, language: Language, out: &mut Vec<(String, String)>) -> Result<(), Refused> {
    for entry in std::fs::read_dir(at).map_err(|e| unreadable(at, &e, language))? {
        let path = entry.map_err(|e| unreadable(at, &e, language))?.path();
        if path.is_dir() {
            collect(root, &path, language, out)?;
        } else if path.extension().is_some_and(|e| e == "yaml") {
            let text = read_text(&path, language)?;
            let stem = path.strip_prefix(root).unwrap_or(&path).with_extension("");
            out.push((stem.to_string_lossy().replace('\\', "/"), text));
        }
    }
    Ok(())
}

/// The text of a file.
///
/// # Errors
/// A sentence where it cannot be read.
pub(crate) fn read_text(path: &Path, language: Language) -> Result<String, Refused> {
    std::fs::read_to_string(path).map_err(|e| unreadable(path, &e, language))
}

/// Complaints of a load, one a line, each with file and line.
pub(crate) fn complaints(fault: &LawFault) -> Refused {
    Refused(fault.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// Checks a national layer, the built-in one or a folder's, a city's layer over it, and all worked
/// cases. Values that nobody looked at for half a year are named.
///
/// # Errors
/// Every complaint, with file and line.
pub fn check(folder: Option<&Path>, city: Option<&Path>, today: Date, language: Language) -> Result<Answer, Refused> {
    let owned: Vec<(String, String)> = match folder {
        Some(folder) => files_below(folder, language)?,
        None => law::builtin_files().into_iter().map(|(path, text)| (path, text.to_owned())).collect(),
    };
    let files: Vec<(String, &str)> = owned.iter().map(|(path, text)| (path.clone(), text.as_str())).collect();
    let national = Law::from_files(&files).map_err(|f| complaints(&f))?;
    let mut cases = law::cases::run(&national, &files);
    if !cases.failures.is_empty() {
        return Err(complaints(&LawFault(cases.failures)));
    }
    let mut lines = Vec::new();
    let mut law = national;
    let mut layer_files = 0;
    if let Some(city) = city.filter(|c| c.is_dir()) {
        let files = files_below(city, language)?;
        layer_files = files.len();
        law = lay(&law, &files)?;
        // A city may keep worked examples of its own rules beside them.
        let texts: Vec<(String, &str)> = files.iter().map(|(path, text)| (path.clone(), text.as_str())).collect();
        let own = law::cases::run(&law, &texts);
        if !own.failures.is_empty() {
            return Err(complaints(&LawFault(own.failures)));
        }
        cases.run += own.run;
        let count = layer_files.to_string();
        lines.push(say(language, key::LAW_CHECK_LAYER, &[("files", &count), ("path", &city.display().to_string())]));
    }
    let parameters = law.parameters().count();
    let ok = [("parameters", parameters.to_string()), ("cases", cases.run.to_string())];
    lines.insert(0, say(language, key::LAW_CHECK_OK, &[("parameters", &ok[0].1), ("cases", &ok[1].1)]));
    let mut stale = Vec::new();
    for (path, parameter) in law.parameters() {
        let current = parameter.periods.iter().filter(|p| p.to.is_none_or(|to| to >= today));
        let oldest = current.flat_map(|p| &p.readings).map(|r| r.checked).min();
        if let Some(checked) = oldest
            && kernel::date::add_days(checked, STALE_AFTER_DAYS).is_some_and(|limit| limit < today)
        {
            let days = STALE_AFTER_DAYS.to_string();
            let args = [("path", path), ("checked", &checked.to_string()), ("days", &days)];
            lines.push(say(language, key::LAW_STALE, &args));
            stale.push(json!({ "path": path, "checked": checked }));
        }
    }
    let json = json!({
        "parameters": parameters, "cases": cases.run, "city_files": layer_files, "stale": stale,
        "fingerprint": law.fingerprint(),
    });
    Ok(Answer { json, lines, steps: Vec::new() })
}

/// Checks one file by itself: a change (with `path:`) against the law, or a parameter of its own.
///
/// # Errors
/// The complaint, with file and line.
pub fn check_file(path: &Path, law: &Law, language: Language) -> Result<Answer, Refused> {
    try_file(path, law, language)?;
    let lines = vec![say(language, key::LAW_CHECK_FILE, &[("path", &path.display().to_string())])];
    Ok(Answer { json: json!({ "file": path.display().to_string(), "holds": true }), lines, steps: Vec::new() })
}

/// The law with one file laid over it, whoever wrote it, and the parameter the file is about.
pub(crate) fn try_file(path: &Path, law: &Law, language: Language) -> Result<(Law, String), Refused> {
    let text = read_text(path, language)?;
    let stem = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.display().to_string();
    let tried = law
        .with_layer(&folder, &[(stem.clone(), text.as_str())], law::Authority::WhatIf)
        .map_err(|f| complaints(&f))?;
    let about = text.lines().find_map(|l| l.strip_prefix("path:")).map_or(stem, |p| p.trim().to_owned());
    Ok((tried, about))
}

/// The law with a draft laid over it as it was typed: one rule or several, parted by lines of `---`.
///
/// # Errors
/// Every complaint, with line.
pub fn try_text(text: &str, law: &Law, language: Language) -> Result<Law, Refused> {
    let mut rules = vec![String::new()];
    for line in text.lines() {
        match rules.last_mut() {
            Some(rule) if line.trim_end() != "---" => rule.extend([line, "\n"]),
            _ => rules.push(String::new()),
        }
    }
    rules.retain(|r| !r.trim().is_empty());
    if rules.is_empty() {
        return Err(Refused(say_named(language, "whatif-no-text", &[])));
    }
    let names: Vec<String> = (1..=rules.len()).map(|n| format!("{n}")).collect();
    let files: Vec<(String, &str)> = names.into_iter().zip(rules.iter().map(String::as_str)).collect();
    law.with_layer("draft", &files, law::Authority::WhatIf).map_err(|f| complaints(&f))
}

/// A city's files over a law.
pub(crate) fn lay(law: &Law, files: &[(String, String)]) -> Result<Law, Refused> {
    let files: Vec<(String, &str)> = files.iter().map(|(path, text)| (path.clone(), text.as_str())).collect();
    law.with_layer(crate::home::CITY_LAYER, &files, law::Authority::City).map_err(|f| complaints(&f))
}

/// Every parameter with its title.
pub fn list(law: &Law, language: Language) -> Answer {
    let line = |(path, parameter): (&str, &Parameter)| {
        say(language, key::LAW_LIST_LINE, &[("path", path), ("title", pick(&parameter.title, language))])
    };
    let one = |(path, p): (&str, &Parameter)| json!({ "path": path, "title": p.title, "unit": p.unit, "city": p.city });
    Answer { json: law.parameters().map(one).collect(), lines: law.parameters().map(line).collect(), steps: Vec::new() }
}

/// Every parameter that holds on a day: path with title, value under the default reading, and its basis.
pub fn overview(law: &Law, on: Date, language: Language) -> Vec<(String, String, String)> {
    let row = |(path, parameter): (&str, &Parameter)| {
        let reading = parameter.on(on)?.readings.first()?;
        let value =
            format!("{}: {}", pick(&parameter.title, language), value_text(&reading.value, parameter.unit, language));
        Some((path.to_owned(), value, basis(&reading.citation, reading.confidence, language)))
    };
    law.parameters().filter_map(row).collect()
}

/// One parameter on a day, or over all time.
///
/// # Errors
/// A sentence where there is no such parameter, or no value on the day.
pub fn show(path: &str, on: Option<Date>, law: &Law, language: Language) -> Result<Answer, Refused> {
    let path = path.trim_start_matches("law/").trim_end_matches(".yaml");
    let Some(parameter) = law.parameter(path) else {
        return Err(Refused(say(language, key::LAW_NO_PATH, &[("path", path), ("near", &near(path, law))])));
    };
    let periods: Vec<&Period> = match on {
        Some(day) => parameter.on(day).into_iter().collect(),
        None => parameter.periods.iter().collect(),
    };
    if let (Some(day), true) = (on, periods.is_empty()) {
        return Err(Refused(say(language, key::LAW_NOT_ON, &[("path", path), ("date", &day.to_string())])));
    }
    let title = pick(&parameter.title, language);
    let mut lines = vec![say(language, key::LAW_SHOW_TITLE, &[("path", path), ("title", title)])];
    for period in &periods {
        let from = long_date(period.from, language);
        lines.push(match period.to {
            Some(to) => say(language, key::LAW_SHOW_PERIOD, &[("from", &from), ("to", &long_date(to, language))]),
            None => say(language, key::LAW_SHOW_OPEN, &[("from", &from)]),
        });
        for (i, reading) in period.readings.iter().enumerate() {
            lines.extend(reading_lines(reading, i == 0 && period.readings.len() > 1, parameter.unit, language));
        }
    }
    let json = json!({
        "path": path, "title": parameter.title, "unit": parameter.unit, "rounding": parameter.rounding,
        "city": parameter.city, "values": periods.iter().map(|p| period_json(p)).collect::<Vec<_>>(),
    });
    Ok(Answer { json, lines, steps: Vec::new() })
}

/// Paths that share a word with a mistyped one.
fn near(path: &str, law: &Law) -> String {
    let words: Vec<&str> = path.split(['/', '_', '-']).filter(|w| w.len() > 3).collect();
    let shares = |p: &&str| words.iter().any(|w| p.contains(w));
    let found: Vec<&str> = law.parameters().map(|(p, _)| p).filter(shares).take(5).collect();
    if found.is_empty() { "payung law list".into() } else { found.join(", ") }
}

fn period_json(period: &Period) -> serde_json::Value {
    let reading = |(i, r): (usize, &Reading)| {
        json!({
            "id": r.id, "default": i == 0, "value": r.value.to_plain(), "why": r.why, "citation": r.citation,
            "confidence": r.confidence, "checked": r.checked, "layer": r.layer,
        })
    };
    json!({
        "from": period.from, "to": period.to,
        "readings": period.readings.iter().enumerate().map(reading).collect::<Vec<_>>(),
    })
}

fn reading_lines(reading: &Reading, is_default: bool, unit: Unit, language: Language) -> Vec<String> {
    let mark = if is_default { "* " } else { "" };
    let basis = basis(&reading.citation, reading.confidence, language);
    let args = [
        ("mark", mark),
        ("id", &reading.id),
        ("value", &value_text(&reading.value, unit, language)),
        ("basis", &basis),
        ("checked", &reading.checked.to_string()),
    ];
    let mut lines = vec![format!("  {}", say(language, key::LAW_SHOW_READING, &args))];
    if let Some(why) = &reading.why {
        lines.push(format!("    {}", pick(why, language)));
    }
    if let Some(layer) = &reading.layer {
        lines.push(format!("    {}", say(language, key::LAW_SHOW_LAYER, &[("layer", layer)])));
    }
    lines
}

/// A value as one line.
pub(super) fn value_text(value: &Value, unit: Unit, language: Language) -> String {
    let sign = if language == Language::English { ',' } else { '.' };
    let percent = |ppm: i64| format!("{} %", percent_text(Exact::whole(ppm), language));
    let number = |n: i64, unit: Unit| match unit {
        Unit::Ppm | Unit::PpmRows => percent(n),
        Unit::Rupiah | Unit::RupiahRows => format!("Rp{}", grouped(n, sign)),
        _ => grouped(n, sign),
    };
    let top = |up_to: Option<i64>| up_to.map_or_else(|| "…".to_owned(), |n| grouped(n, sign));
    let join = |parts: Vec<String>| parts.join("; ");
    match value {
        Value::Scale(scale) => join(scale.iter().map(|b| format!("≤ {}: {}", top(b.up_to), percent(b.ppm))).collect()),
        Value::Bands(bands) => {
            join(bands.iter().map(|b| format!("≤ {}: Rp{}", top(b.up_to), grouped(b.amount, sign))).collect())
        }
        Value::Number(n) => number(*n, unit),
        Value::Parts(parts) => parts.iter().map(u32::to_string).collect::<Vec<_>>().join(" / "),
        Value::Term(term) => {
            format!("{} {}", term.count, say_named(language, &format!("word-{}", unit_name(term.of)), &[]))
        }
        Value::Rounding(rule, scope) => {
            let word = |v: serde_json::Value| v.as_str().unwrap_or_default().to_owned();
            format!(
                "{} {}",
                word(serde_json::to_value(rule).unwrap_or_default()),
                word(serde_json::to_value(scope).unwrap_or_default())
            )
        }
        Value::DaysOff(days) => join(days.iter().map(|d| format!("{} {}", d.date, d.name)).collect()),
        Value::Reference => "✓".into(),
        Value::Choice(choice) => choice.clone(),
        Value::Rows(rows) => join(rows.iter().map(|r| format!("{}: {}", r.code, number(r.number, unit))).collect()),
    }
}

/// Every parameter whose readings on one day differ from those on another.
pub fn diff_dates(from: Date, to: Date, law: &Law, language: Language) -> Answer {
    let (mut lines, mut rows) = (Vec::new(), Vec::new());
    for (path, parameter) in law.parameters() {
        let (a, b) = (parameter.on(from), parameter.on(to));
        // Days off are other days every year; that they differ says nothing.
        if parameter.unit == Unit::DaysOff || a.map(|p| &p.readings) == b.map(|p| &p.readings) {
            continue;
        }
        let title = pick(&parameter.title, language);
        lines.push(say(language, key::LAW_SHOW_TITLE, &[("path", path), ("title", title)]));
        for (period, sign) in [(a, '-'), (b, '+')] {
            let texts: Vec<String> = match period {
                Some(p) => p
                    .readings
                    .iter()
                    .map(|r| {
                        let value = value_text(&r.value, parameter.unit, language);
                        format!("{} = {value} ({})", r.id, basis(&r.citation, r.confidence, language))
                    })
                    .collect(),
                None => vec![say(language, key::LAW_DIFF_NONE_VALUE, &[])],
            };
            lines.extend(texts.iter().map(|text| format!("  {sign} {text}")));
        }
        rows.push(json!({ "path": path, "before": a.map(period_json), "after": b.map(period_json) }));
    }
    if rows.is_empty() {
        let (from, to) = (long_date(from, language), long_date(to, language));
        lines.push(say(language, key::LAW_DIFF_NONE, &[("from", &from), ("to", &to)]));
    }
    Answer { json: json!({ "from": from, "to": to, "changes": rows }), lines, steps: Vec::new() }
}
