//! Small worlds for tests: one project, its registrations, its money.

use crate::city::{Question, assess};
use crate::view::{City, Knowledge};
use kernel::origin::TableId;
use kernel::{Date, Exact, Origin};
use linkage::class::{Class, Role};
use linkage::projects::{Project, Source, Sourced, Stage};
use linkage::works::{By, Link, Linked};
use registers::records::{Determination, Entry, ListOf, Minute, Party, PremiumPayment, ProcurementKind, Registration};
use std::collections::BTreeMap;

pub(crate) const ROW: Origin = Origin { table: TableId(1), line: 2 };

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Works of 199,800,000 with tax (180,000,000 without), ordered and begun on one day.
pub(crate) fn works(start: &str, end: &str) -> Project {
    let from = |d: Date, source| Some(Sourced { value: d, source });
    Project {
        code: "nontender:1".into(),
        name: "Rehab SDN 5 Melati".into(),
        agency: "DINAS PENDIDIKAN".into(),
        place: None,
        year: Some(2025),
        kind: ProcurementKind::Works,
        class: Class::Construction,
        role: Role::Works,
        stage: Stage::Contracted,
        plans: vec![],
        packages: vec![],
        contract_number: Some("1/SPK/2025".into()),
        order_date: from(day(start), Source::ContractDate),
        value: Some(Sourced { value: Exact::whole(199_800_000), source: Source::Contract }),
        first_value: Some(Exact::whole(199_800_000)),
        start: from(day(start), Source::WorkStart),
        end: from(day(end), Source::Contract),
        vendor: Party::default(),
        addenda: vec![],
        minutes: vec![],
        handover: None,
        officer: None,
        serves: None,
        origins: vec![ROW],
    }
}

pub(crate) fn minute(project: &mut Project, on: &str, progress_percent: i64, paid: i64) {
    project.minutes.push(Minute {
        origin: ROW,
        date: Some(day(on)),
        paid: (paid > 0).then(|| Exact::whole(paid)),
        progress_ppm: Some(progress_percent * 10_000),
    });
}

/// A registration of those works that declares everything right.
pub(crate) fn registered(on: &str) -> Registration {
    Registration {
        origin: ROW,
        number: "2500000000001".into(),
        name: "REHAB SDN 5 MELATI".into(),
        address: None,
        npp: None,
        firm: "KARYA MANDIRI".into(),
        npwp: None,
        agency: None,
        order_number: None,
        order_date: Some(day("2025-07-07")),
        value: Some(Exact::whole(199_800_000)),
        includes_tax: None,
        start: Some(day("2025-07-07")),
        end: Some(day("2025-09-30")),
        maintenance_end: Some(day("2026-03-29")),
        heads: Some(10),
        registered: Some(day(on)),
    }
}

/// A line of a worker list.
pub(crate) fn entry(list: ListOf, nik: &str, joined: &str) -> Entry {
    Entry {
        origin: ROW,
        list: Some(list),
        number: None,
        name: registers::person::Name::read("CONTOH NAMA"),
        nik: Some(kernel::id::Nik::parse(nik)),
        birth_place: None,
        birth: None,
        sex: None,
        address: None,
        phone: None,
        card: None,
        trade: None,
        kind: None,
        wage: None,
        subcontractor: None,
        paid_by: None,
        source: None,
        district: None,
        decile: None,
        why_left: None,
        died: None,
        joined: joined.parse().ok(),
        left: None,
        reported: None,
        struck: false,
    }
}

/// One project and what the insurer knows of it.
pub(crate) struct World {
    pub(crate) as_of: Date,
    pub(crate) projects: Vec<Project>,
    pub(crate) registrations: Vec<Registration>,
    pub(crate) determinations: Vec<Determination>,
    pub(crate) premiums: Vec<PremiumPayment>,
    pub(crate) workers: Vec<registers::records::Worker>,
    pub(crate) knowledge: Knowledge,
    pub(crate) place: Option<&'static str>,
}

impl World {
    pub(crate) fn on(as_of: &str) -> Self {
        Self {
            as_of: day(as_of),
            projects: vec![],
            registrations: vec![],
            determinations: vec![],
            premiums: vec![],
            workers: vec![],
            knowledge: Knowledge::default(),
            place: None,
        }
    }

    pub(crate) fn project(mut self, project: Project) -> Self {
        self.projects.push(project);
        self
    }

    pub(crate) fn lists(mut self) -> Self {
        self.knowledge = Knowledge { registrations: true, premiums: true, workers: true };
        self
    }

    pub(crate) fn registration(mut self, registration: Registration) -> Self {
        self.registrations.push(registration);
        self
    }

    pub(crate) fn determined(mut self, amount: i64, instalments: u32) -> Self {
        self.determinations.push(Determination {
            origin: ROW,
            number: self.registrations.last().unwrap().number.clone(),
            date: self.registrations.last().unwrap().registered,
            order_number: None,
            value: None,
            base: None,
            start: None,
            end: None,
            maintenance_end: None,
            heads: None,
            amount: Some(Exact::whole(amount)),
            instalments: Some(instalments),
        });
        self
    }

    pub(crate) fn paid(mut self, on: &str, amount: i64) -> Self {
        self.premiums.push(PremiumPayment {
            origin: ROW,
            number: self.registrations.last().unwrap().number.clone(),
            receipt: None,
            amount: Some(Exact::whole(amount)),
            date: Some(day(on)),
        });
        self
    }

    pub(crate) fn assess(&self) -> crate::city::Assessment<'_> {
        let links = (0..self.registrations.len())
            .map(|registration| Link { registration, project: 0, weight: 0, bars: vec![], by: By::Score })
            .collect();
        // Tests keep their little worlds to the end; a leak spares every test a lifetime.
        let linked = Box::leak(Box::new(Linked { links, ..Linked::default() }));
        let treasury = Box::leak(Box::new(BTreeMap::new()));
        let city = City {
            projects: &self.projects,
            registrations: &self.registrations,
            determinations: &self.determinations,
            premiums: &self.premiums,
            workers: &self.workers,
            treasury,
            linked,
            knowledge: self.knowledge,
            place: self.place,
        };
        assess(&city, law::Law::builtin(), &Question { as_of: self.as_of, agency: None })
    }
}

/// Codes of the findings of a world.
pub(crate) fn codes(world: World) -> Vec<&'static str> {
    world.assess().findings.iter().map(|f| f.code.name()).collect()
}
