//! What a member keeps for itself: sessions under way, keys of programs, named questions. Everything here is asked
//! by the member's own id, so nobody reaches another's.

use crate::db::{OptionalExtension, params};
use crate::{Fault, Session, Store, trail};
use audit::Event;
use authz::{Action, Resource};

/// Keys a member may have in force.
pub const KEYS_MAX: usize = 20;

/// Views a member may keep.
pub const VIEWS_MAX: usize = 50;

/// A key of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Id.
    pub id: i64,
    /// Whose.
    pub member: i64,
    /// What its owner calls it.
    pub name: String,
    /// What it may, within what its member may.
    pub rights: Vec<(Action, Resource)>,
    /// Made, seconds since 1970.
    pub created_at: i64,
    /// Good until.
    pub expires_at: i64,
    /// Last used, to the hour.
    pub used_at: Option<i64>,
}

/// A question of the list of projects, under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// The question, as in the address.
    pub query: String,
}

impl Store {
    /// Full sessions of a member with the hashes of their tokens, the last seen first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn session_list(&self, member: i64) -> Result<Vec<(Vec<u8>, Session)>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT token, created_at, seen_at, fresh_at, agent FROM session
             WHERE member_id = ?1 AND stage = 'full' ORDER BY seen_at DESC, created_at DESC",
        )?;
        let rows = statement.query_map([member], |r| {
            let (created_at, seen_at, fresh_at) = (r.get(1)?, r.get(2)?, r.get(3)?);
            Ok((r.get(0)?, Session { member, full: true, created_at, seen_at, fresh_at, agent: r.get(4)? }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Ends sessions of a member by the hashes of their tokens; says how many there were.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn session_end(&mut self, member: i64, tokens: &[Vec<u8>], event: Event) -> Result<usize, Fault> {
        let transaction = self.connection.transaction()?;
        let mut ended = 0;
        for token in tokens {
            ended += transaction
                .execute("DELETE FROM session WHERE token = ?1 AND member_id = ?2", params![token, member])?;
        }
        if ended > 0 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(ended)
    }

    /// Keeps a key by the hash of it. False where the member has [`KEYS_MAX`] in force.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn key_add(&mut self, token: &[u8], key: &ApiKey, event: Event) -> Result<bool, Fault> {
        let rights = serde_json::to_string(&key.rights).map_err(|e| Fault::Damaged(e.to_string()))?;
        let transaction = self.connection.transaction()?;
        let held: i64 = transaction.query_row(
            "SELECT count(*) FROM api_key WHERE member_id = ?1 AND ended_at IS NULL AND expires_at > ?2",
            params![key.member, key.created_at],
            |r| r.get(0),
        )?;
        if held.unsigned_abs() as usize >= KEYS_MAX {
            return Ok(false);
        }
        let id: i64 = transaction.query_row(
            "INSERT INTO api_key (member_id, name, token, rights, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            params![key.member, key.name, token, rights, key.created_at, key.expires_at],
            |r| r.get(0),
        )?;
        trail::add(&transaction, Event { object: format!("key:{id}"), ..event })?;
        transaction.commit()?;
        Ok(true)
    }

    /// Keys of a member that have not been ended, the newest first; those that ran out among them.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn key_list(&self, member: i64) -> Result<Vec<ApiKey>, Fault> {
        self.keys("member_id = ?1", params![member])
    }

    /// The key of a hash, if it has not been ended; whether it ran out is for the caller.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn key(&self, token: &[u8]) -> Result<Option<ApiKey>, Fault> {
        Ok(self.keys("token = ?1", params![token])?.pop())
    }

    fn keys(&self, condition: &str, values: impl crate::db::Params) -> Result<Vec<ApiKey>, Fault> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT id, member_id, name, rights, created_at, expires_at, used_at FROM api_key
             WHERE {condition} AND ended_at IS NULL ORDER BY id DESC"
        ))?;
        let mut rows = statement.query(values)?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            let rights: String = r.get(3)?;
            out.push(ApiKey {
                id: r.get(0)?,
                member: r.get(1)?,
                name: r.get(2)?,
                rights: serde_json::from_str(&rights).map_err(|e| Fault::Damaged(e.to_string()))?,
                created_at: r.get(4)?,
                expires_at: r.get(5)?,
                used_at: r.get(6)?,
            });
        }
        Ok(out)
    }

    /// A key was used.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn key_used(&mut self, id: i64, at: i64) -> Result<(), Fault> {
        self.connection.execute("UPDATE api_key SET used_at = ?2 WHERE id = ?1", params![id, at])?;
        Ok(())
    }

    /// Ends a key of a member. False where there is none.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn key_end(&mut self, member: i64, id: i64, at: i64, event: Event) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let ended = transaction.execute(
            "UPDATE api_key SET ended_at = ?3 WHERE id = ?1 AND member_id = ?2 AND ended_at IS NULL",
            params![id, member, at],
        )?;
        if ended == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(ended == 1)
    }

    /// Views of a member by name.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn view_list(&self, member: i64) -> Result<Vec<SavedView>, Fault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, name, query FROM saved_view WHERE member_id = ?1 ORDER BY name, id")?;
        let rows =
            statement.query_map([member], |r| Ok(SavedView { id: r.get(0)?, name: r.get(1)?, query: r.get(2)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps a view; one of the same name is replaced. False where the member keeps [`VIEWS_MAX`] others.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn view_keep(&mut self, member: i64, name: &str, query: &str) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let others: i64 = transaction.query_row(
            "SELECT count(*) FROM saved_view WHERE member_id = ?1 AND name <> ?2",
            params![member, name],
            |r| r.get(0),
        )?;
        if others.unsigned_abs() as usize >= VIEWS_MAX {
            return Ok(false);
        }
        transaction.execute(
            "INSERT INTO saved_view (member_id, name, query) VALUES (?1, ?2, ?3)
             ON CONFLICT (member_id, name) DO UPDATE SET query = ?3",
            params![member, name, query],
        )?;
        transaction.commit()?;
        Ok(true)
    }

    /// Lets a view go; the answer is what it was, so that it can be kept again.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn view_drop(&mut self, member: i64, id: i64) -> Result<Option<SavedView>, Fault> {
        let transaction = self.connection.transaction()?;
        let found = transaction
            .query_row(
                "SELECT id, name, query FROM saved_view WHERE id = ?1 AND member_id = ?2",
                params![id, member],
                |r| Ok(SavedView { id: r.get(0)?, name: r.get(1)?, query: r.get(2)? }),
            )
            .optional()?;
        transaction.execute("DELETE FROM saved_view WHERE id = ?1 AND member_id = ?2", params![id, member])?;
        transaction.commit()?;
        Ok(found)
    }
}
