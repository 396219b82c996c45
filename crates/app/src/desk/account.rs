//! A member's own account: sessions under way, and keys for programs that ask for JSON.

use super::sign_in::SignedIn;
use super::{Desk, event, hex, token_hash, unhex};
use crate::{Fault, clock};
use authz::{Action, Actor, Resource};
use store::{ApiKey, Session};

/// What a key may be made for: everything the JSON interface answers that is not for everybody.
pub const KEY_RIGHTS: [(Action, Resource); 11] = [
    (Action::Read, Resource::Project),
    (Action::Read, Resource::Finding),
    (Action::Read, Resource::Figure),
    (Action::Read, Resource::Person),
    (Action::Read, Resource::Accident),
    (Action::Read, Resource::Gate),
    (Action::Read, Resource::Complaint),
    (Action::Read, Resource::Mail),
    (Action::Read, Resource::Erasure),
    (Action::Read, Resource::Vulnerable),
    (Action::Read, Resource::Donation),
];

/// How long a key may be good for, in days.
pub const KEY_DAYS: [u32; 4] = [30, 90, 180, 365];

/// What a key begins with, so that one left lying about is known for what it is.
const KEY_PREFIX: &str = "payung_";

const DAY_SECONDS: i64 = 24 * 3_600;

/// A key is noted as used once an hour.
const USED_SECONDS: i64 = 3_600;

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// Names it in a form; nobody finds the token from it.
    pub mark: String,
    /// The session.
    pub session: Session,
    /// The one that asks?
    pub current: bool,
}

/// Why there is no new key; each has a sentence `key-...` in `i18n/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoKey {
    /// It needs a name.
    Name,
    /// It would be allowed nothing.
    Rights,
    /// There are too many already.
    Many,
}

impl NoKey {
    /// Name of its sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Name => "key-no-name",
            Self::Rights => "key-no-rights",
            Self::Many => "key-too-many",
        }
    }
}

fn mark_of(hash: &[u8]) -> String {
    hex(&blake3::hash(hash).as_bytes()[..8])
}

impl Desk {
    /// Sessions of a member, the last seen first; `token` is the one that asks.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn own_sessions(&self, member: i64, token: &str) -> Result<Vec<OwnSession>, Fault> {
        let current = unhex(token).map(|t| token_hash(&t).to_vec());
        let list = self.read(|s| s.session_list(member).map_err(Fault::from))?;
        let now = clock::seconds();
        let alive = list.into_iter().filter(|(_, s)| super::sign_in::is_alive(s, now));
        let own = alive.map(|(hash, session)| OwnSession {
            mark: mark_of(&hash),
            current: Some(&hash) == current.as_ref(),
            session,
        });
        Ok(own.collect())
    }

    /// Ends one session by its mark, or every other one where there is no mark; the one that asks goes on. Says how
    /// many ended.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn end_sessions(&self, member: i64, token: &str, mark: Option<&str>, request: &str) -> Result<usize, Fault> {
        let current = unhex(token).map(|t| token_hash(&t).to_vec());
        let told = event(Some(member), "session_end", "session", request);
        Ok(self.write(|s| {
            let list = s.session_list(member)?.into_iter().map(|(hash, _)| hash);
            let others = list.filter(|hash| Some(hash) != current.as_ref());
            let chosen: Vec<Vec<u8>> = others.filter(|hash| mark.is_none_or(|m| m == mark_of(hash))).collect();
            s.session_end(member, &chosen, told)
        })?)
    }

    /// Makes a key that may what is asked for, as far as the member may it. The answer is the key, shown once.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn make_key(
        &self,
        signed: &SignedIn,
        name: &str,
        rights: &[(Action, Resource)],
        days: u32,
        request: &str,
    ) -> Result<Result<String, NoKey>, Fault> {
        let name = kernel::text::excerpt(name.trim(), 80);
        if name.is_empty() {
            return Ok(Err(NoKey::Name));
        }
        let allowed = |(action, resource): &(Action, Resource)| authz::may(&signed.actor, *action, *resource);
        let rights: Vec<_> = rights.iter().copied().filter(|r| KEY_RIGHTS.contains(r) && allowed(r)).collect();
        if rights.is_empty() {
            return Ok(Err(NoKey::Rights));
        }
        let token = Self::token()?;
        let now = clock::seconds();
        let key = ApiKey {
            id: 0,
            member: signed.member,
            name,
            rights,
            created_at: now,
            expires_at: now + i64::from(days.min(KEY_DAYS[KEY_DAYS.len() - 1])) * DAY_SECONDS,
            used_at: None,
        };
        let told = event(Some(signed.member), "key_make", "key", request);
        let made = self.write(|s| s.key_add(&token_hash(&token), &key, told))?;
        Ok(if made { Ok(format!("{KEY_PREFIX}{}", hex(&token))) } else { Err(NoKey::Many) })
    }

    /// Who asks with a key: its member, with no more rights than the key has. None where it is unknown, ended, too
    /// old, or its member suspended.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn who_has_key(&self, key: &str) -> Result<Option<Actor>, Fault> {
        let Some(token) = key.strip_prefix(KEY_PREFIX).and_then(unhex) else { return Ok(None) };
        let now = clock::seconds();
        let found = self.read(|s| s.key(&token_hash(&token)).map_err(Fault::from))?;
        let Some(key) = found.filter(|key| key.expires_at > now) else { return Ok(None) };
        let actor = self.actor(Some(key.member))?;
        if actor.grants.is_empty() {
            return Ok(None);
        }
        if key.used_at.is_none_or(|at| now - at > USED_SECONDS) {
            self.write(|s| s.key_used(key.id, now))?;
        }
        Ok(Some(actor.narrowed(key.rights)))
    }
}
