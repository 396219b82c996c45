//! The match towards the insurer: no shared key exists, so names, numbers, values, days and firms
//! must agree together. Weights per level stand in `profiles/works.yaml`.

use crate::firm::{self, Firm, Likeness};
use crate::name::{self, Name};
use crate::number::{self, Number};
use crate::projects::{Project, Stage};
use kernel::{Date, Exact};
use linkage_engine::{Assignment, Bar, Comparison, Look, Model, Policy, assign, log2_hundredths, predict, waterfall};
use registers::records::{Decision, Registration, Verdict};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// One side of a pair, made comparable.
#[derive(Debug, Clone, Default)]
pub struct Features {
    name: Name,
    number: Option<Number>,
    /// Values in whole rupiah, any of which may be the one declared.
    values: Vec<i64>,
    firm: Firm,
    npwp: Option<String>,
    date: Option<Date>,
    agency: String,
}

/// What a pair is built from, for callers that link other lists of works with the same profile.
#[derive(Debug, Clone, Default)]
pub struct Side<'a> {
    /// Name of works.
    pub name: &'a str,
    /// Contract or order number.
    pub number: Option<&'a str>,
    /// Values.
    pub values: Vec<Exact>,
    /// Firm.
    pub firm: &'a str,
    /// Fifteen digits.
    pub npwp: Option<&'a str>,
    /// Day of the order.
    pub date: Option<Date>,
    /// Office.
    pub agency: &'a str,
}

impl Features {
    /// Makes a side comparable.
    pub fn of(side: &Side<'_>) -> Self {
        let mut values: Vec<i64> = side
            .values
            .iter()
            .filter_map(|v| v.round(kernel::money::Rounding::HalfUp))
            .map(|r| r.0)
            .filter(|v| *v > 0)
            .collect();
        values.sort_unstable();
        values.dedup();
        Self {
            name: name::read(side.name),
            number: side.number.map(number::read).filter(|n| n.whole.len() >= 3),
            values,
            firm: firm::read(side.firm),
            npwp: side.npwp.map(str::to_owned),
            date: side.date,
            agency: agency_key(side.agency),
        }
    }
}

fn agency_key(agency: &str) -> String {
    let lower = kernel::text::clean(agency).to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty() && !matches!(*w, "kota" | "kabupaten" | "dan"))
        .collect()
}

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPolicy {
    link: i32,
    review: i32,
    margin: i32,
    taken_penalty: i32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProfile {
    policy: RawPolicy,
    block_max: usize,
    candidates_max: usize,
    tax_ppm: Vec<i64>,
    comparisons: Vec<Comparison>,
}

/// The profile: policy, model, and the tax rates under which two values may be the same.
#[derive(Debug)]
pub struct Profile {
    model: Model,
    policy: Policy,
    look: Look,
    tax_ppm: Vec<i64>,
}

/// The built-in profile of works.
pub fn profile() -> &'static Profile {
    static PROFILE: OnceLock<Profile> = OnceLock::new();
    PROFILE.get_or_init(|| match serde_yaml_ng::from_str::<RawProfile>(include_str!("../profiles/works.yaml")) {
        Ok(raw) => {
            let mut model = Model { comparisons: raw.comparisons };
            model.settle();
            let p = raw.policy;
            let policy = Policy { link: p.link, review: p.review, margin: p.margin, taken_penalty: p.taken_penalty };
            let look = Look { block_max: raw.block_max, candidates_max: raw.candidates_max };
            Profile { model, policy, look, tax_ppm: raw.tax_ppm }
        }
        Err(fault) => unreachable!("built-in profile does not load: {fault}"),
    })
}

/// Counts over the left list that turn agreement into evidence: agreeing on a rare thing says more.
struct Frequencies {
    total: u64,
    words: FxHashMap<String, u32>,
    names: FxHashMap<String, u32>,
    firms: FxHashMap<String, u32>,
}

impl Frequencies {
    fn of(left: &[Features]) -> Self {
        let mut f = Self {
            total: left.len().max(1) as u64,
            words: FxHashMap::default(),
            names: FxHashMap::default(),
            firms: FxHashMap::default(),
        };
        for side in left {
            for word in &side.name.words {
                *f.words.entry(word.clone()).or_default() += 1;
            }
            *f.names.entry(side.name.key.clone()).or_default() += 1;
            *f.firms.entry(side.firm.joined.clone()).or_default() += 1;
        }
        f
    }

    /// Information of a word, hundredths of a bit; an unknown word counts like one seen once.
    fn word(&self, word: &str) -> i64 {
        let count = self.words.get(word).copied().unwrap_or(1).max(1);
        i64::from(log2_hundredths(self.total + 1, u64::from(count))) + 50
    }
}

/// Share of the common information of two names, in parts per thousand: the shorter name may be
/// held in the longer one (contractors write "REHAB SDN 5" for a line of text).
fn likeness(a: &Name, b: &Name, f: &Frequencies) -> i64 {
    let weight = |words: &[String]| words.iter().map(|w| f.word(w)).sum::<i64>();
    let shared: i64 = a
        .words
        .iter()
        .filter_map(|w| {
            let exact = b.words.binary_search(w).is_ok();
            let found = exact || b.words.iter().any(|v| name::nearly(w, v));
            found.then(|| if exact { f.word(w) } else { f.word(w) * 9 / 10 })
        })
        .sum();
    let (wa, wb) = (weight(&a.words), weight(&b.words));
    let (small, large) = (wa.min(wb), wa.max(wb));
    let base = (small * 3 + large) / 4;
    if base == 0 { 0 } else { (shared * 1000 / base).min(1000) }
}

fn keys(side: &Features, f: &Frequencies, block_max: usize, tax_ppm: &[i64]) -> Vec<u64> {
    use std::hash::{Hash, Hasher};
    let hash = |tag: u8, text: &str| {
        let mut h = rustc_hash::FxHasher::default();
        tag.hash(&mut h);
        text.hash(&mut h);
        h.finish()
    };
    let mut out = Vec::new();
    if let Some(number) = &side.number {
        out.push(hash(1, &number.whole));
        if number.core.len() >= 2 {
            out.push(hash(2, &number.core.join(".")));
        }
    }
    for word in &side.name.words {
        let count = f.words.get(word).copied().unwrap_or(0) as usize;
        if count > 0 && count <= block_max {
            out.push(hash(3, word));
        }
    }
    // Pairs of words with a number find "SD NEGERI 5" where every word alone is common.
    for number in &side.name.numbers {
        for word in &side.name.words {
            out.push(hash(4, &format!("{word} {number}")));
        }
    }
    for pair in side.name.words.windows(2) {
        out.push(hash(5, &format!("{} {}", pair[0], pair[1])));
    }
    if !side.firm.joined.is_empty() {
        out.push(hash(6, &side.firm.joined));
    }
    if let Some(npwp) = &side.npwp {
        out.push(hash(7, npwp.get(..9).unwrap_or(npwp)));
    }
    for value in &side.values {
        out.push(hash(8, &value.to_string()));
        for rate in tax_ppm {
            let net = value * 1_000_000 / (1_000_000 + rate);
            out.extend((net - 1..=net + 1).map(|v| hash(8, &v.to_string())));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// Positions of the levels of values in `profiles/works.yaml`, best first.
mod value_at {
    pub(super) const SAME: u8 = 0;
    pub(super) const SAME_WITHOUT_TAX: u8 = 1;
    pub(super) const ROUNDED: u8 = 2;
    pub(super) const NEAR: u8 = 3;
    pub(super) const MISSING: u8 = 4;
    pub(super) const DIFFERENT: u8 = 5;
}

/// Largest adjustment for how common an agreeing value is, hundredths of a bit.
const ADJUST_MAX: i32 = 300;

fn compare(l: &Features, r: &Features, f: &Frequencies, tax_ppm: &[i64], out: &mut Vec<(u8, i32)>) {
    out.push((number_level(l, r), 0));
    out.push((value_level(&l.values, &r.values, tax_ppm), 0));
    out.push(name_level(l, r, f));
    out.push((numbers_level(&l.name.numbers, &r.name.numbers), 0));
    out.push((u8::from(l.name.role != r.name.role), 0));
    out.push(firm_level(l, r, f));
    out.push((date_level(l.date, r.date), 0));
    out.push((
        if l.agency.is_empty() || r.agency.is_empty() {
            1
        } else if l.agency == r.agency || l.agency.contains(&r.agency) || r.agency.contains(&l.agency) {
            0
        } else {
            2
        },
        0,
    ));
}

fn number_level(l: &Features, r: &Features) -> u8 {
    match (&l.number, &r.number) {
        (Some(a), Some(b)) if number::same(a, b) => 0,
        (Some(a), Some(b)) if number::same_core(a, b) => 1,
        (Some(_), Some(_)) => 3,
        _ => 2,
    }
}

fn value_level(l: &[i64], r: &[i64], tax_ppm: &[i64]) -> u8 {
    let pairs = l.iter().flat_map(|a| r.iter().map(move |b| one_value(*a, *b, tax_ppm)));
    pairs.min().unwrap_or(value_at::MISSING)
}

fn one_value(a: i64, b: i64, tax_ppm: &[i64]) -> u8 {
    let close =
        |x: i64, y: i64, permille: i64| i128::from((x - y).abs()) * 1000 <= i128::from(x.max(y)) * i128::from(permille);
    if (a - b).abs() <= 1 {
        return value_at::SAME;
    }
    let net = |v: i64, rate: i64| (i128::from(v) * 1_000_000 / i128::from(1_000_000 + rate)) as i64;
    let taxed: Vec<(i64, i64)> = tax_ppm.iter().flat_map(|t| [(net(a, *t), b), (a, net(b, *t))]).collect();
    if taxed.iter().any(|(x, y)| (x - y).abs() <= 2) {
        return value_at::SAME_WITHOUT_TAX;
    }
    if close(a, b, 5) || taxed.iter().any(|(x, y)| close(*x, *y, 5)) {
        return value_at::ROUNDED;
    }
    if close(a, b, 60) { value_at::NEAR } else { value_at::DIFFERENT }
}

fn name_level(l: &Features, r: &Features, f: &Frequencies) -> (u8, i32) {
    if l.name.generic || r.name.generic {
        return (5, 0);
    }
    let twins = f.names.get(&l.name.key).copied().unwrap_or(1).max(1);
    let common = -log2_hundredths(u64::from(twins), 1);
    match likeness(&l.name, &r.name, f) {
        s if s >= 970 => (0, common),
        s if s >= 850 => (1, common.max(-ADJUST_MAX)),
        s if s >= 650 => (2, 0),
        s if s >= 450 => (3, 0),
        s if s >= 200 => (4, 0),
        _ => (6, 0),
    }
}

fn numbers_level(l: &[String], r: &[String]) -> u8 {
    if l.is_empty() || r.is_empty() {
        return 2;
    }
    if l == r {
        return 0;
    }
    let inside = |a: &[String], b: &[String]| a.iter().all(|n| b.contains(n));
    if inside(l, r) || inside(r, l) { 1 } else { 3 }
}

fn firm_level(l: &Features, r: &Features, f: &Frequencies) -> (u8, i32) {
    let count = u64::from(f.firms.get(&l.firm.joined).copied().unwrap_or(1).max(1));
    // A firm with one contract says more than one with fifty: against the share assumed in u.
    let adjust = log2_hundredths((f.total / 100).max(1), count).clamp(-ADJUST_MAX, ADJUST_MAX);
    if let (Some(a), Some(b)) = (&l.npwp, &r.npwp)
        && a.get(..9) == b.get(..9)
    {
        return (0, adjust);
    }
    match firm::compare(&l.firm, &r.firm) {
        Likeness::Same => (1, adjust),
        Likeness::Close => (2, adjust.min(0)),
        Likeness::Missing => (3, 0),
        Likeness::Different => (4, 0),
    }
}

fn date_level(l: Option<Date>, r: Option<Date>) -> u8 {
    let (Some(a), Some(b)) = (l, r) else { return 3 };
    match (b - a).get_days().unsigned_abs() {
        0 => 0,
        1..=7 => 1,
        8..=31 => 2,
        _ => 4,
    }
}

/// A scored list of pairs with its model, before assignment.
pub struct Scored {
    /// Pairs by right, then left.
    pub pairs: Vec<linkage_engine::Pair>,
    /// The model they were scored with.
    pub model: &'static Model,
    /// The policy to assign them by.
    pub policy: Policy,
}

/// Scores two lists with the profile of works.
pub fn score(left: &[Features], right: &[Features]) -> Scored {
    let p = profile();
    let f = Frequencies::of(left);
    let left_keys: Vec<Vec<u64>> = left.iter().map(|s| keys(s, &f, p.look.block_max, &p.tax_ppm)).collect();
    let right_keys: Vec<Vec<u64>> = right.iter().map(|s| keys(s, &f, p.look.block_max, &p.tax_ppm)).collect();
    // The chance that a pair of a block is a true one falls with the size of the list.
    let prior = -log2_hundredths(f.total, 1).min(1200) / 2;
    let mut pairs = predict(&p.model, &left_keys, &right_keys, p.look, |l, r, out| {
        compare(&left[l], &right[r], &f, &p.tax_ppm, out);
    });
    for pair in &mut pairs {
        pair.weight += prior;
    }
    Scored { pairs, model: &p.model, policy: p.policy }
}

/// Features of a project.
pub fn project_features(project: &Project) -> Features {
    let mut values: Vec<Exact> = project.value.iter().map(|v| v.value).collect();
    values.extend(project.first_value);
    Features::of(&Side {
        name: &project.name,
        number: project.contract_number.as_deref(),
        values,
        firm: &project.vendor.name,
        npwp: project.vendor.npwp.as_deref(),
        date: project.order_date.map(|d| d.value),
        agency: &project.agency,
    })
}

/// Features of a registration.
pub fn registration_features(r: &Registration) -> Features {
    Features::of(&Side {
        name: &r.name,
        number: r.order_number.as_deref(),
        values: r.value.into_iter().collect(),
        firm: &r.firm,
        npwp: r.npwp.as_deref(),
        date: r.order_date,
        agency: r.agency.as_deref().unwrap_or_default(),
    })
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
    let left: Vec<Features> = candidates.iter().map(|i| project_features(&projects[*i])).collect();
    let right: Vec<Features> = registrations.iter().map(registration_features).collect();
    let mut scored = score(&left, &right);
    let project_of = |l: u32| candidates[l as usize];
    let number = |r: u32| registrations[r as usize].number.as_str();
    scored.pairs.retain(|p| {
        !refused.contains(&(number(p.right), project_of(p.left))) && !decided.contains_key(number(p.right))
    });
    let bars_of = |l: u32, r: u32| {
        let at = scored.pairs.binary_search_by_key(&(r, l), |p| (p.right, p.left));
        at.map(|i| waterfall(scored.model, &scored.pairs[i])).unwrap_or_default()
    };
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    for (i, registration) in registrations.iter().enumerate() {
        for project in decided.get(registration.number.as_str()).into_iter().flatten() {
            seen.insert(i);
            out.links.push(Link { registration: i, project: *project, weight: 0, bars: Vec::new(), by: By::Decision });
        }
    }
    for assignment in assign(&scored.pairs, &scored.policy) {
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
    link_sums(projects, &left, &right, &candidates, &mut out);
    out.links.sort_by_key(|l| (l.registration, l.project));
    out
}

/// Contracts of one firm tried together for one registration.
const SUM_CONTRACTS_MAX: usize = 14;

/// One registration for several contracts: its value is the sum of two or three unlinked contracts
/// of the same firm, each of whose names shares words with it.
fn link_sums(projects: &[Project], left: &[Features], right: &[Features], candidates: &[usize], out: &mut Linked) {
    let taken: BTreeSet<usize> = out.links.iter().map(|l| l.project).collect();
    let mut by_firm: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (l, project) in candidates.iter().enumerate() {
        let p = &projects[*project];
        if !taken.contains(project)
            && p.stage >= Stage::Awarded
            && !left[l].firm.joined.is_empty()
            && !left[l].values.is_empty()
        {
            by_firm.entry(&left[l].firm.joined).or_default().push(l);
        }
    }
    let open: Vec<usize> = out.reviews.iter().map(|r| r.registration).chain(out.unmatched.iter().copied()).collect();
    for r in open {
        let own = &right[r];
        let (Some(group), [value]) = (by_firm.get(own.firm.joined.as_str()), own.values.as_slice()) else { continue };
        let shares = |l: &usize| left[*l].name.words.iter().filter(|w| own.name.words.contains(w)).count() >= 2;
        let group: Vec<usize> = group.iter().copied().filter(shares).take(SUM_CONTRACTS_MAX).collect();
        let mut hits: Vec<Vec<usize>> = Vec::new();
        for (i, a) in group.iter().enumerate() {
            for (j, b) in group.iter().enumerate().skip(i + 1) {
                let two = left[*a].values[0] + left[*b].values[0];
                if one_value(two, *value, &profile().tax_ppm) <= value_at::SAME_WITHOUT_TAX {
                    hits.push(vec![*a, *b]);
                }
                for c in group.iter().skip(j + 1) {
                    if one_value(two + left[*c].values[0], *value, &profile().tax_ppm) <= value_at::SAME_WITHOUT_TAX {
                        hits.push(vec![*a, *b, *c]);
                    }
                }
            }
        }
        if let [only] = hits.as_slice() {
            out.reviews.retain(|review| review.registration != r);
            out.unmatched.retain(|u| *u != r);
            for l in only {
                out.links.push(Link {
                    registration: r,
                    project: candidates[*l],
                    weight: 0,
                    bars: Vec::new(),
                    by: By::Sum,
                });
            }
        }
    }
}
