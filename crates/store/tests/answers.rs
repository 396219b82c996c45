//! What was said about a finding lasts as long as the facts it was said about.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod fresh;

use audit::Event;
use authz::{Actor, Decide, Finding, Grant, Read, Release, Role, Scope, permit};
use fresh::FreshDatabase;
use store::{FindingRow, Invitation, Location, Saying, Store, Vault};

struct World {
    location: Location,
    _database: Option<FreshDatabase>,
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
        Self { location, _database: database, _folder: folder }
    }

    fn store(&self) -> Store {
        Store::open(&self.location, Vault::new(&[7; 32])).unwrap()
    }
}

fn event(action: &str) -> Event {
    Event { at: NOW.into(), actor: "test".into(), action: action.into(), outcome: "done".into(), ..Event::default() }
}

const NOW: &str = "2026-03-02T01:00:00Z";

fn member(store: &mut Store, login: &str) -> i64 {
    let invitation = Invitation {
        login: login.into(),
        name: login.into(),
        grants: Vec::new(),
        invited_by: None,
        expires_at: i64::MAX,
    };
    store.invitation_add(login.as_bytes(), &invitation, event("invite")).unwrap();
    let taken =
        store.invitation_take(login.as_bytes(), (login, login), "x", b"secret", (NOW, 0), &|_, _| true, event("take"));
    taken.unwrap().unwrap()
}

fn actor(id: i64, role: Role, agency: &str) -> Actor {
    Actor::member(id, vec![Grant { role, scope: Scope::Agencies(vec![agency.into()]) }])
}

fn paint(store: &mut Store, marks: &[&str]) {
    let mut writer = store.picture_begin().unwrap();
    for mark in marks {
        let row = FindingRow {
            code: "not-registered".into(),
            project: "tender:1".into(),
            agency: "DINAS A".into(),
            mark: (*mark).into(),
            ..FindingRow::default()
        };
        writer.finding(&row).unwrap();
    }
    writer.hang(("2026-03-02", NOW), 1, "law", "{}").unwrap();
}

#[test]
fn a_finding_that_comes_back_comes_back_open() {
    let world = World::new();
    let mut store = world.store();
    let (clerk, mayor) = (member(&mut store, "clerk"), member(&mut store, "mayor"));
    let (clerk, mayor) = (actor(clerk, Role::Ppk, "DINAS A"), actor(mayor, Role::Supervisor, "DINAS A"));
    let decide = permit::<Decide, Finding>(&clerk).unwrap();
    let release = permit::<Release, Finding>(&mayor).unwrap();
    let read = permit::<Read, Finding>(&clerk).unwrap();
    let standing = |store: &Store, mark: &str| store.finding_of_mark(&read, mark).unwrap().map(|r| r.standing);

    paint(&mut store, &["a"]);
    let id = store.finding_say(&decide, "a", (Saying::Waiver, "why"), NOW, event("say")).unwrap().unwrap();
    assert_eq!(standing(&store, "a").unwrap(), "waiting");
    assert!(store.finding_release(&release, id, true, NOW, event("release")).unwrap());
    assert_eq!(standing(&store, "a").unwrap(), "waiver");

    // Painted again with the same facts it stands; with others it ends, also when the old facts return.
    paint(&mut store, &["a"]);
    assert_eq!(standing(&store, "a").unwrap(), "waiver");
    paint(&mut store, &["b"]);
    assert_eq!(standing(&store, "b").unwrap(), "open");
    assert_eq!(standing(&store, "a"), None);
    paint(&mut store, &["a"]);
    assert_eq!(standing(&store, "a").unwrap(), "open");
    let row = store.finding_of_mark(&read, "a").unwrap().unwrap();
    assert_eq!(store.finding_said(&row).unwrap()[0].ended_why.as_deref(), Some("facts_changed"));
}

#[test]
fn nobody_decides_beyond_their_scope_or_alone() {
    let world = World::new();
    let mut store = world.store();
    let (one, two) = (member(&mut store, "one"), member(&mut store, "two"));
    paint(&mut store, &["a"]);
    let elsewhere = permit::<Decide, Finding>(&actor(one, Role::Ppk, "DINAS B")).unwrap();
    let said = store.finding_say(&elsewhere, "a", (Saying::Waiver, "why"), NOW, event("say")).unwrap();
    assert_eq!(said, None);
    // One person with both roles is still one person.
    let roles = [Role::Ppk, Role::Supervisor];
    let grants = roles.map(|role| Grant { role, scope: Scope::Agencies(vec!["DINAS A".into()]) });
    let both = Actor::member(one, grants.to_vec());
    let decide = permit::<Decide, Finding>(&both).unwrap();
    let id = store.finding_say(&decide, "a", (Saying::FalseAlarm, "why"), NOW, event("say")).unwrap().unwrap();
    let own = permit::<Release, Finding>(&both).unwrap();
    assert!(!store.finding_release(&own, id, true, NOW, event("release")).unwrap());
    let far = permit::<Release, Finding>(&actor(two, Role::Supervisor, "DINAS B")).unwrap();
    assert!(!store.finding_release(&far, id, true, NOW, event("release")).unwrap());
    let near = permit::<Release, Finding>(&actor(two, Role::Supervisor, "DINAS A")).unwrap();
    assert!(store.finding_release(&near, id, true, NOW, event("release")).unwrap());
}
