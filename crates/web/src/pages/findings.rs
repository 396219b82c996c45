//! Findings: counted by rule, agency and contractor; a page for each rule.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::{Frame, percent};
use crate::pages::project::fact_pair;
use crate::site::Site;
use app::desk::evidence::Found;
use app::desk::letters::LETTERED;
use askama::Template;
use authz::{Action, Finding, Project, Read, Resource, may};
use serde::Deserialize;
use store::{FindingBy, FindingQuery, FindingRow, FindingTally};

struct CountLine {
    name: String,
    href: String,
    count: i64,
    /// What was set aside, in words.
    aside: String,
}

struct WaitingLine {
    href: String,
    what: String,
    why: String,
    who: String,
}

struct Group {
    title: String,
    rows: Vec<CountLine>,
}

#[derive(Template)]
#[template(path = "findings.html")]
struct Page {
    f: Frame,
    decided: bool,
    waiting: Vec<WaitingLine>,
    groups: Vec<Group>,
}

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Counted {
    diputus: String,
}

/// Lines of a group.
const LINES: usize = 15;

/// `/temuan`
pub(crate) fn page(site: &Site, caller: &Caller, asked: &Counted) -> Outcome {
    let permit = caller.permit::<Read, Finding>()?;
    let ([codes, agencies, vendors, officers], initials, waiting) = site.desk.read(|s| {
        let by = |by| s.finding_tally(&permit, by);
        let of = [FindingBy::Code, FindingBy::Agency, FindingBy::Vendor, FindingBy::Officer];
        let [code, agency, vendor, officer] = of.map(by);
        let mut officers = officer?;
        officers.retain(|t| !t.key.is_empty());
        officers.truncate(LINES);
        let keys: Vec<String> = officers.iter().map(|t| t.key.clone()).collect();
        let initials = s.officer_initials(&permit, &keys)?;
        Ok::<_, Trouble>(([code?, agency?, vendor?, officers], initials, s.finding_waiting(&permit)?))
    })?;
    let f = Frame::of(site, caller, "web-nav-findings", "/temuan");
    let lines = |rows: Vec<FindingTally>, name: &dyn Fn(&str) -> String, href: &dyn Fn(&str) -> String| {
        rows.into_iter()
            .filter(|t| !t.key.is_empty())
            .take(LINES)
            .map(|t| CountLine { name: name(&t.key), href: href(&t.key), aside: aside(&f, &t), count: t.open })
            .collect::<Vec<_>>()
    };
    let waiting = waiting
        .into_iter()
        .map(|(said, row)| WaitingLine {
            href: format!("/temuan/{}/{}#jawaban", row.code, row.mark),
            what: format!("{}: {}", f.word("web-said-", &said.kind), row.name),
            why: said.reason,
            who: format!("{}, {}", said.said_by_name, f.moment(&said.said_at)),
        })
        .collect();
    let initial = |key: &str| {
        initials.iter().find(|(officer, _)| officer == key).map_or_else(|| "–".to_owned(), |(_, name)| name.clone())
    };
    let same = |key: &str| key.to_owned();
    let groups = vec![
        Group {
            title: f.t("web-findings-by-rule"),
            rows: lines(codes, &|c| f.word("finding-", c), &|c| format!("/temuan/{c}")),
        },
        Group {
            title: f.t("web-findings-by-agency"),
            rows: lines(agencies, &same, &|a| format!("/proyek?dinas={}", percent(a))),
        },
        Group {
            title: f.t("web-findings-by-vendor"),
            rows: lines(vendors, &same, &|v| format!("/proyek?q={}", percent(v))),
        },
        Group {
            title: f.t("web-findings-by-officer"),
            rows: lines(officers, &initial, &|key| format!("/petugas/{key}")),
        },
    ];
    Ok(Answer::Page(Page { f, decided: !asked.diputus.is_empty(), waiting, groups }.render()?))
}

/// What was set aside of a rule's findings; empty where nothing was.
fn aside(f: &Frame, t: &FindingTally) -> String {
    let parts = [(t.waiting, "waiting"), (t.waived, "waiver"), (t.false_alarms, "false_alarm")];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, kind)| format!("{} {}", f.n(n), f.word("web-standing-", kind).to_lowercase()))
        .collect();
    parts.join(" · ")
}

struct RowView {
    r: FindingRow,
    facts: String,
}

#[derive(Template)]
#[template(path = "finding.html")]
struct RulePage {
    f: Frame,
    code: String,
    may_write: bool,
    name: String,
    next_step: String,
    basis: String,
    agency: String,
    agency_query: String,
    agencies: Vec<String>,
    standings: Vec<&'static str>,
    standing: String,
    rows: Vec<RowView>,
    next: Option<i64>,
}

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    dinas: String,
    status: String,
    sesudah: i64,
}

/// Asked for to see findings however they stand.
const ALL: &str = "semua";

/// Rows of a page.
const ROWS: usize = 50;

/// `/temuan/{code}`
pub(crate) fn rule(site: &Site, caller: &Caller, code: &str, asked: &Asked) -> Outcome {
    let permit = caller.permit::<Read, Finding>()?;
    if !app::finding_codes().contains(&code) {
        return Err(Trouble::NotFound);
    }
    let projects = caller.permit::<Read, Project>()?;
    let query = FindingQuery {
        code: Some(code.to_owned()),
        agency: (!asked.dinas.is_empty()).then(|| asked.dinas.clone()),
        standing: match asked.status.as_str() {
            "" => Some(store::OPEN.to_owned()),
            ALL => None,
            other => Some(other.to_owned()),
        },
        after: asked.sesudah,
        limit: ROWS,
        ..FindingQuery::default()
    };
    let (rows, agencies) =
        site.desk.read(|s| Ok::<_, Trouble>((s.finding_page(&permit, &query)?, s.agency_list(&projects)?)))?;
    let f = Frame::of(site, caller, "web-nav-findings", "/temuan");
    let read = |r: &FindingRow| serde_json::from_str::<Found>(&r.body).unwrap_or_default();
    let basis = rows.first().map_or_else(String::new, |r| {
        let found = read(r);
        format!("{} ({})", found.basis, f.word("confidence-", &found.confidence))
    });
    let next = rows.last().filter(|_| rows.len() == ROWS).map(|r| r.id);
    let rows = rows
        .into_iter()
        .map(|r| {
            let facts = read(&r).facts.iter().map(|(name, value)| fact_pair(&f, name, value)).collect::<Vec<_>>();
            RowView { facts: facts.join("; "), r }
        })
        .collect();
    let view = RulePage {
        code: code.to_owned(),
        may_write: LETTERED.contains(&code) && may(&caller.actor, Action::Change, Resource::Letter),
        name: f.word("finding-", code),
        next_step: f.word("finding-", &format!("{code}-next")),
        basis,
        standings: vec!["", "waiting", "waiver", "false_alarm", ALL],
        standing: asked.status.clone(),
        agency_query: percent(&asked.dinas),
        agency: asked.dinas.clone(),
        agencies,
        rows,
        next,
        f,
    };
    Ok(Answer::Page(view.render()?))
}
