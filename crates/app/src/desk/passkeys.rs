//! Signing in with a passkey instead of a password and a code; the keys one has.

use super::sign_in::{Declined, Outcome, session_of};
use super::{Desk, event, hex, token_hash, unhex};
use crate::{Fault, clock};
use signon::passkey::{self, Holder, Key, Place};
use store::{Member, Passkey, SignOnAttempt};

/// Seconds somebody may take with the device.
const ATTEMPT_SECONDS: i64 = 300;

/// What an attempt to make a key is kept for.
const MAKING: &str = "passkey";

/// Where a sealed attempt to sign in belongs.
const PLACE: &[u8] = b"passkey sign in";

/// Characters of a device's name.
const NAME_MAX: usize = 60;

/// An attempt for the browser.
pub struct PasskeyAttempt {
    /// Options as the browser's interface wants them, JSON.
    pub options: String,
    /// Comes back with the answer.
    pub token: String,
}

/// What the library says names bytes and rules, never a person.
fn log(trouble: &signon::Trouble) {
    eprintln!("{}", serde_json::json!({ "passkey": trouble.to_string() }));
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
                Ok(Ok(self.passkey_attempt(begun.options, secrets, &format!("{MAKING}:{member}"))?))
            }
            Err(trouble) => {
                log(&trouble);
                Ok(Err(Declined::PasskeyNotMade))
            }
        }
    }

    /// Keeps the passkey an answer brings.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn passkey_keep(&self, member: i64, token: &str, answer: &str, name: &str, request: &str) -> Outcome<()> {
        let Some(place) = self.passkey_place() else { return Ok(Err(Declined::PasskeyRefused)) };
        let taken = self.passkey_taken(token, &format!("{MAKING}:{member}"))?;
        let Some([secret, handle]) = taken.as_deref() else { return Ok(Err(Declined::PasskeyLate)) };
        let key = match passkey::accept(&place, handle, secret, answer) {
            Ok(key) => key,
            Err(trouble) => {
                log(&trouble);
                return Ok(Err(Declined::PasskeyNotMade));
            }
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

    /// Begins signing in with whichever passkey the device holds. Nothing is kept of it: whoever asks may be anybody, so
    /// what has to be known again travels sealed with the browser.
    ///
    /// # Errors
    /// [`Fault`] of the vault.
    pub fn passkey_ask(&self) -> Outcome<PasskeyAttempt> {
        let Some(place) = self.passkey_place() else { return Ok(Err(Declined::PasskeyRefused)) };
        match passkey::ask(&place) {
            Ok(begun) => {
                let mut kept = (clock::seconds() + ATTEMPT_SECONDS).to_le_bytes().to_vec();
                kept.extend(&begun.secret);
                let token = hex(&self.vault.seal(PLACE, &kept)?);
                Ok(Ok(PasskeyAttempt { options: begun.options, token }))
            }
            Err(trouble) => {
                log(&trouble);
                Ok(Err(Declined::PasskeyRefused))
            }
        }
    }

    /// What a sealed attempt holds, and until when it is good.
    fn passkey_asked(&self, token: &str) -> Option<(Vec<u8>, i64)> {
        let kept = self.vault.open(&unhex(token)?).ok()?;
        let (until, secret) = kept.split_first_chunk::<8>()?;
        Some((secret.to_vec(), i64::from_le_bytes(*until)))
    }

    /// A full session for the holder of the passkey that answered: the device proves itself, its PIN or fingerprint
    /// the person.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn passkey_enter(&self, token: &str, answer: &str, agent: &str, request: &str) -> Outcome<String> {
        let Some(place) = self.passkey_place() else { return Ok(Err(Declined::PasskeyRefused)) };
        let now = clock::seconds();
        let Some((secret, until)) = self.passkey_asked(token).filter(|(_, until)| *until >= now) else {
            return Ok(Err(Declined::PasskeyLate));
        };
        let claimed = match passkey::claimed(answer) {
            Ok(claimed) => claimed,
            Err(trouble) => {
                log(&trouble);
                return Ok(Err(Declined::PasskeyRefused));
            }
        };
        let found = self.read(|s| {
            let Some(row) = s.passkey(&claimed)? else { return Ok::<_, Fault>(None) };
            Ok(s.member(row.member)?.map(|member| (row, member)))
        })?;
        let Some((row, member)) = found else { return self.passkey_failed(None, now, request) };
        let Some(_judged) = self.judge(&member.login, now)? else { return Ok(Err(Declined::Wait)) };
        if member.disabled {
            return self.passkey_failed(Some(&member), now, request);
        }
        let mut key = key_of(&row);
        if let Err(trouble) = passkey::prove(&place, &secret, answer, &mut key) {
            log(&trouble);
            return self.passkey_failed(Some(&member), now, request);
        }
        let session = session_of(member.id, true, now, agent);
        let fresh = Self::token()?;
        let done = event(Some(member.id), "sign_in", &format!("passkey:{}", row.id), request);
        let used = self.write(|s| {
            let used = s.passkey_used(row.id, &key.state, &token_hash(&secret), (now, until))?;
            if used == Some(true) && !s.session_begin(&token_hash(&fresh), &session, Some(done))? {
                return Ok(None);
            }
            Ok::<_, store::Fault>(used)
        })?;
        match used {
            Some(true) => Ok(Ok(hex(&fresh))),
            Some(false) => Ok(Err(Declined::PasskeyLate)),
            None => self.passkey_failed(Some(&member), now, request),
        }
    }

    /// Nobody is let in, and the trail says so.
    fn passkey_failed<T>(&self, member: Option<&Member>, now: i64, request: &str) -> Outcome<T> {
        let login = member.map_or("passkey", |m| m.login.as_str());
        let refused: Result<T, Declined> = self.failed(login, member, now, request)?;
        Ok(refused.map_err(|_| Declined::PasskeyRefused))
    }
}
