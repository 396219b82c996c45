use super::*;
use crate::model::{Unit, Value};
use kernel::Date;
use std::collections::BTreeSet;

const HEAD: &str = "title: { id: a, en: a }\nunit: days\nrounding: none\nvalues:\n";
const TAIL: &str = "citation: { instrument: x, article: y }, confidence: instrument, checked: 2026-01-01 }]\n";

fn complain(text: &str) -> String {
    match parse(text).and_then(|raw| check::parameter(raw, Lines(text))) {
        Ok(_) => "accepted".into(),
        Err((line, m)) => format!("{} {m}", line.map_or_else(|| "-".to_owned(), |l| l.to_string())),
    }
}

fn one(from: &str, to: &str) -> String {
    format!("  - from: {from}\n{to}    readings: [{{ id: r, default: true, number: 1, {TAIL}")
}

#[test]
fn complaints_are_specific_and_name_their_line() {
    let gap = format!("{HEAD}{}{}", one("2020-01-01", "    to: 2020-12-30\n"), one("2021-01-01", ""));
    assert_eq!(complain(&gap), "8 gap or overlap between 2020-12-30 and 2021-01-01");
    let overlap = format!("{HEAD}{}{}", one("2020-01-01", "    to: 2021-01-01\n"), one("2021-01-01", ""));
    assert!(complain(&overlap).starts_with("8 gap or overlap"));
    let open = format!("{HEAD}{}{}", one("2020-01-01", ""), one("2021-01-01", ""));
    assert!(complain(&open).starts_with("7 the value from 2020-01-01 is open-ended"));
    let ends = format!("{HEAD}{}", one("2020-01-01", "    to: 2020-12-30\n"));
    assert!(complain(&ends).starts_with("5 nothing is said about the days after 2020-12-30"), "{}", complain(&ends));
    let ended = ends.replace("rounding: none\n", "rounding: none\nended: true\n");
    assert_eq!(complain(&ended), "accepted");
    let backwards = format!("{HEAD}{}", one("2020-01-01", "    to: 2019-12-30\n"));
    assert!(complain(&backwards).starts_with("5 the value from 2020-01-01 ends before it begins"));
    let good = format!("{HEAD}{}", one("2020-01-01", ""));
    for (change, to, said) in [
        ("    readings", "    colour: red\n    readings", "unknown field `colour`"),
        ("default: true, ", "", "5 0 default readings"),
        ("number: 1, ", "", "6 r: 0 values"),
        ("number: 1", "number: -1", "6 r: -1 is negative"),
        ("number: 1", "choice: x", "does not fit the unit days"),
        ("article: y", "article: \"\"", "6 r: the citation lacks"),
        ("citation: { instrument: x, article: y }, ", "", "missing field `citation`"),
        ("confidence: instrument", "confidence: unconfirmed", "6 r: an unconfirmed value says why"),
        ("id: r", "id: R r", "a name is made of small letters"),
        ("unit: days", "unit: parsecs", "unknown variant `parsecs`"),
        ("rounding: none\n", "", "missing field `rounding`"),
        ("en: a", "en: \"\"", "1 the title is empty"),
        ("checked: 2026-01-01", "checked: kemarin", "checked"),
    ] {
        assert!(good.contains(change), "{change}");
        let text = good.replacen(change, to, 1);
        assert!(complain(&text).contains(said), "{change} -> {to}: {}", complain(&text));
    }
    let two = format!(
        "{HEAD}  - from: 2020-01-01\n    readings:\n      - {{ id: a, default: true, number: 1, {}      - {{ id: b, number: 2, {}",
        TAIL.replace("}]", "}"),
        TAIL.replace("}]", "}")
    );
    assert!(complain(&two).starts_with("7 a: of several readings each says why"), "{}", complain(&two));
}

#[test]
fn tables_and_scales_are_checked() {
    let with = |unit: &str, value: &str| {
        complain(&format!(
            "title: {{ id: a, en: a }}\nunit: {unit}\nrounding: none\nvalues:\n  - from: 2020-01-01\n    readings:\n      - id: r\n        default: true\n        {value}\n        citation: {{ instrument: x, article: y }}\n        confidence: instrument\n        checked: 2026-01-01\n"
        ))
    };
    let row = |code: &str, rest: &str| format!("{{ code: {code}, title: {{ id: a, en: a }}, number: 1{rest} }}");
    for (unit, value, said) in [
        ("ppm_of_slice", "scale: [{ up_to: 5, ppm: 1, article: a }]".to_owned(), "the last slice must be open"),
        ("ppm_of_slice", "scale: []".to_owned(), "an empty scale"),
        (
            "ppm_of_slice",
            "scale: [{ up_to: 5, ppm: 1, article: a }, { up_to: 5, ppm: 1, article: a }, { ppm: 1, article: a }]"
                .to_owned(),
            "slices must rise",
        ),
        ("ppm_of_slice", "scale: [{ ppm: 1000001, article: a }]".to_owned(), "outside 0 to 1000000"),
        ("rupiah_by_band", "bands: [{ up_to: 5, amount: 1 }]".to_owned(), "the last slice must be open"),
        ("percent_parts", "parts: [50, 49]".to_owned(), "do not sum to 100"),
        ("term", "term: { count: 0, of: hours }".to_owned(), "none that can be counted"),
        ("term", "term: { count: 32, of: day_of_next_month }".to_owned(), "none that can be counted"),
        ("ppm_rows", format!("rows: [{}, {}]", row("a", ""), row("a", "")), "a stands twice"),
        ("ppm_rows", format!("rows: [{}]", row("A", "")), "small letters"),
        ("ppm_rows", format!("rows: [{}]", row("a", ", part_of: [b]")), "a names b, which is no row"),
        ("ppm_rows", format!("rows: [{}]", row("a", ", number_max: 1")), "a range must rise"),
        ("days_off", "days_off: [{ date: 2020-12-31, name: a }]".to_owned(), "say until when"),
    ] {
        assert!(with(unit, &value).contains(said), "{value}: {}", with(unit, &value));
    }
}

#[test]
fn days_off_lie_in_their_year_and_stand_once() {
    let year = |days: &str| {
        let head = HEAD.replace("unit: days", "unit: days_off");
        let readings = format!("readings: [{{ id: r, default: true, days_off: [{days}], {TAIL}");
        complain(&format!("{head}  - from: 2020-01-01\n    to: 2020-12-31\n    {readings}"))
    };
    assert_eq!(year("{ date: 2020-08-17, name: a }"), "accepted");
    assert!(year("{ date: 2021-01-01, name: a }").contains("lies outside the year"));
    assert!(year("{ date: 2020-08-17, name: a }, { date: 2020-08-17, name: b }").contains("twice"));
}

/// The built-in files with one of them changed.
fn changed(path: &str, from: &str, to: &str) -> Result<Law, LawFault> {
    let owned: Vec<(String, String)> = builtin_files()
        .into_iter()
        .map(|(p, text)| {
            let text = if p == path { text.replacen(from, to, 1) } else { text.to_owned() };
            (p, text)
        })
        .collect();
    let files: Vec<(String, &str)> = owned.iter().map(|(p, t)| (p.clone(), t.as_str())).collect();
    Law::from_files(&files)
}

fn said(result: Result<Law, LawFault>) -> String {
    result.err().map_or_else(String::new, |f| f.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

proptest::proptest! {
    /// A file with a piece cut out, doubled or overwritten is a complaint or a law, never a panic.
    #[test]
    fn no_damage_to_a_file_is_fatal(file in 0usize..200, at in 0usize..4000, length in 1usize..60, with in "[ -~\\n]{0,12}") {
        let files = builtin_files();
        let (path, text) = &files[file % files.len()];
        let cut = |i: usize| (0..=i.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        let (from, to) = (cut(at % (text.len() + 1)), cut(at % (text.len() + 1) + length));
        let damaged = format!("{}{with}{}", &text[..from], &text[to..]);
        let owned: Vec<(String, &str)> =
            files.iter().map(|(p, t)| (p.clone(), if p == path { damaged.as_str() } else { *t })).collect();
        let _ = Law::from_files(&owned);
        let _ = Law::builtin().with_layer("city", &[(path.clone(), &damaged)], Authority::City);
        let _ = cases::run(Law::builtin(), &[(format!("cases/{path}"), damaged.as_str())]);
    }
}

#[test]
fn a_file_that_a_formula_needs_is_missed() {
    let files: Vec<_> = builtin_files().into_iter().filter(|(p, _)| p != "jakon/jkm_scale").collect();
    assert_eq!(
        said(Law::from_files(&files)),
        "law/jakon/jkm_scale.yaml: a formula needs this parameter, and it is not there"
    );
    let wrong = said(changed("benefit/disability_several", "choice: uncapped", "choice: sometimes"));
    assert!(wrong.contains("sometimes is none of uncapped, capped"), "{wrong}");
    let round = said(changed("jakon/jkk_scale", "rounding: jakon/rounding", "rounding: jakon/duty"));
    assert!(round.contains("jakon/duty is no rounding rule"), "{round}");
    let term = said(changed("deadline/claim", "unit: term", "unit: reference"));
    assert!(term.contains("law/deadline/claim.yaml:"), "{term}");
}

#[test]
fn every_day_since_the_regime_began_is_covered() {
    let end: Date = "2030-12-31".parse().unwrap();
    for (path, parameter) in Law::builtin().parameters() {
        let (first, last) = (parameter.periods[0].from, parameter.periods.last().and_then(|p| p.to));
        let mut day = first;
        while day < last.unwrap_or(end) {
            assert!(parameter.on(day).is_some(), "{path} on {day}");
            day = kernel::date::next_day(day).unwrap();
        }
        assert!(parameter.on(first.yesterday().unwrap()).is_none());
    }
}

const CITY: &str = "path: deadline/roster-change\nvalues:\n  - from: 2027-01-01\n    to: 2027-12-31\n    settle:\n      \
                    reading: perdir_22_2022\n      citation: { instrument: SE Wali Kota 12/2026, article: angka 3 }\n      \
                    confidence: instrument\n      checked: 2026-12-01\n";

fn layered(files: &[(&str, &str)], who: Authority) -> Result<Law, LawFault> {
    let files: Vec<(String, &str)> = files.iter().map(|(p, t)| ((*p).to_owned(), *t)).collect();
    Law::builtin().with_layer("city", &files, who)
}

#[test]
fn a_city_settles_what_is_contested_for_its_days_alone() {
    let law = layered(&[("a", CITY)], Authority::City).unwrap();
    let ids = |day: &str| -> Vec<String> {
        let readings = law.at(day.parse().unwrap());
        readings.readings("deadline/roster-change").unwrap().iter().map(|r| r.id.clone()).collect()
    };
    let both = ["permenaker_44_2015", "perdir_22_2022"];
    assert_eq!(ids("2026-12-31"), both);
    assert_eq!(ids("2027-01-01"), ["perdir_22_2022"]);
    assert_eq!(ids("2027-12-31"), ["perdir_22_2022"]);
    assert_eq!(ids("2028-01-01"), both, "what the city does not speak about goes on");
    let at = law.at("2027-05-05".parse().unwrap());
    let reading = at.reading("deadline/roster-change").unwrap();
    assert_eq!(
        (reading.citation.instrument.as_str(), reading.layer.as_deref()),
        ("SE Wali Kota 12/2026", Some("city"))
    );
    assert_eq!(law.layers(), ["city"]);
    assert_ne!(law.fingerprint(), Law::builtin().fingerprint());
}

#[test]
fn a_future_version_changes_no_past_answer() {
    let law = layered(&[("a", CITY)], Authority::City).unwrap();
    for (path, parameter) in Law::builtin().parameters() {
        let mut day: Date = "2015-07-01".parse().unwrap();
        while day < "2027-01-01".parse().unwrap() {
            let before = parameter.on(day).map(|p| &p.readings);
            assert_eq!(law.parameter(path).unwrap().on(day).map(|p| &p.readings), before, "{path} {day}");
            day = kernel::date::add_days(day, 13).unwrap();
        }
    }
}

#[test]
fn a_city_may_not_touch_national_law() {
    let scale = "path: jakon/jkk_wage_rate\nvalues:\n  - from: 2027-01-01\n    readings: [{ id: r, default: true, number: 1, \
                 citation: { instrument: x, article: y }, confidence: instrument, checked: 2026-01-01 }]\n";
    let refused = said(layered(&[("x/y", scale)], Authority::City));
    assert_eq!(refused, "city/x/y.yaml:4: jakon/jkk_wage_rate is national law that a city cannot change");
    // A change tried out may: the ministry might.
    let tried = layered(&[("x", scale)], Authority::WhatIf).unwrap();
    assert_eq!(tried.at("2027-01-01".parse().unwrap()).number("jakon/jkk_wage_rate").unwrap().0, 1);
    let own = scale
        .replace("jakon/jkk_wage_rate", "deadline/roster-change")
        .replace("number: 1", "term: { count: 1, of: hours }");
    assert!(
        said(layered(&[("x", &own)], Authority::City)).contains("may settle which reading applies, not write its own")
    );
    let yardstick = scale.replace("jakon/jkk_wage_rate", "assessment/cash_in_days").replace("number: 1", "number: 30");
    let law = layered(&[("x", &yardstick)], Authority::City).unwrap();
    assert_eq!(law.at("2027-01-01".parse().unwrap()).number("assessment/cash_in_days").unwrap().0, 30);
    assert_eq!(law.at("2026-12-31".parse().unwrap()).number("assessment/cash_in_days").unwrap().0, 14);
}

#[test]
fn a_layer_that_does_not_hold_says_where() {
    for (from, to, expected) in [
        ("deadline/roster-change", "deadline/lunch", "city/a.yaml:1: there is no parameter deadline/lunch"),
        ("perdir_22_2022", "sometimes", "there is no reading sometimes; there are permenaker_44_2015, perdir_22_2022"),
        ("to: 2027-12-31", "to: 2026-12-31", "ends before it begins"),
        ("article: angka 3", "article: \"\"", "the citation lacks"),
        ("confidence: instrument", "confidence: sure", "unknown variant `sure`"),
        ("    settle:", "    colour: red\n    settle:", "unknown field `colour`"),
    ] {
        let text = CITY.replacen(from, to, 1);
        let refused = said(layered(&[("a", &text)], Authority::City));
        assert!(refused.contains(expected), "{from} -> {to}: {refused}");
    }
    let exists = format!("{HEAD}{}", one("2020-01-01", ""));
    assert!(said(layered(&[("tax/ppn", &exists)], Authority::City)).contains("tax/ppn exists already"));
    let own = layered(&[("city/gate", &exists)], Authority::City).unwrap();
    assert_eq!(own.at("2024-05-05".parse().unwrap()).number("city/gate").unwrap().0, 1);
    // A city's own holiday, decreed for a year the national list does not know yet.
    assert_eq!(own.parameter("city/gate").unwrap().unit, Unit::Days);
}

#[test]
fn holidays_lie_in_their_year_and_names_are_kept() {
    for path in ["calendar/holidays", "calendar/collective_leave"] {
        let mut seen = BTreeSet::new();
        for period in &Law::builtin().parameter(path).unwrap().periods {
            let Value::DaysOff(days) = &period.readings[0].value else { panic!("{path}") };
            for day in days {
                assert!(!day.name.is_empty() && seen.insert(day.date), "{path} {day:?}");
            }
        }
        assert!(seen.len() > 50);
    }
}
