//! A running desk, spoken to over HTTP.

use crate::world::World;
use authz::Role;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A running program, ended when dropped.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A desk of a running program.
pub(crate) struct Desk {
    pub(crate) program: Arc<Mutex<Running>>,
    pub(crate) address: String,
    /// The name a browser asks for.
    pub(crate) host: String,
    pub(crate) first_link: Option<String>,
}

pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, Vec<String>>,
    pub(crate) body: String,
    pub(crate) bytes: Vec<u8>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v[0].as_str())
    }

    pub(crate) fn session(&self) -> Option<String> {
        let cookie = self.headers.get("set-cookie")?.iter().find(|c| c.starts_with("payung_sesi="))?;
        Some(cookie["payung_sesi=".len()..].split(';').next()?.to_owned())
    }
}

impl Desk {
    pub(crate) fn start(world: &World) -> Self {
        Self::start_all(world, &[]).remove(0)
    }

    /// One desk for each host; one that answers to its number where none is named.
    pub(crate) fn start_all(world: &World, hosts: &[&str]) -> Vec<Self> {
        let mut child = world
            .command(&["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (mut address, mut links) = (String::new(), Vec::new());
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(at) = line.find("/undangan/") {
                links.push((line.clone(), line[at..].trim().to_owned()));
            }
            if line.contains("Ctrl+C") {
                let at = line.find("127.0.0.1").unwrap();
                address = line[at..].split(". ").next().unwrap().to_owned();
                break;
            }
        }
        let program = Arc::new(Mutex::new(Running(child)));
        let numbered = [address.as_str()];
        let hosts = if hosts.is_empty() { &numbered } else { hosts };
        let link = |host: &str| links.iter().find(|(line, _)| line.contains(host)).map(|(_, link)| link.clone());
        let desk = |host: &&str| Self {
            program: Arc::clone(&program),
            address: address.clone(),
            host: (*host).to_owned(),
            first_link: link(host),
        };
        hosts.iter().map(desk).collect()
    }

    /// One request of raw bytes. HTTP/1.0, so that the answer ends where the connection does.
    pub(crate) fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut head = format!("{method} {path} HTTP/1.0\r\nHost: {}\r\nContent-Length: {}\r\n", self.host, body.len());
        headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        // A server that has heard enough hangs up before it has read everything.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let at = answer.windows(4).position(|w| w == b"\r\n\r\n").map_or(answer.len(), |at| at + 4);
        let bytes = answer[at..].to_vec();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|l| l.split(' ').nth(1)).and_then(|s| s.parse().ok()).unwrap_or(0);
        let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in lines.filter_map(|l| l.split_once(": ")) {
            headers.entry(name.to_lowercase()).or_default().push(value.to_owned());
        }
        Response { status, headers, body: body.to_owned(), bytes }
    }

    pub(crate) fn get(&self, path: &str, session: &str) -> Response {
        self.raw("GET", path, &[("Cookie", &format!("payung_sesi={session}"))], b"")
    }

    pub(crate) fn post(&self, path: &str, session: &str, fields: &[(&str, &str)]) -> Response {
        let form: Vec<String> = fields.iter().map(|(k, v)| format!("{k}={}", percent(v))).collect();
        let cookie = format!("payung_sesi={session}");
        let headers = [("Cookie", cookie.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        self.raw("POST", path, &headers, form.join("&").as_bytes())
    }

    /// Takes an invitation up; the answer is a session, and the secret of the second factor.
    pub(crate) fn accept(&self, link: &str, login: &str) -> (String, Vec<u8>) {
        let page = self.get(link, "").body;
        let secret = page.split("name=\"rahasia\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let bytes = app::desk::unhex(&secret).unwrap();
        let code = app::desk::sign_in::code_at(&bytes, app::clock::seconds().unsigned_abs()).unwrap();
        let name = format!("Orang {}", login.split('@').next().unwrap_or_default());
        let fields = [("alamat", login), ("nama", &name), ("sandi", PASSWORD), ("kode", &code), ("rahasia", &secret)];
        let taken = self.post(link, "", &fields);
        assert_eq!(taken.status, 303, "{}", taken.body);
        (taken.session().unwrap(), bytes)
    }

    pub(crate) fn invite(&self, admin: &str, login: &str, role: Role, scope: &str) -> String {
        let fields = [("alamat", login), ("nama", "Orang Uji"), ("peran", role.name()), ("lingkup", scope)];
        let page = self.post("/orang", admin, &fields);
        let at = page.body.find("/undangan/").unwrap_or_else(|| panic!("{} {}", page.status, page.body));
        page.body[at..].split('<').next().unwrap().to_owned()
    }

    /// A JSON question; its status and answer.
    pub(crate) fn json(&self, path: &str, session: &str) -> (u16, serde_json::Value) {
        let answer = self.get(path, session);
        (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
    }

    /// Something said in JSON; its status and answer.
    pub(crate) fn say(&self, path: &str, session: &str, said: &serde_json::Value) -> (u16, serde_json::Value) {
        let cookie = format!("payung_sesi={session}");
        let headers = [("Cookie", cookie.as_str()), ("Content-Type", "application/json")];
        let answer = self.raw("POST", path, &headers, said.to_string().as_bytes());
        (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
    }

    pub(crate) fn wait(&self, what: &str, until: impl Fn() -> bool) {
        let begun = Instant::now();
        while !until() {
            assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The same with members who hold a role over the whole city, which a second person releases: theirs and that second person's session come last.
    pub(crate) fn over_city_with<const N: usize>(
        world: &World,
        members: [Role; N],
    ) -> (Self, String, [String; N], String) {
        let (desk, admin) = Self::over_city(world);
        let (second, _) =
            desk.accept(&desk.invite(&admin, "wakil@kota.go.id", Role::Supervisor, ""), "wakil@kota.go.id");
        // The first administrator holds three grants, the second person one.
        let mut grant = 4;
        let sessions = members.map(|role| {
            grant += 1;
            let login = format!("{}@kota.go.id", role.name());
            let session = desk.accept(&desk.invite(&admin, &login, role, ""), &login).0;
            assert_eq!(desk.post(&format!("/orang/hak/{grant}"), &second, &[]).status, 303);
            session
        });
        (desk, admin, sessions, second)
    }

    /// A desk over a made-up city, with its picture painted, and the session of the first administrator.
    pub(crate) fn over_city(world: &World) -> (Self, String) {
        world.ok(&["demo", "--no-serve", "--projects", "60"]);
        let desk = Self::start(world);
        let (admin, _) = desk.accept(&desk.first_link.clone().unwrap(), "kepala@kota.go.id");
        desk.wait("no picture", || desk.get("/api/v1/projects", &admin).body.contains("\"code\""));
        (desk, admin)
    }
}

pub(crate) const PASSWORD: &str = "payung teduh di batanghari";

pub(crate) fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
