//! Period too short: the declared period ends before the works, addenda included. Page:
//! `findings/period-too-short.md`.

use crate::finding::{Finding, FindingCode};
use crate::protection::Ledger;
use crate::view::{Context, ProjectView};

pub(crate) fn see(view: &ProjectView<'_>, _: &Ledger, _: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(end) = view.project.end.map(|e| e.value) else { return };
    let Some(coverage) = view.coverages.iter().filter(|c| c.works_until.is_some()).max_by_key(|c| c.until) else {
        return;
    };
    let Some(declared) = coverage.works_until.max(coverage.until).filter(|d| *d < end) else { return };
    let mut finding = Finding::new(FindingCode::PeriodTooShort, view.project)
        .of(coverage.registration)
        .fact("declared_end", declared)
        .fact("works_end", end)
        .fact("days_short", kernel::date::days_inclusive(declared, end).saturating_sub(1));
    finding.since = kernel::date::next_day(declared);
    out.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::{World, codes, registered, works};

    #[test]
    fn one_day_short_is_short() {
        let world = |end: &str| {
            let mut r = registered("2025-07-10");
            r.end = Some(end.parse().unwrap());
            r.maintenance_end = None;
            World::on("2025-08-01")
                .project(works("2025-07-07", "2025-09-30"))
                .lists()
                .registration(r)
                .paid("2025-07-12", 392_000)
        };
        assert!(codes(world("2025-09-30")).is_empty());
        assert_eq!(codes(world("2025-09-29")), ["period-too-short"]);
    }
}
