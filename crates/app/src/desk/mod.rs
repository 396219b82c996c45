//! The desk: one city's data kept open for pages. Many read at once, one writes, one works in the background.

pub mod accidents;
pub mod account;
pub mod agreement;
pub mod aman;
pub mod audit_box;
pub mod award;
pub mod backup;
pub mod callback;
pub mod complaints;
pub mod coverage;
pub mod dci;
pub mod decide;
pub mod enrol;
pub mod evidence;
pub mod export;
pub mod gate;
pub mod jobs;
pub mod labour;
pub mod letters;
pub mod map;
pub mod meeting;
pub mod messages;
pub mod outreach;
pub mod passkeys;
pub mod photo;
pub mod picture;
pub mod receive;
pub mod remind;
pub mod rights;
pub mod roads;
pub mod roster;
pub mod sign_in;
pub mod sign_on;
pub mod slips;
pub mod steer;
pub mod surge;
pub mod training;
pub mod uploads;
pub mod webhook;
pub mod whatif;
pub mod worklist;

use crate::clock::Stopwatch;
use crate::home::Home;
use crate::{Fault, Language};
use law::Law;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use store::{Location, Store, Vault};
pub use store::{hex, unhex};

/// Readers kept open.
const READERS_MAX: usize = 16;

/// How the desk reaches the world: where it is found, and who carries its mail.
#[derive(Clone, Default)]
pub struct Outside {
    /// Address of the desk as people type it, such as `https://payung.kota.go.id`; none: where it listens.
    pub address: Option<String>,
    /// SMTP server, `smtp://user:password@host:port`; none: nothing is sent.
    pub smtp: Option<String>,
    /// Sender of its mail, `Name <address>`.
    pub mail_from: Option<String>,
    /// The city's own sign-on.
    pub sign_on: Option<SignOn>,
    /// Who carries its text messages.
    pub gateway: Option<messages::Gateway>,
    /// Another program that is told what happened.
    pub webhook: Option<webhook::Webhook>,
    /// Whose offline key opens copies of the database; none: copies lie open.
    pub backup_to: Option<crate::sealed::SealTo>,
}

/// The city's own sign-on, as `payung.yaml` has it.
#[derive(Clone)]
pub struct SignOn {
    /// Issuer of OpenID Connect.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our password there.
    pub client_secret: String,
    /// What people call it, on the button.
    pub name: String,
}

impl SignOn {
    fn provider(&self, callback: String) -> signon::Provider {
        signon::Provider {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            callback,
        }
    }

    /// Is the provider reached over TLS, or on this machine?
    pub fn is_safe(&self) -> bool {
        self.provider(String::new()).is_safe()
    }
}

/// How far a running job is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Done so far.
    pub done: u64,
    /// Of how many; 0 where nobody knows.
    pub total: u64,
    began: Stopwatch,
}

impl Progress {
    /// Seconds since it began.
    pub fn seconds(&self) -> u64 {
        u64::try_from(self.began.milliseconds() / 1_000).unwrap_or(u64::MAX)
    }

    /// Seconds it still takes, if the rest goes as what is done; none where that cannot be told yet.
    pub fn seconds_left(&self) -> Option<u64> {
        let rest = self.total.checked_sub(self.done)?;
        let left = self.began.milliseconds().checked_mul(rest.into())?.checked_div(self.done.into())?;
        u64::try_from(left.div_ceil(1_000)).ok().filter(|_| self.total > 0)
    }
}

/// What the lists of vulnerable workers depend on: data and day.
type ListsKey = ([i64; 4], kernel::Date);

/// The lists as they were read for a key.
type KeptLists = (ListsKey, Arc<aman::lists::Lists>);

/// A city's desk.
pub struct Desk {
    /// The data folder.
    pub home: Home,
    /// The law with the city's layer.
    pub law: Law,
    database: Location,
    vault: Vault,
    program: PathBuf,
    outside: Outside,
    listens_at: OnceLock<String>,
    writer: Mutex<Store>,
    readers: Mutex<Vec<Store>>,
    /// How far running jobs are: kept here, because an import holds the database while it writes.
    progress: Mutex<BTreeMap<i64, Progress>>,
    /// Rows of files somebody looked at before storing, by digest: what tells how long a store still takes.
    counted: Mutex<BTreeMap<String, u64>>,
    /// The lists of vulnerable workers as they were read last, and what they depend on.
    lists: Mutex<Option<KeptLists>>,
    /// Coverage as it was counted last, and what it depends on.
    coverage: Mutex<Option<coverage::Kept>>,
    wake: (Mutex<bool>, Condvar),
    /// Attempts to sign in that are being judged, by address.
    judging: Mutex<BTreeMap<String, u64>>,
    /// Pictures hung since the program began: what was made of an older one is stale.
    painted: AtomicU64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere must not close the desk: a transaction that was open has been rolled back.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    /// Opens the desk. `program` is started as the limited child that reads files.
    ///
    /// # Errors
    /// [`Fault`] of disk or database, or the complaint about the city's own law.
    pub fn open(home: Home, program: &Path, outside: Outside) -> Result<Self, Fault> {
        let law = home.law(Language::Indonesian).map_err(|refused| Fault(refused.0))?;
        let (database, vault) = home.database()?;
        let writer = Store::open(&database, vault.clone())?;
        writer.check_integrity()?;
        Ok(Self {
            home,
            law,
            database,
            vault,
            program: program.to_owned(),
            outside,
            listens_at: OnceLock::new(),
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            progress: Mutex::new(BTreeMap::new()),
            counted: Mutex::new(BTreeMap::new()),
            judging: Mutex::new(BTreeMap::new()),
            lists: Mutex::new(None),
            coverage: Mutex::new(None),
            wake: (Mutex::new(false), Condvar::new()),
            painted: AtomicU64::new(0),
        })
    }

    /// Reads, beside any writer.
    ///
    /// # Errors
    /// [`Fault`] of the database, or of the question.
    pub fn read<T, E: From<Fault> + From<store::Fault>>(
        &self,
        ask: impl FnOnce(&Store) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = lock(&self.readers).pop();
        let store = match idle {
            Some(store) => store,
            None => Store::open_reader(&self.database, self.vault.clone())?,
        };
        let answer = ask(&store);
        let mut readers = lock(&self.readers);
        if store.is_broken() {
            // What broke one connection to the server broke them all; the next question opens a new one.
            readers.clear();
        } else if readers.len() < READERS_MAX {
            readers.push(store);
        }
        answer
    }

    /// Writes, one at a time.
    ///
    /// # Errors
    /// [`Fault`] of the database, or of the change.
    pub fn write<T, E>(&self, change: impl FnOnce(&mut Store) -> Result<T, E>) -> Result<T, E> {
        change(&mut lock(&self.writer))
    }

    /// A digest nobody without the key of the data can test a guess against.
    pub fn blind(&self, parts: &[&[u8]]) -> [u8; 16] {
        self.vault.blind(parts)
    }

    /// Where the desk is found, without a slash at the end.
    pub fn address(&self) -> &str {
        let own = self.outside.address.as_deref().or(self.listens_at.get().map(String::as_str));
        own.unwrap_or_default().trim_end_matches('/')
    }

    /// Tells the desk where it listens.
    pub fn listens_at(&self, address: &str) {
        let _ = self.listens_at.set(address.to_owned());
    }

    /// Can it send mail?
    pub fn has_post(&self) -> bool {
        self.outside.smtp.is_some() && self.outside.mail_from.is_some()
    }

    /// What a member may do now: for work done in the background in their name.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn actor(&self, member: Option<i64>) -> Result<authz::Actor, Fault> {
        let Some(id) = member else { return Ok(authz::Actor::public()) };
        let grants = self.read(|s| match s.member(id)? {
            Some(m) if !m.disabled => Ok::<_, Fault>(s.grant_list(id)?),
            _ => Ok(Vec::new()),
        })?;
        let grants = grants.into_iter().filter(|g| g.released).map(|g| g.grant).collect();
        Ok(authz::Actor::member(id, grants))
    }

    /// A number nobody guesses, for tokens.
    ///
    /// # Errors
    /// [`Fault`] where the machine has no randomness.
    pub fn token() -> Result<[u8; 32], Fault> {
        let mut token = [0u8; 32];
        getrandom::fill(&mut token).map_err(|e| Fault(format!("no randomness: {e}")))?;
        Ok(token)
    }

    /// How far a running job is.
    pub fn progress(&self, job: i64) -> Option<Progress> {
        lock(&self.progress).get(&job).copied()
    }

    fn kept_lists(&self, key: ListsKey) -> Option<Arc<aman::lists::Lists>> {
        lock(&self.lists).as_ref().filter(|kept| kept.0 == key).map(|kept| kept.1.clone())
    }

    fn keep_lists(&self, key: ListsKey, made: &Arc<aman::lists::Lists>) {
        *lock(&self.lists) = Some((key, made.clone()));
    }

    /// Changes whenever a new picture hangs.
    pub fn painted(&self) -> u64 {
        self.painted.load(Ordering::Acquire)
    }

    /// Tells the worker that there is work.
    pub fn wake(&self) {
        *lock(&self.wake.0) = true;
        self.wake.1.notify_all();
    }
}

/// Hash under which a token is kept.
pub fn token_hash(token: &[u8]) -> [u8; 32] {
    *blake3::hash(token).as_bytes()
}

/// Bytes as a code that people copy by hand: a letter each, none that is taken for another, in groups of four.
pub(crate) fn spelled(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    bytes.chunks(4).map(|four| four.iter().map(letter).collect::<String>()).collect::<Vec<_>>().join("-")
}

/// An event of the audit trail, done now.
pub fn event(actor: Option<i64>, action: &str, object: &str, request: &str) -> audit::Event {
    audit::Event {
        at: crate::clock::now(),
        actor: match actor {
            None => "public".to_owned(),
            Some(authz::OPERATOR) => "operator".to_owned(),
            Some(id) => format!("member:{id}"),
        },
        action: action.to_owned(),
        object: object.to_owned(),
        reason: String::new(),
        request: request.to_owned(),
        outcome: "done".to_owned(),
    }
}

/// Does a text say what somebody's name or number is looked at for? A word does not, and a novel is not read.
pub fn is_purpose(text: &str) -> bool {
    (10..=300).contains(&text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::Progress;
    use crate::clock::Stopwatch;

    #[test]
    fn what_is_left_is_told_once_it_can_be() {
        let began = Stopwatch::begin();
        std::thread::sleep(std::time::Duration::from_millis(30));
        let left = |done, total| Progress { done, total, began }.seconds_left();
        assert_eq!(left(0, 10), None, "nothing is done yet");
        assert_eq!(left(7, 0), None, "nobody knows of how many");
        assert_eq!(left(11, 10), None);
        assert_eq!(left(10, 10), Some(0));
        assert!(left(1, 1_001) >= Some(30), "a thousand times what one took");
    }
}
