//! A project with everything the insurer and the treasury say about it.

use kernel::{Date, Exact, Origin, Rupiah};
use law::Law;
use linkage::projects::Project;
use linkage::works::Linked;
use registers::records::{Determination, ListOf, PremiumPayment, Registration, TreasuryPayment, Worker};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Which lists have been loaded at all. A missing list makes days unknown, never anybody guilty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Knowledge {
    /// Registrations.
    pub registrations: bool,
    /// Payments to the insurer.
    pub premiums: bool,
    /// Worker lists.
    pub workers: bool,
}

/// Everything known about a city at a moment.
#[derive(Debug, Clone, Copy)]
pub struct City<'a> {
    /// Projects.
    pub projects: &'a [Project],
    /// Registrations.
    pub registrations: &'a [Registration],
    /// Determinations.
    pub determinations: &'a [Determination],
    /// Payments.
    pub premiums: &'a [PremiumPayment],
    /// Workers.
    pub workers: &'a [Worker],
    /// Treasury payments by project index.
    pub treasury: &'a BTreeMap<usize, Vec<&'a TreasuryPayment>>,
    /// Who is whose.
    pub linked: &'a Linked,
    /// Which lists are loaded.
    pub knowledge: Knowledge,
    /// Code of the city or regency (`15.71`), where its list of regions says so.
    pub place: Option<&'a str>,
}

/// A registration with its papers and money.
#[derive(Debug, Clone)]
pub struct Coverage<'a> {
    /// The registration.
    pub registration: &'a Registration,
    /// The latest determination, if any.
    pub determination: Option<&'a Determination>,
    /// Payments, by day.
    pub premiums: Vec<&'a PremiumPayment>,
    /// Workers on the insurer's list.
    pub workers: Vec<&'a Worker>,
    /// Contribution determined, or computed from the declared value where no letter is known.
    pub due: Option<Rupiah>,
    /// Number of instalments, where the letter says.
    pub instalments: Option<u32>,
    /// Rupiah received.
    pub paid: Exact,
    /// Day from which the first instalment was in.
    pub first_instalment: Option<(Date, Origin)>,
    /// First day of the period.
    pub from: Option<Date>,
    /// Last day of the contract period as declared.
    pub works_until: Option<Date>,
    /// Last day protected: the maintenance period included.
    pub until: Option<Date>,
    /// How many projects share this registration.
    pub shared_by: usize,
    /// Summed value of all projects that share it, with tax.
    pub shared_value: Option<Exact>,
}

/// A project and its coverages.
#[derive(Debug)]
pub struct ProjectView<'a> {
    /// The project.
    pub project: &'a Project,
    /// Its registrations, by day registered.
    pub coverages: Vec<Coverage<'a>>,
    /// Its own roster.
    pub roster: Vec<&'a Worker>,
    /// A registration in review names this project as an option.
    pub in_review: bool,
    /// Treasury payments.
    pub treasury: Vec<&'a TreasuryPayment>,
}

/// The law with its deadlines remembered by day.
pub struct Context<'a> {
    /// The law.
    pub law: &'a Law,
    /// The day assessed.
    pub as_of: Date,
    /// Which lists are loaded.
    pub knowledge: Knowledge,
    /// Code of the city.
    pub place: Option<&'a str>,
    registration_deadlines: RefCell<BTreeMap<Date, Option<(Date, Date)>>>,
    roster_deadlines: RefCell<BTreeMap<Date, Option<(Date, Date)>>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(law: &'a Law, as_of: Date, knowledge: Knowledge, place: Option<&'a str>) -> Self {
        let (registration_deadlines, roster_deadlines) = (RefCell::default(), RefCell::default());
        Self { law, as_of, knowledge, place, registration_deadlines, roster_deadlines }
    }

    /// Last day to register under the strict and the lenient reading.
    pub fn registration_deadline(&self, order: Date) -> Option<(Date, Date)> {
        *self
            .registration_deadlines
            .borrow_mut()
            .entry(order)
            .or_insert_with(|| law::deadline::registration(order, self.law).ok().map(|d| (d.strict.value, d.lenient)))
    }

    /// Last day to report a worker, under the strict and the lenient reading.
    pub fn roster_deadline(&self, joined: Date) -> Option<(Date, Date)> {
        *self
            .roster_deadlines
            .borrow_mut()
            .entry(joined)
            .or_insert_with(|| law::deadline::roster_change(joined, self.law).ok().map(|d| (d.strict.value, d.lenient)))
    }

    /// A whole-number yardstick on the assessed day.
    pub fn number(&self, path: &str) -> Option<i64> {
        self.law.at(self.as_of).number(path).ok().map(|n| n.0)
    }
}

impl ProjectView<'_> {
    /// The day from which the law counts: the order, else the first day of works.
    pub fn order_day(&self) -> Option<Date> {
        self.project.order_date.or(self.project.start).map(|d| d.value)
    }

    /// The earliest registration.
    pub fn first_registered(&self) -> Option<(&Coverage<'_>, Date)> {
        self.coverages.iter().filter_map(|c| c.registration.registered.map(|d| (c, d))).min_by_key(|(_, d)| *d)
    }
}

/// Builds the views of all projects.
pub(crate) fn views<'a>(city: &City<'a>, context: &Context<'_>) -> Vec<ProjectView<'a>> {
    let mut determinations: BTreeMap<&str, &Determination> = BTreeMap::new();
    for d in city.determinations.iter().filter(|d| d.date.is_none_or(|day| day <= context.as_of)) {
        determinations.insert(&d.number, d);
    }
    let mut premiums: BTreeMap<&str, Vec<&PremiumPayment>> = BTreeMap::new();
    for p in city.premiums.iter().filter(|p| p.date.is_some_and(|day| day <= context.as_of)) {
        premiums.entry(&p.number).or_default().push(p);
    }
    let mut workers: BTreeMap<&str, Vec<&Worker>> = BTreeMap::new();
    let mut rosters: BTreeMap<&str, Vec<&Worker>> = BTreeMap::new();
    for w in city.workers {
        let lists = match w.list {
            ListOf::Registration(_) => &mut workers,
            ListOf::Project(_) => &mut rosters,
            // Cover by others meets no duty of a project; who is vulnerable elsewhere is no worker of it.
            ListOf::Other(_) | ListOf::Vulnerable(_) => continue,
        };
        lists.entry(w.list.name()).or_default().push(w);
    }
    let mut projects_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut registrations_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for link in &city.linked.links {
        projects_of.entry(link.registration).or_default().push(link.project);
        registrations_of.entry(link.project).or_default().push(link.registration);
    }
    let in_review: std::collections::BTreeSet<usize> =
        city.linked.reviews.iter().flat_map(|r| r.options.iter().map(|o| o.0)).collect();
    city.projects
        .iter()
        .enumerate()
        .map(|(i, project)| {
            let mut coverages: Vec<Coverage<'a>> = registrations_of
                .get(&i)
                .into_iter()
                .flatten()
                .map(|r| {
                    let registration = &city.registrations[*r];
                    let number = registration.number.as_str();
                    let sharing = projects_of.get(r).map_or(&[][..], Vec::as_slice);
                    let values: Option<Vec<Exact>> =
                        sharing.iter().map(|p| city.projects[*p].value.map(|v| v.value)).collect();
                    coverage(
                        registration,
                        determinations.get(number).copied(),
                        premiums.get(number).cloned().unwrap_or_default(),
                        workers.get(number).cloned().unwrap_or_default(),
                        (sharing.len(), values.map(|v| v.into_iter().sum())),
                        context,
                    )
                })
                // What happened after the assessed day is not known on it.
                .filter(|c| c.registration.registered.is_none_or(|d| d <= context.as_of))
                .collect();
            coverages.sort_by(|a, b| {
                (a.registration.registered, &a.registration.number)
                    .cmp(&(b.registration.registered, &b.registration.number))
            });
            ProjectView {
                project,
                coverages,
                roster: rosters.get(project.code.as_str()).cloned().unwrap_or_default(),
                in_review: in_review.contains(&i),
                treasury: city.treasury.get(&i).cloned().unwrap_or_default(),
            }
        })
        .collect()
}

/// When each registration covers, by number: from the day its first contribution is in and its period runs, to the last day of the period. One whose start or end nobody
/// says, or of which nothing is in, is left out: whether its people are covered is not known.
pub(crate) fn covers<'a>(city: &City<'a>, context: &Context<'_>) -> Vec<(&'a str, Date, Date)> {
    let mut determinations: BTreeMap<&str, &Determination> = BTreeMap::new();
    for d in city.determinations.iter().filter(|d| d.date.is_none_or(|day| day <= context.as_of)) {
        determinations.insert(&d.number, d);
    }
    let mut premiums: BTreeMap<&str, Vec<&PremiumPayment>> = BTreeMap::new();
    for p in city.premiums.iter().filter(|p| p.date.is_some_and(|day| day <= context.as_of)) {
        premiums.entry(&p.number).or_default().push(p);
    }
    let one = |r: &'a Registration| {
        let number = r.number.as_str();
        let paid = premiums.get(number).cloned().unwrap_or_default();
        let c = coverage(r, determinations.get(number).copied(), paid, Vec::new(), (1, None), context);
        let (first, _) = c.first_instalment?;
        let (from, until) = (c.from?.max(first), c.until?);
        (from <= until).then_some((number, from, until))
    };
    let mut out: Vec<_> = city.registrations.iter().filter_map(one).collect();
    out.sort_unstable();
    out
}

fn coverage<'a>(
    registration: &'a Registration,
    determination: Option<&'a Determination>,
    premiums: Vec<&'a PremiumPayment>,
    workers: Vec<&'a Worker>,
    (shared_by, shared_value): (usize, Option<Exact>),
    context: &Context<'_>,
) -> Coverage<'a> {
    let determined = determination.and_then(|d| d.amount).and_then(|a| a.round(kernel::money::Rounding::HalfUp));
    let due = determined.or_else(|| declared_due(registration, determination, context));
    let instalments = determination.and_then(|d| d.instalments);
    let first_due = due.map(|due| first_instalment(due, instalments, registration, context));
    let mut paid = Exact::ZERO;
    let mut first = None;
    for p in &premiums {
        paid = paid + p.amount.unwrap_or(Exact::ZERO);
        let reached = first_due.is_none_or(|due| paid >= due.into());
        if let (None, true, Some(date)) = (first, reached && paid.is_positive(), p.date) {
            first = Some((date, p.origin));
        }
    }
    let pick = |own: Option<Date>, letter: Option<Date>| own.max(letter);
    let works_until = pick(registration.end, determination.and_then(|d| d.end));
    let maintenance = pick(registration.maintenance_end, determination.and_then(|d| d.maintenance_end));
    Coverage {
        registration,
        determination,
        premiums,
        workers,
        due,
        instalments,
        paid,
        first_instalment: first,
        from: registration.start.or(determination.and_then(|d| d.start)),
        works_until,
        until: works_until.max(maintenance),
        shared_by,
        shared_value,
    }
}

/// The contribution a declared value leads to, where no letter is known.
fn declared_due(
    registration: &Registration,
    determination: Option<&Determination>,
    context: &Context<'_>,
) -> Option<Rupiah> {
    let day = registration.order_date.or(registration.start).or(registration.registered)?;
    let law = context.law.at(day);
    let contribution = match (determination.and_then(|d| d.base), registration.value, registration.includes_tax) {
        (Some(base), _, _) => law::contribution::total(base, &law),
        (None, Some(value), Some(true)) => law::contribution::total_of_gross(value, &law),
        // Where the form does not say, the smaller reading of the base is taken: nobody is called
        // short for tax that may not have been in the value.
        (None, Some(value), _) => law::contribution::total_of_gross(value, &law),
        (None, None, _) => return None,
    };
    contribution.ok()
}

/// What must be in before the registration protects: the first part in instalments, all of a lump
/// sum; where the letter does not say, the first part.
fn first_instalment(
    due: Rupiah,
    instalments: Option<u32>,
    registration: &Registration,
    context: &Context<'_>,
) -> Rupiah {
    if instalments == Some(1) {
        return due;
    }
    let day = registration.order_date.or(registration.registered).unwrap_or(context.as_of);
    law::contribution::instalments(due, &context.law.at(day)).ok().and_then(|p| p.first().copied()).unwrap_or(due)
}
