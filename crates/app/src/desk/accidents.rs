//! Work accidents: told in five questions, with the clock of the first report, who pays and why, and what comes next.

use super::roster::{Crew, Member, Report, State, Why, crew_of};
use super::{Desk, event};
use crate::legal;
use crate::{Fault, Language, Refused, clock};
use authz::{Accident, Change, Export, Permit, Person, Read};
pub use casework::accident::{Cause as Harm, Facts, Outcome, Step};
use kernel::zone::Zone;
use kernel::{Date, DateTime};
use law::benefit::{Cause, DeathFacts, DisabilityFacts, Loss, Member as Insured, PayerFacts, Wage};
use law::deadline::Start;
use registers::person::WageKind;
use serde::{Deserialize, Serialize};
pub use store::AccidentFile as File;
use store::{AccidentFile, AccidentRow, AccidentStep};

/// What is told: five questions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Who: name, where no list has the person.
    pub who: String,
    /// What happened.
    pub what: String,
    /// How somebody came to harm; none in reports that did not ask.
    #[serde(default)]
    pub harm: Option<Harm>,
    /// The injury.
    pub injury: String,
    /// Where treated.
    pub treated: String,
    /// Who saw it.
    pub witnesses: String,
}

/// Why something is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untaken {
    /// The moment is missing, or has not come.
    Moment,
    /// Who or what happened is missing, or too long.
    Text,
    /// May not be done now.
    Step,
}

/// Letters of any answer at most.
const TEXT_MAX: usize = 2_000;

/// A moment as a form sends it, not after now.
fn moment(text: &str) -> Option<DateTime> {
    text.parse::<DateTime>().ok().filter(|at| *at <= clock::minute())
}

/// As it is kept.
fn minute_text(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Keeps a report. None where the project is not within the permit.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not taken.
pub fn tell(
    desk: &Desk,
    permit: &Permit<Change, Accident>,
    (project, mark): (&str, &str),
    happened: &str,
    told: &Told,
    request: &str,
) -> Result<Option<Result<i64, Untaken>>, Fault> {
    let row = match row((project, mark), happened, told) {
        Ok(row) => row,
        Err(untaken) => return Ok(Some(Err(untaken))),
    };
    let done = event(permit.actor(), "accident_tell", &format!("project:{project}"), request);
    Ok(desk.write(|s| s.accident_add(permit, &row, done))?.map(Ok))
}

/// A report as it is kept, or why it is not taken.
pub(super) fn row((project, mark): (&str, &str), happened: &str, told: &Told) -> Result<AccidentRow, Untaken> {
    let happened = moment(happened).ok_or(Untaken::Moment)?;
    let named = !mark.is_empty() || !told.who.trim().is_empty();
    let texts = [&told.who, &told.what, &told.injury, &told.treated, &told.witnesses];
    if !named || told.what.trim().chars().count() < 5 || texts.iter().any(|t| t.chars().count() > TEXT_MAX) {
        return Err(Untaken::Text);
    }
    Ok(AccidentRow {
        project: project.to_owned(),
        mark: mark.to_owned(),
        happened: minute_text(happened),
        at: clock::now(),
        body: serde_json::to_string(told).map_err(|_| Untaken::Text)?,
        ..AccidentRow::default()
    })
}

/// What happens again, among accidents of a list: how often each way of coming to harm on each kind of works, the most frequent first.
pub fn recurring(files: &[File]) -> Vec<(String, Option<Harm>, usize)> {
    let mut met: std::collections::BTreeMap<(String, Option<Harm>), usize> = std::collections::BTreeMap::new();
    for (row, _) in files {
        let harm = serde_json::from_str::<Told>(&row.body).ok().and_then(|t| t.harm);
        *met.entry((row.kind.clone(), harm)).or_default() += 1;
    }
    let mut out: Vec<_> = met.into_iter().map(|((kind, harm), n)| (kind, harm, n)).collect();
    out.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| (&a.0, a.1).cmp(&(&b.0, b.1))));
    out
}

/// What a printed form of a report is filled with.
pub struct Form {
    /// The accident.
    pub view: View,
    /// The person, where one of the project's lists has them.
    pub entry: Option<registers::records::Entry>,
    /// Numbers under which the project is registered with the insurer.
    pub registrations: Vec<String>,
}

/// The report as a form to print, with the full number of the person: that stands in the audit trail. None where there is no such
/// accident for this person.
///
/// # Errors
/// [`Fault`] of the database.
pub fn form(
    desk: &Desk,
    (read, people): (&Permit<Read, Accident>, &Permit<Read, Person>),
    export: &Permit<Export, Person>,
    id: i64,
    (l, request): (Language, &str),
) -> Result<Option<Form>, Fault> {
    let Some(view) = view(desk, (read, people), id, true, "", (l, request))? else { return Ok(None) };
    let (project, mark) = (view.file.0.project.clone(), view.file.0.mark.clone());
    let within = desk.read(|s| s.project_within(export.scope(), &project).map_err(Fault::from))?;
    if !within {
        return Ok(None);
    }
    let told = event(export.actor(), "accident_form", &format!("accident:{id}"), request);
    desk.write(|s| s.audit(told).map_err(Fault::from))?;
    let day = view.file.0.happened.get(..10).and_then(|d| d.parse().ok()).unwrap_or_else(clock::today);
    let crew = crew_of(desk, people, &project, day, None)?;
    let entry = crew.as_ref().and_then(|c| Some(c.entry(member_of(c, &mark)?).clone()));
    let registrations = desk.read(|s| s.registrations_of(&project).map_err(Fault::from))?;
    Ok(Some(Form { view, entry, registrations }))
}

/// An accident as a page shows it.
pub struct View {
    /// The report and what was done.
    pub file: AccidentFile,
    /// What was told.
    pub told: Told,
    /// Name of the person, masked for whoever may not see it.
    pub who: String,
    /// What was done.
    pub facts: Facts,
    /// Last minute of the first report, and how it was counted.
    pub stage_one: (Option<DateTime>, Vec<String>),
    /// The same of the second, once the doctor has written.
    pub stage_two: (Option<DateTime>, Vec<String>),
    /// Who pays, with the deciding rules; or why that cannot be said.
    pub pays: Result<Vec<String>, &'static str>,
    /// Benefits estimated, where the outcome and the wage are known.
    pub estimate: Vec<String>,
}

/// Facts of a file.
pub fn facts(steps: &[AccidentStep]) -> Facts {
    Facts::of(steps.iter().filter_map(|s| Some((Step::parse(&s.step)?, s.done.parse().ok()?))))
}

fn due(desk: &Desk, kind: &str, start: Start, l: Language) -> (Option<DateTime>, Vec<String>) {
    match legal::deadline(kind, start, Zone::Wib, &desk.law, l) {
        Ok(answer) => (answer.json["due"].as_str().and_then(|due| due.parse().ok()), answer.lines),
        Err(Refused(why)) => (None, vec![why]),
    }
}

/// Last minute of the first report.
pub fn stage_one_due(desk: &Desk, happened: &str) -> Option<DateTime> {
    let at: DateTime = happened.parse().ok()?;
    due(desk, "accident-stage-1", Start::Minute(at), Language::Indonesian).0
}

/// Looks at an accident; none where there is none for this person. The look stands in the audit trail.
///
/// # Errors
/// [`Fault`] of the database.
pub fn view(
    desk: &Desk,
    (read, people): (&Permit<Read, Accident>, &Permit<Read, Person>),
    id: i64,
    names: bool,
    loss: &str,
    (l, request): (Language, &str),
) -> Result<Option<View>, Fault> {
    let Some(file) = desk.read(|s| s.accident(read, id).map_err(Fault::from))? else { return Ok(None) };
    let seen = event(read.actor(), "accident_read", &format!("accident:{id}"), request);
    desk.write(|s| s.audit(seen).map_err(Fault::from))?;
    let told: Told = serde_json::from_str(&file.0.body).map_err(|e| Fault(e.to_string()))?;
    let happened: DateTime = file.0.happened.parse().map_err(|_| Fault(format!("moment {}", file.0.happened)))?;
    let facts = facts(&file.1);
    let crew = crew_of(desk, people, &file.0.project, happened.date(), None)?;
    let member = crew.as_ref().and_then(|c| Some((c, member_of(c, &file.0.mark)?)));
    let stage_one = due(desk, "accident-stage-1", Start::Minute(happened), l);
    let in_time = stage_one.0.is_none_or(|due| facts.stage_one.unwrap_or_else(clock::minute) <= due);
    let pays = match &crew {
        None => Err("accident-pays-unknown"),
        Some(crew) => pays(desk, crew, member.map(|m| m.1), happened.date(), in_time, l),
    };
    let who = member.map_or_else(
        || told.who.clone(),
        |(c, m)| if names { c.entry(m).name.bare.clone() } else { c.entry(m).name.initials() },
    );
    Ok(Some(View {
        stage_two: facts
            .outcome
            .map_or((None, Vec::new()), |(_, day)| due(desk, "accident-stage-2", Start::Day(day), l)),
        estimate: member.map_or_else(Vec::new, |(c, m)| estimate(desk, c, m, happened.date(), &facts, loss, l)),
        pays,
        stage_one,
        facts,
        who,
        told,
        file,
    }))
}

fn member_of<'c>(crew: &'c Crew, mark: &str) -> Option<&'c Member> {
    crew.members.iter().find(|m| m.entries.iter().any(|i| crew.stays[*i].mark == mark))
}

fn pays(
    desk: &Desk,
    crew: &Crew,
    member: Option<&Member>,
    day: Date,
    in_time: bool,
    l: Language,
) -> Result<Vec<String>, &'static str> {
    let (registered, first_paid) = match crew.state {
        Some(State::Covered) => (true, true),
        Some(State::Registering) => (true, false),
        Some(State::Window | State::Exposed) => (false, false),
        Some(State::Unknown) | None => return Err("accident-pays-unknown"),
    };
    let reported = member.and_then(|m| m.stay).map(|s| s.reported);
    let on_list = member.is_some_and(|m| m.on_list) || matches!(reported, Some(Report::On(on)) if on <= day);
    if registered && first_paid && !on_list && !crew.knows_list {
        return Err("accident-pays-no-list");
    }
    let in_term = member.filter(|m| m.why == Why::Term).and_then(|m| m.stay).map(|s| s.from);
    let facts = PayerFacts {
        registered,
        first_paid,
        on_roster: on_list,
        joined: in_term,
        reported_in_time: in_time,
        ..PayerFacts::in_order(Insured::Jakon)
    };
    legal::payer(&facts, day, &desk.law, l).map(|a| a.lines).map_err(|_| "accident-pays-unknown")
}

/// What the outcome would bring, by the law of the day: death, or the loss named by its code.
fn estimate(desk: &Desk, crew: &Crew, m: &Member, day: Date, facts: &Facts, loss: &str, l: Language) -> Vec<String> {
    let entry = crew.entry(m);
    let wage = match (entry.kind, entry.wage.filter(|w| w.is_positive())) {
        (Some(WageKind::Daily), Some(wage)) => Wage::Daily(wage),
        (Some(WageKind::FixedTerm), Some(wage)) => Wage::Monthly(wage),
        _ => return Vec::new(),
    };
    let kind = match facts.outcome.map(|o| o.0) {
        Some(Outcome::Died) => legal::BenefitKind::Death(DeathFacts {
            member: Insured::Jakon,
            cause: Cause::WorkAccident,
            wage: Some(wage),
            children: Vec::new(),
            years_insured: None,
        }),
        _ if !loss.is_empty() => legal::BenefitKind::Disability(DisabilityFacts {
            member: Insured::Jakon,
            wage,
            losses: vec![Loss { code: loss.to_owned(), measure: None, function_lost: None }],
            sight: None,
            total: false,
            children: Vec::new(),
            left_handed: false,
        }),
        _ => return Vec::new(),
    };
    match legal::benefit(&kind, day, &desk.law, l) {
        Ok(answer) => answer.lines,
        Err(Refused(why)) => vec![why],
    }
}

/// Codes of losses with their titles, to choose from.
pub fn losses(desk: &Desk, day: Date, l: Language) -> Vec<(String, String)> {
    let at = desk.law.at(day);
    let Ok((rows, _)) = law::benefit::losses(&at) else { return Vec::new() };
    let title = |t: &law::Text| if l == Language::English { t.en.clone() } else { t.id.clone() };
    rows.iter()
        .filter(|r| r.per.is_none() && r.number_max.is_none())
        .map(|r| (r.code.clone(), title(&r.title)))
        .collect()
}

/// Keeps a step. None where there is no such accident for this person.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not taken.
pub fn step(
    desk: &Desk,
    (read, change): (&Permit<Read, Accident>, &Permit<Change, Accident>),
    id: i64,
    (step, done, text): (Step, &str, &str),
    request: &str,
) -> Result<Option<Result<(), Untaken>>, Fault> {
    let Some((row, steps)) = desk.read(|s| s.accident(read, id).map_err(Fault::from))? else { return Ok(None) };
    let Some(done) = moment(done).filter(|at| minute_text(*at) >= row.happened) else {
        return Ok(Some(Err(Untaken::Moment)));
    };
    let text = kernel::text::clean(text);
    if text.chars().count() > TEXT_MAX || (step == Step::Note && text.is_empty()) {
        return Ok(Some(Err(Untaken::Text)));
    }
    if !facts(&steps).may(step) {
        return Ok(Some(Err(Untaken::Step)));
    }
    let said = AccidentStep { at: clock::now(), done: minute_text(done), step: step.name().to_owned(), text };
    let mut told = event(change.actor(), "accident_step", &format!("accident:{id}"), request);
    told.reason = step.name().to_owned();
    let kept = desk.write(|s| s.accident_step(change, id, steps.len(), &said, told))?;
    Ok(Some(if kept { Ok(()) } else { Err(Untaken::Step) }))
}
