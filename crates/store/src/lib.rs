//! The only room with SQL: append-only facts, derived results, migrations.
//!
//! * **In:** raw rows with their table, derived lines; keys from the [`Vault`].
//! * **Out:** versions of rows as [`registers::records::RowView`], counts, stored runs.
//! * **Does not know:** how files are read, what a finding is, who asks, what time it is.
//! * **Read first:** [`Store`], then [`Import`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod accidents;
mod account;
mod allotments;
mod answers;
mod award;
mod bank;
mod book;
mod cells;
mod check;
mod complaints;
mod coverage;
mod db;
mod desk;
mod dialect;
mod donors;
mod drafts;
mod enrol;
mod fault;
mod foreman;
mod gates;
mod hex;
mod import;
mod jobs;
mod labour;
mod letters;
mod mail;
mod meeting;
mod members;
mod migrate;
mod officers;
mod outreach;
mod overrides;
mod passkeys;
mod picture;
mod read;
mod remind;
mod review;
mod rights;
mod runs;
mod settings;
mod signon;
mod slips;
mod stays;
mod trail;
mod training;
mod twins;
mod vault;
mod vulnerable;
mod webhook;
mod withdraw;
mod worklist;

pub use accidents::{AccidentFile, AccidentRow, AccidentStep};
pub use account::{ApiKey, KEYS_MAX, SavedView, VIEWS_MAX};
pub use allotments::{AllotmentRow, AllottedPerson, NoAllotment};
pub use answers::{OPEN, Said, Saying, Tally as FindingTally};
pub use audit::Entry as AuditEntry;
pub use award::{AwardCount, AwardDocument, AwardGuide};
pub use bank::{NewLine, OpenLine, StatementRow, TakeUp};
pub use book::{About, BookCheck, BookWrong, EntryQuery, EntryRow};
pub use complaints::{ComplaintRow, ComplaintWord};
pub use coverage::{CountedStay, CoverageWord, ForecastRow};
pub use db::{Error as DatabaseError, Location, LocationError};
pub use desk::{
    COUNTED_MAX, FindingBy, FindingQuery, FindingRow, MatchRow, POSSIBLE, ProjectPage, ProjectQuery, ProjectRow, Sort,
};
pub use donors::{DonorName, DonorRow, FundRow, GiftRow, NewPledge, PledgeRow};
pub use drafts::RosterDraft;
pub use enrol::{EnrolAnswer, EnrolLink, RoadRow};
pub use fault::Fault;
pub use foreman::{Answered, ForemanLink};
pub use gates::{GateFile, VerdictRow, VerdictsAbout, number_key};
pub use hex::{hex, unhex};
pub use import::{FileFacts, Import, TableFacts, Tally};
pub use jobs::{Job, JobAsk, JobState, Upload};
pub use labour::LabourReply;
pub use letters::{CaseRow, Issue, LetterRow, LetterState, NewDraft, NotReleased};
pub use mail::{OPENED, Reply};
pub use meeting::{GuestRow, MeetingRow, PromiseRow, SpendingRow};
pub use members::{GrantRow, Invitation, Member, Session};
pub use outreach::{StopRow, Told as VisitTold, TourRow, VisitRow};
pub use overrides::{NoOverride, OverrideRow};
pub use passkeys::{PASSKEYS_MAX, Passkey};
pub use picture::{Picture, PictureWriter};
pub use read::{Known, KnownTable};
pub use review::JudgementRow;
pub use rights::{ErasureRow, NoErasure};
pub use runs::{Run, RunKey};
pub use signon::SignOnAttempt;
pub use slips::{PublicSlips, SlipIssue, SlipRow, WithdrawnSlip};
pub use stays::Stay;
pub use training::{
    Attendee, AttendeeName, Came, CertificateIssue, CertificateRow, InviteRow, Promptness, TrainingRow,
};
pub use twins::SamePerson;
pub use vault::Vault;
pub use vulnerable::ElsewhereRow;
pub use webhook::Told;
pub use withdraw::{Resting, SourceFile};
pub use worklist::{CandidateRow, NoList, WorklistItem, WorklistRow};

use db::Database;

/// One city's data.
#[derive(Debug)]
pub struct Store {
    connection: Database,
    vault: Vault,
}

impl Store {
    /// Opens the database, creates what is not there, and brings it to the newest schema.
    ///
    /// # Errors
    /// [`Fault`] where the file cannot be opened or the server does not answer, where the data are damaged, come from
    /// a newer program, or belong to another key.
    pub fn open(location: &Location, vault: Vault) -> Result<Self, Fault> {
        let mut connection = Database::open(location)?;
        migrate::migrate(&mut connection, &vault)?;
        Ok(Self { connection, vault })
    }

    /// Opens a database that stands already, for reading only: many may read while one writes.
    ///
    /// # Errors
    /// [`Fault`] where the file cannot be opened or the server does not answer.
    pub fn open_reader(location: &Location, vault: Vault) -> Result<Self, Fault> {
        Ok(Self { connection: Database::open_reader(location)?, vault })
    }

    /// Does a database stand there, with or without data in it?
    ///
    /// # Errors
    /// [`Fault`] where the server does not answer.
    pub fn stands(location: &Location) -> Result<bool, Fault> {
        match location {
            Location::File(path) => Ok(path.exists()),
            Location::Server(_) => {
                let database = Database::open_reader(location)?;
                Ok(database.query_row(database.dialect().schema_stands(), [], |r| r.get(0))?)
            }
        }
    }

    /// Asks a server whether it can be used; of a file it asks nothing.
    ///
    /// # Errors
    /// [`Fault`] where the server does not answer, or keeps text in another encoding than UTF-8.
    pub fn reach(location: &Location) -> Result<(), Fault> {
        if let Location::File(_) = location {
            return Ok(());
        }
        let database = Database::open_reader(location)?;
        let encoding: String = database.query_row(database.dialect().encoding(), [], |r| r.get(0))?;
        if encoding == "UTF8" { Ok(()) } else { Err(Fault::Damaged(format!("encoding {encoding}, not UTF8"))) }
    }

    /// Was the connection to the server lost? Then this store is of no more use. A file is never lost.
    pub fn is_broken(&self) -> bool {
        self.connection.is_broken()
    }

    /// Asks the database to check itself.
    ///
    /// # Errors
    /// [`Fault`] with what it found.
    pub fn check_integrity(&self) -> Result<(), Fault> {
        let answer: String = self.connection.query_row(self.connection.dialect().check(), [], |r| r.get(0))?;
        if answer == "ok" { Ok(()) } else { Err(Fault::Damaged(answer)) }
    }

    /// Writes a consistent copy of a database to a path where nothing is, over a connection of its own, while others
    /// read and write. False on a server, which is copied by its own tools.
    ///
    /// # Errors
    /// [`Fault`] of disk or database.
    pub fn copy(location: &Location, path: &std::path::Path) -> Result<bool, Fault> {
        if matches!(location, Location::Server(_)) {
            return Ok(false);
        }
        let path = path.to_str().ok_or_else(|| Fault::Damaged("a path that is no text".into()))?;
        // A reader of ours is forbidden every word that could write, this one among them.
        Database::open(location)?.execute("VACUUM INTO ?1", [path])?;
        Ok(true)
    }
}
