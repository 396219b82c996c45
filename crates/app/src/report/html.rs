//! The page: self-contained, prints well, works without scripts.

use super::tables::{basis, next_step};
use crate::Language;
use crate::known::KnownCity;
use crate::monev::Request;
use crate::words::{count_text, long_date, thousands};
use askama::Template;
use assess::{Assessment, FindingCode, MonthLine, Standing, State};
use kernel::Date;
use kernel::money::grouped;
use law::Law;
use phrases::{Key, key, say, say_named};

/// Exposed projects listed on the page; all of them stand in the CSV.
const EXPOSED_SHOWN: usize = 200;
/// Offices listed on the page.
const AGENCIES_SHOWN: usize = 40;

struct StateRow {
    class: &'static str,
    name: String,
    means: String,
    projects: String,
    days: String,
    share: String,
}

struct AgencyRow {
    agency: String,
    cells: [String; 5],
}

struct ExposedRow {
    name: String,
    code: String,
    agency: String,
    vendor: String,
    since: String,
    days: String,
    due: String,
    next: String,
}

struct FindingRow {
    name: String,
    count: String,
    basis: String,
    next: String,
}

struct BarRow {
    label: String,
    x: usize,
    label_x: usize,
    parts: Vec<(&'static str, usize, usize)>,
    exposed: String,
    registering: String,
    window: String,
    show_label: bool,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    lang: &'static str,
    words: Words,
    made_up: bool,
    as_of: String,
    known_on: Option<String>,
    agency: Option<String>,
    not_loaded: Option<String>,
    empty: bool,
    projects: String,
    uncovered: String,
    uncovered_note: String,
    workers: String,
    workers_note: String,
    other_reading: Option<String>,
    states: Vec<StateRow>,
    bars: Vec<BarRow>,
    chart_width: usize,
    chart_max: String,
    agencies: Vec<AgencyRow>,
    exposed: Vec<ExposedRow>,
    exposed_more: Option<String>,
    findings: Vec<FindingRow>,
    unmatched_insurer: String,
    unmatched_city: String,
    accounting: Vec<(String, String)>,
    accounting_note: String,
    sources: Vec<[String; 5]>,
}

/// The fixed words of the page.
struct Words {
    language: Language,
}

impl Words {
    fn say(&self, key: Key) -> String {
        say(self.language, key, &[])
    }
    fn title(&self) -> String {
        self.say(key::REPORT_TITLE)
    }
    fn w(&self, name: &str) -> String {
        say_named(self.language, &format!("report-{name}"), &[])
    }
}

pub(super) fn page(city: &KnownCity, a: &Assessment<'_>, request: &Request, law: &Law) -> String {
    let l = request.language;
    let n = |count: u64| count_text(count, l);
    let t = &a.totals;
    let k = city.knowledge();
    let missing: Vec<String> = [(k.registrations, "missing-registration_list"), (k.premiums, "missing-payment_list")]
        .into_iter()
        .filter(|(loaded, _)| !loaded)
        .map(|(_, name)| say_named(l, name, &[]))
        .collect();
    let day = |s: State| n(t.days.get(&s).copied().unwrap_or(0));
    let lenient_exposed = t.days_lenient.get(&State::Exposed).copied().unwrap_or(0);
    let strict_exposed = t.days.get(&State::Exposed).copied().unwrap_or(0);
    let differs = lenient_exposed != strict_exposed || t.workers_strict != t.workers_lenient;
    let (bars, chart_width, chart_max) = chart(&a.months, l);
    let page = Page {
        lang: l.code(),
        words: Words { language: l },
        made_up: city.is_made_up(),
        as_of: say(l, key::REPORT_AS_OF, &[("date", &long_date(request.as_of, l))]),
        known_on: request.known_on.map(|d| say(l, key::REPORT_KNOWN_ON, &[("date", &long_date(d, l))])),
        agency: request.agency.as_ref().map(|g| say(l, key::REPORT_AGENCY, &[("agency", g)])),
        not_loaded: (!missing.is_empty()).then(|| say(l, key::REPORT_KNOWLEDGE, &[("lists", &missing.join("; "))])),
        empty: city.tables.is_empty(),
        projects: n(t.projects),
        uncovered: n(t.uncovered_days),
        uncovered_note: say(
            l,
            key::REPORT_UNCOVERED_DAYS_NOTE,
            &[
                ("exposed", &day(State::Exposed)),
                ("registering", &day(State::Registering)),
                ("window", &day(State::Window)),
            ],
        ),
        workers: n(t.workers_strict.known()),
        workers_note: say(
            l,
            key::REPORT_WORKER_DAYS_NOTE,
            &[
                ("roster", &n(t.workers_strict.by_roster)),
                ("heads", &n(t.workers_strict.by_heads)),
                ("without", &n(t.workers_strict.days_without_heads)),
            ],
        ),
        other_reading: differs.then(|| {
            say(
                l,
                key::REPORT_OTHER_READING,
                &[("days", &n(lenient_exposed)), ("workers", &n(t.workers_lenient.known()))],
            )
        }),
        states: states(a, l),
        bars,
        chart_width,
        chart_max,
        agencies: a
            .agencies
            .iter()
            .take(AGENCIES_SHOWN)
            .map(|g| AgencyRow {
                agency: g.name.clone(),
                cells: [n(g.uncovered_days), n(g.worker_days), n(g.exposed), n(g.covered), n(g.unknown)],
            })
            .collect(),
        exposed: exposed(a, l),
        exposed_more: {
            let total = t.by_standing.get(&Standing::Now(State::Exposed)).copied().unwrap_or(0);
            (total > EXPOSED_SHOWN as u64).then(|| {
                say(l, key::REPORT_EXPOSED_MORE, &[("shown", &EXPOSED_SHOWN.to_string()), ("total", &n(total))])
            })
        },
        findings: findings(a, request.as_of, l, law),
        unmatched_insurer: say(
            l,
            key::REPORT_UNMATCHED_INSURER,
            &[("unmatched", &n(city.linked.unmatched.len() as u64)), ("review", &n(city.linked.reviews.len() as u64))],
        ),
        unmatched_city: {
            let open = a.lines.iter().filter(|p| {
                p.project.class.is_duty()
                    && p.project.stage == linkage::projects::Stage::Contracted
                    && p.registrations.is_empty()
            });
            say(l, key::REPORT_UNMATCHED_CITY, &[("projects", &n(open.count() as u64))])
        },
        accounting: accounting(city, l),
        accounting_note: say(
            l,
            key::REPORT_ACCOUNTING_NOTE,
            &[("rows_in", &n(city.rows_in)), ("rows_placed", &n(city.rows_placed()))],
        ),
        sources: city
            .tables
            .iter()
            .map(|f| {
                [
                    f.sheet.as_ref().map_or_else(|| f.file.clone(), |s| format!("{} › {s}", f.file)),
                    f.register.clone(),
                    n(f.rows),
                    n(f.problems),
                    f.recorded_at.get(..10).unwrap_or_default().to_owned(),
                ]
            })
            .collect(),
    };
    page.render().unwrap_or_else(|e| format!("<!-- {e} -->"))
}

fn states(a: &Assessment<'_>, l: Language) -> Vec<StateRow> {
    let n = |count: u64| count_text(count, l);
    let total: u64 = a.totals.days.values().sum();
    Standing::ALL
        .iter()
        .map(|s| {
            let days = match s {
                Standing::Now(state) => Some(a.totals.days.get(state).copied().unwrap_or(0)),
                Standing::Ended | Standing::NotBegun => None,
            };
            let permille = days.map(|d| (d * 1000).checked_div(total).unwrap_or(0));
            StateRow {
                class: s.name(),
                name: say_named(l, &format!("state-{}", s.name()), &[]),
                means: say_named(l, &format!("state-{}-means", s.name()), &[]),
                projects: n(a.totals.by_standing.get(s).copied().unwrap_or(0)),
                days: days.map(n).unwrap_or_default(),
                share: permille.map(|p| format!("{} %", crate::words::tenths_text(p, l))).unwrap_or_default(),
            }
        })
        .collect()
}

fn exposed(a: &Assessment<'_>, l: Language) -> Vec<ExposedRow> {
    let n = |count: u64| count_text(count, l);
    let mut lines: Vec<_> = a.lines.iter().filter(|p| p.project.class.is_duty() && p.ledger.is_exposed()).collect();
    lines.sort_by(|x, y| (y.ledger.uncovered(), &x.project.code).cmp(&(x.ledger.uncovered(), &y.project.code)));
    lines
        .into_iter()
        .take(EXPOSED_SHOWN)
        .map(|p| ExposedRow {
            name: kernel::text::excerpt(&p.project.name, 160),
            code: p.project.code.clone(),
            agency: p.project.agency.clone(),
            vendor: p.project.vendor.name.clone(),
            since: p.ledger.exposed_since().map(|d| d.to_string()).unwrap_or_default(),
            days: n(p.ledger.uncovered()),
            due: p.due.map(|d| format!("Rp{}", grouped(d.0, thousands(l)))).unwrap_or_default(),
            next: next_step(p, l),
        })
        .collect()
}

fn findings(a: &Assessment<'_>, as_of: Date, l: Language, law: &Law) -> Vec<FindingRow> {
    let n = |count: u64| count_text(count, l);
    FindingCode::ALL
        .iter()
        .filter_map(|code| {
            let count = a.findings.iter().filter(|f| f.code == *code).count() as u64;
            let sample = a.findings.iter().find(|f| f.code == *code)?;
            let (article, confidence) = basis(sample, as_of, law);
            let mark = match confidence {
                "unconfirmed" | "judgement" => format!(" ({})", say_named(l, &format!("confidence-{confidence}"), &[])),
                _ => String::new(),
            };
            Some(FindingRow {
                name: say_named(l, &format!("finding-{}", code.name()), &[]),
                count: n(count),
                basis: article + &mark,
                next: say_named(l, &format!("finding-{}-next", code.name()), &[]),
            })
        })
        .collect()
}

fn accounting(city: &KnownCity, l: Language) -> Vec<(String, String)> {
    let n = |count: u64| count_text(count, l);
    linkage::projects::Place::ALL
        .iter()
        .filter_map(|place| {
            let count: u64 = city.accounting.iter().filter(|((_, p), _)| p == place).map(|(_, c)| c).sum();
            (count > 0).then(|| (say_named(l, &format!("place-{}", place.name()), &[]), n(count)))
        })
        .collect()
}

/// Month names under the chart.
const MONTHS_SHORT: [[&str; 12]; 2] = [
    ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
];
/// Height of the chart in its own units.
const CHART_HEIGHT: u64 = 160;
/// Width of one month.
const MONTH_WIDTH: usize = 48;
/// Most months drawn: the latest.
const MONTHS_SHOWN: usize = 36;

fn chart(months: &[MonthLine], l: Language) -> (Vec<BarRow>, usize, String) {
    let n = |count: u64| count_text(count, l);
    let months = &months[months.len().saturating_sub(MONTHS_SHOWN)..];
    let sum = |m: &MonthLine| m.exposed + m.registering + m.window;
    let max = months.iter().map(sum).max().unwrap_or(0).max(1);
    let every = months.len().div_ceil(12).max(1);
    let bars = months
        .iter()
        .enumerate()
        .map(|(i, m)| {
            let mut y = CHART_HEIGHT;
            let parts = [("exposed", m.exposed), ("registering", m.registering), ("window", m.window)]
                .into_iter()
                .map(|(class, days)| {
                    let height = days * CHART_HEIGHT / max;
                    y -= height;
                    (class, y as usize, height as usize)
                })
                .collect();
            let month = MONTHS_SHORT[usize::from(l == Language::English)][usize::try_from(m.month - 1).unwrap_or(0)];
            let label = say(l, key::REPORT_YEAR_MONTH, &[("month", month), ("year", &m.year.to_string())]);
            BarRow {
                label,
                x: i * MONTH_WIDTH + 6,
                label_x: i * MONTH_WIDTH + MONTH_WIDTH / 2,
                parts,
                exposed: n(m.exposed),
                registering: n(m.registering),
                window: n(m.window),
                show_label: i % every == 0,
            }
        })
        .collect();
    (bars, (months.len() * MONTH_WIDTH).max(MONTH_WIDTH * 12), n(max))
}
