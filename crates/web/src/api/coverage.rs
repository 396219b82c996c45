//! Coverage: distinct people month by month, beside what others say of how many there are.

use super::{Problem, json};
use crate::answer::{Outcome, Trouble};
use crate::caller::Caller;
use crate::site::Site;
use app::desk::coverage::{self, Segment, month_text};
use authz::{Coverage, Read};
use serde::Serialize;
use utoipa::ToSchema;

/// People of a month, each once.
#[derive(Serialize, ToSchema)]
struct CoverageMonth {
    /// `2026-10`.
    month: String,
    /// On any list, on one of the insurer, and with cover that holds.
    known: u64,
    registered: u64,
    active: u64,
    /// Active in more than one segment.
    several: u64,
    segments: Vec<CoverageSegment>,
}

/// People of a segment in a month.
#[derive(Serialize, ToSchema)]
struct CoverageSegment {
    /// `waged`, `non_waged`, `construction` or `migrant`.
    segment: &'static str,
    registered: u64,
    active: u64,
    /// The last day a list that speaks of it came; none: nothing is known of it, and the numbers are not nought.
    told: Option<String>,
}

/// A denominator with the people counted against it.
#[derive(Serialize, ToSchema)]
struct CoverageBase {
    name: String,
    /// Empty for all.
    segment: String,
    month: String,
    count: i64,
    interval: [i64; 2],
    source: String,
    dated: String,
    active: u64,
    share_ppm: Option<i64>,
    share_interval_ppm: Option<[i64; 2]>,
    /// Why no share is said: `smaller` or `base`; empty where one is.
    withheld: &'static str,
    /// Share to be reached, and people missing to it.
    target_ppm: Option<i64>,
    missing: Option<u64>,
    /// Odds that the target is reached by its month if things go on as they did; none where that cannot be told.
    odds_ppm: Option<i64>,
}

/// A month to come.
#[derive(Serialize, ToSchema)]
struct CoverageAhead {
    month: String,
    active: u64,
    /// Ends of the interval of 90 of 100.
    interval: [u64; 2],
}

/// A forecast as it was made, of a month.
#[derive(Serialize, ToSchema)]
struct CoverageForecast {
    /// Month it was made in.
    made: String,
    month: String,
    active: i64,
    interval: [i64; 2],
}

/// Coverage as it is counted today.
#[derive(Serialize, ToSchema)]
pub(crate) struct CoverageFigures {
    as_of: String,
    months: Vec<CoverageMonth>,
    bases: Vec<CoverageBase>,
    /// Empty where there is too little to go by.
    ahead: Vec<CoverageAhead>,
    /// Forecasts as they were made, kept since.
    forecasts: Vec<CoverageForecast>,
    /// Lines whose person has no readable number; lines without a first day; people on a registration of which it is not known when it covers.
    numberless: u64,
    undated: u64,
    unknown_cover: u64,
}

/// Distinct people covered, month by month, and of whom it is asked.
#[utoipa::path(
    get, path = "/api/v1/coverage", tag = "figures", security(("key" = [])),
    responses((status = 200, body = CoverageFigures), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(crate) fn coverage(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Coverage>()?;
    let figures = coverage::figures(&site.desk, &permit)?;
    let (words, kept) =
        site.desk.read(|s| Ok::<_, Trouble>((s.coverage_words(&permit)?, s.coverage_forecasts(&permit)?)))?;
    let base = |a: coverage::Against| CoverageBase {
        active: a.people,
        share_ppm: a.share.ok().map(|r| r.ppm),
        share_interval_ppm: a.share.ok().map(|r| r.interval_ppm),
        withheld: a.share.err().map_or("", coverage::Withheld::name),
        odds_ppm: a.odds_ppm,
        target_ppm: a.target.as_ref().map(|(t, _)| t.count),
        missing: a.target.map(|(_, n)| n),
        name: a.base.name,
        segment: a.base.segment,
        month: a.base.month,
        count: a.base.count,
        interval: a.base.interval,
        source: a.base.source,
        dated: a.base.dated,
    };
    let month = |l: &coverage::MonthLine| CoverageMonth {
        month: month_text(l.month),
        known: l.known,
        registered: l.registered,
        active: l.active,
        several: l.several,
        segments: Segment::ALL
            .iter()
            .map(|s| CoverageSegment {
                segment: s.name(),
                registered: l.registered_by[*s as usize],
                active: l.active_by[*s as usize],
                told: figures.told[*s as usize].clone(),
            })
            .collect(),
    };
    json(CoverageFigures {
        as_of: figures.as_of.clone(),
        months: figures.months.iter().map(month).collect(),
        bases: coverage::against(&figures, &words).into_iter().map(base).collect(),
        ahead: figures
            .ahead
            .iter()
            .map(|(m, active, interval)| CoverageAhead { month: month_text(*m), active: *active, interval: *interval })
            .collect(),
        forecasts: kept
            .into_iter()
            .map(|k| CoverageForecast { made: k.made, month: k.month, active: k.count, interval: k.interval })
            .collect(),
        numberless: figures.numberless,
        undated: figures.undated,
        unknown_cover: figures.unknown_cover,
    })
}
