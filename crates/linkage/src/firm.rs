//! Firms: legal form apart, common words light.

use crate::words::words;

/// A firm's name made comparable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Firm {
    /// Words without the legal form, sorted.
    pub words: Vec<String>,
    /// The same run together, for "BIMASAKTI" and "BIMA SAKTI".
    pub joined: String,
}

/// A part of a firm's name.
pub(crate) enum Part<'a> {
    /// A legal form: 1 for PT, 2 for CV, 3 for others.
    Form(u8),
    /// A word.
    Word(&'a str),
}

fn form(word: &str) -> Option<u8> {
    let form = match word {
        "pt" | "tbk" | "persero" => 1,
        "cv" => 2,
        _ => 3,
    };
    words().legal_forms.contains(word).then_some(form)
}

/// The parts of a firm's name in lower case, in order. `C.V.` and `P T` are legal forms as `CV` and `PT` are.
pub(crate) fn parts<'a>(lower: &'a str, mut each: impl FnMut(Part<'a>)) {
    let mut rest = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).peekable();
    while let Some(word) = rest.next() {
        let single = |w: &str| w.len() == 1 && w.as_bytes()[0].is_ascii_alphabetic();
        let spelled = rest.peek().filter(|next| single(word) && single(next));
        if let Some(form) = spelled.and_then(|next| form(&[word, next].concat())) {
            rest.next();
            each(Part::Form(form));
        } else if let Some(form) = form(word) {
            each(Part::Form(form));
        } else {
            each(Part::Word(word));
        }
    }
}

/// Reads a firm's name.
pub fn read(raw: &str) -> Firm {
    let lower = kernel::text::clean(raw).to_lowercase();
    let mut list: Vec<String> = Vec::new();
    parts(&lower, |part| {
        if let Part::Word(word) = part {
            list.push(word.to_owned());
        }
    });
    let joined = list.concat();
    list.sort();
    list.dedup();
    Firm { words: list, joined }
}

/// How alike two firms are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The same words.
    Same,
    /// A slip, or a word more or less.
    Close,
    /// Not said on one side.
    Missing,
    /// Neither.
    Different,
}

/// Compares two firms.
pub fn compare(a: &Firm, b: &Firm) -> Likeness {
    if a.joined.is_empty() || b.joined.is_empty() {
        return Likeness::Missing;
    }
    if a.words == b.words || a.joined == b.joined {
        return Likeness::Same;
    }
    // Run together only where the blanks differ: JAYA KARYA and RAYA KARYA are two firms.
    if a.words.len() != b.words.len() && crate::name::nearly(&a.joined, &b.joined) {
        return Likeness::Close;
    }
    let shared = a.words.iter().filter(|w| b.words.iter().any(|v| crate::name::nearly(w, v))).count();
    let (short, long) = (a.words.len().min(b.words.len()), a.words.len().max(b.words.len()));
    if shared == short && short >= 2 && long - short <= 1 { Likeness::Close } else { Likeness::Different }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_firm() {
        let c = |a: &str, b: &str| compare(&read(a), &read(b));
        assert_eq!(c("CV. BINA DHARMA", "BINA DHARMA"), Likeness::Same);
        assert_eq!(c("Winaguna Sarana Teknik, PT", "PT WINAGUNA SARANA TEKNIK"), Likeness::Same);
        assert_eq!(c("BIMASAKTI", "CV. BIMA SAKTI"), Likeness::Same);
        assert_eq!(c("BINA DARMA", "CV.BINA DHARMA"), Likeness::Close);
        assert_eq!(c("CV JAYA KARYA", "CV RAYA KARYA"), Likeness::Different);
        assert_eq!(c("C.V. Tirta Kencana", "TIRTA KENCANA, C V"), Likeness::Same);
        assert_eq!(c("C.V. Tirta Kencana", "C.V. Sumber Rejeki"), Likeness::Different);
        assert_eq!(c("", "CV RAYA KARYA"), Likeness::Missing);
    }
}
