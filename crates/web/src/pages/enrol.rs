//! Enrolment at the outreach car: links for phones of a tour, the page that works without a line, and what that page asks and says.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::enrol::{self, ACTS_MAX, DAYS_AFTER, EnrolLink, Said};
use askama::Template;
use authz::{Change, Outreach, Read, Vulnerable};
use serde::Deserialize;
use std::collections::BTreeMap;

struct Link {
    id: i64,
    name: String,
    until: String,
    used: String,
    over: bool,
}

#[derive(Template)]
#[template(path = "enrol_links.html")]
struct Links {
    f: Frame,
    tour: i64,
    day: String,
    links: Vec<Link>,
    days: String,
    made: String,
    qr: String,
    trouble: String,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    nama: String,
    henti: String,
}

/// GET `/mobil/{id}/ponsel`
pub(crate) fn links(site: &Site, caller: &Caller, tour: i64) -> Outcome {
    Ok(Answer::Page(shown(site, caller, tour, "", "")?))
}

/// POST `/mobil/{id}/ponsel`: a new link, shown once; or one is ended.
pub(crate) fn make(site: &Site, caller: &Caller, tour: i64, typed: &Typed) -> Outcome {
    let lists = caller.permit::<Change, Vulnerable>()?;
    let (read, change) = (caller.permit::<Read, Outreach>()?, caller.permit::<Change, Outreach>()?);
    let request = &caller.asking.reference;
    if !typed.henti.is_empty() {
        let id = typed.henti.parse().map_err(|_| Trouble::Bad("web-trouble-form"))?;
        if !enrol::end(&site.desk, &change, (tour, id), request)? {
            return Err(Trouble::NotFound);
        }
        return Ok(Answer::Go(format!("/mobil/{tour}/ponsel")));
    }
    if typed.nama.trim().is_empty() {
        return Ok(Answer::Unaccepted(shown(site, caller, tour, "", "enrol-no-name")?));
    }
    let about = (tour, typed.nama.as_str());
    let secret = enrol::make(&site.desk, (&read, &change, &lists), about, request)?.ok_or(Trouble::NotFound)?;
    Ok(Answer::Page(shown(site, caller, tour, &secret, "")?))
}

fn shown(site: &Site, caller: &Caller, tour: i64, secret: &str, trouble: &str) -> Result<String, Trouble> {
    caller.permit::<Change, Vulnerable>()?;
    let read = caller.permit::<Read, Outreach>()?;
    let (row, ..) = app::desk::outreach::one(&site.desk, &read, tour)?.ok_or(Trouble::NotFound)?;
    let list = site.desk.read(|s| s.enrol_link_list(&read, tour).map_err(Trouble::from))?;
    let f = Frame::of(site, caller, "enrol-links", "/mobil");
    // The secret stands behind the #: a browser never sends it with the address.
    let made = if secret.is_empty() { String::new() } else { format!("{}/warga/daftar#{secret}", site.desk.address()) };
    let now = app::clock::seconds();
    let day = |seconds: i64| f.date(&app::clock::day_of(seconds).to_string());
    let link = |l: EnrolLink| Link {
        id: l.id,
        until: day(l.expires_at),
        used: l.used_at.map_or_else(|| "–".to_owned(), day),
        over: l.expires_at <= now,
        name: l.name,
    };
    let page = Links {
        tour,
        day: f.date(&row.day),
        links: list.into_iter().map(link).collect(),
        days: DAYS_AFTER.to_string(),
        qr: if made.is_empty() { String::new() } else { crate::pages::qr(&made)? },
        made,
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        f,
    };
    Ok(page.render()?)
}

/// What the script says, by the last part of the phrase's name; those it shares with the foreman's page are named whole.
const WORDS: [(&str, &str); 16] = [
    ("unable", "foreman-word-unable"),
    ("refused", "foreman-word-refused"),
    ("first", "foreman-word-first"),
    ("over", "foreman-word-over"),
    ("waiting", "foreman-word-waiting"),
    ("away", "foreman-word-away"),
    ("sent", "foreman-word-sent"),
    ("off", "foreman-word-off"),
    ("tosend", "foreman-word-tosend"),
    ("undo", "foreman-word-undo"),
    ("none", "enrol-word-none"),
    ("known", "foreman-word-known"),
    ("nik", "enrol-word-nik"),
    ("unread", "foreman-word-unread"),
    ("count", "enrol-word-count"),
    ("tour", "enrol-word-tour"),
];

#[derive(Template)]
#[template(path = "enrol.html")]
struct List {
    f: Frame,
    js: &'static str,
    phone: &'static str,
    groups: Vec<String>,
}

impl List {
    fn words(&self) -> String {
        let blanks = [("count", "{count}"), ("day", "{day}"), ("name", "{name}")];
        let word = |(name, key): &(&str, &str)| {
            let said = phrases::say_named(self.f.language, key, &blanks);
            ((*name).to_owned(), serde_json::Value::String(said))
        };
        serde_json::Value::Object(WORDS.iter().map(word).collect()).to_string()
    }
}

/// GET `/warga/daftar`: the page of a phone. It holds nobody's data; what it shows it asks for with its link.
pub(crate) fn list(_: &Site, caller: &Caller) -> Outcome {
    let f = Frame::plain(caller.language(), "enrol-title");
    let groups = f.t("enrol-groups").split(',').map(|g| g.trim().to_owned()).collect();
    let (js, phone) = (crate::assets::ENROL.address, crate::assets::PHONE.address);
    Ok(Answer::Page(List { groups, js, phone, f }.render()?))
}

/// GET `/warga/manifest.json`
pub(crate) fn manifest() -> axum::response::Response {
    crate::assets::manifest("warga", &phrases::say_named(app::Language::Indonesian, "enrol-title", &[]))
}

/// GET `/warga/data`: the tour of the link and its stops.
pub(crate) fn data(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Change, Vulnerable>()?;
    let phone = caller.phone.as_ref().ok_or(Trouble::NotFound)?;
    let (day, stops) = enrol::shown(&site.desk, phone)?.ok_or(Trouble::NotFound)?;
    let f = Frame::plain(caller.language(), "enrol-title");
    let stops = stops.iter().map(|(id, name)| serde_json::json!({ "id": id, "name": name }));
    Ok(Answer::Json(serde_json::json!({
        "code": phone.link.tour.to_string(),
        "phone": phone.link.name,
        "shown": f.date(&day),
        "stops": stops.collect::<Vec<_>>(),
    })))
}

/// What a phone says.
#[derive(Debug, Deserialize)]
pub(crate) struct Says {
    acts: Vec<ActSaid>,
}

#[derive(Debug, Deserialize)]
struct ActSaid {
    id: String,
    #[serde(default)]
    stop: i64,
    #[serde(default)]
    day: String,
    #[serde(default)]
    cells: BTreeMap<String, String>,
}

/// POST `/warga/data`: whom the phone enrolled while it was away, each with its number; the answer has one word for each.
pub(crate) fn hear(site: &Site, caller: &Caller, says: Option<Says>) -> Outcome {
    caller.permit::<Change, Vulnerable>()?;
    let phone = caller.phone.as_ref().ok_or(Trouble::NotFound)?;
    let says = says.filter(|s| s.acts.len() <= ACTS_MAX).ok_or(Trouble::Bad("web-trouble-form"))?;
    let is_number = |id: &str| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit());
    let (read, unread): (Vec<ActSaid>, Vec<ActSaid>) = says.acts.into_iter().partition(|a| is_number(&a.id));
    let said = |a: ActSaid| Said { id: a.id, stop: a.stop, day: a.day.parse().ok(), cells: a.cells };
    let said: Vec<Said> = read.into_iter().map(said).collect();
    let answers = enrol::hear(&site.desk, phone, &said, &caller.asking.reference)?.ok_or(Trouble::NotAllowed)?;
    // What has no number of its own is told so and never holds up the others.
    let unread = unread.into_iter().map(|a| (a.id, "unread".to_owned()));
    let answers: BTreeMap<String, String> = answers.into_iter().chain(unread).collect();
    Ok(Answer::Json(serde_json::json!({ "answers": answers })))
}
