//! Vulnerable workers and the book of gifts, as JSON: figures and entries, nobody named.

use super::{Problem, json};
use crate::answer::{Outcome, Trouble};
use crate::caller::Caller;
use crate::site::Site;
use app::desk::aman::forecast::forecast;
use app::desk::aman::lists::{Conflict, GroupCount, lists};
use authz::{Donation, Read, Vulnerable};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::EntryQuery;
use utoipa::{IntoParams, ToSchema};

/// Entries in one answer.
const ENTRIES: usize = 1_000;

/// A group of vulnerable workers; without a key everybody once.
#[derive(Serialize, ToSchema)]
struct VulnerableGroup {
    /// Key, such as `guru_ngaji`; empty for everybody.
    group: String,
    people: u64,
    /// How many stand how: `open`, `covered`, `paid`, ...
    standings: BTreeMap<&'static str, u64>,
    /// Cover ends within sixty days and nothing follows.
    ending: u64,
    /// With a contradiction.
    contradictions: u64,
    months: Vec<VulnerableMonth>,
}

#[derive(Serialize, ToSchema)]
struct VulnerableMonth {
    /// First day.
    month: String,
    /// On the list on its last day; of the running month, today.
    listed: u64,
    covered: u64,
    /// Of the covered: paid for, and on no list of the insurer yet.
    unconfirmed: u64,
}

impl From<&GroupCount> for VulnerableGroup {
    fn from(g: &GroupCount) -> Self {
        Self {
            group: g.group.clone(),
            people: g.people,
            standings: g.standings.iter().map(|(s, n)| (s.name(), *n)).collect(),
            ending: g.ending,
            contradictions: g.conflicts,
            months: g
                .months
                .iter()
                .map(|(month, n)| VulnerableMonth {
                    month: month.to_string(),
                    listed: n.listed,
                    covered: n.covered,
                    unconfirmed: n.unconfirmed,
                })
                .collect(),
        }
    }
}

/// Vulnerable workers in figures.
#[derive(Serialize, ToSchema)]
pub(crate) struct VulnerableFigures {
    as_of: String,
    /// Has a list of the insurer been loaded? Without one nobody knows who is active.
    insurer_list_known: bool,
    all: VulnerableGroup,
    groups: Vec<VulnerableGroup>,
    /// People by what contradicts itself about them.
    contradictions: BTreeMap<&'static str, u64>,
}

/// Vulnerable workers in figures, nobody named.
#[utoipa::path(
    get, path = "/api/v1/vulnerable", tag = "aman", security(("key" = [])),
    responses((status = 200, body = VulnerableFigures), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(crate) fn vulnerable(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Vulnerable>()?;
    let lists = lists(&site.desk, &permit)?;
    let count = |c: &Conflict| lists.people.iter().filter(|p| p.conflicts.contains(c)).count() as u64;
    json(VulnerableFigures {
        as_of: lists.as_of.to_string(),
        insurer_list_known: lists.insurer_known,
        all: lists.all().into(),
        groups: lists.groups().iter().map(VulnerableGroup::from).collect(),
        contradictions: Conflict::ALL.iter().map(|c| (c.name(), count(c))).filter(|(_, n)| *n > 0).collect(),
    })
}

#[derive(Serialize, ToSchema)]
struct FundItem {
    id: i64,
    name: String,
    /// `donor` or `budget`.
    payer: String,
    /// Key of the group it is for; empty: everybody.
    group: String,
    /// Rupiah free to be allotted.
    free: i64,
}

#[derive(Serialize, ToSchema)]
struct AllotmentItem {
    id: i64,
    fund: i64,
    /// First day of the first and of the last month.
    first_month: String,
    last_month: String,
    people: i64,
    person_months: i64,
    /// Rupiah.
    amount: i64,
    /// `released`, `declined`, or empty while it waits.
    outcome: String,
    paid: bool,
    closed: bool,
}

#[derive(Serialize, ToSchema)]
struct ForecastItem {
    month: String,
    /// Rupiah.
    promised: i64,
    expected: i64,
    /// In eight of ten cases between these.
    low: i64,
    high: i64,
}

/// How the money stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct DonationFigures {
    funds: Vec<FundItem>,
    /// What each account has, by name; those at zero left out.
    balances: BTreeMap<String, i64>,
    /// The newest first; 300 at most.
    allotments: Vec<AllotmentItem>,
    forecast: Vec<ForecastItem>,
}

/// Funds, balances, allotments and what will come in.
#[utoipa::path(
    get, path = "/api/v1/donations", tag = "aman", security(("key" = [])),
    responses((status = 200, body = DonationFigures), (status = 401, body = Problem), (status = 403, body = Problem))
)]
pub(crate) fn donations(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Donation>()?;
    let (funds, balances, allotments) = site.desk.read(|s| {
        Ok::<_, Trouble>((s.fund_list(&permit)?, s.book_balances(&permit)?, s.allotment_list(&permit, None, 300)?))
    })?;
    json(DonationFigures {
        funds: funds
            .into_iter()
            .map(|f| FundItem { id: f.id, name: f.name, payer: f.payer, group: f.group, free: f.free })
            .collect(),
        balances: balances.into_iter().map(|(a, b)| (a.to_string(), a.has(b))).collect(),
        allotments: allotments
            .into_iter()
            .map(|a| AllotmentItem {
                id: a.id,
                fund: a.fund,
                first_month: a.months[0].clone(),
                last_month: a.months[1].clone(),
                people: a.people,
                person_months: a.person_months,
                amount: a.amount,
                outcome: a.outcome,
                paid: a.paid_at.is_some(),
                closed: a.closed_at.is_some(),
            })
            .collect(),
        forecast: forecast(&site.desk, &permit)?
            .ahead
            .into_iter()
            .map(|a| ForecastItem {
                month: a.month.to_string(),
                promised: a.promised,
                expected: a.expected,
                low: a.band.0,
                high: a.band.1,
            })
            .collect(),
    })
}

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EntriesAsked {
    /// With a lower number than this: to read on.
    #[param(minimum = 1)]
    below: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct BookEntry {
    id: i64,
    /// When it was entered, UTC.
    recorded_at: String,
    /// Value date.
    day: String,
    kind: &'static str,
    /// Accounts and rupiah: from credit to debit.
    debit: String,
    credit: String,
    amount: i64,
    /// Number of the donor, where there is one; names are not told here.
    donor: Option<i64>,
    allotment: Option<i64>,
    /// The entry it takes back.
    undoes: Option<i64>,
}

/// Entries of the book, the newest first; 1,000 at most.
#[derive(Serialize, ToSchema)]
pub(crate) struct BookEntries {
    entries: Vec<BookEntry>,
}

/// Entries of the book of gifts and budget.
#[utoipa::path(
    get, path = "/api/v1/donations/entries", tag = "aman", security(("key" = [])), params(EntriesAsked),
    responses(
        (status = 200, body = BookEntries), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) fn entries(site: &Site, caller: &Caller, asked: Option<EntriesAsked>) -> Outcome {
    let permit = caller.permit::<Read, Donation>()?;
    let below = asked.ok_or(super::BAD_PARAMETER)?.below;
    if below.is_some_and(|b| b < 1) {
        return Err(super::BAD_PARAMETER);
    }
    let query = EntryQuery { below, limit: ENTRIES, ..EntryQuery::default() };
    let rows = site.desk.read(|s| s.book_entries(&permit, &query).map_err(Trouble::from))?;
    json(BookEntries {
        entries: rows
            .into_iter()
            .map(|e| {
                let [debit, credit] = e.accounts;
                BookEntry {
                    id: e.id,
                    recorded_at: e.at,
                    day: e.about.day,
                    kind: e.kind.name(),
                    debit,
                    credit,
                    amount: e.amount,
                    donor: e.about.donor,
                    allotment: e.about.allotment,
                    undoes: e.about.undoes,
                }
            })
            .collect(),
    })
}
