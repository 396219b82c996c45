//! Contributions: nothing paid, too little paid, instalments open after the works. Pages:
//! `findings/contribution-unpaid.md`, `contribution-underpaid.md`, `instalment-overdue.md`.

use crate::finding::{Finding, FindingCode};
use crate::protection::Ledger;
use crate::view::{Context, Coverage, ProjectView};
use kernel::{Exact, Rupiah};

pub(crate) fn see(view: &ProjectView<'_>, _: &Ledger, context: &Context<'_>, out: &mut Vec<Finding>) {
    if !context.knowledge.premiums {
        return;
    }
    for coverage in &view.coverages {
        if let Some(code) = judge(view, coverage, context) {
            let due = coverage.due.unwrap_or(Rupiah::ZERO);
            let open = Exact::from(due) - coverage.paid;
            let mut finding =
                Finding::new(code, view.project).of(coverage.registration).fact("due", due).fact("paid", coverage.paid);
            finding.amount = open.round(kernel::money::Rounding::Up).filter(|a| a.0 > 0);
            finding.since = coverage.registration.registered;
            finding.origins.extend(coverage.determination.map(|d| d.origin));
            out.push(finding);
        }
    }
}

fn judge(view: &ProjectView<'_>, coverage: &Coverage<'_>, context: &Context<'_>) -> Option<FindingCode> {
    let registered = coverage.registration.registered?;
    if !coverage.paid.is_positive() {
        return (context.as_of > registered).then_some(FindingCode::ContributionUnpaid);
    }
    let due = Exact::from(coverage.due?);
    if coverage.paid >= due {
        return None;
    }
    // A lump sum is short from the first day; instalments must be settled before the works end.
    match coverage.instalments {
        Some(n) if n > 1 => {
            let end = coverage.works_until.or(view.project.end.map(|e| e.value))?;
            (context.as_of > end).then_some(FindingCode::InstalmentOverdue)
        }
        Some(_) => Some(FindingCode::ContributionUnderpaid),
        None => {
            let end = coverage.works_until.or(view.project.end.map(|e| e.value))?;
            (context.as_of > end).then_some(FindingCode::ContributionUnderpaid)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::{World, codes, registered, works};

    #[test]
    fn unpaid_short_and_overdue() {
        let world = |day: &str| {
            World::on(day).project(works("2025-07-07", "2025-09-30")).lists().registration(registered("2025-07-10"))
        };
        assert_eq!(codes(world("2025-08-01")), ["contribution-unpaid"]);
        assert!(codes(world("2025-08-01").determined(392_000, 3).paid("2025-07-12", 196_000)).is_empty());
        assert_eq!(
            codes(world("2025-10-01").determined(392_000, 3).paid("2025-07-12", 196_000)),
            ["instalment-overdue"]
        );
        assert_eq!(
            codes(world("2025-08-01").determined(392_000, 1).paid("2025-07-12", 300_000)),
            ["contribution-underpaid"]
        );
        assert!(codes(world("2025-10-01").determined(392_000, 1).paid("2025-07-12", 392_000)).is_empty());
    }
}
