//! One finding: what it rests on, what officers say about it, and the two persons it takes to set it aside.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::project::fact_pair;
use crate::site::Site;
use app::desk::event;
use app::desk::evidence::Found;
use askama::Template;
use authz::{Action, Decide, Finding, Read, Release, Resource, may};
use serde::Deserialize;
use store::{FindingRow, Said, Saying};

/// Something said, and what this reader may do about it.
struct SaidView {
    s: Said,
    heading: String,
    /// Waits for a second person, and this reader may be that person.
    may_release: bool,
    may_take_back: bool,
    ended: String,
}

#[derive(Template)]
#[template(path = "finding_one.html")]
struct Page {
    f: Frame,
    r: FindingRow,
    name: String,
    facts: Vec<String>,
    sources: Vec<String>,
    basis: String,
    next_step: String,
    problem: Option<String>,
    reason: String,
    said: Vec<SaidView>,
    may_decide: bool,
}

/// GET `/temuan/{code}/{mark}`
pub(crate) fn page(site: &Site, caller: &Caller, code: &str, mark: &str) -> Outcome {
    shown(site, caller, code, mark, None)
}

fn shown(site: &Site, caller: &Caller, code: &str, mark: &str, refused: Option<(&str, &str)>) -> Outcome {
    let permit = caller.permit::<Read, Finding>()?;
    let (row, said) = site.desk.read(|s| {
        let row = s.finding_of_mark(&permit, mark)?.filter(|r| r.code == code).ok_or(Trouble::NotFound)?;
        let said = s.finding_said(&row)?;
        Ok::<_, Trouble>((row, said))
    })?;
    let f = Frame::of(site, caller, "web-nav-findings", "/temuan");
    let found: Found = serde_json::from_str(&row.body).unwrap_or_default();
    let release = may(&caller.actor, Action::Release, Resource::Finding);
    let may_decide = may(&caller.actor, Action::Decide, Resource::Finding);
    let said = said
        .into_iter()
        .map(|s| {
            let in_force = s.ended_at.is_none() && s.kind != Saying::Answer.name();
            SaidView {
                heading: f.word("web-said-", &s.kind),
                may_release: release
                    && in_force
                    && s.released_at.is_none()
                    && caller.actor.id != Some(s.said_by)
                    && s.mark == row.mark,
                may_take_back: may_decide && in_force && s.mark == row.mark,
                ended: s.ended_why.as_ref().map_or_else(String::new, |why| f.word("web-said-ended-", why)),
                s,
            }
        })
        .collect();
    let problem = refused.map(|(sentence, _)| f.t(sentence));
    let is_problem = problem.is_some();
    let view = Page {
        name: f.word("finding-", code),
        facts: found.facts.iter().map(|(name, value)| fact_pair(&f, name, value)).collect(),
        sources: found.sources,
        basis: format!("{} ({})", found.basis, f.word("confidence-", &found.confidence)),
        next_step: f.word("finding-", &format!("{code}-next")),
        reason: refused.map_or_else(String::new, |(_, reason)| reason.to_owned()),
        problem,
        said,
        may_decide,
        r: row,
        f,
    };
    let html = view.render()?;
    Ok(if is_problem { Answer::Unaccepted(html) } else { Answer::Page(html) })
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    jenis: String,
    alasan: String,
}

/// Characters a reason has at least: a word is no reason.
const REASON_MIN: usize = 10;
/// Characters a reason has at most.
const REASON_MAX: usize = 2_000;

/// POST `/temuan/{code}/{mark}`
pub(crate) fn say(site: &Site, caller: &Caller, code: &str, mark: &str, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Decide, Finding>()?;
    let saying = Saying::parse(&typed.jenis).ok_or(Trouble::Bad("web-trouble-form"))?;
    let reason = typed.alasan.trim();
    if !(REASON_MIN..=REASON_MAX).contains(&reason.chars().count()) {
        return shown(site, caller, code, mark, Some(("web-said-reason-short", reason)));
    }
    let mut told = event(
        permit.actor(),
        &format!("finding_{}", saying.name()),
        &format!("finding:{mark}"),
        &caller.asking.reference,
    );
    reason.clone_into(&mut told.reason);
    let done = site.desk.write(|s| s.finding_say(&permit, mark, (saying, reason), &app::clock::now(), told))?;
    match done {
        Some(_) => Ok(Answer::Go(format!("/temuan/{code}/{mark}#jawaban"))),
        None => shown(site, caller, code, mark, Some(("web-said-not-open", reason))),
    }
}

/// What the second person does, or the one who takes it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// Agrees.
    Agree,
    /// Declines.
    Decline,
    /// Opens it again.
    TakeBack,
}

/// POST `/temuan/putusan/{id}/setuju`, `/tolak`, `/cabut`
pub(crate) fn then(site: &Site, caller: &Caller, id: i64, then: Then) -> Outcome {
    let object = format!("finding_decision:{id}");
    let now = app::clock::now();
    let told = |action: &str| event(caller.actor.id, action, &object, &caller.asking.reference);
    let done = match then {
        Then::TakeBack => {
            let permit = caller.permit::<Decide, Finding>()?;
            site.desk.write(|s| s.finding_take_back(&permit, id, &now, told("finding_take_back")))?
        }
        Then::Agree | Then::Decline => {
            let permit = caller.permit::<Release, Finding>()?;
            let agree = then == Then::Agree;
            let action = if agree { "finding_release" } else { "finding_decline" };
            site.desk.write(|s| s.finding_release(&permit, id, agree, &now, told(action)))?
        }
    };
    if done { Ok(Answer::Go("/temuan?diputus=1".to_owned())) } else { Err(Trouble::Bad("web-said-two-persons")) }
}
