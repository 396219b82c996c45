//! Passkeys: entering with one, adding one, ending one. The browser's part is in `payung.js`.

use super::{account, entry};
use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::site::Site;
use app::desk::event;
use app::desk::passkeys::PasskeyAttempt;
use app::desk::sign_in::Declined;
use serde::Deserialize;

/// What comes back from the device.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Answered {
    /// Token of the attempt.
    tanda: String,
    /// The browser's answer, JSON.
    jawab: String,
    /// What the device is called.
    perangkat: String,
    /// Where to, afterwards.
    ke: String,
}

fn attempt(attempt: &PasskeyAttempt) -> Outcome {
    let options: serde_json::Value =
        serde_json::from_str(&attempt.options).map_err(|e| app::Fault(format!("passkey options: {e}")))?;
    Ok(Answer::Json(serde_json::json!({ "options": options, "token": attempt.token })))
}

/// Why there are no options, for the script to show.
fn said(caller: &Caller, declined: Declined) -> Answer {
    let message = phrases::say_named(caller.language(), declined.sentence(), &[]);
    Answer::Json(serde_json::json!({ "message": message }))
}

/// POST `/masuk/sandi-kunci/mulai`: options for the browser.
pub(crate) fn ask(site: &Site, caller: &Caller) -> Outcome {
    match site.desk.passkey_ask()? {
        Ok(begun) => attempt(&begun),
        Err(declined) => Ok(said(caller, declined)),
    }
}

/// POST `/masuk/sandi-kunci`
pub(crate) fn enter(site: &Site, caller: &Caller, typed: &Answered) -> Outcome {
    let a = &caller.asking;
    match site.desk.passkey_enter(&typed.tanda, &typed.jawab, &a.agent, &a.reference)? {
        Ok(token) => Ok(entry::entered(site, &token, &typed.ke)),
        Err(declined) => entry::view(site, caller, false, Some(declined.sentence()), "", &typed.ke),
    }
}

/// POST `/akun/sandi-kunci/mulai`: options for the browser.
pub(crate) fn offer(site: &Site, caller: &Caller) -> Outcome {
    let signed = caller.signed()?;
    caller.fresh()?;
    match site.desk.passkey_offer(signed.member)? {
        Ok(begun) => attempt(&begun),
        Err(declined) => Ok(said(caller, declined)),
    }
}

/// POST `/akun/sandi-kunci`
pub(crate) fn keep(site: &Site, caller: &Caller, typed: &Answered) -> Outcome {
    let signed = caller.signed()?;
    caller.fresh()?;
    let kept = site.desk.passkey_keep(
        signed.member,
        &typed.tanda,
        &typed.jawab,
        &typed.perangkat,
        &caller.asking.reference,
    )?;
    match kept {
        Ok(()) => Ok(Answer::Go("/akun#sandi-kunci".to_owned())),
        Err(declined) => account::declined(site, caller, declined.sentence()),
    }
}

/// POST `/akun/sandi-kunci/{id}/cabut`
pub(crate) fn end(site: &Site, caller: &Caller, id: i64) -> Outcome {
    let signed = caller.signed()?;
    let told = event(Some(signed.member), "passkey_end", &format!("passkey:{id}"), &caller.asking.reference);
    let ended = site.desk.write(|s| s.passkey_end(signed.member, id, app::clock::seconds(), told))?;
    if ended { Ok(Answer::Go("/akun#sandi-kunci".to_owned())) } else { Err(Trouble::NotFound) }
}
