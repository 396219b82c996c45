use super::*;
use crate::Law;
use crate::model::Row;
use proptest::prelude::*;

fn on(day: &str) -> LawAt<'static> {
    Law::builtin().at(day.parse().unwrap())
}

fn facts(losses: Vec<Loss>) -> DisabilityFacts {
    DisabilityFacts {
        member: Member::Jakon,
        wage: Wage::Monthly(Exact::whole(3_000_000)),
        losses,
        sight: None,
        total: false,
        children: Vec::new(),
        left_handed: false,
    }
}

fn loss(row: &Row) -> Loss {
    let measure = match (row.per, row.number_max) {
        (Some(per), _) => Some(Exact::whole(per)),
        (_, Some(_)) => Some(Exact::whole(row.number / 10_000)),
        _ => None,
    };
    Loss { code: row.code.clone(), measure, function_lost: None }
}

/// Every row of the table pays its percentage of 80 wages, to the rupiah, and its other side does
/// for a left-handed worker.
#[test]
fn every_loss_pays_its_percentage() {
    let law = on("2025-03-03");
    let (rows, _) = losses(&law).unwrap();
    assert!(rows.len() >= 50, "{}", rows.len());
    for row in rows {
        let one = disability(&facts(vec![loss(row)]), law).unwrap();
        assert_eq!(one.total.0, row.number * 240, "{}: {} ppm of 240,000,000", row.code, row.number);
        let mut left = facts(vec![loss(row)]);
        left.left_handed = true;
        let swapped = disability(&left, law).unwrap().total.0;
        let has_side = row.code.split('-').any(|w| w == "right" || w == "left");
        assert_eq!(swapped != one.total.0, has_side, "{}", row.code);
    }
}

#[test]
fn what_contains_another_loss_excludes_it() {
    let law = on("2025-03-03");
    let pair = |a: &str, b: &str| {
        let loss = |code: &str| Loss { code: code.into(), measure: None, function_lost: None };
        disability(&facts(vec![loss(a), loss(b)]), law)
    };
    for (whole, part) in [
        ("arm-right-from-shoulder", "index-right-first-phalanx"),
        ("thumb-left", "thumb-left"),
        ("leg-both", "big-toe-one"),
        ("foot-both", "leg-one"),
        ("leg-shortened-from-7-5-cm", "leg-shortened-under-5-cm"),
        ("eye-both", "colour-vision"),
    ] {
        assert!(matches!(pair(whole, part), Err(Declined::Contradiction { .. })), "{whole} {part}");
        assert!(pair(part, whole).is_err());
    }
    assert!(pair("thumb-left", "thumb-right").is_ok());
    // One leg and a toe of the other foot; the big toes of both feet; but no third one.
    assert!(pair("leg-one", "big-toe-one").is_ok());
    assert_eq!(pair("big-toe-one", "big-toe-one").unwrap().total.0, 2 * 12_000_000);
    let toe = || Loss { code: "big-toe-one".into(), measure: None, function_lost: None };
    assert!(disability(&facts(vec![toe(), toe(), toe()]), law).is_err());
}

#[test]
fn measures_and_functions_have_their_ranges() {
    let law = on("2025-03-03");
    let with = |code: &str, measure: Option<i64>, function: Option<i64>| {
        let measure = measure.map(Exact::whole);
        disability(&facts(vec![Loss { code: code.into(), measure, function_lost: function }]), law)
    };
    assert!(matches!(with("visual-acuity", None, None), Err(Declined::Missing { .. })));
    assert!(matches!(with("visual-acuity", Some(101), None), Err(Declined::OutOfRange { .. })));
    assert!(matches!(with("visual-acuity", Some(0), None), Err(Declined::OutOfRange { .. })));
    assert!(matches!(with("scalp", Some(9), None), Err(Declined::OutOfRange { .. })));
    assert!(matches!(with("thumb-left", Some(5), None), Err(Declined::Contradiction { .. })));
    assert!(matches!(with("thumb-left", None, Some(101)), Err(Declined::OutOfRange { .. })));
    assert_eq!(with("visual-acuity", Some(9), None).unwrap().total, Rupiah(0), "nothing below a full ten");
    let none = disability(&facts(Vec::new()), law);
    assert!(matches!(none, Err(Declined::Missing { .. })));
    let mut total = facts(vec![]);
    total.total = true;
    assert_eq!(disability(&total, law).unwrap().items.len(), 2);
    total.sight = Some(Sight { better: 50, worse: 60 });
    assert!(disability(&total, law).is_err());
}

#[test]
fn a_daily_wage_has_two_readings_a_monthly_one_has_one() {
    let day = "2025-03-03".parse().unwrap();
    let with = |wage: Wage| {
        let facts = DeathFacts {
            member: Member::Jakon,
            cause: Cause::WorkAccident,
            wage: Some(wage),
            children: vec![],
            years_insured: None,
        };
        under_every_reading(day, Law::builtin(), |law| death(&facts, law)).unwrap()
    };
    assert_eq!(with(Wage::Monthly(Exact::whole(3_000_000))).all.len(), 1);
    let daily = with(Wage::Daily(Exact::whole(120_000)));
    let totals: Vec<i64> = daily.all.iter().map(|u| u.value.total.0).collect();
    assert_eq!(totals, [48 * 3_000_000 + 22_000_000, 48 * 3_600_000 + 22_000_000]);
    // So low a wage meets the floor under both readings: then nothing differs, and nothing is said.
    assert_eq!(with(Wage::Daily(Exact::whole(10_000))).all.len(), 1);
}

proptest! {
    /// Parts sum to the whole, whatever the wage and the losses.
    #[test]
    fn items_sum_to_the_total(wage in 1i64..1_000_000_000_000, a in 0usize..50, b in 0usize..50) {
        let law = on("2025-03-03");
        let (rows, _) = losses(&law).unwrap();
        let mut facts = facts(vec![loss(&rows[a % rows.len()]), loss(&rows[b % rows.len()])]);
        facts.wage = Wage::Daily(Exact::whole(wage));
        let readings = under_every_reading(law.date(), Law::builtin(), |law| disability(&facts, law));
        for under in readings.iter().flat_map(|r| &r.all) {
            prop_assert_eq!(under.value.items.iter().map(|i| i.amount.0).sum::<i64>(), under.value.total.0);
            prop_assert!(under.value.items.iter().all(|i| i.amount.0 >= 0));
        }
    }

    /// A day more never pays less, and a year costs at most twelve wages.
    #[test]
    fn incapacity_rises_with_time(wage in 1i64..1_000_000_000, months in 0i64..40, days in 0i64..60, old: bool) {
        let law = on(if old { "2018-05-02" } else { "2025-03-03" });
        let wage = Wage::Monthly(Exact::whole(wage));
        let of = |days| incapacity(Member::Jakon, &wage, Absence { months, days }, law);
        if let (Ok(less), Ok(more)) = (of(days), of(days + 1)) {
            prop_assert!(less.total <= more.total);
            prop_assert_eq!(less.items.iter().map(|i| i.amount.0).sum::<i64>(), less.total.0);
        }
    }
}

/// The explanation computes to the amount: the steps that pay sum to the total, each under its article.
#[test]
fn the_steps_sum_to_the_total() {
    use crate::explained::code;
    let law = on("2025-03-03");
    let wage = Wage::Daily(Exact::whole(137_003));
    let dead = |wage: Wage| DeathFacts {
        member: Member::Jakon,
        cause: Cause::WorkAccident,
        wage: Some(wage),
        children: vec![Child { stages: vec![Stage { level: "sd".into(), years: Some(2) }] }],
        years_insured: None,
    };
    let natural = DeathFacts { cause: Cause::Other, wage: None, children: vec![], ..dead(wage.clone()) };
    let lost = |code: &str| Loss { code: code.into(), measure: None, function_lost: None };
    let mut limbs = facts(vec![lost("thumb-left"), lost("ring-right-first-phalanx")]);
    limbs.wage = wage.clone();
    let mut all = facts(vec![]);
    all.total = true;
    let fares = ["land", "air"].map(|mode| Fare { mode: mode.into(), receipts: Some(Exact::whole(7_000_000)) });
    let care_facts = CareFacts {
        aids: vec![("glasses".into(), Some(Exact::whole(900_000)))],
        prosthesis_price: Some(Exact::whole(3_000_001)),
    };
    let off = Absence { months: 13, days: 7 };
    let benefits = [
        ("death", death(&dead(wage.clone()), law), 5),
        ("natural", death(&natural, law), 3),
        ("limbs", disability(&limbs, law), 5),
        ("total", disability(&all, law), 3),
        ("incapacity", incapacity(Member::Jakon, &wage, off, law), 5),
        ("transport", transport(&fares, law), 3),
        ("care", care(&care_facts, law), 3),
    ];
    let pays = [
        code::TIMES_WAGE,
        code::LUMP,
        code::PERIODIC,
        code::FIXED,
        code::BLOCK,
        code::TRANSPORT,
        code::CEILING,
        code::PRICE_PLUS,
    ];
    for (name, benefit, steps) in benefits {
        let benefit = benefit.unwrap();
        assert_eq!(benefit.steps.len(), steps, "{name}: {:#?}", benefit.steps);
        let paying = benefit.steps.iter().filter(|s| pays.contains(&s.code));
        let sum: Exact = paying.clone().filter_map(|s| s.amount).sum();
        assert_eq!(sum.round(Rounding::HalfUp), Some(benefit.total), "{name}");
        assert!(paying.clone().all(|s| s.citation.is_some() && s.confidence.is_some()), "{name}");
    }
    // Where the floor holds, it stands in the steps in the place of the product.
    let poor = death(&dead(Wage::Monthly(Exact::whole(1))), law).unwrap();
    let floor = poor.steps.iter().find(|s| s.code == code::FLOOR).and_then(|s| s.amount);
    assert_eq!(floor, Some(Exact::whole(20_000_000)));
    // Every verdict on who pays names its rule.
    let day = law.date();
    let nothing_paid = PayerFacts { first_paid: false, ..PayerFacts::in_order(Member::Jakon) };
    for facts in [PayerFacts::in_order(Member::Jakon), PayerFacts::in_order(Member::Bpu), nothing_paid] {
        let verdicts = who_pays(day, &facts, Law::builtin()).unwrap();
        assert!(verdicts.default().steps.iter().all(|s| s.citation.is_some()) && !verdicts.default().steps.is_empty());
    }
}
