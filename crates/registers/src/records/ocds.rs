//! OCDS releases and compiled releases of record packages.

use super::contract::{ContractFact, Party};
use super::{Package, PackageId, PackageStatus, ProcurementKind, Record, RowView, System};
use kernel::date::{DateOrder, is_zero_date, parse_date};
use kernel::money::{NumberStyle, parse_amount};
use kernel::{Date, Exact};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Amount<'a> {
    #[serde(borrow)]
    amount: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Period {
    #[serde(rename = "startDate")]
    start: Option<String>,
    #[serde(rename = "endDate")]
    end: Option<String>,
}

#[derive(Deserialize)]
struct Supplier {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Award<'a> {
    title: Option<String>,
    #[serde(default)]
    suppliers: Vec<Supplier>,
    #[serde(borrow)]
    value: Option<Amount<'a>>,
    status: Option<String>,
    date: Option<String>,
}

#[derive(Deserialize)]
struct Contract<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    title: Option<String>,
    #[serde(borrow)]
    value: Option<Amount<'a>>,
    period: Option<Period>,
    #[serde(rename = "dateSigned")]
    signed: Option<String>,
    status: Option<String>,
}

/// Numbers stay text until our own parser reads them: no float on the way.
fn amount(value: Option<&Amount<'_>>) -> Option<Exact> {
    let text = value?.amount?.get().trim_matches('"');
    parse_amount(text, NumberStyle::Dot).ok().filter(|v| v.is_positive())
}

fn day(text: Option<&String>) -> Option<Date> {
    let text = text.filter(|t| !is_zero_date(t))?;
    parse_date(text, DateOrder::DayFirst).ok().map(|d| d.date)
}

/// What is bought: the further categories say more where they name it in our words; `services` alone may be anything.
fn kind(row: &RowView<'_>) -> ProcurementKind {
    let more: Vec<String> = row.raw("jenis_lain").and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
    match ProcurementKind::from_words(&more.join(";")) {
        ProcurementKind::Unstated => ProcurementKind::from_words(row.raw("jenis").unwrap_or_default()),
        told => told,
    }
}

pub(super) fn read_release(row: &RowView<'_>) -> Record {
    let Some(ocid) = row.id("ocid") else { return Record::Unreadable };
    let id = PackageId { system: System::Ocds, id: ocid };
    let awards: Vec<Award<'_>> = row.raw("awards").and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
    let contracts: Vec<Contract<'_>> =
        row.raw("contracts").and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
    let supplier = awards.iter().flat_map(|a| &a.suppliers).find_map(|s| s.name.clone()).unwrap_or_default();
    let vendor = Party { name: kernel::text::clean(&supplier), ..Party::default() };
    let title = row
        .text("nama_paket")
        .or_else(|| row.text("nama_rencana"))
        .or_else(|| awards.iter().find_map(|a| a.title.clone()))
        .or_else(|| contracts.iter().find_map(|c| c.title.clone()))
        .map(|t| kernel::text::clean(&t))
        .unwrap_or_default();
    let award_value = awards.iter().find_map(|a| amount(a.value.as_ref()));
    let award_date = awards.iter().find_map(|a| day(a.date.as_ref()));
    let facts: Vec<ContractFact> = contracts
        .iter()
        .map(|c| {
            let period = c.period.as_ref();
            let start = day(period.and_then(|p| p.start.as_ref()));
            let mut fact = super::contract::fact(row, id.clone());
            fact.number = c.id.map(|i| i.get().trim_matches('"').to_owned());
            fact.date = day(c.signed.as_ref()).or(start);
            fact.value = amount(c.value.as_ref());
            fact.award_value = award_value;
            fact.award_date = award_date;
            fact.start = start;
            fact.end = day(period.and_then(|p| p.end.as_ref()));
            fact.vendor = vendor.clone();
            fact.ended_early = c.status.as_deref() == Some("cancelled");
            fact
        })
        .collect();
    let tag = row.text_or_empty("tag");
    let failed = awards.iter().any(|a| matches!(a.status.as_deref(), Some("unsuccessful" | "cancelled")));
    let status = if !facts.is_empty() || award_value.is_some() {
        PackageStatus::Finished
    } else if failed {
        PackageStatus::Failed
    } else if tag.contains("tender") {
        PackageStatus::Running
    } else {
        PackageStatus::Unstated
    };
    Record::Package(Box::new(Package {
        origin: row.origin(),
        id,
        rup_ids: Vec::new(),
        spse_ids: Vec::new(),
        name: title,
        description: None,
        kind: kind(row),
        method: row.text("metode"),
        agency: row.text("buyer"),
        place: None,
        year: row.date("date").map(|d| d.year()),
        budget: row.value("pagu"),
        estimate: None,
        offered: award_value,
        corrected: None,
        negotiated: None,
        fund: row.text("sumber_dana"),
        vendor,
        status,
        version: None,
        announced: row.date("date"),
        finished: award_date,
        contracts: facts,
    }))
}
