//! The gates of a project: each step with its verdict and why; a verdict given, kept and printed.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::slip;
use crate::site::Site;
use app::desk::audit_box::{self, Made};
use app::desk::gate::{self, Facts, Judged, Moment, Said, Standing, Verdict};
use app::words::typed_amount;
use askama::Template;
use authz::{Action, Change, Gate, Read, Release, Resource, may};
use serde::Deserialize;
use verify::bundle::About;

/// Verdicts of a project listed.
const LISTED: usize = 50;

struct ReasonView {
    standing: &'static str,
    said: String,
    level: String,
    missing: String,
    basis: String,
}

struct Step {
    moment: &'static str,
    word: String,
    verdict: &'static str,
    reasons: Vec<ReasonView>,
    /// Who does what.
    next: Vec<(String, String)>,
}

fn step(f: &Frame, judged: &Judged) -> Step {
    let reason = |r: &gate::Reason| ReasonView {
        standing: r.standing.name(),
        said: f.word("gate-requirement-", r.rule.requirement.name()),
        level: f.word("gate-level-", r.rule.level.name()),
        missing: if r.standing == Standing::Unknown {
            f.word("gate-missing-", &r.missing.replace('_', "-"))
        } else {
            String::new()
        },
        basis: format!("{}, {} ({})", r.rule.instrument, r.rule.article, f.word("confidence-", &r.rule.confidence)),
    };
    Step {
        moment: judged.moment.name(),
        word: f.word("gate-moment-", judged.moment.name()),
        verdict: judged.verdict.name(),
        reasons: judged.reasons.iter().map(reason).collect(),
        next: judged
            .next()
            .iter()
            .map(|n| (f.word("gate-who-", n.who.name()), f.word("gate-do-", &n.what.replace('_', "-"))))
            .collect(),
    }
}

/// What is asked, or typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    langkah: String,
    nilai: String,
    baris: String,
}

impl Typed {
    fn said(&self, caller: &Caller) -> Result<Said<'static>, Trouble> {
        let amount = |text: &str| {
            if text.trim().is_empty() {
                return Ok(None);
            }
            let amount = typed_amount(text, caller.language())?;
            let whole = amount.round(kernel::money::Rounding::HalfUp).map(|r| r.0);
            Ok::<_, Trouble>(whole.filter(|v| *v >= 0))
        };
        Ok(Said { asked: amount(&self.nilai)?, line: amount(&self.baris)?, payment: None })
    }
}

#[derive(Template)]
#[template(path = "gate.html")]
struct Page {
    f: Frame,
    code: String,
    name: String,
    steps: Vec<Step>,
    typed: Typed,
    unpaid: Option<i64>,
    exposure: Option<i64>,
    may_give: bool,
    given: Vec<(i64, String, &'static str, String)>,
}

/// GET `/proyek/{code}/gerbang`
pub(crate) fn page(site: &Site, caller: &Caller, code: &str, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Read, Gate>()?;
    let before = gate::before(&site.desk, &permit, code, typed.said(caller)?)?.ok_or(Trouble::NotFound)?;
    let rows = site.desk.read(|s| s.verdict_list(&permit, (Some(code), None), LISTED).map_err(Trouble::from))?;
    let f = Frame::of(site, caller, "gate-title", "/proyek");
    let given = rows.into_iter().map(|r| {
        let verdict = serde_json::from_str::<Judged>(&r.verdict).map_or("unknown", |j| j.verdict.name());
        (r.id, f.word("gate-moment-", &r.moment), verdict, f.moment(&r.at))
    });
    let view = Page {
        given: given.collect(),
        steps: before.judged.iter().map(|j| step(&f, j)).collect(),
        unpaid: before.judged.first().and_then(|j| j.unpaid),
        exposure: before.judged.first().and_then(|j| j.exposure),
        may_give: may(&caller.actor, Action::Change, Resource::Gate),
        name: before.project.name,
        code: code.to_owned(),
        typed: typed.clone(),
        f,
    };
    Ok(Answer::Page(view.render()?))
}

/// POST `/proyek/{code}/gerbang`: a verdict is given and kept.
pub(crate) fn give(site: &Site, caller: &Caller, code: &str, typed: &Typed) -> Outcome {
    let (read, change) = (caller.permit::<Read, Gate>()?, caller.permit::<Change, Gate>()?);
    let moment = Moment::parse(&typed.langkah).ok_or(Trouble::Bad("web-trouble-form"))?;
    let said = typed.said(caller)?;
    let given = gate::give(&site.desk, (&read, &change), (code, moment), said, &caller.asking.reference)?;
    let (id, _) = given.ok_or(Trouble::NotFound)?;
    Ok(Answer::Go(format!("/gerbang/{id}")))
}

#[derive(Template)]
#[template(path = "gate_verdict.html")]
struct One {
    f: Frame,
    id: i64,
    code: String,
    name: String,
    at: String,
    step: Step,
    facts: Vec<(String, String)>,
    next: String,
    overrides: Vec<OverrideView>,
    may_ask: bool,
    /// May give slips, and one that clears.
    may_give: bool,
    may_clear: bool,
    slips: Vec<slip::Line>,
    reasons: Vec<(&'static str, String)>,
    today: String,
    trouble: String,
}

/// GET `/gerbang/{id}`
pub(crate) fn one(site: &Site, caller: &Caller, id: i64) -> Outcome {
    Ok(Answer::Page(shown(site, caller, id, "")?))
}

fn shown(site: &Site, caller: &Caller, id: i64, trouble: &str) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Gate>()?;
    let overrides = site.desk.read(|s| s.override_list(&permit, Some(id), LISTED).map_err(Trouble::from))?;
    let (row, facts, judged) = gate::given(&site.desk, &permit, id)?.ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, "gate-verdict", "/proyek");
    let standing = overrides.iter().any(|o| o.outcome != "declined");
    let may_ask = judged.verdict != Verdict::Pass && !standing && may(&caller.actor, Action::Change, Resource::Gate);
    let view = One {
        overrides: overrides.iter().map(|o| override_view(&f, caller, o)).collect(),
        may_ask,
        may_give: may(&caller.actor, Action::Change, Resource::Gate),
        may_clear: matches!(judged.verdict, Verdict::Pass | Verdict::Condition)
            || overrides.iter().any(|o| o.outcome == "released"),
        slips: slip::of_verdict(site, caller, &f, id)?,
        reasons: gate::REASONS.iter().map(|r| (*r, f.word("override-reason-", &r.replace('_', "-")))).collect(),
        today: app::clock::today().to_string(),
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        id,
        at: f.moment(&row.at),
        facts: lines(&f, &facts, &judged),
        next: f.word("gate-next-", judged.verdict.name()),
        step: step(&f, &judged),
        code: row.project,
        name: row.name,
        f,
    };
    Ok(view.render()?)
}

/// POST `/gerbang/{id}/slip`
pub(crate) fn give_slip(site: &Site, caller: &Caller, id: i64, typed: &slip::Typed) -> Outcome {
    match slip::give(site, caller, id, typed)? {
        Ok(given) => Ok(given),
        Err(why) => Ok(Answer::Unaccepted(shown(site, caller, id, why)?)),
    }
}

/// An override, as a page shows it.
struct OverrideView {
    id: i64,
    verdict: i64,
    project: [String; 2],
    moment: String,
    reason: String,
    text: String,
    until: String,
    asked: String,
    outcome: String,
    decided: String,
    may_decide: bool,
}

fn override_view(f: &Frame, caller: &Caller, o: &gate::OverrideRow) -> OverrideView {
    OverrideView {
        id: o.id,
        verdict: o.verdict,
        project: o.project.clone(),
        moment: f.word("gate-moment-", &o.moment),
        reason: f.word("override-reason-", &o.reason.replace('_', "-")),
        text: o.text.clone(),
        until: f.date(&o.until),
        asked: format!("{}, {}", o.asked_by.1, f.moment(&o.asked_at)),
        outcome: if o.outcome.is_empty() { f.t("override-waits") } else { f.word("override-outcome-", &o.outcome) },
        decided: o.decided.as_ref().map_or_else(String::new, |(by, at)| format!("{by}, {}", f.moment(at))),
        may_decide: o.outcome.is_empty()
            && caller.actor.id != Some(o.asked_by.0)
            && may(&caller.actor, Action::Release, Resource::Gate),
    }
}

/// What is typed about an override.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct OverrideTyped {
    alasan: String,
    isi: String,
    sampai: String,
}

/// POST `/gerbang/{id}/kecuali`
pub(crate) fn ask_override(site: &Site, caller: &Caller, id: i64, typed: &OverrideTyped) -> Outcome {
    let (read, change) = (caller.permit::<Read, Gate>()?, caller.permit::<Change, Gate>()?);
    let said = (typed.alasan.as_str(), typed.isi.as_str(), typed.sampai.parse().ok());
    let asked = gate::ask_override(&site.desk, (&read, &change), id, said, &caller.asking.reference)?;
    let trouble = match asked {
        Ok(_) => return Ok(Answer::Go(format!("/gerbang/{id}"))),
        Err(gate::NotAsked::Words) => "override-no-words",
        Err(gate::NotAsked::Until) => "override-no-day",
        Err(gate::NotAsked::Verdict) => "override-no-verdict",
    };
    Ok(Answer::Unaccepted(shown(site, caller, id, trouble)?))
}

/// What is decided.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Decided {
    putusan: String,
}

/// POST `/gerbang/kecuali/{id}`
pub(crate) fn decide_override(site: &Site, caller: &Caller, id: i64, typed: &Decided) -> Outcome {
    let (read, release) = (caller.permit::<Read, Gate>()?, caller.permit::<Release, Gate>()?);
    let released = match typed.putusan.as_str() {
        "lepas" => true,
        "tolak" => false,
        _ => return Err(Trouble::Bad("web-trouble-form")),
    };
    match gate::decide_override(&site.desk, (&read, &release), (id, released), &caller.asking.reference)? {
        Ok(()) => Ok(Answer::Go("/gerbang".to_owned())),
        Err(gate::NoOverride::Unknown) => Err(Trouble::NotFound),
        Err(gate::NoOverride::Own) => Err(Trouble::NotAllowed),
    }
}

#[derive(Template)]
#[template(path = "gate_overrides.html")]
struct Overrides {
    f: Frame,
    rows: Vec<OverrideView>,
    /// Agency, given, set aside, share in whole percent.
    rates: Vec<[String; 4]>,
    /// Officer, asked for, released, declined.
    officers: Vec<[String; 4]>,
    number: String,
    trouble: String,
    several: Vec<String>,
}

/// A number somebody looks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Sought {
    nomor: String,
}

/// GET `/gerbang`: overrides; with a number, the project it means.
pub(crate) fn overrides(site: &Site, caller: &Caller, sought: &Sought) -> Outcome {
    let permit = caller.permit::<Read, Gate>()?;
    let number = kernel::text::excerpt(sought.nomor.trim(), 200);
    let mut several = if number.is_empty() {
        Vec::new()
    } else {
        site.desk.read(|s| s.gate_numbered(&permit, &[&number]).map_err(Trouble::from))?.pop().unwrap_or_default()
    };
    if let ([one], false) = (several.as_slice(), number.is_empty()) {
        return Ok(Answer::Go(format!("/proyek/{one}/gerbang")));
    }
    several.truncate(LISTED);
    let (rows, rates, officers) = site.desk.read(|s| {
        Ok::<_, Trouble>((
            s.override_list(&permit, None, OVERRIDES)?,
            s.override_rates(&permit)?,
            s.override_officers(&permit)?,
        ))
    })?;
    let f = Frame::of(site, caller, "override-title", "/kelola");
    let rate = |(agency, given, aside): (String, i64, i64)| {
        [agency, f.n(&given), f.n(&aside), format!("{} %", (aside * 200 + given) / (given * 2).max(1))]
    };
    let view = Overrides {
        rows: rows.iter().map(|o| override_view(&f, caller, o)).collect(),
        rates: rates.into_iter().map(rate).collect(),
        officers: officers.into_iter().map(|(name, [a, r, d])| [name, f.n(&a), f.n(&r), f.n(&d)]).collect(),
        trouble: match (number.is_empty(), several.is_empty()) {
            (true, _) => String::new(),
            (false, true) => f.t1("gate-find-none", "number", &number),
            (false, false) => f.t1("gate-find-several", "number", &number),
        },
        number,
        several,
        f,
    };
    Ok(Answer::Page(view.render()?))
}

/// What a bundle is asked about: the first that is said.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BundleTyped {
    proyek: String,
    dinas: String,
    tahun: String,
}

/// POST `/gerbang/bukti`: an evidence bundle to take away.
pub(crate) fn bundle(site: &Site, caller: &Caller, typed: &BundleTyped) -> Outcome {
    let permit = caller.permit::<Read, Gate>()?;
    let said = [&typed.proyek, &typed.dinas, &typed.tahun].map(|t| kernel::text::clean(t));
    let about = match said {
        [code, ..] if !code.is_empty() => About::Project(code),
        [_, agency, _] if !agency.is_empty() => About::Agency(agency),
        [_, _, year] => About::Year(year.parse().map_err(|_| Trouble::Bad("bundle-nothing"))?),
    };
    match audit_box::write(&site.desk, &permit, &about, Vec::new(), &caller.asking.reference)? {
        (Made::Lines(_), Some(bytes)) => {
            let name = format!("bukti-{}.jsonl", app::clock::today());
            Ok(Answer::File(name, "application/jsonl", bytes))
        }
        (Made::NoCity, _) => Err(Trouble::Bad("slip-no-style")),
        _ => Err(Trouble::Bad("bundle-nothing")),
    }
}

/// Overrides listed.
const OVERRIDES: usize = 200;

fn lines(f: &Frame, x: &Facts, judged: &Judged) -> Vec<(String, String)> {
    let rp = |v: Option<i64>| {
        v.map_or_else(|| "–".to_owned(), |v| format!("Rp{}", app::words::rupiah_text(kernel::Rupiah(v), f.language)))
    };
    let date = |d: &Option<String>| d.as_ref().map_or_else(|| "–".to_owned(), |d| f.date(d));
    let mut out = vec![
        (f.t("gate-fact-day"), f.date(&x.day)),
        (f.t("gate-fact-value"), rp(x.value)),
        (f.t("gate-fact-due"), rp(x.due)),
        (f.t("gate-fact-paid"), rp(Some(x.paid))),
        (f.t("gate-fact-unpaid"), rp(judged.unpaid)),
        (
            f.t("gate-fact-registrations"),
            if x.registrations.is_empty() { "–".to_owned() } else { x.registrations.join(", ") },
        ),
        (f.t("gate-fact-declared"), rp(x.declared)),
        (f.t("gate-fact-cover"), date(&x.cover_until)),
        (f.t("gate-fact-end"), date(&x.end)),
        (f.t("gate-fact-paid-out"), rp(Some(x.paid_out))),
        (f.t("gate-fact-uncovered"), f.u(&x.uncovered[0])),
    ];
    out.extend(x.people.map(|[all, missing]| {
        let arguments = [("all", f.u(&all)), ("missing", f.u(&missing))];
        let arguments: Vec<(&str, &str)> = arguments.iter().map(|(k, v)| (*k, v.as_str())).collect();
        (f.t("gate-fact-people"), phrases::say_named(f.language, "gate-fact-people-of", &arguments))
    }));
    out.extend(judged.exposure.map(|v| (f.t("gate-fact-exposure"), rp(Some(v)))));
    out.extend(x.asked.map(|v| (f.t("gate-fact-asked"), rp(Some(v)))));
    out.extend(x.line.map(|v| (f.t("gate-fact-line"), rp(Some(v)))));
    if judged.verdict == Verdict::Pass {
        out.retain(|(_, v)| v != "–");
    }
    out
}
