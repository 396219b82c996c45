//! A letter is what it says, and a page to say it on: text in, PDF out.
//!
//! * **In:** [`Content`]: words and figures, already in the reader's language. They are values, never markup: nothing in
//!   them can change the page.
//! * **Out:** a PDF of PDF/A-2a and PDF/UA-1, the same to the byte for the same letter.
//! * **Does not know:** the law, cases, who may release what, the clock.
//! * **Read first:** [`Content`], then [`Draft`] and [`Issued`]: a draft has no number and cannot get one by printing it.
//!
//! A crate of its own because the typesetter is the heaviest dependency of all.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod content;
mod sheet;
mod world;

pub use content::{Block, Content, Labels, Letterhead, Logo, Signatory};
pub use sheet::{Part, Sheet};
pub use world::unprintable;

use serde::Serialize;

/// The page. Its digest is the version of the template.
pub const TEMPLATE: &str = include_str!("letter.typ");

/// The sheet for a wall.
const SHEET: &str = include_str!("guide.typ");

/// Why no PDF came of a letter: our template or our typesetter, never what the letter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(pub String);

/// A letter nobody has released: without a number, marked as a draft on every page.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// What it says.
    pub content: &'a Content,
    /// The mark, such as `DRAF`.
    pub mark: &'a str,
}

/// A released letter.
#[derive(Debug, Clone, Copy)]
pub struct Issued<'a> {
    /// What it says.
    pub content: &'a Content,
    /// Its number in the city's register of letters.
    pub number: &'a str,
    /// Day on it, in words.
    pub date: &'a str,
    /// The same day, for the file: year, month, day.
    pub day: (i32, u8, u8),
    /// Where anybody can see that it is genuine.
    pub verify_url: &'a str,
    /// What the square code holds, where that is more than the address.
    pub code: Option<&'a str>,
}

/// What the template reads.
#[derive(Serialize)]
struct Page<'a> {
    content: &'a Content,
    number: &'a str,
    date: &'a str,
    mark: &'a str,
    verify_url: &'a str,
    /// A code that holds much is printed large enough for a phone to read.
    large_code: bool,
    has_logo: bool,
}

impl Draft<'_> {
    /// The draft as PDF.
    ///
    /// # Errors
    /// [`Fault`] of the typesetter.
    pub fn pdf(&self) -> Result<Vec<u8>, Fault> {
        let page = Page {
            content: self.content,
            number: "",
            date: "",
            mark: self.mark,
            verify_url: "",
            large_code: false,
            has_logo: self.content.letterhead.logo.is_some(),
        };
        world::pdf(&page, self.content, None, None)
    }
}

impl Issued<'_> {
    /// The letter as PDF, with a square code that leads to [`Issued::verify_url`] or holds [`Issued::code`].
    ///
    /// # Errors
    /// [`Fault`] of the typesetter.
    pub fn pdf(&self) -> Result<Vec<u8>, Fault> {
        let page = Page {
            content: self.content,
            number: self.number,
            date: self.date,
            mark: "",
            verify_url: self.verify_url,
            large_code: self.code.is_some(),
            has_logo: self.content.letterhead.logo.is_some(),
        };
        // What holds much is printed clean and read once; small codes stay on paper that gets folded.
        let level = if self.code.is_some() { qrcode::EcLevel::L } else { qrcode::EcLevel::M };
        let code = qrcode::QrCode::with_error_correction_level(self.code.unwrap_or(self.verify_url), level)
            .map_err(|e| Fault(e.to_string()))?;
        let svg = code.render::<qrcode::render::svg::Color<'_>>().quiet_zone(false).build();
        world::pdf(&page, self.content, Some(svg), Some(self.day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_font_knows_stops_no_letter() {
        assert_eq!(unprintable("Jalan Melati, 5 km – “baik” é • \u{f0b7} ✓ ﬁ \u{0} \t \u{200b}"), None);
        assert_eq!(unprintable("hubungi ☎ kami"), Some('☎'));
        let mut odd = content();
        odd.subject = "cek \u{f0b7} ☎ 😀 \u{0} ꦮ ﬁ".into();
        odd.letterhead.lines.push("BAGIAN ☎ 0741".into());
        let pdf = Draft { content: &odd, mark: "KONSEP" }.pdf().unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
    }

    fn content() -> Content {
        Content {
            language: "id".into(),
            title: "Teguran pertama".into(),
            letterhead: Letterhead {
                lines: vec!["PEMERINTAH KOTA CONTOH".into(), "Dinas Tenaga Kerja".into(), "Jalan Contoh 1".into()],
                logo: None,
            },
            labels: Labels {
                number: "Nomor".into(),
                subject: "Hal".into(),
                to: "Yth.".into(),
                copies: "Tembusan".into(),
                verify: "Keaslian surat ini dapat diperiksa di".into(),
                page: "Halaman".into(),
                number_waits: "(diberikan saat dirilis)".into(),
                code: "Kode periksa".into(),
                logo: "Lambang".into(),
            },
            place: "Contoh".into(),
            subject: "Kewajiban mendaftarkan pekerja".into(),
            recipient: vec!["Pimpinan CV CONTOH".into(), "Jalan #set text(red) 5".into()],
            blocks: vec![
                Block::Text { text: "Dengan hormat, $ #panic() *tebal* _miring_ <label> @rujukan".into() },
                Block::Facts { rows: vec![("Paket".into(), "Drainase \"Blok\" [A]".into())] },
                Block::List { items: vec!["Satu".into(), "Dua".into()] },
            ],
            signatory: Signatory { title: "Kepala Dinas".into(), name: "Nama Contoh".into(), id: "NIP 1".into() },
            copies: vec!["Kepala Cabang".into()],
        }
    }

    #[test]
    fn a_letter_is_the_same_to_the_byte_and_not_an_instruction() {
        let content = content();
        let issued = Issued {
            content: &content,
            number: "1/JAKON/III/2026",
            date: "2 Maret 2026",
            day: (2026, 3, 2),
            verify_url: "https://contoh.go.id/periksa/00",
            code: None,
        };
        let pdf = issued.pdf().unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        assert_eq!(pdf, issued.pdf().unwrap());
        let other = Issued { number: "2/JAKON/III/2026", ..issued };
        assert_ne!(pdf, other.pdf().unwrap());
        assert_ne!(pdf, Draft { content: &content, mark: "DRAF" }.pdf().unwrap());
    }

    #[test]
    fn a_long_letter_runs_over_several_pages() {
        let mut long = content();
        let text = "Pekerjaan dimulai tanpa pendaftaran dan pekerja tidak terlindungi. ".repeat(40);
        long.blocks.extend((0..12).map(|_| Block::Text { text: text.clone() }));
        assert!(Draft { content: &long, mark: "DRAF" }.pdf().unwrap().len() > 10_000);
    }
}
