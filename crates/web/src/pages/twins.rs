//! One person on lists of several projects: pairs side by side, decided, taken back.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::event;
use app::desk::roster::twins::{self, Pairs};
use askama::Template;
use authz::{Action, Decide, Person, Read, Resource, may};
use serde::Deserialize;
use store::Stay;

/// One of a pair.
struct Half {
    person: String,
    lines: Vec<(String, String)>,
}

struct DecidedView {
    id: i64,
    said: String,
    names: String,
    at: String,
}

#[derive(Template)]
#[template(path = "twins.html")]
struct Page {
    f: Frame,
    pairs: Vec<Vec<Half>>,
    more: String,
    all: bool,
    most: String,
    decided: Vec<DecidedView>,
}

/// GET `/pekerja/kembar`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Decide, Person>()?;
    let permit = caller.permit::<Read, Person>()?;
    let found: Pairs = twins::pairs(&site.desk, &permit)?;
    let mut told = event(permit.actor(), "twins_read", "people", &caller.asking.reference);
    told.reason = format!("pairs:{}", found.open.len());
    site.desk.write(|s| s.audit(told))?;
    let names = may(&caller.actor, Action::Change, Resource::Person);
    let f = Frame::of(site, caller, "twins-title", "/kelola");
    let name = |s: &Stay| if names { s.entry.name.bare.clone() } else { s.entry.name.initials() };
    let decided = found.decided.iter().map(|(d, stays)| DecidedView {
        id: d.id,
        said: f.t(if d.same { "twins-same" } else { "twins-different" }),
        names: stays.iter().map(name).collect::<Vec<_>>().join(" / "),
        at: f.moment(&d.at),
    });
    let view = Page {
        decided: decided.collect(),
        pairs: found.open.iter().map(|p| p.stays.iter().map(|s| half(&f, s, &name(s))).collect()).collect(),
        more: if found.more == 0 { String::new() } else { f.t1("twins-more", "count", &f.u(&(found.more as u64))) },
        all: found.all,
        most: f.u(&(twins::MOST as u64)),
        f,
    };
    Ok(Answer::Page(view.render()?))
}

fn half(f: &Frame, s: &Stay, name: &str) -> Half {
    let e = &s.entry;
    let nik = match &e.nik {
        Some(Ok(nik)) => nik.to_string(),
        Some(Err(_)) => f.t("roster-nik-damaged"),
        None => f.t("roster-nik-missing"),
    };
    let day = |d: Option<kernel::Date>| d.map_or_else(|| "–".to_owned(), |d| f.date(&d.to_string()));
    let text = |t: &Option<String>| t.clone().unwrap_or_else(|| "–".to_owned());
    let lines = vec![
        (f.t("roster-field-nama"), name.to_owned()),
        ("NIK".to_owned(), nik),
        (f.t("roster-field-tgl-lahir"), day(e.birth)),
        (f.t("roster-field-tempat-lahir"), text(&e.birth_place)),
        (f.t("roster-field-jabatan"), text(&e.trade)),
        (f.t("twins-list"), e.list.as_ref().map_or_else(String::new, |l| l.name().to_owned())),
    ];
    Half { person: s.person.clone(), lines }
}

/// What is decided.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    satu: String,
    lain: String,
    putusan: String,
    batal: Option<i64>,
}

/// POST `/pekerja/kembar`
pub(crate) fn decide(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let decide = caller.permit::<Decide, Person>()?;
    let read = caller.permit::<Read, Person>()?;
    let reference = &caller.asking.reference;
    let done = match (typed.batal, typed.putusan.as_str()) {
        (Some(id), _) => twins::take_back(&site.desk, (&read, &decide), id, reference)?,
        (None, same @ ("sama" | "beda")) => {
            let pair = [typed.satu.as_str(), typed.lain.as_str()];
            twins::decide(&site.desk, (&read, &decide), pair, same == "sama", reference)?
        }
        _ => return Err(Trouble::Bad("web-trouble-form")),
    };
    if done { Ok(Answer::Go("/pekerja/kembar".to_owned())) } else { Err(Trouble::NotFound) }
}
