//! The list of projects: searched, filtered, sorted, by pages of constant cost, taken away as CSV or XLSX.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::{Frame, percent};
use crate::pages::{STATES, overview};
use crate::site::Site;
use app::desk::event;
use askama::Template;
use authz::{Export, Project, Read};
use axum::extract::Query;
use axum::http::Uri;
use serde::Deserialize;
use store::{COUNTED_MAX, ProjectQuery, ProjectRow, SavedView, Sort};

/// What is asked; names as in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    pub(crate) q: String,
    pub(crate) keadaan: String,
    pub(crate) dinas: String,
    pub(crate) temuan: String,
    pub(crate) jenis: String,
    pub(crate) kecamatan: String,
    /// A month with a day without cover, `2026-05`.
    pub(crate) bulan: String,
    /// Digest of a commitment officer.
    pub(crate) petugas: String,
    pub(crate) urut: String,
    pub(crate) sesudah: String,
}

/// Rows of a page.
pub(crate) const ROWS: usize = 50;

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// A place in a list: `id~key`.
pub(crate) fn after(text: &str) -> Option<(String, i64)> {
    let (id, key) = text.split_once('~')?;
    Some((key.to_owned(), id.parse().ok()?))
}

impl Asked {
    pub(crate) fn query(&self, limit: usize) -> ProjectQuery {
        ProjectQuery {
            text: self.q.clone(),
            state: some(&self.keadaan),
            agency: some(&self.dinas),
            finding: some(&self.temuan),
            kind: some(&self.jenis),
            district: some(&self.kecamatan),
            month: some(&self.bulan).filter(|m| m.len() == 7 && m.bytes().all(|b| b.is_ascii_digit() || b == b'-')),
            officer: some(&self.petugas),
            year: None,
            sort: match self.urut.as_str() {
                "nilai" => Sort::Value,
                "nama" => Sort::Name,
                _ => Sort::Uncovered,
            },
            after: after(&self.sesudah),
            limit,
        }
    }

    /// A question as it stands in an address; what makes no sense is left out.
    pub(crate) fn of_query(query: &str) -> Self {
        let uri: Option<Uri> = format!("/?{query}").parse().ok();
        let read = uri.and_then(|uri| Query::<Self>::try_from_uri(&uri).ok());
        Self { sesudah: String::new(), ..read.map(|Query(asked)| asked).unwrap_or_default() }
    }

    /// The same question as an address, without the place.
    pub(crate) fn address(&self) -> String {
        let fields = [
            ("q", &self.q),
            ("keadaan", &self.keadaan),
            ("dinas", &self.dinas),
            ("temuan", &self.temuan),
            ("jenis", &self.jenis),
            ("kecamatan", &self.kecamatan),
            ("bulan", &self.bulan),
            ("petugas", &self.petugas),
            ("urut", &self.urut),
        ];
        let said = fields.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}={}", percent(v)));
        said.collect::<Vec<_>>().join("&")
    }
}

#[derive(Template)]
#[template(path = "projects.html")]
struct Page {
    f: Frame,
    a: Asked,
    rows: Vec<ProjectRow>,
    count: String,
    query: String,
    next: Option<String>,
    states: [&'static str; 8],
    agencies: Vec<String>,
    codes: Vec<&'static str>,
    kinds: Vec<&'static str>,
    districts: Vec<String>,
    views: Vec<SavedView>,
}

/// `/proyek`
pub(crate) fn list(site: &Site, caller: &Caller, asked: Asked) -> Outcome {
    let permit = caller.permit::<Read, Project>()?;
    let query = asked.query(ROWS);
    let (page, count, agencies, views) = site.desk.read(|s| {
        let counted = ProjectQuery { after: None, ..query.clone() };
        Ok::<_, Trouble>((
            s.project_page(&permit, &query)?,
            s.project_count(&permit, &counted)?,
            s.agency_list(&permit)?,
            caller.actor.id.map_or_else(|| Ok(Vec::new()), |id| s.view_list(id))?,
        ))
    })?;
    let f = Frame::of(site, caller, "web-nav-projects", "/proyek");
    let sentence = if count >= COUNTED_MAX { "web-projects-many" } else { "web-projects-count" };
    let next = page.next.map(|(key, id)| format!("{}&sesudah={id}~{}", asked.address(), percent(&key)));
    let codes = app::finding_codes();
    let view = Page {
        count: f.t1(sentence, "count", &f.n(&count)),
        query: asked.address(),
        next,
        rows: page.rows,
        states: STATES,
        agencies,
        codes,
        kinds: app::kinds().collect(),
        districts: overview(site)?.unwrap_or_default().districts.into_iter().map(|d| d.name).collect(),
        views,
        a: asked,
        f,
    };
    Ok(Answer::Page(view.render()?))
}

/// Rows of an export at most.
const EXPORTED_MAX: usize = 100_000;

/// `/proyek.csv`, `/proyek.xlsx`: every row of the question, with who took it and when.
pub(crate) fn export(site: &Site, caller: &Caller, asked: &Asked, xlsx: bool) -> Outcome {
    let permit = caller.permit::<Read, Project>()?;
    caller.permit::<Export, Project>()?;
    let mut rows: Vec<ProjectRow> = Vec::new();
    let mut query = ProjectQuery { after: None, ..asked.query(10_000) };
    loop {
        let page = site.desk.read(|s| s.project_page(&permit, &query).map_err(Trouble::from))?;
        rows.extend(page.rows);
        query.after = page.next;
        if query.after.is_none() || rows.len() >= EXPORTED_MAX {
            break;
        }
    }
    let object = format!("projects:{} rows={}", asked.address(), rows.len());
    let told = event(permit.actor(), "export", &object, &caller.asking.reference);
    site.desk.write(|s| s.audit(told))?;
    let export = app::desk::export::Export {
        language: caller.language(),
        by: caller.name(),
        question: &asked.address(),
        at: &app::clock::now(),
    };
    if xlsx {
        let bytes = export.xlsx(&rows)?;
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        return Ok(Answer::File("proyek.xlsx".to_owned(), kind, bytes));
    }
    Ok(Answer::File("proyek.csv".to_owned(), "text/csv; charset=utf-8", export.csv(&rows)?))
}
