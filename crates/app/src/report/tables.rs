//! The tables of a report.

use super::{Cell, Table};
use crate::Language;
use crate::known::KnownCity;
use assess::{Assessment, Fact, Finding, ProjectLine, State};
use kernel::{Exact, Origin};
use law::Law;
use linkage::projects::{Place, Stage};
use linkage::works::By;
use phrases::say_named;

/// Most source rows named for one line.
const ROWS_NAMED_MAX: usize = 12;

fn rows_text(city: &KnownCity, origins: &[Origin]) -> Cell {
    let mut named: Vec<String> = origins.iter().take(ROWS_NAMED_MAX).map(|o| city.origin_text(*o)).collect();
    if origins.len() > ROWS_NAMED_MAX {
        named.push(format!("+{}", origins.len() - ROWS_NAMED_MAX));
    }
    Cell::text(named.join("; "))
}

fn money(value: Option<Exact>) -> Cell {
    value.map_or(Cell::Empty, Cell::Money)
}

/// The next step of a project: that of its gravest finding.
pub(super) fn next_step(line: &ProjectLine<'_>, language: Language) -> String {
    line.findings
        .first()
        .map_or_else(String::new, |code| say_named(language, &format!("finding-{}-next", code.name()), &[]))
}

/// Projects.
pub(super) fn projects(city: &KnownCity, a: &Assessment<'_>, language: Language) -> Table {
    let mut t = Table::new(
        "projects",
        &[
            "project",
            "name",
            "agency",
            "place",
            "year",
            "class",
            "possible_word",
            "role",
            "stage",
            "plans",
            "packages",
            "contract_number",
            "order_date",
            "order_date_source",
            "start",
            "start_source",
            "end",
            "end_source",
            "value",
            "value_source",
            "vendor",
            "state",
            "fact",
            "fact_date",
            "deadline",
            "days_covered",
            "days_registering",
            "days_window",
            "days_exposed",
            "days_unknown",
            "uncovered_days",
            "uncovered_worker_days",
            "uncovered_worker_days_other_reading",
            "heads",
            "due",
            "paid",
            "registrations",
            "serves",
            "findings",
            "next_step",
            "rows",
        ],
    );
    for line in &a.lines {
        let p = line.project;
        let (fact, fact_date) = match (line.ledger.spans.last(), line.ledger.missing) {
            (Some(span), _) => span.fact.parts(),
            (None, Some(missing)) => (missing.name(), None),
            (None, None) => ("not_begun", p.start.map(|s| s.value)),
        };
        let word = match &p.class {
            linkage::class::Class::Possible(word) => word.clone(),
            _ => String::new(),
        };
        let packages: Vec<String> = p.packages.iter().map(ToString::to_string).collect();
        let findings: Vec<&str> = line.findings.iter().map(|c| c.name()).collect();
        let days = |s: State| Cell::count(line.ledger.days(s));
        let known = |w: &assess::protection::WorkerDays| {
            if w.days_without_heads > 0 { Cell::Empty } else { Cell::count(w.known()) }
        };
        t.push(vec![
            Cell::text(&p.code),
            Cell::text(&p.name),
            Cell::text(&p.agency),
            Cell::text(p.place.clone().unwrap_or_default()),
            p.year.map_or(Cell::Empty, |y| Cell::Int(i64::from(y))),
            Cell::text(p.class.name()),
            Cell::text(word),
            Cell::text(role_name(p.role)),
            Cell::text(p.stage.name()),
            Cell::text(p.plans.join("; ")),
            Cell::text(packages.join("; ")),
            Cell::text(p.contract_number.clone().unwrap_or_default()),
            Cell::date(p.order_date.map(|d| d.value)),
            Cell::text(p.order_date.map_or("", |d| d.source.name())),
            Cell::date(p.start.map(|d| d.value)),
            Cell::text(p.start.map_or("", |d| d.source.name())),
            Cell::date(p.end.map(|d| d.value)),
            Cell::text(p.end.map_or("", |d| d.source.name())),
            money(p.value.map(|v| v.value)),
            Cell::text(p.value.map_or("", |v| v.source.name())),
            Cell::text(&p.vendor.name),
            Cell::text(line.ledger.standing.name()),
            Cell::text(fact),
            Cell::date(fact_date),
            Cell::date(line.deadline),
            days(State::Covered),
            days(State::Registering),
            days(State::Window),
            days(State::Exposed),
            days(State::Unknown),
            Cell::count(line.ledger.uncovered()),
            known(&line.ledger.strict),
            known(&line.ledger.lenient),
            line.heads.map_or(Cell::Empty, |h| Cell::count(u64::from(h))),
            line.due.map_or(Cell::Empty, |d| Cell::Int(d.0)),
            Cell::Money(line.paid),
            Cell::text(line.registrations.join("; ")),
            Cell::text(p.serves.clone().unwrap_or_default()),
            Cell::text(findings.join("; ")),
            Cell::text(next_step(line, language)),
            rows_text(city, &p.origins),
        ]);
    }
    t
}

pub(crate) fn role_name(role: linkage::class::Role) -> &'static str {
    match role {
        linkage::class::Role::Works => "works",
        linkage::class::Role::Planning => "planning",
        linkage::class::Role::Supervision => "supervision",
        linkage::class::Role::Management => "management",
    }
}

/// Spans. A project whose days cannot be counted has one line without days that names what is
/// missing.
pub(super) fn protection(city: &KnownCity, a: &Assessment<'_>) -> Table {
    let mut t = Table::new(
        "protection",
        &["project", "from", "to", "days", "state", "state_other_reading", "fact", "fact_date", "rows"],
    );
    for line in &a.lines {
        for span in &line.ledger.spans {
            let (fact, date) = span.fact.parts();
            let origins: Vec<Origin> = span.origin.into_iter().collect();
            t.push(vec![
                Cell::text(&line.project.code),
                Cell::Date(span.from),
                Cell::Date(span.to),
                Cell::count(u64::from(span.days())),
                Cell::text(span.state.name()),
                Cell::text(span.lenient.name()),
                Cell::text(fact),
                Cell::date(date),
                rows_text(city, &origins),
            ]);
        }
        if let (true, Some(missing)) = (line.ledger.spans.is_empty(), line.ledger.missing) {
            t.push(vec![
                Cell::text(&line.project.code),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::text(State::Unknown.name()),
                Cell::text(State::Unknown.name()),
                Cell::text(missing.name()),
                Cell::Empty,
                Cell::Empty,
            ]);
        }
    }
    t
}

/// The article a finding rests on, as of a day, and how sure we are.
pub(crate) fn basis(finding: &Finding, day: kernel::Date, law: &Law) -> (String, &'static str) {
    let path = finding.code.law_path();
    let reading = law.at(finding.since.unwrap_or(day)).reading(path).or_else(|_| law.at(day).reading(path));
    reading.map_or((String::new(), ""), |r| {
        (format!("{}, {}", r.citation.instrument, r.citation.article), r.confidence.name())
    })
}

fn facts_text(facts: &[Fact]) -> String {
    facts.iter().map(|f| format!("{}={}", f.name, f.value)).collect::<Vec<_>>().join("; ")
}

/// Findings.
pub(super) fn findings(city: &KnownCity, a: &Assessment<'_>, language: Language, law: &Law) -> Table {
    let mut t = Table::new(
        "findings",
        &[
            "finding",
            "title",
            "project",
            "name",
            "agency",
            "registration",
            "since",
            "amount",
            "contested",
            "facts",
            "basis",
            "confidence",
            "next_step",
            "rows",
        ],
    );
    let by_code: std::collections::BTreeMap<&str, &ProjectLine<'_>> =
        a.lines.iter().map(|l| (l.project.code.as_str(), l)).collect();
    for f in &a.findings {
        let project = f.project.as_deref().and_then(|c| by_code.get(c)).map(|l| l.project);
        let (article, confidence) = basis(f, kernel::Date::MAX, law);
        t.push(vec![
            Cell::text(f.code.name()),
            Cell::text(say_named(language, &format!("finding-{}", f.code.name()), &[])),
            Cell::text(f.project.clone().unwrap_or_default()),
            Cell::text(project.map_or("", |p| p.name.as_str())),
            Cell::text(project.map_or("", |p| p.agency.as_str())),
            Cell::text(f.registration.clone().unwrap_or_default()),
            Cell::date(f.since),
            f.amount.map_or(Cell::Empty, |x| Cell::Int(x.0)),
            Cell::text(if f.contested { "contested" } else { "" }),
            Cell::text(facts_text(&f.facts)),
            Cell::text(article),
            Cell::text(confidence),
            Cell::text(say_named(language, &format!("finding-{}-next", f.code.name()), &[])),
            rows_text(city, &f.origins),
        ]);
    }
    t
}

fn bars_text(bars: &[linkage::Bar]) -> String {
    bars.iter()
        .map(|b| format!("{}={} ({:+.2})", b.comparison, b.level, f64::from(b.weight) / 100.0))
        .collect::<Vec<_>>()
        .join("; ")
}

/// Links with their waterfall.
pub(super) fn links(city: &KnownCity) -> Table {
    let mut t = Table::new("links", &["registration", "registration_name", "project", "name", "weight", "by", "why"]);
    for link in &city.linked.links {
        let (r, p) = (&city.records.registrations[link.registration], &city.built.projects[link.project]);
        let by = match link.by {
            By::Score => "score",
            By::Sum => "sum",
            By::Decision => "decision",
        };
        t.push(vec![
            Cell::text(&r.number),
            Cell::text(&r.name),
            Cell::text(&p.code),
            Cell::text(&p.name),
            Cell::Int(i64::from(link.weight)),
            Cell::text(by),
            Cell::text(bars_text(&link.bars)),
        ]);
    }
    t
}

/// Contracted or awarded projects without a registration.
pub(super) fn unmatched_procurement(a: &Assessment<'_>) -> Table {
    let mut t =
        Table::new("unmatched_procurement", &["project", "name", "agency", "vendor", "value", "order_date", "state"]);
    for line in a
        .lines
        .iter()
        .filter(|l| l.project.class.is_duty() && l.project.stage >= Stage::Awarded && l.registrations.is_empty())
    {
        let p = line.project;
        t.push(vec![
            Cell::text(&p.code),
            Cell::text(&p.name),
            Cell::text(&p.agency),
            Cell::text(&p.vendor.name),
            money(p.value.map(|v| v.value)),
            Cell::date(p.order_date.map(|d| d.value)),
            Cell::text(line.ledger.standing.name()),
        ]);
    }
    t
}

/// Registrations without project, or waiting for a decision.
pub(super) fn unmatched_insurer(city: &KnownCity) -> Table {
    let mut t = Table::new(
        "unmatched_insurer",
        &[
            "registration",
            "registration_name",
            "vendor",
            "order_number",
            "value",
            "registered",
            "status",
            "options",
            "why",
            "rows",
        ],
    );
    let reviews: std::collections::BTreeMap<usize, &linkage::works::Review> =
        city.linked.reviews.iter().map(|r| (r.registration, r)).collect();
    let mut all: Vec<usize> = city.linked.unmatched.iter().copied().chain(reviews.keys().copied()).collect();
    all.sort_unstable();
    for i in all {
        let r = &city.records.registrations[i];
        let review = reviews.get(&i);
        let options = review.map_or_else(String::new, |v| {
            v.options
                .iter()
                .map(|(p, w)| format!("{} ({w})", city.built.projects[*p].code))
                .collect::<Vec<_>>()
                .join("; ")
        });
        t.push(vec![
            Cell::text(&r.number),
            Cell::text(&r.name),
            Cell::text(&r.firm),
            Cell::text(r.order_number.clone().unwrap_or_default()),
            money(r.value),
            Cell::date(r.registered),
            Cell::text(if review.is_some() { "review" } else { "unmatched" }),
            Cell::text(options),
            Cell::text(review.map_or_else(String::new, |v| bars_text(&v.bars))),
            rows_text(city, &[r.origin]),
        ]);
    }
    t
}

/// Treasury payments of no known project: contracts that nobody recorded hide here.
pub(super) fn unmatched_treasury(city: &KnownCity) -> Table {
    let mut t = Table::new(
        "unmatched_treasury",
        &["payment", "date", "value", "payee", "agency", "contract_number", "account", "description", "rows"],
    );
    for (payment, _) in city.records.treasury.iter().zip(&city.treasury).filter(|(_, project)| project.is_none()) {
        t.push(vec![
            Cell::text(&payment.number),
            Cell::date(payment.date),
            money(payment.value),
            Cell::text(&payment.payee),
            Cell::text(payment.agency.clone().unwrap_or_default()),
            Cell::text(payment.contract_number.clone().unwrap_or_default()),
            Cell::text(payment.account.clone().unwrap_or_default()),
            Cell::text(&payment.description),
            rows_text(city, &[payment.origin]),
        ]);
    }
    t
}

/// The sheet on which officers decide: fill `putusan` and `oleh`, then import it.
pub(super) fn review(city: &KnownCity) -> Table {
    let mut t =
        Table::new("review", &["no_proyek", "proyek", "putusan", "oleh", "alasan", "nama_pendaftaran", "nama_kontrak"]);
    for v in &city.linked.reviews {
        let r = &city.records.registrations[v.registration];
        for (p, _) in &v.options {
            let p = &city.built.projects[*p];
            t.push(vec![
                Cell::text(&r.number),
                Cell::text(&p.code),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::text(&r.name),
                Cell::text(&p.name),
            ]);
        }
    }
    t
}

/// Rows by register and place.
pub(super) fn accounting(city: &KnownCity, language: Language) -> Table {
    let mut t = Table::new("accounting", &["register", "place", "place_name", "count"]);
    for place in Place::ALL {
        for ((register, p), count) in city.accounting.iter().filter(|((_, p), _)| *p == place) {
            t.push(vec![
                Cell::text(register),
                Cell::text(p.name()),
                Cell::text(say_named(language, &format!("place-{}", p.name()), &[])),
                Cell::count(*count),
            ]);
        }
    }
    t
}
