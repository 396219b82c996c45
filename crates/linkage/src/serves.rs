//! Ties planning and supervising contracts to the works they serve.

use crate::class::{Class, Role};
use crate::name::{self, Name};
use crate::projects::Project;
use linkage_engine::{Blocks, Look};
use std::hash::{Hash, Hasher};

/// Share of a consultant's words that the works must have, in percent.
const SHARED_PERCENT_MIN: usize = 70;

/// What is compared: works that share the rarest words of the same office.
const LOOK: Look = Look { block_max: 400, candidates_max: 64 };

/// Finds for each consultant the works of the same office whose name holds its words; numbers
/// must not contradict. Ties stay open: a wrong tie would hide a missing one.
pub(crate) fn tie_consultants(projects: &mut [Project]) {
    let is_works = |p: &Project| p.class == Class::Construction && p.role == Role::Works;
    let works: Vec<(usize, Name)> =
        projects.iter().enumerate().filter(|(_, p)| is_works(p)).map(|(i, p)| (i, name::read(&p.name))).collect();
    let keys_of = |agency: &str, name: &Name| -> Vec<u64> { name.words.iter().map(|w| key(agency, w)).collect() };
    let keys: Vec<Vec<u64>> = works.iter().map(|(i, n)| keys_of(&projects[*i].agency, n)).collect();
    let blocks = Blocks::new(&keys);
    let (mut scratch, mut near) = (blocks.scratch(), Vec::new());
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (i, p) in projects.iter().enumerate().filter(|(_, p)| p.class == Class::Consultant) {
        let own = without_role(&name::read(&p.name));
        if own.words.len() < 2 {
            continue;
        }
        blocks.find(&keys_of(&p.agency, &own), LOOK, &mut scratch, &mut near);
        let mut best: Vec<(usize, usize)> = near
            .iter()
            .filter_map(|w| fits(&own, &works[*w as usize].1).map(|score| (score, works[*w as usize].0)))
            .collect();
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

fn key(agency: &str, word: &str) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    (agency, word).hash(&mut hasher);
    hasher.finish()
}

/// How well works fit a consultant's words, per thousand; `None` where they do not.
fn fits(own: &Name, works: &Name) -> Option<usize> {
    let shared = own.words.iter().filter(|a| works.words.iter().any(|b| name::nearly(a, b))).count();
    // Numbers are identity: the plan for region 2 serves no works that names no region.
    let numbers_agree = own.numbers.iter().all(|n| works.numbers.contains(n));
    (shared * 100 >= own.words.len() * SHARED_PERCENT_MIN && numbers_agree)
        .then(|| shared * 1000 / own.words.len().max(works.words.len()))
}

fn without_role(read: &Name) -> Name {
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
