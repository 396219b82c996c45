//! Coverage: distinct people month by month, beside what others say of how many there are; what stands between the two as work.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::coverage::{self, Against, CoverageWord, Figures, MonthLine, Part, Segment, Todo, Unsaid, month_text};
use app::words;
use askama::Template;
use authz::{Action, Change, Coverage, Read, Resource, may};
use kernel::Date;
use serde::Deserialize;

/// Parts of the city named; the rest is in the JSON.
const PARTS: usize = 20;

/// What is typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    tindakan: String,
    id: String,
    jenis: String,
    nama: String,
    segmen: String,
    bulan: String,
    jumlah: String,
    sedikitnya: String,
    sebanyaknya: String,
    sumber: String,
    tanggal: String,
}

struct MonthView {
    label: String,
    counts: [String; 3],
    active_by: Vec<String>,
    several: String,
    /// The newest month goes on.
    is_running: bool,
    is_untold: bool,
    /// Width of the bar of the active, of a hundred, against the most known.
    bar: u64,
}

struct AgainstView {
    name: String,
    segment: String,
    source: String,
    base: String,
    people: String,
    share: String,
    interval: String,
    withheld: String,
    target: String,
    missing: String,
    odds: String,
    id: i64,
}

struct PartsView {
    title: String,
    rows: Vec<(String, [String; 3])>,
}

#[derive(Template)]
#[template(path = "coverage.html")]
struct Page {
    f: Frame,
    empty: bool,
    now: [String; 3],
    known_share: String,
    told: Vec<String>,
    against: Vec<AgainstView>,
    months: Vec<MonthView>,
    /// Months to come: month, people, interval.
    ahead: Vec<[String; 3]>,
    scores: Vec<String>,
    kept: Vec<String>,
    segments: Vec<String>,
    parts: Vec<PartsView>,
    todo: Vec<(String, &'static str)>,
    words: Vec<(i64, String)>,
    kinds: [(&'static str, String); 3],
    choices: Vec<(&'static str, String)>,
    typed: Typed,
    may_change: bool,
    trouble: String,
}

fn percent(f: &Frame, ppm: i64) -> String {
    words::share_text(ppm, 2, f.language)
}

/// A month as people read it.
pub(crate) fn month_words(f: &Frame, text: &str) -> String {
    format!("{text}-01").parse::<Date>().map_or_else(|_| text.to_owned(), |d| words::month_text(d, f.language))
}

fn month_view(f: &Frame, l: &MonthLine, figures: &Figures, most: u64, is_running: bool) -> MonthView {
    // A segment no list speaks of is not nought; one whose list is older than the month is said to be.
    let by = |s: &Segment| match (&figures.told[*s as usize], figures.is_told(l.month, s.name())) {
        (None, _) => "?".to_owned(),
        (Some(_), true) => f.u(&l.active_by[*s as usize]),
        (Some(_), false) => format!("{} ?", f.u(&l.active_by[*s as usize])),
    };
    MonthView {
        label: month_words(f, &month_text(l.month)),
        counts: [l.known, l.registered, l.active].map(|n| f.u(&n)),
        active_by: Segment::ALL.iter().map(by).collect(),
        is_untold: !figures.is_told(l.month, ""),
        several: f.u(&l.several),
        is_running,
        bar: (l.active * 100).checked_div(most).unwrap_or(0),
    }
}

fn segment_word(f: &Frame, segment: &str) -> String {
    f.word("segment-", if segment.is_empty() { "all" } else { segment })
}

fn against_view(f: &Frame, a: &Against) -> AgainstView {
    let w = &a.base;
    let interval = |[a, b]: [i64; 2]| format!("{} – {}", f.n(&a), f.n(&b));
    let (share, ends, withheld) = match &a.share {
        Ok(r) => {
            let [low, high] = r.interval_ppm.map(|p| percent(f, p));
            let ends = if r.interval_ppm == [r.ppm; 2] { String::new() } else { format!("{low} – {high}") };
            (percent(f, r.ppm), ends, String::new())
        }
        Err(why) => (String::new(), String::new(), f.word("coverage-withheld-", why.name())),
    };
    let base = if w.interval == [w.count; 2] {
        f.n(&w.count)
    } else {
        format!("{} ({})", f.n(&w.count), interval(w.interval))
    };
    let (target, missing) = a.target.as_ref().map_or_else(Default::default, |(t, n)| {
        (format!("{} ({})", percent(f, t.count), month_words(f, &t.month)), f.u(n))
    });
    AgainstView {
        name: w.name.clone(),
        segment: segment_word(f, &w.segment),
        source: format!("{}, {}; {}", w.source, f.date(&w.dated), month_words(f, &w.month)),
        base,
        people: f.u(&a.people),
        share,
        interval: ends,
        withheld,
        target,
        missing,
        odds: a.odds_ppm.map(|p| odds_text(f, p)).unwrap_or_default(),
        id: w.id,
    }
}

/// Odds in whole percent; never surely, never not at all.
pub(crate) fn odds_text(f: &Frame, ppm: i64) -> String {
    match ppm {
        ..10_000 => f.t("coverage-odds-hardly"),
        990_000.. => f.t("coverage-odds-almost"),
        ppm => f.t1("coverage-odds", "percent", &((ppm + 5_000) / 10_000).to_string()),
    }
}

fn score_words(f: &Frame, s: &coverage::Score) -> String {
    let mean = |off: u64| f.u(&off.checked_div(s.months).unwrap_or(0));
    let said = [
        ("ahead", s.ahead.to_string()),
        ("inside", f.u(&s.inside)),
        ("months", f.u(&s.months)),
        ("off", mean(s.off)),
        ("unchanged", mean(s.off_unchanged)),
    ];
    phrases::say_with(f.language, "coverage-score", &said)
}

pub(crate) fn todo_view(f: &Frame, t: &Todo) -> (String, &'static str) {
    let (says, said) = t.says.as_ref().map_or((String::new(), 0), |(who, n)| (who.clone(), *n));
    let says = if t.what == "no-list" { f.word("segment-", &says) } else { says };
    let arguments =
        [("count", f.u(&t.count)), ("who", says), ("said", f.u(&said)), ("month", month_words(f, &t.month))];
    (phrases::say_with(f.language, &format!("coverage-todo-{}", t.what), &arguments), t.page)
}

/// A part's counts; three points for one that is not told. None for a part too small to be named.
pub(crate) fn shown(f: &Frame, n: &[u64; 3]) -> Option<[String; 3]> {
    Some(coverage::guarded(n)?.map(|n| n.map_or_else(|| "…".to_owned(), |n| f.u(&n))))
}

fn parts_view(f: &Frame, title: &str, parts: &[Part], prefix: &str) -> PartsView {
    let label = |name: &str| if prefix.is_empty() { name.to_owned() } else { f.word(prefix, name) };
    let rows = parts.iter().filter_map(|(name, n)| Some((label(name), shown(f, n)?))).take(PARTS);
    PartsView { title: f.t(title), rows: rows.collect() }
}

fn made(site: &Site, caller: &Caller, typed: &Typed, no: Option<Unsaid>) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Coverage>()?;
    let f = Frame::of(site, caller, "coverage-title", "/cakupan");
    let figures: std::sync::Arc<Figures> = coverage::figures(&site.desk, &permit)?;
    let (all, kept) =
        site.desk.read(|s| Ok::<_, Trouble>((s.coverage_words(&permit)?, s.coverage_forecasts(&permit)?)))?;
    let now = figures.months.last().copied().unwrap_or_default();
    let most = figures.months.iter().map(|l| l.known).max().unwrap_or(0);
    let last = figures.months.len().saturating_sub(1);
    let told = |s: &Segment| {
        let day = figures.told[*s as usize].as_ref();
        let day = day.map_or_else(|| f.t("coverage-never-told"), |d| f.date(d));
        format!("{}: {day}", segment_word(&f, s.name()))
    };
    let choices = std::iter::once("").chain(Segment::ALL.iter().map(|s| s.name()));
    let view = Page {
        empty: figures.months.iter().all(|l| l.known == 0),
        now: [now.known, now.registered, now.active].map(|n| f.u(&n)),
        known_share: match (now.active * 1_000_000).checked_div(now.known) {
            Some(ppm) => percent(&f, i64::try_from(ppm).unwrap_or(0)),
            None => "–".to_owned(),
        },
        told: Segment::ALL.iter().map(told).collect(),
        against: coverage::against(&figures, &all).iter().map(|a| against_view(&f, a)).collect(),
        months: figures
            .months
            .iter()
            .enumerate()
            .rev()
            .take(coverage::SHOWN)
            .map(|(i, l)| month_view(&f, l, &figures, most, i == last))
            .collect(),
        ahead: figures
            .ahead
            .iter()
            .map(|(m, n, [a, b])| [month_words(&f, &month_text(*m)), f.u(n), format!("{} – {}", f.u(a), f.u(b))])
            .collect(),
        scores: figures.scores.iter().map(|s| score_words(&f, s)).collect(),
        kept: coverage::kept_scores(&figures, &kept).iter().map(|s| score_words(&f, s)).collect(),
        segments: Segment::ALL.iter().map(|s| segment_word(&f, s.name())).collect(),
        parts: vec![
            parts_view(&f, "coverage-by-district", &figures.districts, ""),
            parts_view(&f, "coverage-by-kind", &figures.kinds, "kind-"),
            parts_view(&f, "coverage-by-group", &figures.groups, ""),
        ],
        todo: coverage::todo(&figures, &all).iter().map(|t| todo_view(&f, t)).collect(),
        words: all.iter().filter(|w| w.kind != "base").map(|w| (w.id, said(&f, w))).collect(),
        kinds: ["base", "claim", "target"].map(|k| (k, f.word("coverage-kind-", k))),
        choices: choices.map(|s| (s, segment_word(&f, s))).collect(),
        typed: typed.clone(),
        may_change: may(&caller.actor, Action::Change, Resource::Coverage),
        trouble: no.map(|no| f.t(no.sentence())).unwrap_or_default(),
        f,
    };
    Ok(view.render()?)
}

/// A claim or a target in a line.
fn said(f: &Frame, w: &CoverageWord) -> String {
    let count = if w.kind == "target" { percent(f, w.count) } else { f.n(&w.count) };
    let (kind, segment) = (f.word("coverage-kind-", &w.kind), segment_word(f, &w.segment));
    let month = month_words(f, &w.month);
    format!("{kind}: {}, {segment}, {month}: {count}. {}, {}", w.name, w.source, f.date(&w.dated))
}

/// GET `/cakupan`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    Ok(Answer::Page(made(site, caller, &Typed::default(), None)?))
}

/// A number as it is typed: people, or percent of a target.
fn number(text: &str, is_target: bool) -> Option<i64> {
    let text = text.trim().trim_end_matches('%').trim();
    if !is_target {
        let digits: String = text.chars().filter(|c| !matches!(c, '.' | ' ' | '\u{a0}')).collect();
        return digits.parse().ok();
    }
    let text = text.replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let four: String = part.chars().chain(std::iter::repeat('0')).take(4).collect();
    Some(whole.parse::<i64>().ok()?.checked_mul(10_000)? + four.parse::<i64>().ok()?)
}

fn word_of(typed: &Typed) -> CoverageWord {
    let is_target = typed.jenis == "target";
    let count = number(&typed.jumlah, is_target).unwrap_or(0);
    let end = |text: &str| if text.trim().is_empty() { count } else { number(text, is_target).unwrap_or(0) };
    CoverageWord {
        kind: typed.jenis.clone(),
        name: typed.nama.clone(),
        segment: typed.segmen.clone(),
        month: typed.bulan.clone(),
        count,
        interval: [end(&typed.sedikitnya), end(&typed.sebanyaknya)],
        source: typed.sumber.clone(),
        dated: typed.tanggal.clone(),
        ..CoverageWord::default()
    }
}

/// POST `/cakupan`: what somebody else says is kept, or taken back.
pub(crate) fn say(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    caller.permit::<Read, Coverage>()?;
    let permit = caller.permit::<Change, Coverage>()?;
    let request = &caller.asking.reference;
    let no = match typed.tindakan.as_str() {
        "catat" => coverage::say(&site.desk, &permit, &word_of(typed), request)?.err(),
        "tarik" => {
            let id = typed.id.parse().map_err(|_| Trouble::Bad("web-trouble-form"))?;
            coverage::unsay(&site.desk, &permit, id, request)?.err()
        }
        _ => return Err(Trouble::Bad("web-trouble-form")),
    };
    match no {
        None => Ok(Answer::Go("/cakupan".to_owned())),
        Some(no) => Ok(Answer::Unaccepted(made(site, caller, typed, Some(no))?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_type_them() {
        for (text, target, value) in [
            ("311.200", false, Some(311_200)),
            ("311 200", false, Some(311_200)),
            ("50 %", true, Some(500_000)),
            ("50,15", true, Some(501_500)),
            ("50.1", true, Some(501_000)),
            ("", false, None),
            ("-5", false, Some(-5)),
            ("lima", true, None),
            ("1x", false, None),
        ] {
            assert_eq!(number(text, target), value, "{text}");
        }
    }
}
