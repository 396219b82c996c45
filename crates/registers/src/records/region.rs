//! The city's districts and villages.

use super::{Record, RowView};
use kernel::Origin;

/// A district (`PP.KK.CC`) or village (`PP.KK.CC.DDDD`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Where it stands.
    pub origin: Origin,
    /// Code of Kemendagri, with dots.
    pub code: String,
    /// Name.
    pub name: String,
    /// Latitude and longitude, millionths of a degree.
    pub point: Option<(i64, i64)>,
}

pub(super) fn read_region(row: &RowView<'_>) -> Record {
    let (Some(code), Some(name)) = (row.text("kode_wilayah"), row.text("nama_wilayah")) else {
        return Record::Unreadable;
    };
    let point = |field| row.text(field).and_then(|t| millionths(&t));
    let point = point("lintang").zip(point("bujur"));
    Record::Region(Region { origin: row.origin(), code, name, point })
}

/// A decimal number of degrees in millionths; further digits are cut.
fn millionths(text: &str) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    if whole.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part: String = part.chars().chain("000000".chars()).take(6).collect();
    Some(sign * (whole.parse::<u32>().ok().map(i64::from)? * 1_000_000 + part.parse::<i64>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::millionths;

    #[test]
    fn degrees_are_read_without_fractions() {
        assert_eq!(millionths("-1.61"), Some(-1_610_000));
        assert_eq!(millionths("103,6123456"), Some(103_612_345));
        assert_eq!(millionths("103"), Some(103_000_000));
        assert_eq!((millionths("1.6.1"), millionths("utara"), millionths("")), (None, None, None));
    }
}
