//! What a city prints on its letters, and when it lets them out.

use casework::{Hours, Policy};
use jiff::civil::Time;
use kernel::Date;
use serde::{Deserialize, Serialize};

/// Name of the setting.
pub const SETTING: &str = "letterhead";

/// Bytes of a coat of arms at most.
pub const LOGO_BYTES_MAX: usize = 300 << 10;

/// A city's letterhead and habits, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Style {
    /// Lines of the head: city, office, address.
    pub lines: Vec<String>,
    /// Where letters are written.
    pub place: String,
    /// Office of who signs.
    pub signatory_title: String,
    /// Who signs.
    pub signatory_name: String,
    /// Staff number.
    pub signatory_id: String,
    /// Shape of a number: `{nomor}`, `{bulan}` (Roman), `{tahun}`.
    pub number: String,
    /// Who gets a copy of each letter.
    pub copies: Vec<String>,
    /// Working days a notice gives; the city's own choice, no law.
    pub notice_days: u32,
    /// Nothing is sent before this time of a working day.
    pub send_from: String,
    /// Nothing is sent after it.
    pub send_to: String,
    /// Sends on days off too.
    pub send_on_days_off: bool,
    /// Coat of arms: PNG or JPEG, as hexadecimal.
    pub logo: String,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            lines: Vec::new(),
            place: String::new(),
            signatory_title: String::new(),
            signatory_name: String::new(),
            signatory_id: String::new(),
            number: "{nomor}/JAKON/{bulan}/{tahun}".to_owned(),
            copies: Vec::new(),
            notice_days: 7,
            send_from: "08:00".to_owned(),
            send_to: "16:00".to_owned(),
            send_on_days_off: false,
            logo: String::new(),
        }
    }
}

/// What is wrong with a style; each has a sentence of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amiss {
    /// No head, place or signatory.
    Incomplete,
    /// The shape of numbers lacks `{nomor}` or `{tahun}`.
    Number,
    /// Hours that are none, or end before they begin.
    Hours,
    /// Days of a notice that are none.
    Days,
    /// Not a PNG or JPEG, or too large.
    Logo,
}

impl Amiss {
    /// Name of its sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Incomplete => "style-incomplete",
            Self::Number => "style-number",
            Self::Hours => "style-hours",
            Self::Days => "style-days",
            Self::Logo => "style-logo",
        }
    }
}

/// Days a notice gives at most.
const NOTICE_DAYS_MAX: u32 = 60;

const MONTHS: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

fn time(text: &str) -> Option<Time> {
    Time::strptime("%H:%M", text.trim()).ok()
}

impl Style {
    /// Everything a letter needs is there and makes sense.
    ///
    /// # Errors
    /// The first thing [`Amiss`].
    pub fn check(&self) -> Result<(), Amiss> {
        if !(self.number.contains("{nomor}") && self.number.contains("{tahun}")) {
            return Err(Amiss::Number);
        }
        match (time(&self.send_from), time(&self.send_to)) {
            (Some(from), Some(to)) if from < to => {}
            _ => return Err(Amiss::Hours),
        }
        if !(1..=NOTICE_DAYS_MAX).contains(&self.notice_days) {
            return Err(Amiss::Days);
        }
        let missing =
            [&self.place, &self.signatory_title, &self.signatory_name].into_iter().any(|t| t.trim().is_empty());
        if missing || self.lines.is_empty() { Err(Amiss::Incomplete) } else { Ok(()) }
    }

    /// The coat of arms.
    pub fn logo(&self) -> Option<letters::Logo> {
        let bytes = super::super::unhex(&self.logo).filter(|b| !b.is_empty())?;
        Some(letters::Logo { bytes })
    }

    /// Takes a coat of arms.
    ///
    /// # Errors
    /// [`Amiss::Logo`] for what is no PNG or JPEG, or too large.
    pub fn set_logo(&mut self, bytes: &[u8]) -> Result<(), Amiss> {
        let known = bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(b"\xff\xd8\xff");
        if !known || bytes.len() > LOGO_BYTES_MAX {
            return Err(Amiss::Logo);
        }
        // A picture the typesetter cannot read would stop every letter: it is tried once, here.
        let content = letters::Content {
            language: "id".to_owned(),
            subject: "logo".to_owned(),
            letterhead: letters::Letterhead {
                lines: vec!["logo".to_owned()],
                logo: Some(letters::Logo { bytes: bytes.to_vec() }),
            },
            labels: letters::Labels { logo: "logo".to_owned(), ..letters::Labels::default() },
            ..letters::Content::default()
        };
        letters::Draft { content: &content, mark: "" }.pdf().map_err(|_| Amiss::Logo)?;
        self.logo = super::super::hex(bytes);
        Ok(())
    }

    /// The number of a letter.
    pub fn number_of(&self, sequence: i64, dated: Date) -> String {
        let month = MONTHS.get(usize::from(dated.month().unsigned_abs()).wrapping_sub(1)).copied().unwrap_or("");
        self.number
            .replace("{nomor}", &sequence.to_string())
            .replace("{bulan}", month)
            .replace("{tahun}", &dated.year().to_string())
    }

    /// What the ladder of letters needs to know.
    pub fn policy(&self) -> Policy {
        Policy { notice_days: self.notice_days }
    }

    /// When letters may leave.
    pub fn hours(&self) -> Hours {
        let default = Hours { from: Time::midnight(), to: Time::MAX, days_off: self.send_on_days_off };
        match (time(&self.send_from), time(&self.send_to)) {
            (Some(from), Some(to)) => Hours { from, to, ..default },
            _ => default,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_are_as_the_city_writes_them() {
        let style = Style { number: "500.15/{nomor}/NAKER/{bulan}/{tahun}".into(), ..Style::default() };
        assert_eq!(style.number_of(7, date(2026, 11, 25)), "500.15/7/NAKER/XI/2026");
        assert_eq!(Style { number: "{nomor}".into(), ..Style::default() }.check(), Err(Amiss::Number));
        assert_eq!(Style::default().check(), Err(Amiss::Incomplete));
        assert_eq!(Style { send_to: "07:00".into(), ..Style::default() }.check(), Err(Amiss::Hours));
        assert_eq!(Style { notice_days: 0, ..Style::default() }.check(), Err(Amiss::Days));
    }

    #[test]
    fn a_picture_that_is_none_is_refused() {
        let mut style = Style::default();
        for bad in [&b"GIF89a"[..], b"\x89PNG\r\n\x1a\nnot a picture", b"<svg/>"] {
            assert_eq!(style.set_logo(bad), Err(Amiss::Logo));
        }
        assert!(style.logo().is_none());
    }
}
