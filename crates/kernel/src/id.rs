//! Identifiers of persons and firms: parsed once, printed masked.

use jiff::civil::Date;
use std::fmt;

/// Single identity number (NIK) of a person: 16 digits PPKKCC DDMMYY SSSS.
///
/// Both `Debug` and `Display` are masked, so it cannot leak through a log line. The digits leave
/// only through [`Nik::reveal`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Nik([u8; 16]);

/// Male or female as the NIK encodes it (day of birth plus 40 for women).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Laki-laki.
    Male,
    /// Perempuan.
    Female,
}

/// Why a text is not a NIK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NikError {
    /// Not sixteen digits once blanks, dots and the apostrophe are gone.
    Length,
    /// Exponent or decimals: a spreadsheet stored it as a number and the last digits are lost.
    Numeric,
    /// No such birth day, or serial number 0000.
    Structure,
}

impl Nik {
    /// Reads a NIK from a *text* cell. A numeric cell never reaches this function: its last digits
    /// cannot be trusted (see `docs/decisions/`).
    pub fn parse(text: &str) -> Result<Self, NikError> {
        let lower = text.trim();
        if lower.contains(['e', 'E']) && lower.contains(|c: char| c.is_ascii_digit()) && lower.contains(['+', '.', ','])
        {
            return Err(NikError::Numeric);
        }
        let digits: Vec<u8> = lower.bytes().filter(|b| !matches!(b, b' ' | b'.' | b'-' | b'\'' | b'`')).collect();
        let digits: [u8; 16] = digits.try_into().map_err(|_| NikError::Length)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(NikError::Length);
        }
        let nik = Self(digits);
        if nik.birth_parts().is_none() || &digits[12..] == b"0000" {
            return Err(NikError::Structure);
        }
        Ok(nik)
    }

    fn two(&self, at: usize) -> i16 {
        i16::from(self.0[at] - b'0') * 10 + i16::from(self.0[at + 1] - b'0')
    }

    fn birth_parts(&self) -> Option<(i8, i8, i16, Sex)> {
        let (raw_day, month, year) = (self.two(6), self.two(8), self.two(10));
        let (day, sex) = if raw_day > 40 { (raw_day - 40, Sex::Female) } else { (raw_day, Sex::Male) };
        // 2000 was a leap year, so 29 February passes here whatever the century.
        Date::new(2000, month as i8, day as i8).ok()?;
        Some((day as i8, month as i8, year, sex))
    }

    /// Does a birth date agree with the digits? The century is not in the number.
    pub fn agrees_with_birth(&self, birth: Date) -> bool {
        self.birth_parts()
            .is_some_and(|(d, m, y, _)| birth.day() == d && birth.month() == m && birth.year().rem_euclid(100) == y)
    }

    /// Sex as encoded.
    pub fn sex(&self) -> Option<Sex> {
        self.birth_parts().map(|p| p.3)
    }

    /// District code `PP.KK` where the number was first issued (not where the person lives).
    pub fn district(&self) -> String {
        let d = |i: usize| char::from(self.0[i]);
        format!("{}{}.{}{}", d(0), d(1), d(2), d(3))
    }

    /// All sixteen digits. The caller holds a permit and leaves an audit entry, or feeds a keyed
    /// token that never leaves the store.
    pub fn reveal(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Nik {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for digit in &self.0[..4] {
            write!(f, "{}", char::from(*digit))?;
        }
        f.write_str("************")
    }
}

impl fmt::Debug for Nik {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A taxpayer number as found: what it is, and the key to compare it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Npwp {
    /// A firm: the 15 digits (a 16-digit number of a body is `0` plus these).
    Body {
        /// Fifteen digits.
        digits: String,
        /// The Luhn check digit over the first nine agrees. False is a warning, not a refusal:
        /// about one in a hundred real numbers fails it.
        check: bool,
    },
    /// Sixteen digits not beginning with 0: the NIK of a natural person. Personal data.
    Person,
}

impl Npwp {
    /// Reads the spellings seen in the feeds; `None` where there are not 15, 16 or 22 digits.
    pub fn parse(text: &str) -> Option<Self> {
        // No taxpayer number is longer than this with all its dots; a sentence is none.
        if text.len() > 40 {
            return None;
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let fifteen = match digits.len() {
            15 => digits,
            // A 22-digit NITKU is the 16-digit number plus the place of business.
            16 | 22 if digits.starts_with('0') => digits[1..16].to_owned(),
            16 | 22 => return Some(Self::Person),
            _ => return None,
        };
        if fifteen.bytes().all(|b| b == b'0') {
            return None;
        }
        let check = luhn(fifteen.as_bytes()[..9].iter().map(|b| u32::from(b - b'0')));
        Some(Self::Body { digits: fifteen, check })
    }

    /// Nine digits shared by all branches of one taxpayer; `None` for a person.
    pub fn taxpayer(&self) -> Option<&str> {
        match self {
            Self::Body { digits, .. } => digits.get(..9),
            Self::Person => None,
        }
    }
}

/// The Luhn check over digits from the left, the last of them being the check digit.
fn luhn(digits: impl DoubleEndedIterator<Item = u32>) -> bool {
    let sum: u32 = digits
        .rev()
        .enumerate()
        .map(|(i, d)| {
            if i % 2 == 0 {
                d
            } else if d > 4 {
                d * 2 - 9
            } else {
                d * 2
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_nik_is_read_from_what_people_type() {
        let nik = Nik::parse("'3271 0145 0790 0003").unwrap();
        assert_eq!(nik.sex(), Some(Sex::Female));
        assert_eq!(nik.district(), "32.71");
        assert!(nik.agrees_with_birth(date(1990, 7, 5)));
        assert!(!nik.agrees_with_birth(date(1990, 7, 6)));
        assert_eq!(format!("{nik} {nik:?}"), "3271************ 3271************");
    }

    #[test]
    fn damage_is_named() {
        for (text, error) in [
            ("3.271014507900003E+15", NikError::Numeric),
            ("327101450790000", NikError::Length),
            ("32710145079O0003", NikError::Length),
            ("3271017507900003", NikError::Structure),
            ("3271014507900000", NikError::Structure),
            ("", NikError::Length),
        ] {
            assert_eq!(Nik::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn taxpayers_old_and_new() {
        let old = Npwp::parse("01.300.000.5-211.000");
        let new = Npwp::parse("0013000005211000");
        assert_eq!(old, new);
        assert_eq!(old.as_ref().and_then(Npwp::taxpayer), Some("013000005"));
        assert_eq!(Npwp::parse("3271014507900003"), Some(Npwp::Person));
        assert_eq!(Npwp::parse("00.000.000.0-000.000"), None);
        assert_eq!(Npwp::parse("n/a"), None);
    }

    proptest::proptest! {
        #[test]
        fn a_masked_nik_shows_four_digits(d in 1u8..28, m in 1u8..12, y in 0u8..99, serial in 1u16..9999) {
            let text = format!("327101{d:02}{m:02}{y:02}{serial:04}");
            let nik = Nik::parse(&text).unwrap();
            proptest::prop_assert_eq!(nik.reveal(), text.as_str());
            let shown = format!("{}", nik);
            proptest::prop_assert!(!shown.contains(&text[4..]));
        }
    }
}
