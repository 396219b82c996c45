//! Who asks, in which language, under which number.

use crate::answer::Trouble;
use crate::site::Site;
use app::Language;
use app::desk::enrol::Phone;
use app::desk::sign_in::SignedIn;
use authz::{Actor, Does, Of, Permit};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::sync::Arc;

/// Name of the session cookie.
pub(crate) const SESSION: &str = "payung_sesi";
/// Name of the cookie that remembers with which state a browser left for the city's sign-on.
pub(crate) const LEFT: &str = "payung_luar";
/// Name of the language cookie.
pub(crate) const LANGUAGE: &str = "payung_bahasa";

/// What a request says about its sender, before anybody is asked who that is.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    pub(crate) token: Option<String>,
    /// The state with which this browser left for the city's sign-on.
    pub(crate) left: Option<String>,
    /// A key of a program; good for the JSON interface only.
    pub(crate) key: Option<String>,
    pub(crate) language: Language,
    pub(crate) path: String,
    /// Asks for a page and sends nothing.
    pub(crate) only_reads: bool,
    pub(crate) agent: String,
    pub(crate) reference: String,
}

impl Asking {
    /// Does a program ask?
    pub(crate) fn is_api(&self) -> bool {
        self.path.starts_with("/api/") || self.is_phone()
    }

    /// Does a phone ask, a foreman's or one of the outreach car?
    fn is_phone(&self) -> bool {
        self.path == "/mandor/data" || self.is_enrolling()
    }

    /// Does a phone of the outreach car ask?
    fn is_enrolling(&self) -> bool {
        self.path == "/warga/data"
    }
}

fn cookie<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    let headers = parts.headers.get_all("cookie").iter().filter_map(|h| h.to_str().ok());
    headers.flat_map(|h| h.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

impl FromRequestParts<Arc<Site>> for Asking {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Infallible> {
        let header = |name: &str| parts.headers.get(name).and_then(|h| h.to_str().ok()).unwrap_or_default().to_owned();
        // A browser keeps the choice; a program says it each time.
        let is_program = parts.uri.path().starts_with("/api/");
        let language = match cookie(parts, LANGUAGE) {
            Some("en") => Language::English,
            None if is_program && header("accept-language").starts_with("en") => Language::English,
            _ => Language::Indonesian,
        };
        Ok(Self {
            key: header("authorization").strip_prefix("Bearer").map(|key| key.trim().to_owned()),
            left: cookie(parts, LEFT).map(str::to_owned),
            token: cookie(parts, SESSION).filter(|t| t.len() == 64).map(str::to_owned),
            language,
            path: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            only_reads: matches!(parts.method, axum::http::Method::GET | axum::http::Method::HEAD),
            agent: header("user-agent"),
            reference: site.reference(),
        })
    }
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) asking: Asking,
    pub(crate) signed: Option<SignedIn>,
    pub(crate) actor: Actor,
    /// The link of a foreman's phone.
    pub(crate) link: Option<store::ForemanLink>,
    /// A phone of the outreach car.
    pub(crate) phone: Option<Phone>,
}

impl Caller {
    /// Asks the desk who a token is. Half signed in is not signed in.
    pub(crate) fn of(site: &Site, asking: Asking) -> Result<Self, Trouble> {
        // The gateway of text messages is nobody: its key opens one address, which looks at it itself.
        if asking.path == crate::api::MESSAGES {
            return Ok(Self { asking, signed: None, actor: Actor::public(), link: None, phone: None });
        }
        if let Some(key) = asking.key.as_deref().filter(|_| asking.is_api()) {
            // A key that does not hold is told so, and not taken for nobody. A phone's opens the phone's address only.
            if asking.is_enrolling() {
                let phone = app::desk::enrol::phone(&site.desk, key)?.ok_or(Trouble::SignInFirst)?;
                return Ok(Self { asking, signed: None, actor: phone.actor.clone(), link: None, phone: Some(phone) });
            }
            if asking.is_phone() {
                let phone = app::desk::roster::foreman::phone(&site.desk, key)?.ok_or(Trouble::SignInFirst)?;
                return Ok(Self { asking, signed: None, actor: phone.actor, link: Some(phone.link), phone: None });
            }
            let actor = site.desk.who_has_key(key)?.ok_or(Trouble::SignInFirst)?;
            return Ok(Self { asking, signed: None, actor, link: None, phone: None });
        }
        let signed = match &asking.token {
            Some(token) => site.desk.who(token)?,
            None => None,
        };
        let actor = signed.as_ref().filter(|s| s.full).map_or_else(Actor::public, |s| s.actor.clone());
        Ok(Self { asking, signed, actor, link: None, phone: None })
    }

    pub(crate) fn language(&self) -> Language {
        self.asking.language
    }

    /// The leave for one thing: whoever is not signed in is asked to; whoever is, hears no.
    pub(crate) fn permit<A: Does, R: Of>(&self) -> Result<Permit<A, R>, Trouble> {
        authz::permit(&self.actor).ok_or(if self.actor.id.is_some() {
            Trouble::NotAllowed
        } else {
            Trouble::SignInFirst
        })
    }

    /// A sensitive act asks for a fresh proof.
    pub(crate) fn fresh(&self) -> Result<(), Trouble> {
        match &self.signed {
            Some(signed) if signed.fresh => Ok(()),
            _ => Err(Trouble::ProveAgain),
        }
    }

    /// Somebody who has signed in, whoever it is.
    pub(crate) fn signed(&self) -> Result<&SignedIn, Trouble> {
        self.signed.as_ref().filter(|s| s.full).ok_or(Trouble::SignInFirst)
    }

    pub(crate) fn name(&self) -> &str {
        self.signed.as_ref().map_or("", |s| s.name.as_str())
    }
}
