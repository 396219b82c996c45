//! A released letter by e-mail: when a person asks, within the office's hours, and not once the duty is met.

use super::{LANGUAGE, LetterKind, Style, style};
use crate::desk::{Desk, event};
use crate::{Fault, clock};
use authz::{Letter, Permit, Release};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart, header::ContentType};
use lettre::{Message, SmtpTransport, Transport};
use store::{JobAsk, LetterRow};

/// Attempts before a letter counts as not sent.
const ATTEMPTS_MAX: u64 = 5;

/// Seconds before the second attempt; each further one waits longer.
const RETRY_SECONDS: i64 = 600;

/// Jakarta is seven hours before UTC all year.
const JAKARTA_HOURS: i8 = 7;

/// Does the office send at this moment?
pub(crate) fn is_open(desk: &Desk, style: &Style) -> bool {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(JAKARTA_HOURS))).datetime();
    casework::allowed_from(now, style.hours(), desk.law.calendar(law::LeaveReading::LeaveIsOff)) == now
}

/// Asks for a letter to be sent at the next hour at which the office sends. False where it cannot be.
///
/// # Errors
/// [`Fault`] of the database.
pub fn ask(desk: &Desk, permit: &Permit<Release, Letter>, id: i64, request: &str) -> Result<bool, Fault> {
    if !desk.has_post() {
        return Ok(false);
    }
    let hours = style(desk)?.hours();
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(JAKARTA_HOURS));
    let now = jiff::Timestamp::now().to_zoned(zone.clone()).datetime();
    let calendar = desk.law.calendar(law::LeaveReading::LeaveIsOff);
    let allowed = casework::allowed_from(now, hours, calendar);
    let from = allowed.to_zoned(zone).map_or(0, |z| z.timestamp().as_second());
    let told = event(permit.actor(), "letter_send", &format!("letter:{id}"), request);
    let waits = asked(permit.actor(), id, 1, from, |job| desk.write(|s| s.letter_send(permit, id, job, told)))?;
    desk.wake();
    Ok(waits)
}

/// The job that sends a letter, handed to whoever writes it down.
fn asked<T>(member: Option<i64>, id: i64, attempt: u64, not_before: i64, write: impl FnOnce(&JobAsk<'_>) -> T) -> T {
    let subject = serde_json::json!({ "letter": id, "attempt": attempt }).to_string();
    write(&JobAsk { kind: "mail", subject: &subject, by: member, at: &clock::now(), not_before })
}

fn message(desk: &Desk, row: &LetterRow, pdf: Vec<u8>) -> Result<Message, Fault> {
    let odd = |what: &str| Fault(format!("mail: {what}"));
    let from: Mailbox = desk.outside.mail_from.as_deref().unwrap_or_default().parse().map_err(|_| odd("mail_from"))?;
    let to: Mailbox = row.email.parse().map_err(|_| odd("the recipient's address"))?;
    let kind = LetterKind::parse(&row.kind).ok_or_else(|| odd("kind"))?;
    let number = row.number.clone().unwrap_or_default();
    let token = row.token.clone().unwrap_or_default();
    let url = format!("{}/periksa/{token}", desk.address());
    let arguments = [("number", number.as_str()), ("name", &row.name), ("url", &url)];
    let subject = phrases::say_named(LANGUAGE, &format!("letter-subject-{}", kind.name()), &[("name", &row.name)]);
    let body = phrases::say_named(LANGUAGE, "letter-mail-body", &arguments);
    let file = format!("{}.pdf", number.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    // One id for one letter: whoever gets it twice after a broken line sees that it is the same.
    let host = from.email.domain().to_owned();
    let pdf = Attachment::new(file).body(pdf, ContentType::parse("application/pdf").map_err(|e| Fault(e.to_string()))?);
    Message::builder()
        .message_id(Some(format!("<{token}@{host}>")))
        .from(from)
        .to(to)
        .subject(subject)
        .multipart(MultiPart::mixed().singlepart(SinglePart::plain(body)).singlepart(pdf))
        .map_err(|e| Fault(e.to_string()))
}

/// Sends a letter that waits: the job's work. A server that is busy or away is asked again later; what it says about the
/// letter is kept as its code only, because its words name people.
///
/// # Errors
/// [`Fault`] of the database.
pub fn send(desk: &Desk, member: Option<i64>, id: i64, attempt: u64) -> Result<serde_json::Value, Fault> {
    let done = |state: &str, note: &str| {
        let mut told = event(member, "letter_sent", &format!("letter:{id}"), "");
        state.clone_into(&mut told.outcome);
        desk.write(|s| s.letter_sent(id, state, note, &clock::now(), told))?;
        Ok(serde_json::json!({ "sending": state }))
    };
    let waits = desk.read(|s| s.letter_to_send(id).map_err(Fault::from))?;
    let Some((row, pdf, unmet)) = waits else { return Ok(serde_json::json!({ "sending": "none" })) };
    if !unmet {
        return done("stopped", "cured");
    }
    let message = match message(desk, &row, pdf) {
        Ok(message) => message,
        Err(_) => return done("failed", "address"),
    };
    let url = desk.outside.smtp.as_deref().unwrap_or_default();
    let Ok(builder) = SmtpTransport::from_url(url) else { return done("failed", "settings") };
    match builder.build().send(&message) {
        Ok(_) => done("sent", ""),
        Err(error) if error.is_permanent() => {
            let code = error.status().map_or_else(String::new, |c| c.to_string());
            done("failed", &format!("refused {code}"))
        }
        Err(_) if attempt < ATTEMPTS_MAX => {
            let later = clock::seconds() + RETRY_SECONDS * attempt as i64;
            asked(member, id, attempt + 1, later, |job| desk.write(|s| s.job_ask_later(job)))?;
            Ok(serde_json::json!({ "sending": "again" }))
        }
        Err(_) => done("failed", "unreachable"),
    }
}
