//! Steps, readings and refusals as sentences and as JSON.

use super::Answer;
use crate::words::{amount_text, long_date, moment_text, percent_text, thousands};
use crate::{Language, Refused};
use kernel::Date;
use kernel::money::grouped;
use law::explained::{Arg, Change, Step, diff};
use law::readings::{Choice, Readings};
use law::{Citation, Confidence, Declined, Law, Text};
use phrases::{key, say, say_named};
use serde_json::{Map, Value, json};

/// In the reader's language.
pub(super) fn pick(text: &Text, language: Language) -> &str {
    match language {
        Language::Indonesian => &text.id,
        Language::English => &text.en,
    }
}

/// Article, and a mark where the reader must know how sure we are.
pub(super) fn basis(citation: &Citation, confidence: Confidence, language: Language) -> String {
    let citation = citation.to_string();
    if !confidence.needs_mark() {
        return citation;
    }
    let mark = say_named(language, &format!("confidence-{}", confidence.name()), &[]);
    say(language, key::BASIS_MARKED, &[("citation", &citation), ("mark", &mark)])
}

/// A number or word of a step, as its sentence wants it. Names that speak of rates hold parts per
/// million.
fn arg_text(name: &str, arg: &Arg, language: Language) -> String {
    match arg {
        Arg::Rate(ppm) => percent_text(kernel::Exact::whole(*ppm), language),
        Arg::Measure(ppm) if name.ends_with("_ppm") => percent_text(*ppm, language),
        Arg::Money(amount) | Arg::Measure(amount) => amount_text(*amount, language),
        Arg::Count(n) => grouped(*n, thousands(language)),
        Arg::Day(day) => long_date(*day, language),
        Arg::Moment(moment) => moment_text(*moment, language),
        Arg::Word(word) => {
            let named = format!("word-{word}");
            let said = say_named(language, &named, &[]);
            if said == named { word.clone() } else { said }
        }
        Arg::Text(text) => pick(text, language).to_owned(),
    }
}

/// The sentence of a step, without its article.
fn sentence(step: &Step, language: Language) -> String {
    let mut args: Vec<(&str, String)> =
        step.args.iter().map(|(name, arg)| (*name, arg_text(name, arg, language))).collect();
    args.extend(step.amount.map(|amount| ("amount", amount_text(amount, language))));
    let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
    say_named(language, &format!("step-{}", step.code), &args)
}

/// The sentence of a step with its article behind it.
pub(super) fn step_line(step: &Step, language: Language) -> String {
    let said = sentence(step, language);
    match (&step.citation, step.confidence) {
        (Some(citation), Some(confidence)) => format!("{said} ({})", basis(citation, confidence, language)),
        _ => said,
    }
}

/// Steps as data, each with its sentence.
pub(super) fn steps_json(steps: &[Step], language: Language) -> Value {
    let one = |step: &Step| {
        let mut json = serde_json::to_value(step).unwrap_or_default();
        json["say"] = sentence(step, language).into();
        json
    };
    steps.iter().map(one).collect()
}

/// The steps, with a head, for people.
pub(super) fn steps_lines(steps: &[Step], language: Language) -> Vec<String> {
    let head = say(language, key::STEPS_HEAD, &[]);
    std::iter::once(head).chain(steps.iter().map(|s| format!("  {}", step_line(s, language)))).collect()
}

fn choice_json(choice: &Choice, law: &Law, date: Date) -> Value {
    let reading = law.reading_named(choice, date);
    json!({
        "parameter": choice.parameter,
        "reading": choice.reading,
        "why": reading.and_then(|r| r.why.as_ref()),
        "article": reading.map(|r| r.citation.to_string()),
        "confidence": reading.map(|r| r.confidence),
    })
}

/// Every reading as data: its name, its choices, whether it is the default, and the fields of its
/// outcome.
pub(super) fn readings_json<T>(
    readings: &Readings<T>,
    law: &Law,
    date: Date,
    fields: impl Fn(&T) -> Map<String, Value>,
) -> Value {
    let one = |(i, under): (usize, &law::readings::Under<T>)| {
        let mut out = Map::new();
        out.insert("id".into(), under.id().into());
        out.insert("default".into(), (i == 0).into());
        let choices: Vec<Value> = under.choices.iter().map(|c| choice_json(c, law, date)).collect();
        out.insert("choices".into(), choices.into());
        out.extend(fields(&under.value));
        Value::Object(out)
    };
    readings.all.iter().enumerate().map(one).collect()
}

/// The other readings in sentences: what each would give, and why it exists.
pub(super) fn readings_lines<T>(
    readings: &Readings<T>,
    law: &Law,
    date: Date,
    language: Language,
    result: impl Fn(&T) -> String,
) -> Vec<String> {
    if !readings.is_contested() {
        return Vec::new();
    }
    let mut out = vec![say(language, key::READING_HEAD, &[])];
    let mut told: Vec<Choice> = Vec::new();
    // Readings that say the same to a reader share a line.
    let mut results: Vec<(Vec<String>, String)> = Vec::new();
    for (i, under) in readings.all.iter().enumerate() {
        let mut name = under.id();
        if i == 0 {
            name = format!("{name} ({})", say(language, key::READING_DEFAULT, &[]));
        }
        let said = result(&under.value);
        match results.iter_mut().find(|(_, text)| *text == said) {
            Some((names, _)) => names.push(name),
            None => results.push((vec![name], said)),
        }
        told.extend(under.choices.iter().cloned());
    }
    for (names, said) in &results {
        let line = say(language, key::READING_LINE, &[("reading", &names.join(" / ")), ("result", said)]);
        out.push(format!("  {line}"));
    }
    told.sort();
    told.dedup();
    for choice in &told {
        let Some(reading) = law.reading_named(choice, date) else { continue };
        let why = reading.why.as_ref().map_or("", |w| pick(w, language));
        let basis = basis(&reading.citation, reading.confidence, language);
        let args =
            [("parameter", choice.parameter.as_str()), ("reading", &choice.reading), ("why", why), ("basis", &basis)];
        out.push(format!("    {}", say(language, key::READING_WHY, &args)));
    }
    out
}

/// A refusal of the law in the reader's language.
pub fn declined(declined: &Declined, law: &Law, language: Language) -> Refused {
    let mut args = declined.args();
    let hint = match declined {
        Declined::UnknownCode { what: "loss", .. } => say(language, key::HINT_LOSS, &[]),
        Declined::UnknownCode { what: "kind", .. } => {
            say(language, key::HINT_KIND, &[("known", &law::deadline::kinds(law).join(", "))])
        }
        _ => say(language, key::HINT_OTHER, &[]),
    };
    args.push(("hint", hint));
    if let Declined::Gap(gap) = declined {
        let first = law.parameter(&gap.path).and_then(|p| p.periods.first());
        args.push(("first", first.map_or_else(|| "?".to_owned(), |p| long_date(p.from, language))));
    }
    let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
    Refused(say_named(language, &format!("declined-{}", declined.code()), &args))
}

/// A refusal of a part that is not written in its form.
pub fn parts_form(text: &str, form: &str, language: Language) -> Refused {
    Refused(say(language, key::BAD_PAIR, &[("text", text), ("form", form)]))
}

/// What differs between two answers, step by step: added to the first one.
pub fn compare(answer: &mut Answer, other: &Answer, case: &str, language: Language) {
    let changes = diff(&answer.steps, &other.steps);
    answer.lines.push(say(language, key::DIFF_HEAD, &[("case", case)]));
    answer.lines.extend(other.lines.first().map(|line| format!("  {line}")));
    let mut rows = Vec::new();
    let before = |s: &Step| format!("  - {}", step_line(s, language));
    let after = |s: &Step| format!("  + {}", step_line(s, language));
    for change in &changes {
        let (was, is) = match change {
            Change::Same(_) => continue,
            Change::Changed { before, after } => (Some(before), Some(after)),
            Change::Gone(step) => (Some(step), None),
            Change::New(step) => (None, Some(step)),
        };
        answer.lines.extend(was.map(&before));
        answer.lines.extend(is.map(&after));
        rows.push(json!({ "before": was, "after": is }));
    }
    if rows.is_empty() {
        answer.lines.push(say(language, key::DIFF_SAME, &[]));
    }
    answer.json["against"] = json!({ "case": case, "result": other.json, "steps": rows });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_and_refusal_has_its_sentence() {
        for code in law::explained::code::ALL {
            assert!(phrases::Key::find(&format!("step-{code}")).is_some(), "step-{code}");
        }
        for code in [
            "gap",
            "not-positive",
            "too-large",
            "unknown-code",
            "contradiction",
            "missing",
            "out-of-range",
            "length",
            "date-order",
        ] {
            assert!(phrases::Key::find(&format!("declined-{code}")).is_some(), "declined-{code}");
        }
        for kind in law::deadline::kinds(Law::builtin()) {
            assert!(Law::builtin().parameter(&format!("deadline/{kind}")).is_some());
        }
    }
}
