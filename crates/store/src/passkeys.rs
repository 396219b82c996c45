//! Passkeys of members. What a key proves is for the caller; this file keeps it and says whose it is.

use crate::db::{OptionalExtension, Params, params};
use crate::{Fault, Store, trail};
use audit::Event;

/// Passkeys a member may have.
pub const PASSKEYS_MAX: usize = 10;

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Id.
    pub id: i64,
    /// Whose.
    pub member: i64,
    /// What its holder calls the device.
    pub name: String,
    /// The device's name for the key.
    pub credential: Vec<u8>,
    /// The device's name for the member.
    pub holder: Vec<u8>,
    /// Public half.
    pub public: Vec<u8>,
    /// What moves on with each use.
    pub state: Vec<u8>,
    /// Made, seconds since 1970.
    pub created_at: i64,
    /// Last used.
    pub used_at: Option<i64>,
}

impl Store {
    /// Keeps a passkey. False where the member has [`PASSKEYS_MAX`], or the key is known already.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn passkey_add(&mut self, key: &Passkey, event: Event) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let (held, known): (i64, bool) = transaction.query_row(
            "SELECT (SELECT count(*) FROM passkey WHERE member_id = ?1 AND ended_at IS NULL),
                    EXISTS (SELECT 1 FROM passkey WHERE credential = ?2)",
            params![key.member, key.credential],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        if known || held.unsigned_abs() as usize >= PASSKEYS_MAX {
            return Ok(false);
        }
        let id: i64 = transaction.query_row(
            "INSERT INTO passkey (member_id, name, credential, holder, public, state, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
            params![key.member, key.name, key.credential, key.holder, key.public, key.state, key.created_at],
            |r| r.get(0),
        )?;
        trail::add(&transaction, Event { object: format!("passkey:{id}"), ..event })?;
        transaction.commit()?;
        Ok(true)
    }

    /// Passkeys of a member, the newest first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn passkey_list(&self, member: i64) -> Result<Vec<Passkey>, Fault> {
        self.passkeys("member_id = ?1", params![member])
    }

    /// The passkey a device calls so, if it has not been ended.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn passkey(&self, credential: &[u8]) -> Result<Option<Passkey>, Fault> {
        Ok(self.passkeys("credential = ?1", params![credential])?.pop())
    }

    fn passkeys(&self, condition: &str, values: impl Params) -> Result<Vec<Passkey>, Fault> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT id, member_id, name, credential, holder, public, state, created_at, used_at FROM passkey
             WHERE {condition} AND ended_at IS NULL ORDER BY id DESC"
        ))?;
        let rows = statement.query_map(values, |r| {
            Ok(Passkey {
                id: r.get(0)?,
                member: r.get(1)?,
                name: r.get(2)?,
                credential: r.get(3)?,
                holder: r.get(4)?,
                public: r.get(5)?,
                state: r.get(6)?,
                created_at: r.get(7)?,
                used_at: r.get(8)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A passkey was used: its state moves on, and the attempt (its hash) is used up until it runs out anyhow. `Some(false)`
    /// where the attempt was used before; none where the passkey was ended meanwhile.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn passkey_used(
        &mut self,
        id: i64,
        state: &[u8],
        attempt: &[u8],
        (now, until): (i64, i64),
    ) -> Result<Option<bool>, Fault> {
        let transaction = self.connection.transaction()?;
        transaction.execute("DELETE FROM passkey_attempt WHERE expires_at < ?1", [now])?;
        let first = transaction.execute(
            "INSERT INTO passkey_attempt (content, expires_at) VALUES (?1, ?2) ON CONFLICT (content) DO NOTHING",
            params![attempt, until],
        )?;
        if first == 0 {
            return Ok(Some(false));
        }
        let used = transaction.execute(
            "UPDATE passkey SET state = ?2, used_at = ?3 WHERE id = ?1 AND ended_at IS NULL",
            params![id, state, now],
        )?;
        transaction.commit()?;
        Ok((used > 0).then_some(true))
    }

    /// Ends a passkey of a member.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn passkey_end(&mut self, member: i64, id: i64, at: i64, event: Event) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let name: Option<String> = transaction
            .query_row(
                "UPDATE passkey SET ended_at = ?3 WHERE id = ?1 AND member_id = ?2 AND ended_at IS NULL RETURNING name",
                params![id, member, at],
                |r| r.get(0),
            )
            .optional()?;
        if name.is_some() {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(name.is_some())
    }
}
