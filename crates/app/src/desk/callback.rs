//! An answer that is sent later to whoever asked: a job, tried again while nobody takes it. What is sent names no person and no number.

use super::Desk;
use crate::{Fault, clock};
use outward::{Failed, Target, post};
use store::JobAsk;

/// Attempts before an answer is given up.
const ATTEMPTS_MAX: i64 = 8;

/// Seconds before the second attempt; each further one waits twice as long.
const RETRY_SECONDS: i64 = 30;

/// May an answer go there? Over TLS and to the open net; in the city's own net only where its webhook may.
pub fn is_target(desk: &Desk, uri: &str) -> bool {
    target(desk, uri).is_some()
}

fn target(desk: &Desk, uri: &str) -> Option<Target> {
    let private = desk.outside.webhook.as_ref().is_some_and(|w| w.target.is_private());
    Target::parse(uri, private).ok()
}

/// Asks for an answer to be sent.
///
/// # Errors
/// [`Fault`] of the database.
pub fn ask(desk: &Desk, by: Option<i64>, uri: &str, body: &str) -> Result<(), Fault> {
    queue(desk, by, (uri, body), 1, 0)
}

fn queue(desk: &Desk, by: Option<i64>, (uri, body): (&str, &str), attempt: i64, not_before: i64) -> Result<(), Fault> {
    let subject = serde_json::json!({ "uri": uri, "body": body, "attempt": attempt }).to_string();
    let job = JobAsk { kind: "callback", subject: &subject, by, at: &clock::now(), not_before };
    desk.write(|s| s.job_ask_later(&job))?;
    desk.wake();
    Ok(())
}

/// Sends an answer: the job's work.
///
/// # Errors
/// [`Fault`] of the database.
pub fn send(desk: &Desk, by: Option<i64>, subject: &serde_json::Value) -> Result<serde_json::Value, Fault> {
    let text = |name: &str| subject[name].as_str().unwrap_or_default();
    let attempt = subject["attempt"].as_i64().unwrap_or(1);
    let Some(target) = target(desk, text("uri")) else { return Ok(serde_json::json!({ "sending": "address" })) };
    let taken = post(&target, &[], text("body").as_bytes());
    match taken {
        Ok((200..=299, _)) => Ok(serde_json::json!({ "sending": "sent" })),
        Err(Failed::NoAddress) => Ok(serde_json::json!({ "sending": "address" })),
        Ok(_) | Err(Failed::Unreachable(_)) if attempt < ATTEMPTS_MAX => {
            let later = clock::seconds() + RETRY_SECONDS * (1 << attempt.min(10));
            queue(desk, by, (text("uri"), text("body")), attempt + 1, later)?;
            Ok(serde_json::json!({ "sending": "again" }))
        }
        Ok((status, _)) => Ok(serde_json::json!({ "sending": format!("status {status}") })),
        Err(Failed::Unreachable(_)) => Ok(serde_json::json!({ "sending": "unreachable" })),
    }
}
