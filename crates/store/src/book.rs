//! The book of gifts and budget: entries and their postings are only ever added, with the balances they lead to.

use crate::db::{Database, Error, OptionalExtension, Row, Transaction, Value, params, params_from_iter};
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Donation, Permit, Read};
use ledger::{Account, Act, Book, Broken, Entry, Kind, Posting, Refusal};

/// What an entry is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Value date.
    pub day: String,
    /// Line of a statement.
    pub line: Option<i64>,
    /// Who gave.
    pub donor: Option<i64>,
    /// By which pledge.
    pub pledge: Option<i64>,
    /// Which fund.
    pub fund: Option<i64>,
    /// Which allotment.
    pub allotment: Option<i64>,
    /// The gift that went back.
    pub gift: Option<i64>,
    /// The entry that is taken back.
    pub undoes: Option<i64>,
    /// Number of a document.
    pub note: String,
}

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// Number.
    pub id: i64,
    /// When it was entered, UTC.
    pub at: String,
    /// By whom.
    pub member: i64,
    /// What it is.
    pub kind: Kind,
    /// Rupiah moved.
    pub amount: i64,
    /// To and from which account.
    pub accounts: [String; 2],
    /// What it is about.
    pub about: About,
    /// The entry that took it back.
    pub undone_by: Option<i64>,
}

/// What the check of the book comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookCheck {
    /// Entries read.
    pub entries: u64,
    /// What is wrong: an entry, a balance that is kept otherwise, or an account whose statement ends otherwise.
    pub wrong: Vec<BookWrong>,
}

/// What is wrong with the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookWrong {
    /// An entry.
    Entry(Broken),
    /// A balance: account, kept, by the entries.
    Balance(String, i64, i64),
    /// An account of a bank: number, by the entries, as its last line prints.
    Statement(String, i64, i64),
}

/// Which entries.
#[derive(Debug, Clone, Copy, Default)]
pub struct EntryQuery {
    /// Of one donor.
    pub donor: Option<i64>,
    /// Of one line.
    pub line: Option<i64>,
    /// Of one allotment.
    pub allotment: Option<i64>,
    /// One entry.
    pub id: Option<i64>,
    /// With a lower number.
    pub below: Option<i64>,
    /// At most so many.
    pub limit: usize,
}

const LISTED: &str = "SELECT e.id, e.at, e.member, e.kind, d.amount, d.account, c.account, e.day, e.line_id, e.donor_id, e.pledge_id, e.fund_id,
      e.allotment_id, e.gift_id, e.undoes, e.note, u.id
    FROM ledger_entry e JOIN ledger_posting d ON d.entry_id = e.id AND d.amount > 0
    JOIN ledger_posting c ON c.entry_id = e.id AND c.amount < 0 LEFT JOIN ledger_entry u ON u.undoes = e.id";

fn kind(name: &str) -> Result<Kind, Error> {
    Kind::parse(name).ok_or_else(|| Error::Value(format!("kind of entry {name}")))
}

fn read(r: &Row<'_>) -> Result<EntryRow, Error> {
    let name: String = r.get(3)?;
    Ok(EntryRow {
        id: r.get(0)?,
        at: r.get(1)?,
        member: r.get(2)?,
        kind: kind(&name)?,
        amount: r.get(4)?,
        accounts: [r.get(5)?, r.get(6)?],
        about: About {
            day: r.get(7)?,
            line: r.get(8)?,
            donor: r.get(9)?,
            pledge: r.get(10)?,
            fund: r.get(11)?,
            allotment: r.get(12)?,
            gift: r.get(13)?,
            undoes: r.get(14)?,
            note: r.get(15)?,
        },
        undone_by: r.get(16)?,
    })
}

fn balance(database: &Database, account: &str) -> Result<i64, Fault> {
    let found: Option<i64> = database
        .prepare_cached("SELECT balance FROM ledger_account WHERE account = ?1")?
        .query_row([account], |r| r.get(0))
        .optional()?;
    Ok(found.unwrap_or(0))
}

/// Adds an entry within the caller's transaction; its number, or why it is not made.
pub(crate) fn enter(
    transaction: &Transaction<'_>,
    (member, at): (i64, &str),
    entry: &Entry,
    about: &About,
) -> Result<Result<i64, Refusal>, Fault> {
    let mut book = Book::default();
    for posting in &entry.postings {
        book.balances.insert(posting.account, balance(transaction, &posting.account.to_string())?);
    }
    let before = book.clone();
    if let Err(refusal) = book.post(entry) {
        return Ok(Err(refusal));
    }
    let id: i64 = transaction.query_row(
        "INSERT INTO ledger_entry (at, member, day, kind, line_id, donor_id, pledge_id, fund_id, allotment_id, gift_id, undoes, note)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) RETURNING id",
        params![
            at,
            member,
            about.day,
            entry.kind.name(),
            about.line,
            about.donor,
            about.pledge,
            about.fund,
            about.allotment,
            about.gift,
            about.undoes,
            about.note
        ],
        |r| r.get(0),
    )?;
    for Posting { account, amount } in &entry.postings {
        let name = account.to_string();
        transaction.execute(
            "INSERT INTO ledger_posting (entry_id, account, amount) VALUES (?1, ?2, ?3)",
            params![id, name, amount],
        )?;
        let [old, new] = [&before, &book].map(|b| b.balances.get(account).copied().unwrap_or(0));
        transaction.execute(
            "INSERT INTO ledger_account (account, balance) VALUES (?1, 0) ON CONFLICT (account) DO NOTHING",
            params![name],
        )?;
        // Another program may write to the same server: what was read must still stand.
        let moved = transaction.execute(
            "UPDATE ledger_account SET balance = ?2 WHERE account = ?1 AND balance = ?3",
            params![name, new, old],
        )?;
        if moved != 1 {
            return Err(Fault::Damaged("the book was written by somebody else meanwhile".to_owned()));
        }
    }
    Ok(Ok(id))
}

/// Adds the entry of an act, as [`enter`].
pub(crate) fn enter_act(
    transaction: &Transaction<'_>,
    who: (i64, &str),
    act: &Act,
    about: &About,
) -> Result<Result<i64, Refusal>, Fault> {
    match act.entry() {
        Ok(entry) => enter(transaction, who, &entry, about),
        Err(refusal) => Ok(Err(refusal)),
    }
}

impl Store {
    /// Enters acts in one transaction with one event of the trail: all of them or none. The numbers of the entries.
    ///
    /// # Errors
    /// [`Fault`] of the database; inside, why one of them is refused.
    pub fn book_enter(
        &mut self,
        permit: &Permit<Change, Donation>,
        entries: &[(Entry, About)],
        at: &str,
        event: Event,
    ) -> Result<Result<Vec<i64>, Refusal>, Fault> {
        let member = permit.actor().unwrap_or(authz::OPERATOR);
        let transaction = self.connection.transaction()?;
        let mut made = Vec::new();
        for (entry, about) in entries {
            match enter(&transaction, (member, at), entry, about)? {
                Ok(id) => made.push(id),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(Ok(made))
    }

    /// Entries, the newest first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn book_entries(&self, _: &Permit<Read, Donation>, query: &EntryQuery) -> Result<Vec<EntryRow>, Fault> {
        let mut w = crate::desk::Where::default();
        let asked = [
            ("e.donor_id = ?", query.donor),
            ("e.line_id = ?", query.line),
            ("e.allotment_id = ?", query.allotment),
            ("e.id = ?", query.id),
            ("e.id < ?", query.below),
        ];
        for (condition, value) in asked.into_iter().filter_map(|(c, v)| Some((c, v?))) {
            w.and(condition, [Value::Integer(value)]);
        }
        let sql = format!("{LISTED}{} ORDER BY e.id DESC LIMIT {}", w.text, query.limit);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(w.values), read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Balances as kept, those at zero left out, by name of the account.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn book_balances(&self, _: &Permit<Read, Donation>) -> Result<Vec<(Account, i64)>, Fault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT account, balance FROM ledger_account WHERE balance <> 0 ORDER BY account")?;
        let mut rows = statement.query([])?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            let name: String = r.get(0)?;
            let account = Account::parse(&name).ok_or_else(|| Fault::Damaged(format!("account {name}")))?;
            out.push((account, r.get(1)?));
        }
        Ok(out)
    }

    /// What an account has.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn book_has(&self, _: &Permit<Read, Donation>, account: Account) -> Result<i64, Fault> {
        Ok(account.has(balance(&self.connection, &account.to_string())?))
    }

    /// What of a gift has gone back.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn book_returned(&self, _: &Permit<Read, Donation>, gift: i64) -> Result<i64, Fault> {
        let sum: Option<i64> = self.connection.query_row(
            "SELECT sum(p.amount) FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id AND p.amount > 0
             WHERE e.gift_id = ?1 AND e.kind = 'return' AND NOT EXISTS (SELECT 1 FROM ledger_entry u WHERE u.undoes = e.id)",
            [gift],
            |r| r.get(0),
        )?;
        Ok(sum.unwrap_or(0))
    }

    /// Reads the whole book and compares it with the balances kept and with the last line of each statement.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn book_check(&self, _: &Permit<Read, Donation>) -> Result<BookCheck, Fault> {
        let mut statement = self.connection.prepare(
            "SELECT e.id, e.kind, e.undoes, p.account, p.amount
             FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id ORDER BY e.id, p.amount DESC",
        )?;
        let mut rows = statement.stream([])?;
        let (mut entries, mut failed) = (0u64, None);
        let mut next = || -> Result<Option<ledger::Kept>, Fault> {
            let Some(r) = rows.next()? else { return Ok(None) };
            let posting = |r: &Row<'_>| -> Result<Posting, Fault> {
                let name: &str = r.get(3)?;
                let account = Account::parse(name).ok_or_else(|| Fault::Damaged(format!("account {name}")))?;
                Ok(Posting { account, amount: r.get(4)? })
            };
            let (id, undoes): (i64, Option<i64>) = (r.get(0)?, r.get(2)?);
            let kind = kind(r.get::<_, &str>(1)?)?;
            let first = posting(&r)?;
            let second = match rows.next()? {
                Some(r) if r.get::<_, i64>(0)? == id => posting(&r)?,
                _ => return Err(Fault::Damaged(format!("entry {id} has one posting"))),
            };
            entries += 1;
            Ok(Some((id, kind, [first, second], undoes)))
        };
        let read = ledger::check(std::iter::from_fn(|| match next() {
            Ok(entry) => entry.map(Ok::<_, std::convert::Infallible>),
            Err(fault) => {
                failed = Some(fault);
                None
            }
        }));
        if let Some(fault) = failed {
            return Err(fault);
        }
        let mut wrong = Vec::new();
        match read.unwrap_or_else(|never| match never {}) {
            Err(broken) => wrong.push(BookWrong::Entry(broken)),
            Ok(book) => self.compare(&book, &mut wrong)?,
        }
        Ok(BookCheck { entries, wrong })
    }

    fn compare(&self, book: &Book, wrong: &mut Vec<BookWrong>) -> Result<(), Fault> {
        let mut statement = self.connection.prepare("SELECT account, balance FROM ledger_account ORDER BY account")?;
        let kept: Vec<(String, i64)> =
            statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut found = 0;
        for (name, balance) in &kept {
            let account = Account::parse(name);
            let entered = account.and_then(|a| book.balances.get(&a)).copied();
            found += usize::from(entered.is_some());
            if entered.unwrap_or(0) != *balance {
                wrong.push(BookWrong::Balance(name.clone(), *balance, entered.unwrap_or(0)));
            }
        }
        if found < book.balances.len() {
            let lost = book.balances.iter().filter(|(a, _)| !kept.iter().any(|(n, _)| *n == a.to_string()));
            let mut lost: Vec<BookWrong> = lost.map(|(a, b)| BookWrong::Balance(a.to_string(), 0, *b)).collect();
            lost.sort_by_key(|w| format!("{w:?}"));
            wrong.extend(lost);
        }
        for (id, number, balance) in self.bank_ends()? {
            let entered = book.has(Account::Bank(id));
            if entered != balance {
                wrong.push(BookWrong::Statement(number, entered, balance));
            }
        }
        Ok(())
    }
}
