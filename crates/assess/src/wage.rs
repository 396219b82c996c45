//! Wages against the minimum of the place and year. A wage by the piece has no month and is not compared.

use kernel::{Date, Exact};
use law::{Law, Reading};
use registers::person::WageKind;

/// The minimum of a place on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Floor<'l> {
    /// Rupiah a month.
    pub month: i64,
    /// Days by which a month becomes a day, under the stricter and the more lenient reading: fewer days make a higher daily wage.
    pub days: (i64, i64),
    /// Where the monthly figure stands.
    pub reading: &'l Reading,
}

/// A parameter of rows by code of region.
const MINIMUM: &str = "wage/minimum";

/// Days a month has for a daily wage.
const DAYS: &str = "wage/days_per_month";

impl<'l> Floor<'l> {
    /// The minimum of a city or regency by its code (`15.71`), else of its province; none where the law data has neither for the day.
    pub fn of(place: &str, day: Date, law: &'l Law) -> Option<Self> {
        let at = law.at(day);
        // Codes of the law data know no dots.
        let (code, province) = (place.replace('.', "-"), place.split('.').next().unwrap_or(place));
        let (row, reading) = at.row(MINIMUM, &code).or_else(|_| at.row(MINIMUM, province)).ok()?;
        let days = at.readings(DAYS).ok()?.iter().filter_map(|r| match r.value {
            law::Value::Number(n) if n > 0 => Some(n),
            _ => None,
        });
        let (strict, lenient) = days.fold((i64::MAX, 0), |(low, high), n| (n.min(low), n.max(high)));
        (lenient > 0).then_some(Self { month: row.number, days: (strict, lenient), reading })
    }

    /// Is a wage below it, under the stricter and the more lenient reading? None where it cannot be compared.
    ///
    /// A daily wage `w` is below where `w x days < month`: with 3,868,963 a month and 21 days, below 184,236 a day.
    pub fn is_below(&self, kind: WageKind, wage: Exact) -> Option<(bool, bool)> {
        let below = |times: i64| wage * times < Exact::whole(self.month);
        match kind {
            WageKind::Daily => Some((below(self.days.0), below(self.days.1))),
            WageKind::FixedTerm => Some((below(1), below(1))),
            WageKind::Piece => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jambi_2026_by_the_day_and_the_month() {
        let floor = Floor::of("15.71", "2026-06-01".parse().unwrap(), Law::builtin()).unwrap();
        assert_eq!((floor.month, floor.days), (3_868_963, (21, 25)));
        let daily = |w: i64| floor.is_below(WageKind::Daily, Exact::whole(w));
        // 3,868,963 / 21 = 184,236.3; / 25 = 154,758.5
        assert_eq!(daily(184_237), Some((false, false)));
        assert_eq!(daily(184_236), Some((true, false)));
        assert_eq!(daily(154_759), Some((true, false)));
        assert_eq!(daily(154_758), Some((true, true)));
        assert_eq!(floor.is_below(WageKind::FixedTerm, Exact::whole(3_868_962)), Some((true, true)));
        assert_eq!(floor.is_below(WageKind::Piece, Exact::whole(1)), None);
    }

    #[test]
    fn a_place_without_a_figure_is_not_judged() {
        let law = Law::builtin();
        assert_eq!(Floor::of("99.71", "2026-06-01".parse().unwrap(), law), None);
        assert_eq!(Floor::of("15.71", "2019-06-01".parse().unwrap(), law), None);
        // A regency that is not listed has at least its province's.
        assert_eq!(Floor::of("15.05", "2026-06-01".parse().unwrap(), law).map(|f| f.month), Some(3_471_497));
    }
}
