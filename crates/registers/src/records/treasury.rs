//! Treasury payments (SP2D).

use super::{Record, RowView};
use kernel::id::Npwp;
use kernel::{Date, Exact, Origin};

/// One payment order.
#[derive(Debug, Clone, PartialEq)]
pub struct TreasuryPayment {
    /// Where it stands.
    pub origin: Origin,
    /// Number.
    pub number: String,
    /// Day.
    pub date: Option<Date>,
    /// Gross value.
    pub value: Option<Exact>,
    /// Description, which usually names the work.
    pub description: String,
    /// Office.
    pub agency: Option<String>,
    /// Payee.
    pub payee: String,
    /// Payee's fifteen digits.
    pub npwp: Option<String>,
    /// Contract number, where the list has one.
    pub contract_number: Option<String>,
    /// Account.
    pub account: Option<String>,
}

pub(super) fn read_treasury_payment(row: &RowView<'_>) -> Record {
    let Some(number) = row.text("nomor_sp2d") else { return Record::Unreadable };
    Record::TreasuryPayment(Box::new(TreasuryPayment {
        origin: row.origin(),
        number,
        date: row.date("tanggal_sp2d"),
        value: row.value("nilai_sp2d"),
        description: row.text_or_empty("keterangan_sp2d"),
        agency: row.text("nama_satker"),
        payee: row.text_or_empty("nama_penerima"),
        npwp: row.raw("npwp_penerima").and_then(|t| match Npwp::parse(t) {
            Some(Npwp::Body { digits, .. }) => Some(digits),
            _ => None,
        }),
        contract_number: row.text("no_kontrak"),
        account: row.text("kode_rekening"),
    }))
}
