//! Figures and days as the reader writes them.

use crate::{Language, Refused};
use kernel::money::{AmountError, NumberStyle, Rounding, StyleEvidence, grouped, parse_amount, style_evidence};
use kernel::{Date, DateTime, Exact};
use phrases::{key, say};

/// An amount as typed on a command line: the style is decided from the text itself.
///
/// # Errors
/// A sentence where it is no amount, or a negative one.
pub fn typed_amount(text: &str, language: Language) -> Result<Exact, Refused> {
    let style = match style_evidence(text) {
        StyleEvidence::Sure(style) | StyleEvidence::Likely(style) => style,
        StyleEvidence::None => NumberStyle::Dot,
    };
    let refused = |key| Err(Refused(say(language, key, &[("text", text)])));
    match parse_amount(text, style) {
        Ok(amount) if amount.is_negative() => refused(key::NEGATIVE_AMOUNT),
        Ok(amount) => Ok(amount),
        Err(AmountError::OutOfRange) => refused(key::HUGE_AMOUNT),
        Err(_) => refused(key::BAD_AMOUNT),
    }
}

/// A day, or a day and a minute, as typed: `2025-07-04`, `2025-07-04T16:20`.
///
/// # Errors
/// A sentence where it is neither.
pub fn typed_moment(text: &str, language: Language) -> Result<law::deadline::Start, Refused> {
    let bad = || Refused(say(language, key::BAD_MOMENT, &[("text", text)]));
    if text.contains('T') || text.contains(' ') {
        let moment: DateTime = text.parse().map_err(|_| bad())?;
        return Ok(law::deadline::Start::Minute(moment));
    }
    text.parse::<Date>().map(law::deadline::Start::Day).map_err(|_| bad())
}

/// Whole rupiah, grouped.
pub fn rupiah_text(amount: kernel::Rupiah, language: Language) -> String {
    grouped(amount.0, thousands(language))
}

/// An exact amount for reading: grouped, with two decimals where it is not whole.
pub fn amount_text(amount: Exact, language: Language) -> String {
    let negative = amount.is_negative();
    let size = if negative { -amount } else { amount };
    let sign = if negative { "-" } else { "" };
    if size.is_whole() {
        return format!("{sign}{}", grouped(size.round(Rounding::Down).map_or(0, |r| r.0), thousands(language)));
    }
    let cents = (size * 100).round(Rounding::HalfUp).map_or(0, |r| r.0);
    format!("{sign}{}{}{:02}", grouped(cents / 100, thousands(language)), decimal_sign(language), cents % 100)
}

/// `Juni 2026` or `June 2026`.
pub fn month_text(month: Date, language: Language) -> String {
    let day = long_date(month, language);
    day.split_once(' ').map_or(day.clone(), |(_, month)| month.to_owned())
}

/// Parts per million as a percentage: `2100` is `0,21`; up to four decimals.
pub fn percent_text(ppm: Exact, language: Language) -> String {
    let whole = ppm.round(Rounding::HalfUp).map_or(0, |r| r.0);
    let text = format!("{}.{:04}", whole / 10_000, whole % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').replace('.', decimal_sign(language))
}

/// A share in parts per million as a percentage with its sign, cut off after so many places (four at most): with one,
/// `12345` is `1,2 %`. Cut, because a share that is rounded up says more than was reached.
pub fn share_text(ppm: i64, places: u32, language: Language) -> String {
    let step = 10i64.pow(4u32.saturating_sub(places));
    format!("{} %", percent_text(Exact::whole(ppm / step * step), language))
}

fn decimal_sign(language: Language) -> &'static str {
    if language == Language::English { "." } else { "," }
}

/// `4 Juli 2025 16.20` or `4 July 2025 16:20`.
pub fn moment_text(moment: DateTime, language: Language) -> String {
    let sign = if language == Language::English { ':' } else { '.' };
    format!("{} {:02}{sign}{:02}", long_date(moment.date(), language), moment.hour(), moment.minute())
}

/// Sign between thousands, as the reader writes it.
pub fn thousands(language: Language) -> char {
    if language == Language::English { ',' } else { '.' }
}

/// A count, grouped.
pub fn count_text(count: u64, language: Language) -> String {
    grouped(i64::try_from(count).unwrap_or(i64::MAX), thousands(language))
}

/// Tenths as a number with one place, or none where it is whole: 12345 is `1.234,5`.
pub fn tenths_text(tenths: u64, language: Language) -> String {
    let whole = count_text(tenths / 10, language);
    match tenths % 10 {
        0 => whole,
        part => format!("{whole}{}{part}", decimal_sign(language)),
    }
}

/// A UTC time as day and minute in Jakarta, seven hours ahead all year; the text itself where it is none.
pub fn jakarta_moment(utc: &str, language: Language) -> String {
    utc.parse::<jiff::Timestamp>().map_or_else(
        |_| utc.to_owned(),
        |t| moment_text(t.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7))).datetime(), language),
    )
}

/// `3 Juli 2026` or `3 July 2026`.
pub fn long_date(date: Date, language: Language) -> String {
    let months = match language {
        Language::Indonesian => [
            "Januari",
            "Februari",
            "Maret",
            "April",
            "Mei",
            "Juni",
            "Juli",
            "Agustus",
            "September",
            "Oktober",
            "November",
            "Desember",
        ],
        Language::English => [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    };
    let month = usize::try_from(date.month() - 1).unwrap_or(0);
    format!("{} {} {}", date.day(), months[month], date.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, Indonesian};

    #[test]
    fn figures_in_both_languages() {
        assert_eq!(percent_text(Exact::whole(2100), Indonesian), "0,21");
        assert_eq!(percent_text(Exact::whole(110_000), English), "11");
        assert_eq!(percent_text(Exact::whole(17_400), English), "1.74");
        assert_eq!(amount_text(Exact::ratio(5, 2), Indonesian), "2,50");
        assert_eq!(amount_text(Exact::ratio(-12_345_677, 10), English), "-1,234,567.70");
        assert_eq!(amount_text(Exact::ratio(1_999_999, 2_000_000) * 1, Indonesian), "1,00");
        assert_eq!(tenths_text(12_345, Indonesian), "1.234,5");
        assert_eq!(tenths_text(660, English), "66");
        assert_eq!(month_text("2026-06-01".parse().unwrap(), Indonesian), "Juni 2026");
        assert_eq!(typed_amount("180.000.000", Indonesian).unwrap(), Exact::whole(180_000_000));
        assert!(typed_amount("-5", Indonesian).is_err());
        assert!(typed_moment("2025-07-04T16:20", Indonesian).is_ok() && typed_moment("kemarin", Indonesian).is_err());
    }
}
