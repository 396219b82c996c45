//! Work in the background: one worker, jobs in the database. Every job can run twice: an import of the same
//! bytes changes nothing, a picture painted twice is the same.

use super::{Desk, Progress, backup, callback, event, lock, picture, receive, remind, uploads, webhook};
use crate::clock::Stopwatch;
use crate::{Fault, Language, clock};
use authz::{Action, Resource};
use std::sync::Arc;
use std::time::Duration;
use store::{Job, JobAsk, JobState};

/// Seconds a job is held without a sign of life. One program works on a data folder, so leases only matter
/// after it died: [`start`] takes up what was left.
const LEASE_SECONDS: i64 = 3_600;

/// How often the worker looks up by itself: a new day needs a new picture.
const LOOK_UP: Duration = Duration::from_secs(60);

/// Asks for a picture.
///
/// # Errors
/// [`Fault`] of the database.
pub fn ask_picture(desk: &Desk, by: Option<i64>) -> Result<i64, Fault> {
    // Nobody signed in for what the operator does.
    let by = by.filter(|id| *id != authz::OPERATOR);
    let id = desk.write(|store| store.job_ask("picture", "{}", by, &clock::now()))?;
    desk.wake();
    Ok(id)
}

/// The right a job of a kind asks for, to be called off or begun again.
pub fn right_of(kind: &str) -> (Action, Resource) {
    match kind {
        "release" | "mail" => (Action::Release, Resource::Letter),
        "backup" => (Action::Change, Resource::Backup),
        _ => (Action::Change, Resource::Import),
    }
}

/// Did it end without what was asked for?
pub fn ended_in_vain(job: &Job) -> bool {
    matches!(job.state, JobState::Failed | JobState::Cancelled) || was_refused(job)
}

/// Asks once more for a job that failed, was refused or was called off; the answer is the new one, or none where it needs no
/// repeating.
///
/// # Errors
/// [`Fault`] of the database.
pub fn again(desk: &Desk, job: &Job, by: Option<i64>, request: &str) -> Result<Option<i64>, Fault> {
    if !ended_in_vain(job) {
        return Ok(None);
    }
    let told = event(by, "job_again", &format!("job:{}", job.id), request);
    let asked = JobAsk { kind: &job.kind, subject: &job.subject, by, at: &clock::now(), not_before: 0 };
    let id = desk.write(|store| store.job_again(&asked, told))?;
    desk.wake();
    Ok(Some(id))
}

/// Starts the worker. It ends with the program.
///
/// # Errors
/// [`Fault`] of the database, or where no thread can be started.
pub fn start(desk: &Arc<Desk>) -> Result<(), Fault> {
    desk.write(store::Store::job_release_all)?;
    let desk = Arc::clone(desk);
    let worker = move || {
        let mut swept: Option<Stopwatch> = None;
        loop {
            if round(&desk, &mut swept) {
                continue;
            }
            let mut woken = lock(&desk.wake.0);
            if !*woken {
                woken = match desk.wake.1.wait_timeout(woken, LOOK_UP) {
                    Ok((guard, _)) => guard,
                    Err(poisoned) => poisoned.into_inner().0,
                };
            }
            *woken = false;
        }
    };
    std::thread::Builder::new().name("worker".into()).spawn(worker).map_err(|e| Fault(e.to_string()))?;
    Ok(())
}

/// Does what waits and asks for what the day brings. True where something new was asked for. What fails outside a job is
/// logged and tried again the next time; it keeps nothing else from being done.
fn round(desk: &Desk, swept: &mut Option<Stopwatch>) -> bool {
    let mut failed = false;
    let told = |step: Result<bool, Fault>| {
        step.unwrap_or_else(|fault| {
            eprintln!("{}", serde_json::json!({ "level": "error", "worker": fault.0 }));
            false
        })
    };
    while told(work_once(desk).map(|ended| {
        failed |= ended == Some(JobState::Failed);
        ended.is_some()
    })) {}
    told(webhook::pump(desk));
    if told(remind::ask(desk)) {
        return true;
    }
    // What has just failed is not asked for again at once: it would fail without end.
    if !failed {
        if told(picture::is_stale(desk, clock::today())) {
            return told(ask_picture(desk, None).map(|_| true));
        }
        if told(backup::is_due(desk)) {
            return told(backup::ask(desk, None).map(|_| true));
        }
    }
    if swept.is_none_or(|at| at.milliseconds() > uploads::EVERY.as_millis()) {
        told(uploads::sweep(desk).map(|_| true));
        *swept = Some(Stopwatch::begin());
    }
    false
}

/// Does the next job, if there is one, and says how it ended.
///
/// # Errors
/// [`Fault`] of the database. A job that fails is an outcome of that job.
fn work_once(desk: &Desk) -> Result<Option<JobState>, Fault> {
    let Some(job) = desk.write(|store| store.job_take(clock::seconds(), LEASE_SECONDS))? else { return Ok(None) };
    let done = run(desk, &job);
    lock(&desk.progress).remove(&job.id);
    let (state, outcome) = match done {
        Ok(outcome) => (JobState::Done, outcome),
        Err(fault) => {
            let reference = super::hex(&Desk::token()?[..4]);
            eprintln!(
                "{{\"level\":\"error\",\"job\":{},\"reference\":\"{reference}\",\"fault\":{:?}}}",
                job.id, fault.0
            );
            (JobState::Failed, serde_json::json!({ "reference": reference }))
        }
    };
    desk.write(|store| store.job_end(job.id, state, &outcome.to_string(), &clock::now()))?;
    Ok(Some(state))
}

fn run(desk: &Desk, job: &Job) -> Result<serde_json::Value, Fault> {
    let began = Stopwatch::begin();
    let tell = |done: u64, total: u64| {
        lock(&desk.progress).insert(job.id, Progress { done, total, began });
    };
    match job.kind.as_str() {
        "picture" => {
            let digest = picture::paint(desk, clock::today(), &mut |done, total| tell(done, total))?;
            super::coverage::keep_forecast(desk)?;
            Ok(serde_json::json!({ "digest": digest }))
        }
        "import" => {
            let outcome = receive::store_upload(desk, job, &tell)?;
            ask_picture(desk, job.asked_by)?;
            desk.write(|store| store.audit(event(job.asked_by, "import_store", &format!("job:{}", job.id), "")))?;
            Ok(outcome)
        }
        "backup" => backup::make(desk),
        "release" => {
            let subject: serde_json::Value = serde_json::from_str(&job.subject).unwrap_or_default();
            let batch = subject["batch"].as_i64().unwrap_or(0);
            let (released, passed) = super::letters::release_batch(desk, job.asked_by, batch, &tell)?;
            Ok(serde_json::json!({ "released": released, "passed": passed }))
        }
        "mail" => {
            let subject: serde_json::Value = serde_json::from_str(&job.subject).unwrap_or_default();
            let attempt = subject["attempt"].as_u64().unwrap_or(1);
            super::letters::send(desk, job.asked_by, subject["letter"].as_i64().unwrap_or(0), attempt)
        }
        "remind" => remind::send(desk, &serde_json::from_str(&job.subject).unwrap_or_default()),
        "callback" => {
            let subject: serde_json::Value = serde_json::from_str(&job.subject).unwrap_or_default();
            callback::send(desk, job.asked_by, &subject)
        }
        other => Err(Fault(format!("a job of unknown kind {other}"))),
    }
}

/// What a job does, in words.
pub fn job_sentence(desk: &Desk, job: &Job, language: Language) -> String {
    let subject: serde_json::Value = serde_json::from_str(&job.subject).unwrap_or_default();
    let upload =
        subject["upload"].as_i64().and_then(|id| desk.read(|s| s.upload(id).map_err(Fault::from)).ok().flatten());
    match (job.kind.as_str(), upload) {
        (_, Some(upload)) => phrases::say_named(language, "job-import", &[("name", &upload.name)]),
        ("release", _) => phrases::say_named(language, "job-release", &[]),
        ("mail", _) => phrases::say_named(language, "job-mail", &[]),
        ("remind", _) => phrases::say_named(language, "job-remind", &[]),
        ("callback", _) => phrases::say_named(language, "job-callback", &[]),
        ("backup", _) => phrases::say_named(language, "job-backup", &[]),
        _ => phrases::say_named(language, "job-picture", &[]),
    }
}

/// A file that was refused is a job that is done, with bad news.
pub fn was_refused(job: &Job) -> bool {
    let outcome: serde_json::Value =
        job.outcome.as_deref().and_then(|o| serde_json::from_str(o).ok()).unwrap_or_default();
    outcome["refused"].is_object()
}

/// What came of a job, in sentences.
pub fn outcome_sentences(job: &Job, language: Language) -> Vec<String> {
    let outcome: serde_json::Value =
        job.outcome.as_deref().and_then(|o| serde_json::from_str(o).ok()).unwrap_or_default();
    if let Some(refused) = outcome["refused"][language.code()].as_str() {
        return vec![refused.to_owned()];
    }
    if let Some(reference) = outcome["reference"].as_str() {
        return vec![phrases::say_named(language, "job-fault", &[("reference", reference)])];
    }
    if let (Some(released), Some(passed)) = (outcome["released"].as_u64(), outcome["passed"].as_u64()) {
        let counts = [released, passed].map(|n| crate::words::count_text(n, language));
        return vec![phrases::say_named(language, "job-released", &[("released", &counts[0]), ("passed", &counts[1])])];
    }
    if let Some(file) = outcome["backup"].as_str() {
        return vec![phrases::say_named(language, "job-backed-up", &[("file", file)])];
    }
    if let Some(state) = outcome["sending"].as_str() {
        return vec![phrases::say_named(language, &format!("letter-sending-{state}"), &[])];
    }
    if outcome["rows"].is_null() {
        return Vec::new();
    }
    let n = |name: &str| crate::words::count_text(outcome[name].as_u64().unwrap_or(0), language);
    let counts = [("rows", n("rows")), ("new", n("new")), ("changed", n("changed")), ("unchanged", n("unchanged"))];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let mut out = vec![phrases::say_named(language, "job-import-done", &counts)];
    if outcome["problems"].as_u64() > Some(0) {
        out.push(phrases::say_named(language, "job-import-problems", &[("problems", &n("problems"))]));
    }
    out
}
