//! Workshops: planned, guests invited, who came, their answers, and the certificates given. Names lie sealed.

use crate::db::{Error, OptionalExtension, Row, params};
use crate::slips::PublicSlips;
use crate::{Fault, Store, trail};
use audit::Event;
use authz::{Change, Permit, PublicProject, Read, Training};
use serde::{Deserialize, Serialize};

/// A workshop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrainingRow {
    /// Number; 0 for one that is to be added.
    pub id: i64,
    /// Role whose duties it teaches.
    pub role: String,
    /// Day, ISO.
    pub day: String,
    /// Minutes of the day at which it begins and ends.
    pub minutes: (i64, i64),
    /// Where.
    pub place: String,
    /// Seats.
    pub seats: i64,
    /// Who planned it, by name.
    pub by: String,
    /// When it was called off, UTC, and why.
    pub ended: Option<(String, String)>,
    /// Guests invited.
    pub invited: i64,
    /// People who came.
    pub came: i64,
    /// Of these, who answered, and who has a certificate that stands.
    pub tested: (i64, i64),
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteRow {
    /// Number.
    pub id: i64,
    /// An agency, or an office as typed.
    pub guest: String,
    /// Number of the letter.
    pub number: String,
    /// When, UTC.
    pub at: String,
    /// People of that agency who came.
    pub came: i64,
    /// Is it an agency as its projects name it? Of others nobody counts who came.
    pub is_agency: bool,
}

/// Who somebody is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendeeName {
    /// Name.
    pub name: String,
    /// Office, as written.
    pub office: String,
}

/// Somebody who came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attendee {
    /// Number.
    pub id: i64,
    /// The workshop.
    pub training: i64,
    /// Who.
    pub name: AttendeeName,
    /// Agency as its projects name it; empty for another office.
    pub agency: String,
    /// `code` or `list`.
    pub how: String,
    /// The questions, JSON, once they were asked.
    pub test: Option<String>,
    /// The answers, JSON, once they were given.
    pub answers: Option<String>,
    /// Right answers.
    pub score: Option<i64>,
    /// When, UTC.
    pub tested_at: Option<String>,
    /// Certificate, if there is one.
    pub certificate: Option<CertificateRow>,
}

/// A certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CertificateRow {
    /// Number.
    pub number: String,
    /// The signed text.
    pub text: String,
    /// The day it was withdrawn, ISO, and why.
    pub withdrawn: Option<(String, String)>,
}

/// What became of somebody who says to be here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// Kept, under this number.
    New(i64),
    /// Was kept before.
    Known(i64),
    /// More people than seats and a half.
    Full,
}

/// What becomes a certificate once its number is known.
#[derive(Debug, Clone)]
pub struct CertificateIssue {
    /// Number.
    pub number: String,
    /// Signing key.
    pub key: String,
    /// Names what is signed to the letter.
    pub fingerprint: String,
    /// The signed text.
    pub text: String,
}

/// An agency's start orders since a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promptness {
    /// Agency.
    pub agency: String,
    /// Projects of which it is known whether they were registered in time.
    pub projects: i64,
    /// Of these, in time.
    pub prompt: i64,
    /// The day it attended last; empty where it never did.
    pub attended: String,
}

/// A letter of invitation: its number, and printed.
pub type Letter = (String, Vec<u8>);

/// Where names are sealed, and where certificates are.
const PLACES: [&[u8]; 2] = [b"training person", b"training certificate"];

const LISTED: &str = "SELECT t.id, t.role, t.day, t.opens, t.closes, t.place, t.seats, m.name, t.ended_at, t.why,
      (SELECT count(*) FROM training_invite i WHERE i.training_id = t.id),
      (SELECT count(*) FROM training_person p WHERE p.training_id = t.id),
      (SELECT count(*) FROM training_person p WHERE p.training_id = t.id AND p.score IS NOT NULL),
      (SELECT count(*) FROM training_person p JOIN training_certificate c ON c.person_id = p.id WHERE p.training_id = t.id AND c.withdrawn_at IS NULL)
    FROM training t JOIN member m ON m.id = t.made_by";

fn training(r: &Row<'_>) -> Result<TrainingRow, Error> {
    let (ended, why): (Option<String>, String) = (r.get(8)?, r.get(9)?);
    Ok(TrainingRow {
        id: r.get(0)?,
        role: r.get(1)?,
        day: r.get(2)?,
        minutes: (r.get(3)?, r.get(4)?),
        place: r.get(5)?,
        seats: r.get(6)?,
        by: r.get(7)?,
        ended: ended.map(|at| (at, why)),
        invited: r.get(10)?,
        came: r.get(11)?,
        tested: (r.get(12)?, r.get(13)?),
    })
}

impl Store {
    /// Workshops, the newest first; one, where it is named.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn training_list(
        &self,
        _: &Permit<Read, Training>,
        id: Option<i64>,
        limit: usize,
    ) -> Result<Vec<TrainingRow>, Fault> {
        self.trainings(id, limit)
    }

    /// A workshop, for whoever holds its code.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn training_face(&self, _: &Permit<Read, PublicProject>, id: i64) -> Result<Option<TrainingRow>, Fault> {
        Ok(self.trainings(Some(id), 1)?.into_iter().next())
    }

    fn trainings(&self, id: Option<i64>, limit: usize) -> Result<Vec<TrainingRow>, Fault> {
        let sql = format!(
            "{LISTED} WHERE (CAST(?1 AS BIGINT) IS NULL OR t.id = ?1) ORDER BY t.day DESC, t.id DESC LIMIT {limit}"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![id], training)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Plans a workshop; its number. None where nobody plans it who has a name.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn training_add(
        &mut self,
        permit: &Permit<Change, Training>,
        row: &TrainingRow,
        at: &str,
        event: Event,
    ) -> Result<Option<i64>, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(None) };
        let transaction = self.connection.transaction()?;
        let id: i64 = transaction.query_row(
            "INSERT INTO training (role, day, opens, closes, place, seats, made_by, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
            params![row.role, row.day, row.minutes.0, row.minutes.1, row.place, row.seats, member, at],
            |r| r.get(0),
        )?;
        trail::add(&transaction, Event { object: format!("training:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Some(id))
    }

    /// Calls a workshop off. False where there is none that stands, or somebody came already.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn training_end(
        &mut self,
        _: &Permit<Change, Training>,
        (id, why): (i64, &str),
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let done = transaction.execute(
            "UPDATE training SET ended_at = ?2, why = ?3 WHERE id = ?1 AND ended_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM training_person p WHERE p.training_id = ?1)",
            params![id, at, why],
        )?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// Invites guests that have no invitation yet: `make` is handed how many this one is and a guest, and says number and letter. How many were new.
    ///
    /// # Errors
    /// [`Fault`] of the database, or of `make`: then nobody was invited.
    pub fn training_invite(
        &mut self,
        permit: &Permit<Change, Training>,
        (id, guests): (i64, &[String]),
        at: &str,
        event: Event,
        make: &mut dyn FnMut(i64, &str) -> Result<Letter, Fault>,
    ) -> Result<usize, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(0) };
        let transaction = self.connection.transaction()?;
        let mut next: i64 =
            transaction.query_row("SELECT count(*) FROM training_invite WHERE training_id = ?1", [id], |r| r.get(0))?;
        let mut done = 0;
        for guest in guests {
            let stands: i64 = transaction.query_row(
                "SELECT count(*) FROM training_invite WHERE training_id = ?1 AND guest = ?2",
                params![id, guest],
                |r| r.get(0),
            )?;
            if stands > 0 {
                continue;
            }
            next += 1;
            let (number, pdf) = make(next, guest)?;
            transaction.execute(
                "INSERT INTO training_invite (training_id, guest, number, pdf, member_id, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![id, guest, number, pdf, member, at],
            )?;
            done += 1;
        }
        if done > 0 {
            trail::add(&transaction, Event { reason: done.to_string(), ..event })?;
        }
        transaction.commit()?;
        Ok(done)
    }

    /// Invitations to a workshop, in the order they were made.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn invite_list(&self, _: &Permit<Read, Training>, training: i64) -> Result<Vec<InviteRow>, Fault> {
        self.invites(training)
    }

    /// Names of the guests, for whoever holds the code.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn guest_list(&self, _: &Permit<Read, PublicProject>, training: i64) -> Result<Vec<String>, Fault> {
        Ok(self.invites(training)?.into_iter().map(|i| i.guest).collect())
    }

    fn invites(&self, training: i64) -> Result<Vec<InviteRow>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT i.id, i.guest, i.number, i.at,
                (SELECT count(*) FROM training_person p WHERE p.training_id = i.training_id AND p.agency = i.guest),
                EXISTS (SELECT 1 FROM derived_project d WHERE d.agency = i.guest)
             FROM training_invite i WHERE i.training_id = ?1 ORDER BY i.id",
        )?;
        let rows = statement.query_map([training], |r| {
            Ok(InviteRow {
                id: r.get(0)?,
                guest: r.get(1)?,
                number: r.get(2)?,
                at: r.get(3)?,
                came: r.get(4)?,
                is_agency: r.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The letter of an invitation.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn invite_pdf(
        &self,
        _: &Permit<Read, Training>,
        (training, invite): (i64, i64),
    ) -> Result<Option<Vec<u8>>, Fault> {
        let mut statement =
            self.connection.prepare_cached("SELECT pdf FROM training_invite WHERE id = ?1 AND training_id = ?2")?;
        Ok(statement.query_row([invite, training], |r| r.get(0)).optional()?)
    }

    /// Agencies of the projects of the city by name, small letters: who writes its name otherwise is of another office.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn agency_named(&self, office: &str) -> Result<String, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT agency FROM derived_project WHERE counted = 1 AND agency <> '' GROUP BY agency ORDER BY agency",
        )?;
        let names: Vec<String> = statement.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let key = kernel::text::header_key(office);
        Ok(names.into_iter().find(|n| kernel::text::header_key(n) == key).unwrap_or_default())
    }

    /// Keeps that somebody came, once for a name and an office. `most` people at most.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn training_came(
        &mut self,
        (training, name, how): (i64, &AttendeeName, &str),
        most: i64,
        at: &str,
        event: Event,
    ) -> Result<Came, Fault> {
        let agency = self.agency_named(&name.office)?;
        let key = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let mark = self.vault.blind(&[b"attendee", key(&name.name).as_bytes(), key(&name.office).as_bytes()]);
        let text = serde_json::to_vec(name).map_err(|e| Fault::Damaged(e.to_string()))?;
        let sealed = self.vault.seal(PLACES[0], &text)?;
        let transaction = self.connection.transaction()?;
        let known: Option<i64> = transaction
            .query_row(
                "SELECT id FROM training_person WHERE training_id = ?1 AND mark = ?2",
                params![training, &mark[..]],
                |r| r.get(0),
            )
            .optional()?;
        if let Some(id) = known {
            return Ok(Came::Known(id));
        }
        let here: i64 =
            transaction
                .query_row("SELECT count(*) FROM training_person WHERE training_id = ?1", [training], |r| r.get(0))?;
        if here >= most {
            return Ok(Came::Full);
        }
        let id: i64 = transaction.query_row(
            "INSERT INTO training_person (training_id, mark, agency, how, sealed, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            params![training, &mark[..], agency, how, sealed, at],
            |r| r.get(0),
        )?;
        trail::add(&transaction, Event { object: format!("training_person:{id}"), ..event })?;
        transaction.commit()?;
        Ok(Came::New(id))
    }

    /// Takes somebody off the list of those who came. False where there is nobody, or a certificate was given.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn training_not_came(
        &mut self,
        _: &Permit<Change, Training>,
        (training, person): (i64, i64),
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let done = transaction.execute(
            "DELETE FROM training_person WHERE id = ?1 AND training_id = ?2
               AND NOT EXISTS (SELECT 1 FROM training_certificate c WHERE c.person_id = ?1)",
            [person, training],
        )?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// Who came, with names, in the order they came.
    ///
    /// # Errors
    /// [`Fault`] of the database, or something sealed under another key.
    pub fn attendee_list(&self, _: &Permit<Change, Training>, training: i64) -> Result<Vec<Attendee>, Fault> {
        self.attendees("p.training_id = ?1", training)
    }

    /// Somebody who came, for whoever holds that person's own code.
    ///
    /// # Errors
    /// [`Fault`] of the database, or something sealed under another key.
    pub fn attendee(&self, _: &Permit<Read, PublicProject>, person: i64) -> Result<Option<Attendee>, Fault> {
        Ok(self.attendees("p.id = ?1", person)?.into_iter().next())
    }

    fn attendees(&self, which: &str, id: i64) -> Result<Vec<Attendee>, Fault> {
        let sql = format!(
            "SELECT p.id, p.training_id, p.agency, p.how, p.test, p.answers, p.score, p.tested_at, p.sealed, c.number, c.sealed, c.withdrawn_day, c.withdrawn_reason
             FROM training_person p LEFT JOIN training_certificate c ON c.person_id = p.id WHERE {which} ORDER BY p.id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([id], |r| {
            let certificate: (Option<String>, Option<Vec<u8>>, Option<String>, Option<String>) =
                (r.get(9)?, r.get(10)?, r.get(11)?, r.get(12)?);
            let attendee = Attendee {
                id: r.get(0)?,
                training: r.get(1)?,
                name: AttendeeName::default(),
                agency: r.get(2)?,
                how: r.get(3)?,
                test: r.get(4)?,
                answers: r.get(5)?,
                score: r.get(6)?,
                tested_at: r.get(7)?,
                certificate: None,
            };
            Ok((attendee, r.get::<_, Vec<u8>>(8)?, certificate))
        })?;
        let mut out = Vec::new();
        for row in rows {
            let (mut attendee, name, (number, text, day, why)) = row?;
            attendee.name =
                serde_json::from_slice(&self.vault.open(&name)?).map_err(|e| Fault::Damaged(e.to_string()))?;
            if let (Some(number), Some(text)) = (number, text) {
                let text = String::from_utf8(self.vault.open(&text)?).map_err(|e| Fault::Damaged(e.to_string()))?;
                let withdrawn = day.map(|day| (day, why.unwrap_or_default()));
                attendee.certificate = Some(CertificateRow { number, text, withdrawn });
            }
            out.push(attendee);
        }
        Ok(out)
    }

    /// Keeps the questions somebody is asked, the first time; what is kept afterwards.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn test_keep(&mut self, person: i64, test: &str) -> Result<Option<String>, Fault> {
        self.connection
            .execute("UPDATE training_person SET test = ?2 WHERE id = ?1 AND test IS NULL", params![person, test])?;
        let mut statement = self.connection.prepare_cached("SELECT test FROM training_person WHERE id = ?1")?;
        Ok(statement.query_row([person], |r| r.get(0)).optional()?.flatten())
    }

    /// Keeps what somebody answered, once. False where it was answered before.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn test_answer(
        &mut self,
        person: i64,
        (answers, score): (&str, i64),
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let done = transaction.execute(
            "UPDATE training_person SET answers = ?2, score = ?3, tested_at = ?4 WHERE id = ?1 AND test IS NOT NULL AND answers IS NULL",
            params![person, answers, score, at],
        )?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// Gives a certificate to somebody who has none: `make` is handed its number of the year. False where one was given.
    ///
    /// # Errors
    /// [`Fault`] of the database, or of `make`: then none was given.
    pub fn certificate_add(
        &mut self,
        person: i64,
        (year, at): (i64, &str),
        event: Event,
        make: &mut dyn FnMut(i64) -> Result<CertificateIssue, Fault>,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let stands: i64 =
            transaction
                .query_row("SELECT count(*) FROM training_certificate WHERE person_id = ?1", [person], |r| r.get(0))?;
        if stands > 0 {
            return Ok(false);
        }
        let last: Option<i64> =
            transaction
                .query_row("SELECT max(sequence) FROM training_certificate WHERE year = ?1", [year], |r| r.get(0))?;
        let sequence = last.unwrap_or(0) + 1;
        let made = make(sequence)?;
        let sealed = self.vault.seal(PLACES[1], made.text.as_bytes())?;
        transaction.execute(
            "INSERT INTO training_certificate (person_id, year, sequence, number, sign_key, fingerprint, sealed, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![person, year, sequence, made.number, made.key, made.fingerprint, sealed, at],
        )?;
        trail::add(&transaction, Event { object: format!("certificate:{}", made.number), ..event })?;
        transaction.commit()?;
        Ok(true)
    }

    /// Withdraws a certificate. False where there is none that stands.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn certificate_withdraw(
        &mut self,
        permit: &Permit<Change, Training>,
        (number, day, reason): (&str, &str, &str),
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(false) };
        let transaction = self.connection.transaction()?;
        let done = transaction.execute(
            "UPDATE training_certificate SET withdrawn_at = ?2, withdrawn_by = ?3, withdrawn_day = ?4, withdrawn_reason = ?5
             WHERE number = ?1 AND withdrawn_at IS NULL",
            params![number, at, member, day, reason],
        )?;
        if done == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(done == 1)
    }

    /// Certificates withdrawn, and number and fingerprint of those under the keys named.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn certificate_public(&self, _: &Permit<Read, PublicProject>, lost: &[String]) -> Result<PublicSlips, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT number, withdrawn_day FROM training_certificate WHERE withdrawn_at IS NOT NULL ORDER BY number",
        )?;
        let withdrawn = statement.query_map([], |r| Ok([r.get(0)?, r.get(1)?, "void".to_owned()]))?;
        let withdrawn = withdrawn.collect::<Result<_, _>>()?;
        let mut statement = self.connection.prepare_cached(
            "SELECT number, fingerprint FROM training_certificate WHERE sign_key = ?1 ORDER BY number",
        )?;
        let mut under = Vec::new();
        for key in lost {
            let rows = statement.query_map([key], |r| Ok((r.get(0)?, r.get(1)?)))?;
            under.extend(rows.collect::<Result<Vec<(String, String)>, _>>()?);
        }
        Ok(PublicSlips { withdrawn, under })
    }

    /// Days on which agencies attended, each with the agency.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn attendance_list(&self, _: &Permit<Read, Training>) -> Result<Vec<(String, String)>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT t.day, p.agency FROM training_person p JOIN training t ON t.id = p.training_id
             WHERE p.agency <> '' ORDER BY t.day, p.agency",
        )?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every counted project whose last day to register is over and of which it is known whether it was registered in time: agency, day of the start order, in time. One whose days still run would come in only
    /// where it is early.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn started_list(&self, _: &Permit<Read, Training>) -> Result<Vec<(String, String, bool)>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT agency, started, prompt FROM derived_project WHERE counted = 1 AND prompt <> '' AND started <> ''
               AND deadline < (SELECT as_of FROM derived_picture) ORDER BY agency, started",
        )?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get::<_, String>(2)? == "yes")))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Agencies with their start orders since a day, those with the most late ones first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn promptness_list(&self, _: &Permit<Read, Training>, since: &str) -> Result<Vec<Promptness>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT p.agency, count(*), sum(CASE WHEN p.prompt = 'yes' THEN 1 ELSE 0 END),
                coalesce((SELECT max(t.day) FROM training_person a JOIN training t ON t.id = a.training_id WHERE a.agency = p.agency), '')
             FROM derived_project p WHERE p.counted = 1 AND p.prompt <> '' AND p.started >= ?1 AND p.agency <> ''
               AND p.deadline < (SELECT as_of FROM derived_picture)
             GROUP BY p.agency ORDER BY sum(CASE WHEN p.prompt = 'no' THEN 1 ELSE 0 END) DESC, p.agency",
        )?;
        let rows = statement.query_map([since], |r| {
            Ok(Promptness { agency: r.get(0)?, projects: r.get(1)?, prompt: r.get(2)?, attended: r.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
