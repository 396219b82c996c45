//! The award file: guides, evidence by criterion with what is missing, documents, and the pack.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use crate::typed::Fields;
use app::desk::award::figures::Figure;
use app::desk::award::guide::{Amiss, skeleton};
use app::desk::award::{self, AwardDocument, File, No, Pack, Piece};
use askama::Template;
use authz::{Action, Award, Change, Coverage, Permit, Read, Resource, may};
use serde::Deserialize;

/// What is typed to enter a guide.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    juknis: String,
}

struct GuideView {
    id: i64,
    name: String,
    by: String,
}

#[derive(Template)]
#[template(path = "awards.html")]
struct Page {
    f: Frame,
    guides: Vec<GuideView>,
    figures: Vec<(&'static str, String)>,
    text: String,
    may_change: bool,
    trouble: Vec<String>,
}

fn amiss(f: &Frame, all: &[Amiss]) -> Vec<String> {
    let sentence = |a: &Amiss| {
        let (name, said) = a.sentence();
        phrases::say_with(f.language, name, &said)
    };
    all.iter().map(sentence).collect()
}

fn trouble(f: &Frame, no: &No) -> Vec<String> {
    match no {
        No::Guide(all) => amiss(f, all),
        No::Unknown => vec![f.t("award-no-unknown")],
        No::Kind => vec![f.t("award-no-kind")],
        No::Large => vec![f.t("award-no-document")],
    }
}

fn made(site: &Site, caller: &Caller, typed: &Typed, no: Option<&No>) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Award>()?;
    let f = Frame::of(site, caller, "award-title", "/paritrana");
    let rows = site.desk.read(|s| s.award_guides(&permit, None).map_err(Trouble::from))?;
    let view = |g: &award::AwardGuide| {
        let said = [("who", g.by.clone()), ("when", f.moment(&g.at))];
        let name = award::guide::read(&g.body).map(|g| format!("{} {} · {}", g.award, g.year, g.category));
        GuideView {
            id: g.id,
            name: name.unwrap_or_else(|_| g.year.to_string()),
            by: phrases::say_with(f.language, "award-entered", &said),
        }
    };
    let page = Page {
        guides: rows.iter().map(view).collect(),
        figures: Figure::ALL.iter().map(|x| (x.name(), f.word("award-figure-", x.name()))).collect(),
        text: if typed.juknis.is_empty() { skeleton(app::clock::today().year().into()) } else { typed.juknis.clone() },
        may_change: may(&caller.actor, Action::Change, Resource::Award),
        trouble: no.map(|no| trouble(&f, no)).unwrap_or_default(),
        f,
    };
    Ok(page.render()?)
}

/// GET `/paritrana`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    Ok(Answer::Page(made(site, caller, &Typed::default(), None)?))
}

/// POST `/paritrana`: a guide is entered.
pub(crate) fn enter(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Change, Award>()?;
    match award::keep(&site.desk, &permit, (&typed.juknis, None), &caller.asking.reference)? {
        Ok(id) => Ok(Answer::Go(format!("/paritrana/{id}"))),
        Err(no) => Ok(Answer::Unaccepted(made(site, caller, typed, Some(&no))?)),
    }
}

struct FoundView {
    text: String,
    href: &'static str,
    as_of: String,
    sha256: String,
}

struct DocumentView {
    id: i64,
    name: String,
    size: String,
    at: String,
    sha256: String,
}

struct PieceView {
    code: String,
    title: String,
    is_figure: bool,
    is_missing: bool,
    found: Vec<FoundView>,
    documents: Vec<DocumentView>,
}

struct CriterionView {
    title: String,
    weight: String,
    pieces: Vec<PieceView>,
}

#[derive(Template)]
#[template(path = "award.html")]
struct One {
    f: Frame,
    id: i64,
    name: String,
    source: String,
    answered: String,
    share: usize,
    criteria: Vec<CriterionView>,
    gaps: Vec<(String, String, String)>,
    left_over: Vec<DocumentView>,
    text: String,
    may_change: bool,
    is_mending: bool,
    trouble: Vec<String>,
}

fn document(f: &Frame, d: &AwardDocument) -> DocumentView {
    DocumentView {
        id: d.id,
        name: d.name.clone(),
        size: f.t1("award-size", "kilobytes", &f.u(&d.bytes.unsigned_abs().div_ceil(1_000))),
        at: f.moment(&d.at),
        sha256: d.sha256.clone(),
    }
}

fn piece(f: &Frame, p: &Piece) -> PieceView {
    let found = |x: &award::figures::Found| FoundView {
        text: x.text.clone(),
        href: x.href,
        as_of: f.date(&x.as_of),
        sha256: x.sha256.clone(),
    };
    PieceView {
        code: p.asked.code.clone(),
        title: p.asked.title.clone(),
        is_figure: p.asked.figure.is_some(),
        is_missing: p.is_missing(),
        found: p.found.iter().map(found).collect(),
        documents: p.documents.iter().map(|d| document(f, d)).collect(),
    }
}

fn file(site: &Site, caller: &Caller, permit: &Permit<Read, Award>, id: i64) -> Result<File, Trouble> {
    let coverage = authz::permit::<Read, Coverage>(&caller.actor);
    award::file(&site.desk, (permit, coverage.as_ref()), id, caller.language())?.ok_or(Trouble::NotFound)
}

/// What was typed to mend a guide, where it was not taken.
fn one_page(site: &Site, caller: &Caller, id: i64, mended: Option<&str>, no: Option<&No>) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Award>()?;
    let file = file(site, caller, &permit, id)?;
    let f = Frame::of(site, caller, "award-title", "/paritrana");
    let weight = |w: Option<i64>| w.map(|w| f.t1("award-weight", "weight", &w.to_string())).unwrap_or_default();
    let [answered, all] = file.answered();
    let counts = [("answered", answered.to_string()), ("all", all.to_string())];
    let page = One {
        id,
        name: format!("{} {}", file.guide.award, file.guide.year),
        source: [file.guide.category.as_str(), file.guide.source.as_str()].join(" · "),
        answered: phrases::say_with(f.language, "award-answered", &counts),
        share: (answered * 100).checked_div(all).unwrap_or(0),
        criteria: file
            .standings
            .iter()
            .map(|s| CriterionView {
                title: s.criterion.title.clone(),
                weight: weight(s.criterion.weight),
                pieces: s.pieces.iter().map(|p| piece(&f, p)).collect(),
            })
            .collect(),
        gaps: file
            .gaps()
            .into_iter()
            .map(|(c, e)| (e.code.clone(), e.title.clone(), format!("{} {}", c.title, weight(c.weight))))
            .collect(),
        left_over: file.left_over.iter().map(|d| document(&f, d)).collect(),
        text: mended.map_or_else(|| file.row.body.clone(), str::to_owned),
        may_change: may(&caller.actor, Action::Change, Resource::Award),
        is_mending: mended.is_some(),
        trouble: no.map(|no| trouble(&f, no)).unwrap_or_default(),
        f,
    };
    Ok(page.render()?)
}

/// GET `/paritrana/{id}`
pub(crate) fn one(site: &Site, caller: &Caller, id: i64) -> Outcome {
    Ok(Answer::Page(one_page(site, caller, id, None, None)?))
}

/// POST `/paritrana/{id}`: a guide mended or taken back, a document taken away.
pub(crate) fn act(site: &Site, caller: &Caller, id: i64, typed: &Fields) -> Outcome {
    caller.permit::<Read, Award>()?;
    let permit = caller.permit::<Change, Award>()?;
    let request = &caller.asking.reference;
    match typed.first("tindakan") {
        "perbaiki" => {
            let text = typed.first("juknis");
            match award::keep(&site.desk, &permit, (text, Some(id)), request)? {
                Ok(id) => Ok(Answer::Go(format!("/paritrana/{id}"))),
                Err(no) => Ok(Answer::Unaccepted(one_page(site, caller, id, Some(text), Some(&no))?)),
            }
        }
        "tarik" => match award::take_back(&site.desk, &permit, id, request)? {
            Ok(()) => Ok(Answer::Go("/paritrana".to_owned())),
            Err(_) => Err(Trouble::NotFound),
        },
        "hapus" => {
            let document = typed.first("dokumen").parse().map_err(|_| Trouble::Bad("web-trouble-form"))?;
            match award::remove(&site.desk, &permit, (id, document), request)? {
                Ok(()) => Ok(Answer::Go(format!("/paritrana/{id}"))),
                Err(no) => Ok(Answer::Unaccepted(one_page(site, caller, id, None, Some(&no))?)),
            }
        }
        _ => Err(Trouble::Bad("web-trouble-form")),
    }
}

/// POST `/paritrana/{id}/unggah`, once the bytes are here: a document for a piece of evidence.
pub(crate) fn arrived(
    site: &Site,
    caller: &Caller,
    id: i64,
    evidence: &str,
    document: Option<(String, Vec<u8>)>,
) -> Outcome {
    let permits = (&caller.permit::<Read, Award>()?, &caller.permit::<Change, Award>()?);
    let (name, bytes) = document.ok_or(Trouble::Bad("award-no-document"))?;
    match award::add(&site.desk, permits, (id, evidence), (&name, &bytes), &caller.asking.reference)? {
        Ok(_) => Ok(Answer::Go(format!("/paritrana/{id}#{evidence}"))),
        Err(no) => Ok(Answer::Unaccepted(one_page(site, caller, id, None, Some(&no))?)),
    }
}

/// GET `/paritrana/{id}/dokumen/{document}`
pub(crate) fn bytes(site: &Site, caller: &Caller, document: i64) -> Outcome {
    let permit = caller.permit::<Read, Award>()?;
    let found = site.desk.read(|s| s.award_bytes(&permit, document).map_err(Trouble::from))?;
    let (name, kind, bytes) = found.ok_or(Trouble::NotFound)?;
    let kind = match kind.as_str() {
        "jpeg" => "image/jpeg",
        "png" => "image/png",
        _ => "application/pdf",
    };
    Ok(Answer::File(name, kind, bytes))
}

fn packed(site: &Site, caller: &Caller, id: i64, form: Pack) -> Result<(i64, Vec<u8>), Trouble> {
    let permit = caller.permit::<Read, Award>()?;
    let file = file(site, caller, &permit, id)?;
    Ok((file.guide.year, award::pack(&site.desk, &file, form, caller.language())?))
}

/// GET `/paritrana/{id}/berkas.pdf`
pub(crate) fn pdf(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let (year, bytes) = packed(site, caller, id, Pack::Pdf)?;
    Ok(Answer::File(format!("paritrana-{year}.pdf"), "application/pdf", bytes))
}

/// GET `/paritrana/{id}/berkas.xlsx`
pub(crate) fn xlsx(site: &Site, caller: &Caller, id: i64) -> Outcome {
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let (year, bytes) = packed(site, caller, id, Pack::Xlsx)?;
    Ok(Answer::File(format!("paritrana-{year}.xlsx"), XLSX, bytes))
}
