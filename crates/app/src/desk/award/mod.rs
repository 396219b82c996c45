//! The award file: a year's guide as data, evidence from the ledger and as documents, what is missing, and a pack to hand in.

pub mod figures;
pub mod guide;
mod pack;

use super::{Desk, event, hex};
use crate::{Fault, Language, clock};
use authz::{Award, Change, Coverage, Permit, Read};
use figures::{Found, Sources};
use guide::{Amiss, Criterion, Evidence, Guide};
pub use pack::{Pack, pack};
use sha2::{Digest as _, Sha256};
pub use store::{AwardDocument, AwardGuide};

/// Bytes of a document at most.
pub const DOCUMENT_BYTES_MAX: usize = 12 << 20;

/// Documents of a guide at most.
const DOCUMENTS: usize = 400;

/// SHA-256 in hex: what a jury can compute with the tools it has.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Why something is not done; each has a sentence `award-no-NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum No {
    /// What is amiss with a guide.
    Guide(Vec<Amiss>),
    /// No such guide, evidence or document.
    Unknown,
    /// Neither PDF nor JPEG nor PNG.
    Kind,
    /// Too large, or too many.
    Large,
}

/// A piece of evidence as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What is asked.
    pub asked: Evidence,
    /// What the ledger says.
    pub found: Vec<Found>,
    /// Documents.
    pub documents: Vec<AwardDocument>,
}

impl Piece {
    /// Is there anything?
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.found.is_empty() && self.documents.is_empty()
    }
}

/// A criterion as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What is looked at.
    pub criterion: Criterion,
    /// Evidence.
    pub pieces: Vec<Piece>,
}

/// A guide with everything that answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// As it was entered.
    pub row: AwardGuide,
    /// As it reads.
    pub guide: Guide,
    /// Criteria.
    pub standings: Vec<Standing>,
    /// Documents whose evidence the guide, mended since, does not ask any more.
    pub left_over: Vec<AwardDocument>,
}

impl File {
    /// What nothing answers: criterion and evidence, the weightiest criterion first.
    #[must_use]
    pub fn gaps(&self) -> Vec<(&Criterion, &Evidence)> {
        let mut out: Vec<(&Criterion, &Evidence)> = self
            .standings
            .iter()
            .flat_map(|s| s.pieces.iter().filter(|p| p.is_missing()).map(|p| (&s.criterion, &p.asked)))
            .collect();
        out.sort_by_key(|(c, _)| std::cmp::Reverse(c.weight.unwrap_or(0)));
        out
    }

    /// Pieces that are answered, of all.
    #[must_use]
    pub fn answered(&self) -> [usize; 2] {
        let pieces = || self.standings.iter().flat_map(|s| &s.pieces);
        [pieces().filter(|p| !p.is_missing()).count(), pieces().count()]
    }
}

/// A guide with everything that answers it. None where there is none.
///
/// # Errors
/// [`Fault`] of the database.
pub fn file(
    desk: &Desk,
    (permit, coverage): (&Permit<Read, Award>, Option<&Permit<Read, Coverage>>),
    id: i64,
    language: Language,
) -> Result<Option<File>, Fault> {
    let found = desk.read(|s| {
        let row = s.award_guides(permit, Some(id))?.pop();
        row.map(|row| Ok::<_, Fault>((s.award_documents(permit, row.id)?, row))).transpose()
    })?;
    let Some((documents, row)) = found else { return Ok(None) };
    // It was read when it was kept; a figure that has gone since is a fault of ours.
    let guide = guide::read(&row.body).map_err(|amiss| Fault(format!("award guide {id}: {amiss:?}")))?;
    let sources = Sources::of(desk, (permit, coverage), guide.year, language)?;
    let mut standings = Vec::new();
    for criterion in &guide.criteria {
        let mut pieces = Vec::new();
        for asked in &criterion.evidence {
            pieces.push(Piece {
                found: asked.figure().map(|f| sources.answer(f)).transpose()?.unwrap_or_default(),
                documents: documents.iter().filter(|d| d.evidence == asked.code).cloned().collect(),
                asked: asked.clone(),
            });
        }
        standings.push(Standing { criterion: criterion.clone(), pieces });
    }
    let asked = |code: &str| guide.criteria.iter().flat_map(|c| &c.evidence).any(|e| e.code == code);
    let left_over = documents.iter().filter(|d| !asked(&d.evidence)).cloned().collect();
    Ok(Some(File { row, standings, left_over, guide }))
}

/// Keeps a guide, in the place of one it mends; its number.
///
/// # Errors
/// [`Fault`] of the database; inside, what is amiss.
pub fn keep(
    desk: &Desk,
    permit: &Permit<Change, Award>,
    (text, mends): (&str, Option<i64>),
    request: &str,
) -> Result<Result<i64, No>, Fault> {
    // Forms send a line's end as two letters.
    let text = text.replace("\r\n", "\n");
    let guide = match guide::read(&text) {
        Ok(guide) => guide,
        Err(amiss) => return Ok(Err(No::Guide(amiss))),
    };
    let told = event(permit.actor(), "award_guide", "award", request);
    let kept = desk
        .write(|s| s.award_guide_add(permit, (guide.year, &text, mends), &clock::now(), told).map_err(Fault::from))?;
    Ok(kept.ok_or(No::Unknown))
}

/// Takes a guide back.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn take_back(desk: &Desk, permit: &Permit<Change, Award>, id: i64, request: &str) -> Result<Result<(), No>, Fault> {
    let told = event(permit.actor(), "award_guide_end", &format!("award:{id}"), request);
    let done = desk.write(|s| s.award_guide_end(permit, id, &clock::now(), told).map_err(Fault::from))?;
    Ok(if done { Ok(()) } else { Err(No::Unknown) })
}

/// What kind of file bytes are, by how they begin.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("pdf"),
        [0xFF, 0xD8, 0xFF, ..] => Some("jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some("png"),
        _ => None,
    }
}

/// Adds a document; its number.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn add(
    desk: &Desk,
    (read, change): (&Permit<Read, Award>, &Permit<Change, Award>),
    (id, evidence): (i64, &str),
    (name, bytes): (&str, &[u8]),
    request: &str,
) -> Result<Result<i64, No>, Fault> {
    if bytes.len() > DOCUMENT_BYTES_MAX {
        return Ok(Err(No::Large));
    }
    let Some(kind) = kind(bytes) else { return Ok(Err(No::Kind)) };
    let found = desk.read(|s| Ok::<_, Fault>((s.award_guides(read, Some(id))?.pop(), s.award_documents(read, id)?)))?;
    let (Some(row), documents) = found else { return Ok(Err(No::Unknown)) };
    let guide = guide::read(&row.body).map_err(|amiss| Fault(format!("award guide {id}: {amiss:?}")))?;
    if !guide.criteria.iter().flat_map(|c| &c.evidence).any(|e| e.code == evidence) {
        return Ok(Err(No::Unknown));
    }
    if documents.len() >= DOCUMENTS {
        return Ok(Err(No::Large));
    }
    // Named for what it is: a page called .html that begins as a PDF is none.
    let name: String = kernel::text::clean(name).chars().take(120).collect();
    let ends = if kind == "jpeg" { &["jpg", "jpeg"][..] } else { std::slice::from_ref(&kind) };
    let name = match name.rsplit_once('.') {
        Some((_, end)) if ends.contains(&end.to_lowercase().as_str()) => name,
        Some((head, _)) => format!("{head}.{kind}"),
        None if name.is_empty() => name,
        None => format!("{name}.{kind}"),
    };
    let row = AwardDocument {
        guide: id,
        evidence: evidence.to_owned(),
        name: if name.is_empty() { format!("{evidence}.{kind}") } else { name },
        kind: kind.to_owned(),
        bytes: bytes.len() as i64,
        sha256: sha256(bytes),
        ..AwardDocument::default()
    };
    let told = event(change.actor(), "award_document", &format!("award:{id}"), request);
    let kept = desk.write(|s| s.award_document_add(change, &row, bytes, &clock::now(), told).map_err(Fault::from))?;
    Ok(kept.ok_or(No::Unknown))
}

/// Takes a document away.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn remove(
    desk: &Desk,
    permit: &Permit<Change, Award>,
    place: (i64, i64),
    request: &str,
) -> Result<Result<(), No>, Fault> {
    let told = event(permit.actor(), "award_document_end", &format!("award_document:{}", place.1), request);
    let done = desk.write(|s| s.award_document_end(permit, place, &clock::now(), told).map_err(Fault::from))?;
    Ok(if done { Ok(()) } else { Err(No::Unknown) })
}
