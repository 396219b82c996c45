//! The people of a project: who is there on a day and covered, what is said about them, and what is taken away.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::export::Export as About;
use app::desk::roster::{self, Crew, Member, Report, Said, State, Untaken, crew_of};
use askama::Template;
use authz::{Action, Change, Export, Person, Read, Resource, may};
use kernel::Date;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use store::RosterDraft;

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    hari: String,
    diketahui: String,
    batal: Option<i64>,
    kabar: String,
}

struct Row {
    /// Mark of the site's own entry; empty for somebody only the insurer lists.
    mark: String,
    person: String,
    shown: String,
    nik: String,
    trade: String,
    from: String,
    to: String,
    reported: String,
    limit: String,
    state: String,
    lenient: String,
    why: String,
    /// Paid below the minimum: the sentence.
    low: String,
}

#[derive(Template)]
#[template(path = "roster.html")]
struct Page {
    f: Frame,
    here: String,
    code: String,
    name: String,
    vendor: String,
    line: String,
    day: String,
    today: String,
    known: String,
    state: String,
    told: String,
    undo: Option<i64>,
    trouble: String,
    there: Vec<Row>,
    others: Vec<Row>,
    pays: Vec<(String, String, String)>,
    chain: Vec<ChainLine>,
    labour: Option<LabourView>,
    /// Where its people come from, as shares; nothing for a few.
    origin: Vec<String>,
    may_change: bool,
    may_export: bool,
    knows_list: bool,
    drafts: Vec<RosterDraft>,
    typed: BTreeMap<String, String>,
}

/// Days of work beside what is usual.
struct LabourView {
    fit: String,
    said: String,
    whole: String,
    learned: String,
    replies: Vec<[String; 3]>,
    reasons: Vec<(&'static str, String)>,
}

/// A firm or foreman below the contractor.
struct ChainLine {
    name: String,
    depth: usize,
    said: String,
}

impl Page {
    /// What was typed into a field before, where it was not taken.
    fn was(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }
}

/// People shown who are not there on the day.
const OTHERS_MAX: usize = 200;

/// GET `/proyek/{code}/pekerja`
pub(crate) fn page(site: &Site, caller: &Caller, code: &str, asked: &Asked) -> Outcome {
    Ok(Answer::Page(shown(site, caller, code, asked, "", BTreeMap::new())?))
}

/// A day that has come, or today.
fn day_of(text: &str, today: Date) -> Date {
    text.parse::<Date>().ok().filter(|d| *d <= today).unwrap_or(today)
}

/// The people of a project, or that there is no such project for this person.
fn crew(site: &Site, caller: &Caller, code: &str, asked: &Asked) -> Result<Crew, Trouble> {
    let permit = caller.permit::<Read, Person>()?;
    let today = app::clock::today();
    let known = asked.diketahui.parse::<Date>().ok().filter(|d| *d < today);
    crew_of(&site.desk, &permit, code, day_of(&asked.hari, today), known)?.ok_or(Trouble::NotFound)
}

fn shown(
    site: &Site,
    caller: &Caller,
    code: &str,
    asked: &Asked,
    trouble: &str,
    typed: BTreeMap<String, String>,
) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Person>()?;
    let crew = crew(site, caller, code, asked)?;
    roster::note_look(&site.desk, &permit, &crew, &caller.asking.reference)?;
    let change = authz::permit::<Change, Person>(&caller.actor);
    let drafts = match &change {
        Some(permit) => site.desk.read(|s| s.roster_drafts(permit, code).map_err(Trouble::from))?,
        None => Vec::new(),
    };
    let f = Frame::of(site, caller, "roster-title", "/proyek");
    let names = change.is_some();
    let (there, others): (Vec<_>, Vec<_>) = crew.members.iter().enumerate().partition(|(_, m)| m.present);
    let row = |(at, m): &(usize, &Member)| row(&f, &crew, *at, m, names);
    let (count, uncovered) = crew.counts();
    let line = if crew.state.is_none() { "roster-line-outside" } else { "roster-line" };
    let arguments = [("there", count.to_string()), ("uncovered", uncovered.to_string())];
    let arguments: Vec<(&str, &str)> = arguments.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let page = Page {
        here: format!("/proyek/{code}/pekerja"),
        line: phrases::say_named(f.language, line, &arguments),
        day: crew.day.to_string(),
        today: app::clock::today().to_string(),
        known: asked.diketahui.clone(),
        state: crew.state.map_or_else(String::new, |s| s.name().to_owned()),
        told: if asked.kabar.is_empty() { String::new() } else { told(&f, &asked.kabar) },
        undo: asked.batal,
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        pays: pays(&f, &crew, &there, &site.desk.law),
        labour: labour_view(site, &permit, &f, &crew)?,
        origin: origin(&f, &crew)?,
        chain: roster::chain(&crew).into_iter().map(|l| chain_line(&f, l)).collect(),
        there: there.iter().map(row).collect(),
        others: others.iter().take(OTHERS_MAX).map(row).collect(),
        may_change: change.is_some(),
        may_export: may(&caller.actor, Action::Export, Resource::Person),
        knows_list: crew.knows_list,
        code: code.to_owned(),
        name: crew.project.name.clone(),
        vendor: crew.project.vendor.clone(),
        drafts,
        typed,
        f,
    };
    Ok(page.render()?)
}

/// What storing a list came to, out of the address that leads here.
fn told(f: &Frame, text: &str) -> String {
    let counts: Vec<&str> = text.split('.').collect();
    let [joined, changed, left, held] = counts.as_slice() else { return String::new() };
    if counts.iter().any(|c| c.is_empty() || c.len() > 5 || !c.bytes().all(|b| b.is_ascii_digit())) {
        return String::new();
    }
    let arguments = [("joined", *joined), ("changed", *changed), ("left", *left), ("held", *held)];
    phrases::say_named(f.language, "roster-stored", &arguments)
}

fn row(f: &Frame, crew: &Crew, at: usize, m: &Member, names: bool) -> Row {
    let entry = crew.entry(m);
    let day =
        |d: Option<Date>| d.filter(|d| *d != Date::MAX).map_or_else(|| "–".to_owned(), |d| f.date(&d.to_string()));
    let nik = match &entry.nik {
        Some(Ok(nik)) => nik.to_string(),
        Some(Err(_)) => f.t("roster-nik-damaged"),
        None => f.t("roster-nik-missing"),
    };
    let state = |s: Option<State>| s.map_or("", State::name).to_owned();
    Row {
        mark: if m.on_roster { crew.stays[m.entries[0]].mark.clone() } else { String::new() },
        person: crew.stays[m.entries[0]].person.clone(),
        shown: match (entry.name.bare.is_empty(), names) {
            (true, _) => f.t("roster-erased"),
            (_, true) => entry.name.bare.clone(),
            (_, false) => entry.name.initials(),
        },
        nik,
        trade: entry.trade.clone().unwrap_or_else(|| "–".to_owned()),
        from: day(m.stay.map(|s| s.from)),
        to: day(m.stay.map(|s| s.to)),
        reported: m.stay.map_or_else(
            || "–".to_owned(),
            |s| match s.reported {
                Report::On(on) => f.date(&on.to_string()),
                Report::Never => f.t("roster-reported-no"),
                Report::Unknown => f.t("roster-reported-unknown"),
            },
        ),
        limit: match (m.stay.map(|s| s.reported), m.limit) {
            (Some(Report::On(_)), _) | (_, None) => String::new(),
            (_, Some((strict, lenient))) if strict == lenient => day(Some(strict)),
            (_, Some((strict, lenient))) => {
                let arguments = [("strict", day(Some(strict))), ("lenient", day(Some(lenient)))];
                let arguments: Vec<(&str, &str)> = arguments.iter().map(|(k, v)| (*k, v.as_str())).collect();
                phrases::say_named(f.language, "roster-limits", &arguments)
            }
        },
        state: state(m.state),
        lenient: if m.lenient == m.state { String::new() } else { state(m.lenient) },
        why: f.word("roster-why-", m.why.name()),
        low: match crew.low[at] {
            Some((true, true)) => f.t("roster-wage-low"),
            Some((true, false)) => f.t("roster-wage-low-strict"),
            _ => String::new(),
        },
    }
}

/// Shares of people from the city by number and by address, as the picture of the day counts them.
fn origin(f: &Frame, crew: &Crew) -> Result<Vec<String>, Trouble> {
    let evidence: app::desk::evidence::Evidence =
        serde_json::from_str(&crew.project.body).map_err(|e| app::Fault(e.to_string()))?;
    let n = evidence.people.0;
    let share = |word: &str, part: u64, of: u64| {
        let arguments = [("part", f.u(&part)), ("of", f.u(&of))];
        let arguments: Vec<(&str, &str)> = arguments.iter().map(|(k, v)| (*k, v.as_str())).collect();
        (of >= app::desk::evidence::SMALL_GROUP).then(|| phrases::say_named(f.language, word, &arguments))
    };
    Ok([share("roster-origin-nik", n[2], n[1]), share("roster-origin-address", n[7], n[6])]
        .into_iter()
        .flatten()
        .collect())
}

/// None where nothing can be compared: then nothing is said.
fn labour_view(
    site: &Site,
    permit: &authz::Permit<Read, Person>,
    f: &Frame,
    crew: &Crew,
) -> Result<Option<LabourView>, Trouble> {
    let evidence: app::desk::evidence::Evidence =
        serde_json::from_str(&crew.project.body).map_err(|e| app::Fault(e.to_string()))?;
    let Some(l) = evidence.labour else { return Ok(None) };
    let replies = site.desk.read(|s| s.labour_replies(permit, &crew.project.code).map_err(Trouble::from))?;
    let n = |n: u64| f.u(&n);
    let percent = |ppm: i64| n((ppm / 10_000).unsigned_abs());
    let progress = if l.progress[0] == l.progress[1] {
        percent(l.progress[0])
    } else {
        format!("{}–{}", percent(l.progress[0]), percent(l.progress[1]))
    };
    let say = |name: &str, list: &[(&str, String)]| {
        let list: Vec<(&str, &str)> = list.iter().map(|(k, v)| (*k, v.as_str())).collect();
        phrases::say_named(f.language, name, &list)
    };
    let band = |b: [u64; 3]| [("low", n(b[0])), ("middle", n(b[1])), ("high", n(b[2]))];
    let mut so_far = band(l.so_far).to_vec();
    so_far.extend([("days", n(l.days)), ("progress", progress)]);
    Ok(Some(LabourView {
        said: say("labour-so-far", &so_far),
        whole: say("labour-whole", &band(l.whole)),
        learned: f.t1(if l.learned == 0 { "labour-prior" } else { "labour-learned" }, "count", &n(l.learned)),
        replies: replies
            .into_iter()
            .map(|r| [f.word("labour-reason-", &r.reason), r.text, format!("{}, {}", r.by, f.moment(&r.at))])
            .collect(),
        reasons: app::desk::labour::REASONS.iter().map(|r| (*r, f.word("labour-reason-", r))).collect(),
        fit: l.fit,
    }))
}

fn chain_line(f: &Frame, l: roster::Link) -> ChainLine {
    let counts = [("there", l.there), ("uncovered", l.uncovered)].map(|(name, n)| (name, f.u(&(n as u64))));
    let counts: Vec<(&str, &str)> = counts.iter().map(|(k, v)| (*k, v.as_str())).collect();
    ChainLine {
        said: phrases::say_named(f.language, "roster-chain-line", &counts),
        name: l.name,
        depth: l.depth.min(5),
    }
}

/// Who would pay after an accident on the day: each state met, the sentence, the article.
fn pays(f: &Frame, crew: &Crew, there: &[(usize, &Member)], law: &law::Law) -> Vec<(String, String, String)> {
    let mut met = BTreeSet::new();
    let mut out = Vec::new();
    for (_, m) in there {
        let Some(state) = m.state else { continue };
        let (sentence, article) = roster::payer(m.why, state, crew.day, law);
        if met.insert((state, m.why.name())) {
            let heading = format!("{}, {}", f.word("state-", state.name()), f.word("roster-why-", m.why.name()));
            out.push((heading, f.t(sentence), article));
        }
    }
    out
}

/// Several fields of one name.
type Fields = Vec<(String, String)>;

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
}

/// POST `/proyek/{code}/pekerja`: something said about people who stand there, or a person typed in.
pub(crate) fn say(site: &Site, caller: &Caller, code: &str, fields: &Fields) -> Outcome {
    let change = caller.permit::<Change, Person>()?;
    let read = caller.permit::<Read, Person>()?;
    let asked = Asked::default();
    let act = field(fields, "tindakan");
    if act == "tambah" {
        let cells: BTreeMap<String, String> = fields
            .iter()
            .filter(|(name, value)| roster::FIELDS.contains(&name.as_str()) && !value.trim().is_empty())
            .cloned()
            .collect();
        if cells.get("nama").is_none_or(|n| n.trim().is_empty()) {
            return Ok(Answer::Unaccepted(shown(site, caller, code, &asked, "roster-no-name", cells)?));
        }
        let by = phrases::say_named(caller.language(), "roster-typed", &[]);
        let id = roster::type_in(&site.desk, &change, code, &cells, &by)?.ok_or(Trouble::NotFound)?;
        return Ok(Answer::Go(format!("/proyek/{code}/pekerja/daftar/{id}")));
    }
    if act == "alasan" {
        let reply = (field(fields, "alasan"), field(fields, "isi"));
        return match app::desk::labour::reply(&site.desk, &change, code, reply, &caller.asking.reference)? {
            None => Err(Trouble::NotFound),
            Some(true) => Ok(Answer::Go(format!("/proyek/{code}/pekerja#wajar"))),
            Some(false) => {
                Ok(Answer::Unaccepted(shown(site, caller, code, &asked, "labour-no-reason", BTreeMap::new())?))
            }
        };
    }
    let day = field(fields, "hari").parse::<Date>().ok();
    let said = match (act, day) {
        ("keluar", Some(day)) => Said::Left(day),
        ("lapor", Some(day)) => Said::Reported(day),
        ("tetap", _) => Said::Stays,
        ("coret", _) => Said::Never,
        ("keluar" | "lapor", None) => {
            return Ok(Answer::Unaccepted(shown(site, caller, code, &asked, "roster-no-day", BTreeMap::new())?));
        }
        _ => return Err(Trouble::Bad("web-trouble-form")),
    };
    let marks: Vec<String> = fields.iter().filter(|(n, _)| n == "orang").map(|(_, v)| v.clone()).collect();
    if marks.is_empty() {
        // Somebody else's project is not told from one that is not there.
        return Ok(Answer::Unaccepted(shown(site, caller, code, &asked, "roster-nobody-chosen", BTreeMap::new())?));
    }
    match roster::say(&site.desk, (&read, &change), code, &marks, &said, &caller.asking.reference)? {
        Ok(file) => Ok(Answer::Go(format!("/proyek/{code}/pekerja?batal={file}"))),
        Err(Untaken::Unknown) => Err(Trouble::NotFound),
        Err(Untaken::Day) => {
            Ok(Answer::Unaccepted(shown(site, caller, code, &asked, "roster-wrong-day", BTreeMap::new())?))
        }
    }
}

/// POST `/proyek/{code}/pekerja/batal/{file}`: takes an act back.
pub(crate) fn take_back(site: &Site, caller: &Caller, code: &str, file: i64) -> Outcome {
    let permit = caller.permit::<Change, Person>()?;
    let by = caller.name();
    match roster::take_back(&site.desk, &permit, code, file, by, &caller.asking.reference)? {
        None => Err(Trouble::NotFound),
        Some(Ok(())) => Ok(Answer::Go(format!("/proyek/{code}/pekerja"))),
        Some(Err(_)) => Err(Trouble::Bad("roster-cannot-undo")),
    }
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// GET `/proyek/{code}/pekerja/kosong.xlsx`: an empty list to fill.
pub(crate) fn empty(_: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Change, Person>()?;
    Ok(Answer::File("daftar-pekerja.xlsx".to_owned(), XLSX, roster::empty_sheet(caller.language())?))
}

/// What is asked of an export.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AskedSheet {
    hari: String,
    semua: String,
}

/// GET `/proyek/{code}/pekerja/bpjs.xlsx`: who is to be reported, in the insurer's layout.
pub(crate) fn sheet(site: &Site, caller: &Caller, code: &str, asked: &AskedSheet) -> Outcome {
    let permit = caller.permit::<Export, Person>()?;
    let crew = crew(site, caller, code, &Asked { hari: asked.hari.clone(), ..Asked::default() })?;
    let all = asked.semua == "1";
    let (now, l) = (app::clock::now(), caller.language());
    let question = phrases::say_named(
        l,
        if all { "roster-export-all" } else { "roster-export-new" },
        &[("project", &crew.project.name), ("day", &app::words::long_date(crew.day, l))],
    );
    let about = About { language: l, by: caller.name(), question: &question, at: &now };
    let (bytes, people) = roster::insurer_sheet(&crew, all, &site.desk.law, &about)?;
    roster::note_export(&site.desk, &permit, code, people, &caller.asking.reference)?;
    let name = format!("data_tk_baru-{}-{}.xlsx", code.replace(':', "-"), crew.day);
    Ok(Answer::File(name, XLSX, bytes))
}
