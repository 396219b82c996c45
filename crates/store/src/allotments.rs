//! Allotments: months of cover for people, reserved from a fund on the word of two, paid when the bank or the treasury says so.

use crate::book::{About, enter_act};
use crate::db::{Database, Error, OptionalExtension, Row, params};
use crate::{Fault, Store, hex, trail, unhex};
use audit::Event;
use authz::{Change, Decide, Donation, Permit, Read, Release, Vulnerable};
use ledger::{Act, Kind, Refusal};

/// An allotment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllotmentRow {
    /// Number.
    pub id: i64,
    /// Fund.
    pub fund: i64,
    /// First and last month, by their first days.
    pub months: [String; 2],
    /// Rupiah reserved, or to be reserved.
    pub amount: i64,
    /// People.
    pub people: i64,
    /// Months of people.
    pub person_months: i64,
    /// Who asked, by number and name.
    pub asked_by: (i64, String),
    /// When, UTC.
    pub asked_at: String,
    /// `released`, `declined`, or nothing yet.
    pub outcome: String,
    /// Who decided, by name, and when.
    pub decided: Option<(String, String)>,
    /// When a payment was found.
    pub paid_at: Option<String>,
    /// When what was left went back.
    pub closed_at: Option<String>,
    /// Rupiah still reserved.
    pub reserved: i64,
}

/// Somebody's months in an allotment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllottedPerson {
    /// The allotment.
    pub allotment: i64,
    /// The person, by digest.
    pub person: String,
    /// Key of the group.
    pub group: String,
    /// First and last month, by their first days.
    pub months: [String; 2],
    /// Rupiah.
    pub amount: i64,
    /// Does the fund hold gifts, or a budget?
    pub payer: String,
    /// Was it paid?
    pub is_paid: bool,
}

/// Why an allotment is not decided, paid or closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAllotment {
    /// There is none that stands so.
    Unknown,
    /// Whoever asked does not release.
    Own,
    /// The book refuses.
    Refused(Refusal),
    /// Somebody on it has the same months from another one.
    Twice,
    /// More would come back than was paid: rupiah paid.
    Unpaid(i64),
    /// This order of the treasury is entered already.
    Entered,
}

const LISTED: &str = "SELECT a.id, a.fund_id, a.first_month, a.last_month, a.amount,
      (SELECT count(*) FROM allotment_person p WHERE p.allotment_id = a.id AND p.ended_at IS NULL), a.asked_by, m.name, a.asked_at, a.outcome, d.name, a.decided_at,
      a.paid_at, a.closed_at, coalesce(b.balance, 0),
      (SELECT coalesce(sum((CAST(substr(p.last_month, 1, 4) AS INTEGER) - CAST(substr(p.first_month, 1, 4) AS INTEGER)) * 12
         + CAST(substr(p.last_month, 6, 2) AS INTEGER) - CAST(substr(p.first_month, 6, 2) AS INTEGER) + 1), 0)
       FROM allotment_person p WHERE p.allotment_id = a.id AND p.ended_at IS NULL)
    FROM allotment a JOIN member m ON m.id = a.asked_by LEFT JOIN member d ON d.id = a.decided_by
    LEFT JOIN ledger_account b ON b.account = 'reserved:' || a.id";

fn read(r: &Row<'_>) -> Result<AllotmentRow, Error> {
    let (decided_by, decided_at): (Option<String>, Option<String>) = (r.get(10)?, r.get(11)?);
    let balance: i64 = r.get(14)?;
    Ok(AllotmentRow {
        id: r.get(0)?,
        fund: r.get(1)?,
        months: [r.get(2)?, r.get(3)?],
        amount: r.get(4)?,
        people: r.get(5)?,
        person_months: r.get(15)?,
        asked_by: (r.get(6)?, r.get(7)?),
        asked_at: r.get(8)?,
        outcome: r.get(9)?,
        decided: decided_by.zip(decided_at),
        paid_at: r.get(12)?,
        closed_at: r.get(13)?,
        reserved: balance.saturating_neg(),
    })
}

/// Rupiah paid for an allotment, what came back taken off.
fn paid(database: &Database, id: i64) -> Result<i64, Fault> {
    let sum: Option<i64> = database.query_row(
        "SELECT sum(CASE WHEN e.kind = 'pay_back' THEN -p.amount ELSE p.amount END) FROM ledger_entry e
         JOIN ledger_posting p ON p.entry_id = e.id AND p.amount > 0
         WHERE e.allotment_id = ?1 AND e.kind IN ('pay', 'pay_budget', 'pay_back')",
        [id],
        |r| r.get(0),
    )?;
    Ok(sum.unwrap_or(0))
}

impl Store {
    /// Asks for an allotment. None where nobody asks who has a name, or nobody is on it.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn allotment_ask(
        &mut self,
        permit: &Permit<Decide, Donation>,
        fund: i64,
        people: &[AllottedPerson],
        at: &str,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(None) };
        let first = people.iter().map(|p| &p.months[0]).min();
        let last = people.iter().map(|p| &p.months[1]).max();
        let (Some(first), Some(last)) = (first, last) else { return Ok(None) };
        let amount = people.iter().try_fold(0i64, |sum, p| sum.checked_add(p.amount));
        let amount = amount.ok_or_else(|| Fault::Damaged("more than can be counted".to_owned()))?;
        let transaction = self.connection.transaction()?;
        let id: i64 = transaction.query_row(
            "INSERT INTO allotment (fund_id, first_month, last_month, amount, asked_by, asked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            params![fund, first, last, amount, member, at],
            |r| r.get(0),
        )?;
        let mut statement = transaction.prepare_cached(
            "INSERT INTO allotment_person (allotment_id, person, for_group, first_month, last_month, amount) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for p in people {
            statement.execute(params![id, unhex(&p.person), p.group, p.months[0], p.months[1], p.amount])?;
        }
        drop(statement);
        trail::add(&transaction, Event { object: format!("allotment:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Allotments, those that wait first, the newest of them first; one, where it is named.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn allotment_list(
        &self,
        _: &Permit<Read, Donation>,
        id: Option<i64>,
        limit: usize,
    ) -> Result<Vec<AllotmentRow>, Fault> {
        let sql = format!(
            "{LISTED} WHERE (CAST(?1 AS BIGINT) IS NULL OR a.id = ?1)
             ORDER BY CASE a.outcome WHEN '' THEN 0 ELSE 1 END, a.id DESC LIMIT {limit}"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![id], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Releases an allotment, which reserves its money, or declines it, on the word of a second member.
    ///
    /// # Errors
    /// [`Fault`] of the database; inside, why it is not done.
    pub fn allotment_decide(
        &mut self,
        permit: &Permit<Release, Donation>,
        (id, released): (i64, bool),
        (at, day): (&str, &str),
        event: Event,
    ) -> Result<Result<(), NoAllotment>, Fault> {
        let Some(member) = permit.actor() else { return Ok(Err(NoAllotment::Unknown)) };
        let transaction = self.connection.transaction()?;
        let waiting: Option<(i64, i64, i64)> = transaction
            .query_row("SELECT asked_by, fund_id, amount FROM allotment WHERE id = ?1 AND outcome = ''", [id], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?))
            })
            .optional()?;
        let Some((asked_by, fund, amount)) = waiting else { return Ok(Err(NoAllotment::Unknown)) };
        if asked_by == member {
            return Ok(Err(NoAllotment::Own));
        }
        if released {
            let twice: i64 = transaction.query_row(
                "SELECT count(*) FROM allotment_person p JOIN allotment_person o ON o.person = p.person AND o.allotment_id <> p.allotment_id
                 JOIN allotment a ON a.id = o.allotment_id
                 WHERE p.allotment_id = ?1 AND p.ended_at IS NULL AND o.ended_at IS NULL AND a.outcome = 'released' AND (a.closed_at IS NULL OR a.paid_at IS NOT NULL)
                   AND o.first_month <= p.last_month AND p.first_month <= o.last_month",
                [id],
                |r| r.get(0),
            )?;
            if twice > 0 {
                return Ok(Err(NoAllotment::Twice));
            }
            let about = About { day: day.to_owned(), fund: Some(fund), allotment: Some(id), ..About::default() };
            let act = Act::Allot { fund, allotment: id, amount };
            if let Err(refusal) = enter_act(&transaction, (member, at), &act, &about)? {
                return Ok(Err(NoAllotment::Refused(refusal)));
            }
        }
        transaction.execute(
            "UPDATE allotment SET outcome = ?2, decided_by = ?3, decided_at = ?4 WHERE id = ?1",
            params![id, if released { "released" } else { "declined" }, member, at],
        )?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(Ok(()))
    }

    /// Enters a payment for a released allotment: out of a line of a statement, or of a line of the budget with the number of the treasury's order.
    ///
    /// # Errors
    /// [`Fault`] of the database; inside, why it is not done.
    pub fn allotment_pay(
        &mut self,
        permit: &Permit<Change, Donation>,
        act: &Act,
        about: &About,
        at: &str,
        event: Event,
    ) -> Result<Result<(), NoAllotment>, Fault> {
        let Some(id) = about.allotment else { return Ok(Err(NoAllotment::Unknown)) };
        let transaction = self.connection.transaction()?;
        let comes_back = matches!(act, Act::PayBack { .. });
        // What came back opens a closed allotment again: it is decided anew what becomes of the money.
        let open = if comes_back { "" } else { " AND closed_at IS NULL" };
        let sql = format!("SELECT count(*) FROM allotment WHERE id = ?1 AND outcome = 'released'{open}");
        let stands: i64 = transaction.query_row(&sql, [id], |r| r.get(0))?;
        if stands == 0 {
            return Ok(Err(NoAllotment::Unknown));
        }
        let paid = paid(&transaction, id)?;
        let returned = act.entry().map_or(0, |e| e.amount());
        if comes_back && returned > paid {
            return Ok(Err(NoAllotment::Unpaid(paid)));
        }
        if let Act::PayBudget { .. } = act {
            // One order of the treasury pays an allotment once, however often its form is sent.
            let entered: bool = transaction.query_row(
                "SELECT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.allotment_id = ?1 AND e.kind = ?2 AND e.note = ?3
                   AND NOT EXISTS (SELECT 1 FROM ledger_entry u WHERE u.undoes = e.id))",
                params![id, Kind::PayBudget.name(), about.note],
                |r| r.get(0),
            )?;
            if entered {
                return Ok(Err(NoAllotment::Entered));
            }
        }
        let member = permit.actor().unwrap_or(authz::OPERATOR);
        if let Err(refusal) = enter_act(&transaction, (member, at), act, about)? {
            return Ok(Err(NoAllotment::Refused(refusal)));
        }
        let sql = if !comes_back {
            "UPDATE allotment SET paid_at = coalesce(paid_at, ?2) WHERE id = ?1"
        } else if returned == paid {
            "UPDATE allotment SET paid_at = NULL, closed_at = NULL WHERE id = ?1"
        } else {
            "UPDATE allotment SET closed_at = NULL WHERE id = ?1"
        };
        if comes_back {
            transaction.execute(sql, [id])?;
        } else {
            transaction.execute(sql, params![id, at])?;
        }
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(Ok(()))
    }

    /// Takes somebody off a released allotment that is not paid: what was reserved for the person goes back to the fund, and the months count no more.
    ///
    /// # Errors
    /// [`Fault`] of the database; inside, why it is not done.
    pub fn allotment_drop(
        &mut self,
        permit: &Permit<Change, Donation>,
        (id, person): (i64, &str),
        (at, day): (&str, &str),
        event: Event,
    ) -> Result<Result<(), NoAllotment>, Fault> {
        let Some(digest) = unhex(person) else { return Ok(Err(NoAllotment::Unknown)) };
        let transaction = self.connection.transaction()?;
        let found: Option<(i64, i64, i64)> = transaction
            .query_row(
                "SELECT p.id, p.amount, a.fund_id FROM allotment_person p JOIN allotment a ON a.id = p.allotment_id
                 WHERE a.id = ?1 AND p.person = ?2 AND p.ended_at IS NULL
                   AND a.outcome = 'released' AND a.paid_at IS NULL AND a.closed_at IS NULL",
                params![id, digest],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
            )
            .optional()?;
        let Some((row, amount, fund)) = found else { return Ok(Err(NoAllotment::Unknown)) };
        let about = About { day: day.to_owned(), fund: Some(fund), allotment: Some(id), ..About::default() };
        let who = (permit.actor().unwrap_or(authz::OPERATOR), at);
        if let Err(refusal) = enter_act(&transaction, who, &Act::Release { allotment: id, fund, amount }, &about)? {
            return Ok(Err(NoAllotment::Refused(refusal)));
        }
        transaction.execute("UPDATE allotment_person SET ended_at = ?2 WHERE id = ?1", params![row, at])?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(Ok(()))
    }

    /// Gives what a released allotment did not need back to its fund and closes it. One that was never paid covers nobody then.
    ///
    /// # Errors
    /// [`Fault`] of the database; inside, why it is not done.
    pub fn allotment_close(
        &mut self,
        permit: &Permit<Change, Donation>,
        id: i64,
        (at, day): (&str, &str),
        event: Event,
    ) -> Result<Result<(), NoAllotment>, Fault> {
        let transaction = self.connection.transaction()?;
        let found: Option<(i64, i64)> = transaction
            .query_row(
                "SELECT a.fund_id, coalesce(b.balance, 0) FROM allotment a LEFT JOIN ledger_account b ON b.account = 'reserved:' || a.id
                 WHERE a.id = ?1 AND a.outcome = 'released' AND a.closed_at IS NULL",
                [id],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .optional()?;
        let Some((fund, balance)) = found else { return Ok(Err(NoAllotment::Unknown)) };
        if balance != 0 {
            let about = About { day: day.to_owned(), fund: Some(fund), allotment: Some(id), ..About::default() };
            let act = Act::Release { allotment: id, fund, amount: balance.saturating_neg() };
            let who = (permit.actor().unwrap_or(authz::OPERATOR), at);
            if let Err(refusal) = enter_act(&transaction, who, &act, &about)? {
                return Ok(Err(NoAllotment::Refused(refusal)));
            }
        }
        transaction.execute("UPDATE allotment SET closed_at = ?2 WHERE id = ?1", params![id, at])?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(Ok(()))
    }

    /// Everybody's months that were released and not given up, paid or not; of those that wait where asked.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn allotted(&self, _: &Permit<Read, Vulnerable>, waiting: bool) -> Result<Vec<AllottedPerson>, Fault> {
        let waits = if waiting { "a.outcome IN ('released', '')" } else { "a.outcome = 'released'" };
        self.allotted_where(&format!("{waits} AND (a.closed_at IS NULL OR a.paid_at IS NOT NULL)"), None)
    }

    /// People of one allotment.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn allotment_people(&self, _: &Permit<Read, Vulnerable>, id: i64) -> Result<Vec<AllottedPerson>, Fault> {
        self.allotted_where("a.id = ?1", Some(id))
    }

    fn allotted_where(&self, condition: &str, id: Option<i64>) -> Result<Vec<AllottedPerson>, Fault> {
        let sql = format!(
            "SELECT p.allotment_id, p.person, p.for_group, p.first_month, p.last_month, p.amount, f.payer, a.paid_at
             FROM allotment_person p JOIN allotment a ON a.id = p.allotment_id JOIN fund f ON f.id = a.fund_id
             WHERE {condition} AND p.ended_at IS NULL ORDER BY p.id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let one = id.map(crate::db::Value::Integer);
        let rows = statement.query_map(crate::db::params_from_iter(one), |r| {
            let (person, paid): (Vec<u8>, Option<String>) = (r.get(1)?, r.get(7)?);
            Ok(AllottedPerson {
                allotment: r.get(0)?,
                person: hex(&person),
                group: r.get(2)?,
                months: [r.get(3)?, r.get(4)?],
                amount: r.get(5)?,
                payer: r.get(6)?,
                is_paid: paid.is_some(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What the public may know: rupiah given, people paid for, their months.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn aman_public(&self) -> Result<[i64; 4], Fault> {
        let one = |sql: &str| -> Result<i64, Fault> {
            Ok(self.connection.query_row(sql, [], |r| r.get::<_, Option<i64>>(0))?.unwrap_or(0))
        };
        // A gift takes money from a line to a fund; what goes back takes it from the fund.
        Ok([
            one("SELECT sum(CASE WHEN e.kind = 'gift' THEN p.amount ELSE -p.amount END) FROM ledger_entry e
                 JOIN ledger_posting p ON p.entry_id = e.id AND p.amount > 0
                 WHERE e.kind IN ('gift', 'return') AND NOT EXISTS (SELECT 1 FROM ledger_entry u WHERE u.undoes = e.id)")?,
            one("SELECT sum(CASE WHEN e.kind = 'pay_back' THEN -p.amount ELSE p.amount END) FROM ledger_entry e
                 JOIN ledger_posting p ON p.entry_id = e.id AND p.amount > 0 WHERE e.kind IN ('pay', 'pay_budget', 'pay_back')")?,
            one("SELECT count(DISTINCT p.person) FROM allotment_person p JOIN allotment a ON a.id = p.allotment_id WHERE a.paid_at IS NOT NULL AND p.ended_at IS NULL")?,
            one("SELECT sum((CAST(substr(p.last_month, 1, 4) AS INTEGER) - CAST(substr(p.first_month, 1, 4) AS INTEGER)) * 12
                   + CAST(substr(p.last_month, 6, 2) AS INTEGER) - CAST(substr(p.first_month, 6, 2) AS INTEGER) + 1)
                 FROM allotment_person p JOIN allotment a ON a.id = p.allotment_id WHERE a.paid_at IS NOT NULL AND p.ended_at IS NULL")?,
        ])
    }
}
