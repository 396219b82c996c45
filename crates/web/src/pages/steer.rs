//! The cheapest mix of what can be done until a target: levers of today, the mix, and what it would be otherwise.

use super::donation::whole;
use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::coverage::{self, month_text};
use app::desk::steer::{self, Asked, Known, May};
use askama::Template;
use authz::{Coverage, Donation, Outreach, Read, Vulnerable};
use serde::Deserialize;

/// People asked for at most.
const PEOPLE_MAX: i64 = 100_000_000;

/// What is asked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    orang: String,
    sampai: String,
    anggaran: String,
    jam: String,
}

struct LeverView {
    name: String,
    how: String,
    people: String,
    each: String,
    cost: String,
    minutes: String,
    units: String,
    brings: String,
    without: String,
    is_used: bool,
}

#[derive(Template)]
#[template(path = "steer.html")]
struct Page {
    f: Frame,
    typed: Typed,
    levers: Vec<LeverView>,
    said: Vec<String>,
    short: String,
    price: String,
    trouble: String,
}

/// Minutes as hours with one place.
fn hours(f: &Frame, minutes: u64) -> String {
    f.tenths((minutes + 3) / 6)
}

fn money(f: &Frame, n: i64) -> String {
    if n == 0 { "Rp0".to_owned() } else { f.rp(&n) }
}

/// GET `/cakupan/langkah`
pub(crate) fn page(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Read, Coverage>()?;
    let f = Frame::of(site, caller, "steer-title", "/cakupan");
    let figures = coverage::figures(&site.desk, &permit)?;
    let words = site.desk.read(|s| s.coverage_words(&permit).map_err(Trouble::from))?;
    // Where nobody says, the first base with a target that is not reached.
    let next = coverage::against(&figures, &words).into_iter().find_map(|a| a.target.filter(|(_, n)| *n > 0));
    let mut typed = typed.clone();
    if typed.orang.is_empty() {
        typed.orang = next.as_ref().map_or_else(|| "100".to_owned(), |(_, n)| n.to_string());
    }
    if typed.sampai.is_empty() {
        typed.sampai = next.map_or_else(|| steer::until("").map(month_text).unwrap_or_default(), |(t, _)| t.month);
    }
    let number = |text: &str| whole(caller, text).ok().flatten().filter(|n| (0..=PEOPLE_MAX * 1_000_000).contains(n));
    let limit = |text: &str| if text.trim().is_empty() { Some(None) } else { number(text).map(Some) };
    let (people, budget, hours_max) = (number(&typed.orang), limit(&typed.anggaran), limit(&typed.jam));
    let people = people.filter(|n| *n <= PEOPLE_MAX);
    let (Some(people), Some(budget), Some(hours_max), Some(until)) =
        (people, budget, hours_max, steer::until(&typed.sampai))
    else {
        let trouble = f.t("steer-no-number");
        let (levers, said) = (Vec::new(), Vec::new());
        let page = Page { typed, levers, said, short: String::new(), price: String::new(), trouble, f };
        return Ok(Answer::Unaccepted(page.render()?));
    };
    let funds = authz::permit::<Read, Donation>(&caller.actor);
    let car = authz::permit::<Read, Outreach>(&caller.actor);
    let asked = Asked { people: people.unsigned_abs(), until, budget, hours: hours_max.map(i64::unsigned_abs) };
    let lists = authz::permit::<Read, Vulnerable>(&caller.actor);
    let may = May { funds: funds.as_ref(), car: car.as_ref(), lists: lists.as_ref() };
    let answer = steer::steer(&site.desk, may, &figures, &asked)?;
    let mix = &answer.mix;
    let sum = |m: &steer::Mix| {
        let (cost, price) = (money(&f, m.cost), money(&f, m.price));
        let said = [("people", f.u(&m.people)), ("cost", cost), ("hours", hours(&f, m.minutes)), ("price", price)];
        phrases::say_with(f.language, if m.is_enough { "steer-enough" } else { "steer-short" }, &said)
    };
    let lever = |(i, k): (usize, &Known)| {
        let (units, l) = (mix.units[i], k.lever);
        let without = &answer.otherwise.without[i];
        LeverView {
            name: f.word("lever-", k.kind.name()),
            how: f.word("lever-how-", k.kind.name()),
            people: f.u(&k.people),
            each: f.u(&u64::from(l.people)),
            cost: money(&f, l.cost),
            minutes: f.u(&u64::from(l.minutes)),
            units: f.u(&u64::from(units)),
            brings: f.u(&(u64::from(units) * u64::from(l.people))),
            without: if units == 0 { String::new() } else { sum(without) },
            is_used: units > 0,
        }
    };
    let [fewer, more] = &answer.otherwise.people;
    let page = Page {
        levers: answer.known.iter().enumerate().map(lever).collect(),
        said: vec![
            sum(mix),
            format!("{} {}", f.t("steer-fewer"), sum(fewer)),
            format!("{} {}", f.t("steer-more"), sum(more)),
        ],
        short: if mix.is_enough {
            String::new()
        } else {
            f.t1("steer-missing", "people", &f.u(&asked.people.saturating_sub(mix.people)))
        },
        price: {
            let (amount, hour) = (money(&f, answer.person_price), money(&f, answer.minute_price * 60));
            phrases::say_with(f.language, "steer-price", &[("amount", amount), ("hour", hour)])
        },
        trouble: String::new(),
        typed,
        f,
    };
    Ok(Answer::Page(page.render()?))
}
