//! Wage below minimum: somebody on the list is paid less than the minimum wage of the place and year. Page:
//! `findings/wage-below-minimum.md`.

use crate::finding::{Finding, FindingCode};
use crate::protection::Ledger;
use crate::view::{Context, ProjectView};
use crate::wage::Floor;

pub(crate) fn see(view: &ProjectView<'_>, _: &Ledger, context: &Context<'_>, out: &mut Vec<Finding>) {
    let people = crate::people::count(view, context);
    let Some(floor) = context.place.and_then(|place| Floor::of(place, context.as_of, context.law)) else { return };
    if people.below == 0 {
        return;
    }
    let mut finding = Finding::new(FindingCode::WageBelowMinimum, view.project)
        .fact("people_below", people.below)
        .fact("people_compared", people.compared)
        .fact("minimum_month", floor.month)
        .fact("days_per_month", format!("{} / {}", floor.days.0, floor.days.1));
    finding.contested = people.below_lenient == 0;
    finding.origins.extend(view.roster.first().map(|w| w.origin));
    out.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::{ROW, World, codes, registered, works};
    use kernel::Exact;
    use registers::person::WageKind;
    use registers::records::{ListOf, Worker};

    fn world(place: Option<&'static str>, wages: &[(WageKind, i64)]) -> World {
        let mut world = World::on("2026-06-01")
            .project(works("2026-05-04", "2026-09-30"))
            .lists()
            .registration(registered("2026-05-04"))
            .paid("2026-05-04", 392_000);
        world.registrations[0].start = Some("2026-05-04".parse().unwrap());
        world.registrations[0].end = Some("2026-09-30".parse().unwrap());
        world.place = place;
        world.workers = wages
            .iter()
            .enumerate()
            .map(|(i, (kind, wage))| Worker {
                address: None,
                resident: None,
                origin: ROW,
                list: ListOf::Project("nontender:1".into()),
                nik: kernel::id::Nik::parse(&format!("157101020390{:04}", i + 1)).ok(),
                joined: Some("2026-05-04".parse().unwrap()),
                left: None,
                reported: None,
                wage: Some((*kind, Exact::whole(*wage))),
            })
            .collect();
        world
    }

    #[test]
    fn one_day_wage_too_low_is_a_finding_and_says_under_which_reading() {
        use WageKind::{Daily, Piece};
        let jambi = Some("15.71");
        assert!(codes(world(jambi, &[(Daily, 190_000), (Piece, 10_000)])).is_empty());
        assert_eq!(codes(world(jambi, &[(Daily, 190_000), (Daily, 160_000)])), ["wage-below-minimum"]);
        let contested = |wage| world(jambi, &[(Daily, wage)]).assess().findings[0].contested;
        assert!(contested(160_000));
        assert!(!contested(150_000));
        // Nobody is accused where nobody knows the minimum, or the place.
        assert!(codes(world(Some("99.71"), &[(Daily, 1)])).is_empty());
        assert!(codes(world(None, &[(Daily, 1)])).is_empty());
    }

    #[test]
    fn people_are_counted_once_and_by_where_they_come_from() {
        let mut world = world(Some("15.71"), &[(WageKind::Daily, 190_000), (WageKind::Daily, 190_000)]);
        let mut twin = world.workers[0].clone();
        twin.list = ListOf::Registration("2500000000001".into());
        world.workers.push(twin);
        world.workers[1].nik = kernel::id::Nik::parse("3271014507900003").ok();
        let people = world.assess().lines[0].people;
        assert_eq!((people.all, people.known, people.local, people.compared), (2, 2, 1, 2));
    }
}
