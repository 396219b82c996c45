//! The gates of a project as JSON: what a treasury system asks before it pays.

use super::{BAD_PARAMETER, Problem, json};
use crate::answer::{Outcome, Trouble};
use crate::caller::Caller;
use crate::site::Site;
use app::desk::gate::{self, Before, Judged, Moment, Said};
use authz::{Gate, Read};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What is said beside what is known.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GatesAsked {
    /// One step; every step where nothing is said.
    #[param(schema_with = super::document::moments)]
    at: Option<String>,
    /// Amount of the step, whole rupiah.
    #[param(minimum = 0, maximum = 1_000_000_000_000_000i64)]
    amount: Option<i64>,
    /// The line of the contribution in the bid or contract, whole rupiah.
    #[param(minimum = 0, maximum = 1_000_000_000_000_000i64)]
    line: Option<i64>,
}

/// Largest amount that is taken, rupiah: a thousand trillion.
const RUPIAH_MAX: i64 = 1_000_000_000_000_000;

/// Why, for one requirement.
#[derive(Debug, Serialize, ToSchema)]
struct GateReason {
    /// What is asked, such as `registered`.
    requirement: &'static str,
    /// What it does where it is not met: `advice`, `condition` or `hold`.
    level: &'static str,
    /// `met`, `unmet` or `unknown`.
    standing: &'static str,
    /// The fact that is missing.
    missing: Option<String>,
    instrument: String,
    article: String,
    /// How sure we are of the rule.
    confidence: String,
}

/// A step and its verdict.
#[derive(Debug, Serialize, ToSchema)]
struct GateVerdict {
    /// The step, such as `start-order`.
    moment: &'static str,
    /// `pass`, `condition`, `hold` or `unknown`.
    verdict: &'static str,
    reasons: Vec<GateReason>,
}

impl From<&Judged> for GateVerdict {
    fn from(j: &Judged) -> Self {
        let reason = |r: &gate::Reason| GateReason {
            requirement: r.rule.requirement.name(),
            level: r.rule.level.name(),
            standing: r.standing.name(),
            missing: Some(r.missing.clone()).filter(|m| !m.is_empty()),
            instrument: r.rule.instrument.clone(),
            article: r.rule.article.clone(),
            confidence: r.rule.confidence.clone(),
        };
        Self { moment: j.moment.name(), verdict: j.verdict.name(), reasons: j.reasons.iter().map(reason).collect() }
    }
}

/// A project before its gates, today.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Gates {
    project: String,
    /// ISO.
    day: String,
    /// Contribution due on the contract, whole rupiah, where it is known.
    due: Option<i64>,
    /// Contribution received up to the day.
    paid: i64,
    /// Contribution not yet received: what may be withheld. Null where it is not known.
    unpaid: Option<i64>,
    verdicts: Vec<GateVerdict>,
}

impl Gates {
    fn of(before: Before, wanted: Option<Moment>) -> Self {
        let judged = || before.judged.iter().filter(|j| wanted.is_none_or(|w| w == j.moment));
        Self {
            due: before.facts.due,
            paid: before.facts.paid,
            unpaid: judged().next().and_then(|j| j.unpaid),
            verdicts: judged().map(GateVerdict::from).collect(),
            project: before.facts.project,
            day: before.facts.day,
        }
    }
}

/// Each step of a project before its gate today, with reasons and articles. Asked, not given: nothing is kept.
#[utoipa::path(
    get, path = "/api/v1/projects/{code}/gates", tag = "gates", security(("key" = [])),
    params(GatesAsked, ("code" = String, Path, description = "Code, such as nontender:10050261000")),
    responses(
        (status = 200, body = Gates), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem, description = "Not there, or not the caller's"),
    )
)]
pub(crate) fn gates(site: &Site, caller: &Caller, code: &str, asked: Option<GatesAsked>) -> Outcome {
    let permit = caller.permit::<Read, Gate>()?;
    let asked = asked.ok_or(BAD_PARAMETER)?;
    if [asked.amount, asked.line].into_iter().flatten().any(|v| !(0..=RUPIAH_MAX).contains(&v)) {
        return Err(BAD_PARAMETER);
    }
    let wanted = match asked.at {
        Some(name) => Some(Moment::parse(&name).ok_or(BAD_PARAMETER)?),
        None => None,
    };
    let said = Said { asked: asked.amount, line: asked.line };
    let before = gate::before(&site.desk, &permit, code, said)?.ok_or(Trouble::NotFound)?;
    json(Gates::of(before, wanted))
}
