//! From YAML to checked parameters. Every complaint names file and line where one is known.

use crate::Law;
use crate::model::{Bracket, Citation, Confidence, DayOff, Parameter, Period, Reading, RoundingScope, Text, Value};
use include_dir::{Dir, DirEntry, include_dir};
use kernel::Date;
use kernel::calendar::Calendar;
use kernel::money::Rounding;
use serde::Deserialize;
use std::collections::BTreeMap;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../law");

/// One complaint about one law file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawFileError {
    /// Path under `law/`.
    pub file: String,
    /// Line, where the parser knows it.
    pub line: Option<usize>,
    /// What is wrong, in English, for legal staff and developers.
    pub message: String,
}

/// All complaints of a load that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawFault(pub Vec<LawFileError>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawParameter {
    title: Text,
    unit: String,
    values: Vec<RawPeriod>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPeriod {
    from: Date,
    to: Option<Date>,
    readings: Vec<RawReading>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRounding {
    rule: Rounding,
    scope: RoundingScope,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReading {
    id: String,
    #[serde(default)]
    default: bool,
    scale: Option<Vec<Bracket>>,
    number: Option<i64>,
    parts: Option<Vec<u32>>,
    rounding: Option<RawRounding>,
    days_off: Option<Vec<DayOff>>,
    #[serde(default)]
    reference: bool,
    why: Option<Text>,
    citation: Citation,
    confidence: Confidence,
    checked: Date,
}

/// Loads the files built into the program.
pub(crate) fn builtin() -> Result<Law, LawFault> {
    let mut files = Vec::new();
    collect(&FILES, &mut files);
    from_files(&files)
}

fn collect<'a>(dir: &'a Dir<'a>, out: &mut Vec<(String, &'a str)>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect(dir, out),
            DirEntry::File(file) => {
                let path = file.path().to_string_lossy().replace('\\', "/");
                if let Some(stem) = path.strip_suffix(".yaml")
                    && let Some(text) = file.contents_utf8()
                {
                    out.push((stem.to_owned(), text));
                }
            }
        }
    }
}

/// Loads `(path without ending, text)` pairs.
pub(crate) fn from_files(files: &[(String, &str)]) -> Result<Law, LawFault> {
    let (mut parameters, mut errors) = (BTreeMap::new(), Vec::new());
    for (path, text) in files {
        match parameter(text) {
            Ok(parameter) => {
                parameters.insert(path.clone(), parameter);
            }
            Err((line, message)) => errors.push(LawFileError { file: format!("law/{path}.yaml"), line, message }),
        }
    }
    if !errors.is_empty() {
        return Err(LawFault(errors));
    }
    let calendars = calendars(&parameters);
    Ok(Law { parameters, calendars })
}

type Complaint = (Option<usize>, String);

fn parameter(text: &str) -> Result<Parameter, Complaint> {
    let raw: RawParameter =
        serde_yaml_ng::from_str(text).map_err(|e| (e.location().map(|l| l.line()), e.to_string()))?;
    let mut periods = Vec::new();
    for period in raw.values {
        periods.push(checked_period(period)?);
    }
    if periods.is_empty() {
        return Err((None, "no value".into()));
    }
    for pair in periods.windows(2) {
        let (Some(to), next) = (pair[0].to, pair[1].from) else {
            return Err((None, format!("the value from {} is open-ended but another follows", pair[0].from)));
        };
        if kernel::date::next_day(to) != Some(next) {
            return Err((None, format!("gap or overlap between {to} and {next}")));
        }
    }
    Ok(Parameter { title: raw.title, unit: raw.unit, periods })
}

fn checked_period(raw: RawPeriod) -> Result<Period, Complaint> {
    let from = raw.from;
    if raw.to.is_some_and(|to| to < from) {
        return Err((None, format!("the value from {from} ends before it begins")));
    }
    let defaults = raw.readings.iter().filter(|r| r.default).count();
    if defaults != 1 {
        return Err((None, format!("{defaults} default readings from {from}; exactly one is needed")));
    }
    let mut readings = Vec::new();
    for reading in raw.readings {
        let is_default = reading.default;
        let reading = checked_reading(reading)?;
        if is_default {
            readings.insert(0, reading);
        } else {
            readings.push(reading);
        }
    }
    Ok(Period { from, to: raw.to, readings })
}

fn checked_reading(raw: RawReading) -> Result<Reading, Complaint> {
    let id = raw.id;
    let mut values = Vec::new();
    if let Some(scale) = raw.scale {
        check_scale(&scale).map_err(|m| (None, format!("{id}: {m}")))?;
        values.push(Value::Scale(scale));
    }
    values.extend(raw.number.map(Value::Number));
    if let Some(parts) = raw.parts {
        if parts.iter().sum::<u32>() != 100 {
            return Err((None, format!("{id}: the parts do not sum to 100")));
        }
        values.push(Value::Parts(parts));
    }
    values.extend(raw.rounding.map(|r| Value::Rounding(r.rule, r.scope)));
    values.extend(raw.days_off.map(Value::DaysOff));
    if raw.reference {
        values.push(Value::Reference);
    }
    let count = values.len();
    let (Some(value), 1) = (values.pop(), count) else {
        return Err((None, format!("{id}: {count} values; exactly one is needed")));
    };
    if raw.confidence == Confidence::Unconfirmed && raw.why.is_none() {
        return Err((None, format!("{id}: an unconfirmed value says why it is here")));
    }
    Ok(Reading { id, value, why: raw.why, citation: raw.citation, confidence: raw.confidence, checked: raw.checked })
}

fn check_scale(scale: &[Bracket]) -> Result<(), String> {
    let Some((last, rest)) = scale.split_last() else { return Err("an empty scale".into()) };
    if last.up_to.is_some() {
        return Err("the last slice must be open".into());
    }
    let mut below = 0;
    for bracket in rest {
        match bracket.up_to {
            Some(up_to) if up_to > below => below = up_to,
            _ => return Err("slices must rise".into()),
        }
    }
    Ok(())
}

/// The two working-day calendars: public holidays alone, and with collective leave.
fn calendars(parameters: &BTreeMap<String, Parameter>) -> [Calendar; 2] {
    let days = |path: &str| -> Vec<&DayOff> {
        let periods = parameters.get(path).map_or(&[][..], |p| p.periods.as_slice());
        periods
            .iter()
            .flat_map(|p| p.readings.first())
            .flat_map(|r| match &r.value {
                Value::DaysOff(days) => days.iter().collect(),
                _ => Vec::new(),
            })
            .collect()
    };
    let years: Vec<i16> = parameters
        .get("calendar/holidays")
        .map_or_else(Vec::new, |p| p.periods.iter().map(|p| p.from.year()).collect());
    let public: Vec<Date> = days("calendar/holidays").iter().map(|d| d.date).collect();
    let leave: Vec<Date> = days("calendar/collective_leave").iter().map(|d| d.date).collect();
    [
        Calendar::new(public.iter().copied(), years.iter().copied()),
        Calendar::new(public.iter().chain(&leave).copied(), years.iter().copied()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complain(text: &str) -> String {
        parameter(text).err().map_or_else(|| "accepted".into(), |(line, m)| format!("{line:?} {m}"))
    }

    const HEAD: &str = "title: { id: a, en: a }\nunit: days\nvalues:\n";
    const TAIL: &str = "citation: { instrument: x, article: y }, confidence: instrument, checked: 2026-01-01 }]\n";

    #[test]
    fn the_built_in_law_loads() {
        let law = builtin();
        assert!(law.is_ok(), "{law:?}");
    }

    #[test]
    fn complaints_are_specific() {
        let one = |from: &str, to: &str| {
            format!("  - from: {from}\n{to}    readings: [{{ id: r, default: true, number: 1, {TAIL}")
        };
        let gap = format!("{HEAD}{}{}", one("2020-01-01", "    to: 2020-12-30\n"), one("2021-01-01", ""));
        assert!(complain(&gap).contains("gap or overlap between 2020-12-30 and 2021-01-01"));
        let open = format!("{HEAD}{}{}", one("2020-01-01", ""), one("2021-01-01", ""));
        assert!(complain(&open).contains("open-ended"));
        let unknown = format!("{HEAD}  - from: 2020-01-01\n    colour: red\n    readings: []\n");
        assert!(complain(&unknown).contains("Some(5)"), "{}", complain(&unknown));
        let two = format!("{HEAD}  - from: 2020-01-01\n    readings: [{{ id: r, number: 1, {TAIL}");
        assert!(complain(&two).contains("0 default readings"));
        let none = format!("{HEAD}  - from: 2020-01-01\n    readings: [{{ id: r, default: true, {TAIL}");
        assert!(complain(&none).contains("0 values"));
    }

    #[test]
    fn every_day_since_the_regime_began_is_covered() {
        let law = builtin().unwrap();
        for (path, parameter) in &law.parameters {
            let (first, last) = (parameter.periods[0].from, parameter.periods.last().and_then(|p| p.to));
            let mut day = first;
            let end = last.unwrap_or(jiff_end());
            while day < end {
                assert!(parameter.on(day).is_some(), "{path} on {day}");
                day = kernel::date::next_day(day).unwrap();
            }
            assert!(!parameter.unit.is_empty());
        }
    }

    fn jiff_end() -> Date {
        "2027-12-31".parse().unwrap()
    }

    #[test]
    fn holidays_lie_in_their_year_and_are_listed_once() {
        let law = builtin().unwrap();
        for path in ["calendar/holidays", "calendar/collective_leave"] {
            for period in &law.parameters[path].periods {
                let Value::DaysOff(days) = &period.readings[0].value else { panic!("{path}") };
                let mut seen = std::collections::BTreeSet::new();
                for day in days {
                    assert!(day.date >= period.from && Some(day.date) <= period.to, "{path} {day:?}");
                    assert!(seen.insert(day.date), "{path} {day:?} twice");
                }
            }
        }
    }
}
