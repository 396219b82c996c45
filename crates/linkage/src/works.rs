//! The match towards the insurer: no shared key exists, so names, numbers, values, days and firms
//! must agree together. What is compared and what it weighs stands in `profiles/works.yaml`.

use crate::firm;
use crate::name::{self, Name};
use crate::profiles;
use crate::projects::{Project, Stage};
use crate::tables::grade::same_amount;
use crate::tables::{Batch, Builder, Ready, Tables};
use kernel::{Date, Exact, money::Rounding};
use linkage_engine::{Assignment, Bar, Lists, Outcomes, Side, assign, waterfall};
use registers::records::{Decision, Registration, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// How a link came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// By weight.
    Score,
    /// By the sum of several contracts of one firm.
    Sum,
    /// By an officer's decision.
    Decision,
}

/// A registration and a project of it. A registration of several contracts has several links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Index of the registration.
    pub registration: usize,
    /// Index of the project.
    pub project: usize,
    /// Weight, hundredths of a bit.
    pub weight: i32,
    /// Its waterfall.
    pub bars: Vec<Bar>,
    /// How.
    pub by: By,
}

/// A registration that waits for a person: one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Index of the registration.
    pub registration: usize,
    /// Projects with weights, best first.
    pub options: Vec<(usize, i32)>,
    /// Waterfall of the best option.
    pub bars: Vec<Bar>,
}

/// The whole match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Linked {
    /// Links, by registration then project.
    pub links: Vec<Link>,
    /// Reviews, by registration.
    pub reviews: Vec<Review>,
    /// Registrations without any likely project.
    pub unmatched: Vec<usize>,
}

/// Cells of a row, in the order of the fields of `profiles/works.yaml`.
struct Row<'a> {
    name: &'a str,
    number: &'a str,
    values: [Option<Exact>; 2],
    firm: &'a str,
    npwp: &'a str,
    date: Option<Date>,
    agency: &'a str,
}

/// Cells each field takes after the identifier.
const CELLS: [usize; 7] = [1, 1, 2, 1, 1, 1, 1];

impl<'a> Row<'a> {
    fn of_project(project: &'a Project) -> Self {
        Self {
            name: &project.name,
            number: project.contract_number.as_deref().unwrap_or_default(),
            values: [project.value.map(|v| v.value), project.first_value],
            firm: &project.vendor.name,
            npwp: project.vendor.npwp.as_deref().unwrap_or_default(),
            date: project.order_date.map(|d| d.value),
            agency: &project.agency,
        }
    }

    fn of_registration(r: &'a Registration) -> Self {
        Self {
            name: &r.name,
            number: r.order_number.as_deref().unwrap_or_default(),
            values: [r.value, None],
            firm: &r.firm,
            npwp: r.npwp.as_deref().unwrap_or_default(),
            date: r.order_date,
            agency: r.agency.as_deref().unwrap_or_default(),
        }
    }

    fn push(&self, id: &str, batch: &mut Batch) {
        batch.push(id);
        batch.push(self.name);
        batch.push(self.number);
        for value in self.values {
            batch.push(&value.and_then(whole).map_or_else(String::new, |v| v.to_string()));
        }
        batch.push(self.firm);
        batch.push(self.npwp);
        batch.push(&self.date.map_or_else(String::new, |d| d.to_string()));
        batch.push(self.agency);
    }
}

fn whole(value: Exact) -> Option<i64> {
    value.round(Rounding::HalfUp).map(|r| r.0).filter(|v| *v > 0)
}

fn tables(projects: &[Project], candidates: &[usize], registrations: &[Registration]) -> Option<Tables> {
    let mut builder = Builder::new(profiles::works(), [&CELLS, &CELLS]);
    let mut batch = Batch::new(1 + CELLS.iter().sum::<usize>());
    for i in candidates {
        Row::of_project(&projects[*i]).push(&projects[*i].code, &mut batch);
    }
    builder.add(Side::Left, &batch);
    batch.clear();
    for (i, registration) in registrations.iter().enumerate() {
        // A branch may repeat a number; its place in the sorted list makes it one of a kind.
        Row::of_registration(registration).push(&format!("{} {i}", registration.number), &mut batch);
    }
    builder.add(Side::Right, &batch);
    builder.finish().ok()
}

/// Links registrations to projects. Decisions of officers come first and are final.
pub fn link(projects: &[Project], registrations: &[Registration], decisions: &[Decision]) -> Linked {
    let mut out = Linked::default();
    let candidates: Vec<usize> = (0..projects.len())
        .filter(|i| {
            let p = &projects[*i];
            p.stage != Stage::Failed && p.class != crate::class::Class::NotConstruction
        })
        .collect();
    let by_code: BTreeMap<&str, usize> = projects.iter().enumerate().map(|(i, p)| (p.code.as_str(), i)).collect();
    let mut decided: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut refused: BTreeSet<(&str, usize)> = BTreeSet::new();
    for d in decisions {
        let Some(project) = by_code.get(d.project.as_str()) else { continue };
        match d.verdict {
            Verdict::Same => decided.entry(&d.registration).or_default().push(*project),
            Verdict::Different => {
                refused.insert((&d.registration, *project));
            }
        }
    }
    let Some(tables) = tables(projects, &candidates, registrations) else {
        unreachable!("codes of projects and places of registrations are one of a kind");
    };
    let ready = Ready::new(tables, None, &mut |_, _, _| {});
    let project_of = |l: u32| candidates[l as usize];
    let number = |r: u32| registrations[r as usize].number.as_str();
    let (mut pairs, _) = ready.pairs(&mut |_, _, _| {});
    pairs.retain(|p| {
        !refused.contains(&(number(p.right), project_of(p.left))) && !decided.contains_key(number(p.right))
    });
    let bars_of = |l: u32, r: u32| {
        let mut outcomes = Outcomes::default();
        ready.tables.compare(l, r, &mut outcomes);
        waterfall(&ready.model, &outcomes)
    };
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    for (i, registration) in registrations.iter().enumerate() {
        for project in decided.get(registration.number.as_str()).into_iter().flatten() {
            seen.insert(i);
            out.links.push(Link { registration: i, project: *project, weight: 0, bars: Vec::new(), by: By::Decision });
        }
    }
    let order = |left| ready.tables.order(Side::Left, left);
    for assignment in assign(&pairs, &profiles::works().policy(), &order) {
        seen.insert(assignment.right() as usize);
        match assignment {
            Assignment::Link { left, right, weight } => out.links.push(Link {
                registration: right as usize,
                project: project_of(left),
                weight,
                bars: bars_of(left, right),
                by: By::Score,
            }),
            Assignment::Review { right, options } => out.reviews.push(Review {
                registration: right as usize,
                bars: options.first().map(|(l, _)| bars_of(*l, right)).unwrap_or_default(),
                options: options.into_iter().map(|(l, w)| (project_of(l), w)).collect(),
            }),
        }
    }
    out.unmatched = (0..registrations.len()).filter(|i| !seen.contains(i)).collect();
    link_sums(projects, registrations, &candidates, &mut out);
    out.links.sort_by_key(|l| (l.registration, l.project));
    out
}

/// Contracts of one firm tried together for one registration.
const SUM_CONTRACTS_MAX: usize = 14;

/// A contract that may be one of several under one registration.
struct Part {
    project: usize,
    name: Name,
    value: i64,
}

/// One registration for several contracts: its value is the sum of two or three unlinked contracts
/// of the same firm, each of whose names shares words with it.
fn link_sums(projects: &[Project], registrations: &[Registration], candidates: &[usize], out: &mut Linked) {
    let taken: BTreeSet<usize> = out.links.iter().map(|l| l.project).collect();
    let mut by_firm: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for project in candidates.iter().copied().filter(|p| !taken.contains(p)) {
        let p = &projects[project];
        let firm = firm::read(&p.vendor.name).joined;
        let value = p.value.map(|v| v.value).into_iter().chain(p.first_value).filter_map(whole).min();
        if let (Some(value), true, false) = (value, p.stage >= Stage::Awarded, firm.is_empty()) {
            by_firm.entry(firm).or_default().push(Part { project, name: name::read(&p.name), value });
        }
    }
    let tax = profiles::works_tax_ppm();
    let open: Vec<usize> = out.reviews.iter().map(|r| r.registration).chain(out.unmatched.iter().copied()).collect();
    for r in open {
        let own = &registrations[r];
        let (Some(group), Some(value)) = (by_firm.get(&firm::read(&own.firm).joined), own.value.and_then(whole)) else {
            continue;
        };
        let words = name::read(&own.name).words;
        let shares = |p: &&Part| p.name.words.iter().filter(|w| words.contains(w)).count() >= 2;
        let group: Vec<&Part> = group.iter().filter(shares).take(SUM_CONTRACTS_MAX).collect();
        let mut hits: Vec<Vec<usize>> = Vec::new();
        for (i, a) in group.iter().enumerate() {
            for (j, b) in group.iter().enumerate().skip(i + 1) {
                let two = a.value + b.value;
                if same_amount(two, value, tax) {
                    hits.push(vec![a.project, b.project]);
                }
                for c in group.iter().skip(j + 1) {
                    if same_amount(two + c.value, value, tax) {
                        hits.push(vec![a.project, b.project, c.project]);
                    }
                }
            }
        }
        if let [only] = hits.as_slice() {
            out.reviews.retain(|review| review.registration != r);
            out.unmatched.retain(|u| *u != r);
            let link =
                |project: &usize| Link { registration: r, project: *project, weight: 0, bars: Vec::new(), by: By::Sum };
            out.links.extend(only.iter().map(link));
        }
    }
}
