//! Who wants to be written to when something waits, and who was already today.

use crate::db::{OptionalExtension, params};
use crate::{Fault, JobAsk, Store, trail};
use audit::Event;

impl Store {
    /// Does a member want to be written to?
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn remind(&self, member: i64) -> Result<bool, Fault> {
        let mut statement = self.connection.prepare_cached("SELECT remind FROM member WHERE id = ?1")?;
        let found: Option<i64> = statement.query_row([member], |r| r.get(0)).optional()?;
        Ok(found == Some(1))
    }

    /// Keeps what a member wants.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn remind_change(&mut self, member: i64, wanted: bool, event: Event) -> Result<(), Fault> {
        let transaction = self.connection.transaction()?;
        transaction.execute("UPDATE member SET remind = ?2 WHERE id = ?1", params![member, i64::from(wanted)])?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(())
    }

    /// Members to be written to on a day (ISO) who were not yet, with their addresses.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn remind_due(&self, day: &str) -> Result<Vec<(i64, String)>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, login FROM member WHERE remind = 1 AND disabled_at IS NULL AND reminded_on < ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([day], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Takes it on to write to a member on a day, and asks for the job that does: both or neither, so that a program that
    /// dies in between writes neither twice nor never. False where somebody did that day.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn remind_ask(&mut self, member: i64, day: &str, job: &JobAsk<'_>) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let taken = transaction
            .execute("UPDATE member SET reminded_on = ?2 WHERE id = ?1 AND reminded_on < ?2", params![member, day])?;
        if taken == 1 {
            job.write(&transaction)?;
            transaction.commit()?;
        }
        Ok(taken == 1)
    }
}
