//! Which register a table is, by its headers, never by its file name.

use crate::columns::Columns;
use crate::spec::{Register, registers};
use kernel::Problem;
use kernel::text::header_key;

/// A table recognised.
#[derive(Debug, Clone)]
pub struct Detected {
    /// The register.
    pub register: &'static Register,
    /// Its columns in this table.
    pub columns: Columns,
    /// Unknown or doubled headers.
    pub problems: Vec<Problem>,
}

/// A table that is none of ours: the register that came nearest and the columns it would need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoMatch {
    /// Register with the most matching headers, if any matched.
    pub nearest: Option<&'static str>,
    /// Headers or fields that register needs and the table lacks.
    pub missing: Vec<String>,
}

/// Binds headers to a register somebody named.
///
/// # Errors
/// The needed columns that are missing.
pub fn bind(register: &'static Register, headers: &[&str]) -> Result<Detected, NoMatch> {
    let keys: Vec<String> = headers.iter().map(|h| header_key(h)).collect();
    let missing = fewest_missing(register, &keys);
    if !missing.is_empty() {
        return Err(NoMatch { nearest: Some(&register.id), missing });
    }
    let (columns, problems) = Columns::bind(register, headers);
    Ok(Detected { register, columns, problems })
}

/// Finds the register whose needs the headers meet; among several, the one that knows most of
/// the headers, then the one that needs most, then the first by name.
///
/// # Errors
/// The nearest register and what it misses.
pub fn detect(headers: &[&str]) -> Result<Detected, NoMatch> {
    let keys: Vec<String> = headers.iter().map(|h| header_key(h)).collect();
    let known = |r: &Register| keys.iter().filter(|k| !k.is_empty() && r.field_by_header(k).is_some()).count();
    let mut best: Option<(usize, usize, &'static Register)> = None;
    for register in registers().iter().filter(|r| !r.named_only) {
        let filled = keys.iter().filter(|k| !k.is_empty()).count();
        for need in &register.needs {
            let narrow = need == &register.only_for_two_columns;
            if missing_of(register, need, &keys).is_empty() && !(narrow && filled != need.len()) {
                let score = (known(register), need.len());
                if best.as_ref().is_none_or(|b| score > (b.0, b.1)) {
                    best = Some((score.0, score.1, register));
                }
            }
        }
    }
    if let Some((_, _, register)) = best {
        let (columns, problems) = Columns::bind(register, headers);
        return Ok(Detected { register, columns, problems });
    }
    let nearest = registers()
        .iter()
        .filter(|r| !r.named_only)
        .map(|r| (fewest_missing(r, &keys), known(r), r))
        .filter(|(_, known, _)| *known > 0)
        .min_by_key(|(missing, known, _)| (missing.len(), std::cmp::Reverse(*known)));
    Err(match nearest {
        Some((missing, _, register)) => NoMatch { nearest: Some(&register.id), missing },
        None => NoMatch { nearest: None, missing: Vec::new() },
    })
}

fn missing_of(register: &Register, need: &[String], keys: &[String]) -> Vec<String> {
    need.iter()
        .filter(|n| {
            if register.by_field {
                let field = register.field(n);
                !keys.iter().any(|k| field.is_some() && register.field_by_header(k) == field)
            } else {
                !keys.contains(n)
            }
        })
        .cloned()
        .collect()
}

fn fewest_missing(register: &Register, keys: &[String]) -> Vec<String> {
    register.needs.iter().map(|n| missing_of(register, n, keys)).min_by_key(Vec::len).unwrap_or_default()
}
