//! The contribution of a member without employer, explained.

use super::Answer;
use super::say::{declined, readings_json, readings_lines, steps_json, steps_lines};
use crate::words::{long_date, month_text, rupiah_text};
use crate::{Language, Refused};
use law::Law;
use law::bpu::{Case, Monthly, monthly};
use phrases::{key, say};
use serde_json::{Map, Value, json};

/// Computes a month.
///
/// # Errors
/// A sentence where the law declines.
pub fn bpu(case: &Case, law: &Law, language: Language) -> Result<Answer, Refused> {
    let readings = monthly(case, law).map_err(|d| declined(&d, law, language))?;
    let m = readings.default();
    let mut json = fields(m);
    json.insert("month".into(), format!("{:04}-{:02}", case.month.year(), case.month.month()).into());
    json.insert("steps".into(), steps_json(&m.steps, language));
    json.insert("readings".into(), readings_json(&readings, law, case.month, fields));
    let line = |m: &Monthly| {
        let [jkk, jkm, total] = [m.jkk, m.jkm, m.total].map(|a| rupiah_text(a, language));
        let month = month_text(case.month, language);
        let due = long_date(m.due, language);
        let args = [("month", &month), ("jkk", &jkk), ("jkm", &jkm), ("total", &total), ("due", &due)];
        say(language, key::BPU_LINE, &args.map(|(name, text)| (name, text.as_str())))
    };
    let mut lines = vec![line(m)];
    lines.extend(steps_lines(&m.steps, language));
    lines.extend(readings_lines(&readings, law, case.month, language, line));
    Ok(Answer { json: json.into(), lines, steps: m.steps.clone() })
}

fn fields(m: &Monthly) -> Map<String, Value> {
    let json = json!({
        "base": m.base.to_string(),
        "jkk": m.jkk.0,
        "jkm": m.jkm.0,
        "total": m.total.0,
        "undiscounted": m.undiscounted.0,
        "discount_ppm": m.discount_ppm,
        "due": m.due,
    });
    match json {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
