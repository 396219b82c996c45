//! Transport of the injured: PP 44/2015 Article 25 (2) b 1 and Annex III.

use super::{Benefit, Sheet};
use crate::declined::positive;
use crate::explained::{Arg, Step, code};
use crate::{Declined, LawAt};
use kernel::Exact;

/// Greatest amounts by mode.
pub const CEILINGS: &str = "benefit/transport";
/// How several modes are combined.
pub const COMBINED: &str = "benefit/transport_combined";

/// One mode used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fare {
    /// `land` (road, river, lake), `sea`, `air`.
    pub mode: String,
    /// What the receipts say; where there is none, the greatest amount is shown.
    pub receipts: Option<Exact>,
}

/// What the receipts say, up to the greatest amount of each mode; several modes are added.
/// Worked, 2025: land 6,000,000 and air 4,000,000 give 5,000,000 + 4,000,000 = 9,000,000.
///
/// # Errors
/// [`Declined`] for a mode the table does not have, one named twice, or none.
pub fn transport(fares: &[Fare], law: LawAt<'_>) -> Result<Benefit, Declined> {
    let mut sheet = Sheet::new(law)?;
    if fares.is_empty() {
        return Err(Declined::Missing { what: "mode" });
    }
    let (rows, reading) = law.rows(CEILINGS)?;
    for (i, fare) in fares.iter().enumerate() {
        let row = rows
            .iter()
            .find(|r| r.code == fare.mode)
            .ok_or_else(|| Declined::UnknownCode { what: "mode", code: fare.mode.clone() })?;
        if fares[..i].iter().any(|f| f.mode == fare.mode) {
            return Err(Declined::Contradiction { first: fare.mode.clone(), second: fare.mode.clone() });
        }
        let ceiling = Exact::whole(row.number);
        let step = match fare.receipts {
            Some(_) => Step::new(code::TRANSPORT),
            None => Step::new(code::TRANSPORT_CEILING),
        };
        let receipts = match fare.receipts {
            Some(receipts) => positive(receipts, "receipts")?,
            None => ceiling,
        };
        let paid = receipts.min(ceiling);
        let step = step
            .with("what", Arg::Text(row.title.clone()))
            .with("receipts", Arg::Money(receipts))
            .with("ceiling", Arg::Money(ceiling))
            .making(paid)
            .under(reading);
        sheet.step(step);
        sheet.pay(&fare.mode, paid, reading)?;
    }
    if fares.len() > 1 {
        let sum = sheet.benefit.items.iter().map(|i| Exact::from(i.amount)).sum();
        sheet.step(Step::new(code::SUM).making(sum).under(law.reading(COMBINED)?));
    }
    sheet.done()
}
