//! A commitment officer (PPK): findings by rule, and the name for whoever says what for. The name stands in no address, and
//! every look at it in the audit trail.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::is_purpose;
use crate::site::Site;
use app::desk::event;
use askama::Template;
use authz::{Action, Finding, Person, Read, Resource, Reveal, may};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "officer.html")]
struct Page {
    f: Frame,
    officer: String,
    /// Initials, or the name.
    shown: String,
    revealed: bool,
    may_reveal: bool,
    trouble: String,
    /// Rule and findings that stand open.
    rows: Vec<(String, i64)>,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    alasan: String,
}

/// GET `/petugas/{officer}`
pub(crate) fn page(site: &Site, caller: &Caller, officer: &str) -> Outcome {
    Ok(Answer::Page(shown(site, caller, officer, None, "")?))
}

/// POST `/petugas/{officer}`: the name, once, for a purpose.
pub(crate) fn reveal(site: &Site, caller: &Caller, officer: &str, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Reveal, Person>()?;
    let purpose = typed.alasan.trim();
    if !is_purpose(purpose) {
        return Ok(Answer::Unaccepted(shown(site, caller, officer, None, "web-officer-no-purpose")?));
    }
    let name = site.desk.read(|s| s.officer_name(&permit, officer).map_err(Trouble::from))?.ok_or(Trouble::NotFound)?;
    // Written down before it is shown: a look that cannot be noted is not given.
    let mut told = event(permit.actor(), "person_reveal", &format!("officer:{officer}"), &caller.asking.reference);
    told.reason = purpose.to_owned();
    site.desk.write(|s| s.audit(told))?;
    Ok(Answer::Page(shown(site, caller, officer, Some(name), "")?))
}

fn shown(site: &Site, caller: &Caller, officer: &str, name: Option<String>, trouble: &str) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Finding>()?;
    let (initials, tally) = site.desk.read(|s| {
        Ok::<_, Trouble>((s.officer_initials(&permit, &[officer.to_owned()])?, s.officer_tally(&permit, officer)?))
    })?;
    let (_, initials) = initials.into_iter().next().ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, "web-officer", "/temuan");
    let page = Page {
        officer: officer.to_owned(),
        revealed: name.is_some(),
        shown: name.unwrap_or(initials),
        may_reveal: may(&caller.actor, Action::Reveal, Resource::Person),
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        rows: tally.into_iter().map(|(code, open)| (f.word("finding-", &code), open)).collect(),
        f,
    };
    Ok(page.render()?)
}
