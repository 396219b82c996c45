//! The same person on lists of several projects, under a misspelt name and without a number that reads: found by the person profile, decided by
//! people, taken back with one press.

use crate::desk::{Desk, event};
use crate::{Fault, clock};
use authz::{Decide, Permit, Person, Read};
use linkage::roster::twins;
use registers::records::Entry;
use std::collections::{BTreeMap, BTreeSet};
pub use store::{SamePerson, Stay};

/// Entries looked at in one go; a larger city looks by agency or district.
pub const MOST: usize = 20_000;

/// Pairs shown.
const SHOWN: usize = 50;

/// Two persons that may be one.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Who has no number that reads, and who may be the same.
    pub stays: [Stay; 2],
    /// Weight, hundredths of a bit.
    pub weight: i32,
}

/// What there is to decide, and what was decided.
#[derive(Debug, Clone, Default)]
pub struct Pairs {
    /// To decide, the likeliest first.
    pub open: Vec<Pair>,
    /// How many more there are.
    pub more: usize,
    /// Decided within the permit, the newest first, with what the two say.
    pub decided: Vec<(SamePerson, Vec<Stay>)>,
    /// Were all entries looked at?
    pub all: bool,
}

/// Finds pairs among everybody within the permit. Time: as the person profile, on entries without a number that reads.
///
/// # Errors
/// [`Fault`] of the database.
pub fn pairs(desk: &Desk, permit: &Permit<Read, Person>) -> Result<Pairs, Fault> {
    let (stays, decided) =
        desk.read(|s| Ok::<_, Fault>((s.stay_people(permit, MOST)?, s.same_person_list(permit)?)))?;
    let all = stays.len() < MOST;
    // One entry for each person: the newest says most.
    let mut newest: BTreeMap<String, Stay> = BTreeMap::new();
    for stay in stays {
        match newest.get(&stay.person) {
            Some(known) if known.entry.origin >= stay.entry.origin => {}
            _ => {
                newest.insert(stay.person.clone(), stay);
            }
        }
    }
    let people: Vec<&Stay> = newest.values().collect();
    let entries: Vec<&Entry> = people.iter().map(|s| &s.entry).collect();
    let settled: BTreeSet<[&str; 2]> = decided.iter().map(|d| [d.pair[0].as_str(), d.pair[1].as_str()]).collect();
    let pair_of = |a: usize, b: usize| {
        let mut pair = [people[a].person.as_str(), people[b].person.as_str()];
        pair.sort_unstable();
        pair
    };
    let mut open: Vec<Pair> = twins(&entries)
        .into_iter()
        .filter(|t| !settled.contains(&pair_of(t.of, t.may_be)))
        .map(|t| Pair { stays: [people[t.of].clone(), people[t.may_be].clone()], weight: t.weight })
        .collect();
    open.sort_by(|a, b| (b.weight, &a.stays[0].person).cmp(&(a.weight, &b.stays[0].person)));
    let more = open.len().saturating_sub(SHOWN);
    open.truncate(SHOWN);
    let own = |d: SamePerson| {
        let said: Vec<Stay> = d.pair.iter().filter_map(|p| newest.get(p).cloned()).collect();
        (said.len() == 2).then_some((d, said))
    };
    let decided = decided.iter().cloned().filter_map(own).take(SHOWN).collect();
    Ok(Pairs { open, more, decided, all })
}

/// Keeps what somebody says about two persons. False where one of them is not within the permit, or the pair is decided.
///
/// # Errors
/// [`Fault`] of the database.
pub fn decide(
    desk: &Desk,
    permits: (&Permit<Read, Person>, &Permit<Decide, Person>),
    pair: [&str; 2],
    same: bool,
    request: &str,
) -> Result<bool, Fault> {
    let mut told = event(permits.1.actor(), "same_person", &format!("person:{}", pair[0]), request);
    told.reason = format!("{} person:{}", if same { "same as" } else { "not" }, pair[1]);
    desk.write(|s| s.same_person(permits, pair, same, &clock::now(), told).map_err(Fault::from))
}

/// Takes a decision back. False where there is none within the permit.
///
/// # Errors
/// [`Fault`] of the database.
pub fn take_back(
    desk: &Desk,
    (read, permit): (&Permit<Read, Person>, &Permit<Decide, Person>),
    id: i64,
    request: &str,
) -> Result<bool, Fault> {
    let told = event(permit.actor(), "same_person_end", &format!("decision:{id}"), request);
    desk.write(|s| {
        let found = s.same_person_list(read)?.into_iter().find(|d| d.id == id);
        let Some(found) = found else { return Ok(false) };
        if s.stay_of(read, &found.pair[0])?.is_empty() {
            return Ok(false);
        }
        Ok::<_, Fault>(s.same_person_end(permit, id, &clock::now(), told)?)
    })
}
