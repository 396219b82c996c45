//! The gates of a project as JSON: what a treasury system asks before it pays.

use super::{BAD_PARAMETER, Problem, json};
use crate::answer::{Outcome, Trouble};
use crate::caller::Caller;
use crate::site::Site;
use crate::typed::Keyed;
use app::desk::gate::{self, Before, Judged, Meant, Moment, Said};
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
    /// What would change the verdict, what holds first.
    next: Vec<GateNext>,
    /// Where no contribution was received: what one death at work would cost whoever has to pay it, at least, whole rupiah.
    exposure: Option<i64>,
}

/// A step that would change a verdict.
#[derive(Debug, Serialize, ToSchema)]
struct GateNext {
    /// The requirement to be met, such as `registered`, or the fact to be told, such as `payment_list`.
    what: &'static str,
    /// `contractor`, `procurement`, `insurer` or `asker`.
    who: &'static str,
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
        Self {
            moment: j.moment.name(),
            verdict: j.verdict.name(),
            reasons: j.reasons.iter().map(reason).collect(),
            next: j.next().iter().map(|n| GateNext { what: n.what, who: n.who.name() }).collect(),
            exposure: j.exposure,
        }
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
    let wanted = step(asked.at.as_deref())?;
    let said = said(asked.amount, asked.line)?;
    let before = gate::before(&site.desk, &permit, code, said)?.ok_or(Trouble::NotFound)?;
    json(Gates::of(before, wanted))
}

fn step(name: Option<&str>) -> Result<Option<Moment>, Trouble> {
    name.map(|name| Moment::parse(name).ok_or(BAD_PARAMETER)).transpose()
}

fn said(asked: Option<i64>, line: Option<i64>) -> Result<Said<'static>, Trouble> {
    if [asked, line].into_iter().flatten().any(|v| !(0..=RUPIAH_MAX).contains(&v)) {
        return Err(BAD_PARAMETER);
    }
    Ok(Said { asked, line, payment: None })
}

/// Payments of a day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DayAsked {
    /// At most 1,000.
    #[schema(value_type = Vec<PaymentAsked>, max_items = 1000)]
    payments: Vec<Keyed<PaymentAsked>>,
}

/// A payment that is about to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaymentAsked {
    /// A payment order (SP2D), contract, package or plan, or Payung's own code of a project. Blanks, strokes and case do not matter.
    #[schema(max_length = 200, example = "03/SPK/DPUPR/2026")]
    number: String,
    /// The step, such as `instalment`.
    #[schema(schema_with = super::document::moments)]
    at: String,
    /// Amount of the payment, whole rupiah. Where `number` is a payment order the treasury's list names, its amount there, if nothing is said.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_000i64)]
    amount: Option<i64>,
    /// The line of the contribution in the bid or contract, whole rupiah.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_000i64)]
    line: Option<i64>,
}

/// What is answered for one payment.
#[derive(Debug, Serialize, ToSchema)]
struct PaymentAnswer {
    /// As it was asked.
    number: String,
    /// `one`, `none` or `several` projects within the caller's reach.
    found: &'static str,
    /// Projects it means, by code.
    projects: Vec<String>,
    /// `pass`, `condition`, `hold` or `unknown`. Unknown where the number does not mean one project.
    verdict: &'static str,
    /// Where it means one.
    gates: Option<Gates>,
}

/// Answers in the order of the questions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayAnswer {
    /// ISO.
    day: String,
    answers: Vec<PaymentAnswer>,
}

/// Payments of a day at most.
const PAYMENTS_MAX: usize = 1_000;

/// A day's payments before their gates, in one question. Asked, not given: nothing is kept.
#[utoipa::path(
    post, path = "/api/v1/gates", tag = "gates", security(("key" = [])), request_body = DayAsked,
    responses(
        (status = 200, body = DayAnswer), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
        (status = 422, body = Problem),
    )
)]
pub(crate) fn day(site: &Site, caller: &Caller, asked: Option<DayAsked>) -> Outcome {
    let permit = caller.permit::<Read, Gate>()?;
    let asked = asked.filter(|a| a.payments.len() <= PAYMENTS_MAX).ok_or(BAD_PARAMETER)?;
    let mut questions = Vec::with_capacity(asked.payments.len());
    let mut steps = Vec::with_capacity(asked.payments.len());
    for Keyed(p) in &asked.payments {
        if p.number.trim().is_empty() || p.number.chars().count() > super::TEXT_CHARS_MAX {
            return Err(BAD_PARAMETER);
        }
        steps.push(Moment::parse(&p.at).ok_or(BAD_PARAMETER)?);
        questions.push((p.number.as_str(), said(p.amount, p.line)?));
    }
    let meant = gate::before_numbers(&site.desk, &permit, &questions)?;
    let answer = |((meant, Keyed(p)), moment): ((Meant, &Keyed<PaymentAsked>), Moment)| {
        let mut answer = PaymentAnswer {
            number: p.number.clone(),
            found: "none",
            projects: Vec::new(),
            verdict: "unknown",
            gates: None,
        };
        match meant {
            Meant::Nothing => {}
            Meant::Several(codes) => (answer.found, answer.projects) = ("several", codes),
            Meant::One(before) => {
                (answer.found, answer.projects) = ("one", vec![before.facts.project.clone()]);
                let judged = before.judged.iter().find(|j| j.moment == moment);
                answer.verdict = judged.map_or("unknown", |j| j.verdict.name());
                answer.gates = Some(Gates::of(*before, Some(moment)));
            }
        }
        answer
    };
    let answers = meant.into_iter().zip(&asked.payments).zip(steps).map(answer).collect();
    json(DayAnswer { day: app::clock::today().to_string(), answers })
}

/// What it takes to verify slips of this city without this desk.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Slips {
    /// The city, as its slips name it.
    city: String,
    /// Public keys, the oldest first.
    keys: Vec<SlipKey>,
    /// Slips withdrawn as of today: `PAYUNGW1.payload.signature`, base64url.
    withdrawals: String,
}

/// A public key.
#[derive(Debug, Serialize, ToSchema)]
struct SlipKey {
    id: String,
    /// Ed25519, base64url without padding.
    public: String,
    /// ISO.
    from: String,
    until: Option<String>,
    /// Somebody else may have it.
    lost: bool,
}

/// Public keys and withdrawn slips.
#[utoipa::path(
    get, path = "/api/v1/public/slips", tag = "public",
    responses((status = 200, body = Slips), (status = 404, body = Problem, description = "No slip was ever given"))
)]
pub(crate) fn slips(site: &Site, caller: &Caller) -> Outcome {
    let known = crate::pages::slip::known(site, caller)?.ok_or(Trouble::NotFound)?;
    let key = |k: verify::Key| SlipKey { id: k.id, public: k.public, from: k.from, until: k.until, lost: k.lost };
    json(Slips { city: known.city, keys: known.keys.into_iter().map(key).collect(), withdrawals: known.withdrawals })
}
