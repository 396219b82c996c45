//! One pair in plain words.

use crate::linking::table::Item;
use crate::linking::{Opened, say, table};
use crate::{Fault, Language, Refused};
use linkage::tables::{Field, Reader, Tables};
use linkage_engine::{
    Assignment, Clusters, Lists, Outcomes, Side, Standing, changes, probability_ppm, standing, waterfall,
};
use std::path::Path;

/// Hundredths of a bit as text, with the decimal sign of the language.
fn bits(language: Language, hundredths: i32) -> String {
    let sign = if hundredths < 0 { "−" } else { "+" };
    let comma = if language == Language::Indonesian { ',' } else { '.' };
    format!("{sign}{}{comma}{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
}

/// A bar for a page: what was compared and how it came out, and its weight.
pub fn bar_words(bar: &(String, String, i32), language: Language) -> (String, String) {
    let (comparison, level, weight) = bar;
    let what = format!("{}: {}", named(language, "field", comparison), named(language, "level", level));
    (what, bits(language, *weight))
}

/// A weight as every view prints it.
pub fn weight_words(weight: i32, language: Language) -> String {
    bits(language, weight)
}

fn named(language: Language, prefix: &str, name: &str) -> String {
    let key = format!("{prefix}-{}", name.replace('_', "-"));
    if phrases::Key::find(&key).is_some() { say(language, &key, &[]) } else { name.replace('_', " ") }
}

/// The cells of one record, by field.
fn cells(
    opened: &Opened,
    side: Side,
    path: &Path,
    id: &str,
    language: Language,
) -> Result<Result<Vec<String>, Refused>, Fault> {
    let profile = opened.ready.tables.profile();
    let key = |name: &str| name.trim().to_lowercase();
    let mut columns: (usize, Vec<Vec<usize>>) = (0, Vec::new());
    let mut found = vec![String::new(); profile.fields.len()];
    let read = table::each_row(path, language, &mut |item| {
        let row = match item {
            Item::Row(_, row) => row,
            Item::Header(headers) => {
                let at = |name: &String| headers.iter().position(|h| key(h) == key(name));
                columns.0 = profile.id.of(side).iter().find_map(at).unwrap_or_default();
                let own = |f: &Field| f.columns.of(side).iter().filter_map(at).collect();
                columns.1 = profile.fields.iter().map(own).collect();
                return Ok(());
            }
        };
        if row.cell(columns.0).text().trim() == id {
            for (text, own) in found.iter_mut().zip(&columns.1) {
                let parts: Vec<String> = own.iter().map(|c| row.cell(*c).text().trim().to_owned()).collect();
                *text = parts.join(" ").trim().to_owned();
            }
            return Err(Refused(String::new()));
        }
        Ok(())
    })?;
    Ok(match read {
        Err(refused) if !refused.0.is_empty() => Err(refused),
        _ => Ok(found),
    })
}

/// What came of a whole run.
pub enum Outcome<'a> {
    /// Of two tables.
    Links(&'a [Assignment]),
    /// Of one.
    Clusters(&'a Clusters),
}

/// What became of a pair in a whole run, and beside whom it stood.
fn became(t: &Tables, outcome: &Outcome<'_>, (left, right): (u32, u32), language: Language) -> Option<String> {
    let assignments = match outcome {
        Outcome::Clusters(clusters) => {
            let same = clusters.of[left as usize] == clusters.of[right as usize];
            return Some(say(language, if same { "explain-one-cluster" } else { "explain-two-clusters" }, &[]));
        }
        Outcome::Links(assignments) => *assignments,
    };
    let other = |id: &str, weight: i32| [("id", id.to_owned()), ("weight", bits(language, weight))];
    let told = |name: &str, arguments: &[(&str, String)]| {
        let borrowed: Vec<(&str, &str)> = arguments.iter().map(|(k, v)| (*k, v.as_str())).collect();
        say(language, name, &borrowed)
    };
    for assignment in assignments {
        match assignment {
            Assignment::Link { left: l, right: r, .. } if (*l, *r) == (left, right) => {
                return Some(say(language, "explain-linked", &[]));
            }
            Assignment::Link { left: l, right: r, weight } if *r == right => {
                return Some(told("explain-right-taken", &other(t.id(Side::Left, *l), *weight)));
            }
            Assignment::Review { right: r, options } if *r == right && options.iter().any(|(l, _)| *l == left) => {
                const NAMED: usize = 3;
                let rivals: Vec<String> = options
                    .iter()
                    .filter(|(l, _)| *l != left)
                    .take(NAMED)
                    .map(|(l, w)| format!("{} ({})", t.id(Side::Left, *l), bits(language, *w)))
                    .collect();
                let count = options.len().to_string();
                let name = if rivals.is_empty() { "explain-left-to-people" } else { "explain-tied" };
                return Some(told(name, &[("count", count), ("rivals", rivals.join(", "))]));
            }
            _ => {}
        }
    }
    // Nobody has the right one: then somebody else may have the left one.
    assignments.iter().find_map(|assignment| match assignment {
        Assignment::Link { left: l, right: r, weight } if *l == left => {
            Some(told("explain-left-taken", &other(t.id(Side::Right, *r), *weight)))
        }
        _ => None,
    })
}

/// Explains a pair: what both sides say, the bars, the sum, what became of it and what would change
/// that. The weight is the one number that stands in every view.
///
/// # Errors
/// [`Fault`] of the disk; [`Refused`] where an identifier is in neither table.
pub fn explain(
    opened: &Opened,
    paths: (&Path, &Path),
    ids: (&str, &str),
    outcome: &Outcome<'_>,
    language: Language,
) -> Result<Result<Vec<String>, Refused>, Fault> {
    let ready = &opened.ready;
    let t = &ready.tables;
    let missing = |side: Side, id: &str, path: &Path| {
        t.find(side, id).ok_or_else(|| {
            let arguments = [("id", id), ("file", &*path.display().to_string())];
            Refused(say(language, "link-no-such-id", &arguments))
        })
    };
    let (left, right) = match (missing(Side::Left, ids.0, paths.0), missing(Side::Right, ids.1, paths.1)) {
        (Ok(l), Ok(r)) => (l, r),
        (Err(refused), _) | (_, Err(refused)) => return Ok(Err(refused)),
    };
    let side_right = if t.within() { Side::Left } else { Side::Right };
    let (left_cells, right_cells) = match (
        cells(opened, Side::Left, paths.0, ids.0, language)?,
        cells(opened, side_right, paths.1, ids.1, language)?,
    ) {
        (Ok(l), Ok(r)) => (l, r),
        (Err(refused), _) | (_, Err(refused)) => return Ok(Err(refused)),
    };
    let mut outcomes = Outcomes::default();
    t.compare(left, right, &mut outcomes);
    let weight = ready.model.weigh(&outcomes);
    let thresholds = t.profile().thresholds;
    let mut lines = vec![say(language, "explain-pair", &[("left", ids.0), ("right", ids.1)])];
    for ((field, l), r) in t.profile().fields.iter().zip(&left_cells).zip(&right_cells) {
        let shown = |text: &String| match text.as_str() {
            "" => "—".to_owned(),
            _ if field.read == Reader::Digits => mask(text),
            _ => text.clone(),
        };
        if !l.is_empty() || !r.is_empty() {
            lines.push(format!("  {:<14} {}  |  {}", named(language, "field", &field.name), shown(l), shown(r)));
        }
    }
    lines.push(format!("  {:>8}  {}", bits(language, ready.model.prior), say(language, "explain-prior", &[])));
    for bar in waterfall(&ready.model, &outcomes) {
        let mut text = format!(
            "  {:>8}  {}: {}",
            bits(language, bar.weight),
            named(language, "field", &bar.comparison),
            named(language, "level", &bar.level)
        );
        if bar.rarity != 0 {
            let key = if bar.rarity > 0 { "explain-rare" } else { "explain-common" };
            text.push_str(&format!(" ({})", say(language, key, &[("bits", &bits(language, bar.rarity))])));
        }
        lines.push(text);
    }
    let ppm = probability_ppm(weight);
    let comma = if language == Language::Indonesian { ',' } else { '.' };
    let percent = format!("{}{comma}{:04} %", ppm / 10_000, ppm % 10_000);
    lines.push(format!(
        "= {:>8}  {}",
        bits(language, weight),
        say(language, "explain-sum", &[("percent", &percent), ("link", &bits(language, thresholds.link))])
    ));
    let why = standing(t, &ready.blocks, &ready.model, ready.look, thresholds.review, left, right);
    lines.push(match &why {
        Standing::Proposed if weight >= thresholds.link => say(language, "explain-proposed", &[]),
        Standing::Proposed => say(language, "explain-for-review", &[]),
        Standing::TooLight { lacking } => say(language, "explain-too-light", &[("lacking", &bits(language, *lacking))]),
        Standing::NoSharedKey => say(language, "explain-no-key", &[]),
        Standing::OnlyCommonKeys { smallest } => {
            say(language, "explain-common-keys", &[("size", &smallest.to_string())])
        }
        Standing::Crowded { candidates } => say(language, "explain-crowded", &[("count", &candidates.to_string())]),
    });
    if why == Standing::Proposed {
        lines.extend(became(t, outcome, (left, right), language));
    }
    for change in changes(&ready.model, &outcomes, thresholds.link) {
        let arguments = [
            ("field", named(language, "field", &change.comparison)),
            ("level", named(language, "level", &change.level)),
            ("weight", bits(language, change.weight)),
        ];
        let borrowed: Vec<(&str, &str)> = arguments.iter().map(|(k, v)| (*k, v.as_str())).collect();
        lines.push(say(language, "explain-change", &borrowed));
    }
    Ok(Ok(lines))
}

/// First and last letter or digit; what lies between is hidden.
fn mask(text: &str) -> String {
    let count = text.chars().count();
    text.chars().enumerate().map(|(i, c)| if i == 0 || i + 1 == count || c == ' ' { c } else { '•' }).collect()
}
