//! The lists of vulnerable workers as one picture: everybody once, how each stands today, month by month, and what contradicts itself.

use super::{first_of, month_after};
use crate::desk::Desk;
use crate::{Fault, clock};
pub use assess::vulnerable::By;
pub use assess::vulnerable::{Conflict, Standing};
use assess::vulnerable::{Cover, Listing, Number, Rules, Vulnerable};
use authz::{Permit, Read, Vulnerable as List};
use kernel::Date;
use registers::person::Payer;
use registers::records::ListOf;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};
use store::{AllottedPerson, ElsewhereRow, Stay, Store};

/// Months looked back and ahead in the table of months.
const MONTHS: (i32, i32) = (5, 6);

/// Somebody on the lists.
#[derive(Debug, Clone)]
pub struct Somebody {
    /// The person, by digest.
    pub person: String,
    /// First letters of the name.
    pub initials: String,
    /// Facts.
    pub facts: Vulnerable,
    /// District, where a list says it.
    pub district: String,
    /// Where the lists come from.
    pub sources: BTreeSet<String>,
    /// How it stands today.
    pub standing: Standing,
    /// What contradicts itself.
    pub conflicts: BTreeSet<Conflict>,
    /// Last day of cover that runs without a gap from today.
    pub until: Option<Date>,
    /// Last day reserved or asked for by an allotment that is not paid.
    pub reserved: Option<Date>,
}

/// One month of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MonthCount {
    /// People on the list on its last day; of the running month, today.
    pub listed: u64,
    /// Of them covered, as far as is known.
    pub covered: u64,
    /// Of these, paid for and on no list of the insurer yet.
    pub unconfirmed: u64,
}

/// Everybody, as they stand on a day.
#[derive(Debug)]
pub struct Lists {
    /// The day.
    pub as_of: Date,
    /// What is asked of those who are paid for.
    pub rules: Rules,
    /// Everybody, by digest.
    pub people: Vec<Somebody>,
    /// Has a list of the insurer of others than projects been loaded? Without one nobody knows who is active.
    pub insurer_known: bool,
    /// Groups in figures and everybody once, counted when first asked for: every look at the page needs them.
    counted: OnceLock<(Vec<GroupCount>, GroupCount)>,
}

/// A group in figures.
#[derive(Debug, Clone, Default)]
pub struct GroupCount {
    /// Key.
    pub group: String,
    /// Everybody on it today.
    pub people: u64,
    /// By standing.
    pub standings: BTreeMap<Standing, u64>,
    /// Whose cover ends within so many days: 60.
    pub ending: u64,
    /// With a conflict.
    pub conflicts: u64,
    /// Months around today.
    pub months: Vec<(Date, MonthCount)>,
}

/// Cover that ends within so many days is about to end.
pub const ENDING_DAYS: i32 = 60;

fn read_day(text: &str) -> Option<Date> {
    text.parse().ok()
}

fn cover_elsewhere(row: &ElsewhereRow) -> Option<Cover> {
    let from = read_day(&row.joined)?;
    let to = read_day(&row.left).unwrap_or(Date::MAX);
    let by = match row.list.split_once(':')? {
        ("O", payer) => By::Listed(Payer::ALL.into_iter().find(|p| p.name() == payer)?),
        ("R", _) => By::Project,
        _ => return None,
    };
    Some(Cover { from, to, by })
}

fn cover_paid(p: &AllottedPerson) -> Option<Cover> {
    let [first, last] = [read_day(&p.months[0])?, read_day(&p.months[1])?];
    let payer = if p.payer == "budget" { Payer::Budget } else { Payer::Donor };
    Some(Cover { from: first, to: last.last_of_month(), by: By::Paid(payer) })
}

/// Do two names share a word that tells people apart?
fn shares_a_word(a: &str, b: &str) -> bool {
    let words = |t: &str| t.split(' ').filter(|w| w.len() >= 3).map(str::to_owned).collect::<BTreeSet<_>>();
    let (a, b) = (words(a), words(b));
    a.is_empty() || b.is_empty() || a.intersection(&b).next().is_some()
}

fn facts(stays: &[&Stay], elsewhere: &[&ElsewhereRow], allotted: &[&AllottedPerson]) -> Vulnerable {
    let entries = || stays.iter().map(|s| &s.entry);
    let birth = entries().find_map(|e| e.birth);
    let nik = entries().find_map(|e| e.nik.as_ref().and_then(|n| n.as_ref().ok()));
    let number = match (nik, birth) {
        (None, _) => Number::Missing,
        (Some(nik), Some(birth)) if !nik.agrees_with_birth(birth) => Number::OtherBirth,
        (Some(_), _) => Number::Good,
    };
    let listings = entries().filter_map(|e| match &e.list {
        Some(ListOf::Vulnerable(group)) => {
            Some(Listing { group: group.clone(), decile: e.decile, from: e.joined, to: e.left })
        }
        _ => None,
    });
    let mut covers: Vec<Cover> = elsewhere.iter().filter_map(|r| cover_elsewhere(r)).collect();
    covers.extend(allotted.iter().filter(|a| a.is_paid).filter_map(|a| cover_paid(a)));
    covers.sort_unstable();
    let first = stays.first().map(|s| s.entry.name.key()).unwrap_or_default();
    Vulnerable {
        number,
        birth,
        died: entries().find_map(|e| e.died),
        listings: listings.collect(),
        covers,
        names_differ: nik.is_some() && entries().any(|e| !shares_a_word(&first, &e.name.key())),
    }
}

fn by_person<T>(rows: &[T], person: impl Fn(&T) -> &str) -> BTreeMap<&str, Vec<&T>> {
    let mut out: BTreeMap<&str, Vec<&T>> = BTreeMap::new();
    for row in rows {
        out.entry(person(row)).or_default().push(row);
    }
    out
}

fn load(store: &Store, permit: &Permit<Read, List>, as_of: Date, rules: Rules) -> Result<Lists, Fault> {
    let stays = store.vulnerable_entries(permit)?;
    let elsewhere = store.vulnerable_elsewhere(permit)?;
    let allotted = store.allotted(permit, true)?;
    let (stays, elsewhere) = (by_person(&stays, |s| &s.person), by_person(&elsewhere, |r| &r.person));
    let allotted = by_person(&allotted, |a| &a.person);
    let nothing = (Vec::new(), Vec::new());
    let people = stays
        .into_iter()
        .map(|(person, stays)| {
            let elsewhere = elsewhere.get(person).unwrap_or(&nothing.0);
            let allotted = allotted.get(person).unwrap_or(&nothing.1);
            let facts = facts(&stays, elsewhere, allotted);
            let unpaid = allotted.iter().filter(|a| !a.is_paid);
            Somebody {
                person: person.to_owned(),
                initials: stays[0].entry.name.initials(),
                district: stays.iter().find_map(|s| s.entry.district.clone()).unwrap_or_default(),
                sources: stays.iter().filter_map(|s| s.entry.source.clone()).collect(),
                standing: facts.standing(as_of, &rules),
                conflicts: facts.conflicts(as_of, &rules),
                until: facts.covered_until(as_of),
                reserved: unpaid.filter_map(|a| read_day(&a.months[1])).map(Date::last_of_month).max(),
                facts,
            }
        })
        .collect();
    Ok(Lists { as_of, rules, people, insurer_known: store.has_register("peserta_lain")?, counted: OnceLock::new() })
}

/// Everybody on the lists as they stand today. Kept until something changes that it depends on: a list, an allotment, the day, the law.
///
/// # Errors
/// [`Fault`] of the database, or a gap in the law data.
pub fn lists(desk: &Desk, permit: &Permit<Read, List>) -> Result<Arc<Lists>, Fault> {
    let today = clock::today();
    let rules = Rules::at(today, &desk.law).ok_or_else(|| Fault("law data without ages of members".to_owned()))?;
    let version = desk.read(|s| s.vulnerable_version().map_err(Fault::from))?;
    let key = (version, today);
    if let Some(kept) = desk.kept_lists(key) {
        return Ok(kept);
    }
    let made = Arc::new(desk.read(|s| load(s, permit, today, rules))?);
    desk.keep_lists(key, &made);
    Ok(made)
}

impl Lists {
    /// Groups in figures, the largest first.
    pub fn groups(&self) -> &[GroupCount] {
        &self.counted().0
    }

    /// Everybody once, in figures.
    pub fn all(&self) -> &GroupCount {
        &self.counted().1
    }

    fn counted(&self) -> &(Vec<GroupCount>, GroupCount) {
        self.counted.get_or_init(|| (self.count_groups(), self.count_all()))
    }

    fn count_groups(&self) -> Vec<GroupCount> {
        let month = first_of(self.as_of);
        let months: Vec<Date> = (-MONTHS.0..=MONTHS.1).map(|n| month_after(month, n)).collect();
        let mut out: BTreeMap<&str, GroupCount> = BTreeMap::new();
        for s in &self.people {
            for group in s.facts.listings.iter().map(|l| l.group.as_str()).collect::<BTreeSet<_>>() {
                let g = out.entry(group).or_insert_with(|| GroupCount {
                    group: group.to_owned(),
                    months: months.iter().map(|m| (*m, MonthCount::default())).collect(),
                    ..GroupCount::default()
                });
                s.count(g, self);
            }
        }
        let mut out: Vec<GroupCount> = out.into_values().collect();
        out.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.group.cmp(&b.group)));
        out
    }

    fn count_all(&self) -> GroupCount {
        let month = first_of(self.as_of);
        let months = (-MONTHS.0..=MONTHS.1).map(|n| (month_after(month, n), MonthCount::default())).collect();
        let mut all = GroupCount { months, ..GroupCount::default() };
        for s in &self.people {
            s.count(&mut all, self);
        }
        all
    }
}

impl Somebody {
    /// Is somebody's cover about to end, with nothing after it?
    pub fn is_ending(&self, as_of: Date) -> bool {
        let soon = kernel::date::add_days(as_of, ENDING_DAYS).unwrap_or(Date::MAX);
        let until = self.until.filter(|_| self.standing.is_covered());
        until.is_some_and(|u| u <= soon && self.reserved.is_none_or(|r| r <= u))
    }

    fn count(&self, g: &mut GroupCount, lists: &Lists) {
        let on = |day: Date| g.group.is_empty() || self.facts.groups(day).contains(g.group.as_str());
        if self.standing == Standing::Dead || !on(lists.as_of) {
            *g.standings
                .entry(if self.standing == Standing::Dead { Standing::Dead } else { Standing::Away })
                .or_default() += 1;
        } else {
            *g.standings.entry(self.standing).or_default() += 1;
            g.people += 1;
            g.ending += u64::from(self.is_ending(lists.as_of));
            g.conflicts += u64::from(!self.conflicts.is_empty());
        }
        let now = first_of(lists.as_of);
        for (month, n) in &mut g.months {
            let day = if *month == now { lists.as_of } else { month.last_of_month() };
            let listed = g.group.is_empty() || self.facts.groups(day).contains(g.group.as_str());
            let standing = self.facts.standing(day, &lists.rules);
            if !listed || matches!(standing, Standing::Dead | Standing::Away) {
                continue;
            }
            n.listed += 1;
            n.covered += u64::from(standing.is_covered());
            n.unconfirmed += u64::from(standing == Standing::Paid);
        }
    }
}
