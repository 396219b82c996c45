//! Gates: what is known of a project today put before the rules of a step; verdicts given, kept, and given again.

use super::evidence::{Evidence, Overview};
use super::{Desk, event};
use crate::{Fault, clock};
pub use assess::gate::{Facts, Judged, Level, Moment, Reason, Requirement, Rule, Standing, Verdict};
pub use assess::gate::{Next, Who};
use assess::gate::{judge, rules};
use assess::wage::Floor;
use authz::{Change, Gate, Permit, Read, Release};
use kernel::{Date, Exact};
use law::Law;
use law::benefit::{Cause, DeathFacts, Member, Wage, death};
pub use store::{NoOverride, OverrideRow};
use store::{ProjectRow, Store, VerdictRow, number_key};

/// What somebody says beside what is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said<'a> {
    /// Amount of the step, rupiah.
    pub asked: Option<i64>,
    /// The line of the contribution, rupiah.
    pub line: Option<i64>,
    /// Number of the payment order this is about: where it stands in the treasury's list, its amount is that of the step, and it is not counted as
    /// paid before.
    pub payment: Option<&'a str>,
}

/// A project before its gates.
#[derive(Debug, Clone)]
pub struct Before {
    /// The project.
    pub project: ProjectRow,
    /// What is known.
    pub facts: Facts,
    /// Each step, judged today.
    pub judged: Vec<Judged>,
}

/// What is the same for every project of a city on a day.
#[derive(Clone, Copy)]
pub(crate) struct Today<'l> {
    /// Has a list of registrations been loaded, and one of payments?
    lists: [bool; 2],
    day: Date,
    /// Is it the day of the picture? People are counted on that day only.
    is_pictures: bool,
    /// What the insurer's lists say is known up to this day.
    insurer: Date,
    law: &'l Law,
    exposure: Option<i64>,
}

impl<'l> Today<'l> {
    pub(crate) fn of(store: &Store, law: &'l Law) -> Result<Self, Fault> {
        let overview = store.picture()?.map(|p| serde_json::from_str(&p.body)).transpose();
        let overview: Overview = overview.map_err(|e| Fault(e.to_string()))?.unwrap_or_default();
        let day = clock::today();
        let loaded = |list: &str| overview.tables > 0 && !overview.missing_lists.iter().any(|m| m == list);
        let lists = ["registrations", "premiums"].map(loaded);
        Ok(Self { exposure: exposure(&overview.place, day, law), lists, insurer: day, is_pictures: true, day, law })
    }

    /// The same city on another day, with the insurer's lists up to a day.
    pub(crate) fn on(&self, day: Date, insurer: Date) -> Self {
        Self { day, insurer, is_pictures: false, ..*self }
    }
}

/// What one death at work would cost, at least: at the minimum wage of the place, or where that is not known at the floor of the law; no
/// children. PP 44/2015 Article 25 (2) b; whoever did not register pays it.
fn exposure(place: &str, day: Date, law: &Law) -> Option<i64> {
    let least = Floor::of(place, day, law).map_or(1, |floor| floor.month);
    let facts = DeathFacts {
        member: Member::Jakon,
        cause: Cause::WorkAccident,
        wage: Some(Wage::Monthly(Exact::whole(least))),
        children: Vec::new(),
        years_insured: None,
    };
    death(&facts, law.at(day)).ok().map(|benefit| benefit.total.0)
}

/// Facts of a project as the picture has them on a day; what came later does not count.
pub(crate) fn facts(p: &ProjectRow, e: &Evidence, today: &Today<'_>, said: Said<'_>) -> Facts {
    let (day, insurer) = (today.day, today.insurer.to_string());
    let told = |date: &str| !date.is_empty() && date <= insurer.as_str();
    let text = day.to_string();
    let by = |date: &str| !date.is_empty() && date <= text.as_str();
    let registered: Vec<_> = e.registrations.iter().filter(|r| told(&r.registered)).collect();
    // One registration that does not say leaves the sum unknown.
    let declared = registered.iter().map(|r| r.value).collect::<Option<Vec<i64>>>();
    let until =
        |r: &&super::evidence::Registered| [&r.maintenance_end, &r.end].into_iter().find(|d| !d.is_empty()).cloned();
    let cover = registered.iter().map(until).collect::<Option<Vec<String>>>();
    let payments = registered.iter().flat_map(|r| &r.payments);
    let payment = said.payment.map(number_key);
    let is_this = |x: &super::evidence::Payment| payment.as_ref().is_some_and(|key| *key == number_key(&x.number));
    let is_contract = |source: &str| !matches!(source, "estimate" | "budget");
    let value = e.value.as_ref().filter(|v| is_contract(&v.source)).and_then(|v| v.value.parse().ok());
    Facts {
        project: p.code.clone(),
        value,
        end: e.end.as_ref().map(|s| s.value.clone()),
        due: Some(p.due).filter(|due| *due > 0 && value.is_some()),
        lists: today.lists,
        undecided: e.missing == "link_decision",
        registrations: registered.iter().map(|r| r.number.clone()).collect(),
        declared: declared.filter(|d| !d.is_empty()).map(|d| d.iter().sum()),
        cover_until: cover.and_then(|c| c.into_iter().max()),
        paid: payments.filter(|x| told(&x.date)).map(|x| x.amount).sum(),
        paid_out: e.treasury.iter().filter(|x| by(&x.date) && !is_this(x)).map(|x| x.amount).sum(),
        asked: said.asked.or_else(|| e.treasury.iter().find(|x| is_this(x)).map(|x| x.amount)),
        line: said.line,
        tolerance: today.law.at(day).number("assessment/value_tolerance").map_or(0, |n| n.0),
        uncovered: [p.uncovered.unsigned_abs(), p.worker_days.unsigned_abs()],
        people: e.reported.filter(|_| today.is_pictures),
        exposure: today.exposure,
        day: text,
    }
}

fn judged(project: ProjectRow, today: &Today<'_>, said: Said<'_>) -> Result<Before, Fault> {
    let evidence: Evidence = serde_json::from_str(&project.body).map_err(|e| Fault(e.to_string()))?;
    let facts = facts(&project, &evidence, today, said);
    let judged = Moment::ALL.iter().map(|m| judge(*m, &facts, &rules(*m, today.day, today.law))).collect();
    Ok(Before { project, facts, judged })
}

/// Every step of a project, judged today. None where there is no such project for this person.
///
/// # Errors
/// [`Fault`] of the database.
pub fn before(desk: &Desk, permit: &Permit<Read, Gate>, code: &str, said: Said<'_>) -> Result<Option<Before>, Fault> {
    desk.read(|s| {
        let Some(project) = s.gate_project(permit, code)? else { return Ok(None) };
        judged(project, &Today::of(s, &desk.law)?, said).map(Some)
    })
}

/// What a number that another office knows leads to.
#[derive(Debug, Clone)]
pub enum Meant {
    /// One project.
    One(Box<Before>),
    /// None within the permit.
    Nothing,
    /// Several, by code: a number that does not tell decides nothing.
    Several(Vec<String>),
}

/// A day's payments in one question: each number with what is said beside it. Payung's code, a contract, a package, a plan, a payment order. Time:
/// one look-up each, many in one question to the database.
///
/// # Errors
/// [`Fault`] of the database.
pub fn before_numbers(
    desk: &Desk,
    permit: &Permit<Read, Gate>,
    asked: &[(&str, Said<'_>)],
) -> Result<Vec<Meant>, Fault> {
    let numbers: Vec<&str> = asked.iter().map(|(number, _)| *number).collect();
    desk.read(|s| {
        let today = Today::of(s, &desk.law)?;
        let meant = s.gate_numbered(permit, &numbers)?;
        let single =
            meant.iter().filter_map(|codes| if let [one] = codes.as_slice() { Some(one.as_str()) } else { None });
        let projects = s.gate_projects(permit, &single.collect::<Vec<_>>())?;
        let answer = |(codes, (number, said)): (&Vec<String>, &(&str, Said<'_>))| match codes.as_slice() {
            [] => Ok(Meant::Nothing),
            [code] => {
                let Some(project) = projects.get(code) else { return Ok(Meant::Nothing) };
                let said = Said { payment: said.payment.or(Some(number)), ..*said };
                Ok(Meant::One(Box::new(judged(project.clone(), &today, said)?)))
            }
            several => Ok(Meant::Several(several.to_vec())),
        };
        meant.iter().zip(asked).map(answer).collect()
    })
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|e| Fault(e.to_string()))
}

/// Gives a verdict on a step and keeps it with its facts and rules. None where there is no such project for this person.
///
/// # Errors
/// [`Fault`] of the database: then none was given.
pub fn give(
    desk: &Desk,
    (read, change): (&Permit<Read, Gate>, &Permit<Change, Gate>),
    (code, moment): (&str, Moment),
    said: Said<'_>,
    request: &str,
) -> Result<Option<(i64, Judged)>, Fault> {
    let Some(before) = before(desk, read, code, said)? else { return Ok(None) };
    let day: Date = before.facts.day.parse().map_err(|_| Fault("day".to_owned()))?;
    let rules = rules(moment, day, &desk.law);
    let judged = judge(moment, &before.facts, &rules);
    let row = VerdictRow {
        project: code.to_owned(),
        moment: moment.name().to_owned(),
        day: before.facts.day.clone(),
        at: clock::now(),
        facts: json(&before.facts)?,
        rules: json(&rules)?,
        verdict: json(&judged)?,
        ..VerdictRow::default()
    };
    let mut told = event(change.actor(), "gate_verdict", "verdict", request);
    told.reason = format!("project:{code} {} {}", moment.name(), judged.verdict.name());
    let id = desk.write(|s| s.verdict_add(change, &row, told).map_err(Fault::from))?;
    desk.wake();
    Ok(id.map(|id| (id, judged)))
}

/// A verdict given before, read back.
///
/// # Errors
/// [`Fault`] of the database.
pub fn given(desk: &Desk, permit: &Permit<Read, Gate>, id: i64) -> Result<Option<(VerdictRow, Facts, Judged)>, Fault> {
    let found = desk.read(|s| s.verdict_list(permit, (None, Some(id)), 1).map_err(Fault::from))?.pop();
    let Some(row) = found else { return Ok(None) };
    let facts = serde_json::from_str(&row.facts).map_err(|e| Fault(e.to_string()))?;
    let judged = serde_json::from_str(&row.verdict).map_err(|e| Fault(e.to_string()))?;
    Ok(Some((row, facts, judged)))
}

/// Gives every verdict again from its own facts and rules: how many, and which are not the same to the byte.
///
/// # Errors
/// [`Fault`] of the database.
pub fn replay(store: &Store) -> Result<(u64, Vec<i64>), Fault> {
    let (mut all, mut differing) = (0, Vec::new());
    store.verdict_all(&mut |row| {
        all += 1;
        if !super::audit_box::row_comes_out(&row) {
            differing.push(row.id);
        }
    })?;
    Ok((all, differing))
}

/// Why a verdict is set aside, as it is kept.
pub const REASONS: [&str; 4] = ["emergency", "paper_shown", "wrong_facts", "other"];

/// Days an override holds at most.
pub const OVERRIDE_DAYS_MAX: i32 = 30;

/// Words of an override, at least and at most.
const WORDS: std::ops::RangeInclusive<usize> = 10..=1_000;

/// Why an override is not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAsked {
    /// No such verdict for this person, one that lets pass, or an override waits or holds.
    Verdict,
    /// Reason or words.
    Words,
    /// A day that has gone by, or too far off.
    Until,
}

/// Asks for a verdict to be set aside until a day.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not asked for.
pub fn ask_override(
    desk: &Desk,
    (read, change): (&Permit<Read, Gate>, &Permit<Change, Gate>),
    verdict: i64,
    (reason, text, until): (&str, &str, Option<Date>),
    request: &str,
) -> Result<Result<i64, NotAsked>, Fault> {
    let text = kernel::text::clean(text);
    if !REASONS.contains(&reason) || !WORDS.contains(&text.chars().count()) {
        return Ok(Err(NotAsked::Words));
    }
    let today = clock::today();
    let last = kernel::date::add_days(today, OVERRIDE_DAYS_MAX).unwrap_or(today);
    let Some(until) = until.filter(|d| (today..=last).contains(d)) else { return Ok(Err(NotAsked::Until)) };
    let holds = given(desk, read, verdict)?.is_some_and(|(_, _, j)| !matches!(j.verdict, Verdict::Pass));
    if !holds {
        return Ok(Err(NotAsked::Verdict));
    }
    let mut told = event(change.actor(), "override_ask", "override", request);
    told.reason = format!("verdict:{verdict} {reason}");
    let said = (reason, text.as_str(), until.to_string());
    let id = desk.write(|s| {
        let said = (said.0, said.1, said.2.as_str());
        s.override_ask((read, change), verdict, said, &clock::now(), told).map_err(Fault::from)
    })?;
    Ok(id.ok_or(NotAsked::Verdict))
}

/// Releases an override or declines it.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not done.
pub fn decide_override(
    desk: &Desk,
    permits: (&Permit<Read, Gate>, &Permit<Release, Gate>),
    (id, released): (i64, bool),
    request: &str,
) -> Result<Result<(), NoOverride>, Fault> {
    let what = if released { "override_release" } else { "override_decline" };
    let told = event(permits.1.actor(), what, &format!("override:{id}"), request);
    desk.write(|s| s.override_decide(permits, (id, released), &clock::now(), told).map_err(Fault::from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn everything_a_gate_can_say_has_words_in_both_languages() {
        let mut keys: Vec<String> = Vec::new();
        let mut add = |prefix: &str, name: &str| keys.push(format!("{prefix}{}", name.replace('_', "-")));
        Moment::ALL.iter().for_each(|m| add("gate-moment-", m.name()));
        Requirement::ALL.iter().for_each(|r| add("gate-requirement-", r.name()));
        Requirement::ALL.iter().for_each(|r| add("gate-do-", r.name()));
        Level::ALL.iter().for_each(|l| add("gate-level-", l.name()));
        Verdict::ALL.iter().for_each(|v| add("gate-verdict-", v.name()));
        Verdict::ALL.iter().for_each(|v| add("gate-next-", v.name()));
        Standing::ALL.iter().for_each(|s| add("gate-standing-", s.name()));
        Who::ALL.iter().for_each(|w| add("gate-who-", w.name()));
        for fact in assess::gate::missing_facts() {
            add("gate-do-", fact);
            // In verdicts the line of the contribution is called as its requirement.
            add("gate-missing-", if fact == "contribution_line" { "line" } else { fact });
        }
        REASONS.iter().for_each(|r| add("override-reason-", r));
        for key in keys {
            for language in [Language::Indonesian, Language::English] {
                assert_ne!(phrases::say_named(language, &key, &[]), key, "{key}");
            }
        }
    }
}
