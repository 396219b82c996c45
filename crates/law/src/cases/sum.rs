//! A sum as a person writes it: `100_000_000 * 0.21% + 80_000_000 * 0.17%`, exact.

use kernel::Exact;
use kernel::money::Rounding;
use std::fmt;

/// Why a text is no sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SumError {
    /// Something stands where a number, a name or a bracket should.
    Unexpected(usize),
    /// A name that is none of `round`, `min`, `max`.
    UnknownName(String),
    /// Something divided by nothing.
    DividedByZero,
    /// More digits or brackets than a person would write.
    TooLong,
}

impl fmt::Display for SumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unexpected(at) => write!(f, "no sum: something else was expected at character {}", at + 1),
            Self::UnknownName(name) => write!(f, "{name} is none of round, min, max"),
            Self::DividedByZero => f.write_str("divided by zero"),
            Self::TooLong => f.write_str("longer or deeper than a sum a person writes"),
        }
    }
}

/// Longest sum.
const LENGTH_MAX: usize = 400;
/// Deepest brackets.
const DEPTH_MAX: u32 = 20;
/// Every intermediate result stays below this, so that no step overflows.
const RESULT_MAX: i128 = 1_000_000_000_000_000_000;
/// Most digits of a number: 10^15 rupiah.
const DIGITS_MAX: usize = 16;

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    depth: u32,
}

/// Evaluates a sum of whole and decimal numbers, percentages, `+ - * /`, brackets, and `round`
/// (halves away from zero), `min`, `max`.
///
/// # Errors
/// [`SumError`] with the place of what cannot be read.
pub fn evaluate(text: &str) -> Result<Exact, SumError> {
    if text.len() > LENGTH_MAX {
        return Err(SumError::TooLong);
    }
    let mut reader = Reader { text: text.as_bytes(), at: 0, depth: 0 };
    let value = reader.sum()?;
    reader.blanks();
    if reader.at < reader.text.len() { Err(SumError::Unexpected(reader.at)) } else { Ok(value) }
}

fn small(value: Exact) -> Result<Exact, SumError> {
    if value.is_within(RESULT_MAX) { Ok(value) } else { Err(SumError::TooLong) }
}

impl Reader<'_> {
    fn blanks(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    /// Takes one of the signs if it is next.
    fn take(&mut self, signs: &[u8]) -> Option<u8> {
        self.blanks();
        let sign = *self.text.get(self.at).filter(|c| signs.contains(c))?;
        self.at += 1;
        Some(sign)
    }

    fn sum(&mut self) -> Result<Exact, SumError> {
        let mut value = self.product()?;
        while let Some(sign) = self.take(b"+-") {
            let right = self.product()?;
            value = small(if sign == b'+' { value + right } else { value - right })?;
        }
        Ok(value)
    }

    fn product(&mut self) -> Result<Exact, SumError> {
        let mut value = self.factor()?;
        while let Some(sign) = self.take(b"*/") {
            let right = self.factor()?;
            value = small(match sign {
                b'*' => value.times(right),
                _ => value.over(right).ok_or(SumError::DividedByZero)?,
            })?;
        }
        Ok(value)
    }

    fn factor(&mut self) -> Result<Exact, SumError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(SumError::TooLong);
        }
        let value = match self.take(b"-(") {
            Some(b'-') => -self.factor()?,
            Some(_) => {
                let value = self.sum()?;
                self.take(b")").ok_or(SumError::Unexpected(self.at))?;
                value
            }
            None if self.text.get(self.at).is_some_and(u8::is_ascii_digit) => self.number()?,
            None => self.named()?,
        };
        self.depth -= 1;
        Ok(value)
    }

    fn digits(&mut self) -> String {
        let start = self.at;
        while self.text.get(self.at).is_some_and(|c| c.is_ascii_digit() || *c == b'_') {
            self.at += 1;
        }
        self.text[start..self.at].iter().filter(|c| **c != b'_').map(|c| char::from(*c)).collect()
    }

    fn number(&mut self) -> Result<Exact, SumError> {
        let whole = self.digits();
        let fraction = if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()
        } else {
            String::new()
        };
        if whole.len() + fraction.len() > DIGITS_MAX {
            return Err(SumError::TooLong);
        }
        let digits: i128 = format!("{whole}{fraction}").parse().map_err(|_| SumError::Unexpected(self.at))?;
        let mut scale = 10i128.pow(fraction.len() as u32);
        if self.take(b"%").is_some() {
            scale *= 100;
        }
        Ok(Exact::ratio(digits, scale))
    }

    fn named(&mut self) -> Result<Exact, SumError> {
        let start = self.at;
        while self.text.get(self.at).is_some_and(u8::is_ascii_alphabetic) {
            self.at += 1;
        }
        let name = String::from_utf8_lossy(&self.text[start..self.at]).into_owned();
        if name.is_empty() {
            return Err(SumError::Unexpected(start));
        }
        self.take(b"(").ok_or(SumError::Unexpected(self.at))?;
        let mut values = vec![self.sum()?];
        while self.take(b",").is_some() {
            values.push(self.sum()?);
        }
        self.take(b")").ok_or(SumError::Unexpected(self.at))?;
        let first = values[0];
        match name.as_str() {
            "round" if values.len() == 1 => first.round(Rounding::HalfUp).map(Exact::from).ok_or(SumError::TooLong),
            "min" => Ok(values.into_iter().fold(first, Exact::min)),
            "max" => Ok(values.into_iter().fold(first, Exact::max)),
            _ => Err(SumError::UnknownName(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_as_people_write_them() {
        for (text, value) in [
            ("100_000_000 * 0.21% + 80_000_000 * 0.17%", "346000"),
            ("60% * 80 * 3_000_000", "144000000"),
            ("round(222000000 / 1.11)", "200000000"),
            ("min(5, 3) + max(1, 2) - (4 - 6) / 2", "6"),
            ("-2 * -3", "6"),
            ("1/3", "1/3"),
            (" 7 ", "7"),
        ] {
            assert_eq!(evaluate(text).map(|v| v.to_string()), Ok(value.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_sum_says_where() {
        for (text, error) in [
            ("", SumError::Unexpected(0)),
            ("1 +", SumError::Unexpected(3)),
            ("1 2", SumError::Unexpected(2)),
            ("(1", SumError::Unexpected(2)),
            ("1/0", SumError::DividedByZero),
            ("sin(1)", SumError::UnknownName("sin".into())),
            ("12345678901234567", SumError::TooLong),
            ("999999999999999 * 999999999999999 * 999999999999999", SumError::TooLong),
            ("1 / 999999999999999 / 999999999999999 + 1 / 7", SumError::TooLong),
        ] {
            assert_eq!(evaluate(text), Err(error), "{text}");
        }
        assert_eq!(evaluate(&"(".repeat(100)), Err(SumError::TooLong));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[0-9+*/(). %a-z-]{0,40}") {
            let _ = evaluate(&text);
        }
    }
}
