//! The outreach car: places worth a visit, the tours of a day or a week, the sheet for the driver, and what each visit brought.

use super::donation::whole;
use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::aman::lists::lists;
use app::desk::outreach::{self, Outcome as Told, PlannedDay, Question, StopRow, Untaken, VisitRow, VisitTold};
use askama::Template;
use authz::{Action, Change, Outreach, Project, Read, Resource, Vulnerable, may};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Tours listed.
const TOURS: usize = 60;

/// Lines that do not read, named at most.
const BAD_LINES: usize = 20;

/// Width and height of the drawing.
const SIDE: i64 = 600;

/// What is typed about a stop or a day.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    tindakan: String,
    nama: String,
    sumber: String,
    jenis: String,
    lintang: String,
    bujur: String,
    orang: String,
    menit: String,
    buka: String,
    tutup: String,
    perhentian: String,
    hari: String,
    lama: String,
    jalan: String,
    mobil: String,
    berangkat: String,
    kembali: String,
    daya: String,
}

struct StopView {
    id: i64,
    kind: String,
    name: String,
    people: String,
    minutes: String,
    open: String,
    point: String,
    /// Why it needs no visit now; empty where it does.
    taken: String,
    /// What a form sends back of one that is proposed.
    source: String,
    raw: [String; 7],
}

struct TourView {
    id: i64,
    day: String,
    told: String,
    expected: String,
    by_lot: String,
    came: String,
    an_hour: String,
    /// A newer plan of the same day stands.
    is_older: bool,
}

#[derive(Template)]
#[template(path = "outreach.html")]
struct Page {
    f: Frame,
    stops: Vec<StopView>,
    proposed: Vec<StopView>,
    tours: Vec<TourView>,
    share: String,
    may_change: bool,
    trouble: Vec<String>,
    said: Vec<String>,
    typed: Typed,
    from: (String, String),
}

fn clock_text(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A minute of the day as browsers send it.
pub(crate) fn minute(text: &str) -> Option<i64> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.get(..2)?.parse().ok()?);
    ((0..24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 60 + minutes)
}

/// Degrees as typed, in millionths: `-1,6101` and `-1.6101`.
fn degrees(text: &str) -> Option<i64> {
    let text = text.trim().replace(',', ".");
    let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |d| (-1, d));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let whole: i64 = whole.parse().ok().filter(|w| (0..=180).contains(w))?;
    let six: String = part.chars().chain(std::iter::repeat('0')).take(6).collect();
    let part: i64 = six.parse().ok().filter(|_| six.bytes().all(|b| b.is_ascii_digit()))?;
    Some(sign * (whole * 1_000_000 + part))
}

fn degrees_text(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let size = millionths.unsigned_abs();
    format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000)
}

/// Hundredths of a person as people read them.
fn people_text(f: &Frame, hundredths: i64) -> String {
    f.tenths((hundredths.unsigned_abs() + 5) / 10)
}

fn stop_view(f: &Frame, s: &StopRow, taken: &BTreeMap<i64, String>) -> StopView {
    StopView {
        id: s.id,
        kind: f.word("stop-kind-", &s.kind),
        name: s.name.clone(),
        people: f.n(&s.people),
        minutes: f.n(&s.minutes),
        open: format!("{}–{}", clock_text(s.open.0), clock_text(s.open.1)),
        point: format!("{}, {}", degrees_text(s.point.0), degrees_text(s.point.1)),
        taken: taken.get(&s.id).map(|why| f.word("left-out-", why)).unwrap_or_default(),
        source: s.source.clone(),
        raw: [
            s.kind.clone(),
            degrees_text(s.point.0),
            degrees_text(s.point.1),
            s.people.to_string(),
            s.minutes.to_string(),
            clock_text(s.open.0),
            clock_text(s.open.1),
        ],
    }
}

fn sentence(f: &Frame, no: &Untaken) -> Vec<String> {
    let one = |name: &str| vec![f.t(name)];
    match no {
        Untaken::Stop => one("outreach-no-stop"),
        Untaken::Twice => one("outreach-no-twice"),
        Untaken::Day => one("outreach-no-day"),
        Untaken::Unknown => one("web-trouble-not-found"),
        Untaken::Search(_) => one("outreach-no-search"),
        Untaken::Nothing(left) if left.is_empty() => one("outreach-no-stops"),
        Untaken::Nothing(left) => {
            let why = |(name, why): &(String, String)| format!("{name}: {}", f.word("left-out-", why));
            one("outreach-nothing").into_iter().chain(left.iter().map(why)).collect()
        }
    }
}

/// GET `/mobil`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    Ok(Answer::Page(made(site, caller, &Typed::default(), None, Vec::new())?))
}

fn made(
    site: &Site,
    caller: &Caller,
    typed: &Typed,
    no: Option<&Untaken>,
    said: Vec<String>,
) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Outreach>()?;
    let f = Frame::of(site, caller, "outreach-title", "/mobil");
    let lists = match authz::permit::<Read, Vulnerable>(&caller.actor) {
        Some(people) => Some(lists(&site.desk, &people)?),
        None => None,
    };
    let proposed = match authz::permit::<Read, Project>(&caller.actor) {
        Some(projects) => outreach::proposed(&site.desk, (&projects, &permit), lists.as_deref())?,
        None => Vec::new(),
    };
    let (stops, tours) =
        site.desk.read(|s| Ok::<_, Trouble>((s.stop_list(&permit)?, s.tour_list(&permit, None, TOURS)?)))?;
    let taken = outreach::taken(&site.desk, &permit)?;
    let share = outreach::visit_yield(&site.desk, &permit)?;
    let today = app::clock::today();
    let newest = outreach::newest(&tours);
    let tour = |t: &outreach::TourRow| TourView {
        is_older: newest.get(t.day.as_str()).is_some_and(|id| *id != t.id),
        id: t.id,
        day: f.date(&t.day),
        told: format!("{}/{}", f.n(&t.told.0), f.n(&t.told.1)),
        expected: people_text(&f, t.expected),
        by_lot: people_text(&f, t.by_lot),
        came: if t.told.0 == 0 { String::new() } else { f.n(&t.came.0) },
        an_hour: (t.came.0 * 6_000).checked_div(t.came.1).map_or_else(String::new, |h| people_text(&f, h)),
    };
    // Cars leave from where they left last.
    let last = tours.first().and_then(|t| serde_json::from_str::<PlannedDay>(&t.body).ok()).map(|d| d.question.from);
    let from = last.or_else(|| stops.first().map(|s| s.point));
    let text = |n: Option<i64>| n.map(degrees_text).unwrap_or_default();
    let view = Page {
        from: if typed.lintang.is_empty() {
            (text(from.map(|p| p.0)), text(from.map(|p| p.1)))
        } else {
            (typed.lintang.clone(), typed.bujur.clone())
        },
        typed: if typed.hari.is_empty() {
            Typed {
                hari: kernel::date::next_day(today).unwrap_or(today).to_string(),
                lama: "1".to_owned(),
                mobil: "1".to_owned(),
                berangkat: "08:00".to_owned(),
                kembali: "15:30".to_owned(),
                daya: "120".to_owned(),
                ..typed.clone()
            }
        } else {
            typed.clone()
        },
        stops: stops.iter().map(|s| stop_view(&f, s, &taken)).collect(),
        proposed: proposed.iter().map(|s| stop_view(&f, s, &BTreeMap::new())).collect(),
        tours: tours.iter().map(tour).collect(),
        // Whole percent: it is a guess.
        share: ((share + 5_000) / 10_000).to_string(),
        may_change: may(&caller.actor, Action::Change, Resource::Outreach),
        trouble: no.map(|no| sentence(&f, no)).unwrap_or_default(),
        said,
        f,
    };
    Ok(view.render()?)
}

/// What a text of measured roads came to.
fn roads(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let permits = (&caller.permit::<Read, Outreach>()?, &caller.permit::<Change, Outreach>()?);
    let found = app::desk::roads::keep(&site.desk, permits, &typed.jalan, &caller.asking.reference)?;
    let f = Frame::plain(caller.language(), "outreach-title");
    let mut said = vec![f.t1("outreach-roads-kept", "count", &found.ways.len().to_string())];
    let bad = |(line, text): &(usize, String)| {
        let arguments = [("line", line.to_string()), ("text", kernel::text::excerpt(text, 80))];
        phrases::say_with(f.language, "outreach-roads-bad", &arguments)
    };
    said.extend(found.bad.iter().take(BAD_LINES).map(bad));
    // What reads is kept; the text comes back where something does not.
    let typed = if found.bad.is_empty() { Typed::default() } else { typed.clone() };
    let page = made(site, caller, &typed, None, said)?;
    Ok(if found.bad.is_empty() { Answer::Page(page) } else { Answer::Unaccepted(page) })
}

fn stop_of(caller: &Caller, typed: &Typed) -> Result<Option<StopRow>, Trouble> {
    let number = |text: &str| -> Result<i64, Trouble> { Ok(whole(caller, text)?.unwrap_or(0)) };
    let (Some(latitude), Some(longitude)) = (degrees(&typed.lintang), degrees(&typed.bujur)) else { return Ok(None) };
    let (Some(opens), Some(closes)) = (minute(&typed.buka), minute(&typed.tutup)) else { return Ok(None) };
    Ok(Some(StopRow {
        kind: match typed.jenis.as_str() {
            kind @ ("project" | "group") => kind.to_owned(),
            _ => "other".to_owned(),
        },
        source: typed.sumber.clone(),
        name: typed.nama.clone(),
        point: (latitude, longitude),
        people: number(&typed.orang)?,
        minutes: number(&typed.menit)?,
        open: (opens, closes),
        ..StopRow::default()
    }))
}

/// The first day, and how many working days; one where nobody says.
fn question_of(typed: &Typed) -> Option<(Question, u32)> {
    let minutes = |text: &str| minute(text).and_then(|m| u32::try_from(m).ok());
    let days = if typed.lama.trim().is_empty() { 1 } else { typed.lama.trim().parse().ok()? };
    let question = Question {
        day: typed.hari.parse().ok()?,
        cars: typed.mobil.trim().parse().ok()?,
        hours: (minutes(&typed.berangkat)?, minutes(&typed.kembali)?),
        room: typed.daya.trim().parse().ok()?,
        from: (degrees(&typed.lintang)?, degrees(&typed.bujur)?),
    };
    Some((question, days))
}

/// POST `/mobil`: a stop is added or ended, or days are planned and kept.
pub(crate) fn say(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let permits = (&caller.permit::<Read, Outreach>()?, &caller.permit::<Change, Outreach>()?);
    let request = &caller.asking.reference;
    let no = match typed.tindakan.as_str() {
        "tambah" => match stop_of(caller, typed)? {
            Some(stop) => outreach::add(&site.desk, permits.1, &stop, request)?.err(),
            None => Some(Untaken::Stop),
        },
        "akhiri" => {
            let id = typed.perhentian.parse().map_err(|_| Trouble::Bad("web-trouble-form"))?;
            (!outreach::end(&site.desk, permits.1, id, request)?).then_some(Untaken::Unknown)
        }
        "rencana" => match question_of(typed) {
            Some((question, days)) => match outreach::keep(&site.desk, permits, (&question, days), request)? {
                Ok(kept) => {
                    let one = if kept.len() == 1 { kept.first() } else { None };
                    return Ok(Answer::Go(one.map_or_else(|| "/mobil".to_owned(), |id| format!("/mobil/{id}"))));
                }
                Err(no) => Some(no),
            },
            None => Some(Untaken::Day),
        },
        "jalan" => return roads(site, caller, typed),
        _ => return Err(Trouble::Bad("web-trouble-form")),
    };
    match no {
        None => Ok(Answer::Go("/mobil".to_owned())),
        Some(no) => Ok(Answer::Unaccepted(made(site, caller, typed, Some(&no), Vec::new())?)),
    }
}

struct VisitView {
    stop: i64,
    number: usize,
    name: String,
    there: String,
    leaves: String,
    people: String,
    expected: String,
    outcome: String,
    outcome_code: String,
    enrolled: String,
    /// How many the phones enrolled there.
    by_phone: Option<String>,
    minutes: String,
    note: String,
    x: i64,
    y: i64,
}

struct CarView {
    number: usize,
    visits: Vec<VisitView>,
    back: String,
    road: String,
    line: String,
}

#[derive(Template)]
#[template(path = "outreach_tour.html")]
struct One {
    f: Frame,
    id: i64,
    day: String,
    by: String,
    cars: Vec<CarView>,
    start: (i64, i64),
    left: Vec<(String, String)>,
    said: Vec<String>,
    outcomes: Vec<(&'static str, String)>,
    may_change: bool,
    /// May make links for phones that enrol.
    may_enrol: bool,
    trouble: Vec<String>,
}

/// Points on the drawing: the city from corner to corner, north up. A degree of longitude is taken as long as one of latitude: near the equator it is.
struct Drawing {
    west: i64,
    north: i64,
    span: i64,
}

impl Drawing {
    fn over(points: &[(i64, i64)]) -> Self {
        let min = |of: fn(&(i64, i64)) -> i64| points.iter().map(of).min().unwrap_or(0);
        let max = |of: fn(&(i64, i64)) -> i64| points.iter().map(of).max().unwrap_or(0);
        let span = (max(|p| p.0) - min(|p| p.0)).max(max(|p| p.1) - min(|p| p.1)).max(1_000);
        Self { west: min(|p| p.1), north: max(|p| p.0), span }
    }

    fn at(&self, point: (i64, i64)) -> (i64, i64) {
        let place = |n: i64| 40 + n * (SIDE - 80) / self.span;
        (place(point.1 - self.west), place(self.north - point.0))
    }
}

/// GET `/mobil/{id}`
pub(crate) fn one(site: &Site, caller: &Caller, id: i64) -> Outcome {
    Ok(Answer::Page(one_page(site, caller, id, None)?))
}

fn one_page(site: &Site, caller: &Caller, id: i64, no: Option<&Untaken>) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Outreach>()?;
    let f = Frame::of(site, caller, "outreach-tour", "/mobil");
    let (row, day, visits) = outreach::one(&site.desk, &permit, id)?.ok_or(Trouble::NotFound)?;
    let enrolled = site.desk.read(|s| s.enrol_counts(&permit, id).map_err(Trouble::from))?;
    let told: BTreeMap<i64, &VisitRow> = visits.iter().map(|v| (v.stop, v)).collect();
    let points: Vec<(i64, i64)> = std::iter::once(day.question.from)
        .chain(day.tours.iter().flat_map(|t| t.visits.iter().map(|v| v.point)))
        .collect();
    let drawing = Drawing::over(&points);
    let second = |s: u32| clock_text(i64::from(s) / 60);
    let start = drawing.at(day.question.from);
    let car = |(n, t): (usize, &outreach::PlannedTour)| {
        let visits: Vec<VisitView> = t
            .visits
            .iter()
            .enumerate()
            .map(|(i, v)| {
                let said = told.get(&v.stop);
                let outcome = said.map(|s| s.outcome.clone()).unwrap_or_default();
                let number = |of: fn(&VisitRow) -> Option<i64>| {
                    said.and_then(|s| of(s)).map(|n| n.to_string()).unwrap_or_default()
                };
                let (x, y) = drawing.at(v.point);
                VisitView {
                    stop: v.stop,
                    number: i + 1,
                    name: v.name.clone(),
                    there: second(v.times.1),
                    leaves: second(v.times.2),
                    people: f.n(&v.people),
                    expected: people_text(&f, v.expected),
                    outcome: if outcome.is_empty() { String::new() } else { f.word("visit-", &outcome) },
                    outcome_code: outcome,
                    // Where nobody said, the phones did.
                    enrolled: match (said.and_then(|s| s.enrolled), enrolled.get(&v.stop)) {
                        (None, Some(count)) => count.to_string(),
                        _ => number(|s| s.enrolled),
                    },
                    by_phone: enrolled.get(&v.stop).map(|n| f.t1("enrol-counted", "count", &n.to_string())),
                    minutes: number(|s| s.minutes),
                    note: said.map(|s| s.note.clone()).unwrap_or_default(),
                    x,
                    y,
                }
            })
            .collect();
        let mut line: Vec<String> = vec![format!("{},{}", start.0, start.1)];
        line.extend(visits.iter().map(|v| format!("{},{}", v.x, v.y)));
        line.push(format!("{},{}", start.0, start.1));
        CarView {
            number: n + 1,
            back: second(t.back),
            road: f.t1("outreach-road", "minutes", &(t.road / 60).to_string()),
            line: line.join(" "),
            visits,
        }
    };
    let mut said = vec![
        f.t1("outreach-expected", "people", &people_text(&f, row.expected)),
        f.t1("outreach-by-lot", "people", &people_text(&f, row.by_lot)),
    ];
    if day.ways[0] > 0 {
        let ways = [("measured", day.ways[1].to_string()), ("all", day.ways[0].to_string())];
        said.push(phrases::say_with(f.language, "outreach-ways", &ways));
    }
    if row.told.0 > 0 {
        let hours = row.came.1;
        let an_hour = (row.came.0 * 6_000).checked_div(hours).unwrap_or(0);
        said.push(phrases::say_with(
            f.language,
            "outreach-came",
            &[
                ("people", f.n(&row.came.0)),
                ("told", f.n(&row.told.0)),
                ("of", f.n(&row.told.1)),
                ("hour", people_text(&f, an_hour)),
            ],
        ));
    }
    let view = One {
        id,
        day: f.date(&row.day),
        by: format!("{}, {}", row.by, f.moment(&row.at)),
        cars: day.tours.iter().enumerate().map(car).collect(),
        start,
        left: day.left.iter().map(|(_, name, why)| (name.clone(), f.word("left-out-", why))).collect(),
        said,
        outcomes: Told::ALL.iter().map(|o| (o.name(), f.word("visit-", o.name()))).collect(),
        may_change: may(&caller.actor, Action::Change, Resource::Outreach),
        may_enrol: may(&caller.actor, Action::Change, Resource::Vulnerable),
        trouble: no.map(|no| sentence(&f, no)).unwrap_or_default(),
        f,
    };
    Ok(view.render()?)
}

/// What is typed about a visit.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Debrief {
    perhentian: String,
    hasil: String,
    terdaftar: String,
    menit: String,
    catatan: String,
}

/// POST `/mobil/{id}`: what came of a visit.
pub(crate) fn tell(site: &Site, caller: &Caller, id: i64, typed: &Debrief) -> Outcome {
    caller.permit::<Read, Outreach>()?;
    let change = caller.permit::<Change, Outreach>()?;
    let bad = || Trouble::Bad("web-trouble-form");
    let outcome = Told::parse(&typed.hasil).ok_or_else(bad)?;
    let stop: i64 = typed.perhentian.parse().map_err(|_| bad())?;
    let number = |text: &str| -> Result<i64, Trouble> { Ok(whole(caller, text)?.unwrap_or(0)) };
    let told = VisitTold {
        outcome: outcome.name(),
        enrolled: number(&typed.terdaftar)?,
        minutes: number(&typed.menit)?,
        note: typed.catatan.trim(),
    };
    match outreach::tell(&site.desk, &change, (id, stop), (outcome, &told), &caller.asking.reference)? {
        Ok(()) => Ok(Answer::Go(format!("/mobil/{id}"))),
        Err(no) => Ok(Answer::Unaccepted(one_page(site, caller, id, Some(&no))?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_and_minutes_as_people_type_them() {
        for (text, value) in [
            ("-1,6101", Some(-1_610_100)),
            ("103.5", Some(103_500_000)),
            ("0", Some(0)),
            ("-0.0000019", Some(-1)),
            ("181", None),
            ("", None),
            ("1.2x", None),
            ("--1", None),
        ] {
            assert_eq!(degrees(text), value, "{text}");
        }
        assert_eq!(degrees_text(-1_610_100), "-1.610100");
        assert_eq!((minute("08:05"), minute("24:00"), minute("8"), minute("8:5")), (Some(485), None, None, None));
    }
}
