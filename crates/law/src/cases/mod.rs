//! Worked examples as documents: `law/cases/*.yaml`.
//!
//! A case is a question, the answer written as the sum a person would do, and where that sum comes
//! from. Legal staff add them without Rust; `payung law check` and the tests run all of them.

mod ask;
mod sum;

pub use sum::{SumError, evaluate};

use crate::load::LawFileError;
use crate::model::Text;
use crate::{Declined, Law};
use ask::Ask;
use kernel::Exact;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Where the cases lie, under `law/`.
pub const FOLDER: &str = "cases/";

/// A file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    #[serde(rename = "title")]
    _title: Text,
    source: String,
    cases: Vec<Case>,
}

/// `ask` is written as a map of one key, `ask: { contribution: { ... } }`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(with = "serde_yaml_ng::with::singleton_map")]
    ask: Ask,
    /// The answer under the default readings.
    #[serde(default)]
    expect: BTreeMap<String, Expected>,
    /// Answers under other readings, by the name of the reading.
    #[serde(default)]
    readings: BTreeMap<String, BTreeMap<String, Expected>>,
    /// The question has no answer: the code of the refusal.
    declined: Option<String>,
}

/// What is expected: a sum, or a word or day.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Expected {
    Whole(i64),
    Text(String),
}

/// One value of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// An amount or count, exact.
    Amount(Exact),
    /// A word or a day.
    Word(String),
}

/// Answers under each reading, the default first: name of the reading, values by name.
pub(crate) type Answers = Vec<(String, BTreeMap<String, Answer>)>;

/// How many cases were run, and what did not hold.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct CaseReport {
    /// Cases run.
    pub run: usize,
    /// Every expectation that does not hold, with file and line.
    pub failures: Vec<LawFileError>,
}

/// Runs every case among the files of a layer.
pub fn run(law: &Law, files: &[(String, &str)]) -> CaseReport {
    let mut report = CaseReport::default();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with(FOLDER)) {
        let mut complain = |line: Option<usize>, message: String| {
            report.failures.push(LawFileError { file: format!("law/{path}.yaml"), line, message });
        };
        let file: CaseFile = match serde_yaml_ng::from_str(text) {
            Ok(file) => file,
            Err(error) => {
                complain(error.location().map(|l| l.line()), error.to_string());
                continue;
            }
        };
        if file.source.trim().is_empty() {
            complain(None, "the source is empty".into());
        }
        for case in &file.cases {
            report.run += 1;
            let line = text.lines().position(|l| l.contains(&case.name)).map(|i| i + 1);
            for message in check(case, law) {
                complain(line, format!("{}: {message}", case.name));
            }
        }
    }
    report
}

/// What of a case does not hold.
fn check(case: &Case, law: &Law) -> Vec<String> {
    let answers = match (case.ask.answer(law), &case.declined) {
        (Err(declined), Some(code)) if declined.code() == code => return Vec::new(),
        (Err(declined), _) => return vec![format!("declined: {}", said(&declined))],
        (Ok(_), Some(code)) => return vec![format!("answered, but {code} was expected")],
        (Ok(answers), None) => answers,
    };
    let mut out = Vec::new();
    let default = answers.first().map(|(_, values)| values);
    compare("default", &case.expect, default, &mut out);
    for (name, expected) in &case.readings {
        let values = answers.iter().find(|(id, _)| id.split('+').any(|part| part == name)).map(|(_, v)| v);
        compare(name, expected, values, &mut out);
    }
    if case.expect.is_empty() && case.readings.is_empty() {
        out.push("expects nothing, so it cannot fail".into());
    }
    out
}

fn said(declined: &Declined) -> String {
    let args: Vec<String> = declined.args().into_iter().map(|(k, v)| format!("{k}={v}")).collect();
    format!("{} {}", declined.code(), args.join(" "))
}

fn compare(
    reading: &str,
    expected: &BTreeMap<String, Expected>,
    values: Option<&BTreeMap<String, Answer>>,
    out: &mut Vec<String>,
) {
    let Some(values) = values else {
        out.push(format!("there is no reading {reading}"));
        return;
    };
    for (name, expected) in expected {
        let Some(got) = values.get(name) else {
            let known: Vec<&str> = values.keys().map(String::as_str).collect();
            out.push(format!("{reading}: no value {name}; there are {}", known.join(", ")));
            continue;
        };
        match (got, expected) {
            (Answer::Amount(got), Expected::Whole(n)) if *got == Exact::whole(*n) => {}
            (Answer::Amount(got), Expected::Text(text)) => match evaluate(text) {
                Ok(want) if want == *got => {}
                Ok(want) => out.push(format!("{reading}: {name} is {got}, but {text} = {want}")),
                Err(error) => out.push(format!("{reading}: {name}: {text}: {error}")),
            },
            (Answer::Word(got), Expected::Text(text)) if got == text => {}
            (Answer::Amount(got), Expected::Whole(n)) => out.push(format!("{reading}: {name} is {got}, not {n}")),
            (Answer::Word(got), expected) => out.push(format!("{reading}: {name} is {got}, not {expected:?}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_holds() {
        let report = run(Law::builtin(), &crate::builtin_files());
        assert!(report.failures.is_empty(), "{:#?}", report.failures);
        assert!(report.run >= 60, "only {} cases", report.run);
    }

    #[test]
    fn a_case_can_fail_and_says_where() {
        let text = "title: { id: a, en: a }\nsource: made up\ncases:\n  - name: wrong\n    ask: { contribution: \
                    { value: 180000000, order_date: 2025-03-03 } }\n    expect: { jkk: 1, total: 2 * 196000, jkm: x }\n  \
                    - name: empty\n    ask: { deadline: { kind: claim, from: 2025-01-01 } }\n";
        let report = run(Law::builtin(), &[("cases/x".into(), text)]);
        assert_eq!(report.run, 2);
        let said: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(said[0].starts_with("law/cases/x.yaml:4: wrong: default: jkk is 346000, not 1"), "{said:?}");
    }
}
