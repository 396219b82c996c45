//! The worker's own check as JSON: for a poster's programme, a telephone service, an app of somebody else.

use super::{BAD_PARAMETER, Problem, json};
use crate::answer::{Outcome, Trouble};
use crate::caller::Caller;
use crate::site::Site;
use app::desk::roster::{Proof, Told, check};
use authz::{PublicProject, Read};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The code of a slip.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeShown {
    #[schema(max_length = 40, example = "ABCD-EFGH")]
    code: String,
    /// As in the other.
    #[schema(max_length = 12)]
    work: Option<String>,
}

/// Card number, NIK and date of birth together. Asked in a body and in no address; never kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CardShown {
    /// KPJ.
    #[schema(max_length = 40)]
    card: String,
    #[schema(max_length = 40)]
    nik: String,
    #[schema(format = "date")]
    birth: String,
    /// Found by trying: `SHA-256("payung|DAY|PROJECT|CODE|CARD|NIK|BIRTH|WORK")` begins with 18 zero bits; letters and digits only, capital, empty
    /// where not asked with. Without it a question is answered as long as there are few of them in the city that day.
    #[schema(max_length = 12)]
    work: Option<String>,
}

/// What somebody shows to be that worker.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum CheckAsked {
    /// The code of the slip.
    Code(CodeShown),
    /// The card.
    Card(CardShown),
}

/// Longest text taken.
const CHARS_MAX: usize = 40;

/// Longest work taken.
const WORK_CHARS_MAX: usize = 12;

/// The whole answer. A wrong proof, an unknown worker and too many questions sound alike.
#[derive(Serialize, ToSchema)]
struct CheckTold {
    /// ISO.
    day: String,
    /// `covered`, `not_covered`, `unclear` (on the list; whether covered cannot be told) or `nothing`.
    answer: &'static str,
}

/// "Am I covered on this project today?"
#[utoipa::path(
    post, path = "/api/v1/public/projects/{code}/check", tag = "public", request_body = CheckAsked,
    params(("code" = String, Path, description = "Code, such as nontender:10050261000")),
    responses(
        (status = 200, body = CheckTold), (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
    )
)]
pub(crate) fn asked(site: &Site, caller: &Caller, project: &str, asked: Option<CheckAsked>) -> Outcome {
    let permit = caller.permit::<Read, PublicProject>()?;
    let asked = asked.ok_or(BAD_PARAMETER)?;
    let short = |texts: &[&str]| texts.iter().all(|t| t.chars().count() <= CHARS_MAX);
    let (proof, work) = match asked {
        CheckAsked::Code(CodeShown { code, work }) if short(&[&code]) => (Proof::Code(code), work),
        CheckAsked::Card(CardShown { card, nik, birth, work }) if short(&[&card, &nik, &birth]) => {
            (Proof::Card { card, nik, birth: Some(birth.parse().map_err(|_| BAD_PARAMETER)?) }, work)
        }
        _ => return Err(BAD_PARAMETER),
    };
    let work = work.unwrap_or_default();
    if work.chars().count() > WORK_CHARS_MAX {
        return Err(BAD_PARAMETER);
    }
    let told = check(&site.desk, &permit, project, (&proof, &work))?;
    let answer = match told.ok_or(Trouble::NotFound)? {
        Told::Yes => "covered",
        Told::No => "not_covered",
        Told::Unclear => "unclear",
        Told::Nothing => "nothing",
    };
    json(CheckTold { day: app::clock::today().to_string(), answer })
}
