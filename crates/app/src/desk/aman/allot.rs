//! Allotments: what the plan proposes, what one asks for and another releases, what is paid and what goes back.

use super::lists::{By, Lists, Somebody};
use super::{first_of, month_after, months_between};
use crate::desk::{Desk, event};
use crate::legal::plan::{Wish, plan as price};
use crate::{Fault, clock};
use allocation::{Claim, HORIZON_MAX, NoPlan, Plan, Purse, RANK_MAX};
use authz::{Change, Decide, Donation, Permit, Read, Release, Vulnerable as List};
use kernel::Date;
use law::bpu::{Payer, Sector};
use ledger::Act;
use std::collections::{BTreeMap, BTreeSet};
use store::{About, AllotmentRow, AllottedPerson, FundRow, NoAllotment, PledgeRow};

/// What is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// First month.
    pub from: Date,
    /// Months looked at.
    pub months: u32,
    /// Nobody gets fewer months in a row than this.
    pub shortest: u32,
    /// Only this group; empty: everybody.
    pub group: String,
}

impl Asked {
    /// A year from the next month on, three months at least.
    pub fn usual(today: Date) -> Self {
        Self { from: month_after(first_of(today), 1), months: 12, shortest: 3, group: String::new() }
    }
}

/// Why there is no proposal.
#[derive(Debug, Clone, PartialEq)]
pub enum Unplanned {
    /// A plan of no months, of too many, or of months that are over.
    Months,
    /// The law has no rate for a month.
    Law(law::Declined),
    /// The solver gave up.
    Solver,
}

/// Somebody's months in a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The person, by digest.
    pub person: String,
    /// Key of the group.
    pub group: String,
    /// Would their cover lapse?
    pub renews: bool,
    /// First and last month.
    pub months: (Date, Date),
    /// Rupiah, the most any reading of the law asks.
    pub amount: i64,
}

/// What is proposed for one fund.
#[derive(Debug, Clone)]
pub struct FundPlan {
    /// The fund.
    pub fund: FundRow,
    /// Rupiah asked for already by allotments that wait.
    pub waiting: i64,
    /// People, by group and digest.
    pub people: Vec<Proposed>,
    /// Rupiah.
    pub amount: i64,
}

/// A proposal.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// What was asked.
    pub asked: Asked,
    /// By fund.
    pub funds: Vec<FundPlan>,
    /// People who may be covered and get nothing.
    pub left: u64,
    /// Of them, people whose cover lapses.
    pub lapsing: u64,
    /// Months of people covered.
    pub months: u64,
    /// How far from the best plan it is at most, in millionths.
    pub gap_ppm: i64,
    /// What each month costs from gifts and from a budget, the most any reading asks.
    pub prices: Prices,
}

/// Somebody who may be covered from a month on.
struct Candidate<'a> {
    person: &'a Somebody,
    claim: Claim,
    group: String,
}

fn months_of(index: usize, from: Date) -> Date {
    month_after(from, i32::try_from(index).unwrap_or(i32::MAX))
}

/// When somebody's cover would begin, from when on somebody else pays already, and whether it would lapse; none for whom no money may be spent.
fn begins(s: &Somebody, asked: &Asked, lists: &Lists) -> Option<(usize, usize, bool)> {
    if s.reserved.is_some() {
        return None;
    }
    let last_covered = s.until.filter(|_| s.standing.is_covered());
    let start = match last_covered {
        // Whoever pays alone or is employed is no business of a purse.
        Some(_) if !is_paid_by_others(s, lists.as_of) => return None,
        Some(Date::MAX) => return None,
        Some(until) => month_after(first_of(until), 1).max(asked.from),
        None => asked.from,
    };
    let index = usize::try_from(months_between(asked.from, start) - 1).ok()?;
    if index >= asked.months as usize || !s.facts.standing(start, &lists.rules).is_open() {
        return None;
    }
    // Somebody whose cover ended before the plan begins has lapsed already.
    let renews = last_covered.is_some_and(|until| month_after(first_of(until), 1) >= asked.from);
    // No month is paid for twice: what begins later ends what may be bought.
    let later = s.facts.covers.iter().filter(|c| c.by != By::Project && c.from > start).map(|c| c.from).min();
    let end =
        later.map_or(usize::MAX, |day| usize::try_from(months_between(asked.from, first_of(day)) - 1).unwrap_or(0));
    (end > index).then_some((index, end, renews))
}

fn is_paid_by_others(s: &Somebody, day: Date) -> bool {
    use assess::vulnerable::Standing;
    matches!(s.facts.standing(day, &EVERYBODY), Standing::Covered | Standing::Paid)
}

/// Rules under which nobody is too old for what is paid already.
const EVERYBODY: assess::vulnerable::Rules =
    assess::vulnerable::Rules { age_min: 0, age_max: i64::MAX, decile_max: 10 };

/// Price of each month: from gifts, from a budget.
pub type Prices = Vec<(Date, i64, i64)>;

fn prices(desk: &Desk, asked: &Asked) -> Result<Result<Prices, Unplanned>, Fault> {
    let of = |payer: Payer| {
        let wish = Wish {
            from: asked.from,
            months: asked.months,
            budget: None,
            people: None,
            income: None,
            payer,
            sector: Sector::Other,
        };
        price(&wish, &desk.law)
    };
    let (donor, budget) = match (of(Payer::Donor)?, of(Payer::Budget)?) {
        (Ok(donor), Ok(budget)) => (donor, budget),
        (Err(declined), _) | (_, Err(declined)) => return Ok(Err(Unplanned::Law(declined))),
    };
    let both = donor.months.iter().zip(&budget.months);
    Ok(Ok(both.map(|(d, b)| (d.month, d.at_most, b.at_most)).collect()))
}

/// Proposes who gets how many months from which fund.
///
/// # Errors
/// [`Fault`] of the database; inside, why there is no proposal.
pub fn propose(
    desk: &Desk,
    permit: &Permit<Read, Donation>,
    lists: &Lists,
    asked: &Asked,
) -> Result<Result<Proposal, Unplanned>, Fault> {
    let fits = (1..=HORIZON_MAX as u32).contains(&asked.months) && (1..=asked.months).contains(&asked.shortest);
    if !fits || asked.from < first_of(lists.as_of) {
        return Ok(Err(Unplanned::Months));
    }
    let prices = match prices(desk, asked)? {
        Ok(prices) => prices,
        Err(no) => return Ok(Err(no)),
    };
    let (funds, allotments, pledges) = desk.read(|s| {
        Ok::<_, Fault>((
            s.fund_list(permit)?,
            s.allotment_list(permit, None, usize::MAX >> 1)?,
            s.pledge_list(permit, None)?,
        ))
    })?;
    let waiting = |fund: i64| -> i64 {
        let of = allotments.iter().filter(|a| a.fund == fund && a.outcome.is_empty());
        of.fold(0i64, |sum, a| sum.saturating_add(a.amount))
    };
    let mut plans: Vec<FundPlan> = funds
        .into_iter()
        .map(|fund| FundPlan { waiting: waiting(fund.id), people: Vec::new(), amount: 0, fund })
        .filter(|f| f.fund.free > f.waiting)
        .collect();
    let candidates = candidates(lists, asked, &plans, &wished(&pledges));
    let mut claims: BTreeMap<Claim, Vec<&Candidate<'_>>> = BTreeMap::new();
    for c in &candidates {
        claims.entry(c.claim).or_default().push(c);
    }
    let counted: Vec<Claim> =
        claims.iter().map(|(c, of)| Claim { people: u32::try_from(of.len()).unwrap_or(u32::MAX), ..*c }).collect();
    let groups = group_numbers(&candidates);
    let purses: Vec<Purse> = plans
        .iter()
        .map(|f| Purse {
            group: (!f.fund.group.is_empty()).then(|| groups.get(f.fund.group.as_str()).copied().unwrap_or(u32::MAX)),
            money: f.fund.free - f.waiting,
            cost: prices
                .iter()
                .map(|(_, donor, budget)| if f.fund.payer == "budget" { *budget } else { *donor })
                .collect(),
        })
        .collect();
    let found = match allocation::plan(&counted, &purses, asked.shortest as usize) {
        Ok(found) => found,
        Err(NoPlan::Horizon) => return Ok(Err(Unplanned::Months)),
        Err(NoPlan::Money | NoPlan::Solver) => return Ok(Err(Unplanned::Solver)),
    };
    let given = hand_out(&found, claims.into_values().collect(), &purses, asked, &mut plans);
    let lapsing = candidates.iter().filter(|c| c.claim.renews).count() as u64;
    Ok(Ok(Proposal {
        asked: asked.clone(),
        left: candidates.len() as u64 - given,
        lapsing: lapsing - found.renewed,
        months: found.months,
        gap_ppm: (found.bound - found.score).saturating_mul(1_000_000) / found.bound.max(1),
        funds: plans,
        prices,
    }))
}

/// People donors wish to be covered first.
fn wished(pledges: &[PledgeRow]) -> BTreeSet<&str> {
    pledges.iter().filter(|p| p.ended.is_none()).filter_map(|p| p.wish.as_deref()).collect()
}

/// Numbers of groups, by key.
fn group_numbers<'a>(candidates: &'a [Candidate<'a>]) -> BTreeMap<&'a str, u32> {
    candidates.iter().map(|c| (c.group.as_str(), c.claim.group)).collect()
}

fn candidates<'a>(lists: &'a Lists, asked: &Asked, plans: &[FundPlan], wished: &BTreeSet<&str>) -> Vec<Candidate<'a>> {
    let own: BTreeSet<&str> = plans.iter().map(|f| f.fund.group.as_str()).filter(|g| !g.is_empty()).collect();
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let mut out = Vec::new();
    for s in &lists.people {
        let Some((start, end, renews)) = begins(s, asked, lists) else { continue };
        let day = months_of(start, asked.from);
        let groups = s.facts.groups(day);
        if !asked.group.is_empty() && !groups.contains(asked.group.as_str()) {
            continue;
        }
        // Of several groups, one that has a fund of its own.
        let group = groups.iter().find(|g| own.contains(*g)).or_else(|| groups.iter().next());
        let Some(group) = group.map(|g| (*g).to_owned()) else { continue };
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        let number = *numbers.entry(group.clone()).or_insert(next);
        let rank = if wished.contains(s.person.as_str()) { 0 } else { s.facts.decile(day).unwrap_or(RANK_MAX) };
        out.push(Candidate { person: s, claim: Claim { group: number, renews, rank, start, end, people: 0 }, group });
    }
    out
}

/// Gives shares to people: within a claim in the order of their digests, which is nobody's. How many got something.
fn hand_out(
    plan: &Plan,
    claims: Vec<Vec<&Candidate<'_>>>,
    purses: &[Purse],
    asked: &Asked,
    plans: &mut [FundPlan],
) -> u64 {
    let mut claims: Vec<_> = claims.into_iter().map(Vec::into_iter).collect();
    let mut given = 0;
    for share in &plan.shares {
        for candidate in claims[share.claim].by_ref().take(share.people as usize) {
            let start = candidate.claim.start;
            let amount: i64 = purses[share.purse].cost[start..start + share.months].iter().sum();
            plans[share.purse].people.push(Proposed {
                person: candidate.person.person.clone(),
                group: candidate.group.clone(),
                renews: candidate.claim.renews,
                months: (months_of(start, asked.from), months_of(start + share.months - 1, asked.from)),
                amount,
            });
            plans[share.purse].amount += amount;
            given += 1;
        }
    }
    for plan in plans {
        plan.people.sort_by(|a, b| (&a.group, &a.person).cmp(&(&b.group, &b.person)));
    }
    given
}

/// Asks for what is proposed for one fund; the number of the allotment. None where nothing is proposed for it.
///
/// # Errors
/// [`Fault`] of the database; inside, why there is no proposal.
pub fn ask(
    desk: &Desk,
    (read, decide): (&Permit<Read, Donation>, &Permit<Decide, Donation>),
    lists: &Lists,
    (asked, fund): (&Asked, i64),
    request: &str,
) -> Result<Result<Option<i64>, Unplanned>, Fault> {
    let proposal = match propose(desk, read, lists, asked)? {
        Ok(proposal) => proposal,
        Err(no) => return Ok(Err(no)),
    };
    let Some(of) = proposal.funds.into_iter().find(|f| f.fund.id == fund) else { return Ok(Ok(None)) };
    let people: Vec<AllottedPerson> = of
        .people
        .into_iter()
        .map(|p| AllottedPerson {
            allotment: 0,
            person: p.person,
            group: p.group,
            months: [p.months.0.to_string(), p.months.1.to_string()],
            amount: p.amount,
            payer: String::new(),
            is_paid: false,
        })
        .collect();
    let told = event(decide.actor(), "allotment_ask", "allotment", request);
    desk.write(|s| s.allotment_ask(decide, fund, &people, &clock::now(), told).map_err(Fault::from)).map(Ok)
}

/// Releases an allotment or declines it, on the word of a second person.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not done.
pub fn decide(
    desk: &Desk,
    permit: &Permit<Release, Donation>,
    (id, released): (i64, bool),
    request: &str,
) -> Result<Result<(), NoAllotment>, Fault> {
    let what = if released { "allotment_released" } else { "allotment_declined" };
    let told = event(permit.actor(), what, &format!("allotment:{id}"), request);
    let today = clock::today().to_string();
    desk.write(|s| s.allotment_decide(permit, (id, released), (&clock::now(), &today), told).map_err(Fault::from))
}

/// Enters what the treasury paid for an allotment out of a line of the budget.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not done.
pub fn pay_budget(
    desk: &Desk,
    permit: &Permit<Change, Donation>,
    (id, budget): (i64, i64),
    (order, amount): (&str, i64),
    request: &str,
) -> Result<Result<(), NoAllotment>, Fault> {
    let order = kernel::text::clean(order);
    if order.is_empty() {
        return Ok(Err(NoAllotment::Unknown));
    }
    let told = event(permit.actor(), "allotment_paid", &format!("allotment:{id}"), request);
    let about = About { day: clock::today().to_string(), allotment: Some(id), note: order, ..About::default() };
    let act = Act::PayBudget { budget, allotment: id, amount };
    desk.write(|s| s.allotment_pay(permit, &act, &about, &clock::now(), told).map_err(Fault::from))
}

/// Takes somebody off an allotment that is released and not paid: because of a death, other cover, a mistake.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not done.
pub fn drop_person(
    desk: &Desk,
    permit: &Permit<Change, Donation>,
    (id, person): (i64, &str),
    request: &str,
) -> Result<Result<(), NoAllotment>, Fault> {
    let mut told = event(permit.actor(), "allotment_person_dropped", &format!("allotment:{id}"), request);
    told.reason = format!("person:{person}");
    let today = clock::today().to_string();
    desk.write(|s| s.allotment_drop(permit, (id, person), (&clock::now(), &today), told).map_err(Fault::from))
}

/// Gives what an allotment did not need back to its fund.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not done.
pub fn close(
    desk: &Desk,
    permit: &Permit<Change, Donation>,
    id: i64,
    request: &str,
) -> Result<Result<(), NoAllotment>, Fault> {
    let told = event(permit.actor(), "allotment_closed", &format!("allotment:{id}"), request);
    let today = clock::today().to_string();
    desk.write(|s| s.allotment_close(permit, id, (&clock::now(), &today), told).map_err(Fault::from))
}

/// An allotment with its people.
///
/// # Errors
/// [`Fault`] of the database.
pub fn one(
    desk: &Desk,
    (read, lists): (&Permit<Read, Donation>, &Permit<Read, List>),
    id: i64,
) -> Result<Option<(AllotmentRow, Vec<AllottedPerson>)>, Fault> {
    desk.read(|s| match s.allotment_list(read, Some(id), 1)?.pop() {
        Some(row) => Ok(Some((row, s.allotment_people(lists, id)?))),
        None => Ok(None),
    })
}
