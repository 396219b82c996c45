//! Text as offices type it, folded to what it means.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Words that stand for an empty cell in one feed or another.
const MISSING: [&str; 14] = [
    "-",
    "--",
    "null",
    "none",
    "nan",
    "n/a",
    "#n/a",
    "#ref!",
    "#value!",
    "#name?",
    "belum ada",
    "tidak ada",
    "tidak ada data (null)",
    "tidak ada data",
];

/// Bytes of the longest of them.
const LONGEST_MISSING: usize = 21;

/// Is the cell empty, or one of the words feeds print for "nothing"?
///
/// `0` is not missing here: for an amount it is a value, and identifiers decide for themselves.
pub fn is_missing(text: &str) -> bool {
    let trimmed = text.trim();
    match trimmed.as_bytes().first() {
        None => true,
        // The first letters of the words above: most cells end here.
        Some(b'-' | b'n' | b'N' | b'#' | b't' | b'T' | b'b' | b'B') if trimmed.len() <= LONGEST_MISSING => {
            MISSING.iter().any(|m| trimmed.eq_ignore_ascii_case(m))
        }
        Some(_) => false,
    }
}

/// Full-width digits and compatibility letters become their plain forms (NFKC).
pub fn fold_width(text: &str) -> String {
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        text.to_owned()
    } else {
        text.nfkc().collect()
    }
}

/// Replaces the HTML entities that feeds leave in titles, control characters and runs of blanks.
/// Letters keep their case.
pub fn clean(text: &str) -> String {
    let folded = fold_width(text);
    let decoded = if folded.contains('&') { decode_entities(&folded) } else { folded };
    let mut out = String::with_capacity(decoded.len());
    for word in decoded.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The five named entities seen in real titles, and numeric ones. Anything else stays as typed.
fn decode_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        let Some(end) = tail.char_indices().take(10).find(|(_, c)| *c == ';').map(|(i, _)| i) else {
            out.push('&');
            rest = &tail[1..];
            continue;
        };
        let decoded = match &tail[1..end] {
            "amp" => Some('&'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "nbsp" => Some(' '),
            "mdash" | "ndash" => Some('-'),
            numeric => numeric
                .strip_prefix('#')
                .and_then(|n| {
                    n.strip_prefix(['x', 'X']).map_or_else(|| n.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())
                })
                .and_then(char::from_u32),
        };
        match decoded {
            Some(c) => {
                out.push(c);
                rest = &tail[end + 1..];
            }
            None => {
                out.push('&');
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// A column header as a key: lower case, letters and digits only, words joined by `_`.
///
/// ```
/// assert_eq!(kernel::text::header_key("No./Tanggal  Kontrak"), "no_tanggal_kontrak");
/// ```
pub fn header_key(header: &str) -> String {
    let mut out = String::with_capacity(header.len());
    let mut gap = false;
    for c in fold_width(header).chars() {
        if c.is_alphanumeric() {
            if gap && !out.is_empty() {
                out.push('_');
            }
            gap = false;
            out.extend(c.to_lowercase());
        } else {
            gap = true;
        }
    }
    out
}

/// At most `chars_max` characters of a cell, for a message; the rest as an ellipsis.
pub fn excerpt(text: &str, chars_max: usize) -> String {
    let cleaned = clean(text);
    if cleaned.chars().count() <= chars_max {
        return cleaned;
    }
    let mut out: String = cleaned.chars().take(chars_max).collect();
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_and_blanks_are_cleaned() {
        assert_eq!(clean("Jl.\u{a0}A &amp; B\r\n  &mdash; &quot;C&quot; &#38; &x; &"), "Jl. A & B - \"C\" & &x; &");
    }

    #[test]
    fn missing_words() {
        for word in ["", "  ", "-", "NULL", "None", "tidak ada data (null)", "#N/A"] {
            assert!(is_missing(word), "{word}");
        }
        for word in ["0", "a", "- a"] {
            assert!(!is_missing(word), "{word}");
        }
    }
}
