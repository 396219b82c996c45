//! Coverage of the city: distinct people month by month, beside what others say of how many there are, and what stands between the two as work to do.

use super::aman::group_label;
use super::{Desk, event};
use crate::{Fault, clock};
pub use assess::coverage::Month;
pub use assess::coverage::{Base, MonthLine, Ratio, Segment, Withheld, missing, month_text, month_typed, ratio};
use assess::coverage::{Counter, Span, month_of, months};
pub use assess::forecast::Score;
use assess::forecast::{forecast, scores};
use authz::{Change, Coverage, Does, Permit};
use kernel::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::CountedStay;
pub use store::{CoverageWord, ForecastRow};

/// Months counted, with the running one: three years to learn from.
const MONTHS: Month = 37;

/// Months shown, with the running one.
pub const SHOWN: usize = 13;

/// Months ahead that are forecast.
const AHEAD: usize = 3;

/// Months ahead of which odds are said at most: beyond, the interval holds everything.
const ODDS: usize = 18;

/// Registers that say who is insured, with the segments each speaks of.
const SOURCES: [(&str, &[Segment]); 2] = [
    ("jakon_pekerja", &[Segment::Construction]),
    ("peserta_lain", &[Segment::Waged, Segment::NonWaged, Segment::Migrant]),
];

/// Parts of a whole.
pub const WHOLE: i64 = 1_000_000;

/// Letters of a name or a source.
const TEXT: std::ops::RangeInclusive<usize> = 3..=200;

/// People of a part of the city: known, registered, active.
pub type Part = (String, [u64; 3]);

/// A part's counts as they may be shown: none for a part of fewer people than a small group, whose counts would point at somebody; and within it no count that is small, or
/// that leaves a small rest, which would be found by taking away.
#[must_use]
pub fn guarded(n: &[u64; 3]) -> Option<[Option<u64>; 3]> {
    let small = 1..super::evidence::SMALL_GROUP;
    let hides = |n: u64, of: u64| small.contains(&n) || small.contains(&of.saturating_sub(n));
    let one = |m: u64| (!(hides(m, n[0]) || hides(n[2], n[1]) && m != n[0])).then_some(m);
    (n[0] >= super::evidence::SMALL_GROUP).then(|| [Some(n[0]), one(n[1]), one(n[2])])
}

/// Coverage as it is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// The day.
    pub as_of: String,
    /// Months, in order; the last is the running one.
    pub months: Vec<MonthLine>,
    /// Lines that stand today whose person has no readable number: nobody can tell whether they are counted already.
    pub numberless: u64,
    /// Lines that stand today without a first day: nobody can tell in which month they count.
    pub undated: u64,
    /// People without cover that is known to hold, on the insurer's list of a registration of which it is not known when it covers.
    pub unknown_cover: u64,
    /// By district of the project, kind of works, and group of the list, today.
    pub districts: Vec<Part>,
    /// The same by kind of works.
    pub kinds: Vec<Part>,
    /// The same by group of vulnerable workers.
    pub groups: Vec<Part>,
    /// The same by state of the project.
    pub states: Vec<Part>,
    /// People not covered whom a step at a project would reach, each once however many projects name them: exposed projects, then registered ones, then those covered whose list lacks
    /// them.
    pub reach: [u64; 3],
    /// People not covered on lists of vulnerable workers whom no step at a project would reach, each once.
    pub group_only: u64,
    /// The months to come: month, people active, ends of the interval of 90 of 100. None where there is too little to go by.
    pub ahead: Vec<(Month, u64, [u64; 2])>,
    /// How such forecasts did over the months that are over.
    pub scores: Vec<Score>,
    /// The last day a list of the register came in which each segment has lines, ISO; none where no line speaks of it: nothing is known of it.
    pub told: [Option<String>; 4],
}

/// What figures depend on: data, picture, what was said of people, and day.
type Key = (i64, String, [i64; 3], Date);

/// Figures as they were counted for a key.
pub(super) type Kept = (Key, Arc<Figures>);

/// Somebody's spans, and the parts of the city they belong to today.
#[derive(Default)]
struct Somebody {
    spans: Vec<Span>,
    parts: BTreeSet<(usize, String)>,
    /// On the list of a registration of which it is not known when it covers.
    is_unknown: bool,
}

/// How a list counts.
enum Way<'a> {
    Insured(Segment, Option<(Date, Date)>),
    Named(Option<&'a str>),
}

/// Counts.
struct Counting<'a> {
    as_of: Date,
    window: (Month, Month),
    covers: &'a BTreeMap<String, [String; 2]>,
    places: &'a BTreeMap<String, [String; 3]>,
    counter: Counter,
    parts: [BTreeMap<String, [u64; 3]>; 4],
    /// Segments a line spoke of.
    met: [bool; 4],
    out: Figures,
}

fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

impl Counting<'_> {
    /// How a list counts; none for one nobody knows how to.
    fn way<'l>(&self, list: &'l str) -> Option<Way<'l>> {
        Some(match list.split_once(':')? {
            ("R", number) => {
                let cover = self.covers.get(number).and_then(|[a, b]| Some((day(a)?, day(b)?)));
                Way::Insured(Segment::Construction, cover)
            }
            ("O", "firm") => Way::Insured(Segment::Waged, Some((Date::MIN, Date::MAX))),
            ("O", "migrant") => Way::Insured(Segment::Migrant, Some((Date::MIN, Date::MAX))),
            ("O", _) => Way::Insured(Segment::NonWaged, Some((Date::MIN, Date::MAX))),
            ("P", _) => Way::Named(None),
            ("V", group) => Way::Named(Some(group)),
            _ => return None,
        })
    }

    /// Takes up one line of a list.
    fn line(&mut self, stay: &CountedStay<'_>, who: &mut Somebody) {
        let to = day(stay.left).unwrap_or(Date::MAX);
        // Lines of the past cannot be mended and are no work.
        let stands = u64::from(to >= self.as_of);
        if !stay.numbered {
            self.out.numberless += stands;
            return;
        }
        let Some(from) = day(stay.joined) else {
            self.out.undated += stands;
            return;
        };
        let Some(way) = self.way(stay.list) else { return };
        let within = |from: Date, to: Date| {
            let (first, last) = months(from, to, self.as_of)?;
            (last >= self.window.0).then_some((first, last))
        };
        if let Some(place) = self.places.get(stay.list).filter(|_| from <= self.as_of && to >= self.as_of) {
            let named = place.iter().enumerate().filter(|(_, name)| !name.is_empty());
            // District, kind of works, state; the place of groups is between.
            who.parts.extend(named.map(|(i, name)| (if i == 2 { 3 } else { i }, name.clone())));
        }
        let Some((first, last)) = within(from, to) else { return };
        match way {
            Way::Named(group) => {
                if let Some(group) = group.filter(|_| last == self.window.1) {
                    who.parts.insert((2, group.to_owned()));
                }
                who.spans.push(Span { from: first, to: last, segment: None, active: false });
            }
            Way::Insured(segment, cover) => {
                self.met[segment as usize] = true;
                who.spans.push(Span { from: first, to: last, segment: Some(segment), active: false });
                match cover {
                    None => who.is_unknown |= last == self.window.1,
                    Some((since, until)) => {
                        let active = within(from.max(since), to.min(until));
                        who.spans.extend(active.map(|(from, to)| Span {
                            from,
                            to,
                            segment: Some(segment),
                            active: true,
                        }));
                    }
                }
            }
        }
    }

    /// By which step somebody who is not covered would be: one, so that two steps do not promise the same person.
    fn reach(&mut self, who: &Somebody, [_, registered, active]: [u64; 3]) {
        if active > 0 {
            return;
        }
        let on = |state: &str| who.parts.iter().any(|(i, name)| *i == 3 && name == state);
        let step = if on("exposed") {
            Some(0)
        } else if on("registering") {
            Some(1)
        } else {
            (registered == 0 && on("covered")).then_some(2)
        };
        let in_group = who.parts.iter().any(|(i, _)| *i == 2);
        match step {
            Some(step) => self.out.reach[step] += 1,
            None => self.out.group_only += u64::from(in_group),
        }
    }

    /// Counts somebody whose lines are all taken up.
    fn person(&mut self, who: &mut Somebody) {
        if !who.spans.is_empty() {
            self.counter.person(&who.spans);
            let now = |wanted: &dyn Fn(&Span) -> bool| who.spans.iter().any(|s| s.to == self.window.1 && wanted(s));
            let counts = [now(&|_| true), now(&|s| s.segment.is_some()), now(&|s| s.active)].map(u64::from);
            self.out.unknown_cover += u64::from(who.is_unknown && counts[2] == 0);
            self.reach(who, counts);
            for (i, name) in &who.parts {
                let part = self.parts[*i].entry(name.clone()).or_default();
                part.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
            }
        }
        who.spans.clear();
        who.is_unknown = false;
        who.parts.clear();
    }
}

/// Coverage of today, counted once for the data it rests on.
///
/// # Errors
/// [`Fault`] of the database.
pub fn figures<A: Does>(desk: &Desk, permit: &Permit<A, Coverage>) -> Result<Arc<Figures>, Fault> {
    let today = clock::today();
    let key = desk.read(|s| {
        let picture = s.picture()?.map(|p| p.digest).unwrap_or_default();
        Ok::<_, Fault>((s.known_through(None)?, picture, s.coverage_version(permit)?, today))
    })?;
    // Whoever asks while it is counted waits for that count, and does not count beside it.
    let mut kept = super::lock(&desk.coverage);
    if let Some((of, figures)) = kept.as_ref()
        && *of == key
    {
        return Ok(Arc::clone(figures));
    }
    let counted = Arc::new(count(desk, permit, today)?);
    *kept = Some((key, Arc::clone(&counted)));
    Ok(counted)
}

fn count<A: Does>(desk: &Desk, permit: &Permit<A, Coverage>, as_of: Date) -> Result<Figures, Fault> {
    let last = month_of(as_of);
    let window = (last - MONTHS + 1, last);
    desk.read(|store| {
        let (covers, places) = (store.cover_list(permit)?, store.coverage_places(permit)?);
        let same = store.coverage_same(permit)?;
        let mut counting = Counting {
            as_of,
            window,
            covers: &covers,
            places: &places,
            counter: Counter::new(window.0, window.1),
            parts: Default::default(),
            met: [false; 4],
            out: Figures { as_of: as_of.to_string(), ..Figures::default() },
        };
        // Lines come person by person; who stands under several digests is gathered and counted at the end.
        let (mut who, mut current) = (Somebody::default(), None);
        let mut gathered: BTreeMap<[u8; 16], Somebody> = BTreeMap::new();
        store.coverage_stays(permit, &mut |stay| {
            if current != Some(stay.person) {
                counting.person(&mut who);
                current = Some(stay.person);
            }
            match same.get(&stay.person) {
                Some(root) => counting.line(stay, gathered.entry(*root).or_default()),
                None => counting.line(stay, &mut who),
            }
        })?;
        counting.person(&mut who);
        gathered.values_mut().for_each(|who| counting.person(who));
        let Counting { counter, parts, met, mut out, .. } = counting;
        out.months = counter.finish();
        let part = |of: &BTreeMap<String, [u64; 3]>, label: fn(&str) -> String| {
            let mut rows: Vec<Part> = of.iter().map(|(name, n)| (label(name), *n)).collect();
            // Those with the most people who are not covered first.
            rows.sort_by(|a, b| (b.1[0] - b.1[2], &a.0).cmp(&(a.1[0] - a.1[2], &b.0)));
            rows
        };
        out.districts = part(&parts[0], str::to_owned);
        out.kinds = part(&parts[1], str::to_owned);
        out.groups = part(&parts[2], group_label);
        out.states = part(&parts[3], str::to_owned);
        for (register, segments) in SOURCES {
            let told = store.register_told(register)?;
            // A list without a line of a segment does not speak of it.
            for segment in segments.iter().filter(|s| met[**s as usize]) {
                out.told[*segment as usize] = told.as_ref().map(|at| at.get(..10).unwrap_or(at).to_owned());
            }
        }
        // What follows is forecast from months that are over and told; those a list is missing for are forecast with it, and not learned from.
        let series = out.series("");
        let unsaid = out.months.len().saturating_sub(1) - series.len();
        let said = forecast(&series, AHEAD + 1 + unsaid).unwrap_or_default();
        let first = last - unsaid as Month;
        let ahead = said.iter().enumerate().map(|(i, a)| (first + i as Month, a.count(), a.interval()));
        out.ahead = ahead.filter(|(month, ..)| *month >= last).collect();
        out.scores = scores(&series, AHEAD);
        Ok(out)
    })
}

/// Keeps the forecast of this month as it is made, once: what is known later does not change it.
///
/// # Errors
/// [`Fault`] of the database.
pub fn keep_forecast(desk: &Desk) -> Result<usize, Fault> {
    let Some(permit) = authz::permit::<Change, Coverage>(&authz::Actor::operator()) else { return Ok(0) };
    let figures = figures(desk, &permit)?;
    let Some(running) = figures.months.last() else { return Ok(0) };
    let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let told = figures.series("").len();
    let Some(known) = told.checked_sub(1).and_then(|at| figures.months.get(at)) else { return Ok(0) };
    let last = (month_text(known.month), whole(known.active));
    let rows: Vec<ForecastRow> = figures
        .ahead
        .iter()
        .map(|(month, count, interval)| ForecastRow {
            made: month_text(running.month),
            month: month_text(*month),
            count: whole(*count),
            interval: interval.map(whole),
            last: last.clone(),
        })
        .collect();
    if rows.is_empty() {
        return Ok(0);
    }
    let known = desk.read(|s| s.picture().map_err(Fault::from))?.map(|p| p.digest).unwrap_or_default();
    desk.write(|s| s.coverage_forecast_keep(&permit, &rows, (&known, &clock::now())).map_err(Fault::from))
}

/// How forecasts did as they were made, by months ahead: those of months that are over.
#[must_use]
pub fn kept_scores(figures: &Figures, kept: &[ForecastRow]) -> Vec<Score> {
    let mut out: BTreeMap<usize, Score> = BTreeMap::new();
    let Some(running) = figures.months.last().map(|m| m.month) else { return Vec::new() };
    let came = |month: Month| figures.months.iter().find(|m| m.month == month).map(|m| m.active);
    for row in kept {
        let (Some(month), Some(last)) = (month_typed(&row.month), month_typed(&row.last.0)) else { continue };
        // A month without a list of its own is not what came.
        let Some(active) = came(month).filter(|_| month < running && figures.is_told(month, "")) else { continue };
        let Ok(ahead) = usize::try_from(month - last) else { continue };
        let score = out.entry(ahead).or_insert(Score { ahead, ..Score::default() });
        let [least, most] = row.interval.map(i64::unsigned_abs);
        score.months += 1;
        score.inside += u64::from((least..=most).contains(&active));
        score.off += row.count.unsigned_abs().abs_diff(active);
        // What nothing changing would have said, by what was known then.
        score.off_unchanged += row.last.1.unsigned_abs().abs_diff(active);
    }
    out.into_values().collect()
}

/// Why what somebody says is not kept; each has a sentence `coverage-no-NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsaid {
    /// No name, source, day of it, or month.
    Word,
    /// No number, or ends that do not hold it.
    Number,
    /// There is none that stands.
    Unknown,
}

impl Unsaid {
    /// Name of its sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Word => "coverage-no-word",
            Self::Number => "coverage-no-number",
            Self::Unknown => "coverage-no-unknown",
        }
    }
}

/// Keeps what somebody else says.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn say(
    desk: &Desk,
    permit: &Permit<Change, Coverage>,
    word: &CoverageWord,
    request: &str,
) -> Result<Result<i64, Unsaid>, Fault> {
    let clean = |text: &str| kernel::text::clean(text);
    let word = CoverageWord { name: clean(&word.name), source: clean(&word.source), ..word.clone() };
    let fits = |text: &str| TEXT.contains(&text.chars().count());
    let kinds = ["base", "claim", "target"];
    let dated = day(&word.dated).filter(|d| *d <= clock::today());
    let segment = word.segment.is_empty() || Segment::parse(&word.segment).is_some();
    let fits = kinds.contains(&word.kind.as_str()) && fits(&word.name) && fits(&word.source) && segment;
    let (Some(month), Some(dated), true) = (month_typed(&word.month), dated, fits) else {
        return Ok(Err(Unsaid::Word));
    };
    let word = CoverageWord { month: month_text(month), dated: dated.to_string(), ..word };
    let [least, most] = word.interval;
    let most_of = if word.kind == "target" { WHOLE } else { 500_000_000 };
    if !(1..=most_of).contains(&word.count) || least < 1 || least > word.count || most < word.count || most > most_of {
        return Ok(Err(Unsaid::Number));
    }
    let told = event(permit.actor(), "coverage_say", "coverage_word", request);
    let id = desk.write(|s| s.coverage_say(permit, &word, &clock::now(), told).map_err(Fault::from))?;
    Ok(id.ok_or(Unsaid::Unknown))
}

/// Takes back what somebody else says.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn unsay(
    desk: &Desk,
    permit: &Permit<Change, Coverage>,
    id: i64,
    request: &str,
) -> Result<Result<(), Unsaid>, Fault> {
    let told = event(permit.actor(), "coverage_unsay", &format!("coverage_word:{id}"), request);
    let done = desk.write(|s| s.coverage_unsay(permit, id, &clock::now(), told).map_err(Fault::from))?;
    Ok(if done { Ok(()) } else { Err(Unsaid::Unknown) })
}

/// A base with the people counted against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// The base as it was entered.
    pub base: CoverageWord,
    /// People active in its segment in the running month.
    pub people: u64,
    /// The share, or why none is said.
    pub share: Result<Ratio, Withheld>,
    /// The target of the same segment that is reached for next, and people missing to it.
    pub target: Option<(CoverageWord, u64)>,
    /// The odds that the target is reached by its month, if things go on as they did, parts per million; none where that cannot be told.
    pub odds_ppm: Option<i64>,
}

/// Did a list of the insurer come late enough to tell of a month: after it was over, or within it while it runs?
#[must_use]
pub fn is_told(month: Month, running: Month, told: Option<&str>) -> bool {
    let Some(told) = told.and_then(day) else { return false };
    let told = month_of(told);
    // The list of the last day of a month may carry that month's changes or not: only a later one does for sure.
    if month == running { told >= running } else { told > month }
}

impl Figures {
    /// The last day a list came that speaks of a segment, or of any.
    fn told_of(&self, segment: &str) -> Option<&str> {
        match Segment::parse(segment) {
            Some(segment) => self.told[segment as usize].as_deref(),
            None => self.told.iter().flatten().max().map(String::as_str),
        }
    }

    /// Is a month told of: for all, or for a segment?
    #[must_use]
    pub fn is_told(&self, month: Month, segment: &str) -> bool {
        let running = self.months.last().map_or(month, |m| m.month);
        is_told(month, running, self.told_of(segment))
    }

    /// People active in a segment, month by month, of the months that are over and told.
    fn series(&self, segment: &str) -> Vec<u64> {
        let over = &self.months[..self.months.len().saturating_sub(1)];
        over.iter().take_while(|l| self.is_told(l.month, segment)).map(|l| active(l, segment)).collect()
    }
}

/// The odds of a target.
fn odds(figures: &Figures, base: &CoverageWord, target: &CoverageWord) -> Option<i64> {
    let running = figures.months.last()?.month;
    let months = usize::try_from(month_typed(&target.month)? - running + 1).ok().filter(|n| (1..=ODDS).contains(n))?;
    let series = figures.series(&base.segment);
    let unsaid = figures.months.len().saturating_sub(1) - series.len();
    let said = forecast(&series, months + unsaid)?;
    // Reached is: nobody is missing.
    let wanted = missing(0, &base_of(base), target.count);
    said.last().map(|a| a.chance_ppm(wanted))
}

fn base_of(word: &CoverageWord) -> Base {
    let people = |n: i64| n.unsigned_abs();
    Base { count: people(word.count), interval: word.interval.map(people) }
}

/// People active in a segment in a month; all of them where none is named.
fn active(line: &MonthLine, segment: &str) -> u64 {
    Segment::parse(segment).map_or(line.active, |s| line.active_by[s as usize])
}

/// Every base with its share, several side by side, the newest first; and, first of all, the one of people known, whose part is counted by person.
#[must_use]
pub fn against(figures: &Figures, words: &[CoverageWord]) -> Vec<Against> {
    let Some(now) = figures.months.last() else { return Vec::new() };
    let month = month_text(now.month);
    let target = |base: &CoverageWord| {
        let own = words.iter().filter(|w| w.kind == "target" && w.segment == base.segment && w.month >= month);
        let next = own.min_by(|a, b| (&a.month, b.id).cmp(&(&b.month, a.id)))?;
        let people = active(now, &base.segment);
        Some((next.clone(), missing(people, &base_of(base), next.count)))
    };
    let bases = words.iter().filter(|w| w.kind == "base");
    let one = |base: &CoverageWord| {
        let people = active(now, &base.segment);
        let share = ratio(people, &base_of(base));
        let target = target(base).filter(|_| share.is_ok());
        let odds_ppm = target.as_ref().and_then(|(t, _)| odds(figures, base, t));
        Against { people, target, odds_ppm, share, base: base.clone() }
    };
    bases.map(one).collect()
}

/// Shares of denominators as they may be told to everybody: none where the people are not, because the two would say how many they are.
#[must_use]
pub fn shares(figures: &Figures, words: &[CoverageWord]) -> Vec<(CoverageWord, Option<i64>)> {
    let Some(now) = figures.months.last() else { return Vec::new() };
    let open = |segment: &str| {
        let counts = match Segment::parse(segment) {
            Some(s) => [now.registered_by[s as usize], now.registered_by[s as usize], now.active_by[s as usize]],
            None => [now.known, now.registered, now.active],
        };
        guarded(&counts).is_some_and(|[.., active]| active.is_some())
    };
    let one = |base: &CoverageWord| {
        let share = ratio(active(now, &base.segment), &base_of(base)).ok().filter(|_| open(&base.segment));
        (base.clone(), share.map(|r| r.ppm))
    };
    words.iter().filter(|w| w.kind == "base").map(one).collect()
}

/// People of a month as they may be told to everybody: registered and active of all, then of each segment. Where one segment is withheld, all of them together are too: the rest would be found by taking away.
#[must_use]
pub fn open_counts(m: &MonthLine) -> ([Option<u64>; 2], [[Option<u64>; 2]; 4]) {
    let two = |counts: [u64; 3]| guarded(&counts).map_or([None; 2], |[_, registered, active]| [registered, active]);
    let segments = std::array::from_fn(|i| {
        // Nobody in a segment is nothing to hide.
        if m.registered_by[i] == 0 {
            [Some(0); 2]
        } else {
            two([m.registered_by[i], m.registered_by[i], m.active_by[i]])
        }
    });
    let whole = |i: usize, n: Option<u64>| n.filter(|_| segments.iter().all(|s: &[Option<u64>; 2]| s[i].is_some()));
    let [registered, active] = two([m.known, m.registered, m.active]);
    ([whole(0, registered), whole(1, active)], segments)
}

/// A difference between what is counted and what somebody says, or something that stands in the way of counting: work to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Todo {
    /// Name: the sentence is `coverage-todo-NAME`.
    pub what: &'static str,
    /// People or lines.
    pub count: u64,
    /// Who says otherwise, and how many they say; empty where nobody does.
    pub says: Option<(String, u64)>,
    /// The month it is of.
    pub month: String,
    /// Where to begin.
    pub page: &'static str,
}

/// Work to do, the largest first.
#[must_use]
pub fn todo(figures: &Figures, words: &[CoverageWord]) -> Vec<Todo> {
    let Some(now) = figures.months.last() else { return Vec::new() };
    let month = month_text(now.month);
    let plain = |what, count, page| Todo { what, count, says: None, month: month.clone(), page };
    let mut out = vec![
        plain("numberless", figures.numberless, "/rentan/daftar?keadaan=konflik"),
        plain("undated", figures.undated, "/impor"),
        plain("unknown-cover", figures.unknown_cover, "/proyek?keadaan=registering"),
        plain("not-active", now.registered - now.active - figures.unknown_cover, "/temuan"),
        plain("not-registered", now.known - now.registered, "/rentan/daftar?keadaan=open"),
    ];
    for word in words.iter().filter(|w| w.kind == "claim") {
        let Some(line) = figures.months.iter().find(|l| month_text(l.month) == word.month) else { continue };
        let (counted, said) = (active(line, &word.segment), word.count.unsigned_abs());
        out.push(Todo {
            what: if said > counted { "claim-more" } else { "claim-fewer" },
            count: said.abs_diff(counted),
            says: Some((format!("{}, {}", word.name, word.source), said)),
            month: word.month.clone(),
            page: "/impor",
        });
    }
    out.retain(|t| t.count > 0);
    out.sort_by(|a, b| (b.count, a.what).cmp(&(a.count, b.what)));
    let unknown = Segment::ALL.iter().filter(|s| figures.told[**s as usize].is_none());
    // A segment no list speaks of is not nought.
    out.extend(unknown.map(|s| Todo {
        what: "no-list",
        count: 0,
        says: Some((s.name().to_owned(), 0)),
        month: month.clone(),
        page: "/impor",
    }));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_withheld_is_not_found_by_taking_away() {
        let line = MonthLine {
            known: 30_000,
            registered: 20_213,
            active: 15_010,
            registered_by: [12_003, 2_997, 5_210, 3],
            active_by: [9_000, 2_000, 4_008, 2],
            ..MonthLine::default()
        };
        let (all, segments) = open_counts(&line);
        assert_eq!((all, segments[3]), ([None; 2], [None; 2]));
        assert_eq!(segments[2], [Some(5_210), Some(4_008)]);
        let open = MonthLine { registered_by: [12_003, 2_997, 5_210, 0], active_by: [9_000, 2_000, 4_008, 0], ..line };
        assert_eq!(open_counts(&open).0, [Some(20_213), Some(15_010)]);
        // Ten of twelve are withheld because two are left; a share of a known number would say them.
        let figures = Figures {
            months: vec![MonthLine { registered_by: [0, 0, 0, 12], active_by: [0, 0, 0, 10], ..line }],
            ..Figures::default()
        };
        let base = CoverageWord {
            kind: "base".into(),
            segment: "migrant".into(),
            count: 400,
            interval: [400, 400],
            ..CoverageWord::default()
        };
        assert_eq!(shares(&figures, &[base])[0].1, None);
    }

    #[test]
    fn a_month_without_a_list_is_not_told() {
        let month = |text: &str| month_typed(text).unwrap();
        let at = |m: &str, told: Option<&str>| is_told(month(m), month("2026-11"), told);
        assert!(at("2026-10", Some("2026-11-03")) && at("2026-11", Some("2026-11-03")));
        // A list of the month itself may have come before its changes.
        assert!(!at("2026-10", Some("2026-10-31")) && at("2026-09", Some("2026-10-31")));
        assert!(!at("2026-11", Some("2026-10-31")) && !at("2026-09", None));
        let months =
            (8..=11).map(|m| MonthLine { month: month(&format!("2026-{m:02}")), active: m, ..MonthLine::default() });
        let mut figures = Figures { months: months.collect(), ..Figures::default() };
        figures.told[Segment::Construction as usize] = Some("2026-10-20".into());
        figures.told[Segment::Waged as usize] = Some("2026-11-02".into());
        assert_eq!(figures.series(""), [8, 9, 10], "the newest list of any");
        assert_eq!(figures.series("construction").len(), 2, "August and September");
        assert!(figures.series("migrant").is_empty());
    }

    #[test]
    fn forecasts_are_scored_as_they_were_made() {
        let line =
            |month: &str, active: u64| MonthLine { month: month_typed(month).unwrap(), active, ..MonthLine::default() };
        let months = vec![line("2026-08", 80), line("2026-09", 100), line("2026-10", 130), line("2026-11", 140)];
        let mut figures = Figures { months, ..Figures::default() };
        figures.told[0] = Some("2026-11-05".into());
        let row = |made: &str, month: &str, count, interval, last: (&str, i64)| ForecastRow {
            made: made.into(),
            month: month.into(),
            count,
            interval,
            last: (last.0.into(), last.1),
        };
        let (august, september) = (("2026-08", 78), ("2026-09", 99));
        let kept = [
            row("2026-09", "2026-09", 95, [90, 105], august),
            row("2026-09", "2026-10", 110, [100, 120], august),
            row("2026-10", "2026-10", 128, [115, 140], september),
            // The running month is not over, and what is not counted any more is not scored.
            row("2026-10", "2026-11", 150, [140, 160], september),
            row("2020-01", "2020-02", 1, [1, 1], ("2019-12", 1)),
        ];
        let scores = kept_scores(&figures, &kept);
        assert_eq!(
            scores,
            [
                Score { ahead: 1, months: 2, inside: 2, off: 5 + 2, off_unchanged: 22 + 31 },
                Score { ahead: 2, months: 1, inside: 0, off: 20, off_unchanged: 52 },
            ]
        );
        assert!(kept_scores(&Figures::default(), &kept).is_empty());
        figures.told[0] = Some("2026-10-05".into());
        assert_eq!(kept_scores(&figures, &kept).iter().map(|s| s.months).sum::<u64>(), 1, "October is not told");
    }

    #[test]
    fn small_counts_and_small_rests_are_not_told() {
        assert_eq!(guarded(&[4, 4, 4]), None);
        assert_eq!(guarded(&[40, 20, 10]), Some([Some(40), Some(20), Some(10)]));
        assert_eq!(guarded(&[40, 38, 10]), Some([Some(40), None, Some(10)]), "two would be found by taking away");
        assert_eq!(guarded(&[40, 20, 3]), Some([Some(40), None, None]), "the smaller from the larger");
        assert_eq!(guarded(&[40, 20, 18]), Some([Some(40), None, None]));
        assert_eq!(guarded(&[40, 40, 40]), Some([Some(40), Some(40), Some(40)]));
        assert_eq!(guarded(&[40, 0, 0]), Some([Some(40), Some(0), Some(0)]));
    }
}
