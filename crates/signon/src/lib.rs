//! A city's own sign-on: OpenID Connect, authorization code with PKCE.
//!
//! * **In:** where the provider is, and secrets of this attempt made by the caller.
//! * **Out:** the address the browser goes to; then who came back, proven by the provider's signature.
//! * **Does not know:** members, sessions, pages, the database. Makes no random number.
//! * **Read first:** [`Provider::begin`], then [`Provider::end`].
//!
//! Source: OpenID Connect Core 1.0, sections 3.1 and 2; RFC 7636 (PKCE); RFC 8176 (how somebody was asked).

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod passkey;

use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};
use std::fmt;
use std::time::Duration;

/// Seconds a provider may take for one answer.
const ANSWER_SECONDS: u64 = 10;

/// Bytes of one answer at most.
const ANSWER_BYTES_MAX: u64 = 1 << 20;

/// A provider and what it knows us as.
#[derive(Clone)]
pub struct Provider {
    /// Issuer, `https://sso.kota.go.id/realms/kota`. Plain `http` on this machine only.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our password there.
    pub client_secret: String,
    /// Where the browser comes back to.
    pub callback: String,
}

/// Secrets of one attempt: kept by the caller between begin and end, good once.
#[derive(Clone)]
pub struct Attempt {
    /// Comes back in the address; tells that whoever comes back is whoever left.
    pub state: String,
    /// Comes back inside the signed answer.
    pub nonce: String,
    /// Proves that whoever left asks for the answer: 43 to 128 letters and digits.
    pub verifier: String,
}

/// Who came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider's own name for the person; it never changes.
    pub subject: String,
    /// E-mail address, small letters, if the provider vouches for it.
    pub email: Option<String>,
    /// Asked for more than a password?
    pub second_factor: bool,
}

/// Why nobody came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The settings make no sense.
    Settings(String),
    /// The provider does not answer, or not what the standard says.
    Unreachable(String),
    /// The answer does not prove anybody.
    Unproven(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(why) => write!(f, "sign-on settings: {why}"),
            Self::Unreachable(why) => write!(f, "sign-on provider: {why}"),
            Self::Unproven(why) => write!(f, "sign-on answer: {why}"),
        }
    }
}

impl std::error::Error for Trouble {}

/// Ways of asking that are more than a password (RFC 8176).
const SECOND: [&str; 7] = ["mfa", "otp", "hwk", "swk", "sms", "fpt", "face"];

/// Hosts that `http` reaches without leaving the machine.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

impl Provider {
    /// Is the provider reached over TLS, or on this machine?
    pub fn is_safe(&self) -> bool {
        let Some(rest) = self.issuer.strip_prefix("http://") else { return self.issuer.starts_with("https://") };
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        let host = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(host, _)| host);
        LOOPBACK.contains(&host)
    }

    /// The address the browser goes to.
    ///
    /// # Errors
    /// [`Trouble`] of settings or provider.
    pub fn begin(&self, attempt: &Attempt) -> Result<String, Trouble> {
        let client = self.client()?;
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(attempt.verifier.clone()));
        let (state, nonce) = (attempt.state.clone(), attempt.nonce.clone());
        let (url, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        Ok(url.to_string())
    }

    /// Changes the code that came back for who it stands for. Signature, issuer, audience, expiry and nonce are checked.
    ///
    /// # Errors
    /// [`Trouble`] of settings, provider or proof.
    pub fn end(&self, attempt: &Attempt, code: &str) -> Result<Identity, Trouble> {
        let client = self.client()?;
        let unreachable = |e: &dyn fmt::Display| Trouble::Unreachable(e.to_string());
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|e| unreachable(&e))?
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()))
            .request(&ask)
            .map_err(|e| Trouble::Unproven(e.to_string()))?;
        let token = answer.id_token().ok_or_else(|| Trouble::Unproven("no identity in the answer".to_owned()))?;
        let claims = token
            .claims(&client.id_token_verifier(), &Nonce::new(attempt.nonce.clone()))
            .map_err(|e| Trouble::Unproven(e.to_string()))?;
        let email = claims.email().filter(|_| claims.email_verified() == Some(true));
        let asked = claims.auth_method_refs().into_iter().flatten();
        Ok(Identity {
            subject: claims.subject().to_string(),
            email: email.map(|e| e.as_str().to_lowercase()),
            second_factor: asked.into_iter().any(|by| SECOND.contains(&by.as_str())),
        })
    }

    /// Settings and the provider's own description, read anew each time: its keys change when it likes.
    fn client(&self) -> Result<Client, Trouble> {
        if !self.is_safe() {
            return Err(Trouble::Settings(format!("{} is not https", self.issuer)));
        }
        let settings = |e: openidconnect::url::ParseError| Trouble::Settings(e.to_string());
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(settings)?;
        let callback = RedirectUrl::new(self.callback.clone()).map_err(settings)?;
        let described =
            CoreProviderMetadata::discover(&issuer, &ask).map_err(|e| Trouble::Unreachable(e.to_string()))?;
        let secret = ClientSecret::new(self.client_secret.clone());
        let client = CoreClient::from_provider_metadata(described, ClientId::new(self.client_id.clone()), Some(secret));
        Ok(client.set_redirect_uri(callback))
    }
}

type Client = CoreClient<
    openidconnect::EndpointSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointMaybeSet,
    openidconnect::EndpointMaybeSet,
>;

/// One question over HTTP. It follows nobody elsewhere, and waits and reads no more than it should.
fn ask(request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(ANSWER_SECONDS)))
        .build()
        .into();
    let mut answer = agent.run(request)?;
    let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
    let (parts, _) = answer.into_parts();
    Ok(HttpResponse::from_parts(parts, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(issuer: &str) -> Provider {
        let text = str::to_owned;
        Provider { issuer: text(issuer), client_id: text("p"), client_secret: text("s"), callback: text("http://x/y") }
    }

    #[test]
    fn a_provider_is_reached_over_tls_or_on_this_machine() {
        for (issuer, safe) in [
            ("https://sso.kota.go.id/realms/kota", true),
            ("http://127.0.0.1:8080/", true),
            ("http://localhost", true),
            ("http://[::1]:80/x", true),
            ("http://sso.kota.go.id", false),
            ("http://127.0.0.1.evil.example", false),
            ("ftp://sso.kota.go.id", false),
        ] {
            assert_eq!(at(issuer).is_safe(), safe, "{issuer}");
        }
    }

    #[test]
    fn nobody_there_is_said_and_not_waited_for() {
        let attempt = Attempt { state: "a".to_owned(), nonce: "b".to_owned(), verifier: "c".repeat(43) };
        assert!(matches!(at("http://127.0.0.1:1/").begin(&attempt), Err(Trouble::Unreachable(_))));
        assert!(matches!(at("http://kota.go.id/").begin(&attempt), Err(Trouble::Settings(_))));
    }
}
