//! The door: signing in and out, invitations, language.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::{Caller, LANGUAGE, LEFT, SESSION};
use crate::frame::{Frame, within_site};
use crate::site::Site;
use app::desk::sign_in::{Taking, new_factor};
use app::desk::{hex, unhex};
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    f: Frame,
    second: bool,
    problem: Option<String>,
    login: String,
    to: String,
    /// What the button of the city's sign-on says; empty where there is none.
    sign_on: String,
    /// The name passkeys are good at; none where they are not.
    passkeys: Option<String>,
}

fn cookie(site: &Site, name: &str, value: &str, seconds: i64) -> String {
    let secure = if site.settings.secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Going {
    pub(crate) ke: String,
}

pub(crate) fn view(
    site: &Site,
    caller: &Caller,
    second: bool,
    problem: Option<&str>,
    login: &str,
    to: &str,
) -> Outcome {
    let f = Frame::of(site, caller, "web-sign-in", "");
    let problem = problem.map(|name| f.t(name));
    let is_problem = problem.is_some();
    let sign_on = site.desk.sign_on_name().map_or_else(String::new, |name| f.t1("web-sign-on", "name", name));
    let (login, to) = (login.to_owned(), within_site(to).to_owned());
    let html = SignIn {
        f,
        second,
        problem,
        login,
        to,
        sign_on,
        passkeys: site.desk.passkey_place().map(|p| p.host().to_owned()),
    }
    .render()?;
    Ok(if is_problem { Answer::Unaccepted(html) } else { Answer::Page(html) })
}

/// GET `/masuk`
pub(crate) fn form(site: &Site, caller: &Caller, going: &Going) -> Outcome {
    view(site, caller, false, None, "", &going.ke)
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    alamat: String,
    sandi: String,
    kode: String,
    ke: String,
}

/// POST `/masuk`
pub(crate) fn first(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let a = &caller.asking;
    match site.desk.sign_in(&typed.alamat, &typed.sandi, &a.agent, &a.reference)? {
        Ok(token) => {
            let to = format!("/masuk/kode?ke={}", crate::frame::percent(within_site(&typed.ke)));
            Ok(Answer::GoWith(to, vec![cookie(site, SESSION, &token, 600)]))
        }
        Err(declined) => view(site, caller, false, Some(declined.sentence()), &typed.alamat, &typed.ke),
    }
}

/// GET `/masuk/luar`: to the city's own sign-on.
pub(crate) fn leave(site: &Site, caller: &Caller, going: &Going) -> Outcome {
    site.desk.sign_on_name().ok_or(Trouble::NotFound)?;
    match site.desk.sign_on_begin(within_site(&going.ke))? {
        Ok((url, state)) => Ok(Answer::GoWith(url, vec![cookie(site, LEFT, &state, 600)])),
        Err(declined) => view(site, caller, false, Some(declined.sentence()), "", &going.ke),
    }
}

/// What comes back from the city's sign-on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Back {
    state: String,
    code: String,
}

/// GET `/masuk/luar/kembali`
pub(crate) fn come_back(site: &Site, caller: &Caller, back: &Back) -> Outcome {
    site.desk.sign_on_name().ok_or(Trouble::NotFound)?;
    let a = &caller.asking;
    let left = a.left.as_deref().unwrap_or_default();
    match site.desk.sign_on_end(left, &back.state, &back.code, &a.agent, &a.reference)? {
        Ok(returned) => {
            let (to, seconds) = match (returned.full, returned.going.as_str()) {
                (false, going) => (format!("/masuk/kode?ke={}", crate::frame::percent(going)), 600),
                (true, "/") => ("/hari-ini".to_owned(), app::desk::sign_in::ABSOLUTE_SECONDS),
                (true, going) => (going.to_owned(), app::desk::sign_in::ABSOLUTE_SECONDS),
            };
            let cookies = vec![cookie(site, SESSION, &returned.token, seconds), cookie(site, LEFT, "", 0)];
            Ok(Answer::GoWith(to, cookies))
        }
        Err(declined) => view(site, caller, false, Some(declined.sentence()), "", "/"),
    }
}

/// GET `/masuk/kode`
pub(crate) fn code_form(site: &Site, caller: &Caller, going: &Going) -> Outcome {
    if caller.signed.is_none() {
        return Ok(Answer::Go("/masuk".to_owned()));
    }
    view(site, caller, true, None, "", &going.ke)
}

/// POST `/masuk/kode`
pub(crate) fn second(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let token = caller.asking.token.clone().unwrap_or_default();
    match site.desk.second_step(&token, &typed.kode, &caller.asking.reference)? {
        Ok(token) => Ok(entered(site, &token, &typed.ke)),
        Err(declined) => view(site, caller, true, Some(declined.sentence()), "", &typed.ke),
    }
}

/// Somebody is in: to where they wanted, with a full session.
pub(super) fn entered(site: &Site, token: &str, going: &str) -> Answer {
    let to = match within_site(going) {
        "/" => "/hari-ini",
        other => other,
    };
    let seconds = app::desk::sign_in::ABSOLUTE_SECONDS;
    Answer::GoWith(to.to_owned(), vec![cookie(site, SESSION, token, seconds)])
}

/// POST `/keluar`
pub(crate) fn out(site: &Site, caller: &Caller) -> Outcome {
    if let Some(signed) = &caller.signed {
        site.desk.sign_out(signed.member, &caller.asking.reference)?;
    }
    Ok(Answer::GoWith("/".to_owned(), vec![cookie(site, SESSION, "", 0)]))
}

/// GET `/bahasa/{code}`
pub(crate) fn language(site: &Site, _: &Caller, code: &str, going: &Going) -> Outcome {
    let code = if code == "en" { "en" } else { "id" };
    Ok(Answer::GoWith(within_site(&going.ke).to_owned(), vec![cookie(site, LANGUAGE, code, 31_536_000)]))
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    f: Frame,
    problem: Option<String>,
    roles: String,
    secret: String,
    qr: String,
    typed: String,
    login: String,
    name: String,
    fixed: bool,
}

/// What an invited person types.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Accepting {
    alamat: String,
    nama: String,
    sandi: String,
    kode: String,
    rahasia: String,
}

/// GET `/undangan/{token}`
pub(crate) fn invitation(site: &Site, caller: &Caller, token: &str) -> Outcome {
    invitation_page(site, caller, token, &Accepting::default(), None)
}

fn invitation_page(site: &Site, caller: &Caller, token: &str, typed: &Accepting, problem: Option<&str>) -> Outcome {
    let Some(invitation) = site.desk.invitation(token)? else { return Err(Trouble::Bad("sign-in-link-expired")) };
    let login = if invitation.login.is_empty() { typed.alamat.clone() } else { invitation.login.clone() };
    let named = if login.is_empty() { "payung".to_owned() } else { login.clone() };
    // The secret stays the same between attempts, or the person would scan a new one each time.
    let kept = unhex(&typed.rahasia).filter(|s| s.len() == 20);
    let (secret, url) = match kept {
        Some(secret) => {
            let url = app::desk::sign_in::factor_link(&secret, &named)?;
            (secret, url)
        }
        None => new_factor(&named)?,
    };
    let f = Frame::of(site, caller, "web-invitation-title", "");
    let qr = qrcode::QrCode::new(url.as_bytes()).map_err(|e| app::Fault(e.to_string()))?;
    let typed_secret = url.split("secret=").nth(1).and_then(|s| s.split('&').next()).unwrap_or_default();
    let groups: Vec<String> =
        typed_secret.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
    let is_problem = problem.is_some();
    let page = InvitationPage {
        problem: problem.map(|name| f.t(name)),
        roles: invitation.grants.iter().map(|g| f.word("role-", g.role.name())).collect::<Vec<_>>().join(", "),
        secret: hex(&secret),
        qr: qr.render::<qrcode::render::svg::Color<'_>>().min_dimensions(160, 160).build(),
        typed: groups.join(" "),
        fixed: !invitation.login.is_empty(),
        login,
        name: if typed.nama.is_empty() { invitation.name } else { typed.nama.clone() },
        f,
    };
    let html = page.render()?;
    Ok(if is_problem { Answer::Unaccepted(html) } else { Answer::Page(html) })
}

/// POST `/undangan/{token}`
pub(crate) fn accept(site: &Site, caller: &Caller, token: &str, typed: &Accepting) -> Outcome {
    let secret = unhex(&typed.rahasia).filter(|s| s.len() == 20).ok_or(Trouble::Bad("web-trouble-form"))?;
    let taking =
        Taking { login: &typed.alamat, name: &typed.nama, password: &typed.sandi, secret: &secret, code: &typed.kode };
    match site.desk.take_invitation(token, &taking, &caller.asking.agent, &caller.asking.reference)? {
        Ok(session) => {
            let seconds = app::desk::sign_in::ABSOLUTE_SECONDS;
            Ok(Answer::GoWith("/hari-ini".to_owned(), vec![cookie(site, SESSION, &session, seconds)]))
        }
        Err(declined) => invitation_page(site, caller, token, typed, Some(declined.sentence())),
    }
}
