//! Plan entries (RUP): what an office said it would buy.

use super::{PackageId, ProcurementKind, Record, RowView, System};
use kernel::{Date, Exact, Origin};
use serde::{Deserialize, Serialize};

/// Through a provider or by the office itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanRoute {
    /// Penyedia.
    Provider,
    /// Swakelola, with its type 1 to 4 where stated.
    SelfManaged(Option<u8>),
}

/// Where a plan entry stands in its revisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// Announced and current.
    Current,
    /// Replaced by exactly one later entry.
    RevisedOneToOne,
    /// Split into several later entries.
    RevisedOneToMany,
    /// Merged with others.
    Consolidated,
    /// Cancelled in a revision.
    Cancelled,
    /// Deleted.
    Deleted,
    /// A draft that was never announced.
    Draft,
}

/// A plan entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Where it stands.
    pub origin: Origin,
    /// RUP number.
    pub rup_id: String,
    /// Name.
    pub name: String,
    /// Description and specification, where given.
    pub description: Option<String>,
    /// Ceiling.
    pub budget: Option<Exact>,
    /// Kind.
    pub kind: ProcurementKind,
    /// Method, as written.
    pub method: Option<String>,
    /// Route.
    pub route: PlanRoute,
    /// Office.
    pub agency: Option<String>,
    /// Commitment officer (PPK) by name: personal.
    pub officer: Option<String>,
    /// Place, as written.
    pub place: Option<String>,
    /// Budget year.
    pub year: Option<i16>,
    /// First day of works as planned; month precision.
    pub work_start: Option<Date>,
    /// Last day of works as planned; month precision.
    pub work_end: Option<Date>,
    /// Status.
    pub status: PlanStatus,
}

/// A budget line.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// Where it stands.
    pub origin: Origin,
    /// RUP number.
    pub rup_id: String,
    /// Account string.
    pub account: Option<String>,
    /// Fund: APBD, APBDP, BLUD and others.
    pub fund: Option<String>,
}

/// A place.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Where it stands.
    pub origin: Origin,
    /// RUP number, where it is a place of a plan entry.
    pub rup_id: Option<String>,
    /// Package, where it is a place of one.
    pub package: Option<PackageId>,
    /// Text.
    pub place: String,
}

/// An edge of the revision graph.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// Where it stands.
    pub origin: Origin,
    /// Earlier entry.
    pub from: String,
    /// Later entry; none for a cancellation.
    pub to: Option<String>,
    /// Day.
    pub date: Option<Date>,
}

fn status(row: &RowView<'_>) -> PlanStatus {
    let words = row.text_or_empty("status_umumkan").to_lowercase();
    if row.flag("status_hapus") == Some(true) || words.contains("delete") || words.contains("hapus") {
        return PlanStatus::Deleted;
    }
    if words.contains("batal") {
        return PlanStatus::Cancelled;
    }
    if words.starts_with("inisiasi")
        || words.contains("draf")
        || words.contains("draft")
        || words.contains("terinisiasi")
    {
        return PlanStatus::Draft;
    }
    if words.contains("banyak") {
        return PlanStatus::RevisedOneToMany;
    }
    if words.contains("revisi") {
        return PlanStatus::RevisedOneToOne;
    }
    if words.contains("konsolidasi") {
        return PlanStatus::Consolidated;
    }
    // Feeds that list only announced entries carry no flags; an inactive entry was revised.
    if row.flag("status_aktif") == Some(false) { PlanStatus::RevisedOneToOne } else { PlanStatus::Current }
}

pub(super) fn read_plan(row: &RowView<'_>) -> Record {
    let Some(rup_id) = row.id("kd_rup") else { return Record::Unreadable };
    let is_self_managed = row.raw("tipe_swakelola").is_some();
    let kind = if is_self_managed {
        ProcurementKind::SelfManaged
    } else {
        ProcurementKind::from_words(row.raw("jenis").unwrap_or_default())
    };
    let places: Vec<String> = ["lokasi", "lokasi_kab"].iter().filter_map(|f| row.text(f)).collect();
    Record::Plan(Box::new(Plan {
        origin: row.origin(),
        rup_id,
        name: row.text_or_empty("nama_paket"),
        description: row.text("uraian"),
        budget: row.value("pagu"),
        kind,
        method: row.text("metode"),
        route: if is_self_managed {
            PlanRoute::SelfManaged(row.int("tipe_swakelola").and_then(|t| u8::try_from(t).ok()))
        } else {
            PlanRoute::Provider
        },
        agency: row.text("nama_satker"),
        officer: row.text("nama_ppk"),
        place: (!places.is_empty()).then(|| places.join(", ")),
        year: row.int("tahun_anggaran").and_then(|y| i16::try_from(y).ok()),
        work_start: row.date("tgl_awal_kontrak"),
        work_end: row.date("tgl_akhir_kontrak"),
        status: status(row),
    }))
}

pub(super) fn read_budget(row: &RowView<'_>) -> Record {
    let Some(rup_id) = row.id("kd_rup") else { return Record::Unreadable };
    Record::Budget(Budget { origin: row.origin(), rup_id, account: row.text("mak"), fund: row.text("sumber_dana") })
}

pub(super) fn read_place(row: &RowView<'_>) -> Record {
    let places: Vec<String> = ["lokasi", "lokasi_kab"].iter().filter_map(|f| row.text(f)).collect();
    let rup_id = row.id("kd_rup");
    let package = row.id("pekerjaan_id").map(|id| PackageId { system: System::City, id });
    if rup_id.is_none() && package.is_none() {
        return Record::Unreadable;
    }
    Record::Place(Place { origin: row.origin(), rup_id, package, place: places.join(", ") })
}

pub(super) fn read_revision(row: &RowView<'_>) -> Record {
    let Some(from) = row.id("kd_rup_lama") else { return Record::Unreadable };
    Record::Revision(Revision {
        origin: row.origin(),
        from,
        to: row.id("kd_rup_baru"),
        date: row.date("tgl_kaji_ulang"),
    })
}
