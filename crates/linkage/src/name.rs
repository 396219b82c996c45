//! Names of works: peel the wrappers that systems put around them, keep what identifies.

use crate::class::Role;
use crate::words::words;

/// A name made comparable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// Words, sorted, each once.
    pub words: Vec<String>,
    /// Numbers, sorted, each once: RT 06 is not RT 16, SDN 5 is SDN 05.
    pub numbers: Vec<String>,
    /// Words and numbers in order, for showing twins and counting equal names.
    pub key: String,
    /// Planning, supervision, management, or the works themselves.
    pub role: Role,
    /// Only an account name or a price-list item: the name says nothing, value and office must.
    pub generic: bool,
}

/// Roman numerals that occur in names (stages, regions, packages).
const ROMAN: [(&str, &str); 14] = [
    ("i", "1"),
    ("ii", "2"),
    ("iii", "3"),
    ("iv", "4"),
    ("v", "5"),
    ("vi", "6"),
    ("vii", "7"),
    ("viii", "8"),
    ("ix", "9"),
    ("x", "10"),
    ("xi", "11"),
    ("xii", "12"),
    ("satu", "1"),
    ("dua", "2"),
];

/// The words and numbers of a name in order, one after the other in one buffer that is used again.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    text: String,
    /// End in `text`, and whether it is a number.
    ends: Vec<(u32, bool)>,
}

impl Tokens {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    fn push(&mut self, token: &str, is_number: bool) {
        self.text.push_str(token);
        self.ends.push((self.text.len() as u32, is_number));
    }

    /// Words and numbers, with which they are.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, bool)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|e| e.0));
        starts.zip(&self.ends).map(|(from, (to, n))| (&self.text[from as usize..*to as usize], *n))
    }

    /// Everything run together; a stroke between two numbers, so that 1/12 is not 11/2. Made in `room` where needed.
    pub(crate) fn whole<'a>(&'a self, room: &'a mut String) -> &'a str {
        if !self.ends.windows(2).any(|w| w[0].1 && w[1].1) {
            return &self.text;
        }
        room.clear();
        let mut number = false;
        for (token, is_number) in self.iter() {
            if number && is_number {
                room.push('/');
            }
            room.push_str(token);
            number = is_number;
        }
        room
    }
}

/// Reads a name.
pub fn read(raw: &str) -> Name {
    let mut tokens = Tokens::default();
    let (role, generic) = read_tokens(raw, false, &mut tokens);
    let (mut words, mut numbers, mut key) = (Vec::new(), Vec::new(), String::new());
    for (token, is_number) in tokens.iter() {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(token);
        if is_number { numbers.push(token.to_owned()) } else { words.push(token.to_owned()) }
    }
    words.sort();
    words.dedup();
    numbers.sort();
    numbers.dedup();
    Name { words, numbers, key, role, generic }
}

/// Reads a name into `out`, up to the first bracket if only the `head` is asked for; answers its role,
/// and whether it says nothing of its own.
pub(crate) fn read_tokens(raw: &str, head: bool, out: &mut Tokens) -> (Role, bool) {
    out.clear();
    let clean = if is_plain(raw) { raw.trim().to_ascii_lowercase() } else { kernel::text::clean(raw).to_lowercase() };
    let (core, generic) = peel(&clean);
    let mut core = without_years(core);
    if let Some(at) = core.find('(').filter(|at| head && *at > 3) {
        core.truncate(at);
    }
    let (mut states_role, mut short) = (false, false);
    split(&core, |token| {
        let written = words().canon.get(token).map_or(token, String::as_str);
        let starts = words().role_starts.contains(written);
        states_role |= starts;
        short |= starts && written != token;
        push_token(token, out);
    });
    let role = match (states_role, short) {
        (false, _) => Role::Works,
        (true, false) => crate::class::role_of(&core),
        // "Perenc. Jl.": abbreviations of what states a role are written out first.
        (true, true) => crate::class::role_of(&written_out(&core)),
    };
    let says_nothing = out.ends.iter().all(|(_, is_number)| *is_number);
    (role, generic || says_nothing)
}

/// A text with its abbreviations written out.
fn written_out(text: &str) -> String {
    let mut out = String::with_capacity(2 * text.len());
    split(text, |token| {
        out.push_str(words().canon.get(token).map_or(token, String::as_str));
        out.push(' ');
    });
    out
}

/// Nothing in it that cleaning would change but blanks at its ends: most names are so.
fn is_plain(raw: &str) -> bool {
    let mut blank = false;
    raw.bytes().all(|b| {
        let twice = blank && b == b' ';
        blank = b == b' ';
        (b' '..0x7f).contains(&b) && b != b'&' && !twice
    })
}

/// Where a word begins in a text.
fn find(text: &str, word: &str) -> Option<usize> {
    memchr::memmem::find(text.as_bytes(), word.as_bytes())
}

/// Takes off the account wrapper, the price-list tail and the activity tail, in that order.
fn peel(text: &str) -> (String, bool) {
    let mut core = text.trim_matches(|c: char| c == '"' || c.is_whitespace()).to_owned();
    // A leading account code "5.1.02.02.08.0015".
    if core.starts_with("5.")
        && let Some(at) = core.find(|c: char| !(c.is_ascii_digit() || c == '.'))
    {
        core = core[at..].trim_start().to_owned();
    }
    let mut generic = false;
    let is_account = core.starts_with("belanja ");
    let has = |byte: u8| memchr::memchr(byte, core.as_bytes()).is_some();
    let markers: &[&str] = if has(b'[') { &["([-]", "([#]", "[-]", "[#]"] } else { &[] };
    let marker = markers.iter().filter_map(|m| find(&core, m).map(|at| at + m.len())).min();
    if let Some(at) = marker {
        core = core[at..].trim().trim_end_matches(')').to_owned();
    } else if is_account {
        let inner = core.find('(').map(|at| core[at + 1..].trim_end_matches(')').trim().to_owned());
        let dashed = core.find(" - ").or_else(|| core.find(" – ")).map(|at| core[at + 3..].trim().to_owned());
        match dashed.or(inner).filter(|s| s.chars().filter(|c| c.is_alphabetic()).count() > 3) {
            Some(name) => core = name,
            None => generic = true,
        }
    }
    // "(1 M1 Pekerjaan Sheet Pile Mini, ...)": a quantity and a price item.
    if let Some(at) =
        find(&core, " (").filter(|at| core[at + 2..].trim_start().starts_with(|c: char| c.is_ascii_digit()))
        && is_price_item(&core[at + 2..])
    {
        core.truncate(at);
    }
    for tail in ["sub keg", "koordinasi, sinkronisasi"] {
        if let Some(at) = find(&core, tail).filter(|at| *at > 12) {
            core.truncate(at);
        }
    }
    (core, generic)
}

fn is_price_item(text: &str) -> bool {
    let unit = text.trim_start().trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ',').trim_start();
    ["m1", "m2", "m3", "m ", "m'", "unit", "paket", "pkt", "ls", "buah", "bh", "keg"]
        .iter()
        .any(|u| unit.starts_with(u))
}

/// "TA 2022", "tahun anggaran 2022", "2022" standing alone: the year is known from elsewhere.
fn without_years(text: String) -> String {
    let is_year = |w: &str| w.len() == 4 && w.starts_with("20") && w.bytes().all(|b| b.is_ascii_digit());
    if find(&text, "20").is_none() {
        return text;
    }
    text.split(' ').filter(|w| !is_year(w.trim_matches(|c: char| !c.is_alphanumeric()))).collect::<Vec<_>>().join(" ")
}

/// Splits at anything but letters and digits, and between letters and digits.
fn split<'a>(text: &'a str, mut each: impl FnMut(&'a str)) {
    let mut start: Option<(usize, bool)> = None;
    for (at, c) in text.char_indices() {
        let kind = c.is_alphanumeric().then(|| c.is_ascii_digit());
        match (start, kind) {
            (Some((from, digits)), kind) if kind != Some(digits) => {
                each(&text[from..at]);
                start = kind.map(|digits| (at, digits));
            }
            (None, Some(digits)) => start = Some((at, digits)),
            _ => {}
        }
    }
    if let Some((from, _)) = start {
        each(&text[from..]);
    }
}

fn push_token(token: &str, out: &mut Tokens) {
    let w = words();
    if token.as_bytes()[0].is_ascii_digit() {
        let bare = token.trim_start_matches('0');
        out.push(if bare.is_empty() { "0" } else { bare }, true);
        return;
    }
    let mut word = |word: &str| {
        if !w.empty.contains(word) {
            out.push(word, false);
        }
    };
    if let Some(parts) = w.expand.get(token) {
        parts.iter().for_each(|p| word(p));
    } else if let Some(canon) = w.canon.get(token) {
        word(canon);
    } else if let Some((_, number)) = ROMAN.iter().find(|(r, _)| *r == token) {
        out.push(number, true);
    } else {
        word(token);
    }
}

/// Are two words the same but for a slip of the finger? One edit for words of five letters, two
/// from nine; shorter words must agree exactly.
pub fn nearly(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (la, lb) = (a.len(), b.len());
    let allowed = match la.min(lb) {
        0..=4 => return false,
        5..=8 => 1,
        _ => 2,
    };
    if !a.is_ascii() || !b.is_ascii() {
        return false;
    }
    crate::slips::slips(a.as_bytes(), b.as_bytes(), allowed) <= allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_state_a_role_too() {
        for (short, long, role) in [
            ("Perenc. Jl. Kenari", "Perencanaan Jalan Kenari", Role::Planning),
            ("Pngws. Jl. Kenari", "Pengawasan Jalan Kenari", Role::Supervision),
            ("Pemb. Jl. Kenari", "Pembangunan Jalan Kenari", Role::Works),
        ] {
            assert_eq!((read(short).role, read(long).role), (role, role), "{short}");
        }
    }

    #[test]
    fn wrappers_come_off() {
        for (raw, key) in [
            (
                "Belanja Modal Jalan Kota ([#] Peningkatan Jl. Panca Bhakti Kec. Pontianak Utara)",
                "peningkatan jalan panca bhakti kecamatan pontianak utara",
            ),
            (
                "Belanja Modal Bangunan Pembawa Pasang Surut ([-] Pembangunan Drainase Perkotaan (1 M1 Pekerjaan Sheet Pile Mini, tertutup))",
                "pembangunan drainase perkotaan",
            ),
            ("REHAB SDN 05 MELATI (DAK) TA 2022", "rehabilitasi sd negeri 5 melati"),
            ("Jl. H.M. Suwignyo GG. Suka &amp; Bangun RT06/RW 02", "jalan h m suwignyo gang suka bangun rt 6 rw 2"),
            ("Pembangunan Gedung Tahap II", "pembangunan gedung tahap 2"),
        ] {
            assert_eq!(read(raw).key, key, "{raw}");
        }
        assert!(read("Belanja Modal Bangunan Gedung Kantor").generic);
    }

    #[test]
    fn roles_are_kept_apart() {
        assert_eq!(read("Perencanaan Jl. Melati").role, Role::Planning);
        assert_eq!(read("Supervisi Jl. Melati").role, Role::Supervision);
        assert_eq!(read("Jl. Melati").role, Role::Works);
    }

    #[test]
    fn slips_are_forgiven_names_are_not() {
        assert!(nearly("bangunan", "banguan"));
        assert!(nearly("rehabilitasi", "rehabillitasi"));
        assert!(!nearly("jaya", "raya"));
        assert!(!nearly("kiri", "kanan"));
        assert!(!nearly("utara", "selatan"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_reads(text in "\\PC{0,80}") {
            let name = read(&text);
            proptest::prop_assert!(name.numbers.iter().all(|n| n.bytes().all(|b| b.is_ascii_digit())));
        }
    }
}
