//! Treatment, home care, aids and prostheses: PP 44/2015 Article 25 (2) a and b 6 and 7.

use super::{Benefit, Sheet};
use crate::declined::positive;
use crate::explained::{Arg, Step, code};
use crate::{Declined, LawAt};
use kernel::Exact;

/// Treatment, as needed.
pub const TREATMENT: &str = "benefit/treatment";
/// Greatest amounts of aids and home care, by code.
pub const CEILINGS: &str = "benefit/care";
/// What a prosthesis pays above the rehabilitation centre's price, parts per million.
pub const PROSTHESIS_PLUS: &str = "benefit/prosthesis_plus";

/// What was needed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CareFacts {
    /// Aids and home care by code, with what they cost; the greatest amount is shown where unknown.
    pub aids: Vec<(String, Option<Exact>)>,
    /// Price of the rehabilitation centre for an orthosis or prosthesis.
    pub prosthesis_price: Option<Exact>,
}

/// Treatment has no ceiling: what is medically needed, in class I of a government hospital. Aids
/// and home care have one each; a prosthesis pays the centre's price and 40 percent.
///
/// # Errors
/// [`Declined`] for a code that the table does not have on the day.
pub fn care(facts: &CareFacts, law: LawAt<'_>) -> Result<Benefit, Declined> {
    let mut sheet = Sheet::new(law)?;
    sheet.step(Step::new(code::AS_NEEDED).under(law.reading(TREATMENT)?));
    let (rows, reading) = law.rows(CEILINGS)?;
    let all: Vec<(String, Option<Exact>)> = rows.iter().map(|r| (r.code.clone(), None)).collect();
    let only_list = facts.aids.is_empty() && facts.prosthesis_price.is_none();
    for (i, (wanted, cost)) in if only_list { &all } else { &facts.aids }.iter().enumerate() {
        let row = rows
            .iter()
            .find(|r| r.code == *wanted)
            .ok_or_else(|| Declined::UnknownCode { what: "aid", code: wanted.clone() })?;
        if facts.aids.iter().take(i).any(|(code, _)| code == wanted) {
            return Err(Declined::Contradiction { first: wanted.clone(), second: wanted.clone() });
        }
        let ceiling = Exact::whole(row.number);
        let confidence = row.confidence.unwrap_or(reading.confidence);
        let step = Step::new(if cost.is_some() { code::CEILING } else { code::CEILING_ONLY })
            .with("what", Arg::Text(row.title.clone()))
            .with("ceiling", Arg::Money(ceiling));
        let paid = match cost {
            Some(cost) => positive(*cost, "aid")?.min(ceiling),
            None => ceiling,
        };
        let mut step = step.making(paid).under(reading);
        step.confidence = Some(confidence);
        sheet.step(step);
        // A greatest amount is no payment: it stands outside the total until a cost is known.
        match cost {
            Some(_) => sheet.pay_parts(vec![(wanted.clone(), paid, reading, confidence)])?,
            None => sheet.promise(wanted, paid, reading, confidence)?,
        }
    }
    if let Some(price) = facts.prosthesis_price {
        let price = positive(price, "prosthesis-price")?;
        let (plus, reading) = law.number(PROSTHESIS_PLUS)?;
        let paid = price + price.at_ppm(plus);
        let step = Step::new(code::PRICE_PLUS).with("price", Arg::Money(price)).with("rate_ppm", Arg::Rate(plus));
        sheet.step(step.making(paid).under(reading));
        sheet.pay("prosthesis", paid, reading)?;
    }
    sheet.done()
}
