//! What changes in the results of a city if a value of the law changes.

use super::Answer;
use super::data::try_file;
use crate::known::KnownCity;
use crate::words::{long_date, rupiah_text, thousands};
use crate::{Fault, Language, Refused};
use assess::{Assessment, FindingCode, ProjectLine, Question, Standing, State, assess};
use kernel::money::grouped;
use kernel::{Date, Rupiah};
use law::Law;
use phrases::{key, say, say_named};
use serde_json::{Value, json};
use std::path::Path;
use store::Store;

/// How many projects are named for people; machines get all.
const PROJECTS_SHOWN: usize = 20;

/// Assesses the city twice, under the law as it is and with a change file laid over it, and lists
/// every figure and project that differs.
///
/// # Errors
/// A [`Fault`] of the database; a sentence where the change file does not hold.
pub fn impact(
    store: &Store,
    change: &Path,
    as_of: Date,
    law: &Law,
    language: Language,
) -> Result<Result<Answer, Refused>, Fault> {
    let (changed, path) = match try_file(change, law, language) {
        Ok(changed) => changed,
        Err(refused) => return Ok(Err(refused)),
    };
    let through = crate::monev::known_through(store, None)?;
    let city = KnownCity::load(store, through)?;
    let payments = city.payments_by_project();
    let view = city.city(&payments);
    let question = Question { as_of, agency: None };
    let (before, after) = (assess(&view, law, &question), assess(&view, &changed, &question));
    Ok(Ok(compare(&before, &after, &path, change, as_of, language)))
}

/// The figures a change can move.
fn figures(a: &Assessment<'_>) -> Vec<(String, i64)> {
    let n = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let t = &a.totals;
    let mut out = vec![
        ("uncovered-project-days".to_owned(), n(t.uncovered_days)),
        ("uncovered-worker-days".to_owned(), n(t.workers_strict.known())),
    ];
    out.extend(
        Standing::ALL.iter().map(|s| (format!("projects-{}", s.name()), n(t.by_standing.get(s).copied().unwrap_or(0)))),
    );
    out.extend(State::ALL.iter().map(|s| (format!("days-{}", s.name()), n(t.days.get(s).copied().unwrap_or(0)))));
    out.extend(
        State::ALL
            .iter()
            .map(|s| (format!("days-lenient-{}", s.name()), n(t.days_lenient.get(s).copied().unwrap_or(0)))),
    );
    out.extend(FindingCode::ALL.iter().map(|code| {
        (format!("finding-{}", code.name()), n(a.findings.iter().filter(|f| f.code == *code).count() as u64))
    }));
    out
}

fn compare(
    before: &Assessment<'_>,
    after: &Assessment<'_>,
    path: &str,
    change: &Path,
    as_of: Date,
    language: Language,
) -> Answer {
    let sign = thousands(language);
    let head = [("path", path), ("file", &change.display().to_string()), ("as_of", &long_date(as_of, language))];
    let mut lines = vec![say(language, key::IMPACT_HEAD, &head)];
    let moved: Vec<(String, i64, i64)> = figures(before)
        .into_iter()
        .zip(figures(after))
        .filter(|(a, b)| a.1 != b.1)
        .map(|((name, was), (_, is))| (name, was, is))
        .collect();
    for (name, was, is) in &moved {
        let what = figure_name(name, language);
        let args = [("what", what.as_str()), ("before", &grouped(*was, sign)), ("after", &grouped(*is, sign))];
        lines.push(say(language, key::IMPACT_FIGURE, &args));
    }
    // Both list the same projects in the same order: only the law differs.
    let pairs: Vec<(&ProjectLine<'_>, &ProjectLine<'_>)> = before
        .lines
        .iter()
        .zip(&after.lines)
        .filter(|(a, b)| (a.due, a.deadline, &a.findings) != (b.due, b.deadline, &b.findings))
        .collect();
    let dues: Vec<(Rupiah, Rupiah)> =
        pairs.iter().filter(|(a, b)| a.due != b.due).map(|(a, b)| (or_zero(a.due), or_zero(b.due))).collect();
    let sums = dues.iter().fold((0i64, 0i64), |s, d| (s.0.saturating_add(d.0.0), s.1.saturating_add(d.1.0)));
    if !dues.is_empty() {
        let args = [
            ("projects", grouped(dues.len() as i64, sign)),
            ("before", grouped(sums.0, sign)),
            ("after", grouped(sums.1, sign)),
        ];
        let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
        lines.push(say(language, key::IMPACT_CONTRIBUTIONS, &args));
    }
    lines.extend(pairs.iter().take(PROJECTS_SHOWN).map(|(a, b)| project_line(a, b, language)));
    if pairs.len() > PROJECTS_SHOWN {
        let more = (pairs.len() - PROJECTS_SHOWN).to_string();
        lines.push(say(language, key::IMPACT_MORE, &[("count", &more)]));
    }
    if moved.is_empty() && pairs.is_empty() {
        lines.push(say(language, key::IMPACT_NONE, &[]));
    }
    let figure = |(name, was, is): &(String, i64, i64)| json!({ "figure": name, "before": was, "after": is });
    let json = json!({
        "parameter": path,
        "as_of": as_of,
        "figures": moved.iter().map(figure).collect::<Vec<_>>(),
        "contributions": { "projects": dues.len(), "before": sums.0, "after": sums.1 },
        "projects": pairs.iter().map(|(a, b)| json!({
            "project": a.project.code, "before": line_json(a), "after": line_json(b),
        })).collect::<Vec<_>>(),
    });
    Answer { json, lines, steps: Vec::new() }
}

/// `projects-exposed`, `days-window`, `days-lenient-window`, `finding-registered-late` in words.
fn figure_name(name: &str, language: Language) -> String {
    for kind in ["projects", "days-lenient", "days"] {
        if let Some(state) = name.strip_prefix(kind).and_then(|rest| rest.strip_prefix('-')) {
            let state = say_named(language, &format!("state-{state}"), &[]);
            return say_named(language, &format!("impact-{kind}"), &[("state", &state)]);
        }
    }
    say_named(language, name, &[])
}

fn or_zero(due: Option<Rupiah>) -> Rupiah {
    due.unwrap_or(Rupiah::ZERO)
}

fn line_json(line: &ProjectLine<'_>) -> Value {
    json!({
        "contribution": line.due.map(|d| d.0),
        "deadline": line.deadline,
        "findings": line.findings.iter().map(|f| f.name()).collect::<Vec<_>>(),
    })
}

/// Only what differs: contribution, deadline, findings.
fn project_line(a: &ProjectLine<'_>, b: &ProjectLine<'_>, language: Language) -> String {
    let money = |due: Option<Rupiah>| due.map_or_else(|| "–".to_owned(), |d| format!("Rp{}", rupiah_text(d, language)));
    let day = |day: Option<Date>| day.map_or_else(|| "–".to_owned(), |d| long_date(d, language));
    let findings = |line: &ProjectLine<'_>| -> String {
        let titles: Vec<String> =
            line.findings.iter().map(|f| say_named(language, &format!("finding-{}", f.name()), &[])).collect();
        if titles.is_empty() { "–".into() } else { titles.join(", ") }
    };
    let parts = [
        ("impact-contribution", money(a.due), money(b.due)),
        ("impact-deadline", day(a.deadline), day(b.deadline)),
        ("impact-findings", findings(a), findings(b)),
    ];
    let said: Vec<String> = parts
        .iter()
        .filter(|(_, before, after)| before != after)
        .map(|(name, before, after)| say_named(language, name, &[("before", before), ("after", after)]))
        .collect();
    format!("  {}: {}", a.project.code, said.join("; "))
}
