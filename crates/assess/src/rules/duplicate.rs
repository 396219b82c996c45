//! Registered twice: a second registration of the same contract whose period overlaps the first.
//! Page: `findings/registration-duplicate.md`.

use crate::finding::{Finding, FindingCode};
use crate::protection::Ledger;
use crate::view::{Context, ProjectView};

pub(crate) fn see(view: &ProjectView<'_>, _: &Ledger, _: &Context<'_>, out: &mut Vec<Finding>) {
    for (i, second) in view.coverages.iter().enumerate().skip(1) {
        let overlaps = |first: &crate::view::Coverage<'_>| {
            second.from.is_none_or(|f| first.until.is_none_or(|u| f <= u))
                && first.from.is_none_or(|f| second.until.is_none_or(|u| f <= u))
        };
        if let Some(first) = view.coverages[..i].iter().find(|c| overlaps(c)) {
            let mut finding = Finding::new(FindingCode::RegistrationDuplicate, view.project)
                .of(second.registration)
                .fact("first_registration", &first.registration.number);
            finding.since = second.registration.registered;
            finding.amount = second.paid.round(kernel::money::Rounding::Down).filter(|a| a.0 > 0);
            out.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::{World, codes, registered, works};

    #[test]
    fn twice_over_the_same_days() {
        let world = World::on("2025-08-01").project(works("2025-07-07", "2025-09-30")).lists();
        let mut second = registered("2025-07-14");
        second.number = "2500000000002".into();
        let world = world
            .registration(registered("2025-07-10"))
            .paid("2025-07-12", 392_000)
            .registration(second)
            .paid("2025-07-14", 392_000);
        assert_eq!(codes(world), ["registration-duplicate"]);
    }
}
