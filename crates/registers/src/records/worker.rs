//! Workers: on the insurer's lists, and on rosters of sites.

use super::{Record, RowView};
use crate::person::{self, Name, Payer, Sex, WageKind};
use crate::row::CellKind;
use kernel::id::{Nik, NikError};
use kernel::{Date, Exact, Origin};

/// Whose list a worker stands on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListOf {
    /// The insurer's list of a registration, by its project number.
    Registration(String),
    /// A project's own roster, by Payung's code.
    Project(String),
    /// People covered by somebody else than a project.
    Other(Payer),
    /// Vulnerable workers of a group, by its key.
    Vulnerable(String),
}

impl ListOf {
    /// Of a row of any of these registers.
    fn of(row: &RowView<'_>) -> Option<Self> {
        let other = || row.text("pembayar").and_then(|t| Payer::read(&t)).map(Self::Other);
        let group = || row.text("kelompok").and_then(|t| person::group(&t)).map(Self::Vulnerable);
        let of_project = row.id("no_proyek").map(Self::Registration).or_else(|| row.id("proyek").map(Self::Project));
        of_project.or_else(other).or_else(group)
    }

    /// Its number or code.
    pub fn name(&self) -> &str {
        match self {
            Self::Registration(name) | Self::Project(name) | Self::Vulnerable(name) => name,
            Self::Other(payer) => payer.name(),
        }
    }
}

/// A worker on a list, as far as days are counted. No name and no number leaves this struct printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Worker {
    /// Where it stands.
    pub origin: Origin,
    /// Whose list.
    pub list: ListOf,
    /// Identity number; `None` where it was missing, damaged or stored as a number.
    pub nik: Option<Nik>,
    /// First day at work.
    pub joined: Option<Date>,
    /// Last day at work; `None` while still there.
    pub left: Option<Date>,
    /// Day reported to the insurer.
    pub reported: Option<Date>,
    /// Wage in rupiah, where both it and its kind are said.
    pub wage: Option<(WageKind, Exact)>,
    /// Address, until it has been asked whether it is one of the city.
    pub address: Option<Box<str>>,
    /// Does the address say that the person lives in the city? None where it does not tell.
    pub resident: Option<bool>,
}

/// A line of a list with everything it says about a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it stands.
    pub origin: Origin,
    /// Whose list; none on a sheet that does not say.
    pub list: Option<ListOf>,
    /// Number of the entry on a project's roster.
    pub number: Option<u32>,
    /// Name with its titles.
    pub name: Name,
    /// Identity number, or why there is none; `None` where the cell is empty.
    pub nik: Option<Result<Nik, NikError>>,
    /// Place of birth.
    pub birth_place: Option<String>,
    /// Day of birth.
    pub birth: Option<Date>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Address.
    pub address: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Insurer's card number (KPJ).
    pub card: Option<String>,
    /// Trade.
    pub trade: Option<String>,
    /// Paid by the day, by the piece, or for a term.
    pub kind: Option<WageKind>,
    /// Wage in rupiah, for the unit its kind says.
    pub wage: Option<Exact>,
    /// Subcontractor or foreman.
    pub subcontractor: Option<String>,
    /// The firm, programme or donor that pays, where it is not a project.
    pub paid_by: Option<String>,
    /// Where a list of vulnerable workers comes from: a decision, an organisation.
    pub source: Option<String>,
    /// District, where a list says it by name.
    pub district: Option<String>,
    /// Welfare decile as the list has it.
    pub decile: Option<u8>,
    /// Why no longer on the list.
    pub why_left: Option<String>,
    /// Day of death.
    pub died: Option<Date>,
    /// First day at work, or on the list.
    pub joined: Option<Date>,
    /// Last day at work, or on the list; `None` while still there.
    pub left: Option<Date>,
    /// Day reported to the insurer.
    pub reported: Option<Date>,
    /// Struck out: never worked here.
    pub struck: bool,
}

/// Identity number of a row. One from a numeric cell is damaged whatever it says: spreadsheets keep fifteen digits.
fn nik(row: &RowView<'_>) -> Option<Result<Nik, NikError>> {
    let (text, kind) = row.raw_with_kind("nik")?;
    Some(if kind == CellKind::Number { Err(NikError::Numeric) } else { Nik::parse(text) })
}

pub(super) fn read_worker(row: &RowView<'_>) -> Record {
    let Some(list) = ListOf::of(row) else { return Record::Unreadable };
    // Struck out, it stays a row that is counted, of somebody who was never there.
    let struck = row.flag("batal") == Some(true);
    Record::Worker(Box::new(Worker {
        origin: row.origin(),
        list,
        nik: nik(row).and_then(Result::ok),
        joined: row.date("mulai_bekerja").filter(|_| !struck),
        left: row.date("selesai_bekerja"),
        reported: row.date("tgl_lapor"),
        wage: row.text("jenis_upah").and_then(|t| WageKind::read(&t)).zip(row.value("upah")),
        address: row.text("alamat").map(String::into_boxed_str),
        resident: None,
    }))
}

/// Reads everything a row of a worker list says.
pub fn read_entry(row: &RowView<'_>) -> Entry {
    let together = row.raw("ttl").map(person::birth).unwrap_or_default();
    // "tgl_lahir" cells of contractors hold the place too, now and then.
    let in_date = row.raw("tgl_lahir").map(person::birth).unwrap_or_default();
    let nik = nik(row);
    Entry {
        origin: row.origin(),
        list: ListOf::of(row),
        number: row.int("entri").and_then(|n| u32::try_from(n).ok()),
        name: Name::read(&row.text_or_empty("nama")),
        birth_place: row.text("tempat_lahir").or(together.0).or(in_date.0),
        birth: row.date("tgl_lahir").or(together.1).or(in_date.1),
        sex: row.text("jenis_kelamin").and_then(|t| Sex::read(&t)),
        nik,
        address: row.text("alamat"),
        phone: row.text("hp").map(|t| t.trim_start_matches(['\'', '`']).to_owned()),
        card: row.id("kpj"),
        trade: row.text("jabatan"),
        kind: row.text("jenis_upah").and_then(|t| WageKind::read(&t)),
        wage: row.money("upah"),
        subcontractor: row.text("subkontraktor"),
        paid_by: row.text("nama_pembayar"),
        source: row.text("sumber"),
        district: row.text("kecamatan"),
        decile: row.int("desil").and_then(|d| u8::try_from(d).ok()).filter(|d| (1..=10).contains(d)),
        why_left: row.text("alasan_keluar"),
        died: row.date("tgl_meninggal"),
        joined: row.date("mulai_bekerja"),
        left: row.date("selesai_bekerja"),
        reported: row.date("tgl_lapor"),
        struck: row.flag("batal") == Some(true),
    }
}
