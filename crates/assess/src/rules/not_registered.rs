//! Not registered: the deadline has passed, no registration is linked, none waits for review, and
//! the registration list has been loaded. Page: `findings/not-registered.md`,
//! `findings/consultant-not-registered.md`.

use crate::finding::{Finding, FindingCode};
use crate::protection::{Ledger, State};
use crate::view::{Context, ProjectView};
use linkage::class::Class;

pub(crate) fn see(view: &ProjectView<'_>, ledger: &Ledger, context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = view.project;
    let code = match project.class {
        Class::Construction => FindingCode::NotRegistered,
        Class::Consultant => FindingCode::ConsultantNotRegistered,
        _ => return,
    };
    if !context.knowledge.registrations || view.in_review || !view.coverages.is_empty() || project.start.is_none() {
        return;
    }
    let Some((strict, lenient)) = view.order_day().and_then(|d| context.registration_deadline(d)) else { return };
    if context.as_of <= strict {
        return;
    }
    let mut finding = Finding::new(code, project)
        .since(kernel::date::next_day(strict).unwrap_or(strict))
        .fact("deadline", strict)
        .fact("exposed_days", ledger.days(State::Exposed));
    if lenient != strict {
        finding = finding.fact("deadline_other_reading", lenient);
    }
    finding.contested = context.as_of <= lenient;
    finding.origins.clone_from(&project.origins);
    out.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::{World, codes, works};

    #[test]
    fn only_after_the_deadline_and_only_with_a_list() {
        let base = || World::on("2025-08-01").project(works("2025-07-07", "2025-09-30"));
        assert_eq!(codes(base().lists()), ["not-registered"]);
        assert!(codes(base()).is_empty(), "no list, no guilt");
        assert!(codes(World::on("2025-07-25").project(works("2025-07-07", "2025-09-30")).lists()).is_empty());
    }
}
