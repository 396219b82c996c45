//! Statements of the donation account: taken into the book line by line when they follow from one another, then explained by a person.

use crate::desk::{Desk, event};
use crate::{Fault, clock};
use authz::{Change, Donation, Permit, Read};
use kernel::Date;
pub use ledger::matching::{Ground, Proposal};
use ledger::matching::{Promise, proposals};
use ledger::statement::{Line, gaps, ordered};
use ledger::{Account, Act, Refusal};
use registers::records::NoLine;
use std::collections::BTreeMap;
use store::{About, EntryQuery, NewLine, OpenLine, PledgeRow, StatementRow, Store, TakeUp};

/// Where two lines of an account do not follow from one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapAt {
    /// File and line of the later one.
    pub at: (String, u32),
    /// Its day.
    pub day: Date,
    /// Balance after the line before.
    pub expected: i64,
    /// Balance before this one, as it prints.
    pub found: i64,
}

/// An account as its statements have it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountLook {
    /// Its number; empty where statements do not say.
    pub number: String,
    /// Lines that are not in the book yet.
    pub new: usize,
    /// Day of the first and of the last line of all.
    pub days: Option<(Date, Date)>,
    /// Balance after the last line.
    pub balance: i64,
    /// Where lines are missing, doubled or misread.
    pub gaps: Vec<GapAt>,
    /// It held less than nothing before its first line.
    pub overdrawn: bool,
    /// Lines in the book whose file was taken back since: without them nothing can be told to follow.
    pub lost: usize,
}

/// What of the statements is not in the book, and why not.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Accounts.
    pub accounts: Vec<AccountLook>,
    /// Rows that are no line, with file and line.
    pub unread: Vec<(NoLine, (String, u32))>,
    take: Vec<TakeUp>,
}

impl Look {
    /// Lines that could be entered.
    pub fn new_lines(&self) -> usize {
        self.accounts.iter().map(|a| a.new).sum()
    }

    /// Does every line follow from the one before, and read?
    pub fn holds(&self) -> bool {
        self.unread.is_empty() && self.accounts.iter().all(|a| a.gaps.is_empty() && !a.overdrawn && a.lost == 0)
    }
}

/// Why nothing is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unexplained {
    /// There is no such line, donor, pledge, fund, gift or allotment, or not any more.
    Unknown,
    /// Lines do not follow from one another, or do not read.
    Gap,
    /// More than the line has left, or nothing.
    Amount,
    /// A line that brought money is said to be something that takes it, or the other way round.
    Side,
    /// More than is left of the gift would go back.
    MoreThanGiven,
    /// The pledges that are due do not come to what the line brought: rupiah due.
    Sum(i64),
    /// The book refuses.
    Refused(Refusal),
}

/// What somebody says a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Explain {
    /// A gift by a pledge.
    Pledge(i64),
    /// A gift of a donor without a pledge, to a fund.
    Donor(i64, i64),
    /// What an agency collected by payroll: the pledges of its people that are due.
    Payroll(String),
    /// Interest, or what was there before, to a fund.
    Interest(i64),
    /// A fee or tax, borne by a fund.
    Fee(i64),
    /// A gift that went back, by its entry.
    Return(i64),
    /// A payment to the insurer for an allotment.
    Pay(i64),
    /// Such a payment that the bank sent back.
    PayBack(i64),
}

/// Looks at the statements that were loaded.
///
/// # Errors
/// [`Fault`] of the database.
pub fn look(desk: &Desk, permit: &Permit<Read, Donation>) -> Result<Look, Fault> {
    desk.read(|s| look_in(s, permit))
}

fn look_in(store: &Store, permit: &Permit<Read, Donation>) -> Result<Look, Fault> {
    let mut out = Look::default();
    let mut accounts: BTreeMap<String, Vec<StatementRow>> = BTreeMap::new();
    for row in store.statement_rows(permit)? {
        match &row.line {
            Ok(line) => accounts.entry(line.account.clone()).or_default().push(row),
            Err(NoLine::Still) => {}
            Err(no) => out.unread.push((*no, row.at)),
        }
    }
    out.unread.sort_by(|a, b| a.1.cmp(&b.1));
    for (number, rows) in accounts {
        let known = store.bank_opening(permit, &number)?;
        let standing = rows.iter().filter(|r| r.entered.is_some()).count();
        let lost = store.bank_entered(permit, &number)?.saturating_sub(standing);
        let (mut look, take) = account(number, &rows, known);
        look.lost = lost;
        out.accounts.push(look);
        out.take.extend(take.filter(|t| !t.lines.is_empty()));
    }
    Ok(out)
}

/// One account: whether its lines follow from one another, and what is to be entered.
fn account(number: String, rows: &[StatementRow], known: Option<i64>) -> (AccountLook, Option<TakeUp>) {
    let read: Vec<(&StatementRow, Line)> = rows
        .iter()
        .filter_map(|row| {
            let l = row.line.as_ref().ok()?;
            let at = (l.origin.table.0, l.origin.line);
            Some((row, Line { day: l.day, credit: l.credit, debit: l.debit, balance: l.balance, at }))
        })
        .collect();
    let lines: Vec<Line> = read.iter().map(|(_, l)| l.clone()).collect();
    let order = ordered(&lines);
    let mut look = AccountLook { number: number.clone(), ..AccountLook::default() };
    let (Some(first), Some(last)) = (order.first(), order.last()) else { return (look, None) };
    let found = gaps(&lines, &order);
    look.gaps = found
        .iter()
        .map(|g| {
            let of = order[g.line];
            GapAt { at: read[of].0.at.clone(), day: lines[of].day, expected: g.expected, found: g.found }
        })
        .collect();
    look.days = Some((lines[*first].day, lines[*last].day));
    look.balance = lines[*last].balance;
    let before = lines[*first].before().unwrap_or(-1);
    look.overdrawn = before < 0 || lines.iter().any(|l| l.balance < 0);
    let new = |of: &&usize| read[**of].0.entered.is_none();
    let mut entering: Vec<NewLine> = order
        .iter()
        .filter(new)
        .map(|of| NewLine {
            key: Some(read[*of].0.key.clone()),
            day: lines[*of].day.to_string(),
            amount: lines[*of].credit - lines[*of].debit,
            balance: lines[*of].balance,
        })
        .collect();
    look.new = entering.len();
    let undo_opening = known.is_some_and(|k| k != before);
    if before > 0 && known != Some(before) {
        let day = lines[*first].day.to_string();
        entering.insert(0, NewLine { key: None, day, amount: before, balance: before });
    }
    let take = TakeUp {
        account: number,
        lines: entering,
        balance: look.balance,
        through: lines[*last].day.to_string(),
        undo_opening,
    };
    (look, Some(take))
}

/// Enters every line that is not in the book yet. How many, with what accounts held before their first lines.
///
/// # Errors
/// [`Fault`] of the database; inside, why nothing is entered.
pub fn enter(
    desk: &Desk,
    (read, change): (&Permit<Read, Donation>, &Permit<Change, Donation>),
    request: &str,
) -> Result<Result<usize, Unexplained>, Fault> {
    let told = event(change.actor(), "statement_enter", "ledger", request);
    desk.write(|store| {
        // Looked at anew: what is entered is what stands now.
        let look = look_in(store, read)?;
        if !look.holds() {
            return Ok(Err(Unexplained::Gap));
        }
        if look.take.is_empty() {
            return Ok(Ok(0));
        }
        let entered = store.statement_enter(change, &look.take, &clock::now(), told)?;
        Ok(entered.map_err(Unexplained::Refused))
    })
}

/// A line nobody has explained, with what it may be.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The line.
    pub line: OpenLine,
    /// Pledges it may be of, the surest first.
    pub proposals: Vec<Proposal>,
}

/// Is a pledge due in a month? One that is paid by the month is due each month of its time in which nothing came; one that is paid once, until something came.
pub fn is_due(pledge: &PledgeRow, month: Date, given: &[Date]) -> bool {
    let first = pledge.first.parse().unwrap_or(Date::MIN);
    let last = pledge.last.as_deref().and_then(|l| l.parse().ok()).unwrap_or(Date::MAX);
    let of_month = |d: &&Date| d.first_of_month() == month.first_of_month();
    let in_time = first <= month && month.first_of_month() <= last;
    match pledge.rhythm.as_str() {
        "once" => first <= month && given.is_empty(),
        _ => in_time && !given.iter().any(|d| of_month(&d)),
    }
}

/// Days on which something came for each pledge.
pub(super) fn given_days(store: &Store, permit: &Permit<Read, Donation>) -> Result<BTreeMap<i64, Vec<Date>>, Fault> {
    let mut out: BTreeMap<i64, Vec<Date>> = BTreeMap::new();
    for gift in store.gift_list(permit, None)?.into_iter().filter(|g| g.amount > 0) {
        if let (Some(pledge), Ok(day)) = (gift.pledge, gift.day.parse()) {
            out.entry(pledge).or_default().push(day);
        }
    }
    Ok(out)
}

/// Lines nobody has explained, with pledges they may be of.
///
/// # Errors
/// [`Fault`] of the database.
pub fn waiting(
    desk: &Desk,
    (read, change): (&Permit<Read, Donation>, &Permit<Change, Donation>),
) -> Result<Vec<Waiting>, Fault> {
    desk.read(|store| waiting_in(store, read, change))
}

fn waiting_in(
    store: &Store,
    read: &Permit<Read, Donation>,
    change: &Permit<Change, Donation>,
) -> Result<Vec<Waiting>, Fault> {
    let lines = store.open_lines(read, None)?;
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let names: BTreeMap<i64, String> = store.donor_names(change)?.into_iter().map(|(id, n)| (id, n.name)).collect();
    let pledges: Vec<PledgeRow> = store.pledge_list(read, None)?.into_iter().filter(|p| p.ended.is_none()).collect();
    let given = given_days(store, read)?;
    let found = lines.into_iter().map(|line| {
        let month = line.day.parse().unwrap_or(Date::MIN);
        let promise = |p: &PledgeRow| Promise {
            pledge: p.id,
            code: p.code.clone(),
            name: names.get(&p.donor).cloned().unwrap_or_default(),
            amount: p.amount,
            is_due: is_due(p, month, given.get(&p.id).map_or(&[], Vec::as_slice)),
        };
        let promises: Vec<Promise> = if line.amount > 0 { pledges.iter().map(promise).collect() } else { Vec::new() };
        Waiting { proposals: proposals(&line.text, line.open, &promises), line }
    });
    Ok(found.collect())
}

/// Takes every line whose code and amount are those of one pledge as its gift. How many.
///
/// # Errors
/// [`Fault`] of the database.
pub fn explain_sure(
    desk: &Desk,
    (read, change): (&Permit<Read, Donation>, &Permit<Change, Donation>),
    request: &str,
) -> Result<usize, Fault> {
    let told = event(change.actor(), "gift_enter", "ledger", request);
    desk.write(|store| {
        let pledges: BTreeMap<i64, PledgeRow> = store.pledge_list(read, None)?.into_iter().map(|p| (p.id, p)).collect();
        let mut entries = Vec::new();
        for w in waiting_in(store, read, change)? {
            let sure: Vec<&Proposal> = w.proposals.iter().filter(|p| p.is_sure()).collect();
            let [one] = sure.as_slice() else { continue };
            let Some(pledge) = pledges.get(&one.pledge) else { continue };
            entries.push(gift(&w.line, pledge.fund, w.line.open, (Some(pledge.donor), Some(pledge.id))));
        }
        let entries: Result<Vec<_>, Refusal> =
            entries.into_iter().map(|(act, about)| Ok((act.entry()?, about))).collect();
        let entries = entries.unwrap_or_default();
        if entries.is_empty() {
            return Ok(0);
        }
        let count = entries.len();
        Ok(store.book_enter(change, &entries, &clock::now(), told)?.map_or(0, |_| count))
    })
}

fn gift(line: &OpenLine, fund: i64, amount: i64, (donor, pledge): (Option<i64>, Option<i64>)) -> (Act, About) {
    let about = About { fund: Some(fund), donor, pledge, ..about(line) };
    (Act::Gift { line: line.id, fund, amount }, about)
}

fn about(line: &OpenLine) -> About {
    About { day: line.day.clone(), line: Some(line.id), ..About::default() }
}

/// Explains a line, or so many rupiah of it; without an amount, all that is left.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not done.
pub fn explain(
    desk: &Desk,
    (read, change): (&Permit<Read, Donation>, &Permit<Change, Donation>),
    (id, amount): (i64, Option<i64>),
    what: &Explain,
    request: &str,
) -> Result<Result<(), Unexplained>, Fault> {
    let mut told = event(change.actor(), "line_explain", &format!("bank_line:{id}"), request);
    desk.write(|store| {
        let Some(line) = store.open_lines(read, Some(id))?.pop() else { return Ok(Err(Unexplained::Unknown)) };
        let amount = amount.unwrap_or(line.open);
        if amount <= 0 || amount > line.open {
            return Ok(Err(Unexplained::Amount));
        }
        let brings = matches!(
            what,
            Explain::Pledge(_) | Explain::Donor(..) | Explain::Payroll(_) | Explain::Interest(_) | Explain::PayBack(_)
        );
        if brings != (line.amount > 0) {
            return Ok(Err(Unexplained::Side));
        }
        let acts = match acts(store, read, &line, amount, what)? {
            Ok(acts) => acts,
            Err(no) => return Ok(Err(no)),
        };
        told.reason =
            acts.iter().map(|(act, _)| act.entry().map_or("", |e| e.kind.name())).collect::<Vec<_>>().join(" ");
        if let (Explain::Pay(_) | Explain::PayBack(_), [(act, about)]) = (what, acts.as_slice()) {
            let paid = store.allotment_pay(change, act, about, &clock::now(), told)?;
            return Ok(paid.map_err(|no| match no {
                store::NoAllotment::Refused(refusal) => Unexplained::Refused(refusal),
                store::NoAllotment::Unpaid(_) => Unexplained::MoreThanGiven,
                _ => Unexplained::Unknown,
            }));
        }
        let entries: Result<Vec<_>, Refusal> = acts.into_iter().map(|(act, about)| Ok((act.entry()?, about))).collect();
        match entries {
            Ok(entries) => {
                Ok(store.book_enter(change, &entries, &clock::now(), told)?.map(|_| ()).map_err(Unexplained::Refused))
            }
            Err(refusal) => Ok(Err(Unexplained::Refused(refusal))),
        }
    })
}

type Acts = Vec<(Act, About)>;

fn acts(
    store: &Store,
    read: &Permit<Read, Donation>,
    line: &OpenLine,
    amount: i64,
    what: &Explain,
) -> Result<Result<Acts, Unexplained>, Fault> {
    let fund = |id: i64| -> Result<bool, Fault> {
        Ok(store.fund_list(read)?.iter().any(|f| f.id == id && f.payer == "donor"))
    };
    let with = |fund: i64| About { fund: Some(fund), ..about(line) };
    Ok(match what {
        Explain::Pledge(id) => match store.pledge_list(read, None)?.into_iter().find(|p| p.id == *id) {
            Some(p) => Ok(vec![gift(line, p.fund, amount, (Some(p.donor), Some(p.id)))]),
            None => Err(Unexplained::Unknown),
        },
        Explain::Donor(donor, to) if fund(*to)? && !store.donor_list(read, Some(*donor))?.is_empty() => {
            Ok(vec![gift(line, *to, amount, (Some(*donor), None))])
        }
        Explain::Payroll(agency) => payroll(store, read, line, amount, agency)?,
        Explain::Interest(to) if fund(*to)? => {
            Ok(vec![(Act::Interest { line: line.id, fund: *to, amount }, with(*to))])
        }
        Explain::Fee(from) if fund(*from)? => Ok(vec![(Act::Fee { line: line.id, fund: *from, amount }, with(*from))]),
        Explain::Return(gift) => {
            let query = EntryQuery { id: Some(*gift), limit: 1, ..EntryQuery::default() };
            let found = store.book_entries(read, &query)?.pop();
            let found = found.filter(|e| e.kind == ledger::Kind::Gift && e.undone_by.is_none());
            match found.and_then(|e| Some((e.about.fund?, e))) {
                None => Err(Unexplained::Unknown),
                Some((_, e)) if store.book_returned(read, e.id)?.saturating_add(amount) > e.amount => {
                    Err(Unexplained::MoreThanGiven)
                }
                Some((fund, e)) => {
                    let about = About { donor: e.about.donor, pledge: e.about.pledge, gift: Some(e.id), ..with(fund) };
                    Ok(vec![(Act::Return { line: line.id, fund, amount }, about)])
                }
            }
        }
        Explain::Pay(allotment) => {
            let about = About { allotment: Some(*allotment), ..about(line) };
            Ok(vec![(Act::Pay { line: line.id, allotment: *allotment, amount }, about)])
        }
        Explain::PayBack(allotment) => {
            let about = About { allotment: Some(*allotment), ..about(line) };
            Ok(vec![(Act::PayBack { line: line.id, allotment: *allotment, amount }, about)])
        }
        Explain::Donor(..) | Explain::Interest(_) | Explain::Fee(_) => Err(Unexplained::Unknown),
    })
}

/// What an agency collected: one gift for each of its payroll pledges that is due, where together they come to what the line brought.
fn payroll(
    store: &Store,
    read: &Permit<Read, Donation>,
    line: &OpenLine,
    amount: i64,
    agency: &str,
) -> Result<Result<Acts, Unexplained>, Fault> {
    let month = line.day.parse().unwrap_or(Date::MIN);
    let given = given_days(store, read)?;
    let due = |p: &PledgeRow| {
        p.ended.is_none()
            && p.rhythm == "payroll"
            && p.agency == agency
            && is_due(p, month, given.get(&p.id).map_or(&[], Vec::as_slice))
    };
    let mut pledges: Vec<PledgeRow> = store.pledge_list(read, None)?.into_iter().filter(due).collect();
    pledges.sort_by_key(|p| p.id);
    let sum = pledges.iter().fold(0i64, |sum, p| sum.saturating_add(p.amount));
    if sum != amount || pledges.is_empty() {
        return Ok(Err(Unexplained::Sum(sum)));
    }
    Ok(Ok(pledges.iter().map(|p| gift(line, p.fund, p.amount, (Some(p.donor), Some(p.id)))).collect()))
}

/// Takes an entry back that was a mistake. What has been built on it stands in the way: the refusal says what.
///
/// # Errors
/// [`Fault`] of the database; inside, why it is not done.
pub fn undo(
    desk: &Desk,
    (read, change): (&Permit<Read, Donation>, &Permit<Change, Donation>),
    id: i64,
    request: &str,
) -> Result<Result<(), Unexplained>, Fault> {
    use ledger::Kind;
    let told = event(change.actor(), "entry_undo", &format!("entry:{id}"), request);
    desk.write(|store| {
        let query = EntryQuery { id: Some(id), limit: 1, ..EntryQuery::default() };
        // What a bank printed is not undone, nor what two people decided; a payment ends by its allotment.
        let can = |kind: Kind| {
            matches!(kind, Kind::Gift | Kind::Interest | Kind::Fee | Kind::Return | Kind::Grant | Kind::Cut)
        };
        let found = store.book_entries(read, &query)?.pop().filter(|e| can(e.kind) && e.undone_by.is_none());
        let Some(row) = found else { return Ok(Err(Unexplained::Unknown)) };
        if row.kind == Kind::Gift && store.book_returned(read, id)? > 0 {
            return Ok(Err(Unexplained::MoreThanGiven));
        }
        let [to, from] = &row.accounts;
        let postings = [(to, row.amount), (from, -row.amount)]
            .map(|(name, amount)| Account::parse(name).map(|account| ledger::Posting { account, amount }));
        let [Some(to), Some(from)] = postings else { return Ok(Err(Unexplained::Unknown)) };
        let undo = match ledger::Entry::kept(row.kind, &[to, from]).map(|e| e.undo()) {
            Some(Ok(undo)) => undo,
            Some(Err(refusal)) => return Ok(Err(Unexplained::Refused(refusal))),
            None => return Err(Fault(format!("entry {id} does not read"))),
        };
        let about = About { undoes: Some(id), note: String::new(), gift: None, ..row.about };
        let entered = store.book_enter(change, &[(undo, about)], &clock::now(), told)?;
        Ok(entered.map(|_| ()).map_err(Unexplained::Refused))
    })
}
