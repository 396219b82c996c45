//! The city's own sign-on, against a provider that runs.

use crate::http::{Desk, Response};
use crate::provider::{ITS_KEY, Person, Provider};
use crate::world::World;

const HEAD: Person = Person { subject: "u-1", email: "Kepala@kota.go.id", verified: true, asked: "pwd" };

/// A browser that has been sent to the provider: where to, and the cookie it left with.
fn leave(desk: &Desk) -> (String, String) {
    let sent = desk.get("/masuk/luar?ke=/temuan", "");
    assert_eq!(sent.status, 303, "{}", sent.body);
    let cookie = sent.headers["set-cookie"].iter().find(|c| c.starts_with("payung_luar=")).unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    (sent.header("location").to_owned(), cookie.split(';').next().unwrap().to_owned())
}

fn back(desk: &Desk, answer: &str, cookie: &str) -> Response {
    desk.raw("GET", &format!("/masuk/luar/kembali{answer}"), &[("Cookie", cookie)], b"")
}

fn settings(world: &World, issuer: &str, more: &str) {
    let text = format!(
        "sign_on:\n  issuer: {issuer}\n  client_id: payung\n  client_secret: rahasia\n  name: SSO Kota\n{more}"
    );
    std::fs::create_dir_all(world.home()).unwrap();
    std::fs::write(world.home().join("payung.yaml"), text).unwrap();
}

#[test]
fn whoever_was_invited_signs_in_by_the_citys_sign_on() {
    let world = World::new();
    let provider = Provider::start();
    settings(&world, &provider.issuer, "");
    let desk = Desk::start(&world);
    let (_, secret) = desk.accept(&desk.first_link.clone().unwrap(), "kepala@kota.go.id");
    assert!(desk.get("/masuk", "").body.contains("Masuk lewat SSO Kota"));

    // It stands for the password: the second factor is asked here, where the provider did not ask.
    let (address, cookie) = leave(&desk);
    let answer = provider.agree(&address, &HEAD, ITS_KEY);
    let half = back(&desk, &answer, &cookie);
    assert_eq!((half.status, half.header("location")), (303, "/masuk/kode?ke=/temuan"), "{}", half.body);
    let half = half.session().unwrap();
    assert_eq!(desk.get("/temuan", &half).status, 303, "half signed in is not signed in");
    // The code used for the invitation is used up: the next one is asked for by the clock.
    let later = app::clock::seconds().unsigned_abs() + 30;
    let code = app::desk::sign_in::code_at(&secret, later).unwrap();
    let full = desk.post("/masuk/kode", &half, &[("kode", &code), ("ke", "/temuan")]);
    assert_eq!(full.status, 303, "{}", full.body);
    assert_eq!(desk.get("/temuan", &full.session().unwrap()).status, 200);

    // Once, and only in the browser that left.
    assert_eq!(back(&desk, &answer, &cookie).status, 422, "used up");
    let (address, cookie) = leave(&desk);
    let answer = provider.agree(&address, &HEAD, ITS_KEY);
    assert_eq!(back(&desk, &answer, "payung_luar=").status, 422, "another browser");
    assert_eq!(back(&desk, "?error=access_denied", &cookie).status, 422);

    // Where the provider asked for more than a password, that is enough.
    let (address, cookie) = leave(&desk);
    let two = Person { asked: "mfa", ..HEAD };
    let full = back(&desk, &provider.agree(&address, &two, ITS_KEY), &cookie);
    assert_eq!((full.status, full.header("location")), (303, "/temuan"), "{}", full.body);
    assert_eq!(desk.get("/temuan", &full.session().unwrap()).status, 200);
    world.ok(&["audit", "verify"]);
}

#[test]
fn nobody_else_does() {
    let world = World::new();
    let provider = Provider::start();
    settings(&world, &provider.issuer, "");
    let desk = Desk::start(&world);
    desk.accept(&desk.first_link.clone().unwrap(), "kepala@kota.go.id");
    let come = |person: &Person, signing: u8| {
        let (address, cookie) = leave(&desk);
        back(&desk, &provider.agree(&address, person, signing), &cookie)
    };
    let stranger = Person { email: "orang@lain.id", subject: "u-2", asked: "mfa", ..HEAD };
    assert!(come(&stranger, ITS_KEY).body.contains("belum diundang"));
    let claimed = Person { verified: false, asked: "mfa", ..HEAD };
    assert_eq!(come(&claimed, ITS_KEY).status, 422, "an address nobody vouches for");
    let known = Person { asked: "mfa", ..HEAD };
    assert_eq!(come(&known, ITS_KEY + 1).status, 422, "signed by somebody else");
    assert_eq!(come(&known, ITS_KEY).status, 303);
    // The address went to somebody else: the rights do not.
    let heir = Person { subject: "u-3", ..known };
    let refused = come(&heir, ITS_KEY);
    assert_eq!(refused.status, 422);
    assert!(refused.session().is_none() && refused.body.contains("belum diundang"));
}

#[test]
fn a_sign_on_that_makes_no_sense_is_refused_at_start_and_one_that_is_silent_says_so() {
    let world = World::new();
    let start = |issuer: &str, more: &str| {
        settings(&world, issuer, more);
        world.run(&["serve", "--listen", "127.0.0.1:0"])
    };
    for (issuer, more, key) in [
        ("http://sso.kota.go.id", "", "sign_on.issuer"),
        ("https://sso.kota.go.id", "  scope: openid\n", "sign_on.scope"),
    ] {
        let out = start(issuer, more);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.code() == Some(2) && said.contains(key), "{key}: {said}");
    }
    settings(&world, "http://127.0.0.1:1", "");
    let desk = Desk::start(&world);
    let silent = desk.get("/masuk/luar", "");
    assert!(silent.status == 422 && silent.body.contains("tidak menjawab"), "{}", silent.status);
    assert_eq!(desk.get("/masuk", "").status, 200, "the password still works");
}
