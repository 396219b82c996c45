//! Workshops at the desk: planned, guests, the code of the room, who came, certificates, and what changed afterwards.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::outreach::minute;
use crate::site::Site;
use crate::typed::Fields;
use app::desk::training::{self, Attendee, InviteRow, No, Planned, TrainingRow, hours_text, share_text};
use app::legal::guide::Role;
use app::legal::quiz::score_text;
use askama::Template;
use authz::{Action, Change, Read, Resource, Training, may};
use serde::Deserialize;

/// Workshops listed.
const LISTED: usize = 200;

/// What is typed to plan one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    peran: String,
    hari: String,
    mulai: String,
    selesai: String,
    tempat: String,
    kursi: String,
}

struct Line {
    id: i64,
    role: String,
    day: String,
    place: String,
    is_off: bool,
    invited: String,
    came: String,
    tested: String,
    certified: String,
}

struct AgencyLine {
    name: String,
    projects: String,
    late: String,
    percent: i64,
    attended: String,
}

/// The effect, in words.
struct Told {
    sides: Vec<[String; 4]>,
    words: training::Told,
}

#[derive(Template)]
#[template(path = "trainings.html")]
struct Page {
    f: Frame,
    lines: Vec<Line>,
    agencies: Vec<AgencyLine>,
    told: Option<Told>,
    roles: Vec<(&'static str, String)>,
    typed: Typed,
    may_change: bool,
    trouble: String,
}

fn line(f: &Frame, t: &TrainingRow) -> Line {
    Line {
        id: t.id,
        role: f.word("training-role-", &t.role),
        day: f.date(&t.day),
        place: t.place.clone(),
        is_off: t.ended.is_some(),
        invited: f.n(&t.invited),
        came: f.n(&t.came),
        tested: f.n(&t.tested.0),
        certified: f.n(&t.tested.1),
    }
}

fn told(site: &Site, caller: &Caller, f: &Frame) -> Result<Told, Trouble> {
    let permit = caller.permit::<Read, Training>()?;
    let (effect, terms) = training::changed(&site.desk, &permit)?;
    let side = |i: usize, name: &str| {
        let when = |w: usize| share_text(effect.projects[i][w], effect.prompt[i][w], f.language);
        [f.t(name), f.u(&(effect.agencies[i] as u64)), when(0), when(1)]
    };
    let sides = vec![side(0, "training-side-attended"), side(1, "training-side-waiting")];
    Ok(Told { sides, words: training::told(&effect, &terms, f.language) })
}

fn made(site: &Site, caller: &Caller, typed: &Typed, no: Option<No>) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Training>()?;
    let f = Frame::of(site, caller, "training-title", "/bimtek");
    let rows = site.desk.read(|s| s.training_list(&permit, None, LISTED).map_err(Trouble::from))?;
    let agencies = training::agencies(&site.desk, &permit)?;
    let today = app::clock::today();
    let agency = |a: &training::Promptness| AgencyLine {
        name: a.agency.clone(),
        projects: f.n(&a.projects),
        late: f.n(&(a.projects - a.prompt)),
        percent: (a.prompt * 100).checked_div(a.projects).unwrap_or(0),
        attended: if a.attended.is_empty() { f.t("training-never") } else { f.date(&a.attended) },
    };
    let page = Page {
        lines: rows.iter().map(|t| line(&f, t)).collect(),
        agencies: agencies.iter().map(agency).collect(),
        told: if rows.iter().any(|t| t.came > 0) { Some(told(site, caller, &f)?) } else { None },
        roles: Role::ALL.iter().map(|r| (r.name(), f.word("training-role-", r.name()))).collect(),
        typed: if typed.hari.is_empty() {
            Typed {
                hari: kernel::date::add_days(today, 14).unwrap_or(today).to_string(),
                mulai: "08:30".to_owned(),
                selesai: "12:00".to_owned(),
                kursi: "40".to_owned(),
                ..typed.clone()
            }
        } else {
            typed.clone()
        },
        may_change: may(&caller.actor, Action::Change, Resource::Training),
        trouble: no.map(|no| f.t(no.sentence())).unwrap_or_default(),
        f,
    };
    Ok(page.render()?)
}

/// GET `/bimtek`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    Ok(Answer::Page(made(site, caller, &Typed::default(), None)?))
}

fn planned(typed: &Typed) -> Option<Planned> {
    Some(Planned {
        role: Role::named(&typed.peran)?,
        day: typed.hari.parse().ok()?,
        minutes: (minute(&typed.mulai)?, minute(&typed.selesai)?),
        place: typed.tempat.clone(),
        seats: typed.kursi.trim().parse().ok()?,
    })
}

/// POST `/bimtek`: a workshop is planned.
pub(crate) fn plan(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Change, Training>()?;
    let done = match planned(typed) {
        Some(planned) => training::plan(&site.desk, &permit, &planned, &caller.asking.reference)?,
        None => Err(No::Workshop),
    };
    match done {
        Ok(id) => Ok(Answer::Go(format!("/bimtek/{id}"))),
        Err(no) => Ok(Answer::Unaccepted(made(site, caller, typed, Some(no))?)),
    }
}

struct Person {
    id: i64,
    name: String,
    office: String,
    is_agency: bool,
    how: String,
    score: String,
    certificate: String,
    withdrawn: String,
    own: String,
}

#[derive(Template)]
#[template(path = "training.html")]
struct One {
    f: Frame,
    t: Line,
    hours: String,
    seats: String,
    why: String,
    invites: Vec<InviteRow>,
    agencies: Vec<String>,
    people: Vec<Person>,
    may_change: bool,
    is_ahead: bool,
    is_past: bool,
    said: Vec<String>,
    trouble: String,
}

fn row_of(site: &Site, caller: &Caller, id: i64) -> Result<TrainingRow, Trouble> {
    let permit = caller.permit::<Read, Training>()?;
    training::one(&site.desk, &permit, id)?.ok_or(Trouble::NotFound)
}

/// What the page says beside the workshop.
#[derive(Default)]
struct Aside {
    said: Vec<String>,
    no: Option<No>,
}

fn one_page(site: &Site, caller: &Caller, id: i64, aside: Aside) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Training>()?;
    let row = row_of(site, caller, id)?;
    let f = Frame::of(site, caller, "training-one", "/bimtek");
    let invites = site.desk.read(|s| s.invite_list(&permit, id).map_err(Trouble::from))?;
    let may_change = may(&caller.actor, Action::Change, Resource::Training);
    let people = if may_change {
        let permit = caller.permit::<Change, Training>()?;
        site.desk.read(|s| s.attendee_list(&permit, id).map_err(Trouble::from))?
    } else {
        Vec::new()
    };
    let invited = |name: &str| invites.iter().any(|i| i.guest == name);
    let agencies = training::agencies(&site.desk, &permit)?;
    let today = app::clock::today().to_string();
    let page = One {
        t: line(&f, &row),
        hours: hours_text(row.minutes),
        seats: f.n(&row.seats),
        why: row.ended.as_ref().map(|(_, why)| why.clone()).unwrap_or_default(),
        agencies: agencies.iter().filter(|a| !invited(&a.agency)).map(|a| a.agency.clone()).collect(),
        people: people.iter().map(|p| person(site, &f, p)).collect(),
        is_ahead: row.ended.is_none() && row.day >= today,
        is_past: row.ended.is_none() && row.day <= today,
        trouble: aside.no.map(|no| f.t(no.sentence())).unwrap_or_default(),
        said: aside.said,
        invites,
        may_change,
        f,
    };
    Ok(page.render()?)
}

fn person(site: &Site, f: &Frame, p: &Attendee) -> Person {
    let certificate = p.certificate.as_ref();
    Person {
        id: p.id,
        name: p.name.name.clone(),
        office: p.name.office.clone(),
        is_agency: !p.agency.is_empty(),
        how: f.word("training-how-", &p.how),
        score: p.score.map(score_text).unwrap_or_default(),
        certificate: certificate.map(|c| c.number.clone()).unwrap_or_default(),
        withdrawn: certificate.and_then(|c| c.withdrawn.as_ref()).map(|(day, _)| f.date(day)).unwrap_or_default(),
        own: training::own(&site.desk, p.id),
    }
}

/// GET `/bimtek/{id}`
pub(crate) fn one(site: &Site, caller: &Caller, id: i64) -> Outcome {
    Ok(Answer::Page(one_page(site, caller, id, Aside::default())?))
}

/// POST `/bimtek/{id}`: guests invited, a list of who came, somebody taken off it, a certificate withdrawn, all of it called off.
pub(crate) fn say(site: &Site, caller: &Caller, id: i64, typed: &Fields) -> Outcome {
    let permits = (&caller.permit::<Read, Training>()?, &caller.permit::<Change, Training>()?);
    let request = &caller.asking.reference;
    let mut said = Vec::new();
    let f = Frame::plain(caller.language(), "training-one");
    let done: Result<(), No> = match typed.first("tindakan") {
        "undang" => {
            let typed_in = typed.first("lain").lines().map(str::to_owned);
            let chosen = typed.all("tamu").map(str::to_owned);
            let guests: Vec<String> = chosen.chain(typed_in).collect();
            training::invite(&site.desk, permits, (id, &guests), request)?.map(|_| ())
        }
        "batalkan" => training::call_off(&site.desk, permits.1, (id, typed.first("alasan")), request)?,
        "daftar" => match training::list(&site.desk, permits, (id, typed.first("hadir")), request)? {
            Ok(listed) => {
                let counts = [("new", listed.new), ("known", listed.known)].map(|(n, c)| (n, c.to_string()));
                said.push(phrases::say_with(f.language, "training-listed", &counts));
                if !listed.bad.is_empty() {
                    let lines: Vec<String> = listed.bad.iter().map(ToString::to_string).collect();
                    said.push(f.t1("training-listed-bad", "lines", &lines.join(", ")));
                }
                if listed.full > 0 {
                    said.push(f.t("training-no-full"));
                }
                Ok(())
            }
            Err(no) => Err(no),
        },
        "bukan" => {
            let person = typed.first("orang").parse().map_err(|_| Trouble::Bad("web-trouble-form"))?;
            training::not_came(&site.desk, permits.1, (id, person), request)?
        }
        "tarik" => training::withdraw(&site.desk, permits.1, (typed.first("nomor"), typed.first("alasan")), request)?,
        _ => return Err(Trouble::Bad("web-trouble-form")),
    };
    match done {
        Ok(()) if said.is_empty() => Ok(Answer::Go(format!("/bimtek/{id}"))),
        Ok(()) => Ok(Answer::Page(one_page(site, caller, id, Aside { said, no: None })?)),
        Err(no) => Ok(Answer::Unaccepted(one_page(site, caller, id, Aside { said, no: Some(no) })?)),
    }
}

/// GET `/bimtek/{id}/undangan/{invite}`
pub(crate) fn letter(site: &Site, caller: &Caller, id: i64, invite: i64) -> Outcome {
    let permit = caller.permit::<Read, Training>()?;
    let pdf = site.desk.read(|s| s.invite_pdf(&permit, (id, invite)).map_err(Trouble::from))?;
    Ok(Answer::File(format!("undangan-{id}-{invite}.pdf"), "application/pdf", pdf.ok_or(Trouble::NotFound)?))
}

#[derive(Template)]
#[template(path = "training_code.html")]
struct Code {
    f: Frame,
    t: Line,
    hours: String,
    url: String,
    qr: String,
    is_open: bool,
}

/// GET `/bimtek/{id}/kode`: the code of the room, for its wall or its screen.
pub(crate) fn code(site: &Site, caller: &Caller, id: i64) -> Outcome {
    caller.permit::<Change, Training>()?;
    let row = row_of(site, caller, id)?;
    let f = Frame::of(site, caller, "training-code", "/bimtek");
    let url = format!("{}/hadir/{}", site.desk.address(), training::door(&site.desk, id));
    let page = Code {
        t: line(&f, &row),
        hours: hours_text(row.minutes),
        qr: crate::pages::qr(&url)?,
        is_open: training::is_open(&row),
        url,
        f,
    };
    Ok(Answer::Page(page.render()?))
}
