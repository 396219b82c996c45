//! "Am I covered today?" A worker's own question, answered by yes or no to whoever proves to be that worker, and to nobody else.
//!
//! Proof is the code printed on the notice at the site, or card number, NIK and date of birth together. Tries are counted against the
//! secret, not against the caller: an attacker with ten thousand addresses has no more of them than one. A wrong proof, an unknown
//! person and a used-up budget get one and the same answer after the same work.

use super::super::evidence::Evidence;
use super::{State, state_on};
use crate::desk::Desk;
use crate::{Fault, clock};
use assess::roster::crew;
use authz::{Permit, PublicProject, Read};
use kernel::Date;
use kernel::id::Nik;
use registers::records::Entry;
use sha2::{Digest, Sha256};
use store::Stay;

/// Letters of a code: six hundred thousand million codes.
const CODE_LENGTH: usize = 8;

/// Tries a day on one NIK.
pub const NIK_TRIES: i64 = 5;

/// Tries a day on one district and date of birth: what a neighbour knows of a NIK.
pub const BIRTH_TRIES: i64 = 20;

/// Tries a day on the codes of one project.
pub const PROJECT_TRIES: i64 = 300;

/// Tries a day over the whole city.
pub const CITY_TRIES: i64 = 2_000;

/// Tries a day of those that come without the small work, over the whole city.
pub const IDLE_TRIES: i64 = 200;

/// Leading zero bits the work has to find.
pub const WORK_BITS: u32 = 18;

/// What somebody shows to be that worker.
#[derive(Debug, Clone)]
pub enum Proof {
    /// The code on the notice.
    Code(String),
    /// Card number, NIK, date of birth.
    Card {
        /// KPJ.
        card: String,
        /// NIK.
        nik: String,
        /// Date of birth.
        birth: Option<Date>,
    },
}

/// The whole answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Covered on this project today.
    Yes,
    /// Not covered.
    No,
    /// On the list; whether covered cannot be told.
    Unclear,
    /// No proof.
    Nothing,
}

/// A worker's code, from the digest of the entry.
pub fn code_of(desk: &Desk, mark: &str) -> String {
    super::super::spelled(&desk.blind(&[b"worker code", mark.as_bytes()])[..CODE_LENGTH])
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Equal, without saying by the time it takes how much of it is.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && !a.is_empty() && a.bytes().zip(b.bytes()).fold(0, |sum, (x, y)| sum | (x ^ y)) == 0
}

/// Was the small work done for this very question? Another question asks for another: it cannot be done once for many.
fn has_worked(project: &str, proof: &Proof, work: &str, today: Date) -> bool {
    let (code, card, nik, birth) = match proof {
        Proof::Code(code) => (plain(code), String::new(), String::new(), String::new()),
        Proof::Card { card, nik, birth } => {
            (String::new(), plain(card), plain(nik), birth.map_or_else(String::new, |b| b.to_string()))
        }
    };
    let digest = Sha256::digest(format!("payung|{today}|{project}|{code}|{card}|{nik}|{birth}|{work}"));
    let head = digest.iter().take(4).fold(0u32, |sum, b| sum << 8 | u32::from(*b));
    !work.is_empty() && work.len() <= 12 && head.leading_zeros() >= WORK_BITS
}

/// Answers. None where there is no such project. `work` is what the page found, or nothing.
///
/// # Errors
/// [`Fault`] of the database.
pub fn check(
    desk: &Desk,
    permit: &Permit<Read, PublicProject>,
    project: &str,
    (proof, work): (&Proof, &str),
) -> Result<Option<Told>, Fault> {
    let today = clock::today();
    check_on(desk, permit, project, (proof, has_worked(project, proof, work, today)), today)
}

/// The same by text message: whoever writes one pays for it, so no work is asked.
///
/// # Errors
/// As [`check`].
pub fn check_message(
    desk: &Desk,
    permit: &Permit<Read, PublicProject>,
    project: &str,
    proof: &Proof,
) -> Result<Option<Told>, Fault> {
    check_on(desk, permit, project, (proof, true), clock::today())
}

/// The same on a day, with the work done or not, for the simulation of a month of attacks.
///
/// # Errors
/// As [`check`].
pub fn check_on(
    desk: &Desk,
    permit: &Permit<Read, PublicProject>,
    project: &str,
    (proof, worked): (&Proof, bool),
    today: Date,
) -> Result<Option<Told>, Fault> {
    let mut budgets = budgets(desk, project, proof);
    if !worked {
        budgets.push((desk.blind(&[b"check idle"]), IDLE_TRIES));
    }
    let within = desk.write(|s| s.check_count(&budgets, &today.to_string()))?;
    let found = desk.read(|s| s.check_ground(permit, project).map_err(Fault::from))?;
    let Some((row, stays)) = found else { return Ok(None) };
    let evidence: Evidence = serde_json::from_str(&row.body).map_err(|e| Fault(e.to_string()))?;
    let entries: Vec<(&str, &Entry)> = stays.iter().map(|s| (s.person.as_str(), &s.entry)).collect();
    // Everybody is judged and compared, whoever is meant: the work does not depend on the answer.
    let members = crew(&entries, today, state_on(&evidence, today), &desk.law);
    let mut told = Told::Nothing;
    for member in &members {
        let matches = member.entries.iter().filter(|i| proves(desk, &stays[**i], proof)).count() > 0;
        let answer = match (member.present, member.state) {
            (true, Some(State::Covered)) => Told::Yes,
            (true, Some(State::Unknown) | None) => Told::Unclear,
            _ => Told::No,
        };
        if matches {
            told = answer;
        }
    }
    Ok(Some(if within { told } else { Told::Nothing }))
}

fn proves(desk: &Desk, stay: &Stay, proof: &Proof) -> bool {
    match proof {
        Proof::Code(code) => same(&plain(code), &plain(&code_of(desk, &stay.mark))),
        Proof::Card { card, nik, birth } => {
            let own = stay.entry.nik.as_ref().and_then(|n| n.as_ref().ok()).map_or("", |n| n.reveal());
            let by_card = same(&plain(card), &plain(stay.entry.card.as_deref().unwrap_or_default()));
            let by_nik = same(&plain(nik), own);
            by_card & by_nik & (birth.is_some() && *birth == stay.entry.birth)
        }
    }
}

/// What a try is counted against.
fn budgets(desk: &Desk, project: &str, proof: &Proof) -> Vec<([u8; 16], i64)> {
    let mut out = vec![(desk.blind(&[b"check city"]), CITY_TRIES)];
    match proof {
        Proof::Code(_) => out.push((desk.blind(&[b"check project", project.as_bytes()]), PROJECT_TRIES)),
        Proof::Card { nik, .. } => {
            let nik = plain(nik);
            out.push((desk.blind(&[b"check nik", nik.as_bytes()]), NIK_TRIES));
            // District and birth are the first twelve digits, of a number that is none too.
            let head = Nik::parse(&nik).map_or_else(|_| nik.clone(), |n| n.reveal()[..12].to_owned());
            out.push((desk.blind(&[b"check birth", head.as_bytes()]), BIRTH_TRIES));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_is_good_for_one_question_on_one_day() {
        let today: Date = "2026-11-26".parse().unwrap();
        let proof = |code: &str| Proof::Code(code.to_owned());
        let found =
            (0u32..).map(|n| n.to_string()).find(|n| has_worked("nontender:1", &proof("ab-cd"), n, today)).unwrap();
        assert!(has_worked("nontender:1", &proof("AB CD"), &found, today), "however it is typed");
        assert!(!has_worked("nontender:1", &proof("abce"), &found, today));
        assert!(!has_worked("nontender:2", &proof("abcd"), &found, today));
        assert!(!has_worked("nontender:1", &proof("abcd"), &found, today.tomorrow().unwrap()));
        assert!(!has_worked("nontender:1", &proof("abcd"), "", today));
    }
}
