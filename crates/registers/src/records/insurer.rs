//! The insurer's side: registrations, determinations, payments.

use super::{Record, RowView};
use kernel::id::Npwp;
use kernel::{Date, Exact, Origin};

/// A project registered at the insurer, as the contractor typed it.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    /// Where it stands.
    pub origin: Origin,
    /// Insurer's project number.
    pub number: String,
    /// Project name.
    pub name: String,
    /// Address of the site.
    pub address: Option<String>,
    /// Employer number.
    pub npp: Option<String>,
    /// Firm, usually in capitals and without its legal form.
    pub firm: String,
    /// Fifteen digits.
    pub npwp: Option<String>,
    /// Office that gave the work.
    pub agency: Option<String>,
    /// Order number (SPK), as typed.
    pub order_number: Option<String>,
    /// Day of the order, as typed.
    pub order_date: Option<Date>,
    /// Value declared.
    pub value: Option<Exact>,
    /// Does the value include value-added tax? Forms rarely say.
    pub includes_tax: Option<bool>,
    /// First day of the contract period.
    pub start: Option<Date>,
    /// Last day of the contract period.
    pub end: Option<Date>,
    /// Last day of the maintenance period.
    pub maintenance_end: Option<Date>,
    /// Heads registered.
    pub heads: Option<u32>,
    /// Day the form was received.
    pub registered: Option<Date>,
}

/// A contribution determined by the insurer.
#[derive(Debug, Clone, PartialEq)]
pub struct Determination {
    /// Where it stands.
    pub origin: Origin,
    /// Insurer's project number.
    pub number: String,
    /// Day of the letter.
    pub date: Option<Date>,
    /// Order number on the letter.
    pub order_number: Option<String>,
    /// Value on the letter.
    pub value: Option<Exact>,
    /// Base without value-added tax.
    pub base: Option<Exact>,
    /// First day of the contract period.
    pub start: Option<Date>,
    /// Last day of the contract period.
    pub end: Option<Date>,
    /// Last day of the maintenance period.
    pub maintenance_end: Option<Date>,
    /// Heads.
    pub heads: Option<u32>,
    /// Contribution.
    pub amount: Option<Exact>,
    /// Number of instalments: 1 for a lump sum.
    pub instalments: Option<u32>,
}

/// A payment received.
#[derive(Debug, Clone, PartialEq)]
pub struct PremiumPayment {
    /// Where it stands.
    pub origin: Origin,
    /// Insurer's project number.
    pub number: String,
    /// Receipt number.
    pub receipt: Option<String>,
    /// Rupiah received.
    pub amount: Option<Exact>,
    /// Day received.
    pub date: Option<Date>,
}

fn heads(row: &RowView<'_>) -> Option<u32> {
    row.int("jumlah_pekerja").and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0)
}

pub(super) fn read_registration(row: &RowView<'_>) -> Record {
    let Some(number) = row.id("no_proyek") else { return Record::Unreadable };
    Record::Registration(Box::new(Registration {
        origin: row.origin(),
        number,
        name: row.text_or_empty("nama_proyek"),
        address: row.text("alamat_proyek"),
        npp: row.id("npp"),
        firm: row.text_or_empty("nama_perusahaan"),
        npwp: row.raw("npwp").and_then(|t| match Npwp::parse(t) {
            Some(Npwp::Body { digits, .. }) => Some(digits),
            _ => None,
        }),
        agency: row.text("pemberi_kerja"),
        order_number: row.text("no_spk"),
        order_date: row.date("tgl_spk"),
        value: row.value("nilai_proyek"),
        includes_tax: row.flag("termasuk_ppn"),
        start: row.date("tgl_mulai"),
        end: row.date("tgl_selesai"),
        maintenance_end: row.date("tgl_akhir_pemeliharaan"),
        heads: heads(row),
        registered: row.date("tgl_daftar"),
    }))
}

pub(super) fn read_determination(row: &RowView<'_>) -> Record {
    let Some(number) = row.id("no_proyek") else { return Record::Unreadable };
    Record::Determination(Box::new(Determination {
        origin: row.origin(),
        number,
        date: row.date("tgl_penetapan"),
        order_number: row.text("no_spk"),
        value: row.value("nilai_proyek"),
        base: row.value("dasar_iuran"),
        start: row.date("tgl_mulai"),
        end: row.date("tgl_selesai"),
        maintenance_end: row.date("tgl_akhir_pemeliharaan"),
        heads: heads(row),
        amount: row.value("jumlah_iuran"),
        instalments: row.int("jumlah_termin").and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0),
    }))
}

pub(super) fn read_premium_payment(row: &RowView<'_>) -> Record {
    let Some(number) = row.id("no_proyek") else { return Record::Unreadable };
    Record::PremiumPayment(PremiumPayment {
        origin: row.origin(),
        number,
        receipt: row.id("no_kwitansi"),
        amount: row.value("jumlah_bayar"),
        date: row.date("tgl_bayar"),
    })
}
