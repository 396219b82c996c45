//! What was known: tables up to a point, and every row with all its versions.

use crate::cells::unpack;
use crate::db::{Error, OptionalExtension};
use crate::{Fault, Store};
use kernel::origin::TableId;
use kernel::problem::Problem;
use registers::RawRow;
use registers::records::{RowView, Table};
use std::collections::BTreeMap;

/// One imported table, for showing where facts came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownTable {
    /// Id.
    pub id: TableId,
    /// File name.
    pub file: String,
    /// Sheet.
    pub sheet: Option<String>,
    /// Register.
    pub register: String,
    /// UTC time of recording.
    pub recorded_at: String,
    /// Data rows.
    pub rows: u64,
    /// Rows that said nothing new.
    pub unchanged: u64,
    /// Problems found.
    pub problems: u64,
}

/// Everything known at some point.
#[derive(Debug)]
pub struct Known {
    /// Last table known; 0 for none.
    pub through: i64,
    /// Tables in order of recording.
    pub tables: Vec<KnownTable>,
    prepared: BTreeMap<i64, Table>,
    withdrawn: rustc_hash::FxHashSet<i64>,
}

impl Known {
    /// A table by id.
    pub fn table(&self, id: TableId) -> Option<&KnownTable> {
        self.tables.iter().find(|t| t.id == id)
    }

    /// All data rows of all tables.
    pub fn rows_in(&self) -> u64 {
        self.tables.iter().map(|t| t.rows).sum()
    }

    /// Rows that repeated what was known.
    pub fn repeats(&self) -> u64 {
        self.tables.iter().map(|t| t.unchanged).sum()
    }
}

impl Store {
    /// The last table recorded before a time (UTC, RFC 3339), or the last of all.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn known_through(&self, before: Option<&str>) -> Result<i64, Fault> {
        let last: Option<i64> = self.connection.query_row(
            "SELECT max(id) FROM (
                SELECT t.id FROM source_table t JOIN source_file f ON f.id = t.file_id
                WHERE CAST(?1 AS TEXT) IS NULL OR f.recorded_at < ?1
                UNION ALL SELECT table_id FROM source_withdrawal WHERE CAST(?1 AS TEXT) IS NULL OR at < ?1) AS recorded",
            [before],
            |r| r.get(0),
        )?;
        Ok(last.unwrap_or(0))
    }

    /// The tables known through one of them.
    ///
    /// # Errors
    /// [`Fault`] of the database, or columns that do not read back.
    pub fn known(&self, through: i64) -> Result<Known, Fault> {
        let mut statement = self.connection.prepare(
            "SELECT t.id, f.name, t.sheet, t.register, f.recorded_at, t.rows, t.unchanged, t.problems, t.columns
             FROM source_table t JOIN source_file f ON f.id = t.file_id WHERE t.id <= ?1 ORDER BY t.id",
        )?;
        let withdrawn = crate::withdraw::withdrawn_tables(&self.connection, through)?;
        let mut rows = statement.query([through])?;
        let (mut tables, mut prepared) = (Vec::new(), BTreeMap::new());
        while let Some(r) = rows.next()? {
            let id: i64 = r.get(0)?;
            if withdrawn.contains(&id) {
                continue;
            }
            let table_id = TableId(u32::try_from(id).map_err(|_| Fault::Damaged("table id".into()))?);
            let register: String = r.get(3)?;
            let columns: String = r.get(8)?;
            let columns = serde_json::from_str(&columns).map_err(|e| Fault::Damaged(e.to_string()))?;
            let known = registers::register(&register).ok_or_else(|| Fault::Damaged(format!("register {register}")))?;
            prepared.insert(id, Table::new(table_id, known, columns));
            let count = |i: usize| -> Result<u64, Error> { Ok(r.get::<_, i64>(i)?.unsigned_abs()) };
            tables.push(KnownTable {
                id: table_id,
                file: r.get(1)?,
                sheet: r.get(2)?,
                register,
                recorded_at: r.get(4)?,
                rows: count(5)?,
                unchanged: count(6)?,
                problems: count(7)?,
            });
        }
        Ok(Known { through, tables, prepared, withdrawn })
    }

    /// Hands every row to `each`, its versions newest first, and returns how many older versions
    /// there were. The order of rows is the order of their keyed digests: callers sort.
    ///
    /// # Errors
    /// [`Fault`] of the database, or cells that do not read back.
    pub fn each_row(&self, known: &Known, mut each: impl FnMut(&Table, &RowView<'_>)) -> Result<u64, Fault> {
        let mut statement = self.connection.prepare(
            "SELECT key, table_id, line, kinds, cells, sealed FROM source_row WHERE table_id <= ?1 ORDER BY key, id DESC",
        )?;
        let mut rows = statement.stream([known.through])?;
        let mut key: Option<[u8; 16]> = None;
        let mut versions: Vec<(&Table, RawRow)> = Vec::new();
        let mut superseded = 0u64;
        let mut deliver = |versions: &mut Vec<(&Table, RawRow)>| {
            if !versions.is_empty() {
                superseded += versions.len() as u64 - 1;
                let view: Vec<(&Table, &RawRow)> = versions.iter().map(|(t, r)| (*t, r)).collect();
                each(view[0].0, &RowView::new(&view));
                versions.clear();
            }
        };
        while let Some(r) = rows.next()? {
            if known.withdrawn.contains(&r.get(1)?) {
                continue;
            }
            let this: [u8; 16] = r.get(0)?;
            if key != Some(this) {
                deliver(&mut versions);
                key = Some(this);
            }
            let table = known.prepared.get(&r.get(1)?).ok_or_else(|| Fault::Damaged("row without table".into()))?;
            // Borrowed from the row: nothing is copied before it is taken apart.
            versions.push((table, unpack(&self.vault, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?)?));
        }
        deliver(&mut versions);
        Ok(superseded)
    }

    /// The tables of one file with what became of their rows, as they were first recorded.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn file_tables(&self, file_id: i64) -> Result<Vec<(String, Option<String>, u64)>, Fault> {
        let mut statement =
            self.connection.prepare("SELECT register, sheet, rows FROM source_table WHERE file_id = ?1 ORDER BY id")?;
        let rows =
            statement.query_map([file_id], |r| Ok((r.get(0)?, r.get(1)?, r.get::<_, i64>(2)?.unsigned_abs())))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The listed problems of one file, table by table.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn file_problems(&self, file_id: i64) -> Result<Vec<(usize, Problem)>, Fault> {
        let mut statement = self.connection.prepare(
            "SELECT t.id, p.code, p.row, p.col, p.header, p.excerpt FROM source_problem p
             JOIN source_table t ON t.id = p.table_id WHERE t.file_id = ?1 ORDER BY t.id, p.rowid",
        )?;
        let first: Option<i64> = self
            .connection
            .query_row("SELECT min(id) FROM source_table WHERE file_id = ?1", [file_id], |r| r.get(0))
            .optional()?
            .flatten();
        let mut rows = statement.query([file_id])?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            let name: String = r.get(1)?;
            let code = kernel::problem::ProblemCode::ALL.into_iter().find(|c| c.name() == name);
            let code = code.ok_or_else(|| Fault::Damaged(format!("problem {name}")))?;
            let table: i64 = r.get(0)?;
            let at = usize::try_from(table - first.unwrap_or(table)).unwrap_or(0);
            out.push((at, Problem { code, row: r.get(2)?, column: r.get(3)?, header: r.get(4)?, excerpt: r.get(5)? }));
        }
        Ok(out)
    }
}
