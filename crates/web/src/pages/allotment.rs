//! Allotments: the plan that is proposed, what waits for a second person, what is paid.

use super::donation::{rupiah, whole};
use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::aman::allot::{self, Asked as Wanted, Proposal, Unplanned};
use app::desk::aman::lists::{Somebody, Standing, lists};
use app::desk::aman::{group_label, say_no_allotment};
use app::words;
use askama::Template;
use authz::{Action, Change, Decide, Donation, Read, Release, Resource, Vulnerable, may};
use kernel::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use store::{AllotmentRow, NoAllotment};

/// Allotments listed.
const LISTED: usize = 100;

/// What is asked of the plan.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    mulai: String,
    bulan: String,
    terpendek: String,
    kelompok: String,
    dana: String,
}

struct FundView {
    id: i64,
    name: String,
    free: String,
    waiting: String,
    people: String,
    renews: String,
    amount: String,
    groups: Vec<(String, String, String)>,
}

struct AllotmentView {
    id: i64,
    fund: String,
    months: String,
    people: String,
    person_months: String,
    amount: String,
    state: String,
    is_waiting: bool,
    by: String,
}

#[derive(Template)]
#[template(path = "allotments.html")]
struct Page {
    f: Frame,
    a: Asked,
    problem: String,
    funds: Vec<FundView>,
    said: Vec<String>,
    groups: Vec<(String, String)>,
    rows: Vec<AllotmentView>,
    may_ask: bool,
    sees_people: bool,
}

fn wanted(asked: &Asked, today: Date) -> Option<Wanted> {
    let usual = Wanted::usual(today);
    if asked.mulai.is_empty() {
        return Some(usual);
    }
    Some(Wanted {
        from: format!("{}-01", asked.mulai.trim()).parse().ok()?,
        months: asked.bulan.trim().parse().ok()?,
        shortest: asked.terpendek.trim().parse().ok()?,
        group: asked.kelompok.clone(),
    })
}

fn problem(site: &Site, f: &Frame, no: Unplanned) -> String {
    match no {
        Unplanned::Months => f.t("allotment-no-months"),
        Unplanned::Solver => f.t("allotment-no-plan"),
        Unplanned::Law(declined) => app::legal::declined(&declined, &site.desk.law, f.language).0,
    }
}

fn state(f: &Frame, a: &AllotmentRow) -> String {
    let name = match (a.outcome.as_str(), &a.paid_at, &a.closed_at) {
        ("", ..) => "waiting",
        ("declined", ..) => "declined",
        (_, Some(_), Some(_)) => "done",
        (_, Some(_), None) => "paid",
        (_, None, Some(_)) => "given-up",
        (_, None, None) => "released",
    };
    f.word("allotment-state-", name)
}

fn months(f: &Frame, of: &[String; 2]) -> String {
    let text = |iso: &str| iso.parse::<Date>().map_or_else(|_| String::new(), |d| words::month_text(d, f.language));
    format!("{} – {}", text(&of[0]), text(&of[1]))
}

fn view(f: &Frame, a: &AllotmentRow, funds: &BTreeMap<i64, String>) -> AllotmentView {
    AllotmentView {
        id: a.id,
        fund: funds.get(&a.fund).cloned().unwrap_or_default(),
        months: months(f, &a.months),
        people: f.n(&a.people),
        person_months: f.n(&a.person_months),
        amount: rupiah(f, a.amount),
        state: state(f, a),
        is_waiting: a.outcome.is_empty(),
        by: match &a.decided {
            Some((name, at)) => format!("{} → {}, {}", a.asked_by.1, name, f.moment(at)),
            None => format!("{}, {}", a.asked_by.1, f.moment(&a.asked_at)),
        },
    }
}

fn said(f: &Frame, p: &Proposal) -> Vec<String> {
    let mut out = vec![phrases::say_with(f.language, "allotment-covers", &[("months", f.u(&p.months))])];
    let price = |n: fn(&(Date, i64, i64)) -> i64| -> String {
        let mut all: Vec<i64> = p.prices.iter().map(n).collect();
        all.sort_unstable();
        match (all.first(), all.last()) {
            (Some(low), Some(high)) if low != high => format!("{} – {}", rupiah(f, *low), rupiah(f, *high)),
            (Some(low), _) => rupiah(f, *low),
            _ => String::new(),
        }
    };
    out.push(phrases::say_with(
        f.language,
        "allotment-prices",
        &[("donor", price(|p| p.1)), ("budget", price(|p| p.2))],
    ));
    if p.lapsing > 0 {
        out.push(f.t1("allotment-lapsing", "count", &f.u(&p.lapsing)));
    }
    if p.left > 0 {
        out.push(f.t1("allotment-left", "count", &f.u(&p.left)));
    }
    let best =
        if p.gap_ppm == 0 { f.t("allotment-best") } else { f.t1("allotment-near", "ppm", &p.gap_ppm.to_string()) };
    out.push(best);
    out
}

fn fund_view(f: &Frame, plan: &allot::FundPlan) -> FundView {
    let mut groups: BTreeMap<&str, (u64, i64)> = BTreeMap::new();
    for p in &plan.people {
        let of = groups.entry(&p.group).or_default();
        of.0 += 1;
        of.1 += p.amount;
    }
    FundView {
        id: plan.fund.id,
        name: plan.fund.name.clone(),
        free: rupiah(f, plan.fund.free),
        waiting: if plan.waiting == 0 { String::new() } else { rupiah(f, plan.waiting) },
        people: f.u(&(plan.people.len() as u64)),
        renews: f.u(&(plan.people.iter().filter(|p| p.renews).count() as u64)),
        amount: rupiah(f, plan.amount),
        groups: groups.into_iter().map(|(g, (n, sum))| (group_label(g), f.u(&n), rupiah(f, sum))).collect(),
    }
}

/// GET `/donasi/alokasi`
pub(crate) fn page(site: &Site, caller: &Caller, asked: &Asked) -> Outcome {
    let permit = caller.permit::<Read, Donation>()?;
    let people = authz::permit::<Read, Vulnerable>(&caller.actor);
    let f = Frame::of(site, caller, "allotment-title", "/donasi");
    let (rows, funds) = site.desk.read(|s| {
        let funds: BTreeMap<i64, String> = s.fund_list(&permit)?.into_iter().map(|x| (x.id, x.name)).collect();
        Ok::<_, Trouble>((s.allotment_list(&permit, None, LISTED)?, funds))
    })?;
    let today = app::clock::today();
    let (mut trouble, mut proposed, mut groups) = (String::new(), None, Vec::new());
    let want = wanted(asked, today);
    if let Some(people) = &people {
        let lists = lists(&site.desk, people)?;
        groups = lists.groups().iter().map(|g| (g.group.clone(), group_label(&g.group))).collect();
        match &want {
            None => trouble = f.t("allotment-no-months"),
            Some(want) => match allot::propose(&site.desk, &permit, &lists, want)? {
                Ok(found) => proposed = Some(found),
                Err(no) => trouble = problem(site, &f, no),
            },
        }
    }
    let want = want.unwrap_or_else(|| Wanted::usual(today));
    let is_trouble = !trouble.is_empty();
    let view = Page {
        a: if asked.mulai.is_empty() {
            Asked {
                mulai: format!("{:04}-{:02}", want.from.year(), want.from.month()),
                bulan: want.months.to_string(),
                terpendek: want.shortest.to_string(),
                ..Asked::default()
            }
        } else {
            asked.clone()
        },
        problem: trouble,
        funds: proposed.iter().flat_map(|p| &p.funds).map(|p| fund_view(&f, p)).collect(),
        said: proposed.as_ref().map(|p| said(&f, p)).unwrap_or_default(),
        groups,
        rows: rows.iter().map(|a| view(&f, a, &funds)).collect(),
        may_ask: may(&caller.actor, Action::Decide, Resource::Donation),
        sees_people: people.is_some(),
        f,
    };
    let html = view.render()?;
    Ok(if is_trouble { Answer::Unaccepted(html) } else { Answer::Page(html) })
}

/// POST `/donasi/alokasi`: the proposal for one fund is asked for.
pub(crate) fn ask(site: &Site, caller: &Caller, typed: &Asked) -> Outcome {
    let permits = (&caller.permit::<Read, Donation>()?, &caller.permit::<Decide, Donation>()?);
    let people = caller.permit::<Read, Vulnerable>()?;
    let want = wanted(typed, app::clock::today()).ok_or(Trouble::Bad("allotment-no-months"))?;
    let fund = typed.dana.parse().map_err(|_| Trouble::Bad("web-trouble-form"))?;
    let lists = lists(&site.desk, &people)?;
    match allot::ask(&site.desk, permits, &lists, (&want, fund), &caller.asking.reference)? {
        Ok(Some(id)) => Ok(Answer::Go(format!("/donasi/alokasi/{id}"))),
        Ok(None) => Err(Trouble::Bad("allotment-nobody")),
        Err(_) => page(site, caller, typed),
    }
}

/// What is typed about an allotment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    tindakan: String,
    mata_anggaran: String,
    sp2d: String,
    jumlah: String,
    orang: String,
}

struct PersonView {
    person: String,
    initials: String,
    group: String,
    months: String,
    amount: String,
    /// Why money for this person would be for nothing; empty for most.
    why: Vec<String>,
}

#[derive(Template)]
#[template(path = "allotment.html")]
struct One {
    f: Frame,
    a: AllotmentView,
    reserved: String,
    reserved_plain: String,
    groups: Vec<(String, String, String)>,
    people: Vec<PersonView>,
    may_drop: bool,
    budgets: Vec<(i64, String)>,
    may_decide: bool,
    is_own: bool,
    may_pay: bool,
    may_close: bool,
    trouble: String,
}

/// Why money for somebody would be for nothing: dead, employed, no longer on a list, paid for by another.
fn for_nothing(f: &Frame, s: &Somebody) -> Vec<String> {
    let mut out = Vec::new();
    if matches!(s.standing, Standing::Dead | Standing::Waged | Standing::Away | Standing::Own) {
        out.push(f.word("standing-", s.standing.name()));
    }
    out.extend(s.conflicts.iter().map(|c| f.word("conflict-", c.name())));
    out
}

/// GET `/donasi/alokasi/{id}`
pub(crate) fn one(site: &Site, caller: &Caller, id: i64) -> Outcome {
    Ok(Answer::Page(one_page(site, caller, id, String::new())?))
}

fn one_page(site: &Site, caller: &Caller, id: i64, trouble: String) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Donation>()?;
    let f = Frame::of(site, caller, "allotment-one", "/donasi");
    let (row, funds, budgets) = site.desk.read(|s| {
        let row = s.allotment_list(&permit, Some(id), 1)?.pop().ok_or(Trouble::NotFound)?;
        Ok::<_, Trouble>((row, s.fund_list(&permit)?, s.budget_lines(&permit)?))
    })?;
    // Who decides sees groups and sums; people are for those who see the list.
    let seen = authz::permit::<Read, Vulnerable>(&caller.actor);
    let people = match &seen {
        Some(lists) => site.desk.read(|s| s.allotment_people(lists, id).map_err(Trouble::from))?,
        None => Vec::new(),
    };
    let known = seen.as_ref().map(|permit| lists(&site.desk, permit)).transpose()?;
    let mut groups: BTreeMap<&str, (u64, i64)> = BTreeMap::new();
    for p in &people {
        let of = groups.entry(&p.group).or_default();
        of.0 += 1;
        of.1 += p.amount;
    }
    let names: BTreeMap<i64, String> = funds.iter().map(|x| (x.id, x.name.clone())).collect();
    let is_budget = funds.iter().any(|x| x.id == row.fund && x.payer == "budget");
    let open = row.outcome == "released" && row.closed_at.is_none();
    let may_change = may(&caller.actor, Action::Change, Resource::Donation);
    let view = One {
        groups: groups.into_iter().map(|(g, (n, sum))| (group_label(g), f.u(&n), rupiah(&f, sum))).collect(),
        may_drop: open && row.paid_at.is_none() && may_change,
        people: people
            .iter()
            .map(|p| {
                let somebody = known.as_ref().and_then(|k| k.people.iter().find(|s| s.person == p.person));
                PersonView {
                    person: p.person.clone(),
                    initials: somebody.map_or_else(|| "–".to_owned(), |s| s.initials.clone()),
                    group: group_label(&p.group),
                    months: months(&f, &p.months),
                    amount: rupiah(&f, p.amount),
                    why: somebody.map(|s| for_nothing(&f, s)).unwrap_or_default(),
                }
            })
            .collect(),
        budgets: budgets
            .into_iter()
            .filter(|b| b.1 == row.fund)
            .map(|(id, _, name, left)| (id, format!("{name} ({})", rupiah(&f, left))))
            .collect(),
        reserved: if row.outcome == "released" { rupiah(&f, row.reserved) } else { String::new() },
        reserved_plain: row.reserved.to_string(),
        may_decide: row.outcome.is_empty() && may(&caller.actor, Action::Release, Resource::Donation),
        is_own: caller.actor.id == Some(row.asked_by.0),
        may_pay: open && is_budget && may_change && row.reserved > 0,
        may_close: open && may_change,
        a: view(&f, &row, &names),
        trouble,
        f,
    };
    Ok(view.render()?)
}

/// POST `/donasi/alokasi/{id}`: released, declined, paid by the treasury, closed.
pub(crate) fn say(site: &Site, caller: &Caller, id: i64, typed: &Typed) -> Outcome {
    caller.permit::<Read, Donation>()?;
    let request = &caller.asking.reference;
    let done: Result<(), NoAllotment> = match typed.tindakan.as_str() {
        act @ ("lepas" | "tolak") => {
            let release = caller.permit::<Release, Donation>()?;
            allot::decide(&site.desk, &release, (id, act == "lepas"), request)?
        }
        "bayar" => {
            let change = caller.permit::<Change, Donation>()?;
            let budget = typed.mata_anggaran.parse().map_err(|_| Trouble::Bad("web-trouble-form"))?;
            let amount = whole(caller, &typed.jumlah)?.unwrap_or(0);
            allot::pay_budget(&site.desk, &change, (id, budget), (&typed.sp2d, amount), request)?
        }
        "keluarkan" => {
            let change = caller.permit::<Change, Donation>()?;
            allot::drop_person(&site.desk, &change, (id, &typed.orang), request)?
        }
        "tutup" => {
            let change = caller.permit::<Change, Donation>()?;
            allot::close(&site.desk, &change, id, request)?
        }
        _ => return Err(Trouble::Bad("web-trouble-form")),
    };
    match done {
        Ok(()) => Ok(Answer::Go(format!("/donasi/alokasi/{id}"))),
        Err(no) => Ok(Answer::Unaccepted(one_page(site, caller, id, say_no_allotment(no, caller.language()))?)),
    }
}
