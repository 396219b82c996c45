//! The weeks to come at the counters.

use super::{Problem, json};
use crate::answer::{Outcome, Trouble};
use crate::caller::Caller;
use crate::site::Site;
use app::desk::surge;
use authz::{Coverage, Read};
use serde::Serialize;
use utoipa::ToSchema;

/// A week to come. Expected counts are tenths: the count, and the ends of its interval of 90 of 100.
#[derive(Serialize, ToSchema)]
struct SurgeWeek {
    monday: String,
    /// None where no list says who is registered.
    registrations_tenths: Option<[u64; 3]>,
    payments_tenths: [u64; 3],
    /// Of these, of projects without cover today.
    uncovered_tenths: u64,
    /// Known today: last days to register, and last days of works.
    deadlines: u64,
    ends: u64,
    /// Minutes of staff, with the ends of the interval.
    minutes: [u64; 3],
}

/// Something cheaper to do before the heaviest week.
#[derive(Serialize, ToSchema)]
struct SurgeAction {
    /// `exposed`, `registering`, `window` or `pairs`.
    action: &'static str,
    count: u64,
    minutes: u64,
    /// Payment requests put in order before they come, tenths.
    spares_tenths: Option<u64>,
    begin_by: Option<String>,
}

/// The weeks to come.
#[derive(Serialize, ToSchema)]
pub(crate) struct SurgeOutlook {
    as_of: String,
    weeks: Vec<SurgeWeek>,
    /// Minutes of a usual week of the last ones.
    usual_minutes: u64,
    /// Monday of the heaviest week; none where nothing is expected.
    peak: Option<String>,
    actions: Vec<SurgeAction>,
    /// Contracts without a last day of works: they are not in the forecast.
    without_end: u64,
}

/// Registrations, payment requests and minutes of staff, week by week to the year's end.
#[utoipa::path(
    get, path = "/api/v1/surge", tag = "figures", security(("key" = [])),
    responses((status = 200, body = SurgeOutlook), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
pub(crate) fn surge(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Read, Coverage>()?;
    let o = surge::outlook(&site.desk)?.ok_or(Trouble::NotFound)?;
    json(SurgeOutlook {
        peak: o.peak.map(|i| o.loads[i].week.monday.clone()),
        weeks: o
            .loads
            .iter()
            .map(|l| SurgeWeek {
                monday: l.week.monday.clone(),
                registrations_tenths: l.week.registrations,
                payments_tenths: l.week.payments,
                uncovered_tenths: l.week.uncovered,
                deadlines: l.week.known[0],
                ends: l.week.known[1],
                minutes: l.minutes,
            })
            .collect(),
        actions: o
            .actions
            .iter()
            .map(|a| SurgeAction {
                action: a.early.name(),
                count: a.count,
                minutes: a.minutes,
                spares_tenths: a.spares,
                begin_by: a.begin.map(|d| d.to_string()),
            })
            .collect(),
        as_of: o.as_of,
        usual_minutes: o.usual,
        without_end: o.surge.without_end,
    })
}
