//! Benefits, explained.

use super::Answer;
use super::say::{basis, declined, pick, readings_json, readings_lines, steps_json, steps_lines};
use crate::words::{percent_text, rupiah_text};
use crate::{Language, Refused};
use kernel::{Date, Exact};
use law::Law;
use law::benefit::{
    self, Absence, Benefit, CareFacts, Cause, Child, DeathFacts, DisabilityFacts, Fare, Item, Member, PayerFacts,
    Verdict, Wage,
};
use law::explained::Step;
use law::readings::Readings;
use phrases::{key, say, say_named};
use serde_json::{Map, Value, json};

/// A benefit asked for.
#[derive(Debug, Clone)]
pub enum BenefitKind {
    /// Death.
    Death(DeathFacts),
    /// Permanent disability.
    Disability(DisabilityFacts),
    /// Temporary incapacity.
    Incapacity(Member, Wage, Absence),
    /// Transport.
    Transport(Vec<Fare>),
    /// Scholarships.
    Scholarship(Vec<Child>, Cause, Member, Option<i64>),
    /// Treatment, aids, home care, prostheses.
    Care(CareFacts),
}

/// Computes a benefit after an accident on a day.
///
/// # Errors
/// A sentence where the law declines.
pub fn benefit(kind: &BenefitKind, accident: Date, law: &Law, language: Language) -> Result<Answer, Refused> {
    let readings = benefit::under_every_reading(accident, law, |law| match kind {
        BenefitKind::Death(facts) => benefit::death(facts, law),
        BenefitKind::Disability(facts) => benefit::disability(facts, law),
        BenefitKind::Incapacity(member, wage, absence) => benefit::incapacity(*member, wage, *absence, law),
        BenefitKind::Transport(fares) => benefit::transport(fares, law),
        BenefitKind::Scholarship(children, cause, member, years) => {
            benefit::scholarship(children, *cause, *member, *years, law)
        }
        BenefitKind::Care(facts) => benefit::care(facts, law),
    })
    .map_err(|d| declined(&d, law, language))?;
    Ok(answer(&readings, accident, law, language))
}

fn answer(readings: &Readings<Benefit>, accident: Date, law: &Law, language: Language) -> Answer {
    let all = readings_json(readings, law, accident, fields);
    let b = readings.default();
    let mut default = all.get(0).cloned().unwrap_or_default();
    default["steps"] = steps_json(&b.steps, language);
    let mut lines = vec![say(language, key::BENEFIT_TOTAL, &[("total", &rupiah_text(b.total, language))])];
    lines.extend(b.items.iter().map(|i| item_line(key::BENEFIT_ITEM, i, language)));
    lines.extend(b.outside.iter().map(|i| item_line(key::BENEFIT_OUTSIDE, i, language)));
    lines.extend(steps_lines(&b.steps, language));
    lines.extend(readings_lines(readings, law, accident, language, |b| {
        say(language, key::BENEFIT_TOTAL, &[("total", &rupiah_text(b.total, language))])
    }));
    Answer {
        json: json!({ "accident_date": accident, "default": default, "readings": all }),
        lines,
        steps: b.steps.clone(),
    }
}

fn item_line(key: phrases::Key, item: &Item, language: Language) -> String {
    let basis = basis(&item.citation, item.confidence, language);
    let amount = rupiah_text(item.amount, language);
    let name = item_name(&item.code, language);
    say(language, key, &[("code", &name), ("amount", &amount), ("basis", &basis)])
}

/// An item in words where it has any, else its code: losses are named in full in the steps.
fn item_name(code: &str, language: Language) -> String {
    if let Some((child, level)) = code.strip_prefix("scholarship-child-").and_then(|rest| rest.split_once('-')) {
        return say(language, key::ITEM_SCHOLARSHIP_CHILD, &[("child", child), ("level", &level.to_uppercase())]);
    }
    let named = format!("item-{code}");
    let said = say_named(language, &named, &[]);
    if said == named { code.to_owned() } else { said }
}

fn item_json(item: &Item) -> Value {
    json!({
        "code": item.code,
        "amount": item.amount.0,
        "article": item.citation.to_string(),
        "confidence": item.confidence,
    })
}

fn fields(b: &Benefit) -> Map<String, Value> {
    let items = |items: &[Item]| items.iter().map(item_json).collect::<Vec<_>>();
    Map::from_iter([
        ("total".to_owned(), b.total.0.into()),
        ("items".to_owned(), items(&b.items).into()),
        ("outside".to_owned(), items(&b.outside).into()),
    ])
}

/// The codes of losses on a day, with their percentages.
///
/// # Errors
/// A sentence where the law has no table for the day.
pub fn losses(date: Date, law: &Law, language: Language) -> Result<Answer, Refused> {
    let at = law.at(date);
    let (rows, reading) = benefit::losses(&at).map_err(|gap| declined(&gap.into(), law, language))?;
    let percent = |ppm: i64| percent_text(Exact::whole(ppm), language);
    let mut lines = Vec::new();
    for row in rows {
        let title = pick(&row.title, language);
        let mut line = say(
            language,
            key::BENEFIT_LOSS,
            &[("code", &row.code), ("percent", &percent(row.number)), ("title", title)],
        );
        if let Some(most) = row.number_max {
            let (least, most) = (percent(row.number), percent(most));
            line += &say(language, key::BENEFIT_LOSS_RANGE, &[("least", &least), ("most", &most)]);
        }
        if let Some(per) = row.per {
            line += &say(language, key::BENEFIT_LOSS_PER, &[("per", &per.to_string())]);
        }
        let confidence = row.confidence.unwrap_or(reading.confidence);
        lines.push(format!("{line} ({})", basis(&reading.citation, confidence, language)));
    }
    lines.push(say(language, key::BENEFIT_LOSSES_HOW, &[]));
    Ok(Answer { json: json!({ "date": date, "losses": rows }), lines, steps: Vec::new() })
}

/// Who pays.
///
/// # Errors
/// A sentence where the law declines.
pub fn payer(facts: &PayerFacts, accident: Date, law: &Law, language: Language) -> Result<Answer, Refused> {
    let readings = benefit::who_pays(accident, facts, law).map_err(|d| declined(&d, law, language))?;
    let fields = |v: &Verdict| {
        Map::from_iter([
            ("payer".to_owned(), v.payer.name().into()),
            ("employer_owes_shortfall".to_owned(), v.employer_owes_shortfall.into()),
        ])
    };
    let said = |v: &Verdict| say_named(language, &format!("word-{}", v.payer.name()), &[]);
    let v = readings.default();
    let steps: &[Step] = &v.steps;
    let mut json = fields(v);
    json.insert("accident_date".into(), accident.to_string().into());
    json.insert("steps".into(), steps_json(steps, language));
    json.insert("readings".into(), readings_json(&readings, law, accident, fields));
    let mut lines = vec![said(v)];
    lines.extend(steps_lines(steps, language));
    lines.extend(readings_lines(&readings, law, accident, language, said));
    Ok(Answer { json: json.into(), lines, steps: steps.to_vec() })
}
