//! Slips: clearance of a step, or how it stands; certificates of training. And the signed list of those that were withdrawn.

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

/// What a certificate begins with.
pub const CERTIFICATE: &str = "PAYUNGS1";

/// What every signed paper names.
pub(crate) struct Names<'a> {
    city: &'a str,
    number: &'a str,
    key: &'a str,
    made: &'a str,
}

/// A signed paper: a slip or a certificate.
pub(crate) trait Said: serde::de::DeserializeOwned {
    /// What its text begins with.
    const MARK: &'static str;

    /// What every paper names.
    fn names(&self) -> Names<'_>;

    /// First and last day it holds, ISO.
    fn holds(&self) -> [&str; 2];

    /// Does it say things that can be together?
    fn makes_sense(&self) -> bool;
}

/// What a certificate of training says: the one paper that names a person, for whom it is made and who alone hands it on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The city.
    pub city: String,
    /// Number of the certificate.
    pub number: String,
    /// Who holds it.
    pub holder: String,
    /// The office that sent the holder.
    pub office: String,
    /// The role whose duties were taught, such as `ppk`.
    pub role: String,
    /// The day of the workshop, ISO.
    pub day: String,
    /// Right answers, and questions.
    pub score: [u32; 2],
    /// The day it was made, ISO.
    pub made: String,
    /// Key.
    pub key: String,
}

impl Said for Certificate {
    const MARK: &'static str = CERTIFICATE;

    fn names(&self) -> Names<'_> {
        Names { city: &self.city, number: &self.number, key: &self.key, made: &self.made }
    }

    /// From the day of the workshop on.
    fn holds(&self) -> [&str; 2] {
        [&self.day, "9999-12-31"]
    }

    fn makes_sense(&self) -> bool {
        let texts = [&self.city, &self.number, &self.holder, &self.office, &self.role, &self.key];
        [&self.day, &self.made].iter().all(|d| is_day(d))
            && texts.iter().all(|t| t.chars().count() <= FIELD_CHARS_MAX)
            && self.day <= self.made
            && self.score[0] <= self.score[1]
    }
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

impl Said for Payload {
    const MARK: &'static str = SLIP;

    fn names(&self) -> Names<'_> {
        Names { city: &self.city, number: &self.number, key: &self.key, made: &self.made }
    }

    fn holds(&self) -> [&str; 2] {
        [&self.from, &self.until]
    }

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
pub struct Checked<P = Payload> {
    /// The answer.
    pub answer: Answer,
    /// What the paper says; only where its signature holds.
    pub payload: Option<P>,
    /// The day of the list of withdrawals. What was withdrawn later nobody can see here.
    pub list_made: Option<String>,
    /// The withdrawal, if it is one.
    pub withdrawal: Option<Withdrawal>,
}

/// The text in whatever it came: the text itself, an address that carries it behind its `#`, or the JSON file.
pub fn text_of(given: &str) -> &str {
    let given = given.trim();
    let given = given.rsplit_once('#').map_or(given, |(_, text)| text);
    let quoted = |mark: &str| given.find(&format!("\"{mark}.")).map(|at| &given[at + 1..]);
    let inside = quoted(SLIP).or_else(|| quoted(CERTIFICATE));
    inside.and_then(|text| text.split('"').next()).unwrap_or(given)
}

/// Is this the text of a certificate, in whatever it came?
pub fn is_certificate(given: &str) -> bool {
    text_of(given).strip_prefix(CERTIFICATE).is_some_and(|rest| rest.starts_with('.'))
}

/// Checks a slip for a day (ISO). Time: one signature, and the list once.
pub fn check(given: &str, keys: &Keys, list: Option<&str>, day: &str) -> Checked {
    checked(given, keys, list, day)
}

/// Checks a certificate for a day (ISO): before the workshop it holds not yet, and it holds until it is withdrawn.
pub fn check_certificate(given: &str, keys: &Keys, list: Option<&str>, day: &str) -> Checked<Certificate> {
    checked(given, keys, list, day)
}

fn checked<P: Said>(given: &str, keys: &Keys, list: Option<&str>, day: &str) -> Checked<P> {
    let mut out = Checked { answer: Answer::Altered, payload: None, list_made: None, withdrawal: None };
    let Some((parts, payload)) = parts(P::MARK, text_of(given)).and_then(|p| p.said::<P>().map(|said| (p, said)))
    else {
        return out;
    };
    let names = payload.names();
    let key = keys.find(names.key).filter(|_| names.city == keys.city);
    let Some((key, public)) = key.and_then(|k| Some((k, public_key(&k.public)?))) else {
        out.answer = Answer::UnknownKey;
        return out;
    };
    if !parts.is_by(&public) || !payload.makes_sense() {
        return out;
    }
    if !key.in_use_on(names.made) {
        out.answer = Answer::UnknownKey;
        return out;
    }
    out.answer = Answer::CannotTell;
    let list = list.and_then(|text| read(LIST, text.trim(), keys, |l: &Withdrawals| (&l.key, &l.made)));
    let number = names.number.to_owned();
    let Some(list) = list.filter(|l| l.city == keys.city && is_day(&l.made) && is_day(day)) else {
        out.payload = (!key.lost).then_some(payload);
        return out;
    };
    out.list_made = Some(list.made);
    if key.lost && !list.affirmed.contains(&(number.clone(), fingerprint(text_of(given)))) {
        return out;
    }
    out.withdrawal = list.slips.into_iter().find(|w| w.number == number);
    let is_over = |w: &Withdrawal| w.kind == WithdrawalKind::Void || day >= w.day.as_str();
    out.answer = if out.withdrawal.as_ref().is_some_and(is_over) {
        Answer::Withdrawn
    } else if day < payload.holds()[0] {
        Answer::NotYet
    } else if day > payload.holds()[1] {
        Answer::Expired
    } else {
        Answer::Good
    };
    out.payload = Some(payload);
    out
}

#[cfg(test)]
mod tests;
