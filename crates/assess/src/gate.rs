//! The gate before a step of a project: may it be taken, on which condition, or does it wait? From facts and rules alone, so that any verdict
//! ever given can be given again to the byte.
//!
//! What is asked at which moment, and whether it advises, conditions or holds, is law (`law/gate/MOMENT-REQUIREMENT`). National law makes the
//! duty and not the gate: without a rule of the city every gate advises.
//!
//! | Verdict | When |
//! |---|---|
//! | hold | something that holds is not met |
//! | unknown | else, where a fact is missing: a gate never passes on what nobody knows |
//! | condition | else, where something that conditions is not met |
//! | pass | else; what is only advised stands beside it |

use kernel::Date;
use law::{Law, Value};
use serde::{Deserialize, Serialize};

kernel::named! {
    /// The step that is about to be taken.
    Moment {
        /// A bid is opened: is the contribution a line of it?
        TenderLine = "tender-line",
        /// The contract is signed.
        Contract = "contract",
        /// The start order (SPMK) is issued.
        StartOrder = "start-order",
        /// The advance is paid.
        Advance = "advance",
        /// An instalment is paid.
        Instalment = "instalment",
        /// The balance is paid.
        Balance = "balance",
        /// Value or time is changed.
        Addendum = "addendum",
        /// The works are handed over.
        Handover = "handover",
    }
}

kernel::named! {
    /// What is asked.
    Requirement {
        /// The contribution stands as a line of its own, equal to the formula.
        Line = "line",
        /// The project is registered.
        Registered = "registered",
        /// The first contribution is paid.
        FirstPaid = "first-paid",
        /// Of the contribution, at least the share is paid that is paid of the contract.
        PaidShare = "paid-share",
        /// The contribution is paid in full.
        PaidAll = "paid-all",
        /// The value declared covers that of the contract.
        ValueCovered = "value-covered",
        /// The period of cover covers that of the contract.
        PeriodCovered = "period-covered",
        /// Nobody on the site is missing from the insurer's list past the term.
        PeopleReported = "people-reported",
    }
}

kernel::named! {
    /// What a requirement that is not met does.
    Level {
        /// Nothing: it is not asked.
        Off = "off",
        /// It is said.
        Advice = "advice",
        /// The step is taken and what is missing follows.
        Condition = "condition",
        /// The step waits.
        Hold = "hold",
    }
}

kernel::named! {
    /// The verdict.
    Verdict {
        /// The step may be taken.
        Pass = "pass",
        /// It may be taken, and what is named follows.
        Condition = "condition",
        /// It waits.
        Hold = "hold",
        /// It cannot be said.
        Unknown = "unknown",
    }
}

kernel::named! {
    /// How a requirement stands.
    Standing {
        /// Met.
        Met = "met",
        /// Not met.
        Unmet = "unmet",
        /// A fact is missing.
        Unknown = "unknown",
    }
}

/// One rule of a gate, as it stood on the day: kept with the verdict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rule {
    /// What is asked.
    pub requirement: Requirement,
    /// What it does where it is not met.
    pub level: Level,
    /// Name of the reading in the law data.
    pub reading: String,
    /// Instrument.
    pub instrument: String,
    /// Article.
    pub article: String,
    /// How sure we are of it.
    pub confidence: String,
}

/// What is known of a project, on a day. Rupiah are whole, days ISO.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Project.
    pub project: String,
    /// The day asked about.
    pub day: String,
    /// Value of the contract with tax.
    pub value: Option<i64>,
    /// Last day of the contract.
    pub end: Option<String>,
    /// Contribution due on that value.
    pub due: Option<i64>,
    /// Has a list of registrations been loaded, and one of payments?
    pub lists: [bool; 2],
    /// A registration may be this project's, and nobody has decided.
    pub undecided: bool,
    /// Registered on or before the day: numbers.
    pub registrations: Vec<String>,
    /// Value declared, where every registration says one.
    pub declared: Option<i64>,
    /// Cover until, the latest, where every registration says one.
    pub cover_until: Option<String>,
    /// Contribution received up to the day.
    pub paid: i64,
    /// Paid of the contract before this step.
    pub paid_out: i64,
    /// Amount of this step.
    pub asked: Option<i64>,
    /// The line of the contribution in the bid or contract.
    pub line: Option<i64>,
    /// Parts per million by which a declared value may fall short.
    pub tolerance: i64,
    /// Uncovered project-days and worker-days so far.
    pub uncovered: [u64; 2],
    /// People on the site on the day, and of these not reported past the term; none where that cannot be told.
    pub people: Option<[u64; 2]>,
    /// What one death at work would cost whoever has to pay it, at least: the least wage of the place, no children.
    pub exposure: Option<i64>,
}

/// Why, for one requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule.
    pub rule: Rule,
    /// How it stands.
    pub standing: Standing,
    /// The fact that is missing; empty where none is.
    pub missing: String,
}

/// A verdict with everything it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// The step.
    pub moment: Moment,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in the order of requirements.
    pub reasons: Vec<Reason>,
    /// Contribution not yet received, rupiah: what may be withheld. None where it is not known.
    pub unpaid: Option<i64>,
    /// Where cover is missing: what one death at work would cost, at least, rupiah. Not in verdicts given before it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<i64>,
}

kernel::named! {
    /// Who takes the next step.
    Who {
        /// The contractor.
        Contractor = "contractor",
        /// Procurement: contracts, bids, matches.
        Procurement = "procurement",
        /// The insurer's representative: lists.
        Insurer = "insurer",
        /// Whoever asks.
        Asker = "asker",
    }
}

/// A step that would change a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Next {
    /// Name of what is to be done: of the requirement that is not met, or of the fact that is missing.
    pub what: &'static str,
    /// By whom.
    pub who: Who,
}

impl Judged {
    /// What would change the verdict and who can do it, each once, what holds first. It is no part of a verdict: it follows from the reasons.
    pub fn next(&self) -> Vec<Next> {
        let mut open: Vec<&Reason> = self.reasons.iter().filter(|r| r.standing != Standing::Met).collect();
        open.sort_by_key(|r| std::cmp::Reverse(r.rule.level));
        let mut out: Vec<Next> = Vec::new();
        for reason in open {
            let next = match reason.standing {
                Standing::Unknown => missing(&reason.missing),
                _ => Next { what: reason.rule.requirement.name(), who: whose(reason.rule.requirement) },
            };
            if !out.contains(&next) {
                out.push(next);
            }
        }
        out
    }
}

/// Who meets a requirement.
fn whose(requirement: Requirement) -> Who {
    match requirement {
        Requirement::Line => Who::Procurement,
        _ => Who::Contractor,
    }
}

/// Facts that may be missing, with who knows them.
const MISSING: [(&str, Who); 10] = [
    ("registration_list", Who::Insurer),
    ("payment_list", Who::Insurer),
    ("declared_value", Who::Insurer),
    ("cover_end", Who::Insurer),
    ("worker_list", Who::Insurer),
    ("link_decision", Who::Procurement),
    ("contract", Who::Procurement),
    ("end", Who::Procurement),
    ("amount", Who::Asker),
    ("contribution_line", Who::Asker),
];

/// Names of the facts that may be missing, as steps name them.
pub fn missing_facts() -> impl Iterator<Item = &'static str> {
    MISSING.iter().map(|(name, _)| *name)
}

fn missing(fact: &str) -> Next {
    // In verdicts the line is called as its requirement is; as a step it is another one.
    let fact = if fact == "line" { "contribution_line" } else { fact };
    let known = MISSING.iter().find(|(name, _)| *name == fact);
    known.map_or(Next { what: "contract", who: Who::Procurement }, |(what, who)| Next { what, who: *who })
}

/// The rules of a moment on a day.
pub fn rules(moment: Moment, day: Date, law: &Law) -> Vec<Rule> {
    let at = law.at(day);
    let rule = |requirement: &Requirement| {
        let path = format!("gate/{}-{}", moment.name(), requirement.name());
        let reading = at.reading(&path).ok()?;
        let Value::Choice(choice) = &reading.value else { return None };
        let level = Level::parse(choice).filter(|l| *l != Level::Off)?;
        Some(Rule {
            requirement: *requirement,
            level,
            reading: reading.id.clone(),
            instrument: reading.citation.instrument.clone(),
            article: reading.citation.article.clone(),
            confidence: reading.confidence.name().to_owned(),
        })
    };
    Requirement::ALL.iter().filter_map(rule).collect()
}

/// Judges a step. Time: constant.
pub fn judge(moment: Moment, facts: &Facts, rules: &[Rule]) -> Judged {
    let reason = |rule: &Rule| {
        let (standing, missing) = match stands(rule.requirement, facts) {
            Ok(true) => (Standing::Met, ""),
            Ok(false) => (Standing::Unmet, ""),
            Err(missing) => (Standing::Unknown, missing),
        };
        Reason { rule: rule.clone(), standing, missing: missing.to_owned() }
    };
    let reasons: Vec<Reason> = rules.iter().map(reason).collect();
    let any = |standing: Standing, level: Option<Level>| {
        reasons.iter().any(|r| r.standing == standing && level.is_none_or(|l| r.rule.level == l))
    };
    let verdict = if any(Standing::Unmet, Some(Level::Hold)) {
        Verdict::Hold
    } else if any(Standing::Unknown, None) {
        Verdict::Unknown
    } else if any(Standing::Unmet, Some(Level::Condition)) {
        Verdict::Condition
    } else {
        Verdict::Pass
    };
    let unpaid = facts.due.filter(|_| facts.lists[1]).map(|due| (due - facts.paid).max(0));
    // Nothing received, nobody is covered: protection begins with the first contribution (Permenaker 44/2015 Article 3 (4)).
    let exposure = facts.exposure.filter(|_| facts.lists == [true, true] && facts.paid == 0);
    Judged { moment, verdict, reasons, unpaid, exposure }
}

/// Is a requirement met; otherwise the fact that is missing.
fn stands(requirement: Requirement, f: &Facts) -> Result<bool, &'static str> {
    let registered = || match (f.registrations.is_empty(), f.undecided, f.lists[0]) {
        (false, ..) => Ok(true),
        (true, _, false) => Err("registration_list"),
        (true, true, true) => Err("link_decision"),
        (true, false, true) => Ok(false),
    };
    let paid = |needed: Option<i64>| {
        if !registered()? {
            return Ok(false);
        }
        let needed = needed.ok_or("contract")?;
        if f.paid < needed && !f.lists[1] { Err("payment_list") } else { Ok(f.paid >= needed) }
    };
    match requirement {
        Requirement::Line => Ok(f.line.ok_or("line")? == f.due.ok_or("contract")?),
        Requirement::Registered => registered(),
        Requirement::FirstPaid => paid(Some(1)),
        Requirement::PaidAll => paid(f.due),
        Requirement::PaidShare => {
            let (due, value) = (f.due.ok_or("contract")?, f.value.filter(|v| *v > 0).ok_or("contract")?);
            let out = f.paid_out.saturating_add(f.asked.ok_or("amount")?).clamp(0, value);
            // Rounded down: nobody is held for a part of a rupiah.
            let share = i128::from(due) * i128::from(out) / i128::from(value);
            paid(i64::try_from(share).ok())
        }
        Requirement::ValueCovered => {
            if !registered()? {
                return Ok(false);
            }
            let (declared, value) = (f.declared.ok_or("declared_value")?, f.value.ok_or("contract")?);
            let least = i128::from(value) * i128::from(1_000_000 - f.tolerance) / 1_000_000;
            Ok(i128::from(declared) >= least)
        }
        Requirement::PeriodCovered => {
            if !registered()? {
                return Ok(false);
            }
            Ok(f.cover_until.as_ref().ok_or("cover_end")? >= f.end.as_ref().ok_or("end")?)
        }
        Requirement::PeopleReported => {
            if !registered()? {
                return Ok(false);
            }
            Ok(f.people.ok_or("worker_list")?[1] == 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(requirement: Requirement, level: Level) -> Rule {
        Rule {
            requirement,
            level,
            reading: "surat_edaran".into(),
            instrument: "SE Wali Kota 12/2026".into(),
            article: "angka 3".into(),
            confidence: "instrument".into(),
        }
    }

    fn facts() -> Facts {
        Facts {
            project: "nontender:1".into(),
            day: "2026-11-26".into(),
            value: Some(200_000_000),
            end: Some("2026-12-20".into()),
            due: Some(400_000),
            lists: [true, true],
            registrations: vec!["2600001078094".into()],
            declared: Some(200_000_000),
            cover_until: Some("2026-12-31".into()),
            paid: 200_000,
            paid_out: 60_000_000,
            asked: Some(40_000_000),
            tolerance: 10_000,
            ..Facts::default()
        }
    }

    fn verdict(requirement: Requirement, level: Level, facts: &Facts) -> Verdict {
        judge(Moment::Instalment, facts, &[rule(requirement, level)]).verdict
    }

    #[test]
    fn without_a_rule_of_the_city_every_gate_advises() {
        let law = Law::builtin();
        let day = "2026-11-26".parse().unwrap();
        for moment in Moment::ALL {
            let rules = rules(*moment, day, law);
            assert!(!rules.is_empty() && rules.iter().all(|r| r.level == Level::Advice), "{moment:?}");
        }
        let bare = Facts { registrations: vec![], ..facts() };
        let judged = judge(Moment::StartOrder, &bare, &rules(Moment::StartOrder, day, law));
        assert_eq!((judged.verdict, judged.reasons[0].standing), (Verdict::Pass, Standing::Unmet));
        assert!(rules(Moment::Advance, "2010-01-01".parse().unwrap(), law).is_empty());
    }

    #[test]
    fn each_requirement_is_met_or_not_or_nobody_knows() {
        use Requirement as R;
        let f = facts();
        // Half the contract paid out with this step, half the contribution in.
        assert_eq!(verdict(R::PaidShare, Level::Hold, &f), Verdict::Pass);
        assert_eq!(verdict(R::PaidShare, Level::Hold, &Facts { paid: 199_999, ..f.clone() }), Verdict::Hold);
        assert_eq!(verdict(R::PaidAll, Level::Condition, &f), Verdict::Condition);
        assert_eq!(
            verdict(R::ValueCovered, Level::Hold, &Facts { declared: Some(198_000_000), ..f.clone() }),
            Verdict::Pass
        );
        assert_eq!(
            verdict(R::ValueCovered, Level::Hold, &Facts { declared: Some(197_999_999), ..f.clone() }),
            Verdict::Hold
        );
        assert_eq!(
            verdict(R::PeriodCovered, Level::Hold, &Facts { end: Some("2027-01-01".into()), ..f.clone() }),
            Verdict::Hold
        );
        assert_eq!(verdict(R::Line, Level::Hold, &Facts { line: Some(400_000), ..f.clone() }), Verdict::Pass);
        assert_eq!(verdict(R::Line, Level::Hold, &Facts { line: Some(399_999), ..f.clone() }), Verdict::Hold);
        // What is missing is unknown, whatever the level; never a pass.
        for (requirement, missing) in [
            (R::Registered, Facts { registrations: vec![], undecided: true, ..f.clone() }),
            (R::Registered, Facts { registrations: vec![], lists: [false, true], ..f.clone() }),
            (R::PaidAll, Facts { lists: [true, false], ..f.clone() }),
            (R::PaidShare, Facts { asked: None, ..f.clone() }),
            (R::ValueCovered, Facts { declared: None, ..f.clone() }),
            (R::PeriodCovered, Facts { cover_until: None, ..f.clone() }),
            (R::Line, f.clone()),
            (R::PeopleReported, f.clone()),
        ] {
            for level in [Level::Advice, Level::Condition, Level::Hold] {
                assert_eq!(verdict(requirement, level, &missing), Verdict::Unknown, "{requirement:?}");
            }
        }
        assert_eq!(judge(Moment::Balance, &f, &[]).unpaid, Some(200_000));
        let people = |n: u64| verdict(R::PeopleReported, Level::Hold, &Facts { people: Some([8, n]), ..f.clone() });
        assert_eq!([people(0), people(1)], [Verdict::Pass, Verdict::Hold]);
    }

    #[test]
    fn a_verdict_says_what_would_change_it_and_what_is_at_stake() {
        let rules = [
            rule(Requirement::PeriodCovered, Level::Advice),
            rule(Requirement::FirstPaid, Level::Hold),
            rule(Requirement::Registered, Level::Hold),
        ];
        let bare = Facts { registrations: vec![], paid: 0, exposure: Some(42_000_000), ..facts() };
        let judged = judge(Moment::Advance, &bare, &rules);
        let next: Vec<(&str, Who)> = judged.next().iter().map(|n| (n.what, n.who)).collect();
        let contractor = |what| (what, Who::Contractor);
        assert_eq!(next, ["first-paid", "registered", "period-covered"].map(contractor), "what holds first");
        assert_eq!((judged.unpaid, judged.exposure), (Some(400_000), Some(42_000_000)));
        let paid = judge(Moment::Advance, &Facts { exposure: Some(42_000_000), ..facts() }, &rules);
        assert_eq!(paid.exposure, None, "a contribution was received");
        let blind = judge(Moment::Advance, &Facts { lists: [false, false], ..bare }, &rules);
        assert_eq!((blind.verdict, blind.exposure), (Verdict::Unknown, None));
        assert_eq!(blind.next()[0], Next { what: "registration_list", who: Who::Insurer });
    }

    #[test]
    fn a_verdict_of_before_is_written_as_it_was() {
        let judged = judge(Moment::Balance, &facts(), &[]);
        assert!(!serde_json::to_string(&judged).unwrap().contains("exposure"));
    }

    #[test]
    fn every_fact_that_may_be_missing_has_somebody_who_knows_it() {
        let source = include_str!("gate.rs");
        let body = source.split("fn stands").nth(1).unwrap().split("#[cfg(test)]").next().unwrap();
        let named = body.split(['"']).skip(1).step_by(2);
        for fact in named.filter(|f| *f != "line") {
            assert!(MISSING.iter().any(|(name, _)| *name == fact), "{fact}");
        }
    }

    proptest::proptest! {
        /// Stricter rules never let through what milder ones hold, and more money never makes a verdict worse.
        #[test]
        fn verdicts_are_monotone(paid in 0i64..500_000, more in 0i64..500_000, asked in 0i64..300_000_000, at in 0usize..8) {
            let requirement = Requirement::ALL[at];
            let worse = |v: Verdict| match v { Verdict::Pass => 0, Verdict::Condition => 1, Verdict::Unknown => 2, Verdict::Hold => 3 };
            let of = |paid: i64, level| worse(verdict(requirement, level, &Facts { paid, asked: Some(asked), line: Some(paid), ..facts() }));
            proptest::prop_assert!(of(paid, Level::Advice) <= of(paid, Level::Condition));
            proptest::prop_assert!(of(paid, Level::Condition) <= of(paid, Level::Hold));
            if requirement != Requirement::Line {
                proptest::prop_assert!(of(paid + more, Level::Hold) <= of(paid, Level::Hold));
            }
        }

        /// What is stored reads back the same.
        #[test]
        fn facts_read_back(value in proptest::option::of(0i64..i64::MAX), paid in 0i64..i64::MAX) {
            let f = Facts { value, paid, ..facts() };
            let text = serde_json::to_string(&f).unwrap();
            proptest::prop_assert_eq!(&serde_json::from_str::<Facts>(&text).unwrap(), &f);
        }
    }
}
