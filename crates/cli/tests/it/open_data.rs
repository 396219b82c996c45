//! Open data: what goes out holds to the shapes of the standards, names nobody, and is read back by our own import.

use crate::http::Desk;
use crate::world::World;
use serde::Deserialize;
use std::collections::BTreeMap;

/// OC4IDS 0.9 as we use it, written from the standard's reference: names, types, what must be there; anything else is a mistake.
mod oc4ids {
    use super::Deserialize;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Package {
        pub(super) uri: String,
        #[serde(rename = "publishedDate")]
        pub(super) published: String,
        pub(super) version: String,
        pub(super) publisher: Publisher,
        pub(super) projects: Vec<Project>,
        #[serde(rename = "license")]
        _license: String,
        #[serde(rename = "extensions")]
        _extensions: Vec<String>,
        #[serde(rename = "links")]
        _links: Option<Links>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Publisher {
        pub(super) name: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Links {
        #[serde(rename = "next")]
        _next: String,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub(super) enum Status {
        Identification,
        Preparation,
        Implementation,
        Completion,
        Maintenance,
        Decommissioning,
        Decommissioned,
        Cancelled,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub(super) enum Type {
        Construction,
        Rehabilitation,
        Replacement,
        Expansion,
        Decommissioning,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Project {
        pub(super) id: String,
        #[serde(rename = "updated")]
        _updated: String,
        pub(super) title: String,
        #[serde(rename = "status")]
        _status: Status,
        #[serde(rename = "type")]
        _type: Option<Type>,
        #[serde(rename = "publicAuthority")]
        _authority: Organization,
        #[serde(rename = "period")]
        _period: Option<Period>,
        #[serde(rename = "locations", default)]
        _locations: Vec<Location>,
        #[serde(rename = "parties")]
        _parties: Vec<Party>,
        #[serde(rename = "contractingProcesses")]
        pub(super) processes: Vec<Process>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Organization {
        #[serde(rename = "name")]
        _name: String,
        #[serde(rename = "id")]
        _id: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Party {
        #[serde(rename = "name")]
        _name: String,
        #[serde(rename = "id")]
        _id: String,
        #[serde(rename = "roles")]
        _roles: Vec<PartyRole>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) enum PartyRole {
        PublicAuthority,
        Buyer,
        Supplier,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Period {
        #[serde(rename = "startDate")]
        _start: Option<String>,
        #[serde(rename = "endDate")]
        _end: Option<String>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Location {
        #[serde(rename = "id")]
        _id: String,
        #[serde(rename = "description")]
        _description: String,
        #[serde(rename = "address")]
        _address: Address,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Address {
        #[serde(rename = "locality")]
        _locality: String,
        #[serde(rename = "countryName")]
        _country: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Process {
        #[serde(rename = "id")]
        _id: String,
        pub(super) summary: Summary,
    }

    #[derive(Deserialize)]
    pub(super) enum ProcessStatus {
        #[serde(rename = "pre-award")]
        PreAward,
        #[serde(rename = "active")]
        Active,
        #[serde(rename = "closed")]
        Closed,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub(super) enum Nature {
        Design,
        Construction,
        Supervision,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Summary {
        #[serde(rename = "externalReference")]
        _reference: Option<String>,
        #[serde(rename = "nature")]
        _nature: Vec<Nature>,
        #[serde(rename = "title")]
        _title: String,
        #[serde(rename = "status")]
        _status: ProcessStatus,
        #[serde(rename = "suppliers", default)]
        _suppliers: Vec<Organization>,
        #[serde(rename = "contractValue")]
        pub(super) value: Option<Value>,
        #[serde(rename = "contractPeriod")]
        _period: Option<Period>,
        #[serde(rename = "modifications", default)]
        _modifications: Vec<Modification>,
        #[serde(rename = "socialInsurance")]
        pub(super) insurance: Insurance,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Value {
        pub(super) amount: i64,
        pub(super) currency: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Modification {
        #[serde(rename = "id")]
        _id: String,
        #[serde(rename = "date")]
        _date: Option<String>,
        #[serde(rename = "type")]
        _type: String,
        #[serde(rename = "newContractValue")]
        _value: Option<Value>,
    }

    /// The extension.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub(super) struct Insurance {
        pub(super) programme: String,
        pub(super) state: String,
        #[serde(rename = "asOf")]
        _as_of: String,
        #[serde(rename = "registrationDeadline")]
        _deadline: Option<String>,
        #[serde(rename = "contributionDue")]
        _due: Option<Value>,
        pub(super) uncovered_project_days: u64,
        #[serde(rename = "uncoveredWorkerDays")]
        _worker_days: u64,
    }
}

#[test]
fn a_package_holds_to_the_standard_and_names_nobody() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let answer = desk.get("/api/v1/public/oc4ids", "");
    let package: oc4ids::Package =
        serde_json::from_str(&answer.body).unwrap_or_else(|e| panic!("{e}: {}", answer.body));
    assert_eq!((package.version.as_str(), package.publisher.name.as_str()), ("0.9", "Payung"));
    assert!(package.uri.ends_with("/api/v1/public/oc4ids") && package.published.ends_with('Z'));
    let overview = desk.json("/api/v1/figures", &admin).1;
    assert_eq!(package.projects.len() as u64, overview["projects"].as_u64().unwrap_or_else(|| panic!("{overview}")));
    let days: u64 = package.projects.iter().map(|p| p.processes[0].summary.insurance.uncovered_project_days).sum();
    assert_eq!(days, overview["uncovered_days"].as_u64().unwrap_or_else(|| panic!("{overview}")));
    for p in &package.projects {
        let summary = &p.processes[0].summary;
        assert!(summary.insurance.programme == "Jakon" && !summary.insurance.state.is_empty() && !p.title.is_empty());
        assert!(summary.value.as_ref().is_none_or(|v| v.amount > 0 && v.currency == "IDR"));
    }
    // In the order of codes, so that pages join; a page after the last is empty.
    let mut codes: Vec<&str> = package.projects.iter().map(|p| p.id.as_str()).collect();
    codes.sort_unstable();
    assert!(codes.iter().zip(&package.projects).all(|(c, p)| *c == p.id));
    let after = desk.json(&format!("/api/v1/public/oc4ids?after={}", codes[codes.len() - 2].replace(':', "%3A")), "").1;
    assert_eq!(after["projects"].as_array().unwrap().len(), 1);
    assert_eq!(desk.json("/api/v1/public/oc4ids?sesudah=x", "").0, 400);
    // No taxpayer number, no officer, no identity number: nothing of sixteen or fifteen digits but what the city itself numbers.
    let out = world.path("oc4ids.json");
    world.ok(&["open", "oc4ids", "--out", &out.display().to_string()]);
    let whole: oc4ids::Package = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(whole.projects.len(), package.projects.len(), "the file and the pages say the same");
    for name in ["npwp", "nik", "officer", "ppk", "email"] {
        assert!(!answer.body.to_lowercase().contains(&format!("\"{name}\"")), "{name}");
    }

    // Figures and catalogue.
    let csv = desk.get("/data-terbuka/angka.csv", "").body;
    let mut lines = csv.lines();
    assert!(lines.next().unwrap().starts_with("group,name,projects,exposed"), "{csv}");
    let agencies: u64 = csv
        .lines()
        .filter(|l| l.starts_with("agency,"))
        .map(|l| {
            let cells: Vec<&str> = l.rsplitn(8, ',').collect();
            cells[6].parse::<u64>().unwrap()
        })
        .sum();
    assert_eq!(agencies, package.projects.len() as u64);
    // Coverage: months and segments, no small count, and nothing of a segment no list speaks of.
    let csv = desk.get("/data-terbuka/cakupan.csv", "").body;
    assert!(csv.lines().next().unwrap().starts_with("month,segment,registered,active,denominator"), "{csv}");
    assert!(csv.contains(",construction,") && !csv.contains(",migrant,"), "{csv}");
    for line in csv.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        for n in cells[2..4].iter().filter_map(|c| c.parse::<u64>().ok()) {
            assert!(n == 0 || n >= 5, "{line}");
        }
    }
    let catalogue = desk.json("/api/v1/public/catalogue", "").1;
    for set in catalogue["dcat:dataset"].as_array().unwrap() {
        for form in set["dcat:distribution"].as_array().unwrap() {
            let url = form["dcat:downloadURL"].as_str().unwrap();
            let path = url.splitn(4, '/').nth(3).map(|p| format!("/{p}")).unwrap();
            assert_eq!(desk.get(&path, "").status, 200, "{url}");
        }
    }
    assert!(desk.get("/data-terbuka", "").body.contains("OC4IDS"));
}

#[test]
fn what_goes_out_as_ocds_comes_back_the_same() {
    let world = World::new();
    world.ok(&["demo", "--no-serve", "--projects", "60"]);
    let out = world.path("ocds.json");
    world.ok(&["open", "ocds", "--out", &out.display().to_string()]);
    let package: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    let releases = package["releases"].as_array().unwrap();
    let other = World::new();
    let entry = &other.import(&[&out])[0];
    assert_eq!((&entry["register"], entry["rows"].as_u64()), (&"ocds".into(), Some(releases.len() as u64)), "{entry}");
    assert_eq!(entry["problems"].as_array().map_or(0, Vec::len), 0, "{entry}");
    let back = other.path("back.json");
    other.ok(&["open", "ocds", "--out", &back.display().to_string()]);
    let back: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&back).unwrap()).unwrap();
    // What a release says of a project: everything but our own number of it and the day it was published.
    let said = |list: &serde_json::Value, prefix: &str| -> BTreeMap<String, [serde_json::Value; 6]> {
        let releases = list["releases"].as_array().unwrap().iter();
        let one = |r: &serde_json::Value| {
            let ocid = r["ocid"].as_str().unwrap();
            let contract = &r["contracts"][0];
            let said = [
                &r["tender"]["title"],
                &r["buyer"]["name"],
                &contract["value"],
                &contract["period"],
                &contract["id"],
                &r["awards"][0]["suppliers"],
            ];
            (ocid.strip_prefix(prefix).unwrap_or(ocid).to_owned(), said.map(Clone::clone))
        };
        releases.map(one).collect()
    };
    let (before, after) = (said(&package, ""), said(&back, "ocds:"));
    assert_eq!(before.len(), after.len());
    for (code, one) in &before {
        assert_eq!(Some(one), after.get(code), "{code}");
    }
}
