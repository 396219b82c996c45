//! Ties planning and supervising contracts to the works they serve.

use crate::class::{Class, Role};
use crate::name::{self, Name};
use crate::projects::Project;
use linkage_engine::{Blocks, Lists, Look, Outcomes, Scratch, Side, find};
use std::hash::{Hash, Hasher};

/// Share of a consultant's words that the works must have, in percent.
const SHARED_PERCENT_MIN: usize = 70;

/// What is compared: works that share the rarest words of the same office.
const LOOK: Look = Look { block_max: 400, entries_max: 2_000, candidates_max: 64, share: 0 };

/// Works on the left, consultants on the right, as keys of office and word.
struct Keys {
    works: Vec<Vec<u64>>,
    consultants: Vec<Vec<u64>>,
}

impl Keys {
    fn side(&self, side: Side) -> &[Vec<u64>] {
        match side {
            Side::Left => &self.works,
            Side::Right => &self.consultants,
        }
    }
}

impl Lists for Keys {
    fn len(&self, side: Side) -> usize {
        self.side(side).len()
    }

    fn order(&self, _: Side, record: u32) -> u64 {
        // Projects come sorted by code.
        u64::from(record)
    }

    fn keys(&self, side: Side, record: u32, out: &mut Vec<u64>) {
        out.extend(&self.side(side)[record as usize]);
    }

    /// Fitting is judged below, by its own rule.
    fn compare(&self, _: u32, _: u32, _: &mut Outcomes) {}
}

/// Finds for each consultant the works of the same office whose name holds its words; numbers
/// must not contradict. Ties stay open: a wrong tie would hide a missing one.
pub(crate) fn tie_consultants(projects: &mut [Project]) {
    let is_works = |p: &Project| p.class == Class::Construction && p.role == Role::Works;
    let works: Vec<(usize, Name)> =
        projects.iter().enumerate().filter(|(_, p)| is_works(p)).map(|(i, p)| (i, name::read(&p.name))).collect();
    let keys_of = |agency: &str, name: &Name| -> Vec<u64> { name.words.iter().map(|w| key(agency, w)).collect() };
    let consultants: Vec<(usize, Name)> = projects
        .iter()
        .enumerate()
        .filter(|(_, p)| p.class == Class::Consultant)
        .map(|(i, p)| (i, without_role(&name::read(&p.name))))
        .filter(|(_, own)| own.words.len() >= 2)
        .collect();
    let keys = |list: &[(usize, Name)]| list.iter().map(|(i, n)| keys_of(&projects[*i].agency, n)).collect();
    let lists = Keys { works: keys(&works), consultants: keys(&consultants) };
    let blocks = Blocks::new(&lists);
    let mut scratch = Scratch::default();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (r, (i, own)) in consultants.iter().enumerate() {
        find(&lists, &blocks, r as u32, LOOK, &mut scratch);
        let mut best: Vec<(usize, usize)> = scratch
            .found
            .iter()
            .filter_map(|w| fits(own, &works[*w as usize].1).map(|score| (score, works[*w as usize].0)))
            .collect();
        best.sort_by_key(|(score, w)| (std::cmp::Reverse(*score), *w));
        match best.as_slice() {
            [(_, w)] => found.push((*i, *w)),
            [(a, w), (b, _), ..] if a > b => found.push((*i, *w)),
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
