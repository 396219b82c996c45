//! A draft circular over the past, as a page: the text, the period, what would have waited, and a drawing by week.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::whatif::{self, Asked};
use askama::Template;
use authz::{Gate, Read};
use kernel::date::add_days;
use serde::Deserialize;

/// A draft to begin with, from next year on: the start order waits for the registration, the advance for the first contribution.
const DRAFT: &str = "path: gate/start-order-registered
values:
  - from: DARI
    readings:
      - id: edaran
        default: true
        choice: hold
        citation: { instrument: Rancangan SE Wali Kota, article: angka 1 }
        confidence: instrument
        checked: HARI
---
path: gate/advance-first-paid
values:
  - from: DARI
    readings:
      - id: edaran
        default: true
        choice: hold
        citation: { instrument: Rancangan SE Wali Kota, article: angka 2 }
        confidence: instrument
        checked: HARI
";

/// Letters of a draft at most.
const TEXT_MAX: usize = 20_000;

/// Days of a period at most: ten years.
const DAYS_MAX: u32 = 3_660;

/// Height of the drawing, and width of it, in its own units.
const DRAWING: (u64, u64) = (120, 720);

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    aturan: String,
    dari: String,
    sampai: String,
    telat: String,
}

struct Bar {
    x: String,
    width: String,
    held_y: u64,
    held: u64,
    unknown_y: u64,
    unknown: u64,
}

struct Row {
    step: String,
    counts: [String; 4],
}

struct Named {
    code: String,
    name: String,
    step: String,
    day: String,
    days: String,
    unmet: String,
}

struct Shown {
    steps: Vec<Row>,
    projects: String,
    days: String,
    worker_days: String,
    amount: i64,
    false_holds: String,
    load: [String; 3],
    bars: Vec<Bar>,
    most: String,
    height: u64,
    width: u64,
    waited: Vec<Named>,
}

#[derive(Template)]
#[template(path = "whatif.html")]
struct Page {
    f: Frame,
    typed: Typed,
    shown: Option<Shown>,
    trouble: Vec<String>,
}

/// GET `/gerbang/coba`: last year, with a draft to begin with.
pub(crate) fn form(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Read, Gate>()?;
    let today = app::clock::today();
    let typed = Typed {
        aturan: DRAFT
            .replace("DARI", &format!("{}-01-01", today.year().saturating_add(1)))
            .replace("HARI", &today.to_string()),
        dari: add_days(today, -365).unwrap_or(today).to_string(),
        sampai: today.to_string(),
        telat: "30".to_owned(),
    };
    page(site, caller, typed, None, Vec::new()).map(Answer::Page)
}

fn page(
    site: &Site,
    caller: &Caller,
    typed: Typed,
    shown: Option<Shown>,
    trouble: Vec<String>,
) -> Result<String, Trouble> {
    let f = Frame::of(site, caller, "whatif-title", "/kelola");
    Ok(Page { f, typed, shown, trouble }.render()?)
}

/// POST `/gerbang/coba`: nothing is kept.
pub(crate) fn ask(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Read, Gate>()?;
    let again = |trouble: &str| {
        let lines = trouble.lines().map(str::to_owned).collect();
        let typed = Typed {
            aturan: typed.aturan.clone(),
            dari: typed.dari.clone(),
            sampai: typed.sampai.clone(),
            telat: typed.telat.clone(),
        };
        page(site, caller, typed, None, lines).map(Answer::Unaccepted)
    };
    let said = |key: &str| phrases::say_named(caller.language(), key, &[]);
    if typed.aturan.chars().count() > TEXT_MAX {
        return again(&said("whatif-long"));
    }
    let days = typed.dari.parse().ok().zip(typed.sampai.parse().ok());
    let days = days.filter(|(from, to): &(kernel::Date, kernel::Date)| {
        from <= to && kernel::date::days_inclusive(*from, *to) <= DAYS_MAX
    });
    let Some((from, to)) = days else { return again(&said("whatif-no-period")) };
    let Some(lag) = typed.telat.trim().parse().ok().filter(|n| *n <= 366) else { return again(&said("whatif-no-lag")) };
    let law = match app::legal::try_text(&typed.aturan, &site.desk.law, caller.language()) {
        Ok(law) => law,
        Err(refused) => return again(&refused.0),
    };
    let outcome = whatif::replay(&site.desk, &permit, &law, Asked { from, to, lag })?;
    let f = Frame::of(site, caller, "whatif-title", "/kelola");
    let typed = Typed {
        aturan: typed.aturan.clone(),
        dari: typed.dari.clone(),
        sampai: typed.sampai.clone(),
        telat: typed.telat.clone(),
    };
    let shown = show(&f, &outcome);
    page(site, caller, typed, Some(shown), Vec::new()).map(Answer::Page)
}

fn show(f: &Frame, o: &whatif::Outcome) -> Shown {
    let step = |m: &app::desk::gate::Moment| f.word("gate-moment-", m.name());
    let row = |step: String, n: &[u64; 4]| Row { step, counts: [0, 1, 2, 3].map(|i| f.u(&n[i])) };
    let mut steps: Vec<Row> = o.by_moment.iter().map(|(m, n)| row(step(m), n)).collect();
    steps.push(row(f.t("whatif-all"), &o.steps));
    let most = o.weeks.iter().map(|(_, held, unknown)| held + unknown).max().unwrap_or(0).max(1);
    let (height, width) = DRAWING;
    let first = o.weeks.first().and_then(|w| w.0.parse::<kernel::Date>().ok());
    let last = o.weeks.last().and_then(|w| w.0.parse::<kernel::Date>().ok());
    let weeks_between = |a: kernel::Date, b: kernel::Date| u64::from(kernel::date::days_inclusive(a, b)) / 7;
    let all = first.zip(last).map_or(1, |(a, b)| weeks_between(a, b) + 1);
    let bar = |(day, held, unknown): &whatif::Week| {
        let place = first.zip(day.parse().ok()).map_or(0, |(a, b)| weeks_between(a, b));
        let (tall, soft) = (held * height / most, unknown * height / most);
        Bar {
            x: (place * width / all).to_string(),
            width: (width / all).saturating_sub(1).max(1).to_string(),
            held_y: height - tall,
            held: tall,
            unknown_y: height - tall - soft,
            unknown: soft,
        }
    };
    let named = |w: &whatif::Waited| Named {
        code: w.project[0].clone(),
        name: w.project[1].clone(),
        step: step(&w.moment),
        day: f.date(&w.day),
        days: f.u(&w.days),
        unmet: w.unmet.iter().map(|r| f.word("gate-requirement-", r.name())).collect::<Vec<_>>().join(", "),
    };
    Shown {
        steps,
        projects: f.u(&o.projects),
        days: f.u(&o.days_won),
        worker_days: f.u(&o.worker_days_won),
        amount: o.amount_waiting,
        false_holds: f.u(&o.false_holds),
        load: o.load.map(|n| f.u(&n)),
        bars: o.weeks.iter().map(bar).collect(),
        most: f.u(&most),
        height,
        width,
        waited: o.waited.iter().take(50).map(named).collect(),
    }
}
