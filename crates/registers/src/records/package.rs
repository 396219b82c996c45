//! Packages: what was put out, awarded, recorded or ordered.

use super::contract::{self, ContractFact};
use super::{ProcurementKind, Record, RowView};
use kernel::{Date, Exact, Origin};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which list a package number belongs to. Numbers of different lists may coincide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// SPSE tender.
    Tender,
    /// SPSE non-tender.
    Nontender,
    /// SPSE direct record of a non-tender.
    Recorded,
    /// SPSE direct record of self-managed works.
    SelfManaged,
    /// E-catalogue.
    Catalogue,
    /// The city's own list.
    City,
    /// OCDS release.
    Ocds,
    /// A sheet without package numbers; the key of the row stands for one.
    Sheet,
}

impl System {
    /// As printed in project codes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tender => "tender",
            Self::Nontender => "nontender",
            Self::Recorded => "recorded",
            Self::SelfManaged => "self_managed",
            Self::Catalogue => "catalogue",
            Self::City => "city",
            Self::Ocds => "ocds",
            Self::Sheet => "sheet",
        }
    }
}

/// A package number in its list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PackageId {
    /// The list.
    pub system: System,
    /// The number.
    pub id: String,
}

impl fmt::Display for PackageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.system.name(), self.id)
    }
}

/// How far a package came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackageStatus {
    /// Nothing said.
    Unstated,
    /// A draft that was never put out.
    Draft,
    /// Failed, cancelled or closed.
    Failed,
    /// Running.
    Running,
    /// Finished: there is a winner, an order or a record.
    Finished,
}

/// What one row says about a package.
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    /// Where it stands.
    pub origin: Origin,
    /// Number.
    pub id: PackageId,
    /// Plan entries it names.
    pub rup_ids: Vec<String>,
    /// SPSE number that the city's own list names.
    pub spse_ids: Vec<String>,
    /// Name; empty where the row has none (TenderSelesaiNilai).
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// Kind.
    pub kind: ProcurementKind,
    /// Method, as written.
    pub method: Option<String>,
    /// Office.
    pub agency: Option<String>,
    /// Place, as written.
    pub place: Option<String>,
    /// Budget year.
    pub year: Option<i16>,
    /// Ceiling.
    pub budget: Option<Exact>,
    /// Owner's estimate (HPS).
    pub estimate: Option<Exact>,
    /// Price offered.
    pub offered: Option<Exact>,
    /// Price after correction.
    pub corrected: Option<Exact>,
    /// Price after negotiation.
    pub negotiated: Option<Exact>,
    /// Fund.
    pub fund: Option<String>,
    /// Winner.
    pub vendor: contract::Party,
    /// Status.
    pub status: PackageStatus,
    /// Which attempt: 2 and above are re-tenders.
    pub version: Option<i64>,
    /// Day announced or created.
    pub announced: Option<Date>,
    /// Day the result stood.
    pub finished: Option<Date>,
    /// Contract facts in the same row.
    pub contracts: Vec<ContractFact>,
}

/// The number a row identifies its package by.
pub(super) fn package_id(row: &RowView<'_>) -> Option<PackageId> {
    let of = |system, field: &str| row.id(field).map(|id| PackageId { system, id });
    of(System::Tender, "kd_tender")
        .or_else(|| of(System::Nontender, "kd_nontender"))
        .or_else(|| of(System::Recorded, "kd_nontender_pct"))
        .or_else(|| of(System::SelfManaged, "kd_swakelola_pct"))
        .or_else(|| of(System::City, "pekerjaan_id"))
}

fn status(words: &str) -> PackageStatus {
    let w = words.to_lowercase();
    let any = |list: &[&str]| list.iter().any(|s| w.contains(s));
    if w.is_empty() {
        PackageStatus::Unstated
    } else if any(&["gagal", "batal", "ditutup", "cancel", "dibatalkan"]) {
        PackageStatus::Failed
    } else if any(&["draft", "draf"]) {
        PackageStatus::Draft
    } else if any(&["selesai", "aktif", "completed", "payment_outside", "serah terima", "kontrak"]) {
        PackageStatus::Finished
    } else {
        PackageStatus::Running
    }
}

fn base(row: &RowView<'_>, id: PackageId) -> Package {
    let places: Vec<String> = ["lokasi", "kabkota"].iter().filter_map(|f| row.text(f)).collect();
    Package {
        origin: row.origin(),
        id,
        rup_ids: row.ids("kd_rup"),
        spse_ids: row.ids("id_lpse"),
        name: row.text_or_empty("nama_paket"),
        description: row.text("uraian"),
        kind: ProcurementKind::from_words(row.raw("jenis").unwrap_or_default()),
        method: row.text("metode"),
        agency: row.text("nama_satker"),
        place: (!places.is_empty()).then(|| places.join(", ")),
        year: row.int("tahun_anggaran").and_then(|y| i16::try_from(y).ok()),
        budget: row.value("pagu"),
        estimate: row.value("hps"),
        offered: row.value("nilai_penawaran"),
        corrected: row.value("nilai_terkoreksi"),
        negotiated: row.value("nilai_negosiasi"),
        fund: row.text("sumber_dana"),
        vendor: contract::party(row),
        status: status(&row.text_or_empty("status")),
        version: row.int("versi"),
        announced: row.date("tgl_pengumuman").or_else(|| row.date("tgl_buat")),
        finished: row.date("tgl_selesai"),
        contracts: Vec::new(),
    }
}

pub(super) fn read_package(row: &RowView<'_>) -> Record {
    let catalogue = || row.id("kd_paket").map(|id| PackageId { system: System::Catalogue, id });
    let page = || row.id("kd_paket_halaman").map(|id| PackageId { system: page_system(row), id });
    let Some(id) = package_id(row).or_else(catalogue).or_else(page) else { return Record::Unreadable };
    let mut package = base(row, id);
    match package.id.system {
        System::SelfManaged => package.kind = ProcurementKind::SelfManaged,
        // A record or an order is a finished deal: its value is what was paid or ordered.
        System::Recorded | System::Catalogue if package.status == PackageStatus::Running => {
            package.status = PackageStatus::Finished;
        }
        _ => {}
    }
    if let Some(value) = row.value("nilai_kontrak") {
        let mut fact = contract::fact(row, package.id.clone());
        // The result list repeats the value of a contract it knows no number of.
        fact.value = Some(value);
        if matches!(package.id.system, System::Recorded | System::SelfManaged) {
            fact.start = row.date("tgl_mulai");
            fact.end = row.date("tgl_selesai");
        }
        if package.id.system == System::Catalogue {
            fact.date = package.announced;
        }
        fact.from_result_list = matches!(package.id.system, System::Tender | System::Nontender);
        package.contracts.push(fact);
    }
    Record::Package(Box::new(package))
}

/// Scraped SPSE pages hold tenders and non-tenders under the same header.
fn page_system(row: &RowView<'_>) -> System {
    system_by_method(&row.text_or_empty("metode"))
}

fn system_by_method(method: &str) -> System {
    let m = method.to_lowercase();
    if m.starts_with("tender") || m.starts_with("seleksi") { System::Tender } else { System::Nontender }
}

pub(super) fn read_city_package(row: &RowView<'_>) -> Record {
    let Some(id) = package_id(row) else { return Record::Unreadable };
    Record::Package(Box::new(base(row, id)))
}

/// One row per package from plan to hand-over, or an office's own list of contracts.
pub(super) fn read_summary(row: &RowView<'_>) -> Record {
    let name = row.text_or_empty("nama_paket");
    let id = match row.id("kd_paket") {
        Some(id) => PackageId { system: system_by_method(&row.text_or_empty("metode")), id },
        None => {
            let number = row.text("no_kontrak").unwrap_or_else(|| name.clone());
            if number.is_empty() {
                return Record::Unreadable;
            }
            PackageId { system: System::Sheet, id: kernel::text::header_key(&number) }
        }
    };
    let mut package = base(row, id);
    package.rup_ids.extend(row.id("kd_rup_baru"));
    package.rup_ids.dedup();
    if row.raw("no_kontrak").is_some() || row.value("nilai_kontrak").is_some() || row.raw("no_sppbj").is_some() {
        package.contracts.push(contract::fact(row, package.id.clone()));
        package.status = PackageStatus::Finished;
    }
    Record::Package(Box::new(package))
}
