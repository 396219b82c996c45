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
use authz::{Action, Decide, Match, Project, Read, Resource, may};
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
    /// Where the list goes on when it is put off: a place, or a draw.
    place: String,
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
    /// Where the form goes, and what is shown after an undo.
    here: &'static str,
    /// Another person's pair, judged again.
    second: bool,
    list: Vec<Doubt>,
    next: Option<i64>,
    doubt: Option<DoubtView>,
    show_score: bool,
    may_decide: bool,
}

/// Its address.
const HERE: &str = "/pasangan";

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
        Some(row) if !unmatched => Some(doubt_view(caller, &f, &row.id.to_string(), &read(&row.body)?)),
        _ => None,
    };
    let next = left.last().filter(|_| left.len() == LEFT_OVER).map(|r| r.id);
    let view = Page {
        unmatched,
        review_total,
        unmatched_total,
        undo: asked.batal,
        here: HERE,
        second: false,
        list: if unmatched { left.iter().map(|r| read(&r.body)).collect::<Result<_, _>>()? } else { Vec::new() },
        next,
        doubt,
        show_score: !asked.skor.is_empty(),
        may_decide: may(&caller.actor, Action::Decide, Resource::Match),
        f,
    };
    Ok(Answer::Page(view.render()?))
}

fn doubt_view(caller: &Caller, f: &Frame, place: &str, doubt: &Doubt) -> DoubtView {
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
        place: place.to_owned(),
        before: place.parse::<i64>().map_or(0, |place| place - 1),
        own: own.into_iter().map(|(name, value)| (f.t(name), value)).filter(|(_, v)| !v.is_empty()).collect(),
        // Blind: by code, so that the order says nothing of the score.
        options: {
            let mut sorted: Vec<&DoubtOption> = doubt.options.iter().collect();
            sorted.sort_by(|a, b| a.code.cmp(&b.code));
            sorted.into_iter().take(9).map(option).collect()
        },
    }
}

/// The page of a pair somebody else decided on; none where nothing is left. `row` is its draw and its sides.
pub(crate) fn second(f: Frame, caller: &Caller, row: Option<(&str, &str)>, undo: Option<i64>) -> Outcome {
    let read = |body: &str| serde_json::from_str::<Doubt>(body).map_err(|e| Trouble::Fault(app::Fault(e.to_string())));
    let doubt = match row {
        Some((draw, body)) => Some(doubt_view(caller, &f, draw, &read(body)?)),
        None => None,
    };
    let view = Page {
        unmatched: false,
        review_total: 0,
        unmatched_total: 0,
        undo,
        here: "/pasangan/kedua",
        second: true,
        list: Vec::new(),
        next: None,
        doubt,
        show_score: false,
        may_decide: true,
        f,
    };
    Ok(Answer::Page(view.render()?))
}

pub(crate) fn split(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty())
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    pub(crate) pendaftaran: String,
    /// Where the list goes on: a place, or a draw.
    pub(crate) tempat: String,
    pub(crate) proyek: String,
    pub(crate) putusan: String,
    pub(crate) alasan: String,
}

impl Typed {
    fn place(&self) -> i64 {
        self.tempat.parse().unwrap_or(0)
    }

    /// The draw, as it may stand in an address.
    pub(crate) fn draw(&self) -> &str {
        if self.tempat.bytes().all(|b| b.is_ascii_hexdigit()) { &self.tempat } else { "" }
    }
}

/// What was pressed; none to put it off.
pub(crate) fn pressed(typed: &Typed) -> Result<Option<Verdict>, Trouble> {
    match typed.putusan.as_str() {
        "nanti" => Ok(None),
        "sama" => Ok(Some(Verdict::Same)),
        "beda" => Ok(Some(Verdict::Different)),
        _ => Err(Trouble::Bad("web-trouble-form")),
    }
}

/// Stores what was decided on one pair; the answer is the file it became. Whoever may not see the project decides nothing
/// about it.
pub(crate) fn put_down(site: &Site, caller: &Caller, typed: &Typed, verdict: Verdict) -> Result<i64, Trouble> {
    let permit = caller.permit::<Decide, Match>()?;
    let project = caller.permit::<Read, Project>()?;
    let found = site.desk.read(|s| s.project(&project, &typed.proyek).map_err(Trouble::from))?;
    found.ok_or(Trouble::NotAllowed)?;
    let decision = Decision {
        pairs: vec![(&typed.pendaftaran, &typed.proyek)],
        verdict,
        by: caller.name(),
        reason: typed.alasan.trim(),
    };
    Ok(decide(&site.desk, &permit, &decision, &caller.asking.reference)?)
}

/// POST `/pasangan`
pub(crate) fn store(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    caller.permit::<Decide, Match>()?;
    let Some(verdict) = pressed(typed)? else {
        return Ok(Answer::Go(format!("/pasangan?sesudah={}", typed.place())));
    };
    let read = caller.permit::<Read, Match>()?;
    let (rows, _) = site.desk.read(|s| s.match_page(&read, "review", typed.place() - 1, 1).map_err(Trouble::from))?;
    // The list may have changed since the page was shown: what is decided on is what was seen, or nothing.
    let row = rows.into_iter().find(|r| r.registration == typed.pendaftaran).ok_or(Trouble::Bad("web-match-gone"))?;
    let doubt: Doubt = serde_json::from_str(&row.body).map_err(|e| app::Fault(e.to_string()))?;
    if !doubt.options.iter().any(|o| o.code == typed.proyek) {
        return Err(Trouble::Bad("web-match-gone"));
    }
    let file = put_down(site, caller, typed, verdict)?;
    Ok(Answer::Go(format!("/pasangan?sesudah={}&batal={file}", typed.place())))
}
