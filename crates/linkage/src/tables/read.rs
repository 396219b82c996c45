//! Readers: what a cell of a table says, taken apart into what can be compared.

use super::profile::Field;
use crate::firm::Part;
use crate::name::{Tokens, read_tokens};
use crate::words::words;
use kernel::date::{DateOrder, parse_date};
use kernel::money::{NumberStyle, Rounding, StyleEvidence, parse_amount, style_evidence};
use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

/// How the cells of a field are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// Words, in any order.
    Text,
    /// A name of works: wrappers peeled, abbreviations written out, numbers and role apart.
    Works,
    /// The beginning of a name of works, up to the first bracket: what, without where.
    WorksHead,
    /// A name of a person: titles off, old and new spelling alike.
    Person,
    /// A firm: legal form apart.
    Firm,
    /// An office: the words every office has left out.
    Office,
    /// Places, in any order: abbreviations written out, numbers as words.
    Place,
    /// Regions the text names, by the list of regions the profile comes with.
    Region,
    /// A code, compared whole without blanks, case and punctuation.
    Code,
    /// A person's sex: L and Laki-laki, P and Perempuan alike.
    Sex,
    /// A contract number: whole, and its digits.
    Number,
    /// Rupiah; several columns give several values, any of which may be the one meant.
    Money,
    /// A day.
    Date,
    /// An identity number: up to eighteen digits.
    Digits,
}

impl Reader {
    /// Words are compared, so they have a vocabulary.
    pub(crate) fn has_words(self) -> bool {
        !matches!(self, Self::Code | Self::Sex | Self::Number | Self::Money | Self::Date | Self::Digits | Self::Region)
    }

    /// A name of works, or the head of one.
    pub(crate) fn is_works(self) -> bool {
        matches!(self, Self::Works | Self::WorksHead)
    }

    /// Numbers, or other parts compared as a set.
    pub(crate) fn has_marks(self) -> bool {
        matches!(self, Self::Text | Self::Works | Self::WorksHead | Self::Number | Self::Firm)
    }

    /// A class of its own: the role of works, the legal form of a firm.
    pub(crate) fn has_class(self) -> bool {
        matches!(self, Self::Works | Self::WorksHead | Self::Firm)
    }

    /// Whole numbers.
    pub(crate) fn has_values(self) -> bool {
        matches!(self, Self::Money | Self::Date | Self::Digits | Self::Region)
    }
}

/// What one record says in one field.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) tokens: Vec<u32>,
    pub(crate) marks: Vec<u32>,
    /// Numbers with the word before them.
    pub(crate) attached: Vec<u32>,
    pub(crate) class: u8,
    /// Hash of the whole, 0 for nothing said.
    pub(crate) key: u64,
    pub(crate) values: Vec<i64>,
}

impl Reading {
    pub(crate) fn clear(&mut self) {
        self.tokens.clear();
        self.marks.clear();
        self.attached.clear();
        self.values.clear();
        self.class = 0;
        self.key = 0;
    }
}

/// What many records say in one field, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Readings {
    numbers: Vec<u32>,
    values: Vec<i64>,
    heads: Vec<Head>,
}

/// One record of [`Readings`]: ends of its three runs in `numbers`, of its values, class and whole.
#[derive(Debug, Clone, Copy)]
struct Head {
    ends: [u32; 3],
    values_end: u32,
    class: u8,
    key: u64,
}

/// One reading, lent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Read<'a> {
    pub(crate) tokens: &'a [u32],
    pub(crate) marks: &'a [u32],
    pub(crate) attached: &'a [u32],
    pub(crate) values: &'a [i64],
    pub(crate) class: u8,
    pub(crate) key: u64,
}

impl Readings {
    /// Keeps a reading.
    pub(crate) fn push(&mut self, reading: &Reading) {
        let mut ends = [0; 3];
        for (end, list) in ends.iter_mut().zip([&reading.tokens, &reading.marks, &reading.attached]) {
            self.numbers.extend_from_slice(list);
            *end = self.numbers.len() as u32;
        }
        self.values.extend_from_slice(&reading.values);
        let values_end = self.values.len() as u32;
        self.heads.push(Head { ends, values_end, class: reading.class, key: reading.key });
    }

    /// Readings kept.
    pub(crate) fn len(&self) -> usize {
        self.heads.len()
    }

    /// One of them.
    pub(crate) fn get(&self, row: usize) -> Read<'_> {
        let head = &self.heads[row];
        let (from, values_from) =
            row.checked_sub(1).map_or((0, 0), |r| (self.heads[r].ends[2], self.heads[r].values_end));
        let part = |from: u32, to: u32| &self.numbers[from as usize..to as usize];
        Read {
            tokens: part(from, head.ends[0]),
            marks: part(head.ends[0], head.ends[1]),
            attached: part(head.ends[1], head.ends[2]),
            values: &self.values[values_from as usize..head.values_end as usize],
            class: head.class,
            key: head.key,
        }
    }
}

/// Class of a works name that says nothing of its own.
pub(crate) const GENERIC: u8 = 0x80;

/// Buffers a thread uses again.
#[derive(Default)]
pub(crate) struct Scratch {
    tokens: Tokens,
    lower: String,
    word: String,
    whole: String,
}

/// Hash of a whole value; never 0, which means nothing said.
fn whole(text: &str) -> u64 {
    if text.is_empty() { 0 } else { xxh3_64(text.as_bytes()).max(1) }
}

/// Reads one cell, adding to `out` (a field may have several cells). `intern` numbers words. False where the cell says
/// something that this reader cannot make out.
pub(crate) fn read(
    field: &Field,
    cell: &str,
    scratch: &mut Scratch,
    out: &mut Reading,
    intern: &mut dyn FnMut(&str) -> u32,
) -> bool {
    if kernel::text::is_missing(cell) {
        return true;
    }
    let reader = field.read;
    match reader {
        Reader::Region => out.values.extend(field.gazetteer.iter().flat_map(|g| g.read(cell))),
        Reader::Works | Reader::WorksHead => {
            let (role, generic) = read_tokens(cell, reader == Reader::WorksHead, &mut scratch.tokens);
            // Of several cells the first that states a role states it for all, and one name is enough.
            let before = if out.key == 0 { GENERIC } else { out.class };
            let stated = if before & !GENERIC == 0 { role as u8 } else { before & !GENERIC };
            out.class = stated | if generic { before & GENERIC } else { 0 };
            let mut before = "";
            for (token, is_number) in scratch.tokens.iter() {
                if is_number {
                    out.marks.push(intern(token));
                    // "natuna 3": what the number numbers.
                    scratch.word.clear();
                    scratch.word.extend([before, " ", token]);
                    out.attached.push(intern(&scratch.word));
                } else {
                    out.tokens.push(intern(token));
                    before = token;
                }
            }
            out.key = both(out.key, whole(scratch.tokens.whole(&mut scratch.whole)));
        }
        Reader::Text | Reader::Office | Reader::Place | Reader::Firm | Reader::Person => {
            lower(cell, &mut scratch.lower);
            read_words(reader, scratch, out, intern);
        }
        Reader::Code | Reader::Sex => {
            lower(cell, &mut scratch.lower);
            scratch.whole.clear();
            crate::number::run_together(&scratch.lower, &mut scratch.whole);
            if let Some(sex) = words().sexes.get(&scratch.whole).filter(|_| reader == Reader::Sex) {
                sex.clone_into(&mut scratch.whole);
            }
            out.key = whole(&scratch.whole);
        }
        Reader::Number => {
            let number = crate::number::read(cell);
            if number.whole.len() >= 3 {
                out.key = whole(&number.whole);
                out.marks.extend(number.core.iter().map(|m| intern(m)));
                // A class of 1 says: the digits alone tell this number from others.
                out.class = u8::from(crate::number::is_telling(&number));
            }
        }
        Reader::Money => {
            let value = amount(cell, field.style);
            out.values.extend(value.filter(|v| *v > 0));
            return value.is_some();
        }
        Reader::Date => {
            let day = day(cell);
            out.values.extend(day);
            return day.is_some();
        }
        Reader::Digits => {
            let digits = digits(cell);
            out.values.extend(digits.filter(|d| *d > 0));
            return digits.is_some();
        }
    }
    true
}

/// Brings what several cells said into the order that comparing needs.
pub(crate) fn finish(reader: Reader, out: &mut Reading) {
    for list in [&mut out.tokens, &mut out.marks, &mut out.attached] {
        list.sort_unstable();
        list.dedup();
    }
    out.values.sort_unstable();
    out.values.dedup();
    if reader == Reader::Date || reader == Reader::Digits {
        out.values.truncate(1);
    }
    // Several regions bear the name: which one is meant, the text does not say.
    if reader == Reader::Date || reader == Reader::Digits || reader == Reader::Region && out.values.len() == 1 {
        out.key = out.values.first().map_or(0, |v| xxh3_64(&v.to_le_bytes()).max(1));
    }
}

fn lower(cell: &str, out: &mut String) {
    out.clear();
    if cell.is_ascii() && !cell.contains('&') {
        out.push_str(cell);
        out.make_ascii_lowercase();
    } else {
        out.push_str(&kernel::text::clean(cell).to_lowercase());
    }
}

fn read_words(reader: Reader, scratch: &mut Scratch, out: &mut Reading, intern: &mut dyn FnMut(&str) -> u32) {
    let Scratch { lower, word, whole: joined, .. } = scratch;
    joined.clear();
    if reader == Reader::Firm {
        crate::firm::parts(lower, |part| match part {
            Part::Form(form) if out.class == 0 => out.class = form,
            Part::Form(_) => {}
            Part::Word(token) => read_word(reader, token, joined, word, out, intern),
        });
    }
    if reader == Reader::Person {
        // Ma'ruf is Maruf.
        lower.retain(|c| !matches!(c, '\'' | '’' | '‘' | '`'));
    }
    let rest = if reader == Reader::Firm { "" } else { lower.as_str() };
    for piece in rest.split(|c: char| c.is_whitespace() || c == ',').filter(|p| !p.is_empty()) {
        // "S.T.", "M.Pd" are titles once the dots are gone.
        if reader == Reader::Person && piece.contains('.') {
            word.clear();
            word.extend(piece.chars().filter(|c| c.is_alphanumeric()));
            if words().titles.contains(word) {
                continue;
            }
        }
        for token in piece.split(|c: char| !c.is_alphanumeric()).filter(|t| !t.is_empty()) {
            read_word(reader, token, joined, word, out, intern);
        }
    }
    if reader == Reader::Firm && !joined.is_empty() {
        out.marks.push(intern(joined));
    }
    out.key = both(out.key, whole(joined));
}

/// Several cells make one whole.
fn both(before: u64, own: u64) -> u64 {
    match (before, own) {
        (0, own) => own,
        (before, 0) => before,
        (before, own) => before.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ own,
    }
}

fn read_word(
    reader: Reader,
    token: &str,
    joined: &mut String,
    word: &mut String,
    out: &mut Reading,
    intern: &mut dyn FnMut(&str) -> u32,
) {
    let w = words();
    let passed_over = match reader {
        Reader::Office => w.office_empty.contains(token),
        Reader::Place => w.place_empty.contains(token),
        Reader::Person => w.titles.contains(token),
        _ => false,
    };
    if passed_over {
        return;
    }
    // 1/12 is not 11/2.
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if digit(joined.chars().next_back()) && digit(token.chars().next()) {
        joined.push('/');
    }
    joined.push_str(token);
    if reader == Reader::Text && token.bytes().all(|b| b.is_ascii_digit()) {
        let bare = token.trim_start_matches('0');
        out.marks.push(intern(if bare.is_empty() { "0" } else { bare }));
    } else if reader == Reader::Person {
        word.clear();
        fold_name(w.names.get(token).map_or(token, String::as_str), word);
        out.tokens.push(intern(word));
    } else if reader == Reader::Place {
        let bare = token.trim_start_matches('0');
        let token = w.canon.get(token).map_or(bare, String::as_str);
        match w.expand.get(token) {
            Some(parts) => parts.iter().for_each(|p| out.tokens.push(intern(p))),
            None => out.tokens.push(intern(token)),
        }
    } else {
        out.tokens.push(intern(token));
    }
}

/// Old and new spelling, and letters that sound alike: Soekarno and Sukarno, Achmad and Ahmad.
fn fold_name(token: &str, out: &mut String) {
    let bytes = token.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        let pair = bytes.get(i..i + 2).unwrap_or_default();
        let (to, length) = match pair {
            b"oe" => ("u", 2),
            b"dj" => ("j", 2),
            b"tj" => ("c", 2),
            b"sj" | b"sy" | b"sh" => ("s", 2),
            b"ch" | b"kh" => ("h", 2),
            b"ph" => ("f", 2),
            b"dh" => ("d", 2),
            b"th" => ("t", 2),
            _ => match bytes[i] {
                b'v' => ("f", 1),
                b'y' => ("i", 1),
                b'z' => ("s", 1),
                b'q' => ("k", 1),
                _ => ("", 1),
            },
        };
        let before = out.len();
        if to.is_empty() {
            let end = (i + 1..=bytes.len()).find(|e| token.is_char_boundary(*e)).unwrap_or(bytes.len());
            out.push_str(&token[i..end]);
            i = end;
        } else {
            out.push_str(to);
            i += length;
        }
        // A doubled letter sounds like one.
        if before > 0 && out.len() == before + 1 && out.as_bytes()[before] == out.as_bytes()[before - 1] {
            out.pop();
        }
    }
}

/// Whole rupiah, halves up.
fn amount(cell: &str, style: Option<NumberStyle>) -> Option<i64> {
    let trimmed = cell.trim();
    if !trimmed.is_empty() && trimmed.len() <= 17 && trimmed.bytes().all(|b| b.is_ascii_digit()) {
        return trimmed.parse().ok();
    }
    let told = || match style_evidence(trimmed.split(['e', 'E']).next().unwrap_or_default()) {
        StyleEvidence::Sure(style) | StyleEvidence::Likely(style) => style,
        StyleEvidence::None => NumberStyle::Dot,
    };
    parse_amount(trimmed, style.unwrap_or_else(told)).ok()?.round(Rounding::HalfUp).map(|r| r.0)
}

/// A day as eight digits, year first. A day that does not exist keeps its digits: a slip can still
/// be seen in them.
fn day(cell: &str) -> Option<i64> {
    let t = cell.trim();
    if t.len() == 8 && t.bytes().all(|b| b.is_ascii_digit()) {
        return t.parse().ok();
    }
    if let Ok(read) = parse_date(t, DateOrder::DayFirst) {
        let d = read.date;
        return Some(i64::from(d.year()) * 10_000 + i64::from(d.month()) * 100 + i64::from(d.day()));
    }
    let digits: String = t.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 8 && t.len() == 10 && t.is_char_boundary(4) && t[..4].bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
}

/// Digits of an identity number with the letters a hand writes for digits. A number a spreadsheet
/// has rounded is lost.
fn digits(cell: &str) -> Option<i64> {
    let mut out = 0i64;
    let mut count = 0;
    let folded = kernel::text::fold_width(cell);
    for c in folded.bytes() {
        let digit = match c {
            b'0'..=b'9' => c - b'0',
            b'O' | b'o' => 0,
            b'l' | b'I' => 1,
            b' ' | b'.' | b'-' | b'\'' | b'`' | b'/' => continue,
            _ => return None,
        };
        out = out * 10 + i64::from(digit);
        count += 1;
        if count > 18 {
            return None;
        }
    }
    (count > 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(reader: Reader, cell: &str) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        let mut out = Reading::default();
        let field = Field::new("field", reader);
        read(&field, cell, &mut Scratch::default(), &mut out, &mut |w| {
            texts.push(w.to_owned());
            texts.len() as u32 - 1
        });
        out.tokens.iter().map(|t| texts[*t as usize].clone()).collect()
    }

    #[test]
    fn names_sound_alike() {
        for (a, b) in [
            ("Moch. Soekarno", "MOHAMMAD SUKARNO"),
            ("H. Achmad Djunaidi, S.T.", "Ahmad Junaidi"),
            ("Siti Aisyah", "SITTI AISAH"),
        ] {
            assert_eq!(words_of(Reader::Person, a), words_of(Reader::Person, b), "{a} {b}");
        }
        assert_eq!(words_of(Reader::Firm, "Winaguna Sarana Teknik, PT"), ["winaguna", "sarana", "teknik"]);
        assert_eq!(words_of(Reader::Office, "Dinas Pendidikan dan Kebudayaan Kota"), ["pendidikan", "kebudayaan"]);
    }

    #[test]
    fn numbers_are_read_as_hands_write_them() {
        assert_eq!(digits("6171o1-410190-OO01"), Some(6_171_014_101_900_001));
        assert_eq!(digits("3.275E+15"), None, "a spreadsheet has rounded it");
        assert_eq!(day("1915-11-31"), Some(19_151_131), "no such day, but its digits are kept");
        assert_eq!(day("31/12/1990"), Some(19_901_231));
        assert_eq!(day("19151111"), Some(19_151_111));
        assert_eq!(amount("199,876,543.50", Some(NumberStyle::Dot)), Some(199_876_544));
        assert_eq!(amount("199.876.543,50", Some(NumberStyle::Comma)), Some(199_876_544));
        for (cell, rupiah) in [
            ("1.234.567.000", 1_234_567_000),
            ("150.000.000,00", 150_000_000),
            ("Rp 150.000.000,-", 150_000_000),
            ("1,5E+09", 1_500_000_000),
            ("150.000", 150_000),
            ("150,000", 150_000),
            ("150000000.50", 150_000_001),
            ("1234567,5", 1_234_568),
        ] {
            assert_eq!(amount(cell, None), Some(rupiah), "{cell}");
        }
    }
}
