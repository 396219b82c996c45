//! A provider of OpenID Connect on this machine: describes itself, shows its key, and changes codes for signed identities.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

/// Somebody the provider has asked for a password.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) subject: &'static str,
    pub(crate) email: &'static str,
    pub(crate) verified: bool,
    /// How they were asked, as RFC 8176 has it.
    pub(crate) asked: &'static str,
}

/// What a code stands for: its challenge, its nonce, the person, and which key signs.
type Codes = Arc<Mutex<BTreeMap<String, (String, String, Person, u8)>>>;

pub(crate) struct Provider {
    pub(crate) issuer: String,
    codes: Codes,
}

/// Seed of the key the provider shows.
pub(crate) const ITS_KEY: u8 = 7;

fn key(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

fn decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        match b {
            b'+' => out.push(b' '),
            b'%' => {
                let two = [bytes.next().unwrap(), bytes.next().unwrap()];
                out.push(u8::from_str_radix(std::str::from_utf8(&two).unwrap(), 16).unwrap());
            }
            b => out.push(b),
        }
    }
    String::from_utf8(out).unwrap()
}

pub(crate) fn fields(query: &str) -> BTreeMap<String, String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), decoded(value))).collect()
}

impl Provider {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let codes = Codes::default();
        let (own, known) = (issuer.clone(), Arc::clone(&codes));
        std::thread::spawn(move || listener.incoming().for_each(|s| answer(s.unwrap(), &own, &known)));
        Self { issuer, codes }
    }

    /// The person agrees at the address the browser was sent to; the answer is what it is sent back with.
    pub(crate) fn agree(&self, address: &str, person: &Person, signing: u8) -> String {
        let (place, query) = address.split_once('?').unwrap();
        assert_eq!(place, format!("{}/authorize", self.issuer));
        let asked = fields(query);
        assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
        let mut codes = self.codes.lock().unwrap();
        let code = format!("code-{}", codes.len());
        let known = (asked["code_challenge"].clone(), asked["nonce"].clone(), person.clone(), signing);
        codes.insert(code.clone(), known);
        format!("?code={code}&state={}", asked["state"])
    }
}

fn answer(mut stream: TcpStream, issuer: &str, codes: &Codes) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut first, mut length, mut authorization) = (String::new(), 0, String::new());
    reader.read_line(&mut first).unwrap();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "authorization" => authorization = value.to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let path = first.split(' ').nth(1).unwrap_or_default();
    let said = match path {
        "/.well-known/openid-configuration" => Some(json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA"],
        })),
        "/keys" => {
            let shown = BASE64_URL_SAFE_NO_PAD.encode(key(ITS_KEY).public_key().as_ref());
            Some(json!({ "keys": [
                { "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "one", "x": shown }
            ] }))
        }
        "/token" if authorization == format!("Basic {}", BASE64_STANDARD.encode("payung:rahasia")) => {
            token(&fields(std::str::from_utf8(&body).unwrap()), issuer, codes)
        }
        _ => None,
    };
    let (status, text) = match said {
        Some(said) => ("200 OK", said.to_string()),
        None => ("400 Bad Request", json!({ "error": "invalid_grant" }).to_string()),
    };
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n", text.len());
    let _ = stream.write_all(format!("{head}Connection: close\r\n\r\n{text}").as_bytes());
}

fn token(asked: &BTreeMap<String, String>, issuer: &str, codes: &Codes) -> Option<Value> {
    let (challenge, nonce, person, signing) = codes.lock().unwrap().remove(asked.get("code")?)?;
    let verifier = asked.get("code_verifier")?;
    if BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) != challenge {
        return None;
    }
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let head = json!({ "alg": "EdDSA", "kid": "one", "typ": "JWT" });
    let claims = json!({
        "iss": issuer, "aud": "payung", "sub": person.subject, "nonce": nonce, "iat": now, "exp": now + 300,
        "email": person.email, "email_verified": person.verified, "amr": [person.asked],
    });
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&head), part(&claims));
    let signature = BASE64_URL_SAFE_NO_PAD.encode(key(signing).sign(signed.as_bytes()));
    Some(json!({
        "access_token": "nothing", "token_type": "Bearer", "expires_in": 300, "id_token": format!("{signed}.{signature}"),
    }))
}
