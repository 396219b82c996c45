//! Letters as the contractor who receives them sees them: read, answered with what was done about it.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::event;
use app::desk::letters::Content;
use askama::Template;
use authz::{Change, Letter, Mail, Read};
use serde::Deserialize;
use store::{LetterRow, OPENED, Reply};

/// Letters listed.
const LISTED: usize = 200;

/// What may be answered.
const ANSWERS: [&str; 6] = ["registered", "paid", "by_date", "disputed", "not_ours", "other"];

/// Longest answer.
const TEXT_MAX: usize = 2_000;

struct Line {
    id: i64,
    kind: String,
    name: String,
    code: String,
    number: String,
    dated: String,
    answered: String,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct List {
    f: Frame,
    rows: Vec<Line>,
}

/// GET `/surat-masuk`
pub(crate) fn list(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Mail>()?;
    let found = site.desk.read(|s| {
        let letters = s.mail_list(&permit, None, LISTED)?;
        let with = letters.into_iter().map(|l| Ok((s.mail_replies(&l)?, l)));
        with.collect::<Result<Vec<(Vec<Reply>, LetterRow)>, Trouble>>()
    })?;
    let f = Frame::of(site, caller, "mail-title", "/surat-masuk");
    let line = |(replies, l): (Vec<Reply>, LetterRow)| Line {
        answered: match replies.iter().rev().find(|r| r.kind != OPENED) {
            Some(r) => f.word("mail-answer-", &r.kind.replace('_', "-")),
            None if replies.is_empty() => f.t("mail-new"),
            None => f.t("mail-unanswered"),
        },
        id: l.id,
        kind: f.word("letter-kind-", &l.kind),
        dated: l.dated.as_deref().map_or_else(String::new, |d| f.date(d)),
        number: l.number.unwrap_or_default(),
        name: l.name,
        code: l.project,
    };
    Ok(Answer::Page(List { rows: found.into_iter().map(line).collect(), f }.render()?))
}

#[derive(Template)]
#[template(path = "mail_one.html")]
struct One {
    f: Frame,
    l: LetterRow,
    kind: String,
    content: Content,
    replies: Vec<ReplyLine>,
    answers: Vec<(&'static str, String)>,
    trouble: String,
    typed: String,
}

/// An answer, as a page shows it.
pub(crate) struct ReplyLine {
    pub(crate) by: String,
    pub(crate) at: String,
    pub(crate) what: String,
    pub(crate) text: String,
}

/// Answers in words.
pub(crate) fn lines(f: &Frame, replies: &[Reply]) -> Vec<ReplyLine> {
    let line = |r: &Reply| ReplyLine {
        by: r.by.clone(),
        at: f.moment(&r.at),
        what: f.word("mail-answer-", &r.kind.replace('_', "-")),
        text: r.text.clone(),
    };
    replies.iter().map(line).collect()
}

impl One {
    fn body<'a>(&self, c: &'a Content) -> super::letter_one::Body<'a> {
        super::letter_one::body(c)
    }
}

/// GET `/surat-masuk/{id}`: opening it is noted, once for each member.
pub(crate) fn one(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let (read, change) = (caller.permit::<Read, Mail>()?, caller.permit::<Change, Mail>()?);
    let told = event(caller.actor.id, "mail_open", &format!("letter:{id}"), &caller.asking.reference);
    let now = app::clock::now();
    let own =
        site.desk.write(|s| s.mail_reply((&read, &change), id, (OPENED, ""), &now, told).map_err(Trouble::from))?;
    if !own {
        return Err(Trouble::NotFound);
    }
    Ok(Answer::Page(shown(site, caller, id, "", "")?))
}

fn shown(site: &Site, caller: &Caller, id: i64, trouble: &str, typed: &str) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Mail>()?;
    let (letter, replies) = site.desk.read(|s| {
        let letter = s.mail_list(&permit, Some(id), 1)?.pop().ok_or(Trouble::NotFound)?;
        let replies = s.mail_replies(&letter)?;
        Ok::<_, Trouble>((letter, replies))
    })?;
    let content = letter.content.as_deref().ok_or(Trouble::NotFound)?;
    let content: Content = serde_json::from_str(content).map_err(|e| app::Fault(e.to_string()))?;
    let f = Frame::of(site, caller, "mail-title", "/surat-masuk");
    let page = One {
        kind: f.word("letter-kind-", &letter.kind),
        content,
        replies: lines(&f, &replies),
        answers: ANSWERS.iter().map(|a| (*a, f.word("mail-answer-", &a.replace('_', "-")))).collect(),
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        typed: typed.to_owned(),
        l: letter,
        f,
    };
    Ok(page.render()?)
}

/// GET `/surat-masuk/{id}/pdf`
pub(crate) fn pdf(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let permit = caller.permit::<Read, Mail>()?;
    let bytes = site.desk.read(|s| s.mail_pdf(&permit, id).map_err(Trouble::from))?.ok_or(Trouble::NotFound)?;
    let told = event(caller.actor.id, "mail_export", &format!("letter:{id}"), &caller.asking.reference);
    site.desk.write(|s| s.audit(told))?;
    Ok(Answer::File(format!("surat-{id}.pdf"), "application/pdf", bytes))
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    jawaban: String,
    isi: String,
}

/// POST `/surat-masuk/{id}`
pub(crate) fn answer(site: &Site, caller: &Caller, id: i64, typed: &Typed) -> Outcome {
    let (read, change) = (caller.permit::<Read, Mail>()?, caller.permit::<Change, Mail>()?);
    let kind = ANSWERS.into_iter().find(|a| *a == typed.jawaban).ok_or(Trouble::Bad("web-trouble-form"))?;
    let text = kernel::text::clean(&typed.isi);
    // A word of its own says all that is needed only where a paper or the insurer's list proves it.
    let needs_text = !matches!(kind, "registered" | "paid");
    if text.chars().count() > TEXT_MAX || needs_text && text.chars().count() < 5 {
        return Ok(Answer::Unaccepted(shown(site, caller, id, "mail-no-text", &typed.isi)?));
    }
    let mut told = event(caller.actor.id, "mail_answer", &format!("letter:{id}"), &caller.asking.reference);
    kind.clone_into(&mut told.reason);
    let now = app::clock::now();
    if !site.desk.write(|s| s.mail_reply((&read, &change), id, (kind, &text), &now, told).map_err(Trouble::from))? {
        return Err(Trouble::NotFound);
    }
    Ok(Answer::Go(format!("/surat-masuk/{id}")))
}

/// POST `/surat/{id}/dibaca`: the office has read the answers.
pub(crate) fn read(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let (read, change) = (caller.permit::<Read, Letter>()?, caller.permit::<Change, Letter>()?);
    let told = event(caller.actor.id, "mail_read", &format!("letter:{id}"), &caller.asking.reference);
    let now = app::clock::now();
    if !site.desk.write(|s| s.mail_read((&read, &change), id, &now, told).map_err(Trouble::from))? {
        return Err(Trouble::NotFound);
    }
    Ok(Answer::Go(format!("/surat/{id}")))
}
