//! The city's own sign-on: attempts under way, and what the provider calls a member.

use crate::db::{OptionalExtension, params};
use crate::{Fault, Store, trail};
use audit::Event;

/// Where sealed secrets of an attempt belong.
const PLACE: &[u8] = b"signon attempt";

/// Attempts under way at most: beyond, the oldest end. Nobody fills a disk by asking.
const ATTEMPTS_MAX: i64 = 1_000;

/// An attempt under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOnAttempt {
    /// Nonce and verifier, as the caller writes them.
    pub secrets: String,
    /// Where to, afterwards.
    pub going: String,
}

impl Store {
    /// Keeps an attempt until `expires_at`; those that ran out go.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn signon_begin(
        &mut self,
        state: &[u8],
        attempt: &SignOnAttempt,
        now: i64,
        expires_at: i64,
    ) -> Result<(), Fault> {
        let sealed = self.vault.seal(PLACE, attempt.secrets.as_bytes())?;
        let transaction = self.connection.transaction()?;
        transaction.execute("DELETE FROM signon_attempt WHERE expires_at < ?1", [now])?;
        transaction.execute(
            "DELETE FROM signon_attempt WHERE state IN
               (SELECT state FROM signon_attempt ORDER BY expires_at DESC, state LIMIT 1000000 OFFSET ?1)",
            [ATTEMPTS_MAX - 1],
        )?;
        transaction.execute(
            "INSERT INTO signon_attempt (state, secrets, going, expires_at) VALUES (?1, ?2, ?3, ?4)",
            params![state, sealed, attempt.going, expires_at],
        )?;
        transaction.commit()?;
        Ok(())
    }

    /// Takes an attempt: it is good once. None where it is unknown, used or too old.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn signon_take(&mut self, state: &[u8], now: i64) -> Result<Option<SignOnAttempt>, Fault> {
        let transaction = self.connection.transaction()?;
        let found: Option<(Vec<u8>, String, i64)> = transaction
            .prepare_cached("SELECT secrets, going, expires_at FROM signon_attempt WHERE state = ?1")?
            .query_row([state], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
            .optional()?;
        transaction.execute("DELETE FROM signon_attempt WHERE state = ?1", [state])?;
        transaction.commit()?;
        let Some((sealed, going, expires_at)) = found else { return Ok(None) };
        if expires_at < now {
            return Ok(None);
        }
        let secrets = String::from_utf8(self.vault.open(&sealed)?).map_err(|e| Fault::Damaged(e.to_string()))?;
        Ok(Some(SignOnAttempt { secrets, going }))
    }

    /// The member a provider calls by a name.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn signon_member(&self, issuer: &str, subject: &str) -> Result<Option<i64>, Fault> {
        let found = self
            .connection
            .prepare_cached("SELECT member_id FROM signon_member WHERE issuer = ?1 AND subject = ?2")?
            .query_row([issuer, subject], |r| r.get(0));
        Ok(found.optional()?)
    }

    /// Binds a member to the provider's name for the person. False where either is bound already: an address that
    /// moved to somebody else brings no rights along.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn signon_bind(
        &mut self,
        issuer: &str,
        subject: &str,
        member: i64,
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let bound = transaction.execute(
            "INSERT INTO signon_member (issuer, subject, member_id, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            params![issuer, subject, member, at],
        )?;
        if bound == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(bound == 1)
    }
}
