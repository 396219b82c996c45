//! Contributions and duties of everything that is loaded, at once.

use super::Answer;
use crate::known::KnownCity;
use crate::report::{Cell, Table, write_csv};
use crate::words::rupiah_text;
use crate::{Fault, Language};
use kernel::{Date, Rupiah};
use law::contribution::{by_gross_value, instalments};
use law::{Law, deadline};
use linkage::class::Role;
use linkage::projects::Project;
use phrases::{key, say};
use serde_json::json;
use std::path::Path;
use store::Store;

const COLUMNS: [&str; 16] = [
    "project",
    "name",
    "agency",
    "class",
    "role",
    "order_date",
    "value",
    "value_source",
    "base",
    "jkk",
    "jkm",
    "total",
    "first_instalment",
    "register_by",
    "register_by_lenient",
    "basis",
];

/// Writes the contribution and the registration deadline of every project with a duty, and which
/// fact is missing where there is none. Values of contracts include tax; estimates and budgets are
/// named as their source.
///
/// # Errors
/// [`Fault`] of database or disk.
pub fn duties(store: &Store, out: &Path, law: &Law, language: Language) -> Result<Answer, Fault> {
    let through = crate::monev::known_through(store, None)?;
    let city = KnownCity::load(store, through)?;
    let mut table = Table::new("duties", &COLUMNS);
    let (mut total, mut unknown) = (Rupiah::ZERO, 0u64);
    let mut projects: Vec<&Project> = city.built.projects.iter().filter(|p| p.class.is_duty()).collect();
    projects.sort_by(|a, b| a.code.cmp(&b.code));
    for project in &projects {
        let day = project.order_date.or(project.start).map(|d| d.value);
        let due = project.value.zip(day).and_then(|(value, day)| by_gross_value(value.value, &law.at(day)).ok());
        let register_by = day.and_then(|day| deadline::registration(day, law).ok());
        match &due {
            Some(due) => total = Rupiah(total.0.saturating_add(due.total.0)),
            None => unknown += 1,
        }
        let first = due.as_ref().zip(day).and_then(|(due, day)| instalments(due.total, &law.at(day)).ok());
        let money = |amount: Option<Rupiah>| amount.map_or(Cell::Empty, |a| Cell::Int(a.0));
        table.push(vec![
            Cell::text(&project.code),
            Cell::text(&project.name),
            Cell::text(&project.agency),
            Cell::text(project.class.name()),
            Cell::text(project.role.name()),
            Cell::date(day),
            project.value.map_or(Cell::Empty, |v| Cell::Money(v.value)),
            project.value.map_or(Cell::Empty, |v| Cell::text(v.source.name())),
            due.as_ref().map_or(Cell::Empty, |d| Cell::Money(d.base)),
            money(due.as_ref().map(|d| d.jkk)),
            money(due.as_ref().map(|d| d.jkm)),
            money(due.as_ref().map(|d| d.total)),
            money(first.and_then(|parts| parts.first().copied())),
            Cell::date(register_by.as_ref().map(|d| d.strict.value)),
            Cell::date(register_by.as_ref().map(|d| d.lenient)),
            Cell::text(duty_article(project, day, law)),
        ]);
    }
    let path = out.join("duties.csv");
    std::fs::create_dir_all(out).map_err(|e| Fault::io(out, &e))?;
    write_csv(&table, &path)?;
    let args = [
        ("projects", projects.len().to_string()),
        ("path", path.display().to_string()),
        ("total", rupiah_text(total, language)),
        ("unknown", unknown.to_string()),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let json = json!({
        "projects": projects.len(), "total": total.0, "without_value_or_date": unknown, "path": path.display().to_string(),
    });
    Ok(Answer { json, lines: vec![say(language, key::DUTIES_WRITTEN, &args)], steps: Vec::new() })
}

/// Under which article the project has to be registered.
fn duty_article(project: &Project, day: Option<Date>, law: &Law) -> String {
    let path = if project.role == Role::Works { "jakon/duty" } else { law::contribution::CONSULTANTS };
    let reading = day.and_then(|day| law.at(day).reading(path).ok());
    reading.map(|r| r.citation.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Exact;

    #[test]
    fn a_base_that_is_not_whole_stays_exact() {
        let due = by_gross_value(Exact::whole(200_000_000), &Law::builtin().at("2025-03-03".parse().unwrap())).unwrap();
        assert_eq!(Cell::Money(due.base).plain(), "20000000000/111");
    }
}
