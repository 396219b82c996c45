//! A file that came in: what it brought, its problems, and taking it back.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::{Frame, within_site};
use crate::site::Site;
use askama::Template;
use authz::{Action, Change, Decide, Import, Match, Read, Resource, may};
use serde::Deserialize;
use store::{Resting, SourceFile};

#[derive(Template)]
#[template(path = "file.html")]
struct Page {
    f: Frame,
    problem: Option<String>,
    may_change: bool,
    x: SourceFile,
    problems: Vec<String>,
}

/// Problems listed; the rest stays in the store.
const LISTED: usize = 500;

/// GET `/berkas/{file}`
pub(crate) fn page(site: &Site, caller: &Caller, id: i64) -> Outcome {
    shown(site, caller, id, None)
}

fn shown(site: &Site, caller: &Caller, id: i64, problem: Option<String>) -> Outcome {
    let permit = caller.permit::<Read, Import>()?;
    let (files, problems) = site.desk.read(|s| Ok::<_, Trouble>((s.file_list(&permit)?, s.file_problems(id)?)))?;
    let x = files.into_iter().find(|x| x.id == id).ok_or(Trouble::NotFound)?;
    let l = caller.language();
    let problems = problems.iter().take(LISTED).map(|(_, p)| app::import::problem_sentence(p, l)).collect();
    let f = Frame::of(site, caller, "web-nav-imports", "/impor");
    let may_change = may(&caller.actor, Action::Change, Resource::Import);
    let is_problem = problem.is_some();
    let html = Page { f, problem, may_change, x, problems }.render()?;
    Ok(if is_problem { Answer::Unaccepted(html) } else { Answer::Page(html) })
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    alasan: String,
    ke: String,
}

/// POST `/berkas/{file}/batal`
pub(crate) fn withdraw(site: &Site, caller: &Caller, id: i64, typed: &Typed) -> Outcome {
    let read = authz::permit::<Read, Import>(&caller.actor);
    let own = match read {
        Some(permit) => {
            site.desk.read(|s| s.file_list(&permit).map_err(Trouble::from))?.into_iter().find(|x| x.id == id)
        }
        None => None,
    };
    // A decision is taken back by whoever decides; a file by whoever imports.
    let actor = match own.as_ref().map(|x| x.registers.as_str()) {
        Some("keputusan") => caller.permit::<Decide, Match>()?.actor(),
        Some(_) => {
            let permit = caller.permit::<Change, Import>()?;
            // A file is of the whole city; who imports for a part of it takes back what they stored themselves.
            let is_own = || app::desk::receive::has_stored(&site.desk, permit.actor(), id);
            if *permit.scope() != authz::Scope::City && !is_own()? {
                return Err(Trouble::Refused(app::Refused(phrases::say_named(
                    caller.language(),
                    "web-withdraw-not-yours",
                    &[],
                ))));
            }
            permit.actor()
        }
        None => {
            caller.permit::<Change, Import>()?;
            return Err(Trouble::NotFound);
        }
    };
    let reason = typed.alasan.trim();
    if reason.chars().count() < 3 {
        let f = Frame::of(site, caller, "web-nav-imports", "/impor");
        return shown(site, caller, id, Some(f.t("web-withdraw-no-reason")));
    }
    let done = app::desk::decide::withdraw(&site.desk, actor, caller.name(), id, reason, &caller.asking.reference)?;
    let f = Frame::of(site, caller, "web-nav-imports", "/impor");
    match done {
        Ok(()) if typed.ke.is_empty() => Ok(Answer::Go(format!("/berkas/{id}"))),
        Ok(()) => Ok(Answer::Go(within_site(&typed.ke).to_owned())),
        Err(Resting::Unknown) => Err(Trouble::NotFound),
        Err(Resting::Already) => Ok(Answer::Go(format!("/berkas/{id}"))),
        Err(Resting::Under(names)) => {
            shown(site, caller, id, Some(f.t1("web-withdraw-under", "files", &names.join(", "))))
        }
    }
}
