//! Who pays: the insurer, the employer, or the employer first. PP 44/2015 Articles 27, 32, 35, 38,
//! 39, 41 and 42.

use super::Member;
use crate::deadline;
use crate::explained::{Arg, Step, code};
use crate::readings::Readings;
use crate::{Declined, Law, LawAt};
use kernel::Date;

/// The employer of a worker who is not enrolled pays.
pub const NOT_ENROLLED: &str = "jakon/employer_pays";
/// As long as nothing is paid, the employer pays.
pub const NOTHING_PAID: &str = "benefit/payer_nothing_paid";
/// Membership without employer starts after the first contribution.
pub const BPU_MEMBER: &str = "benefit/payer_bpu_member";
/// The insurer pays for a protected construction worker.
pub const INSURER: &str = "benefit/payer_insurer";
/// Arrears of a contribution by contract value, which has no months.
pub const ARREARS_JAKON: &str = "benefit/payer_arrears_jakon";
/// A worker who replaced another is covered while the change may still be reported.
pub const REPLACEMENT: &str = "benefit/payer_replacement";
/// Partial lists of workers.
pub const PARTIAL_LIST: &str = "benefit/payer_partial_list";
/// Consecutive months of arrears that the insurer still bears.
pub const ARREARS_MONTHS: &str = "benefit/payer_arrears_months";
/// Members without employer: the same, with a condition.
pub const ARREARS_BPU: &str = "benefit/payer_arrears_bpu";
/// Who bears the benefit when the accident was reported late.
pub const LATE_REPORT: &str = "benefit/payer_late_report";
/// The choice under which the employer bears it.
pub const EMPLOYER: &str = "employer";
/// Wages reported too low.
pub const WAGE_SHORTFALL: &str = "benefit/payer_wage_shortfall";

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payer {
    /// The insurer.
    Insurer,
    /// The employer, the whole benefit.
    Employer,
    /// The employer first; the insurer gives it back when arrears and fines are settled.
    EmployerFirst,
    /// The insurer: treatment at once, cash when the member has settled the arrears.
    InsurerAfterArrears,
    /// Nobody: the member has no right to the benefit.
    Nobody,
}

impl Payer {
    /// Its name in JSON, and in the sentences after `payer-`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Insurer => "insurer",
            Self::Employer => "employer",
            Self::EmployerFirst => "employer-first",
            Self::InsurerAfterArrears => "insurer-after-arrears",
            Self::Nobody => "nobody",
        }
    }
}

/// What there is to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayerFacts {
    /// How the person is insured.
    pub member: Member,
    /// The project (or the member) was registered on the day of the accident.
    pub registered: bool,
    /// The first contribution was in.
    pub first_paid: bool,
    /// The worker stood on the list.
    pub on_roster: bool,
    /// Day the worker joined, where the worker was not yet on the list but may still be reported.
    pub joined: Option<Date>,
    /// Consecutive months of arrears.
    pub arrears_months: i64,
    /// The accident was reported within two times 24 hours.
    pub reported_in_time: bool,
    /// The wage was reported lower than it was.
    pub wage_under_reported: bool,
}

impl PayerFacts {
    /// Everything in order.
    pub fn in_order(member: Member) -> Self {
        Self {
            member,
            registered: true,
            first_paid: true,
            on_roster: true,
            joined: None,
            arrears_months: 0,
            reported_in_time: true,
            wage_under_reported: false,
        }
    }
}

/// Who pays, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Who.
    pub payer: Payer,
    /// The employer owes the difference that a wage reported too low makes.
    pub employer_owes_shortfall: bool,
    /// The deciding rules.
    pub steps: Vec<Step>,
}

/// Who pays, under every reading. The first rule that decides is the verdict: not registered,
/// nothing paid, not on the list, in arrears, reported late.
///
/// # Errors
/// [`Declined`] for negative arrears or a day before 1 July 2015.
pub fn who_pays(accident: Date, facts: &PayerFacts, law: &Law) -> Result<Readings<Verdict>, Declined> {
    if facts.arrears_months < 0 {
        return Err(Declined::NotPositive { what: "arrears-months" });
    }
    if let Some(joined) = facts.joined
        && joined > accident
    {
        return Err(Declined::DateOrder { date: accident, after: joined });
    }
    law.under_every_reading(
        accident,
        |law| verdict(facts, &law),
        |a, b| (a.payer, a.employer_owes_shortfall) == (b.payer, b.employer_owes_shortfall),
    )
}

fn verdict(facts: &PayerFacts, law: &LawAt<'_>) -> Result<Verdict, Declined> {
    let mut steps = Vec::new();
    let payer = decide(facts, law, &mut steps)?;
    let shortfall = facts.wage_under_reported && payer != Payer::Employer && facts.member == Member::Jakon;
    if shortfall {
        steps.push(
            Step::new(code::PAYER).with("who", Arg::Word("shortfall".into())).under(law.reading(WAGE_SHORTFALL)?),
        );
    }
    Ok(Verdict { payer, employer_owes_shortfall: shortfall, steps })
}

fn decide(facts: &PayerFacts, law: &LawAt<'_>, steps: &mut Vec<Step>) -> Result<Payer, Declined> {
    let mut by = |payer: Payer, path: &str| -> Result<Payer, Declined> {
        let reading = law.reading(path)?;
        steps.push(Step::new(code::PAYER).with("who", Arg::Word(payer.name().into())).under(reading));
        Ok(payer)
    };
    let bpu = facts.member == Member::Bpu;
    if !facts.registered {
        return if bpu { by(Payer::Nobody, BPU_MEMBER) } else { by(Payer::Employer, NOT_ENROLLED) };
    }
    if !facts.first_paid {
        return if bpu { by(Payer::Nobody, BPU_MEMBER) } else { by(Payer::Employer, NOTHING_PAID) };
    }
    if !bpu && !facts.on_roster {
        // Whoever joined may still be reported until the clock of the list runs out.
        let due = match facts.joined {
            Some(joined) => Some(deadline::count(deadline::ROSTER_CHANGE, joined.into(), law)?.day()),
            None => None,
        };
        if due.is_none_or(|due| law.date() > due) {
            return by(Payer::Employer, PARTIAL_LIST);
        }
        by(Payer::Insurer, REPLACEMENT)?;
    }
    let (bearable, _) = law.number(ARREARS_MONTHS)?;
    match (bpu, facts.arrears_months) {
        (_, 0) => {}
        (true, n) if n > bearable => return by(Payer::Nobody, ARREARS_BPU),
        (true, _) => return by(Payer::InsurerAfterArrears, ARREARS_BPU),
        (false, n) if n > bearable => return by(Payer::EmployerFirst, ARREARS_JAKON),
        (false, _) => {
            by(Payer::Insurer, ARREARS_JAKON)?;
        }
    }
    if !bpu && !facts.reported_in_time && law.choice(LATE_REPORT)?.0 == EMPLOYER {
        return by(Payer::Employer, LATE_REPORT);
    }
    by(Payer::Insurer, if bpu { BPU_MEMBER } else { INSURER })
}
