//! The question as the library wants it, and its answer as orders of stops.

use crate::{Day, NoPlan, Road, Stop};
use std::sync::Arc;
use vrp_core::construction::features::{JobReadValueFn, create_maximize_total_job_value_feature};
use vrp_core::models::common::TimeWindow;
use vrp_core::prelude::*;
use vrp_core::rosomaxa::utils::Parallelism;
use vrp_core::utils::Either;

/// Orders of stops, one a car. One thread: the desk goes on beside it.
pub(crate) fn search(
    within: &[usize],
    stops: &[Stop],
    day: &Day,
    road: &Road,
    effort: usize,
) -> Result<Vec<Vec<usize>>, NoPlan> {
    searched(within, stops, day, road, effort).map_err(|e| NoPlan::Search(e.to_string()))
}

fn searched(within: &[usize], stops: &[Stop], day: &Day, road: &Road, effort: usize) -> GenericResult<Vec<Vec<usize>>> {
    let quiet: InfoLogger = Arc::new(|_: &str| {});
    // Place 0 is where cars leave from; place `n` is stop `within[n - 1]`.
    let places: Vec<usize> = std::iter::once(0).chain(within.iter().map(|i| i + 1)).collect();
    let seconds: Vec<Float> =
        places.iter().flat_map(|a| places.iter().map(|b| Float::from(road.between(*a, *b)))).collect();
    let transport = Arc::new(SimpleTransportCost::new(seconds.clone(), seconds)?);
    let problem = Arc::new(
        ProblemBuilder::default()
            .add_jobs(jobs(within, stops)?.into_iter())
            .add_vehicles(cars(day)?.into_iter())
            .with_goal(goal(within, stops, transport.clone())?)
            .with_transport_cost(transport)
            .with_logger(quiet.clone())
            .build()?,
    );
    let random = Arc::new(DefaultRandom::default());
    let environment = Environment::new(random, None, Parallelism::new(1, 1), quiet, false);
    let environment = Arc::new(environment);
    let config = VrpConfigBuilder::new(problem.clone())
        .set_environment(environment)
        .prebuild()?
        .with_max_generations(Some(effort))
        .build()?;
    let solution = Solver::new(problem, config).solve()?;
    let order = |places: &mut dyn Iterator<Item = usize>| -> Vec<usize> {
        places.filter_map(|place| place.checked_sub(1)).filter_map(|n| within.get(n).copied()).collect()
    };
    let mut orders: Vec<Vec<usize>> = solution.get_locations().map(|mut tour| order(&mut tour)).collect();
    orders.retain(|order| !order.is_empty());
    orders.sort();
    Ok(orders)
}

fn jobs(within: &[usize], stops: &[Stop]) -> GenericResult<Vec<Job>> {
    let job = |(n, i): (usize, &usize)| {
        let s = &stops[*i];
        let window = TimeWindow::new(Float::from(s.open.0), Float::from(s.open.1));
        SingleBuilder::default()
            .id(&i.to_string())
            .demand(Demand::delivery(i32::try_from(s.load).unwrap_or(i32::MAX)))
            .location(n + 1)?
            .duration(Float::from(s.service))?
            .times(vec![window])?
            .build_as_job()
    };
    within.iter().enumerate().map(job).collect()
}

fn cars(day: &Day) -> GenericResult<Vec<Vehicle>> {
    let car = |n: u32| {
        let detail = VehicleDetailBuilder::default()
            .set_start_location(0)
            .set_start_time(Float::from(day.hours.0))
            .set_start_time_latest(Float::from(day.hours.0))
            .set_end_location(0)
            .set_end_time(Float::from(day.hours.1))
            .build()?;
        VehicleBuilder::default()
            .id(&format!("car {n}"))
            .add_detail(detail)
            .capacity(SingleDimLoad::new(i32::try_from(day.room).unwrap_or(i32::MAX)))
            .build()
    };
    (1..=day.cars).map(car).collect()
}

/// Most people first, then the shortest way.
fn goal(within: &[usize], stops: &[Stop], transport: Arc<dyn TransportCost>) -> GenericResult<GoalContext> {
    // A stop that is worth nobody is still worth more than none.
    let worth: Vec<Float> = within.iter().map(|i| Float::from(stops[*i].worth.max(1))).collect();
    let value: JobReadValueFn = Either::Left(Arc::new(move |job: &Job| {
        let place = job.as_single().and_then(|s| s.places.first()).and_then(|p| p.location);
        place.and_then(|p| p.checked_sub(1)).and_then(|n| worth.get(n).copied()).unwrap_or_default()
    }));
    let people =
        create_maximize_total_job_value_feature("people", value, Arc::new(|job, _| job), ViolationCode::unknown())?;
    let room = CapacityFeatureBuilder::<SingleDimLoad>::new("room").build()?;
    let way = TransportFeatureBuilder::new("way")
        .set_transport_cost(transport)
        .set_time_constrained(true)
        .build_minimize_distance()?;
    GoalContextBuilder::with_features(&[people, way, room])?.build()
}
