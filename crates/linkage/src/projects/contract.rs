//! The contract of a package: fallback chains, addenda, payment minutes.

use super::{Addendum, Source, Sourced};
use kernel::{Date, Exact};
use registers::records::{ContractFact, Minute, Package, Party};

/// A contract drawn together from its facts.
#[derive(Debug, Default)]
pub(super) struct Contract {
    pub(super) number: Option<String>,
    pub(super) order_date: Option<Sourced<Date>>,
    pub(super) value: Option<Sourced<Exact>>,
    pub(super) first_value: Option<Exact>,
    pub(super) start: Option<Sourced<Date>>,
    pub(super) end: Option<Sourced<Date>>,
    pub(super) vendor: Party,
    pub(super) addenda: Vec<Addendum>,
    pub(super) minutes: Vec<Minute>,
    pub(super) handover: Option<Date>,
    pub(super) place: Option<String>,
    pub(super) officer: Option<String>,
    /// Is there a contract, start order or record, not only a result?
    pub(super) recorded: bool,
}

fn found<T>(value: Option<T>, source: Source) -> Option<Sourced<T>> {
    value.map(|value| Sourced { value, source })
}

/// The first contract fact (no addendum) that has a value for `pick`; facts come sorted.
fn first<T>(facts: &[&ContractFact], pick: impl Fn(&ContractFact) -> Option<T>) -> Option<T> {
    facts
        .iter()
        .filter(|f| f.addendum == 0 && !f.from_result_list)
        .find_map(|f| pick(f))
        .or_else(|| facts.iter().filter(|f| !f.from_result_list).find_map(|f| pick(f)))
}

/// Draws together. `rows` are the rows of the package, `facts` its contract facts, both sorted.
pub(super) fn draw(rows: &[&Package], facts: &[&ContractFact]) -> Contract {
    let real: Vec<&ContractFact> = facts.iter().copied().filter(|f| !f.from_result_list).collect();
    let order_date = found(first(facts, |f| f.date), Source::ContractDate)
        .or_else(|| found(first(facts, |f| f.order_date), Source::StartOrder));
    let first_value = first(facts, |f| f.value);
    let addenda = addenda(&real, first_value);
    let latest = addenda.iter().rev().find_map(|a| a.value).or(first_value);
    let listed = facts.iter().filter(|f| f.from_result_list).find_map(|f| f.value);
    let price = |pick: fn(&Package) -> Option<Exact>| rows.iter().find_map(|p| pick(p));
    let value = found(latest, Source::Contract)
        .or_else(|| found(listed, Source::ResultList))
        .or_else(|| found(facts.iter().find_map(|f| f.award_value), Source::AwardLetter))
        .or_else(|| found(price(|p| p.negotiated), Source::Negotiated))
        .or_else(|| found(price(|p| p.corrected), Source::Corrected))
        .or_else(|| found(price(|p| p.offered), Source::Offered))
        .or_else(|| found(price(|p| p.estimate), Source::Estimate))
        .or_else(|| found(price(|p| p.budget), Source::Budget));
    let start = found(first(facts, |f| f.start), Source::WorkStart)
        .or_else(|| found(first(facts, |f| f.order_date), Source::StartOrder))
        .or_else(|| found(first(facts, |f| f.date), Source::ContractDate));
    let end = end_of(facts, start, &addenda);
    let mut minutes: Vec<Minute> = facts.iter().filter_map(|f| f.minute.clone()).collect();
    minutes.sort_by_key(|m| (m.date, m.progress_ppm, m.paid));
    minutes.dedup_by(|a, b| (a.date, a.progress_ppm, a.paid) == (b.date, b.progress_ppm, b.paid));
    Contract {
        number: first(facts, |f| f.number.clone()),
        order_date,
        value,
        first_value: first_value.or(value.map(|v| v.value)),
        start,
        end,
        vendor: vendor(rows, facts),
        addenda,
        minutes,
        handover: facts.iter().filter_map(|f| f.handover).max(),
        place: facts.iter().find_map(|f| f.place.clone()),
        // Officers change; the last one named answers.
        officer: facts.iter().rev().find_map(|f| f.officer.clone()),
        recorded: real
            .iter()
            .any(|f| f.date.is_some() || f.start.is_some() || f.order_date.is_some() || f.number.is_some()),
    }
}

/// Facts that change value or end: marked as addenda, or a second number of the same package
/// (offices file an addendum as one more contract).
fn addenda(real: &[&ContractFact], first_value: Option<Exact>) -> Vec<Addendum> {
    let mut base_number: Option<&String> = None;
    let mut out: Vec<Addendum> = Vec::new();
    for fact in real {
        let second_number = match (&fact.number, base_number) {
            (Some(n), Some(base)) => n != base,
            (Some(n), None) => {
                if fact.addendum == 0 {
                    base_number = Some(n);
                }
                false
            }
            _ => false,
        };
        if fact.addendum == 0 && !second_number {
            continue;
        }
        let addendum = Addendum {
            date: fact.date.or(fact.order_date),
            value: fact.value.filter(|v| Some(*v) != first_value),
            end: fact.end,
        };
        if (addendum.value.is_some() || addendum.end.is_some()) && !out.contains(&addendum) {
            out.push(addendum);
        }
    }
    out
}

fn end_of(facts: &[&ContractFact], start: Option<Sourced<Date>>, addenda: &[Addendum]) -> Option<Sourced<Date>> {
    let stated = first(facts, |f| f.end);
    let extended = addenda.iter().filter_map(|a| a.end).max();
    let duration = first(facts, |f| f.duration_days);
    let by_duration = start.zip(duration).and_then(|(s, days)| {
        // 60 days from the first day end on the sixtieth: start + 59.
        kernel::date::add_days(s.value, i32::try_from(days).ok()?.checked_sub(1)?)
    });
    let end = found(stated.max(extended), Source::Contract)
        .or_else(|| found(by_duration, Source::Duration))
        .or_else(|| found(facts.iter().filter_map(|f| f.handover).max(), Source::Handover));
    // An end before the start says nothing; the import has reported it.
    end.filter(|e| start.is_none_or(|s| e.value >= s.value)).or_else(|| found(by_duration, Source::Duration))
}

/// The vendor with the most said about it: contract before result.
fn vendor(rows: &[&Package], facts: &[&ContractFact]) -> Party {
    let mut vendor = Party::default();
    let all = facts.iter().map(|f| &f.vendor).chain(rows.iter().map(|p| &p.vendor));
    for party in all {
        if vendor.name.is_empty() {
            vendor.name.clone_from(&party.name);
        }
        vendor.npwp = vendor.npwp.or_else(|| party.npwp.clone());
        vendor.code = vendor.code.or_else(|| party.code.clone());
    }
    vendor
}
