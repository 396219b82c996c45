//! Painting the picture: everything known, assessed today, laid out for pages. Thrown away and painted again,
//! it is the same to the byte.

use super::Desk;
use super::evidence::{
    DistrictFigures, Doubt, DoubtOption, Evidence, Found, Overview, Payment, PeopleCount, Registered, Sourced, Span,
};
use super::labour::Labours;
use crate::known::KnownCity;
use crate::report::basis;
use crate::{Fault, clock};
use assess::surge::{Surge, Works};
use assess::{Assessment, Finding, GroupLine, ProjectLine, Question, Standing};
use kernel::money::Rounding;
use kernel::{Date, Exact};
use law::Law;
use linkage::district::{District, Districts};
use linkage::kind::kind_of;
use linkage::projects::{Project, Stage};
use linkage::works::{By, Link};
use registers::records::Verdict;
use std::collections::{BTreeMap, BTreeSet};
use store::{FindingRow, JudgementRow, MatchRow, ProjectRow};

fn rupiah(value: Exact) -> Option<i64> {
    value.round(Rounding::HalfUp).map(|r| r.0)
}

fn day(date: Option<Date>) -> String {
    date.map_or_else(String::new, |d| d.to_string())
}

fn digits(text: Option<&str>) -> String {
    text.unwrap_or_default().chars().filter(char::is_ascii_digit).collect()
}

/// Is the picture of another day, of less than is known, or under other law?
pub fn is_stale(desk: &Desk, today: Date) -> Result<bool, Fault> {
    desk.read(|store| {
        let known = store.known_through(None)?;
        let standing = store.picture()?;
        Ok(standing.is_none_or(|p| p.as_of != today.to_string() || p.known != known || p.law != desk.law.fingerprint()))
    })
}

/// Paints the picture of a day and hangs it; the answer is its digest. `tell` hears projects done and in all.
///
/// # Errors
/// [`Fault`] of the database; the old picture stays then.
pub fn paint(desk: &Desk, as_of: Date, tell: &mut dyn FnMut(u64, u64)) -> Result<String, Fault> {
    let (city, reasons) = desk
        .read(|store| Ok::<_, Fault>((KnownCity::load(store, store.known_through(None)?)?, store.labour_reasons()?)))?;
    let payments = city.payments_by_project();
    let view = city.city(&payments);
    let assessment = assess::assess(&view, &desk.law, &Question { as_of, agency: None });
    let painter = Painter::new(&city, &assessment, reasons, as_of, &desk.law);
    // The order of the default list: rows are numbered in it.
    let mut lines: Vec<&ProjectLine<'_>> = assessment.lines.iter().collect();
    lines.sort_by_key(|l| (std::cmp::Reverse(l.ledger.uncovered()), l.project.code.as_str()));
    let total = lines.len() as u64;
    desk.write(|store| {
        let mut writer = store.picture_begin()?;
        for (i, line) in lines.iter().enumerate() {
            let (row, search) = painter.project(line)?;
            writer.project(&row, &search)?;
            for (number, kind) in painter.numbers(line) {
                writer.number(number, kind, &row.code)?;
            }
            for number in &line.registrations {
                writer.registration(number, &row.code)?;
            }
            if i % 500 == 0 {
                tell(i as u64, total);
            }
        }
        for (number, from, until) in &assessment.covers {
            writer.cover(number, &from.to_string(), &until.to_string())?;
        }
        for finding in &assessment.findings {
            writer.finding(&painter.finding_row(finding)?)?;
        }
        painter.doubts(|row, projects, search| Ok(writer.matching(row, projects, search)?))?;
        for row in painter.judgements()? {
            writer.judgement(&row)?;
        }
        let body = json(&painter.overview())?;
        let digest = writer.hang((&as_of.to_string(), &clock::now()), city.through, &desk.law.fingerprint(), &body)?;
        desk.painted.fetch_add(1, std::sync::atomic::Ordering::Release);
        Ok(digest)
    })
}

/// One project as it looked on a day, with what was known by the end of it. None where it was not known then.
/// Reads and links everything known then: seconds for a large city.
///
/// # Errors
/// [`Fault`] of the database.
pub fn as_known_on(desk: &Desk, code: &str, day: Date) -> Result<Option<ProjectRow>, Fault> {
    let (city, reasons) = desk.read(|store| {
        let through = crate::monev::known_through(store, Some(day))?;
        Ok::<_, Fault>((KnownCity::load(store, through)?, store.labour_reasons()?))
    })?;
    let payments = city.payments_by_project();
    let view = city.city(&payments);
    let assessment = assess::assess(&view, &desk.law, &Question { as_of: day, agency: None });
    let painter = Painter::new(&city, &assessment, reasons, day, &desk.law);
    let line = assessment.lines.iter().find(|l| l.project.code == code);
    line.map(|line| Ok(painter.project(line)?.0)).transpose()
}

/// Paints the picture of today where it is stale.
///
/// # Errors
/// [`Fault`] of the database.
pub fn refresh(desk: &Desk) -> Result<bool, Fault> {
    let today = clock::today();
    let stale = is_stale(desk, today)?;
    if stale {
        paint(desk, today, &mut |_, _| {})?;
    }
    Ok(stale)
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|e| Fault(e.to_string()))
}

struct Painter<'a> {
    city: &'a KnownCity,
    assessment: &'a Assessment<'a>,
    as_of: Date,
    law: &'a Law,
    /// Project index by code.
    index: BTreeMap<&'a str, usize>,
    links: BTreeMap<usize, Vec<&'a Link>>,
    findings: BTreeMap<&'a str, Vec<&'a Finding>>,
    determined: BTreeMap<&'a str, &'a registers::records::Determination>,
    premiums: BTreeMap<&'a str, Vec<&'a registers::records::PremiumPayment>>,
    treasury: BTreeMap<usize, Vec<&'a registers::records::TreasuryPayment>>,
    districts: Districts,
    labour: Labours,
}

impl<'a> Painter<'a> {
    fn new(
        city: &'a KnownCity,
        assessment: &'a Assessment<'a>,
        reasons: BTreeMap<String, String>,
        as_of: Date,
        law: &'a Law,
    ) -> Self {
        let labour = Labours::learn(assessment, city.place.as_deref(), reasons, as_of, law);
        let index = city.built.projects.iter().enumerate().map(|(i, p)| (p.code.as_str(), i)).collect();
        let mut links: BTreeMap<usize, Vec<&Link>> = BTreeMap::new();
        city.linked.links.iter().for_each(|l| links.entry(l.project).or_default().push(l));
        let mut findings: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for f in &assessment.findings {
            if let Some(project) = &f.project {
                findings.entry(project).or_default().push(f);
            }
        }
        let mut premiums: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        city.records.premiums.iter().for_each(|p| premiums.entry(p.number.as_str()).or_default().push(p));
        // Sorted by day, so the last one wins.
        let determined = city.records.determinations.iter().map(|d| (d.number.as_str(), d)).collect();
        let districts = Districts::new(&city.records.regions);
        let mut treasury: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for (payment, project) in city.records.treasury.iter().zip(&city.treasury) {
            if let Some(project) = project {
                treasury.entry(*project).or_default().push(payment);
            }
        }
        Self { city, assessment, as_of, law, index, links, findings, determined, premiums, treasury, districts, labour }
    }

    fn project(&self, line: &ProjectLine<'_>) -> Result<(ProjectRow, String), Fault> {
        let p = line.project;
        let evidence = self.evidence(line);
        let row = ProjectRow {
            id: 0,
            code: p.code.clone(),
            name: p.name.clone(),
            agency: p.agency.clone(),
            vendor: p.vendor.name.clone(),
            npwp: digits(p.vendor.npwp.as_deref()),
            year: p.year.map_or(0, i64::from),
            role: crate::report::role_name(p.role).to_owned(),
            stage: p.stage.name().to_owned(),
            state: if p.class.is_duty() { line.ledger.standing.name() } else { store::POSSIBLE }.to_owned(),
            counted: p.class.is_duty(),
            value: p.value.and_then(|v| rupiah(v.value)).unwrap_or(0),
            due: line.due.map_or(0, |d| d.0),
            uncovered: line.ledger.uncovered() as i64,
            worker_days: line.ledger.strict.known() as i64,
            deadline: day(line.deadline),
            gravest: line.findings.first().map_or_else(String::new, |c| c.name().to_owned()),
            findings: line.findings.len() as i64,
            kind: kind_of(&p.name).to_owned(),
            months: months(&line.ledger),
            officer: p.officer.clone().unwrap_or_default(),
            district: self.district(p).map_or_else(String::new, |d| d.name.clone()),
            started: day(line.started),
            prompt: match line.prompt {
                Some(true) => "yes",
                Some(false) => "no",
                None => "",
            },
            crew: line.reported.map(|[there, _]| there).filter(|n| *n > 0).or(line.heads.map(u64::from)).unwrap_or(0)
                as i64,
            ends: day(p.end.map(|d| d.value)),
            paid: self.paid(line),
            body: json(&evidence)?,
        };
        let mut search: Vec<&str> = vec![&p.name, &p.agency, &p.vendor.name, &p.code, &evidence.contract_number];
        search.extend(&line.registrations);
        let search = search.join(" ");
        Ok((row, search))
    }

    fn district(&self, project: &Project) -> Option<&District> {
        self.districts.of(&project.name, project.place.as_deref().unwrap_or_default())
    }

    fn district_figures(&self) -> Vec<DistrictFigures> {
        let lines = &self.assessment.lines;
        let groups = assess::group(lines, |line| self.district(line.project).map(|d| d.code.clone()));
        let groups: BTreeMap<String, [u64; 6]> = groups.into_iter().map(|g| (g.name.clone(), counts(&g))).collect();
        let figures = |d: &District| DistrictFigures {
            name: d.name.clone(),
            counts: groups.get(&d.code).copied().unwrap_or_default(),
            tile: d.tile,
            point: d.point,
        };
        self.districts.all.iter().map(figures).collect()
    }

    fn evidence(&self, line: &ProjectLine<'_>) -> Evidence {
        let p = line.project;
        let index = self.index.get(p.code.as_str()).copied();
        let date = |s: linkage::projects::Sourced<Date>| Sourced {
            value: s.value.to_string(),
            source: s.source.name().to_owned(),
        };
        let origin = |o| self.city.origin_text(o);
        let w = &line.ledger.strict;
        Evidence {
            place: p.place.clone().unwrap_or_default(),
            contract_number: p.contract_number.clone().unwrap_or_default(),
            plans: p.plans.clone(),
            packages: p.packages.iter().map(ToString::to_string).collect(),
            order: p.order_date.map(date),
            start: p.start.map(date),
            end: p.end.map(date),
            value: p.value.and_then(|v| {
                Some(Sourced { value: rupiah(v.value)?.to_string(), source: v.source.name().to_owned() })
            }),
            first_value: p.first_value.and_then(rupiah),
            addenda: p.addenda.iter().map(|a| (day(a.date), a.value.and_then(rupiah), day(a.end))).collect(),
            handover: day(p.handover),
            serves: p.serves.clone().unwrap_or_default(),
            heads: line.heads,
            spans: line
                .ledger
                .spans
                .iter()
                .map(|s| {
                    let (fact, date) = s.fact.parts();
                    Span {
                        from: s.from.to_string(),
                        to: s.to.to_string(),
                        days: s.days(),
                        state: s.state.name().to_owned(),
                        lenient: s.lenient.name().to_owned(),
                        fact: fact.to_owned(),
                        fact_date: day(date),
                        source: s.origin.map(origin).unwrap_or_default(),
                    }
                })
                .collect(),
            missing: line.ledger.missing.map_or_else(String::new, |m| m.name().to_owned()),
            worker_days: [w.by_roster, w.by_heads, w.days_without_heads],
            people: people_of(&line.people),
            reported: line.reported,
            labour: self.labour.of(line),
            registrations: index
                .and_then(|i| self.links.get(&i))
                .into_iter()
                .flatten()
                .map(|link| self.registered(link.registration, Some(link)))
                .collect(),
            treasury: self
                .payments(index)
                .map(|t| Payment {
                    date: day(t.date),
                    amount: t.value.and_then(rupiah).unwrap_or(0),
                    number: t.number.clone(),
                    text: t.description.clone(),
                    source: origin(t.origin),
                })
                .collect(),
            findings: self.findings.get(p.code.as_str()).into_iter().flatten().map(|f| self.found(f)).collect(),
            sources: p.origins.iter().map(|o| origin(*o)).collect(),
        }
    }

    /// Payments of the treasury for a project.
    fn payments(&self, index: Option<usize>) -> impl Iterator<Item = &'a registers::records::TreasuryPayment> {
        index.and_then(|i| self.treasury.get(&i)).into_iter().flatten().copied()
    }

    /// What the treasury paid for a project, and of it on days on which nobody was covered.
    fn paid(&self, line: &ProjectLine<'_>) -> [i64; 2] {
        let uncovered =
            |on: Date| line.ledger.spans.iter().any(|s| s.state.is_uncovered() && (s.from..=s.to).contains(&on));
        let mut out = [0i64; 2];
        for payment in self.payments(self.index.get(line.project.code.as_str()).copied()) {
            let amount = payment.value.and_then(rupiah).unwrap_or(0);
            out[0] = out[0].saturating_add(amount);
            if payment.date.is_some_and(uncovered) {
                out[1] = out[1].saturating_add(amount);
            }
        }
        out
    }

    /// Numbers under which other offices know a project.
    fn numbers<'s>(&'s self, line: &'s ProjectLine<'_>) -> impl Iterator<Item = (&'s str, &'static str)> {
        let p = line.project;
        let contract = p.contract_number.as_deref().map(|n| (n, "contract"));
        let packages = p.packages.iter().map(|n| (n.id.as_str(), "package"));
        let payments = self.payments(self.index.get(p.code.as_str()).copied());
        let paid = payments.map(|t| (t.number.as_str(), "payment"));
        contract.into_iter().chain(packages).chain(p.plans.iter().map(|n| (n.as_str(), "plan"))).chain(paid)
    }

    fn registered(&self, index: usize, link: Option<&Link>) -> Registered {
        let r = &self.city.records.registrations[index];
        let determined = self.determined.get(r.number.as_str());
        let payments: Vec<Payment> = self
            .premiums
            .get(r.number.as_str())
            .into_iter()
            .flatten()
            .map(|p| Payment {
                date: day(p.date),
                amount: p.amount.and_then(rupiah).unwrap_or(0),
                number: p.receipt.clone().unwrap_or_default(),
                text: String::new(),
                source: self.city.origin_text(p.origin),
            })
            .collect();
        Registered {
            number: r.number.clone(),
            name: r.name.clone(),
            firm: r.firm.clone(),
            order_number: r.order_number.clone().unwrap_or_default(),
            registered: day(r.registered),
            start: day(r.start),
            end: day(r.end),
            maintenance_end: day(r.maintenance_end),
            value: r.value.and_then(rupiah),
            heads: r.heads,
            due: determined.and_then(|d| d.amount).and_then(rupiah),
            paid: payments.iter().map(|p| p.amount).sum(),
            payments,
            by: link.map_or("", |l| by_name(l.by)).to_owned(),
            weight: link.map_or(0, |l| l.weight),
            bars: link.map(|l| bars(&l.bars)).unwrap_or_default(),
            source: self.city.origin_text(r.origin),
        }
    }

    fn found(&self, f: &Finding) -> Found {
        let (article, confidence) = basis(f, self.as_of, self.law);
        Found {
            code: f.code.name().to_owned(),
            mark: mark(f),
            since: day(f.since),
            amount: f.amount.map(|a| a.0),
            contested: f.contested,
            facts: f.facts.iter().map(|fact| (fact.name.to_owned(), fact.value.clone())).collect(),
            sources: f.origins.iter().map(|o| self.city.origin_text(*o)).collect(),
            basis: article,
            confidence: confidence.to_owned(),
        }
    }

    fn finding_row(&self, f: &Finding) -> Result<FindingRow, Fault> {
        let project = f.project.as_deref().and_then(|c| self.index.get(c)).map(|i| &self.city.built.projects[*i]);
        let fact = |name: &str| f.facts.iter().find(|x| x.name == name).map(|x| x.value.clone()).unwrap_or_default();
        Ok(FindingRow {
            id: 0,
            code: f.code.name().to_owned(),
            project: f.project.clone().unwrap_or_default(),
            registration: f.registration.clone().unwrap_or_default(),
            name: project.map_or_else(|| fact("name"), |p| p.name.clone()),
            agency: project.map_or_else(String::new, |p| p.agency.clone()),
            vendor: project.map_or_else(|| fact("firm"), |p| p.vendor.name.clone()),
            npwp: project.map_or_else(String::new, |p| digits(p.vendor.npwp.as_deref())),
            since: day(f.since),
            amount: f.amount.map_or(0, |a| a.0),
            contested: f.contested,
            mark: mark(f),
            standing: String::new(),
            officer: project.and_then(|p| p.officer.clone()).unwrap_or_default(),
            body: json(&self.found(f))?,
        })
    }

    /// Hands on every registration in doubt or without a project, with the projects it may be of and what a search
    /// looks at.
    fn doubts(
        &self,
        mut each: impl FnMut(&MatchRow, &[(String, String)], &str) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut hand = |registration: usize, state: &str, options: Vec<DoubtOption>| {
            let r = &self.city.records.registrations[registration];
            let codes: Vec<_> = options.iter().map(|o| (o.code.clone(), o.agency.clone())).collect();
            let agency = r.agency.clone().unwrap_or_default();
            let search = [&r.number, &r.name, &r.firm, &agency].map(String::as_str).join(" ");
            let body = json(&self.doubt(registration, options))?;
            let row = MatchRow { id: 0, registration: r.number.clone(), state: state.to_owned(), body };
            each(&row, &codes, &search)
        };
        for review in &self.city.linked.reviews {
            let options = review.options.iter().enumerate().map(|(i, (project, weight))| DoubtOption {
                weight: *weight,
                bars: if i == 0 { bars(&review.bars) } else { Vec::new() },
                ..self.option(*project)
            });
            hand(review.registration, "review", options.collect())?;
        }
        for registration in &self.city.linked.unmatched {
            hand(*registration, "unmatched", Vec::new())?;
        }
        Ok(())
    }

    fn doubt(&self, registration: usize, options: Vec<DoubtOption>) -> Doubt {
        let agency = self.city.records.registrations[registration].agency.clone().unwrap_or_default();
        Doubt { registration: self.registered(registration, None), agency, options }
    }

    /// A project as something to be chosen, without weight.
    fn option(&self, project: usize) -> DoubtOption {
        let p = &self.city.built.projects[project];
        DoubtOption {
            code: p.code.clone(),
            name: p.name.clone(),
            agency: p.agency.clone(),
            vendor: p.vendor.name.clone(),
            contract_number: p.contract_number.clone().unwrap_or_default(),
            value: p.value.and_then(|v| rupiah(v.value)),
            order: day(p.order_date.map(|d| d.value)),
            weight: 0,
            bars: Vec::new(),
        }
    }

    /// Pairs people decided on, with the last word of each.
    fn judgements(&self) -> Result<Vec<JudgementRow>, Fault> {
        let registrations = &self.city.records.registrations;
        let by_number: BTreeMap<&str, usize> =
            registrations.iter().enumerate().map(|(i, r)| (r.number.as_str(), i)).collect();
        let pairs =
            self.city.judgements.chunk_by(|a, b| (&a.registration, &a.project) == (&b.registration, &b.project));
        pairs
            .map(|versions| {
                let one = &versions[0];
                let mut said: Vec<(String, bool)> = Vec::new();
                for version in versions {
                    let by = version.by.clone().unwrap_or_default();
                    if said.iter().all(|(name, _)| *name != by) {
                        said.push((by, version.verdict == Verdict::Same));
                    }
                }
                let sides = (by_number.get(one.registration.as_str()), self.index.get(one.project.as_str()));
                let body = match sides {
                    (Some(r), Some(p)) => json(&self.doubt(*r, vec![self.option(*p)]))?,
                    _ => String::new(),
                };
                let draw = blake3::hash(format!("{}\n{}", one.registration, one.project).as_bytes()).to_hex();
                Ok(JudgementRow {
                    registration: one.registration.clone(),
                    project: one.project.clone(),
                    said,
                    draw: draw[..16].to_owned(),
                    body,
                })
            })
            .collect()
    }

    /// People by what their projects have in common, the most first.
    fn people(&self, of: impl Fn(&ProjectLine<'_>) -> Option<String>, most: usize) -> Vec<(String, PeopleCount)> {
        let mut groups: BTreeMap<String, assess::people::People> = BTreeMap::new();
        for line in self.assessment.lines.iter().filter(|l| l.project.class.is_duty() && l.people.all > 0) {
            if let Some(name) = of(line).filter(|name| !name.is_empty()) {
                *groups.entry(name).or_default() += line.people;
            }
        }
        let mut out: Vec<(String, PeopleCount)> = groups.into_iter().map(|(name, p)| (name, people_of(&p))).collect();
        out.sort_by(|a, b| (b.1.0[0], &a.0).cmp(&(a.1.0[0], &b.0)));
        out.truncate(most);
        out
    }

    fn people_by_district(&self) -> Vec<(String, PeopleCount)> {
        let groups = self.people(|line| self.district(line.project).map(|d| d.code.clone()), usize::MAX);
        let groups: BTreeMap<String, PeopleCount> = groups.into_iter().collect();
        let own = |d: &District| Some((d.name.clone(), *groups.get(&d.code)?));
        self.districts.all.iter().filter_map(own).collect()
    }

    /// The weeks to come, from contracts with a duty.
    fn surge(&self) -> Surge {
        let is_told = self.city.knowledge().registrations;
        let works = |line: &&ProjectLine<'_>| {
            let p = line.project;
            let index = self.index.get(p.code.as_str()).copied();
            let links = index.and_then(|i| self.links.get(&i)).into_iter().flatten();
            let registered = links.filter_map(|l| self.city.records.registrations[l.registration].registered).min();
            Works {
                start: line.started.or(p.start.map(|d| d.value)),
                end: p.end.map(|d| d.value),
                registered,
                // Linked without a day: nobody can tell how long it took.
                is_told: is_told && (registered.is_some() || line.registrations.is_empty()),
                payments: self.payments(index).filter_map(|t| t.date).collect(),
                state: match line.ledger.standing {
                    Standing::Now(state) if state.is_uncovered() => state.name(),
                    _ => "",
                },
            }
        };
        // A plan is no contract yet.
        let contracted = |l: &&ProjectLine<'_>| l.project.class.is_duty() && l.project.stage >= Stage::Contracted;
        let duties: Vec<&ProjectLine<'_>> = self.assessment.lines.iter().filter(contracted).collect();
        let waits = |l: &&&ProjectLine<'_>| l.registrations.is_empty() && l.deadline.is_some_and(|d| d >= self.as_of);
        let deadlines: Vec<Date> = duties.iter().filter(waits).filter_map(|l| l.deadline).collect();
        let works: Vec<Works> = duties.iter().map(works).collect();
        let told = ["jakon_pendaftaran", "sp2d"].map(|register| self.city.told(register));
        let span = (self.as_of, super::surge::horizon(self.as_of));
        assess::surge::surge(&works, &deadlines, span, told)
    }

    fn overview(&self) -> Overview {
        let a = self.assessment;
        let t = &a.totals;
        let days = |s: &Standing| match s {
            Standing::Now(state) => t.days.get(state).copied().unwrap_or(0),
            Standing::Ended | Standing::NotBegun => 0,
        };
        let sums = |w: &assess::protection::WorkerDays| [w.by_roster, w.by_heads, w.days_without_heads];
        let k = self.city.knowledge();
        let districts = self.district_figures();
        let missing = [("registrations", k.registrations), ("premiums", k.premiums), ("workers", k.workers)];
        Overview {
            projects: t.projects,
            states: Standing::ALL
                .iter()
                .map(|s| (s.name().to_owned(), t.by_standing.get(s).copied().unwrap_or(0), days(s)))
                .collect(),
            uncovered: t.uncovered_days,
            worker_days: sums(&t.workers_strict),
            worker_days_lenient: sums(&t.workers_lenient),
            agencies: a.agencies.iter().map(|g| (g.name.clone(), counts(g))).collect(),
            kinds: assess::group(&a.lines, |line| Some(kind_of(&line.project.name).to_owned()))
                .iter()
                .map(|g| (g.name.clone(), counts(g)))
                .collect(),
            without_district: t.projects - districts.iter().map(|d| d.counts[0]).sum::<u64>(),
            districts,
            people_agencies: self.people(|line| Some(line.project.agency.clone()), usize::MAX),
            people_districts: self.people_by_district(),
            people_vendors: self.people(|line| Some(line.project.vendor.name.clone()), VENDORS_MAX),
            labour: self.labour.figures(&a.lines),
            labour_reasons: self.labour.reasons(),
            place: self.city.place.clone().unwrap_or_default(),
            months: a.months.iter().map(|m| (m.year, m.month, [m.exposed, m.registering, m.window])).collect(),
            missing_lists: missing.into_iter().filter(|(_, has)| !has).map(|(name, _)| name.to_owned()).collect(),
            waiting: [self.city.linked.reviews.len() as u64, self.city.linked.unmatched.len() as u64],
            treasury_unmatched: self.city.treasury.iter().filter(|t| t.is_none()).count() as u64,
            tables: self.city.tables.len() as u64,
            rows: [self.city.rows_in, self.city.rows_placed()],
            surge: self.surge(),
            made_up: self.city.is_made_up(),
        }
    }
}

/// Months with a day without cover, each between commas.
fn months(ledger: &assess::Ledger) -> String {
    let mut all = BTreeSet::new();
    for span in ledger.spans.iter().filter(|s| s.state.is_uncovered()) {
        let mut from = span.from;
        while from <= span.to {
            all.insert((from.year(), from.month()));
            let Some(next) = kernel::date::next_day(from.last_of_month()) else { break };
            from = next;
        }
    }
    if all.is_empty() {
        return String::new();
    }
    all.iter().fold(",".to_owned(), |text, (year, month)| format!("{text}{year:04}-{month:02},"))
}

/// Contractors whose people are shown.
const VENDORS_MAX: usize = 50;

fn people_of(p: &assess::people::People) -> PeopleCount {
    PeopleCount([p.all, p.known, p.local, p.compared, p.below, p.below_lenient, p.told, p.resident])
}

fn counts(g: &GroupLine) -> [u64; 6] {
    [g.projects, g.exposed, g.covered, g.unknown, g.uncovered_days, g.worker_days]
}

/// Digest of a finding and the facts it rests on, without what grows by itself day by day.
fn mark(f: &Finding) -> String {
    let text = |o: &Option<String>| o.clone().unwrap_or_default();
    let mut parts = vec![f.code.name().to_owned(), text(&f.project), text(&f.registration), day(f.since)];
    parts.push(f.amount.map_or_else(String::new, |a| a.0.to_string()));
    parts.push(f.contested.to_string());
    parts.extend(f.facts.iter().filter(|x| !x.grows()).map(|x| format!("{}={}", x.name, x.value)));
    blake3::hash(parts.join("\n").as_bytes()).to_hex()[..32].to_owned()
}

fn by_name(by: By) -> &'static str {
    match by {
        By::Score => "score",
        By::Sum => "sum",
        By::Decision => "decision",
    }
}

fn bars(bars: &[linkage::Bar]) -> Vec<(String, String, i32)> {
    bars.iter().map(|b| (b.comparison.clone(), b.level.clone(), b.weight)).collect()
}
