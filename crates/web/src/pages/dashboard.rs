//! City figures; each opens to its list.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::{Frame, percent};
use crate::pages::city_map::MapView;
use crate::pages::overview;
use crate::site::Site;
use app::desk::evidence::Overview;
use askama::Template;
use authz::{Figure, Read};

struct BarView {
    label: String,
    /// `2026-05`.
    month: String,
    labelled: bool,
    x: u64,
    total: u64,
    parts: Vec<(&'static str, u64, u64)>,
    values: [u64; 3],
}

#[derive(Template)]
#[template(path = "dashboard.html")]
struct Page {
    f: Frame,
    empty: bool,
    o: Overview,
    days: u64,
    days_note: String,
    rows: String,
    lenient: String,
    bars: Vec<BarView>,
    width: u64,
    max: u64,
    /// Columns of a group's table.
    heads: [String; 6],
    agencies: Group,
    kinds: Group,
    districts: Group,
    m: MapView,
}

/// Projects that have something in common, as a table.
struct Group {
    title: String,
    of: String,
    rows: Vec<GroupRow>,
}

struct GroupRow {
    name: String,
    href: String,
    counts: [u64; 6],
}

/// Months drawn: the latest.
const MONTHS: usize = 24;
/// Height of the drawing.
const HEIGHT: u64 = 160;
/// Width of a month.
const STEP: u64 = 40;

/// `/dasbor`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Figure>()?;
    let f = Frame::of(site, caller, "web-nav-dashboard", "/dasbor");
    let overview = overview(site)?;
    let empty = overview.is_none();
    let mut o = overview.unwrap_or_default();
    super::board::within(&permit, &mut o);
    let [roster, heads, without] = o.worker_days.map(|n| f.u(&n));
    let note = [("roster", roster.as_str()), ("heads", &heads), ("without", &without)];
    let known = |w: [u64; 3]| w[0] + w[1];
    let (bars, width, max) = bars(&f, &o);
    let row = |name, field: &str, value: &str, counts| GroupRow {
        name,
        href: format!("/proyek?{field}={}", percent(value)),
        counts,
    };
    let m = MapView::of(site, &o.districts)?;
    let view = Page {
        empty,
        days: known(o.worker_days),
        days_note: phrases::say_named(f.language, "web-worker-days", &note),
        rows: f.u(&o.rows[0]),
        lenient: if o.worker_days == o.worker_days_lenient {
            String::new()
        } else {
            f.t1("web-dash-lenient", "days", &f.u(&known(o.worker_days_lenient)))
        },
        bars,
        width,
        max,
        m,
        heads: [
            f.t("web-nav-projects"),
            f.word("state-", "exposed"),
            f.word("state-", "covered"),
            f.word("state-", "unknown"),
            f.t("web-col-uncovered"),
            f.t("web-col-workers"),
        ],
        agencies: Group {
            title: f.t("web-dash-agencies"),
            of: f.t("web-col-agency"),
            rows: o.agencies.iter().map(|(name, n)| row(name.clone(), "dinas", name, *n)).collect(),
        },
        kinds: Group {
            title: f.t("web-dash-kinds"),
            of: f.t("web-col-kind"),
            rows: o.kinds.iter().map(|(kind, n)| row(f.word("kind-", kind), "jenis", kind, *n)).collect(),
        },
        districts: Group {
            title: String::new(),
            of: f.t("web-col-district"),
            rows: o.districts.iter().map(|d| row(d.name.clone(), "kecamatan", &d.name, d.counts)).collect(),
        },
        o,
        f,
    };
    Ok(Answer::Page(view.render()?))
}

/// States drawn, from the ground up, with their colour on white.
const DRAWN: [(&str, &str); 3] = [("exposed", "#b3261e"), ("registering", "#a8650c"), ("window", "#6b7c93")];

fn colour(state: &str) -> &'static str {
    DRAWN.iter().find(|(name, _)| *name == state).map_or("#9aa7b3", |(_, colour)| colour)
}

#[derive(Template)]
#[template(path = "months.svg")]
struct Drawing {
    f: Frame,
    bars: Vec<BarView>,
    width: u64,
    max: u64,
    /// Places of square and word, colour, state.
    legend: Vec<(u64, u64, &'static str, &'static str)>,
}

/// `/dasbor/bulan.svg`: the drawing alone, to be put into a report.
pub(crate) fn drawing(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Read, Figure>()?;
    let o = overview(site)?.ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, "web-nav-dashboard", "/dasbor");
    let (bars, width, max) = bars(&f, &o);
    let place = |(i, (state, colour)): (usize, &(&'static str, &'static str))| {
        let x = i as u64 * LEGEND_STEP + 4;
        (x, x + 14, *colour, *state)
    };
    let legend = DRAWN.iter().enumerate().map(place).collect();
    let drawing = Drawing { f, bars, width, max, legend }.render()?;
    let name = "hari-tanpa-perlindungan-per-bulan.svg".to_owned();
    Ok(Answer::File(name, "image/svg+xml; charset=utf-8", drawing.into_bytes()))
}

/// Between two words of the legend.
const LEGEND_STEP: u64 = 160;

fn bars(f: &Frame, o: &Overview) -> (Vec<BarView>, u64, u64) {
    let months = &o.months[o.months.len().saturating_sub(MONTHS)..];
    let max = months.iter().map(|m| m.2.iter().sum::<u64>()).max().unwrap_or(0).max(1);
    let every = months.len().div_ceil(8).max(1);
    let bars = months
        .iter()
        .enumerate()
        .map(|(i, (year, month, values))| {
            let mut y = HEIGHT;
            let parts = DRAWN.iter().zip(values).map(|((state, _), n)| {
                let height = n * HEIGHT / max;
                y -= height;
                (*state, y, height)
            });
            BarView {
                parts: parts.collect(),
                month: format!("{year:04}-{month:02}"),
                label: f.word("web-month-", &month.to_string()) + &format!(" {year}"),
                labelled: i % every == 0,
                x: i as u64 * STEP + 4,
                total: values.iter().sum(),
                values: *values,
            }
        })
        .collect();
    (bars, (months.len() as u64 * STEP).max(STEP * 12) + 40, max)
}
