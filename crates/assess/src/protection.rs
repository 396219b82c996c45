//! The protection ledger: each day of a project in one state, each span with the fact that
//! decides it.
//!
//! | State | Meaning |
//! |---|---|
//! | covered | registered, first instalment in, period running |
//! | registering | registered, first instalment not in |
//! | window | not registered, inside the legal days to register |
//! | exposed | nobody insures: the contractor would pay (PP 44/2015 Articles 27 and 35) |
//! | unknown | a fact is missing, and which |

use crate::roster::{Report, Stay, merged};
use crate::view::{Context, Coverage, ProjectView};
use kernel::date::{days_inclusive, next_day};
use kernel::{Date, Origin};
use serde::Serialize;
use std::collections::BTreeMap;

/// The state of a project on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Protected.
    Covered,
    /// Registered, not yet paid.
    Registering,
    /// Inside the legal days.
    Window,
    /// The contractor would pay.
    Exposed,
    /// A fact is missing.
    Unknown,
}

impl State {
    /// All, in the order of reports.
    pub const ALL: [Self; 5] = [Self::Covered, Self::Registering, Self::Window, Self::Exposed, Self::Unknown];

    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Registering => "registering",
            Self::Window => "window",
            Self::Exposed => "exposed",
            Self::Unknown => "unknown",
        }
    }

    /// Does a day in this state count as uncovered? Unknown days are counted apart.
    pub fn is_uncovered(self) -> bool {
        matches!(self, Self::Registering | Self::Window | Self::Exposed)
    }
}

/// How a project stands on the assessed day: in a state, or before or after its period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The period includes the day.
    Now(State),
    /// The works, and the maintenance period where a paper states one, are over.
    Ended,
    /// The works have not begun.
    NotBegun,
}

impl Standing {
    /// All, in the order of reports.
    pub const ALL: [Self; 7] = [
        Self::Now(State::Covered),
        Self::Now(State::Registering),
        Self::Now(State::Window),
        Self::Now(State::Exposed),
        Self::Now(State::Unknown),
        Self::NotBegun,
        Self::Ended,
    ];

    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Now(state) => state.name(),
            Self::Ended => "ended",
            Self::NotBegun => "not_begun",
        }
    }
}

/// Which fact is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// No registration list has been loaded.
    RegistrationList,
    /// No payment list has been loaded.
    PaymentList,
    /// Neither start order nor contract date.
    Start,
    /// No end of works.
    End,
    /// No contract record: only a result.
    Contract,
    /// A registration may be of this project; a person has to decide.
    LinkDecision,
    /// The registration carries no day.
    RegistrationDate,
    /// The law has no value for this day.
    Law,
}

impl Missing {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::RegistrationList => "registration_list",
            Self::PaymentList => "payment_list",
            Self::Start => "start",
            Self::End => "end",
            Self::Contract => "contract",
            Self::LinkDecision => "link_decision",
            Self::RegistrationDate => "registration_date",
            Self::Law => "law",
        }
    }
}

/// The fact that decides a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Deciding {
    /// The first instalment was in on this day.
    FirstInstalment {
        /// Day received.
        date: Date,
    },
    /// Registered on this day, first instalment not in.
    Registered {
        /// Day of the form.
        date: Date,
    },
    /// May still register until this day.
    Deadline {
        /// Last day.
        date: Date,
    },
    /// No registration, and the deadline was this day.
    NotRegistered {
        /// Last day to register.
        deadline: Date,
    },
    /// The registered period ended on this day.
    PeriodEnded {
        /// Its last day.
        date: Date,
    },
    /// The registered period begins on this day only.
    PeriodNotBegun {
        /// Its first day.
        date: Date,
    },
    /// A fact is missing.
    Missing {
        /// Which.
        missing: Missing,
    },
}

impl Deciding {
    /// As printed: the name and the day, if any.
    pub fn parts(&self) -> (&'static str, Option<Date>) {
        match *self {
            Self::FirstInstalment { date } => ("first_instalment", Some(date)),
            Self::Registered { date } => ("registered", Some(date)),
            Self::Deadline { date } => ("deadline", Some(date)),
            Self::NotRegistered { deadline } => ("not_registered", Some(deadline)),
            Self::PeriodEnded { date } => ("period_ended", Some(date)),
            Self::PeriodNotBegun { date } => ("period_not_begun", Some(date)),
            Self::Missing { missing } => (missing.name(), None),
        }
    }
}

/// Consecutive days in one state for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// State under the stricter reading, which drives.
    pub state: State,
    /// State under the most lenient reading; differs only where the law is contested.
    pub lenient: State,
    /// The fact that decides.
    pub fact: Deciding,
    /// The row that fact stands in.
    pub origin: Option<Origin>,
}

impl Span {
    /// Days, both ends counted.
    pub fn days(&self) -> u32 {
        days_inclusive(self.from, self.to)
    }
}

/// Worker-days of a project under one reading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkerDays {
    /// Uncovered, counted by roster.
    pub by_roster: u64,
    /// Uncovered, counted by the head count of the registration.
    pub by_heads: u64,
    /// Uncovered project-days for which nobody's number is known.
    pub days_without_heads: u64,
}

impl WorkerDays {
    /// Roster and head count together.
    pub fn known(&self) -> u64 {
        self.by_roster + self.by_heads
    }
}

/// The ledger of one project up to the assessed day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// Spans in order, without gap.
    pub spans: Vec<Span>,
    /// Why there are none, where there are none.
    pub missing: Option<Missing>,
    /// First and last day of the whole period, where known.
    pub period: Option<(Date, Date)>,
    /// The period includes a maintenance period that a paper states.
    pub has_maintenance: bool,
    /// How the project stands on the assessed day.
    pub standing: Standing,
    /// Worker-days under the stricter reading.
    pub strict: WorkerDays,
    /// Worker-days under the most lenient reading.
    pub lenient: WorkerDays,
}

impl Ledger {
    /// Exposed on the assessed day?
    pub fn is_exposed(&self) -> bool {
        self.standing == Standing::Now(State::Exposed)
    }

    /// Days in a state.
    pub fn days(&self, state: State) -> u64 {
        self.spans.iter().filter(|s| s.state == state).map(|s| u64::from(s.days())).sum()
    }

    /// Days in a state under the most lenient reading.
    pub fn days_lenient(&self, state: State) -> u64 {
        self.spans.iter().filter(|s| s.lenient == state).map(|s| u64::from(s.days())).sum()
    }

    /// Days without cover: exposed, registering, or inside the window. A day in the window is
    /// lawful and uncovered all the same: an accident on it falls on the contractor.
    pub fn uncovered(&self) -> u64 {
        self.spans.iter().filter(|s| s.state.is_uncovered()).map(|s| u64::from(s.days())).sum()
    }

    /// First exposed day of the last exposed run, if the project is exposed now.
    pub fn exposed_since(&self) -> Option<Date> {
        let mut since = None;
        for span in self.spans.iter().rev() {
            if span.state != State::Exposed {
                break;
            }
            since = Some(span.from);
        }
        since
    }
}

fn empty(missing: Missing) -> Ledger {
    Ledger {
        spans: Vec::new(),
        missing: Some(missing),
        period: None,
        has_maintenance: false,
        standing: Standing::Now(State::Unknown),
        strict: WorkerDays::default(),
        lenient: WorkerDays::default(),
    }
}

/// Computes the ledger of a project.
pub fn protect(view: &ProjectView<'_>, context: &Context<'_>) -> Ledger {
    let project = view.project;
    let Some(start) = project.start else {
        let missing =
            if project.stage < linkage::projects::Stage::Contracted { Missing::Contract } else { Missing::Start };
        return empty(missing);
    };
    let start = start.value;
    let Some(end) = project.end.map(|e| e.value) else { return empty(Missing::End) };
    let maintenance = view.coverages.iter().filter_map(|c| c.until).max().filter(|m| *m > end);
    let period_end = maintenance.unwrap_or(end).max(start);
    let last = period_end.min(context.as_of);
    let mut ledger = Ledger {
        period: Some((start, period_end)),
        has_maintenance: maintenance.is_some(),
        missing: None,
        ..empty(Missing::Start)
    };
    if start > last {
        ledger.standing = Standing::NotBegun;
        return ledger;
    }
    let deadlines = view.order_day().and_then(|d| context.registration_deadline(d));
    for day in turning_points(view, deadlines, start, last) {
        let (state, lenient, fact, origin) = state_on(day, view, deadlines, context);
        match ledger.spans.last_mut() {
            Some(span) if span.state == state && span.lenient == lenient && span.fact == fact => {}
            _ => ledger.spans.push(Span { from: day, to: last, state, lenient, fact, origin }),
        }
    }
    for i in 1..ledger.spans.len() {
        let next = ledger.spans[i].from;
        if let Ok(before) = next.yesterday() {
            ledger.spans[i - 1].to = before;
        }
    }
    let state = ledger.spans.last().map_or(State::Unknown, |s| s.state);
    ledger.standing = if period_end < context.as_of { Standing::Ended } else { Standing::Now(state) };
    ledger.strict = worker_days(view, &ledger, context, false);
    ledger.lenient = worker_days(view, &ledger, context, true);
    ledger
}

/// Days on which the state may change, from the first day on.
fn turning_points(view: &ProjectView<'_>, deadlines: Option<(Date, Date)>, start: Date, last: Date) -> Vec<Date> {
    let mut days = vec![start];
    if let Some((strict, lenient)) = deadlines {
        days.extend([strict, lenient].iter().filter_map(|d| next_day(*d)));
    }
    for c in &view.coverages {
        days.extend(c.registration.registered);
        days.extend(c.first_instalment.map(|f| f.0));
        days.extend(c.from);
        days.extend(c.until.and_then(next_day));
    }
    days.retain(|d| *d >= start && *d <= last);
    days.sort_unstable();
    days.dedup();
    days
}

type Told = (State, State, Deciding, Option<Origin>);

fn told(state: State, fact: Deciding, origin: Option<Origin>) -> Told {
    (state, state, fact, origin)
}

fn unknown(missing: Missing) -> Told {
    told(State::Unknown, Deciding::Missing { missing }, None)
}

/// The state on one day. Rules from the best cover down; the first that holds decides.
fn state_on(day: Date, view: &ProjectView<'_>, deadlines: Option<(Date, Date)>, context: &Context<'_>) -> Told {
    if !context.knowledge.registrations {
        return unknown(Missing::RegistrationList);
    }
    let registered: Vec<&Coverage<'_>> =
        view.coverages.iter().filter(|c| c.registration.registered.is_some_and(|d| d <= day)).collect();
    let running = |c: &Coverage<'_>| c.from.is_none_or(|f| f <= day) && c.until.is_none_or(|u| day <= u);
    // Protected from the first instalment, while the period runs (Permenaker 44/2015 Art. 3 (4)).
    let cover =
        registered.iter().filter(|c| running(c)).filter_map(|c| c.first_instalment.filter(|f| f.0 <= day)).min();
    if let Some((date, origin)) = cover {
        return told(State::Covered, Deciding::FirstInstalment { date }, Some(origin));
    }
    if let Some(c) = registered.iter().find(|c| running(c)) {
        if !context.knowledge.premiums {
            return unknown(Missing::PaymentList);
        }
        let date = c.registration.registered.unwrap_or(day);
        return told(State::Registering, Deciding::Registered { date }, Some(c.registration.origin));
    }
    if let Some(c) = registered.iter().filter(|c| c.until.is_some_and(|u| u < day)).max_by_key(|c| c.until) {
        let date = c.until.unwrap_or(day);
        return told(State::Exposed, Deciding::PeriodEnded { date }, Some(c.registration.origin));
    }
    if let Some(c) = registered.iter().find(|c| c.from.is_some_and(|f| f > day)) {
        let date = c.from.unwrap_or(day);
        return told(State::Exposed, Deciding::PeriodNotBegun { date }, Some(c.registration.origin));
    }
    if view.coverages.iter().any(|c| c.registration.registered.is_none()) {
        return unknown(Missing::RegistrationDate);
    }
    if view.coverages.is_empty() && view.in_review {
        return unknown(Missing::LinkDecision);
    }
    let Some((strict, lenient)) = deadlines else { return unknown(Missing::Law) };
    if day <= strict {
        return told(State::Window, Deciding::Deadline { date: strict }, None);
    }
    let other = if day <= lenient { State::Window } else { State::Exposed };
    (State::Exposed, other, Deciding::NotRegistered { deadline: strict }, None)
}

/// Uncovered worker-days: by roster where one is known, else by the registration's head count,
/// else the days are counted without heads. Nothing is invented.
fn worker_days(view: &ProjectView<'_>, ledger: &Ledger, context: &Context<'_>, lenient: bool) -> WorkerDays {
    let mut out = WorkerDays::default();
    let people = presence(view, context);
    let state = |s: &Span| if lenient { s.lenient } else { s.state };
    if !people.is_empty() {
        for span in &ledger.spans {
            for person in &people {
                for stay in &person.stays {
                    let (from, to) = (stay.from.max(span.from), stay.to.min(span.to));
                    if from > to {
                        continue;
                    }
                    if state(span).is_uncovered() {
                        out.by_roster += u64::from(days_inclusive(from, to));
                    } else if state(span) == State::Covered
                        && let Some(until) = unreported_until(stay, person.first, context, lenient)
                        && until >= from
                    {
                        // Joined, but not reported within the term: until the report the contractor pays.
                        out.by_roster += u64::from(days_inclusive(from, to.min(until)));
                    }
                }
            }
        }
        return out;
    }
    let heads =
        view.coverages.iter().filter_map(|c| c.registration.heads.or(c.determination.and_then(|d| d.heads))).max();
    let days: u64 = ledger.spans.iter().filter(|s| state(s).is_uncovered()).map(|s| u64::from(s.days())).sum();
    match heads {
        Some(heads) => out.by_heads = days * u64::from(heads),
        None => out.days_without_heads = days,
    }
    out
}

/// People there on the day, and of these whoever no list of the insurer names although the term to report is over, by the stricter reading. None where
/// the site keeps no list or the insurer's is not known: then nobody is called unreported.
pub(crate) fn reported(view: &ProjectView<'_>, context: &Context<'_>) -> Option<[u64; 2]> {
    if view.roster.is_empty() || view.coverages.iter().all(|c| c.workers.is_empty()) {
        return None;
    }
    let mut out = [0, 0];
    for person in presence(view, context) {
        let now = person.stays.iter().find(|s| s.from <= context.as_of && context.as_of <= s.to);
        let Some(stay) = now else { continue };
        out[0] += 1;
        let missing = unreported_until(stay, person.first, context, false).is_some_and(|until| until >= context.as_of);
        out[1] += u64::from(missing);
    }
    Some(out)
}

/// Last day before the report, if that came after the term; the end of time where no report came and the term is over.
fn unreported_until(stay: &Stay, joined: Date, context: &Context<'_>, lenient: bool) -> Option<Date> {
    let (strict, latest) = context.roster_deadline(joined)?;
    stay.reported.missing_until(if lenient { latest } else { strict }, context.as_of)
}

struct Person {
    first: Date,
    stays: Vec<Stay>,
}

/// Who was there when: the same NIK counts once a day, however often and on whichever list it stands.
fn presence(view: &ProjectView<'_>, context: &Context<'_>) -> Vec<Person> {
    let mut by_nik: BTreeMap<String, Vec<Stay>> = BTreeMap::new();
    let mut unnamed = Vec::new();
    let insurer = view.coverages.iter().flat_map(|c| &c.workers).map(|w| (*w, Report::Unknown));
    let knows_list = view.coverages.iter().any(|c| !c.workers.is_empty());
    let silent = if knows_list { Report::Never } else { Report::Unknown };
    for (worker, otherwise) in insurer.chain(view.roster.iter().map(|w| (*w, silent))) {
        let Some(joined) = worker.joined.filter(|j| *j <= context.as_of) else { continue };
        let stay = |otherwise| Stay {
            from: joined,
            to: worker.left.unwrap_or(Date::MAX),
            reported: worker.reported.map_or(otherwise, Report::On),
        };
        match &worker.nik {
            // Only held for the length of this count; never printed, stored or returned.
            Some(nik) => by_nik.entry(nik.reveal().to_owned()).or_default().push(stay(otherwise)),
            // Whoever cannot be told apart cannot be missed on the other list either.
            None => unnamed.push(vec![stay(Report::Unknown)]),
        }
    }
    by_nik
        .into_values()
        .chain(unnamed)
        .map(|stays| {
            let stays = merged(stays);
            Person { first: stays[0].from, stays }
        })
        .collect()
}
