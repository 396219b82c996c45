//! Dashboards of one screen and one printed page: for the mayor, the assistant, the head of manpower, the head of the branch. Every number says where it comes from and opens to its list.

use super::city_map::MapView;
use super::surge::hours;
use super::{letters, overview};
use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::{Frame, percent};
use crate::site::Site;
use app::desk::coverage::{self, Segment};
use app::desk::evidence::Overview;
use app::desk::meeting::{self, change_text};
use app::desk::{accidents, surge, worklist};
use app::words;
use askama::Template;
use authz::{Accident, Complaint, Coverage, Figure, Letter, Meeting, Permit, Read, Scope, Worklist};

/// Rows of a table.
const ROWS: usize = 6;

/// Differences named: each is a sentence.
const TASKS: usize = 5;

/// Things counted at most; more are "that many at least".
const COUNTED: usize = 1_000;

/// The page behind all of them.
const HOME: &str = "/dasbor";

/// Whose.
const WHO: [&str; 4] = ["wali-kota", "asisten", "naker", "cabang"];

struct TileView {
    word: String,
    value: String,
    note: String,
    href: &'static str,
    source: String,
}

/// A small table: heads, and rows whose first cell opens to a list.
struct Small {
    title: String,
    href: &'static str,
    heads: Vec<String>,
    rows: Vec<(String, String, Vec<String>)>,
    none: String,
    source: String,
}

struct BarView {
    x: u64,
    height: u64,
    y: u64,
    title: String,
    label: String,
}

struct Bars {
    title: String,
    href: &'static str,
    bars: Vec<BarView>,
    width: u64,
    source: String,
}

enum Panel {
    Map,
    Table(Small),
    Bars(Bars),
}

#[derive(Template)]
#[template(path = "board.html")]
struct Page {
    f: Frame,
    is_empty: bool,
    who: &'static str,
    others: Vec<(&'static str, String)>,
    tiles: Vec<TileView>,
    panels: Vec<Panel>,
    m: MapView,
}

/// What a board is made of: read once, each part only where the reader may see it.
struct Made<'s> {
    site: &'s Site,
    caller: &'s Caller,
    f: &'s Frame,
    o: Overview,
    projects: String,
    coverage: Option<Covered>,
    promises: Option<Vec<meeting::PromiseRow>>,
    before: Option<(meeting::MeetingRow, meeting::Figures)>,
    spending: Vec<meeting::SpendingRow>,
}

struct Covered {
    figures: std::sync::Arc<coverage::Figures>,
    words: Vec<coverage::CoverageWord>,
}

impl<'s> Made<'s> {
    fn of(site: &'s Site, caller: &'s Caller, f: &'s Frame, o: Overview) -> Result<Self, Trouble> {
        let coverage = match authz::permit::<Read, Coverage>(&caller.actor) {
            Some(permit) => Some(Covered {
                figures: coverage::figures(&site.desk, &permit)?,
                words: site.desk.read(|s| s.coverage_words(&permit).map_err(Trouble::from))?,
            }),
            None => None,
        };
        let (mut promises, mut before, mut spending) = (None, None, Vec::new());
        if let Some(permit) = authz::permit::<Read, Meeting>(&caller.actor) {
            before = meeting::last(&site.desk, &permit)?;
            let read = |s: &store::Store| {
                Ok::<_, Trouble>((s.promise_list(&permit, None)?, s.spending_list(&permit, (true, 0), ROWS)?))
            };
            let (all, firms) = site.desk.read(read)?;
            promises = Some(all);
            spending = firms;
        }
        let projects = f.t1("board-source-projects", "day", &f.as_of);
        Ok(Self { site, caller, f, o, projects, coverage, promises, before, spending })
    }

    fn state(&self, name: &str) -> u64 {
        self.o.states.iter().find(|(n, ..)| n == name).map_or(0, |(_, n, _)| *n)
    }

    /// A page the reader may open: the dashboard, which is everybody's who is here, where that one is not theirs.
    fn open<'h>(&self, href: &'h str) -> &'h str {
        if self.f.leads(href) { href } else { HOME }
    }

    fn tile(&self, word: &str, value: String, note: String, href: &'static str, source: &str) -> TileView {
        let href = self.open(href);
        TileView { word: self.f.t(word), value, note, href, source: source.to_owned() }
    }

    /// How a count moved since the last meeting; nothing where there was none.
    fn since(&self, now: u64, then: impl Fn(&meeting::Figures) -> u64) -> String {
        let Some((row, figures)) = &self.before else { return String::new() };
        let change = change_text(now, then(figures), self.f.language);
        phrases::say_with(self.f.language, "board-since", &[("change", change), ("day", self.f.date(&row.day))])
    }

    fn exposed(&self) -> TileView {
        let n = self.state("exposed");
        let note = self.since(n, |x| x.state("exposed"));
        self.tile("web-today-exposed", self.f.u(&n), note, "/proyek?keadaan=exposed", &self.projects)
    }

    fn worker_days(&self) -> TileView {
        let n = self.o.worker_days[0] + self.o.worker_days[1];
        let note = self.since(n, |x| x.worker_days);
        self.tile("web-today-days", self.f.u(&n), note, "/dasbor", &self.projects)
    }

    fn project_days(&self) -> TileView {
        let note = self.since(self.o.uncovered, |x| x.uncovered);
        self.tile("web-dash-project-days", self.f.u(&self.o.uncovered), note, "/dasbor", &self.projects)
    }

    fn simple(&self, word: &str, state: &str, href: &'static str) -> TileView {
        let note = self.since(self.state(state), |x| x.state(state));
        self.tile(word, self.f.u(&self.state(state)), note, href, &self.projects)
    }

    /// The day a list of the insurer came last.
    fn insurer(&self, segment: Option<Segment>) -> String {
        let told = self.coverage.as_ref().map(|c| &c.figures.told);
        let day = told.and_then(|told| match segment {
            Some(segment) => told[segment as usize].clone(),
            None => told.iter().flatten().max().cloned(),
        });
        match day {
            Some(day) => self.f.t1("board-source-insurer", "day", &self.f.date(&day)),
            None => self.f.t("board-source-insurer-none"),
        }
    }

    fn people(&self) -> Option<TileView> {
        let now = self.coverage.as_ref()?.figures.months.last()?;
        let said = [("registered", self.f.u(&now.registered)), ("known", self.f.u(&now.known))];
        let note = phrases::say_with(self.f.language, "board-people", &said);
        Some(self.tile("board-active", self.f.u(&now.active), note, "/cakupan", &self.insurer(None)))
    }

    /// The share of the first denominator that has one, against its target.
    fn share(&self) -> Option<TileView> {
        let c = self.coverage.as_ref()?;
        let all = coverage::against(&c.figures, &c.words);
        let a = all
            .iter()
            .find(|a| a.share.is_ok() && a.target.is_some())
            .or_else(|| all.iter().find(|a| a.share.is_ok()))?;
        let part = |ppm: i64| words::share_text(ppm, 1, self.f.language);
        let ratio = a.share.as_ref().ok()?;
        let note = match (&a.target, a.odds_ppm) {
            (Some((target, missing)), odds) => {
                let said = [("target", part(target.count)), ("missing", self.f.u(missing))];
                let target = phrases::say_with(self.f.language, "board-target", &said);
                let odds = odds.map(|ppm| self.f.t1("board-odds", "odds", &super::coverage::odds_text(self.f, ppm)));
                let odds = odds.unwrap_or_default();
                format!("{target} {odds}").trim().to_owned()
            }
            (None, _) => a.base.name.clone(),
        };
        let source = format!("{}, {}", a.base.source, self.f.date(&a.base.dated));
        Some(self.tile("board-share", part(ratio.ppm), note, "/cakupan", &source))
    }

    fn promises(&self) -> Option<TileView> {
        let today = app::clock::today().to_string();
        let all = self.promises.as_ref()?;
        let overdue = all.iter().filter(|p| meeting::standing(p, &today) == meeting::Standing::Overdue).count();
        let kept = all.iter().filter(|p| p.kept_on.is_some()).count();
        let said = [("kept", kept.to_string()), ("made", all.len().to_string())];
        let note = phrases::say_with(self.f.language, "meeting-kept-of", &said);
        Some(self.tile("board-overdue", self.f.u(&(overdue as u64)), note, "/rapat", &self.f.t("board-source-meeting")))
    }

    fn peak(&self) -> Result<Option<TileView>, Trouble> {
        if self.coverage.is_none() {
            return Ok(None);
        }
        let Some(outlook) = surge::outlook(&self.site.desk)? else { return Ok(None) };
        let Some(load) = outlook.peak.and_then(|i| outlook.loads.get(i)) else { return Ok(None) };
        let value = self.f.t1("surge-hours-of", "hours", &hours(self.f, load.minutes[0]));
        let note = self.f.t1("board-week", "day", &self.f.date(&load.week.monday));
        Ok(Some(self.tile("board-peak", value, note, "/akhir-tahun", &self.f.t("board-source-forecast"))))
    }

    fn cases(&self) -> Result<Vec<TileView>, Trouble> {
        let mut out = Vec::new();
        let desk = self.f.t("board-source-desk");
        if let Some(permit) = authz::permit::<Read, Complaint>(&self.caller.actor) {
            let rows = self.site.desk.read(|s| s.complaint_list(&permit, COUNTED).map_err(Trouble::from))?;
            let open = rows.iter().filter(|c| matches!(c.standing.as_str(), "received" | "taken")).count();
            out.push(self.tile("board-complaints", self.f.u(&(open as u64)), String::new(), "/aduan", &desk));
        }
        if let Some(permit) = authz::permit::<Read, Accident>(&self.caller.actor) {
            let files = self.site.desk.read(|s| s.accident_list(&permit, None, COUNTED).map_err(Trouble::from))?;
            let unreported = files.iter().filter(|(_, steps)| accidents::facts(steps).stage_one.is_none()).count();
            let note = self.f.t1("board-accidents-all", "count", &self.f.u(&(files.len() as u64)));
            out.push(self.tile("board-accidents", self.f.u(&(unreported as u64)), note, "/kecelakaan", &desk));
        }
        if authz::permit::<Read, Letter>(&self.caller.actor).is_none() {
            return Ok(out);
        }
        let [write, drafts, answered] = letters::waiting(self.site, self.caller)?;
        let said = [("drafts", self.f.u(&drafts)), ("answers", self.f.u(&answered))];
        let note = phrases::say_with(self.f.language, "board-letters-note", &said);
        out.push(self.tile("board-letters", self.f.u(&write), note, "/surat", &desk));
        Ok(out)
    }

    /// What an hour of the work list wins, by rank and by lot.
    fn hour(&self) -> Result<Option<TileView>, Trouble> {
        let Some(permit) = authz::permit::<Read, Worklist>(&self.caller.actor) else { return Ok(None) };
        let e = worklist::experience(&self.site.desk, &permit)?;
        let hourly = |s: &worklist::Sum| s.hourly().map_or_else(|| "–".to_owned(), |n| self.f.tenths(n));
        let note = self.f.t1("board-lot", "days", &hourly(&e.compared.random));
        Ok(Some(self.tile("board-hour", hourly(&e.compared.ranked), note, "/kerja", &self.f.t("board-source-desk"))))
    }

    fn agencies(&self) -> Panel {
        let then = self.before.as_ref().map(|(_, figures)| figures);
        let mut rows: Vec<_> = self.o.agencies.iter().filter(|(_, n)| n[1] > 0).collect();
        rows.sort_by(|a, b| (b.1[4], &a.0).cmp(&(a.1[4], &b.0)));
        let row = |(name, n): &(String, [u64; 6])| {
            let change = then.and_then(|t| t.agency(name)).map(|[_, days]| change_text(n[4], days, self.f.language));
            let href = format!("/proyek?keadaan=exposed&dinas={}", percent(name));
            (name.clone(), href, vec![self.f.u(&n[1]), self.f.u(&n[4]), change.unwrap_or_else(|| "–".to_owned())])
        };
        Panel::Table(Small {
            title: self.f.t("web-dash-agencies"),
            href: "/dasbor",
            heads: ["web-col-agency", "state-exposed", "web-col-uncovered", "board-change"]
                .map(|w| self.f.t(w))
                .to_vec(),
            rows: rows.into_iter().take(ROWS).map(row).collect(),
            none: self.f.t("web-today-none"),
            source: self.projects.clone(),
        })
    }

    fn kinds(&self) -> Panel {
        let mut rows: Vec<_> = self.o.kinds.iter().filter(|(_, n)| n[1] > 0).collect();
        rows.sort_by(|a, b| (b.1[4], &a.0).cmp(&(a.1[4], &b.0)));
        let row = |(kind, n): &(String, [u64; 6])| {
            let href = format!("/proyek?keadaan=exposed&jenis={}", percent(kind));
            (self.f.word("kind-", kind), href, vec![self.f.u(&n[1]), self.f.u(&n[4])])
        };
        Panel::Table(Small {
            title: self.f.t("web-dash-kinds"),
            href: "/dasbor",
            heads: ["web-col-kind", "state-exposed", "web-col-uncovered"].map(|w| self.f.t(w)).to_vec(),
            rows: rows.into_iter().take(ROWS).map(row).collect(),
            none: self.f.t("web-today-none"),
            source: self.projects.clone(),
        })
    }

    fn owners(&self) -> Option<Panel> {
        let today = app::clock::today().to_string();
        let row = |(owner, [made, kept, _, overdue]): (String, [u64; 4])| {
            (owner, "/rapat".to_owned(), [made, kept, overdue].iter().map(|n| self.f.u(n)).collect())
        };
        Some(Panel::Table(Small {
            title: self.f.t("meeting-owners"),
            href: "/rapat",
            heads: ["meeting-owner", "meeting-made", "meeting-kept", "meeting-overdue"].map(|w| self.f.t(w)).to_vec(),
            rows: meeting::by_owner(self.promises.as_ref()?, &today).into_iter().take(ROWS).map(row).collect(),
            none: self.f.t("board-no-promises"),
            source: self.f.t("board-source-meeting"),
        }))
    }

    fn firms(&self) -> Option<Panel> {
        self.promises.as_ref()?;
        let row = |(name, [_, value, _, covered, _, exposed, ..]): &meeting::SpendingRow| {
            let share = (i128::from(*covered) * 100).checked_div(i128::from(*value)).unwrap_or(0);
            let href = format!("/proyek?q={}", percent(name));
            (name.clone(), href, vec![self.f.rp(value), format!("{share} %"), self.f.n(exposed)])
        };
        Some(Panel::Table(Small {
            title: self.f.t("meeting-by-firm"),
            href: "/rapat",
            heads: ["web-col-vendor", "meeting-value", "board-covered", "meeting-exposed"]
                .map(|w| self.f.t(w))
                .to_vec(),
            rows: self.spending.iter().map(row).collect(),
            none: self.f.t("web-empty"),
            source: self.projects.clone(),
        }))
    }

    fn groups(&self) -> Option<Panel> {
        let c = self.coverage.as_ref()?;
        let row = |(name, n): &(String, [u64; 3])| {
            Some((name.clone(), "/rentan".to_owned(), super::coverage::shown(self.f, n)?.to_vec()))
        };
        Some(Panel::Table(Small {
            title: self.f.t("web-nav-vulnerable"),
            href: "/rentan",
            heads: ["board-group", "coverage-known", "coverage-registered", "coverage-active"]
                .map(|w| self.f.t(w))
                .to_vec(),
            rows: c.figures.groups.iter().filter_map(row).take(ROWS).collect(),
            none: self.f.t("coverage-empty"),
            source: self.insurer(Some(Segment::NonWaged)),
        }))
    }

    fn segments(&self) -> Option<Panel> {
        let c = self.coverage.as_ref()?;
        let now = c.figures.months.last()?;
        let row = |(i, s): (usize, &Segment)| {
            let told = c.figures.told[i].as_ref();
            let count = |n: u64| told.map_or_else(|| "?".to_owned(), |_| self.f.u(&n));
            let day = told.map_or_else(|| "–".to_owned(), |day| self.f.date(day));
            let cells = vec![count(now.registered_by[i]), count(now.active_by[i]), day];
            (self.f.word("segment-", s.name()), "/cakupan".to_owned(), cells)
        };
        Some(Panel::Table(Small {
            title: self.f.t("board-segments"),
            href: "/cakupan",
            heads: ["board-segment", "coverage-registered", "coverage-active", "board-list"]
                .map(|w| self.f.t(w))
                .to_vec(),
            rows: Segment::ALL.iter().enumerate().map(row).collect(),
            none: String::new(),
            source: self.insurer(None),
        }))
    }

    fn todo(&self) -> Option<Panel> {
        let c = self.coverage.as_ref()?;
        let row = |t: &coverage::Todo| {
            let (said, page) = super::coverage::todo_view(self.f, t);
            (said, page.to_owned(), vec![self.f.u(&t.count)])
        };
        Some(Panel::Table(Small {
            title: self.f.t("coverage-todo"),
            href: "/cakupan",
            heads: [self.f.t("board-difference"), self.f.t("board-people-short")].to_vec(),
            rows: coverage::todo(&c.figures, &c.words).iter().take(TASKS).map(row).collect(),
            none: self.f.t("coverage-todo-none"),
            source: self.insurer(None),
        }))
    }

    fn bars(&self, title: &str, href: &'static str, all: &[(String, u64)], source: String) -> Panel {
        const HEIGHT: u64 = 120;
        const STEP: u64 = 34;
        let most = all.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
        let every = all.len().div_ceil(5).max(1);
        let bar = |(i, (label, n)): (usize, &(String, u64))| {
            let height = n * HEIGHT / most;
            BarView {
                x: i as u64 * STEP + 4,
                y: HEIGHT - height,
                height,
                title: format!("{label}: {}", self.f.u(n)),
                label: if i % every == 0 { label.clone() } else { String::new() },
            }
        };
        Panel::Bars(Bars {
            title: self.f.t(title),
            href,
            bars: all.iter().enumerate().map(bar).collect(),
            width: all.len() as u64 * STEP + 60,
            source,
        })
    }

    fn months(&self) -> Panel {
        const MONTHS: usize = 13;
        let all = &self.o.months[self.o.months.len().saturating_sub(MONTHS)..];
        let label = |year: i16, month: i8| format!("{} {year}", self.f.word("web-month-", &month.to_string()));
        let all: Vec<(String, u64)> = all.iter().map(|(y, m, n)| (label(*y, *m), n.iter().sum())).collect();
        self.bars("web-dash-months", "/dasbor", &all, self.projects.clone())
    }

    fn active(&self) -> Option<Panel> {
        let c = self.coverage.as_ref()?;
        let months = &c.figures.months[c.figures.months.len().saturating_sub(coverage::SHOWN)..];
        let label = |m| super::coverage::month_words(self.f, &coverage::month_text(m));
        let all: Vec<(String, u64)> = months.iter().map(|m| (label(m.month), m.active)).collect();
        Some(self.bars("board-months-active", "/cakupan", &all, self.insurer(None)))
    }

    fn board(&self, who: &str) -> Result<(Vec<TileView>, Vec<Panel>), Trouble> {
        let mut tiles: Vec<TileView> = Vec::new();
        let mut panels: Vec<Panel> = Vec::new();
        match who {
            "wali-kota" => {
                tiles.extend([self.worker_days(), self.exposed()]);
                tiles.extend([self.people(), self.share(), self.promises(), self.peak()?].into_iter().flatten());
                panels.extend([Panel::Map, self.months(), self.agencies()]);
            }
            "asisten" => {
                tiles.extend([
                    self.exposed(),
                    self.project_days(),
                    self.simple("board-covered-projects", "covered", "/proyek?keadaan=covered"),
                ]);
                tiles.extend([self.share(), self.promises(), self.peak()?].into_iter().flatten());
                panels.push(self.agencies());
                panels.extend([self.owners(), self.firms()].into_iter().flatten());
            }
            "naker" => {
                tiles.extend([self.exposed(), self.simple("web-today-window", "window", "/proyek?keadaan=window")]);
                tiles.extend(self.cases()?);
                tiles.extend(self.hour()?);
                panels.push(Panel::Map);
                panels.extend(self.groups());
                panels.push(self.kinds());
            }
            _ => {
                tiles.push(self.simple("board-unpaid", "registering", "/proyek?keadaan=registering"));
                let count = |n: u64| self.f.u(&n);
                tiles.push(self.tile(
                    "board-pairs",
                    count(self.o.waiting[0]),
                    self.f.t1("board-unmatched", "count", &count(self.o.waiting[1])),
                    "/pasangan",
                    &self.projects,
                ));
                tiles.extend([self.people(), self.share()].into_iter().flatten());
                tiles.extend([self.exposed(), self.worker_days()]);
                panels.extend([self.segments(), self.todo(), self.active()].into_iter().flatten());
            }
        }
        tiles.truncate(6);
        for panel in &mut panels {
            match panel {
                Panel::Map => {}
                Panel::Bars(bars) => bars.href = self.open(bars.href),
                Panel::Table(table) => {
                    table.href = self.open(table.href);
                    table.rows.iter_mut().filter(|(_, href, _)| !self.f.leads(href)).for_each(|row| {
                        HOME.clone_into(&mut row.1);
                    });
                }
            }
        }
        Ok((tiles, panels))
    }
}

/// No further than the reader reaches: the city's sums are public, lines of agencies and districts are not all theirs.
pub(crate) fn within(permit: &Permit<Read, Figure>, o: &mut Overview) {
    match permit.scope() {
        Scope::Agencies(own) => o.agencies.retain(|(name, _)| own.contains(name)),
        Scope::Districts(own) => {
            o.agencies.clear();
            o.districts.retain(|d| own.contains(&d.name));
        }
        Scope::City | Scope::Vendors(_) | Scope::Projects(_) => {}
    }
}

/// GET `/dasbor/satu/{who}`
pub(crate) fn page(site: &Site, caller: &Caller, who: &str) -> Outcome {
    let permit = caller.permit::<Read, Figure>()?;
    let who = WHO.into_iter().find(|w| *w == who).ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, &format!("board-{who}"), "/dasbor");
    let found = overview(site)?;
    let is_empty = found.is_none();
    let mut o = found.unwrap_or_default();
    within(&permit, &mut o);
    let m = MapView::of(site, &o.districts)?;
    let (tiles, panels) =
        if is_empty { (Vec::new(), Vec::new()) } else { Made::of(site, caller, &f, o)?.board(who)? };
    let others = WHO.iter().map(|w| (*w, f.t(&format!("board-{w}")))).collect();
    Ok(Answer::Page(Page { is_empty, who, others, tiles, panels, m, f }.render()?))
}
