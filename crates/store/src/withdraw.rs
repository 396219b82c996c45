//! Taking an import back. Nothing is erased: a withdrawal is a place of its own in the sequence of tables,
//! so that "as known on" a day before it still answers with the file.

use crate::db::{Database, params};
use crate::{Fault, Store, trail};
use audit::Event;
use rustc_hash::FxHashSet;

/// A file that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Id.
    pub id: i64,
    /// As the clerk called it.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// UTC.
    pub recorded_at: String,
    /// Registers of its tables.
    pub registers: String,
    /// Rows, and of these new, changed, unchanged.
    pub rows: [u64; 4],
    /// Problems.
    pub problems: u64,
    /// When it was taken back, by whom and why.
    pub withdrawn: Option<(String, String, String)>,
}

/// Why an import cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resting {
    /// No such file.
    Unknown,
    /// Taken back already.
    Already,
    /// Later files repeat its rows and were stored as "nothing new": they have to go first.
    Under(Vec<String>),
}

/// The number the next table or withdrawal gets.
pub(crate) fn next_table(connection: &Database) -> Result<i64, Fault> {
    Ok(connection.query_row(
        "SELECT max(id) + 1 FROM (SELECT coalesce(max(id), 0) AS id FROM source_table
         UNION ALL SELECT coalesce(max(table_id), 0) FROM source_withdrawal) AS taken",
        [],
        |r| r.get(0),
    )?)
}

/// Tables of files taken back by a point of the sequence.
pub(crate) fn withdrawn_tables(connection: &Database, through: i64) -> Result<FxHashSet<i64>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT t.id FROM source_withdrawal w JOIN source_table t ON t.file_id = w.file_id WHERE w.table_id <= ?1",
    )?;
    let ids = statement.query_map([through], |r| r.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

impl Store {
    /// Takes an import back, for the reason its event gives.
    ///
    /// # Errors
    /// [`Fault`] of the database; inside, why it cannot be taken back.
    pub fn import_withdraw(
        &mut self,
        file: i64,
        at: &str,
        by: &str,
        event: Event,
    ) -> Result<Result<(), Resting>, Fault> {
        let transaction = self.connection.transaction()?;
        let known: bool =
            transaction.query_row("SELECT EXISTS (SELECT 1 FROM source_file WHERE id = ?1)", [file], |r| r.get(0))?;
        if !known {
            return Ok(Err(Resting::Unknown));
        }
        let already: bool = transaction.query_row(
            "SELECT EXISTS (SELECT 1 FROM source_withdrawal WHERE file_id = ?1)",
            [file],
            |r| r.get(0),
        )?;
        if already {
            return Ok(Err(Resting::Already));
        }
        let resting: Vec<String> = transaction
            .prepare(
                "SELECT f.name FROM source_table later JOIN source_file f ON f.id = later.file_id
                 WHERE later.unchanged > 0 AND later.file_id <> ?1
                   AND later.id > (SELECT min(id) FROM source_table WHERE file_id = ?1)
                   AND later.register IN (SELECT register FROM source_table WHERE file_id = ?1)
                   AND later.file_id NOT IN (SELECT file_id FROM source_withdrawal)
                 GROUP BY f.name ORDER BY min(later.id)",
            )?
            .query_map([file], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        if !resting.is_empty() {
            return Ok(Err(Resting::Under(resting)));
        }
        let table = next_table(&transaction)?;
        transaction.execute(
            "INSERT INTO source_withdrawal (table_id, file_id, at, by, reason) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![table, file, at, by, event.reason],
        )?;
        crate::stays::let_go(&transaction, &self.vault, file)?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(Ok(()))
    }

    /// The keyed digest of a file's bytes and of how they were read.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn file_digest(&self, file: i64) -> Result<Option<[u8; 16]>, Fault> {
        let mut statement = self.connection.prepare_cached("SELECT digest FROM source_file WHERE id = ?1")?;
        let found: Option<Vec<u8>> = statement.query_map([file], |r| r.get(0))?.next().transpose()?;
        Ok(found.and_then(|digest| digest.try_into().ok()))
    }

    /// What a file is called.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn file_name(&self, file: i64) -> Result<Option<String>, Fault> {
        let mut statement = self.connection.prepare_cached("SELECT name FROM source_file WHERE id = ?1")?;
        Ok(statement.query_map([file], |r| r.get(0))?.next().transpose()?)
    }

    /// The file a table came in, and when that was, UTC.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn table_file(&self, table: i64) -> Result<Option<(String, String)>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT f.name, f.recorded_at FROM source_table t JOIN source_file f ON f.id = t.file_id WHERE t.id = ?1",
        )?;
        Ok(statement.query_map([table], |r| Ok((r.get(0)?, r.get(1)?)))?.next().transpose()?)
    }

    /// All files, the newest first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn file_list(&self, _permit: &authz::Permit<authz::Read, authz::Import>) -> Result<Vec<SourceFile>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT f.id, f.name, f.bytes, f.recorded_at, coalesce(
                      (SELECT string_agg(register, ',') FROM (SELECT DISTINCT register FROM source_table
                       WHERE file_id = f.id ORDER BY register) AS named), ''),
                    coalesce(sum(t.rows), 0), coalesce(sum(t.new), 0), coalesce(sum(t.changed), 0),
                    coalesce(sum(t.unchanged), 0), coalesce(sum(t.problems), 0), w.at, w.by, w.reason
             FROM source_file f LEFT JOIN source_table t ON t.file_id = f.id
             LEFT JOIN source_withdrawal w ON w.file_id = f.id GROUP BY f.id, w.table_id ORDER BY f.id DESC",
        )?;
        let rows = statement.query_map([], |r| {
            let count = |i: usize| r.get::<_, i64>(i).map(i64::unsigned_abs);
            let withdrawn: Option<String> = r.get(10)?;
            Ok(SourceFile {
                id: r.get(0)?,
                name: r.get(1)?,
                bytes: count(2)?,
                recorded_at: r.get(3)?,
                registers: r.get(4)?,
                rows: [count(5)?, count(6)?, count(7)?, count(8)?],
                problems: count(9)?,
                withdrawn: match withdrawn {
                    Some(at) => Some((at, r.get(11)?, r.get(12)?)),
                    None => None,
                },
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
