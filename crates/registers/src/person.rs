//! What cells about persons say: titles around a name, place and day of birth in one cell, sex, kind of wage.

use kernel::Date;
use kernel::date::{DateOrder, parse_date};
pub use kernel::id::Sex as SexOfNik;
use serde::{Deserialize, Serialize};

/// A name with the titles around it, as typed.
///
/// ```
/// let name = registers::person::Name::read("Ir. H. BUDI  SANTOSO, S.T., M.T.");
/// assert_eq!((name.bare.as_str(), name.titles.as_str()), ("BUDI SANTOSO", "Ir. H. S.T., M.T."));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// Without titles.
    pub bare: String,
    /// Titles, those before the name first.
    pub titles: String,
}

/// Titles and forms of address in front of a name, without dots, in lower case.
const FRONT: [&str; 24] = [
    "ir", "dr", "drs", "dra", "prof", "h", "hj", "haji", "hajah", "kh", "ust", "ustadz", "bpk", "bapak", "pak", "ibu",
    "bu", "sdr", "sdri", "tn", "ny", "nn", "alm", "mas",
];

/// Titles after a name where no comma parts them from it.
const BACK: [&str; 16] =
    ["st", "se", "sh", "spd", "skom", "ssos", "sip", "amd", "mt", "mm", "msi", "mpd", "mh", "sag", "skm", "stp"];

fn folded(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Name {
    /// Takes titles off. What would leave no name stays a name.
    pub fn read(text: &str) -> Self {
        let text = kernel::text::clean(text);
        let (own, after) = text.split_once(',').map_or((text.as_str(), ""), |(a, b)| (a.trim(), b.trim()));
        let words: Vec<&str> = own.split(' ').filter(|w| !w.is_empty()).collect();
        let mut from = 0;
        // A single letter needs its dot to be a title: "H MUHAMMAD" may be an initial, "H. MUHAMMAD" is not.
        while from + 1 < words.len() && is_front(words[from]) {
            from += 1;
        }
        let mut to = words.len();
        while to > from + 1 && BACK.contains(&folded(words[to - 1]).as_str()) && words[to - 1].contains('.') {
            to -= 1;
        }
        let titles: Vec<&str> = words[..from].iter().chain(&words[to..]).copied().chain([after]).collect();
        let titles = titles.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
        Self { bare: words[from..to].join(" "), titles }
    }

    /// First letters of the words: what is shown where nobody may see the name.
    pub fn initials(&self) -> String {
        let letters = self.bare.split(' ').filter_map(|w| w.chars().find(|c| c.is_alphabetic()));
        letters.map(|c| format!("{}.", c.to_uppercase())).collect::<Vec<_>>().join(" ")
    }

    /// For comparing: capitals, letters only.
    pub fn key(&self) -> String {
        let letters = self.bare.chars().filter(|c| c.is_alphanumeric() || *c == ' ');
        letters.flat_map(char::to_uppercase).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn is_front(word: &str) -> bool {
    let plain = folded(word);
    FRONT.contains(&plain.as_str()) && (plain.len() > 1 || word.ends_with('.'))
}

/// Place and day of birth out of one cell: `Pekanbaru, 12-03-1985`, `JAMBI 3 MARET 1990`, `Kerinci/1990-03-02`. Either may be missing.
pub fn birth(text: &str) -> (Option<String>, Option<Date>) {
    let text = kernel::text::clean(text);
    let Some(at) = text.find(|c: char| c.is_ascii_digit()) else {
        let place = place(&text);
        return (place, None);
    };
    let date = parse_date(&text[at..], DateOrder::DayFirst).ok().filter(|d| !d.was_serial).map(|d| d.date);
    (place(&text[..at]), date)
}

fn place(text: &str) -> Option<String> {
    let place = text.trim_matches(|c: char| !c.is_alphabetic() && c != ')').trim();
    (!place.is_empty()).then(|| place.to_owned())
}

/// Sex, as lists write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// L, laki-laki, pria.
    Male,
    /// P, perempuan, wanita.
    Female,
}

impl Sex {
    /// Reads `L`, `P` and the words.
    pub fn read(text: &str) -> Option<Self> {
        match folded(text).as_str() {
            "l" | "lk" | "lakilaki" | "laki" | "pria" | "m" | "male" => Some(Self::Male),
            "p" | "pr" | "perempuan" | "wanita" | "f" | "female" => Some(Self::Female),
            _ => None,
        }
    }

    /// As lists of the insurer write it.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Male => "L",
            Self::Female => "P",
        }
    }

    /// As an identity number says it.
    pub fn of_nik(sex: SexOfNik) -> Self {
        match sex {
            SexOfNik::Male => Self::Male,
            SexOfNik::Female => Self::Female,
        }
    }
}

/// How a worker is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WageKind {
    /// Harian lepas: by the day.
    Daily,
    /// Borongan: by the piece.
    Piece,
    /// PKWT: fixed term, by the month.
    FixedTerm,
}

impl WageKind {
    /// All, in the order of lists.
    pub const ALL: [Self; 3] = [Self::Daily, Self::Piece, Self::FixedTerm];

    /// Reads the words of lists.
    pub fn read(text: &str) -> Option<Self> {
        let t = folded(text);
        match t.as_str() {
            _ if t.starts_with("hari") || t == "hl" || t == "bhl" || t == "daily" => Some(Self::Daily),
            _ if t.starts_with("borong") || t == "piece" || t == "satuan" => Some(Self::Piece),
            _ if t.starts_with("pkwt") || t.starts_with("bulan") || t == "kontrak" || t == "tetap" => {
                Some(Self::FixedTerm)
            }
            _ => None,
        }
    }

    /// As stored and printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Piece => "piece",
            Self::FixedTerm => "fixed_term",
        }
    }

    /// As the register has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Daily => "harian",
            Self::Piece => "borongan",
            Self::FixedTerm => "pkwt",
        }
    }
}

/// Who pays for cover that is not a project's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// The firm somebody is employed by (PU).
    Firm,
    /// The person (BPU).
    Own,
    /// The city or the state.
    Budget,
    /// A donor.
    Donor,
    /// A migrant worker, or whoever places one (PMI).
    Migrant,
}

impl Payer {
    /// All, in the order of lists.
    pub const ALL: [Self; 5] = [Self::Firm, Self::Own, Self::Budget, Self::Donor, Self::Migrant];

    /// Reads the words of lists.
    pub fn read(text: &str) -> Option<Self> {
        let t = folded(text);
        let begins = |words: &[&str]| words.iter().any(|w| t.starts_with(w));
        if t == "pu" || begins(&["penerimaupah", "perusahaan", "badanusaha", "firm"]) {
            Some(Self::Firm)
        } else if begins(&["bpu", "bukanpenerimaupah", "mandiri", "sendiri", "own"]) {
            Some(Self::Own)
        } else if begins(&["anggaran", "apbd", "apbn", "pemerintah", "pemkot", "pemda", "pemkab", "budget"]) {
            Some(Self::Budget)
        } else if begins(&["donatur", "donasi", "csr", "sponsor", "donor"]) {
            Some(Self::Donor)
        } else if t == "pmi" || begins(&["pekerjamigran", "migran"]) {
            Some(Self::Migrant)
        } else {
            None
        }
    }

    /// As stored and printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Firm => "firm",
            Self::Own => "own",
            Self::Budget => "budget",
            Self::Donor => "donor",
            Self::Migrant => "migrant",
        }
    }
}

/// Key of a group of vulnerable workers, from the words of lists. None where there are no words.
///
/// ```
/// use registers::person::group;
/// assert_eq!(group("Ketua RT").as_deref(), Some("rt"));
/// assert_eq!(group("GURU  NGAJI / TPQ").as_deref(), Some("guru_ngaji"));
/// assert_eq!(group("Nelayan").as_deref(), Some("nelayan"));
/// assert_eq!(group(" - "), None);
/// ```
pub fn group(text: &str) -> Option<String> {
    let key = kernel::text::header_key(text);
    let words: Vec<&str> = key.split('_').filter(|w| !w.is_empty()).collect();
    let has = |word: &str| words.contains(&word);
    let known = if has("rt") && !has("rw") {
        "rt"
    } else if has("rw") && !has("rt") {
        "rw"
    } else if has("ngaji") || has("tpq") || has("tpa") || has("mengaji") {
        "guru_ngaji"
    } else if has("posyandu") || has("kader") {
        "kader"
    } else if has("ojek") || has("ojol") || has("supir") || has("sopir") || has("pengemudi") {
        "pengemudi"
    } else if has("pemulung") {
        "pemulung"
    } else {
        return (!words.is_empty()).then(|| words.join("_"));
    };
    Some(known.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payers_read_as_lists_write_them() {
        for (text, payer) in [
            ("PU", Some(Payer::Firm)),
            ("Penerima Upah", Some(Payer::Firm)),
            ("BPU", Some(Payer::Own)),
            ("Bukan Penerima Upah (mandiri)", Some(Payer::Own)),
            ("APBD Kota", Some(Payer::Budget)),
            ("CSR PT Contoh", Some(Payer::Donor)),
            ("entah", None),
        ] {
            assert_eq!(Payer::read(text), payer, "{text}");
        }
        assert!(Payer::ALL.iter().all(|p| Payer::read(p.name()) == Some(*p)));
    }

    #[test]
    fn titles_come_off_and_names_stay() {
        for (text, bare, titles) in [
            ("H. MUHAMMAD  YUSUF", "MUHAMMAD YUSUF", "H."),
            ("H MUHAMMAD YUSUF", "H MUHAMMAD YUSUF", ""),
            ("Bpk. Slamet", "Slamet", "Bpk."),
            ("SLAMET S.T.", "SLAMET", "S.T."),
            ("Dr. Ir. Siti, M.Si", "Siti", "Dr. Ir. M.Si"),
            // A word that is a title elsewhere is all the name there is.
            ("HAJI", "HAJI", ""),
            ("Mas", "Mas", ""),
            ("", "", ""),
        ] {
            let name = Name::read(text);
            assert_eq!((name.bare.as_str(), name.titles.as_str()), (bare, titles), "{text}");
        }
        assert_eq!(Name::read("budi  santoso, ST").initials(), "B. S.");
        assert_eq!(Name::read("M. Yusuf-Ali").key(), "M YUSUFALI");
    }

    #[test]
    fn birth_in_one_cell() {
        for (text, at, date) in [
            ("Pekanbaru, 12-03-1985", Some("Pekanbaru"), Some("1985-03-12")),
            ("JAMBI 3 MARET 1990", Some("JAMBI"), Some("1990-03-03")),
            ("Kerinci/1990-03-02", Some("Kerinci"), Some("1990-03-02")),
            ("Sungai Penuh , 02/11/1978", Some("Sungai Penuh"), Some("1978-11-02")),
            ("12-03-1985", None, Some("1985-03-12")),
            ("Muaro Jambi", Some("Muaro Jambi"), None),
            ("Jambi, 31-02-1990", Some("Jambi"), None),
            ("32874", None, None),
            ("-", None, None),
        ] {
            let (place, day) = birth(text);
            assert_eq!((place.as_deref(), day.map(|d| d.to_string()).as_deref()), (at, date), "{text}");
        }
    }

    #[test]
    fn words_of_lists() {
        assert_eq!(Sex::read("Laki-laki"), Some(Sex::Male));
        assert_eq!(Sex::read("PR"), Some(Sex::Female));
        assert_eq!(Sex::read("?"), None);
        assert_eq!(WageKind::read("Harian Lepas"), Some(WageKind::Daily));
        assert_eq!(WageKind::read("BORONGAN"), Some(WageKind::Piece));
        assert_eq!(WageKind::read("PKWT"), Some(WageKind::FixedTerm));
        assert_eq!(WageKind::read("tukang"), None);
    }

    proptest::proptest! {
        #[test]
        fn reading_names_and_births_never_fails(text in "\\PC{0,40}") {
            let name = Name::read(&text);
            proptest::prop_assert!(!name.bare.contains("  "));
            let _ = birth(&text);
        }
    }
}
