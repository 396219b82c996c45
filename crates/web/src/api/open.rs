//! Open data as programs ask for it: packages of the open standards, a page at a time, and the catalogue.

use super::{BAD_PARAMETER, Problem};
use crate::answer::{Answer, Outcome};
use crate::caller::Caller;
use crate::site::Site;
use app::open_data::{self, Standard};
use authz::{Export, PublicProject};
use serde::Deserialize;
use utoipa::IntoParams;

/// Where a page begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OpenAsked {
    /// Code of the last project of the page before; `links.next` says the address.
    #[param(max_length = 200)]
    after: Option<String>,
}

fn page(site: &Site, caller: &Caller, standard: Standard, asked: Option<OpenAsked>) -> Outcome {
    let permit = caller.permit::<Export, PublicProject>()?;
    let after = super::short(asked.ok_or(BAD_PARAMETER)?.after)?;
    Ok(Answer::Json(open_data::page(&site.desk, &permit, standard, &after)?))
}

/// Projects as an OC4IDS 0.9 package with the extension `socialInsurance`, 1,000 a page. No person is in it.
#[utoipa::path(
    get, path = "/api/v1/public/oc4ids", tag = "public", params(OpenAsked),
    responses((status = 200, description = "OC4IDS 0.9 project package"), (status = 400, body = Problem))
)]
pub(crate) fn oc4ids(site: &Site, caller: &Caller, asked: Option<OpenAsked>) -> Outcome {
    page(site, caller, Standard::Oc4ids, asked)
}

/// Projects as an OCDS 1.1 release package, 1,000 a page. No person is in it.
#[utoipa::path(
    get, path = "/api/v1/public/ocds", tag = "public", params(OpenAsked),
    responses((status = 200, description = "OCDS 1.1 release package"), (status = 400, body = Problem))
)]
pub(crate) fn ocds(site: &Site, caller: &Caller, asked: Option<OpenAsked>) -> Outcome {
    page(site, caller, Standard::Ocds, asked)
}

/// What open data there is, as a DCAT catalogue (JSON-LD).
#[utoipa::path(
    get, path = "/api/v1/public/catalogue", tag = "public",
    responses((status = 200, description = "DCAT 3 catalogue"))
)]
pub(crate) fn catalogue(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Export, PublicProject>()?;
    Ok(Answer::Json(open_data::catalogue(&site.desk)))
}
