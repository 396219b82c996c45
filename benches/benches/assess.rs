//! Assessing every regional project the home ministry counted in 2025, on one core.

use assess::{City, Knowledge, Question, assess};
use divan::Bencher;
use divan::counter::ItemsCount;
use kernel::origin::TableId;
use kernel::{Date, Exact, Origin};
use linkage::class::{Class, Role};
use linkage::projects::{Project, Source, Sourced, Stage};
use linkage::works::{By, Link, Linked};
use registers::records::{Determination, Party, PremiumPayment, ProcurementKind, Registration};
use std::collections::BTreeMap;

fn main() {
    divan::main();
}

const PROJECTS: usize = 60_656;
/// One in eight is registered, as counted.
const REGISTERED_EVERY: usize = 8;
const ROW: Origin = Origin { table: TableId(1), line: 1 };

fn day(n: usize) -> Date {
    kernel::date::add_days(Date::constant(2025, 3, 1), (n % 240) as i32).expect("day")
}

fn project(i: usize) -> Project {
    let start = Some(Sourced { value: day(i), source: Source::WorkStart });
    let value = Exact::whole(50_000_000 + (i as i64 % 977) * 1_234_567);
    Project {
        code: format!("nontender:{i:08}"),
        name: format!("Rehab SDN {i}"),
        agency: format!("DINAS {}", i % 40),
        place: None,
        year: Some(2025),
        kind: ProcurementKind::Works,
        class: Class::Construction,
        role: Role::Works,
        stage: Stage::Contracted,
        plans: vec![],
        packages: vec![],
        contract_number: None,
        order_date: start,
        value: Some(Sourced { value, source: Source::Contract }),
        first_value: Some(value),
        start,
        end: Some(Sourced { value: day(i).checked_add(days_long(60)).expect("day"), source: Source::Contract }),
        vendor: Party::default(),
        addenda: vec![],
        minutes: vec![],
        handover: None,
        officer: None,
        serves: None,
        origins: vec![ROW],
    }
}

fn days_long(days: i64) -> std::time::Duration {
    std::time::Duration::from_secs(days.unsigned_abs() * 86_400)
}

fn registration(i: usize) -> Registration {
    Registration {
        origin: ROW,
        number: format!("25{i:011}"),
        name: String::new(),
        address: None,
        npp: None,
        firm: String::new(),
        npwp: None,
        agency: None,
        order_number: None,
        order_date: Some(day(i)),
        value: Some(Exact::whole(60_000_000)),
        includes_tax: None,
        start: Some(day(i)),
        end: Some(day(i + 55)),
        maintenance_end: None,
        heads: Some(9),
        registered: Some(day(i + 12)),
    }
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn sixty_thousand_projects(bencher: Bencher<'_, '_>) {
    let projects: Vec<Project> = (0..PROJECTS).map(project).collect();
    let chosen: Vec<usize> = (0..PROJECTS).step_by(REGISTERED_EVERY).collect();
    let registrations: Vec<Registration> = chosen.iter().map(|i| registration(*i)).collect();
    let premiums: Vec<PremiumPayment> = registrations
        .iter()
        .map(|r| PremiumPayment {
            origin: ROW,
            number: r.number.clone(),
            receipt: None,
            amount: Some(Exact::whole(500_000)),
            date: r.registered,
        })
        .collect();
    let determinations: Vec<Determination> = Vec::new();
    let links = chosen
        .iter()
        .enumerate()
        .map(|(registration, project)| Link { registration, project: *project, weight: 0, bars: vec![], by: By::Score })
        .collect();
    let linked = Linked { links, ..Linked::default() };
    let treasury = BTreeMap::new();
    let city = City {
        projects: &projects,
        registrations: &registrations,
        determinations: &determinations,
        premiums: &premiums,
        workers: &[],
        treasury: &treasury,
        linked: &linked,
        knowledge: Knowledge { registrations: true, premiums: true, workers: true },
        place: None,
    };
    let question = Question { as_of: Date::constant(2025, 12, 31), agency: None };
    bencher.counter(ItemsCount::new(PROJECTS)).bench_local(|| assess(&city, law::Law::builtin(), &question).totals);
}
