//! Cases and their letters. A draft becomes a letter in one transaction: number, PDF and audit entry, or nothing.

use crate::answers::UNMET;
use crate::db::{Database, Error, OptionalExtension, Row, Value, params, params_from_iter};
use crate::desk::Where;
use crate::{Fault, JobAsk, Store, trail};
use audit::Event;
use authz::{Change, Letter, Permit, PublicProject, Read, Release, Scope};

/// How a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterState {
    /// Written, not released.
    Draft,
    /// Thrown away before anybody released it.
    Discarded,
    /// Released.
    Issued,
    /// Released, and called back.
    Withdrawn,
}

impl LetterState {
    /// As in addresses and sentences.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Discarded => "discarded",
            Self::Issued => "issued",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub(crate) fn condition(self) -> &'static str {
        match self {
            Self::Draft => "l.released_at IS NULL AND l.discarded_at IS NULL",
            Self::Discarded => "l.discarded_at IS NOT NULL",
            Self::Issued => "l.released_at IS NOT NULL AND l.withdrawn_at IS NULL",
            Self::Withdrawn => "l.withdrawn_at IS NOT NULL",
        }
    }
}

/// A case with what the ladder needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseRow {
    /// Id.
    pub id: i64,
    /// Project.
    pub project: String,
    /// Finding.
    pub code: String,
    /// Name of the project.
    pub name: String,
    /// Agency.
    pub agency: String,
    /// Vendor.
    pub vendor: String,
    /// When it was opened.
    pub opened_at: String,
    /// When it was closed, and why.
    pub closed: Option<(String, String)>,
    /// The duty is still unmet in the picture of today.
    pub unmet: bool,
    /// Letters in force: kind and the day on them.
    pub issued: Vec<(String, String)>,
    /// Kind and id of a draft.
    pub draft: Option<(String, i64)>,
}

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterRow {
    /// Id.
    pub id: i64,
    /// Case.
    pub case: i64,
    /// Project.
    pub project: String,
    /// Finding the case is about.
    pub code: String,
    /// Name of the project.
    pub name: String,
    /// Agency.
    pub agency: String,
    /// Vendor.
    pub vendor: String,
    /// Kind.
    pub kind: String,
    /// Letters written in one act share the id of the first.
    pub batch: i64,
    /// State.
    pub state: LetterState,
    /// JSON: what it rests on.
    pub facts: String,
    /// JSON: what the writer added.
    pub inputs: String,
    /// The recipient's e-mail address; empty for none.
    pub email: String,
    /// Writer.
    pub drafted_by: i64,
    /// Writer, by name.
    pub drafted_by_name: String,
    /// When.
    pub drafted_at: String,
    /// Who released it, by name.
    pub released_by_name: Option<String>,
    /// The day on it.
    pub dated: Option<String>,
    /// Its number.
    pub number: Option<String>,
    /// Leads to the page that says it is genuine.
    pub token: Option<String>,
    /// JSON: what it says.
    pub content: Option<String>,
    /// Digest of the PDF.
    pub digest: Option<String>,
    /// When it was withdrawn, and why.
    pub withdrawn: Option<(String, String)>,
    /// How its sending stands: empty, `waiting`, `sent`, `failed`, `stopped`.
    pub sending: String,
    /// When it was sent.
    pub sent_at: Option<String>,
    /// What is to be said about the sending.
    pub sending_note: String,
}

impl LetterRow {
    /// What the writer added, as a short digest: whoever releases a draft says which one was read.
    pub fn version(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.inputs.as_bytes()).update(&[0]).update(self.email.as_bytes());
        hasher.finalize().to_hex()[..16].to_owned()
    }
}

/// A draft to be written.
#[derive(Debug, Clone, Default)]
pub struct NewDraft {
    /// Project.
    pub project: String,
    /// Finding.
    pub code: String,
    /// Name of the project.
    pub name: String,
    /// Agency.
    pub agency: String,
    /// Vendor.
    pub vendor: String,
    /// Vendor's taxpayer number, digits.
    pub npwp: String,
    /// Kind.
    pub kind: String,
    /// JSON: what it rests on.
    pub facts: String,
    /// JSON: what the writer adds.
    pub inputs: String,
    /// Letters of its case that were in force when it was judged to be in time.
    pub in_force: i64,
}

/// What makes a letter of a draft.
#[derive(Debug, Clone)]
pub struct Issue {
    /// Its number.
    pub number: String,
    /// JSON: what it says.
    pub content: String,
    /// Digest of the page it is printed on.
    pub template: String,
    /// Digest of the PDF.
    pub digest: String,
    /// The PDF.
    pub pdf: Vec<u8>,
}

/// Why a letter was not released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotReleased {
    /// No draft under that number within the scope.
    NotADraft,
    /// The duty is met by now.
    Cured,
    /// So many letters at once take a second person.
    SecondPerson,
    /// Somebody changed it since it was read.
    Changed,
}

/// The letter a job is to send could not be: it waits no longer.
pub(crate) fn unsent(c: &Database, subject: &str, state: &str, note: &str) -> Result<(), Fault> {
    c.execute(
        "UPDATE letter SET sending = ?2, sending_note = ?3 WHERE id = ?1 AND sending = 'waiting'",
        params![letter_in(subject), state, note],
    )?;
    Ok(())
}

/// The letter a job is to send waits again, if it is in force and has an address.
pub(crate) fn wait_again(c: &Database, subject: &str) -> Result<(), Fault> {
    c.execute(
        "UPDATE letter SET sending = 'waiting', sending_note = ''
         WHERE id = ?1 AND sending IN ('stopped', 'failed') AND email IS NOT NULL AND withdrawn_at IS NULL",
        [letter_in(subject)],
    )?;
    Ok(())
}

fn letter_in(subject: &str) -> i64 {
    serde_json::from_str::<serde_json::Value>(subject).ok().and_then(|s| s["letter"].as_i64()).unwrap_or(0)
}

/// Where a sealed address belongs.
const EMAIL_PLACE: &[u8] = b"letter email";

const LETTER: &str =
    "SELECT l.id, l.case_id, c.project, c.code, c.name, c.agency, c.vendor, l.kind, l.facts, l.inputs, l.email, l.drafted_by,
       m.name, l.drafted_at, r.name, l.dated, l.number, l.token, l.content, l.digest, l.withdrawn_at, l.withdrawn_why,
       l.sending, l.sent_at, l.sending_note, l.discarded_at, l.released_at, l.batch
     FROM letter l JOIN case_file c ON c.id = l.case_id JOIN member m ON m.id = l.drafted_by
     LEFT JOIN member r ON r.id = l.released_by";

/// A row, with the address still sealed.
fn letter(r: &Row<'_>) -> Result<(LetterRow, Option<Vec<u8>>), Error> {
    let (discarded, released): (Option<String>, Option<String>) = (r.get(25)?, r.get(26)?);
    let (withdrawn_at, withdrawn_why): (Option<String>, Option<String>) = (r.get(20)?, r.get(21)?);
    let row = LetterRow {
        id: r.get(0)?,
        case: r.get(1)?,
        project: r.get(2)?,
        code: r.get(3)?,
        name: r.get(4)?,
        agency: r.get(5)?,
        vendor: r.get(6)?,
        kind: r.get(7)?,
        batch: r.get(27)?,
        state: match (discarded.is_some(), released.is_some(), withdrawn_at.is_some()) {
            (true, ..) => LetterState::Discarded,
            (_, _, true) => LetterState::Withdrawn,
            (_, true, _) => LetterState::Issued,
            _ => LetterState::Draft,
        },
        facts: r.get(8)?,
        inputs: r.get(9)?,
        email: String::new(),
        drafted_by: r.get(11)?,
        drafted_by_name: r.get(12)?,
        drafted_at: r.get(13)?,
        released_by_name: r.get(14)?,
        dated: r.get(15)?,
        number: r.get(16)?,
        token: r.get(17)?,
        content: r.get(18)?,
        digest: r.get(19)?,
        withdrawn: withdrawn_at.zip(withdrawn_why),
        sending: r.get(22)?,
        sent_at: r.get(23)?,
        sending_note: r.get(24)?,
    };
    Ok((row, r.get(10)?))
}

/// Is a row of a case, by its project, agency and vendor, within a scope?
fn within(c: &Database, scope: &Scope, [project, agency, npwp]: [&str; 3]) -> Result<bool, Fault> {
    Ok(match scope {
        Scope::City => true,
        Scope::Agencies(names) => names.iter().any(|n| n == agency),
        Scope::Vendors(numbers) => numbers.iter().any(|n| n == npwp),
        Scope::Projects(codes) => codes.iter().any(|c| c == project),
        Scope::Districts(names) => {
            let district: Option<String> = c
                .query_row("SELECT district FROM derived_project WHERE code = ?1", [project], |r| r.get(0))
                .optional()?;
            district.is_some_and(|d| names.contains(&d))
        }
    })
}

/// The case of a project and a finding that is open, opened where there is none.
fn case_open(c: &Database, draft: &NewDraft, by: Option<i64>, at: &str) -> Result<i64, Fault> {
    let standing: Option<i64> = c
        .query_row(
            "SELECT id FROM case_file WHERE project = ?1 AND code = ?2 AND closed_at IS NULL",
            [&draft.project, &draft.code],
            |r| r.get(0),
        )
        .optional()?;
    if let Some(id) = standing {
        return Ok(id);
    }
    Ok(c.query_row(
        "INSERT INTO case_file (project, code, name, agency, vendor, npwp, opened_by, opened_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
        params![draft.project, draft.code, draft.name, draft.agency, draft.vendor, draft.npwp, by, at],
        |r| r.get(0),
    )?)
}

/// Closes cases whose duty is met: the ladder stops by itself.
pub(crate) fn settle(connection: &Database, at: &str) -> Result<(), Fault> {
    connection.execute(
        &format!(
            "UPDATE case_file SET closed_at = ?1, closed_why = 'cured' WHERE id IN
               (SELECT c.id FROM case_file c WHERE c.closed_at IS NULL AND NOT {UNMET})"
        ),
        [at],
    )?;
    Ok(())
}

impl Store {
    fn letter_opened(&self, (row, sealed): (LetterRow, Option<Vec<u8>>)) -> Result<LetterRow, Fault> {
        let email = match sealed {
            Some(sealed) => String::from_utf8_lossy(&self.vault.open(&sealed)?).into_owned(),
            None => String::new(),
        };
        Ok(LetterRow { email, ..row })
    }

    /// Cases in the scope, open ones or closed ones, the newest first, below an id.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn case_page(
        &self,
        permit: &Permit<Read, Letter>,
        open: bool,
        below: Option<i64>,
        limit: usize,
    ) -> Result<Vec<CaseRow>, Fault> {
        let mut w = Where::default();
        w.and(if open { "c.closed_at IS NULL" } else { "c.closed_at IS NOT NULL" }, []);
        w.within(permit.scope(), "c.");
        if let Some(below) = below {
            w.and("c.id < ?", [Value::Integer(below)]);
        }
        self.cases(w, limit)
    }

    /// The open case of a project and a finding in the scope.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn case_of(&self, permit: &Permit<Read, Letter>, project: &str, code: &str) -> Result<Option<CaseRow>, Fault> {
        let mut w = Where::default();
        let values = [project, code].map(|v| Value::Text(v.to_owned()));
        w.and("c.closed_at IS NULL AND c.project = ? AND c.code = ?", values);
        w.within(permit.scope(), "c.");
        Ok(self.cases(w, 1)?.pop())
    }

    fn cases(&self, mut w: Where, limit: usize) -> Result<Vec<CaseRow>, Fault> {
        w.values.push(Value::Integer(limit as i64));
        let sql = format!(
            "SELECT c.id, c.project, c.code, c.name, c.agency, c.vendor, c.opened_at, c.closed_at, c.closed_why, {UNMET}
             FROM case_file c{} ORDER BY c.id DESC LIMIT ?",
            w.text
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(w.values), |r| {
            let closed: (Option<String>, Option<String>) = (r.get(7)?, r.get(8)?);
            Ok(CaseRow {
                id: r.get(0)?,
                project: r.get(1)?,
                code: r.get(2)?,
                name: r.get(3)?,
                agency: r.get(4)?,
                vendor: r.get(5)?,
                opened_at: r.get(6)?,
                closed: closed.0.zip(closed.1),
                unmet: r.get(9)?,
                ..CaseRow::default()
            })
        })?;
        let mut cases: Vec<CaseRow> = rows.collect::<Result<_, _>>()?;
        for case in &mut cases {
            let mut statement = self.connection.prepare_cached(
                "SELECT kind, dated, id FROM letter WHERE case_id = ?1 AND discarded_at IS NULL AND withdrawn_at IS NULL ORDER BY id",
            )?;
            let mut rows = statement.query([case.id])?;
            while let Some(r) = rows.next()? {
                match (r.get::<_, String>(0)?, r.get::<_, Option<String>>(1)?) {
                    (kind, Some(dated)) => case.issued.push((kind, dated)),
                    (kind, None) => case.draft = Some((kind, r.get(2)?)),
                }
            }
        }
        Ok(cases)
    }

    /// Letters in the scope in one state, the newest first, below an id.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn letter_page(
        &self,
        permit: &Permit<Read, Letter>,
        state: LetterState,
        below: Option<i64>,
        limit: usize,
    ) -> Result<Vec<LetterRow>, Fault> {
        let mut w = Where::default();
        w.and(state.condition(), []);
        w.within(permit.scope(), "c.");
        if let Some(below) = below {
            w.and("l.id < ?", [Value::Integer(below)]);
        }
        self.letters(w, Some(limit))
    }

    /// Drafts written in one act, the oldest first: for the worker, who asks for nobody.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn letters_of_batch(&self, batch: i64) -> Result<Vec<i64>, Fault> {
        let sql = format!(
            "SELECT l.id FROM letter l WHERE l.batch = ?1 AND {} ORDER BY l.id",
            LetterState::Draft.condition()
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([batch], |r| r.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Letters about a project in the scope, the newest first, without those thrown away.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn letters_of_project(&self, permit: &Permit<Read, Letter>, project: &str) -> Result<Vec<LetterRow>, Fault> {
        let mut w = Where::default();
        w.and("c.project = ? AND l.discarded_at IS NULL", [Value::Text(project.to_owned())]);
        w.within(permit.scope(), "c.");
        self.letters(w, None)
    }

    pub(crate) fn letters(&self, mut w: Where, limit: Option<usize>) -> Result<Vec<LetterRow>, Fault> {
        w.values.push(Value::Integer(limit.map_or(i64::MAX, |l| l as i64)));
        let sql = format!("{LETTER}{} ORDER BY l.id DESC LIMIT ?", w.text);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows: Vec<_> = statement.query_map(params_from_iter(w.values), letter)?.collect::<Result<_, _>>()?;
        rows.into_iter().map(|row| self.letter_opened(row)).collect()
    }

    /// A letter in the scope.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn letter(&self, permit: &Permit<Read, Letter>, id: i64) -> Result<Option<LetterRow>, Fault> {
        let mut w = Where::default();
        w.and("l.id = ?", [Value::Integer(id)]);
        w.within(permit.scope(), "c.");
        Ok(self.letters(w, Some(1))?.pop())
    }

    /// A released letter by the token printed on it, for anybody who holds the paper.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn letter_of_token(
        &self,
        _permit: &Permit<Read, PublicProject>,
        token: &str,
    ) -> Result<Option<LetterRow>, Fault> {
        let mut w = Where::default();
        w.and("l.token = ?", [Value::Text(token.to_owned())]);
        Ok(self.letters(w, Some(1))?.pop().map(|row| LetterRow { email: String::new(), ..row }))
    }

    /// The PDF of a released letter in the scope, as it went out.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn letter_pdf(&self, permit: &Permit<Read, Letter>, id: i64) -> Result<Option<Vec<u8>>, Fault> {
        if self.letter(permit, id)?.is_none() {
            return Ok(None);
        }
        let found: Option<Option<Vec<u8>>> =
            self.connection.query_row("SELECT pdf FROM letter WHERE id = ?1", [id], |r| r.get(0)).optional()?;
        Ok(found.flatten())
    }

    /// Writes drafts in one act. For each: its id, or none where it lies outside the scope, a draft of the case lies there
    /// already, or letters of the case were released or withdrawn since it was judged.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn letter_draft(
        &mut self,
        permit: &Permit<Change, Letter>,
        drafts: &[NewDraft],
        at: &str,
        event: Event,
    ) -> Result<Vec<Option<i64>>, Fault> {
        let transaction = self.connection.transaction()?;
        let (mut out, mut batch) = (Vec::new(), 0);
        for draft in drafts {
            if !within(&transaction, permit.scope(), [&draft.project, &draft.agency, &draft.npwp])? {
                out.push(None);
                continue;
            }
            let case = case_open(&transaction, draft, permit.actor(), at)?;
            let lies_there: bool = transaction.query_row(
                "SELECT EXISTS (SELECT 1 FROM letter WHERE case_id = ?1 AND released_at IS NULL AND discarded_at IS NULL)",
                [case],
                |r| r.get(0),
            )?;
            // Whether a letter is in time was judged by those in force then.
            let in_force: i64 = transaction.query_row(
                "SELECT count(*) FROM letter WHERE case_id = ?1 AND released_at IS NOT NULL AND withdrawn_at IS NULL",
                [case],
                |r| r.get(0),
            )?;
            if lies_there || in_force != draft.in_force {
                out.push(None);
                continue;
            }
            let id: i64 = transaction.query_row(
                "INSERT INTO letter (case_id, kind, batch, facts, inputs, drafted_by, drafted_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
                params![case, draft.kind, batch, draft.facts, draft.inputs, permit.actor(), at],
                |r| r.get(0),
            )?;
            if batch == 0 {
                batch = id;
                transaction.execute("UPDATE letter SET batch = ?1 WHERE id = ?1", [id])?;
            }
            out.push(Some(id));
        }
        if batch != 0 {
            trail::add(&transaction, Event { object: format!("letter:{batch}"), ..event })?;
            transaction.commit()?;
        }
        Ok(out)
    }

    /// Changes what the writer added to a draft. False where it is none, or lies outside the scope.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn letter_write(
        &mut self,
        permit: &Permit<Change, Letter>,
        id: i64,
        (inputs, email): (&str, &str),
        event: Event,
    ) -> Result<bool, Fault> {
        let sealed = (!email.is_empty()).then(|| self.vault.seal(EMAIL_PLACE, email.as_bytes())).transpose()?;
        self.letter_change(permit.scope(), id, LetterState::Draft, event, |t| {
            t.execute("UPDATE letter SET inputs = ?2, email = ?3 WHERE id = ?1", params![id, inputs, sealed])
        })
    }

    /// Throws a draft away. False where it is none, or lies outside the scope.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn letter_discard(
        &mut self,
        permit: &Permit<Change, Letter>,
        id: i64,
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let by = permit.actor();
        self.letter_change(permit.scope(), id, LetterState::Draft, event, |t| {
            t.execute("UPDATE letter SET discarded_by = ?2, discarded_at = ?3 WHERE id = ?1", params![id, by, at])
        })
    }

    /// Calls a released letter back; its number stays used. False where it is not in force, or outside the scope.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn letter_withdraw(
        &mut self,
        permit: &Permit<Release, Letter>,
        id: i64,
        why: &str,
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let by = permit.actor();
        self.letter_change(permit.scope(), id, LetterState::Issued, event, |t| {
            t.execute(
                "UPDATE letter SET withdrawn_by = ?2, withdrawn_at = ?3, withdrawn_why = ?4,
                   sending_note = CASE WHEN sending = 'waiting' THEN 'withdrawn' ELSE sending_note END,
                   sending = CASE WHEN sending = 'waiting' THEN 'stopped' ELSE sending END WHERE id = ?1",
                params![id, by, at, why],
            )
        })
    }

    fn letter_change(
        &mut self,
        scope: &Scope,
        id: i64,
        state: LetterState,
        event: Event,
        change: impl FnOnce(&Database) -> Result<usize, Error>,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let sql = format!(
            "SELECT c.project, c.agency, c.npwp FROM letter l JOIN case_file c ON c.id = l.case_id WHERE l.id = ?1 AND {}",
            state.condition()
        );
        let found: Option<(String, String, String)> =
            transaction.query_row(&sql, [id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional()?;
        let Some((project, agency, npwp)) = found else { return Ok(false) };
        if !within(&transaction, scope, [&project, &agency, &npwp])? {
            return Ok(false);
        }
        let changed = change(&transaction)?;
        // What changed nothing is not told as done.
        if changed == 1 {
            trail::add(&transaction, event)?;
            transaction.commit()?;
        }
        Ok(changed == 1)
    }

    /// Releases a draft as it was read: number, PDF and audit entry in one transaction. `alone_max` is the size of a batch up to which
    /// the writer may be the one who releases. `make` prints the letter under the sequence it gets.
    ///
    /// # Errors
    /// [`Fault`] of the database or of the printing; inside, why it was not released.
    pub fn letter_release(
        &mut self,
        permit: &Permit<Release, Letter>,
        seen: &LetterRow,
        (dated, year, token): (&str, i64, &str),
        alone_max: i64,
        at: &str,
        event: Event,
        make: &mut dyn FnMut(i64) -> Result<Issue, Fault>,
    ) -> Result<Result<(), NotReleased>, Fault> {
        let transaction = self.connection.transaction()?;
        let sql = format!(
            "SELECT c.project, c.agency, c.npwp, {UNMET}, l.drafted_by, (SELECT count(*) FROM letter b WHERE b.batch = l.batch),
               l.inputs, l.email FROM letter l JOIN case_file c ON c.id = l.case_id WHERE l.id = ?1 AND {}",
            LetterState::Draft.condition()
        );
        let id = seen.id;
        type Draft = ((String, String, String, bool, i64, i64), (String, Option<Vec<u8>>));
        let found: Option<Draft> = transaction
            .query_row(&sql, [id], |r| {
                let draft = (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?);
                Ok((draft, (r.get(6)?, r.get(7)?)))
            })
            .optional()?;
        let Some(((project, agency, npwp, unmet, drafted_by, batch), (inputs, sealed))) = found else {
            return Ok(Err(NotReleased::NotADraft));
        };
        let email = sealed.map(|sealed| self.vault.open(&sealed)).transpose()?.unwrap_or_default();
        if !within(&transaction, permit.scope(), [&project, &agency, &npwp])? {
            return Ok(Err(NotReleased::NotADraft));
        }
        if !unmet {
            return Ok(Err(NotReleased::Cured));
        }
        if batch > alone_max && permit.actor() == Some(drafted_by) {
            return Ok(Err(NotReleased::SecondPerson));
        }
        if inputs != seen.inputs || email != seen.email.as_bytes() {
            return Ok(Err(NotReleased::Changed));
        }
        let last: Option<i64> =
            transaction.query_row("SELECT max(sequence) FROM letter WHERE year = ?1", [year], |r| r.get(0))?;
        let sequence = last.unwrap_or(0) + 1;
        let issue = make(sequence)?;
        transaction.execute(
            "UPDATE letter SET released_by = ?2, released_at = ?3, dated = ?4, year = ?5, sequence = ?6, number = ?7, token = ?8,
               template = ?9, content = ?10, digest = ?11, pdf = ?12 WHERE id = ?1",
            params![
                id,
                permit.actor(),
                at,
                dated,
                year,
                sequence,
                issue.number,
                token,
                issue.template,
                issue.content,
                issue.digest,
                issue.pdf
            ],
        )?;
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(Ok(()))
    }

    /// Asks for a released letter to be sent, by a job: a letter that waits has one. False where it is not in force, has
    /// no address, or waits already.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn letter_send(
        &mut self,
        permit: &Permit<Release, Letter>,
        id: i64,
        job: &JobAsk<'_>,
        event: Event,
    ) -> Result<bool, Fault> {
        self.letter_change(permit.scope(), id, LetterState::Issued, event, |t| {
            let waits = t.execute(
                "UPDATE letter SET sending = 'waiting', sending_note = ''
                 WHERE id = ?1 AND email IS NOT NULL AND sending <> 'waiting'",
                [id],
            )?;
            if waits == 1 {
                job.write(t)?;
            }
            Ok(waits)
        })
    }

    /// A letter that waits to be sent, its PDF, and whether its duty is still unmet: for the worker, who asks for nobody.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn letter_to_send(&self, id: i64) -> Result<Option<(LetterRow, Vec<u8>, bool)>, Fault> {
        let mut w = Where::default();
        w.and("l.id = ? AND l.sending = 'waiting'", [Value::Integer(id)]);
        let Some(row) = self.letters(w, Some(1))?.pop() else { return Ok(None) };
        let sql = format!("SELECT l.pdf, {UNMET} FROM letter l JOIN case_file c ON c.id = l.case_id WHERE l.id = ?1");
        let (pdf, unmet): (Vec<u8>, bool) = self.connection.query_row(&sql, [id], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(Some((row, pdf, unmet)))
    }

    /// What came of sending. A letter that was sent is, though somebody stopped it meanwhile; nothing else is told of one
    /// that does not wait.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn letter_sent(&mut self, id: i64, state: &str, note: &str, at: &str, event: Event) -> Result<(), Fault> {
        let transaction = self.connection.transaction()?;
        let changed = transaction.execute(
            "UPDATE letter SET sending = ?2, sending_note = ?3, sent_at = CASE WHEN ?2 = 'sent' THEN ?4 END
             WHERE id = ?1 AND (sending = 'waiting' OR (sending = 'stopped' AND ?2 = 'sent'))",
            params![id, state, note, at],
        )?;
        if changed == 1 {
            trail::add(&transaction, event)?;
            transaction.commit()?;
        }
        Ok(())
    }
}
