//! The pack to hand in: what is asked, what answers it, and what is missing, as PDF and as a workbook.

use super::{File, Piece};
use crate::desk::Desk;
use crate::report::{Cell, Table, xlsx_bytes};
use crate::{Fault, Language, clock, words};
use kernel::Date;
use letters::{Part, Sheet};
use phrases::{say_named, say_with};

/// Columns of the workbook.
const COLUMNS: [&str; 9] = ["criterion", "weight", "evidence", "kind", "answer", "day", "source", "sha256", "missing"];

/// Which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pack {
    /// PDF/A, to print and to hand in.
    Pdf,
    /// A workbook.
    Xlsx,
}

/// The pack of a guide as it stands today.
///
/// # Errors
/// [`Fault`] of the typesetter or the workbook.
pub fn pack(desk: &Desk, file: &File, form: Pack, language: Language) -> Result<Vec<u8>, Fault> {
    match form {
        Pack::Pdf => pdf(desk, file, language),
        Pack::Xlsx => xlsx_bytes(&[&table(desk, file)], language),
    }
}

fn table(desk: &Desk, file: &File) -> Table {
    let mut table = Table::new("award", &COLUMNS);
    let mut push = |criterion: &str, weight: Option<i64>, asked: &str, kind: &str, rest: [Cell; 5]| {
        let [answer, day, source, sha256, missing] = rest;
        let weight = weight.map_or(Cell::Empty, Cell::Int);
        table.push(vec![
            Cell::text(criterion),
            weight,
            Cell::text(asked),
            Cell::text(kind),
            answer,
            day,
            source,
            sha256,
            missing,
        ]);
    };
    for s in &file.standings {
        for p in &s.pieces {
            let (title, weight) = (s.criterion.title.as_str(), s.criterion.weight);
            for f in &p.found {
                let rest = [
                    Cell::text(f.text.as_str()),
                    Cell::date(f.as_of.parse().ok()),
                    Cell::text(format!("{}{}", desk.address(), f.href)),
                    Cell::text(f.sha256.as_str()),
                    Cell::Empty,
                ];
                push(title, weight, &p.asked.title, "figure", rest);
            }
            for d in &p.documents {
                let rest = [
                    Cell::text(d.name.as_str()),
                    Cell::date(d.at.get(..10).and_then(|day| day.parse().ok())),
                    Cell::text(format!("{}/paritrana/{}/dokumen/{}", desk.address(), d.guide, d.id)),
                    Cell::text(d.sha256.as_str()),
                    Cell::Empty,
                ];
                push(title, weight, &p.asked.title, "document", rest);
            }
            if p.is_missing() {
                let rest = [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Int(1)];
                push(title, weight, &p.asked.title, if p.asked.figure.is_some() { "figure" } else { "document" }, rest);
            }
        }
    }
    table
}

fn date(iso: &str, language: Language) -> String {
    let day = iso.get(..10).unwrap_or(iso).parse::<Date>();
    day.map_or_else(|_| iso.to_owned(), |d| words::long_date(d, language))
}

fn pdf(desk: &Desk, file: &File, l: Language) -> Result<Vec<u8>, Fault> {
    let say = |key: &str| say_named(l, key, &[]);
    let item = |p: &Piece| {
        let mut notes: Vec<String> = p
            .found
            .iter()
            .map(|f| format!("{} ({}; {}{}; SHA-256 {})", f.text, date(&f.as_of, l), desk.address(), f.href, f.sha256))
            .collect();
        notes.extend(p.documents.iter().map(|d| format!("{} ({}; SHA-256 {})", d.name, date(&d.at, l), d.sha256)));
        if p.is_missing() {
            notes.push(say("award-missing"));
        }
        (p.asked.title.clone(), String::new(), notes)
    };
    let head = |s: &super::Standing| match s.criterion.weight {
        Some(weight) => {
            say_with(l, "award-weighted", &[("title", s.criterion.title.clone()), ("weight", weight.to_string())])
        }
        None => s.criterion.title.clone(),
    };
    let [answered, all] = file.answered();
    let counts = [("answered", answered.to_string()), ("all", all.to_string())];
    let guide = &file.guide;
    let mut parts: Vec<Part> =
        file.standings.iter().map(|s| Part { head: head(s), items: s.pieces.iter().map(item).collect() }).collect();
    let gaps: Vec<_> = file.gaps().into_iter().map(|(c, e)| (e.title.clone(), c.title.clone(), Vec::new())).collect();
    if !gaps.is_empty() {
        parts.push(Part { head: say("award-gaps"), items: gaps });
    }
    let today = clock::today();
    let sheet = Sheet {
        language: l.code().to_owned(),
        title: format!("{} {}", guide.award, guide.year),
        subtitle: format!(
            "{} · {} · {}",
            [guide.category.as_str(), guide.source.as_str()]
                .into_iter()
                .filter(|t| !t.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            say_with(l, "award-answered", &counts),
            words::long_date(today, l)
        ),
        parts,
        foot: say("award-foot"),
        page: say("letter-label-page"),
    };
    let day = (today.year().into(), today.month().unsigned_abs(), today.day().unsigned_abs());
    sheet.pdf(day).map(|(pdf, _)| pdf).map_err(|e| Fault(e.0))
}
