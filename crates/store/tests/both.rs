//! The same promises on both databases: on a file always, and on a server where `PAYUNG_TEST_DATABASE` names one.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod fresh;

use audit::Event;
use authz::{Actor, Grant, Permit, Read, Role, Scope, permit};
use fresh::FreshDatabase;
use registers::RawRow;
use store::{
    AuditEntry, FileFacts, FindingBy, FindingQuery, FindingRow, ForecastRow, Invitation, JobAsk, JobState, Location,
    MatchRow, MeetingRow, NoList, ProjectQuery, ProjectRow, PromiseRow, Resting, RosterDraft, Run, RunKey, Sort, Store,
    TableFacts, Upload, Vault, WorklistItem, WorklistRow,
};

struct World {
    location: Location,
    database: Option<FreshDatabase>,
    _folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = FreshDatabase::new();
        let location = match &database {
            Some(database) => Location::server(&database.url()).unwrap(),
            None => Location::File(folder.path().join("payung.db")),
        };
        Self { location, database, _folder: folder }
    }

    fn store(&self) -> Store {
        Store::open(&self.location, vault()).unwrap()
    }

    fn reader(&self) -> Store {
        Store::open_reader(&self.location, vault()).unwrap()
    }
}

fn vault() -> Vault {
    Vault::new(&[7; 32])
}

/// What somebody may who holds every right over the city that these tests need.
fn leave<A: authz::Does, R: authz::Of>(id: i64) -> Permit<A, R> {
    let grants = [Role::CityAdmin, Role::Auditor, Role::AccountRep].map(|role| Grant { role, scope: Scope::City });
    permit(&Actor::member(id, grants.to_vec())).unwrap()
}

/// Takes a file back, because it was wrong.
fn taken_back(store: &mut Store, file: i64) -> Result<Result<(), Resting>, store::Fault> {
    let told = Event { reason: "salah".into(), ..event("import_withdraw") };
    store.import_withdraw(file, "2026-02-01T00:00:00Z", "member:1", told)
}

fn event(action: &str) -> Event {
    Event {
        at: "2026-11-25T00:00:00Z".into(),
        actor: "member:1".into(),
        action: action.into(),
        object: "x".into(),
        reason: "a\tb\\ \u{0} ü".into(),
        request: String::new(),
        outcome: "done".into(),
    }
}

/// Imports rows of a register with two columns; how many were new, changed and unchanged.
fn import(store: &mut Store, file: u8, rows: &[(&str, &str)]) -> (u64, u64, u64) {
    let register = registers::register("rup_riwayat").unwrap();
    let (columns, _) = registers::Columns::bind(register, &["kd_rup_lama", "jenis_revisi"]);
    let facts = FileFacts {
        name: format!("{file}.csv"),
        digest: [file; 16],
        bytes: 1,
        recorded_at: format!("2026-01-{file:02}T00:00:00Z"),
    };
    let mut import = store.import_begin(&facts).unwrap();
    import.table(TableFacts { sheet: None, columns, header_line: 1, reading: "{}".into() }).unwrap();
    for (i, (code, revision)) in rows.iter().enumerate() {
        import.row(&RawRow::from_texts(i as u32 + 2, [*code, *revision])).unwrap();
    }
    let tally = import.commit().unwrap()[0].1;
    (tally.new, tally.changed, tally.unchanged)
}

#[test]
fn facts_supersede_are_streamed_and_taken_back() {
    let world = World::new();
    let mut store = world.store();
    // The second row of a key comes while the first may still be on its way.
    assert_eq!(import(&mut store, 1, &[("1", "A"), ("2", "B"), ("1", "A"), ("2", "C\tü\\")]), (2, 1, 1));
    let many: Vec<(String, String)> = (0..9_000).map(|i| (i.to_string(), "X".repeat(i % 90))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(import(&mut store, 2, &many), (8_998, 2, 0));
    assert_eq!(import(&mut store, 3, &many[..10]), (0, 0, 10));
    assert!(!store.import_known(&[2; 16]).unwrap().unwrap().1);
    assert_eq!(store.import_known(&[9; 16]).unwrap(), None);

    let reader = world.reader();
    let through = reader.known_through(None).unwrap();
    assert_eq!((through, reader.known_through(Some("2026-01-02T12:00:00Z")).unwrap()), (3, 2));
    let known = reader.known(through).unwrap();
    let mut seen = Vec::new();
    let superseded = reader.each_row(&known, |_, row| seen.push(row.text("kd_rup_lama").to_owned())).unwrap();
    assert_eq!((seen.len(), superseded), (9_000, 3));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 9_000);

    assert_eq!(taken_back(&mut store, 2).unwrap(), Err(Resting::Under(vec!["3.csv".into()])));
    assert_eq!(taken_back(&mut store, 77).unwrap(), Err(Resting::Unknown));
    taken_back(&mut store, 3).unwrap().unwrap();
    taken_back(&mut store, 2).unwrap().unwrap();
    assert_eq!(taken_back(&mut store, 2).unwrap(), Err(Resting::Already));
    let known = reader.known(reader.known_through(None).unwrap()).unwrap();
    assert_eq!((known.through, known.tables.len()), (5, 1));
    assert_eq!(reader.each_row(&known, |_, _| ()).unwrap(), 1);
    let files = reader.file_list(&leave(1)).unwrap();
    assert_eq!(files.iter().map(|f| f.id).collect::<Vec<_>>().len(), 3);
    assert_eq!((files[1].registers.as_str(), files[1].rows), ("rup_riwayat", [9_000, 8_998, 2, 0]));
    assert_eq!(files[1].withdrawn.as_ref().unwrap().2, "salah");
}

#[test]
fn an_import_that_is_not_committed_leaves_no_trace() {
    let world = World::new();
    let mut store = world.store();
    let facts = FileFacts { name: "a\0b".into(), digest: [1; 16], bytes: 1, recorded_at: "2026".into() };
    drop(store.import_begin(&facts).unwrap());
    store.import_begin(&facts).unwrap().abandon().unwrap();
    assert_eq!(store.import_known(&[1; 16]).unwrap(), None);
    store.import_begin(&facts).unwrap().commit().unwrap();
    assert!(store.import_known(&[1; 16]).unwrap().is_some());
}

fn project(code: &str, name: &str, agency: &str, uncovered: i64) -> ProjectRow {
    ProjectRow {
        code: code.into(),
        name: name.into(),
        agency: agency.into(),
        state: "exposed".into(),
        counted: true,
        value: uncovered * 10,
        uncovered,
        body: format!("{{\"code\":\"{code}\"}}"),
        year: 2026,
        ..ProjectRow::default()
    }
}

/// A picture of some names; its digest.
fn paint(store: &mut Store, names: &[&str]) -> String {
    let mut writer = store.picture_begin().unwrap();
    for (i, name) in names.iter().enumerate() {
        let row = project(&format!("p:{i}"), name, ["DINAS B", "DINAS a", "DINAS A"][i % 3], 100 - i as i64);
        writer.project(&row, &format!("{} {name}", row.code)).unwrap();
        let finding = FindingRow { code: "not-registered".into(), project: row.code, ..FindingRow::default() };
        writer.finding(&finding).unwrap();
    }
    for registration in ["2", "1", "2"] {
        let row = MatchRow { registration: registration.into(), state: "review".into(), ..MatchRow::default() };
        let options = [("p:1".to_owned(), "DINAS B".to_owned())];
        writer.matching(&row, &options, "CV TITIK TEMU").unwrap();
    }
    writer.hang(("2026-11-25", "2026-11-25T00:00:00Z"), 1, "law", "{}").unwrap()
}

const NAMES: [&str; 7] = [
    "Pembangunan Drainase Jalan Mélati RT. 04/RW-12",
    "pembangunan gedung 'serba' \"guna\"",
    "Ünder Jembatan",
    "Zebra",
    "_garis",
    "Abadi",
    "abadi jalan",
];

#[test]
fn a_picture_is_found_by_words_pages_and_order() {
    let world = World::new();
    let mut store = world.store();
    let first = paint(&mut store, &["Lama"]);
    let digest = paint(&mut store, &NAMES);
    assert_ne!(first, digest);
    assert_eq!(
        digest, "c6346d90b76f0d0a7060ff7ed98786a5fc3b886c6db2155fa6bd230b5480a62e",
        "whichever database keeps it"
    );
    let reader = world.reader();
    assert_eq!(reader.picture().unwrap().unwrap().digest, digest);
    let permit = leave::<Read, authz::Project>(1);
    let found = |query: &ProjectQuery| -> Vec<i64> {
        let query = ProjectQuery { limit: 50, ..query.clone() };
        assert_eq!(
            reader.project_count(&permit, &query).unwrap(),
            reader.project_page(&permit, &query).unwrap().rows.len() as i64
        );
        reader.project_page(&permit, &query).unwrap().rows.iter().map(|r| r.id).collect()
    };
    let words = |text: &str| found(&ProjectQuery { text: text.into(), ..ProjectQuery::default() });
    for (text, ids) in [
        ("", &[1, 2, 3, 4, 5, 6, 7][..]),
        ("melati", &[1]),
        ("MELATI drain", &[1]),
        ("mélat", &[1]),
        ("jalan", &[1, 7]),
        ("rw 12", &[1]),
        ("under", &[3]),
        ("serba guna", &[2]),
        ("elati", &[]),
        ("pembangunan gedun p", &[2]),
        ("' | & ! :* <->", &[1, 2, 3, 4, 5, 6, 7]),
        ("p 6", &[7]),
        ("lama", &[]),
    ] {
        assert_eq!(words(text), ids, "{text}");
    }
    // By name: the order of bytes, not that of a language; and the pages meet.
    let by_name = ProjectQuery { sort: Sort::Name, limit: 3, ..ProjectQuery::default() };
    let (mut names, mut query) = (Vec::new(), by_name);
    loop {
        let page = reader.project_page(&permit, &query).unwrap();
        names.extend(page.rows.into_iter().map(|r| r.name));
        let Some(next) = page.next else { break };
        query.after = Some(next);
    }
    let mut bytes = NAMES.to_vec();
    bytes.sort_unstable();
    assert_eq!(names, bytes);
    assert_eq!(found(&ProjectQuery { sort: Sort::Value, ..ProjectQuery::default() }), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(reader.agency_list(&permit).unwrap(), ["DINAS A", "DINAS B", "DINAS a"]);
    assert_eq!(
        reader.project_sums(&permit).unwrap(),
        [("exposed".to_owned(), 7, 100 + 99 + 98 + 97 + 96 + 95 + 94, 0)]
    );
    let own = Actor::member(2, vec![Grant { role: Role::Ppk, scope: Scope::Agencies(vec!["DINAS a".into()]) }]);
    let own = authz::permit::<Read, authz::Project>(&own).unwrap();
    assert_eq!(reader.agency_list(&own).unwrap(), ["DINAS a"]);
    assert!(reader.project(&own, "p:0").unwrap().is_none());
    assert_eq!(reader.project(&own, "p:1").unwrap().unwrap().body, "{\"code\":\"p:1\"}");
    let all = leave::<Read, authz::Finding>(1);
    let findings = reader.finding_page(&all, &FindingQuery { after: 5, limit: 9, ..FindingQuery::default() }).unwrap();
    assert_eq!(findings.iter().map(|f| f.id).collect::<Vec<_>>(), [6, 7]);
    let tally = reader.finding_tally(&all, FindingBy::Code).unwrap();
    assert_eq!((tally.len(), tally[0].key.as_str(), tally[0].open), (1, "not-registered", 7));
    let (matches, total) = reader.match_page(&leave(1), "review", 0, 9).unwrap();
    let matches: Vec<(i64, &str)> = matches.iter().map(|m| (m.id, m.registration.as_str())).collect();
    assert_eq!((matches, total), (vec![(1, "2"), (2, "1")], 2));
}

/// Stores lines of a roster: entry, number, name, first and last day, struck out.
fn roster(store: &mut Store, file: u8, lines: &[[&str; 6]]) -> i64 {
    let register = registers::register("daftar_pekerja").unwrap();
    let headers = ["proyek", "entri", "nik", "nama", "mulai_bekerja", "selesai_bekerja", "batal"];
    let (columns, _) = registers::Columns::bind(register, &headers);
    let facts = FileFacts {
        name: format!("daftar {file}"),
        digest: [file; 16],
        bytes: 1,
        recorded_at: format!("2026-01-{file:02}T00:00:00Z"),
    };
    let mut import = store.import_begin(&facts).unwrap();
    import.table(TableFacts { sheet: None, columns, header_line: 1, reading: "{}".into() }).unwrap();
    for (i, line) in lines.iter().enumerate() {
        let cells = std::iter::once("p:0").chain(line.iter().copied());
        import.row(&RawRow::from_texts(i as u32 + 2, cells)).unwrap();
    }
    let id = import.file();
    import.commit().unwrap();
    id
}

#[test]
fn stays_follow_every_list_and_every_list_taken_back() {
    const BUDI: &str = "1571010203900001";
    let world = World::new();
    let mut store = world.store();
    paint(&mut store, &["Jalan"]);
    let told = |store: &Store, through: Option<i64>| -> Vec<String> {
        let stays = store.stay_list(&leave(1), "p:0", through).unwrap();
        stays.iter().map(|s| format!("{} {:?}", s.entry.name.bare, s.entry.left.map(|d| d.to_string()))).collect()
    };
    let people = [["1", BUDI, "BUDI", "2025-07-07", "", ""], ["2", "", "SLAMET", "2025-07-08", "", ""]];
    let first = roster(&mut store, 1, &people.map(|p| p));
    let point = store.known_through(None).unwrap();
    assert_eq!(told(&store, None), ["BUDI None", "SLAMET None"]);
    // One leaves, one is struck out.
    let left = [["1", BUDI, "BUDI", "2025-07-07", "2025-08-01", ""], ["2", "", "SLAMET", "2025-07-08", "", "ya"]];
    let second = roster(&mut store, 2, &left.map(|p| p));
    assert_eq!(told(&store, None), ["BUDI Some(\"2025-08-01\")"]);
    assert_eq!(told(&store, Some(point)), ["BUDI None", "SLAMET None"], "as known before");
    assert_eq!(store.stay_numbers("p:0").unwrap(), 2, "a number struck out is not given again");
    // The same person by the number alone, on whichever list.
    let found = store.stay_list(&leave(1), "p:0", None).unwrap();
    let alone = store.stay_of(&leave(1), &found[0].person).unwrap();
    assert_eq!((alone.len(), alone[0].1.as_deref()), (1, Some("p:0")));
    assert!(store.stay_of(&leave(1), "nothing").unwrap().is_empty());
    // Within another agency's rights nobody is found.
    let grants = vec![Grant { role: Role::AccountRep, scope: Scope::Agencies(vec!["DINAS LAIN".into()]) }];
    let other: Permit<Read, authz::Person> = permit(&Actor::member(2, grants)).unwrap();
    assert!(store.stay_list(&other, "p:0", None).unwrap().is_empty());
    assert!(store.stay_of(&other, &found[0].person).unwrap().is_empty());
    taken_back(&mut store, second).unwrap().unwrap();
    assert_eq!(told(&store, None), ["BUDI None", "SLAMET None"]);
    roster(&mut store, 3, &[["3", "", "TONI", "2025-08-02", "", ""]]);
    taken_back(&mut store, first).unwrap().unwrap();
    assert_eq!(told(&store, None), ["TONI None"]);
    assert_eq!(told(&store, Some(point)), ["BUDI None", "SLAMET None"]);
    let kept = store.stay_digest().unwrap();
    assert_eq!(store.stay_verify().unwrap(), (kept.clone(), kept.clone()));
    store.stay_rebuild().unwrap();
    assert_eq!(store.stay_digest().unwrap(), kept);
}

#[test]
fn a_list_laid_down_is_kept_sealed_and_for_its_own_agency_only() {
    let world = World::new();
    let mut store = world.store();
    paint(&mut store, &["Jalan"]);
    let draft = RosterDraft {
        id: 77,
        project: "p:0".into(),
        by: None,
        at: "2026-01-01T00:00:00Z".into(),
        name: "pekerja.xlsx".into(),
        body: "1571010203900001".into(),
    };
    let id = store.roster_draft_add(&leave(1), &draft, None).unwrap().unwrap();
    let other = RosterDraft { project: "p:9".into(), ..draft.clone() };
    assert_eq!(store.roster_draft_add(&leave(1), &other, None).unwrap(), None);
    store.roster_draft_change(&leave(1), id, "mended").unwrap();
    assert_eq!(store.roster_draft(&leave(1), id).unwrap().unwrap().body, "mended");
    let grants = vec![Grant { role: Role::AccountRep, scope: Scope::Agencies(vec!["DINAS LAIN".into()]) }];
    let elsewhere: Permit<authz::Change, authz::Person> = permit(&Actor::member(2, grants)).unwrap();
    assert_eq!(store.roster_draft(&elsewhere, id).unwrap(), None);
    assert!(store.roster_drafts(&elsewhere, "p:0").unwrap().is_empty());
    assert_eq!(store.roster_drafts(&leave(1), "p:0").unwrap().len(), 1);
    assert_eq!(store.roster_draft_sweep("2026-01-02").unwrap(), 1);
    assert_eq!(store.roster_draft(&leave(1), id).unwrap(), None);
}

#[test]
fn runs_are_stored_once_and_read_back_in_order() {
    let world = World::new();
    let mut store = world.store();
    let key = RunKey { as_of: "2026-11-25".into(), known: 1, agency: String::new(), law: "l".into() };
    let run = Run { key: key.clone(), digest: "d".into() };
    let lines: Vec<(&str, String)> = (0..3_000).map(|i| ("span", format!("{i}\t\"\\n"))).collect();
    assert!(store.run_save(&run, &lines).unwrap());
    assert!(!store.run_save(&run, &lines).unwrap());
    let read = store.run_lines(&key).unwrap();
    assert!(read.iter().map(|l| &l.1).eq(lines.iter().map(|l| &l.1)));
    assert!(store.run_save(&Run { digest: "e".into(), ..run.clone() }, &lines[..2]).unwrap());
    assert_eq!((store.run_list().unwrap().len(), store.run_lines(&key).unwrap().len()), (1, 2));
    store.derived_drop().unwrap();
    assert!(store.run_list().unwrap().is_empty());
    store.check_integrity().unwrap();
}

#[test]
fn members_sessions_jobs_and_the_trail() {
    let world = World::new();
    let mut store = world.store();
    let grants = vec![Grant { role: Role::CityAdmin, scope: Scope::City }];
    let invitation =
        Invitation { login: "a@b".into(), name: "A".into(), grants, invited_by: None, expires_at: 9_000_000_000 };
    store.invitation_add(b"token", &invitation, event("invite")).unwrap();
    let again = Invitation { login: "c@d".into(), invited_by: None, ..invitation.clone() };
    store.invitation_add(b"another", &again, event("invite")).unwrap();
    let take = |store: &mut Store, token: &[u8], login: &str| {
        let waits = |_: &Grant, _: bool| false;
        store.invitation_take(token, (login, "A"), "hash", b"secret", ("2026", 0), &waits, event("take")).unwrap()
    };
    let id = take(&mut store, b"token", "a@b").unwrap();
    assert_eq!(take(&mut store, b"token", "a@b"), None);
    let second = take(&mut store, b"another", "c@d").unwrap();
    let member = store.member_by_login("a@b").unwrap().unwrap();
    assert_eq!((member.id, member.totp.as_deref(), member.disabled), (id, Some(&b"secret"[..]), false));
    assert_eq!(store.member(second + 1).unwrap(), None);
    assert!(!store.role_held(Role::CityAdmin).unwrap());
    let grant = store.grant_list(id).unwrap()[0].clone();
    assert!(!grant.released);
    assert!(!store.grant_release(&leave(id), grant.id, "2026", event("release")).unwrap(), "nobody releases their own");
    assert!(store.grant_release(&leave(second), grant.id, "2026", event("release")).unwrap());
    assert!(store.role_held(Role::CityAdmin).unwrap());
    assert!(store.totp_use(id, 5).unwrap() && !store.totp_use(id, 5).unwrap());
    store.remind_change(id, true, event("remind")).unwrap();
    let nobody = JobAsk { kind: "remind", subject: "{}", by: Some(9_999), at: "t", not_before: 0 };
    assert!(store.remind_ask(id, "2026-11-27", &nobody).is_err(), "nobody asks");
    assert_eq!(store.remind_due("2026-11-27").unwrap().len(), 1, "without its job it is not taken on");
    let job = JobAsk { by: None, ..nobody };
    assert!(store.remind_ask(id, "2026-11-27", &job).unwrap() && !store.remind_ask(id, "2026-11-27", &job).unwrap());
    assert!(store.remind_due("2026-11-27").unwrap().is_empty());
    assert_eq!(store.job_list(9).unwrap().iter().filter(|j| j.kind == "remind").count(), 1);
    let reminder = store.job_take(90, 10).unwrap().unwrap().id;
    store.job_end(reminder, JobState::Done, "{}", "t").unwrap();
    assert_eq!(store.sign_in_failed("x", 100, 50, event("fail")).unwrap(), 1);
    assert_eq!(store.sign_in_failed("x", 101, 50, event("fail")).unwrap(), 2);
    assert_eq!(store.sign_in_failures("x", 101).unwrap(), 1);

    let first = store.job_ask("import", "{}", Some(id), "t").unwrap();
    assert_eq!(store.job_ask("import", "{}", None, "t").unwrap(), first);
    let second = store.job_ask("picture", "{}", None, "t").unwrap();
    assert_eq!(store.job_take(100, 10).unwrap().unwrap().id, first);
    assert_eq!(store.job_take(100, 10).unwrap().unwrap().id, second);
    assert_eq!(store.job_take(105, 10).unwrap(), None);
    assert_eq!(store.job_take(200, 10).unwrap().unwrap().id, first, "its worker died");
    store.job_end(first, JobState::Done, "{}", "t").unwrap();
    store.job_release_all().unwrap();
    assert_eq!(store.job(second).unwrap().unwrap().state, JobState::Waiting);
    assert_eq!(store.job_list(1).unwrap()[0].id, second);
    let upload = Upload {
        id: 0,
        digest: "d".into(),
        name: "n".into(),
        bytes: 3,
        member: Some(id),
        at: "t".into(),
        options: "{}".into(),
        job: None,
    };
    let laid = store.upload_add(&upload, event("upload")).unwrap();
    assert!(store.upload_read_so(laid, "{\"a\":1}", event("read so")).unwrap());
    let job = JobAsk { kind: "import", subject: "{\"upload\":1}", by: Some(id), at: "t", not_before: 0 };
    let stale = Upload { id: laid, ..upload };
    assert_eq!(store.upload_store(&stale, &job).unwrap(), None, "it is to be read otherwise by now");
    let seen = store.upload(laid).unwrap().unwrap();
    let stored = store.upload_store(&seen, &job).unwrap();
    assert_eq!(store.upload(laid).unwrap().unwrap().job, stored);
    assert_eq!(store.upload_store(&stale, &job).unwrap(), stored, "whoever asks again is led to it");
    assert!(!store.upload_read_so(laid, "{}", event("too late")).unwrap());
    assert!(store.job_cancel(stored.unwrap(), "t", event("cancel")).unwrap());
    assert!(!store.job_cancel(stored.unwrap(), "t", event("cancel")).unwrap(), "it waits no more");
    let again = store.job_again(&job, event("again")).unwrap();
    assert_eq!(store.upload(laid).unwrap().unwrap().job, Some(again));
    assert_eq!(store.job_take(300, 10).unwrap().unwrap().id, again - 2, "the picture waits since before");
    assert!(!store.job_cancel(again - 2, "t", event("cancel")).unwrap(), "it is being done");

    let mut entries: Vec<AuditEntry> = Vec::new();
    store.audit_all(&mut |entry| entries.push(entry)).unwrap();
    let count = entries.len();
    audit::verify(entries).unwrap();
    let page = store.audit_page(&leave(1), None, "fail", 9).unwrap();
    assert!(page.len() == 2 && count > 5 && page.iter().all(|e| e.event.action == "fail"));
}

#[test]
fn a_reader_cannot_write_and_another_key_opens_nothing() {
    let world = World::new();
    let mut store = world.store();
    assert!(world.reader().audit(event("x")).is_err());
    store.audit(event("x")).unwrap();
    if world.database.is_some() {
        assert!(matches!(Store::open(&world.location, Vault::new(&[8; 32])), Err(store::Fault::WrongKey)));
        assert!(Store::stands(&world.location).unwrap());
    }
}

#[test]
fn writers_come_one_after_the_other() {
    let world = World::new();
    drop(world.store());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut store = world.store();
                for _ in 0..25 {
                    store.audit(event("count")).unwrap();
                }
            });
        }
    });
    let mut seqs = Vec::new();
    world.reader().audit_all(&mut |entry| seqs.push(entry.seq)).unwrap();
    assert_eq!(seqs, (1..=100).collect::<Vec<u64>>());
}

#[test]
fn a_server_that_was_restarted_is_found_again() {
    let world = World::new();
    let Some(database) = &world.database else { return };
    let (mut store, reader) = (world.store(), world.reader());
    paint(&mut store, &NAMES);
    let permit = leave::<Read, authz::Project>(1);
    let ask = |reader: &Store| reader.project_page(&permit, &ProjectQuery { limit: 9, ..ProjectQuery::default() });
    assert_eq!(ask(&reader).unwrap().rows.len(), 7);
    database.hang_up();
    assert_eq!(ask(&reader).unwrap().rows.len(), 7, "a question that only reads is asked again");
    store.audit(event("after")).unwrap();
    // In the middle of a transaction nothing can be asked again, and nothing of it may stay.
    let facts = FileFacts { name: "a".into(), digest: [1; 16], bytes: 1, recorded_at: "2026".into() };
    let import = store.import_begin(&facts).unwrap();
    database.hang_up();
    assert!(import.commit().is_err());
    assert_eq!(store.import_known(&[1; 16]).unwrap(), None);
    store.import_begin(&facts).unwrap().commit().unwrap();
    assert!(store.import_known(&[1; 16]).unwrap().is_some());
}

/// A picture of one project, registered or not, covered or not, with a finding or none.
fn paint_one(store: &mut Store, state: &str, registered: bool, late: bool) {
    let mut writer = store.picture_begin().unwrap();
    let works = project("p:1", "Drainase", "DINAS A", 1);
    let row = ProjectRow { state: state.into(), ends: "2026-12-20".into(), ..works };
    writer.project(&row, "").unwrap();
    if registered {
        writer.registration("26000001", "p:1").unwrap();
    }
    if late {
        let finding = FindingRow { code: "registered-late".into(), project: "p:1".into(), ..FindingRow::default() };
        writer.finding(&finding).unwrap();
    }
    writer.hang(("2026-11-26", "2026-11-26T00:00:00Z"), 1, "law", "{}").unwrap();
}

/// Somebody joins; their number.
fn join(store: &mut Store) -> i64 {
    join_by(store, b"token")
}

/// The same by an invitation of one's own: the second time it lets the same person in anew.
fn join_by(store: &mut Store, token: &[u8]) -> i64 {
    let grants = vec![Grant { role: Role::CityAdmin, scope: Scope::City }];
    let invitation =
        Invitation { login: "a@b".into(), name: "A".into(), grants, invited_by: None, expires_at: 9_000_000_000 };
    store.invitation_add(token, &invitation, event("invite")).unwrap();
    let taken =
        store.invitation_take(token, ("a@b", "A"), "hash", b"secret", ("2026", 0), &|_, _| false, event("take"));
    taken.unwrap().unwrap()
}

#[test]
fn an_answer_of_a_passkey_is_good_once_and_an_ended_key_never() {
    let world = World::new();
    let mut store = world.store();
    let member = join(&mut store);
    let key = store::Passkey {
        id: 0,
        member,
        name: "Laptop".into(),
        credential: vec![1; 32],
        holder: vec![2; 64],
        public: vec![3; 34],
        state: vec![0; 7],
        created_at: 100,
        used_at: None,
    };
    assert!(store.passkey_add(&key, event("passkey")).unwrap());
    assert!(!store.passkey_add(&key, event("passkey")).unwrap(), "known already");
    let kept = store.passkey(&[1; 32]).unwrap().unwrap();
    assert_eq!((kept.member, kept.used_at), (member, None));
    let used = |store: &mut Store, attempt: &[u8], now: i64| {
        store.passkey_used(kept.id, &[1; 7], attempt, (now, now + 300)).unwrap()
    };
    assert_eq!(used(&mut store, b"one", 200), Some(true));
    assert_eq!(used(&mut store, b"one", 250), Some(false), "played again");
    assert_eq!(used(&mut store, b"two", 260), Some(true));
    let moved = store.passkey_list(member).unwrap();
    assert_eq!((moved[0].state.as_slice(), moved[0].used_at), (&[1; 7][..], Some(260)));
    assert!(!store.passkey_end(member + 1, kept.id, 300, event("passkey")).unwrap(), "another's");
    assert!(store.passkey_end(member, kept.id, 300, event("passkey")).unwrap());
    assert_eq!(used(&mut store, b"three", 310), None);
    assert_eq!(store.passkey(&[1; 32]).unwrap(), None);
    // Whoever is let in anew has no keys of before.
    let other = store::Passkey { credential: vec![4; 32], ..key };
    assert!(store.passkey_add(&other, event("passkey")).unwrap());
    assert_eq!(join_by(&mut store, b"anew"), member);
    assert_eq!(store.passkey_list(member).unwrap(), []);
}

#[test]
fn promises_close_when_the_data_show_their_cure_and_open_again_when_not() {
    let world = World::new();
    let mut store = world.store();
    let member = join(&mut store);
    let read = leave::<Read, authz::Meeting>(member);
    let change = leave::<authz::Change, authz::Meeting>(member);
    paint_one(&mut store, "exposed", false, true);
    let row = MeetingRow { day: "2026-11-20".into(), opens: 540, place: "Aula".into(), ..MeetingRow::default() };
    let id = store.meeting_add(&change, &row, "2026-11-20T00:00:00Z", event("meeting")).unwrap().unwrap();
    let promise = |store: &mut Store, cure: &str, project: &str| {
        let row = PromiseRow {
            meeting: id,
            owner: "DINAS A".into(),
            what: "didaftarkan".into(),
            due: "2026-12-01".into(),
            cure: cure.into(),
            project: project.into(),
            finding: if cure == "finding" { "registered-late".into() } else { String::new() },
            ..PromiseRow::default()
        };
        store.promise_add(&change, &row, ("2026-11-20T00:00:00Z", "2026-11-20"), event("meeting")).unwrap()
    };
    assert_eq!(promise(&mut store, "registered", "p:9"), None, "a project nobody knows");
    let ids: Vec<i64> = ["registered", "covered", "finding", "said"]
        .map(|cure| promise(&mut store, cure, if cure == "said" { "" } else { "p:1" }).unwrap())
        .into();
    let kept = |store: &Store| -> Vec<bool> {
        let all = store.promise_list(&read, Some(id)).unwrap();
        ids.iter().map(|id| all.iter().find(|p| p.id == *id).unwrap().kept_on.is_some()).collect()
    };
    assert_eq!(kept(&store), [false; 4]);
    paint_one(&mut store, "registering", true, true);
    assert_eq!(kept(&store), [true, false, false, false]);
    paint_one(&mut store, "covered", true, false);
    assert_eq!(kept(&store), [true, true, true, false]);
    // A list taken back: what no picture shows any more stands open again; somebody's word stays.
    assert!(store.promise_kept(&change, (ids[3], "2026-11-26"), event("meeting")).unwrap());
    assert!(
        !store.promise_kept(&change, (ids[0], "2026-11-26"), event("meeting")).unwrap(),
        "the data say, nobody else"
    );
    paint_one(&mut store, "exposed", false, true);
    assert_eq!(kept(&store), [false, false, false, true]);
    // Works that were covered and are over stay kept; shown again, the first day stands.
    paint_one(&mut store, "covered", true, false);
    paint_one(&mut store, "ended", true, false);
    assert_eq!(kept(&store), [true; 4]);
    // A picture without the project shows nothing of it either way.
    paint_one(&mut store, "covered", true, false);
    paint(&mut store, &[]);
    assert_eq!(kept(&store), [true; 4]);
    // Minutes once; then nothing of it changes.
    let seen = store.meeting_said(&read, id).unwrap();
    assert!(store.meeting_note(&change, (id, ""), &[("DINAS A".into(), 2)], event("meeting")).unwrap());
    let mut close = |seen: &str| {
        store.meeting_close(&change, (id, "{}", b"%PDF"), seen, "2026-11-26T00:00:00Z", event("meeting")).unwrap()
    };
    assert!(!close(&seen), "a guest was noted while the minutes were made");
    let seen = store.meeting_said(&read, id).unwrap();
    let mut close = |seen: &str| {
        store.meeting_close(&change, (id, "{}", b"%PDF"), seen, "2026-11-26T00:00:00Z", event("meeting")).unwrap()
    };
    assert!(close(&seen) && !close(&seen));
    assert_eq!(promise(&mut store, "said", ""), None);
    assert!(!store.promise_end(&change, ids[0], "2026-11-26T00:00:00Z", event("meeting")).unwrap());
    assert!(!store.meeting_note(&change, (id, ""), &[("DINAS A".into(), 3)], event("meeting")).unwrap());
}

#[test]
fn a_work_list_is_drawn_once_and_the_ledger_shows_what_came() {
    let world = World::new();
    let mut store = world.store();
    let id = join(&mut store);
    let (change, read) = (leave::<authz::Change, authz::Worklist>(id), leave::<Read, authz::Worklist>(id));
    paint_one(&mut store, "exposed", false, false);
    let projects = leave::<Read, authz::Project>(id);
    let candidates =
        |store: &Store, rested: &str| store.worklist_candidates(&projects, ("2026-10-01", rested)).unwrap();
    assert_eq!(candidates(&store, "2026-09-17").len(), 1);
    let item = WorklistItem {
        place: 1,
        project: "p:1".into(),
        arm: "ranked".into(),
        state: "exposed".into(),
        step: "call".into(),
        crew: 8,
        known: true,
        days: 90,
        chance: [150_000, 50_000],
        minutes: 20,
        expected: 72_000,
        ..WorklistItem::default()
    };
    let row =
        WorklistRow { day: "2026-10-01".into(), minutes: 60, share: 200_000, candidates: 1, ..WorklistRow::default() };
    let add = |store: &mut Store| {
        store
            .worklist_add(
                &change,
                &row,
                std::slice::from_ref(&item),
                "2026-10-01T00:00:00Z",
                "2026-09-17",
                event("worklist"),
            )
            .unwrap()
    };
    let list = add(&mut store).unwrap();
    assert_eq!(add(&mut store), Err(NoList::Drawn), "one a day");
    let second = leave::<authz::Change, authz::Worklist>(id);
    let tomorrow = WorklistRow { day: "2026-10-02".into(), ..row.clone() };
    let clash = store.worklist_add(
        &second,
        &tomorrow,
        std::slice::from_ref(&item),
        "2026-10-02T00:00:00Z",
        "2026-09-18",
        event("worklist"),
    );
    assert_eq!(clash.unwrap(), Err(NoList::Taken), "it rests");
    assert!(candidates(&store, "2026-09-17").is_empty(), "it rests");
    let waits = &candidates(&store, "2026-10-02")[0];
    assert_eq!((waits.listed.as_str(), waits.called), ("2026-10-01", true));
    let tell = |store: &mut Store, word: &str| {
        store.worklist_tell(&change, list, &[(1, word.into(), 12)], "2026-10-01T05:00:00Z", event("worklist")).unwrap()
    };
    assert!(tell(&mut store, "not_done"));
    assert_eq!(candidates(&store, "2026-09-17").len(), 1, "there was no time for it");
    assert!(tell(&mut store, "reached"), "the last word stands");
    let items = store.worklist_items(&read, "2026-11-26").unwrap();
    assert_eq!((items[0].told.as_str(), items[0].took, items[0].covered.as_str()), ("reached", 12, ""));
    assert!(store.worklist_items(&read, "2026-09-30").unwrap().is_empty());

    // A later picture shows cover: of a registration that had ended before the list it is none.
    let cover = |store: &mut Store, since: &str, until: &str| {
        let mut writer = store.picture_begin().unwrap();
        let ended = project("p:1", "Drainase", "DINAS A", 1);
        writer.project(&ProjectRow { state: "covered".into(), ends: "2026-12-20".into(), ..ended }, "").unwrap();
        writer.registration("26000001", "p:1").unwrap();
        writer.cover("26000001", since, until).unwrap();
        writer.hang(("2026-11-26", "2026-11-26T00:00:00Z"), 1, "law", "{}").unwrap();
        store.worklist_items(&read, "2026-11-26").unwrap().remove(0)
    };
    assert_eq!(cover(&mut store, "2026-08-01", "2026-09-30").covered, "");
    let seen = cover(&mut store, "2026-10-11", "2026-12-20");
    assert_eq!(
        (seen.covered.as_str(), seen.ends.as_str(), seen.named[0].as_str()),
        ("2026-10-11", "2026-12-20", "Drainase")
    );
    let (own, all) = store.worklist_one(&change, list).unwrap().unwrap();
    assert_eq!((own.counts, all.len()), ([1, 1], 1));
    let other = leave::<authz::Change, authz::Worklist>(id + 1);
    assert!(store.worklist_one(&other, list).unwrap().is_none());
    let told = [(1, "absent".to_owned(), 1)];
    assert!(!store.worklist_tell(&other, list, &told, "2026-10-01T05:00:00Z", event("worklist")).unwrap());
}

#[test]
fn a_forecast_stands_as_it_was_first_made() {
    let world = World::new();
    let mut store = world.store();
    let id = join(&mut store);
    let (change, read) = (leave::<authz::Change, authz::Coverage>(id), leave::<Read, authz::Coverage>(id));
    let row = |month: &str, count| ForecastRow {
        made: "2026-11".into(),
        month: month.into(),
        count,
        interval: [count - 5, count + 5],
        last: ("2026-10".into(), 95),
    };
    let keep = |store: &mut Store, rows: &[ForecastRow]| {
        store.coverage_forecast_keep(&change, rows, ("digest", "2026-11-26T00:00:00Z")).unwrap()
    };
    assert_eq!(keep(&mut store, &[row("2026-11", 100), row("2026-12", 110)]), 2);
    // Data that come later make another forecast; the one that was made stands.
    assert_eq!(keep(&mut store, &[row("2026-11", 300), row("2027-01", 120)]), 1);
    let kept: Vec<(String, i64)> =
        store.coverage_forecasts(&read).unwrap().into_iter().map(|r| (r.month, r.count)).collect();
    assert_eq!(kept, [("2026-11".to_owned(), 100), ("2026-12".to_owned(), 110), ("2027-01".to_owned(), 120)]);
}
