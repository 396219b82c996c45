//! Open data: projects in the shapes of the open standards, figures as CSV, and a catalogue machines read.
//!
//! * OC4IDS 0.9: projects with their contracting process, and an extension `socialInsurance` on its summary (`docs/open-data.md`).
//! * OCDS 1.1: the same as releases, which our own import reads back.
//!
//! No person, no taxpayer number, no officer; of protection the state, the deadline, the contribution due and the days, as on the public page.

use crate::desk::Desk;
use crate::desk::coverage::{self, Segment};
use crate::desk::evidence::{Evidence, Overview};
use crate::report::{Cell, Table, csv_bytes};
use crate::{Fault, clock};
use authz::{Coverage, Export, Permit, PublicProject};
use serde_json::{Map, Value, json};
use std::io::Write;
use store::ProjectRow;

/// Projects of a page.
pub const PAGE: usize = 1_000;

/// The standard's word for advice, and ours for advice on construction: the standard has none.
const CONSULTING: [&str; 2] = ["consultingServices", "Jasa Konsultansi Konstruksi"];

/// Address of the extension's description.
const EXTENSION: &str = "docs/open-data.md#socialinsurance";

/// Which standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standard {
    /// Open Contracting for Infrastructure Data Standard 0.9.
    Oc4ids,
    /// Open Contracting Data Standard 1.1.
    Ocds,
}

fn evidence(row: &ProjectRow) -> Result<Evidence, Fault> {
    serde_json::from_str(&row.body).map_err(|e| Fault(format!("{}: {e}", row.code)))
}

/// A day as the standards write it.
fn moment(day: &str) -> Value {
    if day.is_empty() { Value::Null } else { json!(format!("{day}T00:00:00Z")) }
}

/// Leaves out what is not known: the standards have no word for it.
fn known(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept: Map<String, Value> =
                map.into_iter().map(|(k, v)| (k, known(v))).filter(|(_, v)| !is_nothing(v)).collect();
            Value::Object(kept)
        }
        Value::Array(list) => Value::Array(list.into_iter().map(known).filter(|v| !is_nothing(v)).collect()),
        other => other,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

fn rupiah(amount: i64) -> Value {
    if amount > 0 { json!({ "amount": amount, "currency": "IDR" }) } else { Value::Null }
}

fn span(from: &str, to: &str) -> Value {
    json!({ "startDate": moment(from), "endDate": moment(to) })
}

fn text(sourced: Option<&crate::desk::evidence::Sourced>) -> &str {
    sourced.map_or("", |s| s.value.as_str())
}

/// Code lists of the standard.
fn status(stage: &str, handover: &str) -> (&'static str, &'static str) {
    match (stage, handover.is_empty()) {
        ("planned" | "tendering", _) => ("preparation", "pre-award"),
        ("failed", _) => ("cancelled", "closed"),
        (_, false) => ("completion", "closed"),
        _ => ("implementation", "active"),
    }
}

/// What the works do, in the standard's words; nothing where the name does not tell.
fn project_type(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|w| name.starts_with(w));
    if begins(&["pembangunan", "pengadaan", "pembuatan"]) {
        Some("construction")
    } else if begins(&["rehab", "perbaikan", "pemeliharaan", "revitalisasi", "rekonstruksi"]) {
        Some("rehabilitation")
    } else if begins(&["peningkatan", "pelebaran", "lanjutan"]) {
        Some("expansion")
    } else {
        None
    }
}

/// What the contract is for.
fn nature(role: &str) -> &'static str {
    match role {
        "planning" | "design" => "design",
        "supervision" => "supervision",
        _ => "construction",
    }
}

/// A project as OC4IDS has it.
fn oc4ids(row: &ProjectRow, e: &Evidence, as_of: &str) -> Value {
    let (project, process) = status(&row.stage, &e.handover);
    let (start, end) = (text(e.start.as_ref()), text(e.end.as_ref()));
    let modification = |(i, (day, value, _)): (usize, &(String, Option<i64>, String))| {
        json!({
            "id": (i + 1).to_string(),
            "date": moment(day),
            "type": if value.is_some() { "value" } else { "duration" },
            "newContractValue": rupiah(value.unwrap_or(0)),
        })
    };
    known(json!({
        "id": row.code,
        "updated": moment(as_of),
        "title": row.name,
        "status": project,
        "type": project_type(&row.name),
        "publicAuthority": { "name": row.agency, "id": row.agency },
        "period": span(start, end),
        "locations": if row.district.is_empty() { Value::Null } else {
            json!([{ "id": "1", "description": row.district, "address": { "locality": row.district, "countryName": "ID" } }])
        },
        "parties": [
            { "id": row.agency, "name": row.agency, "roles": ["publicAuthority", "buyer"] },
            if row.vendor.is_empty() { Value::Null } else { json!({ "id": row.vendor, "name": row.vendor, "roles": ["supplier"] }) },
        ],
        "contractingProcesses": [{
            "id": row.code,
            "summary": {
                "externalReference": e.packages.first(),
                "nature": [nature(&row.role)],
                "title": row.name,
                "status": process,
                "suppliers": if row.vendor.is_empty() { Value::Null } else { json!([{ "id": row.vendor, "name": row.vendor }]) },
                "contractValue": rupiah(row.value),
                "contractPeriod": span(start, end),
                "modifications": e.addenda.iter().enumerate().map(modification).collect::<Vec<_>>(),
                "socialInsurance": insurance(row, as_of),
            },
        }],
    }))
}

/// The extension: how the workers of a contract stand.
fn insurance(row: &ProjectRow, as_of: &str) -> Value {
    json!({
        "programme": "Jakon",
        "state": row.state,
        "asOf": as_of,
        "registrationDeadline": row.deadline,
        "contributionDue": rupiah(row.due),
        "uncoveredProjectDays": row.uncovered,
        "uncoveredWorkerDays": row.worker_days,
    })
}

/// A project as an OCDS release.
fn ocds(row: &ProjectRow, e: &Evidence, as_of: &str) -> Value {
    let (start, end) = (text(e.start.as_ref()), text(e.end.as_ref()));
    let order = text(e.order.as_ref());
    let value = e.first_value.filter(|v| *v > 0).unwrap_or(row.value);
    let number = if e.contract_number.is_empty() { &row.code } else { &e.contract_number };
    known(json!({
        "ocid": row.code,
        "id": format!("{}-{as_of}", row.code),
        "date": moment(if order.is_empty() { as_of } else { order }),
        "tag": ["compiled"],
        "initiationType": "tender",
        "language": "id",
        "buyer": { "id": row.agency, "name": row.agency },
        "parties": [
            { "id": row.agency, "name": row.agency, "roles": ["buyer"] },
            if row.vendor.is_empty() { Value::Null } else { json!({ "id": row.vendor, "name": row.vendor, "roles": ["supplier"] }) },
        ],
        "tender": {
            "id": e.packages.first().unwrap_or(&row.code),
            "title": row.name,
            "mainProcurementCategory": if row.role == "works" { "works" } else { "services" },
            "additionalProcurementCategories": if row.role == "works" { Value::Null } else { json!(CONSULTING) },
        },
        "awards": [{
            "id": "1",
            "title": row.name,
            "status": "active",
            "value": rupiah(value),
            "suppliers": if row.vendor.is_empty() { Value::Null } else { json!([{ "id": row.vendor, "name": row.vendor }]) },
        }],
        "contracts": [{
            "id": number,
            "awardID": "1",
            "title": row.name,
            "value": rupiah(row.value),
            "period": span(start, end),
            "dateSigned": moment(order),
        }],
    }))
}

/// What stands around projects or releases, without them.
fn head(desk: &Desk, standard: Standard, next: Option<&str>) -> Value {
    let (name, path) = match standard {
        Standard::Oc4ids => ("oc4ids", "0.9"),
        Standard::Ocds => ("ocds", "1.1"),
    };
    let own = format!("{}/api/v1/public/{name}", desk.address());
    let mut head = json!({
        "uri": own,
        "version": path,
        "publishedDate": clock::now(),
        "publisher": { "name": "Payung" },
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "extensions": if standard == Standard::Oc4ids { json!([EXTENSION]) } else { Value::Null },
    });
    if let (Some(next), Some(map)) = (next, head.as_object_mut()) {
        map.insert("links".to_owned(), json!({ "next": format!("{own}?after={next}") }));
    }
    known(head)
}

fn one(standard: Standard, row: &ProjectRow, as_of: &str) -> Result<Value, Fault> {
    let e = evidence(row)?;
    Ok(match standard {
        Standard::Oc4ids => oc4ids(row, &e, as_of),
        Standard::Ocds => ocds(row, &e, as_of),
    })
}

fn as_of(desk: &Desk) -> Result<String, Fault> {
    let picture = desk.read(|s| s.picture().map_err(Fault::from))?;
    Ok(picture.map_or_else(|| clock::today().to_string(), |p| p.as_of))
}

/// A page of projects after a code.
///
/// # Errors
/// [`Fault`] of the database.
pub fn page(
    desk: &Desk,
    permit: &Permit<Export, PublicProject>,
    standard: Standard,
    after: &str,
) -> Result<Value, Fault> {
    let as_of = as_of(desk)?;
    let rows = desk.read(|s| s.public_each(permit, after, PAGE).map_err(Fault::from))?;
    let next = rows.last().filter(|_| rows.len() == PAGE).map(|r| r.code.clone());
    let list = rows.iter().map(|r| one(standard, r, &as_of)).collect::<Result<Vec<_>, _>>()?;
    let mut package = head(desk, standard, next.as_deref());
    if let Some(map) = package.as_object_mut() {
        map.insert(list_name(standard).to_owned(), Value::Array(list));
    }
    Ok(package)
}

fn list_name(standard: Standard) -> &'static str {
    match standard {
        Standard::Oc4ids => "projects",
        Standard::Ocds => "releases",
    }
}

/// Writes every project in one package; how many. Memory: one page.
///
/// # Errors
/// [`Fault`] of database or disk.
pub fn write(
    desk: &Desk,
    permit: &Permit<Export, PublicProject>,
    standard: Standard,
    out: &mut dyn Write,
) -> Result<u64, Fault> {
    let fault = |e: std::io::Error| Fault(e.to_string());
    let as_of = as_of(desk)?;
    let head = head(desk, standard, None).to_string();
    let open = head.strip_suffix('}').unwrap_or(&head);
    write!(out, "{open},\"{}\":[", list_name(standard)).map_err(fault)?;
    let (mut after, mut count) = (String::new(), 0u64);
    loop {
        let rows = desk.read(|s| s.public_each(permit, &after, PAGE).map_err(Fault::from))?;
        for row in &rows {
            let comma = if count == 0 { "\n" } else { ",\n" };
            write!(out, "{comma}{}", one(standard, row, &as_of)?).map_err(fault)?;
            count += 1;
        }
        match rows.last() {
            Some(last) if rows.len() == PAGE => after.clone_from(&last.code),
            _ => break,
        }
    }
    out.write_all(b"\n]}\n").map_err(fault)?;
    Ok(count)
}

/// Columns of the figures.
pub const COLUMNS: [&str; 9] = [
    "group",
    "name",
    "projects",
    "exposed",
    "covered",
    "unknown",
    "uncovered_project_days",
    "uncovered_worker_days_known",
    "as_of",
];

/// The city's figures by agency, kind of works and district, as CSV. No person is counted in it.
///
/// # Errors
/// [`Fault`] of the database.
pub fn figures(desk: &Desk) -> Result<Vec<u8>, Fault> {
    let as_of = as_of(desk)?;
    let picture = desk.read(|s| s.picture().map_err(Fault::from))?;
    let overview: Overview = match picture {
        Some(picture) => serde_json::from_str(&picture.body).map_err(|e| Fault(e.to_string()))?,
        None => Overview::default(),
    };
    let mut table = Table::new("figures", &COLUMNS);
    let districts: Vec<(String, [u64; 6])> = overview.districts.iter().map(|d| (d.name.clone(), d.counts)).collect();
    for (group, list) in [("agency", &overview.agencies), ("kind", &overview.kinds), ("district", &districts)] {
        for (name, n) in list {
            let mut row = vec![Cell::text(group), Cell::text(name)];
            row.extend(n.iter().map(|n| Cell::count(*n)));
            row.push(Cell::text(&as_of));
            table.push(row);
        }
    }
    csv_bytes(&table)
}

/// Columns of coverage.
pub const COVERAGE: [&str; 9] = [
    "month",
    "segment",
    "registered",
    "active",
    "denominator",
    "denominator_people",
    "denominator_source",
    "told",
    "as_of",
];

/// Distinct people registered and covered by month and segment, beside the denominators people name, as CSV. A count of fewer than a small group, or one that leaves such a rest, is left
/// out; so is a segment no list speaks of.
///
/// # Errors
/// [`Fault`] of the database.
pub fn coverage(desk: &Desk, permit: &Permit<Export, Coverage>) -> Result<Vec<u8>, Fault> {
    let figures = coverage::figures(desk, permit)?;
    let words = desk.read(|s| s.coverage_words(permit).map_err(Fault::from))?;
    let mut table = Table::new("coverage", &COVERAGE);
    let shown = figures.months.len().saturating_sub(coverage::SHOWN);
    for m in &figures.months[shown..] {
        let month = coverage::month_text(m.month);
        let of = |segment: &str, told: Option<&str>, [registered, active]: [Option<u64>; 2]| {
            let cell = |n: Option<u64>| n.map_or(Cell::Empty, Cell::count);
            let rest = [Cell::Empty, Cell::Empty, Cell::Empty, Cell::text(told.unwrap_or_default())];
            let mut row = vec![Cell::text(&month), Cell::text(segment), cell(registered), cell(active)];
            row.extend(rest);
            row.push(Cell::text(&figures.as_of));
            row
        };
        let told = figures.told.iter().flatten().max().map(String::as_str);
        let (all, segments) = coverage::open_counts(m);
        table.push(of("all", told, all));
        for segment in Segment::ALL {
            if let Some(told) = &figures.told[*segment as usize] {
                table.push(of(segment.name(), Some(told), segments[*segment as usize]));
            }
        }
    }
    for w in words.iter().filter(|w| w.kind == "base") {
        let segment = if w.segment.is_empty() { "all" } else { &w.segment };
        table.push(vec![
            Cell::text(&w.month),
            Cell::text(segment),
            Cell::Empty,
            Cell::Empty,
            Cell::text(&w.name),
            Cell::Int(w.count),
            Cell::text(&w.source),
            Cell::text(&w.dated),
            Cell::text(&figures.as_of),
        ]);
    }
    csv_bytes(&table)
}

/// The catalogue (DCAT 3 as JSON-LD): what there is, in which form, where.
pub fn catalogue(desk: &Desk) -> Value {
    let at = |path: &str| format!("{}{path}", desk.address());
    let form = |path: &str, kind: &str, conforms: Option<&str>| {
        known(json!({
            "@type": "dcat:Distribution",
            "dcat:downloadURL": at(path),
            "dcat:mediaType": kind,
            "dct:conformsTo": conforms,
        }))
    };
    let set = |id: &str, title: [&str; 2], forms: Vec<Value>| {
        json!({
            "@id": at(&format!("/data-terbuka#{id}")),
            "@type": "dcat:Dataset",
            "dct:title": [{ "@language": "id", "@value": title[0] }, { "@language": "en", "@value": title[1] }],
            "dct:license": "https://creativecommons.org/licenses/by/4.0/",
            "dct:accrualPeriodicity": "http://publications.europa.eu/resource/authority/frequency/DAILY",
            "dcat:distribution": forms,
        })
    };
    let oc4ids = "https://standard.open-contracting.org/infrastructure/0.9/en/";
    let ocds = "https://standard.open-contracting.org/1.1/en/";
    json!({
        "@context": { "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/" },
        "@id": at("/data-terbuka"),
        "@type": "dcat:Catalog",
        "dct:title": "Payung",
        "dcat:dataset": [
            set(
                "proyek",
                ["Proyek dan pelindungan pekerjanya", "Projects and the protection of their workers"],
                vec![
                    form("/api/v1/public/oc4ids", "application/json", Some(oc4ids)),
                    form("/api/v1/public/ocds", "application/json", Some(ocds)),
                ],
            ),
            set(
                "angka",
                ["Angka menurut dinas, jenis pekerjaan, dan kecamatan", "Figures by agency, kind of works and district"],
                vec![form("/data-terbuka/angka.csv", "text/csv", None)],
            ),
            set(
                "cakupan",
                ["Orang yang terlindungi menurut bulan dan segmen", "People covered by month and segment"],
                vec![form("/data-terbuka/cakupan.csv", "text/csv", None)],
            ),
        ],
    })
}
