//! Files: laid on the desk, looked at, stored by a job, taken back.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::Frame;
use crate::pages::correction::{self, Correction};
use crate::site::Site;
use app::desk::jobs::job_sentence;
use app::desk::receive::{self, PreviewTable};
use app::words::count_text;
use askama::Template;
use authz::{Action, Change, Import, Read, Resource, Scope, may};
use serde::Deserialize;
use std::path::Path;
use store::{Job, JobState, SourceFile, Upload};

struct JobLine {
    id: i64,
    what: String,
    at: String,
    state: String,
}

#[derive(Template)]
#[template(path = "imports.html")]
struct Page {
    f: Frame,
    problem: Option<String>,
    may_change: bool,
    jobs: Vec<JobLine>,
    files: Vec<SourceFile>,
}

/// GET `/impor`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    shown(site, caller, None)
}

fn shown(site: &Site, caller: &Caller, problem: Option<String>) -> Outcome {
    let permit = caller.permit::<Read, Import>()?;
    let (jobs, files) = site.desk.read(|s| Ok::<_, Trouble>((s.job_list(12)?, s.file_list(&permit)?)))?;
    let f = Frame::of(site, caller, "web-nav-imports", "/impor");
    let line = |j: Job| JobLine {
        id: j.id,
        what: job_sentence(&site.desk, &j, caller.language()),
        at: j.asked_at,
        state: f.word("job-", j.state.name()),
    };
    let is_problem = problem.is_some();
    let jobs = jobs.into_iter().filter(|j| j.kind != "picture" || j.ended_at.is_none()).map(line).collect();
    let may_change = may(&caller.actor, Action::Change, Resource::Import);
    let html = Page { problem, may_change, jobs, files, f }.render()?;
    Ok(if is_problem { Answer::Unaccepted(html) } else { Answer::Page(html) })
}

/// A file that has arrived under a working name.
pub(crate) struct Arrived {
    pub(crate) path: std::path::PathBuf,
    pub(crate) digest: String,
    pub(crate) name: String,
    pub(crate) bytes: u64,
}

/// POST `/impor`, once the bytes are here.
pub(crate) fn arrived(site: &Site, caller: &Caller, files: Vec<Arrived>) -> Outcome {
    let permit = caller.permit::<Change, Import>()?;
    let mut ids = Vec::new();
    for file in &files {
        let reference = &caller.asking.reference;
        ids.push(receive::take(
            &site.desk,
            &permit,
            Path::new(&file.path),
            &file.digest,
            &file.name,
            file.bytes,
            reference,
        )?);
    }
    match ids.as_slice() {
        [] => {
            let f = Frame::of(site, caller, "web-nav-imports", "/impor");
            shown(site, caller, Some(f.t("web-import-none")))
        }
        [only] => Ok(Answer::Go(format!("/impor/{only}"))),
        // Several at once: each is looked at, said how to be read, stored or passed over, one after the other.
        several => {
            let ids: Vec<String> = several.iter().map(ToString::to_string).collect();
            Ok(Answer::Go(look_at(&ids.join("."))))
        }
    }
}

struct TableView {
    title: String,
    summary: String,
    has_problems: bool,
    t: PreviewTable,
}

#[derive(Template)]
#[template(path = "preview.html")]
struct PreviewPage {
    f: Frame,
    id: String,
    name: String,
    refused: Option<String>,
    tables: Vec<TableView>,
    problem: Option<String>,
    correction: Option<Correction>,
    /// Files that follow this one, and where the next is looked at.
    rest: u64,
    next: String,
    /// One sheet of several was chosen.
    of_sheet: bool,
}

/// Where the first of several files is looked at; empty where there is none.
fn look_at(ids: &str) -> String {
    match ids.split_once('.') {
        Some((first, rest)) => format!("/impor/{first}?lalu={rest}"),
        None if ids.is_empty() => String::new(),
        None => format!("/impor/{ids}"),
    }
}

/// A file on the desk, for who laid it there; for others only where they import for all of the city and may see the
/// people in it, because reading it otherwise shows what a column hides.
fn upload_of(site: &Site, caller: &Caller, id: i64) -> Result<Upload, Trouble> {
    let permit = caller.permit::<Change, Import>()?;
    let upload = site.desk.read(|s| s.upload(id).map_err(Trouble::from))?.ok_or(Trouble::NotFound)?;
    let is_own = upload.member.is_some() && upload.member == permit.actor();
    let sees_all = *permit.scope() == Scope::City && may(&caller.actor, Action::Read, Resource::Person);
    if is_own || sees_all { Ok(upload) } else { Err(Trouble::NotFound) }
}

/// GET `/impor/{upload}`
pub(crate) fn preview(site: &Site, caller: &Caller, id: i64, then: &str) -> Outcome {
    previewed(site, caller, id, then, None)
}

fn previewed(site: &Site, caller: &Caller, id: i64, then: &str, problem: Option<String>) -> Outcome {
    caller.permit::<Change, Import>()?;
    let upload = upload_of(site, caller, id)?;
    if let Some(job) = upload.job {
        return Ok(Answer::Go(format!("/tugas/{job}")));
    }
    if !receive::is_there(&site.desk, &upload)? {
        return Err(Trouble::Bad("web-import-gone"));
    }
    let l = caller.language();
    let preview = receive::preview(&site.desk, &upload, l)?;
    let f = Frame::of(site, caller, "web-nav-imports", "/impor");
    let correction = Correction::of(&preview, l);
    let of_sheet = preview.options.sheet.is_some();
    let tables = preview
        .tables
        .into_iter()
        .map(|t| {
            let arguments = [
                ("rows", count_text(t.rows, l)),
                ("problems", count_text(t.problems_total, l)),
                ("reading", t.reading.clone()),
                ("line", t.header_line.to_string()),
            ];
            let arguments: Vec<(&str, &str)> = arguments.iter().map(|(k, v)| (*k, v.as_str())).collect();
            TableView {
                title: app::template::register_title(&t.register, l),
                summary: phrases::say_named(l, "web-preview-summary", &arguments),
                has_problems: t.columns.iter().any(|c| !c.problems.is_empty() || c.field.is_empty()),
                t,
            }
        })
        .collect();
    let id = if then.is_empty() { id.to_string() } else { format!("{id}.{then}") };
    let is_problem = problem.is_some();
    let (name, refused) = (upload.name, preview.refused);
    let rest = then.split('.').filter(|id| !id.is_empty()).count() as u64;
    let next = look_at(then);
    let html = PreviewPage { f, id, name, refused, tables, problem, correction, rest, next, of_sheet }.render()?;
    Ok(if is_problem { Answer::Unaccepted(html) } else { Answer::Page(html) })
}

/// POST `/impor/{uploads}/baca`: the clerk says how the first of them is to be read.
pub(crate) fn read_so(site: &Site, caller: &Caller, ids: &str, typed: &[(String, String)]) -> Outcome {
    let permit = caller.permit::<Change, Import>()?;
    let (first, then) = ids.split_once('.').unwrap_or((ids, ""));
    let id: i64 = first.parse().map_err(|_| Trouble::NotFound)?;
    let upload = upload_of(site, caller, id)?;
    match correction::options(typed) {
        Ok(options) => {
            if !receive::say(&site.desk, &permit, &upload, &options, &caller.asking.reference)? {
                return Err(Trouble::Bad("web-upload-stored"));
            }
            Ok(Answer::Go(look_at(ids)))
        }
        Err(sentence) => {
            let said = phrases::say_named(caller.language(), sentence, &[]);
            previewed(site, caller, id, then, Some(said))
        }
    }
}

/// What is stored of several files.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Stored {
    /// All of them, looked at or not.
    semua: String,
}

/// POST `/impor/{uploads}/simpan`: the first of several with dots between, and then the next is looked at; or all at once.
pub(crate) fn store(site: &Site, caller: &Caller, ids: &str, typed: &Stored) -> Outcome {
    let permit = caller.permit::<Change, Import>()?;
    let (first, rest) = ids.split_once('.').unwrap_or((ids, ""));
    let (now, later) = if typed.semua.is_empty() { (first, rest) } else { (ids, "") };
    let mut last = None;
    for id in now.split('.') {
        let id = id.parse().map_err(|_| Trouble::NotFound)?;
        let upload = upload_of(site, caller, id)?;
        let job = receive::ask_store(&site.desk, &permit, &upload)?;
        last = Some(job.ok_or(Trouble::Bad("web-upload-read-so"))?);
    }
    if !later.is_empty() {
        return Ok(Answer::Go(look_at(later)));
    }
    Ok(Answer::Go(format!("/tugas/{}", last.ok_or(Trouble::NotFound)?)))
}

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage {
    f: Frame,
    id: i64,
    what: String,
    running: bool,
    waiting: bool,
    state: String,
    done: String,
    /// How long it has taken, or still takes.
    time: String,
    share: u64,
    tone: &'static str,
    lines: Vec<String>,
}

/// GET `/tugas/{job}`
pub(crate) fn job(site: &Site, caller: &Caller, id: i64) -> Outcome {
    caller.permit::<Read, authz::Job>()?;
    let job = site.desk.read(|s| s.job(id).map_err(Trouble::from))?.ok_or(Trouble::NotFound)?;
    let f = Frame::of(site, caller, "web-job", "/impor");
    let l = caller.language();
    let progress = site.desk.progress(id);
    let (done, total) = progress.map_or((job.done, job.total), |p| (p.done, p.total));
    let time = progress.map_or_else(String::new, |p| match p.seconds_left() {
        Some(left) => f.t1("web-job-left", "seconds", &f.u(&left)),
        None => f.t1("web-job-for", "seconds", &f.u(&p.seconds())),
    });
    let refused = app::desk::jobs::was_refused(&job);
    let view = JobPage {
        id,
        what: job_sentence(&site.desk, &job, l),
        running: matches!(job.state, JobState::Waiting | JobState::Running),
        waiting: job.state == JobState::Waiting,
        state: f.word("job-", if refused { "refused" } else { job.state.name() }),
        done: f.t1("web-job-rows", "count", &f.u(&done)),
        time,
        share: (done * 100).checked_div(total).unwrap_or(0),
        tone: match job.state {
            JobState::Done if !refused => "good",
            JobState::Cancelled => "warn",
            _ => "bad",
        },
        lines: app::desk::jobs::outcome_sentences(&job, l),
        f,
    };
    Ok(Answer::Page(view.render()?))
}

/// POST `/tugas/{job}/batal`
pub(crate) fn cancel(site: &Site, caller: &Caller, id: i64) -> Outcome {
    caller.permit::<Read, authz::Job>()?;
    let job = site.desk.read(|s| s.job(id).map_err(Trouble::from))?.ok_or(Trouble::NotFound)?;
    let (action, resource) = app::desk::jobs::right_of(&job.kind);
    if !may(&caller.actor, action, resource) {
        return Err(Trouble::NotAllowed);
    }
    let event = app::desk::event(caller.actor.id, "job_cancel", &format!("job:{id}"), &caller.asking.reference);
    if !site.desk.write(|s| s.job_cancel(id, &app::clock::now(), event))? {
        return Err(Trouble::Bad("web-job-too-late"));
    }
    Ok(Answer::Go(format!("/tugas/{id}")))
}
