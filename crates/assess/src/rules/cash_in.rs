//! Registered at cash-in: after physical progress, or late and within days of a payment. The
//! workers stood uninsured until somebody wanted money. Page: `findings/registered-at-cash-in.md`.

use crate::finding::{Finding, FindingCode};
use crate::protection::Ledger;
use crate::view::{Context, ProjectView};
use kernel::Date;

/// Yardstick for "close".
const CLOSE_DAYS: &str = "assessment/cash_in_days";

pub(crate) fn see(view: &ProjectView<'_>, _: &Ledger, context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some((coverage, registered)) = view.first_registered() else { return };
    let progress = view
        .project
        .minutes
        .iter()
        .filter(|m| m.progress_ppm.is_some_and(|p| p > 0))
        .filter_map(|m| m.date.map(|d| (d, m.origin)))
        .filter(|(d, _)| *d < registered)
        .min();
    if let Some((date, origin)) = progress {
        let mut finding = Finding::new(FindingCode::RegisteredAtCashIn, view.project)
            .of(coverage.registration)
            .since(registered)
            .fact("registered", registered)
            .fact("progress_on", date);
        finding.origins.push(origin);
        out.push(finding);
        return;
    }
    let Some((strict, lenient)) = view.order_day().and_then(|d| context.registration_deadline(d)) else { return };
    let Some(close) = context.number(CLOSE_DAYS) else { return };
    if registered <= strict {
        return;
    }
    let near = |date: &Date| i64::from((*date - registered).get_days()).abs() <= close && *date <= context.as_of;
    let minutes = view.project.minutes.iter().filter(|m| m.paid.is_some()).filter_map(|m| m.date);
    let treasury = view.treasury.iter().filter_map(|t| t.date);
    if let Some(date) = minutes.chain(treasury).filter(near).min() {
        let mut finding = Finding::new(FindingCode::RegisteredAtCashIn, view.project)
            .of(coverage.registration)
            .since(registered)
            .fact("registered", registered)
            .fact("payment_on", date);
        finding.contested = registered <= lenient;
        out.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::{World, codes, registered, works};

    #[test]
    fn progress_before_registration_or_payment_beside_it() {
        let world = |minute: &str, progress: i64, paid: i64| {
            let mut project = works("2025-07-07", "2025-09-30");
            crate::rules::fixture::minute(&mut project, minute, progress, paid);
            World::on("2025-10-20")
                .project(project)
                .lists()
                .registration(registered("2025-09-01"))
                .paid("2025-09-01", 392_000)
        };
        assert_eq!(codes(world("2025-08-20", 50, 0)), ["registered-at-cash-in", "registered-late"]);
        assert_eq!(codes(world("2025-09-10", 50, 1000)), ["registered-at-cash-in", "registered-late"]);
        assert_eq!(codes(world("2025-10-10", 100, 1000)), ["registered-late"]);
    }
}
