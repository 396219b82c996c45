//! From the side of a project: which registrations are its own. Several are added or let go in one step, and the step
//! is taken back with one press.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::matches::split;
use crate::site::Site;
use app::desk::decide::{Decision, Verdict, decide};
use app::desk::evidence::{Doubt, Evidence, Registered};
use askama::Template;
use authz::{Decide, Match, Project, Read};
use serde::Deserialize;
use std::collections::BTreeSet;
use store::{MatchRow, ProjectRow};

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    batal: Option<i64>,
}

struct Line {
    number: String,
    /// Words of the name, and whether the project has them too.
    name: Vec<(String, bool)>,
    line: String,
    chosen: bool,
}

struct Group {
    title: &'static str,
    rows: Vec<Line>,
}

#[derive(Template)]
#[template(path = "match_project.html")]
struct Page {
    f: Frame,
    p: ProjectRow,
    here: String,
    undo: Option<i64>,
    words: String,
    reason: String,
    trouble: String,
    groups: [Group; 3],
    nothing: bool,
}

/// Registrations of each kind shown at most; a search finds the others.
const SHOWN_MAX: usize = 40;

/// Registrations decided on in one step at most.
const CHOSEN_MAX: usize = 100;

/// GET `/proyek/{code}/pendaftaran`
pub(crate) fn page(site: &Site, caller: &Caller, code: &str, asked: &Asked) -> Outcome {
    caller.permit::<Decide, Match>()?;
    let p = project(site, caller, code)?;
    Ok(Answer::Page(shown(site, caller, p, asked, &Typed::default(), None)?))
}

fn project(site: &Site, caller: &Caller, code: &str) -> Result<ProjectRow, Trouble> {
    let permit = caller.permit::<Read, Project>()?;
    site.desk.read(|s| s.project(&permit, code).map_err(Trouble::from))?.ok_or(Trouble::NotFound)
}

fn evidence(p: &ProjectRow) -> Result<Evidence, Trouble> {
    serde_json::from_str(&p.body).map_err(|e| Trouble::Fault(app::Fault(e.to_string())))
}

/// The registration of each row.
fn registrations(rows: &[MatchRow]) -> Result<Vec<Registered>, Trouble> {
    let read = |row: &MatchRow| serde_json::from_str::<Doubt>(&row.body).map(|doubt| doubt.registration);
    rows.iter().map(|row| read(row).map_err(|e| Trouble::Fault(app::Fault(e.to_string())))).collect()
}

fn shown(
    site: &Site,
    caller: &Caller,
    p: ProjectRow,
    asked: &Asked,
    typed: &Typed,
    trouble: Option<&str>,
) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Match>()?;
    let words = asked.q.trim();
    let (waiting, found) =
        site.desk.read(|s| s.matches_for(&permit, &p.code, words, SHOWN_MAX).map_err(Trouble::from))?;
    let f = Frame::of(site, caller, "web-match-project", "/pasangan");
    let own: BTreeSet<String> = split(&p.name).map(str::to_lowercase).collect();
    let line = |r: Registered| Line {
        name: split(&r.name).map(|w| (w.to_owned(), own.contains(&w.to_lowercase()))).collect(),
        line: [r.firm, r.order_number, f.rp_of(&r.value), f.date(&r.registered)]
            .into_iter()
            .filter(|part| !part.is_empty() && part != "–")
            .collect::<Vec<_>>()
            .join(" · "),
        chosen: typed.numbers.contains(&r.number),
        number: r.number,
    };
    let group = |title, rows: Vec<Registered>| Group { title, rows: rows.into_iter().map(line).collect() };
    let groups = [
        group("web-match-project-now", evidence(&p)?.registrations),
        group("web-match-project-may", registrations(&waiting)?),
        group("web-match-project-found", registrations(&found)?),
    ];
    let page = Page {
        here: format!("/proyek/{}/pendaftaran", p.code),
        undo: asked.batal,
        words: words.to_owned(),
        reason: typed.reason.clone(),
        trouble: trouble.map_or_else(String::new, |name| f.t(name)),
        nothing: groups.iter().all(|g| g.rows.is_empty()),
        groups,
        p,
        f,
    };
    Ok(page.render()?)
}

/// What was typed.
#[derive(Debug, Default)]
struct Typed {
    numbers: BTreeSet<String>,
    verdict: Option<Verdict>,
    reason: String,
    words: String,
}

impl Typed {
    fn of(fields: &[(String, String)]) -> Self {
        let mut out = Self::default();
        for (name, value) in fields {
            match (name.as_str(), value.as_str()) {
                ("nomor", number) => {
                    out.numbers.insert(number.to_owned());
                }
                ("putusan", "sama") => out.verdict = Some(Verdict::Same),
                ("putusan", "beda") => out.verdict = Some(Verdict::Different),
                ("alasan", reason) => out.reason = reason.trim().to_owned(),
                ("q", words) => out.words = words.to_owned(),
                _ => {}
            }
        }
        out
    }
}

/// POST `/proyek/{code}/pendaftaran`
pub(crate) fn store(site: &Site, caller: &Caller, code: &str, fields: &[(String, String)]) -> Outcome {
    let permit = caller.permit::<Decide, Match>()?;
    let p = project(site, caller, code)?;
    let typed = Typed::of(fields);
    let verdict = typed.verdict.ok_or(Trouble::Bad("web-trouble-form"))?;
    if typed.numbers.is_empty() || typed.numbers.len() > CHOSEN_MAX {
        let asked = Asked { q: typed.words.clone(), batal: None };
        return Ok(Answer::Unaccepted(shown(site, caller, p, &asked, &typed, Some("web-match-project-choose"))?));
    }
    // Only what the page may have shown: own registrations, and those in doubt or without a project.
    let own: BTreeSet<String> = evidence(&p)?.registrations.into_iter().map(|r| r.number).collect();
    for number in typed.numbers.iter().filter(|n| !own.contains(*n)) {
        if !site.desk.read(|s| s.is_open_match(&permit, number).map_err(Trouble::from))? {
            return Err(Trouble::Bad("web-match-gone"));
        }
    }
    let decision = Decision {
        pairs: typed.numbers.iter().map(|number| (number.as_str(), code)).collect(),
        verdict,
        by: caller.name(),
        reason: &typed.reason,
    };
    let file = decide(&site.desk, &permit, &decision, &caller.asking.reference)?;
    Ok(Answer::Go(format!("/proyek/{code}/pendaftaran?batal={file}")))
}
