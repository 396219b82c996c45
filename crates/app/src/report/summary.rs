//! `summary.json`: the figures of a report, for machines.

use crate::known::KnownCity;
use crate::monev::Request;
use assess::{Assessment, FindingCode, Standing, State};
use law::Law;
use linkage::projects::Place;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

fn states(counts: &BTreeMap<State, u64>) -> Value {
    let entries = State::ALL.iter().map(|s| (s.name().to_owned(), json!(counts.get(s).copied().unwrap_or(0))));
    Value::Object(entries.collect::<Map<_, _>>())
}

pub(super) fn summary(city: &KnownCity, a: &Assessment<'_>, request: &Request, law: &Law) -> Value {
    let t = &a.totals;
    let findings: Map<String, Value> = FindingCode::ALL
        .iter()
        .map(|code| (code.name().to_owned(), json!(a.findings.iter().filter(|f| f.code == *code).count())))
        .collect();
    let mut places: BTreeMap<&str, u64> = Place::ALL.iter().map(|p| (p.name(), 0)).collect();
    for ((_, place), count) in &city.accounting {
        *places.entry(place.name()).or_default() += count;
    }
    let stages: Map<String, Value> = t.by_stage.iter().map(|(s, n)| (s.name().to_owned(), json!(n))).collect();
    let workers = |w: &assess::protection::WorkerDays| json!({ "by_roster": w.by_roster, "by_heads": w.by_heads, "total": w.known(), "project_days_without_heads": w.days_without_heads });
    let standings: Map<String, Value> = Standing::ALL
        .iter()
        .map(|s| (s.name().to_owned(), json!(t.by_standing.get(s).copied().unwrap_or(0))))
        .collect();
    let k = city.knowledge();
    json!({
        "as_of": request.as_of.to_string(),
        "known_on": request.known_on.map(|d| d.to_string()),
        "agency": request.agency,
        "made_up": city.is_made_up(),
        "law": law.fingerprint(),
        "law_layers": law.layers(),
        "lists_loaded": { "registrations": k.registrations, "premiums": k.premiums, "workers": k.workers },
        "projects": {
            "duty": t.projects,
            "by_state": standings,
            "by_stage": stages,
            "by_source": t.by_source,
            "by_class": t.by_class,
        },
        "days": { "by_state": states(&t.days), "by_state_other_reading": states(&t.days_lenient), "uncovered": t.uncovered_days },
        "worker_days": { "uncovered": workers(&t.workers_strict), "uncovered_other_reading": workers(&t.workers_lenient) },
        "findings": findings,
        "links": {
            "linked": city.linked.links.len(),
            "review": city.linked.reviews.len(),
            "unmatched": city.linked.unmatched.len(),
        },
        "agencies": a.agencies.iter().map(|g| json!({
            "agency": g.name, "projects": g.projects, "exposed": g.exposed, "covered": g.covered, "unknown": g.unknown,
            "uncovered_days": g.uncovered_days, "uncovered_worker_days": g.worker_days,
        })).collect::<Vec<_>>(),
        "months": a.months.iter().map(|m| json!({
            "month": format!("{}-{:02}", m.year, m.month), "exposed": m.exposed, "registering": m.registering, "window": m.window,
        })).collect::<Vec<_>>(),
        "accounting": { "rows_in": city.rows_in, "rows_placed": city.rows_placed(), "places": places },
    })
}
