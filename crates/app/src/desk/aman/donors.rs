//! Donors and what they promise; funds, and what a budget grants.

use super::lists::{Lists, Standing};
use crate::desk::{Desk, event};
use crate::{Fault, clock};
use authz::{Change, Donation, Permit, Read};
use kernel::Date;
use ledger::Refusal;
use store::{About, DonorName, NewPledge};

kernel::named! {
    /// Who gives.
    DonorKind {
        /// A person.
        Person = "person",
        /// A civil servant of an agency.
        Servant = "servant",
        /// A firm.
        Firm = "firm",
        /// An office that collects for others, whose names it keeps.
        Office = "office",
    }
}

kernel::named! {
    /// How often.
    Rhythm {
        /// Once.
        Once = "once",
        /// Each month, by the donor's own transfer.
        Monthly = "monthly",
        /// Each month, kept back from the salary and transferred by the agency.
        Payroll = "payroll",
    }
}

kernel::named! {
    /// Why a donor or a pledge ends.
    EndReason {
        /// The donor says so.
        Asked = "asked",
        /// The donor died.
        Died = "died",
        /// The donor moved or left the service.
        Left = "left",
        /// Entered by mistake.
        Mistake = "mistake",
    }
}

/// The fund everybody's gifts go to.
pub const POOL: &str = "Dana bersama";

/// Largest amount of one time, rupiah: a hundred billion.
pub const AMOUNT_MAX: i64 = 100_000_000_000;

/// Letters of a name or contact, at most.
const NAME_MAX: usize = 120;

/// Why something is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unpledged {
    /// No name, or too long a one.
    Name,
    /// Of a civil servant the agency is needed: the office transfers.
    Agency,
    /// Zero, negative, or more than anybody gives.
    Amount,
    /// The last month lies before the first.
    Months,
    /// No such donor or fund, or it has ended.
    Unknown,
    /// The person wished for is on no list.
    WishUnknown,
    /// The person wished for is dead.
    WishDead,
    /// The person wished for is covered already: the pool reaches who is not.
    WishCovered,
    /// A fund of that name stands.
    Taken,
    /// The book refuses.
    Refused(Refusal),
}

/// Makes sure that the fund everybody's gifts go to is there.
///
/// # Errors
/// [`Fault`] of the database.
pub fn open_pool(
    desk: &Desk,
    (read, change): (&Permit<Read, Donation>, &Permit<Change, Donation>),
) -> Result<(), Fault> {
    if desk.read(|s| s.fund_list(read).map_err(Fault::from))?.is_empty() {
        let told = event(change.actor(), "fund_add", "fund", "");
        desk.write(|s| s.fund_add(change, (POOL, "donor", ""), &clock::now(), told).map_err(Fault::from))?;
    }
    Ok(())
}

/// Adds a donor; its number.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn add(
    desk: &Desk,
    permit: &Permit<Change, Donation>,
    (kind, agency): (DonorKind, &str),
    name: &DonorName,
    request: &str,
) -> Result<Result<i64, Unpledged>, Fault> {
    let clean = DonorName { name: kernel::text::clean(&name.name), contact: kernel::text::clean(&name.contact) };
    let agency = kernel::text::clean(agency);
    let fits = |t: &str| t.chars().count() <= NAME_MAX;
    if clean.name.is_empty() || !fits(&clean.name) || !fits(&clean.contact) || !fits(&agency) {
        return Ok(Err(Unpledged::Name));
    }
    if kind == DonorKind::Servant && agency.is_empty() {
        return Ok(Err(Unpledged::Agency));
    }
    let told = event(permit.actor(), "donor_add", "donor", request);
    desk.write(|s| s.donor_add(permit, (kind.name(), &agency), &clean, &clock::now(), told).map_err(Fault::from))
        .map(Ok)
}

/// What is promised.
#[derive(Debug, Clone)]
pub struct Promised {
    /// Donor.
    pub donor: i64,
    /// Fund.
    pub fund: i64,
    /// How often.
    pub rhythm: Rhythm,
    /// Rupiah of one time.
    pub amount: i64,
    /// First month.
    pub first: Date,
    /// Last month; none until it is ended.
    pub last: Option<Date>,
    /// Whom the donor wishes to be covered first, by digest.
    pub wish: Option<String>,
}

/// Adds a pledge; the code for the transfer. `lists` are asked whether who is wished for may be covered.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn promise(
    desk: &Desk,
    permit: &Permit<Change, Donation>,
    promised: &Promised,
    lists: Option<&Lists>,
    request: &str,
) -> Result<Result<String, Unpledged>, Fault> {
    if !(1..=AMOUNT_MAX).contains(&promised.amount) {
        return Ok(Err(Unpledged::Amount));
    }
    if promised.last.is_some_and(|last| last < promised.first) {
        return Ok(Err(Unpledged::Months));
    }
    if let Some(person) = &promised.wish {
        let found = lists.and_then(|l| l.people.iter().find(|p| p.person == *person));
        match found.map(|p| p.standing) {
            None | Some(Standing::Away) => return Ok(Err(Unpledged::WishUnknown)),
            Some(Standing::Dead) => return Ok(Err(Unpledged::WishDead)),
            Some(s) if s.is_covered() => return Ok(Err(Unpledged::WishCovered)),
            Some(_) => {}
        }
    }
    // Seven letters of thirty: no two pledges of a city meet, and nobody mistypes more. It is no secret.
    let code = format!("AMAN-{}", crate::desk::spelled(&Desk::token()?[..7]).replace('-', ""));
    let new = NewPledge {
        donor: promised.donor,
        fund: promised.fund,
        rhythm: promised.rhythm.name(),
        amount: promised.amount,
        first: promised.first.first_of_month().to_string(),
        last: promised.last.map(|l| l.first_of_month().to_string()),
        code: code.clone(),
        wish: promised.wish.clone(),
    };
    let told = event(permit.actor(), "pledge_add", "pledge", request);
    let added = desk.write(|s| s.pledge_add(permit, &new, &clock::now(), told).map_err(Fault::from))?;
    Ok(added.map(|_| code).ok_or(Unpledged::Unknown))
}

/// Ends a donor with all pledges, or one pledge. False where it had ended.
///
/// # Errors
/// [`Fault`] of the database.
pub fn end(
    desk: &Desk,
    permit: &Permit<Change, Donation>,
    (donor, pledge): (i64, Option<i64>),
    why: EndReason,
    request: &str,
) -> Result<bool, Fault> {
    let object = pledge.map_or_else(|| format!("donor:{donor}"), |p| format!("pledge:{p}"));
    let mut told = event(permit.actor(), if pledge.is_some() { "pledge_end" } else { "donor_end" }, &object, request);
    why.name().clone_into(&mut told.reason);
    let at = clock::now();
    desk.write(|s| match pledge {
        Some(pledge) => s.pledge_end(permit, (pledge, why.name()), &at, told).map_err(Fault::from),
        None => s.donor_end(permit, (donor, why.name()), &at, told).map_err(Fault::from),
    })
}

/// Adds a fund; its number.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn add_fund(
    desk: &Desk,
    permit: &Permit<Change, Donation>,
    (name, is_budget, group): (&str, bool, &str),
    request: &str,
) -> Result<Result<i64, Unpledged>, Fault> {
    let name = kernel::text::clean(name);
    if name.is_empty() || name.chars().count() > NAME_MAX {
        return Ok(Err(Unpledged::Name));
    }
    let group = registers::person::group(group).unwrap_or_default();
    let told = event(permit.actor(), "fund_add", "fund", request);
    let payer = if is_budget { "budget" } else { "donor" };
    let added = desk.write(|s| s.fund_add(permit, (&name, payer, &group), &clock::now(), told).map_err(Fault::from))?;
    Ok(added.ok_or(Unpledged::Taken))
}

/// A budget document grants so much to a fund, or takes it back where the amount is below zero.
///
/// # Errors
/// [`Fault`] of the database; inside, why not.
pub fn grant(
    desk: &Desk,
    (read, change): (&Permit<Read, Donation>, &Permit<Change, Donation>),
    fund: i64,
    (line, document): (&str, &str),
    amount: i64,
    request: &str,
) -> Result<Result<(), Unpledged>, Fault> {
    let (line, document) = (kernel::text::clean(line), kernel::text::clean(document));
    if line.is_empty() || document.is_empty() || line.chars().count() > NAME_MAX || document.chars().count() > NAME_MAX
    {
        return Ok(Err(Unpledged::Name));
    }
    if amount == 0 || amount.checked_abs().is_none_or(|a| a > AMOUNT_MAX) {
        return Ok(Err(Unpledged::Amount));
    }
    let told = event(change.actor(), "budget_grant", &format!("fund:{fund}"), request);
    desk.write(|s| {
        if !s.fund_list(read)?.iter().any(|f| f.id == fund && f.payer == "budget") {
            return Ok(Err(Unpledged::Unknown));
        }
        let about = About { day: clock::today().to_string(), fund: Some(fund), note: document, ..About::default() };
        Ok(match s.budget_enter(change, (fund, &line, amount), &about, &clock::now(), told)? {
            None => Err(Unpledged::Taken),
            Some(entered) => entered.map_err(Unpledged::Refused),
        })
    })
}
