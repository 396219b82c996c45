//! One project, with the day, the fact and the row that decide each thing said about it.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::bar_lines;
use crate::site::Site;
use app::desk::evidence::{Evidence, Registered, Sourced, fact_words};
use app::desk::letters::LETTERED;
use askama::Template;
use authz::{Action, Finding, Letter, Project, Read, Resource, may};
use kernel::Exact;
use law::contribution::{Base, Case};
use serde::Deserialize;
use std::collections::BTreeMap;
use store::{FindingQuery, OPEN, ProjectRow};

/// Units of the ribbon's drawing.
const WIDTH: u64 = 1_000;

struct RibbonPart {
    state: String,
    lenient: String,
    contested: bool,
    x: u64,
    width: u64,
    label: String,
    period: String,
    days: u32,
    fact: String,
    source: String,
}

struct FindingCard {
    code: String,
    mark: String,
    standing: String,
    /// A letter about it may be written.
    may_write: bool,
    name: String,
    detail: String,
    next: String,
    basis: String,
    sources: Vec<String>,
}

struct FactLine {
    name: String,
    value: String,
    source: String,
}

struct RegistrationCard {
    r: Registered,
    bars: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "project.html")]
struct Page {
    f: Frame,
    today: String,
    known_on: String,
    unknown_then: bool,
    tone: &'static str,
    reason: String,
    next_step: String,
    ribbon: Vec<RibbonPart>,
    missing: String,
    workers: String,
    findings: Vec<FindingCard>,
    /// Letters: id, kind, number or state.
    letters: Vec<(i64, String, String)>,
    facts: Vec<FactLine>,
    packages: String,
    plans: String,
    contribution: Vec<String>,
    registrations: Vec<RegistrationCard>,
    source_count: String,
    /// Registrations may be added and let go.
    may_match: bool,
    /// The people on it may be seen.
    may_people: bool,
    may_gate: bool,
    p: ProjectRow,
    e: Evidence,
}

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// A day, as ISO: what was known by the end of it.
    diketahui: String,
}

/// Findings of a project looked up at most; beyond, they show as open.
const FINDINGS_MAX: usize = 200;

/// `/proyek/{code}`
pub(crate) fn page(site: &Site, caller: &Caller, code: &str, asked: &Asked) -> Outcome {
    let permit = caller.permit::<Read, Project>()?;
    let found = site.desk.read(|s| s.project(&permit, code).map_err(Trouble::from))?;
    let mut p = found.ok_or(Trouble::NotFound)?;
    let today = app::clock::today();
    // A day that makes no sense, or has not come, is today.
    let known_on = asked.diketahui.parse::<kernel::Date>().ok().filter(|day| *day < today);
    let mut unknown_then = false;
    if let Some(day) = known_on {
        match app::desk::picture::as_known_on(&site.desk, code, day)? {
            Some(then) => p = then,
            None => unknown_then = true,
        }
    }
    let standings = match (authz::permit::<Read, Finding>(&caller.actor), known_on) {
        (Some(permit), None) => standings(site, &permit, code)?,
        _ => BTreeMap::new(),
    };
    let e: Evidence = serde_json::from_str(&p.body).map_err(|error| app::Fault(error.to_string()))?;
    let may_write = known_on.is_none() && may(&caller.actor, Action::Change, Resource::Letter);
    let f = Frame::of(site, caller, "web-nav-projects", "/proyek");
    let view = Page {
        today: today.to_string(),
        known_on: known_on.map_or_else(String::new, |d| d.to_string()),
        unknown_then,
        tone: match p.state.as_str() {
            "covered" => "good",
            "exposed" => "bad",
            "registering" | "window" => "warn",
            _ => "",
        },
        reason: reason(&f, &p, &e),
        next_step: if p.gravest.is_empty() {
            String::new()
        } else {
            f.word("finding-", &format!("{}-next", p.gravest))
        },
        ribbon: ribbon(&f, &e),
        missing: if e.missing.is_empty() { String::new() } else { f.word("missing-", &e.missing) },
        workers: workers(&f, &e),
        findings: findings(&f, &e, &standings, may_write),
        letters: letters(site, caller, &f, code)?,
        facts: facts(&f, &e),
        packages: e.packages.join(", "),
        plans: e.plans.join(", "),
        contribution: contribution_of(site, caller, &e).map_or_else(Vec::new, |a| a.lines),
        registrations: e
            .registrations
            .iter()
            .map(|r| RegistrationCard { bars: bar_lines(caller, &r.bars), r: r.clone() })
            .collect(),
        source_count: f.u(&(e.sources.len() as u64)),
        may_gate: may(&caller.actor, Action::Read, Resource::Gate),
        may_people: may(&caller.actor, Action::Read, Resource::Person),
        may_match: known_on.is_none() && may(&caller.actor, Action::Decide, Resource::Match),
        f,
        p,
        e,
    };
    Ok(Answer::Page(view.render()?))
}

fn fact_text(f: &Frame, fact: &str, date: &str) -> String {
    match phrases::Key::find(&format!("web-fact-{fact}")) {
        Some(key) => phrases::say(f.language, key, &[("date", &f.date(date))]),
        None => f.word("missing-", fact),
    }
}

fn reason(f: &Frame, p: &ProjectRow, e: &Evidence) -> String {
    match e.spans.last() {
        Some(span) if p.state != "ended" => fact_text(f, &span.fact, &span.fact_date),
        _ => f.word("state-", &format!("{}-means", p.state)),
    }
}

fn ribbon(f: &Frame, e: &Evidence) -> Vec<RibbonPart> {
    let total: u64 = e.spans.iter().map(|s| u64::from(s.days)).sum::<u64>().max(1);
    let mut before = 0u64;
    e.spans
        .iter()
        .map(|s| {
            let from = before * WIDTH / total;
            before += u64::from(s.days);
            let to = before * WIDTH / total;
            let period =
                if s.from == s.to { f.date(&s.from) } else { format!("{} – {}", f.date(&s.from), f.date(&s.to)) };
            let fact = fact_text(f, &s.fact, &s.fact_date);
            RibbonPart {
                label: format!("{period}: {}. {fact}", f.word("state-", &s.state)),
                contested: s.state != s.lenient,
                state: s.state.clone(),
                lenient: s.lenient.clone(),
                x: from,
                width: (to - from).max(2),
                period,
                days: s.days,
                fact,
                source: s.source.clone(),
            }
        })
        .collect()
}

fn workers(f: &Frame, e: &Evidence) -> String {
    let [roster, heads, without] = e.worker_days.map(|n| f.u(&n));
    phrases::say_named(f.language, "web-worker-days", &[("roster", &roster), ("heads", &heads), ("without", &without)])
}

/// Letters about a project, for whoever may see letters.
fn letters(site: &Site, caller: &Caller, f: &Frame, code: &str) -> Result<Vec<(i64, String, String)>, Trouble> {
    let Some(permit) = authz::permit::<Read, Letter>(&caller.actor) else { return Ok(Vec::new()) };
    let rows = site.desk.read(|s| s.letters_of_project(&permit, code).map_err(Trouble::from))?;
    let line = |l: &store::LetterRow| match (&l.number, &l.dated) {
        (Some(number), Some(dated)) => format!("{number}, {}", f.date(dated)),
        _ => f.word("letter-state-", l.state.name()),
    };
    Ok(rows.iter().map(|l| (l.id, f.word("letter-kind-", &l.kind), line(l))).collect())
}

/// How each finding of a project stands, by its mark.
fn standings(
    site: &Site,
    permit: &authz::Permit<Read, Finding>,
    code: &str,
) -> Result<BTreeMap<String, String>, Trouble> {
    let query = FindingQuery { project: Some(code.to_owned()), limit: FINDINGS_MAX, ..FindingQuery::default() };
    let rows = site.desk.read(|s| s.finding_page(permit, &query).map_err(Trouble::from))?;
    Ok(rows.into_iter().map(|r| (r.mark, r.standing)).collect())
}

fn findings(f: &Frame, e: &Evidence, standings: &BTreeMap<String, String>, may_write: bool) -> Vec<FindingCard> {
    e.findings
        .iter()
        .map(|x| {
            let mut detail: Vec<String> = Vec::new();
            if !x.since.is_empty() {
                detail.push(f.t1("web-since", "date", &f.date(&x.since)));
            }
            if let Some(amount) = x.amount {
                detail.push(f.rp(&amount));
            }
            detail.extend(x.facts.iter().map(|(name, value)| fact_pair(f, name, value)));
            if x.contested {
                detail.push(f.t("web-contested"));
            }
            FindingCard {
                code: x.code.clone(),
                may_write: may_write && LETTERED.contains(&x.code.as_str()),
                mark: x.mark.clone(),
                standing: standings.get(&x.mark).map_or(OPEN, String::as_str).to_owned(),
                name: f.word("finding-", &x.code),
                detail: detail.join("; "),
                next: f.word("finding-", &format!("{}-next", x.code)),
                basis: format!("{} ({})", x.basis, f.word("confidence-", &x.confidence)),
                sources: x.sources.clone(),
            }
        })
        .collect()
}

/// A fact of a finding in words; days as people write them.
pub(crate) fn fact_pair(f: &Frame, name: &str, value: &str) -> String {
    let (word, shown) = fact_words(name, value, f.language);
    format!("{word}: {shown}")
}

fn facts(f: &Frame, e: &Evidence) -> Vec<FactLine> {
    let source = |s: &Sourced| f.word("web-source-", &s.source);
    let day = |name: &str, s: &Option<Sourced>| {
        s.as_ref().map(|s| FactLine { name: f.t(name), value: f.date(&s.value), source: source(s) })
    };
    let mut out: Vec<FactLine> = Vec::new();
    out.extend(day("web-order-date", &e.order));
    out.extend(day("web-start", &e.start));
    out.extend(day("web-end", &e.end));
    out.extend(e.value.as_ref().map(|v| FactLine {
        name: f.t("web-col-value"),
        value: f.rp(&v.value.parse().unwrap_or(0)),
        source: source(v),
    }));
    for (date, value, end) in &e.addenda {
        let mut parts = Vec::new();
        parts.extend(value.map(|v| f.rp(&v)));
        if !end.is_empty() {
            parts.push(f.t1("web-until", "date", &f.date(end)));
        }
        out.push(FactLine { name: f.t("web-addendum"), value: parts.join(", "), source: f.date(date) });
    }
    if !e.handover.is_empty() {
        out.push(FactLine { name: f.t("web-handover"), value: f.date(&e.handover), source: String::new() });
    }
    out
}

/// Step by step, from the value and the day of the order; nothing where either is only a plan.
pub(crate) fn contribution_of(site: &Site, caller: &Caller, e: &Evidence) -> Option<app::legal::Answer> {
    let (value, order) = (e.value.as_ref()?, e.order.as_ref().or(e.start.as_ref())?);
    let (amount, date) = (value.value.parse::<i64>().ok()?, order.value.parse().ok()?);
    if matches!(value.source.as_str(), "estimate" | "budget") {
        return None;
    }
    let case = Case::new(Base::Gross(Exact::whole(amount)), date);
    app::legal::contribution(&case, &site.desk.law, caller.language()).ok()
}
