//! Treasury payments and the projects they pay for.

use crate::firm::{self, Likeness};
use crate::name;
use crate::number;
use crate::projects::{Project, Stage};
use registers::records::TreasuryPayment;
use std::collections::BTreeMap;

/// Share of a project's words that the description must hold, in percent.
const SHARED_PERCENT_MIN: usize = 75;

/// The project of each payment: by contract number, else by payee and the words of the
/// description, where exactly one project fits.
pub fn link_treasury(projects: &[Project], payments: &[TreasuryPayment]) -> Vec<Option<usize>> {
    let mut by_number: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut by_firm: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, p) in projects.iter().enumerate().filter(|(_, p)| p.stage >= Stage::Awarded) {
        if let Some(n) = &p.contract_number {
            by_number.entry(number::read(n).whole).or_default().push(i);
        }
        let firm = firm::read(&p.vendor.name).joined;
        if !firm.is_empty() {
            by_firm.entry(firm).or_default().push(i);
        }
    }
    let names: BTreeMap<usize, name::Name> =
        by_firm.values().flatten().map(|i| (*i, name::read(&projects[*i].name))).collect();
    payments
        .iter()
        .map(|payment| {
            if let Some(n) = &payment.contract_number
                && let Some([only]) = by_number.get(&number::read(n).whole).map(Vec::as_slice)
            {
                return Some(*only);
            }
            let payee = firm::read(&payment.payee);
            let said = name::read(&payment.description);
            let fits = |i: &usize| {
                let own = &names[i];
                let shared = own.words.iter().filter(|w| said.words.iter().any(|v| name::nearly(w, v))).count();
                !own.words.is_empty()
                    && shared * 100 >= own.words.len() * SHARED_PERCENT_MIN
                    && own.numbers.iter().all(|n| said.numbers.contains(n))
                    && own.role == said.role
                    && firm::compare(&payee, &firm::read(&projects[*i].vendor.name)) == Likeness::Same
            };
            let hits: Vec<usize> =
                by_firm.get(&payee.joined).into_iter().flatten().filter(|i| fits(i)).copied().collect();
            if let [only] = hits.as_slice() { Some(*only) } else { None }
        })
        .collect()
}
