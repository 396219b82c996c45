//! What goes back: a page, a file, another place, or a plain word about what is wrong.

use crate::caller::{Asking, Caller};
use crate::frame::Frame;
use crate::site::Site;
use app::{Fault, Refused};
use askama::Template;
use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use std::sync::Arc;

/// What a page answers.
pub(crate) enum Answer {
    /// A page.
    Page(String),
    /// A page with what was typed and what is wrong with it.
    Unaccepted(String),
    /// Another place.
    Go(String),
    /// Another place, with cookies set.
    GoWith(String, Vec<String>),
    /// A file: name, type, bytes.
    File(String, &'static str, Vec<u8>),
    /// JSON.
    Json(serde_json::Value),
    /// A page that stands alone, with what it may run.
    Alone(String, &'static str),
}

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Nobody is signed in.
    SignInFirst,
    /// The proof is too old for this act.
    ProveAgain,
    /// Signed in, and not allowed.
    NotAllowed,
    /// Not there, or not this person's to know of.
    NotFound,
    /// The request makes no sense; name of the sentence.
    Bad(&'static str),
    /// Declined, in the person's language.
    Refused(Refused),
    /// Our machinery.
    Fault(Fault),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<store::Fault> for Trouble {
    fn from(fault: store::Fault) -> Self {
        Self::Fault(fault.into())
    }
}

impl From<Refused> for Trouble {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<askama::Error> for Trouble {
    fn from(error: askama::Error) -> Self {
        Self::Fault(Fault(error.to_string()))
    }
}

pub(crate) type Outcome = Result<Answer, Trouble>;

#[derive(Template)]
#[template(path = "trouble.html")]
struct TroublePage {
    f: Frame,
    heading: String,
    message: String,
    reference: String,
}

impl Trouble {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignInFirst | Self::ProveAgain => StatusCode::SEE_OTHER,
            Self::NotAllowed => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn sentence(&self, l: app::Language) -> String {
        let said = |name: &str| phrases::say_named(l, name, &[]);
        match self {
            Self::SignInFirst | Self::ProveAgain => said("web-trouble-sign-in"),
            Self::NotAllowed => said("web-trouble-not-allowed"),
            Self::NotFound => said("web-trouble-not-found"),
            Self::Bad(name) => said(name),
            Self::Refused(refused) => refused.0.clone(),
            Self::Fault(_) => said("web-trouble-fault"),
        }
    }
}

/// Runs a page where it may wait for the disk, and says what came of it.
pub(crate) async fn run(
    site: Arc<Site>,
    asking: Asking,
    page: impl FnOnce(&Site, &Caller) -> Outcome + Send + 'static,
) -> Response {
    let (reference, language, path) = (asking.reference.clone(), asking.language, asking.path.clone());
    let is_api = asking.is_api();
    // What everybody sees is made once a picture. A searched page is not kept: there are too many of them.
    // Nor is what a form answers: that is for whoever sent it.
    let shared = asking.token.is_none() && asking.only_reads && is_kept(&path);
    if shared && let Some(page) = site.kept(language, &path) {
        return with_reference(Html(page).into_response(), &reference);
    }
    let painted = site.desk.painted();
    let for_page = Arc::clone(&site);
    let joined = tokio::task::spawn_blocking(move || {
        let caller = Caller::of(&for_page, asking).map_err(|t| (t, None))?;
        page(&for_page, &caller).map_err(|t| (t, Some(Box::new(caller))))
    })
    .await;
    let outcome = joined.unwrap_or_else(|e| Err((Trouble::Fault(Fault(e.to_string())), None)));
    let response = match outcome {
        Ok(Answer::Page(html)) if shared => {
            let page = Bytes::from(html);
            site.keep(language, &path, painted, page.clone());
            Html(page).into_response()
        }
        Ok(answer) => of_answer(answer),
        Err((trouble, caller)) => {
            if let Trouble::Fault(fault) = &trouble {
                // The fault names files and tables of ours, never a person.
                eprintln!("{{\"level\":\"error\",\"reference\":\"{reference}\",\"fault\":{:?}}}", fault.0);
            }
            if is_api {
                of_api(&trouble, &reference, language)
            } else {
                of_trouble(&site, &trouble, caller, &reference, language, &path)
            }
        }
    };
    with_reference(response, &reference)
}

/// Is the page of an address the same for everybody who is not signed in?
fn is_kept(path: &str) -> bool {
    matches!(path, "/hukum" | "/mendaftar" | "/lapor")
        || !path.contains('?') && ["/publik/", "/hukum/"].iter().any(|p| path.starts_with(p))
}

fn with_reference(mut response: Response, reference: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(reference) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

fn of_answer(answer: Answer) -> Response {
    match answer {
        Answer::Page(html) => Html(html).into_response(),
        Answer::Unaccepted(html) => (StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response(),
        Answer::Go(to) => see_other(&to),
        Answer::GoWith(to, cookies) => {
            let mut response = see_other(&to);
            for cookie in cookies.iter().filter_map(|c| HeaderValue::from_str(c).ok()) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Answer::File(name, kind, bytes) => {
            // A quote would end the name and begin something else.
            let plain: String = name.chars().filter(|c| !matches!(c, '"' | '\\') && !c.is_control()).collect();
            let ascii: String = plain.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
            let disposition = if ascii == plain {
                format!("attachment; filename=\"{ascii}\"")
            } else {
                format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", crate::frame::percent(&plain))
            };
            ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
                .into_response()
        }
        Answer::Alone(html, policy) => {
            let policy = format!("{policy}; frame-ancestors 'none'");
            ([("content-security-policy", policy)], Html(html)).into_response()
        }
        Answer::Json(value) => {
            ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], value.to_string()).into_response()
        }
    }
}

fn see_other(to: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, to.to_owned())]).into_response()
}

fn of_api(trouble: &Trouble, reference: &str, language: app::Language) -> Response {
    let status = match trouble {
        Trouble::SignInFirst | Trouble::ProveAgain => StatusCode::UNAUTHORIZED,
        other => other.status(),
    };
    let body = serde_json::json!({ "message": trouble.sentence(language), "reference": reference });
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body.to_string()).into_response()
}

/// The page to come back to: an act has none of its own, so it is the nearest one above it that can be opened.
fn page_of(path: &str) -> &str {
    let mut at = path;
    while !at.is_empty() {
        if crate::addresses::is_page(at) {
            return at;
        }
        at = &at[..at.rfind('/').unwrap_or(0)];
    }
    "/"
}

fn of_trouble(
    site: &Site,
    trouble: &Trouble,
    caller: Option<Box<Caller>>,
    reference: &str,
    language: app::Language,
    path: &str,
) -> Response {
    if let Trouble::SignInFirst | Trouble::ProveAgain = trouble {
        return see_other(&format!("/masuk?ke={}", crate::frame::percent(page_of(path))));
    }
    let frame = match &caller {
        Some(caller) => Frame::of(site, caller, "web-trouble", ""),
        None => Frame::plain(language, "web-trouble"),
    };
    let heading = phrases::say_named(language, &format!("web-trouble-{}", trouble.status().as_u16()), &[]);
    let page = TroublePage { f: frame, heading, message: trouble.sentence(language), reference: reference.to_owned() };
    let html = page.render().unwrap_or_else(|_| trouble.sentence(language));
    (trouble.status(), Html(html)).into_response()
}
