//! What the office and the contractor work on, as JSON: complaints, letters received, foremen's links, pairs of one person, what a person may ask.

use super::{BAD_PARAMETER, Problem, json};
use crate::answer::{Outcome, Trouble};
use crate::caller::Caller;
use crate::pages::is_purpose;
use crate::site::Site;
use app::desk::roster::twins;
use app::desk::{complaints, event, rights};
use authz::{Change, Complaint, Erasure, Mail, Person, Read, Reveal};
use serde::{Deserialize, Serialize};
use store::{ComplaintRow, OPENED};
use utoipa::ToSchema;

/// Lines of a list.
const LISTED: usize = 300;

/// A complaint, without its words.
#[derive(Serialize, ToSchema)]
struct ComplaintItem {
    id: i64,
    /// Empty where the sender did not know.
    project: String,
    about: String,
    standing: String,
    /// UTC.
    came: String,
    changed: String,
}

impl From<ComplaintRow> for ComplaintItem {
    fn from(r: ComplaintRow) -> Self {
        Self { id: r.id, project: r.project, about: r.about, standing: r.standing, came: r.at, changed: r.changed }
    }
}

/// Complaints, those that wait for the office first; 300 at most.
#[derive(Serialize, ToSchema)]
pub(crate) struct ComplaintList {
    complaints: Vec<ComplaintItem>,
}

/// Complaints the caller may see, without their words.
#[utoipa::path(
    get, path = "/api/v1/complaints", tag = "people", security(("key" = [])),
    responses((status = 200, body = ComplaintList), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(crate) fn complaint_list(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Complaint>()?;
    let rows = site.desk.read(|s| s.complaint_list(&permit, LISTED).map_err(Trouble::from))?;
    json(ComplaintList { complaints: rows.into_iter().map(ComplaintItem::from).collect() })
}

/// Something said in a complaint.
#[derive(Serialize, ToSchema)]
struct ComplaintSaid {
    /// UTC.
    at: String,
    /// `sent`, or the step.
    step: String,
    by_office: bool,
    text: String,
}

/// A complaint with its words.
#[derive(Serialize, ToSchema)]
pub(crate) struct ComplaintWhole {
    #[serde(flatten)]
    complaint: ComplaintItem,
    said: Vec<ComplaintSaid>,
}

/// A complaint with everything said in it. The look stands in the audit trail.
#[utoipa::path(
    get, path = "/api/v1/complaints/{id}", tag = "people", security(("key" = [])),
    params(("id" = i64, Path, description = "Number of a list of complaints")),
    responses(
        (status = 200, body = ComplaintWhole), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
    )
)]
pub(crate) fn complaint(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let permit = caller.permit::<Read, Complaint>()?;
    let (row, said) = complaints::read(&site.desk, &permit, id, &caller.asking.reference)?.ok_or(Trouble::NotFound)?;
    let word = |w: store::ComplaintWord| ComplaintSaid { at: w.at, step: w.step, by_office: w.by_office, text: w.text };
    json(ComplaintWhole { complaint: row.into(), said: said.into_iter().map(word).collect() })
}

/// An answer to a letter.
#[derive(Serialize, ToSchema)]
struct MailReply {
    /// UTC.
    at: String,
    /// `registered`, `paid`, `by_date`, `disputed`, `not_ours` or `other`.
    answer: String,
    text: String,
    /// Has the office read it?
    read: bool,
}

/// A letter received.
#[derive(Serialize, ToSchema)]
struct MailItem {
    id: i64,
    project: String,
    /// Such as `first_warning`.
    kind: String,
    number: String,
    /// ISO.
    dated: Option<String>,
    /// Has anybody of the firm opened it on the desk?
    opened: bool,
    replies: Vec<MailReply>,
}

/// Letters received, the newest first; 300 at most.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailList {
    letters: Vec<MailItem>,
}

/// Letters the caller's firm received and what was answered. To be listed is not to be opened: that is done on the desk, by a person.
#[utoipa::path(
    get, path = "/api/v1/mail", tag = "contractor", security(("key" = [])),
    responses((status = 200, body = MailList), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(crate) fn mail(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Mail>()?;
    let letters = site.desk.read(|s| {
        let item = |l: store::LetterRow| {
            let replies = s.mail_replies(&l)?;
            let said = replies.iter().filter(|r| r.kind != OPENED);
            Ok(MailItem {
                opened: !replies.is_empty(),
                replies: said
                    .map(|r| MailReply { at: r.at.clone(), answer: r.kind.clone(), text: r.text.clone(), read: r.read })
                    .collect(),
                id: l.id,
                project: l.project,
                kind: l.kind,
                number: l.number.unwrap_or_default(),
                dated: l.dated,
            })
        };
        s.mail_list(&permit, None, LISTED)?.into_iter().map(item).collect::<Result<Vec<_>, Trouble>>()
    })?;
    json(MailList { letters })
}

/// A link of a foreman's phone; its secret was shown once and is in no list.
#[derive(Serialize, ToSchema)]
struct PhoneItem {
    id: i64,
    /// Whose phone, as its maker calls it.
    name: String,
    /// ISO, the last day it is good for.
    until: String,
    /// ISO.
    last_used: Option<String>,
    /// Last day the foreman said that the list is right, ISO.
    confirmed: Option<String>,
}

/// Links of a project.
#[derive(Serialize, ToSchema)]
pub(crate) struct PhoneList {
    phones: Vec<PhoneItem>,
}

/// Links of foremen's phones to a project's list. With a session: a key reads, and whoever sees these may end them.
#[utoipa::path(
    get, path = "/api/v1/projects/{code}/phones", tag = "people",
    params(("code" = String, Path, description = "Code, such as nontender:10050261000")),
    responses(
        (status = 200, body = PhoneList), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
    )
)]
pub(crate) fn phones(site: &Site, caller: &Caller, code: &str) -> Outcome {
    let permit = caller.permit::<Change, Person>()?;
    let found = site.desk.read(|s| {
        let within = s.project_within(permit.scope(), code)?;
        Ok::<_, Trouble>(if within { Some(s.foreman_list(&permit, code)?) } else { None })
    })?;
    let day = |seconds: i64| app::clock::day_of(seconds).to_string();
    let item = |l: store::ForemanLink| PhoneItem {
        id: l.id,
        name: l.name,
        until: day(l.expires_at),
        last_used: l.used_at.map(day),
        confirmed: Some(l.confirmed_on).filter(|d| !d.is_empty()),
    };
    json(PhoneList { phones: found.ok_or(Trouble::NotFound)?.into_iter().map(item).collect() })
}

/// Two persons that may be one.
#[derive(Serialize, ToSchema)]
struct PairItem {
    /// By digest.
    persons: [String; 2],
    /// Initials.
    initials: [String; 2],
    /// Log-likelihood weight, hundredths of a bit.
    weight: i32,
}

/// A pair that was decided.
#[derive(Serialize, ToSchema)]
struct PairDecided {
    persons: [String; 2],
    same: bool,
    /// UTC.
    at: String,
}

/// Pairs to decide and decided.
#[derive(Serialize, ToSchema)]
pub(crate) struct PairList {
    open: Vec<PairItem>,
    /// How many more there are.
    more: usize,
    decided: Vec<PairDecided>,
    /// Were all entries within the caller's reach looked at?
    complete: bool,
}

/// Persons on lists of several projects that may be one and the same, the likeliest first. The look stands in the audit trail.
#[utoipa::path(
    get, path = "/api/v1/people/pairs", tag = "people", security(("key" = [])),
    responses((status = 200, body = PairList), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(crate) fn pairs(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Person>()?;
    let found = twins::pairs(&site.desk, &permit)?;
    let mut told = event(permit.actor(), "twins_read", "people", &caller.asking.reference);
    told.reason = format!("pairs:{}", found.open.len());
    site.desk.write(|s| s.audit(told))?;
    let both = |p: &twins::Pair, of: fn(&store::Stay) -> String| [of(&p.stays[0]), of(&p.stays[1])];
    let open = found.open.iter().map(|p| PairItem {
        persons: both(p, |s| s.person.clone()),
        initials: both(p, |s| s.entry.name.initials()),
        weight: p.weight,
    });
    json(PairList {
        open: open.collect(),
        more: found.more,
        decided: found
            .decided
            .into_iter()
            .map(|(d, _)| PairDecided { persons: d.pair, same: d.same, at: d.at })
            .collect(),
        complete: found.all,
    })
}

/// What a bundle is made for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BundleAsked {
    /// In words; it stands in the audit trail.
    #[schema(min_length = 10, max_length = 300)]
    purpose: String,
}

/// Everything kept about a person, unmasked, for that person (UU 27/2022 Article 7). With a session: no key reveals. The look and its purpose
/// stand in the audit trail.
#[utoipa::path(
    post, path = "/api/v1/people/{person}/bundle", tag = "people", request_body = BundleAsked,
    params(("person" = String, Path, description = "The digest of a list of people")),
    responses(
        (status = 200, description = "Lists, days, spells, accidents, looks"), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
    )
)]
pub(crate) fn bundle(site: &Site, caller: &Caller, person: &str, asked: Option<BundleAsked>) -> Outcome {
    let (reveal, read) = (caller.permit::<Reveal, Person>()?, caller.permit::<Read, Person>()?);
    let purpose = asked.map(|a| a.purpose.trim().to_owned()).filter(|p| is_purpose(p)).ok_or(BAD_PARAMETER)?;
    let about = (person, purpose.as_str());
    let found = rights::bundle(&site.desk, (&read, &reveal), about, &caller.asking.reference)?;
    json(found.ok_or(Trouble::NotFound)?)
}

/// A request to erase a person.
#[derive(Serialize, ToSchema)]
struct ErasureItem {
    id: i64,
    /// By digest.
    person: String,
    reason: String,
    /// UTC.
    asked: String,
    decided: Option<String>,
    /// `done`, `declined`, or empty while it waits.
    outcome: String,
    /// Entries of lists whose personal cells are gone.
    entries: i64,
}

/// Requests, those that wait first.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErasureList {
    erasures: Vec<ErasureItem>,
}

/// Requests to erase a person. Asked for and carried out on the desk, by two persons.
#[utoipa::path(
    get, path = "/api/v1/erasures", tag = "people", security(("key" = [])),
    responses((status = 200, body = ErasureList), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(crate) fn erasures(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Erasure>()?;
    let item = |r: rights::ErasureRow| ErasureItem {
        id: r.id,
        person: r.person,
        reason: r.reason,
        asked: r.asked_at,
        decided: r.decided_at,
        outcome: r.outcome,
        entries: r.entries,
    };
    json(ErasureList { erasures: rights::list(&site.desk, &permit)?.into_iter().map(item).collect() })
}
