//! Statements of the donation account: rows that came in as any file does, and which of them stand in the book.

use crate::book::{About, enter, enter_act};
use crate::cells::unpack;
use crate::db::{OptionalExtension, Transaction, params};
use crate::{Fault, Store, hex, trail, unhex};
use audit::Event;
use authz::{Change, Donation, Permit, Read};
use kernel::origin::TableId;
use ledger::{Act, Refusal};
use registers::records::{BankLine, NoLine, RowView, Table, read_line};
use rustc_hash::{FxHashMap, FxHashSet};

/// The register of statements.
const REGISTER: &str = "rekening_koran";

/// A row of a statement as it stands, with what the bank printed.
#[derive(Debug, Clone)]
pub struct StatementRow {
    /// Digest of its key.
    pub key: String,
    /// What it says; or why it is no line.
    pub line: Result<BankLine, NoLine>,
    /// File it stands in, and line there.
    pub at: (String, u32),
    /// Its number in the book; none where it is not in it yet.
    pub entered: Option<i64>,
}

/// A line in the book whose money nobody has explained yet, or not all of it.
#[derive(Debug, Clone)]
pub struct OpenLine {
    /// Number of the line.
    pub id: i64,
    /// Number of the account.
    pub account: String,
    /// Value date.
    pub day: String,
    /// Rupiah: above zero came, below went.
    pub amount: i64,
    /// Of it not explained, without sign.
    pub open: i64,
    /// What the bank printed; empty for what an account held before its first line, or where the file was taken back.
    pub text: String,
    /// File and line it stands in; empty as well then.
    pub at: (String, u32),
}

/// A line to be entered.
#[derive(Debug, Clone)]
pub struct NewLine {
    /// Digest of its key; none for what an account held before.
    pub key: Option<String>,
    /// Value date.
    pub day: String,
    /// Rupiah: above zero came, below went.
    pub amount: i64,
    /// Printed after it.
    pub balance: i64,
}

/// Lines of one account to be entered, in their order, with where the account then stands.
#[derive(Debug, Clone)]
pub struct TakeUp {
    /// Number of the account.
    pub account: String,
    /// Lines.
    pub lines: Vec<NewLine>,
    /// Balance after the last line of all, entered now or before.
    pub balance: i64,
    /// Its day.
    pub through: String,
    /// What the account held before its first line turned out to be something else: the entry that said so is taken back first.
    pub undo_opening: bool,
}

fn enter_line(
    transaction: &Transaction<'_>,
    who: (i64, &str),
    account: i64,
    new: &NewLine,
) -> Result<Result<(), Refusal>, Fault> {
    let key = new.key.as_deref().and_then(unhex);
    let line: i64 = transaction.query_row(
        "INSERT INTO bank_line (account_id, key, day, amount, balance) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
        params![account, key, new.day, new.amount, new.balance],
        |r| r.get(0),
    )?;
    let amount = new.amount.saturating_abs();
    let act = if new.amount > 0 {
        Act::Credit { bank: account, line, amount }
    } else {
        Act::Debit { bank: account, line, amount }
    };
    let about = About { day: new.day.clone(), line: Some(line), ..About::default() };
    Ok(enter_act(transaction, who, &act, &about)?.map(|_| ()))
}

/// Takes back what an account was said to have held before its first line.
fn undo_opening(transaction: &Transaction<'_>, who: (i64, &str), account: i64) -> Result<Result<(), Refusal>, Fault> {
    let opening: Option<(i64, i64, i64, String)> = transaction
        .query_row(
            "SELECT e.id, l.id, l.amount, l.day FROM bank_line l JOIN ledger_entry e ON e.line_id = l.id AND e.kind = 'credit'
             WHERE l.account_id = ?1 AND l.key IS NULL
               AND NOT EXISTS (SELECT 1 FROM ledger_entry u WHERE u.undoes = e.id) ORDER BY e.id LIMIT 1",
            [account],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)),
        )
        .optional()?;
    let Some((entry, line, amount, day)) = opening else { return Ok(Ok(())) };
    let about = About { day, line: Some(line), undoes: Some(entry), ..About::default() };
    Ok(match (Act::Credit { bank: account, line, amount }).entry().and_then(|e| e.undo()) {
        Ok(undo) => enter(transaction, who, &undo, &about)?.map(|_| ()),
        Err(refusal) => Err(refusal),
    })
}

impl Store {
    /// Rows of statements that were loaded and not taken back, as they stand now, in no order that means anything.
    ///
    /// # Errors
    /// [`Fault`] of the database, or cells of another key.
    pub fn statement_rows(&self, _: &Permit<Read, Donation>) -> Result<Vec<StatementRow>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT t.id, t.columns, f.name FROM source_table t JOIN source_file f ON f.id = t.file_id
             WHERE t.register = ?1 AND NOT EXISTS (SELECT 1 FROM source_withdrawal w WHERE w.file_id = f.id) ORDER BY t.id",
        )?;
        let known = registers::register(REGISTER).ok_or_else(|| Fault::Damaged(format!("register {REGISTER}")))?;
        let mut tables: FxHashMap<i64, (Table, String)> = FxHashMap::default();
        let mut rows = statement.query([REGISTER])?;
        while let Some(r) = rows.next()? {
            let (id, columns): (i64, String) = (r.get(0)?, r.get(1)?);
            let columns = serde_json::from_str(&columns).map_err(|e| Fault::Damaged(e.to_string()))?;
            let table = TableId(u32::try_from(id).map_err(|_| Fault::Damaged("table id".into()))?);
            tables.insert(id, (Table::new(table, known, columns), r.get(2)?));
        }
        drop(rows);
        let mut statement = self.connection.prepare_cached("SELECT key, id FROM bank_line WHERE key IS NOT NULL")?;
        let entered: FxHashMap<[u8; 16], i64> =
            statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut out = Vec::new();
        let mut met: FxHashSet<[u8; 16]> = FxHashSet::default();
        let mut statement = self.connection.prepare_cached(
            "SELECT r.key, r.table_id, r.line, r.kinds, r.cells, r.sealed FROM source_row r
             JOIN source_table t ON t.id = r.table_id WHERE t.register = ?1 ORDER BY r.key, r.id DESC",
        )?;
        let mut rows = statement.query([REGISTER])?;
        while let Some(r) = rows.next()? {
            let (key, table): ([u8; 16], i64) = (r.get(0)?, r.get(1)?);
            // The key is all a line says: a later version says the same. The newest that was not taken back stands.
            let Some((table, file)) = tables.get(&table).filter(|_| !met.contains(&key)) else { continue };
            met.insert(key);
            let row = unpack(&self.vault, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?)?;
            let view = [(table, &row)];
            let view = RowView::new(&view);
            if view.is_footer() {
                continue;
            }
            let at = (file.clone(), row.line);
            out.push(StatementRow { key: hex(&key), line: read_line(&view), at, entered: entered.get(&key).copied() });
        }
        Ok(out)
    }

    /// Enters lines of statements, those of one account after the other, in one transaction: all of them or none. How many.
    ///
    /// # Errors
    /// [`Fault`] of the database; inside, why one is refused.
    pub fn statement_enter(
        &mut self,
        permit: &Permit<Change, Donation>,
        all: &[TakeUp],
        at: &str,
        event: Event,
    ) -> Result<Result<usize, Refusal>, Fault> {
        let who = (permit.actor().unwrap_or(authz::OPERATOR), at);
        let transaction = self.connection.transaction()?;
        let mut count = 0;
        for take in all {
            transaction.execute(
                "INSERT INTO bank_account (number) VALUES (?1) ON CONFLICT (number) DO NOTHING",
                params![take.account],
            )?;
            let account: i64 = transaction.query_row(
                "SELECT id FROM bank_account WHERE number = ?1",
                [take.account.as_str()],
                |r| r.get(0),
            )?;
            let mut refused = None;
            let mut step = |done: Result<Result<(), Refusal>, Fault>| -> Result<bool, Fault> {
                refused = done?.err();
                Ok(refused.is_none())
            };
            // What an account held before is corrected between what came and what went: so no account is ever short on the way.
            let (first, rest): (Vec<&NewLine>, Vec<&NewLine>) =
                take.lines.iter().partition(|l| !take.undo_opening || l.amount > 0);
            let mut all_done = true;
            for new in first {
                all_done = all_done && step(enter_line(&transaction, who, account, new))?;
            }
            if take.undo_opening && all_done {
                all_done = step(undo_opening(&transaction, who, account))?;
            }
            for new in rest {
                all_done = all_done && step(enter_line(&transaction, who, account, new))?;
            }
            if let Some(refusal) = refused {
                return Ok(Err(refusal));
            }
            count += take.lines.len();
            transaction.execute(
                "UPDATE bank_account SET balance = ?2, through = ?3 WHERE id = ?1",
                params![account, take.balance, take.through],
            )?;
        }
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(Ok(count))
    }

    /// What an account held before its first line, as it was entered last; none where nothing was.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn bank_opening(&self, _: &Permit<Read, Donation>, number: &str) -> Result<Option<i64>, Fault> {
        let found = self
            .connection
            .query_row(
                "SELECT l.amount FROM bank_line l JOIN bank_account a ON a.id = l.account_id
                 JOIN ledger_entry e ON e.line_id = l.id AND e.kind = 'credit'
                 WHERE a.number = ?1 AND l.key IS NULL AND NOT EXISTS (SELECT 1 FROM ledger_entry u WHERE u.undoes = e.id)
                 ORDER BY l.id DESC LIMIT 1",
                [number],
                |r| r.get(0),
            )
            .optional()?;
        Ok(found)
    }

    /// Lines of an account in the book, what it held before its first one left out.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn bank_entered(&self, _: &Permit<Read, Donation>, number: &str) -> Result<usize, Fault> {
        let count: i64 = self.connection.query_row(
            "SELECT count(*) FROM bank_line l JOIN bank_account a ON a.id = l.account_id WHERE a.number = ?1 AND l.key IS NOT NULL",
            [number],
            |r| r.get(0),
        )?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// Accounts with their numbers and the balance their last line prints.
    pub(crate) fn bank_ends(&self) -> Result<Vec<(i64, String, i64)>, Fault> {
        let mut statement =
            self.connection.prepare_cached("SELECT id, number, balance FROM bank_account ORDER BY id")?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Accounts: number, balance printed last, and on which day.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn bank_accounts(&self, _: &Permit<Read, Donation>) -> Result<Vec<(String, i64, String)>, Fault> {
        let mut statement =
            self.connection.prepare_cached("SELECT number, balance, through FROM bank_account ORDER BY id")?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Lines nobody has explained yet, the oldest first; of one number, where it is named.
    ///
    /// # Errors
    /// [`Fault`] of the database, or cells of another key.
    pub fn open_lines(&self, permit: &Permit<Read, Donation>, id: Option<i64>) -> Result<Vec<OpenLine>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT l.id, a.number, l.day, l.amount, b.balance, l.key FROM ledger_account b
             JOIN bank_line l ON b.account = CASE WHEN l.amount > 0 THEN 'in:' ELSE 'out:' END || l.id
             JOIN bank_account a ON a.id = l.account_id
             WHERE b.balance <> 0 AND (CAST(?1 AS BIGINT) IS NULL OR l.id = ?1) ORDER BY l.day, l.id",
        )?;
        let mut rows = statement.query(params![id])?;
        let (mut out, mut keys) = (Vec::new(), Vec::new());
        while let Some(r) = rows.next()? {
            let open: i64 = r.get(4)?;
            let key: Option<Vec<u8>> = r.get(5)?;
            keys.push(key.map(|k| hex(&k)));
            out.push(OpenLine {
                id: r.get(0)?,
                account: r.get(1)?,
                day: r.get(2)?,
                amount: r.get(3)?,
                open: open.saturating_abs(),
                text: String::new(),
                at: Default::default(),
            });
        }
        drop(rows);
        if out.is_empty() {
            return Ok(out);
        }
        let rows = self.statement_rows(permit)?;
        let by_key: FxHashMap<&str, &StatementRow> = rows.iter().map(|r| (r.key.as_str(), r)).collect();
        for (line, key) in out.iter_mut().zip(keys) {
            let Some(row) = key.as_deref().and_then(|k| by_key.get(k)) else { continue };
            line.at = row.at.clone();
            if let Ok(read) = &row.line {
                line.text.clone_from(&read.text);
            }
        }
        Ok(out)
    }
}
