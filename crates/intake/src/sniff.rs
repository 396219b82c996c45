//! What a file is, by its first bytes, never by its name.

use crate::{Refusal, RefusalCode};
use std::fs::File;
use std::io::{Read, Seek};

/// Formats of workbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Workbook {
    Xlsx,
    Ods,
    Xls,
}

/// Kinds of file that can hold a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Gzip,
    Workbook(Workbook),
    Json,
    Text,
}

pub(crate) fn kind(file: &mut File) -> Result<Kind, Refusal> {
    let mut head = [0u8; 4096];
    let n = fill(file, &mut head)?;
    let kind = of_bytes(&head[..n])?;
    if kind == Kind::Workbook(Workbook::Xlsx) {
        file.rewind().map_err(|e| Refusal::of_io(&e))?;
        return Ok(Kind::Workbook(zip_flavour(&head[..n])));
    }
    Ok(kind)
}

pub(crate) fn kind_inside_gzip(file: &mut File) -> Result<Kind, Refusal> {
    file.rewind().map_err(|e| Refusal::of_io(&e))?;
    let mut decoder = flate2::read::MultiGzDecoder::new(file);
    let mut head = [0u8; 4096];
    let n = fill(&mut decoder, &mut head)?;
    match of_bytes(&head[..n])? {
        Kind::Workbook(Workbook::Xlsx) => Ok(Kind::Workbook(zip_flavour(&head[..n]))),
        other => Ok(other),
    }
}

fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> Result<usize, Refusal> {
    let mut n = 0;
    while n < buffer.len() {
        match reader.read(&mut buffer[n..]) {
            Ok(0) => break,
            Ok(read) => n += read,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(Refusal::of_io(&e)),
        }
    }
    Ok(n)
}

/// ODS keeps its type as the first, uncompressed entry.
fn zip_flavour(head: &[u8]) -> Workbook {
    let ods = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
    if head.windows(ods.len()).any(|w| w == ods) { Workbook::Ods } else { Workbook::Xlsx }
}

fn of_bytes(head: &[u8]) -> Result<Kind, Refusal> {
    let trimmed = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let start = trimmed.iter().position(|b| !b.is_ascii_whitespace() && *b != 0);
    let Some(start) = start else { return Err(Refusal::new(RefusalCode::Empty)) };
    if head.starts_with(&[0x1F, 0x8B]) {
        return Ok(Kind::Gzip);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Workbook(Workbook::Xlsx));
    }
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Ok(Kind::Workbook(Workbook::Xls));
    }
    let lower: Vec<u8> = trimmed[start..].iter().take(64).map(u8::to_ascii_lowercase).collect();
    if lower.starts_with(b"<") {
        let html = ["<html", "<!doctype html", "<table", "<meta", "<head", "<body"];
        let code = if html.iter().any(|h| lower.starts_with(h.as_bytes())) {
            RefusalCode::HtmlTable
        } else {
            RefusalCode::NotATable
        };
        return Err(Refusal::new(code));
    }
    let magic: [&[u8]; 7] = [b"%PDF", b"\x89PNG", b"\xFF\xD8\xFF", b"\x7FELF", b"MZ\x90", b"Rar!", b"7z\xBC\xAF"];
    if magic.iter().any(|m| head.starts_with(m)) {
        return Err(Refusal::new(RefusalCode::NotATable));
    }
    let utf16 = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    if !utf16 && head.contains(&0) && head.iter().filter(|b| **b == 0).count() * 20 > head.len() {
        return Err(Refusal::new(RefusalCode::NotATable));
    }
    // A title in brackets starts a text file as well: JSON continues with a value or another bracket.
    match trimmed[start] {
        b'{' => Ok(Kind::Json),
        b'[' => {
            let next = trimmed[start + 1..].iter().find(|b| !b.is_ascii_whitespace());
            Ok(if next.is_none_or(|b| matches!(b, b'{' | b']' | b'[' | b'"')) { Kind::Json } else { Kind::Text })
        }
        _ => Ok(Kind::Text),
    }
}
