//! Workshops: planned for a role, guests invited by letter, attendance by a code in the room or by a list, five questions, a signed certificate, and
//! whether anything changed afterwards.
//!
//! Nobody who comes signs in. The code of a workshop opens its door on its day and nothing else; whoever went through it gets a code of their own, which
//! opens their questions and their certificate. Both are digests under the data folder's key: nothing is kept to know them again.

use super::letters::{Amiss, Style, framed, style};
use super::slips::code_of;
use super::{Desk, event};
use crate::legal::guide::Role;
use crate::legal::quiz::{self, QUESTIONS, Question};
use crate::{Fault, Language, Refused, clock, signing, words};
use ::letters::{Block, Content, Issued};
use assess::effect::{Attended, Started, effect};
pub use assess::effect::{Effect, Estimate, Terms};
use authz::{Change, Permit, PublicProject, Read, Training};
use kernel::Date;
use kernel::date::add_days;
use std::collections::BTreeMap;
pub use store::{Attendee, AttendeeName, Came, InviteRow, Promptness, TrainingRow};
use verify::slip::CERTIFICATE;
use verify::{Certificate, sign};

/// Seats of a workshop at most.
const SEATS_MAX: i64 = 2_000;

/// Days ahead a workshop may be planned, and back it may be told of.
const AHEAD: i32 = 400;
const BACK: i32 = 1_100;

/// Days the questions stay open, with the day itself.
const TEST_DAYS: i32 = 14;

/// Days back of which start orders are shown beside agencies.
const SHOWN_DAYS: i32 = 365;

/// Letters of a name or an office.
const NAME: std::ops::RangeInclusive<usize> = 3..=200;

/// Letters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 5..=500;

/// Lines of a list at a time.
const LINES_MAX: usize = 500;

/// Letters of a code.
const CODE: usize = 20;

/// Why something about a workshop is not done; each has a sentence `training-no-NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum No {
    /// A workshop without a role, place, day, hours or seats.
    Workshop,
    /// There is none that stands so.
    Unknown,
    /// It is over or called off.
    Over,
    /// Nobody is named to be invited.
    Guests,
    /// The letterhead is not complete.
    Style(Amiss),
    /// No name or no office.
    Name,
    /// It is not the day.
    Day,
    /// The room is full.
    Full,
    /// Not all questions are answered.
    Answers,
    /// No reason.
    Reason,
}

impl No {
    /// Name of its sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Workshop => "training-no-workshop",
            Self::Unknown => "training-no-unknown",
            Self::Over => "training-no-over",
            Self::Guests => "training-no-guests",
            Self::Style(_) => "training-no-style",
            Self::Name => "training-no-name",
            Self::Day => "training-no-day",
            Self::Full => "training-no-full",
            Self::Answers => "training-no-answers",
            Self::Reason => "training-no-reason",
        }
    }
}

/// What is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Role.
    pub role: Role,
    /// Day.
    pub day: Date,
    /// Minutes of the day.
    pub minutes: (i64, i64),
    /// Where.
    pub place: String,
    /// Seats.
    pub seats: i64,
}

fn fits(text: &str, letters: &std::ops::RangeInclusive<usize>) -> bool {
    letters.contains(&text.chars().count())
}

/// Plans a workshop, or tells of one that was; its number.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn plan(
    desk: &Desk,
    permit: &Permit<Change, Training>,
    planned: &Planned,
    request: &str,
) -> Result<Result<i64, No>, Fault> {
    let today = clock::today();
    let (first, last) = (add_days(today, -BACK).unwrap_or(today), add_days(today, AHEAD).unwrap_or(today));
    let place = kernel::text::clean(&planned.place);
    let hours = (0..1_440).contains(&planned.minutes.0) && planned.minutes.0 < planned.minutes.1;
    let is_one = (first..=last).contains(&planned.day) && hours && planned.minutes.1 <= 1_440;
    if !is_one || !fits(&place, &NAME) || !(1..=SEATS_MAX).contains(&planned.seats) {
        return Ok(Err(No::Workshop));
    }
    let row = TrainingRow {
        role: planned.role.name().to_owned(),
        day: planned.day.to_string(),
        minutes: planned.minutes,
        place,
        seats: planned.seats,
        ..TrainingRow::default()
    };
    let told = event(permit.actor(), "training_plan", "training", request);
    let id = desk.write(|s| s.training_add(permit, &row, &clock::now(), told).map_err(Fault::from))?;
    Ok(id.ok_or(No::Unknown))
}

/// Calls a workshop off, with a reason.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn call_off(
    desk: &Desk,
    permit: &Permit<Change, Training>,
    (id, why): (i64, &str),
    request: &str,
) -> Result<Result<(), No>, Fault> {
    let why = kernel::text::clean(why);
    if !fits(&why, &REASON) {
        return Ok(Err(No::Reason));
    }
    let told = event(permit.actor(), "training_end", &format!("training:{id}"), request);
    let done = desk.write(|s| s.training_end(permit, (id, &why), &clock::now(), told).map_err(Fault::from))?;
    Ok(if done { Ok(()) } else { Err(No::Unknown) })
}

/// A workshop.
///
/// # Errors
/// [`Fault`] of the database.
pub fn one(desk: &Desk, permit: &Permit<Read, Training>, id: i64) -> Result<Option<TrainingRow>, Fault> {
    desk.read(|s| Ok(s.training_list(permit, Some(id), 1)?.into_iter().next()))
}

/// Invites guests, each by a letter of its own; how many were not invited before.
///
/// # Errors
/// [`Fault`] of database or typesetter: then nobody was invited. Inside, why not.
pub fn invite(
    desk: &Desk,
    (read, change): (&Permit<Read, Training>, &Permit<Change, Training>),
    (id, guests): (i64, &[String]),
    request: &str,
) -> Result<Result<usize, No>, Fault> {
    let Some(row) = one(desk, read, id)? else { return Ok(Err(No::Unknown)) };
    let (today, day) = (clock::today(), day_of(&row)?);
    if row.ended.is_some() || day < today {
        return Ok(Err(No::Over));
    }
    let mut wanted: Vec<String> = guests.iter().map(|g| kernel::text::clean(g)).filter(|g| fits(g, &NAME)).collect();
    wanted.sort();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(Err(No::Guests));
    }
    let style = style(desk)?;
    if let Err(amiss) = style.check() {
        return Ok(Err(No::Style(amiss)));
    }
    let mut make = |n: i64, guest: &str| {
        let number = format!("UND-{id}/{n:03}/{}", today.year());
        let pdf = letter(desk, &style, &row, (&number, guest), today).map_err(|e| store::Fault::Damaged(e.0))?;
        Ok((number, pdf))
    };
    let told = event(change.actor(), "training_invite", &format!("training:{id}"), request);
    let about = (id, wanted.as_slice());
    let done = desk.write(|s| s.training_invite(change, about, &clock::now(), told, &mut make).map_err(Fault::from))?;
    Ok(Ok(done))
}

fn day_of(row: &TrainingRow) -> Result<Date, Fault> {
    row.day.parse().map_err(|_| Fault(format!("training {}: day", row.id)))
}

/// Letters and certificates are printed in the language letters are.
const LANGUAGE: Language = Language::Indonesian;

fn say(key: &str) -> String {
    phrases::say_named(LANGUAGE, key, &[])
}

/// Hours as people write them: `08.30–12.00`.
#[must_use]
pub fn hours_text((from, to): (i64, i64)) -> String {
    format!("{:02}.{:02}–{:02}.{:02}", from / 60, from % 60, to / 60, to % 60)
}

fn letter(
    desk: &Desk,
    style: &Style,
    row: &TrainingRow,
    (number, guest): (&str, &str),
    today: Date,
) -> Result<Vec<u8>, Fault> {
    let rows = vec![
        (say("training-programme"), say(&format!("training-role-{}", row.role))),
        (say("training-day"), words::long_date(day_of(row)?, LANGUAGE)),
        (say("training-hours"), hours_text(row.minutes)),
        (say("training-place"), row.place.clone()),
    ];
    let content = Content {
        title: say("training-letter"),
        subject: say("training-letter"),
        recipient: vec![guest.to_owned()],
        blocks: vec![
            Block::Text { text: say("training-letter-dear") },
            Block::Facts { rows },
            Block::Text { text: say("training-letter-bring") },
            Block::Text { text: say("training-letter-close") },
        ],
        ..framed(style, LANGUAGE)
    };
    // The code leads to what will be taught: the guide of the role.
    let content = Content {
        labels: ::letters::Labels { verify: say("training-letter-guide"), ..content.labels.clone() },
        ..content
    };
    issued(&content, number, &format!("{}/panduan/{}", desk.address(), row.role), None, today)
}

fn issued(content: &Content, number: &str, url: &str, code: Option<&str>, day: Date) -> Result<Vec<u8>, Fault> {
    let issued = Issued {
        content,
        number,
        date: &words::long_date(day, LANGUAGE),
        day: (day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs()),
        verify_url: url,
        code,
    };
    issued.pdf().map_err(|e| Fault(e.0))
}

fn code(desk: &Desk, kind: &[u8], id: i64) -> String {
    let digest = store::hex(&desk.vault.blind(&[kind, &id.to_le_bytes()]));
    format!("{id}-{}", &digest[..CODE])
}

fn opened(desk: &Desk, kind: &[u8], said: &str) -> Option<i64> {
    let id = said.split('-').next()?.parse().ok()?;
    // Compared as digests: how long it takes tells nothing of where they differ.
    let same = |a: &str, b: &str| desk.vault.blind(&[a.as_bytes()]) == desk.vault.blind(&[b.as_bytes()]);
    same(&code(desk, kind, id), said).then_some(id)
}

/// The code of a workshop, as it hangs in the room.
#[must_use]
pub fn door(desk: &Desk, id: i64) -> String {
    code(desk, b"training door", id)
}

/// The code of somebody who came.
#[must_use]
pub fn own(desk: &Desk, person: i64) -> String {
    code(desk, b"training own", person)
}

/// The workshop a code opens, with its guests.
///
/// # Errors
/// [`Fault`] of the database.
pub fn at_the_door(
    desk: &Desk,
    permit: &Permit<Read, PublicProject>,
    code: &str,
) -> Result<Option<(TrainingRow, Vec<String>)>, Fault> {
    let Some(id) = opened(desk, b"training door", code) else { return Ok(None) };
    desk.read(|s| {
        let Some(row) = s.training_face(permit, id)? else { return Ok(None) };
        Ok(Some((row, s.guest_list(permit, id)?)))
    })
}

/// Is the door open: is it the day, and was it not called off?
#[must_use]
pub fn is_open(row: &TrainingRow) -> bool {
    row.ended.is_none() && row.day == clock::today().to_string()
}

fn name_of(name: &str, office: &str) -> Option<AttendeeName> {
    let name = AttendeeName { name: kernel::text::clean(name), office: kernel::text::clean(office) };
    (fits(&name.name, &NAME) && fits(&name.office, &NAME)).then_some(name)
}

/// Somebody says to be here; the answer is that person's own code.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn come(
    desk: &Desk,
    permit: &Permit<Read, PublicProject>,
    code: &str,
    (name, office): (&str, &str),
    request: &str,
) -> Result<Result<String, No>, Fault> {
    let Some((row, _)) = at_the_door(desk, permit, code)? else { return Ok(Err(No::Unknown)) };
    if !is_open(&row) {
        return Ok(Err(if row.ended.is_some() { No::Over } else { No::Day }));
    }
    let Some(name) = name_of(name, office) else { return Ok(Err(No::Name)) };
    let told = event(None, "training_come", "training_person", request);
    let came = keep(desk, &row, (&name, "code"), told)?;
    Ok(match came {
        Came::New(person) | Came::Known(person) => Ok(own(desk, person)),
        Came::Full => Err(No::Full),
    })
}

fn keep(desk: &Desk, row: &TrainingRow, (name, how): (&AttendeeName, &str), told: audit::Event) -> Result<Came, Fault> {
    // Rooms are fuller than their seats; a door that everybody may push is not without end.
    let most = row.seats + row.seats / 2 + 5;
    desk.write(|s| s.training_came((row.id, name, how), most, &clock::now(), told).map_err(Fault::from))
}

/// What became of a list of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// People not on it before.
    pub new: usize,
    /// People on it before.
    pub known: usize,
    /// Lines that name nobody, by their number.
    pub bad: Vec<usize>,
    /// Lines for whom there was no room.
    pub full: usize,
}

/// Keeps a list of who came, one a line: name, semicolon, office. Lines that read are kept, the others are named.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn list(
    desk: &Desk,
    (read, change): (&Permit<Read, Training>, &Permit<Change, Training>),
    (id, text): (i64, &str),
    request: &str,
) -> Result<Result<Listed, No>, Fault> {
    let Some(row) = one(desk, read, id)? else { return Ok(Err(No::Unknown)) };
    if row.ended.is_some() {
        return Ok(Err(No::Over));
    }
    if day_of(&row)? > clock::today() {
        return Ok(Err(No::Day));
    }
    let mut out = Listed::default();
    for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let parts: Vec<&str> = line.split([';', '\t']).collect();
        let name = if let [name, office, ..] = parts.as_slice() { name_of(name, office) } else { None };
        let Some(name) = name.filter(|_| n < LINES_MAX) else {
            out.bad.push(n + 1);
            continue;
        };
        let told = event(change.actor(), "training_come", "training_person", request);
        match keep(desk, &row, (&name, "list"), told)? {
            Came::New(_) => out.new += 1,
            Came::Known(_) => out.known += 1,
            Came::Full => out.full += 1,
        }
    }
    Ok(if out == Listed::default() { Err(No::Name) } else { Ok(out) })
}

/// Somebody's own page: who, the workshop, the questions, and what came of them.
#[derive(Debug, Clone)]
pub struct Own {
    /// Who.
    pub attendee: Attendee,
    /// The workshop.
    pub training: TrainingRow,
    /// The questions.
    pub questions: Vec<Question>,
    /// The place of each answer; none until all are given.
    pub answers: Option<Vec<usize>>,
    /// Right answers a certificate needs.
    pub pass: i64,
    /// May it still be answered?
    pub is_open: bool,
}

/// What a code of one's own opens. Questions are made when they are first looked at, by the law of that day, and stay.
///
/// # Errors
/// [`Fault`] of the database; inside, what the law lacks.
pub fn own_page(
    desk: &Desk,
    permit: &Permit<Read, PublicProject>,
    code: &str,
    language: Language,
) -> Result<Result<Option<Own>, Refused>, Fault> {
    let Some(person) = opened(desk, b"training own", code) else { return Ok(Ok(None)) };
    let found = desk.read(|s| {
        let Some(attendee) = s.attendee(permit, person)? else { return Ok(None) };
        let row = s.training_face(permit, attendee.training)?;
        Ok::<_, Fault>(row.map(|row| (attendee, row)))
    })?;
    let Some((mut attendee, training)) = found else { return Ok(Ok(None)) };
    let today = clock::today();
    // Whoever passed while no certificate could be made gets it as soon as one can.
    if attendee.certificate.is_none() && attendee.score.is_some_and(|s| s >= pass(desk, today)) {
        certify(desk, permit, person, "")?;
        attendee = desk.read(|s| s.attendee(permit, person).map_err(Fault::from))?.unwrap_or(attendee);
    }
    let text = match &attendee.test {
        Some(text) => text.clone(),
        None => {
            let role = Role::named(&training.role).ok_or_else(|| Fault(format!("role {}", training.role)))?;
            let seed = desk.vault.blind(&[b"training test", &person.to_le_bytes()]);
            let made = match quiz::quiz(role, today, &seed, &desk.law, language) {
                Ok(made) => made,
                Err(refused) => return Ok(Err(refused)),
            };
            let made = serde_json::to_string(&made).map_err(|e| Fault(e.to_string()))?;
            desk.write(|s| s.test_keep(person, &made).map_err(Fault::from))?.unwrap_or(made)
        }
    };
    let read = |e: serde_json::Error| Fault(e.to_string());
    let questions = serde_json::from_str(&text).map_err(read)?;
    let answers = attendee.answers.as_deref().map(serde_json::from_str).transpose().map_err(read)?;
    let last = add_days(day_of(&training)?, TEST_DAYS - 1).unwrap_or(today);
    Ok(Ok(Some(Own { is_open: today <= last, pass: pass(desk, today), attendee, training, questions, answers })))
}

fn pass(desk: &Desk, today: Date) -> i64 {
    desk.law.at(today).number("assessment/training_pass").map_or(QUESTIONS as i64, |n| n.0)
}

/// Answers all questions, once. Who passes gets a certificate at once, where the letterhead is complete.
///
/// # Errors
/// [`Fault`] of database or disk; inside, why not.
pub fn answer(
    desk: &Desk,
    permit: &Permit<Read, PublicProject>,
    (code, answers): (&str, &BTreeMap<usize, usize>),
    language: Language,
    request: &str,
) -> Result<Result<(), No>, Fault> {
    let Ok(Some(own)) = own_page(desk, permit, code, language)? else { return Ok(Err(No::Unknown)) };
    if !own.is_open {
        return Ok(Err(No::Over));
    }
    let given: Option<Vec<usize>> = (0..own.questions.len()).map(|i| answers.get(&i).copied()).collect();
    let fits = |given: &Vec<usize>| given.iter().zip(&own.questions).all(|(a, q)| *a < q.options.len());
    let Some(given) = given.filter(fits) else { return Ok(Err(No::Answers)) };
    let score = given.iter().zip(&own.questions).filter(|(a, q)| **a == q.right).count() as i64;
    let person = own.attendee.id;
    let said = serde_json::to_string(&given).map_err(|e| Fault(e.to_string()))?;
    let told = event(None, "training_answer", &format!("training_person:{person}"), request);
    desk.write(|s| s.test_answer(person, (&said, score), &clock::now(), told).map_err(Fault::from))?;
    certify(desk, permit, person, request)?;
    Ok(Ok(()))
}

/// Gives a certificate to somebody who passed and has none.
fn certify(desk: &Desk, permit: &Permit<Read, PublicProject>, person: i64, request: &str) -> Result<(), Fault> {
    let style = style(desk)?;
    let found = desk.read(|s| {
        let Some(attendee) = s.attendee(permit, person)? else { return Ok(None) };
        Ok::<_, Fault>(s.training_face(permit, attendee.training)?.map(|row| (attendee, row)))
    })?;
    let Some((attendee, row)) = found else { return Ok(()) };
    let today = clock::today();
    let score = attendee.score.unwrap_or(0);
    if score < pass(desk, today) || attendee.certificate.is_some() || style.check().is_err() {
        return Ok(());
    }
    let city = style.lines.first().cloned().unwrap_or_default();
    let (keys, key, secret) = signing::signer(&desk.home, &city, today)?;
    let mut make = |sequence: i64| {
        let said = Certificate {
            city: keys.city.clone(),
            number: format!("SERT-{}-{sequence:06}", today.year()),
            holder: attendee.name.name.clone(),
            office: attendee.name.office.clone(),
            role: row.role.clone(),
            day: row.day.clone(),
            score: [score, QUESTIONS as i64].map(|n| u32::try_from(n).unwrap_or(0)),
            made: today.to_string(),
            key: key.clone(),
        };
        let text = sign(CERTIFICATE, &said, &secret).map_err(|e| store::Fault::Damaged(e.to_string()))?;
        let fingerprint = verify::sealed::fingerprint(&text);
        Ok(store::CertificateIssue { number: said.number, key: said.key, fingerprint, text })
    };
    let told = event(None, "certificate_give", "certificate", request);
    let when = (i64::from(today.year()), clock::now());
    desk.write(|s| s.certificate_add(person, (when.0, &when.1), told, &mut make).map_err(Fault::from))?;
    Ok(())
}

/// Somebody's certificate on paper; none where there is none that stands.
///
/// # Errors
/// [`Fault`] of database or typesetter.
pub fn certificate_pdf(desk: &Desk, attendee: &Attendee, row: &TrainingRow) -> Result<Option<Vec<u8>>, Fault> {
    let Some(certificate) = attendee.certificate.as_ref().filter(|c| c.withdrawn.is_none()) else { return Ok(None) };
    let style = style(desk)?;
    let score = quiz::score_text(attendee.score.unwrap_or(0));
    let rows = vec![
        (say("training-name"), attendee.name.name.clone()),
        (say("training-office"), attendee.name.office.clone()),
        (say("training-programme"), say(&format!("training-role-{}", row.role))),
        (say("training-day"), words::long_date(day_of(row)?, LANGUAGE)),
        (say("training-place"), row.place.clone()),
        (say("training-score"), score),
    ];
    let content = Content {
        title: say("training-certificate"),
        subject: say("training-certificate"),
        recipient: vec![attendee.name.name.clone()],
        blocks: vec![
            Block::Text { text: say("training-certificate-says") },
            Block::Facts { rows },
            Block::Text { text: say("training-certificate-close") },
        ],
        ..framed(&style, LANGUAGE)
    };
    let code = code_of(desk.address(), &certificate.text);
    let day = clock::day_of(attendee.tested_at.as_deref().and_then(clock::seconds_of).unwrap_or_default());
    issued(&content, &certificate.number, &format!("{}/verify", desk.address()), Some(&code), day).map(Some)
}

/// Withdraws a certificate, for a reason.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn withdraw(
    desk: &Desk,
    permit: &Permit<Change, Training>,
    (number, why): (&str, &str),
    request: &str,
) -> Result<Result<(), No>, Fault> {
    let why = kernel::text::clean(why);
    if !fits(&why, &REASON) {
        return Ok(Err(No::Reason));
    }
    let told = event(permit.actor(), "certificate_withdraw", &format!("certificate:{number}"), request);
    let (day, now) = (clock::today().to_string(), clock::now());
    let done = desk.write(|s| s.certificate_withdraw(permit, (number, &day, &why), &now, told).map_err(Fault::from))?;
    Ok(if done { Ok(()) } else { Err(No::Unknown) })
}

/// Takes somebody off the list of a workshop.
///
/// # Errors
/// [`Fault`] of the database.
pub fn not_came(
    desk: &Desk,
    permit: &Permit<Change, Training>,
    about: (i64, i64),
    request: &str,
) -> Result<Result<(), No>, Fault> {
    let told = event(permit.actor(), "training_not_come", &format!("training_person:{}", about.1), request);
    let done = desk.write(|s| s.training_not_came(permit, about, told).map_err(Fault::from))?;
    Ok(if done { Ok(()) } else { Err(No::Unknown) })
}

/// Agencies with their start orders of the last year, those with the most late ones first.
///
/// # Errors
/// [`Fault`] of the database.
pub fn agencies(desk: &Desk, permit: &Permit<Read, Training>) -> Result<Vec<Promptness>, Fault> {
    let since = add_days(clock::today(), -SHOWN_DAYS).unwrap_or(clock::today()).to_string();
    desk.read(|s| s.promptness_list(permit, &since).map_err(Fault::from))
}

/// What workshops changed, and on which terms it is asked.
///
/// # Errors
/// [`Fault`] of the database.
pub fn changed(desk: &Desk, permit: &Permit<Read, Training>) -> Result<(Effect, Terms), Fault> {
    let today = clock::today();
    let number = |path: &str| desk.law.at(today).number(path).map_or(0, |n| n.0);
    let terms = Terms {
        window_days: i32::try_from(number("assessment/training_window_days")).unwrap_or(i32::MAX),
        agencies_min: usize::try_from(number("assessment/training_agencies_min")).unwrap_or(usize::MAX),
        through: today,
    };
    let (days, projects) = desk.read(|s| Ok::<_, Fault>((s.attendance_list(permit)?, s.started_list(permit)?)))?;
    let mut attended: BTreeMap<Date, Attended<'_>> = BTreeMap::new();
    for (day, agency) in &days {
        let day: Date = day.parse().map_err(|_| Fault(format!("a workshop on {day}")))?;
        let round = attended.entry(day).or_insert_with(|| Attended { day, agencies: Default::default() });
        round.agencies.insert(agency);
    }
    let started =
        |(agency, day, prompt): &'_ (String, String, bool)| day.parse().ok().map(|day| (agency.clone(), day, *prompt));
    let all: Vec<(String, Date, bool)> = projects.iter().filter_map(started).collect();
    let started: Vec<Started<'_>> =
        all.iter().map(|(agency, day, prompt)| Started { agency, day: *day, prompt: *prompt }).collect();
    let attended: Vec<Attended<'_>> = attended.into_values().collect();
    Ok((effect(&attended, &started, &terms), terms))
}

/// What there is to say of an effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The estimate, or that it is too little to say.
    pub said: String,
    /// The same a window earlier; empty where that cannot be told.
    pub placebo: String,
    /// How it is asked.
    pub terms: String,
}

/// Percentage points with a sign and one place: `+12,5`.
fn points(ppm: i64, language: Language) -> String {
    let tenths = (ppm.unsigned_abs() + 500) / 1_000;
    let sign = if ppm < 0 && tenths > 0 { "−" } else { "+" };
    format!("{sign}{}", words::tenths_text(tenths, language))
}

/// A share with one place, and the counts it is of: `66,6 % (2/3)`.
#[must_use]
pub fn share_text(all: usize, prompt: usize, language: Language) -> String {
    match (prompt * 1_000).checked_div(all) {
        Some(tenths) => format!("{} % ({prompt}/{all})", words::tenths_text(tenths as u64, language)),
        None => "–".to_owned(),
    }
}

/// An effect in sentences.
#[must_use]
pub fn told(effect: &Effect, terms: &Terms, language: Language) -> Told {
    let estimate = |e: &Estimate, name: &str| {
        let [from, to] = e.interval_ppm.map(|end| points(end, language));
        let effect = points(e.effect_ppm, language);
        phrases::say_with(language, name, &[("effect", effect), ("from", from), ("to", to)])
    };
    let count = |name: &str, argument: &str, n: i64| phrases::say_named(language, name, &[(argument, &n.to_string())]);
    let said = match &effect.estimate {
        // Not about nothing at either end: something can be said.
        Some(e) if e.interval_ppm[0] > 0 || e.interval_ppm[1] < 0 => estimate(e, "training-effect-said"),
        Some(e) => estimate(e, "training-effect-unsure"),
        None => count("training-effect-small", "count", i64::try_from(terms.agencies_min).unwrap_or(i64::MAX)),
    };
    Told {
        said,
        placebo: effect.placebo.map(|e| estimate(&e, "training-effect-placebo")).unwrap_or_default(),
        terms: count("training-effect-terms", "days", terms.window_days.into()),
    }
}
