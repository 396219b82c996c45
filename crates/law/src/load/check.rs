//! What must hold of one parameter, each complaint with the line it is about.

use super::raw::{RawParameter, RawPeriod, RawReading};
use crate::model::{Band, Bracket, Citation, Confidence, Parameter, Period, Reading, Row, Term, TermUnit, Unit, Value};
use kernel::Date;
use kernel::money::AMOUNT_MAX_RUPIAH;
use std::collections::BTreeSet;

/// A line, where one is known, and what is wrong there.
pub(super) type Complaint = (Option<usize>, String);

/// Most of a term, so that counting it ends: a hundred years of days.
const TERM_MAX: u32 = 36_525;

/// Finds the lines that a checked value came from. The parser knows lines only of what it could
/// not parse; meaning goes wrong later, so the text is searched for the words of the complaint.
#[derive(Clone, Copy)]
pub(super) struct Lines<'a>(pub(super) &'a str);

impl Lines<'_> {
    /// The first line after `after` that holds `needle`, counted from 1.
    fn find(self, after: usize, needle: &str) -> Option<usize> {
        self.0.lines().enumerate().skip(after).find(|(_, l)| l.contains(needle)).map(|(i, _)| i + 1)
    }

    fn period(self, from: Date) -> Option<usize> {
        self.find(0, &format!("from: {from}"))
    }

    fn reading(self, from: Date, id: &str) -> Option<usize> {
        self.find(self.period(from).unwrap_or(0), &format!("id: {id}"))
    }

    pub(super) fn key(self, key: &str) -> Option<usize> {
        self.find(0, &format!("{key}:"))
    }
}

/// A whole parameter.
pub(super) fn parameter(raw: RawParameter, lines: Lines<'_>) -> Result<Parameter, Complaint> {
    if raw.title.id.trim().is_empty() || raw.title.en.trim().is_empty() {
        return Err((lines.key("title"), "the title is empty in one language".into()));
    }
    let unit = raw.unit;
    let periods = raw.values.into_iter().map(|p| period(p, unit, lines)).collect::<Result<Vec<_>, _>>()?;
    coverage(&periods, unit, raw.ended).map_err(|(day, m)| (day.and_then(|d| lines.period(d)), m))?;
    let rounding = Some(raw.rounding).filter(|r| r != "none");
    Ok(Parameter { title: raw.title, unit, rounding, city: raw.city, ended: raw.ended, periods })
}

/// No gap, no overlap, and an open end, for every day from the first.
pub(super) fn coverage(periods: &[Period], unit: Unit, ended: bool) -> Result<(), (Option<Date>, String)> {
    let Some(last) = periods.last() else { return Err((None, "no value".into())) };
    for pair in periods.windows(2) {
        let next = pair[1].from;
        let Some(to) = pair[0].to else {
            return Err((Some(next), format!("the value from {} is open-ended but another follows", pair[0].from)));
        };
        if kernel::date::next_day(to) != Some(next) {
            return Err((Some(next), format!("gap or overlap between {to} and {next}")));
        }
    }
    match (unit, last.to) {
        // Days off are decreed year by year; a count beyond the last year says that it does not know.
        (Unit::DaysOff, _) => Ok(()),
        (_, None) if ended => Err((Some(last.from), "ended, but the last value is open".into())),
        (_, None) => Ok(()),
        (_, Some(_)) if ended => Ok(()),
        (_, Some(to)) => Err((
            Some(last.from),
            format!("nothing is said about the days after {to}; leave `to` out or add what follows"),
        )),
    }
}

/// The values of one span of time.
pub(super) fn period(raw: RawPeriod, unit: Unit, lines: Lines<'_>) -> Result<Period, Complaint> {
    let from = raw.from;
    let here = |message: String| (lines.period(from), message);
    if raw.to.is_some_and(|to| to < from) {
        return Err(here(format!("the value from {from} ends before it begins")));
    }
    let defaults = raw.readings.iter().filter(|r| r.default).count();
    if defaults != 1 {
        return Err(here(format!("{defaults} default readings from {from}; exactly one is needed")));
    }
    let contested = raw.readings.len() > 1;
    let mut readings: Vec<Reading> = Vec::new();
    for raw_reading in raw.readings {
        let (id, is_default) = (raw_reading.id.clone(), raw_reading.default);
        let line = lines.reading(from, &id);
        let complain = |m: String| (line, format!("{id}: {m}"));
        let reading = reading(raw_reading, unit).map_err(complain)?;
        if readings.iter().any(|r| r.id == reading.id) {
            return Err(complain("two readings of one date have this name".into()));
        }
        if contested && reading.why.is_none() {
            return Err(complain("of several readings each says why it exists".into()));
        }
        if let Value::DaysOff(days) = &reading.value {
            days_off(days.iter().map(|d| d.date), from, raw.to).map_err(complain)?;
        }
        readings.insert(if is_default { 0 } else { readings.len() }, reading);
    }
    Ok(Period { from, to: raw.to, readings })
}

fn reading(mut raw: RawReading, unit: Unit) -> Result<Reading, String> {
    if raw.id.is_empty() || !raw.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Err("a name is made of small letters, digits and underscores".into());
    }
    let mut values = raw.take_values();
    let count = values.len();
    let (Some(value), 1) = (values.pop(), count) else { return Err(format!("{count} values; exactly one is needed")) };
    if !unit.admits(&value) {
        return Err(format!("this kind of value does not fit the unit {}", unit.name()));
    }
    match &value {
        Value::Scale(scale) => check_scale(scale)?,
        Value::Bands(bands) => check_bands(bands)?,
        Value::Number(n) => check_number(*n)?,
        Value::Parts(parts) if parts.iter().map(|p| u64::from(*p)).sum::<u64>() != 100 || parts.contains(&0) => {
            return Err("the parts do not sum to 100, or one is zero".into());
        }
        Value::Term(term) => check_term(*term)?,
        Value::Choice(choice) if choice.trim().is_empty() => return Err("an empty choice".into()),
        Value::Rows(rows) => check_rows(rows)?,
        _ => {}
    }
    check_citation(&raw.citation)?;
    if raw.confidence == Confidence::Unconfirmed && raw.why.is_none() {
        return Err("an unconfirmed value says why it is here".into());
    }
    Ok(Reading {
        id: raw.id,
        value,
        why: raw.why,
        citation: raw.citation,
        confidence: raw.confidence,
        checked: raw.checked,
        layer: None,
    })
}

pub(super) fn check_citation(citation: &Citation) -> Result<(), String> {
    if citation.instrument.trim().is_empty() || citation.article.trim().is_empty() {
        return Err("the citation lacks its instrument or article".into());
    }
    Ok(())
}

fn check_number(n: i64) -> Result<(), String> {
    if n < 0 || i128::from(n) > AMOUNT_MAX_RUPIAH {
        return Err(format!("{n} is negative or absurdly large"));
    }
    Ok(())
}

/// Tops must rise, and only the last slice is open: the same rule for scales and bands.
fn rising(tops: impl Iterator<Item = Option<i64>>) -> Result<(), String> {
    let tops: Vec<Option<i64>> = tops.collect();
    let Some((last, rest)) = tops.split_last() else { return Err("an empty scale".into()) };
    if last.is_some() {
        return Err("the last slice must be open".into());
    }
    let mut below = 0;
    for top in rest {
        match top {
            Some(up_to) if *up_to > below => below = *up_to,
            _ => return Err("slices must rise".into()),
        }
    }
    check_number(below)
}

fn check_scale(scale: &[Bracket]) -> Result<(), String> {
    rising(scale.iter().map(|b| b.up_to))?;
    match scale.iter().find(|b| !(0..=1_000_000).contains(&b.ppm) || b.article.trim().is_empty()) {
        Some(b) => Err(format!("{} parts per million: outside 0 to 1000000, or without article", b.ppm)),
        None => Ok(()),
    }
}

fn check_bands(bands: &[Band]) -> Result<(), String> {
    rising(bands.iter().map(|b| b.up_to))?;
    bands.iter().try_for_each(|b| check_number(b.amount))
}

fn check_term(term: Term) -> Result<(), String> {
    let in_month = matches!(term.of, TermUnit::DayOfSameMonth | TermUnit::DayOfNextMonth);
    if term.count == 0 || term.count > TERM_MAX || (in_month && term.count > 31) {
        return Err(format!("a term of {} is none that can be counted", term.count));
    }
    Ok(())
}

fn check_rows(rows: &[Row]) -> Result<(), String> {
    let mut codes = BTreeSet::new();
    for row in rows {
        let code = &row.code;
        if code.is_empty() || !code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return Err(format!("{code}: a code is made of small letters, digits and hyphens"));
        }
        if !codes.insert(code.as_str()) {
            return Err(format!("{code} stands twice"));
        }
        check_number(row.number).map_err(|m| format!("{code}: {m}"))?;
        if row.number_max.is_some_and(|max| max <= row.number)
            || row.per.is_some_and(|per| per <= 0)
            || row.times_max == Some(0)
        {
            return Err(format!("{code}: a range must rise, and a measure be positive"));
        }
    }
    for row in rows {
        if let Some(stranger) = row.part_of.iter().chain(&row.at_most).find(|whole| !codes.contains(whole.as_str())) {
            return Err(format!("{} names {stranger}, which is no row", row.code));
        }
    }
    if rows.is_empty() { Err("no rows".into()) } else { Ok(()) }
}

fn days_off(days: impl Iterator<Item = Date>, from: Date, to: Option<Date>) -> Result<(), String> {
    let to = to.ok_or("days off are decreed year by year; say until when (`to`)")?;
    let mut seen = BTreeSet::new();
    for day in days {
        if day < from || day > to {
            return Err(format!("{day} lies outside the year of its decree"));
        }
        if !seen.insert(day) {
            return Err(format!("{day} stands twice"));
        }
    }
    Ok(())
}
