//! Ties planning and supervising contracts to the works they serve.

use crate::class::{Class, Role};
use crate::name;
use crate::projects::Project;
use std::collections::BTreeMap;

/// Share of a consultant's words that the works must have, in percent.
const SHARED_PERCENT_MIN: usize = 70;

/// Finds for each consultant the works of the same office whose name holds its words; numbers
/// must not contradict. Ties stay open: a wrong tie would hide a missing one.
pub(crate) fn tie_consultants(projects: &mut [Project]) {
    let mut by_agency: BTreeMap<&str, Vec<(usize, name::Name)>> = BTreeMap::new();
    for (i, p) in projects.iter().enumerate() {
        if p.class == Class::Construction && p.role == Role::Works {
            by_agency.entry(&p.agency).or_default().push((i, name::read(&p.name)));
        }
    }
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (i, p) in projects.iter().enumerate() {
        if p.class != Class::Consultant {
            continue;
        }
        let own = without_role(&name::read(&p.name));
        if own.words.len() < 2 {
            continue;
        }
        let mut best: Vec<(usize, usize)> = Vec::new();
        for (w, works) in by_agency.get(p.agency.as_str()).into_iter().flatten() {
            let shared = own.words.iter().filter(|a| works.words.iter().any(|b| name::nearly(a, b))).count();
            let numbers_agree = own.numbers.iter().all(|n| works.numbers.contains(n)) || works.numbers.is_empty();
            if shared * 100 >= own.words.len() * SHARED_PERCENT_MIN && numbers_agree {
                best.push((shared * 1000 / own.words.len().max(works.words.len()), *w));
            }
        }
        best.sort_by_key(|(score, w)| (std::cmp::Reverse(*score), *w));
        match best.as_slice() {
            [(_, w)] => found.push((i, *w)),
            [(a, w), (b, _), ..] if a > b => found.push((i, *w)),
            _ => {}
        }
    }
    for (consultant, works) in found {
        projects[consultant].serves = Some(projects[works].code.clone());
    }
}

fn without_role(read: &name::Name) -> name::Name {
    let roles = [
        "perencanaan",
        "pengawasan",
        "supervisi",
        "ded",
        "manajemen",
        "teknis",
        "dokumen",
        "penyusunan",
        "review",
        "desain",
        "konsultan",
        "pengawas",
    ];
    let mut own = read.clone();
    own.words.retain(|w| !roles.contains(&w.as_str()));
    own
}
