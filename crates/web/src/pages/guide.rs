//! What each role has to do, to read, to print, to take away.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::legal::guide::{self, Guide, Role};
use askama::Template;
use authz::{Law, Read};

#[derive(Template)]
#[template(path = "guides.html")]
struct List {
    f: Frame,
}

#[derive(Template)]
#[template(path = "guide.html")]
struct Page {
    f: Frame,
    on: String,
    guide: Guide,
}

fn asked(site: &Site, caller: &Caller, role: &str) -> Result<Guide, Trouble> {
    caller.permit::<Read, Law>()?;
    let role = Role::named(role).ok_or(Trouble::NotFound)?;
    Ok(guide::guide(role, app::clock::today(), &site.desk.law, caller.language())?)
}

/// GET `/panduan`
pub(crate) fn list(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Read, Law>()?;
    Ok(Answer::Page(List { f: Frame::of(site, caller, "guide-list-title", "/hukum") }.render()?))
}

/// GET `/panduan/{role}`
pub(crate) fn one(site: &Site, caller: &Caller, role: &str) -> Outcome {
    let guide = asked(site, caller, role)?;
    let f = Frame::of(site, caller, &format!("guide-title-{}", guide.role.name()), "/hukum");
    let on = app::words::long_date(guide.on, f.language);
    Ok(Answer::Page(Page { on, guide, f }.render()?))
}

/// GET `/panduan/{role}/pdf`
pub(crate) fn pdf(site: &Site, caller: &Caller, role: &str) -> Outcome {
    let guide = asked(site, caller, role)?;
    let (bytes, _) = guide::pdf(&guide, caller.language())?;
    Ok(Answer::File(format!("panduan-{}.pdf", guide.role.name()), "application/pdf", bytes))
}
