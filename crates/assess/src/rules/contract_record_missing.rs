//! Contract record missing: there is a winner but neither contract, start order nor record, so
//! nobody can count days. Page: `findings/contract-record-missing.md`.

use crate::finding::{Finding, FindingCode};
use crate::protection::Ledger;
use crate::view::{Context, ProjectView};
use linkage::projects::Stage;

pub(crate) fn see(view: &ProjectView<'_>, _: &Ledger, _: &Context<'_>, out: &mut Vec<Finding>) {
    let project = view.project;
    if !project.class.is_duty() || project.stage != Stage::Awarded {
        return;
    }
    let mut finding = Finding::new(FindingCode::ContractRecordMissing, project);
    if let Some(value) = project.value {
        finding = finding.fact("value", value.value).fact("value_source", value.source.name());
    }
    finding.origins.clone_from(&project.origins);
    out.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::{World, codes, works};
    use linkage::projects::Stage;

    #[test]
    fn a_winner_without_contract() {
        let mut project = works("2025-07-07", "2025-09-30");
        project.stage = Stage::Awarded;
        (project.start, project.end, project.order_date) = (None, None, None);
        assert_eq!(codes(World::on("2025-12-01").project(project).lists()), ["contract-record-missing"]);
    }
}
