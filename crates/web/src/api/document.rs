//! The description of the JSON interface, as programs read it. Its printed form is `docs/openapi.json`.

use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Payung",
        version = "1",
        description = "Reads the protection ledger. What a key may see is what its owner may see, and no more than was chosen when it was made. Nothing is changed through it. A gateway of text messages has a key of its own, in the city's settings.",
    ),
    paths(
        super::projects, super::project, super::findings, super::figures, super::public_search, super::public,
        super::contribution, super::message, super::people,
        super::accident_list, super::person, super::gates::gates, super::gates::day, super::gates::slips, super::open::oc4ids, super::open::ocds, super::open::catalogue,
        super::dci::enrolled, super::dci::sync_search, super::dci::search, super::check::asked,
        super::office::complaint_list, super::office::complaint, super::office::mail, super::office::phones,
        super::office::pairs, super::office::bundle, super::office::erasures,
        super::aman::vulnerable, super::aman::donations, super::aman::entries, super::training::training, super::outreach::outreach, super::coverage::coverage, super::meeting::meetings, super::worklist::worklist, super::surge::surge, super::award::awards,
    ),
    modifiers(&Key),
)]
struct Document;

struct Key;

impl Modify for Key {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let key = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A key made on the page of one's own account, payung_…"))
            .build();
        document.components.get_or_insert_default().add_security_scheme("key", SecurityScheme::Http(key));
    }
}

fn words(words: &[&str]) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.iter().copied())).build().into()
}

pub(super) fn states() -> Schema {
    words(&crate::pages::STATES)
}

pub(super) fn rules() -> Schema {
    words(&app::finding_codes())
}

pub(super) fn sorts() -> Schema {
    words(&super::SORTS)
}

pub(super) fn moments() -> Schema {
    let names: Vec<&str> = app::desk::gate::Moment::ALL.iter().map(|m| m.name()).collect();
    words(&names)
}

pub(super) fn standings() -> Schema {
    words(&super::STANDINGS)
}

/// The OpenAPI document.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

#[cfg(test)]
mod tests {
    use crate::ROUTES;

    #[test]
    fn the_committed_document_is_the_one_that_is_served() {
        let reviewed = include_str!("../../../../docs/openapi.json");
        let made = super::document().to_pretty_json().unwrap();
        assert!(
            reviewed.trim_end() == made,
            "review the change, then: cargo run -p web --example openapi > docs/openapi.json"
        );
    }

    #[test]
    fn every_question_is_described() {
        let document = super::document();
        let described: Vec<&str> = document.paths.paths.keys().map(String::as_str).collect();
        let asked = ROUTES.iter().map(|(_, path, _)| *path).filter(|p| p.starts_with("/api/"));
        let mut asked: Vec<&str> = asked.filter(|p| *p != "/api/v1/openapi.json").collect();
        asked.sort_unstable();
        assert_eq!(described, asked);
    }
}
