//! Stays: who stood on which list from when to when. Kept beside the rows they come from, made again from them.

use crate::cells::unpack;
use crate::db::{Appender, Database, Row, Value, params, params_from_iter};
use crate::desk::{ProjectRow, Where};
use crate::{Fault, Store, Vault, hex, unhex};
use authz::{Permit, Person, Read, Scope};
use kernel::origin::TableId;
use registers::RawRow;
use registers::records::{Entry, ListOf, RowView, Table, read_entry};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Rows of an import whose keys are taken up at a time.
const STEP: i64 = 5_000;

/// A stay with everything its line says.
#[derive(Debug, Clone)]
pub struct Stay {
    /// The entry, by the digest of its key.
    pub mark: String,
    /// The person, by digest.
    pub person: String,
    /// What the line says.
    pub entry: Entry,
}

/// One version of one entry, as it is kept.
struct Version {
    known: i64,
    until: Option<i64>,
    entry: Entry,
}

/// Tables prepared for reading, and from where on they count no more.
struct Tables<'c> {
    database: &'c Database,
    prepared: FxHashMap<i64, Table>,
    withdrawn: FxHashMap<i64, i64>,
}

impl<'c> Tables<'c> {
    fn new(database: &'c Database) -> Result<Self, Fault> {
        let mut statement = database.prepare_cached(
            "SELECT t.id, w.table_id FROM source_withdrawal w JOIN source_table t ON t.file_id = w.file_id",
        )?;
        let withdrawn = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        let withdrawn = withdrawn.collect::<Result<_, crate::db::Error>>()?;
        Ok(Self { database, prepared: FxHashMap::default(), withdrawn })
    }

    fn prepare(&mut self, id: i64) -> Result<(), Fault> {
        if self.prepared.contains_key(&id) {
            return Ok(());
        }
        let (register, columns): (String, String) =
            self.database.query_row("SELECT register, columns FROM source_table WHERE id = ?1", [id], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?;
        let known = registers::register(&register).ok_or_else(|| Fault::Damaged(format!("register {register}")))?;
        let columns = serde_json::from_str(&columns).map_err(|e| Fault::Damaged(e.to_string()))?;
        let table = TableId(u32::try_from(id).map_err(|_| Fault::Damaged("table id".into()))?);
        self.prepared.insert(id, Table::new(table, known, columns));
        Ok(())
    }

    /// What an entry said at each point at which that changed; `rows` newest first.
    fn versions(&self, rows: &[(i64, RawRow)]) -> Vec<Version> {
        let mut events: BTreeSet<i64> = rows.iter().map(|(table, _)| *table).collect();
        events.extend(rows.iter().filter_map(|(table, _)| self.withdrawn.get(table)));
        let events: Vec<i64> = events.into_iter().collect();
        let version = |(i, event): (usize, &i64)| {
            let entry = self.as_known(rows, *event)?;
            (!entry.struck).then(|| Version { known: *event, until: events.get(i + 1).copied(), entry })
        };
        events.iter().enumerate().filter_map(version).collect()
    }

    /// What an entry said at a point; none where nothing of it counted.
    fn as_known(&self, rows: &[(i64, RawRow)], through: i64) -> Option<Entry> {
        let counts = |table: &i64| *table <= through && self.withdrawn.get(table).is_none_or(|w| *w > through);
        let view: Vec<(&Table, &RawRow)> = rows
            .iter()
            .filter(|(table, _)| counts(table))
            .filter_map(|(table, row)| Some((self.prepared.get(table)?, row)))
            .collect();
        (!view.is_empty()).then(|| read_entry(&RowView::new(&view)))
    }
}

/// All rows of one key, newest first, each with its table.
type Keyed = ([u8; 16], Vec<(i64, RawRow)>);

fn list_text(list: &ListOf) -> String {
    match list {
        ListOf::Project(code) => format!("P:{code}"),
        ListOf::Registration(number) => format!("R:{number}"),
        ListOf::Other(payer) => format!("O:{}", payer.name()),
        ListOf::Vulnerable(group) => format!("V:{group}"),
    }
}

/// The digest a person with an identity number is known by.
pub(crate) fn person_with(vault: &Vault, nik: &kernel::id::Nik) -> [u8; 16] {
    vault.blind(&[b"person", nik.reveal().as_bytes()])
}

/// The digest a person is known by: of the identity number; without one, of name and birth on that list only; where not even these
/// are known, of the key of the entry, which then is all there is of them.
fn person_of(vault: &Vault, key: &[u8; 16], entry: &Entry) -> [u8; 16] {
    match &entry.nik {
        Some(Ok(nik)) => person_with(vault, nik),
        _ if entry.name.key().is_empty() && entry.birth.is_none() => vault.blind(&[b"person without a name", &key[..]]),
        _ => {
            let list = entry.list.as_ref().map(list_text).unwrap_or_default();
            let birth = entry.birth.map(|b| b.to_string()).unwrap_or_default();
            let key = entry.name.key();
            vault.blind(&[b"person without a number", list.as_bytes(), key.as_bytes(), birth.as_bytes()])
        }
    }
}

/// Is a register a list of workers?
pub(crate) fn is_list(register: &str) -> bool {
    registers::register(register).is_some_and(|r| r.reads == "worker")
}

/// The rows of the answer of a query for key, table, line, kinds, cells and sealed cells, by key, newest first.
fn gather(vault: &Vault, tables: &mut Tables<'_>, sql: &str, values: Vec<Value>) -> Result<Vec<Keyed>, Fault> {
    let mut out: Vec<Keyed> = Vec::new();
    let database = tables.database;
    let mut statement = database.prepare_cached(sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(r) = rows.next()? {
        let (key, table): ([u8; 16], i64) = (r.get(0)?, r.get(1)?);
        let row = unpack(vault, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?)?;
        match out.last_mut() {
            Some((last, versions)) if *last == key => versions.push((table, row)),
            _ => out.push((key, vec![(table, row)])),
        }
    }
    drop(rows);
    let met: BTreeSet<i64> = out.iter().flat_map(|(_, rows)| rows.iter().map(|(table, _)| *table)).collect();
    met.into_iter().try_for_each(|table| tables.prepare(table))?;
    Ok(out)
}

/// Makes the stays of all entries anew that a query finds keys of.
fn remake(
    database: &Database,
    vault: &Vault,
    tables: &mut Tables<'_>,
    keys: &str,
    values: &[Value],
) -> Result<(), Fault> {
    let sql = format!(
        "SELECT key, table_id, line, kinds, cells, sealed FROM source_row WHERE key IN ({keys}) ORDER BY key, id DESC"
    );
    let found = gather(vault, tables, &sql, values.to_vec())?;
    database.execute(&format!("DELETE FROM derived_stay WHERE key IN ({keys})"), params_from_iter(values.to_vec()))?;
    let mut out = Appender::new("derived_stay", "key, known, until, list, person, joined, left_on, reported, numbered");
    let day = |date: Option<kernel::Date>| date.map(|d| d.to_string()).unwrap_or_default();
    for (key, rows) in &found {
        for Version { known, until, entry } in tables.versions(rows) {
            let Some(list) = &entry.list else { continue };
            let person = person_of(vault, key, &entry);
            out.append(
                database,
                params![
                    &key[..],
                    known,
                    until,
                    list_text(list),
                    &person[..],
                    day(entry.joined),
                    day(entry.left),
                    day(entry.reported),
                    matches!(entry.nik, Some(Ok(_)))
                ],
            )?;
        }
    }
    out.flush(database)?;
    Ok(())
}

/// Takes up the rows an import has written after one of them.
pub(crate) fn take_up(database: &Database, vault: &Vault, after: i64) -> Result<(), Fault> {
    let last = last_row(database)?;
    let mut tables = Tables::new(database)?;
    let is_long = last - after > STEP;
    if is_long {
        database.sized_anew("source_row")?;
    }
    let (mut from, mut steps) = (after, 0u64);
    while from < last {
        let to = (from + STEP).min(last);
        let keys = "SELECT key FROM source_row WHERE id > ? AND id <= ?";
        remake(database, vault, &mut tables, keys, &[Value::Integer(from), Value::Integer(to)])?;
        from = to;
        steps += 1;
        // Each time it has doubled.
        if is_long && steps.is_power_of_two() {
            database.sized_anew("derived_stay")?;
        }
    }
    if is_long {
        database.sized_anew("derived_stay")?;
    }
    Ok(())
}

/// The last row there is.
pub(crate) fn last_row(database: &Database) -> Result<i64, Fault> {
    Ok(database.query_row("SELECT coalesce(max(id), 0) FROM source_row", [], |r| r.get(0))?)
}

/// Makes the stays anew that a file taken back had part in.
pub(crate) fn let_go(database: &Database, vault: &Vault, file: i64) -> Result<(), Fault> {
    // The keys are listed first: they are found by the very rows that are made anew. What the file struck out ends by it.
    let mut statement = database.prepare_cached(
        "SELECT s.key FROM derived_stay s JOIN source_table t ON t.id = s.known WHERE t.file_id = ?1
         UNION SELECT s.key FROM derived_stay s JOIN source_table t ON t.id = s.until WHERE t.file_id = ?1",
    )?;
    let found: Vec<[u8; 16]> = statement.query_map([file], |r| r.get(0))?.collect::<Result<_, _>>()?;
    make_anew(database, vault, &found)
}

/// Makes the stays of some entries anew.
pub(crate) fn make_anew(database: &Database, vault: &Vault, keys: &[[u8; 16]]) -> Result<(), Fault> {
    let mut tables = Tables::new(database)?;
    for some in keys.chunks(500) {
        let marks = vec!["?"; some.len()].join(", ");
        let values: Vec<Value> = some.iter().map(|key| Value::Blob(key.to_vec())).collect();
        remake(database, vault, &mut tables, &marks, &values)?;
    }
    Ok(())
}

/// Makes all stays anew.
pub(crate) fn rebuild(database: &Database, vault: &Vault) -> Result<(), Fault> {
    database.execute("DELETE FROM derived_stay", [])?;
    let mut statement = database.prepare_cached("SELECT id, register FROM source_table ORDER BY id")?;
    let lists: Vec<i64> = statement
        .query_map([], |r| Ok((r.get(0)?, r.get::<_, String>(1)?)))?
        .filter(|t: &Result<(i64, String), _>| t.as_ref().is_ok_and(|(_, register)| is_list(register)))
        .map(|t| t.map(|(id, _)| id))
        .collect::<Result<_, _>>()?;
    let mut tables = Tables::new(database)?;
    for table in lists {
        // Rows of one table follow one another.
        let (first, last): (Option<i64>, Option<i64>) =
            database.query_row("SELECT min(id), max(id) FROM source_row WHERE table_id = ?1", [table], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?;
        let (Some(first), Some(last)) = (first, last) else { continue };
        let mut from = first - 1;
        while from < last {
            let to = (from + STEP).min(last);
            let keys = "SELECT key FROM source_row WHERE id > ? AND id <= ? AND table_id = ?";
            remake(
                database,
                vault,
                &mut tables,
                keys,
                &[Value::Integer(from), Value::Integer(to), Value::Integer(table)],
            )?;
            from = to;
        }
    }
    Ok(())
}

fn digest(database: &Database) -> Result<String, Fault> {
    let mut statement = database.prepare_cached(
        "SELECT key, known, coalesce(until, 0), list, person, joined, left_on, reported, numbered FROM derived_stay
         ORDER BY key, known",
    )?;
    let mut rows = statement.stream([])?;
    let mut hasher = blake3::Hasher::new();
    while let Some(r) = rows.next()? {
        let (key, person): ([u8; 16], [u8; 16]) = (r.get(0)?, r.get(4)?);
        let (known, until): (i64, i64) = (r.get(1)?, r.get(2)?);
        hasher.update(&key).update(&known.to_le_bytes()).update(&until.to_le_bytes()).update(&person);
        hasher.update(&r.get::<_, i64>(8)?.to_le_bytes());
        for at in [3, 5, 6, 7] {
            let text: &str = r.get(at)?;
            hasher.update(text.as_bytes()).update(b"\x1f");
        }
    }
    Ok(hasher.finalize().to_hex().to_string())
}

impl Store {
    /// Everybody who ever stood on a project's lists: its own roster, and the insurer's lists of its registrations. Empty where
    /// the project is not within the permit. With `through`, as it was known at that point of the sequence of tables.
    ///
    /// # Errors
    /// [`Fault`] of the database, or cells of another key.
    pub fn stay_list(
        &self,
        permit: &Permit<Read, Person>,
        project: &str,
        through: Option<i64>,
    ) -> Result<Vec<Stay>, Fault> {
        if !self.project_within(permit.scope(), project)? {
            return Ok(Vec::new());
        }
        self.stays_on(project, through)
    }

    /// Everybody on a project's lists.
    pub(crate) fn stays_on(&self, project: &str, through: Option<i64>) -> Result<Vec<Stay>, Fault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT number FROM derived_registration WHERE project = ?1 ORDER BY number")?;
        let numbers: Vec<String> = statement.query_map([project], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let lists =
            std::iter::once(ListOf::Project(project.to_owned())).chain(numbers.into_iter().map(ListOf::Registration));
        let lists: Vec<Value> = lists.map(|list| Value::Text(list_text(&list))).collect();
        let marks = vec!["?"; lists.len()].join(", ");
        self.stays(&format!("list IN ({marks})"), lists, through)
    }

    /// Every stay of a person, and of whoever was said to be the same, on lists of projects within the permit, and of registrations of no known project where it reaches
    /// the whole city.
    ///
    /// # Errors
    /// As [`Store::stay_list`].
    pub fn stay_of(&self, permit: &Permit<Read, Person>, person: &str) -> Result<Vec<(Stay, Option<String>)>, Fault> {
        let Some(digest) = unhex(person).filter(|d| d.len() == 16) else { return Ok(Vec::new()) };
        let together = self.together(&digest)?;
        let marks = vec!["?"; together.len()].join(", ");
        let together = together.into_iter().map(Value::Blob).collect();
        let found = self.stays(&format!("person IN ({marks})"), together, None)?;
        let (mut out, mut others) = (Vec::new(), Vec::new());
        for stay in found {
            if let Some(ListOf::Other(_) | ListOf::Vulnerable(_)) = stay.entry.list {
                others.push((stay, None));
                continue;
            }
            let project = match &stay.entry.list {
                Some(ListOf::Project(code)) => Some(code.clone()),
                Some(ListOf::Registration(number)) => self.project_of(number)?,
                Some(ListOf::Other(_) | ListOf::Vulnerable(_)) | None => None,
            };
            let within = match &project {
                Some(code) => self.project_within(permit.scope(), code)?,
                None => permit.scope() == &Scope::City,
            };
            if within {
                out.push((stay, project));
            }
        }
        // Cover by others belongs to no project: whoever may see the person on one may see it. That somebody is on a list of vulnerable
        // workers is for those who see all of the city.
        let of_city = permit.scope() == &Scope::City;
        if !of_city {
            others.retain(|(stay, _)| matches!(stay.entry.list, Some(ListOf::Other(_))));
        }
        if !out.is_empty() || of_city {
            out.extend(others);
        }
        Ok(out)
    }

    fn project_of(&self, number: &str) -> Result<Option<String>, Fault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT project FROM derived_registration WHERE number = ?1 ORDER BY project")?;
        let found = statement.query_map([number], |r| r.get(0))?.next().transpose()?;
        Ok(found)
    }

    /// Numbers under which a project is registered with the insurer.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn registrations_of(&self, project: &str) -> Result<Vec<String>, Fault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT number FROM derived_registration WHERE project = ?1 ORDER BY number")?;
        let found = statement.query_map([project], |r| r.get(0))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Does a project stand in the picture, within a scope?
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn project_within(&self, scope: &Scope, project: &str) -> Result<bool, Fault> {
        let mut w = Where::default();
        w.and("p.code = ?", [Value::Text(project.to_owned())]);
        w.within(scope, "p.");
        let sql = format!("SELECT count(*) FROM derived_project p{}", w.text);
        let found: i64 =
            self.connection.prepare_cached(&sql)?.query_row(params_from_iter(w.values), |r: &Row<'_>| r.get(0))?;
        Ok(found > 0)
    }

    pub(crate) fn stays(&self, condition: &str, values: Vec<Value>, through: Option<i64>) -> Result<Vec<Stay>, Fault> {
        let (known, point) = match through {
            None => (format!("{condition} AND until IS NULL"), i64::MAX),
            Some(through) => {
                // A number, written out: it is ours.
                (format!("{condition} AND known <= {through} AND (until IS NULL OR until > {through})"), through)
            }
        };
        let mut tables = Tables::new(&self.connection)?;
        let sql = format!(
            "SELECT r.key, r.table_id, r.line, r.kinds, r.cells, r.sealed FROM source_row r
             WHERE r.key IN (SELECT key FROM derived_stay WHERE {known}) ORDER BY r.key, r.id DESC"
        );
        let found = gather(&self.vault, &mut tables, &sql, values)?;
        let mut out: Vec<Stay> = found
            .iter()
            .filter_map(|(key, rows)| {
                let entry = tables.as_known(rows, point)?;
                Some(Stay { mark: hex(key), person: hex(&person_of(&self.vault, key, &entry)), entry })
            })
            .collect();
        // The order of a list, not of digests.
        out.sort_by(|a, b| {
            let key = |s: &Stay| (s.entry.list.clone(), s.entry.number, s.entry.origin);
            key(a).cmp(&key(b)).then_with(|| a.mark.cmp(&b.mark))
        });
        Ok(out)
    }

    /// The project of a roster, for whoever may read the people on it.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn stay_project(&self, permit: &Permit<Read, Person>, code: &str) -> Result<Option<ProjectRow>, Fault> {
        self.one(permit.scope(), code)
    }

    /// Has a list of the insurer for any of a project's registrations been loaded?
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn stay_list_known(&self, project: &str) -> Result<bool, Fault> {
        Ok(self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM derived_registration r JOIN derived_stay s ON s.list = 'R:' || r.number
               WHERE r.project = ?1 AND s.until IS NULL)",
            [project],
            |r| r.get(0),
        )?)
    }

    /// The largest number on a project's roster, of entries struck out too: numbers are never used twice.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn stay_numbers(&self, project: &str) -> Result<u32, Fault> {
        let list = list_text(&ListOf::Project(project.to_owned()));
        let mut tables = Tables::new(&self.connection)?;
        let sql = "SELECT r.key, r.table_id, r.line, r.kinds, r.cells, r.sealed FROM source_row r
                   WHERE r.key IN (SELECT key FROM derived_stay WHERE list = ?) ORDER BY r.key, r.id DESC";
        let found = gather(&self.vault, &mut tables, sql, vec![Value::Text(list)])?;
        let numbers = found.iter().filter_map(|(_, rows)| tables.as_known(rows, i64::MAX)?.number);
        Ok(numbers.max().unwrap_or(0))
    }

    /// Digests of all stays as they are kept, and as they are made anew. Nothing is changed.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn stay_verify(&mut self) -> Result<(String, String), Fault> {
        let kept = self.stay_digest()?;
        let transaction = self.connection.transaction()?;
        rebuild(&transaction, &self.vault)?;
        let anew = digest(&transaction)?;
        transaction.rollback()?;
        Ok((kept, anew))
    }

    /// Digest of all stays: what a rebuild has to come to.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn stay_digest(&self) -> Result<String, Fault> {
        digest(&self.connection)
    }

    /// Makes all stays anew from the rows.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn stay_rebuild(&mut self) -> Result<(), Fault> {
        let transaction = self.connection.transaction()?;
        rebuild(&transaction, &self.vault)?;
        transaction.commit()?;
        Ok(())
    }
}
