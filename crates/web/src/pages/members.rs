//! Who works here: invitations, grants that wait for a second person, suspension.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::event;
use askama::Template;
use authz::{Change, Grant, Member, Read, Release, Role, Scope};
use serde::Deserialize;

struct GrantView {
    id: i64,
    text: String,
    released: bool,
    may_release: bool,
}

struct MemberView {
    id: i64,
    name: String,
    login: String,
    disabled: bool,
    grants: Vec<GrantView>,
}

#[derive(Template)]
#[template(path = "members.html")]
struct Page {
    f: Frame,
    problem: Option<String>,
    link: Option<String>,
    members: Vec<MemberView>,
    may_change: bool,
    roles: Vec<&'static str>,
}

/// GET `/orang`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    shown(site, caller, None, None)
}

fn shown(site: &Site, caller: &Caller, problem: Option<String>, link: Option<String>) -> Outcome {
    let permit = caller.permit::<Read, Member>()?;
    let list = site.desk.read(|s| s.member_list(&permit).map_err(Trouble::from))?;
    let release = authz::permit::<Release, Member>(&caller.actor);
    let f = Frame::of(site, caller, "web-nav-members", "/orang");
    let scope = |scope: &Scope| match scope {
        Scope::City => f.t("web-scope-city"),
        Scope::Agencies(names) => names.join(", "),
        Scope::Vendors(own) | Scope::Projects(own) => own.join(", "),
        Scope::Districts(names) => f.t1("web-scope-districts", "names", &names.join(", ")),
    };
    let members = list
        .iter()
        .map(|(m, grants)| MemberView {
            id: m.id,
            name: m.name.clone(),
            login: m.login.clone(),
            disabled: m.disabled,
            grants: grants
                .iter()
                .map(|g| GrantView {
                    id: g.id,
                    text: format!("{} ({})", f.word("role-", g.grant.role.name()), scope(&g.grant.scope)),
                    released: g.released,
                    may_release: release.is_some()
                        && g.asked_by != caller.actor.id
                        && Some(g.member) != caller.actor.id,
                })
                .collect(),
        })
        .collect();
    let is_problem = problem.is_some();
    let roles = Role::ALL.iter().filter(|r| **r != Role::Public).map(|r| r.name()).collect();
    let may_change = authz::permit::<Change, Member>(&caller.actor).is_some();
    let html = Page { f, problem, link, members, may_change, roles }.render()?;
    Ok(if is_problem { Answer::Unaccepted(html) } else { Answer::Page(html) })
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    alamat: String,
    nama: String,
    peran: String,
    lingkup: String,
    /// `kecamatan` where the lines are districts; otherwise agencies.
    jenis_lingkup: String,
}

/// POST `/orang`: an invitation. The link is shown once.
pub(crate) fn invite(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Change, Member>()?;
    caller.fresh()?;
    let role = Role::parse(&typed.peran).filter(|r| *r != Role::Public).ok_or(Trouble::Bad("web-trouble-form"))?;
    let lines: Vec<String> =
        typed.lingkup.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect();
    let scope = match (role, lines.is_empty()) {
        (Role::Contractor, true) => {
            return shown(site, caller, Some(phrases::say_named(caller.language(), "web-scope-missing", &[])), None);
        }
        (Role::Contractor, false) => {
            let numbers: Vec<String> = lines.iter().map(|l| l.chars().filter(char::is_ascii_digit).collect()).collect();
            // A line without a number would be everybody who has none.
            if numbers.iter().any(|n: &String| !(15..=16).contains(&n.len())) {
                return shown(site, caller, Some(phrases::say_named(caller.language(), "web-scope-number", &[])), None);
            }
            Scope::Vendors(numbers)
        }
        (_, true) => Scope::City,
        (_, false) if typed.jenis_lingkup == "kecamatan" => Scope::Districts(lines),
        (_, false) => Scope::Agencies(lines),
    };
    let grants = vec![Grant { role, scope }];
    match site.desk.invite(&permit, &typed.alamat, &typed.nama, grants, &caller.asking.reference)? {
        Ok(token) => shown(site, caller, None, Some(format!("/undangan/{token}"))),
        Err(declined) => {
            let said = phrases::say_named(caller.language(), declined.sentence(), &[]);
            shown(site, caller, Some(said), None)
        }
    }
}

/// POST `/orang/{id}/henti` and `/orang/{id}/pulih`
pub(crate) fn suspend(site: &Site, caller: &Caller, id: i64, suspend: bool) -> Outcome {
    let permit = caller.permit::<Change, Member>()?;
    caller.fresh()?;
    if caller.actor.id == Some(id) {
        return shown(site, caller, Some(phrases::say_named(caller.language(), "web-suspend-self", &[])), None);
    }
    let action = if suspend { "member_suspend" } else { "member_restore" };
    let told = event(permit.actor(), action, &format!("member:{id}"), &caller.asking.reference);
    let now = app::clock::now();
    if !site.desk.write(|s| s.member_suspend(&permit, id, suspend.then_some(now.as_str()), told))? {
        return Err(Trouble::NotFound);
    }
    Ok(Answer::Go("/orang".to_owned()))
}

/// POST `/orang/hak/{grant}`: the second person.
pub(crate) fn release(site: &Site, caller: &Caller, grant: i64) -> Outcome {
    let permit = caller.permit::<Release, Member>()?;
    caller.fresh()?;
    let told = event(permit.actor(), "grant_release", &format!("grant:{grant}"), &caller.asking.reference);
    let done = site.desk.write(|s| s.grant_release(&permit, grant, &app::clock::now(), told))?;
    if !done {
        let said = phrases::say_named(caller.language(), "web-grant-two-persons", &[]);
        return shown(site, caller, Some(said), None);
    }
    Ok(Answer::Go("/orang".to_owned()))
}
