//! Who works here: members, their grants, invitations and sessions. Tokens come in as hashes.

use crate::db::{Database, OptionalExtension, ToParam, params};
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Grant, Member as MemberResource, Permit, Read, Role, Scope};

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Id.
    pub id: i64,
    /// E-mail address.
    pub login: String,
    /// Name.
    pub name: String,
    /// Argon2id.
    pub password: Option<String>,
    /// Secret of the second factor.
    pub totp: Option<Vec<u8>>,
    /// Last time step used.
    pub totp_step: u64,
    /// Suspended?
    pub disabled: bool,
}

/// A grant as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRow {
    /// Id.
    pub id: i64,
    /// Whose.
    pub member: i64,
    /// What.
    pub grant: Grant,
    /// Who asked for it.
    pub asked_by: Option<i64>,
    /// In force?
    pub released: bool,
}

/// An invitation by link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// E-mail address.
    pub login: String,
    /// Name.
    pub name: String,
    /// Grants it brings.
    pub grants: Vec<Grant>,
    /// Who invited; none for the first administrator.
    pub invited_by: Option<i64>,
    /// Until, seconds since 1970.
    pub expires_at: i64,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub member: i64,
    /// Both factors given?
    pub full: bool,
    /// Begun.
    pub created_at: i64,
    /// Last seen.
    pub seen_at: i64,
    /// Last full proof.
    pub fresh_at: i64,
    /// Browser, for the person's own list.
    pub agent: String,
}

/// Where a sealed second factor belongs.
const TOTP_PLACE: &[u8] = b"member totp";

fn grants_json(grants: &[Grant]) -> Result<String, Fault> {
    serde_json::to_string(grants).map_err(|e| Fault::Damaged(e.to_string()))
}

fn read_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|e| Fault::Damaged(e.to_string()))
}

fn grant_add(c: &Database, member: i64, grant: &Grant, by: Option<i64>, at: &str, released: bool) -> Result<(), Fault> {
    let scope = serde_json::to_string(&grant.scope).map_err(|e| Fault::Damaged(e.to_string()))?;
    c.execute(
        "INSERT INTO member_grant (member_id, role, scope, asked_by, asked_at, released_by, released_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![member, grant.role.name(), scope, by, at, by.filter(|_| released), released.then_some(at)],
    )?;
    Ok(())
}

/// Writes a session. False where its member is suspended by now.
fn session_write(c: &Database, token: &[u8], session: &Session) -> Result<bool, Fault> {
    let suspended: bool = c.query_row(
        "SELECT EXISTS (SELECT 1 FROM member WHERE id = ?1 AND disabled_at IS NOT NULL)",
        [session.member],
        |r| r.get(0),
    )?;
    if suspended {
        return Ok(false);
    }
    c.execute(
        "INSERT INTO session (token, member_id, stage, created_at, seen_at, fresh_at, agent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            token,
            session.member,
            if session.full { "full" } else { "password" },
            session.created_at,
            session.seen_at,
            session.fresh_at,
            session.agent
        ],
    )?;
    Ok(true)
}

/// Marks a time step of the second factor as used. False where it, or a later one, was used before.
fn step_use(c: &Database, member: i64, step: u64) -> Result<bool, Fault> {
    let changed =
        c.execute("UPDATE member SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2", params![member, step as i64])?;
    Ok(changed == 1)
}

impl Store {
    /// Does anybody hold a role in force?
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn role_held(&self, role: Role) -> Result<bool, Fault> {
        Ok(self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM member_grant g JOIN member m ON m.id = g.member_id
             WHERE g.role = ?1 AND g.released_at IS NOT NULL AND g.ended_at IS NULL AND m.disabled_at IS NULL)",
            [role.name()],
            |r| r.get(0),
        )?)
    }

    /// Keeps an invitation; an open one for the same address ends.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn invitation_add(&mut self, token: &[u8], invitation: &Invitation, event: Event) -> Result<(), Fault> {
        let grants = grants_json(&invitation.grants)?;
        let transaction = self.connection.transaction()?;
        transaction.execute("DELETE FROM invitation WHERE login = ?1 AND used_at IS NULL", [&invitation.login])?;
        transaction.execute(
            "INSERT INTO invitation (token, login, name, grants, invited_by, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![token, invitation.login, invitation.name, grants, invitation.invited_by, invitation.expires_at],
        )?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(())
    }

    /// An invitation that has not been used; whether it has run out is for the caller.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn invitation(&self, token: &[u8]) -> Result<Option<Invitation>, Fault> {
        let found: Option<(String, String, String, Option<i64>, i64)> = self
            .connection
            .query_row(
                "SELECT login, name, grants, invited_by, expires_at FROM invitation WHERE token = ?1 AND used_at IS NULL",
                [token],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)),
            )
            .optional()?;
        let Some((login, name, grants, invited_by, expires_at)) = found else { return Ok(None) };
        Ok(Some(Invitation { login, name, grants: read_json(&grants)?, invited_by, expires_at }))
    }

    /// Takes an invitation up: the member gets its password and second factor, and the grants the inviter
    /// was allowed to give alone (`released`) or that wait for a second person; it hears whether there is one at all. An
    /// existing member of the same address is renewed: this is also how a lost password is mended. All its sessions end,
    /// and what it held over the whole city waits for a second person too: a new password may be somebody else's.
    ///
    /// # Errors
    /// [`Fault`] of the database; `None` inside where somebody was faster.
    pub fn invitation_take(
        &mut self,
        token: &[u8],
        (login, name): (&str, &str),
        password: &str,
        totp: &[u8],
        (at, seconds): (&str, i64),
        released: &dyn Fn(&Grant, bool) -> bool,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let Some(invitation) = self.invitation(token)? else { return Ok(None) };
        let sealed = self.vault.seal(TOTP_PLACE, totp)?;
        let transaction = self.connection.transaction()?;
        let used = transaction
            .execute("UPDATE invitation SET used_at = ?2 WHERE token = ?1 AND used_at IS NULL", params![token, at])?;
        if used == 0 {
            return Ok(None);
        }
        transaction.execute(
            "INSERT INTO member (login, name, password, totp, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (login) DO UPDATE SET password = ?3, totp = ?4, totp_step = 0",
            params![login, name, password, sealed, at],
        )?;
        let id: i64 = transaction.query_row("SELECT id FROM member WHERE login = ?1", [login], |r| r.get(0))?;
        let second: bool = transaction.query_row(
            "SELECT EXISTS (SELECT 1 FROM member_grant g JOIN member m ON m.id = g.member_id
             WHERE g.role IN ('city_admin', 'supervisor') AND g.scope = '\"city\"' AND g.released_at IS NOT NULL
               AND g.ended_at IS NULL AND m.disabled_at IS NULL AND m.id <> ?1 AND m.id IS DISTINCT FROM ?2)",
            params![id, invitation.invited_by],
            |r| r.get(0),
        )?;
        if second && invitation.invited_by.is_some() {
            transaction.execute(
                "UPDATE member_grant SET released_by = NULL, released_at = NULL, asked_by = ?2
                 WHERE member_id = ?1 AND ended_at IS NULL AND scope = '\"city\"'",
                params![id, invitation.invited_by],
            )?;
        }
        for grant in &invitation.grants {
            grant_add(&transaction, id, grant, invitation.invited_by, at, released(grant, second))?;
        }
        transaction.execute("DELETE FROM session WHERE member_id = ?1", [id])?;
        // Whoever is let in anew may have lost more than a password.
        transaction.execute(
            "UPDATE passkey SET ended_at = ?2 WHERE member_id = ?1 AND ended_at IS NULL",
            params![id, seconds],
        )?;
        trail::add(&transaction, Event { object: format!("member:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Some(id))
    }

    fn member_where(&self, condition: &str, value: &dyn ToParam) -> Result<Option<Member>, Fault> {
        let row: Option<(Member, Option<Vec<u8>>)> = self
            .connection
            .prepare_cached(&format!(
                "SELECT id, login, name, password, totp, totp_step, disabled_at IS NOT NULL FROM member WHERE {condition}"
            ))?
            .query_row([value], |r| {
                let member = Member {
                    id: r.get(0)?,
                    login: r.get(1)?,
                    name: r.get(2)?,
                    password: r.get(3)?,
                    totp: None,
                    totp_step: r.get::<_, i64>(5)?.unsigned_abs(),
                    disabled: r.get(6)?,
                };
                Ok((member, r.get(4)?))
            })
            .optional()?;
        let Some((member, sealed)) = row else { return Ok(None) };
        let totp = sealed.map(|s| self.vault.open(&s)).transpose()?;
        Ok(Some(Member { totp, ..member }))
    }

    /// The member of an address, for signing in.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn member_by_login(&self, login: &str) -> Result<Option<Member>, Fault> {
        self.member_where("login = ?1", &login)
    }

    /// A member by id.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn member(&self, id: i64) -> Result<Option<Member>, Fault> {
        self.member_where("id = ?1", &id)
    }

    /// All members with their grants.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn member_list(&self, _permit: &Permit<Read, MemberResource>) -> Result<Vec<(Member, Vec<GrantRow>)>, Fault> {
        let ids: Vec<i64> = self
            .connection
            .prepare("SELECT id FROM member ORDER BY name, id")?
            .query_map([], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        let mut out = Vec::new();
        for id in ids {
            if let Some(member) = self.member(id)? {
                out.push((Member { password: None, totp: None, ..member }, self.grant_list(id)?));
            }
        }
        Ok(out)
    }

    /// Grants of a member that have not ended.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn grant_list(&self, member: i64) -> Result<Vec<GrantRow>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, role, scope, asked_by, released_at IS NOT NULL FROM member_grant
             WHERE member_id = ?1 AND ended_at IS NULL ORDER BY id",
        )?;
        let mut rows = statement.query([member])?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            let name: String = r.get(1)?;
            let role = Role::parse(&name).ok_or_else(|| Fault::Damaged(format!("role {name}")))?;
            let scope: Scope = read_json(&r.get::<_, String>(2)?)?;
            out.push(GrantRow {
                id: r.get(0)?,
                member,
                grant: Grant { role, scope },
                asked_by: r.get(3)?,
                released: r.get(4)?,
            });
        }
        Ok(out)
    }

    /// The second person releases a grant. False where it is not waiting, or that person asked for it or gets it.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn grant_release(
        &mut self,
        permit: &Permit<authz::Release, MemberResource>,
        grant: i64,
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let changed = transaction.execute(
            "UPDATE member_grant SET released_by = ?2, released_at = ?3
             WHERE id = ?1 AND released_at IS NULL AND ended_at IS NULL AND asked_by IS DISTINCT FROM ?2 AND member_id IS DISTINCT FROM ?2",
            params![grant, permit.actor(), at],
        )?;
        if changed == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(changed == 1)
    }

    /// Suspends or restores a member; all its sessions end. False where there is none.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn member_suspend(
        &mut self,
        _permit: &Permit<Change, MemberResource>,
        member: i64,
        at: Option<&str>,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let known = transaction.execute("UPDATE member SET disabled_at = ?2 WHERE id = ?1", params![member, at])?;
        if known == 1 {
            transaction.execute("DELETE FROM session WHERE member_id = ?1", [member])?;
            trail::add(&transaction, event)?;
            transaction.commit()?;
        }
        Ok(known == 1)
    }

    /// Marks a time step of the second factor as used. False where it, or a later one, was used before.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn totp_use(&mut self, member: i64, step: u64) -> Result<bool, Fault> {
        step_use(&self.connection, member, step)
    }

    /// Begins a session. False where its member is suspended by now.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn session_begin(&mut self, token: &[u8], session: &Session, event: Option<Event>) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let begun = session_write(&transaction, token, session)?;
        if begun {
            event.map(|event| trail::add(&transaction, event)).transpose()?;
            transaction.commit()?;
        }
        Ok(begun)
    }

    /// Makes a session that waits for the second factor a full one, under a new token: the step of the code is used up
    /// with it. False where the waiting one was ended meanwhile, the code was used, or the member is suspended.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn session_complete(
        &mut self,
        (waiting, token): (&[u8], &[u8]),
        session: &Session,
        step: u64,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let done = transaction.execute("DELETE FROM session WHERE token = ?1", [waiting])? == 1
            && step_use(&transaction, session.member, step)?
            && session_write(&transaction, token, session)?;
        if done {
            trail::add(&transaction, event)?;
            transaction.commit()?;
        }
        Ok(done)
    }

    /// A session by the hash of its token.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn session(&self, token: &[u8]) -> Result<Option<Session>, Fault> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT member_id, stage = 'full', created_at, seen_at, fresh_at, agent FROM session WHERE token = ?1",
            )?
            .query_row([token], |r| {
                Ok(Session {
                    member: r.get(0)?,
                    full: r.get(1)?,
                    created_at: r.get(2)?,
                    seen_at: r.get(3)?,
                    fresh_at: r.get(4)?,
                    agent: r.get(5)?,
                })
            });
        Ok(found.optional()?)
    }

    /// The session was seen.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn session_seen(&mut self, token: &[u8], at: i64) -> Result<(), Fault> {
        self.connection
            .prepare_cached("UPDATE session SET seen_at = ?2 WHERE token = ?1")?
            .execute(params![token, at])?;
        Ok(())
    }

    /// Ends every session of a member.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn session_end_all(&mut self, member: i64, event: Event) -> Result<(), Fault> {
        let transaction = self.connection.transaction()?;
        transaction.execute("DELETE FROM session WHERE member_id = ?1", [member])?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(())
    }

    /// Notes a failed sign-in, and says how many there were since a moment, this one included.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn sign_in_failed(&mut self, login: &str, at: i64, since: i64, event: Event) -> Result<u64, Fault> {
        let blind = self.vault.blind(&[b"sign in", login.as_bytes()]);
        let transaction = self.connection.transaction()?;
        transaction.execute("DELETE FROM sign_in_failure WHERE at < ?1", [since])?;
        transaction.execute("INSERT INTO sign_in_failure (login, at) VALUES (?1, ?2)", params![&blind[..], at])?;
        trail::add(&transaction, event)?;
        let count: i64 =
            transaction
                .query_row("SELECT count(*) FROM sign_in_failure WHERE login = ?1", [&blind[..]], |r| r.get(0))?;
        transaction.commit()?;
        Ok(count.unsigned_abs())
    }

    /// Failed sign-ins of an address since a moment.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn sign_in_failures(&self, login: &str, since: i64) -> Result<u64, Fault> {
        let blind = self.vault.blind(&[b"sign in", login.as_bytes()]);
        let count: i64 = self.connection.query_row(
            "SELECT count(*) FROM sign_in_failure WHERE login = ?1 AND at >= ?2",
            params![&blind[..], since],
            |r| r.get(0),
        )?;
        Ok(count.unsigned_abs())
    }
}
