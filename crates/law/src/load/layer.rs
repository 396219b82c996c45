//! A layer over the national law: a city's own rules with their own dates, or a change to try out.

use super::check::{self, Complaint, Lines};
use super::raw::{RawChange, RawPeriod, RawSettle};
use super::{LawFault, LawFileError, complaint_of, parse};
use crate::model::{CityMay, Parameter, Period};
use crate::{Law, cases};
use kernel::Date;
use std::collections::BTreeMap;

/// Who speaks in a layer, and so what it may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// A city: may add parameters of its own, settle what is contested, replace what is left to it.
    City,
    /// A change tried out, such as a new government regulation: may touch everything.
    WhatIf,
}

/// Lays files over a law. Each is `(path under the layer without ending, text)` and is either a
/// parameter of its own, or a change (with a key `path`) of one that exists; worked examples under
/// `cases/` are left to [`cases::run`].
pub(super) fn lay_over(law: &Law, name: &str, files: &[(String, &str)], who: Authority) -> Result<Law, LawFault> {
    let mut parameters = law.parameters.clone();
    let mut errors = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| !path.starts_with(cases::FOLDER)) {
        let lines = Lines(text);
        let result = if text.lines().any(|l| l.starts_with("path:")) {
            change(&mut parameters, name, text, who)
        } else {
            own(&mut parameters, name, path, text)
        };
        if let Err((line, message)) = result {
            let line = line.or_else(|| lines.key("path"));
            errors.push(LawFileError { file: format!("{name}/{path}.yaml"), line, message });
        }
    }
    if !errors.is_empty() {
        return Err(LawFault(errors));
    }
    let mut layers = law.layers.clone();
    layers.push(name.to_owned());
    super::assemble(parameters, layers)
}

/// A new parameter.
fn own(parameters: &mut BTreeMap<String, Parameter>, layer: &str, path: &str, text: &str) -> Result<(), Complaint> {
    if parameters.contains_key(path) {
        return Err((None, format!("{path} exists already; to change it, begin the file with `path: {path}`")));
    }
    let mut parameter = check::parameter(parse(text)?, Lines(text))?;
    for reading in parameter.periods.iter_mut().flat_map(|p| &mut p.readings) {
        reading.layer = Some(layer.to_owned());
    }
    parameters.insert(path.to_owned(), parameter);
    Ok(())
}

fn change(
    parameters: &mut BTreeMap<String, Parameter>,
    layer: &str,
    text: &str,
    who: Authority,
) -> Result<(), Complaint> {
    let lines = Lines(text);
    let raw: RawChange = serde_yaml_ng::from_str(text).map_err(complaint_of)?;
    let Some(parameter) = parameters.get_mut(&raw.path) else {
        return Err((lines.key("path"), format!("there is no parameter {}", raw.path)));
    };
    if raw.values.is_empty() {
        return Err((None, "no value".into()));
    }
    for period in raw.values {
        let at = |m: String| (lines.key("settle").or_else(|| lines.key("readings")), m);
        let settles = period.settle.is_some();
        match (who, parameter.city, settles) {
            (Authority::WhatIf, _, _) | (_, CityMay::Replace, _) | (_, CityMay::Settle, true) => {}
            (_, CityMay::Settle, false) => {
                return Err(at(format!("{}: a city may settle which reading applies, not write its own", raw.path)));
            }
            (_, CityMay::Nothing, _) => {
                return Err(at(format!("{} is national law that a city cannot change", raw.path)));
            }
        }
        apply(parameter, layer, period, lines)?;
    }
    check::coverage(&parameter.periods, parameter.unit, parameter.ended).map_err(|(_, m)| (None, m))
}

/// Puts one new span of time in the place of whatever held its days before.
fn apply(parameter: &mut Parameter, layer: &str, raw: RawPeriod, lines: Lines<'_>) -> Result<(), Complaint> {
    let (from, to) = (raw.from, raw.to);
    if to.is_some_and(|to| to < from) {
        return Err((None, format!("the value from {from} ends before it begins")));
    }
    let fresh = match raw.settle.clone() {
        Some(settle) if raw.readings.is_empty() => {
            settled(parameter, layer, from, to, &settle).map_err(|message| (lines.key("settle"), message))?
        }
        Some(_) => return Err((lines.key("settle"), "a period either settles or has readings, not both".into())),
        None => {
            let mut period = check::period(raw, parameter.unit, lines)?;
            for reading in &mut period.readings {
                reading.layer = Some(layer.to_owned());
            }
            vec![period]
        }
    };
    let mut periods: Vec<Period> = fresh;
    for old in &parameter.periods {
        if old.from < from {
            let end = from.yesterday().ok();
            periods.push(Period { to: earlier(old.to, end), ..old.clone() });
        }
        let after = to.and_then(|to| to.tomorrow().ok());
        if let Some(after) = after
            && old.to.is_none_or(|end| end >= after)
        {
            periods.push(Period { from: old.from.max(after), ..old.clone() });
        }
    }
    periods.sort_by_key(|p| p.from);
    parameter.periods = periods;
    Ok(())
}

/// The earlier of two ends, where none means never.
fn earlier(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// The existing periods cut to `from..=to`, each with the settled reading alone.
fn settled(
    parameter: &Parameter,
    layer: &str,
    from: Date,
    to: Option<Date>,
    settle: &RawSettle,
) -> Result<Vec<Period>, String> {
    check::check_citation(&settle.citation)?;
    let mut out = Vec::new();
    for old in parameter.periods.iter().filter(|p| p.to.is_none_or(|end| end >= from) && to.is_none_or(|t| p.from <= t))
    {
        let Some(reading) = old.readings.iter().find(|r| r.id == settle.reading) else {
            let known: Vec<&str> = old.readings.iter().map(|r| r.id.as_str()).collect();
            let first = old.from.max(from);
            return Err(format!("on {first} there is no reading {}; there are {}", settle.reading, known.join(", ")));
        };
        let mut reading = reading.clone();
        reading.citation = settle.citation.clone();
        reading.confidence = settle.confidence;
        reading.checked = settle.checked;
        reading.why = settle.why.clone().or(reading.why);
        reading.layer = Some(layer.to_owned());
        out.push(Period { from: old.from.max(from), to: earlier(old.to, to), readings: vec![reading] });
    }
    Ok(out)
}
