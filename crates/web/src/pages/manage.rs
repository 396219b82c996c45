//! Running the installation: the way to every page of it, jobs, copies of the data, and what personal data is kept for.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::{Frame, Right};
use crate::site::Site;
use app::desk::backup::{self, Manifest};
use app::desk::jobs;
use app::template::{Processing, processing};
use askama::Template;
use authz::{Action, Backup, Change, Read, Resource, may};
use std::collections::BTreeMap;
use store::{Job, JobState};

/// Pages of the installation: address, word, right; none: whoever is signed in.
const PAGES: [(&str, &str, Right); 12] = [
    ("/orang", "web-nav-members", Some((Action::Read, Resource::Member))),
    ("/kop", "web-nav-letterhead", Some((Action::Read, Resource::Setting))),
    ("/peta", "map-title", Some((Action::Read, Resource::Setting))),
    ("/pekerjaan", "web-nav-jobs", Some((Action::Read, Resource::Job))),
    ("/cadangan", "web-nav-backups", Some((Action::Read, Resource::Backup))),
    ("/jejak", "web-nav-audit", Some((Action::Read, Resource::Audit))),
    ("/pekerja", "rights-search", Some((Action::Reveal, Resource::Person))),
    ("/gerbang", "override-title", Some((Action::Read, Resource::Gate))),
    ("/pekerja/kembar", "twins-title", Some((Action::Decide, Resource::Person))),
    ("/penghapusan", "rights-erasures", Some((Action::Read, Resource::Erasure))),
    ("/data-pribadi", "web-nav-processing", None),
    ("/akun", "web-nav-account", None),
];

struct Card {
    href: &'static str,
    title: String,
    note: String,
}

#[derive(Template)]
#[template(path = "manage.html")]
struct Page {
    f: Frame,
    cards: Vec<Card>,
}

/// GET `/kelola`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    caller.signed()?;
    let f = Frame::of(site, caller, "web-nav-manage", "/kelola");
    let allowed = |right: &Right| right.is_none_or(|(a, r)| may(&caller.actor, a, r));
    let cards = PAGES
        .iter()
        .filter(|(_, _, right)| allowed(right))
        .map(|(href, word, _)| Card { href, title: f.t(word), note: f.t(&format!("{word}-note")) })
        .collect();
    Ok(Answer::Page(Page { f, cards }.render()?))
}

struct JobLine {
    id: i64,
    what: String,
    who: String,
    asked: String,
    ended: String,
    state: String,
    tone: &'static str,
    lines: Vec<String>,
    again: bool,
}

#[derive(Template)]
#[template(path = "jobs.html")]
struct JobsPage {
    f: Frame,
    jobs: Vec<JobLine>,
    /// How far another program was told; empty where none is.
    told: String,
}

/// Jobs shown.
const JOBS: usize = 100;

/// GET `/pekerjaan`
pub(crate) fn jobs(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Read, authz::Job>()?;
    let (list, names) = site.desk.read(|s| {
        let list = s.job_list(JOBS)?;
        let mut names = BTreeMap::new();
        for id in list.iter().filter_map(|j| j.asked_by) {
            if let std::collections::btree_map::Entry::Vacant(place) = names.entry(id) {
                place.insert(s.member(id)?.map(|m| m.name).unwrap_or_default());
            }
        }
        Ok::<_, Trouble>((list, names))
    })?;
    let f = Frame::of(site, caller, "web-nav-jobs", "/kelola");
    let l = caller.language();
    let line = |j: Job| {
        let (action, resource) = jobs::right_of(&j.kind);
        let in_vain = jobs::ended_in_vain(&j);
        JobLine {
            id: j.id,
            what: jobs::job_sentence(&site.desk, &j, l),
            who: j.asked_by.and_then(|id| names.get(&id).cloned()).unwrap_or_else(|| f.t("web-job-by-itself")),
            asked: f.moment(&j.asked_at),
            ended: j.ended_at.as_deref().map_or_else(|| "–".to_owned(), |at| f.moment(at)),
            state: f.word("job-", j.state.name()),
            tone: if j.state == JobState::Failed || jobs::was_refused(&j) { "bad" } else { "soft" },
            lines: jobs::outcome_sentences(&j, l),
            again: in_vain && may(&caller.actor, action, resource),
        }
    };
    let jobs = list.into_iter().map(line).collect();
    let told = match site.desk.read(|s| s.webhook().map_err(Trouble::from))? {
        Some(at) => {
            let counts = [("told", f.n(&at.told)), ("dropped", f.n(&at.dropped)), ("failures", f.n(&at.failures))];
            let mut arguments: Vec<(&str, &str)> = counts.iter().map(|(n, v)| (*n, v.as_str())).collect();
            arguments.push(("note", &at.note));
            phrases::say_named(l, if at.failures > 0 { "webhook-failing" } else { "webhook-told" }, &arguments)
        }
        None => String::new(),
    };
    Ok(Answer::Page(JobsPage { f, jobs, told }.render()?))
}

/// POST `/tugas/{id}/ulang`
pub(crate) fn again(site: &Site, caller: &Caller, id: i64) -> Outcome {
    caller.permit::<Read, authz::Job>()?;
    let job = site.desk.read(|s| s.job(id).map_err(Trouble::from))?.ok_or(Trouble::NotFound)?;
    let (action, resource) = jobs::right_of(&job.kind);
    if !may(&caller.actor, action, resource) {
        return Err(Trouble::NotAllowed);
    }
    let new = jobs::again(&site.desk, &job, caller.actor.id, &caller.asking.reference)?;
    Ok(Answer::Go(format!("/tugas/{}", new.unwrap_or(id))))
}

#[derive(Template)]
#[template(path = "backups.html")]
struct BackupsPage {
    f: Frame,
    possible: bool,
    /// Are copies sealed to an offline key?
    sealed: bool,
    may_change: bool,
    kept: String,
    folder: String,
    copies: Vec<Manifest>,
}

/// GET `/cadangan`
pub(crate) fn backups(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Read, Backup>()?;
    let copies = backup::list(&site.desk, &permit)?;
    let f = Frame::of(site, caller, "web-nav-backups", "/kelola");
    let view = BackupsPage {
        possible: backup::is_possible(&site.desk),
        sealed: backup::is_sealed(&site.desk, &copies),
        may_change: authz::permit::<Change, Backup>(&caller.actor).is_some(),
        kept: f.t1("web-backups-kept", "count", &backup::KEPT.to_string()),
        folder: "backups".to_owned(),
        copies,
        f,
    };
    Ok(Answer::Page(view.render()?))
}

/// POST `/cadangan`
pub(crate) fn back_up(site: &Site, caller: &Caller) -> Outcome {
    let permit = caller.permit::<Change, Backup>()?;
    if !backup::is_possible(&site.desk) {
        return Err(Trouble::Bad("web-backups-server"));
    }
    let job = backup::ask(&site.desk, permit.actor().map(|member| (member, caller.asking.reference.as_str())))?;
    Ok(Answer::Go(format!("/tugas/{job}")))
}

#[derive(Template)]
#[template(path = "processing.html")]
struct ProcessingPage {
    f: Frame,
    rows: Vec<Processing>,
}

/// GET `/data-pribadi`: for everybody, because it is about them.
pub(crate) fn personal(site: &Site, caller: &Caller) -> Outcome {
    caller.permit::<Read, authz::Law>()?;
    let f = Frame::of(site, caller, "web-nav-processing", "/kelola");
    Ok(Answer::Page(ProcessingPage { rows: processing(caller.language()), f }.render()?))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_page_has_its_words() {
        for (_, word, _) in super::PAGES {
            for name in [word.to_owned(), format!("{word}-note")] {
                assert!(phrases::Key::find(&name).is_some(), "{name}");
            }
        }
    }
}
