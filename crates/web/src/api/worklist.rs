//! The work list as figures: what contacts brought, by rank and by lot.

use super::{Problem, json};
use crate::answer::Outcome;
use crate::caller::Caller;
use crate::site::Site;
use app::desk::worklist;
use authz::{Read, Worklist};
use serde::Serialize;
use utoipa::ToSchema;

/// Contacts of an arm, of lists whose days are over.
#[derive(Serialize, ToSchema)]
struct WorklistArm {
    contacts: u64,
    /// Covered within the days that count.
    covered: u64,
    minutes: u64,
    /// Worker-days won.
    won: u64,
    /// Worker-days that were expected, thousandths.
    expected_thousandths: u64,
    /// Worker-days won an hour, tenths; none where no time was spent.
    hourly_tenths: Option<u64>,
}

/// What is believed of a contact.
#[derive(Serialize, ToSchema)]
struct WorklistBelief {
    /// `exposed` or `registering`.
    state: &'static str,
    /// `call`, `visit` or `none`.
    step: &'static str,
    chance_ppm: u64,
    contacts: u64,
    covered: u64,
}

/// What contacts of the work lists brought.
#[derive(Serialize, ToSchema)]
pub(crate) struct WorklistFigures {
    /// Lists that can be compared.
    lists: u64,
    ranked: WorklistArm,
    random: WorklistArm,
    /// What rank wins more an hour, tenths of worker-days: the estimate and the ends of the interval of 95 of 100; none where it is too little to say.
    difference_tenths: Option<[i64; 3]>,
    beliefs: Vec<WorklistBelief>,
    /// Days after a contact that count.
    window_days: i32,
    random_share_ppm: u64,
}

fn arm(s: &worklist::Sum) -> WorklistArm {
    WorklistArm {
        contacts: s.contacts,
        covered: s.covered,
        minutes: s.minutes,
        won: s.won,
        expected_thousandths: s.expected,
        hourly_tenths: s.hourly(),
    }
}

/// Work lists as figures: rank against lot, and what each contact is believed to bring.
#[utoipa::path(
    get, path = "/api/v1/worklist", tag = "figures", security(("key" = [])),
    responses((status = 200, body = WorklistFigures), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(crate) fn worklist(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Worklist>()?;
    let e = worklist::experience(&site.desk, &permit)?;
    json(WorklistFigures {
        lists: e.compared.lists as u64,
        ranked: arm(&e.compared.ranked),
        random: arm(&e.compared.random),
        difference_tenths: e.compared.difference,
        beliefs: e
            .beliefs
            .iter()
            .map(|b| WorklistBelief {
                state: b.lack.name(),
                step: b.step.map_or("none", |s| s.name()),
                chance_ppm: b.chance,
                contacts: b.learned[0],
                covered: b.learned[1],
            })
            .collect(),
        window_days: e.window,
        random_share_ppm: e.share,
    })
}
