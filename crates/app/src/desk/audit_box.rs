//! "Audit in a box": what was known, by which rules it was judged and what was said, in one sealed file.

use super::{Desk, event, letters};
use crate::{Fault, clock, signing};
use assess::gate::{Facts, Judged, Moment, Rule, judge};
use authz::{Gate, Permit, Read};
use std::collections::BTreeSet;
use std::io::Write;
use store::{VerdictRow, VerdictsAbout};
use verify::bundle::{About, Line, Writer};

/// Overrides and slips looked through for one verdict.
const OF_ONE: usize = 100;

/// What came of making a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// Lines before the seal.
    Lines(u64),
    /// There is nothing of that within the permit.
    Nothing,
    /// The letterhead says no city.
    NoCity,
}

/// Writes a bundle. That it was made stands in the trail. Memory: its verdicts.
///
/// # Errors
/// [`Fault`] of database or disk: then the file proves nothing, for want of its seal.
pub fn write<W: Write>(
    desk: &Desk,
    permit: &Permit<Read, Gate>,
    about: &About,
    out: W,
    request: &str,
) -> Result<(Made, Option<W>), Fault> {
    let today = clock::today();
    let city = letters::style(desk)?.lines.first().cloned().unwrap_or_default();
    if city.trim().is_empty() && signing::keys(&desk.home)?.is_none() {
        return Ok((Made::NoCity, None));
    }
    if !is_there(desk, permit, about)? {
        return Ok((Made::Nothing, None));
    }
    let (keys, key, secret) = signing::signer(&desk.home, &city, today)?;
    let mut told = event(permit.actor(), "evidence_bundle", "bundle", request);
    told.reason = match about {
        About::Project(code) => format!("project:{code}"),
        About::Agency(name) => format!("agency:{name}"),
        About::Year(year) => format!("year:{year}"),
    };
    desk.write(|s| s.audit(told).map_err(Fault::from))?;
    let mut writer = Writer::new(out);
    desk.read(|s| {
        let mut trail = audit::Chain::default();
        s.audit_all(&mut |e| trail = audit::Chain { entries: e.seq, head: e.hash })?;
        add(
            &mut writer,
            &Line::Head {
                version: 1,
                city: keys.city.clone(),
                about: about.clone(),
                at: clock::now(),
                law: desk.law.fingerprint(),
                audit: (trail.entries, trail.head),
            },
        )?;
        for f in s.gate_files(permit)? {
            add(&mut writer, &Line::File { id: f.id, name: f.name, bytes: f.bytes, at: f.at, digest: f.digest })?;
        }
        let mut projects = BTreeSet::new();
        if let About::Project(code) = about {
            projects.insert(code.clone());
            project(s, permit, code, &mut writer)?;
        }
        let mut rows: Vec<VerdictRow> = Vec::new();
        s.verdict_about(permit, &asked(about), &mut |row| {
            rows.push(row);
            Ok(())
        })?;
        for row in rows {
            if projects.insert(row.project.clone()) {
                project(s, permit, &row.project, &mut writer)?;
            }
            let id = row.id;
            add(
                &mut writer,
                &Line::Verdict {
                    id,
                    project: row.project,
                    moment: row.moment,
                    day: row.day,
                    at: row.at,
                    facts: row.facts,
                    rules: row.rules,
                    verdict: row.verdict,
                },
            )?;
            for o in s.override_list(permit, Some(id), OF_ONE)? {
                add(
                    &mut writer,
                    &Line::Override {
                        verdict: id,
                        reason: (o.reason, o.text),
                        until: o.until,
                        asked: (o.asked_by.0, o.asked_at),
                        outcome: o.outcome,
                    },
                )?;
            }
            for slip in s.slip_list(permit, (Some(id), None), OF_ONE)? {
                add(
                    &mut writer,
                    &Line::Slip { number: slip.number, verdict: id, text: slip.text, withdrawn: slip.withdrawn },
                )?;
            }
        }
        Ok::<_, Fault>(())
    })?;
    let (out, lines) =
        writer.seal((&keys.city, &today.to_string(), &key), &secret).map_err(|e| Fault(e.to_string()))?;
    Ok((Made::Lines(lines), Some(out)))
}

fn add<W: Write>(writer: &mut Writer<W>, line: &Line) -> Result<(), Fault> {
    writer.add(line).map_err(|e| Fault(e.to_string()))
}

fn asked(about: &About) -> VerdictsAbout<'_> {
    match about {
        About::Project(code) => VerdictsAbout::Project(code),
        About::Agency(name) => VerdictsAbout::Agency(name),
        About::Year(year) => VerdictsAbout::Year(*year),
    }
}

/// Is there anything to tell of? A project is told of without verdicts too.
fn is_there(desk: &Desk, permit: &Permit<Read, Gate>, about: &About) -> Result<bool, Fault> {
    desk.read(|s| {
        if let About::Project(code) = about {
            return Ok(s.gate_project(permit, code)?.is_some());
        }
        let mut any = false;
        s.verdict_about(permit, &asked(about), &mut |_| {
            any = true;
            Ok(())
        })?;
        Ok(any)
    })
}

fn project<W: Write>(
    store: &store::Store,
    permit: &Permit<Read, Gate>,
    code: &str,
    writer: &mut Writer<W>,
) -> Result<(), Fault> {
    let Some(p) = store.gate_project(permit, code)? else { return Ok(()) };
    add(
        writer,
        &Line::Project {
            code: p.code,
            name: p.name,
            agency: p.agency,
            vendor: p.vendor,
            state: p.state,
            evidence: p.body,
        },
    )
}

/// Does a verdict of a bundle come out the same from its own facts and rules?
pub fn comes_out(moment: &str, facts: &str, rules: &str, verdict: &str) -> bool {
    let again = || -> Option<String> {
        let facts: Facts = serde_json::from_str(facts).ok()?;
        let rules: Vec<Rule> = serde_json::from_str(rules).ok()?;
        let judged: Judged = judge(Moment::parse(moment)?, &facts, &rules);
        serde_json::to_string(&judged).ok()
    };
    again().as_deref() == Some(verdict)
}

/// The same for a row of the database.
pub(crate) fn row_comes_out(row: &VerdictRow) -> bool {
    comes_out(&row.moment, &row.facts, &row.rules, &row.verdict)
}
