//! The contribution of one contract value, explained.

use crate::{Language, Refused};
use kernel::money::{NumberStyle, StyleEvidence, grouped, parse_amount, style_evidence};
use kernel::{Date, Exact};
use law::contribution::{Contribution, by_contract_value, by_gross_value};
use law::explained::{Programme, Step, What};
use law::{Confidence, Law};
use phrases::{key, say, say_named};

/// An amount as typed on a command line: the style is decided from the text itself.
///
/// # Errors
/// A sentence where it is no amount.
pub fn typed_amount(text: &str, language: Language) -> Result<Exact, Refused> {
    let style = match style_evidence(text) {
        StyleEvidence::Sure(style) | StyleEvidence::Likely(style) => style,
        StyleEvidence::None => NumberStyle::Dot,
    };
    parse_amount(text, style)
        .ok()
        .filter(|v| !v.is_negative())
        .ok_or_else(|| Refused(say(language, key::BAD_AMOUNT, &[("text", text)])))
}

/// Computes.
///
/// # Errors
/// A sentence where the law has no value for the day.
pub fn contribution(value: Exact, gross: bool, order_date: Date, language: Language) -> Result<Contribution, Refused> {
    let law = Law::builtin().at(order_date);
    let result = if gross { by_gross_value(value, &law) } else { by_contract_value(value, &law) };
    result.map_err(|gap| {
        Refused(say(language, key::CONTRIBUTION_GAP, &[("path", &gap.path), ("date", &gap.date.to_string())]))
    })
}

/// The contract of `payung contribution --json`.
pub fn contribution_json(c: &Contribution) -> serde_json::Value {
    let steps: Vec<serde_json::Value> = c
        .steps
        .iter()
        .map(|step| {
            let mut json = serde_json::to_value(step).unwrap_or_default();
            // The article is what a reader looks for first.
            if let Some(citation) = &step.citation {
                json["article"] = format!("{} {}", citation.instrument, citation.article).into();
            }
            json
        })
        .collect();
    serde_json::json!({
        "jkk": c.jkk.0,
        "jkm": c.jkm.0,
        "total": c.total.0,
        "base": c.base.to_string(),
        "steps": steps,
        "other_readings": c.other_readings,
    })
}

/// The same in sentences.
pub fn contribution_lines(c: &Contribution, language: Language) -> Vec<String> {
    let rp = |n: i64| grouped(n, '.');
    let mut lines = vec![say(
        language,
        key::CONTRIBUTION_LINE,
        &[("jkk", &rp(c.jkk.0)), ("jkm", &rp(c.jkm.0)), ("total", &rp(c.total.0))],
    )];
    lines.push(say(language, key::CONTRIBUTION_BASE, &[("base", &amount_text(c.base))]));
    lines.extend(c.steps.iter().map(|step| step_line(step, language)));
    for other in &c.other_readings {
        lines.push(say(
            language,
            key::CONTRIBUTION_OTHER,
            &[("parameter", &other.parameter), ("reading", &other.reading), ("total", &rp(other.total.0))],
        ));
    }
    lines
}

/// An exact amount for reading: grouped, with two decimals where it is not whole.
pub fn amount_text(amount: Exact) -> String {
    let whole = amount.round(kernel::money::Rounding::Down).map_or(0, |r| r.0);
    if amount.is_whole() {
        return grouped(whole, '.');
    }
    let cents = ((amount - Exact::whole(whole)) * 100).round(kernel::money::Rounding::Down).map_or(0, |r| r.0);
    format!("{},{cents:02}", grouped(whole, '.'))
}

/// Parts per million as a percentage: `2100` is `0,21`.
pub fn percent_text(ppm: i64) -> String {
    let text = format!("{}.{:04}", ppm / 10_000, ppm % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').replace('.', ",")
}

fn step_line(step: &Step, language: Language) -> String {
    let amount = step.amount.map(amount_text).unwrap_or_default();
    let basis = step.citation.as_ref().map_or_else(String::new, |c| {
        let mut text = format!("{}, {}", c.instrument, c.article);
        if matches!(step.confidence, Some(Confidence::Unconfirmed | Confidence::Judgement | Confidence::OneSource)) {
            let mark = step.confidence.map(confidence_name).unwrap_or_default();
            text.push_str("; ");
            text.push_str(&say_named(language, &format!("confidence-{mark}"), &[]));
        }
        text
    });
    match &step.what {
        What::GivenValue => say(language, key::CONTRIBUTION_GIVEN, &[("amount", &amount)]),
        What::TaxRemoved { rate_ppm } => say(
            language,
            key::CONTRIBUTION_TAX,
            &[("rate", &percent_text(*rate_ppm)), ("amount", &amount), ("basis", &basis)],
        ),
        What::Slice { programme, part, rate_ppm, .. } => {
            let programme = if *programme == Programme::Jkk { "JKK" } else { "JKM" };
            say(
                language,
                key::CONTRIBUTION_SLICE,
                &[
                    ("programme", programme),
                    ("rate", &percent_text(*rate_ppm)),
                    ("part", &amount_text(*part)),
                    ("amount", &amount),
                    ("basis", &basis),
                ],
            )
        }
        What::Sum => say(language, key::CONTRIBUTION_SUM, &[("amount", &amount)]),
        What::Rounded { .. } => say(language, key::CONTRIBUTION_ROUNDED, &[("amount", &amount), ("basis", &basis)]),
        What::WorkingDays { days, start, end, .. } => format!("{days}: {start} – {end} ({basis})"),
    }
}

/// As it stands in the law files.
pub fn confidence_name(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Instrument => "instrument",
        Confidence::TwoSources => "two_sources",
        Confidence::OneSource => "one_source",
        Confidence::Unconfirmed => "unconfirmed",
        Confidence::Judgement => "judgement",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_elucidations_own_example() {
        let day = "2025-03-03".parse().unwrap();
        let c =
            contribution(typed_amount("180.000.000", Language::Indonesian).unwrap(), false, day, Language::Indonesian)
                .unwrap();
        let json = contribution_json(&c);
        assert_eq!(
            (json["jkk"].as_i64(), json["jkm"].as_i64(), json["total"].as_i64()),
            (Some(346_000), Some(46_000), Some(392_000))
        );
        assert!(
            json["steps"]
                .as_array()
                .unwrap()
                .iter()
                .any(|s| s["article"].as_str().is_some_and(|a| a.contains("Pasal 54")))
        );
        assert_eq!(percent_text(2100), "0,21");
        assert_eq!(percent_text(110_000), "11");
        assert_eq!(amount_text(Exact::ratio(5, 2)), "2,50");
        assert!(contribution_lines(&c, Language::English).len() > 6);
    }
}
