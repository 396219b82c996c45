//! An evidence bundle: what was known, by which rules it was judged, and what was said, in one file that proves to be whole.
//!
//! Lines of JSON: a head, what there is, and last a seal `PAYUNGB1.payload.signature` over the digest of every byte before it. Whoever reads it needs
//! the city's public keys, which are not in it: a file cannot vouch for itself.

use crate::Keys;
use crate::keys::is_day;
use crate::sealed::{parts, public_key};
use crate::slip::{Payload, SLIP};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{BufRead, Read as _};

/// What the seal begins with.
pub const SEAL: &str = "PAYUNGB1";

/// Bytes of a line at most.
const LINE_MAX: u64 = 64 << 20;

/// What a bundle is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// One project, by code.
    Project(String),
    /// Everything of an agency, named as in the lists.
    Agency(String),
    /// Verdicts of a year.
    Year(i16),
}

/// A line of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Line {
    /// The first.
    Head {
        /// 1.
        version: u32,
        /// The city.
        city: String,
        /// What it is about.
        about: About,
        /// When it was made, UTC.
        at: String,
        /// Fingerprint of the law in force then.
        law: String,
        /// Entries of the audit trail so far, and the hash of the last.
        audit: (u64, String),
    },
    /// A file that came in.
    File {
        /// Number.
        id: i64,
        /// As it was called.
        name: String,
        /// Its size.
        bytes: i64,
        /// When it came, UTC.
        at: String,
        /// Keyed digest: the city can show that a file is this one.
        digest: String,
    },
    /// A project as the last picture has it.
    Project {
        /// Code.
        code: String,
        /// Name.
        name: String,
        /// Agency.
        agency: String,
        /// Contractor.
        vendor: String,
        /// State.
        state: String,
        /// Everything it rests on, with file and row: JSON.
        evidence: String,
    },
    /// A verdict, with everything it rests on.
    Verdict {
        /// Number.
        id: i64,
        /// Project.
        project: String,
        /// The step.
        moment: String,
        /// The day it speaks of, ISO.
        day: String,
        /// When it was given, UTC.
        at: String,
        /// JSON as it was kept.
        facts: String,
        /// JSON as it was kept.
        rules: String,
        /// JSON as it was kept.
        verdict: String,
    },
    /// A verdict set aside.
    Override {
        /// The verdict.
        verdict: i64,
        /// Typed reason and words.
        reason: (String, String),
        /// Last day.
        until: String,
        /// By which member, when.
        asked: (i64, String),
        /// `released`, `declined` or nothing yet.
        outcome: String,
    },
    /// A slip given.
    Slip {
        /// Number.
        number: String,
        /// The verdict.
        verdict: i64,
        /// Its signed text.
        text: String,
        /// Day, way and reason of a withdrawal.
        withdrawn: Option<[String; 3]>,
    },
}

/// What the seal says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// The city.
    pub city: String,
    /// The day it was made, ISO.
    pub made: String,
    /// Key.
    pub key: String,
    /// Lines before it.
    pub lines: u64,
    /// SHA-256 of every byte before it, hexadecimal.
    pub digest: String,
}

/// Why a bundle proves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// No head, or no seal.
    NoBundle,
    /// A line that does not read, by number.
    Line(u64),
    /// Something is missing, more, or other than was sealed.
    Content,
    /// Sealed by nobody the city names, or not in the time of that key.
    UnknownKey,
    /// The key was lost: anybody may have sealed it.
    LostKey,
    /// A slip that is not about the verdict it names, or is not the city's; its number.
    Slip(String),
    /// The disk.
    Disk(String),
}

/// A bundle that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The seal.
    pub seal: Seal,
    /// What it is about.
    pub about: About,
    /// Projects, verdicts, overrides, slips, files.
    pub counts: [u64; 5],
}

/// BLAKE3 of a verdict as it is kept: its facts, rules and words, a line each. What a slip names.
pub fn digest_of_verdict(facts: &str, rules: &str, verdict: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    for text in [facts, rules, verdict] {
        hasher.update(text.as_bytes()).update(b"\n");
    }
    hasher.finalize().to_hex().to_string()
}

/// Reads a bundle and hands each line on; says whether it holds only at the end, when all of it has been seen: nothing handed on counts before that.
/// Memory: one line, and a digest for each verdict. Time: the bytes once.
///
/// # Errors
/// [`Broken`], at the first thing that is wrong.
pub fn check(mut reader: impl BufRead, keys: &Keys, mut each: impl FnMut(&Line)) -> Result<Whole, Broken> {
    let mut hasher = Sha256::new();
    let (mut lines, mut about, mut city) = (0u64, None, String::new());
    let mut counts = [0u64; 5];
    let mut verdicts: BTreeMap<i64, String> = BTreeMap::new();
    loop {
        let mut text = String::new();
        let read = reader.by_ref().take(LINE_MAX).read_line(&mut text).map_err(|e| Broken::Disk(e.to_string()))?;
        if read == 0 {
            return Err(Broken::NoBundle);
        }
        if text.starts_with(SEAL) {
            let about = about.ok_or(Broken::NoBundle)?;
            let mut rest = [0u8; 1];
            if reader.read(&mut rest).map_err(|e| Broken::Disk(e.to_string()))? > 0 {
                return Err(Broken::Content);
            }
            let digest = hex(&hasher.finalize());
            let seal = sealed(text.strip_suffix('\n').ok_or(Broken::Content)?, keys)?;
            if seal.digest != digest || seal.lines != lines || seal.city != city {
                return Err(Broken::Content);
            }
            return Ok(Whole { seal, about, counts });
        }
        lines += 1;
        hasher.update(text.as_bytes());
        let line: Line = serde_json::from_str(&text).map_err(|_| Broken::Line(lines))?;
        let place = match &line {
            Line::Head { version: 1, city: named, about: what, .. } if lines == 1 => {
                (city, about) = (named.clone(), Some(what.clone()));
                None
            }
            Line::Head { .. } => return Err(Broken::Line(lines)),
            Line::Project { .. } => Some(0),
            Line::Verdict { id, facts, rules, verdict, .. } => {
                verdicts.insert(*id, digest_of_verdict(facts, rules, verdict));
                Some(1)
            }
            Line::Override { .. } => Some(2),
            Line::Slip { number, verdict, text, .. } => {
                let own = slip(text, keys).filter(|p| p.number == *number);
                if own.is_none_or(|p| verdicts.get(verdict) != Some(&p.digest)) {
                    return Err(Broken::Slip(number.clone()));
                }
                Some(3)
            }
            Line::File { .. } => Some(4),
        };
        if lines > 1 && about.is_none() {
            return Err(Broken::NoBundle);
        }
        if let Some(place) = place {
            counts[place] += 1;
        }
        each(&line);
    }
}

fn sealed(text: &str, keys: &Keys) -> Result<Seal, Broken> {
    let parts = parts(SEAL, text).ok_or(Broken::Content)?;
    let seal: Seal = parts.said().ok_or(Broken::Content)?;
    let key = keys.find(&seal.key).filter(|k| is_day(&seal.made) && k.in_use_on(&seal.made) && keys.city == seal.city);
    let key = key.ok_or(Broken::UnknownKey)?;
    let public = public_key(&key.public).ok_or(Broken::UnknownKey)?;
    if !parts.is_by(&public) {
        return Err(Broken::Content);
    }
    if key.lost { Err(Broken::LostKey) } else { Ok(seal) }
}

/// What a slip says, if one of the city's keys signed it; whether it still holds is another question.
fn slip(text: &str, keys: &Keys) -> Option<Payload> {
    let parts = parts(SLIP, text)?;
    let said: Payload = parts.said()?;
    let key = keys.find(&said.key).and_then(|k| public_key(&k.public))?;
    parts.is_by(&key).then_some(said)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Writes lines and counts what the seal will say.
pub struct Writer<W: std::io::Write> {
    out: W,
    hasher: Sha256,
    lines: u64,
}

impl<W: std::io::Write> Writer<W> {
    /// Begins a bundle.
    pub fn new(out: W) -> Self {
        Self { out, hasher: Sha256::new(), lines: 0 }
    }

    /// Adds a line.
    ///
    /// # Errors
    /// Of the disk.
    pub fn add(&mut self, line: &Line) -> std::io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.hasher.update(&text);
        self.lines += 1;
        self.out.write_all(&text)
    }

    /// Seals it; how many lines it has.
    ///
    /// # Errors
    /// Of the disk.
    pub fn seal(
        mut self,
        (city, made, key): (&str, &str, &str),
        secret: &ed25519_dalek::SigningKey,
    ) -> std::io::Result<(W, u64)> {
        let seal = Seal {
            city: city.to_owned(),
            made: made.to_owned(),
            key: key.to_owned(),
            lines: self.lines,
            digest: hex(&self.hasher.finalize()),
        };
        let text = crate::sign(SEAL, &seal, secret)?;
        self.out.write_all(text.as_bytes())?;
        self.out.write_all(b"\n")?;
        self.out.flush()?;
        Ok((self.out, self.lines))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors;
    use ed25519_dalek::SigningKey;

    fn made(key: &str, on: &str, secret: u8) -> Vec<u8> {
        let secret = SigningKey::from_bytes(&[secret; 32]);
        let keys = vectors::keys();
        let (facts, rules, verdict) = ("{\"a\":1}", "[]", "{}");
        let slip = Payload { digest: digest_of_verdict(facts, rules, verdict), ..vectors::payload() };
        let text = crate::sign(SLIP, &slip, &SigningKey::from_bytes(&[3; 32])).unwrap();
        let mut writer = Writer::new(Vec::new());
        let head = Line::Head {
            version: 1,
            city: keys.city.clone(),
            about: About::Project("nontender:1".into()),
            at: "2026-07-02T01:02:03Z".into(),
            law: "00".into(),
            audit: (7, "ab".into()),
        };
        let verdict = Line::Verdict {
            id: 4,
            project: "nontender:1".into(),
            moment: "advance".into(),
            day: "2026-07-02".into(),
            at: "2026-07-02T01:02:03Z".into(),
            facts: facts.into(),
            rules: rules.into(),
            verdict: verdict.into(),
        };
        let slip = Line::Slip { number: slip.number, verdict: 4, text, withdrawn: None };
        [head, verdict, slip].iter().for_each(|l| writer.add(l).unwrap());
        writer.seal((&keys.city, on, key), &secret).unwrap().0
    }

    fn answer(bytes: &[u8]) -> Result<[u64; 5], Broken> {
        check(bytes, &vectors::keys(), |_| {}).map(|w| w.counts)
    }

    #[test]
    fn a_bundle_holds_and_every_byte_of_it_counts() {
        let good = made("k3", "2026-07-02", 3);
        assert_eq!(answer(&good), Ok([0, 1, 0, 1, 0]));
        for at in 0..good.len() {
            let mut other = good.clone();
            other[at] ^= 1;
            assert!(answer(&other).is_err(), "byte {at}");
        }
        for at in 0..good.len() {
            assert!(answer(&good[..at]).is_err(), "cut at {at}");
        }
        let lines: Vec<&[u8]> = good.split_inclusive(|b| *b == b'\n').collect();
        assert!(answer(&[lines[0], lines[2], lines[3]].concat()).is_err(), "a line gone");
        assert!(answer(&[lines[0], lines[1], lines[1], lines[2], lines[3]].concat()).is_err(), "a line twice");
        assert_eq!(answer(&[&good[..], b"x"].concat()), Err(Broken::Content));
        assert_eq!(answer(b""), Err(Broken::NoBundle));
    }

    #[test]
    fn whoever_sealed_it_must_be_the_city_in_the_time_of_its_key() {
        assert_eq!(answer(&made("k3", "2026-05-31", 3)), Err(Broken::UnknownKey), "before its key");
        assert_eq!(answer(&made("k9", "2026-07-02", 3)), Err(Broken::UnknownKey));
        assert_eq!(answer(&made("k3", "2026-07-02", 9)), Err(Broken::Content), "another secret");
        assert_eq!(answer(&made("k2", "2026-03-01", 2)), Err(Broken::LostKey));
        assert_eq!(answer(&made("k1", "2025-12-31", 1)), Ok([0, 1, 0, 1, 0]), "a retired key");
    }
}
