//! What a person may ask: what is kept about them, to whom it was shown, and that it be erased (UU 27/2022 Articles 5 to 8).

use super::roster::{Timeline, timeline_of};
use super::{Desk, accidents, event};
use crate::{Fault, clock};
use authz::{Change, Erasure, Permit, Person, Read, Release, Reveal};
use registers::records::ListOf;
use serde::Serialize;
pub use store::{ErasureRow, NoErasure};

/// Entries of the audit trail in a bundle at most.
const LOOKS_MAX: usize = 1_000;

/// Requests listed.
const LISTED: usize = 200;

/// One line of one list, with everything it says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Project; empty where only a registration lists the person.
    pub project: String,
    /// Its name, or the number of the registration.
    pub name: String,
    /// Whose list: `project` or `insurer`.
    pub list: &'static str,
    /// File it came in.
    pub file: String,
    /// When that was, UTC.
    pub at: String,
    /// Line there.
    pub line: u32,
    /// Field and what it says, in the order of a list.
    pub says: Vec<(&'static str, String)>,
}

/// Who looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Look {
    /// When, UTC.
    pub at: String,
    /// Member, by number: a person is told that somebody of the office looked, and the office knows who.
    pub by: String,
    /// What was done.
    pub what: String,
    /// What for.
    pub purpose: String,
}

/// Everything kept about a person.
#[derive(Debug, Clone, Serialize)]
pub struct Bundle {
    /// When the bundle was made, UTC.
    pub made_at: String,
    /// The person, by digest.
    pub person: String,
    /// Lines of lists.
    pub lists: Vec<Kept>,
    /// Days at work covered, uncovered, covered twice, between lists.
    pub days: [u32; 4],
    /// Spells in one state: project, first day, last day, state.
    pub spells: Vec<[String; 4]>,
    /// Accidents: project, when, what was told, where it stands.
    pub accidents: Vec<[String; 4]>,
    /// Who looked, the newest first.
    pub looks: Vec<Look>,
}

/// The person of an identity number, by digest, where a list within the permit names them. That somebody asked stands in the trail.
///
/// # Errors
/// [`Fault`] of the database.
pub fn find(
    desk: &Desk,
    (read, reveal): (&Permit<Read, Person>, &Permit<Reveal, Person>),
    nik: &str,
    request: &str,
) -> Result<Option<String>, Fault> {
    let Ok(nik) = kernel::id::Nik::parse(nik) else { return Ok(None) };
    let (person, found) = desk.read(|s| {
        let person = s.person_digest(&nik);
        let found = !s.stay_of(read, &person)?.is_empty();
        Ok::<_, Fault>((person, found))
    })?;
    let mut told = event(reveal.actor(), "person_search", "person", request);
    (if found { "found" } else { "not found" }).clone_into(&mut told.outcome);
    desk.write(|s| s.audit(told).map_err(Fault::from))?;
    Ok(found.then_some(person))
}

/// Everything kept about a person within the permit, for that person. None where there is nobody. That it was made stands in the trail, with
/// what for.
///
/// # Errors
/// [`Fault`] of the database.
pub fn bundle(
    desk: &Desk,
    (read, reveal): (&Permit<Read, Person>, &Permit<Reveal, Person>),
    (person, purpose): (&str, &str),
    request: &str,
) -> Result<Option<Bundle>, Fault> {
    let Some(timeline) = timeline_of(desk, read, person)? else { return Ok(None) };
    let mut told = event(reveal.actor(), "person_bundle", &format!("person:{person}"), request);
    purpose.clone_into(&mut told.reason);
    desk.write(|s| s.audit(told).map_err(Fault::from))?;
    let (lists, accidents, looks) = desk.read(|s| {
        let stays = s.stay_of(read, person)?;
        let marks: Vec<String> = stays.iter().map(|(stay, _)| stay.mark.clone()).collect();
        let lists = stays.iter().map(|(stay, project)| kept(s, read, &stay.entry, project.as_deref()));
        let lists = lists.collect::<Result<Vec<_>, Fault>>()?;
        Ok::<_, Fault>((
            lists,
            s.accidents_about(reveal, &marks)?,
            s.audit_about(reveal, &format!("person:{person}"), LOOKS_MAX)?,
        ))
    })?;
    let look =
        |e: audit::Entry| Look { at: e.event.at, by: e.event.actor, what: e.event.action, purpose: e.event.reason };
    Ok(Some(Bundle {
        made_at: clock::now(),
        person: person.to_owned(),
        lists,
        days: [timeline.days.covered, timeline.days.uncovered, timeline.days.twice, timeline.days.away],
        spells: spells(&timeline),
        accidents: accidents.into_iter().map(accident).collect(),
        looks: looks.into_iter().map(look).collect(),
    }))
}

fn spells(timeline: &Timeline) -> Vec<[String; 4]> {
    let on = timeline.on.iter().flat_map(|p| p.segments.iter().map(move |s| (p, s)));
    on.map(|(p, s)| [p.name.clone(), s.from.to_string(), s.to.to_string(), s.state.name().to_owned()]).collect()
}

fn accident((row, steps): accidents::File) -> [String; 4] {
    let told: accidents::Told = serde_json::from_str(&row.body).unwrap_or_default();
    let said = [told.what, told.injury, told.treated, told.witnesses];
    let said: Vec<String> = said.into_iter().filter(|t| !t.is_empty()).collect();
    [row.name, row.happened, said.join(". "), accidents::facts(&steps).standing().to_owned()]
}

fn kept(
    store: &store::Store,
    read: &Permit<Read, Person>,
    entry: &registers::records::Entry,
    project: Option<&str>,
) -> Result<Kept, Fault> {
    let origin = entry.origin;
    let (file, at) = store.table_file(i64::from(origin.table.0))?.unwrap_or_default();
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let day = |d: Option<kernel::Date>| d.map(|d| d.to_string()).unwrap_or_default();
    let wage = entry.wage.and_then(|w| w.round(kernel::money::Rounding::HalfUp)).map(|w| w.0.to_string());
    let nik = entry.nik.as_ref().and_then(|n| n.as_ref().ok()).map(|n| n.reveal().to_owned());
    let says = [
        ("nama", [entry.name.bare.as_str(), entry.name.titles.as_str()].join(" ").trim().to_owned()),
        ("nik", nik.unwrap_or_default()),
        ("tempat_lahir", text(&entry.birth_place)),
        ("tgl_lahir", day(entry.birth)),
        ("jenis_kelamin", entry.sex.map_or_else(String::new, |s| s.letter().to_owned())),
        ("alamat", text(&entry.address)),
        ("hp", text(&entry.phone)),
        ("kpj", text(&entry.card)),
        ("jabatan", text(&entry.trade)),
        ("jenis_upah", entry.kind.map_or_else(String::new, |k| k.word().to_owned())),
        ("upah", wage.unwrap_or_default()),
        ("subkontraktor", text(&entry.subcontractor)),
        ("mulai_bekerja", day(entry.joined)),
        ("selesai_bekerja", day(entry.left)),
        ("tgl_lapor", day(entry.reported)),
        ("sumber", text(&entry.source)),
        ("kecamatan", text(&entry.district)),
        ("desil", entry.decile.map_or_else(String::new, |d| d.to_string())),
        ("alasan_keluar", text(&entry.why_left)),
        ("tgl_meninggal", day(entry.died)),
    ];
    Ok(Kept {
        project: project.unwrap_or_default().to_owned(),
        name: match (project, &entry.list) {
            (Some(code), _) => store.stay_project(read, code)?.map_or_else(|| code.to_owned(), |p| p.name),
            (None, Some(list)) => list.name().to_owned(),
            (None, None) => String::new(),
        },
        list: match entry.list {
            Some(ListOf::Project(_)) => "project",
            Some(ListOf::Other(_)) => "other",
            Some(ListOf::Vulnerable(_)) => "vulnerable",
            Some(ListOf::Registration(_)) | None => "insurer",
        },
        file,
        at,
        line: origin.line,
        says: says.into_iter().filter(|(_, t)| !t.is_empty()).collect(),
    })
}

/// Asks for a person to be erased. False where the person stands on a list outside the permit or on none, or a request waits already.
///
/// # Errors
/// [`Fault`] of the database.
pub fn ask(
    desk: &Desk,
    permits: (&Permit<Change, Erasure>, &Permit<Read, Person>),
    (person, reason): (&str, &str),
    request: &str,
) -> Result<bool, Fault> {
    let mut told = event(permits.0.actor(), "erasure_ask", &format!("person:{person}"), request);
    reason.clone_into(&mut told.reason);
    desk.write(|s| s.erasure_ask(permits, (person, reason), &clock::now(), told).map_err(Fault::from))
        .map(|id| id.is_some())
}

/// Requests, those that wait first.
///
/// # Errors
/// [`Fault`] of the database.
pub fn list(desk: &Desk, permit: &Permit<Read, Erasure>) -> Result<Vec<ErasureRow>, Fault> {
    desk.read(|s| s.erasure_list(permit, LISTED).map_err(Fault::from))
}

/// Carries a request out or declines it; how many entries lost their personal cells.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not done.
pub fn decide(
    desk: &Desk,
    permit: &Permit<Release, Erasure>,
    (id, carry_out): (i64, bool),
    request: &str,
) -> Result<Result<i64, NoErasure>, Fault> {
    let what = if carry_out { "erasure_done" } else { "erasure_declined" };
    let told = event(permit.actor(), what, &format!("erasure:{id}"), request);
    let done = desk.write(|s| s.erasure_decide(permit, (id, carry_out), &clock::now(), told).map_err(Fault::from))?;
    if carry_out && done.is_ok() {
        super::jobs::ask_picture(desk, permit.actor())?;
    }
    Ok(done)
}
