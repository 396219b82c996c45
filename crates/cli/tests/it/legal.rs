//! The contracts of the questions to the law: keys, whole rupiah, readings, refusals.

use crate::world::{World, refs, text};
use serde_json::{Value, json};

fn ask(arguments: &str) -> Value {
    World::new().json(&arguments.split(' ').chain(["--json"]).collect::<Vec<_>>())
}

/// A question that has to be declined: exit code 2, nothing on standard output, a reason on the other.
fn declined(arguments: &str) -> String {
    let world = World::new();
    let out = world.run(&arguments.split(' ').collect::<Vec<_>>());
    assert_eq!(out.status.code(), Some(2), "{arguments}: {}", text(&out.stdout));
    assert!(out.stdout.is_empty(), "{arguments}: {}", text(&out.stdout));
    let said = text(&out.stderr);
    assert!(!said.trim().is_empty(), "{arguments}");
    assert!(!world.home().exists(), "a question makes no data folder");
    said
}

#[test]
fn contribution_in_every_form() {
    let c = ask("contribution --value 180000000 --spk-date 2025-03-03");
    assert_eq!(c["instalments"], json!([196_000, 98_000, 98_000]));
    assert_eq!((&c["base"], &c["unrounded"]), (&json!("180000000"), &json!("392000")));
    let lump = ask("contribution --value 180000000 --spk-date 2025-03-03 --plan lump");
    assert_eq!(lump["instalments"], json!([392_000]));
    let wages = ask("contribution --monthly-wages 50.000.000 --spk-date 2025-03-03 --months 2");
    assert_eq!(
        (&wages["jkk"], &wages["jkm"], &wages["total"]),
        (&json!(1_740_000), &json!(300_000), &json!(2_040_000))
    );
    let changed = ask(
        "contribution --value 90000000 --spk-date 2025-03-03 --addendum 120000000@2025-06-02 --addendum 100000000@2025-07-02",
    );
    assert_eq!(changed["total"], 240_000);
    assert_eq!(changed["addenda"][0]["difference"], 62_000);
    assert_eq!(
        (&changed["addenda"][1]["difference"], &changed["addenda"][1]["kind"]),
        (&json!(-38_000), &json!("refund"))
    );
    let relief = ask("contribution --value 180000000 --spk-date 2020-09-01");
    assert_eq!((&relief["total"], &relief["relief"]["payable"]), (&json!(392_000), &json!(197_960)));
    let late = ask("contribution --monthly-wages 50000000 --spk-date 2025-03-03 --due 2025-04-15 --paid-on 2025-05-16");
    assert_eq!(late["late_fee"], json!({ "months": 2, "fee": 40_800 }));
    assert_eq!(late["readings"][1]["late_fee"]["fee"], 20_400);
    let own = ask("contribution --value 90000000 --spk-date 2025-03-03 --role self-managed");
    assert_eq!(own["needs_decision"], true);
    let longer = ask("contribution --value 90000000 --spk-date 2025-03-03 --extension 2025-12-20@2025-07-07");
    assert_eq!(longer["extensions"][0]["report_by"], "2025-07-16");
    let gross = ask("contribution --gross-value 199800000 --spk-date 2025-03-03");
    assert_eq!(
        gross["other_readings"],
        json!([{ "parameter": "tax/ppn", "reading": "twelve_percent", "total": 388_946 }])
    );
}

#[test]
fn benefits_carry_default_readings_and_items() {
    let death = ask("benefit death --accident-date 2025-03-03 --daily-wage 150000 --child sd:6,smp");
    let (default, readings) = (&death["default"], death["readings"].as_array().unwrap());
    assert_eq!(default["total"], 180_000_000 + 22_000_000);
    assert_eq!(readings.len(), 2);
    assert_eq!((&readings[0]["total"], &readings[1]["total"]), (&default["total"], &json!(216_000_000 + 22_000_000)));
    let items = default["items"].as_array().unwrap();
    assert_eq!(items.iter().map(|i| i["amount"].as_i64().unwrap()).sum::<i64>(), 202_000_000);
    assert!(items.iter().all(|i| i["article"].as_str().unwrap().contains("Pasal") && i["code"].is_string()));
    assert_eq!(default["outside"][0]["amount"], 9_000_000);
    assert_eq!(readings[1]["choices"][0]["parameter"], "benefit/daily_wage_factor_jakon");
    assert!(readings[1]["choices"][0]["why"]["id"].is_string());
    let before = ask("benefit death --accident-date 2021-03-31 --daily-wage 150000");
    assert_eq!(before["default"]["total"], 238_000_000);
    assert_eq!(ask("benefit death --accident-date 2025-03-03 --programme jkm")["default"]["total"], 42_000_000);
    let lost = "benefit disability --accident-date 2025-03-03 --monthly-wage 3000000 --loss thumb-right,index-left-first-phalanx";
    assert_eq!(ask(lost)["default"]["total"], 36_000_000 + 8_400_000);
    assert_eq!(ask(&format!("{lost} --left-handed"))["default"]["total"], 28_800_000 + 10_800_000);
    assert_eq!(ask("benefit disability --accident-date 2025-03-03 --monthly-wage 3000000 --loss hearing-both-10-db:35 --loss thumb-left@50")["readings"].as_array().unwrap().len(), 2);
    assert_eq!(
        ask("benefit incapacity --accident-date 2025-03-03 --monthly-wage 3000000 --months 14")["default"]["total"],
        39_000_000
    );
    assert_eq!(
        ask("benefit transport --accident-date 2025-03-03 --land 6000000 --air")["default"]["total"],
        15_000_000
    );
    assert_eq!(
        ask("benefit scholarship --accident-date 2025-03-03 --child tk,sd,smp,sma,s1")["default"]["total"],
        87_000_000
    );
    assert_eq!(ask("benefit care --accident-date 2025-03-03 --aid glasses:1500000")["default"]["total"], 1_000_000);
    assert_eq!(ask("benefit payer --accident-date 2025-03-03 --nothing-paid")["payer"], "employer");
    let losses = ask("benefit losses --accident-date 2025-03-03");
    let codes: Vec<&str> = losses["losses"].as_array().unwrap().iter().map(|l| l["code"].as_str().unwrap()).collect();
    for code in ["thumb-right", "index-left-first-phalanx", "eye-one"] {
        assert!(codes.contains(&code), "{code}");
    }
}

#[test]
fn deadlines_under_every_reading_with_the_days_skipped() {
    let d = ask("deadline registration --from 2025-08-01");
    assert_eq!((&d["due"], &d["strict"]), (&json!("2025-08-21"), &json!("2025-08-21")));
    let off = &d["readings"][1];
    assert_eq!(off["due"], "2025-08-22");
    let leave = off["skipped"].as_array().unwrap().iter().find(|s| s["date"] == "2025-08-18").unwrap();
    assert_eq!(leave["why"], "collective_leave");
    let dues = |d: &Value| -> Vec<String> {
        d["readings"].as_array().unwrap().iter().map(|r| r["due"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(dues(&ask("deadline roster-change --from 2025-06-30")), ["2025-07-09", "2025-08-11"]);
    let hours = ask("deadline accident-stage-1 --from 2025-07-04T16:20 --zone wit");
    assert_eq!(hours["due"], "2025-07-06T16:20");
    assert_eq!(
        hours["default"]["clocks"],
        json!({ "WIB": "2025-07-06T14:20", "WITA": "2025-07-06T15:20", "WIT": "2025-07-06T16:20" })
    );
    let ladder = ask("deadline sanction --from 2025-07-01 --contribution 1000000 --on 2025-08-29");
    assert_eq!(ladder["default"]["stages"][1]["due"], "2025-07-29");
    assert_eq!(ladder["default"]["fine"], 1_000);
    let late = ask("deadline payment-death --from 2025-07-07 --amount 10000000 --paid-on 2025-07-13");
    assert_eq!((&late["due"], &late["compensation"]), (&json!("2025-07-10"), &json!(300_000)));
    // A year without a list of holidays is admitted, not guessed.
    assert_eq!(ask("deadline registration --from 2029-01-05")["default"]["calendar_complete"], false);
}

#[test]
fn a_budget_is_people_or_months() {
    let plan = ask("plan --from 2027-01 --budget 201.600.000 --people 1500");
    let of = |months: usize, what: &str| plan["choices"][months - 1][what].clone();
    assert_eq!((of(12, "people"), of(12, "left"), of(6, "people")), (json!(1_000), json!(0), json!(2_000)));
    assert_eq!((of(9, "cost"), of(9, "fits"), &plan["longest"]), (json!(226_800_000), json!(false), &json!(8)));
    // The half contribution of 2026 is contested for donors and is none for a budget: both amounts are told.
    let donor = ask("plan --from 2026-10 --months 6 --payer donor");
    let month = |n: usize| (donor["months"][n]["each"].clone(), donor["months"][n]["at_most"].clone());
    assert_eq!((month(0), month(3)), ((json!(8_400), json!(16_800)), (json!(16_800), json!(16_800))));
    assert_eq!(ask("plan --from 2026-10 --months 1")["months"][0]["each"], 16_800);
}

#[test]
fn members_without_employer() {
    let own = ask("bpu --income 1000000 --month 2026-06 --payer self --sector other");
    assert_eq!(
        (&own["jkk"], &own["jkm"], &own["total"], &own["due"]),
        (&json!(5_000), &json!(3_400), &json!(8_400), &json!("2026-06-15"))
    );
    assert_eq!(ask("bpu --income 1000000 --month 2026-06 --payer apbd --sector other")["total"], 16_800);
    let donor = ask("bpu --income 1000000 --month 2026-06 --payer donor --sector transport");
    assert_eq!((&donor["total"], &donor["readings"][1]["total"]), (&json!(8_400), &json!(16_800)));
    assert_eq!(ask("bpu --income 1000000 --month 2026-01 --payer self --sector other")["total"], 16_800);
    assert_eq!(ask("bpu --income 1000000 --month 2026-01 --payer self --sector transport")["total"], 8_400);
}

#[test]
fn what_makes_no_sense_is_declined_never_answered() {
    for (arguments, word) in [
        ("contribution --value -5 --spk-date 2025-01-01", "-5"),
        ("contribution --value 0 --spk-date 2025-01-01", "nol"),
        ("contribution --value 1000000000000001 --spk-date 2025-01-01", "terlalu besar"),
        ("contribution --value 99999999999999999999 --spk-date 2025-01-01", "terlalu besar"),
        ("contribution --value seratus --spk-date 2025-01-01", "seratus"),
        ("contribution --value 5 --gross-value 6 --spk-date 2025-01-01", "--gross-value"),
        ("contribution --value 5 --monthly-wages 6 --spk-date 2025-01-01", "--monthly-wages"),
        ("contribution --value 5 --months 3 --spk-date 2025-01-01", "--months"),
        ("contribution --spk-date 2025-01-01", "--value"),
        ("contribution --value 5 --spk-date 2015-06-30", "1 Juli 2015"),
        ("contribution --value 5 --spk-date 2025-02-30", "2025-02-30"),
        ("contribution --value 5 --spk-date 2025-03-01 --addendum 7", "VALUE@DATE"),
        ("contribution --value 5 --spk-date 2025-03-01 --addendum 7@2025-02-01", "2025-03-01"),
        ("contribution --value 5 --spk-date 2025-03-01 --due 2025-03-01", "--paid-on"),
        ("benefit disability --accident-date 2025-01-01 --monthly-wage 3000000 --loss tail", "payung benefit losses"),
        (
            "benefit disability --accident-date 2025-01-01 --monthly-wage 3000000 --loss hand-left,thumb-left",
            "thumb-left",
        ),
        ("benefit disability --accident-date 2025-01-01 --monthly-wage 3000000 --total --loss thumb-left", "total"),
        ("benefit disability --accident-date 2025-01-01 --loss thumb-left", "--monthly-wage"),
        ("benefit death --accident-date 2025-01-01 --daily-wage 1 --monthly-wage 2", "--monthly-wage"),
        ("benefit death --accident-date 2025-01-01 --daily-wage 0", "nol"),
        ("benefit death --accident-date 2015-06-30 --daily-wage 100000", "2015-06-30"),
        ("benefit death --accident-date 2025-01-01 --member bpu --daily-wage 100000", "bpu"),
        ("benefit incapacity --accident-date 2025-01-01 --monthly-wage 3000000 --months -3", "nol"),
        ("benefit transport --accident-date 2025-01-01", "mode"),
        ("benefit scholarship --accident-date 2025-01-01 --child sd:7", "6"),
        ("deadline lunch --from 2025-01-01", "roster-change"),
        ("deadline registration --from kemarin", "kemarin"),
        ("deadline registration --from 2014-01-01", "2014-01-01"),
        ("deadline registration --from 2025-01-01 --contribution 5 --on 2025-02-01", "--contribution"),
        ("deadline claim --from 2025-01-01 --amount 5 --paid-on 2025-02-01", "claim"),
        ("bpu --income 0 --month 2026-05 --payer self", "nol"),
        ("bpu --income 1000000 --month 2026-13 --payer self", "2026-13"),
        ("plan --from 2026-13", "2026-13"),
        ("plan --from 2012-01", "2012-01-01"),
        ("plan --from 2027-01 --budget 9999999999999999", "terlalu besar"),
        ("plan --from 2027-01 --months 61", "61"),
        ("bpu --income 1000000 --month 2026-05 --payer nobody", "nobody"),
        ("law show jakon/lunch", "jakon"),
        ("law show bpu/jkm --on 2014-01-01", "2014-01-01"),
    ] {
        let said = declined(arguments);
        assert!(said.contains(word), "{arguments}: {said}");
    }
}

#[test]
fn two_cases_are_compared_step_by_step() {
    let world = World::new();
    let arguments = [
        "contribution",
        "--gross-value",
        "222000000",
        "--spk-date",
        "2022-04-01",
        "--against",
        "--spk-date 2022-03-31",
    ];
    let out = world.ok(&arguments);
    assert!(out.contains("- Tanpa PPN 11 persen") && out.contains("+ Tanpa PPN 10 persen"), "{out}");
    let json = world.json(&[&arguments[..], &["--json"]].concat());
    assert_eq!(json["against"]["result"]["base"], "2220000000/11");
    assert!(json["against"]["steps"].as_array().unwrap().len() > 3);
    let same = world.ok(&[
        "--lang",
        "en",
        "bpu",
        "--income",
        "1000000",
        "--month",
        "2026-06",
        "--payer",
        "self",
        "--against",
        "--month 2026-06",
    ]);
    assert!(same.contains("Nothing differs"), "{same}");
    assert_eq!(
        world
            .run(&["bpu", "--income", "1", "--month", "2026-06", "--payer", "self", "--against", "--colour red"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn the_law_is_listed_shown_and_compared() {
    let world = World::new();
    let check = world.json(&["law", "check", "--json"]);
    assert!(check["parameters"].as_u64().unwrap() > 90 && check["cases"].as_u64().unwrap() > 90, "{check}");
    assert!(world.ok(&["law", "list"]).lines().count() > 90);
    let show = world.json(&["law", "show", "deadline/roster-change", "--on", "2025-03-03", "--json"]);
    let readings = show["values"][0]["readings"].as_array().unwrap();
    assert_eq!(readings.len(), 2);
    assert_eq!((&readings[0]["default"], &readings[0]["value"]["count"]), (&json!(true), &json!(7)));
    assert!(readings.iter().all(|r| r["citation"]["article"].is_string() && r["checked"].is_string()));
    let text = world.ok(&["--lang", "en", "law", "show", "jakon/jkk_scale"]);
    assert!(text.contains("0.21 %") && text.contains("PP 44/2015"), "{text}");
    let diff = world.json(&["law", "diff", "2019-12-01", "2019-12-02", "--json"]);
    let paths: Vec<&str> = diff["changes"].as_array().unwrap().iter().map(|c| c["path"].as_str().unwrap()).collect();
    assert!(paths.contains(&"benefit/jkm_lump") && paths.contains(&"deadline/claim"), "{paths:?}");
    assert!(!paths.contains(&"jakon/jkk_scale"));
    let none = world.ok(&["--lang", "en", "law", "diff", "2024-02-01", "2024-02-02"]);
    assert!(none.contains("No parameter differs"), "{none}");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let world = World::new();
    for arguments in [&["law", "list"][..], &["law", "list", "--json"]] {
        let mut child = world
            .command(arguments)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let out = child.wait_with_output().unwrap();
        assert!(out.status.success() && out.stderr.is_empty(), "{}", text(&out.stderr));
    }
}

const SETTLES: &str = "path: deadline/roster-change\nvalues:\n  - from: 2025-01-01\n    settle:\n      reading: perdir_22_2022\n      \
                       citation: { instrument: SE Wali Kota 12/2024, article: angka 3 }\n      confidence: instrument\n      \
                       checked: 2026-11-24\n";

#[test]
fn a_citys_layer_settles_what_is_contested() {
    let world = World::new();
    let folder = world.home().join("law");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("edaran.yaml"), SETTLES).unwrap();
    let settled = world.json(&["deadline", "roster-change", "--from", "2025-06-30", "--json"]);
    assert_eq!((&settled["due"], settled["readings"].as_array().unwrap().len()), (&json!("2025-08-11"), 1));
    assert_eq!(settled["default"]["steps"][0]["article"], "SE Wali Kota 12/2024 angka 3");
    assert!(world.ok(&["law", "check"]).contains("Lapisan kota: 1 berkas"));
    let case = "title: { id: a, en: a }\nsource: SE Wali Kota\ncases:\n  - name: edaran\n    ask: { deadline: { kind: roster-change, from: \
                2025-06-30 } }\n    expect: { due: 2025-08-11 }\n";
    std::fs::create_dir_all(folder.join("cases")).unwrap();
    std::fs::write(folder.join("cases/edaran.yaml"), case).unwrap();
    world.ok(&["law", "check"]);
    std::fs::write(folder.join("cases/edaran.yaml"), case.replace("08-11", "07-09")).unwrap();
    let out = world.run(&["law", "check"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("edaran: default: due is 2025-08-11"), "{}", text(&out.stderr));
    std::fs::remove_dir_all(folder.join("cases")).unwrap();
    std::fs::write(folder.join("edaran.yaml"), SETTLES.replace("perdir_22_2022", "sometimes")).unwrap();
    for arguments in [
        &["law", "check"][..],
        &["deadline", "roster-change", "--from", "2025-06-30"],
        &["monev", "--as-of", "2026-01-01"],
    ] {
        let out = world.run(arguments);
        assert_eq!(out.status.code(), Some(2), "{arguments:?}");
        assert!(
            text(&out.stderr).contains("city/edaran.yaml:4: on 2025-01-01 there is no reading sometimes"),
            "{}",
            text(&out.stderr)
        );
    }
}

#[test]
fn a_folder_of_law_files_is_checked_with_file_and_line() {
    let world = World::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../law");
    let copy = world.path("law");
    copy_folder(&root, &copy);
    world.ok(&["law", "check", "--dir", &copy.display().to_string()]);
    world.ok(&["law", "check", &copy.display().to_string()]);
    for file in ["jakon/jkk_scale.yaml", "deadline/roster-change.yaml"] {
        assert!(world.ok(&["law", "check", &copy.join(file).display().to_string()]).contains("sah"));
    }
    let change = world.file("usul.yaml", SETTLES);
    world.ok(&["law", "check", &change.display().to_string()]);
    for (from, to) in
        [("    settle:", "    colour: red\n    settle:"), ("citation: {", "cite: {"), ("perdir_22_2022", "x")]
    {
        let broken = world.file("rusak.yaml", SETTLES.replacen(from, to, 1));
        let out = world.run(&["law", "check", &broken.display().to_string()]);
        assert_eq!(out.status.code(), Some(2), "{from}");
        assert!(text(&out.stderr).contains("rusak.yaml:"), "{}", text(&out.stderr));
    }
    assert_eq!(world.run(&["law", "check", "/nowhere"]).status.code(), Some(2));
    let scale = copy.join("jakon/jkk_scale.yaml");
    let text_of = std::fs::read_to_string(&scale).unwrap();
    for (from, to, said) in [
        (
            "ppm: 1700",
            "ppm: 1800",
            "law/cases/contribution-by-value.yaml:6: contoh penjelasan Pasal 54 dan 55: default: jkk is 354000",
        ),
        ("unit: ppm_of_slice", "colour: red\nunit: ppm_of_slice", "law/jakon/jkk_scale.yaml:4: unknown field `colour`"),
        (
            "  - from: 2015-07-01",
            "  - from: 2015-07-01\n    to: 2024-12-31",
            "law/jakon/jkk_scale.yaml:7: nothing is said about the days after 2024-12-31",
        ),
    ] {
        assert!(text_of.contains(from));
        std::fs::write(&scale, text_of.replacen(from, to, 1)).unwrap();
        let out = world.run(&["law", "check", "--dir", &copy.display().to_string()]);
        assert_eq!(out.status.code(), Some(2));
        assert!(text(&out.stderr).contains(said), "{}", text(&out.stderr));
    }
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn what_a_change_would_do_to_this_city() {
    let world = World::new();
    let files = world.city(11, 300);
    world.import(&refs(&files));
    let before = world.json(&["monev", "--as-of", "2026-11-15", "--json"]);
    let change = world.file(
        "usul.yaml",
        "path: deadline/registration\nvalues:\n  - from: 2026-01-01\n    readings:\n      - id: proposed\n        default: true\n        \
         term: { count: 3, of: working_days }\n        citation: { instrument: usul, article: \"1\" }\n        confidence: judgement\n        \
         checked: 2026-11-24\n",
    );
    let change = change.display().to_string();
    let impact = world.json(&["law", "impact", "--change", &change, "--as-of", "2026-11-15", "--json"]);
    assert_eq!(impact["parameter"], "deadline/registration");
    let figure = |name: &str| impact["figures"].as_array().unwrap().iter().find(|f| f["figure"] == name).cloned();
    let late = figure("finding-registered-late").expect("a shorter term makes more late registrations");
    assert_eq!(late["before"], before["findings"]["registered-late"]);
    assert!(late["after"].as_i64() > late["before"].as_i64());
    assert!(figure("uncovered-project-days").is_none(), "a deadline covers nobody");
    let projects = impact["projects"].as_array().unwrap();
    assert!(projects.iter().any(|p| p["before"]["deadline"] != p["after"]["deadline"]));
    assert_eq!(impact["contributions"]["projects"], 0);
    let rate = world.file(
        "tarif.yaml",
        "path: tax/ppn\nvalues:\n  - from: 2026-01-01\n    readings:\n      - id: proposed\n        default: true\n        \
         number: 120000\n        citation: { instrument: usul, article: \"1\" }\n        confidence: judgement\n        checked: 2026-11-24\n",
    );
    let impact =
        world.json(&["law", "impact", "--change", &rate.display().to_string(), "--as-of", "2026-11-15", "--json"]);
    let c = &impact["contributions"];
    assert!(c["projects"].as_u64().unwrap() > 50 && c["after"].as_i64() < c["before"].as_i64(), "{c}");
    // Trying a change changes nothing.
    assert_eq!(world.json(&["monev", "--as-of", "2026-11-15", "--json"])["digest"], before["digest"]);
    let text_out = world.ok(&["law", "impact", "--change", &change, "--as-of", "2026-11-15"]);
    assert!(text_out.contains("Hari-proyek, Terbuka risiko: "), "{text_out}");
    let broken = world.file("rusak.yaml", "path: tax/ppn\nvalues: []\n");
    assert_eq!(world.run(&["law", "impact", "--change", &broken.display().to_string()]).status.code(), Some(2));
    // The duties of the whole register at once.
    let duties = world.json(&["duties", "--json"]);
    assert_eq!(duties["projects"], before["projects"]["duty"]);
    let mut csv = csv::Reader::from_path(world.home().join("duties/duties.csv")).unwrap();
    let column = csv.headers().unwrap().iter().position(|c| c == "total").unwrap();
    let totals: Vec<i64> = csv.records().map(|r| r.unwrap()[column].parse().unwrap_or(0)).collect();
    assert_eq!(totals.len() as u64, duties["projects"].as_u64().unwrap());
    assert_eq!(totals.iter().sum::<i64>(), duties["total"].as_i64().unwrap());
}
