//! Doubtful matches: one at a time, blind at first, decided by keyboard, taken back with one press.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::bar_lines;
use crate::site::Site;
use app::desk::decide::{Decision, Verdict, decide};
use app::desk::evidence::{Doubt, DoubtOption};
use app::linking::explain::weight_words;
use askama::Template;
use authz::{Action, Decide, Match, Read, Resource, may};
use serde::Deserialize;

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    sisa: String,
    sesudah: i64,
    skor: String,
    batal: Option<i64>,
}

struct OptionView {
    code: String,
    /// Words of the name, and whether the registration has them too.
    name: Vec<(String, bool)>,
    line: String,
    score: String,
    bars: Vec<(String, String)>,
}

struct DoubtView {
    number: String,
    place: i64,
    before: i64,
    own: Vec<(String, String)>,
    options: Vec<OptionView>,
}

#[derive(Template)]
#[template(path = "matches.html")]
struct Page {
    f: Frame,
    unmatched: bool,
    review_total: i64,
    unmatched_total: i64,
    undo: Option<i64>,
    list: Vec<Doubt>,
    next: Option<i64>,
    doubt: Option<DoubtView>,
    show_score: bool,
    may_decide: bool,
}

/// Leftovers on a page.
const LEFT_OVER: usize = 50;

/// GET `/pasangan`
pub(crate) fn page(site: &Site, caller: &Caller, asked: &Asked) -> Outcome {
    let permit = caller.permit::<Read, Match>()?;
    let unmatched = !asked.sisa.is_empty();
    let (after, first) = (asked.sesudah, if unmatched { LEFT_OVER } else { 1 });
    let ((review, review_total), (left, unmatched_total)) = site.desk.read(|s| {
        let of = |state, wanted: bool| s.match_page(&permit, state, if wanted { after } else { 0 }, first);
        Ok::<_, Trouble>((of("review", !unmatched)?, of("unmatched", unmatched)?))
    })?;
    let read = |body: &str| serde_json::from_str::<Doubt>(body).map_err(|e| Trouble::Fault(app::Fault(e.to_string())));
    let f = Frame::of(site, caller, "web-nav-matches", "/pasangan");
    let doubt = match review.first() {
        Some(row) if !unmatched => Some(doubt_view(caller, &f, row.id, &read(&row.body)?)),
        _ => None,
    };
    let next = left.last().filter(|_| left.len() == LEFT_OVER).map(|r| r.id);
    let view = Page {
        unmatched,
        review_total,
        unmatched_total,
        undo: asked.batal,
        list: if unmatched { left.iter().map(|r| read(&r.body)).collect::<Result<_, _>>()? } else { Vec::new() },
        next,
        doubt,
        show_score: !asked.skor.is_empty(),
        may_decide: may(&caller.actor, Action::Decide, Resource::Match),
        f,
    };
    Ok(Answer::Page(view.render()?))
}

fn doubt_view(caller: &Caller, f: &Frame, place: i64, doubt: &Doubt) -> DoubtView {
    let r = &doubt.registration;
    let own = [
        ("web-match-name", r.name.clone()),
        ("web-col-vendor", r.firm.clone()),
        ("web-col-agency", doubt.agency.clone()),
        ("web-contract-number", r.order_number.clone()),
        ("web-declared-value", f.rp_of(&r.value)),
        ("web-registered-on", f.date(&r.registered)),
    ];
    let words: Vec<String> = split(&r.name).map(str::to_lowercase).collect();
    let option = |o: &DoubtOption| OptionView {
        code: o.code.clone(),
        name: split(&o.name).map(|w| (w.to_owned(), words.contains(&w.to_lowercase()))).collect(),
        line: [o.agency.clone(), o.vendor.clone(), o.contract_number.clone(), f.rp_of(&o.value), f.date(&o.order)]
            .into_iter()
            .filter(|part| !part.is_empty() && part != "–")
            .collect::<Vec<_>>()
            .join(" · "),
        score: weight_words(o.weight, caller.language()),
        bars: bar_lines(caller, &o.bars),
    };
    DoubtView {
        number: r.number.clone(),
        place,
        before: place - 1,
        own: own.into_iter().map(|(name, value)| (f.t(name), value)).filter(|(_, v)| !v.is_empty()).collect(),
        // Blind: by code, so that the order says nothing of the score.
        options: {
            let mut sorted: Vec<&DoubtOption> = doubt.options.iter().collect();
            sorted.sort_by(|a, b| a.code.cmp(&b.code));
            sorted.into_iter().take(9).map(option).collect()
        },
    }
}

fn split(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty())
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    pendaftaran: String,
    tempat: i64,
    proyek: String,
    putusan: String,
    alasan: String,
}

/// POST `/pasangan`
pub(crate) fn store(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Decide, Match>()?;
    let verdict = match typed.putusan.as_str() {
        "nanti" => return Ok(Answer::Go(format!("/pasangan?sesudah={}", typed.tempat))),
        "sama" => Verdict::Same,
        "beda" => Verdict::Different,
        _ => return Err(Trouble::Bad("web-trouble-form")),
    };
    let read = caller.permit::<Read, Match>()?;
    let (rows, _) = site.desk.read(|s| s.match_page(&read, "review", typed.tempat - 1, 1).map_err(Trouble::from))?;
    // The list may have changed since the page was shown: what is decided on is what was seen, or nothing.
    let row = rows.into_iter().find(|r| r.registration == typed.pendaftaran).ok_or(Trouble::Bad("web-match-gone"))?;
    let doubt: Doubt = serde_json::from_str(&row.body).map_err(|e| app::Fault(e.to_string()))?;
    if !doubt.options.iter().any(|o| o.code == typed.proyek) {
        return Err(Trouble::Bad("web-match-gone"));
    }
    let decision = Decision {
        registration: &typed.pendaftaran,
        projects: vec![&typed.proyek],
        verdict,
        by: caller.name(),
        reason: typed.alasan.trim(),
    };
    let file = decide(&site.desk, &permit, &decision, &caller.asking.reference)?;
    Ok(Answer::Go(format!("/pasangan?sesudah={}&batal={file}", typed.tempat)))
}
