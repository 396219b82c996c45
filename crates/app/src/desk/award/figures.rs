//! Figures of the ledger an award may ask for: each with its value in words, the page it opens to, its day, and a digest of what was said.

use crate::desk::Desk;
use crate::desk::coverage::{self, Segment};
use crate::desk::evidence::Overview;
use crate::{Fault, Language, clock, words};
use authz::{Award, Coverage, Permit, Read};
use kernel::{Exact, Rupiah};
use phrases::say_with;
use store::AwardCount;

kernel::named! {
    /// A figure.
    Figure {
        /// Projects by state today.
        Projects = "projects",
        /// Uncovered worker-days.
        WorkerDays = "worker_days",
        /// Value of construction of the year, and that of projects covered today.
        Value = "value",
        /// People on any list, on one of the insurer, covered.
        PeopleActive = "people_active",
        /// Covered as waged.
        Waged = "active_waged",
        /// Covered as not waged.
        NonWaged = "active_non_waged",
        /// Covered by a project.
        Construction = "active_construction",
        /// Covered as migrant workers.
        Migrants = "active_migrants",
        /// Share of each denominator, with its source.
        Coverage = "coverage",
        /// Vulnerable workers by group.
        Groups = "groups",
        /// Rules of the city in its own layer of the law.
        Rules = "rules",
        /// Letters released.
        Letters = "letters",
        /// Meetings, and promises kept.
        Meetings = "meetings",
        /// Workshops, who attended, certificates.
        Trainings = "trainings",
        /// Steps before a gate, and slips.
        Gates = "gates",
        /// Gifts, and who was paid for.
        Donations = "donations",
        /// Visits of the outreach car, and who was enrolled.
        Outreach = "outreach",
        /// Accidents told.
        Accidents = "accidents",
        /// Complaints.
        Complaints = "complaints",
    }
}

/// What answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it says, in the reader's language.
    pub text: String,
    /// Where it opens to.
    pub href: &'static str,
    /// Day it is of, ISO.
    pub as_of: String,
    /// SHA-256 of figure, day and numbers, in hex: the same in every language.
    pub sha256: String,
}

/// What figures are read from, once for all of them.
pub(super) struct Sources<'d> {
    desk: &'d Desk,
    permit: &'d Permit<Read, Award>,
    year: i64,
    language: Language,
    as_of: String,
    overview: Overview,
    coverage: Option<(std::sync::Arc<coverage::Figures>, Vec<coverage::CoverageWord>)>,
}

impl<'d> Sources<'d> {
    pub(super) fn of(
        desk: &'d Desk,
        (permit, coverage): (&'d Permit<Read, Award>, Option<&Permit<Read, Coverage>>),
        year: i64,
        language: Language,
    ) -> Result<Self, Fault> {
        let picture = desk.read(|s| s.picture().map_err(Fault::from))?;
        let (as_of, overview) = match &picture {
            Some(p) => (p.as_of.clone(), serde_json::from_str(&p.body).map_err(|e| Fault(e.to_string()))?),
            None => (String::new(), Overview::default()),
        };
        let coverage = match coverage {
            Some(read) => {
                let figures = coverage::figures(desk, read)?;
                let said = desk.read(|s| s.coverage_words(read).map_err(Fault::from))?;
                Some((figures, said))
            }
            None => None,
        };
        Ok(Self { desk, permit, year, language, as_of, overview, coverage })
    }

    fn count(&self, count: AwardCount) -> Result<u64, Fault> {
        let n = self.desk.read(|s| s.award_count(self.permit, count, self.year).map_err(Fault::from))?;
        Ok(u64::try_from(n).unwrap_or(0))
    }

    fn n(&self, count: u64) -> String {
        words::count_text(count, self.language)
    }

    fn rupiah(&self, amount: u64) -> String {
        format!("Rp{}", words::rupiah_text(Rupiah(i64::try_from(amount).unwrap_or(i64::MAX)), self.language))
    }

    /// One answer: its sentence with counts, all of which go into the digest.
    fn one(&self, figure: Figure, href: &'static str, counts: &[(&'static str, u64)], money: bool) -> Vec<Found> {
        if counts.iter().all(|(_, n)| *n == 0) {
            return Vec::new();
        }
        let shown = |n: u64| if money { self.rupiah(n) } else { self.n(n) };
        let said: Vec<(&str, String)> = counts.iter().map(|(name, n)| (*name, shown(*n))).collect();
        let numbers: Vec<String> = counts.iter().map(|(name, n)| format!("{name}={n}")).collect();
        let text = say_with(self.language, &format!("award-said-{}", figure.name()), &said);
        vec![self.found(figure, href, text, &numbers.join("\n"))]
    }

    fn found(&self, figure: Figure, href: &'static str, text: String, numbers: &str) -> Found {
        // What the picture says is of its day; what this desk keeps is of today.
        let as_of = match figure {
            Figure::Projects | Figure::WorkerDays | Figure::Value => self.as_of.clone(),
            _ => clock::today().to_string(),
        };
        let sha256 = super::sha256(format!("{}\n{}\n{as_of}\n{numbers}", figure.name(), self.year).as_bytes());
        Found { text, href, as_of, sha256 }
    }

    /// The running month, and the day the list came that tells of it.
    fn month(&self, segment: Option<Segment>) -> Option<(&coverage::MonthLine, &str)> {
        let (figures, _) = self.coverage.as_ref()?;
        let told = match segment {
            Some(s) => figures.told[s as usize].as_deref()?,
            None => figures.told.iter().flatten().max()?.as_str(),
        };
        Some((figures.months.last()?, told))
    }

    /// People as they may go out of the house.
    fn people(&self, figure: Figure, segment: Option<Segment>) -> Vec<Found> {
        let Some((month, told)) = self.month(segment) else { return Vec::new() };
        let (all, segments) = coverage::open_counts(month);
        let [Some(registered), Some(active)] = segment.map_or(all, |s| segments[s as usize]) else { return Vec::new() };
        let mut counts = vec![("active", active), ("registered", registered)];
        if segment.is_none() {
            counts.push(("known", month.known));
        }
        let found = self.one(figure, "/cakupan", &counts, false);
        found.into_iter().map(|f| Found { as_of: told.to_owned(), ..f }).collect()
    }

    fn bases(&self) -> Vec<Found> {
        let Some((figures, words)) = &self.coverage else { return Vec::new() };
        // Where a share is withheld there is none to show.
        let shown = coverage::shares(figures, words).into_iter().filter_map(|(base, ppm)| Some((base, ppm?)));
        shown
            .map(|(base, ppm)| {
                let said = [
                    ("name", base.name.clone()),
                    ("share", words::percent_text(Exact::whole(ppm), self.language)),
                    ("source", base.source.clone()),
                    ("people", self.n(base.count.unsigned_abs())),
                ];
                let numbers = format!("{}\n{}\n{}\n{ppm}", base.name, base.source, base.count);
                let text = say_with(self.language, "award-said-coverage", &said);
                self.found(Figure::Coverage, "/cakupan", text, &numbers)
            })
            .collect()
    }

    fn groups(&self) -> Vec<Found> {
        let Some((figures, _)) = &self.coverage else { return Vec::new() };
        let group = |(name, n): &(String, [u64; 3])| {
            // A pack goes out of the house: no group is so small that it points at somebody.
            let [_, _, Some(_)] = coverage::guarded(n)? else { return None };
            let said = [("group", name.clone()), ("active", self.n(n[2])), ("known", self.n(n[0]))];
            let text = say_with(self.language, "award-said-groups", &said);
            Some(self.found(Figure::Groups, "/rentan", text, &format!("{name}\n{}\n{}", n[0], n[2])))
        };
        figures.groups.iter().filter_map(group).collect()
    }

    fn rules(&self) -> Vec<Found> {
        let mut out = Vec::new();
        for (path, parameter) in self.desk.law.parameters() {
            for period in &parameter.periods {
                let own = period.readings.iter().find(|r| r.layer.is_some());
                let Some(reading) = own.filter(|r| r.citation.instrument != "Payung") else { continue };
                let title = if self.language == Language::English { &parameter.title.en } else { &parameter.title.id };
                let from = words::long_date(period.from, self.language);
                let said = [("rule", title.clone()), ("instrument", reading.citation.to_string()), ("day", from)];
                let numbers = format!("{path}\n{}\n{}", period.from, reading.citation);
                let text = say_with(self.language, "award-said-rules", &said);
                out.push(self.found(Figure::Rules, "/hukum", text, &numbers));
            }
        }
        out
    }

    /// What answers a figure; nothing where nothing is known, or the reader may not see it.
    pub(super) fn answer(&self, figure: Figure) -> Result<Vec<Found>, Fault> {
        let state = |name: &str| self.overview.states.iter().find(|(n, ..)| n == name).map_or(0, |(_, n, _)| *n);
        let pair = |figure, href, a: (&'static str, AwardCount), b: (&'static str, AwardCount)| {
            Ok::<_, Fault>(self.one(figure, href, &[(a.0, self.count(a.1)?), (b.0, self.count(b.1)?)], false))
        };
        Ok(match figure {
            Figure::Projects => {
                let counts = [
                    ("all", self.overview.projects),
                    ("covered", state("covered")),
                    ("exposed", state("exposed")),
                    ("unknown", state("unknown")),
                ];
                self.one(figure, "/proyek", &counts, false)
            }
            Figure::WorkerDays => {
                let w = self.overview.worker_days;
                // None uncovered is an answer, where projects are known.
                if self.overview.projects == 0 {
                    return Ok(Vec::new());
                }
                let counts = [("days", w[0] + w[1]), ("without", w[2]), ("projects", self.overview.projects)];
                self.one(figure, "/dasbor", &counts, false)
            }
            Figure::Value => {
                let counts =
                    [("all", self.count(AwardCount::Value)?), ("covered", self.count(AwardCount::ValueCovered)?)];
                self.one(figure, "/rapat", &counts, true)
            }
            Figure::PeopleActive => self.people(figure, None),
            Figure::Waged => self.people(figure, Some(Segment::Waged)),
            Figure::NonWaged => self.people(figure, Some(Segment::NonWaged)),
            Figure::Construction => self.people(figure, Some(Segment::Construction)),
            Figure::Migrants => self.people(figure, Some(Segment::Migrant)),
            Figure::Coverage => self.bases(),
            Figure::Groups => self.groups(),
            Figure::Rules => self.rules(),
            Figure::Letters => self.one(figure, "/surat", &[("count", self.count(AwardCount::Letters)?)], false),
            Figure::Meetings => {
                let counts = [
                    ("meetings", self.count(AwardCount::Meetings)?),
                    ("made", self.count(AwardCount::Promises)?),
                    ("kept", self.count(AwardCount::PromisesKept)?),
                ];
                self.one(figure, "/rapat", &counts, false)
            }
            Figure::Trainings => {
                let counts = [
                    ("trainings", self.count(AwardCount::Trainings)?),
                    ("people", self.count(AwardCount::Trained)?),
                    ("certificates", self.count(AwardCount::Certificates)?),
                ];
                self.one(figure, "/bimtek", &counts, false)
            }
            Figure::Gates => pair(figure, "/gerbang", ("steps", AwardCount::Verdicts), ("slips", AwardCount::Slips))?,
            Figure::Donations => {
                let [given, paid, people, _] = self.desk.read(|s| s.aman_public().map_err(Fault::from))?;
                if given == 0 && paid == 0 {
                    return Ok(Vec::new());
                }
                let [given, paid, people] = [given, paid, people].map(|n| u64::try_from(n).unwrap_or(0));
                let said = [("given", self.rupiah(given)), ("paid", self.rupiah(paid)), ("people", self.n(people))];
                let text = say_with(self.language, "award-said-donations", &said);
                vec![self.found(figure, "/aman", text, &format!("{given}\n{paid}\n{people}"))]
            }
            Figure::Outreach => {
                pair(figure, "/mobil", ("visits", AwardCount::Visits), ("people", AwardCount::Enrolled))?
            }
            Figure::Accidents => {
                self.one(figure, "/kecelakaan", &[("count", self.count(AwardCount::Accidents)?)], false)
            }
            Figure::Complaints => self.one(figure, "/aduan", &[("count", self.count(AwardCount::Complaints)?)], false),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Figure;

    #[test]
    fn every_figure_has_its_words() {
        for figure in Figure::ALL {
            for prefix in ["award-figure-", "award-said-"] {
                let key = format!("{prefix}{}", figure.name());
                assert!(phrases::Key::find(&key).is_some(), "{key}");
            }
        }
    }
}
