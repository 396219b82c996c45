//! Questions of the desk: lists by page, one project, findings, matches. Each asks for a permit and looks no
//! further than its scope.

use crate::db::{Error, Row, Value, params_from_iter};
use crate::dialect::Dialect;
use crate::{Fault, Store};
use authz::{Export, Finding, Match, Permit, Project, PublicProject, Read, Scope};

/// A project as the lists show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectRow {
    /// Place in the picture.
    pub id: i64,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Agency.
    pub agency: String,
    /// Vendor.
    pub vendor: String,
    /// Vendor's taxpayer number, digits.
    pub npwp: String,
    /// Budget year, 0 where unknown.
    pub year: i64,
    /// Works, planning, supervision, management.
    pub role: String,
    /// How far it came.
    pub stage: String,
    /// State today; `possible` for what is worded like construction and waits for a person.
    pub state: String,
    /// Part of the city's sums.
    pub counted: bool,
    /// Value in rupiah, 0 where unknown.
    pub value: i64,
    /// Contribution due in rupiah, 0 where unknown.
    pub due: i64,
    /// Uncovered project-days.
    pub uncovered: i64,
    /// Known uncovered worker-days.
    pub worker_days: i64,
    /// Last day to register; empty where unknown.
    pub deadline: String,
    /// Gravest finding; empty for none.
    pub gravest: String,
    /// Number of findings.
    pub findings: i64,
    /// Kind of works.
    pub kind: String,
    /// District; empty where none is told.
    pub district: String,
    /// Months with a day without cover, `,2026-05,2026-06,`, going in only.
    pub months: String,
    /// Commitment officer: going in, the name; coming out, the digest under which the name is sealed.
    pub officer: String,
    /// Day of the start order; empty where unknown. Going in only.
    pub started: String,
    /// Registered by the last day to: `yes`, `no`, empty where that cannot be told. Going in only.
    pub prompt: &'static str,
    /// People there, as lists or forms say; 0 where none does. Going in only.
    pub crew: i64,
    /// Last day of works; empty where unknown. Going in only.
    pub ends: String,
    /// Rupiah the treasury paid, and of these on days without cover. Going in only.
    pub paid: [i64; 2],
    /// Evidence, JSON; empty in lists.
    pub body: String,
}

/// A finding as the lists show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingRow {
    /// Place in the picture.
    pub id: i64,
    /// Code.
    pub code: String,
    /// Project; empty for none.
    pub project: String,
    /// Registration; empty for none.
    pub registration: String,
    /// Name of the project, or of the registration.
    pub name: String,
    /// Agency.
    pub agency: String,
    /// Vendor.
    pub vendor: String,
    /// Vendor's taxpayer number.
    pub npwp: String,
    /// Since when; empty where unknown.
    pub since: String,
    /// Rupiah at stake, 0 for none.
    pub amount: i64,
    /// Does not hold under the most lenient reading.
    pub contested: bool,
    /// Digest of the rule, the project and the facts it rests on.
    pub mark: String,
    /// `open`, `waiting` for a second person, `waiver` or `false_alarm`.
    pub standing: String,
    /// Facts and rows, JSON.
    pub body: String,
    /// Commitment officer of the project, by name, going in only.
    pub officer: String,
}

/// A registration that waits, or that has no project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MatchRow {
    /// Place in the picture.
    pub id: i64,
    /// Insurer's number.
    pub registration: String,
    /// `review` or `unmatched`.
    pub state: String,
    /// The registration and its options, JSON.
    pub body: String,
}

/// Order of a list of projects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Most uncovered days first.
    #[default]
    Uncovered,
    /// Greatest value first.
    Value,
    /// By name.
    Name,
}

/// What is asked of the list of projects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectQuery {
    /// Words, the last one perhaps unfinished.
    pub text: String,
    /// State.
    pub state: Option<String>,
    /// Agency.
    pub agency: Option<String>,
    /// Gravest finding.
    pub finding: Option<String>,
    /// Kind of works.
    pub kind: Option<String>,
    /// District.
    pub district: Option<String>,
    /// A month with a day without cover, `2026-05`.
    pub month: Option<String>,
    /// Digest of a commitment officer.
    pub officer: Option<String>,
    /// Budget year.
    pub year: Option<i64>,
    /// Order.
    pub sort: Sort,
    /// Sort value and id of the last row seen.
    pub after: Option<(String, i64)>,
    /// Rows at most.
    pub limit: usize,
}

/// A page of projects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectPage {
    /// Rows.
    pub rows: Vec<ProjectRow>,
    /// Where the next page begins.
    pub next: Option<(String, i64)>,
}

/// State of what is worded like construction and not counted until a person says so.
pub const POSSIBLE: &str = "possible";

/// Projects counted at most; beyond, the page says "more than".
pub const COUNTED_MAX: i64 = 2_000;

const LISTED: &str =
    "p.id, p.code, p.name, p.agency, p.vendor, p.npwp, p.year, p.role, p.stage, p.state, p.value, p.due,
    p.uncovered, p.worker_days, p.deadline, p.gravest, p.findings, p.counted, p.kind, p.district, p.officer";

fn project(r: &Row<'_>) -> Result<ProjectRow, Error> {
    Ok(ProjectRow {
        id: r.get(0)?,
        code: r.get(1)?,
        name: r.get(2)?,
        agency: r.get(3)?,
        vendor: r.get(4)?,
        npwp: r.get(5)?,
        year: r.get(6)?,
        role: r.get(7)?,
        stage: r.get(8)?,
        state: r.get(9)?,
        value: r.get(10)?,
        due: r.get(11)?,
        uncovered: r.get(12)?,
        worker_days: r.get(13)?,
        deadline: r.get(14)?,
        gravest: r.get(15)?,
        findings: r.get(16)?,
        counted: r.get(17)?,
        kind: r.get(18)?,
        district: r.get(19)?,
        officer: r.get(20)?,
        months: String::new(),
        started: String::new(),
        prompt: "",
        crew: 0,
        ends: String::new(),
        paid: [0; 2],
        body: String::new(),
    })
}

/// A project with its evidence, which comes last.
fn whole(r: &Row<'_>) -> Result<ProjectRow, Error> {
    Ok(ProjectRow { body: r.get(21)?, ..project(r)? })
}

/// How a finding stands is what is in force on its mark.
pub(crate) const FINDING: &str =
    "SELECT f.id, f.code, f.project, f.registration, f.name, f.agency, f.vendor, f.npwp, f.since, f.amount, f.contested, f.mark,
       CASE WHEN d.id IS NULL THEN 'open' WHEN d.released_at IS NULL THEN 'waiting' ELSE d.kind END, f.body
     FROM derived_finding f
     LEFT JOIN decision_finding d ON d.mark = f.mark AND d.kind <> 'answer' AND d.ended_at IS NULL";

pub(crate) fn finding(r: &Row<'_>) -> Result<FindingRow, Error> {
    Ok(FindingRow {
        id: r.get(0)?,
        code: r.get(1)?,
        project: r.get(2)?,
        registration: r.get(3)?,
        name: r.get(4)?,
        agency: r.get(5)?,
        vendor: r.get(6)?,
        npwp: r.get(7)?,
        since: r.get(8)?,
        amount: r.get(9)?,
        contested: r.get(10)?,
        mark: r.get(11)?,
        standing: r.get(12)?,
        body: r.get(13)?,
        officer: String::new(),
    })
}

/// A condition with its values, grown piece by piece.
#[derive(Default)]
pub(crate) struct Where {
    /// Another table to look in.
    from: &'static str,
    pub(crate) text: String,
    pub(crate) values: Vec<Value>,
}

/// Places for so many values in a list. A server takes no empty list: nothing equals the one that stands there then.
fn marks(n: usize) -> String {
    if n == 0 { "NULL".to_owned() } else { vec!["?"; n].join(", ") }
}

impl Where {
    pub(crate) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.text.push_str(if self.text.is_empty() { " WHERE " } else { " AND " });
        self.text.push_str(condition);
        self.values.extend(values);
    }

    /// A column holds one of the values.
    pub(crate) fn one_of(&mut self, column: &str, values: impl Iterator<Item = Value>) {
        let values: Vec<Value> = values.collect();
        self.and(&format!("{column} IN ({})", marks(values.len())), values);
    }

    /// No further than the permit reaches. The prefix is `p.` for rows of projects; rows of other tables name theirs.
    pub(crate) fn within(&mut self, scope: &Scope, prefix: &str) {
        let (column, list) = match scope {
            Scope::City => return,
            Scope::Agencies(names) => ("agency", names),
            Scope::Vendors(numbers) => ("npwp", numbers),
            Scope::Districts(names) => ("district", names),
            // Rows of projects call it code; others name the project they are about.
            Scope::Projects(codes) => (if prefix == "p." { "code" } else { "project" }, codes),
        };
        let values = list.iter().map(|v| Value::Text(v.clone()));
        if column == "district" && prefix != "p." {
            // Only projects know where they are.
            let marks = marks(list.len());
            let inside = format!(
                "EXISTS (SELECT 1 FROM derived_project dp
                   WHERE dp.code = {prefix}project AND dp.district IN ({marks}))"
            );
            self.and(&inside, values);
        } else {
            self.one_of(&format!("{prefix}{column}"), values);
        }
    }
}

fn conditions(dialect: Dialect, scope: &Scope, query: &ProjectQuery) -> Where {
    let mut w = Where::default();
    if let Some(words) = dialect.match_words(&query.text) {
        w.from = " JOIN derived_search s ON s.rowid = p.id";
        w.and(&dialect.match_condition("s"), [Value::Text(words)]);
    }
    // A list without a state shows what the sums count, so that both say the same number.
    let uncounted = query.state.as_deref() == Some(POSSIBLE);
    w.and("p.counted = ?", [Value::Integer(i64::from(!uncounted))]);
    w.within(scope, "p.");
    let equal = [
        ("p.state", &query.state),
        ("p.agency", &query.agency),
        ("p.gravest", &query.finding),
        ("p.kind", &query.kind),
        ("p.district", &query.district),
        ("p.officer", &query.officer),
    ];
    for (column, value) in equal {
        if let Some(value) = value {
            w.and(&format!("{column} = ?"), [Value::Text(value.clone())]);
        }
    }
    if let Some(month) = &query.month {
        w.and("p.months LIKE ?", [Value::Text(format!("%,{month},%"))]);
    }
    if let Some(year) = query.year {
        w.and("p.year = ?", [Value::Integer(year)]);
    }
    w
}

impl Store {
    /// A page of projects. Keyset paging: any page costs what the first one does.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn project_page(&self, permit: &Permit<Read, Project>, query: &ProjectQuery) -> Result<ProjectPage, Fault> {
        self.page(permit.scope(), query)
    }

    /// The same, of what everybody may see.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn public_page(
        &self,
        permit: &Permit<Read, PublicProject>,
        query: &ProjectQuery,
    ) -> Result<ProjectPage, Fault> {
        self.page(permit.scope(), query)
    }

    fn page(&self, scope: &Scope, query: &ProjectQuery) -> Result<ProjectPage, Fault> {
        let mut w = conditions(self.connection.dialect(), scope, query);
        let (column, order) = match query.sort {
            // Rows are numbered in this order, so that words are searched in it too.
            Sort::Uncovered if w.from.is_empty() => ("p.id", "p.id"),
            Sort::Uncovered => ("p.id", "s.rowid"),
            Sort::Value => ("p.value", "p.value DESC, p.id"),
            Sort::Name => ("p.name", "p.name, p.id"),
        };
        if let (Some((_, id)), Sort::Uncovered) = (&query.after, query.sort) {
            w.and("p.id > ?", [Value::Integer(*id)]);
        } else if let Some((last, id)) = &query.after {
            let value = match query.sort {
                Sort::Name => Value::Text(last.clone()),
                Sort::Uncovered | Sort::Value => Value::Integer(last.parse().unwrap_or(0)),
            };
            let beyond = if query.sort == Sort::Name { ">" } else { "<" };
            w.and(
                &format!("{column} {beyond}= ? AND ({column} {beyond} ? OR p.id > ?)"),
                [value.clone(), value, Value::Integer(*id)],
            );
        }
        let limit = query.limit.clamp(1, 10_000);
        w.values.push(Value::Integer(limit as i64 + 1));
        let sql = format!("SELECT {LISTED} FROM derived_project p{}{} ORDER BY {order} LIMIT ?", w.from, w.text);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows: Vec<ProjectRow> =
            statement.query_map(params_from_iter(w.values), project)?.collect::<Result<_, _>>()?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|r| {
            let key = match query.sort {
                Sort::Uncovered => r.uncovered.to_string(),
                Sort::Value => r.value.to_string(),
                Sort::Name => r.name.clone(),
            };
            (key, r.id)
        });
        Ok(ProjectPage { rows, next })
    }

    /// How many projects a question finds, up to [`COUNTED_MAX`].
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn project_count(&self, permit: &Permit<Read, Project>, query: &ProjectQuery) -> Result<i64, Fault> {
        let mut w = conditions(self.connection.dialect(), permit.scope(), query);
        w.values.push(Value::Integer(COUNTED_MAX));
        let sql =
            format!("SELECT count(*) FROM (SELECT 1 FROM derived_project p{}{} LIMIT ?) AS found", w.from, w.text);
        Ok(self.connection.prepare_cached(&sql)?.query_row(params_from_iter(w.values), |r| r.get(0))?)
    }

    /// Sums over the scope: projects by state, uncovered days and worker-days.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn project_sums(&self, permit: &Permit<Read, Project>) -> Result<Vec<(String, i64, i64, i64)>, Fault> {
        let mut w = Where::default();
        w.and("p.counted = ?", [Value::Integer(1)]);
        w.within(permit.scope(), "p.");
        let sql = format!(
            "SELECT p.state, count(*), sum(p.uncovered), sum(p.worker_days) FROM derived_project p{} GROUP BY p.state",
            w.text
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows =
            statement.query_map(params_from_iter(w.values), |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Distinct agencies in the scope, for the filter. Time: one look into the index for each agency.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn agency_list(&self, permit: &Permit<Read, Project>) -> Result<Vec<String>, Fault> {
        let mut w = Where::default();
        w.and("p.counted = ?", [Value::Integer(1)]);
        w.within(permit.scope(), "p.");
        let sql = match permit.scope() {
            // From each agency to the next one in the index.
            Scope::City => "WITH RECURSIVE a (name) AS (
                    SELECT min(agency) FROM derived_project WHERE counted = ?1
                    UNION ALL
                    SELECT (SELECT min(agency) FROM derived_project WHERE counted = ?1 AND agency > a.name) FROM a WHERE a.name IS NOT NULL)
                SELECT name FROM a WHERE name IS NOT NULL".to_owned(),
            _ => format!("SELECT DISTINCT p.agency FROM derived_project p{} ORDER BY p.agency", w.text),
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(w.values), |r| r.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One project with its evidence; none where it does not exist or lies outside the scope.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn project(&self, permit: &Permit<Read, Project>, code: &str) -> Result<Option<ProjectRow>, Fault> {
        self.one(permit.scope(), code)
    }

    /// One project's public face.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn public_project(
        &self,
        permit: &Permit<Read, PublicProject>,
        code: &str,
    ) -> Result<Option<ProjectRow>, Fault> {
        Ok(self.one(permit.scope(), code)?.map(|row| ProjectRow { body: String::new(), npwp: String::new(), ..row }))
    }

    pub(crate) fn one(&self, scope: &Scope, code: &str) -> Result<Option<ProjectRow>, Fault> {
        Ok(self.some(scope, &[code])?.pop())
    }

    /// Projects of these codes within a scope, with their evidence, in no order.
    pub(crate) fn some(&self, scope: &Scope, codes: &[&str]) -> Result<Vec<ProjectRow>, Fault> {
        let mut w = Where::default();
        w.one_of("p.code", codes.iter().map(|code| Value::Text((*code).to_owned())));
        w.within(scope, "p.");
        let sql = format!("SELECT {LISTED}, p.body FROM derived_project p{}", w.text);
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_map(params_from_iter(w.values), whole)?.collect::<Result<_, _>>()?)
    }

    /// Projects that count, by code after a code, with the evidence open data is made of.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn public_each(
        &self,
        _: &Permit<Export, PublicProject>,
        after: &str,
        limit: usize,
    ) -> Result<Vec<ProjectRow>, Fault> {
        let sql = format!(
            "SELECT {LISTED}, p.body FROM derived_project p WHERE p.counted = 1 AND p.code > ?1 ORDER BY p.code LIMIT ?2"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let values = params_from_iter([Value::Text(after.to_owned()), Value::Integer(limit as i64)]);
        // What a taxpayer number or an officer says is nobody's to publish.
        let open = |r: &Row<'_>| Ok(ProjectRow { npwp: String::new(), officer: String::new(), ..whole(r)? });
        Ok(statement.query_map(values, open)?.collect::<Result<_, _>>()?)
    }

    /// Every project that counts within a scope, with its evidence, one after the other by code.
    pub(crate) fn each(&self, scope: &Scope, mut each: impl FnMut(ProjectRow)) -> Result<(), Fault> {
        let mut w = Where::default();
        w.and("p.counted = 1", []);
        w.within(scope, "p.");
        let sql = format!("SELECT {LISTED}, p.body FROM derived_project p{} ORDER BY p.code", w.text);
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.stream(params_from_iter(w.values))?;
        while let Some(r) = rows.next()? {
            each(whole(&r)?);
        }
        Ok(())
    }

    /// Findings of a code (all where none), after a place.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn finding_page(&self, permit: &Permit<Read, Finding>, query: &FindingQuery) -> Result<Vec<FindingRow>, Fault> {
        let mut w = Where::default();
        w.within(permit.scope(), "f.");
        for (column, value) in [("f.code", &query.code), ("f.agency", &query.agency), ("f.project", &query.project)] {
            if let Some(value) = value {
                w.and(&format!("{column} = ?"), [Value::Text(value.clone())]);
            }
        }
        match query.standing.as_deref() {
            None => {}
            // What waits for a second person is still open.
            Some(crate::answers::OPEN) => w.and("d.released_at IS NULL", []),
            Some("waiting") => w.and("d.id IS NOT NULL AND d.released_at IS NULL", []),
            Some(kind) => w.and("d.released_at IS NOT NULL AND d.kind = ?", [Value::Text(kind.to_owned())]),
        }
        w.and("f.id > ?", [Value::Integer(query.after)]);
        w.values.push(Value::Integer(query.limit as i64));
        let sql = format!("{FINDING}{} ORDER BY f.id LIMIT ?", w.text);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(w.values), finding)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Registrations that wait or have no project, after a place, with how many there are. Whoever is there for some
    /// agencies sees what may be of their projects; what has no project is nobody's, and everybody looks for it.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn match_page(
        &self,
        permit: &Permit<Read, Match>,
        state: &str,
        after: i64,
        limit: usize,
    ) -> Result<(Vec<MatchRow>, i64), Fault> {
        let mut w = Where::default();
        w.and("m.state = ?", [Value::Text(state.to_owned())]);
        if let (Scope::Agencies(names), "review") = (permit.scope(), state) {
            let marks = vec!["?"; names.len()].join(", ");
            w.and(
                &format!("EXISTS (SELECT 1 FROM derived_option o WHERE o.match_id = m.id AND o.agency IN ({marks}))"),
                names.iter().map(|name| Value::Text(name.clone())),
            );
        }
        if let (Scope::Districts(names), "review") = (permit.scope(), state) {
            let marks = vec!["?"; names.len()].join(", ");
            w.and(
                &format!(
                    "EXISTS (SELECT 1 FROM derived_option o JOIN derived_project p ON p.code = o.project
                       WHERE o.match_id = m.id AND p.district IN ({marks}))"
                ),
                names.iter().map(|name| Value::Text(name.clone())),
            );
        }
        let count = format!("SELECT count(*) FROM derived_match m{}", w.text);
        let total = self.connection.query_row(&count, params_from_iter(w.values.clone()), |r| r.get(0))?;
        w.and("m.id > ?", [Value::Integer(after)]);
        w.values.push(Value::Integer(limit as i64));
        let sql = format!(
            "SELECT m.id, m.registration, m.state, m.body FROM derived_match m{} ORDER BY m.id LIMIT ?",
            w.text
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(w.values), |r| {
            Ok(MatchRow { id: r.get(0)?, registration: r.get(1)?, state: r.get(2)?, body: r.get(3)? })
        })?;
        Ok((rows.collect::<Result<_, _>>()?, total))
    }
}

/// What is asked of the list of findings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingQuery {
    /// Code.
    pub code: Option<String>,
    /// Agency.
    pub agency: Option<String>,
    /// Project.
    pub project: Option<String>,
    /// How they stand; all where none.
    pub standing: Option<String>,
    /// Place of the last row seen.
    pub after: i64,
    /// Rows at most.
    pub limit: usize,
}

/// What findings are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingBy {
    /// Rule.
    Code,
    /// Agency.
    Agency,
    /// Contractor.
    Vendor,
    /// Commitment officer, by digest.
    Officer,
}

impl FindingBy {
    pub(crate) fn column(self) -> &'static str {
        match self {
            Self::Code => "f.code",
            Self::Agency => "f.agency",
            Self::Vendor => "f.vendor",
            Self::Officer => "f.officer",
        }
    }
}
