//! Another program is told what happened: signed, in order, once each, again while it is away, and never in the city's own net unless its operator says so.

use crate::http::Desk;
use crate::web_letters::unregistered;
use crate::world::World;
use authz::Role;
use outward::{Guard, Heard, Secret};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

const SECRET: &str = "whsec_cGF5dW5nLXRlZHVoLWRpLWJhdGFuZ2hhcmk=";

/// What came in: what it is to a receiver with a guard, and what it says.
type Came = Arc<Mutex<Vec<(Heard, serde_json::Value)>>>;

/// One request: headers and body.
fn request(stream: &mut std::net::TcpStream) -> (BTreeMap<String, String>, String) {
    let mut bytes = Vec::new();
    let mut chunk = [0u8; 4_096];
    loop {
        let n = stream.read(&mut chunk).unwrap();
        assert!(n > 0, "hung up");
        bytes.extend_from_slice(&chunk[..n]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let pairs = head.lines().filter_map(|l| l.split_once(": "));
        let headers: BTreeMap<String, String> = pairs.map(|(n, v)| (n.to_lowercase(), v.to_owned())).collect();
        let length: usize = headers.get("content-length").and_then(|l| l.parse().ok()).unwrap_or(0);
        if body.len() >= length {
            return (headers, body.to_owned());
        }
    }
}

/// A receiver that refuses the first `refusals` messages.
fn receiver(refusals: usize) -> (u16, Came) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let came: Came = Arc::default();
    let kept = Arc::clone(&came);
    std::thread::spawn(move || {
        let (mut guard, mut left) = (Guard::default(), refusals);
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (headers, body) = request(&mut stream);
            let header = |name: &str| headers.get(name).map_or("", String::as_str);
            let named = (header(outward::ID), header(outward::TIMESTAMP), header(outward::SIGNATURE));
            let refuse = left > 0;
            left = left.saturating_sub(1);
            let heard = if refuse {
                Heard::Stale
            } else {
                guard.hear(&Secret::parse(SECRET).unwrap(), named, body.as_bytes(), app::clock::seconds())
            };
            kept.lock().unwrap().push((heard, serde_json::from_str(&body).unwrap()));
            let status = if refuse { "503 Busy" } else { "204 No Content" };
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (port, came)
}

#[test]
fn a_treasury_is_told_of_verdicts_in_order() {
    let world = World::new();
    let (desk, admin) = Desk::over_city(&world);
    let (project, _) = unregistered(&desk, &admin, 0);
    let whole = desk.json(&format!("/api/v1/projects/{project}"), &admin).1;
    let agency = whole["project"]["agency"].as_str().unwrap();
    let finance =
        desk.accept(&desk.invite(&admin, "bpkad@kota.go.id", Role::FinanceClerk, agency), "bpkad@kota.go.id").0;
    drop(desk);
    let (port, came) = receiver(0);
    let settings = |text: &str| std::fs::write(world.home().join("payung.yaml"), text).unwrap();
    let url = format!("http://127.0.0.1:{port}/payung");
    // What makes no sense is refused by name before anything is served.
    for (text, key) in [
        (format!("webhook:\n  url: {url}\n  secret: {SECRET}\n"), "webhook.url"),
        (format!("webhook:\n  url: https://a:b@c/\n  secret: {SECRET}\n"), "webhook.url"),
        ("webhook:\n  url: https://sipd.example.go.id/\n  secret: pendek\n".to_owned(), "webhook.secret"),
        (format!("webhook:\n  url: {url}\n  secret: {SECRET}\n  private: \"yes\"\n"), "webhook.private"),
    ] {
        settings(&text);
        let out = world.run(&["serve", "--listen", "127.0.0.1:0"]);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.code() == Some(2) && said.contains(key), "{said}");
    }
    settings(&format!("webhook:\n  url: {url}\n  secret: {SECRET}\n  private: allowed\n"));
    let desk = Desk::start(&world);
    // The first look begins the telling: what happened before is not told.
    let told = |n: usize| format!("Pemberitahuan ke sistem lain: {n} diterima");
    desk.wait("not begun", || desk.get("/pekerjaan", &admin).body.contains(&told(0)));
    let path = format!("/proyek/{project}/gerbang");
    for step in ["start-order", "advance", "balance"] {
        assert_eq!(desk.post(&path, &finance, &[("langkah", step)]).status, 303);
    }
    desk.wait("not told", || desk.get("/pekerjaan", &admin).body.contains(&told(3)));
    let heard = came.lock().unwrap().clone();
    let steps: Vec<&str> = heard.iter().map(|(_, m)| m["data"]["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["start-order", "advance", "balance"], "in order, once each");
    for (heard, message) in &heard {
        assert_eq!((*heard, &message["type"]), (Heard::New, &serde_json::json!("gate.verdict")));
        assert_eq!(message["data"]["project"], project.as_str());
    }
    drop(desk);

    // Killed and started again, nothing is told twice and nothing is left out.
    let desk = Desk::start(&world);
    assert_eq!(desk.post(&path, &finance, &[("langkah", "handover")]).status, 303);
    desk.wait("not told", || desk.get("/pekerjaan", &admin).body.contains(&told(4)));
    let heard = came.lock().unwrap().clone();
    assert_eq!((heard.len(), &heard[3].1["data"]["step"]), (4, &serde_json::json!("handover")));
    assert!(heard.iter().all(|(heard, _)| *heard == Heard::New));
    drop(desk);

    // A receiver that is busy is asked again later; meanwhile the page says so, and what comes after waits.
    let (port, came) = receiver(1);
    settings(&format!("webhook:\n  url: http://127.0.0.1:{port}/\n  secret: {SECRET}\n  private: allowed\n"));
    let desk = Desk::start(&world);
    assert_eq!(desk.post(&path, &finance, &[("langkah", "contract")]).status, 303);
    desk.wait("not tried", || desk.get("/pekerjaan", &admin).body.contains("1 kali gagal berturut-turut (status 503)"));
    assert_eq!(came.lock().unwrap().len(), 1);
}
