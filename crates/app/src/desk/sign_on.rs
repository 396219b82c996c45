//! Signing in through the city's own sign-on. It stands for the password; the second factor is still asked here unless
//! the provider says that it asked for one. Whoever was not invited stays outside, whatever the provider says.

use super::sign_in::{Declined, Outcome, session_of};
use super::{Desk, event, hex, token_hash, unhex};
use crate::{Fault, clock};
use signon::{Attempt, Identity, Provider};
use store::SignOnAttempt;

/// Seconds somebody may take at the provider.
const ATTEMPT_SECONDS: i64 = 600;

/// Path the browser comes back to.
pub const CALLBACK: &str = "/masuk/luar/kembali";

/// Somebody who came back.
pub struct Returned {
    /// Token of the session.
    pub token: String,
    /// Both factors given?
    pub full: bool,
    /// Where to.
    pub going: String,
}

impl Desk {
    /// What the button of the city's sign-on says; none where there is none.
    pub fn sign_on_name(&self) -> Option<&str> {
        self.outside.sign_on.as_ref().map(|s| s.name.as_str())
    }

    fn provider(&self) -> Option<Provider> {
        Some(self.outside.sign_on.as_ref()?.provider(format!("{}{CALLBACK}", self.address())))
    }

    /// Begins: the provider's address for the browser, and the state that has to come back with it.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn sign_on_begin(&self, going: &str) -> Outcome<(String, String)> {
        let Some(provider) = self.provider() else { return Ok(Err(Declined::SignOnSilent)) };
        let secret = || Ok::<_, Fault>(hex(&Self::token()?));
        let attempt = Attempt { state: secret()?, nonce: secret()?, verifier: secret()? };
        let url = match provider.begin(&attempt) {
            Ok(url) => url,
            Err(trouble) => return silent(&trouble),
        };
        let kept =
            SignOnAttempt { secrets: format!("{} {}", attempt.nonce, attempt.verifier), going: going.to_owned() };
        let now = clock::seconds();
        let state = unhex(&attempt.state).unwrap_or_default();
        self.write(|s| s.signon_begin(&token_hash(&state), &kept, now, now + ATTEMPT_SECONDS))?;
        Ok(Ok((url, attempt.state)))
    }

    /// Ends: a session for whoever comes back with state and code. `began` is the state this browser left with.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn sign_on_end(&self, began: &str, state: &str, code: &str, agent: &str, request: &str) -> Outcome<Returned> {
        // Another browser's answer, or one that was used or waited for too long.
        let hash = unhex(state).filter(|_| began == state).map(|s| token_hash(&s));
        let Some(hash) = hash else { return Ok(Err(Declined::LinkExpired)) };
        let Some(provider) = self.provider() else { return Ok(Err(Declined::SignOnSilent)) };
        let now = clock::seconds();
        let Some(kept) = self.write(|s| s.signon_take(&hash, now))? else { return Ok(Err(Declined::LinkExpired)) };
        let (nonce, verifier) = kept.secrets.split_once(' ').unwrap_or_default();
        let attempt = Attempt { state: state.to_owned(), nonce: nonce.to_owned(), verifier: verifier.to_owned() };
        let identity = match provider.end(&attempt, code) {
            Ok(identity) => identity,
            Err(trouble) => return silent(&trouble),
        };
        let Some(member) = self.sign_on_member(&provider.issuer, &identity, request)? else {
            return Ok(Err(Declined::SignOnStranger));
        };
        let full = identity.second_factor;
        let session = session_of(member, full, now, agent);
        let token = Self::token()?;
        let done = full.then(|| event(Some(member), "sign_in", "session", request));
        if !self.write(|s| s.session_begin(&token_hash(&token), &session, done))? {
            return Ok(Err(Declined::SignOnStranger));
        }
        Ok(Ok(Returned { token: hex(&token), full, going: kept.going }))
    }

    /// The member an identity stands for: by the provider's name for the person, or, the first time, by an address the
    /// provider vouches for.
    fn sign_on_member(&self, issuer: &str, identity: &Identity, request: &str) -> Result<Option<i64>, Fault> {
        let bound = self.read(|s| s.signon_member(issuer, &identity.subject).map_err(Fault::from))?;
        let id = match (bound, &identity.email) {
            (Some(id), _) => Some(id),
            (None, Some(email)) => {
                let member = self.read(|s| s.member_by_login(email).map_err(Fault::from))?;
                match member {
                    Some(member) if !member.disabled => {
                        let told = event(Some(member.id), "sign_on_bind", &format!("member:{}", member.id), request);
                        let now = clock::now();
                        let is_bound =
                            self.write(|s| s.signon_bind(issuer, &identity.subject, member.id, &now, told))?;
                        is_bound.then_some(member.id)
                    }
                    _ => None,
                }
            }
            (None, None) => None,
        };
        let Some(id) = id else { return Ok(None) };
        let member = self.read(|s| s.member(id).map_err(Fault::from))?;
        Ok(member.filter(|m| !m.disabled).map(|m| m.id))
    }
}

/// What went wrong at the provider stands in the log, without a word of whom it was about.
fn silent<T>(trouble: &signon::Trouble) -> Outcome<T> {
    eprintln!("{}", serde_json::json!({ "sign_on": trouble.to_string() }));
    Ok(Err(match trouble {
        signon::Trouble::Unproven(_) => Declined::LinkExpired,
        signon::Trouble::Settings(_) | signon::Trouble::Unreachable(_) => Declined::SignOnSilent,
    }))
}
