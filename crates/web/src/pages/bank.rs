//! The donation account: statements that were loaded, whether their lines follow from one another, and what each line is.

use super::donation::{rupiah, whole};
use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::aman::donors;
use app::desk::aman::say_unexplained;
use app::desk::aman::statement::{self, Explain, Ground, Proposal};
use app::words;
use askama::Template;
use authz::{Action, Change, Donation, Read, Resource, may};
use registers_words::no_line;
use serde::Deserialize;
use std::collections::BTreeMap;
use store::{DonorName, PledgeRow};

/// Lines shown at a time: the oldest first, so that nothing waits for ever.
const SHOWN: usize = 50;

/// Donors offered by name, the newest first; the number of any other can be typed.
const DONORS: usize = 500;

/// Gifts offered as the one that went back.
const GIFTS: usize = 60;

/// Words for rows that are no line.
mod registers_words {
    use crate::frame::Frame;
    use app::desk::aman::NoLine;

    pub(super) fn no_line(f: &Frame, no: NoLine) -> String {
        f.t(match no {
            NoLine::Day => "bank-no-day",
            NoLine::Balance => "bank-no-balance",
            NoLine::Still => "bank-no-still",
            NoLine::Amount => "bank-no-amount",
            NoLine::Cents => "bank-no-cents",
        })
    }
}

/// What is typed about a line.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    tindakan: String,
    baris: String,
    sebagai: String,
    donatur: String,
    dana: String,
    dinas: String,
    hadiah: String,
    alokasi: String,
    jumlah: String,
}

struct AccountView {
    number: String,
    days: String,
    balance: String,
    new: String,
    gaps: Vec<String>,
}

struct ProposalView {
    pledge: i64,
    name: String,
    why: String,
    is_sure: bool,
}

struct LineView {
    id: i64,
    day: String,
    text: String,
    at: String,
    amount: String,
    open: String,
    is_in: bool,
    proposals: Vec<ProposalView>,
}

#[derive(Template)]
#[template(path = "bank.html")]
struct Page {
    f: Frame,
    accounts: Vec<AccountView>,
    unread: Vec<String>,
    new: usize,
    holds: bool,
    lines: Vec<LineView>,
    waiting: usize,
    sure: usize,
    may_change: bool,
    funds: Vec<(i64, String)>,
    donors: Vec<(i64, String)>,
    agencies: Vec<String>,
    gifts: Vec<(i64, String)>,
    allotments: Vec<(i64, String)>,
    paid: Vec<(i64, String)>,
    trouble: String,
}

/// GET `/donasi/rekening`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    Ok(Answer::Page(made(site, caller, String::new())?))
}

fn at(at: &(String, u32)) -> String {
    if at.0.is_empty() { String::new() } else { format!("{}:{}", at.0, at.1) }
}

fn why(f: &Frame, p: &Proposal) -> String {
    let word = |g: &Ground| match g {
        Ground::Code => f.t("ground-code"),
        Ground::Name(n) => f.t1("ground-name", "count", &n.to_string()),
        Ground::Amount => f.t("ground-amount"),
        Ground::Due => f.t("ground-due"),
    };
    p.grounds.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn made(site: &Site, caller: &Caller, trouble: String) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Donation>()?;
    let change = authz::permit::<Change, Donation>(&caller.actor);
    if let Some(change) = &change {
        donors::open_pool(&site.desk, (&permit, change))?;
    }
    let f = Frame::of(site, caller, "bank-title", "/donasi");
    let look = statement::look(&site.desk, &permit)?;
    let (funds, donors, pledges, gifts, allotments) = site.desk.read(|s| {
        Ok::<_, Trouble>((
            s.fund_list(&permit)?,
            s.donor_list(&permit, None)?,
            s.pledge_list(&permit, None)?,
            s.gift_list(&permit, None)?,
            s.allotment_list(&permit, None, 200)?,
        ))
    })?;
    let names: BTreeMap<i64, DonorName> = match &change {
        Some(change) => site.desk.read(|s| s.donor_names(change).map_err(Trouble::from))?.into_iter().collect(),
        None => BTreeMap::new(),
    };
    let name =
        |id: i64| names.get(&id).map_or_else(|| f.t1("ledger-donor", "number", &id.to_string()), |n| n.name.clone());
    let by_id: BTreeMap<i64, &PledgeRow> = pledges.iter().map(|p| (p.id, p)).collect();
    // Without the right to explain, nobody needs to read what a bank prints about donors.
    let waiting = match &change {
        Some(change) => statement::waiting(&site.desk, (&permit, change))?,
        None => Vec::new(),
    };
    let proposal = |p: &Proposal| {
        let pledge = by_id.get(&p.pledge)?;
        Some(ProposalView {
            pledge: p.pledge,
            name: format!("{} ({})", name(pledge.donor), rupiah(&f, pledge.amount)),
            why: why(&f, p),
            is_sure: p.is_sure(),
        })
    };
    let one_sure = |w: &statement::Waiting| w.proposals.iter().filter(|p| p.is_sure()).count() == 1;
    let allotment = |a: &store::AllotmentRow| {
        let label = phrases::say_with(
            f.language,
            "allotment-label",
            &[("number", a.id.to_string()), ("people", a.people.to_string()), ("amount", rupiah(&f, a.amount))],
        );
        (a.id, label)
    };
    let mut agencies: Vec<String> =
        donors.iter().filter(|d| d.ended.is_none() && !d.agency.is_empty()).map(|d| d.agency.clone()).collect();
    agencies.sort();
    agencies.dedup();
    let view = Page {
        accounts: look
            .accounts
            .iter()
            .map(|a| AccountView {
                number: if a.number.is_empty() { f.t("bank-only") } else { a.number.clone() },
                days: a.days.map_or_else(String::new, |(from, to)| {
                    format!("{} – {}", words::long_date(from, f.language), words::long_date(to, f.language))
                }),
                balance: rupiah(&f, a.balance),
                new: f.u(&(a.new as u64)),
                gaps: a
                    .gaps
                    .iter()
                    .map(|g| {
                        phrases::say_with(
                            f.language,
                            "bank-gap",
                            &[
                                ("at", at(&g.at)),
                                ("day", words::long_date(g.day, f.language)),
                                ("expected", rupiah(&f, g.expected)),
                                ("found", rupiah(&f, g.found)),
                            ],
                        )
                    })
                    .chain(a.overdrawn.then(|| f.t("bank-overdrawn")))
                    .chain((a.lost > 0).then(|| f.t1("bank-lost", "count", &a.lost.to_string())))
                    .collect(),
            })
            .collect(),
        unread: look.unread.iter().map(|(no, place)| format!("{}: {}", at(place), no_line(&f, *no))).collect(),
        new: look.new_lines(),
        holds: look.holds(),
        sure: waiting.iter().filter(|w| one_sure(w)).count(),
        waiting: waiting.len(),
        lines: waiting
            .iter()
            .take(SHOWN)
            .map(|w| LineView {
                id: w.line.id,
                day: f.date(&w.line.day),
                text: if w.line.text.is_empty() { f.t("bank-before-first") } else { w.line.text.clone() },
                at: at(&w.line.at),
                amount: rupiah(&f, w.line.amount.saturating_abs()),
                open: if w.line.open == w.line.amount.saturating_abs() {
                    String::new()
                } else {
                    rupiah(&f, w.line.open)
                },
                is_in: w.line.amount > 0,
                proposals: w.proposals.iter().filter_map(proposal).collect(),
            })
            .collect(),
        may_change: may(&caller.actor, Action::Change, Resource::Donation),
        funds: funds.iter().filter(|x| x.payer == "donor").map(|x| (x.id, x.name.clone())).collect(),
        donors: donors.iter().filter(|d| d.ended.is_none()).take(DONORS).map(|d| (d.id, name(d.id))).collect(),
        agencies,
        gifts: gifts
            .iter()
            .rev()
            .filter(|g| g.amount > 0)
            .take(GIFTS)
            .map(|g| {
                let who = g.donor.map(name).unwrap_or_default();
                (g.entry, format!("{} {} {}", f.date(&g.day), rupiah(&f, g.amount), who))
            })
            .collect(),
        allotments: allotments.iter().filter(|a| a.outcome == "released" && a.reserved > 0).map(allotment).collect(),
        paid: allotments.iter().filter(|a| a.paid_at.is_some()).map(allotment).collect(),
        trouble,
        f,
    };
    Ok(view.render()?)
}

/// POST `/donasi/rekening`: lines are entered, or one is explained.
pub(crate) fn say(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let permits = (&caller.permit::<Read, Donation>()?, &caller.permit::<Change, Donation>()?);
    let request = &caller.asking.reference;
    let bad = || Trouble::Bad("web-trouble-form");
    let done = match typed.tindakan.as_str() {
        "masukkan" => statement::enter(&site.desk, permits, request)?.map(|_| ()),
        "pasti" => {
            statement::explain_sure(&site.desk, permits, request)?;
            Ok(())
        }
        "jelaskan" => {
            // A choice reads "12 · Siti": the number counts, typed alone too.
            let number = |text: &str| {
                let first = text.split_whitespace().next().unwrap_or_default();
                first.parse::<i64>().map_err(|_| Trouble::Bad("bank-no-number"))
            };
            let what = match typed.sebagai.split_once(':') {
                Some(("janji", pledge)) => Explain::Pledge(number(pledge)?),
                _ => match typed.sebagai.as_str() {
                    "donatur" => Explain::Donor(number(&typed.donatur)?, number(&typed.dana)?),
                    "gaji" => Explain::Payroll(typed.dinas.clone()),
                    "bunga" => Explain::Interest(number(&typed.dana)?),
                    "biaya" => Explain::Fee(number(&typed.dana)?),
                    "kembali" => Explain::Return(number(&typed.hadiah)?),
                    "iuran" => Explain::Pay(number(&typed.alokasi)?),
                    "iuran-kembali" => Explain::PayBack(number(&typed.alokasi)?),
                    _ => return Err(bad()),
                },
            };
            let line = (number(&typed.baris)?, whole(caller, &typed.jumlah)?);
            statement::explain(&site.desk, permits, line, &what, request)?
        }
        _ => return Err(bad()),
    };
    match done {
        Ok(()) => Ok(Answer::Go("/donasi/rekening".to_owned())),
        Err(no) => Ok(Answer::Unaccepted(made(site, caller, say_unexplained(no, caller.language()))?)),
    }
}
