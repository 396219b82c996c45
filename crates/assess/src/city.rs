//! The whole city: every project assessed, totals by state, office and month.

use crate::finding::{Finding, FindingCode};
use crate::protection::{Ledger, Standing, State, WorkerDays, protect};
use crate::rules::RULES;
use crate::view::{City, Context, ProjectView, views};
use kernel::{Date, Rupiah};
use law::Law;
use linkage::class::Class;
use linkage::projects::{Project, Source, Stage};
use std::collections::BTreeMap;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The day.
    pub as_of: Date,
    /// One office only: a part of its name, in any case.
    pub agency: Option<String>,
}

/// One project, assessed.
#[derive(Debug)]
pub struct ProjectLine<'a> {
    /// The project.
    pub project: &'a Project,
    /// Its ledger.
    pub ledger: Ledger,
    /// Insurer's project numbers.
    pub registrations: Vec<&'a str>,
    /// Contribution on today's contract value, where a contract value and the law of its day exist.
    pub due: Option<Rupiah>,
    /// Rupiah received over its registrations.
    pub paid: kernel::Exact,
    /// Heads registered.
    pub heads: Option<u32>,
    /// Day of the start order.
    pub started: Option<Date>,
    /// Last day to register.
    pub deadline: Option<Date>,
    /// Registered on or before that day; none where that cannot be told, or not yet.
    pub prompt: Option<bool>,
    /// Its people, counted.
    pub people: crate::people::People,
    /// People there on the day and how many of them nobody reported in time; none where that cannot be told.
    pub reported: Option<[u64; 2]>,
    /// Codes of its findings, gravest first.
    pub findings: Vec<FindingCode>,
}

/// Sums over projects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Projects with a duty: works and consultants.
    pub projects: u64,
    /// Projects by how they stand on the day.
    pub by_standing: BTreeMap<Standing, u64>,
    /// Projects by stage.
    pub by_stage: BTreeMap<Stage, u64>,
    /// Projects by the list their first package came from (`plan` for none).
    pub by_source: BTreeMap<String, u64>,
    /// Projects by class, all of them.
    pub by_class: BTreeMap<&'static str, u64>,
    /// Days by state.
    pub days: BTreeMap<State, u64>,
    /// Days by state under the most lenient reading.
    pub days_lenient: BTreeMap<State, u64>,
    /// Uncovered project-days.
    pub uncovered_days: u64,
    /// Uncovered worker-days, stricter reading.
    pub workers_strict: WorkerDays,
    /// Uncovered worker-days, most lenient reading.
    pub workers_lenient: WorkerDays,
}

/// Projects that have something in common: an office, a kind of works, a district.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupLine {
    /// What they have in common.
    pub name: String,
    /// Projects with a duty.
    pub projects: u64,
    /// Exposed on the day.
    pub exposed: u64,
    /// Covered on the day.
    pub covered: u64,
    /// Unknown on the day.
    pub unknown: u64,
    /// Uncovered project-days.
    pub uncovered_days: u64,
    /// Uncovered worker-days known.
    pub worker_days: u64,
}

/// Uncovered project-days of a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MonthLine {
    /// Year.
    pub year: i16,
    /// Month.
    pub month: i8,
    /// Exposed days.
    pub exposed: u64,
    /// Registering days.
    pub registering: u64,
    /// Window days.
    pub window: u64,
}

/// Everything found.
#[derive(Debug)]
pub struct Assessment<'a> {
    /// Projects with a duty or possibly one, by code.
    pub lines: Vec<ProjectLine<'a>>,
    /// Findings, gravest first, then by project.
    pub findings: Vec<Finding>,
    /// Totals.
    pub totals: Totals,
    /// Offices, most uncovered days first.
    pub agencies: Vec<GroupLine>,
    /// Months in order.
    pub months: Vec<MonthLine>,
    /// When each registration covers: number, first and last day; those of which it is known.
    pub covers: Vec<(&'a str, Date, Date)>,
}

/// Assesses a city on a day. Runs in time linear in projects, registrations and spans.
pub fn assess<'a>(city: &City<'a>, law: &Law, question: &Question) -> Assessment<'a> {
    let context = Context::new(law, question.as_of, city.knowledge, city.place);
    let wanted = question.agency.as_ref().map(|a| a.to_lowercase());
    let mut out = Assessment {
        lines: Vec::new(),
        findings: Vec::new(),
        totals: Totals::default(),
        agencies: Vec::new(),
        months: Vec::new(),
        covers: crate::view::covers(city, &context),
    };
    let mut months: BTreeMap<(i16, i8), MonthLine> = BTreeMap::new();
    for view in views(city, &context) {
        let project = view.project;
        if wanted.as_ref().is_some_and(|w| !project.agency.to_lowercase().contains(w)) {
            continue;
        }
        *out.totals.by_class.entry(project.class.name()).or_default() += 1;
        if project.class == Class::NotConstruction {
            continue;
        }
        let ledger = protect(&view, &context);
        let before = out.findings.len();
        if project.class.is_duty() {
            for rule in RULES {
                rule(&view, &ledger, &context, &mut out.findings);
            }
            count(&view, &ledger, &mut out.totals, &mut months);
        }
        let mut findings: Vec<FindingCode> = out.findings[before..].iter().map(|f| f.code).collect();
        findings.sort_by_key(|c| rank(*c));
        out.lines.push(line(&view, ledger, findings, &context));
    }
    conclude(city, wanted.is_some(), &mut out.findings);
    out.findings.sort_by(|a, b| {
        (rank(a.code), &a.project, &a.registration, a.since).cmp(&(rank(b.code), &b.project, &b.registration, b.since))
    });
    out.lines.sort_by(|a, b| a.project.code.cmp(&b.project.code));
    out.agencies = group(&out.lines, |line| Some(line.project.agency.clone()));
    out.months = months.into_values().collect();
    out
}

/// Counts projects with a duty by what they have in common, most uncovered days first. Those `of` names nothing for are
/// left out.
pub fn group(lines: &[ProjectLine<'_>], of: impl Fn(&ProjectLine<'_>) -> Option<String>) -> Vec<GroupLine> {
    let mut groups: BTreeMap<String, GroupLine> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.project.class.is_duty()) {
        let Some(name) = of(line) else { continue };
        let group = groups.entry(name).or_default();
        let standing = line.ledger.standing;
        group.projects += 1;
        group.exposed += u64::from(standing == Standing::Now(State::Exposed));
        group.covered += u64::from(standing == Standing::Now(State::Covered));
        group.unknown += u64::from(standing == Standing::Now(State::Unknown));
        group.uncovered_days += line.ledger.uncovered();
        group.worker_days += line.ledger.strict.known();
    }
    let mut out: Vec<GroupLine> = groups.into_iter().map(|(name, line)| GroupLine { name, ..line }).collect();
    out.sort_by(|a, b| (b.uncovered_days, b.exposed, &a.name).cmp(&(a.uncovered_days, a.exposed, &b.name)));
    out
}

fn rank(code: FindingCode) -> usize {
    FindingCode::ALL.iter().position(|c| *c == code).unwrap_or(FindingCode::ALL.len())
}

fn line<'a>(
    view: &ProjectView<'a>,
    ledger: Ledger,
    findings: Vec<FindingCode>,
    context: &Context<'_>,
) -> ProjectLine<'a> {
    let project = view.project;
    let day = view.order_day();
    let proven = project.value.filter(|v| !matches!(v.source, Source::Estimate | Source::Budget));
    let due = proven.zip(day).and_then(|(v, d)| law::contribution::total_of_gross(v.value, &context.law.at(d)).ok());
    let deadline = day.and_then(|d| context.registration_deadline(d)).map(|d| d.0);
    ProjectLine {
        project,
        ledger,
        registrations: view.coverages.iter().map(|c| c.registration.number.as_str()).collect(),
        due,
        paid: view.coverages.iter().map(|c| c.paid).sum(),
        heads: view.coverages.iter().filter_map(|c| c.registration.heads).max(),
        started: day,
        deadline,
        prompt: deadline.and_then(|last| prompt(view, last, context)),
        people: crate::people::count(view, context),
        reported: crate::protection::reported(view, context),
        findings,
    }
}

/// Was it registered by the last day to? A day nobody names, or a match nobody has decided, may be the one in time.
fn prompt(view: &ProjectView<'_>, last: Date, context: &Context<'_>) -> Option<bool> {
    let days = || view.coverages.iter().map(|c| c.registration.registered);
    if days().flatten().any(|day| day <= last) {
        return Some(true);
    }
    let may_be = !context.knowledge.registrations || view.in_review || days().any(|d| d.is_none());
    (!may_be && context.as_of > last).then_some(false)
}

fn count(view: &ProjectView<'_>, ledger: &Ledger, totals: &mut Totals, months: &mut BTreeMap<(i16, i8), MonthLine>) {
    let project = view.project;
    let standing = ledger.standing;
    totals.projects += 1;
    *totals.by_standing.entry(standing).or_default() += 1;
    *totals.by_stage.entry(project.stage).or_default() += 1;
    let source = project.packages.first().map_or("plan", |p| p.system.name());
    *totals.by_source.entry(source.to_owned()).or_default() += 1;
    for state in State::ALL {
        *totals.days.entry(state).or_default() += ledger.days(state);
        *totals.days_lenient.entry(state).or_default() += ledger.days_lenient(state);
    }
    totals.uncovered_days += ledger.uncovered();
    let add = |sum: &mut WorkerDays, w: &WorkerDays| {
        sum.by_roster += w.by_roster;
        sum.by_heads += w.by_heads;
        sum.days_without_heads += w.days_without_heads;
    };
    add(&mut totals.workers_strict, &ledger.strict);
    add(&mut totals.workers_lenient, &ledger.lenient);
    for span in ledger.spans.iter().filter(|s| s.state.is_uncovered()) {
        let mut from = span.from;
        while from <= span.to {
            let to = from.last_of_month().min(span.to);
            let line = months.entry((from.year(), from.month())).or_insert(MonthLine {
                year: from.year(),
                month: from.month(),
                ..MonthLine::default()
            });
            let days = u64::from(kernel::date::days_inclusive(from, to));
            match span.state {
                State::Exposed => line.exposed += days,
                State::Registering => line.registering += days,
                _ => line.window += days,
            }
            let Some(next) = kernel::date::next_day(to) else { break };
            from = next;
        }
    }
}

/// What can only be said once all projects have been seen.
fn conclude(city: &City<'_>, one_agency: bool, out: &mut Vec<Finding>) {
    if one_agency {
        return;
    }
    for index in &city.linked.unmatched {
        let registration = &city.registrations[*index];
        out.push(Finding {
            code: FindingCode::RegistrationUnmatched,
            project: None,
            registration: Some(registration.number.clone()),
            since: registration.registered,
            amount: None,
            contested: false,
            facts: vec![
                crate::finding::Fact { name: "name", value: registration.name.clone() },
                crate::finding::Fact { name: "firm", value: registration.firm.clone() },
            ],
            origins: vec![registration.origin],
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::protection::{Deciding, Missing, State};
    use crate::rules::fixture::{ROW, World, registered, works};
    use registers::records::{ListOf, Worker};

    fn spans(world: &World) -> Vec<String> {
        let a = world.assess();
        a.lines[0].ledger.spans.iter().map(|s| format!("{} {} {}", s.from, s.to, s.state.name())).collect()
    }

    fn base(as_of: &str) -> World {
        World::on(as_of).project(works("2025-07-07", "2025-09-30")).lists()
    }

    #[test]
    fn a_project_walks_through_its_states() {
        let world = base("2025-10-31").registration(registered("2025-07-28")).paid("2025-08-04", 392_000);
        assert_eq!(
            spans(&world),
            [
                "2025-07-07 2025-07-25 window",
                "2025-07-26 2025-07-27 exposed",
                "2025-07-28 2025-08-03 registering",
                "2025-08-04 2025-10-31 covered",
            ]
        );
    }

    #[test]
    fn an_unregistered_project_stays_exposed_to_its_end() {
        let world = base("2025-12-31");
        assert_eq!(spans(&world), ["2025-07-07 2025-07-25 window", "2025-07-26 2025-09-30 exposed"]);
        assert_eq!(world.assess().totals.uncovered_days, 86);
    }

    #[test]
    fn missing_lists_make_unknown_not_guilty() {
        let mut world = base("2025-12-31");
        world.knowledge.registrations = false;
        let a = world.assess();
        assert_eq!(a.lines[0].ledger.spans[0].fact, Deciding::Missing { missing: Missing::RegistrationList });
        assert_eq!(a.totals.uncovered_days, 0);
        assert!(a.findings.is_empty());
    }

    #[test]
    fn in_time_is_said_once_it_can_be() {
        let prompt = |world: &World| world.assess().lines[0].prompt;
        assert_eq!(prompt(&base("2025-10-31").registration(registered("2025-07-25"))), Some(true));
        assert_eq!(prompt(&base("2025-10-31").registration(registered("2025-07-26"))), Some(false));
        assert_eq!(prompt(&base("2025-07-26")), Some(false));
        assert_eq!(prompt(&base("2025-07-25")), None, "there is still time");
        let mut unknown = base("2025-10-31");
        unknown.knowledge.registrations = false;
        assert_eq!(prompt(&unknown), None, "no list says so");
    }

    #[test]
    fn contested_leave_shows_both_readings() {
        let world = World::on("2025-09-30").project(works("2025-08-01", "2025-09-30")).lists();
        let a = world.assess();
        let spans = &a.lines[0].ledger.spans;
        assert_eq!((spans[1].state, spans[1].lenient, spans[1].days()), (State::Exposed, State::Window, 1));
        assert_eq!(spans[2].lenient, State::Exposed);
    }

    #[test]
    fn worker_days_by_roster_heads_or_not_at_all() {
        let late = base("2025-08-31").registration(registered("2025-08-01")).paid("2025-08-01", 392_000);
        // 25 uncovered days (7 July to 31 July), 10 heads on the form.
        assert_eq!(late.assess().totals.workers_strict.by_heads, 250);
        let mut with_roster = base("2025-08-31").registration(registered("2025-08-01")).paid("2025-08-01", 392_000);
        let worker = |nik: &str, joined: &str, reported: Option<&str>| Worker {
            address: None,
            resident: None,
            origin: ROW,
            list: ListOf::Registration("2500000000001".into()),
            nik: kernel::id::Nik::parse(nik).ok(),
            joined: Some(joined.parse().unwrap()),
            left: None,
            reported: reported.map(|r| r.parse().unwrap()),
            wage: None,
        };
        with_roster.workers = vec![
            worker("1571010203900001", "2025-07-07", Some("2025-07-07")),
            // The same person listed twice counts once.
            worker("1571010203900001", "2025-07-10", Some("2025-07-10")),
            // Joined 4 August, reported 20 August: later than 7 working days, within 30.
            worker("1571010203900002", "2025-08-04", Some("2025-08-20")),
        ];
        let totals = with_roster.assess().totals;
        assert_eq!(totals.workers_strict.by_roster, 25 + 16);
        assert_eq!(totals.workers_lenient.by_roster, 25);
        assert_eq!(base("2025-08-31").assess().totals.workers_strict.days_without_heads, 56);
    }

    #[test]
    fn a_roster_counts_whom_no_list_of_the_insurer_names() {
        let at = |list: ListOf, nik: &str, joined: &str, reported: Option<&str>| Worker {
            address: None,
            resident: None,
            origin: ROW,
            list,
            nik: kernel::id::Nik::parse(nik).ok(),
            joined: Some(joined.parse().unwrap()),
            left: None,
            reported: reported.map(|r| r.parse().unwrap()),
            wage: None,
        };
        let (site, list) = (ListOf::Project("nontender:1".into()), ListOf::Registration("2500000000001".into()));
        // Never registered: two people on the site, 56 days each.
        let mut world = base("2025-08-31");
        world.workers = vec![
            at(site.clone(), "1571010203900001", "2025-07-07", None),
            at(site.clone(), "1571010203900002", "2025-07-07", None),
        ];
        let w = world.assess().totals.workers_strict;
        assert_eq!((w.by_roster, w.days_without_heads), (112, 0));
        // Registered and paid on the first day: one is on the insurer's list, the other joined on 4 August and is not.
        let covered = || base("2025-08-31").registration(registered("2025-07-07")).paid("2025-07-07", 392_000);
        let mut world = covered();
        world.workers = vec![
            at(list, "1571010203900001", "2025-07-07", Some("2025-07-07")),
            at(site.clone(), "1571010203900001", "2025-07-07", None),
            at(site.clone(), "1571010203900002", "2025-08-04", None),
        ];
        let totals = world.assess().totals;
        assert_eq!((totals.workers_strict.by_roster, totals.workers_lenient.by_roster), (28, 0));
        // Without the insurer's list nobody is said to be missing from it.
        let mut world = covered();
        world.workers = vec![at(site, "1571010203900002", "2025-08-04", None)];
        assert_eq!(world.assess().totals.workers_strict.by_roster, 0);
    }

    proptest::proptest! {
        /// Spans cover the period exactly once, whatever the days are.
        #[test]
        fn spans_have_no_gap(registered_after in 0i32..120, paid_after in 0i32..60, until in 0i32..120, as_of in 0i32..200) {
            let at = |n: i32| kernel::date::add_days("2025-07-07".parse().unwrap(), n).unwrap();
            let mut r = registered("2025-07-07");
            r.registered = Some(at(registered_after));
            r.end = Some(at(until));
            r.maintenance_end = None;
            let world = World { as_of: at(as_of), ..base("2025-07-07").registration(r).paid(&at(registered_after + paid_after).to_string(), 392_000) };
            let a = world.assess();
            let spans = &a.lines[0].ledger.spans;
            proptest::prop_assert_eq!(spans[0].from, at(0));
            for pair in spans.windows(2) {
                proptest::prop_assert_eq!(kernel::date::next_day(pair[0].to), Some(pair[1].from));
            }
            let by_state: u64 = State::ALL.iter().map(|s| a.lines[0].ledger.days(*s)).sum();
            let last = spans.last().unwrap().to;
            proptest::prop_assert_eq!(by_state, u64::from(kernel::date::days_inclusive(at(0), last)));
        }
    }
}
