//! Stored results of a run: dropped and rebuilt at will, to the same bytes.

use crate::db::{Appender, OptionalExtension, params};
use crate::{Fault, Store};

/// What a result depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunKey {
    /// The day assessed.
    pub as_of: String,
    /// Last table known.
    pub known: i64,
    /// Office, empty for all.
    pub agency: String,
    /// Fingerprint of the law.
    pub law: String,
}

/// A stored run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What it depends on.
    pub key: RunKey,
    /// Digest over its lines.
    pub digest: String,
}

impl Store {
    /// Stores a run's lines and digest. Returns false where the same run stood there already with
    /// the same digest and nothing was written.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn run_save(&mut self, run: &Run, lines: &[(&str, String)]) -> Result<bool, Fault> {
        let transaction = self.connection.transaction()?;
        let k = &run.key;
        let standing: Option<(i64, String)> = transaction
            .query_row(
                "SELECT id, digest FROM derived_run WHERE as_of = ?1 AND known = ?2 AND agency = ?3 AND law = ?4",
                params![k.as_of, k.known, k.agency, k.law],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .optional()?;
        if let Some((id, digest)) = standing {
            if digest == run.digest {
                return Ok(false);
            }
            transaction.execute("DELETE FROM derived_line WHERE run_id = ?1", [id])?;
            transaction.execute("DELETE FROM derived_run WHERE id = ?1", [id])?;
        }
        let id: i64 = transaction.query_row(
            "INSERT INTO derived_run (as_of, known, agency, law, digest) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
            params![k.as_of, k.known, k.agency, k.law, run.digest],
            |r| r.get(0),
        )?;
        let mut rows = Appender::new("derived_line", "run_id, kind, seq, body");
        for (seq, (kind, body)) in lines.iter().enumerate() {
            rows.append(&transaction, params![id, kind, seq as i64, body])?;
        }
        rows.flush(&transaction)?;
        transaction.commit()?;
        Ok(true)
    }

    /// All stored runs in order.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn run_list(&self) -> Result<Vec<Run>, Fault> {
        let mut statement =
            self.connection.prepare("SELECT as_of, known, agency, law, digest FROM derived_run ORDER BY id")?;
        let rows = statement.query_map([], |r| {
            Ok(Run {
                key: RunKey { as_of: r.get(0)?, known: r.get(1)?, agency: r.get(2)?, law: r.get(3)? },
                digest: r.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The stored lines of a run in order, for comparing with a rebuild.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn run_lines(&self, key: &RunKey) -> Result<Vec<(String, String)>, Fault> {
        let mut statement = self.connection.prepare(
            "SELECT l.kind, l.body FROM derived_line l JOIN derived_run r ON r.id = l.run_id
             WHERE r.as_of = ?1 AND r.known = ?2 AND r.agency = ?3 AND r.law = ?4 ORDER BY l.seq",
        )?;
        let rows =
            statement.query_map(params![key.as_of, key.known, key.agency, key.law], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Drops every derived row. Facts stay.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn derived_drop(&mut self) -> Result<(), Fault> {
        self.connection.execute_batch("DELETE FROM derived_line; DELETE FROM derived_run;")?;
        Ok(())
    }
}
