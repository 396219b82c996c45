//! The three time zones of Indonesia. None of them shifts its clocks, so a fixed distance to UTC
//! is exact for every day of this century.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// A zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Zone {
    /// Waktu Indonesia Barat, UTC+7: Sumatra, Java, western and central Kalimantan.
    #[default]
    Wib,
    /// Waktu Indonesia Tengah, UTC+8: Bali, Nusa Tenggara, Sulawesi, the rest of Kalimantan.
    Wita,
    /// Waktu Indonesia Timur, UTC+9: Maluku, Papua.
    Wit,
}

impl Zone {
    /// All, from west to east.
    pub const ALL: [Zone; 3] = [Zone::Wib, Zone::Wita, Zone::Wit];

    /// As offices write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        }
    }

    /// Hours before UTC.
    pub fn hours(self) -> i64 {
        match self {
            Self::Wib => 7,
            Self::Wita => 8,
            Self::Wit => 9,
        }
    }

    /// What the clock shows in `other` when it shows `moment` here. `None` at the end of time.
    pub fn clock_in(self, moment: DateTime, other: Zone) -> Option<DateTime> {
        moment.checked_add(jiff::Span::new().hours(other.hours() - self.hours())).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_hour_for_each_zone_to_the_east() {
        let evening = date(2026, 3, 3).at(22, 30, 0, 0);
        assert_eq!(Zone::Wib.clock_in(evening, Zone::Wit), Some(date(2026, 3, 4).at(0, 30, 0, 0)));
        assert_eq!(Zone::Wit.clock_in(evening, Zone::Wib), Some(date(2026, 3, 3).at(20, 30, 0, 0)));
        assert_eq!(Zone::Wita.clock_in(evening, Zone::Wita), Some(evening));
    }
}
