//! What the insurer's registration form asks about a project, filled from what is known, with the contribution computed: one press from the
//! project to the paper.

use super::project::contribution_of;
use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::evidence::Evidence;
use askama::Template;
use authz::{Project, Read};
use store::ProjectRow;

#[derive(Template)]
#[template(path = "register_form.html")]
struct Page {
    f: Frame,
    code: String,
    rows: Vec<(String, String)>,
    steps: Vec<String>,
    late: bool,
    registered: Vec<String>,
}

/// GET `/proyek/{code}/formulir`
pub(crate) fn page(site: &Site, caller: &Caller, code: &str) -> Outcome {
    let permit = caller.permit::<Read, Project>()?;
    let p = site.desk.read(|s| s.project(&permit, code).map_err(Trouble::from))?.ok_or(Trouble::NotFound)?;
    let e: Evidence = serde_json::from_str(&p.body).map_err(|error| app::Fault(error.to_string()))?;
    let f = Frame::of(site, caller, "form-title", "/proyek");
    let answer = contribution_of(site, caller, &e);
    let rows = rows(&f, &p, &e, answer.as_ref().map(|a| &a.json));
    let today = app::clock::today().to_string();
    let page = Page {
        late: !p.deadline.is_empty() && p.deadline < today && e.registrations.is_empty(),
        registered: e.registrations.iter().map(|r| r.number.clone()).collect(),
        steps: answer.map_or_else(Vec::new, |a| a.lines),
        code: p.code.clone(),
        rows,
        f,
    };
    Ok(Answer::Page(page.render()?))
}

/// Lines of the form; what nobody here knows stays a line to write on.
fn rows(f: &Frame, p: &ProjectRow, e: &Evidence, sum: Option<&serde_json::Value>) -> Vec<(String, String)> {
    let said = |name: &str| f.t(name);
    let day = |s: &Option<app::desk::evidence::Sourced>| s.as_ref().map_or_else(String::new, |s| f.date(&s.value));
    let period = match (&e.start, &e.end) {
        (None, None) => String::new(),
        (start, end) => format!("{} – {}", day(start), day(end)),
    };
    let rupiah = |name: &str| sum.and_then(|json| json[name].as_i64()).map_or_else(String::new, |v| f.rp(&v));
    // The base is exact: value less tax rarely comes to whole rupiah.
    let base = sum.and_then(|json| json["base"].as_str()?.parse().ok());
    let base = base.map_or_else(String::new, |b| format!("Rp{}", app::words::amount_text(b, f.language)));
    let total = sum.and_then(|json| Some(json["jkk"].as_i64()? + json["jkm"].as_i64()?));
    let instalments = sum.and_then(|json| json["instalments"].as_array());
    let instalments: Vec<String> =
        instalments.into_iter().flatten().filter_map(serde_json::Value::as_i64).map(|v| f.rp(&v)).collect();
    let value = e.value.as_ref().and_then(|v| v.value.parse::<i64>().ok());
    // The form asks for the day as it was due, and an empty one is written by hand.
    let due = if p.deadline.is_empty() { String::new() } else { f.date(&p.deadline) };
    vec![
        (said("form-project"), p.name.clone()),
        (said("form-place"), e.place.clone()),
        (said("form-owner"), p.agency.clone()),
        (said("form-firm"), p.vendor.clone()),
        (said("form-npwp"), p.npwp.clone()),
        (said("form-npp"), String::new()),
        (said("form-order-number"), e.contract_number.clone()),
        (said("form-order-date"), day(&e.order)),
        (said("form-period"), period),
        (said("form-maintenance"), String::new()),
        (said("form-value"), value.map_or_else(String::new, |v| f.rp(&v))),
        (said("form-base"), base),
        (said("form-heads"), e.heads.map_or_else(String::new, |n| f.u(&u64::from(n)))),
        (said("form-jkk"), rupiah("jkk")),
        (said("form-jkm"), rupiah("jkm")),
        (said("form-total"), total.map_or_else(String::new, |v| f.rp(&v))),
        (said("form-instalments"), instalments.join(", ")),
        (said("form-due"), due),
    ]
}
