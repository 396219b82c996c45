//! Today: what is most urgent within the reader's rights, and the one next step for each.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::overview;
use crate::site::Site;
use app::desk::accidents;
use askama::Template;
use authz::{Accident, Action, Mail, Match, Project, Read, Resource, may};
use store::{ProjectQuery, ProjectRow};

struct Item {
    href: String,
    what: String,
    why: String,
    due: String,
    button: String,
}

#[derive(Template)]
#[template(path = "today.html")]
struct Page {
    f: Frame,
    empty: bool,
    may_import: bool,
    exposed: i64,
    days: i64,
    window: i64,
    missing: Vec<String>,
    items: Vec<Item>,
}

/// Projects listed.
const LISTED: usize = 20;
/// Letters and accidents looked at.
const MAIL: usize = 200;

/// `/hari-ini`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    if caller.actor.id.is_some() && !may(&caller.actor, Action::Read, Resource::Project) {
        // Whoever administers, or gives, has a page of their own.
        let first = Frame::of(site, caller, "web-nav-today", "").nav;
        let first = first.first().and_then(|g| g.items.first()).map_or("/publik", |item| item.href);
        return Ok(Answer::Go(first.to_owned()));
    }
    let permit = caller.permit::<Read, Project>()?;
    let f = Frame::of(site, caller, "web-nav-today", "/hari-ini");
    let overview = overview(site)?;
    let query = |state: &str| ProjectQuery { state: Some(state.to_owned()), limit: LISTED, ..ProjectQuery::default() };
    let (sums, exposed, registering, window) = site.desk.read(|s| {
        Ok::<_, Trouble>((
            s.project_sums(&permit)?,
            s.project_page(&permit, &query("exposed"))?.rows,
            s.project_page(&permit, &query("registering"))?.rows,
            s.project_page(&permit, &query("window"))?.rows,
        ))
    })?;
    let of = |state: &str| sums.iter().find(|s| s.0 == state).map_or(0, |s| s.1);
    let mut items = Vec::new();
    if may(&caller.actor, Action::Release, Resource::Finding)
        && let Some(permit) = authz::permit(&caller.actor)
    {
        let waiting = site.desk.read(|s| s.finding_waiting(&permit).map_err(Trouble::from))?;
        if !waiting.is_empty() {
            items.push(Item {
                href: "/temuan".to_owned(),
                what: f.t1("web-today-waiting", "count", &f.u(&(waiting.len() as u64))),
                why: f.t("web-today-waiting-why"),
                due: String::new(),
                button: f.t("web-today-matches-do"),
            });
        }
    }
    let [write, drafts, answered] = super::letters::waiting(site, caller)?;
    items.extend(own(site, caller, &f)?);
    let letters = [
        (write, Action::Change, "web-today-letters", "/surat"),
        (drafts, Action::Release, "web-today-drafts", "/surat?bagian=draf"),
        (answered, Action::Change, "web-today-answers", "/surat?bagian=balasan"),
    ];
    for (count, action, word, href) in letters {
        if count > 0 && may(&caller.actor, action, Resource::Letter) {
            items.push(Item {
                href: href.to_owned(),
                what: f.t1(word, "count", &f.u(&count)),
                why: f.t(&format!("{word}-why")),
                due: String::new(),
                button: f.t("web-today-matches-do"),
            });
        }
    }
    if let (Some(o), Ok(_)) = (&overview, caller.permit::<Read, Match>())
        && o.waiting[0] > 0
    {
        items.push(Item {
            href: "/pasangan".to_owned(),
            what: f.t1("web-today-matches", "count", &f.u(&o.waiting[0])),
            why: f.t("web-today-matches-why"),
            due: String::new(),
            button: f.t("web-today-matches-do"),
        });
    }
    items.extend(exposed.iter().map(|p| item(&f, p, "web-today-why-exposed")));
    items.extend(registering.iter().map(|p| item(&f, p, "web-today-why-registering")));
    let mut window = window;
    window.sort_by(|a, b| a.deadline.cmp(&b.deadline));
    items.extend(window.iter().map(|p| item(&f, p, "web-today-why-window")));
    items.truncate(LISTED + 5);
    let missing =
        overview.iter().flat_map(|o| &o.missing_lists).map(|name| f.word("web-list-missing-", name)).collect();
    let view = Page {
        empty: overview.is_none(),
        may_import: may(&caller.actor, Action::Change, Resource::Import),
        exposed: of("exposed"),
        days: sums.iter().map(|s| s.3).sum(),
        window: of("window"),
        missing,
        items,
        f,
    };
    Ok(Answer::Page(view.render()?))
}

/// What waits for a contractor: letters without an answer, accidents not reported.
fn own(site: &Site, caller: &Caller, f: &Frame) -> Result<Vec<Item>, Trouble> {
    let mut out = Vec::new();
    let mut add = |count: usize, word: &str, href: &str| {
        if count > 0 {
            out.push(Item {
                href: href.to_owned(),
                what: f.t1(word, "count", &f.u(&(count as u64))),
                why: f.t(&format!("{word}-why")),
                due: String::new(),
                button: f.t("web-today-matches-do"),
            });
        }
    };
    if let Some(permit) = authz::permit::<Read, Mail>(&caller.actor) {
        let waits = site.desk.read(|s| {
            let letters = s.mail_list(&permit, None, MAIL)?;
            let mut waits = 0;
            for letter in &letters {
                waits += usize::from(s.mail_replies(letter)?.iter().all(|r| r.kind == store::OPENED));
            }
            Ok::<_, Trouble>(waits)
        })?;
        add(waits, "web-today-mail", "/surat-masuk");
    }
    if let Some(permit) = authz::permit::<Read, Accident>(&caller.actor) {
        let files = site.desk.read(|s| s.accident_list(&permit, None, MAIL).map_err(Trouble::from))?;
        let unreported = files.iter().filter(|(_, steps)| accidents::facts(steps).stage_one.is_none()).count();
        add(unreported, "web-today-accidents", "/kecelakaan");
    }
    Ok(out)
}

/// Nobody's number known is not "nobody".
fn workers(f: &Frame, p: &ProjectRow) -> String {
    match p.worker_days {
        0 => f.t("web-workers-unknown"),
        days => f.t1("web-workers-known", "days", &f.n(&days)),
    }
}

fn item(f: &Frame, p: &ProjectRow, why: &str) -> Item {
    let arguments =
        [("days", f.n(&p.uncovered)), ("workers", workers(f, p)), ("due", f.rp(&p.due)), ("vendor", p.vendor.clone())];
    let arguments: Vec<(&str, &str)> = arguments.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let next = if p.gravest.is_empty() { String::new() } else { f.word("finding-", &format!("{}-next", p.gravest)) };
    Item {
        href: format!("/proyek/{}", p.code),
        what: p.name.clone(),
        why: format!("{} {next}", phrases::say_named(f.language, why, &arguments)).trim().to_owned(),
        due: if p.deadline.is_empty() {
            p.agency.clone()
        } else {
            format!("{} · {}", p.agency, f.t1("web-due", "date", &f.date(&p.deadline)))
        },
        button: f.t("web-open"),
    }
}
