//! What the formulas need of the law data: without it, a deleted file or a mistyped choice would
//! show only when somebody asks. Checked on every load, layers included.

use crate::benefit::{self as b};
use crate::contribution as c;
use crate::model::{Parameter, Unit, Value};
use crate::{bpu, calendar, deadline};
use std::collections::BTreeMap;

/// A parameter that a formula asks for.
struct Need {
    path: &'static str,
    unit: Unit,
    /// The choices the formula knows; empty where the unit is no choice.
    choices: &'static [&'static str],
    /// Codes the formula asks for by name.
    codes: &'static [&'static str],
}

const fn need(path: &'static str, unit: Unit) -> Need {
    Need { path, unit, choices: &[], codes: &[] }
}

const fn choice(path: &'static str, choices: &'static [&'static str]) -> Need {
    Need { path, unit: Unit::Choice, choices, codes: &[] }
}

const fn rows(path: &'static str, unit: Unit, codes: &'static [&'static str]) -> Need {
    Need { path, unit, choices: &[], codes }
}

/// What a gate does where something is not met: nothing is asked, it advises, it lets pass on a condition, it holds.
const GATE_LEVELS: &[&str] = &["off", "advice", "condition", "hold"];

const NEEDS: &[Need] = &[
    need(c::JKK_SCALE, Unit::PpmOfSlice),
    need(c::JKM_SCALE, Unit::PpmOfSlice),
    need(c::JKK_WAGE_RATE, Unit::Ppm),
    need(c::JKM_WAGE_RATE, Unit::Ppm),
    need(c::ROUNDING, Unit::Rounding),
    need(c::INSTALMENTS, Unit::PercentParts),
    need(c::PPN, Unit::Ppm),
    need(c::CONSULTANTS, Unit::Reference),
    need(c::SELF_MANAGED, Unit::Reference),
    need(c::ONE_REGISTRATION, Unit::Reference),
    need("jakon/addendum", Unit::Reference),
    need("jakon/extension", Unit::Reference),
    need("jakon/duty", Unit::Reference),
    need("jakon/true_data", Unit::Reference),
    need("jakon/employer_pays", Unit::Reference),
    need("jakon/certificate", Unit::Reference),
    need("jakon/relief_rest_rate", Unit::Ppm),
    need("jakon/relief_first_instalment", Unit::Reference),
    need("jakon/relief_lump", Unit::Reference),
    need("jakon/relief_full_months", Unit::Months),
    need("jakon/late_fee_rate", Unit::Ppm),
    choice("jakon/late_fee_months", &["started", "full"]),
    choice("jakon/late_fee_on_contract_value", &["yes", "no"]),
    need(bpu::JKK_RATE, Unit::Ppm),
    choice(bpu::JKK_METHOD, &[bpu::PERCENT_OF_INCOME, "bands"]),
    need(bpu::BASE_MIN, Unit::Rupiah),
    need(bpu::BASE_MAX, Unit::Rupiah),
    need(bpu::BANDS, Unit::RupiahByBand),
    need(bpu::JKM, Unit::Rupiah),
    need(bpu::ROUNDING, Unit::Rounding),
    need("bpu/discount_transport", Unit::Ppm),
    need("bpu/discount_other", Unit::Ppm),
    choice(bpu::BUDGET_EXCLUDED, &["yes", "no"]),
    choice(bpu::EMPLOYERS_EXCLUDED, &["yes", "no"]),
    choice(bpu::DONOR_DISCOUNT, &[bpu::INCLUDED, bpu::EXCLUDED]),
    need("bpu/age_min", Unit::Years),
    need("bpu/age_max", Unit::Years),
    need("bpu/priority_decile_max", Unit::Count),
    need(b::ROUNDING, Unit::Rounding),
    need(b::MONTHS_OF_WAGE, Unit::Times),
    need(b::TOTAL_SHARE, Unit::Ppm),
    need(b::PERIODIC, Unit::Rupiah),
    need("benefit/daily_wage_factor_jakon", Unit::Times),
    need("benefit/piece_rate_months", Unit::Count),
    need("benefit/weather_dependent_months", Unit::Count),
    need("benefit/death_share", Unit::Ppm),
    need("benefit/death_floor", Unit::Rupiah),
    need("benefit/funeral", Unit::Rupiah),
    need("benefit/jkm_lump", Unit::Rupiah),
    need("benefit/jkm_periodic", Unit::Rupiah),
    need("benefit/jkm_funeral", Unit::Rupiah),
    rows(b::LOSSES, Unit::PpmRows, &["visual-acuity", "thumb-right", "thumb-left"]),
    choice("benefit/disability_part_steps", &["full_steps", "proportional"]),
    choice("benefit/disability_measured_cap", &["capped_at_whole", "as_printed"]),
    choice("benefit/disability_several", &["uncapped", "capped"]),
    choice("benefit/disability_left_handed", &["swap"]),
    need("benefit/sight_better_eye_parts", Unit::Count),
    need("benefit/incapacity_blocks", Unit::PpmOfMonths),
    need("benefit/incapacity_days_per_month", Unit::Days),
    rows("benefit/transport", Unit::RupiahRows, &["land", "sea", "air"]),
    need("benefit/transport_combined", Unit::Reference),
    choice("benefit/scholarship_kind", &["once", "yearly"]),
    need("benefit/scholarship_once", Unit::Rupiah),
    rows("benefit/scholarship_per_year", Unit::RupiahRows, &[]),
    rows("benefit/scholarship_years_max", Unit::YearsRows, &[]),
    need("benefit/scholarship_children_max", Unit::Count),
    need("benefit/scholarship_jkm_years_insured", Unit::Years),
    need("benefit/scholarship_jakon_jkm", Unit::Reference),
    need("benefit/treatment", Unit::Reference),
    rows("benefit/care", Unit::RupiahRows, &[]),
    need("benefit/prosthesis_plus", Unit::Ppm),
    need("benefit/insurer_late_rate", Unit::Ppm),
    need("benefit/payer_replacement", Unit::Reference),
    need("benefit/payer_partial_list", Unit::Reference),
    need("benefit/payer_arrears_months", Unit::Months),
    need("benefit/payer_arrears_bpu", Unit::Reference),
    need("benefit/payer_arrears_jakon", Unit::Reference),
    need("benefit/payer_insurer", Unit::Reference),
    need("benefit/payer_bpu_member", Unit::Reference),
    need("benefit/payer_nothing_paid", Unit::Reference),
    need("benefit/payer_wage_shortfall", Unit::Reference),
    choice("benefit/payer_late_report", &["insurer", "employer"]),
    need(calendar::HOLIDAYS, Unit::DaysOff),
    need(calendar::COLLECTIVE_LEAVE, Unit::DaysOff),
    choice(calendar::LEAVE_COUNTS, &[calendar::LEAVE_WORKS, calendar::LEAVE_OFF]),
    need(deadline::REGISTRATION, Unit::Term),
    need(deadline::ROSTER_CHANGE, Unit::Term),
    need(deadline::DATA_CHANGE, Unit::Term),
    need(deadline::ACCIDENT_STAGE_1, Unit::Term),
    need("deadline/contribution-bpu", Unit::Term),
    need("sanction/warning", Unit::Term),
    need("sanction/warnings", Unit::Count),
    need("sanction/fine_stage", Unit::Term),
    need("sanction/fine_rate", Unit::Ppm),
    choice("sanction/fine_months", &["started", "full"]),
    choice("sanction/fine_span", &["until_paid", "stage_only"]),
    need("sanction/services", Unit::Reference),
    need("assessment/value_tolerance", Unit::Ppm),
    need("assessment/cash_in_days", Unit::Days),
    need("assessment/wage_likely_max", Unit::Rupiah),
    need("assessment/complaint_days", Unit::Days),
    need("assessment/visit_yield", Unit::Ppm),
    need("assessment/training_agencies_min", Unit::Count),
    need("assessment/training_window_days", Unit::Days),
    need("assessment/training_pass", Unit::Count),
    need("assessment/lever_minutes_register", Unit::Count),
    need("assessment/lever_minutes_contribution", Unit::Count),
    need("assessment/lever_minutes_roster", Unit::Count),
    need("assessment/lever_minutes_person", Unit::Count),
    need("assessment/lever_minutes_tour", Unit::Count),
    need("assessment/staff_minute_price", Unit::Rupiah),
    need("assessment/compare_projects_min", Unit::Count),
    need("assessment/surge_minutes_registration", Unit::Count),
    need("assessment/surge_minutes_payment", Unit::Count),
    need("assessment/surge_minutes_match", Unit::Count),
    need("assessment/worklist_minutes_call", Unit::Count),
    need("assessment/worklist_minutes_visit", Unit::Count),
    need("assessment/worklist_chance_call", Unit::Ppm),
    need("assessment/worklist_chance_visit", Unit::Ppm),
    need("assessment/worklist_chance_alone", Unit::Ppm),
    need("assessment/worklist_prior", Unit::Count),
    need("assessment/worklist_random_share", Unit::Ppm),
    need("assessment/worklist_window_days", Unit::Days),
    need("assessment/worklist_rest_days", Unit::Days),
    need("assessment/worklist_lists_min", Unit::Count),
    need("gate/slip_days", Unit::Days),
    choice("gate/tender-line-line", GATE_LEVELS),
    choice("gate/contract-line", GATE_LEVELS),
    choice("gate/start-order-registered", GATE_LEVELS),
    choice("gate/advance-registered", GATE_LEVELS),
    choice("gate/advance-first-paid", GATE_LEVELS),
    choice("gate/instalment-registered", GATE_LEVELS),
    choice("gate/instalment-paid-share", GATE_LEVELS),
    choice("gate/instalment-value-covered", GATE_LEVELS),
    choice("gate/instalment-people-reported", GATE_LEVELS),
    choice("gate/balance-paid-all", GATE_LEVELS),
    choice("gate/balance-value-covered", GATE_LEVELS),
    choice("gate/balance-period-covered", GATE_LEVELS),
    choice("gate/balance-people-reported", GATE_LEVELS),
    choice("gate/addendum-value-covered", GATE_LEVELS),
    choice("gate/addendum-period-covered", GATE_LEVELS),
    choice("gate/handover-paid-all", GATE_LEVELS),
    choice("gate/handover-period-covered", GATE_LEVELS),
    need("assessment/labour_share", Unit::PpmRows),
    need("assessment/labour_prior", Unit::Count),
    need("wage/minimum", Unit::RupiahRows),
    need("wage/days_per_month", Unit::Count),
];

/// Complains where a formula's need is not met; everything under `deadline/` must be a term.
pub(crate) fn check(parameters: &BTreeMap<String, Parameter>, complain: &mut impl FnMut(&str, String)) {
    for need in NEEDS {
        let Some(parameter) = parameters.get(need.path) else {
            complain(need.path, "a formula needs this parameter, and it is not there".into());
            continue;
        };
        if parameter.unit != need.unit {
            complain(need.path, format!("unit {}; the formula needs {}", parameter.unit.name(), need.unit.name()));
        }
        for reading in parameter.periods.iter().flat_map(|p| &p.readings) {
            match &reading.value {
                Value::Choice(choice) if !need.choices.contains(&choice.as_str()) => {
                    complain(need.path, format!("{}: {choice} is none of {}", reading.id, need.choices.join(", ")));
                }
                Value::Rows(rows) => {
                    for code in need.codes.iter().filter(|code| rows.iter().all(|r| r.code != **code)) {
                        complain(need.path, format!("{}: the row {code} is missing", reading.id));
                    }
                }
                _ => {}
            }
        }
    }
    for (path, parameter) in parameters {
        if path.starts_with(deadline::FOLDER) && parameter.unit != Unit::Term {
            complain(path, "everything under deadline/ is a term".into());
        }
        // The codes of the two tables of scholarships must be the same.
        if path == "benefit/scholarship_per_year"
            && let Some(years) = parameters.get("benefit/scholarship_years_max")
        {
            let codes = |p: &Parameter| -> Vec<String> {
                let readings = p.periods.iter().flat_map(|p| &p.readings);
                readings
                    .flat_map(|r| match &r.value {
                        Value::Rows(rows) => rows.iter().map(|r| r.code.clone()).collect(),
                        _ => Vec::new(),
                    })
                    .collect()
            };
            if codes(parameter) != codes(years) {
                complain(path, "its levels are not those of benefit/scholarship_years_max".into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_formula_needs_does_not_lie_about() {
        let law = crate::Law::builtin();
        let needed: std::collections::BTreeSet<&str> = NEEDS.iter().map(|n| n.path).collect();
        assert_eq!(needed.len(), NEEDS.len(), "a need stands twice");
        let idle: Vec<&str> = law
            .parameters()
            .map(|(path, _)| path)
            .filter(|path| !needed.contains(path) && !path.starts_with(deadline::FOLDER))
            .collect();
        assert!(idle.is_empty(), "{idle:?}");
    }
}
