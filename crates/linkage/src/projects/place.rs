//! Where a row went: exactly one place each, so that the accounting adds up.

use kernel::Origin;
use serde::{Deserialize, Serialize};

/// The places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Part of a construction project.
    Construction,
    /// Part of a consultant's contract.
    Consultant,
    /// Part of a project worded like construction: for a person to decide.
    Possible,
    /// Part of something that is not construction.
    NotConstruction,
    /// A plan entry that was revised, merged, cancelled, deleted or never announced, and that no
    /// package names.
    PlanSuperseded,
    /// A failed or drafted package beside the one that was carried out, or alone.
    AttemptFailed,
    /// A row about a plan entry or package that is not known here.
    Orphan,
    /// A row that translates codes.
    Reference,
    /// A registration with its project.
    RegistrationLinked,
    /// A registration that waits for a person.
    RegistrationReview,
    /// A registration without a known project.
    RegistrationUnmatched,
    /// A determination, payment or worker of a known registration.
    OfRegistration,
    /// A determination, payment or worker of a registration that is not known here.
    OfUnknownRegistration,
    /// An entry on the roster of a known project.
    Roster,
    /// Somebody covered by a firm, by own payment, by budget or by a donor.
    OtherCover,
    /// Somebody on a list of vulnerable workers.
    Vulnerable,
    /// A line of a statement of the donation account.
    BankLine,
    /// A treasury payment of a known project.
    TreasuryLinked,
    /// A treasury payment of no known project.
    TreasuryUnmatched,
    /// A decision of an officer.
    Decision,
    /// No identifying cell: a total, a signature, damage.
    Unreadable,
    /// An older version of a row that a later one replaced.
    Superseded,
    /// A repetition of what was known.
    Repeat,
}

impl Place {
    /// Every place, in the order of the accounting.
    pub const ALL: [Self; 23] = [
        Self::Construction,
        Self::Consultant,
        Self::Possible,
        Self::NotConstruction,
        Self::PlanSuperseded,
        Self::AttemptFailed,
        Self::Orphan,
        Self::Reference,
        Self::RegistrationLinked,
        Self::RegistrationReview,
        Self::RegistrationUnmatched,
        Self::OfRegistration,
        Self::OfUnknownRegistration,
        Self::Roster,
        Self::OtherCover,
        Self::Vulnerable,
        Self::BankLine,
        Self::TreasuryLinked,
        Self::TreasuryUnmatched,
        Self::Decision,
        Self::Unreadable,
        Self::Superseded,
        Self::Repeat,
    ];

    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Construction => "construction",
            Self::Consultant => "consultant",
            Self::Possible => "possible",
            Self::NotConstruction => "not_construction",
            Self::PlanSuperseded => "plan_superseded",
            Self::AttemptFailed => "attempt_failed",
            Self::Orphan => "orphan",
            Self::Reference => "reference",
            Self::RegistrationLinked => "registration_linked",
            Self::RegistrationReview => "registration_review",
            Self::RegistrationUnmatched => "registration_unmatched",
            Self::OfRegistration => "of_registration",
            Self::OfUnknownRegistration => "of_unknown_registration",
            Self::Roster => "roster",
            Self::OtherCover => "other_cover",
            Self::Vulnerable => "vulnerable",
            Self::BankLine => "bank_line",
            Self::TreasuryLinked => "treasury_linked",
            Self::TreasuryUnmatched => "treasury_unmatched",
            Self::Decision => "decision",
            Self::Unreadable => "unreadable",
            Self::Superseded => "superseded",
            Self::Repeat => "repeat",
        }
    }
}

/// A row and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placed {
    /// The row.
    pub origin: Origin,
    /// Its place.
    pub place: Place,
}
