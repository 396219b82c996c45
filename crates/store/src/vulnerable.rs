//! The lists of vulnerable workers, and cover of everybody on them from every side.

use crate::{Fault, Stay, Store, hex};
use authz::{Permit, Read, Vulnerable};

/// Days of somebody on another list: the person, the list (`O:donor`, `R:` or `P:`), first and last day as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElsewhereRow {
    /// The person, by digest.
    pub person: String,
    /// The list.
    pub list: String,
    /// First day; empty where unknown.
    pub joined: String,
    /// Last day; empty while there.
    pub left: String,
}

impl Store {
    /// Everybody on lists of vulnerable workers, as they stand.
    ///
    /// # Errors
    /// [`Fault`] of the database, or cells of another key.
    pub fn vulnerable_entries(&self, _: &Permit<Read, Vulnerable>) -> Result<Vec<Stay>, Fault> {
        self.stays("list >= 'V:' AND list < 'V;'", Vec::new(), None)
    }

    /// Everywhere else the same people stand, by digest.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn vulnerable_elsewhere(&self, _: &Permit<Read, Vulnerable>) -> Result<Vec<ElsewhereRow>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT person, list, joined, left_on FROM derived_stay
             WHERE until IS NULL AND NOT (list >= 'V:' AND list < 'V;')
               AND person IN (SELECT person FROM derived_stay WHERE until IS NULL AND list >= 'V:' AND list < 'V;')
             ORDER BY person, list, joined",
        )?;
        let mut rows = statement.query([])?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            let person: Vec<u8> = r.get(0)?;
            out.push(ElsewhereRow { person: hex(&person), list: r.get(1)?, joined: r.get(2)?, left: r.get(3)? });
        }
        Ok(out)
    }

    /// Was a table of a register ever loaded, and does it stand?
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn has_register(&self, register: &str) -> Result<bool, Fault> {
        Ok(self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM source_table t WHERE t.register = ?1
               AND NOT EXISTS (SELECT 1 FROM source_withdrawal w WHERE w.file_id = t.file_id))",
            [register],
            |r| r.get(0),
        )?)
    }

    /// What a picture of the lists depends on: changes with every import, withdrawal, erasure and change of an allotment.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn vulnerable_version(&self) -> Result<[i64; 4], Fault> {
        let one = |sql: &str| -> Result<i64, Fault> {
            Ok(self.connection.query_row(sql, [], |r| r.get::<_, Option<i64>>(0))?.unwrap_or(0))
        };
        let through = self.known_through(None)?;
        Ok([
            through,
            one("SELECT max(id) FROM ledger_entry")?,
            one("SELECT count(*) FROM erasure WHERE outcome = 'done'")?,
            one("SELECT sum(id + CASE outcome WHEN '' THEN 0 ELSE 1 END + CASE WHEN paid_at IS NULL THEN 0 ELSE 2 END
                   + CASE WHEN closed_at IS NULL THEN 0 ELSE 4 END) FROM allotment")?,
        ])
    }
}
