//! Workshops, agencies by late registrations, and what changed afterwards; nobody by name.

use super::{Problem, json};
use crate::answer::{Outcome, Trouble};
use crate::caller::Caller;
use crate::site::Site;
use app::desk::training;
use authz::{Read, Training as Workshops};
use serde::Serialize;
use utoipa::ToSchema;

/// Workshops told at most.
const LISTED: usize = 1_000;

/// A workshop.
#[derive(Serialize, ToSchema)]
struct Workshop {
    id: i64,
    /// Role whose duties it teaches.
    role: String,
    day: String,
    called_off: bool,
    seats: i64,
    invited: i64,
    came: i64,
    tested: i64,
    certified: i64,
}

/// An agency's start orders of the last year of which it is known whether they were registered in time.
#[derive(Serialize, ToSchema)]
struct AgencyOrders {
    agency: String,
    projects: i64,
    in_time: i64,
    /// The day it attended last; empty where it never did.
    attended: String,
}

/// A difference of differences, in parts per million of a share.
#[derive(Serialize, ToSchema)]
struct EffectEstimate {
    effect_ppm: i64,
    /// Ends of the interval of 95 of 100.
    interval_ppm: [i64; 2],
}

/// What workshops changed: agencies that attended against those that had not.
#[derive(Serialize, ToSchema)]
struct WorkshopEffect {
    window_days: i32,
    agencies_min: usize,
    /// Agencies that attended, and that had not.
    agencies: [usize; 2],
    /// Projects before and after, of the same.
    projects: [[usize; 2]; 2],
    /// Registered in time, of the same.
    in_time: [[usize; 2]; 2],
    /// None where it is too little to say.
    estimate: Option<EffectEstimate>,
    /// The same a window earlier.
    placebo: Option<EffectEstimate>,
}

/// Workshops and what came of them.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrainingFigures {
    workshops: Vec<Workshop>,
    agencies: Vec<AgencyOrders>,
    effect: WorkshopEffect,
}

/// Workshops, agencies by late registrations, and what changed afterwards.
#[utoipa::path(
    get, path = "/api/v1/training", tag = "aman", security(("key" = [])),
    responses((status = 200, body = TrainingFigures), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(crate) fn training(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Workshops>()?;
    let rows = site.desk.read(|s| s.training_list(&permit, None, LISTED).map_err(Trouble::from))?;
    let agencies = training::agencies(&site.desk, &permit)?;
    let (effect, terms) = training::changed(&site.desk, &permit)?;
    let estimate = |e: training::Estimate| EffectEstimate { effect_ppm: e.effect_ppm, interval_ppm: e.interval_ppm };
    json(TrainingFigures {
        workshops: rows
            .into_iter()
            .map(|t| Workshop {
                id: t.id,
                role: t.role,
                day: t.day,
                called_off: t.ended.is_some(),
                seats: t.seats,
                invited: t.invited,
                came: t.came,
                tested: t.tested.0,
                certified: t.tested.1,
            })
            .collect(),
        agencies: agencies
            .into_iter()
            .map(|a| AgencyOrders { agency: a.agency, projects: a.projects, in_time: a.prompt, attended: a.attended })
            .collect(),
        effect: WorkshopEffect {
            window_days: terms.window_days,
            agencies_min: terms.agencies_min,
            agencies: effect.agencies,
            projects: effect.projects,
            in_time: effect.prompt,
            estimate: effect.estimate.map(estimate),
            placebo: effect.placebo.map(estimate),
        },
    })
}
