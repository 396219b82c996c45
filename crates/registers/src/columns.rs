//! Which column of a table is which field, and how its numbers and dates are written.

use crate::spec::{Kind, Register};
use kernel::date::DateOrder;
use kernel::money::{NumberStyle, StyleEvidence, style_evidence};
use kernel::problem::{Problem, ProblemCode};
use serde::{Deserialize, Serialize};

/// What one column of a table is used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnUse {
    /// Header as typed.
    pub header: String,
    /// Position of the field in the register; `None` for a column no register knows.
    pub field: Option<u16>,
    /// Kept sealed: a personal field, or an unknown column whose header sounds personal.
    pub personal: bool,
    /// Decimal sign of the column.
    pub style: NumberStyle,
    /// Order of day and month in the column.
    pub order: DateOrder,
}

/// The columns of a table bound to a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Columns {
    /// Name of the register.
    pub register: String,
    /// Column by column.
    pub columns: Vec<ColumnUse>,
    /// For each field of the register, the column that holds it.
    by_field: Vec<Option<u16>>,
    /// Columns that make the key, in the register's order; `None` where the table lacks the field.
    key: Vec<Option<u16>>,
    /// Two columns of this table can contradict each other.
    related: bool,
}

/// Words in a header that mark personal data even where no register knows the column.
const PERSONAL_WORDS: [&str; 13] = [
    "nik",
    "ktp",
    "nip",
    "telp",
    "telepon",
    "hp",
    "email",
    "rekening",
    "lahir",
    "ibu_kandung",
    "npwp_16",
    "npwp16",
    "wakil",
];

/// Headers of the running number that office sheets begin with.
const ROW_NUMBER_HEADERS: [&str; 4] = ["no", "nomor", "no_urut", "nomor_urut"];

/// Is a header that of the running number? It says nothing about the row.
pub fn is_row_number(header: &str) -> bool {
    ROW_NUMBER_HEADERS.contains(&kernel::text::header_key(header).as_str())
}

fn sounds_personal(key: &str) -> bool {
    let padded = format!("_{key}_");
    PERSONAL_WORDS.iter().any(|w| padded.contains(&format!("_{w}_")))
        || ((key.contains("ppk") || key.contains("nama_pp")) && (key.contains("nama") || key.contains("user")))
}

impl Columns {
    /// Binds headers to the fields of a register. Problems name headers that are unknown or that
    /// mean a field already bound.
    pub fn bind(register: &Register, headers: &[&str]) -> (Self, Vec<Problem>) {
        Self::bind_with(register, headers, |key| register.field_by_header(key))
    }

    /// As [`Columns::bind`], with the reader's own idea of what a header means first.
    pub fn bind_with(
        register: &Register,
        headers: &[&str],
        meaning: impl Fn(&str) -> Option<usize>,
    ) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut by_field = vec![None; register.columns.len()];
        let mut columns = Vec::with_capacity(headers.len());
        // A header that is the field's own name wins over a synonym that stands further left.
        let exact: Vec<Option<usize>> = headers.iter().map(|h| register.field(&kernel::text::header_key(h))).collect();
        for (i, header) in headers.iter().enumerate() {
            let key = kernel::text::header_key(header);
            let field = meaning(&key);
            let mut bound = None;
            if let Some(f) = field {
                let own_name_elsewhere = exact[i] != Some(f) && exact.contains(&Some(f));
                if by_field[f].is_none() && !own_name_elsewhere {
                    by_field[f] = Some(i as u16);
                    bound = Some(f as u16);
                }
            }
            let personal = match field {
                Some(f) => register.columns[f].personal,
                None => sounds_personal(&key),
            };
            // Feeds of machines carry columns nobody here needs; on a sheet typed by hand an unknown
            // or doubled header is a remark its author can act on.
            if register.by_field && !header.trim().is_empty() && !ROW_NUMBER_HEADERS.contains(&key.as_str()) {
                let code = match (field, bound) {
                    (None, _) => Some(ProblemCode::ColumnUnknown),
                    (Some(_), None) => Some(ProblemCode::ColumnTwice),
                    _ => None,
                };
                if let Some(code) = code {
                    let mut problem = Problem::of_table(code);
                    problem.column = Some(i as u32 + 1);
                    problem.header = Some(crate::check::without_numbers(header));
                    problems.push(problem);
                }
            }
            columns.push(ColumnUse {
                header: (*header).to_owned(),
                field: bound,
                personal,
                style: NumberStyle::Dot,
                order: DateOrder::DayFirst,
            });
        }
        let key = register.key.iter().map(|k| register.field(k).and_then(|f| by_field[f])).collect();
        let bound = |name: &str| register.field(name).is_some_and(|f| by_field[f].is_some());
        let related = crate::check::ORDERED_DATES.iter().any(|(from, to)| bound(from) && bound(to))
            || (bound("nik") && bound("tgl_lahir"))
            || (bound("kd_rup") && bound("id_lpse"));
        (Self { register: register.id.clone(), columns, by_field, key, related }, problems)
    }

    /// The column that holds a field.
    pub fn column_of(&self, field: usize) -> Option<usize> {
        self.by_field.get(field).copied().flatten().map(usize::from)
    }

    /// Columns of the key.
    pub fn key(&self) -> &[Option<u16>] {
        &self.key
    }

    /// Can two columns of this table contradict each other?
    pub fn has_related_fields(&self) -> bool {
        self.related
    }

    /// Does any column hold personal data?
    pub fn has_personal(&self) -> bool {
        self.columns.iter().any(|c| c.personal)
    }

    /// Kind of a column, where a field is bound to it.
    pub fn kind<'r>(&self, register: &'r Register, column: usize) -> Option<&'r crate::spec::Column> {
        let field = self.columns.get(column)?.field?;
        register.columns.get(usize::from(field))
    }
}

/// Votes of the cells seen so far on how each column writes numbers and dates.
#[derive(Debug, Clone, Default)]
pub struct StyleVotes {
    columns: Vec<Votes>,
}

#[derive(Debug, Clone, Default)]
struct Votes {
    dot: u32,
    comma: u32,
    dot_likely: u32,
    comma_likely: u32,
    day_first: u32,
    month_first: u32,
    ambiguous_dates: u32,
}

impl StyleVotes {
    /// Counts one row.
    pub fn count(&mut self, register: &Register, columns: &Columns, row: &crate::RawRow) {
        self.columns.resize_with(columns.columns.len(), Votes::default);
        for i in 0..row.len().min(columns.columns.len()) {
            // Spreadsheet numbers and dates carry their own meaning; only text has a style.
            if row.kind(i) != crate::CellKind::Text {
                continue;
            }
            let (Some(column), text) = (columns.kind(register, i), row.cell(i)) else { continue };
            let votes = &mut self.columns[i];
            match column.kind {
                Kind::Money | Kind::Percent => match style_evidence(text) {
                    StyleEvidence::Sure(NumberStyle::Dot) => votes.dot += 1,
                    StyleEvidence::Sure(NumberStyle::Comma) => votes.comma += 1,
                    StyleEvidence::Likely(NumberStyle::Dot) => votes.dot_likely += 1,
                    StyleEvidence::Likely(NumberStyle::Comma) => votes.comma_likely += 1,
                    StyleEvidence::None => {}
                },
                Kind::Date => {
                    match kernel::date::order_evidence(text) {
                        Some(DateOrder::DayFirst) => votes.day_first += 1,
                        Some(DateOrder::MonthFirst) => votes.month_first += 1,
                        None => {}
                    }
                    if kernel::date::is_order_ambiguous(text) {
                        votes.ambiguous_dates += 1;
                    }
                }
                _ => {}
            }
        }
    }

    /// Settles each column. A tie of certain votes goes to the likelier thousands sign; columns
    /// that mix date orders, or never show theirs, become problems of the whole column.
    pub fn settle(&self, columns: &mut Columns) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (i, (votes, column)) in self.columns.iter().zip(&mut columns.columns).enumerate() {
            column.style = match votes.dot.cmp(&votes.comma) {
                std::cmp::Ordering::Greater => NumberStyle::Dot,
                std::cmp::Ordering::Less => NumberStyle::Comma,
                std::cmp::Ordering::Equal if votes.comma_likely > votes.dot_likely => NumberStyle::Comma,
                std::cmp::Ordering::Equal => NumberStyle::Dot,
            };
            column.order =
                if votes.month_first > votes.day_first { DateOrder::MonthFirst } else { DateOrder::DayFirst };
            let code = match (votes.day_first > 0, votes.month_first > 0) {
                (true, true) => Some(ProblemCode::DateOrderMixed),
                (false, false) if votes.ambiguous_dates > 0 => Some(ProblemCode::DateOrderAssumed),
                _ => None,
            };
            if let Some(code) = code {
                let mut problem = Problem::of_table(code);
                problem.column = Some(i as u32 + 1);
                problem.header = Some(column.header.clone());
                problems.push(problem);
            }
        }
        problems
    }
}
