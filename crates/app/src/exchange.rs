//! Whom city and insurer both know, by signed files: the city asks with blinded numbers, the insurer answers under a secret of its own, only who is known comes
//! back, and to the city alone. Each side writes into its own audit trail. The threats stand in `docs/decisions/0017-matching-people.md`.

use crate::desk::{Desk, event, hex, unhex};
use crate::home::make_file;
use crate::{Fault, clock, signing};
use authz::{Permit, Person, Read};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use kernel::id::Nik;
use psi::{Asker, Owner, Point};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use verify::sealed::{fingerprint, read_by};
use verify::{Keys, sign};

/// What a question begins with.
const ASK: &str = "PAYUNGX1";
/// What an answer begins with.
const ANSWER: &str = "PAYUNGY1";

/// People asked about at once; a larger city asks by project.
const PEOPLE_MAX: usize = 200_000;

/// A question.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    from: String,
    id: String,
    made: String,
    key: String,
    points: Vec<String>,
}

/// An answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    from: String,
    id: String,
    made: String,
    key: String,
    /// Fingerprint of the question.
    ask: String,
    /// What was asked, under the owner's secret, in the order of the question.
    given: Vec<String>,
    /// The owner's own tokens, sorted: their order says nothing.
    tokens: Vec<String>,
}

/// What the asker keeps until the answer comes: on its own disk, for its owner alone.
#[derive(Serialize, Deserialize)]
struct Kept {
    random: String,
    ask: String,
    people: Vec<(String, bool)>,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Number of the exchange.
    pub id: String,
    /// The text to hand over.
    pub text: String,
    /// People asked about.
    pub people: usize,
    /// People whose number does not read: they go to the city's own review and are asked about by nobody.
    pub unreadable: Vec<String>,
}

/// What came of answering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The text to hand back.
    pub text: String,
    /// How many were asked about.
    pub asked: usize,
    /// Numbers in the own list.
    pub own: usize,
    /// Lines of the own list whose number does not read: for the owner's own review.
    pub unreadable: Vec<u64>,
}

/// One person and the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// By digest.
    pub person: String,
    /// Does the owner of the other list have the number?
    pub known: bool,
    /// Birth or sex on the city's list contradicts the number: it may be misspelt, and the city looks first.
    pub doubtful: bool,
}

/// Why an exchange goes no further; each has a sentence `exchange-NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoExchange {
    /// Not such a file, changed, or signed by nobody the other side names.
    Unproven,
    /// The answer is to another question, or to none of ours.
    Other,
    /// A point that is none.
    Damaged,
    /// Nobody to ask about.
    Nobody,
    /// A list without a column of numbers.
    List,
}

impl NoExchange {
    /// Name of its sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Unproven => "exchange-unproven",
            Self::Other => "exchange-other",
            Self::Damaged => "exchange-damaged",
            Self::Nobody => "exchange-nobody",
            Self::List => "exchange-list",
        }
    }
}

fn random() -> Result<[u8; 64], Fault> {
    let mut bytes = [0u8; 64];
    getrandom::fill(&mut bytes).map_err(|e| Fault(format!("no randomness: {e}")))?;
    Ok(bytes)
}

fn zero() -> Fault {
    Fault("randomness without randomness".to_owned())
}

fn point(text: &str) -> Option<Point> {
    B64.decode(text).ok()?.try_into().ok()
}

fn kept_at(desk: &Desk, id: &str) -> PathBuf {
    desk.home.keys().join("exchange").join(format!("{id}.json"))
}

/// Asks about everybody at work today within the permit, or on one project.
///
/// # Errors
/// [`Fault`] of database or disk; inside, why there is no question.
pub fn ask(
    desk: &Desk,
    permit: &Permit<Read, Person>,
    (city, project): (&str, Option<&str>),
) -> Result<Result<Asked, NoExchange>, Fault> {
    let today = clock::today();
    let stays = desk.read(|s| match project {
        Some(code) => s.stay_list(permit, code, None).map_err(Fault::from),
        None => s.stay_people(permit, PEOPLE_MAX).map_err(Fault::from),
    })?;
    let at_work =
        stays.iter().filter(|s| s.entry.joined.is_none_or(|d| d <= today) && s.entry.left.is_none_or(|d| d >= today));
    let (mut people, mut unreadable): (BTreeMap<&str, (&Nik, bool)>, BTreeSet<&str>) = Default::default();
    for stay in at_work {
        match &stay.entry.nik {
            Some(Ok(nik)) => {
                let birth = stay.entry.birth.is_some_and(|b| !nik.agrees_with_birth(b));
                let by_number = nik.sex().map(registers::person::Sex::of_nik);
                let sex = stay.entry.sex.zip(by_number).is_some_and(|(said, coded)| said != coded);
                people.entry(&stay.person).or_insert((nik, false)).1 |= birth || sex;
            }
            Some(Err(_)) | None => {
                unreadable.insert(&stay.person);
            }
        }
    }
    if people.is_empty() {
        return Ok(Err(NoExchange::Nobody));
    }
    let bytes = random()?;
    let asker = Asker::new(&bytes).ok_or_else(zero)?;
    // In the order of what is sent, so that the order of a list says nothing.
    let mut blinded: Vec<(Point, &str, bool)> =
        people.iter().map(|(p, (nik, odd))| (asker.blind(nik.reveal().as_bytes()), *p, *odd)).collect();
    blinded.sort_unstable();
    let id = hex(&Desk::token()?[..8]);
    let (keys, key, secret) = signing::signer(&desk.home, city, today)?;
    let said = Ask {
        from: keys.city,
        id: id.clone(),
        made: today.to_string(),
        key,
        points: blinded.iter().map(|(p, ..)| B64.encode(p)).collect(),
    };
    let text = sign(ASK, &said, &secret).map_err(|e| Fault(e.to_string()))?;
    let kept = Kept {
        random: hex(&bytes),
        ask: fingerprint(&text),
        people: blinded.iter().map(|(_, person, odd)| ((*person).to_owned(), *odd)).collect(),
    };
    let kept = serde_json::to_vec(&kept).map_err(|e| Fault(e.to_string()))?;
    make_file(&kept_at(desk, &id), &kept)?;
    let mut told = event(permit.actor(), "exchange_ask", &format!("exchange:{id}"), "");
    told.reason = format!("people:{}", blinded.len());
    desk.write(|s| s.audit(told).map_err(Fault::from))?;
    Ok(Ok(Asked { id, text, people: blinded.len(), unreadable: unreadable.into_iter().map(str::to_owned).collect() }))
}

/// An own list.
#[derive(Default)]
struct Own {
    numbers: BTreeSet<String>,
    /// Lines whose number does not read.
    unreadable: Vec<u64>,
}

/// Numbers of a list with a column `nik`.
fn own_list(list: &Path) -> Result<Option<Own>, Fault> {
    let bytes = std::fs::read(list).map_err(|e| Fault::io(list, &e))?;
    let semicolons = bytes.iter().take_while(|b| **b != b'\n').filter(|b| **b == b';').count();
    let commas = bytes.iter().take_while(|b| **b != b'\n').filter(|b| **b == b',').count();
    let delimiter = if semicolons > commas { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes.as_slice());
    let Ok(headers) = reader.headers().cloned() else { return Ok(None) };
    let is_nik = |h: &str| h.trim().trim_start_matches('\u{feff}').eq_ignore_ascii_case("nik");
    let Some(place) = headers.iter().position(is_nik) else { return Ok(None) };
    let mut own = Own::default();
    for record in reader.records() {
        let line = record.as_ref().ok().and_then(|r| r.position()).map_or(0, csv::Position::line);
        let nik = record.ok().and_then(|r| r.get(place).and_then(|t| Nik::parse(t).ok()));
        match nik {
            Some(nik) => {
                own.numbers.insert(nik.reveal().to_owned());
            }
            None => own.unreadable.push(line),
        }
    }
    Ok(Some(own))
}

/// Answers a question with an own list. Nobody's number leaves, and nothing in the answer can be turned back into one.
///
/// # Errors
/// [`Fault`] of database or disk; inside, why there is no answer.
pub fn answer(
    desk: &Desk,
    permit: &Permit<Read, Person>,
    name: &str,
    (question, askers): (&str, &Keys),
    list: &Path,
) -> Result<Result<Answered, NoExchange>, Fault> {
    let question = question.trim();
    let Some(asked) = read_by(ASK, question, askers, |a: &Ask| (&a.key, &a.made, &a.from)) else {
        return Ok(Err(NoExchange::Unproven));
    };
    let Some(Own { numbers: own, unreadable }) = own_list(list)? else { return Ok(Err(NoExchange::List)) };
    let owner = Owner::new(&random()?).ok_or_else(zero)?;
    let given: Option<Vec<String>> =
        asked.points.iter().map(|p| Some(B64.encode(owner.evaluate(&point(p)?)?))).collect();
    let Some(given) = given else { return Ok(Err(NoExchange::Damaged)) };
    let mut tokens: Vec<Point> = own.iter().map(|nik| owner.token(nik.as_bytes())).collect();
    tokens.sort_unstable();
    let today = clock::today();
    let (keys, key, secret) = signing::signer(&desk.home, name, today)?;
    let said = Answer {
        from: keys.city,
        id: asked.id.clone(),
        made: today.to_string(),
        key,
        ask: fingerprint(question),
        given,
        tokens: tokens.iter().map(|t| B64.encode(t)).collect(),
    };
    let text = sign(ANSWER, &said, &secret).map_err(|e| Fault(e.to_string()))?;
    let mut told = event(permit.actor(), "exchange_answer", &format!("exchange:{}", asked.id), "");
    told.reason = format!("asked:{} own:{}", asked.points.len(), own.len());
    desk.write(|s| s.audit(told).map_err(Fault::from))?;
    Ok(Ok(Answered { text, asked: asked.points.len(), own: own.len(), unreadable }))
}

/// Reads an answer: who of those asked about is known. An answer is read once; what was kept for it goes.
///
/// # Errors
/// [`Fault`] of database or disk; inside, why it is not read.
pub fn read(
    desk: &Desk,
    permit: &Permit<Read, Person>,
    (text, owners): (&str, &Keys),
) -> Result<Result<Vec<Told>, NoExchange>, Fault> {
    let Some(said) = read_by(ANSWER, text.trim(), owners, |a: &Answer| (&a.key, &a.made, &a.from)) else {
        return Ok(Err(NoExchange::Unproven));
    };
    // The number names a file: it is one of ours only where it is hexadecimal.
    let Some(path) = unhex(&said.id).map(|_| kept_at(desk, &said.id)) else { return Ok(Err(NoExchange::Other)) };
    let kept: Kept = match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|e| Fault(format!("{}: {e}", path.display())))?,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Err(NoExchange::Other)),
        Err(e) => return Err(Fault::io(&path, &e)),
    };
    if kept.ask != said.ask || kept.people.len() != said.given.len() {
        return Ok(Err(NoExchange::Other));
    }
    let bytes: Option<[u8; 64]> = unhex(&kept.random).and_then(|b| b.try_into().ok());
    let asker = bytes.as_ref().and_then(Asker::new).ok_or_else(|| Fault(format!("{}: damaged", path.display())))?;
    let tokens: Option<BTreeSet<Point>> = said.tokens.iter().map(|t| point(t)).collect();
    let given: Option<Vec<Point>> = said.given.iter().map(|g| asker.unblind(&point(g)?)).collect();
    let (Some(tokens), Some(given)) = (tokens, given) else { return Ok(Err(NoExchange::Damaged)) };
    let told = |((person, odd), token): (&(String, bool), &Point)| {
        let known = tokens.contains(token);
        Told { person: person.clone(), known, doubtful: *odd && !known }
    };
    let mut out: Vec<Told> = kept.people.iter().zip(&given).map(told).collect();
    out.sort_by(|a, b| a.person.cmp(&b.person));
    let mut done = event(permit.actor(), "exchange_read", &format!("exchange:{}", said.id), "");
    done.reason = format!("people:{} known:{}", out.len(), out.iter().filter(|t| t.known).count());
    desk.write(|s| s.audit(done).map_err(Fault::from))?;
    std::fs::remove_file(&path).map_err(|e| Fault::io(&path, &e))?;
    Ok(Ok(out))
}
