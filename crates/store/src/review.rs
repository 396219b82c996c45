//! Matches from the side of a project, and what several people said about one pair.

use crate::db::{Error, OptionalExtension, Row, Value, params, params_from_iter};
use crate::desk::{MatchRow, Where};
use crate::{Fault, Store};
use authz::{Decide, Match, Permit, Read};

/// A pair somebody decided on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JudgementRow {
    /// Insurer's number.
    pub registration: String,
    /// Project.
    pub project: String,
    /// The last word of each person, the newest first: who, and whether the same.
    pub said: Vec<(String, bool)>,
    /// Order in which others are asked: a digest of the pair, so that it tells nothing.
    pub draw: String,
    /// The pair side by side, JSON; empty where one side is not known.
    pub body: String,
}

const JUDGEMENT: &str = "SELECT j.registration, j.project, j.said, j.draw, j.body FROM derived_judgement j";

fn judgement(r: &Row<'_>) -> Result<(JudgementRow, String), Error> {
    let row = JudgementRow {
        registration: r.get(0)?,
        project: r.get(1)?,
        said: Vec::new(),
        draw: r.get(3)?,
        body: r.get(4)?,
    };
    Ok((row, r.get(2)?))
}

fn read_said((row, said): (JudgementRow, String)) -> Result<JudgementRow, Fault> {
    let said = serde_json::from_str(&said).map_err(|e| Fault::Damaged(e.to_string()))?;
    Ok(JudgementRow { said, ..row })
}

impl Store {
    /// Registrations that may be of a project: those that wait with it as an option, and, where words are asked, those
    /// without a project that hold all of them. `limit` of each at most.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn matches_for(
        &self,
        _permit: &Permit<Read, Match>,
        project: &str,
        words: &str,
        limit: usize,
    ) -> Result<(Vec<MatchRow>, Vec<MatchRow>), Fault> {
        const LISTED: &str = "SELECT m.id, m.registration, m.state, m.body FROM derived_match m";
        let read = |r: &Row<'_>| {
            let row = MatchRow { id: r.get(0)?, registration: r.get(1)?, state: r.get(2)?, body: r.get(3)? };
            Ok::<_, Error>(row)
        };
        let waiting = self
            .connection
            .prepare_cached(&format!(
                "{LISTED} JOIN derived_option o ON o.match_id = m.id WHERE o.project = ?1 ORDER BY m.id LIMIT ?2"
            ))?
            .query_map(params![project, limit as i64], read)?
            .collect::<Result<_, _>>()?;
        let mut w = Where::default();
        w.and("m.state = ?", [Value::Text("unmatched".to_owned())]);
        let lower = words.to_lowercase();
        let asked: Vec<&str> = lower.split_whitespace().take(WORDS_MAX).collect();
        if asked.is_empty() {
            return Ok((waiting, Vec::new()));
        }
        for word in asked {
            w.and("instr(m.words, ?) > 0", [Value::Text(word.to_owned())]);
        }
        w.values.push(Value::Integer(limit as i64));
        let found = self
            .connection
            .prepare_cached(&format!("{LISTED}{} ORDER BY m.id LIMIT ?", w.text))?
            .query_map(params_from_iter(w.values), read)?
            .collect::<Result<_, _>>()?;
        Ok((waiting, found))
    }

    /// Is this registration in doubt or without a project?
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn is_open_match(&self, _permit: &Permit<Decide, Match>, registration: &str) -> Result<bool, Fault> {
        let found: Option<i64> = self
            .connection
            .prepare_cached("SELECT 1 FROM derived_match WHERE registration = ?1 LIMIT 1")?
            .query_row([registration], |r| r.get(0))
            .optional()?;
        Ok(found.is_some())
    }

    /// Every pair people decided on, of the projects the permit reaches, without the sides.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn judgements(&self, permit: &Permit<Read, Match>) -> Result<Vec<JudgementRow>, Fault> {
        let mut w = Where::default();
        w.within(permit.scope(), "p.");
        let sql = format!(
            "SELECT j.registration, j.project, j.said, j.draw, '' FROM derived_judgement j
             LEFT JOIN derived_project p ON p.code = j.project{} ORDER BY j.registration, j.project",
            w.text
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        statement.query_map(params_from_iter(w.values), judgement)?.map(|row| read_said(row?)).collect()
    }

    /// A pair that one other person decided on and `reviewer` did not, the first drawn after `draw`; of the projects the
    /// permit reaches.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn second_look(
        &self,
        permit: &Permit<Decide, Match>,
        reviewer: &str,
        draw: &str,
    ) -> Result<Option<JudgementRow>, Fault> {
        let mut w = Where::default();
        let text = |t: &str| Value::Text(t.to_owned());
        w.and("j.people = 1 AND j.alone <> ? AND j.body <> '' AND j.draw > ?", [text(reviewer), text(draw)]);
        w.within(permit.scope(), "p.");
        let sql = format!("{JUDGEMENT} JOIN derived_project p ON p.code = j.project{} ORDER BY j.draw LIMIT 1", w.text);
        let found =
            self.connection.prepare_cached(&sql)?.query_row(params_from_iter(w.values), judgement).optional()?;
        found.map(read_said).transpose()
    }
}

/// Words of one search.
const WORDS_MAX: usize = 8;
