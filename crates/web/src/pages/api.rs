//! The same questions as JSON.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::pages::projects;
use crate::site::Site;
use app::desk::evidence::{Evidence, Overview};
use authz::{Figure, Project, PublicProject, Read};
use serde_json::json;
use store::{ProjectQuery, ProjectRow};

fn listed(p: &ProjectRow) -> serde_json::Value {
    json!({
        "code": p.code, "name": p.name, "agency": p.agency, "vendor": p.vendor, "role": p.role, "stage": p.stage,
        "state": p.state, "value": known(p.value), "contribution_due": known(p.due), "uncovered_days": p.uncovered,
        "uncovered_worker_days": p.worker_days, "registration_deadline": text(&p.deadline), "finding": text(&p.gravest),
    })
}

fn known(amount: i64) -> Option<i64> {
    (amount != 0).then_some(amount)
}

fn text(value: &str) -> Option<&str> {
    (!value.is_empty()).then_some(value)
}

/// `/api/v1/projects`
pub(crate) fn projects(site: &Site, caller: &Caller, asked: &projects::Asked) -> Outcome {
    let permit = caller.permit::<Read, Project>()?;
    let query = asked.query(projects::ROWS);
    let page = site.desk.read(|s| s.project_page(&permit, &query).map_err(Trouble::from))?;
    let next = page.next.map(|(key, id)| format!("{id}~{key}"));
    Ok(Answer::Json(json!({ "projects": page.rows.iter().map(listed).collect::<Vec<_>>(), "next": next })))
}

/// `/api/v1/projects/{code}`
pub(crate) fn project(site: &Site, caller: &Caller, code: &str) -> Outcome {
    let permit = caller.permit::<Read, Project>()?;
    let p = site.desk.read(|s| s.project(&permit, code).map_err(Trouble::from))?.ok_or(Trouble::NotFound)?;
    let evidence: Evidence = serde_json::from_str(&p.body).map_err(|e| app::Fault(e.to_string()))?;
    let mut body = listed(&p);
    body["evidence"] = serde_json::to_value(evidence).map_err(|e| app::Fault(e.to_string()))?;
    Ok(Answer::Json(body))
}

/// `/api/v1/public/projects/{code}`
pub(crate) fn public(site: &Site, caller: &Caller, code: &str) -> Outcome {
    let permit = caller.permit::<Read, PublicProject>()?;
    let found = site.desk.read(|s| s.public_project(&permit, code).map_err(Trouble::from))?;
    let p = found.ok_or(Trouble::NotFound)?;
    Ok(Answer::Json(json!({
        "code": p.code, "name": p.name, "agency": p.agency, "vendor": p.vendor, "state": p.state,
        "registration_deadline": text(&p.deadline),
    })))
}

/// `/api/v1/public/projects`
pub(crate) fn public_search(site: &Site, caller: &Caller, asked: &projects::Asked) -> Outcome {
    let permit = caller.permit::<Read, PublicProject>()?;
    let query = ProjectQuery { text: asked.q.clone(), sort: store::Sort::Name, limit: 25, ..ProjectQuery::default() };
    let page = site.desk.read(|s| s.public_page(&permit, &query).map_err(Trouble::from))?;
    let one = |p: &ProjectRow| json!({ "code": p.code, "name": p.name, "agency": p.agency, "state": p.state });
    Ok(Answer::Json(json!({ "projects": page.rows.iter().map(one).collect::<Vec<_>>() })))
}

/// `/api/v1/figures`
pub(crate) fn figures(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Read, Figure>()?;
    let o: Overview = crate::pages::overview(site)?.unwrap_or_default();
    Ok(Answer::Json(serde_json::to_value(o).map_err(|e| app::Fault(e.to_string()))?))
}
