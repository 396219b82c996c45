//! Is a roster believable? Days of people on it beside what projects of the kind and value usually have. Never a cut-off: whoever keeps the
//! list says why, and what is said teaches.

use super::evidence::Labour;
use super::{Desk, event, jobs};
use crate::{Fault, clock};
use assess::band::{Fit, Model, Works};
use assess::wage::Floor;
use assess::{Assessment, ProjectLine, Standing};
use authz::{Change, Permit, Person};
use kernel::Date;
use law::Law;
use linkage::kind::{all, kind_of};
use linkage::projects::Source;
use std::collections::BTreeMap;

/// Why a project has other days of work than usual, as it is kept.
pub const REASONS: [&str; 7] = ["machines", "prefab", "incomplete", "later", "family", "handwork", "other"];

/// A list that says of itself that it is incomplete teaches nothing.
const INCOMPLETE: &str = "incomplete";

/// Longest reply.
const TEXT_MAX: usize = 2_000;

/// Bands of a city's projects.
pub(super) struct Labours {
    model: Model,
    place: Option<String>,
    reasons: BTreeMap<String, String>,
    as_of: Date,
    law: Law,
}

/// A share is of a contract's value: an estimate is none.
fn works<'a>(line: &ProjectLine<'_>, kind: &'a str, month: i64) -> Option<Works<'a>> {
    let value = line.project.value.filter(|v| !matches!(v.source, Source::Estimate | Source::Budget))?;
    Some(Works { kind, value: value.value, month, days: line.people.days })
}

impl Labours {
    /// Learns from projects that have ended.
    pub(super) fn learn(
        assessment: &Assessment<'_>,
        place: Option<&str>,
        reasons: BTreeMap<String, String>,
        as_of: Date,
        law: &Law,
    ) -> Self {
        let mut out =
            Self { model: Model::default(), place: place.map(str::to_owned), reasons, as_of, law: law.clone() };
        let ended = assessment.lines.iter().filter(|l| l.project.class.is_duty());
        let ended = ended.filter(|l| l.ledger.standing == Standing::Ended);
        let told = ended.filter(|l| out.reasons.get(&l.project.code).is_none_or(|r| r != INCOMPLETE));
        let taught = told.filter_map(|l| works(l, kind_of(&l.project.name), out.month(l)?));
        let kinds: Vec<&str> = all().collect();
        out.model = Model::learn(taught, &kinds, &law.at(as_of));
        out
    }

    /// The minimum wage of a project's first day.
    fn month(&self, line: &ProjectLine<'_>) -> Option<i64> {
        let day = line.project.start.map_or(self.as_of, |d| d.value.min(self.as_of));
        let place = self.place.as_deref()?;
        Floor::of(place, day, &self.law).or_else(|| Floor::of(place, self.as_of, &self.law)).map(|f| f.month)
    }

    /// How a project's days stand; none where they cannot be compared.
    pub(super) fn of(&self, line: &ProjectLine<'_>) -> Option<Labour> {
        if line.people.days == 0 {
            return None;
        }
        let works = works(line, kind_of(&line.project.name), self.month(line)?)?;
        let band = self.model.band(&works)?;
        let progress = self.progress(line)?;
        let so_far = band.so_far(progress);
        Some(Labour {
            days: works.days,
            whole: [band.low, band.middle, band.high],
            so_far: [so_far.low, so_far.middle, so_far.high],
            progress: [progress.0, progress.1],
            learned: band.learned as u64,
            fit: so_far.fit(works.days).name().to_owned(),
        })
    }

    /// Progress between two measures: time elapsed, and works as payment minutes have them. Works rarely go evenly.
    fn progress(&self, line: &ProjectLine<'_>) -> Option<(i64, i64)> {
        const WHOLE: i64 = 1_000_000;
        let (start, end) = (line.project.start?.value, line.project.end?.value);
        if end <= self.as_of {
            return Some((WHOLE, WHOLE));
        }
        if self.as_of < start {
            return None;
        }
        let days = |to| i64::from(kernel::date::days_inclusive(start, to));
        let elapsed = days(self.as_of) * WHOLE / days(end);
        let minutes = line.project.minutes.iter().filter(|m| m.date.is_some_and(|d| d <= self.as_of));
        let measured = minutes.filter_map(|m| m.progress_ppm).max();
        Some(measured.map_or((elapsed, elapsed), |m| (elapsed.min(m), elapsed.max(m).min(WHOLE))))
    }

    /// Projects below, inside and above; finished ones inside the band the others teach, of how many.
    pub(super) fn figures(&self, lines: &[ProjectLine<'_>]) -> [u64; 5] {
        let mut out = [0; 5];
        for labour in lines.iter().filter(|l| l.project.class.is_duty()).filter_map(|l| self.of(l)) {
            let fit = [Fit::Below, Fit::Inside, Fit::Above].iter().position(|f| f.name() == labour.fit);
            if let Some(at) = fit {
                out[at] += 1;
            }
        }
        (out[3], out[4]) = self.model.held_out;
        out
    }

    /// Reasons given, the most frequent first.
    pub(super) fn reasons(&self) -> Vec<(String, u64)> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        self.reasons.values().for_each(|reason| *counts.entry(reason).or_default() += 1);
        let mut out: Vec<(String, u64)> = counts.into_iter().map(|(reason, n)| (reason.to_owned(), n)).collect();
        out.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
        out
    }
}

/// Keeps why a project has other days than usual. None where the project is not within the permit; false where the reply says nothing.
///
/// # Errors
/// [`Fault`] of the database.
pub fn reply(
    desk: &Desk,
    permit: &Permit<Change, Person>,
    project: &str,
    (reason, text): (&str, &str),
    request: &str,
) -> Result<Option<bool>, Fault> {
    let text = kernel::text::clean(text);
    let says = REASONS.contains(&reason) && text.chars().count() <= TEXT_MAX;
    if !says || reason == "other" && text.chars().count() < 5 {
        return Ok(Some(false));
    }
    let mut told = event(permit.actor(), "labour_reply", &format!("project:{project}"), request);
    reason.clone_into(&mut told.reason);
    let kept = desk.write(|s| s.labour_reply(permit, project, (reason, &text), &clock::now(), told))?;
    if kept {
        jobs::ask_picture(desk, permit.actor())?;
    }
    Ok(kept.then_some(true))
}
