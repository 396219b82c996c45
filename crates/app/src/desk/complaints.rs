//! Complaints and tip-offs: sent without a name, answered by the office, read by whoever holds the code.

use super::photo::{self, NoPhoto};
use super::{Desk, event};
use crate::{Fault, clock};
use authz::{Complaint, Decide, Permit, PublicProject, Read};
pub use casework::complaint::{About, Standing, Step, after};
use store::{ComplaintRow, ComplaintWord};

/// Letters of what is written, at least.
pub const TEXT_MIN: usize = 10;

/// Letters of what is written, at most.
pub const TEXT_MAX: usize = 4_000;

/// Complaints a day on one project; more is a flood.
const PROJECT_MOST: i64 = 40;

/// Complaints a day over the city.
const CITY_MOST: i64 = 400;

/// Letters of a code, in groups of four.
const CODE_LENGTH: usize = 12;

/// What somebody sends.
#[derive(Debug, Clone)]
pub struct Sent<'a> {
    /// Project; none where the sender does not know.
    pub project: Option<&'a str>,
    /// What about.
    pub about: About,
    /// What happened, in the sender's words.
    pub text: &'a str,
    /// How to reach the sender, if wanted.
    pub contact: &'a str,
    /// Photos as they were sent.
    pub photos: &'a [Vec<u8>],
}

/// Why something sent is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untaken {
    /// Too short or too long.
    Text,
    /// No such project.
    Project,
    /// Too many today.
    Flood,
    /// Something sent as a photo is none.
    NoPhoto,
    /// A photo is too large, or there are too many.
    LargePhoto,
    /// May not be done with a complaint that stands so.
    Step,
}

fn digest(desk: &Desk, code: &str) -> [u8; 16] {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    desk.blind(&[b"complaint code", plain.as_bytes()])
}

fn fits(text: &str) -> bool {
    (TEXT_MIN..=TEXT_MAX).contains(&text.chars().count())
}

/// Keeps what somebody sends; the code under which the answer will stand, shown once. Who sends it is not kept.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not taken.
pub fn send(
    desk: &Desk,
    permit: &Permit<Read, PublicProject>,
    sent: &Sent<'_>,
) -> Result<Result<String, Untaken>, Fault> {
    let text = tidied(sent.text);
    if !fits(&text) || sent.contact.chars().count() > TEXT_MIN * 20 {
        return Ok(Err(Untaken::Text));
    }
    let project = sent.project.unwrap_or_default();
    if !project.is_empty() && desk.read(|s| s.public_project(permit, project).map_err(Fault::from))?.is_none() {
        return Ok(Err(Untaken::Project));
    }
    let budgets = [
        (desk.blind(&[b"complaint city"]), CITY_MOST),
        (desk.blind(&[b"complaint project", project.as_bytes()]), PROJECT_MOST),
    ];
    let today = clock::today().to_string();
    if !desk.write(|s| s.check_count(&budgets, &today))? {
        return Ok(Err(Untaken::Flood));
    }
    // Looked at after the day's budget was asked: a flood costs little.
    if sent.photos.len() > photo::MOST {
        return Ok(Err(Untaken::LargePhoto));
    }
    let photos: Result<Vec<Vec<u8>>, NoPhoto> = sent.photos.iter().map(|p| photo::cleaned(p)).collect();
    let photos = match photos {
        Ok(photos) => photos,
        Err(NoPhoto::Kind) => return Ok(Err(Untaken::NoPhoto)),
        Err(NoPhoto::Large) => return Ok(Err(Untaken::LargePhoto)),
    };
    let code = super::spelled(&Desk::token()?[..CODE_LENGTH]);
    let contact = tidied(sent.contact);
    let body = if contact.is_empty() { text } else { format!("{text}\n\n[kontak] {contact}") };
    let key = digest(desk, &code);
    desk.write(|s| s.complaint_add(&key, (project, sent.about.name()), &clock::now(), &body, &photos))?;
    Ok(Ok(code))
}

/// Lines as typed, each without blanks around it, none of them endless runs of nothing.
fn tidied(text: &str) -> String {
    let lines = text.lines().map(kernel::text::clean).collect::<Vec<_>>().join("\n");
    lines.trim().to_owned()
}

/// A complaint by the sender's code.
///
/// # Errors
/// [`Fault`] of the database.
pub fn by_code(desk: &Desk, code: &str) -> Result<Option<(ComplaintRow, Vec<ComplaintWord>)>, Fault> {
    let key = digest(desk, code);
    desk.read(|s| s.complaint_by_code(&key).map_err(Fault::from))
}

/// The sender adds something.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not taken. None where the code is nobody's.
pub fn add(desk: &Desk, code: &str, text: &str) -> Result<Option<Result<(), Untaken>>, Fault> {
    let Some((row, _)) = by_code(desk, code)? else { return Ok(None) };
    let text = tidied(text);
    if !fits(&text) {
        return Ok(Some(Err(Untaken::Text)));
    }
    let Some(to) = Standing::parse(&row.standing).and_then(|s| after(s, Step::Add)) else {
        return Ok(Some(Err(Untaken::Step)));
    };
    let moved = desk.write(|s| s.complaint_more(row.id, (&row.standing, to.name()), &clock::now(), &text))?;
    Ok(Some(if moved { Ok(()) } else { Err(Untaken::Step) }))
}

/// A complaint as the office reads it; the look stands in the audit trail.
///
/// # Errors
/// [`Fault`] of the database.
pub fn read(
    desk: &Desk,
    permit: &Permit<Read, Complaint>,
    id: i64,
    request: &str,
) -> Result<Option<(ComplaintRow, Vec<ComplaintWord>)>, Fault> {
    let found = desk.read(|s| s.complaint(permit, id).map_err(Fault::from))?;
    if found.is_some() {
        let told = event(permit.actor(), "complaint_read", &format!("complaint:{id}"), request);
        desk.write(|s| s.audit(told).map_err(Fault::from))?;
    }
    Ok(found)
}

/// A step of the office. None where there is no such complaint for this person.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not taken.
pub fn step(
    desk: &Desk,
    (read, decide): (&Permit<Read, Complaint>, &Permit<Decide, Complaint>),
    id: i64,
    (step, text): (Step, &str),
    request: &str,
) -> Result<Option<Result<(), Untaken>>, Fault> {
    let Some((row, _)) = desk.read(|s| s.complaint(read, id).map_err(Fault::from))? else { return Ok(None) };
    let text = tidied(text);
    if step.needs_words() && !fits(&text) {
        return Ok(Some(Err(Untaken::Text)));
    }
    let to = Standing::parse(&row.standing).and_then(|s| after(s, step));
    let Some(to) = to.filter(|_| step != Step::Add) else { return Ok(Some(Err(Untaken::Step))) };
    let mut told = event(decide.actor(), "complaint_step", &format!("complaint:{id}"), request);
    told.reason = step.name().to_owned();
    let said = (clock::now(), step.name(), text);
    let moved =
        desk.write(|s| s.complaint_step(decide, id, (&row.standing, to.name()), (&said.0, said.1, &said.2), told))?;
    Ok(Some(if moved { Ok(()) } else { Err(Untaken::Step) }))
}

/// Says which project a complaint is about that came without one. False where that cannot be said by this person.
///
/// # Errors
/// [`Fault`] of the database.
pub fn place(
    desk: &Desk,
    permit: &Permit<Decide, Complaint>,
    (id, project): (i64, &str),
    request: &str,
) -> Result<bool, Fault> {
    let mut told = event(permit.actor(), "complaint_place", &format!("complaint:{id}"), request);
    told.reason = format!("project:{project}");
    desk.write(|s| s.complaint_place(permit, (id, project), &clock::now(), told).map_err(Fault::from))
}
