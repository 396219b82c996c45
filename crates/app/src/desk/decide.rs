//! A person decides on a pair. The decision comes in where every row comes in, with author and reason, and
//! is taken back as every import is.

use super::{Desk, event};
use crate::{Fault, clock};
use authz::{Decide, Match, Permit};
use registers::{CellKind, Columns, RawRow};
use store::{FileFacts, Resting, TableFacts};

/// What a person says about a registration and a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The registration is of this project.
    Same,
    /// It is not.
    Different,
}

impl Verdict {
    /// As in the register of decisions.
    fn word(self) -> &'static str {
        match self {
            Self::Same => "sama",
            Self::Different => "beda",
        }
    }
}

/// A decision to be stored.
#[derive(Debug, Clone)]
pub struct Decision<'a> {
    /// Pairs decided on: insurer's number and project.
    pub pairs: Vec<(&'a str, &'a str)>,
    /// Verdict, one and the same for all.
    pub verdict: Verdict,
    /// Who, by name.
    pub by: &'a str,
    /// Why.
    pub reason: &'a str,
}

impl Decision<'_> {
    /// What its file is called: the registration, or how many.
    fn name(&self) -> String {
        match self.pairs.as_slice() {
            [(registration, _)] => (*registration).to_owned(),
            pairs => format!("{} pendaftaran", pairs.len()),
        }
    }
}

/// The register of decisions.
const REGISTER: &str = "keputusan";

/// Stores a decision and asks for a new picture. The answer is the file it became, for taking it back.
///
/// # Errors
/// [`Fault`] of the database.
pub fn decide(
    desk: &Desk,
    permit: &Permit<Decide, Match>,
    decision: &Decision<'_>,
    request: &str,
) -> Result<i64, Fault> {
    let register = registers::register(REGISTER).ok_or_else(|| Fault(format!("register {REGISTER}")))?;
    let headers = ["no_proyek", "proyek", "putusan", "oleh", "alasan"];
    let (columns, _) = Columns::bind(register, &headers);
    let now = clock::now();
    let nonce = Desk::token()?;
    let file = desk.write(|store| {
        let facts = FileFacts {
            name: format!("meja: {} {}", decision.name(), decision.verdict.word()),
            digest: store.blind(&[b"desk decision", &nonce]),
            bytes: 0,
            recorded_at: now,
        };
        let mut import = store.import_begin(&facts)?;
        import.table(TableFacts { sheet: None, columns, header_line: 1, reading: "desk".to_owned() })?;
        for (i, (registration, project)) in decision.pairs.iter().enumerate() {
            let mut row = RawRow::at(2 + i as u32);
            let cells = [registration, project, decision.verdict.word(), decision.by, decision.reason];
            cells.iter().for_each(|cell| row.push(cell, CellKind::Text));
            import.row(&row)?;
        }
        let file = import.file();
        let mut done = event(permit.actor(), "match_decide", &format!("file:{file}"), request);
        done.reason = decision.reason.to_owned();
        import.audit(done)?;
        import.commit()?;
        Ok::<_, Fault>(file)
    })?;
    super::jobs::ask_picture(desk, permit.actor())?;
    Ok(file)
}

/// Takes an import, or a decision, back.
///
/// # Errors
/// [`Fault`] of the database; inside, why it cannot be taken back.
pub fn withdraw(
    desk: &Desk,
    actor: Option<i64>,
    by: &str,
    file: i64,
    reason: &str,
    request: &str,
) -> Result<Result<(), Resting>, Fault> {
    let done = desk.write(|store| {
        let mut told = event(actor, "import_withdraw", &format!("file:{file}"), request);
        told.reason = reason.to_owned();
        let outcome = store.import_withdraw(file, &clock::now(), by, told.clone())?;
        if outcome.is_err() {
            told.outcome = "refused".to_owned();
            store.audit(told)?;
        }
        Ok::<_, Fault>(outcome)
    })?;
    if done.is_ok() {
        super::jobs::ask_picture(desk, actor)?;
    }
    Ok(done)
}
