//! Pairs one person has decided on, put before another who does not see what was said; and how far people agree.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::matches::{self, Typed};
use crate::site::Site;
use app::desk::agreement::{Agreement, agreement};
use askama::Template;
use authz::{Action, Decide, Match, Read, Resource, may};
use serde::Deserialize;
use store::JudgementRow;

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    sesudah: String,
    batal: Option<i64>,
}

fn drawn(site: &Site, caller: &Caller, after: &str) -> Result<Option<JudgementRow>, Trouble> {
    let permit = caller.permit::<Decide, Match>()?;
    site.desk.read(|s| s.second_look(&permit, caller.name(), after).map_err(Trouble::from))
}

/// GET `/pasangan/kedua`
pub(crate) fn page(site: &Site, caller: &Caller, asked: &Asked) -> Outcome {
    let row = drawn(site, caller, &asked.sesudah)?;
    let f = Frame::of(site, caller, "web-second-look", "/pasangan");
    matches::second(f, caller, row.as_ref().map(|r| (r.draw.as_str(), r.body.as_str())), asked.batal)
}

/// POST `/pasangan/kedua`
pub(crate) fn store(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    caller.permit::<Decide, Match>()?;
    let Some(verdict) = matches::pressed(typed)? else {
        return Ok(Answer::Go(format!("/pasangan/kedua?sesudah={}", typed.draw())));
    };
    let permit = caller.permit::<Read, Match>()?;
    let rows = site.desk.read(|s| s.judgements(&permit).map_err(Trouble::from))?;
    // Decided on is what was seen: a pair somebody else, and only somebody else, has judged.
    let is_it = |r: &&JudgementRow| r.registration == typed.pendaftaran && r.project == typed.proyek;
    let row = rows.iter().find(is_it).ok_or(Trouble::Bad("web-match-gone"))?;
    if row.said.iter().any(|(name, _)| name == caller.name()) {
        return Err(Trouble::Bad("web-match-gone"));
    }
    let file = matches::put_down(site, caller, typed, verdict)?;
    Ok(Answer::Go(format!("/pasangan/kedua?sesudah={}&batal={file}", row.draw)))
}

#[derive(Template)]
#[template(path = "agreement.html")]
struct Page {
    f: Frame,
    a: Agreement,
    may_decide: bool,
}

/// GET `/pasangan/kesepakatan`
pub(crate) fn agree(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Match>()?;
    let rows = site.desk.read(|s| s.judgements(&permit).map_err(Trouble::from))?;
    let view = Page {
        f: Frame::of(site, caller, "web-agree", "/pasangan"),
        a: agreement(rows),
        may_decide: may(&caller.actor, Action::Decide, Resource::Match),
    };
    Ok(Answer::Page(view.render()?))
}
