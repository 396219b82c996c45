//! Value under-declared: the base declared lies below the contract without tax, addenda included,
//! by more than rounding. Page: `findings/value-under-declared.md`.

use crate::finding::{Finding, FindingCode};
use crate::protection::Ledger;
use crate::view::{Context, Coverage, ProjectView};
use kernel::{Exact, Rupiah};
use linkage::projects::Source;

/// Yardstick for rounding.
const TOLERANCE: &str = "assessment/value_tolerance";

pub(crate) fn see(view: &ProjectView<'_>, _: &Ledger, context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = view.project;
    // Only a contract value proves anything; estimates and ceilings are usually higher.
    let Some(value) = project.value.filter(|v| matches!(v.source, Source::Contract | Source::ResultList)) else {
        return;
    };
    let (Some(day), Some(tolerance)) = (view.order_day(), context.number(TOLERANCE)) else { return };
    let law = context.law.at(day);
    let Ok((rate, _)) = law::contribution::ppn_rate(&law) else { return };
    // The best of several registrations counts: a corrected one cures an earlier one.
    let declared =
        view.coverages.iter().filter_map(|c| base_declared(c, value.value, rate).map(|b| (b, c))).max_by_key(|d| d.0);
    let Some((declared, coverage)) = declared else { return };
    let contract = if coverage.shared_by > 1 { coverage.shared_value.unwrap_or(value.value) } else { value.value };
    let net = contract.without_tax(rate);
    let floor = net - net.at_ppm(tolerance);
    if declared >= floor {
        return;
    }
    let due = |base| law::contribution::total(base, &law).unwrap_or(Rupiah::ZERO);
    let mut finding = Finding::new(FindingCode::ValueUnderDeclared, project)
        .of(coverage.registration)
        .fact("contract_value", contract)
        .fact("contract_base", Rupiah(net.round(kernel::money::Rounding::HalfUp).map_or(0, |r| r.0)))
        .fact("declared_base", Rupiah(declared.round(kernel::money::Rounding::HalfUp).map_or(0, |r| r.0)));
    if let Some(addendum) = project.addenda.iter().rev().find(|a| a.value == Some(value.value)) {
        finding = finding.fact("addendum", addendum.date.map_or_else(String::new, |d| d.to_string()));
    }
    // Marginal scale: the shortfall is the difference of two sums, not a rate on the difference.
    finding.amount = Some(Rupiah(due(net).0 - due(declared).0)).filter(|a| a.0 > 0);
    finding.since = coverage.registration.registered;
    out.push(finding);
}

/// The base a registration declares. Where neither letter nor form says whether tax is in the
/// value, a value that equals the contract's is taken to include it, like the contract.
fn base_declared(coverage: &Coverage<'_>, contract: Exact, rate: i64) -> Option<Exact> {
    if let Some(base) = coverage.determination.and_then(|d| d.base) {
        return Some(base);
    }
    let value = coverage.registration.value?;
    match coverage.registration.includes_tax {
        Some(true) => Some(value.without_tax(rate)),
        Some(false) => Some(value),
        None if value >= contract => Some(value.without_tax(rate)),
        None => Some(value),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::{World, codes, registered, works};
    use kernel::Exact;

    #[test]
    fn net_gross_and_rounded_are_fine_half_is_not() {
        let world = |value: i64| {
            let mut r = registered("2025-07-10");
            r.value = Some(Exact::whole(value));
            World::on("2025-08-01")
                .project(works("2025-07-07", "2025-09-30"))
                .lists()
                .registration(r)
                .paid("2025-07-12", 392_000)
        };
        for fine in [199_800_000, 180_000_000, 179_500_000, 200_000_000] {
            assert!(codes(world(fine)).is_empty(), "{fine}");
        }
        assert_eq!(codes(world(90_000_000)), ["value-under-declared"]);
    }
}
