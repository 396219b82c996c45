//! Contract facts: award letter, contract, start order, payment minutes, hand-over.

use super::package::package_id;
use super::{PackageId, Record, RowView};
use kernel::id::Npwp;
use kernel::{Date, Exact, Origin};

/// The other side of a contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Party {
    /// Name as written; empty where unknown.
    pub name: String,
    /// Fifteen digits of a body. A natural person's number is personal and stays in the row.
    pub npwp: Option<String>,
    /// Number in the vendor register, or the token of an anonymised extract.
    pub code: Option<String>,
}

/// A payment minute (BAP), or a stage of progress.
#[derive(Debug, Clone, PartialEq)]
pub struct Minute {
    /// Where it stands.
    pub origin: Origin,
    /// Day.
    pub date: Option<Date>,
    /// Paid, in rupiah.
    pub paid: Option<Exact>,
    /// Physical progress, parts per million.
    pub progress_ppm: Option<i64>,
}

/// What one row says about one contract. Every field may be missing.
#[derive(Debug, Clone, PartialEq)]
pub struct ContractFact {
    /// Where it stands.
    pub origin: Origin,
    /// Package it belongs to.
    pub package: PackageId,
    /// Contract number, as written.
    pub number: Option<String>,
    /// Day of the contract or order (SPK).
    pub date: Option<Date>,
    /// Contract value, with tax.
    pub value: Option<Exact>,
    /// Value on the award letter (SPPBJ).
    pub award_value: Option<Exact>,
    /// Day of the award letter.
    pub award_date: Option<Date>,
    /// Day of the start order (SPMK).
    pub order_date: Option<Date>,
    /// First day of works.
    pub start: Option<Date>,
    /// Last day of works.
    pub end: Option<Date>,
    /// Duration in calendar days, from its text.
    pub duration_days: Option<u32>,
    /// Day of hand-over (BAST).
    pub handover: Option<Date>,
    /// Payment minute.
    pub minute: Option<Minute>,
    /// Vendor.
    pub vendor: Party,
    /// Addendum version; 0 for the first contract.
    pub addendum: i64,
    /// Place, as written.
    pub place: Option<String>,
    /// Commitment officer (PPK) by name: personal.
    pub officer: Option<String>,
    /// Stopped or broken off, by its status words.
    pub ended_early: bool,
    /// The value comes from a result list that knows no contract.
    pub from_result_list: bool,
}

pub(super) fn party(row: &RowView<'_>) -> Party {
    let npwp = |field| match row.raw(field).and_then(Npwp::parse) {
        Some(Npwp::Body { digits, .. }) => Some(digits),
        _ => None,
    };
    Party {
        name: row.text("nama_penyedia").filter(|n| !n.contains('?')).unwrap_or_default(),
        npwp: npwp("npwp_penyedia").or_else(|| npwp("npwp_16")),
        code: row.id("kd_penyedia").or_else(|| row.id("vendor_token")),
    }
}

pub(super) fn fact(row: &RowView<'_>, package: PackageId) -> ContractFact {
    let remark = row.text_or_empty("keterangan").to_lowercase();
    let number = row.text("no_kontrak");
    let typed_addendum = remark.contains("addendum")
        || number.as_deref().is_some_and(|n| {
            let n = n.to_lowercase();
            n.starts_with("add") || n.contains("/add") || n.contains("add-") || n.contains("addendum")
        });
    let paid = row.value("besar_pembayaran");
    let progress_ppm = row.share_ppm("progres").filter(|p| *p > 0);
    let date = row.date("tgl_bap").or_else(|| row.date("tgl_bast"));
    let minute =
        (paid.is_some() || progress_ppm.is_some()).then(|| Minute { origin: row.origin(), date, paid, progress_ppm });
    let status = row.text_or_empty("status_kontrak").to_lowercase();
    ContractFact {
        origin: row.origin(),
        package,
        number,
        date: row.date("tgl_kontrak"),
        value: row.value("nilai_kontrak"),
        award_value: row.value("harga_final"),
        award_date: row.date("tgl_sppbj"),
        order_date: row.date("tgl_spmk"),
        start: row.date("tgl_mulai").or_else(|| row.date("tgl_kontrak_awal")),
        end: row.date("tgl_selesai").or_else(|| later_than_start(row)),
        duration_days: row.raw("lama").and_then(kernel::date::duration_days),
        handover: row.date("tgl_bast"),
        minute,
        vendor: party(row),
        addendum: row.int("versi_addendum").unwrap_or(0).max(i64::from(typed_addendum)),
        place: row.text("lokasi"),
        officer: row.text("nama_ppk"),
        ended_early: status.contains("putus") || status.contains("henti"),
        from_result_list: false,
    }
}

/// `tgl_kontrak_akhir` often repeats `tgl_kontrak_awal`; then it says nothing about the end.
fn later_than_start(row: &RowView<'_>) -> Option<Date> {
    let end = row.date("tgl_kontrak_akhir")?;
    row.date("tgl_kontrak_awal").is_none_or(|start| end > start).then_some(end)
}

pub(super) fn read_contract(row: &RowView<'_>) -> Record {
    match package_id(row) {
        Some(package) => Record::Contract(Box::new(fact(row, package))),
        None => Record::Unreadable,
    }
}
