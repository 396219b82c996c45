//! Contested law: the same formula under every reading that matters, found by running it.
//!
//! A formula does not know which parameters are contested. It asks [`LawAt`] for values; a
//! [`Selection`] behind it notes each question that had several answers, and the formula is run
//! again for each. Only readings that change the outcome are told apart.

use crate::{Law, LawAt};
use kernel::Date;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Which reading to take for each contested parameter, and which contested ones were asked for.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    chosen: BTreeMap<String, String>,
    met: RefCell<BTreeMap<String, Vec<String>>>,
}

impl Selection {
    /// The reading chosen for a parameter; asking is noted.
    pub(crate) fn choose(&self, path: &str, ids: impl Iterator<Item = String>) -> Option<&str> {
        let mut met = self.met.borrow_mut();
        let known = met.entry(path.to_owned()).or_default();
        for id in ids {
            if !known.contains(&id) {
                known.push(id);
            }
        }
        self.chosen.get(path).map(String::as_str)
    }
}

/// One parameter read in one way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// Path of the parameter.
    pub parameter: String,
    /// Name of the reading.
    pub reading: String,
}

/// An outcome, and the readings under which it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Under<T> {
    /// The contested parameters that matter for the outcome, each with the reading taken.
    pub choices: Vec<Choice>,
    /// The outcome.
    pub value: T,
}

impl<T> Under<T> {
    /// A name for these readings: their names joined by `+`; `only` where nothing is contested.
    pub fn id(&self) -> String {
        if self.choices.is_empty() {
            return "only".into();
        }
        self.choices.iter().map(|c| c.reading.as_str()).collect::<Vec<_>>().join("+")
    }
}

/// Every outcome there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readings<T> {
    /// The default reading's outcome stands first; there is at least one.
    pub all: Vec<Under<T>>,
}

impl<T> Readings<T> {
    /// The outcome under the default readings.
    pub fn default(&self) -> &T {
        &self.all[0].value
    }

    /// Is there more than one outcome?
    pub fn is_contested(&self) -> bool {
        self.all.len() > 1
    }
}

/// Most combinations of readings followed: six contested parameters of two readings each; no formula
/// here meets more than five. More would mean that the law data is in disorder.
const COMBINATIONS_MAX: usize = 64;

impl Law {
    /// Runs a formula under every combination of readings it meets, with the law on `date`.
    ///
    /// `same` says which outcomes a reader would not tell apart (the same amounts, say, whatever
    /// the steps). Runs in the number of combinations, not of parameters: what a formula does not
    /// ask for costs nothing.
    ///
    /// # Errors
    /// The formula's own, under any reading.
    pub fn under_every_reading<T, E>(
        &self,
        date: Date,
        formula: impl Fn(LawAt<'_>) -> Result<T, E>,
        same: impl Fn(&T, &T) -> bool,
    ) -> Result<Readings<T>, E> {
        let mut leaves: Vec<(BTreeMap<String, String>, T)> = Vec::new();
        let mut open: Vec<BTreeMap<String, String>> = vec![BTreeMap::new()];
        while let Some(chosen) = open.pop() {
            let selection = Selection { chosen, met: RefCell::default() };
            let value = formula(LawAt { law: self, date, selection: Some(&selection) })?;
            let Selection { chosen, met } = selection;
            let next = met.into_inner().into_iter().find(|(path, _)| !chosen.contains_key(path));
            match next {
                Some((path, ids)) if leaves.len() + open.len() + ids.len() <= COMBINATIONS_MAX => {
                    // The stack gives back the last first, and the default has to come out first.
                    open.extend(ids.into_iter().rev().map(|id| {
                        let mut chosen = chosen.clone();
                        chosen.insert(path.clone(), id);
                        chosen
                    }));
                }
                _ => leaves.push((chosen, value)),
            }
        }
        Ok(told_apart(leaves, same))
    }
}

/// Keeps only the choices that change the outcome, and one leaf for each combination of them.
fn told_apart<T>(leaves: Vec<(BTreeMap<String, String>, T)>, same: impl Fn(&T, &T) -> bool) -> Readings<T> {
    // Two leaves that agree wherever both chose, but for one parameter: if their outcomes differ, it
    // is this parameter that makes them differ. A leaf may lack a choice that it was never asked.
    let differ_only_in = |path: &str, a: &BTreeMap<String, String>, b: &BTreeMap<String, String>| {
        b.get(path) != a.get(path) && a.iter().all(|(p, r)| p == path || b.get(p).is_none_or(|other| other == r))
    };
    let paths: BTreeSet<&String> = leaves.iter().flat_map(|(c, _)| c.keys()).collect();
    let matters: BTreeSet<String> = paths
        .into_iter()
        .filter(|path| {
            let makes_a_difference = |(a, va): &(BTreeMap<String, String>, T)| {
                a.contains_key(*path)
                    && leaves.iter().any(|(b, vb)| b.contains_key(*path) && differ_only_in(path, a, b) && !same(va, vb))
            };
            leaves.iter().any(makes_a_difference)
        })
        .cloned()
        .collect();
    let mut all: Vec<Under<T>> = Vec::new();
    for (chosen, value) in leaves {
        let choices: Vec<Choice> = chosen
            .into_iter()
            .filter(|(path, _)| matters.contains(path))
            .map(|(parameter, reading)| Choice { parameter, reading })
            .collect();
        if !all.iter().any(|u| u.choices == choices) {
            all.push(Under { choices, value });
        }
    }
    Readings { all }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Declined, LawGap};

    fn ids<T>(readings: &Readings<T>) -> Vec<String> {
        readings.all.iter().map(Under::id).collect()
    }

    #[test]
    fn only_what_changes_the_outcome_is_told_apart() {
        let law = Law::builtin();
        let day = "2025-03-03".parse().unwrap();
        // Both parameters are contested; the second is asked for but does not matter.
        let formula = |law: LawAt<'_>| -> Result<i64, LawGap> {
            law.choice("benefit/disability_part_steps")?;
            Ok(law.number("benefit/daily_wage_factor_jakon")?.0)
        };
        let readings = law.under_every_reading(day, formula, |a, b| a == b).unwrap();
        assert_eq!(ids(&readings), ["times_25", "times_30"]);
        assert_eq!(*readings.default(), 25);
        let none = law.under_every_reading(day, |_| Ok::<_, LawGap>(1), |a, b| a == b).unwrap();
        assert_eq!(ids(&none), ["only"]);
        assert!(readings.is_contested() && !none.is_contested());
    }

    #[test]
    fn a_question_asked_only_under_one_reading_is_followed() {
        let law = Law::builtin();
        let day = "2025-03-03".parse().unwrap();
        let formula = |law: LawAt<'_>| -> Result<String, LawGap> {
            let (first, _) = law.choice("jakon/late_fee_on_contract_value")?;
            let second = if first == "yes" { law.choice("jakon/late_fee_months")?.0 } else { "" };
            Ok(format!("{first} {second}"))
        };
        let readings = law.under_every_reading(day, formula, |a, b| a == b).unwrap();
        let values: Vec<&str> = readings.all.iter().map(|u| u.value.as_str()).collect();
        assert_eq!(values, ["no ", "yes started", "yes full"]);
    }

    #[test]
    fn a_fault_under_any_reading_is_told() {
        let day = "2025-03-03".parse().unwrap();
        let formula = |law: LawAt<'_>| match law.number("benefit/daily_wage_factor_jakon")?.0 {
            30 => Err(Declined::Missing { what: "x" }),
            n => Ok(n),
        };
        assert!(Law::builtin().under_every_reading(day, formula, |a, b| a == b).is_err());
    }
}
