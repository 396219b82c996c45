//! One project out of many records, joined by the keys that procurement shares.
//!
//! A project is a package that was carried out, with every plan entry it names, its failed
//! attempts and its contract with addenda; or a plan entry nobody has put out yet. No row is
//! dropped: [`Built::places`] says for every row where it went.

mod build;
mod contract;
mod place;

pub use build::{Built, build};
pub use place::{Place, Placed};

use crate::class::{Class, Role};
use kernel::{Date, Exact, Origin};
use registers::records::{
    Budget, ContractFact, Decision, Determination, Minute, Package, PackageId, Party, Plan, PremiumPayment,
    ProcurementKind, Record, Region, Registration, Revision, TreasuryPayment, Worker,
};
use serde::{Deserialize, Serialize};

/// All records known at a moment, by kind.
#[derive(Debug, Default)]
pub struct Records {
    /// Plan entries.
    pub plans: Vec<Plan>,
    /// Budget lines.
    pub budgets: Vec<Budget>,
    /// Places.
    pub sites: Vec<registers::records::Place>,
    /// Revisions.
    pub revisions: Vec<Revision>,
    /// Packages.
    pub packages: Vec<Package>,
    /// Contract facts.
    pub contracts: Vec<ContractFact>,
    /// Registrations.
    pub registrations: Vec<Registration>,
    /// Determinations.
    pub determinations: Vec<Determination>,
    /// Payments to the insurer.
    pub premiums: Vec<PremiumPayment>,
    /// Workers.
    pub workers: Vec<Worker>,
    /// Payments of the treasury.
    pub treasury: Vec<TreasuryPayment>,
    /// Decisions.
    pub decisions: Vec<Decision>,
    /// Lines of statements of the donation account, which are read where the book is kept.
    pub bank_lines: Vec<Origin>,
    /// Districts and villages of the city.
    pub regions: Vec<Region>,
    /// Reference rows.
    pub references: Vec<Origin>,
    /// Rows without identity.
    pub unreadable: Vec<Origin>,
}

impl Records {
    /// Files a record.
    pub fn push(&mut self, record: Record, origin: Origin) {
        match record {
            Record::Plan(r) => self.plans.push(*r),
            Record::Budget(r) => self.budgets.push(r),
            Record::Place(r) => self.sites.push(r),
            Record::Revision(r) => self.revisions.push(r),
            Record::Package(r) => self.packages.push(*r),
            Record::Contract(r) => self.contracts.push(*r),
            Record::Registration(r) => self.registrations.push(*r),
            Record::Determination(r) => self.determinations.push(*r),
            Record::PremiumPayment(r) => self.premiums.push(r),
            Record::Worker(r) => self.workers.push(*r),
            Record::TreasuryPayment(r) => self.treasury.push(*r),
            Record::Decision(r) => self.decisions.push(r),
            Record::BankLine(origin) => self.bank_lines.push(origin),
            Record::Region(r) => {
                self.references.push(r.origin);
                self.regions.push(r);
            }
            Record::Reference => self.references.push(origin),
            Record::Unreadable => self.unreadable.push(origin),
        }
    }

    /// Puts everything into the one order that does not depend on which file came first.
    pub fn sort(&mut self) {
        self.plans.sort_by(|a, b| a.rup_id.cmp(&b.rup_id).then(a.origin.cmp(&b.origin)));
        self.revisions.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
        self.sites.sort_by(|a, b| (&a.rup_id, &a.package, &a.place).cmp(&(&b.rup_id, &b.package, &b.place)));
        self.packages.sort_by(|a, b| {
            let key = |p: &Package| (p.finished.is_some(), p.announced, p.finished, p.budget, p.estimate);
            a.id.cmp(&b.id)
                .then_with(|| key(a).cmp(&key(b)))
                .then_with(|| a.name.cmp(&b.name))
                .then(a.origin.cmp(&b.origin))
        });
        self.contracts.sort_by(|a, b| {
            let key = |c: &ContractFact| (c.addendum, c.date, c.order_date, c.start, c.value);
            a.package
                .cmp(&b.package)
                .then_with(|| key(a).cmp(&key(b)))
                .then_with(|| a.number.cmp(&b.number))
                .then(a.origin.cmp(&b.origin))
        });
        self.registrations.sort_by(|a, b| a.number.cmp(&b.number).then(a.origin.cmp(&b.origin)));
        self.determinations.sort_by(|a, b| (&a.number, a.date, a.origin).cmp(&(&b.number, b.date, b.origin)));
        self.premiums
            .sort_by(|a, b| (&a.number, a.date, &a.receipt, a.origin).cmp(&(&b.number, b.date, &b.receipt, b.origin)));
        self.workers.sort_by(|a, b| (&a.list, a.joined, a.left, a.origin).cmp(&(&b.list, b.joined, b.left, b.origin)));
        self.treasury.sort_by(|a, b| (&a.number, a.date).cmp(&(&b.number, b.date)));
        self.regions.sort_by(|a, b| (&a.code, a.origin).cmp(&(&b.code, b.origin)));
        self.decisions.sort_by(|a, b| (&a.registration, &a.project).cmp(&(&b.registration, &b.project)));
    }
}

/// Where a value or a day was found: the links of the fallback chains, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The contract list.
    Contract,
    /// The result list, which repeats a contract value.
    ResultList,
    /// The award letter (SPPBJ).
    AwardLetter,
    /// The negotiated price.
    Negotiated,
    /// The corrected price.
    Corrected,
    /// The price offered.
    Offered,
    /// The owner's estimate (HPS).
    Estimate,
    /// The ceiling (pagu).
    Budget,
    /// First day of works on the start order.
    WorkStart,
    /// Day of the start order (SPMK).
    StartOrder,
    /// Day of the contract.
    ContractDate,
    /// Start plus duration.
    Duration,
    /// Hand-over.
    Handover,
}

impl Source {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::ResultList => "result_list",
            Self::AwardLetter => "award_letter",
            Self::Negotiated => "negotiated",
            Self::Corrected => "corrected",
            Self::Offered => "offered",
            Self::Estimate => "estimate",
            Self::Budget => "budget",
            Self::WorkStart => "work_start",
            Self::StartOrder => "start_order",
            Self::ContractDate => "contract_date",
            Self::Duration => "duration",
            Self::Handover => "handover",
        }
    }
}

/// A value with the link of the chain it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it was found.
    pub source: Source,
}

/// How far a project came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A plan entry without a running package.
    Planned,
    /// Put out.
    Tendering,
    /// Every attempt failed and no plan entry is known.
    Failed,
    /// There is a winner, but no contract record.
    Awarded,
    /// There is a contract record.
    Contracted,
}

impl Stage {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Tendering => "tendering",
            Self::Failed => "failed",
            Self::Awarded => "awarded",
            Self::Contracted => "contracted",
        }
    }
}

/// A change of value or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addendum {
    /// Its day, where known.
    pub date: Option<Date>,
    /// New value.
    pub value: Option<Exact>,
    /// New end.
    pub end: Option<Date>,
}

/// A project.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Code: `nontender:5531062`, `plan:33698131`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Office.
    pub agency: String,
    /// Place.
    pub place: Option<String>,
    /// Budget year.
    pub year: Option<i16>,
    /// Kind as filed.
    pub kind: ProcurementKind,
    /// Is it ours?
    pub class: Class,
    /// Works or which consultant.
    pub role: Role,
    /// How far it came.
    pub stage: Stage,
    /// Plan entries.
    pub plans: Vec<String>,
    /// Packages, the carried-out one first, then failed attempts and aliases.
    pub packages: Vec<PackageId>,
    /// Contract number, as written.
    pub contract_number: Option<String>,
    /// Day of the order (SPK), from which the law counts.
    pub order_date: Option<Sourced<Date>>,
    /// Value today, addenda included, with tax.
    pub value: Option<Sourced<Exact>>,
    /// Value of the first contract.
    pub first_value: Option<Exact>,
    /// First day of works.
    pub start: Option<Sourced<Date>>,
    /// Last day of works.
    pub end: Option<Sourced<Date>>,
    /// Vendor.
    pub vendor: Party,
    /// Addenda in order.
    pub addenda: Vec<Addendum>,
    /// Payment minutes and progress, by day.
    pub minutes: Vec<Minute>,
    /// Hand-over.
    pub handover: Option<Date>,
    /// Commitment officer (PPK) by name: personal, for counting by person and for whoever may see it.
    pub officer: Option<String>,
    /// For a consultant: code of the works it serves.
    pub serves: Option<String>,
    /// Every row it was made of, sorted.
    pub origins: Vec<Origin>,
}
