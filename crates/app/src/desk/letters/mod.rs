//! Cases and letters: drafted by one, released by a person, sent when a person says so. Nothing leaves by itself.

mod content;
mod post;
mod style;

pub use ::letters::{Block, Content, unprintable};
pub(crate) use content::framed;
pub use content::{Field, Inputs, LETTERED, LetterFacts, content, fields, recipient};
pub(crate) use post::is_open;
pub use post::{ask as ask_to_send, send};
pub use style::{Amiss, LOGO_BYTES_MAX, SETTING, Style};

use super::{Desk, event, hex};
use crate::desk::evidence::Evidence;
use crate::{Fault, Language, Refused, clock};
use authz::{Change, Finding, Letter, Permit, Project, Read, Release};
use casework::{CaseFacts, Issued, LetterKind, Next, TooEarly};
use kernel::Date;
use store::{CaseRow, FindingQuery, FindingRow, Issue, JobAsk, NewDraft, OPEN};
pub use store::{LetterRow, LetterState, Reply};

/// Letters are written in the language of the state.
pub const LANGUAGE: Language = Language::Indonesian;

/// Letters written in one act up to which the writer may be the one who releases.
pub const ALONE_MAX: i64 = 50;

/// Letters written in one act at most.
pub const BATCH_MAX: usize = 500;

/// What somebody needs to write letters.
pub struct Writing<'a> {
    /// May write.
    pub change: &'a Permit<Change, Letter>,
    /// May see letters.
    pub read: &'a Permit<Read, Letter>,
    /// May see projects.
    pub projects: &'a Permit<Read, Project>,
    /// May see findings.
    pub findings: &'a Permit<Read, Finding>,
}

/// Why no draft was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotDrafted {
    /// No open finding of that rule on that project.
    NoFinding,
    /// The rule is not one a contractor is written about.
    NotLettered,
    /// A draft lies there already.
    LiesThere,
    /// A warning's term runs.
    TooEarly(TooEarly),
    /// The law declines.
    Refused(Refused),
}

/// What a case's ladder looks at.
pub fn case_facts(case: &CaseRow) -> CaseFacts {
    let issued = case
        .issued
        .iter()
        .filter_map(|(kind, dated)| Some(Issued { kind: LetterKind::parse(kind)?, on: dated.parse().ok()? }));
    CaseFacts {
        cured: !case.unmet,
        issued: issued.collect(),
        drafted: case.draft.as_ref().and_then(|(kind, _)| LetterKind::parse(kind)),
    }
}

/// The next step of a case today.
pub fn next_step(desk: &Desk, case: &CaseRow, style: &Style, today: Date) -> Option<Next> {
    casework::next_step(&case_facts(case), style.policy(), &desk.law, today).ok()
}

/// The city's letterhead and habits.
///
/// # Errors
/// [`Fault`] of the database.
pub fn style(desk: &Desk) -> Result<Style, Fault> {
    desk.read(|s| s.setting(SETTING).map_err(Fault::from))
}

fn new_draft(
    desk: &Desk,
    w: &Writing<'_>,
    row: &FindingRow,
    (kind, in_force): (LetterKind, i64),
) -> Result<Option<NewDraft>, Fault> {
    let (project, picture) = desk.read(|s| Ok::<_, Fault>((s.project(w.projects, &row.project)?, s.picture()?)))?;
    let (Some(p), Some(picture)) = (project, picture) else { return Ok(None) };
    let e: Evidence = serde_json::from_str(&p.body).map_err(|error| Fault(error.to_string()))?;
    let facts = LetterFacts::of(&p, &e, row, &picture.as_of);
    let mut inputs = Inputs::new();
    inputs.insert("recipient".to_owned(), recipient(kind, &facts, LANGUAGE));
    let json = |error: serde_json::Error| Fault(error.to_string());
    Ok(Some(NewDraft {
        project: p.code,
        code: row.code.clone(),
        name: p.name,
        agency: p.agency,
        vendor: p.vendor,
        npwp: p.npwp,
        kind: kind.name().to_owned(),
        facts: serde_json::to_string(&facts).map_err(json)?,
        inputs: serde_json::to_string(&inputs).map_err(json)?,
        in_force,
    }))
}

/// Is a letter of this kind in time for a case? With the number of its letters in force, by which that was judged.
fn in_time(desk: &Desk, w: &Writing<'_>, row: &FindingRow, kind: LetterKind) -> Result<Result<i64, NotDrafted>, Fault> {
    let case = desk.read(|s| s.case_of(w.read, &row.project, &row.code).map_err(Fault::from))?;
    let in_force = case.as_ref().map_or(0, |c| c.issued.len() as i64);
    let facts = case.as_ref().map(case_facts).unwrap_or_default();
    Ok(match casework::may_write(kind, &facts, &desk.law, clock::today()) {
        Ok(Ok(())) => Ok(in_force),
        Ok(Err(early)) => Err(NotDrafted::TooEarly(early)),
        Err(declined) => Err(NotDrafted::Refused(crate::legal::declined(&declined, &desk.law, LANGUAGE))),
    })
}

fn findings(desk: &Desk, w: &Writing<'_>, query: &FindingQuery) -> Result<Vec<FindingRow>, Fault> {
    desk.read(|s| s.finding_page(w.findings, query).map_err(Fault::from))
}

/// Writes a draft about a project's open finding.
///
/// # Errors
/// [`Fault`] of the database; inside, why no draft was written.
pub fn draft(
    desk: &Desk,
    w: &Writing<'_>,
    (project, code): (&str, &str),
    kind: LetterKind,
    request: &str,
) -> Result<Result<i64, NotDrafted>, Fault> {
    if !LETTERED.contains(&code) {
        return Ok(Err(NotDrafted::NotLettered));
    }
    let query = FindingQuery {
        code: Some(code.to_owned()),
        project: Some(project.to_owned()),
        standing: Some(OPEN.to_owned()),
        limit: 1,
        ..FindingQuery::default()
    };
    let Some(row) = findings(desk, w, &query)?.pop() else { return Ok(Err(NotDrafted::NoFinding)) };
    let in_force = match in_time(desk, w, &row, kind)? {
        Ok(in_force) => in_force,
        Err(not) => return Ok(Err(not)),
    };
    let Some(new) = new_draft(desk, w, &row, (kind, in_force))? else { return Ok(Err(NotDrafted::NoFinding)) };
    let told = event(w.change.actor(), "letter_draft", "", request);
    let ids = desk.write(|s| s.letter_draft(w.change, &[new], &clock::now(), told))?;
    if let Some(id) = ids.into_iter().next().flatten() {
        return Ok(Ok(id));
    }
    // Somebody was faster: with a draft, or with a letter that makes this one too early.
    Ok(Err(in_time(desk, w, &row, kind)?.err().unwrap_or(NotDrafted::LiesThere)))
}

/// Writes drafts about every open finding of a rule in the scope: how many, and how many were passed over because a draft
/// lies there or a term runs.
///
/// # Errors
/// [`Fault`] of the database.
pub fn draft_all(
    desk: &Desk,
    w: &Writing<'_>,
    (code, agency): (&str, Option<String>),
    kind: LetterKind,
    request: &str,
) -> Result<(usize, usize), Fault> {
    if !LETTERED.contains(&code) {
        return Ok((0, 0));
    }
    let query = FindingQuery {
        code: Some(code.to_owned()),
        agency,
        standing: Some(OPEN.to_owned()),
        limit: BATCH_MAX,
        ..FindingQuery::default()
    };
    let rows = findings(desk, w, &query)?;
    let (mut drafts, mut passed) = (Vec::new(), 0);
    for row in &rows {
        match in_time(desk, w, row, kind)? {
            Ok(in_force) => drafts.extend(new_draft(desk, w, row, (kind, in_force))?),
            Err(_) => passed += 1,
        }
    }
    let told = event(w.change.actor(), "letter_draft", "", request);
    let ids = desk.write(|s| s.letter_draft(w.change, &drafts, &clock::now(), told))?;
    let written = ids.iter().flatten().count();
    Ok((written, passed + ids.len() - written))
}

/// Why a draft was not released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotIssued {
    /// The store says why.
    Store(store::NotReleased),
    /// The letterhead is not complete.
    Style(Amiss),
    /// A field is empty; its name.
    Field(&'static str),
    /// The law declines.
    Refused(Refused),
}

/// Kind, facts and inputs of a letter, read.
///
/// # Errors
/// [`Fault`] where the row is damaged.
pub fn read_row(row: &LetterRow) -> Result<(LetterKind, LetterFacts, Inputs), Fault> {
    let kind = LetterKind::parse(&row.kind).ok_or_else(|| Fault(format!("letter kind {}", row.kind)))?;
    let json = |error: serde_json::Error| Fault(error.to_string());
    Ok((kind, serde_json::from_str(&row.facts).map_err(json)?, serde_json::from_str(&row.inputs).map_err(json)?))
}

/// Releases a draft as it was read: it gets its number and its day, and its PDF is kept.
///
/// # Errors
/// [`Fault`] of database or typesetter; inside, why it was not released.
pub fn release(
    desk: &Desk,
    permit: &Permit<Release, Letter>,
    row: &LetterRow,
    request: &str,
) -> Result<Result<(), NotIssued>, Fault> {
    let style = style(desk)?;
    if let Err(amiss) = style.check() {
        return Ok(Err(NotIssued::Style(amiss)));
    }
    let (kind, facts, inputs) = read_row(row)?;
    let empty = |f: &&Field| f.required && inputs.get(f.name).is_none_or(|t| t.trim().is_empty());
    if let Some(field) = fields(kind).iter().find(empty) {
        return Ok(Err(NotIssued::Field(field.name)));
    }
    let dated = clock::today();
    let content = match content(kind, &facts, &inputs, (&style, &desk.law), dated, LANGUAGE) {
        Ok(content) => content,
        Err(refused) => return Ok(Err(NotIssued::Refused(refused))),
    };
    let token = hex(&Desk::token()?[..16]);
    let url = format!("{}/periksa/{token}", desk.address());
    let said = serde_json::to_string(&content).map_err(|e| Fault(e.to_string()))?;
    let mut make = |sequence: i64| {
        let number = style.number_of(sequence, dated);
        let issued = letters::Issued {
            content: &content,
            number: &number,
            date: &crate::words::long_date(dated, LANGUAGE),
            day: (dated.year().into(), dated.month().unsigned_abs(), dated.day().unsigned_abs()),
            verify_url: &url,
            code: None,
        };
        let pdf = issued.pdf().map_err(|e| store::Fault::Damaged(e.0))?;
        let digest = blake3::hash(&pdf).to_hex().to_string();
        let template = blake3::hash(letters::TEMPLATE.as_bytes()).to_hex()[..16].to_owned();
        Ok(Issue { number, content: said.clone(), template, digest, pdf })
    };
    let told = event(permit.actor(), "letter_release", &format!("letter:{}", row.id), request);
    let day = dated.to_string();
    let place = (day.as_str(), i64::from(dated.year()), token.as_str());
    let done = desk.write(|s| s.letter_release(permit, row, place, ALONE_MAX, &clock::now(), told, &mut make))?;
    Ok(done.map_err(NotIssued::Store))
}

/// The PDF of a draft as it would look today, without a number.
///
/// # Errors
/// [`Fault`] of database or typesetter, or a sentence where the law declines.
pub fn draft_pdf(desk: &Desk, row: &LetterRow) -> Result<Vec<u8>, Fault> {
    let (kind, facts, inputs) = read_row(row)?;
    let style = style(desk)?;
    let content =
        content(kind, &facts, &inputs, (&style, &desk.law), clock::today(), LANGUAGE).map_err(|r| Fault(r.0))?;
    let mark = phrases::say_named(LANGUAGE, "letter-mark", &[]);
    letters::Draft { content: &content, mark: &mark }.pdf().map_err(|e| Fault(e.0))
}

/// Asks for every draft of one act to be released, in the name of who asks; the answer is the job.
///
/// # Errors
/// [`Fault`] of the database.
pub fn ask_release(desk: &Desk, permit: &Permit<Release, Letter>, batch: i64, request: &str) -> Result<i64, Fault> {
    let by = permit.actor();
    let told = event(by, "letters_release", &format!("letter:{batch}"), request);
    // Who asks stands in the subject: what one person may not release, another asks for anew.
    let subject = serde_json::json!({ "batch": batch, "by": by }).to_string();
    let job = JobAsk { kind: "release", subject: &subject, by, at: &clock::now(), not_before: 0 };
    let id = desk.write(|s| s.job_ask_told(&job, told))?;
    desk.wake();
    Ok(id)
}

/// Releases every draft of one act, in the name of the member who asked; counts of released and of passed over.
///
/// # Errors
/// [`Fault`] of database or typesetter.
pub fn release_batch(
    desk: &Desk,
    member: Option<i64>,
    batch: i64,
    tell: &dyn Fn(u64, u64),
) -> Result<(u64, u64), Fault> {
    let actor = desk.actor(member)?;
    let (Some(permit), Some(read)) = (authz::permit::<Release, Letter>(&actor), authz::permit::<Read, Letter>(&actor))
    else {
        return Ok((0, 0));
    };
    let ids = desk.read(|s| s.letters_of_batch(batch).map_err(Fault::from))?;
    let (mut released, mut passed) = (0, 0);
    for (i, id) in ids.iter().enumerate() {
        tell(i as u64, ids.len() as u64);
        let row = desk.read(|s| s.letter(&read, *id).map_err(Fault::from))?;
        match row.map(|row| release(desk, &permit, &row, "")).transpose()? {
            Some(Ok(())) => released += 1,
            _ => passed += 1,
        }
    }
    Ok((released, passed))
}
