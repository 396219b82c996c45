//! Enrolment checks in the messages of the Digital Convergence Initiative (registry interface 1.0.0, integrated beneficiary registry): the short question
//! `sync/enrolled`, the general `sync/search`, and `search` whose answer is sent to the asker's `on-search`.

use super::{BAD_PARAMETER, Problem, json};
use crate::answer::{Outcome, Trouble};
use crate::caller::Caller;
use crate::site::Site;
use crate::typed::{Keyed, keyed};
use app::desk::dci::{self, Enrolled, NoAnswer, PROGRAMME};
use authz::{Permit, Person, Read};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Questions in one message at most.
const QUESTIONS_MAX: usize = 100;

/// Longest text of a field.
const CHARS_MAX: usize = 99;

/// Who says what to whom. Fields this registry does not use are taken and left alone, as the standard asks.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Header {
    #[schema(max_length = 99)]
    message_id: String,
    #[schema(max_length = 99)]
    #[serde(default)]
    sender_id: String,
    /// Where an asynchronous answer goes: the asker's registry address over TLS, without `/registry/on-search`.
    #[serde(default)]
    sender_uri: Option<String>,
    #[serde(default)]
    is_msg_encrypted: bool,
}

/// `sync/enrolled`, as it is asked.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct EnrolledAsked {
    #[serde(deserialize_with = "keyed")]
    header: Header,
    #[serde(deserialize_with = "keyed")]
    message: EnrolledMessage,
}

#[derive(Debug, Deserialize, ToSchema)]
struct EnrolledMessage {
    #[schema(max_length = 99)]
    transaction_id: String,
    #[serde(deserialize_with = "keyed")]
    enrolled_criteria: EnrolledCriteria,
}

#[derive(Debug, Deserialize, ToSchema)]
struct EnrolledCriteria {
    #[serde(deserialize_with = "keyed")]
    query: EnrolledQuery,
}

/// The person by NIK, the programme `JAKON` or `JAKON:` and the code of a project.
#[derive(Debug, Deserialize, ToSchema)]
struct EnrolledQuery {
    #[serde(deserialize_with = "keyed")]
    person_identifier: Equal,
    #[serde(rename = "programme_identifier.program.programme_identifier", alias = "programme_identifier", default)]
    #[schema(value_type = Option<Equal>)]
    programme: Option<Keyed<Equal>>,
}

#[derive(Debug, Deserialize, ToSchema)]
struct Equal {
    #[schema(max_length = 99)]
    eq: String,
}

/// The header of an answer.
#[derive(Debug, Serialize, ToSchema)]
struct Answered {
    version: &'static str,
    message_id: String,
    message_ts: String,
    action: &'static str,
    /// `succ`, or `rjct` where nothing was answered.
    status: &'static str,
    total_count: usize,
    completed_count: usize,
    sender_id: &'static str,
    receiver_id: String,
    is_msg_encrypted: bool,
}

fn header(header: &Header, action: &'static str, (all, done): (usize, usize)) -> Answered {
    Answered {
        version: "1.0.0",
        message_id: header.message_id.clone(),
        message_ts: app::clock::now(),
        action,
        status: if done > 0 { "succ" } else { "rjct" },
        total_count: all,
        completed_count: done,
        sender_id: "payung",
        receiver_id: header.sender_id.clone(),
        is_msg_encrypted: false,
    }
}

/// One answer.
#[derive(Debug, Serialize, ToSchema)]
struct EnrolledAnswer {
    reference_id: String,
    timestamp: String,
    /// `succ`; `pdng` where the lists do not tell; `rjct` where the question makes no sense here.
    status: &'static str,
    status_reason_message: Option<&'static str>,
    /// `yes` or `no`; `no` says that this registry knows no cover today.
    enrolled_status: &'static str,
}

/// `sync/enrolled`, as it is answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EnrolledTold {
    header: Answered,
    message: EnrolledToldMessage,
}

#[derive(Debug, Serialize, ToSchema)]
struct EnrolledToldMessage {
    transaction_id: String,
    correlation_id: String,
    enrolled_response: Vec<EnrolledAnswer>,
}

fn answer(found: Result<Enrolled, NoAnswer>, reference: &str) -> EnrolledAnswer {
    let (status, enrolled_status, why) = match found {
        Ok(Enrolled::Yes) => ("succ", "yes", None),
        Ok(Enrolled::No) => ("succ", "no", None),
        Ok(Enrolled::Unknown) => ("pdng", "no", Some("on a list; the lists do not tell whether covered")),
        Err(NoAnswer::Number) => ("rjct", "no", Some("the identifier is no NIK")),
        Err(NoAnswer::Programme) => ("rjct", "no", Some("this registry keeps JAKON only")),
    };
    EnrolledAnswer {
        reference_id: reference.to_owned(),
        timestamp: app::clock::now(),
        status,
        status_reason_message: why,
        enrolled_status,
    }
}

fn fits(texts: &[&str]) -> bool {
    texts.iter().all(|t| t.chars().count() <= CHARS_MAX)
}

/// Is this person enrolled? Answered at once. The look stands in the audit trail; the number is kept nowhere.
#[utoipa::path(
    post, path = "/api/v1/dci/registry/sync/enrolled", tag = "dci", request_body = EnrolledAsked, security(("key" = [])),
    responses(
        (status = 200, body = EnrolledTold), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
        (status = 422, body = Problem),
    )
)]
pub(crate) fn enrolled(site: &Site, caller: &Caller, asked: Option<EnrolledAsked>) -> Outcome {
    let permit = caller.permit::<Read, Person>()?;
    let asked = asked.filter(|a| !a.header.is_msg_encrypted).ok_or(BAD_PARAMETER)?;
    let query = &asked.message.enrolled_criteria.query;
    let programme = query.programme.as_ref().map_or(PROGRAMME, |Keyed(p)| p.eq.as_str());
    let texts =
        [&asked.header.message_id, &asked.header.sender_id, &asked.message.transaction_id, &query.person_identifier.eq];
    if !fits(&texts.map(String::as_str)) || !fits(&[programme]) {
        return Err(BAD_PARAMETER);
    }
    let about = (query.person_identifier.eq.as_str(), programme, asked.header.sender_id.as_str());
    let found = dci::enrolled(&site.desk, &permit, about, &caller.asking.reference)?;
    let told = answer(found, "1");
    json(EnrolledTold {
        header: header(&asked.header, "enrolled", (1, usize::from(told.status != "rjct"))),
        message: EnrolledToldMessage {
            transaction_id: asked.message.transaction_id,
            correlation_id: caller.asking.reference.clone(),
            enrolled_response: vec![told],
        },
    })
}

/// `search`, as it is asked.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct SearchAsked {
    #[serde(deserialize_with = "keyed")]
    header: Header,
    #[serde(deserialize_with = "keyed")]
    message: SearchMessage,
}

#[derive(Debug, Deserialize, ToSchema)]
struct SearchMessage {
    #[schema(max_length = 99)]
    transaction_id: String,
    /// At most 100.
    #[schema(value_type = Vec<SearchItem>, max_items = 100)]
    search_request: Vec<Keyed<SearchItem>>,
}

#[derive(Debug, Deserialize, ToSchema)]
struct SearchItem {
    #[schema(max_length = 99)]
    reference_id: String,
    #[serde(deserialize_with = "keyed")]
    search_criteria: SearchCriteria,
}

#[derive(Debug, Deserialize, ToSchema)]
struct SearchCriteria {
    /// `idtype-value`.
    query_type: String,
    #[serde(deserialize_with = "keyed")]
    query: IdValue,
}

/// An identifier: type `NIK`.
#[derive(Debug, Deserialize, ToSchema)]
struct IdValue {
    #[serde(rename = "type")]
    kind: String,
    #[schema(max_length = 99)]
    value: String,
}

/// What is found of one person: the programme and how it stands. No name, no number.
#[derive(Debug, Serialize, ToSchema)]
struct Record {
    #[serde(rename = "@type")]
    kind: &'static str,
    programme_identifier: &'static str,
    /// `Active` or `NotEnrolled`.
    enrolment_status: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
struct Records {
    version: &'static str,
    reg_records: Vec<Record>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SearchAnswer {
    reference_id: String,
    timestamp: String,
    status: &'static str,
    status_reason_message: Option<&'static str>,
    data: Records,
}

/// `search`, as it is answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchTold {
    header: Answered,
    message: SearchToldMessage,
}

#[derive(Debug, Serialize, ToSchema)]
struct SearchToldMessage {
    transaction_id: String,
    correlation_id: String,
    search_response: Vec<SearchAnswer>,
}

fn searched(
    site: &Site,
    caller: &Caller,
    permit: &Permit<Read, Person>,
    asked: &SearchAsked,
    action: &'static str,
) -> Result<SearchTold, Trouble> {
    let items = &asked.message.search_request;
    let texts = [&asked.header.message_id, &asked.header.sender_id, &asked.message.transaction_id];
    let long = items.iter().any(|Keyed(i)| !fits(&[&i.reference_id, &i.search_criteria.query.value]));
    if items.is_empty() || items.len() > QUESTIONS_MAX || long || !fits(&texts.map(String::as_str)) {
        return Err(BAD_PARAMETER);
    }
    let mut told = Vec::with_capacity(items.len());
    for Keyed(item) in items {
        let criteria = &item.search_criteria;
        let is_nik = criteria.query_type == "idtype-value" && criteria.query.kind == "NIK";
        let found = if is_nik {
            let about = (criteria.query.value.as_str(), PROGRAMME, asked.header.sender_id.as_str());
            dci::enrolled(&site.desk, permit, about, &caller.asking.reference)?
        } else {
            Err(NoAnswer::Number)
        };
        let one = answer(found, &item.reference_id);
        let record = Record {
            kind: "Programme",
            programme_identifier: PROGRAMME,
            enrolment_status: if one.enrolled_status == "yes" { "Active" } else { "NotEnrolled" },
        };
        told.push(SearchAnswer {
            reference_id: one.reference_id,
            timestamp: one.timestamp,
            status: one.status,
            status_reason_message: one.status_reason_message,
            data: Records {
                version: "1.0.0",
                reg_records: if one.status == "succ" { vec![record] } else { Vec::new() },
            },
        });
    }
    let done = told.iter().filter(|t| t.status != "rjct").count();
    Ok(SearchTold {
        header: header(&asked.header, action, (told.len(), done)),
        message: SearchToldMessage {
            transaction_id: asked.message.transaction_id.clone(),
            correlation_id: caller.asking.reference.clone(),
            search_response: told,
        },
    })
}

/// Enrolment of up to 100 persons by NIK, answered at once. Each look stands in the audit trail.
#[utoipa::path(
    post, path = "/api/v1/dci/registry/sync/search", tag = "dci", request_body = SearchAsked, security(("key" = [])),
    responses(
        (status = 200, body = SearchTold), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
        (status = 422, body = Problem),
    )
)]
pub(crate) fn sync_search(site: &Site, caller: &Caller, asked: Option<SearchAsked>) -> Outcome {
    let permit = caller.permit::<Read, Person>()?;
    let asked = asked.filter(|a| !a.header.is_msg_encrypted).ok_or(BAD_PARAMETER)?;
    json(searched(site, caller, &permit, &asked, "search")?)
}

/// A message was taken, or not.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Acknowledged {
    message: Ack,
}

#[derive(Debug, Serialize, ToSchema)]
struct Ack {
    /// `ACK`.
    ack_status: &'static str,
    timestamp: String,
    correlation_id: String,
}

/// The same, answered later: the answer goes to `sender_uri` and `/registry/on-search`, again while nobody takes it. Addresses in a private net are refused.
#[utoipa::path(
    post, path = "/api/v1/dci/registry/search", tag = "dci", request_body = SearchAsked, security(("key" = [])),
    responses(
        (status = 200, body = Acknowledged), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
        (status = 422, body = Problem),
    )
)]
pub(crate) fn search(site: &Site, caller: &Caller, asked: Option<SearchAsked>) -> Outcome {
    let permit = caller.permit::<Read, Person>()?;
    let asked = asked.filter(|a| !a.header.is_msg_encrypted).ok_or(BAD_PARAMETER)?;
    let uri = asked.header.sender_uri.as_deref().unwrap_or_default().trim_end_matches('/').to_owned();
    // Looked at before anybody is looked up: a question that cannot be answered asks nothing.
    if !app::desk::callback::is_target(&site.desk, &uri) {
        return Err(Trouble::Bad("api-bad-callback"));
    }
    let told = searched(site, caller, &permit, &asked, "on-search")?;
    let body = serde_json::to_string(&told).map_err(|e| app::Fault(e.to_string()))?;
    app::desk::callback::ask(&site.desk, caller.actor.id, &format!("{uri}/registry/on-search"), &body)?;
    json(Acknowledged {
        message: Ack {
            ack_status: "ACK",
            timestamp: app::clock::now(),
            correlation_id: caller.asking.reference.clone(),
        },
    })
}
