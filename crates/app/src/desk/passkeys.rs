//! Signing in with a passkey instead of a password and a code; the keys one has.

use super::sign_in::{Declined, Outcome};
use super::{Desk, event, hex, token_hash, unhex};
use crate::{Fault, clock};
use signon::passkey::{self, Holder, Key, Place};
use store::{Passkey, Session, SignOnAttempt};

/// Seconds somebody may take with the device.
const ATTEMPT_SECONDS: i64 = 300;

/// What an attempt is for: signing in, or a key for a member.
const ENTERING: &str = "passkey";

/// Characters of a device's name.
const NAME_MAX: usize = 60;

/// An attempt for the browser.
pub struct PasskeyAttempt {
    /// Options as the browser's interface wants them, JSON.
    pub options: String,
    /// Comes back with the answer.
    pub token: String,
}

fn refused(trouble: &signon::Trouble) -> Declined {
    // What the library says names bytes and rules, never a person.
    eprintln!("{}", serde_json::json!({ "passkey": trouble.to_string() }));
    Declined::PasskeyRefused
}

fn key_of(row: &Passkey) -> Key {
    Key { id: row.credential.clone(), holder: row.holder.clone(), public: row.public.clone(), state: row.state.clone() }
}

impl Desk {
    /// Where passkeys of this desk are good; none where its address is a number or not safe.
    pub fn passkey_place(&self) -> Option<Place> {
        Place::of(self.address())
    }

    fn passkey_attempt(&self, options: String, secrets: String, going: &str) -> Result<PasskeyAttempt, Fault> {
        let token = Self::token()?;
        let now = clock::seconds();
        let kept = SignOnAttempt { secrets, going: going.to_owned() };
        self.write(|s| s.signon_begin(&token_hash(&token), &kept, now, now + ATTEMPT_SECONDS))?;
        Ok(PasskeyAttempt { options, token: hex(&token) })
    }

    /// Takes an attempt, which is good once.
    fn passkey_taken(&self, token: &str, going: &str) -> Result<Option<Vec<Vec<u8>>>, Fault> {
        let Some(hash) = unhex(token).map(|t| token_hash(&t)) else { return Ok(None) };
        let kept = self.write(|s| s.signon_take(&hash, clock::seconds()))?;
        let kept = kept.filter(|k| k.going == going);
        Ok(kept.and_then(|k| k.secrets.split(' ').map(unhex).collect()))
    }

    /// Begins making a passkey for a member.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn passkey_offer(&self, member: i64) -> Outcome<PasskeyAttempt> {
        let Some(place) = self.passkey_place() else { return Ok(Err(Declined::PasskeyRefused)) };
        let (who, keys) = self.read(|s| Ok::<_, Fault>((s.member(member)?, s.passkey_list(member)?)))?;
        let Some(who) = who else { return Ok(Err(Declined::PasskeyRefused)) };
        if keys.len() >= store::PASSKEYS_MAX {
            return Ok(Err(Declined::PasskeyMany));
        }
        let has: Vec<Vec<u8>> = keys.iter().map(|k| k.credential.clone()).collect();
        let handle = keys.first().map(|k| k.holder.as_slice());
        match passkey::offer(&place, Holder { handle, login: &who.login, name: &who.name, has: &has }) {
            Ok((begun, handle)) => {
                let secrets = format!("{} {}", hex(&begun.secret), hex(&handle));
                Ok(Ok(self.passkey_attempt(begun.options, secrets, &format!("{ENTERING}:{member}"))?))
            }
            Err(trouble) => Ok(Err(refused(&trouble))),
        }
    }

    /// Keeps the passkey an answer brings.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn passkey_keep(&self, member: i64, token: &str, answer: &str, name: &str, request: &str) -> Outcome<()> {
        let Some(place) = self.passkey_place() else { return Ok(Err(Declined::PasskeyRefused)) };
        let taken = self.passkey_taken(token, &format!("{ENTERING}:{member}"))?;
        let Some([secret, handle]) = taken.as_deref() else { return Ok(Err(Declined::LinkExpired)) };
        let key = match passkey::accept(&place, handle, secret, answer) {
            Ok(key) => key,
            Err(trouble) => return Ok(Err(refused(&trouble))),
        };
        let name = kernel::text::excerpt(name.trim(), NAME_MAX);
        let kept = Passkey {
            id: 0,
            member,
            name,
            credential: key.id,
            holder: key.holder,
            public: key.public,
            state: key.state,
            created_at: clock::seconds(),
            used_at: None,
        };
        let made = event(Some(member), "passkey_add", "passkey", request);
        let added = self.write(|s| s.passkey_add(&kept, made))?;
        Ok(if added { Ok(()) } else { Err(Declined::PasskeyMany) })
    }

    /// Begins signing in with whichever passkey the device holds.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn passkey_ask(&self) -> Outcome<PasskeyAttempt> {
        let Some(place) = self.passkey_place() else { return Ok(Err(Declined::PasskeyRefused)) };
        match passkey::ask(&place) {
            Ok(begun) => Ok(Ok(self.passkey_attempt(begun.options, hex(&begun.secret), ENTERING)?)),
            Err(trouble) => Ok(Err(refused(&trouble))),
        }
    }

    /// A full session for the holder of the passkey that answered: the device proves itself, its PIN or fingerprint
    /// the person.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn passkey_enter(&self, token: &str, answer: &str, agent: &str, request: &str) -> Outcome<String> {
        let Some(place) = self.passkey_place() else { return Ok(Err(Declined::PasskeyRefused)) };
        let taken = self.passkey_taken(token, ENTERING)?;
        let Some([secret]) = taken.as_deref() else { return Ok(Err(Declined::LinkExpired)) };
        let claimed = match passkey::claimed(answer) {
            Ok(claimed) => claimed,
            Err(trouble) => return Ok(Err(refused(&trouble))),
        };
        let found = self.read(|s| {
            let Some(row) = s.passkey(&claimed)? else { return Ok::<_, Fault>(None) };
            Ok(s.member(row.member)?.map(|member| (row, member)))
        })?;
        let now = clock::seconds();
        let Some((row, member)) = found.filter(|(_, member)| !member.disabled) else {
            return Ok(Err(Declined::PasskeyRefused));
        };
        let mut key = key_of(&row);
        if let Err(trouble) = passkey::prove(&place, secret, answer, &mut key) {
            let mut failed = event(Some(member.id), "sign_in", "session", request);
            failed.outcome = "refused".to_owned();
            self.write(|s| s.sign_in_failed(&member.login, now, now - super::sign_in::FAILURES_SECONDS, failed))?;
            return Ok(Err(refused(&trouble)));
        }
        let session = Session {
            member: member.id,
            full: true,
            created_at: now,
            seen_at: now,
            fresh_at: now,
            agent: kernel::text::excerpt(agent, 120),
        };
        let fresh = Self::token()?;
        let done = event(Some(member.id), "sign_in", &format!("passkey:{}", row.id), request);
        let entered = self.write(|s| {
            let is_there = s.passkey_used(row.id, &key.state, now)?;
            if is_there {
                s.session_begin(&token_hash(&fresh), &session, None, Some(done))?;
            }
            Ok::<_, store::Fault>(is_there)
        })?;
        Ok(if entered { Ok(hex(&fresh)) } else { Err(Declined::PasskeyRefused) })
    }
}
