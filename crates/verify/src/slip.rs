//! Slips: clearance of a step, or how it stands. And the signed list of those that were withdrawn.

use crate::Keys;
use crate::keys::is_day;
use crate::sealed::{fingerprint, parts, public_key, read};
use serde::{Deserialize, Serialize};

/// What a slip begins with.
pub const SLIP: &str = "PAYUNG1";

/// What a list of withdrawals begins with.
pub const LIST: &str = "PAYUNGW1";

/// Longest text of a field: a name of works is shorter.
const FIELD_CHARS_MAX: usize = 500;

/// What a slip is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The step may be taken.
    Clearance,
    /// How the step stands; it lets nobody do anything.
    Status,
}

/// What a slip says. No person is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payload {
    /// The city.
    pub city: String,
    /// Number of the slip.
    pub number: String,
    /// What it is for.
    pub kind: Kind,
    /// Project, by code.
    pub project: String,
    /// Its name.
    pub name: String,
    /// The step, such as `start-order`.
    pub moment: String,
    /// `pass`, `condition`, `hold` or `unknown`.
    pub verdict: String,
    /// Set aside by two persons: the verdict holds and the step may be taken all the same.
    pub aside: bool,
    /// The day the verdict speaks of, ISO.
    pub day: String,
    /// First day it holds, ISO.
    pub from: String,
    /// Last day it holds, ISO.
    pub until: String,
    /// The day it was made, ISO.
    pub made: String,
    /// Key.
    pub key: String,
    /// BLAKE3 of the verdict kept, with its facts and rules, hexadecimal.
    pub digest: String,
}

impl Payload {
    /// Does it say things that can be together?
    fn makes_sense(&self) -> bool {
        let days = [&self.day, &self.from, &self.until, &self.made];
        let texts = [&self.city, &self.number, &self.project, &self.name, &self.moment, &self.key, &self.digest];
        let lets = match self.verdict.as_str() {
            "pass" | "condition" => true,
            "hold" | "unknown" => self.aside,
            _ => return false,
        };
        days.iter().all(|d| is_day(d))
            && texts.iter().all(|t| t.chars().count() <= FIELD_CHARS_MAX)
            && self.from <= self.until
            && (self.kind == Kind::Status || lets)
    }
}

/// How a slip was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawalKind {
    /// It never held.
    Void,
    /// It does not hold from the day on.
    Ended,
}

/// A slip withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Number of the slip.
    pub number: String,
    /// The day, ISO.
    pub day: String,
    /// How.
    pub kind: WithdrawalKind,
}

/// Every slip withdrawn, as of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawals {
    /// The city.
    pub city: String,
    /// The day the list was made, ISO.
    pub made: String,
    /// Key.
    pub key: String,
    /// By number.
    pub slips: Vec<Withdrawal>,
    /// Slips under a lost key that the city says it gave: number, and fingerprint of what was signed. A thief can sign the same number again, with other
    /// days.
    pub affirmed: Vec<(String, String)>,
}

/// What there is to say of a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The city said so, and it holds on the day. Of a status: it is genuine.
    Good,
    /// Genuine; it held until a day before.
    Expired,
    /// Genuine; it holds from a later day.
    NotYet,
    /// Genuine once, and withdrawn.
    Withdrawn,
    /// Not what was signed, or no slip.
    Altered,
    /// Signed, if at all, by a key the city does not name, or not on a day it signed.
    UnknownKey,
    /// The key was lost, or the list of withdrawals is missing, broken or of somebody else.
    CannotTell,
}

/// An answer with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The answer.
    pub answer: Answer,
    /// What the slip says; only where its signature holds.
    pub payload: Option<Payload>,
    /// The day of the list of withdrawals. What was withdrawn later nobody can see here.
    pub list_made: Option<String>,
    /// The withdrawal, if it is one.
    pub withdrawal: Option<Withdrawal>,
}

/// The text in whatever it came: the text itself, an address that carries it behind its `#`, or the JSON file.
pub fn text_of(given: &str) -> &str {
    let given = given.trim();
    let given = given.rsplit_once('#').map_or(given, |(_, text)| text);
    let inside = given.find(&format!("\"{SLIP}.")).map(|at| &given[at + 1..]);
    inside.and_then(|text| text.split('"').next()).unwrap_or(given)
}

/// Checks a slip for a day (ISO). Time: one signature, and the list once.
pub fn check(given: &str, keys: &Keys, list: Option<&str>, day: &str) -> Checked {
    let mut out = Checked { answer: Answer::Altered, payload: None, list_made: None, withdrawal: None };
    let Some((parts, payload)) = parts(SLIP, text_of(given)).and_then(|p| p.said::<Payload>().map(|said| (p, said)))
    else {
        return out;
    };
    let key = keys.find(&payload.key).filter(|_| payload.city == keys.city);
    let Some((key, public)) = key.and_then(|k| Some((k, public_key(&k.public)?))) else {
        out.answer = Answer::UnknownKey;
        return out;
    };
    if !parts.is_by(&public) || !payload.makes_sense() {
        return out;
    }
    if !key.in_use_on(&payload.made) {
        out.answer = Answer::UnknownKey;
        return out;
    }
    out.answer = Answer::CannotTell;
    let list = list.and_then(|text| read(LIST, text.trim(), keys, |l: &Withdrawals| (&l.key, &l.made)));
    let Some(list) = list.filter(|l| l.city == keys.city && is_day(&l.made) && is_day(day)) else {
        out.payload = (!key.lost).then_some(payload);
        return out;
    };
    out.list_made = Some(list.made);
    if key.lost && !list.affirmed.contains(&(payload.number.clone(), fingerprint(text_of(given)))) {
        return out;
    }
    out.withdrawal = list.slips.into_iter().find(|w| w.number == payload.number);
    let is_over = |w: &Withdrawal| w.kind == WithdrawalKind::Void || day >= w.day.as_str();
    out.answer = if out.withdrawal.as_ref().is_some_and(is_over) {
        Answer::Withdrawn
    } else if day < payload.from.as_str() {
        Answer::NotYet
    } else if day > payload.until.as_str() {
        Answer::Expired
    } else {
        Answer::Good
    };
    out.payload = Some(payload);
    out
}

#[cfg(test)]
mod tests;
