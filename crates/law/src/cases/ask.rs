//! The question of a case, as it is written, and its answer under every reading.

use super::{Answer, Answers, sum};
use crate::benefit::{
    self, Absence, Benefit, CareFacts, Cause, Child, DeathFacts, DisabilityFacts, Fare, Loss, Member, PayerFacts,
    Sight, Stage, Wage,
};
use crate::contribution::{self, Addendum, Base, Extension, Lateness, Plan, ReliefFacts, Role};
use crate::deadline::{self, FineFacts, Moment, Start};
use crate::readings::Readings;
use crate::{Declined, Law, bpu};
use kernel::{Date, DateTime, Exact, Rupiah};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// A number or a sum.
#[derive(Debug, Clone, Copy)]
struct Amount(Exact);

impl Amount {
    fn whole(self) -> Option<Rupiah> {
        self.0.round(kernel::money::Rounding::HalfUp)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Raw {
            Whole(i64),
            Sum(String),
        }
        match Raw::deserialize(deserializer)? {
            Raw::Whole(n) => Ok(Self(Exact::whole(n))),
            Raw::Sum(text) => match sum::evaluate(&text) {
                // As narrow as what a cell or a command line may hold: nothing computed from it overflows.
                Ok(amount) if (amount * 1_000_000_000).is_whole() => Ok(Self(amount)),
                Ok(_) => Err(serde::de::Error::custom("a given amount has at most nine decimals")),
                Err(error) => Err(serde::de::Error::custom(error)),
            },
        }
    }
}

/// The question.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Ask {
    Contribution(Box<AskContribution>),
    Bpu(AskBpu),
    Death(AskDeath),
    Disability(AskDisability),
    Incapacity(AskIncapacity),
    Transport(AskTransport),
    Scholarship(AskScholarship),
    Care(AskCare),
    Payer(AskPayer),
    Deadline(AskDeadline),
    Sanction(AskSanction),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskContribution {
    value: Option<Amount>,
    gross_value: Option<Amount>,
    monthly_wages: Option<Amount>,
    #[serde(default = "one")]
    months: u32,
    order_date: Date,
    #[serde(default)]
    lump: bool,
    #[serde(default)]
    addenda: Vec<RawAddendum>,
    #[serde(default)]
    extensions: Vec<RawExtension>,
    #[serde(default)]
    consultant: bool,
    registered: Option<Date>,
    paid_before: Option<Amount>,
    pay_on: Option<Date>,
    due: Option<Date>,
    paid_on: Option<Date>,
}

fn one() -> u32 {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAddendum {
    value: Amount,
    date: Date,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExtension {
    until: Date,
    date: Date,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskBpu {
    income: Amount,
    month: Date,
    payer: String,
    #[serde(default)]
    transport: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWage {
    monthly: Option<Amount>,
    daily: Option<Amount>,
    piece: Option<Vec<Amount>>,
    weather: Option<Vec<Amount>>,
}

impl RawWage {
    fn read(&self) -> Result<Wage, Declined> {
        let list = |amounts: &[Amount]| amounts.iter().map(|a| a.0).collect();
        match (self.monthly, self.daily, &self.piece, &self.weather) {
            (Some(a), None, None, None) => Ok(Wage::Monthly(a.0)),
            (None, Some(a), None, None) => Ok(Wage::Daily(a.0)),
            (None, None, Some(l), None) => Ok(Wage::Piece(list(l))),
            (None, None, None, Some(l)) => Ok(Wage::WeatherDependent(list(l))),
            _ => Err(Declined::Missing { what: "wage" }),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskDeath {
    accident: Date,
    #[serde(default)]
    other_cause: bool,
    wage: Option<RawWage>,
    #[serde(default)]
    children: Vec<BTreeMap<String, Option<i64>>>,
    years_insured: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskDisability {
    accident: Date,
    wage: RawWage,
    #[serde(default)]
    losses: BTreeMap<String, RawLoss>,
    sight: Option<(i64, i64)>,
    #[serde(default)]
    total: bool,
    #[serde(default)]
    left_handed: bool,
    #[serde(default)]
    children: Vec<BTreeMap<String, Option<i64>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawLoss {
    measure: Option<Amount>,
    function_lost: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskIncapacity {
    accident: Date,
    wage: RawWage,
    #[serde(default)]
    months: i64,
    #[serde(default)]
    days: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskTransport {
    accident: Date,
    fares: BTreeMap<String, Option<Amount>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskScholarship {
    accident: Date,
    children: Vec<BTreeMap<String, Option<i64>>>,
    #[serde(default)]
    other_cause: bool,
    years_insured: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskCare {
    accident: Date,
    #[serde(default)]
    aids: BTreeMap<String, Option<Amount>>,
    prosthesis_price: Option<Amount>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskPayer {
    accident: Date,
    #[serde(default)]
    bpu: bool,
    #[serde(default = "yes")]
    registered: bool,
    #[serde(default = "yes")]
    first_paid: bool,
    #[serde(default = "yes")]
    on_roster: bool,
    joined: Option<Date>,
    #[serde(default)]
    arrears_months: i64,
    #[serde(default = "yes")]
    reported_in_time: bool,
    #[serde(default)]
    wage_under_reported: bool,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskDeadline {
    kind: String,
    from: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskSanction {
    from: Date,
    contribution: Option<Amount>,
    on: Option<Date>,
}

type Values = BTreeMap<String, Answer>;

fn rupiah(amount: Rupiah) -> Answer {
    Answer::Amount(amount.into())
}

fn day(date: Date) -> Answer {
    Answer::Word(date.to_string())
}

fn all<T>(readings: Readings<T>, values: impl Fn(&T) -> Values) -> Answers {
    readings.all.iter().map(|u| (u.id(), values(&u.value))).collect()
}

fn benefit_values(b: &Benefit) -> Values {
    let items = b.items.iter().chain(&b.outside).map(|i| (i.code.clone(), rupiah(i.amount)));
    items.chain([("total".to_owned(), rupiah(b.total))]).collect()
}

fn children(raw: &[BTreeMap<String, Option<i64>>]) -> Vec<Child> {
    let stages = |levels: &BTreeMap<String, Option<i64>>| {
        levels.iter().map(|(level, years)| Stage { level: level.clone(), years: *years }).collect()
    };
    raw.iter().map(|levels| Child { stages: stages(levels) }).collect()
}

impl Ask {
    pub(super) fn answer(&self, law: &Law) -> Result<Answers, Declined> {
        match self {
            Self::Contribution(ask) => ask.answer(law),
            Self::Bpu(ask) => ask.answer(law),
            Self::Death(ask) => {
                let facts = DeathFacts {
                    member: Member::Jakon,
                    cause: if ask.other_cause { Cause::Other } else { Cause::WorkAccident },
                    wage: ask.wage.as_ref().map(RawWage::read).transpose()?,
                    children: children(&ask.children),
                    years_insured: ask.years_insured,
                };
                benefits(ask.accident, law, |law| benefit::death(&facts, law))
            }
            Self::Disability(ask) => {
                let loss = |(code, raw): (&String, &RawLoss)| Loss {
                    code: code.clone(),
                    measure: raw.measure.map(|m| m.0),
                    function_lost: raw.function_lost,
                };
                let facts = DisabilityFacts {
                    member: Member::Jakon,
                    wage: ask.wage.read()?,
                    losses: ask.losses.iter().map(loss).collect(),
                    sight: ask.sight.map(|(better, worse)| Sight { better, worse }),
                    total: ask.total,
                    children: children(&ask.children),
                    left_handed: ask.left_handed,
                };
                benefits(ask.accident, law, |law| benefit::disability(&facts, law))
            }
            Self::Incapacity(ask) => {
                let (wage, absence) = (ask.wage.read()?, Absence { months: ask.months, days: ask.days });
                benefits(ask.accident, law, |law| benefit::incapacity(Member::Jakon, &wage, absence, law))
            }
            Self::Transport(ask) => {
                let fare = |(mode, receipts): (&String, &Option<Amount>)| Fare {
                    mode: mode.clone(),
                    receipts: receipts.map(|r| r.0),
                };
                let fares: Vec<Fare> = ask.fares.iter().map(fare).collect();
                benefits(ask.accident, law, |law| benefit::transport(&fares, law))
            }
            Self::Scholarship(ask) => {
                let cause = if ask.other_cause { Cause::Other } else { Cause::WorkAccident };
                let children = children(&ask.children);
                benefits(ask.accident, law, |law| {
                    benefit::scholarship(&children, cause, Member::Jakon, ask.years_insured, law)
                })
            }
            Self::Care(ask) => {
                let facts = CareFacts {
                    aids: ask.aids.iter().map(|(code, cost)| (code.clone(), cost.map(|c| c.0))).collect(),
                    prosthesis_price: ask.prosthesis_price.map(|p| p.0),
                };
                benefits(ask.accident, law, |law| benefit::care(&facts, law))
            }
            Self::Payer(ask) => {
                let facts = PayerFacts {
                    member: if ask.bpu { Member::Bpu } else { Member::Jakon },
                    registered: ask.registered,
                    first_paid: ask.first_paid,
                    on_roster: ask.on_roster,
                    joined: ask.joined,
                    arrears_months: ask.arrears_months,
                    reported_in_time: ask.reported_in_time,
                    wage_under_reported: ask.wage_under_reported,
                };
                Ok(all(benefit::who_pays(ask.accident, &facts, law)?, |v| {
                    let shortfall = if v.employer_owes_shortfall { "employer" } else { "none" };
                    Values::from([
                        ("payer".into(), Answer::Word(v.payer.name().into())),
                        ("shortfall".into(), Answer::Word(shortfall.into())),
                    ])
                }))
            }
            Self::Deadline(ask) => ask.answer(law),
            Self::Sanction(ask) => {
                let fine = match (ask.contribution, ask.on) {
                    (Some(contribution), Some(on)) => {
                        contribution.whole().map(|contribution| FineFacts { contribution, on })
                    }
                    _ => None,
                };
                Ok(all(deadline::ladder(ask.from, fine, law)?, |l| {
                    let dues = l.stages.iter().filter_map(|s| Some((s.code.clone(), day(s.due.as_ref()?.day()))));
                    dues.chain(l.fine.map(|f| ("amount".to_owned(), rupiah(f)))).collect()
                }))
            }
        }
    }
}

fn benefits(
    accident: Date,
    law: &Law,
    formula: impl Fn(crate::LawAt<'_>) -> Result<Benefit, Declined>,
) -> Result<Answers, Declined> {
    Ok(all(benefit::under_every_reading(accident, law, formula)?, benefit_values))
}

impl AskContribution {
    fn answer(&self, law: &Law) -> Result<Answers, Declined> {
        let base = match (self.value, self.gross_value, self.monthly_wages) {
            (Some(v), None, None) => Base::Net(v.0),
            (None, Some(v), None) => Base::Gross(v.0),
            (None, None, Some(v)) => Base::MonthlyWages { wages: v.0, months: self.months },
            _ => return Err(Declined::Missing { what: "value" }),
        };
        let mut case = contribution::Case::new(base, self.order_date);
        case.plan = if self.lump { Plan::Lump } else { Plan::Instalments };
        case.role = if self.consultant { Role::Consultant } else { Role::Works };
        case.addenda = self.addenda.iter().map(|a| Addendum { value: a.value.0, date: a.date }).collect();
        case.extensions = self.extensions.iter().map(|e| Extension { until: e.until, date: e.date }).collect();
        case.relief = ReliefFacts {
            registered: self.registered,
            paid_before: self.paid_before.and_then(Amount::whole),
            pay_on: self.pay_on,
        };
        case.lateness = match (self.due, self.paid_on) {
            (Some(due), Some(paid_on)) => Some(Lateness { due, paid_on }),
            _ => None,
        };
        Ok(all(contribution::determine(&case, law)?, |d| {
            let c = &d.contribution;
            let mut values = Values::from([
                ("jkk".into(), rupiah(c.jkk)),
                ("jkm".into(), rupiah(c.jkm)),
                ("total".into(), rupiah(c.total)),
                ("base".into(), Answer::Amount(c.base)),
                ("unrounded".into(), Answer::Amount(c.unrounded)),
            ]);
            let numbered = |name: &str, amounts: Vec<Rupiah>| -> Vec<(String, Answer)> {
                (1..).zip(amounts).map(|(n, a): (i32, Rupiah)| (format!("{name}-{n}"), rupiah(a))).collect()
            };
            values.extend(numbered("instalment", d.instalments.clone()));
            values.extend(numbered("addendum", d.addenda.iter().map(|a| a.difference).collect()));
            values.extend(d.extensions.first().map(|e| ("report-by".to_owned(), day(e.report_by))));
            if let Some(relief) = &d.relief {
                values.insert("relief-payable".into(), rupiah(relief.payable));
                values.extend(numbered("relief-instalment", relief.instalments.clone()));
            }
            if let Some(late) = &d.late_fee {
                values.insert("late-fee".into(), rupiah(late.fee));
                values.insert("late-months".into(), Answer::Amount(Exact::whole(late.months)));
            }
            values
        }))
    }
}

impl AskBpu {
    fn answer(&self, law: &Law) -> Result<Answers, Declined> {
        let payer = match self.payer.as_str() {
            "self" => bpu::Payer::Own,
            "donor" => bpu::Payer::Donor,
            "apbd" => bpu::Payer::Budget,
            other => return Err(Declined::UnknownCode { what: "payer", code: other.to_owned() }),
        };
        let case = bpu::Case {
            income: self.income.0,
            month: self.month,
            payer,
            sector: if self.transport { bpu::Sector::Transport } else { bpu::Sector::Other },
            is_employer: false,
        };
        Ok(all(bpu::monthly(&case, law)?, |m| {
            Values::from([
                ("jkk".into(), rupiah(m.jkk)),
                ("jkm".into(), rupiah(m.jkm)),
                ("total".into(), rupiah(m.total)),
                ("due".into(), day(m.due)),
            ])
        }))
    }
}

impl AskDeadline {
    fn answer(&self, law: &Law) -> Result<Answers, Declined> {
        let start = match (self.from.parse::<Date>(), self.from.parse::<DateTime>()) {
            (_, Ok(moment)) if self.from.contains('T') => Start::Minute(moment),
            (Ok(date), _) => Start::Day(date),
            _ => return Err(Declined::UnknownCode { what: "from", code: self.from.clone() }),
        };
        Ok(all(deadline::of_kind(&self.kind, start, law)?, |d| {
            let due = match d.due {
                Moment::Day(date) => date.to_string(),
                Moment::Minute(moment) => moment.strftime("%Y-%m-%dT%H:%M").to_string(),
            };
            Values::from([
                ("due".into(), Answer::Word(due)),
                ("skipped".into(), Answer::Amount(Exact::whole(d.skipped.len() as i64))),
            ])
        }))
    }
}
