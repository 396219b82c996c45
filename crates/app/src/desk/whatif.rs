//! A draft circular over the past: what would have waited, what that would have won, what it would have cost.
//!
//! Every step that was taken in the period is put before its gate again, on its day and with what was true then, under the draft. Only rules that bind are asked:
//! advice changes nothing. A step that would have waited wins at most the uncovered days from it to the next cover or the end of the works: at most, because
//! nobody knows how soon a contractor would have registered.

use super::Desk;
use super::evidence::Evidence;
use super::gate::{Level, Moment, Requirement, Rule, Said, Standing, Verdict};
use super::gate::{Today, facts};
use crate::Fault;
use assess::State;
use assess::gate::{judge, rules};
use authz::{Gate, Permit, Read};
use kernel::Date;
use kernel::date::{add_days, days_inclusive, monday};
use law::Law;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use store::ProjectRow;

/// The draft is taken as it stands once all of it has begun.
const IN_FORCE: Date = Date::constant(2199, 12, 31);

/// Steps named one by one; all are counted.
const NAMED: usize = 200;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Days by which the insurer's lists come late: a registration younger than that was not known at the counter.
    pub lag: u32,
}

/// A step that would have waited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waited {
    /// Project, by code and name.
    pub project: [String; 2],
    /// Agency.
    pub agency: String,
    /// The step.
    pub moment: Moment,
    /// Its day, ISO.
    pub day: String,
    /// What was not met.
    pub unmet: Vec<Requirement>,
    /// Uncovered days from the step on, at most won; 0 where an earlier step of the project counts them already.
    pub days: u64,
}

/// A week: its Monday, steps that would have waited, and steps nobody could have decided.
pub type Week = (String, u64, u64);

/// What the draft would have done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// First and last day.
    pub period: [String; 2],
    /// Steps taken in the period that the draft asks about: all, held, let pass on condition, undecided.
    pub steps: [u64; 4],
    /// The same by step.
    pub by_moment: Vec<(Moment, [u64; 4])>,
    /// Projects with a step that would have waited.
    pub projects: u64,
    /// Uncovered project-days won, at most.
    pub days_won: u64,
    /// Uncovered worker-days won, at most, where heads are known.
    pub worker_days_won: u64,
    /// Payments that would have waited, rupiah.
    pub amount_waiting: i64,
    /// Steps held at the counter although the project was registered and paid as asked: the list had not come yet.
    pub false_holds: u64,
    /// Weeks with anything to decide, in order; every week of the period counts in `load`.
    pub weeks: Vec<Week>,
    /// Steps a week that would have asked for somebody: median, the week of the ninety-fifth of a hundred, the heaviest.
    pub load: [u64; 3],
    /// Steps that would have waited, the most days first; 200 at most.
    pub waited: Vec<Waited>,
}

/// A step that was taken.
struct Taken<'e> {
    moment: Moment,
    day: Date,
    /// Number and amount of the payment.
    payment: Option<(&'e str, i64)>,
}

fn taken(e: &Evidence) -> Vec<Taken<'_>> {
    let day = |text: &str| text.parse::<Date>().ok();
    let mut out = Vec::new();
    let mut add = |moment, at: Option<Date>, payment| out.extend(at.map(|day| Taken { moment, day, payment }));
    add(Moment::Contract, e.order.as_ref().and_then(|s| day(&s.value)), None);
    add(Moment::StartOrder, e.start.as_ref().and_then(|s| day(&s.value)), None);
    let value: i64 = e.value.as_ref().and_then(|v| v.value.parse().ok()).unwrap_or(i64::MAX);
    let mut payments: Vec<_> = e.treasury.iter().collect();
    payments.sort_by(|a, b| (&a.date, &a.number).cmp(&(&b.date, &b.number)));
    let mut sum = 0i64;
    for p in payments {
        sum = sum.saturating_add(p.amount);
        let moment = if p.text.to_lowercase().contains("uang muka") {
            Moment::Advance
        } else if sum >= value {
            Moment::Balance
        } else {
            Moment::Instalment
        };
        add(moment, day(&p.date), Some((p.number.as_str(), p.amount)));
    }
    for (at, ..) in &e.addenda {
        add(Moment::Addendum, day(at), None);
    }
    add(Moment::Handover, day(&e.handover), None);
    out
}

/// Days without cover from a day on, as far as the ledger goes.
fn uncovered_from(e: &Evidence, day: Date) -> u64 {
    let days = |s: &super::evidence::Span| {
        let uncovered = State::ALL.iter().any(|x| x.name() == s.state && x.is_uncovered());
        let (from, to) = (s.from.parse::<Date>().ok()?.max(day), s.to.parse::<Date>().ok()?);
        (uncovered && from <= to).then(|| u64::from(days_inclusive(from, to)))
    };
    e.spans.iter().filter_map(days).sum()
}

/// Replays a period under a law with a draft in it.
///
/// # Errors
/// [`Fault`] of the database, or a project whose evidence does not read.
pub fn replay(desk: &Desk, permit: &Permit<Read, Gate>, law: &Law, asked: Asked) -> Result<Outcome, Fault> {
    let binding: BTreeMap<Moment, Vec<Rule>> = Moment::ALL
        .iter()
        .map(|m| (*m, rules(*m, IN_FORCE, law).into_iter().filter(|r| r.level >= Level::Condition).collect()))
        .filter(|(_, rules): &(Moment, Vec<Rule>)| !rules.is_empty())
        .collect();
    let mut out = Outcome { period: [asked.from.to_string(), asked.to.to_string()], ..Outcome::default() };
    let mut sum = Sum { by_moment: BTreeMap::new(), weeks: BTreeMap::new(), projects: BTreeSet::new() };
    desk.read(|s| {
        let today = Today::of(s, law)?;
        let mut broken = None;
        s.gate_each(permit, &mut |row| {
            if let Err(fault) = one(&row, &today, &binding, asked, (&mut out, &mut sum)) {
                broken.get_or_insert(fault);
            }
        })?;
        broken.map_or(Ok(()), Err)
    })?;
    sum.into(&mut out, asked);
    Ok(out)
}

struct Sum {
    by_moment: BTreeMap<Moment, [u64; 4]>,
    weeks: BTreeMap<Date, [u64; 2]>,
    projects: BTreeSet<String>,
}

impl Sum {
    fn into(self, out: &mut Outcome, asked: Asked) {
        out.projects = self.projects.len() as u64;
        out.by_moment = self.by_moment.into_iter().collect();
        for (_, n) in &out.by_moment {
            (0..4).for_each(|i| out.steps[i] += n[i]);
        }
        let all = u64::from(days_inclusive(monday(asked.from), asked.to)).div_ceil(7);
        let mut loads: Vec<u64> = self.weeks.values().map(|n| n[0] + n[1]).collect();
        loads.resize((all as usize).max(loads.len()), 0);
        loads.sort_unstable();
        let at = |percent: usize| loads.get((loads.len() * percent / 100).min(loads.len().saturating_sub(1)));
        out.load = [at(50), at(95), loads.last()].map(|n| n.copied().unwrap_or(0));
        out.weeks = self.weeks.into_iter().map(|(day, n)| (day.to_string(), n[0], n[1])).collect();
        out.waited.sort_by(|a, b| (b.days, &a.day, &a.project).cmp(&(a.days, &b.day, &b.project)));
        out.waited.truncate(NAMED);
    }
}

fn one(
    row: &ProjectRow,
    today: &Today<'_>,
    binding: &BTreeMap<Moment, Vec<Rule>>,
    asked: Asked,
    (out, sum): (&mut Outcome, &mut Sum),
) -> Result<(), Fault> {
    let e: Evidence = serde_json::from_str(&row.body).map_err(|e| Fault(format!("{}: {e}", row.code)))?;
    let mut steps = taken(&e);
    steps.retain(|t| (asked.from..=asked.to).contains(&t.day) && binding.contains_key(&t.moment));
    steps.sort_by_key(|t| (t.day, t.moment));
    for step in steps {
        let rules = &binding[&step.moment];
        let said = Said { asked: step.payment.map(|p| p.1), line: None, payment: step.payment.map(|p| p.0) };
        let verdict_on = |insurer| judge(step.moment, &facts(row, &e, &today.on(step.day, insurer), said), rules);
        let judged = verdict_on(step.day);
        let at_counter = add_days(step.day, -i32::try_from(asked.lag).unwrap_or(0)).unwrap_or(step.day);
        let late = if asked.lag == 0 { judged.verdict } else { verdict_on(at_counter).verdict };
        let counts = sum.by_moment.entry(step.moment).or_default();
        counts[0] += 1;
        let place = match judged.verdict {
            Verdict::Pass => None,
            Verdict::Hold => Some(1),
            Verdict::Condition => Some(2),
            Verdict::Unknown => Some(3),
        };
        if let Some(place) = place {
            counts[place] += 1;
        }
        let (holds, unknown) = (judged.verdict == Verdict::Hold, judged.verdict == Verdict::Unknown);
        let false_hold = late == Verdict::Hold && !holds;
        out.false_holds += u64::from(false_hold);
        if holds || unknown || false_hold {
            let week = sum.weeks.entry(monday(step.day)).or_default();
            week[usize::from(unknown && !false_hold)] += 1;
        }
        if !holds {
            continue;
        }
        out.amount_waiting = out.amount_waiting.saturating_add(step.payment.map_or(0, |p| p.1));
        // What an earlier step won is not won again by a later one.
        let days = if sum.projects.insert(row.code.clone()) { uncovered_from(&e, step.day) } else { 0 };
        out.days_won += days;
        out.worker_days_won += days * e.heads.map_or(0, u64::from);
        let unmet = judged.reasons.iter().filter(|r| r.standing == Standing::Unmet).map(|r| r.rule.requirement);
        out.waited.push(Waited {
            project: [row.code.clone(), row.name.clone()],
            agency: row.agency.clone(),
            moment: step.moment,
            day: step.day.to_string(),
            unmet: unmet.collect(),
            days,
        });
    }
    Ok(())
}
