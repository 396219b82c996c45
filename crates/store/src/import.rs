//! One file in one transaction: committed whole or not at all.

use crate::cells::{Packed, Plan, name_of, plain, unpack};
use crate::db::{Appender, Database, OptionalExtension, Transaction, params};
use crate::{Fault, Store, Vault};
use kernel::problem::Problem;
use registers::{Columns, RawRow};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// A file, before its tables.
#[derive(Debug, Clone)]
pub struct FileFacts {
    /// As the clerk called it.
    pub name: String,
    /// Blind digest of bytes and options.
    pub digest: [u8; 16],
    /// Size.
    pub bytes: u64,
    /// UTC, RFC 3339.
    pub recorded_at: String,
}

/// A table, before its rows.
#[derive(Debug, Clone)]
pub struct TableFacts {
    /// Sheet.
    pub sheet: Option<String>,
    /// Columns bound to a register.
    pub columns: Columns,
    /// Line of the header.
    pub header_line: u32,
    /// How the bytes were read.
    pub reading: String,
}

/// What became of the rows of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All data rows.
    pub rows: u64,
    /// With a key never seen.
    pub new: u64,
    /// Replacing an earlier row of the same key.
    pub changed: u64,
    /// Saying nothing new.
    pub unchanged: u64,
}

struct Current {
    id: i64,
    facts: TableFacts,
    plan: Plan,
    tally: Tally,
    problems: u64,
    /// No earlier import knows this register, so only keys of this very import can stand already.
    fresh: bool,
    /// The last row before it, where it is a list of workers.
    people_after: Option<i64>,
}

/// A running import. Dropped without [`Import::commit`], it leaves no trace.
pub struct Import<'s> {
    transaction: Transaction<'s>,
    vault: &'s Vault,
    file_id: i64,
    current: Option<Current>,
    done: Vec<(String, Tally)>,
    packed: Packed,
    rows: Appender,
    /// Keys of rows that a look into the table would not find yet.
    held: FxHashSet<[u8; 16]>,
    columns: FxHashMap<i64, (String, Columns)>,
    /// Keys written by this import, while its register is fresh.
    written: FxHashSet<[u8; 16]>,
    /// Tables taken back: their rows say nothing any more.
    withdrawn: FxHashSet<i64>,
}

impl Store {
    /// The earlier import of the same bytes under the same options, and whether it was taken back since.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn import_known(&self, digest: &[u8; 16]) -> Result<Option<(i64, bool)>, Fault> {
        let found = self
            .connection
            .query_row(
                "SELECT id, EXISTS (SELECT 1 FROM source_withdrawal w WHERE w.file_id = f.id)
                 FROM source_file f WHERE digest = ?1",
                [&digest[..]],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .optional()?;
        Ok(found)
    }

    /// The keyed digest under which a file is known.
    pub fn blind(&self, parts: &[&[u8]]) -> [u8; 16] {
        self.vault.blind(parts)
    }

    /// Begins an import.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn import_begin(&mut self, file: &FileFacts) -> Result<Import<'_>, Fault> {
        let transaction = self.connection.transaction()?;
        // Time of recording never runs backwards, whatever the clock of the machine does.
        let last: Option<String> =
            transaction.query_row("SELECT max(recorded_at) FROM source_file", [], |r| r.get(0))?;
        let recorded_at = last.map_or(file.recorded_at.clone(), |l| l.max(file.recorded_at.clone()));
        let file_id = transaction.query_row(
            "INSERT INTO source_file (digest, name, bytes, recorded_at) VALUES (?1, ?2, ?3, ?4) RETURNING id",
            params![&file.digest[..], file.name, file.bytes as i64, recorded_at],
            |r| r.get(0),
        )?;
        let withdrawn = crate::withdraw::withdrawn_tables(&transaction, i64::MAX)?;
        Ok(Import {
            transaction,
            vault: &self.vault,
            file_id,
            current: None,
            done: Vec::new(),
            packed: Packed::default(),
            rows: Appender::new("source_row", "table_id, line, key, content, kinds, cells, sealed"),
            held: FxHashSet::default(),
            columns: FxHashMap::default(),
            written: FxHashSet::default(),
            withdrawn,
        })
    }
}

fn register_of(id: &str) -> Result<&'static registers::Register, Fault> {
    registers::register(id).ok_or_else(|| Fault::Damaged(format!("register {id}")))
}

impl Import<'_> {
    /// A table begins.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn table(&mut self, facts: TableFacts) -> Result<(), Fault> {
        self.close_table()?;
        let id = crate::withdraw::next_table(&self.transaction)?;
        let plan = Plan::new(register_of(&facts.columns.register)?, &facts.columns);
        let known: bool = self.transaction.query_row(
            "SELECT EXISTS (SELECT 1 FROM source_table WHERE register = ?1 AND file_id <> ?2)",
            params![facts.columns.register, self.file_id],
            |r| r.get(0),
        )?;
        let is_list = crate::stays::is_list(&facts.columns.register);
        let people_after = is_list.then(|| crate::stays::last_row(&self.transaction)).transpose()?;
        let tally = Tally::default();
        self.current = Some(Current { id, facts, plan, tally, problems: 0, fresh: !known, people_after });
        Ok(())
    }

    /// A row of the current table.
    ///
    /// # Errors
    /// [`Fault`] of the database, or a row before any table.
    pub fn row(&mut self, row: &RawRow) -> Result<(), Fault> {
        let Some(current) = &mut self.current else { return Err(Fault::Damaged("row before table".into())) };
        current.tally.rows += 1;
        current.plan.pack(self.vault, row, &mut self.packed)?;
        let packed = &self.packed;
        // Looking a key up costs as much as writing a row; the first file of a register needs none.
        let may_stand = !(current.fresh && self.written.insert(packed.key));
        if may_stand && self.held.contains(&packed.key) {
            self.rows.flush(&self.transaction)?;
            self.held.clear();
        }
        let latest: Option<[u8; 16]> =
            if !may_stand { None } else { latest_content(&self.transaction, &packed.key, &self.withdrawn)? };
        match latest {
            Some(content) if content == packed.content => {
                current.tally.unchanged += 1;
                return Ok(());
            }
            Some(_)
                if says_nothing_new(
                    &self.transaction,
                    self.vault,
                    &mut self.columns,
                    &self.withdrawn,
                    current,
                    row,
                    packed,
                )? =>
            {
                current.tally.unchanged += 1;
                return Ok(());
            }
            Some(_) => current.tally.changed += 1,
            None => current.tally.new += 1,
        }
        self.rows.append(
            &self.transaction,
            params![
                current.id,
                row.line,
                &packed.key[..],
                &packed.content[..],
                packed.kinds,
                packed.cells,
                packed.sealed
            ],
        )?;
        if !self.rows.holds_rows() {
            self.held.clear();
        } else {
            self.held.insert(packed.key);
        }
        Ok(())
    }

    /// A problem of the current table.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn problem(&mut self, problem: &Problem) -> Result<(), Fault> {
        let Some(current) = &mut self.current else { return Ok(()) };
        current.problems += 1;
        self.transaction
            .prepare_cached("INSERT INTO source_problem (table_id, code, row, col, header, excerpt) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute(params![current.id, problem.code.name(), problem.row, problem.column, problem.header, problem.excerpt])?;
        Ok(())
    }

    /// The file this import becomes.
    pub fn file(&self) -> i64 {
        self.file_id
    }

    /// Ends the draft this import was made of, with the import or not at all: what is left of it stays.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn end_roster_draft(&self, id: i64, rest: Option<&str>) -> Result<(), Fault> {
        match rest {
            Some(rest) => crate::drafts::change(&self.transaction, self.vault, id, rest),
            None => crate::drafts::drop(&self.transaction, id),
        }
    }

    /// Writes down what a foreman's phone said, with the import or not at all: what came of each act, and lines that wait for the office.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn foreman(
        &self,
        (link, at): (i64, &str),
        list: &[crate::Answered],
        draft: Option<&crate::RosterDraft>,
    ) -> Result<(), Fault> {
        crate::foreman::answered(&self.transaction, link, at, list)?;
        draft.map_or(Ok(()), |draft| crate::drafts::add(&self.transaction, self.vault, draft))
    }

    /// Writes down what a phone of the outreach car said, with the import or not at all.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn enrolled(&self, (phone, at): (i64, &str), list: &[crate::EnrolAnswer]) -> Result<(), Fault> {
        crate::enrol::enrolled(&self.transaction, (phone, self.file_id), at, list)
    }

    /// Adds an event to the audit trail, stored or dropped with the import.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn audit(&self, event: audit::Event) -> Result<(), Fault> {
        crate::trail::add(&self.transaction, event)
    }

    fn close_table(&mut self) -> Result<(), Fault> {
        let Some(current) = self.current.take() else { return Ok(()) };
        self.rows.flush(&self.transaction)?;
        self.held.clear();
        let columns = serde_json::to_string(&current.facts.columns).map_err(|e| Fault::Damaged(e.to_string()))?;
        let t = current.tally;
        self.transaction.execute(
            "INSERT INTO source_table (id, file_id, sheet, register, header_line, reading, columns, rows, new, changed, unchanged, problems)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                current.id,
                self.file_id,
                current.facts.sheet,
                current.facts.columns.register,
                current.facts.header_line,
                current.facts.reading,
                columns,
                t.rows as i64,
                t.new as i64,
                t.changed as i64,
                t.unchanged as i64,
                current.problems as i64
            ],
        )?;
        if let Some(after) = current.people_after {
            crate::stays::take_up(&self.transaction, self.vault, after)?;
        }
        self.done.push((current.facts.columns.register.clone(), t));
        Ok(())
    }

    /// Makes it permanent. Returns the tables with what became of their rows.
    ///
    /// # Errors
    /// [`Fault`] of the database; then nothing was stored.
    pub fn commit(mut self) -> Result<Vec<(String, Tally)>, Fault> {
        self.close_table()?;
        self.transaction.commit()?;
        Ok(self.done)
    }

    /// Leaves no trace, and tells what would have been. For a dry run.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn abandon(mut self) -> Result<Vec<(String, Tally)>, Fault> {
        self.close_table()?;
        self.transaction.rollback()?;
        Ok(self.done)
    }
}

/// Digest of the last row of a key that still counts.
fn latest_content(
    transaction: &Database,
    key: &[u8; 16],
    withdrawn: &FxHashSet<i64>,
) -> Result<Option<[u8; 16]>, Fault> {
    let mut statement =
        transaction.prepare_cached("SELECT content, table_id FROM source_row WHERE key = ?1 ORDER BY id DESC")?;
    let mut rows = statement.query([&key[..]])?;
    while let Some(row) = rows.next()? {
        if !withdrawn.contains(&row.get(1)?) {
            return Ok(Some(row.get(0)?));
        }
    }
    Ok(None)
}

/// Does a row with another digest still say nothing new? A narrower extract of the same feed
/// repeats some columns; overlaid on what is known it changes nothing.
fn says_nothing_new(
    transaction: &Database,
    vault: &Vault,
    cache: &mut FxHashMap<i64, (String, Columns)>,
    withdrawn: &FxHashSet<i64>,
    current: &Current,
    row: &RawRow,
    packed: &Packed,
) -> Result<bool, Fault> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut statement = transaction.prepare_cached(
        "SELECT table_id, line, kinds, cells, sealed FROM source_row WHERE key = ?1 ORDER BY id DESC",
    )?;
    let mut rows = statement.query([&packed.key[..]])?;
    while let Some(old) = rows.next()? {
        let table_id: i64 = old.get(0)?;
        if withdrawn.contains(&table_id) {
            continue;
        }
        let kinds: Option<String> = old.get(2)?;
        let cells: String = old.get(3)?;
        let sealed: Option<Vec<u8>> = old.get(4)?;
        let old_row = unpack(vault, old.get(1)?, kinds.as_deref(), &cells, sealed.as_deref())?;
        if table_id == current.id {
            overlay(&mut known, &current.facts.columns, &old_row)?;
            continue;
        }
        if let std::collections::hash_map::Entry::Vacant(entry) = cache.entry(table_id) {
            let json: (String, String) =
                transaction.query_row("SELECT register, columns FROM source_table WHERE id = ?1", [table_id], |r| {
                    Ok((r.get(0)?, r.get(1)?))
                })?;
            let columns = serde_json::from_str(&json.1).map_err(|e| Fault::Damaged(e.to_string()))?;
            entry.insert((json.0, columns));
        }
        if let Some((_, columns)) = cache.get(&table_id) {
            overlay(&mut known, columns, &old_row)?;
        }
    }
    Ok(current.plan.says(row).all(|(name, value)| known.get(name).map_or("", String::as_str) == value))
}

fn overlay(known: &mut BTreeMap<String, String>, columns: &Columns, row: &RawRow) -> Result<(), Fault> {
    let register = register_of(&columns.register)?;
    for (i, column) in columns.columns.iter().enumerate() {
        let name = name_of(register, columns, i, &column.header);
        known.entry(name).or_insert_with(|| plain(row.cell(i)).to_owned());
    }
    Ok(())
}
