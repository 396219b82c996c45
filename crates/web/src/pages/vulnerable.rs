//! Vulnerable workers: groups in figures, months, and the list behind each figure. Initials only; a person's own page says more.

use crate::answer::{Answer, Outcome};
use crate::caller::Caller;
use crate::frame::{Frame, percent};
use crate::site::Site;
use app::desk::aman::group_label;
use app::desk::aman::lists::{Conflict, ENDING_DAYS, GroupCount, Lists, Somebody, Standing, lists};
use app::words;
use askama::Template;
use authz::{Action, Read, Resource, Vulnerable, may};
use serde::Deserialize;

/// People listed on a page.
const PAGE: usize = 100;

struct GroupRow {
    name: String,
    key: String,
    people: String,
    covered: String,
    open: String,
    ending: String,
    conflicts: String,
    share: u64,
}

struct MonthRow {
    name: String,
    listed: String,
    covered: String,
    unconfirmed: String,
    share: u64,
}

#[derive(Template)]
#[template(path = "vulnerable.html")]
struct Page {
    f: Frame,
    empty: bool,
    insurer_known: bool,
    tiles: Vec<(String, String, String, String)>,
    groups: Vec<GroupRow>,
    months: Vec<MonthRow>,
    standings: Vec<(String, String, String)>,
    conflicts: Vec<(String, String, String)>,
    limits: String,
    may_import: bool,
}

fn share(part: u64, of: u64) -> u64 {
    (part * 100).checked_div(of).unwrap_or(0)
}

fn covered(g: &GroupCount) -> u64 {
    g.standings.iter().filter(|(s, _)| s.is_covered()).map(|(_, n)| n).sum()
}

fn open(g: &GroupCount) -> u64 {
    g.standings.iter().filter(|(s, _)| s.is_open()).map(|(_, n)| n).sum()
}

fn months(f: &Frame, all: &GroupCount) -> Vec<MonthRow> {
    let row = |(month, n): &(kernel::Date, app::desk::aman::lists::MonthCount)| MonthRow {
        name: words::month_text(*month, f.language),
        listed: f.u(&n.listed),
        covered: f.u(&n.covered),
        unconfirmed: f.u(&n.unconfirmed),
        share: share(n.covered, n.listed),
    };
    all.months.iter().map(row).collect()
}

/// GET `/rentan`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Vulnerable>()?;
    let lists = lists(&site.desk, &permit)?;
    let f = Frame::of(site, caller, "vulnerable-title", "/rentan");
    let all = lists.all();
    let count = |s: Standing| all.standings.get(&s).copied().unwrap_or(0);
    let tile =
        |word: &str, n: u64, query: &str, note: String| (f.t(word), f.u(&n), format!("/rentan/daftar{query}"), note);
    let conflicted = lists.people.iter().filter(|p| !p.conflicts.is_empty()).count() as u64;
    let days = ENDING_DAYS.to_string();
    let tiles = vec![
        tile(
            "vulnerable-people",
            all.people,
            "",
            f.t1("vulnerable-groups-n", "count", &lists.groups().len().to_string()),
        ),
        tile(
            "vulnerable-covered",
            covered(all),
            "?keadaan=covered",
            f.t1("vulnerable-unconfirmed", "count", &f.u(&count(Standing::Paid))),
        ),
        tile("vulnerable-open", open(all), "?keadaan=open", String::new()),
        tile("vulnerable-ending", all.ending, "?keadaan=berakhir", f.t1("vulnerable-ending-days", "days", &days)),
        tile("vulnerable-conflicts", conflicted, "?keadaan=konflik", String::new()),
    ];
    let group = |g: &GroupCount| GroupRow {
        name: group_label(&g.group),
        key: percent(&g.group),
        people: f.u(&g.people),
        covered: f.u(&covered(g)),
        open: f.u(&open(g)),
        ending: f.u(&g.ending),
        conflicts: f.u(&g.conflicts),
        share: share(covered(g), g.people),
    };
    let by_conflict = |c: &Conflict| lists.people.iter().filter(|p| p.conflicts.contains(c)).count() as u64;
    let limits = [
        ("min", lists.rules.age_min.to_string()),
        ("max", lists.rules.age_max.to_string()),
        ("decile", lists.rules.decile_max.to_string()),
    ];
    let view = Page {
        empty: lists.people.is_empty(),
        insurer_known: lists.insurer_known,
        tiles,
        groups: lists.groups().iter().map(group).collect(),
        months: months(&f, all),
        standings: Standing::ALL
            .iter()
            .filter(|s| count(**s) > 0)
            .map(|s| (f.word("standing-", s.name()), f.u(&count(*s)), s.name().to_owned()))
            .collect(),
        conflicts: Conflict::ALL
            .iter()
            .filter(|c| by_conflict(c) > 0)
            .map(|c| (f.word("conflict-", c.name()), f.u(&by_conflict(c)), c.name().to_owned()))
            .collect(),
        limits: phrases::say_with(f.language, "vulnerable-limits", &limits),
        may_import: may(&caller.actor, Action::Change, Resource::Import),
        f,
    };
    Ok(Answer::Page(view.render()?))
}

/// What is asked of the list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    kelompok: String,
    keadaan: String,
    halaman: usize,
}

struct PersonRow {
    person: String,
    initials: String,
    groups: String,
    district: String,
    standing: String,
    is_good: bool,
    until: String,
    decile: String,
    conflicts: Vec<String>,
}

#[derive(Template)]
#[template(path = "vulnerable_list.html")]
struct List {
    f: Frame,
    a: Asked,
    groups: Vec<(String, String)>,
    choices: Vec<(String, String)>,
    rows: Vec<PersonRow>,
    count: String,
    before: Option<String>,
    after: Option<String>,
    may_open: bool,
}

fn wanted(s: &Somebody, asked: &Asked, lists: &Lists) -> bool {
    let group = asked.kelompok.is_empty() || s.facts.listings.iter().any(|l| l.group == asked.kelompok);
    let standing = match asked.keadaan.as_str() {
        "" => true,
        "berakhir" => s.is_ending(lists.as_of),
        "konflik" => !s.conflicts.is_empty(),
        "covered" => s.standing.is_covered(),
        "open" => s.standing.is_open(),
        name => {
            Standing::parse(name) == Some(s.standing) || Conflict::parse(name).is_some_and(|c| s.conflicts.contains(&c))
        }
    };
    group && standing
}

/// GET `/rentan/daftar`
pub(crate) fn list(site: &Site, caller: &Caller, asked: &Asked) -> Outcome {
    let permit = caller.permit::<Read, Vulnerable>()?;
    let lists = lists(&site.desk, &permit)?;
    let f = Frame::of(site, caller, "vulnerable-list", "/rentan");
    let found: Vec<&Somebody> = lists.people.iter().filter(|s| wanted(s, asked, &lists)).collect();
    let from = asked.halaman.saturating_mul(PAGE).min(found.len());
    let row = |s: &&Somebody| PersonRow {
        person: s.person.clone(),
        initials: s.initials.clone(),
        groups: {
            let mut groups: Vec<String> = s.facts.listings.iter().map(|l| group_label(&l.group)).collect();
            groups.sort();
            groups.dedup();
            groups.join(", ")
        },
        district: s.district.clone(),
        standing: f.word("standing-", s.standing.name()),
        is_good: s.standing.is_covered(),
        until: match s.until {
            Some(day) if s.standing.is_covered() && day < kernel::Date::MAX => words::long_date(day, f.language),
            _ => String::new(),
        },
        decile: s.facts.decile(lists.as_of).map(|d| d.to_string()).unwrap_or_default(),
        conflicts: s.conflicts.iter().map(|c| f.word("conflict-", c.name())).collect(),
    };
    let address = |page: usize| {
        format!(
            "/rentan/daftar?kelompok={}&keadaan={}&halaman={page}",
            percent(&asked.kelompok),
            percent(&asked.keadaan)
        )
    };
    let words = [("", "vulnerable-all"), ("open", "vulnerable-open"), ("covered", "vulnerable-covered")];
    let more = [("berakhir", "vulnerable-ending"), ("konflik", "vulnerable-conflicts")];
    let mut choices: Vec<(String, String)> =
        words.iter().chain(&more).map(|(code, word)| ((*code).to_owned(), f.t(word))).collect();
    choices.extend(
        Standing::ALL
            .iter()
            .filter(|s| !matches!(s, Standing::Open | Standing::Covered))
            .map(|s| (s.name().to_owned(), f.word("standing-", s.name()))),
    );
    choices.extend(
        Conflict::ALL
            .iter()
            .filter(|c| **c != Conflict::NoNumber)
            .map(|c| (c.name().to_owned(), f.word("conflict-", c.name()))),
    );
    let view = List {
        groups: lists.groups().iter().map(|g| (g.group.clone(), group_label(&g.group))).collect(),
        choices,
        rows: found[from..].iter().take(PAGE).map(row).collect(),
        count: f.u(&(found.len() as u64)),
        before: asked.halaman.checked_sub(1).map(address),
        after: (from + PAGE < found.len()).then(|| address(asked.halaman + 1)),
        may_open: may(&caller.actor, Action::Read, Resource::Person),
        a: asked.clone(),
        f,
    };
    Ok(Answer::Page(view.render()?))
}
