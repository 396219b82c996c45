//! Gifts and budget for vulnerable workers: how the money stands, what will come, the book, and the page for everybody.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::aman::{donors, forecast, group_label, lists::lists, say_unexplained, say_unpledged, statement};
use app::words;
use askama::Template;
use authz::{Action, Change, Donation, Export, Read, Resource, Vulnerable, may};
use ledger::Account;
use serde::Deserialize;
use store::{BookWrong, EntryQuery, EntryRow};

/// Entries of the book on a page.
const PAGE: usize = 100;

/// Entries taken away at most, as a file.
const EXPORTED: usize = 1_000_000;

/// Whole rupiah, zero too.
pub(super) fn rupiah(f: &Frame, amount: i64) -> String {
    format!("Rp{}", words::rupiah_text(kernel::Rupiah(amount), f.language))
}

struct FundRow {
    id: i64,
    name: String,
    payer: String,
    group: String,
    free: String,
}

struct AheadRow {
    month: String,
    promised: String,
    expected: String,
    band: String,
}

#[derive(Template)]
#[template(path = "donation.html")]
struct Page {
    f: Frame,
    tiles: Vec<(String, String, String, String)>,
    funds: Vec<FundRow>,
    budgets: Vec<(String, String)>,
    ahead: Vec<AheadRow>,
    accuracy: Vec<String>,
    missed: Vec<(String, String)>,
    may_change: bool,
    trouble: String,
    typed: Typed,
}

/// What is typed about a fund or a grant.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    tindakan: String,
    nama: String,
    jenis: String,
    kelompok: String,
    dana: String,
    mata_anggaran: String,
    dokumen: String,
    jumlah: String,
    arah: String,
}

/// GET `/donasi`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    Ok(Answer::Page(made(site, caller, &Typed::default(), String::new())?))
}

fn made(site: &Site, caller: &Caller, typed: &Typed, trouble: String) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Donation>()?;
    let change = authz::permit::<Change, Donation>(&caller.actor);
    if let Some(change) = &change {
        donors::open_pool(&site.desk, (&permit, change))?;
    }
    let f = Frame::of(site, caller, "donation-title", "/donasi");
    let (funds, balances, budgets) = site
        .desk
        .read(|s| Ok::<_, Trouble>((s.fund_list(&permit)?, s.book_balances(&permit)?, s.budget_lines(&permit)?)))?;
    let sum = |kind: &str| -> i64 { balances.iter().filter(|(a, _)| a.kind() == kind).map(|(a, b)| a.has(*b)).sum() };
    let count = |kind: &str| balances.iter().filter(|(a, _)| a.kind() == kind).count();
    let waiting = count("in") + count("out");
    let forecast = forecast::forecast(&site.desk, &permit)?;
    let ending = match authz::permit::<Read, Vulnerable>(&caller.actor) {
        Some(permit) => Some(lists(&site.desk, &permit)?.all().ending),
        None => None,
    };
    let tile = |word: &str, value: String, href: &str, note: String| (f.t(word), value, href.to_owned(), note);
    let mut tiles = vec![
        tile("donation-free", rupiah(&f, sum("fund")), "/donasi/alokasi", f.t("donation-free-note")),
        tile("donation-reserved", rupiah(&f, sum("reserved")), "/donasi/alokasi", f.t("donation-reserved-note")),
        tile("donation-bank", rupiah(&f, sum("bank")), "/donasi/rekening", String::new()),
        tile("donation-waiting", f.u(&(waiting as u64)), "/donasi/rekening", rupiah(&f, sum("in"))),
    ];
    if let Some(ending) = ending {
        tiles.push(tile(
            "vulnerable-ending",
            f.u(&ending),
            "/rentan/daftar?keadaan=berakhir",
            f.t("donation-ending-note"),
        ));
    }
    let (inside, of) = forecast.inside();
    let mut accuracy = Vec::new();
    if of > 0 {
        accuracy.push(phrases::say_with(
            f.language,
            "forecast-inside",
            &[("inside", inside.to_string()), ("of", of.to_string())],
        ));
        if let Some(off) = forecast.off_percent() {
            accuracy.push(f.t1("forecast-off", "percent", &off.to_string()));
        }
    }
    let view = Page {
        tiles,
        funds: funds
            .iter()
            .map(|fund| FundRow {
                id: fund.id,
                name: fund.name.clone(),
                payer: f.word("fund-payer-", &fund.payer),
                group: if fund.group.is_empty() { f.t("fund-everybody") } else { group_label(&fund.group) },
                free: rupiah(&f, fund.free),
            })
            .collect(),
        budgets: budgets.iter().map(|(_, _, name, left)| (name.clone(), rupiah(&f, *left))).collect(),
        ahead: forecast
            .ahead
            .iter()
            .filter(|a| a.promised > 0)
            .map(|a| AheadRow {
                month: words::month_text(a.month, f.language),
                promised: rupiah(&f, a.promised),
                expected: rupiah(&f, a.expected),
                band: format!("{} – {}", rupiah(&f, a.band.0), rupiah(&f, a.band.1)),
            })
            .collect(),
        accuracy,
        missed: forecast
            .missed
            .iter()
            .map(|(months, of)| (f.t1("forecast-missed", "months", &months.to_string()), f.u(&(of.len() as u64))))
            .collect(),
        may_change: change.is_some(),
        trouble,
        typed: typed.clone(),
        f,
    };
    Ok(view.render()?)
}

/// POST `/donasi`: a fund, or what a budget grants it.
pub(crate) fn say(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let (read, change) = (caller.permit::<Read, Donation>()?, caller.permit::<Change, Donation>()?);
    let request = &caller.asking.reference;
    let done = match typed.tindakan.as_str() {
        "dana" => {
            let about = (typed.nama.as_str(), typed.jenis == "anggaran", typed.kelompok.as_str());
            donors::add_fund(&site.desk, &change, about, request)?.map(|_| ())
        }
        "anggaran" => {
            let amount = whole(caller, &typed.jumlah)?.unwrap_or(0);
            let amount = match typed.arah.as_str() {
                "tambah" => amount,
                "kurang" => -amount,
                _ => return Err(Trouble::Bad("web-trouble-form")),
            };
            let fund = typed.dana.parse().map_err(|_| Trouble::Bad("web-trouble-form"))?;
            let about = (typed.mata_anggaran.as_str(), typed.dokumen.as_str());
            donors::grant(&site.desk, (&read, &change), fund, about, amount, request)?
        }
        _ => return Err(Trouble::Bad("web-trouble-form")),
    };
    match done {
        Ok(()) => Ok(Answer::Go("/donasi".to_owned())),
        Err(no) => Ok(Answer::Unaccepted(made(site, caller, typed, say_unpledged(no, caller.language()))?)),
    }
}

/// Whole rupiah as typed; none where nothing is.
pub(super) fn whole(caller: &Caller, text: &str) -> Result<Option<i64>, Trouble> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let amount = words::typed_amount(text, caller.language())?;
    let rupiah = amount.round(kernel::money::Rounding::Down).map(|r| r.0);
    let whole = rupiah.filter(|r| kernel::Exact::whole(*r) == amount);
    whole.map(Some).ok_or(Trouble::Bad("ledger-whole"))
}

struct EntryView {
    id: i64,
    day: String,
    kind: String,
    amount: String,
    debit: String,
    credit: String,
    about: String,
    undone: Option<i64>,
    may_undo: bool,
}

/// An account as people call it.
fn account(f: &Frame, name: &str) -> String {
    match Account::parse(name) {
        Some(a) => f.t1(&format!("ledger-account-{}", a.kind()), "number", &a.number().to_string()),
        None => name.to_owned(),
    }
}

fn about(f: &Frame, e: &EntryRow) -> String {
    let mut out: Vec<String> = Vec::new();
    if let Some(donor) = e.about.donor {
        out.push(f.t1("ledger-donor", "number", &donor.to_string()));
    }
    if let Some(undoes) = e.about.undoes {
        out.push(f.t1("ledger-undoes", "number", &undoes.to_string()));
    }
    if !e.about.note.is_empty() {
        out.push(e.about.note.clone());
    }
    out.join(" · ")
}

/// What is asked of the book.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    sebelum: String,
    periksa: String,
}

#[derive(Template)]
#[template(path = "book.html")]
struct Book {
    f: Frame,
    rows: Vec<EntryView>,
    balances: Vec<(String, String)>,
    next: Option<i64>,
    checked: Vec<String>,
    is_sound: bool,
    may_export: bool,
    trouble: String,
}

/// GET `/donasi/buku`
pub(crate) fn book(site: &Site, caller: &Caller, asked: &Asked) -> Outcome {
    Ok(Answer::Page(book_page(site, caller, asked, String::new())?))
}

fn wrong(f: &Frame, w: &BookWrong) -> String {
    match w {
        BookWrong::Entry(broken) => f.t1("ledger-wrong-entry", "what", &format!("{broken:?}")),
        BookWrong::Balance(name, kept, entered) => phrases::say_with(
            f.language,
            "ledger-wrong-balance",
            &[("account", account(f, name)), ("kept", kept.to_string()), ("entered", entered.to_string())],
        ),
        BookWrong::Statement(number, entered, printed) => phrases::say_with(
            f.language,
            "ledger-wrong-statement",
            &[("number", number.clone()), ("entered", entered.to_string()), ("printed", printed.to_string())],
        ),
    }
}

fn book_page(site: &Site, caller: &Caller, asked: &Asked, trouble: String) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Donation>()?;
    let f = Frame::of(site, caller, "ledger-title", "/donasi");
    let query = EntryQuery { below: asked.sebelum.parse().ok(), limit: PAGE + 1, ..EntryQuery::default() };
    let (mut rows, balances, check) = site.desk.read(|s| {
        let check = if asked.periksa.is_empty() { None } else { Some(s.book_check(&permit)?) };
        Ok::<_, Trouble>((s.book_entries(&permit, &query)?, s.book_balances(&permit)?, check))
    })?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let may_change = may(&caller.actor, Action::Change, Resource::Donation);
    let can = ["gift", "interest", "fee", "return", "grant", "cut"];
    let mut checked = Vec::new();
    let mut is_sound = true;
    if let Some(check) = &check {
        is_sound = check.wrong.is_empty();
        checked.push(f.t1("ledger-checked", "count", &f.u(&check.entries)));
        checked.extend(check.wrong.iter().map(|w| wrong(&f, w)));
        if is_sound {
            checked.push(f.t("ledger-sound"));
        }
    }
    let view = Book {
        next: rows.last().filter(|_| more).map(|e| e.id),
        rows: rows
            .iter()
            .map(|e| EntryView {
                id: e.id,
                day: f.date(&e.about.day),
                kind: f.word("ledger-kind-", &e.kind.name().replace('_', "-")),
                amount: rupiah(&f, e.amount),
                credit: account(&f, &e.accounts[1]),
                debit: account(&f, &e.accounts[0]),
                about: about(&f, e),
                undone: e.undone_by,
                may_undo: may_change && e.undone_by.is_none() && can.contains(&e.kind.name()),
            })
            .collect(),
        // Lines of statements are many, and stand on their own page.
        balances: balances
            .iter()
            .filter(|(a, _)| !matches!(a, Account::In(_) | Account::Out(_)))
            .map(|(a, b)| (account(&f, &a.to_string()), rupiah(&f, a.has(*b))))
            .collect(),
        checked,
        is_sound,
        may_export: may(&caller.actor, Action::Export, Resource::Donation),
        trouble,
        f,
    };
    Ok(view.render()?)
}

/// POST `/donasi/buku/{id}`: an entry that was a mistake is taken back by another.
pub(crate) fn undo(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let (read, change) = (caller.permit::<Read, Donation>()?, caller.permit::<Change, Donation>()?);
    match statement::undo(&site.desk, (&read, &change), id, &caller.asking.reference)? {
        Ok(()) => Ok(Answer::Go("/donasi/buku".to_owned())),
        Err(no) => {
            let trouble = say_unexplained(no, caller.language());
            Ok(Answer::Unaccepted(book_page(site, caller, &Asked::default(), trouble)?))
        }
    }
}

/// GET `/donasi/buku.csv`: every entry, with numbers in place of names.
pub(crate) fn export(site: &Site, caller: &Caller) -> Outcome {
    let (read, _) = (caller.permit::<Read, Donation>()?, caller.permit::<Export, Donation>()?);
    let query = EntryQuery { limit: EXPORTED, ..EntryQuery::default() };
    let rows = site.desk.read(|s| s.book_entries(&read, &query).map_err(Trouble::from))?;
    Ok(Answer::File("buku-donasi.csv".to_owned(), "text/csv; charset=utf-8", app::desk::aman::book_csv(&rows)?))
}

#[derive(Template)]
#[template(path = "aman.html")]
struct Public {
    f: Frame,
    tiles: Vec<(String, String, String)>,
    empty: bool,
}

/// GET `/aman`: for everybody. No donor, no worker, no small group.
pub(crate) fn public(site: &Site, caller: &Caller) -> Outcome {
    let f = Frame::of(site, caller, "aman-title", "");
    let [given, paid, people, months] = site.desk.read(|s| s.aman_public().map_err(Trouble::from))?;
    let each = if months > 0 { paid / months } else { 0 };
    let few = app::desk::evidence::SMALL_GROUP as i64;
    let size = |n: i64| if (1..few).contains(&n) { f.t1("people-few", "max", &few.to_string()) } else { f.n(&n) };
    let tiles = vec![
        (f.t("aman-given"), rupiah(&f, given), f.t("aman-given-note")),
        (
            f.t("aman-paid"),
            rupiah(&f, paid),
            if each > 0 {
                f.t1("aman-each", "amount", &words::rupiah_text(kernel::Rupiah(each), f.language))
            } else {
                String::new()
            },
        ),
        (f.t("aman-months"), f.n(&months), String::new()),
        (f.t("aman-people"), size(people), String::new()),
    ];
    Ok(Answer::Page(Public { empty: given == 0 && paid == 0, tiles, f }.render()?))
}
