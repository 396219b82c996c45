//! A mail in the morning for members who asked for it: how much waits for them, and where. Counts and a link; no project, no firm, no person.

use super::letters::style;
use super::{Desk, accidents, event};
use crate::{Fault, Language, clock, words};
use authz::{Accident, Actor, Finding, Mail, Project, Read, Release, permit};
use lettre::message::{Mailbox, SinglePart};
use lettre::{Message, SmtpTransport, Transport};
use store::JobAsk;

/// The language they are written in: nobody's own is known.
const LANGUAGE: Language = Language::Indonesian;

/// Letters and accidents looked at.
const LOOKED_AT: usize = 500;

/// Attempts of one day.
const ATTEMPTS_MAX: u64 = 4;

/// Seconds before the second attempt; each further one waits longer.
const RETRY_SECONDS: i64 = 900;

/// Keeps whether a member wants it.
///
/// # Errors
/// [`Fault`] of the database.
pub fn want(desk: &Desk, member: i64, wanted: bool, request: &str) -> Result<(), Fault> {
    let mut told = event(Some(member), "remind", "account", request);
    (if wanted { "yes" } else { "no" }).clone_into(&mut told.reason);
    desk.write(|s| s.remind_change(member, wanted, told).map_err(Fault::from))
}

/// What waits for somebody, as keys of sentences with counts; nothing that is zero.
///
/// # Errors
/// [`Fault`] of the database.
pub fn waiting(desk: &Desk, actor: &Actor) -> Result<Vec<(&'static str, u64)>, Fault> {
    let mut out = Vec::new();
    let mut add = |key, n: usize| {
        if n > 0 {
            out.push((key, n as u64));
        }
    };
    desk.read(|s| {
        if let Some(permit) = permit::<Read, Project>(actor) {
            let sums = s.project_sums(&permit)?;
            let of = |state: &str| sums.iter().find(|x| x.0 == state).map_or(0, |x| x.1.unsigned_abs() as usize);
            add("remind-exposed", of("exposed"));
            add("remind-registering", of("registering"));
            add("remind-window", of("window"));
        }
        if permit::<Release, Finding>(actor).is_some()
            && let Some(permit) = permit::<Read, Finding>(actor)
        {
            add("remind-findings", s.finding_waiting(&permit)?.len());
        }
        if let Some(permit) = permit::<Read, Accident>(actor) {
            let files = s.accident_list(&permit, None, LOOKED_AT)?;
            add(
                "remind-accidents",
                files.iter().filter(|(_, steps)| accidents::facts(steps).stage_one.is_none()).count(),
            );
        }
        if let Some(permit) = permit::<Read, Mail>(actor) {
            let mut unanswered = 0;
            for letter in s.mail_list(&permit, None, LOOKED_AT)? {
                unanswered += usize::from(s.mail_replies(&letter)?.iter().all(|r| r.kind == store::OPENED));
            }
            add("remind-mail", unanswered);
        }
        Ok::<_, Fault>(())
    })?;
    Ok(out)
}

/// Asks for a mail to everybody who is to get one today: once a day, within the office's hours.
///
/// # Errors
/// [`Fault`] of the database.
pub fn ask(desk: &Desk) -> Result<bool, Fault> {
    if !desk.has_post() || !super::letters::is_open(desk, &style(desk)?) {
        return Ok(false);
    }
    let today = clock::today().to_string();
    let due = desk.read(|s| s.remind_due(&today).map_err(Fault::from))?;
    for (member, _) in &due {
        asked(*member, &today, 1, 0, |job| desk.write(|s| s.remind_ask(*member, &today, job)))?;
    }
    Ok(!due.is_empty())
}

/// The job that writes to a member, handed to whoever writes it down.
fn asked<T>(member: i64, day: &str, attempt: u64, not_before: i64, write: impl FnOnce(&JobAsk<'_>) -> T) -> T {
    let subject = serde_json::json!({ "member": member, "day": day, "attempt": attempt }).to_string();
    write(&JobAsk { kind: "remind", subject: &subject, by: None, at: &clock::now(), not_before })
}

fn message(desk: &Desk, to: &str, waits: &[(&'static str, u64)]) -> Option<Message> {
    let from: Mailbox = desk.outside.mail_from.as_deref()?.parse().ok()?;
    let to: Mailbox = to.parse().ok()?;
    let day = words::long_date(clock::today(), LANGUAGE);
    let mut lines = vec![phrases::say_named(LANGUAGE, "remind-opening", &[("day", &day)]), String::new()];
    for (key, n) in waits {
        lines.push(format!("- {}", phrases::say_named(LANGUAGE, key, &[("count", &words::count_text(*n, LANGUAGE))])));
    }
    lines.push(String::new());
    lines.push(format!("{}/hari-ini", desk.address()));
    lines.push(String::new());
    lines.push(phrases::say_named(LANGUAGE, "remind-ending", &[("url", &format!("{}/akun", desk.address()))]));
    let subject = phrases::say_named(LANGUAGE, "remind-subject", &[("day", &day)]);
    Message::builder().from(from).to(to).subject(subject).singlepart(SinglePart::plain(lines.join("\n"))).ok()
}

/// Sends a reminder: the job's work. What waits is counted now, with the rights of now; where nothing does, nothing is sent.
///
/// # Errors
/// [`Fault`] of the database.
pub fn send(desk: &Desk, subject: &serde_json::Value) -> Result<serde_json::Value, Fault> {
    let done = |state: &str| Ok(serde_json::json!({ "sending": state }));
    let (member, attempt) = (subject["member"].as_i64().unwrap_or(0), subject["attempt"].as_u64().unwrap_or(1));
    // A reminder of yesterday is none.
    let today = clock::today().to_string();
    if subject["day"] != today.as_str() {
        return done("none");
    }
    let found = desk.read(|s| Ok::<_, Fault>(s.member(member)?.filter(|m| !m.disabled)))?;
    let wants = desk.read(|s| s.remind(member).map_err(Fault::from))?;
    let Some(found) = found.filter(|_| wants) else { return done("none") };
    let waits = waiting(desk, &desk.actor(Some(member))?)?;
    if waits.is_empty() {
        return done("none");
    }
    let Some(message) = message(desk, &found.login, &waits) else { return done("failed") };
    let url = desk.outside.smtp.as_deref().unwrap_or_default();
    let Ok(builder) = SmtpTransport::from_url(url) else { return done("failed") };
    match builder.build().send(&message) {
        Ok(_) => done("sent"),
        Err(error) if !error.is_permanent() && attempt < ATTEMPTS_MAX => {
            let later = clock::seconds() + RETRY_SECONDS * attempt as i64;
            asked(member, &today, attempt + 1, later, |job| desk.write(|s| s.job_ask_later(job)))?;
            done("again")
        }
        Err(_) => done("failed"),
    }
}
