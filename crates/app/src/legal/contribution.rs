//! The contribution of one contract, explained.

use super::Answer;
use super::say::{declined, readings_json, readings_lines, steps_json, steps_lines};
use crate::words::{amount_text, long_date, rupiah_text};
use crate::{Language, Refused};
use kernel::Rupiah;
use law::Law;
use law::contribution::{Case, Determined, determine};
use phrases::{key, say, say_named};
use serde_json::{Map, Value, json};

/// Computes a contract.
///
/// # Errors
/// A sentence where the law declines.
pub fn contribution(case: &Case, law: &Law, language: Language) -> Result<Answer, Refused> {
    let readings = determine(case, law).map_err(|d| declined(&d, law, language))?;
    let d = readings.default();
    let mut json = fields(d);
    json.insert("base".into(), d.contribution.base.to_string().into());
    json.insert("unrounded".into(), d.contribution.unrounded.to_string().into());
    json.insert("steps".into(), steps_json(&d.contribution.steps, language));
    json.insert("needs_decision".into(), d.branch_decides.into());
    json.insert("readings".into(), readings_json(&readings, law, case.order_date, fields));
    // One contested parameter at a time: what each would do alone. All combinations are in `readings`.
    let default = &readings.all[0].choices;
    let others: Vec<Value> = readings.all[1..]
        .iter()
        .filter(|u| u.value.contribution.total != d.contribution.total)
        .filter_map(|u| {
            let mut differing = u.choices.iter().filter(|c| !default.contains(*c));
            let choice = differing.next().filter(|_| differing.next().is_none())?;
            let total = u.value.contribution.total.0;
            Some(json!({ "parameter": choice.parameter, "reading": choice.reading, "total": total }))
        })
        .collect();
    json.insert("other_readings".into(), others.into());
    let mut lines = result_lines(d, language);
    lines.extend(steps_lines(&d.contribution.steps, language));
    lines.extend(readings_lines(&readings, law, case.order_date, language, |d| {
        // The base is the same in words; what may differ is the amount, the relief and the fee.
        let mut said = result_lines(d, language);
        said.remove(1);
        said.join("; ")
    }));
    Ok(Answer { json: json.into(), lines, steps: d.contribution.steps.clone() })
}

/// What may differ between readings.
fn fields(d: &Determined) -> Map<String, Value> {
    let c = &d.contribution;
    let whole = |amounts: &[Rupiah]| amounts.iter().map(|a| a.0).collect::<Vec<i64>>();
    let json = json!({
        "jkk": c.jkk.0,
        "jkm": c.jkm.0,
        "total": c.total.0,
        "instalments": whole(&d.instalments),
        "addenda": d.addenda.iter().map(|a| json!({
            "date": a.date, "before": a.before.0, "after": a.after.0, "difference": a.difference.0,
            "kind": kind(a.difference),
        })).collect::<Vec<_>>(),
        "extensions": d.extensions.iter().map(|e| json!({
            "until": e.until, "report_by": e.report_by, "contribution": 0,
        })).collect::<Vec<_>>(),
        "relief": d.relief.as_ref().map(|r| json!({
            "payable": r.payable.0, "saved": r.saved.0, "instalments": whole(&r.instalments),
        })),
        "late_fee": d.late_fee.as_ref().map(|l| json!({ "months": l.months, "fee": l.fee.0 })),
    });
    match json {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn kind(difference: Rupiah) -> &'static str {
    match difference.0 {
        0 => "none",
        n if n > 0 => "top_up",
        _ => "refund",
    }
}

fn result_lines(d: &Determined, language: Language) -> Vec<String> {
    let rp = |amount: Rupiah| rupiah_text(amount, language);
    let c = &d.contribution;
    let mut lines = vec![
        say(language, key::CONTRIBUTION_LINE, &[("jkk", &rp(c.jkk)), ("jkm", &rp(c.jkm)), ("total", &rp(c.total))]),
        say(language, key::CONTRIBUTION_BASE, &[("base", &amount_text(c.base, language))]),
    ];
    if d.instalments.len() > 1 {
        let parts = d.instalments.iter().map(|p| format!("Rp{}", rp(*p))).collect::<Vec<_>>().join(" + ");
        lines.push(say(language, key::CONTRIBUTION_INSTALMENTS, &[("parts", &parts)]));
    }
    for a in &d.addenda {
        let kind = say_named(language, &format!("contribution-{}", kind(a.difference)), &[]);
        lines.push(say(
            language,
            key::CONTRIBUTION_ADDENDUM,
            &[
                ("date", &long_date(a.date, language)),
                ("before", &rp(a.before)),
                ("after", &rp(a.after)),
                ("difference", &rp(a.difference)),
                ("kind", &kind),
            ],
        ));
    }
    for e in &d.extensions {
        let days = [("until", long_date(e.until, language)), ("report_by", long_date(e.report_by, language))];
        let days: Vec<(&str, &str)> = days.iter().map(|(name, day)| (*name, day.as_str())).collect();
        lines.push(say(language, key::CONTRIBUTION_EXTENSION, &days));
    }
    if let Some(r) = &d.relief {
        lines.push(say(language, key::CONTRIBUTION_RELIEF, &[("payable", &rp(r.payable)), ("saved", &rp(r.saved))]));
    }
    if let Some(l) = &d.late_fee {
        lines.push(say(language, key::CONTRIBUTION_LATE, &[("fee", &rp(l.fee)), ("months", &l.months.to_string())]));
    }
    if d.branch_decides {
        lines.push(say(language, key::CONTRIBUTION_BRANCH, &[]));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Exact;
    use law::contribution::Base;

    #[test]
    fn the_elucidations_own_example() {
        let case = Case::new(Base::Net(Exact::whole(180_000_000)), "2025-03-03".parse().unwrap());
        let answer = contribution(&case, Law::builtin(), Language::English).unwrap();
        let json = &answer.json;
        assert_eq!((&json["jkk"], &json["jkm"], &json["total"]), (&346_000.into(), &46_000.into(), &392_000.into()));
        assert_eq!(json["instalments"], json!([196_000, 98_000, 98_000]));
        assert_eq!(json["unrounded"], "392000");
        let steps = json["steps"].as_array().unwrap();
        assert!(steps.iter().any(|s| s["article"] == "PP 44/2015 Pasal 54 ayat (2) huruf a"));
        assert!(steps.iter().all(|s| s["say"].as_str().is_some_and(|t| !t.is_empty() && !t.contains('{'))));
        assert!(answer.lines[0].contains("392,000"), "{:?}", answer.lines);
    }
}
