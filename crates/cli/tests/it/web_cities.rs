//! Several cities in one program: what one of them holds appears nowhere in the other.

use crate::fresh::FreshDatabase;
use crate::http::{Desk, PASSWORD};
use crate::world::{World, text};
use authz::Role;
use flate2::read::GzDecoder;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;

/// Two cities with the same codes and numbers; each has its canary in names of works, agencies, people and files.
const HOSTS: [(&str, &str); 2] = [("hulu", "payung.hulu.test"), ("hilir", "payung.hilir.test")];

fn canary(city: &str) -> String {
    format!("KENARI-{}", city.to_uppercase())
}

/// The made-up files of a city with its canary in them.
fn files(world: &World, city: &str) -> Vec<String> {
    let folder = world.path("files");
    if !folder.exists() {
        world.ok(&["generate", "--projects", "60", "--out", &folder.display().to_string()]);
    }
    let to = world.path(city);
    std::fs::create_dir_all(&to).unwrap();
    let mut out = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().replace("KOTA-BUATAN", &canary(city));
        let mut bytes = std::fs::read(&path).unwrap();
        if name.ends_with(".gz") {
            bytes.clear();
            GzDecoder::new(std::fs::File::open(&path).unwrap()).read_to_end(&mut bytes).unwrap();
        }
        if name == "truth.json" {
            continue;
        }
        let target = to.join(name.trim_end_matches(".gz"));
        match String::from_utf8(bytes) {
            Ok(words) => {
                let marked = words.replace("DINAS ", &format!("DINAS {} ", canary(city)));
                std::fs::write(&target, marked.replace("Rehab ", &format!("Rehab {} ", canary(city)))).unwrap();
            }
            Err(binary) => std::fs::write(&target, binary.into_bytes()).unwrap(),
        }
        out.push(target.display().to_string());
    }
    out.sort();
    out
}

/// The installation: a folder for each city, each with its own database and keys.
fn installation() -> (World, Vec<Option<FreshDatabase>>) {
    let mut world = World::on_file();
    let mut databases = Vec::new();
    for (city, host) in HOSTS {
        let home = world.home().join("cities").join(city);
        std::fs::create_dir_all(&home).unwrap();
        let database = FreshDatabase::new();
        let mut settings = format!("address: http://{host}\n");
        if let Some(database) = &database {
            settings.push_str(&format!("database: {}\n", database.url()));
        }
        let arrived = files(&world, city);
        std::fs::write(home.join("payung.yaml"), settings).unwrap();
        let mut arguments = vec!["--home", home.to_str().unwrap(), "import"];
        arguments.extend(arrived.iter().map(String::as_str));
        let out = std::process::Command::new(crate::world::PROGRAM)
            .args(&arguments)
            .env_remove("PAYUNG_DATABASE")
            .output()
            .unwrap();
        assert!(out.status.success(), "{}{}", text(&out.stdout), text(&out.stderr));
        databases.push(database);
    }
    world.database = None;
    (world, databases)
}

/// Every address within a page, as a browser would follow it.
fn links(body: &str) -> impl Iterator<Item = String> + '_ {
    let quoted = body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let own = quoted.filter(|path| path.starts_with('/') && !path.starts_with("//"));
    own.map(|path| path.split('#').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&"))
}

/// Pages as their address without numbers and names: enough of each kind, and not every project.
fn kind(path: &str) -> String {
    let plain = path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = plain.split('/').collect();
    format!("{}/{}?{}", parts.get(1).unwrap_or(&""), parts.len(), path.contains('?'))
}

/// Walks a desk from its first pages on; every page by its address.
fn crawl(desk: &Desk, session: &str) -> BTreeMap<String, String> {
    let mut waiting: Vec<String> = web::ROUTES
        .iter()
        .filter(|(method, path, _)| *method == "GET" && !path.contains('{'))
        .map(|(_, path, _)| (*path).to_owned())
        .collect();
    let (mut pages, mut kinds) = (BTreeMap::new(), BTreeMap::<String, usize>::new());
    while let Some(path) = waiting.pop() {
        if pages.contains_key(&path) || path == "/keluar" || path.starts_with("/bahasa") {
            continue;
        }
        let seen = kinds.entry(kind(&path)).or_default();
        *seen += 1;
        if *seen > 12 {
            continue;
        }
        let answer = desk.get(&path, session);
        assert!(answer.status > 0 && answer.status < 500, "{path}: {}", answer.status);
        waiting.extend(links(&answer.body));
        let headers: Vec<String> = answer.headers.values().flatten().cloned().collect();
        pages.insert(path, format!("{}\n{}", headers.join("\n"), answer.body));
    }
    pages
}

#[test]
fn nothing_of_one_city_appears_in_another() {
    let (world, _databases) = installation();
    let hosts = HOSTS.map(|(_, host)| host);
    let desks = Desk::start_all(&world, &hosts);
    let mut sessions = Vec::new();
    for ((city, _), desk) in HOSTS.iter().zip(&desks) {
        let login = format!("{}@{city}.test", canary(city).to_lowercase());
        let (admin, _) = desk.accept(&desk.first_link.clone().unwrap(), &login);
        desk.wait("no picture", || desk.get("/api/v1/projects", &admin).body.contains("\"code\""));
        let invited = format!("lain-{login}");
        desk.invite(&admin, &invited, Role::Auditor, "");
        // A letter and an answer, in words only this city has.
        let page = desk.get("/temuan/not-registered", &admin).body;
        let finding = page.split("<a href=\"/temuan/not-registered/").nth(1).unwrap().split('"').next().unwrap();
        let project = page.split("<td><a href=\"/proyek/").nth(1).unwrap().split('"').next().unwrap();
        let said = [("jenis", "answer"), ("alasan", canary(city).as_str())].map(|(k, v)| (k, v.to_owned()));
        let said: Vec<(&str, &str)> = said.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let answered = desk.post(&format!("/temuan/not-registered/{finding}"), &admin, &said);
        assert!(answered.status == 303 || answered.status == 422, "{}", answered.body);
        let letter =
            desk.post("/surat", &admin, &[("proyek", project), ("temuan", "not-registered"), ("jenis", "notice")]);
        assert_eq!(letter.status, 303, "{}", letter.body);
        sessions.push(admin);
    }
    let pages: Vec<BTreeMap<String, String>> =
        desks.iter().zip(&sessions).map(|(desk, session)| crawl(desk, session)).collect();
    for (here, there) in [(0, 1), (1, 0)] {
        let (own, foreign) = (canary(HOSTS[here].0), canary(HOSTS[there].0));
        let with_own = pages[here].values().filter(|p| p.to_uppercase().contains(&own)).count();
        assert!(pages[here].len() > 80 && with_own > 40, "{} pages, {with_own} with the canary", pages[here].len());
        for (path, page) in &pages[here] {
            assert!(!page.to_uppercase().contains(&foreign), "{foreign} at {path}");
        }
        // Every address of the other city, asked here: by this city's administrator, by the other's, by nobody.
        let elsewhere: BTreeSet<&String> = pages[there].keys().collect();
        for path in elsewhere {
            for session in [&sessions[here], &sessions[there], &String::new()] {
                let answer = desks[here].get(path, session);
                assert!(answer.status > 0 && answer.status < 500, "{path}: {}", answer.status);
                assert!(!answer.body.to_uppercase().contains(&foreign), "{foreign} at {path}");
            }
        }
        // Whoever signed in there is nobody here.
        assert_eq!(desks[here].get("/api/v1/projects", &sessions[there]).status, 401);
        assert!(desks[here].get("/orang", &sessions[there]).header("location").starts_with("/masuk?"));
        let login = format!("{}@{}.test", foreign.to_lowercase(), HOSTS[there].0);
        assert_eq!(desks[here].post("/masuk", "", &[("alamat", &login), ("sandi", PASSWORD)]).status, 422);
    }
    // A name nobody has is nobody's; whoever watches the machine is answered.
    let stranger = Desk {
        host: "lain.test".into(),
        first_link: None,
        program: desks[0].program.clone(),
        address: desks[0].address.clone(),
    };
    for path in ["/", "/publik", "/masuk", "/metrik"] {
        let answer = stranger.get(path, &sessions[0]);
        assert!(answer.status == 421 && !answer.body.to_uppercase().contains("KENARI"), "{path}: {}", answer.status);
    }
    assert_eq!((stranger.get("/sehat", "").status, stranger.get("/siap", "").status), (200, 200));
}

#[test]
fn cities_that_cannot_be_told_apart_are_refused() {
    let world = World::on_file();
    let settle = |city: &str, settings: &str| {
        let home = world.home().join("cities").join(city);
        std::fs::create_dir_all(&home).unwrap();
        std::fs::write(home.join("payung.yaml"), settings).unwrap();
    };
    let refused = |words: &str| {
        let out = world.command(&["serve", "--listen", "127.0.0.1:0", "--lang", "en"]).output().unwrap();
        let said = text(&out.stderr);
        assert!(out.status.code() == Some(2) && said.contains(words), "{words}: {said}");
    };
    settle("hulu", "address: https://payung.hulu.test\n");
    settle("hilir", "");
    refused("this city has no name yet");
    settle("hilir", "address: https://PAYUNG.hulu.test:8443/\n");
    refused("payung.hulu.test is already another city's");
    settle("hilir", "address: https://payung.hilir.test\nlisten: 127.0.0.1:1\n");
    refused("unknown key \"listen\"");
    settle("hilir", "address: https://payung.hilir.test\n");
    std::fs::write(world.home().join("payung.yaml"), "smtp: smtp://localhost\n").unwrap();
    refused("unknown key \"smtp\"");
    std::fs::remove_file(world.home().join("payung.yaml")).unwrap();
    let out = world
        .command(&["serve", "--listen", "127.0.0.1:0", "--lang", "en"])
        .env("PAYUNG_DATABASE", "postgresql://payung@127.0.0.1:1/payung")
        .output()
        .unwrap();
    assert!(out.status.code() == Some(2) && text(&out.stderr).contains("cannot be used"), "{}", text(&out.stderr));
    assert!(!Path::new(&world.home().join("payung.db")).exists());
}

/// Cities stand side by side only where they agreed to it, with nothing but counts.
#[test]
fn only_who_agreed_stands_beside_others() {
    let (world, _databases) = installation();
    let beside = "payung.provinsi.test";
    let settings = format!("province:\n  name: Provinsi Rantau\n  address: https://{beside}\n");
    std::fs::write(world.home().join("payung.yaml"), &settings).unwrap();
    let agree = |city: &str, name: &str| {
        let path = world.home().join("cities").join(city).join("payung.yaml");
        let before = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{before}compare: {name}\n")).unwrap();
    };
    agree("hulu", "Kota Hulu");
    let hosts = [HOSTS[0].1, HOSTS[1].1, beside];
    let desks = Desk::start_all(&world, &hosts);
    for ((city, _), desk) in HOSTS.iter().zip(&desks) {
        let (admin, _) = desk.accept(&desk.first_link.clone().unwrap(), &format!("satu@{city}.test"));
        desk.wait("no picture", || desk.get("/api/v1/projects", &admin).body.contains("\"code\""));
    }
    let province = &desks[2];
    let page = province.get("/", "").body;
    assert!(page.contains("Provinsi Rantau") && page.contains("Kota Hulu"), "{page}");
    assert!(!page.contains(HOSTS[1].1) && page.matches("<a href=\"http://payung").count() == 1, "{page}");
    assert!(province.get("/bahasa/en", "").body.contains("Cities that agreed to it"));
    // The card counts what the city counts, and holds no name of works, agency or person.
    let (status, card) = province.json("/kartu.json", "");
    assert_eq!((status, card["cities"].as_u64()), (200, Some(1)));
    let (_, figures) = desks[0].json("/data-terbuka/angka.csv", "");
    assert!(figures.is_null(), "that is a table");
    for text in [page.as_str(), &card.to_string(), &province.get("/angka.csv", "").body] {
        assert!(!text.contains("KENARI") && !text.contains("DINAS"), "{text}");
    }
    assert_eq!(province.get("/proyek", "").status, 404);
    assert_eq!(desks[0].get("/kartu.json", "").status, 404);
    drop(desks);

    // Cards of cities elsewhere compare as files; a mistake in one is said.
    let out = world.path("hulu.json");
    let home = world.home().join("cities").join("hulu");
    let written = std::process::Command::new(crate::world::PROGRAM)
        .args(["--home", home.to_str().unwrap(), "open", "card", "--name", "Kota Hulu", "--out", out.to_str().unwrap()])
        .env_remove("PAYUNG_DATABASE")
        .output()
        .unwrap();
    assert!(written.status.success(), "{}", text(&written.stderr));
    let own: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(own["projects"], card["projects"]);
    let other = world.path("lain.json");
    let mut moved = own.clone();
    moved["name"] = "Kota Jauh".into();
    std::fs::write(&other, moved.to_string()).unwrap();
    let said = world.run(&["compare", out.to_str().unwrap(), other.to_str().unwrap(), "--json"]);
    let all: serde_json::Value = serde_json::from_str(&text(&said.stdout)).unwrap();
    assert_eq!(all["sum"]["projects"].as_u64(), own["projects"].as_u64().map(|n| n * 2), "{all}");
    assert_eq!(all["rows"][0]["apart"], "", "the same city twice does not differ");
    moved["projects"] = 1.into();
    std::fs::write(&other, moved.to_string()).unwrap();
    let no = world.run(&["compare", other.to_str().unwrap()]);
    assert!(!no.status.success() && text(&no.stderr).contains("bertentangan dengan dirinya"), "{}", text(&no.stderr));
    // The address of the province is no city's.
    std::fs::write(world.home().join("payung.yaml"), settings.replace(beside, HOSTS[0].1)).unwrap();
    let no = world.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(!no.status.success(), "{}", text(&no.stdout));
}
