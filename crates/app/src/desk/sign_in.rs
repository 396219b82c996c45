//! Signing in: a password, then a code from the phone; invitations by link; nobody has a default password.

use super::{Desk, event, lock, token_hash};
use crate::{Fault, clock};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use authz::{Actor, Grant, Role, Scope};
use store::{Invitation, Member, Session};
use totp_rs::{Builder, Totp};

/// A session nobody used for so long ends: a working day, because people who are logged out at their desk
/// lose what they typed (complaint 21 of the peers).
pub const IDLE_SECONDS: i64 = 10 * 3_600;
/// A session ends after this, used or not.
pub const ABSOLUTE_SECONDS: i64 = 24 * 3_600;
/// A full proof counts as fresh for so long.
pub const FRESH_SECONDS: i64 = 10 * 60;
/// An invitation can be taken up for so long.
pub const INVITATION_SECONDS: i64 = 7 * 24 * 3_600;
/// Letters of a name at most.
const NAME_CHARS_MAX: usize = 100;
/// Failed attempts on one address ...
pub const FAILURES_MAX: u64 = 8;
/// ... within so long, before it has to wait.
pub const FAILURES_SECONDS: i64 = 15 * 60;
/// Shortest password.
pub const PASSWORD_LENGTH_MIN: usize = 10;

/// Why somebody is not let in, or a password not taken. Each has a sentence `sign-in-...` in `i18n/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declined {
    /// Address, password or code is wrong; which one is not said.
    Wrong,
    /// Too many attempts.
    Wait,
    /// Link is unknown, used or too old.
    LinkExpired,
    /// Shorter than [`PASSWORD_LENGTH_MIN`].
    PasswordShort,
    /// Common, breached or guessed from name and address.
    PasswordCommon,
    /// Not an address.
    LoginMalformed,
    /// The city's sign-on does not answer.
    SignOnSilent,
    /// The city's sign-on knows the person, and nobody invited that address here.
    SignOnStranger,
    /// A passkey proves nothing here: unknown, ended, of another site, copied; which one is not said.
    PasskeyRefused,
    /// The device took longer than an attempt is good, or its answer was used before.
    PasskeyLate,
    /// What the device made is no passkey for this place.
    PasskeyNotMade,
    /// As many passkeys as one may have, or this one is known already.
    PasskeyMany,
}

impl Declined {
    /// Name of its sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Wrong => "sign-in-wrong",
            Self::Wait => "sign-in-wait",
            Self::LinkExpired => "sign-in-link-expired",
            Self::PasswordShort => "sign-in-password-short",
            Self::PasswordCommon => "sign-in-password-common",
            Self::LoginMalformed => "sign-in-login-malformed",
            Self::SignOnSilent => "sign-on-silent",
            Self::SignOnStranger => "sign-on-stranger",
            Self::PasskeyRefused => "passkey-refused",
            Self::PasskeyLate => "passkey-late",
            Self::PasskeyNotMade => "passkey-not-made",
            Self::PasskeyMany => "passkey-many",
        }
    }
}

/// An attempt to sign in that is being judged.
pub(super) struct Judged<'d> {
    desk: &'d Desk,
    login: String,
}

impl Drop for Judged<'_> {
    fn drop(&mut self) {
        let mut judging = lock(&self.desk.judging);
        if let Some(n) = judging.get_mut(&self.login) {
            *n -= 1;
            if *n == 0 {
                judging.remove(&self.login);
            }
        }
    }
}

/// A session that begins now: full where both factors were given.
pub(super) fn session_of(member: i64, full: bool, now: i64, agent: &str) -> Session {
    let fresh_at = if full { now } else { 0 };
    Session { member, full, created_at: now, seen_at: now, fresh_at, agent: kernel::text::excerpt(agent, 120) }
}

/// Does a session still hold?
pub(crate) fn is_alive(session: &Session, now: i64) -> bool {
    now - session.seen_at <= IDLE_SECONDS && now - session.created_at <= ABSOLUTE_SECONDS
}

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub member: i64,
    /// Name, for the head of the page.
    pub name: String,
    /// Rights in force.
    pub actor: Actor,
    /// Both factors given?
    pub full: bool,
    /// Is the proof fresh enough for a sensitive act?
    pub fresh: bool,
}

pub(super) type Outcome<T> = Result<Result<T, Declined>, Fault>;

fn hash_password(password: &str) -> Result<String, Fault> {
    let mut salt = [0u8; 16];
    getrandom::fill(&mut salt).map_err(|e| Fault(format!("no randomness: {e}")))?;
    let hash: PasswordHash =
        Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(|e| Fault(e.to_string()))?;
    Ok(hash.to_string())
}

/// Nobody's hash.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keQ$H6U1oYh9ZzFFTrTtVUPMV0F8Jt1yQ3qTqDoZ0bYFqDA";

/// Verifies; where there is no hash, one of the same cost is computed so that time tells nothing.
fn verify_password(password: &str, stored: Option<&str>) -> bool {
    let Ok(hash) = PasswordHash::new(stored.unwrap_or(NOBODY)) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && stored.is_some()
}

/// The second factor as an authenticator app knows it.
fn totp(secret: &[u8], login: &str) -> Result<Totp, Fault> {
    Builder::new()
        .with_secret(secret.to_vec())
        .with_issuer(Some("Payung"))
        .with_account_name(login.replace(':', "-"))
        .build()
        .map_err(|e| Fault(format!("second factor: {e:?}")))
}

/// A new secret, its text for typing, and its link for a QR code.
///
/// # Errors
/// [`Fault`] where the machine has no randomness.
pub fn new_factor(login: &str) -> Result<(Vec<u8>, String), Fault> {
    let secret = Desk::token()?[..20].to_vec();
    let url = factor_link(&secret, login)?;
    Ok((secret, url))
}

/// The link of a secret, as an authenticator app scans it.
///
/// # Errors
/// [`Fault`] where the secret is none.
pub fn factor_link(secret: &[u8], login: &str) -> Result<String, Fault> {
    totp(secret, login)?.to_url().map_err(|e| Fault(format!("second factor: {e:?}")))
}

/// The code of a secret at a moment: for tests and for a command line without a phone.
///
/// # Errors
/// [`Fault`] where the secret is none.
pub fn code_at(secret: &[u8], seconds: u64) -> Result<String, Fault> {
    Ok(totp(secret, "x")?.generate(seconds).to_string())
}

fn check_password(password: &str, login: &str, name: &str) -> Result<(), Declined> {
    if password.chars().count() < PASSWORD_LENGTH_MIN {
        return Err(Declined::PasswordShort);
    }
    let words = [login, name, "payung bpjs jakon"];
    let whole = name.split_whitespace().collect::<String>();
    let mut near: Vec<&str> = words.iter().flat_map(|w| w.split(|c: char| !c.is_alphanumeric())).collect();
    near.extend([login, whole.as_str()]);
    // Three of four: a guess would need a hundred million attempts.
    if (zxcvbn::zxcvbn(password, &near).score() as u8) < 3 {
        return Err(Declined::PasswordCommon);
    }
    Ok(())
}

fn login_of(typed: &str) -> Option<String> {
    let login = typed.trim().to_lowercase();
    let (local, domain) = login.split_once('@')?;
    let plain = login.len() <= 200 && !login.chars().any(|c| c.is_whitespace() || c.is_control());
    (plain && !local.is_empty() && domain.len() >= 3 && !domain.contains('@')).then_some(login)
}

/// Is a grant in force without a second person? The first administrator's is. The inviter alone may bring in those who see
/// one agency or their own projects, and, where there is no second person yet, that one.
fn in_force_at_once(grant: &Grant, invited_by: Option<i64>, second: bool) -> bool {
    let lets_others_in = || {
        let holder = Actor::member(authz::OPERATOR, vec![grant.clone()]);
        authz::permit::<authz::Release, authz::Member>(&holder).is_some()
    };
    invited_by.is_none() || grant.scope != Scope::City || (!second && lets_others_in())
}

impl Desk {
    /// The link of the first administrator: made where nobody administers yet, good once.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn first_link(&self) -> Result<Option<String>, Fault> {
        if self.read(|s| s.role_held(Role::CityAdmin).map_err(Fault::from))? {
            return Ok(None);
        }
        let grants =
            [Role::CityAdmin, Role::ProcurementClerk, Role::Supervisor].map(|role| Grant { role, scope: Scope::City });
        let invitation = Invitation {
            login: String::new(),
            name: String::new(),
            grants: grants.to_vec(),
            invited_by: None,
            expires_at: clock::seconds() + INVITATION_SECONDS,
        };
        let token = Self::token()?;
        let mut made = event(None, "first_link", "installation", "");
        made.actor = "program".to_owned();
        self.write(|s| s.invitation_add(&token_hash(&token), &invitation, made))?;
        Ok(Some(super::hex(&token)))
    }

    /// Invites somebody; the answer is the token of the link.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn invite(
        &self,
        permit: &authz::Permit<authz::Change, authz::Member>,
        login: &str,
        name: &str,
        grants: Vec<Grant>,
        request: &str,
    ) -> Outcome<String> {
        let Some(login) = login_of(login) else { return Ok(Err(Declined::LoginMalformed)) };
        let expires_at = clock::seconds() + INVITATION_SECONDS;
        let invitation =
            Invitation { login, name: name.trim().to_owned(), grants, invited_by: permit.actor(), expires_at };
        let token = Self::token()?;
        let made = event(
            permit.actor(),
            "member_invite",
            &format!("invitation:{}", &super::hex(&token_hash(&token))[..12]),
            request,
        );
        self.write(|s| s.invitation_add(&token_hash(&token), &invitation, made))?;
        Ok(Ok(super::hex(&token)))
    }

    /// An invitation that still holds.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn invitation(&self, token: &str) -> Result<Option<Invitation>, Fault> {
        let Some(token) = super::unhex(token) else { return Ok(None) };
        let found = self.read(|s| s.invitation(&token_hash(&token)).map_err(Fault::from))?;
        Ok(found.filter(|i| i.expires_at >= clock::seconds()))
    }

    /// Takes an invitation up with a password and a first code of the second factor. Both have just been proven,
    /// so the answer is a token of a full session.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn take_invitation(&self, token: &str, typed: &Taking<'_>, agent: &str, request: &str) -> Outcome<String> {
        let Some(invitation) = self.invitation(token)? else { return Ok(Err(Declined::LinkExpired)) };
        let own = if invitation.login.is_empty() { typed.login } else { &invitation.login };
        let Some(login) = login_of(own) else { return Ok(Err(Declined::LoginMalformed)) };
        let name = if typed.name.trim().is_empty() { &invitation.name } else { typed.name };
        let name = kernel::text::excerpt(name.trim(), NAME_CHARS_MAX);
        if let Err(declined) = check_password(typed.password, &login, &name) {
            return Ok(Err(declined));
        }
        let Some(step) = totp(typed.secret, &login)?.check(&only_digits(typed.code), clock::seconds().unsigned_abs())
        else {
            return Ok(Err(Declined::Wrong));
        };
        let password = hash_password(typed.password)?;
        let token = super::unhex(token).unwrap_or_default();
        let invited_by = invitation.invited_by;
        let taken = self.write(|s| {
            let id = s.invitation_take(
                &token_hash(&token),
                (&login, &name),
                &password,
                typed.secret,
                (&clock::now(), clock::seconds()),
                &|grant, second| in_force_at_once(grant, invited_by, second),
                event(None, "invitation_take", "", request),
            )?;
            if let Some(id) = id {
                s.totp_use(id, step)?;
            }
            Ok::<_, store::Fault>(id)
        })?;
        let Some(member) = taken else { return Ok(Err(Declined::LinkExpired)) };
        let session = session_of(member, true, clock::seconds(), agent);
        let fresh = Self::token()?;
        let done = event(Some(member), "sign_in", "session", request);
        let begun = self.write(|s| s.session_begin(&token_hash(&fresh), &session, Some(done)))?;
        Ok(if begun { Ok(super::hex(&fresh)) } else { Err(Declined::LinkExpired) })
    }

    /// The first step. The token is good for the second step only.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn sign_in(&self, login: &str, password: &str, agent: &str, request: &str) -> Outcome<String> {
        let now = clock::seconds();
        let login = login.trim().to_lowercase();
        let Some(_judged) = self.judge(&login, now)? else { return Ok(Err(Declined::Wait)) };
        let member = self.read(|s| s.member_by_login(&login).map_err(Fault::from))?;
        let stored = member.as_ref().filter(|m| !m.disabled).and_then(|m| m.password.as_deref());
        if !verify_password(password, stored) {
            return self.failed(&login, member.as_ref(), now, request);
        }
        let Some(member) = member else { return Ok(Err(Declined::Wrong)) };
        let session = session_of(member.id, false, now, agent);
        let token = Self::token()?;
        let begun = self.write(|s| s.session_begin(&token_hash(&token), &session, None))?;
        Ok(if begun { Ok(super::hex(&token)) } else { Err(Declined::Wrong) })
    }

    /// May an attempt to sign in be judged? Those being judged at this moment count as failed until they are not, so that
    /// many at once are no more than the limit. None: too many. The answer is held until the outcome is written.
    pub(super) fn judge(&self, login: &str, now: i64) -> Result<Option<Judged<'_>>, Fault> {
        let at_once = {
            let mut judging = lock(&self.judging);
            let n = judging.entry(login.to_owned()).or_default();
            *n += 1;
            *n
        };
        let judged = Judged { desk: self, login: login.to_owned() };
        let failures = self.read(|s| s.sign_in_failures(login, now - FAILURES_SECONDS).map_err(Fault::from))?;
        Ok((failures + at_once <= FAILURES_MAX).then_some(judged))
    }

    pub(super) fn failed<T>(&self, login: &str, member: Option<&Member>, now: i64, request: &str) -> Outcome<T> {
        let mut failed = event(member.map(|m| m.id), "sign_in", "session", request);
        failed.outcome = "refused".to_owned();
        self.write(|s| s.sign_in_failed(login, now, now - FAILURES_SECONDS, failed))?;
        Ok(Err(Declined::Wrong))
    }

    /// The second step: a code, good once. The token changes.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn second_step(&self, token: &str, code: &str, request: &str) -> Outcome<String> {
        let now = clock::seconds();
        let Some(hash) = super::unhex(token).map(|t| token_hash(&t)) else { return Ok(Err(Declined::Wrong)) };
        let found = self.read(|s| {
            let Some(session) = s.session(&hash)? else { return Ok::<_, Fault>(None) };
            Ok(s.member(session.member)?.map(|member| (session, member)))
        })?;
        let Some((session, member)) = found else { return Ok(Err(Declined::Wrong)) };
        let Some(_judged) = self.judge(&member.login, now)? else { return Ok(Err(Declined::Wait)) };
        let step = match (&member.totp, member.disabled) {
            (Some(secret), false) => totp(secret, &member.login)?.check(&only_digits(code), now.unsigned_abs()),
            _ => None,
        };
        let Some(step) = step else { return self.failed(&member.login, Some(&member), now, request) };
        let fresh = Self::token()?;
        let session = Session { full: true, created_at: now, seen_at: now, fresh_at: now, ..session };
        let done = event(Some(member.id), "sign_in", "session", request);
        let tokens = (&hash[..], &token_hash(&fresh)[..]);
        if !self.write(|s| s.session_complete(tokens, &session, step, done))? {
            return self.failed(&member.login, Some(&member), now, request);
        }
        Ok(Ok(super::hex(&fresh)))
    }

    /// Who a token is, if it still holds.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn who(&self, token: &str) -> Result<Option<SignedIn>, Fault> {
        let now = clock::seconds();
        let Some(hash) = super::unhex(token).map(|t| token_hash(&t)) else { return Ok(None) };
        let found = self.read(|s| {
            let Some(session) = s.session(&hash)? else { return Ok::<_, Fault>(None) };
            let Some(member) = s.member(session.member)? else { return Ok(None) };
            Ok(Some((s.grant_list(member.id)?, session, member)))
        })?;
        let Some((grants, session, member)) = found else { return Ok(None) };
        if member.disabled || !is_alive(&session, now) {
            return Ok(None);
        }
        // Once in five minutes is enough to know an idle session, and spares a write on every page.
        if now - session.seen_at > 300 {
            self.write(|s| s.session_seen(&hash, now))?;
        }
        let grants = grants.into_iter().filter(|g| g.released).map(|g| g.grant).collect();
        Ok(Some(SignedIn {
            member: member.id,
            name: member.name,
            actor: Actor::member(member.id, grants),
            full: session.full,
            fresh: session.full && now - session.fresh_at <= FRESH_SECONDS,
        }))
    }

    /// Ends every session of a member.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn sign_out(&self, member: i64, request: &str) -> Result<(), Fault> {
        Ok(self.write(|s| s.session_end_all(member, event(Some(member), "sign_out", "session", request)))?)
    }
}

/// What somebody types who takes up an invitation.
pub struct Taking<'a> {
    /// Address, where the invitation has none.
    pub login: &'a str,
    /// Name.
    pub name: &'a str,
    /// Password.
    pub password: &'a str,
    /// Secret of the second factor.
    pub secret: &'a [u8],
    /// A code of it.
    pub code: &'a str,
}

fn only_digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused() {
        let check = |p: &str| check_password(p, "ratna@jambikota.go.id", "Ratna Dewi");
        assert_eq!(check("jambi2026"), Err(Declined::PasswordShort));
        assert_eq!(check("password1234"), Err(Declined::PasswordCommon));
        assert_eq!(check("ratnadewi2026"), Err(Declined::PasswordCommon));
        assert_eq!(check("payung teduh di sungai batanghari"), Ok(()));
    }

    #[test]
    fn an_address_is_an_address() {
        assert_eq!(login_of(" Ratna@JambiKota.go.id ").as_deref(), Some("ratna@jambikota.go.id"));
        for bad in ["", "ratna", "@x.id", "a@b", "a b@c.id", "a@b@c.id"] {
            assert_eq!(login_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_hash_verifies_and_nobody_never_does() {
        let hash = hash_password("payung teduh").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify_password("payung teduh", Some(&hash)));
        assert!(!verify_password("payung", Some(&hash)));
        assert!(PasswordHash::new(NOBODY).is_ok(), "or nobody is refused faster than somebody");
        assert!(!verify_password("payung teduh", None));
    }
}
