//! A **finding** is about the world: a duty not met, with its evidence and next step.

use kernel::{Date, Origin, Rupiah};
use serde::Serialize;

/// The findings. Each has a page under `findings/` and a rule under `rules/`. A code is never
/// changed after first use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingCode {
    /// Works without registration after the deadline.
    NotRegistered,
    /// A consultant's contract without registration after the deadline.
    ConsultantNotRegistered,
    /// Registered after the deadline.
    RegisteredLate,
    /// Registered after physical progress, or close to a payment request.
    RegisteredAtCashIn,
    /// Registered, nothing paid.
    ContributionUnpaid,
    /// Less paid than determined.
    ContributionUnderpaid,
    /// Instalments not settled by the end of the works.
    InstalmentOverdue,
    /// Value declared below the contract, addenda included.
    ValueUnderDeclared,
    /// Period declared shorter than the works.
    PeriodTooShort,
    /// A winner, but no contract record.
    ContractRecordMissing,
    /// A registration that matches no known project.
    RegistrationUnmatched,
    /// A second registration of the same contract.
    RegistrationDuplicate,
    /// Somebody is paid less than the minimum wage.
    WageBelowMinimum,
}

impl FindingCode {
    /// All, in the order of reports: the gravest first.
    pub const ALL: [Self; 13] = [
        Self::NotRegistered,
        Self::ConsultantNotRegistered,
        Self::ContributionUnpaid,
        Self::RegisteredAtCashIn,
        Self::RegisteredLate,
        Self::PeriodTooShort,
        Self::ValueUnderDeclared,
        Self::ContributionUnderpaid,
        Self::InstalmentOverdue,
        Self::WageBelowMinimum,
        Self::RegistrationDuplicate,
        Self::RegistrationUnmatched,
        Self::ContractRecordMissing,
    ];

    /// As printed, and as its page is named.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotRegistered => "not-registered",
            Self::ConsultantNotRegistered => "consultant-not-registered",
            Self::RegisteredLate => "registered-late",
            Self::RegisteredAtCashIn => "registered-at-cash-in",
            Self::ContributionUnpaid => "contribution-unpaid",
            Self::ContributionUnderpaid => "contribution-underpaid",
            Self::InstalmentOverdue => "instalment-overdue",
            Self::ValueUnderDeclared => "value-under-declared",
            Self::PeriodTooShort => "period-too-short",
            Self::ContractRecordMissing => "contract-record-missing",
            Self::RegistrationUnmatched => "registration-unmatched",
            Self::RegistrationDuplicate => "registration-duplicate",
            Self::WageBelowMinimum => "wage-below-minimum",
        }
    }

    /// The parameter of the law whose article is its basis.
    pub fn law_path(self) -> &'static str {
        match self {
            Self::NotRegistered | Self::RegisteredLate => "deadline/registration",
            Self::ConsultantNotRegistered => "jakon/duty_consultants",
            Self::RegisteredAtCashIn => "deadline/registration",
            Self::ContributionUnpaid => "jakon/certificate",
            Self::ContributionUnderpaid | Self::InstalmentOverdue => "jakon/instalments",
            Self::ValueUnderDeclared | Self::PeriodTooShort => "jakon/true_data",
            Self::WageBelowMinimum => "wage/minimum",
            Self::ContractRecordMissing | Self::RegistrationUnmatched | Self::RegistrationDuplicate => "jakon/duty",
        }
    }
}

/// One fact of a finding, by name, printed as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// Name, which keys a word in `i18n/`.
    pub name: &'static str,
    /// Value.
    pub value: String,
}

impl Fact {
    /// Does it grow with every day the finding holds, while nothing else changes?
    pub fn grows(&self) -> bool {
        self.name == "exposed_days"
    }
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which.
    pub code: FindingCode,
    /// Code of the project, where it is about one.
    pub project: Option<String>,
    /// Insurer's project number, where it is about one.
    pub registration: Option<String>,
    /// Day since which it holds.
    pub since: Option<Date>,
    /// Rupiah at stake.
    pub amount: Option<Rupiah>,
    /// It does not hold under the most lenient reading of the law.
    pub contested: bool,
    /// Evidence.
    pub facts: Vec<Fact>,
    /// Rows it rests on.
    #[serde(skip)]
    pub origins: Vec<Origin>,
}

impl Finding {
    /// About a project.
    pub(crate) fn new(code: FindingCode, project: &linkage::projects::Project) -> Self {
        Self {
            code,
            project: Some(project.code.clone()),
            registration: None,
            since: None,
            amount: None,
            contested: false,
            facts: Vec::new(),
            origins: Vec::new(),
        }
    }

    pub(crate) fn fact(mut self, name: &'static str, value: impl ToString) -> Self {
        self.facts.push(Fact { name, value: value.to_string() });
        self
    }

    pub(crate) fn since(mut self, date: Date) -> Self {
        self.since = Some(date);
        self
    }

    pub(crate) fn of(mut self, registration: &registers::records::Registration) -> Self {
        self.registration = Some(registration.number.clone());
        self.origins.push(registration.origin);
        self
    }
}
