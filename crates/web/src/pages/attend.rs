//! What whoever comes to a workshop sees on a phone: the door, five questions, the certificate. Nobody signs in; a code opens what is behind it.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use crate::typed::Fields;
use app::desk::training::{self, No, Own, hours_text};
use app::legal::quiz::{Question, score_text};
use askama::Template;
use authz::{PublicProject, Read};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Letters of a code at most.
const CODE_MAX: usize = 60;

/// What is typed at the door.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    nama: String,
    instansi: String,
    lain: String,
}

#[derive(Template)]
#[template(path = "attend.html")]
struct Door {
    f: Frame,
    code: String,
    role: String,
    day: String,
    hours: String,
    place: String,
    guests: Vec<String>,
    is_open: bool,
    is_off: bool,
    typed: Typed,
    trouble: String,
}

fn door(site: &Site, caller: &Caller, code: &str, typed: &Typed, no: Option<No>) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, PublicProject>()?;
    let found = if code.len() <= CODE_MAX { training::at_the_door(&site.desk, &permit, code)? } else { None };
    let (row, guests) = found.ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, "training-door", "");
    let page = Door {
        code: code.to_owned(),
        role: f.word("training-role-", &row.role),
        day: f.date(&row.day),
        hours: hours_text(row.minutes),
        place: row.place.clone(),
        guests,
        is_open: training::is_open(&row),
        is_off: row.ended.is_some(),
        typed: typed.clone(),
        trouble: no.map(|no| f.t(no.sentence())).unwrap_or_default(),
        f,
    };
    Ok(page.render()?)
}

/// GET `/hadir/{code}`
pub(crate) fn page(site: &Site, caller: &Caller, code: &str) -> Outcome {
    Ok(Answer::Page(door(site, caller, code, &Typed::default(), None)?))
}

/// POST `/hadir/{code}`: somebody is here.
pub(crate) fn come(site: &Site, caller: &Caller, code: &str, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Read, PublicProject>()?;
    if code.len() > CODE_MAX {
        return Err(Trouble::NotFound);
    }
    // Who stands on no list of guests writes the office.
    let office = if typed.lain.trim().is_empty() { &typed.instansi } else { &typed.lain };
    let said = (typed.nama.as_str(), office.as_str());
    match training::come(&site.desk, &permit, code, said, &caller.asking.reference)? {
        Ok(own) => Ok(Answer::Go(format!("/uji/{own}"))),
        Err(No::Unknown) => Err(Trouble::NotFound),
        Err(no) => Ok(Answer::Unaccepted(door(site, caller, code, typed, Some(no))?)),
    }
}

struct Asked {
    number: usize,
    text: String,
    options: Vec<(usize, String, &'static str)>,
    why: Vec<String>,
    is_right: bool,
}

#[derive(Template)]
#[template(path = "test.html")]
struct Test {
    f: Frame,
    code: String,
    name: String,
    office: String,
    role: String,
    guide: String,
    asked: Vec<Asked>,
    is_done: bool,
    is_open: bool,
    score: String,
    passed: bool,
    pass: String,
    certificate: String,
    withdrawn: bool,
    qr: String,
    verify: String,
    trouble: String,
}

fn own(site: &Site, caller: &Caller, code: &str) -> Result<Own, Trouble> {
    let permit = caller.permit::<Read, PublicProject>()?;
    if code.len() > CODE_MAX {
        return Err(Trouble::NotFound);
    }
    training::own_page(&site.desk, &permit, code, caller.language())??.ok_or(Trouble::NotFound)
}

fn asked(n: usize, q: &Question, answers: Option<&Vec<usize>>) -> Asked {
    let given = answers.and_then(|a| a.get(n).copied());
    let mark = |i: usize| match given {
        Some(_) if i == q.right => "right",
        Some(given) if i == given => "wrong",
        _ => "",
    };
    Asked {
        number: n,
        text: q.text.clone(),
        options: q.options.iter().enumerate().map(|(i, o)| (i, o.clone(), mark(i))).collect(),
        why: if given.is_some() { q.why.clone() } else { Vec::new() },
        is_right: given == Some(q.right),
    }
}

fn test_page(site: &Site, caller: &Caller, code: &str, no: Option<No>) -> Result<String, Trouble> {
    let own = own(site, caller, code)?;
    let f = Frame::of(site, caller, "training-test", "");
    let score = own.attendee.score.unwrap_or(0);
    let certificate = own.attendee.certificate.as_ref();
    let stands = certificate.filter(|c| c.withdrawn.is_none());
    let page = Test {
        code: code.to_owned(),
        name: own.attendee.name.name.clone(),
        office: own.attendee.name.office.clone(),
        role: f.word("training-role-", &own.training.role),
        guide: own.training.role.clone(),
        asked: own.questions.iter().enumerate().map(|(n, q)| asked(n, q, own.answers.as_ref())).collect(),
        is_done: own.answers.is_some(),
        is_open: own.is_open,
        score: score_text(score),
        passed: score >= own.pass,
        pass: score_text(own.pass),
        qr: match stands {
            Some(c) => crate::pages::qr(&app::desk::slips::code_of(site.desk.address(), &c.text))?,
            None => String::new(),
        },
        verify: stands.map(|c| format!("/verify#{}", c.text)).unwrap_or_default(),
        certificate: certificate.map(|c| c.number.clone()).unwrap_or_default(),
        withdrawn: certificate.is_some_and(|c| c.withdrawn.is_some()),
        trouble: no.map(|no| f.t(no.sentence())).unwrap_or_default(),
        f,
    };
    Ok(page.render()?)
}

/// GET `/uji/{code}`
pub(crate) fn test(site: &Site, caller: &Caller, code: &str) -> Outcome {
    Ok(Answer::Page(test_page(site, caller, code, None)?))
}

/// POST `/uji/{code}`: all answers at once.
pub(crate) fn answer(site: &Site, caller: &Caller, code: &str, typed: &Fields) -> Outcome {
    let permit = caller.permit::<Read, PublicProject>()?;
    own(site, caller, code)?;
    let one = |(name, value): &(String, String)| Some((name.strip_prefix('j')?.parse().ok()?, value.parse().ok()?));
    let answers: BTreeMap<usize, usize> = typed.0.iter().filter_map(one).collect();
    let said = (code, &answers);
    match training::answer(&site.desk, &permit, said, caller.language(), &caller.asking.reference)? {
        Ok(()) => Ok(Answer::Go(format!("/uji/{code}"))),
        Err(no) => Ok(Answer::Unaccepted(test_page(site, caller, code, Some(no))?)),
    }
}

/// GET `/uji/{code}/sertifikat`
pub(crate) fn certificate(site: &Site, caller: &Caller, code: &str) -> Outcome {
    let own = own(site, caller, code)?;
    let pdf = training::certificate_pdf(&site.desk, &own.attendee, &own.training)?.ok_or(Trouble::NotFound)?;
    let number = own.attendee.certificate.map(|c| c.number).unwrap_or_default();
    Ok(Answer::File(format!("{number}.pdf"), "application/pdf", pdf))
}
