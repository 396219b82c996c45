//! Commitment officers: counted without a name, named to whoever may see it.

use crate::db::{OptionalExtension, Row, Value, params_from_iter};
use crate::desk::Where;
use crate::{Fault, Store};
use authz::{Finding, Permit, Person, Read, Reveal, Scope};

impl Store {
    /// The initials of officers with a finding, by digest: what is shown before a name is asked for.
    ///
    /// # Errors
    /// [`Fault`] of the database, or a name of another key.
    pub fn officer_initials(
        &self,
        permit: &Permit<Read, Finding>,
        officers: &[String],
    ) -> Result<Vec<(String, String)>, Fault> {
        let found = officers.iter().map(|officer| Ok((officer, self.officer(permit.scope(), officer)?)));
        let found = found.collect::<Result<Vec<_>, Fault>>()?;
        Ok(found.into_iter().filter_map(|(officer, name)| Some((officer.clone(), initials(&name?)))).collect())
    }

    /// Findings of an officer's projects that nobody set aside, by rule, the most first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn officer_tally(&self, permit: &Permit<Read, Finding>, officer: &str) -> Result<Vec<(String, i64)>, Fault> {
        let mut w = Where::default();
        w.and("f.officer = ? AND d.released_at IS NULL", [Value::Text(officer.to_owned())]);
        w.within(permit.scope(), "f.");
        let sql = format!(
            "SELECT f.code, count(*) AS n FROM derived_finding f
             LEFT JOIN decision_finding d ON d.mark = f.mark AND d.kind <> 'answer' AND d.ended_at IS NULL{}
             GROUP BY f.code ORDER BY n DESC, f.code",
            w.text
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(w.values), |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// An officer's name; none where nobody is known under that digest, or only outside the scope. The caller notes in the
    /// audit trail who asked and what for.
    ///
    /// # Errors
    /// [`Fault`] of the database, or a name of another key.
    pub fn officer_name(&self, permit: &Permit<Reveal, Person>, officer: &str) -> Result<Option<String>, Fault> {
        self.officer(permit.scope(), officer)
    }

    fn officer(&self, scope: &Scope, officer: &str) -> Result<Option<String>, Fault> {
        let mut w = Where::default();
        w.and("o.officer = ?", [Value::Text(officer.to_owned())]);
        w.within(scope, "p.");
        let sql = format!(
            "SELECT o.name FROM derived_officer o JOIN derived_project p ON p.officer = o.officer{} LIMIT 1",
            w.text
        );
        let sealed: Option<Vec<u8>> = self
            .connection
            .prepare_cached(&sql)?
            .query_row(params_from_iter(w.values), |r: &Row<'_>| r.get(0))
            .optional()?;
        let Some(sealed) = sealed else { return Ok(None) };
        let name = String::from_utf8(self.vault.open(&sealed)?).map_err(|e| Fault::Damaged(e.to_string()))?;
        Ok(Some(name))
    }
}

/// First letters of the words of a name, without titles after a comma.
fn initials(name: &str) -> String {
    let own = name.split(',').next().unwrap_or(name);
    let letters = own.split_whitespace().filter_map(|w| w.chars().find(|c| c.is_alphabetic()));
    letters.map(|c| format!("{}.", c.to_uppercase())).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_tell_no_name() {
        assert_eq!(initials("budi santoso, S.T., M.T."), "B. S.");
        assert_eq!(initials("  "), "");
    }
}
