//! Slips: given about a verdict, shown, taken away, withdrawn; and the page with which anybody verifies one without this desk.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::slips::{self, NoSlip, SlipRow};
use askama::Template;
use authz::{Action, Change, Gate, PublicProject, Read, Resource, may};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Slips of a verdict listed.
const LISTED: usize = 20;

/// Letters of a number at most.
const NUMBER_MAX: usize = 40;

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    jenis: String,
}

/// A slip in a list.
pub(crate) struct Line {
    pub(crate) number: String,
    pub(crate) kind: String,
    pub(crate) until: String,
    pub(crate) withdrawn: bool,
}

/// Slips about a verdict.
pub(crate) fn of_verdict(site: &Site, caller: &Caller, f: &Frame, verdict: i64) -> Result<Vec<Line>, Trouble> {
    let permit = caller.permit::<Read, Gate>()?;
    let rows = site.desk.read(|s| s.slip_list(&permit, (Some(verdict), None), LISTED).map_err(Trouble::from))?;
    let line = |r: SlipRow| Line {
        kind: f.word("slip-kind-", &r.kind),
        until: f.date(&r.until),
        withdrawn: r.withdrawn.is_some(),
        number: r.number,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Gives a slip about a verdict; otherwise the name of the sentence that says why not.
pub(crate) fn give(
    site: &Site,
    caller: &Caller,
    id: i64,
    typed: &Typed,
) -> Result<Result<Answer, &'static str>, Trouble> {
    let (read, change) = (caller.permit::<Read, Gate>()?, caller.permit::<Change, Gate>()?);
    let kind = slips::kind_of(&typed.jenis).ok_or(Trouble::Bad("web-trouble-form"))?;
    match slips::give(&site.desk, (&read, &change), (id, kind), &caller.asking.reference)? {
        Ok(number) => Ok(Ok(Answer::Go(format!("/slip/{number}")))),
        Err(NoSlip::Verdict) => Err(Trouble::NotFound),
        Err(NoSlip::NotCleared) => Ok(Err("slip-not-cleared")),
        Err(NoSlip::Old) => Ok(Err("slip-old")),
        Err(NoSlip::Style(_)) => Ok(Err("slip-no-style")),
    }
}

#[derive(Template)]
#[template(path = "slip.html")]
struct Page {
    f: Frame,
    s: SlipRow,
    kind: String,
    step: String,
    qr: String,
    withdrawn: Option<[String; 3]>,
    may_withdraw: bool,
    trouble: String,
}

fn found(site: &Site, caller: &Caller, number: &str) -> Result<SlipRow, Trouble> {
    let permit = caller.permit::<Read, Gate>()?;
    if number.chars().count() > NUMBER_MAX {
        return Err(Trouble::NotFound);
    }
    let rows = site.desk.read(|s| s.slip_list(&permit, (None, Some(number)), 1).map_err(Trouble::from))?;
    rows.into_iter().next().ok_or(Trouble::NotFound)
}

/// GET `/slip/{number}`
pub(crate) fn one(site: &Site, caller: &Caller, number: &str) -> Outcome {
    Ok(Answer::Page(shown(site, caller, number, "")?))
}

fn shown(site: &Site, caller: &Caller, number: &str, trouble: &str) -> Result<String, Trouble> {
    let s = found(site, caller, number)?;
    let f = Frame::of(site, caller, "slip-title", "/proyek");
    let withdrawn = s.withdrawn.as_ref();
    let page = Page {
        kind: f.word("slip-kind-", &s.kind),
        step: f.word("gate-moment-", &s.moment),
        qr: crate::pages::qr(&slips::code_of(site.desk.address(), &s.text))?,
        withdrawn: withdrawn.map(|[day, kind, why]| [f.date(day), f.word("slip-withdrawn-", kind), why.clone()]),
        may_withdraw: withdrawn.is_none() && may(&caller.actor, Action::Change, Resource::Gate),
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        s,
        f,
    };
    Ok(page.render()?)
}

/// GET `/slip/{number}/pdf`
pub(crate) fn pdf(site: &Site, caller: &Caller, number: &str) -> Outcome {
    let slip = found(site, caller, number)?;
    let permit = caller.permit::<Read, Gate>()?;
    let bytes = site.desk.read(|s| s.slip_pdf(&permit, &slip.number).map_err(Trouble::from))?;
    Ok(Answer::File(format!("{}.pdf", slip.number), "application/pdf", bytes.ok_or(Trouble::NotFound)?))
}

/// GET `/slip/{number}/json`: the signed text and nothing beside it that could say something else.
pub(crate) fn json(site: &Site, caller: &Caller, number: &str) -> Outcome {
    let slip = found(site, caller, number)?;
    let file = serde_json::json!({ "slip": slip.text });
    Ok(Answer::File(format!("{}.json", slip.number), "application/json", format!("{file:#}\n").into_bytes()))
}

/// What is typed to withdraw one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Withdrawn {
    cara: String,
    alasan: String,
}

/// POST `/slip/{number}/tarik`
pub(crate) fn withdraw(site: &Site, caller: &Caller, number: &str, typed: &Withdrawn) -> Outcome {
    let (read, change) = (caller.permit::<Read, Gate>()?, caller.permit::<Change, Gate>()?);
    let slip = found(site, caller, number)?;
    let said = (typed.cara.as_str(), typed.alasan.as_str());
    if slips::withdraw(&site.desk, (&read, &change), &slip.number, said, &caller.asking.reference)? {
        return Ok(Answer::Go(format!("/slip/{}", slip.number)));
    }
    Ok(Answer::Unaccepted(shown(site, caller, number, "slip-not-withdrawn")?))
}

const CSS: &str = include_str!("../../static/verify.css");
const JS: &str = include_str!("../../static/verify.js");

/// Nothing but this style and this script may run, and nothing may be fetched: also from disk.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; form-action 'none'; base-uri 'none'",
        app::digest_of_inline(CSS),
        app::digest_of_inline(JS)
    )
});

/// Words of the page, each with its name in `i18n/`.
const WORDS: [(&str, &str); 51] = [
    ("other", "verify-other"),
    ("title", "verify-title"),
    ("intro", "verify-intro"),
    ("paste", "verify-paste"),
    ("file", "verify-file"),
    ("on", "verify-on"),
    ("save", "verify-save"),
    ("good-clearance", "verify-good-clearance"),
    ("good-status", "verify-good-status"),
    ("good-certificate", "verify-good-certificate"),
    ("holder", "training-name"),
    ("office", "training-office"),
    ("training", "training-programme"),
    ("training-day", "training-day"),
    ("score", "training-score"),
    ("role-ppk", "training-role-ppk"),
    ("role-contractor", "training-role-contractor"),
    ("role-consultant", "training-role-consultant"),
    ("role-treasury", "training-role-treasury"),
    ("role-worker", "training-role-worker"),
    ("expired", "verify-expired"),
    ("not-yet", "verify-not-yet"),
    ("withdrawn", "verify-withdrawn"),
    ("altered", "verify-altered"),
    ("unknown-key", "verify-unknown-key"),
    ("cannot-tell", "verify-cannot-tell"),
    ("no-browser", "verify-no-browser"),
    ("number", "verify-number"),
    ("city", "verify-city"),
    ("project", "slip-project"),
    ("step", "slip-step"),
    ("verdict", "slip-verdict"),
    ("aside", "verify-aside"),
    ("day", "slip-day"),
    ("holds", "verify-holds"),
    ("void", "slip-withdrawn-void"),
    ("ended", "slip-withdrawn-ended"),
    ("list-made", "verify-list-made"),
    ("list-note", "verify-list-note"),
    ("verdict-pass", "gate-verdict-pass"),
    ("verdict-condition", "gate-verdict-condition"),
    ("verdict-hold", "gate-verdict-hold"),
    ("verdict-unknown", "gate-verdict-unknown"),
    ("moment-tender-line", "gate-moment-tender-line"),
    ("moment-contract", "gate-moment-contract"),
    ("moment-start-order", "gate-moment-start-order"),
    ("moment-advance", "gate-moment-advance"),
    ("moment-instalment", "gate-moment-instalment"),
    ("moment-balance", "gate-moment-balance"),
    ("moment-addendum", "gate-moment-addendum"),
    ("moment-handover", "gate-moment-handover"),
];

#[derive(Template)]
#[template(path = "verify_slip.html")]
struct VerifyPage {
    policy: String,
    title: String,
    no_script: String,
    css: &'static str,
    js: &'static str,
    data: String,
}

fn standing_page(site: &Site, caller: &Caller) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, PublicProject>()?;
    let known = slips::verifying(&site.desk, &permit)?;
    let said = |(name, key): &(&'static str, &str)| {
        let both = [app::Language::Indonesian, app::Language::English];
        let both = both.map(|l| (l.code(), phrases::say_named(l, key, &[])));
        (*name, BTreeMap::from(both))
    };
    let words: BTreeMap<&str, BTreeMap<&str, String>> = WORDS.iter().map(said).collect();
    let data = serde_json::json!({
        "keys": known.as_ref().map(verify::Known::keys).unwrap_or_default(),
        "withdrawals": known.as_ref().map(|k| &k.withdrawals),
        "words": words,
    });
    let page = VerifyPage {
        policy: POLICY.clone(),
        title: phrases::say_named(app::Language::Indonesian, "verify-title", &[]),
        no_script: phrases::say_named(app::Language::Indonesian, "verify-no-script", &[]),
        css: CSS,
        js: JS,
        // Inside a script element nothing may look like its end.
        data: data.to_string().replace('<', "\\u003c"),
    };
    Ok(page.render()?)
}

/// GET `/verify`
pub(crate) fn verify(site: &Site, caller: &Caller) -> Outcome {
    Ok(Answer::Alone(standing_page(site, caller)?, &POLICY))
}

/// GET `/verify.html`: the same as a file, for a place without a line.
pub(crate) fn verify_file(site: &Site, caller: &Caller) -> Outcome {
    let page = standing_page(site, caller)?;
    Ok(Answer::File("payung-verify.html".to_owned(), "text/html; charset=utf-8", page.into_bytes()))
}

/// Public keys and withdrawn slips, as programs ask for them.
pub(crate) fn known(site: &Site, caller: &Caller) -> Result<Option<verify::Known>, Trouble> {
    let permit = caller.permit::<Read, PublicProject>()?;
    Ok(slips::verifying(&site.desk, &permit)?)
}
