use super::*;
use proptest::prelude::*;

fn on(day: &str) -> LawAt<'static> {
    Law::builtin().at(day.parse().unwrap())
}

fn case(base: Base, day: &str) -> Case {
    Case::new(base, day.parse().unwrap())
}

/// Every day on which something about contributions changes, with its neighbours.
fn days_of_change() -> Vec<Date> {
    let mut days = Vec::new();
    for path in [JKK_SCALE, JKM_SCALE, PPN, ROUNDING, INSTALMENTS, "jakon/relief_rest_rate"] {
        for period in &Law::builtin().parameter(path).unwrap().periods {
            days.extend([period.from.yesterday().unwrap(), period.from, period.from.tomorrow().unwrap()]);
        }
    }
    days.sort();
    days.dedup();
    days
}

/// At every boundary, two rupiah to each side, on every day of change and its neighbours, against
/// the definition written out by hand.
#[test]
fn boundaries_plus_minus_two_rupiah_on_every_day_of_change() {
    let combined = |v: i128| -> Exact {
        let tiers = [
            (0, 100_000_000, 2400),
            (100_000_000, 500_000_000, 1900),
            (500_000_000, 1_000_000_000, 1500),
            (1_000_000_000, 5_000_000_000, 1200),
            (5_000_000_000, i128::MAX, 1000),
        ];
        let millionths: i128 = tiers.iter().map(|(lo, hi, ppm)| (v.min(*hi) - lo).max(0) * ppm).sum();
        Exact::ratio(millionths, 1_000_000)
    };
    let first: Date = "2015-07-01".parse().unwrap();
    for day in days_of_change() {
        let law = Law::builtin().at(day);
        for boundary in [0i64, 100_000_000, 500_000_000, 1_000_000_000, 5_000_000_000] {
            for value in (boundary - 2).max(0)..=boundary + 2 {
                let due = by_contract_value(Exact::whole(value), &law);
                if day < first {
                    assert!(due.is_err(), "{day}");
                    continue;
                }
                let due = due.unwrap();
                let expected = combined(i128::from(value)).round(kernel::money::Rounding::HalfUp).unwrap();
                assert_eq!((due.total, due.unrounded), (expected, combined(i128::from(value))), "{value} {day}");
                assert_eq!(due.jkk.0 + due.jkm.0, due.total.0);
                assert_eq!(total(Exact::whole(value), &law).unwrap(), expected);
            }
        }
    }
}

#[test]
fn tax_goes_by_the_day_of_the_order() {
    let gross = Exact::whole(222_000_000);
    for (day, base) in [
        ("2022-03-31", Exact::ratio(222_000_000 * 10, 11)),
        ("2022-04-01", Exact::whole(200_000_000)),
        ("2025-01-01", Exact::whole(200_000_000)),
    ] {
        assert_eq!(by_gross_value(gross, &on(day)).unwrap().base, base, "{day}");
    }
    let both = determine(&case(Base::Gross(gross), "2025-03-03"), Law::builtin()).unwrap();
    assert_eq!(both.all.len(), 2, "the contested rate of 2025 is shown, not hidden");
    let steps = &both.default().contribution.steps;
    assert!(steps.iter().any(|s| s.confidence == Some(crate::Confidence::Unconfirmed)));
}

#[test]
fn every_step_of_a_rate_carries_its_article() {
    let due = by_contract_value(Exact::whole(700_000_000), &on("2025-03-03")).unwrap();
    let slices: Vec<_> = due.steps.iter().filter(|s| s.code == code::SLICE).collect();
    assert_eq!(slices.len(), 6);
    assert!(slices.iter().all(|s| s.citation.as_ref().is_some_and(|c| c.article.contains("huruf"))));
}

#[test]
fn instalments_sum_to_the_whole() {
    assert_eq!(
        instalments(Rupiah(392_001), &on("2025-03-03")).unwrap(),
        [Rupiah(196_001), Rupiah(98_000), Rupiah(98_000)]
    );
}

#[test]
fn a_longer_contract_is_one_registration_and_self_managed_works_are_flagged() {
    let mut multi = case(Base::Net(Exact::whole(90_000_000)), "2025-10-01");
    multi.works_end = Some("2027-03-31".parse().unwrap());
    multi.role = Role::SelfManaged;
    let all = determine(&multi, Law::builtin()).unwrap();
    let codes: Vec<&str> = all.default().contribution.steps.iter().map(|s| s.code).collect();
    assert!(codes.contains(&code::ONE_REGISTRATION) && codes.contains(&code::SELF_MANAGED), "{codes:?}");
    assert!(all.default().branch_decides);
    multi.works_end = Some("2025-09-30".parse().unwrap());
    assert!(matches!(determine(&multi, Law::builtin()), Err(Declined::DateOrder { .. })));
}

#[test]
fn what_makes_no_sense_is_declined() {
    let far = Exact::ratio(1_000_000_000_000_001, 1);
    for base in [
        Base::Net(Exact::ZERO),
        Base::Net(-Exact::whole(1)),
        Base::Gross(far),
        Base::MonthlyWages { wages: Exact::whole(1), months: 0 },
        Base::MonthlyWages { wages: Exact::whole(1), months: 601 },
    ] {
        assert!(determine(&case(base.clone(), "2025-03-03"), Law::builtin()).is_err(), "{base:?}");
    }
    let gap = determine(&case(Base::Net(Exact::whole(1)), "2015-06-30"), Law::builtin());
    assert!(matches!(gap, Err(Declined::Gap(_))));
}

/// Contract values up to 10^15, spread over all sizes.
fn value() -> impl Strategy<Value = i64> {
    (1i64..=1_000_000_000_000_000, 0u32..15).prop_map(|(v, small)| (v / 10i64.pow(small)).max(1))
}

proptest! {
    /// Continuous and monotone: one rupiah more never costs less, and never more than its rate.
    #[test]
    fn one_rupiah_more_costs_between_nothing_and_its_rate(v in value()) {
        let law = on("2025-03-03");
        let [a, b] = [v, v + 1].map(|v| by_contract_value(Exact::whole(v), &law).unwrap().unrounded);
        let step = b - a;
        prop_assert!(step.is_positive());
        prop_assert!(step <= Exact::ratio(24, 10_000));
        prop_assert!(total(Exact::whole(v + 1), &law).unwrap() >= total(Exact::whole(v), &law).unwrap());
    }

    /// The amount of a sum is never above the sum of the amounts: the rates fall.
    #[test]
    fn splitting_a_contract_never_saves(a in value(), b in value()) {
        let law = on("2025-03-03");
        let of = |v: i64| by_contract_value(Exact::whole(v), &law).unwrap().unrounded;
        prop_assert!(of(a / 2 + b / 2) <= of(a / 2) + of(b / 2));
    }

    #[test]
    fn whatever_the_plan_nothing_appears_or_disappears(v in value(), next in value(), lump: bool) {
        let mut case = case(Base::Gross(Exact::whole(v)), "2024-05-06");
        case.plan = if lump { Plan::Lump } else { Plan::Instalments };
        case.addenda.push(Addendum { value: Exact::whole(next), date: "2024-06-07".parse().unwrap() });
        for under in determine(&case, Law::builtin()).unwrap().all {
            let d = under.value;
            let parts: i64 = d.instalments.iter().map(|p| p.0).sum();
            let differences: i64 = d.addenda.iter().map(|a| a.difference.0).sum();
            prop_assert_eq!(parts + differences, d.contribution.total.0);
            prop_assert_eq!(d.contribution.jkk.0 + d.contribution.jkm.0, d.contribution.total.0);
            prop_assert!(d.instalments.iter().all(|p| p.0 >= 0) && d.contribution.jkm.0 >= 0);
        }
    }

    /// The explanation computes to the amount.
    #[test]
    fn the_steps_sum_to_what_is_paid(v in value()) {
        let due = by_gross_value(Exact::whole(v), &on("2023-01-02")).unwrap();
        let slices: Exact = due.steps.iter().filter(|s| s.code == code::SLICE).filter_map(|s| s.amount).sum();
        prop_assert_eq!(slices, due.unrounded);
        let parts: Exact = due.steps.iter().flat_map(|s| &s.args).filter_map(|(name, arg)| match (*name, arg) {
            ("part", Arg::Money(part)) => Some(*part),
            _ => None,
        }).sum();
        // Both programmes cut the same base into slices.
        prop_assert_eq!(parts, due.base * 2);
    }
}
