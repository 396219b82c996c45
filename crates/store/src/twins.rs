//! One person under two digests: what people said about pairs, and who belongs together by it.

use crate::db::{Value, params};
use crate::hex::{hex, unhex};
use crate::{Fault, Stay, Store, trail};
use audit::Event;
use authz::{Decide, Permit, Person, Read, Scope};
use std::collections::BTreeSet;

/// A pair that was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamePerson {
    /// Id.
    pub id: i64,
    /// The two, by digest.
    pub pair: [String; 2],
    /// One and the same?
    pub same: bool,
    /// When, UTC.
    pub at: String,
}

/// Both digests, the smaller first; none where a text is none or both are one.
fn ordered(pair: [&str; 2]) -> Option<[Vec<u8>; 2]> {
    let [a, b] = pair.map(|p| unhex(p).filter(|d| d.len() == 16));
    let (a, b) = (a?, b?);
    match a.cmp(&b) {
        std::cmp::Ordering::Less => Some([a, b]),
        std::cmp::Ordering::Greater => Some([b, a]),
        std::cmp::Ordering::Equal => None,
    }
}

impl Store {
    /// Everybody said to be the same as a person, that person among them.
    pub(crate) fn together(&self, person: &[u8]) -> Result<Vec<Vec<u8>>, Fault> {
        let mut met: BTreeSet<Vec<u8>> = BTreeSet::from([person.to_vec()]);
        let mut open = vec![person.to_vec()];
        let mut statement = self.connection.prepare_cached(
            "SELECT other FROM same_person WHERE one = ?1 AND same = 1 AND ended_at IS NULL
             UNION ALL SELECT one FROM same_person WHERE other = ?1 AND same = 1 AND ended_at IS NULL",
        )?;
        while let Some(next) = open.pop() {
            let found: Vec<Vec<u8>> = statement.query_map([next], |r| r.get(0))?.collect::<Result<_, _>>()?;
            open.extend(found.into_iter().filter(|digest| met.insert(digest.clone())));
        }
        Ok(met.into_iter().collect())
    }

    /// Entries of everybody on lists of projects within a permit, one list after the other; no more than `most`.
    ///
    /// # Errors
    /// [`Fault`] of the database, or cells of another key.
    pub fn stay_people(&self, permit: &Permit<Read, Person>, most: usize) -> Result<Vec<Stay>, Fault> {
        let mut w = crate::desk::Where::default();
        w.within(permit.scope(), "p.");
        let lists = if permit.scope() == &Scope::City {
            // Lists of vulnerable workers have their own page for what is doubtful on them.
            " AND NOT (list >= 'V:' AND list < 'V;')".to_owned()
        } else {
            format!(
                " AND (list IN (SELECT 'P:' || p.code FROM derived_project p{0})
                   OR list IN (SELECT 'R:' || g.number FROM derived_registration g
                                 JOIN derived_project p ON p.code = g.project{0}))",
                w.text
            )
        };
        // Of the whole city no value is asked for.
        let values: Vec<Value> = w.values.iter().chain(&w.values).cloned().collect();
        // A number, written out: it is ours.
        let condition =
            format!("id IN (SELECT id FROM derived_stay WHERE until IS NULL{lists} ORDER BY id LIMIT {most})");
        self.stays(&condition, values, None)
    }

    /// Keeps what somebody says about two persons. False where one of them stands on no list within the permit, or the pair is decided.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn same_person(
        &mut self,
        (read, decide): (&Permit<Read, Person>, &Permit<Decide, Person>),
        pair: [&str; 2],
        same: bool,
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let (Some([one, other]), Some(member)) = (ordered(pair), decide.actor()) else { return Ok(false) };
        for person in pair {
            if self.stay_of(read, person)?.is_empty() {
                return Ok(false);
            }
        }
        let transaction = self.connection.transaction()?;
        let kept = transaction.execute(
            "INSERT INTO same_person (one, other, same, member_id, at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (one, other) WHERE ended_at IS NULL DO NOTHING",
            params![one, other, i64::from(same), member, at],
        )?;
        if kept == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(kept == 1)
    }

    /// Takes a decision back. False where there is none.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn same_person_end(
        &mut self,
        _: &Permit<Decide, Person>,
        id: i64,
        at: &str,
        event: Event,
    ) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let ended = transaction
            .execute("UPDATE same_person SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL", params![id, at])?;
        if ended == 1 {
            trail::add(&transaction, event)?;
        }
        transaction.commit()?;
        Ok(ended == 1)
    }

    /// Pairs decided, the newest first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn same_person_list(&self, _: &Permit<Read, Person>) -> Result<Vec<SamePerson>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, one, other, same, at FROM same_person WHERE ended_at IS NULL ORDER BY id DESC",
        )?;
        let rows = statement.query_map([], |r| {
            let (one, other): (Vec<u8>, Vec<u8>) = (r.get(1)?, r.get(2)?);
            Ok(SamePerson {
                id: r.get(0)?,
                pair: [hex(&one), hex(&other)],
                same: r.get::<_, i64>(3)? == 1,
                at: r.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
