//! Letters as their recipient sees them: received, opened, answered.

use crate::db::{Value, params};
use crate::desk::Where;
use crate::letters::{LetterRow, LetterState};
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Letter, Mail, Permit, Read};

/// What a contractor did with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Id.
    pub id: i64,
    /// Letter.
    pub letter: i64,
    /// Who, by name.
    pub by: String,
    /// When, UTC.
    pub at: String,
    /// `opened`, or what is answered.
    pub kind: String,
    /// Words.
    pub text: String,
    /// Has the office read it?
    pub read: bool,
}

/// An opening is no answer.
pub const OPENED: &str = "opened";

/// Where words are sealed.
const PLACE: &[u8] = b"letter reply";

/// Letters to a contractor; the others go to the agency or are signed at a table.
const TO_CONTRACTOR: &str = "l.kind IN ('notice', 'first_warning', 'second_warning', 'invitation')";

impl Store {
    /// Letters received within a permit, the newest first; of one id, where it is named.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn mail_list(
        &self,
        permit: &Permit<Read, Mail>,
        id: Option<i64>,
        limit: usize,
    ) -> Result<Vec<LetterRow>, Fault> {
        let mut w = Where::default();
        w.and(LetterState::Issued.condition(), []);
        w.and(TO_CONTRACTOR, []);
        w.within(permit.scope(), "c.");
        if let Some(id) = id {
            w.and("l.id = ?", [Value::Integer(id)]);
        }
        // Who wrote it and to which other address is the office's own affair.
        let own = |row: LetterRow| LetterRow { email: String::new(), drafted_by_name: String::new(), ..row };
        Ok(self.letters(w, Some(limit))?.into_iter().map(own).collect())
    }

    /// The PDF of a letter received, as it went out.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn mail_pdf(&self, permit: &Permit<Read, Mail>, id: i64) -> Result<Option<Vec<u8>>, Fault> {
        if self.mail_list(permit, Some(id), 1)?.is_empty() {
            return Ok(None);
        }
        Ok(self.connection.query_row("SELECT pdf FROM letter WHERE id = ?1", [id], |r| r.get(0))?)
    }

    /// What was done with a letter, the oldest first. Whoever asks has found the letter before.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn mail_replies(&self, letter: &LetterRow) -> Result<Vec<Reply>, Fault> {
        self.replies("r.letter_id = ?1", letter.id)
    }

    fn replies(&self, condition: &str, value: i64) -> Result<Vec<Reply>, Fault> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT r.id, r.letter_id, m.name, r.at, r.kind, r.sealed, r.read_at IS NOT NULL
             FROM letter_reply r JOIN member m ON m.id = r.member_id WHERE {condition} ORDER BY r.id"
        ))?;
        let mut rows = statement.query([value])?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            let sealed: Option<Vec<u8>> = r.get(5)?;
            let text = match sealed {
                Some(sealed) => String::from_utf8_lossy(&self.vault.open(&sealed)?).into_owned(),
                None => String::new(),
            };
            out.push(Reply {
                id: r.get(0)?,
                letter: r.get(1)?,
                by: r.get(2)?,
                at: r.get(3)?,
                kind: r.get(4)?,
                text,
                read: r.get(6)?,
            });
        }
        Ok(out)
    }

    /// Keeps what a contractor does with a letter received. An opening is kept once for each member. False where the letter is not theirs.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn mail_reply(
        &mut self,
        (read, change): (&Permit<Read, Mail>, &Permit<Change, Mail>),
        id: i64,
        (kind, text): (&str, &str),
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let Some(member) = change.actor() else { return Ok(false) };
        if self.mail_list(read, Some(id), 1)?.is_empty() {
            return Ok(false);
        }
        let sealed = (!text.is_empty()).then(|| self.vault.seal(PLACE, text.as_bytes())).transpose()?;
        let transaction = self.connection.transaction()?;
        let known: i64 = transaction.query_row(
            "SELECT count(*) FROM letter_reply WHERE letter_id = ?1 AND member_id = ?2 AND kind = ?3",
            params![id, member, OPENED],
            |r| r.get(0),
        )?;
        if kind == OPENED && known > 0 {
            return Ok(true);
        }
        transaction.execute(
            "INSERT INTO letter_reply (letter_id, member_id, at, kind, sealed) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id, member, at, kind, sealed],
        )?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(true)
    }

    /// Letters within a permit with answers nobody has read, the newest first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn mail_unread(&self, permit: &Permit<Read, Letter>, limit: usize) -> Result<Vec<LetterRow>, Fault> {
        let mut w = Where::default();
        w.and(
            "EXISTS (SELECT 1 FROM letter_reply a WHERE a.letter_id = l.id AND a.read_at IS NULL AND a.kind <> 'opened')",
            [],
        );
        w.within(permit.scope(), "c.");
        self.letters(w, Some(limit))
    }

    /// The office has read the answers to a letter. False where it is not within the permit.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn mail_read(
        &mut self,
        (read, change): (&Permit<Read, Letter>, &Permit<Change, Letter>),
        id: i64,
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        if self.letter(read, id)?.is_none() {
            return Ok(false);
        }
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "UPDATE letter_reply SET read_by = ?2, read_at = ?3 WHERE letter_id = ?1 AND read_at IS NULL",
            params![id, change.actor(), at],
        )?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(true)
    }
}
