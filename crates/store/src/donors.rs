//! Donors, what they promised, and the funds their gifts go to. Names lie sealed.

use crate::book::{About, enter_act};
use crate::db::{Error, OptionalExtension, Row, Value, params, params_from_iter};
use crate::desk::Where;
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Donation, Permit, Read};
use ledger::{Act, Refusal};
use serde::{Deserialize, Serialize};

/// What says who a donor is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DonorName {
    /// Name.
    pub name: String,
    /// Mail address or telephone, if given.
    pub contact: String,
}

/// A donor, without a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DonorRow {
    /// Number.
    pub id: i64,
    /// `person`, `servant`, `firm`, `office`.
    pub kind: String,
    /// Agency of a civil servant, or the office that collects.
    pub agency: String,
    /// When added, UTC.
    pub added_at: String,
    /// When it ended, UTC, and why.
    pub ended: Option<(String, String)>,
    /// Rupiah given, what went back taken off.
    pub given: i64,
    /// Pledges in force.
    pub pledges: i64,
}

/// A pledge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PledgeRow {
    /// Number.
    pub id: i64,
    /// Donor.
    pub donor: i64,
    /// Fund.
    pub fund: i64,
    /// `once`, `monthly`, `payroll`.
    pub rhythm: String,
    /// Rupiah of one time.
    pub amount: i64,
    /// First month, by its first day.
    pub first: String,
    /// Last month; none until it is ended.
    pub last: Option<String>,
    /// What the donor writes into the transfer.
    pub code: String,
    /// When added, UTC.
    pub added_at: String,
    /// When it ended, UTC, and why.
    pub ended: Option<(String, String)>,
    /// Agency of the donor.
    pub agency: String,
    /// Whom the donor wishes to be covered first, by digest.
    pub wish: Option<String>,
}

/// A fund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundRow {
    /// Number.
    pub id: i64,
    /// Name.
    pub name: String,
    /// `donor` or `budget`.
    pub payer: String,
    /// Key of the group it is for; empty: everybody.
    pub group: String,
    /// Rupiah free.
    pub free: i64,
}

/// What a new pledge says.
#[derive(Debug, Clone)]
pub struct NewPledge {
    /// Donor.
    pub donor: i64,
    /// Fund.
    pub fund: i64,
    /// Rhythm.
    pub rhythm: &'static str,
    /// Rupiah of one time.
    pub amount: i64,
    /// First month.
    pub first: String,
    /// Last month.
    pub last: Option<String>,
    /// Code for the transfer.
    pub code: String,
    /// Whom the donor wishes to be covered first, by digest.
    pub wish: Option<String>,
}

/// A gift in the book: day, pledge, rupiah, what of it went back, number of the entry, donor, fund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftRow {
    /// Number of the entry.
    pub entry: i64,
    /// Value date.
    pub day: String,
    /// Donor.
    pub donor: Option<i64>,
    /// Pledge.
    pub pledge: Option<i64>,
    /// Fund.
    pub fund: i64,
    /// Rupiah, what went back taken off.
    pub amount: i64,
}

/// Where names are sealed.
const PLACE: &[u8] = b"donor";

/// Gifts that stand, what went back taken off. A gift that was taken back as a mistake is none.
const GIFTS: &str = "SELECT e.id, e.day, e.donor_id, e.pledge_id, e.fund_id, p.amount - coalesce((
        SELECT sum(rp.amount) FROM ledger_entry r JOIN ledger_posting rp ON rp.entry_id = r.id AND rp.amount > 0
        WHERE r.gift_id = e.id AND r.kind = 'return' AND NOT EXISTS (SELECT 1 FROM ledger_entry ru WHERE ru.undoes = r.id)), 0) AS amount
    FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id AND p.amount > 0
    WHERE e.kind = 'gift' AND NOT EXISTS (SELECT 1 FROM ledger_entry u WHERE u.undoes = e.id)";

fn ended(at: Option<String>, why: String) -> Option<(String, String)> {
    at.map(|at| (at, why))
}

fn read_pledge(r: &Row<'_>) -> Result<PledgeRow, Error> {
    Ok(PledgeRow {
        id: r.get(0)?,
        donor: r.get(1)?,
        fund: r.get(2)?,
        rhythm: r.get(3)?,
        amount: r.get(4)?,
        first: r.get(5)?,
        last: r.get(6)?,
        code: r.get(7)?,
        added_at: r.get(8)?,
        ended: ended(r.get(9)?, r.get(10)?),
        agency: r.get(11)?,
        wish: r.get::<_, Option<Vec<u8>>>(12)?.map(|d| crate::hex(&d)),
    })
}

impl Store {
    /// Adds a donor.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn donor_add(
        &mut self,
        permit: &Permit<Change, Donation>,
        (kind, agency): (&str, &str),
        name: &DonorName,
        at: &str,
        event: Event,
    ) -> Result<i64, Fault> {
        let sealed = serde_json::to_vec(name).map_err(|e| Fault::Damaged(e.to_string()))?;
        let sealed = self.vault.seal(PLACE, &sealed)?;
        let transaction = self.connection.transaction()?;
        let id: i64 = transaction.query_row(
            "INSERT INTO donor (kind, agency, sealed, added_by, added_at) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
            params![kind, agency, sealed, permit.actor(), at],
            |r| r.get(0),
        )?;
        trail::add(&transaction, Event { object: format!("donor:{id}"), ..event })?;
        transaction.commit()?;
        Ok(id)
    }

    /// Ends a donor and every pledge that is in force. False where there is none, or it has ended.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn donor_end(
        &mut self,
        _: &Permit<Change, Donation>,
        (id, why): (i64, &str),
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let done = transaction.execute(
            "UPDATE donor SET ended_at = ?2, ended_why = ?3 WHERE id = ?1 AND ended_at IS NULL",
            params![id, at, why],
        )?;
        if done == 1 {
            transaction.execute(
                "UPDATE pledge SET ended_at = ?2, ended_why = ?3 WHERE donor_id = ?1 AND ended_at IS NULL",
                params![id, at, why],
            )?;
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// Donors, those in force first, the newest of them first; one, where it is named.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn donor_list(&self, _: &Permit<Read, Donation>, id: Option<i64>) -> Result<Vec<DonorRow>, Fault> {
        let sql = format!(
            "WITH g AS ({GIFTS}), sums AS (SELECT donor_id, sum(amount) AS given FROM g GROUP BY donor_id)
             SELECT d.id, d.kind, d.agency, d.added_at, d.ended_at, d.ended_why, coalesce(s.given, 0),
                    (SELECT count(*) FROM pledge p WHERE p.donor_id = d.id AND p.ended_at IS NULL)
             FROM donor d LEFT JOIN sums s ON s.donor_id = d.id WHERE (CAST(?1 AS BIGINT) IS NULL OR d.id = ?1)
             ORDER BY CASE WHEN d.ended_at IS NULL THEN 0 ELSE 1 END, d.id DESC"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![id], |r| {
            Ok(DonorRow {
                id: r.get(0)?,
                kind: r.get(1)?,
                agency: r.get(2)?,
                added_at: r.get(3)?,
                ended: ended(r.get(4)?, r.get(5)?),
                given: r.get(6)?,
                pledges: r.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Names of donors by number, for whoever writes in the book.
    ///
    /// # Errors
    /// [`Fault`] of the database, or names of another key.
    pub fn donor_names(&self, _: &Permit<Change, Donation>) -> Result<Vec<(i64, DonorName)>, Fault> {
        let mut statement = self.connection.prepare_cached("SELECT id, sealed FROM donor ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            let sealed: Vec<u8> = r.get(1)?;
            let name = serde_json::from_slice(&self.vault.open(&sealed)?).map_err(|e| Fault::Damaged(e.to_string()))?;
            out.push((r.get(0)?, name));
        }
        Ok(out)
    }

    /// Adds a pledge. None where the donor has ended or there is no such fund of gifts.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn pledge_add(
        &mut self,
        permit: &Permit<Change, Donation>,
        new: &NewPledge,
        at: &str,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let transaction = self.connection.transaction()?;
        let stands: i64 = transaction.query_row(
            "SELECT (SELECT count(*) FROM donor WHERE id = ?1 AND ended_at IS NULL)
                  * (SELECT count(*) FROM fund WHERE id = ?2 AND payer = 'donor')",
            params![new.donor, new.fund],
            |r| r.get(0),
        )?;
        if stands != 1 {
            return Ok(None);
        }
        let wish = new.wish.as_deref().and_then(crate::unhex);
        let id: i64 = transaction.query_row(
            "INSERT INTO pledge (donor_id, fund_id, rhythm, amount, first_month, last_month, spelled, added_by, added_at, person)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id",
            params![new.donor, new.fund, new.rhythm, new.amount, new.first, new.last, new.code, permit.actor(), at, wish],
            |r| r.get(0),
        )?;
        trail::add(&transaction, Event { object: format!("pledge:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Ends a pledge. False where there is none in force.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn pledge_end(
        &mut self,
        _: &Permit<Change, Donation>,
        (id, why): (i64, &str),
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let done = transaction.execute(
            "UPDATE pledge SET ended_at = ?2, ended_why = ?3 WHERE id = ?1 AND ended_at IS NULL",
            params![id, at, why],
        )?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// Pledges of a donor, or all, the newest first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn pledge_list(&self, _: &Permit<Read, Donation>, donor: Option<i64>) -> Result<Vec<PledgeRow>, Fault> {
        let mut w = Where::default();
        if let Some(donor) = donor {
            w.and("p.donor_id = ?", [Value::Integer(donor)]);
        }
        let sql = format!(
            "SELECT p.id, p.donor_id, p.fund_id, p.rhythm, p.amount, p.first_month, p.last_month, p.spelled, p.added_at, p.ended_at, p.ended_why, d.agency, p.person
             FROM pledge p JOIN donor d ON d.id = p.donor_id{} ORDER BY p.id DESC",
            w.text
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(w.values), read_pledge)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Gifts that stand, by value date.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn gift_list(&self, _: &Permit<Read, Donation>, donor: Option<i64>) -> Result<Vec<GiftRow>, Fault> {
        let sql = format!(
            "WITH g AS ({GIFTS}) SELECT id, day, donor_id, pledge_id, fund_id, amount FROM g
             WHERE (CAST(?1 AS BIGINT) IS NULL OR donor_id = ?1) ORDER BY day, id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![donor], |r| {
            Ok(GiftRow {
                entry: r.get(0)?,
                day: r.get(1)?,
                donor: r.get(2)?,
                pledge: r.get(3)?,
                fund: r.get(4)?,
                amount: r.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Adds a fund. None where one of that name stands.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn fund_add(
        &mut self,
        permit: &Permit<Change, Donation>,
        (name, payer, group): (&str, &str, &str),
        at: &str,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let transaction = self.connection.transaction()?;
        let id: Option<i64> = transaction
            .query_row(
                "INSERT INTO fund (name, payer, for_group, added_by, added_at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (name) DO NOTHING RETURNING id",
                params![name, payer, group, permit.actor().unwrap_or(authz::OPERATOR), at],
                |r| r.get(0),
            )
            .optional()?;
        if let Some(id) = id {
            trail::add(&transaction, Event { object: format!("fund:{id}"), ..event })?;
        }
        transaction.commit()?;
        Ok(id)
    }

    /// Funds with what is free in them.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn fund_list(&self, _: &Permit<Read, Donation>) -> Result<Vec<FundRow>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT f.id, f.name, f.payer, f.for_group, coalesce(b.balance, 0)
             FROM fund f LEFT JOIN ledger_account b ON b.account = 'fund:' || f.id ORDER BY f.id",
        )?;
        let rows = statement.query_map([], |r| {
            let balance: i64 = r.get(4)?;
            Ok(FundRow {
                id: r.get(0)?,
                name: r.get(1)?,
                payer: r.get(2)?,
                group: r.get(3)?,
                free: balance.saturating_neg(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Enters what a line of a budget gives a fund, or takes back where the amount is below nought: the line is made where
    /// there is none of its name, and stands only if the book takes the entry. None where it is of another fund.
    ///
    /// # Errors
    /// [`Fault`] of the database; inside, why the book refuses.
    pub fn budget_enter(
        &mut self,
        permit: &Permit<Change, Donation>,
        (fund, line, amount): (i64, &str, i64),
        about: &About,
        at: &str,
        event: Event,
    ) -> Result<Option<Result<(), Refusal>>, Fault> {
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO budget_line (fund_id, name) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
            params![fund, line],
        )?;
        let (budget, of): (i64, i64) =
            transaction.query_row("SELECT id, fund_id FROM budget_line WHERE name = ?1", [line], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?;
        if of != fund {
            return Ok(None);
        }
        let act =
            if amount > 0 { Act::Grant { budget, fund, amount } } else { Act::Cut { budget, fund, amount: -amount } };
        let member = permit.actor().unwrap_or(authz::OPERATOR);
        if let Err(refusal) = enter_act(&transaction, (member, at), &act, about)? {
            return Ok(Some(Err(refusal)));
        }
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(Some(Ok(())))
    }

    /// Lines of budgets: number, fund, name, what is left of each.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn budget_lines(&self, _: &Permit<Read, Donation>) -> Result<Vec<(i64, i64, String, i64)>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT l.id, l.fund_id, l.name, coalesce(b.balance, 0) FROM budget_line l
             LEFT JOIN ledger_account b ON b.account = 'budget:' || l.id ORDER BY l.name",
        )?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
