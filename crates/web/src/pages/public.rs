//! What everybody may see: the state of projects, how to register, how to report.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::{Frame, percent};
use crate::site::Site;
use askama::Template;
use authz::{PublicProject, Read};
use serde::Deserialize;
use store::{ProjectQuery, ProjectRow};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    f: Frame,
}

/// `/`
pub(crate) fn home(site: &Site, caller: &Caller) -> Outcome {
    if caller.actor.id.is_some() {
        return Ok(Answer::Go("/hari-ini".to_owned()));
    }
    Ok(Answer::Page(Home { f: Frame::of(site, caller, "web-home-title", "/") }.render()?))
}

/// What is searched.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    sesudah: String,
}

/// Rows of a page.
const ROWS: usize = 25;

#[derive(Template)]
#[template(path = "public_list.html")]
struct List {
    f: Frame,
    q: String,
    rows: Vec<ProjectRow>,
    next: Option<String>,
}

/// `/publik`
pub(crate) fn list(site: &Site, caller: &Caller, asked: &Asked) -> Outcome {
    let permit = caller.permit::<Read, PublicProject>()?;
    let query = ProjectQuery {
        text: asked.q.clone(),
        sort: store::Sort::Name,
        after: super::projects::after(&asked.sesudah),
        limit: ROWS,
        ..ProjectQuery::default()
    };
    let page = site.desk.read(|s| s.public_page(&permit, &query).map_err(Trouble::from))?;
    let next = page.next.map(|(key, id)| format!("q={}&sesudah={id}~{}", percent(&asked.q), percent(&key)));
    let f = Frame::of(site, caller, "web-public-title", "/publik");
    Ok(Answer::Page(List { f, q: asked.q.clone(), rows: page.rows, next }.render()?))
}

#[derive(Template)]
#[template(path = "public_project.html")]
struct One {
    f: Frame,
    p: ProjectRow,
    means: String,
}

/// `/publik/{code}`
pub(crate) fn one(site: &Site, caller: &Caller, code: &str) -> Outcome {
    let permit = caller.permit::<Read, PublicProject>()?;
    let found = site.desk.read(|s| s.public_project(&permit, code).map_err(Trouble::from))?;
    let p = found.ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, "web-public-title", "/publik");
    let means = f.word("state-", &format!("{}-means", p.state));
    Ok(Answer::Page(One { f, p, means }.render()?))
}

#[derive(Template)]
#[template(path = "how.html")]
struct How {
    f: Frame,
    steps: Vec<String>,
}

/// `/mendaftar`
pub(crate) fn how(site: &Site, caller: &Caller) -> Outcome {
    let f = Frame::of(site, caller, "web-how-title", "");
    let steps = (1..=6).map(|i| f.t(&format!("web-how-{i}"))).collect();
    Ok(Answer::Page(How { f, steps }.render()?))
}

#[derive(Template)]
#[template(path = "report.html")]
struct Report {
    f: Frame,
    steps: Vec<String>,
}

/// `/lapor`
pub(crate) fn report(site: &Site, caller: &Caller) -> Outcome {
    let f = Frame::of(site, caller, "web-report-title", "");
    let steps = (1..=4).map(|i| f.t(&format!("web-report-{i}"))).collect();
    Ok(Answer::Page(Report { f, steps }.render()?))
}
