//! The award file.

use super::{Problem, json};
use crate::answer::{Outcome, Trouble};
use crate::caller::Caller;
use crate::site::Site;
use app::desk::award;
use authz::{Award, Coverage, Read};
use serde::Serialize;
use utoipa::ToSchema;

/// What the ledger answers.
#[derive(Serialize, ToSchema)]
struct AwardFigure {
    text: String,
    /// Page it opens to.
    opens: &'static str,
    as_of: String,
    sha256: String,
}

/// A document.
#[derive(Serialize, ToSchema)]
struct AwardPaper {
    id: i64,
    name: String,
    bytes: i64,
    sha256: String,
}

/// A piece of evidence that is asked.
#[derive(Serialize, ToSchema)]
struct AwardPiece {
    criterion: String,
    /// Weight of the criterion; none where the guide has none.
    weight: Option<i64>,
    code: String,
    title: String,
    missing: bool,
    figures: Vec<AwardFigure>,
    documents: Vec<AwardPaper>,
}

/// A guide with what answers it.
#[derive(Serialize, ToSchema)]
struct AwardFile {
    id: i64,
    award: String,
    year: i64,
    source: String,
    evidence: Vec<AwardPiece>,
}

/// Guides that stand.
#[derive(Serialize, ToSchema)]
pub(crate) struct Awards {
    guides: Vec<AwardFile>,
}

/// Award guides as they were entered, with the evidence that answers them.
#[utoipa::path(
    get, path = "/api/v1/awards", tag = "figures", security(("key" = [])),
    responses((status = 200, body = Awards), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(crate) fn awards(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Award>()?;
    let coverage = authz::permit::<Read, Coverage>(&caller.actor);
    let rows = site.desk.read(|s| s.award_guides(&permit, None).map_err(Trouble::from))?;
    let mut guides = Vec::new();
    for row in rows {
        let Some(file) = award::file(&site.desk, (&permit, coverage.as_ref()), row.id, caller.language())? else {
            continue;
        };
        let mut evidence = Vec::new();
        for s in file.standings {
            evidence.extend(s.pieces.into_iter().map(|p| {
                AwardPiece {
                    criterion: s.criterion.title.clone(),
                    weight: s.criterion.weight,
                    missing: p.is_missing(),
                    figures: p
                        .found
                        .into_iter()
                        .map(|f| AwardFigure { text: f.text, opens: f.href, as_of: f.as_of, sha256: f.sha256 })
                        .collect(),
                    documents: p
                        .documents
                        .into_iter()
                        .map(|d| AwardPaper { id: d.id, name: d.name, bytes: d.bytes, sha256: d.sha256 })
                        .collect(),
                    code: p.asked.code,
                    title: p.asked.title,
                }
            }));
        }
        let g = file.guide;
        guides.push(AwardFile { id: row.id, award: g.award, year: g.year, source: g.source, evidence });
    }
    json(Awards { guides })
}
