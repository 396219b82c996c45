//! The audit trail, for those who watch the others.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use askama::Template;
use authz::{Audit, Read};
use serde::Deserialize;
use store::AuditEntry;

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    sebelum: Option<u64>,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    f: Frame,
    q: String,
    rows: Vec<AuditEntry>,
    next: Option<u64>,
}

/// Rows of a page.
const ROWS: usize = 100;

/// `/jejak`
pub(crate) fn page(site: &Site, caller: &Caller, asked: &Asked) -> Outcome {
    let permit = caller.permit::<Read, Audit>()?;
    let rows = site.desk.read(|s| s.audit_page(&permit, asked.sebelum, &asked.q, ROWS).map_err(Trouble::from))?;
    let next = rows.last().filter(|_| rows.len() == ROWS).map(|r| r.seq);
    let f = Frame::of(site, caller, "web-nav-audit", "/jejak");
    Ok(Answer::Page(Page { f, q: asked.q.clone(), rows, next }.render()?))
}
