//! One letter: what it says, as it will look; written, released, called back, sent.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::event;
use app::desk::letters::{self as desk_letters, Block, Content, Inputs, NotIssued, unprintable as letters_unprintable};
use askama::Template;
use authz::{Action, Change, Letter, PublicProject, Read, Release, Resource, may};
use std::collections::BTreeMap;
use store::{LetterRow, LetterState, NotReleased};

struct FieldView {
    name: &'static str,
    word: String,
    hint: String,
    value: String,
    long: bool,
    required: bool,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Page {
    f: Frame,
    r: LetterRow,
    kind: String,
    finding: String,
    problem: Option<String>,
    content: Content,
    translation: Option<Content>,
    fields: Vec<FieldView>,
    is_draft: bool,
    version: String,
    may_change: bool,
    may_release: bool,
    has_post: bool,
    sending: String,
    replies: Vec<super::mail::ReplyLine>,
    unread: bool,
}

/// GET `/surat/{id}`
pub(crate) fn page(site: &Site, caller: &Caller, id: i64) -> Outcome {
    shown(site, caller, id, None)
}

fn row_of(site: &Site, caller: &Caller, id: i64) -> Result<LetterRow, Trouble> {
    let permit = caller.permit::<Read, Letter>()?;
    site.desk.read(|s| s.letter(&permit, id).map_err(Trouble::from))?.ok_or(Trouble::NotFound)
}

fn shown(site: &Site, caller: &Caller, id: i64, problem: Option<String>) -> Outcome {
    let row = row_of(site, caller, id)?;
    let f = Frame::of(site, caller, "web-nav-letters", "/surat");
    let (kind, facts, inputs) = desk_letters::read_row(&row)?;
    let style = desk_letters::style(&site.desk)?;
    let as_written = |language| {
        let dated = row.dated.as_ref().and_then(|d| d.parse().ok()).unwrap_or_else(app::clock::today);
        desk_letters::content(kind, &facts, &inputs, (&style, &site.desk.law), dated, language)
    };
    let content = match row.content.as_deref().map(serde_json::from_str::<Content>) {
        Some(Ok(content)) => content,
        _ => as_written(desk_letters::LANGUAGE)?,
    };
    let translation = (f.language != desk_letters::LANGUAGE).then(|| as_written(f.language)).transpose()?;
    let is_draft = row.state == LetterState::Draft;
    let may_change = may(&caller.actor, Action::Change, Resource::Letter);
    let fields = desk_letters::fields(kind).into_iter().map(|field| FieldView {
        name: field.name,
        word: f.word("letter-field-", field.name),
        hint: f.word("letter-hint-", field.name),
        value: inputs.get(field.name).cloned().unwrap_or_default(),
        long: field.long,
        required: field.required,
    });
    let replies = site.desk.read(|s| s.mail_replies(&row).map_err(Trouble::from))?;
    let is_problem = problem.is_some();
    let view = Page {
        unread: may_change && replies.iter().any(|r| !r.read && r.kind != store::OPENED),
        replies: super::mail::lines(&f, &replies),
        kind: f.word("letter-kind-", &row.kind),
        finding: f.word("finding-", &row.code),
        fields: if is_draft && may_change { fields.collect() } else { Vec::new() },
        sending: sending(&f, &row),
        may_release: may(&caller.actor, Action::Release, Resource::Letter),
        has_post: site.desk.has_post(),
        problem,
        content,
        translation,
        is_draft,
        version: row.version(),
        may_change,
        r: row,
        f,
    };
    let html = view.render()?;
    Ok(if is_problem { Answer::Unaccepted(html) } else { Answer::Page(html) })
}

fn sending(f: &Frame, row: &LetterRow) -> String {
    match (row.sending.as_str(), &row.sent_at) {
        ("", _) => String::new(),
        ("sent", Some(at)) => format!("{} {}", f.t("letter-sending-sent"), f.moment(at)),
        (state, _) => {
            let (note, code) = row.sending_note.split_once(' ').unwrap_or((&row.sending_note, ""));
            let note =
                if note.is_empty() { String::new() } else { format!(": {} {code}", f.word("letter-note-", note)) };
            format!("{}{}", f.word("letter-sending-", state), note.trim_end())
        }
    }
}

/// GET `/surat/{id}/pdf`
pub(crate) fn pdf(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let row = row_of(site, caller, id)?;
    let permit = caller.permit::<Read, Letter>()?;
    let (name, bytes) = match row.state {
        LetterState::Draft => (format!("draf-{id}.pdf"), desk_letters::draft_pdf(&site.desk, &row)?),
        _ => {
            let kept = site.desk.read(|s| s.letter_pdf(&permit, id).map_err(Trouble::from))?;
            let number = row.number.clone().unwrap_or_default();
            let name: String = number.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
            (format!("{name}.pdf"), kept.ok_or(Trouble::NotFound)?)
        }
    };
    let told = event(caller.actor.id, "letter_export", &format!("letter:{id}"), &caller.asking.reference);
    site.desk.write(|s| s.audit(told))?;
    Ok(Answer::File(name, "application/pdf", bytes))
}

/// What is typed: fields of the letter, by name.
pub(crate) type Typed = BTreeMap<String, String>;

/// Characters of a field at most.
const FIELD_MAX: usize = 4_000;

/// What is said of a character that letters cannot print.
pub(crate) fn no_sign(caller: &Caller, c: char) -> String {
    phrases::say_named(caller.language(), "web-letter-no-sign", &[("character", &c.to_string())])
}

/// POST `/surat/{id}`
pub(crate) fn write(site: &Site, caller: &Caller, id: i64, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Change, Letter>()?;
    let row = row_of(site, caller, id)?;
    let (kind, _, kept) = desk_letters::read_row(&row)?;
    // A field that was not sent stays as it is; an empty one is emptied.
    let value = |name: &str, kept: &str| typed.get(name).map_or(kept, |t| t.trim()).to_owned();
    let of = |name: &str| kept.get(name).map_or("", String::as_str);
    let inputs: Inputs =
        desk_letters::fields(kind).iter().map(|f| (f.name.to_owned(), value(f.name, of(f.name)))).collect();
    if inputs.values().any(|v| v.chars().count() > FIELD_MAX) {
        return shown(site, caller, id, Some(phrases::say_named(caller.language(), "web-letter-too-long", &[])));
    }
    if let Some(c) = inputs.values().find_map(|v| letters_unprintable(v)) {
        return shown(site, caller, id, Some(no_sign(caller, c)));
    }
    let email = value("surel", &row.email);
    if !email.is_empty() && (!email.contains('@') || email.chars().any(char::is_whitespace) || email.len() > 200) {
        return shown(site, caller, id, Some(phrases::say_named(caller.language(), "sign-in-login-malformed", &[])));
    }
    let json = serde_json::to_string(&inputs).map_err(|e| app::Fault(e.to_string()))?;
    let told = event(permit.actor(), "letter_write", &format!("letter:{id}"), &caller.asking.reference);
    if site.desk.write(|s| s.letter_write(&permit, id, (&json, &email), told))? {
        Ok(Answer::Go(format!("/surat/{id}")))
    } else {
        Err(Trouble::Bad("web-letter-no-draft"))
    }
}

fn not_issued(l: app::Language, not: &NotIssued) -> String {
    let said = |name: &str| phrases::say_named(l, name, &[]);
    match not {
        NotIssued::Store(NotReleased::NotADraft) => said("web-letter-no-draft"),
        NotIssued::Store(NotReleased::Cured) => said("web-letter-cured"),
        NotIssued::Store(NotReleased::Changed) => said("web-letter-changed"),
        NotIssued::Store(NotReleased::SecondPerson) => said("web-letter-second-person"),
        NotIssued::Style(amiss) => said(amiss.sentence()),
        NotIssued::Field(name) => {
            phrases::say_named(l, "web-letter-field-empty", &[("field", &said(&format!("letter-field-{name}")))])
        }
        NotIssued::Refused(refused) => refused.0.clone(),
    }
}

/// POST `/surat/{id}/rilis`: the draft that was on the page.
pub(crate) fn release(site: &Site, caller: &Caller, id: i64, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Release, Letter>()?;
    caller.fresh()?;
    let row = row_of(site, caller, id)?;
    if typed.get("versi").is_some_and(|read| *read != row.version()) {
        let changed = not_issued(caller.language(), &NotIssued::Store(NotReleased::Changed));
        return shown(site, caller, id, Some(changed));
    }
    match desk_letters::release(&site.desk, &permit, &row, &caller.asking.reference)? {
        Ok(()) => Ok(Answer::Go(format!("/surat/{id}"))),
        Err(not) => shown(site, caller, id, Some(not_issued(caller.language(), &not))),
    }
}

/// POST `/surat/{id}/buang`
pub(crate) fn discard(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let permit = caller.permit::<Change, Letter>()?;
    let told = event(permit.actor(), "letter_discard", &format!("letter:{id}"), &caller.asking.reference);
    let done = site.desk.write(|s| s.letter_discard(&permit, id, &app::clock::now(), told))?;
    if done { Ok(Answer::Go("/surat?bagian=draf".to_owned())) } else { Err(Trouble::Bad("web-letter-no-draft")) }
}

/// POST `/surat/{id}/tarik`
pub(crate) fn withdraw(site: &Site, caller: &Caller, id: i64, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Release, Letter>()?;
    caller.fresh()?;
    let why = typed.get("alasan").map(|t| t.trim()).unwrap_or_default();
    if why.chars().count() < 10 {
        return shown(site, caller, id, Some(phrases::say_named(caller.language(), "web-said-reason-short", &[])));
    }
    let mut told = event(permit.actor(), "letter_withdraw", &format!("letter:{id}"), &caller.asking.reference);
    why.clone_into(&mut told.reason);
    let done = site.desk.write(|s| s.letter_withdraw(&permit, id, why, &app::clock::now(), told))?;
    if done { Ok(Answer::Go(format!("/surat/{id}"))) } else { Err(Trouble::Bad("web-letter-not-issued")) }
}

/// POST `/surat/{id}/kirim`
pub(crate) fn send(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let permit = caller.permit::<Release, Letter>()?;
    if desk_letters::ask_to_send(&site.desk, &permit, id, &caller.asking.reference)? {
        Ok(Answer::Go(format!("/surat/{id}")))
    } else {
        shown(site, caller, id, Some(phrases::say_named(caller.language(), "web-letter-not-sendable", &[])))
    }
}

#[derive(Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    f: Frame,
    r: Option<LetterRow>,
    kind: String,
}

/// GET `/periksa/{token}`: anybody who holds the paper.
pub(crate) fn verify(site: &Site, caller: &Caller, token: &str) -> Outcome {
    let permit = caller.permit::<Read, PublicProject>()?;
    let row = site.desk.read(|s| s.letter_of_token(&permit, token).map_err(Trouble::from))?;
    let f = Frame::of(site, caller, "web-verify", "");
    let kind = row.as_ref().map_or_else(String::new, |r| f.word("letter-kind-", &r.kind));
    Ok(Answer::Page(VerifyPage { f, r: row, kind }.render()?))
}

/// A letter on a page.
#[derive(Template)]
#[template(path = "letter_body.html")]
pub(crate) struct Body<'a> {
    c: &'a Content,
}

/// What a letter says, as HTML.
pub(crate) fn body(c: &Content) -> Body<'_> {
    Body { c }
}

impl Page {
    fn body<'a>(&self, c: &'a Content) -> Body<'a> {
        body(c)
    }
}
