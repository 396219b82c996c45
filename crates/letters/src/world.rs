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
    let words = Bytes::new(serde_json::to_vec(page).map_err(|e| Fault(e.to_string()))?);
    let logo = content.letterhead.logo.as_ref().map(|l| Bytes::new(l.bytes.clone()));
    let code = code.map(Bytes::from_string);
    let world = Desk { shared, template: &shared.letter, words, code, logo: logo.as_ref() };
    Ok(set(&world, format!("{} {}", page.verify_url, page.number), day)?.0)
}

pub(crate) fn sheet(words: Vec<u8>, ident: &str, day: (i32, u8, u8)) -> Result<(Vec<u8>, usize), Fault> {
    let shared = shared()?;
    let world = Desk { shared, template: &shared.sheet, words: Bytes::new(words), code: None, logo: None };
    set(&world, ident.to_owned(), Some(day))
}
