//! The list on a foreman's phone: a link for one project, what the phone is shown, and what it says when it is back on the line.
//!
//! A phone numbers each thing it says by lot and says it until it is answered. What was answered once is never done twice, and what
//! is not answered is not done: the answer is written in the transaction that stores the act.

use super::draft::{Draft, Line, Mending, fresh, rest};
use super::look::{Ground, Outlook};
use super::record::{Act, Said, Untaken, acts, write};
use crate::desk::accidents::{self, Told};
use crate::desk::{Desk, event, hex, token_hash, unhex};
use crate::{Fault, clock};
use authz::{Accident, Actor, Change, Permit, Person, Read};
use kernel::Date;
use std::collections::{BTreeMap, BTreeSet};
pub use store::ForemanLink;
use store::{Answered, Store};

/// How long a link may be good for, in days.
pub const DAYS: [u32; 4] = [30, 90, 180, 365];

/// Things said at once at most; a phone with more says them in turn.
pub const ACTS_MAX: usize = 50;

/// What a link's secret begins with, so that one left lying about is known for what it is.
const PREFIX: &str = "mandor_";

const DAY_SECONDS: i64 = 24 * 3_600;

/// A link is noted as used once an hour.
const USED_SECONDS: i64 = 3_600;

/// A phone that asks: its link, and what that may.
#[derive(Debug, Clone)]
pub struct Phone {
    /// The link.
    pub link: ForemanLink,
    /// Its maker, for people of this project only.
    pub actor: Actor,
}

/// Makes a link for a project in a member's name; its secret, shown once. None where the project is not within the permit. `by` is who presses: the
/// member, or whoever runs the machine.
///
/// # Errors
/// [`Fault`] of the database.
pub fn make(
    desk: &Desk,
    (permit, by): (&Permit<Change, Person>, Option<i64>),
    (project, name): (&str, &str),
    days: u32,
    request: &str,
) -> Result<Option<String>, Fault> {
    let Some(member) = permit.actor().filter(|id| *id != authz::OPERATOR) else { return Ok(None) };
    let token = Desk::token()?;
    let now = clock::seconds();
    let days = DAYS.into_iter().find(|d| *d >= days).unwrap_or(DAYS[DAYS.len() - 1]);
    let link = ForemanLink {
        id: 0,
        project: project.to_owned(),
        member,
        name: kernel::text::excerpt(name.trim(), 60),
        created_at: now,
        expires_at: now + i64::from(days) * DAY_SECONDS,
        used_at: None,
        confirmed_on: String::new(),
    };
    let told = event(by, "foreman_link", &format!("project:{project}"), request);
    let made = desk.write(|s| s.foreman_add(permit, &token_hash(&token), &link, told).map_err(Fault::from))?;
    Ok(made.then(|| format!("{PREFIX}{}", hex(&token))))
}

/// Ends a link. False where there is none within the permit.
///
/// # Errors
/// [`Fault`] of the database.
pub fn end(
    desk: &Desk,
    permit: &Permit<Change, Person>,
    (project, id): (&str, i64),
    request: &str,
) -> Result<bool, Fault> {
    let told = event(permit.actor(), "foreman_link_end", &format!("project:{project}"), request);
    desk.write(|s| s.foreman_end(permit, (project, id), clock::seconds(), told).map_err(Fault::from))
}

/// Who asks with a link. None where it is unknown, ended or too old, and where its maker no longer reaches the project.
///
/// # Errors
/// [`Fault`] of the database.
pub fn phone(desk: &Desk, secret: &str) -> Result<Option<Phone>, Fault> {
    let Some(token) = secret.strip_prefix(PREFIX).and_then(unhex) else { return Ok(None) };
    let now = clock::seconds();
    let found = desk.read(|s| s.foreman_link(&token_hash(&token)).map_err(Fault::from))?;
    let Some(link) = found.filter(|l| l.expires_at > now) else { return Ok(None) };
    let maker = desk.actor(Some(link.member))?;
    let reaches = match authz::permit::<Change, Person>(&maker) {
        Some(permit) => desk.read(|s| s.project_within(permit.scope(), &link.project).map_err(Fault::from))?,
        None => false,
    };
    if !reaches {
        return Ok(None);
    }
    if link.used_at.is_none_or(|at| now - at > USED_SECONDS) {
        desk.write(|s| s.foreman_used(link.id, now).map_err(Fault::from))?;
    }
    Ok(Some(Phone { actor: maker.for_people_of(&link.project), link }))
}

/// Something a phone says.
#[derive(Debug, Clone)]
pub enum Saying {
    /// Somebody joined, with the cells of a line.
    Joined(BTreeMap<String, String>),
    /// About somebody who stands there, by the mark of the entry.
    About(String, Said),
    /// The list is right as of a day.
    Right(Date),
    /// An accident: the mark of the entry, or empty; the moment; what is told.
    Accident(String, String, Told),
}

/// Each thing the phone said, by its number, with what came of it: `stored`, `known` (it stood there already), `waits` (the office looks at it
/// first), `gone` (no such entry), `day` (a day that cannot be).
///
/// # Errors
/// [`Fault`] of the database: then what was not answered before was not stored, and the phone says it again.
pub fn hear(
    desk: &Desk,
    phone: &Phone,
    said: &[(String, Saying)],
    request: &str,
) -> Result<Option<BTreeMap<String, String>>, Fault> {
    let (Some(read), Some(change)) =
        (authz::permit::<Read, Person>(&phone.actor), authz::permit::<Change, Person>(&phone.actor))
    else {
        return Ok(None);
    };
    let ids: Vec<String> = said.iter().map(|(id, _)| id.clone()).collect();
    let answers = desk.write(|store| {
        let mut answers = store.foreman_known(phone.link.id, &ids)?;
        let mut met: BTreeSet<&str> = BTreeSet::new();
        let fresh: Vec<&(String, Saying)> =
            said.iter().filter(|(id, _)| !answers.contains_key(id) && met.insert(id)).collect();
        let hearing = Hearing { desk, phone, read: &read, change: &change, request };
        // In the order it was said: who joined and left again is not who left and joined again.
        for run in fresh.chunk_by(|a, b| std::mem::discriminant(&a.1) == std::mem::discriminant(&b.1)) {
            let new = match run[0].1 {
                Saying::About(..) => hearing.about(store, run)?,
                Saying::Joined(_) => hearing.joined(store, run)?,
                Saying::Right(_) => hearing.right(store, run)?,
                Saying::Accident(..) => hearing.accidents(store, run)?,
            };
            answers.extend(new.into_iter().map(|(id, outcome)| (id, outcome.to_owned())));
        }
        Ok::<_, Fault>(answers)
    })?;
    if answers.values().any(|outcome| outcome == "stored") {
        crate::desk::jobs::ask_picture(desk, change.actor())?;
    }
    Ok(Some(answers))
}

struct Hearing<'a> {
    desk: &'a Desk,
    phone: &'a Phone,
    read: &'a Permit<Read, Person>,
    change: &'a Permit<Change, Person>,
    request: &'a str,
}

impl Hearing<'_> {
    fn write(
        &self,
        store: &mut Store,
        acts: &[Act],
        answers: &[Answered],
        draft: Option<&store::RosterDraft>,
    ) -> Result<(), Fault> {
        let (link, now) = (&self.phone.link, clock::now());
        if acts.is_empty() {
            return Ok(store.foreman_note((link.id, &now), answers, draft, "")?);
        }
        let about = (self.change, link.project.as_str(), self.request);
        write(store, about, &format!("ponsel {}", link.name), acts, |import| {
            Ok(import.foreman((link.id, &now), answers, draft)?)
        })?;
        Ok(())
    }

    /// What is said about people who stand there.
    fn about(&self, store: &mut Store, said: &[&(String, Saying)]) -> Result<Vec<Answered>, Fault> {
        let about = |(id, saying): &&(String, Saying)| match saying {
            Saying::About(mark, said) => Some((id.clone(), mark.clone(), said.clone())),
            _ => None,
        };
        let about: Vec<_> = said.iter().filter_map(about).collect();
        let standing = store.stay_list(self.read, &self.phone.link.project, None)?;
        let (mut acts, mut answers) = (Vec::new(), Vec::new());
        for (id, mark, said) in about {
            answers.push((
                id,
                match said.about(&mark, &standing, clock::today()) {
                    Ok(act) => {
                        acts.push(act);
                        "stored"
                    }
                    Err(Untaken::Unknown) => "gone",
                    Err(Untaken::Day) => "day",
                },
            ));
        }
        self.write(store, &acts, &answers, None)?;
        Ok(answers)
    }

    /// People who joined, put beside those who stand there like any other list. Whatever somebody must look at waits at the desk.
    fn joined(&self, store: &mut Store, said: &[&(String, Saying)]) -> Result<Vec<Answered>, Fault> {
        let mut draft = Draft { day: clock::today().to_string(), ..Draft::default() };
        let (mut ids, mut mending) = (Vec::new(), Mending::default());
        for (id, saying) in said {
            let Saying::Joined(cells) = saying else { continue };
            let at = ids.len();
            draft.lines.push(Line { line: at as u32 + 1, ..Line::default() });
            mending.cells.extend(cells.iter().map(|(field, text)| ((at, field.clone()), text.clone())));
            ids.push(id.clone());
        }
        mending.apply(&mut draft);
        let project = self.phone.link.project.as_str();
        let row = fresh(self.change, project, &self.phone.link.name, &draft)?;
        let ground = Ground::of(store, self.read, &row, &self.desk.law)?;
        let (acts, held, _) = acts(store, project, &ground)?;
        let answers: Vec<Answered> = ids
            .into_iter()
            .enumerate()
            .map(|(at, id)| {
                let outcome = match ground.outlook(at) {
                    Outlook::Join | Outlook::Change => "stored",
                    Outlook::Held | Outlook::Doubt => "waits",
                    Outlook::Same | Outlook::Twice | Outlook::Skipped => "known",
                };
                (id, outcome)
            })
            .collect();
        let waiting = rest(&ground.draft, &held)?.map(|body| store::RosterDraft { body, ..row });
        self.write(store, &acts, &answers, waiting.as_ref())?;
        Ok(answers)
    }

    /// Accidents. One that cannot be taken is answered and never holds up the others.
    fn accidents(&self, store: &mut Store, said: &[&(String, Saying)]) -> Result<Vec<Answered>, Fault> {
        let link = &self.phone.link;
        let permit = authz::permit::<Change, Accident>(&self.phone.actor);
        let mut answers = Vec::new();
        for (id, saying) in said {
            let Saying::Accident(mark, happened, told) = saying else { continue };
            let outcome = match (accidents::row((&link.project, mark), happened, told), &permit) {
                (Ok(row), Some(permit)) => {
                    let told =
                        event(permit.actor(), "accident_tell", &format!("project:{}", link.project), self.request);
                    if store.accident_from_phone(permit, (link.id, (id.clone(), "stored")), &row, told)? {
                        answers.push((id.clone(), "stored"));
                        continue;
                    }
                    "gone"
                }
                (Err(accidents::Untaken::Moment), _) => "day",
                _ => "unread",
            };
            store.foreman_note((link.id, &clock::now()), &[(id.clone(), outcome)], None, "")?;
            answers.push((id.clone(), outcome));
        }
        Ok(answers)
    }

    /// Days on which the list was said to be right.
    fn right(&self, store: &mut Store, said: &[&(String, Saying)]) -> Result<Vec<Answered>, Fault> {
        let today = clock::today();
        let (mut answers, mut last) = (Vec::new(), String::new());
        for (id, saying) in said {
            let Saying::Right(day) = saying else { continue };
            let fits = *day <= today;
            if fits {
                last = last.max(day.to_string());
            }
            answers.push((id.clone(), if fits { "stored" } else { "day" }));
        }
        store.foreman_note((self.phone.link.id, &clock::now()), &answers, None, &last)?;
        Ok(answers)
    }
}
