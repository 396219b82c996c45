//! The list on a foreman's phone: links for it, the page that works without a line, and what that page asks and says.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::accidents::{Harm, Told};
use app::desk::roster::foreman::{self, ACTS_MAX, DAYS, Saying};
use app::desk::roster::{self, Report, Said, crew_of};
use askama::Template;
use authz::{Change, Person, Read};
use serde::Deserialize;
use std::collections::BTreeMap;
use store::ForemanLink;

#[derive(Template)]
#[template(path = "foreman_links.html")]
struct Links {
    f: Frame,
    code: String,
    links: Vec<Link>,
    days: [u32; 4],
    made: String,
    qr: String,
    trouble: String,
}

struct Link {
    id: i64,
    name: String,
    until: String,
    used: String,
    confirmed: String,
    over: bool,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    nama: String,
    masa: u32,
}

/// GET `/proyek/{code}/pekerja/mandor`
pub(crate) fn links(site: &Site, caller: &Caller, code: &str) -> Outcome {
    Ok(Answer::Page(shown(site, caller, code, "", "")?))
}

/// POST `/proyek/{code}/pekerja/mandor`: a new link, shown once.
pub(crate) fn make(site: &Site, caller: &Caller, code: &str, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Change, Person>()?;
    if typed.nama.trim().is_empty() {
        return Ok(Answer::Unaccepted(shown(site, caller, code, "", "foreman-no-name")?));
    }
    let about = (code, typed.nama.as_str());
    let secret = foreman::make(&site.desk, (&permit, permit.actor()), about, typed.masa, &caller.asking.reference)?;
    let secret = secret.ok_or(Trouble::NotFound)?;
    Ok(Answer::Page(shown(site, caller, code, &secret, "")?))
}

/// POST `/proyek/{code}/pekerja/mandor/{id}/henti`
pub(crate) fn end(site: &Site, caller: &Caller, code: &str, id: i64) -> Outcome {
    let permit = caller.permit::<Change, Person>()?;
    if !foreman::end(&site.desk, &permit, (code, id), &caller.asking.reference)? {
        return Err(Trouble::NotFound);
    }
    Ok(Answer::Go(format!("/proyek/{code}/pekerja/mandor")))
}

fn shown(site: &Site, caller: &Caller, code: &str, secret: &str, trouble: &str) -> Result<String, Trouble> {
    let permit = caller.permit::<Change, Person>()?;
    let list = site.desk.read(|s| {
        let within = s.project_within(permit.scope(), code)?;
        Ok::<_, Trouble>(if within { Some(s.foreman_list(&permit, code)?) } else { None })
    })?;
    let f = Frame::of(site, caller, "foreman-links", "/proyek");
    // The secret stands behind the #: a browser never sends it with the address.
    let made =
        if secret.is_empty() { String::new() } else { format!("{}/mandor/daftar#{secret}", site.desk.address()) };
    let now = app::clock::seconds();
    let day = |seconds: i64| f.date(&app::clock::day_of(seconds).to_string());
    let link = |l: ForemanLink| Link {
        id: l.id,
        until: day(l.expires_at),
        used: l.used_at.map_or_else(|| "–".to_owned(), day),
        confirmed: f.date(&l.confirmed_on),
        over: l.expires_at <= now,
        name: l.name,
    };
    let page = Links {
        links: list.ok_or(Trouble::NotFound)?.into_iter().map(link).collect(),
        qr: if made.is_empty() { String::new() } else { crate::pages::qr(&made)? },
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        made,
        days: DAYS,
        code: code.to_owned(),
        f,
    };
    Ok(page.render()?)
}

#[derive(Template)]
#[template(path = "foreman.html")]
struct List {
    f: Frame,
    js: &'static str,
    phone: &'static str,
    harms: Vec<(&'static str, String)>,
}

/// What the script says, by the last part of the phrase's name.
const WORDS: [&str; 28] = [
    "unable",
    "accident",
    "unlisted",
    "refused",
    "first",
    "none",
    "over",
    "waiting",
    "away",
    "sent",
    "off",
    "asof",
    "confirmed",
    "known",
    "waits",
    "gone",
    "day",
    "unread",
    "gonefrom",
    "stayswaits",
    "last",
    "stays",
    "tosend",
    "undo",
    "left",
    "count",
    "right",
    "rightwaits",
];

impl List {
    fn words(&self) -> String {
        let blanks = [("count", "{count}"), ("day", "{day}"), ("name", "{name}")];
        let word = |w: &&str| {
            let said = phrases::say_named(self.f.language, &format!("foreman-word-{w}"), &blanks);
            ((*w).to_owned(), serde_json::Value::String(said))
        };
        let words: serde_json::Map<_, _> = WORDS.iter().map(word).collect();
        serde_json::Value::Object(words).to_string()
    }
}

/// GET `/mandor/daftar`: the page of a phone. It holds nobody's data; what it shows it asks for with its link.
pub(crate) fn list(_: &Site, caller: &Caller) -> Outcome {
    let f = Frame::plain(caller.language(), "foreman-title");
    Ok(Answer::Page(
        List {
            harms: super::accident::harms(&f),
            f,
            js: crate::assets::FOREMAN.address,
            phone: crate::assets::PHONE.address,
        }
        .render()?,
    ))
}

/// GET `/mandor/manifest.json`
pub(crate) fn manifest() -> axum::response::Response {
    crate::assets::manifest("mandor", &phrases::say_named(app::Language::Indonesian, "foreman-title", &[]))
}

/// GET `/mandor/data`: who stands on the project's list today.
pub(crate) fn data(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Person>()?;
    let link = caller.link.as_ref().ok_or(Trouble::NotFound)?;
    let today = app::clock::today();
    let crew = crew_of(&site.desk, &permit, &link.project, today, None)?.ok_or(Trouble::NotFound)?;
    roster::note_look(&site.desk, &permit, &crew, &caller.asking.reference)?;
    let f = Frame::plain(caller.language(), "foreman-title");
    let people = crew.members.iter().filter(|m| m.on_roster && m.present).map(|m| {
        let entry = crew.entry(m);
        let nik = match &entry.nik {
            Some(Ok(nik)) => nik.to_string(),
            Some(Err(_)) => f.t("roster-nik-damaged"),
            None => f.t("roster-nik-missing"),
        };
        // Only what a foreman can do something about.
        let unreported = m.stay.is_some_and(|s| s.reported == Report::Never);
        serde_json::json!({
            "mark": crew.stays[m.entries[0]].mark,
            "name": entry.name.bare,
            "nik": nik,
            "trade": entry.trade.as_deref().unwrap_or_default(),
            "reported": if unreported { f.t("foreman-unreported") } else { String::new() },
            "last": m.stay.filter(|s| s.to != kernel::Date::MAX).map_or_else(String::new, |s| f.date(&s.to.to_string())),
        })
    });
    Ok(Answer::Json(serde_json::json!({
        "code": crew.project.code,
        "project": crew.project.name,
        "phone": link.name,
        "day": today.to_string(),
        "shown": f.date(&today.to_string()),
        "confirmed": if link.confirmed_on.is_empty() { String::new() } else { f.date(&link.confirmed_on) },
        "people": people.collect::<Vec<_>>(),
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
    kind: String,
    #[serde(default)]
    mark: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    cells: BTreeMap<String, String>,
    #[serde(default)]
    told: BTreeMap<String, String>,
}

/// POST `/mandor/data`: what the phone kept while it was away, each with its number; the answer has one word for each.
pub(crate) fn hear(site: &Site, caller: &Caller, says: Option<Says>) -> Outcome {
    caller.permit::<Change, Person>()?;
    let link = caller.link.clone().ok_or(Trouble::NotFound)?;
    let says = says.filter(|s| s.acts.len() <= ACTS_MAX).ok_or(Trouble::Bad("web-trouble-form"))?;
    let saying = |act: ActSaid| {
        let is_number = act.id.len() == 32 && act.id.bytes().all(|b| b.is_ascii_hexdigit());
        let day = act.day.parse().ok();
        let saying = match act.kind.as_str() {
            "joined" => Saying::Joined(act.cells),
            "left" => Saying::About(act.mark, Said::Left(day?)),
            "stays" => Saying::About(act.mark, Said::Stays),
            "right" => Saying::Right(day?),
            "accident" => {
                let said = |field: &str| act.told.get(field).map(|t| t.trim().to_owned()).unwrap_or_default();
                let told = Told {
                    who: said("siapa"),
                    what: said("apa"),
                    harm: Harm::parse(&said("sebab")),
                    injury: said("cedera"),
                    treated: said("dirawat"),
                    witnesses: said("saksi"),
                };
                Saying::Accident(act.mark, said("kapan"), told)
            }
            _ => return None,
        };
        is_number.then_some((act.id, saying))
    };
    let (mut said, mut unread) = (Vec::new(), Vec::new());
    for act in says.acts {
        let id = act.id.clone();
        match saying(act) {
            Some(act) => said.push(act),
            None => unread.push(id),
        }
    }
    let phone = foreman::Phone { link, actor: caller.actor.clone() };
    let answers = foreman::hear(&site.desk, &phone, &said, &caller.asking.reference)?.ok_or(Trouble::NotAllowed)?;
    // What makes no sense is told so each for itself: one such thing never holds up the others.
    let unread = unread.into_iter().map(|id| (id, "unread".to_owned()));
    let answers: BTreeMap<String, String> = answers.into_iter().chain(unread).collect();
    Ok(Answer::Json(serde_json::json!({ "answers": answers })))
}
