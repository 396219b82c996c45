//! Deadlines and the ladder of sanctions, explained.

use super::Answer;
use super::say::{declined, readings_json, readings_lines, steps_json, steps_lines};
use crate::words::{long_date, moment_text, rupiah_text};
use crate::{Language, Refused};
use kernel::{Date, Rupiah, Zone};
use law::Law;
use law::calendar::Skipped;
use law::deadline::{Due, FineFacts, InsurerLate, Ladder, Moment, Start, ladder, of_kind, unit_name};
use phrases::{key, say, say_named};
use serde_json::{Map, Value, json};

/// A deadline of a kind from a day or minute, in the zone where it happened.
///
/// # Errors
/// A sentence where the law declines.
pub fn deadline(kind: &str, start: Start, zone: Zone, law: &Law, language: Language) -> Result<Answer, Refused> {
    let readings = of_kind(kind, start, law).map_err(|d| declined(&d, law, language))?;
    let day = start.day();
    let strict = readings.all.iter().map(|u| u.value.due).min().unwrap_or(Moment::Day(day));
    let due = readings.default();
    let all = readings_json(&readings, law, day, |d| due_fields(d, zone));
    let mut default = all.get(0).cloned().unwrap_or_default();
    default["steps"] = steps_json(&due.steps, language);
    let json = json!({
        "kind": kind,
        "from": moment_json(match start { Start::Day(day) => Moment::Day(day), Start::Minute(m) => Moment::Minute(m) }),
        "zone": zone.name(),
        "due": moment_json(due.due),
        "strict": moment_json(strict),
        "default": default,
        "readings": all,
    });
    let text = |moment: Moment| moment_said(moment, zone, language);
    let mut lines = vec![say(language, key::DEADLINE_LINE, &[("due", &text(due.due))])];
    if let (Start::Day(_), Moment::Minute(_)) = (start, due.due) {
        lines.push(say(language, key::DEADLINE_MIDNIGHT, &[]));
    }
    lines.extend(due.skipped.iter().map(|s| skipped_line(s, language)));
    if !due.calendar_complete {
        lines.push(say(language, key::DEADLINE_INCOMPLETE, &[]));
    }
    lines.extend(steps_lines(&due.steps, language));
    lines.extend(readings_lines(&readings, law, day, language, |d| text(d.due)));
    if readings.is_contested() {
        lines.push(say(language, key::DEADLINE_STRICT, &[("due", &text(strict))]));
    }
    Ok(Answer { json, lines, steps: due.steps.clone() })
}

fn moment_json(moment: Moment) -> String {
    match moment {
        Moment::Day(day) => day.to_string(),
        Moment::Minute(minute) => minute.strftime("%Y-%m-%dT%H:%M").to_string(),
    }
}

fn moment_said(moment: Moment, zone: Zone, language: Language) -> String {
    match moment {
        Moment::Day(day) => long_date(day, language),
        Moment::Minute(minute) => format!("{} {}", moment_text(minute, language), zone.name()),
    }
}

fn due_fields(due: &Due, zone: Zone) -> Map<String, Value> {
    let mut out = Map::from_iter([
        ("due".to_owned(), moment_json(due.due).into()),
        ("count".to_owned(), due.term.count.into()),
        ("unit".to_owned(), unit_name(due.term.of).into()),
        ("skipped".to_owned(), serde_json::to_value(&due.skipped).unwrap_or_default()),
        ("calendar_complete".to_owned(), due.calendar_complete.into()),
    ]);
    // An office in another zone reads another clock.
    if let Moment::Minute(minute) = due.due {
        let clocks: Map<String, Value> = Zone::ALL
            .iter()
            .filter_map(|z| Some((z.name().to_owned(), moment_json(Moment::Minute(zone.clock_in(minute, *z)?)).into())))
            .collect();
        out.insert("clocks".into(), clocks.into());
    }
    out
}

fn skipped_line(skipped: &Skipped, language: Language) -> String {
    let word = serde_json::to_value(skipped.why).unwrap_or_default();
    let mut why = say_named(language, &format!("word-{}", word.as_str().unwrap_or_default()), &[]);
    if !skipped.name.is_empty() {
        why = format!("{why}: {}", skipped.name);
    }
    let said = say(language, key::DEADLINE_SKIPPED, &[("date", &long_date(skipped.date, language)), ("why", &why)]);
    format!("  {said}")
}

/// What the insurer owes for a benefit paid late.
///
/// # Errors
/// A sentence where the law declines.
pub fn insurer_late(
    kind: &str,
    start: Start,
    benefit: Rupiah,
    paid_on: Date,
    law: &Law,
    language: Language,
) -> Result<Answer, Refused> {
    let readings =
        law::deadline::insurer_late(kind, start, benefit, paid_on, law).map_err(|d| declined(&d, law, language))?;
    let day = start.day();
    let all = readings_json(&readings, law, day, |late| {
        let mut fields = due_fields(&late.due, Zone::default());
        fields.insert("days_late".into(), late.days.into());
        fields.insert("compensation".into(), late.compensation.0.into());
        fields
    });
    let late = readings.default();
    let mut default = all.get(0).cloned().unwrap_or_default();
    default["steps"] = steps_json(&late.due.steps, language);
    let said = |late: &InsurerLate| {
        let args = [
            ("due", moment_said(late.due.due, Zone::default(), language)),
            ("days", late.days.to_string()),
            ("amount", rupiah_text(late.compensation, language)),
        ];
        let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
        say(language, key::DEADLINE_COMPENSATION, &args)
    };
    let json = json!({
        "kind": kind, "from": day, "due": default["due"], "compensation": late.compensation.0,
        "default": default, "readings": all,
    });
    let mut lines = vec![said(late)];
    lines.extend(steps_lines(&late.due.steps, language));
    lines.extend(readings_lines(&readings, law, day, language, said));
    Ok(Answer { json, lines, steps: late.due.steps.clone() })
}

/// The ladder of sanctions from the day the first warning is served.
///
/// # Errors
/// A sentence where the law declines.
pub fn sanction(from: Date, fine: Option<FineFacts>, law: &Law, language: Language) -> Result<Answer, Refused> {
    let readings = ladder(from, fine, law).map_err(|d| declined(&d, law, language))?;
    let fields = |l: &Ladder| {
        let stages: Vec<Value> = l
            .stages
            .iter()
            .map(|s| {
                let mut stage = s.due.as_ref().map(|d| due_fields(d, Zone::default())).unwrap_or_default();
                stage.insert("stage".into(), s.code.clone().into());
                stage.insert("from".into(), s.from.to_string().into());
                stage.into()
            })
            .collect();
        let last = l.stages.iter().filter_map(|s| s.due.as_ref()).map(|d| moment_json(d.due)).next_back();
        Map::from_iter([
            ("due".to_owned(), last.into()),
            ("stages".to_owned(), stages.into()),
            ("fine".to_owned(), l.fine.map(|f| f.0).into()),
        ])
    };
    let l = readings.default();
    let all = readings_json(&readings, law, from, fields);
    let mut default = all.get(0).cloned().unwrap_or_default();
    default["steps"] = steps_json(&l.steps, language);
    let json = json!({
        "kind": "sanction", "from": from, "due": default["due"], "default": default, "readings": all,
    });
    let mut lines = stage_lines(l, language);
    lines.extend(steps_lines(&l.steps, language));
    lines.extend(readings_lines(&readings, law, from, language, |l| stage_lines(l, language).join("; ")));
    Ok(Answer { json, lines, steps: l.steps.clone() })
}

fn stage_lines(l: &Ladder, language: Language) -> Vec<String> {
    let mut lines: Vec<String> = l
        .stages
        .iter()
        .map(|s| {
            let stage = say_named(language, &format!("stage-{}", s.code), &[]);
            let from = long_date(s.from, language);
            match &s.due {
                Some(due) => {
                    let due = long_date(due.day(), language);
                    say(language, key::DEADLINE_STAGE, &[("stage", &stage), ("from", &from), ("due", &due)])
                }
                None => say(language, key::DEADLINE_STAGE_OPEN, &[("stage", &stage), ("from", &from)]),
            }
        })
        .collect();
    lines.extend(l.fine.map(|f| say(language, key::DEADLINE_FINE, &[("amount", &rupiah_text(f, language))])));
    lines
}
