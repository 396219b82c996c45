//! A look at a list laid down: what it would do to the roster, line by line, before anything is stored.

use super::draft::{Draft, Reading, body, holds_back, reading};
use crate::clock;
use crate::desk::Desk;
use crate::{Fault, Language};
use authz::{Change, Permit, Person, Read};
use kernel::Date;
use kernel::problem::ProblemCode;
use linkage::roster::{Compared, Fate, compare};
use registers::records::{Entry, ListOf};
use store::{RosterDraft, Stay, Store};

/// What becomes of a line, as a screen says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outlook {
    /// Joins.
    Join,
    /// Changes what is known of somebody.
    Change,
    /// Says nothing new.
    Same,
    /// Waits for a word whether it is somebody who stands there.
    Doubt,
    /// The same number as an earlier line.
    Twice,
    /// Held back for a problem.
    Held,
    /// Left out by whoever mends.
    Skipped,
}

impl Outlook {
    /// All, in the order of a page.
    pub const ALL: [Self; 7] =
        [Self::Doubt, Self::Held, Self::Join, Self::Change, Self::Twice, Self::Skipped, Self::Same];

    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Change => "change",
            Self::Same => "same",
            Self::Doubt => "doubt",
            Self::Twice => "twice",
            Self::Held => "held",
            Self::Skipped => "skipped",
        }
    }
}

/// One line.
#[derive(Debug, Clone)]
pub struct LookLine {
    /// Place in the draft.
    pub at: usize,
    /// `Sheet!12`, or the row.
    pub address: String,
    /// What it says.
    pub entry: Entry,
    /// What becomes of it.
    pub outlook: Outlook,
    /// What it says otherwise, by the names of what changes.
    pub changes: Vec<&'static str>,
    /// What somebody said: the same person or not.
    pub same: Option<bool>,
    /// Whom on the roster it may be.
    pub other: Option<Entry>,
    /// An earlier line it repeats.
    pub twin: Option<String>,
    /// Problems: field and code.
    pub problems: Vec<(&'static str, ProblemCode)>,
    /// Cell texts, to mend.
    pub cells: std::collections::BTreeMap<String, String>,
}

/// Who stands on the roster and not on the list.
#[derive(Debug, Clone)]
pub struct Missing {
    /// The entry.
    pub entry: Entry,
    /// Said to have left.
    pub left: bool,
}

/// A list beside the roster.
#[derive(Debug, Clone)]
pub struct Look {
    /// Project.
    pub project: String,
    /// File name.
    pub name: String,
    /// Day of the list.
    pub day: Date,
    /// Lines, in their order.
    pub lines: Vec<LookLine>,
    /// Who is missing from it.
    pub missing: Vec<Missing>,
    /// Lines that name nobody.
    pub nobody: u64,
    /// Headers that were not read.
    pub unread: Vec<String>,
}

impl Look {
    /// Lines of an outlook.
    pub fn count(&self, outlook: Outlook) -> usize {
        self.lines.iter().filter(|l| l.outlook == outlook).count()
    }

    /// How many lines do what, as a sentence.
    pub fn summary(&self, language: Language) -> String {
        let counts = [
            ("joins", self.count(Outlook::Join)),
            ("changes", self.count(Outlook::Change)),
            ("same", self.count(Outlook::Same)),
            ("held", self.count(Outlook::Held) + self.count(Outlook::Doubt)),
            ("missing", self.missing.len()),
        ];
        let counts = counts.map(|(name, n)| (name, n.to_string()));
        let arguments: Vec<(&str, &str)> = counts.iter().map(|(k, v)| (*k, v.as_str())).collect();
        phrases::say_named(language, "roster-summary", &arguments)
    }

    /// Would anything be stored?
    pub fn does_something(&self) -> bool {
        self.count(Outlook::Join) + self.count(Outlook::Change) > 0 || self.missing.iter().any(|m| m.left)
    }
}

/// Everything a look rests on.
pub(super) struct Ground {
    pub(super) draft: Draft,
    pub(super) day: Date,
    pub(super) reading: Reading,
    pub(super) standing: Vec<Stay>,
    pub(super) compared: Compared,
}

impl Ground {
    /// Reads a draft and puts it beside the roster as it stands.
    pub(super) fn of(
        store: &Store,
        permit: &Permit<Read, Person>,
        row: &RosterDraft,
        law: &law::Law,
    ) -> Result<Self, Fault> {
        let draft = body(row)?;
        let today = clock::today();
        let day = draft.day.parse().unwrap_or(today);
        let wage_max = law.at(today).number("assessment/wage_likely_max").ok().map(|n| n.0);
        let reading = reading(&draft, today, wage_max)?;
        let here = |s: &Stay| matches!(s.entry.list, Some(ListOf::Project(_))) && s.entry.left.is_none_or(|l| l >= day);
        let standing: Vec<Stay> = store.stay_list(permit, &row.project, None)?.into_iter().filter(here).collect();
        let there: Vec<Entry> = standing.iter().map(|s| s.entry.clone()).collect();
        let compared = compare(&reading.entries, &there);
        Ok(Self { draft, day, reading, standing, compared })
    }

    /// What becomes of a line.
    pub(super) fn outlook(&self, at: usize) -> Outlook {
        let line = &self.draft.lines[at];
        if line.skip {
            return Outlook::Skipped;
        }
        match (&self.compared.lines[at], line.same) {
            (Fate::Twice { .. }, _) => return Outlook::Twice,
            (Fate::Nobody, _) => return Outlook::Held,
            _ if self.reading.problems[at].iter().any(|(field, code)| holds_back(field, *code)) => {
                return Outlook::Held;
            }
            (Fate::Doubt { .. }, None) => return Outlook::Doubt,
            (Fate::Join, _) | (Fate::Doubt { .. }, Some(false)) => return Outlook::Join,
            _ => {}
        }
        if self.changes(at).is_empty() { Outlook::Same } else { Outlook::Change }
    }

    /// What a line says otherwise than the entry it is about.
    pub(super) fn changes(&self, at: usize) -> Vec<linkage::roster::Changed> {
        match &self.compared.lines[at] {
            Fate::Change { what, .. } => what.clone(),
            Fate::Doubt { of, .. } if self.draft.lines[at].same == Some(true) => {
                linkage::roster::changes(&self.reading.entries[at], &self.standing[*of].entry)
            }
            _ => Vec::new(),
        }
    }

    /// Who is missing, with those whom a doubt was decided against: the line is somebody else, so they are not on the list.
    pub(super) fn missing(&self) -> Vec<usize> {
        let refused = self.compared.lines.iter().zip(&self.draft.lines).filter_map(|(fate, line)| match fate {
            Fate::Doubt { of, .. } if line.same == Some(false) => Some(*of),
            _ => None,
        });
        let mut out: Vec<usize> = self.compared.missing.iter().copied().chain(refused).collect();
        out.sort_unstable();
        out
    }
}

/// Looks at a draft; none where there is none for this person.
///
/// # Errors
/// [`Fault`] of the database.
pub fn look(
    desk: &Desk,
    (read, change): (&Permit<Read, Person>, &Permit<Change, Person>),
    id: i64,
) -> Result<Option<Look>, Fault> {
    let found = desk.read(|store| {
        let Some(row) = store.roster_draft(change, id)? else { return Ok(None) };
        let ground = Ground::of(store, read, &row, &desk.law)?;
        Ok::<_, Fault>(Some((row, ground)))
    })?;
    let Some((row, ground)) = found else { return Ok(None) };
    let address = |at: usize| {
        let line = &ground.draft.lines[at];
        line.sheet.as_ref().map_or_else(|| line.line.to_string(), |sheet| format!("{sheet}!{}", line.line))
    };
    let line = |at: usize| {
        let fate = &ground.compared.lines[at];
        let other = match fate {
            Fate::Doubt { of, .. } => Some(ground.standing[*of].entry.clone()),
            _ => None,
        };
        LookLine {
            at,
            address: address(at),
            entry: ground.reading.entries[at].clone(),
            outlook: ground.outlook(at),
            changes: ground.changes(at).iter().map(|c| c.name()).collect(),
            same: ground.draft.lines[at].same,
            other,
            twin: match fate {
                Fate::Twice { line } => Some(address(*line)),
                _ => None,
            },
            problems: ground.reading.problems[at].clone(),
            cells: ground.draft.lines[at].cells.clone(),
        }
    };
    let missing = ground.missing().into_iter().map(|of| {
        let entry = ground.standing[of].entry.clone();
        Missing { left: entry.number.is_some_and(|n| ground.draft.left.contains(&n)), entry }
    });
    Ok(Some(Look {
        lines: (0..ground.draft.lines.len()).map(line).collect(),
        missing: missing.collect(),
        nobody: ground.draft.nobody,
        unread: ground.draft.unread.clone(),
        day: ground.day,
        project: row.project,
        name: row.name,
    }))
}

/// A problem of a line as a sentence.
pub fn problem_text(line: &LookLine, field: &str, code: ProblemCode, language: Language) -> String {
    use ProblemCode as P;
    let known = matches!(
        code,
        P::ValueMissing
            | P::IdentifierNumeric
            | P::IdentifierMalformed
            | P::IdentifierDisagrees
            | P::DateUnreadable
            | P::DateImpossible
            | P::DateFuture
            | P::DateSerial
            | P::DatesReversed
            | P::NumberUnreadable
            | P::NumberStyle
            | P::NumberOutOfRange
            | P::NumberNegative
            | P::NumberUnlikely
            | P::CellError
    );
    let name = if known { code.name().replace('_', "-") } else { "other".to_owned() };
    let name = format!("roster-problem-{name}");
    let column = phrases::say_named(language, &format!("roster-field-{}", field.replace('_', "-")), &[]);
    phrases::say_named(language, &name, &[("column", &column), ("address", &line.address)])
}
