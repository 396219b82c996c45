//! Cover for vulnerable workers out of a budget, for anybody to compute.

use crate::answer::{Answer, Outcome};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::legal::plan::{self, BUDGET_MAX, MONTHS_MAX, PEOPLE_MAX, Wish};
use app::words::{self, rupiah_text, typed_amount};
use askama::Template;
use authz::{Law, Read};
use law::bpu::{Payer, Sector};
use serde::Deserialize;

/// What is asked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    mulai: String,
    bulan: String,
    anggaran: String,
    orang: String,
    pembayar: String,
}

struct Row {
    months: u32,
    until: String,
    each: String,
    at_most: String,
    people: String,
    at_least: String,
    left: String,
    cost: String,
    fits: &'static str,
    share: u64,
}

#[derive(Template)]
#[template(path = "plan.html")]
struct Page {
    f: Frame,
    a: Asked,
    problem: Option<String>,
    rows: Vec<Row>,
    longest: Option<u32>,
    sure: Option<u32>,
    contested: bool,
}

fn payer(name: &str) -> Option<Payer> {
    match name {
        "anggaran" => Some(Payer::Budget),
        "donatur" => Some(Payer::Donor),
        "sendiri" => Some(Payer::Own),
        _ => None,
    }
}

/// GET `/aman/rencana`
pub(crate) fn page(site: &Site, caller: &Caller, asked: &Asked) -> Outcome {
    caller.permit::<Read, Law>()?;
    let f = Frame::of(site, caller, "plan-title", "/kalkulator");
    let today = app::clock::today();
    let asks = !asked.mulai.is_empty();
    let mut a = asked.clone();
    if !asks {
        a.mulai = format!("{:04}-{:02}", today.year(), today.month());
        a.bulan = "12".to_owned();
        a.pembayar = "anggaran".to_owned();
    }
    let said = |key: &str| f.t(key);
    let whole = |text: &str, most: i64| -> Result<Option<i64>, String> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let amount = typed_amount(text, f.language).map_err(|r| r.0)?;
        let whole = amount.round(kernel::money::Rounding::Down).map(|r| r.0);
        whole.filter(|v| (0..=most).contains(v)).map(Some).ok_or_else(|| f.t("plan-too-much"))
    };
    let wish = || -> Result<Wish, String> {
        let from = format!("{}-01", a.mulai).parse().map_err(|_| said("plan-no-month"))?;
        let months = a.bulan.trim().parse().ok().filter(|m| (1..=MONTHS_MAX).contains(m));
        Ok(Wish {
            from,
            months: months.ok_or_else(|| said("plan-no-months"))?,
            budget: whole(&a.anggaran, BUDGET_MAX)?,
            people: whole(&a.orang, PEOPLE_MAX as i64)?.map(i64::unsigned_abs),
            income: None,
            payer: payer(&a.pembayar).ok_or_else(|| said("web-trouble-form"))?,
            sector: Sector::Other,
        })
    };
    let planned = match wish() {
        Ok(wish) => match plan::plan(&wish, &site.desk.law)? {
            Ok(plan) => Ok(plan),
            Err(declined) => Err(app::legal::declined(&declined, &site.desk.law, f.language).0),
        },
        Err(problem) => Err(problem),
    };
    let (plan, problem) = match planned {
        Ok(plan) => (Some(plan), None),
        Err(problem) => (None, Some(problem)),
    };
    let most = plan.iter().flat_map(|p| &p.choices).filter_map(|c| c.people).max().unwrap_or(0).max(1);
    // Nothing left over is Rp0, not "not known".
    let rp = |v: i64| format!("Rp{}", rupiah_text(kernel::Rupiah(v), f.language));
    let row = |(c, m): (&plan::Choice, &plan::Month)| Row {
        months: c.months,
        until: words::long_date(c.until, f.language),
        each: rp(c.each),
        at_least: c.at_least.filter(|n| Some(*n) != c.people).map_or_else(String::new, |n| f.u(&n)),
        at_most: if m.at_most == m.each { String::new() } else { rp(m.at_most) },
        people: c.people.map_or_else(String::new, |p| f.u(&p)),
        left: c.left.map_or_else(String::new, rp),
        cost: c.cost.map_or_else(String::new, rp),
        fits: match c.fits {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        },
        share: c.people.map_or(0, |p| p.saturating_mul(100) / most),
    };
    let rows: Vec<Row> = plan.iter().flat_map(|p| p.choices.iter().zip(&p.months)).map(row).collect();
    let is_problem = problem.is_some();
    let view = Page {
        contested: rows.iter().any(|r| !r.at_most.is_empty()),
        longest: plan.as_ref().and_then(|p| p.longest),
        sure: plan.as_ref().filter(|p| p.longest_sure != p.longest).map(|p| p.longest_sure.unwrap_or(0)),
        rows,
        problem,
        a,
        f,
    };
    let html = view.render()?;
    Ok(if is_problem { Answer::Unaccepted(html) } else { Answer::Page(html) })
}
