//! What the JSON interface answers, field by field. Derived from what the pages show, and kept apart from it: a page
//! may change, an answer that programs rest on may only grow.

use app::desk::evidence::{Evidence, Found, Overview, Payment, PeopleCount, Registered, SMALL_GROUP, Sourced, Span};
use app::desk::roster::{Crew, Member, Other, Report, Timeline};
use serde::Serialize;
use store::{FindingRow, ProjectRow};
use utoipa::ToSchema;

fn known(amount: i64) -> Option<i64> {
    (amount != 0).then_some(amount)
}

fn text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// A sentence for a person.
    pub(crate) message: String,
    /// Number of the request, as it stands in the log.
    pub(crate) reference: String,
}

/// A project as everybody may see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicItem {
    code: String,
    name: String,
    agency: String,
    /// Contractor; left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<String>,
    /// Today's state of protection.
    #[schema(example = "exposed")]
    state: String,
    /// Last day to register, ISO; left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_deadline: Option<String>,
}

impl PublicItem {
    pub(crate) fn listed(p: &ProjectRow) -> Self {
        let (code, name, agency, state) = (p.code.clone(), p.name.clone(), p.agency.clone(), p.state.clone());
        Self { code, name, agency, vendor: None, state, registration_deadline: None }
    }

    pub(crate) fn whole(p: &ProjectRow) -> Self {
        Self { vendor: text(&p.vendor), registration_deadline: text(&p.deadline), ..Self::listed(p) }
    }
}

/// Projects as everybody may see them, by name; 25 at most.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicList {
    pub(crate) projects: Vec<PublicItem>,
}

/// A project.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectItem {
    #[schema(example = "nontender:10050261000")]
    code: String,
    name: String,
    agency: String,
    /// Contractor; empty where unknown.
    vendor: String,
    /// `works` or what a consultant does.
    role: String,
    stage: String,
    /// Today's state of protection.
    #[schema(example = "exposed")]
    state: String,
    /// Whole rupiah.
    value: Option<i64>,
    /// Whole rupiah.
    contribution_due: Option<i64>,
    /// Project-days.
    uncovered_days: i64,
    /// Worker-days as far as heads are known.
    uncovered_worker_days: i64,
    /// ISO day.
    registration_deadline: Option<String>,
    /// The gravest finding.
    #[schema(example = "not-registered")]
    finding: Option<String>,
}

impl ProjectItem {
    pub(crate) fn of(p: &ProjectRow) -> Self {
        Self {
            code: p.code.clone(),
            name: p.name.clone(),
            agency: p.agency.clone(),
            vendor: p.vendor.clone(),
            role: p.role.clone(),
            stage: p.stage.clone(),
            state: p.state.clone(),
            value: known(p.value),
            contribution_due: known(p.due),
            uncovered_days: p.uncovered,
            uncovered_worker_days: p.worker_days,
            registration_deadline: text(&p.deadline),
            finding: text(&p.gravest),
        }
    }
}

/// A page of projects.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectList {
    pub(crate) projects: Vec<ProjectItem>,
    /// Send it as `after` for the page that follows; null on the last one.
    pub(crate) next: Option<String>,
}

/// A value and where it came from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourcedValue {
    /// ISO day or whole rupiah.
    value: String,
    /// Link of the chain.
    #[schema(example = "work_start")]
    source: String,
}

impl From<Sourced> for SourcedValue {
    fn from(s: Sourced) -> Self {
        Self { value: s.value, source: s.source }
    }
}

/// Consecutive days in one state.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Days {
    from: String,
    to: String,
    days: u32,
    state: String,
    /// State under the most lenient reading.
    state_lenient: String,
    /// The fact that decides.
    fact: String,
    fact_date: Option<String>,
    /// File, sheet and row of that fact.
    source: Option<String>,
}

impl From<Span> for Days {
    fn from(s: Span) -> Self {
        let (fact_date, source) = (text(&s.fact_date), text(&s.source));
        let (from, to, days, state) = (s.from, s.to, s.days, s.state);
        Self { from, to, days, state, state_lenient: s.lenient, fact: s.fact, fact_date, source }
    }
}

/// Money that went somewhere.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Paid {
    date: String,
    /// Whole rupiah.
    amount: i64,
    number: String,
    text: String,
    source: String,
}

impl From<Payment> for Paid {
    fn from(p: Payment) -> Self {
        Self { date: p.date, amount: p.amount, number: p.number, text: p.text, source: p.source }
    }
}

/// A registration at the insurer linked to the project.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Registration {
    number: String,
    name: String,
    firm: String,
    registered: Option<String>,
    start: Option<String>,
    end: Option<String>,
    /// Declared value, whole rupiah.
    value: Option<i64>,
    heads: Option<u32>,
    contribution_due: Option<i64>,
    contribution_paid: i64,
    payments: Vec<Paid>,
    /// `score`, `decision` or `sum`.
    linked_by: String,
    /// Weight of the link, hundredths of a bit.
    weight: i32,
    source: String,
}

impl From<Registered> for Registration {
    fn from(r: Registered) -> Self {
        Self {
            registered: text(&r.registered),
            start: text(&r.start),
            end: text(&r.end),
            number: r.number,
            name: r.name,
            firm: r.firm,
            value: r.value,
            heads: r.heads,
            contribution_due: r.due,
            contribution_paid: r.paid,
            payments: r.payments.into_iter().map(Paid::from).collect(),
            linked_by: r.by,
            weight: r.weight,
            source: r.source,
        }
    }
}

/// A name and a value.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Fact {
    name: String,
    value: String,
}

/// A finding on a project.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectFinding {
    rule: String,
    mark: String,
    since: Option<String>,
    /// Whole rupiah at stake.
    amount: Option<i64>,
    /// Does not hold under the most lenient reading.
    contested: bool,
    facts: Vec<Fact>,
    /// Article.
    basis: String,
    /// How sure we are of it.
    confidence: String,
    sources: Vec<String>,
}

impl From<Found> for ProjectFinding {
    fn from(f: Found) -> Self {
        let facts = f.facts.into_iter().map(|(name, value)| Fact { name, value }).collect();
        let (since, rule, mark, amount) = (text(&f.since), f.code, f.mark, f.amount);
        let (contested, basis, confidence, sources) = (f.contested, f.basis, f.confidence, f.sources);
        Self { rule, mark, since, amount, contested, facts, basis, confidence, sources }
    }
}

/// Worker-days, by how the number of workers is known.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkerDays {
    by_roster: u64,
    by_heads: u64,
    /// Project-days on which nobody knows how many work.
    days_without_heads: u64,
}

impl From<[u64; 3]> for WorkerDays {
    fn from([by_roster, by_heads, days_without_heads]: [u64; 3]) -> Self {
        Self { by_roster, by_heads, days_without_heads }
    }
}

/// A project with the evidence of every figure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectWhole {
    project: ProjectItem,
    contract_number: Option<String>,
    order_date: Option<SourcedValue>,
    work_start: Option<SourcedValue>,
    work_end: Option<SourcedValue>,
    value: Option<SourcedValue>,
    handover: Option<String>,
    heads: Option<u32>,
    days: Vec<Days>,
    uncovered_worker_days: WorkerDays,
    registrations: Vec<Registration>,
    treasury_payments: Vec<Paid>,
    findings: Vec<ProjectFinding>,
    /// File, sheet and row of everything it was made of.
    sources: Vec<String>,
}

impl ProjectWhole {
    pub(crate) fn of(p: &ProjectRow, e: Evidence) -> Self {
        Self {
            project: ProjectItem::of(p),
            contract_number: text(&e.contract_number),
            order_date: e.order.map(SourcedValue::from),
            work_start: e.start.map(SourcedValue::from),
            work_end: e.end.map(SourcedValue::from),
            value: e.value.map(SourcedValue::from),
            handover: text(&e.handover),
            heads: e.heads,
            days: e.spans.into_iter().map(Days::from).collect(),
            uncovered_worker_days: e.worker_days.into(),
            registrations: e.registrations.into_iter().map(Registration::from).collect(),
            treasury_payments: e.treasury.into_iter().map(Paid::from).collect(),
            findings: e.findings.into_iter().map(ProjectFinding::from).collect(),
            sources: e.sources,
        }
    }
}

/// A finding in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingItem {
    #[schema(example = "not-registered")]
    rule: String,
    /// Digest of the rule, the project and the facts it rests on: the finding's address.
    mark: String,
    project: Option<String>,
    registration: Option<String>,
    name: String,
    agency: String,
    vendor: String,
    since: Option<String>,
    /// Whole rupiah at stake.
    amount: Option<i64>,
    contested: bool,
    /// `open`, `waiting` for a second person, `waiver` or `false_alarm`.
    standing: String,
}

impl From<FindingRow> for FindingItem {
    fn from(r: FindingRow) -> Self {
        Self {
            project: text(&r.project),
            registration: text(&r.registration),
            since: text(&r.since),
            amount: known(r.amount),
            rule: r.code,
            mark: r.mark,
            name: r.name,
            agency: r.agency,
            vendor: r.vendor,
            contested: r.contested,
            standing: r.standing,
        }
    }
}

/// A page of findings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingList {
    pub(crate) findings: Vec<FindingItem>,
    /// Send it as `after` for the page that follows; null on the last one.
    pub(crate) next: Option<i64>,
}

/// Projects in one state today.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StateFigure {
    state: String,
    projects: u64,
    project_days: u64,
}

/// An agency's figures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgencyFigure {
    agency: String,
    projects: u64,
    exposed: u64,
    covered: u64,
    unknown: u64,
    uncovered_days: u64,
    uncovered_worker_days: u64,
}

/// The figures of a kind of works, or of a district.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupFigure {
    name: String,
    projects: u64,
    exposed: u64,
    covered: u64,
    unknown: u64,
    uncovered_days: u64,
    uncovered_worker_days: u64,
}

impl GroupFigure {
    fn of((name, counts): (String, [u64; 6])) -> Self {
        let [projects, exposed, covered, unknown, uncovered_days, uncovered_worker_days] = counts;
        Self { name, projects, exposed, covered, unknown, uncovered_days, uncovered_worker_days }
    }
}

/// Project-days of a month.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MonthFigure {
    year: i16,
    month: i8,
    exposed: u64,
    registering: u64,
    window: u64,
}

/// The city's figures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Figures {
    projects: u64,
    uncovered_days: u64,
    uncovered_worker_days: WorkerDays,
    uncovered_worker_days_lenient: WorkerDays,
    states: Vec<StateFigure>,
    agencies: Vec<AgencyFigure>,
    /// By what is built.
    kinds: Vec<GroupFigure>,
    /// By district; empty where the city's list of districts is not loaded.
    districts: Vec<GroupFigure>,
    /// Projects whose name and place tell no district.
    without_district: u64,
    months: Vec<MonthFigure>,
    /// Workers of the city's projects.
    people: PeopleFigure,
    /// The same by district.
    people_by_district: Vec<PeopleFigure>,
    /// Rosters beside what is usual.
    labour: LabourFigure,
    /// Lists nobody loaded yet: what depends on them is unknown.
    missing_lists: Vec<String>,
    rows_read: u64,
    /// Rows that ended up somewhere countable.
    rows_placed: u64,
    /// A made-up city.
    made_up: bool,
}

impl From<Overview> for Figures {
    fn from(o: Overview) -> Self {
        let state = |(state, projects, project_days)| StateFigure { state, projects, project_days };
        let agency = |(agency, counts): (String, [u64; 6])| {
            let [projects, exposed, covered, unknown, uncovered_days, uncovered_worker_days] = counts;
            AgencyFigure { agency, projects, exposed, covered, unknown, uncovered_days, uncovered_worker_days }
        };
        let month = |(year, month, [exposed, registering, window]): (i16, i8, [u64; 3])| MonthFigure {
            year,
            month,
            exposed,
            registering,
            window,
        };
        let (people, labour) = (PeopleFigure::city(&o), LabourFigure::of(&o));
        Self {
            people,
            labour,
            projects: o.projects,
            uncovered_days: o.uncovered,
            uncovered_worker_days: o.worker_days.into(),
            uncovered_worker_days_lenient: o.worker_days_lenient.into(),
            states: o.states.into_iter().map(state).collect(),
            agencies: o.agencies.into_iter().map(agency).collect(),
            kinds: o.kinds.into_iter().map(GroupFigure::of).collect(),
            districts: o.districts.into_iter().map(|d| GroupFigure::of((d.name, d.counts))).collect(),
            without_district: o.without_district,
            people_by_district: o.people_districts.iter().map(|(name, n)| PeopleFigure::of(name, n.0)).collect(),
            months: o.months.into_iter().map(month).collect(),
            missing_lists: o.missing_lists,
            rows_read: o.rows[0],
            rows_placed: o.rows[1],
            made_up: o.made_up,
        }
    }
}

/// A step of a contribution.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Step {
    /// The step in words.
    say: String,
    /// Article, where the step rests on one.
    article: Option<String>,
    /// How sure we are of it.
    confidence: Option<String>,
}

/// What a contract costs under the readings in use.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Contribution {
    /// Whole rupiah.
    total: i64,
    /// Work accident insurance, whole rupiah.
    jkk: i64,
    /// Death insurance, whole rupiah.
    jkm: i64,
    instalments: Vec<i64>,
    /// The branch has to decide: the contract is of a kind the law leaves open.
    needs_decision: bool,
    steps: Vec<Step>,
}

impl Contribution {
    /// Of the contract of `payung contribution --json`.
    pub(crate) fn of(json: &serde_json::Value) -> Self {
        let amount = |name: &str| json[name].as_i64().unwrap_or_default();
        let word = |step: &serde_json::Value, name: &str| step[name].as_str().map(str::to_owned);
        let steps = json["steps"].as_array().map(Vec::as_slice).unwrap_or_default();
        Self {
            total: amount("jkk") + amount("jkm"),
            jkk: amount("jkk"),
            jkm: amount("jkm"),
            instalments: json["instalments"].as_array().into_iter().flatten().filter_map(|v| v.as_i64()).collect(),
            needs_decision: json["needs_decision"].as_bool().unwrap_or_default(),
            steps: steps
                .iter()
                .map(|s| Step {
                    say: word(s, "say").unwrap_or_default(),
                    article: word(s, "article"),
                    confidence: word(s, "confidence"),
                })
                .collect(),
        }
    }
}

/// What the gateway sends back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reply {
    /// One text message.
    pub(crate) reply: String,
}

/// Somebody on a project's lists.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonItem {
    /// The person, by a digest that is the same on every list.
    person: String,
    /// Name; initials where the caller does not keep the list.
    name: String,
    /// Masked.
    #[schema(example = "9971************")]
    nik: Option<String>,
    trade: Option<String>,
    /// `daily`, `piece` or `fixed_term`.
    wage_kind: Option<String>,
    subcontractor: Option<String>,
    /// First day, ISO.
    from: Option<String>,
    /// Last day, ISO; none while there.
    to: Option<String>,
    /// There on the day asked about?
    present: bool,
    /// On the list of the site, and on the insurer's.
    on_roster: bool,
    on_insurers_list: bool,
    /// Day reported to the insurer, ISO.
    reported: Option<String>,
    /// Last day to report, ISO, under the stricter and the more lenient reading.
    report_by: Option<[String; 2]>,
    /// State of cover that day under the stricter reading; none where the person is not there.
    state: Option<String>,
    state_lenient: Option<String>,
    /// Why: `project`, `reported`, `term`, `not_reported`.
    why: String,
}

/// People of a project on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonList {
    pub(crate) project: String,
    /// ISO.
    pub(crate) day: String,
    /// Has a list of the insurer for this project been loaded? Where not, nobody is called unreported.
    pub(crate) insurers_list_known: bool,
    pub(crate) people: Vec<PersonItem>,
}

impl PersonList {
    pub(crate) fn of(crew: &Crew, names: bool) -> Self {
        let day = |d: kernel::Date| (d != kernel::Date::MAX).then(|| d.to_string());
        let item = |m: &Member| {
            let entry = crew.entry(m);
            let reported = match m.stay.map(|s| s.reported) {
                Some(Report::On(on)) => Some(on.to_string()),
                _ => None,
            };
            PersonItem {
                person: crew.stays[m.entries[0]].person.clone(),
                name: if names { entry.name.bare.clone() } else { entry.name.initials() },
                nik: entry.nik.as_ref().and_then(|n| n.as_ref().ok()).map(ToString::to_string),
                trade: entry.trade.clone(),
                wage_kind: entry.kind.map(|k| k.name().to_owned()),
                subcontractor: entry.subcontractor.clone(),
                from: m.stay.and_then(|s| day(s.from)),
                to: m.stay.and_then(|s| day(s.to)),
                present: m.present,
                on_roster: m.on_roster,
                on_insurers_list: m.on_list,
                reported,
                report_by: m.limit.map(|(strict, lenient)| [strict.to_string(), lenient.to_string()]),
                state: m.state.map(|s| s.name().to_owned()),
                state_lenient: m.lenient.map(|s| s.name().to_owned()),
                why: m.why.name().to_owned(),
            }
        };
        Self {
            project: crew.project.code.clone(),
            day: crew.day.to_string(),
            insurers_list_known: crew.knows_list,
            people: crew.members.iter().map(item).collect(),
        }
    }
}

/// An accident; nobody is named.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccidentItem {
    pub(crate) id: i64,
    pub(crate) project: String,
    /// Day and minute, local.
    #[schema(example = "2026-11-20T14:30")]
    pub(crate) happened: String,
    /// Last minute of the first report, local.
    pub(crate) report_by: Option<String>,
    /// `unreported`, `treated`, `outcome`, `claimed` or `paid`.
    pub(crate) standing: String,
    /// How somebody came to harm, where it was said.
    pub(crate) cause: Option<String>,
    /// Kind of works.
    pub(crate) kind: String,
}

/// Accidents, the latest first; 300 at most.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccidentList {
    pub(crate) accidents: Vec<AccidentItem>,
}

/// Workers as counts. Of groups of fewer than five only their size is told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PeopleFigure {
    /// District; empty for the whole city.
    name: String,
    people: u64,
    /// With an identity number that reads, and of these first registered in the city.
    with_number: u64,
    local_by_number: Option<u64>,
    /// With an address that tells where they live, and of these living in the city.
    with_address: u64,
    resident_by_address: Option<u64>,
    /// With a wage that can be compared with the minimum, and of these below it, under the stricter and the more lenient reading.
    compared: u64,
    below_minimum: Option<u64>,
    below_minimum_lenient: Option<u64>,
}

impl PeopleFigure {
    fn of(name: &str, n: [u64; 8]) -> Self {
        let [people, with_number, local, compared, below, lenient, with_address, resident] = n;
        let told = |part: u64, of: u64| (of >= SMALL_GROUP).then_some(part);
        Self {
            name: name.to_owned(),
            people,
            with_number,
            local_by_number: told(local, with_number),
            with_address,
            resident_by_address: told(resident, with_address),
            compared,
            below_minimum: told(below, compared),
            below_minimum_lenient: told(lenient, compared),
        }
    }

    fn city(o: &Overview) -> Self {
        let add = |sum: [u64; 8], (_, n): &(String, PeopleCount)| std::array::from_fn(|i| sum[i] + n.0[i]);
        Self::of("", o.people_agencies.iter().fold([0; 8], add))
    }
}

/// Days of work on rosters beside the band of kind and value. A band, never a limit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabourFigure {
    below: u64,
    inside: u64,
    above: u64,
    /// Finished projects inside the band the others teach, of how many: eight in ten are expected.
    held_out_inside: u64,
    held_out: u64,
}

impl LabourFigure {
    fn of(o: &Overview) -> Self {
        let [below, inside, above, held_out_inside, held_out] = o.labour;
        Self { below, inside, above, held_out_inside, held_out }
    }
}

/// Consecutive days of a person on a project in one state.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpellItem {
    /// Project; empty where only a registration lists the person.
    project: String,
    from: String,
    to: String,
    state: String,
    state_lenient: String,
}

/// Cover by somebody else than a project.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OtherItem {
    /// `firm`, `own`, `budget` or `donor`.
    payer: String,
    name: String,
    from: String,
    /// None while it lasts.
    to: Option<String>,
}

/// One person over all projects and other cover.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonTimeline {
    person: String,
    spells: Vec<SpellItem>,
    others: Vec<OtherItem>,
    /// Days at work covered by a project.
    covered: u32,
    /// Days at work covered by none, and of these with other cover.
    uncovered: u32,
    uncovered_with_other_cover: u32,
    /// Days covered by two projects; by a project and somebody else; paid for by two of one kind.
    twice: u32,
    both: u32,
    double: u32,
    /// Days without any cover: first and last day of each gap.
    gaps: Vec<[String; 2]>,
}

impl PersonTimeline {
    pub(crate) fn of(person: &str, t: &Timeline) -> Self {
        let spells = t.on.iter().flat_map(|p| {
            p.segments.iter().map(|s| SpellItem {
                project: p.project.clone().unwrap_or_default(),
                from: s.from.to_string(),
                to: s.to.to_string(),
                state: s.state.name().to_owned(),
                state_lenient: s.lenient.name().to_owned(),
            })
        });
        let other = |o: &Other| OtherItem {
            payer: o.payer.name().to_owned(),
            name: o.name.clone(),
            from: o.from.to_string(),
            to: (o.to != kernel::Date::MAX).then(|| o.to.to_string()),
        };
        let d = &t.days;
        Self {
            person: person.to_owned(),
            spells: spells.collect(),
            others: t.others.iter().map(other).collect(),
            covered: d.covered,
            uncovered: d.uncovered,
            uncovered_with_other_cover: d.elsewhere,
            twice: d.twice,
            both: d.both,
            double: d.double,
            gaps: d.gaps.iter().map(|g| [g.0.to_string(), g.1.to_string()]).collect(),
        }
    }
}
