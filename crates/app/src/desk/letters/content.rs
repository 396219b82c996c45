//! What a letter says: facts of a project and a finding, the article, the term, in sentences.

use super::style::Style;
use crate::desk::evidence::{Evidence, Found, fact_words};
use crate::words::{long_date, rupiah_text};
use crate::{Language, Refused};
use casework::{LetterKind, WarningTerm, warning_term};
use kernel::{Date, Rupiah};
use law::{Law, LeaveReading};
use letters::{Block, Content, Labels, Letterhead, Signatory};
use phrases::say_named;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{FindingRow, ProjectRow};

/// What a letter rests on, as it stood when the draft was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterFacts {
    /// Project.
    pub project: String,
    /// Its name.
    pub name: String,
    /// Agency.
    pub agency: String,
    /// Vendor.
    pub vendor: String,
    /// Place of the works.
    pub place: String,
    /// Contract number.
    pub contract_number: String,
    /// Value in rupiah, 0 where unknown.
    pub value: i64,
    /// Day of the order, ISO; empty where unknown.
    pub order: String,
    /// Period of the works, ISO; empty where unknown.
    pub start: String,
    /// Period of the works, ISO; empty where unknown.
    pub end: String,
    /// Contribution due in rupiah, 0 where unknown.
    pub due: i64,
    /// Project-days without protection.
    pub uncovered: i64,
    /// Finding.
    pub code: String,
    /// Since when, ISO; empty where unknown.
    pub since: String,
    /// Rupiah at stake, 0 for none.
    pub amount: i64,
    /// Facts of the finding by name.
    pub facts: Vec<(String, String)>,
    /// Article.
    pub basis: String,
    /// Digest of the finding's facts.
    pub mark: String,
    /// Day the facts are of, ISO.
    pub as_of: String,
    /// Insurer's numbers of the project.
    pub registrations: Vec<String>,
}

impl LetterFacts {
    /// From what the picture shows.
    pub fn of(p: &ProjectRow, e: &Evidence, finding: &FindingRow, as_of: &str) -> Self {
        let found: Found = serde_json::from_str(&finding.body).unwrap_or_default();
        let day = |s: &Option<crate::desk::evidence::Sourced>| s.as_ref().map_or_else(String::new, |s| s.value.clone());
        Self {
            project: p.code.clone(),
            name: p.name.clone(),
            agency: p.agency.clone(),
            vendor: p.vendor.clone(),
            place: e.place.clone(),
            contract_number: e.contract_number.clone(),
            value: p.value,
            order: day(&e.order),
            start: day(&e.start),
            end: day(&e.end),
            due: p.due,
            uncovered: p.uncovered,
            code: finding.code.clone(),
            since: finding.since.clone(),
            amount: finding.amount,
            facts: found.facts,
            basis: found.basis,
            mark: finding.mark.clone(),
            as_of: as_of.to_owned(),
            registrations: e.registrations.iter().map(|r| r.number.clone()).collect(),
        }
    }
}

/// What a writer adds, by name.
pub type Inputs = BTreeMap<String, String>;

/// A field a writer fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name; `letter-field-` and the name is its word.
    pub name: &'static str,
    /// No release without it.
    pub required: bool,
    /// More than a line.
    pub long: bool,
}

const RECIPIENT: Field = Field { name: "recipient", required: true, long: true };
const NOTE: Field = Field { name: "note", required: false, long: true };

/// The fields of a kind of letter.
pub fn fields(kind: LetterKind) -> Vec<Field> {
    let mut out = vec![RECIPIENT];
    match kind {
        LetterKind::Invitation => out.extend([
            Field { name: "when", required: true, long: false },
            Field { name: "where", required: true, long: false },
        ]),
        LetterKind::Minutes => out.extend([
            Field { name: "when", required: true, long: false },
            Field { name: "where", required: true, long: false },
            Field { name: "present", required: true, long: true },
            Field { name: "agreed", required: true, long: true },
        ]),
        _ => {}
    }
    out.push(NOTE);
    out
}

/// Findings a contractor can be written about, each with its own request. The others are for the city to mend.
pub const LETTERED: [&str; 7] = [
    "not-registered",
    "consultant-not-registered",
    "contribution-unpaid",
    "contribution-underpaid",
    "instalment-overdue",
    "value-under-declared",
    "period-too-short",
];

/// To whom a kind of letter goes, before anybody changes it.
pub fn recipient(kind: LetterKind, facts: &LetterFacts, language: Language) -> String {
    let name = if kind == LetterKind::BillCopy { "letter-to-agency" } else { "letter-to-vendor" };
    say_named(language, name, &[("vendor", &facts.vendor), ("agency", &facts.agency)])
}

/// The fact of a finding that counts up to the day of the picture.
const GROWING: &str = "exposed_days";

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

struct Writer<'a> {
    facts: &'a LetterFacts,
    inputs: &'a Inputs,
    language: Language,
}

impl Writer<'_> {
    fn say(&self, name: &str, arguments: &[(&str, &str)]) -> String {
        say_named(self.language, name, arguments)
    }

    fn text(&self, name: &str, arguments: &[(&str, &str)]) -> Block {
        Block::Text { text: self.say(name, arguments) }
    }

    fn day(&self, iso: &str) -> Option<String> {
        iso.parse::<Date>().ok().map(|d| long_date(d, self.language))
    }

    fn money(&self, amount: i64) -> String {
        format!("Rp{}", rupiah_text(Rupiah(amount), self.language))
    }

    fn input(&self, name: &str) -> &str {
        self.inputs.get(name).map_or("", |t| t.trim())
    }

    fn lines(&self, name: &str) -> Vec<String> {
        self.input(name).lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect()
    }

    fn rows(&self) -> Vec<(String, String)> {
        let f = self.facts;
        let mut rows = vec![
            (self.say("letter-row-name", &[]), f.name.clone()),
            (self.say("letter-row-agency", &[]), f.agency.clone()),
            (self.say("letter-row-code", &[]), f.project.clone()),
        ];
        let mut row = |name: &str, value: Option<String>| {
            rows.extend(value.filter(|v| !v.is_empty()).map(|v| (self.say(name, &[]), v)));
        };
        row("letter-row-contract", Some(f.contract_number.clone()));
        row("letter-row-value", (f.value > 0).then(|| self.money(f.value)));
        row("letter-row-order", self.day(&f.order));
        row("letter-row-period", self.day(&f.start).zip(self.day(&f.end)).map(|(a, b)| format!("{a} – {b}")));
        row("letter-row-registrations", Some(f.registrations.join(", ")));
        row("letter-row-since", self.day(&f.since));
        row("letter-row-amount", (f.amount > 0).then(|| self.money(f.amount)));
        row("letter-row-due", (f.due > 0).then(|| self.money(f.due)));
        row(
            "letter-row-uncovered",
            (f.uncovered > 0).then(|| crate::words::count_text(f.uncovered.unsigned_abs(), self.language)),
        );
        for (name, value) in &f.facts {
            // What grows day by day would be wrong by the time the letter is read.
            if name == GROWING {
                continue;
            }
            let (word, shown) = fact_words(name, value, self.language);
            let word = capital(&word);
            if !rows.iter().any(|(_, v)| *v == shown) {
                rows.push((word, shown));
            }
        }
        rows
    }

    fn opening(&self) -> Vec<Block> {
        let as_of = self.day(&self.facts.as_of).unwrap_or_default();
        let finding = self.say(&format!("finding-{}", self.facts.code), &[]);
        vec![
            self.text("letter-open", &[("date", &as_of), ("finding", &finding.to_lowercase())]),
            Block::Facts { rows: self.rows() },
        ]
    }

    fn request(&self) -> Vec<Block> {
        vec![
            self.text("letter-duty", &[("basis", &self.facts.basis)]),
            self.text(&format!("letter-ask-{}", self.facts.code), &[("amount", &self.money(self.facts.amount))]),
        ]
    }

    /// The term of a warning in words, both readings where they differ.
    fn warning(&self, kind: LetterKind, term: WarningTerm, law: &Law, dated: Date) -> Result<Vec<Block>, Refused> {
        let gap = |gap: law::LawGap| Refused(format!("{} {}", gap.path, gap.date));
        let at = law.at(dated);
        let (rule, reading) = at.term("sanction/warning").map_err(gap)?;
        let services = at.reading("sanction/services").map_err(gap)?;
        let unit = self.say(&format!("word-{}", law::deadline::unit_name(rule.of)), &[]);
        let count = rule.count.to_string();
        let arguments = [
            ("count", count.as_str()),
            ("unit", unit.as_str()),
            ("due", &long_date(term.latest, self.language)),
            ("basis", &reading.citation.to_string()),
        ];
        let mut out = vec![self.text(&format!("letter-warn-{}", kind.name()), &arguments)];
        if term.until != term.latest {
            out.push(self.text("letter-warn-readings", &[("date", &long_date(term.until, self.language))]));
        }
        let then = if kind == LetterKind::FirstWarning { "letter-then-second" } else { "letter-then-insurer" };
        out.push(self.text(then, &[("basis", &services.citation.to_string())]));
        Ok(out)
    }
}

/// What a letter says when it is dated on a day.
///
/// # Errors
/// A sentence where the law of that day says nothing about its term.
pub fn content(
    kind: LetterKind,
    facts: &LetterFacts,
    inputs: &Inputs,
    (style, law): (&Style, &Law),
    dated: Date,
    language: Language,
) -> Result<Content, Refused> {
    let w = Writer { facts, inputs, language };
    let title = w.say(&format!("letter-kind-{}", kind.name()), &[]);
    let mut blocks = vec![w.text("letter-greeting", &[])];
    match kind {
        LetterKind::Notice => {
            let due = law.calendar(LeaveReading::LeaveIsOff).after_working_days(dated, style.notice_days).date;
            blocks.extend(w.opening());
            blocks.extend(w.request());
            blocks.push(w.text("letter-notice-term", &[("due", &long_date(due, language))]));
        }
        LetterKind::FirstWarning | LetterKind::SecondWarning => {
            let term = warning_term(dated, law).map_err(|d| crate::legal::declined(&d, law, language))?;
            blocks.extend(w.opening());
            blocks.extend(w.request());
            blocks.extend(w.warning(kind, term, law, dated)?);
        }
        LetterKind::BillCopy => {
            blocks.extend(w.opening());
            blocks.push(w.text("letter-bill", &[("basis", &facts.basis)]));
        }
        LetterKind::Invitation => {
            blocks.extend(w.opening());
            blocks.push(w.text("letter-invite", &[]));
            blocks.push(Block::Facts {
                rows: vec![
                    (w.say("letter-field-when", &[]), w.input("when").to_owned()),
                    (w.say("letter-field-where", &[]), w.input("where").to_owned()),
                ],
            });
            blocks.push(w.text("letter-invite-bring", &[]));
        }
        LetterKind::Minutes => {
            blocks.push(w.text("letter-minutes", &[("when", w.input("when")), ("where", w.input("where"))]));
            blocks.push(Block::Facts { rows: w.rows() });
            blocks.push(w.text("letter-minutes-present", &[]));
            blocks.push(Block::List { items: w.lines("present") });
            blocks.push(w.text("letter-minutes-agreed", &[]));
            blocks.push(Block::List { items: w.lines("agreed") });
        }
    }
    blocks.extend(w.lines("note").into_iter().map(|text| Block::Text { text }));
    if kind != LetterKind::Minutes {
        blocks.push(w.text("letter-answer", &[]));
        blocks.push(w.text("letter-close", &[]));
    }
    Ok(Content {
        subject: w.say(&format!("letter-subject-{}", kind.name()), &[("name", &facts.name)]),
        recipient: w.lines("recipient"),
        blocks,
        copies: style.copies.clone(),
        title,
        ..framed(style, language)
    })
}

/// A page of the city with nothing on it yet: head, words of the frame, who signs.
pub(crate) fn framed(style: &Style, language: Language) -> Content {
    let label = |name: &str| say_named(language, &format!("letter-label-{name}"), &[]);
    let id = style.signatory_id.trim();
    Content {
        language: language.code().to_owned(),
        letterhead: Letterhead { lines: style.lines.clone(), logo: style.logo() },
        labels: Labels {
            number: label("number"),
            subject: label("subject"),
            to: label("to"),
            copies: label("copies"),
            verify: label("verify"),
            page: label("page"),
            number_waits: label("number-waits"),
            code: label("code"),
            logo: label("logo"),
        },
        place: style.place.clone(),
        signatory: Signatory {
            title: style.signatory_title.clone(),
            name: style.signatory_name.clone(),
            id: if id.is_empty() { String::new() } else { format!("{} {id}", label("staff")) },
        },
        ..Content::default()
    }
}
