//! The worker's own check, open to everybody who can prove to be that worker; and the notice that hangs at the site.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::event;
use app::desk::roster::check::WORK_BITS;
use app::desk::roster::{Member, Proof, Told, check, code_of, crew_of};
use askama::Template;
use authz::{Change, Person, PublicProject, Read};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "check.html")]
struct Page {
    f: Frame,
    code: String,
    name: String,
    state: String,
    told: &'static str,
    day: String,
    today: String,
    bits: u32,
    js: &'static str,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    kode: String,
    kpj: String,
    nik: String,
    lahir: String,
    kerja: String,
}

/// GET `/cek/{code}`
pub(crate) fn page(site: &Site, caller: &Caller, code: &str) -> Outcome {
    Ok(Answer::Page(shown(site, caller, code, "")?))
}

/// POST `/cek/{code}`
pub(crate) fn ask(site: &Site, caller: &Caller, code: &str, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Read, PublicProject>()?;
    let proof = if typed.kode.trim().is_empty() {
        Proof::Card { card: typed.kpj.clone(), nik: typed.nik.clone(), birth: typed.lahir.parse().ok() }
    } else {
        Proof::Code(typed.kode.clone())
    };
    let told = check(&site.desk, &permit, code, (&proof, &typed.kerja))?.ok_or(Trouble::NotFound)?;
    let told = match told {
        Told::Yes => "check-yes",
        Told::No => "check-no",
        Told::Unclear => "check-unclear",
        Told::Nothing => "check-nothing",
    };
    Ok(Answer::Page(shown(site, caller, code, told)?))
}

fn shown(site: &Site, caller: &Caller, code: &str, told: &'static str) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, PublicProject>()?;
    let p = site.desk.read(|s| s.public_project(&permit, code).map_err(Trouble::from))?.ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, "check-title", "");
    let today = app::clock::today().to_string();
    let page = Page {
        day: f.date(&today),
        today,
        bits: WORK_BITS,
        js: crate::assets::WORK.address,
        code: p.code,
        name: p.name,
        state: p.state,
        told,
        f,
    };
    Ok(page.render()?)
}

struct Slip {
    name: String,
    code: String,
}

#[derive(Template)]
#[template(path = "poster.html")]
struct Poster {
    f: Frame,
    code: String,
    name: String,
    url: String,
    qr: String,
    slips: Vec<Slip>,
    /// Number for text messages; empty where there is none.
    number: String,
}

/// GET `/proyek/{code}/pekerja/poster`: the notice for the site, and a slip for each worker.
pub(crate) fn poster(site: &Site, caller: &Caller, code: &str) -> Outcome {
    let change = caller.permit::<Change, Person>()?;
    let read = caller.permit::<Read, Person>()?;
    let today = app::clock::today();
    let crew = crew_of(&site.desk, &read, code, today, None)?.ok_or(Trouble::NotFound)?;
    let mut told = event(change.actor(), "roster_slips", &format!("project:{code}"), &caller.asking.reference);
    told.reason = format!("people:{}", crew.members.len());
    site.desk.write(|s| s.audit(told))?;
    let slip = |m: &Member| Slip {
        name: crew.entry(m).name.bare.clone(),
        code: code_of(&site.desk, &crew.stays[m.entries[0]].mark),
    };
    let url = format!("{}/cek/{code}", site.desk.address());
    let page = Poster {
        slips: crew.members.iter().filter(|m| m.present).map(slip).collect(),
        qr: crate::pages::qr(&url)?,
        name: crew.project.name.clone(),
        number: site.desk.message_number().unwrap_or_default().to_owned(),
        code: code.to_owned(),
        url,
        f: Frame::of(site, caller, "check-poster", "/proyek"),
    };
    Ok(Answer::Page(page.render()?))
}
