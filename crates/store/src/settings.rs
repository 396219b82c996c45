//! What the city chose.

use crate::db::{OptionalExtension, params};
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Permit, Setting};
use serde::Serialize;
use serde::de::DeserializeOwned;

impl Store {
    /// A setting, or its default where nobody chose. No right is needed: what stands here is printed on every letter.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn setting<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T, Fault> {
        let found: Option<String> = self
            .connection
            .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
            .query_row([name], |r| r.get(0))
            .optional()?;
        match found {
            Some(text) => serde_json::from_str(&text).map_err(|e| Fault::Damaged(e.to_string())),
            None => Ok(T::default()),
        }
    }

    /// Changes a setting.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn setting_change<T: Serialize>(
        &mut self,
        permit: &Permit<Change, Setting>,
        name: &str,
        value: &T,
        at: &str,
        event: Event,
    ) -> Result<(), Fault> {
        let text = serde_json::to_string(value).map_err(|e| Fault::Damaged(e.to_string()))?;
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO setting (name, value, changed_by, changed_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO UPDATE SET value = ?2, changed_by = ?3, changed_at = ?4",
            params![name, text, permit.actor().filter(|id| *id != authz::OPERATOR), at],
        )?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(())
    }
}
