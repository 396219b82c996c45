//! The law for everybody: what a contract costs, and where each figure stands.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::words::typed_amount;
use askama::Template;
use authz::{Law, Read};
use law::contribution::{Base, Case};
use serde::Deserialize;

/// What is typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    nilai: String,
    ppn: String,
    tanggal: String,
}

#[derive(Template)]
#[template(path = "calculator.html")]
struct Calculator {
    f: Frame,
    a: Asked,
    problem: Option<String>,
    lines: Vec<String>,
}

/// `/kalkulator`
pub(crate) fn calculator(site: &Site, caller: &Caller, mut asked: Asked) -> Outcome {
    caller.permit::<Read, Law>()?;
    let f = Frame::of(site, caller, "web-nav-calculator", "/kalkulator");
    let (mut problem, mut lines) = (None, Vec::new());
    if asked.tanggal.is_empty() {
        asked.tanggal = app::clock::today().to_string();
    }
    if !asked.nilai.is_empty() {
        match computed(site, caller, &asked) {
            Ok(said) => lines = said,
            Err(sentence) => problem = Some(sentence),
        }
    }
    let is_problem = problem.is_some();
    let html = Calculator { f, a: asked, problem, lines }.render()?;
    Ok(if is_problem { Answer::Unaccepted(html) } else { Answer::Page(html) })
}

fn computed(site: &Site, caller: &Caller, asked: &Asked) -> Result<Vec<String>, String> {
    let l = caller.language();
    let amount = typed_amount(&asked.nilai, l).map_err(|r| r.0)?;
    let date = asked.tanggal.parse().map_err(|_| phrases::say_named(l, "bad-date", &[("text", &asked.tanggal)]))?;
    let base = if asked.ppn == "tanpa" { Base::Net(amount) } else { Base::Gross(amount) };
    app::legal::contribution(&Case::new(base, date), &site.desk.law, l).map(|a| a.lines).map_err(|r| r.0)
}

#[derive(Template)]
#[template(path = "law.html")]
struct List {
    f: Frame,
    rows: Vec<(String, String, String)>,
}

/// `/hukum`
pub(crate) fn list(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Read, Law>()?;
    let f = Frame::of(site, caller, "web-nav-law", "/hukum");
    let today = app::clock::today();
    let rows = app::legal::overview(&site.desk.law, today, caller.language());
    Ok(Answer::Page(List { f, rows }.render()?))
}

#[derive(Template)]
#[template(path = "law_one.html")]
struct One {
    f: Frame,
    path: String,
    lines: Vec<String>,
}

/// `/hukum/{path}`
pub(crate) fn one(site: &Site, caller: &Caller, path: &str) -> Outcome {
    caller.permit::<Read, Law>()?;
    let answer = app::legal::show(path, None, &site.desk.law, caller.language()).map_err(|_| Trouble::NotFound)?;
    let f = Frame::of(site, caller, "web-nav-law", "/hukum");
    Ok(Answer::Page(One { f, path: path.to_owned(), lines: answer.lines }.render()?))
}
