//! The weeks to come at the counters, their hours of staff, and what done earlier spares them.

use crate::answer::{Answer, Outcome};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::surge::{self, Action, Early, Load, Outlook, Score};
use askama::Template;
use authz::{Coverage, Read};

/// Height of the drawing, and width of a week.
const HEIGHT: u64 = 120;
const STEP: u64 = 26;

struct Bar {
    x: u64,
    y: u64,
    height: u64,
    class: &'static str,
    title: String,
    label: String,
}

struct Row {
    week: String,
    registrations: String,
    payments: String,
    uncovered: String,
    known: [String; 2],
    hours: String,
    times: String,
    is_peak: bool,
}

struct ActionView {
    name: String,
    href: &'static str,
    count: String,
    hours: String,
    spares: String,
    each: String,
    begin: String,
}

#[derive(Template)]
#[template(path = "surge.html")]
struct Page {
    f: Frame,
    is_empty: bool,
    said: String,
    bars: Vec<Bar>,
    width: u64,
    usual_y: u64,
    most: String,
    rows: Vec<Row>,
    actions: Vec<ActionView>,
    scores: Vec<String>,
    unseen: String,
    without_end: String,
    terms: String,
}

/// Minutes as hours.
pub(crate) fn hours(f: &Frame, minutes: u64) -> String {
    f.tenths((minutes + 3) / 6)
}

/// A count of tenths with its interval: `12 (8–16)`.
fn expected(f: &Frame, n: [u64; 3]) -> String {
    let [middle, low, high] = n.map(|tenths| f.u(&((tenths + 5) / 10)));
    format!("{middle} ({low}–{high})")
}

/// How many times the usual.
fn times(f: &Frame, minutes: u64, usual: u64) -> String {
    (minutes * 10 + usual / 2).checked_div(usual).map_or_else(String::new, |t| format!("{} ×", f.tenths(t)))
}

fn row(f: &Frame, o: &Outlook, (i, l): (usize, &Load)) -> Row {
    Row {
        week: f.date(&l.week.monday),
        registrations: l.week.registrations.map_or_else(|| f.t("surge-unknown"), |n| expected(f, n)),
        payments: expected(f, l.week.payments),
        uncovered: f.u(&((l.week.uncovered + 5) / 10)),
        known: l.week.known.map(|n| f.u(&n)),
        hours: format!("{} ({}–{})", hours(f, l.minutes[0]), hours(f, l.minutes[1]), hours(f, l.minutes[2])),
        times: times(f, l.minutes[0], o.usual),
        is_peak: o.peak == Some(i),
    }
}

fn action(f: &Frame, a: &Action) -> ActionView {
    ActionView {
        name: f.word("surge-do-", a.early.name()),
        href: match a.early {
            Early::Register => "/proyek?keadaan=exposed",
            Early::Contribution => "/proyek?keadaan=registering",
            Early::Term => "/proyek?keadaan=window",
            Early::Pairs => "/pasangan",
        },
        count: f.u(&a.count),
        hours: hours(f, a.minutes),
        spares: a.spares.map_or_else(|| f.t("surge-unknown"), |n| f.tenths(n)),
        each: a
            .spares
            .and_then(|n| (a.minutes * 10).checked_div(n))
            .map_or_else(|| "–".to_owned(), |minutes| f.u(&minutes)),
        begin: match a.begin {
            None => "–".to_owned(),
            Some(day) if day < app::clock::today() => f.t1("surge-begin-now", "day", &f.date(&day.to_string())),
            Some(day) => f.date(&day.to_string()),
        },
    }
}

fn score(f: &Frame, s: &Score) -> String {
    let said = [
        ("what", f.word("surge-what-", &s.what)),
        ("ahead", f.u(&s.ahead)),
        ("inside", f.u(&s.weeks[1])),
        ("weeks", f.u(&s.weeks[0])),
        ("off", f.tenths(s.off[0].checked_div(s.weeks[0]).unwrap_or(0))),
        ("plain", f.tenths(s.off[1].checked_div(s.weeks[0]).unwrap_or(0))),
    ];
    phrases::say_with(f.language, "surge-score", &said)
}

fn bars(f: &Frame, o: &Outlook) -> (Vec<Bar>, u64, u64) {
    let past = o.surge.past.iter().map(|(monday, n)| (monday, n[0] * o.minutes[0] + n[1] * o.minutes[1], "past"));
    let ahead = o
        .loads
        .iter()
        .enumerate()
        .map(|(i, l)| (&l.week.monday, l.minutes[0], if o.peak == Some(i) { "peak" } else { "ahead" }));
    let all: Vec<_> = past.chain(ahead).collect();
    let most = all.iter().map(|(_, m, _)| *m).max().unwrap_or(0).max(o.usual).max(1);
    let bar = |(i, (monday, minutes, class)): (usize, &(&String, u64, &'static str))| {
        let height = minutes * HEIGHT / most;
        Bar {
            x: i as u64 * STEP + 3,
            y: HEIGHT - height,
            height,
            class,
            title: format!("{}: {}", f.date(monday), f.t1("surge-hours-of", "hours", &hours(f, *minutes))),
            label: if i % 6 == 0 { f.date(monday) } else { String::new() },
        }
    };
    (all.iter().enumerate().map(bar).collect(), all.len() as u64 * STEP + 70, most)
}

/// GET `/akhir-tahun`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Read, Coverage>()?;
    let f = Frame::of(site, caller, "surge-title", "/akhir-tahun");
    let outlook = surge::outlook(&site.desk)?;
    let is_empty = outlook.is_none();
    let o = outlook.unwrap_or_default();
    let (bars, width, most) = bars(&f, &o);
    let said = match o.peak.and_then(|i| o.loads.get(i)) {
        Some(l) => {
            let said = [
                ("week", f.date(&l.week.monday)),
                ("hours", hours(&f, l.minutes[0])),
                ("usual", hours(&f, o.usual)),
                ("uncovered", f.u(&((o.loads.iter().map(|l| l.week.uncovered).sum::<u64>() + 5) / 10))),
            ];
            phrases::say_with(f.language, "surge-peak", &said)
        }
        None => f.t("surge-none"),
    };
    let minutes = [("registration", f.u(&o.minutes[0])), ("payment", f.u(&o.minutes[1]))];
    let page = Page {
        is_empty,
        said,
        usual_y: HEIGHT - o.usual * HEIGHT / most,
        most: hours(&f, most),
        bars,
        width,
        rows: o.loads.iter().enumerate().map(|l| row(&f, &o, l)).collect(),
        actions: o.actions.iter().map(|a| action(&f, a)).collect(),
        scores: o.surge.scores.iter().filter(|s| s.weeks[0] > 0).map(|s| score(&f, s)).collect(),
        unseen: match o.surge.unseen_from.as_str() {
            from if !from.is_empty() && o.loads.first().is_some_and(|l| l.week.monday.as_str() > from) => {
                f.t1("surge-unseen", "day", &f.date(from))
            }
            _ => String::new(),
        },
        without_end: if o.surge.without_end == 0 {
            String::new()
        } else {
            f.t1("surge-without-end", "count", &f.u(&o.surge.without_end))
        },
        terms: phrases::say_with(f.language, "surge-terms", &minutes),
        f,
    };
    Ok(Answer::Page(page.render()?))
}
