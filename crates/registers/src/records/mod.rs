//! Normalised records: what a row means once its register is known.

mod bank;
mod contract;
mod decision;
mod insurer;
mod ocds;
mod package;
mod plan;
mod region;
mod treasury;
mod view;
mod worker;

pub use bank::{BankLine, NoLine, read_line};
pub use contract::{ContractFact, Minute, Party};
pub use decision::{Decision, Verdict};
pub use insurer::{Determination, PremiumPayment, Registration};
pub use package::{Package, PackageId, PackageStatus, System};
pub use plan::{Budget, Place, Plan, PlanRoute, PlanStatus, Revision};
pub use region::Region;
pub use treasury::TreasuryPayment;
pub use view::{RowView, Table};
pub use worker::{Entry, ListOf, Worker, read_entry};

use kernel::Origin;
use serde::{Deserialize, Serialize};

/// One row, understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// A plan entry (RUP).
    Plan(Box<Plan>),
    /// A budget line of a plan entry.
    Budget(Budget),
    /// A place of a plan entry or package.
    Place(Place),
    /// A revision of plan entries.
    Revision(Revision),
    /// A package, with whatever contract facts its row carries.
    Package(Box<Package>),
    /// A fact about a contract of a package known elsewhere.
    Contract(Box<ContractFact>),
    /// A registration at the insurer.
    Registration(Box<Registration>),
    /// A determination of a contribution.
    Determination(Box<Determination>),
    /// A payment of a contribution.
    PremiumPayment(PremiumPayment),
    /// A worker on a list.
    Worker(Box<Worker>),
    /// A payment of the treasury.
    TreasuryPayment(Box<TreasuryPayment>),
    /// A decision of an officer.
    Decision(Decision),
    /// A line of a bank statement.
    BankLine(Origin),
    /// A district or village of the city.
    Region(Region),
    /// A reference row: translates codes, makes nothing.
    Reference,
    /// A row whose identifying cells are empty: a total, a signature, or damage. Kept, counted.
    Unreadable,
}

/// Kind of procurement, from the words of the feed; numbers of categories differ between feeds
/// and are not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcurementKind {
    /// Pekerjaan Konstruksi, also terintegrasi (design and build).
    Works,
    /// Jasa Konsultansi ... Konstruksi.
    ConstructionConsulting,
    /// Jasa Konsultansi without saying which.
    Consulting,
    /// Jasa Konsultansi ... Non Konstruksi.
    OtherConsulting,
    /// Barang.
    Goods,
    /// Jasa Lainnya.
    Services,
    /// Swakelola.
    SelfManaged,
    /// Nothing said.
    Unstated,
}

impl ProcurementKind {
    /// Reads the words. Several kinds joined by `;` count as works where one of them is.
    pub fn from_words(words: &str) -> Self {
        let lower = words.to_lowercase();
        let mut kinds = lower.split([';', '|']).map(|part| {
            let part = part.trim();
            let non =
                part.contains("non konstruksi") || part.contains("non-konstruksi") || part.contains("nonkonstruksi");
            if part.contains("konsultan") {
                match (part.contains("konstruksi"), non) {
                    (true, false) => Self::ConstructionConsulting,
                    (_, true) => Self::OtherConsulting,
                    (false, false) => Self::Consulting,
                }
            } else if (part.contains("konstruksi") && !non) || part == "works" {
                Self::Works
            } else if part.contains("barang") || part == "goods" {
                Self::Goods
            } else if part.contains("jasa lain") || part == "services" {
                Self::Services
            } else if part.contains("swakelola") {
                Self::SelfManaged
            } else {
                Self::Unstated
            }
        });
        let first = kinds.next().unwrap_or(Self::Unstated);
        kinds.fold(first, Ord::min)
    }
}

/// Turns the versions of one row into a record.
pub type Reader = fn(&RowView<'_>) -> Record;

/// Reads a row of a register. A footer is [`Record::Unreadable`], whatever its first cell says.
pub fn read(register: &crate::Register, row: &RowView<'_>) -> Record {
    match reader(&register.reads) {
        Some(reader) if !row.is_footer() => reader(row),
        _ => Record::Unreadable,
    }
}

/// The reader of a name used in `register.yaml`.
pub fn reader(name: &str) -> Option<Reader> {
    Some(match name {
        "plan" => plan::read_plan,
        "budget" => plan::read_budget,
        "place" => plan::read_place,
        "revision" => plan::read_revision,
        "package" => package::read_package,
        "city_package" => package::read_city_package,
        "summary" => package::read_summary,
        "contract" => contract::read_contract,
        "ocds" => ocds::read_release,
        "registration" => insurer::read_registration,
        "determination" => insurer::read_determination,
        "premium_payment" => insurer::read_premium_payment,
        "worker" => worker::read_worker,
        "treasury_payment" => treasury::read_treasury_payment,
        "decision" => decision::read_decision,
        "bank_line" => |row| Record::BankLine(row.origin()),
        "region" => region::read_region,
        "reference" => |_| Record::Reference,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_words_not_by_substring() {
        use ProcurementKind::*;
        for (words, kind) in [
            ("Pekerjaan Konstruksi", Works),
            ("Pekerjaan Konstruksi Terintegrasi", Works),
            ("Jasa Konsultansi Badan Usaha Konstruksi", ConstructionConsulting),
            ("Jasa Konsultansi Badan Usaha Non Konstruksi", OtherConsulting),
            ("Jasa Konsultansi Perorangan Konstruksi", ConstructionConsulting),
            ("Jasa Konsultansi", Consulting),
            ("Pengadaan Barang", Goods),
            ("Barang;Pekerjaan Konstruksi", Works),
            ("Jasa Lainnya", Services),
            ("", Unstated),
        ] {
            assert_eq!(ProcurementKind::from_words(words), kind, "{words}");
        }
    }
}
