//! Donors: who gives, what is promised, what came. Names are for whoever writes in the book.

use super::donation::{rupiah, whole};
use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::aman::donors::{self, DonorKind, EndReason, Promised, Rhythm, Unpledged};
use app::desk::aman::{forecast, lists::lists, say_unpledged, thanks};
use app::desk::event;
use app::words;
use askama::Template;
use authz::{Action, Change, Donation, Read, Resource, Vulnerable, may};
use kernel::Date;
use kernel::id::Nik;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use store::{DonorName, DonorRow, PledgeRow};

/// What is typed about a donor or a pledge.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    tindakan: String,
    jenis: String,
    dinas: String,
    nama: String,
    kontak: String,
    dana: String,
    irama: String,
    jumlah: String,
    mulai: String,
    sampai: String,
    nik: String,
    janji: String,
    alasan: String,
}

/// What is asked of the list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    terlambat: String,
}

struct Row {
    id: i64,
    name: String,
    kind: String,
    agency: String,
    given: String,
    pledges: String,
    ended: String,
}

#[derive(Template)]
#[template(path = "donors.html")]
struct List {
    f: Frame,
    rows: Vec<Row>,
    late_only: bool,
    kinds: Vec<(&'static str, String)>,
    agencies: Vec<(String, String, String)>,
    may_change: bool,
    trouble: String,
    typed: Typed,
}

fn named(f: &Frame, names: &BTreeMap<i64, DonorName>, id: i64) -> String {
    names.get(&id).map_or_else(|| f.t1("ledger-donor", "number", &id.to_string()), |n| n.name.clone())
}

fn row(f: &Frame, names: &BTreeMap<i64, DonorName>, d: &DonorRow) -> Row {
    let ended = |(at, why): &(String, String)| format!("{}, {}", f.word("end-reason-", why), f.date(at));
    Row {
        id: d.id,
        name: named(f, names, d.id),
        kind: f.word("donor-kind-", &d.kind),
        agency: d.agency.clone(),
        given: rupiah(f, d.given),
        pledges: f.n(&d.pledges),
        ended: d.ended.as_ref().map_or_else(String::new, ended),
    }
}

fn names(site: &Site, caller: &Caller) -> Result<BTreeMap<i64, DonorName>, Trouble> {
    match authz::permit::<Change, Donation>(&caller.actor) {
        Some(change) => Ok(site.desk.read(|s| s.donor_names(&change).map_err(Trouble::from))?.into_iter().collect()),
        None => Ok(BTreeMap::new()),
    }
}

/// GET `/donasi/donatur`
pub(crate) fn list(site: &Site, caller: &Caller, asked: &Asked) -> Outcome {
    Ok(Answer::Page(made(site, caller, asked, &Typed::default(), String::new())?))
}

fn made(site: &Site, caller: &Caller, asked: &Asked, typed: &Typed, trouble: String) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Donation>()?;
    let f = Frame::of(site, caller, "donor-list", "/donasi");
    let (donors, pledges) =
        site.desk.read(|s| Ok::<_, Trouble>((s.donor_list(&permit, None)?, s.pledge_list(&permit, None)?)))?;
    let names = names(site, caller)?;
    let late_only = !asked.terlambat.is_empty();
    let late: BTreeSet<i64> = if late_only {
        let missed: BTreeSet<i64> = forecast::forecast(&site.desk, &permit)?.missed.into_values().flatten().collect();
        pledges.iter().filter(|p| missed.contains(&p.id)).map(|p| p.donor).collect()
    } else {
        BTreeSet::new()
    };
    // Agencies by their people who promise: how many, and how much a month.
    let mut agencies: BTreeMap<&str, (BTreeSet<i64>, i64)> = BTreeMap::new();
    for p in pledges.iter().filter(|p| p.ended.is_none() && p.rhythm != "once" && !p.agency.is_empty()) {
        let of = agencies.entry(&p.agency).or_default();
        of.0.insert(p.donor);
        of.1 = of.1.saturating_add(p.amount);
    }
    let view = List {
        rows: donors.iter().filter(|d| !late_only || late.contains(&d.id)).map(|d| row(&f, &names, d)).collect(),
        late_only,
        kinds: DonorKind::ALL.iter().map(|k| (k.name(), f.word("donor-kind-", k.name()))).collect(),
        agencies: agencies
            .into_iter()
            .map(|(name, (people, sum))| (name.to_owned(), f.u(&(people.len() as u64)), rupiah(&f, sum)))
            .collect(),
        may_change: may(&caller.actor, Action::Change, Resource::Donation),
        trouble,
        typed: typed.clone(),
        f,
    };
    Ok(view.render()?)
}

/// POST `/donasi/donatur`
pub(crate) fn add(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let change = caller.permit::<Change, Donation>()?;
    let kind = DonorKind::parse(&typed.jenis).ok_or(Trouble::Bad("web-trouble-form"))?;
    let name = DonorName { name: typed.nama.clone(), contact: typed.kontak.clone() };
    match donors::add(&site.desk, &change, (kind, &typed.dinas), &name, &caller.asking.reference)? {
        Ok(id) => Ok(Answer::Go(format!("/donasi/donatur/{id}"))),
        Err(no) => {
            let trouble = say_unpledged(no, caller.language());
            Ok(Answer::Unaccepted(made(site, caller, &Asked::default(), typed, trouble)?))
        }
    }
}

struct PledgeView {
    id: i64,
    code: String,
    fund: String,
    rhythm: String,
    amount: String,
    months: String,
    ended: String,
    wish: bool,
}

#[derive(Template)]
#[template(path = "donor.html")]
struct One {
    f: Frame,
    donor: Row,
    contact: String,
    is_ended: bool,
    pledges: Vec<PledgeView>,
    gifts: Vec<(i64, String, String, String)>,
    funds: Vec<(i64, String)>,
    rhythms: Vec<(&'static str, String)>,
    reasons: Vec<(&'static str, String)>,
    may_change: bool,
    trouble: String,
    typed: Typed,
    month: String,
}

/// GET `/donasi/donatur/{id}`
pub(crate) fn one(site: &Site, caller: &Caller, id: i64) -> Outcome {
    Ok(Answer::Page(one_page(site, caller, id, &Typed::default(), String::new())?))
}

fn one_page(site: &Site, caller: &Caller, id: i64, typed: &Typed, trouble: String) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Donation>()?;
    if let Some(change) = authz::permit::<Change, Donation>(&caller.actor) {
        donors::open_pool(&site.desk, (&permit, &change))?;
    }
    let f = Frame::of(site, caller, "donor-title", "/donasi");
    let (donor, pledges, gifts, funds) = site.desk.read(|s| {
        Ok::<_, Trouble>((
            s.donor_list(&permit, Some(id))?.pop().ok_or(Trouble::NotFound)?,
            s.pledge_list(&permit, Some(id))?,
            s.gift_list(&permit, Some(id))?,
            s.fund_list(&permit)?,
        ))
    })?;
    let names = names(site, caller)?;
    let fund = |id: i64| funds.iter().find(|x| x.id == id).map(|x| x.name.clone()).unwrap_or_default();
    let month = |iso: &str| iso.parse::<Date>().map_or_else(|_| String::new(), |d| words::month_text(d, f.language));
    let pledge = |p: &PledgeRow| PledgeView {
        id: p.id,
        code: p.code.clone(),
        fund: fund(p.fund),
        rhythm: f.word("rhythm-", &p.rhythm),
        amount: rupiah(&f, p.amount),
        months: match &p.last {
            Some(last) => format!("{} – {}", month(&p.first), month(last)),
            None => f.t1("pledge-since", "month", &month(&p.first)),
        },
        ended: p
            .ended
            .as_ref()
            .map_or_else(String::new, |(at, why)| format!("{}, {}", f.word("end-reason-", why), f.date(at))),
        wish: p.wish.is_some(),
    };
    let today = app::clock::today();
    let view = One {
        contact: names.get(&id).map(|n| n.contact.clone()).unwrap_or_default(),
        is_ended: donor.ended.is_some(),
        pledges: pledges.iter().map(pledge).collect(),
        gifts: gifts.iter().rev().map(|g| (g.entry, f.date(&g.day), fund(g.fund), rupiah(&f, g.amount))).collect(),
        funds: funds.iter().filter(|x| x.payer == "donor").map(|x| (x.id, x.name.clone())).collect(),
        rhythms: Rhythm::ALL.iter().map(|r| (r.name(), f.word("rhythm-", r.name()))).collect(),
        reasons: EndReason::ALL.iter().map(|r| (r.name(), f.word("end-reason-", r.name()))).collect(),
        may_change: may(&caller.actor, Action::Change, Resource::Donation),
        donor: row(&f, &names, &donor),
        month: format!("{:04}-{:02}", today.year(), today.month()),
        trouble,
        typed: typed.clone(),
        f,
    };
    Ok(view.render()?)
}

/// A month as browsers send it.
fn month(text: &str) -> Option<Date> {
    format!("{}-01", text.trim()).parse().ok()
}

/// Whom the donor wishes to be covered first: found by the number typed, which is not kept.
fn wish(site: &Site, caller: &Caller, typed: &Typed) -> Result<Result<Option<String>, Unpledged>, Trouble> {
    if typed.nik.trim().is_empty() {
        return Ok(Ok(None));
    }
    match Nik::parse(&typed.nik) {
        Ok(nik) => {
            let permit = caller.permit::<Read, Vulnerable>()?;
            let person = site.desk.read(|s| Ok::<_, Trouble>(s.person_digest(&nik)))?;
            // Whoever types a number learns something of its owner: that stands in the trail, found or not.
            let told = event(permit.actor(), "person_sought", &format!("person:{person}"), &caller.asking.reference);
            site.desk.write(|s| s.audit(told))?;
            Ok(Ok(Some(person)))
        }
        Err(_) => Ok(Err(Unpledged::WishUnknown)),
    }
}

/// POST `/donasi/donatur/{id}`: a pledge, or an end.
pub(crate) fn say(site: &Site, caller: &Caller, id: i64, typed: &Typed) -> Outcome {
    let change = caller.permit::<Change, Donation>()?;
    let request = &caller.asking.reference;
    let again = |no: Unpledged| -> Outcome {
        // A number that was typed is not sent back.
        let typed = Typed { nik: String::new(), ..typed.clone() };
        Ok(Answer::Unaccepted(one_page(site, caller, id, &typed, say_unpledged(no, caller.language()))?))
    };
    match typed.tindakan.as_str() {
        "janji" => {
            let wish = match wish(site, caller, typed)? {
                Ok(wish) => wish,
                Err(no) => return again(no),
            };
            let lists = match (&wish, authz::permit::<Read, Vulnerable>(&caller.actor)) {
                (Some(_), Some(permit)) => Some(lists(&site.desk, &permit)?),
                _ => None,
            };
            let promised = Promised {
                donor: id,
                fund: typed.dana.parse().map_err(|_| Trouble::Bad("web-trouble-form"))?,
                rhythm: Rhythm::parse(&typed.irama).ok_or(Trouble::Bad("web-trouble-form"))?,
                amount: whole(caller, &typed.jumlah)?.unwrap_or(0),
                first: month(&typed.mulai).ok_or(Trouble::Bad("plan-no-month"))?,
                last: if typed.sampai.trim().is_empty() {
                    None
                } else {
                    Some(month(&typed.sampai).ok_or(Trouble::Bad("plan-no-month"))?)
                },
                wish,
            };
            match donors::promise(&site.desk, &change, &promised, lists.as_deref(), request)? {
                Ok(_) => {}
                Err(no) => return again(no),
            }
        }
        "akhiri" | "akhiri-janji" => {
            let why = EndReason::parse(&typed.alasan).ok_or(Trouble::Bad("web-trouble-form"))?;
            let pledge = if typed.tindakan == "akhiri" {
                None
            } else {
                Some(typed.janji.parse().map_err(|_| Trouble::Bad("web-trouble-form"))?)
            };
            donors::end(&site.desk, &change, (id, pledge), why, request)?;
        }
        _ => return Err(Trouble::Bad("web-trouble-form")),
    }
    Ok(Answer::Go(format!("/donasi/donatur/{id}")))
}

/// GET `/donasi/donatur/{id}/terima-kasih`: the letter of thanks with its facts, a PDF.
pub(crate) fn thank(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let (read, change) = (caller.permit::<Read, Donation>()?, caller.permit::<Change, Donation>()?);
    let made = thanks::letter(&site.desk, (&read, &change), id, caller.language())?;
    let pdf = made.map_err(|amiss| Trouble::Bad(amiss.sentence()))?.ok_or(Trouble::NotFound)?;
    Ok(Answer::File(format!("terima-kasih-{id}.pdf"), "application/pdf", pdf))
}
