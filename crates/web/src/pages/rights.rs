//! What a person may ask: found by the number on the card they show, told what is kept, erased on the word of two.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::is_purpose;
use crate::site::Site;
use app::desk::rights::{self, Bundle, ErasureRow, NoErasure};
use askama::Template;
use authz::{Action, Change, Erasure, Person, Read, Release, Resource, Reveal, may};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "person_search.html")]
struct Search {
    f: Frame,
    trouble: String,
}

/// GET `/pekerja`
pub(crate) fn search(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Reveal, Person>()?;
    let f = Frame::of(site, caller, "rights-search", "/pekerja");
    Ok(Answer::Page(Search { f, trouble: String::new() }.render()?))
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    nik: String,
    alasan: String,
    bentuk: String,
}

/// POST `/pekerja`: the number stands in the body and in no address.
pub(crate) fn find(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let reveal = caller.permit::<Reveal, Person>()?;
    let read = caller.permit::<Read, Person>()?;
    match rights::find(&site.desk, (&read, &reveal), &typed.nik, &caller.asking.reference)? {
        Some(person) => Ok(Answer::Go(format!("/pekerja/{person}"))),
        None => {
            let f = Frame::of(site, caller, "rights-search", "/pekerja");
            let trouble = f.t("rights-not-found");
            Ok(Answer::Unaccepted(Search { f, trouble }.render()?))
        }
    }
}

#[derive(Template)]
#[template(path = "bundle.html")]
struct BundlePage {
    f: Frame,
    b: Bundle,
    lists: Vec<Listed>,
}

/// A line of a list: title, where it comes from, fields with what they say.
struct Listed {
    title: String,
    source: String,
    says: Vec<(String, String)>,
}

/// Acts about one person that have a word of their own.
const LOOKS: [&str; 5] = ["person_read", "person_sought", "person_reveal", "person_bundle", "erasure_ask"];

/// POST `/pekerja/{person}/bundel`: everything kept about a person, to print or as JSON.
pub(crate) fn bundle(site: &Site, caller: &Caller, person: &str, typed: &Typed) -> Outcome {
    let reveal = caller.permit::<Reveal, Person>()?;
    let read = caller.permit::<Read, Person>()?;
    let purpose = typed.alasan.trim();
    if !is_purpose(purpose) {
        return Err(Trouble::Bad("web-officer-no-purpose"));
    }
    let about = (person, purpose);
    let mut b =
        rights::bundle(&site.desk, (&read, &reveal), about, &caller.asking.reference)?.ok_or(Trouble::NotFound)?;
    if typed.bentuk == "json" {
        let bytes = serde_json::to_vec_pretty(&b).map_err(|e| app::Fault(e.to_string()))?;
        return Ok(Answer::File("bundel.json".to_owned(), "application/json", bytes));
    }
    let f = Frame::of(site, caller, "rights-bundle", "/pekerja");
    let field = |(name, text): &(&str, String)| {
        let shown = match (*name, text.parse::<i64>()) {
            ("upah", Ok(wage)) => f.rp(&wage),
            (name, _) if name.starts_with("tgl_") || name.ends_with("_bekerja") => f.date(text),
            _ => text.clone(),
        };
        (f.word("roster-field-", &name.replace('_', "-")), shown)
    };
    let list = |k: &rights::Kept| {
        let source = [("file", k.file.clone()), ("line", k.line.to_string()), ("at", f.moment(&k.at))];
        let source: Vec<(&str, &str)> = source.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let title = format!("{} ({})", k.name, f.word("rights-list-", k.list));
        let source = phrases::say_named(f.language, "rights-source", &source);
        Listed { title, source, says: k.says.iter().map(field).collect() }
    };
    let lists = b.lists.iter().map(list).collect();
    for look in &mut b.looks {
        if LOOKS.contains(&look.what.as_str()) {
            look.what = f.word("rights-act-", &look.what.replace('_', "-"));
        }
    }
    let page = BundlePage { lists, b, f };
    Ok(Answer::Page(page.render()?))
}

/// POST `/pekerja/{person}/hapus`
pub(crate) fn ask(site: &Site, caller: &Caller, person: &str, typed: &Typed) -> Outcome {
    let change = caller.permit::<Change, Erasure>()?;
    let read = caller.permit::<Read, Person>()?;
    let reason = typed.alasan.trim();
    if !is_purpose(reason) {
        return Err(Trouble::Bad("web-officer-no-purpose"));
    }
    if !rights::ask(&site.desk, (&change, &read), (person, reason), &caller.asking.reference)? {
        return Err(Trouble::Bad("rights-not-asked"));
    }
    Ok(Answer::Go("/penghapusan".to_owned()))
}

struct Line {
    id: i64,
    person: String,
    reason: String,
    asked: String,
    outcome: String,
    decided: String,
    entries: String,
}

#[derive(Template)]
#[template(path = "erasures.html")]
struct Erasures {
    f: Frame,
    rows: Vec<Line>,
    may_decide: bool,
    trouble: String,
}

/// GET `/penghapusan`
pub(crate) fn list(site: &Site, caller: &Caller) -> Outcome {
    Ok(Answer::Page(listed(site, caller, "")?))
}

fn listed(site: &Site, caller: &Caller, trouble: &str) -> Result<String, Trouble> {
    let permit = caller.permit::<Read, Erasure>()?;
    let f = Frame::of(site, caller, "rights-erasures", "/kelola");
    let line = |r: ErasureRow| Line {
        id: r.id,
        person: r.person.get(..8).unwrap_or_default().to_owned(),
        reason: r.reason,
        asked: f.moment(&r.asked_at),
        decided: r.decided_at.as_deref().map_or_else(String::new, |at| f.moment(at)),
        entries: f.n(&r.entries),
        outcome: r.outcome,
    };
    let page = Erasures {
        rows: rights::list(&site.desk, &permit)?.into_iter().map(line).collect(),
        may_decide: may(&caller.actor, Action::Release, Resource::Erasure),
        trouble: if trouble.is_empty() { String::new() } else { f.t(trouble) },
        f,
    };
    Ok(page.render()?)
}

/// What is decided.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Decided {
    putusan: String,
}

/// POST `/penghapusan/{id}`
pub(crate) fn decide(site: &Site, caller: &Caller, id: i64, typed: &Decided) -> Outcome {
    let permit = caller.permit::<Release, Erasure>()?;
    let carry_out = match typed.putusan.as_str() {
        "hapus" => true,
        "tolak" => false,
        _ => return Err(Trouble::Bad("web-trouble-form")),
    };
    match rights::decide(&site.desk, &permit, (id, carry_out), &caller.asking.reference)? {
        Ok(_) => Ok(Answer::Go("/penghapusan".to_owned())),
        Err(NoErasure::Unknown) => Err(Trouble::NotFound),
        Err(NoErasure::Own) => Ok(Answer::Unaccepted(listed(site, caller, "rights-own")?)),
    }
}
