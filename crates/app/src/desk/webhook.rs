//! Another program is told what happened: verdicts, overrides, slips, accidents, new data. The audit trail is the queue, so that what was acknowledged is
//! told, at least once and in order, however often the program falls over.
//!
//! A message names things by numbers and codes of ours; whoever wants more asks with a key. No person is in it.

use super::Desk;
use crate::{Fault, clock};
use audit::Entry;
use outward::{Failed, ID, SIGNATURE, Secret, TIMESTAMP, Target, post, sign};
use serde_json::{Value, json};
use store::Told;

/// Whom to tell.
#[derive(Clone)]
pub struct Webhook {
    /// Where.
    pub target: Target,
    /// What both sides know.
    pub secret: Secret,
}

/// Acts that are told, with the name of the event.
pub const EVENTS: [(&str, &str); 9] = [
    ("gate_verdict", "gate.verdict"),
    ("override_ask", "gate.override_asked"),
    ("override_release", "gate.override_released"),
    ("override_decline", "gate.override_declined"),
    ("slip_give", "slip.given"),
    ("slip_withdraw", "slip.withdrawn"),
    ("accident_tell", "accident.told"),
    ("accident_step", "accident.moved"),
    ("import_store", "data.stored"),
];

/// Entries looked through at once.
const AT_ONCE: usize = 500;

/// Seconds before the second attempt; each further one waits twice as long, an hour at most.
const RETRY_SECONDS: i64 = 60;
const RETRY_SECONDS_MAX: i64 = 3_600;

/// Attempts before a message is given up: two days and a half.
const ATTEMPTS_MAX: i64 = 66;

/// The message of an entry; none where nobody is told of it.
fn message(entry: &Entry) -> Option<Value> {
    let e = &entry.event;
    let (_, kind) = EVENTS.iter().find(|(action, _)| *action == e.action)?;
    if e.outcome != "done" {
        return None;
    }
    let mut data = serde_json::Map::new();
    let mut name = |text: &str| {
        if let Some((what @ ("project" | "verdict" | "override" | "slip" | "accident" | "job"), which)) =
            text.split_once(':')
        {
            data.insert(what.to_owned(), json!(which));
        }
    };
    name(&e.object);
    // A reason is `project:CODE STEP VERDICT` or words somebody typed: only what we wrote goes out.
    let mut said = e.reason.split(' ');
    if let Some(first) = said.next().filter(|_| *kind == "gate.verdict") {
        name(first);
        let rest: Vec<&str> = said.collect();
        if let [step, verdict] = rest.as_slice() {
            data.insert("step".to_owned(), json!(step));
            data.insert("verdict_is".to_owned(), json!(verdict));
        }
    }
    Some(json!({ "type": kind, "timestamp": e.at, "data": data }))
}

/// Number of a message: the place of its entry in the trail. Told twice, it is the same.
fn number(seq: u64) -> String {
    format!("payung-{seq}")
}

/// Tells what waits; whether anything was told or tried. One message after the other: a later one never overtakes.
///
/// # Errors
/// [`Fault`] of the database.
pub fn pump(desk: &Desk) -> Result<bool, Fault> {
    let Some(webhook) = &desk.outside.webhook else { return Ok(false) };
    let mut at = match desk.read(|s| s.webhook().map_err(Fault::from))? {
        Some(at) => at,
        None => {
            // Begins with what happens from now on.
            let seq = desk.read(|s| s.audit_last().map_err(Fault::from))?;
            let at = Told { seq, ..Told::default() };
            desk.write(|s| s.webhook_keep(&at))?;
            at
        }
    };
    let now = clock::seconds();
    if at.next_at > now {
        return Ok(false);
    }
    let before = at.clone();
    for entry in desk.read(|s| s.audit_after(at.seq, AT_ONCE).map_err(Fault::from))? {
        let Some(message) = message(&entry) else {
            at.seq = entry.seq;
            continue;
        };
        match tell(webhook, &number(entry.seq), message.to_string().as_bytes()) {
            Ok(()) => {
                at = Told { seq: entry.seq, failures: 0, next_at: 0, told: at.told + 1, note: String::new(), ..at };
                desk.write(|s| s.webhook_keep(&at))?;
            }
            Err(note) => {
                at.failures += 1;
                at.note = note;
                if at.failures >= ATTEMPTS_MAX {
                    at = Told { seq: entry.seq, failures: 0, next_at: 0, dropped: at.dropped + 1, ..at };
                } else {
                    let wait = RETRY_SECONDS.saturating_mul(1 << (at.failures - 1).min(10)).min(RETRY_SECONDS_MAX);
                    at.next_at = now + wait;
                }
                break;
            }
        }
    }
    if at != before {
        desk.write(|s| s.webhook_keep(&at))?;
    }
    Ok(at != before)
}

/// Tells one message; otherwise why not, in a word.
fn tell(webhook: &Webhook, id: &str, body: &[u8]) -> Result<(), String> {
    let now = clock::seconds();
    let signature = sign(&webhook.secret, id, now, body);
    let headers = [(ID, id), (TIMESTAMP, &now.to_string()), (SIGNATURE, &signature)];
    match post(&webhook.target, &headers, body) {
        Ok((200..=299, _)) => Ok(()),
        Ok((status, _)) => Err(format!("status {status}")),
        Err(Failed::NoAddress) => Err("address".to_owned()),
        Err(Failed::Unreachable(_)) => Err("unreachable".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use audit::{Chain, Event};

    fn told(action: &str, object: &str, reason: &str) -> Option<Value> {
        let event = Event {
            at: "2026-11-26T01:02:03Z".into(),
            action: action.into(),
            object: object.into(),
            reason: reason.into(),
            outcome: "done".into(),
            ..Event::default()
        };
        message(&Chain::default().add(event))
    }

    #[test]
    fn a_message_names_numbers_and_never_what_somebody_typed() {
        let verdict = told("gate_verdict", "verdict:7", "project:nontender:1 start-order hold").unwrap();
        assert_eq!(
            verdict,
            json!({ "type": "gate.verdict", "timestamp": "2026-11-26T01:02:03Z", "data": {
                "verdict": "7", "project": "nontender:1", "step": "start-order", "verdict_is": "hold" } })
        );
        let slip = told("slip_withdraw", "slip:SK-2026-000001", "void").unwrap();
        assert_eq!(slip["data"], json!({ "slip": "SK-2026-000001" }));
        let accident = told("accident_step", "accident:3", "Pak Karto, jari telunjuk").unwrap().to_string();
        assert!(accident.contains("\"accident\":\"3\"") && !accident.contains("Karto"), "{accident}");
        assert_eq!(told("person_reveal", "person:00", "x"), None);
        assert_eq!(told("sign_in", "session", ""), None);
    }
}
