//! The typesetter's view of the world: a template, one file of words, the built-in fonts. No disk, no network, no clock.

use crate::{Content, Fault, Page, SHEET, TEMPLATE};
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use unicode_normalization::UnicodeNormalization as _;

/// The family the template asks for; the other fonts of the assets are left alone.
const FAMILY: &str = "Libertinus Serif";

struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    letter: Source,
    sheet: Source,
    words: FileId,
    code: FileId,
    logo: FileId,
}

fn id(name: &str) -> Option<FileId> {
    VirtualPath::new(name).ok().map(|path| RootedPath::new(VirtualRoot::Project, path).intern())
}

/// Fonts are read once, when the first letter is set. None where a name of ours is no path, which a test would see.
static SHARED: LazyLock<Option<Shared>> = LazyLock::new(|| {
    let fonts: Vec<Font> = typst_assets::fonts()
        .flat_map(|data| Font::iter(Bytes::new(data)))
        .filter(|font| font.info().family == FAMILY)
        .collect();
    Some(Shared {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        letter: Source::new(id("letter.typ")?, TEMPLATE.to_owned()),
        sheet: Source::new(id("guide.typ")?, SHEET.to_owned()),
        words: id("words.json")?,
        code: id("code.svg")?,
        logo: id("logo")?,
    })
});

/// Does every weight of the family have a sign for it?
fn has_sign(shared: &Shared, c: char) -> bool {
    c == '\n' || !c.is_control() && (c.is_ascii() || shared.fonts.iter().all(|f| f.info().coverage.contains(c.into())))
}

/// Bullets of word processors, which only their own fonts know.
const BULLETS: [char; 12] = ['\u{f0b7}', '\u{f0a7}', '\u{f0d8}', '\u{f0fc}', '✓', '✔', '☑', '▪', '■', '●', '►', '➢'];

/// A character as it can be printed: as it stands, as what it is a form of, a bullet; nothing for what has no look. None
/// where there is no way.
fn printed(shared: &Shared, c: char, out: &mut String) -> Option<()> {
    let from = out.len();
    match c {
        _ if has_sign(shared, c) => out.push(c),
        '\t' => out.push(' '),
        _ if BULLETS.contains(&c) => out.push('•'),
        _ if c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{ad}') => {}
        _ => out.extend(std::iter::once(c).nfkc()),
    }
    if out[from..].chars().all(|c| has_sign(shared, c)) {
        return Some(());
    }
    out.truncate(from);
    None
}

/// The first character of a text for which the letter's font has no sign, and nothing that would do in its place.
pub fn unprintable(text: &str) -> Option<char> {
    let shared = SHARED.as_ref()?;
    let mut room = String::new();
    text.chars().find(|c| printed(shared, *c, &mut room).is_none())
}

/// Words for the typesetter: a character it has no sign for would leave the whole document unprinted, so a question mark
/// stands there. What people type is refused before, with the character named ([`unprintable`]).
fn printable(shared: &Shared, value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) if !text.chars().all(|c| has_sign(shared, c)) => {
            let mut out = String::with_capacity(text.len());
            for c in text.chars() {
                if printed(shared, c, &mut out).is_none() {
                    out.push('?');
                }
            }
            *text = out;
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| printable(shared, item)),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(|item| printable(shared, item)),
        _ => {}
    }
}

fn words<T: serde::Serialize>(shared: &Shared, said: &T) -> Result<Bytes, Fault> {
    let mut said = serde_json::to_value(said).map_err(|e| Fault(e.to_string()))?;
    printable(shared, &mut said);
    Ok(Bytes::new(serde_json::to_vec(&said).map_err(|e| Fault(e.to_string()))?))
}

struct Desk<'a> {
    shared: &'static Shared,
    template: &'static Source,
    words: Bytes,
    code: Option<Bytes>,
    logo: Option<&'a Bytes>,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shared.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shared.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = match id {
            _ if id == self.shared.words => Some(self.words.clone()),
            _ if id == self.shared.code => self.code.clone(),
            _ if id == self.shared.logo => self.logo.cloned(),
            _ => None,
        };
        found.ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shared.fonts.get(index).cloned()
    }

    /// A letter says its day itself.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn complaint(errors: &[SourceDiagnostic]) -> Fault {
    let all: Vec<String> = errors.iter().map(|e| e.message.to_string()).collect();
    Fault(format!("letter: {}", all.join("; ")))
}

/// Letters set since results of earlier ones were last thrown away.
const KEPT_FOR: usize = 4;

/// Sets a document, and says how many pages it takes.
fn set(world: &Desk<'_>, ident: String, day: Option<(i32, u8, u8)>) -> Result<(Vec<u8>, usize), Fault> {
    let document = typst::compile::<PagedDocument>(world).output.map_err(|e| complaint(&e))?;
    // A draft is not kept: the archive's standard asks for a day, which a draft has not.
    let standards: &[PdfStandard] =
        if day.is_some() { &[PdfStandard::A_2a, PdfStandard::Ua_1] } else { &[PdfStandard::Ua_1] };
    let standards = PdfStandards::new(standards).map_err(|e| Fault(e.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(ident),
        creator: Smart::Custom(Some("Payung".to_owned())),
        timestamp: day
            .and_then(|(year, month, day)| Datetime::from_ymd_hms(year, month, day, 0, 0, 0))
            .map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|e| complaint(&e))?;
    typst::comemo::evict(KEPT_FOR);
    Ok((bytes, document.pages().len()))
}

fn shared() -> Result<&'static Shared, Fault> {
    SHARED.as_ref().ok_or_else(|| Fault("letter: names of files".into()))
}

pub(crate) fn pdf(
    page: &Page<'_>,
    content: &Content,
    code: Option<String>,
    day: Option<(i32, u8, u8)>,
) -> Result<Vec<u8>, Fault> {
    let shared = shared()?;
    let words = words(shared, page)?;
    let logo = content.letterhead.logo.as_ref().map(|l| Bytes::new(l.bytes.clone()));
    let code = code.map(Bytes::from_string);
    let world = Desk { shared, template: &shared.letter, words, code, logo: logo.as_ref() };
    Ok(set(&world, format!("{} {}", page.verify_url, page.number), day)?.0)
}

pub(crate) fn sheet(said: &crate::Sheet, ident: &str, day: (i32, u8, u8)) -> Result<(Vec<u8>, usize), Fault> {
    let shared = shared()?;
    let world = Desk { shared, template: &shared.sheet, words: words(shared, said)?, code: None, logo: None };
    set(&world, ident.to_owned(), Some(day))
}
