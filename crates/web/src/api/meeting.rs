//! Monitoring meetings and their promises.

use super::{Problem, json};
use crate::answer::{Outcome, Trouble};
use crate::caller::Caller;
use crate::site::Site;
use app::desk::meeting;
use authz::{Meeting, Read};
use serde::Serialize;
use utoipa::ToSchema;

/// Meetings told at most.
const LISTED: usize = 1_000;

/// A meeting.
#[derive(Serialize, ToSchema)]
struct MeetingHeld {
    id: i64,
    day: String,
    place: String,
    /// Minutes were made.
    closed: bool,
    promises: i64,
    kept: i64,
}

/// A promise.
#[derive(Serialize, ToSchema)]
struct PromiseMade {
    id: i64,
    meeting: i64,
    owner: String,
    what: String,
    due: String,
    /// What closes it: `said`, `registered`, `covered` or `finding`.
    cure: String,
    project: String,
    finding: String,
    kept_on: Option<String>,
    /// Somebody said so; otherwise the data showed it.
    kept_by_word: bool,
    /// `kept`, `late`, `open` or `overdue`.
    standing: &'static str,
}

/// Monitoring meetings, and every promise as it stands today.
#[derive(Serialize, ToSchema)]
pub(crate) struct Meetings {
    meetings: Vec<MeetingHeld>,
    promises: Vec<PromiseMade>,
}

/// Monitoring meetings and the promises made there.
#[utoipa::path(
    get, path = "/api/v1/meetings", tag = "figures", security(("key" = [])),
    responses((status = 200, body = Meetings), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(crate) fn meetings(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Meeting>()?;
    let (rows, promises) = site
        .desk
        .read(|s| Ok::<_, Trouble>((s.meeting_list(&permit, None, LISTED)?, s.promise_list(&permit, None)?)))?;
    let today = app::clock::today().to_string();
    json(Meetings {
        meetings: rows
            .into_iter()
            .map(|m| MeetingHeld {
                id: m.id,
                day: m.day,
                place: m.place,
                closed: m.closed_at.is_some(),
                promises: m.promises[0],
                kept: m.promises[1],
            })
            .collect(),
        promises: promises
            .into_iter()
            .map(|p| PromiseMade {
                standing: meeting::standing(&p, &today).name(),
                id: p.id,
                meeting: p.meeting,
                owner: p.owner,
                what: p.what,
                due: p.due,
                cure: p.cure,
                project: p.project,
                finding: p.finding,
                kept_on: p.kept_on,
                kept_by_word: p.kept_by_word,
            })
            .collect(),
    })
}
