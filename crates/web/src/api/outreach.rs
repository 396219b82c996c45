//! The outreach car: stops, tours with what was expected and what came.

use super::{Problem, json};
use crate::answer::{Outcome, Trouble};
use crate::caller::Caller;
use crate::site::Site;
use app::desk::outreach;
use authz::{Outreach, Read};
use serde::Serialize;
use utoipa::ToSchema;

/// Tours told at most.
const TOURS: usize = 1_000;

/// A place worth a visit.
#[derive(Serialize, ToSchema)]
struct CarStop {
    id: i64,
    /// `project`, `group` or `other`.
    kind: String,
    /// What it was proposed from; empty for what somebody typed.
    source: String,
    name: String,
    /// Latitude and longitude, millionths of a degree.
    point: [i64; 2],
    people: i64,
    minutes: i64,
    /// Minutes of the day from which and until which a visit may begin.
    open: [i64; 2],
    /// `visited` or `planned` where it needs no visit now; empty where it does.
    taken: String,
}

/// A tour of a day.
#[derive(Serialize, ToSchema)]
struct CarTour {
    id: i64,
    day: String,
    /// A newer plan of the same day stands.
    replaced: bool,
    /// People expected, in hundredths, and the same in an order drawn by lot.
    expected_hundredths: i64,
    by_lot_hundredths: i64,
    /// Visits told of, and all.
    told: i64,
    visits: i64,
    /// People enrolled so far, in how many minutes.
    enrolled: i64,
    minutes: i64,
}

/// The outreach car.
#[derive(Serialize, ToSchema)]
pub(crate) struct OutreachFigures {
    /// Share of people a visit enrols, as it is known now, parts per million.
    visit_yield_ppm: i64,
    stops: Vec<CarStop>,
    tours: Vec<CarTour>,
}

/// Stops of the outreach car, and its tours with what was expected and what came.
#[utoipa::path(
    get, path = "/api/v1/outreach", tag = "aman", security(("key" = [])),
    responses((status = 200, body = OutreachFigures), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(crate) fn outreach(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Outreach>()?;
    let (stops, tours) =
        site.desk.read(|s| Ok::<_, Trouble>((s.stop_list(&permit)?, s.tour_list(&permit, None, TOURS)?)))?;
    let taken = outreach::taken(&site.desk, &permit)?;
    let newest = outreach::newest(&tours);
    json(OutreachFigures {
        visit_yield_ppm: outreach::visit_yield(&site.desk, &permit)?,
        tours: tours
            .iter()
            .map(|t| CarTour {
                id: t.id,
                replaced: newest.get(t.day.as_str()) != Some(&t.id),
                day: t.day.clone(),
                expected_hundredths: t.expected,
                by_lot_hundredths: t.by_lot,
                told: t.told.0,
                visits: t.told.1,
                enrolled: t.came.0,
                minutes: t.came.1,
            })
            .collect(),
        stops: stops
            .into_iter()
            .map(|s| CarStop {
                taken: taken.get(&s.id).cloned().unwrap_or_default(),
                id: s.id,
                kind: s.kind,
                source: s.source,
                name: s.name,
                point: [s.point.0, s.point.1],
                people: s.people,
                minutes: s.minutes,
                open: [s.open.0, s.open.1],
            })
            .collect(),
    })
}
