//! The award file: guides as they were entered, documents sealed, and counts of a year.

use crate::db::{Error, OptionalExtension, Row, params};
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Award, Change, Permit, Read};

/// A guide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AwardGuide {
    /// Number.
    pub id: i64,
    /// Year of the award.
    pub year: i64,
    /// YAML, as entered.
    pub body: String,
    /// Who entered it, by name.
    pub by: String,
    /// When, UTC.
    pub at: String,
}

/// A document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AwardDocument {
    /// Number; 0 for one that is to be added.
    pub id: i64,
    /// Its guide.
    pub guide: i64,
    /// Code of what it answers.
    pub evidence: String,
    /// File name.
    pub name: String,
    /// `pdf`, `jpeg` or `png`.
    pub kind: String,
    /// Bytes.
    pub bytes: i64,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// When it was added, UTC.
    pub at: String,
}

/// What is counted of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AwardCount {
    /// Letters released and not withdrawn.
    Letters,
    /// Monitoring meetings with minutes.
    Meetings,
    /// Promises made there.
    Promises,
    /// Promises kept.
    PromisesKept,
    /// Workshops somebody attended.
    Trainings,
    /// Who attended.
    Trained,
    /// Certificates that hold.
    Certificates,
    /// Steps put before a gate.
    Verdicts,
    /// Slips that hold.
    Slips,
    /// Visits of the outreach car.
    Visits,
    /// People enrolled there.
    Enrolled,
    /// Accidents told.
    Accidents,
    /// Complaints.
    Complaints,
    /// Value of construction, rupiah.
    Value,
    /// Of this, of projects covered today.
    ValueCovered,
}

impl AwardCount {
    fn sql(self) -> &'static str {
        match self {
            Self::Letters => {
                "SELECT count(*) FROM letter WHERE released_at IS NOT NULL AND withdrawn_at IS NULL AND substr(dated, 1, 4) = ?1"
            }
            Self::Meetings => "SELECT count(*) FROM meeting WHERE closed_at IS NOT NULL AND substr(day, 1, 4) = ?1",
            Self::Promises => {
                "SELECT count(*) FROM meeting_promise p JOIN meeting t ON t.id = p.meeting_id WHERE p.ended_at IS NULL AND substr(t.day, 1, 4) = ?1"
            }
            Self::PromisesKept => {
                "SELECT count(*) FROM meeting_promise p JOIN meeting t ON t.id = p.meeting_id
                 WHERE p.ended_at IS NULL AND p.kept_on IS NOT NULL AND substr(t.day, 1, 4) = ?1"
            }
            Self::Trainings => {
                "SELECT count(*) FROM training t WHERE t.ended_at IS NULL AND substr(t.day, 1, 4) = ?1
                   AND EXISTS (SELECT 1 FROM training_person p WHERE p.training_id = t.id)"
            }
            Self::Trained => {
                "SELECT count(*) FROM training_person p JOIN training t ON t.id = p.training_id WHERE t.ended_at IS NULL AND substr(t.day, 1, 4) = ?1"
            }
            Self::Certificates => {
                "SELECT count(*) FROM training_certificate WHERE withdrawn_at IS NULL AND year = CAST(CAST(?1 AS TEXT) AS INTEGER)"
            }
            Self::Verdicts => "SELECT count(*) FROM gate_verdict WHERE substr(day, 1, 4) = ?1",
            Self::Slips => "SELECT count(*) FROM slip WHERE withdrawn_at IS NULL AND year = CAST(CAST(?1 AS TEXT) AS INTEGER)",
            Self::Visits => {
                "SELECT count(*) FROM outreach_visit v JOIN outreach_tour t ON t.id = v.tour_id WHERE v.outcome = 'done' AND substr(t.day, 1, 4) = ?1"
            }
            Self::Enrolled => {
                "SELECT CAST(coalesce(sum(v.enrolled), 0) AS BIGINT) FROM outreach_visit v JOIN outreach_tour t ON t.id = v.tour_id
                 WHERE v.outcome = 'done' AND substr(t.day, 1, 4) = ?1"
            }
            Self::Accidents => "SELECT count(*) FROM accident WHERE substr(happened, 1, 4) = ?1",
            Self::Complaints => "SELECT count(*) FROM complaint WHERE substr(at, 1, 4) = ?1",
            Self::Value => {
                "SELECT CAST(coalesce(sum(value), 0) AS BIGINT) FROM derived_project WHERE counted = 1 AND year = CAST(CAST(?1 AS TEXT) AS INTEGER)"
            }
            Self::ValueCovered => {
                "SELECT CAST(coalesce(sum(value), 0) AS BIGINT) FROM derived_project
                 WHERE counted = 1 AND state = 'covered' AND year = CAST(CAST(?1 AS TEXT) AS INTEGER)"
            }
        }
    }
}

const GUIDE: &str = "SELECT g.id, g.year, g.body, m.name, g.said_at FROM award_guide g JOIN member m ON m.id = g.said_by WHERE g.ended_at IS NULL";

fn guide(r: &Row<'_>) -> Result<AwardGuide, Error> {
    Ok(AwardGuide { id: r.get(0)?, year: r.get(1)?, body: r.get(2)?, by: r.get(3)?, at: r.get(4)? })
}

impl Store {
    /// Guides that stand, the newest year first; one, where it is named.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn award_guides(&self, _: &Permit<Read, Award>, id: Option<i64>) -> Result<Vec<AwardGuide>, Fault> {
        let sql = format!("{GUIDE} AND (CAST(?1 AS BIGINT) IS NULL OR g.id = ?1) ORDER BY g.year DESC, g.id DESC");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![id], guide)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps a guide; its number. The guide it mends is taken back, and its documents answer the new one. None where nobody keeps it who has a name, or what it mends does not stand.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn award_guide_add(
        &mut self,
        permit: &Permit<Change, Award>,
        (year, body, mends): (i64, &str, Option<i64>),
        at: &str,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(None) };
        let transaction = self.connection.transaction()?;
        let id: i64 = transaction.query_row(
            "INSERT INTO award_guide (year, body, said_by, said_at) VALUES (?1, ?2, ?3, ?4) RETURNING id",
            params![year, body, member, at],
            |r| r.get(0),
        )?;
        if let Some(mended) = mends {
            let ended = transaction.execute(
                "UPDATE award_guide SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL",
                params![mended, at],
            )?;
            if ended == 0 {
                return Ok(None);
            }
            transaction.execute(
                "UPDATE award_document SET guide_id = ?2 WHERE guide_id = ?1 AND ended_at IS NULL",
                params![mended, id],
            )?;
        }
        trail::add(&transaction, Event { object: format!("award:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Takes a guide back. False where none stands.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn award_guide_end(
        &mut self,
        _: &Permit<Change, Award>,
        id: i64,
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let done = transaction
            .execute("UPDATE award_guide SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL", params![id, at])?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// Documents of a guide, without their bytes.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn award_documents(&self, _: &Permit<Read, Award>, guide: i64) -> Result<Vec<AwardDocument>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, guide_id, evidence, name, kind, bytes, sha256, added_at FROM award_document
             WHERE guide_id = ?1 AND ended_at IS NULL ORDER BY evidence, id",
        )?;
        let rows = statement.query_map([guide], |r| {
            Ok(AwardDocument {
                id: r.get(0)?,
                guide: r.get(1)?,
                evidence: r.get(2)?,
                name: r.get(3)?,
                kind: r.get(4)?,
                bytes: r.get(5)?,
                sha256: r.get(6)?,
                at: r.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The bytes of a document whose guide stands, with its kind and name. Asked for by its own number: a pack that was handed in names it under a guide that may have been mended since.
    ///
    /// # Errors
    /// [`Fault`] of the database, or a document of another key.
    pub fn award_bytes(&self, _: &Permit<Read, Award>, id: i64) -> Result<Option<(String, String, Vec<u8>)>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT d.name, d.kind, d.sealed FROM award_document d JOIN award_guide g ON g.id = d.guide_id
             WHERE d.id = ?1 AND d.ended_at IS NULL AND g.ended_at IS NULL",
        )?;
        let found: Option<(String, String, Vec<u8>)> =
            statement.query_row([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional()?;
        found.map(|(name, kind, sealed)| Ok((name, kind, self.vault.open(&sealed)?))).transpose()
    }

    /// Adds a document to a guide that stands; the same bytes for the same evidence are one. None where there is no such guide.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn award_document_add(
        &mut self,
        permit: &Permit<Change, Award>,
        row: &AwardDocument,
        bytes: &[u8],
        at: &str,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(None) };
        let sealed = self.vault.seal(b"award", bytes)?;
        let transaction = self.connection.transaction()?;
        let stands: i64 = transaction.query_row(
            "SELECT count(*) FROM award_guide WHERE id = ?1 AND ended_at IS NULL",
            [row.guide],
            |r| r.get(0),
        )?;
        if stands == 0 {
            return Ok(None);
        }
        let there: Option<i64> = transaction
            .query_row(
                "SELECT id FROM award_document WHERE guide_id = ?1 AND evidence = ?2 AND sha256 = ?3 AND ended_at IS NULL",
                params![row.guide, row.evidence, row.sha256],
                |r| r.get(0),
            )
            .optional()?;
        if there.is_some() {
            return Ok(there);
        }
        let id: i64 = transaction.query_row(
            "INSERT INTO award_document (guide_id, evidence, name, kind, bytes, sha256, sealed, added_by, added_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id",
            params![row.guide, row.evidence, row.name, row.kind, row.bytes, row.sha256, sealed, member, at],
            |r| r.get(0),
        )?;
        trail::add(&transaction, Event { object: format!("award_document:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Takes a document away from a guide. False where none stands there.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn award_document_end(
        &mut self,
        _: &Permit<Change, Award>,
        (guide, id): (i64, i64),
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let done = transaction.execute(
            "UPDATE award_document SET ended_at = ?3 WHERE guide_id = ?1 AND id = ?2 AND ended_at IS NULL",
            params![guide, id, at],
        )?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// A count of a year.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn award_count(&self, _: &Permit<Read, Award>, count: AwardCount, year: i64) -> Result<i64, Fault> {
        let mut statement = self.connection.prepare_cached(count.sql())?;
        Ok(statement.query_row([format!("{year:04}")], |r| r.get(0))?)
    }
}
