//! Joins plans, packages and contracts into projects.

use super::contract::{Contract, draw};
use super::place::{Place, Placed};
use super::{Project, Records, Stage};
use crate::class::{Class, classify};
use crate::{name, number};
use kernel::Origin;
use registers::records::{ContractFact, Package, PackageId, PackageStatus, Plan, PlanStatus, ProcurementKind, System};
use std::collections::{BTreeMap, BTreeSet};

/// Projects, and the places of all rows but the insurer's and the treasury's.
#[derive(Debug)]
pub struct Built {
    /// Projects, sorted by code.
    pub projects: Vec<Project>,
    /// A place for every row of a plan, package, contract, budget, place, revision or reference.
    pub places: Vec<Placed>,
}

/// What is known of one package.
#[derive(Default)]
struct Draft<'a> {
    rows: Vec<&'a Package>,
    facts: Vec<&'a ContractFact>,
}

impl Draft<'_> {
    fn rup_ids(&self) -> BTreeSet<&str> {
        self.rows.iter().flat_map(|p| &p.rup_ids).map(String::as_str).collect()
    }

    fn is_contracted(&self) -> bool {
        self.facts.iter().any(|f| !f.from_result_list && f.minute.is_none() || f.number.is_some())
    }

    /// Announced and failed, or never put out, and nothing came of it.
    fn is_attempt(&self) -> bool {
        let failed = self.rows.iter().any(|p| matches!(p.status, PackageStatus::Failed | PackageStatus::Draft));
        failed && !self.is_contracted() && !self.rows.iter().any(|p| p.finished.is_some() && !p.vendor.name.is_empty())
    }

    fn origins(&self) -> impl Iterator<Item = Origin> + '_ {
        self.rows.iter().map(|p| p.origin).chain(self.facts.iter().map(|f| f.origin))
    }
}

/// Builds. `records` must be sorted ([`Records::sort`]).
pub fn build(records: &Records) -> Built {
    let plans: BTreeMap<&str, &Plan> = records.plans.iter().map(|p| (p.rup_id.as_str(), p)).collect();
    let mut drafts: BTreeMap<&PackageId, Draft<'_>> = BTreeMap::new();
    for package in &records.packages {
        let draft = drafts.entry(&package.id).or_default();
        draft.rows.push(package);
        draft.facts.extend(&package.contracts);
    }
    for fact in &records.contracts {
        drafts.entry(&fact.package).or_default().facts.push(fact);
    }
    let aliases = aliases(&drafts, &plans);
    for (from, to) in &aliases {
        if let Some(draft) = drafts.remove(from) {
            let target = drafts.entry(to).or_default();
            target.rows.extend(draft.rows);
            target.facts.extend(draft.facts);
        }
    }
    let mut groups = Groups::new(&plans, &records.revisions);
    let (attempts, carried): (Vec<_>, Vec<_>) = drafts.into_iter().partition(|(_, d)| d.is_attempt());
    for (id, draft) in &carried {
        groups.carry(id, draft);
    }
    for (id, draft) in &attempts {
        groups.attempt(id, draft);
    }
    groups.plan_only();
    groups.finish(records, &aliases)
}

/// City lists and sheets name the SPSE package they mean: they are the same package.
fn aliases<'a>(
    drafts: &BTreeMap<&'a PackageId, Draft<'a>>,
    plans: &BTreeMap<&str, &Plan>,
) -> BTreeMap<&'a PackageId, &'a PackageId> {
    let mut by_number: BTreeMap<String, &PackageId> = BTreeMap::new();
    let mut by_id: BTreeMap<&str, &'a PackageId> = BTreeMap::new();
    for (id, draft) in drafts {
        if matches!(id.system, System::Tender | System::Nontender) {
            by_id.insert(&id.id, id);
            for fact in &draft.facts {
                if let Some(n) = &fact.number {
                    by_number.entry(number::read(n).whole).or_insert(id);
                }
            }
        }
    }
    let mut out = BTreeMap::new();
    for (id, draft) in drafts {
        if !matches!(id.system, System::City | System::Sheet) {
            continue;
        }
        let named = draft.rows.iter().flat_map(|p| &p.spse_ids);
        // Typed by hand, the plan and package numbers are sometimes exchanged.
        let swapped = draft.rows.iter().flat_map(|p| &p.rup_ids).filter(|r| !plans.contains_key(r.as_str()));
        let by_code = named.chain(swapped).find_map(|s| by_id.get(s.as_str()));
        let by_contract = || {
            let numbers = draft.facts.iter().filter_map(|f| f.number.as_deref()).map(|n| number::read(n).whole);
            numbers.filter(|n| n.len() >= 8).find_map(|n| by_number.get(&n))
        };
        if let Some(target) = by_code.copied().or_else(|| by_contract().copied()) {
            out.insert(*id, target);
        }
    }
    out
}

struct Groups<'a> {
    plans: &'a BTreeMap<&'a str, &'a Plan>,
    /// One-to-one edges of the revision graph, forward.
    later: BTreeMap<&'a str, &'a str>,
    /// Current entries by office, name and ceiling, for revisions whose edge nobody recorded.
    twins: BTreeMap<(String, String), Vec<&'a Plan>>,
    claimed: BTreeMap<&'a str, usize>,
    projects: Vec<Project>,
    /// Packages of projects, for attaching attempts.
    failed_places: Vec<Origin>,
}

impl<'a> Groups<'a> {
    fn new(plans: &'a BTreeMap<&'a str, &'a Plan>, revisions: &'a [registers::records::Revision]) -> Self {
        let mut edges: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for revision in revisions {
            if let Some(to) = &revision.to {
                edges.entry(&revision.from).or_default().push(to);
            }
        }
        let later = edges.into_iter().filter(|(_, to)| to.len() == 1).map(|(from, to)| (from, to[0])).collect();
        let mut twins: BTreeMap<(String, String), Vec<&Plan>> = BTreeMap::new();
        for plan in plans.values().filter(|p| p.status == PlanStatus::Current) {
            twins.entry(twin_key(plan)).or_default().push(plan);
        }
        Self { plans, later, twins, claimed: BTreeMap::new(), projects: Vec::new(), failed_places: Vec::new() }
    }

    /// Claims a plan entry for a project, and the entries that replaced it.
    fn claim(&mut self, rup_id: &str, project: usize) {
        let Some((id, plan)) = self.plans.get_key_value(rup_id) else { return };
        if self.claimed.contains_key(id) {
            return;
        }
        self.claimed.insert(id, project);
        if plan.status == PlanStatus::Current {
            return;
        }
        if let Some(next) = self.later.get(id).copied() {
            self.claim(next, project);
        } else if plan.status == PlanStatus::RevisedOneToOne {
            // The successor carries the same name in the same office, under a later number.
            let heir = self.twins.get(&twin_key(plan)).and_then(|t| {
                t.iter().find(|p| p.rup_id > plan.rup_id && !self.claimed.contains_key(p.rup_id.as_str()))
            });
            if let Some(heir) = heir {
                let id = heir.rup_id.as_str();
                self.claimed.insert(id, project);
            }
        }
    }

    fn carry(&mut self, id: &PackageId, draft: &Draft<'_>) {
        let index = self.projects.len();
        let contract = draw(&draft.rows, &draft.facts);
        let named: Vec<&Plan> = draft.rup_ids().iter().filter_map(|r| self.plans.get(r).copied()).collect();
        let project = project_of(id, draft, contract, &named);
        self.projects.push(project);
        for rup_id in draft.rup_ids() {
            self.claim(rup_id, index);
        }
    }

    /// A failed attempt belongs to the project that took over its plan entries; alone, it is a
    /// project of its own only where no plan entry is known to go on.
    fn attempt(&mut self, id: &PackageId, draft: &Draft<'_>) {
        let heir = draft.rup_ids().iter().find_map(|r| self.claimed.get(r).copied());
        self.failed_places.extend(draft.origins());
        if let Some(index) = heir {
            let project = &mut self.projects[index];
            project.packages.push(id.clone());
            project.origins.extend(draft.origins());
        } else if !draft.rup_ids().iter().any(|r| self.plans.contains_key(r)) {
            let mut project = project_of(id, draft, Contract::default(), &[]);
            project.stage = Stage::Failed;
            self.projects.push(project);
        }
    }

    fn plan_only(&mut self) {
        for (id, plan) in self.plans {
            if plan.status != PlanStatus::Current || self.claimed.contains_key(id) {
                continue;
            }
            let class = classify(plan.kind, &plan.name, plan.description.as_deref());
            let read = name::read(&plan.name);
            self.claimed.insert(id, self.projects.len());
            self.projects.push(Project {
                code: format!("plan:{id}"),
                name: plan.name.clone(),
                agency: plan.agency.clone().unwrap_or_default(),
                place: plan.place.clone(),
                year: plan.year,
                kind: plan.kind,
                class,
                role: read.role,
                stage: Stage::Planned,
                plans: Vec::new(),
                packages: Vec::new(),
                contract_number: None,
                order_date: None,
                value: plan.budget.map(|value| super::Sourced { value, source: super::Source::Budget }),
                first_value: plan.budget,
                start: None,
                end: None,
                vendor: Default::default(),
                addenda: Vec::new(),
                minutes: Vec::new(),
                handover: None,
                officer: plan.officer.clone(),
                serves: None,
                origins: Vec::new(),
            });
        }
    }

    fn finish(mut self, records: &Records, aliases: &BTreeMap<&PackageId, &PackageId>) -> Built {
        let mut places = Vec::new();
        for (id, index) in &self.claimed {
            if let Some(plan) = self.plans.get(id) {
                let project = &mut self.projects[*index];
                project.plans.push((*id).to_owned());
                project.origins.push(plan.origin);
            }
        }
        for (from, to) in aliases {
            if let Some(project) = self.projects.iter_mut().find(|p| p.packages.first() == Some(to)) {
                project.packages.push((*from).clone());
            }
        }
        let failed: BTreeSet<Origin> = self.failed_places.iter().copied().collect();
        for project in &mut self.projects {
            project.origins.sort_unstable();
            project.origins.dedup();
            let place = place_of(&project.class);
            for origin in project.origins.iter().filter(|o| !failed.contains(o)) {
                places.push(Placed { origin: *origin, place });
            }
        }
        places.extend(failed.iter().map(|o| Placed { origin: *o, place: Place::AttemptFailed }));
        for plan in &records.plans {
            if !self.claimed.contains_key(plan.rup_id.as_str()) {
                places.push(Placed { origin: plan.origin, place: Place::PlanSuperseded });
            }
        }
        let class_of_plan = |rup: &str| self.claimed.get(rup).map(|i| place_of(&self.projects[*i].class));
        let about = |rup: &str| {
            class_of_plan(rup).unwrap_or(if self.plans.contains_key(rup) {
                Place::PlanSuperseded
            } else {
                Place::Orphan
            })
        };
        places.extend(records.budgets.iter().map(|b| Placed { origin: b.origin, place: about(&b.rup_id) }));
        places.extend(
            records
                .revisions
                .iter()
                .map(|r| Placed { origin: r.origin, place: about(r.to.as_deref().unwrap_or(&r.from)) }),
        );
        let of_package: BTreeMap<&PackageId, Place> =
            self.projects.iter().flat_map(|p| p.packages.iter().map(|id| (id, place_of(&p.class)))).collect();
        places.extend(records.sites.iter().map(|s| {
            let by_package = s.package.as_ref().and_then(|id| of_package.get(id).copied());
            let place = by_package.or_else(|| s.rup_id.as_deref().map(about)).unwrap_or(Place::Orphan);
            Placed { origin: s.origin, place }
        }));
        places.extend(records.references.iter().map(|o| Placed { origin: *o, place: Place::Reference }));
        places.extend(records.unreadable.iter().map(|o| Placed { origin: *o, place: Place::Unreadable }));
        places.sort_unstable();
        let mut projects = self.projects;
        projects.sort_by(|a, b| a.code.cmp(&b.code));
        crate::serves::tie_consultants(&mut projects);
        Built { projects, places }
    }
}

fn place_of(class: &Class) -> Place {
    match class {
        Class::Construction => Place::Construction,
        Class::Consultant => Place::Consultant,
        Class::Possible(_) => Place::Possible,
        Class::NotConstruction => Place::NotConstruction,
    }
}

fn twin_key(plan: &Plan) -> (String, String) {
    (plan.agency.clone().unwrap_or_default(), name::read(&plan.name).key)
}

fn project_of(id: &PackageId, draft: &Draft<'_>, contract: Contract, plans: &[&Plan]) -> Project {
    let row = |pick: fn(&Package) -> Option<String>| draft.rows.iter().find_map(|p| pick(p));
    let kind = draft
        .rows
        .iter()
        .map(|p| p.kind)
        .chain(plans.iter().map(|p| p.kind))
        .filter(|k| *k != ProcurementKind::Unstated)
        // "Jasa Konsultansi" of a plan entry is vaguer than what its package says.
        .min_by_key(|k| (*k == ProcurementKind::Consulting, *k))
        .unwrap_or(ProcurementKind::Unstated);
    let package_kind = draft.rows.iter().map(|p| p.kind).find(|k| *k != ProcurementKind::Unstated);
    let kind = package_kind.unwrap_or(kind);
    let project_name = row(|p| Some(p.name.clone()).filter(|n| !n.is_empty()))
        .or_else(|| plans.first().map(|p| p.name.clone()))
        .unwrap_or_default();
    let description = row(|p| p.description.clone()).or_else(|| plans.iter().find_map(|p| p.description.clone()));
    let class = classify(kind, &project_name, description.as_deref());
    let winner =
        !contract.vendor.name.is_empty() || draft.rows.iter().any(|p| p.finished.is_some() || p.negotiated.is_some());
    let awarded =
        winner || draft.facts.iter().any(|f| f.award_date.is_some() || f.award_value.is_some() || f.from_result_list);
    let stage = if contract.recorded {
        Stage::Contracted
    } else if awarded {
        Stage::Awarded
    } else {
        Stage::Tendering
    };
    let mut origins: Vec<Origin> = draft.origins().collect();
    origins.sort_unstable();
    Project {
        code: id.to_string(),
        agency: row(|p| p.agency.clone()).or_else(|| plans.iter().find_map(|p| p.agency.clone())).unwrap_or_default(),
        place: contract
            .place
            .clone()
            .or_else(|| row(|p| p.place.clone()))
            .or_else(|| plans.iter().find_map(|p| p.place.clone())),
        year: draft.rows.iter().find_map(|p| p.year).or_else(|| plans.iter().find_map(|p| p.year)),
        kind,
        role: name::read(&project_name).role,
        name: project_name,
        class,
        stage,
        plans: Vec::new(),
        packages: vec![id.clone()],
        contract_number: contract.number,
        order_date: contract.order_date,
        value: contract.value,
        first_value: contract.first_value,
        start: contract.start,
        end: contract.end,
        vendor: contract.vendor,
        addenda: contract.addenda,
        minutes: contract.minutes,
        handover: contract.handover,
        officer: contract.officer.or_else(|| plans.iter().find_map(|p| p.officer.clone())),
        serves: None,
        origins,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::projects::{Place, Source};
    use kernel::Exact;
    use kernel::origin::TableId;
    use registers::RawRow;
    use registers::records::{RowView, Table};

    /// Reads rows of registers, written as `register: header,... | row | row`.
    fn records(tables: &[(&str, &str, &[&str])]) -> Records {
        let mut out = Records::default();
        for (t, (register, header, rows)) in tables.iter().enumerate() {
            let register = registers::register(register).unwrap();
            let headers: Vec<&str> = header.split(',').collect();
            let columns = registers::bind(register, &headers).unwrap().columns;
            let table = Table::new(TableId(t as u32 + 1), register, columns);
            for (line, row) in rows.iter().enumerate() {
                let raw = RawRow::from_texts(line as u32 + 2, row.split(','));
                let versions = [(&table, &raw)];
                let view = RowView::new(&versions);
                out.push(registers::records::read(register, &view), view.origin());
            }
        }
        out.sort();
        out
    }

    const PLAN: &str =
        "kd_rup,nama_paket,pagu,tgl_pengumuman_paket,status_umumkan_rup,status_aktif_rup,jenis_pengadaan,nama_satker";
    const ANNOUNCED: &str = "kd_nontender,nama_paket,tgl_pengumuman_nontender,versi_nontender,kd_rup,status_nontender,jenis_pengadaan,nama_satker";
    const CONTRACT: &str =
        "kd_nontender,no_kontrak,tgl_kontrak,nilai_kontrak,nilai_pdn_kontrak,versi_addendum,nama_penyedia";

    fn codes(built: &Built) -> Vec<&str> {
        built.projects.iter().map(|p| p.code.as_str()).collect()
    }

    #[test]
    fn a_revised_plan_and_its_heir_are_one_project() {
        let plans: &[&str] = &[
            "1,Jalan Melati,100,2026-01-01,Terrevisi Satu ke Satu,False,Pekerjaan Konstruksi,PU",
            "2,Jalan Melati,110,2026-02-01,Terumumkan,True,Pekerjaan Konstruksi,PU",
        ];
        let package: &[&str] = &["77,Jalan Melati,2026-03-01,1,1,Selesai,Pekerjaan Konstruksi,PU"];
        let revision: &[&str] = &["1,2"];
        // By the edge where one is recorded, by name and office where none is.
        for edges in [&[("rup_riwayat", "kd_rup_lama,kd_rup_baru", revision)][..], &[]] {
            let mut tables = vec![("rup_penyedia", PLAN, plans), ("spse_pengumuman", ANNOUNCED, package)];
            tables.extend(edges);
            let built = build(&records(&tables));
            assert_eq!(codes(&built), ["nontender:77"]);
            assert_eq!(built.projects[0].plans, ["1", "2"]);
        }
    }

    #[test]
    fn a_split_plan_leaves_its_parts_apart() {
        let plans: &[&str] = &[
            "1,Jalan,100,2026-01-01,Terrevisi Satu ke Banyak,False,Pekerjaan Konstruksi,PU",
            "2,Jalan A,50,2026-02-01,Terumumkan,True,Pekerjaan Konstruksi,PU",
            "3,Jalan B,50,2026-02-01,Terumumkan,True,Pekerjaan Konstruksi,PU",
        ];
        let edges: &[&str] = &["1,2", "1,3"];
        let built =
            build(&records(&[("rup_penyedia", PLAN, plans), ("rup_riwayat", "kd_rup_lama,kd_rup_baru", edges)]));
        assert_eq!(codes(&built), ["plan:2", "plan:3"]);
        let superseded = built.places.iter().filter(|p| p.place == Place::PlanSuperseded).count();
        assert_eq!(superseded, 1, "the split entry itself");
    }

    #[test]
    fn a_failed_attempt_belongs_to_the_package_that_was_carried_out() {
        let built = build(&records(&[
            ("rup_penyedia", PLAN, &["1,Jalan,100,2026-01-01,Terumumkan,True,Pekerjaan Konstruksi,PU"]),
            (
                "spse_pengumuman",
                ANNOUNCED,
                &[
                    "70,Jalan,2026-03-01,1,1,Gagal/Batal,Pekerjaan Konstruksi,PU",
                    "80,Jalan,2026-04-01,2,1,Selesai,Pekerjaan Konstruksi,PU",
                ],
            ),
        ]));
        assert_eq!(codes(&built), ["nontender:80"]);
        assert_eq!(built.projects[0].packages.len(), 2);
        assert_eq!(built.places.iter().filter(|p| p.place == Place::AttemptFailed).count(), 1);
    }

    #[test]
    fn a_package_of_several_plans_claims_them_all() {
        let built = build(&records(&[
            (
                "rup_penyedia",
                PLAN,
                &[
                    "1,Jalan A,100,2026-01-01,Terumumkan,True,Pekerjaan Konstruksi,PU",
                    "2,Jalan B,100,2026-01-01,Terumumkan,True,Pekerjaan Konstruksi,PU",
                ],
            ),
            ("spse_pengumuman", ANNOUNCED, &["80,Jalan A dan B,2026-04-01,1,1;2,Selesai,Pekerjaan Konstruksi,PU"]),
        ]));
        assert_eq!(built.projects[0].plans, ["1", "2"]);
        assert_eq!(built.projects.len(), 1);
    }

    #[test]
    fn an_addendum_changes_the_value_and_keeps_the_first() {
        let built = build(&records(&[(
            "spse_kontrak",
            CONTRACT,
            &["80,1/SPK,2026-07-07,100000000,0,0,CV A", "80,1/SPK,2026-08-07,120000000,0,1,CV A"],
        )]));
        let p = &built.projects[0];
        assert_eq!(p.first_value, Some(Exact::whole(100_000_000)));
        assert_eq!(p.value.map(|v| (v.value, v.source)), Some((Exact::whole(120_000_000), Source::Contract)));
        assert_eq!((p.order_date.map(|d| d.value.to_string()), p.addenda.len()), (Some("2026-07-07".into()), 1));
    }

    #[test]
    fn every_row_has_exactly_one_place() {
        let all = records(&[
            (
                "rup_penyedia",
                PLAN,
                &[
                    "1,Jalan,100,2026-01-01,Terumumkan,True,Pekerjaan Konstruksi,PU",
                    "2,Kertas,100,2026-01-01,Terumumkan,True,Barang,PU",
                    "3,Jalan,100,2026-01-01,Terdelete,False,Pekerjaan Konstruksi,PU",
                ],
            ),
            (
                "spse_pengumuman",
                ANNOUNCED,
                &[
                    "80,Jalan,2026-04-01,1,1,Selesai,Pekerjaan Konstruksi,PU",
                    "81,Perencanaan Jalan,2026-04-01,1,,Selesai,Jasa Konsultansi Badan Usaha Konstruksi,PU",
                ],
            ),
            ("rup_anggaran", "kd_rup,mak,asal_dana", &["1,5.2,D1", "9,5.2,D1"]),
        ]);
        let built = build(&all);
        let mut origins: Vec<Origin> = built.places.iter().map(|p| p.origin).collect();
        assert_eq!(origins.len(), 7);
        origins.dedup();
        assert_eq!(origins.len(), 7);
        assert!(built.places.iter().any(|p| p.place == Place::Orphan));
        let consultant = built.projects.iter().find(|p| p.class == Class::Consultant).unwrap();
        assert_eq!(consultant.role, crate::class::Role::Planning);
    }
}
