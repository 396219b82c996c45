//! Enrolment at the outreach car on a phone that may be without a line for days: a link for one tour, what the phone is shown, and what it says when it is back.
//!
//! A phone numbers each person it enrols by lot and says so until it is answered. What was answered once is not done twice: the answer is written in the transaction
//! that puts the person on the list. Whoever is enrolled comes in at the front door, as a row of `pekerja_rentan`; its key is group, number and name, so two phones that met the
//! same person make one entry, and a file is taken back like any other.

use super::outreach;
use super::{Desk, event, hex, token_hash, unhex};
use crate::{Fault, clock};
use authz::{Actor, Change, Outreach, Permit, Read, Vulnerable};
use kernel::Date;
use kernel::date::add_days;
use kernel::id::Nik;
use registers::{CellKind, Columns, RawRow};
use std::collections::{BTreeMap, BTreeSet};
pub use store::EnrolLink;
use store::{EnrolAnswer, FileFacts, TableFacts};

/// Days a link is good for after the day of its tour.
pub const DAYS_AFTER: i32 = 14;

/// People said at once at most; a phone with more says them in turn.
pub const ACTS_MAX: usize = 50;

/// What a link's secret begins with.
const PREFIX: &str = "warga_";

const DAY_SECONDS: i64 = 24 * 3_600;

/// A link is noted as used once an hour.
const USED_SECONDS: i64 = 3_600;

/// Fields a phone fills, in the order of the row; the first two have to be there.
const FIELDS: [&str; 10] =
    ["kelompok", "nama", "nik", "tgl_lahir", "tempat_lahir", "jenis_kelamin", "alamat", "kecamatan", "hp", "jabatan"];

/// Letters of a field at most.
const FIELD_MAX: usize = 200;

/// A phone that asks: its link, and what that may.
#[derive(Debug, Clone)]
pub struct Phone {
    /// The link.
    pub link: EnrolLink,
    /// Its maker, for enrolling only.
    pub actor: Actor,
}

/// Somebody a phone enrols.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The phone's own number for it.
    pub id: String,
    /// The stop; 0 where nobody said.
    pub stop: i64,
    /// The day.
    pub day: Option<Date>,
    /// Cells by field.
    pub cells: BTreeMap<String, String>,
}

/// What it takes to make a link: the tours, and the list people come onto.
type May<'p> = (&'p Permit<Read, Outreach>, &'p Permit<Change, Outreach>, &'p Permit<Change, Vulnerable>);

/// A tour as a phone is shown it: its day, and its stops by number and name.
pub type Shown = (String, Vec<(i64, String)>);

/// Makes a link for a tour in a member's name; its secret, shown once. None where there is no such tour.
///
/// # Errors
/// [`Fault`] of the database.
pub fn make(
    desk: &Desk,
    (read, change, lists): May<'_>,
    (tour, name): (i64, &str),
    request: &str,
) -> Result<Option<String>, Fault> {
    let Some(member) = change.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(None) };
    let Some((row, ..)) = outreach::one(desk, read, tour)? else { return Ok(None) };
    let (token, now, today) = (Desk::token()?, clock::seconds(), clock::today());
    let day = row.day.parse::<Date>().map_err(|_| Fault(format!("tour {tour}: day")))?.max(today);
    let last = add_days(day, DAYS_AFTER).unwrap_or(day);
    let days = today.until(last).map_or(0, |span| i64::from(span.get_days()));
    let link = EnrolLink {
        id: 0,
        tour,
        member,
        name: kernel::text::excerpt(name.trim(), 60),
        created_at: now,
        expires_at: now + days * DAY_SECONDS,
        used_at: None,
    };
    let told = event(Some(member), "enrol_link", &format!("outreach_tour:{tour}"), request);
    let both = (change, lists);
    let made = desk.write(|s| s.enrol_link_add(both, &token_hash(&token), &link, told).map_err(Fault::from))?;
    Ok(made.then(|| format!("{PREFIX}{}", hex(&token))))
}

/// Ends a link. False where there is none.
///
/// # Errors
/// [`Fault`] of the database.
pub fn end(desk: &Desk, permit: &Permit<Change, Outreach>, about: (i64, i64), request: &str) -> Result<bool, Fault> {
    let told = event(permit.actor(), "enrol_link_end", &format!("outreach_tour:{}", about.0), request);
    desk.write(|s| s.enrol_link_end(permit, about, clock::seconds(), told).map_err(Fault::from))
}

/// Who asks with a link. None where it is unknown, ended or too old, and where its maker may no longer put anybody on a list.
///
/// # Errors
/// [`Fault`] of the database.
pub fn phone(desk: &Desk, secret: &str) -> Result<Option<Phone>, Fault> {
    let Some(token) = secret.strip_prefix(PREFIX).and_then(unhex) else { return Ok(None) };
    let now = clock::seconds();
    let found = desk.read(|s| s.enrol_link(&token_hash(&token)).map_err(Fault::from))?;
    let Some(link) = found.filter(|l| l.expires_at > now) else { return Ok(None) };
    let actor = desk.actor(Some(link.member))?.for_enrolment();
    if authz::permit::<Change, Vulnerable>(&actor).is_none() {
        return Ok(None);
    }
    if link.used_at.is_none_or(|at| now - at > USED_SECONDS) {
        desk.write(|s| s.enrol_link_used(link.id, now).map_err(Fault::from))?;
    }
    Ok(Some(Phone { actor, link }))
}

/// What a phone is shown of its tour. Nobody who is on a list already.
///
/// # Errors
/// [`Fault`] of the database.
pub fn shown(desk: &Desk, phone: &Phone) -> Result<Option<Shown>, Fault> {
    // The link is for this tour: its maker may read it, the phone nothing else.
    let Some(read) = authz::permit::<Read, Outreach>(&desk.actor(Some(phone.link.member))?) else { return Ok(None) };
    let Some((row, day, _)) = outreach::one(desk, &read, phone.link.tour)? else { return Ok(None) };
    let stops = day.tours.iter().flat_map(|t| &t.visits).map(|v| (v.stop, v.name.clone()));
    Ok(Some((row.day, stops.collect())))
}

/// The register people are put on.
fn register() -> Result<&'static registers::Register, Fault> {
    registers::register("pekerja_rentan").ok_or_else(|| Fault("no register pekerja_rentan".to_owned()))
}

/// Somebody as a row says it: fields that say something, in order.
struct Row {
    cells: BTreeMap<&'static str, String>,
    nik: Option<Nik>,
    /// Key of the group.
    group: String,
}

/// The row of somebody; none where it names nobody or no group. What is not said is no cell: a blank would wipe what an older list says.
fn row_of(said: &Said, source: &str, today: Date) -> Option<Row> {
    let cell = |field: &str| said.cells.get(field).map(|t| kernel::text::clean(t)).unwrap_or_default();
    let mut cells: BTreeMap<&'static str, String> =
        FIELDS.iter().map(|f| (*f, cell(f))).filter(|(_, text)| !text.is_empty()).collect();
    let fits = cells.values().all(|text| text.chars().count() <= FIELD_MAX);
    let group = cells.get("kelompok").and_then(|g| registers::person::group(g)).filter(|_| fits)?;
    cells.get("nama")?;
    let nik = cells.get("nik").and_then(|n| Nik::parse(n).ok());
    if nik.is_none() {
        // Without a readable number two people of one name are told apart by the phone's own number for each.
        let typed = cells.get("nik").cloned().unwrap_or_default();
        cells.insert("nik", format!("{typed} #{}", &said.id[said.id.len().saturating_sub(8)..]).trim().to_owned());
    }
    // Nobody was enrolled tomorrow, or before there was a tour.
    let day = said.day.filter(|d| *d <= today && add_days(*d, 90).is_some_and(|last| last >= today)).unwrap_or(today);
    cells.insert("mulai_bekerja", day.to_string());
    cells.insert("sumber", source.to_owned());
    // Who left a list and is back has not left it.
    cells.insert("selesai_bekerja", String::new());
    Some(Row { cells, nik, group })
}

/// Each person the phone said, by its number, with what came of it: `stored`, `nik` (stored, and the number is missing or cannot be), `known` (stood there already), `unread`.
///
/// # Errors
/// [`Fault`] of the database: then what was not answered before was not stored, and the phone says it again.
pub fn hear(
    desk: &Desk,
    phone: &Phone,
    said: &[Said],
    request: &str,
) -> Result<Option<BTreeMap<String, String>>, Fault> {
    let Some(permit) = authz::permit::<Change, Vulnerable>(&phone.actor) else { return Ok(None) };
    let (link, today) = (&phone.link, clock::today());
    let ids: Vec<String> = said.iter().map(|s| s.id.clone()).collect();
    let source = format!("mobil layanan {}", link.tour);
    let answers = desk.write(|store| {
        let mut answers = store.enrol_known(link.id, &ids)?;
        let mut met: BTreeSet<&str> = BTreeSet::new();
        let fresh: Vec<&Said> = said.iter().filter(|s| !answers.contains_key(&s.id) && met.insert(&s.id)).collect();
        if fresh.is_empty() {
            return Ok(answers);
        }
        let mut told: Vec<EnrolAnswer> = Vec::new();
        let mut tables: BTreeMap<Vec<&'static str>, Vec<Row>> = BTreeMap::new();
        let mut here: BTreeSet<([u8; 16], String)> = BTreeSet::new();
        for s in &fresh {
            let Some(row) = row_of(s, &source, today) else {
                told.push((s.id.clone(), "unread", s.stop));
                continue;
            };
            // Somebody with a number stands on a list or not, however name and group are written.
            let person = row.nik.as_ref().map(|nik| store.enrol_person(nik));
            let stands = match &person {
                Some(person) => {
                    let day = today.to_string();
                    !here.insert((*person, row.group.clone()))
                        || store.enrol_stands(&permit, (person, &row.group), &day)?
                }
                None => false,
            };
            let outcome = if stands {
                "known"
            } else if person.is_some() {
                "stored"
            } else {
                "nik"
            };
            told.push((s.id.clone(), outcome, s.stop));
            if !stands {
                tables.entry(row.cells.keys().copied().collect()).or_default().push(row);
            }
        }
        let nonce = Desk::token()?;
        let facts = FileFacts {
            name: format!("pendaftaran mobil {}: ponsel {}, {}", link.tour, link.name, clock::now()),
            digest: store.blind(&[b"enrolment", &nonce]),
            bytes: 0,
            recorded_at: clock::now(),
        };
        let mut import = store.import_begin(&facts)?;
        // A table for each set of fields that are said.
        for (fields, rows) in tables {
            let (columns, _) = Columns::bind(register()?, &fields);
            import.table(TableFacts { sheet: None, columns, header_line: 1, reading: "desk".to_owned() })?;
            for (i, said) in rows.iter().enumerate() {
                let mut row = RawRow::at(i as u32 + 1);
                said.cells.values().for_each(|text| row.push(text, CellKind::Text));
                import.row(&row)?;
            }
        }
        let mut done = event(permit.actor(), "outreach_enrol", &format!("outreach_tour:{}", link.tour), request);
        done.reason = format!("file:{} people:{}", import.file(), told.len());
        import.audit(done)?;
        import.enrolled((link.id, &clock::now()), &told)?;
        import.commit()?;
        answers.extend(told.into_iter().map(|(id, outcome, _)| (id, outcome.to_owned())));
        Ok::<_, Fault>(answers)
    })?;
    if answers.values().any(|outcome| outcome == "stored" || outcome == "nik") {
        super::jobs::ask_picture(desk, permit.actor())?;
    }
    Ok(Some(answers))
}
