//! Complaints: sent by anybody without a name, read and answered by the office, looked up by whoever holds the code.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::complaints::{self, About, Sent, Standing, Step, Untaken, after};
use askama::Template;
use authz::{Action, Complaint, Decide, PublicProject, Read, Resource, may};
use serde::Deserialize;
use store::{ComplaintRow, ComplaintWord, ProjectQuery, ProjectRow};

/// Projects offered to choose from.
const OFFERED: usize = 12;

/// Complaints listed.
const LISTED: usize = 300;

/// What is asked of the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    proyek: String,
    q: String,
    kecamatan: String,
}

/// What is typed into it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    proyek: String,
    tentang: String,
    isi: String,
    kontak: String,
    /// People do not see this field; programs that fill everything do.
    situs: String,
}

impl Typed {
    /// A field of a form with photos.
    pub(crate) fn set(&mut self, name: &str, value: String) {
        match name {
            "proyek" => self.proyek = value,
            "tentang" => self.tentang = value,
            "isi" => self.isi = value,
            "kontak" => self.kontak = value,
            "situs" => self.situs = value,
            _ => {}
        }
    }
}

#[derive(Template)]
#[template(path = "complaint_new.html")]
struct New {
    f: Frame,
    project: Option<ProjectRow>,
    q: String,
    district: String,
    districts: Vec<String>,
    map: (usize, usize),
    tiles: Vec<super::city_map::Tile>,
    offered: Vec<ProjectRow>,
    about: Vec<(&'static str, String, bool)>,
    text: String,
    contact: String,
    trouble: String,
}

/// GET `/lapor/baru`
pub(crate) fn form(site: &Site, caller: &Caller, asked: &Asked) -> Outcome {
    let asked = (asked.proyek.as_str(), asked.q.as_str(), asked.kecamatan.as_str());
    Ok(Answer::Page(new(site, caller, asked, &Typed::default(), "")?))
}

fn new(
    site: &Site,
    caller: &Caller,
    (code, q, district): (&str, &str, &str),
    typed: &Typed,
    trouble: &str,
) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, PublicProject>()?;
    let query = ProjectQuery {
        text: q.to_owned(),
        district: Some(district.to_owned()).filter(|d| !d.is_empty()),
        sort: store::Sort::Name,
        limit: OFFERED,
        ..ProjectQuery::default()
    };
    let (project, offered) = site.desk.read(|s| {
        let project = if code.is_empty() { None } else { s.public_project(&permit, code)? };
        let offered = if project.is_some() || q.trim().is_empty() && district.is_empty() {
            Vec::new()
        } else {
            s.public_page(&permit, &query)?.rows
        };
        Ok::<_, Trouble>((project, offered))
    })?;
    let f = Frame::of(site, caller, "complaint-title", "");
    let districts = super::overview(site)?.unwrap_or_default().districts;
    let (map, tiles) = super::city_map::tiles(&districts);
    let about = About::ALL.iter().map(|a| (a.name(), f.word("complaint-about-", a.name()), typed.tentang == a.name()));
    let page = New {
        about: about.collect(),
        project,
        q: q.to_owned(),
        district: district.to_owned(),
        districts: districts.into_iter().map(|d| d.name).collect(),
        map,
        tiles,
        offered,
        text: typed.isi.clone(),
        contact: typed.kontak.clone(),
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        f,
    };
    Ok(page.render()?)
}

fn sentence(untaken: Untaken) -> &'static str {
    match untaken {
        Untaken::Text => "complaint-text-length",
        Untaken::Project => "complaint-no-project",
        Untaken::Flood => "complaint-flood",
        Untaken::Step => "complaint-no-step",
        Untaken::NoPhoto => "complaint-no-photo",
        Untaken::LargePhoto => "complaint-large-photo",
    }
}

#[derive(Template)]
#[template(path = "complaint_sent.html")]
struct SentPage {
    f: Frame,
    code: String,
}

/// POST `/lapor/baru`
pub(crate) fn send(site: &Site, caller: &Caller, typed: &Typed, photos: &[Vec<u8>]) -> Outcome {
    let permit = caller.permit::<Read, PublicProject>()?;
    let again = |name| Ok(Answer::Unaccepted(new(site, caller, (&typed.proyek, "", ""), typed, name)?));
    let Some(about) = About::parse(&typed.tentang) else { return again("complaint-choose") };
    if !typed.situs.is_empty() {
        return Err(Trouble::Bad("web-trouble-form"));
    }
    let project = Some(typed.proyek.trim()).filter(|p| !p.is_empty());
    let sent = Sent { project, about, text: &typed.isi, contact: &typed.kontak, photos };
    match complaints::send(&site.desk, &permit, &sent)? {
        Ok(code) => {
            let f = Frame::of(site, caller, "complaint-sent", "");
            Ok(Answer::Page(SentPage { f, code }.render()?))
        }
        Err(untaken) => again(sentence(untaken)),
    }
}

struct Word {
    who: String,
    at: String,
    lines: Vec<String>,
}

fn words(f: &Frame, list: &[ComplaintWord]) -> Vec<Word> {
    let who = |w: &ComplaintWord| if w.by_office { f.t("complaint-by-office") } else { f.t("complaint-by-sender") };
    list.iter()
        .filter(|w| !w.text.is_empty())
        .map(|w| Word { who: who(w), at: f.moment(&w.at), lines: w.text.lines().map(str::to_owned).collect() })
        .collect()
}

#[derive(Template)]
#[template(path = "complaint_answer.html")]
struct AnswerPage {
    f: Frame,
    code: String,
    found: Option<ComplaintRow>,
    words: Vec<Word>,
    may_add: bool,
    trouble: String,
}

/// What is typed to look an answer up.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Looked {
    kode: String,
    isi: String,
    tindakan: String,
}

/// GET `/lapor/jawaban`
pub(crate) fn look_up(site: &Site, caller: &Caller) -> Outcome {
    Ok(Answer::Page(looked(site, caller, "", "")?))
}

/// POST `/lapor/jawaban`: by the code, or something added.
pub(crate) fn by_code(site: &Site, caller: &Caller, typed: &Looked) -> Outcome {
    caller.permit::<Read, PublicProject>()?;
    let known = complaints::by_code(&site.desk, &typed.kode)?.is_some();
    let mut trouble = if known { "" } else { "complaint-unknown" };
    if known && typed.tindakan == "tambah" {
        trouble = match complaints::add(&site.desk, &typed.kode, &typed.isi)? {
            None => "complaint-unknown",
            Some(Ok(())) => "",
            Some(Err(untaken)) => sentence(untaken),
        };
    }
    let page = looked(site, caller, &typed.kode, trouble)?;
    Ok(if trouble.is_empty() { Answer::Page(page) } else { Answer::Unaccepted(page) })
}

fn looked(site: &Site, caller: &Caller, code: &str, trouble: &str) -> Result<String, Trouble> {
    let f = Frame::of(site, caller, "complaint-look-up", "");
    let found = if code.trim().is_empty() { None } else { complaints::by_code(&site.desk, code)? };
    let (found, said) = found.map_or((None, Vec::new()), |(row, said)| (Some(row), said));
    let may_add =
        found.as_ref().and_then(|r| Standing::parse(&r.standing)).is_some_and(|s| after(s, Step::Add).is_some());
    let page = AnswerPage {
        code: code.to_owned(),
        words: words(&f, &said),
        may_add,
        found,
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        f,
    };
    Ok(page.render()?)
}

struct Line {
    row: ComplaintRow,
    days: i64,
    late: bool,
}

#[derive(Template)]
#[template(path = "complaints.html")]
struct List {
    f: Frame,
    rows: Vec<Line>,
    most: i64,
}

/// Days since a UTC moment, and whether an answer is overdue.
fn age(site: &Site, row: &ComplaintRow) -> (i64, bool) {
    let today = app::clock::today();
    let came = row.at.get(..10).and_then(|d| d.parse::<kernel::Date>().ok()).unwrap_or(today);
    let days = i64::from(kernel::date::days_inclusive(came, today)).saturating_sub(1);
    let is_open = Standing::parse(&row.standing).is_some_and(Standing::is_open);
    (days, is_open && most(site).is_some_and(|most| days > most))
}

fn most(site: &Site) -> Option<i64> {
    site.desk.law.at(app::clock::today()).number("assessment/complaint_days").ok().map(|n| n.0)
}

/// GET `/aduan`
pub(crate) fn list(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Complaint>()?;
    let rows = site.desk.read(|s| s.complaint_list(&permit, LISTED).map_err(Trouble::from))?;
    let rows = rows.into_iter().map(|row| {
        let (days, late) = age(site, &row);
        Line { row, days, late }
    });
    let page = List {
        rows: rows.collect(),
        most: most(site).unwrap_or(0),
        f: Frame::of(site, caller, "complaint-list", "/aduan"),
    };
    Ok(Answer::Page(page.render()?))
}

#[derive(Template)]
#[template(path = "complaint.html")]
struct One {
    f: Frame,
    row: ComplaintRow,
    words: Vec<Word>,
    /// Steps that may be taken, with their words.
    steps: Vec<(&'static str, String)>,
    photos: Vec<i64>,
    may_place: bool,
    trouble: String,
}

/// GET `/aduan/{id}`
pub(crate) fn one(site: &Site, caller: &Caller, id: i64) -> Outcome {
    Ok(Answer::Page(shown(site, caller, id, "")?))
}

fn shown(site: &Site, caller: &Caller, id: i64, trouble: &str) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Complaint>()?;
    let reference = &caller.asking.reference;
    let (row, said) = complaints::read(&site.desk, &permit, id, reference)?.ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, "complaint-one", "/aduan");
    let standing = Standing::parse(&row.standing);
    let may_step = may(&caller.actor, Action::Decide, Resource::Complaint);
    let steps = [Step::Take, Step::Answer, Step::Close]
        .into_iter()
        .filter(|step| may_step && standing.is_some_and(|s| after(s, *step).is_some()))
        .map(|step| (step.name(), f.word("complaint-step-", step.name())));
    let page = One {
        photos: site.desk.read(|s| s.complaint_photos(&permit, id).map_err(Trouble::from))?,
        may_place: may_step && row.project.is_empty(),
        steps: steps.collect(),
        words: words(&f, &said),
        row,
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        f,
    };
    Ok(page.render()?)
}

/// GET `/aduan/{id}/foto/{photo}`
pub(crate) fn photo(site: &Site, caller: &Caller, id: i64, photo: i64) -> Outcome {
    let permit = caller.permit::<Read, Complaint>()?;
    let found = site.desk.read(|s| s.complaint_photo(&permit, (id, photo)).map_err(Trouble::from))?;
    let bytes = found.ok_or(Trouble::NotFound)?;
    let told =
        app::desk::event(caller.actor.id, "complaint_photo", &format!("complaint:{id}"), &caller.asking.reference);
    site.desk.write(|s| s.audit(told))?;
    Ok(Answer::File(format!("aduan-{id}-{photo}.jpg"), "image/jpeg", bytes))
}

/// The project a complaint is about.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Placed {
    proyek: String,
}

/// POST `/aduan/{id}/proyek`
pub(crate) fn place(site: &Site, caller: &Caller, id: i64, typed: &Placed) -> Outcome {
    let decide = caller.permit::<Decide, Complaint>()?;
    let reference = &caller.asking.reference;
    if complaints::place(&site.desk, &decide, (id, typed.proyek.trim()), reference)? {
        return Ok(Answer::Go(format!("/aduan/{id}")));
    }
    Ok(Answer::Unaccepted(shown(site, caller, id, "complaint-no-project")?))
}

/// What the office types.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Done {
    tindakan: String,
    isi: String,
}

/// POST `/aduan/{id}`
pub(crate) fn step(site: &Site, caller: &Caller, id: i64, typed: &Done) -> Outcome {
    let decide = caller.permit::<Decide, Complaint>()?;
    let read = caller.permit::<Read, Complaint>()?;
    let step = Step::parse(&typed.tindakan).ok_or(Trouble::Bad("web-trouble-form"))?;
    let reference = &caller.asking.reference;
    match complaints::step(&site.desk, (&read, &decide), id, (step, &typed.isi), reference)? {
        None => Err(Trouble::NotFound),
        Some(Ok(())) => Ok(Answer::Go(format!("/aduan/{id}"))),
        Some(Err(untaken)) => Ok(Answer::Unaccepted(shown(site, caller, id, sentence(untaken))?)),
    }
}
