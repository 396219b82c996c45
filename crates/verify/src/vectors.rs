//! What every verifier of slips must answer: made here under keys that are no secret, run by the tests of this crate and, in a real browser, by the
//! walk. A verifier that says good where this does not is broken.

use crate::sealed::{fingerprint, public_text};
use crate::slip::{CERTIFICATE, LIST, SLIP};
use crate::{Answer, Certificate, Key, Keys, Kind, Payload, Withdrawal, WithdrawalKind, Withdrawals, sign};
use ed25519_dalek::SigningKey;
use serde::Serialize;

/// One question and its answer.
#[derive(Debug, Clone, Serialize)]
pub struct Vector {
    /// What is tried.
    pub name: String,
    /// The text of the slip.
    pub slip: String,
    /// The list of withdrawals.
    pub list: Option<String>,
    /// The day asked about.
    pub day: String,
    /// The answer.
    pub answer: Answer,
}

const CITY: &str = "KOTA CONTOH";

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

/// The public keys the vectors are checked with: one retired, one lost, one in use.
pub fn keys() -> Keys {
    let public = |id: &str, n: u8, from: &str, until: Option<&str>, lost| Key {
        id: id.into(),
        public: public_text(&key(n)),
        from: from.into(),
        until: until.map(str::to_owned),
        lost,
    };
    Keys {
        city: CITY.into(),
        keys: vec![
            public("k1", 1, "2025-01-01", Some("2025-12-31"), false),
            public("k2", 2, "2026-01-01", Some("2026-05-31"), true),
            public("k3", 3, "2026-06-01", None, false),
        ],
    }
}

/// A clearance from 2 to 31 July 2026 under the key in use.
pub fn payload() -> Payload {
    Payload {
        city: CITY.into(),
        number: "SK-2026-000007".into(),
        kind: Kind::Clearance,
        project: "nontender:10050261000".into(),
        name: "Rehabilitasi Gedung SD Negeri 11 \u{2013} tahap II".into(),
        moment: "start-order".into(),
        verdict: "pass".into(),
        aside: false,
        day: "2026-07-02".into(),
        from: "2026-07-02".into(),
        until: "2026-07-31".into(),
        made: "2026-07-02".into(),
        key: "k3".into(),
        digest: "00".repeat(32),
    }
}

/// A certificate of 2 July 2026 under the key in use.
pub fn certificate() -> Certificate {
    Certificate {
        city: CITY.into(),
        number: "SERT-2026-000004".into(),
        holder: "SITI UPAMA, S.T.".into(),
        office: "DINAS CONTOH".into(),
        role: "ppk".into(),
        day: "2026-07-02".into(),
        score: [4, 5],
        made: "2026-07-03".into(),
        key: "k3".into(),
    }
}

/// The answer to a text, as whatever paper it begins as.
pub fn answer(v: &Vector) -> Answer {
    let (keys, list) = (keys(), v.list.as_deref());
    if crate::is_certificate(&v.slip) {
        crate::check_certificate(&v.slip, &keys, list, &v.day).answer
    } else {
        crate::check(&v.slip, &keys, list, &v.day).answer
    }
}

/// A list that withdraws number 8 wholly and number 9 from 10 July on, and affirms number 3 of the lost key.
pub fn withdrawals() -> Withdrawals {
    let slip = |number: &str, day: &str, kind| Withdrawal { number: number.into(), day: day.into(), kind };
    Withdrawals {
        city: CITY.into(),
        made: "2026-07-15".into(),
        key: "k3".into(),
        slips: vec![
            slip("SK-2026-000008", "2026-07-05", WithdrawalKind::Void),
            slip("SK-2026-000009", "2026-07-10", WithdrawalKind::Ended),
            slip("SERT-2026-000005", "2026-07-10", WithdrawalKind::Void),
        ],
        affirmed: vec![("SK-2026-000003".into(), fingerprint(&signed(SLIP, &third(), 2)))],
    }
}

/// A clearance under the key that was lost later.
fn third() -> Payload {
    Payload { key: "k2".into(), made: "2026-03-01".into(), number: "SK-2026-000003".into(), ..payload() }
}

/// Signs what becomes JSON: always possible for what stands here.
fn signed<T: Serialize>(mark: &str, said: &T, by: u8) -> String {
    sign(mark, said, &key(by)).unwrap_or_default()
}

const DAY: &str = "2026-07-20";

struct Made {
    all: Vec<Vector>,
    list: String,
}

impl Made {
    fn add(&mut self, name: &str, slip: &str, day: &str, answer: Answer) {
        let list = Some(self.list.clone());
        self.all.push(Vector { name: name.into(), slip: slip.into(), list, day: day.into(), answer });
    }

    fn with_list(&mut self, name: &str, list: Option<String>, answer: Answer) {
        let slip = signed(SLIP, &payload(), 3);
        self.all.push(Vector { name: name.into(), slip, list, day: DAY.into(), answer });
    }
}

/// All of them: days, keys, lists, every field of the payload changed under the old signature, every letter of a slip changed once.
pub fn all() -> Vec<Vector> {
    let mut made = Made { all: Vec::new(), list: signed(LIST, &withdrawals(), 3) };
    let good = signed(SLIP, &payload(), 3);
    days(&mut made, &good);
    by_keys(&mut made);
    by_lists(&mut made);
    fields(&mut made, &good);
    certificates(&mut made);
    letters(&mut made, &good);
    made.all
}

fn days(made: &mut Made, good: &str) {
    made.add("first day", good, "2026-07-02", Answer::Good);
    made.add("last day", good, "2026-07-31", Answer::Good);
    made.add("the day before", good, "2026-07-01", Answer::NotYet);
    made.add("the day after", good, "2026-08-01", Answer::Expired);
    made.add("no day", good, "kemarin", Answer::CannotTell);
    made.add("behind an address", &format!("https://payung.example.go.id/verify#{good}"), DAY, Answer::Good);
    made.add("in the file", &format!("{{\n  \"slip\": \"{good}\"\n}}\n"), DAY, Answer::Good);
    made.add("with blanks around", &format!("\n {good}\n"), DAY, Answer::Good);
    made.add("nothing", "", DAY, Answer::Altered);
    made.add("something else", "PAYUNG1.e30.e30", DAY, Answer::Altered);
    made.add("a part more", &format!("{good}.e30"), DAY, Answer::Altered);
    made.add("padded", &format!("{good}="), DAY, Answer::Altered);
    let numbered = |n: u8| signed(SLIP, &Payload { number: format!("SK-2026-00000{n}"), ..payload() }, 3);
    made.add("withdrawn wholly, a day before", &numbered(8), "2026-07-03", Answer::Withdrawn);
    made.add("ended, the day before", &numbered(9), "2026-07-09", Answer::Good);
    made.add("ended, the day", &numbered(9), "2026-07-10", Answer::Withdrawn);
    let status = Payload { kind: Kind::Status, verdict: "hold".into(), ..payload() };
    made.add("a status that holds", &signed(SLIP, &status, 3), DAY, Answer::Good);
    let held = Payload { verdict: "hold".into(), ..payload() };
    made.add("a clearance of what is held", &signed(SLIP, &held, 3), DAY, Answer::Altered);
    let aside = Payload { aside: true, ..held };
    made.add("a clearance of what was set aside", &signed(SLIP, &aside, 3), DAY, Answer::Good);
    let backwards = Payload { from: "2026-07-31".into(), until: "2026-07-02".into(), ..payload() };
    made.add("backwards", &signed(SLIP, &backwards, 3), DAY, Answer::Altered);
}

fn by_keys(made: &mut Made) {
    made.add("by a key nobody named", &signed(SLIP, &payload(), 9), DAY, Answer::Altered);
    let named = |key: &str, on: &str, by| signed(SLIP, &Payload { key: key.into(), made: on.into(), ..payload() }, by);
    made.add("a key nobody knows", &named("k9", "2026-07-02", 9), DAY, Answer::UnknownKey);
    made.add("before its key", &named("k3", "2026-05-31", 3), DAY, Answer::UnknownKey);
    made.add("by a retired key, in its time", &named("k1", "2025-12-31", 1), DAY, Answer::Good);
    made.add("by a retired key, after it", &named("k1", "2026-01-01", 1), DAY, Answer::UnknownKey);
    made.add("in the name of another key", &named("k1", "2025-12-31", 3), DAY, Answer::Altered);
    made.add("by a lost key", &named("k2", "2026-03-01", 2), DAY, Answer::CannotTell);
    made.add("by a lost key, affirmed", &signed(SLIP, &third(), 2), DAY, Answer::Good);
    let other = Payload { until: "2027-07-31".into(), ..third() };
    made.add(
        "by a lost key, an affirmed number with other days",
        &signed(SLIP, &other, 2),
        "2027-01-01",
        Answer::CannotTell,
    );
    let elsewhere = Payload { city: "KOTA LAIN".into(), ..payload() };
    made.add("of another city", &signed(SLIP, &elsewhere, 3), DAY, Answer::UnknownKey);
    made.add("a list for a slip", &made.list.clone(), DAY, Answer::Altered);
}

fn by_lists(made: &mut Made) {
    let list = |change: fn(&mut Withdrawals), by| {
        let mut said = withdrawals();
        change(&mut said);
        Some(signed(LIST, &said, by))
    };
    made.with_list("no list", None, Answer::CannotTell);
    made.with_list("an empty list", list(|l| l.slips.clear(), 3), Answer::Good);
    made.with_list(
        "a list by a lost key",
        list(|l| (l.key, l.made) = ("k2".into(), "2026-03-01".into()), 2),
        Answer::CannotTell,
    );
    made.with_list("a list by nobody's key", list(|_| {}, 9), Answer::CannotTell);
    made.with_list("a list of another city", list(|l| l.city = "KOTA LAIN".into(), 3), Answer::CannotTell);
    let broken = made.list.replacen('A', "B", 1);
    made.with_list("a list with a letter changed", Some(broken), Answer::CannotTell);
    made.with_list("a slip for a list", Some(signed(SLIP, &payload(), 3)), Answer::CannotTell);
}

/// Each field says something else under the signature of before.
fn fields(made: &mut Made, good: &str) {
    let signature = good.rsplit('.').next().unwrap_or_default().to_owned();
    let p = payload;
    let changed = [
        ("city", Payload { city: "KOTA CONTOH ".into(), ..p() }),
        ("number", Payload { number: "SK-2026-000008".into(), ..p() }),
        ("kind", Payload { kind: Kind::Status, ..p() }),
        ("project", Payload { project: "nontender:10050261001".into(), ..p() }),
        ("name", Payload { name: "Rehabilitasi Gedung".into(), ..p() }),
        ("moment", Payload { moment: "balance".into(), ..p() }),
        ("verdict", Payload { verdict: "condition".into(), ..p() }),
        ("aside", Payload { aside: true, ..p() }),
        ("day", Payload { day: "2026-07-03".into(), ..p() }),
        ("from", Payload { from: "2026-07-01".into(), ..p() }),
        ("until", Payload { until: "2026-12-31".into(), ..p() }),
        ("made", Payload { made: "2026-07-03".into(), ..p() }),
        ("key", Payload { key: "k1".into(), ..p() }),
        ("digest", Payload { digest: "11".repeat(32), ..p() }),
    ];
    for (field, payload) in changed {
        let text = signed(SLIP, &payload, 3);
        let body = text.rsplit_once('.').map_or("", |(signed, _)| signed);
        let answer = if field == "city" { Answer::UnknownKey } else { Answer::Altered };
        made.add(&format!("{field} changed"), &format!("{body}.{signature}"), DAY, answer);
    }
}

/// Certificates: days, keys, withdrawal, what cannot be, each field changed, and one paper for another.
fn certificates(made: &mut Made) {
    let c = certificate;
    let good = signed(CERTIFICATE, &c(), 3);
    made.add("a certificate", &good, DAY, Answer::Good);
    made.add("a certificate years later", &good, "2031-01-01", Answer::Good);
    made.add("a certificate before its day", &good, "2026-07-01", Answer::NotYet);
    made.add("a certificate in the file", &format!("{{ \"slip\": \"{good}\" }}"), DAY, Answer::Good);
    made.add(
        "a certificate behind an address",
        &format!("https://payung.example.go.id/verify#{good}"),
        DAY,
        Answer::Good,
    );
    let fifth = Certificate { number: "SERT-2026-000005".into(), ..c() };
    made.add("a certificate withdrawn", &signed(CERTIFICATE, &fifth, 3), DAY, Answer::Withdrawn);
    made.add("a certificate by nobody's key", &signed(CERTIFICATE, &c(), 9), DAY, Answer::Altered);
    let lost = Certificate { key: "k2".into(), made: "2026-03-01".into(), day: "2026-03-01".into(), ..c() };
    made.add("a certificate by a lost key", &signed(CERTIFICATE, &lost, 2), DAY, Answer::CannotTell);
    let early = Certificate { made: "2026-07-01".into(), ..c() };
    made.add("a certificate made before its day", &signed(CERTIFICATE, &early, 3), DAY, Answer::Altered);
    let many = Certificate { score: [6, 5], ..c() };
    made.add("a certificate of more than all", &signed(CERTIFICATE, &many, 3), DAY, Answer::Altered);
    made.add("a slip under the mark of a certificate", &signed(CERTIFICATE, &payload(), 3), DAY, Answer::Altered);
    made.add("a certificate under the mark of a slip", &signed(SLIP, &c(), 3), DAY, Answer::Altered);
    let signature = good.rsplit('.').next().unwrap_or_default().to_owned();
    let changed = [
        ("number", Certificate { number: "SERT-2026-000001".into(), ..c() }),
        ("holder", Certificate { holder: "BUDI UMPAMA".into(), ..c() }),
        ("office", Certificate { office: "DINAS LAIN".into(), ..c() }),
        ("role", Certificate { role: "treasury".into(), ..c() }),
        ("day", Certificate { day: "2026-07-01".into(), ..c() }),
        ("score", Certificate { score: [5, 5], ..c() }),
        ("made", Certificate { made: "2026-07-04".into(), ..c() }),
    ];
    for (field, certificate) in changed {
        let text = signed(CERTIFICATE, &certificate, 3);
        let body = text.rsplit_once('.').map_or("", |(signed, _)| signed);
        made.add(&format!("{field} of a certificate changed"), &format!("{body}.{signature}"), DAY, Answer::Altered);
    }
}

/// Every letter of a slip is another one, one at a time.
fn letters(made: &mut Made, good: &str) {
    for at in 0..good.len() {
        let other = if good.as_bytes()[at] == b'Q' { "R" } else { "Q" };
        let mut text = good.to_owned();
        text.replace_range(at..=at, other);
        // A letter of the id of key or city may change into another id: then nobody knows the key. It never holds.
        let answer = crate::check(&text, &keys(), Some(&made.list), DAY).answer;
        let answer = if answer == Answer::UnknownKey { answer } else { Answer::Altered };
        made.add(&format!("letter {at} changed"), &text, DAY, answer);
    }
}
