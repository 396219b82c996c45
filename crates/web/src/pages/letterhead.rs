//! The city's letterhead and habits.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::site::Site;
use app::desk::event;
use app::desk::letters::{self as desk_letters, SETTING, Style};
use askama::Template;
use authz::{Change, Read, Setting};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "letterhead.html")]
struct Page {
    f: Frame,
    problem: Option<String>,
    stored: bool,
    s: Style,
    lines: String,
    copies: String,
    example: String,
    has_logo: bool,
}

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    tersimpan: String,
}

/// GET `/kop`
pub(crate) fn page(site: &Site, caller: &Caller, asked: &Asked) -> Outcome {
    caller.permit::<Read, Setting>()?;
    let style = desk_letters::style(&site.desk)?;
    shown(site, caller, style, None, !asked.tersimpan.is_empty())
}

fn shown(site: &Site, caller: &Caller, s: Style, problem: Option<String>, stored: bool) -> Outcome {
    let f = Frame::of(site, caller, "web-nav-letterhead", "/kelola");
    let is_problem = problem.is_some();
    let view = Page {
        lines: s.lines.join("\n"),
        copies: s.copies.join("\n"),
        example: s.number_of(12, app::clock::today()),
        has_logo: !s.logo.is_empty(),
        problem,
        stored,
        s,
        f,
    };
    let html = view.render()?;
    Ok(if is_problem { Answer::Unaccepted(html) } else { Answer::Page(html) })
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    kop: String,
    tempat: String,
    jabatan: String,
    nama: String,
    nip: String,
    nomor: String,
    tembusan: String,
    hari: String,
    mulai: String,
    sampai: String,
    libur: String,
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|l| !l.is_empty()).take(12).map(|l| l.chars().take(200).collect()).collect()
}

/// POST `/kop`
pub(crate) fn store(site: &Site, caller: &Caller, typed: &Typed) -> Outcome {
    let permit = caller.permit::<Change, Setting>()?;
    let line = |text: &str| text.trim().chars().take(200).collect::<String>();
    let style = Style {
        lines: lines(&typed.kop),
        place: line(&typed.tempat),
        signatory_title: line(&typed.jabatan),
        signatory_name: line(&typed.nama),
        signatory_id: line(&typed.nip),
        number: line(&typed.nomor),
        copies: lines(&typed.tembusan),
        notice_days: typed.hari.trim().parse().unwrap_or(0),
        send_from: line(&typed.mulai),
        send_to: line(&typed.sampai),
        send_on_days_off: !typed.libur.is_empty(),
        logo: desk_letters::style(&site.desk)?.logo,
    };
    let odd = {
        let lines = [&style.place, &style.signatory_title, &style.signatory_name, &style.signatory_id, &style.number];
        let mut all = style.lines.iter().chain(&style.copies).chain(lines);
        all.find_map(|text| desk_letters::unprintable(text))
    };
    if let Some(c) = odd {
        let said = super::letter_one::no_sign(caller, c);
        return shown(site, caller, style, Some(said), false);
    }
    if let Err(amiss) = style.check() {
        return shown(site, caller, style, Some(phrases::say_named(caller.language(), amiss.sentence(), &[])), false);
    }
    keep(site, caller, &permit, |stored| Style { logo: std::mem::take(&mut stored.logo), ..style })
}

/// Changes what is stored at this moment: what the page did not show stays as somebody else left it.
fn keep(
    site: &Site,
    caller: &Caller,
    permit: &authz::Permit<Change, Setting>,
    change: impl FnOnce(&mut Style) -> Style,
) -> Outcome {
    let told = event(permit.actor(), "setting_change", &format!("setting:{SETTING}"), &caller.asking.reference);
    site.desk.write(|s| {
        let style = change(&mut s.setting(SETTING)?);
        s.setting_change(permit, SETTING, &style, &app::clock::now(), told)
    })?;
    Ok(Answer::Go("/kop?tersimpan=1".to_owned()))
}

/// POST `/kop/lambang`, once the bytes are here; none takes the coat of arms away.
pub(crate) fn logo(site: &Site, caller: &Caller, bytes: Option<Vec<u8>>) -> Outcome {
    let permit = caller.permit::<Change, Setting>()?;
    let mut style = desk_letters::style(&site.desk)?;
    match bytes.ok_or(Trouble::Bad("web-trouble-form"))?.as_slice() {
        [] => style.logo.clear(),
        bytes => {
            if let Err(amiss) = style.set_logo(bytes) {
                let said = phrases::say_named(caller.language(), amiss.sentence(), &[]);
                return shown(site, caller, style, Some(said), false);
            }
        }
    }
    keep(site, caller, &permit, |stored| Style { logo: style.logo, ..std::mem::take(stored) })
}
