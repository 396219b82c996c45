//! What a person may ask of those who keep data: what is kept, and that it be erased. And the change of the key all of it is sealed under.

use crate::db::{Error, OptionalExtension, Row, params};
use crate::hex::{hex, unhex};
use crate::{Fault, Store, trail};
use audit::{Entry, Event};
use authz::{Change, Erasure, Permit, Person, Read, Release, Reveal};

/// A request to erase a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErasureRow {
    /// Id.
    pub id: i64,
    /// The person, by digest.
    pub person: String,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub asked_by: i64,
    /// When, UTC.
    pub asked_at: String,
    /// When it was decided, UTC.
    pub decided_at: Option<String>,
    /// `done`, `declined`, or nothing yet.
    pub outcome: String,
    /// Entries of lists whose personal cells are gone.
    pub entries: i64,
}

const COLUMNS: &str = "id, person, reason, asked_by, asked_at, decided_at, outcome, entries";

fn read(r: &Row<'_>) -> Result<ErasureRow, Error> {
    Ok(ErasureRow {
        id: r.get(0)?,
        person: hex(&r.get::<_, Vec<u8>>(1)?),
        reason: r.get(2)?,
        asked_by: r.get(3)?,
        asked_at: r.get(4)?,
        decided_at: r.get(5)?,
        outcome: r.get(6)?,
        entries: r.get(7)?,
    })
}

/// Why a request is not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoErasure {
    /// There is none that waits.
    Unknown,
    /// Whoever asked does not carry out.
    Own,
}

/// Everything sealed that stays: table and column; each row has a number. What is sealed and not listed here is found by a test.
const SEALED: [(&str, &str); 14] = [
    ("source_row", "sealed"),
    ("roster_draft", "sealed"),
    ("complaint_word", "sealed"),
    ("complaint_photo", "sealed"),
    ("accident", "sealed"),
    ("accident_step", "sealed"),
    ("member", "totp"),
    ("letter", "email"),
    ("letter_reply", "sealed"),
    ("labour_reply", "sealed"),
    ("donor", "sealed"),
    ("training_person", "sealed"),
    ("training_certificate", "sealed"),
    ("award_document", "sealed"),
];

/// Rows whose seal is changed in one transaction.
const STEP: usize = 2_000;

/// Tables whose rows are whole files, and how many of those.
const LARGE: [&str; 2] = ["award_document", "complaint_photo"];
const STEP_LARGE: usize = 8;

fn person_bytes(person: &str) -> Option<Vec<u8>> {
    unhex(person).filter(|d| d.len() == 16)
}

impl Store {
    /// The digest under which a person with an identity number is known.
    pub fn person_digest(&self, nik: &kernel::id::Nik) -> String {
        hex(&crate::stays::person_with(&self.vault, nik))
    }

    /// Entries of the audit trail about an object, the newest first: for the person it is about.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn audit_about(&self, _: &Permit<Reveal, Person>, object: &str, limit: usize) -> Result<Vec<Entry>, Fault> {
        trail::about(&self.connection, object, limit)
    }

    /// Asks for a person to be erased. None where the person stands on a list outside the permit, or on none, or a request waits.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn erasure_ask(
        &mut self,
        (permit, people): (&Permit<Change, Erasure>, &Permit<Read, Person>),
        (person, reason): (&str, &str),
        at: &str,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let (Some(digest), Some(member)) = (person_bytes(person), permit.actor()) else { return Ok(None) };
        let within = self.stay_of(people, person)?.len() as i64;
        let mut standing = 0;
        for one in self.together(&digest)? {
            let here: i64 = self.connection.query_row(
                "SELECT count(DISTINCT key) FROM derived_stay WHERE person = ?1 AND until IS NULL",
                params![one],
                |r| r.get(0),
            )?;
            standing += here;
        }
        if within == 0 || within < standing {
            return Ok(None);
        }
        let transaction = self.connection.transaction()?;
        let waits: i64 = transaction.query_row(
            "SELECT count(*) FROM erasure WHERE person = ?1 AND outcome = ''",
            params![digest],
            |r| r.get(0),
        )?;
        if waits > 0 {
            return Ok(None);
        }
        let id = transaction.query_row(
            "INSERT INTO erasure (person, reason, asked_by, asked_at) VALUES (?1, ?2, ?3, ?4) RETURNING id",
            params![digest, reason, member, at],
            |r| r.get(0),
        )?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Requests, those that wait first, then the newest.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn erasure_list(&self, _: &Permit<Read, Erasure>, limit: usize) -> Result<Vec<ErasureRow>, Fault> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM erasure ORDER BY CASE outcome WHEN '' THEN 0 ELSE 1 END, id DESC LIMIT ?1"
        ))?;
        let rows = statement.query_map([limit as i64], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Carries a request out, or declines it, on the word of a second member. The personal cells of every row about the person go, in
    /// whatever version; the rows stay, so that days and counts stay, and so does their digest, so that the same file says nothing new.
    ///
    /// # Errors
    /// [`Fault`] of the database; inside, why it is not done.
    pub fn erasure_decide(
        &mut self,
        permit: &Permit<Release, Erasure>,
        (id, carry_out): (i64, bool),
        at: &str,
        event: Event,
    ) -> Result<Result<i64, NoErasure>, Fault> {
        // What is overwritten is not left in free pages of the file.
        self.connection.scrub_freed()?;
        let asked: Option<Vec<u8>> =
            self.connection.query_row("SELECT person FROM erasure WHERE id = ?1", [id], |r| r.get(0)).optional()?;
        let together = asked.map(|person| self.together(&person)).transpose()?.unwrap_or_default();
        let transaction = self.connection.transaction()?;
        let found: Option<i64> = transaction
            .query_row("SELECT asked_by FROM erasure WHERE id = ?1 AND outcome = ''", [id], |r| r.get(0))
            .optional()?;
        let Some(asked_by) = found else { return Ok(Err(NoErasure::Unknown)) };
        if permit.actor() == Some(asked_by) {
            return Ok(Err(NoErasure::Own));
        }
        let mut entries = 0;
        if carry_out {
            let mut keys: Vec<[u8; 16]> = Vec::new();
            for one in together {
                let mut statement = transaction
                    .prepare_cached("SELECT DISTINCT key FROM derived_stay WHERE person = ?1 ORDER BY key")?;
                let found = statement.query_map([one], |r| r.get(0))?;
                keys.extend(found.collect::<Result<Vec<[u8; 16]>, _>>()?);
            }
            for key in &keys {
                transaction.execute("UPDATE source_row SET sealed = NULL WHERE key = ?1", params![&key[..]])?;
            }
            crate::stays::make_anew(&transaction, &self.vault, &keys)?;
            entries = keys.len() as i64;
        }
        transaction.execute(
            "UPDATE erasure SET outcome = ?2, decided_by = ?3, decided_at = ?4, entries = ?5 WHERE id = ?1",
            params![id, if carry_out { "done" } else { "declined" }, permit.actor(), at, entries],
        )?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        self.connection.checkpoint()?;
        Ok(Ok(entries))
    }

    /// Seals everything anew that is sealed under an older key, a few thousand rows a transaction: broken off, it goes on where it
    /// stood. Says how many it sealed.
    ///
    /// # Errors
    /// [`Fault`] of the database, or something sealed under a key nobody gave.
    pub fn reseal(&mut self, each: &mut dyn FnMut(u64)) -> Result<u64, Fault> {
        self.connection.scrub_freed()?;
        let mut done = 0;
        for (table, column) in SEALED {
            // Whole documents and photos are held in memory while they are sealed anew: a few at a time.
            let step = if LARGE.contains(&table) { STEP_LARGE } else { STEP };
            let sql = format!(
                "SELECT id, {column} FROM {table} WHERE id > ?1 AND {column} IS NOT NULL ORDER BY id LIMIT {step}"
            );
            let mut after = i64::MIN;
            loop {
                let transaction = self.connection.transaction()?;
                let mut statement = transaction.prepare_cached(&sql)?;
                let rows: Vec<(i64, Vec<u8>)> =
                    statement.query_map([after], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
                drop(statement);
                let is_last = rows.len() < step;
                for (id, sealed) in rows {
                    if let Some(anew) = self.vault.reseal(&sealed)? {
                        let sql = format!("UPDATE {table} SET {column} = ?2 WHERE id = ?1");
                        transaction.execute(&sql, params![id, anew])?;
                        done += 1;
                    }
                    after = id;
                }
                transaction.commit()?;
                each(done);
                if is_last {
                    break;
                }
            }
        }
        done += self.reseal_officers()?;
        // Good for minutes: whoever was signing in begins again.
        self.connection.execute("DELETE FROM signon_attempt", [])?;
        self.connection.checkpoint()?;
        Ok(done)
    }

    fn reseal_officers(&mut self) -> Result<u64, Fault> {
        let transaction = self.connection.transaction()?;
        let mut statement = transaction.prepare_cached("SELECT officer, name FROM derived_officer ORDER BY officer")?;
        let rows: Vec<(String, Vec<u8>)> =
            statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
        drop(statement);
        let mut done = 0;
        for (officer, sealed) in rows {
            if let Some(anew) = self.vault.reseal(&sealed)? {
                transaction
                    .execute("UPDATE derived_officer SET name = ?2 WHERE officer = ?1", params![officer, anew])?;
                done += 1;
            }
        }
        transaction.commit()?;
        Ok(done)
    }

    /// How many sealed things do not open with the current key alone: 0 once everything was sealed anew.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn sealed_under_older(&self) -> Result<u64, Fault> {
        let mut older = 0;
        for (table, column) in SEALED.into_iter().chain([("derived_officer", "name")]) {
            let mut statement =
                self.connection.prepare(&format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL"))?;
            let mut rows = statement.stream([])?;
            while let Some(r) = rows.next()? {
                let sealed: Vec<u8> = r.get(0)?;
                older += u64::from(!self.vault.is_current(&sealed));
            }
        }
        Ok(older)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns of bytes that hold nothing sealed: keys and contents are digests, tokens hashes, the rest is for everybody.
    const OPEN: [&str; 15] = [
        "mark",
        "key",
        "content",
        "digest",
        "token",
        "code",
        "person",
        "one",
        "other",
        "login",
        "pdf",
        "state",
        "credential",
        "holder",
        "public",
    ];

    #[test]
    fn what_is_erased_is_not_left_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.db");
        let lies = |what: &[u8]| {
            ["t.db", "t.db-wal"].iter().any(|file| {
                let bytes = std::fs::read(folder.path().join(file)).unwrap_or_default();
                bytes.windows(what.len()).any(|w| w == what)
            })
        };
        let mut store = Store::open(&crate::Location::File(path), crate::Vault::new(&[7; 32])).unwrap();
        let (person, key) = ([1u8; 16], [2u8; 16]);
        let sealed = store.vault.seal(b"row", &[b'x'; 300]).unwrap();
        store
            .connection
            .execute_batch(
                "INSERT INTO member (id, login, name, created_at) VALUES (1, 'a', 'A', ''), (2, 'b', 'B', '')",
            )
            .unwrap();
        store
            .connection
            .execute(
                "INSERT INTO source_file (id, digest, name, bytes, recorded_at) VALUES (1, ?1, '', 0, '')",
                [&key[..]],
            )
            .unwrap();
        let (columns, _) = registers::Columns::bind(registers::register("daftar_pekerja").unwrap(), &["nama"]);
        let columns = serde_json::to_string(&columns).unwrap();
        store
            .connection
            .execute(
                "INSERT INTO source_table VALUES (1, 1, NULL, 'daftar_pekerja', 1, '', ?1, 1, 1, 0, 0, 0)",
                params![columns],
            )
            .unwrap();
        store.connection.execute("INSERT INTO source_row (table_id, line, key, content, cells, sealed) VALUES (1, 2, ?1, ?1, '[null]', ?2)", params![&key[..], sealed]).unwrap();
        store.connection.execute("INSERT INTO derived_stay (key, known, list, person, joined, left_on, reported) VALUES (?1, 1, 'P:a', ?2, '', '', '')", params![&key[..], &person[..]]).unwrap();
        store
            .connection
            .execute(
                "INSERT INTO erasure (id, person, reason, asked_by, asked_at) VALUES (1, ?1, '', 1, '')",
                [&person[..]],
            )
            .unwrap();
        store.connection.checkpoint().unwrap();
        assert!(lies(&sealed));
        let boss =
            authz::Actor::member(2, vec![authz::Grant { role: authz::Role::Supervisor, scope: authz::Scope::City }]);
        let asker = authz::Actor::member(1, boss.grants.clone());
        let event = || Event {
            at: String::new(),
            actor: String::new(),
            action: String::new(),
            object: String::new(),
            reason: String::new(),
            request: String::new(),
            outcome: String::new(),
        };
        let decide = |store: &mut Store, actor: &authz::Actor| {
            store.erasure_decide(&authz::permit(actor).unwrap(), (1, true), "", event()).unwrap()
        };
        assert_eq!(decide(&mut store, &asker), Err(NoErasure::Own));
        assert!(lies(&sealed));
        assert_eq!(decide(&mut store, &boss), Ok(1));
        assert!(!lies(&sealed));
        assert_eq!(decide(&mut store, &boss), Err(NoErasure::Unknown));
    }

    #[test]
    fn whatever_is_sealed_is_sealed_anew() {
        let mut table = String::new();
        let mut met = 0;
        for line in crate::migrate::MIGRATIONS.iter().flat_map(|m| m.lines()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let ["CREATE", "TABLE", name, ..] | ["ALTER", "TABLE", name, ..] = words.as_slice() {
                (*name).clone_into(&mut table);
            }
            let Some(at) = words.iter().position(|w| w.trim_end_matches(',') == "BLOB") else { continue };
            let column = words[at - 1];
            let sealed = SEALED.contains(&(table.as_str(), column))
                || [("derived_officer", "name"), ("signon_attempt", "secrets")].contains(&(table.as_str(), column));
            assert!(sealed || OPEN.contains(&column), "{table}.{column}: sealed or open?");
            met += usize::from(sealed);
        }
        assert_eq!(met, SEALED.len() + 2);
    }
}
