//! One's own account: where one is signed in, keys of programs, kept views of the list.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::{Frame, percent};
use crate::pages::projects;
use crate::site::Site;
use app::desk::account::{KEY_DAYS, KEY_RIGHTS, OwnSession};
use app::desk::event;
use askama::Template;
use authz::{Action, Resource};
use serde::Deserialize;
use std::collections::BTreeMap;
use store::{ApiKey, Passkey, SavedView};

/// What the address asks: a view that was just let go, so that it can be kept again.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    nama: String,
    tanya: String,
}

struct KeyView {
    id: i64,
    name: String,
    rights: String,
    made: String,
    until: String,
    used: String,
    expired: bool,
}

struct PasskeyView {
    id: i64,
    name: String,
    made: String,
    used: String,
}

struct SessionView {
    mark: String,
    current: bool,
    agent: String,
    begun: String,
    seen: String,
}

#[derive(Template)]
#[template(path = "account.html")]
struct Page {
    f: Frame,
    /// Wants to be written to, and can be.
    remind: bool,
    has_post: bool,
    problem: Option<String>,
    made: Option<String>,
    gone: Asked,
    sessions: Vec<SessionView>,
    passkeys: Vec<PasskeyView>,
    /// The name passkeys are good at; none where they are not.
    passkey_host: Option<String>,
    keys: Vec<KeyView>,
    rights: Vec<&'static str>,
    days: [u32; 4],
    views: Vec<SavedView>,
}

/// GET `/akun`
pub(crate) fn page(site: &Site, caller: &Caller, asked: &Asked) -> Outcome {
    shown(site, caller, None, None, asked)
}

/// The page with a sentence of what was declined.
pub(super) fn declined(site: &Site, caller: &Caller, sentence: &str) -> Outcome {
    let said = phrases::say_named(caller.language(), sentence, &[]);
    shown(site, caller, Some(said), None, &Asked::default())
}

fn shown(site: &Site, caller: &Caller, problem: Option<String>, made: Option<String>, gone: &Asked) -> Outcome {
    let signed = caller.signed()?;
    let token = caller.asking.token.as_deref().unwrap_or_default();
    let sessions = site.desk.own_sessions(signed.member, token)?;
    let (keys, views, passkeys) = site.desk.read(|s| {
        Ok::<_, Trouble>((s.key_list(signed.member)?, s.view_list(signed.member)?, s.passkey_list(signed.member)?))
    })?;
    let f = Frame::of(site, caller, "web-nav-account", "/kelola");
    let moment = |seconds: i64| f.moment(&app::clock::of_seconds(seconds));
    let session = |s: OwnSession| SessionView {
        mark: s.mark,
        current: s.current,
        agent: browser(&s.session.agent),
        begun: moment(s.session.created_at),
        seen: moment(s.session.seen_at),
    };
    let passkey = |k: Passkey| PasskeyView {
        id: k.id,
        name: k.name,
        made: moment(k.created_at),
        used: k.used_at.map_or_else(|| "–".to_owned(), moment),
    };
    let passkeys = passkeys.into_iter().map(passkey).collect();
    let passkey_host = site.desk.passkey_place().map(|p| p.host().to_owned());
    let now = app::clock::seconds();
    let key = |k: ApiKey| KeyView {
        id: k.id,
        rights: k.rights.iter().map(|(_, r)| f.word("key-right-", r.name())).collect::<Vec<_>>().join(", "),
        made: moment(k.created_at),
        until: moment(k.expires_at),
        used: k.used_at.map_or_else(|| "–".to_owned(), moment),
        expired: k.expires_at <= now,
        name: k.name,
    };
    let (sessions, keys) = (sessions.into_iter().map(session).collect(), keys.into_iter().map(key).collect());
    let allowed = |(action, resource): &&(Action, Resource)| authz::may(&signed.actor, *action, *resource);
    let rights = KEY_RIGHTS.iter().filter(allowed).map(|(_, resource)| resource.name()).collect();
    let is_problem = problem.is_some();
    let remind = site.desk.read(|s| s.remind(signed.member).map_err(Trouble::from))?;
    let has_post = site.desk.has_post();
    let html = Page {
        remind,
        has_post,
        problem,
        made,
        gone: gone.clone(),
        sessions,
        passkeys,
        passkey_host,
        keys,
        rights,
        days: KEY_DAYS,
        views,
        f,
    }
    .render()?;
    Ok(if is_problem { Answer::Unaccepted(html) } else { Answer::Page(html) })
}

/// A browser by name, of what it says of itself; enough to know one's phone from the office.
fn browser(agent: &str) -> String {
    let one_of = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let browsers = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    match (one_of(&browsers), one_of(&systems)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ if agent.is_empty() => "–".to_owned(),
        _ => agent.to_owned(),
    }
}

/// Does one want to be written to?
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Remind {
    surel: String,
}

/// POST `/akun/pengingat`
pub(crate) fn remind(site: &Site, caller: &Caller, typed: &Remind) -> Outcome {
    let signed = caller.signed()?;
    app::desk::remind::want(&site.desk, signed.member, !typed.surel.is_empty(), &caller.asking.reference)?;
    Ok(Answer::Go("/akun#pengingat".to_owned()))
}

/// Which sessions end.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Sessions {
    /// Mark of one; all others where it is empty.
    sesi: String,
}

/// POST `/akun/sesi`
pub(crate) fn end_sessions(site: &Site, caller: &Caller, typed: &Sessions) -> Outcome {
    let signed = caller.signed()?;
    let token = caller.asking.token.as_deref().unwrap_or_default();
    let mark = Some(typed.sesi.as_str()).filter(|mark| !mark.is_empty());
    site.desk.end_sessions(signed.member, token, mark, &caller.asking.reference)?;
    Ok(Answer::Go("/akun".to_owned()))
}

/// A key as it is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewKey {
    nama: String,
    hari: String,
    /// What it may read, ticked by name.
    #[serde(flatten)]
    ticked: BTreeMap<String, String>,
}

/// POST `/akun/kunci`: the key is shown once.
pub(crate) fn make_key(site: &Site, caller: &Caller, typed: &NewKey) -> Outcome {
    let signed = caller.signed()?;
    caller.fresh()?;
    let rights: Vec<_> = KEY_RIGHTS.into_iter().filter(|(_, r)| typed.ticked.contains_key(r.name())).collect();
    let days = typed.hari.parse().ok().filter(|d| KEY_DAYS.contains(d)).ok_or(Trouble::Bad("web-trouble-form"))?;
    match site.desk.make_key(signed, &typed.nama, &rights, days, &caller.asking.reference)? {
        Ok(key) => shown(site, caller, None, Some(key), &Asked::default()),
        Err(no) => declined(site, caller, no.sentence()),
    }
}

/// POST `/akun/kunci/{id}/cabut`
pub(crate) fn end_key(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let signed = caller.signed()?;
    let told = event(Some(signed.member), "key_end", &format!("key:{id}"), &caller.asking.reference);
    let ended = site.desk.write(|s| s.key_end(signed.member, id, app::clock::seconds(), told))?;
    if ended { Ok(Answer::Go("/akun#kunci".to_owned())) } else { Err(Trouble::NotFound) }
}

/// A view as it is kept.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewView {
    nama: String,
    tanya: String,
}

/// POST `/akun/tampilan`
pub(crate) fn keep_view(site: &Site, caller: &Caller, typed: &NewView) -> Outcome {
    let signed = caller.signed()?;
    // Only what the list understands is kept, so that a view shows what it says.
    let query = projects::Asked::of_query(&typed.tanya).address();
    let name = kernel::text::excerpt(typed.nama.trim(), 60);
    let said = |name: &str| phrases::say_named(caller.language(), name, &[]);
    if name.is_empty() || query.is_empty() {
        return shown(site, caller, Some(said("web-view-empty")), None, &Asked::default());
    }
    if !site.desk.write(|s| s.view_keep(signed.member, &name, &query))? {
        return shown(site, caller, Some(said("web-view-many")), None, &Asked::default());
    }
    Ok(Answer::Go(format!("/proyek?{query}")))
}

/// POST `/akun/tampilan/{id}/hapus`
pub(crate) fn drop_view(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let signed = caller.signed()?;
    let gone = site.desk.write(|s| s.view_drop(signed.member, id))?.ok_or(Trouble::NotFound)?;
    let (name, query) = (percent(&gone.name), percent(&gone.query));
    Ok(Answer::Go(format!("/akun?nama={name}&tanya={query}#tampilan")))
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn a_browser_is_named() {
        let phone = "Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36";
        assert_eq!(browser(phone), "Chrome, Android");
        assert_eq!(browser("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"), "Firefox, Windows");
        assert_eq!(browser(""), "–");
        assert_eq!(browser("curl/8.5"), "curl/8.5");
    }
}
