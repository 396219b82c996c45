//! A worker asks about himself: what the answer rests on, and how often a secret was tried.

use crate::db::params;
use crate::desk::ProjectRow;
use crate::stays::Stay;
use crate::{Fault, Store};
use authz::{Permit, PublicProject, Read};

impl Store {
    /// A project and everybody on its lists, for comparing a proof with: the caller answers yes or no and nothing else.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn check_ground(
        &self,
        permit: &Permit<Read, PublicProject>,
        code: &str,
    ) -> Result<Option<(ProjectRow, Vec<Stay>)>, Fault> {
        let Some(project) = self.one(permit.scope(), code)? else { return Ok(None) };
        let stays = self.stays_on(code, None)?;
        Ok(Some((project, stays)))
    }

    /// Counts a try against each of some budgets of a day: secrets with the tries they have. False where any of them is used up; all are counted
    /// all the same, so that an answer says nothing about which.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn check_count(&mut self, budgets: &[([u8; 16], i64)], day: &str) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        transaction.execute("DELETE FROM check_attempt WHERE day <> ?1", [day])?;
        let mut within = true;
        for (key, most) in budgets {
            let tries: i64 = transaction.query_row(
                "INSERT INTO check_attempt (key, day, tries) VALUES (?1, ?2, 1)
                 ON CONFLICT (key, day) DO UPDATE SET tries = check_attempt.tries + 1 RETURNING tries",
                params![&key[..], day],
                |r| r.get(0),
            )?;
            within &= tries <= *most;
        }
        transaction.commit()?;
        Ok(within)
    }
}
