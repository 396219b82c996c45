//! Work in the background: asked for, leased, ended. What dies with the program is taken up again.

use crate::db::{Database, Error, OptionalExtension, Row, params};
use crate::{Fault, Store, trail};
use audit::Event;

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Asked for.
    Waiting,
    /// Being done.
    Running,
    /// Done.
    Done,
    /// Ended without its result.
    Failed,
    /// Called off by a person.
    Cancelled,
}

impl JobState {
    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    fn parse(name: &str) -> Self {
        let all = [Self::Waiting, Self::Running, Self::Done, Self::Cancelled];
        all.into_iter().find(|s| s.name() == name).unwrap_or(Self::Failed)
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Id.
    pub id: i64,
    /// Kind, such as `import`.
    pub kind: String,
    /// What about; JSON.
    pub subject: String,
    /// Who asked.
    pub asked_by: Option<i64>,
    /// State.
    pub state: JobState,
    /// Done so far.
    pub done: u64,
    /// Of how many; 0 where nobody knows.
    pub total: u64,
    /// What came of it; JSON.
    pub outcome: Option<String>,
    /// When it was asked for.
    pub asked_at: String,
    /// When it ended.
    pub ended_at: Option<String>,
}

/// A file laid on the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Id.
    pub id: i64,
    /// Digest of its bytes.
    pub digest: String,
    /// As the clerk called it.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// Who laid it there.
    pub member: Option<i64>,
    /// When.
    pub at: String,
    /// What the clerk said about it; JSON.
    pub options: String,
    /// The job that stores it.
    pub job: Option<i64>,
}

/// A job asked for.
#[derive(Debug, Clone, Copy)]
pub struct JobAsk<'a> {
    /// Kind, such as `mail`.
    pub kind: &'a str,
    /// What about; JSON.
    pub subject: &'a str,
    /// Who asks.
    pub by: Option<i64>,
    /// When it is asked for.
    pub at: &'a str,
    /// No earlier than this moment, in seconds since 1970.
    pub not_before: i64,
}

impl JobAsk<'_> {
    /// Writes it down within a transaction: what a job is to carry out and the job stand together, or neither does.
    pub(crate) fn write(&self, transaction: &Database) -> Result<i64, Error> {
        let standing: Option<i64> = transaction
            .query_row(
                "SELECT id FROM job WHERE state = 'waiting' AND kind = ?1 AND subject = ?2",
                [self.kind, self.subject],
                |r| r.get(0),
            )
            .optional()?;
        if let Some(id) = standing {
            return Ok(id);
        }
        transaction.query_row(
            "INSERT INTO job (kind, subject, asked_by, state, asked_at, not_before)
             VALUES (?1, ?2, ?3, 'waiting', ?4, ?5) RETURNING id",
            params![self.kind, self.subject, self.by, self.at, self.not_before],
            |r| r.get(0),
        )
    }
}

const JOB: &str = "id, kind, subject, asked_by, state, done, total, outcome, asked_at, ended_at";

fn job(r: &Row<'_>) -> Result<Job, Error> {
    Ok(Job {
        id: r.get(0)?,
        kind: r.get(1)?,
        subject: r.get(2)?,
        asked_by: r.get(3)?,
        state: JobState::parse(&r.get::<_, String>(4)?),
        done: r.get::<_, i64>(5)?.unsigned_abs(),
        total: r.get::<_, i64>(6)?.unsigned_abs(),
        outcome: r.get(7)?,
        asked_at: r.get(8)?,
        ended_at: r.get(9)?,
    })
}

impl Store {
    /// Asks for a job. One that waits already with the same subject is the answer.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn job_ask(&mut self, kind: &str, subject: &str, by: Option<i64>, at: &str) -> Result<i64, Fault> {
        self.job_ask_later(&JobAsk { kind, subject, by, at, not_before: 0 })
    }

    /// The same, to be done no earlier than it says.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn job_ask_later(&mut self, asked: &JobAsk<'_>) -> Result<i64, Fault> {
        let transaction = self.connection.transaction()?;
        let id = asked.write(&transaction)?;
        transaction.commit()?;
        Ok(id)
    }

    /// Takes the next job: one that waits, or one whose lease ran out because its worker died.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn job_take(&mut self, now: i64, lease_seconds: i64) -> Result<Option<Job>, Fault> {
        let transaction = self.connection.transaction()?;
        let taken = transaction
            .prepare_cached(&format!(
                "UPDATE job SET state = 'running', lease_until = ?1, done = 0
                 WHERE id = (SELECT id FROM job WHERE (state = 'waiting' AND not_before <= ?2) OR (state = 'running' AND lease_until < ?2) ORDER BY id LIMIT 1)
                 RETURNING {JOB}"
            ))?
            .query_row([now + lease_seconds, now], job)
            .optional()?;
        transaction.commit()?;
        Ok(taken)
    }

    /// Lets go of every job that was being done when the program ended: it waits again.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn job_release_all(&mut self) -> Result<(), Fault> {
        self.connection.execute("UPDATE job SET state = 'waiting', lease_until = 0 WHERE state = 'running'", [])?;
        Ok(())
    }

    /// Ends a job that was being done. A letter it failed to send is not left waiting.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn job_end(&mut self, id: i64, state: JobState, outcome: &str, at: &str) -> Result<(), Fault> {
        let transaction = self.connection.transaction()?;
        let found: Option<(String, String)> = transaction
            .query_row(
                "UPDATE job SET state = ?2, outcome = ?3, ended_at = ?4 WHERE id = ?1 AND state = 'running' RETURNING kind, subject",
                params![id, state.name(), outcome, at],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .optional()?;
        if let (Some((kind, subject)), JobState::Failed) = (found, state)
            && kind == "mail"
        {
            crate::letters::unsent(&transaction, &subject, "failed", "fault")?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Calls off a job that waits. False where it does not wait any more: it is being done, or ended. A letter that waited
    /// for it is not sent, and can be asked for again.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn job_cancel(&mut self, id: i64, at: &str, event: Event) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let found: Option<(String, String)> = transaction
            .query_row(
                "UPDATE job SET state = 'cancelled', outcome = '{}', ended_at = ?2 WHERE id = ?1 AND state = 'waiting'
                 RETURNING kind, subject",
                params![id, at],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .optional()?;
        let Some((kind, subject)) = found else { return Ok(false) };
        if kind == "mail" {
            crate::letters::unsent(&transaction, &subject, "stopped", "cancelled")?;
        }
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(true)
    }

    /// Asks once more for a job that ended in vain, for whoever asks: what it is to carry out waits again with it.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn job_again(&mut self, job: &JobAsk<'_>, event: Event) -> Result<i64, Fault> {
        let transaction = self.connection.transaction()?;
        let id = job.write(&transaction)?;
        let subject: serde_json::Value = serde_json::from_str(job.subject).unwrap_or_default();
        if let Some(upload) = subject["upload"].as_i64() {
            transaction.execute("UPDATE upload SET job_id = ?2 WHERE id = ?1", [upload, id])?;
        }
        if job.kind == "mail" {
            crate::letters::wait_again(&transaction, job.subject)?;
        }
        trail::add(&transaction, event)?;
        transaction.commit()?;
        Ok(id)
    }

    /// Asks for a job, and tells it in the trail; an event about nothing yet is about the job.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn job_ask_told(&mut self, job: &JobAsk<'_>, event: Event) -> Result<i64, Fault> {
        let transaction = self.connection.transaction()?;
        let id = job.write(&transaction)?;
        let object = if event.object.is_empty() { format!("job:{id}") } else { event.object };
        trail::add(&transaction, Event { object, ..event })?;
        transaction.commit()?;
        Ok(id)
    }

    /// A job.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn job(&self, id: i64) -> Result<Option<Job>, Fault> {
        let found =
            self.connection.prepare_cached(&format!("SELECT {JOB} FROM job WHERE id = ?1"))?.query_row([id], job);
        Ok(found.optional()?)
    }

    /// When a job of a kind was last asked for.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn job_last(&self, kind: &str) -> Result<Option<String>, Fault> {
        let found = self.connection.query_row("SELECT max(asked_at) FROM job WHERE kind = ?1", [kind], |r| r.get(0))?;
        Ok(found)
    }

    /// The last jobs, the newest first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn job_list(&self, limit: usize) -> Result<Vec<Job>, Fault> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {JOB} FROM job ORDER BY id DESC LIMIT ?1"))?;
        let rows = statement.query_map([limit as i64], job)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Lays a file on the desk; the event is of it.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn upload_add(&mut self, upload: &Upload, event: Event) -> Result<i64, Fault> {
        let transaction = self.connection.transaction()?;
        let id: i64 = transaction.query_row(
            "INSERT INTO upload (digest, name, bytes, member_id, at, options) VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            params![upload.digest, upload.name, upload.bytes as i64, upload.member, upload.at, upload.options],
            |r| r.get(0),
        )?;
        trail::add(&transaction, Event { object: format!("upload:{id}"), ..event })?;
        transaction.commit()?;
        Ok(id)
    }

    /// Uploads of a member that a job has stored, with what came of it.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn uploads_stored(&self, member: i64) -> Result<Vec<(Upload, String)>, Fault> {
        let ids: Vec<(i64, String)> = self
            .connection
            .prepare_cached(
                "SELECT u.id, j.outcome FROM upload u JOIN job j ON j.id = u.job_id
                 WHERE u.member_id = ?1 AND j.state = 'done' AND j.outcome IS NOT NULL ORDER BY u.id",
            )?
            .query_map([member], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut out = Vec::with_capacity(ids.len());
        for (id, outcome) in ids {
            out.extend(self.upload(id)?.map(|upload| (upload, outcome)));
        }
        Ok(out)
    }

    /// Says how an upload shall be read. False where it is being stored already.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn upload_read_so(&mut self, id: i64, options: &str, event: Event) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let changed = transaction
            .execute("UPDATE upload SET options = ?2 WHERE id = ?1 AND job_id IS NULL", params![id, options])?;
        if changed == 1 {
            trail::add(&transaction, event)?;
            transaction.commit()?;
        }
        Ok(changed == 1)
    }

    /// Asks for an upload to be stored as it was read; the answer is the job, the one that stores it already included. None
    /// where somebody said otherwise meanwhile.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn upload_store(&mut self, seen: &Upload, job: &JobAsk<'_>) -> Result<Option<i64>, Fault> {
        let transaction = self.connection.transaction()?;
        let found: Option<(Option<i64>, String)> = transaction
            .query_row("SELECT job_id, options FROM upload WHERE id = ?1", [seen.id], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?;
        match found {
            Some((Some(id), _)) => Ok(Some(id)),
            Some((None, options)) if options == seen.options => {
                let id = job.write(&transaction)?;
                transaction.execute("UPDATE upload SET job_id = ?2 WHERE id = ?1", [seen.id, id])?;
                transaction.commit()?;
                Ok(Some(id))
            }
            _ => Ok(None),
        }
    }

    /// Digests of uploads whose files are needed: their job has not ended, or they came since a moment and are not
    /// stored.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn uploads_needed(&self, since: &str) -> Result<Vec<String>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT u.digest FROM upload u LEFT JOIN job j ON j.id = u.job_id
             WHERE j.state IN ('waiting', 'running') OR (u.at >= ?1 AND (j.state IS NULL OR j.state <> 'done'))",
        )?;
        let rows = statement.query_map([since], |r| r.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// An upload.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn upload(&self, id: i64) -> Result<Option<Upload>, Fault> {
        let found = self.connection.query_row(
            "SELECT id, digest, name, bytes, member_id, at, options, job_id FROM upload WHERE id = ?1",
            [id],
            |r| {
                Ok(Upload {
                    id: r.get(0)?,
                    digest: r.get(1)?,
                    name: r.get(2)?,
                    bytes: r.get::<_, i64>(3)?.unsigned_abs(),
                    member: r.get(4)?,
                    at: r.get(5)?,
                    options: r.get(6)?,
                    job: r.get(7)?,
                })
            },
        );
        Ok(found.optional()?)
    }
}
