//! The same questions as JSON, for programs: with a session or with a key (`Authorization: Bearer payung_…`).

// The macro that describes a question writes paths of its own.
#![allow(unused_qualifications)]

mod aman;
mod award;
mod check;
mod coverage;
mod dci;
mod document;
mod gates;
mod meeting;
mod office;
mod open;
mod outreach;
mod shapes;
mod surge;
mod training;
mod worklist;

pub(crate) use aman::{donations, entries, vulnerable};
pub(crate) use award::awards;
pub(crate) use check::asked as check;
pub(crate) use coverage::coverage;
pub(crate) use dci::{enrolled, search, sync_search};
pub use document::document;
pub(crate) use gates::{day, gates, slips};
pub(crate) use meeting::meetings;
pub(crate) use office::{bundle, complaint, complaint_list, erasures, mail, pairs, phones};
pub(crate) use open::{catalogue, oc4ids, ocds};
pub(crate) use outreach::outreach;
pub(crate) use surge::surge;
pub(crate) use training::training;
pub(crate) use worklist::worklist;

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::pages::{STATES, overview, projects};
use crate::site::Site;
use app::desk::evidence::Evidence;
use app::desk::{accidents, roster};
use authz::{Accident, Action, Figure, Finding, Law, Person, Project, PublicProject, Read, Resource, may};
use law::contribution::{Base, Case};
use serde::{Deserialize, Serialize};
use shapes::{
    AccidentItem, AccidentList, Contribution, Figures, FindingItem, FindingList, PersonList, PersonTimeline, Problem,
    ProjectItem, ProjectList, ProjectWhole, PublicItem, PublicList, Reply,
};
use store::{FindingQuery, ProjectQuery, Sort};
use utoipa::{IntoParams, ToSchema};

/// Findings of a page.
const FINDINGS: usize = 100;

/// How a finding may stand, as it is asked for.
const STANDINGS: [&str; 5] = [store::OPEN, "waiting", "waiver", "false_alarm", "all"];

/// What a list of projects may begin with, as it is asked for.
const SORTS: [&str; 3] = ["uncovered", "value", "name"];

/// Longest text of a search.
const TEXT_CHARS_MAX: usize = 200;

/// A parameter that makes no sense is told so: a program that misspells one must not get everything.
const BAD_PARAMETER: Trouble = Trouble::Bad("api-bad-parameter");

fn json(body: impl Serialize) -> Outcome {
    Ok(Answer::Json(serde_json::to_value(body).map_err(|e| app::Fault(e.to_string()))?))
}

/// One of the words a parameter knows.
fn one_of(value: Option<String>, words: &[&str]) -> Result<Option<String>, Trouble> {
    match value {
        Some(word) if !words.contains(&word.as_str()) => Err(BAD_PARAMETER),
        other => Ok(other),
    }
}

fn short(text: Option<String>) -> Result<String, Trouble> {
    let text = text.unwrap_or_default();
    if text.chars().count() > TEXT_CHARS_MAX { Err(BAD_PARAMETER) } else { Ok(text) }
}

/// What is asked of the list of projects.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProjectsAsked {
    /// Words of the name, the agency, the contractor or a number; each may be a beginning.
    #[param(max_length = 200)]
    q: Option<String>,
    /// State of protection today.
    #[param(schema_with = document::states)]
    state: Option<String>,
    /// Agency, spelled as in the lists.
    #[param(max_length = 200)]
    agency: Option<String>,
    /// Rule of a finding.
    #[param(schema_with = document::rules)]
    finding: Option<String>,
    /// What comes first; `uncovered` where nothing is said.
    #[param(schema_with = document::sorts)]
    sort: Option<String>,
    /// `next` of the page before.
    #[param(pattern = "^[0-9]{1,18}~")]
    after: Option<String>,
}

/// Projects the caller may see, 50 a page, the most uncovered days first.
#[utoipa::path(
    get, path = "/api/v1/projects", tag = "projects", params(ProjectsAsked), security(("key" = [])),
    responses(
        (status = 200, body = ProjectList), (status = 400, body = Problem, description = "A parameter makes no sense"),
        (status = 401, body = Problem, description = "No key, or one that does not hold"),
        (status = 403, body = Problem, description = "The key may not read projects"),
    )
)]
pub(crate) fn projects(site: &Site, caller: &Caller, asked: Option<ProjectsAsked>) -> Outcome {
    let permit = caller.permit::<Read, Project>()?;
    let asked = asked.ok_or(BAD_PARAMETER)?;
    let after = match asked.after.as_deref() {
        None => None,
        Some(place) => Some(projects::after(place).ok_or(BAD_PARAMETER)?),
    };
    let query = ProjectQuery {
        text: short(asked.q)?,
        state: one_of(asked.state, &STATES)?,
        agency: Some(short(asked.agency)?).filter(|a| !a.is_empty()),
        finding: one_of(asked.finding, &app::finding_codes())?,
        sort: match one_of(asked.sort, &SORTS)?.as_deref() {
            Some("value") => Sort::Value,
            Some("name") => Sort::Name,
            _ => Sort::Uncovered,
        },
        after,
        limit: projects::ROWS,
        ..ProjectQuery::default()
    };
    let page = site.desk.read(|s| s.project_page(&permit, &query).map_err(Trouble::from))?;
    let next = page.next.map(|(key, id)| format!("{id}~{key}"));
    json(ProjectList { projects: page.rows.iter().map(ProjectItem::of).collect(), next })
}

/// A project with the evidence of every figure, down to file, sheet and row.
#[utoipa::path(
    get, path = "/api/v1/projects/{code}", tag = "projects", security(("key" = [])),
    params(("code" = String, Path, description = "Code, such as nontender:10050261000")),
    responses(
        (status = 200, body = ProjectWhole), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 400, body = Problem), (status = 404, body = Problem, description = "Not there, or not the caller's"),
    )
)]
pub(crate) fn project(site: &Site, caller: &Caller, code: &str) -> Outcome {
    let permit = caller.permit::<Read, Project>()?;
    let p = site.desk.read(|s| s.project(&permit, code).map_err(Trouble::from))?.ok_or(Trouble::NotFound)?;
    let evidence: Evidence = serde_json::from_str(&p.body).map_err(|e| app::Fault(e.to_string()))?;
    json(ProjectWhole::of(&p, evidence))
}

/// What is asked of the list of findings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FindingsAsked {
    /// Rule.
    #[param(schema_with = document::rules)]
    rule: Option<String>,
    /// Agency, spelled as in the lists.
    #[param(max_length = 200)]
    agency: Option<String>,
    /// Code of a project.
    #[param(max_length = 200)]
    project: Option<String>,
    /// How it stands; `open` where nothing is said.
    #[param(schema_with = document::standings)]
    standing: Option<String>,
    /// `next` of the page before.
    #[param(minimum = 0)]
    after: Option<i64>,
}

/// Findings the caller may see, 100 a page.
#[utoipa::path(
    get, path = "/api/v1/findings", tag = "findings", params(FindingsAsked), security(("key" = [])),
    responses(
        (status = 200, body = FindingList), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem),
    )
)]
pub(crate) fn findings(site: &Site, caller: &Caller, asked: Option<FindingsAsked>) -> Outcome {
    let permit = caller.permit::<Read, Finding>()?;
    let asked = asked.ok_or(BAD_PARAMETER)?;
    let standing = one_of(asked.standing, &STANDINGS)?.unwrap_or_else(|| store::OPEN.to_owned());
    let query = FindingQuery {
        code: one_of(asked.rule, &app::finding_codes())?,
        agency: Some(short(asked.agency)?).filter(|a| !a.is_empty()),
        project: Some(short(asked.project)?).filter(|p| !p.is_empty()),
        standing: Some(standing).filter(|s| s != "all"),
        after: asked.after.unwrap_or(0),
        limit: FINDINGS,
    };
    if query.after < 0 {
        return Err(BAD_PARAMETER);
    }
    let rows = site.desk.read(|s| s.finding_page(&permit, &query).map_err(Trouble::from))?;
    let next = rows.last().filter(|_| rows.len() == FINDINGS).map(|r| r.id);
    json(FindingList { findings: rows.into_iter().map(FindingItem::from).collect(), next })
}

/// The city's figures.
#[utoipa::path(
    get, path = "/api/v1/figures", tag = "figures", security(("key" = [])),
    responses((status = 200, body = Figures), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(crate) fn figures(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Read, Figure>()?;
    json(Figures::from(overview(site)?.unwrap_or_default()))
}

/// What everybody may ask of projects.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PublicAsked {
    /// Words of the name, the agency, the contractor or a number; each may be a beginning.
    #[param(max_length = 200)]
    q: Option<String>,
}

/// Projects as everybody may see them, by name.
#[utoipa::path(
    get, path = "/api/v1/public/projects", tag = "public", params(PublicAsked),
    responses((status = 200, body = PublicList), (status = 400, body = Problem))
)]
pub(crate) fn public_search(site: &Site, caller: &Caller, asked: Option<PublicAsked>) -> Outcome {
    let permit = caller.permit::<Read, PublicProject>()?;
    let text = short(asked.ok_or(BAD_PARAMETER)?.q)?;
    let query = ProjectQuery { text, sort: Sort::Name, limit: 25, ..ProjectQuery::default() };
    let page = site.desk.read(|s| s.public_page(&permit, &query).map_err(Trouble::from))?;
    json(PublicList { projects: page.rows.iter().map(PublicItem::listed).collect() })
}

/// A project as everybody may see it: no evidence, no persons.
#[utoipa::path(
    get, path = "/api/v1/public/projects/{code}", tag = "public",
    params(("code" = String, Path, description = "Code, such as nontender:10050261000")),
    responses((status = 200, body = PublicItem), (status = 400, body = Problem), (status = 404, body = Problem))
)]
pub(crate) fn public(site: &Site, caller: &Caller, code: &str) -> Outcome {
    let permit = caller.permit::<Read, PublicProject>()?;
    let found = site.desk.read(|s| s.public_project(&permit, code).map_err(Trouble::from))?;
    json(PublicItem::whole(&found.ok_or(Trouble::NotFound)?))
}

/// What the calculator is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ContributionAsked {
    /// Contract value, whole rupiah.
    #[param(minimum = 1, maximum = 1000000000000000i64, example = 180000000)]
    value: i64,
    /// Day of the order (SPK), ISO.
    #[param(format = "date", example = "2025-03-03")]
    order_date: String,
    /// Is value added tax (PPN) in the value? Default: yes.
    vat_included: Option<bool>,
}

/// What a contract costs, step by step with its articles.
#[utoipa::path(
    get, path = "/api/v1/public/contribution", tag = "public", params(ContributionAsked),
    responses(
        (status = 200, body = Contribution), (status = 400, body = Problem),
        (status = 422, body = Problem, description = "The law in store does not answer for this value or day"),
    )
)]
pub(crate) fn contribution(site: &Site, caller: &Caller, asked: Option<ContributionAsked>) -> Outcome {
    caller.permit::<Read, Law>()?;
    let asked = asked.ok_or(BAD_PARAMETER)?;
    let date = asked.order_date.parse().map_err(|_| BAD_PARAMETER)?;
    let amount = kernel::Rupiah(asked.value).into();
    if asked.value < 1 {
        return Err(BAD_PARAMETER);
    }
    let base = if asked.vat_included.unwrap_or(true) { Base::Gross(amount) } else { Base::Net(amount) };
    let answer = app::legal::contribution(&Case::new(base, date), &site.desk.law, caller.language())?;
    json(Contribution::of(&answer.json))
}

/// The day asked about.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeopleAsked {
    /// ISO; today where nothing is said.
    #[param(format = "date", example = "2026-11-20")]
    day: Option<String>,
}

/// Everybody on a project's lists, there or not on a day, covered or not, and why. Numbers are masked; the look stands in the audit trail.
#[utoipa::path(
    get, path = "/api/v1/projects/{code}/people", tag = "people", security(("key" = [])),
    params(PeopleAsked, ("code" = String, Path, description = "Code, such as nontender:10050261000")),
    responses(
        (status = 200, body = PersonList), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem, description = "Not there, or not the caller's"),
    )
)]
pub(crate) fn people(site: &Site, caller: &Caller, code: &str, asked: Option<PeopleAsked>) -> Outcome {
    let permit = caller.permit::<Read, Person>()?;
    let today = app::clock::today();
    let day = match asked.ok_or(BAD_PARAMETER)?.day {
        Some(day) => day.parse().ok().filter(|d: &kernel::Date| *d <= today).ok_or(BAD_PARAMETER)?,
        None => today,
    };
    let crew = roster::crew_of(&site.desk, &permit, code, day, None)?.ok_or(Trouble::NotFound)?;
    roster::note_look(&site.desk, &permit, &crew, &caller.asking.reference)?;
    json(PersonList::of(&crew, may(&caller.actor, Action::Change, Resource::Person)))
}

/// One person over projects and other cover: covered, uncovered, gaps, paid for twice. The look stands in the audit trail; no name, no number.
#[utoipa::path(
    get, path = "/api/v1/people/{person}", tag = "people", security(("key" = [])),
    params(("person" = String, Path, description = "The digest of a list of people")),
    responses(
        (status = 200, body = PersonTimeline), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem, description = "Not there, or not the caller's"),
    )
)]
pub(crate) fn person(site: &Site, caller: &Caller, person: &str) -> Outcome {
    let permit = caller.permit::<Read, Person>()?;
    let found = roster::timeline_of(&site.desk, &permit, person)?.ok_or(Trouble::NotFound)?;
    let told = app::desk::event(permit.actor(), "person_read", &format!("person:{person}"), &caller.asking.reference);
    site.desk.write(|s| s.audit(told))?;
    json(PersonTimeline::of(person, &found))
}

/// Accidents listed.
const ACCIDENTS: usize = 300;

/// Accidents the caller may see: until when to report, where each stands. Nobody is named.
#[utoipa::path(
    get, path = "/api/v1/accidents", tag = "people", security(("key" = [])),
    responses((status = 200, body = AccidentList), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(crate) fn accident_list(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Accident>()?;
    let files = site.desk.read(|s| s.accident_list(&permit, None, ACCIDENTS).map_err(Trouble::from))?;
    let item = |(row, steps): store::AccidentFile| {
        let told: accidents::Told = serde_json::from_str(&row.body).unwrap_or_default();
        AccidentItem {
            id: row.id,
            report_by: accidents::stage_one_due(&site.desk, &row.happened)
                .map(|d| d.strftime("%Y-%m-%dT%H:%M").to_string()),
            standing: accidents::facts(&steps).standing().to_owned(),
            cause: told.harm.map(|h| h.name().to_owned()),
            project: row.project,
            happened: row.happened,
            kind: row.kind,
        }
    };
    json(AccidentList { accidents: files.into_iter().map(item).collect() })
}

/// Where a gateway hands text messages over.
pub(crate) const MESSAGES: &str = "/api/v1/messages";

/// A text message somebody wrote.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Message {
    /// What was written. The telephone number is not asked for.
    #[schema(max_length = 2000, example = "CEK 10900065000 ABCD-EFGH")]
    text: String,
}

/// Answers a text message of a worker: covered today or not. For the city's gateway, by its own key.
#[utoipa::path(
    post, path = "/api/v1/messages", tag = "messages", request_body = Message, security(("key" = [])),
    responses(
        (status = 200, body = Reply), (status = 400, body = Problem), (status = 401, body = Problem, description = "Not the gateway"),
        (status = 415, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem),
    )
)]
pub(crate) fn message(site: &Site, caller: &Caller, message: Option<Message>) -> Outcome {
    let permit = caller.permit::<Read, PublicProject>()?;
    if !caller.asking.key.as_deref().is_some_and(|key| site.desk.is_gateway(key)) {
        return Err(Trouble::SignInFirst);
    }
    let message = message.filter(|m| m.text.chars().count() <= MESSAGE_CHARS_MAX).ok_or(BAD_PARAMETER)?;
    json(Reply { reply: app::desk::messages::answer(&site.desk, &permit, &message.text)? })
}

/// Longest message taken; a gateway joins the parts of a long one.
const MESSAGE_CHARS_MAX: usize = 2_000;

/// This document.
pub(crate) fn described(_site: &Site, _caller: &Caller) -> Outcome {
    json(document())
}
