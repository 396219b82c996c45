//! Registered late: the first registration came after the last day. Page: `findings/registered-late.md`.

use crate::finding::{Finding, FindingCode};
use crate::protection::Ledger;
use crate::view::{Context, ProjectView};

pub(crate) fn see(view: &ProjectView<'_>, _: &Ledger, context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some((coverage, registered)) = view.first_registered() else { return };
    let Some((strict, lenient)) = view.order_day().and_then(|d| context.registration_deadline(d)) else { return };
    if registered <= strict {
        return;
    }
    let days_late = kernel::date::days_inclusive(strict, registered).saturating_sub(1);
    let mut finding = Finding::new(FindingCode::RegisteredLate, view.project)
        .of(coverage.registration)
        .since(registered)
        .fact("deadline", strict)
        .fact("registered", registered)
        .fact("days_late", days_late);
    finding.contested = registered <= lenient;
    out.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::{World, codes, registered, works};

    #[test]
    fn the_day_after_the_last_day_is_late() {
        let world = |day: &str| {
            World::on("2025-08-20")
                .project(works("2025-07-07", "2025-09-30"))
                .lists()
                .registration(registered(day))
                .paid(day, 392_000)
        };
        assert!(codes(world("2025-07-25")).is_empty());
        assert_eq!(codes(world("2025-07-26")), ["registered-late"]);
    }
}
