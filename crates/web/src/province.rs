//! Several cities side by side, under an address of their own: only those that agreed to it, only what each of them publishes as open data anyhow.

use crate::answer::Trouble;
use crate::assets;
use crate::frame::Frame;
use crate::site::Site;
use app::rollup::{self, Card, Comparison, Row};
use app::{Language, words};
use askama::Template;
use authz::{Actor, Coverage, Export, permit};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use std::sync::{Arc, Mutex, PoisonError};

/// What is compared, and what it is called.
pub struct Province {
    /// Its name.
    pub name: String,
    /// Cities that agreed, by the name each is known by.
    pub cities: Vec<(String, Arc<Site>)>,
    kept: Mutex<Option<(i64, Arc<Compared>)>>,
}

/// A comparison, and cities whose data could not be read.
struct Compared {
    all: Comparison,
    lost: Vec<String>,
}

/// Seconds a comparison is kept.
const FRESH_SECONDS: i64 = 60;

struct RowView {
    name: String,
    href: String,
    as_of: String,
    is_old: bool,
    made_up: bool,
    counts: [String; 4],
    share: String,
    interval: String,
    bar: u64,
    apart: String,
    days: String,
    people: [String; 2],
}

struct BaseView {
    name: String,
    rows: Vec<(String, String, String, String)>,
}

#[derive(Template)]
#[template(path = "province.html")]
struct Page {
    f: Frame,
    name: String,
    rows: Vec<RowView>,
    sum: Option<RowView>,
    bases: Vec<BaseView>,
    lost: Vec<String>,
    note: String,
}

fn percent(f: &Frame, ppm: u64) -> String {
    words::share_text(i64::try_from(ppm).unwrap_or(i64::MAX), 1, f.language)
}

fn people(f: &Frame, card: &Card) -> [String; 2] {
    let all = card.people.iter().find(|p| p.segment == "all");
    let count = |n: Option<u64>| n.map_or_else(|| "…".to_owned(), |n| f.u(&n));
    [all.and_then(|p| p.registered), all.and_then(|p| p.active)].map(count)
}

fn state(card: &Card, name: &str) -> u64 {
    card.states.get(name).copied().unwrap_or(0)
}

fn row(f: &Frame, r: &Row) -> RowView {
    let c = &r.card;
    RowView {
        name: c.name.clone(),
        href: c.address.clone(),
        as_of: f.date(&c.as_of),
        is_old: r.is_old,
        made_up: c.made_up,
        counts: [c.projects, state(c, "exposed"), state(c, "covered"), state(c, "unknown")].map(|n| f.u(&n)),
        share: r.exposed.map_or_else(|| "…".to_owned(), |[ppm, ..]| percent(f, ppm)),
        interval: r
            .exposed
            .map(|[_, low, high]| format!("{} – {}", percent(f, low), percent(f, high)))
            .unwrap_or_default(),
        bar: r.exposed.map_or(0, |[ppm, ..]| ppm / 10_000),
        apart: if r.apart.is_empty() { String::new() } else { f.word("rollup-", r.apart) },
        days: r.days_each.map_or_else(|| "…".to_owned(), |n| f.tenths(n)),
        people: people(f, c),
    }
}

/// Denominators of the same name, segment and month, city by city: others do not compare.
fn bases(f: &Frame, all: &Comparison) -> Vec<BaseView> {
    let mut names: Vec<(String, String, String)> = Vec::new();
    for b in all.rows.iter().flat_map(|r| &r.card.bases) {
        let key = (b.name.clone(), b.segment.clone(), b.month.clone());
        if !names.contains(&key) {
            names.push(key);
        }
    }
    names.sort();
    let view = |(name, segment, month): &(String, String, String)| {
        let of = |r: &Row| {
            let b = r.card.bases.iter().find(|b| b.name == *name && b.segment == *segment && b.month == *month)?;
            let share = b.share_ppm.map_or_else(|| f.t("coverage-withheld"), |ppm| percent(f, ppm));
            let source = format!("{}, {}", b.source, f.date(&b.dated));
            Some((r.card.name.clone(), f.u(&b.count), share, source))
        };
        BaseView {
            name: format!("{name}, {} ({month})", f.word("segment-", if segment.is_empty() { "all" } else { segment })),
            rows: all.rows.iter().filter_map(of).collect(),
        }
    };
    names.iter().map(view).collect()
}

impl Province {
    /// Of a name, with cities that agreed.
    #[must_use]
    pub fn new(name: String, cities: Vec<(String, Arc<Site>)>) -> Self {
        Self { name, cities, kept: Mutex::new(None) }
    }

    /// The comparison, made anew after a minute; whoever asks meanwhile waits for it.
    fn compared(&self) -> Result<Arc<Compared>, Trouble> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let now = app::clock::seconds();
        if let Some((_, compared)) = kept.as_ref().filter(|(at, _)| (0..FRESH_SECONDS).contains(&(now - at))) {
            return Ok(Arc::clone(compared));
        }
        let export = permit::<Export, Coverage>(&Actor::public()).ok_or(Trouble::NotAllowed)?;
        let (mut cards, mut lost, mut least) = (Vec::new(), Vec::new(), 0);
        for (name, site) in &self.cities {
            let law = site.desk.law.at(app::clock::today());
            let own = law.number("assessment/compare_projects_min").map_err(|e| app::Fault(format!("{e:?}")))?.0;
            // The most careful of them.
            least = least.max(u64::try_from(own).unwrap_or(0));
            match rollup::card(&site.desk, &export, name) {
                Ok(card) => cards.extend(card),
                // One city's fault is not the others'.
                Err(fault) => {
                    eprintln!("{{\"level\":\"error\",\"province\":{:?},\"fault\":{:?}}}", self.name, fault.0);
                    lost.push(name.clone());
                }
            }
        }
        let compared = Arc::new(Compared { all: rollup::compare(cards, &self.name, least), lost });
        *kept = Some((now, Arc::clone(&compared)));
        Ok(compared)
    }

    fn page(&self, language: Language) -> Result<String, Trouble> {
        let compared = self.compared()?;
        let all = &compared.all;
        let f = Frame::plain(language, "rollup-title");
        let whole = Row {
            exposed: all.exposed,
            apart: "",
            days_each: (all.sum.projects >= all.least.max(1))
                .then(|| all.sum.uncovered_project_days.saturating_mul(10) / all.sum.projects.max(1)),
            is_old: false,
            card: all.sum.clone(),
        };
        let page = Page {
            name: self.name.clone(),
            rows: all.rows.iter().map(|r| row(&f, r)).collect(),
            sum: (all.sum.cities > 0).then(|| row(&f, &whole)),
            bases: bases(&f, all),
            lost: compared.lost.iter().map(|name| f.t1("rollup-lost", "name", name)).collect(),
            note: f.t1("rollup-note", "least", &f.u(&all.least)),
            f,
        };
        Ok(page.render()?)
    }
}

type P = State<Arc<Province>>;

fn answered(made: Result<Response, Trouble>) -> Response {
    made.unwrap_or_else(|_| {
        (StatusCode::INTERNAL_SERVER_ERROR, "Kerusakan di pihak kami. A fault of ours.\n").into_response()
    })
}

/// Pages wait for the disk away from the threads that answer.
async fn made(
    province: Arc<Province>,
    make: impl FnOnce(&Province) -> Result<Response, Trouble> + Send + 'static,
) -> Response {
    let is_secure = province.cities.iter().any(|(_, site)| site.settings.secure);
    let done = tokio::task::spawn_blocking(move || make(&province)).await;
    let mut response = answered(done.unwrap_or(Err(Trouble::NotFound)));
    let headers = response.headers_mut();
    let set = [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
    ];
    if is_secure {
        headers.insert("strict-transport-security", HeaderValue::from_static("max-age=31536000"));
    }
    for (name, value) in set {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    response
}

/// Indonesian, unless the browser asks for English only, or the address does.
fn language(headers: &HeaderMap, address: &str) -> Language {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    match address {
        "en" => Language::English,
        "id" => Language::Indonesian,
        _ if asked.starts_with("en") && !asked.contains("id") => Language::English,
        _ => Language::Indonesian,
    }
}

/// Its pages: the comparison in both languages, as CSV, and its own card.
pub fn province(province: Province) -> Router {
    let page = |State(province): P, headers: HeaderMap| {
        let language = language(&headers, "");
        made(province, move |p| Ok(Html(p.page(language)?).into_response()))
    };
    let in_language = |State(province): P, Path(code): Path<String>, headers: HeaderMap| {
        let language = language(&headers, &code);
        made(province, move |p| Ok(Html(p.page(language)?).into_response()))
    };
    let table = |State(province): P| {
        made(province, |p| {
            let csv = rollup::csv(&p.compared()?.all)?;
            Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], csv).into_response())
        })
    };
    let card = |State(province): P| made(province, |p| Ok(axum::Json(&p.compared()?.all.sum).into_response()));
    Router::new()
        .route("/", get(page))
        .route("/bahasa/{code}", get(in_language))
        .route("/angka.csv", get(table))
        .route("/kartu.json", get(card))
        .route(
            "/aset/{name}",
            get(|Path(name): Path<String>| async move {
                assets::serve(&name).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
            }),
        )
        .with_state(Arc::new(province))
}
