//! The picture of today: what the pages show, written whole in one transaction and read while it is replaced.

use crate::db::{Appender, OptionalExtension, Transaction, params};
use crate::desk::{FindingRow, MatchRow, ProjectRow};
use crate::review::JudgementRow;
use crate::{Fault, Store, Vault};
use rustc_hash::FxHashMap;

/// What a picture shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    /// Its day.
    pub as_of: String,
    /// Last table known.
    pub known: i64,
    /// Fingerprint of the law.
    pub law: String,
    /// Digest over its rows.
    pub digest: String,
    /// Totals, agencies, months, sources; JSON.
    pub body: String,
}

/// A picture being written.
pub struct PictureWriter<'s> {
    transaction: Transaction<'s>,
    projects: (i64, Appender),
    words: Appender,
    numbers: Appender,
    findings: (i64, Appender),
    matches: i64,
    judgements: i64,
    vault: Vault,
    /// Digests of officers already kept, by name.
    officers: FxHashMap<String, String>,
    digest: blake3::Hasher,
}

const PROJECT: &str = "id, code, name, agency, vendor, npwp, year, role, stage, state, counted, value, due, uncovered,
    worker_days, deadline, gravest, findings, body, kind, district, officer, months, started, prompt, crew, ends,
    paid, paid_uncovered";

const FINDING: &str =
    "id, code, project, registration, name, agency, vendor, npwp, since, amount, contested, mark, body, officer";

impl Store {
    /// The picture that stands.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn picture(&self) -> Result<Option<Picture>, Fault> {
        let found = self
            .connection
            .prepare_cached("SELECT as_of, known, law, digest, body FROM derived_picture")?
            .query_row([], |r| {
                Ok(Picture { as_of: r.get(0)?, known: r.get(1)?, law: r.get(2)?, digest: r.get(3)?, body: r.get(4)? })
            });
        Ok(found.optional()?)
    }

    /// Begins a new picture. Until it is hung, everybody sees the old one.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn picture_begin(&mut self) -> Result<PictureWriter<'_>, Fault> {
        let transaction = self.connection.transaction()?;
        transaction.execute_batch(
            "DELETE FROM derived_picture; DELETE FROM derived_project; DELETE FROM derived_finding; DELETE FROM derived_match;
             DELETE FROM derived_officer; DELETE FROM derived_option; DELETE FROM derived_judgement;
             DELETE FROM derived_registration; DELETE FROM derived_number; DELETE FROM derived_cover",
        )?;
        let dialect = transaction.dialect();
        transaction.execute_batch(&dialect.words_clear("derived_search"))?;
        Ok(PictureWriter {
            projects: (0, Appender::new("derived_project", PROJECT)),
            words: Appender::new("derived_search", &format!("rowid, {}", dialect.words_column())),
            numbers: Appender::new("derived_number", "key, kind, project"),
            findings: (0, Appender::new("derived_finding", FINDING)),
            matches: 0,
            judgements: 0,
            vault: self.vault.clone(),
            officers: FxHashMap::default(),
            digest: blake3::Hasher::new(),
            transaction,
        })
    }
}

impl PictureWriter<'_> {
    /// Keeps an officer's name sealed; the answer is the digest under which it is, empty for nobody.
    fn officer(&mut self, name: &str) -> Result<String, Fault> {
        if name.is_empty() {
            return Ok(String::new());
        }
        if let Some(known) = self.officers.get(name) {
            return Ok(known.clone());
        }
        let letters: String = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        let digest = self.vault.blind(&[b"officer", letters.as_bytes()]);
        let officer = crate::hex(&digest);
        let sealed = self.vault.seal(b"officer", name.as_bytes())?;
        self.transaction
            .prepare_cached("INSERT INTO derived_officer (officer, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute(params![officer, sealed])?;
        self.officers.insert(name.to_owned(), officer.clone());
        Ok(officer)
    }

    fn note(&mut self, parts: &[&str]) {
        for part in parts {
            self.digest.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
        }
    }

    /// Adds that a registration is of a project.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn registration(&mut self, number: &str, project: &str) -> Result<(), Fault> {
        self.transaction
            .prepare_cached(
                "INSERT INTO derived_registration (number, project) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?
            .execute(params![number, project])?;
        Ok(())
    }

    /// Adds when a registration covers: first and last day, ISO.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn cover(&mut self, number: &str, since: &str, until: &str) -> Result<(), Fault> {
        self.note(&[number, since, until]);
        self.transaction
            .prepare_cached(
                "INSERT INTO derived_cover (number, since, until) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            )?
            .execute(params![number, since, until])?;
        Ok(())
    }

    /// Adds a number under which a project is known elsewhere. `kind` is `contract`, `package`, `plan` or `payment`.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn number(&mut self, number: &str, kind: &str, project: &str) -> Result<(), Fault> {
        let key = crate::gates::number_key(number);
        if !key.is_empty() {
            self.numbers.append(&self.transaction, params![key, kind, project])?;
        }
        Ok(())
    }

    /// Adds a project. `search` is what a search looks at.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn project(&mut self, row: &ProjectRow, search: &str) -> Result<(), Fault> {
        self.note(&[&row.code, &row.state, &row.body, &row.kind, &row.district, &row.started, row.prompt, &row.ends]);
        for n in [row.crew, row.paid[0], row.paid[1]] {
            self.digest.update(&n.to_le_bytes());
        }
        let officer = self.officer(&row.officer)?;
        let (place, projects) = &mut self.projects;
        *place += 1;
        projects.append(
            &self.transaction,
            params![
                *place,
                row.code,
                row.name,
                row.agency,
                row.vendor,
                row.npwp,
                row.year,
                row.role,
                row.stage,
                row.state,
                row.counted,
                row.value,
                row.due,
                row.uncovered,
                row.worker_days,
                row.deadline,
                row.gravest,
                row.findings,
                row.body,
                row.kind,
                row.district,
                officer,
                row.months,
                row.started,
                row.prompt,
                row.crew,
                row.ends,
                row.paid[0],
                row.paid[1]
            ],
        )?;
        let words = self.transaction.dialect().words_of(search);
        self.words.append(&self.transaction, params![*place, words])?;
        Ok(())
    }

    /// Adds a finding.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn finding(&mut self, row: &FindingRow) -> Result<(), Fault> {
        self.note(&[&row.code, &row.project, &row.registration, &row.body]);
        let officer = self.officer(&row.officer)?;
        let (place, findings) = &mut self.findings;
        *place += 1;
        findings.append(
            &self.transaction,
            params![
                *place,
                row.code,
                row.project,
                row.registration,
                row.name,
                row.agency,
                row.vendor,
                row.npwp,
                row.since,
                row.amount,
                row.contested,
                row.mark,
                row.body,
                officer
            ],
        )?;
        Ok(())
    }

    /// Adds a registration that waits for a person, or that has no project. `projects` are those it may be of
    /// with their agencies, `search` is what a search looks at.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn matching(&mut self, row: &MatchRow, projects: &[(String, String)], search: &str) -> Result<(), Fault> {
        self.note(&[&row.registration, &row.state, &row.body]);
        let place = self.matches + 1;
        let added = self
            .transaction
            .prepare_cached(
                "INSERT INTO derived_match (id, registration, state, body, words) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![place, row.registration, row.state, row.body, search.to_lowercase()])?;
        if added == 0 {
            return Ok(());
        }
        self.matches = place;
        let mut option = self.transaction.prepare_cached(
            "INSERT INTO derived_option (project, match_id, agency) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?;
        for (project, agency) in projects {
            option.execute(params![project, place, agency])?;
        }
        Ok(())
    }

    /// Adds a pair people decided on.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn judgement(&mut self, row: &JudgementRow) -> Result<(), Fault> {
        let said = serde_json::to_string(&row.said).map_err(|e| Fault::Damaged(e.to_string()))?;
        self.note(&[&row.registration, &row.project, &said, &row.body]);
        self.judgements += 1;
        let alone = if row.said.len() == 1 { row.said[0].0.as_str() } else { "" };
        self.transaction
            .prepare_cached(
                "INSERT INTO derived_judgement (id, registration, project, people, alone, draw, said, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                self.judgements,
                row.registration,
                row.project,
                row.said.len() as i64,
                alone,
                row.draw,
                said,
                row.body
            ])?;
        Ok(())
    }

    /// Hangs the picture. What was said about findings that are gone ends `now`.
    ///
    /// # Errors
    /// [`Fault`] of the database; then the old one stays.
    pub fn hang(mut self, (as_of, now): (&str, &str), known: i64, law: &str, body: &str) -> Result<String, Fault> {
        self.note(&[as_of, law, body]);
        let digest = self.digest.finalize().to_hex().to_string();
        for rows in [&mut self.projects.1, &mut self.words, &mut self.findings.1, &mut self.numbers] {
            rows.flush(&self.transaction)?;
        }
        self.transaction.execute(
            "INSERT INTO derived_picture (id, as_of, known, law, digest, body) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
            params![as_of, known, law, digest, body],
        )?;
        crate::answers::settle(&self.transaction, now)?;
        crate::letters::settle(&self.transaction, now)?;
        crate::meeting::settle(&self.transaction, as_of)?;
        self.transaction.execute_batch(self.transaction.dialect().count_anew())?;
        self.transaction.commit()?;
        Ok(digest)
    }
}
